/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects behind the list in rules.h. */
#include "text/rules.h"

#include <string.h>

#define DEFINE(name, i, l, s, w) \
    const struct rule RULE_##name = { .id = (i), .level = LEVEL_##l, .summary = (s), .why = (w) };
XSMC_RULES(DEFINE)
#undef DEFINE

const struct rule *const rules[] = {
#define POINT(name, ...) &RULE_##name,
    XSMC_RULES(POINT)
#undef POINT
};
const unsigned int n_rules = sizeof(rules) / sizeof(rules[0]);

const char *level_name(enum level level)
{
    static const char *const names[] = {
        [LEVEL_NOTE] = "note", [LEVEL_WARNING] = "warning", [LEVEL_ERROR] = "error",
    };

    return names[level];
}

const struct rule *rule_find(const char *id)
{
    unsigned int i;

    for (i = 0; i < n_rules; i++)
        if (!strcmp(rules[i]->id, id))
            return rules[i];
    return NULL;
}
