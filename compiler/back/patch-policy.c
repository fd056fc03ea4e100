/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What Xen's example policy grants of a new permission: to those who may by default. Its modules have a rule for each kind
 * of subject and object, found by its words; the permission joins the one of its class, or stands in a new rule beside
 * those of the same subject. Where no such place is found it is left to the maintainer.
 */
#include <stdio.h>
#include <string.h>

#include "back/patch-job.h"
#include "base/buf.h"
#include "judge/summary.h"

bool patch_asks(const struct operation *op, const struct perm *perm, const struct check **check)
{
    const struct steps *steps = stage_flask(operation_last(op), false);
    unsigned int i, k;

    for (i = 0; steps && i < steps->n; i++) {
        const struct step *s = &steps->step[i];

        for (k = 0; s->kind == STEP_CHECK && k < s->check.n_perms; k++) {
            const struct perm_use *use = &s->check.perms[k];
            unsigned int c;

            *check = &s->check;
            if (use->perm == perm || (use->otherwise && use->otherwise->perm == perm))
                return true;
            for (c = 0; c < use->n_choices; c++)
                if (use->choices[c].perm == perm)
                    return true;
        }
    }
    return false;
}

/* ---- places in the modules ---- */

/* The lines of a macro's definition, or of all that stands in none if `macro` is NULL. */
struct range {
    size_t from, to;
};

static bool macro_range(const struct patch_edit *e, const char *macro, struct range *r)
{
    const char *begin, *end, *name;

    *r = (struct range){ 0, e->len };
    if (!macro)
        return true;
    name = arena_printf(e->arena, "define(`%s', `", macro);
    begin = strstr(e->text, name);
    end = begin ? strstr(begin, "\n')") : NULL;
    if (!end)
        return false;
    r->from = (size_t)(begin - e->text);
    r->to = (size_t)(end + 1 - e->text);
    return true;
}

/* Whether the text says this up to blanks; `*at` moves behind it. */
static bool says(const struct patch_edit *e, size_t *at, const char *what)
{
    size_t i = *at;

    for (; *what; what++) {
        if (*what == ' ') {
            if (i >= e->len || !strchr(" \t\n", e->text[i]))
                return false;
            while (i < e->len && strchr(" \t\n", e->text[i]))
                i++;
        } else if (i >= e->len || e->text[i++] != *what) {
            return false;
        }
    }
    *at = i;
    return true;
}

/* Puts one more permission into the rule whose permissions begin at `at`: one, or several in braces. */
static void extend_rule(struct patch_edit *e, size_t at, const char *name)
{
    enum { WIDTH = 78 };
    size_t begin = at, end = at;
    unsigned int line;
    const char *text;
    int tabs = 0, wide;

    if (e->text[at] != '{') {
        while (end < e->len && e->text[end] != ';')
            end++;
        line = patch_line(e, (uint32_t)at);
        text = arena_printf(e->arena, "%.*s{ %.*s %s }%.*s", (int)(at - e->lines[line]), e->text + e->lines[line],
                            (int)(end - begin), e->text + begin, name, (int)(e->lines[line + 1] - end), e->text + end);
    } else {
        while (end < e->len && e->text[end] != '}')
            end++;
        while (end > begin && strchr(" \t\n", e->text[end - 1]))
            end--;
        line = patch_line(e, (uint32_t)end - 1);
        wide = (int)(end - e->lines[line]);
        for (at = e->lines[line]; e->text[at] == '\t'; at++)
            tabs++;
        text = arena_printf(e->arena, "%.*s%s%.*s%s%.*s", wide, e->text + e->lines[line],
                            wide + 7 * tabs + (int)strlen(name) + 4 > WIDTH ? "\n" : " ",
                            wide + 7 * tabs + (int)strlen(name) + 4 > WIDTH ? tabs : 0, "\t\t\t\t\t\t\t\t", name,
                            (int)(e->lines[line + 1] - end), e->text + end);
    }
    patch_remove(e, line, line);
    patch_insert(e, line, text);
}

