/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How inputs are made from others: by whole tokens, because flipped bytes hardly ever pass a parser, and now and then
 * by bytes, because the lexer must survive those too. Words come from the grammar's own table of keywords.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "pieces.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max, unsigned int seed);

struct random {
    uint64_t state;
};

static size_t below(struct random *r, size_t n)
{
    r->state = r->state * 6364136223846793005u + 1442695040888963407u;
    return n ? (size_t)(r->state >> 33) % n : 0;
}

/* The text being put together, never longer than `max`. */
struct made {
    char *text;
    size_t len, max;
};

static void put(struct made *m, const char *text, size_t len)
{
    if (len > m->max - m->len)
        len = m->max - m->len;
    memcpy(m->text + m->len, text, len);
    m->len += len;
}

static void put_text(struct made *m, const char *text)
{
    put(m, text, strlen(text));
}

static const char *white_space(struct random *r)
{
    static const char *const some[] = { " ", " ", " ", "\n", "\n\n", "\t", "\r\n", "  # a comment\n", "\n# a comment\n" };

    return some[below(r, sizeof(some) / sizeof(some[0]))];
}

/* A piece and what stands between it and the next one, as it was or anew. */
static void put_piece(struct made *m, struct random *r, const struct pieces *p, size_t i, const char *end)
{
    const char *after = p->items[i].text + p->items[i].len;
    const char *next = i + 1 < p->n ? p->items[i + 1].text : end;

    put(m, p->items[i].text, p->items[i].len);
    if (below(r, 64)) {
        put(m, after, (size_t)(next - after));
    } else {
        /* A comment must end with its line. */
        if (p->items[i].text[0] == '#')
            put_text(m, "\n");
        put_text(m, " ");
        put_text(m, white_space(r));
    }
}

static void put_word(struct made *m, struct random *r)
{
    static const char *const others[] = {
        "{", "}", "(", ")", ";", ",", ":", "->", "!", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "&", "*", ".", "[", "]",
        "~", "-", "\"text\"", "\"\"", "0", "0x10UL", "d", "hypervisor", "own", "device", "irq", "iomem", "seen",
    };
    enum { N_OTHERS = sizeof(others) / sizeof(others[0]) };
    size_t n_keywords = 0, pick;
    const char *word;

    while (parse_keywords[n_keywords].text)
        n_keywords++;
    pick = below(r, n_keywords + N_OTHERS);
    word = pick < n_keywords ? parse_keywords[pick].text : others[pick - n_keywords];
    put_text(m, " ");
    put_text(m, word);
    put_text(m, " ");
}

static void put_range(struct made *m, struct random *r, const struct pieces *p, size_t from, size_t to, const char *end)
{
    for (; from < to; from++)
        put_piece(m, r, p, from, end);
}

static void mutate_pieces(struct made *m, struct random *r, const struct pieces *p, const char *end)
{
    size_t at = below(r, p->n), n = 1 + below(r, below(r, 4) ? 4 : 40), other = below(r, p->n);
    size_t until = p->n - at > n ? at + n : p->n, other_until = p->n - other > n ? other + n : p->n;

    put_range(m, r, p, 0, at, end);
    switch (below(r, 5)) {
    case 0:     /* delete */
        break;
    case 1:     /* insert a word */
        put_word(m, r);
        put_range(m, r, p, at, until, end);
        break;
    case 2:     /* put a word in the place of a piece */
        put_word(m, r);
        put_range(m, r, p, at + 1, until, end);
        break;
    case 3:     /* insert what stands elsewhere */
        put_range(m, r, p, other, other_until, end);
        put_range(m, r, p, at, until, end);
        break;
    default:    /* put what stands elsewhere in its place */
        put_range(m, r, p, other, other_until, end);
        break;
    }
    put_range(m, r, p, until, p->n, end);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    struct random r = { seed };
    struct made m = { NULL, 0, max };
    size_t times = 1 + below(&r, 4);
    struct pieces p;

    if (!below(&r, 4))
        return LLVMFuzzerMutate(data, size, max);
    m.text = malloc(max + 1);
    if (!m.text)
        abort();
    while (times--) {
        p = pieces_cut((const char *)data, size);
        m.len = 0;
        if (p.n)
            mutate_pieces(&m, &r, &p, (const char *)data + size);
        else
            put_word(&m, &r);
        pieces_free(&p);
        memcpy(data, m.text, m.len);
        size = m.len;
    }
    free(m.text);
    return size;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out,
                                 size_t max, unsigned int seed)
{
    struct random r = { seed };
    struct made m = { (char *)out, 0, max };
    struct pieces pa = pieces_cut((const char *)a, a_size), pb = pieces_cut((const char *)b, b_size);

    put_range(&m, &r, &pa, 0, below(&r, pa.n + 1), (const char *)a + a_size);
    put_text(&m, "\n");
    put_range(&m, &r, &pb, below(&r, pb.n + 1), pb.n, (const char *)b + b_size);
    pieces_free(&pa);
    pieces_free(&pb);
    return m.len;
}
