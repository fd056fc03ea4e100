/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections stand in the order that checkpolicy's grammar wants, and none is empty that it wants to have. Only
 * neverallow rules may have `*` and `~`: in others such sets are written as the types they stand for.
 */
#include "back/conf.h"

#include <string.h>

#include "back/conf-text.h"
#include "text/diag.h"
#include "text/rules.h"

/* ---- declarations ------------------------------------------------------------------------------------------------------ */

static void write_classes(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->classes.n; i++)
        buf_printf(w->out, "class %s\n", p->classes.items[i]->class->name);
    for (i = 0; i < p->sids.n; i++)
        buf_printf(w->out, "sid %s\n", p->sids.items[i].isid->name);
    for (i = 0; i < p->commons.n; i++) {
        buf_printf(w->out, "common %s {", p->commons.items[i]->name);
        for (j = 0; j < p->commons.items[i]->n_perms; j++)
            conf_add_word(w, "", p->commons.items[i]->perms[j]);
        buf_puts(w->out, " }\n");
    }
    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *c = p->classes.items[i];
        unsigned int first = c->common ? c->common->n_perms : 0;

        buf_printf(w->out, "class %s%s%s", c->class->name, c->common ? " inherits " : "", c->common ? c->common->name : "");
        if (c->class->n_perms > first) {
            buf_puts(w->out, " {");
            for (j = first; j < c->class->n_perms; j++)
                conf_add_word(w, "", c->class->perms[j].name);
            buf_puts(w->out, " }");
        } else if (!c->common) {
            diag_add(p->diags, &RULE_UNSUPPORTED, c->class->span, "checkpolicy cannot have class '%s' without permissions",
                     c->class->name);
        }
        buf_putc(w->out, '\n');
    }
}

static void write_defaults(struct conf *w)
{
    struct class_default defaults[CLASS_DEFAULTS];
    const struct policy *p = w->policy;
    unsigned int i, j, n;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *c = p->classes.items[i];

        n = policy_class_defaults(c, defaults);
        for (j = 0; j < n; j++)
            buf_printf(w->out, "default_%s %s %s;\n", defaults[j].part, c->class->name, defaults[j].from);
    }
}

/* ---- constraints -------------------------------------------------------------------------------------------------------- */

static void add_names(struct conf *w, const struct cexpr *e)
{
    unsigned int i;

    if (e->attr == CX_TYPE) {
        conf_add_types(w, e->types, false);
    } else if (e->attr == CX_ROLE) {
        conf_add_roles(w, e->roles);
    } else {
        buf_putc(w->out, '{');
        for (i = 0; i < e->n_users; i++)
            conf_add_word(w, "", e->users[i]->name);
        buf_puts(w->out, " }");
    }
}

static void add_cexpr(struct conf *w, const struct cexpr *e)
{
    static const char *const pairs[][2] = {
        [CX_USER] = { "u1", "u2" }, [CX_ROLE] = { "r1", "r2" }, [CX_TYPE] = { "t1", "t2" }, [CX_L1L2] = { "l1", "l2" },
        [CX_L1H2] = { "l1", "h2" }, [CX_H1L2] = { "h1", "l2" }, [CX_H1H2] = { "h1", "h2" }, [CX_L1H1] = { "l1", "h1" },
        [CX_L2H2] = { "l2", "h2" },
    };
    static const char *const compares[] = { "==", "!=", "dom", "domby", "incomp" };

    switch (e->op) {
    case CX_NOT:
        buf_puts(w->out, "(not ");
        add_cexpr(w, e->a);
        buf_putc(w->out, ')');
        break;
    case CX_AND:
    case CX_OR:
        buf_putc(w->out, '(');
        add_cexpr(w, e->a);
        conf_add_word(w, "", e->op == CX_AND ? "and " : "or ");
        add_cexpr(w, e->b);
        buf_putc(w->out, ')');
        break;
    case CX_ATTR:
        buf_printf(w->out, "%s %s %s", pairs[e->attr][0], compares[e->compare], pairs[e->attr][1]);
        break;
    case CX_NAMES:
        buf_printf(w->out, "%c%u %s ", pairs[e->attr][0][0], e->whose, compares[e->compare]);
        add_names(w, e);
        break;
    }
}

static void write_constraints(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->constraints.n; i++) {
        const struct constraint *c = &p->constraints.items[i];
        bool validate = c->kind == VALIDATETRANS || c->kind == MLSVALIDATETRANS;

        for (j = 0; j < c->n_access; j++) {
            if (!validate && !c->access[j].perms)
                continue;
            buf_printf(w->out, "%s %s ", validate ? "validatetrans" : "constrain", c->access[j].class->name);
            if (!validate) {
                conf_add_perms(w, &c->access[j]);
                buf_putc(w->out, ' ');
            }
            buf_putc(w->out, '(');
            add_cexpr(w, c->expr);
            buf_puts(w->out, ");\n");
        }
    }
}

