/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expressions are read by one grammar (struct expr); what they mean in a policy is decided here. A comparison of a
 * constraint may be written either way round; it is kept as Flask has it, the subject first.
 */
#include "front/policy-expr.h"

#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

struct bool_expr *policy_bool_from(struct policy *p, const struct expr *e)
{
    enum bool_op op;
    struct bool_expr *a, *b = NULL;

    switch (e->kind) {
    case EXPR_NAME:
        return policy_bool_expr(p, BOOL_NAME, policy_boolean(p, e->name, e->span), NULL, NULL);
    case EXPR_NOT:
        op = BOOL_NOT;
        break;
    case EXPR_AND:
        op = BOOL_AND;
        break;
    case EXPR_OR:
        op = BOOL_OR;
        break;
    case EXPR_EQ:
        op = BOOL_EQ;
        break;
    case EXPR_NE:
        op = BOOL_NEQ;
        break;
    default:
        diag_add(p->diags, &RULE_SYNTAX, e->span, "a condition is made of booleans with !, &&, ||, == and !=");
        return NULL;
    }
    a = policy_bool_from(p, e->a);
    if (op != BOOL_NOT)
        b = policy_bool_from(p, e->b);
    return a && (b || op == BOOL_NOT) ? policy_bool_expr(p, op, NULL, a, b) : NULL;
}

/* One side of a comparison. */
struct side {
    enum { SIDE_NAME, SIDE_USER, SIDE_ROLE, SIDE_TYPE, SIDE_LOW, SIDE_HIGH } what;
    unsigned int whose;             /* 1, 2 or 3 as in struct cexpr */
    const struct expr *expr;
};

static bool whose(const char *name, bool validate, unsigned int *number)
{
    static const char *const names[2][3] = { { "subject", "object", "" }, { "old", "new", "process" } };
    unsigned int i;

    for (i = 0; i < 3; i++)
        if (!strcmp(names[validate][i], name)) {
            *number = i + 1;
            return true;
        }
    return false;
}

static bool read_side(struct policy *p, const struct expr *e, bool validate, struct side *side)
{
    static const char *const attributes[] = {
        [SIDE_USER] = "user", [SIDE_ROLE] = "role", [SIDE_TYPE] = "type", [SIDE_LOW] = "low", [SIDE_HIGH] = "high",
    };
    unsigned int i;

    *side = (struct side){ SIDE_NAME, 0, e };
    if (e->kind == EXPR_NAME)
        return true;
    if (e->kind == EXPR_DOT && e->a->kind == EXPR_NAME && whose(e->a->name, validate, &side->whose))
        for (i = SIDE_USER; i <= SIDE_HIGH; i++)
            if (!strcmp(attributes[i], e->name)) {
                side->what = i;
                return true;
            }
    diag_help(p->diags,
              diag_add(p->diags, &RULE_SYNTAX, e->span, "expected a name or a part of a context"),
              validate ? "parts are old.X, new.X and process.X with user, role, type, low or high for X"
                       : "parts are subject.X and object.X with user, role, type, low or high for X");
    return false;
}

static struct cexpr *cexpr(struct policy *p, enum cexpr_op op, struct cexpr *a, struct cexpr *b, struct span span)
{
    struct cexpr *c = ARENA_NEW(p->arena, struct cexpr);

    c->op = op;
    c->a = a;
    c->b = b;
    c->span = span;
    return c;
}

static struct cexpr *bad(struct policy *p, const struct expr *e, const char *text)
{
    diag_add(p->diags, &RULE_SYNTAX, e->span, "%s", text);
    return NULL;
}

/* `side` == one of the names. */
static struct cexpr *names(struct policy *p, const struct expr *e, const struct side *side,
                           struct expr *const *list, unsigned int n)
{
    struct cexpr *c = cexpr(p, CX_NAMES, NULL, NULL, e->span);
    struct typeset_builder types = { 0 };
    struct roleset_builder roles = { 0 };
    unsigned int i;

    if (side->what < SIDE_USER || side->what > SIDE_TYPE)
        return bad(p, e, "only a user, role or type can be compared with a name");
    c->compare = e->kind == EXPR_NE ? CX_NEQ : CX_EQ;
    c->whose = side->whose;
    c->users = arena_array(p->arena, n, sizeof(*c->users));
    for (i = 0; i < n; i++) {
        if (list[i]->kind != EXPR_NAME)
            return bad(p, list[i], "expected a name");
        if (side->what == SIDE_TYPE)
            policy_set_add(p, &types, policy_type(p, list[i]->name, list[i]->span), false);
        else if (side->what == SIDE_ROLE)
            policy_roleset_add(p, &roles, policy_role(p, list[i]->name, list[i]->span), false);
        else
            c->users[c->n_users++] = policy_user(p, list[i]->name, list[i]->span);
    }
    c->attr = side->what == SIDE_USER ? CX_USER : side->what == SIDE_ROLE ? CX_ROLE : CX_TYPE;
    if (side->what == SIDE_TYPE)
        c->types = policy_typeset(p, &types, e->span);
    else if (side->what == SIDE_ROLE)
        c->roles = policy_roleset(p, &roles, e->span);
    return c;
}

