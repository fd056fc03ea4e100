/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xen in a PVH guest of Xen, and guests of both that do what domain 0 of the outer one tells them to.
 *
 * tests/argo/boot-nested gives domain 0 an archive: the inner hypervisor, the kernel of its domain 0, which is this
 * program again, and a policy. nested_create() builds the guest out of it. The inner domain 0 and the guests that it
 * builds are puppets like the others (guests/lib/puppets.c): their mailboxes are pages of the outer guest which the
 * inner Xen does not know for memory, so that its domains may map them as they may a device's.
 *
 * Puppets 0 to NESTED - 1 are domains of the outer Xen by their domids, and NESTED + n is domain n of the inner Xen,
 * which has the outer domid NESTED. Included by a test, which defines OUTER and INNER, the numbers of domains, and
 * NESTED_CPUS if the inner Xen is to have more than one processor.
 */
#ifndef NESTED_CPUS
#define NESTED_CPUS 1
#endif

#define NESTED OUTER
#define PUPPETS (NESTED + INNER)
#define PUPPET_WAIT(d) ((d) < NESTED ? (void)yield() : pause())

static void pause(void);

#include "../guests/puppet.c"

#include "../guests/messages.c"

#include <xen/arch-x86/hvm/start_info.h>
#include <xen/event_channel.h>
#include <xen/hvm/save.h>

enum {
    NESTED_MB = 80,                 /* memory of the guest that holds the inner Xen */
    INFO_AT = 0x1000,               /* where its start info is, and what that points to, on the same page */
    ACPI_AT = 0x2000,               /* where it finds how many processors there are */
    LOAD_AT = 0x1000000,            /* ... and its modules */
    SHARED_FRAME = 0xe0000,         /* the mailbox of the inner domain 0; the others' are the next */
};

struct archive {
    uint64_t count;
    struct {
        uint64_t offset, size;
    } file[3];
};

enum { XEN_FILE, KERNEL_FILE, POLICY_FILE };

