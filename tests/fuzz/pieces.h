/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source text as its pieces: tokens and comments, without the white space. Written apart from the compiler's lexer, so
 * that one can be held against the other; and what the mutator of mutate.c cuts and pastes.
 */
#ifndef XSMC_FUZZ_PIECES_H
#define XSMC_FUZZ_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct piece {
    const char *text;   /* in the text that was cut; a comment without the white space at its end */
    size_t len;
};

struct pieces {
    struct piece *items;
    size_t n, cap;
};

/* Cuts `text`; pieces_free() releases the list. */
struct pieces pieces_cut(const char *text, size_t len);
void pieces_free(struct pieces *p);

/* Stops the fuzzer with a word on what went wrong. */
_Noreturn void fuzz_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
