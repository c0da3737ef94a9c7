/* The usual mistakes in the exercises of chapter 13. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef GPT2_MISTAKES_H
#define GPT2_MISTAKES_H

/* ---- mend ----------------------------------------------------------------------------- */

/* Appends �, or another mark. */
static inline size_t mark(unsigned char *out, size_t count, const char *text)
{
    memcpy(out + count, text, strlen(text));
    return count + strlen(text);
}

/* How many bytes a broken piece has. */
static inline size_t piece(size_t n, const unsigned char *in)
{
    unsigned code;
    size_t length = 1;
    while (length < n && utf8_decode(in, length + 1, &code) == -1)
        length++;
    return length;
}

SAYS(wrong_mend_byte_by_byte,
     "each byte of a broken piece becomes a � of its own: the bytes that begin one "
     "character and do not go on are one piece.")
WRONG size_t wrong_mend_byte_by_byte(size_t n, const unsigned char in[n],
                                     unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : 1;
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else
            count = mark(out, count, "\xEF\xBF\xBD");
    }
    return count;
}

SAYS(wrong_mend_drops, "broken pieces are left out: the reader should see that something "
                       "is missing, so each becomes �.")
WRONG size_t wrong_mend_drops(size_t n, const unsigned char in[n],
                              unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : 1;
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        }
    }
    return count;
}

SAYS(wrong_mend_as_it_is, "all bytes are copied as they are: a byte that is not part of "
                          "a character must become �.")
WRONG size_t wrong_mend_as_it_is(size_t n, const unsigned char in[n],
                                 unsigned char out[3 * n])
{
    memcpy(out, in, n);
    return n;
}

SAYS(wrong_mend_question_mark,
     "broken pieces become ?, which the text could have said itself: write EF BF BD.")
WRONG size_t wrong_mend_question_mark(size_t n, const unsigned char in[n],
                                      unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : piece(n - i, in + i);
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else
            count = mark(out, count, "?");
    }
    return count;
}

SAYS(wrong_mend_believes_the_first_byte,
     "a broken piece is as long as its first byte announces, even if the character does "
     "not go on: the bytes after it are lost.")
WRONG size_t wrong_mend_believes_the_first_byte(size_t n, const unsigned char in[n],
                                                unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = in[i] < 0xC2 ? 1 : in[i] < 0xE0 ? 2 : in[i] < 0xF0 ? 3 : 4;
        length = in[i] > 0xF4 ? 1 : length;
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else
            count = mark(out, count, "\xEF\xBF\xBD");
    }
    return count;
}

SAYS(wrong_mend_stops,
     "the text ends at the first broken piece: what follows it belongs to the text too.")
WRONG size_t wrong_mend_stops(size_t n, const unsigned char in[n],
                              unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        if (whole <= 0)
            return mark(out, count, "\xEF\xBF\xBD");
        length = (size_t)whole;
        memcpy(out + count, in + i, length);
        count += length;
    }
    return count;
}

SAYS(wrong_mend_waits, "the beginning of a character at the very end is left out, as if "
                       "its rest would still "
                       "come: whole_characters waits for it, mend is told what is final.")
WRONG size_t wrong_mend_waits(size_t n, const unsigned char in[n],
                              unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : piece(n - i, in + i);
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else if (whole == 0)
            count = mark(out, count, "\xEF\xBF\xBD");
    }
    return count;
}

SAYS(wrong_mend_ascii,
     "every byte above 7F becomes �, though most are parts of good characters: ask "
     "utf8_decode first.")
WRONG size_t wrong_mend_ascii(size_t n, const unsigned char in[n],
                              unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (in[i] < 0x80)
            out[count++] = in[i];
        else
            count = mark(out, count, "\xEF\xBF\xBD");
    return count;
}

SAYS(wrong_mend_merges,
     "broken pieces side by side become a single �: each of them becomes one.")
WRONG size_t wrong_mend_merges(size_t n, const unsigned char in[n],
                               unsigned char out[3 * n])
{
    size_t count = 0;
    bool broken = false;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : 1;
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else if (!broken)
            count = mark(out, count, "\xEF\xBF\xBD");
        broken = whole <= 0;
    }
    return count;
}

SAYS(wrong_mend_up_to_the_next,
     "a broken piece takes in all bytes 80 to BF that follow it: a byte that cannot be "
     "part of its character is a piece of its own.")
