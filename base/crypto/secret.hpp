// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"

#include <cstddef>
#include <memory>

namespace bulla::crypto {

/// Overwrites memory in a way the compiler may not leave out.
void wipe(char* bytes, std::size_t size) noexcept;

/// Bytes that nobody else may see: passwords, derived keys, private keys. Fixed in size, so that no
/// copy stays behind in a block given back to the allocator; move-only; overwritten when it ends.
class SecretBytes {
  public:
    SecretBytes() = default;
    /// `size` bytes of zero.
    explicit SecretBytes(std::size_t size);
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    /// A copy of bytes whose original the caller does not own (an environment variable).
    static SecretBytes copy_of(ByteView bytes);

    /// Takes over the content of a string and overwrites the string.
    static SecretBytes take(Bytes&& bytes);

    char* data() { return bytes_.get(); }

    std::size_t size() const { return size_; }

    ByteView view() const { return {bytes_.get(), size_}; }

  private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

} // namespace bulla::crypto
