/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The diff is Myers' greedy one: the furthest points reached on each diagonal with d edits, kept for every d, and walked
 * back from the end. What both texts begin and end with is put aside first, so d stays small for the edits made here.
 */
#include "back/patch-text.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"

enum {
    CONTEXT = 3,
    MOST_EDITS = 2000,      /* beyond that all in between counts as different */
};

/* ---- lines ---- */

static uint32_t *lines_of(struct arena *a, const char *text, uint32_t len, unsigned int *n_lines)
{
    uint32_t at, *lines;
    unsigned int n = 0;

    for (at = 0; at < len; at++)
        n += text[at] == '\n';
    lines = arena_array(a, n + 2, sizeof(*lines));
    n = 0;
    for (at = 0; at < len; at++)
        if (text[at] == '\n')
            lines[++n] = at + 1;
    if (lines[n] < len)
        lines[++n] = len;
    *n_lines = n;
    return lines;
}

struct patch_edit patch_edit_begin(struct arena *a, const char *text, size_t len)
{
    struct patch_edit e = { .arena = a, .text = text, .len = (uint32_t)len };

    e.lines = lines_of(a, text, e.len, &e.n_lines);
    e.removed = arena_array(a, e.n_lines, sizeof(*e.removed));
    return e;
}

unsigned int patch_line(const struct patch_edit *e, uint32_t at)
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

bool patch_blank(const struct patch_edit *e, unsigned int line)
{
    uint32_t at;

    for (at = line < e->n_lines ? e->lines[line] : e->len; line < e->n_lines && at < e->lines[line + 1]; at++)
        if (!isspace((unsigned char)e->text[at]))
            return false;
    return true;
}

void patch_remove(struct patch_edit *e, unsigned int first, unsigned int last)
{
    for (; first <= last && first < e->n_lines; first++)
        e->removed[first] = true;
}

void patch_insert(struct patch_edit *e, unsigned int line, const char *text)
{
    *LIST_PUSH(e->arena, &e->inserts) = (struct patch_insert){ line, text };
}

static bool inserted_at(const struct patch_edit *e, unsigned int line)
{
    unsigned int i;

    for (i = 0; i < e->inserts.n; i++)
        if (e->inserts.items[i].line == line)
            return true;
    return false;
}

static bool is_directive(const struct patch_edit *e, unsigned int line, const char *word)
{
    const char *at = e->text + e->lines[line], *end = e->text + e->lines[line + 1];

    return (size_t)(end - at) > strlen(word) && !memcmp(at, word, strlen(word));
}

/* Takes out an #if and its #endif between which only what was taken out stood. */
static void remove_empty_conditions(struct patch_edit *e)
{
    unsigned int i, j, some;

    for (i = 0; i < e->n_lines; i++) {
        if (e->removed[i] || !is_directive(e, i, "#if"))
            continue;
        some = 0;
        for (j = i + 1; j < e->n_lines && !inserted_at(e, j) && (e->removed[j] || patch_blank(e, j)); j++)
            some += e->removed[j];
        if (!some || j == e->n_lines || inserted_at(e, j) || !is_directive(e, j, "#endif"))
            continue;
        patch_remove(e, i, j);
        i = 0;
    }
}

void patch_edit_finish(struct patch_edit *e, struct buf *out)
{
    unsigned int i, j;

    remove_empty_conditions(e);
    for (i = 0; i <= e->n_lines; i++) {
        for (j = 0; j < e->inserts.n; j++)
            if (e->inserts.items[j].line == i)
                buf_puts(out, e->inserts.items[j].text);
        if (i < e->n_lines && !e->removed[i])
            buf_add(out, e->text + e->lines[i], e->lines[i + 1] - e->lines[i]);
    }
}

/* ---- the diff ---- */

struct side {
    const char *text;
    uint32_t *lines;
    unsigned int n;
    bool *changed;
};

static bool same_line(const struct side *x, unsigned int i, const struct side *y, unsigned int j)
{
    uint32_t len = x->lines[i + 1] - x->lines[i];

    return len == y->lines[j + 1] - y->lines[j] && !memcmp(x->text + x->lines[i], y->text + y->lines[j], len);
}

