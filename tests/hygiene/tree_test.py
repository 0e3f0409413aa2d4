#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What holds for the tree as a whole."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import ROOT, TESTDATA, Skip, case, check, check_equal, files_under, main, read, temp_dir  # noqa: E402


def tracked(*patterns):
    if not os.path.exists(os.path.join(ROOT, ".git")):
        raise Skip("this is no git checkout")
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--", *patterns], capture_output=True, check=True).stdout
    return [name.decode() for name in listed.split(b"\0") if name and os.path.isfile(os.path.join(ROOT, name.decode()))]


@case
def the_layouts_in_testdata_are_what_their_script_makes():
    folder = temp_dir()
    subprocess.run([sys.executable, os.path.join(ROOT, "tests", "support", "make_layouts.py"), folder], check=True)
    check_equal(files_under(os.path.join(TESTDATA, "layouts")), files_under(folder), "testdata/layouts")


@case
def scripts_explain_themselves_and_are_executable():
    for name in tracked("scripts/*", "bench/compare", "bench/build", "examples/pre-push"):
        path = os.path.join(ROOT, name)
        if name.endswith(".sh"):
            continue
        check(os.access(path, os.X_OK), f"{name} is not executable")
        done = subprocess.run([path, "--help"], capture_output=True, text=True, timeout=60)
        check(done.returncode == 0 and len(done.stdout.splitlines()) >= 3, f"{name} --help says nothing\n{done.stdout}{done.stderr}")


@case
def scripts_and_cmake_files_carry_the_licence_line():
    wanted = "SPDX-License-Identifier: Apache-2.0"
    for name in tracked("*.sh", "*.py", "*.cmake", "*CMakeLists.txt", "scripts/*", "examples/pre-push", "action.yml", "bench/compare", "bench/build", ".ci/*", "*.go"):
        if not read(os.path.join(ROOT, name)).strip():
            continue
        head = "\n".join(read(os.path.join(ROOT, name)).decode().splitlines()[:3])
        check(wanted in head, f"{name} does not name its licence in its first lines")


@case
def no_path_of_a_developers_machine_is_in_the_tree():
    pattern = re.compile(rb"/(work|root|Users)/[a-z0-9_.]+/")
    for name in tracked():
        found = pattern.search(read(os.path.join(ROOT, name)))
        check(not found, f"{name} holds {found and found.group(0)!r}")


@case
def the_cxx_sources_are_formatted():
    import shutil
    if not shutil.which("clang-format-19"):
        raise Skip("clang-format-19 is not on this machine: scripts/setup --tests installs it")
    done = subprocess.run([os.path.join(ROOT, "scripts", "format"), "--check"], capture_output=True, text=True)
    check(done.returncode == 0, done.stdout + done.stderr)


if __name__ == "__main__":
    main()
