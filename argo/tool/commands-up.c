/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of the messages from the Xen that this one is a guest of. Xen counts them by its own port up there to
 * which they came; a row of the table is a cable with such a port. One that leads up has no numbers: whoever sends by it
 * is told when a message is not taken. As JSON, where `info` is null for these:
 *
 *     {"ports": [{"port": 514, "service": "log", "cable": {...},
 *                 "info": {"rings": 1, "ring_bytes": 69568, "waiting": false, "broken": false, "lost": false,
 *                          "delivered": 7, "refused": 0, ...}}],
 *      "total": {"rings": 1, ...}}
 *
 * The total is of all ports since Xen was booted, and null when some were asked for.
 */
#include "commands.h"

#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct counter {
    const char *title, *key;
    size_t offset;
} counters[] = {
    { "delivered", "delivered", offsetof(struct argopatch_up_info, delivered) },
    { "refused", "refused", offsetof(struct argopatch_up_info, refused) },
    { "too-long", "too_long", offsetof(struct argopatch_up_info, too_long) },
    { "denied", "denied", offsetof(struct argopatch_up_info, denied) },
    { "failed", "failed", offsetof(struct argopatch_up_info, failed) },
    { "discarded", "discarded", offsetof(struct argopatch_up_info, discarded) },
    { "malformed", "malformed", offsetof(struct argopatch_up_info, malformed) },
};
enum { COUNTERS = sizeof counters / sizeof counters[0] };

static uint64_t counted(const struct argopatch_up_info *info, int counter)
{
    uint64_t number;

    memcpy(&number, (const char *)info + counters[counter].offset, sizeof number);
    return number;
}

struct row {
    struct argopatch_cable cable;
    uint32_t port;
    bool down; /* and so there is an `info` */
    struct argopatch_up_info info;
};

/* By ports; of one port, that which comes down goes first. */
static int compare_rows(const void *one, const void *other)
{
    const struct row *a = one, *b = other;

    return a->port != b->port ? (a->port > b->port) - (a->port < b->port) : b->down - a->down;
}

static bool wanted(uint32_t port, const uint32_t *ports, int count)
{
    for (int i = 0; i < count; i++)
        if (ports[i] == port)
            return true;
    return !count;
}

static int failed(struct session *session)
{
    const char *help, *text = report_errno(errno, &help);

    if (errno == ESRCH)
        report_error(&session->report, NULL,
                     "there is an up where Xen, with CONFIG_ARGO_UP, is a guest of a Xen that lets it use Argo",
                     "there is nothing up");
    else
        report_error(&session->report, NULL, help, "cannot ask what came from up: %s", text);
    return 1;
}

/*
 * The cables that have one of these ports up there, in the order of the table; the caller frees them, also when this is
 * false: reported. A cable that is pulled out meanwhile is left out.
 */
static bool find_rows(struct session *session, const uint32_t *ports, int ports_count, struct row **rows, size_t *count)
{
    struct argopatch_cable *cables;
    size_t cables_count, used = 0;
    unsigned int hidden;

    if (session_cables(session, &cables, &cables_count, &hidden))
        return false;
    *rows = memory_grow(NULL, cables_count + 1, sizeof **rows);
    for (size_t i = 0; i < cables_count; i++) {
        bool down = cables[i].source.domid == ARGOPATCH_UP;
        struct row row = { .cable = cables[i], .down = down,
                           .port = down ? cables[i].source.port : cables[i].destination.port };

        if ((!down && cables[i].destination.domid != ARGOPATCH_UP) || !wanted(row.port, ports, ports_count))
            continue;
        if (down && argopatch_up_info(session->handle, row.port, &row.info)) {
            if (errno == ENOENT)
                continue;
            failed(session);
            free(cables);
            return false;
        }
        (*rows)[used++] = row;
    }
    free(cables);
    qsort(*rows, used, sizeof **rows, compare_rows);
    *count = used;
    session_note_hidden(session, hidden);
    return true;
}

/* How many columns a text takes */
static int width(const char *text)
{
    int columns = 0;

    for (; *text; text++)
        columns += (*text & 0xc0) != 0x80;
    return columns;
}

static char *cable_text(const struct session *session, const struct argopatch_cable *cable)
{
    size_t length;
    char *text;
    FILE *out = open_memstream(&text, &length);

    if (out)
        print_cable(out, &session->names, cable);
    if (!out || fclose(out)) {
        fputs("argo-patch: out of memory\n", stderr);
        exit(2);
    }
    return text;
}

