/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order within a question is that of the hand-written code: look the object's SID up, work out the permissions,
 * fill in the audit record, ask.
 */
#include "back/xen-ask.h"

#include <ctype.h>
#include <string.h>

#include "model/print.h"

static const struct label label_current = { .kind = LABEL_CURRENT };
static const struct label label_none = { .kind = LABEL_NONE };

const struct label *ask_subject(const struct ask *a, const struct check *c)
{
    return c->subject ? c->subject : a->hook->subject ? a->hook->subject : &label_current;
}

const struct label *ask_object(const struct ask *a, const struct check *c)
{
    return c->object ? c->object : a->hook->object ? a->hook->object : &label_none;
}

/* ---- names ---- */

static bool name_taken(const struct ask *a, const char *name)
{
    unsigned int i;

    for (i = 0; i < a->hook->n_params; i++)
        if (!strcmp(a->hook->params[i].name, name))
            return true;
    for (i = 0; i < a->locals.n; i++)
        if (!strcmp(a->locals.items[i].name, name))
            return true;
    return false;
}

const char *ask_local(struct ask *a, const char *type, const char *base, const char *value)
{
    const char *name = base;
    unsigned int i;

    for (i = 2; name_taken(a, name); i++)
        name = arena_printf(a->g->arena, "%s%u", base, i);
    *LIST_PUSH(a->g->arena, &a->locals) = (struct ask_local){ type, name, value };
    return name;
}

const char *ask_rc(struct ask *a)
{
    if (!a->rc)
        a->rc = ask_local(a, "int", "rc", NULL);
    return a->rc;
}

