# SPDX-License-Identifier: Apache-2.0
# Script run at build time: writes OUTPUT, a source file that defines the version constants of
# cli/common/version.hpp, and leaves it alone if nothing changed, so that nothing is rebuilt.
#   cmake -DVERSION=0.1.0 -DSOURCE_DIR=... -DOUTPUT=... -P BullaVersion.cmake

execute_process(
  COMMAND git -C "${SOURCE_DIR}" rev-parse --short=12 HEAD
  OUTPUT_VARIABLE commit
  RESULT_VARIABLE failed
  OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET)
if(failed OR NOT EXISTS "${SOURCE_DIR}/.git")
  set(commit "") # a release archive unpacked inside somebody else's checkout has no commit either
endif()

set(text "${VERSION}")
if(commit)
  string(APPEND text " (${commit})")
endif()
set(content
    "// SPDX-License-Identifier: Apache-2.0
#include \"cli/common/version.hpp\"

namespace bulla::cli {

const char* const kVersion = \"${VERSION}\";
const char* const kCommit = \"${commit}\";
const char* const kVersionText = \"${text}\";

} // namespace bulla::cli
")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${content}" @ONLY)
