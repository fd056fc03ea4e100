/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is true of an operation and its stages, once they are listed. */
#include "judge/operation.h"

struct span stage_span(const struct stage *s)
{
    return s->key ? s->key->span : s->row ? s->row->span : s->hook->span;
}

const struct stage *operation_last(const struct operation *op)
{
    return &op->stages[op->n_stages - 1];
}

const struct steps *stage_flask(const struct stage *s, bool fixed)
{
    const struct row *r = s->row;

    if (r)
        return fixed && r->defect && r->defect->fix_flask.set ? &r->defect->fix_flask : &r->flask;
    return fixed && s->hook->defect && s->hook->defect->fix_flask.set ? &s->hook->defect->fix_flask : &s->hook->flask;
}

enum action stage_action(const struct stage *s, bool fixed)
{
    for (; s && s->row; s = s->outer) {
        if (fixed && s->row->defect && s->row->defect->fix_action != ACTION_UNSET)
            return s->row->defect->fix_action;
        if (s->row->action != ACTION_UNSET)
            return s->row->action;
    }
    return ACTION_UNSET;
}

/* `as` leads to rows that no path knows of. */
static bool stage_fixed(const struct stage *s)
{
    const struct steps *steps = stage_flask(s, false);
    unsigned int i;

    for (i = 0; i < steps->n; i++)
        if (steps->step[i].kind == STEP_AS)
            return true;
    if (s->hook->defect)
        return true;
    for (; s && s->row; s = s->outer)
        if (s->row->defect)
            return true;
    return false;
}

bool operation_fixed(const struct operation *op)
{
    unsigned int i;

    for (i = 0; i < op->n_stages; i++)
        if (stage_fixed(&op->stages[i]))
            return true;
    return false;
}

bool operation_asked_by(const struct operation *op, enum domain_kind kind)
{
    switch (op->asker) {
    case ASKED_BY_BOOT:
        return kind == DOMAIN_BOOT;
    case ASKED_BY_HYPERVISOR:
        return kind == DOMAIN_BOOT || kind == DOMAIN_HYPERVISOR;
    case ASKED_BY_HARDWARE:
        return kind == DOMAIN_HARDWARE || kind == DOMAIN_CONTROL;
    case ASKED_BY_ANYONE:
        break;
    }
    return true;
}
