/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding by the table of RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF. */
#include "base/utf8.h"

#include "base/buf.h"

size_t utf8_decode(const char *s, size_t left, uint32_t *code)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *u = (const unsigned char *)s;
    size_t len = u[0] < 0x80 ? 1 : (u[0] & 0xe0) == 0xc0 ? 2 : (u[0] & 0xf0) == 0xe0 ? 3 :
                 (u[0] & 0xf8) == 0xf0 ? 4 : 0, i;

    if (!len || len > left)
        return 0;
    *code = len == 1 ? u[0] : u[0] & (0x7fu >> len);
    for (i = 1; i < len; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (u[i] & 0x3f);
    }
    return *code < smallest[len] || *code > 0x10ffff || (*code & 0xfffff800) == 0xd800 ? 0 : len;
}

bool utf8_is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool utf8_is_bidirectional(uint32_t code)
{
    return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void utf8_show(struct buf *out, const char *s, size_t len)
{
    size_t i, n;
    uint32_t code;

    for (i = 0; i < len; i += n) {
        n = utf8_decode(s + i, len - i, &code);
        if (n && !utf8_is_control(code) && !utf8_is_bidirectional(code)) {
            buf_add(out, s + i, n);
        } else {
            buf_putc(out, '?');
            n = n ? n : 1;
        }
    }
}
