/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the grammar's actions do for policy statements: make their nodes (model/statement.h), names unbound. There may
 * be a million of them, so the memory of each is used again for the next.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front/lists.h"
#include "front/parse.h"
#include "model/policy.h"

struct statement *build_statement(struct parse *p, enum statement_kind kind, const char *text, struct span where)
{
    struct statement *s = ARENA_NEW(p->written, struct statement);

    s->kind = kind;
    s->text = text;
    s->span = where;
    return s;
}

struct statement_more *build_more(struct parse *p, struct statement *s)
{
    if (!s->more)
        s->more = ARENA_NEW(p->written, struct statement_more);
    return s->more;
}

struct written_set *build_set(struct parse *p, const written_list *names, struct span where)
{
    struct written_set *set = ARENA_NEW(p->written, struct written_set);

    if (names) {
        set->names = names->items;
        set->n = names->n;
    }
    set->span = where;
    return set;
}

struct written_set *build_braced(struct parse *p, struct span open, const written_list *names, struct span close,
                                 struct span where)
{
    struct written_set *set = build_set(p, names, where);

    parse_mark(p, open, MARK_INLINE);
    parse_mark(p, close, MARK_INLINE);
    set->braces = true;
    return set;
}

struct written_set *build_single(struct parse *p, const char *name, struct span where)
{
    struct written_set *set = ARENA_NEW(p->written, struct written_set);

    set->names = ARENA_NEW(p->written, struct written_name);
    set->names->name = name;
    set->names->span = where;
    set->n = 1;
    set->span = where;
    return set;
}

void build_names(struct parse *p, struct statement *s, const char *first, struct span first_where, const char *second,
                 struct span second_where)
{
    s->n_names = second ? 2 : 1;
    s->names = arena_array(p->written, s->n_names, sizeof(*s->names));
    s->names[0] = (struct written_name){ first, first_where, false };
    if (second)
        s->names[1] = (struct written_name){ second, second_where, false };
}

struct statement *build_about(struct parse *p, enum statement_kind kind, const char *name, struct span name_where,
                              const char *text, struct span where)
{
    struct statement *s = build_statement(p, kind, text, where);

    build_names(p, s, name, name_where, NULL, name_where);
    return s;
}

struct statement *build_type(struct parse *p, const char *name, struct span name_where, const written_list *aliases,
                             struct written_set *is, const char *text, struct span where)
{
    struct statement *s = build_about(p, STATEMENT_TYPE, name, name_where, text, where);

    s->set = is;
    build_more(p, s)->aliases = aliases->items;
    s->more->n_aliases = aliases->n;
    return s;
}

struct statement *build_user(struct parse *p, const char *name, struct span name_where, struct written_set *roles,
                             struct written_level *level, struct written_range *range, const char *text,
                             struct span where)
{
    struct statement *s = build_about(p, STATEMENT_USER, name, name_where, text, where);

    s->set = roles;
    build_more(p, s)->level = level;
    s->more->range = range;
    return s;
}

struct statement *build_accesses(struct parse *p, enum statement_kind kind, const access_list *accesses,
                                 const char *text, struct span where)
{
    struct statement *s = build_statement(p, kind, text, where);

    s->accesses = accesses->items;
    s->n_accesses = accesses->n;
    return s;
}

struct statement *build_transition(struct parse *p, enum statement_kind kind, struct written_set *subjects,
                                   struct written_set *objects, struct written_set *classes, const char *text,
                                   struct span where)
{
    struct statement *s = build_statement(p, kind, text, where);

    s->set = subjects;
    s->objects = objects;
    s->classes = classes;
    return s;
}

struct statement *build_else(struct parse *p, const statement_list *otherwise, struct span where)
{
    struct statement *s = build_statement(p, STATEMENT_IF, NULL, where);
    struct statement_more *m = build_more(p, s);

    if (otherwise) {
        m->has_else = true;
        m->otherwise = otherwise->items;
        m->n_otherwise = otherwise->n;
    }
    return s;
}

