#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Validates CycloneDX JSON documents against the published schema of the version they name, and checks
what no schema can say: unique references, every reference known, every component in the graph and reached
from the root.

usage: validate_cyclonedx.py FILE...

Needs the Python package cyclonedx-python-lib[json-validation]. Exit status 0: all valid, 1: one is not,
77: the package is not installed (CTest counts that as skipped).
"""
import json
import sys

SKIPPED = 77

try:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
except ImportError as error:
    print(f"skipped: {error}; it needs cyclonedx-python-lib[json-validation]")
    sys.exit(SKIPPED)


def reached_from(root, edges):
    seen, pending = {root}, [root]
    while pending:
        for ref in edges.get(pending.pop(), ()):
            if ref not in seen:
                seen.add(ref)
                pending.append(ref)
    return seen


def graph_problems(document):
    root = document["metadata"]["component"]["bom-ref"]
    refs = [root] + [component["bom-ref"] for component in document["components"]]
    if len(refs) != len(set(refs)):
        yield "a bom-ref stands twice"
    purls = [component["purl"] for component in document["components"] if "purl" in component]
    if len(purls) != len(set(purls)):
        yield "a purl stands twice"
    entries = [entry["ref"] for entry in document["dependencies"]]
    if sorted(entries) != sorted(refs):
        yield "dependencies do not list every component once"
    edges = {entry["ref"]: entry.get("dependsOn", []) for entry in document["dependencies"]}
    for ref, targets in edges.items():
        if len(targets) != len(set(targets)):
            yield f"{ref} depends on something twice"
        if ref in targets:
            yield f"{ref} depends on itself"
    known = set(refs)
    for target in sorted({target for targets in edges.values() for target in targets} - known):
        yield f"unknown reference {target}"
    for ref in sorted(known - reached_from(root, edges)):
        yield f"{ref} is not reached from the root"


def problems(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    document = json.loads(text)
    version = SchemaVersion.from_version(document["specVersion"])
    error = JsonStrictValidator(version).validate_str(text)
    if error is not None:
        yield f"schema: {str(error)[:2000]}"
    yield from graph_problems(document)


def main(paths):
    if not paths:
        print(__doc__)
        return 2
    failed = False
    for path in paths:
        found = list(problems(path))
        failed = failed or bool(found)
        print(f"{path}: {'; '.join(found) if found else 'valid'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
