/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that anybody may do to anybody is asked for at once; which way each permission moves information is judge's table.
 * Edges are collected by their two ends, sorted, and written.
 */
#include "review/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/print-policy.h"
#include "model/stock.h"
#include "review/words.h"

/* Permissions of one class that carry information from one node to another. */
struct edge {
    const char *from, *to;          /* what the nodes are called */
    const struct class *class;
    uint32_t perms;
    bool certain;
};

struct drawing {
    const struct policy *policy;
    const struct graph_options *options;
    struct arena *arena;
    LIST(struct edge) edges;
};

/* ---- nodes ---- */

static const struct stock_domain *domain_of(const struct stock *s, const char *type)
{
    static const char *const suffixes[] = { "", "_self", "_target", "_channel" };
    unsigned int i, j;

    for (i = 0; s && i < s->n_domains; i++) {
        size_t len = strlen(s->domains[i].type);

        for (j = 0; j < 4; j++)
            if (!strncmp(type, s->domains[i].type, len) && !strcmp(type + len, suffixes[j]))
                return &s->domains[i];
    }
    return NULL;
}

/* What the node of a type is called: its type, or the actor's, of which it is one label. */
static const char *node_of(const struct drawing *d, const char *type)
{
    const struct stock_domain *domain = d->options->actors ? domain_of(d->options->stock, type) : NULL;

    return domain ? domain->type : type;
}

/* ---- edges ---- */

static void add_edge(struct drawing *d, const char *from, const char *to, const struct class *c, uint32_t perms, bool certain)
{
    if (perms && from != to && strcmp(from, to))
        *LIST_PUSH(d->arena, &d->edges) = (struct edge){ from, to, c, perms, certain };
}

static void add_flows(struct drawing *d, const char *subject, const char *object, const struct class *c, uint32_t perms,
                      bool certain)
{
    uint32_t reads = 0, writes = 0;
    unsigned int i;

    for (i = 0; i < c->n_perms && i < 32; i++) {
        enum flow flow = perms >> i & 1 ? query_flow(c->name, c->perms[i].name) : FLOW_NONE;

        reads |= (uint32_t)(flow & FLOW_READ ? 1 : 0) << i;
        writes |= (uint32_t)(flow & FLOW_WRITE ? 1 : 0) << i;
    }
    add_edge(d, object, subject, c, reads, certain);
    add_edge(d, subject, object, c, writes, certain);
}

static bool wanted(const struct drawing *d, const struct query_result *r)
{
    unsigned int i;

    for (i = 0; i < d->options->n_only; i++) {
        const char *only = node_of(d, d->options->only[i]);

        if (!strcmp(only, node_of(d, r->subject->name)) || !strcmp(only, node_of(d, r->object->name)))
            return true;
    }
    return !d->options->n_only;
}

static int edge_order(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int order = strcmp(x->from, y->from);

    if (!order)
        order = strcmp(x->to, y->to);
    if (!order)
        order = (x->certain < y->certain) - (x->certain > y->certain);
    return order ? order : strcmp(x->class->name, y->class->name);
}

static void join_edges(struct drawing *d)
{
    unsigned int i, n = 0;

    if (d->edges.n)
        qsort(d->edges.items, d->edges.n, sizeof(*d->edges.items), edge_order);
    for (i = 0; i < d->edges.n; i++)
        if (n && !edge_order(&d->edges.items[n - 1], &d->edges.items[i]))
            d->edges.items[n - 1].perms |= d->edges.items[i].perms;
        else
            d->edges.items[n++] = d->edges.items[i];
    d->edges.n = n;
}

/* ---- DOT ---- */

