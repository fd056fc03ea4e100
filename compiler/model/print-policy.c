/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Policies in the spelling of the language, see LANGUAGE.md. */
#include "model/print-policy.h"

#include <limits.h>

#include "base/buf.h"

/* ---- sets and accesses ------------------------------------------------------------------------------------ */

static void item(struct buf *out, unsigned int *n, const char *sign, const char *name)
{
    buf_printf(out, "%s%s%s", (*n)++ ? ", " : "", sign, name);
}

/* Of more than `most` names the first two. */
static void typeset(struct buf *out, const struct typeset *set, unsigned int most)
{
    unsigned int i, n = 0, names = set->n_in + set->n_out + set->self;
    bool braces = names > 1 || (names && set->all), shortened = names > most;

    if (set->complement)
        buf_putc(out, '~');
    if (braces)
        buf_puts(out, "{ ");
    if (set->all)
        item(out, &n, "", "*");
    for (i = 0; i < set->n_in && !(shortened && i == 2); i++)
        item(out, &n, "", set->in[i]->name);
    for (i = 0; i < set->n_out && !shortened; i++)
        item(out, &n, "-", set->out[i]->name);
    if (set->self && !shortened)
        item(out, &n, "", "self");
    if (shortened)
        item(out, &n, "", "...");
    if (braces)
        buf_puts(out, " }");
}

void print_typeset(struct buf *out, const struct typeset *set)
{
    typeset(out, set, UINT_MAX);
}

static void print_roleset(struct buf *out, const struct roleset *set)
{
    unsigned int i, n = 0;

    if (set->all)
        item(out, &n, "", "*");
    for (i = 0; i < set->n_in; i++)
        item(out, &n, set->complement ? "~" : "", set->in[i]->name);
    for (i = 0; i < set->n_out; i++)
        item(out, &n, "-", set->out[i]->name);
}

static void permissions(struct buf *out, const struct policy *p, const struct class *class, uint32_t perms, bool more)
{
    const char *names[32];
    unsigned int n = policy_perm_names(p, class, perms, names), i;

    buf_printf(out, "%s:", class->name);
    if (n == 1 && !more) {
        buf_puts(out, names[0]);
        return;
    }
    buf_puts(out, "{ ");
    for (i = 0; i < n; i++)
        buf_printf(out, "%s%s", i ? ", " : "", names[i]);
    buf_puts(out, more ? n ? ", ... }" : "... }" : " }");
}

void print_access(struct buf *out, const struct policy *p, const struct class *class, uint32_t perms)
{
    permissions(out, p, class, perms, false);
}

/* ---- rules -------------------------------------------------------------------------------------------------- */

static void transition(struct buf *out, const struct policy_rule *r)
{
    unsigned int i, n = 0;

    if (r->n_access > 1)
        buf_puts(out, "{ ");
    for (i = 0; i < r->n_access; i++)
        item(out, &n, "", r->access[i].class->name);
    buf_printf(out, "%s to %s", r->n_access > 1 ? " }" : "", r->result->name);
}

void print_rule(struct buf *out, const struct policy *p, const struct policy_rule *r, const struct class *class,
                uint32_t perms)
{
    static const char *const words[] = {
        [AV_ALLOW] = "allow", [AV_AUDITALLOW] = "auditallow", [AV_DONTAUDIT] = "dontaudit", [AV_NEVERALLOW] = "never",
        [TE_TRANSITION] = "transition", [TE_MEMBER] = "member", [TE_CHANGE] = "change",
    };
    unsigned int i, most = class ? 4 : UINT_MAX;

    buf_printf(out, "%s ", words[r->kind]);
    typeset(out, r->subjects, most);
    buf_puts(out, " -> ");
    typeset(out, r->objects, most);
    buf_putc(out, ' ');
    if (r->kind >= TE_TRANSITION) {
        transition(out, r);
        return;
    }
    if (class) {
        uint32_t all = 0;

        for (i = 0; i < r->n_access; i++)
            if (r->access[i].class == class)
                all |= r->access[i].perms;
        permissions(out, p, class, all & perms, (all & ~perms) != 0);
        return;
    }
    if (r->n_access != 1)
        buf_puts(out, "{ ");
    for (i = 0; i < r->n_access; i++) {
        print_access(out, p, r->access[i].class, r->access[i].perms);
        if (r->n_access != 1)
            buf_puts(out, "; ");
    }
    if (r->n_access != 1)
        buf_putc(out, '}');
}

/* ---- expressions -------------------------------------------------------------------------------------------- */

/* The higher the tighter. */
static unsigned int bool_precedence(enum bool_op op)
{
    return op == BOOL_OR ? 1 : op == BOOL_AND ? 2 : op == BOOL_NAME || op == BOOL_NOT ? 4 : 3;
}

static void bool_operand(struct buf *out, const struct bool_expr *e, unsigned int least)
{
    bool parentheses = bool_precedence(e->op) < least;

    if (parentheses)
        buf_putc(out, '(');
    print_bool_expr(out, e);
    if (parentheses)
        buf_putc(out, ')');
}

