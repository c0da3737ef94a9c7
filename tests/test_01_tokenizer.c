/* Tests of chapter 1: the tokenizer, its commands, and its exercises. */
#include "exercise.h"
#include "../src/01_tokenizer.h"
#include "mistakes/01_tokenizer.h"
#include "right/01_tokenizer.h"
#include "message.h"

/* ---- Exercises --------------------------------------------------------------------- */

/* The same numbers on every machine. */
static unsigned long random_state;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

static void probe_printable(any_function f, struct outcome *o)
{
    int got[256], want[256], shifted = 256;
    char *labels[256];
    for (int b = 0; b < 256; b++) {
        bool visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
        want[b] = visible ? b : shifted++;
        labels[b] = format_text("0x%02X", (unsigned)b);
    }
    situation(o, "every byte");
    for (int b = 0; b < 256; b++)
        got[b] = (int)TESTED(printable, f)(b);
    record_ints(o, "printable", 256, 256, got, 256, want, labels);
    /* what is kept from call to call must not count on their order */
    situation(o, "every byte, from the last to the first");
    for (int b = 255; b >= 0; b--)
        got[b] = (int)TESTED(printable, f)(b);
    record_ints(o, "printable", 256, 256, got, 256, want, labels);
    for (int b = 0; b < 256; b++)
        free(labels[b]);
}

static void lowest_case(any_function f, struct outcome *o, int n, const int *from,
                        int want)
{
    const int *ranks = given(o, "ranks", AXES({n, NULL}), INTS, from);
    record_integer(o, "the index", TESTED(first_lowest, f)(n, ranks), want);
}

