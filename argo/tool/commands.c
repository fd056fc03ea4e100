/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single cables: connect, disconnect, list, show, watch. */
#include "commands.h"

#include "config.h"
#include "plan.h"
#include "words.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* The domid of a domain; false: reported. */
static bool find_domain(struct session *session, const char *text, uint16_t *domid)
{
    switch (domains_find(&session->domains, text, domid)) {
    case DOMAINS_FOUND:
        return true;
    case DOMAINS_SEVERAL:
        report_error(&session->report, NULL, domains_several_help(text), "several domains are called '%s'",
                     text);
        return false;
    default:
        report_error(&session->report, NULL, "`xl list` shows which there are", "there is no domain '%s'", text);
        return false;
    }
}

/* The port of a domain that the text names; what it may say of the outside is not looked at. */
static bool find_end(struct session *session, const char *text, struct argopatch_address *end)
{
    struct config_end parsed;
    bool found;

    if (!config_end(&parsed, text, &session->services, NULL, &session->report))
        return false;
    end->port = parsed.port;
    found = find_domain(session, parsed.domain, &end->domid);
    free(parsed.domain);
    return found;
}

/* The cable with these ends */
static bool find_cable(struct session *session, char **texts, struct argopatch_cable *cable)
{
    struct config_end source, destination = { 0 };
    bool found;

    if (!config_end(&source, texts[0], &session->services, NULL, &session->report))
        return false;
    found = config_end(&destination, texts[1], &session->services, NULL, &session->report) &&
            config_ends(&source, &destination, NULL, &session->report);
    if (found) {
        *cable = (struct argopatch_cable){ .source.port = source.port, .destination.port = destination.port };
        config_outside(cable, &source, &destination);
        found = find_domain(session, source.domain, &cable->source.domid) &&
                find_domain(session, destination.domain, &cable->destination.domid);
    }
    free(source.domain);
    free(destination.domain);
    return found;
}

static int failed(struct session *session, const char *what, const char *on)
{
    const char *help, *text = report_errno(errno, &help);

    report_error(&session->report, NULL, help, "cannot %s %s: %s", what, on, text);
    return 1;
}

/*
 * Whether the domains that a text named when it was looked up are still those that have the domids. For a domid that
 * the user wrote there is nothing to compare.
 */
static bool still_there(struct session *session, const struct argopatch_cable *cable)
{
    struct domains now;
    bool same;

    if (domains_read(&now, session->xs))
        return true;
    same = domains_same(&session->domains, &now, cable->source.domid) &&
           domains_same(&session->domains, &now, cable->destination.domid);
    domains_free(&now);
    return same;
}

int command_connect(struct session *session, const struct options *options, int count, char **arguments)
{
    unsigned int flags = options->is_new ? ARGOPATCH_SET_NEW : options->replace ? ARGOPATCH_SET_REPLACE : 0;
    struct argopatch_cable cable;

    (void)count;
    if (session_lock(session))
        return 2;
    if (!find_cable(session, arguments, &cable))
        return 1;
    if (argopatch_set(session->handle, &cable, flags))
        return failed(session, "connect", arguments[0]);
    if (!still_there(session, &cable)) {
        argopatch_clear(session->handle, &cable.source);
        errno = ESRCH;
        return failed(session, "connect", arguments[0]);
    }
    return 0;
}

int command_disconnect(struct session *session, const struct options *options, int count, char **arguments)
{
    int status = 0;

    if (session_lock(session))
        return 2;
    for (int i = 0; i < count; i++) {
        struct argopatch_address source;

        if (options->all) {
            if (!find_domain(session, arguments[i], &source.domid))
                status = 1;
            else if (argopatch_flush(session->handle, source.domid, ARGOPATCH_FLUSH_FROM | ARGOPATCH_FLUSH_TO))
                status = failed(session, "disconnect", arguments[i]);
        } else if (!find_end(session, arguments[i], &source))
            status = 1;
        else if (argopatch_clear(session->handle, &source))
            status = failed(session, "disconnect", arguments[i]);
    }
    return status;
}

static void print_list(const struct session *session, const struct argopatch_cable *cables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_cable(stdout, &session->names, &cables[i]);
        putchar('\n');
    }
}

static void print_json_list(const struct session *session, const char *name, const struct argopatch_cable *cables,
                            size_t count)
{
    printf("\"%s\": [", name);
    for (size_t i = 0; i < count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        print_json_cable(stdout, &session->names, &cables[i]);
    }
    fputs(count ? "\n]" : "]", stdout);
}

int command_list(struct session *session, const struct options *options, int count, char **arguments)
{
    struct argopatch_cable *cables = NULL;
    unsigned int hidden = 0;
    size_t used = 0;

    if (!count && session_cables(session, &cables, &used, &hidden))
        return 1;
    for (int i = 0; i < count; i++) {
        struct argopatch_cable *some;
        size_t some_count;
        uint16_t domid;

        if (!find_domain(session, arguments[i], &domid)) {
            free(cables);
            return 1;
        }
        if (argopatch_list(session->handle, domid, &some, &some_count)) {
            free(cables);
            return failed(session, "list the cables of", arguments[i]);
        }
        cables = memory_grow(cables, used + some_count + 1, sizeof *cables);
        if (some_count)
            memcpy(cables + used, some, some_count * sizeof *cables);
        used += some_count;
        free(some);
    }
    if (options->json) {
        putchar('{');
        print_json_list(session, "cables", cables, used);
        puts("}");
    } else
        print_list(session, cables, used);
    session_note_hidden(session, hidden);
    free(cables);
    return 0;
}

