/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of a domain, and the page tables of paravirtualised ones. */
#include "question.h"

#include <xen/memory.h>
#include <xen/hvm/hvm_op.h>

#define NO_FRAME 0xfffffffful
#define PRESENT 0x01ul
#define WRITABLE 0x02ul

static long memory_op(const struct asking *asking, const void *arguments)
{
    return call(asking->subject, __HYPERVISOR_memory_op, asking->question->command,
                there(asking->subject, arguments), 0, 0, 0);
}

/* Commands whose argument is, or begins with, a domid */
static long of_domain(const struct asking *asking)
{
    domid_t *domid = request(asking->subject);

    *domid = named(asking);
    return memory_op(asking, domid);
}

static long exchange(const struct asking *asking)
{
    struct xen_memory_exchange *exchange = request(asking->subject);
    xen_pfn_t *in = (xen_pfn_t *)(exchange + 1), *out = in + 1;

    *in = NO_FRAME;
    exchange->in.nr_extents = exchange->out.nr_extents = 1;
    set_xen_guest_handle(exchange->in.extent_start, (xen_pfn_t *)there(asking->subject, in));
    set_xen_guest_handle(exchange->out.extent_start, (xen_pfn_t *)there(asking->subject, out));
    exchange->in.domid = exchange->out.domid = named(asking);
    return memory_op(asking, exchange);
}

/* Done or not done is all that Xen says, so this one page is really added. */
static long increase_reservation(const struct asking *asking)
{
    struct xen_memory_reservation *reservation = request(asking->subject);
    xen_pfn_t *frame = (xen_pfn_t *)(reservation + 1);

    reservation->nr_extents = 1;
    reservation->domid = named(asking);
    set_xen_guest_handle(reservation->extent_start, (xen_pfn_t *)there(asking->subject, frame));
    return memory_op(asking, reservation) == 1 ? 0 : -XEN_EPERM;
}

static long claim(const struct asking *asking)
{
    struct xen_memory_reservation *reservation = request(asking->subject);

    reservation->domid = asking->object;
    return memory_op(asking, reservation);
}

static long pod_target(const struct asking *asking)
{
    struct xen_pod_target *target = request(asking->subject);

    target->domid = named(asking);
    return memory_op(asking, target);
}

static long vnuma(const struct asking *asking)
{
    struct xen_vnuma_topology_info *info = request(asking->subject);

    info->domid = named(asking);
    return memory_op(asking, info);
}

static long add_to_physmap(const struct asking *asking)
{
    struct xen_add_to_physmap *map = request(asking->subject);

    map->domid = named(asking);
    map->space = 99;
    return memory_op(asking, map);
}

static long remove_from_physmap(const struct asking *asking)
{
    struct xen_remove_from_physmap *map = request(asking->subject);

    map->domid = named(asking);
    map->gpfn = NO_FRAME;
    return memory_op(asking, map);
}

static long acquire_resource(const struct asking *asking)
{
    struct xen_mem_acquire_resource *resource = request(asking->subject);

    resource->domid = asking->object;
    resource->type = 99;
    return memory_op(asking, resource);
}

static long paging_op(const struct asking *asking)
{
    struct xen_mem_paging_op *op = request(asking->subject);

    op->op = 99;
    op->domain = asking->object;
    return memory_op(asking, op);
}

static unsigned long entry_bits(const struct asking *asking)
{
    return NO_FRAME << 12 | (unsigned long)asking->question->value;
}

static long update_va_mapping(const struct asking *asking)
{
    unsigned long entry = asking->question->value ? entry_bits(asking) : 0;

    /* Nothing is mapped at this address, nor any page table for it. */
    return call(asking->subject, __HYPERVISOR_update_va_mapping_otherdomain, 0x100000000000ul, entry, 0,
                named(asking), 0);
}

static long mmu_update(const struct asking *asking)
{
    struct mmu_update *update = request(asking->subject);

    update->ptr = NO_FRAME << 12 | asking->question->command;
    update->val = asking->question->value ? entry_bits(asking) : 0;
    return call(asking->subject, __HYPERVISOR_mmu_update, there(asking->subject, update), 1, 0, named(asking), 0);
}

static long mmuext(const struct asking *asking, unsigned int command, unsigned long frame)
{
    struct mmuext_op *op = request(asking->subject);

    op->cmd = command;
    op->arg1.mfn = frame;
    return call(asking->subject, __HYPERVISOR_mmuext_op, there(asking->subject, op), 1, 0, named(asking), 0);
}

static long mmuext_op(const struct asking *asking)
{
    return mmuext(asking, 99, 0);
}

/* An empty page is a page table without entries. */
static long pin(const struct asking *asking)
{
    unsigned long frame = object_frame(asking->object);
    long answer;

    if (asking->object >= DOMID_FIRST_RESERVED || frame == ~0ul)
        return mmuext(asking, MMUEXT_PIN_L1_TABLE, NO_FRAME);
    answer = mmuext(asking, MMUEXT_PIN_L1_TABLE, frame);
    if (answer == 0)
        mmuext(asking, MMUEXT_UNPIN_TABLE, frame);
    return answer;
}

