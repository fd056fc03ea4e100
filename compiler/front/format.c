/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The formatter works on tokens, not on the model, so that nothing a person wrote can get lost. The grammar marks the few
 * tokens whose role a token alone does not tell (parse.h). Tokens are gathered into lines; lines of a block that
 * follow each other without a blank line are set in columns together; then they are written, the long ones broken.
 *
 * The layout depends on the tokens, on where comments stand and on where blank lines are, never on other white space:
 * that makes it idempotent.
 */
#include "front/format.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "front/lists.h"
#include "front/parse.h"

enum {
    INDENT = 4,
    WIDTH = 100,            /* statements are broken after this column */
    ROW_WIDTH = 132,        /* rows are tables: they may be wider */
    STATEMENT_WORD = 8,     /* the column of what follows the first word of a statement */
    MOST_CELLS = 6,
    WIDEST_KEY = 44,        /* wider cells do not widen their column */
    WIDEST_CELL = 56,
    JOINED_KEYS = 32,       /* commands of one row share a line up to this width */
};

struct cell {
    uint32_t start, end;    /* in the text of the lines */
};

/* One line to be: its text, cut into cells. */
struct line {
    unsigned int depth;
    bool blank_before;
    bool comment;           /* a comment and nothing else */
    bool no_columns;
    const char *trailing;   /* comment behind it, or NULL */
    size_t trailing_len;
    struct cell cells[MOST_CELLS];
    unsigned int n_cells;
};

struct format {
    struct arena *arena;
    const char *text;
    size_t len;
    const struct layout_notes *notes;
    struct buf *out;
    struct buf lines_text;          /* the cells' text */
    LIST(struct line) group;        /* lines not yet written */
    struct line line;               /* the one being gathered */
    bool open;                      /* it has tokens */
    unsigned int depth;             /* of blocks */
    unsigned int inline_depth;      /* of braces that stay on the line */
    unsigned int paren;
    char previous;                  /* last character of the previous token on this line, 0 at its start */
    bool previous_word, previous_field, previous_keyword;
    bool blank_pending;
    bool row_keys;                  /* before the first cell mark of a row */
};

static void put_fill(struct format *f, size_t width, size_t used)
{
    buf_fill(f->out, ' ', width > used ? width - used : 0);
}

/* The width of a text on a screen: characters, not bytes. */
static size_t text_width(const char *s, size_t len)
{
    size_t width = 0, i;

    for (i = 0; i < len; i++)
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    return width;
}

/* Whether it is no wider than that; what is wider is not looked at to its end. */
static bool text_fits(const char *s, size_t len, size_t limit)
{
    size_t width = 0, i;

    for (i = 0; i < len && width <= limit; i++)
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    return width <= limit;
}

static const char *cell_text(const struct format *f, const struct cell *c, size_t *len)
{
    *len = c->end - c->start;
    return f->lines_text.data + c->start;
}

static size_t cell_width(const struct format *f, const struct cell *c)
{
    size_t len;
    const char *text = cell_text(f, c, &len);

    return text_width(text, len);
}

/* Writes `text` at the current column, broken at blanks outside strings so that it stays within WIDTH. */
static void put_broken(struct format *f, const char *text, size_t len, size_t column, size_t indent)
{
    size_t at = 0;

    while (at < len) {
        size_t limit = WIDTH > column ? WIDTH - column : 1, i, last = 0, comma = 0; /* better than any blank */
        bool quoted = false;

        if (text_fits(text + at, len - at, limit)) {
            buf_add(f->out, text + at, len - at);
            return;
        }
        for (i = 0; i < len - at; i++) {
            char c = text[at + i];

            if (quoted && c == '\\')
                i++;
            else if (c == '"')
                quoted = !quoted;
            else if (c == ' ' && !quoted) {
                if (last && !text_fits(text + at, i, limit))
                    break;
                last = i;
                if (text[at + i - 1] == ',' || (at + i + 1 < len && text[at + i + 1] == '"'))
                    comma = i;
            }
        }
        if (comma > last / 2)
            last = comma;
        if (!last) {
            buf_add(f->out, text + at, len - at);
            return;
        }
        buf_add(f->out, text + at, last);
        buf_putc(f->out, '\n');
        buf_fill(f->out, ' ', indent);
        column = indent;
        at += last + 1;
    }
}

/* ---- a group of lines, in columns ---- */

