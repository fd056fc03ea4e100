/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growable text buffer with a sticky error: writers never check, the one who uses the result does, once.
 */
#ifndef XSMC_BUF_H
#define XSMC_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;         /* NUL-terminated once anything was added; NULL before */
    size_t len, cap;
    bool failed;        /* memory ran out; data is what fitted */
};

#define BUF_INIT { NULL, 0, 0, false }

void buf_add(struct buf *b, const void *data, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `n` times the character `c`. */
void buf_fill(struct buf *b, char c, size_t n);
/* The text, "" if empty. Valid until the next writer. */
const char *buf_text(const struct buf *b);
void buf_free(struct buf *b);

#endif
