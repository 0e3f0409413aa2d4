// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only for the sources of this folder.

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"
#include "base/json/json.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulla::sign {

/// A protobuf message in its JSON form ("ProtoJSON Format"): member names in camelCase or
/// snake_case, null and absent mean the default, unknown names are refused. Views into the
/// document, which must outlive it.
class ProtoMessage {
  public:
    /// Reads an object whose members may only be `fields` (camelCase). Absent or null gives the
    /// empty message. `what` names the message in errors and must be a literal.
    static Result<ProtoMessage>
    read(json::Value value, std::initializer_list<std::string_view> fields, std::string_view what);

    /// True if the member is there and not null.
    bool has(std::string_view field) const;

    /// The member, or nothing.
    json::Value operator[](std::string_view field) const;

    /// A string member; empty if absent.
    Result<std::string> text(std::string_view field) const;

    /// A bytes member; empty if absent.
    Result<Bytes> bytes(std::string_view field) const;

    /// A 64-bit member that must not be negative; 0 if absent.
    Result<std::int64_t> number(std::string_view field) const;

    /// The elements of a repeated member; more than `limit` is limit_exceeded.
    Result<std::vector<json::Value>> list(std::string_view field, std::size_t limit) const;

    /// The error that this member is not what it should be.
    Error wrong(std::string_view field, std::string_view expected) const;

  private:
    std::string_view what_;
    std::vector<std::pair<std::string_view, json::Value>> members_;
};

/// Bytes of a JSON string in any base64 variant; `malformed` otherwise.
Result<Bytes> proto_bytes(json::Value value, std::string_view what);

} // namespace bulla::sign
