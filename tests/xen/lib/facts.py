# SPDX-License-Identifier: GPL-2.0-or-later
"""The same facts read twice: from Xen's sources and from `xsmc dump`.

A fact is a key, a tuple that says what it is about, with a plain value.
tree_facts() reads struct xsm_ops, dummy.h, silo.c, Flask's hooks.c and
flask_op.c, the policy's definition files, the public headers and the call
sites.  dump_facts() reads the database.  Both know nothing of each other,
and where they disagree one of them is wrong.
"""

import os
import re

from csource import Source, c_files, need, strip_comments

ACTIONS = {"anyone": "XSM_HOOK", "self-or-target": "XSM_TARGET",
           "device-model": "XSM_DM_PRIV", "xenstore": "XSM_XS_PRIV",
           "control": "XSM_PRIV", "nobody": "-EPERM"}

# hook -> (header of its commands, pattern of their names, all of them or
# only those which a dispatcher outside the security modules has a case for)
COMMANDS = {
    "domctl": ("domctl.h", r"XEN_DOMCTL_(?!vmtrace_(?!op))[a-z]\w*", False),
    "sysctl": ("sysctl.h", r"XEN_SYSCTL_(?!pm_op_)[a-z]\w*", False),
    "platform_op": ("platform.h", r"XENPF_[a-z]\w*", False),
    "xen_version": ("version.h", r"XENVER_[a-z]\w*", False),
    "pmu_op": ("pmu.h", r"XENPMU_[a-z]\w*", False),
    "profile": ("xenoprof.h", r"XENOPROF_[a-z]\w*", False),
    "shadow_control": ("domctl.h", r"XEN_DOMCTL_SHADOW_OP_\w+", False),
    "domctl_scheduler_op": ("domctl.h", r"XEN_DOMCTL_SCHEDOP_\w+", False),
    "sysctl_scheduler_op": ("sysctl.h", r"XEN_SYSCTL_SCHEDOP_\w+", False),
    "page_offline": ("sysctl.h", r"sysctl_\w*page_o\w+", False),
    "console_io": ("xen.h", r"CONSOLEIO_[a-z]\w*", False),
    "do_xsm_op": ("xsm/flask_op.h", r"FLASK_[A-Z]\w+", True),
}

# Helpers of hooks.c and flask_op.c and what a call of them implies.
HELPERS = {
    "domain_has_xen": {"class xen", "sid xen"},
    "domain_has_evtchn": {"class event"},
    "domain_has_security": {"class security", "sid security"},
    "get_irq_sid": set(), "current_has_perm": set(),
    "avc_current_has_perm": set(), "avc_has_perm": set(),
    "domain_has_perm": set(), "domain_sid": set(), "evtchn_sid": set(),
    "domain_target_sid": set(), "avc_unknown_permission": set(),
}


# ---- what both sides share ----------------------------------------------

def definition_list(path):
    """The words of one of Flask's definition files without its comments."""
    with open(path, encoding="utf-8") as handle:
        return re.sub(r"#[^\n]*", "", handle.read()).split()


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


def counted(asked):
    """Permissions as often as they are asked for, classes and SIDs once."""
    return sorted([a for a in asked if a.startswith("permission ")] +
                  [a for a in set(asked) if not a.startswith("permission ")])


def type_of(parameter):
    """`const struct domain *d` as `const struct domain *`, `x[]` as `*`."""
    match = re.match(r"(.*?)(\w+)\s*(\[\])?$", squeezed(parameter), re.S)
    return squeezed(match[1].replace("*", " * ")) + (" *" if match[3] else "")


# ---- Xen's side ----------------------------------------------------------

def ops_facts(tree, facts):
    """struct xsm_ops: order, types and guards. Returns the names."""
    source = Source(tree, "xen/include/xsm/xsm.h")
    start = need(re.search(r"struct xsm_ops \{", source.text),
                 "struct xsm_ops").end()
    end = source.text.index("\n};", start)
    below = source.depth(start)
    names = []
    for match in re.finditer(
            r"([\w ]+?\**)\s*\(\*(\w+)\)\(((?:[^()]|\([^()]*\))*)\);",
            source.text[start:end]):
        returns, name, parameters = match.groups()
        facts["position", name] = len(names)
        facts["returns", name] = squeezed(returns).replace(" *", "*")
        facts["parameters", name] = [
            type_of(p) for p in parameters.split(",")
            if p.strip() not in ("", "void")]
        facts["guard", name] = source.guard(start + match.start(2), below)
        names.append(name)
    return names


