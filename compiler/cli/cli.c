/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run of a subcommand: memory, reading, and showing what was found. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "text/rules.h"

void cli_no_memory(void)
{
    static const char text[] = "xsmc: not enough memory\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

    (void)ignored;
    _exit(EXIT_TROUBLE);
}

const char *cli_text(const struct buf *b)
{
    if (b->failed)
        cli_no_memory();
    return buf_text(b);
}

void cli_begin(struct cli *c, const struct command *command)
{
    *c = (struct cli){ .command = command, .arena = arena_create(cli_no_memory) };
    if (!c->arena)
        cli_no_memory();
    c->front = front_create(c->arena);
    report_begin(c);
}

bool cli_load(struct cli *c, char *const *paths, int n)
{
    int i;

    for (i = 0; i < n; i++)
        front_read(c->front, paths[i]);
    return front_bind(c->front);
}

bool cli_colour(int fd)
{
    const char *no = getenv("NO_COLOR");

    return isatty(fd) && !(no && no[0]);
}

int cli_end(struct cli *c, int status)
{
    if (diags_count(c->front->diags, LEVEL_ERROR) && status < EXIT_FINDINGS)
        status = EXIT_FINDINGS;
    if (!report_write(c, status))
        status = EXIT_TROUBLE;
    arena_destroy(c->arena);
    return status;
}

int cli_bad_option(const struct command *command)
{
    fprintf(stderr, "usage: xsmc %s %s\n`xsmc %s --help` tells more.\n", command->name, command->usage, command->name);
    return EXIT_TROUBLE;
}

int cli_usage(const struct command *command, const char *format, ...)
{
    va_list ap;

    fprintf(stderr, "xsmc %s: ", command->name);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    return cli_bad_option(command);
}

const char *cli_status(const struct command *command)
{
    return command->status ? command->status :
           "0 clean, which warnings are, too; 1 findings; 2 usage, or a file that cannot be read or written";
}

int cli_help(const struct command *command)
{
    struct buf text = BUF_INIT;

    buf_printf(&text, "xsmc %s: %s\n\nusage: xsmc %s %s\n\n%s", command->name, command->summary, command->name,
               command->usage, command->about);
    if (command->options[0]) {
        buf_putc(&text, '\n');
        options_help(&text, command);
    }
    if (command->after)
        buf_printf(&text, "\n%s", command->after);
    buf_printf(&text, "\nExit status: %s.\n", cli_status(command));
    fwrite(cli_text(&text), 1, text.len, stdout);
    buf_free(&text);
    return fflush(stdout) || ferror(stdout) ? EXIT_TROUBLE : EXIT_CLEAN;
}

bool cli_print(struct cli *c, const char *data, size_t len)
{
    if (fwrite(data, 1, len, stdout) == len && !fflush(stdout))
        return true;
    diag_add(c->front->diags, &RULE_IO, (struct span){ 0, 0, 0 }, "cannot write to standard output: %s",
             strerror(errno));
    return false;
}
