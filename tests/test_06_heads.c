/* Tests of chapter 6: split and merge, the whole layer, what each head adds, the measuring of
 * heads, the program, and the exercises. */
#include "exercise.h"
#include "../src/06_heads.h"
#include "reference.h"

#define PROGRAM "06_heads"
#include "program.h"
#include "exact_steps.h"
#include "mistakes/06_heads.h"
#include "right/06_heads.h"

/* ---- Exercises --------------------------------------------------------------------- */

static char *const tokens[] = {"A", "␣robot", "␣must", "␣obey", "␣it"};
static char *const heads[] = {"head 0", "head 1", "head 2", "head 3"};

/* Labels for as many tokens or heads as there are labels for; else none. */
static char *const *tokens_of(int T)
{
    return T <= (int)(sizeof tokens / sizeof *tokens) ? tokens : NULL;
}

static char *const *heads_of(int H)
{
    return H <= (int)(sizeof heads / sizeof *heads) ? heads : NULL;
}

/* T tokens, H heads of D. D is never less than H, so that no usual mistake reads far away. */
static const struct {
    int T, H, D;
} splits[] = {
    {1, 2, 2},     /* the example: two heads, one token */
    {2, 2, 3},     /* T, H and D that are not all different */
    {3, 3, 3},     /* all the same: loops that are exchanged */
    {4, 1, 2},     /* one head: nothing to split */
    {1, 1, 3},     /* the least of all */
    {5, 2, 4},     /* sizes that grow again */
    {1, 131, 137}, /* more heads, and longer, than fit a byte; fixed buffers */
    {1031, 2, 3},  /* more tokens than GPT-2 takes, and a prime */
    {3, 3, 4},     /* small again: what was kept of the large ones */
};
enum { SPLITS = sizeof splits / sizeof *splits };

