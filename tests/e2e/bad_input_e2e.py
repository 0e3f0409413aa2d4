#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input: each kind gets its exit code and a clear message, publishes nothing, and leaves no output file
half-written. Where the same lie can be told by a layout and by a registry, both are tried."""
import base64
import gzip
import json
import os
import sys
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import (DONE, INPUT, PARTIAL, UNAVAILABLE, UNSIGNED, UNTRUSTED, USAGE, add_case, case, check, check_equal, check_in, expect,  # noqa: E402
                       files_under, main, read, read_json, refuse, run, temp_dir, write)
from layout import (EMPTY, GZIP, INDEX, MANIFEST, Layout, compact, gzip_of, listed_in, small_image, small_rootfs, tar_of)  # noqa: E402
from sealing import Keys, PlainKeys, attest, packages, sbom_of, sign, verify  # noqa: E402
from servers import DockerRegistry, FaultyRegistry, http_request, tags_of  # noqa: E402


def refused_sbom(layout, code=INPUT, words=(), *flags, tag="latest"):
    """bulla-sbom refuses the image, and leaves the output that was there as it was."""
    folder = temp_dir()
    out = write(f"{folder}/sbom.json", "what was there before")
    cache = temp_dir()
    started = time.monotonic()
    ran = refuse(code, list(words), "bulla-sbom", "create", "--cache-dir", cache, *flags, f"oci:{layout.folder}:{tag}", "-o", f"cyclonedx-json={out}")
    check(time.monotonic() - started < 60, "it took more than a minute to refuse")
    check_equal(read(out), b"what was there before", "the output file")
    check_equal(os.listdir(folder), ["sbom.json"], "files beside the output")
    return ran


def refused_copy(layout, code=INPUT, tag="latest"):
    """bulla-oci copy refuses the image, and neither a registry nor a layout shows it afterwards."""
    registry, target = DockerRegistry(), os.path.join(temp_dir(), "copy")
    refuse(code, [], "bulla-oci", "copy", f"oci:{layout.folder}:{tag}", f"{registry.host}/app:1")
    check_equal(tags_of(registry.host, "app"), [], "tags in the registry")
    refuse(code, [], "bulla-oci", "copy", f"oci:{layout.folder}:{tag}", f"oci:{target}:v1")
    check_equal(listed_in(target), [], "images listed in the layout")


def layer_blob(layout):
    """The path of the first layer's blob of a layout with one image."""
    manifest = read_json(layout.blob_path(layout.entries[0]["digest"]))
    return layout.blob_path(manifest["layers"][0]["digest"])


def one_layer(data=None, tar=None, media_type=GZIP, **more):
    """An image of one layer, whose stored bytes may be anything."""
    layout = Layout(temp_dir())
    tar = small_rootfs()[0] if tar is None else tar
    layout.tag(layout.image([layout.layer(tar, media_type, data)], **more))
    return layout


# ---- blobs

@case
def a_truncated_blob():
    layout, _ = small_image(temp_dir())
    path = layer_blob(layout)
    write(path, read(path)[:-20])
    refused_sbom(layout)
    refused_copy(layout)


@case
def a_blob_with_bytes_behind_its_end():
    layout, _ = small_image(temp_dir())
    path = layer_blob(layout)
    write(path, read(path) + b"\0")
    refused_sbom(layout)
    refused_copy(layout)


@case
def a_blob_with_another_digest():
    layout, _ = small_image(temp_dir())
    path = layer_blob(layout)
    data = bytearray(read(path))
    data[4] ^= 1  # the time in the gzip header: everything but the digest is in order
    write(path, bytes(data))
    refused_sbom(layout, INPUT, ["digest"])
    refused_copy(layout)


@case
def a_descriptor_with_another_size():
    for change in (1, -1):
        layout = Layout(temp_dir())
        descriptor, diff_id = layout.layer(small_rootfs()[0])
        descriptor["size"] += change
        layout.tag(layout.image([(descriptor, diff_id)]))
        refused_sbom(layout)
        refused_copy(layout)


@case
def a_missing_blob():
    layout, _ = small_image(temp_dir())
    os.remove(layer_blob(layout))
    refused_sbom(layout, INPUT, ["sha256:"])
    refused_copy(layout)


@case
def a_manifest_with_another_digest():
    layout, digest = small_image(temp_dir())
    path = layout.blob_path(digest)
    write(path, read(path).replace(b"schemaVersion", b"schemaversion"))
    refused_sbom(layout)
    refused_copy(layout)


