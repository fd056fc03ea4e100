/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cables file: which cables there shall be. One statement a line, words as words.h says:
 *
 *     cable SOURCE:PORT DESTINATION:PORT   # from a domain's port to another's
 *     cable SOURCE:PORT up:PORT            # or out of this Xen, where it is a guest of another one,
 *     cable up:PORT DESTINATION:PORT       # and in
 *     guest SOURCE                         # this domain has no cables but those that the file gives it; maybe none
 *     xl FILE                              # take the cables from a guest's xl.cfg; FILE may have * and ? in it
 *
 * A domain is a name, a UUID or a domid, a port a number or a service. The file rules over the domains that it names as
 * a source: they have the cables it gives them and no others. Other domains are left alone.
 *
 * In an xl.cfg the guest's cables stand in a list, a port of its own and where it leads:
 *
 *     argo_cables = [ "storage storage-vm:9000", "70 log-vm:log" ]
 */
#ifndef ARGO_TOOL_CONFIG_H
#define ARGO_TOOL_CONFIG_H

#include "argopatch.h"
#include "index.h"
#include "report.h"
#include "services.h"

#include <stdbool.h>

/*
 * `up:PORT@DOMID:PORT` says where a message goes outside, `up:PORT@DOMID` whose messages are taken: a domain's number
 * there, for nobody here knows its name.
 */
struct config_end {
    char *domain;
    uint32_t port;
    bool has_outside, has_outside_port;
    struct argopatch_address outside;
};

struct config_cable {
    struct config_end source, destination;
    struct place place;
};

struct config_guest {
    char *domain;
    struct place place;
};

struct config {
    struct config_cable *cables;
    size_t cables_count;
    struct config_guest *guests; /* those that are ruled over, each once; sources of cables included */
    size_t guests_count;
    struct index cables_index, guests_index; /* by domain and port, and by domain */
    struct config_guest *xl;     /* files that it names, in `domain` */
    size_t xl_count;
    char **strings; /* what places point to */
    size_t strings_count;
};

/* Read a file and the xl.cfg files it names. Returns 0, or -1 when an error was reported; free it in either case. */
int config_read(struct config *config, const char *path, const struct services *services, struct report *report);
/* Read a text that is said to be from `file`, which must live as long as the config, without looking at other files. */
int config_parse(struct config *config, const char *text, size_t length, const char *file,
                 const struct services *services, struct report *report);
/* Add the cables of an xl.cfg. */
int config_xl(struct config *config, const char *path, const struct services *services, struct report *report);
void config_free(struct config *config);

/* A number that is another when an xl.cfg that the file at `path` names has come, gone or been changed. */
uint64_t config_xl_state(const struct config *config, const char *path);

/* The port that a text names. False: reported at `place`, which may be NULL. */
bool config_port(uint32_t *port, const char *text, const struct services *services, const struct place *place,
                 struct report *report);
/* Take `DOMAIN:PORT` apart. False: reported at `place`, which may be NULL; else the caller frees end->domain. */
bool config_end(struct config_end *end, const char *text, const struct services *services, const struct place *place,
                struct report *report);

/*
 * Whether two ends can be those of a cable: at most one of them is up, and what is said of the outside fits it. False:
 * reported.
 */
bool config_ends(const struct config_end *source, const struct config_end *destination, const struct place *place,
                 struct report *report);
/* The outside of a cable with these ends */
void config_outside(struct argopatch_cable *cable, const struct config_end *source,
                    const struct config_end *destination);

/* Add a cable, or a guest; they take what is given. A port that has a cable already is reported. */
bool config_add_cable(struct config *config, struct config_cable cable, struct report *report);
void config_add_guest(struct config *config, const char *domain, struct place place);
/* Whether a domain is ruled over, by that name. */
bool config_rules(const struct config *config, const char *domain);

#endif
