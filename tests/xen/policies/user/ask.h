/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flask's security server as the hypervisor uses it: a policy is loaded, and everything is asked that can be asked.
 */
#ifndef POLICIES_ASK_H
#define POLICIES_ASK_H

#include "user.h"

/* As the hypervisor is before there is a policy */
void restart(bool enforcing);
/* Whether policies that lack what Xen checks are taken, and that is denied */
void deny_missing(bool deny);
/* What security_load_policy() says to a copy of the policy */
int load(const uint8_t *policy, size_t length);
/* Make SIDs for each type and category of the policy that runs, as if there were domains with them. */
void label_everything(void);
/* Ask everything, with some freedom that `seed` uses, and change booleans and labels. */
void ask(uint32_t seed);
/* A number for what two domains may do to one another, and for the booleans */
uint64_t answers(void);
/* The next number of a sequence that the seed decides */
uint32_t random_number(uint64_t *state);

#endif