WRONG size_t wrong_mend_up_to_the_next(size_t n, const unsigned char in[n],
                                       unsigned char out[3 * n])
{
    size_t count = 0;
    for (size_t i = 0, length; i < n; i += length) {
        unsigned code;
        const int whole = utf8_decode(in + i, n - i, &code);
        length = whole > 0 ? (size_t)whole : 1;
        if (whole > 0) {
            memcpy(out + count, in + i, length);
            count += length;
        } else {
            count = mark(out, count, "\xEF\xBF\xBD");
            while (i + length < n && (in[i + length] & 0xC0) == 0x80)
                length++;
        }
    }
    return count;
}

/* ---- stop_place ------------------------------------------------------------------------ */

SAYS(wrong_stop_place_whole_only,
     "only the whole stop is found: if the text ends with the stop's beginning, that "
     "must be held back too, or half of the stop is printed.")
WRONG size_t wrong_stop_place_whole_only(size_t n, const unsigned char text[n], size_t m,
                                         const unsigned char stop[m])
{
    for (size_t i = 0; i + m <= n; i++)
        if (memcmp(text + i, stop, m) == 0)
            return i;
    return n;
}

SAYS(wrong_stop_place_end_only, "only the end of the text is looked at: the stop may "
                                "also be in the middle, with more after it.")
WRONG size_t wrong_stop_place_end_only(size_t n, const unsigned char text[n], size_t m,
                                       const unsigned char stop[m])
{
    for (size_t i = n > m ? n - m : 0; i < n; i++)
        if (memcmp(text + i, stop, n - i) == 0)
            return i;
    return n;
}

SAYS(wrong_stop_place_no_step_back,
     "after a byte that differs, the search does not go back to the byte after the one "
     "where it began: \"aab\" is in \"aaab\".")
WRONG size_t wrong_stop_place_no_step_back(size_t n, const unsigned char text[n],
                                           size_t m, const unsigned char stop[m])
{
    size_t same = 0;
    for (size_t i = 0; i < n; i++) {
        same = text[i] == stop[same] ? same + 1 : 0;
        if (same == m)
            return i + 1 - m;
    }
    return n - same;
}

SAYS(wrong_stop_place_last, "the last place is returned, not the first.")
WRONG size_t wrong_stop_place_last(size_t n, const unsigned char text[n], size_t m,
                                   const unsigned char stop[m])
{
    size_t place = n;
    for (size_t i = 0; i < n; i++) {
        const size_t left = n - i < m ? n - i : m;
        if (memcmp(text + i, stop, left) == 0)
            place = i;
    }
    return place;
}

SAYS(wrong_stop_place_behind,
     "the place after the stop is returned: the text ends before it.")
WRONG size_t wrong_stop_place_behind(size_t n, const unsigned char text[n], size_t m,
                                     const unsigned char stop[m])
{
    for (size_t i = 0; i < n; i++) {
        const size_t left = n - i < m ? n - i : m;
        if (memcmp(text + i, stop, left) == 0)
            return i + left;
    }
    return n;
}

SAYS(wrong_stop_place_one_byte, "the first byte of the stop is enough here: all bytes up "
                                "to the end of the stop or of "
                                "the text must be the same.")
WRONG size_t wrong_stop_place_one_byte(size_t n, const unsigned char text[n], size_t m,
                                       const unsigned char stop[m])
{
    for (size_t i = 0; i < n && m; i++)
        if (text[i] == stop[0])
            return i;
    return n;
}

SAYS(wrong_stop_place_as_strings, "the bytes are compared as strings, which end at a "
                                  "byte 0: any byte may be in a text. "
                                  "Count with n and m.")
WRONG size_t wrong_stop_place_as_strings(size_t n, const unsigned char text[n], size_t m,
                                         const unsigned char stop[m])
{
    for (size_t i = 0; i < n && text[i]; i++) {
        size_t same = 0;
        while (same < m && i + same < n && stop[same] && text[i + same] == stop[same])
            same++;
        if (same == m || i + same == n || !stop[same])
            return i;
    }
    return n;
}

SAYS(wrong_stop_place_none_is_zero,
     "0 is returned if not even the beginning of the stop is there: that would hold "
     "everything back. Return n.")
WRONG size_t wrong_stop_place_none_is_zero(size_t n, const unsigned char text[n],
                                           size_t m, const unsigned char stop[m])
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(text + i, stop, n - i < m ? n - i : m) == 0)
            return i;
    return 0;
}

/* ---- forbid_repeats --------------------------------------------------------------------- */

/* The rule for runs of `before` tokens and what follows them, from place `from` on. */
static inline void forbid_behind(float *logits, int from, int T, const int *ids,
                                 int before)
{
    for (int t = from > before ? from : before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t]] = -INFINITY;
}

