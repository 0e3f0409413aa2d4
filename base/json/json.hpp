// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/limits.hpp"
#include "base/core/result.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON as received from others: bounded, strict, read through cursors. Writing is in writer.hpp.
namespace bulla::json {

enum class Duplicates : std::uint8_t {
    refuse, ///< for everything signed or decisive: a second key of one name is malformed
    last,   ///< the last value wins, as in JavaScript and Go: for files that others merely store
            ///< (package.json)
};

struct ParseOptions {
    std::uint64_t max_bytes = limits::kManifestBytes;
    std::size_t max_depth = limits::kJsonDepth;
    std::size_t max_values = limits::kJsonValues;
    Duplicates duplicates = Duplicates::refuse;
    std::string_view what = "JSON document"; ///< names the document in messages
    /// If not empty, the only members of the outermost object that are kept; others are checked and
    /// dropped. For Duplicates::last alone: what is dropped is not searched for repeated keys.
    std::span<const std::string_view> members{};
};

/// A cursor on one value of a Document, which must outlive it. Cheap to copy. A default-made cursor
/// is on "nothing", on which every question answers "no", so that lookups chain:
/// root["config"]["digest"].string().
class Value {
  public:
    Value() = default;

    explicit operator bool() const { return node_ != nullptr; }

    bool is_object() const;
    bool is_array() const;
    bool is_string() const;
    bool is_number() const;
    bool is_bool() const;
    bool is_null() const;

    /// The member of an object, or nothing.
    Value operator[](std::string_view key) const;

    /// The element of an array, or nothing.
    Value operator[](std::size_t index) const;

    /// Members of an object or elements of an array; 0 otherwise.
    std::size_t size() const;

    /// The elements of an array; empty for anything else.
    std::vector<Value> elements() const;

    /// The members of an object in the order of the document; empty for anything else.
    std::vector<std::pair<std::string_view, Value>> members() const;

    std::optional<std::string_view> string() const;
    std::optional<std::int64_t>
    integer() const; ///< nothing for fractions and for what does not fit
    std::optional<double> number() const;
    std::optional<bool> boolean() const;

    /// `string()`, or the fallback for anything that is not a string.
    std::string string_or(std::string_view fallback) const;

    /// The value as compact JSON, members in document order, numbers as the parser understood them.
    std::string dump() const;

  private:
    friend class Document;

    explicit Value(const nlohmann::ordered_json* node) : node_(node) {}

    const nlohmann::ordered_json* node_ = nullptr;
};

/// A parsed document; owns every value that cursors point at.
class Document {
  public:
    /// Parses RFC 8259 text: valid UTF-8, nothing but white space after the value, no comments,
    /// within the limits.
    static Result<Document> parse(ByteView text, const ParseOptions& options = {});

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    Value root() const;

  private:
    explicit Document(std::unique_ptr<nlohmann::ordered_json> tree);

    std::unique_ptr<nlohmann::ordered_json> tree_;
};

/// Checks what Document::parse checks without building a tree: for large text that is passed on as
/// it is.
Status validate(ByteView text, const ParseOptions& options = {});

} // namespace bulla::json