/* Keep the cables that lead from or to a domain, whichever `from` says; returns how many. */
static size_t select_cables(struct argopatch_cable *to, const struct argopatch_cable *cables, size_t count, uint16_t domid,
                            bool from)
{
    size_t used = 0;

    for (size_t i = 0; i < count; i++)
        if ((from ? cables[i].source.domid : cables[i].destination.domid) == domid)
            to[used++] = cables[i];
    return used;
}

int command_show(struct session *session, const struct options *options, int count, char **arguments)
{
    struct argopatch_cable *all, *some;
    const struct domain *domain;
    unsigned int hidden;
    size_t all_count, from;
    uint16_t domid;

    (void)count;
    if (!find_domain(session, arguments[0], &domid) || session_cables(session, &all, &all_count, &hidden))
        return 1;
    domain = domains_get(&session->domains, domid);
    some = memory_grow(NULL, all_count + 1, sizeof *some);
    from = select_cables(some, all, all_count, domid, true);
    if (options->json) {
        printf("{\"domid\": %u, \"name\": ", domid);
        print_json_text(stdout, domain->name);
        fputs(", \"uuid\": ", stdout);
        print_json_text(stdout, domain->uuid);
        fputs(",\n", stdout);
        print_json_list(session, "from", some, from);
        fputs(",\n", stdout);
        print_json_list(session, "to", some, select_cables(some, all, all_count, domid, false));
        puts("}");
    } else {
        printf("domid: %u\nname:  ", domid);
        word_print(stdout, domain->name && word_printable(domain->name) ? domain->name : "");
        printf("\nuuid:  %s\nfrom:  %zu\n", domain->uuid ? domain->uuid : "", from);
        print_list(session, some, from);
        from = select_cables(some, all, all_count, domid, false);
        printf("to:    %zu\n", from);
        print_list(session, some, from);
    }
    session_note_hidden(session, hidden);
    free(some);
    free(all);
    return 0;
}

static void say_change(const struct session *session, const struct options *options, const char *what,
                       const struct argopatch_cable *cable, const struct argopatch_cable *before)
{
    if (options->json) {
        printf("{\"change\": \"%s\", \"cable\": ", *what == '+' ? "connected" : *what == '-' ? "disconnected" : "moved");
        print_json_cable(stdout, &session->names, cable);
        if (before) {
            fputs(", \"before\": ", stdout);
            print_json_destination(stdout, &session->names, before);
        }
        puts("}");
        return;
    }
    printf("%s ", what);
    print_cable(stdout, &session->names, cable);
    if (before) {
        fputs(" from ", stdout);
        print_destination(stdout, &session->names, before);
    }
    putchar('\n');
}

static int compare_sources(const struct argopatch_cable *a, const struct argopatch_cable *b)
{
    if (a->source.domid != b->source.domid)
        return a->source.domid < b->source.domid ? -1 : 1;
    return (a->source.port > b->source.port) - (a->source.port < b->source.port);
}

/* Say in what two lists, both in the order of their sources, differ. */
static void say_changes(const struct session *session, const struct options *options,
                        const struct argopatch_cable *before, size_t before_count, const struct argopatch_cable *now,
                        size_t now_count)
{
    size_t b = 0, n = 0;

    while (b < before_count || n < now_count) {
        int order = b == before_count ? 1 : n == now_count ? -1 : compare_sources(&before[b], &now[n]);

        if (order < 0)
            say_change(session, options, "-", &before[b++], NULL);
        else if (order > 0)
            say_change(session, options, "+", &now[n++], NULL);
        else {
            if (!plan_same_way(&before[b], &now[n]))
                say_change(session, options, "~", &now[n], &before[b]);
            b++;
            n++;
        }
    }
}

int command_watch(struct session *session, const struct options *options, int count, char **arguments)
{
    struct argopatch_cable *before = NULL, *now;
    size_t before_count = 0, now_count;
    unsigned int hidden, hidden_before = 0;

    (void)count;
    (void)arguments;
    for (;;) {
        if (session_cables(session, &now, &now_count, &hidden)) {
            free(before);
            return 1;
        }
        say_changes(session, options, before, before_count, now, now_count);
        if (hidden != hidden_before)
            session_note_hidden(session, hidden);
        hidden_before = hidden;
        free(before);
        before = now;
        before_count = now_count;
        if (fflush(stdout)) {
            free(before);
            return 2;
        }
        poll(NULL, 0, (int)(options->interval < 1e6 ? options->interval * 1000 : 1e9));
        if (session_domains(session)) {
            free(before);
            return 2;
        }
    }
}
