#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the fuzz target archive_index: members, twins, links and long names."""
import io
import os
import tarfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "archive_index")


def archive(name, entries, form=tarfile.PAX_FORMAT):
    with tarfile.open(os.path.join(FOLDER, name), "w", format=form) as tar:
        for path, content in entries:
            info = tarfile.TarInfo(path)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))


archive("members", [("./a", b"one"), ("b/c", b"x" * 600), ("a", b"one")])
archive("links", [("1/l", b"layer"), ("2/l", (tarfile.SYMTYPE, "../1/l")), ("3/l", (tarfile.LNKTYPE, "1/l")),
                  ("r", (tarfile.SYMTYPE, "r")), ("o", (tarfile.SYMTYPE, "../../x"))])
archive("long", [("d" * 150 + "/f", b"long")], tarfile.GNU_FORMAT)
