# SPDX-License-Identifier: Apache-2.0
"""Hand-made image archives in the forms that other programs write, the same bytes every time.

No container engine is needed: each function names the writer whose form it imitates. Images are lists of plain
layer tars. `save` writes the archive, which is a list of (name, content) as layout.tar_of takes it."""
from bullatest import files_under, write
from layout import CREATED, MANIFEST, Layout, compact, digest_of, gzip_of, tar_of


def hex_of(data):
    return digest_of(data).split(":")[1]


def config_of(layers, **more):
    return compact({"architecture": "amd64", "os": "linux", "created": CREATED, "config": {},
                    "rootfs": {"type": "layers", "diff_ids": [digest_of(tar) for tar in layers]}, **more})


def save(path, entries, compress=None):
    data = tar_of(entries)
    return write(path, compress(data) if compress else data)


def layout_archive(path, folder, prefix="", compress=None):
    """`skopeo copy … oci-archive:`, `buildah push`, `tar -C layout -c .`: an OCI layout folder in a tar."""
    return save(path, [(prefix + name, data) for name, data in sorted(files_under(folder).items())], compress)


def docker_entry(config_name, layer_names, tags):
    return {"Config": config_name, "RepoTags": tags, "Layers": layer_names}


def docker_1_9(layers, tag="app:1"):
    """`docker save` before 1.10: a chain of folders with json and layer.tar, and the file repositories."""
    entries, parent = [], None
    for number, tar in enumerate(layers):
        identity = hex_of(b"%d" % number + tar)
        info = {"id": identity, "created": CREATED, "os": "linux", "architecture": "amd64", "config": {}}
        if parent:
            info["parent"] = parent
        entries += [(f"{identity}/", None), (f"{identity}/VERSION", "1.0"), (f"{identity}/json", compact(info)), (f"{identity}/layer.tar", tar)]
        parent = identity
    name, version = tag.rsplit(":", 1)
    return [*entries, ("repositories", compact({name: {version: parent}}))]


def docker_1_10(images):
    """`docker save` from 1.10 to 24, of several (tags, layers): plain layers in folders, a layer that is there
    already as a link to the first one, manifest.json at the end."""
    entries, first, listed = [], {}, []
    for number, (tags, layers) in enumerate(images):
        config, names = config_of(layers), []
        for place, tar in enumerate(layers):
            folder = hex_of(b"%d/%d" % (number, place) + tar)
            names.append(f"{folder}/layer.tar")
            known = first.get(tar)
            entries += [(f"{folder}/", None), (f"{folder}/VERSION", "1.0"), (f"{folder}/json", compact({"id": folder})),
                        (names[-1], ("symlink", f"../{known}") if known else tar)]
            first.setdefault(tar, names[-1])
        entries.append((f"{hex_of(config)}.json", config))
        listed.append(docker_entry(f"{hex_of(config)}.json", names, tags))
    return [*entries, ("manifest.json", compact(listed))]


def docker_25(folder, layers, tag="app:1"):
    """`docker save` from 25 on with the classic image store: an OCI layout of plain layers (made in `folder`) and
    manifest.json side by side."""
    layout = Layout(folder)
    config = config_of(layers)
    image = layout.image([layout.layer(tar, "application/vnd.oci.image.layer.v1.tar") for tar in layers],
                         config=layout.blob(config, "application/vnd.oci.image.config.v1+json"))
    image["annotations"] = {"io.containerd.image.name": f"docker.io/library/{tag}"}
    digest = layout.tag(image, tag.rsplit(":", 1)[1])
    manifest = [docker_entry(f"blobs/sha256/{hex_of(config)}", [f"blobs/sha256/{hex_of(tar)}" for tar in layers], [tag])]
    return [*sorted(files_under(folder).items()), ("manifest.json", compact(manifest))], digest


def docker_29(folder, layers, tag="app:1"):
    """`docker save` with the containerd image store, the default from 29 on: the index of all platforms with
    BuildKit's attestations, of which only one platform's compressed blobs are in the archive."""
    layout = Layout(folder)
    config = config_of(layers)
    stored = [layout.layer(tar) for tar in layers]
    image = layout.image(stored, config=layout.blob(config, "application/vnd.oci.image.config.v1+json"))
    absent = {"mediaType": MANIFEST, "digest": digest_of(b"absent"), "size": 6, "platform": {"architecture": "s390x", "os": "linux"}}
    attestation = {"mediaType": MANIFEST, "digest": digest_of(b"attestation"), "size": 11, "platform": {"architecture": "unknown", "os": "unknown"},
                   "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": image["digest"]}}
    index = layout.index([absent, {**image, "platform": {"architecture": "amd64", "os": "linux"}}, attestation])
    index["annotations"] = {"io.containerd.image.name": f"docker.io/library/{tag}"}
    layout.tag(index, tag.rsplit(":", 1)[1])
    manifest = [docker_entry(f"blobs/sha256/{hex_of(config)}",
                             ["blobs/sha256/" + descriptor["digest"].split(":")[1] for descriptor, _ in stored], [tag])]
    return [*sorted(files_under(folder).items()), ("manifest.json", compact(manifest))], image["digest"]


def podman(layers, tag="localhost/app:1"):
    """`podman save` and `skopeo copy … docker-archive:`: layers named by their diff_id, old folders of links to them."""
    config, entries, names = config_of(layers), [], []
    for number, tar in enumerate(layers):
        names.append(f"{hex_of(tar)}.tar")
        folder = hex_of(b"%d" % number + tar)
        entries += [(names[-1], tar), (f"{folder}/layer.tar", ("symlink", f"../{names[-1]}")), (f"{folder}/VERSION", "1.0"),
                    (f"{folder}/json", compact({"id": folder}))]
    return [*entries, (f"{hex_of(config)}.json", config), ("manifest.json", compact([docker_entry(f"{hex_of(config)}.json", names, [tag])]))]


def crane(layers, tag="app:1"):
    """`crane pull --format tarball`, kaniko: compressed layers named by their own digest, Config with an algorithm."""
    config = config_of(layers)
    stored = [gzip_of(tar) for tar in layers]
    names = [f"{hex_of(data)}.tar.gz" for data in stored]
    return [("sha256:" + hex_of(config), config), *zip(names, stored),
            ("manifest.json", compact([docker_entry("sha256:" + hex_of(config), names, [tag])]))]
