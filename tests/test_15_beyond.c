/* Tests of chapter 15: prompts, marks and answers; the program; the exercises. */
#include "exercise.h"
#include "reference.h"
#include "../src/15_beyond.h"

#define PROGRAM "15_beyond"
#include "program.h"
#include "mistakes/15_beyond.h"
#include "numbers.h"
#include "right/15_beyond.h"

/* ---- Exercises ---------------------------------------------------------------------- */

/* {1, 2, 3}, at most ten of them. */
static const char *list(int n, const int x[n])
{
    static char texts[2][120];
    static int which;
    char *text = texts[which = !which];
    strcpy(text, "{");
    for (int i = 0; i < n && i < 10; i++)
        snprintf(text + strlen(text), 14, "%s%d", i ? ", " : "", x[i]);
    strcat(text, n > 10 ? ", …}" : "}");
    return text;
}

/* What of a row is wanted, by the definition: for each token, is there a mark since the last
 * <|endoftext|> before it? */
static void want_targets(int T, int want[T], const int ids[], int m, const int mark[],
                         int end)
{
    for (int t = 0; t < T; t++) {
        want[t] = -1;
        for (int s = t; s >= 0 && ids[s] != end; s--) {
            int same = 0;
            while (same < m && s - m + 1 + same >= 0 &&
                   ids[s - m + 1 + same] == mark[same])
                same++;
            if (same == m)
                want[t] = ids[t + 1];
        }
    }
}

static void record_mask(any_function f, struct outcome *o, int T, const int some[T + 1],
                        int m, const int some_mark[m], int end)
{
    int *want = grab((size_t)T, sizeof *want);
    want_targets(T, want, some, m, some_mark, end);
    const int *ids = given(o, "ids", AXES({T + 1, NULL}), INTS, some);
    const int *mark = given(o, "mark", AXES({m, NULL}), INTS, some_mark);
    int *targets = written(o, "targets", AXES({T, NULL}), INTS);
    TESTED(mask_prompts, f)(T, targets, ids, m, mark, end);
    record_ints(o, "targets", T, T, targets, T, want, NULL);
    free(want);
}

static void probe_mask_prompts(any_function f, struct outcome *o)
{
    static const struct {
        int T, ids[16], m, mark[3], end;
    } all[] = {
        {4, {5, 7, 3, 0, 6}, 1, {7}, 0},                /* the example */
        {9, {0, 5, 6, 7, 3, 4, 0, 5, 7, 3}, 1, {7}, 0}, /* two examples */
        {1, {7, 3}, 1, {7}, 0},                         /* one position */
        {1, {5, 7}, 1, {7}, 0},
        {1, {5, 3}, 2, {7, 8}, 0},                      /* shorter than the mark */
        {8, {9, 5, 6, 7, 8, 3, 4, 9, 5}, 2, {7, 8}, 9}, /* a mark of two tokens */
        {8, {9, 8, 6, 8, 7, 7, 8, 4, 9}, 2, {7, 8}, 9}, /* its tokens, alone */
        {8, {4, 3, 9, 5, 7, 8, 3, 4, 9}, 2, {7, 8}, 9}, /* begins in an answer */
        {7, {8, 3, 9, 5, 7, 8, 3, 9}, 2, {7, 8}, 9},    /* begins in a mark */
        {9, {0, 5, 7, 3, 7, 4, 0, 6, 7, 1}, 1, {7}, 0}, /* a mark in an answer */
        {6, {0, 5, 6, 5, 6, 5, 6}, 1, {7}, 0},          /* no mark at all */
        {6, {0, 7, 0, 7, 0, 7, 0}, 1, {7}, 0},          /* empty answers */
        {7, {3, 1, 2, 1, 1, 2, 4, 5}, 3, {1, 1, 2}, 3}, /* overlapping beginnings */
        {9, {3, 1, 2, 1, 2, 4, 3, 1, 2, 1}, 3, {1, 2, 1}, 3},
        {5, {9, 7, 9, 8, 3, 4}, 2, {7, 8}, 9},                /* <|endoftext|> between */
        {5, {50256, 5, 1031, 7, 50256, 1}, 1, {1031}, 50256}, /* large tokens */
        {5, {50256, 5, 1031, 7, 336, 1}, 1, {1031}, 50256},   /* the lowest byte alone */
        {5, {50256, 5, 7, 1031, 50256, 1}, 1, {7}, 50256},
        {6, {9, 9, 7, 8, 9, 9, 7}, 2, {7, 8}, 9},
        {4, {7, 8, 3, 4, 9}, 2, {7, 8}, 9}, /* a row begins with it */
    };
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        situation(o, "ids %s, mark %s, end %d", list(all[c].T + 1, all[c].ids),
                  list(all[c].m, all[c].mark), all[c].end);
        record_mask(f, o, all[c].T, all[c].ids, all[c].m, all[c].mark, all[c].end);
    }
    /* long rows, of many examples and of one; then a short one again */
    static const int long_ones[][2] = {{1031, 40}, {1031, 2000}, {3, 2}};
    for (size_t c = 0; c < sizeof long_ones / sizeof *long_ones; c++) {
        const int T = long_ones[c][0], each = long_ones[c][1];
        int *ids = grab((size_t)T + 1, sizeof *ids);
        for (int t = 0; t <= T; t++)
            ids[t] = t % each == 0 ? 900 : t % each == each / 2 % 40 ? 7 : 10 + t % 300;
        situation(o, "%d positions, mark {7}, end 900, an example of %d tokens", T, each);
        record_mask(f, o, T, ids, 1, (const int[]){7}, 900);
        free(ids);
    }
}

