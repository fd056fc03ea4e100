# SPDX-License-Identifier: GPL-2.0-or-later
"""From where in Xen's source an instruction of a build comes.

The builds are made without debug information.  The objects that are asked
about are compiled once more, with it, and must be the same code.
"""

import bisect
import os
import re
import shlex
import subprocess

from workspace import Failure, run


def tool(*command):
    """The output of one of the binutils."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, check=True,
                              text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"{command[0]} does not do its work: {error}") from error


class Symbols:
    """The functions of a linked program, by name and by address."""

    def __init__(self, path):
        found = re.findall(r"(?m)^([0-9a-f]+) [tTwW] (\S+)$",
                           tool("nm", "-n", path))
        self.starts = [int(start, 16) for start, _ in found]
        self.names = [name for _, name in found]
        self.address = dict(zip(self.names, self.starts))

    def find(self, address):
        """The function that holds an address, and how far into it that is."""
        number = bisect.bisect_right(self.starts, address) - 1
        return self.names[number], address - self.starts[number]


def sections(path):
    """The code of an object: section -> its bytes as objdump shows them."""
    text = tool("objdump", "-s", path)
    return {name: content for name, content in
            re.findall(r"Contents of section (\S*text\S*):\n([^C]*)", text)}


class Lines:
    """Where the code of some of a build's objects (below xen/) comes from."""

    def __init__(self, output, objects, work):
        self.root = os.path.join(output, "xen")
        self.functions = {}     # name -> object, section, offset in it
        self.known = {}
        self.sources = {}
        for path in objects:
            copy = self.compiled(path, work)
            for fields in map(str.split, tool("objdump", "-t",
                                              copy).splitlines()):
                if "F" in fields[1:3]:
                    self.functions[fields[-1]] = (copy, fields[3],
                                                  int(fields[0], 16))

    def compiled(self, path, work):
        """A copy of an object with debug information, in the folder `work`."""
        where, name = os.path.split(os.path.join(self.root, path))
        copy = os.path.join(work, name)
        with open(os.path.join(where, f".{name}.cmd"),
                  encoding="utf-8") as handle:
            command = shlex.split(handle.readline().partition(":=")[2])
        for option, count in (("-MMD", 1), ("-MP", 1), ("-MF", 2), ("-MQ", 2),
                              ("-o", 2)):
            place = command.index(option)
            del command[place:place + count]
        run(command + ["-g", "-o", copy], os.path.join(work, "lines.log"),
            f"compiling {path} with debug information", cwd=self.root)
        old = os.path.join(self.root, path)
        if sections(old) != sections(copy) or not sections(copy):
            raise Failure(f"{path} is other code with debug information")
        return copy

    def find(self, name, offset):
        """
        The functions that an instruction of a function is from, the innermost
        first and the function itself last, and the text of its line; None
        for a function that is not from these objects.
        """
        if name not in self.functions:
            return None
        if (name, offset) not in self.known:
            copy, section, start = self.functions[name]
            words = tool("addr2line", "-e", copy, "-j", section, "-i", "-f",
                         hex(start + offset)).split("\n")[:-1]
            path, _, line = words[1].partition(":")
            self.known[name, offset] = words[::2], self.text(
                path, int(line.split()[0]) if line[:1].isdigit() else 0)
        return self.known[name, offset]

    def text(self, path, line):
        path = os.path.join(self.root, path)
        if path not in self.sources:
            with open(path, encoding="utf-8", errors="replace") as handle:
                self.sources[path] = handle.read().split("\n")
        return self.sources[path][line - 1].strip() if line else ""
