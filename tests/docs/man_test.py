#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The man pages in docs/man: made by the programs, complete, and readable by every reader of man pages."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from bullatest import DONE, ROOT, USAGE, case, check, check_equal, check_in, environment, expect, files_under, main, read, refuse, temp_dir, tool, write  # noqa: E402
from commands import PROGRAMS, Help, all_commands  # noqa: E402

MAN = os.path.join(ROOT, "docs", "man")


def page_name(program, command):
    return f"{program}-{command.replace(' ', '-')}.1"


def pages():
    found = sorted(os.path.join(MAN, name) for name in os.listdir(MAN))
    check(len(found) > len(PROGRAMS), f"hardly a page in {MAN}")
    return found


def rendered(path):
    """The page as a person reads it, on lines without end, without bold and italic."""
    done = subprocess.run([tool("groff"), "-man", "-Tascii", "-rLL=2000n", "-P-c", "-P-b", "-P-u", path], capture_output=True, text=True, check=True)
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout)


@case
def the_pages_are_what_the_programs_write():
    written = {f"{program}.1": expect(DONE, program, "--generate=man").raw_out for program in PROGRAMS}
    for program, command in all_commands():
        written[page_name(program, command)] = expect(DONE, program, *command.split(), "--generate=man").raw_out
    check_equal(sorted(files_under(MAN)), sorted(written), "pages in docs/man (scripts/update-man writes them)")
    for name, content in written.items():
        check(read(os.path.join(MAN, name)) == content, f"docs/man/{name} is not what its program writes: scripts/update-man")


@case
def groff_and_man_have_no_warning():
    for path in pages():
        for command in (["groff", "-man", "-Tutf8", "-ww", "-z"], ["man", "--warnings", "-l"]):
            done = subprocess.run([tool(command[0]), *command[1:], path], capture_output=True, text=True, env=environment(MANPAGER="cat", LC_ALL="C.UTF-8"))
            check_equal((done.returncode, done.stderr), (0, ""), f"{' '.join(command)} {path}")


@case
def mandoc_has_no_warning_but_the_missing_date():
    # A date would make other bytes of the same program; this one warning is what leaving it out costs.
    missing = re.compile(r'^mandoc: \S+:\d+:\d+: WARNING: missing date, using "": TH$')
    for path in pages():
        done = subprocess.run([tool("mandoc"), "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
        lines = (done.stdout + done.stderr).splitlines()
        check_equal([line for line in lines if not missing.match(line)], [], path)
        check_equal(len(lines), 1, f"missing dates in {path}")


@case
def the_linters_would_see_a_mistake():
    path = write(os.path.join(temp_dir(), "x.1"), '.TH X 1 "" "x" "x"\n.SH NAME\nx \\- y\n.XX\n\\fQbad\n')
    groff = subprocess.run([tool("groff"), "-man", "-Tutf8", "-ww", "-z", path], capture_output=True, text=True)
    check("XX" in groff.stderr, groff.stderr)
    mandoc = subprocess.run([tool("mandoc"), "-T", "lint", "-W", "warning", path], capture_output=True, text=True)
    check_in("unknown macro", mandoc.stdout + mandoc.stderr)


@case
def every_option_argument_format_and_exit_code_is_on_its_page():
    for program, command in all_commands():
        known = Help(program, command)
        check(len(known.options) > 10 and len(known.exits) >= 6, f"{program} {command} --help lists hardly anything")
        page = rendered(os.path.join(MAN, page_name(program, command)))
        sections = re.findall(r"^([A-Z][A-Z ]+)$", page, re.M)
        check_equal(sections[:3], ["NAME", "SYNOPSIS", "EXAMPLES"], f"first sections of {program} {command}")
        for long, (short, placeholder) in known.options.items():
            term = (f"{short}, " if short else "") + long + (f" {placeholder}" if placeholder else "")
            check(re.search(rf"^ +{re.escape(term)}( |$)", page, re.M), f"{page_name(program, command)} lacks the term {term!r}")
        for word in known.formats + known.exits + known.arguments:
            check(re.search(rf"^ +{re.escape(word)}( |$)", page, re.M), f"{page_name(program, command)} lacks the term {word!r}")
        for example in re.findall(r"^  (bulla.*|[A-Z_]+=.*bulla.*)$", known.text.split("Usage:")[0], re.M):
            check_in(example, page, page_name(program, command))


@case
def every_settable_name_in_bulla_1_is_an_option():
    page = rendered(os.path.join(MAN, "bulla.1"))
    names = set()
    for title in ("In any file:", "In a file that was named:"):
        found = re.search(rf"{title}\s+(.*)\.$", page, re.M)
        check(found, f"bulla.1 has no list {title!r}")
        names |= set(found.group(1).split(", "))
    options = {long[2:] for program, command in all_commands() for long in Help(program, command).options}
    check_equal(sorted(names - options), [], "settings that are no option")
    check("timeout" in names and "output" not in names, names)


@case
def an_unknown_form_is_refused():
    refuse(USAGE, "expected one of man|bash", "bulla-oci", "--generate=html")
    refuse(USAGE, "expected one of man", "bulla-oci", "copy", "--generate=bash")


if __name__ == "__main__":
    main()
