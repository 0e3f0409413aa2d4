// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/signature_algorithm.hpp"

namespace bulla::crypto {

std::string_view to_string(KeyKind kind) {
    switch (kind) {
    case KeyKind::ecdsa_p256:
        return "ecdsa-p256";
    case KeyKind::ecdsa_p384:
        return "ecdsa-p384";
    case KeyKind::ecdsa_p521:
        return "ecdsa-p521";
    case KeyKind::ed25519:
        return "ed25519";
    case KeyKind::rsa:
        return "rsa";
    }
    return "unknown";
}

std::string_view to_string(SignatureAlgorithm algorithm) {
    switch (algorithm) {
    case SignatureAlgorithm::ecdsa_sha256:
        return "ecdsa-sha256";
    case SignatureAlgorithm::ecdsa_sha384:
        return "ecdsa-sha384";
    case SignatureAlgorithm::ecdsa_sha512:
        return "ecdsa-sha512";
    case SignatureAlgorithm::ed25519:
        return "ed25519";
    case SignatureAlgorithm::ed25519ph:
        return "ed25519ph";
    case SignatureAlgorithm::rsa_pkcs1_sha256:
        return "rsa-pkcs1-sha256";
    case SignatureAlgorithm::rsa_pss_sha256:
        return "rsa-pss-sha256";
    }
    return "unknown";
}

bool fits(KeyKind kind, SignatureAlgorithm algorithm) {
    switch (algorithm) {
    case SignatureAlgorithm::ecdsa_sha256:
    case SignatureAlgorithm::ecdsa_sha384:
    case SignatureAlgorithm::ecdsa_sha512:
        return kind == KeyKind::ecdsa_p256 || kind == KeyKind::ecdsa_p384 ||
               kind == KeyKind::ecdsa_p521;
    case SignatureAlgorithm::ed25519:
    case SignatureAlgorithm::ed25519ph:
        return kind == KeyKind::ed25519;
    case SignatureAlgorithm::rsa_pkcs1_sha256:
    case SignatureAlgorithm::rsa_pss_sha256:
        return kind == KeyKind::rsa;
    }
    return false;
}

} // namespace bulla::crypto