@case
def a_config_with_another_digest():
    layout, digest = small_image(temp_dir())
    path = layout.blob_path(read_json(layout.blob_path(digest))["config"]["digest"])
    write(path, read(path).replace(b"amd64", b"amd46"))
    refused_sbom(layout)
    refused_copy(layout)


@case
def a_wrong_diff_id_is_refused_under_strict_only():
    layout = Layout(temp_dir())
    stored, _ = layout.layer(small_rootfs()[0])
    layout.tag(layout.image([(stored, "sha256:" + "0" * 64)]))
    expect(DONE, "bulla-sbom", "create", f"oci:{layout.folder}:latest")
    refused_sbom(layout, INPUT, ["diff_id"], "--strict")


@case
def fewer_diff_ids_than_layers():
    layout = Layout(temp_dir())
    first, second = (layout.layer(tar) for tar in small_rootfs())
    layout.tag(layout.image([first, second], diff_ids=[first[1]]))
    refused_sbom(layout)


# ---- compression and tar

@case
def a_truncated_gzip_stream():
    refused_sbom(one_layer(gzip_of(small_rootfs()[0])[:-100]))


@case
def a_gzip_stream_with_a_wrong_checksum():
    data = bytearray(gzip_of(small_rootfs()[0]))
    data[-6] ^= 0xff
    refused_sbom(one_layer(bytes(data)))


@case
def a_gzip_bomb():
    # 300 MiB of zeros, which are a valid empty tar, in some 300 KB: more than a thousand to one.
    def bomb():
        compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
        block = bytes(1 << 20)
        return b"".join([*(compressor.compress(block) for _ in range(300)), compressor.flush()])
    refused_sbom(one_layer(bomb()))


@case
def a_tar_bomb_that_claims_a_huge_file():
    tar = bytearray(tar_of([("huge", b"")]))
    tar[124:136] = b"\x80" + (1 << 60).to_bytes(11, "big")  # base-256 size
    tar[148:156] = b" " * 8
    tar[148:156] = b"%06o\0 " % sum(tar[:512])
    refused_sbom(one_layer(tar=bytes(tar)))


@case
def a_truncated_tar():
    tar = tar_of([("var/lib/dpkg/status", b"Package: x\n" * 500)])
    refused_sbom(one_layer(tar=tar[:2048]))


@case
def a_layer_that_is_no_tar():
    refused_sbom(one_layer(tar=b"this is not an archive at all\n" * 100))


@case
def an_oversized_pax_header():
    name = b"x" * (2 << 20)
    record = b"path=" + name + b"\n"
    length = len(record) + 8
    record = b"%d " % length + record
    tar = bytearray(tar_of([("p", record.ljust(length))]))
    tar[156:157] = b"x"
    tar[148:156] = b" " * 8
    tar[148:156] = b"%06o\0 " % sum(tar[:512])
    refused_sbom(one_layer(tar=bytes(tar[:-1024]) + tar_of([("short", b"")])))


@case
def path_escapes_reach_nothing_outside():
    outside = write(os.path.join(temp_dir(), "status"), "Package: outside\nStatus: install ok installed\nVersion: 6\nArchitecture: all\n\n")
    for entries in ([("../../../../../../../../../.." + outside, "x")], [("/etc/../../" + outside.lstrip("/"), "x")],
                    [("var/lib/dpkg/status", ("symlink", outside))], [("var/lib/dpkg/status", ("hardlink", outside))],
                    [("var/lib/dpkg", ("symlink", "../../../../../../../.." + os.path.dirname(outside)))]):
        layout = one_layer(tar=tar_of([("etc/os-release", "ID=debian\n"), *entries]))
        ran = run("bulla-sbom", "create", f"oci:{layout.folder}:latest")
        check(ran.code in (DONE, INPUT, PARTIAL), str(ran))
        check("outside" not in ran.out, f"a file of this machine was read\n{ran}")
        check_in(b"Package: outside", read(outside), "the file outside")


@case
def symlink_loops_end():
    layout = one_layer(tar=tar_of([
        ("etc/os-release", ("symlink", "os-release")), ("a", ("symlink", "b")), ("b", ("symlink", "a")),
        ("var/lib/dpkg", ("symlink", "../../var/lib/dpkg")), ("usr", ("symlink", "usr/usr")), ("lib", ("symlink", "a/lib"))]))
    ran = run("bulla-sbom", "create", f"oci:{layout.folder}:latest")
    check(ran.code in (DONE, INPUT), str(ran))


