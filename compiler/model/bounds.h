/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounds: what may do no more than another. */
#ifndef XSMC_BOUNDS_H
#define XSMC_BOUNDS_H

#include "model/flat.h"

/*
 * Holds every bounded type, role and user of a finished policy against the one that bounds it, as libsepol does: a
 * type may do nothing that its bound may not do to the same object, or to the bound of the object if it has one; a
 * role may have no type and a user no role that its bound has not. What breaks that becomes a diagnostic.
 */
void policy_check_bounds(struct policy *p, const struct flat *flat);

#endif