/* ---- MLS ------------------------------------------------------------------------------------------------------------------- */

/* "alias { a b }" for a sensitivity or category. */
#define ADD_ALIASES(w, list, thing)                                                 \
    do {                                                                            \
        unsigned int at_, n_ = 0;                                                   \
                                                                                    \
        for (at_ = 0; at_ < (list).n; at_++)                                        \
            if ((list).items[at_]->real == (thing) && (list).items[at_] != (thing)) \
                buf_puts((w)->out, n_++ ? "" : " alias {"), conf_add_word((w), "", (list).items[at_]->name); \
        buf_puts((w)->out, n_ ? " };\n" : ";\n");                                   \
    } while (0)

static void write_mls(struct conf *w)
{
    const struct policy *p = w->policy;
    const char **by_rank = arena_array(p->arena, p->n_ranked, sizeof(*by_rank));
    const struct class *c = p->classes.items[0]->class;
    unsigned int i;

    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        if (s->real != s)
            continue;
        by_rank[s->rank] = s->name;
        buf_printf(w->out, "sensitivity %s", s->name);
        ADD_ALIASES(w, p->sensitivities, s);
    }
    buf_puts(w->out, "dominance {");
    for (i = 0; i < p->n_ranked; i++)
        conf_add_word(w, "", by_rank[i]);
    buf_puts(w->out, " }\n");
    for (i = 0; i < p->categories.n; i++) {
        const struct category *one = p->categories.items[i];

        if (one->real != one)
            continue;
        buf_printf(w->out, "category %s", one->name);
        ADD_ALIASES(w, p->categories, one);
    }
    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        if (s->real != s)
            continue;
        buf_puts(w->out, "level ");
        conf_add_level(w, s->level);
        buf_puts(w->out, ";\n");
    }
    /*
     * This section may not be without a constraint, nor may its constraints name users. So it has one on no permission,
     * which checkpolicy warns of and leaves out, and all others stand in their own section, where they may be about
     * levels just as well.
     */
    buf_printf(w->out, "mlsconstrain %s ~{", c->name);
    for (i = 0; i < c->n_perms; i++)
        conf_add_word(w, "", c->perms[i].name);
    buf_puts(w->out, " } (l1 == l2);\n");
}

/* ---- types, roles, users ----------------------------------------------------------------------------------------------------- */

static void write_types(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        if (t->kind == KIND_ATTRIBUTE) {
            buf_printf(w->out, "attribute %s;\n", t->name);
            if (t->expand)
                buf_printf(w->out, "expandattribute %s true;\n", t->name);
            continue;
        }
        buf_printf(w->out, "type %s", t->name);
        for (j = 0; j < t->n_attributes; j++) {
            buf_putc(w->out, ',');
            conf_add_word(w, "", t->attributes[j]->real->name);
        }
        buf_puts(w->out, ";\n");
    }
    for (i = 0; i < p->types.n; i++) {
        const struct type *t = p->types.items[i];

        if (t->kind == KIND_ALIAS)
            buf_printf(w->out, "typealias %s alias %s;\n", t->real->name, t->name);
        if (t->bounds)
            buf_printf(w->out, "typebounds %s %s;\n", t->bounds->real->name, t->name);
        if (t->permissive && t->kind == KIND_TYPE)
            buf_printf(w->out, "permissive %s;\n", t->name);
    }
    for (i = 0; i < p->booleans.n; i++)
        if (!p->booleans.items[i]->tunable)
            buf_printf(w->out, "bool %s %s;\n", p->booleans.items[i]->name, p->booleans.items[i]->value ? "true" : "false");
}

/* checkpolicy makes one set of all these statements: a `-t` in one would count against all, so none has any. */
static void write_role_types(struct conf *w, const struct role *r)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < r->types.n; i++) {
        const struct typeset *set = r->types.items[i];

        if (conf_set_empty(w, set))
            continue;
        buf_printf(w->out, "role %s types ", r->name);
        if (set->n_out) {
            policy_expand(p, set, &w->types);
            buf_puts(w->out, "{");
            for (j = bits_next(&w->types, 0); j < w->types.n; j = bits_next(&w->types, j + 1))
                conf_add_word(w, "", p->numbered[j]->name);
            buf_puts(w->out, " }");
        } else {
            conf_add_types(w, set, false);
        }
        buf_puts(w->out, ";\n");
    }
}

