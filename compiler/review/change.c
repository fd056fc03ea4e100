/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of changes and its order. */
#include "review/change.h"

#include <stdlib.h>
#include <string.h>

const char *grade_name(enum grade g)
{
    static const char *const names[N_GRADES] = {
        [GRADE_SAME] = "same", [GRADE_TEXT] = "text", [GRADE_MOVED] = "moved", [GRADE_STRICTER] = "stricter",
        [GRADE_LOOSER] = "looser",
    };

    return names[g];
}

const char *grade_meaning(enum grade g)
{
    static const char *const meanings[N_GRADES] = {
        [GRADE_SAME] = "nothing changes",
        [GRADE_TEXT] = "words alone",
        [GRADE_MOVED] = "the same answer, by another check",
        [GRADE_STRICTER] = "may break somebody",
        [GRADE_LOOSER] = "needs a security review",
    };

    return meanings[g];
}

const char *matter_name(enum subject_matter m)
{
    static const char *const names[N_MATTERS] = {
        [ABOUT_OPERATION] = "operation", [ABOUT_CLASS] = "class", [ABOUT_SID] = "sid", [ABOUT_HOOK] = "hook",
        [ABOUT_SILO] = "silo", [ABOUT_DEFECT] = "defect", [ABOUT_TEXT] = "text", [ABOUT_ACCESS] = "access",
        [ABOUT_POLICY] = "policy",
    };

    return names[m];
}

struct change *change_add(struct changes *c, enum grade grade, enum subject_matter about, const char *name)
{
    struct change *new = LIST_PUSH(c->arena, &c->items);

    new->grade = grade;
    new->about = about;
    new->name = name;
    return new;
}

static int span_compare(struct span a, struct span b)
{
    if (a.file != b.file)
        return a.file < b.file ? -1 : 1;
    return (a.start > b.start) - (a.start < b.start);
}

static int worse_first(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    int order;

    if (x->grade != y->grade)
        return x->grade > y->grade ? -1 : 1;
    if (x->about != y->about)
        return x->about < y->about ? -1 : 1;
    order = span_compare(x->place.new, y->place.new);
    if (!order)
        order = span_compare(x->place.old, y->place.old);
    if (!order)
        order = strcmp(x->name, y->name);
    return order ? order : strcmp(x->text ? x->text : "", y->text ? y->text : "");
}

void changes_finish(struct changes *c)
{
    unsigned int i;

    if (c->items.n)
        qsort(c->items.items, c->items.n, sizeof(*c->items.items), worse_first);
    for (i = 0; i < c->items.n; i++)
        c->n[c->items.items[i].grade]++;
}
