// SPDX-License-Identifier: Apache-2.0
#include "sbom/catalogers/dpkg_status.hpp"

#include "base/core/text.hpp"
#include "sbom/catalogers/control_file.hpp"

#include <algorithm>
#include <array>

namespace bulla::sbom {
namespace {

struct Field {
    std::string_view key;
    std::string_view DpkgRecord::* member;
};

constexpr std::array kFields{
    Field{"package", &DpkgRecord::package},
    Field{"version", &DpkgRecord::version},
    Field{"architecture", &DpkgRecord::architecture},
    Field{"status", &DpkgRecord::status},
    Field{"source", &DpkgRecord::source},
    Field{"maintainer", &DpkgRecord::maintainer},
    Field{"description", &DpkgRecord::description},
    Field{"homepage", &DpkgRecord::homepage},
    Field{"depends", &DpkgRecord::depends},
    Field{"pre-depends", &DpkgRecord::pre_depends},
    Field{"provides", &DpkgRecord::provides},
    Field{"multi-arch", &DpkgRecord::multi_arch},
};

DpkgRecord record_of(const ControlReader& reader) {
    DpkgRecord record;
    for (const auto& [key, value] : reader.fields()) {
        const auto* field = std::find_if(kFields.begin(), kFields.end(), [&](const Field& f) {
            return text::equal_ignoring_case(f.key, key);
        });
        if (field != kFields.end() && (record.*field->member).empty()) {
            record.*field->member = text::trim(value);
        }
    }
    return record;
}

} // namespace

bool DpkgRecord::is_present() const {
    const std::string_view state = status.substr(status.rfind(' ') + 1);
    return state != "not-installed" && state != "config-files";
}

Status parse_dpkg_status(ByteView text, const std::function<Status(const DpkgRecord&)>& visit) {
    ControlReader reader(text);
    for (;;) {
        BULLA_TRY_ASSIGN(const bool more, reader.next());
        if (!more) {
            return ok();
        }
        const DpkgRecord record = record_of(reader);
        if (!record.package.empty()) {
            BULLA_TRY(visit(record));
        }
    }
}

} // namespace bulla::sbom
