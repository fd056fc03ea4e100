/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message is found by its first words, then taken word by word: it is whole when nothing but its last word can end
 * it, and every word is one that Xen prints. One that stops at the end of its line is held: if the next line completes it, the
 * log was broken there by whoever wrote it; else it was cut.
 */
#include "avc/log.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void avc_log_init(struct avc_log *log, struct arena *a)
{
    memset(log, 0, sizeof(*log));
    log->arena = a;
}

/* ---- finding ---- */

static const char AVC[] = "avc:  ", FLASK[] = "FLASK: ", XEN[] = "(XEN) ";

static const char *find(const char *s, size_t len, const char *what)
{
    size_t n = strlen(what);
    const char *at = s, *end = s + len;

    while ((size_t)(end - at) >= n && (at = memchr(at, *what, (size_t)(end - at) - n + 1))) {
        if (!memcmp(at, what, n))
            return at;
        at++;
    }
    return NULL;
}

static bool begins(const char *s, const char *end, const char *what)
{
    size_t n = strlen(what);

    return (size_t)(end - s) >= n && !memcmp(s, what, n);
}

/* "[2026-11-22 10:00:00.123] " or "[   12.345678] ", which the option console_timestamps= puts behind the mark. */
static const char *skip_time(const char *s, const char *end)
{
    const char *close;

    if (s < end && *s == '[' && (close = memchr(s, ']', (size_t)(end - s))) && close - s < 40 && close + 1 < end &&
        close[1] == ' ')
        return close + 2;
    return s;
}

/* Whether a guest's mark, "(d12) " or "(d1v0) ", stands before `at`. */
static bool guest_before(const char *s, const char *at)
{
    for (; (s = memchr(s, '(', (size_t)(at - s))); s++)
        if (at - s > 2 && s[1] == 'd' && s[2] >= '0' && s[2] <= '9')
            return true;
    return false;
}

static bool is_message(const char *s, const char *end)
{
    return begins(s, end, AVC) || begins(s, end, FLASK);
}

/*
 * The message in a line of Xen's; NULL if it has none that Xen wrote. Behind Xen's mark it need not come first: messages
 * that lack the end of their line (as "not a valid policydb string" does) have the next one behind them.
 */
static const char *own_message(const char *s, size_t len, const char *message)
{
    const char *mark = find(s, len, XEN), *end = s + len;

    if (mark)
        return mark < message && !guest_before(s, mark) ? message : NULL;
    s = skip_time(s, end);
    return is_message(s, end) ? s : NULL;
}

/* ---- words ---- */

struct words {
    const char *at, *end;
};

static bool printable(const struct avc_text *t)
{
    size_t i;

    for (i = 0; i < t->len; i++)
        if (t->s[i] <= ' ' || t->s[i] > '~')
            return false;
    return true;
}

static bool next_word(struct words *w, struct avc_text *t)
{
    while (w->at < w->end && *w->at == ' ')
        w->at++;
    t->s = w->at;
    while (w->at < w->end && *w->at != ' ')
        w->at++;
    t->len = (size_t)(w->at - t->s);
    return t->len != 0;
}

static bool is(const struct avc_text *t, const char *word)
{
    return t->len == strlen(word) && !memcmp(t->s, word, t->len);
}

/* What stands behind "KEY=" in the word. */
static bool value_of(const struct avc_text *t, const char *key, struct avc_text *value)
{
    size_t n = strlen(key);

    if (t->len <= n + 1 || memcmp(t->s, key, n) || t->s[n] != '=')
        return false;
    *value = (struct avc_text){ t->s + n + 1, t->len - n - 1 };
    return true;
}

/* ---- messages ---- */

enum parsed { PARSED, PARSED_SHORT, PARSED_WRONG };

/* "device=0x10", two of them for a page: one slice from the first to the last. */
static bool take_detail(const struct avc_text *word, struct avc_record *r)
{
    static const char *const keys[] = { "device", "irq", "range", "pte", "mfn", "dtdevice" };
    struct avc_text value;
    size_t i;

    for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        if (!value_of(word, keys[i], &value))
            continue;
        if (!r->detail.len)
            r->detail = *word;
        else
            r->detail.len = (size_t)(word->s + word->len - r->detail.s);
        return true;
    }
    return false;
}

static enum parsed parse_perms(struct words *w, struct avc_record *r)
{
    struct avc_text word;

    if (!next_word(w, &word))
        return PARSED_SHORT;
    if (is(&word, "null"))
        return PARSED;
    if (!is(&word, "{"))
        return PARSED_WRONG;
    for (;;) {
        if (!next_word(w, &word))
            return PARSED_SHORT;
        if (is(&word, "}"))
            return r->n_perms ? PARSED : PARSED_WRONG;
        if (!printable(&word) || memchr(word.s, '=', word.len) || r->n_perms == AVC_MOST_PERMS)
            return PARSED_WRONG;
        r->perms[r->n_perms++] = word;
    }
}

/* Nothing but names can be a class; the last word must not be the beginning of one, which only its line's end tells. */
static enum parsed parse_avc(struct words *w, struct avc_record *r)
{
    enum parsed parsed;
    struct avc_text word;

