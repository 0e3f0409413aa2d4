// SPDX-License-Identifier: Apache-2.0
#include "oci/store/stored_manifest.hpp"

#include "base/core/text.hpp"
#include "base/crypto/hasher.hpp"
#include "base/json/json.hpp"

namespace bulla::oci {

namespace {

bool is_known(const std::string& type) {
    return media_type::is_manifest(type) || media_type::is_index(type) ||
           type == media_type::kDockerSchema1 || type == media_type::kDockerSchema1Signed;
}

} // namespace

std::string document_type(std::string_view announced, ByteView bytes) {
    std::string type = media_type::strip_parameters(announced);
    if (is_known(type)) {
        return type;
    }
    json::ParseOptions options;
    options.max_bytes = limits::kManifestBytes;
    const auto document = json::Document::parse(bytes, options);
    if (!document) {
        return type;
    }
    const json::Value root = document->root();
    if (const auto own = root["mediaType"].string()) {
        return std::string(*own);
    }
    if (root["schemaVersion"].integer() == 1) {
        return std::string(media_type::kDockerSchema1);
    }
    if (root["manifests"].is_array()) {
        return std::string(media_type::kIndex);
    }
    return root["layers"].is_array() ? std::string(media_type::kManifest) : type;
}

Result<ManifestFacts> read_facts(ByteView bytes, std::string_view announced_type) {
    const std::string type = document_type(announced_type, bytes);
    if (media_type::is_index(type)) {
        BULLA_TRY_ASSIGN(Index index, parse_index(bytes, type));
        return ManifestFacts{.media_type = type,
                             .artifact_type = std::move(index.artifact_type),
                             .subject = std::move(index.subject),
                             .annotations = std::move(index.annotations)};
    }
    BULLA_TRY_ASSIGN(Manifest manifest, parse_manifest(bytes, type));
    return ManifestFacts{.media_type = type,
                         .artifact_type = manifest.effective_artifact_type(),
                         .subject = std::move(manifest.subject),
                         .annotations = std::move(manifest.annotations)};
}

Descriptor referrer_entry(const Descriptor& manifest, const ManifestFacts& facts) {
    return Descriptor{.media_type = manifest.media_type,
                      .digest = manifest.digest,
                      .size = manifest.size,
                      .annotations = facts.annotations,
                      .artifact_type = facts.artifact_type};
}

Status check_digest(ByteView bytes, const Digest& expected, std::string_view source) {
    const Digest actual = crypto::digest(bytes, expected.algorithm());
    if (actual == expected) {
        return ok();
    }
    return Error{ErrorCode::integrity,
                 text::printable(source) + " gives content that does not have the digest asked for"}
        .with("expected", expected.to_string())
        .with("found", actual.to_string());
}

} // namespace bulla::oci