@case
def names_with_control_characters_do_not_reach_the_terminal():
    layout = one_layer(tar=tar_of([("etc/os-release", "ID=debian\n"),
                                   ("var/lib/dpkg/status.d/\x1b]0;owned\x07", "Package: \x1b[31mred\nVersion: 1\nArchitecture: all\n\n")]))
    ran = run("bulla-sbom", "create", "--verbose", f"oci:{layout.folder}:latest")
    check(b"\x1b" not in ran.raw_err and b"\x1b" not in ran.raw_out, f"an escape came through\n{ran.raw_err!r}")


# ---- documents

@case
def cyclic_and_deep_indexes():
    layout = Layout(temp_dir())
    # A cycle cannot be hashed; a registry can tell one by a tag. In a layout, an index deeper than any real one.
    descriptor = layout.image([layout.layer(small_rootfs()[0])])
    for _ in range(12):
        descriptor = layout.index([{**descriptor, "platform": {"architecture": "amd64", "os": "linux"}}])
    layout.tag(descriptor)
    refused_sbom(layout)


@case
def an_index_that_names_its_own_digest_by_a_lie():
    layout = Layout(temp_dir())
    lie = "sha256:" + "a" * 64
    body = compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"mediaType": INDEX, "digest": lie, "size": 0}]})
    body = body.replace(b'"size":0', b'"size":%d' % (len(body) + 2))
    write(layout.blob_path(lie), body)
    layout.tag({"mediaType": INDEX, "digest": lie, "size": len(body)})
    refused_sbom(layout)
    refused_copy(layout)


@case
def a_document_that_is_manifest_and_index_at_once():
    layout = Layout(temp_dir())
    layer, diff_id = layout.layer(small_rootfs()[0])
    image = layout.image([(layer, diff_id)])
    for media_type in (MANIFEST, INDEX):
        both = layout.blob(compact({"schemaVersion": 2, "mediaType": media_type, "config": layout.config([diff_id]), "layers": [layer],
                                    "manifests": [image]}), media_type)
        layout.entries.clear()
        layout.tag(both)
        refused_sbom(layout)
        refused_copy(layout)


@case
def a_media_type_inside_that_differs_from_the_one_announced():
    layout = Layout(temp_dir())
    layer, diff_id = layout.layer(small_rootfs()[0])
    body = compact({"schemaVersion": 2, "mediaType": INDEX, "config": layout.config([diff_id]), "layers": [layer]})
    layout.tag(layout.blob(body, MANIFEST))
    refused_sbom(layout)


@case
def json_that_is_huge_deep_doubled_or_none():
    for body in (b'{"schemaVersion":2,"x":"' + b"a" * (5 << 20) + b'"}', b"[" * 100000 + b"]" * 100000, b"{", b"", b"\xff\xfe",
                 b'{"schemaVersion":2,"schemaVersion":2,"manifests":[]}', b'{"schemaVersion":2,"manifests":[]} trailing'):
        layout = Layout(temp_dir())
        layout.tag(layout.blob(body, MANIFEST))
        refused_sbom(layout)
        broken = Layout(temp_dir())
        write(os.path.join(broken.folder, "index.json"), body)
        refused_sbom(broken)


@case
def unknown_media_types():
    layout = Layout(temp_dir())
    layer, diff_id = layout.layer(small_rootfs()[0])
    unknown = {**layer, "mediaType": "application/vnd.example.layer"}
    for manifest in (layout.blob(b'{"schemaVersion":2}', "application/vnd.example.thing"),
                     layout.blob(b'{"schemaVersion":1,"name":"x","tag":"y","fsLayers":[]}', "application/vnd.docker.distribution.manifest.v1+prettyjws"),
                     layout.image([(unknown, diff_id)])):
        layout.entries.clear()
        layout.tag(manifest)
        refused_sbom(layout)


@case
def digests_that_are_paths():
    for digest in ("sha256:../../../../etc/passwd", "../x:" + "0" * 64, "sha256:" + "0" * 63, "sha256:" + "A" * 64, "md5:" + "0" * 32, ""):
        layout = Layout(temp_dir())
        layout.tag({"mediaType": MANIFEST, "digest": digest, "size": 10})
        refused_sbom(layout)


