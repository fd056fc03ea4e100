/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classes, permissions and initial SIDs. Their numbers are ABI between the hypervisor and compiled policies: Xen refuses
 * to load a policy that lacks one of its classes or permissions, or has it under another number (validate_classes() in
 * xen/xsm/flask/ss/services.c); what the policy has beyond that does not matter.
 */
#include "review/review.h"

#include <string.h>

static const char rebuild[] = "Policies have to be compiled again; Xen does not load those that were compiled for the old "
                              "numbers.";

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static const struct class *class_named(const struct model *m, const char *name)
{
    unsigned int i;

    for (i = 0; i < m->n_classes; i++)
        if (m->classes[i]->name == name)
            return m->classes[i];
    return NULL;
}

static const struct perm *perm_named(const struct class *c, const char *name)
{
    unsigned int i;

    for (i = 0; i < c->n_perms; i++)
        if (c->perms[i].name == name)
            return &c->perms[i];
    return NULL;
}

static const struct isid *sid_named(const struct model *m, const char *name)
{
    unsigned int i;

    for (i = 0; i < m->n_isids; i++)
        if (m->isids[i]->name == name)
            return m->isids[i];
    return NULL;
}

static struct change *add(struct changes *c, enum grade g, enum subject_matter about, const char *name, struct span old,
                          struct span new, const char *text, const char *advice)
{
    struct change *x = change_add(c, g, about, name);

    x->place.old = old;
    x->place.new = new;
    x->text = text;
    x->advice = advice;
    return x;
}

static const struct span nowhere = { 0, 0, 0 };

static void reworded(struct changes *c, const char *name, struct span old, struct span new, const char *was, const char *is)
{
    if (same_text(was, is))
        return;
    add(c, GRADE_TEXT, ABOUT_TEXT, name, old, new,
        !is ? arena_printf(c->arena, "'%s' is no longer described.", name) :
        !was ? arena_printf(c->arena, "'%s' is described: \"%s\".", name, is) :
        arena_printf(c->arena, "'%s' is described as \"%s\"; before as \"%s\".", name, is, was), NULL);
}

static void review_perms(struct changes *c, const struct class *old, const struct class *new, bool wordless)
{
    unsigned int i;

    for (i = 0; i < new->n_perms; i++) {
        const struct perm *is = &new->perms[i], *was = perm_named(old, is->name);
        const char *name = arena_printf(c->arena, "%s:%s", new->name, is->name);

        if (!was)
            add(c, GRADE_STRICTER, ABOUT_CLASS, name, nowhere, is->span,
                arena_printf(c->arena, "There is a new permission '%s', %s.", name, is->meaning ? is->meaning : "undescribed"),
                "Policies have to be compiled again: Xen does not load those that lack it.");
        else if (was->bit != is->bit)
            add(c, GRADE_STRICTER, ABOUT_CLASS, name, was->span, is->span,
                arena_printf(c->arena, "'%s' has bit %u; before it had bit %u.", name, is->bit, was->bit), rebuild);
        if (was && !wordless)
            reworded(c, name, was->span, is->span, was->meaning, is->meaning);
    }
    for (i = 0; i < old->n_perms; i++) {
        const struct perm *was = &old->perms[i];
        const char *name = arena_printf(c->arena, "%s:%s", old->name, was->name);

        if (!perm_named(new, was->name))
            add(c, GRADE_STRICTER, ABOUT_CLASS, name, was->span, new->span,
                arena_printf(c->arena, "There is no permission '%s' any more.", name),
                "Policy rules that name it no longer compile.");
    }
}

void review_classes(struct changes *c, const struct model *old, const struct model *new, bool wordless)
{
    unsigned int i;

    for (i = 0; i < new->n_classes; i++) {
        const struct class *is = new->classes[i], *was = class_named(old, is->name);

        if (!was) {
            add(c, GRADE_STRICTER, ABOUT_CLASS, is->name, nowhere, is->span,
                arena_printf(c->arena, "There is a new class '%s' with %u permissions, number %u.", is->name, is->n_perms,
                             is->number),
                "Policies have to be compiled again: Xen does not load those that lack it.");
            continue;
        }
        if (was->number != is->number)
            add(c, GRADE_STRICTER, ABOUT_CLASS, is->name, was->span, is->span,
                arena_printf(c->arena, "Class '%s' has number %u; before it had number %u.", is->name, is->number,
                             was->number), rebuild);
        if (!wordless && was->continues_name != is->continues_name)
            add(c, GRADE_TEXT, ABOUT_CLASS, is->name, was->span, is->span,
                arena_printf(c->arena, "Class '%s' continues %s; before %s.", is->name,
                             is->continues_name ? is->continues_name : "no other",
                             was->continues_name ? was->continues_name : "no other"), NULL);
        if (!wordless)
            reworded(c, is->name, was->span, is->span, was->meaning, is->meaning);
        review_perms(c, was, is, wordless);
    }
    for (i = 0; i < old->n_classes; i++)
        if (!class_named(new, old->classes[i]->name))
            add(c, GRADE_STRICTER, ABOUT_CLASS, old->classes[i]->name, old->classes[i]->span, nowhere,
                arena_printf(c->arena, "There is no class '%s' any more.", old->classes[i]->name),
                "Policy rules that name it no longer compile.");

    for (i = 0; i < new->n_isids; i++) {
        const struct isid *is = new->isids[i], *was = sid_named(old, is->name);

        if (!was) {
            add(c, GRADE_STRICTER, ABOUT_SID, is->name, nowhere, is->span,
                arena_printf(c->arena, "There is a new initial SID '%s', number %u.", is->name, is->number),
                "Every policy has to give it a context; without one it does not compile.");
            continue;
        }
        if (was->number != is->number)
            add(c, GRADE_STRICTER, ABOUT_SID, is->name, was->span, is->span,
                arena_printf(c->arena, "Initial SID '%s' has number %u; before it had number %u.", is->name, is->number,
                             was->number),
                "Policies have to be compiled again: in those that are, the number stands for another SID's context.");
        if (!wordless)
            reworded(c, is->name, was->span, is->span, was->meaning, is->meaning);
    }
    for (i = 0; i < old->n_isids; i++)
        if (!sid_named(new, old->isids[i]->name))
            add(c, GRADE_STRICTER, ABOUT_SID, old->isids[i]->name, old->isids[i]->span, nowhere,
                arena_printf(c->arena, "There is no initial SID '%s' any more.", old->isids[i]->name),
                "Policies that give it a context no longer compile.");
}
