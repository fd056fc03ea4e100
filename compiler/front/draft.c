/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Insertions go by the places that the model knows: a permission before the brace that closes its class, a command before
 * the row of all others or the brace of its table, a hook at the end of a file. The formatter does the rest.
 */
#define _GNU_SOURCE /* memmem() */
#include "front/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "front/format.h"
#include "text/rules.h"

enum { BITS = 32 };

static struct diag *draft_refuse(struct draft *d, const struct rule *rule, struct span span, const char *what,
                                 const char *name)
{
    return diag_add(d->front->diags, rule, span, what, name);
}

static void draft_insert(struct draft *d, uint32_t file, uint32_t at, struct buf *text)
{
    *LIST_PUSH(d->front->arena, &d->insertions) =
        (struct insertion){ file, at, arena_text(d->front->arena, buf_text(text), text->len) };
    buf_free(text);
}

static void draft_ask(struct draft *d, const char *question)
{
    *LIST_PUSH(d->front->arena, &d->questions) = question;
}

/* ---- places in the text ---- */

/* The first of these characters at or behind `at` that is neither in a string nor in a comment, at this depth of braces. */
static uint32_t find_mark(const char *text, size_t len, uint32_t at, char mark)
{
    unsigned int depth = 0;

    for (; at < len; at++) {
        if (text[at] == '#') {
            while (at < len && text[at] != '\n')
                at++;
        } else if (text[at] == '"') {
            for (at++; at < len && text[at] != '"'; at++)
                at += text[at] == '\\';
        } else if (text[at] == mark && !depth) {
            return at;
        } else if (text[at] == '{') {
            depth++;
        } else if (text[at] == '}') {
            depth--;
        }
    }
    return (uint32_t)len;
}

/* The brace that closes what is declared at the span. */
static uint32_t closing_brace(const struct draft *d, struct span span)
{
    size_t len;
    const char *text = source_text(d->front->sources, span.file, &len);
    uint32_t open = find_mark(text, len, span.end, '{');

    return find_mark(text, len, open + 1, '}');
}

/* Whether only blanks stand before `at` on its line; then the line's start, where whole lines can go in. */
static uint32_t line_start(const struct draft *d, uint32_t file, uint32_t at)
{
    size_t len;
    const char *text = source_text(d->front->sources, file, &len);
    uint32_t start = at;

    while (start && (text[start - 1] == ' ' || text[start - 1] == '\t'))
        start--;
    return !start || text[start - 1] == '\n' ? start : at;
}

static bool begins_line(const struct draft *d, uint32_t file, uint32_t at)
{
    size_t len;

    return !at || source_text(d->front->sources, file, &len)[at - 1] == '\n';
}

/* ---- permissions ---- */

static const struct class *class_behind(const struct model *m, const struct class *c)
{
    unsigned int i;

    for (i = 0; i < m->n_classes; i++)
        if (m->classes[i]->continues == c)
            return m->classes[i];
    return NULL;
}

static void put_sentence(struct buf *out, const char *meaning)
{
    if (meaning)
        buf_printf(out, " \"%s\"", meaning);
}

const struct class *draft_permission(struct draft *d, const char *class, const char *name, const char *meaning)
{
    struct front *f = d->front;
    const struct class *c = front_class(f, class), *full = c;
    struct buf text = BUF_INIT;
    const struct perm *p;
    uint32_t at;

    if (!c) {
        draft_refuse(d, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 }, "there is no class '%s'", class);
        return NULL;
    }
    for (; c; c = class_behind(f->model, c)) {
        p = front_perm(f, c, names_get(f->names, name));
        if (p) {
            diag_add(f->diags, &RULE_DUPLICATE_NAME, p->span, "class '%s' has a permission '%s' already", c->name, name);
            return NULL;
        }
        full = c;
        if (c->n_perms < BITS)
            break;
    }
    if (!c) {
        diag_help(f->diags, draft_refuse(d, &RULE_TOO_MANY_PERMISSIONS, full->span, "class '%s' is full", full->name),
                  "declare `class NAME continues %s { ... }` behind the other classes", full->name);
        return NULL;
    }
    at = line_start(d, c->span.file, closing_brace(d, c->span));
    if (!meaning) {
        buf_puts(&text, "\n# What does this let a domain do? Say it in a sentence behind the name.");
        draft_ask(d, "what the permission lets a domain do, in a sentence");
    }
    if (!meaning || !begins_line(d, c->span.file, at))
        buf_putc(&text, '\n');
    buf_puts(&text, name);
    put_sentence(&text, meaning);
    buf_putc(&text, '\n');
    draft_insert(d, c->span.file, at, &text);
    return c;
}

