/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A question: an operation of the hook database, and how a domain asks Xen for it so that the security module is asked
 * and nothing happens.
 *
 * The questions are tables, one for each family of hypercalls. A row names the operation as `xsmc prove --matrix` does,
 * and the arguments, which are such that Xen gives up for another reason than a refusal once it has been allowed: an
 * impossible processor, a frame beyond memory. main.c asks each question as every kind of domain about every kind of
 * object and prints the answers; tests/xen/test-answers compares them with what the database predicts.
 */
#ifndef QUESTION_H
#define QUESTION_H

#include "guest.h"

enum object {
    MACHINE,       /* Xen, the machine, or the caller's own business: no other domain */
    PRIVATE,       /* the same, but control alone is asked: Xen itself turns the others away before it asks */
    PRIVATE32,     /* the same, but a guest in 32-bit mode alone is asked */
    OWN,           /* control itself, whom alone it concerns */
    SELF32,        /* that guest itself, which is hardware-assisted, on shadow page tables */
    DOMAIN,        /* a domain: the caller, its target, control, and others */
    OTHER,         /* the same without the caller itself */
    PAGES,         /* a domain, or DOMID_IO or DOMID_XEN, who own pages too */
    LABEL,         /* the label of a domain to be made */
};

/* One question put by one domain: `subject` is the number of a puppet, `object` a domid. */
struct asking {
    const struct question *question;
    unsigned int subject;
    domid_t object;
    const char *label;     /* of the object, if there are labels */
};

struct question {
    const char *operation;
    const char *when;      /* the matrix's condition that the arguments meet; NULL when all its answers are alike */
    enum object object;
    bool hvm;              /* the object must be a hardware-assisted domain */
    bool paravirtual;      /* it must not, so a device model is not asked about its target */
    bool on_behalf;        /* control asks in the subject's name, and not in its own */
    bool third;            /* it is about another guest besides the object */
    bool spoils;           /* an object that was changed by it is made again */
    bool spares_control;   /* control is not asked to do it to itself */
    unsigned int number;   /* of the hypercall, where asked by ask_command() or ask_pointer() */
    unsigned int command;
    uint64_t value;        /* what the first argument of the command is set to */
    /* What the answer is; fill() completes the arguments of a domctl, sysctl or platform_op. */
    long (*ask)(const struct asking *asking);
    void (*fill)(const struct asking *asking, void *arguments);
    /* Whether the answer is a refusal; by default -EPERM and -EACCES are. */
    bool (*refused)(const struct asking *asking, long answer);
};

struct family {
    const struct question *questions;
    unsigned int count;
};

extern const struct family domctl_questions, machine_questions, memory_questions, channel_questions, device_questions,
    flask_questions, hvm_questions, passthrough_questions;

#define FAMILY(rows) { .questions = rows, .count = sizeof(rows) / sizeof(rows[0]) }

/* An answer that is no answer: the question could not be put, because what it is about could not be set up. */
#define NOT_PUT 0x7fffffffl
/* The same, because making what it is about was refused already */
#define REFUSED_BEFORE 0x7ffffffel

/*
 * The subject's mailbox, where what the arguments point to is written, cleared or as it is; and how the subject calls a
 * place there.
 */
void *request(unsigned int subject);
void *request_of(unsigned int subject);
unsigned long there(unsigned int subject, const void *place);

/* A hypercall by the subject. */
long call(unsigned int subject, unsigned int number, unsigned long a1, unsigned long a2, unsigned long a3,
          unsigned long a4, unsigned long a5);

/* What Xen says from here on is about the question; called by main.c, and again after things were set up for it. */
void asking_now(void);

/* The object's domid as the subject has to give it, where one's own number will not do. */
domid_t named(const struct asking *asking);

/* A machine frame that the object owns, empty for those that never run, and one of the subject's. */
unsigned long object_frame(domid_t object);
unsigned long spare_frame(unsigned int subject);

/* The grant by which main.c has given each subject a page of every paravirtualised domain */
uint32_t grant_for(unsigned int subject);

/* A domid that stands for an ordinary guest, whether one is a private guest, and whether Flask is there. */
domid_t ordinary_guest(void);
bool is_private(domid_t object);
bool have_flask(void);

/* The hypercalls which take a structure with a command, and its arguments in a union. */
long ask_domctl(const struct asking *asking);
long ask_sysctl(const struct asking *asking);
long ask_platform(const struct asking *asking);
/* number(command, a null pointer, 0, 0, 0), and number(pointer to zeroes, 0, ...) */
long ask_command(const struct asking *asking);
long ask_pointer(const struct asking *asking);

#endif
