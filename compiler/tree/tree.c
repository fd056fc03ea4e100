/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a tree: the files in the order of their paths, each blanked, parsed and indexed, and the look-ups in what came
 * out. Nothing here knows what XSM is.
 */
#define _GNU_SOURCE     /* memmem() */
#include "tree/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "text/rules.h"
#include "tree/inside.h"

static const struct span nowhere = { 0, 0, 0 };

/* Folders of a Xen tree that take no part in the hypervisor. */
static const char *const unread[] = { "xen/tools", "xen/scripts", "xen/test", "xen/common/coverage/tools",
                                      "xen/include/compat", "xen/include/generated" };

void tree_list_add(const struct tree *t, struct tree_list *list, void *item)
{
    *(void **)arena_push(t->arena, (void **)&list->items, &list->n, &list->cap, sizeof(void *)) = item;
}

void tree_map_add(struct tree *t, struct map *map, const char *name, void *item)
{
    struct tree_list *list = map_get(map, NULL, name);

    if (!list)
        list = map_put(t->arena, map, NULL, name, ARENA_NEW(t->arena, struct tree_list));
    tree_list_add(t, list, item);
}

void tree_gap_add(struct tree *t, struct tree_parsed *p, uint32_t start, uint32_t end, const char *what)
{
    struct tree_gap *g = ARENA_NEW(t->arena, struct tree_gap);

    g->file = &p->file;
    g->span = (struct span){ p->file.source, start, end };
    g->what = what;
    p->file.broken++;
    tree_list_add(t, &t->gaps, g);
}

bool tree_available(void)
{
    return tree_sitter_c() != NULL;
}

struct tree *tree_create(struct arena *a, struct names *names, struct sources *sources, struct diags *diags)
{
    struct tree *t = ARENA_NEW(a, struct tree);

    t->arena = a;
    t->names = names;
    t->sources = sources;
    t->diags = diags;
    if (tree_available()) {
        t->parser = ts_parser_new();
        ts_parser_set_language(t->parser, tree_sitter_c());
        tree_index_create(t);
    }
    return t;
}

void tree_destroy(struct tree *t)
{
    unsigned int i;

    if (!t)
        return;
    for (i = 0; i < t->files.n; i++)
        ts_tree_delete(((struct tree_parsed *)t->files.items[i])->file.syntax);
    if (t->parser)
        ts_parser_delete(t->parser);
}

/* ---- reading ---- */