static void probe_first_lowest(any_function f, struct outcome *o)
{
    static const struct {
        int n, ranks[8], want;
    } cases[] = {
        {4, {7, -1, 2, 2}, 2},
        {2, {-1, -1}, -1},
        {1, {5}, 0},
        {1, {0}, 0},
        {1, {-1}, -1},
        {5, {9, 4, -1, 3, 8}, 3},
        /* rank 0 is the lowest there is, and may be there twice */
        {5, {-1, 6, 0, 5, 0}, 2},
        {3, {0, 1, 2}, 0},
        {3, {1, 2, 0}, 2},
        /* the first of equals */
        {4, {3, 3, 3, 3}, 0},
        {3, {-1, 8, 8}, 1},
        {5, {6, 4, 6, 4, 4}, 1},
        /* a search that starts with index 0, or ends early */
        {3, {2, 3, -1}, 0},
        {3, {-1, -1, 4}, 2},
        {4, {5, 4, 3, 2}, 3},
        {4, {2, 3, 4, 5}, 0},
        /* ranks beyond any fixed start */
        {6, {40000, 50256, -1, 39999, 50000, -1}, 3},
        {3, {999999, -1, 999998}, 2},
        {2, {-1, 999999}, 1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char *row = row_text(cases[c].n, cases[c].ranks);
        situation(o, "ranks %s", row);
        free(row);
        lowest_case(f, o, cases[c].n, cases[c].ranks, cases[c].want);
    }
    enum { LONG = 1301 };
    static int ranks[LONG];
    for (int i = 0; i < LONG; i++)
        ranks[i] = i % 3 ? 70000 + (i * 37) % LONG : -1;
    ranks[1151] = ranks[1153] = ranks[1290] = 65536 + 3;
    situation(o, "%d ranks, the lowest at 1151, 1153 and 1290", (int)LONG);
    lowest_case(f, o, LONG, ranks, 1151);
    for (int i = 0; i < LONG; i++)
        ranks[i] = -1;
    situation(o, "%d pairs, none of which merges", (int)LONG);
    lowest_case(f, o, LONG, ranks, -1);
    ranks[LONG - 1] = 12;
    situation(o, "%d pairs, of which the last merges", (int)LONG);
    lowest_case(f, o, LONG, ranks, LONG - 1);
}

static void merge_case(any_function f, struct outcome *o, int n, const int *word,
                       int left, int right, int merged)
{
    static char *const letters[] = {"?", "r", "o", "b", "t", "a", "ro"};
    int *ids = changed(o, "ids", AXES({n, NULL}), INTS, word), want_n = 0;
    int *want = grab((size_t)n, sizeof *want);
    char **labels = grab((size_t)n, sizeof *labels);
    for (int i = 0; i < n; i++) {
        bool pair = i + 1 < n && word[i] == left && word[i + 1] == right;
        want[want_n] = pair ? merged : word[i];
        labels[want_n] = letters[want[want_n] < 7 ? want[want_n] : 0];
        want_n++;
        i += pair;
    }
    int kept = TESTED(merge_pair, f)(n, ids, left, right, merged);
    record_integer(o, "what it returns", kept, want_n);
    record_ints(o, "ids", kept, n, ids, want_n, want, n <= 8 ? labels : NULL);
    free(want);
    free(labels);
}

/* Words that merge_pair and split_token are given: n tokens, each one of `kinds`. */
static int *random_word(int n, unsigned kinds, unsigned long seed)
{
    int *word = grab((size_t)n, sizeof *word);
    random_state = seed;
    for (int i = 0; i < n; i++)
        word[i] = 1 + (int)pick(kinds);
    return word;
}

static void probe_merge_pair(any_function f, struct outcome *o)
{
    static const struct {
        int n, ids[8], left, right, merged;
    } cases[] = {
        {5, {1, 2, 3, 1, 2}, 1, 2, 6},
        {3, {1, 1, 1}, 1, 1, 6},
        {5, {1, 2, 3, 2, 4}, 1, 2, 6},
        {4, {2, 1, 2, 1}, 1, 2, 6},
        {5, {2, 2, 2, 2, 2}, 2, 2, 6},
        /* what is merged is the left, the right, or both, and does not merge again */
        {4, {1, 2, 2, 5}, 1, 2, 1},
        {4, {1, 1, 2, 5}, 1, 2, 2},
        {6, {1, 1, 1, 1, 1, 3}, 1, 1, 1},
        {6, {1, 2, 1, 2, 1, 2}, 1, 2, 1},
        /* it is in the word already */
        {4, {6, 1, 2, 6}, 1, 2, 6},
        /* nothing merges, everything does, the pair is first or last */
        {3, {2, 1, 3}, 1, 2, 6},
        {2, {1, 2}, 1, 2, 6},
        {2, {3, 1}, 1, 2, 6},
        {2, {2, 3}, 1, 2, 6},
        {1, {1}, 1, 2, 6},
        {1, {1}, 1, 1, 6},
        {6, {1, 2, 1, 2, 1, 2}, 1, 2, 6},
        {5, {1, 3, 1, 1, 2}, 1, 2, 6},
        {3, {1, 2, 1}, 1, 2, 6},
        {3, {1, 2, 2}, 1, 2, 6},
        {4, {0, 0, 1, 0}, 0, 1, 5},
        /* tokens below and above the pair's */
        {6, {1, 4, 3, 4, 5, 4}, 3, 4, 6},
        {6, {3, 1, 3, 5, 3, 4}, 3, 4, 6},
        /* ids of two bytes and of more */
        {5, {50256, 300, 70000, 50256, 300}, 50256, 300, 65537},
        {4, {65537, 2, 1, 2}, 1, 2, 6},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int n = cases[c].n;
        char *row = row_text(n, cases[c].ids);
        situation(o, "merging (%d, %d) into %d in %s", cases[c].left, cases[c].right,
                  cases[c].merged, row);
        free(row);
        merge_case(f, o, n, cases[c].ids, cases[c].left, cases[c].right, cases[c].merged);
    }
    static const struct {
        const char *about;
        int n;
        unsigned kinds;
        int right;
    } words[] = {{"a word of 2,003 tokens of three kinds", 2003, 3, 2},
                 {"a word of 1,301 equal tokens", 1301, 1, 1},
                 {"a word of 131 tokens of two kinds", 131, 2, 2}};
    for (size_t c = 0; c < sizeof words / sizeof *words; c++) {
        int *word = random_word(words[c].n, words[c].kinds, c + 1);
        situation(o, "%s: merging (1, %d) into 6", words[c].about, words[c].right);
        merge_case(f, o, words[c].n, word, 1, words[c].right, 6);
        free(word);
    }
}

/* Can these bytes, n of them, 1 to 3, be the beginning of a character that has more? The table
 * is RFC 3629's: what the first byte may be, and the second. */
static bool is_beginning(int n, const unsigned char *bytes)
{
    static const unsigned char rows[][5] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
        {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        if (bytes[0] >= rows[r][0] && bytes[0] <= rows[r][1])
            return n < rows[r][4] &&
                   (n < 2 || (bytes[1] >= rows[r][2] && bytes[1] <= rows[r][3])) &&
                   (n < 3 || (bytes[2] & 0xC0) == 0x80);
    return false;
}

static int printable_bytes(int n, const unsigned char *bytes)
{
    for (int back = 1; back <= 3 && back <= n; back++)
        if (is_beginning(back, bytes + n - back))
            return n - back;
    return n;
}

static char *hex_text(int n, const unsigned char *bytes)
{
    char *text = format_text("%s", "");
    for (int i = 0; i < n; i++) {
        char *longer = format_text("%s%s%02x", text, i ? " " : "", (unsigned)bytes[i]);
        free(text);
        text = longer;
    }
    return text;
}

static void probe_whole_characters(any_function f, struct outcome *o)
{
    static const struct {
        const char *bytes;
        int n;
    } cases[] = {
        {"né", 3},
        {"n\xC3", 2},
        {"robot", 5},
        /* n is less than a character may have: nothing lies before the first byte */
        {"a", 1},
        {"\xC3", 1},
        {"\xA9", 1},
        {"\xE2\x82", 2},
        {"\xF0\x9F", 2},
        {"\xF0\x9F\xA4", 3},
        {"\x9F\xA4", 2},
        {"\xA9\xA9\xA9", 3},
        /* characters of 3 and 4 bytes, whole and not */
        {"5 €", 5},
        {"5 \xE2", 3},
        {"5 \xE2\x82", 4},
        {"🤖", 4},
        {"a\xF0", 2},
        {"a\xF0\x9F", 3},
        {"a\xF0\x9F\xA4", 4},
        {"é\xF0\x9F\xA4", 5},
        {"🤖🤖", 8},
        {"🤖\xF0\x9F\xA4", 7},
        /* what cannot become a character */
        {"a\xA9", 2},
        {"a\xA9\xA9\xA9\xA9", 5},
        {"a\xC0", 2},
        {"a\xF5\x80\x80", 4},
        {"a\xE0\x80", 3},
        {"a\xED\xA0", 3},
        {"a\xF4\x90\x80", 4},
        {"a\xF0\x9F\xA4\xA4\xA4", 6},
        {"a\xE2\x82\xAC\xAC", 5},
        {"a\xC3\xA9\xA9", 4},
        /* beginnings that something else follows, and the other way round */
        {"\xFFn\xC3\xA9", 4},
        {"\xC3n\xC3", 3},
        {"\xFFn\xE2\x82", 4},
        {"\xE2n", 2},
        {"\xE2\x82n", 3},
        {"\xC3\xF0\x9F", 3},
        {"\xF0\x9F\xC3\xA9", 4},
        {"\xF0\x9F\xC3", 3},
        {"\xE2\x82\xE2\x82", 4},
        {"\xA9n\xC3", 3},
        /* text is bytes, and one of them may be 0 */
        {"a\0\xC3", 3},
        {"\0", 1},
        {"\xC3\0", 2},
        {"\0\xE2\x82", 3},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int n = cases[c].n;
        const unsigned char *from = (const unsigned char *)cases[c].bytes;
        char *hex = hex_text(n, from);
        situation(o, "the bytes %s", hex);
        free(hex);
        const unsigned char *bytes = given(o, "bytes", AXES({n, NULL}), BYTES, from);
        record_integer(o, "how many", (long)TESTED(whole_characters, f)((size_t)n, bytes),
                       printable_bytes(n, from));
    }
    /* every byte after each kind of beginning */
    static const struct {
        unsigned char bytes[3];
        int n;
    } fronts[] = {
        {"a", 1},        {"\xC2", 1},     {"\xE0", 1},     {"\xE1", 1},     {"\xED", 1},
        {"\xEF", 1},     {"\xF0", 1},     {"\xF1", 1},     {"\xF4", 1},     {"\xF5", 1},
        {"\xE2\x82", 2}, {"\xF0\x90", 2}, {"\xF3\xBF", 2}, {"\xF4\x8F", 2},
    };
    char *labels[256];
    for (unsigned b = 0; b < 256; b++)
        labels[b] = format_text("%02x", b);
    for (size_t c = 0; c < sizeof fronts / sizeof *fronts; c++) {
        const int n = fronts[c].n + 2;
        unsigned char from[256][5];
        int got[256], want[256];
        char *hex = hex_text(n - 2, fronts[c].bytes);
        situation(o, "the bytes 61 %s, and after them each of the 256 bytes", hex);
        free(hex);
        for (int b = 0; b < 256; b++) {
            unsigned char *bytes = (unsigned char *)from + b * n;
            bytes[0] = 'a';
            memcpy(bytes + 1, fronts[c].bytes, (size_t)n - 2);
            bytes[n - 1] = (unsigned char)b;
            want[b] = printable_bytes(n, bytes);
        }
        const unsigned char *bytes =
            given(o, "bytes", AXES({256, labels}, {n, NULL}), BYTES, from);
        for (int b = 0; b < 256; b++)
            got[b] = (int)TESTED(whole_characters, f)((size_t)n, bytes + b * n);
        record_ints(o, "how many", 256, 256, got, 256, want, labels);
    }
    for (int b = 0; b < 256; b++)
        free(labels[b]);
    /* more bytes than a fixed array may have */
    static unsigned char text[70001];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "\xC3\xA9"[i % 2];
    static const int lengths[] = {70001, 70000, 1301, 256};
    for (int l = 0; l < 4; l++) {
        const int n = lengths[l];
        situation(o, "%d bytes, c3 a9 c3 a9 and so on", n);
        const unsigned char *bytes = given(o, "bytes", AXES({n, NULL}), BYTES, text);
        record_integer(o, "how many", (long)TESTED(whole_characters, f)((size_t)n, bytes),
                       n - n % 2);
    }
}

static void split_case(any_function f, struct outcome *o, int n, const int *word,
                       int merged, int left, int right)
{
    int *want = grab(2 * (size_t)n, sizeof *want),
        *from = grab(2 * (size_t)n, sizeof *from);
    int want_n = 0;
    memcpy(from, word, (size_t)n * sizeof *word);
    for (int i = n; i < 2 * n; i++)
        from[i] = 999; /* not the word's */
    for (int i = 0; i < n; i++) {
        want[want_n++] = word[i] == merged ? left : word[i];
        if (word[i] == merged)
            want[want_n++] = right;
    }
    int *ids = changed(o, "ids", AXES({2 * n, NULL}), INTS, from);
    int count = TESTED(split_token, f)(n, ids, merged, left, right);
    record_integer(o, "what it returns", count, want_n);
    record_ints(o, "ids", count, 2 * n, ids, want_n, want, NULL);
    free(want);
    free(from);
}

static void probe_split_token(any_function f, struct outcome *o)
{
    static const struct {
        int n, ids[8], merged, left, right;
    } cases[] = {
        {3, {9, 3, 9}, 9, 1, 2},
        {4, {9, 3, 4, 5}, 9, 1, 2},
        /* one token, or two */
        {1, {9}, 9, 1, 2},
        {1, {3}, 9, 1, 2},
        {2, {3, 9}, 9, 1, 2},
        {2, {9, 3}, 9, 1, 2},
        /* in the middle, at the end, nowhere, everywhere */
        {5, {3, 4, 9, 5, 6}, 9, 1, 2},
        {5, {3, 4, 5, 6, 9}, 9, 1, 2},
        {4, {3, 4, 5, 6}, 9, 1, 2},
        {5, {9, 9, 9, 9, 9}, 9, 1, 2},
        {6, {3, 9, 9, 4, 9, 5}, 9, 1, 2},
        {8, {9, 3, 4, 9, 5, 6, 9, 7}, 9, 1, 2},
        /* what comes out of a split is not split again */
        {1, {1}, 1, 1, 1},
        {4, {1, 3, 1, 4}, 1, 1, 2},
        {4, {1, 3, 1, 4}, 1, 2, 1},
        {3, {1, 1, 1}, 1, 1, 1},
        /* its parts are in the word already */
        {5, {1, 2, 9, 1, 2}, 9, 1, 2},
        {4, {2, 9, 1, 0}, 9, 2, 1},
        /* ids of two bytes and of more */
        {4, {50256, 70000, 65537, 50256}, 50256, 65536, 300},
        {3, {65545, 9, 4}, 9, 1, 2},
        {4, {0, 3, 0, 4}, 0, 5, 6},
        {5, {3, 5, 4, 3, 5}, 4, 1, 2},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char *row = row_text(cases[c].n, cases[c].ids);
        situation(o, "splitting %d into (%d, %d) in %s", cases[c].merged, cases[c].left,
                  cases[c].right, row);
        free(row);
        split_case(f, o, cases[c].n, cases[c].ids, cases[c].merged, cases[c].left,
                   cases[c].right);
    }
    static const struct {
        const char *about;
        int n;
        unsigned kinds;
    } words[] = {{"a word of 1,301 tokens of three kinds", 1301, 3},
                 {"a word of 601 equal tokens", 601, 1},
                 {"a word of 131 tokens of nine kinds", 131, 9}};
    for (size_t c = 0; c < sizeof words / sizeof *words; c++) {
        int *word = random_word(words[c].n, words[c].kinds, c + 1);
        situation(o, "%s: splitting 1 into (20, 30)", words[c].about);
        split_case(f, o, words[c].n, word, 1, 20, 30);
        free(word);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(printable),
     {
         MISTAKE(wrong_printable_identity),
         MISTAKE(wrong_printable_plus_256),
         MISTAKE(wrong_printable_all_shifted),
         MISTAKE(wrong_printable_soft_hyphen),
         MISTAKE(wrong_printable_delete),
         MISTAKE(wrong_printable_blank),
         MISTAKE(wrong_printable_hard_blank),
         MISTAKE(wrong_printable_ascii),
         MISTAKE(wrong_printable_ascii_plus_256),
         MISTAKE(wrong_printable_soft_hyphen_plus_256),
         MISTAKE(wrong_printable_from_257),
         MISTAKE(wrong_printable_tilde),
         MISTAKE(wrong_printable_exclamation),
     },
     {
         RIGHT(right_printable_stretches),
         RIGHT(right_printable_table),
         RIGHT(right_printable_counted),
         RIGHT(right_printable_hints),
     }},
    {EXERCISE(first_lowest),
     {
         MISTAKE(wrong_first_lowest_last),
         MISTAKE(wrong_first_lowest_none_is_lowest),
         MISTAKE(wrong_first_lowest_highest),
         MISTAKE(wrong_first_lowest_rank),
         MISTAKE(wrong_first_lowest_not_zero),
         MISTAKE(wrong_first_lowest_first_merge),
         MISTAKE(wrong_first_lowest_zero_for_none),
         MISTAKE(wrong_first_lowest_starts_at_0),
         MISTAKE(wrong_first_lowest_none_at_the_end),
         MISTAKE(wrong_first_lowest_none_wins),
     },
     {
         RIGHT(right_first_lowest_twice),
         RIGHT(right_first_lowest_backwards),
         RIGHT(right_first_lowest_unsigned),
         RIGHT(right_first_lowest_recursive),
         RIGHT(right_first_lowest_hints),
     }},
    {EXERCISE(merge_pair),
     {
         MISTAKE(wrong_merge_pair_first_only),
         MISTAKE(wrong_merge_pair_token_twice),
         MISTAKE(wrong_merge_pair_from_the_right),
         MISTAKE(wrong_merge_pair_loses_the_last),
         MISTAKE(wrong_merge_pair_keeps_the_right),
         MISTAKE(wrong_merge_pair_old_length),
         MISTAKE(wrong_merge_pair_again),
         MISTAKE(wrong_merge_pair_steps_back),
         MISTAKE(wrong_merge_pair_either_order),
         MISTAKE(wrong_merge_pair_no_skip),
         MISTAKE(wrong_merge_pair_never_copied_back),
         MISTAKE(wrong_merge_pair_two_at_a_time),
     },
     {
         RIGHT(right_merge_pair_moved),
         RIGHT(right_merge_pair_copied),
         RIGHT(right_merge_pair_pointers),
         RIGHT(right_merge_pair_hints),
     }},
    {EXERCISE(whole_characters),
     {
         MISTAKE(wrong_whole_characters_all),
         MISTAKE(wrong_whole_characters_ascii),
         MISTAKE(wrong_whole_characters_waits_for_ever),
         MISTAKE(wrong_whole_characters_last_byte),
         MISTAKE(wrong_whole_characters_last_lead),
         MISTAKE(wrong_whole_characters_from_the_last_lead),
         MISTAKE(wrong_whole_characters_stops_at_invalid),
         MISTAKE(wrong_whole_characters_holds_the_last),
         MISTAKE(wrong_whole_characters_two_bytes),
         MISTAKE(wrong_whole_characters_forward),
         MISTAKE(wrong_whole_characters_forward_bits),
         MISTAKE(wrong_whole_characters_forward_ranges),
         MISTAKE(wrong_whole_characters_forward_stray),
         MISTAKE(wrong_whole_characters_second_byte),
         MISTAKE(wrong_whole_characters_held_back),
         MISTAKE(wrong_whole_characters_zero_too),
         MISTAKE(wrong_whole_characters_any_lead),
     },
     {
         RIGHT(right_whole_characters_forward),
         RIGHT(right_whole_characters_by_hand),
         RIGHT(right_whole_characters_longest_first),
         RIGHT(right_whole_characters_hints),
     }},
    {EXERCISE(split_token),
     {
         MISTAKE(wrong_split_token_as_handed_out),
         MISTAKE(wrong_split_token_first_only),
         MISTAKE(wrong_split_token_no_room),
         MISTAKE(wrong_split_token_old_length),
         MISTAKE(wrong_split_token_bytes),
         MISTAKE(wrong_split_token_exchanged),
         MISTAKE(wrong_split_token_last_stays),
         MISTAKE(wrong_split_token_keeps_the_right),
         MISTAKE(wrong_split_token_old_loop),
         MISTAKE(wrong_split_token_never_copied_back),
     },
     {
         RIGHT(right_split_token_memmove),
         RIGHT(right_split_token_counted),
         RIGHT(right_split_token_copied),
         RIGHT(right_split_token_hints),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static char *folder; /* of the running test; gone when it ends */

static void open_folder(void)
{
    const char *place = getenv("TMPDIR");
    folder = format_text("%s/book_01_XXXXXX", place && *place ? place : "/tmp");
    ck_assert_msg(mkdtemp(folder), "%s: cannot be made", folder);
}

static void close_folder(void)
{
    ck_assert_int_eq(system(format_text("rm -rf '%s'", folder)), 0);
}

/* A path in the test's folder. */
static __attribute__((format(printf, 1, 2))) char *inside(const char *format, ...)
{
    char name[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    return format_text("%s/%s", folder, name);
}

static void put(const char *name, const char *text)
{
    write_file(inside("%s", name), text, strlen(text));
}

/* A run of the program: its status and what it printed. */
static struct bytes output, errors;

static int run_program(const char *arguments, const void *input, size_t size)
{
    write_file(inside("in"), input, size);
    char *command = format_text("build/01_tokenizer %s < '%s/in' > '%s/out' 2> '%s/err'",
                                arguments, folder, folder, folder);
    int status = system(command);
    free(command);
    free(output.data);
    free(errors.data);
    output = read_file(inside("out"));
    errors = read_file(inside("err"));
    ck_assert_msg(WIFEXITED(status) && !strstr((char *)errors.data, "Sanitizer") &&
                      !strstr((char *)errors.data, "runtime error"),
                  "01_tokenizer %s crashed: %.2000s", arguments, (char *)errors.data);
    return WEXITSTATUS(status);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *input, const char *says)
{
    int status = run_program(arguments, input, strlen(input));
    const char *line = (char *)errors.data;
    ck_assert_msg(status == 1, "01_tokenizer %s: status %d, expected 1: %s", arguments,
                  status, line);
    check_message(errors, arguments);
    ck_assert_msg(strncmp(line, "01_tokenizer: ", 14) == 0 && strstr(line, says),
                  "01_tokenizer %s: expected '%s' in '%s'", arguments, says, line);
}

/* ---- Vocabularies that the tests make themselves ------------------------------------ */

/* Byte strings, numbered; merges as pairs of their numbers, best rank first; and the id that
 * each string has in the file. */
struct small {
    struct strings tokens;
    int merge[600][2], merges;
    int id[1200];
};

static struct small small_vocabulary(void)
{
    struct small s = {0};
    for (int b = 0; b < 256; b++)
        string_number(&s.tokens, &(unsigned char){(unsigned char)b}, 1);
    for (int i = 0; i < 1200; i++)
        s.id[i] = i;
    return s;
}

static bool has_merge(const struct small *s, int left, int right)
{
    for (int m = 0; m < s->merges; m++)
        if (s->merge[m][0] == left && s->merge[m][1] == right)
            return true;
    return false;
}

static void add_merge(struct small *s, int left, int right)
{
    unsigned char joined[4096];
    size_t a = s->tokens.start[left + 1] - s->tokens.start[left],
           b = s->tokens.start[right + 1] - s->tokens.start[right];
    memcpy(joined, s->tokens.text + s->tokens.start[left], a);
    memcpy(joined + a, s->tokens.text + s->tokens.start[right], b);
    string_number(&s->tokens, joined, a + b);
    s->merge[s->merges][0] = left;
    s->merge[s->merges++][1] = right;
}

static int token_number(const struct small *s, const char *text)
{
    return string_find(&s->tokens, (const unsigned char *)text, strlen(text));
}

static void add_merge_text(struct small *s, const char *left, const char *right)
{
    add_merge(s, token_number(s, left), token_number(s, right));
}

/* Ids in any order: they need not follow the merges. */
static void shuffle_ids(struct small *s)
{
    for (int i = s->tokens.count - 1; i > 0; i--) {
        int j = (int)pick((unsigned)i + 1), t = s->id[i];
        s->id[i] = s->id[j];
        s->id[j] = t;
    }
}

static void put_token(FILE *file, const struct small *s, int number, bool json)
{
    for (size_t i = s->tokens.start[number]; i < s->tokens.start[number + 1]; i++) {
        int b = s->tokens.text[i], shifted = 256;
        bool visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
        for (int k = 0; k < b; k++)
            shifted += !((k >= '!' && k <= '~') || (k >= 0xA1 && k != 0xAD));
        unsigned char utf8[4];
        if (json && (b == '"' || b == '\\'))
            fputc('\\', file);
        fwrite(utf8, 1,
               (size_t)utf8_encode(visible ? (unsigned)b : (unsigned)shifted, utf8),
               file);
    }
}

/* Writes it to the folder `name` inside the test's, and returns the path of that. */
static char *save(const struct small *s, const char *name)
{
    char *path = inside("%s", name);
    make_folder(path);
    FILE *file = fopen(format_text("%s/vocab.json", path), "w");
    for (int i = 0; i < s->tokens.count; i++) {
        fputs(i ? ",\"" : "{\"", file);
        put_token(file, s, i, true);
        fprintf(file, "\":%d", s->id[i]);
    }
    fputs("}", file);
    fclose(file);
    file = fopen(format_text("%s/merges.txt", path), "w");
    fputs("#version: 0.2\n", file);
    for (int m = 0; m < s->merges; m++) {
        put_token(file, s, s->merge[m][0], false);
        fputc(' ', file);
        put_token(file, s, s->merge[m][1], false);
        fputc('\n', file);
    }
    fclose(file);
    return path;
}

/* The merges done by the definition, on numbers of strings: again and again the pair of the
 * best rank, wherever it stands. */
static int merge_by_definition(const struct small *s, int n, int *word)
{
    while (true) {
        int m = 0, at = 0, kept = 0;
        for (; m < s->merges; m++) {
            for (at = 0; at + 1 < n; at++)
                if (word[at] == s->merge[m][0] && word[at + 1] == s->merge[m][1])
                    break;
            if (at + 1 < n)
                break;
        }
        if (m == s->merges)
            return n;
        unsigned char joined[4096];
        size_t size = 0;
        for (int part = 0; part < 2; part++) {
            size_t from = s->tokens.start[s->merge[m][part]],
                   length = s->tokens.start[s->merge[m][part] + 1] - from;
            memcpy(joined + size, s->tokens.text + from, length);
            size += length;
        }
        int merged = string_find(&s->tokens, joined, size);
        for (int i = 0; i < n; i++)
            if (i + 1 < n && word[i] == s->merge[m][0] && word[i + 1] == s->merge[m][1]) {
                word[kept++] = merged;
                i++;
            } else
                word[kept++] = word[i];
        n = kept;
    }
}

/* A vocabulary whose merges come in no natural order: parts may have a worse rank than what
 * is made of them, and one string may be made in several ways. */
static struct small hostile_vocabulary(int letters, int merges)
{
    struct small s = small_vocabulary();
    while (s.merges < merges) {
        int number[2];
        for (int part = 0; part < 2; part++) {
            unsigned which = pick((unsigned)(letters + s.tokens.count - 256));
            number[part] =
                which < (unsigned)letters ? 'a' + (int)which : 256 + (int)which - letters;
        }
        if (!has_merge(&s, number[0], number[1]) &&
            s.tokens.start[number[0] + 1] - s.tokens.start[number[0]] < 40 &&
            s.tokens.start[number[1] + 1] - s.tokens.start[number[1]] < 40)
            add_merge(&s, number[0], number[1]);
    }
    for (int m = s.merges - 1; m > 0; m--) {
        int other = (int)pick((unsigned)m + 1);
        for (int part = 0; part < 2; part++) {
            int t = s.merge[m][part];
            s.merge[m][part] = s.merge[other][part];
            s.merge[other][part] = t;
        }
    }
    shuffle_ids(&s);
    return s;
}

/* The bytes that ids stand for. */
static struct bytes decode(const struct vocabulary *v, size_t n, const int *ids)
{
    struct bytes b = {NULL, 0};
    size_t capacity = 0;
    for (size_t i = 0; i < n; i++) {
        if (ids[i] < 0 || ids[i] >= v->size)
            ck_abort_msg("id %d is out of range", ids[i]);
        size_t from = v->start[ids[i]], length = v->start[ids[i] + 1] - from;
        b.data = grow(b.data, &capacity, b.size + length + 1, 1);
        memcpy(b.data + b.size, v->text + from, length);
        b.size += length;
    }
    return b;
}

static void expect_round_trip(const struct vocabulary *v, const unsigned char *s,
                              size_t n)
{
    struct ids ids = {0};
    encode(v, s, n, &ids);
    struct bytes back = decode(v, ids.count, ids.id);
    ck_assert_uint_eq(back.size, n);
    ck_assert(n == 0 || memcmp(back.data, s, n) == 0);
    free(back.data);
    free(ids.id);
}

/* ---- Bytes and merges -------------------------------------------------------------- */

START_TEST(printable_and_back)
{
    unsigned char text[4], byte;
    for (int b = 0; b < 256; b++) {
        int n = utf8_encode(printable(b), text);
        ck_assert_int_eq(unprintable(text, (size_t)n, &byte), 1);
        ck_assert_int_eq(byte, b);
    }
    ck_assert_int_eq(unprintable((const unsigned char *)" ", 1, &byte), -1);
    ck_assert_int_eq(unprintable((const unsigned char *)"…", 3, text), -1);
    ck_assert_int_eq(unprintable((const unsigned char *)"\xFF", 1, &byte), -1);
}
END_TEST

START_TEST(kinds_of_characters)
{
    static const struct {
        unsigned code;
        enum kind kind;
    } all[] = {
        {'a', LETTER},    {'Z', LETTER},     {'0', NUMBER},    {'_', OTHER},
        {' ', SPACE},     {'\n', SPACE},     {0x0B, SPACE},    {0x1C, OTHER},
        {0x85, SPACE},    {0xA0, SPACE},     {0xFEFF, OTHER},  {0x200B, OTHER},
        {0x1680, SPACE},  {0x180E, OTHER},   {0x2028, SPACE},  {0x3000, SPACE},
        {0xAA, LETTER},   {0xB2, NUMBER},    {0xBC, NUMBER},   {0x2167, NUMBER},
        {0x301, OTHER},   {0x4E00, LETTER},  {0xAC00, LETTER}, {0xD7A3, LETTER},
        {0x1F916, OTHER}, {0x10FFFF, OTHER}, {0, OTHER},       {0x7F, OTHER},
        {0x17F, LETTER},  {0x93C, OTHER},    {0xE000, OTHER},  {0x2FA1D, LETTER},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        ck_assert_msg(kind_of(all[i].code) == all[i].kind, "U+%04X", all[i].code);
    int count[4] = {0};
    for (unsigned code = 0; code < 0x110000; code++)
        count[kind_of(code)]++;
    ck_assert_int_eq(count[LETTER], 141028);
    ck_assert_int_eq(count[NUMBER], 1911);
    ck_assert_int_eq(count[SPACE], 25);
}
END_TEST

START_TEST(pretokens_by_hand)
{
    static const char *const all[] = {
        "It| mustn|'t| oil| 12| rotors|!",
        "we|'ll| they|'re| I|'ve| I|'m| he|'d| it|'s",
        "WE|'|LL| '|tis",
        "a|  | b",
        "a|   ",
        "a|\n|\n|b",
        "a| |\n|b",
        "x|123|abc|_|45",
        " |\t|a",
        "  ",
        "naïve| café|…| 東京",
        "''|s",
        "robots|'| arms",
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        unsigned char text[200];
        size_t n = 0, at = 0;
        for (const char *p = all[i]; *p; p++)
            if (*p != '|')
                text[n++] = (unsigned char)*p;
        for (const char *p = all[i]; *p; p += *p == '|') {
            size_t want = strcspn(p, "|"), got = next_pretoken(text + at, n - at, false);
            ck_assert_msg(got == want, "%s: at byte %zu: %zu bytes, want %zu", all[i], at,
                          got, want);
            at += got;
            p += want;
        }
        ck_assert_uint_eq(at, n);
    }
}
END_TEST

START_TEST(a_pretoken_never_changes_when_more_comes)
{
    static const char *const bits[] = {
        "a",   "é", " ", "  ", "'",    "'s",   "'ll",  "'re",      "12",           "\n",
        "\t ", "…", "!", "東", "🤖", "\xFF", "\xE2", "\xC2\xA0", "\xE3\x80\x80", "'v",
        "l",   "r"};
    random_state = 1;
    for (int round = 0; round < 3000; round++) {
        char text[64] = "";
        while (strlen(text) < 14)
            strcat(text, bits[pick(sizeof bits / sizeof *bits)]);
        const unsigned char *s = (const unsigned char *)text;
        size_t n = strlen(text), whole = next_pretoken(s, n, false);
        ck_assert(whole > 0 && whole <= n);
        for (size_t part = 1; part <= n; part++) {
            unsigned char *alone = grab(part, 1);
            memcpy(alone, s, part);
            size_t early = next_pretoken(alone, part, true);
            if (early != 0 && early != whole)
                ck_abort_msg("'%s': %zu after %zu bytes, %zu in all", text, early, part,
                             whole);
            free(alone);
        }
    }
}
END_TEST

START_TEST(merges_go_by_the_rank_of_the_pair)
{
    /* abc is a token, made of a + bc; but ab merges first, and ab + c is no merge. */
    struct small s = small_vocabulary();
    add_merge_text(&s, "a", "b");
    add_merge_text(&s, "b", "c");
    add_merge_text(&s, "a", "bc");
    struct vocabulary v = load_vocabulary(save(&s, "v"));
    for (int twice = 0; twice < 2; twice++) {
        int ids[3] = {v.byte_id['a'], v.byte_id['b'], v.byte_id['c']};
        ck_assert_int_eq(twice ? merge_word(&v, 3, ids) : merge_long_word(&v, 3, ids), 2);
        ck_assert_int_eq(ids[0], token_number(&s, "ab"));
        ck_assert_int_eq(ids[1], 'c');
    }
    free_vocabulary(&v);
}
END_TEST

START_TEST(ids_need_not_follow_the_merges)
{
    struct small s = small_vocabulary();
    random_state = 7;
    add_merge_text(&s, "r", "o");
    add_merge_text(&s, "b", "o");
    add_merge_text(&s, "ro", "bo");
    shuffle_ids(&s);
    struct vocabulary v = load_vocabulary(save(&s, "v"));
    struct ids ids = {0};
    encode(&v, (const unsigned char *)"robot", 5, &ids);
    ck_assert_uint_eq(ids.count, 2);
    ck_assert_int_eq(ids.id[0], s.id[token_number(&s, "robo")]);
    ck_assert_int_eq(ids.id[1], s.id['t']);
    free(ids.id);
    free_vocabulary(&v);
}
END_TEST

START_TEST(both_ways_of_merging_are_the_definition)
{
    random_state = 3;
    for (int round = 0; round < 40; round++) {
        const int letters = 1 + (int)pick(4);
        struct small s =
            hostile_vocabulary(letters, 2 + (int)pick(letters == 1 ? 8 : 60));
        struct vocabulary v = load_vocabulary(save(&s, "v"));
        for (int w = 0; w < 60; w++) {
            const int n = w % 3 ? (int)pick(SHORT_WORD) + 1 : (int)pick(300) + 1;
            int *want = grab((size_t)n, sizeof *want),
                *got = grab((size_t)n, sizeof *got),
                *other = grab((size_t)n, sizeof *other);
            for (int i = 0; i < n; i++) {
                want[i] = 'a' + (int)pick((unsigned)letters);
                got[i] = other[i] = v.byte_id[want[i]];
            }
            int want_n = merge_by_definition(&s, n, want);
            for (int i = 0; i < want_n; i++)
                want[i] = s.id[want[i]];
            int got_n = merge_long_word(&v, n, got);
            ck_assert_int_eq(got_n, want_n);
            ck_assert(memcmp(got, want, (size_t)want_n * sizeof *got) == 0);
            if (n <= SHORT_WORD) {
                ck_assert_int_eq(merge_word(&v, n, other), want_n);
                ck_assert(memcmp(other, want, (size_t)want_n * sizeof *got) == 0);
            }
            free(want);
            free(got);
            free(other);
        }
        free_vocabulary(&v);
        strings_free(&s.tokens);
    }
}
END_TEST

/* ---- Whole texts ------------------------------------------------------------------- */

/* Undoes the escapes of a line of the reference, in place. Returns how many bytes are left. */
static size_t unescaped(char *line)
{
    size_t kept = 0;
    for (const char *p = line; *p; p++) {
        unsigned byte = (unsigned char)*p;
        if (*p == '\\' && *++p == 'x') {
            if (sscanf(p + 1, "%2x", &byte) != 1) /* ck_assert takes its time */
                ck_abort_msg("%s: expected two digits after \\x", p);
            p += 2;
        } else if (p > line && p[-1] == '\\' && byte == '\\')
            byte = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : '\\';
        line[kept++] = (char)byte;
    }
    return kept;
}

START_TEST(ids_equal_those_of_tiktoken)
{
    struct vocabulary v = load_vocabulary("models/gpt2");
    struct bytes file = read_file("tests/reference/01_tokenizer.txt");
    int texts = 0, number = 0;
    struct cache *cache = grab(1, sizeof *cache);
    for (char *line = (char *)file.data, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        number++;
        char *tab = strchr(line, '\t'), *special = tab ? strchr(tab + 1, '\t') : NULL;
        if (*line == '#' || !tab)
            continue;
        *tab = 0;
        if (special)
            *special = 0;
        struct ids want = {0}, got = {0}, cached = {0};
        parse_ids(tab + 1, "tests/reference/01_tokenizer.txt", &want);
        size_t n = unescaped(line);
        unsigned char *text = grab(n, 1);
        memcpy(text, line, n);
        const unsigned char *word;
        size_t length;
        FILE *stream = n ? fmemopen(text, n, "rb") : fopen("/dev/null", "rb");
        ck_assert(stream != NULL);
        struct stream in = open_stream(stream, "text", special);
        while (next_word(&in, &word, &length))
            if (special && is_end_of_text(word, length)) {
                cached.id =
                    grow(cached.id, &cached.capacity, cached.count + 1, sizeof(int));
                cached.id[cached.count++] = v.end_of_text;
            } else
                encode_word(&v, cache, word, length, &cached);
        fclose(stream);
        free(in.text);
        if (special)
            got = cached;
        else
            encode(&v, text, n, &got);
        for (int way = 0; way < 2; way++) {
            const struct ids *x = way ? &cached : &got;
            for (size_t i = 0; i < want.count && i < x->count; i++)
                if (x->id[i] != want.id[i])
                    ck_abort_msg("line %d: id %zu: got %d, want %d", number, i, x->id[i],
                                 want.id[i]);
            ck_assert_msg(x->count == want.count, "line %d: %zu ids, want %zu", number,
                          x->count, want.count);
        }
        if (!special) {
            struct bytes back = decode(&v, got.count, got.id);
            ck_assert_msg(back.size == n && (n == 0 || memcmp(back.data, text, n) == 0),
                          "line %d does not come back", number);
            free(back.data);
            free(got.id);
        }
        free(cached.id);
        free(want.id);
        free(text);
        texts++;
    }
    ck_assert_msg(texts >= 2000, "only %d texts", texts);
    free(cache);
    free(file.data);
    free_vocabulary(&v);
}
END_TEST

/* Bytes of any kind: noise, pieces of UTF-8, or a small alphabet. */
static void random_bytes(size_t n, unsigned char *s)
{
    static const char bits[] =
        "aab  \n'st.5\xC3\xA9\xE2\x80\xA6\xF0\x9F\xA4\x96\xFF\0\x85";
    unsigned how = pick(3);
    for (size_t i = 0; i < n; i++)
        s[i] = (unsigned char)(how == 0   ? pick(256)
                               : how == 1 ? (unsigned char)bits[pick(sizeof bits - 1)]
                                          : (unsigned char)"ab "[pick(3)]);
}

static void round_trips(const char *model)
{
    struct vocabulary v = load_vocabulary(model);
    random_state = 11;
    for (size_t n = 0; n < 1500; n += 1 + n / 200) {
        unsigned char *s = grab(n, 1);
        random_bytes(n, s);
        expect_round_trip(&v, s, n);
        free(s);
    }
    unsigned char all[65536 + 1]; /* every two bytes side by side */
    for (unsigned i = 0; i < 65536; i += 2) {
        all[i] = (unsigned char)(i / 2 >> 8 | (i & 0x8000 ? 0x80 : 0));
        all[i + 1] = (unsigned char)(i / 2);
    }
    expect_round_trip(&v, all, 65536);
    free_vocabulary(&v);
}

START_TEST(any_bytes_come_back)
{
    random_state = 5;
    struct small s = hostile_vocabulary(3, 50);
    round_trips(save(&s, "v"));
}
END_TEST

START_TEST(any_bytes_come_back_with_gpt2)
{
    round_trips("models/gpt2");
}
END_TEST

/* The words of a stream must be those of the whole text. */
static void expect_words(struct stream *in, const unsigned char *s, size_t n,
                         const char *what)
{
    const size_t end_size = strlen(END_OF_TEXT);
    const unsigned char *word;
    size_t at = 0, length, end = SIZE_MAX;
    while (next_word(in, &word, &length)) {
        if (end < at || end == SIZE_MAX) { /* where the next special token is */
            for (end = at; in->special && end + end_size <= n; end++)
                if (memcmp(s + end, END_OF_TEXT, end_size) == 0)
                    break;
            if (!in->special || end + end_size > n)
                end = n;
        }
        size_t want = at >= n                ? 0
                      : end == at && end < n ? end_size
                                             : next_pretoken(s + at, end - at, false);
        /* ck_assert would write to its parent each time. */
        if (at >= n || length != want || memcmp(word, s + at, want) != 0)
            ck_abort_msg("%s: at byte %zu: a word of %zu bytes, want %zu", what, at,
                         length, want);
        at += want;
    }
    ck_assert_msg(at == n, "%s: ends at byte %zu of %zu", what, at, n);
}

static const char mixed_text[] =
    "It's a robot's, they'll  see\n\n\n we've <|endoftext|>12 "
    "oil<|endoftext|><|endoftext|> "
    "caf\xC3\xA9 \xF0\x9F\xA4\x96\xF0\x9F\xA4\x96 <|endoftex <|endoftext "
    "<|<|endoftext|>|> "
    "\xE2\x80 x\xE2\x80\xA6\xE2\x80\xA6 '  'r 'l're   \t\t end \xFF\xFE 'll<|endoftext|";

START_TEST(a_stream_gives_the_words_of_the_text)
{
    const unsigned char *s = (const unsigned char *)mixed_text;
    const size_t n = sizeof mixed_text - 1;
    write_file(inside("text"), s, n);
    for (size_t capacity = 1; capacity <= n + 2; capacity++)
        for (int special = 0; special < 2; special++) {
            FILE *file = fopen(inside("text"), "rb");
            struct stream in = {.file = file,
                                .name = "text",
                                .special = special,
                                .text = grab(capacity, 1),
                                .capacity = capacity};
            stream_fill(&in);
            stream_find_special(&in);
            expect_words(&in, s, n, format_text("a buffer of %zu", capacity));
            free(in.text);
            fclose(file);
        }
}
END_TEST

START_TEST(a_stream_is_cut_anywhere)
{
    const size_t n = sizeof mixed_text - 1, before = 65536;
    unsigned char *s = grab(before + n, 1);
    for (size_t back = 0; back <= n; back += SANITIZED ? 5 : 1) {
        /* The border of the first buffer falls `back` bytes into the text. */
        for (size_t i = 0; i < before - back; i++)
            s[i] = (unsigned char)(i % 7 ? 'a' + (int)(i % 5) : ' ');
        memcpy(s + before - back, mixed_text, n);
        write_file(inside("text"), s, before - back + n);
        for (int special = 0; special < 2; special++) {
            FILE *file = fopen(inside("text"), "rb");
            struct stream in = open_stream(file, "text", special);
            expect_words(&in, s, before - back + n, format_text("%zu bytes back", back));
            free(in.text);
            fclose(file);
        }
    }
    free(s);
}
END_TEST

START_TEST(whole_characters_lose_nothing)
{
    /* What is printed piece by piece is what was to be printed, each piece whole. */
    const unsigned char *s = (const unsigned char *)mixed_text;
    const size_t n = sizeof mixed_text - 1;
    for (size_t step = 1; step < 8; step++) {
        unsigned char waiting[64], printed_bytes[sizeof mixed_text];
        size_t count = 0, done = 0;
        for (size_t at = 0; at < n; at += step) {
            size_t more = n - at < step ? n - at : step;
            memcpy(waiting + count, s + at, more);
            count += more;
            size_t ready = whole_characters(count, waiting);
            ck_assert(ready <= count && count - ready <= 3);
            memcpy(printed_bytes + done, waiting, ready);
            done += ready;
            memmove(waiting, waiting + ready, count - ready);
            count -= ready;
        }
        ck_assert_uint_eq(done + count, n);
        ck_assert(memcmp(printed_bytes, s, done) == 0);
    }
}
END_TEST

/* ---- Long words -------------------------------------------------------------------- */

static double seconds_for(const struct vocabulary *v, size_t n, int kind)
{
    unsigned char *s = grab(n, 1);
    struct ids ids = {0};
    random_state = 9;
    for (size_t i = 0; i < n; i++)
        s[i] = (unsigned char)(kind == 0   ? 'a'
                               : kind == 1 ? 'a' + (int)pick(4)
                               : kind == 2 ? ' '
                                           : '\n');
    struct timespec from, to;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    encode(v, s, n, &ids);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    ck_assert(ids.count > 0 && ids.count <= n);
    free(ids.id);
    free(s);
    return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

START_TEST(a_million_letters_take_no_time)
{
    static const char *const kinds[] = {"equal letters", "letters", "blanks", "newlines"};
    struct small s = small_vocabulary();
    random_state = 21;
    const char *runs[] = {"a", " ", "\n", "b", "c", "d"};
    for (int r = 0; r < 3; r++) { /* a a, aa aa, aaaa aaaa, … */
        char half[65] = "";
        strcpy(half, runs[r]);
        for (; strlen(half) < 64; memcpy(half + strlen(half), half, strlen(half)))
            add_merge_text(&s, half, half);
    }
    for (int k = 0; k < 300;) {
        int a = 'a' + (int)pick(4), b = 'a' + (int)pick(4);
        if (k > 16)
            a = 256 + (int)pick((unsigned)s.tokens.count - 256);
        if (s.tokens.start[a + 1] - s.tokens.start[a] < 60 && ++k && !has_merge(&s, a, b))
            add_merge(&s, a, b);
    }
    struct vocabulary v = load_vocabulary(save(&s, "v"));
    for (int kind = 0; kind < 4; kind++) {
        const size_t n = SANITIZED ? 250000 : thorough() ? 1000000 : 400000;
        double half = seconds_for(&v, n / 2, kind), whole = seconds_for(&v, n, kind);
        ck_assert_msg(whole < 2, "%zu %s: %.2f s", n, kinds[kind], whole);
        ck_assert_msg(whole < 5 * half + 0.1, "%s: %.3f s, twice as many: %.3f s",
                      kinds[kind], half, whole);
    }
    free_vocabulary(&v);
}
END_TEST

/* ---- Training ---------------------------------------------------------------------- */

START_TEST(training_by_hand)
{
    /* Words: aaab, ␣aaab, ␣ab. Pairs: a+a 4, a+b 3, ␣+a 2: so aa. Then aa+a 2, a+b 3: so ab.
     * Then aa+ab 2: so aaab. Now no pair is left that occurs twice. */
    const char *text = "aaab aaab ab";
    ck_assert_int_eq(run_program(format_text("train --size 300 --to '%s/t'", folder),
                                 text, strlen(text)),
                     0);
    struct bytes merges = read_file(inside("t/merges.txt"));
    ck_assert_str_eq((char *)merges.data, "#version: 0.2\na a\na b\naa ab\n");
    struct vocabulary v = load_vocabulary(inside("t"));
    ck_assert_int_eq(v.size, 256 + 3 + 1);
    ck_assert_int_eq(v.end_of_text, 259);
    ck_assert_int_eq(v.byte_id['!'], 0);
    ck_assert_int_eq(v.byte_id[0], 188);
    struct ids ids = {0};
    encode(&v, (const unsigned char *)"aaab ab", 7, &ids);
    ck_assert_uint_eq(ids.count, 3);
    ck_assert(ids.id[0] == 258 && ids.id[1] == v.byte_id[' '] && ids.id[2] == 257);
    free(ids.id);
    free_vocabulary(&v);
}
END_TEST

START_TEST(training_stops_at_the_size)
{
    const char *text = "robot robots rob bot bots robot robots. robot, robot; bot";
    for (int size = 257; size < 264; size++) {
        ck_assert_int_eq(
            run_program(format_text("train --size %d --to '%s/t%d'", size, folder, size),
                        text, strlen(text)),
            0);
        struct vocabulary v = load_vocabulary(inside("t%d", size));
        ck_assert_int_eq(v.size, size);
        ck_assert_int_eq(v.merges, size - 257);
        free_vocabulary(&v);
    }
}
END_TEST

START_TEST(what_was_trained_loads_and_comes_back)
{
    random_state = 31;
    for (int round = 0; round < (thorough() && !SANITIZED ? 40 : 12); round++) {
        const size_t n = 200 + pick(4000);
        unsigned char *s = grab(n, 1);
        random_bytes(n, s);
        char *command =
            format_text("train --size %u --to '%s/t'", 257 + pick(600), folder);
        ck_assert_int_eq(run_program(command, s, n), 0);
        struct bytes first = read_file(inside("t/merges.txt")),
                     vocab = read_file(inside("t/vocab.json"));
        ck_assert_int_eq(run_program(command, s, n), 0);
        struct bytes second = read_file(inside("t/merges.txt")),
                     again = read_file(inside("t/vocab.json"));
        ck_assert(first.size == second.size &&
                  memcmp(first.data, second.data, first.size) == 0);
        ck_assert(vocab.size == again.size &&
                  memcmp(vocab.data, again.data, vocab.size) == 0);
        int status = run_program(format_text("encode --model '%s/t'", folder), s, n);
        ck_assert_msg(status == 0, "what was trained does not load: %s",
                      (char *)errors.data);
        struct bytes ids = output;
        output.data = NULL;
        ck_assert_int_eq(
            run_program(format_text("decode --model '%s/t'", folder), ids.data, ids.size),
            0);
        ck_assert(output.size == n && memcmp(output.data, s, n) == 0);
        free(s);
        free(ids.data);
        free(first.data);
        free(second.data);
        free(vocab.data);
        free(again.data);
    }
}
END_TEST

/* ---- The commands ------------------------------------------------------------------ */

/* A good vocabulary of a few tokens, in the test's folder. */
static void good_vocabulary(void)
{
    struct small s = small_vocabulary();
    add_merge_text(&s, "r", "o");
    add_merge_text(&s, "b", "o");
    add_merge_text(&s, "ro", "bo");
    add_merge_text(&s, " ", "o");
    string_number(&s.tokens, (const unsigned char *)END_OF_TEXT, strlen(END_OF_TEXT));
    save(&s, "v");
}

START_TEST(encode_and_decode_are_pipes)
{
    good_vocabulary();
    char *encode_it = format_text("encode --model '%s/v'", folder),
         *decode_it = format_text("decode --model '%s/v'", folder);
    ck_assert_int_eq(run_program(encode_it, "robot o", 7), 0);
    ck_assert_str_eq((char *)output.data, "258 116 259\n");
    ck_assert_int_eq(run_program(decode_it, "258 116, 259\n", 13), 0);
    ck_assert_str_eq((char *)output.data, "robot o");
    ck_assert_int_eq(run_program(encode_it, "", 0), 0);
    ck_assert_str_eq((char *)output.data, "\n");
    ck_assert_int_eq(run_program(decode_it, "", 0), 0);
    ck_assert_uint_eq(output.size, 0);
    ck_assert_int_eq(run_program(decode_it, " \r\n\t ,,", 7), 0);
    ck_assert_uint_eq(output.size, 0);
    ck_assert_int_eq(run_program(decode_it, "0097", 4), 0);
    ck_assert_str_eq((char *)output.data, "a");
    ck_assert_int_eq(run_program(encode_it, "<|endoftext|>", 13), 0);
    ck_assert(!strstr((char *)output.data, "260"));
    ck_assert_int_eq(
        run_program(format_text("%s --special", encode_it), "a<|endoftext|>b", 15), 0);
    ck_assert_str_eq((char *)output.data, "97 260 98\n");
    random_state = 13;
    for (int round = 0; round < 20; round++) {
        size_t n = pick(100000);
        unsigned char *s = grab(n, 1);
        random_bytes(n, s);
        ck_assert_int_eq(run_program(encode_it, s, n), 0);
        struct bytes ids = output;
        output.data = NULL;
        ck_assert_int_eq(run_program(decode_it, ids.data, ids.size), 0);
        ck_assert(output.size == n && (n == 0 || memcmp(output.data, s, n) == 0));
        free(ids.data);
        free(s);
    }
}
END_TEST

START_TEST(the_walk_takes_any_prompt)
{
    good_vocabulary();
    static const char *const prompts[] = {
        "a",
        " ",
        "\n\n",
        "robot",
        "'",
        "''''",
        "é",
        "🤖🤖",
        "\xFF\xFE",
        "\x01\x7F",
        "東京 …",
        "a robot must obey the orders given it by human beings except where such orders "
        "would "
        "conflict with the first law; "
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    };
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        char *command = format_text("--model '%s/v' --dump '%s/d' --figures '%s/f' "
                                    "--prompt \"$(cat '%s/in'; printf .)\"",
                                    folder, folder, folder, folder);
        ck_assert_msg(run_program(command, prompts[i], strlen(prompts[i])) == 0, "%s: %s",
                      prompts[i], (char *)errors.data);
        ck_assert(output.size > 100 && errors.size == 0);
    }
    ck_assert_int_eq(
        run_program(format_text("--model '%s/v' --ids '258, 116 259'", folder), "", 0),
        0);
    ck_assert(strstr((char *)output.data, "robo") != NULL);
    ck_assert_int_eq(run_program("--help", "", 0), 0);
    ck_assert(strstr((char *)output.data, "--prompt") != NULL);
}
END_TEST

START_TEST(the_walk_counts_the_tokens_that_are_left)
{
    /* zzzzzz has five pairs z + z; merged are three, and then the two zz + zz overlap. In
     * aaab aaab ab, a + a counts four times and is merged in two places. */
    static const struct {
        const char *prompt;
        int rounds;
        long tokens[4];
    } all[] = {{"zzzzzz", 2, {3, 2}}, {"aaab aaab ab", 3, {10, 7, 5}}, {"robot", 0, {0}}};
    good_vocabulary();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_int_eq(run_program(format_text("--model '%s/v' --prompt '%s'", folder,
                                                 all[i].prompt),
                                     "", 0),
                         0);
        int rounds = 0;
        for (const char *p = (char *)output.data; (p = strstr(p, "the prompt is "));
             p++) {
            long tokens = strtol(p + strlen("the prompt is "), NULL, 10);
            ck_assert_msg(rounds < all[i].rounds && tokens == all[i].tokens[rounds],
                          "%s: round %d: %ld tokens:\n%s", all[i].prompt, rounds, tokens,
                          (char *)output.data);
            rounds++;
        }
        ck_assert_msg(rounds == all[i].rounds, "%s: %d rounds, want %d:\n%s",
                      all[i].prompt, rounds, all[i].rounds, (char *)output.data);
    }
    ck_assert_int_eq(
        run_program(format_text("train --size 300 --to '%s/t'", folder), "zzzzzz", 6), 0);
    struct bytes merges = read_file(inside("t/merges.txt"));
    ck_assert_str_eq((char *)merges.data, "#version: 0.2\nz z\nzz zz\n");
    free(merges.data);
}
END_TEST

START_TEST(memory_does_not_grow_with_the_input)
{
    good_vocabulary();
    long used[2];
    char *command = format_text(
        "build/01_tokenizer encode --model '%s/v' < '%s/in' > /dev/null", folder, folder);
    for (int large = 0; large < 2; large++) {
        size_t n = SANITIZED || thorough() ? 2000000 : 800000;
        n *= large ? 10 : 1;
        FILE *file =
            fopen(inside("in"), "wb"); /* a child begins as large as its parent */
        for (size_t i = 0; i < n; i++)
            fputc("a robot o\xC3\xA9\n"[i % 12], file);
        fclose(file);
        ck_assert_int_eq(system(command), 0);
        struct rusage usage; /* the largest of all children so far */
        getrusage(RUSAGE_CHILDREN, &usage);
        used[large] = usage.ru_maxrss;
    }
    ck_assert_msg(used[1] <= used[0] + used[0] / 4, "a text: %ld, ten times that: %ld",
                  used[0], used[1]);
}
END_TEST

START_TEST(a_closed_pipe_or_a_full_disk)
{
    good_vocabulary();
    size_t n = 1000000;
    unsigned char *s = grab(n, 1);
    memset(s, 'r', n);
    write_file(inside("in"), s, n);
    free(s);
    ck_assert_int_eq(
        system(format_text("{ build/01_tokenizer encode --model '%s/v' < '%s/in' 2> "
                           "'%s/err'; echo $? > '%s/status'; } | head -c 1 > "
                           "'%s/out'",
                           folder, folder, folder, folder, folder)),
        0);
    struct bytes status = read_file(inside("status")), said = read_file(inside("err"));
    ck_assert_msg(atoi((char *)status.data) == 1 || atoi((char *)status.data) > 128, "%s",
                  (char *)status.data);
    ck_assert_msg(!strstr((char *)said.data, "Sanitizer"), "%s", (char *)said.data);
    struct stat info;
    if (stat("/dev/full", &info) != 0)
        return;
    char *full =
        format_text("build/01_tokenizer encode --model '%s/v' < '%s/in' 2>&1 > /dev/full "
                    "| grep -q '^01_tokenizer: standard output: '",
                    folder, folder);
    ck_assert_int_eq(system(full), 0);
    ck_assert_int_eq(
        system(format_text("build/01_tokenizer encode --model '%s/v' < '%s/in' "
                           "2> /dev/null > /dev/full; test $? = 1",
                           folder, folder)),
        0);
}
END_TEST

START_TEST(wrong_options_are_named)
{
    good_vocabulary();
    static const struct {
        const char *arguments, *input, *says;
    } all[] = {
        {"--frobnicate", "", "--frobnicate"},
        {"encode --specail", "", "--specail"},
        {"encode extra", "", "extra"},
        {"incode", "", "incode"},
        {"--prompt", "", "--prompt"},
        {"--prompt ''", "", "--prompt"},
        {"--ids ''", "", "--ids"},
        {"--ids ' , '", "", "--ids"},
        {"--ids x", "", "'x'"},
        {"--ids '1 -2'", "", "'-2'"},
        {"--ids 1.5", "", "1.5"},
        {"--ids 99999999999999999999", "", "99999999999999999999"},
        {"--ids 261", "", "261"},
        {"--special=yes encode", "", "--special"},
        {"decode", "261", "261"},
        {"decode", "99999999999999999999999", "out of range"},
        {"decode", "-1", "byte 0x2d"},
        {"decode", "12 robot", "byte 0x72"},
        {"decode", "1.5", "byte 0x2e"},
        {"decode", "\x01", "byte 0x01"},
        {"train", "a", "--to"},
        {"train --size 256 --to '%s/t'", "a", "--size"},
        {"train --size many --to '%s/t'", "a", "--size"},
        {"train --size 300 --to '%s/in/t'", "a", "/in/t"},
        {"--dump '%s/no/such/folder/d'", "", "/no/such/folder/d"},
        {"--figures '%s/in'", "", "/in"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *with_folder =
            strstr(all[i].arguments, "%s")
                ? format_text("%.*s%s%s",
                              (int)(strstr(all[i].arguments, "%s") - all[i].arguments),
                              all[i].arguments, folder,
                              strstr(all[i].arguments, "%s") + 2)
                : format_text("%s", all[i].arguments);
        char *command = format_text("%s --model '%s/v'", with_folder, folder);
        if (strcmp(all[i].arguments, "--prompt") == 0)
            command = format_text("--model '%s/v' --prompt", folder);
        expect_error(command, all[i].input, all[i].says);
    }
    expect_error("encode --model no/such/model", "", "no/such/model/vocab.json");
}
END_TEST

/* ---- Hostile vocabularies ---------------------------------------------------------- */

/* Replaces the only place where a file of the good vocabulary says `old`, and expects one
 * line of complaint; afterwards all is well again. */
static void expect_complaint(const char *name, const char *old, const char *new,
                             const char *says)
{
    struct bytes good = read_file(inside("v/%s", name));
    char *at = strstr((char *)good.data, old);
    ck_assert_msg(at, "%s does not say %s", name, old);
    char *changed = format_text("%.*s%s%s", (int)(at - (char *)good.data),
                                (char *)good.data, new, at + strlen(old));
    put(format_text("v/%s", name), changed);
    char *command = format_text("encode --model '%s/v'", folder);
    expect_error(command, "robot", format_text("/v/%s", name));
    ck_assert_msg(strstr((char *)errors.data, says), "%s → %s: expected '%s' in: %s", old,
                  new, says, (char *)errors.data);
    write_file(inside("v/%s", name), good.data, good.size);
    free(changed);
    free(good.data);
    free(command);
}

START_TEST(a_contradictory_vocabulary_is_refused)
{
    good_vocabulary();
    static const struct {
        const char *file, *old, *new, *says;
    } all[] = {
        {"vocab.json", "\"a\":97", "\"a\":98", "id 98 is taken"},
        {"vocab.json", "\"a\":97", "\"b\":97", "twice"},
        {"vocab.json", "\"a\":97", "\"a\":97,\"a\":261", "twice"},
        {"vocab.json", "\"a\":97", "\"a\":261", "expected an id from 0 to 260"},
        {"vocab.json", "\"a\":97", "\"a\":-1", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":97.5", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":1e99", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":1e999", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":-1e999", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":4294967393", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":\"97\"", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":null", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":[97]", "expected an id"},
        {"vocab.json", "\"a\":97", "\"a\":0x61", ""},
        {"vocab.json", "\"a\":97", "\"a\":NaN", ""},
        {"vocab.json", "\"a\":97", "\"a\":", "a value"},
        {"vocab.json", "\"a\":97", "\"a\"", "':'"},
        {"vocab.json", "\"a\":97", "\"a:97", ""},
        {"vocab.json", "\"a\":97,", "\"a\":97", ""},
        {"vocab.json", "\"a\":97", "\"東\":97", "stands for no byte"},
        {"vocab.json", "\"a\":97", "\" \":97", "stands for no byte"},
        {"vocab.json", "\"a\":97", "\"\":97", ""},
        {"vocab.json", "\"a\":97", "\"\xFF\":97", "UTF-8"},
        {"vocab.json", "\"a\":97", "\"\\ud800\":97", "surrogate"},
        {"vocab.json", "\"a\":97", "\"\\u0000\":97", "stands for no byte"},
        {"vocab.json", "\"a\":97", "\"aa\":97", "no token for byte 0x61"},
        {"vocab.json", "\"a\":97,", "", "expected an id from 0 to 259"},
        {"vocab.json", "{", "[", ""},
        {"vocab.json", "{", "{{", ""},
        {"vocab.json", "}", "}}", ""},
        {"vocab.json", "\"robo\":258,", "\"robq\":258,", "robo"},
        {"merges.txt", "r o", "r z o", ":2"},
        {"merges.txt", "r o", "ro", ":2"},
        {"merges.txt", "r o", "r  o", ":2"},
        {"merges.txt", "r o", " r o", ":2"},
        {"merges.txt", "r o", "r o ", ":2"},
        {"merges.txt", "r o", "r", ":2"},
        {"merges.txt", "r o", " ", ":2"},
        {"merges.txt", "r o", "xyz o", ":2"},
        {"merges.txt", "r o", "r xyz", ":2"},
        {"merges.txt", "r o", "r q", ":2"},
        {"merges.txt", "r o", "r 東", ":2"},
        {"merges.txt", "r o", "r \xFF", ":2"},
        {"merges.txt", "b o", "r o", ":3"},
        {"merges.txt", "#version", "version", ":1"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *file = all[i].file, *says = all[i].says;
        if (strcmp(says, "robo") == 0) { /* then it is the merges that say too much */
            struct bytes good = read_file(inside("v/vocab.json"));
            char *at = strstr((char *)good.data, "robo");
            ck_assert(at != NULL);
            at[3] = 'q';
            write_file(inside("v/vocab.json"), good.data, good.size);
            expect_error(format_text("encode --model '%s/v'", folder), "robot",
                         "/v/merges.txt:4");
            at[3] = 'o';
            write_file(inside("v/vocab.json"), good.data, good.size);
            continue;
        }
        expect_complaint(file, all[i].old, all[i].new, says);
    }
    put("v/merges.txt", "#version: 0.2\r\nr o\r\nb o\r\nro bo\r\nĠ o\r\n\r\n");
    ck_assert_int_eq(run_program(format_text("encode --model '%s/v'", folder), "robo", 4),
                     0);
    ck_assert_str_eq((char *)output.data, "258\n");
    put("v/merges.txt", "r o\nb o\nro bo\nĠ o"); /* no version line, no last newline */
    ck_assert_int_eq(run_program(format_text("encode --model '%s/v'", folder), "robo", 4),
                     0);
    ck_assert_str_eq((char *)output.data, "258\n");
}
END_TEST

/* vocab.json and merges.txt are two halves of one thing. */
START_TEST(tokens_that_no_merge_makes_are_told)
{
    good_vocabulary();
    static const struct {
        const char *merges, *says;
    } all[] = {
        {"", "no line makes token 256 'ro' of vocab.json, nor 3 others"},
        {"#version: 0.2\n", "no line makes token 256 'ro' of vocab.json, nor 3 others"},
        {"r o\nb o\n", "no line makes token 258 'robo' of vocab.json, nor 1 other:"},
        {"r o\nb o\nro bo\n", "no line makes token 259 '␣o' of vocab.json:"},
        {"r o\nb o\nro bo\nĠ", "expected two parts"},
        {"b o\nĠ o\n", "no line makes token 256 'ro' of vocab.json, nor 1 other:"},
    };
    char *command = format_text("encode --model '%s/v'", folder);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        put("v/merges.txt", all[i].merges);
        expect_error(command, "robot", "/v/merges.txt");
        ck_assert_msg(strstr((char *)errors.data, all[i].says),
                      "%s: expected '%s' in: %s", all[i].merges, all[i].says,
                      (char *)errors.data);
    }
    /* Special tokens have no merge, <|endoftext|> and others; a byte needs none. */
    struct small s = small_vocabulary();
    static const char *const special[] = {END_OF_TEXT, "<pad>", "<s>", "</s>",
                                          "<|im_start|>"};
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        string_number(&s.tokens, (const unsigned char *)special[i], strlen(special[i]));
    save(&s, "v");
    ck_assert_int_eq(run_program(command, "ro", 2), 0);
    ck_assert_int_eq((int)errors.size, 0);
    ck_assert_str_eq((char *)output.data, "114 111\n");
    free(command);
}
END_TEST

/* What often lies where one of the two files should be: it is said what it is. */
START_TEST(what_was_found_is_named)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *says;
    } all[] = {
        {"version https://git-lfs.github.com/spec/v1\noid sha256:1", 52, "Git LFS"},
        {"<!doctype html><html><body>Sign in", 34, "a web page"},
        {"\x1f\x8b\x8\0\0\0\0\0\0\3\1\2", 12, "gunzip"},
        {"PK\3\4\0\0\x8\x8\0\0vocab.json", 20, "a ZIP file"},
        {"\xff\xfe#\0v\0e\0r\0", 10, "UTF-16"},
        {"#\0v\0e\0r\0s\0i\0", 12, "UTF-16"},
        {"\xef\xbb\xbf#version: 0.2\nr o\n", 21, "byte-order mark"},
    };
    static const char *const files[] = {"vocab.json", "merges.txt"};
    char *encode_it = format_text("encode --model '%s/v'", folder),
         *train = format_text("train --size 300 --to '%s/t'", folder);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        for (int f = 0; f < 2; f++) {
            good_vocabulary();
            write_file(inside("v/%s", files[f]), all[i].bytes, all[i].size);
            expect_error(encode_it, "robot", all[i].says);
            ck_assert(strstr((char *)errors.data, files[f]));
        }
        /* Nothing is learned from it; what is only encoded is taken as it is. */
        ck_assert_int_eq(run_program(train, all[i].bytes, all[i].size), 1);
        check_message(errors, train);
        ck_assert(strstr((char *)errors.data, all[i].says));
        good_vocabulary();
        ck_assert_int_eq(run_program(encode_it, all[i].bytes, all[i].size), 0);
        check_message(errors, encode_it);
        ck_assert(strstr((char *)errors.data, all[i].says));
    }
    /* A file where the folder should be; a newer file beside the two that are missing. */
    put("gpt2.gguf", "GGUF\3");
    expect_error(format_text("encode --model '%s/gpt2.gguf'", folder), "",
                 "is a GGUF file");
    make_folder(inside("new"));
    put("new/tokenizer.json", "{}");
    expect_error(format_text("encode --model '%s/new'", folder), "",
                 "tokenizer.json is not read here");
    expect_error(format_text("encode --model '%s/gpt2'", folder), "",
                 "/gpt2/vocab.json: is not there (make vocab-gpt2 fetches it)");
    expect_error(format_text("encode --model '%s/gpt2-xl/'", folder), "",
                 "(make model-gpt2-xl fetches it)");
}
END_TEST

/* Bytes of a file, of an option or of a path never reach the terminal as they are, and a
 * message is never longer than a few lines. */
START_TEST(messages_are_clean)
{
    good_vocabulary();
    static const char nasty[] = "\033[31m\a\b\xff\xc3\x80\xe2\x80\xae";
    char *encode_it = format_text("encode --model '%s/v'", folder);
    put("v/merges.txt", format_text("r o\n%s o\n", nasty));
    expect_error(encode_it, "", "/v/merges.txt:2: '\\x1b[31m\\x07\\x08\\xff");
    char *long_part = grab(100001, 1);
    memset(long_part, 'a', 100000);
    put("v/merges.txt", format_text("r o\n%s %s\n", long_part, long_part));
    expect_error(encode_it, "", "/v/merges.txt:2: 'aaa");
    expect_error(encode_it, "", "vocab.json has no such token as the left part");
    put("v/merges.txt", format_text("r o\n%s%s\n", long_part, nasty));
    expect_error(encode_it, "", "/v/merges.txt:2: 'aaa");
    put("v/vocab.json", format_text("{\"%s\": 1}", long_part));
    expect_error(encode_it, "", "/v/vocab.json");
    put("v/vocab.json", "{\"\\u001b[2J\\u009b \": 0}");
    expect_error(encode_it, "", "token '\\x1b[2J");
    good_vocabulary();
    expect_error(format_text("'%s' --model '%s/v'", nasty, folder), "", "\\x1b[31m");
    expect_error(format_text("--'%s' --model '%s/v'", nasty, folder), "", "\\x1b[31m");
    expect_error(format_text("--ids '%s' --model '%s/v'", nasty, folder), "",
                 "\\x1b[31m");
    expect_error(format_text("--ids '%s' --model '%s/v'", long_part, folder), "", "aaa");
    expect_error(format_text("--model '%s/%s'", folder, nasty), "", "\\x1b[31m");
    expect_error(format_text("--model '%s'", long_part), "", "aaa");
    expect_error(format_text("--model '%s/v' --dump '%s/%s/d'", folder, folder, nasty),
                 "", "\\x1b[31m");
    free(long_part);
}
END_TEST

START_TEST(a_space_at_the_end_is_told)
{
    static const char said[] = "The space at the end belongs to no word.";
    static const struct {
        const char *prompt;
        bool told;
    } all[] = {{"two robots ", true}, {"two  ", true},  {"two robots", false},
               {" ", false},          {"two\n", false}, {" two", false}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *arguments = format_text("--prompt '%s'", all[i].prompt);
        ck_assert_int_eq(run_program(arguments, "", 0), 0);
        const char *first = strstr((char *)output.data, said);
        ck_assert_msg((first != NULL) == all[i].told, "'%s': %s", all[i].prompt,
                      (char *)output.data);
        ck_assert(!first || !strstr(first + 1, said));
        free(arguments);
    }
    /* Ids stand for themselves. */
    ck_assert_int_eq(run_program("--ids '82 32'", "", 0), 0);
    ck_assert(!strstr((char *)output.data, said));
}
END_TEST

START_TEST(missing_files_and_folders_in_their_place)
{
    char *command = format_text("encode --model '%s/v'", folder);
    expect_error(command, "a", "/v/vocab.json");
    good_vocabulary();
    remove(inside("v/merges.txt"));
    expect_error(command, "a", "/v/merges.txt");
    make_folder(inside("v/merges.txt"));
    expect_error(command, "a", "/v/merges.txt: is a folder");
    remove(inside("v/vocab.json"));
    make_folder(inside("v/vocab.json"));
    expect_error(command, "a", "/v/vocab.json: is a folder");
    rmdir(inside("v/vocab.json"));
    put("v/vocab.json", "");
    expect_error(command, "a", "/v/vocab.json");
    put("v/vocab.json", "{}");
    expect_error(command, "a", "/v/vocab.json");
    put("v/vocab.json", "[1, 2]");
    expect_error(command, "a", "/v/vocab.json");
    put("v/vocab.json", "7");
    expect_error(command, "a", "/v/vocab.json");
    char deep[20001];
    memset(deep, '[', 20000);
    deep[20000] = 0;
    put("v/vocab.json", deep);
    expect_error(command, "a", "/v/vocab.json:1: nested");
    put("file", "x");
    expect_error(format_text("encode --model '%s/file'", folder), "a",
                 "/file/vocab.json");
    expect_error("encode --model ''", "a", "--model: is empty");
}
END_TEST

/* Loads a vocabulary in a child; returns its status, or -1 where it was killed or did not say
 * exactly one line that names the file. */
static int load_in_child(const char *path, const char *file)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        FILE *said = freopen(inside("err"), "w", stderr);
        struct vocabulary v = load_vocabulary(path);
        free_vocabulary(&v);
        _exit(said ? 0 : 2);
    }
    int status;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status))
        return -1;
    struct bytes said = read_file(inside("err"));
    char *end = strchr((char *)said.data, '\n');
    bool good = WEXITSTATUS(status) == 0
                    ? said.size == 0
                    : strstr((char *)said.data, file) && end && end[1] == 0;
    if (good && said.size)
        check_message(said, path);
    free(said.data);
    return good ? WEXITSTATUS(status) : -1;
}

