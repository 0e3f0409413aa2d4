// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/manifest/descriptor.hpp"

#include <string>
#include <utility>
#include <vector>

namespace bulla::oci {

/// An index that is edited: what we do not know of it stays as others wrote it.
struct RawIndex {
    struct Entry {
        Descriptor descriptor;
        std::string json; ///< the entry as it was written
    };

    std::vector<Entry> entries{};
    std::vector<std::pair<std::string, std::string>> other_members{}; ///< name, JSON value

    /// Reads an index as parse_index does.
    static Result<RawIndex> parse(ByteView bytes, std::string_view media_type);

    /// An entry of ours, as Descriptor::write has it.
    static Entry make_entry(const Descriptor& descriptor);

    /// schemaVersion, mediaType, manifests, and the other members in their order.
    Bytes encode() const;
};

} // namespace bulla::oci
