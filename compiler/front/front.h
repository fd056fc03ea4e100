/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front end: reads files of the language and returns the bound model.
 *
 * Everything it finds wrong becomes a diagnostic; one run reports every independent error. The model is complete
 * only if there are no errors, but it is always safe to look at: what could not be bound is NULL.
 */
#ifndef XSMC_FRONT_H
#define XSMC_FRONT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/names.h"
#include "model/model.h"
#include "text/diag.h"
#include "text/source.h"

struct policy;  /* model/policy.h */

/* One run of the compiler. */
struct front {
    struct arena *arena;
    struct names *names;
    struct sources *sources;
    struct diags *diags;
    struct model *model;
    struct map globals;             /* (kind scope, name) -> declaration; for the resolver and later look-ups */
    struct front_lists *lists;      /* growing lists while reading */
};

/* An empty run in `arena`. */
struct front *front_create(struct arena *arena);
/* Another one beside it, for a model of its own: names, sources and diagnostics are shared, so both can be compared. */
struct front *front_create_beside(const struct front *other);

/*
 * Loads every source that `path` stands for (a file, "-", or all *.xsm of a folder in the order of their names, not
 * recursively) and calls visit() with its index in f->sources. What cannot be loaded is a diagnostic. Returns
 * whether everything was loaded and every visit() returned true.
 */
typedef bool front_visit(uint32_t index, void *context);
bool front_sources(struct front *f, const char *path, front_visit *visit, void *context);

/*
 * Reads one path: a file, "-", or a folder, of which all *.xsm are read in the order of their names (not recursively).
 * What cannot be read is a diagnostic. May be called any number of times before front_bind().
 */
void front_read(struct front *f, const char *path);
/* The same for a text in memory; `name` is what diagnostics call it. */
void front_read_text(struct front *f, const char *name, const char *text, size_t len);

/* Binds every name. Returns whether there are no errors so far. */
bool front_bind(struct front *f);

/*
 * After front_bind(), for a model that was made of C: what that does not say is taken from another one, of a front beside
 * this one. Sentences, where hooks are called from (`within`), and which objects may be DOMID_XEN and DOMID_IO.
 */
void front_borrow(struct front *f, const struct model *from);

/*
 * Adds the policy statements that were read to `p`, which was created from f->model after front_bind(); whoever wants
 * the whole policy calls policy_finish() afterwards. And whether there are any.
 */
void front_add_policy(struct front *f, struct policy *p);
bool front_has_policy(const struct front *f);

/* Look-ups by name after front_bind(); NULL if there is none. */
struct class *front_class(const struct front *f, const char *name);
struct perm *front_perm(const struct front *f, const struct class *class, const char *name);
struct isid *front_isid(const struct front *f, const char *name);
struct hook *front_hook(const struct front *f, const char *name);

#endif
