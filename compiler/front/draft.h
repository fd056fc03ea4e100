/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Additions to a database as text: a hook, a command of a dispatching hook, a permission with a free bit.
 *
 * What the developer has not decided is not guessed: it stays out, a comment in its place asks for it, and `check` finds
 * it until it is there. A draft only collects insertions; draft_finish() says what the files become.
 */
#ifndef XSMC_DRAFT_H
#define XSMC_DRAFT_H

#include "front/front.h"

/* What has been decided; NULL: not yet. */
struct decided {
    const char *args;       /* of a hook: "struct domain *d, uint32_t op"; NULL: none */
    const char *object;     /* a label */
    const char *action;     /* the word of a default action */
    const char *flask;      /* the Flask steps */
    const char *within;     /* where a hook is called from */
    const char *guard;      /* a CONFIG_ expression */
    const char *meaning;    /* a sentence */
    const char *file;       /* where a hook goes, if not beside those that are called alike */
};

struct draft_file {
    const char *path;
    const char *text;       /* canonical */
    size_t len;
    unsigned int line;      /* where the first addition is */
};

struct insertion {
    uint32_t file;          /* of f->sources; 0: a new file */
    uint32_t at;
    const char *text;
};

struct draft {
    struct front *front;
    const char *new_path;   /* the file with index 0 */
    LIST(struct insertion) insertions;
    LIST(const char *) questions;   /* what is left to be decided */
};

/*
 * Each adds to a draft over a bound front without errors, or says why not as a diagnostic and returns false: the name is
 * taken, there is no such hook or class, the class and all that continue it are full.
 */
bool draft_hook(struct draft *d, const char *name, const struct decided *with);
/* `path` is HOOK/COMMAND, or HOOK/COMMAND/... for a command of a command. */
bool draft_command(struct draft *d, const char *path, const struct decided *with);
/* The class that has room: `class` or one that continues it. NULL on failure. */
const struct class *draft_permission(struct draft *d, const char *class, const char *name, const char *meaning);

/*
 * The changed files in canonical layout, `n` of them, after reading the whole database again with them. Diagnostics of
 * that are in the returned front, which is a new one; there are no files if there are any.
 */
struct front *draft_finish(struct draft *d, struct draft_file **files, unsigned int *n);

#endif
