// SPDX-License-Identifier: Apache-2.0
#include "base/json/slices.hpp"

#include "base/core/text.hpp"

namespace bulla::json {

namespace {

/// Walks text that is known to be valid JSON; so it looks only at strings and brackets.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : text_(text) {}

    char skip_blanks() {
        while (position_ < text_.size() && text::is_space(text_[position_])) {
            ++position_;
        }
        return position_ < text_.size() ? text_[position_] : '\0';
    }

    void step() { ++position_; }

    /// The string that starts here, with its quotes.
    std::string_view take_string() {
        const std::size_t start = position_++;
        while (text_[position_] != '"') {
            position_ += text_[position_] == '\\' ? 2U : 1U;
        }
        ++position_;
        return text_.substr(start, position_ - start);
    }

    /// The value that starts here.
    std::string_view take_value() {
        const std::size_t start = position_;
        std::size_t depth = 0;
        for (; position_ < text_.size(); ++position_) {
            const char c = text_[position_];
            if (c == '"') {
                take_string();
                --position_;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
                break;
            } else if (c == '}' || c == ']') {
                --depth;
            }
        }
        return text::trim(text_.substr(start, position_ - start));
    }

  private:
    std::string_view text_;
    std::size_t position_ = 0;
};

std::string unquoted(std::string_view quoted) {
    if (quoted.find('\\') == std::string_view::npos) {
        return std::string(quoted.substr(1, quoted.size() - 2));
    }
    const auto name = Document::parse(quoted);
    return name ? name->root().string_or("") : std::string();
}

} // namespace

Result<std::vector<Slice>> slice_object(ByteView text, const ParseOptions& options) {
    BULLA_TRY(validate(text, options));
    Scanner scanner(text);
    if (scanner.skip_blanks() != '{') {
        return Error{ErrorCode::malformed,
                     "expected a JSON object as the " + std::string(options.what)};
    }
    scanner.step();
    std::vector<Slice> slices;
    while (scanner.skip_blanks() != '}') {
        std::string name = unquoted(scanner.take_string());
        scanner.skip_blanks();
        scanner.step();
        scanner.skip_blanks();
        slices.push_back({std::move(name), scanner.take_value()});
        if (scanner.skip_blanks() == ',') {
            scanner.step();
        }
    }
    return slices;
}

std::string_view find_slice(const std::vector<Slice>& slices, std::string_view name) {
    for (const Slice& slice : slices) {
        if (slice.name == name) {
            return slice.value;
        }
    }
    return {};
}

} // namespace bulla::json
