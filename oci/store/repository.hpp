// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/file.hpp"
#include "base/io/reader.hpp"
#include "oci/manifest/descriptor.hpp"
#include "oci/manifest/manifest.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace bulla::oci {

/// Where a manifest comes from.
enum class ManifestOrigin : std::uint8_t {
    stored,           ///< it was kept as it is
    made,             ///< by us: the archive had the image's config and layers and no manifest
    made_with_config, ///< by us, and its config as well
};

/// A manifest or index as stored, byte for byte; `bytes` hash to `descriptor.digest`.
struct StoredManifest {
    Descriptor descriptor;
    Bytes bytes;
    ManifestOrigin origin = ManifestOrigin::stored;
};

/// A blob as (a part of) an open file.
struct BlobFile {
    FileDescriptor file{}; ///< closed where blobs are not files
    std::uint64_t size = 0;
    std::optional<std::uint64_t> offset{}; ///< where it begins; none: the file is the blob
};

/// Where content comes from: one repository of a registry, an OCI image layout, memory. Safe for
/// use from several threads. not_found is an answer ("it is not there"); unavailable is the lack of
/// one, and never means absence.
class BlobSource {
  public:
    virtual ~BlobSource() = default;

    /// As a person would type it, for messages and results: "127.0.0.1:5000/app", "oci:dir".
    virtual std::string name() const = 0;

    /// The manifest or index with a digest. The bytes are verified against it.
    virtual Result<StoredManifest> fetch_manifest(const Digest& digest) = 0;

    /// The manifest or index a tag (in a layout: a ref name; "" is the only entry) points to, its
    /// digest computed from the bytes, never taken from a header (CVE-2023-47630).
    virtual Result<StoredManifest> fetch_tag(std::string_view tag) = 0;

    /// Opens a blob. The bytes are NOT verified: wrap it in a VerifyingReader, or use fetch_blob.
    virtual Result<std::unique_ptr<Reader>> open_blob(const Descriptor& blob) = 0;

    /// The blob as an open file or a part of one, where blobs are files, so that whoever reads it
    /// needs no copy; a closed descriptor where they are not. The bytes are as unverified as those
    /// of open_blob.
    virtual Result<BlobFile> open_blob_file(const Descriptor& blob);

    /// True if images may lack blobs of other platforms (image-spec image-layout.md): an index
    /// entry that is not there is then no damage.
    virtual bool may_be_partial() const { return false; }

    /// All tags, sorted by bytes.
    virtual Result<std::vector<std::string>> list_tags() = 0;

    /// The manifests that name `subject` (distribution-spec "Listing Referrers"), from the
    /// referrers API or, where there is none, from the fallback tag; in a layout, from the
    /// manifests in index.json. `artifact_type` filters unless empty. Sorted by digest. An
    /// unreachable or throttling registry is unavailable, never an empty list.
    virtual Result<std::vector<Descriptor>> list_referrers(const Digest& subject,
                                                           std::string_view artifact_type) = 0;
};

/// Where content goes. Safe for use from several threads. Order is the caller's: blobs, then
/// manifests that name them, then tags.
class BlobSink {
  public:
    virtual ~BlobSink() = default;

    virtual Result<bool> has_blob(const Descriptor& blob) = 0;

    /// Stores a blob unless it is there; `content` is verified against the descriptor on the way,
    /// and nothing is published on a mismatch.
    virtual Status put_blob(const Descriptor& blob, Reader& content) = 0;

    /// Stores a blob that is most likely not there, without asking first where that is a request.
    virtual Status put_new_blob(const Descriptor& blob, Reader& content) {
        return put_blob(blob, content);
    }

    /// Takes a blob over from where it is, without its bytes going through us; true if it is here
    /// now. Nothing is lost by asking: whatever hinders it is false, and put_blob the way.
    virtual bool mount_blob(const Descriptor& /*blob*/, const BlobSource& /*from*/) {
        return false;
    }

    /// Stores a manifest or index under its digest and, unless empty, under a tag. If it has a
    /// subject, it is listed among the subject's referrers afterwards: the registry does it, or the
    /// fallback tag is written and re-read.
    virtual Status put_manifest(const StoredManifest& manifest, std::string_view tag) = 0;

    /// Makes a stored manifest that has no tag findable: a layout lists it in index.json, a
    /// registry keeps it anyway.
    virtual Status list_untagged(const Descriptor& /*manifest*/) { return ok(); }
};

/// Bytes that are to be stored as a blob; not owned.
struct PendingBlob {
    enum class Expected : std::uint8_t { perhaps_there, new_content };

    Descriptor descriptor;
    ByteView bytes;
    Expected expected = Expected::perhaps_there; ///< only a matter of speed
};

/// What a tag is to hold next, and blobs that must be there before.
struct TagContent {
    StoredManifest manifest;
    std::vector<PendingBlob> blobs{}; ///< their bytes must live until the next call
};

/// Makes what a tag is to hold of what it holds (nullptr: it does not exist); nothing if what was
/// to be added is there. Called as often as others write, so it only adds, and asks nobody.
using NextContent = std::function<Result<std::optional<TagContent>>(const StoredManifest* current)>;

/// A place that can be read and written.
class Repository : public BlobSource, public BlobSink {
  public:
    /// Adds to what a tag holds, beside other writers who do the same, and returns what it holds
    /// when that lasts. In a layout the others are locked out. In a registry nothing can do that,
    /// and what was added is looked for after a pause (update_shared_tag says what is certain
    /// then); unavailable if other writers removed it again and again.
    virtual Result<StoredManifest> update_tag(const std::string& tag, const NextContent& next);

    /// The longest that a small request took so far, where there are requests: how long others, who
    /// ask the same registry, may be held up as well.
    virtual std::chrono::microseconds slowest_answer() const { return {}; }
};

/// Reads a blob that is (a part of) a file from its begin to its end, and no further.
std::unique_ptr<Reader> make_reader(BlobFile blob, std::string name);

/// Reads a blob whole, at most `limit` bytes, and verifies size and digest before returning it.
Result<Bytes>
fetch_blob(BlobSource& source, const Descriptor& blob, std::uint64_t limit, std::string_view what);

/// Stores bytes under their digest.
Result<Descriptor> put_bytes(BlobSink& sink, std::string media_type, ByteView bytes);

/// Stores several blobs side by side; on failures, the error of the first in the list that failed.
Status put_blobs(BlobSink& sink, std::span<const PendingBlob> blobs);

/// The tag under which referrers of a digest are listed where there is no API (distribution-spec
/// "Referrers Tag Schema"): "sha256-<hex>", at most 64 characters of hex.
std::string referrers_tag(const Digest& subject);

/// Passes another reader's bytes on and checks them: more bytes than announced, fewer, another
/// digest, or trailing bytes are errors of code integrity. The verdict is part of the read that
/// returns 0; whoever stops before that has none (`verified()` is false).
class VerifyingReader final : public Reader {
  public:
    VerifyingReader(std::unique_ptr<Reader> inner, Descriptor expected);
    ~VerifyingReader() override;

    Result<std::size_t> read(std::span<char> into) override;

    bool verified() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace bulla::oci
