/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest's cables in its xl.cfg (see config.h), read with xl's own parser. */
#include "config.h"

#include "domains.h"
#include "words.h"

#include <errno.h>
#include <libxlutil.h>
#include <stdlib.h>
#include <string.h>

/* One entry of the list: a port of the guest's and the other end */
static void entry(struct config *config, const char *guest, const char *text, struct place place,
                  const struct services *services, struct report *report)
{
    struct text reading = { .file = place.file, .at = text, .end = text + strlen(text) };
    struct config_cable cable = { .place = place };
    struct report quiet = { .out = report->out };
    struct words words = { .count = 0 };

    if (!words_next(&words, &reading, &quiet) || words.count != 2) {
        report_error(report, &place, "write a port and where it leads, such as \"storage storage-vm:9000\"",
                     "'%s' in argo_cables is not a cable", text);
    } else if (!services_port(services, words.word[0], &cable.source.port)) {
        report_error(report, &place, "a port is a number up to 4294967295, or a name in " SERVICES_FILE,
                     "there is no service '%s'", words.word[0]);
    } else if (config_end(&cable.destination, words.word[1], services, &place, report)) {
        cable.source.domain = memory_text(guest, strlen(guest));
        if (config_ends(&cable.source, &cable.destination, &place, report)) {
            config_add_cable(config, cable, report);
        } else {
            free(cable.source.domain);
            free(cable.destination.domain);
        }
    }
    words_free(&words);
    text_free(&reading);
}

int config_xl(struct config *config, const char *path, const struct services *services, struct report *report)
{
    unsigned int errors = report->errors;
    struct place place = { .file = memory_text(path, strlen(path)) };
    XLU_ConfigList *list;
    XLU_Config *xl;
    const char *name;
    int count;

    *ARRAY_ADD(config->strings, config->strings_count) = (char *)place.file;
    xl = xlu_cfg_init(report->out, path);
    if (!xl)
        memory_grow(NULL, SIZE_MAX, 1);
    if (xlu_cfg_readfile(xl, path)) {
        report_error(report, &place, NULL, "this is not an xl.cfg that can be read");
    } else if (xlu_cfg_get_list(xl, "argo_cables", &list, &count, 1) == 0) {
        if (xlu_cfg_get_string(xl, "name", &name, 1) || !*name) {
            report_error(report, &place, "give it one: name = \"my-guest\"", "a guest with cables but no name");
        } else if (!strcmp(name, DOMAIN_UP)) {
            report_error(report, &place, "give it another name, or write its cables with its UUID in the cables file",
                         "'" DOMAIN_UP "' means the Xen that this one is a guest of");
        } else {
            config_add_guest(config, name, place);
            for (int i = 0; i < count; i++) {
                const char *text = xlu_cfg_get_listitem(list, i);

                entry(config, name, text ? text : "", place, services, report);
            }
        }
    } else if (xlu_cfg_get_string(xl, "argo_cables", &name, 1) == 0) {
        report_error(report, &place, "write argo_cables = [ \"...\" ]", "argo_cables is not a list");
    }
    xlu_cfg_destroy(xl);
    return report->errors == errors ? 0 : -1;
}