static void group_widths(const struct format *f, size_t *widths)
{
    unsigned int i, c;

    memset(widths, 0, MOST_CELLS * sizeof(*widths));
    for (i = 0; i < f->group.n; i++) {
        const struct line *l = &f->group.items[i];

        if (l->comment || l->no_columns)
            continue;
        for (c = 0; c + 1 < l->n_cells; c++) {
            size_t width = cell_width(f, &l->cells[c]);

            if (width > widths[c] && width <= (c ? WIDEST_CELL : WIDEST_KEY))
                widths[c] = width;
        }
    }
}

/* Whether the cell is a sentence. */
static bool is_sentence(const struct format *f, const struct line *l, unsigned int c)
{
    size_t len;

    return c && cell_text(f, &l->cells[c], &len)[0] == '"' && len;
}

/* Whether every sentence of the group finds room behind its row; else all of them go below. */
static bool sentences_fit(const struct format *f, const size_t *widths)
{
    unsigned int i, c;

    for (i = 0; i < f->group.n; i++) {
        const struct line *l = &f->group.items[i];
        size_t column = (size_t)l->depth * INDENT;

        for (c = 0; l->n_cells > 1 && c < l->n_cells; c++) {
            size_t width = cell_width(f, &l->cells[c]);

            if (is_sentence(f, l, c) && column + width > ROW_WIDTH)
                return false;
            column += (width > widths[c] ? width : widths[c]) + 2;
        }
    }
    return true;
}

/* Whether the line holds nothing but commands of a row that goes on below. */
static bool is_key_line(const struct format *f, const struct line *l)
{
    return !l->comment && l->n_cells == 1 && l->cells[0].end > l->cells[0].start &&
           f->lines_text.data[l->cells[0].end - 1] == ',';
}

/* A comment above rows whose words stand apart by two blanks or more is the heading of their columns. */
static void cut_heading(struct format *f, struct line *l, const struct line *below)
{
    struct cell whole = l->cells[0], cells[MOST_CELLS];
    unsigned int n = 0;
    uint32_t at = whole.start, gap;
    const char *text = f->lines_text.data;

    if (!l->comment || below->comment || below->n_cells < 2)
        return;
    while (at < whole.end) {
        if (n == below->n_cells)
            return;
        cells[n].start = at;
        for (gap = at; gap < whole.end && !(text[gap] == ' ' && gap + 1 < whole.end && text[gap + 1] == ' '); gap++)
            ;
        cells[n++].end = gap;
        for (at = gap; at < whole.end && text[at] == ' '; at++)
            ;
    }
    if (n < 2)
        return;
    memcpy(l->cells, cells, n * sizeof(*cells));
    l->n_cells = n;
}

static void put_line(struct format *f, const struct line *l, const size_t *widths, bool behind)
{
    size_t indent = (size_t)l->depth * INDENT, column = indent, len, total;
    unsigned int c;

    if (l->blank_before)
        buf_putc(f->out, '\n');
    buf_fill(f->out, ' ', indent);
    if (l->n_cells == 1) {
        const char *text = cell_text(f, &l->cells[0], &len);

        if (l->comment)
            buf_add(f->out, text, len);
        else
            put_broken(f, text, len, column, indent + INDENT);
    }
    for (c = 0; l->n_cells > 1 && c < l->n_cells; c++) {
        const char *text = cell_text(f, &l->cells[c], &len);
        size_t width = text_width(text, len);

        if (is_sentence(f, l, c) && !behind) {
            while (f->out->data[f->out->len - 1] == ' ')
                f->out->len--;
            buf_putc(f->out, '\n');
            buf_fill(f->out, ' ', indent + INDENT);
            column = indent + INDENT;
        }
        buf_add(f->out, text, len);
        column += width;
        if (c + 1 < l->n_cells) {
            total = width > widths[c] ? width : widths[c];
            put_fill(f, total + 2, width);
            column += total + 2 - width;
        }
    }
    if (l->trailing) {
        if (l->n_cells)
            buf_puts(f->out, "  ");
        buf_add(f->out, l->trailing, l->trailing_len);
    }
    buf_putc(f->out, '\n');
}

static void group_flush(struct format *f)
{
    size_t widths[MOST_CELLS];
    unsigned int i;
    bool behind;

    for (i = 0; i + 1 < f->group.n; i++) {
        unsigned int below = i + 1;

        while (below + 1 < f->group.n && is_key_line(f, &f->group.items[below]))
            below++;
        cut_heading(f, &f->group.items[i], &f->group.items[below]);
    }
    group_widths(f, widths);
    behind = sentences_fit(f, widths);
    for (i = 0; i < f->group.n; i++)
        put_line(f, &f->group.items[i], widths, behind);
    f->group.n = 0;
    f->lines_text.len = 0;
}

