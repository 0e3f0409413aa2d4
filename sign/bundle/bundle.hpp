// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"
#include "base/core/result.hpp"
#include "sign/statement/envelope.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bulla::sign {

/// The media type that is written, of the blob and inside the document.
inline constexpr std::string_view kBundleMediaType =
    "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Names the key that signed; a hint only.
struct KeyHint {
    std::string hint;
};

/// The signer's certificate, with intermediates after it in versions below 0.3. DER, not verified.
struct CertificateChain {
    std::vector<Bytes> certificates;
};

struct InclusionProof {
    std::int64_t log_index = 0;
    std::int64_t tree_size = 0;
    Bytes root_hash;
    std::vector<Bytes> hashes;
    std::string checkpoint;
};

/// An entry of a transparency log, as the bundle claims it.
struct LogEntry {
    std::int64_t log_index = 0;
    Bytes log_id;
    std::string kind;
    std::string version;
    std::int64_t integrated_time = 0; ///< seconds since 1970; 0 if the log gives no time
    Bytes inclusion_promise;          ///< signed entry timestamp; may be empty
    std::optional<InclusionProof> inclusion_proof;
    Bytes body;
};

/// A signature over an artifact's bytes.
struct MessageSignature {
    std::optional<Digest> digest; ///< what the bundle says of the artifact; never trusted
    Bytes signature;
};

/// A Sigstore bundle: a signature with what is needed to check it. Everything in it is unverified.
struct Bundle {
    std::variant<KeyHint, CertificateChain> material = KeyHint{};
    std::vector<LogEntry> log_entries;
    std::vector<Bytes> timestamps; ///< RFC 3161 responses in DER
    std::variant<MessageSignature, Envelope> content = MessageSignature{};
};

/// The bundle as compact JSON of version 0.3. Made for bundles of ours: of a chain only the leaf is
/// written, which is all that version has a place for; a bundle of others is copied as bytes.
Bytes encode_bundle(const Bundle& bundle);

/// Reads a bundle of version 0.1 to 0.3 by the rules of protobuf's JSON form: both spellings of
/// member names, both base64 alphabets, 64-bit numbers as text or number, null as absent. Refused
/// are unknown members, two members of a oneof, more or fewer than one DSSE signature, entries
/// without the proof or promise their version asks for, and what exceeds kAttachmentBytes,
/// kLogEntries or kTimestamps. All errors are `malformed`, `limit_exceeded` or `unsupported`.
Result<Bundle> decode_bundle(ByteView json);

} // namespace bulla::sign