static void record_first(any_function f, struct outcome *o, int T, int V,
                         const float *some, const int *some_targets)
{
    int want = 0;
    for (; want < T; want++) {
        int best = 0;
        for (int v = 1; v < V; v++)
            if (some[want * V + v] > some[want * V + best])
                best = v;
        if (some_targets[want] >= 0 && some_targets[want] != best)
            break;
    }
    const void *logits = given(o, "logits", AXES({T, NULL}, {V, NULL}), FLOATS, some);
    const int *targets = given(o, "targets", AXES({T, NULL}), INTS, some_targets);
    record_integer(o, "what it returns", TESTED(first_wrong, f)(T, V, logits, targets),
                   want);
}

static void probe_first_wrong(any_function f, struct outcome *o)
{
    static const struct {
        int T, V;
        float logits[12];
        int targets[6];
        const char *says;
    } all[] = {
        {2, 2, {1, 9, 5, 2}, {1, 1}, ", the example"},
        {2, 2, {1, 9, 5, 2}, {1, 0}, ", the example"},
        {2, 2, {1, 9, 5, 2}, {-1, 1}, ", the example"},
        {1, 1, {3}, {0}, ""},
        {1, 3, {1, 2, 3}, {2}, ""},
        {1, 3, {1, 2, 3}, {-1}, ""},
        {1, 3, {1, 2, 3}, {0}, ""},
        {4, 3, {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1}, {-1, -1, 0, 0}, ", two wrong ones"},
        {4, 3, {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1}, {2, 1, -1, 0}, ", two wrong ones"},
        {4, 3, {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1}, {2, 0, -1, 1}, ", none wrong"},
        {4,
         3,
         {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1},
         {2, 0, 1, 2},
         ", the last one wrong"},
        {4, 3, {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1}, {-1, -1, -1, -1}, ", no targets"},
        {4, 3, {1, 2, 3, 3, 2, 1, 1, 3, 2, 2, 3, 1}, {-1, 0, -1, 2}, ", one wrong"},
        {2, 4, {5, 5, 1, 5, 2, 4, 4, 4}, {0, 1}, ", equally likely tokens"},
        {2, 4, {5, 5, 1, 5, 2, 4, 4, 4}, {3, 1}, ", equally likely tokens"},
        {2, 4, {5, 5, 1, 5, 2, 4, 4, 4}, {0, 2}, ", equally likely tokens"},
        {3, 2, {-3, -5, -200, -100, -7, -6}, {0, 1, 1}, ", logits below 0"},
        {3, 2, {-3, -5, -200, -100, -7, -6}, {0, 1, 0}, ", logits below 0"},
        {2,
         3,
         {-INFINITY, 1, -INFINITY, -3e38f, -INFINITY, 3e38f},
         {1, 2},
         ", large ones"},
        {2,
         3,
         {-INFINITY, -5, -INFINITY, -3e38f, -INFINITY, -1e38f},
         {1, 0},
         ", large ones"},
        {2, 3, {0.25f, 0.75f, 0.5f, 0.5f, 0.25f, 0.75f}, {1, 0}, ", differences below 1"},
        {3, 2, {0, 1, 1, 0, 0, 1}, {1, -1, 0}, ", after a longer row"},
    };
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        situation(o, "T %d, V %d, targets %s%s", all[c].T, all[c].V,
                  list(all[c].T, all[c].targets), all[c].says);
        record_first(f, o, all[c].T, all[c].V, all[c].logits, all[c].targets);
    }
    static const int large[][3] = {
        {5, 1031, 3}, {1031, 3, 1030}, {1031, 2, 1031}, {2, 50257, 1}, {3, 4, 0}};
    for (size_t c = 0; c < sizeof large / sizeof *large; c++) {
        const int T = large[c][0], V = large[c][1], wrong = large[c][2];
        float *logits = some_numbers(T * V, 40 + (unsigned)c);
        int *targets = grab((size_t)T, sizeof *targets);
        for (int t = 0; t < T; t++) {
            const int best = V - 1 - t % 2;
            logits[t * V + best] = 9;
            targets[t] = t == wrong ? 0 : t % 5 == 4 ? -1 : best;
        }
        if (wrong < T)
            logits[wrong * V + V - 1] = 10;
        situation(o, "T %d, V %d, position %d is wrong", T, V, wrong);
        record_first(f, o, T, V, logits, targets);
        free(logits);
        free(targets);
    }
}

