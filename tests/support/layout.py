# SPDX-License-Identifier: Apache-2.0
"""Hand-made OCI image layouts, byte for byte the same every time."""
import gzip
import hashlib
import io
import json
import os
import tarfile

from bullatest import read, write

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
TAR, GZIP, ZSTD = (f"application/vnd.oci.image.layer.v1.tar{suffix}" for suffix in ("", "+gzip", "+zstd"))
EMPTY = {"mediaType": "application/vnd.oci.empty.v1+json", "size": 2,
         "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}
CREATED = "2024-01-02T03:04:05Z"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def compact(document):
    return json.dumps(document, separators=(",", ":")).encode()


def tar_of(entries):
    """A tar of (name, content) pairs. Content is bytes, None for a folder, or ("symlink" | "hardlink", target)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.mtime, info.mode = 1700000000, 0o644
            if content is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif isinstance(content, tuple):
                info.type = tarfile.SYMTYPE if content[0] == "symlink" else tarfile.LNKTYPE
                info.linkname = content[1]
            else:
                content = content.encode() if isinstance(content, str) else content
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content) if isinstance(content, bytes) else None)
    return out.getvalue()


def gzip_of(data, level=9):
    return gzip.compress(data, level, mtime=0)


class Layout:
    """An OCI layout folder under construction; every method leaves it valid unless told otherwise."""

    def __init__(self, folder):
        self.folder = folder
        self.entries = []
        write(os.path.join(folder, "oci-layout"), compact({"imageLayoutVersion": "1.0.0"}))
        os.makedirs(os.path.join(folder, "blobs", "sha256"), exist_ok=True)
        self.write_index()

    def blob_path(self, digest):
        return os.path.join(self.folder, "blobs", *digest.split(":"))

    def blob(self, data, media_type):
        digest = digest_of(data)
        write(self.blob_path(digest), data)
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def config(self, diff_ids, architecture="amd64", **more):
        return self.blob(compact({"architecture": architecture, "os": "linux", "created": CREATED, "config": {},
                                  "rootfs": {"type": "layers", "diff_ids": diff_ids}, **more}), CONFIG)

    def layer(self, tar, media_type=GZIP, data=None):
        """A layer of these tar bytes; data replaces what is stored for them."""
        stored = data if data is not None else gzip_of(tar) if media_type == GZIP else tar
        return self.blob(stored, media_type), digest_of(tar)

    def image(self, layers, architecture="amd64", diff_ids=None, config=None, **more):
        """A manifest over (descriptor, diff_id) pairs; returns its descriptor."""
        diff_ids = diff_ids if diff_ids is not None else [diff_id for _, diff_id in layers]
        return self.blob(compact({"schemaVersion": 2, "mediaType": MANIFEST,
                                  "config": config or self.config(diff_ids, architecture),
                                  "layers": [descriptor for descriptor, _ in layers], **more}), MANIFEST)

    def index(self, manifests, **more):
        return self.blob(compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests, **more}), INDEX)

    def tag(self, descriptor, name="latest"):
        entry = dict(descriptor)
        if name:
            entry["annotations"] = {**entry.get("annotations", {}), "org.opencontainers.image.ref.name": name}
        self.entries.append(entry)
        self.write_index()
        return descriptor["digest"]

    def write_index(self):
        write(os.path.join(self.folder, "index.json"),
              compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": self.entries}))


def listed_in(folder):
    """The manifests that a layout folder lists; none if there is no layout."""
    path = os.path.join(folder, "index.json")
    return json.loads(read(path))["manifests"] if os.path.exists(path) else []


# ---- the small image that most tests use

OS_RELEASE = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'
STATUS = """\
Package: hello
Status: install ok installed
Architecture: amd64
Version: 2.10-3
Maintainer: A Person <person@example.org>
Description: says hello

Package: libgreet1
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: greet (1.2-1)
Version: 1.2-1+b1
Description: greetings as a library

Package: removed
Status: deinstall ok config-files
Architecture: all
Version: 0.9-1
Description: only its settings are left

"""
COPYRIGHT = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: hello

Files: *
Copyright: 2020 A Person
License: GPL-3.0-or-later
"""
DIST_INFO = "Metadata-Version: 2.1\nName: Small.Thing\nVersion: 1.0.1\nLicense: MIT\n\nA description.\n"


def small_rootfs():
    """Two debs, one npm package, one Python distribution; a second layer hides another npm package."""
    first = tar_of([
        ("etc/", None), ("etc/os-release", ("symlink", "../usr/lib/os-release")), ("usr/lib/os-release", OS_RELEASE),
        ("var/lib/dpkg/status", STATUS), ("var/lib/dpkg/info/hello.list", "/.\n/usr\n/usr/bin\n/usr/bin/hello\n"),
        ("var/lib/dpkg/info/hello.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/bin/hello\n"),
        ("usr/bin/hello", b"\x7fELF not really"), ("usr/share/doc/hello/copyright", COPYRIGHT),
        ("app/node_modules/left/package.json", '{"name":"left","version":"1.3.0","license":"MIT"}'),
        ("app/node_modules/gone/package.json", '{"name":"gone","version":"9.9.9"}'),
        # A template that no package manager installed.
        ("app/templates/package.json", '{"name":"template","version":"0.0.1"}'),
    ])
    second = tar_of([
        ("app/node_modules/.wh.gone", b""),
        ("usr/lib/python3/dist-packages/small_thing-1.0.1.dist-info/METADATA", DIST_INFO),
        ("usr/lib/python3/dist-packages/small_thing-1.0.1.dist-info/RECORD", "small_thing.py,,\n"),
    ])
    return first, second


# (purl type, name, version) of every package of the small image.
SMALL_PACKAGES = [("deb", "hello", "2.10-3"), ("deb", "libgreet1", "1.2-1+b1"), ("npm", "left", "1.3.0"), ("pypi", "small-thing", "1.0.1")]


def small_image(folder, name="latest"):
    """Writes the small image and returns the layout and the manifest's digest."""
    layout = Layout(folder)
    descriptor = layout.image([layout.layer(tar) for tar in small_rootfs()])
    return layout, layout.tag(descriptor, name)


def attested_index(folder):
    """An index as BuildKit writes it: an image and an attestation of it, each with something attached, and an
    attestation of an image that another index holds. What index.json lists says no artifact type."""
    layout = Layout(folder)
    first, _ = small_rootfs()
    amd64 = layout.image([layout.layer(first)])
    digests = amd64["digest"], digest_of(b"an image elsewhere")
    attestations = []
    for about, predicate in zip(digests, ("https://slsa.dev/provenance/v1", "https://spdx.dev/Document")):
        statement = compact({"_type": "https://in-toto.io/Statement/v1", "predicateType": predicate, "predicate": {},
                             "subject": [{"name": "_", "digest": {"sha256": about.split(":")[1]}}]})
        layer = {**layout.blob(statement, "application/vnd.in-toto+json"), "annotations": {"in-toto.io/predicate-type": predicate}}
        manifest = layout.image([(layer, digest_of(statement))], architecture="unknown")
        attestations.append({**manifest, "platform": {"architecture": "unknown", "os": "unknown"},
                             "annotations": {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": about}})
    for subject in (amd64, attestations[0]):
        note = layout.blob(compact({"about": subject["digest"]}), "application/json")
        layout.blob(b"{}", EMPTY["mediaType"])
        layout.tag(layout.image([(note, note["digest"])], config=EMPTY, artifactType="application/vnd.example.note",
                                subject={key: subject[key] for key in ("mediaType", "digest", "size")},
                                annotations={"predicateType": "https://example.org/note"}), None)
    index = layout.index([{**amd64, "platform": {"architecture": "amd64", "os": "linux"}}, *attestations])
    return layout, layout.tag(index, "latest")


def small_index(folder, name="latest"):
    """An index of the small image for amd64 and another for arm64; returns layout, index and both digests."""
    layout = Layout(folder)
    first, second = small_rootfs()
    amd64 = layout.image([layout.layer(first), layout.layer(second)])
    arm64 = layout.image([layout.layer(first)], architecture="arm64")
    index = layout.index([{**amd64, "platform": {"architecture": "amd64", "os": "linux"}},
                          {**arm64, "platform": {"architecture": "arm64", "os": "linux"}}])
    return layout, layout.tag(index, name), amd64["digest"], arm64["digest"]
