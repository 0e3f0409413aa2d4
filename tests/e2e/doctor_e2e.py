#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""bulla doctor in environments made for it: every problem is found, has a hint, and shows no secret."""
import base64
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import BIN, DONE, NO, USAGE, case, check, check_equal, check_in, expect, main, refuse, temp_dir, write  # noqa: E402
from schemas import valid  # noqa: E402
from servers import WRITER, DockerRegistry, docker_config, free_port  # noqa: E402


def report(code, *arguments, program="bulla", env=None):
    """The findings by what was looked at; the JSON is as its schema says."""
    ran = expect(code, program, "doctor", *arguments, "-o", "json", env=env)
    valid("doctor", ran)
    document = ran.json()
    check_equal(document["healthy"], code == DONE, "healthy")
    findings = {}
    for finding in document["findings"]:
        findings.setdefault(finding["check"], []).append(finding)
    return findings


def facts(finding):
    return {fact["label"]: fact["value"] for fact in finding["facts"]}


def script(folder, name, text):
    path = write(os.path.join(folder, name), "#!/bin/sh\n" + text)
    os.chmod(path, 0o755)
    return path


@case
def a_machine_in_order_is_exit_0():
    home = temp_dir()
    write(os.path.join(home, "cache", "bulla", "x"), b"0" * (3 << 20))
    config = write(os.path.join(home, "bulla", "config.toml"), "jobs = 2\n")
    found = report(DONE, env={"XDG_CACHE_HOME": os.path.join(home, "cache"), "XDG_CONFIG_HOME": home})
    check_equal(sorted(found), ["cache", "certificates", "config", "credentials", "kernel", "peers", "programs"], "what was looked at")
    check_equal(found["cache"][0]["text"], f"{home}/cache/bulla, 3 MiB", "cache")
    check_equal(found["config"][0]["text"], config, "config")
    kernel = os.uname()
    check_equal(found["kernel"][0]["text"], f"{kernel.sysname} {kernel.release}, {kernel.machine}", "kernel")
    programs = facts(found["programs"][0])
    check_equal(sorted(programs), ["bulla", "bulla-oci", "bulla-sbom", "bulla-sign", "bulla-verify"], "programs")
    version = expect(DONE, "bulla", "--version").out.split(" ", 1)[1].strip()
    check_equal(programs["bulla-oci"], f"{version}, {BIN}/bulla-oci", "bulla-oci")
    text = expect(DONE, "bulla", "doctor").out
    for check_name in found:
        check_in(f" {check_name} ", text, "text")


@case
def a_missing_program_and_one_of_another_version_are_problems():
    folder = temp_dir()
    shutil.copy(os.path.join(BIN, "bulla"), folder)
    for name in ("bulla-oci", "bulla-sbom", "bulla-sign"):
        script(folder, name, f'exec {BIN}/{name} "$@"')
    program = os.path.join(folder, "bulla")
    found = report(NO, program=program, env={"PATH": "/usr/bin:/bin"})
    check_equal(facts(found["programs"][0])["bulla-verify"], "not installed", "bulla-verify")
    script(folder, "bulla-verify", "echo bulla-verify 0.0.9")
    found = report(NO, program=program)
    check_equal(found["programs"][0]["text"], "they are not of one version", "text")
    check_in("0.0.9", facts(found["programs"][0])["bulla-verify"], "version")
    # A bulla-oci that gives no report is a problem too, and not a silent hole.
    script(folder, "bulla-verify", f'exec {BIN}/bulla-verify "$@"')
    script(folder, "bulla-oci", 'if [ "$1" = --version ]; then exec ' + os.path.join(BIN, "bulla-oci") + ' --version; fi; echo broken >&2; exit 70')
    found = report(NO, program=program)
    check_equal(facts(found["bulla-oci"][0]), {"it says": "broken"}, "bulla-oci")
    check_equal(found["programs"][0]["level"], "ok", "programs")


