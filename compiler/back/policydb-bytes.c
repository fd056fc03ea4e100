/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a binary policy: every read is bounded by what is left, every number is checked against the table it
 * counts in, and a count is believed only as far as the bytes left could hold so many entries.
 */
#include "back/policydb-reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text/diag.h"
#include "text/rules.h"

enum { MAX_NAME = 4096, MAX_VALUES = 65535 };

void reader_bad(struct reader *r, const char *format, ...)
{
    char text[256];
    va_list ap;

    va_start(ap, format);
    vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    diag_add(r->policy->diags, &RULE_POLICYDB, r->span, "no policy for Xen: %s, at byte %zu", text,
             (size_t)(r->at - r->start));
    longjmp(r->bad, 1);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

const unsigned char *reader_take(struct reader *r, size_t n)
{
    const unsigned char *here = r->at;

    if ((size_t)(r->end - r->at) < n)
        reader_bad(r, "it ends too early");
    r->at += n;
    return here;
}

uint32_t reader_u16(struct reader *r)
{
    const unsigned char *b = reader_take(r, 2);

    return b[0] | (uint32_t)b[1] << 8;
}

uint32_t reader_u32(struct reader *r)
{
    const unsigned char *b = reader_take(r, 4);

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint64_t reader_u64(struct reader *r)
{
    uint64_t low = reader_u32(r);

    return low | (uint64_t)reader_u32(r) << 32;
}

uint32_t reader_count(struct reader *r, size_t size, const char *what)
{
    uint32_t n = reader_u32(r);

    if (n > (size_t)(r->end - r->at) / size)
        reader_bad(r, "%u %s do not fit", n, what);
    return n;
}

const char *reader_name(struct reader *r, uint32_t len)
{
    const unsigned char *b;

    if (!len || len > MAX_NAME)
        reader_bad(r, "a name of %u letters", len);
    b = reader_take(r, len);
    if (memchr(b, '\0', len))
        reader_bad(r, "a name with a zero byte");
    return names_intern(r->policy->names, (const char *)b, len);
}

void reader_bitmap(struct reader *r, uint32_t limit)
{
    uint32_t unit = reader_u32(r), high = reader_u32(r), n, i, start, last = 0;
    uint64_t map;

    if (unit != 64)
        reader_bad(r, "a bitmap in units of %u bits", unit);
    n = reader_count(r, 12, "parts of a bitmap");
    r->numbers.n = 0;
    for (i = 0; i < n; i++) {
        start = reader_u32(r);
        map = reader_u64(r);
        if (start % 64 || (i && start <= last) || start >= high || !map)
            reader_bad(r, "a bitmap that is not in order");
        for (last = start; map; map &= map - 1) {
            uint64_t number = (uint64_t)start + (unsigned int)__builtin_ctzll(map);

            if (number >= limit)
                reader_bad(r, "number %llu in a table of %u", (unsigned long long)number + 1, limit);
            *LIST_PUSH(r->arena, &r->numbers) = (uint32_t)number;
        }
    }
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

struct values reader_values(struct reader *r, uint32_t n, const char *what)
{
    struct values t = { NULL, n };

    if (n > MAX_VALUES)
        reader_bad(r, "%u %s", n, what);
    t.items = arena_array(r->arena, n, sizeof(*t.items));
    return t;
}

void *reader_value(struct reader *r, const struct values *t, uint32_t value, const char *what)
{
    if (!value || value > t->n || !t->items[value - 1])
        reader_bad(r, "there is no %s %u", what, value);
    return t->items[value - 1];
}

struct class *reader_class(struct reader *r, uint32_t value)
{
    return ((struct object_class *)reader_value(r, &r->classes, value, "class"))->class;
}

struct type *reader_type(struct reader *r, uint32_t value)
{
    struct type *t = reader_value(r, &r->types, value, "type");

    if (t->kind != KIND_TYPE)
        reader_bad(r, "attribute %u where a type must be", value);
    return t;
}

const struct typeset *reader_types(struct reader *r)
{
    struct typeset_builder b = { 0 };
    unsigned int i;

    for (i = 0; i < r->numbers.n; i++)
        policy_set_add(r->policy, &b, reader_type(r, r->numbers.items[i] + 1), false);
    return policy_typeset(r->policy, &b, r->span);
}

const struct roleset *reader_roles(struct reader *r)
{
    struct roleset_builder b = { 0 };
    unsigned int i;

    for (i = 0; i < r->numbers.n; i++)
        policy_roleset_add(r->policy, &b, reader_value(r, &r->roles, r->numbers.items[i] + 1, "role"), false);
    return policy_roleset(r->policy, &b, r->span);
}

void reader_skip_bitmap(struct reader *r)
{
    reader_take(r, 8);
    reader_take(r, 12 * (size_t)reader_count(r, 12, "parts of a bitmap"));
}
