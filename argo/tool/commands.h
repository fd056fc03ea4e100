/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of argo-patch, each a function that returns the exit status: 0 done, 1 it could not be done (or a file is
 * wrong), 2 usage, or the machine does not let us.
 */
#ifndef ARGO_TOOL_COMMANDS_H
#define ARGO_TOOL_COMMANDS_H

#include "session.h"

#include <stdbool.h>

struct options {
    bool json, dry_run, is_new, replace, all;
    double interval; /* seconds */
};

/* `session` is open, unless the command's row says that it needs none. */
typedef int command_function(struct session *session, const struct options *options, int count, char **arguments);

command_function command_apply, command_check, command_complete, command_connect, command_disconnect, command_list,
    command_save, command_show, command_up, command_watch;

#endif
