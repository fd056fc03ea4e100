/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cables in files: apply, save, check; and the words that shells complete. */
#include "commands.h"

#include "config.h"
#include "plan.h"
#include "words.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static void print_plan(const struct session *session, const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct plan_step *step = &plan->steps[i];

        printf("%s ", !step->set ? "-" : step->move ? "~" : "+");
        print_cable(stdout, &session->names, &step->cable);
        if (step->move) {
            fputs(" from ", stdout);
            print_destination(stdout, &session->names, &step->before);
        }
        putchar('\n');
    }
}

int command_apply(struct session *session, const struct options *options, int count, char **arguments)
{
    struct plan plan = { 0 };
    struct config config;
    sigset_t signals;
    int status = 1;

    (void)count;
    /* Whoever interrupts this gets all or nothing, too. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    if (config_read(&config, arguments[0], &session->services, &session->report) == 0 &&
        (options->dry_run || (session_lock(session) == 0 && sigprocmask(SIG_BLOCK, &signals, NULL) == 0)) &&
        plan_make(&plan, session->handle, &session->domains, &config, false, &session->report) == 0 &&
        (options->dry_run ||
         plan_apply(&plan, session->handle, session->xs, &session->domains, &session->report) == 0)) {
        print_plan(session, &plan);
        fprintf(stderr, "%zu %s, %zu as they were\n", plan.count, options->dry_run ? "to change" : "changed", plan.kept);
        status = 0;
    }
    plan_free(&plan);
    config_free(&config);
    sigprocmask(SIG_UNBLOCK, &signals, NULL);
    return status;
}

int command_save(struct session *session, const struct options *options, int count, char **arguments)
{
    struct argopatch_cable *cables;
    unsigned int hidden;
    size_t cables_count;

    (void)options;
    (void)count;
    (void)arguments;
    if (session_cables(session, &cables, &cables_count, &hidden))
        return 1;
    for (size_t i = 0; i < cables_count; i++) {
        fputs("cable ", stdout);
        print_cable(stdout, &session->names, &cables[i]);
        putchar('\n');
    }
    free(cables);
    if (hidden)
        report_error(&session->report, NULL, "what was written is not all",
                     "the security policy hides the cables of %u domains", hidden);
    return hidden ? 1 : 0;
}

int command_check(struct session *session, const struct options *options, int count, char **arguments)
{
    struct config config = { 0 };
    int status = 1;

    (void)options;
    (void)count;
    if (services_read(&session->services, session->services_file, &session->report) == 0 &&
        config_read(&config, arguments[0], &session->services, &session->report) == 0)
        status = 0;
    for (size_t i = 0; i < config.cables_count; i++) {
        const struct config_end *ends[] = { &config.cables[i].source, &config.cables[i].destination };

        for (int e = 0; e < 2; e++)
            if (domain_is_number(ends[e]->domain) && strtoul(ends[e]->domain, NULL, 10))
                report_warning(&session->report, &config.cables[i].place, "use the domain's name or UUID",
                               "domid %s is another domain's after the next reboot", ends[e]->domain);
    }
    config_free(&config);
    return session->report.warnings ? 1 : status;
}

static void complete_port(const struct session *session, uint32_t port)
{
    const char *service = services_name(&session->services, port);

    if (service)
        puts(service);
    else
        printf("%u\n", port);
}

/* The ports that have a cable, as they are typed to pull it out: not quoted, which is the shell's affair */
static void complete_cables(struct session *session)
{
    struct argopatch_cable *cables;
    unsigned int hidden;
    size_t count;

    if (session_cables(session, &cables, &count, &hidden))
        return;
    for (size_t i = 0; i < count; i++) {
        char room[6];

        printf("%s:", domains_text(&session->domains, cables[i].source.domid, room));
        complete_port(session, cables[i].source.port);
    }
    free(cables);
}

/* The ports up there that have a cable */
static void complete_up(struct session *session)
{
    struct argopatch_cable *cables;
    unsigned int hidden;
    size_t count;

    if (session_cables(session, &cables, &count, &hidden))
        return;
    for (size_t i = 0; i < count; i++) {
        if (cables[i].source.domid == ARGOPATCH_UP)
            complete_port(session, cables[i].source.port);
        else if (cables[i].destination.domid == ARGOPATCH_UP)
            complete_port(session, cables[i].destination.port);
    }
    free(cables);
}

/* A domain; with `ports`, it and a colon, behind which a number can be typed, and each of its ports that has a name */
static void complete_domain(const struct session *session, const char *text, bool ports)
{
    printf("%s%s\n", text, ports ? ":" : "");
    for (size_t s = 0; ports && s < session->services.count; s++)
        printf("%s:%s\n", text, session->services.list[s].name);
}

/* Each domain by its name and its UUID, or its domid, and up; or their ports */
static void complete_domains(const struct session *session, bool ports)
{
    complete_domain(session, DOMAIN_UP, ports);
    for (size_t d = 0; d < session->domains.count; d++) {
        char room[6];
        const char *name = domains_text(&session->domains, session->domains.list[d].domid, room);
        const char *texts[] = { name, session->domains.list[d].uuid };

        for (int t = 0; t < 2; t++)
            if (texts[t] && !(t && texts[1] == texts[0]))
                complete_domain(session, texts[t], ports);
    }
}

int command_complete(struct session *session, const struct options *options, int count, char **arguments)
{
    enum { DOMAINS, PORTS, SERVICES, CABLES, UP, WORDS };
    static const char *const words[WORDS] = { "domains", "ports", "services", "cables", "up" };
    FILE *nowhere = fopen("/dev/null", "we");
    int what = 0;

    (void)options;
    (void)count;
    while (what < WORDS && strcmp(words[what], arguments[0]))
        what++;
    if (what == WORDS) {
        fprintf(stderr, "argo-patch: complete domains, ports, services, cables or up\n");
        return 2;
    }
    /* Whoever presses the tabulator key does not want to read about what is not there. */
    if (nowhere)
        session->report.out = nowhere;
    if (what == CABLES || what == UP) {
        if (session_open(session) == 0)
            (what == CABLES ? complete_cables : complete_up)(session);
    } else {
        services_read(&session->services, session->services_file, &session->report);
        session->xs = what != SERVICES ? xs_open(0) : NULL;
        if (session->xs && session_domains(session) == 0)
            complete_domains(session, what == PORTS);
        for (size_t s = 0; what == SERVICES && s < session->services.count; s++)
            puts(session->services.list[s].name);
    }
    if (nowhere)
        fclose(nowhere);
    session->report.out = stderr;
    return 0;
}