/* Grants `subject -> object class:name` within a macro. Returns whether a place was found. */
static bool grant(struct patch_edit *e, const char *macro, const char *subject, const char *object, const char *class,
                  const char *name)
{
    const char *words = arena_printf(e->arena, "allow %s %s:%s ", subject, object, class);
    const char *beside = arena_printf(e->arena, "allow %s %s:", subject, object);
    size_t at, after, place = 0;
    struct range r;
    unsigned int line;

    if (!e->text || !macro_range(e, macro, &r))
        return false;
    for (at = r.from; at < r.to; at++) {
        after = at;
        if (e->text[at] != 'a' || !says(e, &after, beside))
            continue;
        for (place = after; place < r.to && e->text[place] != ';'; place++)
            ;
        after = at;
        if (!says(e, &after, words))
            continue;
        extend_rule(e, after, name);
        return true;
    }
    if (!place)
        return false;
    line = patch_line(e, (uint32_t)place) + 1;
    patch_insert(e, line, arena_printf(e->arena, "%sallow %s %s:%s %s;\n", macro ? "\t" : "", subject, object, class, name));
    return true;
}

/* ---- who gets it ---- */

struct granting {
    unsigned int file;
    const char *macro, *subject, *object;
};

/* From `reach` on, weakest first: control's places hold for all of them but nobody's. */
static const struct granting on_domains[] = {
    { PATCH_DOM0_TE, NULL, "dom0_t", "dom0_t" },
    { PATCH_XEN_IF, "manage_domain", "$1", "$2" },
};
static const struct granting on_target = { PATCH_XEN_IF, "device_model", "$1", "$2_target" };
static const struct granting on_self = { PATCH_XEN_IF, "declare_domain_common", "$1", "$2" };
static const struct granting by_xenstore = { PATCH_XENSTORE_TE, NULL, "xenstore_t", "domain_type" };
static const struct granting on_xen = { PATCH_DOM0_TE, NULL, "dom0_t", "xen_t" };
static const struct granting by_all = { PATCH_XEN_TE, NULL, "domain_type", "xen_t" };

static bool grant_at(struct patch_job *j, const struct granting *p, const struct perm *perm)
{
    struct patch_edit *e = &j->edit[p->file];
    struct buf text = BUF_INIT;

    if (!grant(e, p->macro, p->subject, p->object, perm->class->name, perm->name))
        return false;
    /* The next one may go into the same rule. */
    patch_edit_finish(e, &text);
    *e = patch_edit_begin(e->arena, arena_text(e->arena, buf_text(&text), text.len), text.len);
    buf_free(&text);
    return true;
}

/* The object of the check is Xen itself; another initial SID, or a resource, counts as neither. */
static const struct label *object_of(const struct operation *op, const struct check *check)
{
    return check->object ? check->object : operation_last(op)->hook->object;
}

void patch_policy(struct patch_job *j, const struct perm *perm)
{
    enum reach widest = N_REACHES;
    const struct label *object = NULL;
    const struct check *check;
    bool good = true;
    unsigned int i;

    if (!j->edit[PATCH_DOM0_TE].text)
        return;
    for (i = 0; i < j->ops.n; i++) {
        enum reach reach;

        if (!patch_asks(&j->ops.items[i], perm, &check))
            continue;
        reach = operation_reach(j->effective, &j->ops.items[i], NULL);
        if (reach < widest) {
            widest = reach;
            object = object_of(&j->ops.items[i], check);
        }
    }
    if (widest == REACH_NOBODY || widest == REACH_HYPERVISOR || widest == N_REACHES)
        return;
    if (object && object->kind == LABEL_ISID && !strcmp(object->name, "xen") && widest != REACH_DEPENDS) {
        good = grant_at(j, widest == REACH_ANYONE ? &by_all : &on_xen, perm);
    } else if (object && (object->kind == LABEL_DOMAIN || object->kind == LABEL_EXACT) && widest != REACH_DEPENDS &&
               widest != REACH_ANYONE) {
        for (i = 0; i < sizeof(on_domains) / sizeof(on_domains[0]); i++)
            good &= grant_at(j, &on_domains[i], perm);
        good &= widest > REACH_XENSTORE || grant_at(j, &on_target, perm);
        good &= widest != REACH_SELF || grant_at(j, &on_self, perm);
        good &= widest != REACH_XENSTORE || grant_at(j, &by_xenstore, perm);
    } else {
        good = false;
    }
    if (!good)
        patch_leave(j->p, "grant %s:%s in tools/flask/policy/modules to those who may by default: %s", perm->class->name,
                    perm->name, reach_asked_by(widest));
}