/* A broken ring has something in it for ever, which is not worth a word. */
static void print_ring(const struct argopatch_up_info *info)
{
    const char *gap = "  ";

    if (info->broken)
        printf("%sbroken", gap), gap = ", ";
    if (info->lost)
        printf("%slost", gap), gap = ", ";
    if (info->waiting && !info->broken)
        printf("%swaiting", gap);
    else if (!info->broken && !info->lost)
        printf("%sok", gap);
}

static void print_numbers(const struct argopatch_up_info *info, const int *widths)
{
    for (int c = 0; c < COUNTERS; c++)
        if (info)
            printf("  %*" PRIu64, widths[c], counted(info, c));
        else
            printf("  %*s", widths[c], "-");
}

static void print_table(const struct session *session, const struct row *rows, size_t count,
                        const struct argopatch_up_info *total)
{
    static const char first[] = "cable", last[] = "all since boot";
    char **texts = memory_grow(NULL, count + 1, sizeof *texts);
    int widths[COUNTERS], cables = (int)strlen(total ? last : first);

    for (int c = 0; c < COUNTERS; c++) {
        widths[c] = (int)strlen(counters[c].title);
        for (size_t i = 0; i < count + (total != NULL); i++) {
            int digits = snprintf(NULL, 0, "%" PRIu64, counted(i < count ? &rows[i].info : total, c));

            widths[c] = digits > widths[c] ? digits : widths[c];
        }
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = cable_text(session, &rows[i].cable);
        cables = width(texts[i]) > cables ? width(texts[i]) : cables;
    }
    printf("%-*s", cables, first);
    for (int c = 0; c < COUNTERS; c++)
        printf("  %*s", widths[c], counters[c].title);
    puts("  ring");
    for (size_t i = 0; i < count; i++) {
        printf("%s%*s", texts[i], cables - width(texts[i]), "");
        print_numbers(rows[i].down ? &rows[i].info : NULL, widths);
        if (rows[i].down)
            print_ring(&rows[i].info);
        else
            fputs("  -", stdout);
        putchar('\n');
        free(texts[i]);
    }
    free(texts);
    if (total) {
        printf("%-*s", cables, last);
        print_numbers(total, widths);
        putchar('\n');
    }
}

static void print_json_info(const struct argopatch_up_info *info)
{
    static const char *const truth[] = { "false", "true" };

    if (!info) {
        fputs("null", stdout);
        return;
    }
    printf("{\"rings\": %u, \"ring_bytes\": %u, \"waiting\": %s, \"broken\": %s, \"lost\": %s", info->rings,
           info->ring_bytes, truth[info->waiting], truth[info->broken], truth[info->lost]);
    for (int c = 0; c < COUNTERS; c++)
        printf(", \"%s\": %" PRIu64, counters[c].key, counted(info, c));
    putchar('}');
}

static void print_json(const struct session *session, const struct row *rows, size_t count,
                       const struct argopatch_up_info *total)
{
    fputs("{\"ports\": [", stdout);
    for (size_t i = 0; i < count; i++) {
        printf("%s\n  {\"port\": %u, \"service\": ", i ? "," : "", rows[i].port);
        print_json_text(stdout, services_name(&session->services, rows[i].port));
        fputs(", \"cable\": ", stdout);
        print_json_cable(stdout, &session->names, &rows[i].cable);
        fputs(", \"info\": ", stdout);
        print_json_info(rows[i].down ? &rows[i].info : NULL);
        putchar('}');
    }
    fputs(count ? "\n],\n\"total\": " : "],\n\"total\": ", stdout);
    print_json_info(total);
    puts("}");
}

int command_up(struct session *session, const struct options *options, int count, char **arguments)
{
    uint32_t *ports = memory_grow(NULL, (size_t)count + 1, sizeof *ports);
    struct argopatch_up_info total;
    struct row *rows = NULL;
    size_t rows_count = 0;
    int status = 0;

    for (int i = 0; i < count; i++)
        if (!config_port(&ports[i], arguments[i], &session->services, NULL, &session->report))
            status = 1;
    /* Asked for first, since it fails where there is nothing to be told. */
    if (!status && argopatch_up_info(session->handle, ARGOPATCH_UP_ALL, &total))
        status = failed(session);
    if (!status && !find_rows(session, ports, count, &rows, &rows_count))
        status = 1;
    for (int i = 0; i < count && !status; i++) {
        size_t r = 0;

        while (r < rows_count && rows[r].port != ports[i])
            r++;
        if (r == rows_count) {
            report_error(&session->report, NULL, "`argo-patch up` shows all that do",
                         "no cable leads up or comes down by port %s", arguments[i]);
            status = 1;
        }
    }
    if (!status)
        (options->json ? print_json : print_table)(session, rows, rows_count, count ? NULL : &total);
    free(ports);
    free(rows);
    return status;
}
