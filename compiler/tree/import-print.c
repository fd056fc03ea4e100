/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The import, one hook in the language: what both models say of it, less what the hook's subject and object say already. */
#include <string.h>

#include "model/print.h"
#include "text/rules.h"
#include "tree/import-inside.h"

/* A hook being printed. */
struct page {
    struct import *im;
    const struct import_hook *h;
    struct buf *out;
    const char *subject, *object;
};

static const char *action_word(const char *action)
{
    static const char *const all[][2] = {
        { "XSM_HOOK", "anyone" }, { "XSM_TARGET", "self-or-target" }, { "XSM_DM_PRIV", "device-model" },
        { "XSM_XS_PRIV", "xenstore" }, { "XSM_PRIV", "control" },
    };
    size_t i;

    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (!strcmp(all[i][0], action))
            return all[i][1];
    return NULL;
}

/* " if CONFIG_X" for a guard below `base`; what the language cannot say is a diagnostic. */
static void print_config(const struct page *p, const struct tree_guard *g, const struct tree_guard *base)
{
    bool said;
    const struct expr *e = g == base ? NULL : tree_guard_expr(p->im->t, g, base, &said);

    if (e) {
        buf_puts(p->out, " if ");
        print_expr(p->out, e, PRINT_LANGUAGE);
    } else if (g != base && !said) {
        diag_add(p->im->diags, &RULE_NOT_UNDERSTOOD, g->span, "a condition that a database cannot say, of hook '%s'",
                 p->h->name);
    }
}

