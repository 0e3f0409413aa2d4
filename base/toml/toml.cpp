// SPDX-License-Identifier: Apache-2.0
#include "base/toml/toml.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// toml++ 3.3 asserts what a malformed document can make untrue (`a = {,`), and with NDEBUG lets the
// compiler rely on it. So its assertions stay in every build, and throw instead of ending the run.
#undef NDEBUG
#define TOML_ASSERT(expression) ((expression) ? void() : bulla::toml::report_broken_assumption())

namespace bulla::toml {

namespace {

struct BrokenAssumption {};

[[noreturn]] void report_broken_assumption() {
    throw BrokenAssumption();
}

} // namespace

} // namespace bulla::toml

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_MAX_NESTED_VALUES 16 // limits::kTomlDepth; the preprocessor wants the number itself
#include <toml++/toml.h>

namespace bulla::toml {

static_assert(TOML_MAX_NESTED_VALUES == limits::kTomlDepth);

namespace {

Position position_of(const ::toml::source_region& region) {
    return {region.begin.line, region.begin.column};
}

/// A scalar; `other` for what settings do not use.
Value scalar_of(const ::toml::node& node) {
    Value value{.at = position_of(node.source())};
    if (const auto* const text = node.as_string()) {
        value.kind = Kind::string;
        value.text = text->get();
    } else if (const auto* const number = node.as_integer()) {
        value.kind = Kind::integer;
        value.text = std::to_string(number->get());
    } else if (const auto* const truth = node.as_boolean()) {
        value.kind = Kind::boolean;
        value.text = truth->get() ? "true" : "false";
    }
    return value;
}

Value value_of(const ::toml::node& node) {
    const auto* const array = node.as_array();
    if (array == nullptr) {
        return scalar_of(node);
    }
    Value value{.kind = Kind::array, .at = position_of(node.source())};
    for (const auto& item : *array) {
        value.items.push_back(scalar_of(item));
        if (value.items.back().kind == Kind::other) {
            value.kind = Kind::other;
        }
    }
    return value;
}

/// Depth is bounded by the two limits that parse() checks and sets.
void flatten(const ::toml::table& table,
             std::vector<std::string>& path,
             std::vector<Entry>& entries) {
    for (const auto& [name, node] : table) {
        path.emplace_back(name.str());
        if (const auto* const inner = node.as_table()) {
            flatten(*inner, path, entries);
        } else {
            entries.push_back(
                {.path = path, .at = position_of(name.source()), .value = value_of(node)});
        }
        path.pop_back();
    }
}

/// toml++ bounds the nesting of values and not that of dotted names, and takes its tables apart by
/// recursion; a name stands on one line.
Status check_dots(std::string_view text, std::string_view name) {
    std::uint32_t number = 0;
    while (!text.empty()) {
        ++number;
        const auto line = text::take_until(text, '\n');
        if (static_cast<std::size_t>(std::ranges::count(line, '.')) > limits::kTomlDotsPerLine) {
            return Error{ErrorCode::limit_exceeded,
                         "a line of a TOML document has more than " +
                             std::to_string(limits::kTomlDotsPerLine) + " dots"}
                .at(locate(name, {number, 1}));
        }
    }
    return ok();
}

/// Parses; nothing if the document is malformed in a way that toml++ does not expect.
std::optional<::toml::parse_result> try_parse(std::string_view text) {
    try {
        return ::toml::parse(text);
    } catch (const BrokenAssumption&) {
        return std::nullopt;
    }
}

/// The first line with which try_parse has no answer. The parser reads forwards, so what it meets
/// in the first lines of a text it meets in every longer part as well.
std::uint32_t unexpected_line(std::string_view text) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n' || at + 1 == text.size()) {
            ends.push_back(at + 1);
        }
    }
    const auto first = std::ranges::partition_point(
        ends, [&](std::size_t end) { return try_parse(text.substr(0, end)).has_value(); });
    return static_cast<std::uint32_t>(first - ends.begin()) + 1;
}

} // namespace

std::string_view to_string(Kind kind) {
    switch (kind) {
    case Kind::string:
        return "a string";
    case Kind::integer:
        return "an integer";
    case Kind::boolean:
        return "true or false";
    case Kind::array:
        return "an array";
    case Kind::other:
        break;
    }
    return "a value of another kind";
}

std::string locate(std::string_view name, Position at) {
    return std::string(name) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

Result<std::vector<Entry>> parse(std::string_view text, std::string_view name) {
    if (text.size() > limits::kSettingsBytes) {
        return Error{ErrorCode::limit_exceeded,
                     "a TOML document of at most " + std::to_string(limits::kSettingsBytes) +
                         " bytes was expected, found " + std::to_string(text.size())}
            .at(std::string(name));
    }
    BULLA_TRY(check_dots(text, name));
    const auto parsed = try_parse(text);
    if (!parsed) {
        return Error{ErrorCode::malformed, "not TOML"}.at(locate(name, {unexpected_line(text), 1}));
    }
    if (!*parsed) {
        const auto& error = parsed->error();
        return Error{ErrorCode::malformed, "not TOML: " + text::printable(error.description())}.at(
            locate(name, position_of(error.source())));
    }
    std::vector<Entry> entries;
    std::vector<std::string> path;
    flatten(parsed->table(), path, entries);
    return entries;
}

} // namespace bulla::toml
