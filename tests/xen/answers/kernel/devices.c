/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interrupts, PCI devices, shutting down. */
#include "question.h"

#include <xen/physdev.h>
#include <xen/sched.h>

#define PIRQ 5
#define NO_BUS 0xee    /* a PCI bus with nothing on it */

static long physdev(const struct asking *asking, const void *arguments)
{
    return call(asking->subject, __HYPERVISOR_physdev_op, asking->question->command,
                there(asking->subject, arguments), 0, 0, 0);
}

static long map_pirq(const struct asking *asking)
{
    struct physdev_map_pirq *map = request(asking->subject);

    map->domid = named(asking);
    map->type = 99;
    return physdev(asking, map);
}

static long map_irq(const struct asking *asking)
{
    struct physdev_map_pirq *map = request(asking->subject);

    map->domid = named(asking);
    map->type = MAP_PIRQ_TYPE_GSI;
    map->index = PIRQ;
    map->pirq = PIRQ;
    return physdev(asking, map);
}

static long unmap_pirq(const struct asking *asking)
{
    struct physdev_unmap_pirq *unmap = request(asking->subject);

    unmap->domid = named(asking);
    unmap->pirq = asking->question->value;
    return physdev(asking, unmap);
}

/* Control maps the interrupt first; a private guest had it mapped before it became one. */
static long unmap_irq(const struct asking *asking)
{
    struct physdev_map_pirq *map = request(0);

    map->domid = asking->object;
    map->type = MAP_PIRQ_TYPE_GSI;
    map->index = map->pirq = PIRQ;
    if (asking->object && !is_private(asking->object) &&
        call(0, __HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, there(0, map), 0, 0, 0))
        return NOT_PUT;
    return unmap_pirq(asking);
}

static long apic(const struct asking *asking)
{
    struct physdev_apic *apic = request(asking->subject);

    apic->apic_physbase = ~0ul;
    return physdev(asking, apic);
}

/*
 * What is added is there, the host bridge, and what is removed is not. (With an IOMMU, Xen keeps half of a device that it
 * could not add, and does not survive what is asked about that later.)
 */
static long plug_pci(const struct asking *asking)
{
    struct physdev_manage_pci *device = request(asking->subject);

    if (asking->question->command == PHYSDEVOP_manage_pci_remove)
        device->bus = NO_BUS;
    return physdev(asking, device);
}

static long prepare_msix(const struct asking *asking)
{
    struct physdev_pci_device *device = request(asking->subject);

    device->bus = NO_BUS;
    return physdev(asking, device);
}

static long mmcfg_reserved(const struct asking *asking)
{
    struct physdev_pci_mmcfg_reserved *info = request(asking->subject);

    info->address = 1;
    info->segment = 0xfff;
    return physdev(asking, info);
}

static long setup_gsi(const struct asking *asking)
{
    struct physdev_setup_gsi *gsi = request(asking->subject);

    gsi->gsi = PIRQ;
    return physdev(asking, gsi);
}

/*
 * Domain 0 reads and writes configuration space through the ports, and Xen emulates that; what it may not read is all
 * ones. The first base address of the host bridge is written back as it is.
 */
static long config_space(const struct asking *asking)
{
    struct physdev_set_iopl iopl = { .iopl = 1 };
    uint32_t where = 0x80000000u | (uint32_t)asking->question->value, data;

    hypercall(__HYPERVISOR_physdev_op, PHYSDEVOP_set_iopl, (unsigned long)&iopl, 0, 0, 0);
    asm volatile("outl %0, %w1" : : "a"(where), "Nd"(0xcf8));
    asm volatile("inl %w1, %0" : "=a"(data) : "Nd"(0xcfc));
    if (asking->question->command)
        asm volatile("outl %0, %w1" : : "a"(data), "Nd"(0xcfc));
    return data == ~0u ? -XEN_EPERM : 0;
}

static long remote_shutdown(const struct asking *asking)
{
    struct sched_remote_shutdown *shutdown = request(asking->subject);

    shutdown->domain_id = asking->object;
    return call(asking->subject, __HYPERVISOR_sched_op, SCHEDOP_remote_shutdown, there(asking->subject, shutdown),
                0, 0, 0);
}

static const struct question questions[] = {
    { .operation = "schedop_shutdown", .object = DOMAIN, .ask = remote_shutdown, .spoils = true,
      .spares_control = true },
    { .operation = "map_domain_pirq", .command = PHYSDEVOP_map_pirq, .object = DOMAIN, .ask = map_pirq },
    { .operation = "map_domain_pirq/map_domain_irq", .command = PHYSDEVOP_map_pirq, .object = OTHER, .ask = map_irq,
      .when = "flask_iommu_resource_use_perm() is use_noiommu", .spoils = true },
    { .operation = "unmap_domain_pirq", .command = PHYSDEVOP_unmap_pirq, .object = DOMAIN, .ask = unmap_pirq,
      .value = 99 },
    { .operation = "unmap_domain_pirq/unmap_domain_irq", .command = PHYSDEVOP_unmap_pirq, .object = OTHER,
      .ask = unmap_irq, .value = PIRQ, .spoils = true },
    { .operation = "(hardware)/pci_config_permission", .object = OWN, .ask = config_space,
      .when = "!access, flask_iommu_resource_use_perm() is use_noiommu" },
    { .operation = "(hardware)/pci_config_permission", .object = OWN, .ask = config_space, .command = 1, .value = 0x10,
      .when = "access, end >= 0x10, start < 0x28" },
    { .operation = "apic/PHYSDEVOP_apic_read", .command = PHYSDEVOP_apic_read, .ask = apic },
    { .operation = "apic/PHYSDEVOP_apic_write", .command = PHYSDEVOP_apic_write, .ask = apic },
    { .operation = "apic/PHYSDEVOP_alloc_irq_vector", .command = PHYSDEVOP_alloc_irq_vector, .ask = apic },
    { .operation = "resource_plug_pci", .command = PHYSDEVOP_manage_pci_add, .ask = plug_pci },
    { .operation = "resource_unplug_pci", .command = PHYSDEVOP_manage_pci_remove, .ask = plug_pci },
    { .operation = "resource_setup_pci", .command = PHYSDEVOP_prepare_msix, .ask = prepare_msix },
    { .operation = "resource_setup_misc", .command = PHYSDEVOP_pci_mmcfg_reserved, .ask = mmcfg_reserved },
    { .operation = "resource_setup_gsi", .command = PHYSDEVOP_setup_gsi, .ask = setup_gsi },
};

const struct family device_questions = FAMILY(questions);
