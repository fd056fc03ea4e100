/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * git is asked by its plumbing commands; what it prints goes into memory. Its own message is the reason when something
 * fails.
 */
#include "cli/revision.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/program.h"

bool revision_is(const char *argument)
{
    const char *colon = strchr(argument, ':');
    struct stat st;

    return colon && colon != argument && argument[0] != '-' && stat(argument, &st);
}

/* Runs git and takes what it prints. */
static bool git(struct arena *a, char *const *argv, struct buf *text, const char **why)
{
    return program_run(a, argv, NULL, 0, text, why);
}

enum revision_kind revision_kind(struct arena *a, const char *argument, const char **why)
{
    char *const argv[] = { "git", "cat-file", "-t", (char *)argument, NULL };
    enum revision_kind kind = REVISION_NONE;
    struct buf text = BUF_INIT;

    if (!git(a, argv, &text, why))
        kind = REVISION_NONE;
    else if (!strcmp(buf_text(&text), "blob\n"))
        kind = REVISION_FILE;
    else if (!strcmp(buf_text(&text), "tree\n"))
        kind = REVISION_FOLDER;
    else
        *why = "neither a file nor a folder";
    buf_free(&text);
    return kind;
}

const char *revision_read(struct arena *a, const char *argument, size_t *len, const char **why)
{
    char *const argv[] = { "git", "cat-file", "blob", (char *)argument, NULL };
    struct buf text = BUF_INIT;
    const char *copy = NULL;

    if (git(a, argv, &text, why)) {
        copy = arena_text(a, buf_text(&text), text.len);
        *len = text.len;
    }
    buf_free(&text);
    return copy;
}

const char **revision_list(struct arena *a, const char *argument, unsigned int *n, const char **why)
{
    char *const argv[] = { "git", "ls-tree", "-z", (char *)argument, NULL };
    LIST(const char *) names = { NULL, 0, 0 };
    struct buf text = BUF_INIT;
    const char *at, *end;

    *n = 0;
    if (!git(a, argv, &text, why)) {
        buf_free(&text);
        return NULL;
    }
    /* "MODE TYPE OBJECT\tNAME\0" */
    for (at = buf_text(&text), end = at + text.len; at < end; at += strlen(at) + 1) {
        const char *tab = strchr(at, '\t'), *type = strchr(at, ' ');

        if (tab && type)
            *LIST_PUSH(a, &names) = arena_printf(a, "%s%s", tab + 1, strncmp(type + 1, "tree", 4) ? "" : "/");
    }
    buf_free(&text);
    *n = names.n;
    return names.items ? names.items : arena_array(a, 1, sizeof(*names.items));
}

const char **revision_changed(struct arena *a, const char *folder, const char *rev, unsigned int *n, const char **why)
{
    char *const argv[] = { "git", "-C", (char *)folder, "diff", "-z", "--name-only", "--relative", "--end-of-options",
                           (char *)rev, "--", NULL };
    LIST(const char *) names = { NULL, 0, 0 };
    struct buf text = BUF_INIT;
    const char *at, *end;
    bool good = git(a, argv, &text, why);

    for (at = buf_text(&text), end = at + text.len; good && at < end; at += strlen(at) + 1)
        *LIST_PUSH(a, &names) = arena_text(a, at, strlen(at));
    buf_free(&text);
    *n = names.n;
    return !good ? NULL : names.items ? names.items : arena_array(a, 1, sizeof(*names.items));
}

bool revision_export(struct arena *a, const char *argument, const char *into, const char **why)
{
    char *const pack[] = { "git", "archive", "--format=tar", (char *)argument, NULL };
    char *const unpack[] = { "tar", "-xf", "-", "-C", (char *)into, NULL };
    struct buf packed = BUF_INIT, none = BUF_INIT;
    bool good = git(a, pack, &packed, why) && program_run(a, unpack, packed.data, packed.len, &none, why);

    buf_free(&packed);
    buf_free(&none);
    return good;
}
