#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Evidence in another repository than its image's: written there, found there, and nowhere else."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, INPUT, UNAVAILABLE, UNSIGNED, UNTRUSTED, USAGE, add_case, case, check, check_equal, check_in, expect, files_under, main, refuse, temp_dir  # noqa: E402
from sealing import FORMATS, PLACES, Keys, Place, attest, sbom_of, sign, verify, verify_attestation  # noqa: E402
from servers import DockerRegistry, FaultyRegistry, tags_of  # noqa: E402


def elsewhere(place, kind):
    """Another repository: of the image's registry, or a layout folder."""
    return f"{place.registry.host}/evidence/all" if kind == "docker" else f"oci:{temp_dir()}/evidence"


def is_found_there_alone(kind, other, form):
    def test():
        place, keys, stranger = Place(kind), Keys(), Keys()
        place.put_small_image()
        repository = elsewhere(place, other)
        option = ("--evidence-repository", repository)
        sbom = sbom_of(place.ref)
        before = files_under(place.folder)
        if other == "docker":
            verify(place.ref, keys, UNSIGNED, *option)  # nobody has pushed there yet
        check_in(repository, sign(place.ref, keys, form, *option).out, "what sign says")
        attest(place.ref, keys, sbom, form, *option)
        check_in(f"evidence in: {repository}", verify(place.ref, keys, DONE, *option).out, "what verify says")
        verify_attestation(place.ref, keys, DONE, *option)
        verify(place.ref, stranger, UNTRUSTED, *option)
        ran = verify(place.ref, keys, UNSIGNED)
        check(repository not in ran.err, f"{ran}")
        verify(place.ref, keys, DONE, env={"BULLA_EVIDENCE_REPOSITORY": repository})
        if kind == "layout":
            check_equal(files_under(place.folder), before, "the image's folder")
        else:
            check_equal(tags_of(place.registry.host, "team/app"), ["v1"], "tags beside the image")
        # A recursive copy brings both together.
        copy = f"oci:{temp_dir()}/copy:v1"
        expect(DONE, "bulla-oci", "copy", "--recursive", *option, place.ref, copy)
        verify(copy, keys)
        verify_attestation(copy, keys)
    return test


for kind, other in (("docker", "docker"), ("docker", "layout"), ("layout", "layout")):
    for form in FORMATS:
        add_case(f"{form}_evidence_of_a_{kind}_image_in_a_{other}_of_its_own", is_found_there_alone(kind, other, form))


@case
def the_tree_shows_what_is_there():
    place, keys = Place("docker"), Keys()
    digest = place.put_small_image()
    repository = elsewhere(place, "docker")
    check_equal(len(expect(DONE, "bulla-oci", "tree", "--evidence-repository", repository, place.ref).out.splitlines()), 1, "lines")
    sign(place.ref, keys, "both", "--evidence-repository", repository)
    sign(place.ref, keys, "bundle")
    for options, tag in ((("--evidence-repository", repository), True), ((), False)):
        shown = expect(DONE, "bulla-oci", "tree", *options, place.ref).out
        check_equal("sha256-" + digest.split(":")[1] + ".sig" in shown, tag, f"{options}: {shown}")
        check_equal(shown.count("application/vnd.dev.sigstore.bundle"), 1, f"bundles\n{shown}")


@case
def cosigns_variable_counts_for_images_in_registries():
    place, layout, keys = Place("docker"), Place("layout"), Keys()
    for each in (place, layout):
        each.put_small_image()
    repository, other = elsewhere(place, "docker"), elsewhere(place, "layout")
    env = {"COSIGN_REPOSITORY": repository}
    sign(place.ref, keys, env=env)
    sign(layout.ref, keys, env=env)
    verify(place.ref, keys, DONE, env=env)
    verify(place.ref, keys, UNSIGNED)
    verify(layout.ref, keys)
    # The option comes first, then our variable.
    sign(place.ref, keys, "bundle", "--evidence-repository", other, env=env)
    verify(place.ref, keys, DONE, env={**env, "BULLA_EVIDENCE_REPOSITORY": other})
    verify(place.ref, keys, DONE, "--evidence-repository", other, env=env)
    refuse(USAGE, "COSIGN_REPOSITORY", "bulla-verify", "image", "--key", keys.public, place.ref, env={"COSIGN_REPOSITORY": repository + ":tag"})


@case
def an_evidence_repository_has_no_tag_and_no_digest():
    place, keys = Place("docker"), Keys()
    place.put_small_image()
    for value in (f"{place.registry.host}/e:1", f"{place.registry.host}/e@sha256:{'0' * 64}", f"oci:{temp_dir()}:v1"):
        refuse(USAGE, "without tag or digest", "bulla-verify", "image", "--key", keys.public, "--evidence-repository", value, place.ref)
    refuse(INPUT, [], "bulla-verify", "image", "--key", keys.public, "--evidence-repository", f"oci:{temp_dir()}/absent", place.ref)


@case
def an_evidence_repository_that_cannot_be_reached_is_no_answer():
    place, keys = Place("docker"), Keys()
    place.put_small_image()
    front = FaultyRegistry(DockerRegistry().host, lambda method, path, body: (403, [], b""))
    refuse(UNAVAILABLE, front.host, "bulla-verify", "image", "--key", keys.public, "--evidence-repository", f"{front.host}/e", place.ref)


if __name__ == "__main__":
    main()
