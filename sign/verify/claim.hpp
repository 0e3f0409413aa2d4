// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace bulla::sign {

/// The forms in which signatures are stored.
enum class ClaimForm : std::uint8_t {
    bundle,             ///< content: a Sigstore bundle
    legacy_signature,   ///< content: a simple signing payload; the signature is an annotation
    legacy_attestation, ///< content: a DSSE envelope
};

/// "bundle", "legacy-signature" or "legacy-attestation".
std::string_view to_string(ClaimForm form);

/// The layer annotation of a legacy signature that holds the signature.
inline constexpr std::string_view kSignatureAnnotation = "dev.cosignproject.cosign/signature";
/// Layer annotations that legacy signatures carry besides; none of them is signed.
inline constexpr std::string_view kCertificateAnnotation = "dev.sigstore.cosign/certificate";
inline constexpr std::string_view kLogAnnotation = "dev.sigstore.cosign/bundle";
inline constexpr std::string_view kTimestampAnnotation = "dev.sigstore.cosign/rfc3161timestamp";

/// Something found beside an artifact that claims to be a signature. Nothing in it is verified.
struct Claim {
    ClaimForm form = ClaimForm::bundle;
    Bytes content;                                  ///< the blob as stored
    std::map<std::string, std::string> annotations; ///< of the layer; empty for bundles
    std::string origin; ///< names the claim in reports, for example its digest
};

} // namespace bulla::sign
