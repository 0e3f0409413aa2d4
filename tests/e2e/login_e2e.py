#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Logging in and out: checked with the registry, kept where others find it, and gone afterwards."""
import json
import pty
import stat
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, UNAVAILABLE, USAGE, case, check, check_equal, check_in, environment, expect, main, program, read, refuse, temp_dir, write  # noqa: E402
from layout import small_image  # noqa: E402
from servers import READER, WRITER, DockerRegistry, FaultyRegistry, TokenIssuer  # noqa: E402


def login(host, user=WRITER, code=DONE, env=None, more=()):
    return expect(code, "bulla-oci", "login", "--username", user[0], "--password-stdin", *more, host, env=env, stdin=user[1] + "\n")


def push(host, env, code=DONE):
    source = temp_dir()
    small_image(source, "x")
    return expect(code, "bulla-oci", "copy", f"oci:{source}:x", f"{host}/app:1", env=env)


@case
def a_login_opens_a_registry_and_a_logout_closes_it():
    registry, folder = DockerRegistry("htpasswd"), temp_dir()
    env = {"DOCKER_CONFIG": folder, "SSL_CERT_FILE": registry.certificates.ca}
    push(registry.host, env, UNAVAILABLE)
    check_in("not encrypted", login(registry.host, env=env).err, "the message")
    check_equal(stat.S_IMODE(os.stat(f"{folder}/config.json").st_mode), 0o600, "mode")
    push(registry.host, env)
    check_in("logged out", expect(DONE, "bulla-oci", "logout", registry.host, env=env).err, "the message")
    push(registry.host, env, UNAVAILABLE)
    check_in("no login", expect(DONE, "bulla-oci", "logout", registry.host, env=env).err, "the message")


@case
def a_login_at_a_token_service_is_checked_there():
    issuer = TokenIssuer()
    registry, folder = DockerRegistry(issuer), temp_dir()
    env = {"DOCKER_CONFIG": folder}
    login(registry.host, (WRITER[0], "wrong"), UNAVAILABLE, env=env)
    check(not os.path.exists(f"{folder}/config.json"), "a refused login was kept")
    login(registry.host, env=env)
    push(registry.host, env)


@case
def what_the_registry_refuses_is_not_kept_and_not_told():
    registry, folder = DockerRegistry("htpasswd"), temp_dir()
    kept = write(f"{folder}/config.json", '{"auths":{}}')
    env = {"DOCKER_CONFIG": folder, "SSL_CERT_FILE": registry.certificates.ca}
    ran = refuse(UNAVAILABLE, "refuses", "bulla-oci", "login", "-u", "writer", "--password-stdin", registry.host, env=env, stdin="s3cretX")
    check("s3cretX" not in ran.err, f"{ran}")
    refuse(UNAVAILABLE, "certificate", "bulla-oci", "login", "-u", WRITER[0], "--password-stdin", registry.host, stdin=WRITER[1],
           env={"DOCKER_CONFIG": folder})
    refuse(UNAVAILABLE, [], "bulla-oci", "login", "--offline", "-u", WRITER[0], "--password-stdin", registry.host, stdin=WRITER[1], env=env)
    check_equal(read(kept), b'{"auths":{}}', "the file")


@case
def a_password_goes_over_plain_http_on_this_machine_only():
    proxy = FaultyRegistry("127.0.0.1:1", lambda *_: (401, [("WWW-Authenticate", "Basic realm=x")], b""))
    env = {"http_proxy": f"http://{proxy.host}", "DOCKER_CONFIG": temp_dir()}
    refuse(USAGE, "plain http", "bulla-oci", "login", "--plain-http", "-u", "me", "--password-stdin", "registry.invalid", env=env, stdin="pw")
    check(proxy.requests, "nobody was asked")
    for _, _, headers in proxy.requests:
        check(not any(name.lower() == "authorization" for name in headers), f"{headers}")


