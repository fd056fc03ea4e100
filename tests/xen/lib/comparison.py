# SPDX-License-Identifier: GPL-2.0-or-later
"""The objects of two builds, compared by their normal forms.

Equal files need no look.  Of any other pair every function and every piece
of data must have a counterpart of the same name with the same normal form;
of what is left a function may have gone to another object, so those are
looked for by name in all objects.  Each disagreement is one Difference.
"""

import difflib
import multiprocessing
import os
import re
from fnmatch import fnmatchcase

from elf import Object
from hypervisor import objects
from normalform import NormalForm
from workspace import Failure, progress

CHANGED, OLD_ONLY, NEW_ONLY = "differs", "only before", "only after"


class Difference:
    """
    One disagreement: `kind` is "function", "data", "symbol" (same content,
    but another section, binding or visibility), "rest" (content without a
    symbol) or "object"; `state` is CHANGED, OLD_ONLY or NEW_ONLY; `old` and
    `new` are the lines of the normal forms.
    """

    def __init__(self, path, kind, name, state, old=(), new=()):
        self.path = path
        self.kind = kind
        self.name = name
        self.state = state
        self.old = list(old)
        self.new = list(new)

    def heading(self):
        return f"{self.path}: {self.kind} {self.name}: {self.state}"

    def text(self, context=4):
        """The heading and a unified diff of the two normal forms."""
        lines = [self.heading()]
        if self.state == CHANGED:
            diff = difflib.unified_diff(self.old, self.new, "before", "after",
                                        n=context, lineterm="")
            lines += ["    " + line for line in diff]
        return "\n".join(lines) + "\n"


