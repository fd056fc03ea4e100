# SPDX-License-Identifier: GPL-2.0-or-later
"""Just enough of C to read facts out of Xen's hand-written XSM sources.

A file is read without its comments, with every line knowing the
preprocessor conditions it stands under.  There is no parser: functions are
found by their braces, cases by their labels.  That is sound for the few
regular files it is used on, and what is not understood is an error, never
skipped.
"""

import os
import re

from workspace import Failure


def strip_comments(text):
    """The text with comments blanked out, line breaks kept."""
    def blank(match):
        found = match.group(0)
        return found if found[0] == '"' else re.sub(r"[^\n]", " ", found)
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"', blank, text,
                  flags=re.S)


def condition(directive):
    """`#ifdef A` or `#if defined(A) && defined(B)` as "A && B"."""
    kind, rest = re.match(r"#\s*(ifdef|ifndef|if)\b\s*(.*)", directive).groups()
    rest = re.sub(r"defined\s*\(\s*(\w+)\s*\)", r"\1", rest.strip())
    rest = re.sub(r"defined\s+(\w+)", r"\1", rest)
    return f"!{rest}" if kind == "ifndef" else rest


def negated(text):
    return text[1:] if text.startswith("!") and " " not in text else \
        f"!{text}" if " " not in text else f"!({text})"


class Source:
    """One file: `text` without comments and directives, `guards` per line."""

    def __init__(self, tree, path, end=None):
        with open(os.path.join(tree, path), encoding="utf-8") as handle:
            raw = handle.read()
        self.path = path
        if end:
            raw = raw[:raw.index(end)]
        raw = strip_comments(raw).replace("\\\n", "  ")
        stack, lines, self.guards = [], [], []
        for line in raw.split("\n"):
            word = re.match(r"\s*#\s*(\w+)", line)
            if word and word[1] in ("if", "ifdef", "ifndef"):
                stack.append(condition(line.strip()))
            elif word and word[1] in ("else", "elif"):
                stack[-1] = negated(stack[-1])
            elif word and word[1] == "endif":
                stack.pop()
            lines.append("" if word else line)
            self.guards.append(tuple(stack))
        self.text = "\n".join(lines)

    def guard(self, offset, below=0):
        """The conditions at an offset, the first `below` of them left out."""
        return " && ".join(
            self.guards[self.text.count("\n", 0, offset)][below:])

    def depth(self, offset):
        return len(self.guards[self.text.count("\n", 0, offset)])

    def functions(self):
        """Every function: name -> Function."""
        found = {}
        for match in re.finditer(
                r"^(?:static|ret_t|int|long|void|char|uint32_t)\b[^;{}=#]*?"
                r"\b(\w+)\s*\(((?:[^;{}()]|\([^()]*\))*)\)\s*\n\{",
                self.text, re.M):
            end = self.text.index("\n}", match.end())
            found[match[1]] = Function(self, match[1], match[2],
                                       match.end(), end)
        return found


class Function:
    """A function's name, its parameters' names and its body."""

    def __init__(self, source, name, parameters, start, end):
        self.source, self.name = source, name
        self.start, self.end = start, end
        self.body = source.text[start:end]
        parameters = re.sub(r"\bXSM_DEFAULT_(ARG|VOID)\b", "", parameters)
        self.parameters = [re.search(r"(\w+)\s*(\[\])?$", p.strip())[1]
                           for p in parameters.split(",")
                           if p.strip() not in ("", "void")]

    def switch(self):
        """
        The function's outermost switch as (before, cases, after), or None.
        `cases` is a list of (label, guard, body); a label is a constant or
        "*"; a body goes on into the next case when it does not end.
        """
        match = re.search(r"\n( *)switch\s*\(([^\n]*)\)[ \n]*\{", self.body)
        if not match:
            return None
        indent = match[1]
        end = self.body.index(f"\n{indent}}}", match.end())
        inside = self.body[match.end():end]
        labels = list(re.finditer(
            rf"\n{indent}(?:case\s+(\w+)|default)\s*:", inside))
        below = self.source.depth(self.start)
        bodies = []
        for i, label in enumerate(labels):
            stop = labels[i + 1].start() if i + 1 < len(labels) else len(inside)
            bodies.append(inside[label.end():stop])
        cases = []
        for i, label in enumerate(labels):
            body = ""
            for part in bodies[i:]:
                body += part
                # at the case's own indentation, so not under a condition
                if re.search(rf"\n{indent}    (return\b[^;]*|break);\s*$",
                             part):
                    break
            at = self.start + match.end() + label.start() + 1
            cases.append((label[1] or "*", self.source.guard(at, below), body))
        return self.body[:match.start()], cases, self.body[end:]


def c_files(tree):
    """Every .c file of the hypervisor but the security modules' own."""
    for folder, folders, files in os.walk(os.path.join(tree, "xen")):
        inside = os.path.relpath(folder, os.path.join(tree, "xen"))
        if inside == ".":
            folders[:] = [f for f in folders if f not in ("xsm", "tools")]
        for name in sorted(files):
            if name.endswith(".c"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8", errors="replace") as handle:
                    yield os.path.relpath(path, tree), \
                        strip_comments(handle.read())


def need(match, what):
    """The match, or a Failure saying that the tree is not as expected."""
    if match is None:
        raise Failure(f"the Xen tree is not as expected: cannot find {what}")
    return match
