/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules on defaults: what callers hand in, what the dummy policy asserts and does, what the database says. */
#include <string.h>

#include "audit/audit-inside.h"

static const char *const action_names[] = {
    [ACTION_ANYONE] = "XSM_HOOK", [ACTION_SELF_OR_TARGET] = "XSM_TARGET", [ACTION_XENSTORE] = "XSM_XS_PRIV",
    [ACTION_DEVICE_MODEL] = "XSM_DM_PRIV", [ACTION_CONTROL] = "XSM_PRIV",
};

static const char *action_name(enum action action)
{
    return action < sizeof(action_names) / sizeof(action_names[0]) ? action_names[action] : NULL;
}

static void check_callers(struct audit *a, const struct audit_hook *h)
{
    unsigned int i;

    for (i = 0; h->action && i < h->n_calls; i++) {
        const struct tree_call *call = h->calls[i];
        const char *text = call->n_args ? tree_text(a->tree, call->args[0]) : "";
        struct diag *d;

        if (strncmp(text, "XSM_", 4) || !strcmp(text, h->action))
            continue;
        d = diag_add(a->diags, &RULE_ACTION_MISMATCH, call->args[0], "'%s' is called with '%s', but asserts '%s'",
                     h->wrapper, text, h->action);
        diag_declare(a->diags, d, call->function->name);
        diag_note(a->diags, d, h->action_span, "asserted here");
        diag_help(a->diags, d, "without XSM this does not link; with it the assertion's action counts");
    }
}

static void compare(struct audit *a, const struct audit_hook *h, const char *command, const struct flow_label *label,
                    enum action action, struct span row)
{
    const char *want = action_name(action), *have = hook_action(a, h, command);
    struct span span = label ? label->act->span : h->action ? h->action_span : h->dummy->name_span;
    struct diag *d;

    if (!want || !have || !strcmp(want, have))
        return;
    if (command)
        d = diag_add(a->diags, &RULE_DEFAULT_MISMATCH, span, "the dummy policy has '%s' for '%s', the database '%s'", have,
                     command, want);
    else
        d = diag_add(a->diags, &RULE_DEFAULT_MISMATCH, span, "the dummy policy has '%s' for the hook '%s', the database '%s'",
                     have, h->name, want);
    diag_declare(a->diags, d, h->dummy->name);
    diag_note(a->diags, d, row, "described here");
}

static void check_database(struct audit *a, const struct audit_hook *h)
{
    const struct hook *row = h->described;
    struct flow_labels labels = { 0 };
    unsigned int i, k, m;

    if (!row || !h->has_action || row->dummy_manual.reason)
        return;
    if (row->n_defaults == 1 && !row->defaults[0].when && !row->defaults[0].guard && !row->defaults[0].on)
        compare(a, h, NULL, NULL, row->defaults[0].action, row->defaults[0].span);
    if (!row->table)
        return;
    if (h->dummy_subject)
        flow_labels(a->dummy, h->dummy, h->dummy_subject, &labels);
    for (i = 0; i < row->table->n_rows; i++) {
        const struct row *r = &row->table->rows[i];

        for (k = 0; k < r->n_keys && r->action != ACTION_UNSET; k++) {
            const struct flow_label *label = NULL;
            const char *key = names_get(a->names, r->keys[k].name);

            for (m = 0; m < labels.n; m++)
                if (labels.items[m].name == key)
                    label = &labels.items[m];
            compare(a, h, key, label, r->action, r->keys[k].span);
        }
    }
}

void audit_defaults(struct audit *a)
{
    unsigned int i;

    for (i = 0; i < a->n_hooks; i++) {
        check_callers(a, &a->hooks[i]);
        check_database(a, &a->hooks[i]);
    }
}
