#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the fuzz targets tar, layer_facts, decompress and merge, with Python's own tar and gzip."""
import gzip
import io
import pathlib
import tarfile

here = pathlib.Path(__file__).parent


def tar(form, names):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, bufsize=512) as archive:
        for name, kind, text in names:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text))
            else:
                info.linkname = text.decode()
                archive.addfile(info)
    # Without the padding to a whole record: a shorter seed is a better one.
    body = out.getvalue().rstrip(b"\0")
    return body + bytes(-len(body) % 512) + bytes(1024)


names = [
    ("a/", tarfile.DIRTYPE, b""),
    ("a/x", tarfile.REGTYPE, b"hello"),
    ("var/lib/dpkg/status", tarfile.REGTYPE, b"Package: x\n"),
    ("s", tarfile.SYMTYPE, b"../a/x"),
    ("h", tarfile.LNKTYPE, b"a/x"),
    ("a/.wh.y", tarfile.REGTYPE, b""),
    ("a/.wh..wh..opq", tarfile.REGTYPE, b""),
    ("long/" + "n" * 120, tarfile.REGTYPE, b"long"),
]
for label, form in [("ustar", tarfile.USTAR_FORMAT), ("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)]:
    some = names[:-1] if form == tarfile.USTAR_FORMAT else names
    (here / "tar" / label).write_bytes(tar(form, some))

member = gzip.compress(b"hello hello hello", mtime=0)
(here / "decompress" / "one").write_bytes(b"\x33" + member)
(here / "decompress" / "two").write_bytes(b"\x00" + member + member + b"\0" * 8)
(here / "decompress" / "zstd").write_bytes(b"\x21\x28\xb5\x2f\xfd\x00\x50\x19\x00\x00abc")

# One folder, one file of three kept bytes, and a scan of it (base/walk/layer_facts_format.hpp).
entries = bytes([0x01, 0, 1]) + b"a" + bytes([0x10, 1, 2]) + b"/b" + bytes([3, 0])
scans = bytes([1, 0, 0, 2, 1])
sizes = [2, len(entries), 4, len(scans), 3, 0]
header = b"bullaLF2" + b"".join(size.to_bytes(8, "little") for size in sizes) + bytes(72)
(here / "layer_facts" / "small").write_bytes(header + entries + b"\x03odd" + scans + b"abc")

(here / "merge" / "links").write_bytes(bytes([0, 2, 2, 61, 9, 0, 0, 2, 7, 0, 8, 0, 3, 24, 1, 5]))
