# SPDX-License-Identifier: Apache-2.0
"""Reads an action.yml and runs its steps as GitHub's runner documents it: expressions are filled in, values
arrive in the environment, outputs are read from the files named there, and commands from the log."""
import os
import re
import subprocess

from bullatest import Failure, check, environment, read, temp_dir, write


# ---- the part of YAML that action.yml uses: mappings, lists of mappings, one-line scalars

def _scalar(text, line):
    if text[:1] in "\"'":
        quote, inner = text[0], text[1:-1]
        check(len(text) >= 2 and text[-1] == quote and "\\" not in inner, f"not a plain quoted scalar: {line!r}")
        if quote == "'":
            check("'" not in inner.replace("''", ""), f"an open quote: {line!r}")
            return inner.replace("''", "'")
        check('"' not in inner, f"an open quote: {line!r}")
        return inner
    check(text[0] not in "&*!|>%@`[]{},?#" and ": " not in text and " #" not in text, f"more YAML than this reads: {line!r}")
    return text


def _block(lines, indent):
    """The mapping or list whose lines stand at this indentation; takes them off the front of `lines`."""
    if lines[0][1].startswith("- "):
        items = []
        while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
            lines[0] = (indent + 2, lines[0][1][2:])
            items.append(_block(lines, indent + 2))
        return items
    found = {}
    while lines and lines[0][0] == indent and not lines[0][1].startswith("- "):
        line = lines.pop(0)[1]
        match = re.fullmatch(r"([A-Za-z][A-Za-z0-9_-]*):(?: +(.*))?", line)
        check(match, f"no key: {line!r}")
        check(match[1] not in found, f"a key twice: {line!r}")
        if match[2]:
            found[match[1]] = _scalar(match[2], line)
        else:
            check(lines and lines[0][0] > indent, f"nothing under {line!r}")
            found[match[1]] = _block(lines, lines[0][0])
    check(not lines or lines[0][0] <= indent, f"unexpected indentation: {lines[:1]}")
    return found


def read_yaml(text):
    """Every scalar is a string; what is not understood is a failure, never skipped."""
    check("\t" not in text, "a tab")
    lines = [(len(line) - len(line.lstrip(" ")), line.strip()) for line in text.splitlines()]
    lines = [(indent, line) for indent, line in lines if line and not line.startswith("#")]
    document = _block(lines, 0)
    check(not lines, f"left over: {lines[:1]}")
    return document


# ---- what the runner does

def _outputs(path):
    """The outputs in a GITHUB_OUTPUT file: NAME=VALUE, or NAME<<DELIMITER, lines, DELIMITER."""
    lines, found = read(path).decode().split("\n"), {}
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        name, mark, rest = re.match(r"([^=<]*)(=|<<)(.*)", line, re.S).groups()
        if mark == "<<":
            value = []
            while (line := lines.pop(0)) != rest:
                value.append(line)
            rest = "\n".join(value)
        found[name] = rest
    return found


def _commands(log):
    """The workflow commands in a log, as (name, text); between ::stop-commands::TOKEN and ::TOKEN:: there are none."""
    found, stopped = [], None
    for line in log.splitlines():
        match = re.match(r"\s*::([^ :]+)(?: [^:]*)?::(.*)", line)
        if not match:
            continue
        if stopped is not None:
            stopped = None if match[1] == stopped else stopped
        elif match[1] == "stop-commands":
            stopped = match[2]
        else:
            found.append((match[1], match[2]))
    check(stopped is None, f"commands were stopped and never begun again\n{log}")
    return found


class ActionRun:
    """One run of an action with these inputs: `code`, `outputs`, `errors`, `commands`, `log`, `summary`."""

    def __init__(self, folder, inputs, env=None):
        self.action = read_yaml(read(os.path.join(folder, "action.yml")).decode())
        self.workspace, self.temp = temp_dir(), temp_dir()
        self._files, self._env = temp_dir(), env or {}
        unknown = set(inputs) - set(self.action["inputs"])
        check(not unknown, f"inputs the action does not have: {unknown}")
        # The runner cannot tell an input that is not given from an empty one.
        self._inputs = {name: inputs.get(name) or about.get("default", "") for name, about in self.action["inputs"].items()}
        self._steps, self.code, self.log, self.ran = {}, 0, "", []
        summary = write(os.path.join(self._files, "summary"), b"")
        for number, step in enumerate(self.action["runs"]["steps"]):
            self._run(folder, number, step, summary)
            if self.code != 0:
                break
        self.outputs = {name: self._fill_in(about["value"]) for name, about in self.action["outputs"].items()}
        self.commands = _commands(self.log)
        self.errors = [text for name, text in self.commands if name == "error"]
        self.summary = read(summary).decode()

    def _fill_in(self, text):
        def value(match):
            words = match[1].split(".")
            if words[0] == "inputs" and len(words) == 2:
                return self._inputs[words[1]]
            if words[0] == "steps" and len(words) == 4 and words[2] == "outputs":
                return self._steps.get(words[1], {}).get(words[3], "")
            raise Failure(f"an expression that is not expected here: {match[0]}")
        return re.sub(r"\$\{\{ *([A-Za-z0-9_.-]+) *\}\}", value, text)

    def _run(self, folder, number, step, summary):
        check(set(step) <= {"name", "id", "shell", "env", "run"}, f"more than this runs: {sorted(step)}")
        check(step["shell"] == "bash", "the shell is not bash")
        output = write(os.path.join(self._files, f"output{number}"), b"")
        names = {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_WORKSPACE": self.workspace, "RUNNER_TEMP": self.temp,
                 "GITHUB_ACTION_PATH": folder, "GITHUB_OUTPUT": output, "GITHUB_STEP_SUMMARY": summary, "RUNNER_OS": "Linux",
                 "GITHUB_ENV": write(os.path.join(self._files, f"env{number}"), b""),
                 "GITHUB_PATH": write(os.path.join(self._files, f"path{number}"), b"")}
        values = {name: self._fill_in(text) for name, text in step.get("env", {}).items()}
        script = write(os.path.join(self._files, f"step{number}.sh"), step["run"])
        done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment(**{**self._env, **names, **values}), cwd=self.workspace, timeout=100)
        self.ran.append(step["name"])
        self.log += done.stdout.decode(errors="replace")
        if "Sanitizer" in self.log or "runtime error:" in self.log:
            raise Failure(f"a sanitizer stopped it\n{self.log}")
        self.code = done.returncode
        self._steps[step.get("id", f"step{number}")] = _outputs(output)