@case
def a_layout_that_is_none_and_a_tag_that_is_not_there():
    layout, _ = small_image(temp_dir())
    refuse(INPUT, "nope", "bulla-sbom", "create", f"oci:{layout.folder}:nope")
    refuse(INPUT, [], "bulla-sbom", "create", f"oci:{temp_dir()}/none:latest")
    refuse(INPUT, [], "bulla-sbom", "create", f"oci:{temp_dir()}:latest")


# ---- registries

def behind_faults(fault):
    """A registry with the small image, seen through faults: (reference, registry, front, digest)."""
    registry = DockerRegistry()
    source = temp_dir()
    digest = small_image(source)[1]
    expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/app:1")
    front = FaultyRegistry(registry.host, fault)
    return f"{front.host}/app:1", registry, front, digest


def json_error(code):
    return [("Content-Type", "application/json")], json.dumps({"errors": [{"code": code, "message": "no"}]}).encode()


@case
def a_registry_that_lies_about_content_is_3():
    def lie(method, path, body):
        if method == "GET" and "/blobs/" in path:
            return 200, [("Content-Type", "application/octet-stream")], b"something else"
    ref, *_ = behind_faults(lie)
    refuse(INPUT, [], "bulla-sbom", "create", ref)
    target = os.path.join(temp_dir(), "copy")
    refuse(INPUT, [], "bulla-oci", "copy", ref, f"oci:{target}:v1")


@case
def a_manifest_that_is_not_the_one_asked_for_is_3():
    other = compact({"schemaVersion": 2, "mediaType": MANIFEST, "config": EMPTY, "layers": []})

    def lie(method, path, body):
        if "/manifests/sha256:" in path:
            # The header repeats the digest asked for; only hashing the body finds the lie.
            return 200, [("Content-Type", MANIFEST), ("Docker-Content-Digest", path.rsplit("/", 1)[1])], other
    ref, _, _, digest = behind_faults(lie)
    refuse(INPUT, [], "bulla-sbom", "create", ref.rsplit(":", 1)[0] + "@" + digest)
    refuse(INPUT, [], "bulla-oci", "resolve", ref.rsplit(":", 1)[0] + "@" + digest)


@case
def a_body_that_ends_early_is_refused():
    def cut(method, path, body):
        if method == "GET" and "/blobs/" in path:
            return 200, [("Content-Type", "application/octet-stream")], b"\x1f\x8b\x08"
    ref, *_ = behind_faults(cut)
    refuse(INPUT, [], "bulla-sbom", "create", ref)


@case
def a_missing_image_and_repository_are_3():
    registry = DockerRegistry()
    for command in (("bulla-sbom", "create"), ("bulla-oci", "resolve"), ("bulla-oci", "tree")):
        refuse(INPUT, registry.host, *command, f"{registry.host}/no/such:1")
    keys = Keys()
    refuse(INPUT, [], "bulla-verify", "image", "--key", keys.public, f"{registry.host}/no/such:1")
    refuse(INPUT, [], "bulla-sign", "image", "--key", keys.private, f"{registry.host}/no/such:1")
    check_equal(tags_of(registry.host, "no/such"), [], "tags")


@case
def a_registry_that_does_not_answer_is_4():
    refuse(UNAVAILABLE, "127.0.0.1:1", "bulla-sbom", "create", "127.0.0.1:1/app:1")
    front = FaultyRegistry("127.0.0.1:1", lambda *_: "drop")
    refuse(UNAVAILABLE, front.host, "bulla-oci", "resolve", f"{front.host}/app:1")


def status_is_never_unsigned(status, where=("/referrers/", "/manifests/sha256-")):
    """Evidence is sought and the registry answers with a status that means nothing: that is exit 4, not 6."""
    def test():
        def fault(method, path, body):
            if any(part in path for part in where):
                return status, *json_error("TOOMANYREQUESTS" if status == 429 else "UNKNOWN")
        ref, registry, front, _ = behind_faults(fault)
        keys = Keys()
        ran = refuse(UNAVAILABLE, [], "bulla-verify", "image", "--timeout", "20s", "--key", keys.public, ref)
        check("unsigned" not in ran.err.lower(), str(ran))
        refuse(UNAVAILABLE, [], "bulla-verify", "attestation", "--timeout", "20s", "--key", keys.public, "--type", "cyclonedx", ref)
    return test


