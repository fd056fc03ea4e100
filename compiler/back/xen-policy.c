/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask's classes, permissions and initial SIDs as the files of xen/xsm/flask/policy, from which Xen's mkflask.sh and
 * mkaccess_vector.sh make the hypervisor's headers and checkpolicy the policy. Declaration order is the number.
 * Beside each permission stand the operations that ask for it, taken from the rows.
 */
#include <string.h>

#include "back/gen.h"
#include "back/xen-c.h"

struct askers {
    const char **items;
    unsigned int n, cap;
};

struct policy_headers {
    struct gen *g;
    struct askers *askers;      /* 32 a class, by bit */
    struct map seen;            /* (askers, name) */
};

static void ask_perm(struct policy_headers *p, const struct check *c, const struct perm_use *u, const char *who)
{
    unsigned int i;

    for (; u; u = u->otherwise) {
        struct askers *list;

        for (i = 0; i < u->n_choices; i++)
            ask_perm(p, c, &u->choices[i], who);
        if (u->choose || !u->perm || u->perm->bit >= 32)
            continue;
        /* What counts is the bit in the class that is asked about. */
        list = &p->askers[(c->class->number - 1) * 32 + u->perm->bit];
        if (map_get(&p->seen, list, who))
            continue;
        map_put(p->g->arena, &p->seen, list, who, list);
        *LIST_PUSH(p->g->arena, list) = who;
    }
}

static void ask_steps(struct policy_headers *p, const struct steps *s, const struct defect *d, const char *who,
                      unsigned int depth)
{
    unsigned int i, j;

    s = gen_steps(p->g, s, d);
    for (i = 0; i < s->n; i++) {
        const struct hook *callee = s->step[i].kind == STEP_AS ? s->step[i].hooks[0].hook : NULL;

        if (callee && depth)
            ask_steps(p, &callee->flask, callee->defect, who, depth - 1);
        if (s->step[i].kind != STEP_CHECK || !s->step[i].check.class)
            continue;
        for (j = 0; j < s->step[i].check.n_perms; j++)
            ask_perm(p, &s->step[i].check, &s->step[i].check.perms[j], who);
    }
}

static void ask_table(struct policy_headers *p, const struct table *t, const char *who)
{
    unsigned int i, j;

    for (i = 0; t && i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        ask_table(p, r->sub, r->n_keys ? r->keys[0].name : who);
        for (j = 0; j < r->n_keys; j++)
            ask_steps(p, &r->flask, r->defect, r->keys[j].name, 8);
        if (r->star)
            ask_steps(p, &r->flask, r->defect, who, 8);
    }
}

static void print_askers(struct buf *out, const struct askers *list)
{
    struct buf text = BUF_INIT;
    unsigned int i;

    if (!list->n)
        return;
    buf_puts(&text, "Asked by ");
    for (i = 0; i < list->n; i++)
        buf_printf(&text, "%s%s", i ? ", " : "", list->items[i]);
    xen_hash_comment(out, 4, buf_text(&text));
    out->failed |= text.failed;
    buf_free(&text);
}

static void access_vectors(struct policy_headers *p)
{
    const struct model *m = p->g->model;
    struct buf out = BUF_INIT;
    unsigned int i, j;

    xen_header(p->g, &out, "The permissions of each class. The first is bit 0: append, never insert.",
               FROM_HOOKS | FROM_CLASSES, true);
    for (i = 0; i < m->n_classes; i++) {
        const struct class *c = m->classes[i];

        if (i)
            buf_putc(&out, '\n');
        if (c->meaning)
            xen_hash_comment(&out, 0, c->meaning);
        if (c->continues)
            xen_hash_comment(&out, 0,
                             arena_printf(p->g->arena, "Continues class %s, which has no bit left", c->continues->name));
        buf_printf(&out, "class %s\n{\n", c->name);
        for (j = 0; j < c->n_perms; j++) {
            if (c->perms[j].meaning)
                xen_hash_comment(&out, 4, c->perms[j].meaning);
            print_askers(&out, &p->askers[i * 32 + j]);
            xen_line(&out, 4, "%s", c->perms[j].name);
        }
        buf_puts(&out, "}\n");
    }
    gen_add(p->g, "xen/xsm/flask/policy/access_vectors", &out);
}

static void names_file(struct gen *g, const char *path, const char *what, unsigned int from,
                       const char *keyword, unsigned int n,
                       const char *(*name)(const struct model *, unsigned int),
                       const char *(*meaning)(const struct model *, unsigned int))
{
    struct buf out = BUF_INIT;
    unsigned int i;

    xen_header(g, &out, what, from, true);
    for (i = 0; i < n; i++) {
        if (meaning(g->model, i))
            xen_hash_comment(&out, 0, meaning(g->model, i));
        buf_printf(&out, "%s %s\n", keyword, name(g->model, i));
    }
    gen_add(g, path, &out);
}

static const char *class_name(const struct model *m, unsigned int i)
{
    return m->classes[i]->name;
}

static const char *class_meaning(const struct model *m, unsigned int i)
{
    return m->classes[i]->meaning;
}

static const char *isid_name(const struct model *m, unsigned int i)
{
    return m->isids[i]->name;
}

static const char *isid_meaning(const struct model *m, unsigned int i)
{
    return m->isids[i]->meaning;
}

void xen_policy_generate(struct gen *g)
{
    const struct model *m = g->model;
    struct policy_headers p = { .g = g, .askers = arena_array(g->arena, (size_t)m->n_classes * 32,
                                                              sizeof(*p.askers)) };
    unsigned int i;

    for (i = 0; i < m->n_hooks; i++) {
        const struct hook *h = m->hooks[i];

        ask_steps(&p, &h->flask, h->defect, h->name, 8);
        ask_table(&p, h->table, h->name);
        ask_table(&p, h->flask_table, h->name);
    }
    access_vectors(&p);
    names_file(g, "xen/xsm/flask/policy/security_classes",
               "Flask's classes of objects. The first is number 1: append, never insert.", FROM_CLASSES, "class",
               m->n_classes, class_name, class_meaning);
    names_file(g, "xen/xsm/flask/policy/initial_sids",
               "The labels the hypervisor knows without a policy. The first is number 1: append, never insert.",
               FROM_SIDS, "sid", m->n_isids, isid_name, isid_meaning);
}
