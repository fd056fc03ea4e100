/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The half of `xsmc avc` that asks the running hypervisor. Private to the command. */
#ifndef XSMC_CLI_AVC_H
#define XSMC_CLI_AVC_H

#include "cli/cli.h"
#include "model/flat.h"

/*
 * Prints how the cache fares, in total and by CPU; with `watch`, again every so many seconds, what happened since, until
 * it is interrupted. Returns the exit status.
 */
int avc_stats(struct cli *c, unsigned int watch, bool json);
/*
 * Puts a question to the hypervisor's security server and to the policy, and compares. Returns the exit status:
 * EXIT_FINDINGS if they disagree.
 */
int avc_ask(struct cli *c, struct policy *p, struct flat *flat, const char *question);

#endif