/* 1.5, -2.5, 3.5, -4.5, …: each number says where it was. */
static float *numbered(size_t n)
{
    float *x = grab(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = i % 2 ? -(float)i - 1.5f : (float)i + 1.5f;
    return x;
}

static void probe_split_heads(any_function f, struct outcome *o)
{
    for (int n = 0; n < SPLITS; n++) {
        const int T = splits[n].T, H = splits[n].H, D = splits[n].D, C = H * D;
        const size_t all = (size_t)(T * C);
        float *numbers = numbered(3 * all), *want = grab(3 * all, sizeof *want);
        for (int part = 0; part < 3; part++)
            for (int h = 0; h < H; h++)
                for (int t = 0; t < T; t++)
                    for (int i = 0; i < D; i++)
                        want[((part * H + h) * T + t) * D + i] =
                            numbers[t * 3 * C + part * C + h * D + i];
        situation(o, "T = %d, H = %d, D = %d; qkv holds 1.5, -2.5, 3.5, …, row by row", T,
                  H, D);
        const float(*qkv)[3 * C] =
            given(o, "qkv", AXES({T, NULL}, {3 * C, NULL}), FLOATS, numbers);
        const struct axis axes[] = {{H, NULL}, {T, NULL}, {D, NULL}};
        float(*q)[T][D] = written(o, "q", 3, axes, FLOATS);
        float(*k)[T][D] = written(o, "k", 3, axes, FLOATS);
        float(*v)[T][D] = written(o, "v", 3, axes, FLOATS);
        TESTED(split_heads, f)(T, H, D, q, k, v, qkv);
        record_exactly(o, "q", 3, axes, q, want);
        record_exactly(o, "k", 3, axes, k, want + all);
        record_exactly(o, "v", 3, axes, v, want + 2 * all);
        free(numbers);
        free(want);
    }
}

static void probe_merge_heads(any_function f, struct outcome *o)
{
    for (int n = 0; n < SPLITS; n++) {
        const int T = splits[n].T, H = splits[n].H, D = splits[n].D, C = H * D;
        const size_t all = (size_t)(T * C);
        float *numbers = numbered(all), *want = grab(all, sizeof *want);
        for (int h = 0; h < H; h++)
            for (int t = 0; t < T; t++)
                for (int i = 0; i < D; i++)
                    want[t * C + h * D + i] = numbers[(h * T + t) * D + i];
        situation(o,
                  "T = %d, H = %d, D = %d; context holds 1.5, -2.5, 3.5, …, head by head",
                  T, H, D);
        const float(*context)[T][D] =
            given(o, "context", AXES({H, NULL}, {T, NULL}, {D, NULL}), FLOATS, numbers);
        float(*merged)[C] = written(o, "merged", AXES({T, NULL}, {C, NULL}), FLOATS);
        TESTED(merge_heads, f)(T, H, D, merged, context);
        record_exactly(o, "merged", AXES({T, NULL}, {C, NULL}), merged, want);
        free(numbers);
        free(want);
    }
}

static void probe_attend(any_function f, struct outcome *o)
{
    static const struct {
        int T, C, H;
        float size; /* of the numbers in x */
        const char *what;
    } cases[] = {
        {1, 4, 2, 1.5f, ""},                   /* the example: one token */
        {3, 4, 2, 1.5f, ""},                   /* the least with a past and a future */
        {4, 6, 3, 1.5f, ""},                   /* three heads */
        {5, 6, 1, 1.5f, ""},                   /* one head: √C and √D are the same */
        {4, 4, 4, 1.5f, ""},                   /* D = 1: √D is 1 */
        {3, 4, 2, 0, ", all of x is 0"},       /* nothing but biases: weights are even */
        {4, 6, 2, 60, ", scores of hundreds"}, /* a softmax that overflows */
        {3, 131, 1, 0.6f, ""},   /* one long head: D beyond a byte, fixed buffers */
        {2, 129, 129, 0.6f, ""}, /* more heads than fit a byte */
        {131, 4, 2, 1.5f, ""},   /* many tokens, and a prime: fixed buffers */
        {2, 6, 3, 1.5f, ""},     /* small again: what was kept */
    };
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        const int T = cases[n].T, C = cases[n].C, H = cases[n].H, D = C / H;
        const size_t c = (size_t)C, rows = (size_t)T * c;
        const unsigned seed = 60 + (unsigned)n * 5;
        const struct axis wide[] = {{T, tokens_of(T)}, {3 * C, NULL}},
                          split[] = {{H, heads_of(H)}, {T, tokens_of(T)}, {D, NULL}},
                          square[] = {{H, heads_of(H)},
                                      {T, tokens_of(T)},
                                      {T, tokens_of(T)}},
                          narrow[] = {{T, tokens_of(T)}, {C, NULL}};
        float *x = some_floats(rows, seed, cases[n].size);
        float *w1 = some_floats(3 * c * c, seed + 1, 1.2f),
              *b1 = some_floats(3 * c, seed + 2, 0.8f);
        float *w2 = some_floats(c * c, seed + 3, 0.9f),
              *b2 = some_floats(c, seed + 4, 0.7f);
        const struct block plain_block = {.attn_c_attn_weight = w1,
                                          .attn_c_attn_bias = b1,
                                          .attn_c_proj_weight = w2,
                                          .attn_c_proj_bias = b2};
        double *exact_x = exact_copy(rows, x);
        struct exact_attention want = exact_attend(T, C, H, exact_x, &plain_block);
        situation(o, "T = %d, C = %d, H = %d%s", T, C, H, cases[n].what);
        struct block b = {
            .attn_c_attn_weight = given_weight(o, "b->attn_c_attn_weight",
                                               AXES({C, NULL}, {3 * C, NULL}), w1),
            .attn_c_attn_bias =
                given_weight(o, "b->attn_c_attn_bias", AXES({3 * C, NULL}), b1),
            .attn_c_proj_weight =
                given_weight(o, "b->attn_c_proj_weight", AXES({C, NULL}, {C, NULL}), w2),
            .attn_c_proj_bias =
                given_weight(o, "b->attn_c_proj_bias", AXES({C, NULL}), b2)};
        const struct attention room = {
            .qkv = written(o, "a->qkv", 2, wide, FLOATS),
            .q = written(o, "a->q", 3, split, FLOATS),
            .k = written(o, "a->k", 3, split, FLOATS),
            .v = written(o, "a->v", 3, split, FLOATS),
            .scores = written(o, "a->scores", 3, square, FLOATS),
            .masked = written(o, "a->masked", 3, square, FLOATS),
            .weights = written(o, "a->weights", 3, square, FLOATS),
            .heads = written(o, "a->heads", 3, split, FLOATS),
            .context = written(o, "a->context", 2, narrow, FLOATS),
            .output = written(o, "a->output", 2, narrow, FLOATS),
        };
        struct attention a =
            room; /* where the results belong is not the function's to change */
        TESTED(attend, f)(T, C, H, &a, given(o, "x", 2, narrow, FLOATS, x), &b);
        record_beside(o, "a->qkv", 2, wide, room.qkv, want.qkv);
        record_beside(o, "a->q", 3, split, room.q, want.q);
        record_beside(o, "a->k", 3, split, room.k, want.k);
        record_beside(o, "a->v", 3, split, room.v, want.v);
        record_beside(o, "a->scores", 3, square, room.scores, want.scores);
        record_beside(o, "a->masked", 3, square, room.masked, want.masked);
        record_beside(o, "a->weights", 3, square, room.weights, want.weights);
        record_beside(o, "a->heads", 3, split, room.heads, want.heads);
        record_beside(o, "a->context", 2, narrow, room.context, want.context);
        record_beside(o, "a->output", 2, narrow, room.output, want.output);
        free_exact_attention(&want);
        float *used[] = {x, w1, b1, w2, b2};
        for (int i = 0; i < 5; i++)
            free(used[i]);
        free(exact_x);
    }
}

/* Merged rows, a matrix and a bias for head_part and without_head. */
static const struct {
    int T, H, D;
} parts[] = {
    {1, 2, 1},    /* as in the example */
    {2, 2, 3},    /* two heads: all others are one */
    {3, 3, 3},    /* H = D: what is h * D and what is h * H */
    {4, 1, 2},    /* one head: no others */
    {1, 1, 3},    /* the same, one token */
    {5, 2, 4},    /* sizes that grow again */
    {1, 131, 1},  /* more heads than fit a byte; fixed buffers */
    {1031, 2, 3}, /* many tokens, and a prime: fixed buffers */
    {3, 4, 4},    /* small again: what was kept */
};
enum { PARTS = sizeof parts / sizeof *parts };

/* What all heads of a range add, and a bias, if there is one. */
static float *add_parts(int n, int h, bool only, const float *context, const float *w,
                        const float *bias)
{
    const int T = parts[n].T, D = parts[n].D, C = parts[n].H * D;
    float *want = grab((size_t)(T * C), sizeof *want);
    for (int t = 0; t < T; t++)
        for (int out = 0; out < C; out++) {
            double sum = bias ? (double)bias[out] : 0;
            for (int i = 0; i < C; i++)
                if ((i / D == h) == only)
                    sum += (double)context[t * C + i] * (double)w[i * C + out];
            want[t * C + out] = (float)sum;
        }
    return want;
}

