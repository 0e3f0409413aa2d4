// SPDX-License-Identifier: Apache-2.0
#include "cli/bulla/front_door.hpp"

#include "cli/bulla/doctor.hpp"

#include <array>

namespace bulla::cli {

namespace {

constexpr std::array kSteps{
    Step{"oci", "moves images and their evidence between registries and layouts, and shows them"},
    Step{"sbom", "reads an image and writes down what is in it"},
    Step{"sign", "signs images, statements about them, and files"},
    Step{"verify", "checks signatures and statements, and explains the answer"},
};

constexpr std::array kExamples{
    Example{"in CI: write down what is in an image",
            "bulla sbom create registry.example/app:1 -o cyclonedx-json=sbom.json"},
    Example{"sign that",
            "bulla sign attest --key my.key --type cyclonedx --predicate sbom.json "
            "registry.example/app:1"},
    Example{"check it",
            "bulla verify attestation --key my.pub --type cyclonedx registry.example/app:1"},
};

} // namespace

std::span<const Step> steps() {
    return kSteps;
}

AppSpec front_door() {
    return {.program = "bulla",
            .summary = "seals container images: what is in them, signed, stored beside them, and "
                       "checked",
            .subcommands = {doctor_command()},
            .steps = kSteps,
            .examples = kExamples};
}

} // namespace bulla::cli
