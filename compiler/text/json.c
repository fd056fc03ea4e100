/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One member a line, two blanks a level. */
#include "text/json.h"

#include <stddef.h>

#include "base/buf.h"

static void json_quote(struct buf *out, const char *s)
{
    buf_putc(out, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '\n')
            buf_puts(out, "\\n");
        else if (c < 0x20 || c == 0x7f)
            buf_printf(out, "\\u%04x", c);
        else
            buf_putc(out, (char)c);
    }
    buf_putc(out, '"');
}

static void json_member(struct json *j, const char *key)
{
    if (j->some)
        buf_putc(j->out, ',');
    if (j->depth) {
        buf_putc(j->out, '\n');
        buf_fill(j->out, ' ', (size_t)j->depth * 2);
    }
    if (key) {
        json_quote(j->out, key);
        buf_puts(j->out, ": ");
    }
    j->some = true;
}

void json_begin(struct json *j, const char *key, char bracket)
{
    json_member(j, key);
    buf_putc(j->out, bracket);
    j->depth++;
    j->some = false;
}

void json_end(struct json *j, char bracket)
{
    j->depth--;
    if (j->some) {
        buf_putc(j->out, '\n');
        buf_fill(j->out, ' ', (size_t)j->depth * 2);
    }
    buf_putc(j->out, bracket);
    j->some = true;
    if (!j->depth)
        buf_putc(j->out, '\n');
}

void json_string(struct json *j, const char *key, const char *value)
{
    json_member(j, key);
    if (value)
        json_quote(j->out, value);
    else
        buf_puts(j->out, "null");
}

void json_number(struct json *j, const char *key, long long value)
{
    json_member(j, key);
    buf_printf(j->out, "%lld", value);
}

void json_bool(struct json *j, const char *key, bool value)
{
    json_member(j, key);
    buf_puts(j->out, value ? "true" : "false");
}
