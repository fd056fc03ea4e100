/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a source text of any bytes. It must be read without a fault in bounded time, and what is said about it must
 * point into it: the front end is run on downloads, merge conflicts and half-written files.
 */
#include "front/front.h"

#include <string.h>

#include "base/buf.h"
#include "pieces.h"

static void check_place(const struct front *f, struct span span)
{
    size_t len;

    source_text(f->sources, span.file, &len);
    if (span.file && (!source_path(f->sources, span.file) || span.start > span.end || span.end > len))
        fuzz_fail("a diagnostic is about bytes %u to %u of %zu in file %u", span.start, span.end, len, span.file);
}

static void check_sentence(const char *text)
{
    size_t len = strlen(text);

    if (!len || strchr(text, '\n') || text[len - 1] == '.')
        fuzz_fail("not the sentence of a diagnostic: '%s'", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    struct buf text = BUF_INIT;
    const struct diag *list;
    unsigned int n, i, j;

    front_read_text(f, "input.xsm", (const char *)data, size);
    front_bind(f);
    list = diags_sorted(f->diags, &n);
    for (i = 0; i < n; i++) {
        check_place(f, list[i].span);
        check_sentence(list[i].message);
        for (j = 0; j < list[i].n_notes; j++) {
            check_place(f, list[i].notes[j].span);
            check_sentence(list[i].notes[j].text);
        }
    }
    diags_render_text(f->diags, &text, size % 2, 100);
    buf_free(&text);
    arena_destroy(arena);
    return 0;
}
