// SPDX-License-Identifier: Apache-2.0
#include "oci/store/challenge.hpp"

#include "base/core/text.hpp"

namespace bulla::oci {

namespace {

constexpr std::size_t kChallenges = 16;
constexpr std::size_t kParameters = 32;

/// RFC 9110 section 5.6.2.
bool is_token_char(char c) {
    return text::is_alnum(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    void skip(std::string_view characters) {
        const auto end = rest_.find_first_not_of(characters);
        rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end);
    }

    std::string_view token() {
        std::size_t length = 0;
        while (length < rest_.size() && is_token_char(rest_[length])) {
            ++length;
        }
        const auto out = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return out;
    }

    /// A quoted string with backslash escapes, or a token. A missing closing quote ends the header.
    std::string value() {
        if (peek() != '"') {
            return std::string(token());
        }
        std::string out;
        for (rest_.remove_prefix(1); !rest_.empty() && rest_.front() != '"';
             rest_.remove_prefix(1)) {
            if (rest_.front() == '\\' && rest_.size() > 1) {
                rest_.remove_prefix(1);
            }
            out += rest_.front();
        }
        if (!rest_.empty()) {
            rest_.remove_prefix(1);
        }
        return out;
    }

    /// The token68 of schemes such as Negotiate, and anything else up to the next comma.
    void skip_to_comma() {
        const auto comma = rest_.find(',');
        rest_ = comma == std::string_view::npos ? std::string_view() : rest_.substr(comma);
    }

  private:
    std::string_view rest_;
};

} // namespace

std::string Challenge::parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) {
    std::vector<Challenge> out;
    Scanner scan(header);
    while (true) {
        scan.skip(", \t");
        if (scan.at_end()) {
            return out;
        }
        const auto word = scan.token();
        if (word.empty()) {
            scan.skip_to_comma();
            continue;
        }
        scan.skip(" \t");
        if (scan.peek() != '=') { // a scheme; its first parameter or token68 follows
            if (out.size() == kChallenges) {
                return out;
            }
            out.push_back({.scheme = text::to_lower(word)});
            continue;
        }
        scan.skip("=");
        scan.skip(" \t");
        if (out.empty() || out.back().parameters.size() == kParameters) {
            scan.skip_to_comma();
            continue;
        }
        if (scan.at_end() || scan.peek() == ',') {
            continue; // the padding of a token68
        }
        out.back().parameters.try_emplace(text::to_lower(word), scan.value());
    }
}

} // namespace bulla::oci
