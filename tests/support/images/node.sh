# SPDX-License-Identifier: Apache-2.0
# The Debian base and some 800 npm packages, as a server's image has them. Install scripts stay off: they would
# run foreign code here, and add nothing a list of packages could show.
cp "$(base debian)/root.tar" root.tar
mkdir -p truth node/usr/src/app
cp "$(base debian)"/truth/{dpkg,pip}.json truth/
cp "$here"/node/package*.json node/usr/src/app/
(cd node/usr/src/app && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
# npm's own list of what is on disk. Aliased packages carry their true name in "name".
(cd node/usr/src/app && jq -c '.packages | to_entries[] | [.key, .value.name // "", .value.version]' node_modules/.package-lock.json |
    while read -r entry; do
        [ ! -d "$(jq -r '.[0]' <<<"$entry")" ] || echo "$entry"
    done | jq -s 'map({name: (if .[1] != "" then .[1] else (.[0] | split("node_modules/") | last) end), version: .[2]}) | unique') >truth/npm.json
pack node.tar node
rm -rf node
layout root.tar node.tar
