# SPDX-License-Identifier: GPL-2.0-or-later
"""The patch series for Xen, xen-patches/xen-4.17, applied to the source.

`series` there names the patches, one a line, in the order in which they
apply.  A patched tree is BUILD/xen/patched/KEY, where the key is made from
the source's hash and the patches' bytes, so a tree is made once.  Its files
are hard links to the unpacked source except for those a patch touches: patch
writes a new file and renames it.  Nobody may write into either tree.
"""

import hashlib
import os
import re
import shutil

import debian
import workspace

PATCHES = os.path.join(workspace.REPOSITORY, "xen-patches", "xen-4.17")
KEEP = 80   # patched trees that stay when newer ones come


def names():
    """The file names of the patches, in order; every patch there is listed."""
    with open(os.path.join(PATCHES, "series"), encoding="ascii") as handle:
        listed = [line.strip() for line in handle
                  if line.strip() and not line.startswith("#")]
    present = sorted(n for n in os.listdir(PATCHES) if n.endswith(".patch"))
    if sorted(listed) != present:
        odd = sorted(set(listed).symmetric_difference(present))
        raise workspace.Failure(f"{PATCHES}/series and the patches beside it "
                                f"differ in " + ", ".join(odd))
    return listed


def prune(root, keep):
    """Remove the patched trees that have not been used for longest."""
    trees = [os.path.join(root, name) for name in os.listdir(root)
             if re.fullmatch(r"[0-9a-f]{16}", name)]
    trees.sort(key=lambda path: os.stat(path).st_mtime, reverse=True)
    for path in [p for p in trees if p != keep][KEEP:]:
        shutil.rmtree(path)


def patched_tree(build_dir, count=None):
    """
    The source with the first `count` patches applied, or with all of them;
    a patch that does not apply exactly (with fuzz) is an error.
    """
    chosen = names()[:count]
    source = debian.source_tree(build_dir)
    digest = hashlib.sha256(debian.SHA256.encode())
    for name in chosen:
        digest.update(workspace.file_sha256(
            os.path.join(PATCHES, name)).encode())
    root = workspace.folder(build_dir, "patched")
    tree = os.path.join(root, digest.hexdigest()[:16])
    with workspace.lock(build_dir, "patched"):
        if os.path.isdir(tree):
            os.utime(tree)
            return tree
        fresh = tree + ".new"
        log = os.path.join(workspace.folder(build_dir, "log"), "patched.log")
        shutil.rmtree(fresh, ignore_errors=True)
        if os.path.exists(log):
            os.unlink(log)
        workspace.progress.say(f"applying {len(chosen)} patches")
        shutil.copytree(source, fresh, symlinks=True, copy_function=os.link)
        for name in chosen:
            workspace.run(["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch",
                           "-i", os.path.join(PATCHES, name)], log,
                          f"applying {name}", cwd=fresh)
        os.rename(fresh, tree)
        os.utime(tree)
        prune(root, tree)
        return tree
