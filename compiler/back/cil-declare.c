/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declarations in CIL: classes, initial SIDs, levels, types, roles, users and booleans, in the policy's own order. */
#include "back/cil-text.h"

#include "text/diag.h"
#include "text/rules.h"

static void write_classes(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->commons.n; i++) {
        const struct common *c = p->commons.items[i];

        cil_check_name(w, c->name, "common", c->span);
        buf_printf(w->out, "(common %s (", c->name);
        for (j = 0; j < c->n_perms; j++)
            buf_printf(w->out, "%s%s", j ? " " : "", c->perms[j]);
        buf_puts(w->out, "))\n");
    }
    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *oc = p->classes.items[i];
        unsigned int first = oc->common ? oc->common->n_perms : 0;

        cil_check_name(w, oc->class->name, "class", oc->class->span);
        buf_printf(w->out, "(class %s (", oc->class->name);
        for (j = first; j < oc->class->n_perms; j++) {
            cil_check_name(w, oc->class->perms[j].name, "permission", oc->class->perms[j].span);
            buf_printf(w->out, "%s%s", j > first ? " " : "", oc->class->perms[j].name);
        }
        buf_puts(w->out, "))\n");
        if (oc->common)
            buf_printf(w->out, "(classcommon %s %s)\n", oc->class->name, oc->common->name);
    }
    buf_puts(w->out, "(classorder (");
    for (i = 0; i < p->classes.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", p->classes.items[i]->class->name);
    buf_puts(w->out, "))\n");
    for (i = 0; i < p->sids.n; i++) {
        cil_check_name(w, p->sids.items[i].isid->name, "initial SID", p->sids.items[i].isid->span);
        buf_printf(w->out, "(sid %s)\n", p->sids.items[i].isid->name);
    }
    buf_puts(w->out, "(sidorder (");
    for (i = 0; i < p->sids.n; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", p->sids.items[i].isid->name);
    buf_puts(w->out, "))\n");
}

static void write_defaults(struct cil *w)
{
    struct class_default defaults[CLASS_DEFAULTS];
    const struct policy *p = w->policy;
    unsigned int i, j, n;

    for (i = 0; i < p->classes.n; i++) {
        const struct object_class *c = p->classes.items[i];

        n = policy_class_defaults(c, defaults);
        for (j = 0; j < n; j++)
            buf_printf(w->out, "(default%s %s %s)\n", defaults[j].part, c->class->name, defaults[j].from);
    }
}

static void write_sensitivities(struct cil *w)
{
    const struct policy *p = w->policy;
    const char **by_rank = arena_array(w->arena, p->n_ranked, sizeof(*by_rank));
    unsigned int i;

    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        cil_check_name(w, s->name, "sensitivity", s->span);
        if (s->real == s) {
            buf_printf(w->out, "(sensitivity %s)\n", s->name);
            by_rank[s->rank] = s->name;
        } else {
            buf_printf(w->out, "(sensitivityalias %s)\n(sensitivityaliasactual %s %s)\n", s->name, s->name, s->real->name);
        }
    }
    buf_puts(w->out, "(sensitivityorder (");
    for (i = 0; i < p->n_ranked; i++)
        buf_printf(w->out, "%s%s", i ? " " : "", by_rank[i]);
    buf_puts(w->out, "))\n");
}

static void write_mls(struct cil *w)
{
    const struct policy *p = w->policy;
    const char **names = arena_array(w->arena, p->n_categories, sizeof(*names));
    unsigned int i;

    if (!p->mls) {
        /* CIL wants a level in any case. */
        buf_puts(w->out, "(mls false)\n(sensitivity s0)\n(sensitivityorder (s0))\n");
        return;
    }
    buf_puts(w->out, "(mls true)\n");
    write_sensitivities(w);
    for (i = 0; i < p->categories.n; i++) {
        const struct category *c = p->categories.items[i];

        cil_check_name(w, c->name, "category", c->span);
        if (c->real == c) {
            buf_printf(w->out, "(category %s)\n", c->name);
            names[c->number] = c->name;
        } else {
            buf_printf(w->out, "(categoryalias %s)\n(categoryaliasactual %s %s)\n", c->name, c->name, c->real->name);
        }
    }
    if (p->n_categories) {
        buf_puts(w->out, "(categoryorder (");
        for (i = 0; i < p->n_categories; i++)
            buf_printf(w->out, "%s%s", i ? " " : "", names[i]);
        buf_puts(w->out, "))\n");
    }
    for (i = 0; i < p->sensitivities.n; i++) {
        const struct sensitivity *s = p->sensitivities.items[i];

        if (s->real != s || !s->level->n_ranges)
            continue;
        buf_printf(w->out, "(sensitivitycategory %s (", s->name);
        cil_categories(w, s->level);
        buf_puts(w->out, "))\n");
    }
}

