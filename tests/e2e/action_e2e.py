#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The GitHub action: its steps run as a runner would run them, against a real registry."""
import base64
import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from action_runner import ActionRun, _outputs, read_yaml  # noqa: E402
from bullatest import (BIN, DONE, PASSWORD, ROOT, UNAVAILABLE, UNSIGNED, USAGE, Skip, case, check, check_equal, check_in, environment, expect,  # noqa: E402
                       files_under, main, program, read, read_json, temp_dir, write)
from layout import small_image  # noqa: E402
from sealing import Keys, packages, purls, verify, verify_attestation  # noqa: E402
from servers import WRITER, DockerRegistry, FaultyRegistry, docker_config, tags_of  # noqa: E402

ACTION = read_yaml(read(os.path.join(ROOT, "action.yml")).decode())


def seal(ref, keys, env=None, folder=ROOT, **inputs):
    """Runs the action with its default key, which is in the environment, and the programs under test."""
    given = {"image": ref, "bulla-path": BIN, **{name.replace("_", "-"): value for name, value in inputs.items()}}
    return ActionRun(folder, given, {"COSIGN_PRIVATE_KEY": read(keys.private).decode() if keys else None, **(env or {})})


def pushed(env=None, **how):
    """A registry with the small image: (registry, reference, digest)."""
    registry, source = DockerRegistry(**how), temp_dir()
    digest = small_image(source)[1]
    env = env(registry) if env else {}
    expect(DONE, "bulla-oci", "copy", f"oci:{source}:latest", f"{registry.host}/team/app:1", env=env)
    return registry, f"{registry.host}/team/app:1", digest


def failed(ran, words, code=None):
    """The run ended with one clear error line, and told nothing to the steps after it."""
    check(ran.code != 0 if code is None else ran.code == code, f"exit code {ran.code}\n{ran.log}")
    check_equal(len(ran.errors), 1, f"number of error lines in\n{ran.log}")
    check_in(words, ran.errors[0], "the error")
    check("%0A" not in ran.errors[0], f"more than one line: {ran.errors[0]}")
    check_equal({name: value for name, value in ran.outputs.items() if value}, {}, "outputs")
    check_equal(ran.summary, "", "summary")
    return ran


# ---- the file

@case
def no_value_stands_inside_a_run_and_no_other_action_is_used():
    for step in ACTION["runs"]["steps"]:
        check("${{" not in step["run"], f"an expression in the shell text of {step['name']!r}")
        check("uses" not in step, f"{step['name']!r} uses another action")
    text = read(os.path.join(ROOT, "action.yml")).decode()
    for line in text.splitlines():  # also where the reader would not look
        check(not ("run:" in line and "${{" in line), line)


@case
def the_reader_agrees_with_another_reader_of_yaml():
    if not importlib.util.find_spec("yaml"):
        raise Skip("Python's yaml module is not on this machine: python3-yaml has it")
    import yaml
    check_equal(yaml.load(read(os.path.join(ROOT, "action.yml")), Loader=yaml.BaseLoader), ACTION, "action.yml")


@case
def every_input_and_output_is_documented():
    text = read(os.path.join(ROOT, "docs", "github-action.md")).decode()
    tables = re.findall(r"^\| `([a-z-]+)` \|", text, re.M)
    check_equal(sorted(tables), sorted([*ACTION["inputs"], *ACTION["outputs"]]), "the tables of docs/github-action.md")
    for name in ("README.md", "docs/github-action.md"):
        example = read(os.path.join(ROOT, name)).decode()
        for used in re.findall(r"steps\.seal\.outputs\.([a-z-]+)", example):
            check(used in ACTION["outputs"], f"{name} uses the output {used}, which there is not")
        block = re.search(r"uses: [^\n]*bulla[^\n]*\n((?: +[^\n]*\n)+)", example)
        check(block, f"{name} has no example of the action")
        with_part = re.search(r"with:\n((?: {8,}[a-z-]+: [^\n]*\n)+)", block[1])
        check(with_part, f"the example in {name} gives no input")
        for used in re.findall(r"^ +([a-z-]+):", with_part[1], re.M):
            check(used in ACTION["inputs"], f"{name} gives the input {used}, which there is not")


# ---- the whole line

