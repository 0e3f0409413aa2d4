// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/images/image_access.hpp"
#include "cli/sign/sign_support.hpp"
#include "sign/keys/signer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bulla::cli::sign {

/// One signature that was stored.
struct Stored {
    Digest image;     ///< what was signed
    std::string form; ///< "bundle" or "legacy"
    Digest manifest;  ///< the manifest that carries it
    std::string tag;  ///< of the legacy form
};

/// Everything a run stored, for the result.
struct Published {
    std::string pinned;         ///< the image as its verifier would type it
    std::string predicate_type; ///< of attestations
    std::string type_option;    ///< --type as given, for the lines to type
    bulla::sign::Annotations annotations{};
    std::vector<Stored> signatures{};
    std::optional<oci::ImageName> evidence{}; ///< where they are, if not beside the image
};

/// The time for annotations: SOURCE_DATE_EPOCH, else now.
Result<Time> signing_time(const Clock& clock);

/// Writes the result as text and JSON: what was signed, and the lines that accept it.
Status write_result(const Published& published,
                    const OpenImage& image,
                    const std::string& key,
                    const bulla::sign::Signer& signer,
                    SignatureFormat format,
                    Context& context);

} // namespace bulla::cli::sign
