// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/common/progress.hpp"
#include "cli/common/result_json.hpp"
#include "cli/images/archives.hpp"
#include "cli/images/image_access.hpp"
#include "cli/oci/inspect.hpp"
#include "cli/oci/pick.hpp"
#include "oci/manifest/manifest.hpp"

#include <optional>

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

/// What was found; one of `index` and `manifest` is set.
struct Inspected {
    std::string name;
    store::Descriptor descriptor;
    std::optional<store::Index> index{};
    std::optional<store::Manifest> manifest{};
    std::optional<store::ImageConfig> config{}; ///< of an image

    const store::Annotations& annotations() const {
        return index ? index->annotations : manifest->annotations;
    }

    const std::string& artifact_type() const {
        return index ? index->artifact_type : manifest->artifact_type;
    }

    const std::optional<store::Descriptor>& subject() const {
        return index ? index->subject : manifest->subject;
    }
};

Result<Inspected> read(const OpenImage& image, const store::StoredManifest& picked) {
    const auto& descriptor = picked.descriptor;
    Inspected result{.name = image.name.at(descriptor.digest).to_string(),
                     .descriptor = descriptor};
    if (store::media_type::is_index(descriptor.media_type)) {
        BULLA_TRY_ASSIGN(result.index, store::parse_index(picked.bytes, descriptor.media_type));
        return result;
    }
    BULLA_TRY_ASSIGN(result.manifest, store::parse_manifest(picked.bytes, descriptor.media_type));
    auto config = store::fetch_image_config(*image.repository, *result.manifest);
    if (config) {
        result.config = std::move(*config);
    } else if (config.error().code != ErrorCode::unsupported) { // an artifact has no image config
        return std::move(config.error());
    }
    return result;
}

void append_fact(std::string& out, std::string_view label, std::string_view value) {
    if (!value.empty()) {
        std::string left(label);
        left.resize(14, ' ');
        out += left + text::printable(value) + "\n";
    }
}

std::string line_of(const store::Descriptor& entry) {
    std::string line = "  " + entry.digest.to_string() + "  " + format_size(entry.size) + "  " +
                       text::printable(entry.media_type);
    if (entry.platform) {
        line += "  " + text::printable(entry.platform->to_string());
    }
    if (!entry.artifact_type.empty()) {
        line += "  " + text::printable(entry.artifact_type);
    }
    return line + "\n";
}

std::string to_text(const Inspected& inspected) {
    std::string out;
    append_fact(out, "name", inspected.name);
    append_fact(out, "digest", inspected.descriptor.digest.to_string());
    append_fact(out, "media type", inspected.descriptor.media_type);
    append_fact(out, "artifact type", inspected.artifact_type());
    append_fact(out, "size", format_size(inspected.descriptor.size));
    if (inspected.config) {
        append_fact(out, "platform", inspected.config->platform.to_string());
        append_fact(out,
                    "created",
                    inspected.config->created ? to_rfc3339(*inspected.config->created) : "");
    }
    if (inspected.subject()) {
        append_fact(out, "subject", inspected.subject()->digest.to_string());
    }
    for (const auto& [key, value] : inspected.annotations()) {
        append_fact(out, "annotation", key + "=" + value);
    }
    if (inspected.index) {
        out += "manifests\n";
        for (const auto& entry : inspected.index->manifests) {
            out += line_of(entry);
        }
        return out;
    }
    out += "config\n" + line_of(inspected.manifest->config) + "layers\n";
    for (const auto& layer : inspected.manifest->layers) {
        out += line_of(layer);
    }
    return out;
}

void write_list(json::Writer& json,
                std::string_view name,
                const std::vector<store::Descriptor>& entries) {
    json.key(name).begin_array();
    for (const auto& entry : entries) {
        entry.write(json);
    }
    json.end_array();
}

std::string to_json(const Inspected& inspected) {
    auto json = begin_result("inspect");
    json.member("name", inspected.name);
    json.member("digest", inspected.descriptor.digest.to_string());
    json.member("mediaType", inspected.descriptor.media_type);
    json.key("size").integer(static_cast<std::int64_t>(inspected.descriptor.size));
    json.optional_member("artifactType", inspected.artifact_type());
    if (inspected.config) {
        json.member("platform", inspected.config->platform.to_string());
        if (inspected.config->created) {
            json.member("created", to_rfc3339(*inspected.config->created));
        }
    }
    if (inspected.subject()) {
        json.key("subject");
        inspected.subject()->write(json);
    }
    if (inspected.index) {
        write_list(json, "manifests", inspected.index->manifests);
    } else {
        json.key("config");
        inspected.manifest->config.write(json);
        write_list(json, "layers", inspected.manifest->layers);
    }
    json.key("annotations").begin_object();
    for (const auto& [key, value] : inspected.annotations()) {
        json.member(key, value);
    }
    json.end_object().end_object();
    return json.finish() + "\n";
}

} // namespace

Result<ExitCode> run_inspect(const InspectOptions& options, Context& context) {
    if (options.raw && !context.options.outputs.empty()) {
        return Error{ErrorCode::usage, "--raw and --output contradict each other"}.with_hint(
            "`--output raw=FILE` writes the manifest to a file");
    }
    ImageAccess access(context, options.registry, &open_archive);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto picked, pick_manifest(image, options.registry));
    if (options.raw) {
        BULLA_TRY(context.output.prepare({"raw", {}, {}}, picked.bytes));
        return ExitCode::done;
    }
    BULLA_TRY(context.output.prepare_all("raw", picked.bytes));
    if (!context.output.wants("text") && !context.output.wants("json")) {
        return ExitCode::done;
    }
    BULLA_TRY_ASSIGN(const auto inspected, read(image, picked));
    BULLA_TRY(context.output.prepare_all("text", to_text(inspected)));
    BULLA_TRY(context.output.prepare_all("json", to_json(inspected)));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
