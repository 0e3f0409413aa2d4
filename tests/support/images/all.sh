# SPDX-License-Identifier: Apache-2.0
# Everything in one image with a single large layer: nothing to do in parallel but the work inside it.
mkdir -p truth
cp "$(base node)"/truth/npm.json truth/
cp "$(base python)"/truth/{dpkg,pip}.json truth/
cp "$(base python)/root.tar" all.tar
tar --concatenate --file=all.tar "$(base python)/python.tar"
tar --concatenate --file=all.tar "$(base node)/node.tar"
layout all.tar
