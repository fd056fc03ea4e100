/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands in for the C grammar where it could not be had: there is none, and tree_read() says so. */
#include <stddef.h>

#include "tree/inside.h"

const TSLanguage *tree_sitter_c(void)
{
    return NULL;
}
