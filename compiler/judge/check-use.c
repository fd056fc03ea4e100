/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks for what is declared and not used, or not explained. */
#include "judge/checking.h"

#include <string.h>

struct use {
    struct checking *c;
    uint32_t *perms;                /* by class number: bits that some check asks */
    bool *classes, *isids;          /* by number */
};

static void use_class(struct use *u, const struct class *class)
{
    if (class)
        u->classes[class->number] = true;
}

/* The initial SID that unlabelled resources of a kind have. */
static void use_fallback(struct use *u, const char *name)
{
    unsigned int i;

    for (i = 0; i < u->c->model->n_isids; i++)
        if (!strcmp(u->c->model->isids[i]->name, name))
            u->isids[u->c->model->isids[i]->number] = true;
}

static void use_label(struct use *u, const struct label *l)
{
    if (!l)
        return;
    switch (l->kind) {
    case LABEL_ISID:
        if (l->isid)
            u->isids[l->isid->number] = true;
        break;
    case LABEL_NEW:
        use_class(u, l->class);
        break;
    case LABEL_DEVICE:
    case LABEL_DTDEV:
        use_fallback(u, "device");
        break;
    case LABEL_IRQ:
        use_fallback(u, "irq");
        break;
    case LABEL_IOMEM:
        use_fallback(u, "iomem");
        break;
    case LABEL_IOPORT:
        use_fallback(u, "ioport");
        break;
    default:
        break;
    }
    use_label(u, l->from);
    use_label(u, l->to);
}

static void use_perm(struct use *u, const struct perm_use *p)
{
    unsigned int i;

    for (; p; p = p->otherwise) {
        if (p->perm && p->perm->bit < 32)
            u->perms[p->perm->class->number] |= (uint32_t)1 << p->perm->bit;
        for (i = 0; i < p->n_choices; i++)
            use_perm(u, &p->choices[i]);
    }
}

static void use_steps(void *with, const struct hook *h, const struct row *row, const struct steps *steps, bool fix)
{
    struct use *u = with;
    unsigned int i, j;

    (void)h;
    (void)row;
    (void)fix;
    for (i = 0; i < steps->n; i++) {
        const struct check *k = &steps->step[i].check;

        if (steps->step[i].kind != STEP_CHECK)
            continue;
        use_label(u, k->subject);
        use_label(u, k->object);
        use_class(u, k->class);
        use_class(u, k->perm_class);
        for (j = 0; j < k->n_perms; j++)
            use_perm(u, &k->perms[j]);
    }
}

void check_unused(struct checking *c)
{
    const struct model *m = c->model;
    struct use u = { .c = c };
    unsigned int i, j;

    if (!m->n_hooks)
        return;
    u.perms = arena_array(c->arena, m->n_classes + 1, sizeof(*u.perms));
    u.classes = arena_array(c->arena, m->n_classes + 1, sizeof(*u.classes));
    u.isids = arena_array(c->arena, m->n_isids + 1, sizeof(*u.isids));
    for (i = 0; i < m->n_hooks; i++) {
        use_label(&u, m->hooks[i]->subject);
        use_label(&u, m->hooks[i]->object);
        each_steps(m->hooks[i], use_steps, &u);
    }
    for (i = 0; i < m->n_classes; i++) {
        const struct class *k = m->classes[i];

        if (!u.classes[k->number]) {
            finding(c, &RULE_UNUSED_CLASS, k->span, "no hook asks about class '%s'", k->name);
            continue;
        }
        for (j = 0; j < k->n_perms && j < 32; j++)
            if (!(u.perms[k->number] & (uint32_t)1 << j))
                finding(c, &RULE_UNUSED_PERMISSION, k->perms[j].span, "no hook asks for %s:%s", k->name, k->perms[j].name);
    }
    for (i = 0; i < m->n_isids; i++)
        if (!u.isids[m->isids[i]->number])
            finding(c, &RULE_UNUSED_SID, m->isids[i]->span, "no hook names initial SID '%s'", m->isids[i]->name);
}

/* ---- sentences ---- */

static void no_sentence(struct checking *c, const char *meaning, struct span where, const char *what, const char *name)
{
    if (!meaning || !meaning[0])
        finding(c, &RULE_NO_SENTENCE, where, "%s '%s' has no sentence that says what it is", what, name);
}

static void row_sentence(void *with, const struct hook *h, const struct row *r)
{
    struct checking *c = with;

    (void)h;
    /* What a nested table's row means its own rows say, and `*` is everything else. */
    if (!r->sub && r->n_keys)
        no_sentence(c, r->meaning, r->keys[0].span, "command", r->keys[0].name);
}

void check_meanings(struct checking *c)
{
    const struct model *m = c->model;
    unsigned int i, j;

    for (i = 0; i < m->n_classes; i++) {
        no_sentence(c, m->classes[i]->meaning, m->classes[i]->span, "class", m->classes[i]->name);
        for (j = 0; j < m->classes[i]->n_perms; j++)
            no_sentence(c, m->classes[i]->perms[j].meaning, m->classes[i]->perms[j].span, "permission",
                        m->classes[i]->perms[j].name);
    }
    for (i = 0; i < m->n_isids; i++)
        no_sentence(c, m->isids[i]->meaning, m->isids[i]->span, "initial SID", m->isids[i]->name);
    for (i = 0; i < m->n_hooks; i++) {
        no_sentence(c, m->hooks[i]->meaning, m->hooks[i]->span, "hook", m->hooks[i]->name);
        each_row(m->hooks[i], row_sentence, c);
    }
}
