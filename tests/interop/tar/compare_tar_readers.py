#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares our tar reader with Python's tarfile and Go's archive/tar over a corpus of odd archives.

usage: compare_tar_readers.py TAR_LISTING [--count N]

What we accept we must read as Go does, byte for byte: container runtimes unpack with it. We may
refuse more than Go; archives written by tarfile itself we must accept and read as tarfile does.
Exit code 77 means that a peer is missing and that part was skipped (after the rest passed).
"""
import argparse
import io
import pathlib
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).parent
KINDS = {
    tarfile.LNKTYPE: "h", tarfile.SYMTYPE: "l", tarfile.CHRTYPE: "c",
    tarfile.BLKTYPE: "b", tarfile.DIRTYPE: "d", tarfile.FIFOTYPE: "p",
}


def header(name, kind, size, link=b"", magic=b"ustar\x0000", prefix=b"", numbers=None):
    block = bytearray(512)

    def put(at, value):
        block[at:at + len(value)] = value

    put(0, name[:100])
    for at, width, value in ((100, 7, 0o644), (108, 7, 0), (116, 7, 0), (124, 11, size), (136, 11, 0)):
        put(at, b"%0*o" % (width, value))
    if size >= 8 ** 11 or numbers == "base256":
        put(124, b"\x80" + size.to_bytes(11, "big"))
    block[156:157] = kind
    put(157, link[:100])
    put(257, magic)
    put(345, prefix[:155])
    block[148:156] = b" " * 8
    put(148, b"%06o\0 " % sum(block))
    return bytes(block)


def pad(body):
    return body + bytes(-len(body) % 512)


def pax(records, kind=b"x"):
    body = b""
    for key, value in records:
        rest = len(key) + len(value) + 3
        length = rest + 1
        while len(str(length)) + rest != length:
            length += 1
        body += b"%d %s=%s\n" % (length, key, value)
    return header(b"pax", kind, len(body)) + pad(body)


def gnu_long(kind, value):
    return header(b"././@LongLink", kind, len(value) + 1, magic=b"ustar  \0") + pad(value + b"\0")


def odd_archive(rng):
    """One archive put together from pieces that are each plausible and together often are not."""
    out = b""
    for _ in range(rng.randrange(1, 5)):
        name = rng.choice([b"a", b"d/b", b"n" * 99, b"n" * 100, b"caf\xe9", "ä".encode(), b"x/", b"", b"./q"])
        data = rng.choice([b"", b"hello", b"x" * 511, b"y" * 512, b"z" * 1025])
        kind = rng.choice([b"0"] * 8 + [b"\0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"S", b"V", b"Z"])
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            records = [rng.choice([
                (b"path", b"pax/name"), (b"path", b""), (b"linkpath", b"pax/link"), (b"size", b"%d" % len(data)),
                (b"size", b"3"), (b"mtime", b"12.5"), (b"comment", b"c"), (b"SCHILY.xattr.user.a", b"v\0w"),
                (b"path", b"with\0nul"), (b"GNU.sparse.map", b"0,2,4,3"), (b"GNU.sparse.size", b"9"),
                (b"GNU.sparse.name", b"sparse/name"), (b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"),
                (b"GNU.sparse.realsize", b"9"), (b"uid", b"5")]) for _ in range(rng.randrange(1, 4))]
            out += rng.choice([
                lambda: pax(records), lambda: pax(records), lambda: pax(records, b"g"),
                lambda: gnu_long(b"L", rng.choice([b"gnu/" + b"l" * 150, b"pax/name", b""])),
                lambda: gnu_long(b"K", b"gnu/link"),
            ])()
        if rng.random() < 0.1:
            data = b"2\n0\n2\n4\n3\n".ljust(512, b"\0") + b"abcde"
        magic = rng.choice([b"ustar\x0000", b"ustar\x0000", b"ustar  \0", b"\0" * 8])
        block = header(name, kind, len(data), rng.choice([b"", b"a", b"l" * 100]), magic,
                       rng.choice([b"", b"", b"pre/fix"]), rng.choice([None, None, "base256"]))
        if rng.random() < 0.03:
            at = rng.randrange(512)
            block = block[:at] + bytes([block[at] ^ 1 << rng.randrange(8)]) + block[at + 1:]
        out += block + (b"" if kind in (b"1", b"2", b"3", b"4", b"5", b"6") else pad(data))
    ending = rng.choice([bytes(1024)] * 6 + [bytes(512), b"", bytes(10240), bytes(1024) + b"trail"])
    out += ending
    if rng.random() < 0.05:
        out = out[:rng.randrange(len(out) + 1)]
    return out


def written_archive(rng):
    """An archive that tarfile writes, and the listing of what went in."""
    out = io.BytesIO()
    lines = []
    form = rng.choice([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
    longest = 90 if form == tarfile.USTAR_FORMAT else 600
    with tarfile.open(fileobj=out, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for number in range(rng.randrange(1, 8)):
            name = rng.choice(["f", "ä/é", "deep/" * 3]) + "n" * rng.randrange(1, longest) + str(number)
            if form != tarfile.PAX_FORMAT and rng.random() < 0.2:
                name = "\udcff" + name
            info = tarfile.TarInfo(name)
            info.type = rng.choice([tarfile.REGTYPE] * 4 + list(KINDS))
            data = rng.randbytes(rng.choice([0, 1, 511, 512, 513, 3000])) if info.type == tarfile.REGTYPE else b""
            info.size = len(data)
            info.mtime = rng.choice([0, 1.5, 2 ** 34])
            if form == tarfile.USTAR_FORMAT:
                info.mtime = 0
            if info.type in (tarfile.LNKTYPE, tarfile.SYMTYPE):
                info.linkname = "t" * rng.randrange(1, longest)
            archive.addfile(info, io.BytesIO(data))
            # tarfile writes a folder's name with a slash behind it.
            written = name.encode("utf-8", "surrogateescape") + (b"/" if info.type == tarfile.DIRTYPE else b"")
            lines.append("%s %s %s %d %s\n" % (KINDS.get(info.type, "f"), written.hex(),
                                               info.linkname.encode().hex(), len(data), data.hex()))
    return out.getvalue(), "".join(lines)


def run(command, tar):
    return subprocess.run(command, input=tar, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True).stdout.decode()


def build_go(folder):
    if shutil.which("go") is None:
        return None
    target = folder / "go_listing"
    subprocess.run(["go", "build", "-o", str(target), str(HERE / "go_listing.go")], check=True, cwd=folder)
    return target


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tar_listing")
    parser.add_argument("--count", type=int, default=400)
    options = parser.parse_args()
    rng = random.Random(5)
    failures = 0

    def expect(what, ours, theirs, tar):
        nonlocal failures
        if ours != theirs:
            failures += 1
            path = pathlib.Path(tempfile.gettempdir()) / ("bulla-tar-difference-%d.tar" % failures)
            path.write_bytes(tar)
            print("%s: %s\n  ours:   %r\n  theirs: %r" % (what, path, ours[:400], theirs[:400]))

    for _ in range(options.count):
        tar, listing = written_archive(rng)
        expect("tarfile wrote", run([options.tar_listing], tar), listing, tar)
    print("tarfile: %d archives" % options.count)
    with tempfile.TemporaryDirectory() as folder:
        go = build_go(pathlib.Path(folder))
        if go is None:
            print("skipped: no go on this machine, archive/tar not compared")
            return 1 if failures else 77
        accepted = refused_by_us = refused_by_go = 0
        for _ in range(options.count * 5):
            tar = odd_archive(rng)
            ours, theirs = run([options.tar_listing], tar), run([str(go)], tar)
            refused_by_go += theirs == "refused\n"
            if ours == "refused\n":
                refused_by_us += 1
                continue
            accepted += 1
            expect("archive/tar", ours, theirs, tar)
    print("archive/tar: %d archives, %d accepted by us and read alike unless shown, we refuse %d, Go refuses %d"
          % (options.count * 5, accepted, refused_by_us, refused_by_go))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
