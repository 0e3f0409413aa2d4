// SPDX-License-Identifier: Apache-2.0
#include "cli/oci/attach.hpp"
#include "cli/oci/copy.hpp"
#include "cli/oci/doctor.hpp"
#include "cli/oci/inspect.hpp"
#include "cli/oci/list.hpp"
#include "cli/oci/login.hpp"
#include "cli/oci/resolve.hpp"
#include "cli/oci/tree.hpp"

int main(int argc, char** argv) {
    using namespace bulla::cli;
    return run_app(argc,
                   argv,
                   {.program = "bulla-oci",
                    .summary = "moves images and their evidence, and shows them",
                    .subcommands = {oci::copy_command(),
                                    oci::resolve_command(),
                                    oci::inspect_command(),
                                    oci::tree_command(),
                                    oci::list_command(),
                                    oci::attach_command(),
                                    oci::login_command(),
                                    oci::logout_command(),
                                    oci::doctor_command()}});
}
