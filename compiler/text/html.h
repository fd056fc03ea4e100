/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How text that anybody wrote is put into HTML. */
#ifndef XSMC_HTML_H
#define XSMC_HTML_H

struct buf;

/* Adds `text` with the characters that mean something to HTML spelled out, in elements and in quoted attributes. */
void html_text(struct buf *out, const char *text);

#endif
