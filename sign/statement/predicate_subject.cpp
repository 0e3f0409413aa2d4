// SPDX-License-Identifier: Apache-2.0
#include "sign/statement/predicate_subject.hpp"

#include "base/core/limits.hpp"
#include "base/core/text.hpp"
#include "base/json/json.hpp"

#include <algorithm>
#include <vector>

namespace bulla::sign {

namespace {

constexpr std::string_view kCycloneDx = "https://cyclonedx.org/bom";
constexpr std::string_view kSpdx = "https://spdx.dev/Document";

/// Gathers the digests that the places of a document name, and insists on one.
class Candidates {
  public:
    /// A version that is a digest counts; any other version ("1.2.3") names no digest.
    void add_version(std::optional<std::string_view> version) {
        if (version) {
            add(*version);
        }
    }

    /// The version of an OCI purl (purl-spec, type oci): "pkg:oci/name@sha256%3A…?…".
    void add_purl(std::optional<std::string_view> purl) {
        if (!purl || !purl->starts_with("pkg:oci/")) {
            return;
        }
        const auto at = purl->find('@');
        if (at == std::string_view::npos) {
            return;
        }
        std::string version(purl->substr(at + 1, purl->find_first_of("?#") - at - 1));
        for (const std::string_view escaped : {"%3A", "%3a"}) {
            if (const auto colon = version.find(escaped); colon != std::string::npos) {
                version.replace(colon, escaped.size(), ":");
            }
        }
        add(version);
    }

    Result<std::optional<Digest>> verdict() const {
        if (conflict_) {
            return Error{ErrorCode::malformed,
                         "the predicate names two different images as its subject"}
                .with("first", first_->to_string())
                .with("second", conflict_->to_string());
        }
        return first_;
    }

  private:
    void add(std::string_view text) {
        const auto digest = Digest::parse(text);
        if (!digest) {
            return;
        }
        if (!first_) {
            first_ = *digest;
        } else if (*first_ != *digest) {
            conflict_ = *digest;
        }
    }

    std::optional<Digest> first_;
    std::optional<Digest> conflict_;
};

void read_cyclonedx(json::Value document, Candidates& candidates) {
    const auto component = document["metadata"]["component"];
    candidates.add_version(component["version"].string());
    candidates.add_purl(component["purl"].string());
}

/// The ids of the elements that an SPDX 2 document describes.
std::vector<std::string_view> described_ids(json::Value document) {
    std::vector<std::string_view> ids;
    for (const auto id : document["documentDescribes"].elements()) {
        ids.push_back(id.string().value_or(""));
    }
    for (const auto relationship : document["relationships"].elements()) {
        if (relationship["relationshipType"].string() == "DESCRIBES" &&
            relationship["spdxElementId"].string() == "SPDXRef-DOCUMENT") {
            ids.push_back(relationship["relatedSpdxElement"].string().value_or(""));
        }
    }
    return ids;
}

void read_spdx(json::Value document, Candidates& candidates) {
    const auto ids = described_ids(document);
    for (const auto package : document["packages"].elements()) {
        const auto id = package["SPDXID"].string();
        if (!id || std::find(ids.begin(), ids.end(), *id) == ids.end()) {
            continue;
        }
        candidates.add_version(package["versionInfo"].string());
        for (const auto reference : package["externalRefs"].elements()) {
            candidates.add_purl(reference["referenceLocator"].string());
        }
    }
}

} // namespace

Result<std::optional<Digest>> find_predicate_subject(std::string_view predicate_type,
                                                     ByteView predicate) {
    const bool is_cyclonedx = predicate_type.starts_with(kCycloneDx);
    if (!is_cyclonedx && !predicate_type.starts_with(kSpdx)) {
        return std::optional<Digest>();
    }
    BULLA_TRY_ASSIGN(
        const auto document,
        json::Document::parse(predicate,
                              {.max_bytes = limits::kAttachmentBytes, .what = "the predicate"}));
    Candidates candidates;
    if (is_cyclonedx) {
        read_cyclonedx(document.root(), candidates);
    } else {
        read_spdx(document.root(), candidates);
    }
    return candidates.verdict();
}

} // namespace bulla::sign
