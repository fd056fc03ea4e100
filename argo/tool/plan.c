/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * See plan.h. What shall be is turned into cables between domids, in the order of their sources; what is comes from Xen
 * in the same order; and the steps are what the two lists differ in.
 *
 * Cables are set before others are pulled out, so that when a step fails nobody was without a cable for a moment. Only
 * where there is no room for both are they pulled out first.
 *
 * Xen knows domids, and one may have been given to another domain since the names were looked up. Then the cable is that
 * domain's, which nobody wanted. So the names are looked up again after the steps, and such cables are pulled out.
 */
#include "plan.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct wanted {
    struct argopatch_cable cable;
    const struct config_cable *from;
};

static int by_source(const void *one, const void *other)
{
    const struct argopatch_address *a = &((const struct wanted *)one)->cable.source;
    const struct argopatch_address *b = &((const struct wanted *)other)->cable.source;

    return a->domid != b->domid ? (a->domid < b->domid ? -1 : 1) : (a->port > b->port) - (a->port < b->port);
}

static bool same_end(struct argopatch_address one, struct argopatch_address other)
{
    return one.domid == other.domid && one.port == other.port;
}

bool plan_same_way(const struct argopatch_cable *one, const struct argopatch_cable *other)
{
    return same_end(one->destination, other->destination) && one->has_outside == other->has_outside &&
           (!one->has_outside || same_end(one->outside, other->outside) ||
            /* whose messages a cable that comes down takes is not a matter of ports */
            (one->source.domid == ARGOPATCH_UP && one->outside.domid == other->outside.domid));
}

/* The domid of a domain. If there is none that is reported, unless `missing` takes note of it. */
static bool resolve(uint16_t *domid, const struct domains *domains, const char *text, const struct place *place,
                    size_t *missing, struct report *report)
{
    switch (domains_find(domains, text, domid)) {
    case DOMAINS_FOUND:
        return true;
    case DOMAINS_SEVERAL:
        report_error(report, place, domains_several_help(text), "several domains are called '%s'", text);
        return false;
    default:
        if (missing)
            ++*missing;
        else
            report_error(report, place, "`xl list` shows which there are", "there is no domain '%s'", text);
        return false;
    }
}

static void add_step(struct plan *plan, bool set, struct argopatch_cable cable, const struct argopatch_cable *before)
{
    *ARRAY_ADD(plan->steps, plan->count) =
        (struct plan_step){ .set = set, .move = before != NULL, .cable = cable, .before = before ? *before : cable };
}

/* The steps from what is to what shall be, for one domain */
static int compare(struct plan *plan, struct argopatch *handle, uint16_t domid, const struct config_guest *guest,
                   const struct wanted *wanted, size_t count, struct report *report)
{
    struct argopatch_cable *is;
    size_t is_count, i = 0, w = 0;

    if (argopatch_list(handle, domid, &is, &is_count)) {
        const char *help, *text = report_errno(errno, &help);

        report_error(report, &guest->place, help, "cannot list the cables of '%s': %s", guest->domain, text);
        return -1;
    }
    while (i < is_count || w < count) {
        if (w == count || (i < is_count && is[i].source.port < wanted[w].cable.source.port)) {
            add_step(plan, false, is[i], NULL);
            i++;
        } else if (i == is_count || is[i].source.port > wanted[w].cable.source.port) {
            add_step(plan, true, wanted[w].cable, NULL);
            w++;
        } else {
            if (plan_same_way(&is[i], &wanted[w].cable))
                plan->kept++;
            else
                add_step(plan, true, wanted[w].cable, &is[i]);
            i++;
            w++;
        }
    }
    free(is);
    return 0;
}

static int set_first(const void *one, const void *other)
{
    const struct plan_step *a = one, *b = other;
    struct wanted wa = { .cable = a->cable }, wb = { .cable = b->cable };

    return a->set != b->set ? (a->set ? -1 : 1) : by_source(&wa, &wb);
}

