/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See words.h. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* Take the word that begins at line[*at] apart. */
static bool word_read(struct words *words, const char *line, size_t *at, struct place place, struct report *report)
{
    char *word = memory_grow(NULL, strlen(line + *at) + 1, 1);
    size_t length = 0, begin = *at;
    bool quoted = false;

    for (; line[*at] && (quoted || !blank(line[*at])); ++*at) {
        char c = line[*at];

        if (c == '"')
            quoted = !quoted;
        else if (c == '\\' && quoted && (line[*at + 1] == '"' || line[*at + 1] == '\\'))
            word[length++] = line[++*at];
        else
            word[length++] = c;
    }
    word[length] = '\0';
    place.column = (unsigned int)begin + 1;
    place.length = (unsigned int)(*at - begin);
    if (quoted) {
        report_error(report, &place, "close it on the same line", "a quote that is not closed");
        free(word);
        return false;
    }
    if (words->count == WORDS_MAX) {
        report_error(report, &place, "put quotes around what is one word", "too many words on one line");
        free(word);
        return false;
    }
    words->places[words->count] = place;
    words->word[words->count++] = word;
    return true;
}

bool words_next(struct words *words, struct text *text, struct report *report)
{
    while (text->at < text->end) {
        const char *end = memchr(text->at, '\n', (size_t)(text->end - text->at));
        size_t length = (size_t)((end ? end : text->end) - text->at), at = 0;
        struct place place = { .file = text->file, .line = ++text->line };
        char *line = memory_text(text->at, length);
        bool good = true;

        *ARRAY_ADD(text->strings, text->strings_count) = line;
        text->at = end ? end + 1 : text->end;
        place.text = line;
        *words = (struct words){ .place = place };
        for (size_t i = 0; i < length && good; i++)
            if (control(line[i]) && !(line[i] == '\r' && i + 1 == length)) {
                line[i] = '\0';
                place.column = (unsigned int)i + 1;
                place.length = 1;
                report_error(report, &place, NULL, "a control character");
                good = false;
            }
        while (good) {
            while (blank(line[at]))
                at++;
            if (!line[at] || line[at] == '#')
                break;
            good = word_read(words, line, &at, place, report);
        }
        if (good && words->count) {
            words->place = words->places[0];
            return true;
        }
        words_free(words);
    }
    return false;
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->word[i]);
    words->count = 0;
}

void text_free(struct text *text)
{
    for (size_t i = 0; i < text->strings_count; i++)
        free(text->strings[i]);
    free(text->strings);
    text->strings = NULL;
    text->strings_count = 0;
}

bool word_printable(const char *word)
{
    for (const char *c = word; *c; c++)
        if (control(*c) || *c == '\r')
            return false;
    return true;
}

void word_print(FILE *out, const char *word)
{
    bool quotes = !*word || strpbrk(word, " \t\"#");

    if (quotes)
        fputc('"', out);
    for (const char *c = word; *c; c++) {
        if (quotes && (*c == '"' || *c == '\\'))
            fputc('\\', out);
        fputc(*c, out);
    }
    if (quotes)
        fputc('"', out);
}
