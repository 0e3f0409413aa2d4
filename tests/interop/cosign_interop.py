#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cosign 3.1.3 and Bulla accept each other's key signatures and attestations, on a registry without and on
one with the referrers API. No log entry anywhere: everything stays on this machine."""
import os
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (DONE, PASSWORD, UNSIGNED, UNTRUSTED, Failure, add_case, case, check, check_equal, check_in, environment, expect, main,  # noqa: E402
                       program, read, read_json, run, temp_dir, tool, write)
from sealing import FORMATS, KEY_KINDS, Keys, Place, PlainKeys, attest, sbom_of, sign, verify, verify_attestation  # noqa: E402

REGISTRIES = ("docker", "referrers")
SIGN_OFFLINE = ("--use-signing-config=false", "--tlog-upload=false", "--yes")
OLD = ("--new-bundle-format=false",)


def cosign(*arguments, code=0, env=None, stdin=b"", cwd=None):
    """Runs cosign and demands an exit code; None means any failure."""
    ran = run(tool("cosign"), *arguments, env=env, stdin=stdin, cwd=cwd)
    if ran.code != code if code is not None else ran.code == 0:
        raise Failure(f"cosign ended with {ran.code}, expected {'a refusal' if code is None else code}\n{ran}")
    return ran


def cosign_flags(form):
    """How cosign looks for what we wrote in this format. Once a bundle is there, it reads bundles only."""
    return OLD if form == "legacy" else ()


# ---- we sign, cosign verifies

def cosign_accepts_ours(registry, kind, form):
    def test():
        place, keys, other = Place(registry), Keys(kind), Keys()
        place.put_small_image()
        sbom = sbom_of(place.ref)
        sign(place.ref, keys, form)
        cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", *cosign_flags(form), place.ref)
        cosign("verify", "--key", other.public, "--insecure-ignore-tlog", *cosign_flags(form), place.ref, code=None)
        if form == "both":
            cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", *OLD, place.ref)
        attest(place.ref, keys, sbom, form)
        ran = cosign("verify-attestation", "--key", keys.public, "--type", "cyclonedx", "--insecure-ignore-tlog", *cosign_flags(form), place.ref)
        check_in("payload", ran.out, "the attestation")
    return test


for registry in REGISTRIES:
    for form in FORMATS:
        for kind in KEY_KINDS:
            add_case(f"cosign_accepts_our_{form}_by_{kind.replace('-', '_')}_on_{registry}", cosign_accepts_ours(registry, kind, form))


def printed_line_works(registry, form):
    def test():
        place, keys = Place(registry), Keys()
        place.put_small_image()
        for ran, command in ((sign(place.ref, keys, form), "verify"), (attest(place.ref, keys, sbom_of(place.ref), form), "verify-attestation")):
            lines = [line.strip() for line in (ran.out + ran.err).splitlines() if line.strip().startswith(f"cosign {command} ")]
            check_equal(len(lines), 1, f"cosign lines printed\n{ran}")
            check_in("--insecure-ignore-tlog", lines[0], "the printed line")
            cosign(*shlex.split(lines[0])[1:])
            if command == "verify":
                check_in("ignoreTlog: true", ran.out + ran.err, "the Kyverno setting")
    return test


for registry in REGISTRIES:
    for form in FORMATS:
        add_case(f"the_printed_cosign_line_accepts_our_{form}_on_{registry}", printed_line_works(registry, form))


@case
def signed_annotations_agree_both_ways():
    for form in ("bundle", "legacy"):
        place, keys = Place("docker"), Keys()
        place.put_small_image()
        sign(place.ref, keys, form, "-a", "env=a<b&c>\u00e9", "-a", "two=x")
        cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", *cosign_flags(form), "-a", "env=a<b&c>\u00e9", place.ref)
        cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", *cosign_flags(form), "-a", "env=other", place.ref, code=None)
        place.put_small_image()
        cosign("sign", "--key", keys.private, *SIGN_OFFLINE, *cosign_flags(form), "-a", "who=cosign<1>", place.ref)
        verify(place.ref, keys, DONE, "-a", "who=cosign<1>")


# ---- cosign signs, we verify

# cosign's own key files are P-256; the others come in through import-key-pair.
PEM_KEYS = {"ecdsa_p256": ("EC", "ec_paramgen_curve:P-256"), "ecdsa_p384": ("EC", "ec_paramgen_curve:P-384"),
            "ecdsa_p521": ("EC", "ec_paramgen_curve:P-521"), "rsa": ("RSA", "rsa_keygen_bits:2048"), "ed25519": ("ED25519", None)}


class CosignKeys:
    """A pair that cosign wrote: made by itself, or an openssl key imported by it."""

    def __init__(self, kind="own"):
        self.folder = temp_dir()
        if kind == "own":
            cosign("generate-key-pair", "--output-key-prefix", "own", cwd=self.folder)
            prefix = "own"
        else:
            plain = PlainKeys(*PEM_KEYS[kind])
            cosign("import-key-pair", "--key", plain.private, "--output-key-prefix", "imported", cwd=self.folder)
            prefix = "imported"
        self.private, self.public = (os.path.join(self.folder, f"{prefix}.{end}") for end in ("key", "pub"))


def we_accept_cosigns(registry, kind, form):
    def test():
        place, keys, other = Place(registry), CosignKeys(kind), Keys()
        digest = place.put_small_image()
        cosign("sign", "--key", keys.private, *SIGN_OFFLINE, *cosign_flags(form), place.at(digest))
        verify(place.ref, keys)
        verify(place.ref, other, UNTRUSTED)
        sbom = sbom_of(place.ref)
        verify_attestation(place.ref, keys, UNSIGNED)
        cosign("attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", sbom, *SIGN_OFFLINE, *cosign_flags(form), place.at(digest))
        predicate = os.path.join(place.folder, "predicate.json")
        verify_attestation(place.ref, keys, DONE, "-o", f"predicate={predicate}")
        check_equal(read_json(predicate), read_json(sbom), "the predicate")
    return test


for registry in REGISTRIES:
    for form in ("bundle", "legacy"):
        for kind in ("own", *PEM_KEYS):
            add_case(f"we_accept_cosigns_{form}_by_{kind}_on_{registry}", we_accept_cosigns(registry, kind, form))


def attestation_is_no_signature(registry, form):
    def test():
        place, keys = Place(registry), CosignKeys()
        digest = place.put_small_image()
        cosign("attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", sbom_of(place.ref), *SIGN_OFFLINE, *cosign_flags(form), place.at(digest))
        verify(place.ref, keys, UNSIGNED)
        verify_attestation(place.ref, keys)
        if form == "bundle":
            # cosign itself takes it for one: this is why the case exists.
            cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", place.ref)
    return test


for registry in REGISTRIES:
    for form in ("bundle", "legacy"):
        add_case(f"an_attestation_{form}_alone_is_no_image_signature_on_{registry}", attestation_is_no_signature(registry, form))


def holds_on_a_layout_after_a_copy(registry, form):
    def test():
        place, keys = Place(registry), CosignKeys()
        digest = place.put_small_image()
        cosign("sign", "--key", keys.private, *SIGN_OFFLINE, *cosign_flags(form), place.at(digest))
        cosign("attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", sbom_of(place.ref), *SIGN_OFFLINE, *cosign_flags(form), place.at(digest))
        copy = f"oci:{temp_dir()}/copy:v1"
        expect(DONE, "bulla-oci", "copy", "--recursive", place.ref, copy)
        verify(copy, keys)
        verify_attestation(copy, keys)
        # And back into a registry of the other kind, where cosign looks again.
        other = Place("referrers" if registry == "docker" else "docker")
        expect(DONE, "bulla-oci", "copy", "--recursive", copy, other.ref)
        cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", *cosign_flags(form), other.ref)
        cosign("verify-attestation", "--key", keys.public, "--type", "cyclonedx", "--insecure-ignore-tlog", *cosign_flags(form), other.ref)
    return test


for registry in REGISTRIES:
    for form in ("bundle", "legacy"):
        add_case(f"cosigns_{form}_holds_after_a_copy_from_{registry}", holds_on_a_layout_after_a_copy(registry, form))


@case
def ours_and_cosigns_bundles_live_side_by_side():
    for registry in REGISTRIES:
        place, ours, theirs = Place(registry), Keys(), CosignKeys()
        digest = place.put_small_image()
        sign(place.ref, ours)
        cosign("sign", "--key", theirs.private, *SIGN_OFFLINE, place.at(digest))
        sign(place.ref, ours)
        for keys in (ours, theirs):
            verify(place.ref, keys)
            cosign("verify", "--key", keys.public, "--insecure-ignore-tlog", place.ref)


# ---- evidence in another repository (COSIGN_REPOSITORY)

def elsewhere_both_ways(registry, form):
    def test():
        place, ours, theirs = Place(registry), Keys(), CosignKeys()
        digest = place.put_small_image()
        repository = f"{place.registry.host}/evidence/all"
        env = {"COSIGN_REPOSITORY": repository}
        sbom = sbom_of(place.ref)
        # We write; the printed line, with the variable in it, is what makes cosign accept it.
        for ran, command in ((sign(place.ref, ours, form, "--evidence-repository", repository), "verify"),
                             (attest(place.ref, ours, sbom, form, "--evidence-repository", repository), "verify-attestation")):
            lines = [line.strip() for line in ran.out.splitlines() if f" cosign {command} " in f" {line}"]
            check_equal(len(lines), 1, f"cosign lines printed\n{ran}")
            variable, *words = shlex.split(lines[0])
            check_equal(variable, f"COSIGN_REPOSITORY={repository}", "the printed variable")
            cosign(*words[1:], *cosign_flags(form), env=env)
            cosign(*words[1:], *cosign_flags(form), code=None)
            mine = [line.strip() for line in ran.out.splitlines() if line.strip().startswith("bulla-verify ")]
            expect(DONE, *shlex.split(mine[0]))
        # cosign writes beside it, and we find it there and not beside the image.
        cosign("sign", "--key", theirs.private, *SIGN_OFFLINE, *cosign_flags(form), place.at(digest), env=env)
        cosign("attest", "--key", theirs.private, "--type", "cyclonedx", "--predicate", sbom, *SIGN_OFFLINE, *cosign_flags(form), place.at(digest), env=env)
        for keys in (ours, theirs):
            verify(place.ref, keys, DONE, "--evidence-repository", repository)
            verify_attestation(place.ref, keys, DONE, env=env)
            verify(place.ref, keys, UNSIGNED)
    return test


for registry in REGISTRIES:
    for form in ("bundle", "legacy"):
        add_case(f"{form}_evidence_in_another_repository_both_ways_on_{registry}", elsewhere_both_ways(registry, form))


# ---- key files and blobs

@case
def cosign_reads_our_key_files_of_every_kind():
    for kind in KEY_KINDS:
        keys = Keys(kind)
        printed = cosign("public-key", "--key", keys.private).raw_out
        check_equal(printed.strip(), read(keys.public).strip(), kind)
        cosign("public-key", "--key", keys.private, env={"COSIGN_PASSWORD": "wrong"}, code=None)


@case
def we_read_cosigns_key_files_of_every_kind():
    for kind in ("own", *PEM_KEYS):
        keys = CosignKeys(kind)
        printed = expect(DONE, "bulla-sign", "public-key", "--key", keys.private).raw_out
        check_equal(printed.strip(), read(keys.public).strip(), kind)


def blobs(kind):
    def test():
        folder = temp_dir()
        blob, bundle = write(f"{folder}/blob", b"some bytes\x00"), f"{folder}/bundle.json"
        keys = Keys(kind)
        expect(DONE, "bulla-sign", "blob", "--key", keys.private, "--bundle", bundle, blob)
        cosign("verify-blob", "--key", keys.public, "--bundle", bundle, "--insecure-ignore-tlog", blob)
        back = f"{folder}/back.json"
        cosign("sign-blob", "--key", keys.private, *SIGN_OFFLINE, "--bundle", back, blob)
        expect(DONE, "bulla-verify", "blob", "--key", keys.public, "--bundle", back, blob)
        write(blob, b"other bytes")
        cosign("verify-blob", "--key", keys.public, "--bundle", bundle, "--insecure-ignore-tlog", blob, code=None)
        expect(UNTRUSTED, "bulla-verify", "blob", "--key", keys.public, "--bundle", back, blob)
    return test


for kind in KEY_KINDS:
    add_case(f"blobs_by_{kind.replace('-', '_')}_both_ways", blobs(kind))


if __name__ == "__main__":
    main()
