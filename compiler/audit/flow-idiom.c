/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How Xen's code is usually written, where the walk relies on it. */
#include <string.h>

#include "audit/flow-inside.h"

/* Splits `a==b` and `a!=b`; *equal says which it is. */
bool flow_comparison(struct walk *w, const char *text, const char **a, const char **b, bool *equal)
{
    const char *at = text ? strstr(text, "==") : NULL;

    *equal = at;
    if (text && !at)
        at = strstr(text, "!=");
    if (!at || at == text || strpbrk(text, "|?"))
        return false;
    *a = names_intern(w->reader->names, text, (size_t)(at - text));
    *b = names_get(w->reader->names, at + 2);
    return true;
}

/* Variables that by Xen's convention hold 0 or an error. */
bool flow_is_status(const char *name)
{
    static const char *const names[] = { "ret", "rc", "err", "error", "res", "result", "retval" };
    unsigned int i;

    for (i = 0; name && i < sizeof(names) / sizeof(names[0]); i++)
        if (!strcmp(name, names[i]))
            return true;
    return false;
}

struct remembered {
    struct walk *walk;
    const char *have, *want;
    bool checks, remembers;
};

static bool visit_remembered(const struct act *act, void *data)
{
    struct remembered *r = data;
    const struct flow_checks *c = &r->walk->reader->checks;
    const struct act *to = act_kid(act, 0), *from = act_kid(act, 1);

    if (act->kind == ACT_CALL && act->name && c->find(c->context, act->name))
        r->checks = true;
    if (act->kind == ACT_ASSIGN && to->name == r->have && from && from->name == r->want)
        r->remembers = true;
    return true;
}

/* `if ( needed != checked ) { check; checked = needed; }`: who does not go in has been checked before. */
bool flow_remembers_check(struct walk *w, const struct act *act)
{
    struct remembered r = { .walk = w };
    const struct act *condition = act_kid(act, 0);
    bool equal;

    if (act_kid(act, 2) || !flow_comparison(w, condition->name, &r.want, &r.have, &equal) || equal)
        return false;
    act_walk(act_kid(act, 1), visit_remembered, &r);
    return r.checks && r.remembers;
}
