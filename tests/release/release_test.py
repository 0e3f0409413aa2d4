#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The release binaries as files: hardened, needing the frozen libraries only, small, and of the project's
version."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import RELEASE_BIN, ROOT, TESTDATA, add_case, check, check_equal, environment, main, read, temp_dir  # noqa: E402

BINARIES = ("bulla", "bulla-oci", "bulla-sbom", "bulla-sign", "bulla-verify")
TWO_MEGABYTES = 2_000_000


def path_of(binary):
    path = os.path.join(RELEASE_BIN, binary)
    check(os.access(path, os.X_OK), f"{path} is not built: cmake --preset release && cmake --build --preset release")
    return path


def readelf(binary, *flags):
    return subprocess.run(["readelf", "-W", *flags, path_of(binary)], capture_output=True, text=True, check=True).stdout


def is_hardened(binary):
    def test():
        header, segments, dynamic = (readelf(binary, flag) for flag in ("-h", "-l", "-d"))
        check(re.search(r"Type:\s+DYN", header), "not position independent (ET_DYN)")
        check("FLAGS_1" in dynamic and re.search(r"FLAGS_1\).*\bPIE\b", dynamic), "not a position independent executable")
        check("GNU_RELRO" in segments, "no RELRO segment")
        check(re.search(r"\(FLAGS\).*BIND_NOW|FLAGS_1\).*\bNOW\b", dynamic), "not BIND_NOW")
        stack = re.search(r"GNU_STACK.*", segments)
        check(stack and " RW " in stack.group(0) and "RWE" not in stack.group(0), f"the stack is executable: {stack and stack.group(0)}")
        check(not re.search(r"^\s+LOAD.*RWE", segments, re.M), "a segment is writable and executable")
        check(not re.search(r"\((RPATH|RUNPATH)\)", dynamic), "it carries a library search path")
        symbols = readelf(binary, "--dyn-syms")
        check("__stack_chk_fail" in symbols, "no stack protector")
    return test


def needs_frozen_libraries(binary):
    def test():
        # The loader itself is named differently on each architecture.
        needed = sorted(name for name in re.findall(r"\(NEEDED\).*\[(.+)\]", readelf(binary, "-d")) if not name.startswith("ld-"))
        expected = read(os.path.join(TESTDATA, "needed", binary)).decode().split()
        check_equal(needed, sorted(expected), "NEEDED libraries (testdata/needed holds the frozen list)")
    return test


def is_small(binary):
    def test():
        stripped = os.path.join(temp_dir(), binary)
        subprocess.run(["strip", "-o", stripped, path_of(binary)], check=True)
        size = os.path.getsize(stripped)
        check(size < TWO_MEGABYTES, f"{size} bytes stripped, at most {TWO_MEGABYTES}")
    return test


def has_the_version(binary):
    def test():
        version = re.search(r"project\(bulla VERSION ([0-9.]+)", read(os.path.join(ROOT, "CMakeLists.txt")).decode()).group(1)
        ran = subprocess.run([path_of(binary), "--version"], capture_output=True, text=True, env=environment())
        check_equal((ran.returncode, ran.stderr), (0, ""), "exit code and standard error")
        check(re.match(rf"{re.escape(binary)} {re.escape(version)}(\b|$)", ran.stdout), f"--version says {ran.stdout!r}, expected {binary} {version}")
    return test


for binary in BINARIES:
    name = binary.replace("-", "_")
    add_case(f"{name}_is_hardened", is_hardened(binary))
    add_case(f"{name}_needs_only_the_frozen_libraries", needs_frozen_libraries(binary))
    add_case(f"{name}_is_under_2_mb_stripped", is_small(binary))
    add_case(f"{name}_has_the_version_of_the_project", has_the_version(binary))

if __name__ == "__main__":
    main()
