#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Credentials: Basic over TLS, and Bearer tokens whose scope and expiry the registry enforces."""
import json
import os
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, INPUT, UNAVAILABLE, UNSIGNED, case, check, check_equal, check_in, expect, main, refuse, run, temp_dir, write  # noqa: E402
from layout import small_image  # noqa: E402
from sealing import Keys, attest, sbom_of, sign, verify, verify_attestation  # noqa: E402
from servers import READER, WRITER, DockerRegistry, FaultyRegistry, TokenIssuer, docker_config  # noqa: E402


def source():
    folder = temp_dir()
    return f"oci:{folder}:latest", small_image(folder)[1]


def whole_line(ref, env):
    """Copy, SBOM, sign, attest and verify with these credentials."""
    keys = Keys()
    expect(DONE, "bulla-oci", "copy", source()[0], ref, env=env)
    sbom = sbom_of(ref, env=env)
    sign(ref, keys, "both", env=env)
    attest(ref, keys, sbom, env=env)
    verify(ref, keys, env=env)
    verify_attestation(ref, keys, env=env)


@case
def the_whole_line_works_with_basic_credentials_over_tls():
    registry = DockerRegistry("htpasswd")
    env = {**docker_config(temp_dir(), registry.host, WRITER), "SSL_CERT_FILE": registry.certificates.ca}
    whole_line(f"{registry.host}/app:1", env)


@case
def the_whole_line_works_with_bearer_tokens():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    whole_line(f"{registry.host}/app:1", docker_config(temp_dir(), registry.host, WRITER))
    scopes = {scope for _, asked in issuer.requests for scope in asked}
    check(any("push" in scope for scope in scopes) and all(scope.startswith("repository:app:") for scope in scopes), f"scopes asked for: {scopes}")
    check(all(user == WRITER[0] for user, _ in issuer.requests), f"{issuer.requests}")


@case
def an_unknown_certificate_is_refused_whatever_the_password():
    registry = DockerRegistry("htpasswd")
    env = docker_config(temp_dir(), registry.host, WRITER)
    refuse(UNAVAILABLE, "certificate", "bulla-oci", "resolve", f"{registry.host}/app:1", env=env)


@case
def wrong_credentials_are_no_answer_and_say_so():
    registry = DockerRegistry("htpasswd")
    for user in (("writer", "wrong"), None):
        env = {"SSL_CERT_FILE": registry.certificates.ca}
        if user:
            env |= docker_config(temp_dir(), registry.host, user)
        ran = refuse(UNAVAILABLE, registry.host, "bulla-oci", "copy", source()[0], f"{registry.host}/app:1", env=env)
        check("wrong" not in ran.err.replace("wrong user", ""), f"the password is in the message\n{ran}")
    check_equal(registry.blob_files(), [], "blobs in the registry")


@case
def wrong_credentials_at_the_token_issuer_are_no_answer():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    keys = Keys()
    env = docker_config(temp_dir(), registry.host, ("writer", "not-the-secret"))
    ran = refuse(UNAVAILABLE, [], "bulla-verify", "image", "--key", keys.public, f"{registry.host}/app:1", env=env)
    check("not-the-secret" not in ran.err, f"the password is in the message\n{ran}")


@case
def a_reader_can_verify_and_cannot_push():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    ref, keys = f"{registry.host}/app:1", Keys()
    writer, reader = (docker_config(temp_dir(), registry.host, user) for user in (WRITER, READER))
    expect(DONE, "bulla-oci", "copy", source()[0], ref, env=writer)
    verify(ref, keys, UNSIGNED, env=reader)
    refuse(UNAVAILABLE, [], "bulla-sign", "image", "--key", keys.private, ref, env=reader)
    verify(ref, keys, UNSIGNED, env=writer)


@case
def verifying_asks_for_a_token_that_can_only_pull():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    ref, keys = f"{registry.host}/app:1", Keys()
    env = docker_config(temp_dir(), registry.host, WRITER)
    expect(DONE, "bulla-oci", "copy", source()[0], ref, env=env)
    issuer.requests.clear()
    verify(ref, keys, UNSIGNED, env=env)
    check_equal({scope for _, asked in issuer.requests for scope in asked}, {"repository:app:pull"}, "scopes")


def copy_within(registry, env=None):
    """Copies an image to a second repository of the same registry; what the copy says it did."""
    first, second = f"{registry.host}/first:1", f"{registry.host}/second:1"
    expect(DONE, "bulla-oci", "copy", source()[0], first, env=env)
    copied = json.loads(expect(DONE, "bulla-oci", "copy", "-o", "json", first, second, env=env).out)
    check_equal(expect(DONE, "bulla-oci", "resolve", second, env=env).out.strip(), source()[1], "the copy")
    return copied


