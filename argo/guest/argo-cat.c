/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argo-cat: lines from standard input go out as messages from a port of this domain, by the cable that leads from it,
 * and what arrives at the port goes to standard output. It names nobody, and is told of nobody.
 *
 * One line is read ahead and no more: what the peer has no room for waits here, and then in the pipe before us.
 */
#include "argo-linux.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { RETRY = 20, LOOK = 1000, FOR_EVER = -1 }; /* milliseconds */

struct cat {
    struct argo_linux *argo;
    bool send, receive, echo;
    long left;     /* end when so many more have been received */
    long patience; /* for how long to try to send to nobody, in milliseconds */
    int interval;  /* with no events: how often to look */
    /* The message that is to be sent next, or the beginning of it */
    char line[ARGO_LINUX_LONGEST + 1];
    size_t length;
    bool pending;
    long long since; /* when it was tried first */
    bool end;        /* there is no more to read */
};

static long long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *explain(long error)
{
    switch (error) {
    case -ECONNREFUSED:
        return "nobody is there: no cable leads from this port, or nobody receives at its end";
    case -EMSGSIZE: return "the message is too long for the receiver";
    case -EIO: return "the ring is damaged";
    case -ESRCH: return "this Xen has no implicit destinations";
    case -EPERM:
        return "not permitted; to receive from any sender Xen wants `argo=mac-permissive=1`, else name it with --from";
    case -EOPNOTSUPP: return "Xen was booted without `argo=1`, or built without Argo";
    default: return strerror((int)-error);
    }
}

static int failed(const char *what, long error)
{
    fprintf(stderr, "argo-cat: %s: %s\n", what, explain(error));
    return 1;
}

/* Try to send what is pending. 0: done, or later; in *wait, how long that is at most. */
static int send_pending(struct cat *cat, int *wait)
{
    long result = argo_linux_send(cat->argo, cat->line, (uint32_t)cat->length, 0);

    if (result >= 0) {
        cat->pending = false;
        cat->length = 0;
        return 0;
    }
    if (result == -EAGAIN)
        return 0;
    if (result == -EBUSY || (result == -ECONNREFUSED && (cat->patience == FOR_EVER ||
                                                         milliseconds() - cat->since < cat->patience))) {
        *wait = RETRY;
        return 0;
    }
    return failed("cannot send", result);
}

/* Take one message. Returns 1 if there was one, 0 if not, or a negative error. */
static long receive(struct cat *cat)
{
    static char data[ARGO_LINUX_LONGEST * 2];
    struct argo_port_message message;
    long result = argo_linux_receive(cat->argo, data, sizeof data, &message);

    if (result < 0)
        return result == -EAGAIN ? 0 : result;
    if (cat->echo && (size_t)result <= ARGO_LINUX_LONGEST) {
        memcpy(cat->line, data, (size_t)result);
        cat->length = (size_t)result;
        cat->pending = true;
        cat->since = milliseconds();
    }
    fwrite(data, 1, (size_t)result, stdout);
    if (result == 0 || data[result - 1] != '\n')
        putchar('\n');
    if (fflush(stdout))
        return -errno;
    return 1;
}

