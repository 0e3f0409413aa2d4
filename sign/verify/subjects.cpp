// SPDX-License-Identifier: Apache-2.0
#include "sign/verify/subjects.hpp"

#include "base/crypto/hasher.hpp"

#include <algorithm>
#include <array>

namespace bulla::sign {

namespace {

constexpr std::array kAlgorithms{
    HashAlgorithm::sha256, HashAlgorithm::sha384, HashAlgorithm::sha512};

std::optional<Digest> artifact_digest(std::string_view algorithm,
                                      std::span<const Digest> artifact,
                                      std::optional<ByteView> blob) {
    const auto known = std::ranges::find_if(
        kAlgorithms, [&](HashAlgorithm candidate) { return to_string(candidate) == algorithm; });
    if (known == kAlgorithms.end()) {
        return std::nullopt;
    }
    const auto given = std::ranges::find(artifact, *known, &Digest::algorithm);
    if (given != artifact.end()) {
        return *given;
    }
    return blob ? std::optional(crypto::digest(*blob, *known)) : std::nullopt;
}

} // namespace

std::vector<Digest> matching_digests(const Subject& subject,
                                     std::span<const Digest> artifact,
                                     std::optional<ByteView> blob) {
    std::vector<Digest> matches;
    for (const SubjectDigest& claimed : subject.digests) {
        auto actual = artifact_digest(claimed.algorithm, artifact, blob);
        if (!actual) {
            continue;
        }
        if (actual->hex() != claimed.value) {
            return {};
        }
        matches.push_back(std::move(*actual));
    }
    return matches;
}

} // namespace bulla::sign
