// SPDX-License-Identifier: Apache-2.0
#include "sign/verify/signature_check.hpp"

#include <algorithm>
#include <array>

namespace bulla::sign {

namespace {

using crypto::SignatureAlgorithm;

constexpr std::array kP256{SignatureAlgorithm::ecdsa_sha256};
constexpr std::array kP384{SignatureAlgorithm::ecdsa_sha256, SignatureAlgorithm::ecdsa_sha384};
constexpr std::array kP521{SignatureAlgorithm::ecdsa_sha256, SignatureAlgorithm::ecdsa_sha512};
constexpr std::array kEd25519{SignatureAlgorithm::ed25519, SignatureAlgorithm::ed25519ph};
constexpr std::array kRsa{SignatureAlgorithm::rsa_pkcs1_sha256};

bool try_key(const crypto::PublicKey& key,
             ByteView message,
             ByteView signature,
             KeySearch& search) {
    for (const SignatureAlgorithm algorithm : accepted_algorithms(key.kind())) {
        if (key.verifies(message, signature, algorithm)) {
            search.confirmed = true;
            search.key = &key;
            search.algorithm = algorithm;
            return true;
        }
    }
    return false;
}

} // namespace

std::span<const SignatureAlgorithm> accepted_algorithms(crypto::KeyKind kind) {
    switch (kind) {
    case crypto::KeyKind::ecdsa_p256:
        return kP256;
    case crypto::KeyKind::ecdsa_p384:
        return kP384;
    case crypto::KeyKind::ecdsa_p521:
        return kP521;
    case crypto::KeyKind::ed25519:
        return kEd25519;
    case crypto::KeyKind::rsa:
        return kRsa;
    }
    return {};
}

KeySearch find_confirming_key(std::span<const crypto::PublicKey> keys,
                              ByteView message,
                              ByteView signature,
                              std::string_view hint) {
    KeySearch search;
    const auto named = std::ranges::find(keys, hint, &crypto::PublicKey::hint);
    search.names_other_key = !hint.empty() && named == keys.end();
    if (named != keys.end() && try_key(*named, message, signature, search)) {
        return search;
    }
    for (const crypto::PublicKey& key : keys) {
        const bool tried = named != keys.end() && &key == &*named;
        if (!tried && try_key(key, message, signature, search)) {
            return search;
        }
    }
    return search;
}

} // namespace bulla::sign