/* Where the cables from a domain begin, which are in the order of their sources */
static size_t first_of(const struct wanted *wanted, size_t count, uint16_t domid)
{
    size_t from = 0;

    while (count) {
        size_t half = count / 2;

        if (wanted[from + half].cable.source.domid < domid) {
            from += half + 1;
            count -= half + 1;
        } else
            count = half;
    }
    return from;
}

int plan_make(struct plan *plan, struct argopatch *handle, const struct domains *domains, const struct config *config,
              bool wait, struct report *report)
{
    unsigned int errors = report->errors;
    struct wanted *wanted = memory_grow(NULL, config->cables_count + 1, sizeof *wanted);
    bool *ruled = memory_grow(NULL, 65536, sizeof *ruled);
    size_t count = 0;

    *plan = (struct plan){ 0 };
    memset(ruled, 0, 65536 * sizeof *ruled);
    for (size_t i = 0; i < config->cables_count; i++) {
        const struct config_cable *cable = &config->cables[i];
        struct argopatch_cable *add = &wanted[count].cable;
        size_t missing = 0, *note = wait ? &missing : NULL;

        *add = (struct argopatch_cable){ .source.port = cable->source.port, .destination.port = cable->destination.port };
        config_outside(add, &cable->source, &cable->destination);
        wanted[count].from = cable;
        bool source = resolve(&add->source.domid, domains, cable->source.domain, &cable->place, note, report);
        bool destination =
            resolve(&add->destination.domid, domains, cable->destination.domain, &cable->place, note, report);

        count += source && destination;
        plan->waiting += missing != 0;
    }
    if (count)
        qsort(wanted, count, sizeof *wanted, by_source);
    for (size_t i = 1; i < count;)
        if (!same_end(wanted[i - 1].cable.source, wanted[i].cable.source)) {
            i++;
        } else {
            report_error(report, &wanted[i].from->place, "one port has one cable; remove one of the two",
                         "'%s' and '%s' are the same domain, and its port %u has two cables",
                         wanted[i].from->source.domain, wanted[i - 1].from->source.domain,
                         wanted[i].cable.source.port);
            report_note(report, &wanted[i - 1].from->place, "the other one");
            memmove(&wanted[i], &wanted[i + 1], (--count - i) * sizeof *wanted);
        }

    for (size_t i = 0; i < config->guests_count && (wait || report->errors == errors); i++) {
        size_t missing = 0, from, to;
        uint16_t domid;

        if (!resolve(&domid, domains, config->guests[i].domain, &config->guests[i].place, wait ? &missing : NULL, report)
            || ruled[domid])
            continue;
        ruled[domid] = true;
        from = first_of(wanted, count, domid);
        for (to = from; to < count && wanted[to].cable.source.domid == domid; to++)
            ;
        compare(plan, handle, domid, &config->guests[i], wanted + from, to - from, report);
    }
    if (plan->count)
        qsort(plan->steps, plan->count, sizeof *plan->steps, set_first);
    free(wanted);
    free(ruled);
    return report->errors == errors ? 0 : -1;
}

/* ---- doing it */

static int step_do(const struct plan_step *step, struct argopatch *handle)
{
    if (step->set)
        return argopatch_set(handle, &step->cable, step->move ? ARGOPATCH_SET_REPLACE : ARGOPATCH_SET_NEW);
    return argopatch_clear(handle, &step->cable.source);
}

static int step_undo(const struct plan_step *step, struct argopatch *handle)
{
    if (step->set && !step->move)
        return argopatch_clear(handle, &step->cable.source);
    return argopatch_set(handle, &step->before, 0);
}

static void report_step(const struct plan_step *step, const struct domains *domains, const char *what, int error,
                        struct report *report)
{
    const char *help, *text = report_errno(error, &help);
    char room1[6], room2[6];

    report_error(report, NULL, help, "cannot %s %s:%u %s %s:%u: %s", what,
                 domains_text(domains, step->cable.source.domid, room1), step->cable.source.port,
                 step->set ? "to" : "from", domains_text(domains, step->cable.destination.domid, room2),
                 step->cable.destination.port, text);
}

