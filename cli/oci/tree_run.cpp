// SPDX-License-Identifier: Apache-2.0
#include "cli/images/archives.hpp"
#include "cli/images/evidence_place.hpp"
#include "cli/oci/attachment_tree.hpp"
#include "cli/oci/tree.hpp"

namespace bulla::cli::oci {

Result<ExitCode> run_tree(const TreeOptions& options, Context& context) {
    ImageAccess access(context, options.registry, &open_archive);
    BULLA_TRY_ASSIGN(const OpenImage image, access.open(options.image));
    BULLA_TRY_ASSIGN(const auto place, EvidencePlace::open(image, options.registry, access));
    BULLA_TRY_ASSIGN(const Node top, read_tree(*place.whole(), image.top));
    BULLA_TRY(context.output.prepare_all("text", to_text(top, image.pinned())));
    BULLA_TRY(context.output.prepare_all("json", to_json(top, image.pinned())));
    return ExitCode::done;
}

} // namespace bulla::cli::oci
