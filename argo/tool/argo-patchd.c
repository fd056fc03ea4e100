/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon argo-patchd keeps the cables of a file in place while domains come and go.
 *
 * It has no state of its own but the file and Xen's table: whenever xenstore says that domains have changed, it compares
 * the two and does the steps between them. So it can be killed and started at any moment. What the table cannot tell is
 * which domains the file ruled over before it was changed; their names are in RUN/ruled, written before the first cable
 * of a new file is set, and the cables of those that the file does not name any more are pulled out.
 *
 * A cable that cannot be set is tried again, later and later, up to a minute, and with the next change of domains.
 */
#include "config.h"
#include "notify.h"
#include "plan.h"
#include "session.h"
#include "words.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define CABLES_FILE "/etc/argo-patch/cables"

enum { RETRY_FIRST = 1000, RETRY_LAST = 60000 }; /* milliseconds */

struct daemon {
    struct session session;
    const char *file;
    struct config config;
    uint64_t xl_state; /* of the guests' own files, when they were read */
    struct config_guest *ruled; /* by the file before; their cables have to go unless the file rules over them now */
    size_t ruled_count;
    bool ruled_stale;   /* that is not in the file yet */
    int retry;          /* how long the wait was before the last try, in milliseconds; 0: nothing is to be tried again */
    long long deadline; /* when to */
    FILE *log;          /* what is done; what goes wrong goes to the report */
    char *said;         /* what went wrong with the last try, so as not to say it again and again */
};

static long long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the names of the domains that are ruled over */

static char *ruled_path(const struct daemon *d, const char *suffix)
{
    char *path;

    if (asprintf(&path, "%s/ruled%s", d->session.run_folder, suffix) < 0)
        return memory_grow(NULL, SIZE_MAX, 1);
    return path;
}

/* Remember what an earlier run, or an earlier file, ruled over. */
static void ruled_read(struct daemon *d)
{
    char *path = ruled_path(d, ""), *text;
    struct report quiet = { .out = d->session.report.out };
    struct config config = { 0 };
    size_t length;

    text = file_read(path, &length);
    if (text && config_parse(&config, text, length, path, &d->session.services, &quiet) == 0) {
        for (size_t i = 0; i < config.guests_count; i++) {
            *ARRAY_ADD(d->ruled, d->ruled_count) = config.guests[i];
            config.guests[i].domain = NULL;
            d->ruled[i].place = (struct place){ 0 };
        }
    }
    config_free(&config);
    free(text);
    free(path);
}

static void ruled_free(struct daemon *d)
{
    for (size_t i = 0; i < d->ruled_count; i++)
        free(d->ruled[i].domain);
    free(d->ruled);
    d->ruled = NULL;
    d->ruled_count = 0;
}

/*
 * Write the names of those that are ruled over now, and of those that were, in one step. Where that cannot be done it is
 * said, and tried again: cables are more important.
 */
static bool ruled_write(struct daemon *d)
{
    char *path = ruled_path(d, ""), *fresh = ruled_path(d, ".new");
    FILE *file = fopen(fresh, "we");
    bool good = file != NULL;

    for (size_t i = 0; good && i < d->config.guests_count; i++) {
        fputs("guest ", file);
        word_print(file, d->config.guests[i].domain);
        fputc('\n', file);
    }
    for (size_t i = 0; good && i < d->ruled_count; i++)
        if (!config_rules(&d->config, d->ruled[i].domain)) {
            fputs("guest ", file);
            word_print(file, d->ruled[i].domain);
            fputc('\n', file);
        }
    if (file && (fflush(file) || fsync(fileno(file))))
        good = false;
    if (file && fclose(file))
        good = false;
    if (!good || rename(fresh, path)) {
        report_error(&d->session.report, NULL,
                     "make room there; until then a file that is changed while no daemon runs leaves old cables behind",
                     "cannot write %s: %s", path, strerror(errno));
        good = false;
    }
    d->ruled_stale = !good;
    free(path);
    free(fresh);
    return good;
}

/* ---- what there is to do */

/* Whether the file rules over the domain that now has this domid, whatever it calls it */
static bool rules_domid(const struct daemon *d, uint16_t domid)
{
    for (size_t i = 0; i < d->config.guests_count; i++) {
        uint16_t other;

        if (domains_find(&d->session.domains, d->config.guests[i].domain, &other) == DOMAINS_FOUND && other == domid)
            return true;
    }
    return false;
}

