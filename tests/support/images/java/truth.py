#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what is in the Java image: Maven's own lists, and the modules whose records lie in a jar.

usage: truth.py PROJECT...      each a folder that Maven has built, with list.txt in it

"listed": what dependency:list says, as far as its jar is in what was built (the starters of Spring Boot are
not), and the projects themselves. "shaded": every pom.properties in any jar of any depth.
"""
import io
import json
import pathlib
import re
import sys
import zipfile

import xml.etree.ElementTree as ElementTree

POM = "{http://maven.apache.org/POM/4.0.0}"


def records(data):
    """Names of all files in an archive and in those in it, and the coordinates of each pom.properties."""
    names, found = [], []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            names.append(name.rsplit("/", 1)[-1])
            if re.search(r"(^|/)META-INF/maven/.*/pom\.properties$", name):
                lines = archive.read(name).decode("latin-1").splitlines()
                values = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
                found.append([values["groupId"].strip(), values["artifactId"].strip(), values["version"].strip()])
            elif name.endswith(".jar"):
                inner, more = records(archive.read(name))
                names += inner
                found += more
    return names, found


def main():
    listed, shaded = [], []
    for project in map(pathlib.Path, sys.argv[1:]):
        pom = ElementTree.parse(project / "pom.xml").getroot()
        own = [pom.findtext(POM + key) for key in ("groupId", "artifactId", "version")]
        built = [path for path in (project / "target").glob(f"{own[1]}-{own[2]}.*") if path.suffix in (".jar", ".war")]
        assert len(built) == 1, built
        names, found = records(built[0].read_bytes())
        listed.append(own)
        shaded += found
        for line in (project / "list.txt").read_text().splitlines():
            match = re.match(r"\s+([^:\s]+):([^:]+):jar(?::([^:]+))?:([^:\s]+)(\s|$)", line)
            if match:
                group, artifact, classifier, version, _ = match.groups()
                file = f"{artifact}-{version}{'-' + classifier if classifier else ''}.jar"
                # Shaded into the jar, it has no file of its own; its records say whether it is there.
                if file in names or [group, artifact, version] in found:
                    listed.append([group, artifact, version])
    keep = lambda rows: sorted(map(list, {tuple(row) for row in rows}))
    json.dump({"listed": keep(listed), "shaded": keep(shaded)}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
