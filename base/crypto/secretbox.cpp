// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/secretbox.hpp"

#include <sodium.h>

#include <cstdlib>

namespace bulla::crypto {

namespace {

static_assert(kSecretboxKeyBytes == crypto_secretbox_KEYBYTES);
static_assert(kSecretboxNonceBytes == crypto_secretbox_NONCEBYTES);

const unsigned char* bytes_of(ByteView view) {
    return reinterpret_cast<const unsigned char*>(view.data());
}

unsigned char* bytes_of(char* data) {
    return reinterpret_cast<unsigned char*>(data);
}

/// Without entropy from the system nothing may be encrypted; there is no sensible way on.
void start_sodium() {
    if (sodium_init() < 0) {
        std::abort();
    }
}

} // namespace

Result<SecretBytes> scrypt(ByteView password, ByteView salt, const ScryptCost& cost) {
    start_sodium();
    SecretBytes key(kSecretboxKeyBytes);
    const int outcome = crypto_pwhash_scryptsalsa208sha256_ll(bytes_of(password),
                                                              password.size(),
                                                              bytes_of(salt),
                                                              salt.size(),
                                                              cost.n,
                                                              cost.r,
                                                              cost.p,
                                                              bytes_of(key.data()),
                                                              key.size());
    if (outcome != 0) {
        return Error{ErrorCode::configuration,
                     "scrypt needs " + std::to_string(128 * cost.n * cost.r / (1024 * 1024)) +
                         " MiB of memory for this key's password, which could not be had"};
    }
    return key;
}

Result<Bytes> seal_secretbox(ByteView plaintext, ByteView nonce, const SecretBytes& key) {
    if (nonce.size() != kSecretboxNonceBytes || key.size() != kSecretboxKeyBytes) {
        return Error{ErrorCode::internal, "secretbox was given a key or nonce of the wrong size"};
    }
    Bytes box(plaintext.size() + crypto_secretbox_MACBYTES, '\0');
    crypto_secretbox_easy(bytes_of(box.data()),
                          bytes_of(plaintext),
                          plaintext.size(),
                          bytes_of(nonce),
                          bytes_of(key.view()));
    return box;
}

std::optional<SecretBytes> open_secretbox(ByteView box, ByteView nonce, const SecretBytes& key) {
    if (nonce.size() != kSecretboxNonceBytes || key.size() != kSecretboxKeyBytes ||
        box.size() < crypto_secretbox_MACBYTES) {
        return std::nullopt;
    }
    SecretBytes plaintext(box.size() - crypto_secretbox_MACBYTES);
    if (crypto_secretbox_open_easy(bytes_of(plaintext.data()),
                                   bytes_of(box),
                                   box.size(),
                                   bytes_of(nonce),
                                   bytes_of(key.view())) != 0) {
        return std::nullopt;
    }
    return plaintext;
}

Bytes random_bytes(std::size_t size) {
    start_sodium();
    Bytes out(size, '\0');
    randombytes_buf(out.data(), out.size());
    return out;
}

} // namespace bulla::crypto
