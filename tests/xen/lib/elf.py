# SPDX-License-Identifier: GPL-2.0-or-later
"""Relocatable objects: 64-bit little-endian ELF with RELA relocations.

That is all that Xen's compilers make for x86-64 and arm64, and so little
that reading whole tables with `struct` is both shorter and an order of
magnitude quicker than a general ELF library.
"""

import struct

from workspace import Failure

X86_64, AARCH64 = 62, 183               # e_machine

SHT_NOBITS, SHT_RELA, SHT_SYMTAB = 8, 4, 2
SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR = 1, 2, 4
SHF_MERGE, SHF_STRINGS = 0x10, 0x20
SHN_UNDEF, SHN_ABS = 0, 0xfff1
STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_SECTION, STT_FILE = range(5)

BINDINGS = {0: "local", 1: "global", 2: "weak"}
VISIBILITIES = {0: "default", 1: "internal", 2: "hidden", 3: "protected"}

# The relocation types that occur, and those of them whose value is relative
# to the place they apply to in data (branches are instructions' business).
RELOCATIONS = {
    X86_64: {1: "64", 2: "PC32", 4: "PLT32", 9: "GOTPCREL", 10: "32",
             11: "32S", 12: "16", 13: "PC16", 14: "8", 15: "PC8", 24: "PC64",
             41: "GOTPCRELX", 42: "REX_GOTPCRELX"},
    AARCH64: {257: "ABS64", 258: "ABS32", 259: "ABS16", 260: "PREL64",
              261: "PREL32", 262: "PREL16", 275: "ADR_PREL_PG_HI21",
              277: "ADD_ABS_LO12_NC", 278: "LDST8_ABS_LO12_NC",
              279: "TSTBR14", 280: "CONDBR19", 282: "JUMP26", 283: "CALL26",
              284: "LDST16_ABS_LO12_NC", 285: "LDST32_ABS_LO12_NC",
              286: "LDST64_ABS_LO12_NC", 299: "LDST128_ABS_LO12_NC",
              311: "ADR_GOT_PAGE", 312: "LD64_GOT_LO12_NC"}}
PC_RELATIVE = {X86_64: {2, 4, 9, 13, 15, 24, 41, 42},
               AARCH64: {260, 261, 262}}


class Section:
    """A section; `relocations` are (offset, type, symbol, addend), sorted."""

    def __init__(self, index, header, names, image):
        (name, self.type, self.flags, _, offset, self.size, self.link,
         self.info, self.align, self.entry_size) = header
        self.index = index
        self.name = cstring(names, name).decode()
        self.data = b"" if self.type == SHT_NOBITS else \
            image[offset:offset + self.size]
        self.relocations = []

    @property
    def is_code(self):
        return bool(self.flags & SHF_EXECINSTR)

    @property
    def is_strings(self):
        return self.flags & (SHF_MERGE | SHF_STRINGS) == \
            SHF_MERGE | SHF_STRINGS


class Symbol:
    """A symbol; `section` is its Section, None when it has none."""

    __slots__ = ("name", "value", "size", "type", "binding", "visibility",
                 "section", "absolute")

    def __init__(self, name, value, size, info, other, section, absolute):
        self.name = name
        self.value = value
        self.size = size
        self.type = info & 15
        self.binding = BINDINGS.get(info >> 4, str(info >> 4))
        self.visibility = VISIBILITIES[other & 3]
        self.section = section
        self.absolute = absolute

    @property
    def is_named(self):
        """Whether the source named it, rather than compiler or assembler."""
        return self.type not in (STT_SECTION, STT_FILE) and \
            self.name != "" and not self.name.startswith((".L", "$"))


def cstring(data, offset, width=1):
    """The bytes from `offset` up to the next NUL, of `width` bytes."""
    end = offset
    while data[end:end + width].strip(b"\0"):
        end += width
    return bytes(data[offset:end])


class Object:
    """An object file: `machine`, `sections`, `symbols`."""

    def __init__(self, path):
        self.path = path
        with open(path, "rb") as handle:
            image = handle.read()
        if image[:6] != b"\x7fELF\x02\x01" or len(image) < 64:
            raise Failure(f"{path} is no 64-bit little-endian ELF file")
        (kind, self.machine, _, _, _, headers, _, _, _, _, _, count,
         names) = struct.unpack_from("<HHIQQQIHHHHHH", image, 16)
        if kind != 1 or self.machine not in PC_RELATIVE:
            raise Failure(f"{path} is no relocatable object for x86-64 or "
                          f"arm64")
        table = list(struct.iter_unpack("<IIQQQQIIQQ",
                                        image[headers:headers + 64 * count]))
        strings = image[table[names][4]:table[names][4] + table[names][5]]
        self.sections = [Section(i, header, strings, image)
                         for i, header in enumerate(table)]
        self.symbols = []
        for section in self.sections:
            if section.type == SHT_SYMTAB:
                self.read_symbols(section)
        for section in self.sections:
            if section.type == SHT_RELA:
                self.sections[section.info].relocations = sorted(
                    (offset, info & 0xffffffff, self.symbols[info >> 32],
                     addend) for offset, info, addend in
                    struct.iter_unpack("<QQq", section.data))

    def read_symbols(self, table):
        names = self.sections[table.link].data
        for name, info, other, index, value, size in struct.iter_unpack(
                "<IBBHQQ", table.data):
            section = self.sections[index] \
                if SHN_UNDEF < index < len(self.sections) else None
            self.symbols.append(Symbol(cstring(names, name).decode(), value,
                                       size, info, other, section,
                                       index == SHN_ABS))

    def loaded_sections(self):
        """The sections which become part of the hypervisor's memory."""
        return [s for s in self.sections if s.flags & SHF_ALLOC and s.size]

    def count(self, code):
        """How many named functions (or, if not `code`, data) it defines."""
        return sum(1 for s in self.symbols if s.section and s.is_named
                   and s.section.flags & SHF_ALLOC
                   and s.section.is_code == code)
