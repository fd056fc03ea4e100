/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The security module of one of the Xens in levels.h: asks the test. */
#include "user.h"

int (*level_ask)(enum user_question question, const struct domain *subject, const struct domain *object);

int user_ask(enum user_question question, const struct domain *subject, const struct domain *object)
{
    return level_ask(question, subject, object);
}
