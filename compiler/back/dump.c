/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every declaration in its order with everything it says. What is a small text in the language (a label, a
 * check, a condition) stays one.
 */
#include "back/dump.h"

#include <stddef.h>

#include "base/buf.h"
#include "model/print.h"
#include "text/json.h"

/* Prints with `print` into a text that lives until the member is written. */
static void dump_text(struct json *j, const char *key, struct buf *text)
{
    json_string(j, key, text->data);
    buf_free(text);
}

static void dump_label(struct json *j, const char *key, const struct label *l)
{
    struct buf text = BUF_INIT;

    if (l)
        print_label(&text, l);
    dump_text(j, key, &text);
}

static void dump_expr(struct json *j, const char *key, const struct expr *e)
{
    struct buf text = BUF_INIT;

    if (e)
        print_expr(&text, e, PRINT_LANGUAGE);
    dump_text(j, key, &text);
}

static void dump_steps(struct json *j, const char *key, const struct steps *s)
{
    unsigned int i;

    if (!s->set)
        return;
    json_begin(j, key, '[');
    for (i = 0; i < s->n; i++) {
        struct buf text = BUF_INIT;

        print_step(&text, &s->step[i]);
        dump_text(j, NULL, &text);
    }
    json_end(j, ']');
}

static void dump_defect(struct json *j, const struct defect *d)
{
    if (!d)
        return;
    json_begin(j, "defect", '{');
    json_string(j, "text", d->text);
    if (d->fix_action != ACTION_UNSET)
        json_string(j, "fixDefault", print_action(d->fix_action));
    dump_steps(j, "fixFlask", &d->fix_flask);
    json_end(j, '}');
}

