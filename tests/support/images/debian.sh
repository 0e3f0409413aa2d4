# SPDX-License-Identifier: Apache-2.0
# A Debian base image: one layer.
debian_root root ca-certificates
layout root.tar
echo '[]' >truth/npm.json
echo '[]' >truth/pip.json
