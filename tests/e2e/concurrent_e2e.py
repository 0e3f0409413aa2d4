#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Eight processes sign one image at the same moment, each with a key of its own: what was reported as stored
is there afterwards. BULLA_ROUNDS sets how often each case is repeated (on a fresh image each time)."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, Failure, add_case, check_equal, environment, expect, main, program, write  # noqa: E402
from sealing import PLACES, Place, PlainKeys  # noqa: E402

SIGNERS = 8
ROUNDS = int(os.environ.get("BULLA_ROUNDS", "2"))
MOST_SECONDS = 60


def all_at_once(commands):
    """Runs commands side by side and demands success of each: none of them may give up either."""
    env = environment()
    running = [subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for command in commands]
    try:
        errors = [process.communicate(timeout=MOST_SECONDS)[1].decode() for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    for process, error in zip(running, errors):
        check_equal(process.returncode, 0, f"exit status of a signer; it said:\n{error}")


def lost_signers(confirm, signers):
    lost = []
    for number, keys in enumerate(signers):
        try:
            confirm(keys)
        except Failure as failure:
            lost.append(f"signer {number}: {failure}")
    return lost


def nothing_is_lost(kind, form, what):
    def test():
        signers = [PlainKeys() for _ in range(SIGNERS)]
        for number in range(ROUNDS):
            place = Place(kind)
            place.put_small_image()
            options, kind_of_evidence = ["--signature-format", form], []
            if what == "attest":
                kind_of_evidence = ["--type", "https://example.org/claim"]
                options += ["--predicate", write(os.path.join(place.folder, "claim.json"), '{"is":"so"}')]
            command = "attestation" if what == "attest" else "image"
            all_at_once([[program("bulla-sign"), what, "--key", keys.private, *kind_of_evidence, *options, place.ref] for keys in signers])
            lost = lost_signers(lambda keys: expect(DONE, "bulla-verify", command, "--key", keys.public, *kind_of_evidence, place.ref), signers)
            check_equal(lost, [], f"reported and lost, round {number + 1} of {ROUNDS}")
    return test


for kind in PLACES:
    for form in ("legacy", "bundle"):
        add_case(f"eight_signers_at_once_lose_no_{form}_signature_on_{kind}", nothing_is_lost(kind, form, "image"))
add_case("eight_signers_at_once_lose_no_legacy_attestation_on_docker", nothing_is_lost("docker", "legacy", "attest"))


if __name__ == "__main__":
    main()
