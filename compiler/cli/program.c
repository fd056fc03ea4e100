/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input, output and complaints are moved as each end is ready, so that neither side can wait for the other for ever. */
#define _GNU_SOURCE     /* pipe2() */
#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"

enum { IN, OUT, ERR, N_ENDS };

struct program {
    pid_t pid;
    int ends[N_ENDS];           /* ours */
};

static void close_all(int (*pipes)[2], unsigned int n)
{
    while (n--) {
        close(pipes[n][0]);
        close(pipes[n][1]);
    }
}

static bool start(struct program *p, char *const *argv)
{
    int pipes[N_ENDS][2];
    unsigned int i;

    for (i = 0; i < N_ENDS; i++)
        if (pipe2(pipes[i], O_CLOEXEC)) {
            close_all(pipes, i);
            return false;
        }
    p->pid = fork();
    if (p->pid < 0) {
        close_all(pipes, N_ENDS);
        return false;
    }
    if (!p->pid) {
        dup2(pipes[IN][0], STDIN_FILENO);
        dup2(pipes[OUT][1], STDOUT_FILENO);
        dup2(pipes[ERR][1], STDERR_FILENO);
        execvp(argv[0], argv);
        _exit(127);
    }
    for (i = 0; i < N_ENDS; i++) {
        p->ends[i] = pipes[i][i == IN];
        close(pipes[i][i != IN]);
    }
    return true;
}

static void end(struct program *p, int which)
{
    close(p->ends[which]);
    p->ends[which] = -1;
}

/* One piece from an end into a buffer. */
static void take(struct program *p, int which, struct buf *to)
{
    char piece[16384];
    ssize_t got = read(p->ends[which], piece, sizeof(piece));

    if (got > 0)
        buf_add(to, piece, (size_t)got);
    else if (!got || errno != EINTR)
        end(p, which);
}

static void give(struct program *p, const char **input, size_t *len)
{
    ssize_t put = *len ? write(p->ends[IN], *input, *len < 4096 ? *len : 4096) : 0;

    if (put > 0) {
        *input += put;
        *len -= (size_t)put;
    }
    if (!*len || (put < 0 && errno != EINTR))
        end(p, IN);
}

static void talk(struct program *p, const char *input, size_t len, struct buf *out, struct buf *complaint)
{
    /* A program that reads no further is not our end. */
    struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
    struct pollfd fds[N_ENDS];
    unsigned int i;

    sigaction(SIGPIPE, &ignore, &before);
    if (!len)
        end(p, IN);
    while (p->ends[OUT] >= 0 || p->ends[ERR] >= 0) {
        for (i = 0; i < N_ENDS; i++)
            fds[i] = (struct pollfd){ .fd = p->ends[i], .events = i == IN ? POLLOUT : POLLIN };
        if (poll(fds, N_ENDS, -1) < 0 && errno != EINTR)
            break;
        if (fds[IN].fd >= 0 && fds[IN].revents)
            give(p, &input, &len);
        if (fds[OUT].fd >= 0 && fds[OUT].revents)
            take(p, OUT, out);
        if (fds[ERR].fd >= 0 && fds[ERR].revents)
            take(p, ERR, complaint);
    }
    for (i = 0; i < N_ENDS; i++)
        if (p->ends[i] >= 0)
            end(p, (int)i);
    sigaction(SIGPIPE, &before, NULL);
}

bool program_run(struct arena *a, char *const *argv, const char *input, size_t len, struct buf *out, const char **why)
{
    struct buf complaint = BUF_INIT;
    struct program p;
    int status = 0;

    if (!start(&p, argv)) {
        *why = arena_printf(a, "cannot start %s: %s", argv[0], strerror(errno));
        return false;
    }
    talk(&p, input, len, out, &complaint);
    while (waitpid(p.pid, &status, 0) < 0 && errno == EINTR)
        ;
    while (complaint.len && complaint.data[complaint.len - 1] == '\n')
        complaint.data[--complaint.len] = '\0';
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        *why = arena_printf(a, "there is no program '%s'", argv[0]);
    else if (complaint.len)
        *why = arena_text(a, buf_text(&complaint), complaint.len);
    else
        *why = arena_printf(a, "%s failed", argv[0]);
    buf_free(&complaint);
    return WIFEXITED(status) && !WEXITSTATUS(status);
}
