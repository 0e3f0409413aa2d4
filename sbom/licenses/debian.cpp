// SPDX-License-Identifier: Apache-2.0
#include "sbom/licenses/debian.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/licenses/spdx.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace bulla::sbom {
namespace {

using ShortName = std::pair<std::string_view, std::string_view>;

/// Debian's short names (copyright format 1.0, "License specification") whose SPDX counterpart is
/// spelled differently. Names that mean different texts in different packages ("BSD", "Artistic",
/// "MIT/X11") are left out on purpose. Sorted.
constexpr std::array kShortNames{
    ShortName{"agpl-3", "AGPL-3.0-only"},
    ShortName{"agpl-3+", "AGPL-3.0-or-later"},
    ShortName{"apache-1", "Apache-1.0"},
    ShortName{"apache-2", "Apache-2.0"},
    ShortName{"boost-1.0", "BSL-1.0"},
    ShortName{"bsd-2-clauses", "BSD-2-Clause"},
    ShortName{"bsd-3-clauses", "BSD-3-Clause"},
    ShortName{"cc-by-3", "CC-BY-3.0"},
    ShortName{"cc-by-4", "CC-BY-4.0"},
    ShortName{"cc-by-sa-3", "CC-BY-SA-3.0"},
    ShortName{"cc-by-sa-4", "CC-BY-SA-4.0"},
    ShortName{"cc0", "CC0-1.0"},
    ShortName{"cc0-1", "CC0-1.0"},
    ShortName{"epl-1", "EPL-1.0"},
    ShortName{"expat", "MIT"},
    ShortName{"gfdl-1.1", "GFDL-1.1-only"},
    ShortName{"gfdl-1.1+", "GFDL-1.1-or-later"},
    ShortName{"gfdl-1.2", "GFDL-1.2-only"},
    ShortName{"gfdl-1.2+", "GFDL-1.2-or-later"},
    ShortName{"gfdl-1.3", "GFDL-1.3-only"},
    ShortName{"gfdl-1.3+", "GFDL-1.3-or-later"},
    ShortName{"gfdl-niv-1.1", "GFDL-1.1-no-invariants-only"},
    ShortName{"gfdl-niv-1.1+", "GFDL-1.1-no-invariants-or-later"},
    ShortName{"gfdl-niv-1.2", "GFDL-1.2-no-invariants-only"},
    ShortName{"gfdl-niv-1.2+", "GFDL-1.2-no-invariants-or-later"},
    ShortName{"gfdl-niv-1.3", "GFDL-1.3-no-invariants-only"},
    ShortName{"gfdl-niv-1.3+", "GFDL-1.3-no-invariants-or-later"},
    ShortName{"gpl-1", "GPL-1.0-only"},
    ShortName{"gpl-1+", "GPL-1.0-or-later"},
    ShortName{"gpl-1.0", "GPL-1.0-only"},
    ShortName{"gpl-1.0+", "GPL-1.0-or-later"},
    ShortName{"gpl-2", "GPL-2.0-only"},
    ShortName{"gpl-2+", "GPL-2.0-or-later"},
    ShortName{"gpl-2.0", "GPL-2.0-only"},
    ShortName{"gpl-2.0+", "GPL-2.0-or-later"},
    ShortName{"gpl-3", "GPL-3.0-only"},
    ShortName{"gpl-3+", "GPL-3.0-or-later"},
    ShortName{"gpl-3.0", "GPL-3.0-only"},
    ShortName{"gpl-3.0+", "GPL-3.0-or-later"},
    ShortName{"lgpl-2", "LGPL-2.0-only"},
    ShortName{"lgpl-2+", "LGPL-2.0-or-later"},
    ShortName{"lgpl-2.0", "LGPL-2.0-only"},
    ShortName{"lgpl-2.0+", "LGPL-2.0-or-later"},
    ShortName{"lgpl-2.1", "LGPL-2.1-only"},
    ShortName{"lgpl-2.1+", "LGPL-2.1-or-later"},
    ShortName{"lgpl-3", "LGPL-3.0-only"},
    ShortName{"lgpl-3+", "LGPL-3.0-or-later"},
    ShortName{"lgpl-3.0", "LGPL-3.0-only"},
    ShortName{"lgpl-3.0+", "LGPL-3.0-or-later"},
    ShortName{"mpl-1", "MPL-1.0"},
    ShortName{"mpl-2", "MPL-2.0"},
    ShortName{"openldap-2.8", "OLDAP-2.8"},
    ShortName{"psf-2", "PSF-2.0"},
    ShortName{"qpl-1", "QPL-1.0"},
    ShortName{"sil-1.1", "OFL-1.1"},
    ShortName{"w3c-software", "W3C"},
};

static_assert(std::is_sorted(kShortNames.begin(), kShortNames.end()));

std::optional<std::string_view> find_short_name(std::string_view name) {
    const std::string lower = text::to_lower(name);
    const auto it = std::lower_bound(
        kShortNames.begin(),
        kShortNames.end(),
        std::string_view(lower),
        [](const ShortName& row, std::string_view key) { return row.first < key; });
    if (it != kShortNames.end() && it->first == lower) {
        return it->second;
    }
    return find_spdx_license(name);
}

/// "a or b and c": names joined by words. A comma changes the grouping in Debian's grammar and
/// "with" names an exception in words of its own, so both leave the text as it is.
std::optional<std::string> convert_expression(std::string_view text) {
    std::string out;
    bool expect_name = true;
    while (!text.empty()) {
        const std::string_view word = text::take_until(text, ' ');
        if (word.empty()) {
            continue;
        }
        if (!expect_name) {
            const bool is_and = text::equal_ignoring_case(word, "and");
            if (!is_and && !text::equal_ignoring_case(word, "or")) {
                return std::nullopt;
            }
            out += is_and ? " AND " : " OR ";
        } else if (const auto id = find_short_name(word)) {
            out += *id;
        } else {
            return std::nullopt;
        }
        expect_name = !expect_name;
    }
    return expect_name ? std::nullopt : std::optional(out);
}

bool is_machine_readable(ByteView text) {
    while (!text.empty()) {
        const std::string_view line = text::trim(text::take_until(text, '\n'));
        if (!line.empty()) {
            return line.starts_with("Format") &&
                   (line.find("copyright-format") != std::string_view::npos ||
                    line.find("/dep5") != std::string_view::npos);
        }
    }
    return false;
}

constexpr bool is_name_char(char c) {
    return text::is_alnum(c) || c == '-' || c == '.' || c == '+';
}

class LicenseSet {
  public:
    void add(License license) {
        if (license.value.empty() || licenses_.size() >= limits::kLicensesPerPackage) {
            return;
        }
        const auto at = std::lower_bound(licenses_.begin(), licenses_.end(), license);
        if (at == licenses_.end() || *at != license) {
            licenses_.insert(at, std::move(license));
        }
    }