/* Undo what was done; returns the number of steps that could not be undone for another reason than a domain's end. */
static unsigned int undo(struct plan *plan, struct argopatch *handle, const struct domains *domains,
                         struct report *report)
{
    unsigned int left = 0;

    for (size_t i = plan->count; i-- > 0;) {
        if (!plan->steps[i].done)
            continue;
        plan->steps[i].done = false;
        if (step_undo(&plan->steps[i], handle) && errno != ESRCH) {
            report_step(&plan->steps[i], domains, "undo connecting", errno, report);
            left++;
        }
    }
    return left;
}

/*
 * Look the domains up again. A cable that was set between other domains than were meant is pulled out; the step then
 * counts as not done. Returns how many there were, or -1 when xenstore cannot be read.
 */
static int check_again(struct plan *plan, struct argopatch *handle, struct xs_handle *xs, const struct domains *domains,
                       struct report *report)
{
    struct domains now;
    int wrong = 0;

    if (domains_read(&now, xs)) {
        report_error(report, NULL, "is xenstored running?", "cannot read xenstore: %s", strerror(errno));
        return -1;
    }
    for (size_t i = 0; i < plan->count; i++) {
        struct plan_step *step = &plan->steps[i];

        if (!step->done || !step->set || (domains_same(domains, &now, step->cable.source.domid) &&
                                          domains_same(domains, &now, step->cable.destination.domid)))
            continue;
        step->done = false;
        wrong++;
        argopatch_clear(handle, &step->cable.source);
        report_step(step, domains, "connect", ESRCH, report);
    }
    domains_free(&now);
    return wrong;
}

/* Whether somebody who has blocked these signals until the end has been asked to end */
static bool interrupted(void)
{
    sigset_t set;

    return sigpending(&set) == 0 && (sigismember(&set, SIGINT) == 1 || sigismember(&set, SIGTERM) == 1 ||
                                     sigismember(&set, SIGHUP) == 1);
}

/* Do all steps of a kind; false: one has failed, with errno, and is *failed. */
static bool do_all(struct plan *plan, struct argopatch *handle, bool set, const struct plan_step **failed)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->steps[i].set == set) {
            if (interrupted()) {
                errno = EINTR;
                *failed = &plan->steps[i];
                return false;
            }
            if (step_do(&plan->steps[i], handle)) {
                *failed = &plan->steps[i];
                return false;
            }
            plan->steps[i].done = true;
        }
    return true;
}

int plan_apply(struct plan *plan, struct argopatch *handle, struct xs_handle *xs, const struct domains *domains,
               struct report *report)
{
    const struct plan_step *failed = NULL;
    bool done = do_all(plan, handle, true, &failed) && do_all(plan, handle, false, &failed);

    if (!done && errno == ENOSPC && !undo(plan, handle, domains, report))
        done = do_all(plan, handle, false, &failed) && do_all(plan, handle, true, &failed);
    if (!done)
        report_step(failed, domains, failed->set ? "connect" : "disconnect", errno, report);
    else if (check_again(plan, handle, xs, domains, report) == 0)
        return 0;
    if (!undo(plan, handle, domains, report))
        fputs("nothing was changed\n", report->out);
    return -1;
}

int plan_apply_each(struct plan *plan, struct argopatch *handle, struct xs_handle *xs, const struct domains *domains,
                    struct report *report)
{
    unsigned int errors = report->errors;

    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < plan->count; i++) {
            struct plan_step *step = &plan->steps[i];

            if (step->done || step->failed)
                continue;
            step->done = step_do(step, handle) == 0;
            /* What there was no room for may have some when others are pulled out. */
            step->failed = !step->done && (round == 1 || errno != ENOSPC);
            if (step->failed)
                report_step(step, domains, step->set ? "connect" : "disconnect", errno, report);
        }
    check_again(plan, handle, xs, domains, report);
    return report->errors == errors ? 0 : -1;
}

void plan_free(struct plan *plan)
{
    free(plan->steps);
    *plan = (struct plan){ 0 };
}
