// SPDX-License-Identifier: Apache-2.0
#include "oci/store/raw_index.hpp"

#include "base/json/writer.hpp"
#include "oci/manifest/manifest.hpp"

namespace bulla::oci {

Result<RawIndex> RawIndex::parse(ByteView bytes, std::string_view media_type) {
    BULLA_TRY_ASSIGN(Index index, parse_index(bytes, media_type));
    json::ParseOptions options;
    options.max_bytes = limits::kManifestBytes;
    options.what = "the image index";
    BULLA_TRY_ASSIGN(const json::Document document, json::Document::parse(bytes, options));
    RawIndex out;
    const auto elements = document.root()["manifests"].elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        out.entries.push_back({std::move(index.manifests[i]), elements[i].dump()});
    }
    for (const auto& [name, value] : document.root().members()) {
        if (name != "schemaVersion" && name != "mediaType" && name != "manifests") {
            out.other_members.emplace_back(name, value.dump());
        }
    }
    return out;
}

RawIndex::Entry RawIndex::make_entry(const Descriptor& descriptor) {
    json::Writer out;
    descriptor.write(out);
    return {descriptor, out.finish()};
}

Bytes RawIndex::encode() const {
    json::Writer out;
    out.begin_object();
    out.key("schemaVersion").integer(2);
    out.member("mediaType", media_type::kIndex);
    out.key("manifests").begin_array();
    for (const Entry& entry : entries) {
        out.raw(entry.json);
    }
    out.end_array();
    for (const auto& [name, value] : other_members) {
        out.key(name).raw(value);
    }
    out.end_object();
    return out.finish();
}

} // namespace bulla::oci
