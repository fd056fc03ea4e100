/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access that is the same for several subjects, or to several objects, is told once. What else a policy holds is compared
 * line by line (model/lines.h); a line that replaces another of the same subject is told with it.
 */
#include "review/policies.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/names.h"
#include "model/lines.h"
#include "model/print-policy.h"
#include "model/stock.h"
#include "review/words.h"

struct teller {
    struct changes *out;
    struct arena *arena;
    const struct policy_side *old, *new;
    const struct model *model;
    struct uses *uses;
    struct map groups;      /* text -> index + 1 of the group */
    LIST(struct group {
        const struct access_change *first;
        const char **objects;
        unsigned int n_objects;
        LIST(const char *) subjects;
    }) list;
};

static const char *take(struct arena *a, struct buf *b)
{
    const char *text = arena_text(a, buf_text(b), b->len);

    buf_free(b);
    return text;
}

/* ---- access ---- */

/* A type, and which kind of domain it is if the policy says so. */
static void print_type(struct buf *out, const struct teller *t, const char *type)
{
    const struct stock *stock = t->model->stock;
    unsigned int i;

    buf_puts(out, type);
    for (i = 0; stock && i < stock->n_domains; i++)
        if (!strcmp(stock->domains[i].type, type)) {
            buf_printf(out, " (%s)", subject_words(stock->domains[i].kind));
            return;
        }
}

enum { MOST_NAMES = 24 };

static void print_names(struct buf *out, const struct teller *t, const char *const *names, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n && i < MOST_NAMES; i++) {
        buf_puts(out, i ? ", " : "");
        print_type(out, t, names[i]);
    }
    if (n > MOST_NAMES)
        buf_printf(out, " and %u more", n - MOST_NAMES);
}

/* What is done with the permissions: "stop a domain's vCPUs (domain:pause)". */
static void print_uses(struct buf *out, const struct teller *t, const struct class *class, uint32_t perms)
{
    const char *semicolon = "";
    unsigned int i, more;

    for (i = 0; i < class->n_perms && i < 32; i++) {
        const char *meaning;

        if (!(perms >> i & 1))
            continue;
        meaning = t->uses ? uses_find(t->uses, class->name, class->perms[i].name, &more) : NULL;
        buf_puts(out, semicolon);
        semicolon = "; ";
        if (!meaning)
            buf_printf(out, "%s:%s", class->name, class->perms[i].name);
        else if (more)
            buf_printf(out, "%s, and %u more operation%s (%s:%s)", meaning, more, more == 1 ? "" : "s", class->name, class->perms[i].name);
        else
            buf_printf(out, "%s (%s:%s)", meaning, class->name, class->perms[i].name);
    }
}

static enum grade access_grade(const struct access_change *a)
{
    if (a->kind != AV_ALLOW)
        return GRADE_TEXT;
    return a->added ? GRADE_LOOSER : GRADE_STRICTER;
}

static const struct access_told *record(struct teller *t, const struct group *g)
{
    struct access_told *told = ARENA_NEW(t->arena, struct access_told);
    const struct access_change *a = g->first;
    struct buf condition = BUF_INIT;
    unsigned int i;

    *told = (struct access_told){
        .kind = policy_rule_word(a->kind), .added = a->added, .subjects = g->subjects.items, .n_subjects = g->subjects.n,
        .objects = g->objects, .n_objects = g->n_objects, .class = a->class->name,
        .perms = arena_array(t->arena, 32, sizeof(*told->perms)), .otherwise = a->otherwise,
    };
    for (i = 0; i < a->class->n_perms && i < 32; i++)
        if (a->perms >> i & 1)
            told->perms[told->n_perms++] = a->class->perms[i].name;
    if (a->condition) {
        print_bool_expr(&condition, a->condition->expr);
        told->condition = take(t->arena, &condition);
    }
    return told;
}

static const char *access_words(struct teller *t, const struct access_told *told, const struct access_change *a)
{
    struct buf text = BUF_INIT;

    if (told->condition)
        buf_printf(&text, "%s %s: ", told->otherwise ? "Unless" : "If", told->condition);
    if (a->kind == AV_ALLOW) {
        print_names(&text, t, told->subjects, told->n_subjects);
        buf_printf(&text, " may %s, on ", told->added ? "now" : "no longer");
        print_names(&text, t, told->objects, told->n_objects);
    } else {
        buf_puts(&text, a->kind == AV_DONTAUDIT ? "Refusals of " : "Uses of ");
        print_names(&text, t, told->subjects, told->n_subjects);
        buf_puts(&text, " on ");
        print_names(&text, t, told->objects, told->n_objects);
        buf_printf(&text, " are %s logged", (a->kind == AV_DONTAUDIT) == a->added ? "no longer" : "now");
    }
    buf_puts(&text, ": ");
    print_uses(&text, t, a->class, a->perms);
    buf_putc(&text, '.');
    if (a->sometimes)
        buf_printf(&text, " %s a boolean decides.", a->added ? "Before," : "Now");
    return take(t->arena, &text);
}

