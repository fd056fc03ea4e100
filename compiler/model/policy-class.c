/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a policy: classes, permissions and initial SIDs. Those of the hook database are there from the start; a
 * policy that carries Xen's own lists must agree with it.
 */
#include "model/policy.h"

#include "text/diag.h"
#include "text/rules.h"

enum { MAX_PERMS = 32 };

static struct object_class *class_new(struct policy *p, struct class *class)
{
    struct object_class *c = ARENA_NEW(p->arena, struct object_class);

    c->class = class;
    *LIST_PUSH(p->arena, &p->classes) = c;
    map_put(p->arena, &p->class_map, NULL, class->name, c);
    return c;
}

struct policy *policy_create(struct arena *a, struct names *n, struct diags *d, const struct model *model)
{
    struct policy *p = ARENA_NEW(a, struct policy);
    unsigned int i, j;

    p->arena = a;
    p->names = n;
    p->diags = d;
    p->model = model;
    for (i = 0; model && i < model->n_classes; i++) {
        struct class *class = model->classes[i];
        struct object_class *c = class_new(p, class);

        c->has_vector = true;
        for (j = 0; j < class->n_perms; j++)
            map_put(a, &c->perms, NULL, class->perms[j].name, &class->perms[j]);
    }
    for (i = 0; model && i < model->n_isids; i++) {
        LIST_PUSH(a, &p->sids)->isid = model->isids[i];
        map_put(a, &p->sid_map, NULL, model->isids[i]->name, model->isids[i]);
    }
    policy_declare_role(p, names_get(n, "object_r"), (struct span){ 0, 0, 0 });
    return p;
}

struct object_class *policy_find_class(const struct policy *p, const char *name)
{
    return map_get(&p->class_map, NULL, name);
}

struct perm *policy_find_perm(const struct object_class *c, const char *name)
{
    return map_get(&c->perms, NULL, name);
}

struct isid *policy_find_sid(const struct policy *p, const char *name)
{
    return map_get(&p->sid_map, NULL, name);
}

struct object_class *policy_class(struct policy *p, const char *name, struct span span)
{
    struct object_class *c = policy_find_class(p, name);

    if (!c)
        diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no class '%s'", name);
    return c;
}

uint32_t policy_perm(struct policy *p, struct object_class *c, const char *name, struct span span)
{
    struct perm *perm = policy_find_perm(c, name);
    struct diag *diag;

    if (perm)
        return UINT32_C(1) << perm->bit;
    diag = diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "class '%s' has no permission '%s'", c->class->name, name);
    diag_note(p->diags, diag, c->class->span, "the class is declared here");
    return 0;
}

uint32_t policy_all_perms(const struct object_class *c)
{
    return c->class->n_perms >= MAX_PERMS ? UINT32_MAX : (UINT32_C(1) << c->class->n_perms) - 1;
}

struct object_class *policy_declare_class(struct policy *p, const char *name, struct span span)
{
    struct object_class *c = policy_find_class(p, name);
    struct class *class;

    if (c) {
        /* Xen's own list, read beside the database: the same names, each once. */
        if (!c->local && !c->declared) {
            c->declared = true;
            return c;
        }
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "class '%s' is declared twice", name),
                  c->class->span, "first here");
        return c;
    }
    class = ARENA_NEW(p->arena, struct class);
    class->name = name;
    class->span = span;
    class->number = p->classes.n + 1;
    class->perms = arena_array(p->arena, MAX_PERMS, sizeof(*class->perms));
    c = class_new(p, class);
    c->local = c->declared = true;
    return c;
}

struct common *policy_declare_common(struct policy *p, const char *name, struct span span)
{
    struct common *c = map_get(&p->common_map, NULL, name);

    if (c) {
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "common '%s' is declared twice", name),
                  c->span, "first here");
        return c;
    }
    c = ARENA_NEW(p->arena, struct common);
    c->name = name;
    c->span = span;
    *LIST_PUSH(p->arena, &p->commons) = c;
    return map_put(p->arena, &p->common_map, NULL, name, c);
}