struct statement *build_if(struct parse *p, struct statement *otherwise, struct expr *expr, const statement_list *then,
                           struct span where)
{
    struct statement_more *m = build_more(p, otherwise);

    otherwise->span = where;
    m->expr = expr;
    m->then = then->items;
    m->n_then = then->n;
    return otherwise;
}

struct written_context *build_context(struct parse *p, const char *user, struct span user_where, const char *role,
                                      struct span role_where, const char *type, struct span type_where,
                                      struct written_range *range, struct span where)
{
    struct written_context *c = ARENA_NEW(p->written, struct written_context);

    *c = (struct written_context){ { user, user_where, false }, { role, role_where, false },
                                   { type, type_where, false }, range, where };
    return c;
}

struct written_level *build_level(struct parse *p, const char *sensitivity, struct span where,
                                  const written_list *categories)
{
    struct written_level *l = ARENA_NEW(p->written, struct written_level);
    unsigned int i;

    l->sensitivity = (struct written_name){ sensitivity, where, false };
    l->span = where;
    if (!categories)
        return l;
    l->low = arena_array(p->written, categories->n, sizeof(*l->low));
    l->high = arena_array(p->written, categories->n, sizeof(*l->high));
    for (i = 0; i < categories->n; i++) {
        const struct written_name *c = &categories->items[i];

        if (c->out) {
            l->high[l->n - 1] = *c;
            l->high[l->n - 1].out = false;
        } else {
            l->low[l->n] = l->high[l->n] = *c;
            l->n++;
        }
    }
    return l;
}

void build_category_range(struct parse *p, written_list *categories, const char *low, struct span low_where,
                          const char *high, struct span high_where)
{
    *LIST_PUSH(p->written, categories) = (struct written_name){ low, low_where, false };
    *LIST_PUSH(p->written, categories) = (struct written_name){ high, high_where, true };
}

struct written_range *build_range(struct parse *p, struct written_level *low, struct written_level *high)
{
    struct written_range *r = ARENA_NEW(p->written, struct written_range);

    r->low = low;
    r->high = high;
    return r;
}

struct statement *build_rule(struct parse *p, unsigned int rule, struct written_set *subjects,
                             struct written_set *objects, const access_list *accesses, const char *text,
                             struct span where)
{
    struct statement *s = build_statement(p, STATEMENT_RULE, text, where);

    s->rule = rule;
    s->set = subjects;
    s->objects = objects;
    s->accesses = accesses->items;
    s->n_accesses = accesses->n;
    return s;
}

struct statement *build_numbered(struct parse *p, enum statement_kind kind, const char *first, struct span first_where,
                                 const char *last, struct span last_where, const written_list *aliases,
                                 struct span where)
{
    struct statement *s = build_statement(p, kind, NULL, where);

    build_names(p, s, first, first_where, last, last_where);
    if (aliases && aliases->n) {
        build_more(p, s)->aliases = aliases->items;
        s->more->n_aliases = aliases->n;
    }
    return s;
}

struct statement *build_unknown(struct parse *p, const char *word, struct span word_where, struct span where)
{
    struct statement *s = build_about(p, STATEMENT_UNKNOWN, word, word_where, NULL, where);

    if (!strcmp(word, "allow"))
        s->rule = UNKNOWN_ALLOW;
    else if (!strcmp(word, "deny"))
        s->rule = UNKNOWN_DENY;
    else if (!strcmp(word, "reject"))
        s->rule = UNKNOWN_REJECT;
    else
        parse_bad(p, word_where, "expected 'allow', 'deny' or 'reject', found '%s'", word);
    return s;
}

static uint64_t build_number(struct parse *p, const char *text, struct span where)
{
    unsigned long long value;
    char *end;

    errno = 0;
    value = strtoull(text, &end, 0);
    if (errno || *end)
        parse_bad(p, where, "'%s' is no number of at most 64 bits", text);
    return value;
}

