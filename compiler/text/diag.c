/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records are kept in order of arrival and sorted when asked for; past MOST_KEPT they are only counted, since nobody reads
 * them and a hostile text has one for every other byte.
 */
#include "text/diags.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/rules.h"

enum {
    MOST_KEPT = 100000,
    LONGEST_MESSAGE = 5000,     /* bytes: a path may have 4096; more would hide the next one */
};

struct diags *diags_create(struct arena *a, const struct sources *s)
{
    struct diags *d = ARENA_NEW(a, struct diags);

    d->arena = a;
    d->sources = s;
    return d;
}

static const char *diag_format(const struct diags *d, const char *format, va_list ap)
{
    char text[LONGEST_MESSAGE + 1];
    int len = vsnprintf(text, sizeof(text), format, ap);

    if (len > LONGEST_MESSAGE)
        memcpy(text + LONGEST_MESSAGE - 3, "...", 3);
    return len < 0 ? format : arena_text(d->arena, text, strlen(text));
}

bool diags_full(const struct diags *d)
{
    return d->list.n >= MOST_KEPT;
}

const struct sources *diags_sources(const struct diags *d)
{
    return d->sources;
}

struct diag *diag_add(struct diags *d, const struct rule *rule, struct span span, const char *format, ...)
{
    struct diag *diag;
    va_list ap;

    d->count[rule->level]++;
    span = source_written(d->sources, span);
    if (diags_full(d) && rule != &RULE_IO) {
        d->overflow = (struct diag){ .rule = rule, .level = rule->level, .span = span, .message = format };
        return &d->overflow;
    }
    diag = ARENA_NEW(d->arena, struct diag);
    *diag = (struct diag){ .rule = rule, .level = rule->level, .span = span, .order = d->list.n };
    va_start(ap, format);
    diag->message = diag_format(d, format, ap);
    va_end(ap);
    *LIST_PUSH(d->arena, &d->list) = diag;
    return diag;
}

void diag_note(struct diags *d, struct diag *diag, struct span span, const char *format, ...)
{
    struct diag_note *note;
    va_list ap;

    if (diag == &d->overflow)
        return;
    note = arena_push(d->arena, (void **)&diag->notes, &diag->n_notes, &diag->cap_notes, sizeof(*note));
    note->span = source_written(d->sources, span);
    va_start(ap, format);
    note->text = diag_format(d, format, ap);
    va_end(ap);
}

void diag_help(struct diags *d, struct diag *diag, const char *format, ...)
{
    va_list ap;

    if (diag == &d->overflow)
        return;
    va_start(ap, format);
    diag->help = diag_format(d, format, ap);
    va_end(ap);
}

void diag_declare(struct diags *d, struct diag *diag, const char *name)
{
    if (diag != &d->overflow)
        diag->declaration = arena_text(d->arena, name, strlen(name));
}

static int diag_compare(const void *x, const void *y)
{
    const struct diag *a = x, *b = y;

    if (a->span.file != b->span.file)
        return a->span.file < b->span.file ? -1 : 1;
    if (a->span.start != b->span.start)
        return a->span.start < b->span.start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool diag_same(const struct diag *a, const struct diag *b)
{
    return a->rule == b->rule && a->span.file == b->span.file && a->span.start == b->span.start &&
           !strcmp(a->message, b->message);
}

const struct diag *diags_sorted(struct diags *d, unsigned int *n)
{
    unsigned int i, kept = 0;

    if (d->sorted && d->sorted_of == d->list.n) {
        *n = d->n_sorted;
        return d->sorted;
    }
    d->sorted = arena_array(d->arena, d->list.n, sizeof(*d->sorted));
    for (i = 0; i < d->list.n; i++)
        d->sorted[i] = *d->list.items[i];
    qsort(d->sorted, d->list.n, sizeof(*d->sorted), diag_compare);
    for (i = 0; i < d->list.n; i++)
        if (!kept || !diag_same(&d->sorted[kept - 1], &d->sorted[i]))
            d->sorted[kept++] = d->sorted[i];
        else
            d->sorted[kept - 1].repeated++;
    d->n_sorted = kept;
    d->sorted_of = d->list.n;
    d->fingerprinted = false;
    *n = kept;
    return d->sorted;
}

unsigned int diags_count(const struct diags *d, enum level level)
{
    return d->count[level];
}

void diags_suppress(struct diags *d, unsigned int i, bool in_source, const char *reason)
{
    struct diag *g = &d->sorted[i], *kept = d->list.items[g->order];

    if (g->suppressed)
        return;
    /* In the record, too: the list may be sorted again. */
    kept->suppressed = g->suppressed = arena_text(d->arena, reason, strlen(reason));
    kept->suppressed_in_source = g->suppressed_in_source = in_source;
    d->count[g->level] -= 1 + g->repeated;
}
