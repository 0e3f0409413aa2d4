# SPDX-License-Identifier: Apache-2.0
"""What the programs say of themselves in --help: the lists that man pages and completions are held to.

--help is frozen by tests/golden, so these lists do not come from what is tested with them.
"""
import re

from bullatest import DONE, expect

PROGRAMS = ("bulla", "bulla-oci", "bulla-sbom", "bulla-sign", "bulla-verify")


def _section(text, title):
    found = re.search(rf"^{title}:\n((?:  .*\n|\n(?=  ))+)", text, re.M)
    return found.group(1) if found else ""


def commands_of(program):
    """The names of its commands; of bulla those that it runs itself."""
    text = expect(DONE, program, "--help").out
    title = "Own commands" if program == "bulla" else "Commands"
    return re.findall(r"^  ([a-z][a-z -]*?)(?:  |\n)", _section(text, title), re.M)


class Help:
    """One command's --help taken apart."""

    def __init__(self, program, command):
        self.program, self.command = program, command
        self.text = expect(DONE, program, *command.split(), "--help").out
        options = re.findall(r"^  (?:(-[a-z]), |    )(--[a-z][a-z0-9-]*)(?: (\S+))?", self.text, re.M)
        self.options = {long: (short, placeholder) for short, long, placeholder in options}
        self.choices = {long: placeholder.split("|") for long, (_, placeholder) in self.options.items()
                        if "|" in placeholder and "[" not in placeholder}
        self.formats = re.findall(r"^  (\S+)", _section(self.text, "Output formats"), re.M)
        self.exits = re.findall(r"^  (\d+) ", _section(self.text, "Exit codes"), re.M)
        self.arguments = re.findall(r"^  ([A-Z]\S*)", _section(self.text, "Arguments"), re.M)


def all_commands():
    """(program, command) of every command there is."""
    return [(program, command) for program in PROGRAMS for command in commands_of(program)]
