/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Giving PCI devices to domains, which takes an IOMMU; tests/xen/test-answers says which device is there. */
#include "question.h"

#define DEVICE (6 << 3)    /* 0000:00:06.0 */

static long pci_domctl(const struct asking *asking, unsigned int subject, uint32_t command)
{
    struct xen_domctl *op = request(subject);

    op->cmd = command;
    op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    op->domain = asking->object;
    op->u.assign_device.dev = XEN_DOMCTL_DEV_PCI;
    op->u.assign_device.u.pci.machine_sbdf = DEVICE;
    return call(subject, __HYPERVISOR_domctl, there(subject, op), 0, 0, 0, 0);
}

static long ask_pci(const struct asking *asking)
{
    return pci_domctl(asking, asking->subject, asking->question->command);
}

/* What was given is taken back by control. */
static long assign(const struct asking *asking)
{
    long answer = ask_pci(asking);

    if (answer == 0 && pci_domctl(asking, 0, XEN_DOMCTL_deassign_device))
        error("a device stays where it is");
    return answer;
}

/* Control gives it first: to domain 0 it belongs already, and a private guest gets none. */
static long deassign(const struct asking *asking)
{
    long answer;
    bool given = asking->object && !is_private(asking->object);

    if (given && pci_domctl(asking, 0, XEN_DOMCTL_assign_device))
        return NOT_PUT;
    asking_now();
    answer = ask_pci(asking);
    if (given && answer && pci_domctl(asking, 0, XEN_DOMCTL_deassign_device))
        error("a device stays where it is");
    return answer;
}

static long device_group(const struct asking *asking)
{
    struct xen_domctl *op = request(asking->subject);

    op->cmd = XEN_DOMCTL_get_device_group;
    op->interface_version = XEN_DOMCTL_INTERFACE_VERSION;
    op->domain = asking->object;
    op->u.get_device_group.machine_sbdf = DEVICE;
    return call(asking->subject, __HYPERVISOR_domctl, there(asking->subject, op), 0, 0, 0, 0);
}

static const struct question questions[] = {
    { .operation = "domctl/XEN_DOMCTL_get_device_group/get_device_group", .object = DOMAIN, .ask = device_group },
    { .operation = "domctl/XEN_DOMCTL_test_assign_device/assign_device", .command = XEN_DOMCTL_test_assign_device,
      .when = "flask_iommu_resource_use_perm() is use_noiommu", .object = OTHER, .ask = ask_pci },
    { .operation = "domctl/XEN_DOMCTL_assign_device/assign_device", .command = XEN_DOMCTL_assign_device,
      .when = "flask_iommu_resource_use_perm() is use_noiommu", .object = OTHER, .ask = assign },
    { .operation = "domctl/XEN_DOMCTL_deassign_device/deassign_device", .command = XEN_DOMCTL_deassign_device,
      .object = OTHER, .paravirtual = true, .ask = deassign },
};

const struct family passthrough_questions = FAMILY(questions);
