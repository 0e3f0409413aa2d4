#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signing, attesting, copying, showing and verifying, on a layout folder and on a registry without the
referrers API."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (DONE, INPUT, UNSIGNED, UNTRUSTED, USAGE, add_case, case, check, check_equal, check_in, expect, files_under, main, read,  # noqa: E402
                       read_json, refuse, run, temp_dir, write)
from layout import Layout, small_image, small_index, small_rootfs  # noqa: E402
from sealing import CYCLONEDX, FORMATS, KEY_KINDS, PLACES, Keys, Place, PlainKeys, attest, sbom_of, sign, verify, verify_attestation  # noqa: E402
from servers import DockerRegistry, tags_of  # noqa: E402


def signs_and_verifies(kind, form):
    def test():
        place, keys, other = Place(kind), Keys(), Keys()
        digest = place.put_small_image()
        verify(place.ref, keys, UNSIGNED)
        ran = sign(place.ref, keys, form)
        check_in(digest, ran.out + ran.err, "what was signed")
        for ref in (place.ref, place.at(digest)):
            check_in(digest, verify(ref, keys).out, "what was verified")
        verify(place.ref, other, UNTRUSTED)
    return test


def attests_and_verifies(kind, form):
    def test():
        place, keys, other = Place(kind), Keys(), Keys()
        place.put_small_image()
        sbom = sbom_of(place.ref)
        verify_attestation(place.ref, keys, UNSIGNED)
        attest(place.ref, keys, sbom, form)
        predicate = os.path.join(place.folder, "predicate.json")
        verify_attestation(place.ref, keys, DONE, "-o", f"predicate={predicate}")
        check_equal(read_json(predicate), read_json(sbom), "the predicate that came back")
        verify_attestation(place.ref, other, UNTRUSTED)
        # An attestation says nothing about the image itself, so it is no image signature.
        verify(place.ref, keys, UNSIGNED)
    return test


for kind in PLACES:
    for form in FORMATS:
        add_case(f"image_signature_{form}_on_{kind}", signs_and_verifies(kind, form))
        add_case(f"attestation_{form}_on_{kind}_and_it_is_no_image_signature", attests_and_verifies(kind, form))


def key_kind_works(kind):
    def test():
        place, keys = Place("layout"), Keys(kind)
        place.put_small_image()
        sign(place.ref, keys, "both")
        verify(place.ref, keys)
    return test


for kind in KEY_KINDS:
    add_case(f"key_{kind.replace('-', '_')}_signs_and_verifies", key_kind_works(kind))


@case
def a_plain_pkcs8_key_and_one_from_the_environment_sign_alike():
    place, keys = Place("layout"), PlainKeys()
    place.put_small_image()
    expect(DONE, "bulla-sign", "image", "--key", "env://A_KEY", place.ref, env={"A_KEY": read(keys.private).decode()})
    verify(place.ref, keys)


@case
def public_key_prints_what_keygen_wrote():
    keys = Keys()
    ran = expect(DONE, "bulla-sign", "public-key", "--key", keys.private)
    check_equal(ran.raw_out, read(keys.public), "public key")


@case
def keygen_writes_the_private_key_for_its_owner_only_and_replaces_nothing():
    keys = Keys()
    check_equal(os.stat(keys.private).st_mode & 0o777, 0o600, "mode of the private key")
    before = read(keys.private)
    refuse(USAGE, "exists", "bulla-sign", "keygen", "--output-key-prefix", keys.private.removesuffix(".key"))
    check_equal(read(keys.private), before, "the private key")


@case
def a_blob_is_signed_and_verified_and_a_changed_one_is_refused():
    folder, keys = temp_dir(), Keys()
    blob, bundle = write(f"{folder}/blob", b"bytes\x00\xff"), f"{folder}/out.sigstore.json"
    expect(DONE, "bulla-sign", "blob", "--key", keys.private, "--bundle", bundle, blob)
    expect(DONE, "bulla-verify", "blob", "--key", keys.public, "--bundle", bundle, blob)
    write(blob, b"bytes\x00\xfe")
    refuse(UNTRUSTED, [], "bulla-verify", "blob", "--key", keys.public, "--bundle", bundle, blob)


@case
def annotations_asked_for_must_have_been_signed():
    place, keys = Place("layout"), Keys()
    place.put_small_image()
    sign(place.ref, keys, "bundle", "-a", "env=prod", "-a", "team=a,b")
    verify(place.ref, keys, DONE, "-a", "env=prod", "-a", "team=a,b")
    verify(place.ref, keys, UNTRUSTED, "-a", "env=test")


def copies_with_evidence(form):
    def test():
        first, keys = Place("layout"), Keys()
        digest = first.put_small_image()
        sbom = sbom_of(first.ref)
        sign(first.ref, keys, form)
        attest(first.ref, keys, sbom, form)
        registry = DockerRegistry()
        remote, back = f"{registry.host}/copied/app:v1", f"oci:{temp_dir()}/back:v1"
        expect(DONE, "bulla-oci", "copy", first.ref, remote, "--recursive")
        expect(DONE, "bulla-oci", "copy", "--recursive", remote, back)
        for ref in (remote, back):
            check_in(digest, expect(DONE, "bulla-oci", "resolve", ref).out, "resolve")
            verify(ref, keys)
            verify_attestation(ref, keys)
            tree = expect(DONE, "bulla-oci", "tree", ref).out
            check_in(digest, tree, "tree")
            check_in(CYCLONEDX if form != "legacy" else "att", tree, "tree")
        # Without --recursive the image travels alone.
        bare = f"oci:{temp_dir()}/bare:v1"
        expect(DONE, "bulla-oci", "copy", remote, bare)
        verify(bare, keys, UNSIGNED)
    return test


