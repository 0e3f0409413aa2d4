# SPDX-License-Identifier: Apache-2.0
# A Rust program with its list of crates inside, as cargo-auditable puts it there: as released, with debug
# information, stripped. What `cargo tree` says is the truth. A build script runs, of a crate that only compiles.
command -v cargo >/dev/null || fail "cargo is not on this machine"
tools=$BULLA_TEST_CACHE/tools
if [ ! -x "$tools/bin/cargo-auditable" ]; then
    say "building cargo-auditable (a minute the first time)" >&2
    cargo install --quiet --locked --root "$tools" --version 0.7.7 cargo-auditable >&2
fi
mkdir -p truth rust/usr/local/bin
cp -r "$here/rust" source
target=$(rustc -vV | sed -n 's/^host: //p')
build() {
    (cd source && env "${@:2}" PATH="$tools/bin:$PATH" cargo auditable build --quiet --release --locked --target-dir "../$1" >&2)
    cp "$1/release/shipping-label" "rust/usr/local/bin/$1"
    rm -rf "${1:?}"
}
build label
build label-debug CARGO_PROFILE_RELEASE_DEBUG=true
build label-stripped CARGO_PROFILE_RELEASE_STRIP=true
# Linked by GNU ld, whose order of sections is another.
build label-bfd RUSTFLAGS='-Clink-arg=-fuse-ld=bfd'
(cd source && cargo tree --locked --target "$target" --edges normal,no-proc-macro --no-dedupe --prefix depth) >truth/cargo.txt
rm -rf source
for kind in dpkg npm pip; do echo '[]' >"truth/$kind.json"; done
pack rust.tar rust
rm -rf rust
layout rust.tar
