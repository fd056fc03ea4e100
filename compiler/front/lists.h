/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Declarations as they come, before front_bind() makes the model of them. Private to the front end. */
#ifndef XSMC_LISTS_H
#define XSMC_LISTS_H

#include "base/arena.h"
#include "front/front.h"

/* Further permissions of a class that is declared elsewhere. */
struct extension {
    const char *class_name;
    struct span span;
    struct perm *perms;
    unsigned int n_perms;
};

struct front_lists {
    LIST(struct class *) classes;
    LIST(struct extension) extensions;
    LIST(struct isid *) isids;
    LIST(struct hook *) hooks;
    LIST(struct waiver) waivers;
    /*
     * Policy statements. There may be a million of them, so only those that belong to the database's side (about
     * derivation) are kept; files with others are read again by front_add_policy(), one statement at a time.
     */
    LIST(struct statement *) statements;    /* about derivation, in order */
    LIST(uint32_t) policies;    /* files with others, in order */
    unsigned int n_statements, n_rules;     /* all of them; those that make a rule each */
    struct arena *written;      /* what statements are made of */
    struct arena_mark kept;     /* how much of it is kept */
    void (*take)(void *with, const struct statement *s);    /* when reading again, what is done with each */
    void *with;
    struct span target;
    unsigned int searched;      /* names gone through for one that was misspelt */
    struct map keywords;        /* interned word -> its row in parse_keywords[] */
};

struct layout_notes;

/* Reads file `index` of f->sources; `notes` is filled in for the formatter unless NULL. */
void front_parse(struct front *f, uint32_t index, struct layout_notes *notes);
/* Binds the names of everything in f->lists into f->model. */
void front_resolve(struct front *f);
/* Binds what policy files say about derivation into f->model->stock. */
void front_bind_stock(struct front *f);

#endif
