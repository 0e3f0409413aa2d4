#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""crane and oras read what we copied, list the evidence we attached, and we read what they pushed."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, UNSIGNED, UNTRUSTED, add_case, case, check, check_equal, check_in, expect, files_under, main, run, temp_dir, tool  # noqa: E402
from layout import SMALL_PACKAGES, small_image, small_index  # noqa: E402
from sealing import FORMATS, Keys, Place, attest, packages, sbom_of, sign, verify, verify_attestation  # noqa: E402

REGISTRIES = ("docker", "referrers")
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def peer(name, *arguments):
    return expect(0, tool(name), *arguments)


def they_read_our_copy(registry):
    def test():
        place = Place(registry)
        digest = place.put_small_image()
        check_equal(peer("crane", "digest", place.ref).out.strip(), digest, "crane digest")
        peer("crane", "validate", "--remote", place.ref)
        pulled = temp_dir()
        peer("crane", "pull", "--format", "oci", place.ref, f"{pulled}/crane")
        peer("oras", "cp", "--from-plain-http", "--to-oci-layout", place.ref, f"{pulled}/oras:v1")
        for name in ("crane", "oras"):
            blobs = files_under(f"{pulled}/{name}/blobs")
            for blob, data in files_under(os.path.join(_source(), "blobs")).items():
                check_equal(blobs.get(blob), data, f"{name}: {blob}")
    return test


def _source():
    folder = temp_dir()
    small_image(folder)
    return folder


def we_read_their_push(registry):
    def test():
        place, source = Place(registry), _source()
        peer("crane", "push", source, f"{place.name}:crane")
        peer("oras", "cp", "--from-oci-layout", f"{source}:latest", "--to-plain-http", f"{place.name}:oras")
        for tag in ("crane", "oras"):
            check_equal(packages(sbom_of(f"{place.name}:{tag}")), sorted(SMALL_PACKAGES), f"packages of what {tag} pushed")
    return test


def type_of(place, digest):
    """The artifact type in the manifest itself: the listing of go-containerregistry's registry gives the
    configuration's media type instead."""
    return json.loads(peer("oras", "manifest", "fetch", "--plain-http", place.at(digest)).out)["artifactType"]


def discover_shows_our_evidence(registry):
    def test():
        place, keys = Place(registry), Keys()
        digest = place.put_small_image()
        sign(place.ref, keys)
        attest(place.ref, keys, sbom_of(place.ref))
        found = json.loads(peer("oras", "discover", "--plain-http", "--format", "json", place.ref).out)
        referrers = found["referrers"]
        check_equal([type_of(place, r["digest"]) for r in referrers], [BUNDLE, BUNDLE], "artifact types")
        ours = expect(DONE, "bulla-oci", "tree", place.ref).out
        for referrer in referrers:
            check_in(referrer["digest"], ours, "our tree")
    return test


def oras_copies_our_evidence(registry):
    def test():
        place, keys = Place(registry), Keys()
        digest = place.put_small_image()
        sign(place.ref, keys)
        attest(place.ref, keys, sbom_of(place.ref))
        folder = temp_dir()
        peer("oras", "cp", "-r", "--from-plain-http", "--to-oci-layout", place.ref, f"{folder}/copy:v1")
        verify(f"oci:{folder}/copy:v1", keys)
        verify_attestation(f"oci:{folder}/copy:v1", keys)
        other = Place("referrers" if registry == "docker" else "docker")
        peer("oras", "cp", "-r", "--from-oci-layout", f"{folder}/copy:v1", "--to-plain-http", other.ref)
        verify(other.ref, keys)
        verify_attestation(other.ref, keys)
    return test


def an_artifact_of_oras_is_no_evidence_and_no_obstacle(registry):
    def test():
        place, keys = Place(registry), Keys()
        place.put_small_image()
        folder = temp_dir()
        with open(f"{folder}/note.txt", "w", encoding="utf-8") as file:
            file.write("a note")
        expect(0, tool("oras"), "attach", "--plain-http", "--artifact-type", "application/vnd.example.note", place.ref, "note.txt", cwd=folder)
        verify(place.ref, keys, UNSIGNED)
        sign(place.ref, keys)
        verify(place.ref, keys)
        # Our write kept theirs.
        found = json.loads(peer("oras", "discover", "--plain-http", "--format", "json", place.ref).out)["referrers"]
        check_equal(sorted(type_of(place, r["digest"]) for r in found), [BUNDLE, "application/vnd.example.note"], "what is attached")
    return test


for registry in REGISTRIES:
    add_case(f"crane_and_oras_read_our_copy_on_{registry}", they_read_our_copy(registry))
    add_case(f"we_read_what_crane_and_oras_pushed_to_{registry}", we_read_their_push(registry))
    add_case(f"oras_discover_shows_our_evidence_on_{registry}", discover_shows_our_evidence(registry))
    add_case(f"oras_copies_our_evidence_from_{registry}", oras_copies_our_evidence(registry))
    add_case(f"a_foreign_artifact_is_neither_evidence_nor_lost_on_{registry}", an_artifact_of_oras_is_no_evidence_and_no_obstacle(registry))


def seals_on_the_referrers_registry(form):
    def test():
        place, keys, other = Place("referrers"), Keys(), Keys()
        digest = place.put_small_image()
        verify(place.ref, keys, UNSIGNED)
        sbom = sbom_of(place.ref)
        attest(place.ref, keys, sbom, form)
        verify(place.ref, keys, UNSIGNED)
        verify_attestation(place.ref, keys)
        sign(place.ref, keys, form)
        verify(place.ref, keys)
        verify(place.ref, other, UNTRUSTED)
        copy = f"oci:{temp_dir()}/copy:v1"
        expect(DONE, "bulla-oci", "copy", "--recursive", place.ref, copy)
        verify(copy, keys)
        verify_attestation(copy, keys)
    return test


for form in FORMATS:
    add_case(f"{form}_evidence_on_the_referrers_registry", seals_on_the_referrers_registry(form))


@case
def crane_reads_our_copy_of_an_index_with_every_platform():
    place, folder = Place("referrers"), temp_dir()
    _, index, amd64, arm64 = small_index(folder)
    expect(DONE, "bulla-oci", "copy", f"oci:{folder}:latest", place.ref)
    check_equal(peer("crane", "digest", place.ref).out.strip(), index, "the index")
    for platform, digest in (("linux/amd64", amd64), ("linux/arm64", arm64)):
        check_equal(peer("crane", "digest", "--platform", platform, place.ref).out.strip(), digest, platform)


if __name__ == "__main__":
    main()