static void tell_group(struct teller *t, const struct group *g)
{
    const struct access_change *a = g->first;
    const struct access_told *told = record(t, g);
    struct change *c = change_add(t->out, access_grade(a), ABOUT_ACCESS,
                                  arena_printf(t->arena, "%s%s -> %s%s %s", a->subject, g->subjects.n > 1 ? ", ..." : "",
                                               a->object, g->n_objects > 1 ? ", ..." : "", a->class->name));

    c->text = access_words(t, told, a);
    c->access = told;
    if (a->added)
        c->place.new = a->span;
    else
        c->place.old = a->span;
}

/* One subject's objects with the same permissions of the same class. */
static void add_group(struct teller *t, const struct access_change *first, const char *const *objects, unsigned int n)
{
    struct buf text = BUF_INIT;
    struct names *names = t->new->policy->names;
    struct group *g;
    const char *key;
    unsigned int i;
    size_t known;

    for (i = 0; i < n; i++)
        buf_printf(&text, "%s ", objects[i]);
    buf_printf(&text, "| %d %d %d %s %x %s", (int)first->kind, first->added, first->sometimes, first->class->name,
               first->perms, first->when ? first->when : "");
    key = names_get(names, buf_text(&text));
    buf_free(&text);
    known = (size_t)(uintptr_t)map_get(&t->groups, t, key);
    if (!known) {
        g = LIST_PUSH(t->arena, &t->list);
        g->first = first;
        g->objects = arena_array(t->arena, n, sizeof(*g->objects));
        memcpy(g->objects, objects, n * sizeof(*g->objects));
        g->n_objects = n;
        known = t->list.n;
        map_put(t->arena, &t->groups, t, key, (void *)(uintptr_t)known);
    }
    g = &t->list.items[known - 1];
    *LIST_PUSH(t->arena, &g->subjects) = first->subject;
}

static bool same_but_object(const struct access_change *a, const struct access_change *b)
{
    return a->kind == b->kind && a->added == b->added && a->subject == b->subject && a->class->name == b->class->name &&
           a->when == b->when;
}

static void tell_access(struct teller *t, const struct access_changes *all)
{
    bool *done = arena_array(t->arena, all->items.n, sizeof(*done));
    const char **objects = arena_array(t->arena, all->items.n, sizeof(*objects));
    unsigned int i, j, n;

    for (i = 0; i < all->items.n; i++) {
        const struct access_change *a = &all->items.items[i];

        if (done[i])
            continue;
        n = 0;
        for (j = i; j < all->items.n && same_but_object(a, &all->items.items[j]); j++)
            if (!done[j] && all->items.items[j].perms == a->perms && all->items.items[j].sometimes == a->sometimes) {
                done[j] = true;
                objects[n++] = all->items.items[j].object;
            }
        add_group(t, a, objects, n);
    }
    for (i = 0; i < t->list.n; i++)
        tell_group(t, &t->list.items[i]);
    if (all->cut)
        change_add(t->out, GRADE_LOOSER, ABOUT_ACCESS, "more")->text =
            "There is more access that differs than can be told: the policies have little in common.";
}

/* ---- everything else ---- */

