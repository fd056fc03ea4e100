/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the model to source files.
 *
 * A target is a source layout (Xen 4.17's, upstream's); a back end is one file of the compiler that writes one or a
 * few generated files of a target. The table in gen.c lists them. Nothing is written to disk here: the caller gets
 * paths and texts.
 */
#ifndef XSMC_GEN_H
#define XSMC_GEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/names.h"
#include "model/model.h"
#include "text/diag.h"

struct gen_options {
    bool fix_defects;       /* rows marked `defect` as they should be, not as the tree has them */
};

/* A generated file. */
struct gen_file {
    const char *path;       /* from the top of a Xen tree: "xen/include/xsm/xsm-ops.h" */
    const char *text;
    size_t len;
};

struct gen_files {
    struct gen_file *items;
    unsigned int n, cap;
};

/* What declarations a file of the database holds. */
enum {
    FROM_HOOKS = 1,
    FROM_CLASSES = 2,
    FROM_SIDS = 4,
    FROM_LAYOUT = 8,
};

struct gen_source {
    uint32_t file;
    unsigned int holds;         /* FROM_* */
};

/* A run of the back ends of one target. */
struct gen {
    struct arena *arena;
    const struct model *model;
    const struct sources *sources;
    struct diags *diags;
    struct gen_options options;
    struct gen_files files;
    struct names *names;        /* set by gen_run() if NULL, as are the next two */
    const struct gen_source *sources_used;  /* in the order of the command line, ended by a file 0 */
    size_t source_prefix;       /* how much of their paths they have in common */
};

struct gen_target {
    const char *name;       /* "xen-4.17" */
    const char *summary;
};

extern const struct gen_target gen_targets[];   /* ends with a NULL name */

/*
 * Runs every back end of the named target over a bound model without errors. The files are in g->files in the order
 * of the table, their memory the arena's. What cannot be generated (a hook nobody decided on, a check that needs a
 * program) becomes a diagnostic of rule `not-generated`. Returns whether everything was generated; a target that
 * does not exist is false without a diagnostic.
 */
bool gen_run(struct gen *g, const char *target);

/* ---- for back ends ---- */

/* Adds a file and releases the buffer. */
void gen_add(struct gen *g, const char *path, struct buf *text);
/* Reports that something cannot be generated. */
struct diag *gen_refuse(struct gen *g, struct span span, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * What a row or hook says once --fix-defects is taken into account. `defect` is the row's or the hook's, or NULL.
 */
enum action gen_action(const struct gen *g, enum action action, const struct defect *defect);
const struct steps *gen_steps(const struct gen *g, const struct steps *steps, const struct defect *defect);

/* A file of the database as a generated file names it: its path from the folder all of them have in common. */
const char *gen_source_name(const struct gen *g, uint32_t file);

/* Whether callers hand in a default action. */
bool hook_has_action(const struct hook *h);
/* Whether Flask has a function for the hook (generated or hand-written); otherwise the dummy policy's is used. */
bool hook_has_flask(const struct hook *h);
/* The names of the hook's functions: "flask_evtchn_reset" or what `manual` says; "xsm_evtchn_reset". */
const char *hook_flask_function(const struct gen *g, const struct hook *h);

/* The back ends; each adds its files. */
void xen_ops_generate(struct gen *g);
void xen_wrappers_generate(struct gen *g);
void xen_dummy_generate(struct gen *g);
void xen_dummy_table_generate(struct gen *g);
void xen_silo_generate(struct gen *g);
void xen_flask_generate(struct gen *g);
void xen_policy_generate(struct gen *g);
void upstream_list_generate(struct gen *g);
void upstream_dummy_generate(struct gen *g);

#endif
