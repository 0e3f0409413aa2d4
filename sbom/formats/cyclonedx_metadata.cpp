// SPDX-License-Identifier: Apache-2.0
// The part of a CycloneDX document that says what it is about, and how far it can be relied on.
#include "base/core/digest.hpp"
#include "sbom/formats/cyclonedx_document.hpp"

#include <algorithm>

namespace bulla::sbom {
namespace {

/// A document lists this many files that could not be read, and then their number.
constexpr std::size_t kListedUnknowns = 1000;

} // namespace

void CycloneDxDocument::write_metadata() {
    out_.key("metadata").begin_object();
    out_.optional_member("timestamp", options_.timestamp);
    out_.key("lifecycles").begin_array().begin_object();
    out_.member("phase", "post-build").end_object().end_array();
    out_.key("tools").begin_object().key("components").begin_array().begin_object();
    out_.member("type", "application").member("publisher", "The Bulla Authors");
    out_.member("name", "bulla-sbom").optional_member("version", options_.tool_version);
    out_.end_object().end_array().end_object();
    write_subject();
    write_unknowns();
    out_.end_object();
}

void CycloneDxDocument::write_subject() {
    const SbomSubject& subject = sbom_.subject;
    out_.key("component").begin_object();
    // A folder has no type of its own; "file" with the path for a name is what other tools write.
    out_.member("bom-ref", subject_.reference)
        .member("type", subject.kind == SubjectKind::directory ? "file" : "container");
    out_.member("name", subject.name.empty() ? "image" : subject.name);
    // An archive may hold no manifest; the config's digest is what Docker calls the image's id.
    out_.optional_member("version",
                         subject.manifest_digest.empty() ? subject.config_digest
                                                         : subject.manifest_digest);
    if (const auto digest = Digest::parse(subject.manifest_digest)) {
        const bool is_sha256 = digest->algorithm() == HashAlgorithm::sha256;
        out_.key("hashes").begin_array().begin_object();
        out_.member("alg", is_sha256 ? "SHA-256" : "SHA-512").member("content", digest->hex());
        out_.end_object().end_array();
    }
    out_.optional_member("purl", subject_.purl);
    if (subject.kind == SubjectKind::image) {
        write_subject_properties();
    }
    out_.end_object();
}

void CycloneDxDocument::write_subject_properties() {
    const SbomSubject& subject = sbom_.subject;
    std::string platform = subject.os;
    for (const std::string& part : {subject.architecture, subject.variant}) {
        platform += part.empty() ? "" : "/" + part;
    }
    out_.key("properties").begin_array();
    write_property("image:manifest-digest", subject.manifest_digest);
    write_property("image:index-digest", subject.index_digest);
    write_property("image:config-digest", subject.config_digest);
    write_property("image:platform", platform);
    write_property("image:created", subject.created);
    for (const auto& [key, value] : subject.labels) {
        write_property("image:label:" + key, value);
    }
    out_.end_array();
}

void CycloneDxDocument::write_unknowns() {
    if (sbom_.unknowns.empty()) {
        return;
    }
    out_.key("properties").begin_array();
    for (std::size_t i = 0; i < std::min(sbom_.unknowns.size(), kListedUnknowns); ++i) {
        write_property("unknown", sbom_.unknowns[i].path + ": " + sbom_.unknowns[i].reason);
    }
    write_property("unknowns", std::to_string(sbom_.unknowns.size()));
    out_.end_array();
}

/// Nobody can say that an image holds nothing beside what package managers recorded, so the best
/// claim is "unknown"; what could not be read makes it "incomplete".
void CycloneDxDocument::write_compositions() {
    out_.key("compositions").begin_array().begin_object();
    out_.member("aggregate", sbom_.unknowns.empty() ? "unknown" : "incomplete");
    out_.key("assemblies").begin_array().string(subject_.reference).end_array();
    out_.end_object().end_array();
}

} // namespace bulla::sbom
