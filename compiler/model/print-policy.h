/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Parts of a policy in the spelling of the language, each on one line, for people to read beside a place or where
 * there is none: rules that were derived or read from a binary policy have no text of their own.
 */
#ifndef XSMC_PRINT_POLICY_H
#define XSMC_PRINT_POLICY_H

#include "model/policy.h"

struct buf;

/* "domU_t", "{ a_t, b, -c_t }", "~{ a_t }", "*", "self". */
void print_typeset(struct buf *out, const struct typeset *set);
/* "mmu:map_read", "mmu:{ map_read, map_write }". */
void print_access(struct buf *out, const struct policy *p, const struct class *class, uint32_t perms);
/*
 * "allow domU_t -> dom0_t event:send". With a `class`, an access rule shows that class only and of its permissions
 * those in `perms`, and "..." for what it has beyond them and for the end of long sets.
 */
void print_rule(struct buf *out, const struct policy *p, const struct policy_rule *r, const struct class *class,
                uint32_t perms);
/* "!prot_doms_locked && (a || b)". */
void print_bool_expr(struct buf *out, const struct bool_expr *e);
/* "subject.user == object.user || subject.type == mls_priv". */
void print_cexpr(struct buf *out, const struct policy *p, const struct cexpr *e, enum constraint_kind kind);

#endif
