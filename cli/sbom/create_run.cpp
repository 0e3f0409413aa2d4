// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/common/version.hpp"
#include "cli/images/archives.hpp"
#include "cli/images/image_access.hpp"
#include "cli/sbom/catalogued.hpp"
#include "oci/layer/layer_cache.hpp"
#include "oci/rootfs/load_rootfs.hpp"
#include "sbom/catalogers/catalogers.hpp"
#include "sbom/formats/formats.hpp"

#include <optional>
#include <utility>

namespace bulla::cli::sbom {

namespace {

/// What the document says it is about, from the names and digests that led to the manifest.
bulla::sbom::SbomSubject describe_subject(const OpenImage& image,
                                          const oci::PlatformImage& chosen,
                                          const oci::ImageConfig& config) {
    using Origin = oci::ManifestOrigin;
    const Origin origin = chosen.manifest.origin;
    return {
        .name = image.name.to_string(),
        .repository = image.name.reference ? image.name.reference->name() : "",
        .tag = image.name.reference ? image.name.reference->tag().value_or("") : "",
        // What we made ourselves is no name that anybody else knows the image by.
        .manifest_digest =
            origin == Origin::stored ? chosen.manifest.descriptor.digest.to_string() : "",
        .index_digest = chosen.indexes.empty() ? "" : chosen.indexes.front().to_string(),
        .config_digest =
            origin == Origin::made_with_config ? "" : chosen.parsed.config.digest.to_string(),
        .os = config.platform.os,
        .architecture = config.platform.architecture,
        .variant = config.platform.variant,
        .created = config.created ? to_rfc3339(*config.created) : "",
        .labels = config.labels,
    };
}

/// SOURCE_DATE_EPOCH, else the image's own time: never the clock (docs/adr/0009).
Result<std::string> document_time(const oci::ImageConfig& config) {
    BULLA_TRY_ASSIGN(const auto epoch, source_date_epoch());
    const auto time = epoch ? epoch : config.created;
    return time ? to_rfc3339(*time) : std::string();
}

Result<oci::MergedRootfs> read_layers(const CreateOptions& options,
                                      Context& context,
                                      const OpenImage& image,
                                      const oci::PlatformImage& chosen,
                                      const oci::ImageConfig& config) {
    const auto wants = bulla::sbom::all_wants();
    std::optional<oci::LayerCache> cache;
    if (const auto folder = context.options.cache_folder()) {
        cache.emplace(*folder + "/layers");
    }
    const auto reader = oci::make_in_process_layer_reader();
    // Without a manifest that somebody stored only the config vouches for the layers.
    const bool verify = options.strict || chosen.manifest.origin != oci::ManifestOrigin::stored;
    return oci::load_rootfs(
        *image.repository,
        chosen.parsed,
        config,
        wants.spec(),
        *reader,
        {.jobs = jobs_of(options.registry),
         .diff_id_check = verify ? oci::DiffIdCheck::verify : oci::DiffIdCheck::trust,
         .cache = cache ? &*cache : nullptr,
         .logger = &context.logger},
        context.progress);
}

/// Tells what the document cannot: once per run and place.
void report_unknowns(const Catalogued& found, Logger& logger) {
    for (const auto& note : found.notes) {
        logger.warning(text::printable(note));
    }
    for (const auto& unknown : found.sbom.unknowns) {
        logger.warning("not read: " + text::printable(unknown.path) + ": " +
                       text::printable(unknown.reason));
    }
}

} // namespace

Result<Catalogued> catalog_image(const CreateOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto wanted, wanted_platform(options.registry));
    ImageAccess access(context, options.registry, &open_archive);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(
        const auto chosen,
        oci::select_image(*image.repository, image.top, wanted.platform, wanted.choice));
    BULLA_TRY_ASSIGN(const auto config, oci::fetch_image_config(*image.repository, chosen.parsed));
    BULLA_TRY_ASSIGN(std::string timestamp, document_time(config));
    BULLA_TRY_ASSIGN(const auto rootfs, read_layers(options, context, image, chosen, config));
    BULLA_TRY_ASSIGN(auto sbom,
                     bulla::sbom::catalog(rootfs,
                                          describe_subject(image, chosen, config),
                                          {.jobs = jobs_of(options.registry)}));
    return Catalogued{
        .sbom = std::move(sbom), .notes = rootfs.notes(), .timestamp = std::move(timestamp)};
}

Result<ExitCode> run_create(const CreateOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto name, oci::ImageName::parse(options.image));
    auto found = name.kind == oci::ImageName::Kind::directory ? catalog_directory(name, options)
                                                              : catalog_image(options, context);
    if (!found) {
        return std::move(found.error());
    }
    const auto& sbom = found->sbom;
    report_unknowns(*found, context.logger);
    for (const auto& output : context.output.wanted()) {
        BULLA_TRY_ASSIGN(const auto encoder,
                         bulla::sbom::find_encoder(output.format, output.version));
        BULLA_TRY_ASSIGN(
            std::string document,
            encoder->encode(sbom, {.tool_version = kVersion, .timestamp = found->timestamp}));
        BULLA_TRY(context.output.prepare(output, std::move(document)));
    }
    if (options.strict && !sbom.unknowns.empty()) {
        context.logger.error("the SBOM is not complete: " + std::to_string(sbom.unknowns.size()) +
                             " files could not be read");
        return ExitCode::partial;
    }
    return ExitCode::done;
}

} // namespace bulla::cli::sbom
