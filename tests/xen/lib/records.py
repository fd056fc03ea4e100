# SPDX-License-Identifier: GPL-2.0-or-later
"""What Xen's macros note down about an instruction in sections of their own.

Each of these sections is an array of records which lead, by PC-relative
fields, to an instruction and to more about it.  Their order is that of the
functions, so each record is told at its instruction instead.
"""

import struct

import elf

# Sections of records: prefix -> record size by machine.  Bug frame 3, the
# assertion, is longer than the others on x86.
RECORDS = {".bug_frames.3": {elf.X86_64: 16, elf.AARCH64: 16},
           ".bug_frames.": {elf.X86_64: 8, elf.AARCH64: 16},
           ".altinstructions": {elf.X86_64: 14, elf.AARCH64: 12},
           ".ex_table": {elf.X86_64: 8}}


def record_size(section, machine):
    """The size of a section's records, or None if it holds none."""
    for prefix, sizes in RECORDS.items():
        if section.name.startswith(prefix):
            return sizes.get(machine)
    return None


def patch_sites(form):
    """
    The places that alternatives may overwrite: section index -> offsets.
    """
    sites = {}
    for section in form.obj.loaded_sections():
        if not section.name.startswith(".altinstructions"):
            continue
        size = record_size(section, form.machine)
        for relocation in section.relocations:
            offset = relocation[0]
            if offset % size == 0:
                _, code, place = form.target(relocation, offset)
                # The original's length; on x86 what pads it, too.
                length = section.data[offset + 10]
                if form.machine == elf.X86_64:
                    length += section.data[offset + 12]
                sites.setdefault(code.index, set()).update(
                    range(place, place + length))
    return sites


def read_records(form):
    """
    All records of a NormalForm's object: symbol -> [(instruction, text)],
    and the texts about code that has no symbol.
    """
    notes, loose = {}, []
    for section in form.obj.loaded_sections():
        size = record_size(section, form.machine)
        if not size:
            continue
        form.use(section, 0, section.size)
        grouped = {}
        for relocation in section.relocations:
            grouped.setdefault(relocation[0] // size, []).append(relocation)
        for number in range((section.size + size - 1) // size):
            start = number * size
            fields = {r[0] - start: r for r in grouped.get(number, ())}
            data = section.data[start:start + size]
            if section.name.startswith(".bug_frames."):
                place, text = bug_frame(form, section, start, data, fields)
            elif section.name.startswith(".altinstructions"):
                place, text = alternative(form, start, data, fields)
            else:
                place = form.target(fields[0], start)[1:]
                text = "on fault " + form.reference(fields[4], start + 4)
            text = f"{section.name}: {text}"
            found = place[0] is not None and form.locate(*place)
            if not found:
                loose.append(text)
                continue
            symbol, distance = found
            first = form.instruction(symbol.section, symbol.value)
            here = form.instruction(symbol.section, symbol.value + distance)
            at = here - first if None not in (first, here) else distance
            notes.setdefault(symbol, []).append((at, text))
    return notes, loose


def bug_frame(form, section, start, data, fields):
    """
    A bug frame: its instruction's place and its text.  x86 packs halves of
    the line number into the top bytes of the first two fields.
    """
    def narrow(at):
        offset, kind, symbol, addend = fields[at]
        return (offset, kind, symbol, addend & 0xffffff), addend >> 24

    message = 8
    if form.machine == elf.X86_64:
        location, high = narrow(0)
        pointer, low = narrow(4) if 4 in fields else (None, 0)
        line = (high << 7) + low
        message = 12
    else:
        location, pointer = fields[0], fields.get(4)
        line = struct.unpack_from("<H", data, 12)[0]
    words = []
    if pointer:
        words.append(form.reference(pointer, start))
    # arm64 has a message in every frame but it means something in assertions
    # only.
    if message in fields and section.name.endswith(".3"):
        words.append(form.reference(fields[message], start))
    source = words[0].strip('"') if words else ""
    if source.removeprefix("./") in form.rewritten:
        words[0], line = "<rewritten source>", 0
    words.append(f"line {line}")
    return form.target(location, start)[1:], " ".join(words)


def alternative(form, start, data, fields):
    """An alternative: its instruction's place and its text."""
    lengths = data[8:]
    replaced = lengths[3]
    _, section, offset = form.target(fields[4], start + 4)
    if replaced and section is not None:
        text = "; ".join(form.instructions(section, offset,
                                           offset + replaced))
    elif form.machine == elf.AARCH64:
        # A function that computes the replacement.
        text = form.reference(fields[4], start + 4)
    else:
        text = ""
    return form.target(fields[0], start)[1:], f"{lengths.hex()} {{{text}}}"