/* "x86" of "xen/arch/x86/..." and "xen/include/asm-x86/...". */
static const char *arch_of(struct tree *t, const char *path)
{
    static const char *const before[] = { "xen/arch/", "xen/include/asm-", "xen/include/public/arch-" };
    size_t i;

    for (i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        if (!strncmp(path, before[i], strlen(before[i])))
            return names_intern(t->names, path + strlen(before[i]), strcspn(path + strlen(before[i]), "/.-_"));
    return NULL;
}

/* Blanks, parses and indexes a file that is among the sources. */
static void file_read(struct tree *t, const char *path, uint32_t source)
{
    struct tree_parsed *p = ARENA_NEW(t->arena, struct tree_parsed);
    size_t len;
    const char *text = source_text(t->sources, source, &len);

    p->file.path = names_get(t->names, path);
    p->file.arch = arch_of(t, path);
    p->file.source = source;
    p->file.len = (uint32_t)len;
    p->file.index = t->files.n;
    tree_blank(t, p, text);
    p->file.syntax = ts_parser_parse_string(t->parser, NULL, p->file.text, p->file.len);
    tree_list_add(t, &t->files, p);
    while (t->by_source.n <= source)
        tree_list_add(t, &t->by_source, NULL);
    t->by_source.items[source] = p;
    map_put(t->arena, &t->files_by_path, NULL, p->file.path, p);
    tree_index(t, p);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_unread(const char *path)
{
    size_t i;

    for (i = 0; i < sizeof(unread) / sizeof(unread[0]); i++)
        if (!strcmp(path, unread[i]))
            return true;
    return false;
}

static bool is_c(const char *name)
{
    size_t n = strlen(name);

    return n > 2 && name[n - 2] == '.' && (name[n - 1] == 'c' || name[n - 1] == 'h');
}

/* What is gone again since its folder was listed, in a tree where something is being built, was never there. */
static bool no_read(struct tree *t, const char *path)
{
    if (errno == ENOENT)
        return true;
    diag_add(t->diags, &RULE_IO, nowhere, "cannot read '%s': %s", path, strerror(errno));
    return false;
}

static bool mentions(const struct tree *t, uint32_t source, const char *what)
{
    size_t len;
    const char *text = source_text(t->sources, source, &len);

    return memmem(text, len, what, strlen(what)) != NULL;
}

/* Reads what is below ROOT/path, depth first in the order of names; symbolic links are not followed. */
static bool folder_read(struct tree *t, const char *root, const char *path, const struct tree_filter *filter)
{
    const char *full = arena_printf(t->arena, "%s/%s", root, path);
    LIST(const char *) names = { 0 };
    struct dirent *entry;
    bool good = true;
    unsigned int i;
    DIR *dir = opendir(full);

    if (!dir)
        return no_read(t, full);
    while ((errno = 0, entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            *LIST_PUSH(t->arena, &names) = arena_text(t->arena, entry->d_name, strlen(entry->d_name));
    if (errno)
        good = no_read(t, full);
    closedir(dir);
    if (names.n)
        qsort(names.items, names.n, sizeof(*names.items), by_name);
    for (i = 0; i < names.n; i++) {
        const char *inside = arena_printf(t->arena, "%s/%s", path, names.items[i]);
        const char *place = arena_printf(t->arena, "%s/%s", root, inside);
        struct stat st;
        uint32_t source;

        if (lstat(place, &st)) {
            good = no_read(t, place) && good;
        } else if (S_ISDIR(st.st_mode)) {
            if (!is_unread(inside))
                good = folder_read(t, root, inside, filter) && good;
        } else if (S_ISREG(st.st_mode) && is_c(inside) &&
                   (!filter || filter->mention || filter->wanted(inside, filter->context))) {
            source = source_read(t->sources, place);
            if (!source)
                good = no_read(t, place) && good;
            else if (!filter || !filter->mention || filter->wanted(inside, filter->context) ||
                     mentions(t, source, filter->mention))
                file_read(t, inside, source);
        }
    }
    return good;
}

static bool grammar_needed(struct tree *t)
{
    if (t->parser)
        return true;
    diag_help(t->diags, diag_add(t->diags, &RULE_IO, nowhere, "this xsmc was built without the C grammar and cannot read "
                                 "Xen trees"),
              "install npm (or give the unpacked package tree-sitter-c with -DXSMC_GRAMMAR=DIR), and build it again with "
              "`cmake --preset default`");
    return false;
}

void tree_with_database(struct tree *t)
{
    t->with_database = true;
}

bool tree_read(struct tree *t, const char *root, const struct tree_filter *filter)
{
    const char *sign = arena_printf(t->arena, "%s/xen/include/xsm", root);
    struct stat st;
    bool good;

    if (!grammar_needed(t))
        return false;
    if (stat(sign, &st) || !S_ISDIR(st.st_mode)) {
        diag_help(t->diags, diag_add(t->diags, &RULE_IO, nowhere, "'%s' is no Xen tree: there is no folder "
                                     "xen/include/xsm in it", root),
                  "give the top of an unpacked source tree of Xen");
        return false;
    }
    t->root = root;
    good = folder_read(t, root, "xen", filter);
    tree_finish(t);
    return good;
}

bool tree_read_text(struct tree *t, const char *path, const char *text, size_t len)
{
    if (!grammar_needed(t))
        return false;
    file_read(t, path, source_add(t->sources, path, text, len));
    return true;
}

void tree_finish(struct tree *t)
{
    unsigned int i;

    for (i = 0; i < t->gaps.n; i++) {
        struct tree_gap *g = t->gaps.items[i];
        struct tree_function *f = (struct tree_function *)tree_function_at(t, g->span);

        g->function = f;
        if (f)
            f->broken = true;
    }
}

/* ---- look-ups ---- */

#define LISTED(plural, type)                                                                        \
    unsigned int tree_##plural(const struct tree *t, const struct type *const **list)               \
    {                                                                                               \
        *list = (const struct type *const *)t->plural.items;                                        \
        return t->plural.n;                                                                         \
    }
LISTED(files, tree_file)
LISTED(functions, tree_function)
LISTED(macros, tree_macro)
LISTED(enumerators, tree_enumerator)
LISTED(pointers, tree_pointer)
LISTED(includes, tree_include)
LISTED(gaps, tree_gap)
#undef LISTED

#define NAMED(plural, type, map)                                                                    \
    unsigned int tree_##plural(const struct tree *t, const char *name, const struct type *const **list) \
    {                                                                                               \
        const struct tree_list *found = map_get(&t->map, NULL, names_get(t->names, name));          \
                                                                                                    \
        *list = found ? (const struct type *const *)found->items : NULL;                            \
        return found ? found->n : 0;                                                                \
    }
NAMED(functions_named, tree_function, functions_by_name)
NAMED(macros_named, tree_macro, macros_by_name)
NAMED(enumerators_named, tree_enumerator, enumerators_by_name)
NAMED(calls_of, tree_call, calls_by_name)
NAMED(pointers_of, tree_pointer, pointers_by_field)
#undef NAMED

const struct tree_file *tree_file_at(const struct tree *t, const char *path)
{
    const struct tree_parsed *p = map_get(&t->files_by_path, NULL, names_get(t->names, path));

    return p ? &p->file : NULL;
}

static const struct tree_parsed *parsed_of(const struct tree *t, struct span span)
{
    return span.file < t->by_source.n ? t->by_source.items[span.file] : NULL;
}

const struct tree_file *tree_file_of(const struct tree *t, struct span span)
{
    const struct tree_parsed *p = parsed_of(t, span);

    return p ? &p->file : NULL;
}

const struct tree_function *tree_function_at(const struct tree *t, struct span span)
{
    const struct tree_parsed *p = parsed_of(t, span);
    unsigned int low = 0, high = p ? p->functions.n : 0;

    while (low < high) {
        unsigned int middle = low + (high - low) / 2;
        const struct tree_function *f = p->functions.items[middle];

        if (f->span.end <= span.start)
            low = middle + 1;
        else if (f->span.start > span.start)
            high = middle;
        else
            return f;
    }
    return NULL;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

const char *tree_text(const struct tree *t, struct span span)
{
    const struct tree_parsed *p = parsed_of(t, span);
    struct buf out = BUF_INIT;
    const char *written;
    bool gap = false;
    uint32_t at;
    size_t len;

    written = source_text(t->sources, span.file, &len);
    for (at = span.start; p && at < span.end && at < p->file.len; at++) {
        if (is_space(p->file.text[at]) || is_space(written[at])) {
            gap = out.len > 0;
            continue;
        }
        if (gap)
            buf_putc(&out, ' ');
        gap = false;
        buf_putc(&out, written[at]);
    }
    return tree_taken(t->arena, &out);
}

const struct tree_guard *tree_guard_at(const struct tree *t, struct span span)
{
    const struct tree_parsed *p = parsed_of(t, span);
    unsigned int low = 0, high = p ? p->n_regions : 0;

    while (low < high) {
        unsigned int middle = low + (high - low) / 2;

        if (p->regions[middle].start <= span.start)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? p->regions[low - 1].guard : NULL;
}

TSNode tree_node_at(const struct tree *t, struct span span)
{
    const struct tree_parsed *p = parsed_of(t, span);

    if (!p)
        return (TSNode){ 0 };
    return ts_node_descendant_for_byte_range(ts_tree_root_node(p->file.syntax), span.start,
                                             span.end > span.start ? span.end - 1 : span.start);
}

TSNode tree_function_node(const struct tree_function *f)
{
    TSNode n = ts_node_descendant_for_byte_range(ts_tree_root_node(f->file->syntax), f->span.start, f->span.end - 1);
    TSSymbol s = ts_language_symbol_for_name(tree_sitter_c(), "function_definition", strlen("function_definition"), true);

    /* the smallest node with these bytes may be a part that is as long */
    while (!ts_node_is_null(n) && ts_node_symbol(n) != s)
        n = ts_node_parent(n);
    return n;
}

struct span tree_node_span(const struct tree_file *file, TSNode node)
{
    return (struct span){ file->source, ts_node_start_byte(node), ts_node_end_byte(node) };
}

unsigned int tree_say_gaps(const struct tree *t, const struct tree_filter *filter)
{
    unsigned int i, n = 0;

    for (i = 0; i < t->gaps.n; i++) {
        const struct tree_gap *g = t->gaps.items[i];

        if (filter && !filter->wanted(g->file->path, filter->context))
            continue;
        n++;
        if (g->function)
            diag_add(t->diags, &RULE_NOT_UNDERSTOOD, g->span, "%s, in '%s'", g->what, g->function->name);
        else
            diag_add(t->diags, &RULE_NOT_UNDERSTOOD, g->span, "%s", g->what);
    }
    return n;
}
