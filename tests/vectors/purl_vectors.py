#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the package URL test suite, as the sdist of the Python package packageurl-python carries it.

usage: purl_vectors.py PROBE [SUITE.json]

PROBE is the program sbom_probe. Without SUITE.json the sdist is downloaded with pip into a temporary
folder. Exit status 0: all vectors hold, 1: one does not, 77: the suite cannot be had (counts as skipped).
"""
import glob
import json
import subprocess
import sys
import tarfile
import tempfile

SKIPPED = 77
PACKAGE = "packageurl-python==0.17.6"
MEMBER = "tests/data/test-suite-data.json"

# The suite in this sdist is older than ECMA-427 (2025); what the standard decides otherwise is listed
# here, each with its reason.
SKIP_LIST = {
    "maven often uses qualifiers": "the standard escapes a slash in a qualifier",
    "maven pom reference": "the standard escapes a slash in a qualifier",
}


def download():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--dest", folder, PACKAGE]
        result = subprocess.run(command, capture_output=True, text=True, timeout=120)
        archives = glob.glob(f"{folder}/*.tar.gz")
        if result.returncode != 0 or not archives:
            print(f"skipped: pip cannot download {PACKAGE}")
            sys.exit(SKIPPED)
        with tarfile.open(archives[0]) as tar:
            name = next(name for name in tar.getnames() if name.endswith(MEMBER))
            return json.load(tar.extractfile(name))


def main():
    if len(sys.argv) < 2:
        print(__doc__)
        return 2
    if len(sys.argv) > 2:
        with open(sys.argv[2], encoding="utf-8") as file:
            suite = json.load(file)
    else:
        suite = download()
    vectors = [v for v in suite if "\n" not in v["purl"]]
    text = "".join(v["purl"] + "\n" for v in vectors)
    answers = subprocess.run([sys.argv[1], "purl"], input=text, capture_output=True, text=True, check=True)
    failed = skipped = 0
    for vector, answer in zip(vectors, answers.stdout.splitlines(), strict=True):
        expected = "invalid" if vector["is_invalid"] else vector["canonical_purl"]
        if answer == expected:
            continue
        if vector["description"] in SKIP_LIST:
            skipped += 1
            print(f"not counted: {vector['description']}: {SKIP_LIST[vector['description']]}")
            continue
        failed += 1
        print(f"FAILED {vector['description']}: {vector['purl']}\n  expected {expected}\n  found    {answer}")
    print(f"{len(vectors)} vectors, {failed} failed, {skipped} not counted")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
