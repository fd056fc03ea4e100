# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's kernel and Xen tools, and initramfs images made of them.

Packages are downloaded with all they depend on, as if for an empty machine,
and unpacked into BUILD/xen/userland; nothing is installed.  An image is a
cpio archive with busybox, the programs that are asked for, and the libraries
that these name.
"""

import lzma
import os
import re
import shutil
import struct
import subprocess

import debian
from workspace import Failure, folder, lock, progress, run

PACKAGES = ["busybox-static", "linux-image-amd64", "xen-utils-4.17",
            "xenstore-utils"]
LIBRARIES = ["usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu",
             "usr/lib/xen-4.17/lib/x86_64-linux-gnu", "lib64"]
TOOLS = "usr/lib/xen-4.17/bin"


def unpacked(build_dir):
    """
    The folder with everything unpacked, fetched when it is not there yet.
    Nobody may write into it.
    """
    with lock(build_dir, "userland"):
        tree = os.path.join(folder(build_dir), "userland")
        stamp = os.path.join(tree, "stamp")
        wanted = "\n".join(PACKAGES) + "\n"
        if os.path.isfile(stamp):
            with open(stamp, encoding="ascii") as handle:
                if handle.read() == wanted:
                    return tree
        log = os.path.join(folder(build_dir), "userland.log")
        status = os.path.join(folder(build_dir), "empty-status")
        with open(status, "w", encoding="ascii"):
            pass
        command, apt = debian.private_apt(
            build_dir, "deb", log, f'Dir::State::status "{status}";\n')
        progress.say("downloading the kernel and Xen's tools")
        run(command + ["install", "--yes", "--download-only",
                       "--no-install-recommends"] + PACKAGES, log,
            "fetching Debian's kernel and Xen's tools",
            env=debian.ENVIRONMENT)
        archives = os.path.join(apt, "cache", "archives")
        fresh = tree + ".new"
        for path in (fresh, tree):
            shutil.rmtree(path, ignore_errors=True)
        os.mkdir(fresh)
        progress.say("unpacking the kernel and Xen's tools")
        for name in sorted(os.listdir(archives)):
            if name.endswith(".deb"):
                run(["dpkg-deb", "-x", os.path.join(archives, name), fresh],
                    log, f"unpacking {name}")
        shutil.rmtree(apt)
        with open(os.path.join(fresh, "stamp"), "w",
                  encoding="ascii") as handle:
            handle.write(wanted)
        os.rename(fresh, tree)
        return tree


class Userland:
    """The unpacked packages: where the kernel and the programs are."""

    def __init__(self, build_dir):
        self.build_dir = build_dir
        self.tree = unpacked(build_dir)
        versions = os.listdir(os.path.join(self.tree, "lib", "modules"))
        if len(versions) != 1:
            raise Failure(f"{self.tree}: not one kernel but {versions}")
        self.version = versions[0]
        self.vmlinuz = os.path.join(self.tree, "boot",
                                    "vmlinuz-" + self.version)

    def vmlinux(self):
        """
        The kernel out of its wrapping, which Xen would else have to take off
        at every boot (Linux Documentation/x86/boot.rst: payload_offset).
        """
        path = os.path.join(folder(self.build_dir),
                            "vmlinux-" + self.version)
        if os.path.isfile(path):
            return path
        with open(self.vmlinuz, "rb") as handle:
            data = handle.read()
        sectors = data[0x1f1] or 4
        offset, length = struct.unpack_from("<II", data, 0x248)
        start = (sectors + 1) * 512 + offset
        try:
            kernel = lzma.LZMADecompressor().decompress(
                data[start:start + length])
        except lzma.LZMAError as error:
            raise Failure(f"{self.vmlinuz}: not packed with xz, as Debian's "
                          f"kernels are ({error})") from error
        with open(path + ".new", "wb") as handle:
            handle.write(kernel)
        os.rename(path + ".new", path)
        return path

    def module(self, name):
        """The path of a kernel module."""
        found = []
        for where, _, files in os.walk(os.path.join(
                self.tree, "lib", "modules", self.version)):
            found += [os.path.join(where, f) for f in files
                      if f == name + ".ko"]
        if len(found) != 1:
            raise Failure(f"{len(found)} kernel modules are called {name}")
        return found[0]

    def path(self, name):
        """A file of the packages, links within them followed."""
        path = os.path.join(self.tree, name)
        for _ in range(10):
            if not os.path.islink(path):
                break
            target = os.readlink(path)
            path = os.path.join(self.tree, target.lstrip("/")) \
                if target.startswith("/") \
                else os.path.join(os.path.dirname(path), target)
        if not os.path.isfile(path):
            raise Failure(f"Debian's packages have no {name}")
        return path

    def library(self, name):
        """Where a library is, relative to the tree."""
        for place in LIBRARIES:
            if os.path.lexists(os.path.join(self.tree, place, name)):
                return os.path.join(place, name)
        raise Failure(f"Debian's packages have no library {name}")

    def closure(self, programs):
        """Programs (relative paths) with every library they name."""
        todo, found = list(programs), {}
        while todo:
            name = todo.pop()
            if name not in found:
                found[name] = self.path(name)
                todo += self.libraries(found[name])
        return found

    def libraries(self, path):
        """The libraries that a file names, relative to the tree."""
        text = subprocess.run(["readelf", "-d", path], capture_output=True,
                              text=True, check=False).stdout
        return [self.library(name) for name in
                re.findall(r"\(NEEDED\).*\[(.*)\]", text)]

    def needed(self, program):
        """What a program of ours needs of Debian's: name -> path."""
        found = self.closure(self.libraries(program))
        found["lib64/ld-linux-x86-64.so.2"] = \
            self.path("lib64/ld-linux-x86-64.so.2")
        return found