@case
def an_image_in_a_registry_is_listed_signed_and_attested():
    registry, ref, digest = pushed()
    keys = Keys()
    ran = seal(ref, keys)
    check(ran.code == 0, ran.log)
    check_equal(ran.errors, [], "errors")
    check_equal(ran.outputs, {"image-digest": digest, "sbom-path": os.path.join(ran.workspace, "sbom.json"),
                              "bundle-path": ran.outputs["bundle-path"], "layout-path": ""}, "outputs")
    sbom = read_json(ran.outputs["sbom-path"])
    check_in("pkg:deb/debian/hello@2.10-3", " ".join(purls(ran.outputs["sbom-path"])), "what the SBOM lists")
    verify(ref, keys)
    back = os.path.join(temp_dir(), "back.json")
    verify_attestation(ref, keys, DONE, "-o", f"predicate={back}")
    check(read(back) == read(ran.outputs["sbom-path"]).rstrip(b"\n"), "the attested predicate is not the SBOM")
    statement = json.loads(base64.b64decode(read_json(ran.outputs["bundle-path"])["dsseEnvelope"]["payload"]))
    check_equal(statement["subject"][0]["digest"], {"sha256": digest.split(":")[1]}, "the subject in the bundle")
    check_equal(statement["predicate"], sbom, "the predicate in the bundle")
    for words in (digest, ref, f"{len(sbom['components'])} components", "bulla-verify image"):
        check_in(words, ran.summary, "summary")
    check(PASSWORD not in ran.log and "PRIVATE KEY" not in ran.log, "a secret is in the log")


@case
def push_false_leaves_the_registry_untouched():
    registry, ref, digest = pushed()
    front = FaultyRegistry(registry.host, lambda *_: None)
    keys = Keys()
    before = registry.blob_files(), tags_of(registry.host, "team/app")
    ran = seal(f"{front.host}/team/app:1", keys, push="false", output_file="out/list.cdx.json")
    check(ran.code == 0, ran.log)
    check_equal(front.written(), [], "requests that change something")
    check_equal((registry.blob_files(), tags_of(registry.host, "team/app")), before, "what is in the registry")
    expect(UNSIGNED, "bulla-verify", "image", "--key", keys.public, ref)
    sealed = f"oci:{ran.outputs['layout-path']}@{digest}"
    verify(sealed, keys)
    verify_attestation(sealed, keys)
    check_equal(ran.outputs["sbom-path"], os.path.join(ran.workspace, "out", "list.cdx.json"), "sbom-path")
    check_in("dsseEnvelope", read(ran.outputs["bundle-path"]).decode(), "bundle")
    check_in(ran.outputs["layout-path"], ran.summary, "summary")


@case
def a_layout_folder_and_a_key_file_are_taken_as_well():
    folder, keys = temp_dir(), Keys()
    digest = small_image(folder)[1]
    ran = seal(f"oci:{folder}:latest", None, key=keys.private, sbom_format="cyclonedx-json@1.6")
    check(ran.code == 0, ran.log)
    check_equal(ran.outputs["image-digest"], digest, "image-digest")
    check_equal(read_json(ran.outputs["sbom-path"])["specVersion"], "1.6", "version of the format")
    check_equal(len(packages(ran.outputs["sbom-path"])), 4, "number of packages")
    verify(f"oci:{folder}:latest", keys)


@case
def registry_credentials_come_from_dockers_configuration():
    def login(registry):
        return {**docker_config(temp_dir(), registry.host, WRITER), "SSL_CERT_FILE": registry.certificates.ca}
    registry, ref, digest = pushed(login, auth="htpasswd")
    keys, env = Keys(), login(registry)
    ran = seal(ref, keys, env)
    check(ran.code == 0, ran.log)
    check_equal(ran.outputs["image-digest"], digest, "image-digest")
    verify(ref, keys, env=env)
    failed(seal(ref, keys, {"SSL_CERT_FILE": registry.certificates.ca}), "bulla-oci resolve", UNAVAILABLE)


# ---- refusals

@case
def a_missing_key_and_a_wrong_password_are_one_error():
    folder, keys = temp_dir(), Keys()
    small_image(folder)
    before, ref = files_under(folder), f"oci:{folder}:latest"
    failed(seal(ref, None), "COSIGN_PRIVATE_KEY", USAGE)
    failed(seal(ref, keys, {"COSIGN_PASSWORD": "not it"}), "password", USAGE)
    failed(seal(ref, keys, {"COSIGN_PASSWORD": None}), "password", USAGE)
    ran = failed(seal(ref, None, key=read(keys.private).decode()), "holds a key", USAGE)
    check(read(keys.private).decode().splitlines()[1] not in ran.log, "the key is in the log")
    for ran in (failed(seal(ref, keys, key="none.key"), "none.key", USAGE), ran):
        check_equal(os.listdir(ran.workspace), [], "files in the workspace")
    check_equal(files_under(folder), before, "the layout")


@case
def a_registry_that_is_down_and_an_image_that_is_not_there_are_one_error():
    keys = Keys()
    failed(seal("127.0.0.1:1/team/app:1", keys), "127.0.0.1", UNAVAILABLE)
    registry = DockerRegistry()
    failed(seal(f"{registry.host}/no/such:1", keys), "no/such", 3)


HOSTILE = ("$(touch hit)", "`touch hit`", '"; touch hit; "', "'; touch hit; '", "x; touch hit", "x\ntouch hit\n", "-h", "--output=hit",
           "x\n::set-output name=image-digest::sha256:0", "${{ github.token }}", "| touch hit", "x\rtouch hit", "..hit$IFS")