/* One of both functions, on all of that. */
static void probe_parts(any_function f, struct outcome *o, bool only)
{
    for (int n = 0; n < PARTS; n++) {
        const int T = parts[n].T, H = parts[n].H, D = parts[n].D, C = H * D;
        const size_t c = (size_t)C;
        const unsigned seed = 600 + (unsigned)n * 3;
        float *rows = some_floats((size_t)T * c, seed, 2),
              *matrix = some_floats(c * c, seed + 1, 1),
              *some_bias = some_floats(c, seed + 2, 3);
        for (int h = 0;
             h<H; h += H> 9 && h == 1 ? H - 2 : 1) { /* of many: 0, 1 and the last */
            float *want = add_parts(n, h, only, rows, matrix, only ? NULL : some_bias);
            situation(o, "T = %d, H = %d, D = %d, head %d", T, H, D, h);
            const float(*context)[C] =
                given(o, "context", AXES({T, tokens_of(T)}, {C, NULL}), FLOATS, rows);
            const float(*w)[C] =
                given(o, "w", AXES({C, NULL}, {C, NULL}), FLOATS, matrix);
            const char *name = only ? "part" : "output";
            float(*out)[C] = written(o, name, AXES({T, tokens_of(T)}, {C, NULL}), FLOATS);
            if (only)
                TESTED(head_part, f)(T, H, D, h, out, context, w);
            else
                TESTED(without_head, f)
            (T, H, D, h, out, context, w,
             given(o, "bias", AXES({C, NULL}), FLOATS, some_bias));
            record(o, name, AXES({T, tokens_of(T)}, {C, NULL}), out, want);
            free(want);
        }
        free(rows);
        free(matrix);
        free(some_bias);
    }
}

static void probe_head_part(any_function f, struct outcome *o)
{
    probe_parts(f, o, true);
}

static void probe_without_head(any_function f, struct outcome *o)
{
    probe_parts(f, o, false);
}

