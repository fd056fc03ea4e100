/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port (argo-port.h) for a program in Linux, which has no driver for Argo: on Xen's libraries, with the kernel's
 * modules xen-privcmd (in a guest loaded with `unrestricted=1`), xen-gntalloc and, to be told of messages, xen-evtchn.
 * For paravirtualised guests, where pages have other frames than the kernel says, and all others.
 *
 * Functions return 0 or more, a negative error as those of argo-port.h, or NULL with errno. Nothing here waits.
 */
#ifndef ARGO_LINUX_H
#define ARGO_LINUX_H

#include "argo-port.h"

#include <stdbool.h>

struct argo_linux;

/* The longest message that can be sent, and that can be received */
#define ARGO_LINUX_LONGEST 16384

/*
 * Open a port; with `receive`, register a ring for messages from `partner`, which is a domid or XEN_ARGO_DOMID_ANY.
 * With `events`, argo_linux_handle() is there to be polled: Xen tells one program in a domain, and another's attempt
 * fails with EEXIST. `what` is set to what did not work. The caller closes it.
 */
struct argo_linux *argo_linux_open(uint32_t port, uint16_t partner, bool receive, bool events, const char **what);
void argo_linux_close(struct argo_linux *argo);

/* A file descriptor that is readable when it is worthwhile to try again, or -1 without events. */
int argo_linux_handle(const struct argo_linux *argo);

/* Take note of an event: before sending and receiving are tried. */
void argo_linux_awake(struct argo_linux *argo);

/* As argo_port_send() and argo_port_receive(). */
long argo_linux_send(struct argo_linux *argo, const void *data, uint32_t length, uint32_t type);
long argo_linux_receive(struct argo_linux *argo, void *data, uint32_t room, struct argo_port_message *message);

/*
 * Look after the ring, each second or so, when nothing is left to be received: rings do not come along when a domain is
 * restored or migrated, so it is registered anew. Returns 0 or the error of argo_port_open(), after which one can look
 * again: while a domain is being migrated, Xen may answer EAGAIN. Events do not come along either, and the kernel
 * cannot be asked for new ones; after that there is nothing but to try every now and then.
 */
long argo_linux_look(struct argo_linux *argo);

#endif
