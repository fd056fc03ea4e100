/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Four characters are replaced, all others stay. */
#include "text/html.h"

#include "base/buf.h"

void html_text(struct buf *out, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<':
            buf_puts(out, "&lt;");
            break;
        case '>':
            buf_puts(out, "&gt;");
            break;
        case '&':
            buf_puts(out, "&amp;");
            break;
        case '"':
            buf_puts(out, "&quot;");
            break;
        default:
            buf_putc(out, *text);
        }
}
