#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""crane and oras read what we copied, list the evidence we attached, and we read what they pushed."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, UNAVAILABLE, UNSIGNED, UNTRUSTED, add_case, case, check, check_equal, check_in, expect, files_under, main, read, run, temp_dir, tool, write  # noqa: E402
from layout import SMALL_PACKAGES, small_image, small_index  # noqa: E402
from servers import WRITER, DockerRegistry  # noqa: E402
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


def oras_reads_what_we_attached(registry):
    def test():
        place, folder = Place(registry), temp_dir()
        place.put_small_image()
        write(f"{folder}/in/report.json", b'{"ok":true}')
        write(f"{folder}/in/data", b"\x00\xff" * 5000)
        note = "application/vnd.example.report"
        attached = expect(DONE, "bulla-oci", "attach", "--type", note, "-a", "who=me", place.ref, f"{folder}/in/report.json:application/json",
                          f"{folder}/in/data").out.strip()
        found = json.loads(peer("oras", "discover", "--plain-http", "--format", "json", place.ref).out)["referrers"]
        check_equal([r["digest"] for r in found], [attached], "what oras discovers")
        check_equal(type_of(place, attached), note, "the type")
        peer("oras", "pull", "--plain-http", "-o", f"{folder}/out", place.at(attached))
        check_equal(files_under(f"{folder}/out"), files_under(f"{folder}/in"), "what oras pulls")
        # What oras attaches in the same way, we list and copy.
        write(f"{folder}/in/note.txt", "n")
        expect(0, tool("oras"), "attach", "--plain-http", "--artifact-type", "application/vnd.example.note", place.ref, "note.txt", cwd=f"{folder}/in")
        expect(DONE, "bulla-oci", "copy", "--recursive", place.ref, f"oci:{folder}/copy:v1")
        layout = json.loads(peer("oras", "discover", "--oci-layout", "--format", "json", f"{folder}/copy:v1").out)["referrers"]
        check_equal(len(layout), 2, "attached to the copy")
    return test


def tags_agree(registry):
    def test():
        place, source = Place(registry), _source()
        for tag in ("v2", "v10", "latest", "V1"):
            peer("crane", "push", source, f"{place.name}:{tag}")
        ours = expect(DONE, "bulla-oci", "list", place.name).out.splitlines()
        check_equal(ours, sorted(ours), "order")
        for name, arguments in (("crane", ("ls", place.name)), ("oras", ("repo", "tags", "--plain-http", place.name))):
            check_equal(sorted(peer(name, *arguments).out.split()), ours, f"the tags that {name} sees")
    return test


for registry in REGISTRIES:
    add_case(f"oras_discovers_and_pulls_what_we_attached_on_{registry}", oras_reads_what_we_attached(registry))
    add_case(f"crane_and_oras_see_the_tags_that_we_list_on_{registry}", tags_agree(registry))


@case
def oras_reads_what_we_attached_to_a_layout():
    place, folder = Place("layout"), temp_dir()
    place.put_small_image()
    write(f"{folder}/in/a.txt", "abc")
    attached = expect(DONE, "bulla-oci", "attach", "--type", "text/x", place.ref, f"{folder}/in/a.txt:text/plain").out.strip()
    image = place.ref.removeprefix("oci:")
    found = json.loads(peer("oras", "discover", "--oci-layout", "--format", "json", image).out)["referrers"]
    check_equal([r["digest"] for r in found], [attached], "what oras discovers")
    peer("oras", "pull", "--oci-layout", "-o", f"{folder}/out", f"{image.rsplit(':', 1)[0]}@{attached}")
    check_equal(files_under(f"{folder}/out"), files_under(f"{folder}/in"), "what oras pulls")


# ---- logins: each tool uses what another one kept

def bulla_login(host, env):
    return expect(DONE, "bulla-oci", "login", "-u", WRITER[0], "--password-stdin", host, env=env, stdin=WRITER[1])


def crane_login(host, env):
    return expect(0, tool("crane"), "auth", "login", "-u", WRITER[0], "--password-stdin", host, env=env, stdin=WRITER[1])


def oras_login(host, env):
    return expect(0, tool("oras"), "login", "-u", WRITER[0], "--password-stdin", host, env=env, stdin=WRITER[1])