/* ---- gathering a line ---- */

static void line_begin(struct format *f)
{
    if (f->open)
        return;
    if (f->blank_pending || (f->group.n && f->group.items[f->group.n - 1].depth != f->depth))
        group_flush(f);
    f->line = (struct line){ .depth = f->depth, .blank_before = f->blank_pending && f->out->len };
    f->line.cells[0].start = (uint32_t)f->lines_text.len;
    f->line.n_cells = 1;
    f->blank_pending = false;
    f->previous = 0;
    f->previous_word = f->previous_field = f->previous_keyword = false;
    f->row_keys = true;
    f->open = true;
}

static void cell_end(struct format *f)
{
    struct cell *c = &f->line.cells[f->line.n_cells - 1];

    while (f->lines_text.len > c->start && f->lines_text.data[f->lines_text.len - 1] == ' ')
        f->lines_text.len--;
    c->end = (uint32_t)f->lines_text.len;
}

static void line_end(struct format *f)
{
    if (!f->open)
        return;
    cell_end(f);
    *LIST_PUSH(f->arena, &f->group) = f->line;
    f->open = false;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '"';
}

/* Words that an opening parenthesis does not belong to. */
static bool is_keyword(const char *s, size_t len)
{
    static const char *const words[] = { "when", "if", "else", "label", "on", "and", "or", "not" };
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i]) == len && !memcmp(words[i], s, len))
            return true;
    return false;
}

static bool wants_blank(const struct format *f, const char *s, size_t len, enum mark mark)
{
    if (!f->previous || f->previous_field || mark == MARK_FIELD)
        return false;
    if (len == 1 && strchr(",;)].:", s[0]))
        return false;
    if (strchr("([!.:~", f->previous))
        return false;
    if (len == 1 && s[0] == '[')
        return false;
    if (len == 1 && s[0] == '(')
        return !f->previous_word || f->previous_keyword;
    if (f->previous == '*')
        return !f->paren;
    return true;
}

static void put_token(struct format *f, const char *s, size_t len, enum mark mark)
{
    if ((mark == MARK_CELL || mark == MARK_CELL_STEPS) && f->line.n_cells < MOST_CELLS && f->previous) {
        cell_end(f);
        f->line.cells[f->line.n_cells++].start = (uint32_t)f->lines_text.len;
    } else if (wants_blank(f, s, len, mark)) {
        buf_fill(&f->lines_text, ' ', mark == MARK_BODY ? 2 : 1);
    }
    buf_add(&f->lines_text, s, len);
    f->previous = s[len - 1];
    f->previous_word = is_word(s[0]);
    f->previous_field = mark == MARK_FIELD;
    f->previous_keyword = f->previous_word && is_keyword(s, len);
    if (len == 1 && s[0] == '(')
        f->paren++;
    if (len == 1 && s[0] == ')' && f->paren)
        f->paren--;
}

/* ---- comments and blank lines between tokens ---- */

static void put_gap(struct format *f, size_t from, size_t to)
{
    bool fresh = !from;     /* a line has begun since the last token */
    unsigned int newlines = 0;

    while (from < to) {
        char c = f->text[from];
        size_t end;

        if (c == '\n') {
            newlines++;
            fresh = true;
        }
        if (c != '#') {
            from++;
            continue;
        }
        for (end = from; end < f->len && f->text[end] != '\n'; end++)
            ;
        to = to > end ? to : end;
        c = 0;
        while (end > from && strchr(" \t\r\f\v", f->text[end - 1]))
            end--;
        if (newlines > 1)
            f->blank_pending = true;
        if (f->open || (!fresh && f->group.n && !f->group.items[f->group.n - 1].trailing)) {
            struct line *l = f->open ? &f->line : &f->group.items[f->group.n - 1];

            /* A comment inside a statement ends the line; the rest goes on below, out of the columns. */
            if (f->open) {
                l->no_columns = true;
                f->blank_pending = false;
                l->trailing = f->text + from;
                l->trailing_len = end - from;
                line_end(f);
                line_begin(f);
                f->line.no_columns = true;
                f->line.depth++;
            } else {
                l->trailing = f->text + from;
                l->trailing_len = end - from;
            }
        } else {
            line_begin(f);
            f->line.comment = true;
            buf_add(&f->lines_text, f->text + from, end - from);
            line_end(f);
        }
        newlines = 0;
        from = end;
        fresh = false;
    }
    if (newlines > 1 && !f->open)
        f->blank_pending = true;
}

