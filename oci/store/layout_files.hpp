// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/limits.hpp"
#include "oci/store/raw_index.hpp"
#include "oci/store/repository.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace bulla::oci {

/// The content of the file oci-layout that we write.
inline constexpr std::string_view kLayoutText = R"({"imageLayoutVersion":"1.0.0"})";

/// It has one short member.
inline constexpr std::uint64_t kLayoutFileBytes = 64 * limits::kKiB;

/// "blobs/sha256/<hex>": where a layout keeps a blob.
std::string blob_name(const Digest& digest);

/// Checks the content of the file oci-layout; `what` names it in the message.
Status check_layout_text(ByteView text, const std::string& what);

/// The files of an OCI image layout (image-spec image-layout.md), wherever they are: a folder, or a
/// tar archive of one. Safe for use from several threads.
class LayoutFiles {
  public:
    virtual ~LayoutFiles() = default;

    /// As a person would type it, without a ref name: "oci:dir".
    virtual std::string name() const = 0;

    /// What it is, for messages: `the layout "dir"`.
    virtual std::string title() const = 0;

    virtual Result<RawIndex> read_index() const = 0;

    /// Reads index.json, lets `edit` change it and replaces it unless it stayed as it was or `edit`
    /// failed, with all other writers locked out from the reading on.
    enum class Edited : std::uint8_t { no, yes };
    virtual Status edit_index(const std::function<Result<Edited>(RawIndex&)>& edit) const = 0;

    /// Opens a blob for reading; not_found if it is not there.
    virtual Result<BlobFile> open_blob(const Digest& digest) const = 0;

    /// True if a blob of that size is there.
    virtual Result<bool> has_blob(const Digest& digest, std::uint64_t size) const = 0;

    /// Stores a blob; `content` ends with an error unless it is what the descriptor announces, and
    /// then nothing is kept.
    virtual Status write_blob(const Descriptor& blob, Reader& content) const = 0;
};

} // namespace bulla::oci
