/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Labels that stand together share the statements behind them: a group. A new command joins the group that does the same
 * if there is one, else it gets a group of its own before the default. So a hand-written function keeps its shape, its
 * comments and its order.
 */
#include "back/patch-case.h"

#include <string.h>

#include "base/buf.h"

struct label {
    const char *name;           /* interned: "XEN_DOMCTL_pausedomain", "default" */
    const char *guard;          /* condensed; "": always there */
    uint32_t start, end;
    unsigned int group;
};

struct group {
    const char *body;           /* condensed; "" for none */
    const char *guard;          /* where the body begins */
    uint32_t start, end;
    unsigned int n_labels;
};

/* A function as far as it is a switch. */
struct cases {
    struct xen_source *s;
    LIST(struct label) labels;
    LIST(struct group) groups;
    uint32_t close;             /* the brace that ends the switch */
    const char *head, *before, *subject, *behind;   /* condensed: arguments, up to the switch, its head, the rest */
};

static bool is_mark(struct xen_token t, char what)
{
    return t.kind == XEN_OTHER && t.c == what && t.end == t.start + 1;
}

static const char *condensed(const struct cases *c, uint32_t start, uint32_t end)
{
    return xen_condense(c->s->names, c->s->text, start, end);
}

/* From behind `case` or `default` to its colon. Returns whether there is one. */
static bool read_label(struct cases *c, struct xen_token word, uint32_t *at, uint32_t end, const struct xen_guard *guard,
                       bool joins)
{
    uint32_t begin = *at;
    struct label *l;

    for (;;) {
        struct xen_token t = xen_token(c->s->text, end, at);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN || t.kind == XEN_DIRECTIVE)
            return false;
        if (!is_mark(t, ':'))
            continue;
        if (!joins)
            *LIST_PUSH(c->s->arena, &c->groups) = (struct group){ .body = "", .guard = "" };
        l = LIST_PUSH(c->s->arena, &c->labels);
        l->name = xen_token_is(c->s->text, word, "default") ? names_get(c->s->names, "default") : condensed(c, begin, t.start);
        l->guard = xen_guard_text(c->s->arena, c->s->names, guard, NULL);
        l->start = word.start;
        l->end = t.end;
        l->group = c->groups.n - 1;
        c->groups.items[l->group].n_labels++;
        return true;
    }
}

/* Reads what stands between the braces of the switch. */
static bool read_groups(struct cases *c, uint32_t at, uint32_t end)
{
    struct xen_reader r = { .s = c->s };
    unsigned int depth = 0;
    struct group *g = NULL;

    for (;;) {
        struct xen_token t = xen_token(c->s->text, end, &at);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            return false;
        if (t.kind == XEN_DIRECTIVE) {
            if (!xen_source_follow(&r, t))
                return false;
            continue;
        }
        if (!depth && is_mark(t, '}')) {
            c->close = t.start;
            break;
        }
        if (!depth && (xen_token_is(c->s->text, t, "case") || xen_token_is(c->s->text, t, "default"))) {
            if (!read_label(c, t, &at, end, r.guard, g && !g->start))
                return false;
            g = &c->groups.items[c->groups.n - 1];
            continue;
        }
        if (!g)
            return false;
        if (!g->start) {
            g->start = t.start;
            g->guard = xen_guard_text(c->s->arena, c->s->names, r.guard, NULL);
        }
        g->end = t.end;
        depth += is_mark(t, '{') || is_mark(t, '(');
        depth -= is_mark(t, '}') || is_mark(t, ')');
    }
    return !r.guard;
}

