// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/os_release.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "sbom/catalogers/catalogers.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

/// Far above any real file of some 500 bytes.
constexpr std::uint64_t kOsReleaseBytes = 64 * limits::kKiB;

struct Field {
    std::string_view key;
    std::string Distribution::* member;
};

constexpr std::array kFields{
    Field{"ID", &Distribution::id},
    Field{"ID_LIKE", &Distribution::id_like},
    Field{"NAME", &Distribution::name},
    Field{"PRETTY_NAME", &Distribution::pretty_name},
    Field{"VERSION_ID", &Distribution::version_id},
    Field{"VERSION_CODENAME", &Distribution::version_codename},
    Field{"BUILD_ID", &Distribution::build_id},
    Field{"HOME_URL", &Distribution::home_url},
    Field{"CPE_NAME", &Distribution::cpe_name},
};

/// "12.5" but not "trixie/sid".
bool is_numeric_version(std::string_view version) {
    return !version.empty() && text::is_digit(version.front()) &&
           std::all_of(version.begin(), version.end(), [](char c) {
               return text::is_digit(c) || c == '.';
           });
}

class OsReleaseCataloger final : public Cataloger {
  public:
    std::string_view id() const override { return "os-release"; }

    std::uint32_t version() const override { return 1; }

    std::vector<walk::PathPattern> patterns() const override {
        return {{"{etc,usr/lib}/os-release", kOsReleaseBytes},
                {"etc/debian_version", kOsReleaseBytes}};
    }

    Status catalog(const FileView& view,
                   const CatalogContext& /*context*/,
                   Findings& findings) const override {
        for (const std::string_view path : {"etc/os-release", "usr/lib/os-release"}) {
            const auto file = view.find(path);
            if (!file || file->type != FileType::regular) {
                continue;
            }
            BULLA_TRY_ASSIGN(const auto content, read_evidence(view, *file, findings));
            if (!content) {
                continue;
            }
            Distribution distribution = parse_os_release(content->bytes());
            if (!distribution.id.empty()) {
                distribution.occurrence = {file->path, file->layer};
                findings.distribution = std::move(distribution);
                return refine_debian(view, findings);
            }
            findings.unknowns.push_back({file->path, "there is no ID in it"});
        }
        return ok();
    }

  private:
    /// Debian's os-release has only the major version, the point release stands elsewhere. Other
    /// distributions inherit that file with Debian's number in it.
    static Status refine_debian(const FileView& view, Findings& findings) {
        const auto file = view.find("etc/debian_version");
        if (findings.distribution->id != "debian" || !file || file->type != FileType::regular) {
            return ok();
        }
        BULLA_TRY_ASSIGN(const auto content, read_evidence(view, *file, findings));
        if (content && is_numeric_version(text::trim(content->bytes()))) {
            findings.distribution->version_id = field_text(content->bytes());
        }
        return ok();
    }
};

} // namespace

std::string unquote_shell_value(std::string_view value) {
    std::string out;
    char quote = '\0';
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == quote) {
            quote = '\0';
        } else if (quote == '\0' && (c == '"' || c == '\'')) {
            quote = c;
        } else if (c == '\\' && quote != '\'' && i + 1 < value.size()) {
            // Inside double quotes a backslash is special only before $ ` " and itself.
            const char next = value[i + 1];
            const bool escapes =
                quote == '\0' || next == '$' || next == '`' || next == '"' || next == '\\';
            if (escapes) {
                ++i;
            }
            out += value[i];
        } else if (quote == '\0' && text::is_blank(c)) {
            break;
        } else {
            out += c;
        }
    }
    return out;
}

Distribution parse_os_release(ByteView text) {
    Distribution distribution;
    while (!text.empty()) {
        std::string_view line = text::trim(text::take_until(text, '\n'));
        if (line.empty() || line.front() == '#' || line.find('=') == std::string_view::npos) {
            continue;
        }
        const std::string_view key = text::take_until(line, '=');
        const auto* field = std::find_if(
            kFields.begin(), kFields.end(), [&](const Field& f) { return f.key == key; });
        if (field != kFields.end()) {
            distribution.*field->member = field_text(unquote_shell_value(line));
        }
    }
    distribution.id = text::to_lower(distribution.id);
    return distribution;
}

std::unique_ptr<const Cataloger> make_os_release_cataloger() {
    return std::make_unique<OsReleaseCataloger>();
}

} // namespace bulla::sbom