def dummy_calls(body, parameters):
    """(action, subject, object) of every xsm_default_action() in a body."""
    def who(text):
        text = text.strip()
        if text == "current->domain":
            return "current"
        return "none" if text == "NULL" else f"argument {parameters.index(text)}"
    calls = []
    for match in re.finditer(r"xsm_default_action\(([^,]*),([^,]*),([^,]*)\);",
                             body):
        calls.append((match[1].strip(), who(match[2]), who(match[3])))
    return calls


def dummy_condition(text):
    text = squeezed(text).replace("evaluate_nospec(", "nospec(")
    return text.replace(" && !rc", "")


def dummy_facts(tree, names, facts):
    """The dummy policy: who may by default."""
    source = Source(tree, "xen/include/xsm/dummy.h")
    functions = source.functions()
    for name in names:
        function = need(functions.get(f"xsm_{name}"), f"xsm_{name}()")
        body, parameters = function.body, function.parameters
        assertion = re.search(r"XSM_ASSERT_ACTION\((\w+)\)", body)
        action = assertion[1] if assertion else None
        facts["assertion", name] = action
        if action is None:
            constant = re.findall(r"return\s*([^;]*);", body)
            if name != "set_system_active":     # a program of its own
                facts["result", name] = "".join(constant).strip()
            continue
        switch = function.switch()
        if switch:
            table = {}
            for label, _, case in switch[1]:
                calls = dummy_calls(case, parameters)
                if "block_speculation();" in case:
                    table[label] = ["barrier"]
                elif re.search(r"return\s+-EPERM;", case):
                    table[label] = ["-EPERM"]
                else:
                    table[label] = [a for a, _, _ in calls]
                for _, subject, object_ in calls:
                    facts["asked", name] = (subject, object_)
            facts["dummy table", name] = table
            continue
        calls = dummy_calls(body, parameters)
        conditions = [dummy_condition(c) for c in
                      re.findall(r"\n\s*if \( (.*) \)\n", body)]
        conditions += [""] * (len(calls) - len(conditions))
        facts["defaults", name] = [
            (action if a == "action" else a, s, o, c)
            for (a, s, o), c in zip(calls, conditions)]


def silo_facts(tree, facts):
    functions = Source(tree, "xen/xsm/silo.c").functions()
    for name, function in functions.items():
        if not name.startswith("silo_") or name in ("silo_init",
                                                    "silo_mode_dom_check"):
            continue
        a, b = need(re.search(r"silo_mode_dom_check\((\w+), (\w+)\)",
                              function.body), f"SILO's rule in {name}").groups()
        found = re.search(rf"{b} = rcu_lock_domain_by_any_id\((\w+)\)",
                          function.body)
        pair = [a, found[1] if found else b]
        facts["silo", name[5:]] = [function.parameters.index(p) for p in pair]


class Flask:
    """What a piece of Flask's code asks for, through the functions it calls."""

    def __init__(self, functions):
        self.functions = functions

    def asks(self, text, seen=()):
        found = []
        for word in re.findall(r"\b\w+\b", text):
            if word.startswith("SECCLASS_"):
                found.append("class " + word[9:].lower())
            elif word.startswith("SECINITSID_"):
                found.append("sid " + word[11:].lower())
            elif re.fullmatch(r"[A-Z0-9]+__[A-Z0-9_]+", word):
                name, permission = word.lower().split("__", 1)
                found.append(f"permission {name}:{permission}")
            elif word in HELPERS:
                found += HELPERS[word]
            elif word in self.functions and word not in seen:
                found += self.asks(self.functions[word].body, (*seen, word))
        return found

    @staticmethod
    def outcome(text):
        """How a piece of code ends without asking."""
        found = set()
        for what in re.findall(r'avc_unknown_permission\("([^"]*)"', text):
            found.add(f"unknown {what}")
        if re.search(r"return -EPERM;", text):
            found.add("refuse")
        if re.search(r"(return|\brc =) 0;", re.sub(r"\bint rc = 0;", "", text)):
            found.add("permit")
        return found


