# SPDX-License-Identifier: GPL-2.0-or-later
"""A random policy as the checkpolicy dialect says it."""


class PrintTe:
    def te_level(self, level):
        s, cats = level
        text = self.sens[s]
        if cats:
            text += ":" + ",".join(self.cats[a] if a == b else f"{self.cats[a]}.{self.cats[b]}" for a, b in cats)
        return text

    def te_range(self, levels):
        return f"{self.te_level(levels[0])} - {self.te_level(levels[1])}"

    def te_context(self, c):
        return f"{c[0]}:{c[1]}:{c[2]}" + (f":{self.te_range(c[3])}" if self.mls else "")

    def te_expression(self, e):
        if isinstance(e, str):
            return e
        if e[0] == "!":
            return f"!({self.te_expression(e[1])})"
        return f"({self.te_expression(e[1])} {e[0]} {self.te_expression(e[2])})"

    def te_cexpr(self, e):
        if e[0] == "cmp":
            return f"{e[1]} {e[2]} {e[3]}"
        if e[0] == "names":
            return f"{e[1]}{e[2]} {e[3]} {{ {' '.join(e[4])} }}"
        if e[0] == "not":
            return f"not ({self.te_cexpr(e[1])})"
        return f"(({self.te_cexpr(e[1])}) {e[0]} ({self.te_cexpr(e[2])}))"

    def te_rule(self, rule):
        kind, s, o, accesses = rule
        return "".join(f"{kind} {s.te()} {o.te()} : {name} {{ {' '.join(perms)} }};\n" for name, perms in accesses)

    def te_transition(self, rule):
        kind, s, o, name, result = rule
        return f"{kind} {s.te()} {o.te()} : {name} {result};\n"

    def te(self):
        out = []
        add = out.append
        for name in self.classes:
            add(f"class {name}\n")
        for name in self.sids:
            add(f"sid {name}\n")
        for name, perms in self.commons.items():
            add(f"common {name} {{ {' '.join(perms)} }}\n")
        for name, (share, own) in self.classes.items():
            add(f"class {name}{f' inherits {share}' if share else ''} {{ {' '.join(own)} }}\n")
        for what, name, source in self.defaults:
            add(f"{what} {name} {source};\n")
        mls_constraints = [c for c in self.constraints if self.levels_in(c[1]) and not self.users_in(c[1])]
        if self.mls:
            for name in self.sens:
                alias = [a for a, to in self.sens_alias.items() if to == name]
                add(f"sensitivity {name}{' alias ' + alias[0] if alias else ''};\n")
            add(f"dominance {{ {' '.join(self.sens)} }}\n")
            for name in self.cats:
                alias = [a for a, to in self.cat_alias.items() if to == name]
                add(f"category {name}{' alias ' + alias[0] if alias else ''};\n")
            for i in range(len(self.sens)):
                add(f"level {self.te_level((i, [(0, len(self.cats) - 1)]))};\n")
            for accesses, e in mls_constraints:
                for name, perms in accesses:
                    add(f"mlsconstrain {name} {{ {' '.join(perms)} }} {self.te_cexpr(e)};\n")
            # The grammar wants at least one.
            name = next(iter(self.classes))
            add(f"MLSCONSTRAIN {name} {{ {self.perms_of(name)[0]} }} (u1 == u2 or l1 eq l2 or l1 != l2);\n")
            if not self.common_only:
                add(f"mlsvalidatetrans {name} (l1 dom h2 and t3 == {next(iter(self.types))});\n")
        for name in self.caps:
            add(f"policycap {name};\n")
        for name in self.attributes:
            add(f"attribute {name};\n")
        for name in self.expanded:
            add(f"expandattribute {name} true;\n")
        for name, attrs in self.types.items():
            add(f"type {name}{''.join(', ' + a for a in attrs)};\n")
        for name, to in self.aliases.items():
            add(f"typealias {to} alias {name};\n")
        for name, attr in self.later:
            add(f"typeattribute {name} {attr};\n")
        for child, parent in self.bounded:
            add(f"typebounds {parent} {child};\n")
        for name, value in self.bools.items():
            add(f"bool {name} {str(value).lower()};\n")
        for name, value in self.tunables.items():
            add(f"tunable {name} {str(value).lower()};\n")
        for name in self.permissive:
            add(f"permissive {name};\n")
        for name in self.role_attributes:
            add(f"attribute_role {name};\n")
        for name in self.roles:
            add(f"role {name};\n")
        for name, sets in [*self.roles.items(), *self.role_attributes.items()]:
            for s in sets:
                add(f"role {name} types {s.te()};\n")
        for name, attr in self.role_members:
            add(f"roleattribute {name} {attr};\n")
        if self.dominance:
            add(f"dominance {{ role {self.dominance[0]} {{ role {self.dominance[1]}; }} }}\n")
        for rule in self.rules + self.never:
            add(self.te_rule(rule))
        for rule in self.transitions:
            add(self.te_transition(rule))
        for e, then, otherwise in self.conditionals:
            add(f"if ({self.te_expression(e)}) {{\n")
            add("".join(map(self.te_rule, then[0])) + "".join(map(self.te_transition, then[1])))
            if otherwise[0] or otherwise[1]:
                add("} else {\n")
                add("".join(map(self.te_rule, otherwise[0])) + "".join(map(self.te_transition, otherwise[1])))
            add("}\n")
        for block in self.optionals:
            add(self.te_optional(block))
        for a, b in self.role_allows:
            add(f"allow {{ {' '.join(a)} }} {{ {' '.join(b)} }};\n")
        for roles, kind, name, to in self.role_transitions:
            add(f"role_transition {{ {' '.join(roles)} }} {kind} : {name} {to};\n")
        for s, o, name, levels in self.ranges:
            add(f"range_transition {s} {o} : {name} {self.te_range(levels)};\n")
        for name, (roles, levels) in self.users.items():
            add(f"user {name} roles {{ {' '.join(roles)} }}")
            if self.mls:
                add(f" level {self.te_level(levels[0])} range {self.te_range(levels)}")
            add(";\n")
        for accesses, e in self.constraints:
            if self.mls and (accesses, e) in mls_constraints:
                continue
            for name, perms in accesses:
                add(f"constrain {name} {{ {' '.join(perms)} }} {self.te_cexpr(e)};\n")
        for names, e in self.validates:
            add(f"validatetrans {names[0]} {self.te_cexpr(e)};\n")
        for name, c in self.contexts.items():
            add(f"sid {name} {self.te_context(c)}\n")
        words = {"irq": "pirqcon", "iomem": "iomemcon", "ioport": "ioportcon", "pci": "pcidevicecon",
                 "dtdev": "devicetreecon"}
        for word, low, high, c in self.resources:
            where = low if word == "dtdev" else f"0x{low:x}" if low == high else f"0x{low:x}-0x{high:x}"
            add(f"{words[word]} {where} {self.te_context(c)}\n")
        return "".join(out)