/* Bits of ELF that loading Xen takes: elf(5) */
struct elf32_header {
    uint8_t ident[16];
    uint16_t type, machine;
    uint32_t version, entry, phoff, shoff, flags;
    uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf32_segment {
    uint32_t type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

enum { PT_LOAD = 1, PT_NOTE = 4, PHYS32_ENTRY = 18 };

static struct shared_info *inner_shared[INNER];
static uint8_t inner_shared_pages[INNER][PAGE] __attribute__((aligned(4096)));

static const char *archive_file(unsigned int number, uint64_t *size)
{
    const struct archive *archive = (const struct archive *)start_info->mod_start;

    if (!start_info->mod_len || number >= archive->count)
        error("there is no inner Xen");
    *size = archive->file[number].size;
    return (const char *)archive + archive->file[number].offset;
}

/* Copy to an address of the guest. */
static void nested_write(uint64_t address, const void *from, uint64_t size)
{
    const char *bytes = from;

    while (size) {
        uint64_t offset = address % PAGE, part = PAGE - offset < size ? PAGE - offset : size;

        map(scratch, address / PAGE, NESTED);
        memcpy(scratch + offset, bytes, part);
        address += part;
        bytes += part;
        size -= part;
    }
    unmap(scratch);
}

/* Load the inner Xen; its entry point. */
static uint32_t nested_load_xen(void)
{
    uint64_t size;
    const char *file = archive_file(XEN_FILE, &size);
    const struct elf32_header *header = (const struct elf32_header *)file;
    uint32_t entry = 0;

    for (unsigned int i = 0; i < header->phnum; i++) {
        const struct elf32_segment *segment =
            (const struct elf32_segment *)(file + header->phoff + i * header->phentsize);
        const char *note = file + segment->offset, *end = note + segment->filesz;

        if (segment->type == PT_LOAD)
            nested_write(segment->paddr, note, segment->filesz);
        /* Memory beyond it is zero already, as is all of a new guest's. */
        while (segment->type == PT_NOTE && note < end) {
            const uint32_t *words = (const uint32_t *)note;

            if (words[2] == PHYS32_ENTRY && strcmp((const char *)(words + 3), "Xen") == 0)
                entry = words[4];
            note += 12 + (words[0] + 3) / 4 * 4 + (words[1] + 3) / 4 * 4;
        }
    }
    if (!entry)
        error("the inner Xen cannot be a PVH guest");
    return entry;
}

/* ACPI's tables, as far as it takes to have processors: ACPI 6.4, 5.2.5 to 5.2.12 */
struct acpi_header {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem[6], oem_table[8];
    uint32_t oem_revision, creator, creator_revision;
} __attribute__((packed));

/* The byte that makes the sum of all nought */
static uint8_t checksum(const void *table, size_t size)
{
    const uint8_t *bytes = table;
    uint8_t sum = 0;

    while (size--)
        sum = (uint8_t)(sum - *bytes++);
    return sum;
}

static void nested_write_acpi(void)
{
    static struct {
        struct {
            char signature[8];
            uint8_t checksum;
            char oem[6];
            uint8_t revision;
            uint32_t rsdt, length;
            uint64_t xsdt;
            uint8_t whole_checksum, reserved[3];
        } __attribute__((packed)) root;
        struct {
            struct acpi_header header;
            uint64_t madt;
        } __attribute__((packed)) xsdt;
        struct {
            struct acpi_header header;
            uint32_t apic_address, flags;
            struct {
                uint8_t type, length, processor, apic;
                uint32_t flags;
            } cpu[NESTED_CPUS];
        } __attribute__((packed)) madt;
    } tables = { .root = { .signature = "RSD PTR ", .oem = "xsmc", .revision = 2 },
                 .xsdt.header = { .signature = "XSDT", .revision = 1, .oem = "xsmc", .oem_table = "nested" },
                 .madt.header = { .signature = "APIC", .revision = 3, .oem = "xsmc", .oem_table = "nested" } };

    tables.root.length = sizeof(tables.root);
    tables.root.xsdt = ACPI_AT + offsetof(typeof(tables), xsdt);
    tables.root.checksum = checksum(&tables.root, 20);
    tables.root.whole_checksum = checksum(&tables.root, sizeof(tables.root));
    tables.xsdt.madt = ACPI_AT + offsetof(typeof(tables), madt);
    tables.xsdt.header.length = sizeof(tables.xsdt);
    tables.xsdt.header.checksum = checksum(&tables.xsdt, sizeof(tables.xsdt));
    tables.madt.apic_address = 0xfee00000;
    for (unsigned int i = 0; i < NESTED_CPUS; i++) {
        tables.madt.cpu[i].length = 8;
        tables.madt.cpu[i].processor = (uint8_t)i;
        tables.madt.cpu[i].apic = (uint8_t)(2 * i);
        tables.madt.cpu[i].flags = 1;
    }
    tables.madt.header.length = sizeof(tables.madt);
    tables.madt.header.checksum = checksum(&tables.madt, sizeof(tables.madt));
    nested_write(ACPI_AT, &tables, sizeof(tables));
}

/* The start info, with the command line of the inner Xen */
static void nested_write_info(const char *options)
{
    static struct {
        struct hvm_start_info info;
        struct hvm_modlist_entry modules[2];
        char options[1024];
    } page;
    uint64_t place = LOAD_AT;

    page.info.magic = XEN_HVM_START_MAGIC_VALUE;
    page.info.version = 1;
    page.info.nr_modules = 2;
    page.info.rsdp_paddr = ACPI_AT;
    page.info.modlist_paddr = INFO_AT + offsetof(typeof(page), modules);
    page.info.cmdline_paddr = INFO_AT + offsetof(typeof(page), options);
    memcpy(page.options, options, strlen(options) + 1);
    for (unsigned int i = 0; i < 2; i++) {
        const char *file = archive_file(KERNEL_FILE + i, &page.modules[i].size);

        page.modules[i].paddr = place;
        nested_write(place, file, page.modules[i].size);
        place = (place + page.modules[i].size + PAGE - 1) / PAGE * PAGE;
    }
    nested_write(INFO_AT, &page, sizeof(page));
}

static void nested_populate(void)
{
    static const struct {
        uint64_t address, size;
        uint32_t type;
    } __attribute__((packed)) ram[] = { { 0, 0xa0000, 1 }, { 0x100000, (NESTED_MB - 1) << 20, 1 } };
    static xen_pfn_t places[NESTED_MB / 2 > INNER ? NESTED_MB / 2 : INNER];
    struct xen_memory_reservation memory = { .nr_extents = NESTED_MB / 2, .extent_order = 9, .domid = NESTED };
    struct xen_foreign_memory_map e820 = { .domid = NESTED, .map.nr_entries = 2 };

    for (unsigned int i = 0; i < NESTED_MB / 2; i++)
        places[i] = i * 512;
    set_xen_guest_handle(memory.extent_start, places);
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, (unsigned long)&memory, 0, 0, 0) != NESTED_MB / 2)
        error("no memory for the inner Xen");
    for (unsigned int i = 0; i < INNER; i++)
        places[i] = SHARED_FRAME + i;
    memory.nr_extents = INNER;
    memory.extent_order = 0;
    if (hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, (unsigned long)&memory, 0, 0, 0) != INNER)
        error("no memory for mailboxes");
    set_xen_guest_handle(e820.map.buffer, (void *)ram);
    must("set_memory_map", hypercall(__HYPERVISOR_memory_op, XENMEM_set_memory_map, (unsigned long)&e820, 0, 0, 0));
}

