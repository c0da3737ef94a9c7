/* Tests of chapter 1: the tokenizer, its commands, and its exercises. */
#include "exercise.h"
#include "../src/01_tokenizer.h"
#include "mistakes/01_tokenizer.h"

/* ---- Exercises --------------------------------------------------------------------- */

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
    for (int b = 0; b < 256; b++)
        free(labels[b]);
}

/* Numbers as a reader writes a row of them. The caller frees it. */
static char *row_text(int n, const int x[n])
{
    char *text = format_text("%s", "{");
    for (int i = 0; i < n; i++) {
        char *longer = format_text("%s%s%d", text, i ? ", " : "", x[i]);
        free(text);
        text = longer;
    }
    char *all = format_text("%s}", text);
    free(text);
    return all;
}

static void probe_first_lowest(any_function f, struct outcome *o)
{
    static const struct {
        int n, ranks[8], want;
    } cases[] = {
        {4, {7, -1, 2, 2}, 2},
        {2, {-1, -1}, -1},
        {1, {5}, 0},
        {1, {-1}, -1},
        {5, {9, 4, -1, 3, 8}, 3},
        {5, {-1, 6, 0, 5, 0}, 2},
        {4, {3, 3, 3, 3}, 0},
        {6, {40000, 50256, -1, 39999, 50000, -1}, 3},
        {0, {0}, -1},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        char *row = row_text(cases[c].n, cases[c].ranks);
        situation(o, "ranks %s", row);
        free(row);
        const int *ranks =
            guarded_copy(o, "ranks", (size_t)cases[c].n, sizeof *ranks, cases[c].ranks);
        record_integer(o, "the place", TESTED(first_lowest, f)(cases[c].n, ranks),
                       cases[c].want);
    }
}

static void probe_merge_pair(any_function f, struct outcome *o)
{
    static char *const letters[] = {"?", "r", "o", "b", "t", "a", "ro"};
    static const struct {
        int n, ids[8], left, right, merged, want_n, want[8];
    } cases[] = {
        {5, {1, 2, 3, 1, 2}, 1, 2, 6, 3, {6, 3, 6}},
        {3, {1, 1, 1}, 1, 1, 6, 2, {6, 1}},
        {5, {1, 2, 3, 2, 4}, 1, 2, 6, 4, {6, 3, 2, 4}},
        {4, {2, 1, 2, 1}, 1, 2, 6, 3, {2, 6, 1}},
        {5, {2, 2, 2, 2, 2}, 2, 2, 6, 3, {6, 6, 2}},
        {4, {1, 2, 2, 5}, 1, 2, 1, 3, {1, 2, 5}},
        {3, {2, 1, 3}, 1, 2, 6, 3, {2, 1, 3}},
        {2, {1, 2}, 1, 2, 6, 1, {6}},
        {2, {3, 1}, 1, 2, 6, 2, {3, 1}},
        {1, {1}, 1, 2, 6, 1, {1}},
        {0, {0}, 1, 2, 6, 0, {0}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int n = cases[c].n, want_n = cases[c].want_n;
        char *row = row_text(n, cases[c].ids), *labels[8];
        situation(o, "merging (%d, %d) into %d in %s", cases[c].left, cases[c].right,
                  cases[c].merged, row);
        free(row);
        int *ids = guarded_copy(o, "ids", (size_t)n, sizeof *ids, cases[c].ids);
        int left =
            TESTED(merge_pair, f)(n, ids, cases[c].left, cases[c].right, cases[c].merged);
        for (int i = 0; i < want_n; i++)
            labels[i] = letters[cases[c].want[i]];
        record_integer(o, "what it returns", left, want_n);
        record_ints(o, "ids", left, n, ids, want_n, cases[c].want, labels);
    }
}

static void probe_whole_characters(any_function f, struct outcome *o)
{
    static const struct {
        const char *bytes;
        size_t n, want;
    } cases[] = {
        {"né", 3, 3},
        {"n\xC3", 2, 1},
        {"robot", 5, 5},
        {"", 0, 0},
        {"\xC3", 1, 0},
        {"5 €", 5, 5},
        {"5 \xE2", 3, 2},
        {"5 \xE2\x82", 4, 2},
        {"🤖", 4, 4},
        {"a\xF0", 2, 1},
        {"a\xF0\x9F", 3, 1},
        {"a\xF0\x9F\xA4", 4, 1},
        {"é\xF0\x9F\xA4", 5, 2},
        {"a\xA9", 2, 2},
        {"a\xA9\xA9\xA9\xA9", 5, 5},
        {"a\xC0", 2, 2},
        {"a\xF5\x80\x80", 4, 4},
        {"a\xE0\x80", 3, 3},
        {"a\xED\xA0", 3, 3},
        {"a\xF4\x90\x80", 4, 4},
        {"\xFFn\xC3\xA9", 4, 4},
        {"\xC3n\xC3", 3, 2},
        {"\xFFn\xE2\x82", 4, 2},
        {"a\0\xC3", 3, 2},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const size_t n = cases[c].n;
        char hex[64] = "";
        for (size_t i = 0; i < n; i++)
            snprintf(hex + 3 * i, sizeof hex - 3 * i, " %02x",
                     (unsigned)(unsigned char)cases[c].bytes[i]);
        situation(o, n ? "the bytes%s" : "no bytes%s", hex);
        const unsigned char *bytes = guarded_copy(o, "bytes", n, 1, cases[c].bytes);
        record_integer(o, "how many", (long)TESTED(whole_characters, f)(n, bytes),
                       (long)cases[c].want);
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
         MISTAKE(wrong_merge_pair_either_order),
     }},
    {EXERCISE(whole_characters),
     {
         MISTAKE(wrong_whole_characters_all),
         MISTAKE(wrong_whole_characters_ascii),
         MISTAKE(wrong_whole_characters_waits_for_ever),
         MISTAKE(wrong_whole_characters_last_byte),
         MISTAKE(wrong_whole_characters_stops_at_invalid),
         MISTAKE(wrong_whole_characters_holds_the_last),
         MISTAKE(wrong_whole_characters_two_bytes),
     }},
};

static void add_tests(TCase *t)
{
    (void)t;
}

BOOK_TESTS("01_tokenizer", add_tests)
