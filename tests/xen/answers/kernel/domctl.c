/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The toolstack's commands on one domain. */
#include "question.h"

#include <xen/hvm/hvm_op.h>

/* A number that no vCPU, frame, size or kind has */
#define NONE 0xffffffffu

/* An I/O port, a page of I/O memory and an interrupt that domain 0 may use, and main.c has let everybody else use */
#define PORT 0x3000
#define IOMEM 0xfd000ul
#define PIRQ 5

long ask_domctl(const struct asking *asking)
{
    struct xen_domctl *op = request(asking->subject);

    op->cmd = asking->question->command;
    op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    op->domain = asking->object;
    memcpy(&op->u, &asking->question->value, 4);
    if (asking->question->fill)
        asking->question->fill(asking, op);
    return call(asking->subject, __HYPERVISOR_domctl, there(asking->subject, op), 0, 0, 0, 0);
}

static void createdomain(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->domain = 99;
    op->u.createdomain.max_vcpus = 1;
    op->u.createdomain.max_evtchn_port = 127;
    op->u.createdomain.grant_opts = 15;    /* no such version of grant tables, which is found out after the check */
    if (asking->label && flask_sid(asking->label, &op->u.createdomain.ssidref) < 0)
        error("a label that the policy does not know");
}

static void scheduler(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.scheduler_op.sched_id = NONE;
    op->u.scheduler_op.cmd = (uint32_t)asking->question->value;
}

static void max_mem(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    (void)asking;
    op->u.max_mem.max_memkb = ~0ull >> 1;
}

static void irq_permission(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.irq_permission.pirq = PIRQ;
    op->u.irq_permission.allow_access = (uint8_t)asking->question->value;
}

static void iomem_permission(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.iomem_permission.first_mfn = IOMEM + 1;
    op->u.iomem_permission.nr_mfns = 1;
    op->u.iomem_permission.allow_access = (uint8_t)asking->question->value;
}

static void memory_mapping(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.memory_mapping.first_gfn = IOMEM;
    op->u.memory_mapping.first_mfn = IOMEM;
    op->u.memory_mapping.nr_mfns = 1;
    op->u.memory_mapping.add_mapping = (uint32_t)asking->question->value;
}

static void ioport_permission(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.ioport_permission.first_port = PORT + 1;
    op->u.ioport_permission.nr_ports = 1;
    op->u.ioport_permission.allow_access = (uint8_t)asking->question->value;
}

static void ioport_mapping(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    op->u.ioport_mapping.first_gport = PORT;
    op->u.ioport_mapping.first_mport = PORT;
    op->u.ioport_mapping.nr_ports = 1;
    op->u.ioport_mapping.add_mapping = (uint32_t)asking->question->value;
}

static void set_target(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    (void)asking;
    op->u.set_target.target = ordinary_guest();
}

static void bind_irq(const struct asking *asking, void *arguments)
{
    struct xen_domctl *op = arguments;

    (void)asking;
    op->u.bind_pt_irq.machine_irq = PIRQ;
    op->u.bind_pt_irq.irq_type = 99;
}

