# SPDX-License-Identifier: GPL-2.0-or-later
"""The steps of the patch series, built in one folder from the other.

A walk begins with a copy of a build and brings its sources from one step to
the next, as a developer's `git checkout` would; make then compiles what
depends on what has changed.

To compile all of that at every step takes long: nearly every object includes
xen/sched.h or the XSM header.  So objects() chooses those that a patch can
break by itself: each one made from a source file that it changes, and of
those that include a header which it changes all if they are few, and else
the ones which mention a name that the patch adds, takes away or defines
anew, or one if none does.  For any other object the header only has to be
correct C, which the chosen ones show.  The same goes for what is generated
from a changed file.
"""

import difflib
import os
import re
import shutil

import csource
import hypervisor
from workspace import Failure, folder, run

FEW = 6     # so many objects which include a header are all compiled

# What Xen's makefiles generate and from what, relative to xen/.
GENERATED = [
    (re.compile(r"include/public/(.+)\.h$"), r"include/compat/\1.h"),
    (re.compile(r"include/xlat\.lst$"), "include/compat/xlat.h"),
    (re.compile(r"xsm/flask/policy/.*"), "xsm/flask/include/av_permissions.h"),
    (re.compile(r"xsm/flask/policy/.*"), "xsm/flask/include/class_to_string.h"),
]
# The policy is built into Xen, as the data of an assembly file.
POLICY = re.compile(r"(tools/flask/policy|xen/xsm/flask/policy)/")
POLICY_OBJECT = "xsm/flask/flask-policy.o"


# A member or a constant, a type, a row of xlat.lst.
MEMBER = re.compile(r"(\w+)(?:\[[^]]*\]|\s*:\s*\d+)?\s*[,;=]|"
                    r"(?:struct|union|enum)\s+(\w+)\s*{|^[!?]\s+(\w+)")


class Dependencies:
    """What each object of a build is made from, by the build's own records."""

    def __init__(self, output):
        self.files = {}         # object -> paths relative to xen/
        self.options = {}       # object -> lower-case paths of options
        self.sources = {}       # object -> the file that is compiled
        root = os.path.join(output, "xen")
        for folder_path, name in ((at, name) for at, _, names in os.walk(root)
                                  for name in names
                                  if name.endswith(".o.cmd")):
            with open(os.path.join(folder_path, name),
                      encoding="utf-8") as handle:
                text = handle.read()
            where = os.path.relpath(folder_path, root)
            name = name[1:-len(".cmd")]
            source = re.search(r"(?m)^source_\S+ := (\S+)$", text)
            listed = re.search(r"(?m)^deps_\S+ := \\\n((?:.*\\\n)*)", text)
            if not source or not listed or where.startswith("tools"):
                continue
            made = os.path.normpath(os.path.join(where, name))
            words = re.findall(r"[^\s()\\]+", listed.group(1))
            self.sources[made] = source.group(1)
            self.files[made] = {os.path.normpath(w) for w in words
                                if not w.startswith("$")} | {source.group(1)}
            self.options[made] = {w for w in words
                                  if w.startswith("include/config/")}

    def on(self, path):
        """The objects which are made from the file."""
        return {made for made, files in self.files.items() if path in files}

    def on_option(self, name):
        """The objects which ask for the option CONFIG_`name`."""
        path = "include/config/" + name.lower().replace("_", "/") + ".h"
        return {made for made, options in self.options.items()
                if path in options}


def lines_of(tree, path):
    """A file's lines without comments; none when it is not there."""
    try:
        with open(os.path.join(tree, path), encoding="utf-8") as handle:
            text = handle.read()
    except FileNotFoundError:
        return []
    return csource.strip_comments(text).splitlines()


def names_defined(lines, first, last):
    """
    The names that lines[first:last] define: functions and macros whose body
    is there or which begin there, and what a type or a list of types has.
    """
    names = set()
    for number in range(first, last):
        head = next((line for line in reversed(lines[:number + 1])
                     if re.match(r"[A-Za-z#]", line)), "")
        whole = re.match(r"#\s*define\s+(\w+)|"
                         r"(?=[A-Za-z])[^=;]*?(\w+)\s*\(", head)
        if whole:
            names.add(whole.group(1) or whole.group(2))
            continue
        pointer = re.search(r"\(\*\s*(\w+)\)", lines[number])
        names.update([pointer.group(1)] if pointer else
                     [name for groups in MEMBER.findall(lines[number])
                      for name in groups if name])
    return {name for name in names if len(name) > 3}


def names_changed(old, new):
    """The names by which a file's users can notice that its lines changed."""
    old, new = ([line for line in lines if line.strip()]
                for lines in (old, new))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    names = set()
    for tag, low, high, begin, end in matcher.get_opcodes():
        if tag != "equal":
            names |= names_defined(old, low, high)
            names |= names_defined(new, begin, end)
    return names


def concerned(tree, dependencies, users, names):
    """
    Those of the objects `users` to compile for a change of these names: all
    if they are few, else those whose source has one of the names, else one.
    """
    if len(users) <= FEW:
        return users
    wanted = re.compile(r"\b(CHECK_)?(" + "|".join(sorted(names)) + r")\b")
    found = set()
    for made in users if names else []:
        path = os.path.join(tree, "xen", dependencies.sources[made])
        if os.path.exists(path):
            with open(path, encoding="utf-8") as handle:
                if wanted.search(handle.read()):
                    found.add(made)
    return found or set(sorted(users)[:1])