static bool equal(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

/* ---- Flask ---- */

static void print_check_step(const struct page *p, const struct reading_step *s)
{
    bool subject = s->spelt || !equal(s->subject, p->subject);

    if (subject)
        buf_printf(p->out, "%s ", s->subject);
    if (subject || !equal(s->object, p->object))
        buf_printf(p->out, "-> %s ", s->object);
    buf_printf(p->out, "%s:", s->class_name);
    if (s->perm_class)
        buf_printf(p->out, "%s:", s->perm_class);
    buf_puts(p->out, s->perms);
    if (s->plain)
        buf_puts(p->out, " audit plain");
}

static void print_step_text(const struct page *p, const struct reading_step *s)
{
    if (s->when)
        buf_printf(p->out, "when %s  ", s->when);
    switch (s->kind) {
    case READING_CHECK:
        print_check_step(p, s);
        break;
    case READING_REFUSE:
        buf_printf(p->out, "refuse%s%s", equal(s->text, "EPERM") ? "" : " ", equal(s->text, "EPERM") ? "" : s->text);
        break;
    case READING_UNKNOWN:
        buf_printf(p->out, "unknown %s", s->text);
        break;
    case READING_AS:
        buf_printf(p->out, "as hook %s", s->text);
        if (s->args)
            buf_printf(p->out, "(%s)", s->args);
        break;
    default:
        buf_puts(p->out, "permit");
        break;
    }
}

/* The steps and what they defer to; nothing if there are none. Returns whether they stand in braces. */
static bool print_flask(const struct page *p, const struct reading *r, const struct import_names *later)
{
    unsigned int i, n = r->n, all;
    bool defers = later && later->n;

    if (defers && n && r->steps[n - 1].kind == READING_PERMIT && !r->steps[n - 1].when)
        n--;
    all = n + defers;
    if (all > 1)
        buf_puts(p->out, "{ ");
    for (i = 0; i < n; i++) {
        print_step_text(p, &r->steps[i]);
        if (all > 1)
            buf_puts(p->out, "; ");
    }
    for (i = 0; defers && i < later->n; i++)
        buf_printf(p->out, "%s%s", i ? ", " : "then hook ", later->items[i]);
    if (all > 1)
        buf_puts(p->out, defers ? "; }" : "}");
    return all > 1;
}

/* ---- defaults ---- */

static const char *step_action(const struct reading_step *s)
{
    return s->kind == READING_REFUSE ? "nobody" : s->kind == READING_PERMIT ? "anyone" :
           s->kind == READING_DEFAULT ? action_word(s->action) : NULL;
}

static void not_understood(const struct page *p, struct span span, const char *what)
{
    diag_add(p->im->diags, &RULE_NOT_UNDERSTOOD, span, "the dummy policy for hook '%s' %s", p->h->name, what);
}

/* The first decision of the dummy policy, for the subject and object it names. */
static const struct reading_step *first_default(const struct reading *r)
{
    unsigned int i;

    for (i = 0; i < r->n; i++)
        if (r->steps[i].kind == READING_DEFAULT)
            return &r->steps[i];
    return NULL;
}

static void print_defaults(const struct page *p, const struct reading *r)
{
    bool many = false;
    unsigned int i;

    for (i = 0; i < r->n; i++)
        many = many || (r->steps[i].kind == READING_DEFAULT && r->steps[i].object && !equal(r->steps[i].object, p->object));
    for (i = 0; i < r->n; i++) {
        const struct reading_step *s = &r->steps[i];
        const char *action = step_action(s);
        bool also = i && r->steps[i - 1].kind == READING_DEFAULT && !r->steps[i - 1].ends;

        if (!action) {
            not_understood(p, s->span, "asks for what is no default action");
            continue;
        }
        if (!s->when && also && s->kind == READING_PERMIT)
            continue;
        buf_printf(p->out, "%s %s", also ? "also" : "default", action);
        if (many && s->object)
            buf_printf(p->out, " on %s", s->object);
        if (s->when)
            buf_printf(p->out, " when %s", s->when);
        if (s->guard) {
            bool said;
            const struct expr *e = tree_guard_expr(p->im->t, tree_guard_at(p->im->t, s->span), p->h->dummy->guard, &said);

            buf_puts(p->out, " if ");
            print_expr(p->out, e, PRINT_LANGUAGE);
        }
        buf_puts(p->out, ";\n");
    }
    if (r->incomplete)
        not_understood(p, r->where, r->incomplete);
}

/* ---- tables ---- */

static void print_row_action(const struct page *p, const struct import_row *r)
{
    const char *action = r->dummy.n ? step_action(&r->dummy.steps[0]) : NULL;

    if (!action || r->dummy.n > 1)
        not_understood(p, r->dummy.n ? r->dummy.steps[0].span : p->h->span, "decides on a command in more than one way");
    if (action)
        buf_printf(p->out, "%s ", action);
}

static void print_rows(const struct page *p, const char *on, const struct import_row *rows, unsigned int n, bool actions)
{
    struct buf *all = p->out;
    struct page each = *p;
    const char *before = NULL;
    unsigned int i;

    buf_printf(all, "on %s {\n", on);
    for (i = 0; i < n; i++) {
        struct buf text = BUF_INIT;
        const char *said;

        each.out = &text;
        if (rows[i].sub) {
            print_rows(&each, rows[i].sub_on, rows[i].sub, rows[i].n_sub, actions);
        } else {
            if (actions)
                print_row_action(&each, &rows[i]);
            print_flask(&each, &rows[i].flask, &rows[i].later);
            print_config(&each, rows[i].guard, rows[i].base);
            buf_putc(&text, ';');
        }
        said = tree_taken(p->im->arena, &text);
        if (before && equal(before, said) && rows[i].written && rows[i].written == rows[i - 1].written) {
            buf_printf(all, ", %s", rows[i].key);
        } else {
            if (before)
                buf_printf(all, " %s\n", before);
            buf_puts(all, rows[i].key);
        }
        before = said;
    }
    buf_printf(all, " %s\n}\n", before ? before : ";");
}

/* ---- the rest of a hook ---- */

static void print_manual(const struct page *p, const char *which, const struct tree_function *f, const char *plain,
                         const struct reading *r)
{
    struct place at = source_place(p->im->t->sources, r->where);

    buf_printf(p->out, "manual %s ", which);
    if (strcmp(f->name, plain))
        buf_printf(p->out, "\"%s\" ", f->name);
    buf_printf(p->out, "\"%s:%u: %s\";\n", f->file->path, at.line, r->incomplete);
    diag_help(p->im->diags,
              diag_add(p->im->diags, &RULE_NOT_UNDERSTOOD, r->where, "'%s' %s", f->name, r->incomplete),
              "hook '%s' is marked 'manual': its checks are what could be read, and whoever knows the function should look at "
              "them", p->h->name);
}

/* The argument of the hook that a word in a function stands for, or NULL. */
static const char *argument(const struct page *p, const struct tree_function *f, const char *word)
{
    unsigned int i;

    for (i = 0; i < f->n_params && i < p->h->n_params; i++)
        if (equal(f->params[i].name, word))
            return p->h->names[i];
    return NULL;
}

static void print_silo(const struct page *p)
{
    const struct tree_function *f = p->h->silo;
    const char *pair[2] = { NULL, NULL };
    unsigned int i, j, k;

    for (i = 0; i < f->n_calls; i++) {
        if (!equal(f->calls[i].callee, "silo_mode_dom_check") || f->calls[i].n_args != 2)
            continue;
        for (j = 0; j < 2; j++) {
            pair[j] = argument(p, f, tree_text(p->im->t, f->calls[i].args[j]));
            for (k = 0; !pair[j] && k < f->n_calls; k++)    /* d = rcu_lock_domain_by_any_id(id) */
                if (f->calls[k].callee && strstr(f->calls[k].callee, "lock_domain_by") && f->calls[k].n_args)
                    pair[j] = argument(p, f, tree_text(p->im->t, f->calls[k].args[0]));
        }
    }
    if (pair[0] && pair[1])
        buf_printf(p->out, "silo %s, %s;\n", pair[0], pair[1]);
    else
        diag_add(p->im->diags, &RULE_NOT_UNDERSTOOD, f->name_span, "'%s' compares no two arguments of hook '%s'", f->name,
                 p->h->name);
}

static bool asks(const struct reading *r)
{
    unsigned int i;

    for (i = 0; i < r->n; i++)
        if (r->steps[i].kind == READING_CHECK || r->steps[i].kind == READING_AS || r->steps[i].kind == READING_UNKNOWN)
            return true;
    return false;
}

static bool table_asks(const struct import_table *t)
{
    unsigned int i;

    for (i = 0; i < t->n; i++)
        if (asks(&t->rows[i].flask))
            return true;
    return false;
}

/* The one subject, or object, of all checks; NULL if they differ. */
static const char *common(const struct reading *r, const struct import_table *t, const char *subject)
{
    const char *found = NULL;
    unsigned int i, j, n = t->on ? t->n : 1;

    for (i = 0; i < n; i++) {
        const struct reading *each = t->on ? &t->rows[i].flask : r;

        for (j = 0; j < each->n; j++) {
            const struct reading_step *s = &each->steps[j];
            const char *what = subject ? s->object : s->subject;

            if (s->kind != READING_CHECK)
                continue;
            if ((subject && !equal(s->subject, subject)) || (found && !equal(found, what)))
                return NULL;
            found = what;
        }
    }
    return found;
}

static void print_head(const struct page *p, const char *kind)
{
    const struct import_hook *h = p->h;
    unsigned int i;

    buf_printf(p->out, "%shook %s(", kind, h->name);
    for (i = 0; i < h->n_params; i++) {
        const char *type = h->params[i].type;
        size_t n = strlen(type);

        if (h->params[i].array && n > 2 && type[n - 1] == '*')
            n -= 2;
        buf_printf(p->out, "%s%.*s%s%s%s", i ? ", " : "", (int)n, type, type[n - 1] == '*' ? "" : " ", h->names[i],
                   h->params[i].array ? "[]" : "");
    }
    buf_printf(p->out, "%s)", h->n_params ? "" : "void");
    if (strcmp(h->returns, "int"))
        buf_printf(p->out, " returns \"%s\"", h->returns);
    print_config(p, h->guard, h->base);
    buf_puts(p->out, " {\n");
}

/* Whether callers hand in a default action. */
static bool takes_action(const struct page *p)
{
    const struct tree_function *f = p->h->dummy;
    size_t len;
    const char *text = source_text(p->im->t->sources, f->span.file, &len);
    const char *head = arena_text(p->im->arena, text + f->span.start, f->body.start - f->span.start);

    return strstr(head, "XSM_DEFAULT_") != NULL;
}

static void print_body(const struct page *p, const struct reading *dummy, const struct reading *flask,
                       const struct import_table *t)
{
    const struct import_hook *h = p->h;
    const char *plain = arena_printf(p->im->arena, "flask_%s", h->name);
    const struct reading *unread = flask->incomplete ? flask : NULL;
    unsigned int i;

    for (i = 0; !unread && i < t->n; i++) {
        const struct import_row *row = &t->rows[i];
        unsigned int j;

        if (!row->sub && row->flask.incomplete)
            unread = &row->flask;
        for (j = 0; row->sub && !unread && j < row->n_sub; j++)
            if (row->sub[j].flask.incomplete)
                unread = &row->sub[j].flask;
    }
    if (t->on && t->by_dummy) {
        print_rows(p, t->on, t->rows, t->n, true);
    } else if (t->on) {
        buf_puts(p->out, "flask ");
        print_rows(p, t->on, t->rows, t->n, false);
    } else if (flask->n) {
        buf_puts(p->out, "flask ");
        buf_puts(p->out, print_flask(p, flask, NULL) ? "\n" : ";\n");
    } else if (h->alias) {
        for (i = 0; i < p->im->hooks.n; i++)
            if (equal(p->im->hooks.items[i].flask_name, h->alias))
                buf_printf(p->out, "flask as hook %s;\n", p->im->hooks.items[i].name);
    } else if (h->same_as) {
        for (i = 0; i < p->im->hooks.n; i++)
            if (equal(p->im->hooks.items[i].flask_name, h->same_as))
                buf_printf(p->out, "flask as hook %s;\nmanual flask \"%s\" \"the same source as '%s', compiled again\";\n",
                           p->im->hooks.items[i].name, h->flask_name, h->same_as);
    }
    if (h->silo)
        print_silo(p);
    if (unread && h->flask)
        print_manual(p, "flask", h->flask, plain, unread);
    else if (h->flask && strcmp(h->flask->name, plain))
        print_manual(p, "flask", h->flask, plain, &(struct reading){ .where = h->flask->name_span,
                                                                     .incomplete = "has a name of its own" });
    if (dummy->asserted == NULL && dummy->incomplete)
        print_manual(p, "dummy", h->dummy, arena_printf(p->im->arena, "xsm_%s", h->name), dummy);
}

/* Whether a condition is about the command alone, and not about what the security module has in mind. */
static bool is_about_command(const char *when, const char *on)
{
    size_t base = strcspn(on, ".-");

    while (*when) {
        size_t n = tree_word_len(when);

        if (!n) {
            when++;
        } else if (*when >= 'a' && *when <= 'z' && (n != base || memcmp(when, on, n))) {
            return false;
        } else {
            when += n;
            while (*when == '.' || (when[0] == '-' && when[1] == '>'))
                when += *when == '.' ? 1 + tree_word_len(when + 1) : 2 + tree_word_len(when + 2);
        }
    }
    return true;
}

/*
 * A command of the security module itself: what its checks ask for, not how the hypercall is unpacked. The dummy policy
 * has none of it; control may what Flask asks about, and anyone what it does not.
 */
static void own_command(struct import *im, struct import_row *r, const char *on)
{
    struct reading_step *d = ARENA_NEW(im->arena, struct reading_step), *last = NULL;
    unsigned int i, n = 0;

    for (i = 0; i < r->flask.n; i++) {
        struct reading_step *s = &r->flask.steps[i];

        if (s->kind != READING_CHECK) {
            last = s;
            continue;
        }
        if (s->when && !is_about_command(s->when, on))
            s->when = NULL;
        r->flask.steps[n++] = *s;
    }
    d->kind = n ? READING_DEFAULT : last && last->kind == READING_REFUSE && !last->when ? READING_REFUSE : READING_PERMIT;
    d->action = "XSM_PRIV";
    if (!n) {
        r->flask.steps = ARENA_NEW(im->arena, struct reading_step);
        *r->flask.steps = d->kind == READING_REFUSE ? *last : *d;
        n = 1;
    }
    r->flask.n = n;
    r->dummy = (struct reading){ .steps = d, .n = 1 };
}

void import_print_hook(struct import *im, const struct import_hook *h, struct buf *out)
{
    struct page p = { .im = im, .h = h, .out = out };
    struct reading dummy = import_reading(im, h, h->dummy, NULL, 0), flask = { .steps = NULL };
    struct import_table t = import_table(im, h);
    const struct reading_step *d;
    unsigned int i;
    bool access;

    if (!h->dummy)
        diag_help(im->diags, diag_add(im->diags, &RULE_NOT_UNDERSTOOD, h->span,
                                      "hook '%s' has no function in the dummy policy", h->name),
                  "it is written without a default, and nothing is generated from it until somebody decides");
    if (!t.on || !table_asks(&t)) {
        t = (struct import_table){ .on = NULL };
        flask = import_reading(im, h, h->flask, NULL, 0);
    }
    if (!h->flask && !h->same_as && !h->alias)
        diag_add(im->diags, &RULE_NOT_UNDERSTOOD, h->span, "hook '%s' has no function '%s' in Flask", h->name, h->flask_name);
    access = !h->dummy || dummy.asserted || ((asks(&flask) || table_asks(&t)) && equal(dummy.returned, "0"));
    if (!access && !asks(&flask) && !table_asks(&t) && !h->same_as) {       /* keeps labels */
        print_head(&p, "lifecycle ");
        if (dummy.returned && !dummy.incomplete)
            buf_printf(out, "result \"%s\";\n", dummy.returned);
        flask.n = 0;
        if (h->flask && !flask.incomplete)
            flask = (struct reading){ .where = h->flask->name_span, .incomplete = "keeps labels" };
        print_body(&p, &dummy, &flask, &(struct import_table){ .on = NULL });
        buf_puts(out, "}\n\n");
        return;
    }
    for (i = 0; !access && i < t.n; i++)
        own_command(im, &t.rows[i], t.on);
    t.by_dummy = t.by_dummy || !access;
    d = first_default(&dummy);
    for (i = 0; access && !d && i < t.n; i++)
        d = first_default(&t.rows[i].dummy);
    p.subject = d ? d->subject : common(&flask, &t, NULL);
    if (!p.subject)
        p.subject = "current";
    p.object = d && d->object ? d->object : common(&flask, &t, p.subject);
    for (i = 0; !access && !p.object && i < t.n; i++)
        p.object = t.rows[i].flask.steps[0].object;
    print_head(&p, access ? "" : "flask-only ");
    if (!h->same_as)
        buf_printf(out, "subject %s;\n", p.subject);
    if (p.object)
        buf_printf(out, "object %s;\n", p.object);
    if (map_get(&im->deferred, NULL, names_get(im->t->names, h->name)))
        buf_puts(out, "within rows;\n");
    if (access && !(t.on && t.by_dummy))
        print_defaults(&p, &dummy);
    if (access && h->dummy && !takes_action(&p))
        buf_puts(out, "action none;\n");
    if (!access)
        buf_printf(out, "result \"%s\";\n", dummy.returned ? dummy.returned : "");
    print_body(&p, &dummy, &flask, &t);
    buf_puts(out, "}\n\n");
}
