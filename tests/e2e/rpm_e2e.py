#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bulla-sbom says about rpm databases of all formats, against what rpm itself says."""
import os
import shutil
import sqlite3
import subprocess
import sys
from urllib.parse import parse_qsl, unquote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, ROOT, Skip, add_case, case, check, check_equal, expect, main, read, read_json, temp_dir  # noqa: E402
from layout import Layout, tar_of  # noqa: E402

DATABASE = "var/lib/rpm/rpmdb.sqlite"
OS_RELEASE = ("etc/os-release", 'ID="rhel"\nVERSION_ID="9.4"\n')
NAMESPACES = {"rpm-sqlite": ("redhat", "rhel-9.4"), "rpm-ndb": ("opensuse", "opensuse-leap-15.6"), "rpm-bdb": ("amzn", "amzn-2"),
              "rpm-bdb-swapped": ("amzn", "amzn-2")}
MANIFEST_QUERY = r"%{NAME}\t%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\t%{BUILDTIME}\t%{VENDOR}\t%{EPOCH}\t%{SIZE}\t%{ARCH}\t%{EPOCHNUM}\t%{SOURCERPM}\n"


def image(name):
    for program in ("rpm", "rpmbuild", "db5.3_load"):
        if not shutil.which(program):
            raise Skip(f"{program} is not on this machine: scripts/setup --tests installs it")
    done = subprocess.run([os.path.join(ROOT, "tests", "support", "images", "make"), name], capture_output=True, text=True)
    check(done.returncode == 0, f"image {name} cannot be made:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def document_of(reference):
    return expect(DONE, "bulla-sbom", "create", "--no-cache", reference).json()


def rpms(document):
    return [c for c in document["components"] if c.get("purl", "").startswith("pkg:rpm/")]


def property_of(component, name):
    return next((p["value"] for p in component.get("properties", []) if p["name"] == f"bulla:{name}"), None)


def told(component, namespace, distribution):
    """A component in the words of the list of the truth; its purl has to agree with the rest of it."""
    path, query = component["purl"].removeprefix("pkg:rpm/").split("?")
    space, rest = path.split("/", 1)
    name, version = (unquote(part) for part in rest.rsplit("@", 1))
    check_equal((space, name), (namespace, component["name"]), "namespace and name in the purl")
    qualifiers = dict(parse_qsl(query, keep_blank_values=True))
    check_equal(qualifiers.pop("distro"), distribution, "distro")
    epoch = qualifiers.pop("epoch", None)
    check_equal(component["version"], (f"{epoch}:" if epoch is not None else "") + version, "version")
    licence, = component["licenses"]
    upstream, release = version.rsplit("-", 1)
    found = {"name": name, "epoch": epoch, "version": upstream, "release": release, "arch": qualifiers.pop("arch"),
             "source": qualifiers.pop("upstream"), "vendor": component["supplier"]["name"],
             "license": licence.get("expression") or licence["license"].get("id") or licence["license"]["name"],
             "module": qualifiers.pop("rpmmod", None), "size": property_of(component, "rpm:size"), "summary": component["description"]}
    check_equal(qualifiers, {}, "other qualifiers")
    return found


def by_name(packages):
    return sorted(packages, key=lambda p: (p["name"], p["version"], p["arch"]))


def truth(folder, which="rpm"):
    """What `rpm -qa` lists without the public keys of its keyring, which install nothing and are no packages."""
    listed = read_json(os.path.join(folder, "truth", f"{which}.json"))
    check(len(listed) > 250, f"the list of rpm has {len(listed)} packages")
    return by_name(p for p in listed if p["name"] != "gpg-pubkey")


def unknowns(document):
    return [p["value"] for p in document["metadata"].get("properties", []) if p["name"] == "bulla:unknown"]


def equals_truth(name):
    def test():
        folder = image(name)
        document = document_of(f"oci:{folder}/layout:latest")
        check_equal(unknowns(document), [], "what could not be read")
        check_equal(by_name(told(c, *NAMESPACES[name]) for c in rpms(document)), truth(folder), "packages")
    return test


for name in NAMESPACES:
    # The newer rpm that writes ndb needs a Debian of its own.
    add_case(f"{name.replace('-', '_')}_lists_what_rpm_lists", equals_truth(name), ("long",) if name == "rpm-ndb" else ())


@case
def rpm_dependencies_are_those_that_rpm_finds():
    folder = image("rpm-sqlite")
    document = document_of(f"oci:{folder}/layout:latest")
    names = {c["bom-ref"]: f"{c['name']}-{c['version'].split(':')[-1].rsplit('-', 1)[0]}" for c in rpms(document)}
    found = {(names[d["ref"]], names[on]) for d in document["dependencies"] if d["ref"] in names for on in d["dependsOn"] if on in names}
    expected = {tuple(pair) for pair in read_json(os.path.join(folder, "truth", "depends.json"))}
    check(len(expected) > 5, str(expected))
    check_equal(sorted(found), sorted(expected), "dependencies")


@case
def a_python_distribution_in_an_rpm_is_owned_by_it():
    document = document_of(f"oci:{image('rpm-sqlite')}/layout:latest")
    python = [(c["name"], property_of(c, "package:owner")) for c in document["components"] if c.get("purl", "").startswith("pkg:pypi/")]
    check_equal([name for name, _ in python], ["demo"], "Python distributions")
    check("/python3-demo@1.5-2.el9" in (python[0][1] or ""), f"its owner is {python[0][1]}")


@case
def what_a_later_layer_upgraded_or_removed_is_not_listed():
    folder = image("rpm-sqlite")
    layers = [read(os.path.join(folder, name)) for name in ("first.tar", "second.tar")]
    lists = []
    for count in (1, 2):
        layout = Layout(temp_dir())
        layout.tag(layout.image([layout.layer(tar) for tar in layers[:count]]))
        lists.append(by_name(told(c, *NAMESPACES["rpm-sqlite"]) for c in rpms(document_of(f"oci:{layout.folder}:latest"))))
    check_equal(lists[0], truth(folder, "first"), "packages of the first layer")
    check_equal(lists[1], truth(folder), "packages of both layers")
    first, second = ({(p["name"], p["version"]) for p in listed} for listed in lists)
    check_equal(first - second, {("old-name", "1.0"), ("removed", "1.0"), ("upgraded", "1.0")}, "what is gone")
    check_equal(second - first, {("new-name", "2.0"), ("kernel", "5.2"), ("upgraded", "2.0")}, "what is new")


def rpm(folder, *arguments):
    done = subprocess.run(["rpm", "--dbpath", folder, "--define", "_db_backend sqlite", "--define", "_pkgverify_level none", *arguments],
                          capture_output=True, text=True)
    check(done.returncode == 0, f"rpm {arguments}:\n{done.stdout}{done.stderr}")
    return done.stdout


def database_with_log(folder):
    """A database whose last transactions stand in its write-ahead log alone: while another reader still needs the state
    before them, rpm cannot write them back. Returns both files, and what rpm lists."""
    source = image("rpm-sqlite")
    work = os.path.join(folder, "work")
    os.makedirs(work)
    path = shutil.copy(os.path.join(source, "tree", DATABASE), work)
    before = read(path)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from Packages").fetchone()
    rpm(work, "--justdb", "--nodeps", "--noscripts", "-e", "zero", "many")
    packages = [os.path.join(source, "rpms", n) for n in os.listdir(os.path.join(source, "rpms")) if n.startswith("removed-")]
    rpm(work, "--justdb", "--nodeps", "--noscripts", "--nosignature", "--force-debian", "-i", *packages)
    database, log = read(path), read(path + "-wal")
    listed = sorted(rpm(work, "-qa", "--qf", r"%{NAME}-%{VERSION}-%{RELEASE}\n").split())
    reader.close()
    check(len(log) > 4096 and database == before, "everything was written back")
    return database, log, [p for p in listed if not p.startswith("gpg-pubkey-")]


def listed_in(document):
    return sorted(f"{c['name']}-{c['version'].split(':')[-1]}" for c in rpms(document))


@case
def transactions_in_the_write_ahead_log_count():
    database, log, expected = database_with_log(temp_dir())
    check(any(p.startswith("removed-") for p in expected) and not any(p.startswith("zero-") for p in expected), str(expected))
    layout = Layout(temp_dir())
    layout.tag(layout.image([layout.layer(tar_of([OS_RELEASE, (DATABASE, database), (DATABASE + "-wal", log)]))]))
    document = document_of(f"oci:{layout.folder}:latest")
    check_equal(listed_in(document), expected, "packages")
    check_equal(unknowns(document), [], "what could not be read")


@case
def a_damaged_write_ahead_log_is_told():
    database, log, _ = database_with_log(temp_dir())
    layout = Layout(temp_dir())
    damaged = log[:-1] + bytes([log[-1] ^ 1])
    layout.tag(layout.image([layout.layer(tar_of([OS_RELEASE, (DATABASE, database), (DATABASE + "-wal", damaged)]))]))
    told_of, = unknowns(document_of(f"oci:{layout.folder}:latest"))
    check(told_of.startswith(DATABASE) and "write-ahead log" in told_of, told_of)


@case
def a_manifest_in_place_of_a_database_lists_what_rpm_listed():
    folder = image("rpm-sqlite")
    work = temp_dir()
    shutil.copy(os.path.join(folder, "tree", DATABASE), work)
    manifest = rpm(work, "-qa", "--qf", MANIFEST_QUERY)
    layout = Layout(temp_dir())
    layout.tag(layout.image([layout.layer(tar_of([OS_RELEASE, ("var/lib/rpmmanifest/container-manifest-2", manifest)]))]))
    document = document_of(f"oci:{layout.folder}:latest")
    check_equal(listed_in(document), sorted(f"{p['name']}-{p['version']}-{p['release']}" for p in truth(folder)), "packages")
    check_equal(unknowns(document), [], "what could not be read")


if __name__ == "__main__":
    main()
