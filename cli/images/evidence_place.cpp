// SPDX-License-Identifier: Apache-2.0
#include "cli/images/evidence_place.hpp"

#include "base/core/text.hpp"
#include "oci/store/split_source.hpp"

#include <cstdlib>
#include <string>

namespace bulla::cli {

namespace {

struct Wish {
    std::string value;
    std::string_view from;
};

std::optional<Wish> find_wish(const OpenImage& image, const RegistryOptions& options) {
    if (options.evidence_repository) {
        return Wish{*options.evidence_repository, "--evidence-repository"};
    }
    // cosign's variable is set for the images that cosign can read.
    const char* const cosigns = std::getenv("COSIGN_REPOSITORY");
    if (cosigns != nullptr && *cosigns != '\0' && image.name.reference) {
        return Wish{cosigns, "COSIGN_REPOSITORY"};
    }
    return std::nullopt;
}

Result<oci::ImageName> parse_repository(const Wish& wish) {
    auto name = oci::ImageName::parse(wish.value);
    if (!name) {
        return std::move(name.error()).with("given by", std::string(wish.from));
    }
    const bool whole = name->reference
                           ? name->reference->tag_is_default() && !name->reference->digest()
                           : name->ref_name.empty() && !name->digest;
    if (!whole) {
        return Error{ErrorCode::usage,
                     std::string(wish.from) +
                         " takes a repository without tag or digest and has \"" +
                         text::printable(wish.value) + "\""};
    }
    return name;
}

} // namespace

Result<EvidencePlace> EvidencePlace::open(const OpenImage& image,
                                          const RegistryOptions& options,
                                          ImageAccess& access,
                                          Layouts layouts) {
    EvidencePlace place(*image.repository);
    if (const auto wish = find_wish(image, options)) {
        BULLA_TRY_ASSIGN(auto name, parse_repository(*wish));
        BULLA_TRY_ASSIGN(place.other_, access.open_repository(name, layouts));
        place.name_ = std::move(name);
    }
    return place;
}

std::string EvidencePlace::typed() const {
    if (!name_) {
        return {};
    }
    return name_->reference ? name_->reference->name() : name_->to_string();
}

std::unique_ptr<oci::BlobSource> EvidencePlace::whole() const {
    return oci::join_sources(*beside_, repository());
}

} // namespace bulla::cli
