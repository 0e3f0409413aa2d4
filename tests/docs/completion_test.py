#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Completions, asked of the shells themselves: what bash, zsh and fish offer is what --help lists."""
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import BIN, DONE, Failure, case, check, check_equal, check_in, environment, expect, main, temp_dir, tool, write  # noqa: E402
from commands import PROGRAMS, Help, all_commands  # noqa: E402

FILES = {"bash": "{}", "zsh": "_{}", "fish": "{}.fish"}


def written(shell):
    """A folder with the completions of every program for one shell."""
    folder = temp_dir()
    for program in PROGRAMS:
        write(os.path.join(folder, FILES[shell].format(program)), expect(DONE, program, f"--generate={shell}").raw_out)
    return folder


def shell_environment():
    return environment(PATH=BIN + ":" + os.environ["PATH"], TERM="xterm", LC_ALL="C.UTF-8")


# ---- bash

# What bash does to a line before it calls the function: cut at blanks and at COMP_WORDBREAKS.
BREAKS = re.compile(r"[=:@]|[^\s=:@]+")


def asks_bash(folder, line, cwd=None):
    """What bash would offer at the end of the line."""
    words = BREAKS.findall(line) + ([""] if line.endswith(" ") else [])
    program = words[0]
    script = (f"source {shlex.quote(os.path.join(folder, program))}\n"
              f"COMP_WORDS=({' '.join(map(shlex.quote, words))}); COMP_CWORD={len(words) - 1}\n"
              f"_{program.replace('-', '_')} || exit 9\n"
              "[ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' \"${COMPREPLY[@]}\"\n")
    done = subprocess.run([tool("bash"), "--norc", "--noprofile", "-eu", "-c", script], capture_output=True, text=True, env=shell_environment(), cwd=cwd)
    if done.returncode not in (0, 1, 9) or "syntax" in done.stderr or done.stderr:
        raise Failure(f"bash on {line!r}: exit {done.returncode}\n{done.stderr}")
    return sorted(done.stdout.split("\n")[:-1])


@case
def bash_offers_the_options_and_choices_of_every_command():
    folder = written("bash")
    for program, command in all_commands():
        known = Help(program, command)
        for line in (f"{program} {command} ", f"bulla {program[6:]} {command} " if program != "bulla" else f"bulla {command} "):
            check_equal(asks_bash(folder, line + "--"), sorted(known.options), line + "--")
            for long, choices in known.choices.items():
                check_equal(asks_bash(folder, f"{line}{long} "), sorted(choices), f"{line}{long} ")
                check_equal(asks_bash(folder, f"{line}{long}={choices[0][:1]}"), sorted(c for c in choices if c.startswith(choices[0][:1])), f"{line}{long}=…")
        if known.formats:
            offered = {word.split("@")[0] for word in asks_bash(folder, f"{program} {command} -o ")}
            check_equal(sorted(offered), sorted(known.formats), f"{program} {command} -o")


@case
def bash_offers_commands_and_steps():
    folder = written("bash")
    for program in PROGRAMS[1:]:
        commands = [command.split()[0] for p, command in all_commands() if p == program]
        check_equal(asks_bash(folder, program + " "), sorted([*commands, "help", "version", "--help", "--version"]), program)
        check_equal(asks_bash(folder, f"bulla {program[6:]} "), asks_bash(folder, program + " "), f"bulla {program[6:]}")
        check_in(program[6:], asks_bash(folder, "bulla "), "steps")
    check_equal(asks_bash(folder, "bulla-oci res"), ["resolve"], "res")
    check_equal(asks_bash(folder, "bulla-oci nonsense --"), [], "options of no command")


@case
def bash_offers_files_folders_and_images_where_they_are_meant():
    folder, place = written("bash"), temp_dir()
    write(os.path.join(place, "a key.pem"), "")
    os.mkdir(os.path.join(place, "layout"))
    everything = sorted(os.listdir(place))
    check_equal(asks_bash(folder, "bulla-sign image --key ", cwd=place), everything, "--key")
    check_equal(asks_bash(folder, "bulla-sign blob ", cwd=place), everything, "FILE")
    check_equal(asks_bash(folder, "bulla-oci copy --config=a", cwd=place), ["a key.pem"], "--config=")
    check_equal(asks_bash(folder, "bulla-oci copy --cache-dir ", cwd=place), ["layout"], "--cache-dir")
    check_equal(asks_bash(folder, "bulla-oci copy --jobs ", cwd=place), [], "--jobs")
    check_equal(asks_bash(folder, "bulla-oci copy o", cwd=place), ["oci:"], "IMAGE")
    check_equal(asks_bash(folder, "bulla-oci copy oci:", cwd=place), ["layout"], "oci:")
    check_equal(asks_bash(folder, "bulla-oci copy oci:la", cwd=place), ["layout"], "oci:la")
    check_equal(asks_bash(folder, "bulla-sbom create -o cyclonedx-json@", cwd=place), ["1.6", "1.7"], "@")
    check_equal(asks_bash(folder, "bulla-sbom create -o cyclonedx-json=la", cwd=place), ["layout"], "=FILE")


# ---- fish

def asks_fish(folder, line, cwd=None):
    sources = "".join(f"source {shlex.quote(os.path.join(folder, name))}\n" for name in sorted(os.listdir(folder)))
    script = sources + f"complete -C {shlex.quote(line)}"
    done = subprocess.run([tool("fish", "Debian package fish"), "--no-config", "-c", script], capture_output=True, text=True, env=shell_environment(), cwd=cwd or temp_dir())
    check_equal((done.returncode, done.stderr), (0, ""), f"fish on {line!r}")
    return sorted({text.split("\t")[0] for text in done.stdout.splitlines()})


