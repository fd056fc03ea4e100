/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * m4 runs as a child with two pipes. Policies may come from strangers: the builtins that run commands or write files
 * are undefined, and a macro that expands for ever meets limits of time, memory and output.
 */
#define _GNU_SOURCE /* pipe2() */
#include "front/te-m4.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const rlim_t CPU_SECONDS = 120;
static const rlim_t MEMORY = (rlim_t)2 << 30;
static const size_t OUTPUT = (size_t)1 << 30;

static const char *const undefined[] = { "syscmd", "esyscmd", "maketemp", "mkstemp", "debugfile" };

static char **arguments(struct arena *a, const struct te_input *input)
{
    const unsigned int n_undefined = sizeof(undefined) / sizeof(undefined[0]);
    char **argv = arena_array(a, 4 + n_undefined + input->defines.n + input->files.n, sizeof(*argv));
    unsigned int i, n = 0;

    argv[n++] = arena_text(a, "m4", 2);
    argv[n++] = arena_text(a, "-s", 2);
    for (i = 0; i < n_undefined; i++)
        argv[n++] = arena_printf(a, "-U%s", undefined[i]);
    for (i = 0; i < input->defines.n; i++) {
        const struct te_define *d = &input->defines.items[i];

        argv[n++] = arena_printf(a, "-D%s%s%s", d->name, d->value ? "=" : "", d->value ? d->value : "");
    }
    argv[n++] = arena_text(a, "--", 2);
    for (i = 0; i < input->files.n; i++)
        argv[n++] = arena_text(a, input->files.items[i], strlen(input->files.items[i]));
    return argv;
}

static void limit(int resource, rlim_t most)
{
    struct rlimit r = { most, most };

    setrlimit(resource, &r);
}

/* In the child: never returns. What it cannot do the parent reads from the last pipe. */
static void child(char **argv, const int out[2], const int err[2], const int trouble[2])
{
    int null = open("/dev/null", O_RDONLY), error;
    ssize_t ignored;

    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0 ||
        dup2(err[1], STDERR_FILENO) < 0)
        goto fail;
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_AS, MEMORY);
    limit(RLIMIT_CORE, 0);
    execvp(argv[0], argv);

 fail:
    error = errno;
    ignored = write(trouble[1], &error, sizeof(error));
    (void)ignored;
    _exit(127);
}

/* Reads both pipes to their ends, or until there is too much. */
static bool collect(int out, int err, struct buf *text, struct buf *complaints)
{
    struct pollfd fds[2] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
    struct buf *bufs[2] = { text, complaints };
    char block[65536];
    unsigned int i;

    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return false;
        for (i = 0; i < 2; i++) {
            ssize_t got;

            if (fds[i].fd < 0 || !fds[i].revents)
                continue;
            got = read(fds[i].fd, block, sizeof(block));
            if (got > 0)
                buf_add(bufs[i], block, (size_t)got);
            else if (!got || errno != EINTR)
                fds[i].fd = -1;
            if (bufs[i]->len > OUTPUT || bufs[i]->failed)
                return false;
        }
    }
    return true;
}

static void close_pipe(int fds[2])
{
    unsigned int i;

    for (i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    fds[0] = fds[1] = -1;
}

int te_m4(struct arena *a, const struct te_input *input, struct buf *out, struct buf *complaints)
{
    int pipes[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } }, status = -1, error = 0;
    char **argv = arguments(a, input);
    bool whole;
    pid_t pid;
    unsigned int i;

    for (i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC))
            goto done;
    pid = fork();
    if (pid < 0)
        goto done;
    if (!pid)
        child(argv, pipes[0], pipes[1], pipes[2]);
    for (i = 0; i < 3; i++) {
        close(pipes[i][1]);
        pipes[i][1] = -1;
    }
    whole = collect(pipes[0][0], pipes[1][0], out, complaints);
    if (!whole)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (read(pipes[2][0], &error, sizeof(error)) == (ssize_t)sizeof(error))
        status = -1;
    else
        status = whole && WIFEXITED(status) ? WEXITSTATUS(status) : -2;

 done:
    if (!error && status == -1)
        error = errno;
    for (i = 0; i < 3; i++)
        close_pipe(pipes[i]);
    errno = error;
    return status;
}
