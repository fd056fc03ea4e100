/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page is written from top to bottom: what changes, the picture, the filters, the table. A row carries who may do it
 * in its data attributes, as bits by relation, for the script to filter by.
 */
#include "review/page.h"

#include <string.h>

#include "base/buf.h"
#include "review/words.h"
#include "text/html.h"

/* The words of a name may be parted behind a slash or an underscore, so that it fits a narrow column. */
static void print_name(struct buf *out, const char *name)
{
    char letter[2] = { 0, 0 };

    for (; *name; name++) {
        letter[0] = *name;
        html_text(out, letter);
        if (*name == '/' || *name == '_' || *name == ':')
            buf_puts(out, "<wbr>");
    }
}

static const char *page_title(const struct page *p)
{
    const struct model *m = p->model;

    return m && m->target_meaning ? m->target_meaning : m && m->target ? m->target : "the database";
}

/* Who may, in a column's few words. */
static const char *short_reach(enum reach r)
{
    static const char *const words[N_REACHES] = {
        [REACH_ANYONE] = "everybody", [REACH_SELF] = "itself, its device model, control",
        [REACH_DEVICE_MODEL] = "its device model, control", [REACH_XENSTORE] = "xenstore, its device model, control",
        [REACH_CONTROL] = "control", [REACH_HYPERVISOR] = "Xen itself", [REACH_NOBODY] = "no one",
        [REACH_DEPENDS] = "it depends",
    };

    return words[r];
}

/* ---- head ---- */

