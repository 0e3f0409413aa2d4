#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Config files as people use them: which is read, what comes before it, and what it may not say."""
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, USAGE, case, check, check_equal, check_in, expect, main, refuse, run, temp_dir, write  # noqa: E402
from commands import Help, all_commands  # noqa: E402
from layout import small_image  # noqa: E402
from sealing import Keys, sign  # noqa: E402


def image():
    folder = os.path.join(temp_dir(), "image")
    small_image(folder, "v1")
    return f"oci:{folder}:v1"


def messages_are_json(ran):
    lines = ran.err.splitlines()
    return lines != [] and all(line.startswith("{") and "level" in json.loads(line) for line in lines)


def fails(*more, env=None, cwd=None):
    """A command whose one message shows which log format is in force."""
    return run("bulla-oci", "resolve", "oci:/nonexistent:v1", *more, env=env, cwd=cwd)


@case
def the_users_own_file_is_read_and_the_order_is_command_line_environment_file():
    home = temp_dir()
    write(os.path.join(home, "bulla", "config.toml"), 'log-format = "json"\n')
    own = {"XDG_CONFIG_HOME": home}
    check(messages_are_json(fails(env=own)), "the file of the user is not read")
    check(not messages_are_json(fails(env={**own, "BULLA_LOG_FORMAT": "text"})), "the environment does not come first")
    check(not messages_are_json(fails("--log-format", "text", env=own)), "the command line does not come first")
    check(not messages_are_json(fails("--config", "/dev/null", env=own)), "a named file does not replace it")
    write(os.path.join(home, ".config", "bulla", "config.toml"), 'log-format = "json"\n')
    check(messages_are_json(fails(env={"XDG_CONFIG_HOME": None, "HOME": home})), "~/.config is not read")
    named = write(os.path.join(temp_dir(), "named.toml"), '[bulla-oci.resolve]\nlog-format = "json"\n')
    check(messages_are_json(fails(env={"BULLA_CONFIG": named})), "BULLA_CONFIG is not read")
    check(messages_are_json(fails("--config", named)), "--config is not read")


@case
def nothing_in_the_working_folder_is_read():
    place = temp_dir()
    for name in ("config.toml", "bulla.toml", ".bulla.toml", "bulla/config.toml", ".config/bulla/config.toml", ".bulla/config.toml"):
        write(os.path.join(place, name), 'log-format = "json"\nnonsense = 1\n')
    for env in ({}, {"XDG_CONFIG_HOME": "."}, {"XDG_CONFIG_HOME": ".config", "HOME": "."}, {"XDG_CONFIG_HOME": None, "HOME": None}):
        ran = fails(env=env, cwd=place)
        check("nonsense" not in ran.err and not messages_are_json(ran), f"{env}: {ran}")


@case
def a_key_counts_only_from_a_file_that_was_named():
    ref, keys = image(), Keys()
    sign(ref, keys, "bundle")
    home = temp_dir()
    text = f'[bulla-verify]\nkey = ["{keys.public}"]\n'
    path = write(os.path.join(home, "bulla", "config.toml"), text)
    refuse(USAGE, ["that nobody named", f"{path}:2:1"], "bulla-verify", "image", ref, env={"XDG_CONFIG_HOME": home})
    expect(DONE, "bulla-verify", "image", ref, "--config", path)
    refuse(USAGE, "missing option --key", "bulla-verify", "image", ref)
    # Given on the command line, another key is not joined by that of the file.
    ran = run("bulla-verify", "image", ref, "--config", path, "--key", Keys().public)
    check_equal(ran.code, 5, "exit code with another key")


@case
def a_mistake_names_file_line_column_and_what_was_meant():
    path = write(os.path.join(temp_dir(), "c.toml"), 'jobs = 4\n\n[bulla-oci.resolve]\n  tiemout = "3s"\n')
    refuse(USAGE, ['unknown setting "tiemout"', f"{path}:4:3", "did you mean `timeout`?"], "bulla-oci", "resolve", "oci:x", "--config", path)
    ran = expect(USAGE, "bulla-oci", "resolve", "oci:x", "--config", path, "--log-format", "json")
    check_equal(json.loads(ran.err)["where"], f"{path}:4:3", "where")
    write(path, "jobs = 4\njobs = 5\n")
    refuse(USAGE, f"{path}:2:", "bulla-oci", "resolve", "oci:x", "--config", path)
    refuse(USAGE, path + ".not", "bulla-oci", "resolve", "oci:x", "--config", path + ".not")


@case
def every_option_of_every_command_has_a_decision():
    """A name without a row in config_keys.cpp is unknown, and so is not settable: somebody has to decide."""
    path = os.path.join(temp_dir(), "c.toml")
    for option in sorted({long for program, command in all_commands() for long in Help(program, command).options}):
        write(path, f"{option[2:]} = 1979-05-27\n")
        ran = run("bulla-oci", "resolve", "oci:/nonexistent:v1", "--config", path)
        check("unknown setting" not in ran.err, f"{option} has no row in cli/common/config_keys.cpp (docs/adr/0011-config-file.md)")
    write(path, "nonsense-of-mine = 1979-05-27\n")
    check_in("unknown setting", run("bulla-oci", "resolve", "oci:/nonexistent:v1", "--config", path).err)


if __name__ == "__main__":
    main()
