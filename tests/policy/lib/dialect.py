# SPDX-License-Identifier: GPL-2.0-or-later
"""Random policies in the checkpolicy dialect: small, valid, and with every statement a policy for Xen can hold.

checkpolicy wants sections in order, a declaration before use, and no two transitions that disagree; whatever else is
chosen is chosen by chance.
"""
import random

LEVEL_PAIRS = [("l1", "l2"), ("l1", "h2"), ("h1", "l2"), ("h1", "h2"), ("l1", "h1"), ("l2", "h2")]


class Dialect:
    """A policy's names, and its text in `text`. `mls`: with levels (checkpolicy -M); `old`: for policy version 24."""

    def __init__(self, seed, mls=False, old=False, bounds=True):
        self.random = random.Random(seed)
        self.mls = mls
        self.old = old
        self.lines = []
        self.names()
        self.head()
        if mls:
            self.levels()
        self.enforcement(bounds)
        self.user_statements()
        self.constraints()
        self.labels()
        self.text = "\n".join(self.lines) + "\n"

    # ---- chance ----

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def some(self, items, least=1, most=4):
        items = list(items)
        return self.random.sample(items, min(len(items), self.random.randint(least, most)))

    def word(self, text):
        """A keyword, now and then in capitals."""
        return text.upper() if self.chance(5) else text

    def say(self, line):
        if self.chance(4):
            line += "  # a comment; with { marks }"
        if self.chance(4):
            line = line.replace(" ", "\n\t", 1)
        self.lines.append(line)

    # ---- names ----

    def names(self):
        r = self.random
        self.common = {f"common{i}": [f"shared{i}_{j}" for j in range(r.randint(1, 5))] for i in range(r.randint(0, 2))}
        self.classes, self.inherits = {}, {}
        for i in range(r.randint(2, 6)):
            own = [f"p{i}_{j}" for j in range(r.randint(1, 8))]
            if self.common and self.chance(40):
                self.inherits[f"class{i}"] = r.choice(list(self.common))
                if self.chance(30):
                    own = []
            self.classes[f"class{i}"] = (self.common[self.inherits[f"class{i}"]] if f"class{i}" in self.inherits
                                         else []) + own
        self.classes["domain"] = ["create", "transition", "query"]
        self.sids = [f"sid{i}" for i in range(r.randint(1, 6))]
        self.attributes = [f"attr{i}" for i in range(r.randint(1, 6))]
        self.types = [f"type{i}" for i in range(r.randint(3, 14))] + ["d-y_t", "upper_T2"]
        self.aliases = {}
        self.members = {a: set() for a in self.attributes}
        self.roles = [f"role{i}_r" for i in range(r.randint(1, 4))]
        self.role_attributes = [f"ra{i}_r" for i in range(r.randint(0, 2))]
        self.role_types = {role: set() for role in self.roles}
        self.bools = {f"b{i}": r.choice((True, False)) for i in range(r.randint(0, 4))}
        self.sens = [f"s{i}" for i in range(r.randint(1, 4))] if self.mls else []
        self.cats = [f"c{i}" for i in range(r.randint(1, 70))] if self.mls else []
        self.users = {f"user{i}_u": None for i in range(r.randint(1, 3))}
        self.permissive = set()
        self.bound = {}
        self.transitions = set()

    # ---- sections ----

    def head(self):
        for c in self.classes:
            self.say(f"{self.word('class')} {c}")
        self.say("class untouched")
        for s in self.sids:
            self.say(f"{self.word('sid')} {s}")
        for c, perms in self.common.items():
            self.say(f"common {c} {{ {' '.join(perms)} }}")
        for c, perms in self.classes.items():
            own = [p for p in perms if c not in self.inherits or p not in self.common[self.inherits[c]]]
            inherits = f" inherits {self.inherits[c]}" if c in self.inherits else ""
            self.say(f"class {c}{inherits}" + (f" {{ {' '.join(own)} }}" if own else ""))
        self.say("class untouched { never ever }")
        for what in ("default_user", "default_role", "default_type"):
            if self.chance(30):
                classes = self.some(self.classes)
                self.say(f"{what} {self.braces(classes)} {self.random.choice(('source', 'target'))};")

    def levels(self):
        for s in self.sens:
            self.say(f"sensitivity {s}{' alias { a_' + s + ' }' if self.chance(30) else ''};")
        if len(self.sens) == 1 and self.chance(50):
            self.say(f"dominance {{ {self.sens[0]} }}")
        else:
            self.say(f"dominance {{ {' '.join(self.sens)} }}")
        for c in self.cats:
            self.say(f"category {c}{' alias a_' + c if self.chance(10) else ''};")
        for s in self.sens:
            self.say(f"level {s}:{self.cats[0]}.{self.cats[-1]};" if len(self.cats) > 1
                     else f"level {s}:{self.cats[0]};")
        for kind in ["mlsconstrain"] + self.some(["mlsconstrain", "mlsconstrain", "mlsvalidatetrans"], 0, 3):
            self.constraint(kind)

    def categories(self, wanted):
        """The category numbers as text, runs as `a.b` now and then."""
        parts, i, wanted = [], 0, sorted(wanted)
        while i < len(wanted):
            j = i
            while j + 1 < len(wanted) and wanted[j + 1] == wanted[j] + 1:
                j += 1
            if j - i > 0:
                parts.append(f"c{wanted[i]}.c{wanted[j]}")
            else:
                parts.append(f"c{wanted[i]}")
            i = j + 1
        return ",".join(parts)

    def level(self, rank, categories):
        text = self.categories(categories)
        return self.sens[rank] + (f":{text}" if text else "")

    def range(self, within=None):
        """(text, (low rank, low categories), (high rank, high categories)), inside another one if given."""
        (low, low_cats), (high, high_cats) = within or ((0, set()), (len(self.sens) - 1, set(range(len(self.cats)))))
        a, b = sorted((self.random.randint(low, high), self.random.randint(low, high)))
        wide = low_cats | {c for c in high_cats if self.chance(60)}
        narrow = low_cats | {c for c in wide if self.chance(40)}
        text = self.level(a, narrow)
        if (a, narrow) != (b, wide) or self.chance(20):
            text += f" - {self.level(b, wide)}"
        return text, (a, narrow), (b, wide)

    def braces(self, items):
        items = list(items)
        if len(items) == 1 and not self.chance(10):
            return items[0]
        if len(items) > 2 and self.chance(15):
            return f"{{ {items[0]} {{ {' '.join(items[1:])} }} }}"
        return "{ " + " ".join(items) + " }"

    def flat(self, items):
        return items[0] if len(items) == 1 else "{ " + " ".join(items) + " }"

    def typeset(self, wild=False, self_too=False, one=False):
        names = self.types + self.attributes + list(self.aliases)
        if wild and self.chance(30):
            return self.random.choice(("*", "~" + self.braces(self.some(names))))
        chosen = self.some(names, 1, 1 if one else 3)
        if self.chance(20):
            out = [t for t in self.some(self.types, 1, 2) if t not in chosen]
            chosen += ["-" + t for t in out]
        if self_too and self.chance(20):
            chosen = chosen + ["self"] if self.chance(50) else ["self"]
        return self.braces(chosen)

    def access(self, wild=True):
        c = self.random.choice(list(self.classes))
        if wild and self.chance(15):
            return f"{c} *"
        if wild and len(self.classes[c]) > 1 and self.chance(15):
            return f"{c} ~{self.braces(self.some(self.classes[c], 1, len(self.classes[c]) - 1))}"
        same = [k for k in self.inherits if self.inherits[k] == self.inherits.get(c)]
        if len(same) > 1 and self.chance(40):
            return f"{self.braces(same)} {self.braces(self.some(self.common[self.inherits[c]]))}"
        return f"{c} {self.braces(self.some(self.classes[c]))}"

    def av_rule(self):
        kind = self.random.choice(("allow",) * 6 + ("auditallow", "dontaudit", "auditdeny"))
        return f"{self.word(kind)} {self.typeset()} {self.typeset(self_too=True)}:{self.access()};"

    def te_rule(self):
        kind = self.random.choice(("type_transition", "type_member", "type_change"))
        classes = self.some(self.classes, 1, 2)
        subject, object = self.random.choice(self.types), self.random.choice(self.types)
        if any((kind, subject, object, c) in self.transitions for c in classes):
            return None
        self.transitions |= {(kind, subject, object, c) for c in classes}
        return f"{kind} {subject} {object}:{self.braces(classes)} {self.random.choice(self.types)};"

    def condition(self, depth=0):
        kind = self.random.randrange(8) if depth < 3 else 0
        if kind < 3:
            return self.random.choice(list(self.bools))
        if kind == 3:
            return f"!{self.condition(3)}" if self.chance(70) else f"not ({self.condition(depth + 1)})"
        op = self.random.choice(("&&", "||", "^", "==", "!=", "and", "or", "xor"))
        return f"({self.condition(depth + 1)} {op} {self.condition(depth + 1)})"

    def conditional(self):
        lines = [f"if ({self.condition()}) {{"]
        for branch in range(self.random.randint(1, 2)):
            if branch:
                lines.append("} else {")
            for _ in range(self.random.randint(1, 3)):
                rule = self.av_rule() if self.chance(85) else self.te_rule()
                lines.append("\t" + (rule or self.av_rule()))
        self.lines += lines + ["}"]

    def bounded(self):
        """A child that may do some of what its parent may, and nothing else."""
        child, parent = "child_t", self.random.choice(self.types)
        self.say(f"type {child};")
        self.say(f"typebounds {parent} {child};")
        self.bound[child] = parent
        for _ in range(3):
            c = self.random.choice(list(self.classes))
            perms = self.some(self.classes[c])
            other = self.random.choice(self.types)
            self.say(f"allow {parent} {other}:{c} {self.braces(perms)};")
            self.say(f"allow {child} {other}:{c} {self.braces(self.some(perms))};")
        return child

    def enforcement(self, bounds):
        r = self.random
        for a in self.attributes:
            self.say(f"{self.word('attribute')} {a};")
        for t in self.types:
            own = self.some(self.attributes, 0, 2)
            alias = ""
            if self.chance(15):
                self.aliases[f"also_{t}"] = t
                alias = f" alias also_{t}"
            for a in own:
                self.members[a].add(t)
            self.say(f"{self.word('type')} {t}{alias}{''.join(', ' + a for a in own)};")
        for t in self.some(self.types, 0, 2):
            self.aliases[f"late_{t}"] = t
            self.say(f"typealias {t} alias {{ late_{t} }};")
        for t in self.some(self.types, 0, 3):
            own = self.some(self.attributes, 1, 2)
            for a in own:
                self.members[a].add(t)
            self.say(f"typeattribute {t} {', '.join(own)};")
        child = self.bounded() if bounds and self.chance(30) else None
        for b, value in self.bools.items():
            self.say(f"bool {b} {str(value).lower()};")
        for a in self.role_attributes:
            self.say(f"attribute_role {a};")
        for role in self.roles:
            self.say(f"role {role};")
            types = self.some(self.types + self.attributes)
            if child and self.chance(50):
                types.append(child)
            self.say(f"role {role} types {self.braces(types)};")
            for t in types:
                self.role_types[role] |= self.members.get(t, {t})
        for a in self.role_attributes:
            members, types = self.some(self.roles, 0, 2), self.some(self.types)
            for role in members:
                self.say(f"roleattribute {role} {a};")
            self.say(f"role {a} types {self.braces(types)};")
            if members:
                self.say(f"allow {a} {r.choice(self.roles)};")
        if len(self.roles) > 1 and self.chance(25):
            self.say(f"dominance {{ role above_r {{ {' '.join(f'role {role};' for role in self.some(self.roles))} }} }}")
        if len(self.roles) > 1:
            for _ in range(r.randint(0, 3)):
                self.say(f"allow {self.braces(self.some(self.roles, 1, 2))} {self.braces(self.some(self.roles, 1, 2))};")
        done = set()
        for _ in range(r.randint(0, 3)):
            role, t, c = r.choice(self.roles), r.choice(self.types), r.choice(list(self.classes))
            if (role, t, c) not in done:
                done.add((role, t, c))
                self.say(f"role_transition {role} {t}:{c} {r.choice(self.roles)};")
        for _ in range(r.randint(4, 25)):
            self.say(self.av_rule())
        for _ in range(r.randint(0, 5)):
            rule = self.te_rule()
            if rule:
                self.say(rule)
        if self.bools:
            for _ in range(r.randint(0, 4)):
                self.conditional()
        self.say("neverallow * *:untouched *;")
        if self.chance(50):
            self.say(f"neverallow {self.typeset(wild=True)} {self.typeset(wild=True)}:untouched {{ never ever }};")
        for i in range(r.randint(0, 2)):
            self.optional(i)
        if self.mls:
            done = set()
            for _ in range(r.randint(0, 3)):
                s, o, c = r.choice(self.types), r.choice(self.types), r.choice(list(self.classes))
                if (s, o, c) not in done:
                    done.add((s, o, c))
                    self.say(f"range_transition {s} {o}:{c} {self.range()[0]};")
        if self.chance(20):
            t = r.choice(self.types)
            self.permissive.add(t)
            self.say(f"permissive {t};")

    def optional(self, number):
        """A block that counts or not, with its own type, and perhaps an else part."""
        there = self.chance(50)
        needed = self.random.choice(self.types) if there else f"missing{number}_t"
        c = self.random.choice(list(self.classes))
        perms = self.some(self.classes[c])
        self.lines += [
            "optional {",
            f"\trequire {{ type {needed}; class {c} {{ {' '.join(perms)} }}; }}",
            f"\tallow {needed} {needed}:{c} {self.braces(perms)};",
            "}" if self.chance(50) else
            f"}} else {{\n\tallow {self.types[0]} self:{c} {perms[0]};\n}}",
        ]

    def user_statements(self):
        for user in self.users:
            roles = self.some(self.roles, 1, 3)
            line = f"user {user} roles {self.braces(roles)}"
            range_ = None
            if self.mls:
                text, low, high = self.range()
                range_ = (low, high)
                line += f" level {self.level(*low)} range {text}"
            self.users[user] = (roles, range_)
            self.say(line + ";")

    # ---- constraints ----

    def comparison(self, validate):
        r = self.random
        whose = r.choice(("1", "2", "3") if validate else ("1", "2"))
        op = r.choice(("==", "!="))
        kind = r.randrange(8 if self.mls else 6)
        if kind == 0:
            return f"u1 {op} u2"
        if kind == 1:
            return f"r1 {r.choice(('==', '!=', 'eq', 'dom', 'domby', 'incomp'))} r2"
        if kind == 2:
            return f"t1 {op} t2"
        if kind == 3 and not self.mls:      # users are declared behind the MLS section
            return f"u{whose} {op} {self.flat(self.some(self.users, 1, 2))}"
        if kind <= 4:
            return f"r{whose} {op} {self.flat(self.some(self.roles, 1, 2))}"
        if kind == 5:
            return f"t{whose} {op} {self.flat(self.some(self.types + self.attributes, 1, 3))}"
        a, b = r.choice(LEVEL_PAIRS)
        return f"{a} {r.choice(('==', '!=', 'eq', 'dom', 'domby', 'incomp'))} {b}"

    def expression(self, validate, depth=0):
        kind = self.random.randrange(6) if depth < 3 else 0
        if kind < 2:
            return self.comparison(validate)
        if kind == 2:
            return f"{self.random.choice(('not', '!'))} ({self.expression(validate, depth + 1)})"
        op = self.random.choice(("and", "or", "&&", "||"))
        return f"({self.expression(validate, depth + 1)} {op} {self.expression(validate, depth + 1)})"

    def constraint(self, kind):
        mls, self.mls = self.mls, kind.startswith("mls")
        if kind.endswith("validatetrans"):
            self.say(f"{kind} {self.braces(self.some(self.classes))} ({self.expression(True)});")
        else:
            self.say(f"{kind} {self.access(wild=False)} ({self.expression(False)});")
        self.mls = mls

    def constraints(self):
        for _ in range(self.random.randint(0, 3)):
            self.constraint(self.random.choice(("constrain", "constrain", "validatetrans")))

    # ---- labels ----

    def context(self, plain=False):
        """A context that is valid; None where chance offered none."""
        user = self.random.choice(list(self.users))
        roles, range_ = self.users[user]
        role = self.random.choice(roles + ["object_r"])
        types = self.types if role == "object_r" else sorted(self.role_types[role])
        if not types:
            return None
        text = f"{user}:{role}:{self.random.choice(types)}"
        if self.mls:
            level = self.range(range_ if role != "object_r" else None)[0]
            text += ":" + (level.replace(" - ", "-") if plain else level)
        return text

    def some_context(self):
        while True:
            context = self.context()
            if context:
                return context

    def labels(self):
        r = self.random
        for s in self.sids:
            self.say(f"sid {s} {self.some_context()}")
        at = 1
        for _ in range(r.randint(0, 3)):
            self.say(f"pirqcon {at} {self.some_context()}")
            at += r.randint(1, 50)
        at = 0x100
        for _ in range(r.randint(0, 3)):
            end = at + r.randint(0, 0x1000)
            self.say(f"iomemcon {at:#x}{f'-{end:#x}' if end > at else ''} {self.some_context()}")
            at = end + r.randint(1, 0x100 if self.old else 0x100000000)
        at = 0x10
        for _ in range(r.randint(0, 3)):
            end = at + r.randint(0, 0x20)
            self.say(f"ioportcon {at:#x}{f'-{end:#x}' if end > at else ''} {self.some_context()}")
            at = end + r.randint(1, 0x100)
        for i in range(r.randint(0, 2)):
            self.say(f"pcidevicecon {0x800 * (i + 1):#x} {self.some_context()}")
        for i in range(0 if self.old else r.randint(0, 2)):
            self.say(f'devicetreecon "/soc/eth{i}@ff" {self.some_context()}' if self.chance(50)
                     else f"devicetreecon /soc/uart{i}@ee {self.some_context()}")