/* Read until a line is complete, and no further: bytes come one at a time. */
static int read_line(struct cat *cat)
{
    char byte;
    ssize_t got = read(STDIN_FILENO, &byte, 1);

    if (got < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : failed("cannot read", -errno);
    if (got == 0)
        cat->end = true;
    else if (byte != '\n') {
        if (cat->length == ARGO_LINUX_LONGEST)
            return failed("cannot send a line", -EMSGSIZE);
        cat->line[cat->length++] = byte;
        return 0;
    }
    cat->pending = got > 0 || cat->length;
    cat->since = milliseconds();
    return 0;
}

static int run(struct cat *cat, int signals)
{
    long long looked = milliseconds();

    for (;;) {
        int wait = argo_linux_handle(cat->argo) < 0 ? cat->interval : LOOK;
        struct pollfd handles[3] = {
            { signals, POLLIN, 0 }, { argo_linux_handle(cat->argo), POLLIN, 0 }, { -1, POLLIN, 0 }
        };

        if (cat->pending && send_pending(cat, &wait))
            return 1;
        /* What is to be echoed has to be gone before there is room for another. */
        while (cat->receive && cat->left && !(cat->echo && cat->pending)) {
            long result = receive(cat);

            if (result < 0)
                return failed("cannot receive", result);
            if (!result)
                break;
            if (cat->left > 0)
                cat->left--;
            if (cat->echo && send_pending(cat, &wait))
                return 1;
        }
        if (!cat->left && !(cat->echo && cat->pending))
            return 0;
        if (cat->end && !cat->pending && cat->left < 0)
            return 0;
        if (cat->receive && milliseconds() - looked >= LOOK) {
            long result = argo_linux_look(cat->argo);

            if (result < 0 && result != -EAGAIN)
                return failed("cannot register the ring again", result);
            looked = milliseconds();
        }
        if (cat->send && !cat->pending && !cat->end)
            handles[2].fd = STDIN_FILENO;
        if (poll(handles, 3, wait) < 0 && errno != EINTR)
            return failed("cannot wait", -errno);
        if (handles[0].revents)
            return 0;
        if (handles[1].revents)
            argo_linux_awake(cat->argo);
        /* A whole line at once, if it is there */
        while (handles[2].revents && !cat->pending && !cat->end) {
            if (read_line(cat))
                return 1;
            if (!cat->pending && !cat->end && poll(&handles[2], 1, 0) <= 0)
                break;
        }
    }
}

static const char usage[] =
    "argo-cat: send and receive Argo messages by a port of this domain's own, wherever the\n"
    "toolstack has connected it\n\n"
    "usage: argo-cat [OPTION...] PORT\n\n"
    "Each line of standard input is a message; each message that arrives is a line of\n"
    "standard output. Ends when all lines are sent, or with --count when that many messages\n"
    "have arrived; SIGTERM and SIGINT end it too.\n\n"
    "  --send           only send\n"
    "  --receive        only receive\n"
    "  --echo           only receive, and send each message back by the cable from the port\n"
    "  --count N        end when N messages have arrived\n"
    "  --wait SECONDS   when nobody is there, keep trying for so long (default: for ever)\n"
    "  --from DOMID     receive from this domain only; without it Xen wants\n"
    "                   `argo=mac-permissive=1`\n"
    "  --poll MS        look every so many milliseconds instead of waiting for Xen's events,\n"
    "                   which one program in a domain can have, and which end when the domain\n"
    "                   is migrated or restored\n"
    "  --help           this\n"
    "  --version        the version\n\n"
    "Needs root, and the kernel's modules xen-privcmd (in a guest with `unrestricted=1`),\n"
    "xen-gntalloc and xen-evtchn.\n\n"
    "Exit status: 0 done; 1 something could not be sent or received; 2 usage, or Xen cannot\n"
    "be reached.\n";

/* A number up to `most`; ends the program when it is none. */
static unsigned long number(const char *text, const char *what, unsigned long most)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 0);
    if (*text < '0' || *text > '9' || *end || errno || value > most) {
        fprintf(stderr, "argo-cat: '%s' is not %s: a number up to %lu\n", text, what, most);
        exit(2);
    }
    return value;
}

int main(int argc, char **argv)
{
    enum { SEND = 256, RECEIVE, ECHO, COUNT, WAIT, FROM, POLL, VERSION, HELP };
    static const struct option options[] = {
        { "send", no_argument, NULL, SEND },           { "receive", no_argument, NULL, RECEIVE },
        { "echo", no_argument, NULL, ECHO },           { "count", required_argument, NULL, COUNT },
        { "wait", required_argument, NULL, WAIT },     { "from", required_argument, NULL, FROM },
        { "poll", required_argument, NULL, POLL },     { "version", no_argument, NULL, VERSION },
        { "help", no_argument, NULL, HELP },           { NULL, 0, NULL, 0 },
    };
    static struct cat cat = { .left = FOR_EVER, .patience = FOR_EVER };
    uint16_t partner = XEN_ARGO_DOMID_ANY;
    int option, only = 0, signals, status;
    const char *what;
    uint32_t port;
    sigset_t set;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
        switch (option) {
        case SEND:
        case RECEIVE:
        case ECHO:
            if (only && only != option) {
                fputs("argo-cat: --send, --receive and --echo exclude each other\n", stderr);
                return 2;
            }
            only = option;
            break;
        case COUNT: cat.left = (long)number(optarg, "a count", 1000000000); break;
        case WAIT: cat.patience = (long)number(optarg, "a time in seconds", 1000000) * 1000; break;
        case FROM: partner = (uint16_t)number(optarg, "a domid", DOMID_FIRST_RESERVED - 1); break;
        case POLL: cat.interval = (int)number(optarg, "a time in milliseconds", 60000); break;
        case VERSION: puts("argo-cat " TOOL_VERSION); return 0;
        case HELP:
        case 'h': fputs(usage, stdout); return 0;
        default: return 2;
        }
    if (argc - optind != 1) {
        fputs("argo-cat: usage: argo-cat [OPTION...] PORT\n    help: `argo-cat --help`\n", stderr);
        return 2;
    }
    port = (uint32_t)number(argv[optind], "a port", UINT32_MAX - 1);
    if (only == SEND && cat.left >= 0) {
        fputs("argo-cat: --count is of messages that arrive, and with --send none do\n", stderr);
        return 2;
    }
    cat.send = only != RECEIVE && only != ECHO;
    cat.receive = only != SEND;
    cat.echo = only == ECHO;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signals = signalfd(-1, &set, SFD_CLOEXEC);
    cat.argo = signals < 0 ? NULL : argo_linux_open(port, partner, cat.receive, !cat.interval, &what);
    if (!cat.argo) {
        fprintf(stderr, "argo-cat: %s: %s\n", signals < 0 ? "cannot wait for signals" : what, explain(-errno));
        return 2;
    }
    status = run(&cat, signals);
    argo_linux_close(cat.argo);
    return status;
}
