// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/attachment_tree.hpp"

#include "base/core/limits.hpp"
#include "oci/manifest/manifest.hpp"

#include <array>
#include <set>

namespace bulla::cli::oci {

namespace {

namespace store = bulla::oci;

/// Where tools before OCI 1.1 keep what belongs to an image.
constexpr std::array<std::string_view, 3> kSuffixes = {".sig", ".att", ".sbom"};

/// Annotations that carry a predicate type: of Sigstore bundles as referrers, of cosign's older
/// attestation layers, of BuildKit's attestation layers.
constexpr std::array<std::string_view, 3> kPredicateKeys = {
    "dev.sigstore.bundle.predicateType", "predicateType", "in-toto.io/predicate-type"};

std::string annotation(const store::Annotations& annotations, std::string_view key) {
    const auto at = annotations.find(std::string(key));
    return at == annotations.end() ? std::string() : at->second;
}

std::string predicate_of(const store::Annotations& annotations) {
    for (const auto key : kPredicateKeys) {
        if (auto value = annotation(annotations, key); !value.empty()) {
            return value;
        }
    }
    return {};
}

/// What a listing says about a referrer is a copy, which registries leave out or get wrong: some
/// give the configuration's type although the manifest has one of its own.
void describe_referrer(Node& node, const store::Manifest& manifest) {
    if (node.link != Link::referrer) {
        return;
    }
    if (auto type = manifest.effective_artifact_type(); !type.empty()) {
        node.descriptor.artifact_type = std::move(type);
    }
    if (node.predicate.empty()) {
        node.predicate = predicate_of(manifest.annotations);
    }
}

/// Names the platforms that the attestations beside them are about.
void name_platforms(std::vector<Node>& entries) {
    for (auto& node : entries) {
        for (const auto& other : entries) {
            if (node.link == Link::build_attestation && other.link == Link::entry &&
                other.descriptor.platform && other.descriptor.digest.to_string() == node.about) {
                node.about_platform = other.descriptor.platform->to_string();
                break;
            }
        }
    }
}

class Walk {
  public:
    explicit Walk(store::BlobSource& source) : source_(source) {}

    Status fill(Node& node, const Bytes& bytes, std::size_t depth);

  private:
    Status count();
    Status fetch_and_fill(Node& node, std::size_t depth);
    Status add_entries(Node& node, const store::Index& index, std::size_t depth);
    Status add_layers(Node& node, const store::Manifest& manifest);
    Status add_referrers(Node& node, std::size_t depth);
    Status add_tags(Node& node, std::size_t depth);

    store::BlobSource& source_;
    std::set<Digest> open_{}; ///< on the way from the top: a referrer may name itself in a circle
    std::size_t nodes_ = 0;
};

Status Walk::count() {
    if (++nodes_ > limits::kIndexEntries) {
        return Error{ErrorCode::limit_exceeded,
                     "the image has more than " + std::to_string(limits::kIndexEntries) +
                         " manifests and attachments"};
    }
    return ok();
}

Status Walk::fill(Node& node, const Bytes& bytes, std::size_t depth) {
    BULLA_TRY(count());
    const Digest digest = node.descriptor.digest;
    if (depth > limits::kIndexDepth || !open_.insert(digest).second) {
        return ok();
    }
    const auto& type = node.descriptor.media_type;
    if (store::media_type::is_index(type)) {
        BULLA_TRY_ASSIGN(const auto index, store::parse_index(bytes, type));
        BULLA_TRY(add_entries(node, index, depth));
    } else if (store::media_type::is_manifest(type)) {
        BULLA_TRY_ASSIGN(const auto manifest, store::parse_manifest(bytes, type));
        describe_referrer(node, manifest);
        if (node.link == Link::tag || node.link == Link::build_attestation) {
            BULLA_TRY(add_layers(node, manifest));
        }
    }
    BULLA_TRY(add_referrers(node, depth));
    BULLA_TRY(add_tags(node, depth));
    open_.erase(digest);
    return ok();
}

Status Walk::fetch_and_fill(Node& node, std::size_t depth) {
    const auto stored = source_.fetch_manifest(node.descriptor.digest);
    if (!stored && stored.error().code == ErrorCode::not_found) {
        node.missing = true;
        return ok();
    }
    if (!stored) {
        return stored.error();
    }
    if (node.descriptor.media_type.empty()) {
        node.descriptor.media_type = stored->descriptor.media_type;
    }
    return fill(node, stored->bytes, depth);
}

Status Walk::add_entries(Node& node, const store::Index& index, std::size_t depth) {
    for (const auto& entry : index.manifests) {
        Node child{
            .link = Link::entry, .descriptor = entry, .predicate = predicate_of(entry.annotations)};
        if (annotation(entry.annotations, "vnd.docker.reference.type") == "attestation-manifest") {
            child.link = Link::build_attestation;
            child.about = annotation(entry.annotations, "vnd.docker.reference.digest");
        }
        BULLA_TRY(fetch_and_fill(child, depth + 1));
        node.children.push_back(std::move(child));
    }
    name_platforms(node.children);
    return ok();
}

Status Walk::add_layers(Node& node, const store::Manifest& manifest) {
    for (const auto& layer : manifest.layers) {
        BULLA_TRY(count());
        node.children.push_back({.link = Link::layer,
                                 .descriptor = layer,
                                 .predicate = predicate_of(layer.annotations)});
    }
    return ok();
}

Status Walk::add_referrers(Node& node, std::size_t depth) {
    BULLA_TRY_ASSIGN(const auto referrers,
                     source_.list_referrers(node.descriptor.digest, std::string_view()));
    for (const auto& referrer : referrers) {
        Node child{.link = Link::referrer,
                   .descriptor = referrer,
                   .predicate = predicate_of(referrer.annotations)};
        BULLA_TRY(fetch_and_fill(child, depth + 1));
        node.children.push_back(std::move(child));
    }
    return ok();
}

Status Walk::add_tags(Node& node, std::size_t depth) {
    for (const auto suffix : kSuffixes) {
        std::string tag = store::referrers_tag(node.descriptor.digest).append(suffix);
        const auto stored = source_.fetch_tag(tag);
        if (!stored && stored.error().code == ErrorCode::not_found) {
            continue;
        }
        if (!stored) {
            return stored.error();
        }
        Node child{.link = Link::tag, .descriptor = stored->descriptor, .tag = std::move(tag)};
        BULLA_TRY(fill(child, stored->bytes, depth + 1));
        node.children.push_back(std::move(child));
    }
    return ok();
}

} // namespace

std::string_view to_string(Link link) {
    switch (link) {
    case Link::top:
        return "image";
    case Link::entry:
        return "entry";
    case Link::build_attestation:
        return "build-attestation";
    case Link::referrer:
        return "referrer";
    case Link::tag:
        return "tag";
    case Link::layer:
        return "layer";
    }
    return "image";
}

Result<Node> read_tree(store::BlobSource& source, const store::StoredManifest& top) {
    Node node{.link = Link::top, .descriptor = top.descriptor};
    BULLA_TRY(Walk(source).fill(node, top.bytes, 0));
    return node;
}

} // namespace bulla::cli::oci
