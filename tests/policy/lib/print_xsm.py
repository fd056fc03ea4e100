# SPDX-License-Identifier: GPL-2.0-or-later
"""A random policy as the language of xsmc says it."""


class PrintXsm:
    def xsm_expression(self, e):
        if isinstance(e, str):
            return e
        if e[0] == "!":
            return f"!({self.xsm_expression(e[1])})"
        return f"({self.xsm_expression(e[1])} {e[0]} {self.xsm_expression(e[2])})"

    def xsm_cexpr(self, e, names):
        ops = {"==": "==", "!=": "!=", "dom": ">=", "domby": "<="}
        parts = {"u": "user", "r": "role", "t": "type", "l": "low", "h": "high"}
        if e[0] == "cmp":
            a, b = (f"{names[int(x[1]) - 1]}.{parts[x[0]]}" for x in (e[1], e[3]))
            return f"incomparable({a}, {b})" if e[2] == "incomp" else f"{a} {ops[e[2]]} {b}"
        if e[0] == "names":
            side = f"{names[e[2] - 1]}.{parts[e[1]]}"
            if len(e[4]) == 1:
                return f"{side} {e[3]} {e[4][0]}"
            text = f"in({side}, {', '.join(e[4])})"
            return text if e[3] == "==" else f"!{text}"
        if e[0] == "not":
            return f"!({self.xsm_cexpr(e[1], names)})"
        op = {"and": "&&", "or": "||"}[e[0]]
        return f"(({self.xsm_cexpr(e[1], names)}) {op} ({self.xsm_cexpr(e[2], names)}))"

    def xsm_rule(self, rule):
        kind, s, o, accesses = rule
        word = {"neverallow": "never"}.get(kind, kind)
        return "".join(f"{word} {s.xsm()} -> {o.xsm()} {name}:{{ {', '.join(perms)} }};\n" for name, perms in accesses)

    def xsm_transition(self, rule):
        kind, s, o, name, result = rule
        return f"{kind[5:]} {s.xsm()} -> {o.xsm()} {name} to {result};\n"

    def xsm_context(self, c):
        return f"{c[0]}:{c[1]}:{c[2]}" + (f":{self.te_range(c[3])}" if self.mls else "")

    def xsm(self):
        out = []
        add = out.append
        for name in self.classes:
            add(f"class {name} {{ {' '.join(self.perms_of(name))} }}\n")
        for name in self.sids:
            add(f"sid {name};\n")
        for name in self.sens:
            alias = [a for a, to in self.sens_alias.items() if to == name]
            add(f"sensitivity {name}{' alias ' + alias[0] if alias else ''};\n")
        if self.mls and self.cat_alias:
            for name in self.cats:
                alias = [a for a, to in self.cat_alias.items() if to == name]
                add(f"category {name}{' alias ' + alias[0] if alias else ''};\n")
        elif self.mls:
            add(f"category {self.cats[0]}.{self.cats[-1]};\n" if len(self.cats) > 1 else f"category {self.cats[0]};\n")
        if self.mls:
            name = next(iter(self.classes))
            add(f"constrain {name}:{self.perms_of(name)[0]} to "
                "subject.user == object.user || subject.low == object.low || subject.low != object.low;\n")
        for name in self.caps:
            add(f"policycap {name};\n")
        # The rules first: order does not matter.
        for rule in self.rules + self.never:
            add(self.xsm_rule(rule))
        for rule in self.transitions:
            add(self.xsm_transition(rule))
        for name in self.attributes:
            add(f'attribute {name} "attribute {name}";\n')
        for name, attrs in self.types.items():
            alias = [a for a, to in self.aliases.items() if to == name]
            add(f"type {name}{' alias ' + ', '.join(alias) if alias else ''}"
                f"{' is ' + ', '.join(attrs) if attrs else ''};\n")
        for name, attr in self.later:
            add(f"attribute {attr} of {name};\n")
        for child, parent in self.bounded:
            add(f"bound {child} by {parent};\n")
        for name, value in self.bools.items():
            add(f'bool {name} {str(value).lower()} "a boolean";\n')
        for name in self.permissive:
            add(f"permissive {name};\n")
        for name, sets in self.roles.items():
            add(f"role {name};\n")
            for s in sets:
                text = s.xsm()
                add(f"role {name} of {text};\n")
        for e, then, otherwise in self.conditionals:
            add(f"if {self.xsm_expression(e)} {{\n")
            add("".join(map(self.xsm_rule, then[0])) + "".join(map(self.xsm_transition, then[1])))
            if otherwise[0] or otherwise[1]:
                add("} else {\n")
                add("".join(map(self.xsm_rule, otherwise[0])) + "".join(map(self.xsm_transition, otherwise[1])))
            add("}\n")
        for a, b in self.role_allows:
            add(f"allow role {{ {', '.join(a)} }} -> {{ {', '.join(b)} }};\n")
        for roles, kind, name, to in self.role_transitions:
            add(f"transition role {{ {', '.join(roles)} }} -> {kind} {name} to {to};\n")
        for s, o, name, levels in self.ranges:
            add(f"transition range {s} -> {o} {name} to {self.te_range(levels)};\n")
        for name, (roles, levels) in self.users.items():
            add(f"user {name} as {', '.join(roles)}{f' range {self.te_range(levels)}' if self.mls else ''};\n")
        for accesses, e in self.constraints:
            for name, perms in accesses:
                add(f'constrain {name}:{{ {", ".join(perms)} }} to {self.xsm_cexpr(e, ("subject", "object"))} "why";\n')
        for names, e in self.validates:
            add(f'validate {names[0]} to {self.xsm_cexpr(e, ("old", "new", "process"))};\n')
        for name, c in self.contexts.items():
            add(f"label sid {name} {self.xsm_context(c)};\n")
        for word, low, high, c in self.resources:
            where = f'"{low}"' if word == "dtdev" else f"0x{low:x}" if low == high else f"0x{low:x}-0x{high:x}"
            add(f"label {word} {where} {self.xsm_context(c)};\n")
        return "".join(out)