def flask_facts(tree, names, facts):
    source = Source(tree, "xen/xsm/flask/hooks.c")
    functions = source.functions()
    flask = Flask(functions)
    start = need(re.search(r"flask_ops = \{", source.text), "flask_ops").end()
    table = dict(re.findall(r"\.(\w+) = (\w+)", source.text[start:]))
    for name in names:
        facts["flask function", name] = table.get(name)
        if table.get(name) not in functions:        # do_flask_op
            continue
        function = functions[table[name]]
        switch = function.switch()
        if not switch or name.startswith(("alloc_", "show_")):
            facts["flask", name] = counted(flask.asks(function.body))
            facts["outcome", name] = sorted(flask.outcome(function.body))
            same = re.fullmatch(r"\s*return flask_(\w+)\(([^()]*)\);",
                                function.body)
            if same and same[2].split(", ") == function.parameters:
                facts["as", name] = same[1]
            continue
        before, cases, after = switch
        if not any(label == "*" for label, _, _ in cases):
            cases.append(("*", "", "break;"))
        facts["commands", name] = [label for label, _, _ in cases]
        for label, guard, body in cases:
            if not re.search(r"\n        return\b[^;]*;\s*$", body):
                body += after
            facts["flask", name, label] = sorted(set(flask.asks(body)))
            facts["outcome", name, label] = sorted(flask.outcome(body))
            facts["guard", name, label] = guard

    source = Source(tree, "xen/xsm/flask/flask_op.c",
                    end="#if defined(CONFIG_COMPAT) && !defined(COMPAT)")
    functions = source.functions()
    flask = Flask(functions)
    _, cases, _ = functions["do_flask_op"].switch()
    facts["commands", "do_xsm_op"] = [label for label, _, _ in cases]
    for label, guard, body in cases:
        facts["flask", "do_xsm_op", label] = sorted(set(flask.asks(body)))
        facts["outcome", "do_xsm_op", label] = \
            [] if facts["flask", "do_xsm_op", label] else \
            ["refuse"] if "-ENOSYS" in body else ["permit"]
        facts["guard", "do_xsm_op", label] = guard
    with open(os.path.join(tree, source.path), encoding="utf-8") as handle:
        need(re.search(r"#define do_flask_op compat_flask_op\n\n"
                       r'#include "flask_op.c"', handle.read()),
             "the second reading of flask_op.c, for 32-bit guests")
    facts["as", "do_compat_op"] = "do_xsm_op"


def command_facts(tree, facts):
    """The commands that exist, those that are handled, the call sites."""
    public = os.path.join(tree, "xen/include/public")
    defined = {}
    for folder, _, files in os.walk(public):
        for name in files:
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8", errors="replace") as handle:
                text = strip_comments(handle.read())
            defined[os.path.relpath(path, public)] = re.findall(
                r"^ *# *define +(\w+) +\(?(?:0x)?[0-9]", text, re.M)
    with open(os.path.join(tree, "xen/include/xen/sched.h"),
              encoding="utf-8") as handle:
        defined["sched.h"] = re.findall(r"#define +(ECS_\w+)", handle.read())
    facts["constants",] = {name for names in defined.values() for name in names}

    cases, calls, asked = set(), {}, {}
    for _, text in c_files(tree):
        cases |= set(re.findall(r"\bcase\s+(\w+)\s*:", text))
        for match in re.finditer(r"\bxsm_(\w+)\((XSM_\w+)([^;]*?)\)", text):
            calls.setdefault(match[1], set()).add(match[2])
            if match[1] in ("hvm_param", "apic"):
                given = match[3].split(",")[-1].strip()
                if given in ("op", "cmd"):
                    last = text[:match.start()].rindex("case ")
                    block = re.search(r"((?:\bcase\s+\w+\s*:\s*)+)$",
                                      text[:text.index(":", last) + 1])
                    asked.setdefault(match[1], set()).update(
                        re.findall(r"case\s+(\w+)", block[1]))
                else:
                    asked.setdefault(match[1], set()).add(given)
    for name, actions in calls.items():
        facts["called with", name] = sorted(actions)
    for hook, (header, pattern, every) in COMMANDS.items():
        facts["handled", hook] = sorted(
            name for name in set(defined[header])
            if re.fullmatch(pattern, name) and (every or name in cases))
    for hook, names in asked.items():
        facts["handled", hook] = sorted(names)


def tree_facts(tree):
    """Every fact of the Xen tree at `tree`."""
    facts = {}
    policy = os.path.join(tree, "xen/xsm/flask/policy")
    classes = definition_list(os.path.join(policy, "security_classes"))[1::2]
    for number, name in enumerate(classes, 1):
        facts["class", name] = number
    for number, name in enumerate(
            definition_list(os.path.join(policy, "initial_sids"))[1::2], 1):
        facts["sid", name] = number
    vectors = iter(definition_list(os.path.join(policy, "access_vectors")))
    for word in vectors:
        assert word == "class"
        name = next(vectors)
        assert next(vectors) == "{"
        facts["permissions", name] = list(iter(lambda: next(vectors), "}"))
    names = ops_facts(tree, facts)
    dummy_facts(tree, names, facts)
    silo_facts(tree, facts)
    flask_facts(tree, names, facts)
    command_facts(tree, facts)
    return facts