SAYS(wrong_forbid_repeats_n_before, "n tokens before the new one are compared: the new "
                                    "one is the n-th, so there are n - 1 before it.")
WRONG void wrong_forbid_repeats_n_before(int V, float logits[V], int T, const int ids[T],
                                         int n)
{
    if (T >= n)
        forbid_behind(logits, 0, T, ids, n);
}

SAYS(wrong_forbid_repeats_too_short,
     "only n - 2 tokens are compared, so that runs of n - 1 are forbidden.")
WRONG void wrong_forbid_repeats_too_short(int V, float logits[V], int T, const int ids[T],
                                          int n)
{
    forbid_behind(logits, 0, T, ids, n > 2 ? n - 2 : 0);
}

SAYS(wrong_forbid_repeats_everything, "every token that the text has is forbidden: only "
                                      "what followed the same n - 1 tokens "
                                      "is.")
WRONG void wrong_forbid_repeats_everything(int V, float logits[V], int T,
                                           const int ids[T], int n)
{
    (void)n;
    forbid_behind(logits, 0, T, ids, 0);
}

SAYS(
    wrong_forbid_repeats_first_of_run,
    "the token at the front of the run is forbidden: it is the one that followed, at the "
    "run's end.")
WRONG void wrong_forbid_repeats_first_of_run(int V, float logits[V], int T,
                                             const int ids[T], int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t - before]] = -INFINITY;
}

SAYS(wrong_forbid_repeats_latest_only, "only the last of several runs counts: each of "
                                       "them may have a different token after it.")
WRONG void wrong_forbid_repeats_latest_only(int V, float logits[V], int T,
                                            const int ids[T], int n)
{
    const int before = n - 1;
    for (int t = T - 1; t >= before; t--)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) ==
            0) {
            logits[ids[t]] = -INFINITY;
            return;
        }
}

SAYS(wrong_forbid_repeats_first_only, "only the first of several runs counts: each of "
                                      "them may have a different token after it.")
WRONG void wrong_forbid_repeats_first_only(int V, float logits[V], int T,
                                           const int ids[T], int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) ==
            0) {
            logits[ids[t]] = -INFINITY;
            return;
        }
}

SAYS(wrong_forbid_repeats_zero,
     "the logit is set to 0: that is an ordinary logit, and often a high one. -INFINITY "
     "becomes probability 0.")
WRONG void wrong_forbid_repeats_zero(int V, float logits[V], int T, const int ids[T],
                                     int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t]] = 0;
}

SAYS(wrong_forbid_repeats_any_order,
     "the tokens before are taken as a set: they must be the same in the same order.")
WRONG void wrong_forbid_repeats_any_order(int V, float logits[V], int T, const int ids[T],
                                          int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++) {
        bool all = true;
        for (int i = 1; i <= before && all; i++) {
            all = false;
            for (int j = 1; j <= before && !all; j++)
                all = ids[T - i] == ids[t - j];
        }
        if (all)
            logits[ids[t]] = -INFINITY;
    }
}

SAYS(wrong_forbid_repeats_last_token_only,
     "only the last token is compared, whatever n is: that forbids runs of two.")
WRONG void wrong_forbid_repeats_last_token_only(int V, float logits[V], int T,
                                                const int ids[T], int n)
{
    forbid_behind(logits, n - 1, T, ids, n > 1);
}

SAYS(wrong_forbid_repeats_bytes,
     "n - 1 bytes are compared: memcmp and memcpy count bytes, and an int has four.")
WRONG void wrong_forbid_repeats_bytes(int V, float logits[V], int T, const int ids[T],
                                      int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before) == 0)
            logits[ids[t]] = -INFINITY;
}

SAYS(wrong_forbid_repeats_large,
     "the logit becomes -1e9: that is far down, and still a number. It is -INFINITY.")
WRONG void wrong_forbid_repeats_large(int V, float logits[V], int T, const int ids[T],
                                      int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t]] = -1e9f;
}

SAYS(wrong_forbid_repeats_not_the_last, "the run that ends with the text's last token is "
                                        "left out: what followed it is a token "
                                        "of the text, too.")
WRONG void wrong_forbid_repeats_not_the_last(int V, float logits[V], int T,
                                             const int ids[T], int n)
{
    const int before = n - 1;
    for (int t = before; t + 1 < T; t++)
        if (memcmp(ids + t - before, ids + T - before, (size_t)before * sizeof *ids) == 0)
            logits[ids[t]] = -INFINITY;
}

