#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the spec files of the packages that the rpm images are made of.

usage: packages.py FOLDER

Each stands for something an rpm database can hold; none has scripts, and none runs anything when built.
"""
import os
import sys

HEAD = """\
Summary: {summary}
License: {license}
URL: https://{name}.example/
Vendor: Example Vendor
Packager: Packager <packager@example.invalid>
AutoReqProv: no
"""


def spec(name, version="1.0-1", tags="", files=(), arch=None, summary=None, license="MIT"):
    version, release = version.split("-")
    text = f"Name: {name}\nVersion: {version}\nRelease: {release}\n"
    text += HEAD.format(name=name, license=license, summary=summary or f"The package {name}")
    text += f"BuildArch: {arch}\n" if arch == "noarch" else ""
    text += tags + f"\n%description\nThe package {name}.\n\n%install\n"
    for path, content in files:
        text += f"mkdir -p %{{buildroot}}{os.path.dirname(path)}\nprintf '%s' '{content}' >%{{buildroot}}{path}\n"
    return text + "\n%files\n" + "".join(f"{path}\n" for path, _ in files)


METADATA = "Metadata-Version: 2.1\nName: {0}\nVersion: {1}\n"
SITE = "/usr/lib/python3.9/site-packages"

SPECS = {
    # in the first layer
    "filesystem": spec("filesystem", "3.16-2.el9", arch="noarch", license="Public Domain", files=[("/usr/share/filesystem/marker", "x")]),
    "glibc": spec("glibc", "2.34-60.el9", "Provides: libc.so.6()(64bit), libc.so.6(GLIBC_2.34)(64bit)\nRequires: filesystem\n",
                  [("/usr/lib64/libc.so.6", "x")], license="LGPLv2+ and GPLv2+"),
    "glibc.i686": spec("glibc", "2.34-60.el9", "Provides: libc.so.6, libc.so.6(GLIBC_2.34)\n", [("/usr/lib/libc.so.6", "x")]),
    "bash": spec("bash", "5.1.8-6.el9", "Provides: /bin/sh, config(bash) = 5.1.8\nRequires: config(bash) = 5.1.8, libc.so.6()(64bit)\n",
                 [("/usr/bin/bash", "x"), ("/etc/skel/.bashrc", "x")], license="GPL-3.0-or-later"),
    "app": spec("app", "1.2~rc1-3.el9", "Epoch: 1\nRequires: bash >= 5, /usr/share/filesystem/marker, glibc, absent, (bash or zsh)\n",
                [("/usr/bin/app", "x")], license="MIT AND Apache-2.0", summary="Äpp mit Umlauten — 応用"),
    "zero": spec("zero", "1.0^git1-1", "Epoch: 0\n", [("/usr/share/zero", "x")]),
    "modular": spec("modular", "18.9-1.module_el9", "ModularityLabel: nodejs:18:9020020230326121512:rhel9\n", [("/usr/bin/modular", "x")]),
    "empty": spec("empty", "0-0", arch="noarch"),
    "python3-demo": spec("python3-demo", "1.5-2.el9", "Requires: /bin/sh\n", arch="noarch", files=[
        (f"{SITE}/demo-1.5.dist-info/METADATA", METADATA.format("demo", "1.5")), (f"{SITE}/demo/__init__.py", "")]),
    # A header that is far longer than a page of any format.
    "many": spec("many", "1-1", "".join(f"Provides: many({i:05}) = 1\n" for i in range(4000)), summary="s" * 3000,
                 files=[(f"/usr/share/many/{i % 40:02}/file{i:05}", "") for i in range(2000)]),
    "kernel-5.1": spec("kernel", "5.1-1", "Provides: installonlypkg(kernel)\n", [("/usr/lib/modules/5.1/vmlinuz", "x")]),
    "kernel-5.2": spec("kernel", "5.2-1", "Provides: installonlypkg(kernel)\n", [("/usr/lib/modules/5.2/vmlinuz", "x")]),
    # replaced or removed in the second layer
    "upgraded-1": spec("upgraded", "1.0-1", "Requires: removed\n", [("/usr/bin/upgraded", "1")]),
    "upgraded-2": spec("upgraded", "2.0-1", "Requires: bash\n", [("/usr/bin/upgraded", "2")]),
    "removed": spec("removed", "1.0-1", files=[(f"{SITE}/gone-1.0.dist-info/METADATA", METADATA.format("gone", "1.0"))]),
    "old-name": spec("old-name", "1.0-1", files=[("/usr/bin/renamed", "1")]),
    "new-name": spec("new-name", "2.0-1", "Obsoletes: old-name < 2\nProvides: old-name = 2.0-1\n", [("/usr/bin/renamed", "2")]),
}
FIRST = ["filesystem", "glibc", "glibc.i686", "bash", "app", "zero", "modular", "empty", "python3-demo", "many", "kernel-5.1", "upgraded-1", "removed", "old-name"]


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    for number in range(260):
        # Enough packages that the tables of all three formats have more than one page.
        SPECS[f"filler{number:03}"] = spec(f"filler{number:03}", f"{number}-1", arch="noarch", files=[(f"/usr/share/filler/{number}", "x")])
        FIRST.append(f"filler{number:03}")
    for name, text in SPECS.items():
        folder = os.path.join(sys.argv[1], "first" if name in FIRST else "second")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, name + ".spec"), "w", encoding="utf-8") as file:
            file.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