# ---- the database's side -------------------------------------------------

class Database:
    def __init__(self, dump):
        self.dump = dump
        self.hooks = {h["name"]: h for h in dump["hooks"]}
        self.permissions = {c["name"]: [p["name"] for p in c["permissions"]]
                            for c in dump["classes"]}

    def who(self, hook, label):
        """A label as the argument of xsm_default_action() it stands for."""
        names = [p.split()[-1].lstrip("*") for p in hook["parameters"]]
        if label in ("current", None):
            return "current"
        if label in names:
            kind = hook["parameters"][names.index(label)]
            if "struct domain" in kind:
                return f"argument {names.index(label)}"
        return "none"

    def object(self, hook, label):
        return "none" if label is None else self.who(hook, label)

    def asks(self, hook, steps):
        found = []
        for step in steps:
            other = re.match(r"(?:when .* )?as hook (\w+)", step)
            if other:
                target = self.hooks[other[1]]
                found += self.asks(target, target.get("flask", []))
                continue
            check = re.search(
                r"(?:^|\s)(\w+):(?:(\w+):)?(choose \w+\(.*?\) \{.*\}|\{.*\}|"
                r"\w+)(?: audit plain)?$", step)
            if not check:
                continue
            name, owner, words = check.groups()
            found.append(f"class {name}")
            owner = owner or name
            found += [f"permission {owner}:{word}"
                      for word in re.findall(r"\w+", words)
                      if word in self.permissions[owner]]
            head = step[:check.start()]
            labels = re.findall(r"\bsid (\w+)", head)
            if "->" not in head and (hook["object"] or "").startswith("sid "):
                labels.append(hook["object"][4:])
            found += [f"sid {label.lower()}" for label in labels]
        return found

    @staticmethod
    def outcome(steps):
        found = set()
        for i, step in enumerate(steps):
            end = re.fullmatch(r"(?:when .+\s)?((permit|refuse|unknown|then hook)"
                               r"\b.*)", step)
            if end is None:
                continue
            what, word = end.groups()
            if word == "unknown":
                found.add(re.sub(r'unknown "(.*)"', r"unknown \1", what))
            elif word == "refuse":
                found.add("refuse")
            elif i == 0:                # after a check it is that check's end
                found.add("permit")
        return found


def row_defaults(row):
    """The row's actions as the dummy policy returns them, in order."""
    if "table" in row:
        return [ACTIONS[r["default"]] for r in row["table"]["rows"]]
    if row["default"] == "anyone" and row["flask"] == ["permit"]:
        return ["barrier"]
    return [ACTIONS[row["default"]]]


def row_steps(row):
    if "table" in row:
        return [s for r in row["table"]["rows"] for s in r["flask"]]
    return row["flask"]


def hook_facts(db, hook, facts):
    name = hook["name"]
    facts["returns", name] = hook["returns"].replace(" *", "*")
    facts["parameters", name] = [type_of(p) for p in hook["parameters"]]
    facts["guard", name] = hook["guard"] or ""
    manual = hook.get("manualFlask", {})
    facts["flask function", name] = manual.get("function") or f"flask_{name}"
    if "a" in hook.get("silo", {}):
        names = [re.search(r"\w+$", p)[0] for p in hook["parameters"]]
        facts["silo", name] = [names.index(hook["silo"][k]) for k in "ab"]

    rows = hook.get("table", {}).get("rows", [])
    actions = [ACTIONS[d["action"]] for d in hook["defaults"]]
    if hook["kind"] == "access" and not hook.get("noAction"):
        for row in rows:
            if "default" in row or "table" in row:
                actions += row_defaults(row)
        facts["assertion", name] = actions[0] if len(set(actions)) == 1 \
            else "XSM_OTHER"
        asked = (db.who(hook, hook["subject"]),
                 db.object(hook, hook["object"]))
        if hook["defaults"]:
            facts["defaults", name] = [
                (ACTIONS[d["action"]], asked[0],
                 db.object(hook, d["on"]) if "on" in d else asked[1],
                 d.get("when", "")) for d in hook["defaults"]]
        elif len(set(actions)) == 1:        # the same for every command
            facts["defaults", name] = [(actions[0], *asked, "")]
        else:
            facts["asked", name] = asked
            facts["dummy table", name] = {
                c: row_defaults(r) for r in rows for c in r["commands"]}
    else:
        facts["assertion", name] = None
        if "manualDummy" not in hook:
            facts["result", name] = hook.get("result", "")
            if hook.get("noAction"):
                facts["result", name] = {("anyone",): "0", ("nobody",): "-EPERM"}[
                    tuple(d["action"] for d in hook["defaults"])]

    rows = (hook.get("flaskTable") or hook.get("table") or {}).get("rows")
    if rows is None:
        steps = hook.get("flask", [])
        facts["flask", name] = counted(db.asks(hook, steps))
        same = re.fullmatch(r"as hook (\w+)", steps[0]) if steps else None
        if same:
            facts["as", name] = same[1]
        facts["outcome", name] = sorted(db.outcome(steps))
        return
    facts["commands", name] = [c for r in rows for c in r["commands"]]
    for row in rows:
        for command in row["commands"]:
            steps = row_steps(row)
            facts["flask", name, command] = sorted(set(db.asks(hook, steps)))
            facts["outcome", name, command] = sorted(db.outcome(steps))
            facts["guard", name, command] = row.get("guard", "")


