// SPDX-License-Identifier: Apache-2.0
#include "cli/sbom/create.hpp"

int main(int argc, char** argv) {
    return bulla::cli::run_app(argc,
                               argv,
                               {.program = "bulla-sbom",
                                .summary = "writes down what is in an image",
                                .subcommands = {bulla::cli::sbom::create_command()}});
}
