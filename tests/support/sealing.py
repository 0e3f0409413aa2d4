# SPDX-License-Identifier: Apache-2.0
"""Keys, images in every kind of place, and signing and verifying them: what e2e and interop share."""
import os
import subprocess

from bullatest import DONE, PASSWORD, check, expect, read_json, run, temp_dir, write
from layout import small_image
from servers import DockerRegistry, ReferrersRegistry, docker_config

FORMATS = ("bundle", "legacy", "both")
KEY_KINDS = ("ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa", "ed25519")
CYCLONEDX = "https://cyclonedx.org/bom"


class Keys:
    """A pair made by `bulla-sign keygen`, encrypted with PASSWORD."""

    def __init__(self, kind=None, folder=None):
        self.folder = folder or temp_dir()
        prefix = os.path.join(self.folder, kind or "key")
        expect(DONE, "bulla-sign", "keygen", "--output-key-prefix", prefix, *(["--type", kind] if kind else []))
        self.private, self.public = prefix + ".key", prefix + ".pub"


class PlainKeys:
    """A pair made by openssl: unencrypted PKCS#8, and its public half."""

    def __init__(self, algorithm="EC", option="ec_paramgen_curve:P-256"):
        folder = temp_dir()
        self.private, self.public = os.path.join(folder, "plain.pem"), os.path.join(folder, "plain.pub")
        options = ["-pkeyopt", option] if option else []
        subprocess.run(["openssl", "genpkey", "-algorithm", algorithm, *options, "-out", self.private], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.private, "-pubout", "-out", self.public], check=True, capture_output=True)


class Place:
    """Where an image is: `ref` as typed (by tag), `at` a function from a digest to a reference, and the
    environment that is needed to reach it."""

    def __init__(self, kind):
        self.kind, self.env, self.registry = kind, {}, None
        self.folder = temp_dir()
        if kind == "layout":
            self.name, self.ref = f"oci:{self.folder}/image", f"oci:{self.folder}/image:v1"
        else:
            self.registry = {"docker": DockerRegistry, "referrers": ReferrersRegistry}[kind]()
            self.name = f"{self.registry.host}/team/app"
            self.ref = self.name + ":v1"

    def at(self, digest):
        return f"{self.name}@{digest}"

    def put_small_image(self):
        """Puts the small image there and returns its digest."""
        if self.kind == "layout":
            return small_image(os.path.join(self.folder, "image"), "v1")[1]
        source = temp_dir()
        digest = small_image(source, "v1")[1]
        expect(DONE, "bulla-oci", "copy", f"oci:{source}:v1", self.ref)
        return digest


PLACES = ("layout", "docker")  # the referrers registry needs Go: tests/interop


def sbom_of(ref, path=None, env=None):
    path = path or os.path.join(temp_dir(), "sbom.json")
    expect(DONE, "bulla-sbom", "create", ref, "-o", f"cyclonedx-json={path}", env=env)
    return path


def sign(ref, keys, form="bundle", *more, env=None):
    return expect(DONE, "bulla-sign", "image", "--key", keys.private, "--signature-format", form, *more, ref, env=env)


def attest(ref, keys, predicate, form="bundle", *more, env=None):
    return expect(DONE, "bulla-sign", "attest", "--key", keys.private, "--type", "cyclonedx", "--predicate", predicate,
                  "--signature-format", form, *more, ref, env=env)


def verify(ref, keys, code=DONE, *more, env=None):
    return expect(code, "bulla-verify", "image", "--key", keys.public, *more, ref, env=env)


def verify_attestation(ref, keys, code=DONE, *more, env=None):
    return expect(code, "bulla-verify", "attestation", "--key", keys.public, "--type", "cyclonedx", *more, ref, env=env)


def packages(path):
    """(purl type, name, version) of every package of a CycloneDX file, namespaces written as NAMESPACE/NAME."""
    from urllib.parse import unquote
    found = []
    for component in read_json(path).get("components", []):
        purl = component.get("purl")
        if not purl:
            continue
        kind, _, rest = purl.removeprefix("pkg:").partition("/")
        rest = rest.split("#")[0].split("?")[0]
        name, _, version = rest.rpartition("@")
        name = unquote(name)
        found.append((kind, name.split("/", 1)[1] if kind in ("deb", "apk") else name, unquote(version)))
    return sorted(found)


def purls(path):
    return [component["purl"] for component in read_json(path).get("components", []) if "purl" in component]
