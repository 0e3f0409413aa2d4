// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/core/error.hpp"
#include "evidence/verify_image.hpp"
#include "sign/verify/report.hpp"

#include <span>
#include <string>

namespace bulla::cli::verify {

/// What a verification was about and came to, ready to be told.
struct Verification {
    std::string subject; ///< the image with its digest, or the file
    std::string
        platform; ///< of the manifest looked at, if the reference led to an index; else empty
    std::span<const evidence::Examined> examined;
    std::string evidence_repository{}; ///< where it was found; empty: beside the image
};

/// The result for people: what verified, what carried it, the verdict on every other piece.
std::string to_text(const Verification& verification);

/// The result for programs: docs/formats/verification.schema.json. `verdict` is "verified", or the
/// code of `error`.
std::string to_json(const Verification& verification, const Error* error);

} // namespace bulla::cli::verify
