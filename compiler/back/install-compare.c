/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree against the database: what is missing, what is more, what stands elsewhere or asks about something else. */
#include <ctype.h>
#include <string.h>

#include "back/install-tree.h"
#include "base/buf.h"
#include "model/print.h"
#include "text/rules.h"

bool install_needs(const struct hook *h, enum element e)
{
    switch (e) {
    case SILO:
    case SILO_ROW:
        return h->silo.kind == SILO_PAIR;

    case FLASK:
        return hook_has_flask(h) && !(h->flask_manual.reason && h->flask_manual.function);

    case FLASK_ROW:
        return hook_has_flask(h);

    default:
        return true;
    }
}

static void compare_presence(struct install *in, const struct hook *h)
{
    const struct found *f = &in->found[h->order];
    enum element e, seen;

    for (seen = 0; seen < ELEMENTS && !f->span[seen].file; seen++)
        ;
    for (e = 0; e < ELEMENTS; e++) {
        bool manual = (e == DUMMY && h->dummy_manual.reason) ||
                      (e == FLASK && h->flask_manual.reason && !h->flask_manual.function);

        if (f->span[e].file && !install_needs(h, e) && !(e == FLASK && hook_has_flask(h))) {
            diag_help(in->g->diags,
                      install_refuse(in->g, f->span[e], "the database knows of no %s '%s'", install_elements[e].what,
                                     h->name),
                      "add it to the database; what it checks would be lost");
        } else if (manual && !f->span[e].file) {
            diag_help(in->g->diags,
                      install_refuse(in->g, e == DUMMY ? h->dummy_manual.span : h->flask_manual.span,
                                     "'%s' is hand-written, but %s has no function '%s%s'", h->name,
                                     install_paths[install_parts[install_elements[e].part].file],
                                     e == DUMMY ? "xsm_" : "", e == DUMMY ? h->name : hook_flask_function(in->g, h)),
                      "write it there, or leave out 'manual'");
        } else if (seen < ELEMENTS && install_needs(h, e) && !f->span[e].file && !in->include[install_elements[e].part]) {
            diag_note(in->g->diags,
                      install_refuse(in->g, f->span[seen], "the tree has no %s '%s'", install_elements[e].what, h->name),
                      h->span, "the database has it here");
        }
    }
}

/* The condition under which an element stands, as the database writes it and as the tree does. */
static void compare_guards(struct install *in, const struct hook *h)
{
    const struct found *f = &in->found[h->order];
    struct buf text = BUF_INIT;
    const char *wanted;
    enum element e;

    print_guard(&text, h->guard);
    wanted = xen_condense(in->g->names, buf_text(&text), 0, (uint32_t)text.len);
    buf_free(&text);
    for (e = 0; e < ELEMENTS; e++) {
        const char *guard = f->guard[e];

        if (!f->span[e].file || (f->item[e] && ((e == DUMMY && h->dummy_manual.reason) ||
                                                (e == FLASK && h->flask_manual.reason))))
            continue;
        if (f->item[e])
            guard = xen_guard_text(in->g->arena, in->g->names, f->item[e]->guard, in->base[install_elements[e].part]);
        if (guard != wanted)
            diag_note(in->g->diags,
                      install_refuse(in->g, f->span[e], "this %s is there if %s, in the database if %s",
                                     install_elements[e].what, *guard ? guard : "always", *wanted ? wanted : "always"),
                      h->span, "here");
    }
}

/* ---- what a function asks about ---- */

/* A command (behind `case`) or a constant: has a capital and an underscore. */
static bool is_constant(const struct xen_source *s, struct xen_token t, bool behind_case)
{
    bool capital = false, underscore = false;
    uint32_t i;

    for (i = t.start; i < t.end; i++) {
        capital |= isupper((unsigned char)s->text[i]) != 0;
        underscore |= s->text[i] == '_';
    }
    return behind_case || (capital && underscore);
}

/*
 * Visits the constants of a function and, once each, of the functions that go with it: the file's own if it is a
 * generated one, the helpers that are taken out with it if it is the tree's. Those of the generated function are put
 * into `set`; those of the tree's are looked for in it.
 */
static void visit_constants(struct install *in, const struct xen_source *s, const struct xen_item *item,
                            struct map *visited, struct map *set, const struct hook *compare)
{
    uint32_t at = item->start;
    bool behind_case = false;

    if (map_get(visited, NULL, item->name))
        return;
    map_put(in->g->arena, visited, NULL, item->name, in);
    for (;;) {
        struct xen_token t = xen_token(s->text, item->end, &at);
        const char *name;
        const struct xen_item *callee;

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            return;
        if (t.kind == XEN_WORD) {
            name = names_intern(in->g->names, s->text + t.start, t.end - t.start);
            callee = map_get(&in->flask, NULL, name) ? NULL : install_function(s, name);
            if (callee && t.start > item->body && (callee->taken || !compare)) {
                visit_constants(in, s, callee, visited, set, compare);
            } else if (is_constant(s, t, behind_case)) {
                if (!compare)
                    map_put(in->g->arena, set, NULL, name, in);
                else if (!map_get(set, NULL, name))
                    diag_help(in->g->diags,
                              diag_add(in->g->diags, &RULE_XEN_TREE, xen_source_span(s, t.start, t.end),
                                       "'%s' asks about %s here, of which the database says nothing", compare->name,
                                       name),
                              "add it to the rows of '%s', or this check would be lost", compare->name);
            }
        }
        behind_case = t.kind == XEN_WORD && xen_token_is(s->text, t, "case");
    }
}

static bool table_has_defect(const struct table *t)
{
    unsigned int i;

    for (i = 0; t && i < t->n_rows; i++)
        if (t->rows[i].defect || table_has_defect(t->rows[i].sub))
            return true;
    return false;
}

static void compare_constants(struct install *in, const struct hook *h)
{
    static const enum element functions[] = { DUMMY, SILO, FLASK };
    unsigned int i;

    if (in->g->options.fix_defects && (h->defect || table_has_defect(h->table) || table_has_defect(h->flask_table)))
        return;
    for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        enum part part = install_elements[functions[i]].part;
        const struct xen_item *old = in->found[h->order].item[functions[i]], *new;
        struct map visited = { NULL, 0, 0 }, set = { NULL, 0, 0 };

        new = old ? install_function(&in->generated[part], old->name) : NULL;
        if (!new)
            continue;
        visit_constants(in, &in->generated[part], new, &visited, &set, NULL);
        visited = (struct map){ NULL, 0, 0 };
        visit_constants(in, &in->source[install_parts[part].file], old, &visited, &set, h);
    }
}

void install_compare(struct install *in)
{
    unsigned int i;

    for (i = 0; i < in->g->model->n_hooks; i++) {
        compare_presence(in, in->g->model->hooks[i]);
        compare_guards(in, in->g->model->hooks[i]);
        compare_constants(in, in->g->model->hooks[i]);
    }
}
