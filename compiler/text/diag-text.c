/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings for people: place, message, the line with carets below it. What comes from files is shown through utf8_show(),
 * tabs as one blank, so that carets stand where they should and no file can write to the terminal.
 */
#include "text/diag.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

struct style {
    const char *bold, *colour, *off;
};

static struct style style_of(enum level level, bool colour)
{
    static const char *const colours[] = { "\033[1;36m", "\033[1;35m", "\033[1;31m" };

    return colour ? (struct style){ "\033[1m", colours[level], "\033[0m" } : (struct style){ "", "", "" };
}

/* The source line and below it a caret under the span. Long lines are cut to a window around the span. */
static void render_line(const struct sources *sources, struct buf *out, struct span span, struct style st)
{
    enum { WINDOW = 110, LONGEST_CHARACTER = 4 };
    size_t len, text_len, from = 0, to, i, n, start, end;
    const char *text = source_text(sources, span.file, &text_len);
    const char *line = source_line(sources, span.file, span.start, &len);
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

static void render_place(const struct sources *sources, struct buf *out, struct span span)
{
    struct place p = source_place(sources, span);

    if (p.path) {
        render_text(out, p.path);
        buf_printf(out, ":%u:%u: ", p.line, p.column);
    }
}

void diag_render_text(const struct diags *d, struct buf *out, const struct diag *g, bool colour)
{
    const struct sources *sources = diags_sources(d);
    struct style st = style_of(g->level, colour), note = style_of(LEVEL_NOTE, colour);
    unsigned int i;

    buf_puts(out, st.bold);
    render_place(sources, out, g->span);
    buf_printf(out, "%s%s%s:%s%s ", st.off, st.colour, level_name(g->level), st.off, st.bold);
    render_text(out, g->message);
    buf_printf(out, "%s [%s]\n", st.off, g->rule->id);
    render_line(sources, out, g->span, st);
    for (i = 0; i < g->n_notes; i++) {
        render_place(sources, out, g->notes[i].span);
        buf_printf(out, "%snote:%s ", note.colour, note.off);
        render_text(out, g->notes[i].text);
        buf_putc(out, '\n');
        render_line(sources, out, g->notes[i].span, note);
    }
    if (g->help) {
        buf_puts(out, "    help: ");
        render_text(out, g->help);
        buf_putc(out, '\n');
    }
}

void diags_render_text(struct diags *d, struct buf *out, bool colour, unsigned int most)
{
    unsigned int n, i, shown = 0, all = 0;
    const struct diag *list = diags_sorted(d, &n);
    enum level level;

    for (level = LEVEL_NOTE; level <= LEVEL_ERROR; level++)
        all += diags_count(d, level);
    for (i = 0; i < n && shown < most; i++)
        if (!list[i].suppressed) {
            diag_render_text(d, out, &list[i], colour);
            shown++;
        }
    for (; i < n && list[i].suppressed; i++)
        ;
    if (i < n)
        buf_printf(out, "only the first %u of %u findings are shown\n", most, all);
}
