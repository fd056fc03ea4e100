/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What permissions are asked for: the operations of a database, by the permissions in their checks. */
#include "review/policies.h"

#include "base/names.h"
#include "judge/operation.h"
#include "review/words.h"

struct use {
    const char *meaning;
    unsigned int n;             /* operations that ask for it */
};

struct uses {
    struct arena *arena;
    const struct model *model;
    struct map perms;           /* (class, permission) -> struct use */
};

static void add(struct uses *u, const struct class *c, const char *perm, const char *meaning)
{
    struct use *use = map_get(&u->perms, c, perm);

    if (!use) {
        use = ARENA_NEW(u->arena, struct use);
        use->meaning = meaning;
        map_put(u->arena, &u->perms, c, perm, use);
    }
    use->n++;
}

static void add_perms(struct uses *u, const struct check *c, const struct perm_use *p, const char *meaning)
{
    unsigned int i;

    for (; p; p = p->otherwise) {
        if (p->perm && p->perm->bit < c->class->n_perms)
            add(u, c->class, c->class->perms[p->perm->bit].name, meaning);
        for (i = 0; i < p->n_choices; i++)
            add_perms(u, c, &p->choices[i], meaning);
    }
}

/* The permissions of the last check on the way are what the operation is about; those before are asked for by all. */
struct uses *uses_create(struct arena *a, const struct model *m)
{
    struct uses *u = ARENA_NEW(a, struct uses);
    struct operations ops = operations_list(a, m);
    unsigned int i, j, k;

    u->arena = a;
    u->model = m;
    for (i = 0; i < ops.n; i++) {
        const struct operation *op = &ops.items[i];
        const struct steps *steps = stage_flask(operation_last(op), false);

        for (j = 0; j < steps->n; j++) {
            const struct check *c = &steps->step[j].check;

            if (steps->step[j].kind != STEP_CHECK || !c->class)
                continue;
            for (k = 0; k < c->n_perms; k++)
                add_perms(u, c, &c->perms[k], operation_meaning(op));
        }
    }
    return u;
}

const char *uses_find(const struct uses *u, const char *class, const char *perm, unsigned int *more)
{
    unsigned int i, j;

    *more = 0;
    for (i = 0; i < u->model->n_classes; i++) {
        const struct class *c = u->model->classes[i];
        const struct use *use;

        if (c->name != class)
            continue;
        use = map_get(&u->perms, c, perm);
        if (use) {
            *more = use->n - 1;
            return use->meaning;
        }
        for (j = 0; j < c->n_perms; j++)
            if (c->perms[j].name == perm)
                return c->perms[j].meaning;
    }
    return NULL;
}
