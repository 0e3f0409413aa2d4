# SPDX-License-Identifier: Apache-2.0
# As rpm-bdb, written on a machine of the other byte order.
# shellcheck shell=bash
BYTE_ORDER=4321
# shellcheck source=/dev/null
. "$here/rpm-bdb.sh"
