// SPDX-License-Identifier: Apache-2.0
#include "base/archive/tar_writer.hpp"

#include "base/archive/tar_header.hpp"

#include <string>

namespace bulla::archive {

namespace {

constexpr std::size_t kNameBytes = 100;
constexpr std::uint64_t kLargestOctal = 077777777777;

/// Octal digits with leading zeros, as header fields have them.
std::string octal(std::uint64_t value, std::size_t digits) {
    std::string out(digits, '0');
    for (auto digit = out.rbegin(); digit != out.rend(); ++digit, value >>= 3U) {
        *digit = static_cast<char>('0' + (value & 7U));
    }
    return out;
}

Bytes header(std::string_view name, char type, std::uint64_t size) {
    Bytes block(kTarBlock, '\0');
    const auto put = [&](std::size_t at, std::string_view value) {
        block.replace(at, value.size(), value);
    };
    put(0, name.substr(0, kNameBytes));
    put(100, octal(0644, 7));
    put(108, octal(0, 7));
    put(116, octal(0, 7));
    put(124, octal(size, 11));
    put(136, octal(0, 11));
    put(148, "        "); // the checksum counts itself as blanks
    block[156] = type;
    put(257,
        std::string_view("ustar\0"
                         "00",
                         8));
    std::uint64_t sum = 0;
    for (const char c : block) {
        sum += static_cast<unsigned char>(c);
    }
    put(148, octal(sum, 6));
    block[154] = '\0';
    return block;
}

/// "LENGTH KEY=VALUE\n", whose length counts its own digits.
std::string pax_record(std::string_view key, std::string_view value) {
    const std::size_t rest = key.size() + value.size() + 3;
    std::size_t length = rest + 1;
    while (std::to_string(length).size() + rest != length) {
        ++length;
    }
    return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

} // namespace

Bytes tar_file_header(std::string_view name, std::uint64_t size) {
    std::string records;
    if (name.size() > kNameBytes) {
        records += pax_record("path", name);
    }
    if (size > kLargestOctal) {
        records += pax_record("size", std::to_string(size));
    }
    Bytes out;
    if (!records.empty()) {
        out +=
            header("PaxHeaders/file", 'x', records.size()) + records + tar_padding(records.size());
    }
    return out + header(name, '0', size > kLargestOctal ? 0 : size);
}

Bytes tar_padding(std::uint64_t size) {
    return Bytes((kTarBlock - size % kTarBlock) % kTarBlock, '\0');
}

Bytes tar_end() {
    return Bytes(2 * kTarBlock, '\0');
}

} // namespace bulla::archive
