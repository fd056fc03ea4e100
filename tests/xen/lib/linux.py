# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests that run in a Linux domain 0, with Xen's own tools.

A test is a folder in linux/ with a test.sh, which domain 0 runs once Xen's
daemons are up; its exit status is the outcome (0 success, 1 failure, 77 skip,
others an error).  Its opening comment holds the `key: value` lines that
guests.py describes, and

    policies: NAME...   policies in /policies: classic, or a file of
                        linux/lib that is laid over it
    xsmc: yes           the command is there, with hooks-db/xen-4.17 and
                        policy in /
    memory: MIB         domain 0's (default 448)

/steps is linux/lib/steps, /guest holds a kernel and initramfs for guests.
"""

import os
import re
import subprocess

import guests
import userland
from workspace import HERE, REPOSITORY, Failure, folder, progress

TESTS = os.path.join(HERE, "linux")
LIB = os.path.join(TESTS, "lib")
KEYS = guests.KEYS + ("policies", "xsmc", "memory")
OTHERS = 576    # MiB beside domain 0's
CLASSIC = os.path.join(REPOSITORY, "policy", "classic.xsm")


class Test(guests.Test):
    """A test's folder and what its opening comment asks for."""

    # pylint: disable-next=super-init-not-called
    def __init__(self, name, root=TESTS):
        self.name = name
        self.folder = os.path.join(root, name)
        self.script = os.path.join(self.folder, "test.sh")
        try:
            with open(self.script, encoding="utf-8") as handle:
                text = handle.read()
        except OSError as error:
            raise Failure(f"{self.script}: {error.strerror}") from error
        head = re.match(r"(?:#.*\n)*", text).group()
        lines = re.findall(r"(?m)^# (\w+): (.*)$", head)
        values = self.take(lines, self.script, KEYS)
        self.policies = values.get("policies", "").split()
        self.wants_xsmc = "xsmc" in values
        self.memory = int(values.get("memory", "448"))
        self.seconds = int(values.get("seconds", "150"))
        # Without random numbers `xl create` waits for them.
        self.cpu = guests.processor(values.get("cpu", "qemu64,+rdrand"))


def test_names(root=TESTS):
    """The names of all tests in a folder, in order."""
    return sorted(name for name in os.listdir(root)
                  if os.path.isfile(os.path.join(root, name, "test.sh")))


def xsmc_files(xsmc, system):
    """The command for domain 0, with what it reads and the libraries that
    Xen's tools do not bring."""
    files = {"bin/xsmc": xsmc}
    text = subprocess.run(["ldd", xsmc], capture_output=True, text=True,
                          check=False).stdout
    for name, path in re.findall(r"(\S+) => (/\S+)", text):
        if not any(os.path.lexists(os.path.join(system.tree, place, name))
                   for place in userland.LIBRARIES):
            files["usr/lib/x86_64-linux-gnu/" + name] = path
    for folder_name in ("hooks-db/xen-4.17", "policy"):
        where = os.path.join(REPOSITORY, folder_name)
        for name in os.listdir(where):
            if name.endswith(".xsm"):
                files[folder_name + "/" + name] = os.path.join(where, name)
    return files


def run_test(build_dir, test, output, xsmc, more=None, flavour="linux"):
    """
    Boot a test on the hypervisor of the build `output`; return the Outcome.
    `more` are further files for domain 0: name -> path.  What it needs and
    its console log are below BUILD/xen/`flavour`.
    """
    work = folder(build_dir, flavour, test.name)
    system = userland.Userland(build_dir)
    policy = guests.find_policy(work, test, output, xsmc)
    files = {"steps": os.path.join(LIB, "steps"), **(more or {})}
    if test.wants_xsmc:
        files.update(xsmc_files(xsmc, system))
    for name in test.policies:
        sources = [CLASSIC]
        if name != "classic":
            sources.append(os.path.join(LIB, name + ".xsm"))
        files["policies/" + name] = guests.compile_policy(work, name, xsmc,
                                                          sources,
                                                          test.database)
    guest = userland.guest_image(system, os.path.join(LIB, "guest"))
    image = os.path.join(work, "initramfs")
    with open(image, "wb") as handle:
        handle.write(userland.dom0_image(system, os.path.join(LIB, "dom0"),
                                         test.script, guest, files))
    progress.say(f"booting {test.name}")
    outcome = guests.boot(work, test, output,
                          [system.vmlinux() + " console=hvc0 quiet "
                           "rdinit=/init", image], policy,
                          (test.memory + OTHERS, test.memory))
    os.unlink(image)
    return outcome