class Image:
    """A cpio archive in the making (Documentation/driver-api/early-userspace)."""

    def __init__(self):
        self.parts = []
        self.folders = set()
        self.number = 0

    def entry(self, name, mode, data=b""):
        self.number += 1
        raw = name.encode() + b"\0"
        fields = (self.number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                  len(raw), 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + raw
        self.parts += [head, b"\0" * (-len(head) % 4), data,
                       b"\0" * (-len(data) % 4)]

    def folder(self, name):
        if name and name not in self.folders:
            self.folder(os.path.dirname(name))
            self.folders.add(name)
            self.entry(name, 0o040755)

    def file(self, name, data, mode=0o100755):
        self.folder(os.path.dirname(name))
        self.entry(name, mode, data)

    def copy(self, name, path):
        with open(path, "rb") as handle:
            self.file(name, handle.read())

    def finished(self):
        self.entry("TRAILER!!!", 0)
        return b"".join(self.parts)


def guest_image(userland, init, image=None):
    """
    The initramfs of a guest: busybox and the script `init`, and what is in
    `image` already.
    """
    image = image or Image()
    for name in ("proc", "sys", "dev", "sbin"):
        image.folder(name)
    image.copy("bin/busybox", userland.path("bin/busybox"))
    image.copy("init", init)
    return image.finished()


def dom0_image(userland, init, script, guest, more):
    """
    The initramfs of domain 0: Xen's tools, the script `init` which starts
    them and then runs `script`, the kernel and initramfs of a guest in
    /guest, and the files of `more`: name -> path.
    """
    programs = [os.path.join(TOOLS, name) for name in (
        "xl", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0",
        "libxl-save-helper", "xenctx", "xen-livepatch", "xentrace")]
    programs += ["usr/sbin/flask-" + name for name in (
        "loadpolicy", "setenforce", "getenforce")]
    programs += ["usr/bin/xenstore-" + name for name in ("ls", "read")]
    image = Image()
    for name in ("proc", "sys", "dev", "run", "tmp", "root", "sbin",
                 "run/xenstored", "var/run/xen", "var/lib/xen",
                 "var/lib/xenstored", "var/log/xen/console"):
        image.folder(name)
    image.copy("bin/busybox", userland.path("bin/busybox"))
    for name, path in sorted(userland.closure(programs).items()):
        image.copy(name, path)
    # What no program names: the loader, and what pthread_cancel() wants.
    if "lib64/ld-linux-x86-64.so.2" not in image.folders:
        image.copy("lib64/ld-linux-x86-64.so.2",
                   userland.path("lib64/ld-linux-x86-64.so.2"))
    image.copy("lib/x86_64-linux-gnu/libgcc_s.so.1",
               userland.path(userland.library("libgcc_s.so.1")))
    image.file("etc/xen/xl.conf", b"", 0o100644)
    for name in ("xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc",
                 "xenfs"):
        image.copy(f"modules/{name}.ko", userland.module(name))
    image.copy("init", init)
    image.copy("test", script)
    image.copy("guest/vmlinuz", userland.vmlinuz)
    image.file("guest/initramfs", guest, 0o100644)
    for name, path in sorted(more.items()):
        image.copy(name, path)
    return image.finished()
