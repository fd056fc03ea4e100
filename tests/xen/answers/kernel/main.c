/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks every question as domain 0, as an ordinary guest, as a device model and as the xenstore domain, about every kind
 * of domain, and prints the answers: one line each,
 *
 *   ANSWER operation;condition;subject;relation:letter:number
 *
 * where the letter is R for a refusal, A for anything else, B when what it is about was refused already, and N when the
 * question could not be put. What Xen says about a question stands between a line ASKING and the answer. The kernel judges nothing:
 * the same kernel runs under each security module, and tests/xen/test-answers compares.
 *
 * The subjects are puppets. What they are asked about are domains that never run, one of each kind; those that a
 * question changes are made again.
 *
 * seconds: 60
 * cpu: EPYC,family=22,+svm,+npt,-smap,-rdtscp,-monitor
 */
#define PUPPETS 6
#define PUPPET_PAGES 1
#define PUPPET_DATA

#include "puppets.c"
#include "puppet32.c"
#include "question.h"

#include <xen/grant_table.h>

/*
 * The private guest is there if the policy knows one (policy/isolated.xsm). The guest in 32-bit mode speaks for ordinary
 * guests where only such a one can ask.
 */
enum { CONTROL, GUEST, MODEL, XENSTORE, PRIVATE_GUEST, GUEST32 };

/* The domains asked about; those of each kind once more with hardware assistance. */
enum { OBJECT_GUEST, OBJECT_MODEL, OBJECT_XENSTORE, OBJECT_PRIVATE, OBJECT_TARGET, OBJECTS,
       FIRST_OBJECT = 10, FIRST_HVM = 20 };

#define IOMEM 0xfd000ul
#define PORT 0x3000
#define PIRQ 5

struct relation {
    const char *name;
    int object;       /* one of the domains that never run, or -1 */
    domid_t domid;    /* otherwise this one */
};

static const char *const labels[] = {
    [OBJECT_GUEST] = "system_u:system_r:domU_t",
    [OBJECT_MODEL] = "system_u:system_r:dm_dom_t",
    [OBJECT_XENSTORE] = "system_u:system_r:xenstore_t",
    [OBJECT_PRIVATE] = "system_u:system_r:private_t",
    [OBJECT_TARGET] = "system_u:system_r:domU_t",
};
static const char *const kinds[] = { "control", "guest", "device-model", "xenstore", "private" };
static unsigned long frames_of[2][OBJECTS];
static bool flask, have_private, have_iommu;

/* The line that is being made: it has to be written in one piece, as Xen may say something in between. */
static char line[512];
static unsigned int length;

static void add_text(const char *text)
{
    while (*text && length < sizeof(line))
        line[length++] = *text++;
}

static void add_number(long number)
{
    char digits[24];
    unsigned int place = sizeof(digits) - 1;
    unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;

    digits[place] = 0;
    do
        digits[--place] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        digits[--place] = '-';
    add_text(digits + place);
}

void *request_of(unsigned int subject)
{
    return puppets[subject].mailbox->data.bytes;
}

void *request(unsigned int subject)
{
    return memset(request_of(subject), 0, sizeof(mailbox.data));
}

unsigned long there(unsigned int subject, const void *place)
{
    return puppets[subject].base + ((unsigned long)place - (unsigned long)puppets[subject].mailbox);
}

long call(unsigned int subject, unsigned int number, unsigned long a1, unsigned long a2, unsigned long a3,
          unsigned long a4, unsigned long a5)
{
    return puppet_call(subject, number, a1, a2, a3, a4, a5);
}

void asking_now(void)
{
    static char text[] = "ASKING\n";

    hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, sizeof(text) - 1, (unsigned long)text, 0, 0);
}

domid_t named(const struct asking *asking)
{
    return asking->object == asking->subject ? DOMID_SELF : asking->object;
}

domid_t ordinary_guest(void)
{
    return FIRST_HVM + OBJECT_GUEST;
}

bool is_private(domid_t object)
{
    return object == FIRST_OBJECT + OBJECT_PRIVATE || object == FIRST_HVM + OBJECT_PRIVATE;
}

bool have_flask(void)
{
    return flask;
}

