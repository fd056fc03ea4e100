/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the model foretells of cables: setting, clearing, flushing and listing them. */
#include "model.h"

void do_cable_set(unsigned caller)
{
    unsigned src = below(DOMAINS), from = below(PORTS), dst = below(DOMAINS), to = below(PORTS), flags = below(4);
    xen_argo_cable_t arg = { .src = { .aport = ports[from], .domain_id = (domid_t)src },
                             .dst = { .aport = ports[to], .domain_id = (domid_t)dst } };
    struct cable *cable = &domains[src].cables[from];
    bool starve = one_in(32), same = cable->there && cable->dst == dst && cable->port == to;
    long wanted = 0;

    doing = "set a cable";
    if (flags == 3)
        flags = one_in(8) ? 3 : 0;
    if (!domains[caller].argo)
        wanted = -XEN_EPERM;
    else if (flags == 3)
        wanted = -XEN_EINVAL;
    else if (!domains[src].alive)
        wanted = -XEN_ESRCH;
    else if (!allowed[ASK_CABLE_SOURCE][caller][src])
        wanted = -XEN_EACCES;
    else if (!domains[dst].alive)
        wanted = -XEN_ESRCH;
    else if (!allowed[ASK_CABLE_DESTINATION][caller][dst])
        wanted = -XEN_EACCES;
    else if (starve)
        wanted = -XEN_ENOMEM;
    else if (!domains[src].argo || !domains[dst].argo)
        wanted = -XEN_ENODEV;
    else if (cable->there && (flags & XEN_ARGO_CABLE_FLAG_FAIL_EXIST))
        wanted = -XEN_EEXIST;
    else if (!cable->there && (flags & XEN_ARGO_CABLE_FLAG_REPLACE))
        wanted = -XEN_ENOENT;
    user_alloc_fail = starve;
    expect("cable_set", user_hypercall(domains[caller].real, XEN_ARGO_OP_cable_set, &arg, NULL, flags, 0), wanted);
    user_alloc_fail = 0;
    if (wanted || same)
        return;
    *cable = (struct cable){ .there = true, .dst = dst, .port = to };
    domains[src].virqs++;
}

void do_cable_clear(unsigned caller)
{
    unsigned src = below(DOMAINS), from = below(PORTS);
    xen_argo_addr_t arg = { .aport = ports[from], .domain_id = (domid_t)src };
    long wanted = 0;

    doing = "clear a cable";
    if (!domains[caller].argo)
        wanted = -XEN_EPERM;
    else if (!domains[src].alive)
        wanted = -XEN_ESRCH;
    else if (!allowed[ASK_CABLE_SOURCE][caller][src])
        wanted = -XEN_EACCES;
    else if (!domains[src].argo)
        wanted = -XEN_ENODEV;
    else if (!domains[src].cables[from].there)
        wanted = -XEN_ENOENT;
    expect("cable_clear", user_hypercall(domains[caller].real, XEN_ARGO_OP_cable_clear, &arg, NULL, 0, 0), wanted);
    if (!wanted)
        cable_gone(src, from);
}

void do_cable_flush(unsigned caller)
{
    unsigned d = below(DOMAINS), flags = below(4);
    bool any = false;
    long wanted = 0;

    doing = "flush cables";
    if (!domains[caller].argo)
        wanted = -XEN_EPERM;
    else if (!flags)
        wanted = -XEN_EINVAL;
    else if (!domains[d].alive)
        wanted = -XEN_ESRCH;
    else if ((flags & XEN_ARGO_CABLE_FLUSH_FROM) && !allowed[ASK_CABLE_SOURCE][caller][d])
        wanted = -XEN_EACCES;
    else if ((flags & XEN_ARGO_CABLE_FLUSH_TO) && !allowed[ASK_CABLE_DESTINATION][caller][d])
        wanted = -XEN_EACCES;
    else if (!domains[d].argo)
        wanted = -XEN_ENODEV;
    expect("cable_flush", user_hypercall(domains[caller].real, XEN_ARGO_OP_cable_flush, NULL, NULL, d, flags), wanted);
    if (wanted)
        return;
    if (flags & XEN_ARGO_CABLE_FLUSH_FROM) {
        for (unsigned port = 0; port < PORTS; port++) {
            any |= domains[d].cables[port].there;
            domains[d].cables[port].there = false;
        }
        domains[d].virqs += any; /* once for all of them */
    }
    if (flags & XEN_ARGO_CABLE_FLUSH_TO)
        for (unsigned other = 0; other < DOMAINS; other++)
            for (unsigned port = 0; port < PORTS; port++)
                if (domains[other].cables[port].there && domains[other].cables[port].dst == d)
                    cable_gone(other, port);
}

void do_cable_list(unsigned caller)
{
    unsigned d = below(DOMAINS), room = below(4), port = 0;
    union {
        xen_argo_cable_list_t list;
        uint8_t space[sizeof(xen_argo_cable_list_t) + 4 * sizeof(xen_argo_cable_t)];
    } arg = { .list.domain_id = (domid_t)d };
    long wanted = 0;

    doing = "list cables";
    if (!domains[caller].argo)
        wanted = -XEN_EPERM;
    else if (!domains[d].alive)
        wanted = -XEN_ESRCH;
    else if (!allowed[ASK_CABLE_LIST][caller][d])
        wanted = -XEN_EACCES;
    else if (!domains[d].argo)
        wanted = -XEN_ENODEV;
    if (!room && !wanted)
        room = 1;
    do {
        arg.list.nent = room;
        expect("cable_list", user_hypercall(domains[caller].real, XEN_ARGO_OP_cable_list, &arg, NULL, 0, 0), wanted);
        if (wanted)
            return;
        for (unsigned i = 0; i < arg.list.nent; i++, port++) {
            const xen_argo_cable_t *got = &arg.list.data[i];

            while (port < PORTS && !domains[d].cables[port].there)
                port++;
            expect("a cable that is there", port < PORTS, true);
            expect("cable's source", got->src.domain_id, (long)d);
            expect("cable's source port", (long)got->src.aport, (long)ports[port]);
            expect("cable's destination", got->dst.domain_id, (long)domains[d].cables[port].dst);
            expect("cable's destination port", (long)got->dst.aport, (long)ports[domains[d].cables[port].port]);
            expect("padding", got->src.pad | got->dst.pad, 0);
        }
        expect("a full page or the end", arg.list.nent == room || arg.list.cursor == XEN_ARGO_CABLE_LIST_END, true);
    } while (arg.list.cursor != XEN_ARGO_CABLE_LIST_END);
    while (port < PORTS && !domains[d].cables[port].there)
        port++;
    expect("all cables listed", port, PORTS);
}
