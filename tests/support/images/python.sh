# SPDX-License-Identifier: Apache-2.0
# Debian with Python, two Python modules from debs, and 137 wheels of PyPI in dist-packages. Wheels only: a
# source distribution would run its own code while it is installed.
debian_root root ca-certificates,python3,python3-six,python3-yaml
mkdir -p python/usr/local/lib/python3.11/dist-packages debs
/usr/bin/python3 -m venv venv >&2
venv/bin/pip install --quiet --no-deps --no-compile --only-binary :all: --disable-pip-version-check \
    --target python/usr/local/lib/python3.11/dist-packages -r "$here/python/requirements.txt" >&2
tar -C debs -xf root.tar ./usr/lib/python3
# One call for each folder: over several, pip lists only the first of two packages with one name.
for folder in python/usr/local/lib/python3.11/dist-packages debs/usr/lib/python3/dist-packages; do
    venv/bin/pip list --disable-pip-version-check --format json --path "$folder"
done | jq -s 'add | map({name, version}) | unique' >truth/pip.json
pack python.tar python
rm -rf python debs venv
layout root.tar python.tar
echo '[]' >truth/npm.json
