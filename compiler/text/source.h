/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Source files as bytes, and places in them as byte spans.
 *
 * A span is half open, [start, end), in the file with that index. Line and column are computed only when a
 * place is shown. Files are read whole; a file may hold any bytes.
 */
#ifndef XSMC_SOURCE_H
#define XSMC_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct sources;

struct span {
    uint32_t file;      /* 1.. : index in the sources; 0 is nowhere */
    uint32_t start, end;
};

/*
 * A place as people count: line from 1, column from 1 in characters (a tab is one, UTF-8 continuation bytes none); past
 * 64 KiB of a line in bytes.
 */
struct place {
    const char *path;
    unsigned int line, column, end_line, end_column;
};

struct sources *sources_create(struct arena *a);

/*
 * Reads the file at `path` ("-" is standard input) and returns its index, 1.. ; 0 on failure with errno set
 * (EFBIG: 2 GiB or more). The bytes are followed by two NULs that do not count.
 */
uint32_t source_read(struct sources *s, const char *path);
/* The same for text that is already in memory; the bytes are copied. */
uint32_t source_add(struct sources *s, const char *path, const char *text, size_t len);

const char *source_path(const struct sources *s, uint32_t file);
const char *source_text(const struct sources *s, uint32_t file, size_t *len);
struct place source_place(const struct sources *s, struct span span);
/* The line that holds byte `at`, without its end; `len` is its length in bytes. */
const char *source_line(const struct sources *s, uint32_t file, uint32_t at, size_t *len);

/* The words of line `line` (from 1) of a file; the last line if there are fewer. */
struct span source_line_span(const struct sources *s, uint32_t file, unsigned int line);

/*
 * For texts that a program made of others (macros expanded): from byte `start` of `file` on, lines were written in
 * file `of` from line `line` on. Marks must be set in order of `start`.
 */
void source_map_line(struct sources *s, uint32_t file, uint32_t start, uint32_t of, unsigned int line);
/*
 * Where a span of such a text was written: the same words on the line it comes from or in the macro call that begins
 * there, or else all of that line.
 */
struct span source_written(const struct sources *s, struct span span);

/* The span from the start of `a` to the end of `b`. */
struct span span_join(struct span a, struct span b);

#endif
