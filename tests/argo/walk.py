# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of argo/README.md, as files for a test that follows them.

A block ```sh WHO``` is for domain 0 (`dom0`) or a guest; a block ```text```
behind it is what it has to print, beside what else it prints.
"""

import re

from workspace import Failure


def steps(path):
    """The blocks in their order: (who, commands, lines that are expected)."""
    with open(path, encoding="utf-8") as handle:
        text = handle.read()
    found = []
    for kind, who, block in re.findall(
            r"(?m)^```(sh|text) ?(.*)\n((?:(?!```).*\n)*)```$", text):
        if kind == "sh" and who:
            found.append((who, block, []))
        elif kind == "text" and found:
            found[-1][2].extend(block.splitlines())
    if len(found) < 5:
        raise Failure(f"{path}: {len(found)} blocks of commands; "
                      "they are marked `sh dom0` and the like")
    return found


def files(path, write):
    """
    A folder /walk for the test: NN.WHO and, where something is expected,
    NN.WHO.expected; `write` makes a file of a text.  Returns name -> path.
    """
    made = {}
    for number, (who, block, expected) in enumerate(steps(path)):
        name = f"walk/{number:02}.{who}"
        made[name] = write(name, block)
        if expected:
            made[name + ".expected"] = write(
                name + ".expected", "".join(line + "\n" for line in expected))
    return made
