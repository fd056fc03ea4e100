/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threat: a formatter that loses, joins or moves what a person wrote, or that never comes to rest. Of every text
 * that can be read: the canonical form can be read, has the same tokens and comments in the same order, means the same, and
 * is its own canonical form.
 */
#include "front/format.h"

#include <string.h>

#include "back/dump.h"
#include "base/buf.h"
#include "pieces.h"

/* The canonical form and the meaning of a text; whether it could be read. */
static bool format(const char *name, const char *text, size_t len, struct buf *out, struct buf *meaning)
{
    struct arena *arena = arena_create(NULL);
    struct front *f = front_create(arena);
    uint32_t index = source_add(f->sources, name, text, len);
    bool good = format_source(f, index, out);
    struct buf why = BUF_INIT;

    if (good == !!diags_count(f->diags, LEVEL_ERROR)) {
        diags_render_text(f->diags, &why, false, 100);
        fuzz_fail("format_source() says %d and reports\n%s", good, buf_text(&why));
    }
    if (good) {
        front_bind(f);
        dump_json(meaning, f->model);
    }
    arena_destroy(arena);
    return good;
}

/* A comment that heads columns is set apart anew: its blanks do not count. */
static bool piece_equal(const struct piece *a, const struct piece *b)
{
    size_t i = 0, j = 0;

    if (a->text[0] != '#' || b->text[0] != '#')
        return a->len == b->len && !memcmp(a->text, b->text, a->len);
    while (i < a->len && j < b->len && a->text[i] == b->text[j]) {
        bool blank = a->text[i] == ' ';

        for (i++; blank && i < a->len && a->text[i] == ' ';)
            i++;
        for (j++; blank && j < b->len && b->text[j] == ' ';)
            j++;
    }
    return i == a->len && j == b->len;
}

static void compare_pieces(const char *a, size_t a_len, const char *b, size_t b_len)
{
    struct pieces x = pieces_cut(a, a_len), y = pieces_cut(b, b_len);
    size_t i;

    for (i = 0; i < x.n || i < y.n; i++)
        if (i >= x.n || i >= y.n || !piece_equal(&x.items[i], &y.items[i]))
            fuzz_fail("piece %zu was '%.*s' and is now '%.*s' in\n%.*s", i,
                      i < x.n ? (int)x.items[i].len : 0, i < x.n ? x.items[i].text : "",
                      i < y.n ? (int)y.items[i].len : 0, i < y.n ? y.items[i].text : "", (int)b_len, b);
    pieces_free(&x);
    pieces_free(&y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once = BUF_INIT, twice = BUF_INIT, meant = BUF_INIT, means = BUF_INIT;
    const char *text = (const char *)data;

    if (format("input.xsm", text, size, &once, &meant)) {
        /* A byte order mark is no token. */
        if (size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
            text += 3;
            size -= 3;
        }
        compare_pieces(text, size, buf_text(&once), once.len);
        if (!format("formatted.xsm", buf_text(&once), once.len, &twice, &means))
            fuzz_fail("the canonical form cannot be read:\n%s", buf_text(&once));
        if (once.len != twice.len || memcmp(buf_text(&once), buf_text(&twice), once.len))
            fuzz_fail("once:\n%s\ntwice:\n%s", buf_text(&once), buf_text(&twice));
        if (strcmp(buf_text(&meant), buf_text(&means)))
            fuzz_fail("meant:\n%s\nnow means:\n%s", buf_text(&meant), buf_text(&means));
    }
    buf_free(&once);
    buf_free(&twice);
    buf_free(&meant);
    buf_free(&means);
    return 0;
}