for status in (429, 500, 502, 503):
    add_case(f"status_{status}_is_never_read_as_unsigned", status_is_never_unsigned(status))
for name, where in (("the_referrers_call", ["/referrers/"]), ("the_legacy_tags", [".sig", ".att"])):
    add_case(f"status_503_on_{name}_alone_is_not_unsigned", status_is_never_unsigned(503, where))


@case
def status_403_on_the_evidence_is_no_answer():
    status_is_never_unsigned(403)()


@case
def a_429_with_retry_after_is_waited_for():
    left = [2]

    def busy(method, path, body):
        if "/manifests/1" in path and left[0] > 0:
            left[0] -= 1
            return 429, [("Retry-After", "1"), *json_error("TOOMANYREQUESTS")[0]], json_error("TOOMANYREQUESTS")[1]
    ref, *_ = behind_faults(busy)
    started = time.monotonic()
    expect(DONE, "bulla-oci", "resolve", ref)
    check(time.monotonic() - started >= 2, "Retry-After was not waited for")


@case
def a_push_that_fails_half_way_publishes_no_tag():
    def fail(method, path, body):
        if method in ("PUT", "PATCH") and "/blobs/uploads/" in path:
            return 500, *json_error("UNKNOWN")
    registry = DockerRegistry()
    front = FaultyRegistry(registry.host, fail)
    source = temp_dir()
    small_image(source)
    refuse(UNAVAILABLE, [], "bulla-oci", "copy", "--timeout", "20s", f"oci:{source}:latest", f"{front.host}/app:1")
    check_equal(tags_of(registry.host, "app"), [], "tags")
    check(not any("/manifests/" in path for _, path in front.written()), f"{front.written()}")


@case
def a_fallback_tag_that_is_no_index_is_neither_read_nor_overwritten():
    registry = DockerRegistry()
    source, keys = temp_dir(), Keys()
    digest = small_image(source)[1]
    expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/app:1")
    tag = digest.replace(":", "-")
    expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/app:{tag}")
    refuse(INPUT, tag, "bulla-verify", "image", "--key", keys.public, f"{registry.host}/app:1")
    refuse(INPUT, tag, "bulla-sign", "image", "--key", keys.private, f"{registry.host}/app:1")
    check_in(digest, expect(DONE, "bulla-oci", "resolve", f"{registry.host}/app:{tag}").out, "what the tag points to")


@case
def a_redirect_loop_ends():
    def loop(method, path, body):
        if "/blobs/" in path:
            return 307, [("Location", path)], b""
    ref, *_ = behind_faults(loop)
    refuse(UNAVAILABLE, [], "bulla-sbom", "create", ref)


# ---- keys and signatures

def signed_layout(form="bundle"):
    layout, digest = small_image(temp_dir())
    keys = Keys()
    sign(f"oci:{layout.folder}:latest", keys, form)
    return layout, digest, keys


