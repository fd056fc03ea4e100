/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a table of hooks and the members of struct xsm_ops, token by token. */
#include "back/xen-source.h"

#include <string.h>

#include "base/buf.h"

/* .name = value */
static bool read_row(struct xen_source *s, struct xen_token t, uint32_t *at, uint32_t end, struct xen_row *row)
{
    struct xen_token name = xen_token(s->text, end, at), sign = xen_token(s->text, end, at),
                     value = xen_token(s->text, end, at), comma;
    uint32_t peek = *at;

    if (name.kind != XEN_WORD || sign.c != '=' || value.kind != XEN_WORD)
        return false;
    comma = xen_token(s->text, end, &peek);
    if (comma.kind == XEN_OTHER && comma.c == ',')
        *at = peek;
    else if (comma.kind != XEN_END && comma.kind != XEN_DIRECTIVE)
        return false;
    row->start = t.start;
    row->end = *at;
    row->name = names_intern(s->names, s->text + name.start, name.end - name.start);
    row->value = names_intern(s->names, s->text + value.start, value.end - value.start);
    return true;
}

/* A token behind another, with a blank only between words. */
static void join(struct buf *out, const struct xen_source *s, struct xen_token t)
{
    if (out->len && xen_is_word(out->data[out->len - 1]) && xen_is_word(s->text[t.start]))
        buf_putc(out, ' ');
    buf_add(out, s->text + t.start, t.end - t.start);
}

/* The arguments of a member, without their names: the last word of each that has more than a word. */
static bool read_arguments(struct xen_source *s, uint32_t *at, uint32_t end, struct buf *out)
{
    unsigned int depth = 0, tokens = 0;
    size_t before = 0;
    bool named = false, array = false;

    for (;;) {
        struct xen_token t = xen_token(s->text, end, at);

        if (t.kind != XEN_WORD && t.kind != XEN_OTHER)
            return false;
        if (!depth && t.kind == XEN_OTHER && (t.c == '[' || t.c == ']')) {
            array = true;
        } else if (!depth && t.kind == XEN_OTHER && (t.c == ',' || t.c == ')')) {
            if (named && tokens > 1)
                out->len = before;
            buf_printf(out, "%s%c", array ? "[]" : "", t.c);
            if (t.c == ')')
                return true;
            tokens = 0;
            named = array = false;
        } else {
            depth += t.kind == XEN_OTHER && t.c == '(';
            depth -= t.kind == XEN_OTHER && t.c == ')';
            named = !depth && t.kind == XEN_WORD;
            before = out->len;
            tokens++;
            join(out, s, t);
        }
    }
}

/* type (*name)(arguments); */
static bool read_member(struct xen_source *s, struct xen_token t, uint32_t *at, uint32_t end, struct xen_row *row)
{
    struct buf out = BUF_INIT;
    struct xen_token name = { XEN_END, 0, 0, '\0' };
    bool good = false;

    row->start = t.start;
    while (t.kind == XEN_WORD || (t.kind == XEN_OTHER && t.c == '*')) {
        join(&out, s, t);
        t = xen_token(s->text, end, at);
    }
    if (t.kind == XEN_OTHER && t.c == '(' && xen_token_is(s->text, xen_token(s->text, end, at), "*")) {
        name = xen_token(s->text, end, at);
        good = name.kind == XEN_WORD && xen_token_is(s->text, xen_token(s->text, end, at), ")") &&
               xen_token_is(s->text, xen_token(s->text, end, at), "(");
    }
    if (good) {
        buf_putc(&out, '(');
        good = read_arguments(s, at, end, &out) && xen_token_is(s->text, xen_token(s->text, end, at), ";");
    }
    if (good) {
        row->end = *at;
        row->name = names_intern(s->names, s->text + name.start, name.end - name.start);
        row->signature = names_intern(s->names, buf_text(&out), out.len);
    }
    buf_free(&out);
    return good;
}

bool xen_source_rows(struct xen_source *s, const struct xen_item *item, struct xen_row **rows, unsigned int *n)
{
    LIST(struct xen_row) list = { NULL, 0, 0 };
    struct xen_reader r = { .s = s, .at = item->body + 1 };
    uint32_t end = item->end;

    while (end > item->body && s->text[end - 1] != '}')
        end--;
    end--;
    for (;;) {
        struct xen_token t = xen_token(s->text, end, &r.at);
        struct xen_row row = { .guard = NULL };

        if (t.kind == XEN_END)
            break;
        if (t.kind == XEN_DIRECTIVE) {
            xen_source_follow(&r, t);
            continue;
        }
        if (t.kind == XEN_BROKEN || !(t.kind == XEN_OTHER && t.c == '.' ? read_row(s, t, &r.at, end, &row)
                                                                       : read_member(s, t, &r.at, end, &row))) {
            xen_source_refuse(s, t.start, t.end,
                   item->kind == XEN_ITEM_STRUCT ? "this is not a pointer to a function"
                                                 : "this is not a row `.hook = function,`");
            return false;
        }
        row.guard = xen_guard_text(s->arena, s->names, r.guard, NULL);
        *LIST_PUSH(s->arena, &list) = row;
    }
    *rows = list.items;
    *n = list.n;
    return true;
}
