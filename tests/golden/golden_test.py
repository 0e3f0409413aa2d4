#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the frozen commands under testdata/golden/BINARY/CASE and compares what they print, byte for byte.

A case is a folder: `cmd` (the arguments as a shell reads them), `stdout`, `stderr` and `exit` as expected,
`stdin` if it has one. The command runs in a folder of its own, where layouts/ is testdata/layouts and
unknown.pub a public key that signed nothing. Before the comparison the version, the serial number made from
the content (which holds the version) and the folder's path are replaced by $VERSION, $SERIAL and $DIR.

  golden_test.py --list | CASE | --update [CASE...]
"""
import os
import re
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import ROOT, TESTDATA, Failure, add_case, check, main, read, run, temp_dir, write  # noqa: E402

FOLDER = os.path.join(TESTDATA, "golden")
PARTS = ("exit", "stdout", "stderr")


def cases():
    for binary in sorted(name for name in os.listdir(FOLDER) if name.startswith("bulla")):
        for name in sorted(os.listdir(os.path.join(FOLDER, binary))):
            if os.path.isfile(os.path.join(FOLDER, binary, name, "cmd")):
                yield binary, name


def version():
    return re.search(r"project\(bulla VERSION ([0-9.]+)", read(os.path.join(ROOT, "CMakeLists.txt")).decode()).group(1)


def actual(binary, name):
    case, folder = os.path.join(FOLDER, binary, name), temp_dir()
    os.symlink(os.path.join(TESTDATA, "layouts"), os.path.join(folder, "layouts"))
    os.symlink(os.path.join(FOLDER, "unknown.pub"), os.path.join(folder, "unknown.pub"))
    arguments = shlex.split(read(os.path.join(case, "cmd")).decode(), comments=True)
    stdin = os.path.join(case, "stdin")
    ran = run(binary, *arguments, cwd=folder, stdin=read(stdin) if os.path.exists(stdin) else b"")

    def redacted(data):
        data = data.replace(folder.encode(), b"$DIR")
        data = re.sub(rb"urn:uuid:[0-9a-f-]{36}", b"urn:uuid:$SERIAL", data)
        # The commit follows the version where the tree is a git checkout.
        return re.sub(rb"(?<![0-9.])" + re.escape(version().encode()) + rb"(?![0-9.])( \([0-9a-f]{7,40}[^)]*\))?", b"$VERSION", data)
    return {"exit": b"%d\n" % ran.code, "stdout": redacted(ran.raw_out), "stderr": redacted(ran.raw_err)}


def compares(binary, name):
    def test():
        import difflib
        found = actual(binary, name)
        for part in PARTS:
            path = os.path.join(FOLDER, binary, name, part)
            expected = read(path) if os.path.exists(path) else None
            if expected is None:
                raise Failure(f"{path} is missing: scripts/update-golden writes it")
            if found[part] != expected:
                lines = [text.decode(errors="replace").splitlines() for text in (expected, found[part])]
                raise Failure("\n".join(difflib.unified_diff(*lines, f"{part}, frozen", f"{part}, now", lineterm="")))
    return test


for binary, name in cases():
    add_case(f"{binary}/{name}", compares(binary, name), (binary,))

if __name__ == "__main__":
    if sys.argv[1:2] == ["--update"]:
        check(not os.environ.get("CI"), "golden files are written by people, never by CI")
        wanted = sys.argv[2:]
        for binary, name in cases():
            if not wanted or f"{binary}/{name}" in wanted:
                for part, data in actual(binary, name).items():
                    write(os.path.join(FOLDER, binary, name, part), data)
                print(f"wrote {binary}/{name}")
    else:
        main()
