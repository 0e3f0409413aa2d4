#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`cmake --install` of the release build into an empty folder: everything arrives, and it works from there."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, RELEASE_BIN, ROOT, case, check, check_equal, expect, files_under, main, read, temp_dir  # noqa: E402
from commands import PROGRAMS  # noqa: E402

BUILD = os.path.dirname(RELEASE_BIN)


def installed(*more, env=None):
    done = subprocess.run(["cmake", "--install", BUILD, *more], capture_output=True, text=True, env={**os.environ, **(env or {})})
    check(done.returncode == 0, done.stdout + done.stderr)


@case
def everything_is_installed_and_nothing_else():
    prefix = os.path.join(temp_dir(), "prefix")
    installed("--prefix", prefix)
    pages = [f"share/man/man1/{name}" for name in os.listdir(os.path.join(ROOT, "docs", "man"))]
    expected = [f"bin/{program}" for program in PROGRAMS] + pages + ["share/doc/bulla/LICENSE"]
    for program in PROGRAMS:
        expected += [f"share/bash-completion/completions/{program}", f"share/zsh/site-functions/_{program}", f"share/fish/vendor_completions.d/{program}.fish"]
    files = files_under(prefix)
    check_equal(sorted(files), sorted(expected), "installed files")
    for name, content in files.items():
        check(content, f"{name} is empty")
        check((os.stat(os.path.join(prefix, name)).st_mode & 0o777) == (0o755 if name.startswith("bin/") else 0o644), f"mode of {name}")
    check_equal(files["share/doc/bulla/LICENSE"], read(os.path.join(ROOT, "LICENSE")), "licence")


@case
def the_installed_bulla_finds_its_steps_and_its_completions_each_other():
    prefix = os.path.join(temp_dir(), "prefix")
    installed("--prefix", prefix)
    moved = os.path.join(temp_dir(), "moved")
    shutil.move(prefix, moved)
    program = os.path.join(moved, "bin", "bulla")
    for step in PROGRAMS[1:]:
        ran = expect(DONE, program, step[6:], "--version", env={"PATH": "/nowhere"})
        check(ran.out.startswith(f"{step} "), ran)
    completion = os.path.join(moved, "share/bash-completion/completions/bulla")
    script = f"source '{completion}'; COMP_WORDS=(bulla oci res); COMP_CWORD=2; _bulla; echo \"${{COMPREPLY[*]}}\""
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True)
    check_equal((done.stdout, done.stderr), ("resolve\n", ""), "completion from the installed files")


@case
def destdir_is_put_before_the_prefix():
    stage = temp_dir()
    installed("--prefix", "/usr", env={"DESTDIR": stage})
    check(os.access(os.path.join(stage, "usr/bin/bulla-oci"), os.X_OK), "no usr/bin/bulla-oci below DESTDIR")
    check(os.path.exists(os.path.join(stage, "usr/share/man/man1/bulla.1")), "no bulla.1 below DESTDIR")


if __name__ == "__main__":
    main()