static void print_head(struct buf *out, const struct page *p)
{
    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
             "script-src 'unsafe-inline'\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    html_text(out, p->overview ? page_title(p) : "What changes");
    buf_puts(out, p->overview ? ": who may do what</title>\n<style>\n" : "</title>\n<style>\n");
    buf_puts(out, page_style);
    buf_puts(out, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the contents</a>\n<header>\n<h1>");
    if (p->overview) {
        html_text(out, page_title(p));
        buf_puts(out, ": who may do what</h1>\n");
        buf_printf(out, "<p>%u operations, by what the hypervisor allows without a Flask policy: everything on the way to an "
                   "operation counts.</p>\n", p->overview->n);
    } else {
        buf_puts(out, "What changes</h1>\n");
    }
    buf_puts(out, "</header>\n<main id=\"main\">\n");
}

/* ---- changes ---- */

static void print_place(struct buf *out, const struct page *p, const char *before, struct span s)
{
    struct buf text = BUF_INIT;

    if (!s.file)
        return;
    place_print(&text, p->job, s);
    buf_puts(out, before);
    buf_puts(out, "<code class=\"place\">");
    print_name(out, buf_text(&text));
    buf_puts(out, "</code>");
    buf_free(&text);
}

static void print_change(struct buf *out, const struct page *p, const struct change *c, unsigned int number)
{
    unsigned int i;

    buf_printf(out, "<li class=\"change %s\" id=\"c%u\"><h3><span class=\"grade\">%s</span> <code>", grade_name(c->grade),
               number, grade_name(c->grade));
    print_name(out, c->name);
    buf_puts(out, "</code></h3>\n<p>");
    html_text(out, c->text ? c->text : "");
    buf_puts(out, "</p>\n");
    if (c->pairs.n > 1) {
        buf_printf(out, "<details><summary>%u operations</summary><ul>\n", c->pairs.n);
        for (i = 0; i < c->pairs.n; i++) {
            const struct operation *op = operation_told(&c->pairs.items[i]);

            buf_puts(out, "<li><code>");
            print_name(out, op->path);
            buf_puts(out, "</code> ");
            html_text(out, operation_meaning(op));
            buf_puts(out, "</li>\n");
        }
        buf_puts(out, "</ul></details>\n");
    }
    if (c->advice) {
        buf_puts(out, "<p class=\"advice\">");
        html_text(out, c->advice);
        buf_puts(out, "</p>\n");
    }
    buf_puts(out, "<p class=\"places\">");
    print_place(out, p, "", c->place.new);
    print_place(out, p, c->place.new.file ? ", before " : "gone, before ", c->place.old);
    buf_puts(out, "</p></li>\n");
}

static void print_changes(struct buf *out, const struct page *p)
{
    const struct changes *c = p->job->changes;
    unsigned int i;
    int g;

    buf_puts(out, "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What changes from <code>");
    print_name(out, p->job->old);
    buf_puts(out, "</code> to <code>");
    print_name(out, p->job->new);
    buf_puts(out, "</code></h2>\n<p class=\"counts\">");
    for (g = GRADE_LOOSER; g > GRADE_SAME; g--)
        if (c->n[g])
            buf_printf(out, "<span class=\"%s\"><span class=\"grade\">%u %s</span> %s</span> ", grade_name((enum grade)g),
                       c->n[g], grade_name((enum grade)g), grade_meaning((enum grade)g));
    buf_puts(out, c->items.n ? "</p>\n<ol class=\"changes\">\n" : "Nothing.</p>\n");
    for (i = 0; i < c->items.n; i++)
        if (c->items.items[i].grade >= p->job->least)
            print_change(out, p, &c->items.items[i], i);
    buf_puts(out, c->items.n ? "</ol>\n</section>\n" : "</section>\n");
}

/* ---- filters ---- */

static void print_filters(struct buf *out, const struct page *p)
{
    unsigned int i;

    buf_puts(out, "<form id=\"filters\" role=\"search\" hidden>\n"
             "<label>Search <input id=\"search\" type=\"search\" placeholder=\"pause, grant:, XEN_DOMCTL_…\" "
             "aria-keyshortcuts=\"/\"></label>\n<label>Who <select id=\"subject\"><option value=\"\">anybody</option>");
    for (i = 0; i < N_SUBJECT_KINDS; i++)
        buf_printf(out, "<option value=\"%u\">%s</option>", i, subject_words((enum domain_kind)i));
    buf_puts(out, "</select></label>\n<label>may, on <select id=\"object\"><option value=\"\">anything</option>");
    for (i = 0; i < N_RELATIONS; i++)
        buf_printf(out, "<option value=\"%u\">%s</option>", i, relation_name((enum relation)i));
    buf_puts(out, "</select></label>\n");
    if (p->job->changes)
        buf_puts(out, "<label class=\"tick\"><input id=\"changed\" type=\"checkbox\"> only what changes</label>\n");
    buf_puts(out, "<button type=\"reset\">Show all</button>\n<output id=\"count\" aria-live=\"polite\"></output>\n</form>\n");
}

/* ---- table ---- */

static void print_cell(struct buf *out, const struct overview_row *r, enum domain_kind kind, const struct change *c)
{
    static const char *const signs[N_FARES] = {
        [FARE_NEVER] = "–", [FARE_SOME] = "◐", [FARE_DEPENDS] = "?", [FARE_ANY] = "●",
    };
    enum fare f = page_fare(r, kind);
    struct buf words = BUF_INIT;
    bool changed = false;
    unsigned int i;

    for (i = 0; c && i < c->answers.n; i++)
        changed |= c->answers.items[i].subject == kind;
    words_relations(&words, r->may[kind], r->possible[kind]);
    buf_printf(out, "<td class=\"fare %s%s\" data-label=\"%s\"><span aria-hidden=\"true\">%s</span><span class=\"words\">",
               page_fare_class(f), changed ? " touched" : "", domain_kind_name(kind), signs[f]);
    if (f == FARE_NEVER)
        buf_puts(out, "never");
    else if (f == FARE_ANY && !words.len)
        buf_puts(out, "may");
    else
        html_text(out, words.len ? buf_text(&words) : "may");
    if (f == FARE_DEPENDS)
        buf_puts(out, ", under conditions");
    buf_puts(out, "</span></td>");
    buf_free(&words);
}

static void print_perms(struct buf *out, const struct overview_row *r)
{
    unsigned int i;

    for (i = 0; i < r->n_perms; i++) {
        buf_puts(out, i ? " <code>" : "<code>");
        print_name(out, r->perms[i]);
        buf_puts(out, "</code>");
    }
    if (r->unknown)
        buf_puts(out, r->n_perms ? ", or unknown" : "unknown");
    else if (r->refused)
        buf_puts(out, r->n_perms ? ", or refused" : "refused");
    else if (!r->n_perms)
        buf_puts(out, "nothing");
}

static void print_row(struct buf *out, const struct page *p, unsigned int i, const struct change *c)
{
    const struct overview_row *r = &p->overview->rows[i];
    unsigned int k;

    buf_printf(out, "<tr id=\"o%u\"%s%s data-may=\"", i, c ? " class=" : "", c ? grade_name(c->grade) : "");
    for (k = 0; k < N_SUBJECT_KINDS; k++)
        buf_printf(out, "%s%x", k ? " " : "", r->may[k]);
    buf_puts(out, "\"><th scope=\"row\"><code>");
    print_name(out, r->op->path);
    buf_puts(out, "</code><span class=\"meaning\">");
    html_text(out, operation_meaning(r->op));
    buf_puts(out, "</span>");
    if (c)
        buf_printf(out, "<a class=\"grade\" href=\"#c%u\">%s</a>", (unsigned int)(c - p->job->changes->items.items),
                   grade_name(c->grade));
    buf_puts(out, "</th>");
    buf_puts(out, "<td data-label=\"by default\">");
    html_text(out, short_reach(r->reach));
    buf_puts(out, "</td>");
    for (k = 0; k < PAGE_SUBJECTS; k++)
        print_cell(out, r, page_subjects[k], c);
    buf_puts(out, "<td data-label=\"Flask asks\">");
    print_perms(out, r);
    buf_puts(out, "</td><td data-label=\"place\">");
    print_place(out, p, "", r->op->span);
    buf_puts(out, "</td></tr>\n");
}

/* The change of each row, or NULL; the first, which is the worst. */
static const struct change **row_changes(struct arena *a, const struct page *p)
{
    const struct change **changed = arena_array(a, p->overview->n, sizeof(*changed));
    const struct changes *c = p->job->changes;
    unsigned int i, j;

    for (i = 0; c && i < c->items.n; i++)
        for (j = 0; j < c->items.items[i].pairs.n; j++) {
            const struct operation *op = c->items.items[i].pairs.items[j].new;

            /* The review listed the operations itself: the same model gives the same numbers. */
            if (op && op->number < p->overview->n && !changed[op->number])
                changed[op->number] = &c->items.items[i];
        }
    return changed;
}

static void print_table(struct buf *out, const struct page *p)
{
    struct arena *a = arena_create(NULL);
    const struct change **changed;
    unsigned int i;

    if (!a) {
        out->failed = true;
        return;
    }
    changed = row_changes(a, p);
    buf_puts(out, "<section aria-labelledby=\"matrix\">\n<h2 id=\"matrix\">At a glance</h2>\n");
    page_picture(out, p->overview, changed);
    buf_puts(out, "<p class=\"legend\"><span class=\"any\">●</span> may, on all it can name "
             "<span class=\"own\">◐</span> on some: itself, its target <span class=\"depends\">?</span> under conditions "
             "<span class=\"never\">–</span> never</p>\n</section>\n"
             "<section aria-labelledby=\"operations\">\n<h2 id=\"operations\">Operations</h2>\n");
    print_filters(out, p);
    buf_puts(out, "<table>\n<thead><tr><th scope=\"col\">Operation</th><th scope=\"col\">By default</th>");
    for (i = 0; i < PAGE_SUBJECTS; i++)
        buf_printf(out, "<th scope=\"col\" class=\"fare\">%s</th>", domain_kind_name(page_subjects[i]));
    buf_puts(out, "<th scope=\"col\">Flask asks</th><th scope=\"col\">Place</th></tr></thead>\n<tbody>\n");
    for (i = 0; i < p->overview->n; i++)
        print_row(out, p, i, changed[i]);
    buf_puts(out, "</tbody>\n</table>\n<p id=\"none\" hidden>No operation is like that.</p>\n</section>\n");
    arena_destroy(a);
}

void page_print(struct buf *out, const struct page *p)
{
    print_head(out, p);
    if (p->job->changes)
        print_changes(out, p);
    if (p->overview)
        print_table(out, p);
    buf_puts(out, "</main>\n");
    if (p->overview) {
        buf_puts(out, "<script>\n");
        buf_puts(out, page_script);
        buf_puts(out, "</script>\n");
    }
    buf_puts(out, "</body>\n</html>\n");
}
