# SPDX-License-Identifier: GPL-2.0-or-later
"""What an object file says, apart from where the compiler put things.

Two compilations of differently arranged source may place equal functions,
strings and tables at different offsets.  The normal form of an object is a
text for each function and each piece of data from which offsets are gone:

- a branch or reference goes to a label of the same function, to an
  instruction of another one, to a named symbol, or, where the compiler did
  not name the target (strings, constants, jump tables), to its content;
- what Xen's macros note down elsewhere about an instruction (assertion and
  bug frames, alternatives, exception fixups) is told at that instruction;
- no-ops are left out that only bring the next instruction to an aligned
  address;
- the numbers that compilers add to names (foo.constprop.0, __func__.3) are
  dropped, or replaced by the content where several remain alike;
- of functions that the compiler found to be identical one holds the code
  and the others jump to it: each is told with the code, whichever holds it;
- a table that is searched, not indexed, is told row by row in sorted order.

Nothing else is.  Registers, instruction choice, immediates, structure
offsets, sizes, order within tables, and the sections and bindings of symbols
are part of the normal form.  Where this module cannot tell two things apart
from position alone it keeps the position, so that the comparison may cry
wolf but not stay silent.
"""

import bisect
import re

import elf
from disassembly import disassemble
from folding import unfold
from records import patch_sites, read_records, record_size

BRANCH = re.compile(r"^(.*?)([0-9a-f]+) <[^>]*>$")
RIP = re.compile(r"-?0x[0-9a-f]+\(%rip\)")
RIP_TARGET = re.compile(r"\s*# ([0-9a-f]+)(?: <.*>)?$")
COMMENT = re.compile(r"\s*(?:# [0-9a-f]+(?: <.*>)?|// .*)$")
PADDING = re.compile(r"(?:(?:cs|data16|ds|es) )*(?:nop[wl]?|xchg %ax,%ax|"
                     r"int3|\.inst 0x00000000|udf #0)\b")
NUMBER = re.compile(r"\.\d+(?=\.|$)")

# Relocations which merely name a place, relative to the instruction.
PLAIN = {elf.X86_64: {2, 4}, elf.AARCH64: {282, 283, 280, 279}}
FIELD_SIZES = {elf.X86_64: {1: 8, 24: 8, 12: 2, 13: 2, 14: 1, 15: 1},
               elf.AARCH64: {257: 8, 260: 8, 259: 2, 262: 2}}

# Dropped by the linker script, or about debugging.
IGNORED = (".discard", ".eh_frame", ".altinstr_replacement", ".fixup")
# Tables of which only the set of rows matters, since their only users look
# for a row by its content: name -> row size.
SEARCHED = {"av_perm_to_string": 16}


def canonical(name):
    """A symbol's name without the numbers the compiler added to it."""
    return NUMBER.sub("", name)


class Item:
    """
    A function or a piece of data: its place in words (`where`: section and
    symbol attributes), and its `lines`.
    """

    def __init__(self, symbol, where, lines):
        self.symbol = symbol
        self.where = where
        self.lines = lines