LOGINS = {"bulla": bulla_login, "crane": crane_login, "oras": oras_login}
READERS = {
    "bulla": lambda host, env: run("bulla-oci", "list", f"{host}/app", env=env),
    "crane": lambda host, env: run(tool("crane"), "ls", f"{host}/app", env=env),
    "oras": lambda host, env: run(tool("oras"), "repo", "tags", f"{host}/app", env=env),
}
LOGOUTS = {
    "bulla": lambda host, env: expect(DONE, "bulla-oci", "logout", host, env=env),
    "crane": lambda host, env: expect(0, tool("crane"), "auth", "logout", host, env=env),
    "oras": lambda host, env: expect(0, tool("oras"), "logout", host, env=env),
}


def registry_with_logins():
    """A registry that wants a login, with one tag in it, and an environment of its own."""
    registry = DockerRegistry("htpasswd")
    env = {"DOCKER_CONFIG": temp_dir(), "SSL_CERT_FILE": registry.certificates.ca}
    bulla_login(registry.host, env)
    expect(DONE, "bulla-oci", "copy", f"oci:{_source()}:latest", f"{registry.host}/app:1", env=env)
    LOGOUTS["bulla"](registry.host, env)
    return registry, env


def everybody_uses_the_login_of(name, helper):
    def test():
        registry, env = registry_with_logins()
        config = f"{env['DOCKER_CONFIG']}/config.json"
        if helper:
            env = {**env, **file_helper(env["DOCKER_CONFIG"])}
        write(config, json.dumps({"auths": {"other.example": {"auth": "YTpi"}}, **({"credsStore": "file"} if helper else {}), "last": 1}))
        for reader in READERS.values():
            check(reader(registry.host, env).code != 0, "the registry is open")
        LOGINS[name](registry.host, env)
        for who, reader in READERS.items():
            check_equal(reader(registry.host, env).out.split(), ["1"], f"what {who} reads after the login of {name}")
        check(WRITER[1].encode() not in read(config), "the password stands in the file")
        LOGOUTS["bulla"](registry.host, env)
        for reader in READERS.values():
            check(reader(registry.host, env).code != 0, "the login is still there")
        left = json.loads(read(config))
        # crane drops what Docker's configuration library does not know; nobody else does.
        check_equal((sorted(left["auths"]), left.get("last")), (["other.example"], None if name == "crane" else 1), "what is left")
    return test


def file_helper(folder):
    """A credential helper that keeps secrets in files; the environment that finds it."""
    helper = write(f"{folder}/bin/docker-credential-file", f"""#!{sys.executable}
import json, os, sys
kept = {folder + "/kept.json"!r}
known = json.load(open(kept)) if os.path.exists(kept) else {{}}
verb, given = sys.argv[1], sys.stdin.read()
if verb == "store":
    entry = json.loads(given)
    known[entry["ServerURL"]] = entry
elif given.strip() not in known and verb in ("get", "erase"):
    print("credentials not found in native keychain")
    sys.exit(1)
elif verb == "get":
    print(json.dumps(known[given.strip()]))
elif verb == "erase":
    del known[given.strip()]
json.dump(known, open(kept, "w"))
""")
    os.chmod(helper, 0o755)
    return {"PATH": f"{folder}/bin:{os.environ['PATH']}"}


for name in LOGINS:
    for helper in (False, True):
        where = "a_credential_helper" if helper else "the_file"
        add_case(f"a_login_by_{name}_in_{where}_serves_everybody", everybody_uses_the_login_of(name, helper))


def we_are_logged_out_by(name):
    def test():
        registry, env = registry_with_logins()
        write(f"{env['DOCKER_CONFIG']}/config.json", '{"auths":{"other.example":{"auth":"YTpi"}}}')
        bulla_login(registry.host, env)
        check_equal(READERS["bulla"](registry.host, env).code, DONE, "before")
        LOGOUTS[name](registry.host, env)
        check_equal(READERS["bulla"](registry.host, env).code, UNAVAILABLE, "after")
    return test


for name in ("crane", "oras"):
    add_case(f"{name}_logs_out_what_we_logged_in", we_are_logged_out_by(name))


if __name__ == "__main__":
    main()