/* ---- hooks ---- */

/* How many whole words, joined by underscores, two names begin with alike. */
static unsigned int alike(const char *a, const char *b)
{
    unsigned int words = 0;

    for (; *a && *a == *b; a++, b++)
        words += *a == '_';
    return words + (!*a || !*b ? *a == '_' || *b == '_' : 0);
}

/* The file of the hooks that are called most alike, or the only file; 0: one of its own. */
static uint32_t file_of(const struct draft *d, const char *name)
{
    const struct model *m = d->front->model;
    unsigned int best = 0, i;
    uint32_t file = source_path(d->front->sources, 2) ? 0 : 1;

    for (i = 0; i < m->n_hooks; i++) {
        unsigned int n = alike(m->hooks[i]->name, name);

        if (n > best) {
            best = n;
            file = m->hooks[i]->span.file;
        }
    }
    return file;
}

/* A file beside the others, called as the hook is. */
static const char *own_path(const struct draft *d, const char *name)
{
    const char *first = source_path(d->front->sources, 1), *slash = strrchr(first, '/');
    char *path = arena_printf(d->front->arena, "%.*s%s.xsm", slash ? (int)(slash + 1 - first) : 0, first, name);
    char *at;

    for (at = path + strlen(path) - strlen(name) - 4; *at; at++)
        if (*at == '_')
            *at = '-';
    return path;
}

static bool file_named(struct draft *d, const char *path, uint32_t *file)
{
    const char *known;

    for (*file = 1; (known = source_path(d->front->sources, *file)); ++*file)
        if (!strcmp(known, path))
            return true;
    *file = 0;
    return false;
}

/* The names of the arguments that are domains, as far as their types show it: the front reads them properly later. */
static unsigned int domains_in(struct arena *a, const char *args, const char **names)
{
    const char *at = args ? args : "", *end;
    unsigned int n = 0;

    for (; *at; at = *end ? end + 1 : end) {
        const char *stop, *start;

        end = at + strcspn(at, ",");
        for (stop = end; stop > at && strchr(" \t", stop[-1]); stop--)
            ;
        for (start = stop; start > at && !strchr(" \t*", start[-1]); start--)
            ;
        if (n < 2 && (memmem(at, (size_t)(start - at), "struct domain *", 15) || memmem(at, (size_t)(start - at), "domid_t", 7)))
            names[n++] = arena_text(a, start, (size_t)(stop - start));
    }
    return n;
}

static void ask_default(struct draft *d, struct buf *out)
{
    buf_puts(out,
             "    # Who may ask for it by default? Keep one of these:\n"
             "    #     default anyone;          every domain\n"
             "    #     default self-or-target;  the domain itself, its device model, control\n"
             "    #     default device-model;    its device model, control\n"
             "    #     default xenstore;        the xenstore domain, its device model, control\n"
             "    #     default control;         control alone\n"
             "    #     default nobody;          no one\n");
    draft_ask(d, "who may ask for it by default");
}

static void put_hook(struct draft *d, struct buf *out, const char *name, const struct decided *with)
{
    const char *domains[2];
    unsigned int n = domains_in(d->front->arena, with->args, domains);

    buf_printf(out, "hook %s(%s)", name, with->args ? with->args : "void");
    if (with->guard)
        buf_printf(out, " if %s", with->guard);
    put_sentence(out, with->meaning);
    buf_puts(out, " {\n");
    if (!with->meaning) {
        buf_puts(out, "    # What does it do? Say it in a sentence behind the arguments, for whoever reviews the default.\n");
        draft_ask(d, "what it does, in a sentence");
    }
    if (with->object) {
        buf_printf(out, "    object %s;\n", with->object);
    } else if (n == 1) {
        buf_printf(out, "    object %s;\n", domains[0]);
    } else if (n == 2) {
        buf_printf(out,
                   "    # Which of the two is it about: the one whose owner has to agree?\n"
                   "    #     object %s;\n    #     object %s;\n", domains[0], domains[1]);
        draft_ask(d, "which domain it is about");
    } else {
        buf_puts(out,
                 "    # What is it about? With no domain among the arguments it is Xen itself, or a device, an interrupt, ...\n"
                 "    #     object sid xen;\n");
        draft_ask(d, "what it is about");
    }
    if (with->within)
        buf_printf(out, "    within %s;\n", with->within);
    if (with->action)
        buf_printf(out, "    default %s;\n", with->action);
    else
        ask_default(d, out);
    if (with->flask) {
        buf_printf(out, "    flask %s;\n", with->flask);
    } else {
        buf_printf(out,
                   "    # Which permission does Flask ask for? One of its own, so that a policy can tell it from everything\n"
                   "    # else; `xsmc new permission` adds it where a bit is free.\n"
                   "    #     flask %s:%s;\n", n ? "domain2" : "xen2", name);
        draft_ask(d, "which permission Flask asks for");
    }
    if (n == 2) {
        buf_printf(out,
                   "    # Two domains meet here. May guests that SILO keeps apart?\n"
                   "    #     silo %s, %s;\n"
                   "    #     silo none \"why not\";\n", domains[0], domains[1]);
        draft_ask(d, "whether SILO allows it between guests");
    }
    buf_puts(out, "}\n");
}

