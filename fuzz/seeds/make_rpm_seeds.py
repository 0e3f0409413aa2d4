#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the fuzz targets rpm_header, rpm_sqlite, rpm_ndb and rpm_bdb, the SQLite ones with Python's own SQLite."""
import os
import pathlib
import sqlite3
import struct
import tempfile
import zlib

here = pathlib.Path(__file__).parent


def header(name, summary="s", files=()):
    """A header as rpm writes it: its entries in a region."""
    index, store = b"", b""

    def add(tag, kind, count, data):
        nonlocal index, store
        index += struct.pack(">IIII", tag, kind, len(store), count)
        store += data

    add(1000, 6, 1, name + b"\0")
    add(1001, 6, 1, b"1\0")
    add(1002, 6, 1, b"2\0")
    add(1003, 4, 1, struct.pack(">I", 3)) if len(store) % 4 == 0 else None
    add(1004, 9, 1, summary.encode() + b"\0")
    add(1022, 6, 1, b"noarch\0")
    add(1047, 8, 1, name + b"\0")
    if files:
        store += bytes(-len(store) % 4)
        add(1116, 4, len(files), b"".join(struct.pack(">I", i % 2) for i in range(len(files))))
        add(1117, 8, len(files), b"".join(f + b"\0" for f in files))
        add(1118, 8, 2, b"/a/\0/b/\0")
    trailer = struct.pack(">IIiI", 63, 7, -(len(index) + 16), 16)
    index = struct.pack(">IIII", 63, 7, len(store), 16) + index
    store += trailer
    return struct.pack(">II", len(index) // 16, len(store)) + index + store


def sqlite(headers):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "db")
        db = sqlite3.connect(path, isolation_level=None)
        db.execute("pragma page_size=512")
        db.execute("create table Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        db.executemany("insert into Packages (blob) values (?)", [(h,) for h in headers])
        plain = pathlib.Path(path).read_bytes()
        db.execute("pragma journal_mode=wal")
        db.execute("delete from Packages where hnum = 1")
        base, log = (pathlib.Path(path + end).read_bytes() for end in ("", "-wal"))
        db.close()
    # The log begins a whole number of 256-byte steps before the end; what follows its frames is no frame.
    log += bytes(-len(log) % 256)
    return b"\0" + plain, bytes([len(log) // 256]) + base + log


def ndb(headers):
    slots, blobs = b"", b""
    for number, blob in enumerate(headers, 1):
        size = -(-(16 + len(blob) + 12) // 16) * 16
        slots += b"Slot" + struct.pack("<III", number, (4096 + len(blobs)) // 16, size // 16)
        body = b"BlbS" + struct.pack("<III", number, 0, len(blob)) + blob
        body += bytes(size - 12 - len(body))
        blobs += body + struct.pack("<II", zlib.adler32(body), len(blob)) + b"BlbE"
    table = b"RpmP" + struct.pack("<III", 0, 1, 1) + struct.pack("<I", len(headers) + 1) + bytes(12) + slots
    return table + (b"Slot" + bytes(12)) * ((4096 - len(table)) // 16) + blobs


def bdb(headers, order):
    pages = [bytearray(512) for _ in range(3)]
    end, count = 512, 0

    def item(data):
        nonlocal end, count
        end -= len(data)
        pages[1][end:end + len(data)] = data
        struct.pack_into(order + "H", pages[1], 26 + 2 * count, end)
        count += 1

    for number, blob in enumerate(headers, 1):
        item(b"\1" + struct.pack(order + "I", number))
        if len(blob) < 100:
            item(b"\1" + blob)
            continue
        item(b"\3\0\0\0" + struct.pack(order + "II", len(pages), len(blob)))
        for at in range(0, len(blob), 486):
            page, part = bytearray(512), blob[at:at + 486]
            last = at + 486 >= len(blob)
            struct.pack_into(order + "III", page, 8, len(pages), 0, 0 if last else len(pages) + 1)
            struct.pack_into(order + "HHBB", page, 20, 1, len(part), 0, 7)
            page[26:26 + len(part)] = part
            pages.append(page)
    struct.pack_into(order + "IIII", pages[0], 8, 0, 0x061561, 9, 512)
    pages[0][25] = 8
    struct.pack_into(order + "I", pages[0], 32, len(pages) - 1)
    struct.pack_into(order + "III", pages[0], 72, 1, 1, 0)
    struct.pack_into(order + "II", pages[0], 96, 1, 1)
    for bucket in (1, 2):
        struct.pack_into(order + "I", pages[bucket], 8, bucket)
        struct.pack_into(order + "HHBB", pages[bucket], 20, count if bucket == 1 else 0, end, 0, 13)
    return b"".join(pages)


def write(target, name, data):
    folder = here / target
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)


small = header(b"a", files=[b"x", b"y", b"z"])
headers = [small, header(b"b", "s" * 700)]
plain, with_log = sqlite(headers)
write("rpm_header", "files", small)
write("rpm_header", "manifest", b"a\t1-2\t3\t4\tv\t(none)\t5\tnoarch\t0\ta-1-2.src.rpm\n")
write("rpm_sqlite", "plain", plain)
write("rpm_sqlite", "log", with_log)
write("rpm_ndb", "two", ndb(headers))
write("rpm_bdb", "little", bdb(headers, "<"))
write("rpm_bdb", "big", bdb(headers, ">"))
