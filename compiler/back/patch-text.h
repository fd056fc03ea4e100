/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Editing a text by lines, and the unified diff between two texts, as git apply and patch(1) take it. Private to the back
 * end.
 */
#ifndef XSMC_PATCH_TEXT_H
#define XSMC_PATCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct buf;

struct patch_insert {
    unsigned int line;
    const char *text;
};

/* Lines are numbered from 0 and keep their numbers while the text is edited. */
struct patch_edit {
    struct arena *arena;
    const char *text;
    uint32_t len;
    uint32_t *lines;            /* where each begins; one more: the end */
    unsigned int n_lines;
    bool *removed;
    LIST(struct patch_insert) inserts;
};

struct patch_edit patch_edit_begin(struct arena *a, const char *text, size_t len);
/* The line that holds byte `at`. */
unsigned int patch_line(const struct patch_edit *e, uint32_t at);
/* Whether a line has nothing but blanks; what is not there is blank. */
bool patch_blank(const struct patch_edit *e, unsigned int line);
/* Takes lines out, the last one included. */
void patch_remove(struct patch_edit *e, unsigned int first, unsigned int last);
/* Puts whole lines in before a line; what goes before the same line stays in the order of the calls. */
void patch_insert(struct patch_edit *e, unsigned int line, const char *text);
/* The new text. Conditions of the preprocessor whose lines were all taken out go as well. */
void patch_edit_finish(struct patch_edit *e, struct buf *out);

/*
 * Appends the diff of one file, with git's header and three lines of context; nothing if the texts are equal. `old` NULL:
 * the file is new. It has as few lines as can be, unless the texts differ in thousands.
 */
void patch_diff(struct arena *a, struct buf *out, const char *path, const char *old, size_t old_len, const char *new,
                size_t new_len);

#endif
