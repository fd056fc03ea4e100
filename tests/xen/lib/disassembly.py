# SPDX-License-Identifier: GPL-2.0-or-later
"""The instructions of an object's code sections, as objdump prints them."""

import re
import subprocess

import elf
from workspace import Failure

OBJDUMP = {elf.X86_64: "x86_64-linux-gnu-objdump",
           elf.AARCH64: "aarch64-linux-gnu-objdump"}

INSTRUCTION = re.compile(r"\s*([0-9a-f]+):\t(.*)")
HEADER = re.compile(r"Disassembly of section (.*):")


def disassemble(obj):
    """
    Disassemble all code of an elf.Object.

    Returns section index -> list of (offset, end, text), in order and
    without gaps; relocations are not applied, so a relocated field reads as
    zero.
    """
    command = [OBJDUMP[obj.machine], "-d", "-z", "-w", "--no-show-raw-insn",
               obj.path]
    try:
        text = subprocess.run(command, stdout=subprocess.PIPE, check=True,
                              text=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure(f"cannot disassemble {obj.path}: {error}") from error
    waiting = [s for s in obj.sections if s.is_code and s.size]
    code = {section.index: [] for section in waiting}
    current = None
    for line in text.splitlines():
        match = INSTRUCTION.match(line)
        if match:
            current.append((int(match.group(1), 16), match.group(2).rstrip()))
            continue
        match = HEADER.match(line)
        if match:
            # Several sections may share a name; objdump keeps their order.
            while waiting and waiting[0].name != match.group(1):
                waiting.pop(0)
            if not waiting:
                raise Failure(f"{obj.path}: objdump shows a section "
                              f"{match.group(1)} that the object lacks")
            current = code[waiting.pop(0).index]
    for index, instructions in code.items():
        section = obj.sections[index]
        if not instructions or instructions[0][0] != 0:
            raise Failure(f"{obj.path}: objdump did not disassemble section "
                          f"{section.name}")
        ends = [offset for offset, _ in instructions[1:]] + [section.size]
        code[index] = [(offset, end, words) for (offset, words), end
                       in zip(instructions, ends)]
    return code
