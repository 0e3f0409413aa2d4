// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/java_manifest.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/cataloger.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

/// What the cataloger looks at; everything else (Import-Package, digests) is most of a manifest.
constexpr std::array<std::string_view, 19> kWanted{
    "Automatic-Module-Name",
    "Bundle-License",
    "Bundle-Name",
    "Bundle-SymbolicName",
    "Bundle-Vendor",
    "Bundle-Version",
    "Created-By",
    "Extension-Name",
    "Group-Id",
    "Implementation-Title",
    "Implementation-Vendor",
    "Implementation-Version",
    "Name",
    "Plugin-License-Name",
    "Plugin-Version",
    "Short-Name",
    "Specification-Title",
    "Specification-Version",
    "Weave-Classes",
};

bool is_wanted(std::string_view name) {
    return std::any_of(kWanted.begin(), kWanted.end(), [&](std::string_view wanted) {
        return text::equal_ignoring_case(name, wanted);
    });
}

/// Takes one line off the front, without its ending: CR LF, LF or CR.
std::string_view take_line(ByteView& rest) {
    const std::size_t end = rest.find_first_of("\r\n");
    const std::string_view line = rest.substr(0, end);
    if (end == ByteView::npos) {
        rest = {};
        return line;
    }
    const bool both = rest.substr(end).starts_with("\r\n");
    rest.remove_prefix(end + (both ? 2 : 1));
    return line;
}

class Parser {
  public:
    explicit Parser(ByteView rest) : rest_(rest) {}

    JavaManifest parse() {
        while (!rest_.empty()) {
            const std::string_view line = take_line(rest_);
            if (line.empty()) {
                end_section();
            } else if (line.front() == ' ') {
                extend(line.substr(1));
            } else {
                begin(line);
            }
        }
        flush();
        return std::move(manifest_);
    }

  private:
    void begin(std::string_view line) {
        flush();
        const std::size_t colon = line.find(':');
        name_ = colon == std::string_view::npos ? "" : line.substr(0, colon);
        if (is_wanted(name_)) {
            value_ = line.substr(colon + 1);
        } else {
            name_ = {};
        }
    }

    void extend(std::string_view more) {
        if (!name_.empty() && value_.size() < limits::kPackageFieldBytes) {
            value_ += more;
        }
    }

    void flush() {
        if (name_.empty()) {
            return;
        }
        const bool known = std::any_of(
            manifest_.attributes.begin(), manifest_.attributes.end(), [&](const auto& attribute) {
                return text::equal_ignoring_case(attribute.first, name_);
            });
        // In a later section "Name" is the package it is about. The first value of any name counts.
        const bool section_name =
            manifest_.main_section_ended && text::equal_ignoring_case(name_, "Name");
        std::string value = field_text(value_);
        if (!known && !section_name && !value.empty()) {
            manifest_.attributes.emplace_back(name_, std::move(value));
        }
        name_ = {};
        value_.clear();
    }

    void end_section() {
        flush();
        manifest_.main_section_ended = true;
    }

    ByteView rest_;
    std::string_view name_; ///< of the attribute being read, if it is wanted
    std::string value_;
    JavaManifest manifest_;
};

} // namespace

JavaManifest parse_java_manifest(ByteView text) {
    return Parser(text).parse();
}

} // namespace bulla::sbom
