// SPDX-License-Identifier: Apache-2.0
#include "base/core/clock.hpp"
#include "base/core/text.hpp"
#include "base/io/file.hpp"
#include "cli/common/result_json.hpp"
#include "cli/images/annotations.hpp"
#include "cli/images/image_access.hpp"
#include "cli/oci/attach.hpp"
#include "cli/oci/attached_file.hpp"
#include "cli/oci/pick.hpp"
#include "oci/store/put_referrer.hpp"

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

/// The manifest of the attachment (image-spec manifest.md, "Guidelines for Artifact Usage").
Result<store::Manifest> make_manifest(const AttachOptions& options,
                                      const store::Descriptor& subject,
                                      const std::vector<FileArgument>& files) {
    store::Manifest manifest{
        .media_type = std::string(store::media_type::kManifest),
        .artifact_type = options.type,
        .config = store::describe(std::string(store::media_type::kEmpty), store::kEmptyConfig),
        .subject = store::Descriptor{subject.media_type, subject.digest, subject.size}};
    BULLA_TRY_ASSIGN(const auto epoch, source_date_epoch());
    if (epoch) {
        manifest.annotations["org.opencontainers.image.created"] = to_rfc3339(*epoch);
    }
    BULLA_TRY_ASSIGN(const auto given, parse_annotations(options.annotations));
    for (const auto& [name, value] : given) {
        manifest.annotations.insert_or_assign(name, value);
    }
    for (const FileArgument& file : files) {
        BULLA_TRY_ASSIGN(auto layer, describe_file(file));
        manifest.layers.push_back(std::move(layer));
    }
    return manifest;
}

/// Files are read a second time, as they are sent; one that changed meanwhile does not verify.
Status put_files(store::Repository& repository,
                 const store::Manifest& manifest,
                 const std::vector<FileArgument>& files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
        BULLA_TRY_ASSIGN(FileDescriptor fd, open_file(files[i].path));
        FileReader reader(std::move(fd), files[i].path);
        BULLA_TRY(repository.put_blob(manifest.layers[i], reader));
    }
    MemoryReader config{ByteView(store::kEmptyConfig)};
    return repository.put_blob(manifest.config, config);
}

std::string to_json(const std::string& image,
                    const store::Manifest& manifest,
                    const store::Descriptor& attached) {
    const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    auto json = begin_result("attach");
    json.member("image", text::to_utf8(image)).member("digest", attached.digest.to_string());
    json.member("mediaType", attached.media_type).member("artifactType", manifest.artifact_type);
    json.key("size").integer(count(attached.size)).key("files").begin_array();
    for (const auto& layer : manifest.layers) {
        json.begin_object().member(
            "title", text::to_utf8(layer.annotations.at(std::string(kTitleAnnotation))));
        json.member("mediaType", layer.media_type).member("digest", layer.digest.to_string());
        json.key("size").integer(count(layer.size)).end_object();
    }
    json.end_array().end_object();
    return json.finish() + "\n";
}

} // namespace

Result<ExitCode> run_attach(const AttachOptions& options, Context& context) {
    if (!store::media_type::is_valid(options.type)) {
        return Error{ErrorCode::usage,
                     "--type takes a media type like application/vnd.example.report and got \"" +
                         text::printable(options.type) + "\""};
    }
    BULLA_TRY_ASSIGN(const auto files, parse_file_arguments(options.files));
    ImageAccess access(context, options.registry);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto picked, pick_manifest(image, options.registry));
    BULLA_TRY_ASSIGN(const auto manifest, make_manifest(options, picked.descriptor, files));
    BULLA_TRY(put_files(*image.repository, manifest, files));
    const Bytes bytes = store::encode(manifest);
    const store::StoredManifest stored{
        store::describe(std::string(store::media_type::kManifest), bytes), bytes};
    BULLA_TRY(
        store::put_referrer(*image.repository, stored, picked.descriptor.digest, "attachment"));

    const std::string subject = image.name.at(picked.descriptor.digest).to_string();
    context.logger.info("attached to " + text::printable(subject));
    BULLA_TRY(context.output.prepare_all("text", stored.descriptor.digest.to_string() + "\n"));
    BULLA_TRY(context.output.prepare_all("json", to_json(subject, manifest, stored.descriptor)));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
