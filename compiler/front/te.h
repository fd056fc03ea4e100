/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policies in the checkpolicy dialect: Xen's .te, .if, .cons and .spt files, m4 macros and all.
 */
#ifndef XSMC_TE_H
#define XSMC_TE_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/policy.h"
#include "text/source.h"

struct te_define {
    const char *name, *value;       /* value NULL: just defined */
};

/* What one run of m4 is given. */
struct te_input {
    LIST(const char *) files;
    LIST(struct te_define) defines;
};

/*
 * Collects the files of a policy folder laid out like Xen's tools/flask/policy, in the order its Makefile.common has
 * them: modules that modules.conf turns on, with their interfaces and constraints. `flask` is the folder with the
 * hypervisor's security_classes, initial_sids and access_vectors, or NULL if a hook database brings those. What is
 * missing becomes a diagnostic; returns whether nothing was.
 */
bool te_folder(struct policy *p, struct te_input *input, const char *folder, const char *flask);
/* Whether there is such a policy in the folder. */
bool te_is_folder(const char *folder);

/*
 * Runs the files through m4 as Xen's Makefile does and adds what comes out to the policy. Places are those of the
 * files. m4's means to run commands and to write files are turned off. All that is wrong becomes a diagnostic.
 */
void te_read(struct policy *p, struct sources *s, const struct te_input *input);
/* Adds text that needs no m4: file `index` of the sources. */
void te_parse(struct policy *p, struct sources *s, uint32_t index);

#endif
