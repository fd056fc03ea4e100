/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The subcommands, in the order in which `xsmc help` shows them. A new one is a row here and a file cmd-NAME.c. */
#ifndef XSMC_COMMANDS_H
#define XSMC_COMMANDS_H

#define COMMANDS(X) \
    X(new)                     \
    X(check)                   \
    X(gen)                     \
    X(patch)                   \
    X(compile)                 \
    X(prove)                   \
    X(query)                   \
    X(explain)                 \
    X(diff)                    \
    X(report)                  \
    X(graph)                   \
    X(fmt)                     \
    X(avc)                     \
    X(import)                  \
    X(summary)                 \
    X(audit)                   \
    X(dump)                    \
    X(completion)              \
    X(manual)

#define COMMAND(name) extern const struct command command_##name;
COMMANDS(COMMAND)
#undef COMMAND

#endif
