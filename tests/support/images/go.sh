# SPDX-License-Identifier: Apache-2.0
# Programs that Go built: a small one in all the ways that change where its build information lies, and two large
# ones. What `go version -m` says of each is the truth.
have_go || fail "$(go_reason)"
export GOTOOLCHAIN=local GOFLAGS=-mod=readonly GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
mkdir -p truth go/usr/local/bin go/opt
cp -r "$here/go" source
out=$PWD/go/usr/local/bin
# parcel NAME SETTING... -- FLAG...
parcel() {
    local name=$1 settings=()
    shift
    while [ "$1" != -- ]; do settings+=("$1"); shift; done
    shift
    (cd source && env "${settings[@]}" go build -o "$out/$name" "$@" ./cmd/parcel >&2)
}
parcel parcel CGO_ENABLED=0 -- -buildvcs=false
parcel parcel-stripped CGO_ENABLED=0 -- -buildvcs=false -trimpath -ldflags '-s -w'
parcel parcel-pie CGO_ENABLED=0 -- -buildvcs=false -buildmode=pie
parcel parcel-cgo CGO_ENABLED=1 -- -buildvcs=false
parcel parcel-cgo-stripped CGO_ENABLED=1 -- -buildvcs=false -ldflags '-s -w'
parcel parcel-big-endian CGO_ENABLED=0 GOARCH=s390x -- -buildvcs=false
parcel parcel-32-bit CGO_ENABLED=0 GOARCH=386 -- -buildvcs=false
parcel parcel-mips CGO_ENABLED=0 GOARCH=mips -- -buildvcs=false
parcel libparcel.so CGO_ENABLED=1 -- -buildvcs=false -buildmode=c-shared
# From a repository, once as committed and once changed.
git init --quiet source
commit() {
    GIT_AUTHOR_DATE=2023-11-14T22:13:20Z GIT_COMMITTER_DATE=2023-11-14T22:13:20Z \
        git -C source -c user.name=nobody -c user.email=nobody@shipping.example commit --quiet "$@" >&2
}
git -C source add -A
commit -m first
parcel parcel-commit CGO_ENABLED=0 -- -buildvcs=true
echo >>source/go.mod
parcel parcel-changed CGO_ENABLED=0 -- -buildvcs=true
rm -rf source
# Without section headers: what stands at e_shoff, e_shnum and e_shstrndx becomes zero.
cp "$out/parcel" go/opt/parcel-without-sections
for field in '40 8' '60 4'; do
    dd if=/dev/zero of=go/opt/parcel-without-sections bs=1 seek="${field% *}" count="${field#* }" conv=notrunc status=none
done
for package in github.com/google/go-containerregistry/cmd/crane@v0.21.9 github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3; do
    env -u GOFLAGS GOBIN="$out" go install "$package" >&2
done
(cd go && go version -m usr/local/bin opt) >truth/go.txt
for kind in dpkg npm pip; do echo '[]' >"truth/$kind.json"; done
pack go.tar go
rm -rf go
layout go.tar