/* "0000:03:00.0", the segment may be left out; the number is that of pcidevicecon: segment, bus, device, function. */
static uint64_t build_sbdf(struct parse *p, const char *text, struct span where)
{
    unsigned long part[4] = { 0 };
    static const unsigned long limit[] = { 0xffff, 0xff, 0x1f, 7 };
    const char *at = text;
    unsigned int i, colons = 0;
    char *end;

    for (i = 0; text[i]; i++)
        colons += text[i] == ':';
    for (i = colons == 2 ? 0 : 1; i < 4; i++) {
        if (!strchr("0123456789abcdefABCDEF", *at) || !*at)
            break;
        part[i] = strtoul(at, &end, 16);
        if (part[i] > limit[i] || *end != (i < 2 ? ':' : i == 2 ? '.' : '\0'))
            break;
        at = end + 1;
    }
    if (i < 4 || colons < 1 || colons > 2)
        parse_bad(p, where, "a PCI device is written \"SEGMENT:BUS:DEVICE.FUNCTION\" in hexadecimal, the segment may be "
                            "left out");
    return part[0] << 16 | part[1] << 8 | part[2] << 3 | part[3];
}

struct statement *build_resource(struct parse *p, const char *word, struct span word_where, const char *low,
                                 const char *high, bool quoted, struct span value_where,
                                 struct written_context *context, const char *text, struct span where)
{
    static const struct {
        const char *word;
        enum resource_kind kind;
    } kinds[] = {
        { "pci", RESOURCE_PCI }, { "irq", RESOURCE_PIRQ }, { "ioport", RESOURCE_IOPORT },
        { "iomem", RESOURCE_IOMEM }, { "dtdev", RESOURCE_DTDEV },
    };
    struct statement *s = build_statement(p, STATEMENT_LABEL_RESOURCE, text, where);
    struct statement_more *m = build_more(p, s);
    unsigned int i;

    m->context = context;
    m->path_span = value_where;
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (!strcmp(kinds[i].word, word))
            break;
    if (i == sizeof(kinds) / sizeof(kinds[0])) {
        parse_bad(p, word_where, "expected 'sid', 'pci', 'irq', 'ioport', 'iomem' or 'dtdev', found '%s'", word);
        return s;
    }
    s->rule = kinds[i].kind;
    if (quoted) {
        m->path = low;
        if (s->rule == RESOURCE_PCI)
            m->low = m->high = build_sbdf(p, low, value_where);
        else if (s->rule != RESOURCE_DTDEV)
            parse_bad(p, value_where, "expected a number");
        else if (low[0] != '/')
            parse_bad(p, value_where, "the path of a device tree node begins with '/'");
        return s;
    }
    if (s->rule == RESOURCE_DTDEV) {
        parse_bad(p, value_where, "expected the path of a device tree node between quotes");
        return s;
    }
    m->low = m->high = build_number(p, low, value_where);
    if (high) {
        m->high = build_number(p, high, value_where);
        if (s->rule == RESOURCE_PCI || s->rule == RESOURCE_PIRQ)
            parse_bad(p, value_where, "an %s label is for one number", s->rule == RESOURCE_PCI ? "PCI" : "IRQ");
    }
    return s;
}

void build_top(struct parse *p, struct statement *s)
{
    struct front_lists *l = p->front->lists;

    l->n_statements++;
    if (l->take) {
        l->take(l->with, s);
    } else if (s->kind >= STATEMENT_DOMAIN) {
        *LIST_PUSH(p->arena, &l->statements) = s;
        l->kept = arena_mark(l->written);
        return;
    } else if (!l->policies.n || l->policies.items[l->policies.n - 1] != p->file) {
        *LIST_PUSH(p->arena, &l->policies) = p->file;
    }
    l->n_rules += s->kind == STATEMENT_RULE || s->kind == STATEMENT_TRANSITION;
    arena_release(l->written, l->kept);
}
