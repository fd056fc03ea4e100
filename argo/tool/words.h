/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of words, as the services file and the cables file have them. Words are separated by blanks; `#` at the
 * beginning of one starts a comment. Double quotes take blanks into a word, and a backslash in them takes the quote or
 * backslash behind it as it is.
 */
#ifndef ARGO_TOOL_WORDS_H
#define ARGO_TOOL_WORDS_H

#include "report.h"

#include <stdbool.h>

enum { WORDS_MAX = 4 };

struct words {
    struct place place; /* of the first word; the file's name and the line's text are `strings` */
    char *word[WORDS_MAX]; /* freed by words_free() */
    struct place places[WORDS_MAX];
    size_t count;
};

/* A text being read: set `file`, `at` and `end`, and the rest to zero. */
struct text {
    const char *file, *at, *end;
    unsigned int line;
    /* The copies of lines that places point to: they stay when the reading is over, and are freed by text_free(). */
    char **strings;
    size_t strings_count;
};

/*
 * Read on to the next line with words on it. False: the text is over. What is wrong with a line is reported, and the
 * line passed over.
 */
bool words_next(struct words *words, struct text *text, struct report *report);
void words_free(struct words *words);
void text_free(struct text *text);

/* Write a word so that it is read as the same: with quotes if need be. */
void word_print(FILE *out, const char *word);
/* Whether there is a way to write it */
bool word_printable(const char *word);

#endif
