/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records are kept in order of arrival and sorted when asked for. Control characters of a source line are
 * shown as `?`, tabs as one blank, so that carets stand where they should and no file can write to the terminal.
 */
#include "text/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct diags {
    struct arena *arena;
    const struct sources *sources;
    LIST(struct diag *) list;
    struct diag *sorted;
    unsigned int n_sorted;
    unsigned int count[LEVEL_ERROR + 1];
};

struct diags *diags_create(struct arena *a, const struct sources *s)
{
    struct diags *d = ARENA_NEW(a, struct diags);

    d->arena = a;
    d->sources = s;
    return d;
}

static const char *diag_format(struct arena *a, const char *format, va_list ap)
{
    va_list again;
    char *text;
    int len;

    va_copy(again, ap);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0)
        return "";
    text = arena_alloc(a, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, ap);
    return text;
}

const struct sources *diags_sources(const struct diags *d)
{
    return d->sources;
}

struct diag *diag_add(struct diags *d, const struct rule *rule, struct span span, const char *format, ...)
{
    struct diag *diag = ARENA_NEW(d->arena, struct diag);
    va_list ap;

    *diag = (struct diag){ .rule = rule, .level = rule->level, .span = source_written(d->sources, span),
                           .order = d->list.n };
    va_start(ap, format);
    diag->message = diag_format(d->arena, format, ap);
    va_end(ap);
    *LIST_PUSH(d->arena, &d->list) = diag;
    d->count[diag->level]++;
    return diag;
}

void diag_note(struct diags *d, struct diag *diag, struct span span, const char *format, ...)
{
    struct diag_note *note;
    va_list ap;

    note = arena_push(d->arena, (void **)&diag->notes, &diag->n_notes, &diag->cap_notes, sizeof(*note));
    note->span = source_written(d->sources, span);
    va_start(ap, format);
    note->text = diag_format(d->arena, format, ap);
    va_end(ap);
}

void diag_help(struct diags *d, struct diag *diag, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    diag->help = diag_format(d->arena, format, ap);
    va_end(ap);
}

static int diag_compare(const void *x, const void *y)
{
    const struct diag *a = x, *b = y;

    if (a->span.file != b->span.file)
        return a->span.file < b->span.file ? -1 : 1;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool diag_same(const struct diag *a, const struct diag *b)
{
    return a->rule == b->rule && a->span.file == b->span.file && a->span.start == b->span.start &&
           !strcmp(a->message, b->message);
}

const struct diag *diags_sorted(struct diags *d, unsigned int *n)
{
    unsigned int i, kept = 0;

    d->sorted = arena_array(d->arena, d->list.n, sizeof(*d->sorted));
    for (i = 0; i < d->list.n; i++)
        d->sorted[i] = *d->list.items[i];
    qsort(d->sorted, d->list.n, sizeof(*d->sorted), diag_compare);
    for (i = 0; i < d->list.n; i++)
        if (!kept || !diag_same(&d->sorted[kept - 1], &d->sorted[i]))
            d->sorted[kept++] = d->sorted[i];
    d->n_sorted = kept;
    *n = kept;
    return d->sorted;
}

unsigned int diags_count(const struct diags *d, enum level level)
{
    return d->count[level];
}

struct style {
    const char *bold, *colour, *off;
};

static struct style style_of(enum level level, bool colour)
{
    static const char *const colours[] = { "\033[1;36m", "\033[1;35m", "\033[1;31m" };

    return colour ? (struct style){ "\033[1m", colours[level], "\033[0m" } : (struct style){ "", "", "" };
}

/* The source line and below it a caret under the span. Long lines are cut to a window around the span. */
static void render_line(const struct diags *d, struct buf *out, struct span span, struct style st)
{
    enum { WINDOW = 110 };
    size_t len, text_len, from = 0, to, i, start, end;
    const char *text = source_text(d->sources, span.file, &text_len);
    const char *line = source_line(d->sources, span.file, span.start, &len);

    if (!span.file)
        return;
    start = (size_t)span.start - (size_t)(line - text);
    end = (size_t)span.end - (size_t)(line - text);
    if (start > len)
        start = len;
    if (end > len)
        end = len;
    if (start > WINDOW / 2 && len > WINDOW)
        from = start - WINDOW / 2;
    while (from && ((unsigned char)line[from] & 0xc0) == 0x80)
        from--;
    to = len - from > WINDOW ? from + WINDOW : len;
    while (to < len && ((unsigned char)line[to] & 0xc0) == 0x80)
        to++;

    buf_puts(out, "    ");
    for (i = from; i < to; i++) {
        unsigned char c = (unsigned char)line[i];

        buf_putc(out, c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : (char)c);
    }
    buf_puts(out, "\n    ");
    for (i = from; i < start && i < to; i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80)
            buf_putc(out, ' ');
    buf_puts(out, st.colour);
    buf_putc(out, '^');
    for (i = start + 1; i < end && i < to; i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80)
            buf_putc(out, '~');
    buf_printf(out, "%s\n", st.off);
}

static void render_place(const struct diags *d, struct buf *out, struct span span)
{
    struct place p = source_place(d->sources, span);

    if (p.path)
        buf_printf(out, "%s:%u:%u: ", p.path, p.line, p.column);
}

void diags_render_text(struct diags *d, struct buf *out, bool colour)
{
    static const char *const words[] = { "note", "warning", "error" };
    unsigned int n, i, j;
    const struct diag *list = diags_sorted(d, &n);

    for (i = 0; i < n; i++) {
        const struct diag *g = &list[i];
        struct style st = style_of(g->level, colour);

        buf_puts(out, st.bold);
        render_place(d, out, g->span);
        buf_printf(out, "%s%s%s:%s%s %s%s [%s]\n", st.off, st.colour, words[g->level], st.off, st.bold,
                   g->message, st.off, g->rule->id);
        render_line(d, out, g->span, st);
        for (j = 0; j < g->n_notes; j++) {
            struct style note = style_of(LEVEL_NOTE, colour);

            render_place(d, out, g->notes[j].span);
            buf_printf(out, "%snote:%s %s\n", note.colour, note.off, g->notes[j].text);
            render_line(d, out, g->notes[j].span, note);
        }
        if (g->help)
            buf_printf(out, "    help: %s\n", g->help);
    }
}
