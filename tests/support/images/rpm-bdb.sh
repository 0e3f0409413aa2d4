# SPDX-License-Identifier: Apache-2.0
# The headers of rpm-sqlite in a Berkeley DB hash, written by Berkeley DB and read back by rpm. With
# BYTE_ORDER=4321 the numbers in it are big-endian.
# shellcheck shell=bash
mkdir -p tree/etc tree/var/lib/rpm truth
python3 - "$(base rpm-sqlite)/tree/var/lib/rpm/rpmdb.sqlite" "${BYTE_ORDER:-1234}" >dump <<'SCRIPT'
import sqlite3
import struct
import sys

rows = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro&immutable=1", uri=True).execute("select hnum, blob from Packages order by hnum").fetchall()
print(f"VERSION=3\nformat=bytevalue\ntype=hash\ndb_lorder={sys.argv[2]}\ndb_pagesize=4096\nHEADER=END")
order = "<I" if sys.argv[2] == "1234" else ">I"
for number, blob in [(0, struct.pack(order, rows[-1][0] + 1)), *rows]:
    print(f" {struct.pack(order, number).hex()}\n {blob.hex()}")
print("DATA=END")
SCRIPT
db5.3_load -f dump tree/var/lib/rpm/Packages
# Its rpm reads this format and cannot write it.
rpm_here() { rpm --dbpath "$PWD/tree/var/lib/rpm" --define '_db_backend bdb_ro' "$@"; }
rpm_truth rpm_here >truth/rpm.json
rm -f tree/var/lib/rpm/.rpm.lock dump
printf 'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n' >tree/etc/os-release
pack all.tar tree
layout all.tar