    std::vector<License> take() { return std::move(licenses_); }

  private:
    std::vector<License> licenses_;
};

void add_license_fields(ByteView text, LicenseSet& found) {
    constexpr std::string_view kField = "license:";
    while (!text.empty()) {
        const std::string_view line = text::take_until(text, '\n');
        if (line.size() > kField.size() && line.size() <= limits::kPackageFieldBytes &&
            text::equal_ignoring_case(line.substr(0, kField.size()), kField)) {
            found.add(classify_debian_license(line.substr(kField.size())));
        }
    }
}

void add_common_license_mentions(ByteView text, LicenseSet& found) {
    constexpr std::string_view kFolder = "/usr/share/common-licenses/";
    for (std::size_t at = text.find(kFolder); at != ByteView::npos; at = text.find(kFolder, at)) {
        at += kFolder.size();
        std::size_t end = at;
        while (end < text.size() && end - at < 64 && is_name_char(text[end])) {
            ++end;
        }
        std::string_view name = text.substr(at, end - at);
        while (name.ends_with('.')) {
            name.remove_suffix(1);
        }
        // A mention says which text applies, not whether later versions may be used too, so only
        // names for which that makes no difference become identifiers.
        const bool has_choice = name.find("GPL") != std::string_view::npos ||
                                name.find("GFDL") != std::string_view::npos;
        found.add(has_choice ? License{License::Kind::name, std::string(name)}
                             : classify_license(name));
    }
}

} // namespace

License classify_debian_license(std::string_view short_name) {
    short_name = text::trim(short_name);
    if (const auto id = find_short_name(short_name)) {
        return {License::Kind::id, std::string(*id)};
    }
    if (auto expression = convert_expression(short_name)) {
        return {License::Kind::expression, std::move(*expression)};
    }
    return {License::Kind::name, std::string(short_name)};
}

std::vector<License> parse_debian_copyright(ByteView text) {
    LicenseSet found;
    if (is_machine_readable(text)) {
        add_license_fields(text, found);
    } else {
        add_common_license_mentions(text, found);
    }
    return found.take();
}

} // namespace bulla::sbom