#define DOMCTL(name) \
    { .operation = "domctl/XEN_DOMCTL_" #name, .command = XEN_DOMCTL_##name, .object = DOMAIN, .ask = ask_domctl }
#define DOMCTL_OF(name, first) \
    { .operation = "domctl/XEN_DOMCTL_" #name, .command = XEN_DOMCTL_##name, .object = DOMAIN, .ask = ask_domctl, \
      .value = first }
#define SCHEDULER(name) \
    { .operation = "domctl/XEN_DOMCTL_scheduler_op/domctl_scheduler_op/" #name, .command = XEN_DOMCTL_scheduler_op, \
      .object = DOMAIN, .ask = ask_domctl, .fill = scheduler, .value = name }
#define SHADOW(name) \
    { .operation = "domctl/XEN_DOMCTL_shadow_op/shadow_control/" #name, .command = XEN_DOMCTL_shadow_op, \
      .object = OTHER, .ask = ask_domctl, .value = name, .spoils = true }

static const struct question questions[] = {
    { .operation = "domctl/XEN_DOMCTL_createdomain/domain_create", .command = XEN_DOMCTL_createdomain,
      .object = LABEL, .ask = ask_domctl, .fill = createdomain },
    { .operation = "domctl/XEN_DOMCTL_getdomaininfo/getdomaininfo", .command = XEN_DOMCTL_getdomaininfo,
      .object = DOMAIN, .ask = ask_domctl },
    SCHEDULER(XEN_DOMCTL_SCHEDOP_putinfo),
    SCHEDULER(XEN_DOMCTL_SCHEDOP_putvcpuinfo),
    SCHEDULER(XEN_DOMCTL_SCHEDOP_getinfo),
    SCHEDULER(XEN_DOMCTL_SCHEDOP_getvcpuinfo),
    { .operation = "domctl/XEN_DOMCTL_scheduler_op/domctl_scheduler_op/*", .command = XEN_DOMCTL_scheduler_op,
      .object = DOMAIN, .ask = ask_domctl, .fill = scheduler, .value = 99 },
    { .operation = "domctl/XEN_DOMCTL_set_target/set_target", .command = XEN_DOMCTL_set_target, .object = OTHER,
      .when = "e is another guest", .third = true, .ask = ask_domctl, .fill = set_target, .spoils = true },

    { .operation = "domctl/XEN_DOMCTL_destroydomain", .command = XEN_DOMCTL_destroydomain, .object = DOMAIN,
      .ask = ask_domctl, .spoils = true },
    DOMCTL(pausedomain),
    { .operation = "domctl/XEN_DOMCTL_unpausedomain", .command = XEN_DOMCTL_unpausedomain, .object = DOMAIN,
      .ask = ask_domctl, .spoils = true },
    DOMCTL_OF(setvcpuaffinity, NONE),
    DOMCTL(setnodeaffinity),
    DOMCTL_OF(getvcpuaffinity, NONE),
    DOMCTL(getnodeaffinity),
    DOMCTL(resumedomain),
    DOMCTL(max_vcpus),
    { .operation = "domctl/XEN_DOMCTL_max_mem", .command = XEN_DOMCTL_max_mem, .object = DOMAIN, .ask = ask_domctl,
      .fill = max_mem },
    DOMCTL_OF(setdomainhandle, 1),
    DOMCTL_OF(set_ext_vcpucontext, NONE),
    DOMCTL_OF(set_vcpu_msrs, NONE),
    DOMCTL_OF(setvcpucontext, NONE),
    DOMCTL_OF(setvcpuextstate, NONE),
    DOMCTL_OF(get_ext_vcpucontext, NONE),
    DOMCTL_OF(get_vcpu_msrs, NONE),
    DOMCTL_OF(getvcpucontext, NONE),
    DOMCTL_OF(getvcpuextstate, NONE),
    DOMCTL_OF(getvcpuinfo, NONE),
    DOMCTL(settimeoffset),
    DOMCTL(setdebugging),
    DOMCTL_OF(getpageframeinfo3, NONE),
    DOMCTL_OF(hypercall_init, NONE),
    DOMCTL_OF(sethvmcontext, NONE),
    DOMCTL(gethvmcontext),
    DOMCTL_OF(gethvmcontext_partial, NONE),
    DOMCTL(set_address_size),
    DOMCTL(get_address_size),
    DOMCTL_OF(mem_sharing_op, NONE),
    DOMCTL_OF(sendtrigger, NONE),
    { .operation = "domctl/XEN_DOMCTL_set_access_required", .command = XEN_DOMCTL_set_access_required,
      .object = DOMAIN, .ask = ask_domctl, .spares_control = true },
    DOMCTL_OF(debug_op, NONE),
    DOMCTL_OF(vmtrace_op, NONE),
    DOMCTL(gdbsx_guestmemio),
    DOMCTL_OF(gdbsx_pausevcpu, NONE),
    DOMCTL_OF(gdbsx_unpausevcpu, NONE),
    DOMCTL_OF(gdbsx_domstatus, NONE),
    DOMCTL(subscribe),
    DOMCTL_OF(set_virq_handler, NONE),
    DOMCTL_OF(set_cpu_policy, NONE),
    DOMCTL(gettscinfo),
    DOMCTL(settscinfo),
    DOMCTL(audit_p2m),
    DOMCTL(cacheflush),
    DOMCTL_OF(setvnumainfo, NONE),
    DOMCTL_OF(psr_cmt_op, NONE),
    DOMCTL_OF(psr_alloc, NONE),
    DOMCTL(soft_reset),
    DOMCTL(get_cpu_policy),
    DOMCTL(get_paging_mempool_size),
    DOMCTL_OF(set_paging_mempool_size, 1),
    { .operation = "domctl/XEN_DOMCTL_soft_reset_cont", .command = 23, .object = DOMAIN, .ask = ask_domctl,
      .spoils = true },   /* The number is in Xen's own headers alone. */
    DOMCTL_OF(set_broken_page_p2m, NONE),
    DOMCTL(vuart_op),
    { .operation = "domctl/*", .command = 9999, .object = DOMAIN, .ask = ask_domctl },

    { .operation = "domctl/XEN_DOMCTL_vm_event_op/vm_event_control", .command = XEN_DOMCTL_vm_event_op,
      .object = DOMAIN, .ask = ask_domctl, .value = 0x100000063 },
    { .operation = "domctl/XEN_DOMCTL_monitor_op/vm_event_control", .command = XEN_DOMCTL_monitor_op,
      .object = DOMAIN, .ask = ask_domctl, .value = 99, .spares_control = true },

    SHADOW(XEN_DOMCTL_SHADOW_OP_OFF),
    SHADOW(XEN_DOMCTL_SHADOW_OP_ENABLE),
    SHADOW(XEN_DOMCTL_SHADOW_OP_ENABLE_TEST),
    SHADOW(XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION),
    SHADOW(XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION),
    SHADOW(XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY),
    SHADOW(XEN_DOMCTL_SHADOW_OP_PEEK),
    SHADOW(XEN_DOMCTL_SHADOW_OP_CLEAN),
    { .operation = "domctl/XEN_DOMCTL_shadow_op/shadow_control/*", .command = XEN_DOMCTL_shadow_op,
      .object = OTHER, .ask = ask_domctl, .value = 99 },

    { .operation = "domctl/XEN_DOMCTL_irq_permission/irq_permission", .when = "!allow", .object = DOMAIN,
      .command = XEN_DOMCTL_irq_permission, .ask = ask_domctl, .fill = irq_permission, .spoils = true,
      .spares_control = true },
    { .operation = "domctl/XEN_DOMCTL_irq_permission/irq_permission", .when = "allow", .object = DOMAIN,
      .command = XEN_DOMCTL_irq_permission, .ask = ask_domctl, .fill = irq_permission, .value = 1 },
    { .operation = "domctl/XEN_DOMCTL_iomem_permission/iomem_permission", .object = DOMAIN,
      .when = "!allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_iomem_permission, .ask = ask_domctl, .fill = iomem_permission,
      .spares_control = true },
    { .operation = "domctl/XEN_DOMCTL_iomem_permission/iomem_permission", .object = DOMAIN,
      .when = "allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_iomem_permission, .ask = ask_domctl, .fill = iomem_permission, .value = 1 },
    { .operation = "domctl/XEN_DOMCTL_memory_mapping/iomem_mapping", .object = DOMAIN,
      .when = "!allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_memory_mapping, .ask = ask_domctl, .fill = memory_mapping },
    { .operation = "domctl/XEN_DOMCTL_memory_mapping/iomem_mapping", .object = DOMAIN,
      .when = "allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_memory_mapping, .ask = ask_domctl, .fill = memory_mapping, .value = 1 },
    { .operation = "domctl/XEN_DOMCTL_ioport_permission/ioport_permission", .object = DOMAIN,
      .when = "!allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_ioport_permission, .ask = ask_domctl, .fill = ioport_permission,
      .spares_control = true },
    { .operation = "domctl/XEN_DOMCTL_ioport_permission/ioport_permission", .object = DOMAIN,
      .when = "allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_ioport_permission, .ask = ask_domctl, .fill = ioport_permission, .value = 1 },
    { .operation = "domctl/XEN_DOMCTL_ioport_mapping/ioport_mapping", .object = OTHER, .hvm = true,
      .when = "!allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_ioport_mapping, .ask = ask_domctl, .fill = ioport_mapping },
    { .operation = "domctl/XEN_DOMCTL_ioport_mapping/ioport_mapping", .object = OTHER, .hvm = true,
      .when = "allow, flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_ioport_mapping, .ask = ask_domctl, .fill = ioport_mapping, .value = 1 },
    { .operation = "domctl/XEN_DOMCTL_bind_pt_irq/bind_pt_irq", .object = OTHER, .hvm = true,
      .when = "flask_iommu_resource_use_perm() is use_noiommu",
      .command = XEN_DOMCTL_bind_pt_irq, .ask = ask_domctl, .fill = bind_irq },
    { .operation = "domctl/XEN_DOMCTL_unbind_pt_irq/unbind_pt_irq", .object = OTHER, .hvm = true,
      .command = XEN_DOMCTL_unbind_pt_irq, .ask = ask_domctl, .fill = bind_irq },
};

const struct family domctl_questions = FAMILY(questions);
