// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace bulla::crypto {

void wipe(char* bytes, std::size_t size) noexcept {
    if (size != 0) {
        OPENSSL_cleanse(bytes, size);
    }
}

SecretBytes::SecretBytes(std::size_t size) : bytes_(std::make_unique<char[]>(size)), size_(size) {}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
        wipe(bytes_.get(), size_);
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
    }
    return *this;
}

SecretBytes::~SecretBytes() {
    wipe(bytes_.get(), size_);
}

SecretBytes SecretBytes::copy_of(ByteView bytes) {
    SecretBytes out(bytes.size());
    std::ranges::copy(bytes, out.data());
    return out;
}

SecretBytes SecretBytes::take(Bytes&& bytes) {
    SecretBytes out = copy_of(bytes);
    wipe(bytes.data(), bytes.size());
    bytes.clear();
    return out;
}

} // namespace bulla::crypto
