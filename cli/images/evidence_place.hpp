// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/common/command_doc.hpp"
#include "cli/images/image_access.hpp"

#include <array>
#include <memory>
#include <optional>

namespace bulla::cli {

/// What commands with --evidence-repository read besides the variable shown with the option.
inline constexpr std::array kEvidenceEnvironment = {EnvironmentVariable{
    "COSIGN_REPOSITORY",
    "as BULLA_EVIDENCE_REPOSITORY, which comes first; for images in registries only"}};

/// Where the evidence of one image is: beside it, or in another repository that holds evidence of
/// any images under their digests, as cosign has it with COSIGN_REPOSITORY. It is in one of the two
/// places, never looked for in both.
class EvidencePlace {
  public:
    /// --evidence-repository or its variables, opened through `access`; beside the image, which
    /// must outlive the place, if there is none. A value with a tag or a digest is a usage error.
    static Result<EvidencePlace> open(const OpenImage& image,
                                      const RegistryOptions& options,
                                      ImageAccess& access,
                                      Layouts layouts = Layouts::must_exist);

    oci::Repository& repository() const { return other_ ? *other_ : *beside_; }

    /// The other repository's name; nothing for a place beside the image.
    const std::optional<oci::ImageName>& elsewhere() const { return name_; }

    /// The other repository as a person would type it; empty for a place beside the image.
    std::string typed() const;

    /// The image and, where --evidence-repository says, its evidence, as one source. The place and
    /// the image must outlive it.
    std::unique_ptr<oci::BlobSource> whole() const;

  private:
    explicit EvidencePlace(oci::Repository& beside) : beside_(&beside) {}

    oci::Repository* beside_;
    std::unique_ptr<oci::Repository> other_{};
    std::optional<oci::ImageName> name_{};
};

} // namespace bulla::cli
