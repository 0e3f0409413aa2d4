// SPDX-License-Identifier: Apache-2.0
#include "sbom/formats/formats.hpp"

#include "base/core/text.hpp"

#include <array>

namespace bulla::sbom {
namespace {

constexpr std::array kFormats{
    FormatRow{"cyclonedx-json", "cyclonedx", "1.7", make_cyclonedx_1_7_encoder},
    FormatRow{"cyclonedx-json", "cyclonedx", "1.6", make_cyclonedx_1_6_encoder},
};

} // namespace

std::span<const FormatRow> known_formats() {
    return kFormats;
}

Result<std::unique_ptr<const Encoder>> find_encoder(std::string_view name,
                                                    std::string_view version) {
    std::string known;
    for (const FormatRow& row : kFormats) {
        if ((name == row.name || name == row.alias) &&
            (version.empty() || version == row.version)) {
            return row.make();
        }
        known +=
            (known.empty() ? "" : ", ") + std::string(row.name) + "@" + std::string(row.version);
    }
    std::string found(name);
    if (!version.empty()) {
        found += "@" + std::string(version);
    }
    return Error{ErrorCode::usage,
                 "expected a document format, found \"" + text::printable(found) + "\""}
        .with("known", known);
}

} // namespace bulla::sbom