static void probe_ask(any_function f, struct outcome *o)
{
    static const struct {
        int n, prompt[6], m, mark[3], end;
    } all[] = {
        {2, {5, 6}, 1, {7}, 0},          {1, {5}, 1, {7}, 0},
        {1, {5}, 2, {7, 8}, 9},          {6, {5, 4, 3, 2, 1, 6}, 2, {7, 8}, 9},
        {3, {5, 4, 3}, 3, {1, 1, 2}, 0}, {2, {50256, 1025}, 1, {1031}, 50256},
        {2, {0, 0}, 2, {0, 0}, 0},       {3, {7, 8, 7}, 2, {7, 8}, 9},
    };
    for (size_t c = 0; c < sizeof all / sizeof *all + 2; c++) {
        const bool longer = c >= sizeof all / sizeof *all;
        const size_t k = longer ? 3 : c;
        const int n = longer ? (c % 2 ? 1031 : 131) : all[k].n, m = all[k].m;
        int *some = grab((size_t)n, sizeof *some),
            *want = grab((size_t)(1 + n + m), sizeof *want);
        for (int i = 0; i < n; i++)
            some[i] = longer ? i % 300 : all[k].prompt[i];
        want[0] = all[k].end;
        for (int i = 0; i < n; i++)
            want[1 + i] = some[i];
        for (int i = 0; i < m; i++)
            want[1 + n + i] = all[k].mark[i];
        situation(o, "prompt %s, mark %s, end %d", list(n, some), list(m, all[k].mark),
                  all[k].end);
        const int *prompt = given(o, "prompt", AXES({n, NULL}), INTS, some);
        const int *mark = given(o, "mark", AXES({m, NULL}), INTS, all[k].mark);
        int *ids = written(o, "ids", AXES({1 + n + m, NULL}), INTS);
        record_integer(o, "what it returns",
                       TESTED(ask, f)(n, prompt, m, mark, all[k].end, ids), 1 + n + m);
        record_ints(o, "ids", 1 + n + m, 1 + n + m, ids, 1 + n + m, want, NULL);
        free(some);
        free(want);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(mask_prompts),
     {
         MISTAKE(wrong_mask_prompts_not_moved),
         MISTAKE(wrong_mask_prompts_one_late),
         MISTAKE(wrong_mask_prompts_no_end),
         MISTAKE(wrong_mask_prompts_first_only),
         MISTAKE(wrong_mask_prompts_first_row),
         MISTAKE(wrong_mask_prompts_prompts),
         MISTAKE(wrong_mask_prompts_zero),
         MISTAKE(wrong_mask_prompts_last_token),
     },
     {
         RIGHT(right_mask_prompts_as_hinted),
         RIGHT(right_mask_prompts_from_each_mark),
         RIGHT(right_mask_prompts_looking_back),
         RIGHT(right_mask_prompts_crossed_out),
     }},
    {EXERCISE(first_wrong),
     {
         MISTAKE(wrong_first_wrong_no_mask),
         MISTAKE(wrong_first_wrong_last),
         MISTAKE(wrong_first_wrong_count),
         MISTAKE(wrong_first_wrong_minus_one),
         MISTAKE(wrong_first_wrong_ties),
         MISTAKE(wrong_first_wrong_zero_hidden),
         MISTAKE(wrong_first_wrong_stops_at_mask),
     },
     {
         RIGHT(right_first_wrong_own_search),
         RIGHT(right_first_wrong_rivals),
         RIGHT(right_first_wrong_recursion),
         RIGHT(right_first_wrong_backwards),
     }},
    {EXERCISE(ask),
     {
         MISTAKE(wrong_ask_as_handed_out),
         MISTAKE(wrong_ask_mark_first),
         MISTAKE(wrong_ask_end_last),
         MISTAKE(wrong_ask_one_token),
         MISTAKE(wrong_ask_no_end_counted),
     },
     {
         RIGHT(right_ask_as_hinted),
         RIGHT(right_ask_backwards),
         RIGHT(right_ask_pointer),
     }},
};

/* ---- The frame ------------------------------------------------------------------------ */

/* What is asked, and what is wanted, are two views of one row. */
START_TEST(a_question_is_the_front_of_its_example)
{
    const int prompt[] = {5, 6}, mark[] = {7, 8}, row[] = {9, 5, 6, 7, 8, 3, 9};
    int ids[5], targets[6];
    ck_assert_int_eq(ask(2, prompt, 2, mark, 9, ids), 5);
    ck_assert_mem_eq(ids, row, sizeof ids);
    mask_prompts(6, targets, row, 2, mark, 9);
    for (int t = 0; t < 6; t++)
        ck_assert_int_eq(targets[t], t < 4 ? -1 : row[t + 1]);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, a_question_is_the_front_of_its_example);
}

BOOK_TESTS("15_beyond", add_tests)