@case
def an_unreadable_key_is_2():
    layout, _ = small_image(temp_dir())
    ref = f"oci:{layout.folder}:latest"
    keys = Keys()
    before = files_under(layout.folder)
    junk = write(f"{temp_dir()}/junk.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    huge = write(f"{temp_dir()}/huge.key", b"A" * (1 << 20))
    for key in (junk, huge, keys.public, f"{temp_dir()}/none.key", "env://NO_SUCH_VARIABLE", temp_dir()):
        refuse(USAGE, [], "bulla-sign", "image", "--key", key, ref)
    for key in (junk, huge, keys.private, f"{temp_dir()}/none.pub"):
        refuse(USAGE, [], "bulla-verify", "image", "--key", key, ref)
    check_equal(files_under(layout.folder), before, "the layout")


@case
def a_wrong_password_is_2():
    layout, _ = small_image(temp_dir())
    keys = Keys()
    before = files_under(layout.folder)
    ran = refuse(USAGE, "password", "bulla-sign", "image", "--key", keys.private, f"oci:{layout.folder}:latest", env={"COSIGN_PASSWORD": "not it"})
    check("not it" not in ran.err, "the password is in the message")
    check_equal(files_under(layout.folder), before, "the layout")


def referrers_of(layout, artifact="bundle"):
    """Paths of the blobs of all bundles in a layout."""
    found = []
    for name in os.listdir(os.path.join(layout.folder, "blobs", "sha256")):
        data = read(os.path.join(layout.folder, "blobs", "sha256", name))
        if artifact.encode() in data and b'"dsseEnvelope"' in data:
            found.append(os.path.join(layout.folder, "blobs", "sha256", name))
    return found


def graft(layout, bundle, subject_of):
    """Attaches these bundle bytes to an image of a layout, as whoever can push could do."""
    subject = next(dict(e) for e in read_json(os.path.join(layout.folder, "index.json"))["manifests"] if e["digest"] == subject_of)
    subject = {k: subject[k] for k in ("mediaType", "digest", "size")}
    kind = "application/vnd.dev.sigstore.bundle.v0.3+json"
    write(layout.blob_path(EMPTY["digest"]), b"{}")
    manifest = layout.blob(compact({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind, "config": EMPTY,
                                    "layers": [layout.blob(bundle, kind)], "subject": subject,
                                    "annotations": {"dev.sigstore.bundle.content": "dsse-envelope",
                                                    "dev.sigstore.bundle.predicateType": "https://sigstore.dev/cosign/sign/v1"}}), MANIFEST)
    layout.entries.append({**manifest, "artifactType": kind})
    layout.write_index()


@case
def a_bundle_grafted_onto_the_image_it_was_made_for_verifies():
    """The ground for the cases below: what they graft differs in the one thing they name."""
    layout, digest, keys = signed_layout()
    bundle = read(referrers_of(layout)[0])
    fresh, same = small_image(temp_dir())
    check_equal(same, digest, "digest")
    graft(fresh, bundle, digest)
    verify(f"oci:{fresh.folder}:latest", keys)


@case
def a_signature_for_another_digest_is_5():
    layout, _, keys = signed_layout()
    other = one_layer()
    graft(other, read(referrers_of(layout)[0]), other.entries[0]["digest"])
    verify(f"oci:{other.folder}:latest", keys, UNTRUSTED)


@case
def a_bundle_whose_payload_was_swapped_is_5():
    layout, digest, keys = signed_layout()
    bundle = json.loads(read(referrers_of(layout)[0]))
    other = one_layer()
    statement = base64.b64decode(bundle["dsseEnvelope"]["payload"]).replace(digest[7:].encode(), other.entries[0]["digest"][7:].encode())
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(statement).decode()
    graft(other, compact(bundle), other.entries[0]["digest"])
    verify(f"oci:{other.folder}:latest", keys, UNTRUSTED)


@case
def a_bundle_with_a_changed_signature_is_5():
    layout, digest, keys = signed_layout()
    bundle = json.loads(read(referrers_of(layout)[0]))
    signature = bytearray(base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"]))
    signature[-1] ^= 1
    bundle["dsseEnvelope"]["signatures"][0]["sig"] = base64.b64encode(bytes(signature)).decode()
    fresh, _ = small_image(temp_dir())
    graft(fresh, compact(bundle), digest)
    verify(f"oci:{fresh.folder}:latest", keys, UNTRUSTED)


@case
def a_bundle_that_is_no_bundle_is_never_a_signature():
    _, digest, keys = signed_layout()
    for junk in (b"{}", b"not json", b"[" * 1000, b'{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}'):
        fresh, _ = small_image(temp_dir())
        graft(fresh, junk, digest)
        ran = run("bulla-verify", "image", "--key", keys.public, f"oci:{fresh.folder}:latest")
        check(ran.code in (UNTRUSTED, INPUT), str(ran))


@case
def an_attestation_of_another_type_is_6():
    layout, _ = small_image(temp_dir())
    ref, keys = f"oci:{layout.folder}:latest", Keys()
    attest(ref, keys, sbom_of(ref))
    refuse(UNSIGNED, [], "bulla-verify", "attestation", "--key", keys.public, "--type", "spdxjson", ref)


@case
def a_predicate_that_is_no_json_is_not_signed():
    layout, _ = small_image(temp_dir())
    keys = Keys()
    before = files_under(layout.folder)
    for content in (b"not json", b"", b'{"a":1,"a":2}', b'{"bomFormat":"CycloneDX"'):
        path = write(f"{temp_dir()}/predicate", content)
        refuse(INPUT, [], "bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", path, f"oci:{layout.folder}:latest")
    check_equal(files_under(layout.folder), before, "the layout")


if __name__ == "__main__":
    main()