/* Marks what is only in one of [from, to_x) and [from, to_y). */
static void mark_changed(struct arena *a, struct side *x, struct side *y, unsigned int from, unsigned int to_x,
                         unsigned int to_y)
{
    int n = (int)(to_x - from), m = (int)(to_y - from), d, k, i, j, most = n + m < MOST_EDITS ? n + m : MOST_EDITS;
    int **trace = arena_array(a, (size_t)most + 1, sizeof(*trace));
    int *v = arena_array(a, 2 * (size_t)most + 3, sizeof(*v)) , *at = v + most + 1;

    for (d = 0; d <= most; d++) {
        trace[d] = arena_array(a, 2 * (size_t)d + 3, sizeof(**trace));
        memcpy(trace[d], at - d - 1, (2 * (size_t)d + 3) * sizeof(*v));
        for (k = -d; k <= d; k += 2) {
            i = k == -d || (k != d && at[k - 1] < at[k + 1]) ? at[k + 1] : at[k - 1] + 1;
            j = i - k;
            while (i < n && j < m && same_line(x, from + (unsigned int)i, y, from + (unsigned int)j)) {
                i++;
                j++;
            }
            at[k] = i;
            if (i >= n && j >= m)
                goto found;
        }
    }
    memset(x->changed + from, true, (size_t)n);
    memset(y->changed + from, true, (size_t)m);
    return;

 found:
    for (i = n, j = m; d > 0; d--) {
        const int *old = trace[d] + d + 1;
        int before;

        k = i - j;
        before = k == -d || (k != d && old[k - 1] < old[k + 1]) ? k + 1 : k - 1;
        i = old[before];
        j = i - before;
        if (before == k + 1)
            y->changed[from + (unsigned int)j] = true;
        else
            x->changed[from + (unsigned int)i] = true;
    }
}

static void put_line(struct buf *out, char mark, const struct side *s, unsigned int i)
{
    uint32_t len = s->lines[i + 1] - s->lines[i];

    buf_putc(out, mark);
    buf_add(out, s->text + s->lines[i], len);
    if (s->text[s->lines[i] + len - 1] != '\n')
        buf_puts(out, "\n\\ No newline at end of file\n");
}

/* One hunk: the changes from lines i, j on that no more than twice the context parts. Returns where it ends. */
static void put_hunk(struct buf *out, const struct side *x, const struct side *y, unsigned int *pi, unsigned int *pj)
{
    unsigned int i = *pi, j = *pj, back = i < CONTEXT ? i : CONTEXT, start_i = i - back, start_j = j - back;
    unsigned int end_i, end_j, same = 0;

    while ((i < x->n || j < y->n) && same <= 2 * CONTEXT) {
        bool gone = i < x->n && x->changed[i], come = j < y->n && y->changed[j];

        same = gone || come ? 0 : same + 1;
        i += gone || !come;
        j += come || !gone;
    }
    back = same > CONTEXT ? same - CONTEXT : 0;
    end_i = i - back;
    end_j = j - back;
    buf_printf(out, "@@ -%u,%u +%u,%u @@\n", end_i > start_i ? start_i + 1 : start_i, end_i - start_i,
               end_j > start_j ? start_j + 1 : start_j, end_j - start_j);
    for (i = start_i, j = start_j; i < end_i || j < end_j;) {
        if (i < end_i && x->changed[i])
            put_line(out, '-', x, i++);
        else if (j < end_j && y->changed[j])
            put_line(out, '+', y, j++);
        else {
            put_line(out, ' ', x, i++);
            j++;
        }
    }
    *pi = end_i;
    *pj = end_j;
}

void patch_diff(struct arena *a, struct buf *out, const char *path, const char *old, size_t old_len, const char *new,
                size_t new_len)
{
    struct side x = { .text = old ? old : "" }, y = { .text = new };
    unsigned int from = 0, to_x, to_y, i, j;

    if (old && old_len == new_len && !memcmp(old, new, old_len))
        return;
    x.lines = lines_of(a, x.text, (uint32_t)old_len, &x.n);
    y.lines = lines_of(a, y.text, (uint32_t)new_len, &y.n);
    x.changed = arena_array(a, x.n, sizeof(*x.changed));
    y.changed = arena_array(a, y.n, sizeof(*y.changed));
    while (from < x.n && from < y.n && same_line(&x, from, &y, from))
        from++;
    for (to_x = x.n, to_y = y.n; to_x > from && to_y > from && same_line(&x, to_x - 1, &y, to_y - 1); to_x--)
        to_y--;
    mark_changed(a, &x, &y, from, to_x, to_y);

    buf_printf(out, "diff --git a/%s b/%s\n%s--- %s%s\n+++ b/%s\n", path, path, old ? "" : "new file mode 100644\n",
               old ? "a/" : "", old ? path : "/dev/null", path);
    for (i = j = 0; i < x.n || j < y.n;) {
        if ((i < x.n && x.changed[i]) || (j < y.n && y.changed[j])) {
            put_hunk(out, &x, &y, &i, &j);
        } else {
            i++;
            j++;
        }
    }
}
