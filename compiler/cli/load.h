/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a whole policy, whatever it is made of; for every subcommand that takes one. */
#ifndef XSMC_CLI_LOAD_H
#define XSMC_CLI_LOAD_H

#include "cli/cli.h"
#include "front/te.h"
#include "model/policy.h"

/* The options that say how policies are read. */
struct load {
    bool te;                    /* files of unknown kind are in the checkpolicy dialect */
    bool mls;                   /* with levels; policies in the language say so by themselves */
    const char *flask;          /* folder with the hypervisor's classes for a policy folder, or NULL */
    LIST(struct te_define) defines;
    bool underived;             /* `domain` statements derive nothing: the policy is complete without */
};

/* A table for struct command: --te, --mls, --flask DIR, -D NAME[=VALUE]. */
extern const struct cli_option load_options[];
/* Takes one option; returns whether it was one of these. */
bool load_option(struct cli *c, struct load *load, int option, const char *argument);
/*
 * Reads databases and policies, of which there may be any number in any order, and returns the finished policy; NULL
 * if nothing in them is policy. Errors are diagnostics.
 */
struct policy *load_policy(struct cli *c, const struct load *load, char *const *paths, int n);

/*
 * Takes a finished policy apart and holds it against its own assertions and bounds. NULL if there are errors, which
 * are diagnostics.
 */
struct flat *load_flatten(struct cli *c, struct policy *p);

/* Where a hook, or a command of it (its key; NULL: the hook itself), stands in the C sources. Names are interned. */
struct tree_place {
    const char *hook, *key;
    struct span span;
};
struct tree_places {
    struct tree_place *items;
    unsigned int n, cap;
};

/*
 * The database that a Xen tree makes (tree/import.h), read into `f` as if its files lay in the folder `root`, for whoever
 * compares or judges a tree as a database; binding the names is the caller's, who may then have hooks and rows stand where
 * they do in the C sources by load_tree_places(). Returns whether the tree was read; what is wrong with it is a diagnostic.
 */
bool load_tree(struct front *f, const char *root, const char *name, struct tree_places *places);
void load_tree_places(struct front *f, const struct tree_places *places);

#endif