static const struct line_kind {
    const char *begins;
    unsigned int words;             /* that say what the line is about; a line with the same ones replaces it. 0: none does */
    enum grade added, removed, changed;
} line_kinds[] = {
    { "class ", 0, GRADE_STRICTER, GRADE_STRICTER, GRADE_STRICTER },
    { "constrain ", 0, GRADE_STRICTER, GRADE_LOOSER, GRADE_MOVED },
    { "validatetrans ", 0, GRADE_STRICTER, GRADE_LOOSER, GRADE_MOVED },
    { "permissive ", 0, GRADE_LOOSER, GRADE_STRICTER, GRADE_MOVED },
    { "unknown ", 1, GRADE_MOVED, GRADE_MOVED, GRADE_LOOSER },
    { "mls ", 1, GRADE_MOVED, GRADE_MOVED, GRADE_LOOSER },
    { "bool ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_LOOSER },
    { "role_allow ", 0, GRADE_LOOSER, GRADE_STRICTER, GRADE_MOVED },
    { "role_transition ", 4, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "role ", 0, GRADE_LOOSER, GRADE_STRICTER, GRADE_MOVED },
    { "user ", 2, GRADE_LOOSER, GRADE_STRICTER, GRADE_LOOSER },
    { "sid ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "pirqcon ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "iomemcon ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "ioportcon ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "pcidevicecon ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "devicetreecon ", 2, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "type_transition ", 4, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "type_member ", 4, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "type_change ", 4, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "range_transition ", 4, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "policycap ", 0, GRADE_MOVED, GRADE_MOVED, GRADE_MOVED },
    { "", 0, GRADE_TEXT, GRADE_TEXT, GRADE_TEXT },     /* types, attributes, aliases: they allow nothing by themselves */
};

static const struct line_kind *line_kind(const char *line)
{
    const struct line_kind *k = line_kinds;

    while (strncmp(line, k->begins, strlen(k->begins)))
        k++;
    return k;
}

/* How many bytes the first `words` words have. */
static size_t key_length(const char *line, unsigned int words)
{
    size_t len = 0;

    while (words--) {
        len += strspn(line + len, " ");
        len += strcspn(line + len, " ");
    }
    return len;
}

static bool same_key(const char *a, const char *b)
{
    const struct line_kind *k = line_kind(a);
    size_t len = key_length(a, k->words);

    return k->words && line_kind(b) == k && key_length(b, k->words) == len && !strncmp(a, b, len);
}

static bool bounded(const char *line)
{
    return (!strncmp(line, "type ", 5) || !strncmp(line, "role ", 5) || !strncmp(line, "user ", 5)) &&
           strstr(line, " bounded by ");
}

static void tell_line(struct teller *t, const char *old, const char *new)
{
    const struct line_kind *k = line_kind(new ? new : old);
    enum grade g = old && new ? k->changed : new ? k->added : k->removed;
    size_t name;
    struct change *c;

    if (bounded(new ? new : old))
        g = new ? GRADE_STRICTER : GRADE_LOOSER;
    else if (old && new && k->changed == GRADE_LOOSER && (!strcmp(new, "unknown deny") || !strcmp(new, "mls on")))
        g = GRADE_STRICTER;
    name = key_length(new ? new : old, k->words ? k->words : 2);
    c = change_add(t->out, g, ABOUT_POLICY, arena_text(t->arena, new ? new : old, name));
    if (old && new)
        c->text = arena_printf(t->arena, "The policy says '%s'; before '%s'.", new, old);
    else if (new)
        c->text = arena_printf(t->arena, "The policy now says '%s'.", new);
    else
        c->text = arena_printf(t->arena, "The policy no longer says '%s'.", old);
}

static void tell_others(struct teller *t)
{
    struct lines old = policy_other_lines(t->old->policy, t->old->flat), new = policy_other_lines(t->new->policy, t->new->flat);
    LIST(const char *) gone = { NULL, 0, 0 }, come = { NULL, 0, 0 };
    size_t i = 0, j = 0;

    while (i < old.n || j < new.n) {
        int order = i == old.n ? 1 : j == new.n ? -1 : strcmp(old.items[i], new.items[j]);

        if (order < 0)
            *LIST_PUSH(t->arena, &gone) = old.items[i];
        if (order > 0)
            *LIST_PUSH(t->arena, &come) = new.items[j];
        i += order <= 0;
        j += order >= 0;
    }
    for (i = j = 0; i < gone.n || j < come.n; ) {
        if (i < gone.n && j < come.n && same_key(gone.items[i], come.items[j]))
            tell_line(t, gone.items[i++], come.items[j++]);
        else if (j == come.n || (i < gone.n && strcmp(gone.items[i], come.items[j]) < 0))
            tell_line(t, gone.items[i++], NULL);
        else
            tell_line(t, NULL, come.items[j++]);
    }
}

void review_policies(struct changes *c, const struct policy_side *old, const struct policy_side *new, const struct model *m)
{
    struct teller t = { .out = c, .arena = c->arena, .old = old, .new = new, .model = m };
    struct access_changes all = { { NULL, 0, 0 }, false };

    if (m->n_classes)
        t.uses = uses_create(c->arena, m);
    access_compare(&all, c->arena, old, new, false);
    access_compare(&all, c->arena, new, old, true);
    access_finish(&all);
    tell_access(&t, &all);
    tell_others(&t);
}