def objects(dependencies, old, new, changed):
    """
    The objects, of those that `dependencies` knows, to compile for the step
    from the tree `old` to `new`, which differ in the paths `changed`.
    """
    chosen = set()
    for path in changed:
        inner = path.removeprefix("xen/")
        if POLICY.match(path) and POLICY_OBJECT in dependencies.files:
            chosen.add(POLICY_OBJECT)
        if not path.startswith("xen/"):
            continue
        if os.path.basename(path).startswith("Kconfig"):
            before, after = (set(re.findall(r"config (\w+)", "\n".join(
                lines_of(tree, path)))) for tree in (old, new))
            for name in before ^ after:
                chosen |= concerned(new, dependencies,
                                    dependencies.on_option(name),
                                    {"CONFIG_" + name})
            continue
        if path.endswith((".c", ".S")):
            chosen |= dependencies.on(inner)
            continue
        names = names_changed(lines_of(old, path), lines_of(new, path))
        for header in [inner] + [rule.sub(made, inner)
                                 for rule, made in GENERATED
                                 if rule.match(inner)]:
            chosen |= concerned(new, dependencies, dependencies.on(header),
                                names)
    return sorted(made for made in chosen if os.path.exists(
        os.path.join(new, "xen", dependencies.sources[made]))
        or made == POLICY_OBJECT)


class Walk:
    """A build folder that is taken from step to step."""

    def __init__(self, build_dir, config, output):
        """Begin with a copy of the build `output` in the configuration."""
        self.config = config
        self.root = os.path.join(folder(build_dir, "series"), config.name)
        self.log = os.path.join(folder(build_dir, "log"),
                                f"series-{config.name}.log")
        self.dependencies = Dependencies(output)
        self.content = hypervisor.read_manifest(output)
        self.stale = False      # whether headers may have to be generated
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(output, self.root, symlinks=True)
        if os.path.exists(self.log):
            os.unlink(self.log)

    def make(self, what, *arguments):
        """Run make in the folder; a warning is an error."""
        size = os.path.getsize(self.log) if os.path.exists(self.log) else 0
        jobs = len(os.sched_getaffinity(0))
        run(self.config.make + [f"-j{jobs}", *arguments], self.log, what,
            cwd=self.root, env=hypervisor.environment())
        with open(self.log, encoding="utf-8", errors="replace") as handle:
            handle.seek(size)
            warned = [line for line in handle if "warning:" in line]
        if warned:
            raise Failure(f"{what}: warnings; from {self.log}:\n"
                          + "".join("    " + line for line in warned[:15]))

    def owner(self, made):
        """The folder whose makefile makes the object."""
        where = os.path.dirname(made)
        while where and not os.path.exists(
                os.path.join(self.root, "xen", where, "Makefile")):
            where = os.path.dirname(where)
        return where

    def make_objects(self, what, chosen, generate):
        """
        Make the chosen objects, one make for those of a folder as several
        would generate the same files at the same time.  `generate` is
        whether headers must be generated first, which takes longer: all
        that Xen's makefile does before it compiles.
        """
        makefile = os.path.join(self.root, "xen", "Makefile")
        with open(makefile, encoding="utf-8") as handle:
            recipe = re.search(r"(?m)^\$\(TARGET\): outputmakefile FORCE\n"
                               r"((?:\t.*\n)+)\n", handle.read())
        lines = recipe.group(1).splitlines(keepends=True) if recipe else []
        if not lines or not lines[-1].endswith(" $@\n"):
            raise Failure(f"{makefile}: the rule that makes $(TARGET) is not "
                          f"written as this test knows it")
        lines = lines[:-1] if generate else []
        folders = {}
        for made in chosen:
            folders.setdefault(self.owner(made), []).append(made)
        lines += [f"\t$(Q)$(MAKE) $(build)={where} {' '.join(those)}\n"
                  for where, those in sorted(folders.items())]
        with open(os.path.join(self.root, "xen", "objects.mk"), "w",
                  encoding="utf-8") as handle:
            handle.write("include Makefile\n.PHONY: objects\nobjects: "
                         "tools_fixdep outputmakefile FORCE\n"
                         + "".join(lines))
        self.make(what, "-f", "objects.mk", "objects")
        for made in chosen:
            if not os.path.exists(os.path.join(self.root, "xen", made)):
                raise Failure(f"{what}: make has not made {made}")

    def bring(self, tree, content):
        """Bring the sources to those of `tree`, and the configuration."""
        changed = hypervisor.bring(self.root, self.content, tree, content)
        self.content = content
        if any("Kconfig" in path for path in changed):
            hypervisor.configure(self.config, self.root, self.log)
        return changed

    def compile(self, tree, content, chosen, what):
        """Compile the chosen objects of `tree`."""
        changed = self.bring(tree, content)
        self.stale = self.stale or not all(
            path.endswith((".c", ".S")) for path in changed
            if path.startswith(("xen/", "tools/flask/")))
        if chosen:
            self.make_objects(what, chosen, self.stale)
            self.stale = False

    def whole(self, tree, content, what):
        """Build all of `tree`, and link it."""
        self.bring(tree, content)
        self.make(what)

    def done(self):
        """Remove the folder."""
        shutil.rmtree(self.root)
