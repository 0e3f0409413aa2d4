// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "cli/common/interrupts.hpp"
#include "cli/common/progress.hpp"
#include "cli/common/result_json.hpp"
#include "cli/images/archives.hpp"
#include "cli/images/evidence_place.hpp"
#include "cli/oci/copy.hpp"
#include "cli/oci/pick.hpp"
#include "oci/archive/archive_writer.hpp"
#include "oci/archive/inflate.hpp"
#include "oci/store/copy.hpp"
#include "oci/store/new_layout.hpp"
#include "oci/store/open.hpp"

namespace bulla::cli::oci {

namespace {

/// Transfers at a time when --jobs is not given: registries throttle clients that open many.
constexpr unsigned kTransfers = 3;

/// A destination with a digest promises what the copy will be.
Status check_digest(const bulla::oci::ImageName& destination, const Digest& digest) {
    const auto& wanted =
        destination.reference ? destination.reference->digest() : destination.digest;
    if (wanted && *wanted != digest) {
        return Error{ErrorCode::usage, "the destination names another digest than the source has"}
            .with("source", digest.to_string())
            .with("destination", wanted->to_string());
    }
    return ok();
}

Result<bulla::oci::CopyResult> copy_to_archive(const bulla::oci::ImageName& destination,
                                               bulla::oci::BlobSource& source,
                                               const bulla::oci::StoredManifest& picked,
                                               bulla::oci::CopyOptions how,
                                               ProgressSink& progress) {
    if (destination.path == "-") {
        return Error{ErrorCode::usage, "an archive is written to a file, not to standard output"};
    }
    BULLA_TRY_ASSIGN(auto archive, bulla::oci::ArchiveWriter::create(destination.path));
    how.jobs = 1; // the order of the blobs is part of the archive's bytes
    BULLA_TRY_ASSIGN(auto result,
                     bulla::oci::copy_image(source, picked, archive.repository(), how, progress));
    BULLA_TRY(archive.finish());
    return result;
}

/// Only whole new OCI archives are written, and no file trees. Said before the source is read.
Status check_kind(const bulla::oci::ImageName& destination) {
    using Kind = bulla::oci::ImageName::Kind;
    if (destination.kind != Kind::docker_archive && destination.kind != Kind::archive &&
        destination.kind != Kind::directory) {
        return ok();
    }
    return Error{ErrorCode::usage,
                 "\"" + text::printable(destination.to_string()) +
                     "\" is not something a copy can be written to"}
        .with_hint("an archive that is to be written, in place of one that is there, is named "
                   "like \"oci-archive:FILE:TAG\", a folder like \"oci:DIR:TAG\"");
}

std::string to_json(const std::string& source,
                    const std::string& destination,
                    const Digest& digest,
                    const bulla::oci::CopyResult& result) {
    const auto count = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    auto json = begin_result("copy");
    json.member("source", source).member("destination", destination);
    json.member("digest", digest.to_string());
    json.key("manifests").integer(count(result.manifests));
    json.key("attachments").integer(count(result.attachments));
    json.key("blobsSent").integer(count(result.blobs));
    json.key("blobsPresent").integer(count(result.blobs_there));
    json.key("blobsMounted").integer(count(result.blobs_mounted));
    json.key("bytesSent").integer(count(result.bytes)).end_object();
    return json.finish() + "\n";
}

/// Copies, and takes a layout away again that was made for the copy and stayed empty.
Result<bulla::oci::CopyResult> copy_to(const bulla::oci::ImageName& destination,
                                       bulla::oci::BlobSource& source,
                                       const bulla::oci::StoredManifest& picked,
                                       const bulla::oci::CopyOptions& how,
                                       ImageAccess& access,
                                       ProgressSink& progress) {
    const bool layout = destination.kind == bulla::oci::ImageName::Kind::layout;
    const bulla::oci::NewLayout made(layout ? destination.path : std::string());
    const interrupts::Hook on_interruption([&made] { made.remove_if_empty(); });
    const auto target = access.open_repository(destination, Layouts::may_be_new);
    auto result = target ? bulla::oci::copy_image(source, picked, **target, how, progress)
                         : Result<bulla::oci::CopyResult>(target.error());
    if (!result) {
        made.remove_if_empty();
    }
    return result;
}

} // namespace

Result<ExitCode> run_copy(const CopyOptions& options, Context& context) {
    BULLA_TRY_ASSIGN(const auto destination, bulla::oci::ImageName::parse(options.destination));
    BULLA_TRY(check_kind(destination));
    ImageAccess access(context, options.registry, &open_archive);
    BULLA_TRY_ASSIGN(const OpenImage source, access.open(options.source));
    BULLA_TRY_ASSIGN(const auto picked, pick_manifest(source, options.registry));
    const Digest& digest = picked.descriptor.digest;
    BULLA_TRY(check_digest(destination, digest));
    if (picked.origin != bulla::oci::ManifestOrigin::stored) {
        BULLA_TRY(bulla::oci::check_diff_ids(*source.repository, picked));
    }
    BULLA_TRY_ASSIGN(const auto place, EvidencePlace::open(source, options.registry, access));
    // One repository is not wrapped: blobs can then be mounted from it.
    const auto both = options.recursive && place.elsewhere() ? place.whole() : nullptr;
    bulla::oci::BlobSource& from_where = both ? *both : *source.repository;
    const bulla::oci::CopyOptions how{.tag = bulla::oci::tag_to_store(destination),
                                      .attachments = options.recursive
                                                         ? bulla::oci::Attachments::recursive
                                                         : bulla::oci::Attachments::leave,
                                      .jobs = options.registry.jobs.value_or(kTransfers)};
    const bool archive = destination.kind == bulla::oci::ImageName::Kind::oci_archive;
    BULLA_TRY_ASSIGN(const auto result,
                     archive
                         ? copy_to_archive(destination, from_where, picked, how, context.progress)
                         : copy_to(destination, from_where, picked, how, access, context.progress));

    const std::string from = source.name.at(digest).to_string();
    const std::string to = destination.at(digest).to_string();
    const std::string mounted =
        result.blobs_mounted == 0
            ? std::string()
            : ", " + std::to_string(result.blobs_mounted) + " were mounted by the registry";
    context.logger.info("copied " + std::to_string(result.manifests) + " manifests, " +
                        std::to_string(result.attachments) + " of them attached, and " +
                        std::to_string(result.blobs) + " blobs (" + format_size(result.bytes) +
                        "); " + std::to_string(result.blobs_there) + " blobs were there" + mounted);
    BULLA_TRY(context.output.prepare_all("text", text::printable(to) + "\n"));
    BULLA_TRY(context.output.prepare_all("json", to_json(from, to, digest, result)));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
