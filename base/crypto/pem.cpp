// SPDX-License-Identifier: Apache-2.0
#include "base/crypto/pem.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>

namespace bulla::crypto {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kColumns = 64;

Error not_pem(std::string_view what, std::string_view found) {
    return Error{ErrorCode::malformed,
                 std::string(what) + " is not a PEM file: " + std::string(found)};
}

std::string_view take_line(std::string_view& rest) {
    std::string_view line = text::take_until(rest, '\n');
    while (!line.empty() && text::is_space(line.back())) {
        line.remove_suffix(1);
    }
    return line;
}

/// The label of "-----BEGIN LABEL-----", or nothing.
std::string_view label_of(std::string_view line, std::string_view prefix) {
    if (!line.starts_with(prefix) || !line.ends_with(kDashes) ||
        line.size() <= prefix.size() + kDashes.size()) {
        return {};
    }
    return line.substr(prefix.size(), line.size() - prefix.size() - kDashes.size());
}

Result<PemBlock>
parse_block(std::string_view label, std::string_view& rest, std::string_view what) {
    // Sized once: growing would leave copies of a private key in freed memory.
    SecretBytes base64(rest.size());
    std::size_t length = 0;
    while (!rest.empty()) {
        const std::string_view line = take_line(rest);
        if (line.starts_with(kDashes)) {
            if (label_of(line, kEnd) != label) {
                return not_pem(what, "a block does not end with the label it began with");
            }
            auto content = text::from_base64(base64.view().substr(0, length));
            if (!content) {
                return not_pem(what, "the text between its BEGIN and END lines is not base64");
            }
            return PemBlock{std::string(label), SecretBytes::take(std::move(*content))};
        }
        if (line.find(':') != std::string_view::npos) {
            return Error{ErrorCode::unsupported,
                         std::string(what) +
                             " has headers inside a PEM block, as OpenSSL's old encryption writes "
                             "them; only blocks without headers are read"};
        }
        std::ranges::copy(line, base64.data() + length);
        length += line.size();
    }
    return not_pem(what, "a block has no END line");
}

} // namespace

Result<std::vector<PemBlock>> parse_pem(ByteView text, std::string_view what) {
    if (text.size() > limits::kKeyFileBytes) {
        return Error{ErrorCode::limit_exceeded,
                     std::string(what) + " is larger than the limit of " +
                         std::to_string(limits::kKeyFileBytes) + " bytes"};
    }
    std::vector<PemBlock> blocks;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::string_view line = text::trim(take_line(rest));
        if (line.empty()) {
            continue;
        }
        const std::string_view label = label_of(line, kBegin);
        if (label.empty()) {
            return not_pem(what, "there is text outside the BEGIN and END lines");
        }
        BULLA_TRY_ASSIGN(PemBlock block, parse_block(label, rest, what));
        blocks.push_back(std::move(block));
    }
    if (blocks.empty()) {
        return not_pem(what, "it has no BEGIN line");
    }
    return blocks;
}

std::string to_pem(std::string_view label, ByteView content) {
    std::string base64 = text::to_base64(content);
    std::string out;
    out.reserve(base64.size() + base64.size() / kColumns + 2 * label.size() + 40);
    out.append(kBegin).append(label).append(kDashes).append("\n");
    for (std::size_t i = 0; i < base64.size(); i += kColumns) {
        out.append(base64, i, kColumns).append("\n");
    }
    out.append(kEnd).append(label).append(kDashes).append("\n");
    wipe(base64.data(), base64.size());
    return out;
}

} // namespace bulla::crypto
