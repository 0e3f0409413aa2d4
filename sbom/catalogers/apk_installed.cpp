// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/apk_installed.hpp"

#include "base/core/text.hpp"

namespace bulla::sbom {
namespace {

std::string_view* member_of(ApkRecord& record, char key) {
    switch (key) {
    case 'P':
        return &record.package;
    case 'V':
        return &record.version;
    case 'A':
        return &record.architecture;
    case 'L':
        return &record.license;
    case 'o':
        return &record.origin;
    case 'm':
        return &record.maintainer;
    case 'U':
        return &record.url;
    case 'T':
        return &record.description;
    case 'D':
        return &record.dependencies;
    case 'p':
        return &record.provides;
    default:
        return nullptr;
    }
}

/// Key and value of "K:value"; key 0 for anything else.
std::pair<char, std::string_view> split_line(std::string_view line) {
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.size() < 2 || line[1] != ':') {
        return {'\0', line};
    }
    return {line[0], line.substr(2)};
}

} // namespace

Status parse_apk_installed(ByteView text, const std::function<Status(const ApkRecord&)>& visit) {
    ApkRecord record;
    while (!text.empty()) {
        const auto [key, value] = split_line(text::take_until(text, '\n'));
        if (key == '\0' && value.empty()) {
            if (!record.package.empty()) {
                BULLA_TRY(visit(record));
            }
            record = {};
        } else if (std::string_view* member = member_of(record, key)) {
            *member = text::trim(value);
        }
    }
    return record.package.empty() ? ok() : visit(record);
}

void for_each_apk_file(
    ByteView text,
    const std::function<void(std::size_t, std::string_view, std::string_view)>& visit) {
    std::size_t record = 0;
    bool has_name = false;
    std::string_view folder;
    while (!text.empty()) {
        const auto [key, value] = split_line(text::take_until(text, '\n'));
        if (key == '\0' && value.empty()) {
            record += has_name ? 1 : 0;
            has_name = false;
            folder = {};
        } else if (key == 'P') {
            has_name = !text::trim(value).empty();
        } else if (key == 'F') {
            folder = value;
        } else if (key == 'R') {
            visit(record, folder, value);
        }
    }
}

std::string_view apk_dependency_name(std::string_view entry) {
    if (entry.starts_with('!')) {
        return {};
    }
    return entry.substr(0, entry.find_first_of("<>=~"));
}

} // namespace bulla::sbom