class NormalForm:
    """
    The normal form of the object at `path`.

    `functions` and `data` map a label (the canonical name) to Items;
    `rest` holds the lines of whatever belongs to no symbol.  `rewritten` is
    a set of source paths, as the compiler records them, whose line numbers
    do not count.
    """

    def __init__(self, path, rewritten=frozenset()):
        self.rewritten = rewritten
        self.obj = elf.Object(path)
        self.machine = self.obj.machine
        self.code = disassemble(self.obj)
        self.starts = {index: [instruction[0] for instruction in code]
                       for index, code in self.code.items()}
        self.defined = [s for s in self.obj.symbols
                        if s.is_named and s.section]
        self.index_symbols()
        self.cuts = self.index_targets()
        self.drop_alignment()
        self.busy = set()
        self.used = {}      # section index -> [(start, end)] of what was told
        # What records say: symbol -> [(instruction, text)], and the lines
        # about nameless code.
        self.notes, self.loose = read_records(self)
        self.functions, self.data = {}, {}
        for symbol in self.defined:
            if symbol.section.flags & elf.SHF_ALLOC == 0:
                continue
            table = self.functions if symbol.section.is_code else self.data
            table.setdefault(canonical(symbol.name), []).append(
                self.item(symbol))
        unfold(self.functions)
        self.rest = sorted(self.loose) + self.leftovers()

    # Symbols and places

    def index_symbols(self):
        """Find the extent of each defined symbol, and the shared names."""
        self.extents = {}
        by_section = {}
        for symbol in self.defined:
            by_section.setdefault(symbol.section.index, []).append(symbol)
        self.by_section = {}
        for index, symbols in by_section.items():
            section = self.obj.sections[index]
            places = sorted({s.value for s in symbols})
            for symbol in symbols:
                end = symbol.value + symbol.size
                if symbol.size == 0 and symbol.type != elf.STT_OBJECT:
                    # A label: up to the next symbol.
                    after = bisect.bisect_right(places, symbol.value)
                    end = places[after] if after < len(places) \
                        else section.size
                self.extents[symbol] = end
            self.by_section[index] = sorted(
                symbols, key=lambda s: (s.value, s.size == 0, s.name))
        count = {}
        for symbol in self.defined:
            name = canonical(symbol.name)
            count[name] = count.get(name, 0) + 1
        self.shared = {name for name, n in count.items() if n > 1}

    def locate(self, section, offset):
        """The symbol at `offset` of a section and the distance, or None."""
        best = None
        for symbol in self.by_section.get(section.index, ()):
            if symbol.value > offset:
                break
            if offset < self.extents[symbol]:
                if best is None or symbol.size and symbol.value > best.value:
                    best = symbol
        if best is None:
            # One past the end belongs to what ends there.
            for symbol in self.by_section.get(section.index, ()):
                if self.extents[symbol] == offset and symbol.size:
                    best = symbol
        return best and (best, offset - best.value)

    def label(self, symbol):
        """The name by which other things refer to a defined symbol."""
        name = canonical(symbol.name)
        if name not in self.shared:
            return name
        section = symbol.section
        if not section.is_code and not section.flags & elf.SHF_WRITE \
                and symbol.size and symbol not in self.busy:
            self.busy.add(symbol)
            text = self.span(section, symbol.value, self.extents[symbol])
            self.busy.discard(symbol)
            return f"{name}{{{text}}}"
        return symbol.name

    def instruction(self, section, offset):
        """The number of the instruction at `offset`, or None."""
        starts = self.starts.get(section.index, [])
        found = bisect.bisect_left(starts, offset)
        if found < len(starts) and starts[found] == offset:
            return found
        return None

    def place(self, symbol, distance):
        """A place relative to a symbol, in words."""
        label = canonical(symbol.name)
        if symbol.section:
            label = self.label(symbol)
        if distance == 0:
            return label
        if symbol.section and symbol.section.is_code:
            first = self.instruction(symbol.section, symbol.value)
            here = self.instruction(symbol.section, symbol.value + distance)
            if first is not None and here is not None:
                return f"{label}@{here - first}"
        return f"{label}{distance:+#x}"

    # References

    def target(self, relocation, end):
        """
        Where a relocation leads: (symbol, section, offset).  `end` is where
        its PC-relative value counts from.
        """
        offset, kind, symbol, addend = relocation
        if kind in elf.PC_RELATIVE[self.machine]:
            addend += end - offset
        if symbol.section is None:
            return symbol, None, addend
        return symbol, symbol.section, symbol.value + addend

    def reference(self, relocation, end):
        """The target of a relocation, in words."""
        symbol, section, offset = self.target(relocation, end)
        if section is None:
            return self.place(symbol, offset)
        if symbol.is_named:
            return self.place(symbol, offset - symbol.value)
        return self.describe(section, offset)

    def describe(self, section, offset):
        """What is at a place to which the compiler gave no name, in words."""
        if section.is_strings and 0 <= offset < section.size:
            width = section.entry_size or 1
            text = elf.cstring(section.data, offset, width)
            return f'"{text.decode("latin-1")}"'.encode(
                "unicode_escape").decode()
        found = self.locate(section, offset)
        if found:
            return self.place(*found)
        if not 0 <= offset < section.size or section.type == elf.SHT_NOBITS:
            return f"{section.name}{offset:+#x}"
        if section.flags & elf.SHF_MERGE:
            end = offset + section.entry_size
        else:
            cuts = self.cuts.get(section.index, [])
            after = bisect.bisect_right(cuts, offset)
            end = min(cuts[after:after + 1] + [section.size])
        if (section.index, offset) in self.busy:
            return "<itself>"
        self.busy.add((section.index, offset))
        self.use(section, offset, end)
        if section.is_code:
            text = "; ".join(self.instructions(section, offset, end))
        else:
            text = self.span(section, offset, end, strip=16)
        self.busy.discard((section.index, offset))
        return f"{{{text}}}"

    def use(self, section, start, end):
        """Note that a part of a section has been told."""
        self.used.setdefault(section.index, []).append((start, end))

    def index_targets(self):
        """
        Where nameless pieces begin: section index -> sorted offsets of all
        symbols and of everything a relocation points to.
        """
        cuts = {}
        for section in self.obj.loaded_sections():
            record = record_size(section, self.machine)
            starts = self.starts.get(section.index)
            for relocation in section.relocations:
                offset = relocation[0]
                end = offset
                if starts:
                    end = self.code[section.index][
                        bisect.bisect_right(starts, offset) - 1][1]
                elif record and section.name.startswith(".bug_frames"):
                    end = offset - offset % record
                _, target, place = self.target(relocation, end)
                if target is not None:
                    cuts.setdefault(target.index, set()).add(place)
        for symbol in self.defined:
            cuts.setdefault(symbol.section.index, set()).update(
                (symbol.value, self.extents[symbol]))
        return {index: sorted(places) for index, places in cuts.items()}

    def drop_alignment(self):
        """
        Drop the no-ops which only bring the next instruction to an aligned
        address.  Those that an alternative may replace are there for that.
        """
        patched = patch_sites(self)
        for index, code in self.code.items():
            kept, run = [], []
            targets = patched.get(index, ())
            for instruction in code:
                offset, _, text = instruction
                if PADDING.match(" ".join(text.split())) \
                        and offset not in targets:
                    run.append(instruction)
                    continue
                if not run or offset % 8 or offset - run[0][0] >= 16:
                    kept += run
                run = []
                kept.append(instruction)
            self.code[index] = kept + run
            self.starts[index] = [entry[0] for entry in kept + run]

    # Texts

    def kind(self, kind):
        """The name of a relocation type."""
        return elf.RELOCATIONS[self.machine].get(kind, str(kind))

    def field_size(self, kind):
        return FIELD_SIZES[self.machine].get(kind, 4)

    def span(self, section, start, end, strip=0, base=None):
        """
        The content of a part of a data section, in words.  PC-relative
        fields count from `base`, or from `start` (as in jump tables).  Up
        to `strip` - 1 zero bytes at the end may be padding.
        """
        if section.type == elf.SHT_NOBITS:
            return f"{end - start} zero bytes"
        if strip:
            padding = section.data[start:end]
            keep = max(len(padding.rstrip(b"\0")), len(padding) - strip + 1)
            last = [r for r in section.relocations if start <= r[0] < end]
            if last:
                keep = max(keep, last[-1][0] + self.field_size(last[-1][1])
                           - start)
            end = start + keep
        words, here = [], start
        for relocation in section.relocations:
            offset, kind = relocation[:2]
            if not start <= offset < end:
                continue
            if offset > here:
                words.append(section.data[here:offset].hex())
            words.append(f"<{self.kind(kind)} " + self.reference(
                relocation, start if base is None else base) + ">")
            here = offset + self.field_size(kind)
        if here < end:
            words.append(section.data[here:end].hex())
        return " ".join(words)

    def instructions(self, section, start, end):
        """The lines of a piece of code, with labels of their own."""
        first = bisect.bisect_left(self.starts[section.index], start)
        last = bisect.bisect_left(self.starts[section.index], end)
        code = self.code[section.index][first:last]
        relocations = section.relocations
        at = bisect.bisect_left(relocations, (start,))
        labels, parts = {}, []
        for _, stop, text in code:
            references = []
            while at < len(relocations) and relocations[at][0] < stop:
                references.append(relocations[at])
                at += 1
            parts.append(self.operands(section, text, references, stop,
                                       (start, end), labels))
        names = {place: f"L{number}"
                 for number, place in enumerate(sorted(labels), 1)}
        lines, places = [], sorted(names)
        for (offset, _, _), part in zip(code, parts):
            while places and places[0] <= offset:
                lines.append(f"{names[places.pop(0)]}:")
            lines.append(part if isinstance(part, str)
                         else part[0] + names[part[1]])
        return lines

    def operands(self, section, text, references, stop, extent, labels):
        """
        One instruction without addresses: its text, or (text, offset) when
        a label of the same piece of code is to be appended.
        """
        words = [(r[1], self.reference(r, stop)) for r in references]
        rip = RIP_TARGET.search(text)
        text = " ".join(COMMENT.sub("", text).split())
        text = RIP.sub("(%rip)", text)
        branch = BRANCH.match(text)
        if branch and words:
            text = branch.group(1)
        elif branch:
            place = int(branch.group(2), 16)
            # A call or jump to the own beginning is one to the function.
            if extent[0] < place < extent[1]:
                labels[place] = True
                return branch.group(1), place
            return branch.group(1) + self.describe(section, place)
        elif rip and not words:
            place = self.describe(section, int(rip.group(1), 16))
            return f"{text} {place}"
        for kind, word in words:
            if kind not in PLAIN[self.machine]:
                word = f"<{self.kind(kind)} {word}>"
            text = f"{text.rstrip()} {word}"
        return text

    def item(self, symbol):
        """The Item of a defined symbol."""
        section = symbol.section
        end = self.extents[symbol]
        self.use(section, symbol.value, end)
        where = (f"{symbol.binding} {symbol.visibility} symbol in "
                 f"{self.section_kind(symbol)}")
        if section.is_code:
            lines = self.instructions(section, symbol.value, end)
            notes = self.notes.get(symbol, ())
            return Item(symbol, where,
                        lines + [f"; @{number} {text}"
                                 for number, text in sorted(notes)])
        row = SEARCHED.get(canonical(symbol.name))
        if row:
            rows = [self.span(section, place, place + row)
                    for place in range(symbol.value, end, row)]
            return Item(symbol, f"{where}, {end - symbol.value} bytes",
                        sorted(rows))
        text = self.span(section, symbol.value, end, base=symbol.value)
        return Item(symbol, f"{where}, {end - symbol.value} bytes",
                    text.split(" <"))

    def section_kind(self, symbol):
        """A section's name without that of the symbol it was made for."""
        name = symbol.section.name
        own = canonical(symbol.name)
        for suffix in (own, own.split(".")[0]):
            if canonical(name).endswith("." + suffix):
                return canonical(name)[:-len(suffix) - 1]
        return name

    # What belongs to no symbol

    def leftovers(self):
        """Lines for all content that no symbol, record or reference told."""
        lines = []
        for section in self.obj.loaded_sections():
            if section.name.startswith(IGNORED) or \
                    section.flags & elf.SHF_MERGE or \
                    section.type == elf.SHT_NOBITS:
                continue
            here = 0
            for start, end in sorted(self.used.get(section.index, [])) + \
                    [(section.size, section.size)]:
                if start > here:
                    lines += self.leftover(section, here, start)
                here = max(here, end)
        return lines

    def leftover(self, section, start, end):
        if section.is_code:
            lines = [line for line in self.instructions(section, start, end)
                     if not PADDING.match(line)]
            return [f"{section.name}: {line}" for line in lines]
        text = self.span(section, start, end, strip=section.align)
        return [f"{section.name}: {text}"] if text.strip("0 ") else []
