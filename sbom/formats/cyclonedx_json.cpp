// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "sbom/formats/cyclonedx_document.hpp"
#include "sbom/formats/dependency_graph.hpp"
#include "sbom/formats/formats.hpp"

#include <array>

namespace bulla::sbom {
namespace {

/// An RFC 9562 UUIDv8 from the SHA-256 of the text: 122 bits of the hash, version and variant set.
std::string uuid_of(std::string_view text) {
    std::string raw = crypto::hash(HashAlgorithm::sha256, text).substr(0, 16);
    const auto set_bits = [&](std::size_t at, unsigned keep, unsigned value) {
        raw[at] = static_cast<char>((static_cast<unsigned char>(raw[at]) & keep) | value);
    };
    set_bits(6, 0x0FU, 0x80U);
    set_bits(8, 0x3FU, 0x80U);
    std::string uuid = text::to_hex(raw);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) {
        uuid.insert(at, 1, '-');
    }
    return uuid;
}

} // namespace

CycloneDxDocument::CycloneDxDocument(const Sbom& sbom,
                                     const EncodeOptions& options,
                                     std::string_view spec_version)
    : sbom_(sbom), options_(options), spec_version_(spec_version),
      subject_(subject_reference(sbom.subject)), out_(options.layout) {
    references_.reserve(sbom.packages.size());
    for (const Package& package : sbom.packages) {
        references_.push_back(reference_of(package));
    }
    if (sbom.distribution) {
        distribution_ = "os:" + sbom.distribution->id;
        if (!sbom.distribution->version_id.empty()) {
            distribution_ += "@" + sbom.distribution->version_id;
        }
    }
}

void CycloneDxDocument::write_dependencies() {
    const DependencyGraph graph(sbom_.packages.size(), sbom_.relationships);
    const auto write_entry = [&](std::string_view reference, auto&& dependencies) {
        out_.begin_object().member("ref", reference).key("dependsOn").begin_array();
        for (const std::uint32_t dependency : dependencies) {
            out_.string(references_[dependency]);
        }
        out_.end_array().end_object();
    };
    out_.key("dependencies").begin_array();
    out_.begin_object().member("ref", subject_.reference).key("dependsOn").begin_array();
    if (!distribution_.empty()) {
        out_.string(distribution_);
    }
    for (const std::uint32_t root : graph.roots()) {
        out_.string(references_[root]);
    }
    out_.end_array().end_object();
    if (!distribution_.empty()) {
        write_entry(distribution_, std::array<std::uint32_t, 0>());
    }
    for (std::uint32_t i = 0; i < references_.size(); ++i) {
        write_entry(references_[i], graph.dependencies_of(i));
    }
    out_.end_array();
}

std::string CycloneDxDocument::write() {
    const bool indented = options_.layout == json::Layout::indented;
    const std::string spec_version(spec_version_);
    out_.begin_object();
    out_.member("$schema", "http://cyclonedx.org/schema/bom-" + spec_version + ".schema.json");
    out_.member("bomFormat", "CycloneDX").member("specVersion", spec_version);
    out_.key("version").integer(1);
    write_metadata();
    out_.key("components").begin_array();
    if (sbom_.distribution) {
        write_distribution();
    }
    for (std::size_t i = 0; i < sbom_.packages.size(); ++i) {
        write_package(i);
    }
    out_.end_array();
    write_dependencies();
    write_compositions();
    out_.end_object();
    std::string text = out_.finish();
    // The number is made from the document without it and then put where readers look for it.
    const std::string mark = indented ? "\n  \"version\": 1," : "\"version\":1,";
    const std::string number =
        std::string(indented ? "\n  \"serialNumber\": " : "\"serialNumber\":") +
        "\"urn:uuid:" + uuid_of(text) + "\",";
    text.insert(text.find(mark), number);
    text += '\n';
    return text;
}

namespace {

class CycloneDxEncoder final : public Encoder {
  public:
    explicit CycloneDxEncoder(std::string_view spec_version) : spec_version_(spec_version) {}

    std::string_view format() const override { return "cyclonedx-json"; }

    std::string_view spec_version() const override { return spec_version_; }

    std::string_view media_type() const override { return "application/vnd.cyclonedx+json"; }

    Result<std::string> encode(const Sbom& sbom, const EncodeOptions& options) const override {
        return CycloneDxDocument(sbom, options, spec_version_).write();
    }

  private:
    std::string_view spec_version_;
};

} // namespace

std::unique_ptr<const Encoder> make_cyclonedx_1_7_encoder() {
    return std::make_unique<CycloneDxEncoder>("1.7");
}

std::unique_ptr<const Encoder> make_cyclonedx_1_6_encoder() {
    return std::make_unique<CycloneDxEncoder>("1.6");
}

} // namespace bulla::sbom