/* Reads the one switch at the top of a function; false if it is another kind of function. */
static bool cases_read(struct cases *c, struct patch_function f)
{
    uint32_t at, word;
    unsigned int depth = 0, i;
    struct xen_token t;

    *c = (struct cases){ .s = f.source };
    if (!f.item || f.item->kind != XEN_ITEM_FUNCTION)
        return false;
    at = f.item->body + 1;
    do {
        t = xen_token(c->s->text, f.item->end, &at);
        if (t.kind == XEN_END || t.kind == XEN_BROKEN || t.kind == XEN_DIRECTIVE)
            return false;
    } while (!xen_token_is(c->s->text, t, "switch"));
    word = t.start;
    do {
        t = xen_token(c->s->text, f.item->end, &at);
        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            return false;
        depth += is_mark(t, '(');
        depth -= is_mark(t, ')');
    } while (depth || !is_mark(t, '{'));
    if (!read_groups(c, at, f.item->end))
        return false;
    c->head = condensed(c, f.item->name_start, f.item->body);
    c->before = condensed(c, f.item->body, word);
    c->subject = condensed(c, word, at);
    c->behind = condensed(c, c->close, f.item->end);
    for (i = 0; i < c->groups.n; i++)
        if (c->groups.items[i].start)
            c->groups.items[i].body = condensed(c, c->groups.items[i].start, c->groups.items[i].end);
    return true;
}

static bool same_frame(const struct cases *a, const struct cases *b)
{
    return a->head == b->head && a->before == b->before && a->subject == b->subject && a->behind == b->behind;
}

static const struct label *label_find(const struct cases *c, const char *name)
{
    unsigned int i;

    for (i = 0; i < c->labels.n; i++)
        if (c->labels.items[i].name == name)
            return &c->labels.items[i];
    return NULL;
}

static const struct group *group_of(const struct cases *c, const struct label *l)
{
    return &c->groups.items[l->group];
}

/* Without a `break` at the end, which the last group need not have. */
static const char *body_done(const struct cases *c, const struct group *g)
{
    size_t len = strlen(g->body);

    return len >= 6 && !strcmp(g->body + len - 6, "break;") ? names_intern(c->s->names, g->body, len - 6) : g->body;
}

/* Whether a label does in the tree what the default does there: then it need not be named. */
static bool is_default(const struct cases *tree, const struct cases *new, const struct label *l)
{
    const struct label *others = label_find(tree, names_get(tree->s->names, "default"));
    const char *body = body_done(new, group_of(new, l));

    return !*l->guard && (others ? body_done(tree, group_of(tree, others)) == body : !*body);
}

static bool same_case(const struct cases *a, const struct label *x, const struct cases *b, const struct label *y)
{
    return x->guard == y->guard && group_of(a, x)->body == group_of(b, y)->body;
}

/* ---- edits ---- */

/* The line that opens a condition, from its condensed text. */
static const char *guard_open(struct arena *a, const char *cond)
{
    size_t len = strlen(cond);
    struct buf out = BUF_INIT;
    const char *copy;
    bool negated = *cond == '!';

    if (!strncmp(cond + negated, "defined(", 8) && strchr(cond, ')') == cond + len - 1)
        return arena_printf(a, "#if%s %.*s\n", negated ? "ndef" : "def", (int)(len - negated - 9), cond + negated + 8);
    buf_puts(&out, "#if ");
    for (; *cond; cond++) {
        if ((cond[0] == '&' && cond[1] == '&') || (cond[0] == '|' && cond[1] == '|')) {
            buf_printf(&out, " %c%c ", cond[0], cond[1]);
            cond++;
        } else {
            buf_putc(&out, *cond);
        }
    }
    buf_putc(&out, '\n');
    copy = arena_text(a, buf_text(&out), out.len);
    buf_free(&out);
    return copy;
}

static const char *guarded(struct arena *a, const char *guard, const char *text)
{
    return *guard ? arena_printf(a, "%s%s#endif\n", guard_open(a, guard), text) : text;
}

static const char *label_text(struct arena *a, const struct label *l)
{
    return strcmp(l->name, "default") ? arena_printf(a, "    case %s:\n", l->name) : "    default:\n";
}

/* The whole lines of a group's body. */
static const char *body_lines(const struct cases *c, const struct group *g)
{
    const char *text = c->s->text;
    uint32_t start = g->start, end = g->end;

    if (!start)
        return "";
    while (start && text[start - 1] != '\n')
        start--;
    while (end < c->s->len && text[end] != '\n')
        end++;
    return arena_printf(c->s->arena, "%.*s\n", (int)(end - start), text + start);
}