static void quote(struct buf *out, const char *text)
{
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_putc(out, '\\');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_nodes(struct buf *out, const struct drawing *d)
{
    const char **names = arena_array(d->arena, 2 * (size_t)d->edges.n, sizeof(*names));
    unsigned int i;

    for (i = 0; i < d->edges.n; i++) {
        names[2 * i] = d->edges.items[i].from;
        names[2 * i + 1] = d->edges.items[i].to;
    }
    if (d->edges.n)
        qsort(names, 2 * (size_t)d->edges.n, sizeof(*names), by_text);
    for (i = 0; i < 2 * d->edges.n; i++) {
        const struct stock_domain *domain = domain_of(d->options->stock, names[i]);
        const struct type *type = policy_find_type(d->policy, names[i]);

        if (i && !strcmp(names[i - 1], names[i]))
            continue;
        buf_puts(out, "    ");
        quote(out, names[i]);
        buf_puts(out, " [");
        if (domain && d->options->actors) {
            buf_puts(out, "shape=box, label=");
            quote(out, arena_printf(d->arena, "%s\n%s", subject_words(domain->kind), names[i]));
        } else {
            buf_printf(out, "shape=%s", domain ? "box" : "ellipse");
        }
        buf_puts(out, type && type->permissive ? ", style=dashed];\n" : "];\n");
    }
}

/* The first few of many. */
static uint32_t first_few(uint32_t perms)
{
    enum { FEW = 4 };
    unsigned int i, n = 0;

    for (i = 0; i < 32; i++)
        if (perms >> i & 1 && n++ >= FEW)
            perms &= ~((uint32_t)1 << i);
    return perms;
}

/* A line a class, the first few. */
static void print_edge(struct buf *out, const struct drawing *d, const struct edge *e, unsigned int n)
{
    enum { MOST_LINES = 5 };
    struct buf label = BUF_INIT, all = BUF_INIT;
    unsigned int i;

    for (i = 0; i < n; i++) {
        if (i < MOST_LINES) {
            buf_puts(&label, i ? "\n" : "");
            print_access(&label, d->policy, e[i].class, first_few(e[i].perms));
            if (first_few(e[i].perms) != e[i].perms)
                buf_puts(&label, " and more");
        }
        buf_puts(&all, i ? "\n" : "");
        print_access(&all, d->policy, e[i].class, e[i].perms);
    }
    if (n > MOST_LINES)
        buf_printf(&label, "\nand %u more classes", n - MOST_LINES);
    buf_puts(out, "    ");
    quote(out, e->from);
    buf_puts(out, " -> ");
    quote(out, e->to);
    buf_puts(out, " [label=");
    quote(out, buf_text(&label));
    buf_puts(out, ", tooltip=");
    quote(out, buf_text(&all));
    buf_puts(out, e->certain ? "];\n" : ", style=dashed];\n");
    buf_free(&label);
    buf_free(&all);
}

static void print_graph(struct buf *out, const struct drawing *d)
{
    unsigned int i, n;

    buf_puts(out, "digraph policy {\n    // An edge leads from where information comes to where it goes; dashed: if constraints hold.\n"
             "    graph [rankdir=LR, fontname=\"sans-serif\"];\n    node [fontname=\"sans-serif\"];\n"
             "    edge [fontname=\"sans-serif\", fontsize=9];\n");
    print_nodes(out, d);
    for (i = 0; i < d->edges.n; i += n) {
        const struct edge *e = &d->edges.items[i];

        for (n = 1; i + n < d->edges.n && !strcmp(e[n].from, e->from) && !strcmp(e[n].to, e->to) &&
                    e[n].certain == e->certain; n++)
            ;
        print_edge(out, d, e, n);
    }
    buf_puts(out, "}\n");
}

bool graph_print(struct buf *out, struct answerer *w, const struct graph_options *options)
{
    struct query all = { .form = QUERY_MAY, .text = "who may what on what", .subject = { .any = true },
                         .object = { .any = true } };
    const struct policy *p = answerer_policy(w);
    struct drawing d = { .policy = p, .options = options, .arena = p->arena };
    const struct query_answer *a;
    unsigned int i;

    all.subject.types = all.object.types = p->all_types;
    all.without = bits_create(p->arena, p->n_numbered);
    a = answer(w, &all);
    if (!a)
        return false;
    for (i = 0; i < a->results.n; i++) {
        const struct query_result *r = &a->results.items[i];
        const char *subject = node_of(&d, r->subject->name), *object = node_of(&d, r->object->name);

        if (!wanted(&d, r))
            continue;
        add_flows(&d, subject, object, r->class, r->yes, true);
        add_flows(&d, subject, object, r->class, r->maybe, false);
    }
    join_edges(&d);
    print_graph(out, &d);
    return true;
}
