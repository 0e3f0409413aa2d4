#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers finds each kind of include that breaks a rule, and only those."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import ROOT, case, check, main, temp_dir  # noqa: E402

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


def run_on(files):
    """What check-layers says about a tree of these files, as (exit code, lines)."""
    tree = temp_dir()
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(tree, path)), exist_ok=True)
        with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
            file.write(text)
    done = subprocess.run([os.path.join(ROOT, "scripts", "check-layers")], capture_output=True, text=True,
                          env={**os.environ, "BULLA_CHECK_ROOT": tree})
    return done.returncode, done.stdout.splitlines()[:-1]


def expect_one(files, path, words):
    code, problems = run_on(files)
    check(code == 1, f"exit code {code}")
    check(len(problems) == 1 and problems[0].startswith(path + ":") and words in problems[0], f"{problems}")


@case
def a_tree_that_keeps_the_rules_passes():
    code, problems = run_on({
        "base/core/a.hpp": LICENCE + "#include <string>\n#include <sys/stat.h>\n",
        "oci/store/b.cpp": LICENCE + '#include "base/core/a.hpp"\n#include <fmt/format.h>\n',
        "base/crypto/c.hpp": LICENCE + "#include <openssl/evp.h>\n",
        "base/crypto/c.cpp": LICENCE + '#include "base/crypto/c.hpp"\n',
        "tests/support/t.hpp": LICENCE,
        "sign/keys/k_test.cpp": LICENCE + '#include "tests/support/t.hpp"\n',
    })
    check(code == 0 and problems == [], f"{code} {problems}")


@case
def siblings_do_not_include_one_another():
    expect_one({"sbom/model/a.hpp": LICENCE, "oci/store/b.cpp": LICENCE + '#include "sbom/model/a.hpp"\n'},
               "oci/store/b.cpp:2", "oci/store may not include")


@case
def sbom_has_no_network():
    expect_one({"base/http/a.hpp": LICENCE, "sbom/model/b.cpp": LICENCE + '#include "base/http/a.hpp"\n'},
               "sbom/model/b.cpp:2", "sbom/model may not include")


@case
def sbom_takes_only_the_hasher_of_crypto():
    expect_one({"base/crypto/hasher.hpp": LICENCE, "base/crypto/key.hpp": LICENCE,
                "sbom/model/b.cpp": LICENCE + '#include "base/crypto/hasher.hpp"\n#include "base/crypto/key.hpp"\n'},
               "sbom/model/b.cpp:3", "may not include")


@case
def nothing_includes_cli():
    expect_one({"cli/common/a.hpp": LICENCE, "evidence/b.cpp": LICENCE + '#include "cli/common/a.hpp"\n'},
               "evidence/b.cpp:2", "evidence may not include")


@case
def one_command_does_not_include_another():
    expect_one({"cli/sign/a.hpp": LICENCE, "cli/verify/b.cpp": LICENCE + '#include "cli/sign/a.hpp"\n'},
               "cli/verify/b.cpp:2", "cli/verify may not include")


@case
def a_foreign_library_stays_in_its_room():
    expect_one({"oci/store/b.cpp": LICENCE + "#include <curl/curl.h>\n"}, "oci/store/b.cpp:2", "base/http only")


@case
def an_unknown_library_is_refused():
    expect_one({"oci/store/b.cpp": LICENCE + "#include <boost/asio.hpp>\n"}, "oci/store/b.cpp:2", "no library")


@case
def a_header_that_shows_a_foreign_one_is_private_to_its_room():
    expect_one({"base/crypto/a.hpp": LICENCE + "#include <openssl/evp.h>\n",
                "base/crypto/b.hpp": LICENCE + '#include "base/crypto/a.hpp"\n',
                "sign/keys/c.cpp": LICENCE + '#include "base/crypto/b.hpp"\n'},
               "sign/keys/c.cpp:2", "private to base/crypto")


@case
def an_unknown_folder_is_refused():
    expect_one({"base/misc/a.cpp": LICENCE}, "base/misc/a.cpp:1", "no row")


@case
def an_include_is_named_from_the_root():
    expect_one({"oci/store/a.hpp": LICENCE, "oci/store/b.cpp": LICENCE + '#include "a.hpp"\n'},
               "oci/store/b.cpp:2", "does not exist from the root")


@case
def the_licence_line_comes_first():
    expect_one({"oci/store/b.cpp": "// a comment\n"}, "oci/store/b.cpp:1", "SPDX")


if __name__ == "__main__":
    main()