/* Whether nothing falls out of a group into the next one. */
static bool group_ends(const struct cases *c, const struct group *g)
{
    uint32_t at = g->start;
    struct xen_token first = { XEN_END, 0, 0, '\0' };
    bool begins = true;
    unsigned int depth = 0;

    for (;;) {
        struct xen_token t = xen_token(c->s->text, g->end, &at);

        if (t.kind == XEN_END || t.kind == XEN_BROKEN)
            break;
        if (t.kind == XEN_DIRECTIVE)
            continue;
        if (begins && !depth && !is_mark(t, '}'))
            first = t;
        depth += is_mark(t, '{') || is_mark(t, '(');
        depth -= is_mark(t, '}') || is_mark(t, ')');
        begins = !depth && (is_mark(t, ';') || is_mark(t, '}'));
    }
    return xen_token_is(c->s->text, first, "return") || xen_token_is(c->s->text, first, "break") ||
           xen_token_is(c->s->text, first, "goto");
}

/* The comment that stands right above a line: its first line, or the line itself if there is none. */
static unsigned int comment_above(const struct patch_edit *e, unsigned int line)
{
    unsigned int first = line;
    uint32_t end;

    if (!line)
        return line;
    end = e->lines[line];
    while (end > e->lines[line - 1] && strchr(" \t\n", e->text[end - 1]))
        end--;
    if (end < e->lines[line - 1] + 2 || memcmp(e->text + end - 2, "*/", 2))
        return line;
    while (first > 0) {
        uint32_t at = e->lines[--first];

        while (e->text[at] == ' ' || e->text[at] == '\t')
            at++;
        if (e->text[at] == '/' && e->text[at + 1] == '*')
            return first;
    }
    return line;
}

/* The tree's group that a new label joins, or NULL. */
static const struct group *group_to_join(const struct cases *tree, const struct cases *new, const struct label *l)
{
    unsigned int i;

    for (i = 0; i < new->labels.n; i++) {
        const struct label *other = &new->labels.items[i], *there;
        const struct group *g;

        if (other == l || other->group != l->group)
            continue;
        there = label_find(tree, other->name);
        g = there ? group_of(tree, there) : NULL;
        if (g && g->start && g->body == group_of(new, l)->body && (!*g->guard || g->guard == l->guard))
            return g;
    }
    return NULL;
}

static void join(struct patch_edit *e, const struct cases *tree, const struct group *g, const struct label *l)
{
    const char *text = label_text(e->arena, l);
    unsigned int i, line = 0;

    for (i = 0; i < tree->labels.n; i++)
        if (group_of(tree, &tree->labels.items[i]) == g && tree->labels.items[i].guard == l->guard)
            line = patch_line(e, tree->labels.items[i].end) + 1;
    if (line)
        patch_insert(e, line, text);
    else
        patch_insert(e, patch_line(e, g->start), guarded(e->arena, l->guard, text));
}

/* A group of its own, in front of the default. */
static void append(struct patch_edit *e, const struct cases *tree, const struct cases *new, const struct label *l)
{
    const struct label *others = label_find(tree, names_get(tree->s->names, "default"));
    unsigned int line = patch_line(e, others ? others->start : tree->close);
    const char *text = arena_printf(e->arena, "%s%s", label_text(e->arena, l), body_lines(new, group_of(new, l)));

    if (others)
        line = comment_above(e, line);
    text = guarded(e->arena, l->guard, text);
    /* As the tree has it: a blank line between groups, or none. */
    if (line && patch_blank(e, line - 1))
        text = arena_printf(e->arena, "%s\n", text);
    patch_insert(e, line, text);
}