    if (!next_word(w, &word))
        return PARSED_SHORT;
    if (!is(&word, "denied") && !is(&word, "granted"))
        return w->at == w->end ? PARSED_SHORT : PARSED_WRONG;
    r->kind = is(&word, "denied") ? AVC_DENIED : AVC_GRANTED;
    parsed = parse_perms(w, r);
    if (parsed != PARSED)
        return parsed;
    if (!next_word(w, &word))
        return PARSED_SHORT;
    if (!is(&word, "for"))
        return w->at == w->end ? PARSED_SHORT : PARSED_WRONG;
    while (next_word(w, &word)) {
        if (!printable(&word))
            return PARSED_WRONG;
        if (value_of(&word, "tclass", &r->class)) {
            while (w->at < w->end && *w->at == ' ')
                w->at++;
            return r->subject.len && r->object.len && w->at == w->end ? PARSED : PARSED_WRONG;
        }
        if (value_of(&word, "source", &r->source) || value_of(&word, "target", &r->target) ||
            value_of(&word, "current", &r->source) || value_of(&word, "scontext", &r->subject) ||
            value_of(&word, "tcontext", &r->object) || take_detail(&word, r))
            continue;
        if (begins(word.s, w->end, "ssid="))
            r->subject = word;
        else if (begins(word.s, w->end, "tsid="))
            r->object = word;
        else
            return w->at == w->end ? PARSED_SHORT : PARSED_WRONG;
    }
    return PARSED_SHORT;
}

/* "Denying unknown event channel state: 7." */
static enum parsed parse_unknown(struct words *w, struct avc_record *r)
{
    static const char denying[] = "Denying unknown ", allowing[] = "Allowing unknown ";
    const char *s = w->at, *colon;
    char *end, digits[24];
    size_t len, i;

    if (begins(s, w->end, denying)) {
        r->kind = AVC_UNKNOWN_DENIED;
        s += strlen(denying);
    } else if (begins(s, w->end, allowing)) {
        r->kind = AVC_UNKNOWN_ALLOWED;
        s += strlen(allowing);
    } else {
        len = (size_t)(w->end - s);
        return len < strlen(denying) && (!memcmp(s, denying, len) || !memcmp(s, allowing, len)) ? PARSED_SHORT : PARSED_WRONG;
    }
    colon = memchr(s, ':', (size_t)(w->end - s));
    len = (size_t)((colon ? colon : w->end) - s);
    for (i = 0; i < len; i++)
        if (s[i] < ' ' || s[i] > '~')
            return PARSED_WRONG;
    if (!colon || !len || colon + 2 >= w->end)
        return colon || len < 64 ? PARSED_SHORT : PARSED_WRONG;
    r->thing = (struct avc_text){ s, len };
    s = colon + 2;
    len = (size_t)(w->end - s);
    if (len >= sizeof(digits) || s[len - 1] != '.')
        return len >= sizeof(digits) ? PARSED_WRONG : PARSED_SHORT;
    memcpy(digits, s, len);
    digits[len] = '\0';
    r->number = strtol(digits, &end, 10);
    return end == digits + len - 1 && colon[1] == ' ' ? PARSED : PARSED_WRONG;
}

static enum parsed parse(const char *s, const char *end, struct avc_record *r)
{
    struct words w = { s, end };
    unsigned long line = r->line;

    memset(r, 0, sizeof(*r));
    r->line = line;
    if (begins(s, end, AVC)) {
        w.at += strlen(AVC);
        return parse_avc(&w, r);
    }
    w.at += strlen(FLASK);
    return parse_unknown(&w, r);
}

/* ---- lines ---- */

static void count_cut(struct avc_log *log, unsigned long line)
{
    log->cut++;
    log->last_cut = line;
}

static void hold(struct avc_log *log, const char *s, size_t len, unsigned long line)
{
    if (log->held_len + len > AVC_MOST_LINE)
        len = AVC_MOST_LINE - log->held_len;
    if (!log->held) {
        log->held_cap = AVC_MOST_LINE;
        log->held = arena_alloc(log->arena, log->held_cap);
    }
    memcpy(log->held + log->held_len, s, len);
    log->held_len += len;
    log->held_line = line;
}

/* Does the line complete the message that is held? Whichever way, nothing is held afterwards. */
static bool complete(struct avc_log *log, const char *line, size_t len, struct avc_record *r)
{
    enum parsed parsed = PARSED_SHORT;
    unsigned long first = log->held_line;

    if (!log->held_len)
        return false;
    if (log->held_len + len <= AVC_MOST_LINE) {
        hold(log, line, len, first);
        r->line = first;
        parsed = parse(log->held, log->held + log->held_len, r);
    }
    log->held_len = 0;
    if (parsed != PARSED)
        count_cut(log, first);
    return parsed == PARSED;
}

bool avc_log_line(struct avc_log *log, const char *line, size_t len, struct avc_record *r)
{
    const char *own, *end, *avc, *flask;

    log->lines++;
    if (len > AVC_MOST_LINE)
        len = AVC_MOST_LINE;
    while (len && (line[len - 1] == '\r' || line[len - 1] == '\n'))
        len--;
    end = line + len;
    avc = find(line, len, AVC);
    flask = find(line, len, FLASK);
    if (!avc && !flask)
        return complete(log, line, len, r);
    own = own_message(line, len, !avc ? flask : !flask || avc < flask ? avc : flask);
    /* A new message: the one that is held goes on no further. */
    if (log->held_len) {
        log->held_len = 0;
        count_cut(log, log->held_line);
    }
    if (!own) {
        log->foreign++;
        log->last_foreign = log->lines;
        return false;
    }
    r->line = log->lines;
    switch (parse(own, end, r)) {
    case PARSED:
        return true;
    case PARSED_SHORT:
        hold(log, own, (size_t)(end - own), log->lines);
        return false;
    case PARSED_WRONG:
        /* "avc:  seqno 3 < latest_notif 4" and the like are Flask's other messages. */
        if (begins(own, end, AVC) && !begins(own, end, "avc:  denied") && !begins(own, end, "avc:  granted"))
            return false;
        count_cut(log, log->lines);
        return false;
    }
    return false;
}

void avc_log_end(struct avc_log *log)
{
    if (log->held_len)
        count_cut(log, log->held_line);
    log->held_len = 0;
}
