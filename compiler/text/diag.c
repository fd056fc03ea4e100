/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records are kept in order of arrival and sorted when asked for; past MOST_KEPT they are only counted, since nobody reads
 * them and a hostile text has one for every other byte. What comes from files is shown through utf8_show(), tabs as one
 * blank, so that carets stand where they should and no file can write to the terminal.
 */
#include "text/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "text/rules.h"

enum {
    MOST_KEPT = 100000,
    LONGEST_MESSAGE = 5000,     /* bytes: a path may have 4096; more would hide the next one */
};

struct diags {
    struct arena *arena;
    const struct sources *sources;
    LIST(struct diag *) list;
    struct diag overflow;       /* takes what is added past MOST_KEPT */
    struct diag *sorted;
    unsigned int n_sorted;      /* without repetitions */
    unsigned int sorted_of;     /* list.n when it was sorted */
    unsigned int count[LEVEL_ERROR + 1];
};

struct diags *diags_create(struct arena *a, const struct sources *s)
{
    struct diags *d = ARENA_NEW(a, struct diags);

    d->arena = a;
    d->sources = s;
    return d;
}

static const char *diag_format(const struct diags *d, const char *format, va_list ap)
{
    char text[LONGEST_MESSAGE + 1];
    int len = vsnprintf(text, sizeof(text), format, ap);

    if (len > LONGEST_MESSAGE)
        memcpy(text + LONGEST_MESSAGE - 3, "...", 3);
    return len < 0 ? format : arena_text(d->arena, text, strlen(text));
}

bool diags_full(const struct diags *d)
{
    return d->list.n >= MOST_KEPT;
}

const struct sources *diags_sources(const struct diags *d)
{
    return d->sources;
}

struct diag *diag_add(struct diags *d, const struct rule *rule, struct span span, const char *format, ...)
{
    struct diag *diag;
    va_list ap;

    d->count[rule->level]++;
    span = source_written(d->sources, span);
    if (diags_full(d) && rule != &RULE_IO) {
        d->overflow = (struct diag){ .rule = rule, .level = rule->level, .span = span, .message = format };
        return &d->overflow;
    }
    diag = ARENA_NEW(d->arena, struct diag);
    *diag = (struct diag){ .rule = rule, .level = rule->level, .span = span, .order = d->list.n };
    va_start(ap, format);
    diag->message = diag_format(d, format, ap);
    va_end(ap);
    *LIST_PUSH(d->arena, &d->list) = diag;
    return diag;
}

void diag_note(struct diags *d, struct diag *diag, struct span span, const char *format, ...)
{
    struct diag_note *note;
    va_list ap;

    if (diag == &d->overflow)
        return;
    note = arena_push(d->arena, (void **)&diag->notes, &diag->n_notes, &diag->cap_notes, sizeof(*note));
    note->span = source_written(d->sources, span);
    va_start(ap, format);
    note->text = diag_format(d, format, ap);
    va_end(ap);
}

void diag_help(struct diags *d, struct diag *diag, const char *format, ...)
{
    va_list ap;

    if (diag == &d->overflow)
        return;
    va_start(ap, format);
    diag->help = diag_format(d, format, ap);
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

    if (d->sorted && d->sorted_of == d->list.n) {
        *n = d->n_sorted;
        return d->sorted;
    }
    d->sorted = arena_array(d->arena, d->list.n, sizeof(*d->sorted));
    for (i = 0; i < d->list.n; i++)
        d->sorted[i] = *d->list.items[i];
    qsort(d->sorted, d->list.n, sizeof(*d->sorted), diag_compare);
    for (i = 0; i < d->list.n; i++)
        if (!kept || !diag_same(&d->sorted[kept - 1], &d->sorted[i]))
            d->sorted[kept++] = d->sorted[i];
    d->n_sorted = kept;
    d->sorted_of = d->list.n;
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
    enum { WINDOW = 110, LONGEST_CHARACTER = 4 };
    size_t len, text_len, from = 0, to, i, n, start, end;
    const char *text = source_text(d->sources, span.file, &text_len);
    const char *line = source_line(d->sources, span.file, span.start, &len);
    struct buf below = BUF_INIT;
    uint32_t code;

    if (!span.file)
        return;
    start = (size_t)span.start - (size_t)(line - text);
    end = (size_t)span.end - (size_t)(line - text);
    if (start > len)
        start = len;
    if (start > WINDOW / 2 && len > WINDOW) {
        from = start - WINDOW / 2;
        /* Not into the middle of a character. */
        for (i = from; i > from - LONGEST_CHARACTER && ((unsigned char)line[i] & 0xc0) == 0x80;)
            i--;
        if (utf8_decode(line + i, len - i, &code))
            from = i;
    }
    to = len - from > WINDOW ? from + WINDOW : len;

    buf_puts(out, "    ");
    for (i = from; i < to; i += n) {
        n = utf8_decode(line + i, len - i, &code);
        n = n ? n : 1;
        if (line[i] == '\t')
            buf_putc(out, ' ');
        else
            utf8_show(out, line + i, n);
        if (i < start)
            buf_putc(&below, ' ');
        else if (i > start && i < end)
            buf_putc(&below, '~');
        else if (i == start)
            buf_printf(&below, "%s^", st.colour);
    }
    if (start >= to)
        buf_printf(&below, "%s^", st.colour);
    buf_printf(out, "\n    %s%s\n", buf_text(&below), st.off);
    if (below.failed)
        out->failed = true;
    buf_free(&below);
}

static void render_text(struct buf *out, const char *text)
{
    utf8_show(out, text, strlen(text));
}

static void render_place(const struct diags *d, struct buf *out, struct span span)
{
    struct place p = source_place(d->sources, span);

    if (p.path) {
        render_text(out, p.path);
        buf_printf(out, ":%u:%u: ", p.line, p.column);
    }
}

static void render_diag(const struct diags *d, struct buf *out, const struct diag *g, bool colour)
{
    static const char *const words[] = { "note", "warning", "error" };
    struct style st = style_of(g->level, colour), note = style_of(LEVEL_NOTE, colour);
    unsigned int i;

    buf_puts(out, st.bold);
    render_place(d, out, g->span);
    buf_printf(out, "%s%s%s:%s%s ", st.off, st.colour, words[g->level], st.off, st.bold);
    render_text(out, g->message);
    buf_printf(out, "%s [%s]\n", st.off, g->rule->id);
    render_line(d, out, g->span, st);
    for (i = 0; i < g->n_notes; i++) {
        render_place(d, out, g->notes[i].span);
        buf_printf(out, "%snote:%s ", note.colour, note.off);
        render_text(out, g->notes[i].text);
        buf_putc(out, '\n');
        render_line(d, out, g->notes[i].span, note);
    }
    if (g->help) {
        buf_puts(out, "    help: ");
        render_text(out, g->help);
        buf_putc(out, '\n');
    }
}

void diags_render_text(struct diags *d, struct buf *out, bool colour, unsigned int most)
{
    unsigned int n, i, all = d->count[LEVEL_ERROR] + d->count[LEVEL_WARNING] + d->count[LEVEL_NOTE];
    const struct diag *list = diags_sorted(d, &n);

    for (i = 0; i < n && i < most; i++)
        render_diag(d, out, &list[i], colour);
    if (n > most)
        buf_printf(out, "only the first %u of %u findings are shown\n", most, all);
}
