/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xsmc completion: completion for shells. */
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/manual.h"

static int run(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } shells[] = { { "bash", complete_bash }, { "zsh", complete_zsh }, { "fish", complete_fish } };
    struct buf out = BUF_INIT;
    unsigned int i;
    struct cli c;
    int status;

    if (cli_option(&command_completion, argc, argv) != -1)
        return EXIT_TROUBLE;
    if (argc - optind != 1)
        return cli_usage(&command_completion, "for which shell?");
    for (i = 0; i < sizeof(shells) / sizeof(shells[0]) && strcmp(shells[i].name, argv[optind]); i++)
        ;
    if (i == sizeof(shells) / sizeof(shells[0]))
        return cli_usage(&command_completion, "there is completion for bash, zsh and fish, not for '%s'", argv[optind]);
    cli_begin(&c, &command_completion);
    shells[i].write(&out);
    status = cli_print(&c, cli_text(&out), out.len) ? EXIT_CLEAN : EXIT_TROUBLE;
    buf_free(&out);
    return cli_end(&c, status);
}

const struct command command_completion = {
    .name = "completion",
    .summary = "print the completion of xsmc for a shell",
    .usage = "bash|zsh|fish",
    .about =
        "Prints what makes a shell complete commands, options, their values and paths. An installed xsmc brings it along;\n"
        "from a build folder:\n\n"
        "  bash   source <(xsmc completion bash)\n"
        "  zsh    xsmc completion zsh > a folder of $fpath/_xsmc\n"
        "  fish   xsmc completion fish | source\n",
    .operands = "bash zsh fish",
    .run = run,
};
