/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dispatch: the table of subcommands drives it and every help text. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/commands.h"

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
    COMMANDS(COMMAND)
#undef COMMAND
    NULL,
};

static int usage(FILE *out)
{
    const struct command *const *c;

    fputs("xsmc: " CLI_SUMMARY "\n\n"
          "usage: xsmc COMMAND [ARGUMENT...]\n\n", out);
    for (c = commands; *c; c++)
        fprintf(out, "  %-10s %s\n", (*c)->name, (*c)->summary);
    fputs("\n`xsmc COMMAND --help` tells more. Exit status: 0 clean, 1 findings, 2 usage or I/O.\n", out);
    return fflush(out) || ferror(out) ? EXIT_TROUBLE : EXIT_CLEAN;
}

const struct command *cli_command(const char *name)
{
    const struct command *const *c;

    for (c = commands; *c; c++)
        if (!strcmp((*c)->name, name))
            return *c;
    return NULL;
}

/*
 * The standard streams are open, if only on /dev/null in the direction that fails: else the first file opened would be one
 * of them, and a message could end up in an output. A file size limit is an error of write() and not the end.
 */
static bool streams_guard(void)
{
    int fd;

    for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            return false;
    return signal(SIGXFSZ, SIG_IGN) != SIG_ERR;
}

static int unknown_command(const char *name)
{
    struct nearest n = nearest_to(name);
    const struct command *const *c;

    for (c = commands; *c; c++)
        nearest_try(&n, (*c)->name);
    fprintf(stderr, "xsmc: there is no command '%s'; ", name);
    if (n.best)
        fprintf(stderr, "did you mean '%s'? ", n.best);
    fputs("`xsmc help` lists them\n", stderr);
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    char name[64];
    const struct command *c;
    int i;

    if (!streams_guard())
        return EXIT_TROUBLE;
    if (argc < 2) {
        usage(stderr);
        return EXIT_TROUBLE;
    }
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
        puts("xsmc " XSMC_VERSION);
        return fflush(stdout) ? EXIT_TROUBLE : EXIT_CLEAN;
    }
    if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        if (argc < 3)
            return usage(stdout);
        argv++;
        argc--;
        c = cli_command(argv[1]);
        if (c)
            return cli_help(c);
    }
    c = cli_command(argv[1]);
    if (!c)
        return unknown_command(argv[1]);
    for (i = 2; i < argc && strcmp(argv[i], "--"); i++)
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
            return cli_help(c);
    /* What getopt_long() begins its complaints with. */
    snprintf(name, sizeof(name), "xsmc %s", c->name);
    argv[1] = name;
    return c->run(argc - 1, argv + 1);
}
