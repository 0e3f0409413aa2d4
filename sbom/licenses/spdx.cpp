// SPDX-License-Identifier: Apache-2.0
#include "sbom/licenses/spdx.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace bulla::sbom {
namespace {

#define BULLA_SPDX_LICENSE(id, state) std::string_view(id),
#define BULLA_SPDX_EXCEPTION(id, state)
// Plain arrays: clang gives up deducing std::array from so many elements.
constexpr std::string_view kLicenses[]{
#include "sbom/licenses/spdx_table.inc"
};
#undef BULLA_SPDX_LICENSE
#undef BULLA_SPDX_EXCEPTION

#define BULLA_SPDX_LICENSE(id, state)
#define BULLA_SPDX_EXCEPTION(id, state) std::string_view(id),
constexpr std::string_view kExceptions[]{
#include "sbom/licenses/spdx_table.inc"
};
#undef BULLA_SPDX_LICENSE
#undef BULLA_SPDX_EXCEPTION

constexpr bool less_ignoring_case(std::string_view a, std::string_view b) {
    const std::size_t common = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < common; ++i) {
        const char x = text::to_lower(a[i]);
        const char y = text::to_lower(b[i]);
        if (x != y) {
            return x < y;
        }
    }
    return a.size() < b.size();
}

static_assert(std::is_sorted(std::begin(kLicenses), std::end(kLicenses), less_ignoring_case));
static_assert(std::is_sorted(std::begin(kExceptions), std::end(kExceptions), less_ignoring_case));

std::optional<std::string_view> find_in(std::span<const std::string_view> table,
                                        std::string_view id) {
    const auto it = std::lower_bound(table.begin(), table.end(), id, less_ignoring_case);
    if (it == table.end() || less_ignoring_case(id, *it)) {
        return std::nullopt;
    }
    return *it;
}

bool is_id_char(char c) {
    return text::is_alnum(c) || c == '-' || c == '.' || c == '+' || c == ':';
}

/// Operators are capitals in SPDX 2 and either all capitals or all small letters in SPDX 3.
enum class Operator : std::uint8_t { none, conjunction, disjunction, with };

Operator operator_of(std::string_view word) {
    if (word == "AND" || word == "and") {
        return Operator::conjunction;
    }
    if (word == "OR" || word == "or") {
        return Operator::disjunction;
    }
    return word == "WITH" || word == "with" ? Operator::with : Operator::none;
}

/// "LicenseRef-x" or "DocumentRef-y:LicenseRef-x", x and y of letters, digits, "-" and ".".
bool is_reference(std::string_view word) {
    const auto is_idstring = [](std::string_view id) {
        return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
            return text::is_alnum(c) || c == '-' || c == '.';
        });
    };
    if (word.starts_with("DocumentRef-")) {
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos || !is_idstring(word.substr(12, colon - 12))) {
            return false;
        }
        word.remove_prefix(colon + 1);
    }
    return word.starts_with("LicenseRef-") && is_idstring(word.substr(11));
}

/// Recursive descent over `rest_`; every function appends what it read to `out_` and answers
/// whether it was valid. The grammar's precedence needs no tree here: text in, text out.
class ExpressionParser {
  public:
    explicit ExpressionParser(std::string_view text) : rest_(text) {}

    std::optional<std::string> parse() {
        if (!parse_operands(0) || !peek().empty()) {
            return std::nullopt;
        }
        return std::move(out_);
    }

  private:
    /// The next word or parenthesis without taking it; empty at the end.
    std::string_view peek() {
        while (!rest_.empty() && text::is_space(rest_.front())) {
            rest_.remove_prefix(1);
        }
        std::size_t size = 0;
        while (size < rest_.size() && is_id_char(rest_[size])) {
            ++size;
        }
        return rest_.substr(0, size == 0 ? std::min<std::size_t>(1, rest_.size()) : size);
    }

    std::string_view take() {
        const std::string_view word = peek();
        rest_.remove_prefix(word.size());
        return word;
    }

    bool parse_operands(std::size_t depth) {
        if (!parse_operand(depth)) {
            return false;
        }
        for (;;) {
            const Operator op = operator_of(peek());
            if (op != Operator::conjunction && op != Operator::disjunction) {
                return true;
            }
            take();
            out_ += op == Operator::conjunction ? " AND " : " OR ";
            if (!parse_operand(depth)) {
                return false;
            }
        }
    }

    bool parse_operand(std::size_t depth) {
        const std::string_view word = take();
        if (word == "(") {
            out_ += '(';
            const bool inner = depth < limits::kLicenseExpressionDepth && parse_operands(depth + 1);
            out_ += ')';
            return inner && take() == ")";
        }
        return parse_license(word) && parse_exception();
    }

    bool parse_license(std::string_view word) {
        if (is_reference(word)) {
            out_ += word;
            return true;
        }
        auto id = find_spdx_license(word);
        const bool or_later = !id && word.ends_with('+');
        if (or_later) {
            id = find_spdx_license(word.substr(0, word.size() - 1));
        }
        if (!id) {
            return false;
        }
        out_ += *id;
        if (or_later) {
            out_ += '+';
        }
        return true;
    }

    bool parse_exception() {
        if (operator_of(peek()) != Operator::with) {
            return true;
        }
        take();
        const auto id = find_spdx_exception(take());
        out_ += " WITH ";
        out_ += id.value_or("");
        return id.has_value();
    }

    std::string_view rest_;
    std::string out_;
};

} // namespace

std::optional<std::string_view> find_spdx_license(std::string_view id) {
    return find_in(kLicenses, id);
}

std::optional<std::string_view> find_spdx_exception(std::string_view id) {
    return find_in(kExceptions, id);
}

std::optional<std::string> normalise_spdx_expression(std::string_view expression) {
    if (expression.size() > limits::kLicenseExpressionBytes) {
        return std::nullopt;
    }
    return ExpressionParser(expression).parse();
}

License classify_license(std::string_view recorded) {
    recorded = text::trim(recorded);
    if (const auto id = find_spdx_license(recorded)) {
        return {License::Kind::id, std::string(*id)};
    }
    if (auto expression = normalise_spdx_expression(recorded)) {
        // Parentheses around one identifier are still one identifier.
        if (const auto id = find_spdx_license(text::trim(recorded.substr(1, recorded.size() - 2)));
            id && recorded.starts_with('(')) {
            return {License::Kind::id, std::string(*id)};
        }
        return {License::Kind::expression, std::move(*expression)};
    }
    return {License::Kind::name, std::string(recorded)};
}

} // namespace bulla::sbom
