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
    /* a token that differs from the mark's in its highest byte alone */
    situation(o, "ids {9, 16777223, 3, 7, 4}, mark {7}, end 9");
    record_mask(f, o, 4, (const int[]){9, 16777223, 3, 7, 4}, 1, (const int[]){7}, 9);
    /* a mark of 300 tokens: once with a different last token, once whole */
    enum { MARK = 300, ROW = 700 };
    int many[ROW + 1], mark[MARK];
    for (int t = 0; t <= ROW; t++)
        many[t] = t == 0 || t == 320           ? 900
                  : t > 10 && t < 10 + MARK    ? t - 11
                  : t > 330 && t <= 330 + MARK ? t - 331
                                               : 800;
    for (int t = 0; t < MARK; t++)
        mark[t] = t;
    situation(o, "700 positions, a mark of 300 tokens, end 900");
    record_mask(f, o, ROW, many, MARK, mark, 900);
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

static void record_event(any_function f, struct outcome *o, unsigned wait, bool begins,
                         int channel, int pitch, int velocity)
{
    /* by division, from the last byte of the wait to its first */
    unsigned char *want = grab(16, 1);
    unsigned left = wait;
    int n = 1;
    for (unsigned w = wait; w >= 128; w /= 128)
        n++;
    for (int i = n - 1; i >= 0; i--, left /= 128)
        want[i] = (unsigned char)(left % 128 + (i < n - 1 ? 128 : 0));
    want[n++] = (unsigned char)((begins ? 144 : 128) + channel);
    want[n++] = (unsigned char)pitch;
    want[n++] = (unsigned char)velocity;
    situation(o, "wait %u, a note %s, channel %d, pitch %d, velocity %d", wait,
              begins ? "begins" : "ends", channel, pitch, velocity);
    unsigned char *bytes = written(o, "bytes", AXES({7, NULL}), BYTES);
    const int got = TESTED(note_event, f)(bytes, wait, begins, channel, pitch, velocity);
    record_integer(o, "what it returns", got, n);
    record_bytes(o, "bytes", n, 7, bytes, n, want);
    free(want);
}

