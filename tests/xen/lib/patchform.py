# SPDX-License-Identifier: GPL-2.0-or-later
"""What a patch for Xen has to look like, beyond building.

A patch is a mail as `git format-patch` writes it and `git am` reads it, with
what Xen's maintainers ask for: a subject with a prefix, a text that is
wrapped and signed off by the sender, and added lines in Xen's coding style
(CODING_STYLE in Xen's source).  Each check yields (line number, text).
"""

import email
import email.policy
import email.utils
import hashlib
import os
import re
import subprocess

TEXT_WIDTH = 75         # of the subject without [PATCH], and of the text
CODE_WIDTH = 80


class Patch:
    """A patch's parts: the mail's header, its text, and the diff's files."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        with open(path, encoding="utf-8") as handle:
            self.lines = handle.read().split("\n")
        self.mail = email.message_from_string("\n".join(self.lines[1:]),
                                              policy=email.policy.default)
        self.begin = self.lines.index("") + 1 if "" in self.lines else 0
        self.rule = next((number for number, line in enumerate(self.lines)
                          if line == "---"), len(self.lines))

    def header(self, name):
        """A header's value, unfolded; empty when there is none."""
        return " ".join(str(self.mail.get(name, "")).split())

    def files(self):
        """The paths of the diff: (line number, old or None, new or None)."""
        found = []
        for number, line in enumerate(self.lines):
            old = re.match(r"--- (?:a/(\S+)|/dev/null)$", line)
            new = re.match(r"\+\+\+ (?:b/(\S+)|/dev/null)$",
                           self.lines[number + 1]
                           if number + 1 < len(self.lines) else "")
            if old and new:
                found.append((number, old.group(1), new.group(1)))
        return found

    def added(self):
        """The added lines: (line number, path, text without the +)."""
        path, old, new = None, 0, 0
        for number, line in enumerate(self.lines):
            hunk = re.match(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@", line)
            if hunk:
                old, new = (int(count or 1) for count in hunk.groups())
            elif old <= 0 and new <= 0:
                file = re.match(r"\+\+\+ b/(\S+)$", line)
                path = file.group(1) if file else path
            elif line.startswith("+"):
                new -= 1
                yield number, path, line[1:]
            elif line.startswith("-"):
                old -= 1
            elif not line.startswith("\\"):
                old, new = old - 1, new - 1


def check_mail(patch):
    """The header: who, when, and what about."""
    if not re.match(r"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001$",
                    patch.lines[0]):
        yield 0, "does not begin as git format-patch begins a mail"
    name, address = email.utils.parseaddr(patch.header("From"))
    if not name or not re.match(r"[^@\s]+@[^@\s]+\.[^@\s]+$", address):
        yield 1, "'From:' names no sender with an address"
    if not email.utils.parsedate(patch.header("Date")):
        yield 1, "'Date:' is missing or no date"
    subject = re.match(r"\[PATCH\] (.*)$", patch.header("Subject"))
    if not subject:
        yield 1, "'Subject:' does not begin with [PATCH]"
        return
    text = subject.group(1)
    if not re.match(r"[\w.-]+(/[\w.-]+)*: \S", text):
        yield 1, "the subject names no part of Xen, as in 'xen/argo: ...'"
    if len(text) > TEXT_WIDTH or text.endswith("."):
        yield 1, f"the subject has a full stop or over {TEXT_WIDTH} columns"
    slug = re.sub(r"[^A-Za-z0-9._]+", "-", text)[:52].strip("-.")
    if not re.match(rf"\d{{4}}-{re.escape(slug)}\.patch$", patch.name):
        yield 1, f"is not called as its subject: NNNN-{slug}.patch"


def check_text(patch):
    """The text: there, wrapped, and signed off by the sender."""
    text = patch.lines[patch.begin:patch.rule]
    if patch.rule == len(patch.lines):
        yield patch.begin, "no line '---' ends the text"
        return
    for number, line in enumerate(text, patch.begin):
        if len(line) > TEXT_WIDTH and " " in line.strip() and \
                not line.startswith("Signed-off-by:"):
            yield number, f"the text is wider than {TEXT_WIDTH} columns"
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
    signed = [line for line in text if line.startswith("Signed-off-by: ")]
    if not signed or text[-1] != signed[-1]:
        yield patch.rule, "the text does not end with 'Signed-off-by:'"
    elif email.utils.parseaddr(signed[0].partition(": ")[2]) != \
            email.utils.parseaddr(patch.header("From")):
        yield patch.rule, "is not signed off by the sender first"
    if not [line for line in text if line and line not in signed]:
        yield patch.begin, "the text does not say why"
    counted = next((int(found.group(1)) for found in
                    (re.match(r" (\d+) files? changed", line)
                     for line in patch.lines[patch.rule:]) if found), None)
    touched = len({line for line in patch.lines
                   if line.startswith("diff --git ")})
    if counted != touched:
        yield patch.rule, f"says that {counted} files change, but it has " \
                          f"{touched}"


def blob(tree, path):
    """What git calls a file: the name of the blob, zeros for none."""
    if path is None:
        return "0" * 40
    with open(os.path.join(tree, path), "rb") as handle:
        data = handle.read()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def check_applies(patch, before, after):
    """Applies to the tree `before` where it says, and makes `after` of it."""
    found = subprocess.run(
        ["patch", "-p1", "--fuzz=0", "--dry-run", "--batch", "--forward",
         "-i", os.path.abspath(patch.path)], cwd=before, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in found.stdout.splitlines():
        if re.search(r"offset|fuzz|FAILED|malformed|Reversed", line):
            yield 0, "patch says: " + line
    if found.returncode != 0:
        yield 0, "does not apply"
        return
    for number, old, new in patch.files():
        index = next((line for line in reversed(patch.lines[:number])
                      if line.startswith("index ")), "")
        names = re.match(r"index ([0-9a-f]+)\.\.([0-9a-f]+)", index)
        real = blob(before, old), blob(after, new)
        if not names or not all(full.startswith(short) for full, short
                                in zip(real, names.groups())):
            yield number, f"'{index}' is not what it changes: " \
                          f"{real[0][:12]}..{real[1][:12]}"


def check_code(patch, before):
    """The added lines, in Xen's style where the file is."""
    for number, path, line in patch.added():
        if line != line.rstrip():
            yield number, "blanks at the end of the line"
        if not path or not path.startswith("xen/") or \
                not path.endswith((".c", ".h")):
            continue
        old = ""
        if os.path.exists(os.path.join(before, path)):
            with open(os.path.join(before, path), encoding="utf-8") as handle:
                old = handle.read()
        if "\t" in line and "\n\t" not in old:
            yield number, f"a tab in {path}, which is indented by blanks"
        if len(line.expandtabs(8)) > CODE_WIDTH and '"' not in line:
            yield number, f"wider than {CODE_WIDTH} columns"
    for number, old, new in patch.files():
        if old is None and new.startswith("xen/") and \
                new.endswith((".c", ".h")) and "SPDX-License-Identifier" \
                not in "\n".join(patch.lines[number + 3:number + 5]):
            yield number, f"{new} does not begin with its licence"


def check(patch, before, after):
    """All findings on the step which `patch` makes from one tree to another."""
    return sorted([*check_mail(patch), *check_text(patch),
                   *check_applies(patch, before, after),
                   *check_code(patch, before)])