static void write_roles(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++)
        if (p->roles.items[i]->number || p->roles.items[i]->attribute)
            buf_printf(w->out, "%s %s;\n", p->roles.items[i]->attribute ? "attribute_role" : "role", p->roles.items[i]->name);
    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        write_role_types(w, r);
        for (j = 0; j < r->attributes.n; j++)
            buf_printf(w->out, "roleattribute %s %s;\n", r->name, r->attributes.items[j]->name);
    }
    /* What is dominated was resolved when it was read, so that the order of these does not count. */
    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (!r->dominates.n)
            continue;
        buf_printf(w->out, "dominance { role %s {", r->name);
        for (j = 0; j < r->dominates.n; j++) {
            conf_add_word(w, "role ", r->dominates.items[j]->name);
            buf_putc(w->out, ';');
        }
        buf_puts(w->out, " } }\n");
    }
}

static void write_role_rules(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->role_rules.n; i++) {
        const struct role_rule *r = &p->role_rules.items[i];

        buf_puts(w->out, r->kind == ROLE_RULE_ALLOW ? "allow " : "role_transition ");
        conf_add_roles(w, r->from);
        conf_add_blank(w);
        if (r->kind == ROLE_RULE_ALLOW) {
            conf_add_roles(w, r->to);
        } else {
            conf_add_types(w, r->types, false);
            buf_puts(w->out, ":{");
            for (j = 0; j < r->n_classes; j++)
                conf_add_word(w, "", r->classes[j]->name);
            buf_puts(w->out, " }");
            conf_add_word(w, "", r->to->in[0]->name);
        }
        buf_puts(w->out, ";\n");
    }
    for (i = 0; p->mls && i < p->range_rules.n; i++) {
        const struct range_rule *r = &p->range_rules.items[i];

        buf_puts(w->out, "range_transition ");
        conf_add_types(w, r->subjects, false);
        conf_add_blank(w);
        conf_add_types(w, r->objects, false);
        buf_puts(w->out, ":{");
        for (j = 0; j < r->n_classes; j++)
            conf_add_word(w, "", r->classes[j]->name);
        buf_puts(w->out, " } ");
        conf_add_range(w, r->range);
        buf_puts(w->out, ";\n");
    }
}

static void write_users(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i];

        buf_printf(w->out, "user %s roles {", u->name);
        for (j = 0; j < u->roles.n; j++) {
            conf_add_blank(w);
            conf_add_roles(w, u->roles.items[j]);
        }
        buf_puts(w->out, " }");
        if (p->mls) {
            conf_add_word(w, "", "level ");
            conf_add_level(w, u->level);
            conf_add_word(w, "", "range ");
            conf_add_range(w, u->range);
        }
        buf_puts(w->out, ";\n");
    }
}

/* ---- rules -------------------------------------------------------------------------------------------------------------------- */

/* A comment may go on in another line, too. */
static void add_comment(struct conf *w, const char *text)
{
    buf_puts(w->out, "# ");
    for (; *text; text++) {
        if ((unsigned char)*text > ' ') {
            buf_putc(w->out, *text);
            continue;
        }
        conf_add_blank(w);
        if (w->out->len && w->out->data[w->out->len - 1] == '\n')
            buf_puts(w->out, "# ");
    }
    buf_putc(w->out, '\n');
}

static void write_rule(struct conf *w, const struct policy_rule *r, const char *indent)
{
    unsigned int i;

    if (conf_set_empty(w, r->subjects) || conf_set_empty(w, r->objects))
        return;
    if (r->origin != w->origin && r->origin && r->origin->text)
        add_comment(w, r->origin->text);
    w->origin = r->origin;
    if (r->reason && r->reason != w->reason)
        add_comment(w, r->reason);
    w->reason = r->reason;
    for (i = 0; i < r->n_access; i++) {
        if (r->kind < TE_TRANSITION && !r->access[i].perms)
            continue;
        buf_printf(w->out, "%s%s ", indent, policy_rule_word(r->kind));
        conf_add_types(w, r->subjects, r->kind == AV_NEVERALLOW);
        conf_add_blank(w);
        conf_add_types(w, r->objects, r->kind == AV_NEVERALLOW);
        buf_printf(w->out, ":%s", r->access[i].class->name);
        conf_add_blank(w);
        if (r->kind < TE_TRANSITION)
            conf_add_perms(w, &r->access[i]);
        else
            buf_puts(w->out, r->result->name);
        buf_puts(w->out, ";\n");
    }
}