bool draft_hook(struct draft *d, const char *name, const struct decided *with)
{
    struct front *f = d->front;
    const struct hook *known = front_hook(f, names_get(f->names, name));
    struct buf text = BUF_INIT;
    uint32_t file;
    size_t len = 0;

    if (known) {
        draft_refuse(d, &RULE_DUPLICATE_NAME, known->span, "there is a hook '%s' already", name);
        return false;
    }
    if (with->file) {
        if (!file_named(d, with->file, &file))
            d->new_path = with->file;
    } else {
        file = file_of(d, name);
        if (!file)
            d->new_path = own_path(d, name);
    }
    if (file) {
        source_text(f->sources, file, &len);
        buf_puts(&text, "\n\n");
    }
    put_hook(d, &text, name, with);
    draft_insert(d, file, (uint32_t)len, &text);
    return true;
}

/* ---- commands ---- */

static const struct row *row_named(const struct table *t, const char *name, size_t len)
{
    unsigned int i, j;

    for (i = 0; i < t->n_rows; i++)
        for (j = 0; j < t->rows[i].n_keys; j++)
            if (strlen(t->rows[i].keys[j].name) == len && !memcmp(t->rows[i].keys[j].name, name, len))
                return &t->rows[i];
    return NULL;
}

static const struct row *row_of_others(const struct table *t)
{
    unsigned int i;

    for (i = 0; i < t->n_rows; i++)
        if (t->rows[i].star)
            return &t->rows[i];
    return NULL;
}

/* The table that a path leads to; `name` is its last part. */
static const struct table *table_of(struct draft *d, const char *path, const struct hook **hook, const char **name)
{
    struct front *f = d->front;
    const char *slash = strchr(path, '/');
    const struct table *t;
    const struct row *r;

    if (!slash || !slash[1]) {
        diag_help(f->diags, draft_refuse(d, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 }, "'%s' names no command", path),
                  "write HOOK/COMMAND, for example domctl/XEN_DOMCTL_new");
        return NULL;
    }
    *hook = front_hook(f, names_intern(f->names, path, (size_t)(slash - path)));
    if (!*hook) {
        diag_add(f->diags, &RULE_UNKNOWN_NAME, (struct span){ 0, 0, 0 }, "there is no hook '%.*s'", (int)(slash - path), path);
        return NULL;
    }
    t = (*hook)->table ? (*hook)->table : (*hook)->flask_table;
    if (!t) {
        draft_refuse(d, &RULE_WRONG_KIND, (*hook)->span, "hook '%s' is no dispatcher: it has no commands", (*hook)->name);
        return NULL;
    }
    for (*name = slash + 1; (slash = strchr(*name, '/')); *name = slash + 1) {
        r = row_named(t, *name, (size_t)(slash - *name));
        if (!r || !r->sub) {
            diag_add(f->diags, &RULE_UNKNOWN_NAME, t->span, "'%s' has no command '%.*s' with commands of its own",
                     (*hook)->name, (int)(slash - *name), *name);
            return NULL;
        }
        t = r->sub;
    }
    return t;
}

