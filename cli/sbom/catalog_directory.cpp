// SPDX-License-Identifier: Apache-2.0
#include "base/core/clock.hpp"
#include "cli/images/image_access.hpp"
#include "cli/sbom/catalogued.hpp"
#include "oci/rootfs/load_directory.hpp"
#include "sbom/catalogers/catalogers.hpp"

#include <algorithm>
#include <utility>

namespace bulla::cli::sbom {

Result<Catalogued> catalog_directory(const oci::ImageName& name, const CreateOptions& options) {
    if (options.registry.platform) {
        return Error{ErrorCode::usage, "--platform chooses an image, and a folder is none"};
    }
    const auto wants = bulla::sbom::all_wants();
    BULLA_TRY_ASSIGN(auto loaded, oci::load_directory(name.path, wants.spec()));
    bulla::sbom::SbomSubject subject;
    subject.name = name.path;
    subject.kind = bulla::sbom::SubjectKind::directory;
    BULLA_TRY_ASSIGN(
        auto sbom,
        bulla::sbom::catalog(loaded.tree, std::move(subject), {.jobs = jobs_of(options.registry)}));
    sbom.layers.clear(); // there is one only for the walk
    for (auto& file : loaded.unread) {
        std::erase_if(sbom.unknowns, [&](const auto& other) { return other.path == file.path; });
        sbom.unknowns.push_back({std::move(file.path), std::move(file.reason)});
    }
    std::ranges::sort(sbom.unknowns);
    BULLA_TRY_ASSIGN(const auto epoch, source_date_epoch());
    return Catalogued{.sbom = std::move(sbom),
                      .notes = loaded.tree.notes(),
                      .timestamp = epoch ? to_rfc3339(*epoch) : std::string()};
}

} // namespace bulla::cli::sbom