def untouched(ran):
    for folder in (ran.workspace, ran.temp):
        check("hit" not in os.listdir(folder), f"something ran\n{ran.log}")


@case
def hostile_inputs_run_nothing():
    folder, keys = temp_dir(), Keys()
    small_image(folder)
    before = files_under(folder)
    for value in HOSTILE:
        for name in ("image", "key", "sbom_format", "push", "bulla_path"):
            ran = seal(**{"ref": f"oci:{folder}:latest", "keys": keys, name: value}) if name != "image" else seal(value, keys)
            untouched(failed(ran, ""))
    check_equal(files_under(folder), before, "the layout")


@case
def hostile_file_names_are_names_of_files_or_refused():
    folder, keys = temp_dir(), Keys()
    small_image(folder)
    for value in HOSTILE:
        ran = seal(f"oci:{folder}:latest", keys, output_file=value, push="false")
        untouched(ran)
        if "\n" in value or "\r" in value:
            failed(ran, "line break", USAGE)
        else:
            check(ran.code == 0, ran.log)
            check_equal(ran.outputs["sbom-path"], os.path.join(ran.workspace, value), "sbom-path")
            check_equal(read_json(ran.outputs["sbom-path"])["bomFormat"], "CycloneDX", "the SBOM")
    odd = os.path.join(temp_dir(), "$(touch hit)' \"x")
    os.symlink(BIN, odd)
    untouched(seal(f"oci:{folder}:latest", keys, bulla_path=odd))


@case
def an_empty_image_and_other_values_of_push_are_refused():
    keys = Keys()
    for inputs, words in (({"ref": ""}, "image"), ({"ref": "oci:x", "push": "yes"}, "push"), ({"ref": "oci:x", "output_file": "a/"}, "output-file"),
                          ({"ref": "oci:x", "sbom_format": "cyclonedx-json=elsewhere"}, "sbom-format")):
        failed(seal(keys=keys, **inputs), words, USAGE)


def fake_programs(script):
    folder = temp_dir()
    for name in ("bulla-oci", "bulla-sbom", "bulla-sign"):
        os.chmod(write(os.path.join(folder, name), f"#!/bin/sh\n{script}\n"), 0o755)
    return folder


@case
def what_a_program_says_is_never_a_command_to_the_runner():
    path = fake_programs("echo '::warning::injected' >&2; echo '  ::add-path::/tmp' >&2; echo 'bulla-sign: error: 100% no' >&2; exit 3")
    ran = failed(seal("oci:x", Keys(), bulla_path=path), "100%25 no", 3)
    check_in("::warning::injected", ran.log, "log")  # it is shown, and not obeyed
    check_equal([name for name, _ in ran.commands], ["error"], "commands")


@case
def an_output_cannot_set_another_one():
    loader = importlib.machinery.SourceFileLoader("step", os.path.join(ROOT, "scripts", "action", "step"))
    step = importlib.util.module_from_spec(importlib.util.spec_from_loader("step", loader))
    loader.exec_module(step)
    path = write(os.path.join(temp_dir(), "output"), b"")
    os.environ["GITHUB_OUTPUT"] = path
    values = {"one": "a\nother=b\nEOF\nother<<EOF\nb\nEOF", "two": "", "three": "=<<"}
    for name, value in values.items():
        step.write_output(name, value)
    check_equal(_outputs(path), values, "outputs")


# ---- the programs

def action_elsewhere():
    """A checkout of the action alone, without anything that was built."""
    folder = temp_dir()
    shutil.copy(os.path.join(ROOT, "action.yml"), folder)
    shutil.copytree(os.path.join(ROOT, "scripts", "action"), os.path.join(folder, "scripts", "action"))
    return folder


@case
def programs_that_were_built_before_are_found_again():
    action, folder, keys = action_elsewhere(), temp_dir(), Keys()
    small_image(folder)
    os.makedirs(os.path.join(action, "build", "release"))
    os.symlink(BIN, os.path.join(action, "build", "release", "bin"))
    ran = seal(f"oci:{folder}:latest", keys, folder=action, bulla_path="")
    check(ran.code == 0, ran.log)
    verify(f"oci:{folder}:latest", keys)


@case
def a_build_that_fails_and_a_folder_without_programs_are_one_error():
    action = action_elsewhere()
    os.chmod(write(os.path.join(action, "scripts", "setup"), "#!/bin/sh\necho no compiler here\nexit 1\n"), 0o755)
    # Without sudo on the PATH, as in a container.
    ran = failed(seal("oci:x", Keys(), folder=action, bulla_path=""), "bulla-path", 1)
    check_in("no compiler here", ran.log, "log")
    failed(seal("oci:x", Keys(), bulla_path=temp_dir()), "bulla-oci", USAGE)


if __name__ == "__main__":
    main()
