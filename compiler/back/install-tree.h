/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What install.c, install-find.c and install-compare.c share: a tree as far as it is hooks. Private to them. */
#ifndef XSMC_INSTALL_TREE_H
#define XSMC_INSTALL_TREE_H

#include "back/install.h"
#include "back/xen-source.h"

/* What there is of a hook in a tree. */
enum element { MEMBER, WRAPPER, DUMMY, DUMMY_ROW, SILO, SILO_ROW, FLASK, FLASK_ROW, ELEMENTS };

/* A generated file, and the one that includes it. */
enum part { PART_OPS, PART_WRAPPERS, PART_DUMMY, PART_DUMMY_TABLE, PART_SILO, PART_FLASK, PARTS };

struct install_part {
    unsigned int file;          /* which includes it */
    const char *include;
    const char *generated;      /* its path */
};
extern const struct install_part install_parts[PARTS];

struct install_element {
    enum part part;
    const char *what;           /* "wrapper" */
};
extern const struct install_element install_elements[ELEMENTS];

/* Something to be taken out. */
struct taken {
    enum part part;
    struct xen_item *item;
};

struct found {
    struct span span[ELEMENTS];             /* file 0: not found */
    const struct xen_item *item[ELEMENTS];  /* functions */
    const char *guard[ELEMENTS];            /* condensed, without what is around all of the part */
};

struct install {
    struct gen *g;
    struct xen_source source[INSTALL_FILES];
    struct xen_source generated[PARTS];
    const struct xen_item *include[PARTS];  /* the part's #include; NULL: not installed */
    const struct xen_guard *base[PARTS];    /* the conditions around all that is taken out for the part */
    struct { struct taken *items; unsigned int n, cap; } taken;
    struct found *found;                    /* by the hook's order */
    struct map hooks, flask;                /* by name; by the name of Flask's function */
};

/* Marks an item, to be taken out of its file. */
void install_take(struct install *in, enum part part, struct xen_item *item);
/* The function of this interned name, or NULL. */
struct xen_item *install_function(const struct xen_source *s, const char *name);
/* Whether the word occurs among the tokens of [start, end). */
bool install_mentions(const struct xen_source *s, uint32_t start, uint32_t end, const char *word);

/* Reads the generated files of a run, by part. */
bool install_read_generated(struct gen *g, struct xen_source generated[PARTS]);
/*
 * Reads the tree's files and what is generated, and finds the elements of every hook. Returns whether all of it could be
 * read; what was found and is wrong is a diagnostic.
 */
bool install_open(struct install *in, struct gen *g, const uint32_t *files);
/* Whether the database says that a hook has this in C, and that it is generated. */
bool install_needs(const struct hook *h, enum element e);

/* Finds every element of every hook in the sources that have been read. */
void install_find(struct install *in);
/* Compares what was found with the database and with what is generated. */
void install_compare(struct install *in);

#endif