/* ---- tokens ---- */

static size_t line_width(const struct format *f)
{
    return f->lines_text.len - f->line.cells[0].start;
}

static bool steps_fit(const struct format *f, unsigned int at)
{
    unsigned int depth = 0, i;
    size_t width = 0;

    for (i = at; i < f->notes->tokens.n; i++) {
        const struct layout_token *t = &f->notes->tokens.items[i];

        if (i > at && memchr(f->text + t[-1].end, '#', t->start - t[-1].end))
            return false;
        width += t->end - t->start + 1;
        if (f->text[t->start] == '{')
            depth++;
        else if (f->text[t->start] == '}' && !--depth)
            break;
    }
    return width <= WIDEST_CELL + 24;
}

static void format_tokens(struct format *f)
{
    const struct layout_notes *n = f->notes;
    size_t gap = 0;
    unsigned int i;
    unsigned int steps_depth = 0;   /* inside braces of steps that stay on the line */
    bool after_block = false;

    for (i = 0; i < n->tokens.n; i++) {
        const struct layout_token *t = &n->tokens.items[i];
        const char *s = f->text + t->start;
        size_t len = t->end - t->start;
        enum mark mark = n->marks[t->start];
        char c = len == 1 ? s[0] : 0;
        bool closes = c == '}' && !f->inline_depth;

        if (f->open && (mark == MARK_LINE || closes))
            line_end(f);
        if (f->open && mark == MARK_KEY && line_width(f) + len > JOINED_KEYS)
            line_end(f);
        put_gap(f, gap, t->start);
        gap = t->end;
        if (closes) {
            if (f->open)
                line_end(f);
            f->blank_pending = false;
            if (f->depth)
                f->depth--;
        } else if (after_block && !f->depth && mark == MARK_LINE) {
            f->blank_pending = true;
        }
        if (f->open && mark == MARK_BELOW) {
            line_end(f);
            line_begin(f);
            f->line.depth++;
            f->line.no_columns = true;
        }
        line_begin(f);

        if (c == '{') {
            bool stays = mark == MARK_INLINE || f->inline_depth ||
                         ((mark == MARK_CELL_STEPS || mark == MARK_FIX) && steps_fit(f, i));

            put_token(f, s, len, mark);
            if (stays) {
                f->inline_depth++;
                steps_depth += mark == MARK_CELL_STEPS || mark == MARK_FIX;
            } else {
                f->line.no_columns = f->line.n_cells > 1;
                line_end(f);
                f->blank_pending = false;
                f->depth++;
            }
            continue;
        }
        if (c == '}' && f->inline_depth) {
            put_token(f, s, len, 0);
            f->inline_depth--;
            if (steps_depth && (mark == MARK_STEPS || mark == MARK_FIX))
                steps_depth--;
            continue;
        }
        put_token(f, s, len, mark == MARK_STATEMENT ? 0 : mark);
        if (mark == MARK_STATEMENT && len < STATEMENT_WORD) {
            const struct layout_token *next = i + 1 < n->tokens.n ? t + 1 : NULL;

            /* `on cmd {` opens a table; everything else lines up. */
            if (next && f->text[next->start] != '{' && !(len == 2 && !memcmp(s, "on", 2)))
                buf_fill(&f->lines_text, ' ', STATEMENT_WORD - 1 - len);
        }
        if (c == ';' && !f->inline_depth)
            line_end(f);
        after_block = closes;
        if (closes) {
            const char *after = i + 1 < n->tokens.n ? f->text + t[1].start : "";

            /* A string or `;` that belongs to the block stays behind its brace. */
            if (after[0] != ';' && after[0] != '"')
                line_end(f);
        }
    }
    if (f->open)
        line_end(f);
    put_gap(f, gap, f->len);
    if (f->open)
        line_end(f);
    group_flush(f);
}

bool format_source(struct front *front, uint32_t index, struct buf *out)
{
    unsigned int errors = diags_count(front->diags, LEVEL_ERROR);
    struct layout_notes notes = { .marks = NULL };
    struct format f = { .arena = front->arena, .notes = &notes, .out = out };
    struct buf begun = BUF_INIT;

    front_parse(front, index, &notes);
    if (diags_count(front->diags, LEVEL_ERROR) != errors)
        return false;
    f.text = source_text(front->sources, index, &f.len);
    f.lines_text = begun;
    format_tokens(&f);
    if (f.lines_text.failed)
        out->failed = true;
    buf_free(&f.lines_text);
    return true;
}
