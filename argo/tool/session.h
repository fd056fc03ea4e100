/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tools open: Xen, xenstore, the services file; and the lock that keeps them out of each other's way. */
#ifndef ARGO_TOOL_SESSION_H
#define ARGO_TOOL_SESSION_H

#include "argopatch.h"
#include "domains.h"
#include "print.h"
#include "report.h"
#include "services.h"

#define RUN_FOLDER "/run/argo-patch"

struct session {
    struct report report;
    struct argopatch *handle;
    struct xs_handle *xs;
    struct domains domains;
    struct services services;
    struct names names; /* of the two above */
    const char *run_folder, *services_file;
    int lock;
};

/* Open everything and read domains and services. Returns 0, or -1 when an error was reported; close it in either case. */
int session_open(struct session *session);
void session_close(struct session *session);

/* Read the domains again. */
int session_domains(struct session *session);

/* Wait until no other tool changes cables, keep them waiting from then on, and read the domains again. */
int session_lock(struct session *session);
void session_unlock(struct session *session);

/*
 * The cables from all domains, as an array that the caller frees. Domains that have no Argo, that die meanwhile, or
 * whose cables the policy does not let us see are left out; *hidden counts the last.
 */
int session_cables(struct session *session, struct argopatch_cable **cables, size_t *count, unsigned int *hidden);
/* Say so, if there are any hidden. */
void session_note_hidden(const struct session *session, unsigned int hidden);

#endif
