/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See report.h. */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(FILE *out, const char *kind, const struct place *place, const char *help, const char *format,
                va_list arguments) __attribute__((format(printf, 5, 0)));

static void say(FILE *out, const char *kind, const struct place *place, const char *help, const char *format,
                va_list arguments)
{
    if (place && place->file) {
        fprintf(out, "%s:", place->file);
        if (place->line)
            fprintf(out, "%u:%u:", place->line, place->column);
        fputc(' ', out);
    }
    fprintf(out, "%s: ", kind);
    vfprintf(out, format, arguments);
    fputc('\n', out);
    if (place && place->text && place->line) {
        fprintf(out, "    %s\n    ", place->text);
        for (unsigned int i = 1; i < place->column; i++)
            fputc(place->text[i - 1] == '\t' ? '\t' : ' ', out);
        for (unsigned int i = 0; i < (place->length ? place->length : 1); i++)
            fputc(i ? '~' : '^', out);
        fputc('\n', out);
    }
    if (help)
        fprintf(out, "    help: %s\n", help);
}

void report_error(struct report *to, const struct place *place, const char *help, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(to->out, "error", place, help, format, arguments);
    va_end(arguments);
    to->errors++;
}

void report_warning(struct report *to, const struct place *place, const char *help, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(to->out, "warning", place, help, format, arguments);
    va_end(arguments);
    to->warnings++;
}

static void say_text(FILE *out, const char *kind, const struct place *place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void say_text(FILE *out, const char *kind, const struct place *place, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(out, kind, place, NULL, format, arguments);
    va_end(arguments);
}

void report_note(struct report *to, const struct place *place, const char *text)
{
    say_text(to->out, "note", place, "%s", text);
}

const char *report_errno(int error, const char **help)
{
    static const struct {
        int error;
        const char *text, *help;
    } known[] = {
        { EPERM, "Xen does not allow it", "this is for the control domain (domain 0) and, there, for root" },
        { EACCES, "the security policy does not allow it", "`xl dmesg` says what was denied, after `avc:`" },
        { EOPNOTSUPP, "Xen has no implicit destinations",
          "boot a Xen with the patches for them, and `argo=1` on its command line" },
        { ENOSYS, "Xen was built without Argo", "build it with CONFIG_ARGO=y" },
        { ESRCH, "the domain is gone, or there is nothing up",
          "`xl list` shows which domains there are; there is an up where Xen is a guest of a Xen that lets it use Argo" },
        { ENODEV, "the domain cannot use Argo",
          "was it created before Argo was allowed to it? It has to be created anew" },
        { ENOSPC, "as many cables as there may be",
          "4096 may lead from a domain, and 4096 to one; as many may come down as argo-up-rings says at boot" },
        { EADDRINUSE, "another cable leads up by this port", "give each its own port: for who answers they are one" },
        { EBUSY, "the cable that comes down from this port takes other domains' messages", "disconnect it first" },
        { ENXIO, "the Xen up there does not let us take these messages",
          "is the domid right, and does it allow it? For those of any domain it has to be booted with argo=mac-permissive=1" },
        { EEXIST, "there is a cable from this port already", "leave --new out to move it" },
        { EINTR, "it was interrupted", NULL },
        { ENOENT, "there is no cable from this port", "`argo-patch show` lists those of a domain" },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].error == error) {
            *help = known[i].help;
            return known[i].text;
        }
    *help = NULL;
    return strerror(error);
}

void report_handles(void)
{
    int handle;

    /* It cannot be written to, so that output to a handle that was closed fails. */
    do
        handle = open("/dev/null", O_RDONLY);
    while (handle >= 0 && handle <= STDERR_FILENO);
    if (handle >= 0)
        close(handle);
}

void *memory_grow(void *array, size_t count, size_t size)
{
    void *grown = reallocarray(array, count, size);

    if (!grown) {
        fputs("argo-patch: out of memory\n", stderr);
        exit(2);
    }
    return grown;
}

char *memory_text(const char *text, size_t length)
{
    char *copy = memory_grow(NULL, length + 1, 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* Far more than all cables of all domains take: whoever names a device by mistake should be told, and soon. */
enum { FILE_MOST = 256 << 20 };

char *file_read(const char *path, size_t *length)
{
    FILE *file = fopen(path, "re");
    char *bytes = NULL;
    size_t used = 0, room = 0;

    if (!file)
        return NULL;
    do {
        if (used > FILE_MOST) {
            fclose(file);
            free(bytes);
            errno = EFBIG;
            return NULL;
        }
        if (room - used < 4096) {
            room = room ? room * 2 : 8192;
            bytes = memory_grow(bytes, room, 1);
        }
        used += fread(bytes + used, 1, room - used - 1, file);
    } while (!feof(file) && !ferror(file));
    if (ferror(file)) {
        int error = errno;

        fclose(file);
        free(bytes);
        errno = error;
        return NULL;
    }
    fclose(file);
    bytes[used] = '\0';
    *length = used;
    return bytes;
}
