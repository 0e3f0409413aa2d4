// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json/writer.hpp"
#include "sbom/formats/encoder.hpp"
#include "sbom/formats/subject_reference.hpp"
#include "sbom/model/sbom.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::sbom {

/// One CycloneDX document being written. What it is about and what could not be read stands in
/// cyclonedx_metadata.cpp, what was found in cyclonedx_component.cpp.
class CycloneDxDocument {
  public:
    CycloneDxDocument(const Sbom& sbom,
                      const EncodeOptions& options,
                      std::string_view spec_version);

    /// The document, with a final newline. To be called once.
    std::string write();

  private:
    void write_metadata();
    void write_subject();
    void write_subject_properties();
    void write_unknowns();
    void write_distribution();
    void write_package(std::size_t index);
    void write_name(const Package& package);
    void write_licenses(const std::vector<License>& licenses);
    void write_evidence(const Package& package);
    void write_occurrences(const std::vector<Occurrence>& occurrences);
    void write_properties(std::size_t index);
    void write_dependencies();
    void write_compositions();
    void write_website(std::string_view url);
    void write_property(std::string_view name, std::string_view value);

    const Sbom& sbom_;
    const EncodeOptions& options_;
    std::string_view spec_version_;
    SubjectReference subject_;
    json::Writer out_;
    std::vector<std::string> references_;
    std::string distribution_; ///< the reference of the operating system, or empty
};

} // namespace bulla::sbom
