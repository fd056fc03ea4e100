/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See notify.h. */
#include "notify.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int notify(const char *format, ...)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int length, result, error, handle;
    va_list arguments;
    char text[512];

    if (!path || !*path)
        return 0;
    if ((*path != '/' && *path != '@') || strlen(path) >= sizeof address.sun_path) {
        errno = EINVAL;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    if (*path == '@')
        address.sun_path[0] = '\0';
    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text)
        length = (int)sizeof text - 1;
    handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (handle < 0)
        return -1;
    result = sendto(handle, text, (size_t)length, MSG_NOSIGNAL, (struct sockaddr *)&address,
                    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path))) == length ? 0 : -1;
    error = errno;
    close(handle);
    errno = error;
    return result;
}
