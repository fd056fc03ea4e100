/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages are the same if a text made of everything that counts is: kind, class, permissions, labels; or the thing. */
#include "avc/denial.h"

#include <string.h>

#include "base/buf.h"

void avc_denials_init(struct avc_denials *d, struct arena *a, struct names *n)
{
    memset(d, 0, sizeof(*d));
    d->arena = a;
    d->names = n;
}

static const char *intern(struct avc_denials *d, const struct avc_text *t)
{
    return names_intern(d->names, t->s, t->len);
}

static const char *key_of(struct avc_denials *d, const struct avc_record *r)
{
    struct buf key = BUF_INIT;
    const char *name;
    unsigned int i;

    buf_printf(&key, "%d %.*s %.*s %.*s %.*s", (int)r->kind, (int)r->thing.len, r->thing.len ? r->thing.s : "",
               (int)r->class.len, r->class.len ? r->class.s : "", (int)r->subject.len, r->subject.len ? r->subject.s : "",
               (int)r->object.len, r->object.len ? r->object.s : "");
    for (i = 0; i < r->n_perms; i++)
        buf_printf(&key, " %.*s", (int)r->perms[i].len, r->perms[i].s);
    name = names_intern(d->names, buf_text(&key), key.len);
    buf_free(&key);
    return name;
}

/* Who it was, to whom, with what: what differs between messages of one entry. */
static const char *example_of(struct avc_denials *d, const struct avc_record *r)
{
    struct buf text = BUF_INIT;
    const char *name;

    if (r->kind == AVC_UNKNOWN_DENIED || r->kind == AVC_UNKNOWN_ALLOWED) {
        buf_printf(&text, "%ld", r->number);
    } else {
        if (r->source.len)
            buf_printf(&text, "%.*s", (int)r->source.len, r->source.s);
        if (r->target.len)
            buf_printf(&text, " to %.*s", (int)r->target.len, r->target.s);
        if (r->detail.len)
            buf_printf(&text, "%s%.*s", text.len ? ", " : "", (int)r->detail.len, r->detail.s);
    }
    name = names_intern(d->names, buf_text(&text), text.len);
    buf_free(&text);
    return name;
}

static void add_example(struct avc_denial *e, const char *example)
{
    unsigned int i;

    for (i = 0; i < e->n_examples; i++)
        if (e->examples[i] == example)
            return;
    if (e->n_examples == AVC_MOST_SHOWN)
        e->more = true;
    else if (*example)
        e->examples[e->n_examples++] = example;
}

struct avc_denial *avc_denials_add(struct avc_denials *d, const struct avc_record *r)
{
    const char *key = key_of(d, r);
    struct avc_denial *e = map_get(&d->map, NULL, key);
    unsigned int i;

    if (!e) {
        e = ARENA_NEW(d->arena, struct avc_denial);
        e->kind = r->kind;
        e->first = r->line;
        if (r->thing.len) {
            e->thing = intern(d, &r->thing);
        } else {
            e->class = intern(d, &r->class);
            e->subject = intern(d, &r->subject);
            e->object = intern(d, &r->object);
            for (i = 0; i < r->n_perms; i++)
                e->perms[e->n_perms++] = intern(d, &r->perms[i]);
        }
        map_put(d->arena, &d->map, NULL, key, e);
        *LIST_PUSH(d->arena, &d->items) = e;
    }
    e->count++;
    e->last = r->line;
    if (!e->more)
        add_example(e, example_of(d, r));
    return e;
}