unsigned long object_frame(domid_t object)
{
    if (object < FIRST_OBJECT)
        return puppets[object].page_frames[0];
    return frames_of[0][object - FIRST_OBJECT];
}

unsigned long spare_frame(unsigned int subject)
{
    return puppets[subject].page_frames[0];
}

/* Control has to have an interrupt of its own before it can give it away, and a domain before it can route it. */
static void map_interrupt(domid_t domain)
{
    struct physdev_map_pirq map = { .domid = domain, .type = MAP_PIRQ_TYPE_GSI, .index = PIRQ, .pirq = PIRQ };

    must("map_pirq", hypercall(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, (unsigned long)&map, 0, 0, 0));
}

/* Let a domain use an interrupt, two ports and two pages of I/O memory of the machine. */
static void give_resources(unsigned int d)
{
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.irq_permission.pirq = PIRQ;
    domctl.u.irq_permission.allow_access = 1;
    must("irq_permission", control(XEN_DOMCTL_irq_permission, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.ioport_permission.first_port = PORT;
    domctl.u.ioport_permission.nr_ports = 2;
    domctl.u.ioport_permission.allow_access = 1;
    must("ioport_permission", control(XEN_DOMCTL_ioport_permission, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.iomem_permission.first_mfn = IOMEM;
    domctl.u.iomem_permission.nr_mfns = 2;
    domctl.u.iomem_permission.allow_access = 1;
    must("iomem_permission", control(XEN_DOMCTL_iomem_permission, (domid_t)d));
}

/* Only domains with hardware assistance can have device models. */
static domid_t object_domid(unsigned int object, bool hvm)
{
    return (domid_t)((hvm || object == OBJECT_TARGET ? FIRST_HVM : FIRST_OBJECT) + object);
}

uint32_t grant_for(unsigned int subject)
{
    return 8 + subject;    /* the first eight are reserved */
}

/* Write into a domain's grant table that each subject may use one of its pages. */
static void grant_to_all(domid_t d, unsigned long page)
{
    xen_pfn_t frame;
    struct gnttab_setup_table setup = { .dom = d, .nr_frames = 1 };
    grant_entry_v1_t *entries = (grant_entry_v1_t *)scratch;

    set_xen_guest_handle(setup.frame_list, &frame);
    must("setup_table", hypercall(__HYPERVISOR_grant_table_op, GNTTABOP_setup_table, (unsigned long)&setup, 1, 0, 0));
    must("setup_table", setup.status);
    map(scratch, frame, d);
    for (unsigned int subject = CONTROL; subject < PUPPETS; subject++)
        entries[grant_for(subject)] = (grant_entry_v1_t){ .flags = GTF_permit_access, .domid = (domid_t)subject,
                                                          .frame = (uint32_t)page };
    unmap(scratch);
}

/* A subject may give away only an interrupt that is mapped to it, and is an object as well. */
static void equip(unsigned int subject)
{
    give_resources(subject);
    map_interrupt((domid_t)subject);
    grant_to_all((domid_t)subject, puppets[subject].page_frames[0]);
}

/* A private guest is built as an ordinary one. */
static const char *first_label(unsigned int object)
{
    return !flask ? NULL : labels[object == OBJECT_PRIVATE ? OBJECT_GUEST : object];
}

static void make_private(unsigned int d)
{
    struct xen_flask_op op = { .cmd = FLASK_RELABEL_DOMAIN };

    op.u.relabel.domid = d;
    op.u.relabel.sid = sid_of(labels[OBJECT_PRIVATE]);
    must("relabel", xen_flask(&op));
}

/* A domain with a page, and a vCPU that never runs */
static void object_create(unsigned int object, bool hvm)
{
    unsigned int d = object_domid(object, hvm);
    struct xen_memory_reservation memory = { .nr_extents = 1, .domid = (domid_t)d };
    xen_pfn_t frame = 0;

    domain_create(d, first_label(object),
                  (hvm ? XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap : 0) |
                  (have_iommu ? XEN_DOMCTL_CDF_iommu : 0) |
                  (object == OBJECT_XENSTORE ? XEN_DOMCTL_CDF_xs_domain : 0));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_mem.max_memkb = 1 << 10;
    must("max_mem", control(XEN_DOMCTL_max_mem, (domid_t)d));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.max_vcpus.max = 1;
    must("max_vcpus", control(XEN_DOMCTL_max_vcpus, (domid_t)d));
    set_xen_guest_handle(memory.extent_start, &frame);
    if (!hvm && hypercall(__HYPERVISOR_memory_op, XENMEM_populate_physmap, (unsigned long)&memory, 0, 0, 0) != 1)
        error("no memory for a domain");
    frames_of[hvm][object] = frame;
    give_resources(d);
    if (hvm || object == OBJECT_PRIVATE)
        map_interrupt((domid_t)d);
    if (!hvm)
        grant_to_all((domid_t)d, frame);
    if (object == OBJECT_PRIVATE)
        make_private(d);
}

static void object_destroy(unsigned int object, bool hvm)
{
    memset(&domctl, 0, sizeof(domctl));
    control(XEN_DOMCTL_destroydomain, object_domid(object, hvm));
}

/* The device model holds on to its target, which therefore cannot be made again. */
static bool lasting(unsigned int object)
{
    return object == OBJECT_TARGET;
}

static void put(const struct question *question, unsigned int subject, const struct relation *relation)
{
    struct asking asking = { .question = question, .subject = subject };
    char letter;
    long answer;

    asking.object = relation->object < 0 ? relation->domid :
                    object_domid((unsigned int)relation->object, question->hvm);
    if (question->object == LABEL && flask)
        asking.label = relation->object < 0 ? "system_u:system_r:dom0_t" : labels[relation->object];
    asking_now();
    answer = question->ask(&asking);
    if (answer == NOT_PUT)
        letter = 'N';
    else if (answer == REFUSED_BEFORE)
        letter = 'B';
    else if (question->refused ? question->refused(&asking, answer) : answer == -XEN_EPERM || answer == -XEN_EACCES)
        letter = 'R';
    else
        letter = 'A';
    length = 0;
    add_text("ANSWER ");
    add_text(question->operation);
    add_text(";");
    add_text(question->when ? question->when : "");
    add_text(";");
    add_text(kinds[subject == GUEST32 ? GUEST : subject]);
    add_text(";");
    add_text(relation->name);
    add_text((char[]){ ':', letter, ':', 0 });
    add_number(letter == 'N' || letter == 'B' ? 0 : answer);
    add_text("\n");
    hypercall(__HYPERVISOR_console_io, CONSOLEIO_write, length, (unsigned long)line, 0, 0);
    if (question->spoils && letter == 'A' && relation->object >= 0 && !lasting((unsigned int)relation->object)) {
        object_destroy((unsigned int)relation->object, question->hvm);
        object_create((unsigned int)relation->object, question->hvm);
    }
}

enum relation_number { SELF, TO_CONTROL, TO_GUEST, TO_MODEL, TO_XENSTORE, TO_PRIVATE, TO_TARGET, TO_IO, TO_XEN };

/* Whether there is an object in that relation to the subject, which the question can be about */
static bool makes_sense(const struct question *question, unsigned int subject, enum relation_number relation)
{
    /* The proof knows one guest besides the subject, so two of them have to be of one kind. */
    if ((question->on_behalf && subject == CONTROL) || (question->object == OWN && relation != SELF))
        return false;
    if (question->third && have_private && (relation == TO_GUEST || relation == TO_PRIVATE))
        return false;
    switch (relation) {
    case SELF:
        return (question->object == DOMAIN || question->object == PAGES || question->object == OWN) &&
               !(subject == CONTROL && question->spares_control);
    case TO_CONTROL:
        return subject != CONTROL && !question->hvm;
    case TO_XENSTORE:
        return subject != XENSTORE;    /* there is one */
    case TO_PRIVATE:
        return have_private;
    case TO_TARGET:
        return subject == MODEL && question->object != LABEL && !question->paravirtual;
    case TO_IO:
    case TO_XEN:
        return question->object == PAGES;
    default:
        return true;
    }
}

static void put_to_all(const struct question *question)
{
    for (unsigned int subject = CONTROL; subject <= (have_private ? PRIVATE_GUEST : XENSTORE); subject++) {
        const struct relation relations[] = {
            [SELF] = { "self", -1, (domid_t)subject }, [TO_CONTROL] = { "control", -1, CONTROL },
            [TO_GUEST] = { "guest", OBJECT_GUEST, 0 }, [TO_MODEL] = { "device-model", OBJECT_MODEL, 0 },
            [TO_XENSTORE] = { "xenstore", OBJECT_XENSTORE, 0 }, [TO_PRIVATE] = { "private", OBJECT_PRIVATE, 0 }, [TO_TARGET] = { "target", OBJECT_TARGET, 0 },
            [TO_IO] = { "io", -1, DOMID_IO }, [TO_XEN] = { "xen", -1, DOMID_XEN },
        };
        const struct relation machine = { "hypervisor", -1, 0 }, self32 = { "self", -1, GUEST32 };

        if (((question->object == PRIVATE || question->object == OWN) && subject != CONTROL) ||
            ((question->object == PRIVATE32 || question->object == SELF32) && subject != GUEST))
            continue;
        if (question->object <= PRIVATE)
            put(question, subject, &machine);
        else if (question->object == PRIVATE32)
            put(question, GUEST32, &machine);
        else if (question->object == SELF32)
            put(question, GUEST32, &self32);
        else
            for (enum relation_number i = SELF; i <= TO_XEN; i++)
                if (makes_sense(question, subject, i))
                    put(question, subject, &relations[i]);
    }
}

void test(void)
{
    static const struct family *const families[] = {
        &machine_questions, &flask_questions, &domctl_questions, &device_questions, &hvm_questions,
        &passthrough_questions, &memory_questions, &channel_questions,
    };
    struct xen_sysctl machine = { .cmd = XEN_SYSCTL_physinfo };
    unsigned int asked = 0;
    uint32_t sid, iommu;

    if (is_puppet)
        puppet_main();
    puppets_init();
    flask = flask_enforcing() == 1;
    must("physinfo", xen_sysctl(&machine));
    have_iommu = machine.u.physinfo.capabilities & XEN_SYSCTL_PHYSCAP_directio;
    iommu = have_iommu ? XEN_DOMCTL_CDF_iommu : 0;
    have_private = flask && flask_sid(labels[OBJECT_PRIVATE], &sid) == 0;
    for (unsigned int subject = GUEST; subject <= XENSTORE; subject++)
        puppet_create(subject, !flask ? NULL : labels[subject == GUEST ? OBJECT_GUEST : subject == XENSTORE ?
                      OBJECT_XENSTORE : OBJECT_MODEL], subject == XENSTORE ? XEN_DOMCTL_CDF_xs_domain | iommu : iommu);
    map_interrupt(DOMID_SELF);
    grant_to_all(DOMID_SELF, puppets[CONTROL].page_frames[0]);
    for (unsigned int object = 0; object < OBJECTS; object++) {
        if (object == OBJECT_PRIVATE && !have_private)
            continue;
        if (object != OBJECT_TARGET)
            object_create(object, false);
        object_create(object, true);
    }
    if (have_private) {
        puppet_create(PRIVATE_GUEST, labels[OBJECT_GUEST], iommu);
        equip(PRIVATE_GUEST);
        make_private(PRIVATE_GUEST);
    }
    puppet32_create(GUEST32, flask ? labels[OBJECT_GUEST] : NULL, false);
    for (unsigned int subject = GUEST; subject <= XENSTORE; subject++)
        equip(subject);
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.set_target.target = object_domid(OBJECT_TARGET, true);
    must("set_target", control(XEN_DOMCTL_set_target, MODEL));
    memset(&domctl, 0, sizeof(domctl));
    domctl.u.setdomainhandle.handle[0] = 1;
    must("setdomainhandle", control(XEN_DOMCTL_setdomainhandle, 0));

    for (unsigned int i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        for (unsigned int j = 0; j < families[i]->count && (flask || families[i] != &flask_questions) &&
             (have_iommu || families[i] != &passthrough_questions); j++, asked++)
            put_to_all(&families[i]->questions[j]);
    expect("questions were asked", asked > 0, true);
}
