// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/io/reader.hpp"

namespace bulla::oci {

/// Passes on what somebody else owns, to give a caller's reader to a VerifyingReader, which owns
/// its own. Must not outlive the inner reader.
class BorrowedReader final : public Reader {
  public:
    explicit BorrowedReader(Reader& inner) : inner_(inner) {}

    Result<std::size_t> read(std::span<char> into) override { return inner_.read(into); }

  private:
    Reader& inner_;
};

} // namespace bulla::oci
