/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a service tells its manager: see sd_notify(3). Without NOTIFY_SOCKET in the environment nothing is told. */
#ifndef ARGO_TOOL_NOTIFY_H
#define ARGO_TOOL_NOTIFY_H

/* Lines such as "READY=1\nSTATUS=..."; -1: it could not be told, errno says why. */
int notify(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
