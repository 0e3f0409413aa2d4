#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The table of bad inputs names tests that are there, and only exit codes that there are."""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import subprocess  # noqa: E402

from bullatest import ROOT, case, check, check_equal, main, read  # noqa: E402

CODES = {"0", "1", "2", "3", "4", "5", "6", "7"}


def unit_tests():
    """The names of all Catch2 tests in the tree; a name may be written as several literals in a row."""
    found = set()
    for path in glob.glob(os.path.join(ROOT, "*", "**", "*_test.cpp"), recursive=True):
        if os.path.relpath(path, ROOT).startswith("build"):
            continue
        for literals in re.findall(r'TEST_CASE\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)[,)]', read(path).decode()):
            found.add("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)).replace('\\"', '"'))
    return found


def script_tests():
    """KIND:NAME of every case of the scripts under tests/."""
    found = set()
    for kind in ("e2e", "interop", "hygiene"):
        for path in glob.glob(os.path.join(ROOT, "tests", kind, "*_e2e.py" if kind == "e2e" else f"*_{'test' if kind == 'hygiene' else kind}.py")):
            if os.path.basename(path) == os.path.basename(__file__):
                continue
            listed = subprocess.run([sys.executable, path, "--list"], capture_output=True, text=True, check=True).stdout
            found |= {f"{kind}:{line.split()[0]}" for line in listed.splitlines()}
    return found


def fuzz_tests():
    return {"fuzz-replay:" + os.path.basename(path)[:-len("_fuzz.cpp")] for path in glob.glob(os.path.join(ROOT, "fuzz", "targets", "*_fuzz.cpp"))}


def rows():
    """(line, place, codes, tests) of the table under "What is tried"."""
    text = read(os.path.join(ROOT, "docs", "bad-input.md")).decode()
    part = text.split("## What is tried\n", 1)[1].split("\n## ", 1)[0]
    found = []
    for line in part.splitlines():
        if line.startswith("| ") and not line.startswith("| input |"):
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            check_equal(len(cells), 4, f"cells of {line}")
            found.append((cells[0], cells[1], re.findall(r"\d+", cells[2]), re.findall(r"`([^`]+)`", cells[3])))
    return found


@case
def every_named_test_is_there():
    there = unit_tests() | script_tests() | fuzz_tests()
    check(len(there) > 500, f"only {len(there)} tests were found")
    missing = [(line, name) for line, _, _, names in rows() for name in names if name not in there]
    check_equal(missing, [], "tests that the table names and that are not there")


@case
def every_line_has_an_exit_code_and_a_test():
    check(len(rows()) > 40, "the table is cut short")
    for line, place, codes, names in rows():
        check(names, f"no test for {line} in {place}")
        check(codes and set(codes) <= CODES, f"exit codes {codes} for {line}")


if __name__ == "__main__":
    main()
