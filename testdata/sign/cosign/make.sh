#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the signatures in this folder again, with new keys: one key of each kind, made by openssl, and what
# cosign (3.1.3, first argument) signs with it. The private keys are thrown away.
set -eu
cosign=${1:?usage: make.sh PATH-OF-COSIGN}
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export COSIGN_PASSWORD=test

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$scratch/p256.pem"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$scratch/p384.pem"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out "$scratch/p521.pem"
openssl genpkey -algorithm ed25519 -out "$scratch/ed25519.pem"
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$scratch/rsa.pem"

offline="--use-signing-config=false --tlog-upload=false"
cd "$here"
for kind in p256 p384 p521 ed25519 rsa; do
    "$cosign" import-key-pair --key "$scratch/$kind.pem" --output-key-prefix "$scratch/$kind" -y
    cp "$scratch/$kind.pub" "$kind.pub"
    "$cosign" sign-blob $offline --key "$scratch/$kind.key" -y --bundle "$kind.blob.sigstore.json" artifact.txt
    "$cosign" attest-blob $offline --key "$scratch/$kind.key" -y --type cyclonedx --predicate predicate.json \
        --bundle "$kind.attestation.sigstore.json" artifact.txt
done
# The envelope inside an encrypted key file, without its PEM armour; the password is "test".
sed '/-----/d' "$scratch/p256.key" | base64 -d > p256.key-envelope.json
