# SPDX-License-Identifier: Apache-2.0
# Sourced by the other scripts: where things are, and how they speak.
# shellcheck shell=bash

BULLA_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Everything that is slow to make lives outside the tree, so that a fresh clone finds it again.
BULLA_TEST_CACHE=${BULLA_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bulla}
BULLA_TOOLS=$BULLA_TEST_CACHE/tools/bin
# The virtual environment of the schema validator, one for each list of requirements.
BULLA_VENV=$BULLA_TEST_CACHE/venv-$(sha256sum "$BULLA_ROOT/tests/support/requirements.txt" | cut -c1-16)
export BULLA_TEST_CACHE BULLA_TOOLS

say() { printf '== %s\n' "$*"; }

fail() {
    printf '%s: error: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# The comment block at the top of a script, up to the first line that is not a comment, is its help.
print_help() { sed -n '3,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"; }

# True if Go is there and new enough to build the peers' tools.
have_go() {
    command -v go >/dev/null || return 1
    local version
    version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return 1
    [ "$(printf '%s\n' go1.26 "$version" | sort -V | head -n1)" = go1.26 ]
}

go_reason() { echo "Go 1.26 or newer is not on this machine (found: $(go env GOVERSION 2>/dev/null || echo none))"; }
