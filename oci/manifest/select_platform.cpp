// SPDX-License-Identifier: Apache-2.0
#include "base/core/text.hpp"
#include "oci/manifest/manifest.hpp"
#include "oci/manifest/normalise.hpp"

#include <algorithm>
#include <set>

namespace bulla::oci {

namespace {

/// BuildKit writes this on the attestations it puts beside the images of an index.
constexpr std::string_view kReferenceType = "vnd.docker.reference.type";

/// The variants that a machine of the wanted one can run, best first.
std::vector<std::string> compatible_variants(const Platform& wanted) {
    const auto countdown = [](int from, int to) {
        std::vector<std::string> out;
        for (int level = from; level >= to; --level) {
            out.push_back("v" + std::to_string(level));
        }
        return out;
    };
    const std::string& variant = wanted.variant;
    const bool numbered = variant.size() == 2 && variant[0] == 'v' && text::is_digit(variant[1]);
    std::vector<std::string> out;
    if (wanted.architecture == "arm") {
        if (variant.empty()) {
            out = countdown(8, 5);
            out.insert(out.begin(), std::string());
            return out;
        }
        out = numbered && variant[1] >= '5' ? countdown(variant[1] - '0', 5)
                                            : std::vector<std::string>{variant};
    } else if ((wanted.architecture == "amd64" || wanted.architecture == "arm64") && numbered) {
        // v1 (amd64) and v8 (arm64) are written as no variant.
        out = countdown(variant[1] - '0', wanted.architecture == "amd64" ? 2 : 9);
    } else if (!variant.empty()) {
        out.push_back(variant);
    }
    out.emplace_back();
    return out;
}

std::string list_platforms(const std::vector<const Descriptor*>& entries) {
    std::set<std::string> names;
    for (const Descriptor* entry : entries) {
        names.insert(entry->platform ? text::printable(entry->platform->to_string())
                                     : std::string("(none given)"));
    }
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out;
}

Error not_there(const std::vector<const Descriptor*>& entries, const Platform& wanted) {
    if (entries.empty()) {
        return Error{ErrorCode::not_found, "the image index holds no image that can be run"};
    }
    Error error{ErrorCode::not_found,
                "the image index has no image for " + text::printable(wanted.to_string())};
    error = std::move(error).with("platforms", list_platforms(entries));
    for (const Descriptor* entry : entries) {
        if (entry->platform) {
            return std::move(error).with_hint("choose one of them with `--platform " +
                                              text::printable(entry->platform->to_string()) + "`");
        }
    }
    return error;
}

} // namespace

bool is_runnable(const Descriptor& entry) {
    const bool image_type =
        media_type::is_manifest(entry.media_type) || media_type::is_index(entry.media_type);
    // crane gives the descriptors of images the type of their config for an artifactType.
    const bool artifact = !entry.artifact_type.empty() &&
                          entry.artifact_type != media_type::kConfig &&
                          entry.artifact_type != media_type::kDockerConfig;
    if (!image_type || artifact || entry.annotations.contains(std::string(kReferenceType))) {
        return false;
    }
    return !entry.platform ||
           !(entry.platform->os == "unknown" && entry.platform->architecture == "unknown");
}

Result<Descriptor>
select_platform(const Index& index, const Platform& wanted, PlatformChoice choice) {
    std::vector<const Descriptor*> entries;
    for (const Descriptor& entry : index.manifests) {
        if (is_runnable(entry)) {
            entries.push_back(&entry);
        }
    }
    const Platform target = normalise(wanted);
    for (const std::string& variant : compatible_variants(target)) {
        for (const Descriptor* entry : entries) {
            if (entry->platform && entry->platform->os == target.os &&
                entry->platform->architecture == target.architecture &&
                entry->platform->variant == variant) {
                return *entry;
            }
        }
    }
    if (choice == PlatformChoice::host_default && entries.size() == 1) {
        return *entries.front();
    }
    // An entry that does not say what it is for may be for anything; its configuration tells.
    const auto silent = std::ranges::find_if(
        entries, [](const Descriptor* entry) { return !entry->platform.has_value(); });
    if (silent != entries.end()) {
        return **silent;
    }
    return not_there(entries, target);
}

} // namespace bulla::oci