void policy_common_perm(struct policy *p, struct common *c, const char *name, struct span span)
{
    if (map_get(&p->common_map, c, name)) {
        diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "common '%s' has permission '%s' twice", c->name, name);
        return;
    }
    map_put(p->arena, &p->common_map, c, name, c);
    if (c->n_perms == MAX_PERMS) {
        diag_add(p->diags, &RULE_TOO_MANY_PERMISSIONS, span, "common '%s' has more than %d permissions", c->name,
                 MAX_PERMS);
        return;
    }
    *(const char **)arena_push(p->arena, (void **)&c->perms, &c->n_perms, &c->cap_perms, sizeof(*c->perms)) = name;
}

bool policy_open_vector(struct policy *p, struct object_class *c, struct span span)
{
    if (c->has_vector && c->local) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "the permissions of class '%s' are given twice",
                           c->class->name),
                  c->class->span, "the class");
        return false;
    }
    c->has_vector = true;
    c->n_seen = 0;
    c->vector_span = span;
    return true;
}

void policy_class_perm(struct policy *p, struct object_class *c, const char *name, struct span span)
{
    struct class *class = c->class;
    struct perm *perm = policy_find_perm(c, name);
    struct diag *diag;

    if (!c->local) {
        if (perm && perm->bit == c->n_seen) {
            c->n_seen++;
            return;
        }
        diag = diag_add(p->diags, &RULE_CLASS_MISMATCH, span,
                        perm ? "permission '%s' of class '%s' is at another place than in the hook database"
                             : "permission '%s' of class '%s' is not in the hook database",
                        name, class->name);
        diag_note(p->diags, diag, perm ? perm->span : class->span, "the database has it here");
        c->n_seen++;
        return;
    }
    if (perm) {
        diag_note(p->diags,
                  diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "class '%s' has permission '%s' twice", class->name,
                           name),
                  perm->span, "first here");
        return;
    }
    if (class->n_perms == MAX_PERMS) {
        diag_add(p->diags, &RULE_TOO_MANY_PERMISSIONS, span, "class '%s' has more than %d permissions", class->name,
                 MAX_PERMS);
        return;
    }
    perm = &class->perms[class->n_perms];
    *perm = (struct perm){ .name = name, .span = span, .class = class, .bit = class->n_perms };
    class->n_perms++;
    map_put(p->arena, &c->perms, NULL, name, perm);
}

void policy_class_common(struct policy *p, struct object_class *c, const char *common, struct span span)
{
    struct common *from = map_get(&p->common_map, NULL, common);
    unsigned int i;

    if (!from) {
        diag_add(p->diags, &RULE_UNKNOWN_NAME, span, "there is no common '%s'", common);
        return;
    }
    if (c->local)
        c->common = from;
    for (i = 0; i < from->n_perms; i++)
        policy_class_perm(p, c, from->perms[i], span);
}

void policy_declare_sid(struct policy *p, const char *name, struct span span)
{
    struct isid *isid = policy_find_sid(p, name);

    if (isid) {
        struct sid_context *s = &p->sids.items[isid->number - 1];

        if (!s->local && !s->declared) {
            s->declared = true;
            return;
        }
        diag_note(p->diags, diag_add(p->diags, &RULE_DUPLICATE_NAME, span, "initial SID '%s' is declared twice", name),
                  isid->span, "first here");
        return;
    }
    isid = ARENA_NEW(p->arena, struct isid);
    *isid = (struct isid){ .name = name, .span = span, .number = p->sids.n + 1 };
    *LIST_PUSH(p->arena, &p->sids) = (struct sid_context){ .isid = isid, .local = true, .declared = true };
    map_put(p->arena, &p->sid_map, NULL, name, isid);
}