@case
def other_content_of_the_file_stays_and_a_link_stays_a_link():
    registry, folder = DockerRegistry("htpasswd"), temp_dir()
    before = '{\n\t"z": 1.0,\n\t"auths": {\n\t\t"other.example": {"auth": "YTpi"}\n\t},\n\t"a": {"k": [1, 2e3]}\n}\n'
    real = write(f"{folder}/real/config.json", before)
    os.makedirs(f"{folder}/docker")
    os.symlink("../real/config.json", f"{folder}/docker/config.json")
    env = {"DOCKER_CONFIG": f"{folder}/docker", "SSL_CERT_FILE": registry.certificates.ca}
    login(registry.host, env=env)
    check(os.path.islink(f"{folder}/docker/config.json"), "the link was replaced")
    check_equal(sorted(json.loads(read(real))["auths"]), sorted([registry.host, "other.example"]), "entries")
    expect(DONE, "bulla-oci", "logout", registry.host, env=env)
    check_equal(read(real).decode(), before, "the file")


@case
def podmans_variable_names_the_file():
    registry, folder = DockerRegistry("htpasswd"), temp_dir()
    env = {"REGISTRY_AUTH_FILE": f"{folder}/auth.json", "DOCKER_CONFIG": f"{folder}/docker", "SSL_CERT_FILE": registry.certificates.ca}
    login(registry.host, env=env)
    check(os.path.exists(f"{folder}/auth.json") and not os.path.exists(f"{folder}/docker"), "where the login is")
    push(registry.host, env)


@case
def a_registry_that_asks_nobody_cannot_check():
    registry = DockerRegistry()
    check_in("could not be checked", login(registry.host, env={"DOCKER_CONFIG": temp_dir()}).err, "the warning")


@case
def the_password_is_asked_for_on_a_terminal_without_echo():
    registry, folder = DockerRegistry("htpasswd"), temp_dir()
    env = environment(DOCKER_CONFIG=folder, SSL_CERT_FILE=registry.certificates.ca, BULLA_PASSWORD="for keys")
    child, terminal = pty.fork()
    if child == 0:
        path = program("bulla-oci")
        os.execve(path, [path, "login", "-u", WRITER[0], registry.host], env)
    shown = b""
    while b": " not in shown:
        shown += os.read(terminal, 1024)
    os.write(terminal, WRITER[1].encode() + b"\n")
    try:
        while block := os.read(terminal, 1024):
            shown += block
    except OSError:  # the other end is closed
        pass
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    check_equal(code, 0, shown.decode(errors="replace"))
    check(WRITER[1].encode() not in shown, "the password was shown")
    push(registry.host, {"DOCKER_CONFIG": folder, "SSL_CERT_FILE": registry.certificates.ca})


@case
def a_password_is_never_an_argument_and_never_empty():
    refuse(USAGE, "--password", "bulla-oci", "login", "-u", "me", "--password", "pw", "registry.invalid")
    refuse(USAGE, "empty", "bulla-oci", "login", "-u", "me", "--password-stdin", "registry.invalid", stdin="\n")
    refuse(USAGE, "colon", "bulla-oci", "login", "-u", "a:b", "--password-stdin", "registry.invalid", stdin="pw")
    refuse(USAGE, "repository", "bulla-oci", "login", "-u", "me", "--password-stdin", "registry.invalid/app", stdin="pw")
    refuse(USAGE, "--username", "bulla-oci", "login", "--password-stdin", "registry.invalid", stdin="pw")


@case
def a_reader_who_logs_in_may_not_push():
    issuer = TokenIssuer()
    registry = DockerRegistry(issuer)
    env = {"DOCKER_CONFIG": temp_dir()}
    login(registry.host, READER, env=env)
    push(registry.host, env, UNAVAILABLE)
    login(registry.host, WRITER, env=env)
    push(registry.host, env)


if __name__ == "__main__":
    main()
