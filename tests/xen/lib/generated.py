# SPDX-License-Identifier: GPL-2.0-or-later
"""Xen's source with what `xsmc gen` writes installed in it, BUILD/xen/generated."""

import os
import shutil
import subprocess

import hypervisor
import workspace


def generated_tree(build_dir, source, xsmc, database):
    """A copy of `source` into which xsmc has installed what it generates."""
    tree = os.path.join(workspace.folder(build_dir), "generated")
    shutil.rmtree(tree, ignore_errors=True)
    workspace.progress.say("generating")
    shutil.copytree(source, tree, symlinks=True)
    command = [xsmc, "gen", "--target", "xen-4.17", "--xen", tree, database]
    before = hypervisor.scan(tree)
    contents = []
    for _ in range(2):
        try:
            done = subprocess.run(command, check=False)
        except OSError as error:
            raise workspace.Failure(f"{xsmc}: {error.strerror}") from error
        if done.returncode != 0:
            raise workspace.Failure(f"xsmc gen failed (status "
                                    f"{done.returncode}): {' '.join(command)}")
        contents.append(hypervisor.scan(tree))
    if contents[0] == before:
        raise workspace.Failure("xsmc gen changed nothing in the tree")
    if contents[0] != contents[1]:
        raise workspace.Failure(
            "xsmc gen, run a second time, changed "
            + ", ".join(hypervisor.changed_files(*contents)))
    return tree
