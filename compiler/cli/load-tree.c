/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Xen tree as a database, for the commands that take one. What the tree makes is read as a text; so that places are those
 * in the C sources, every hook is looked up there: its dummy function, and in its Flask function the cases of its commands.
 */
#include <stdio.h>
#include <string.h>

#include "cli/load.h"
#include "tree/import.h"

/* The function of that name in a file of that name, or else the first of the name. */
static const struct tree_function *find_function(struct front *f, const struct tree *t, const char *prefix, const char *hook,
                                                 const char *file)
{
    const struct tree_function *const *list;
    unsigned int n = tree_functions_named(t, names_get(f->names, arena_printf(f->arena, "%s%s", prefix, hook)), &list), i;

    for (i = 0; i < n; i++) {
        const char *path = source_path(f->sources, list[i]->name_span.file);
        size_t len = strlen(path), tail = strlen(file);

        if (len > tail && !strcmp(path + len - tail, file))
            return list[i];
    }
    return n ? list[0] : NULL;
}

static void note_cases(struct front *f, struct tree_places *places, const char *hook, const struct tree_function *fn)
{
    unsigned int i, j, k;

    for (i = 0; fn && i < fn->n_switches; i++)
        for (j = 0; j < fn->switches[i]->n_cases; j++)
            for (k = 0; k < fn->switches[i]->cases[j]->n_labels; k++) {
                const struct tree_label *label = &fn->switches[i]->cases[j]->labels[k];

                *LIST_PUSH(f->arena, places) = (struct tree_place){ hook, label->name, label->span };
            }
}

static void note_hook(struct front *f, const struct tree *t, struct tree_places *places, const char *hook)
{
    const struct tree_function *dummy = find_function(f, t, "xsm_", hook, "/dummy.h");
    const struct tree_function *flask = find_function(f, t, "flask_", hook, "/hooks.c");
    const struct tree_function *silo = find_function(f, t, "silo_", hook, "/silo.c");

    if (dummy || flask)
        *LIST_PUSH(f->arena, places) = (struct tree_place){ hook, NULL, (dummy ? dummy : flask)->name_span };
    if (flask)
        *LIST_PUSH(f->arena, places) = (struct tree_place){ hook, names_get(f->names, "flask"), flask->name_span };
    if (silo && !strncmp(silo->name, "silo_", 5))
        *LIST_PUSH(f->arena, places) = (struct tree_place){ hook, names_get(f->names, "silo"), silo->name_span };
    note_cases(f, places, hook, flask);
    note_cases(f, places, hook, dummy);
}

/* Every line that begins a hook. */
static void note_hooks(struct front *f, const struct tree *t, struct tree_places *places, const char *text)
{
    for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL) {
        size_t line = strcspn(text, "\n"), head = strcspn(text, "(");
        const char *at = text;
        char name[256];

        if (head >= line)
            continue;
        if (!strncmp(at, "lifecycle ", 10))
            at += 10;
        else if (!strncmp(at, "flask-only ", 11))
            at += 11;
        if (sscanf(at, "hook %255[A-Za-z0-9_](", name) == 1)
            note_hook(f, t, places, names_get(f->names, name));
    }
}

bool load_tree(struct front *f, const char *root, const char *name, struct tree_places *places)
{
    struct tree *t = tree_create(f->arena, f->names, f->sources, f->diags);
    struct import_files files = { NULL, 0, 0 };
    bool good = tree_read(t, root, NULL) && tree_import(t, name, &files);
    unsigned int i;

    for (i = 0; good && i < files.n; i++) {
        front_read_text(f, arena_printf(f->arena, "%s/%s", root, files.items[i].name), files.items[i].text,
                        files.items[i].len);
        note_hooks(f, t, places, files.items[i].text);
    }
    tree_destroy(t);
    return good;
}

/* ---- after the names are bound ---- */

static const struct tree_place *find_place(const struct tree_places *places, const char *hook, const char *key)
{
    unsigned int i;

    for (i = 0; i < places->n; i++)
        if (places->items[i].hook == hook && places->items[i].key == key)
            return &places->items[i];
    return NULL;
}

/* A command without a case stands where the function is that lacks it. */
static void place_rows(struct front *f, const struct tree_places *places, const char *hook, struct table *t)
{
    const struct tree_place *flask = find_place(places, hook, names_get(f->names, "flask"));
    unsigned int i, j;

    for (i = 0; t && i < t->n_rows; i++) {
        struct row *r = &t->rows[i];
        const struct tree_place *p;

        for (j = 0; j < r->n_keys; j++) {
            p = find_place(places, hook, r->keys[j].name);
            if (!p)
                p = flask;
            if (p)
                r->keys[j].span = p->span;
        }
        if (r->n_keys)
            r->span = r->keys[0].span;
        else if (flask)
            r->span = flask->span;
        place_rows(f, places, hook, r->sub);
    }
}

/* Whatever a hook says by itself stands at its function, but SILO's rule at its own. */
static void place_hook(struct front *f, const struct tree_places *places, struct hook *h, struct span span)
{
    const struct tree_place *silo = find_place(places, h->name, names_get(f->names, "silo"));
    unsigned int i;

    h->span = span;
    for (i = 0; i < h->n_defaults; i++)
        h->defaults[i].span = span;
    if (h->silo.kind != SILO_UNSET)
        h->silo.span = silo ? silo->span : span;
}

void load_tree_places(struct front *f, const struct tree_places *places)
{
    unsigned int i;

    for (i = 0; i < f->model->n_hooks; i++) {
        struct hook *h = f->model->hooks[i];
        const struct tree_place *p = find_place(places, h->name, NULL);

        if (p)
            place_hook(f, places, h, p->span);
        place_rows(f, places, h->name, h->table);
        place_rows(f, places, h->name, h->flask_table);
    }
}
