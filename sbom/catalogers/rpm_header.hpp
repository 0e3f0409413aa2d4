// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/bytes.hpp"
#include "base/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

namespace bulla::sbom {

/// The tags of rpm's header that we read (rpm's manual, "RPM tags").
enum class RpmTag : std::uint16_t {
    name = 1000,
    version = 1001,
    release = 1002,
    epoch = 1003,
    summary = 1004,
    install_time = 1008,
    size = 1009,
    vendor = 1011,
    license = 1014,
    packager = 1015,
    url = 1020,
    architecture = 1022,
    source_rpm = 1044,
    provide_name = 1047,
    require_flags = 1048,
    require_name = 1049,
    directory_indexes = 1116,
    base_names = 1117,
    directory_names = 1118,
    long_size = 5009,
    modularity_label = 5096,
};

/// The texts of one entry, one after the other.
class RpmTexts {
  public:
    RpmTexts() = default;

    RpmTexts(std::size_t count, ByteView store) : left_(count), store_(store) {}

    /// How many are left.
    std::size_t size() const { return left_; }

    /// The next one, nothing behind the last.
    std::optional<std::string_view> next();

  private:
    std::size_t left_ = 0;
    ByteView store_;
};

/// The numbers of one entry.
class RpmNumbers {
  public:
    RpmNumbers() = default;

    RpmNumbers(std::size_t item_bytes, ByteView items) : item_bytes_(item_bytes), items_(items) {}

    std::size_t size() const { return items_.size() / item_bytes_; }

    /// Nothing behind the last.
    std::optional<std::uint64_t> at(std::size_t index) const;

  private:
    std::size_t item_bytes_ = 1;
    ByteView items_;
};

/// The header of an installed package as all databases hold it (rpm's manual, "RPM V4 package
/// format", the part on headers): two counts, an index of tags, and a store that the index points
/// into, all big-endian. A view into the bytes it was parsed from.
class RpmHeader {
  public:
    /// Checks the whole index: every entry has a known type and lies in the store over no other,
    /// texts end there, the region of signed entries is where its first entry says, and every file
    /// has a folder. Malformed otherwise; more than
    /// limits::kRpmHeaderBytes, kRpmHeaderEntries or kRpmArrayItems is limit_exceeded.
    static Result<RpmHeader> parse(ByteView bytes);

    /// The text, of several the first (that of no language); empty if there is none.
    std::string_view text(RpmTag tag) const;

    /// All texts, none if there is no such entry or it is of another type.
    RpmTexts texts(RpmTag tag) const;

    /// All numbers, none if there is no such entry or it is of another type.
    RpmNumbers numbers(RpmTag tag) const;

    /// The first of them.
    std::optional<std::uint64_t> number(RpmTag tag) const { return numbers(tag).at(0); }

    /// Calls `visit` with the folder ("/usr/bin/") and the name of each file of the package.
    void for_each_file(
        const std::function<void(std::string_view folder, std::string_view name)>& visit) const;

  private:
    struct Entry {
        std::uint32_t tag;
        std::uint32_t type;
        std::uint32_t offset;
        std::uint32_t count;
    };

    RpmHeader(ByteView index, ByteView store) : index_(index), store_(store) {}

    std::size_t entries() const;
    Entry entry(std::size_t at) const;
    std::optional<Entry> find(RpmTag tag) const;
    Status check() const;
    Result<std::uint64_t> check_entry(const Entry& entry) const;
    Status check_region(const Entry& region) const;
    Status check_files() const;

    ByteView index_;
    ByteView store_;
};

} // namespace bulla::sbom
