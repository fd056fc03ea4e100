/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A revision's .xsm files and binary policies are read from git into memory; any other folder of a revision (a policy in
 * the checkpolicy dialect, a Xen tree) is written to a temporary one.
 */
#define _GNU_SOURCE     /* nftw() */
#include "cli/side.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "back/policydb-read.h"
#include "cli/revision.h"
#include "text/rules.h"

static void unreadable(struct front *f, const char *path, const char *why)
{
    diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot read '%s': %s", path, why);
}

static bool is_source(const char *name)
{
    size_t len = strlen(name);

    return name[0] != '.' && len > 4 && !strcmp(name + len - 4, ".xsm");
}

/* A file of the language; a binary policy is kept for later in `binary`. */
static void read_file(struct front *f, const char *name, const char **binary, size_t *binary_len)
{
    const char *why, *text;
    size_t len;

    text = revision_read(f->arena, name, &len, &why);
    if (!text) {
        unreadable(f, name, why);
    } else if (binary && policydb_is(text, len)) {
        *binary = text;
        *binary_len = len;
    } else {
        front_read_text(f, name, text, len);
    }
}

/* Reads the .xsm files of a folder; false if it is a policy folder or a Xen tree, for which all of it is needed. */
static bool read_folder(struct front *f, const char *argument)
{
    unsigned int n, i, found = 0;
    bool whole = false;
    size_t len = strlen(argument);
    const char *why, **names;

    names = revision_list(f->arena, argument, &n, &why);
    if (!names) {
        unreadable(f, argument, why);
        return true;
    }
    while (len > 1 && argument[len - 1] == '/')
        len--;
    for (i = 0; i < n; i++) {
        whole |= !strcmp(names[i], "modules.conf") || !strcmp(names[i], "xen/");
        if (!is_source(names[i]))
            continue;
        read_file(f, arena_printf(f->arena, "%.*s%s%s", (int)len, argument, argument[len - 1] == ':' ? "" : "/", names[i]),
                  NULL, NULL);
        found++;
    }
    if (!found && !whole)
        unreadable(f, argument, "there is no .xsm file in it");
    return found || !whole;
}

/* The folder the whole of it was written to, or NULL. */
static char *export(struct side *s, struct front *f)
{
    const char *base = getenv("TMPDIR"), *why;
    char *folder = arena_printf(f->arena, "%s/xsmc-XXXXXX", base && base[0] ? base : "/tmp");

    if (!mkdtemp(folder)) {
        unreadable(f, s->argument, arena_printf(f->arena, "no temporary folder: %s", strerror(errno)));
        return NULL;
    }
    s->exported = folder;
    if (revision_export(f->arena, s->argument, folder, &why))
        return folder;
    unreadable(f, s->argument, why);
    return NULL;
}

static bool is_tree(struct arena *a, const char *path)
{
    struct stat st;

    return !stat(arena_printf(a, "%s/xen/include/xsm", path), &st) && S_ISDIR(st.st_mode);
}

bool side_read(struct side *s, struct cli *c, bool first, const struct load *load, const char *argument, char *const *with,
               unsigned int n_with)
{
    struct cli own = *c;
    struct front *f = first ? c->front : front_create_beside(c->front);
    LIST(char *) paths = { NULL, 0, 0 };
    struct tree_places places = { NULL, 0, 0 };
    const char *binary = NULL, *why;
    size_t len = 0;
    unsigned int i;

    own.front = f;
    *s = (struct side){ .argument = argument, .front = f };
    if (!revision_is(argument)) {
        *LIST_PUSH(c->arena, &paths) = (char *)argument;
    } else {
        switch (revision_kind(f->arena, argument, &why)) {
        case REVISION_NONE:
            unreadable(f, argument, why);
            break;

        case REVISION_FILE:
            read_file(f, argument, &binary, &len);
            break;

        case REVISION_FOLDER:
            if (!read_folder(f, argument)) {
                char *folder = export(s, f);

                if (folder)
                    *LIST_PUSH(c->arena, &paths) = folder;
            }
            break;
        }
    }
    if (paths.n && is_tree(c->arena, paths.items[0])) {
        s->tree = true;
        load_tree(f, paths.items[0], "xen", &places);
        paths.n = 0;
    }
    for (i = 0; i < n_with; i++)
        *LIST_PUSH(c->arena, &paths) = with[i];
    s->policy = load_policy(&own, load, paths.items, (int)paths.n);
    load_tree_places(f, &places);
    if (binary)
        s->policy = policydb_load(f->arena, f->names, f->diags, source_add(f->sources, argument, "", 0), binary, len, f->model);
    if (s->policy && !diags_count(f->diags, LEVEL_ERROR)) {
        /* What a policy says against itself is for `xsmc check`: here only what it allows counts. */
        s->flat = policy_flatten(s->policy);
    }
    return !diags_count(f->diags, LEVEL_ERROR);
}

bool sides_complete(struct side *a, struct side *b, struct cli *c, const char *words)
{
    struct front *f;

    if (words) {
        f = front_create_beside(c->front);
        front_read(f, words);
        if (!front_bind(f))
            return false;
    } else if (a->tree == b->tree) {
        return true;
    } else {
        f = a->tree ? b->front : a->front;
    }
    if (a->tree)
        front_borrow(a->front, f->model);
    if (b->tree && b != a)
        front_borrow(b->front, f->model);
    return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    (void)type;
    (void)at;
    return remove(path);
}

void side_end(struct side *s)
{
    if (s->exported)
        nftw(s->exported, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    s->exported = NULL;
}