for form in FORMATS:
    add_case(f"copy_recursive_takes_{form}_evidence_to_a_registry_and_back", copies_with_evidence(form))


@case
def tree_on_an_unsigned_image_shows_it_and_nothing_else():
    place = Place("layout")
    digest = place.put_small_image()
    check_in(digest, expect(DONE, "bulla-oci", "tree", place.ref).out, "tree")
    json_tree = expect(DONE, "bulla-oci", "tree", "-o", "json", place.ref).json()
    check(json_tree["schema"].startswith("bulla.tree/1"), str(json_tree)[:200])


@case
def the_fallback_tag_lists_every_bundle():
    place, keys = Place("docker"), Keys()
    digest = place.put_small_image()
    for _ in range(3):
        sign(place.ref, keys)
    check_in(digest.replace(":", "-"), tags_of(place.registry.host, "team/app"), "tags")
    claims = expect(DONE, "bulla-verify", "image", "--key", keys.public, "-o", "json", place.ref).json()
    check(json.dumps(claims).count('"verified"') >= 3, json.dumps(claims))


@case
def a_good_bundle_among_two_foreign_ones_is_found_and_the_others_are_reported():
    place, keys, other = Place("docker"), Keys(), Keys()
    place.put_small_image()
    for signer in (other, keys, other):
        sign(place.ref, signer)
    ran = expect(DONE, "bulla-verify", "image", "--key", keys.public, "-o", "json", place.ref)
    check_equal(ran.json()["schema"], "bulla.verification/1", "schema")


@case
def an_sbom_of_one_platform_is_attached_to_that_manifest_and_said_so():
    folder, keys = temp_dir(), Keys()
    _, index, amd64, arm64 = small_index(folder)
    sbom = f"{folder}/sbom.json"
    expect(DONE, "bulla-sbom", "create", "--platform", "linux/arm64", f"oci:{folder}:latest", "-o", f"cyclonedx-json={sbom}")
    class Pair:  # the same key for every call below
        private, public = keys.private, keys.public
    ran = attest(f"oci:{folder}:latest", Pair, sbom)
    check_in(arm64, ran.out + ran.err, "where the attestation went")
    verify_attestation(f"oci:{folder}@{arm64}", Pair)
    verify_attestation(f"oci:{folder}:latest", Pair, DONE, "--platform", "linux/arm64")
    verify_attestation(f"oci:{folder}:latest", Pair, UNSIGNED, "--platform", "linux/amd64")


@case
def an_sbom_of_another_image_is_not_attached():
    folder, other, keys = temp_dir(), temp_dir(), Keys()
    small_image(folder)
    layout = Layout(other)
    layout.tag(layout.image([layout.layer(small_rootfs()[0])]))
    before = files_under(other)
    refuse(INPUT, [], "bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", "--predicate",
           sbom_of(f"oci:{folder}:latest"), f"oci:{other}:latest")
    check_equal(files_under(other), before, "the layout")


@case
def recursive_signs_an_index_and_its_children_and_verify_says_which_carried_it():
    folder, keys = temp_dir(), Keys()
    _, index, amd64, arm64 = small_index(folder)
    sign(f"oci:{folder}:latest", keys)
    verify(f"oci:{folder}@{index}", keys)
    verify(f"oci:{folder}@{amd64}", keys, UNSIGNED)
    carried = verify(f"oci:{folder}:latest", keys, DONE, "--platform", "linux/amd64").out
    check_in("index", carried, "which one carried the evidence")
    sign(f"oci:{folder}:latest", keys, "bundle", "--recursive")
    for digest in (index, amd64, arm64):
        verify(f"oci:{folder}@{digest}", keys)


@case
def what_sign_prints_for_our_own_verify_works_as_printed():
    place, keys = Place("layout"), Keys()
    place.put_small_image()
    line = sign(place.ref, keys, "bundle", "-o", "json").json()["verify"]["bulla"].split()
    check_equal(line[0], "bulla-verify", "first word")
    expect(DONE, *line)


@case
def json_results_name_their_schema():
    place, keys = Place("layout"), Keys()
    place.put_small_image()
    for arguments in (("bulla-oci", "resolve"), ("bulla-oci", "inspect"), ("bulla-oci", "tree"),
                      ("bulla-sign", "image", "--key", keys.private), ("bulla-verify", "image", "--key", keys.public)):
        document = expect(DONE, *arguments, "-o", "json", place.ref).json()
        check(list(document)[0] == "schema" and document["schema"].startswith("bulla.") and document["schema"].endswith("/1"),
              f"{arguments[:2]}: {document.get('schema')}")


if __name__ == "__main__":
    main()
