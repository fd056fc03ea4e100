/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine and the hypervisor as a whole: sysctl, platform_op, version, console, profiling and the like. */
#include "question.h"

#include <xen/platform.h>
#include <xen/pmu.h>
#include <xen/xenoprof.h>
#include <xen/arch-x86/xen-mca.h>

#define NONE 0xffffffffu

long ask_sysctl(const struct asking *asking)
{
    struct xen_sysctl *op = request(asking->subject);

    op->cmd = asking->question->command;
    op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    memcpy(&op->u, &asking->question->value, 4);
    if (asking->question->fill)
        asking->question->fill(asking, op);
    return call(asking->subject, __HYPERVISOR_sysctl, there(asking->subject, op), 0, 0, 0, 0);
}

long ask_platform(const struct asking *asking)
{
    struct xen_platform_op *op = request(asking->subject);

    op->cmd = asking->question->command;
    op->interface_version = XENPF_INTERFACE_VERSION;
    memcpy(&op->u, &asking->question->value, 4);
    if (asking->question->fill)
        asking->question->fill(asking, op);
    return call(asking->subject, __HYPERVISOR_platform_op, there(asking->subject, op), 0, 0, 0, 0);
}

long ask_command(const struct asking *asking)
{
    return call(asking->subject, asking->question->number, asking->question->command, 0, 0, 0, 0);
}

long ask_pointer(const struct asking *asking)
{
    void *place = request(asking->subject);

    return call(asking->subject, asking->question->number, asking->question->command, there(asking->subject, place),
                0, 0, 0);
}

/* The list starts at the object; whoever may not ask about that domain does not find it there. */
static long getdomaininfolist(const struct asking *asking)
{
    struct xen_sysctl *op = request(asking->subject);
    struct xen_domctl_getdomaininfo *info = (void *)(op + 1);
    long answer;

    op->cmd = XEN_SYSCTL_getdomaininfolist;
    op->interface_version = XEN_SYSCTL_INTERFACE_VERSION;
    op->u.getdomaininfolist.first_domain = asking->object;
    op->u.getdomaininfolist.max_domains = 1;
    set_xen_guest_handle(op->u.getdomaininfolist.buffer, (void *)there(asking->subject, info));
    answer = call(asking->subject, __HYPERVISOR_sysctl, there(asking->subject, op), 0, 0, 0, 0);
    if (answer < 0)
        return answer;
    return op->u.getdomaininfolist.num_domains == 1 && info->domain == asking->object ? 0 : -XEN_EPERM;
}

static void scheduler(const struct asking *asking, void *arguments)
{
    struct xen_sysctl *op = arguments;

    op->u.scheduler_op.cpupool_id = NONE;
    op->u.scheduler_op.sched_id = NONE;
    op->u.scheduler_op.cmd = (uint32_t)asking->question->value;
}

static void readconsole(const struct asking *asking, void *arguments)
{
    struct xen_sysctl *op = arguments;

    op->u.readconsole.clear = (uint8_t)asking->question->value;
    op->u.readconsole.count = 0;
}

static void page_offline(const struct asking *asking, void *arguments)
{
    struct xen_sysctl *op = arguments;

    op->u.page_offline.cmd = (uint32_t)asking->question->value;
    op->u.page_offline.start = op->u.page_offline.end = 0x7fffffff;    /* beyond all memory */
}

static void cpu_hotplug(const struct asking *asking, void *arguments)
{
    struct xen_sysctl *op = arguments;

    op->u.cpu_hotplug.cpu = NONE;
    op->u.cpu_hotplug.op = (uint32_t)asking->question->value;
}

static void settime(const struct asking *asking, void *arguments)
{
    struct xen_platform_op *op = arguments;

    (void)asking;
    op->u.settime64.mbz = 1;
}

static void coreparking(const struct asking *asking, void *arguments)
{
    struct xen_platform_op *op = arguments;

    (void)asking;
    op->u.core_parking.type = NONE;
}

