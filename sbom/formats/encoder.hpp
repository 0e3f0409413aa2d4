// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/result.hpp"
#include "base/json/writer.hpp"
#include "sbom/model/sbom.hpp"

#include <string>
#include <string_view>

namespace bulla::sbom {

/// What a document says beside the Sbom. Nothing here has a default taken from the clock.
struct EncodeOptions {
    std::string tool_version{}; ///< of bulla-sbom
    std::string timestamp{};    ///< RFC 3339; empty leaves the document without one
    json::Layout layout = json::Layout::indented;
};

/// Writes an Sbom in one version of one document format. Stateless. The same Sbom and options give
/// the same bytes.
class Encoder {
  public:
    virtual ~Encoder() = default;

    /// The format's name as in `--output`: "cyclonedx-json".
    virtual std::string_view format() const = 0;

    /// The version of the format's specification: "1.7".
    virtual std::string_view spec_version() const = 0;

    virtual std::string_view media_type() const = 0;

    /// The document, ending in a line break.
    virtual Result<std::string> encode(const Sbom& sbom, const EncodeOptions& options) const = 0;
};

} // namespace bulla::sbom