@case
def a_copy_within_a_registry_mounts_its_blobs():
    registry = DockerRegistry()
    copied = copy_within(registry)
    check_equal((copied["blobsMounted"], copied["blobsSent"], copied["bytesSent"]), (3, 0, 0), "mounted, sent")
    check_equal(registry.uploads(), [], "uploads left")


@case
def a_mount_asks_for_a_token_that_reads_the_other_repository():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    copied = copy_within(registry, docker_config(temp_dir(), registry.host, WRITER))
    check_equal((copied["blobsMounted"], copied["blobsSent"]), (3, 0), "mounted, sent")
    both = {"repository:second:pull,push", "repository:first:pull"}
    check(any(set(asked) == both for _, asked in issuer.requests), f"{issuer.requests}")


@case
def a_mount_that_is_refused_does_not_fail_the_copy():
    issuer = TokenIssuer(one_repository=True)
    registry = DockerRegistry(issuer)
    copied = copy_within(registry, docker_config(temp_dir(), registry.host, WRITER))
    check_equal((copied["blobsMounted"], copied["blobsSent"]), (0, 3), "mounted, sent")
    check_equal(registry.uploads(), [], "uploads left")


@case
def nothing_is_mounted_from_another_registry():
    registry, other = DockerRegistry(), DockerRegistry()
    expect(DONE, "bulla-oci", "copy", source()[0], f"{registry.host}/app:1")
    front = FaultyRegistry(other.host, lambda *_: None)
    expect(DONE, "bulla-oci", "copy", f"{registry.host}/app:1", f"{front.host}/second:1")
    check(not any("from=" in path for _, path, _ in front.requests), f"{front.written()}")


@case
def an_expired_token_is_asked_for_again():
    issuer = TokenIssuer(expired_first=1)
    registry = DockerRegistry(issuer)
    env = docker_config(temp_dir(), registry.host, WRITER)
    expect(DONE, "bulla-oci", "copy", source()[0], f"{registry.host}/app:1", env=env)
    check(len(issuer.requests) >= 2, f"{issuer.requests}")


@case
def a_credential_helper_is_asked_and_its_secret_used():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    folder = temp_dir()
    helper = write(f"{folder}/bin/docker-credential-test",
                   f'#!/bin/sh\nread host\n[ "$1 $host" = "get {registry.host}" ] || exit 1\n'
                   f'echo \'{{"ServerURL":"{registry.host}","Username":"{WRITER[0]}","Secret":"{WRITER[1]}"}}\'\n')
    os.chmod(helper, 0o755)
    write(f"{folder}/config.json", f'{{"credHelpers":{{"{registry.host}":"test"}}}}')
    env = {"DOCKER_CONFIG": folder, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
    expect(DONE, "bulla-oci", "copy", source()[0], f"{registry.host}/app:1", env=env)


@case
def credentials_do_not_follow_a_redirect_to_another_host():
    seen = []

    def elsewhere(method, path, body):
        return 200, [("Content-Type", "application/octet-stream")], b"{}"
    registry = DockerRegistry()
    other = FaultyRegistry(registry.host, elsewhere)
    # The second host has another name for the same machine, and another port.
    front = FaultyRegistry(registry.host, lambda method, path, body: (
        (307, [("Location", f"http://localhost:{other.port}{path}")], b"") if "/blobs/" in path and method == "GET" else None))
    expect(DONE, "bulla-oci", "copy", source()[0], f"{registry.host}/app:1")
    env = docker_config(temp_dir(), front.host, WRITER)
    run("bulla-sbom", "create", f"{front.host}/app:1", env=env)
    check(other.requests, "the redirect was not followed")
    for _, _, headers in other.requests:
        check(not any(name.lower() == "authorization" for name in headers), f"Authorization went to another host: {headers}")


@case
def plain_http_needs_to_be_asked_for_off_loopback():
    """Seen by a proxy: a host elsewhere is asked for a TLS tunnel, and for plain http only with --plain-http."""
    proxy = FaultyRegistry("127.0.0.1:1", lambda *_: (503, [], b""))
    env = {name: f"http://{proxy.host}" for name in ("http_proxy", "https_proxy")}
    for flags, methods in (((), {"CONNECT"}), (("--plain-http",), {"GET", "HEAD"})):
        proxy.requests.clear()
        refuse(UNAVAILABLE, [], "bulla-oci", "resolve", "--timeout", "5s", *flags, "registry.invalid/app:1", env=env)
        seen = {method for method, _, _ in proxy.requests}
        check(seen and seen <= methods, f"{flags}: {proxy.requests}")


if __name__ == "__main__":
    main()