static const struct exercise exercises[] = {
    {EXERCISE(split_heads),
     {
         MISTAKE(wrong_split_heads_interleaved),
         MISTAKE(wrong_split_heads_by_head),
         MISTAKE(wrong_split_heads_keys_and_values),
         MISTAKE(wrong_split_heads_queries_and_keys),
         MISTAKE(wrong_split_heads_all_queries),
         MISTAKE(wrong_split_heads_one_head),
         MISTAKE(wrong_split_heads_one_token),
         MISTAKE(wrong_split_heads_h_times_h),
         MISTAKE(wrong_split_heads_next_head),
         MISTAKE(wrong_split_heads_triples),
         MISTAKE(wrong_split_heads_as_they_lie),
         MISTAKE(wrong_split_heads_thirds),
         MISTAKE(wrong_split_heads_memcpy),
     },
     {
         RIGHT(right_split_heads_pieces),
         RIGHT(right_split_heads_columns),
         RIGHT(right_split_heads_walk),
         RIGHT(right_split_heads_flat),
     }},
    {EXERCISE(merge_heads),
     {
         MISTAKE(wrong_merge_heads_as_they_lie),
         MISTAKE(wrong_merge_heads_interleaved),
         MISTAKE(wrong_merge_heads_overwrites),
         MISTAKE(wrong_merge_heads_sum),
         MISTAKE(wrong_merge_heads_sum_at_the_front),
         MISTAKE(wrong_merge_heads_mean),
         MISTAKE(wrong_merge_heads_one_head),
         MISTAKE(wrong_merge_heads_one_token),
         MISTAKE(wrong_merge_heads_backwards),
         MISTAKE(wrong_merge_heads_h_times_h),
     },
     {
         RIGHT(right_merge_heads_pieces),
         RIGHT(right_merge_heads_columns),
         RIGHT(right_merge_heads_walk),
     }},
    {EXERCISE(attend),
     {
         MISTAKE(wrong_attend_no_mask),          MISTAKE(wrong_attend_mask_in_place),
         MISTAKE(wrong_attend_mask_after),       MISTAKE(wrong_attend_masked_left_out),
         MISTAKE(wrong_attend_scaled_twice),     MISTAKE(wrong_attend_root_c),
         MISTAKE(wrong_attend_no_scale),         MISTAKE(wrong_attend_no_first_bias),
         MISTAKE(wrong_attend_no_last_bias),     MISTAKE(wrong_attend_no_c_proj),
         MISTAKE(wrong_attend_columns),          MISTAKE(wrong_attend_sums_keys),
         MISTAKE(wrong_attend_residual),         MISTAKE(wrong_attend_not_merged),
         MISTAKE(wrong_attend_first_head),       MISTAKE(wrong_attend_projects_x),
         MISTAKE(wrong_attend_queries_for_keys), MISTAKE(wrong_attend_first_values),
         MISTAKE(wrong_attend_first_bias_again), MISTAKE(wrong_attend_billion),
         MISTAKE(wrong_attend_ignores_masked),
     },
     {
         RIGHT(right_attend_by_hand),
         RIGHT(right_attend_step_by_step),
         RIGHT(right_attend_past_only),
         RIGHT(right_attend_sum_of_parts),
     }},
    {EXERCISE(head_part),
     {
         MISTAKE(wrong_head_part_all_heads),
         MISTAKE(wrong_head_part_all_others),
         MISTAKE(wrong_head_part_transposed),
         MISTAKE(wrong_head_part_outputs),
         MISTAKE(wrong_head_part_own_columns),
         MISTAKE(wrong_head_part_first_rows),
         MISTAKE(wrong_head_part_first_numbers),
         MISTAKE(wrong_head_part_first_head),
         MISTAKE(wrong_head_part_interleaved),
         MISTAKE(wrong_head_part_too_short),
         MISTAKE(wrong_head_part_too_long),
         MISTAKE(wrong_head_part_up_to_h),
         MISTAKE(wrong_head_part_one_token),
         MISTAKE(wrong_head_part_not_emptied),
     },
     {
         RIGHT(right_head_part_double),
         RIGHT(right_head_part_inputs_first),
         RIGHT(right_head_part_others_silent),
         RIGHT(right_head_part_small_layer),
     }},
    {EXERCISE(without_head),
     {
         MISTAKE(wrong_without_head_as_handed_out),
         MISTAKE(wrong_without_head_one_more),
         MISTAKE(wrong_without_head_no_bias),
         MISTAKE(wrong_without_head_bias_of_the_others),
         MISTAKE(wrong_without_head_share_of_bias),
         MISTAKE(wrong_without_head_all_heads),
         MISTAKE(wrong_without_head_only_that),
         MISTAKE(wrong_without_head_up_to_h),
         MISTAKE(wrong_without_head_own_columns),
         MISTAKE(wrong_without_head_last_part),
     },
     {
         RIGHT(right_without_head_silent),
         RIGHT(right_without_head_less),
         RIGHT(right_without_head_bias_last),
         RIGHT(right_without_head_double),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* The same numbers on every machine. */
static unsigned long random_state = 6;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

static void fill(size_t n, float *x, float size)
{
    for (size_t i = 0; i < n; i++)
        x[i] = ((float)pick(1 << 16) / 32768 - 1) * size;
}

/* The program with a text as its standard input. */
static int run_on(const char *arguments, const char *input, size_t size)
{
    write_file(inside("in"), input, size);
    return run_with("build/" PROGRAM, arguments, inside("in"));
}

static void expect_success(const char *arguments, const char *input)
{
    const int status = run_on(arguments, input, strlen(input));
    ck_assert_msg(status == 0 && errors.size == 0, "06_heads %s: status %d: %s",
                  arguments, status, (char *)errors.data);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error_on(const char *arguments, const char *input, size_t size,
                            const char *says)
{
    const int status = run_on(arguments, input, size);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(status == 1, "06_heads %s: status %d, expected 1: %s", arguments,
                  status, line);
    ck_assert_msg(end && end[1] == 0, "06_heads %s: expected one line: '%s'", arguments,
                  line);
    ck_assert_msg(strncmp(line, "06_heads: ", 10) == 0 && strstr(line, says),
                  "06_heads %s: expected '%s' in '%s'", arguments, says, line);
}

static void expect_output(const char *says)
{
    ck_assert_msg(strstr((char *)output.data, says) != NULL, "expected '%s' in:\n%s",
                  says, (char *)output.data);
}

/* A model in the test's folder, called `name`: from numbers spread evenly, or from `weights`. */
static void write_model(const char *name, const struct config *c, struct weights *w)
{
    const size_t n = parameter_count(c);
    float *flat = grab(n, sizeof *flat);
    fill(n, flat, 0.5f);
    struct weights own = lay_out_weights(c, flat);
    write_checkpoint(inside(name), c, w ? w : &own);
    free_weights(&own);
    free(flat);
}

/* Gives a model the vocabulary of the robots. */
static void give_vocabulary(const char *name)
{
    ck_assert_int_eq(
        system(format_text("cp models/robots/vocab.json models/robots/merges.txt '%s'",
                           inside(name))),
        0);
}

static char *some_ids(int T, int below)
{
    char *ids = format_text("%d", (int)pick((unsigned)below));
    for (int t = 1; t < T; t++)
        ids = format_text("%s %d", ids, (int)pick((unsigned)below));
    return ids;
}

/* A block of C channels with numbers of its own. */
static struct block some_block(int C)
{
    const size_t c = (size_t)C;
    struct block b = {.attn_c_attn_weight = grab(3 * c * c, 4),
                      .attn_c_attn_bias = grab(3 * c, 4),
                      .attn_c_proj_weight = grab(c * c, 4),
                      .attn_c_proj_bias = grab(c, 4)};
    fill(3 * c * c, b.attn_c_attn_weight, 0.6f);
    fill(3 * c, b.attn_c_attn_bias, 0.4f);
    fill(c * c, b.attn_c_proj_weight, 0.6f);
    fill(c, b.attn_c_proj_bias, 0.4f);
    return b;
}

/* ---- The header ---------------------------------------------------------------------- */

/* The table of the chapter. */
START_TEST(four_tokens_by_hand)
{
    enum { T = 4, H = 2, D = 2, C = H * D };
    static const float qkv[T][3 * C] = {
        {1, 0, 0, 2, 0, 1, 0, 1, 8, 0, 0, 2},
        {0, 1, 1, 0, 9, 0, 0, 0, 4, 4, 6, 0},
        {0, 0, 0, 9, 0, 0, 0, 9, 0, 8, 0, 6},
        {9, 0, 0, 0, 0, 0, 5, 0, 2, 2, 4, 8},
    };
    float q[H][T][D], k[H][T][D], v[H][T][D], scores[T][T], weights[T][T],
        brought[H][T][D], merged[T][C];
    split_heads(T, H, D, q, k, v, qkv);
    for (int h = 0; h < H; h++) {
        attention_scores(T, D, scores, (const float(*)[D])q[h], (const float(*)[D])k[h]);
        hide_future(T, scores);
        softmax_rows(T, weights, (const float(*)[T])scores);
        weighted_sum(T, D, brought[h], (const float(*)[T])weights,
                     (const float(*)[D])v[h]);
    }
    merge_heads(T, H, D, merged, (const float(*)[T][D])brought);
    const float want[C] = {4, 4, 2.5f, 4};
    check_tensor("the row of obey", AXES({C, NULL}), merged[3], want);
}
END_TEST

START_TEST(split_and_merge_undo_each_other)
{
    for (int round = 0; round < 40; round++) {
        const int T = 1 + (int)pick(9), H = 1 + (int)pick(6), D = 1 + (int)pick(7),
                  C = H * D;
        const size_t n = (size_t)(T * C);
        float(*qkv)[3 * C] = grab(3 * n, 4), (*merged)[C] = grab(n, 4);
        float(*parts[3])[T][D];
        fill(3 * n, *qkv, 1);
        for (int p = 0; p < 3; p++)
            parts[p] = grab(n, 4);
        split_heads(T, H, D, parts[0], parts[1], parts[2], (const float(*)[3 * C]) qkv);
        for (int p = 0; p < 3; p++) {
            merge_heads(T, H, D, merged, (const float(*)[T][D])parts[p]);
            for (int t = 0; t < T; t++)
                ck_assert(memcmp(merged[t], qkv[t] + p * C, sizeof merged[t]) == 0);
            free(parts[p]);
        }
        free(qkv);
        free(merged);
    }
}
END_TEST

START_TEST(a_linear_layer_is_a_sum)
{
    for (int round = 0; round < 40; round++) {
        const int T = 1 + (int)pick(5), I = 1 + (int)pick(9), O = 1 + (int)pick(9);
        float *x = grab((size_t)(T * I), 4), *w = grab((size_t)(I * O), 4),
              *b = grab((size_t)O, 4), *y = grab((size_t)(T * O), 4),
              *want = grab((size_t)(T * O), 4);
        fill((size_t)(T * I), x, 1);
        fill((size_t)(I * O), w, 1);
        fill((size_t)O, b, 1);
        for (int t = 0; t < T; t++)
            for (int o = 0; o < O; o++) {
                double sum = (double)b[o];
                for (int i = 0; i < I; i++)
                    sum += (double)x[t * I + i] * (double)w[i * O + o];
                want[t * O + o] = (float)sum;
            }
        linear(T, I, O, (float(*)[O])y, (const float(*)[I])x, (const float(*)[O])w, b);
        check_tensor("y", AXES({T, NULL}, {O, NULL}), y, want);
        free(x);
        free(w);
        free(b);
        free(y);
        free(want);
    }
}
END_TEST

START_TEST(one_head_is_the_head_of_chapter_5)
{
    enum { T = 7, C = 6 };
    struct block b = some_block(C);
    float x[T][C], q[T][C], k[T][C], v[T][C], scores[T][T], weights[T][T], context[T][C];
    fill(T * C, *x, 1);
    struct attention a = new_attention(T, 1, C);
    attend(T, C, 1, &a, (const float(*)[C])x, &b);
    float(*parts[])[C] = {q, k, v};
    for (int p = 0; p < 3; p++)
        project(T, C, C, parts[p], (const float(*)[C])x, 3 * C, b.attn_c_attn_weight,
                b.attn_c_attn_bias, p * C);
    attention_scores(T, C, scores, (const float(*)[C])q, (const float(*)[C])k);
    check_tensor("scores", AXES({T, NULL}, {T, NULL}), a.scores, scores);
    hide_future(T, scores);
    softmax_rows(T, weights, (const float(*)[T])scores);
    weighted_sum(T, C, context, (const float(*)[T])weights, (const float(*)[C])v);
    check_tensor("masked", AXES({T, NULL}, {T, NULL}), a.masked, scores);
    check_tensor("weights", AXES({T, NULL}, {T, NULL}), a.weights, weights);
    check_tensor("context", AXES({T, NULL}, {C, NULL}), a.context, context);
    free_attention(&a);
}
END_TEST

START_TEST(the_parts_of_all_heads_are_the_output)
{
    enum { T = 6, H = 4, D = 3, C = H * D };
    struct block b = some_block(C);
    float x[T][C], sum[T][C], part[T][C];
    fill(T * C, *x, 1);
    struct attention a = new_attention(T, H, D);
    attend(T, C, H, &a, (const float(*)[C])x, &b);
    for (int t = 0; t < T; t++)
        memcpy(sum[t], b.attn_c_proj_bias, sizeof sum[t]);
    for (int h = 0; h < H; h++) {
        head_part(T, H, D, h, part, a.context, b.attn_c_proj_weight);
        for (int t = 0; t < T; t++)
            for (int c = 0; c < C; c++)
                sum[t][c] += part[t][c];
    }
    check_tensor("the sum of the parts", AXES({T, NULL}, {C, NULL}), sum, a.output);
    free_attention(&a);
}
END_TEST

/* Heads have no order: swap two heads' columns in c_attn and their rows in c_proj. */
START_TEST(heads_can_change_places)
{
    enum { T = 6, H = 3, D = 4, C = H * D };
    struct block b = some_block(C), other = some_block(C);
    float x[T][C];
    fill(T * C, *x, 1);
    const float(*w1)[3 * C] = b.attn_c_attn_weight, (*w2)[C] = b.attn_c_proj_weight;
    float(*u1)[3 * C] = other.attn_c_attn_weight, (*u2)[C] = other.attn_c_proj_weight;
    static const int from[H] = {2, 0, 1};
    for (int h = 0; h < H; h++)
        for (int i = 0; i < D; i++) {
            for (int p = 0; p < 3; p++) {
                const int to = p * C + h * D + i, at = p * C + from[h] * D + i;
                other.attn_c_attn_bias[to] = b.attn_c_attn_bias[at];
                for (int c = 0; c < C; c++)
                    u1[c][to] = w1[c][at];
            }
            memcpy(u2[h * D + i], w2[from[h] * D + i], sizeof u2[0]);
        }
    memcpy(other.attn_c_proj_bias, b.attn_c_proj_bias, C * sizeof(float));
    struct attention a = new_attention(T, H, D), swapped = new_attention(T, H, D);
    attend(T, C, H, &a, (const float(*)[C])x, &b);
    attend(T, C, H, &swapped, (const float(*)[C])x, &other);
    check_tensor("output", AXES({T, NULL}, {C, NULL}), swapped.output, a.output);
    const float(*one)[T][T] = a.weights, (*two)[T][T] = swapped.weights;
    for (int h = 0; h < H; h++)
        check_tensor("weights", AXES({T, NULL}, {T, NULL}), two[h], one[from[h]]);
    free_attention(&a);
    free_attention(&swapped);
}
END_TEST

/* ---- Against PyTorch ----------------------------------------------------------------- */

/* Runs the program on a model, and holds what it dumps against the reference tensors. */
static void agree_with_reference(const char *model, const char *prefix, int count)
{
    struct stored_file want = open_reference("06_heads");
    char *name = format_text("%sids", prefix), *ids = format_text("%s", "");
    const int T = reference_length(&want, name, 0);
    const int *given = reference_ints(&want, name, AXES({T, NULL}));
    for (int t = 0; t < T; t++)
        ids = format_text("%s %d", ids, given[t]);
    expect_success(
        format_text("--model '%s' --ids '%s' --dump '%s/dump'", model, ids, folder), "");
    expect_output("are the output: yes");
    ck_assert_int_eq(check_dump(&want, prefix, inside("dump")), count);
    close_stored(&want);
}

START_TEST(the_toy_agrees_with_pytorch)
{
    struct stored_file want = open_reference("06_heads");
    const int *size = reference_ints(&want, "toy.config", AXES({6, NULL}));
    const struct config c = {size[0], size[1], size[2], size[3], size[4], size[5], 1e-5f};
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = lay_out_weights(&c, flat);
    for (int i = 0; i < tensor_count(&c); i++) {
        const struct tensor_place p = tensor_place(&c, i);
        struct axis axes[2] = {{p.shape[0], NULL}, {p.rank > 1 ? p.shape[1] : 1, NULL}};
        float *numbers =
            reference_floats(&want, format_text("toy.weights.%s", p.name), p.rank, axes);
        memcpy(get_tensor(&w, &c, i), numbers, tensor_size(p.rank, axes) * sizeof(float));
        free(numbers);
    }
    write_model("model", &c, &w);
    close_stored(&want);
    agree_with_reference(inside("model"), "toy.", 12);
}
END_TEST

START_TEST(the_odd_checkpoint_agrees_with_pytorch)
{
    agree_with_reference("tests/reference/odd", "odd.", 12);
}
END_TEST

START_TEST(the_shipped_model_agrees_with_pytorch)
{
    struct stored_file want = open_reference("06_heads");
    struct checkpoint m = load_checkpoint("models/robots");
    const bool same = is_reference_model(&want, &m);
    free_checkpoint(&m);
    close_stored(&want);
    ck_assert_msg(same, "models/robots is not the model of %s: make reference",
                  "tests/reference/06_heads.safetensors");
    agree_with_reference("models/robots", "robots.", 6);
}
END_TEST

/* ---- Measuring heads ----------------------------------------------------------------- */

/* A model without tokens: places alone. Head 0 of block 0 is made to look at the token
 * before; all others look evenly. */
static void plant_the_token_before(void)
{
    enum { C = 128, D = 64 };
    const struct config c = {C, 1024, C, 2, 2, C, 1e-5f};
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = lay_out_weights(&c, flat);
    float(*wpe)[C] = w.wpe, (*w1)[3 * C] = w.h[0].attn_c_attn_weight;
    float code[C][D];
    for (int p = 0; p < C; p++) {
        wpe[p][p] = 1;
        for (int i = 0; i < D; i++)
            code[p][i] = pick(1000) < 500 ? 1 : -1;
    }
    for (int p = 0; p < C; p++)
        for (int i = 0; i < D; i++) {
            w1[p][i] = code[p ? p - 1 : 0][i];
            w1[p][C + i] = code[p][i];
        }
    for (int l = 0; l < 2; l++)
        for (int i = 0; i < C; i++)
            w.h[l].ln_1_weight[i] = w.h[l].ln_2_weight[i] = 1;
    write_model("planted", &c, &w);
    give_vocabulary("planted");
    free_weights(&w);
    free(flat);
}

/* Three pieces of every story: who woke whom, and so on. */
static const char small_story[] = "7\t0\t3\tvalue\tp=person\t1.0\tAda\n"
                                  "7\t3\t8\ttext\torder\t0\t woke\n"
                                  "7\t8\t12\tvalue\tr=robot\t2.5\t Pip\n"
                                  "7\t12\t13\ttext\torder\t0\t.\n"
                                  "7\t13\t15\ttext\torder\t0\t \"\n"
                                  "7\t15\t19\tchoice\tact\t0\tSing\n"
                                  "7\t19\t21\tquote\torder\t0\t,\"\n"
                                  "7\t21\t25\tattribute\tp.she\t0\t she\n"
                                  "7\t25\t30\tchoice\tsaid\t0\t said\n"
                                  "7\t30\t31\ttext\torder\t0\t.\n"
                                  "7\t31\t35\tagain\tr\t0\t Pip\n"
                                  "7\t35\t41\tattribute\tr.moved\t0\t slept\n"
                                  "7\t41\t52\ttext\twhy\t0\t because it\n"
                                  "7\t52\t59\tattribute\tr.moved\t0\t hopped\n"
                                  "7\t59\t60\ttext\torder\t0\t.\n"
                                  "7\t60\t60\tend\tstory\t0\t<|endoftext|>\n";

START_TEST(a_planted_head_is_found)
{
    plant_the_token_before();
    expect_success(format_text("--model '%s' measure", inside("planted")), small_story);
    expect_output("1 story;");
    char *found = strstr((char *)output.data, "\n  0.0 ") + 1,
         *even = strstr((char *)output.data, "\n  even ") + 1;
    ck_assert_msg(strncmp(found, "  0.0          0%     100%", 26) == 0, "%.60s", found);
    for (int i = 1; i < 4; i++) { /* the others look evenly */
        char *line = strstr((char *)output.data, format_text("\n  %d.%d ", i / 2, i % 2));
        ck_assert(line != NULL);
        char *want = format_text("%.*s", (int)strcspn(even + 8, "\n"), even + 8);
        ck_assert_msg(strncmp(line + 9, want, strlen(want)) == 0, "%.80s, even: %s",
                      line + 1, want);
    }
    expect_output("  before: the token before it              0.0     100%");
}
END_TEST

/* What an even look gives on the small story, counted here in another way. */
START_TEST(the_questions_are_the_ones_that_are_meant)
{
    static const char text[] = "Ada woke Pip. \"Sing,\" she said. "
                               "Pip slept because it hopped.";
    struct vocabulary v = load_vocabulary("models/robots");
    struct ids ids = {0};
    encode(&v, (const unsigned char *)text, strlen(text), &ids);
    int of[sizeof text] = {0};
    for (size_t t = 0, byte = 0; t < ids.count; t++)
        for (size_t n = v.start[ids.id[t] + 1] - v.start[ids.id[t]]; n > 0; n--)
            of[byte++] = (int)t;
    const int T = (int)ids.count, pip = of[11] - of[8] + 1, ada = of[2] + 1;
    double itself = 0, before = 0;
    for (int t = 1; t < T; t++) {
        itself += 1.0 / (t + 1) / (T - 1);
        before += 1.0 / (t + 1) / (T - 1);
    }
    const double want[] = {itself,
                           before,
                           (double)pip / (of[34] + 1),
                           (double)pip / of[31],
                           (double)ada / (of[24] + 1),
                           2.0 * pip / (of[51] + 1),
                           1.0 / (of[20] + 1)};
    char *line = format_text("%s", "  even  ");
    for (int k = 0; k < 7; k++)
        line = format_text("%s %7.0f%%", line, 100 * want[k]);
    expect_success("measure", small_story);
    expect_output(line);
    /* Twice the story is the same, on average. */
    expect_success("measure", format_text("%s%s", small_story, small_story));
    expect_output(line);
    expect_output("2 stories;");
    expect_output(format_text("%8d\n", 2 * (T - 1)));
    free(ids.id);
    free_vocabulary(&v);
}
END_TEST

START_TEST(stories_from_the_generator_are_measured)
{
    ck_assert_int_eq(system(format_text("build/stories generate --count 20 --seed 3 | "
                                        "build/stories kinds > '%s/kinds'",
                                        folder)),
                     0);
    struct bytes kinds = read_file(inside("kinds"));
    expect_success("measure", (char *)kinds.data);
    expect_output("20 stories");
    ck_assert(strstr((char *)output.data, "nan") == NULL);
    ck_assert(strstr((char *)output.data, "–") == NULL); /* each habit is asked for */
    free(kinds.data);
}
END_TEST

START_TEST(wrong_stories_are_refused)
{
    const struct {
        const char *input, *says;
    } all[] = {
        {"", "holds no story"},
        {"\n", "standard input:1: has 1 fields, expected 7"},
        {"1\t0\t3\tvalue\tp=person\t1.0\n", "standard input:1: has 6 fields"},
        {"One day, Ada woke Pip.\n", "standard input:1: has 1 fields"},
        {"1\t0\t3\ttext\torder\t0\tAda\n1\t4\t6\ttext\torder\t0\tAd\n",
         "standard input:2: this piece should go from byte 3 of its story to 5"},
        {"1\t0\t4\ttext\torder\t0\tAda\n", "from byte 0 of its story to 3"},
        {"1\t0\t0\ttext\torder\t0\t\n", "standard input:1"},
        {"1\t-1\t3\ttext\torder\t0\tAda\n", "standard input:1"},
        {"1\t0\t99999999999999999999\ttext\torder\t0\tAda\n", "standard input:1"},
        {"1\t\t\ttext\torder\t0\tAda\n", "standard input:1"},
        {"1\t0\t3\ttext\torder\t0\tAda\n", "the last story has no end"},
        {"1\t0\t0\tend\tstory\t0\t<|endoftext|>\n", "holds no story"},
        {"1\t0\t1\ttext\torder\t0\tA\n1\t1\t1\tend\tstory\t0\t", "holds no story"},
        {"\t\t\t\t\t\t", "standard input:1"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_error_on("measure", all[i].input, strlen(all[i].input), all[i].says);
    static const char zero[] = "1\t0\t3\tte\0xt\torder\t0\tAd\n";
    expect_error_on("measure", zero, sizeof zero - 1, "standard input:1");
    /* Anything may be a name, and text need not be words. */
    expect_success("measure", "x\t0\t2\tvalue\t=.=\t0\t\x80\xFF\n"
                              "x\t2\t3\tagain\t=.=\t0\t\"\n"
                              "x\t3\t5\tattribute\t.she\t0\t \"\n"
                              "x\t5\t6\tvalue\t\t0\t.\n"
                              "x\t6\t6\tend\t\t\t");
    expect_output("1 story;");
    /* A story longer than the context is cut, also within a name. */
    char *many = format_text("1\t0\t3\tvalue\tp=person\t0\tAda\n");
    for (int i = 0; i < 300; i++)
        many =
            format_text("%s1\t%d\t%d\tagain\tp\t0\t Otto\n", many, 3 + 5 * i, 8 + 5 * i);
    expect_success("measure", format_text("%s1\t1503\t1503\tend\tstory\t0\tx\n", many));
    expect_output("1 story;");
    expect_error_on("--model /no/such/model measure", "", 0, "/no/such/model");
    expect_error_on("--model tests/reference/odd measure", small_story,
                    strlen(small_story), "vocab.json");
}
END_TEST

/* ---- The walk ------------------------------------------------------------------------ */

static void check_lines(int T)
{
    char *line = strchr((char *)output.data, '\n') + 1; /* below the prompt */
    for (char *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        ck_assert(end != NULL);
        *end = 0;
        ck_assert_msg(text_width(line) <= 80 && !strstr(line, "nan"), "%d tokens: '%s'",
                      T, line);
        *end = '\n';
    }
}

START_TEST(the_walk_takes_1_to_60_tokens)
{
    static const struct config shapes[] = {
        {64, 50, 12, 3, 1, 8, 1e-5f},
        {64, 50, 25, 25, 2, 8, 1e-5f},
        {64, 50, 6, 1, 1, 8, 1e-5f},
    };
    for (int i = 0; i < 3; i++) {
        write_model("model", &shapes[i], NULL);
        for (int T = 1; T <= 60; T += T < 4 ? 1 : 19 - T % 2) {
            expect_success(format_text("--model '%s/model' --ids '%s' --dump '%s/d' "
                                       "--figures '%s/f'",
                                       folder, some_ids(T, 50), folder, folder),
                           "");
            check_lines(T);
            expect_output("are the output: yes");
        }
    }
    /* With a vocabulary the stories are measured too: of all blocks. */
    const struct config c = {64, 1024, 8, 2, 3, 16, 1e-5f};
    write_model("reader", &c, NULL);
    give_vocabulary("reader");
    for (int T = 1; T <= 60; T += 59) {
        expect_success(format_text("--model '%s/reader' --ids '%s' --figures '%s/f'",
                                   folder, some_ids(T, 1024), folder),
                       "");
        check_lines(T);
        expect_output("6. Which head does what");
        expect_output("Of all blocks");
        ck_assert(file_exists(inside("f/look.dat")));
    }
    expect_success("--help", "");
    expect_output("measure");
}
END_TEST

START_TEST(a_tiny_model_and_one_of_zeros_have_their_sentences)
{
    const struct config tiny = {1, 1, 1, 1, 1, 4, 1e-5f},
                        five = {4, 3, 10, 5, 1, 4, 1e-5f},
                        read = {64, 1024, 4, 2, 1, 4, 1e-5f};
    write_model("model", &tiny, NULL);
    expect_success(format_text("--model '%s/model' --ids 0", folder), "");
    expect_output("2. Split  1 head of 1: ");
    write_model("model", &five, NULL);
    expect_success(format_text("--model '%s/model' --ids 2", folder), "");
    expect_output("2. Split  5 heads of 2: ");
    expect_output("  (1 head more)\n");

    float *zeros = grab(parameter_count(&read), sizeof *zeros);
    struct weights w = lay_out_weights(&read, zeros);
    write_model("zeros", &read, &w);
    give_vocabulary("zeros");
    expect_success(
        format_text("--model '%s/zeros' --ids '1 2' --figures '%s/f'", folder, folder),
        "");
    check_lines(2);
    expect_output("are the output: yes"); /* though all of it is 0 */
    expect_output("6. Which head does what");
    free_weights(&w);
    free(zeros);
}
END_TEST

START_TEST(wrong_options_are_named)
{
    const struct config c = {64, 50, 12, 3, 1, 8, 1e-5f};
    write_model("model", &c, NULL);
    const struct {
        const char *arguments, *says;
    } all[] = {
        {"--frobnicate", "--frobnicate"},
        {"mesure", "mesure: unknown command"},
        {"measure 500", "500: unknown argument"},
        {"--prompt", "--prompt"},
        {"--ids ''", "--ids"},
        {"--ids 'x'", "'x'"},
        {"--ids '1 -2'", "'-2'"},
        {"--ids '50'", "50"},
        {"--ids 99999999999999999999", "99999999999999999999"},
        {"--dump /no/such/folder/d --ids 1", "/no/such/folder/d"},
        {"--figures /dev/null/f --ids 1", "/dev/null/f"},
        {"--model /no/such/model", "/no/such/model"},
        {"--prompt robot", "/vocab.json"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_error_on(format_text("--model '%s/model' %s", folder, all[i].arguments),
                        "", 0, all[i].says);
    expect_error_on(
        format_text("--model '%s/model' --ids '%s'", folder, some_ids(65, 50)), "", 0,
        "65 tokens");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, four_tokens_by_hand);
    tcase_add_test(t, split_and_merge_undo_each_other);
    tcase_add_test(t, a_linear_layer_is_a_sum);
    tcase_add_test(t, one_head_is_the_head_of_chapter_5);
    tcase_add_test(t, the_parts_of_all_heads_are_the_output);
    tcase_add_test(t, heads_can_change_places);
    tcase_add_test(t, the_toy_agrees_with_pytorch);
    tcase_add_test(t, the_odd_checkpoint_agrees_with_pytorch);
    tcase_add_test(t, a_planted_head_is_found);
    ADD_TEST_NEEDING(t, the_shipped_model_agrees_with_pytorch,
                     "models/robots/model.safetensors", "it is not shipped yet");
    ADD_TEST_NEEDING(t, the_questions_are_the_ones_that_are_meant,
                     "models/robots/model.safetensors", "it is not shipped yet");
    ADD_TEST_NEEDING(t, stories_from_the_generator_are_measured,
                     "models/robots/model.safetensors", "it is not shipped yet");
    ADD_TEST_NEEDING(t, wrong_stories_are_refused, "models/robots/model.safetensors",
                     "it is not shipped yet");
    tcase_add_test(t, the_walk_takes_1_to_60_tokens);
    tcase_add_test(t, a_tiny_model_and_one_of_zeros_have_their_sentences);
    tcase_add_test(t, wrong_options_are_named);
}

BOOK_TESTS("06_heads", add_tests)
