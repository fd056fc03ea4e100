# SPDX-License-Identifier: GPL-2.0-or-later
"""What a booted Xen answered, and what the database says it answers.

The kernel in answers/kernel prints its answers; `xsmc prove --matrix json`
predicts them for the dummy policy and for a compiled policy; SILO refuses
what the dummy policy refuses, and whatever the database's `silo` clauses
forbid between two domains of which neither is control.
"""

import json
import os
import re
import subprocess

from workspace import HERE, REPOSITORY, Failure

DATABASE = os.path.join(REPOSITORY, "hooks-db", "xen-4.17")
# Guests that are told apart by their type alone.
GUESTS = {"private": "guest"}
TYPES = {"guest": "domU_t", "private": "private_t"}
NOT_ASKED = os.path.join(HERE, "answers", "not-asked")
SILENT = os.path.join(HERE, "answers", "silent")
LINE = re.compile(r"ANSWER ([^;]*);([^;]*);([^;]*);(.*)")
SAID = re.compile(r"avc: +denied|FLASK: Denying")
LETTERS = {"A": "allowed", "R": "refused", "B": "refused"}


def output_of(command):
    """What a command prints, or a Failure."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, check=False, text=True)
    if done.returncode not in (0, 1):
        raise Failure(f"{' '.join(command)} failed")
    return done.stdout


def read_answers(log):
    """
    The answers in a console log: (operation, condition, subject, relation)
    -> (letter, number, what Flask said about it, as texts).
    """
    answers, said = {}, []
    with open(log, encoding="utf-8", errors="replace") as handle:
        for line in handle:
            match = LINE.search(line)
            if match:
                operation, when, subject, rest = match.groups()
                relation, letter, number = rest.strip().rsplit(":", 2)
                answers[operation, when, subject, relation] = \
                    (letter, int(number), said)
                said = []
            elif line.startswith("ASKING"):
                said = []
            elif SAID.search(line):
                said.append(line.strip())
    if not answers:
        raise Failure(f"{log}: there are no answers")
    return answers


def before(key):
    """What a question about grants needs to be allowed before."""
    operation, _, subject, relation = key
    if operation != "grant_unmapref":
        raise Failure(f"{operation}: nothing comes before it")
    return "grant_mapref", "!(flags & GNTMAP_readonly)", subject, relation


def fits(row, subject, relation):
    """
    Whether a row of the matrix is about these kinds of guests, and every
    other guest in it about an ordinary one.
    """
    if subject in TYPES and row["type"] != TYPES[subject] or \
            relation in TYPES and row["object"] != TYPES[relation]:
        return False
    types = dict(re.findall(r"(\S+) is (\S+?)(?:, |$)", row["others"]))
    for name, who in re.findall(r"(\S+) is ([^,]*)", row["when"]):
        # Of a label for a new domain the object is that domain.
        new = who == "guest" and row["object"]
        if who in ("guest", "another guest") and \
                types.get(name) != (new or TYPES["guest"]):
            return False
    return True


class Predictions:
    """The matrix of `xsmc prove`, and what SILO adds to it."""

    def __init__(self, xsmc, policies):
        self.rows = {}
        for row in json.loads(output_of(
                [xsmc, "prove", "--matrix", "json", DATABASE] + policies)):
            key = row["operation"], row["subject"], row["relation"]
            self.rows.setdefault(key, []).append(row)
        self.operations = list(dict.fromkeys(key[0] for key in self.rows))
        dump = json.loads(output_of([xsmc, "dump", DATABASE]))
        self.hooks = {hook["name"]: hook for hook in dump["hooks"]}

    def hook_of(self, operation):
        """The hook that decides last about an operation."""
        names = [part for part in operation.split("/") if part in self.hooks]
        return self.hooks[names[-1]] if names else None

    def compiled_in(self, operation, config):
        """Whether an operation is there in a build with that configuration."""
        parts = operation.split("/")
        guards = []
        for hook, command in zip(parts, parts[1:] + [None]):
            if hook not in self.hooks:
                continue
            guards.append(self.hooks[hook].get("guard"))
            guards += [row.get("guard")
                       for row in self.hooks[hook].get("table", {})
                       .get("rows", []) if command in row["commands"]]
        return all(holds(guard, config) for guard in guards if guard)

    def of(self, key, column):
        """
        The prediction for an answer's key, "allowed" or "refused", by a
        column of the matrix or by "silo"; None if the matrix has no such
        row.  Rows that differ in what the question leaves open must agree.
        """
        if column == "silo":
            return self.silo(key)
        operation, when, subject, relation = key
        rows = self.rows.get((operation, GUESTS.get(subject, subject),
                              GUESTS.get(relation, relation)), [])
        rows = [row for row in rows if fits(row, subject, relation)]
        if when:
            # The first that can be: `x is control` is no case of control's.
            rows = next(filter(None, ([row for row in rows
                                       if row["when"] == alternative]
                                      for alternative in when.split("|"))),
                        [])
        verdicts = {row[column] for row in rows}
        if len(verdicts) > 1:
            raise Failure(f"{operation} by {subject} on {relation}: the "
                          f"matrix has several answers; name a condition")
        return verdicts.pop() if verdicts else None

    def silo(self, key):
        """The prediction for SILO."""
        dummy = self.of(key, "default")
        operation, when, subject, relation = key
        hook = self.hook_of(operation)
        pair = hook and hook.get("silo")
        if dummy != "allowed" or not pair or "b" not in pair:
            return dummy
        # The clause names two parameters: the caller, the object, or a
        # third domain that the condition tells, and which is another one.
        # Control may connect whom it likes.
        third = re.search(r"\bid2 is (another )?([\w-]+)", when)
        ends = {hook["subject"]: "self", hook["object"]: relation,
                "id2": third and third.group(2)}
        one, other = ends[pair["a"]], ends[pair["b"]]
        if subject == "control" or "control" in (one, other) or \
                one == other == "self":
            return "allowed"
        return "refused"


def holds(guard, config):
    """Whether a guard, an expression of CONFIG_ names, holds."""
    words = re.findall(r"CONFIG_\w+|&&|\|\||[!()]", guard)
    python = {"&&": " and ", "||": " or ", "!": " not "}
    return eval("".join(python.get(word) or
                        (str(word in config) if word[0] == "C" else word)
                        for word in words))


def read_config(output):
    """The names that are y in the configuration of a build."""
    with open(os.path.join(output, "xen", ".config"),
              encoding="utf-8") as handle:
        return {line.split("=")[0] for line in handle
                if line.rstrip().endswith("=y")}


def read_list(path):
    """A list of exceptions: a pattern of operations -> the reason."""
    reasons = {}
    with open(path, encoding="utf-8") as handle:
        for number, line in enumerate(handle, 1):
            if not line.strip() or line.startswith("#"):
                continue
            pattern, separator, why = line.strip().partition(": ")
            if not separator or " " in pattern:
                raise Failure(f"{path}:{number}: expected 'OPERATION: why'")
            reasons[pattern] = why
    return reasons


def reason(listed, operation):
    """
    Why an operation is in a list, or None.  A pattern is an operation, or
    the beginning of several and `...`.
    """
    for pattern, why in listed.items():
        if pattern == operation or pattern.endswith("...") and \
                operation.startswith(pattern[:-3]):
            return why
    return None


def useless(path, operations):
    """The patterns of a list that are about none of the operations."""
    return [f"{os.path.basename(path)}: {pattern} is of no use"
            for pattern in read_list(path)
            if not any(reason({pattern: ""}, name) is not None
                       for name in operations)]
