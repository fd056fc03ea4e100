/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what the reader of Xen trees makes of one:  show [--gaps | --quiet | --bare] TREE  or  show FILE.c
 * Every line begins with the line in the source. --gaps prints what could not be read, --quiet nothing at all. --bare parses
 * the files as they are and does no more: what the reader's cost is held against.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "front/front.h"
#include "model/print.h"
#include "tree/tree.h"

static struct front *front;
static struct tree *tree;

static unsigned int line(struct span s)
{
    return source_place(front->sources, s).line;
}

static const char *guard(const struct tree_guard *g)
{
    return g ? arena_printf(front->arena, " if %s", tree_guard_text(tree, g, NULL)) : "";
}

static void function(const struct tree_function *f)
{
    unsigned int i, j, k;

    printf("%u: function %s returns '%s'%s%s%s%s\n", line(f->name_span), f->name, f->returns, f->is_static ? " static" : "",
           f->is_inline ? " inline" : "", f->broken ? " BROKEN" : "", guard(f->guard));
    for (i = 0; i < f->n_params; i++)
        printf("    param '%s' %s%s\n", f->params[i].type, f->params[i].name ? f->params[i].name : "-",
               f->params[i].array ? "[]" : "");
    for (i = 0; i < f->n_calls; i++) {
        const struct tree_call *c = &f->calls[i];

        printf("    %u: call %s%s(", line(c->span), c->callee ? c->callee : tree_text(tree, c->callee_span),
               c->indirect ? " indirect" : "");
        for (j = 0; j < c->n_args; j++)
            printf("%s%s", j ? " | " : "", tree_text(tree, c->args[j]));
        printf(")");
        if (c->in)
            printf(" in case %s", c->in->labels[0].name ? c->in->labels[0].name : "default");
        printf("%s\n", guard(c->guard));
    }
    for (i = 0; i < f->n_switches; i++) {
        const struct tree_switch *s = f->switches[i];

        printf("    %u: switch %s%s\n", line(s->span), tree_text(tree, s->on), s->in ? " nested" : "");
        for (j = 0; j < s->n_cases; j++) {
            printf("        case");
            for (k = 0; k < s->cases[j]->n_labels; k++)
                printf(" %s%s", s->cases[j]->labels[k].name ? s->cases[j]->labels[k].name : "default",
                       guard(s->cases[j]->labels[k].guard));
            printf(":%s %s\n", s->cases[j]->falls ? " (falls)" : "", tree_text(tree, s->cases[j]->body));
        }
    }
}

static void everything(void)
{
    const struct tree_function *const *functions;
    const struct tree_macro *const *macros;
    const struct tree_enumerator *const *enums;
    const struct tree_pointer *const *pointers;
    const struct tree_include *const *includes;
    unsigned int i, j, n = tree_functions(tree, &functions);
    long long value;

    for (i = 0; i < n; i++)
        function(functions[i]);
    n = tree_macros(tree, &macros);
    for (i = 0; i < n; i++) {
        printf("%u: macro %s", line(macros[i]->span), macros[i]->name);
        for (j = 0; j < macros[i]->n_params; j++)
            printf(" %s", macros[i]->params[j]);
        if (tree_number(tree, macros[i]->name, &value))
            printf(" = %lld", value);
        printf("%s\n", guard(macros[i]->guard));
    }
    n = tree_enumerators(tree, &enums);
    for (i = 0; i < n; i++) {
        printf("%u: enumerator %s", line(enums[i]->span), enums[i]->name);
        if (tree_number(tree, enums[i]->name, &value))
            printf(" = %lld", value);
        printf("%s\n", guard(enums[i]->guard));
    }
    n = tree_pointers(tree, &pointers);
    for (i = 0; i < n; i++)
        printf("%u: pointer %s -> %s in %s '%s'%s\n", line(pointers[i]->span), pointers[i]->field, pointers[i]->target,
               pointers[i]->table ? pointers[i]->table : "-", pointers[i]->type ? pointers[i]->type : "-",
               guard(pointers[i]->guard));
    n = tree_includes(tree, &includes);
    for (i = 0; i < n; i++)
        printf("%u: include %s%s\n", line(includes[i]->span), includes[i]->path, guard(includes[i]->guard));
}

static void gaps(void)
{
    const struct tree_gap *const *list;
    unsigned int i, n = tree_gaps(tree, &list);

    for (i = 0; i < n; i++)
        printf("%s:%u: %s%s%s: %.60s\n", list[i]->file->path, line(list[i]->span), list[i]->what,
               list[i]->function ? ", in " : "", list[i]->function ? list[i]->function->name : "",
               tree_text(tree, list[i]->span));
}

const TSLanguage *tree_sitter_c(void);

/* Parses every C file below a folder. */
static void bare(TSParser *parser, const char *path)
{
    struct dirent *entry;
    DIR *dir = opendir(path);

    while (dir && (entry = readdir(dir))) {
        const char *inside = arena_printf(front->arena, "%s/%s", path, entry->d_name);
        size_t n = strlen(inside), len;
        struct stat st;

        if (entry->d_name[0] == '.' || lstat(inside, &st))
            continue;
        if (S_ISDIR(st.st_mode)) {
            if (strcmp(entry->d_name, "tools"))
                bare(parser, inside);
        } else if (S_ISREG(st.st_mode) && (!strcmp(inside + n - 2, ".c") || !strcmp(inside + n - 2, ".h"))) {
            uint32_t file = source_read(front->sources, inside);
            const char *text = source_text(front->sources, file, &len);

            ts_tree_delete(ts_parser_parse_string(parser, NULL, text, (uint32_t)len));
        }
    }
    if (dir)
        closedir(dir);
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create(NULL);
    const char *path = argc > 1 ? argv[argc - 1] : ".", *mode = argc > 2 ? argv[1] : "";
    struct buf out = BUF_INIT;
    struct stat st;
    bool good;

    front = front_create(arena);
    tree = tree_create(arena, front->names, front->sources, front->diags);
    if (!strcmp(mode, "--bare")) {
        TSParser *parser = ts_parser_new();

        good = ts_parser_set_language(parser, tree_sitter_c());
        bare(parser, arena_printf(arena, "%s/xen", path));
        ts_parser_delete(parser);
    } else if (!stat(path, &st) && S_ISDIR(st.st_mode)) {
        good = tree_read(tree, path, NULL);
    } else {
        uint32_t file = source_read(front->sources, path);
        size_t len;
        const char *text = source_text(front->sources, file, &len);

        good = tree_read_text(tree, strrchr(path, '/') ? strrchr(path, '/') + 1 : path, text, len);
        tree_finish(tree);
    }
    if (good && !*mode) {
        everything();
        tree_say_gaps(tree, NULL);
    } else if (good && !strcmp(mode, "--gaps")) {
        gaps();
    }
    diags_render_text(front->diags, &out, false, 100);
    fputs(buf_text(&out), good ? stdout : stderr);
    buf_free(&out);
    tree_destroy(tree);
    arena_destroy(arena);
    return good && !fflush(stdout) ? 0 : 2;
}
