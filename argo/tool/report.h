/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tools say when something is wrong: where, the line with a caret, what to do. And memory, of which tools that
 * have too little can only say so and end.
 */
#ifndef ARGO_TOOL_REPORT_H
#define ARGO_TOOL_REPORT_H

#include <stddef.h>
#include <stdio.h>

/* A place in a file; the strings belong to whoever made the place. */
struct place {
    const char *file; /* NULL: not in a file */
    const char *text; /* the line, without its end */
    unsigned int line, column, length; /* line and column count from 1; line 0: the file as a whole */
};

/* Where it goes, and how much there was of it */
struct report {
    FILE *out;
    unsigned int errors, warnings;
};

/* `place` and `help` may be NULL. */
void report_error(struct report *report, const struct place *place, const char *help, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void report_warning(struct report *report, const struct place *place, const char *help, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* More about the one before */
void report_note(struct report *report, const struct place *place, const char *text);

/* The error of a call of libargopatch: in words, and what to do about it, which may be NULL. */
const char *report_errno(int error, const char **help);

/* Occupy the standard handles that are closed, before anything else is opened and gets what is printed. */
void report_handles(void);

/* The array with room for `count` elements, where there were less; ends the program when there is no memory. */
void *memory_grow(void *array, size_t count, size_t size);
/* A copy of `length` bytes, with a NUL behind them. */
char *memory_text(const char *text, size_t length);

/* Add room for one more at the end of an array that has `count` elements, and a power of two of room. */
#define ARRAY_ADD(array, count) \
    ((((count) & ((count) - 1)) == 0 ? ((array) = memory_grow((array), (count) ? (count) * 2 : 1, sizeof *(array))) : 0), \
     &(array)[(count)++])

/* A file's bytes with a NUL behind them, and their number; NULL with errno set, EFBIG above 256 MiB. The caller frees it. */
char *file_read(const char *path, size_t *length);

#endif
