// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/hasher.hpp"
#include "oci/store/repository.hpp"

#include <algorithm>

namespace bulla::oci {

struct VerifyingReader::State {
    std::unique_ptr<Reader> inner;
    Descriptor expected;
    crypto::Hasher hasher;
    std::uint64_t seen = 0;
    bool verified = false;

    Status check_end();
};

Status VerifyingReader::State::check_end() {
    if (verified) {
        return ok();
    }
    if (seen < expected.size) {
        return Error{ErrorCode::integrity,
                     expected.digest.to_string() + " ended after " + std::to_string(seen) + " of " +
                         std::to_string(expected.size) + " bytes"};
    }
    const Digest actual = hasher.finish_digest();
    if (actual != expected.digest) {
        return Error{ErrorCode::integrity, "the content does not have the digest that names it"}
            .with("expected", expected.digest.to_string())
            .with("found", actual.to_string());
    }
    verified = true;
    return ok();
}

VerifyingReader::VerifyingReader(std::unique_ptr<Reader> inner, Descriptor expected)
    : state_(
          std::make_unique<State>(State{.inner = std::move(inner),
                                        .expected = expected,
                                        .hasher = crypto::Hasher(expected.digest.algorithm())})) {}

VerifyingReader::~VerifyingReader() = default;

Result<std::size_t> VerifyingReader::read(std::span<char> into) {
    State& state = *state_;
    if (into.empty()) {
        return std::size_t{0};
    }
    BULLA_TRY_ASSIGN(const std::size_t count, state.inner->read(into));
    if (count == 0) {
        BULLA_TRY(state.check_end());
        return std::size_t{0};
    }
    state.seen += count;
    if (state.seen > state.expected.size) {
        return Error{ErrorCode::integrity,
                     state.expected.digest.to_string() + " has more than the announced " +
                         std::to_string(state.expected.size) + " bytes"};
    }
    state.hasher.update(ByteView(into.data(), count));
    return count;
}

bool VerifyingReader::verified() const {
    return state_->verified;
}

} // namespace bulla::oci
