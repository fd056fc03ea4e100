# SPDX-License-Identifier: GPL-2.0-or-later
"""Single changes of a database, to see that the comparison notices each.

Every change is made in place in what `xsmc dump` printed, compared, and
taken back.  A change that leaves all facts as they were is a hole in the
comparison and is reported, unless BLIND says why no fact can tell.
"""

import re

import facts

# What the sources compared here do not say, and who does.
BLIND = {
    # The tree has no default for commands of Flask's own hypercall: ours.
    "default of do_xsm_op",
    # An object that is no domain shows in the labels Flask asks about, and
    # those of devices and interrupts are told apart by machine code only.
    "object of get_device_group", "object of resource_plug_pci",
    "object of resource_setup_gsi", "object of resource_setup_pci",
    "object of resource_unplug_pci", "object of evtchn_send",
    # Both of its defaults name their own object.
    "object of mmu_update",
}


def replaced(container, key, value):
    """A change of one member, to be undone by calling what it returns."""
    def change():
        old = container.get(key, KeyError) if isinstance(container, dict) \
            else container[key]
        container[key] = value

        def undo():
            if old is KeyError:
                del container[key]
            else:
                container[key] = old
        return undo
    return change


def dropped(items, index):
    def change():
        old = items.pop(index)
        return lambda: items.insert(index, old)
    return change


def swapped(items, index):
    def change():
        def swap():
            items[index:index + 2] = items[index + 1], items[index]
        swap()
        return swap
    return change


def each(items, what, name):
    """Dropping every one of a list, and every two neighbours changed over."""
    for i, item in enumerate(items):
        yield f"{what} {name(item)} dropped", dropped(items, i)
        if i + 1 < len(items):
            yield f"{what} {name(item)} after {name(items[i + 1])}", \
                swapped(items, i)


def other_action(action):
    return "control" if action != "control" else "anyone"


def step_changes(steps, where):
    """Every check dropped, every permission replaced, every ending changed."""
    for i, step in enumerate(steps):
        end = re.fullmatch(r"(?:when .+\s)?((permit|refuse|unknown|then hook)\b.*)",
                           step)
        if end and i == 0:
            yield f"{where}: '{step}' replaced", replaced(
                steps, i, "refuse" if end[2] != "refuse" else "permit")
        if end:
            continue
        yield f"{where}: '{step}' dropped", dropped(steps, i)
        if "as hook" not in step:
            yield f"{where}: '{step}' asked of another class", replaced(
                steps, i, re.sub(r"(\w+):", r"argo:enable \1_", step, count=1))


def row_changes(hook, table, where):
    rows = table["rows"]
    spare = facts.row_steps(rows[-1])
    for i, row in enumerate(rows):
        names = ", ".join(row["commands"])
        yield f"row {names} of {where} dropped", dropped(rows, i)
        if len(row["commands"]) > 1:
            for k, command in enumerate(row["commands"]):
                yield f"command {command} of {where} dropped", \
                    dropped(row["commands"], k)
        if i + 1 < len(rows) and spare not in (
                row.get("flask"), rows[i + 1].get("flask")):
            yield f"row {names} of {where} moved down", swapped(rows, i)
        yield f"guard of row {names} of {where}", replaced(
            row, "guard", None if row.get("guard") else "CONFIG_ARGO")
        if "table" in row:
            for sub in row["table"]["rows"]:
                yield f"default of {names} {sub['commands']} of {where}", \
                    replaced(sub, "default", other_action(sub["default"]))
            continue
        if "default" in row:
            yield f"default of {where}: {names}", replaced(
                row, "default", other_action(row["default"]))
        yield from step_changes(row["flask"], f"{names} of {where}")


def hook_changes(hook):
    name = hook["name"]
    yield f"guard of {name}", replaced(
        hook, "guard", None if hook["guard"] else "CONFIG_ARGO")
    yield f"what {name} returns", replaced(
        hook, "returns", "bool")
    for i, parameter in enumerate(hook["parameters"]):
        yield f"'{parameter}' of {name} dropped", dropped(hook["parameters"], i)
        yield f"'{parameter}' of {name} of another type", replaced(
            hook["parameters"], i, "bool " + re.search(r"\w+(\[\])?$",
                                                       parameter)[0])
    if hook["kind"] == "access" and not hook.get("noAction"):
        yield f"subject of {name}", replaced(
            hook, "subject", "current" if hook["subject"] not in
            ("current", None) else "sid security")
        yield f"object of {name}", replaced(
            hook, "object", "current" if hook["object"] is None else None)
    for clause in hook["defaults"]:
        yield f"default of {name} {clause.get('when', '')}", replaced(
            clause, "action", other_action(clause["action"]))
        if "when" in clause:
            yield f"condition of a default of {name}", replaced(
                clause, "when", "true")
    for i, _ in enumerate(hook["defaults"]):
        yield f"a default of {name} dropped", dropped(hook["defaults"], i)
    if "result" in hook:
        yield f"result of {name}", replaced(hook, "result", "1")
    if "a" in hook.get("silo", {}):
        yield f"SILO rule of {name} dropped", replaced(
            hook, "silo", {"none": ""})
        yield f"SILO rule of {name} changed", replaced(
            hook["silo"], "b", hook["silo"]["a"])
    if hook.get("manualFlask", {}).get("function"):
        yield f"Flask's function of {name}", replaced(
            hook["manualFlask"], "function", None)
    yield from step_changes(hook.get("flask", []), name)
    for table in ("table", "flaskTable"):
        if table in hook:
            yield from row_changes(hook, hook[table], name)


def changes(dump):
    def by_name(item):
        return item["name"]
    yield from each(dump["classes"], "class", by_name)
    for c in dump["classes"]:
        yield from each(c["permissions"], f"permission of {c['name']}", by_name)
    yield from each(dump["sids"], "initial SID", by_name)
    yield from each(dump["hooks"], "hook", by_name)
    for hook in dump["hooks"]:
        yield from hook_changes(hook)


def survivors(tree, dump):
    """(descriptions of the changes nothing notices, number tried)."""
    unnoticed, tried, blind = [], 0, set(BLIND)
    for text, change in list(changes(dump)):
        undo = change()
        try:
            noticed = facts.differences(tree, facts.dump_facts(dump))
        except (KeyError, IndexError, ValueError):
            noticed = True              # what xsmc itself would refuse
        undo()
        tried += 1
        if not noticed:
            reasons = {b for b in BLIND if text.startswith(b)}
            blind -= reasons
            if not reasons:
                unnoticed.append(text)
    return unnoticed + [f"{b} (noticed after all)" for b in sorted(blind)], tried