def fish_knows(program, command):
    def test():
        folder, known = written("fish"), Help(program, command)
        for line in (f"{program} {command} ", f"bulla {program[6:]} {command} " if program != "bulla" else f"bulla {command} "):
            offered = {word.rstrip("=") for word in asks_fish(folder, line + "--")}
            check_equal(sorted(offered), sorted(known.options), line + "--")
        for long, choices in known.choices.items():
            check_equal(asks_fish(folder, f"{program} {command} {long} "), sorted(choices), long)
        if known.formats:
            offered = {word.split("@")[0] for word in asks_fish(folder, f"{program} {command} --output ")}
            check_equal(sorted(offered), sorted(known.formats), "--output")
    return test


@case
def fish_offers_commands_steps_files_and_images():
    folder, place = written("fish"), temp_dir()
    subprocess.run([tool("fish"), "--no-execute", *[os.path.join(folder, name) for name in os.listdir(folder)]], check=True, env=shell_environment())
    os.mkdir(os.path.join(place, "layout"))
    write(os.path.join(place, "key.pem"), "")
    for program in PROGRAMS[1:]:
        commands = [command.split()[0] for p, command in all_commands() if p == program]
        check_equal(asks_fish(folder, program + " "), sorted([*commands, "help", "version"]), program)
        check_equal(asks_fish(folder, f"bulla {program[6:]} "), sorted([*commands, "help", "version"]), f"bulla {program[6:]}")
    check_equal(asks_fish(folder, "bulla-sign image --key ", place), ["key.pem", "layout/"], "--key")
    check_equal(asks_fish(folder, "bulla-oci copy --cache-dir ", place), ["layout/"], "--cache-dir")
    check_in("oci:layout/", asks_fish(folder, "bulla-oci copy oci:", place), "IMAGE")


# ---- zsh, which completes only on a terminal

def zsh_line(folder, typed, cwd=None):
    """What the line is after the words were typed and Tab was pressed."""
    zsh = tool("zsh", "Debian package zsh")
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd or folder)
        os.execve(zsh, ["zsh", "-f", "-i"], {**shell_environment(), "PS1": "", "COLUMNS": "200"})
    seen = b""

    def wait_for(pattern, seconds=20):
        nonlocal seen
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(pattern, seen):
                return
            if select.select([fd], [], [], 0.2)[0]:
                try:
                    seen += os.read(fd, 65536)
                except OSError:
                    break
        raise Failure(f"zsh did not show {pattern!r}: {seen!r}")
    try:
        setup = (f"PS1= PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste; stty cols 200; fpath=({folder} $fpath); autoload -U compinit; compinit -u -D; "
                 "show() { print -r -- '<''<'$BUFFER'>''>' }; zle -N show; bindkey '^X' show; print rea''dy\r")
        os.write(fd, setup.encode())
        wait_for(rb"ready\r")
        os.write(fd, typed.encode() + b"\t")
        time.sleep(0.1)
        os.write(fd, b"\x18")
        wait_for(rb"<<(.*)>>")
        return re.search(rb"<<(.*)>>", seen).group(1).decode()
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(fd)


@case
def zsh_completes_a_line_on_a_terminal():
    folder, place = written("zsh"), temp_dir()
    os.mkdir(os.path.join(place, "layout"))
    write(os.path.join(place, "my.pub"), "")
    for typed, expected in (("bulla-oci reso", "bulla-oci resolve "), ("bulla-oci copy --platf", "bulla-oci copy --platform="),
                            ("bulla-oci copy --log-format j", "bulla-oci copy --log-format json "), ("bulla oci copy --recur", "bulla oci copy --recursive "),
                            ("bulla-sbom create -o cyclonedx-json@1.6", "bulla-sbom create -o cyclonedx-json@1.6 "), ("bulla ver", "bulla ver"),
                            ("bulla-verify image --key my", "bulla-verify image --key my.pub "), ("bulla-oci tree oci:la", "bulla-oci tree oci:layout/")):
        found = zsh_line(folder, typed, place)
        check_equal(found.rstrip(), expected.rstrip(), f"after {typed!r}")


@case
def zsh_files_hold_every_option_and_choice():
    folder = written("zsh")
    for program, command in all_commands():
        path = os.path.join(folder, "_" + program)
        subprocess.run([tool("zsh", "Debian package zsh"), "-n", path], check=True)
        branch = re.search(rf"^    \('{command}'\)\n(.*?)^        ;;$", open(path, encoding="utf-8").read(), re.M | re.S)
        check(branch, f"no branch for {program} {command}")
        known = Help(program, command)
        offered = re.findall(r"[',{*](--[a-z0-9-]+)=?[\[}]", branch.group(1))
        check_equal(sorted(offered), sorted(known.options), f"options of {program} {command}")
        for long, choices in known.choices.items():
            check(re.search(rf"{long}=?(}}')?\[.*:\({' '.join(choices)}\)'", branch.group(1)), f"{program} {command} {long} lacks its choices")


@case
def fish_offers_the_options_and_choices_of_every_command():
    for program, command in all_commands():
        fish_knows(program, command)()


if __name__ == "__main__":
    main()