static void dump_table(struct json *j, const char *key, const struct table *t)
{
    unsigned int i, k;

    if (!t)
        return;
    json_begin(j, key, '{');
    dump_expr(j, "on", t->on);
    json_begin(j, "rows", '[');
    for (i = 0; i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        json_begin(j, NULL, '{');
        json_begin(j, "commands", '[');
        for (k = 0; k < r->n_keys; k++)
            json_string(j, NULL, r->keys[k].name);
        if (r->star)
            json_string(j, NULL, "*");
        json_end(j, ']');
        if (r->action != ACTION_UNSET)
            json_string(j, "default", print_action(r->action));
        dump_steps(j, "flask", &r->flask);
        if (r->guard)
            dump_expr(j, "guard", r->guard);
        if (r->meaning)
            json_string(j, "meaning", r->meaning);
        dump_defect(j, r->defect);
        dump_table(j, "table", r->sub);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

static void dump_manual(struct json *j, const char *key, const struct manual *m)
{
    if (!m->reason)
        return;
    json_begin(j, key, '{');
    json_string(j, "function", m->function);
    json_string(j, "reason", m->reason);
    json_end(j, '}');
}

static void dump_defaults(struct json *j, const struct hook *h)
{
    unsigned int i;

    json_begin(j, "defaults", '[');
    for (i = 0; i < h->n_defaults; i++) {
        const struct default_clause *d = &h->defaults[i];

        json_begin(j, NULL, '{');
        json_string(j, "action", print_action(d->action));
        if (d->also)
            json_bool(j, "also", true);
        if (d->on)
            dump_label(j, "on", d->on);
        if (d->when)
            dump_expr(j, "when", d->when);
        if (d->guard)
            dump_expr(j, "guard", d->guard);
        if (d->note)
            json_string(j, "note", d->note);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void dump_within(struct json *j, const struct hook *h)
{
    static const char *const kinds[] = { "rows", "hook", "boot", "hypervisor", "hardware" };
    unsigned int i, k;

    if (!h->n_within)
        return;
    json_begin(j, "within", '[');
    for (i = 0; i < h->n_within; i++) {
        const struct within *w = &h->within[i];

        json_begin(j, NULL, '{');
        json_string(j, "kind", kinds[w->kind]);
        if (w->kind == WITHIN_HOOK)
            json_string(j, "hook", w->hook.name);
        if (w->n_commands) {
            json_begin(j, "commands", '[');
            for (k = 0; k < w->n_commands; k++)
                json_string(j, NULL, w->commands[k].name);
            json_end(j, ']');
        }
        if (w->args_given) {
            json_begin(j, "arguments", '[');
            for (k = 0; k < w->n_args; k++)
                dump_expr(j, NULL, w->args[k]);
            json_end(j, ']');
        }
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void dump_hook(struct json *j, const struct hook *h)
{
    static const char *const kinds[] = { "access", "life-cycle", "flask-only" };
    unsigned int i;

    json_begin(j, NULL, '{');
    json_string(j, "name", h->name);
    json_string(j, "kind", kinds[h->kind]);
    json_string(j, "meaning", h->meaning);
    json_string(j, "returns", h->returns);
    json_begin(j, "parameters", '[');
    for (i = 0; i < h->n_params; i++) {
        struct buf text = BUF_INIT;

        print_param(&text, &h->params[i]);
        dump_text(j, NULL, &text);
    }
    json_end(j, ']');
    dump_expr(j, "guard", h->guard);
    dump_label(j, "subject", h->subject);
    dump_label(j, "object", h->object);
    if (h->object_reserved)
        json_bool(j, "objectOrHypervisor", true);
    dump_within(j, h);
    dump_defaults(j, h);
    dump_steps(j, "flask", &h->flask);
    dump_table(j, "table", h->table);
    dump_table(j, "flaskTable", h->flask_table);
    if (h->silo.kind != SILO_UNSET) {
        json_begin(j, "silo", '{');
        if (h->silo.kind == SILO_PAIR) {
            dump_label(j, "a", h->silo.a);
            dump_label(j, "b", h->silo.b);
        } else {
            json_string(j, "none", h->silo.reason);
        }
        json_end(j, '}');
    }
    dump_manual(j, "manualFlask", &h->flask_manual);
    dump_manual(j, "manualDummy", &h->dummy_manual);
    if (h->result)
        json_string(j, "result", h->result);
    if (h->no_action)
        json_bool(j, "noAction", true);
    dump_defect(j, h->defect);
    json_end(j, '}');
}

void dump_json(struct buf *out, const struct model *m)
{
    struct json j = { out, 0, false };
    unsigned int i, k;

    json_begin(&j, NULL, '{');
    json_string(&j, "database", m->target);
    json_string(&j, "meaning", m->target_meaning);
    json_begin(&j, "classes", '[');
    for (i = 0; i < m->n_classes; i++) {
        const struct class *c = m->classes[i];

        json_begin(&j, NULL, '{');
        json_string(&j, "name", c->name);
        json_number(&j, "number", c->number);
        json_string(&j, "meaning", c->meaning);
        if (c->continues)
            json_string(&j, "continues", c->continues->name);
        json_begin(&j, "permissions", '[');
        for (k = 0; k < c->n_perms; k++) {
            json_begin(&j, NULL, '{');
            json_string(&j, "name", c->perms[k].name);
            json_number(&j, "bit", c->perms[k].bit);
            json_string(&j, "meaning", c->perms[k].meaning);
            json_end(&j, '}');
        }
        json_end(&j, ']');
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_begin(&j, "sids", '[');
    for (i = 0; i < m->n_isids; i++) {
        json_begin(&j, NULL, '{');
        json_string(&j, "name", m->isids[i]->name);
        json_number(&j, "number", m->isids[i]->number);
        json_string(&j, "meaning", m->isids[i]->meaning);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_begin(&j, "hooks", '[');
    for (i = 0; i < m->n_hooks; i++)
        dump_hook(&j, m->hooks[i]);
    json_end(&j, ']');
    json_end(&j, '}');
}
