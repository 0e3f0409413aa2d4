// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sbom/formats/encoder.hpp"

#include <memory>
#include <span>
#include <string_view>

namespace bulla::sbom {

using EncoderFactory = std::unique_ptr<const Encoder> (*)();

/// One format as a person asks for it.
struct FormatRow {
    std::string_view name;    ///< "cyclonedx-json"
    std::string_view alias;   ///< "cyclonedx", or empty
    std::string_view version; ///< "1.7"
    EncoderFactory make;
};

/// All formats; of one name the default version stands first.
std::span<const FormatRow> known_formats();

/// The encoder of a format by name or alias, in its default version if `version` is empty. An
/// unknown name or version is ErrorCode::usage and lists the known ones.
Result<std::unique_ptr<const Encoder>> find_encoder(std::string_view name,
                                                    std::string_view version = {});

std::unique_ptr<const Encoder> make_cyclonedx_1_7_encoder();
std::unique_ptr<const Encoder> make_cyclonedx_1_6_encoder();

} // namespace bulla::sbom
