// SPDX-License-Identifier: Apache-2.0
#include "cli/sign/attest.hpp"
#include "cli/sign/blob.hpp"
#include "cli/sign/image.hpp"
#include "cli/sign/keygen.hpp"

int main(int argc, char** argv) {
    using namespace bulla::cli;
    return run_app(argc,
                   argv,
                   {.program = "bulla-sign",
                    .summary = "signs images, statements about them, and files",
                    .subcommands = {sign::image_command(),
                                    sign::attest_command(),
                                    sign::blob_command(),
                                    sign::keygen_command(),
                                    sign::public_key_command()}});
}
