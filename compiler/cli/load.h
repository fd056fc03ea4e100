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

/* For getopt_long(): --te, --mls, --flask DIR, -D NAME[=VALUE]. */
#define LOAD_OPTIONS                                    \
    { "te", no_argument, NULL, LOAD_TE },               \
    { "mls", no_argument, NULL, LOAD_MLS },             \
    { "flask", required_argument, NULL, LOAD_FLASK }
enum { LOAD_TE = 256, LOAD_MLS, LOAD_FLASK, LOAD_NEXT };
#define LOAD_SHORT "D:"
#define LOAD_HELP                                                                                              \
    "  --te             read files whose name does not end in .xsm in the checkpolicy dialect, through m4;\n"  \
    "                   .te, .if, .cons and .spt files and policy folders like Xen's are recognised anyway\n"  \
    "  --mls            read such policies with MLS, as checkpolicy -M\n"                                       \
    "  --flask DIR      where a policy folder finds the hypervisor's classes (xen/xsm/flask/policy), if no\n"  \
    "                   database gives them\n"                                                                  \
    "  -D NAME[=VALUE]  define an m4 macro\n"

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

#endif