/* Whose page table control fills in the name of another, to whom the page does not belong either: its own */
static long priv_mapping(const struct asking *asking)
{
    static uint8_t place[4096] __attribute__((aligned(4096)));
    const unsigned long *own = (const unsigned long *)start_info->mfn_list;
    unsigned long address = (unsigned long)place;
    unsigned long frame = asking->object ? object_frame(asking->object) : spare_frame(0);
    long answer = hypercall(__HYPERVISOR_update_va_mapping_otherdomain, address, frame << 12 | PRESENT | WRITABLE, 0,
                            asking->subject, 0);

    if (answer == 0)
        hypercall(__HYPERVISOR_update_va_mapping_otherdomain, address,
                  own[(address - 0xffffffff80000000ul) / 4096] << 12 | 0x67, 2 /* UVMF_INVLPG */, DOMID_SELF, 0);
    return answer == -XEN_EACCES ? REFUSED_BEFORE : answer;
}

static bool not_mapped(const struct asking *asking, long answer)
{
    (void)asking;
    return answer == -XEN_EBUSY;
}

#define MEMORY(name, kind, how) \
    { .operation = #name, .command = kind, .object = DOMAIN, .ask = how }

static const struct question questions[] = {
    MEMORY(memory_exchange, XENMEM_exchange, exchange),
    MEMORY(memory_adjust_reservation, XENMEM_increase_reservation, increase_reservation),
    MEMORY(memory_stat_reservation, XENMEM_current_reservation, of_domain),
    MEMORY(claim_pages, XENMEM_claim_pages, claim),
    { .operation = "get_pod_target", .command = XENMEM_get_pod_target, .object = OTHER, .hvm = true,
      .ask = pod_target },
    { .operation = "set_pod_target", .command = XENMEM_set_pod_target, .object = OTHER, .hvm = true,
      .ask = pod_target },
    MEMORY(get_vnumainfo, XENMEM_get_vnumainfo, vnuma),
    { .operation = "add_to_physmap", .command = XENMEM_add_to_physmap, .object = OTHER, .hvm = true,
      .ask = add_to_physmap },
    { .operation = "remove_from_physmap", .command = XENMEM_remove_from_physmap, .object = OTHER, .hvm = true,
      .ask = remove_from_physmap },
    { .operation = "domain_resource_map", .command = XENMEM_acquire_resource, .object = OTHER,
      .ask = acquire_resource },
    { .operation = "machine_memory_map", .number = __HYPERVISOR_memory_op, .command = XENMEM_machine_memory_map,
      .ask = ask_pointer },
    MEMORY(domain_memory_map, XENMEM_set_memory_map, of_domain),
    { .operation = "mem_paging", .command = XENMEM_paging_op, .object = OTHER, .ask = paging_op },

    { .operation = "mmu_update", .object = PAGES, .command = MMU_NORMAL_PT_UPDATE, .value = PRESENT | WRITABLE,
      .when = "t is self, flags & XSM_MMU_UPDATE_READ, "
              "flags & XSM_MMU_UPDATE_WRITE, !(flags & XSM_MMU_MACHPHYS_UPDATE)",
      .ask = mmu_update },
    { .operation = "mmu_update", .object = PAGES, .command = MMU_NORMAL_PT_UPDATE, .value = PRESENT,
      .when = "t is self, flags & XSM_MMU_UPDATE_READ, "
              "!(flags & XSM_MMU_UPDATE_WRITE), !(flags & XSM_MMU_MACHPHYS_UPDATE)",
      .ask = mmu_update },
    { .operation = "mmu_update", .object = PAGES, .paravirtual = true, .command = MMU_MACHPHYS_UPDATE,
      .when = "t is no domain, !(flags & XSM_MMU_UPDATE_READ), "
              "!(flags & XSM_MMU_UPDATE_WRITE), flags & XSM_MMU_MACHPHYS_UPDATE",
      .ask = mmu_update },
    { .operation = "mmuext_op", .object = PAGES, .paravirtual = true, .ask = mmuext_op },
    { .operation = "mmuext_op/memory_pin_page", .object = DOMAIN, .paravirtual = true, .ask = pin },
    { .operation = "priv_mapping", .object = OTHER, .paravirtual = true, .on_behalf = true, .ask = priv_mapping,
      .refused = not_mapped },
    { .operation = "update_va_mapping", .object = PAGES, .value = PRESENT | WRITABLE, .ask = update_va_mapping,
      .when = "l1e_get_flags(pte) & _PAGE_PRESENT, l1e_get_flags(pte) & _PAGE_RW" },
    { .operation = "update_va_mapping", .object = PAGES, .value = PRESENT, .ask = update_va_mapping,
      .when = "l1e_get_flags(pte) & _PAGE_PRESENT, !(l1e_get_flags(pte) & _PAGE_RW)" },
    { .operation = "update_va_mapping", .object = PAGES, .ask = update_va_mapping,
      .when = "!(l1e_get_flags(pte) & _PAGE_PRESENT)" },
};

const struct family memory_questions = FAMILY(questions);
