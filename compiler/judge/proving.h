/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A proof in the making. Private to prove.c, prove-why.c and prove-find.c. */
#ifndef XSMC_PROVING_H
#define XSMC_PROVING_H

#include "judge/distinct.h"
#include "judge/prove.h"
#include "judge/server.h"
#include "text/diag.h"

/* A permission that was refused, and whether giving it would let through what is refused by default. */
struct sharing {
    struct prover *prover;
    uint32_t source, target;
    const struct class *class;
    uint32_t bits;
    bool shared;
};

struct prover {
    struct proof *out;
    struct arena *arena;
    struct diags *diags;
    const struct model *model;
    const struct stock *stock;
    struct server *server;
    const struct prove_options *options;
    struct operations ops;
    struct effective *side;
    struct distinct *distinct;
    struct waivers *waivers;
    const struct class *domain_class;
    uint32_t *own;                  /* SIDs, by index of the domain statement */
    uint32_t *resources;            /* by index of the resource statement */
    bool *stricter_used;
    LIST(struct sharing) sharings;
    struct diag *found[N_VERDICTS]; /* the diagnostic of the operation at hand */
    unsigned int more[N_VERDICTS];  /* answers beyond the one it shows */
};

/* The SID of a cast case in the policy; 0 if it has none. */
uint32_t prove_sid(const struct prover *p, const struct cast *c, const struct sid *s);
/* What the policy refuses of a question. */
uint32_t prove_refused(const struct prover *p, const struct cast *c, const struct question *q);
/* The first question of which it refuses something, or NULL. */
const struct question *prove_refused_question(const struct prover *p, const struct cast *c, const struct instance *in);

/* The reasons for an answer to differ; NULL if there is none. Each call counts one answer for its reason. */
struct proof_reason *why_stricter(struct prover *p, const struct answer *a);
struct proof_reason *why_covered(struct prover *p, const struct instance *in);
struct proof_reason *why_xen_looser(struct prover *p, const struct instance *in);
struct proof_reason *why_xen_stricter(struct prover *p, const struct instance *in);

/* Makes a diagnostic of an answer that differs without a reason, or counts it for the operation's. */
void prove_find(struct prover *p, const struct answer *a);
/* Ends the diagnostics of an operation. */
void prove_found(struct prover *p);

#endif