static void add_bool_expr(struct conf *w, const struct bool_expr *e)
{
    static const char *const ops[] = {
        [BOOL_AND] = "&&", [BOOL_OR] = "||", [BOOL_XOR] = "^", [BOOL_EQ] = "==", [BOOL_NEQ] = "!=",
    };

    switch (e->op) {
    case BOOL_NAME:
        buf_puts(w->out, e->boolean->name);
        break;
    case BOOL_NOT:
        buf_puts(w->out, "(! ");
        add_bool_expr(w, e->a);
        buf_putc(w->out, ')');
        break;
    default:
        buf_putc(w->out, '(');
        add_bool_expr(w, e->a);
        conf_add_word(w, ops[e->op], " ");
        add_bool_expr(w, e->b);
        buf_putc(w->out, ')');
    }
}

static int by_branch(const struct policy_rule *r)
{
    bool otherwise;

    return policy_condition_of(r, &otherwise) ? otherwise : -1;
}

static void write_rules(struct conf *w)
{
    const struct policy *p = w->policy;
    const struct condition *c = NULL;
    unsigned int i, j;
    bool ignored;

    for (i = 0; i < p->rules.n; i++)
        if (p->rules.items[i].live && by_branch(&p->rules.items[i]) < 0)
            write_rule(w, &p->rules.items[i], "");
    /* The rules of a statement stand together; checkpolicy unites what has equal conditions. */
    for (i = 0; i < p->rules.n; i = j) {
        const struct policy_rule *r = &p->rules.items[i];
        int branch;

        for (j = i + 1; j < p->rules.n && p->rules.items[j].condition == r->condition; j++)
            ;
        if (!r->live || by_branch(r) < 0)
            continue;
        c = policy_condition_of(r, &ignored);
        buf_puts(w->out, "if (");
        add_bool_expr(w, c->expr);
        buf_puts(w->out, ") {\n");
        for (branch = 0; branch < 2; branch++) {
            unsigned int k;

            for (k = i; k < j; k++)
                if (by_branch(&p->rules.items[k]) == branch)
                    write_rule(w, &p->rules.items[k], "    ");
            buf_puts(w->out, branch ? "}\n" : "} else {\n");
        }
    }
}

/* ---- labels ---------------------------------------------------------------------------------------------------------------------- */

static void write_labels(struct conf *w)
{
    const struct policy *p = w->policy;
    unsigned int i, kind;

    for (i = 0; i < p->sids.n; i++) {
        buf_printf(w->out, "sid %s ", p->sids.items[i].isid->name);
        conf_add_context(w, p->sids.items[i].context);
    }
    for (kind = 0; kind < N_RESOURCES; kind++)
        for (i = 0; i < p->resources[kind].n; i++) {
            const struct resource *r = &p->resources[kind].items[i];

            buf_printf(w->out, "%s ", policy_resource_word(kind));
            if (r->path)
                buf_printf(w->out, "\"%s\"", r->path);
            else if (r->low == r->high)
                buf_printf(w->out, "0x%llx", (unsigned long long)r->low);
            else
                buf_printf(w->out, "0x%llx-0x%llx", (unsigned long long)r->low, (unsigned long long)r->high);
            buf_putc(w->out, ' ');
            conf_add_context(w, r->context);
        }
}

/* Names are short, but a path cannot be broken, nor can a reason in one word. */
static void check_lines(struct conf *w)
{
    const char *line = buf_text(w->out), *end;

    for (; (end = strchr(line, '\n')); line = end + 1) {
        if (end - line <= CONF_LONGEST_LINE)
            continue;
        diag_add(w->policy->diags, &RULE_UNSUPPORTED, (struct span){ 0, 0, 0 },
                 "checkpolicy reads lines of at most %d letters, and '%.40s...' cannot be broken", CONF_LONGEST_LINE, line);
        return;
    }
}

bool conf_emit(struct policy *p, struct buf *out)
{
    struct conf w = { .policy = p, .out = out, .types = bits_create(p->arena, p->n_numbered) };
    unsigned int i, errors = diags_count(p->diags, LEVEL_ERROR);

    write_classes(&w);
    write_defaults(&w);
    if (p->mls)
        write_mls(&w);
    for (i = 0; i < p->policycaps.n; i++)
        buf_printf(out, "policycap %s;\n", p->policycaps.items[i].name);
    write_types(&w);
    write_roles(&w);
    write_rules(&w);
    write_role_rules(&w);
    write_users(&w);
    write_constraints(&w);
    write_labels(&w);
    check_lines(&w);
    return diags_count(p->diags, LEVEL_ERROR) == errors;
}
