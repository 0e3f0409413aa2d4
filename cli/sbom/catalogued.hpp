// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/context.hpp"
#include "cli/sbom/create.hpp"
#include "oci/reference/reference.hpp"
#include "sbom/model/sbom.hpp"

#include <string>
#include <vector>

namespace bulla::cli::sbom {

/// What a source gave, ready to be written.
struct Catalogued {
    bulla::sbom::Sbom sbom;
    std::vector<std::string> notes{}; ///< remarks that the document has no place for
    std::string timestamp;            ///< of the document; may be empty
};

/// Lists what an image holds.
Result<Catalogued> catalog_image(const CreateOptions& options, Context& context);

/// Lists what is installed in a folder. What of it could not be read is among the unknowns.
Result<Catalogued> catalog_directory(const oci::ImageName& name, const CreateOptions& options);

} // namespace bulla::cli::sbom
