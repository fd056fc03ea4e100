/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See session.h. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int session_open(struct session *session)
{
    const char *help, *text;

    session->lock = -1;
    session->names = (struct names){ &session->domains, &session->services };
    if (services_read(&session->services, session->services_file, &session->report))
        return -1;
    session->handle = argopatch_open(NULL);
    if (!session->handle) {
        report_error(&session->report, NULL, "run this as root in the control domain, with xen-privcmd loaded",
                     "cannot reach Xen: %s", strerror(errno));
        return -1;
    }
    if (argopatch_probe(session->handle)) {
        text = report_errno(errno, &help);
        report_error(&session->report, NULL, help, "%s", text);
        return -1;
    }
    session->xs = xs_open(0);
    if (!session->xs) {
        report_error(&session->report, NULL, "is xenstored running?", "cannot reach xenstore: %s", strerror(errno));
        return -1;
    }
    return session_domains(session);
}

void session_close(struct session *session)
{
    session_unlock(session);
    domains_free(&session->domains);
    services_free(&session->services);
    if (session->xs)
        xs_close(session->xs);
    argopatch_close(session->handle);
    session->xs = NULL;
    session->handle = NULL;
}

int session_domains(struct session *session)
{
    struct domains domains;

    if (domains_read(&domains, session->xs)) {
        report_error(&session->report, NULL, "is xenstored running?", "cannot read xenstore: %s", strerror(errno));
        return -1;
    }
    domains_free(&session->domains);
    session->domains = domains;
    return 0;
}

int session_lock(struct session *session)
{
    char path[4096];

    if (session->lock >= 0)
        return 0;
    if (mkdir(session->run_folder, 0755) && errno != EEXIST) {
        report_error(&session->report, NULL, "run this as root", "cannot make %s: %s", session->run_folder,
                     strerror(errno));
        return -1;
    }
    snprintf(path, sizeof path, "%s/lock", session->run_folder);
    session->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (session->lock < 0 || flock(session->lock, LOCK_EX)) {
        report_error(&session->report, NULL, "run this as root", "cannot lock %s: %s", path, strerror(errno));
        session_unlock(session);
        return -1;
    }
    return session_domains(session);
}

void session_unlock(struct session *session)
{
    if (session->lock >= 0)
        close(session->lock);
    session->lock = -1;
}

int session_cables(struct session *session, struct argopatch_cable **cables, size_t *count, unsigned int *hidden)
{
    struct argopatch_cable *all = NULL;
    size_t used = 0;

    *hidden = 0;
    for (size_t i = 0; i <= session->domains.count; i++) {
        /* The last ones are those that come down. */
        uint16_t domid = i < session->domains.count ? session->domains.list[i].domid : ARGOPATCH_UP;
        struct argopatch_cable *some;
        size_t some_count;

        if (argopatch_list(session->handle, domid, &some, &some_count)) {
            const char *help, *text;

            if (errno == ENODEV || errno == ESRCH)
                continue;
            if (errno == EACCES) {
                ++*hidden;
                continue;
            }
            text = report_errno(errno, &help);
            report_error(&session->report, NULL, help, "cannot list the cables of domain %u: %s", domid, text);
            free(all);
            return -1;
        }
        if (some_count) {
            all = memory_grow(all, used + some_count, sizeof *all);
            memcpy(all + used, some, some_count * sizeof *all);
            used += some_count;
        }
        free(some);
    }
    *cables = all;
    *count = used;
    return 0;
}

void session_note_hidden(const struct session *session, unsigned int hidden)
{
    if (hidden)
        fprintf(session->report.out, "the security policy hides the cables of %u domain%s\n", hidden,
                hidden == 1 ? "" : "s");
}
