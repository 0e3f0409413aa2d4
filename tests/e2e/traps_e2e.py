#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a command line tool gets wrong easily: options, outputs that are no regular files, locales, signals,
closed pipes, and other sources than asked for."""
import os
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (DONE, INPUT, USAGE, add_case, case, check, check_equal, check_in, environment, expect, files_under, main, program,  # noqa: E402
                       read, read_json, refuse, run, temp_dir, write)
from layout import Layout, gzip_of, listed_in, small_image, small_rootfs, tar_of  # noqa: E402
from sealing import Keys, sign, verify  # noqa: E402
from servers import DockerRegistry, FaultyRegistry, SilentServer, tags_of  # noqa: E402

BINARIES = ("bulla-oci", "bulla-sbom", "bulla-sign", "bulla-verify")


def layout_ref():
    folder = temp_dir()
    small_image(folder)
    return f"oci:{folder}:latest"


# ---- options

@case
def a_repeatable_option_takes_one_value_in_every_order():
    ref, folder = layout_ref(), temp_dir()
    one, two = f"cyclonedx-json={folder}/1", f"cyclonedx-json@1.6={folder}/2"
    for order in ((ref, "-o", one, "-o", two), ("-o", one, ref, "-o", two), ("-o", one, "-o", two, ref),
                  ("--output", one, f"--output={two}", ref), ("-o", one, "-o", two, "--", ref)):
        expect(DONE, "bulla-sbom", "create", *order)
        check_equal([read_json(f"{folder}/{n}")["specVersion"] for n in "12"], ["1.7", "1.6"], f"{order}")
        os.remove(f"{folder}/1")
        os.remove(f"{folder}/2")


@case
def every_parse_error_exits_2():
    ref = layout_ref()
    keys = Keys()
    for arguments in (
        ("bulla-sbom", "create"), ("bulla-sbom", "create", ref, ref), ("bulla-sbom", "create", "--no-such-option", ref),
        ("bulla-sbom", "create", ref, "-o"), ("bulla-sbom", "create", ref, "-o", ""), ("bulla-sbom", "create", ref, "-o", "no-such-format"),
        ("bulla-sbom", "create", ref, "-o", "cyclonedx-json@9.9"), ("bulla-sbom", "create", ref, "--jobs", "0"),
        ("bulla-sbom", "create", ref, "--jobs", "many"), ("bulla-sbom", "create", ref, "--quiet", "--verbose"),
        ("bulla-sbom", "create", ref, "--timeout", "soon"), ("bulla-sbom", "create", ref, "--platform", "no/such/thing/here"),
        ("bulla-sbom", "no-such-command"), ("bulla-oci", "copy", ref), ("bulla-oci", "resolve", "UPPER/case"),
        ("bulla-sign", "image", ref), ("bulla-sign", "image", "--key", keys.private, "--signature-format", "none", ref),
        ("bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", ref), ("bulla-sign", "blob", "--key", keys.private, "/dev/null"),
        ("bulla-sign", "image", "--key", keys.private, "-a", "no-equals-sign", ref),
        ("bulla-verify", "image", ref), ("bulla-verify", "attestation", "--key", keys.public, ref),
        ("bulla-verify", "blob", "--key", keys.public, "/dev/null"), ("bulla", "no-such-step"),
    ):
        refuse(USAGE, [], *arguments)
    for binary in (*BINARIES, "bulla"):  # these show the help, and where it is not the result
        check_equal(expect(USAGE, binary).out, "", "standard output")


@case
def the_dispatcher_passes_arguments_on_untouched():
    folder = temp_dir()
    name = "a b\n*'\"$x\\"
    small_image(os.path.join(folder, name))
    ran = expect(DONE, "bulla", "oci", "resolve", f"oci:{os.path.join(folder, name)}:latest")
    check_equal(ran.raw_out, expect(DONE, "bulla-oci", "resolve", f"oci:{os.path.join(folder, name)}:latest").raw_out, "output")
    check_equal(expect(USAGE, "bulla", "sbom", "create", "--no-such-option").code, USAGE, "exit code")


@case
def a_daemon_is_refused_with_the_save_line_to_type():
    for source in ("docker:alpine:3", "podman:alpine:3"):
        tool = source.split(":")[0]
        refuse(USAGE, f"{tool} save", "bulla-sbom", "create", source)


@case
def help_and_version_go_to_standard_output_in_every_binary():
    for binary in (*BINARIES, "bulla"):
        check_in(binary, expect(DONE, binary, "--help").out, "help")
        expect(DONE, binary, "--version")
        check_equal(expect(DONE, binary, "--version").err, "", "standard error")


# ---- outputs that are no regular files

@case
def special_files_are_written_in_place():
    ref, folder = layout_ref(), temp_dir()
    expect(DONE, "bulla-sbom", "create", ref, "-o", "cyclonedx-json=/dev/null")
    check(not os.path.isfile("/dev/null"), "/dev/null was replaced")
    for path in ("/dev/stdout", "-"):
        check_in("CycloneDX", expect(DONE, "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={path}").out, path)
    fifo = f"{folder}/fifo"
    os.mkfifo(fifo)
    got = []
    reader = threading.Thread(target=lambda: got.append(read(fifo)), daemon=True)
    reader.start()
    expect(DONE, "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={fifo}")
    reader.join(20)
    check(got and b"CycloneDX" in got[0], "nothing came through the FIFO")
    check(not os.path.isfile(fifo), "the FIFO was replaced")
    check_equal(os.listdir(folder), ["fifo"], "files beside the FIFO")


@case
def a_process_substitution_is_written_in_place():
    ref, folder = layout_ref(), temp_dir()
    script = f'"$1" create "$2" -o cyclonedx-json=>(cat >{folder}/copy); for i in $(seq 100); do [ -s {folder}/copy ] && break; sleep 0.1; done'
    expect(DONE, "/bin/bash", "-c", script, "bash", program("bulla-sbom"), ref)
    check_in(b"CycloneDX", read(f"{folder}/copy"), "what came out")


@case
def a_symbolic_link_keeps_pointing_and_a_missing_folder_is_an_error():
    ref, folder = layout_ref(), temp_dir()
    write(f"{folder}/real", "old")
    os.symlink("real", f"{folder}/link")
    expect(DONE, "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={folder}/link")
    check_in(b"CycloneDX", read(f"{folder}/link"), "link")
    ran = refuse(INPUT, "no-such-folder", "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={folder}/no-such-folder/sbom.json")
    check(ran.code in (USAGE, INPUT), str(ran))


# ---- locale and environment

@case
def every_command_works_under_the_c_locale():
    for locale in ("C", "POSIX", "no_SUCH.locale", ""):
        folder = temp_dir()
        path = os.path.join(folder, "bild-\u00e9\u6f22")
        small_image(path)
        ref, env = f"oci:{path}:latest", {"LC_ALL": locale}
        keys = Keys()
        sbom = f"{folder}/sbom.json"
        expect(DONE, "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={sbom}", env=env)
        expect(DONE, "bulla-sign", "image", "--key", keys.private, "-a", "name=\u00e9", ref, env=env)
        expect(DONE, "bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", sbom, ref, env=env)
        expect(DONE, "bulla-verify", "image", "--key", keys.public, "-a", "name=\u00e9", ref, env=env)
        expect(DONE, "bulla-oci", "tree", ref, env=env)


@case
def nothing_but_the_result_is_on_standard_output():
    ref = layout_ref()
    for flags in (("--verbose",), ("--quiet",), ("--progress", "plain"), ("--log-format", "json"), ("--color", "always")):
        check_equal(expect(DONE, "bulla-sbom", "create", *flags, ref).raw_out, expect(DONE, "bulla-sbom", "create", ref).raw_out, f"{flags}")


@case
def offline_opens_no_connection():
    registry = FaultyRegistry("127.0.0.1:1", lambda *_: (200, [], b"{}"))
    for command in (("bulla-oci", "resolve"), ("bulla-sbom", "create")):
        ran = run(*command, "--offline", f"{registry.host}/app:1")
        check(ran.code not in (DONE, 70), str(ran))
    check_equal(registry.requests, [], "requests")


# ---- signals and closed pipes

def big_layout(megabytes=200):
    """An image that takes long enough to be interrupted: a layer of incompressible bytes."""
    folder = temp_dir()
    layout = Layout(folder)
    tar = tar_of([("etc/os-release", "ID=debian\n"), ("blob", os.urandom(1 << 20) * megabytes)])
    layout.tag(layout.image([layout.layer(tar, data=gzip_of(tar, 1))]))
    return f"oci:{folder}:latest"


def slow_registry():
    """A registry whose blobs do not come for a while, so that a command is certainly under way."""
    registry = DockerRegistry()
    ref = layout_ref()
    expect(DONE, "bulla-oci", "copy", ref, f"{registry.host}/app:1")
    begun = threading.Event()

    def slow(method, path, body):
        if "/blobs/" in path and method in ("GET", "PATCH", "PUT"):
            begun.set()
            time.sleep(20)
            return "drop"  # whoever asked has gone, and what they sent must not arrive now
        return None
    return registry, FaultyRegistry(registry.host, slow), begun


def interrupt(number, begun, *arguments, env=None):
    """Starts a command, sends it a signal once it is under way, and says how it ended."""
    scratch = temp_dir()
    process = subprocess.Popen([program(arguments[0]), *arguments[1:]], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=environment(TMPDIR=scratch, **(env or {})))
    check(begun.wait(20), "the command did not get under way")
    process.send_signal(number)
    started = time.monotonic()
    process.communicate(timeout=15)
    check(time.monotonic() - started < 5, "it took longer than five seconds to stop")
    check_equal(os.listdir(scratch), [], "temporary files left")
    return process.returncode


def interrupted_download(number, expected):
    def test():
        _, front, begun = slow_registry()
        folder, cache = temp_dir(), temp_dir()
        code = interrupt(number, begun, "bulla-sbom", "create", "--cache-dir", cache, f"{front.host}/app:1", "-o", f"cyclonedx-json={folder}/sbom.json")
        check_equal(code, expected, "exit code")
        check_equal(os.listdir(folder), [], "files beside the output")
        check_equal(files_under(cache), {}, "files in the cache")
    return test


add_case("ctrl_c_during_a_download_leaves_nothing_and_exits_130", interrupted_download(signal.SIGINT, 130))
add_case("sigterm_during_a_download_leaves_nothing_and_exits_143", interrupted_download(signal.SIGTERM, 143))


def interrupted_upload(ready):
    """Ctrl-C during a copy of two blobs to a registry, at the moment that ready(method, requests so far) names:
    no tag appears, and each upload session that the registry opened is cancelled."""
    def test():
        # In memory: on a busy disk this registry takes longer to open a session than an interruption waits.
        registry = DockerRegistry(storage="inmemory")
        begun, sessions, seen, lock = threading.Event(), [], [], threading.Lock()

        def watch(method, path, body):
            if "/blobs/uploads/" not in path or method == "DELETE":
                return None
            with lock:
                seen.append(method)
                if ready(method, seen):
                    begun.set()
            if method != "POST":
                time.sleep(20)
                return "drop"
            if begun.is_set():
                time.sleep(0.1)  # the signal comes before the session's name does
            answer = FaultyRegistry.pass_on(registry.host, method, path, {"Host": front.host}, body)
            sessions.append(dict(answer[1])["Docker-Upload-Uuid"])
            return answer
        front = FaultyRegistry(registry.host, watch)
        folder = temp_dir()
        layout = Layout(folder)
        layout.tag(layout.image([layout.layer(tar_of([("new", os.urandom(1 << 16))]))]))
        code = interrupt(signal.SIGINT, begun, "bulla-oci", "copy", f"oci:{folder}:latest", f"{front.host}/other:1")
        check_equal(code, 130, "exit code")
        check_equal(tags_of(registry.host, "other"), [], "tags")
        cancelled = [path for method, path in front.written() if method == "DELETE"]
        check(sessions, "no upload was begun")
        for session in sessions:
            check(any(session in path for path in cancelled), f"the upload {session} was not cancelled: {front.written()}")
    return test


add_case("ctrl_c_during_an_upload_publishes_nothing_and_leaves_no_upload_open",
         interrupted_upload(lambda method, seen: seen.count("PUT") == 2))
add_case("ctrl_c_while_an_upload_is_being_opened_cancels_it_too", interrupted_upload(lambda method, seen: method == "POST"))


@case
def ctrl_c_during_a_large_upload_leaves_no_half_upload_in_the_registry():
    registry = DockerRegistry()
    begun = threading.Event()

    def watch():
        while not any(name.endswith("/data") and os.path.getsize(name) > 0 for name in registry.uploads()):
            time.sleep(0.002)
        begun.set()
    threading.Thread(target=watch, daemon=True).start()
    code = interrupt(signal.SIGINT, begun, "bulla-oci", "copy", big_layout(400), f"{registry.host}/app:1")
    check_equal(code, 130, "exit code")
    check_equal(registry.uploads(), [], "files of half an upload")
    check_equal(tags_of(registry.host, "app"), [], "tags")


@case
def a_large_upload_that_turns_out_wrong_leaves_no_half_upload_in_the_registry():
    registry, folder = DockerRegistry(), temp_dir()
    layout = Layout(folder)
    descriptor, diff_id = layout.layer(tar_of([("blob", os.urandom(6 << 20))]))
    layout.tag(layout.image([(descriptor, diff_id)]))
    path = layout.blob_path(descriptor["digest"])
    data = bytearray(read(path))
    data[-1] ^= 1
    write(path, bytes(data))
    refuse(INPUT, descriptor["digest"], "bulla-oci", "copy", f"oci:{folder}:latest", f"{registry.host}/app:1")
    check_equal(registry.uploads(), [], "files of half an upload")
    check(descriptor["digest"].split(":")[1] not in registry.blob_files(), "the wrong blob is stored")


@case
def ctrl_c_during_a_copy_into_a_layout_leaves_a_layout_without_the_image():
    _, front, begun = slow_registry()
    folder = temp_dir()
    other = Layout(folder)
    other.tag(other.image([other.layer(tar_of([("other", b"another image, so that no blob is there already")]))]), "latest")
    before = files_under(folder)
    check_equal(interrupt(signal.SIGINT, begun, "bulla-oci", "copy", f"{front.host}/app:1", f"oci:{folder}:v1"), 130, "exit code")
    check_equal([entry["annotations"]["org.opencontainers.image.ref.name"] for entry in listed_in(folder)], ["latest"], "images listed in the layout")
    left = {name for name in files_under(folder) if name not in before}
    check(all(name.startswith("blobs/sha256/") and len(name.rsplit("/", 1)[1]) == 64 for name in left), f"temporary files left: {left}")


@case
def ctrl_c_during_a_copy_takes_away_the_layout_that_was_made_for_it():
    _, front, begun = slow_registry()
    for folder, kept in ((os.path.join(temp_dir(), "a", "copy"), False), (temp_dir(), True)):
        begun.clear()
        check_equal(interrupt(signal.SIGINT, begun, "bulla-oci", "copy", f"{front.host}/app:1", f"oci:{folder}:v1"), 130, "exit code")
        check_equal(os.path.exists(folder), kept, f"whether {folder} is there")
        check_equal(files_under(folder), {}, "files left")
    check(not os.path.exists(os.path.join(folder, "blobs")), "an empty folder for blobs is left")


@case
def a_copy_that_fails_takes_away_the_layout_that_was_made_for_it():
    registry = DockerRegistry()
    expect(DONE, "bulla-oci", "copy", layout_ref(), f"{registry.host}/app:1")
    front = FaultyRegistry(registry.host, lambda method, path, body: (404, [], b"") if "/blobs/" in path else None)
    folder = os.path.join(temp_dir(), "copy")
    ran = run("bulla-oci", "copy", f"{front.host}/app:1", f"oci:{folder}:v1")
    check(ran.code != 0, str(ran))
    check(not os.path.exists(folder), "the folder is left")


@case
def ctrl_c_ends_a_wait_for_an_answer():
    server = SilentServer()
    check_equal(interrupt(signal.SIGINT, server.accepted, "bulla-oci", "resolve", f"{server.host}/app:1"), 130, "exit code")


@case
def a_closed_pipe_ends_quietly():
    ref = layout_ref()
    for command in ('"$1" create "$2" | head -c 1', '"$1" --help | head -n 1', '"$1" create "$2" | true'):
        script = f"{command} >/dev/null; exit ${{PIPESTATUS[0]}}"
        ran = run("/bin/bash", "-c", script, "bash", program("bulla-sbom"), ref)
        check(ran.code in (0, 141), str(ran))
        check_equal(ran.err, "", "standard error")


@case
def a_full_disk_is_an_error_and_not_a_silent_success():
    ran = run("/bin/bash", "-c", '"$1" create "$2" >/dev/full', "bash", program("bulla-sbom"), layout_ref())
    check(ran.code not in (0, 70), str(ran))
    check_in("error: ", ran.err, "standard error")


@case
def passwords_come_from_the_environment_or_standard_input_and_never_show():
    place = layout_ref()
    folder = temp_dir()
    secret = "s3cret-pass"
    prefix = f"{folder}/k"
    for env in ({"BULLA_PASSWORD": secret, "COSIGN_PASSWORD": "another"}, {"BULLA_PASSWORD": None, "COSIGN_PASSWORD": secret}):
        expect(DONE, "bulla-sign", "keygen", "--force", "--output-key-prefix", prefix, env=env)
        for use in ({"BULLA_PASSWORD": secret}, {"COSIGN_PASSWORD": secret}):
            ran = expect(DONE, "bulla-sign", "image", "--verbose", "--key", f"{prefix}.key", place, env={"COSIGN_PASSWORD": None, **use})
            check(secret not in ran.out + ran.err, "the password is printed")
    expect(DONE, "bulla-sign", "image", "--key", f"{prefix}.key", place, env={"COSIGN_PASSWORD": None}, stdin=secret)


if __name__ == "__main__":
    main()
