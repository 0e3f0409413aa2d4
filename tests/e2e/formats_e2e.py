#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every JSON result is what its schema under docs/formats says."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, UNSIGNED, UNTRUSTED, add_case, expect, main, temp_dir  # noqa: E402
from layout import small_image  # noqa: E402
from schemas import valid  # noqa: E402
from sealing import Keys, attest, sbom_of, sign  # noqa: E402


def sealed():
    folder = temp_dir()
    small_image(os.path.join(folder, "image"), "v1")
    ref, keys = f"oci:{folder}/image:v1", Keys()
    sign(ref, keys, "both", "-a", "env=prod")
    attest(ref, keys, sbom_of(ref), "both")
    return folder, ref, keys


def schema_holds(name, code, *command):
    def test():
        folder, ref, keys = sealed()
        words = {"REF": ref, "PRIVATE": keys.private, "PUBLIC": keys.public, "OTHER": Keys().public, "COPY": f"oci:{folder}/copy:v2",
                 "BARE": f"oci:{folder}/bare:v1", "DIR": f"oci:{folder}/image",
                 "BARE_DIR": f"oci:{folder}/bare", "ELSEWHERE": f"oci:{folder}/elsewhere"}
        small_image(os.path.join(folder, "bare"), "v1")
        valid(name, expect(code, *[words.get(word, word) for word in command], "-o", "json"))
    return test


for case_name, name, code, *command in (
    ("resolve", "resolve", DONE, "bulla-oci", "resolve", "REF"),
    ("inspect", "inspect", DONE, "bulla-oci", "inspect", "REF"),
    ("tree", "tree", DONE, "bulla-oci", "tree", "REF"),
    ("copy", "copy", DONE, "bulla-oci", "copy", "--recursive", "REF", "COPY"),
    ("list", "list", DONE, "bulla-oci", "list", "DIR"),
    ("attach", "attach", DONE, "bulla-oci", "attach", "--type", "text/x", "REF", "PUBLIC", "PRIVATE"),
    ("signature", "signature", DONE, "bulla-sign", "image", "--key", "PRIVATE", "REF"),
    ("verification", "verification", DONE, "bulla-verify", "image", "--key", "PUBLIC", "REF"),
    ("signature_elsewhere", "signature", DONE, "bulla-sign", "image", "--key", "PRIVATE", "--evidence-repository", "ELSEWHERE", "REF"),
    ("verification_elsewhere", "verification", UNSIGNED, "bulla-verify", "image", "--key", "PUBLIC", "--evidence-repository", "BARE_DIR", "REF"),
    ("verification_of_an_attestation", "verification", DONE, "bulla-verify", "attestation", "--type", "cyclonedx", "--key", "PUBLIC", "REF"),
    ("verification_untrusted", "verification", UNTRUSTED, "bulla-verify", "image", "--key", "OTHER", "REF"),
    ("verification_unsigned", "verification", UNSIGNED, "bulla-verify", "image", "--key", "PUBLIC", "BARE"),
):
    add_case(f"{case_name}_json_is_as_its_schema_says", schema_holds(name, code, *command))


if __name__ == "__main__":
    main()
