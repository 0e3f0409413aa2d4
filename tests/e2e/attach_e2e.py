#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tags listed and files attached, in layout folders and in a registry."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, INPUT, UNSIGNED, USAGE, add_case, case, check, check_equal, check_in, expect, main, read, refuse, temp_dir, write  # noqa: E402
from layout import small_image  # noqa: E402
from sealing import PLACES, Keys, Place, sign, verify  # noqa: E402
from servers import DockerRegistry, manifest_of  # noqa: E402

REPORT = "application/vnd.example.report"


@case
def tags_are_listed_sorted_and_filtered():
    registry, source = DockerRegistry(), temp_dir()
    small_image(source, "x")
    for tag in ("v2", "v10", "latest", "v1"):
        expect(DONE, "bulla-oci", "copy", f"oci:{source}:x", f"{registry.host}/app:{tag}")
    name = f"{registry.host}/app"
    check_equal(expect(DONE, "bulla-oci", "list", name).out, "latest\nv1\nv10\nv2\n", "tags")
    check_equal(expect(DONE, "bulla-oci", "list", "--filter", "v1*", name).out, "v1\nv10\n", "filtered")
    check_equal(expect(DONE, "bulla-oci", "list", "--filter", "v?", name).out, "v1\nv2\n", "filtered")
    check_equal(expect(DONE, "bulla-oci", "list", "--filter", "nothing", name).out, "", "filtered")
    check_equal(expect(DONE, "bulla-oci", "list", "-o", "json", "--filter", "l*", name).json(),
                {"schema": "bulla.list/1", "repository": name, "tags": ["latest"]}, "json")


@case
def the_names_of_a_layout_are_listed():
    source = temp_dir()
    small_image(f"{source}/image", "one")
    expect(DONE, "bulla-oci", "copy", f"oci:{source}/image:one", f"oci:{source}/image:two")
    check_equal(expect(DONE, "bulla-oci", "list", f"oci:{source}/image").out, "one\ntwo\n", "names")


@case
def list_takes_a_repository_and_a_plain_pattern():
    registry = DockerRegistry()
    refuse(USAGE, "without tag", "bulla-oci", "list", f"{registry.host}/app:1")
    refuse(USAGE, "without tag", "bulla-oci", "list", f"oci:{temp_dir()}:1")
    refuse(USAGE, "--filter", "bulla-oci", "list", "--filter", "[a]", f"{registry.host}/app")
    refuse(INPUT, "no repository", "bulla-oci", "list", f"{registry.host}/never/pushed")


def attach(ref, *files, env=None, type_=REPORT, more=()):
    return expect(DONE, "bulla-oci", "attach", "--type", type_, *more, ref, *files, env=env)


def attached_files_are_found(kind):
    def test():
        place, folder = Place(kind), temp_dir()
        digest = place.put_small_image()
        report = write(f"{folder}/report.json", '{"ok":true}')
        notes = write(f"{folder}/sub/notes", b"\x00\xff" * 300000)
        done = attach(place.ref, f"{report}:application/json", notes, more=("-a", "who=me"), type_=REPORT)
        tree = expect(DONE, "bulla-oci", "tree", "-o", "json", place.ref).json()
        found = tree["children"]
        check_equal([(node["digest"], node.get("artifactType")) for node in found], [(done.out.strip(), REPORT)], "the tree")
        # A second, equal run changes nothing; the image's evidence lives beside it.
        check_equal(attach(place.ref, f"{report}:application/json", notes, more=("-a", "who=me")).out, done.out, "digest")
        keys = Keys()
        verify(place.ref, keys, UNSIGNED)
        sign(place.ref, keys)
        verify(place.ref, keys)
        copy = f"oci:{temp_dir()}/copy:v1"
        expect(DONE, "bulla-oci", "copy", "--recursive", place.ref, copy)
        check_in(done.out.strip(), expect(DONE, "bulla-oci", "tree", copy).out, "the copy's tree")
        check_in(digest, expect(DONE, "bulla-oci", "resolve", copy).out, "the copy")
    return test


for kind in PLACES:
    add_case(f"attached_files_are_found_in_a_{kind}", attached_files_are_found(kind))


@case
def the_manifest_is_as_the_image_specification_says():
    place, folder = Place("docker"), temp_dir()
    digest = place.put_small_image()
    write(f"{folder}/a.txt", "abc")
    ran = expect(DONE, "bulla-oci", "attach", "--type", REPORT, "-a", "who=me", "-o", "json", place.ref, f"{folder}/a.txt:text/plain",
                 env={"SOURCE_DATE_EPOCH": "86400"}).json()
    manifest = json.loads(manifest_of(place.registry.host, "team/app", ran["digest"]))
    check_equal(manifest["annotations"], {"who": "me", "org.opencontainers.image.created": "1970-01-02T00:00:00Z"}, "annotations")
    check_equal((manifest["artifactType"], manifest["subject"]["digest"]), (REPORT, digest), "type and subject")
    check_equal(manifest["config"], {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2,
                                     "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}, "config")
    abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    check_equal(manifest["layers"], [{"mediaType": "text/plain", "size": 3, "digest": abc,
                                      "annotations": {"org.opencontainers.image.title": "a.txt"}}], "layers")
    without = json.loads(manifest_of(place.registry.host, "team/app", attach(place.ref, f"{folder}/a.txt").out.strip()))
    check("annotations" not in without, f"a time without SOURCE_DATE_EPOCH: {without}")


@case
def what_cannot_be_attached_is_refused_before_anything_is_stored():
    place, folder = Place("docker"), temp_dir()
    place.put_small_image()
    before = place.registry.blob_files()
    a, b = write(f"{folder}/x/a", "1"), write(f"{folder}/y/a", "2")
    for code, words, type_, files in ((USAGE, "media type", "report", (a,)), (USAGE, "two files", REPORT, (a, b)),
                                      (INPUT, "no such file", REPORT, (a, f"{folder}/absent")), (INPUT, "regular file", REPORT, (folder,)),
                                      (INPUT, "regular file", REPORT, ("/dev/null",))):
        refuse(code, words, "bulla-oci", "attach", "--type", type_, place.ref, *files)
    check_equal(place.registry.blob_files(), before, "blobs")


if __name__ == "__main__":
    main()
