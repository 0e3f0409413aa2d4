// SPDX-License-Identifier: Apache-2.0
#include "oci/store/copy.hpp"

#include "base/core/text.hpp"
#include "oci/store/blob_queue.hpp"
#include "oci/store/stored_manifest.hpp"

#include <array>
#include <optional>
#include <set>

namespace bulla::oci {

namespace {

constexpr std::array<std::string_view, 3> kLegacySuffixes = {".sig", ".att", ".sbom"};

class Copy {
  public:
    Copy(BlobSource& from, Repository& to, const CopyOptions& options, ProgressSink& progress)
        : from_(from), to_(to), options_(options), progress_(progress) {}

    Result<CopyResult> run(const StoredManifest& root);

  private:
    enum class Role : std::uint8_t { part, attachment };

    Status
    copy_tree(const StoredManifest& manifest, std::string_view tag, std::size_t depth, Role role);
    Status copy_children(const Index& index, std::size_t depth, Role role);
    Status copy_content(const Manifest& manifest);
    Status copy_attachments_of(const Digest& subject);
    Status copy_referrers(const Digest& subject);
    Status copy_legacy_tags(const Digest& subject);
    Status check_replaceable(const std::string& tag, const Digest& replacement);
    Status count(Role role);

    BlobSource& from_;
    Repository& to_;
    const CopyOptions& options_;
    ProgressSink& progress_;
    CopyResult result_{};
    std::set<Digest> stored_{};
    std::vector<Digest> subjects_{}; ///< stored and not yet asked for attachments, in order
    std::set<Digest> blobs_{};
};

Status Copy::count(Role role) {
    ++result_.manifests;
    if (result_.manifests > limits::kIndexEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "the image has more than " + std::to_string(limits::kIndexEntries) +
                         " manifests"};
    }
    if (role == Role::attachment && ++result_.attachments > limits::kAttachments) {
        return Error{ErrorCode::limit_exceeded,
                     "the image has more than " + std::to_string(limits::kAttachments) +
                         " attachments"};
    }
    return ok();
}

Status Copy::copy_content(const Manifest& manifest) {
    std::vector<Descriptor> wanted;
    const auto want = [&](const Descriptor& blob) {
        if (media_type::layer_kind(blob.media_type) != media_type::LayerKind::foreign_tar &&
            blobs_.insert(blob.digest).second) {
            wanted.push_back(blob);
        }
    };
    want(manifest.config);
    for (const Descriptor& layer : manifest.layers) {
        want(layer);
    }
    BULLA_TRY_ASSIGN(const BlobTotals totals,
                     copy_blobs(from_, to_, wanted, options_.jobs, progress_));
    result_.blobs += totals.sent;
    result_.blobs_there += totals.there;
    result_.blobs_mounted += totals.mounted;
    result_.bytes += totals.bytes;
    return ok();
}

Status Copy::copy_children(const Index& index, std::size_t depth, Role role) {
    for (const Descriptor& entry : index.manifests) {
        const bool document =
            media_type::is_manifest(entry.media_type) || media_type::is_index(entry.media_type);
        if (!document || stored_.contains(entry.digest)) {
            continue;
        }
        BULLA_TRY_ASSIGN(const StoredManifest child, from_.fetch_manifest(entry.digest));
        if (child.bytes.size() != entry.size) {
            return Error{ErrorCode::integrity,
                         "the index announces " + entry.digest.to_string() + " with " +
                             std::to_string(entry.size) + " bytes, and it has " +
                             std::to_string(child.bytes.size())};
        }
        StoredManifest typed = child;
        typed.descriptor.media_type = entry.media_type;
        BULLA_TRY(copy_tree(typed, {}, depth + 1, role));
    }
    return ok();
}

Status Copy::copy_tree(const StoredManifest& manifest,
                       std::string_view tag,
                       std::size_t depth,
                       Role role) {
    const Descriptor& descriptor = manifest.descriptor;
    // A digest cannot contain itself, so a chain of indexes ends; this bounds how late.
    if (depth > limits::kIndexDepth) {
        return Error{ErrorCode::limit_exceeded,
                     "indexes are nested deeper than " + std::to_string(limits::kIndexDepth) +
                         " levels"};
    }
    BULLA_TRY(count(role));
    if (media_type::is_index(descriptor.media_type)) {
        BULLA_TRY_ASSIGN(const Index index, parse_index(manifest.bytes, descriptor.media_type));
        BULLA_TRY(copy_children(index, depth, role));
    } else {
        BULLA_TRY_ASSIGN(const Manifest document,
                         parse_manifest(manifest.bytes, descriptor.media_type));
        BULLA_TRY(copy_content(document));
    }
    BULLA_TRY(to_.put_manifest(manifest, tag));
    stored_.insert(descriptor.digest);
    subjects_.push_back(descriptor.digest);
    return ok();
}

Status Copy::copy_referrers(const Digest& subject) {
    BULLA_TRY_ASSIGN(const std::vector<Descriptor> referrers, from_.list_referrers(subject, {}));
    for (const Descriptor& entry : referrers) {
        if (stored_.contains(entry.digest)) {
            continue;
        }
        auto stored = from_.fetch_manifest(entry.digest);
        if (!stored) { // a copy without it would look complete
            return std::move(stored.error()).with("attached to", subject.to_string());
        }
        BULLA_TRY(copy_tree(*stored, {}, 0, Role::attachment));
    }
    return ok();
}

/// One of these tags holds the signatures of many signers: putting another list in its place would
/// destroy those that only the destination has.
Status Copy::check_replaceable(const std::string& tag, const Digest& replacement) {
    const auto there = to_.fetch_tag(tag);
    if (!there) {
        return there.error().code == ErrorCode::not_found ? ok() : Status(there.error());
    }
    if (there->descriptor.digest != replacement) {
        return Error{ErrorCode::unsupported,
                     "the destination has other signatures under the tag \"" + tag +
                         "\", and they are not overwritten"}
            .with("destination", there->descriptor.digest.to_string())
            .with("source", replacement.to_string())
            .with_hint("copy without --recursive and sign at the destination, or remove the tag");
    }
    return ok();
}

Status Copy::copy_legacy_tags(const Digest& subject) {
    for (const std::string_view suffix : kLegacySuffixes) {
        const std::string tag = referrers_tag(subject) + std::string(suffix);
        auto stored = from_.fetch_tag(tag);
        if (!stored && stored.error().code == ErrorCode::not_found) {
            continue;
        }
        if (!stored) {
            return std::move(stored.error());
        }
        BULLA_TRY(check_replaceable(tag, stored->descriptor.digest));
        BULLA_TRY(copy_tree(*stored, tag, 0, Role::attachment));
    }
    return ok();
}

Status Copy::copy_attachments_of(const Digest& subject) {
    BULLA_TRY(copy_referrers(subject));
    return copy_legacy_tags(subject);
}

Result<CopyResult> Copy::run(const StoredManifest& root) {
    const bool with_attachments = options_.attachments == Attachments::recursive;
    // With attachments the tag comes last of all: who sees it finds the signatures as well.
    BULLA_TRY(copy_tree(root, with_attachments ? std::string_view() : options_.tag, 0, Role::part));
    if (with_attachments) {
        for (std::size_t i = 0; i < subjects_.size(); ++i) { // grows while it is walked
            BULLA_TRY(copy_attachments_of(Digest(subjects_[i])));
        }
        if (!options_.tag.empty()) {
            BULLA_TRY(to_.put_manifest(root, options_.tag));
        }
    }
    if (options_.tag.empty()) {
        BULLA_TRY(to_.list_untagged(root.descriptor));
    }
    return result_;
}

} // namespace

Result<CopyResult> copy_image(BlobSource& from,
                              const StoredManifest& root,
                              Repository& to,
                              const CopyOptions& options,
                              ProgressSink& progress) {
    return Copy(from, to, options, progress).run(root);
}

} // namespace bulla::oci
