// SPDX-License-Identifier: Apache-2.0
#include "evidence/legacy_manifest.hpp"

#include "base/json/writer.hpp"

namespace bulla::evidence {

namespace {
/// Go's zero time, which cosign writes so that its manifests are reproducible.
constexpr std::string_view kZeroTime = "0001-01-01T00:00:00Z";
} // namespace

oci::Manifest empty_legacy_manifest() {
    return oci::Manifest{.media_type = std::string(oci::media_type::kManifest),
                         .config = oci::describe(std::string(oci::media_type::kConfig), "")};
}

Bytes encode_legacy_config(std::span<const oci::Descriptor> layers) {
    json::Writer out;
    out.begin_object().member("architecture", "").member("created", kZeroTime);
    out.key("history").begin_array();
    for (std::size_t i = 0; i < layers.size(); ++i) {
        out.begin_object().member("created", kZeroTime).end_object();
    }
    out.end_array().member("os", "").key("rootfs").begin_object().member("type", "layers");
    out.key("diff_ids").begin_array();
    for (const auto& layer : layers) {
        out.string(layer.digest.to_string());
    }
    out.end_array().end_object().key("config").begin_object().end_object().end_object();
    return out.finish();
}

} // namespace bulla::evidence
