/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sentences: who may now do what to whom, who may no longer, what held before, and what Flask makes of it. Subjects that
 * gain the same are told in one breath, and so are relations that make up all there are.
 */
#include "review/words.h"

#include <string.h>

#include "base/buf.h"
#include "judge/effective.h"
#include "model/print.h"

const char *subject_words(enum domain_kind kind)
{
    static const char *const words[N_DOMAIN_KINDS] = {
        [DOMAIN_CONTROL] = "the control domain", [DOMAIN_HARDWARE] = "the hardware domain",
        [DOMAIN_XENSTORE] = "the xenstore domain", [DOMAIN_DEVICE_MODEL] = "a device model",
        [DOMAIN_GUEST] = "a guest", [DOMAIN_BOOT] = "Xen while it boots", [DOMAIN_HYPERVISOR] = "the hypervisor",
        [DOMAIN_IO] = "DOMID_IO", [DOMAIN_XEN] = "DOMID_XEN",
    };

    return words[kind];
}

const struct operation *operation_told(const struct operation_pair *p)
{
    if (!p->new)
        return p->old;
    if (p->old && operation_last(p->old)->key && operation_last(p->new)->row && !operation_last(p->new)->key)
        return p->old;
    if (p->old && !operation_last(p->new)->row && p->old->n_stages > p->new->n_stages &&
        !strncmp(p->old->path, p->new->path, strlen(p->new->path)))
        return p->old;
    return p->new;
}

/* ---- lists ---- */

/* "a", "a and b", "a, b and c" */
static void print_list(struct buf *out, const char *const *items, unsigned int n)
{
    unsigned int i;

    for (i = 0; i < n; i++)
        buf_printf(out, "%s%s", !i ? "" : i + 1 == n ? " and " : ", ", items[i]);
}

static void capitalise(struct buf *out, size_t from)
{
    if (from < out->len && out->data[from] >= 'a' && out->data[from] <= 'z')
        out->data[from] = (char)(out->data[from] - 'a' + 'A');
}

/* ---- relations ---- */

#define BIT(r) (1u << (r))

static const char *const relation_words[N_RELATIONS] = {
    [REL_SELF] = "itself", [REL_TARGET] = "its target", [REL_CONTROL] = "the control domain",
    [REL_HARDWARE] = "the hardware domain", [REL_XENSTORE] = "the xenstore domain",
    [REL_DEVICE_MODEL] = "another device model", [REL_GUEST] = "another guest", [REL_IO] = "DOMID_IO",
    [REL_XEN] = "DOMID_XEN", [REL_NONE] = "no domain at all", [REL_HYPERVISOR] = "the hypervisor",
};

enum { OTHERS = BIT(REL_CONTROL) | BIT(REL_HARDWARE) | BIT(REL_XENSTORE) | BIT(REL_DEVICE_MODEL) | BIT(REL_GUEST),
       RESERVED = BIT(REL_IO) | BIT(REL_XEN) | BIT(REL_NONE) };

static unsigned int possible(const struct operation *op, enum domain_kind kind)
{
    unsigned int r, all = 0;

    for (r = 0; op && r < N_RELATIONS; r++)
        if (effective_relation(op, kind, (enum relation)r))
            all |= BIT(r);
    return all;
}

/* What a set of relations amounts to, beside single ones. */
enum { ANY_OTHER = BIT(N_RELATIONS), ANY = BIT(N_RELATIONS + 1) };

/* All there are become ANY, all domains but itself and its target ANY_OTHER; not about a domain is nothing. */
static unsigned int amount(unsigned int some, unsigned int all)
{
    all &= ~BIT(REL_HYPERVISOR);
    if (some & BIT(REL_HYPERVISOR))
        return BIT(REL_HYPERVISOR);
    if (some && some == all && (all & OTHERS))
        return ANY;
    if ((all & OTHERS) && (some & OTHERS) == (all & OTHERS))
        return (some & ~(unsigned int)(OTHERS | RESERVED)) | ANY_OTHER;
    return some;
}