static enum cexpr_compare turn(enum cexpr_compare compare)
{
    return compare == CX_DOM ? CX_DOMBY : compare == CX_DOMBY ? CX_DOM : compare;
}

/* Two parts of contexts; the pairs that Flask knows. */
static struct cexpr *attributes(struct policy *p, const struct expr *e, struct side a, struct side b,
                                enum cexpr_compare compare, bool *levels)
{
    static const struct {
        unsigned int whose_a, a, whose_b, b;
        enum cexpr_attr attr;
    } pairs[] = {
        { 1, SIDE_USER, 2, SIDE_USER, CX_USER }, { 1, SIDE_ROLE, 2, SIDE_ROLE, CX_ROLE },
        { 1, SIDE_TYPE, 2, SIDE_TYPE, CX_TYPE }, { 1, SIDE_LOW, 2, SIDE_LOW, CX_L1L2 },
        { 1, SIDE_LOW, 2, SIDE_HIGH, CX_L1H2 },  { 1, SIDE_HIGH, 2, SIDE_LOW, CX_H1L2 },
        { 1, SIDE_HIGH, 2, SIDE_HIGH, CX_H1H2 }, { 1, SIDE_LOW, 1, SIDE_HIGH, CX_L1H1 },
        { 2, SIDE_LOW, 2, SIDE_HIGH, CX_L2H2 },
    };
    struct cexpr *c = cexpr(p, CX_ATTR, NULL, NULL, e->span);
    unsigned int i, turned;

    for (turned = 0; turned < 2; turned++) {
        for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
            if (pairs[i].whose_a != a.whose || pairs[i].a != a.what || pairs[i].whose_b != b.whose ||
                pairs[i].b != b.what)
                continue;
            c->attr = pairs[i].attr;
            c->compare = turned ? turn(compare) : compare;
            if (c->compare > CX_NEQ && (c->attr == CX_USER || c->attr == CX_TYPE))
                return bad(p, e, "users and types can only be equal or not");
            if (c->attr >= CX_L1L2)
                *levels = true;
            return c;
        }
        struct side t = a;

        a = b;
        b = t;
    }
    return bad(p, e, "Flask cannot compare these two with each other");
}

struct cexpr *policy_cexpr_from(struct policy *p, const struct expr *e, bool validate, bool *levels)
{
    struct side a, b;
    struct cexpr *left, *right;
    enum cexpr_compare compare = CX_EQ;

    switch (e->kind) {
    case EXPR_NOT:
        left = policy_cexpr_from(p, e->a, validate, levels);
        /* `!in(...)` is a comparison by itself. */
        if (left && left->op == CX_NAMES && left->compare == CX_EQ && e->a->kind == EXPR_CALL) {
            left->compare = CX_NEQ;
            return left;
        }
        return left ? cexpr(p, CX_NOT, left, NULL, e->span) : NULL;
    case EXPR_AND:
    case EXPR_OR:
        left = policy_cexpr_from(p, e->a, validate, levels);
        right = policy_cexpr_from(p, e->b, validate, levels);
        return left && right ? cexpr(p, e->kind == EXPR_AND ? CX_AND : CX_OR, left, right, e->span) : NULL;
    case EXPR_CALL:
        if (!strcmp(e->name, "in") && e->n_args >= 2)
            return read_side(p, e->args[0], validate, &a) ? names(p, e, &a, e->args + 1, e->n_args - 1) : NULL;
        if (!strcmp(e->name, "incomparable") && e->n_args == 2)
            return read_side(p, e->args[0], validate, &a) && read_side(p, e->args[1], validate, &b)
                       ? attributes(p, e, a, b, CX_INCOMP, levels) : NULL;
        return bad(p, e, "a constraint knows in(PART, NAME, ...) and incomparable(PART, PART)");
    case EXPR_EQ:
        break;
    case EXPR_NE:
        compare = CX_NEQ;
        break;
    case EXPR_GE:
        compare = CX_DOM;
        break;
    case EXPR_LE:
        compare = CX_DOMBY;
        break;
    default:
        return bad(p, e, "a constraint is made of comparisons with !, && and ||");
    }
    if (!read_side(p, e->a, validate, &a) || !read_side(p, e->b, validate, &b))
        return NULL;
    if (a.what != SIDE_NAME && b.what != SIDE_NAME)
        return attributes(p, e, a, b, compare, levels);
    if (compare > CX_NEQ || a.what == b.what)
        return bad(p, e, a.what == b.what ? "one side must be a part of a context"
                                          : "a name can only be equal or not");
    return a.what == SIDE_NAME ? names(p, e, &b, &e->a, 1) : names(p, e, &a, &e->b, 1);
}