class Result:
    """Counts and differences of a comparison; results add up with add()."""

    def __init__(self):
        self.objects = 0        # compared, of which
        self.identical = 0      # are the same file
        self.functions = 0      # compared, of which
        self.equal = 0          # have the same normal form
        self.data = 0           # pieces of data compared
        self.differences = []
        self.stray = {OLD_ONLY: [], NEW_ONLY: []}   # (path, label, Item)

    def add(self, other):
        for name in ("objects", "identical", "functions", "equal", "data"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.differences += other.differences
        for state in self.stray:
            self.stray[state] += other.stray[state]

    def table(self):
        """The counts, as (what, number) rows for people."""
        return [("objects", self.objects), ("  the same file", self.identical),
                ("functions", self.functions), ("  equal", self.equal),
                ("  differing", self.count("function", CHANGED)),
                ("  only before", self.count("function", OLD_ONLY)),
                ("  only after", self.count("function", NEW_ONLY)),
                ("data", self.data),
                ("  differing or missing", self.count("data")),
                ("symbols of another place or binding",
                 self.count("symbol")),
                ("objects with other nameless content", self.count("rest"))]

    def count(self, kind, state=None):
        """The number of differences of a kind and a state."""
        return sum(1 for d in self.differences if d.kind == kind
                   and state in (None, d.state))


def compare_items(result, path, kind, label, old, new):
    """Compare two Items; return whether their content is equal."""
    if old.where != new.where:
        result.differences.append(Difference(
            path, "symbol", label, CHANGED, [old.where], [new.where]))
    if old.lines != new.lines:
        result.differences.append(Difference(
            path, kind, label, CHANGED, old.lines, new.lines))
        return False
    return True


def pair_up(old, new):
    """
    Pair the Items that share a label: equal ones first, then the others in
    order.  Returns pairs in which None stands for a missing partner.
    """
    old, new, pairs = list(old), list(new), []
    for item in list(old):
        twin = next((n for n in new if n.lines == item.lines
                     and n.where == item.where), None)
        if twin:
            old.remove(item)
            new.remove(twin)
            pairs.append((item, twin))
    while old or new:
        pairs.append((old.pop(0) if old else None,
                      new.pop(0) if new else None))
    return pairs


def compare_object(path, old_path, new_path, rewritten):
    """Compare two object files; `path` is their name in messages."""
    result = Result()
    result.objects = 1
    with open(old_path, "rb") as old, open(new_path, "rb") as new:
        same = old.read() == new.read()
    if same:
        result.identical = 1
        same = Object(old_path)
        result.functions = result.equal = same.count(True)
        result.data = same.count(False)
        return result
    old = NormalForm(old_path, rewritten)
    new = NormalForm(new_path, rewritten)
    for kind in ("functions", "data"):
        before, after = getattr(old, kind), getattr(new, kind)
        for label in sorted(before.keys() | after.keys()):
            for one, other in pair_up(before.get(label, ()),
                                      after.get(label, ())):
                if kind == "functions":
                    result.functions += 1
                else:
                    result.data += 1
                if one is None or other is None:
                    state = OLD_ONLY if other is None else NEW_ONLY
                    result.stray[state].append(
                        (path, kind, label, one or other))
                elif compare_items(result, path, kind.removesuffix("s"),
                                   label, one, other) \
                        and kind == "functions":
                    result.equal += 1
    if old.rest != new.rest:
        result.differences.append(Difference(
            path, "rest", "(content without a symbol)", CHANGED, old.rest,
            new.rest))
    return result


def settle_strays(result):
    """Match what is only before with what is only after in other objects."""
    waiting = {}
    for path, kind, label, item in result.stray[NEW_ONLY]:
        waiting.setdefault((kind, label), []).append((path, item))
    for path, kind, label, item in result.stray[OLD_ONLY]:
        found = waiting.get((kind, label))
        one = kind.removesuffix("s")
        if not found:
            result.differences.append(Difference(path, one, label, OLD_ONLY))
            continue
        target, other = found.pop(0)
        if kind == "functions":
            result.functions -= 1
        else:
            result.data -= 1
        if compare_items(result, f"{path} -> {target}", one, label, item,
                         other) and kind == "functions":
            result.equal += 1
    for (kind, label), found in waiting.items():
        for path, item in found:
            result.differences.append(Difference(
                path, kind.removesuffix("s"), label, NEW_ONLY))
    result.stray = {OLD_ONLY: [], NEW_ONLY: []}


def compare_files(old_path, new_path, rewritten=()):
    """Compare two object files as compare_builds() does all of a build's."""
    result = compare_object(os.path.basename(new_path), old_path, new_path,
                            frozenset(rewritten))
    settle_strays(result)
    return result


def compare_builds(old, new, rewritten=()):
    """
    Compare the objects of two builds, as hypervisor.build() returns them.
    `rewritten` are source paths, as the compiler was given them, whose text
    changed, so that their line numbers mean nothing.
    """
    result = Result()
    rewritten = frozenset(rewritten)
    old_paths, new_paths = objects(old), objects(new)
    old_root, new_root = os.path.join(old, "xen"), os.path.join(new, "xen")
    both = sorted(set(old_paths) & set(new_paths))
    jobs = [(path, os.path.join(old_root, path), os.path.join(new_root, path),
             rewritten) for path in both]
    workers = len(os.sched_getaffinity(0))
    with multiprocessing.Pool(workers) as pool:
        parts = pool.imap(compare_job, jobs, chunksize=8)
        for number, part in enumerate(parts):
            progress.say(f"comparing objects: {number + 1} of {len(both)}")
            result.add(part)
    for state, paths, others, root in (
            (OLD_ONLY, old_paths, new_paths, old_root),
            (NEW_ONLY, new_paths, old_paths, new_root)):
        for path in sorted(set(paths) - set(others)):
            part = lone_object(path, os.path.join(root, path), rewritten,
                               state)
            result.add(part)
    settle_strays(result)
    result.differences.sort(key=lambda d: (d.path, d.kind, d.name))
    return result


def compare_job(job):
    return compare_object(*job)


def lone_object(path, file_path, rewritten, state):
    """What an object contributes that only one of the builds has."""
    result = Result()
    result.objects = 1
    form = NormalForm(file_path, rewritten)
    for kind in ("functions", "data"):
        for label, items in sorted(getattr(form, kind).items()):
            for item in items:
                result.stray[state].append((path, kind, label, item))
                if kind == "functions":
                    result.functions += 1
                else:
                    result.data += 1
    if form.rest:
        result.differences.append(Difference(
            path, "rest", "(content without a symbol)", state))
    return result


class Allowance:
    """An entry of the list of functions that are shown equal otherwise."""

    def __init__(self, place, config, path, name, reason):
        self.place = place
        self.config = config
        self.path = path
        self.name = name
        self.reason = reason
        self.used = False


def read_allowances(path):
    """
    Read the list of functions that may differ: one a line, a pattern of
    configurations, the object, the function and the reason, in words, why
    the two are equal all the same.
    """
    allowances = []
    try:
        with open(path, encoding="utf-8") as handle:
            lines = handle.readlines()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        line = re.sub(r"#.*", "", line).strip()
        if not line:
            continue
        words = line.split(None, 3)
        if len(words) < 4:
            raise Failure(f"{path}:{number}: expected a configuration "
                          f"pattern, an object, a function and a reason")
        allowances.append(Allowance(f"{path}:{number}", *words))
    return allowances


def apply_allowances(allowances, config, result):
    """
    Take the allowed functions out of a result's differences and count them
    as equal; return the Allowances that were used.
    """
    used, rest = [], []
    for difference in result.differences:
        entry = next((a for a in allowances if difference.kind == "function"
                      and difference.state == CHANGED
                      and fnmatchcase(config, a.config)
                      and a.path == difference.path.split(" ")[0]
                      and a.name == difference.name), None)
        if entry:
            entry.used = True
            used.append(entry)
            result.equal += 1
        else:
            rest.append(difference)
    result.differences = rest
    return used


def stale_allowances(allowances, config):
    """The Allowances for a configuration that nothing needed."""
    return [a for a in allowances if not a.used
            and fnmatchcase(config, a.config)]