def dump_facts(dump):
    """Every fact of a database, from what `xsmc dump` prints."""
    facts = {}
    db = Database(dump)
    for number, c in enumerate(dump["classes"], 1):
        facts["class", c["name"]] = number
        facts["permissions", c["name"]] = [p["name"] for p in c["permissions"]]
    for number, sid in enumerate(dump["sids"], 1):
        facts["sid", sid["name"]] = number
    facts["manual",] = {h["name"] for h in dump["hooks"] if "manualFlask" in h}
    for position, hook in enumerate(dump["hooks"]):
        facts["position", hook["name"]] = position
        hook_facts(db, hook, facts)
    return facts


# ---- comparing -----------------------------------------------------------

def differences(tree, base):
    """
    What the facts of the tree and of the database disagree on, as lines.

    Three kinds of fact are no plain equality.  A command that Flask does
    not list may be a row that shares the fate of `*`.  A command whose
    default is that of `*` is not listed by the dummy policy.  Hooks that
    are programs (manual) are compared by what they ask, not by how they end.
    """
    found = []

    def differ(key, a, b):
        found.append(f"{' '.join(map(str, key))}: "
                     f"the tree says {a!r}, the database {b!r}")

    manual = base["manual",]
    special = {"constants", "manual", "handled", "called with", "commands",
               "dummy table"}
    for key in sorted(set(tree) | set(base), key=str):
        kind, hook = (*key, None)[:2]
        if kind in special or len(key) == 3:
            continue
        a, b = tree.get(key), base.get(key)
        if hook in manual and kind == "outcome":
            continue
        if hook in manual and kind == "flask":
            if a is None:
                continue                # do_compat_op, the same source again
            a = [f for f in a if not f.startswith("sid ")]
            b = [f for f in b or [] if not f.startswith("sid ")]
        if a != b:
            differ(key, a, b)

    for key in sorted((k for k in set(tree) | set(base)
                       if k[0] == "commands"), key=str):
        hook = key[1]
        ours, theirs = base.get(key, []), tree.get(key, [])
        spare = [c for c in ours if c not in theirs]
        if [c for c in ours if c in theirs] != theirs:
            differ(key, theirs, ours)
        for command in dict.fromkeys(theirs + ours):
            real = "*" if command in spare else command
            for kind in ("flask", "outcome", "guard"):
                a, b = tree.get((kind, hook, real)), \
                    base.get((kind, hook, command))
                if a != b:
                    differ((kind, hook, command), a, b)

    for key in sorted((k for k in set(tree) | set(base)
                       if k[0] == "dummy table"), key=str):
        a, b = tree.get(key, {}), base.get(key, {})
        for command in dict.fromkeys([*a, *b]):
            want = a.get(command, a.get("*"))
            if want != b.get(command):
                differ((*key, command), want, b.get(command))

    for key, names in sorted(((k, v) for k, v in tree.items()
                              if k[0] == "handled"), key=str):
        missing = set(names) - set(base.get(("commands", key[1]), []))
        if missing:
            differ(key, sorted(missing), "nothing of these")
    for key, actions in sorted(((k, v) for k, v in tree.items()
                                if k[0] == "called with"), key=str):
        want = base.get(("assertion", key[1]))
        if actions != [want]:
            differ(key, actions, want)
    for key, commands in base.items():
        if key[0] == "commands":
            unknown = set(commands) - tree["constants",] - {"*"}
            if unknown:
                differ(key, "no such constant", sorted(unknown))
    return found
