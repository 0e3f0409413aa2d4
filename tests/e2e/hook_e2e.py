#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/pre-push: real pushes from a git repository to a bare one, with images in a real registry."""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import BIN, DONE, ROOT, Skip, case, check, check_equal, check_in, environment, expect, main, read, temp_dir, write  # noqa: E402
from layout import Layout, small_image, small_rootfs  # noqa: E402
from sealing import Keys, sign  # noqa: E402
from servers import DockerRegistry, FaultyRegistry  # noqa: E402

HOOK = os.path.join(ROOT, "examples", "pre-push")
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: app\n      image: {}\n"


class Repository:
    """A git repository with the hook and the public key, whose remote is a bare one beside it."""

    def __init__(self, public_key, path=None):
        if not shutil.which("git"):
            raise Skip("git is not on this machine")
        self.folder, self.remote = temp_dir(), temp_dir()
        self.env = environment(GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="A", GIT_AUTHOR_EMAIL="a@example.org", GIT_COMMITTER_NAME="A",
                               GIT_COMMITTER_EMAIL="a@example.org", PATH=path or f"{BIN}:{os.environ['PATH']}")
        self.git("init", "-q", "--bare", self.remote)
        self.git("init", "-q", "-b", "main", self.folder)
        self.git("remote", "add", "origin", self.remote)
        if public_key:
            self.commit({".bulla/cosign.pub": read(public_key)})
            self.pushed("-u", "origin", "main")
        shutil.copy(HOOK, os.path.join(self.folder, ".git", "hooks", "pre-push"))

    def git(self, *arguments, code=0):
        done = subprocess.run(["git", *arguments], cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=100)
        check(code is None or done.returncode == code, f"git {arguments}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def commit(self, files):
        for name, content in files.items():
            write(os.path.join(self.folder, name), content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def heads(self):
        return self.git("ls-remote", self.remote).stdout

    def pushed(self, *arguments):
        return self.git("push", "-q", *arguments).stderr

    def refused(self, *words, push=("origin", "main")):
        """The push is refused with these words, and the remote is as it was."""
        before = self.heads()
        done = self.git("push", "-q", *push, code=1)
        check_equal(self.heads(), before, "the refs of the remote")
        for word in (*words, "git push --no-verify"):
            check_in(word, done.stderr, "what the hook says")
        return done.stderr


class Images:
    """A registry with a signed image, one signed by another key, and one that is not signed, by digest."""

    def __init__(self):
        self.registry, self.keys = DockerRegistry(), Keys()
        first, second = small_rootfs()
        self.signed, self.unsigned, self.foreign = (self._push(tars) for tars in ((first, second), (first,), (second,)))
        sign(self.signed, self.keys)
        sign(self.foreign, Keys())

    def _push(self, tars):
        layout = Layout(temp_dir())
        digest = layout.tag(layout.image([layout.layer(tar) for tar in tars]))
        ref = f"{self.registry.host}/app"
        expect(DONE, "bulla-oci", "copy", f"oci:{layout.folder}:latest", f"{ref}:{digest[7:15]}")
        return f"{ref}@{digest}"


def counting_verify(code=0):
    """A PATH with a bulla-verify that writes down what it is asked and ends with this code: (path, log)."""
    folder = temp_dir()
    log = write(os.path.join(folder, "log"), b"")
    os.chmod(write(os.path.join(folder, "bulla-verify"), f'#!/bin/sh\nfor last; do :; done\necho "$last" >>{log}\nexit {code}\n'), 0o755)
    return f"{folder}:{os.environ['PATH']}", log


@case
def a_signed_image_is_let_through_and_others_are_refused():
    images = Images()
    repository = Repository(images.keys.public)
    for files in ({"pod.yaml": POD.format(images.signed)}, {"build/Dockerfile": f"FROM {images.signed}\n"},
                  {"compose.yml": f"services: {{app: {{image: '{images.signed}'}}}}\n"}):
        repository.commit(files)
        repository.pushed("origin", "main")
    repository.commit({"pod.yaml": POD.format(images.unsigned)})
    repository.refused(f"{images.unsigned} is not signed", f"bulla-sign image --key YOUR.key {images.unsigned}")
    repository.commit({"pod.yaml": POD.format(images.foreign)})
    repository.refused(f"{images.foreign} is not signed by the key in .bulla/cosign.pub", "bulla-verify image --key .bulla/cosign.pub")
    repository.pushed("--no-verify", "origin", "main")


@case
def every_kind_of_file_that_pins_images_is_looked_at():
    path, log = counting_verify(6)
    repository = Repository(Keys().public, path)
    image = f"127.0.0.1:1/team/app@sha256:{'a' * 64}"
    for name, content in (("k8s/a.yaml", POD.format(f'"{image}"')), ("b.YML", f"image: {image}\n"), ("Dockerfile", f"FROM --platform=linux/amd64 {image} AS x\n"),
                          ("x/Dockerfile.dev", f"COPY --from={image} /a /b\n"), ("y/app.dockerfile", f"from {image}\n"), ("Containerfile", f"FROM {image}\n")):
        repository.git("checkout", "-q", "-B", "try", "origin/main")
        repository.commit({name: content})
        repository.refused("is not signed", push=("origin", "try"))
    check_equal(read(log).decode(), f"{image}\n" * 6, "what was verified")
    repository.git("checkout", "-q", "-B", "try", "origin/main")
    repository.commit({"a.yaml": f"# image: {image}\nimage: app:1\n", "notes.txt": image, "Dockerfile": f"#FROM {image}\n"})
    repository.pushed("origin", "try")


@case
def a_registry_that_is_down_or_throttles_is_not_called_unsigned():
    images = Images()
    front = FaultyRegistry(images.registry.host, lambda method, path, body: (503, [], b"") if "/manifests/" in path else None)
    for host in ("127.0.0.1:1", front.host):
        repository = Repository(images.keys.public)
        repository.env["BULLA_HOOK_TIMEOUT"] = "15s"
        repository.commit({"pod.yaml": POD.format(images.signed.replace(images.registry.host, host))})
        said = repository.refused("could not find out whether")
        check("is not signed" not in said, said)


@case
def deleting_is_let_through_and_so_is_a_push_that_pins_nothing():
    repository = Repository(Keys().public, os.environ["PATH"])
    repository.git("branch", "old")
    repository.pushed("--no-verify", "origin", "old")
    repository.pushed("origin", "--delete", "old")
    check("old" not in repository.heads(), "the branch is still there")
    repository.commit({"pod.yaml": POD.format("registry.example.org/app:1"), "a.txt": "text"})
    repository.pushed("origin", "main")


@case
def only_what_is_pushed_counts():
    path, log = counting_verify(6)
    repository = Repository(Keys().public, path)
    bad = POD.format(f"127.0.0.1:1/app@sha256:{'b' * 64}")
    repository.commit({"old.yaml": bad})
    repository.pushed("--no-verify", "origin", "main")
    # A file that the push does not touch, and one that only the work tree has.
    repository.commit({"other.txt": "x"})
    write(os.path.join(repository.folder, "loose.yaml"), bad)
    repository.pushed("origin", "main")
    # The same on a new branch, with a tag, and after the file was added and removed again.
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "loose")
    repository.git("rm", "-q", "loose.yaml")
    repository.git("commit", "-q", "-m", "no more")
    repository.git("tag", "-a", "-m", "x", "v1")
    repository.pushed("origin", "HEAD:refs/heads/new", "v1")
    check_equal(read(log), b"", "what was verified")
    # And the other way round: the commit has it, the work tree no longer does.
    repository.commit({"pod.yaml": bad})
    write(os.path.join(repository.folder, "pod.yaml"), "kind: Pod\n")
    for push in (("origin", "main"), ("origin", "HEAD:refs/heads/newer"), ("origin", "HEAD:refs/tags/v2")):
        repository.refused("is not signed", push=push)


@case
def a_history_that_the_remote_replaced_is_looked_at_from_what_is_known():
    path, log = counting_verify(0)
    repository = Repository(Keys().public, path)
    other = temp_dir()
    repository.git("clone", "-q", repository.remote, other)
    repository.git("-C", other, "commit", "-q", "--allow-empty", "-m", "unknown here")
    repository.git("-C", other, "push", "-q", "--force", "origin", "HEAD:main")
    repository.commit({"pod.yaml": POD.format(f"127.0.0.1:1/app@sha256:{'c' * 64}")})
    repository.pushed("--force", "origin", "main")
    check_equal(read(log).decode(), f"127.0.0.1:1/app@sha256:{'c' * 64}\n", "what was verified")


@case
def each_image_is_verified_once_for_all_refs():
    path, log = counting_verify(0)
    repository = Repository(Keys().public, path)
    image = f"127.0.0.1:1/app@sha256:{'d' * 64}"
    repository.commit({"a.yaml": POD.format(image) * 2, "b.yaml": POD.format(image), "c.yaml": POD.format(image.replace("app", "web"))})
    repository.pushed("origin", "main", "HEAD:refs/heads/second", "HEAD:refs/heads/third")
    check_equal(read(log).decode().split(), [image, image.replace("app", "web")], "what was verified")


@case
def what_a_merge_brings_from_the_remote_is_not_looked_at_again_and_its_own_changes_are():
    path, log = counting_verify(6)
    repository = Repository(Keys().public, path)
    images = [f"127.0.0.1:1/app@sha256:{letter * 64}" for letter in "ef"]
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit({"a.txt": "a"})
    repository.git("checkout", "-q", "main")
    repository.commit({"there.yaml": POD.format(images[0])})
    repository.pushed("--no-verify", "origin", "main")
    repository.git("checkout", "-q", "feature")
    repository.git("merge", "-q", "--no-edit", "main")
    repository.pushed("origin", "feature")
    check_equal(read(log), b"", "what was verified")
    repository.git("checkout", "-q", "-b", "evil", "feature~1")
    repository.git("merge", "-q", "--no-commit", "--no-ff", "main")
    repository.commit({"slipped.yaml": POD.format(images[1])})
    repository.refused(images[1], push=("origin", "evil"))


@case
def without_a_key_or_the_program_nothing_that_pins_is_pushed():
    pod = POD.format(f"127.0.0.1:1/app@sha256:{'a' * 64}")
    path, _ = counting_verify(0)
    repository = Repository(None, path)
    repository.commit({"pod.yaml": pod})
    repository.refused(".bulla/cosign.pub is not in the commit")
    # A key that only the work tree has is none.
    write(os.path.join(repository.folder, ".bulla", "cosign.pub"), read(Keys().public))
    repository.refused(".bulla/cosign.pub is not in the commit")
    repository = Repository(Keys().public, "/usr/bin:/bin")
    repository.commit({"pod.yaml": pod})
    repository.refused("bulla-verify is not on the PATH")
    repository = Repository(write(os.path.join(temp_dir(), "junk"), "no key\n"))
    repository.commit({"pod.yaml": pod})
    repository.refused("could not be checked (exit code 2)")


@case
def more_than_the_limits_is_refused_and_not_skipped():
    path, log = counting_verify(0)
    repository = Repository(Keys().public, path)
    repository.commit({"many.yaml": "".join(f"image: 127.0.0.1:1/app@sha256:{number:064x}\n" for number in range(101))})
    repository.refused("more than 100 images")
    repository.commit({"many.yaml": "x: 1\n", "large.yaml": "# " + "x" * (5 << 20) + "\n"})
    repository.refused("large.yaml is larger than")
    check_equal(read(log), b"", "what was verified")


@case
def hostile_file_names_run_nothing():
    path, log = counting_verify(0)
    repository = Repository(Keys().public, path)
    image = f"127.0.0.1:1/app@sha256:{'a' * 64}"
    names = ["$(touch hit).yaml", "`touch hit`.yml", "-rf.yaml", "a b;touch hit.yaml", "'; touch hit; '.yaml", "\u00e9.yaml", "x/$(touch hit)/Dockerfile", " x .yaml"]
    for number, name in enumerate(names):
        repository.commit({name: f"image: {image[:-1]}{number}\n"})
    repository.pushed("origin", "main")
    check_equal(len(read(log).split()), len(names), "number of images verified")
    for name in ("a\nb.yaml", 'a"b.yaml'):
        repository.commit({name: f"image: {image}\n"})
        repository.refused("cannot be read safely")
        repository.git("reset", "-q", "--hard", "HEAD~1")
    check("hit" not in os.listdir(repository.folder), "something ran")


if __name__ == "__main__":
    main()
