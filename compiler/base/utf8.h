/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of UTF-8, and which of them a person must be shown otherwise than as they are. */
#ifndef XSMC_UTF8_H
#define XSMC_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* The character at `s`, of which `left` bytes are there, and its length in bytes; 0 if it is not UTF-8. */
size_t utf8_decode(const char *s, size_t left, uint32_t *code);
/* Neither shape nor width: it would speak to the terminal. */
bool utf8_is_control(uint32_t code);
/* Turns the direction of the text around it: with it a line can show something else than it says. */
bool utf8_is_bidirectional(uint32_t code);
/* Appends text for people: everything of the above, and every byte that is not UTF-8, as `?`. */
void utf8_show(struct buf *out, const char *s, size_t len);

#endif