/* Refused by a text or by a number: but for one command there is no error. */
static bool version_refused(const struct asking *asking, long answer)
{
    static const char denied[] = "<denied>";
    const char *text = (const char *)request_of(asking->subject);

    if (answer == -XEN_EPERM)
        return true;
    switch (asking->question->command) {
    case XENVER_pagesize:
        return answer == 0;
    case XENVER_capabilities:
        return text[0] == 0;
    case XENVER_guest_handle:
        return text[0] == 0;    /* main.c gives everybody a handle that is not zero */
    case XENVER_extraversion:
    case XENVER_compile_info:
    case XENVER_changeset:
    case XENVER_commandline:
        for (unsigned int i = 0; i < sizeof(denied); i++)
            if (text[i] != denied[i])
                return false;
        return true;
    }
    return false;
}

/* The profiler itself says -EPERM to many a command. */
static bool profile_refused(const struct asking *asking, long answer)
{
    (void)asking;
    return answer == -XEN_EACCES;
}

/* By this control becomes the one whom the profiler listens to, without which its other questions would get nowhere. */
static long profile_init(const struct asking *asking)
{
    long answer = ask_pointer(asking);

    if (asking->subject == 0 && answer)
        error("the profiler does not know the processor");
    return answer;
}

#define SYSCTL(name) \
    { .operation = "sysctl/XEN_SYSCTL_" #name, .command = XEN_SYSCTL_##name, .ask = ask_sysctl, .value = NONE }
#define SYSCTL_OF(name, first) \
    { .operation = "sysctl/XEN_SYSCTL_" #name, .command = XEN_SYSCTL_##name, .ask = ask_sysctl, .value = first }
#define PLATFORM(name) \
    { .operation = "platform_op/XENPF_" #name, .command = XENPF_##name, .ask = ask_platform, .value = NONE }
#define VERSION(name) \
    { .operation = "xen_version/XENVER_" #name, .number = __HYPERVISOR_xen_version, .command = XENVER_##name, \
      .ask = ask_pointer, .refused = version_refused }
#define PMU(name) \
    { .operation = "pmu_op/" #name, .number = __HYPERVISOR_xenpmu_op, .command = name, .ask = ask_pointer }
#define PROFILE(name, whose) \
    { .operation = "profile/" #name, .number = __HYPERVISOR_xenoprof_op, .command = name, .object = whose, \
      .ask = ask_pointer, .refused = profile_refused }
#define CONSOLE(name) \
    { .operation = "console_io/CONSOLEIO_" #name, .number = __HYPERVISOR_console_io, .command = CONSOLEIO_##name, \
      .ask = ask_command }

static const struct question questions[] = {
    { .operation = "sysctl/XEN_SYSCTL_getdomaininfolist/getdomaininfo", .object = DOMAIN, .ask = getdomaininfolist },
    { .operation = "sysctl/XEN_SYSCTL_scheduler_op/sysctl_scheduler_op/XEN_SYSCTL_SCHEDOP_putinfo",
      .command = XEN_SYSCTL_scheduler_op, .ask = ask_sysctl, .fill = scheduler, .value = XEN_SYSCTL_SCHEDOP_putinfo },
    { .operation = "sysctl/XEN_SYSCTL_scheduler_op/sysctl_scheduler_op/XEN_SYSCTL_SCHEDOP_getinfo",
      .command = XEN_SYSCTL_scheduler_op, .ask = ask_sysctl, .fill = scheduler, .value = XEN_SYSCTL_SCHEDOP_getinfo },
    { .operation = "sysctl/XEN_SYSCTL_scheduler_op/sysctl_scheduler_op/*",
      .command = XEN_SYSCTL_scheduler_op, .ask = ask_sysctl, .fill = scheduler, .value = 99 },
    SYSCTL(tbuf_op),
    SYSCTL(sched_id),
    SYSCTL(perfc_op),
    SYSCTL_OF(debug_keys, 0),
    SYSCTL_OF(getcpuinfo, 0),
    SYSCTL_OF(availheap, 0),
    SYSCTL(get_pmstat),
    SYSCTL(pm_op),
    SYSCTL(lockprof_op),
    SYSCTL(cpupool_op),
    SYSCTL_OF(physinfo, 0),
    SYSCTL_OF(cputopoinfo, 0),
    SYSCTL_OF(numainfo, 0),
    SYSCTL_OF(pcitopoinfo, 0),
    SYSCTL(get_cpu_policy),
    SYSCTL(psr_cmt_op),
    SYSCTL(psr_alloc),
    SYSCTL(get_cpu_levelling_caps),
    SYSCTL(get_cpu_featureset),
    SYSCTL(livepatch_op),
    SYSCTL(coverage_op),
    { .operation = "sysctl/*", .command = 9999, .ask = ask_sysctl },
    { .operation = "sysctl/XEN_SYSCTL_readconsole/readconsole", .when = "!clear", .command = XEN_SYSCTL_readconsole,
      .ask = ask_sysctl, .fill = readconsole },
    { .operation = "sysctl/XEN_SYSCTL_readconsole/readconsole", .when = "clear", .command = XEN_SYSCTL_readconsole,
      .ask = ask_sysctl, .fill = readconsole, .value = 1 },
    { .operation = "sysctl/XEN_SYSCTL_page_offline_op/page_offline/sysctl_page_offline",
      .command = XEN_SYSCTL_page_offline_op, .ask = ask_sysctl, .fill = page_offline, .value = sysctl_page_offline },
    { .operation = "sysctl/XEN_SYSCTL_page_offline_op/page_offline/sysctl_page_online",
      .command = XEN_SYSCTL_page_offline_op, .ask = ask_sysctl, .fill = page_offline, .value = sysctl_page_online },
    { .operation = "sysctl/XEN_SYSCTL_page_offline_op/page_offline/sysctl_query_page_offline",
      .command = XEN_SYSCTL_page_offline_op, .ask = ask_sysctl, .fill = page_offline,
      .value = sysctl_query_page_offline },
    { .operation = "sysctl/XEN_SYSCTL_page_offline_op/page_offline/*",
      .command = XEN_SYSCTL_page_offline_op, .ask = ask_sysctl, .fill = page_offline, .value = 99 },
    { .operation = "sysctl/XEN_SYSCTL_cpu_hotplug/resource_plug_core", .command = XEN_SYSCTL_cpu_hotplug,
      .ask = ask_sysctl, .fill = cpu_hotplug, .value = XEN_SYSCTL_CPU_HOTPLUG_ONLINE },
    { .operation = "sysctl/XEN_SYSCTL_cpu_hotplug/resource_unplug_core", .command = XEN_SYSCTL_cpu_hotplug,
      .ask = ask_sysctl, .fill = cpu_hotplug, .value = XEN_SYSCTL_CPU_HOTPLUG_OFFLINE },

    { .operation = "platform_op/XENPF_cpu_online/resource_plug_core", .command = XENPF_cpu_online,
      .ask = ask_platform, .value = NONE },
    { .operation = "platform_op/XENPF_cpu_offline/resource_unplug_core", .command = XENPF_cpu_offline,
      .ask = ask_platform },
    { .operation = "platform_op/XENPF_cpu_hotadd/resource_plug_core", .command = XENPF_cpu_hotadd,
      .ask = ask_platform, .value = NONE },
    { .operation = "platform_op/XENPF_mem_hotadd/resource_plug_core", .command = XENPF_mem_hotadd,
      .ask = ask_platform, .value = NONE },
    { .operation = "platform_op/XENPF_settime32", .command = XENPF_settime32, .ask = ask_platform },
    { .operation = "platform_op/XENPF_settime64", .command = XENPF_settime64, .ask = ask_platform, .fill = settime },
    PLATFORM(add_memtype),
    PLATFORM(del_memtype),
    PLATFORM(read_memtype),
    { .operation = "platform_op/XENPF_microcode_update", .command = XENPF_microcode_update, .ask = ask_platform },
    PLATFORM(platform_quirk),
    PLATFORM(firmware_info),
    PLATFORM(efi_runtime_call),
    PLATFORM(enter_acpi_sleep),
    PLATFORM(change_freq),
    PLATFORM(getidletime),
    PLATFORM(set_processor_pminfo),
    { .operation = "platform_op/XENPF_core_parking", .command = XENPF_core_parking, .ask = ask_platform,
      .fill = coreparking },
    PLATFORM(get_cpu_version),
    PLATFORM(get_cpuinfo),
    PLATFORM(resource_op),
    PLATFORM(get_symbol),
    { .operation = "platform_op/*", .command = 9999, .ask = ask_platform },

    { .operation = "do_mca", .number = __HYPERVISOR_mca, .ask = ask_command },
    { .operation = "kexec", .number = __HYPERVISOR_kexec_op, .command = NONE, .ask = ask_command },
    { .operation = "hypfs_op", .number = __HYPERVISOR_hypfs_op, .command = NONE, .ask = ask_command },

    VERSION(version),
    VERSION(platform_parameters),
    VERSION(get_features),
    VERSION(extraversion),
    VERSION(compile_info),
    VERSION(capabilities),
    VERSION(changeset),
    VERSION(pagesize),
    VERSION(guest_handle),
    VERSION(commandline),
    VERSION(build_id),

    CONSOLE(read),
    CONSOLE(write),
    { .operation = "console_io/*", .number = __HYPERVISOR_console_io, .command = 99, .ask = ask_command },

    PMU(XENPMU_mode_set),
    PMU(XENPMU_mode_get),
    PMU(XENPMU_feature_set),
    PMU(XENPMU_feature_get),
    PMU(XENPMU_init),
    PMU(XENPMU_finish),
    PMU(XENPMU_lvtpc_set),
    PMU(XENPMU_flush),
    { .operation = "pmu_op/*", .number = __HYPERVISOR_xenpmu_op, .command = 99, .ask = ask_pointer },

    { .operation = "profile/XENOPROF_init", .number = __HYPERVISOR_xenoprof_op, .command = XENOPROF_init,
      .ask = profile_init, .refused = profile_refused },
    PROFILE(XENOPROF_enable_virq, MACHINE),
    PROFILE(XENOPROF_disable_virq, MACHINE),
    PROFILE(XENOPROF_get_buffer, MACHINE),
    PROFILE(XENOPROF_reset_active_list, PRIVATE),
    PROFILE(XENOPROF_reset_passive_list, PRIVATE),
    PROFILE(XENOPROF_set_active, PRIVATE),
    PROFILE(XENOPROF_set_passive, PRIVATE),
    PROFILE(XENOPROF_counter, PRIVATE),
    PROFILE(XENOPROF_setup_events, PRIVATE),
    PROFILE(XENOPROF_start, PRIVATE),
    PROFILE(XENOPROF_stop, PRIVATE),
    PROFILE(XENOPROF_release_counters, PRIVATE),
    { .operation = "profile/XENOPROF_set_backtrace", .number = __HYPERVISOR_xenoprof_op,
      .command = XENOPROF_set_backtrace, .object = PRIVATE, .ask = ask_pointer },
    { .operation = "profile/XENOPROF_get_ibs_caps", .number = __HYPERVISOR_xenoprof_op,
      .command = XENOPROF_get_ibs_caps, .object = PRIVATE, .ask = ask_pointer },
    PROFILE(XENOPROF_reserve_counters, PRIVATE),
    { .operation = "profile/XENOPROF_ibs_counter", .number = __HYPERVISOR_xenoprof_op,
      .command = XENOPROF_ibs_counter, .object = PRIVATE, .ask = ask_pointer },
    PROFILE(XENOPROF_shutdown, PRIVATE),
};

const struct family machine_questions = FAMILY(questions);
