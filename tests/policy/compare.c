/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares two binary policies by what they say. Prints the lines that differ, as diff does, and exits with 1 if there
 * are any, 2 if one of the files is no policy.
 *
 * usage: policy-compare [--without-attributes] [--print] A [B]
 *
 * --without-attributes: which attributes there are does not count, as secilc keeps only those that rules need.
 * --print: prints the lines of A.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "back/policydb-read.h"
#include "base/buf.h"
#include "model/lines.h"
#include "text/diag.h"
#include "text/source.h"

struct side {
    struct policy *policy;
    struct flat *flat;
};

static void fail(void)
{
    fputs("policy-compare: not enough memory\n", stderr);
    _Exit(2);
}

static struct side load(struct arena *a, const char *path)
{
    struct sources *s = sources_create(a), *shown = sources_create(a);
    struct diags *d = diags_create(a, shown);
    struct buf text = BUF_INIT;
    struct side side = { NULL, NULL };
    uint32_t file = source_read(s, path);
    const char *data;
    size_t len;

    if (!file) {
        perror(path);
        exit(2);
    }
    data = source_text(s, file, &len);
    side.policy = policydb_load(a, names_create(a), d, source_add(shown, path, "", 0), data, len, NULL);
    if (side.policy)
        side.flat = policy_flatten(side.policy);
    if (diags_count(d, LEVEL_ERROR)) {
        diags_render_text(d, &text, false, 100);
        fputs(buf_text(&text), stderr);
        exit(2);
    }
    return side;
}

static bool counts(const char *line, bool attributes)
{
    return attributes || strncmp(line, "attribute ", 10);
}

static unsigned int compare(struct lines a, struct lines b, bool attributes)
{
    unsigned int differences = 0;
    size_t i = 0, j = 0;

    while (i < a.n || j < b.n) {
        int order = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.items[i], b.items[j]);

        if (!order) {
            i++;
            j++;
            continue;
        }
        if (order < 0 && counts(a.items[i], attributes) && ++differences)
            printf("- %s\n", a.items[i]);
        if (order > 0 && counts(b.items[j], attributes) && ++differences)
            printf("+ %s\n", b.items[j]);
        *(order < 0 ? &i : &j) += 1;
    }
    return differences;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_create(fail);
    bool attributes = true, print = false;
    struct side a, b;
    struct lines lines;
    unsigned int differences;
    size_t i;
    int at = 1;

    for (; at < argc && !strncmp(argv[at], "--", 2); at++) {
        if (!strcmp(argv[at], "--without-attributes"))
            attributes = false;
        else if (!strcmp(argv[at], "--print"))
            print = true;
        else
            return 2;
    }
    if (argc - at != (print ? 1 : 2)) {
        fputs("usage: policy-compare [--without-attributes] A B\n       policy-compare --print A\n", stderr);
        return 2;
    }
    a = load(arena, argv[at]);
    if (print) {
        lines = policy_lines(a.policy, a.flat, true);
        for (i = 0; i < lines.n; i++)
            puts(lines.items[i]);
        return fflush(stdout) ? 2 : 0;
    }
    b = load(arena, argv[at + 1]);
    differences = compare(policy_lines(a.policy, a.flat, true), policy_lines(b.policy, b.flat, true), attributes);
    arena_destroy(arena);
    return differences ? 1 : 0;
}
