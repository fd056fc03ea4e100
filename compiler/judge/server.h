/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hypervisor's security server, on any binary policy: what Flask would answer, asked of the bytes themselves.
 *
 * Access vectors are libsepol's, the code that Xen's own was taken from. The label of new objects is computed as
 * xen/xsm/flask/ss/services.c does, which differs from SELinux: its processes are Xen's domains.
 */
#ifndef XSMC_SERVER_H
#define XSMC_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct server;

/*
 * Loads a binary policy for Xen. NULL if it is none, with the reason in *why (in the arena). The bytes are not needed
 * afterwards. Not more than one thread may use servers at a time, which is libsepol's doing.
 */
struct server *server_open(struct arena *a, const void *data, size_t len, const char **why);
void server_close(struct server *s);

/* SIDs; 0 is none. A context is "user:role:type[:range]". */
uint32_t server_sid(struct server *s, const char *context);
/* The SID with this number among the initial ones, 1.. ; 0 if the policy gives it no context. */
uint32_t server_isid(struct server *s, unsigned int number);
/*
 * Some valid context of this type: with the user, role and lowest level of initial SID `like` if that is valid, else with
 * the first user and role that are, and role object_r last. 0 if there is no such type or no context.
 */
uint32_t server_type_sid(struct server *s, const char *type, unsigned int like);
/* The context of a SID, in the arena. */
const char *server_context(struct server *s, uint32_t sid);
/* Its type alone. */
const char *server_type(struct server *s, uint32_t sid);

/* security_transition_sid(): 0 if the hypervisor would fail. */
uint32_t server_transition(struct server *s, uint32_t source, uint32_t target, unsigned int class);
/* Which of `bits` are allowed, with the booleans as the policy sets them. */
uint32_t server_allowed(struct server *s, uint32_t source, uint32_t target, unsigned int class, uint32_t bits);
/* Whether the policy allows what it does not know (handle_unknown). */
bool server_allows_unknown(const struct server *s);
/* Sets a boolean; false if there is none of that name. */
bool server_set_boolean(struct server *s, const char *name, bool value);

#endif
