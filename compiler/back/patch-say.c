/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences of the commit message: of each operation that is new, gone or another, who may, and what Flask asks. */
#include <string.h>

#include "back/patch-job.h"
#include "base/buf.h"
#include "judge/summary.h"
#include "model/print.h"

static const char *flask_of(struct patch_job *j, const struct operation *op)
{
    const struct steps *steps = stage_flask(operation_last(op), j->p->g->options.fix_defects);
    struct buf text = BUF_INIT;
    const char *copy;

    if (!steps || !steps->set)
        return "what the hook before it asks";
    if (steps->n == 1 && steps->step[0].kind == STEP_PERMIT)
        return "nothing";
    print_steps(&text, steps);
    copy = arena_text(j->p->g->arena, buf_text(&text), text.len);
    buf_free(&text);
    return copy;
}

static const char *name_of(const struct operation *op)
{
    const struct stage *last = operation_last(op);

    return last->key ? last->key->name : last->hook->name;
}

static void say_new(struct patch_job *j, const struct operation *op)
{
    const char *meaning = operation_meaning(op), *name = name_of(op);
    enum reach reach = operation_reach(j->effective, op, NULL);

    if (!j->p->added.n || strcmp(j->p->added.items[j->p->added.n - 1], name))
        *LIST_PUSH(j->p->g->arena, &j->p->added) = name;
    patch_say(j->p, "%s is new%s%s. By default %s%s. Flask asks %s.", op->path, meaning ? ": " : "", meaning ? meaning : "",
              reach == REACH_DEPENDS ? "" : "it may be asked for by ", reach_asked_by(reach), flask_of(j, op));
}

static void say_changed(struct patch_job *j, const struct operation *was, const struct operation *op)
{
    enum reach before = operation_reach(j->effective, was, NULL), now = operation_reach(j->effective, op, NULL);
    const char *asked = flask_of(j, was), *asks = flask_of(j, op);

    if (before != now)
        patch_say(j->p, "Who may ask for %s by default is another. Now: %s. Before: %s.", op->path, reach_asked_by(now),
                  reach_asked_by(before));
    if (strcmp(asked, asks))
        patch_say(j->p, "For %s Flask asks %s now; before: %s.", op->path, asks, asked);
}

/* Whether some stage of the operation is one of those that were added. */
static bool was_added(const struct patch_job *j, const struct operation *op)
{
    unsigned int i, k;

    for (i = 0; i < op->n_stages; i++)
        for (k = 0; k < j->added.n; k++)
            if (!strcmp(j->added.items[k], op->stages[i].hook->name) ||
                (op->stages[i].key && !strcmp(j->added.items[k], op->stages[i].key->name)))
                return true;
    return false;
}

void patch_say_operations(struct patch_job *j)
{
    struct arena *a = j->p->g->arena;
    struct names *names = j->p->g->names;
    struct map paths = { NULL, 0, 0 }, kept = { NULL, 0, 0 };
    struct operations old = { NULL, 0, 0, false, NULL };
    unsigned int i;

    if (j->p->old)
        old = operations_list(a, j->p->old->model);
    for (i = 0; i < old.n; i++)
        map_put(a, &paths, NULL, names_get(names, old.items[i].path), &old.items[i]);
    for (i = 0; i < j->ops.n; i++) {
        const struct operation *op = &j->ops.items[i];
        const struct operation *was = map_get(&paths, NULL, names_get(names, op->path));

        map_put(a, &kept, NULL, names_get(names, op->path), &j->ops.items[i]);
        if (was)
            say_changed(j, was, op);
        else if (j->p->old || was_added(j, op))
            say_new(j, op);
    }
    for (i = 0; i < old.n; i++)
        if (!map_get(&kept, NULL, names_get(names, old.items[i].path)))
            patch_say(j->p, "%s is gone.", old.items[i].path);
}
