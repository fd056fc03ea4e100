# SPDX-License-Identifier: GPL-2.0-or-later
"""The patched hypervisor as its own build makes it from the database.

The configuration is one of configs/ with CONFIG_XSM_DATABASE and whatever
else a test asks for laid over it.  What xsmc makes of the tree is part of a
build's key: with another xsmc that makes the same, the build is found again.
"""

import glob
import hashlib
import os
import shutil

import hypervisor
import series
import workspace

FIRST = "0201-"             # the patch that brings the database
GENERATED = "include/generated/xsm"


def before(build_dir):
    """The tree before the patches of the in-tree build."""
    names = series.names()
    count = next(i for i, name in enumerate(names) if name.startswith(FIRST))
    return series.patched_tree(build_dir, count)


def config(build_dir, name, **options):
    """
    The path of a configuration NAME-database with the option on, and others:
    XSM_SILO="n" for CONFIG_XSM_SILO=n.
    """
    plain = hypervisor.Config(name)
    options = dict(XSM_DATABASE="y", **options)
    kept = [line for line in plain.text.splitlines()
            if not any(line.startswith(f"CONFIG_{option}=")
                       for option in options)]
    lines = [f"CONFIG_{option}={value}" for option, value in options.items()]
    digest = hashlib.sha256("\n".join(lines[1:]).encode()).hexdigest()[:6]
    suffix = "-database" + (f"-{digest}" if len(lines) > 1 else "")
    path = os.path.join(workspace.folder(build_dir, "intree"),
                        plain.name + suffix + ".config")
    text = "\n".join(kept + lines) + "\n"
    if not os.path.exists(path) or workspace.file_sha256(path) != \
            hashlib.sha256(text.encode()).hexdigest():
        with open(path, "w", encoding="ascii") as handle:
            handle.write(text)
    return path


def made(build_dir, tree, xsmc):
    """A text that tells what xsmc makes of the tree's database."""
    work = os.path.join(workspace.folder(build_dir, "intree"), "made")
    shutil.rmtree(work, ignore_errors=True)
    log = os.path.join(workspace.folder(build_dir, "log"), "intree.log")
    if os.path.exists(log):
        os.unlink(log)
    database = os.path.join(tree, "xen", "xsm", "database")
    workspace.run([xsmc, "gen", "--target", "xen-4.17", "--flat", "-o", work,
                   database], log, "generating from the database of the tree")
    profiles = os.path.join(tree, "xen", "xsm", "flask", "policy")
    workspace.run([xsmc, "compile", "-o", os.path.join(work, "policy"),
                   database, os.path.join(profiles, "classic.xsm"),
                   os.path.join(profiles, "isolated.xsm")], log,
                  "compiling the profiles of the tree")
    return "\n".join(workspace.file_sha256(os.path.join(work, name))
                     for name in sorted(os.listdir(work)))


def build(build_dir, tree, path, xsmc, base=None):
    """Build `tree` in the configuration that config() returned."""
    return hypervisor.build(build_dir, tree, path, base, [f"XSMC={xsmc}"],
                            made(build_dir, tree, xsmc))


def rewritten(old, new):
    """As hypervisor.rewritten(), with what was generated in the builds."""
    generated = {os.path.relpath(path, os.path.join(output, "xen"))
                 for output in (old, new) for path in glob.glob(
                     os.path.join(output, "xen", GENERATED, "*"))}
    return hypervisor.rewritten(old, new) + sorted(generated)
