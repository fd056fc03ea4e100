# SPDX-License-Identifier: GPL-2.0-or-later
"""Functions that the compiler found to be identical.

It keeps the code of one of them and lets the others jump there.  Which one
that is depends on their order in the source, so nobody should care.
"""

import re

# A whole function that is but a jump to another one, and a branch to one.
JUMP = re.compile(r"(?:jmp|b) (\S+)")
LANDING = ("endbr64", "bti c")
CALL = re.compile(r"(call|jmp|j\w+|bl?|b\.\w+) ([^\s@+]+)")


def unfold(functions):
    """
    Give each function that only jumps to an identical one its code, and
    branches to any of them the name of the first in the alphabet.
    `functions` maps a label to the Items of that name.
    """
    single = {label: items[0] for label, items in functions.items()
              if len(items) == 1}
    leaders = {}
    for label, item in single.items():
        body = [line for line in item.lines if line not in LANDING]
        jump = JUMP.fullmatch(body[0]) if len(body) == 1 else None
        if jump and jump.group(1) in single and jump.group(1) != label:
            leaders[label] = jump.group(1)
    classes = {}
    for label in leaders:
        leader = label
        for _ in leaders:
            leader = leaders.get(leader, leader)
        if leader in leaders:
            return      # jumps in a circle: leave it as it is
        classes.setdefault(leader, {leader}).add(label)
    names = {}
    for leader, members in classes.items():
        for label in members:
            single[label].lines = single[leader].lines
            names[label] = min(members)
    if names:
        for items in functions.values():
            for item in items:
                item.lines = [rename(line, names) for line in item.lines]


def rename(line, names):
    """A line with the target of its branch, if it is one, replaced."""
    branch = CALL.fullmatch(line)
    if branch and branch.group(2) in names:
        return f"{branch.group(1)} {names[branch.group(2)]}"
    return line
