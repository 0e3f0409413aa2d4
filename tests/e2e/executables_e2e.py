#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bulla-sbom says about Go and Rust programs, against what `go version -m` and `cargo tree` say."""
import os
import re
import shutil
import subprocess
import sys
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, ROOT, Skip, add_case, case, check, check_equal, expect, main, read_json, temp_dir, validator_python  # noqa: E402
from sealing import sbom_of  # noqa: E402

LONG = ("long",)
NEEDS = {"go": "go", "rust": "cargo"}


def image(name):
    if not shutil.which(NEEDS[name]):
        raise Skip(f"{NEEDS[name]} is not on this machine")
    done = subprocess.run([os.path.join(ROOT, "tests", "support", "images", "make"), name], capture_output=True, text=True)
    if "Go 1.26 or newer is not on this machine" in done.stderr:
        raise Skip(done.stderr.strip())
    check(done.returncode == 0, f"image {name} cannot be made:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


class Document:
    def __init__(self, name):
        self.folder = image(name)
        document = read_json(sbom_of(f"oci:{self.folder}/layout:latest"))
        self.components = {c["bom-ref"]: c for c in document["components"]}
        self.depends = {d["ref"]: d["dependsOn"] for d in document["dependencies"]}
        unknown = [p for p in document["metadata"].get("properties", []) if p["name"] == "bulla:unknown"]
        check_equal(unknown, [], "unknowns")

    def packages_in(self, path):
        """(name, version) of every component found in a file."""
        return sorted(self.key(c) for c in self.components.values()
                      if path in [o["location"] for o in c["evidence"]["occurrences"]])

    def paths(self):
        return sorted({o["location"] for c in self.components.values() for o in c["evidence"]["occurrences"]})

    def edges(self):
        return {(self.key(self.components[a]), self.key(self.components[b])) for a, bs in self.depends.items() if a in self.components for b in bs}

    @staticmethod
    def key(component):
        return component["name"], component.get("version", "")


def go_truth(folder):
    """{path: (main, [modules])} of `go version -m`; a replaced module is what replaced it."""
    programs, modules = {}, []
    with open(os.path.join(folder, "truth", "go.txt"), encoding="utf-8") as file:
        for line in file.read().splitlines():
            if not line.startswith("\t"):
                path, toolchain = line.split(": ", 1)
                modules = programs.setdefault(path, [("toolchain", "stdlib", toolchain.split()[0].removeprefix("go"))])
                continue
            word, *columns = line[1:].split("\t")
            if word in ("mod", "dep"):
                modules.append((word, columns[0], columns[1]))
            elif word == "=>":
                kind, name, _ = modules.pop()
                local = columns[0].startswith(("./", "../", "/"))
                modules.append((kind, name if local else columns[0], columns[1]))
    return {path: [(kind, name, "" if version == "(devel)" else version) for kind, name, version in found] for path, found in programs.items()}


def golang_purl(name, version):
    path = "/".join(quote(part, safe=":") for part in name.lower().split("/"))
    return f"pkg:golang/{path}" + (f"@{quote(version, safe=':')}" if version else "")


@case(labels=LONG)
def go_programs_list_what_go_version_lists():
    document = Document("go")
    truth = go_truth(document.folder)
    check(len(truth) >= 14, f"only {len(truth)} programs in the truth list")
    check_equal(document.paths(), sorted(truth), "files with packages")
    for path, modules in truth.items():
        check_equal(document.packages_in(path), sorted({(name, version) for _, name, version in modules}), path)
    for component in document.components.values():
        check_equal(component["purl"], golang_purl(*Document.key(component)), "package URL")
        check("licenses" not in component, f"{component['name']} has a licence that is not in the program")


@case(labels=LONG)
def go_programs_cover_every_kind_of_version():
    """Else the case above would prove less than it seems to."""
    versions = {version for modules in go_truth(image("go")).values() for kind, _, version in modules if kind != "toolchain"}
    for what, pattern in (("none", "^$"), ("dirty", r"\+dirty$"), ("incompatible", r"\+incompatible$"), ("pseudo", r"^v0\.0\.0-\d{14}-[0-9a-f]{12}"), ("release", r"^v\d+\.\d+\.\d+$")):
        check(any(re.search(pattern, version) for version in versions), f"no version of the kind {what} in {sorted(versions)}")


@case(labels=LONG)
def go_main_modules_depend_on_everything_in_their_programs():
    document = Document("go")
    expected = set()
    for modules in go_truth(document.folder).values():
        mains = [(name, version) for kind, name, version in modules if kind == "mod"]
        check_equal(len(mains), 1, "main modules of a program")
        expected |= {(mains[0], (name, version)) for kind, name, version in modules if kind != "mod"}
    check_equal(sorted(document.edges()), sorted(expected), "dependencies")


def rust_truth(folder):
    """The crates and edges of `cargo tree --prefix depth`, which prints a subtree wherever it is needed."""
    crates, edges, path = set(), set(), []
    with open(os.path.join(folder, "truth", "cargo.txt"), encoding="utf-8") as file:
        for line in file.read().splitlines():
            depth, name, version = re.match(r"(\d+)(\S+) v(\S+)", line).groups()
            crate = (name, version)
            del path[int(depth):]
            crates.add(crate)
            if path:
                edges.add((path[-1], crate))
            path.append(crate)
    return crates, edges


@case(labels=LONG)
def rust_programs_list_what_cargo_tree_lists():
    document = Document("rust")
    crates, edges = rust_truth(document.folder)
    check(len(crates) > 10 and ("shipping-label", "1.4.2") in crates, str(crates))
    expected = [f"usr/local/bin/{name}" for name in ("label", "label-bfd", "label-debug", "label-stripped")]
    check_equal(document.paths(), expected, "files with packages")
    for path in expected:
        check_equal(document.packages_in(path), sorted(crates), path)
    check_equal(sorted(document.edges()), sorted(edges), "dependencies")
    for component in document.components.values():
        name, version = Document.key(component)
        is_local = name in ("shipping-label", "helper")
        check_equal(component.get("purl"), None if is_local else f"pkg:cargo/{name}@{version}", f"package URL of {name}")


def valid_by_schema(name):
    def test():
        for version in ("1.7", "1.6"):
            sbom = os.path.join(temp_dir(), "sbom.json")
            expect(DONE, "bulla-sbom", "create", f"oci:{image(name)}/layout:latest", "-o", f"cyclonedx-json@{version}={sbom}")
            done = subprocess.run([validator_python(), os.path.join(ROOT, "tests", "support", "validate_cyclonedx.py"), sbom], capture_output=True, text=True)
            check(done.returncode == 0, f"not valid by the CycloneDX {version} schema:\n{done.stdout}{done.stderr}")
    return test


def same_bytes(name):
    def test():
        ref = f"oci:{image(name)}/layout:latest"
        first = expect(DONE, "bulla-sbom", "create", "--no-cache", "--jobs", "1", ref).raw_out
        check(len(first) > 1000, "the document is empty")
        for more in (["--no-cache", "--jobs", "2"], [], []):
            check(expect(DONE, "bulla-sbom", "create", *more, ref).raw_out == first, f"other bytes with {more}")
    return test


for kind in ("go", "rust"):
    add_case(f"sbom_of_{kind}_programs_is_valid_cyclonedx", valid_by_schema(kind), LONG)
    add_case(f"sbom_of_{kind}_programs_is_the_same_bytes_every_time", same_bytes(kind), LONG)

if __name__ == "__main__":
    main()
