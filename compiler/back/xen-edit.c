/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines are marked first; what has become empty is found, and the text put together, at the end. */
#include "back/xen-edit.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "text/rules.h"

struct xen_edit xen_edit_begin(struct xen_source *s)
{
    struct xen_edit e = { .source = s };
    uint32_t at;
    unsigned int n = 1;

    for (at = 0; at < s->len; at++)
        n += s->text[at] == '\n';
    e.lines = arena_array(s->arena, n + 1, sizeof(*e.lines));
    for (at = 0; at < s->len; at++)
        if (s->text[at] == '\n')
            e.lines[++e.n_lines] = at + 1;
    if (e.lines[e.n_lines] < s->len)
        e.lines[++e.n_lines] = s->len;
    e.removed = arena_array(s->arena, e.n_lines, sizeof(*e.removed));
    return e;
}

static unsigned int line_of(const struct xen_edit *e, uint32_t at)
{
    unsigned int low = 0, high = e->n_lines;

    while (high - low > 1) {
        unsigned int middle = low + (high - low) / 2;

        if (e->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool blank(const struct xen_source *s, uint32_t from, uint32_t to)
{
    while (from < to && isspace((unsigned char)s->text[from]))
        from++;
    return from == to;
}

/* Whether [from, to) has no token: blanks and whole comments. */
static bool empty(const struct xen_source *s, uint32_t from, uint32_t to)
{
    return xen_token(s->text, to, &from).kind == XEN_END;
}

bool xen_edit_remove(struct xen_edit *e, const struct xen_item *item, bool keep_directives)
{
    struct xen_source *s = e->source;
    unsigned int first = line_of(e, item->start), last = line_of(e, item->end - 1), i;

    if (!blank(s, e->lines[first], item->start) || !empty(s, item->end, e->lines[last + 1])) {
        diag_add(s->diags, &RULE_XEN_TREE, xen_source_span(s, item->start, item->start + 1),
                 "something else stands on a line of this definition");
        return false;
    }
    if (item > s->items.items && item[-1].kind == XEN_ITEM_COMMENT && item[-1].attached &&
        blank(s, e->lines[line_of(e, item[-1].start)], item[-1].start))
        first = line_of(e, item[-1].start);
    for (i = first; i <= last; i++)
        e->removed[i] = true;
    if (keep_directives) {
        uint32_t at = item->start;

        for (;;) {
            struct xen_token t = xen_token(s->text, item->end, &at);

            if (t.kind == XEN_END)
                break;
            for (i = line_of(e, t.start); t.kind == XEN_DIRECTIVE && i <= line_of(e, t.end - 1); i++)
                e->removed[i] = false;
        }
    }
    e->changed = true;
    return true;
}

void xen_edit_insert(struct xen_edit *e, const struct xen_item *item, const struct xen_guard *base,
                     const char *text)
{
    const struct xen_guard *g;
    uint32_t at = item->end;

    for (g = item->guard; g && g != base; g = g->up)
        at = g->end;
    *LIST_PUSH(e->source->arena, &e->inserts) = (struct xen_insert){ line_of(e, at - 1), text };
    e->changed = true;
}

/* ---- conditions with nothing inside ---- */

struct open_if {
    unsigned int line;
    bool content, taken;
};

/* What a line holds: code, a conditional directive, or neither. */
struct line_kind {
    bool code;
    enum xen_directive directive;
};

static struct line_kind *line_kinds(const struct xen_edit *e)
{
    const struct xen_source *s = e->source;
    struct line_kind *kinds = arena_array(s->arena, e->n_lines, sizeof(*kinds));
    uint32_t at = 0;

    for (;;) {
        struct xen_token t = xen_token(s->text, s->len, &at);
        unsigned int line, last;

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            return kinds;
        line = line_of(e, t.start);
        last = line_of(e, t.end - 1);
        if (t.kind == XEN_DIRECTIVE && xen_directive(s->text, t) != XEN_NOT_CONDITIONAL)
            kinds[line].directive = xen_directive(s->text, t);
        else
            for (; line <= last; line++)
                kinds[line].code = true;
    }
}

static bool inserted(const struct xen_edit *e, unsigned int line)
{
    unsigned int i;

    for (i = 0; i < e->inserts.n; i++)
        if (e->inserts.items[i].line == line)
            return true;
    return false;
}

static void prune(struct xen_edit *e)
{
    struct line_kind *kinds = line_kinds(e);
    struct open_if *open = arena_array(e->source->arena, e->n_lines + 1, sizeof(*open));
    unsigned int i, j, depth = 0;

    for (i = 0; i < e->n_lines; i++) {
        struct open_if *now = &open[depth];

        if (e->removed[i]) {
            now->taken = true;
        } else if (kinds[i].directive == XEN_IF) {
            open[++depth] = (struct open_if){ i, false, false };
        } else if (kinds[i].directive == XEN_ENDIF && depth) {
            depth--;
            if (!now->content && now->taken) {
                for (j = now->line; j <= i; j++)
                    e->removed[j] = true;
                open[depth].taken = true;
            } else {
                open[depth].content = true;
            }
        } else if (kinds[i].code) {
            now->content = true;
        }
        if (inserted(e, i))
            open[depth].content = true;
    }
}

/* ---- the text ---- */

void xen_edit_finish(struct xen_edit *e, struct buf *out)
{
    const struct xen_source *s = e->source;
    unsigned int i, j, blanks = 0;
    bool gap = false, apart = false;

    prune(e);
    for (i = 0; i < e->n_lines; i++) {
        if (e->removed[i]) {
            gap = true;
        } else if (blank(s, e->lines[i], e->lines[i + 1])) {
            blanks++;
        } else {
            if (apart || (gap && blanks > 1))
                blanks = 1;
            buf_fill(out, '\n', blanks);
            buf_add(out, s->text + e->lines[i], e->lines[i + 1] - e->lines[i]);
            blanks = 0;
            gap = apart = false;
        }
        for (j = 0; j < e->inserts.n; j++) {
            if (e->inserts.items[j].line != i)
                continue;
            if (out->len)
                buf_putc(out, '\n');
            buf_printf(out, "%s\n", e->inserts.items[j].text);
            blanks = 0;
            gap = false;
            apart = true;
        }
    }
    if (!apart && !gap)
        buf_fill(out, '\n', blanks);
}
