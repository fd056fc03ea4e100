# SPDX-License-Identifier: GPL-2.0-or-later
"""Test kernels under QEMU's instruction counter.

There the time stamp counter counts the instructions that the machine has
executed, one a nanosecond, so that what a kernel reads from it before and
after an operation is the same on every machine and in every run.  An
iteration of a repeated string instruction counts as an instruction.
"""

import os
import re
import subprocess

import guests
import workspace


def command(output, modules, options, memory=256, more=()):
    """
    QEMU's command line for the hypervisor of the build `output`; `modules`
    begin with domain 0's kernel, with its arguments.
    """
    for module in modules:
        if "," in module:
            raise workspace.Failure(f"{module}: QEMU takes no comma in a "
                                    "module")
    return ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-icount",
            "shift=0", "-m", str(memory), "-nodefaults", "-no-reboot",
            "-display", "none", "-serial", "stdio",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-kernel", os.path.join(output, "xen", "xen"),
            "-append", "com1=115200,8n1 console=com1 dom0_mem=32M "
            "loglvl=error guest_loglvl=error " + options,
            "-initrd", ",".join(modules), *more]


def run(what, seconds, *arguments, **keywords):
    """
    Boot with the arguments of command() and return how the kernel ended, as
    guests.STATUSES has it, and its console.
    """
    workspace.progress.say(f"counting, {what}")
    try:
        done = subprocess.run(command(*arguments, **keywords),
                              stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, check=False,
                              timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise workspace.Failure(f"{what}: not done after {seconds} s") \
            from error
    except FileNotFoundError as error:
        raise workspace.Failure("qemu-system-x86_64 is not installed") \
            from error
    workspace.progress.done()
    text = done.stdout.decode(errors="replace")
    kind = guests.STATUSES.get(done.returncode)
    if kind not in (guests.SUCCESS, guests.FAILURE):
        raise workspace.Failure(f"{what}: QEMU ended with status "
                                f"{done.returncode}:\n{text[-1500:]}")
    return kind, text


def figures(text):
    """
    The lines of guests/lib/measure.c in a console: {(kind, name): [least,
    lower quartile, median, upper quartile]}.
    """
    return {(kind, name): [int(word) for word in words.split()]
            for kind, name, words in re.findall(
                r"(?m)(COST|MISS) (.*): (\d+ \d+ \d+ \d+)\r?$", text)}
