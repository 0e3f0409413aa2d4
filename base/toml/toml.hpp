// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading of TOML 1.0 documents that hold settings: strings, numbers and truth values under names.
/// The one room that knows toml++.
namespace bulla::toml {

/// Where something stands in a text; both count from 1. Columns count characters, not bytes.
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

enum class Kind : std::uint8_t {
    string,
    integer,
    boolean,
    array, ///< of strings, integers and truth values
    other, ///< a float, a date, or an array that holds a table, an array or one of these
};

/// "a string", "an array", … for messages.
std::string_view to_string(Kind kind);

struct Value {
    Kind kind = Kind::other;
    std::string text{};         ///< of a string its characters, else as TOML writes it: "4", "true"
    std::vector<Value> items{}; ///< of an array
    Position at{};
};

/// One `name = value`, with the tables it stands in: `[a.b] c = 1` has the path {"a", "b", "c"}.
struct Entry {
    std::vector<std::string> path{};
    Position at{}; ///< of the last name
    Value value{};
};

/// Every value of a document, tables flattened, in the order of their names. An array of tables is
/// one entry of kind `other`; a table without values leaves no trace. Errors: malformed, with the
/// position as `where` ("NAME:LINE:COLUMN", so does `name` come in); limit_exceeded.
Result<std::vector<Entry>> parse(std::string_view text, std::string_view name);

/// "NAME:LINE:COLUMN", as compilers print it.
std::string locate(std::string_view name, Position at);

} // namespace bulla::toml
