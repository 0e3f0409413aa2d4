#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Images in archives, on standard input and in folders: every form that other programs write lists the same
packages as the layout of the same image; what is wrong with one is refused and named."""
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import archives  # noqa: E402
from bullatest import (DONE, INPUT, PARTIAL, USAGE, add_case, case, check, check_equal, check_in, environment, expect, files_under, main, program, read,  # noqa: E402
                       read_json, refuse, temp_dir, tool, write)
from layout import SMALL_PACKAGES, Layout, compact, gzip_of, small_image, small_index, small_rootfs, tar_of  # noqa: E402
from sealing import Keys, attest, packages, sbom_of, verify_attestation  # noqa: E402
from servers import DockerRegistry  # noqa: E402

LAYERS = list(small_rootfs())


def component(path):
    return read_json(path)["metadata"]["component"]


def properties(path):
    return {entry["name"].split("image:")[-1]: entry["value"] for entry in component(path).get("properties", [])}


def lists_the_small_image(name, **how):
    path = sbom_of(name, **how)
    check_equal(packages(path), sorted(SMALL_PACKAGES), f"packages of {name}")
    return path


def archive(entries, name="app.tar", compress=None):
    return archives.save(os.path.join(temp_dir(), name), entries, compress)


def zstd_of(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


# ---- OCI archives

def oci_archive(name, prefix, compress):
    def test():
        folder = temp_dir()
        _, digest = small_image(folder)
        path = archives.layout_archive(os.path.join(temp_dir(), name), folder, prefix, compress)
        for typed in (f"oci-archive:{path}", f"oci-archive:{path}:latest", f"oci-archive:{path}@{digest}", path, path + ":latest"):
            sbom = lists_the_small_image(typed)
            check_equal(properties(sbom)["manifest-digest"], digest, typed)
        whole = read(sbom_of(f"oci:{folder}:latest")).replace(f"oci:{folder}:latest".encode(), b"NAME")
        own = read(sbom_of(f"oci-archive:{path}:latest")).replace(f"oci-archive:{path}:latest".encode(), b"NAME")
        same = lambda text: {k: v for k, v in json.loads(text).items() if k != "serialNumber"}
        check_equal(same(own), same(whole), "the document, names aside")
    return test


for _label, _arguments in {"plain": ("app.tar", "", None), "with_dot_slash": ("app.tar", "./", None), "gzip": ("app.tar.gz", "", gzip_of),
                           "zstd": ("app.oci", "", zstd_of)}.items():
    add_case(f"an_oci_archive_{_label}", oci_archive(*_arguments))


@case
def a_bare_name_is_an_archive_only_if_the_file_is_there():
    folder, work = temp_dir(), temp_dir()
    small_image(folder)
    archives.layout_archive(f"{work}/app.tar", folder)
    expect(DONE, "bulla-sbom", "create", "app.tar", cwd=work)
    refuse(4, ["offline"], "bulla-sbom", "create", "--offline", "other.tar", cwd=work)


@case
def strict_reads_an_archive_too():
    folder = temp_dir()
    small_image(folder)
    path = archives.layout_archive(os.path.join(temp_dir(), "app.tar"), folder)
    expect(DONE, "bulla-sbom", "create", "--strict", "--no-cache", f"oci-archive:{path}")


@case
def nested_indexes_are_followed():
    layout = Layout(temp_dir())
    image = {**layout.image([layout.layer(tar) for tar in LAYERS]), "platform": {"architecture": "amd64", "os": "linux"}}
    layout.tag(layout.index([layout.index([layout.index([image])])]))
    path = archives.layout_archive(os.path.join(temp_dir(), "app.tar"), layout.folder)
    for name in (f"oci:{layout.folder}", f"oci-archive:{path}"):
        lists_the_small_image(name)
    deeper = layout.index([layout.index([layout.index([layout.index([layout.index([image])])])])])
    layout.tag(deeper, "deeper")
    path = archives.layout_archive(os.path.join(temp_dir(), "app.tar"), layout.folder)
    for name in (f"oci:{layout.folder}:deeper", f"oci-archive:{path}:deeper"):
        refuse(INPUT, ["nested"], "bulla-sbom", "create", name)


@case
def schema_1_is_refused():
    layout = Layout(temp_dir())
    schema_1 = {"schemaVersion": 1, "name": "app", "tag": "1", "architecture": "amd64", "fsLayers": [], "history": []}
    layout.tag(layout.blob(compact(schema_1), "application/vnd.docker.distribution.manifest.v1+json"))
    path = archives.layout_archive(os.path.join(temp_dir(), "app.tar"), layout.folder)
    for name in (f"oci:{layout.folder}:latest", f"oci-archive:{path}:latest"):
        refuse(INPUT, ["schema 1"], "bulla-sbom", "create", name)


# ---- docker archives

DOCKER_FORMS = {"docker_1_10": lambda: archives.docker_1_10([(["app:1"], LAYERS)]), "podman": lambda: archives.podman(LAYERS),
                "crane": lambda: archives.crane(LAYERS)}


def docker_form(make):
    def test():
        config = archives.config_of(LAYERS)
        for compress in (None, gzip_of):
            path = archive(make(), compress=compress)
            for typed in (path, f"docker-archive:{path}", f"docker-archive:{path}:{archives.hex_of(config)[:12]}"):
                sbom = lists_the_small_image(typed)
                check_equal(component(sbom).get("version"), "sha256:" + archives.hex_of(config), "the version of the subject: the image's id")
                check("manifest-digest" not in properties(sbom), "a digest of a manifest that nobody stored")
                check("purl" not in component(sbom), "a purl whose version would be a made digest")
                check("hashes" not in component(sbom), "the hash of a manifest that nobody stored")
    return test


for _label, _make in DOCKER_FORMS.items():
    add_case(f"a_docker_archive_of_{_label}", docker_form(_make))


@case
def a_docker_archive_from_before_1_10():
    path = archive(archives.docker_1_9(LAYERS))
    for typed in (path, f"docker-archive:{path}:app:1"):
        sbom = lists_the_small_image(typed)
        check("version" not in component(sbom), "an image id that nobody knows")
    lists_the_small_image(archive([entry for entry in archives.docker_1_9(LAYERS) if entry[0] != "repositories"]))


@case
def a_docker_archive_of_25():
    entries, digest = archives.docker_25(temp_dir(), LAYERS)
    path = archive(entries)
    for typed in (path, path + ":app:1", f"oci-archive:{path}:app:1", f"oci-archive:{path}:1"):
        check_equal(properties(lists_the_small_image(typed))["manifest-digest"], digest, typed)
    check("manifest-digest" not in properties(lists_the_small_image(f"docker-archive:{path}:app:1")), "a made digest")


@case
def a_docker_archive_of_29_with_absent_platforms():
    entries, digest = archives.docker_29(temp_dir(), LAYERS)
    path = archive(entries)
    for typed in (path, path + ":app:1", f"docker-archive:{path}"):
        sbom = lists_the_small_image(typed)
        if not typed.startswith("docker-archive:"):
            check_equal(properties(sbom)["manifest-digest"], digest, typed)
    refuse(INPUT, ["platforms there", "linux/amd64"], "bulla-sbom", "create", "--platform", "linux/s390x", path)


@case
def of_several_images_the_name_chooses():
    other = tar_of([("var/lib/dpkg/status", "Package: other\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"),
                    ("usr/lib/os-release", "ID=debian\n")])
    path = archive(archives.docker_1_10([(["app:1", "app:2"], LAYERS), (["r.example/other:latest"], [other, LAYERS[1]])]))
    lists_the_small_image(f"docker-archive:{path}:app:2")
    check_in(("deb", "other", "1"), packages(sbom_of(f"docker-archive:{path}:r.example/other")), "packages")
    ran = refuse(INPUT, ["2 images", "app:1, app:2, r.example/other:latest"], "bulla-sbom", "create", path)
    check_in(f"docker-archive:{path}:app:1", ran.err, "the hint")
    refuse(INPUT, ["no image", "app:1"], "bulla-sbom", "create", f"{path}:app:3")


# ---- real writers

def pulled(registry, form):
    path = os.path.join(temp_dir(), "pulled")
    expect(DONE, tool("crane"), "pull", "--format", form, f"{registry.host}/app:1", path)
    return path


@case(labels=("interop",))
def what_crane_writes():
    registry, folder = DockerRegistry(), temp_dir()
    small_image(folder)
    expect(DONE, "bulla-oci", "copy", f"oci:{folder}:latest", f"{registry.host}/app:1")
    for form in ("tarball", "legacy"):
        lists_the_small_image(pulled(registry, form))
    lists_the_small_image(f"oci:{pulled(registry, 'oci')}")
    # What Docker wrote before 1.10 is what crane calls legacy, without what was added then.
    with tarfile.open(pulled(registry, "legacy")) as tar:
        old = [(member.name, tar.extractfile(member).read()) for member in tar if member.isfile() and member.name != "manifest.json"
               and not (member.name.endswith(".json") and "/" not in member.name)]
    plain = [(name, gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data) for name, data in old]
    lists_the_small_image(archive(plain))


@case(labels=("interop",))
def other_programs_read_our_archive():
    folder, work = temp_dir(), temp_dir()
    _, digest = small_image(folder)
    expect(DONE, "bulla-oci", "copy", f"oci:{folder}:latest", f"oci-archive:{work}/app.tar:v1")
    unpacked = os.path.join(work, "unpacked")
    os.makedirs(unpacked)
    subprocess.run(["tar", "-C", unpacked, "-xf", f"{work}/app.tar"], check=True)
    listed = subprocess.run([tool("umoci", "apt has it"), "ls", "--layout", unpacked], capture_output=True, text=True, check=True)
    check_equal(listed.stdout.split(), ["v1"], "tags that umoci lists")
    expect(DONE, tool("crane"), "validate", "--tarball", archive(archives.docker_1_10([(["app:1"], LAYERS)])))


# ---- standard input and pipes

@case
def standard_input_is_an_archive():
    for data in (tar_of(archives.docker_1_10([(["app:1"], LAYERS)])), gzip_of(tar_of(archives.crane(LAYERS)))):
        out = os.path.join(temp_dir(), "sbom.json")
        expect(DONE, "bulla-sbom", "create", "-", "-o", f"cyclonedx-json={out}", stdin=data)
        check_equal(packages(out), sorted(SMALL_PACKAGES), "packages")
    ran = expect(DONE, "bulla-oci", "resolve", "docker-archive:-:app:1", stdin=tar_of(archives.docker_25(temp_dir(), LAYERS)[0]))
    check_in("sha256:", ran.out)
    refuse(INPUT, ["standard input"], "bulla-sbom", "create", "-", stdin=b"")


@case
def a_file_as_standard_input_is_read_in_place():
    path = archive(archives.docker_1_10([(["app:1"], LAYERS)]))
    with open(path, "rb") as file:
        done = subprocess.run([program("bulla-sbom"), "create", "-"], stdin=file, capture_output=True, env=environment(), timeout=100)
    check_equal(done.returncode, DONE, done.stderr.decode())
    check_in("libgreet1", done.stdout.decode(), "the document")


@case
def a_fifo_is_an_archive():
    path = os.path.join(temp_dir(), "pipe")
    os.mkfifo(path)
    data = tar_of(archives.podman(LAYERS))
    writer = threading.Thread(target=lambda: write(path, data))
    writer.start()
    lists_the_small_image(path)
    writer.join()


# ---- copying

@case
def a_copy_out_of_an_oci_archive_keeps_every_byte():
    folder, registry, work = temp_dir(), DockerRegistry(), temp_dir()
    _, digest, _, _ = small_index(folder)
    path = archives.layout_archive(f"{work}/app.tar", folder)
    for target in (f"oci:{work}/copy:v1", f"{registry.host}/app:1"):
        expect(DONE, "bulla-oci", "copy", path, target)
        check_equal(expect(DONE, "bulla-oci", "resolve", target).out.strip(), digest, target)
    check_equal(files_under(f"{work}/copy/blobs"), files_under(f"{folder}/blobs"), "blobs")


@case
def an_archive_that_is_written_is_the_same_every_time_and_keeps_evidence():
    folder, work, keys = temp_dir(), temp_dir(), Keys()
    _, digest = small_image(folder)
    attest(f"oci:{folder}:latest", keys, sbom_of(f"oci:{folder}:latest"), "both")
    for name in ("one.tar", "two.tar"):
        expect(DONE, "bulla-oci", "copy", "--recursive", "--jobs", "4", f"oci:{folder}:latest", f"oci-archive:{work}/{name}:v1")
    check_equal(read(f"{work}/one.tar"), read(f"{work}/two.tar"), "the archive")
    with tarfile.open(f"{work}/one.tar") as tar:
        check_equal({(member.mtime, member.uid, member.gid, member.mode) for member in tar}, {(0, 0, 0, 0o644)}, "times, owners, modes")
    check_equal(sorted(os.listdir(work)), ["one.tar", "two.tar"], "files beside the archives")
    check_in("application/vnd.dev.sigstore.bundle", expect(DONE, "bulla-oci", "tree", f"oci-archive:{work}/one.tar:v1").out, "the tree")
    expect(DONE, "bulla-oci", "copy", "--recursive", f"oci-archive:{work}/one.tar:v1", f"oci:{work}/back:v1")
    verify_attestation(f"oci:{work}/back:v1", keys)
    expect(DONE, "bulla-oci", "inspect", f"oci-archive:{work}/one.tar:v1")


@case
def a_copy_of_a_docker_archive_is_the_same_every_time():
    registry, work = DockerRegistry(), temp_dir()
    path = archive(archives.docker_1_10([(["app:1"], LAYERS)]))
    first = expect(DONE, "bulla-oci", "copy", "-o", "json", path, f"{registry.host}/app:1").json()
    again = expect(DONE, "bulla-oci", "copy", "-o", "json", path, f"oci:{work}/copy:1").json()
    check_equal(first["digest"], again["digest"], "the digest of the manifest that was made")
    check_equal(expect(DONE, "bulla-oci", "resolve", path).out.strip(), first["digest"], "the digest that resolve announces")
    lists_the_small_image(f"{registry.host}/app:1")
    manifest = expect(DONE, "bulla-oci", "inspect", "-o", "json", f"{registry.host}/app:1").json()
    check_equal(manifest["config"]["digest"], "sha256:" + archives.hex_of(archives.config_of(LAYERS)), "the image's id")


@case
def an_sbom_of_a_docker_archive_attests_the_image_with_that_id_only():
    folder, keys = temp_dir(), Keys()
    layout, digest = small_image(folder)
    other = layout.tag(layout.image([layout.layer(LAYERS[0])]), "other")
    config = read_json(layout.blob_path(digest))["config"]["digest"]
    entries = archives.docker_1_10([(["app:1"], LAYERS)])
    sbom = sbom_of(archive(entries))
    check_equal(component(sbom)["version"], config, "the image's id, which is that of the layout's image")
    ran = attest(f"oci:{folder}:latest", keys, sbom)
    check_in(digest, ran.out, "what is signed")
    verify_attestation(f"oci:{folder}:latest", keys)
    check(other != digest)
    refuse(INPUT, ["another image"], "bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", sbom, f"oci:{folder}:other")


@case
def archives_are_not_signed_into():
    keys = Keys()
    folder = temp_dir()
    small_image(folder)
    path = archives.layout_archive(os.path.join(temp_dir(), "app.tar"), folder)
    before = read(path)
    for name in (path, f"oci-archive:{path}"):
        refuse(USAGE, ["archive", "bulla-oci copy --recursive"], "bulla-sign", "image", "--key", keys.private, name)
        refuse(USAGE, ["archive"], "bulla-verify", "image", "--key", keys.public, name)
    refuse(USAGE, ["oci-archive:"], "bulla-oci", "copy", f"oci:{folder}:latest", f"docker-archive:{path}")
    refuse(USAGE, ["oci-archive:"], "bulla-oci", "copy", f"oci:{folder}:latest", path)
    check_equal(read(path), before, "the archive")


# ---- bad archives

def refused(path, words, code=INPUT):
    words = [words] if isinstance(words, str) else words
    out = write(f"{temp_dir()}/sbom.json", "what was there before")
    refuse(code, words, "bulla-sbom", "create", "--no-cache", path, "-o", f"cyclonedx-json={out}")
    check_equal(read(out), b"what was there before", "the output file")
    target = os.path.join(temp_dir(), "copy.tar")
    refuse(code, [], "bulla-oci", "copy", path, f"oci-archive:{target}")
    check(not os.path.exists(target), "a failed copy left an archive")


def changed(entries, change):
    """The entries, each through `change`: a new content, or None to leave it out."""
    return [(name, new) for name, content in entries for new in [change(name, content)] if new is not False]


@case
def a_truncated_archive():
    whole = tar_of(archives.docker_1_10([(["app:1"], LAYERS)]))
    for size in (100, 700, len(whole) // 2):
        refused(write(os.path.join(temp_dir(), "app.tar"), whole[:size]), ["app.tar"])
    packed = gzip_of(whole)
    refused(write(os.path.join(temp_dir(), "app.tar.gz"), packed[:len(packed) // 2]), ["app.tar.gz"])


@case
def a_layer_that_is_not_its_diff_id():
    def other_layer(name, content):
        return LAYERS[1] if content == LAYERS[0] else content
    for entries in (archives.docker_1_10([(["app:1"], LAYERS)]), archives.podman(LAYERS)):
        refused(archive(changed(entries, other_layer)), ["digest"])
    # A compressed layer has a digest of its own, and nobody but the config vouches for it.
    swapped = gzip_of(LAYERS[1])
    entries = changed(archives.crane(LAYERS), lambda name, content: swapped if content == gzip_of(LAYERS[0]) else content)
    refused(archive(entries), ["diff_id"])


@case
def a_compressed_layer_from_the_cache_is_checked_against_the_config_all_the_same():
    cache = temp_dir()
    folder = temp_dir()
    small_image(folder)
    expect(DONE, "bulla-sbom", "create", "--cache-dir", cache, f"oci:{folder}:latest")
    swapped = gzip_of(LAYERS[1])
    entries = changed(archives.crane(LAYERS), lambda name, content: swapped if content == gzip_of(LAYERS[0]) else content)
    refuse(INPUT, ["diff_id"], "bulla-sbom", "create", "--cache-dir", cache, archive(entries))


@case
def a_config_that_is_not_its_name():
    entries = changed(archives.docker_1_10([(["app:1"], LAYERS)]),
                      lambda name, content: content.replace(b"amd64", b"amd46") if name.endswith(".json") and "/" not in name and name != "manifest.json" else content)
    refused(archive(entries), ["digest", "app.tar", ".json"])


@case
def a_missing_layer_or_config():
    whole = archives.docker_1_10([(["app:1"], LAYERS)])
    layer = next(name for name, content in whole if content == LAYERS[1])
    config = next(name for name, _ in whole if name.endswith(".json") and "/" not in name)
    for missing in (layer, config):
        refused(archive([entry for entry in whole if entry[0] != missing]), ["app.tar", missing])


@case
def a_missing_blob_of_an_oci_archive():
    folder = temp_dir()
    layout, digest = small_image(folder)
    blob = read_json(layout.blob_path(digest))["layers"][0]["digest"]
    os.remove(layout.blob_path(blob))
    refused(archives.layout_archive(os.path.join(temp_dir(), "app.tar"), folder), ["app.tar", blob.split(":")[1]])


@case
def a_blob_with_another_digest_or_bytes_behind_it():
    for change in (lambda data: data[:4] + b"\1" + data[5:], lambda data: data + b"\0"):
        folder = temp_dir()
        layout, digest = small_image(folder)
        path = layout.blob_path(read_json(layout.blob_path(digest))["layers"][0]["digest"])
        write(path, change(read(path)))
        refused(archives.layout_archive(os.path.join(temp_dir(), "app.tar"), folder), ["sha256:"])


@case
def another_number_of_layers_than_diff_ids():
    config = archives.config_of(LAYERS)
    name = f"{archives.hex_of(config)}.json"
    listed = [archives.docker_entry(name, ["a.tar"], ["app:1"])]
    refused(archive([("a.tar", LAYERS[0]), (name, config), ("manifest.json", compact(listed))]), ["1 layers", "2 diff_ids", "app.tar"])


@case
def documents_that_are_not_what_they_should_be():
    listed = compact([archives.docker_entry("c.json", ["a.tar"], ["app:1"])])
    for entries, words in (([("c.json", "no json"), ("a.tar", LAYERS[0]), ("manifest.json", listed)], ["app.tar", "c.json"]),
                           ([("manifest.json", "no json")], ["app.tar", "manifest.json"]),
                           ([("manifest.json", b"[" * 100_000)], ["app.tar", "manifest.json"]),
                           ([("manifest.json", b"[" + b" " * 5_000_000 + b"]")], ["app.tar", "manifest.json"]),
                           ([("manifest.json", compact([archives.docker_entry("../../etc/passwd", [], [])]))], ["outside"]),
                           ([("manifest.json", compact([archives.docker_entry("/etc/passwd", [], [])]))], ["outside"]),
                           ([("oci-layout", "{}"), ("index.json", "{}")], ["app.tar", "layout version"]),
                           ([("oci-layout", '{"imageLayoutVersion":"1.0.0"}')], ["app.tar", "index.json"]),
                           ([("oci-layout", '{"imageLayoutVersion":"1.0.0"}'), ("index.json", "no json")], ["app.tar", "index.json"]),
                           ([("readme", "hello")], ["app.tar", "manifest.json", "oci-layout"])):
        refused(archive(entries), words)


@case
def links_that_lead_out_or_round():
    config = archives.config_of(LAYERS)
    listed = compact([archives.docker_entry("c.json", ["a/layer.tar", "b/layer.tar"], ["app:1"])])
    for target, words in (("../../../etc/passwd", "out of the archive"), ("/etc/passwd", "out of the archive"), ("../b/layer.tar", "no end"),
                          ("../c/layer.tar", "no end"), ("../nothing", "nothing")):
        refused(archive([("a/layer.tar", LAYERS[0]), ("b/layer.tar", ("symlink", target)), ("c/layer.tar", ("symlink", "../b/layer.tar")),
                         ("c.json", config), ("manifest.json", listed)]), ["app.tar", words])


@case
def members_that_are_there_twice():
    entries = archives.docker_1_10([(["app:1"], LAYERS)])
    lists_the_small_image(archive([*entries, *entries]))
    name = next(name for name, content in entries if content == LAYERS[0])
    refused(archive([*entries, (name, LAYERS[1])]), ["more than once", name])


@case
def a_gzip_bomb_around_an_archive():
    head = tarfile.TarInfo("zeros")
    head.size = 300 * 1024 * 1024
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as out:
        out.write(head.tobuf())
        for _ in range(300):
            out.write(bytes(1024 * 1024))
        out.write(bytes(1024))
    refused(write(os.path.join(temp_dir(), "app.tar.gz"), packed.getvalue()), ["times its size", "app.tar.gz"])


# ---- folders

def root_filesystem():
    """The merged files of the small image as a folder."""
    folder = os.path.join(temp_dir(), "root")
    for tar in LAYERS:
        with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
            opened.extractall(folder)
    whiteout = os.path.join(folder, "app/node_modules/.wh.gone")
    os.remove(whiteout)
    os.remove(os.path.join(folder, "app/node_modules/gone/package.json"))
    return folder


@case
def a_folder_lists_what_is_installed_in_it():
    folder = root_filesystem()
    first = lists_the_small_image(f"dir:{folder}")
    check_equal(component(first)["name"], folder, "the name of the subject")
    check_equal(component(first)["type"], "file", "its type")
    check("version" not in component(first) and "properties" not in component(first), "a folder has a name only")
    work = os.path.dirname(folder)
    documents = [expect(DONE, "bulla-sbom", "create", "dir:root", cwd=place).raw_out for place in (work, work)]
    moved = os.path.join(temp_dir(), "root")
    os.rename(folder, moved)
    documents.append(expect(DONE, "bulla-sbom", "create", "dir:root", cwd=os.path.dirname(moved)).raw_out)
    check_equal(len(set(documents)), 1, "documents of one folder at two places under one name")


@case
def a_folder_of_modules_alone():
    folder = root_filesystem()
    sbom = sbom_of(f"dir:{folder}/app")
    check_equal(packages(sbom), [("npm", "left", "1.3.0")], "packages")


@case
def links_in_a_folder_stay_in_it():
    outside = root_filesystem()
    folder = temp_dir()
    os.symlink(f"{outside}/var", f"{folder}/var")
    os.symlink(f"{outside}/app", f"{folder}/app")
    check_equal(packages(sbom_of(f"dir:{folder}")), [], "packages found through links out of the folder")


@case
def devices_and_pipes_in_a_folder_are_not_opened():
    folder = root_filesystem()
    os.makedirs(f"{folder}/app/node_modules/pipe")
    os.mkfifo(f"{folder}/app/node_modules/pipe/package.json")
    lists_the_small_image(f"dir:{folder}")


@case
def a_name_that_is_a_deletion_makes_the_list_incomplete_under_strict():
    folder = root_filesystem()
    write(f"{folder}/app/.wh.node_modules", "")
    lists_the_small_image(f"dir:{folder}")
    ran = expect(PARTIAL, "bulla-sbom", "create", "--strict", f"dir:{folder}")
    check_in("app/.wh.node_modules", ran.err, "what was not read")


@case
def what_is_no_folder_or_no_image():
    folder = root_filesystem()
    refuse(INPUT, ["no folder"], "bulla-sbom", "create", f"dir:{folder}/nothing")
    refuse(INPUT, ["not a folder"], "bulla-sbom", "create", f"dir:{folder}/var/lib/dpkg/status")
    refuse(USAGE, ["--platform"], "bulla-sbom", "create", "--platform", "linux/arm64", f"dir:{folder}")
    refuse(USAGE, ["dir:"], "bulla-sbom", "create", folder)
    refuse(USAGE, ["bulla-sbom create"], "bulla-oci", "inspect", f"dir:{folder}")


if __name__ == "__main__":
    main()