/* Pull out the cables of domains that are not ruled over any more. False: try again. */
static bool release(struct daemon *d)
{
    bool left = false;

    for (size_t i = 0; i < d->ruled_count; i++) {
        uint16_t domid;

        if (domains_find(&d->session.domains, d->ruled[i].domain, &domid) != DOMAINS_FOUND || rules_domid(d, domid))
            continue;
        if (argopatch_flush(d->session.handle, domid, ARGOPATCH_FLUSH_FROM) && errno != ESRCH && errno != ENODEV) {
            const char *help, *text = report_errno(errno, &help);

            report_error(&d->session.report, NULL, help, "cannot disconnect '%s': %s", d->ruled[i].domain, text);
            left = true;
        } else
            fprintf(d->log, "'%s' is not ours any more: disconnected\n", d->ruled[i].domain);
    }
    return !left;
}

static void say_steps(FILE *log, const struct names *names, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_step *step = &plan->steps[i];

        if (!step->done)
            continue;
        fputs(!step->set ? "disconnected " : step->move ? "moved " : "connected ", log);
        print_cable(log, names, &step->cable);
        fputc('\n', log);
    }
}

/* Make the cables so, as far as the domains are there. False: something is to be tried again. */
static bool try(struct daemon *d)
{
    struct session *session = &d->session;
    struct plan plan = { 0 };
    bool good;

    if (session_lock(session)) {
        session_unlock(session);
        return false;
    }
    good = release(d);
    if (good && d->ruled_count) {
        ruled_free(d);
        d->ruled_stale = true;
    }
    if (d->ruled_stale)
        good &= ruled_write(d);
    good &= plan_make(&plan, session->handle, &session->domains, &d->config, true, &session->report) == 0;
    good &= plan_apply_each(&plan, session->handle, session->xs, &session->domains, &session->report) == 0;
    say_steps(d->log, &session->names, &plan);
    for (size_t i = 0; i < plan.count; i++)
        plan.kept += plan.steps[i].done && plan.steps[i].set;
    notify("STATUS=%zu cables in place, %zu waiting for a domain%s", plan.kept, plan.waiting,
           good ? "" : "; see the log for what failed");
    session_unlock(session);
    plan_free(&plan);
    return good;
}

/* The same, with what goes wrong told once and tried again later. */
static void reconcile(struct daemon *d)
{
    char *said = NULL;
    size_t length;
    bool good;

    d->session.report.out = open_memstream(&said, &length);
    if (!d->session.report.out)
        memory_grow(NULL, SIZE_MAX, 1);
    good = try(d);
    fclose(d->session.report.out);
    d->session.report.out = d->log;
    if (!d->said || strcmp(said, d->said))
        fputs(said, d->log);
    fflush(d->log);
    free(d->said);
    d->said = said;
    d->retry = good ? 0 : !d->retry ? RETRY_FIRST : d->retry * 2 > RETRY_LAST ? RETRY_LAST : d->retry * 2;
    d->deadline = milliseconds() + d->retry;
}

/* Read services and cables; if either is wrong, stay with what there was. */
static int load(struct daemon *d)
{
    struct services services;
    struct config config = { 0 };

    if (services_read(&services, d->session.services_file, &d->session.report) ||
        config_read(&config, d->file, &services, &d->session.report)) {
        services_free(&services);
        config_free(&config);
        return -1;
    }
    services_free(&d->session.services);
    d->session.services = services;
    for (size_t i = 0; i < d->config.guests_count; i++)
        if (!config_rules(&config, d->config.guests[i].domain))
            *ARRAY_ADD(d->ruled, d->ruled_count) =
                (struct config_guest){ memory_text(d->config.guests[i].domain, strlen(d->config.guests[i].domain)),
                                       { 0 } };
    config_free(&d->config);
    d->config = config;
    d->xl_state = config_xl_state(&d->config, d->file);
    ruled_write(d);
    return 0;
}

static void reload(struct daemon *d)
{
    notify("RELOADING=1\nMONOTONIC_USEC=%lld", milliseconds() * 1000);
    /* One that is wrong is not read again until it is another. */
    d->xl_state = config_xl_state(&d->config, d->file);
    if (load(d))
        fputs("the file is not taken; the cables stay as they were\n", d->log);
    else
        fprintf(d->log, "read %s: %zu cables\n", d->file, d->config.cables_count);
    reconcile(d);
    notify("READY=1");
}

/* ---- what happens */

/* Take all that xenstore has to tell; false: there was nothing. */
static bool drain(struct xs_handle *xs)
{
    char **event;
    bool any = false;

    for (; (event = xs_check_watch(xs)); any = true)
        free(event);
    return any;
}

/* A name can come after the domain: watch each domain's. Watches of domains that are gone cost nothing. */
static void watch_names(struct daemon *d)
{
    for (size_t i = 0; i < d->session.domains.count; i++) {
        char path[64];

        snprintf(path, sizeof path, "/local/domain/%u/name", d->session.domains.list[i].domid);
        xs_watch(d->session.xs, path, path); /* it fails if there is one already */
    }
}

