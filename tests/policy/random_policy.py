# SPDX-License-Identifier: GPL-2.0-or-later
"""Random policies that use every statement, printed in the checkpolicy dialect and in the language of xsmc.

A policy is built once, as plain data, by Policy(seed, ...); te() and xsm() print it. What only one of the two
dialects can say is left out when `common` is set.
"""
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "lib"))

from print_te import PrintTe  # noqa: E402
from print_xsm import PrintXsm  # noqa: E402


class Set:
    """Types with attributes: everything but `out`, the complement, `self`."""

    def __init__(self, names, out=(), star=False, complement=False, itself=False):
        self.names, self.out, self.star, self.complement, self.itself = list(names), list(out), star, complement, itself

    def te(self):
        if self.star:
            return "*"
        names = self.names + (["self"] if self.itself else [])
        if len(names) == 1 and not self.out:
            return ("~" if self.complement else "") + names[0]
        text = "{ " + " ".join(names + ["-" + n for n in self.out]) + " }"
        return ("~" if self.complement else "") + text

    def xsm(self):
        return self.te() if self.star or "{" not in self.te() else self.te().replace("{ ", "{", 1).replace(
            " }", "}").replace(" ", ", ")


class Policy(PrintTe, PrintXsm):
    def __init__(self, seed, mls=False, common=False, size=1, never=0, bounds=True, loose=False):
        self.r = r = random.Random(seed)
        self.mls, self.common_only, self.size = mls, common, size
        self.keyed = {}
        self.commons = {}
        if not common and r.random() < 0.5:
            self.commons = {f"co{i}": [f"q{i}_{j}" for j in range(r.randint(1, 5))] for i in range(r.randint(1, 2))}
        self.classes = {}
        for i in range(r.randint(2, 8)):
            own = [f"p{j}" for j in range(r.choice([1, 2, 5, 9, 26]))]
            share = r.choice([None, *self.commons]) if self.commons else None
            self.classes[f"k{i}"] = (share, own)
        self.sids = [f"sid_{i}" for i in range(r.randint(1, 13))]
        self.attributes = [f"at{i}" for i in range(r.randint(1, 6))]
        self.types = {}
        for i in range(r.randint(3, 20 * size)):
            attrs = r.sample(self.attributes, r.randint(0, min(3, len(self.attributes))))
            self.types[f"t{i}_t"] = attrs
        self.aliases = {f"al{i}_t": r.choice(list(self.types)) for i in range(r.randint(0, 4))}
        self.later = [(r.choice(list(self.types)), r.choice(self.attributes)) for _ in range(r.randint(0, 4))]
        self.bools = {f"b{i}": r.random() < 0.5 for i in range(r.randint(0, 5))}
        self.tunables = {} if common else {f"tu{i}": r.random() < 0.5 for i in range(r.randint(0, 2))}
        self.levels()
        self.roles_and_users()
        self.rules = [self.rule() for _ in range(r.randint(3, 60 * size))]
        self.never = [self.neverallow() for _ in range(never)]
        self.transitions = [self.transition() for _ in range(r.randint(0, 12))]
        self.conditionals = [self.conditional(i) for i in range(r.randint(0, 6))] if self.bools else []
        if self.tunables:
            self.conditionals += [self.conditional(100 + i, self.tunables) for i in range(r.randint(0, 2))]
        self.constraints = [self.constraint() for _ in range(r.randint(0, 5))]
        self.validates = [self.validate() for _ in range(r.randint(0, 2))]
        self.role_transitions = self.unique_role_transitions()
        self.role_allows = [(self.some_roles(), self.some_roles()) for _ in range(r.randint(0, 3))]
        self.ranges = self.unique_ranges() if mls else []
        self.permissive = r.sample(list(self.types), r.randint(0, 2))
        self.caps = r.sample(["network_peer_controls", "open_perms", "always_check_network"], r.randint(0, 2))
        self.unknown = None
        self.optionals = [] if common else [self.optional(i) for i in range(r.randint(0, 3))]
        # A bounded type of its own, which may do just a part of what its bound may.
        self.bounded = []
        if bounds and r.random() < 0.4:
            parent = r.choice(list(self.types))
            self.types["child_t"] = []
            self.bounded.append(("child_t", parent))
            for kind, s, o, accesses in list(self.rules):
                if kind == "allow" and s.names == [parent] and not (s.out or s.complement or s.star or o.itself):
                    if "child_t" not in o.names and all(n in self.types for n in o.names):
                        self.rules.append((kind, Set(["child_t"]), o, accesses))
        # A type bounded by another at random, which gets most of what it may do.
        if loose:
            child, parent = r.sample([t for t in self.types if t != "child_t"], 2)
            self.bounded.append((child, parent))
            whom = {child, *self.types[child], *(a for t, a in self.later if t == child)}
            for kind, s, o, accesses in list(self.rules):
                if kind == "allow" and whom & set(s.names + [self.aliases.get(n) for n in s.names]) and r.random() < 0.9:
                    names = o.names + ([child] if o.itself else [])
                    self.rules.append((kind, Set([parent]), Set(names + [parent]), accesses))
        self.expanded = [] if common else r.sample(self.attributes, r.randint(0, 1))
        self.labels()
        self.defaults = [] if common else self.some_defaults()

    # ---- parts ----

    def perms_of(self, name):
        share, own = self.classes[name]
        return (self.commons[share] if share else []) + own

    def access(self, several=True):
        names = self.r.sample(list(self.classes), self.r.choice([1, 1, 1, 2]) if several else 1)
        out = []
        for name in names[:1]:
            perms = self.perms_of(name)
            out.append((name, self.r.sample(perms, self.r.randint(1, len(perms)))))
        return out

    def type_name(self):
        pools = [list(self.types), self.attributes]
        if self.aliases:
            pools.append(list(self.aliases))
        return self.r.choice(self.r.choices(pools, [6, 3, 1][:len(pools)])[0])

    def set(self, itself=False, wild=False):
        r = self.r
        kind = r.random()
        if itself and kind < 0.12:
            return Set([], itself=True) if r.random() < 0.6 else Set([self.type_name()], itself=True)
        if wild and kind < 0.2:
            return Set([], star=True)
        names = [self.type_name() for _ in range(r.choice([1, 1, 1, 1, 2, 3]))]
        names = list(dict.fromkeys(names))
        out = [self.type_name()] if r.random() < 0.15 else []
        return Set(names, [o for o in out if o not in names], complement=wild and r.random() < 0.3)

    def rule(self):
        kind = self.r.choices(["allow", "auditallow", "dontaudit", "auditdeny"],
                              [8, 1, 1, 0 if self.common_only else 0.4])[0]
        accesses = self.access()
        # checkpolicy keeps an entry that silences nothing for `auditdeny` of all; sediff trips over it.
        if kind == "auditdeny" and any(set(perms) == set(self.perms_of(name)) for name, perms in accesses):
            kind = "auditallow"
        return kind, self.set(), self.set(itself=True), accesses

    def neverallow(self):
        objects = self.set(itself=True, wild=True)
        # libsepol 3.4 accepts a broken assertion on `{ b_t self }`: it counts the objects of `self` alone
        # (report_assertion_avtab_matches() in assertion.c). xsmc refuses it, so the verdicts would differ.
        if objects.itself:
            objects = Set([], itself=True)
        return "neverallow", self.set(wild=True), objects, self.access()

    def transition(self):
        """The result depends on kind and class alone, so that no two rules conflict."""
        kind = self.r.choice(["type_transition", "type_member", "type_change"])
        name = self.r.choice(list(self.classes))
        plain = list(self.types)
        key = (kind, name)
        if key not in self.keyed:
            self.keyed[key] = self.r.choice(plain)
        return kind, self.set(), self.set(), name, self.keyed[key]

    def condition(self, names):
        """libsepol 3.4 takes two conditions for one whose truth tables look alike when their booleans are named in
        another order (cond_expr_equal() in conditional.c), so all name them in the same."""
        while True:
            e = self.expression(names)
            seen = list(dict.fromkeys(self.booleans_of(e)))
            if seen == sorted(seen):
                return e

    def booleans_of(self, e):
        return [e] if isinstance(e, str) else [n for x in e[1:] for n in self.booleans_of(x)]

    def expression(self, names, depth=0):
        r = self.r
        if depth > 2 or r.random() < 0.4:
            return r.choice(list(names))
        if r.random() < 0.25:
            return ("!", self.expression(names, depth + 1))
        op = r.choice(["&&", "||", "==", "!="] + ([] if self.common_only else ["^"]))
        return (op, self.expression(names, depth + 1), self.expression(names, depth + 1))

    def conditional(self, number, names=None):
        def branch():
            out = [self.rule() for _ in range(self.r.randint(0, 4))]
            return [x for x in out if x[0] != "auditdeny"]
        then, otherwise = branch(), branch()
        # Types of its own keep the transitions of a condition apart from all others.
        own = f"c{number}_t"
        self.types[own] = []
        plain = list(self.types)
        transitions = [[], []]
        for which in range(2):
            if self.r.random() < 0.4:
                transitions[which].append(("type_transition", Set([own]), Set([self.r.choice(plain)]),
                                           self.r.choice(list(self.classes)), self.r.choice(plain)))
        return self.condition(names or self.bools), (then, transitions[0]), (otherwise, transitions[1])

    def optional(self, number):
        """A block that counts, and perhaps declares a type, or one that needs what is not there; and its `else`."""
        there = self.r.random() < 0.6
        kind = self.r.choice(list(self.classes))
        perm = self.r.choice(self.perms_of(kind))
        needs = self.r.choice(list(self.types)) if there else f"missing{number}_t"
        if there and number and self.r.random() < 0.4:
            needs = "o0_t"      # what another block declares, if that counts
        rules = [x for x in (self.rule() for _ in range(2)) if x[0] != "auditdeny"]
        return needs, kind, perm, f"o{number}_t", rules, self.r.random() < 0.5, self.rule()

    def te_optional(self, block):
        needs, kind, perm, new, rules, with_else, other = block
        text = f"optional {{\n\trequire {{ type {needs}; class {kind} {{ {perm} }}; }}\n\ttype {new};\n"
        text += f"\tallow {new} {needs} : {kind} {perm};\n" + "".join(map(self.te_rule, rules)) + "}"
        if with_else:
            text += f" else {{\n{self.te_rule(other)}}}"
        return text + "\n"

    def levels(self):
        r = self.r
        self.sens = [f"s{i}" for i in range(r.randint(1, 4))] if self.mls else []
        self.cats = [f"c{i}" for i in range(r.choice([1, 3, 5, 70]))] if self.mls else []
        self.sens_alias = {"low_s": r.choice(self.sens)} if self.mls and r.random() < 0.5 else {}
        self.cat_alias = {"odd_c": r.choice(self.cats)} if self.mls and r.random() < 0.5 else {}

    def cat_set(self):
        if not self.cats or self.r.random() < 0.3:
            return []
        a, b = sorted(self.r.sample(range(len(self.cats)), 2)) if len(self.cats) > 1 else (0, 0)
        out = [(a, b)]
        if self.r.random() < 0.3 and b + 2 < len(self.cats):
            out.append((b + 2, b + 2))
        return out

    def level_in(self, low, high):
        """A level between s_low and s_high with every category or fewer."""
        return (self.r.randint(low, high), self.cat_set())

    def range(self):
        low = self.r.randint(0, len(self.sens) - 1)
        high = self.r.randint(low, len(self.sens) - 1)
        cats = self.cat_set()
        return ((low, []), (high, cats)) if self.r.random() < 0.6 else ((low, cats), (low, cats))

    def roles_and_users(self):
        r = self.r
        # checkpolicy makes one set of a role's statements, xsmc keeps them apart: `-` then means something else.
        def types():
            s = self.set()
            return Set(s.names) if self.common_only else s
        self.roles = {f"r{i}_r": [types() for _ in range(r.randint(0, 2))] for i in range(r.randint(1, 4))}
        self.roles["main_r"] = [Set(list(self.types))]
        self.role_attributes = {} if self.common_only else {f"ra{i}": [self.set()] for i in range(r.randint(0, 2))}
        self.role_members = [(r.choice(list(self.roles)), r.choice(list(self.role_attributes)))
                             for _ in range(r.randint(0, 3))] if self.role_attributes else []
        self.dominance = []
        if not self.common_only and r.random() < 0.2 and len(self.roles) > 2:
            self.dominance = r.sample([x for x in self.roles if x != "main_r"], 2)
        self.users = {}
        for i in range(r.randint(0, 4)):
            self.users[f"u{i}_u"] = (self.some_roles(attributes=not self.common_only),
                                     self.range() if self.mls else None)
        whole = ((0, []), (len(self.sens) - 1, [(0, len(self.cats) - 1)])) if self.mls else None
        self.users["main_u"] = (["main_r"], whole)

    def some_roles(self, attributes=False):
        pool = list(self.roles) + (list(self.role_attributes) if attributes else [])
        return self.r.sample(pool, self.r.randint(1, min(3, len(pool))))

    def unique_role_transitions(self):
        out, used = [], set()
        for _ in range(self.r.randint(0, 3)):
            roles, kind = self.some_roles(), self.r.choice(list(self.classes))
            own = self.r.choice(list(self.types))
            if any((x, own, kind) in used for x in roles):
                continue
            used |= {(x, own, kind) for x in roles}
            out.append((roles, own, kind, self.r.choice(list(self.roles))))
        return out

    def unique_ranges(self):
        out, used = [], set()
        for _ in range(self.r.randint(0, 5)):
            s, o, kind = (self.r.choice(list(self.types)), self.r.choice(list(self.types)),
                          self.r.choice(list(self.classes)))
            if (s, o, kind) not in used:
                used.add((s, o, kind))
                out.append((s, o, kind, self.range()))
        return out

    def comparison(self, validate):
        r = self.r
        pick = r.random()
        if self.mls and pick < 0.3:
            a, b = r.choice([("l1", "l2"), ("l1", "h2"), ("h1", "l2"), ("h1", "h2"), ("l1", "h1"), ("l2", "h2")])
            return ("cmp", a, r.choice(["==", "!=", "dom", "domby", "incomp"]), b)
        kind = r.choice("urt")
        if pick < 0.5:
            ops = ["==", "!=", "dom", "domby", "incomp"] if kind == "r" else ["==", "!="]
            return ("cmp", kind + "1", r.choice(ops), kind + "2")
        pool = {"u": list(self.users), "r": list(self.roles), "t": list(self.types) + self.attributes}[kind]
        names = r.sample(pool, r.randint(1, min(3, len(pool))))
        return ("names", kind, r.choice([1, 2, 3] if validate else [1, 2]), r.choice(["==", "!="]), names)

    def cexpr(self, validate, depth=0):
        r = self.r
        if depth > 1 or r.random() < 0.5:
            return self.comparison(validate)
        if r.random() < 0.2:
            return ("not", self.cexpr(validate, depth + 1))
        return (r.choice(["and", "or"]), self.cexpr(validate, depth + 1), self.cexpr(validate, depth + 1))

    def constraint(self):
        return self.access(several=False), self.cexpr(False)

    def validate(self):
        return [self.r.choice(list(self.classes))], self.cexpr(True)

    def context(self):
        kind = self.r.choice(list(self.types))
        role = self.r.choice(["main_r", "object_r"])
        levels = None
        if self.mls:
            levels = self.range()
        return ("main_u", role, kind, levels)

    def some_types_of_main(self):
        self.roles["main_r"] = [Set(list(self.types))]

    def labels(self):
        r = self.r
        self.some_types_of_main()
        self.contexts = {s: self.context() for s in self.sids}
        self.resources = []
        at = 1
        for _ in range(r.randint(0, 4)):
            self.resources.append(("irq", at, at, self.context()))
            at += r.randint(1, 100)
        for word, step in (("iomem", 0x10000), ("ioport", 100)):
            at = 1
            for _ in range(r.randint(0, 4)):
                high = at + r.choice([0, r.randint(0, step)])
                self.resources.append((word, at, high, self.context()))
                at = high + 1 + r.randint(0, step)
        for i in range(r.randint(0, 2)):
            self.resources.append(("pci", 0xc800 + i, 0xc800 + i, self.context()))
        for i in range(r.randint(0, 2)):
            self.resources.append(("dtdev", f"/soc/dev@{i}", None, self.context()))

    def some_defaults(self):
        r, out = self.r, []
        for name in self.classes:
            if r.random() < 0.2:
                out.append((r.choice(["default_user", "default_role", "default_type"]), name, r.choice(["source", "target"])))
            if self.mls and r.random() < 0.2:
                out.append(("default_range", name, r.choice(["source low", "target high", "source low-high"])))
        return out

    def levels_in(self, e):
        if e[0] == "cmp":
            return e[1][0] in "lh"
        return e[0] != "names" and any(self.levels_in(x) for x in e[1:])

    def users_in(self, e):
        """checkpolicy knows no users yet where mlsconstrain stands."""
        if e[0] == "names":
            return e[1] == "u"
        return e[0] != "cmp" and any(self.users_in(x) for x in e[1:])