static void probe_note_event(any_function f, struct outcome *o)
{
    static const unsigned waits[] = {
        200,       2,         0,         1,         64,           127,       128,
        129,       240,       255,       256,       480,          8192,      16383,
        16384,     16385,     1 << 14,   3 << 14,   65535,        65536,     1 << 20,
        2097151,   2097152,   2097153,   5 << 21,   5u << 21 | 3, 127 << 14, 134217728,
        268435455, 268435328, 0x8102040, 0x0FE03F80};
    record_event(f, o, 200, true, 1, 60, 90); /* the example */
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        record_event(f, o, waits[i], i % 2, (int)(i * 5 % 16), (int)(i * 37 % 128),
                     (int)(i * 53 % 128));
    record_event(f, o, 0, true, 0, 127, 0); /* the edges of everything else */
    record_event(f, o, 0, false, 15, 0, 127);
    record_event(f, o, 268435455, true, 15, 127, 127);
    record_event(f, o, 0, false, 0, 0, 0);
    for (int channel = 0; channel < 16; channel++)
        record_event(f, o, 300, channel % 3 == 0, channel, 60, 64);
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
    int long_mark[300];
    for (int i = 0; i < 300; i++)
        long_mark[i] = 400 + i;
    for (size_t c = 0; c < sizeof all / sizeof *all + 3; c++) {
        const bool longer = c >= sizeof all / sizeof *all,
                   long_one = c == sizeof all / sizeof *all;
        const size_t k = longer ? 3 : c;
        const int n = longer ? (c % 2 ? 1031 : 131) : all[k].n,
                  m = long_one ? 300 : all[k].m,
                  *some_mark = long_one ? long_mark : all[k].mark;
        int *some = grab((size_t)n, sizeof *some),
            *want = grab((size_t)(1 + n + m), sizeof *want);
        for (int i = 0; i < n; i++)
            some[i] = longer ? i % 300 : all[k].prompt[i];
        want[0] = all[k].end;
        for (int i = 0; i < n; i++)
            want[1 + i] = some[i];
        for (int i = 0; i < m; i++)
            want[1 + n + i] = some_mark[i];
        situation(o, "prompt %s, mark %s, end %d", list(n, some), list(m, some_mark),
                  all[k].end);
        const int *prompt = given(o, "prompt", AXES({n, NULL}), INTS, some);
        const int *mark = given(o, "mark", AXES({m, NULL}), INTS, some_mark);
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
    {EXERCISE(note_event),
     {
         MISTAKE(wrong_note_event_lowest_first),
         MISTAKE(wrong_note_event_no_top_bits),
         MISTAKE(wrong_note_event_last_top_bit),
         MISTAKE(wrong_note_event_top_bit_reversed),
         MISTAKE(wrong_note_event_always_four),
         MISTAKE(wrong_note_event_skips_zeros),
         MISTAKE(wrong_note_event_eight_bits),
         MISTAKE(wrong_note_event_two_bytes),
         MISTAKE(wrong_note_event_nothing_for_zero),
         MISTAKE(wrong_note_event_always_begins),
         MISTAKE(wrong_note_event_other_way_round),
         MISTAKE(wrong_note_event_one_channel),
         MISTAKE(wrong_note_event_velocity_first),
         MISTAKE(wrong_note_event_wait_not_counted),
     },
     {
         RIGHT(right_note_event_as_hinted),
         RIGHT(right_note_event_from_a_buffer),
         RIGHT(right_note_event_by_division),
         RIGHT(right_note_event_recursive),
     }},
    {EXERCISE(ask),
     {
         MISTAKE(wrong_ask_as_handed_out),
         MISTAKE(wrong_ask_mark_first),
         MISTAKE(wrong_ask_end_last),
         MISTAKE(wrong_ask_no_end),
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

/* A shipped model, by the fast pass, beside PyTorch. */
static void agrees_with_pytorch(const char *name)
{
    struct stored_file want = open_reference("15_beyond");
    struct checkpoint m = load_checkpoint(format_text("models/%s", name));
    const struct config *c = &m.config;
    const char *tensor = format_text("%s.ids", name);
    const int T = reference_length(&want, tensor, 0), L = c->L, H = c->H;
    int *ids = reference_ints(&want, tensor, AXES({T, NULL}));
    struct fast_pass p = new_fast_pass(1, T, c);
    fast_forward(c, &p, ids, &m.weights);
    float *weights = grab((size_t)(L * H * T * T), sizeof *weights);
    for (int l = 0; l < L; l++)
        memcpy(weights + l * H * T * T, p.h[l].weights,
               (size_t)(H * T * T) * sizeof *weights);
    check_reference(&want, format_text("%s.weights", name),
                    AXES({L, NULL}, {H, NULL}, {T, NULL}, {T, NULL}), weights);
    check_reference(&want, format_text("%s.logits", name), AXES({T, NULL}, {c->V, NULL}),
                    p.logits);
    free(weights);
    free_fast_pass(&p, c);
    free(ids);
    free_checkpoint(&m);
    close_stored(&want);
}

START_TEST(the_models_agree_with_pytorch)
{
    agrees_with_pytorch("translator");
    agrees_with_pytorch("tunes");
}
END_TEST

/* ---- The program ---------------------------------------------------------------------- */

static void expect(int status, const char *arguments, const char *says)
{
    const int got = run_program(arguments);
    const char *text = status ? (char *)errors.data : (char *)output.data;
    ck_assert_msg(got == status && strstr(text, says) != NULL,
                  "%s: status %d, expected %d and '%s': %.900s", arguments, got, status,
                  says, text);
}

static void write_lines(const char *name, const char *text)
{
    write_file(inside(name), text, strlen(text));
}

START_TEST(a_sentence_is_translated_and_unknown_words_are_told)
{
    expect(0, "answer --prompt 'Do the quiet horses not sell your red birds?'",
           "Est-ce que les chevaux tranquilles ne vendent pas tes oiseaux rouges ?\n");
    expect(0, format_text("--figures '%s/f' --prompt 'My xylophone.'", folder),
           "This model never met: xylophone\n");
}
END_TEST

START_TEST(exact_counts_answers_that_are_right_in_every_token)
{
    write_lines("t", "He is sad. => Il est triste.\ta\n"
                     "He is sad. => Il est tristes.\tb\n"
                     "She is sad. => Elle est triste.\ta");
    expect(0, format_text("exact --text '%s/t' --show 2", folder),
           "  a               2 of 2\n");
    ck_assert(strstr((char *)output.data, "  b               0 of 1\n") != NULL);
    ck_assert(strstr((char *)output.data, "2 of 3 exactly right\n") != NULL);
    ck_assert(strstr((char *)output.data, "He is sad. => Il est tristes.\n") != NULL);
    /* all of them at once, and one by one: the same */
    char lines[4000] = "";
    for (int i = 0; i < 33; i++)
        strcat(lines, i % 3 ? "We are rich. => Nous sommes riches.\n"
                            : "We are rich. => Vous sommes riches.\n");
    write_lines("t", lines);
    expect(0, format_text("exact --text '%s/t'", folder), "22 of 33 exactly right\n");
}
END_TEST

START_TEST(half_the_file_gives_the_same_answers)
{
    expect(0, format_text("halve --model models/robots --to '%s/h'", folder), "");
    struct checkpoint a = load_checkpoint("models/robots"),
                      b = load_checkpoint(inside("h"));
    ck_assert(a.config.V == b.config.V && a.config.L == b.config.L);
    for (int i = 0; i < tensor_count(&a.config); i++) {
        const float *x = get_tensor(&a.weights, &a.config, i),
                    *y = get_tensor(&b.weights, &b.config, i);
        for (size_t n = 0; n < tensor_place(&a.config, i).size; n++)
            /* (Check notes where each of its assertions is: a million take seconds.) */
            if (!(fabsf(x[n] - y[n]) <= fmaxf(fabsf(x[n]) / 2048, 0x1p-25f)))
                ck_abort_msg("%g became %g", (double)x[n], (double)y[n]);
    }
    free_checkpoint(&a);
    free_checkpoint(&b);
}
END_TEST

/* The file has the links of 300 sentences; the walk measures them. It has met its own prompt's words. */
START_TEST(heads_find_the_words_that_are_meant)
{
    expect(0, "", "  noun              3.2    98 %     9 %    456\n");
    ck_assert(strstr((char *)output.data,
                     "wrote  Est-ce que les chevaux tranquilles ne vendent pas") != NULL);
    ck_assert(strstr((char *)output.data, "never met") == NULL);
}
END_TEST

/* ---- Music ------------------------------------------------------------------------------ */

/* Notes, rests and chords, and what has no length. */
START_TEST(tokens_become_notes)
{
    static const char tokens[] = "3(ACEm2k11)BDFa4m?x6";
    static const struct note want[] = {
        {33, 0, 4, true},  {35, 0, 4, true},  {37, 0, 4, true},
        {69, 0, 2, false}, {67, 2, 1, false}, /* then a rest of one */
        {34, 4, 10, true}, {36, 4, 10, true}, {38, 4, 10, true},
        {57, 4, 4, false}, {69, 8, 0, false}, {80, 8, 6, false}};
    struct score s = read_score(sizeof tokens - 1, tokens);
    ck_assert_int_eq(s.metre, 3);
    ck_assert_int_eq(s.length, 14);
    ck_assert_int_eq(s.bar_count, 2);
    ck_assert_int_eq(s.bars[1], 4);
    ck_assert_int_eq(s.bar_tokens[1], 11);
    ck_assert_int_eq(s.phrase_count, 2);
    ck_assert_int_eq(s.phrases[1], 4);
    ck_assert_int_eq(s.marks[1], ')');
    ck_assert_int_eq(s.strange, 1);
    ck_assert_int_eq(s.note_count, sizeof want / sizeof *want);
    for (int i = 0; i < s.note_count; i++)
        ck_assert(s.notes[i].pitch == want[i].pitch &&
                  s.notes[i].start == want[i].start &&
                  s.notes[i].length == want[i].length && s.notes[i].harp == want[i].harp);
    free_score(&s);
}
END_TEST

/* A tune of two notes, byte by byte. */
START_TEST(a_midi_file_is_written)
{
    static const unsigned char want[] = {
        'M',  'T',  'h',  'd',  0,    0,    0,    6,    0,  0,    0,    1,  1,    0xE0,
        'M',  'T',  'r',  'k',  0,    0,    0,    43,   0,  0xFF, 0x51, 3,  0x07, 0xA1,
        0x20, 0,    0xFF, 0x58, 4,    4,    2,    24,   8,  0,    0xC0, 73, 0,    0xC1,
        46,   0,    0x90, 69,   104,  0x83, 0x60, 0x80, 69, 0, /* 480 ticks */
        0,    0x90, 71,   90,   0x8F, 0x00, 0x80, 71,   0,     /* 1920 */
        0,    0xFF, 0x2F, 0};
    static const char tokens[] = "4(Am2o8";
    struct score s = read_score(sizeof tokens - 1, tokens);
    s.notes[0] = s.notes[1]; /* without the harp */
    s.notes[1] = s.notes[2];
    s.note_count = 2;
    char *path = format_text("%s", inside("tune.mid"));
    write_midi(path, &s);
    struct bytes got = read_file(path);
    ck_assert_int_eq(got.size, sizeof want);
    for (size_t i = 0; i < sizeof want; i++)
        ck_assert_msg(got.data[i] == want[i], "byte %zu: %02X, expected %02X", i,
                      got.data[i], want[i]);
    free(got.data);
    free_score(&s);
}
END_TEST

static unsigned little(const unsigned char *b, int n)
{
    return n ? b[0] + 256 * little(b + 1, n - 1) : 0;
}

/* The header as the format says; so long as the tune and a second; never silent, never too loud. */
START_TEST(a_wav_file_is_written)
{
    static const char tokens[] = "6(HOWk2m1o3";
    struct score s = read_score(sizeof tokens - 1, tokens);
    char *path = format_text("%s", inside("tune.wav"));
    write_wav(path, &s);
    struct bytes b = read_file(path);
    const unsigned n = (unsigned)((6 * 0.2 + 1) * 22050);
    int most = 0, early = 0;
    ck_assert_int_eq(b.size, 44 + 2 * n);
    ck_assert(memcmp(b.data, "RIFF", 4) == 0 && memcmp(b.data + 8, "WAVEfmt ", 8) == 0 &&
              memcmp(b.data + 36, "data", 4) == 0);
    static const unsigned fields[][3] = {{16, 4, 16},    {20, 2, 1},     {22, 2, 1},
                                         {24, 4, 22050}, {28, 4, 44100}, {32, 2, 2},
                                         {34, 2, 16}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        ck_assert_uint_eq(little(b.data + fields[i][0], (int)fields[i][1]), fields[i][2]);
    ck_assert_uint_eq(little(b.data + 4, 4), 36 + 2 * n);
    ck_assert_uint_eq(little(b.data + 40, 4), 2 * n);
    for (unsigned i = 0; i < n; i++) {
        const int x = (int16_t)little(b.data + 44 + 2 * i, 2);
        most = abs(x) > most ? abs(x) : most;
        if (i < 2205)
            early = abs(x) > early ? abs(x) : early;
    }
    ck_assert_int_eq(most, 30000);
    ck_assert_int_ge(early, 3000);
    free(b.data);
    free_score(&s);
}
END_TEST

/* A tune goes on from the reader's notes; the same seed, the same tune; files are written. */
START_TEST(a_tune_is_written)
{
    expect(0, "music --prompt '3(HOWk2m2o2' --seed 3", "  3\n  ( HOWk2m2o2");
    struct bytes before = {.size = output.size};
    before.data = grab(output.size + 1, 1);
    memcpy(before.data, output.data, output.size);
    expect(0, "music --prompt '3(HOWk2m2o2' --seed 3", "");
    ck_assert(before.size == output.size &&
              memcmp(before.data, output.data, output.size) == 0);
    expect(0, format_text("music --midi %s --wav %s", inside("a.mid"), inside("a.wav")),
           "written: ");
    expect(1, "music --prompt 'hm!'", "'!' is not a token of music");
    expect(1, "music --midi /no/such/a.mid", "/no/such/a.mid: cannot be written");
    expect(1, "music --temperature -1", "--temperature: -1 is out of range");
    expect(1, format_text("music --prompt %0300d", 0), "'0' is not a token");
    char long_one[400];
    memset(long_one, 'a', 300);
    long_one[300] = 0;
    expect(1, format_text("music --prompt %s", long_one), "has room for 255 tokens");
}
END_TEST

START_TEST(what_is_wrong_is_named)
{
    write_lines("no_mark", "He is sad.\n");
    write_lines("long", format_text("%0600d => a\n", 7));
    const struct {
        const char *arguments, *says;
    } all[] = {
        {"frobnicate", "frobnicate: unknown command"},
        {"exact", "exact: expected --text"},
        {"exact --text /no/such", "/no/such"},
        {"exact --text @/no_mark", "no_mark:1: has no mark =>"},
        {"exact --text @/long", "long:1: has "},
        {"halve", "halve: expected --to"},
        {"answer --prompt ''", "--prompt: is empty"},
        {"answer --ids 99999", "99999"},
        {"--model /no/such", "/no/such"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *at = strchr(all[i].arguments, '@');
        expect(1,
               at ? format_text("%.*s%s%s", (int)(at - all[i].arguments),
                                all[i].arguments, folder, at + 1)
                  : all[i].arguments,
               all[i].says);
    }
    char many[2000] = "";
    for (int i = 0; i < 90; i++)
        strcat(many, "the quiet ");
    expect(1, format_text("answer --prompt '%s'", many), "tokens, the model in");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, a_question_is_the_front_of_its_example);
    tcase_add_test(t, the_models_agree_with_pytorch);
    tcase_add_test(t, a_sentence_is_translated_and_unknown_words_are_told);
    tcase_add_test(t, exact_counts_answers_that_are_right_in_every_token);
    tcase_add_test(t, half_the_file_gives_the_same_answers);
    tcase_add_test(t, heads_find_the_words_that_are_meant);
    tcase_add_test(t, tokens_become_notes);
    tcase_add_test(t, a_midi_file_is_written);
    tcase_add_test(t, a_wav_file_is_written);
    tcase_add_test(t, a_tune_is_written);
    tcase_add_test(t, what_is_wrong_is_named);
}

BOOK_TESTS("15_beyond", add_tests)