static int run(struct daemon *d, int signals)
{
    struct pollfd handles[] = { { signals, POLLIN, 0 }, { xs_fileno(d->session.xs), POLLIN, 0 } };

    reconcile(d);
    watch_names(d);
    notify("READY=1");
    for (;;) {
        long long left = d->deadline - milliseconds();
        int ready = poll(handles, 2, !d->retry ? -1 : left > 0 ? (int)left : 0);
        struct signalfd_siginfo signal;

        if (ready < 0 && errno != EINTR) {
            report_error(&d->session.report, NULL, NULL, "cannot wait: %s", strerror(errno));
            return 2;
        }
        if (ready > 0 && (handles[1].revents & (POLLERR | POLLHUP | POLLNVAL))) {
            report_error(&d->session.report, NULL, NULL, "xenstore has gone away");
            return 2;
        }
        if (ready > 0 && (handles[0].revents & POLLIN) && read(signals, &signal, sizeof signal) == sizeof signal) {
            if (signal.ssi_signo != SIGHUP) {
                notify("STOPPING=1");
                fputs("ending; the cables stay\n", d->log);
                return 0;
            }
            reload(d);
        } else if (ready > 0 && drain(d->session.xs)) {
            /* A domain that comes may have come with an xl.cfg. */
            if (config_xl_state(&d->config, d->file) != d->xl_state)
                reload(d);
            else
                reconcile(d);
        } else if (d->retry && milliseconds() >= d->deadline)
            reconcile(d);
        else
            continue;
        watch_names(d);
    }
}

static const char usage[] =
    "argo-patchd: keep the cables of a file in place while domains come and go\n\n"
    "usage: argo-patchd [OPTION...] [FILE]\n\n"
    "FILE (default " CABLES_FILE ") is as for `argo-patch apply`; a cable whose domains are\n"
    "not there waits for them. Runs in the foreground, logs to standard error, tells systemd\n"
    "what it does. SIGHUP: read the files again. SIGTERM, SIGINT: end; the cables stay.\n\n"
    "  --services FILE  names for ports (default " SERVICES_FILE ")\n"
    "  --run-dir DIR    its own files, and the tools' lock (default " RUN_FOLDER ")\n"
    "  --help           this\n"
    "  --version        the version\n\n"
    "Exit status: 0 it was asked to end; 2 usage, a wrong file, or Xen cannot be reached.\n";

int main(int argc, char **argv)
{
    enum { SERVICES = 256, RUN_DIR, VERSION, HELP };
    static const struct option options[] = {
        { "services", required_argument, NULL, SERVICES }, { "run-dir", required_argument, NULL, RUN_DIR },
        { "version", no_argument, NULL, VERSION },         { "help", no_argument, NULL, HELP },
        { NULL, 0, NULL, 0 },
    };
    struct daemon d = {
        .session = { .report = { .out = stderr }, .run_folder = RUN_FOLDER, .services_file = SERVICES_FILE, .lock = -1 },
        .file = CABLES_FILE,
        .log = stderr,
    };
    int option, status = 2, signals;
    sigset_t set;

    report_handles();
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1)
        switch (option) {
        case SERVICES: d.session.services_file = optarg; break;
        case RUN_DIR: d.session.run_folder = optarg; break;
        case VERSION: puts("argo-patchd " TOOL_VERSION); return 0;
        case HELP:
        case 'h': fputs(usage, stdout); return 0;
        default: return 2;
        }
    if (argc - optind > 1) {
        fputs("argo-patchd: too many arguments\n    help: `argo-patchd --help`\n", stderr);
        return 2;
    }
    if (optind < argc)
        d.file = argv[optind];

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signals = signalfd(-1, &set, SFD_CLOEXEC);

    /* The lock makes the folder; it is free again while we wait. */
    if (signals >= 0 && session_open(&d.session) == 0 && session_lock(&d.session) == 0) {
        ruled_read(&d);
        if (load(&d) == 0) {
            session_unlock(&d.session);
            if (xs_watch(d.session.xs, "@introduceDomain", "introduced") &&
                xs_watch(d.session.xs, "@releaseDomain", "released"))
                status = run(&d, signals);
            else
                report_error(&d.session.report, NULL, NULL, "cannot watch xenstore: %s", strerror(errno));
        }
    }
    if (status)
        notify("ERRNO=%d\nSTATUS=ended with an error", errno);
    free(d.said);
    ruled_free(&d);
    config_free(&d.config);
    session_close(&d.session);
    if (signals >= 0)
        close(signals);
    return status;
}
