// SPDX-License-Identifier: Apache-2.0
#include "cli/verify/blob.hpp"
#include "cli/verify/image.hpp"

int main(int argc, char** argv) {
    using namespace bulla::cli;
    return run_app(argc,
                   argv,
                   {.program = "bulla-verify",
                    .summary = "checks signatures of images and files, and statements about them",
                    .subcommands = {verify::image_command(),
                                    verify::attestation_command(),
                                    verify::blob_command()}});
}
