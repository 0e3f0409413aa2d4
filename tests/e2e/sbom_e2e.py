#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What bulla-sbom says about real and hand-made images, against what the ecosystems' own tools say."""
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (CACHE, DONE, INPUT, PARTIAL, ROOT, Skip, add_case, case, check, check_equal, expect, main, read, read_json, refuse, validator_python,  # noqa: E402
                       run, temp_dir, write)
from layout import SMALL_PACKAGES, Layout, gzip_of, small_image, small_index, small_rootfs, tar_of  # noqa: E402
from sealing import packages, purls, sbom_of  # noqa: E402
from servers import DockerRegistry  # noqa: E402

IMAGES = ("debian", "node", "python", "all")


def image(name):
    done = subprocess.run([os.path.join(ROOT, "tests", "support", "images", "make"), name], capture_output=True, text=True)
    check(done.returncode == 0, f"image {name} cannot be made:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def normalised(name):
    """PEP 503: names of Python distributions that mean the same."""
    return re.sub(r"[-_.]+", "-", name).lower()


def truth(folder):
    read_list = lambda kind: read_json(os.path.join(folder, "truth", f"{kind}.json"))
    return {"deb": sorted((p["name"], p["version"], p["arch"]) for p in read_list("dpkg")),
            "npm": sorted({(p["name"], p["version"]) for p in read_list("npm")}),
            "pypi": sorted({(normalised(p["name"]), p["version"]) for p in read_list("pip")})}


def debs_of(path):
    found = []
    for purl in purls(path):
        if purl.startswith("pkg:deb/"):
            name, version = purl.removeprefix("pkg:deb/").split("?")[0].split("/", 1)[1].rsplit("@", 1)
            from urllib.parse import unquote
            found.append((unquote(name), unquote(version), re.search(r"[?&]arch=([^&]+)", purl).group(1)))
    return sorted(found)


def equals_truth(name):
    def test():
        folder = image(name)
        sbom = sbom_of(f"oci:{folder}/layout:latest")
        expected = truth(folder)
        check(expected["deb"], "the truth list of dpkg is empty")
        check_equal(debs_of(sbom), expected["deb"], "packages of dpkg")
        found = packages(sbom)
        for kind in ("npm", "pypi"):
            check_equal([(n, v) for k, n, v in found if k == kind], expected[kind], f"packages of {kind}")
        check_equal(sorted({k for k, _, _ in found} - {"deb", "npm", "pypi"}), [], "kinds of packages that are not in the image")
        all_purls = purls(sbom)
        check_equal(len(all_purls), len(set(all_purls)), "purls, and distinct purls")
    return test


def valid_by_schema(name, version):
    def test():
        sbom = os.path.join(temp_dir(), "sbom.json")
        expect(DONE, "bulla-sbom", "create", f"oci:{image(name)}/layout:latest", "-o", f"cyclonedx-json@{version}={sbom}")
        validate(sbom, version)
    return test


def validate(path, version):
    python = validator_python()
    check_equal(read_json(path)["specVersion"], version, "specVersion")
    done = subprocess.run([python, os.path.join(ROOT, "tests", "support", "validate_cyclonedx.py"), path], capture_output=True, text=True)
    check(done.returncode == 0, f"not valid by the CycloneDX schema:\n{done.stdout}{done.stderr}")


def same_bytes_twice(name):
    def test():
        ref = f"oci:{image(name)}/layout:latest"
        first = expect(DONE, "bulla-sbom", "create", "--no-cache", "--jobs", "1", ref).raw_out
        second = expect(DONE, "bulla-sbom", "create", "--no-cache", "--jobs", "2", ref).raw_out
        cached = expect(DONE, "bulla-sbom", "create", ref).raw_out
        cached_again = expect(DONE, "bulla-sbom", "create", ref).raw_out
        check(len(first) > 1000, "the document is empty")
        for other, how in ((second, "another number of jobs"), (cached, "filling the cache"), (cached_again, "reading the cache")):
            check(other == first, f"other bytes after {how}")
    return test


for name in IMAGES:
    labels = () if name == "debian" else ("long",)
    add_case(f"sbom_of_{name}_lists_what_its_own_tools_list", equals_truth(name), labels)
    add_case(f"sbom_of_{name}_is_the_same_bytes_every_time", same_bytes_twice(name), labels)
    for version in ("1.7", "1.6"):
        add_case(f"sbom_of_{name}_is_valid_cyclonedx_{version.replace('.', '_')}", valid_by_schema(name, version), labels)


def java_packages(path):
    """(group, artifact, version) and the places of every Java package; the group is "" where nothing tells it."""
    found = {}
    for component in read_json(path)["components"]:
        evidence = {item["name"]: item["value"] for item in component.get("properties", [])}
        if "bulla:java:identified-by" in evidence:
            key = (component.get("group", ""), component["name"], component.get("version", ""))
            found[key] = [item["location"] for item in component["evidence"]["occurrences"]]
    return found


def sbom_of_java_lists_what_maven_lists():
    """Maven's own lists, and the modules that pom.properties in jars tell of (read by Python's zipfile): all of
    them are there and nothing else is."""
    folder = image("java")
    sbom = sbom_of(f"oci:{folder}/layout:latest")
    expected = read_json(os.path.join(folder, "truth", "maven.json"))
    listed, shaded = ({tuple(row) for row in expected[kind]} for kind in ("listed", "shaded"))
    check(len(listed) > 100, f"Maven's lists are short: {len(listed)}")
    found = java_packages(sbom)
    nameless = {key for key in found if not key[0]}
    print(f"{len(listed)} modules listed by Maven, {len(shaded - listed)} more have left records, "
          f"{len(nameless)} of them have no group in their jar")
    by_name = {row[1:]: row for row in listed | shaded}
    # A jar that tells no group is known by artifact and version alone.
    named = {by_name.get(key[1:], key) if not key[0] else key for key in found}
    check_equal(sorted((listed | shaded) - named), [], "modules that are missing")
    check_equal(sorted(named - listed - shaded), [], "packages that are in no list")
    places = found[("commons-io", "commons-io", "2.22.0")]
    check_equal(places, ["app/app.jar!/BOOT-INF/lib/commons-io-2.22.0.jar", "srv/web-2.1.war!/WEB-INF/lib/commons-io-2.22.0.jar"], "places")
    places = found[("commons-io", "commons-io", "2.21.0")]
    check_equal(places, [f"opt/tool/tool-{jar}.jar!/META-INF/maven/commons-io/commons-io" for jar in ("0.9", "run")], "places of a shaded module")
    check("bulla:unknowns" not in json.dumps(read_json(sbom)["metadata"]), "something was not read")


add_case("sbom_of_java_lists_what_maven_lists", sbom_of_java_lists_what_maven_lists, ("long",))
add_case("sbom_of_java_is_the_same_bytes_every_time", same_bytes_twice("java"), ("long",))
add_case("sbom_of_java_is_valid_cyclonedx_1_7", valid_by_schema("java", "1.7"), ("long",))
add_case("sbom_of_java_is_valid_cyclonedx_1_6", valid_by_schema("java", "1.6"), ("long",))


@case
def a_jar_is_found_over_links():
    """A jar under another name is read when a link of a jar's name leads to it; a hard link is the same file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as jar:
        jar.writestr("first.txt", "nothing that a jar is recognised by")
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nCreated-By: Maven JAR Plugin 3.4.1\n\n")
        jar.writestr("META-INF/maven/org.example/lib/pom.properties", "groupId=org.example\nartifactId=lib\nversion=1.0\n")
    layout = Layout(temp_dir())
    layout.tag(layout.image([layout.layer(tar_of([("opt/data.bin", data.getvalue()), ("opt/lib-1.0.jar", ("symlink", "data.bin")),
                                                  ("srv/other.bin", data.getvalue()), ("srv/x.jar", ("hardlink", "srv/other.bin"))]))]))
    found = java_packages(sbom_of(f"oci:{layout.folder}:latest"))
    check_equal(found, {("org.example", "lib", "1.0"): ["opt/data.bin", "srv/other.bin"]}, "packages")


@case
def jars_in_jars_without_end_are_reported_and_do_not_end_the_run():
    data = b"deepest"
    for _ in range(50):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as jar:
            jar.writestr("in.jar", data)
        data = out.getvalue()
    layout = Layout(temp_dir())
    layout.tag(layout.image([layout.layer(tar_of([("opt/deep.jar", data)]))]))
    ran = expect(DONE, "bulla-sbom", "create", f"oci:{layout.folder}:latest")
    check("8 deep" in ran.out and "8 deep" in ran.err, f"no word of it: {ran.err}")
    expect(PARTIAL, "bulla-sbom", "create", "--strict", f"oci:{layout.folder}:latest")


@case
def the_small_image_has_its_four_packages_and_no_template_removed_or_hidden_one():
    folder = temp_dir()
    small_image(folder)
    check_equal(packages(sbom_of(f"oci:{folder}:latest")), sorted(SMALL_PACKAGES), "packages")


@case
def create_without_output_writes_cyclonedx_to_standard_output():
    folder = temp_dir()
    small_image(folder)
    ran = expect(DONE, "bulla-sbom", "create", f"oci:{folder}:latest")
    check_equal(ran.json()["bomFormat"], "CycloneDX", "bomFormat")


@case
def the_root_names_the_platform_manifest_and_the_index_that_led_there():
    folder = temp_dir()
    _, index, amd64, arm64 = small_index(folder)
    for platform, digest in (("linux/amd64", amd64), ("linux/arm64", arm64)):
        ran = expect(DONE, "bulla-sbom", "create", "--platform", platform, f"oci:{folder}:latest")
        root = json.dumps(ran.json()["metadata"]["component"])
        check(digest in root and index in root, f"{platform}: {digest} and {index} in {root}")
        other = arm64 if digest == amd64 else amd64
        check(other not in ran.out, f"{platform}: the other manifest is named")


@case
def the_timestamp_is_source_date_epoch_else_the_time_of_the_image():
    folder = temp_dir()
    small_image(folder)
    own = expect(DONE, "bulla-sbom", "create", f"oci:{folder}:latest").json()["metadata"]["timestamp"]
    check_equal(own, "2024-01-02T03:04:05Z", "timestamp from the image")
    epoch = expect(DONE, "bulla-sbom", "create", f"oci:{folder}:latest", env={"SOURCE_DATE_EPOCH": "86400"})
    check_equal(epoch.json()["metadata"]["timestamp"], "1970-01-02T00:00:00Z", "timestamp from the environment")


@case
def a_config_that_claims_another_layers_diff_id_gets_nothing_from_the_cache():
    """The cache is keyed by the digest of the blob that was read, so a lie in a config cannot redirect it."""
    cache, good, bad = temp_dir(), temp_dir(), temp_dir()
    first, second = small_rootfs()
    layout, _ = small_image(good)
    expect(DONE, "bulla-sbom", "create", "--cache-dir", cache, f"oci:{good}:latest")
    liar = Layout(bad)
    other = tar_of([("etc/os-release", "ID=debian\n"), ("var/lib/dpkg/status", "Package: other\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n")])
    stored, _ = liar.layer(other)
    # The blob is another one; the config says that it holds the small image's first layer.
    liar.tag(liar.image([(stored, "sha256:" + hashlib.sha256(first).hexdigest())]))
    with_cache, without = (os.path.join(bad, n) for n in ("a.json", "b.json"))
    expect(DONE, "bulla-sbom", "create", "--cache-dir", cache, f"oci:{bad}:latest", "-o", f"cyclonedx-json={with_cache}")
    expect(DONE, "bulla-sbom", "create", "--no-cache", f"oci:{bad}:latest", "-o", f"cyclonedx-json={without}")
    check(read(with_cache) == read(without), "the cache changed the document")
    check_equal(packages(with_cache), [("deb", "other", "1")], "packages")


@case
def a_damaged_cache_is_read_over_and_changes_nothing():
    cache, folder = temp_dir(), temp_dir()
    small_image(folder)
    fresh = expect(DONE, "bulla-sbom", "create", "--cache-dir", cache, f"oci:{folder}:latest").raw_out
    damaged = 0
    for base, _, names in os.walk(cache):
        for name in names:
            path = os.path.join(base, name)
            data = read(path)
            write(path, data[:len(data) // 2] + b"\xff" + data[len(data) // 2 + 1:])
            damaged += 1
    check(damaged > 0, "the run left nothing in the cache")
    check(expect(DONE, "bulla-sbom", "create", "--cache-dir", cache, f"oci:{folder}:latest").raw_out == fresh, "other bytes")


@case
def an_image_in_a_registry_gives_the_same_packages_as_in_a_layout():
    folder = temp_dir()
    small_image(folder)
    registry = DockerRegistry()
    expect(DONE, "bulla-oci", "copy", f"oci:{folder}:latest", f"{registry.host}/app:1")
    check_equal(packages(sbom_of(f"{registry.host}/app:1")), sorted(SMALL_PACKAGES), "packages")


@case
def plain_gzip_many_members_and_zstd_layers_read_alike():
    tar = small_rootfs()[0]
    half = len(tar) // 2
    zstd = subprocess.run(["zstd", "-q", "-c"], input=tar, capture_output=True)
    check(zstd.returncode == 0, "zstd failed")
    frames = b"".join(subprocess.run(["zstd", "-q", "-c"], input=part, capture_output=True, check=True).stdout for part in (tar[:half], tar[half:]))
    oci = "application/vnd.oci.image.layer.v1.tar"
    seen = {}
    for what, data, media_type in (("plain", tar, oci), ("gzip", gzip_of(tar), oci + "+gzip"),
                                   ("members", gzip_of(tar[:half]) + gzip_of(tar[half:]), oci + "+gzip"),
                                   ("zstd", zstd.stdout, oci + "+zstd"), ("frames", frames, oci + "+zstd"),
                                   # Magic bytes decide, whatever the media type says.
                                   ("mislabelled", gzip_of(tar), oci)):
        layout = Layout(os.path.join(temp_dir(), what))
        layout.tag(layout.image([layout.layer(tar, media_type, data)]))
        expect(DONE, "bulla-sbom", "create", "--strict", f"oci:{layout.folder}:latest")
        seen[what] = packages(sbom_of(f"oci:{layout.folder}:latest"))
    check(("deb", "hello", "2.10-3") in seen["plain"], str(seen["plain"]))
    for what, found in seen.items():
        check_equal(found, seen["plain"], what)


if __name__ == "__main__":
    main()