SAYS(wrong_forbid_repeats_one_of_run,
     "one token that is the same is enough here: all n - 1 before it must be.")
WRONG void wrong_forbid_repeats_one_of_run(int V, float logits[V], int T,
                                           const int ids[T], int n)
{
    const int before = n - 1;
    for (int t = before; t < T; t++) {
        bool same = before == 0;
        for (int i = 1; i <= before; i++)
            same = same || ids[t - i] == ids[T - i];
        if (same)
            logits[ids[t]] = -INFINITY;
    }
}

/* ---- wrap_text -------------------------------------------------------------------------- */

/* The right one, with something wrong. */
enum wrap_fault {
    FROM_NOTHING = 1,
    FROM_ONE = 2,
    BYTES_AFTER = 4,
    ONE_MORE = 8,
    TOO_EARLY = 16,
    TOO_LATE = 32,
    COUNTS_BYTES = 64,
    FORGETS_ENDS = 128,
    AFTER_THE_WORD = 256,
    CUTS_WORDS = 512
};

static inline void faulty_wrap(size_t n, int width, unsigned char text[n], int fault)
{
    size_t space = n;
    int line = 0, word = 0;
    const int most = fault & TOO_EARLY ? width - 1 : fault & TOO_LATE ? width + 1 : width;
    for (size_t i = 0; i < n; i++) {
        const bool begins = fault & COUNTS_BYTES || (text[i] & 0xC0) != 0x80;
        line += begins;
        word += begins || fault & BYTES_AFTER;
        if (text[i] == ' ' || text[i] == '\n')
            word = 0;
        if (text[i] == ' ')
            space = i;
        if (text[i] == '\n' && !(fault & FORGETS_ENDS)) {
            space = n;
            line = 0;
        }
        if (line > most && space < n && (!(fault & AFTER_THE_WORD) || space == i)) {
            text[space] = '\n';
            space = n;
            line = fault & FROM_NOTHING ? 0
                   : fault & FROM_ONE   ? 1
                   : fault & ONE_MORE   ? word + 1
                                        : word;
        } else if (line > most && fault & CUTS_WORDS && begins) {
            text[i] = '\n';
            line = word = 0;
        }
    }
}

SAYS(wrong_wrap_text_as_handed_out,
     "the function still does what the broken one does: a line gets too long if its "
     "first word had already begun when the break before it was made.")
WRONG void wrong_wrap_text_as_handed_out(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, FROM_NOTHING);
}

SAYS(wrong_wrap_text_from_one,
     "every new line begins with a count of one character, however many it has already.")
WRONG void wrong_wrap_text_from_one(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, FROM_ONE);
}

SAYS(wrong_wrap_text_bytes_after, "a new line begins with a count of the bytes after the "
                                  "space: ë is two bytes, and one character.")
WRONG void wrong_wrap_text_bytes_after(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, BYTES_AFTER);
}

SAYS(wrong_wrap_text_one_more, "a new line begins with a count of one character too "
                               "many: the space before it is not part of it.")
WRONG void wrong_wrap_text_one_more(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, ONE_MORE);
}

SAYS(wrong_wrap_text_too_early,
     "lines have at most width - 1 characters: a line of width characters fits.")
WRONG void wrong_wrap_text_too_early(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, TOO_EARLY);
}

SAYS(wrong_wrap_text_too_late,
     "lines have up to width + 1 characters: width is the most.")
WRONG void wrong_wrap_text_too_late(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, TOO_LATE);
}

SAYS(wrong_wrap_text_counts_bytes,
     "every byte counts as a character: lines with an ë are broken too early.")
WRONG void wrong_wrap_text_counts_bytes(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, COUNTS_BYTES);
}

SAYS(wrong_wrap_text_forgets_ends, "the count continues past a '\\n' that is in the text "
                                   "already: a new line begins there.")
WRONG void wrong_wrap_text_forgets_ends(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, FORGETS_ENDS);
}

SAYS(wrong_wrap_text_after_the_word,
     "the break is made after the word that is too much, not before it.")
WRONG void wrong_wrap_text_after_the_word(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, AFTER_THE_WORD);
}

SAYS(wrong_wrap_text_cuts_words, "a word that is longer than a line is cut: it stays "
                                 "whole, for only spaces are changed.")
WRONG void wrong_wrap_text_cuts_words(size_t n, int width, unsigned char text[n])
{
    faulty_wrap(n, width, text, CUTS_WORDS);
}

#endif