static const char *upper(struct ask *a, const char *prefix, const char *text)
{
    char *copy = arena_printf(a->g->arena, "%s%s", prefix, text), *at;

    for (at = copy + strlen(prefix); *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

static const char *class_name(struct ask *a, const struct check *c)
{
    return upper(a, "SECCLASS_", c->class_name);
}

static const char *perm_name(struct ask *a, const struct check *c, const struct perm_use *u)
{
    const char *class = c->perm_class_name ? c->perm_class_name : c->class_name;

    return upper(a, "", arena_printf(a->g->arena, "%s__%s", class, u->name));
}

/* ---- SIDs ---- */

/* The domain as C, or NULL if the label is none of which C has a pointer. */
static const char *domain_expr(const struct label *l)
{
    if (l->kind == LABEL_CURRENT)
        return "current->domain";
    if ((l->kind == LABEL_DOMAIN || l->kind == LABEL_EXACT) && l->param && l->param->kind == PARAM_DOMAIN)
        return l->name;
    return NULL;
}

static bool is_const(const struct label *l)
{
    return l->param && !strncmp(l->param->type, "const ", 6);
}

static bool is_resource(const struct label *l)
{
    return l->kind == LABEL_DEVICE || l->kind == LABEL_IRQ || l->kind == LABEL_DTDEV;
}

/* Whether some check of the steps about this resource leaves an audit record that names it. */
static bool steps_audit(const struct ask *a, const struct steps *s, const struct label *l)
{
    unsigned int i;

    for (i = 0; i < s->n; i++)
        if (s->step[i].kind == STEP_CHECK && !s->step[i].check.audit_plain &&
            label_equal(ask_object(a, &s->step[i].check), l))
            return true;
    return false;
}

static bool table_audits(const struct ask *a, const struct table *t, const struct label *l)
{
    unsigned int i;

    for (i = 0; t && i < t->n_rows; i++) {
        const struct row *r = &t->rows[i];

        if (steps_audit(a, gen_steps(a->g, &r->flask, r->defect), l) || table_audits(a, r->sub, l))
            return true;
    }
    return false;
}

static struct ask_sid *resource_sid(struct ask *a, const struct label *l)
{
    struct ask_sid *s;
    unsigned int i;

    for (i = 0; i < a->sids.n; i++)
        if (label_equal(a->sids.items[i].label, l))
            return &a->sids.items[i];
    s = LIST_PUSH(a->g->arena, &a->sids);
    s->label = l;
    s->variable = ask_local(a, "uint32_t", "rsid", NULL);
    /* get_irq_sid() fills in the audit record at once; the others leave it to the question. */
    if (l->kind == LABEL_IRQ && (steps_audit(a, gen_steps(a->g, &a->hook->flask, a->hook->defect), l) ||
                                 table_audits(a, a->hook->table, l) || table_audits(a, a->hook->flask_table, l)))
        s->audit = ask_local(a, "struct avc_audit_data", "ad", NULL);
    return s;
}

static const char *sid_expr(struct ask *a, const struct label *l)
{
    const char *domain = domain_expr(l);

    if (domain)
        return arena_printf(a->g->arena, "domain_sid(%s)", domain);
    switch (l->kind) {
    case LABEL_EVTCHN:
        return arena_printf(a->g->arena, "evtchn_sid(%s)", l->name);

    case LABEL_ISID:
        return upper(a, "SECINITSID_", l->name);

    case LABEL_ARG:
        return xen_expr(a->g, l->args[0]);

    case LABEL_SEEN:
        if (domain_expr(l->from) && domain_expr(l->to))
            return arena_printf(a->g->arena, "domain_target_sid(%s, %s)", l->from->name, l->to->name);
        break;

    case LABEL_DEVICE:
    case LABEL_IRQ:
    case LABEL_DTDEV:
        return resource_sid(a, l)->variable;

    case LABEL_NONE:
        diag_help(a->g->diags, gen_refuse(a->g, l->span.file ? l->span : a->hook->span,
                                          "this check is about nothing: hook '%s' has no object", a->hook->name),
                  "write `object ...;`, or `-> OBJECT class:permission`");
        return "SECINITSID_UNLABELED";

    case LABEL_CURRENT:
    case LABEL_DOMAIN:
    case LABEL_EXACT:
    case LABEL_NEW:
    case LABEL_IOMEM:
    case LABEL_IOPORT:
        break;
    }
    diag_help(a->g->diags,
              gen_refuse(a->g, l->span, "finding this label out takes a program (a domain looked up by number, a "
                                        "type transition, a range with several labels)"),
              "write the body of '%s' by hand and mark the hook `manual flask \"why\";`", a->hook->name);
    return "SECINITSID_UNLABELED";
}

const char *ask_subject_sid(struct ask *a, const struct check *c)
{
    return a->subject_sid ? a->subject_sid : sid_expr(a, ask_subject(a, c));
}

/* Looks the SID up and reports a failure, unless the function has done so already. */
static void look_up(struct ask *a, unsigned int indent, const struct label *l)
{
    struct ask_sid *s = resource_sid(a, l);
    struct xen_args args = { NULL, 0, 0 };

    if (s->looked_up)
        return;
    xen_args_add(a->g, &args, xen_expr(a->g, l->args[0]));
    xen_args_add(a->g, &args, arena_printf(a->g->arena, "&%s", s->variable));
    if (l->kind == LABEL_IRQ)
        xen_args_add(a->g, &args, s->audit ? arena_printf(a->g->arena, "&%s", s->audit) : "NULL");
    xen_call(a->out, indent, arena_printf(a->g->arena, "%s = ", ask_rc(a)),
             l->kind == LABEL_DEVICE  ? "security_device_sid"
             : l->kind == LABEL_DTDEV ? "security_devicetree_sid"
                                      : "get_irq_sid",
             &args, ";");
    xen_line(a->out, indent, "if ( %s )", a->rc);
    xen_line(a->out, indent + 4, "return %s;", a->rc);
    buf_putc(a->out, '\n');
    s->looked_up = true;
    s->audited = l->kind == LABEL_IRQ && s->audit;
}

/* The audit record that names the resource: the C argument. */
static const char *audit(struct ask *a, unsigned int indent, const struct check *c)
{
    const struct label *l = ask_object(a, c);
    struct ask_sid *s;

    if (!is_resource(l) || c->audit_plain)
        return "NULL";
    s = resource_sid(a, l);
    if (!s->audit)
        s->audit = ask_local(a, "struct avc_audit_data", "ad", NULL);
    if (!s->audited && l->kind != LABEL_IRQ) {
        xen_line(a->out, indent, "AVC_AUDIT_DATA_INIT(&%s, %s);", s->audit,
                 l->kind == LABEL_DEVICE ? "DEV" : "DTDEV");
        xen_line(a->out, indent, "%s.%s = %s;", s->audit, l->kind == LABEL_DEVICE ? "device" : "dtdev",
                 xen_expr(a->g, l->args[0]));
        s->audited = true;
    }
    return arena_printf(a->g->arena, "&%s", s->audit);
}

/* ---- permissions ---- */

bool ask_plain(const struct check *c)
{
    unsigned int i;

    for (i = 0; i < c->n_perms; i++)
        if (c->perms[i].when || c->perms[i].choose)
            return false;
    return true;
}

const char *ask_perms(struct ask *a, const struct check *c)
{
    const char *text = NULL;
    unsigned int i;

    for (i = 0; i < c->n_perms; i++) {
        const struct perm_use *u = &c->perms[i];

        if (u->when || u->choose)
            continue;
        text = text ? arena_printf(a->g->arena, "%s | %s", text, perm_name(a, c, u)) : perm_name(a, c, u);
    }
    return text ? text : "0";
}

static const char *choice_call(struct ask *a, const struct perm_use *u)
{
    const char *text = arena_printf(a->g->arena, "%s(", u->choose);
    unsigned int i;

    for (i = 0; i < u->n_choose_args; i++)
        text = arena_printf(a->g->arena, "%s%s%s", text, i ? ", " : "", xen_expr(a->g, u->choose_args[i]));
    return arena_printf(a->g->arena, "%s)", text);
}

static bool choice_equal(const struct perm_use *x, const struct perm_use *y)
{
    unsigned int i;

    if (x->choose != y->choose || x->n_choose_args != y->n_choose_args)
        return false;
    for (i = 0; i < x->n_choose_args; i++)
        if (!expr_equal(x->choose_args[i], y->choose_args[i]))
            return false;
    return true;
}

/* The check's one permission if it is left to a function unconditionally. */
static const struct perm_use *only_choice(const struct check *c)
{
    return c->n_perms == 1 && c->perms[0].choose && !c->perms[0].when ? &c->perms[0] : NULL;
}

static const char *choice_variable(const struct ask *a, const struct perm_use *u)
{
    unsigned int i;

    for (i = 0; i < a->choices.n; i++)
        if (choice_equal(a->choices.items[i].use, u))
            return a->choices.items[i].variable;
    return NULL;
}

void ask_choose_early(struct ask *a, unsigned int indent, const struct check *c)
{
    const struct perm_use *u = only_choice(c);
    const char *variable;

    if (!u || choice_variable(a, u))
        return;
    variable = ask_local(a, "uint32_t", "use_perm", a->out->len ? NULL : choice_call(a, u));
    *LIST_PUSH(a->g->arena, &a->choices) = (struct ask_choice){ u, variable };
    if (!a->out->len)
        return;
    xen_line(a->out, indent, "%s = %s;", variable, choice_call(a, u));
    buf_putc(a->out, '\n');
}

/* `variable op value;` for the first of the alternatives that applies. */
static void print_alternatives(struct ask *a, unsigned int indent, const struct check *c, const struct perm_use *u,
                               const char *assign)
{
    bool more = false;

    for (; u; u = u->otherwise) {
        const char *value = u->choose ? choice_call(a, u) : perm_name(a, c, u);

        if (u->when) {
            if (more) {
                xen_line(a->out, indent, "else");
                indent += 4;
            }
            xen_if(a->out, indent, xen_expr(a->g, u->when));
        } else if (more) {
            xen_line(a->out, indent, "else");
        }
        xen_line(a->out, indent + (u->when || more ? 4 : 0), "%s %s;", assign, value);
        more = true;
    }
}

static bool always_some(const struct perm_use *u)
{
    while (u->when && u->otherwise)
        u = u->otherwise;
    return !u->when;
}

/*
 * Permissions that depend on something, in a local: one alternative of several is assigned, a set is collected.
 * `maybe_none`: nothing may be left to ask.
 */
static const char *collect_perms(struct ask *a, unsigned int indent, const struct check *c, bool *maybe_none)
{
    const char *variable, *assign;
    unsigned int i;

    *maybe_none = true;
    for (i = 0; i < c->n_perms; i++)
        if (always_some(&c->perms[i]))
            *maybe_none = false;
    if (c->n_perms == 1 && !*maybe_none) {
        variable = ask_local(a, "uint32_t", "perm", NULL);
        print_alternatives(a, indent, c, &c->perms[0], arena_printf(a->g->arena, "%s =", variable));
        buf_putc(a->out, '\n');
        return variable;
    }
    variable = ask_local(a, "uint32_t", "perms", a->out->len ? NULL : ask_perms(a, c));
    assign = arena_printf(a->g->arena, "%s |=", variable);
    if (a->out->len)
        xen_line(a->out, indent, "%s = %s;", variable, ask_perms(a, c));
    for (i = 0; i < c->n_perms; i++)
        if (c->perms[i].when || c->perms[i].choose)
            print_alternatives(a, indent, c, &c->perms[i], assign);
    buf_putc(a->out, '\n');
    return variable;
}

/* ---- the question ---- */

enum ask_kind ask_kind(const struct ask *a, const struct check *c)
{
    const struct label *s = ask_subject(a, c), *o = ask_object(a, c);

    if (!domain_expr(s))
        return ASK_RAW;
    if (domain_expr(o) && o->kind != LABEL_EXACT)
        return ASK_HAS_PERM;
    if (o->kind == LABEL_ISID && !strcmp(o->name, "xen") && !strcmp(c->class_name, "xen") && !is_const(s))
        return ASK_HAS_XEN;
    if (o->kind == LABEL_EVTCHN && !strcmp(c->class_name, "event") && !is_const(s) && !is_const(o))
        return ASK_HAS_EVTCHN;
    return ASK_RAW;
}

static void print_call(struct ask *a, unsigned int indent, const char *lead, const struct check *c,
                       const char *perms, const char *audit_arg)
{
    const struct label *s = ask_subject(a, c), *o = ask_object(a, c);
    struct xen_args args = { NULL, 0, 0 };
    const char *callee;
    bool current;

    switch (ask_kind(a, c)) {
    case ASK_HAS_PERM:
        current = s->kind == LABEL_CURRENT && !is_const(o);
        callee = current ? "current_has_perm" : "domain_has_perm";
        if (!current)
            xen_args_add(a->g, &args, domain_expr(s));
        xen_args_add(a->g, &args, domain_expr(o));
        xen_args_add(a->g, &args, class_name(a, c));
        xen_args_add(a->g, &args, perms);
        break;

    case ASK_HAS_XEN:
        callee = "domain_has_xen";
        xen_args_add(a->g, &args, domain_expr(s));
        xen_args_add(a->g, &args, perms);
        break;

    case ASK_HAS_EVTCHN:
        callee = "domain_has_evtchn";
        xen_args_add(a->g, &args, domain_expr(s));
        xen_args_add(a->g, &args, o->name);
        xen_args_add(a->g, &args, perms);
        break;

    case ASK_RAW:
    default:
        /* A subject that the row spells out is looked up there, even if it is the caller. */
        current = s->kind == LABEL_CURRENT && !a->subject_sid && !c->subject;
        callee = current ? "avc_current_has_perm" : "avc_has_perm";
        if (!current)
            xen_args_add(a->g, &args, ask_subject_sid(a, c));
        xen_args_add(a->g, &args, sid_expr(a, o));
        xen_args_add(a->g, &args, class_name(a, c));
        xen_args_add(a->g, &args, perms);
        xen_args_add(a->g, &args, audit_arg);
        break;
    }
    xen_call(a->out, indent, lead, callee, &args, ";");
}

bool ask_simple(const struct ask *a, const struct check *c)
{
    return ask_plain(c) && !is_resource(ask_subject(a, c)) && !is_resource(ask_object(a, c));
}

void ask_print_into_rc(struct ask *a, unsigned int indent, const struct check *c)
{
    print_call(a, indent, arena_printf(a->g->arena, "%s = ", ask_rc(a)), c, ask_perms(a, c), "NULL");
}

void ask_print(struct ask *a, unsigned int indent, const struct check *c, const char *perms, bool last)
{
    const struct label *s = ask_subject(a, c), *o = ask_object(a, c);
    bool maybe_none = false;
    const char *audit_arg;

    if (is_resource(s))
        look_up(a, indent, s);
    if (is_resource(o))
        look_up(a, indent, o);
    if (!perms)
        perms = ask_plain(c) ? ask_perms(a, c) : only_choice(c) ? choice_variable(a, only_choice(c)) : NULL;
    if (!perms)
        perms = collect_perms(a, indent, c, &maybe_none);
    if (!maybe_none) {
        audit_arg = audit(a, indent, c);
        if (last) {
            print_call(a, indent, "return ", c, perms, audit_arg);
            return;
        }
        print_call(a, indent, arena_printf(a->g->arena, "%s = ", ask_rc(a)), c, perms, audit_arg);
    } else {
        bool braces = is_resource(o) && !c->audit_plain;

        a->rc_zero = true;
        xen_line(a->out, indent, "if ( %s )", perms);
        if (braces)
            xen_line(a->out, indent, "{");
        audit_arg = audit(a, indent + 4, c);
        print_call(a, indent + 4, arena_printf(a->g->arena, "%s = ", ask_rc(a)), c, perms, audit_arg);
        if (braces) {
            xen_line(a->out, indent, "}");
            resource_sid(a, o)->audited = false;
        }
        if (last) {
            xen_line(a->out, indent, "return %s;", a->rc);
            return;
        }
    }
    xen_line(a->out, indent, "if ( %s )", a->rc);
    xen_line(a->out, indent + 4, "return %s;", a->rc);
    buf_putc(a->out, '\n');
}

void ask_print_locals(const struct ask *a, struct buf *out)
{
    unsigned int i;

    for (i = 0; i < a->locals.n; i++) {
        const struct ask_local *l = &a->locals.items[i];
        const char *value = l->name == a->rc && a->rc_zero ? "0" : l->value;

        xen_line(out, 4, "%s %s%s%s;", l->type, l->name, value ? " = " : "", value ? value : "");
    }
    if (a->locals.n)
        buf_putc(out, '\n');
}