void print_bool_expr(struct buf *out, const struct bool_expr *e)
{
    /* Two truth values differ where they exclude each other. */
    static const char *const words[] = {
        [BOOL_AND] = " && ", [BOOL_OR] = " || ", [BOOL_XOR] = " != ", [BOOL_EQ] = " == ", [BOOL_NEQ] = " != ",
    };
    unsigned int precedence = bool_precedence(e->op);

    switch (e->op) {
    case BOOL_NAME:
        buf_puts(out, e->boolean->name);
        break;
    case BOOL_NOT:
        buf_putc(out, '!');
        bool_operand(out, e->a, 4);
        break;
    default:
        bool_operand(out, e->a, precedence == 3 ? 4 : precedence);
        buf_puts(out, words[e->op]);
        bool_operand(out, e->b, precedence == 3 ? 4 : precedence);
    }
}

static const char *part(enum constraint_kind kind, unsigned int whose)
{
    static const char *const parts[2][3] = { { "subject", "object", "process" }, { "old", "new", "process" } };

    return parts[kind == VALIDATETRANS || kind == MLSVALIDATETRANS][whose - 1];
}

static void compare(struct buf *out, const struct cexpr *e, enum constraint_kind kind)
{
    static const struct {
        unsigned int whose_a;
        const char *a;
        unsigned int whose_b;
        const char *b;
    } sides[] = {
        [CX_USER] = { 1, "user", 2, "user" }, [CX_ROLE] = { 1, "role", 2, "role" },
        [CX_TYPE] = { 1, "type", 2, "type" }, [CX_L1L2] = { 1, "low", 2, "low" },
        [CX_L1H2] = { 1, "low", 2, "high" },  [CX_H1L2] = { 1, "high", 2, "low" },
        [CX_H1H2] = { 1, "high", 2, "high" }, [CX_L1H1] = { 1, "low", 1, "high" },
        [CX_L2H2] = { 2, "low", 2, "high" },
    };
    static const char *const ops[] = { [CX_EQ] = "==", [CX_NEQ] = "!=", [CX_DOM] = ">=", [CX_DOMBY] = "<=" };
    const char *a = part(kind, sides[e->attr].whose_a), *b = part(kind, sides[e->attr].whose_b);

    if (e->compare == CX_INCOMP)
        buf_printf(out, "incomparable(%s.%s, %s.%s)", a, sides[e->attr].a, b, sides[e->attr].b);
    else
        buf_printf(out, "%s.%s %s %s.%s", a, sides[e->attr].a, ops[e->compare], b, sides[e->attr].b);
}

static void names(struct buf *out, const struct cexpr *e, enum constraint_kind kind)
{
    static const char *const attributes[] = { [CX_USER] = "user", [CX_ROLE] = "role", [CX_TYPE] = "type" };
    const char *whose = part(kind, e->whose), *attribute = attributes[e->attr];
    unsigned int i, n = 0;
    struct buf list = BUF_INIT;
    bool plain;

    if (e->attr == CX_TYPE) {
        plain = e->types->n_in == 1 && !e->types->n_out && !e->types->all && !e->types->complement;
        print_typeset(&list, e->types);
    } else if (e->attr == CX_ROLE) {
        plain = e->roles->n_in == 1 && !e->roles->n_out && !e->roles->all && !e->roles->complement;
        print_roleset(&list, e->roles);
    } else {
        plain = e->n_users == 1;
        for (i = 0; i < e->n_users; i++)
            item(&list, &n, "", e->users[i]->name);
    }
    if (plain)
        buf_printf(out, "%s.%s %s %s", whose, attribute, e->compare == CX_NEQ ? "!=" : "==", buf_text(&list));
    else
        buf_printf(out, "%sin(%s.%s, %s)", e->compare == CX_NEQ ? "!" : "", whose, attribute, buf_text(&list));
    buf_free(&list);
}

static void cexpr_operand(struct buf *out, const struct policy *p, const struct cexpr *e, enum constraint_kind kind,
                          enum cexpr_op within)
{
    bool parentheses = within == CX_NOT ? e->op == CX_AND || e->op == CX_OR || e->op == CX_ATTR || e->op == CX_NAMES
                                        : within == CX_AND && e->op == CX_OR;

    if (parentheses)
        buf_putc(out, '(');
    print_cexpr(out, p, e, kind);
    if (parentheses)
        buf_putc(out, ')');
}

void print_cexpr(struct buf *out, const struct policy *p, const struct cexpr *e, enum constraint_kind kind)
{
    switch (e->op) {
    case CX_NOT:
        buf_putc(out, '!');
        cexpr_operand(out, p, e->a, kind, CX_NOT);
        break;
    case CX_AND:
    case CX_OR:
        cexpr_operand(out, p, e->a, kind, e->op);
        buf_puts(out, e->op == CX_AND ? " && " : " || ");
        cexpr_operand(out, p, e->b, kind, e->op);
        break;
    case CX_ATTR:
        compare(out, e, kind);
        break;
    case CX_NAMES:
        names(out, e, kind);
        break;
    }
}
