// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <optional>
#include <string>

namespace bulla::oci {

/// What a manifest or index of any kind says about itself, as far as stores have to know.
struct ManifestFacts {
    std::string media_type;    ///< as written, or told from the members where it is not
    std::string artifact_type; ///< of a manifest without one: its config's media type
    std::optional<Descriptor> subject{};
    Annotations annotations{};
};

/// Reads a manifest or index of a type that need not be known.
Result<ManifestFacts> read_facts(ByteView bytes, std::string_view announced_type);

/// The type a document was announced with, or its own if that says nothing ("", "text/plain",
/// "application/json").
std::string document_type(std::string_view announced, ByteView bytes);

/// The entry for `manifest` in a referrers list: its own artifactType and all its annotations
/// (distribution-spec "Listing Referrers").
Descriptor referrer_entry(const Descriptor& manifest, const ManifestFacts& facts);

/// Fails with integrity unless the bytes have the digest; the message names `source`.
Status check_digest(ByteView bytes, const Digest& expected, std::string_view source);

} // namespace bulla::oci
