# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: cases, checks, temporary folders and running the commands.

A test script marks functions with @case and ends with main(). CTest asks for `--list` and runs one case
per process; a case that raises Skip ends with status 77 and prints why. BULLA_NO_SKIP=1 turns a skip
into a failure, for machines where everything has to be there.
"""
import atexit
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.environ.get("BULLA_TEST_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache"), "bulla")
TOOLS = os.path.join(CACHE, "tools", "bin")
BIN = os.environ.get("BULLA_BIN") or os.path.join(ROOT, "build", "dev", "bin")
RELEASE_BIN = os.environ.get("BULLA_RELEASE_BIN") or os.path.join(ROOT, "build", "release", "bin")
TESTDATA = os.path.join(ROOT, "testdata")

# The table of exit codes, docs/architecture.md.
DONE, NO, USAGE, INPUT, UNAVAILABLE, UNTRUSTED, UNSIGNED, PARTIAL, INTERNAL = 0, 1, 2, 3, 4, 5, 6, 7, 70
PASSWORD = "correct horse"

_cases = {}
_cleanup = []


class Skip(Exception):
    """Ends a case that cannot run on this machine; the text says why."""


class Failure(AssertionError):
    pass


def case(function=None, *, labels=()):
    """Marks a function as one test; labels are added to those of its script."""
    if function is None:
        return lambda f: case(f, labels=labels)
    assert function.__name__ not in _cases, function.__name__
    _cases[function.__name__] = (function, tuple(labels))
    return function


def add_case(name, function, labels=()):
    """The same for cases made in a loop over a table."""
    assert name not in _cases, name
    _cases[name] = (function, tuple(labels))


def at_end(action):
    """Runs an action when the case is over, last one first."""
    _cleanup.append(action)


def check(condition, message="check failed"):
    if not condition:
        raise Failure(message)


def check_equal(found, expected, what="value"):
    if found != expected:
        raise Failure(f"{what}:\n  found:    {found!r}\n  expected: {expected!r}")


def check_in(part, whole, what="text"):
    if part not in whole:
        raise Failure(f"{what} lacks {part!r}:\n{whole}")


def temp_dir():
    folder = tempfile.mkdtemp(prefix="bulla-test-")
    at_end(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


def write(path, content):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def read_json(path):
    return json.loads(read(path))


class Ran:
    """How one command ended: exit code, standard output and error as bytes and as text."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code, self.raw_out, self.raw_err = arguments, code, out, err
        self.out, self.err = out.decode(errors="replace"), err.decode(errors="replace")

    def __str__(self):
        return f"$ {' '.join(map(str, self.arguments))}\nexit {self.code}\n--- stdout\n{self.out}--- stderr\n{self.err}"

    def json(self):
        return json.loads(self.out)


_home = None


def environment(**extra):
    """A clean environment: its own home, no credentials, no locale, no proxy, nothing of the caller's."""
    global _home
    if _home is None:
        _home = temp_dir()
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "GOCOVERDIR") if name in os.environ}
    kept.update(HOME=_home, XDG_CACHE_HOME=os.path.join(_home, "cache"), XDG_CONFIG_HOME=os.path.join(_home, "config"),
                DOCKER_CONFIG=os.path.join(_home, "docker"), XDG_RUNTIME_DIR=os.path.join(_home, "run"),
                COSIGN_PASSWORD=PASSWORD, ASAN_OPTIONS="detect_leaks=1:abort_on_error=0:exitcode=99",
                UBSAN_OPTIONS="print_stacktrace=1:halt_on_error=1:exitcode=99")
    kept.update(extra)
    return {name: value for name, value in kept.items() if value is not None}


def program(name):
    """The path of one of our binaries; a missing one is a failure, never a skip."""
    path = os.path.join(BIN, name)
    check(os.access(path, os.X_OK), f"{path} is not built")
    return path


def run(name, *arguments, env=None, stdin=b"", cwd=None, timeout=100):
    """Runs a binary of ours, or any other given by path. A sanitizer's report is always a failure."""
    command = [name if "/" in name else program(name), *map(str, arguments)]
    done = subprocess.run(command, input=stdin if isinstance(stdin, bytes) else stdin.encode(), capture_output=True,
                          env=environment(**(env or {})), cwd=cwd, timeout=timeout)
    ran = Ran([os.path.basename(command[0]), *command[1:]], done.returncode, done.stdout, done.stderr)
    if done.returncode == 99 or b"runtime error:" in done.stderr or b"Sanitizer" in done.stderr:
        raise Failure(f"a sanitizer stopped it\n{ran}")
    return ran


def expect(code, name, *arguments, **how):
    """Runs and demands an exit code."""
    ran = run(name, *arguments, **how)
    if ran.code != code:
        raise Failure(f"exit code {ran.code}, expected {code}\n{ran}")
    return ran


def refuse(code, words, name, *arguments, **how):
    """Runs and demands a refusal: the exit code, an `error:` line, words in it, nothing on stdout."""
    ran = expect(code, name, *arguments, **how)
    check("error: " in ran.err, f"no error line\n{ran}")
    for word in [words] if isinstance(words, str) else words:
        check(word.lower() in ran.err.lower(), f"the message lacks {word!r}\n{ran}")
    check(ran.raw_out == b"", f"something is on stdout\n{ran}")
    return ran


def tool(name, reason="scripts/setup --interop makes it"):
    """The path of a peer's tool, or a skip."""
    cached = os.path.join(TOOLS, name)
    path = cached if os.access(cached, os.X_OK) else shutil.which(name)
    if not path:
        raise Skip(f"{name} is not on this machine: {reason}")
    return path


def validator_python():
    """The Python of the environment that holds the schema validators."""
    requirements = read(os.path.join(ROOT, "tests", "support", "requirements.txt"))
    python = os.path.join(CACHE, "venv-" + hashlib.sha256(requirements).hexdigest()[:16], "bin", "python")
    if not os.access(python, os.X_OK):
        raise Skip("the schema validators are not there: scripts/setup --tests makes them")
    return python


def files_under(folder):
    """All files below a folder by relative name, with their bytes: to see that nothing changed."""
    found = {}
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            found[os.path.relpath(path, folder)] = read(path) if os.path.isfile(path) else None
    return found


def main():
    if sys.argv[1:] == ["--list"]:
        for name, (_, labels) in _cases.items():
            print(f"{name} {','.join(labels)}".rstrip())
        return
    chosen = sys.argv[1:] or list(_cases)
    worst = 0
    for name in chosen:
        if name not in _cases:
            sys.exit(f"no case {name}; --list names them")
        worst = max(worst, _run_case(name, _cases[name][0]))
    sys.stdout.flush()
    sys.exit(77 if worst == 1 else worst and 1)


def _run_case(name, function):
    global _home
    try:
        function()
        print(f"ok    {name}")
        return 0
    except Skip as skip:
        strict = os.environ.get("BULLA_NO_SKIP") == "1"
        print(f"{'FAILED' if strict else 'skipped'} {name}: {skip}")
        return 2 if strict else 1
    except Exception:  # the report of a failed case is its trace
        print(f"FAILED {name}\n{traceback.format_exc()}")
        return 2
    finally:
        _home = None
        while _cleanup:
            try:
                _cleanup.pop()()
            except Exception as error:
                print(f"note: cleaning up after {name}: {error}")


@atexit.register
def _end():
    while _cleanup:
        _cleanup.pop()()