static void take_out(struct patch_edit *e, const struct cases *tree, const struct label *l, bool *gone)
{
    const struct group *g = group_of(tree, l);
    unsigned int first = patch_line(e, l->start), last = patch_line(e, l->end), i, left = 0;

    gone[l - tree->labels.items] = true;
    for (i = 0; i < tree->labels.n; i++)
        left += tree->labels.items[i].group == l->group && !gone[i];
    if (!left && g->start) {
        first = g->n_labels == 1 ? comment_above(e, first) : first;
        patch_remove(e, first, patch_line(e, l->end));
        first = patch_line(e, g->start);
        last = patch_line(e, g->end - 1);
        last += patch_blank(e, last + 1);
    }
    patch_remove(e, first, last);
}

/* Another body under the same label. */
static void replace(struct patch_edit *e, const struct cases *tree, const struct label *there, const struct cases *new,
                    const struct label *l, bool *gone)
{
    const struct group *g = group_of(tree, there), *wanted;
    unsigned int line;

    if (g->n_labels == 1 && g->start) {
        line = patch_line(e, g->start);
        patch_remove(e, line, patch_line(e, g->end - 1));
        patch_insert(e, line, body_lines(new, group_of(new, l)));
        return;
    }
    take_out(e, tree, there, gone);
    wanted = group_to_join(tree, new, l);
    if (wanted)
        join(e, tree, wanted, l);
    else
        append(e, tree, new, l);
}

/* Whether an addition can stand in front of the default: nothing falls through there. */
static bool can_append(const struct cases *tree)
{
    const struct label *others = label_find(tree, names_get(tree->s->names, "default"));
    unsigned int before = others ? others->group : tree->groups.n;

    if (others && group_of(tree, others)->n_labels > 1)
        return false;
    return !before || group_ends(tree, &tree->groups.items[before - 1]);
}

bool patch_cases_missing(struct patch_function tree, struct patch_function new, struct patch_names *missing)
{
    struct cases t, n;
    unsigned int i;
    bool some = false;

    if (!cases_read(&n, new))
        return false;
    /* One thing for all commands becomes several. */
    if (!cases_read(&t, tree))
        return true;
    for (i = 0; i < n.labels.n; i++) {
        if (label_find(&t, n.labels.items[i].name) || is_default(&t, &n, &n.labels.items[i]))
            continue;
        some = true;
        if (missing)
            *LIST_PUSH(n.s->arena, missing) = n.labels.items[i].name;
    }
    return some;
}

bool patch_cases(struct patch_edit *e, struct patch_function tree, struct patch_function old, struct patch_function new,
                 struct patch_names *added)
{
    struct cases t, o = { 0 }, n;
    bool *gone;
    unsigned int i;

    if (!cases_read(&t, tree) || !cases_read(&n, new) || !same_frame(&t, &n) || !can_append(&t))
        return false;
    if (old.item && (!cases_read(&o, old) || !same_frame(&o, &n)))
        return false;
    /* Where the tree is not what the old database says there is nothing to go by. */
    for (i = 0; i < o.labels.n; i++)
        if (!label_find(&t, o.labels.items[i].name) && !is_default(&t, &o, &o.labels.items[i]))
            return false;
    gone = arena_array(e->arena, t.labels.n, sizeof(*gone));
    for (i = 0; i < o.labels.n; i++)
        if (!label_find(&n, o.labels.items[i].name) && label_find(&t, o.labels.items[i].name))
            take_out(e, &t, label_find(&t, o.labels.items[i].name), gone);
    for (i = 0; i < n.labels.n; i++) {
        const struct label *l = &n.labels.items[i], *there = label_find(&t, l->name);
        const struct label *was = old.item ? label_find(&o, l->name) : NULL;
        const struct group *g;

        if (there && was && !same_case(&o, was, &n, l)) {
            replace(e, &t, there, &n, l, gone);
        } else if (!there && !is_default(&t, &n, l)) {
            *LIST_PUSH(e->arena, added) = l->name;
            g = group_to_join(&t, &n, l);
            if (g)
                join(e, &t, g, l);
            else
                append(e, &t, &n, l);
        }
    }
    return true;
}
