/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waivers: findings taken back in place, with a reason. */
#ifndef XSMC_WAIVE_H
#define XSMC_WAIVE_H

#include "model/model.h"
#include "text/diag.h"

struct arena;
struct waivers;

/* The waivers of a model, made ready for look-ups. */
struct waivers *waivers_list(struct arena *a, const struct model *m);
/* The waiver that takes back what `rule` finds at `where`, the narrowest if there are several; or NULL. */
const struct waiver *waiver_find(const struct waivers *all, const struct rule *rule, struct span where);

#endif