/* The mailbox of inner domain n, which is there before the domain is */
static void inner_mailbox(unsigned int n)
{
    struct puppet *puppet = &puppets[NESTED + n];

    map(windows[NESTED + n][0], SHARED_FRAME + n, NESTED);
    puppet->mailbox = (struct mailbox *)windows[NESTED + n][0];
    puppet->base = (unsigned long)&mailbox;
    memset(puppet->mailbox, 0, sizeof(*puppet->mailbox));
}

/* Build the guest that holds the inner Xen, whose command line gets the options, and let it run. */
static void nested_create(const char *label, const char *options)
{
    static struct {
        struct hvm_save_descriptor header_descriptor;
        struct hvm_save_header header;
        struct hvm_save_descriptor cpu_descriptor;
        struct hvm_hw_cpu cpu;
        struct hvm_save_descriptor end;
    } __attribute__((packed)) saved = {
        .header_descriptor = { .typecode = HVM_SAVE_CODE(HEADER), .length = sizeof(struct hvm_save_header) },
        .header = { .magic = HVM_FILE_MAGIC, .version = HVM_FILE_VERSION },
        .cpu_descriptor = { .typecode = HVM_SAVE_CODE(CPU), .length = sizeof(struct hvm_hw_cpu) },
        .cpu = {
            .rbx = INFO_AT,
            .rflags = 2,
            .cr0 = 0x11,    /* protected mode */
            .dr6 = 0xffff0ff0, .dr7 = 0x400,
            .cs_limit = ~0u, .ds_limit = ~0u, .es_limit = ~0u, .fs_limit = ~0u, .gs_limit = ~0u, .ss_limit = ~0u,
            .tr_limit = 0x67,
            .cs_arbytes = 0xc9b, .ds_arbytes = 0xc93, .es_arbytes = 0xc93, .fs_arbytes = 0xc93, .gs_arbytes = 0xc93,
            .ss_arbytes = 0xc93, .tr_arbytes = 0x8b, .ldtr_arbytes = 0x82,
        },
    };

    domain_cpus = NESTED_CPUS;
    domain_create(NESTED, label, XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap);
    domain_cpus = 1;
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.paging_mempool.size = 4 << 20;
    must("set_paging_mempool_size", control(XEN_DOMCTL_set_paging_mempool_size, NESTED));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_mem.max_memkb = (NESTED_MB + 1) << 10;
    must("max_mem", control(XEN_DOMCTL_max_mem, NESTED));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_vcpus.max = NESTED_CPUS;
    must("max_vcpus", control(XEN_DOMCTL_max_vcpus, NESTED));
    nested_populate();
    saved.cpu.rip = nested_load_xen();
    nested_write_acpi();
    nested_write_info(options);
    inner_mailbox(0);

    memset(&domctl, 0, sizeof(domctl));
    domctl.u.hvmcontext.size = sizeof(saved);
    set_xen_guest_handle(domctl.u.hvmcontext.buffer, (uint8_t *)&saved);
    must("sethvmcontext", control(XEN_DOMCTL_sethvmcontext, NESTED));
    must("unpause", control(XEN_DOMCTL_unpausedomain, NESTED));
}

/* If this program runs in the inner domain 0, which gets no archive, it waits for requests. */
static void inner_main(void)
{
    if (start_info->mod_len)
        return;
    puppets_init();
    must("mapping the mailbox", hypercall(__HYPERVISOR_update_va_mapping, (unsigned long)&mailbox,
                                          (uint64_t)SHARED_FRAME << 12 | PTE_RW, UVMF_INVLPG, 0, 0));
    for (unsigned int d = 1; d < INNER; d++)
        mailbox_frames[d] = SHARED_FRAME + d;
    puppet_main();
}