/* The relations as "itself", "any other domain"; nothing if the operation is not about a domain. */
static void print_relations(struct buf *out, unsigned int amounts)
{
    const char *items[N_RELATIONS + 1];
    unsigned int n = 0, r;

    for (r = 0; r < N_RELATIONS; r++)
        if (r != REL_HYPERVISOR && amounts & BIT(r))
            items[n++] = relation_words[r];
    if (amounts & ANY_OTHER)
        items[n++] = "any other domain";
    if (amounts & ANY)
        items[n++] = "any domain";
    print_list(out, items, n);
}

void words_relations(struct buf *out, unsigned int some, unsigned int all)
{
    print_relations(out, amount(some, all));
}

/* ---- who ---- */

/* One sentence: what some subjects gain or lose under the same conditions. */
struct saying {
    bool allowed;
    const char *when, *build;
    unsigned int relations[N_SUBJECT_KINDS];    /* as bits */
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static bool collect_saying(const struct change *c, bool *done, struct saying *s)
{
    bool any = false;
    unsigned int i;

    memset(s, 0, sizeof(*s));
    for (i = 0; i < c->answers.n; i++) {
        const struct answer_change *a = &c->answers.items[i];

        if (done[i])
            continue;
        if (!any) {
            s->allowed = a->allowed;
            s->when = a->when;
            s->build = a->build;
            any = true;
        }
        if (a->allowed != s->allowed || !same_text(a->when, s->when) || !same_text(a->build, s->build))
            continue;
        s->relations[a->subject] |= BIT(a->relation);
        done[i] = true;
    }
    return any;
}

enum { DOMAINS = BIT(DOMAIN_HARDWARE) | BIT(DOMAIN_XENSTORE) | BIT(DOMAIN_DEVICE_MODEL) | BIT(DOMAIN_GUEST) };

/* The subjects of `set`, which gain or lose the same. */
static void print_kinds(struct buf *out, unsigned int set, bool allowed)
{
    const char *who[N_SUBJECT_KINDS];
    unsigned int n = 0, k;

    if ((set & DOMAINS) == DOMAINS) {
        buf_puts(out, allowed || (set & BIT(DOMAIN_CONTROL)) ? "every domain" : "every domain but the control domain");
        return;
    }
    for (k = 0; k < N_SUBJECT_KINDS; k++)
        if (set & BIT(k))
            who[n++] = subject_words((enum domain_kind)k);
    print_list(out, who, n);
}

/* One group of subjects and the relations they have in common. */
struct group {
    unsigned int subjects, relations;
};

static unsigned int group_subjects(const struct change *c, const struct saying *s, struct group *groups)
{
    const struct operation_pair *p = &c->pairs.items[0];
    unsigned int rest[N_SUBJECT_KINDS], n = 0, k, j, common = ~0u, domains = 0;

    for (k = 0; k < N_SUBJECT_KINDS; k++)
        rest[k] = amount(s->relations[k], possible(p->old, (enum domain_kind)k) | possible(p->new, (enum domain_kind)k));
    for (k = 0; k < N_SUBJECT_KINDS; k++) {
        if (BIT(k) & DOMAINS)
            common &= rest[k];
        domains |= k < DOMAIN_BOOT ? rest[k] : 0;
    }
    /* What all have in common first: "every domain (on itself) and a device model (on its target)". */
    if (common) {
        groups[n] = (struct group){ DOMAINS, common };
        if ((rest[DOMAIN_CONTROL] & common) == common) {
            groups[n].subjects |= BIT(DOMAIN_CONTROL);
            rest[DOMAIN_CONTROL] &= ~common;
        }
        n++;
        for (k = 0; k < N_SUBJECT_KINDS; k++)
            if (BIT(k) & DOMAINS)
                rest[k] &= ~common;
    }
    for (k = 0; k < N_SUBJECT_KINDS; k++) {
        /* Xen itself goes without saying where domains do the same. */
        if (!rest[k] || (domains && k >= DOMAIN_BOOT))
            continue;
        for (j = 0; j < n; j++)
            if (groups[j].relations == rest[k] && (groups[j].subjects & DOMAINS) != DOMAINS)
                break;
        if (j == n)
            groups[n++] = (struct group){ 0, rest[k] };
        groups[j].subjects |= BIT(k);
    }
    return n;
}

/* The subjects with their relations: "a device model (on its target) and a guest (on itself)". */
static void print_subjects(struct buf *out, const struct change *c, const struct saying *s)
{
    struct group groups[2 * N_SUBJECT_KINDS];
    struct buf texts[2 * N_SUBJECT_KINDS];
    const char *items[2 * N_SUBJECT_KINDS];
    unsigned int n = group_subjects(c, s, groups), i;

    for (i = 0; i < n; i++) {
        struct buf on = BUF_INIT;

        print_relations(&on, groups[i].relations);
        texts[i] = (struct buf)BUF_INIT;
        print_kinds(&texts[i], groups[i].subjects, s->allowed);
        /* That control may do it on any domain goes without saying. */
        if (on.len && (groups[i].subjects & (unsigned int)~BIT(DOMAIN_BOOT)) != BIT(DOMAIN_CONTROL))
            buf_printf(&texts[i], " (on %s)", buf_text(&on));
        buf_free(&on);
        items[i] = buf_text(&texts[i]);
    }
    print_list(out, items, n);
    for (i = 0; i < n; i++)
        buf_free(&texts[i]);
}

/* What may be done, as a verb: what is described by a noun is asked for. */
static void print_meaning(struct buf *out, const struct operation *op)
{
    const struct stage *last = operation_last(op);
    const char *meaning = operation_meaning(op);

    if (last->row && !last->key && !last->row->meaning)
        buf_printf(out, "ask '%s' for a command that is not listed", last->hook->name);
    else if (!strncmp(meaning, "a ", 2) || !strncmp(meaning, "an ", 3) || !strncmp(meaning, "the ", 4) || meaning == op->path)
        buf_printf(out, "ask for %s", meaning);
    else
        buf_puts(out, meaning);
}

static void print_what(struct buf *out, const struct change *c)
{
    const struct operation *op = operation_told(&c->pairs.items[0]);

    if (c->pairs.n > 1)
        buf_printf(out, "ask for %u operations of '%s'", c->pairs.n, operation_last(op)->hook->name);
    else
        print_meaning(out, op);
}

static void print_saying(struct buf *out, const struct change *c, const struct saying *s)
{
    size_t begun;

    if (out->len)
        buf_putc(out, ' ');
    begun = out->len;
    if (s->build)
        buf_printf(out, "in builds with %s, ", s->build);
    print_subjects(out, c, s);
    buf_puts(out, s->allowed ? " may now " : " may no longer ");
    print_what(out, c);
    if (s->when)
        buf_printf(out, "%s%s", !strcmp(s->when, "in some cases") ? " " : " when ", s->when);
    buf_putc(out, '.');
    capitalise(out, begun);
}

static void print_before(struct buf *out, const struct change *c)
{
    const struct operation_pair *p = &c->pairs.items[0];
    const struct stage *was = p->old ? operation_last(p->old) : NULL, *is = p->new ? operation_last(p->new) : NULL;

    if (!p->old) {
        buf_puts(out, " Before: there was no such operation.");
        return;
    }
    if (was->row && !was->key && is && is->key)
        buf_printf(out, " Before: %s, as any command that is not listed.", reach_words(c->before));
    else if (was->key && is && is->row && !is->key)
        buf_printf(out, " The command is no longer listed. Before: %s.", reach_words(c->before));
    else
        buf_printf(out, " Before: %s.", reach_words(c->before));
}

/* ---- where it is decided ---- */

static void print_default(struct buf *out, const struct stage *s)
{
    enum action action = stage_action(s, false);
    unsigned int i;

    if (action != ACTION_UNSET) {
        buf_puts(out, print_action(action));
        return;
    }
    if (!s->hook->n_defaults)
        buf_puts(out, "(nothing)");
    for (i = 0; i < s->hook->n_defaults; i++)
        buf_printf(out, "%s%s", i ? ", " : "", print_action(s->hook->defaults[i].action));
}

static void print_route(struct buf *out, const struct operation *op)
{
    unsigned int i;

    for (i = 0; i < op->n_stages; i++) {
        buf_printf(out, "%s%s (", i ? ", then " : "", op->stages[i].hook->name);
        print_default(out, &op->stages[i]);
        buf_putc(out, ')');
    }
}

static void print_moved(struct buf *out, const struct change *c)
{
    const struct operation_pair *p = &c->pairs.items[0];
    struct buf was = BUF_INIT, is = BUF_INIT;
    size_t begun = out->len;

    if (!p->old) {
        buf_puts(out, "There is a new operation; no one may ");
        print_what(out, c);
        buf_putc(out, '.');
        return;
    }
    if (!p->new) {
        buf_printf(out, "It is no longer checked who may ");
        print_what(out, c);
        buf_puts(out, "; every domain might before.");
        return;
    }
    print_route(&was, p->old);
    print_route(&is, p->new);
    if (operation_last(p->new)->key && operation_last(p->old)->row && !operation_last(p->old)->key)
        buf_puts(out, "there is a new command. ");
    else if (operation_told(p) == p->old)
        buf_puts(out, "the command is no longer listed. ");
    capitalise(out, begun);
    begun = out->len;
    buf_puts(out, "the same domains as before may ");
    print_what(out, c);
    if (strcmp(buf_text(&was), buf_text(&is)))
        buf_printf(out, ", decided by %s; before by %s.", buf_text(&is), buf_text(&was));
    else if (c->flask.grade == GRADE_SAME)
        buf_puts(out, "; the checks are written in another way.");
    else
        buf_putc(out, '.');
    capitalise(out, begun);
    buf_free(&was);
    buf_free(&is);
}

/* ---- Flask ---- */

static bool model_has(const struct model *m, const char *perm)
{
    const char *colon = strchr(perm, ':');
    unsigned int i, j;

    if (!colon)
        return true;
    for (i = 0; i < m->n_classes; i++) {
        const struct class *k = m->classes[i];

        if (strlen(k->name) != (size_t)(colon - perm) || strncmp(k->name, perm, (size_t)(colon - perm)))
            continue;
        for (j = 0; j < k->n_perms; j++)
            if (!strcmp(k->perms[j].name, colon + 1))
                return true;
    }
    return false;
}

static void print_perms_list(struct buf *out, const char *const *perms, unsigned int n)
{
    const char *items[64];
    unsigned int i, m = 0;

    for (i = 0; i < n && m < 64; i++)
        items[m++] = strcmp(perms[i], "(unknown)") ? perms[i] : "what the policy says of unknown commands";
    print_list(out, items, m);
    if (n > m)
        buf_printf(out, " (and %u more)", n - m);
}

static void print_flask(struct buf *out, const struct change *c)
{
    const struct flask_change *f = &c->flask;
    const struct operation_pair *p = &c->pairs.items[0];
    size_t begun;

    if (!p->new) {
        if (f->n_dropped) {
            buf_puts(out, " Flask no longer asks for ");
            print_perms_list(out, f->dropped, f->n_dropped);
            buf_putc(out, '.');
        }
        return;
    }
    if (f->grade == GRADE_SAME && p->old) {
        if (f->n_kept) {
            buf_puts(out, " Flask asks for ");
            print_perms_list(out, f->kept, f->n_kept);
            buf_puts(out, ", as before.");
        }
        return;
    }
    buf_putc(out, ' ');
    begun = out->len;
    if (f->build)
        buf_printf(out, "in builds with %s, ", f->build);
    buf_puts(out, "Flask ");
    if (f->ends_new && f->ends_old && strcmp(f->ends_new, f->ends_old) && !strcmp(f->ends_new, "refused")) {
        buf_puts(out, "now refuses it whatever the policy says");
    } else if (f->n_added) {
        buf_puts(out, !f->n_dropped && f->n_kept ? "also asks for " : "asks for ");
        print_perms_list(out, f->added, f->n_added);
        if (f->n_dropped) {
            buf_puts(out, " instead of ");
            print_perms_list(out, f->dropped, f->n_dropped);
        } else if (p->old && !f->n_kept) {
            buf_puts(out, f->ends_old && !strcmp(f->ends_old, "refused") ? "; before it refused, whatever the policy said" :
                                                                          "; before it asked nothing");
        }
    } else if (f->n_dropped) {
        buf_puts(out, "no longer asks for ");
        print_perms_list(out, f->dropped, f->n_dropped);
        if (!f->n_kept)
            buf_puts(out, "; it asks nothing at all");
    } else if (f->n_kept) {
        buf_puts(out, "asks for ");
        print_perms_list(out, f->kept, f->n_kept);
        buf_puts(out, " as before, but of another subject or object, or in other cases");
    } else {
        buf_puts(out, f->grade == GRADE_LOOSER ? "no longer refuses it" : "asks nothing");
    }
    buf_putc(out, '.');
    capitalise(out, begun);
}

static void print_advice(struct buf *out, const struct change *c, const struct model *old, const struct model *new)
{
    const struct flask_change *f = &c->flask;
    const char *fresh[32], *asked[32], *gone[32];
    unsigned int n_fresh = 0, n_asked = 0, n_gone = 0, i;

    if (f->grade == GRADE_SAME && c->pairs.items[0].old && c->pairs.items[0].new) {
        if (c->answers.n && f->n_kept)
            buf_puts(out, "Policies written by hand do not change by themselves; one derived from the database does.");
        return;
    }
    for (i = 0; i < f->n_added && n_asked < 32; i++) {
        if (!strcmp(f->added[i], "(unknown)"))
            continue;
        asked[n_asked++] = f->added[i];
        if (!model_has(old, f->added[i]))
            fresh[n_fresh++] = f->added[i];
    }
    for (i = 0; i < f->n_dropped && n_gone < 32; i++)
        if (!model_has(new, f->dropped[i]))
            gone[n_gone++] = f->dropped[i];
    if (n_fresh) {
        print_list(out, fresh, n_fresh);
        buf_printf(out, " %s new: no policy allows %s yet. ", n_fresh > 1 ? "are" : "is", n_fresh > 1 ? "them" : "it");
    }
    if (n_asked) {
        buf_puts(out, "Policies have to allow ");
        print_list(out, asked, n_asked);
        buf_puts(out, " to whoever may do this; one derived from the database follows by itself.");
    }
    if (n_gone) {
        buf_printf(out, "%sRules about ", n_asked ? " " : "");
        print_list(out, gone, n_gone);
        buf_puts(out, " no longer compile: the permission is gone.");
    }
}

/* ---- all together ---- */

static const char *take(struct arena *a, struct buf *b)
{
    const char *text = b->len ? arena_text(a, buf_text(b), b->len) : NULL;

    buf_free(b);
    return text;
}

void words_fill(struct arena *a, struct change *c, const struct model *old, const struct model *new)
{
    struct buf text = BUF_INIT, advice = BUF_INIT;
    bool *done = arena_array(a, c->answers.n, sizeof(*done));
    struct saying s;

    if (!c->pairs.items[0].new && c->answers.n) {
        buf_puts(&text, "It is no longer checked who may ");
        print_what(&text, c);
        buf_puts(&text, ": unless the operation itself is gone, every domain may.");
        print_before(&text, c);
    } else if (c->answers.n) {
        while (collect_saying(c, done, &s))
            print_saying(&text, c, &s);
        print_before(&text, c);
    } else {
        print_moved(&text, c);
    }
    if (c->incomplete)
        buf_puts(&text, " There are more cases than were compared: look at it by hand.");
    print_flask(&text, c);
    print_advice(&advice, c, old, new);
    c->text = take(a, &text);
    c->advice = take(a, &advice);
}
