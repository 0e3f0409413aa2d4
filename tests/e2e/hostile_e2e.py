#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More bad input (docs/bad-input.md): registries that lead elsewhere or never end, documents of a size or kind
that nobody sends in earnest, and certificates and keys that are none."""
import base64
import os
import subprocess
import sys
import tarfile
import threading
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (DONE, INPUT, RELEASE_BIN, UNAVAILABLE, UNTRUSTED, USAGE, add_case, case, check, check_equal, environment, expect,  # noqa: E402
                       files_under, main, read, read_json, refuse, run, temp_dir, write)
from layout import EMPTY, GZIP, MANIFEST, Layout, compact, digest_of, small_image, small_rootfs, tar_of  # noqa: E402
from sealing import Keys, sign, verify  # noqa: E402
from servers import DockerRegistry, FaultyRegistry, SilentServer, WRITER, docker_config  # noqa: E402

import json  # noqa: E402


def behind(fault):
    """A registry with the signed small image, seen through faults: (reference, keys, registry, front)."""
    registry, source, keys = DockerRegistry(), temp_dir(), Keys()
    small_image(source)
    expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/app:1")
    sign(f"{registry.host}/app:1", keys)
    front = FaultyRegistry(registry.host, fault)
    return f"{front.host}/app:1", keys, registry, front


def every_command_could_not_find_out(ref, keys, code=UNAVAILABLE):
    """Reading, copying and verifying end with this code, and soon; no verification says unsigned."""
    started = time.monotonic()
    refuse(code, [], "bulla-oci", "copy", ref, f"oci:{temp_dir()}/copy:1")
    refuse(code, [], "bulla-sbom", "create", ref)
    said = refuse(code, [], "bulla-verify", "image", "--key", keys.public, ref).err
    check("unsigned" not in said.lower(), said)
    check(time.monotonic() - started < 60, "it took more than a minute")


# ---- registries that lead elsewhere

@case
def redirects_in_circles_end():
    ref, keys, *_ = behind(lambda method, path, body: (307, [("Location", path)], b"") if "/manifests/" in path or "/blobs/" in path else None)
    every_command_could_not_find_out(ref, keys)


@case
def redirects_to_other_protocols_are_not_followed():
    secret = write(os.path.join(temp_dir(), "secret"), "of this machine")
    for target in (f"file://{secret}", "gopher://127.0.0.1:1/x", "ftp://127.0.0.1:1/x", "http://user:word@127.0.0.1:1/x", "//", "http://"):
        ref, keys, *_ = behind(lambda method, path, body: (302, [("Location", target)], b"") if "/blobs/" in path else None)
        ran = run("bulla-sbom", "create", ref)
        check(ran.code in (UNAVAILABLE, INPUT) and "of this machine" not in ran.out + ran.err, str(ran))


@case
def a_redirect_to_another_host_gets_no_credentials_and_has_to_deliver_the_right_bytes():
    asked = []
    for right in (True, False):
        registry, source = DockerRegistry(), temp_dir()
        layout, _ = small_image(source)
        expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/app:1")

        def deliver(method, path, body):
            blob = read(layout.blob_path(path.rsplit("/", 1)[1]))
            return 200, [], blob if right else blob[:-1] + bytes([blob[-1] ^ 1])
        elsewhere = FaultyRegistry(registry.host, deliver)

        def lead(method, path, body):
            asked.append(path)
            return (307, [("Location", f"http://{elsewhere.host}{path}")], b"") if "/blobs/" in path else None
        front = FaultyRegistry(registry.host, lead)
        env = docker_config(temp_dir(), front.host, WRITER)
        if right:
            expect(DONE, "bulla-sbom", "create", f"{front.host}/app:1", env=env)
        else:
            refuse(INPUT, [], "bulla-sbom", "create", f"{front.host}/app:1", env=env)
        check(elsewhere.requests, "nobody was led elsewhere")
        for _, path, headers in elsewhere.requests:
            check("Authorization" not in headers, f"credentials went to another host for {path}")


# ---- registries that never end, or answer something else

class EndlessServer:
    """Answers every connection with `head`, then with `again` until the other side has enough. `sent` is the
    number of bytes that the longest of them took."""

    def __init__(self, head, again):
        import socket
        from bullatest import at_end
        listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listener.getsockname()[1]}"
        self.sent = 0

        def answer(connection):
            taken = 0
            with connection:
                try:
                    connection.recv(65536)
                    connection.sendall(head)
                    while True:
                        connection.sendall(again)
                        taken += len(again)
                        self.sent = max(self.sent, taken)
                except OSError:  # whoever asked has gone
                    pass

        def accept():
            while True:
                try:
                    threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()
                except OSError:  # closed at the end
                    return
        threading.Thread(target=accept, daemon=True).start()
        at_end(listener.close)


ENDLESS = {"headers": (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 1000 + b"\r\n"),
           "one_header": (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 4096),
           "interim_answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
           "a_manifest": (b"HTTP/1.1 200 OK\r\nContent-Type: " + MANIFEST.encode() + b"\r\n\r\n", b" " * 65536),
           "chunks": (b"HTTP/1.1 200 OK\r\nContent-Type: " + MANIFEST.encode() + b"\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n" * 2000),
           "a_chunk_extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x" * 4096)}


# curl drops extensions of chunks unread, so that time alone ends them.
UNCOUNTED = ("a_chunk_extension",)


def an_endless_answer_is_cut_off(head, again, counted):
    def test():
        server, keys = EndlessServer(head, again), Keys()
        started = time.monotonic()
        for arguments in (("bulla-oci", "resolve"), ("bulla-verify", "image", "--key", keys.public)):
            ran = run(*arguments, "--timeout", "15s", f"{server.host}/app:1")
            check(ran.code in (UNAVAILABLE, INPUT) and "error: " in ran.err, str(ran))
            check("unsigned" not in ran.err.lower(), str(ran))
        check(time.monotonic() - started < 40, "it took too long")
        # A manifest of 4 MiB in chunks of one byte has 24 MiB; the rest is what lies in the sockets.
        check(not counted or server.sent < 36 << 20, f"{server.sent} bytes were taken")
    return test


for name, (head, again) in ENDLESS.items():
    add_case(f"an_answer_without_end_is_cut_off_{name}", an_endless_answer_is_cut_off(head, again, name not in UNCOUNTED))


@case
def a_registry_that_answers_web_pages_is_no_answer():
    page = b"<!DOCTYPE html><html><title>Log in</title></html>"
    for status in (200, 404):
        def web(method, path, body):
            return status, [("Content-Type", "text/html")], page
        front, keys = FaultyRegistry("127.0.0.1:1", web), Keys()
        for arguments in (("bulla-oci", "resolve"), ("bulla-sbom", "create"), ("bulla-verify", "image", "--key", keys.public)):
            ran = refuse(INPUT, [], *arguments, f"{front.host}/app:1")
            check("unsigned" not in ran.err.lower() and "<html>" not in ran.err, str(ran))


@case
def a_web_page_in_place_of_evidence_is_not_unsigned():
    page = b"<!DOCTYPE html><html></html>"
    ref, keys, *_ = behind(lambda method, path, body: (200, [("Content-Type", "text/html")], page) if "/manifests/sha256-" in path else None)
    said = refuse(INPUT, [], "bulla-verify", "image", "--key", keys.public, ref).err
    check("unsigned" not in said.lower(), said)


# ---- documents

@case
def schema_1_is_refused_from_a_registry_and_from_a_layout():
    body = compact({"schemaVersion": 1, "name": "app", "tag": "1", "architecture": "amd64", "fsLayers": [], "history": []})
    for kind in ("application/vnd.docker.distribution.manifest.v1+prettyjws", "application/vnd.docker.distribution.manifest.v1+json", "application/json"):
        front = FaultyRegistry("127.0.0.1:1", lambda method, path, _: (200, [("Content-Type", kind)], body) if "/manifests/" in path else (200, [], b"{}"))
        layout = Layout(temp_dir())
        layout.tag(layout.blob(body, kind))
        for ref in (f"{front.host}/app:1", f"oci:{layout.folder}:latest"):
            refuse(INPUT, [], "bulla-sbom", "create", ref)
            refuse(INPUT, [], "bulla-oci", "copy", ref, f"oci:{temp_dir()}/copy:1")


@case
def ten_thousand_layers_are_refused_before_any_is_read():
    layout = Layout(temp_dir())
    layer = layout.layer(tar_of([("a", "b")]))
    layout.tag(layout.image([layer] * 10000))
    os.remove(layout.blob_path(layer[0]["digest"]))  # so that reading one would be another error
    started = time.monotonic()
    refuse(INPUT, "1024", "bulla-sbom", "create", f"oci:{layout.folder}:latest")
    check(time.monotonic() - started < 20, "it took long to refuse")


def million_entries(path):
    """A layer of a million small files in ten thousand folders, gzipped as it is made: (size, digest, diff_id)."""
    import hashlib
    compressor, stored, plain, size = zlib.compressobj(1, zlib.DEFLATED, 31), hashlib.sha256(), hashlib.sha256(), 0
    with open(path, "wb") as file:
        def put(data, last=False):
            nonlocal size
            plain.update(data)
            packed = compressor.compress(data) + (compressor.flush() if last else b"")
            stored.update(packed)
            size += file.write(packed)
        info = tarfile.TarInfo()
        info.size, info.mtime = 1, 1700000000
        for number in range(10000):
            block = []
            for index in range(100):
                info.name = f"data/{number % 100:02}/{number:04}/file-{index:02}.txt"
                block += [info.tobuf(tarfile.USTAR_FORMAT), b"x".ljust(512, b"\0")]
            put(b"".join(block))
        put(bytes(1024), last=True)
    return size, "sha256:" + stored.hexdigest(), "sha256:" + plain.hexdigest()


@case(labels=("long",))
def a_layer_of_a_million_entries_takes_bounded_memory():
    program = os.path.join(RELEASE_BIN, "bulla-sbom")
    check(os.access(program, os.X_OK), f"{program} is not built")
    layout = Layout(temp_dir())
    path = os.path.join(layout.folder, "layer")
    size, digest, diff_id = million_entries(path)
    os.rename(path, layout.blob_path(digest))
    packages = layout.layer(small_rootfs()[0])
    layout.tag(layout.image([packages, ({"mediaType": GZIP, "digest": digest, "size": size}, diff_id)]))
    out = os.path.join(temp_dir(), "sbom.json")
    process = subprocess.Popen([program, "create", "--strict", "--no-cache", f"oci:{layout.folder}:latest", "-o", f"cyclonedx-json={out}"], env=environment())
    _, status, usage = os.wait4(process.pid, 0)
    check_equal(os.waitstatus_to_exitcode(status), DONE, "exit code")
    check(len(read_json(out)["components"]) >= 3, "the packages of the other layer are missing")
    print(f"peak memory {usage.ru_maxrss / 1024:.0f} MiB, {usage.ru_utime:.1f} s of processor time")
    check(usage.ru_maxrss <= 160 * 1024, f"peak memory {usage.ru_maxrss / 1024:.0f} MiB is over 160 MiB")


# ---- certificates and keys

def bundle_of(layout):
    """The bundle of the one signature in a layout."""
    for data in files_under(os.path.join(layout.folder, "blobs")).values():
        if b'"dsseEnvelope"' in data:
            return json.loads(data)
    raise AssertionError("there is no bundle")


def verified_with(bundle, keys):
    """How the image verifies if this is the only bundle beside it."""
    layout, digest = small_image(temp_dir())
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    write(layout.blob_path(EMPTY["digest"]), b"{}")
    subject = {key: layout.entries[0][key] for key in ("mediaType", "digest", "size")}
    manifest = layout.blob(compact({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "config": EMPTY, "subject": subject,
                                    "layers": [layout.blob(compact(bundle), kind)]}), MANIFEST)
    layout.entries.append({**manifest, "artifactType": kind})
    layout.write_index()
    return run("bulla-verify", "image", "--key", keys.public, f"oci:{layout.folder}:latest")


def certificate_der():
    """A sound certificate by openssl, as DER."""
    folder = temp_dir()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{folder}/key",
                    "-outform", "DER", "-out", f"{folder}/cert", "-subj", "/CN=somebody", "-days", "2"], check=True, capture_output=True)
    return read(f"{folder}/cert")


@case
def certificates_that_are_none_never_verify():
    layout, _ = small_image(temp_dir())
    keys = Keys()
    sign(f"oci:{layout.folder}:latest", keys)
    bundle = bundle_of(layout)
    check_equal(verified_with(bundle, keys).code, DONE, "the ground: the bundle as it was")
    sound = certificate_der()
    broken = [b"", b"\0", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x30\x82\x7f\xff" + sound[4:], sound[:-1], sound + b"\0", sound[: len(sound) // 2],
              b"\x30\x80" * 30000, bytes(len(sound)), b"\xff" * 1000, sound * 40, b"-----BEGIN CERTIFICATE-----\n", sound]
    for der in broken:
        raw = base64.b64encode(der).decode()
        for material in ({"certificate": {"rawBytes": raw}}, {"x509CertificateChain": {"certificates": [{"rawBytes": raw}] * 3}},
                         {"x509CertificateChain": {"certificates": [{"rawBytes": raw}] * 1000}}, {"certificate": {"rawBytes": raw}, "publicKey": {"hint": "x"}},
                         {"certificate": {"rawBytes": "!" + raw}}):
            changed = {**bundle, "verificationMaterial": material}
            ran = verified_with(changed, keys)
            check(ran.code in (UNTRUSTED, INPUT), f"{der[:20]!r}\n{ran}")


def openssl_key(*options, public=True):
    """A key made by openssl: (private, public) paths."""
    folder = temp_dir()
    subprocess.run(["openssl", "genpkey", *options, "-out", f"{folder}/private"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", f"{folder}/private", "-pubout", "-out", f"{folder}/public"], check=True, capture_output=True)
    return f"{folder}/private", f"{folder}/public"


@case
def keys_that_are_weak_strange_or_none_are_2():
    layout, _ = small_image(temp_dir())
    ref, keys, folder = f"oci:{layout.folder}:latest", Keys(), temp_dir()
    before = files_under(layout.folder)
    pem = read(keys.public)
    private, public = [], []
    for options in (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"], ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
                    ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-224"],
                    ["-algorithm", "X25519"], ["-algorithm", "ED448"]):
        one, other = openssl_key(*options)
        private.append(one)
        public.append(other)
    junk = (b"", b"\0" * 100, b"-----BEGIN PUBLIC KEY-----\n", b"-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n",
            b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", pem.replace(b"PUBLIC KEY", b"CERTIFICATE"), pem + pem, pem[:-30],
            pem + b"A" * (1 << 20), b"-----BEGIN PUBLIC KEY-----\n" + b"A" * (1 << 20) + b"\n-----END PUBLIC KEY-----\n", b"\x30\x84\xff\xff\xff\xff")
    for number, content in enumerate(junk):
        path = write(os.path.join(folder, f"junk{number}"), content)
        private.append(write(path + ".private", content.replace(b"PUBLIC", b"PRIVATE")))
        public.append(path)
    for path in public:
        started = time.monotonic()
        refuse(USAGE, [], "bulla-verify", "image", "--key", path, ref)
        check(time.monotonic() - started < 20, "it took long to refuse")
    for path in private:
        refuse(USAGE, [], "bulla-sign", "image", "--key", path, ref)
    check_equal(files_under(layout.folder), before, "the layout")


if __name__ == "__main__":
    main()