static void write_types(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        cil_check_name(w, t->name, t->kind == KIND_TYPE ? "type" : "attribute", t->span);
        buf_printf(w->out, "(%s %s)\n", t->kind == KIND_TYPE ? "type" : "typeattribute", t->name);
    }
    for (i = 0; i < p->types.n; i++) {
        const struct type *t = p->types.items[i];

        if (t->kind != KIND_ALIAS)
            continue;
        cil_check_name(w, t->name, "type", t->span);
        buf_printf(w->out, "(typealias %s)\n(typealiasactual %s %s)\n", t->name, t->name, t->real->name);
    }
    for (i = 0; i < p->n_numbered; i++) {
        const struct type *t = p->numbered[i];

        if (t->kind == KIND_ATTRIBUTE) {
            if (t->n_members) {
                buf_printf(w->out, "(typeattributeset %s (", t->name);
                for (j = 0; j < t->n_members; j++)
                    buf_printf(w->out, "%s%s", j ? " " : "", t->members[j]->name);
                buf_puts(w->out, "))\n");
            }
            /* Left alone, secilc drops small and unused attributes. */
            buf_printf(w->out, "(expandtypeattribute (%s) %s)\n", t->name, t->expand ? "true" : "false");
        }
        if (t->bounds)
            buf_printf(w->out, "(typebounds %s %s)\n", t->bounds->real->name, t->name);
        if (t->permissive)
            buf_printf(w->out, "(typepermissive %s)\n", t->name);
    }
}

static void write_role_types(struct cil *w, const struct role *r, const struct role *of)
{
    struct cil_sides s;
    unsigned int i, j;

    for (i = 0; i < of->types.n; i++) {
        s = cil_sides(w, of->types.items[i], false);
        for (j = 0; j < s.n; j++)
            buf_printf(w->out, "(roletype %s %s)\n", r->name, s.names[j]);
    }
}

static void write_roles(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i, j;

    for (i = 0; i < p->roles.n; i++) {
        const struct role *r = p->roles.items[i];

        if (r->attribute)
            continue;
        cil_check_name(w, r->name, "role", r->span);
        buf_printf(w->out, "(role %s)\n", r->name);
        write_role_types(w, r, r);
        for (j = 0; j < r->attributes.n; j++)
            write_role_types(w, r, r->attributes.items[j]);
        if (r->bounds)
            buf_printf(w->out, "(rolebounds %s %s)\n", r->bounds->name, r->name);
        if (r->dominates.n)
            diag_add(p->diags, &RULE_UNSUPPORTED, r->span, "CIL cannot say that role '%s' dominates another", r->name);
    }
}

static void write_users(struct cil *w)
{
    const struct policy *p = w->policy;
    struct cil_sides s;
    unsigned int i, j, k;

    for (i = 0; i < p->users.n; i++) {
        const struct user *u = p->users.items[i];

        cil_check_name(w, u->name, "user", u->span);
        /* Every user has object_r: said nowhere else, but secilc wants to be told. */
        buf_printf(w->out, "(user %s)\n(userrole %s object_r)\n", u->name, u->name);
        for (j = 0; j < u->roles.n; j++) {
            s = cil_role_sides(w, u->roles.items[j]);
            for (k = 0; k < s.n; k++)
                buf_printf(w->out, "(userrole %s %s)\n", u->name, s.names[k]);
        }
        buf_printf(w->out, "(userlevel %s ", u->name);
        cil_level(w, u->level);
        buf_printf(w->out, ")\n(userrange %s ", u->name);
        cil_range(w, u->range);
        buf_puts(w->out, ")\n");
        if (u->bounds)
            buf_printf(w->out, "(userbounds %s %s)\n", u->bounds->name, u->name);
    }
    for (i = 0; i < p->booleans.n; i++) {
        const struct boolean *b = p->booleans.items[i];

        if (b->tunable)
            continue;
        cil_check_name(w, b->name, "boolean", b->span);
        buf_printf(w->out, "(boolean %s %s)\n", b->name, b->value ? "true" : "false");
    }
}

void cil_declare(struct cil *w)
{
    const struct policy *p = w->policy;
    unsigned int i;

    write_classes(w);
    write_mls(w);
    write_defaults(w);
    for (i = 0; i < p->policycaps.n; i++)
        buf_printf(w->out, "(policycap %s)\n", p->policycaps.items[i].name);
    write_types(w);
    write_roles(w);
    write_users(w);
}
