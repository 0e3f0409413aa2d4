// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/digest.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sign {

/// What a claim says that has been verified.
enum class ClaimKind : std::uint8_t { image_signature, attestation, blob };

/// "image-signature", "attestation" or "blob".
std::string_view to_string(ClaimKind kind);

/// A statement whose signature holds under a key of the policy, about the artifact that was asked
/// for, of the kind that was asked for. Only Verifier makes one, so whoever is given one need not
/// check again. Everything in it comes from the signed bytes, the key and the algorithm aside.
class VerifiedStatement {
  public:
    ClaimKind kind() const { return fields_.kind; }

    /// The digests under which the statement names the artifact; at least one.
    const std::vector<Digest>& subjects() const { return fields_.subjects; }

    /// The predicate type; empty for legacy image signatures and plain blob signatures.
    const std::string& predicate_type() const { return fields_.predicate_type; }

    /// The predicate byte by byte as signed; empty where there is none.
    const Bytes& predicate() const { return fields_.predicate; }

    /// The signed annotations with text values: of the subject, or `optional` of a legacy payload.
    const std::map<std::string, std::string>& annotations() const { return fields_.annotations; }

    /// The repository that a legacy signature names, as its signer typed it; otherwise empty.
    const std::string& docker_reference() const { return fields_.docker_reference; }

    /// The key that confirmed the signature: base64 of the SHA-256 of its SPKI.
    const std::string& key_hint() const { return fields_.key_hint; }

    /// The algorithm that confirmed it, for example "ecdsa-sha256".
    const std::string& algorithm() const { return fields_.algorithm; }

  private:
    friend class Verifier;

    struct Fields {
        ClaimKind kind = ClaimKind::image_signature;
        std::vector<Digest> subjects{};
        std::string predicate_type{};
        Bytes predicate{};
        std::map<std::string, std::string> annotations{};
        std::string docker_reference{};
        std::string key_hint{};
        std::string algorithm{};
    };

    explicit VerifiedStatement(Fields fields) : fields_(std::move(fields)) {}

    Fields fields_;
};

} // namespace bulla::sign