@case
def credentials_are_listed_and_never_shown():
    folder, helpers = temp_dir(), temp_dir()
    secret = base64.b64encode(b"ci:TOPSECRET").decode()
    write(os.path.join(folder, "config.json"), json.dumps({
        "auths": {"ghcr.example": {"auth": secret}, "id.example": {"identitytoken": "TOPSECRET"}, "empty.example": {}},
        "credHelpers": {"ecr.example": "mine"}}))
    marker = os.path.join(helpers, "ran")
    script(helpers, "docker-credential-mine", f"touch {marker}")
    env = {"DOCKER_CONFIG": folder, "PATH": helpers + ":" + os.environ["PATH"]}
    ran = expect(DONE, "bulla", "doctor", "-o", "json", env=env)
    check("TOPSECRET" not in ran.out + ran.err and secret not in ran.out + ran.err, "a secret is shown")
    found = report(DONE, env=env)
    check_equal(found["credentials"][0]["text"], os.path.join(folder, "config.json"), "place")
    check_equal(facts(found["credentials"][0]), {"ghcr.example": "password", "id.example": "identity token", "empty.example": "empty",
                                                 "ecr.example": "docker-credential-mine"}, "entries")
    check(not os.path.exists(marker), "a credential helper was run")
    found = report(NO, env={"DOCKER_CONFIG": folder})
    check_in("docker-credential-mine", found["credentials"][0]["hint"], "hint")
    write(os.path.join(folder, "config.json"), '{"auths": TOPSECRET')
    found = report(NO, env={"DOCKER_CONFIG": folder})
    check_equal(found["credentials"][0]["level"], "problem", "level of a broken file")
    check("TOPSECRET" not in str(found), "a secret is shown")


@case
def missing_certificates_are_a_problem():
    empty = temp_dir()
    found = report(NO, env={"SSL_CERT_FILE": os.path.join(empty, "none.pem")})
    check_equal(found["certificates"][0]["level"], "problem", "level")
    check_in("SSL_CERT_FILE", found["certificates"][0]["hint"], "hint")
    bundle = "/etc/ssl/certs/ca-certificates.crt"
    found = report(DONE, env={"SSL_CERT_FILE": bundle})
    wanted = open(bundle, encoding="ascii", errors="replace").read().count("BEGIN CERTIFICATE")
    check_equal(facts(found["certificates"][0])["SSL_CERT_FILE"], f"{wanted} certificates in {bundle}", "certificates")


@case
def a_registry_is_asked_when_it_is_named():
    registry = DockerRegistry()
    found = report(DONE, registry.host)
    check_equal(found["registry"][0]["text"], f"{registry.host} answers, without credentials", "text")
    check_equal(facts(found["registry"][0]), {"asked": f"http://{registry.host}/v2/", "status": "200"}, "facts")
    check_equal(report(DONE, f"{registry.host}/team/app:1")["registry"], found["registry"], "of an image's name")
    nobody = f"127.0.0.1:{free_port()}"
    check_equal(report(NO, nobody)["registry"][0]["level"], "problem", "level")
    check_equal(report(NO, "--offline", registry.host)["registry"][0]["level"], "problem", "level offline")
    refuse(USAGE, "expected a registry", "bulla", "doctor", "alpine")


@case
def credentials_and_certificates_are_tried_on_the_registry():
    registry = DockerRegistry("htpasswd")
    trusted = {"SSL_CERT_FILE": registry.certificates.ca}
    check_equal(report(NO, registry.host)["registry"][0]["level"], "problem", "level with a foreign certificate")
    found = report(NO, registry.host, env=trusted)
    check_in("demands credentials", found["registry"][0]["text"], "text without credentials")
    check_in("bulla-oci login", found["registry"][0]["hint"], "hint without credentials")
    found = report(DONE, registry.host, env={**trusted, **docker_config(temp_dir(), registry.host, WRITER)})
    check_equal(found["registry"][0]["text"], f"{registry.host} answers, and takes the credentials", "text")
    found = report(NO, registry.host, env={**trusted, **docker_config(temp_dir(), registry.host, (WRITER[0], "wrong"))})
    check_in("refuses the credentials", found["registry"][0]["text"], "text")
    check_in("bulla-oci login", found["registry"][0]["hint"], "hint")


if __name__ == "__main__":
    main()
