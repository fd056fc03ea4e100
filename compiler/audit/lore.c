/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table. Commits are of xen.git, by their first ten digits. */
#include "audit/lore.h"

#include "text/rules.h"

const struct lore audit_lore[] = {
    {
        .rule = &RULE_UNWIRED_COMMAND,
        .example = "case XEN_DOMCTL_vuart_op:       in arch_do_domctl(), and no such case in flask_domctl()",
        .precedent =
            "345135942b: the domctls for the size of the paging pool, refused to everybody under Flask until osstest noticed;\n"
            "29daa72e40, 7fa1411676, 83a4dade0f: vuart_op (for seven years), dt_overlay, set_llc_colors;\n"
            "647f7e50eb: get_dom0_console, 'Denying unknown platform_op: 64'; ac16e70b26: two more domctls",
    },
    {
        .rule = &RULE_UNHANDLED_COMMAND,
        .example = "case XEN_DOMCTL_getmemlist:     in flask_domctl(), after the command is gone",
        .precedent = "0252bcf32d: removing XEN_DOMCTL_getmemlist left its case in Flask, which broke the build with XSM alone",
    },
    {
        .rule = &RULE_UNDESCRIBED,
        .example = "a new domctl in the tree, and no row for it in the database",
        .precedent = NULL,
    },
    {
        .rule = &RULE_STALE_ROW,
        .example = "a row of the database for a command that the tree has dropped",
        .precedent = NULL,
    },
    {
        .rule = &RULE_MISSING_ROW,
        .example = "static int flask_argo_send(...) { ... }     without `.argo_send = flask_argo_send` in flask_ops",
        .precedent = "00e23f2302: hooks without a dummy function, whose calls would have gone to NULL; f53e1bf04b: hooks that Flask\n"
            "did not have, and ten domctls without a permission",
    },
    {
        .rule = &RULE_WRONG_CLASS,
        .example = "return current_has_perm(d, SECCLASS_DOMAIN, DOMAIN2__SET_VNUMAINFO);",
        .precedent =
            "de834631b6: two sysctls asked in class xen for permissions of xen2, so that who might delete an MTRR might\n"
            "read the CPU levelling caps; setvnumainfo still had it in 4.17",
    },
    {
        .rule = &RULE_ACTION_MISMATCH,
        .example = "xsm_hvm_param(XSM_PRIV, d, op)      where the dummy policy says XSM_ASSERT_ACTION(XSM_TARGET)",
        .precedent = "9e4d116faf: what a compiler made of the assertion broke the link of xsm_pmu_op(); with XSM nobody would have seen",
    },
    {
        .rule = &RULE_DEFAULT_MISMATCH,
        .example = "XSM_ASSERT_ACTION(XSM_TARGET);      where the database has `default device-model`",
        .precedent =
            "db72faf69c (XSA-237): mapping interrupts was the guest's own where it should have been its device model's;\n"
            "5793b84c5e: getdomaininfo was everybody's and relied on others to ask",
    },
    {
        .rule = &RULE_NULL_OBJECT,
        .example = "xsm_get_domain_state(XSM_XS_PRIV, NULL)",
        .precedent =
            "0c79dde780: DOMID_INVALID made the domain NULL, which Flask dereferenced; 38ad94acf0: flask_assign_device();\n"
            "vm_event_op of 4.17, until b4a7c17146 (XSA-492) folded its hook into xsm_domctl()",
    },
    {
        .rule = &RULE_UNTYPED_ARGUMENT,
        .example = "int xsm_map_domain_irq(..., struct domain *d, int irq, const void *data)",
        .precedent = "6f17f5c43a (XSA-237): the caller of unmap_domain_irq and Flask disagreed about what it points to for an MSI",
    },
    {
        .rule = &RULE_IGNORED_ANSWER,
        .example = "xsm_deassign_dtdevice(XSM_HOOK, d, dt_node_full_name(dev));",
        .precedent = "b22db3fcba: exactly this, found by clang's analyser after seven years; cc64b587f5: what was refused went on all the same",
    },
    {
        .rule = &RULE_MISSING_SILO,
        .example = "xsm_argo_send(d1, d2) with a dummy and a Flask function, and none in silo.c",
        .precedent = "599bca5884: Argo came without SILO rules, so that guests could talk to each other in spite of SILO",
    },
    {
        .rule = &RULE_GUARD_DRIFT,
        .example = "#ifdef CONFIG_X86 around a row of flask_ops, and none around the hook",
        .precedent =
            "e55fc3749d: memory_mapping became common and its case in Flask stayed x86's, so that Arm refused it;\n"
            "b3ad7637ba, a98e8f599f: hooks compiled where nobody calls them",
    },
    {
        .rule = &RULE_DEAD_PERMISSION,
        .example = "class event { ... peek }     and EVENT__PEEK nowhere in the code",
        .precedent = "2ffc6723b0: six of them; policies granted what meant nothing",
    },
    {
        .rule = &RULE_DEAD_HOOK,
        .example = "xsm_hvm_control(), with a dummy and a Flask function, called by nobody",
        .precedent = "28959fe442: its last caller had gone four years before; 2928c1d250: what was left of xsm_memtype()",
    },
    {
        .rule = &RULE_TWO_MEANINGS,
        .example = "xsm_iomem_mapping(XSM_HOOK, ...)     behind xsm_domctl() in one place, and alone in vPCI",
        .precedent = "6bb83b1aa0 (XSA-492): the hook had to be split before either of the two could get the default it needs",
    },
    {
        .rule = &RULE_LATE_CHECK,
        .example = "spin_lock(&sysctl_lock);  ret = xsm_sysctl(XSM_PRIV, op->cmd);",
        .precedent = "99b9ab0b3e (XSA-47): an event channel bucket was stored before the check that could refuse it, and freed then",
    },
    {
        .rule = &RULE_DEFERRED_CHECK,
        .example = "case XEN_DOMCTL_getdomaininfo: return 0;    in flask_domctl(); the hook comes behind domctl_lock",
        .precedent =
            "XSA-492 (784bd4dc0b, 9f54e10bf3, eedff4bcd3 and others): guests could hold the domctl lock by asking for what\n"
            "they were then refused; XSA-499 (3179bf2931, 4ef45cbe31): the same for sysctl and platform-op;\n"
            "ee32b9b29a: createdomain, where every guest could move the counter of domain ids",
    },
    {
        .rule = &RULE_LOST_DEFERRAL,
        .example = "if ( vec->op == XEN_VM_EVENT_GET_VERSION ) return 0;    before the only check that Flask makes",
        .precedent = "0c79dde780: with no domain given, leaving the later hook out would have left out the only check there was",
    },
    {
        .rule = &RULE_UNCHECKED_DOMAIN,
        .example = "d = rcu_lock_domain_by_id(op.domain);  d->target = NULL;",
        .precedent = "79cd41ecce: mem_sharing operations without a hook",
    },
    {
        .rule = &RULE_UNCHECKED_STATE,
        .example = "case CHANNEL_limit: channel_limit = arg; return 0;",
        .precedent = NULL,
    },
    {
        .rule = &RULE_BAD_ALLOW,
        .example = "/* xsmc: allow late-check */",
        .precedent = NULL,
    },
    {
        .rule = &RULE_STALE_ALLOW,
        .example = "/* xsmc: allow late-check the lock is the caller's own */    where no lock is taken any more",
        .precedent = NULL,
    },
};
const unsigned int n_audit_lore = sizeof(audit_lore) / sizeof(audit_lore[0]);
