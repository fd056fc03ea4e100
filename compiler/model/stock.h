/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a policy says about the rules that are derived from the hook database: which types the kinds of domains have,
 * what holds where Flask cannot tell operations apart, and which differences from the dummy policy are meant.
 */
#ifndef XSMC_STOCK_H
#define XSMC_STOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kinds.h"
#include "model/model.h"

/* `domain KIND TYPE [alone] [serves TYPE, ...]` */
struct stock_domain {
    enum domain_kind kind;
    const char *type;
    bool alone;                     /* at most one domain has the type: it is its own self type */
    const char **serves;            /* a device model's targets */
    unsigned int n_serves;
    const char *meaning;
    struct span span;               /* of the type's name */
};

/* `resource pci TYPE, ...`: the types such a resource may be labelled with. */
struct stock_resource {
    enum label_kind kind;           /* LABEL_DEVICE, LABEL_IRQ, LABEL_IOMEM, LABEL_IOPORT, LABEL_DTDEV */
    const char *type;
    struct span span;
};

/* The names on an operation's path that a statement is about; all operations if there are none. */
struct stock_path {
    const char **names;             /* NULL: `*`, a command that is not listed */
    unsigned int n;
};

/*
 * `resolve CLASS:PERM "reason"`: the stricter answer holds.
 * `resolve CLASS:PERM of PATH [on RELATION, ...] like PATH "reason"`: the wider one does for these operations, since
 * the other ones give the same.
 */
struct stock_resolve {
    const struct class *class;
    uint32_t perms;
    struct stock_path of, like;     /* like.n 0: the stricter answer holds */
    uint32_t relations;             /* 1u << relation; all if none was named */
    const char *reason;
    struct span span;
};

/* `stricter PATH [for KIND, ...] [on RELATION, ...] "reason"` */
struct stock_stricter {
    struct stock_path path;
    uint32_t kinds;                 /* 1u << kind; all if none was named */
    uint32_t relations;             /* 1u << relation */
    const char *reason;
    struct span span;
};

/* `suppose [!]CONDITION [for KIND, ...] "reason"` */
struct stock_suppose {
    const char *name;               /* CONFIG_X, or the field of `d->field` */
    bool field;
    bool truth;
    uint32_t kinds;                 /* of d */
    const char *reason;
    struct span span;
};

struct stock {
    struct stock_domain *domains;
    unsigned int n_domains;
    struct stock_resource *resources;
    unsigned int n_resources;
    struct stock_resolve *resolves;
    unsigned int n_resolves;
    struct stock_stricter *stricters;
    unsigned int n_stricters;
    struct stock_suppose *supposes;
    unsigned int n_supposes;
};

#endif