bool draft_command(struct draft *d, const char *path, const struct decided *with)
{
    const struct hook *hook;
    const char *name;
    const struct table *t = table_of(d, path, &hook, &name);
    const struct row *r;
    struct buf text = BUF_INIT;
    bool defaults, open;
    uint32_t at;

    if (!t)
        return false;
    r = row_named(t, name, strlen(name));
    if (r) {
        draft_refuse(d, &RULE_DUPLICATE_NAME, r->span, "there is a command '%s' already", name);
        return false;
    }
    /* Where the hook itself says who may, its rows do not. */
    defaults = !hook->n_defaults && t->hook->table != NULL;
    if (with->action && !defaults) {
        draft_refuse(d, &RULE_WRONG_KIND, hook->span, "hook '%s' says who may for all of its commands", hook->name);
        return false;
    }
    r = row_of_others(t);
    at = line_start(d, t->span.file, r ? r->span.start : closing_brace(d, t->on ? t->on->span : t->span));

    open = (defaults && !with->action) || !with->flask || !with->meaning;
    if (open || !begins_line(d, t->span.file, at))
        buf_putc(&text, '\n');
    if (defaults && !with->action) {
        buf_puts(&text, "# Who may by default: anyone, self-or-target, device-model, xenstore, control or nobody?\n");
        draft_ask(d, "who may ask for it by default");
    }
    if (!with->flask) {
        buf_puts(&text, "# What does Flask ask: CLASS:PERMISSION, one of its own, or `then hook NAME` if a hook knows more?\n");
        draft_ask(d, "what Flask asks");
    }
    if (!with->meaning) {
        buf_puts(&text, "# What does it do, in a sentence for whoever reviews the default?\n");
        draft_ask(d, "what it does, in a sentence");
    }
    buf_puts(&text, name);
    if (with->action)
        buf_printf(&text, " %s", with->action);
    if (with->flask)
        buf_printf(&text, " %s", with->flask);
    if (with->guard)
        buf_printf(&text, " if %s", with->guard);
    put_sentence(&text, with->meaning);
    buf_puts(&text, open ? ";\n\n" : ";\n");
    draft_insert(d, t->span.file, at, &text);
    return true;
}

/* ---- the files ---- */

static int insertion_compare(const void *x, const void *y)
{
    const struct insertion *a = x, *b = y;

    return a->at < b->at ? -1 : a->at > b->at;
}

/* The text of a file with its insertions; `first` is where the first of them begins. */
static void put_file(const struct draft *d, uint32_t file, struct buf *out, bool *changed)
{
    size_t len = 0, at = 0;
    const char *text = file ? source_text(d->front->sources, file, &len) : "";
    unsigned int i;

    *changed = false;
    for (i = 0; i < d->insertions.n; i++) {
        const struct insertion *n = &d->insertions.items[i];

        if (n->file != file)
            continue;
        buf_add(out, text + at, n->at - at);
        buf_puts(out, n->text);
        at = n->at;
        *changed = true;
    }
    buf_add(out, text + at, len - at);
}

/* The first line that two texts do not share, from 1. */
static unsigned int line_changed(const char *old, size_t old_len, const char *new, size_t new_len)
{
    unsigned int line = 1;
    size_t i;

    for (i = 0; i < old_len && i < new_len && old[i] == new[i]; i++)
        line += old[i] == '\n';
    return line;
}

struct front *draft_finish(struct draft *d, struct draft_file **files, unsigned int *n)
{
    struct front *old = d->front, *new = front_create(old->arena);
    LIST(struct draft_file) list = { NULL, 0, 0 };
    LIST(uint32_t) changed_files = { NULL, 0, 0 };
    uint32_t file, last;
    unsigned int i;

    *n = 0;
    if (d->insertions.n)
        qsort(d->insertions.items, d->insertions.n, sizeof(*d->insertions.items), insertion_compare);
    for (last = 0; source_path(old->sources, last + 1); last++)
        ;
    for (file = 1; file <= last + (d->new_path != NULL); file++) {
        struct buf text = BUF_INIT;
        bool changed;

        put_file(d, file <= last ? file : 0, &text, &changed);
        front_read_text(new, file <= last ? source_path(old->sources, file) : d->new_path, buf_text(&text), text.len);
        buf_free(&text);
        if (changed)
            *LIST_PUSH(old->arena, &changed_files) = file;
    }
    if (!front_bind(new))
        return new;
    for (i = 0; i < changed_files.n; i++) {
        /* Laying out reads the text once more, which must not add to what was read. */
        struct front *layout = front_create(old->arena);
        struct draft_file *f = LIST_PUSH(old->arena, &list);
        struct buf out = BUF_INIT;
        const char *text;
        size_t len;

        file = changed_files.items[i];
        f->path = source_path(new->sources, file);
        text = source_text(new->sources, file, &len);
        format_source(layout, source_add(layout->sources, f->path, text, len), &out);
        f->text = arena_text(old->arena, buf_text(&out), out.len);
        f->len = out.len;
        buf_free(&out);
        text = source_text(old->sources, file <= last ? file : 0, &len);
        f->line = line_changed(text, len, f->text, f->len);
    }
    *files = list.items;
    *n = list.n;
    return new;
}