/* Run in the inner domain 0: frames of domain arguments[1], in the places of the arguments */
static long inner_frames(void)
{
    unsigned int d = (unsigned int)mailbox.arguments[1];

    memset(&domctl, 0, sizeof(domctl));
    must("getdomaininfo", control(XEN_DOMCTL_getdomaininfo, (domid_t)d));
    mailbox.arguments[0] = domctl.u.getdomaininfo.shared_info_frame;
    for (unsigned int i = 0; i < PUPPET_PAGES; i++)
        mailbox.arguments[1 + i] = puppets[d].page_frames[i];
    return 0;
}

/* Run in the inner domain 0: build domain arguments[1] with the label in the mailbox, if there is any */
static long inner_build(void)
{
    unsigned int d = (unsigned int)mailbox.arguments[1];
    static char label[sizeof(mailbox.data.bytes)];

    memcpy(label, mailbox.data.bytes, sizeof(label));
    puppet_create(d, label[0] ? label : NULL, 0);
    mailbox.arguments[1] = d;
    return inner_frames();
}

static long inner_tear_down(void)
{
    puppet_destroy((unsigned int)mailbox.arguments[1]);
    return 0;
}

/* Have the inner domain 0 run one of the above for inner domain n. */
static void inner_ask(const char *what, long (*function)(void), unsigned int n)
{
    must(what, puppet_call(NESTED, PUPPET_CALL, (unsigned long)function, n, 0, 0, 0));
}

/* Map the pages of inner domain n, which is among the requests' answers. */
static void inner_map(unsigned int n)
{
    struct puppet *puppet = &puppets[NESTED + n];
    const unsigned long *answers = puppets[NESTED].mailbox->arguments;

    map(inner_shared_pages[n], answers[0], NESTED);
    inner_shared[n] = (struct shared_info *)inner_shared_pages[n];
    for (unsigned int i = 0; i < PUPPET_PAGES; i++) {
        puppet->page_frames[i] = answers[1 + i];
        puppet->pages[i] = windows[NESTED + n][1 + i];
        map(puppet->pages[i], answers[1 + i], NESTED);
    }
    puppet->alive = true;
}

/* Let the others have the processor for about a millisecond. */
static void pause(void)
{
    static uint8_t page[PAGE] __attribute__((aligned(4096)));
    static struct sched_poll poll;
    const struct vcpu_time_info *time = &((struct shared_info *)page)->vcpu_info[0].time;
    uint64_t passed;
    uint32_t low, high;

    if (!poll.timeout)
        map(page, start_info->shared_info / PAGE, DOMID_SELF);
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    passed = ((uint64_t)high << 32 | low) - time->tsc_timestamp;
    passed = time->tsc_shift < 0 ? passed >> -time->tsc_shift : passed << time->tsc_shift;
    passed = (uint64_t)((unsigned __int128)passed * time->tsc_to_system_mul >> 32);
    poll.timeout = time->system_time + passed + 1000000;
    hypercall(__HYPERVISOR_sched_op, SCHEDOP_poll, (unsigned long)&poll, 0, 0, 0);
}

/* Wait until the inner domain 0 takes requests. */
static void __attribute__((unused)) inner_start(void)
{
    struct mailbox *request = puppets[NESTED].mailbox;

    /* Its first request is sent here, as there the wait may be long. */
    request->number = __HYPERVISOR_sched_op;
    request->arguments[0] = SCHEDOP_yield;
    request->asked++;
    for (unsigned int tries = 0; request->answered != request->asked; tries++) {
        if (tries == 30000)
            error("the inner Xen does not boot");
        pause();
    }
    inner_ask("asking the inner domain 0", inner_frames, 0);
    inner_map(0);
}

/* Build inner domain n, and destroy it. */
static void __attribute__((unused)) inner_create(unsigned int n, const char *label)
{
    memset(puppets[NESTED].mailbox->data.bytes, 0, sizeof(puppets[NESTED].mailbox->data.bytes));
    if (label)
        memcpy(puppets[NESTED].mailbox->data.bytes, label, strlen(label));
    inner_mailbox(n);
    inner_ask("building an inner domain", inner_build, n);
    inner_map(n);
}

static void __attribute__((unused)) inner_destroy(unsigned int n)
{
    for (unsigned int i = 0; i < PUPPET_PAGES; i++)
        unmap(windows[NESTED + n][1 + i]);
    unmap(inner_shared_pages[n]);
    puppets[NESTED + n].alive = false;
    inner_ask("destroying an inner domain", inner_tear_down, n);
}