START_TEST(a_vocabulary_cut_short_anywhere_is_refused)
{
    good_vocabulary();
    struct bytes good = read_file(inside("v/vocab.json"));
    ck_assert_int_eq(load_in_child(inside("v"), "vocab.json"), 0);
    const size_t step = !thorough() ? 29 : SANITIZED ? 11 : 1;
    for (size_t n = 0; n < good.size; n += n < 40 || n + 80 > good.size ? 1 : step) {
        write_file(inside("v/vocab.json"), good.data, n);
        int status = load_in_child(inside("v"), "/v/vocab.json");
        ck_assert_msg(status == 1, "cut to %zu bytes: %d", n, status);
    }
    write_file(inside("v/vocab.json"), good.data, good.size);
    struct bytes merges = read_file(inside("v/merges.txt"));
    for (size_t n = 0; n < merges.size; n += SANITIZED && !thorough() ? 3 : 1) {
        write_file(inside("v/merges.txt"), merges.data, n);
        int status = load_in_child(inside("v"), "/v/merges.txt");
        /* (The last byte is the newline.) */
        ck_assert_msg(status == (n + 1 < merges.size), "merges cut to %zu bytes: %d", n,
                      status);
    }
}
END_TEST

START_TEST(a_vocabulary_with_changed_bytes_never_crashes)
{
    good_vocabulary();
    static const char *const files[] = {"vocab.json", "merges.txt"};
    random_state = 17;
    for (int round = 0; round < (!thorough() ? 100 : SANITIZED ? 200 : 600); round++) {
        const char *name = files[round % 2];
        struct bytes good = read_file(inside("v/%s", name)),
                     bad = read_file(inside("v/%s", name));
        for (unsigned k = 1 + pick(3); k > 0; k--)
            bad.data[pick((unsigned)bad.size)] =
                (unsigned char)(pick(2) ? pick(256)
                                        : (unsigned char)"{}[]\":,\\u 0-e.\n"[pick(15)]);
        write_file(inside("v/%s", name), bad.data, bad.size);
        int status = load_in_child(inside("v"), "/v/");
        ck_assert_msg(status == 0 || status == 1, "%s, round %d: %d", name, round,
                      status);
        write_file(inside("v/%s", name), good.data, good.size);
        free(good.data);
        free(bad.data);
    }
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, printable_and_back);
    tcase_add_test(t, kinds_of_characters);
    tcase_add_test(t, pretokens_by_hand);
    tcase_add_test(t, a_pretoken_never_changes_when_more_comes);
    tcase_add_test(t, merges_go_by_the_rank_of_the_pair);
    tcase_add_test(t, ids_need_not_follow_the_merges);
    tcase_add_test(t, both_ways_of_merging_are_the_definition);
    ADD_TEST_NEEDING(t, ids_equal_those_of_tiktoken, "models/gpt2/vocab.json",
                     "make vocab-gpt2");
    tcase_add_test(t, any_bytes_come_back);
    ADD_TEST_NEEDING(t, any_bytes_come_back_with_gpt2, "models/gpt2/vocab.json",
                     "make vocab-gpt2");
    tcase_add_test(t, a_stream_gives_the_words_of_the_text);
    tcase_add_test(t, a_stream_is_cut_anywhere);
    tcase_add_test(t, whole_characters_lose_nothing);
    tcase_add_test(t, a_million_letters_take_no_time);
    tcase_add_test(t, training_by_hand);
    tcase_add_test(t, training_stops_at_the_size);
    tcase_add_test(t, what_was_trained_loads_and_comes_back);
    tcase_add_test(t, encode_and_decode_are_pipes);
    tcase_add_test(t, the_walk_takes_any_prompt);
    tcase_add_test(t, the_walk_counts_the_tokens_that_are_left);
    tcase_add_test(t, memory_does_not_grow_with_the_input);
    tcase_add_test(t, a_closed_pipe_or_a_full_disk);
    tcase_add_test(t, wrong_options_are_named);
    tcase_add_test(t, a_contradictory_vocabulary_is_refused);
    tcase_add_test(t, tokens_that_no_merge_makes_are_told);
    tcase_add_test(t, what_was_found_is_named);
    tcase_add_test(t, messages_are_clean);
    tcase_add_test(t, a_space_at_the_end_is_told);
    tcase_add_test(t, missing_files_and_folders_in_their_place);
    tcase_add_test(t, a_vocabulary_cut_short_anywhere_is_refused);
    tcase_add_test(t, a_vocabulary_with_changed_bytes_never_crashes);
}

BOOK_TESTS("01_tokenizer", add_tests)
