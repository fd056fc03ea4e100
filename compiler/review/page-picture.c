/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One column an operation, one row a subject, so that a page's width shows all; colours are page.css's. */
#include "review/page.h"

#include "base/buf.h"
#include "review/words.h"
#include "text/html.h"

enum { CELL = 4, ROW = 22, LEFT = 120, TOP = 8, GAP = 3 };

const enum domain_kind page_subjects[PAGE_SUBJECTS] = { DOMAIN_CONTROL, DOMAIN_HARDWARE, DOMAIN_XENSTORE,
                                                        DOMAIN_DEVICE_MODEL, DOMAIN_GUEST };

enum fare page_fare(const struct overview_row *r, enum domain_kind kind)
{
    if (!r->may[kind])
        return FARE_NEVER;
    if (r->sometimes[kind])
        return FARE_DEPENDS;
    return r->may[kind] == r->possible[kind] ? FARE_ANY : FARE_SOME;
}

const char *page_fare_class(enum fare f)
{
    static const char *const names[N_FARES] = {
        [FARE_NEVER] = "never", [FARE_SOME] = "own", [FARE_DEPENDS] = "depends", [FARE_ANY] = "any",
    };

    return names[f];
}

/* Whether the change is about what this subject may do. */
static bool is_changed(const struct change *c, enum domain_kind kind)
{
    unsigned int i;

    for (i = 0; c && i < c->answers.n; i++)
        if (c->answers.items[i].subject == kind)
            return true;
    return false;
}

void page_picture(struct buf *out, const struct overview *s, const struct change *const *changed)
{
    unsigned int width = LEFT + s->n * CELL, height = TOP + PAGE_SUBJECTS * ROW, i, k;

    buf_printf(out, "<svg class=\"picture\" role=\"img\" aria-labelledby=\"picture-title\" viewBox=\"0 0 %u %u\">\n"
               "<title id=\"picture-title\">Who may do what by default: a row for each kind of domain, a column for each of "
               "%u operations. The table below says the same in words.</title>\n", width, height, s->n);
    for (k = 0; k < PAGE_SUBJECTS; k++) {
        unsigned int y = TOP + k * ROW;

        buf_printf(out, "<text x=\"%d\" y=\"%u\">%s</text>\n", LEFT - 8, y + ROW - GAP - 5,
                   domain_kind_name(page_subjects[k]));
        /* Neighbours that fare alike are one rectangle: the page stays small. */
        for (i = 0; i < s->n; ) {
            enum fare f = page_fare(&s->rows[i], page_subjects[k]);
            unsigned int n = 1;

            while (i + n < s->n && page_fare(&s->rows[i + n], page_subjects[k]) == f)
                n++;
            buf_printf(out, "<rect class=\"%s\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\"/>\n", page_fare_class(f),
                       LEFT + i * CELL, y, n * CELL, ROW - GAP);
            i += n;
        }
        for (i = 0; i < s->n; i++)
            if (is_changed(changed[i], page_subjects[k]))
                buf_printf(out, "<rect class=\"changed %s\" x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\"/>\n",
                           grade_name(changed[i]->grade), LEFT + i * CELL, y - 2, CELL, ROW + 4 - GAP);
    }
    /* Whole columns to hover over and to click; who uses the keyboard has the table. */
    for (i = 0; i < s->n; i++) {
        buf_printf(out, "<a href=\"#o%u\" tabindex=\"-1\"><rect class=\"hit\" x=\"%u\" y=\"0\" width=\"%d\" height=\"%u\"/>"
                   "<title>", i, LEFT + i * CELL, CELL, height);
        html_text(out, s->rows[i].op->path);
        buf_puts(out, ": ");
        html_text(out, reach_words(s->rows[i].reach));
        buf_puts(out, "</title></a>\n");
    }
    buf_puts(out, "</svg>\n");
}
