/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: which files are read, and in what order. */
#include "front/front.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "front/lists.h"
#include "front/parse.h"
#include "parser.h"
#include "text/rules.h"

static struct front *front_empty(struct arena *arena, struct names *names, struct sources *sources, struct diags *diags)
{
    struct front *f = ARENA_NEW(arena, struct front);
    const struct parse_keyword *k;

    f->arena = arena;
    f->names = names;
    f->sources = sources;
    f->diags = diags;
    f->model = ARENA_NEW(arena, struct model);
    f->lists = ARENA_NEW(arena, struct front_lists);
    f->lists->written = arena_child(arena);
    f->lists->kept = arena_mark(f->lists->written);
    for (k = parse_keywords; k->text; k++)
        map_put(arena, &f->lists->keywords, NULL, names_get(f->names, k->text), (void *)k);
    return f;
}

struct front *front_create(struct arena *arena)
{
    struct sources *sources = sources_create(arena);

    return front_empty(arena, names_create(arena), sources, diags_create(arena, sources));
}

struct front *front_create_beside(const struct front *other)
{
    return front_empty(other->arena, other->names, other->sources, other->diags);
}

static void front_unreadable(struct front *f, const char *path, int error)
{
    diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot read '%s': %s", path, strerror(error));
}

static bool front_source_file(struct front *f, const char *path, front_visit *visit, void *context)
{
    uint32_t index = source_read(f->sources, path);

    if (index)
        return visit(index, context);
    front_unreadable(f, path, errno);
    return false;
}

static int is_source(const struct dirent *e)
{
    size_t len = strlen(e->d_name);

    return e->d_name[0] != '.' && len > 4 && !strcmp(e->d_name + len - 4, ".xsm");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool front_source_folder(struct front *f, const char *path, front_visit *visit, void *context)
{
    struct dirent **entries;
    int n = scandir(path, &entries, is_source, by_name), i;
    size_t len = strlen(path);
    bool good = n > 0;

    if (n < 0) {
        front_unreadable(f, path, errno);
        return false;
    }
    if (!n)
        diag_add(f->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "there is no .xsm file in '%s'", path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    for (i = 0; i < n; i++) {
        const char *file = arena_printf(f->arena, "%.*s/%s", (int)len, path, entries[i]->d_name);

        good &= front_source_file(f, file, visit, context);
        free(entries[i]);
    }
    free(entries);
    return good;
}

bool front_sources(struct front *f, const char *path, front_visit *visit, void *context)
{
    struct stat st;

    if (strcmp(path, "-") && !stat(path, &st) && S_ISDIR(st.st_mode))
        return front_source_folder(f, path, visit, context);
    return front_source_file(f, path, visit, context);
}

static bool front_read_one(uint32_t index, void *context)
{
    front_parse(context, index, NULL);
    return true;
}

void front_read(struct front *f, const char *path)
{
    front_sources(f, path, front_read_one, f);
}

void front_read_text(struct front *f, const char *name, const char *text, size_t len)
{
    uint32_t index = source_add(f->sources, name, text, len);

    if (index)
        front_parse(f, index, NULL);
    else
        front_unreadable(f, name, errno);
}

bool front_bind(struct front *f)
{
    front_resolve(f);
    front_bind_stock(f);
    return !diags_count(f->diags, LEVEL_ERROR);
}
