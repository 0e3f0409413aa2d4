// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "oci/store/repository.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulla::cli::oci {

/// How a node is connected with the one above it.
enum class Link : std::uint8_t {
    top,
    entry,             ///< listed by the index above
    build_attestation, ///< listed by the index above, about another of its entries (BuildKit)
    referrer,          ///< its `subject` is the manifest above
    tag,               ///< found under a tag made from the digest above
    layer,             ///< one signature or statement in the manifest above
};

/// "image", "entry", "build-attestation", "referrer", "tag", "layer".
std::string_view to_string(Link link);

struct Node {
    Link link = Link::top;
    bulla::oci::Descriptor descriptor;
    std::string tag{};            ///< of Link::tag
    std::string predicate{};      ///< the predicate type that an annotation claims
    std::string about{};          ///< of Link::build_attestation: the digest it describes
    std::string about_platform{}; ///< the platform of that entry, if it is in the same index
    bool missing = false;         ///< listed, and not there
    std::vector<Node> children{};
};

/// Walks an image: the entries of indexes, BuildKit's attestations among them, what refers to each
/// manifest, and the tags sha256-<hex>.sig, .att and .sbom. Types and predicate types come from the
/// manifests themselves where listings lack them. Bounded by limits::kIndexDepth (also for
/// referrers of referrers) and limits::kIndexEntries nodes. A manifest that is listed and absent is
/// marked; not being able to find out is an error.
Result<Node> read_tree(bulla::oci::BlobSource& source, const bulla::oci::StoredManifest& top);

/// The tree drawn with lines, for people; `name` stands for the top.
std::string to_text(const Node& top, std::string_view name);

/// The tree as a document of schema bulla.tree/1.
std::string to_json(const Node& top, std::string_view name);

} // namespace bulla::cli::oci
