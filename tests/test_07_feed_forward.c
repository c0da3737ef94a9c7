/* Tests of chapter 7: layer norm, GELU, the feed-forward layer, its walk and its exercises. */
#include "exercise.h"
#include "reference.h"
#include "../src/07_feed_forward.h"

#define PROGRAM "07_feed_forward"
#include "program.h"
#include "models.h"
#include "exact_steps.h"
#include "mistakes/07_feed_forward.h"
#include "right/07_feed_forward.h"

static char *words[] = {"A", "␣robot", "␣must", "␣obey"};

/* The same numbers on every machine. */
static unsigned long random_state = 7;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

/* Spread evenly from -size to size. */
static float some_number(float size)
{
    return ((float)pick(1 << 16) / 32768 - 1) * size;
}

static void fill(size_t n, float *x, float size)
{
    for (size_t i = 0; i < n; i++)
        x[i] = some_number(size);
}

/* ---- Exercises --------------------------------------------------------------------- */

/* gelu on a few numbers; a record for numbers of one size, so that the small count as well. */
static void probe_numbers(any_function f, struct outcome *o, const char *what, int n,
                          const float *x)
{
    float *y = grab((size_t)n, sizeof *y), *want = grab((size_t)n, sizeof *want);
    char **labels = grab((size_t)n, sizeof *labels);
    situation(o, "%s", what);
    for (int i = 0; i < n; i++) {
        labels[i] = format_text("x = %g", (double)x[i]);
        y[i] = TESTED(gelu, f)(x[i]);
        want[i] = (float)exact_gelu((double)x[i]);
    }
    record(o, "gelu", AXES({n, labels}), y, want);
    for (int i = 0; i < n; i++)
        free(labels[i]);
    free(labels);
    free(y);
    free(want);
}

static void probe_gelu(any_function f, struct outcome *o)
{
    static const float some[] = {1, -1, 0, 0.5f, -0.5f, 0.25f, -0.75f, 1.25f, -1.25f},
                       more[] = {2, -2, 2.7f, -2.7f, 3, -3, 4, -4},
                       small[] = {0.01f, -0.01f, 0.003f, -0.02f},
                       tiny[] = {1e-20f, -1e-20f, 2e-30f}, large[] = {20, -20, 7, -7, 12},
                       huge[] = {1e4f, -1e4f, 3e3f}, last[] = {1e30f, -1e30f},
                       first[] = {-0.0f, 1, -1};
    static const struct {
        const char *what;
        int n;
        const float *x;
    } cases[] = {
        {"numbers up to 1.25", 9, some},      /* the bend itself */
        {"numbers up to 4", 8, more},         /* the cube counts: no erf */
        {"numbers up to 0.02", 4, small},     /* a half, and a little more */
        {"numbers next to nothing", 3, tiny}, /* nothing is rounded to 0 */
        {"numbers up to 20", 5, large},       /* e^x within bounds, but large */
        {"numbers up to 10,000", 3, huge},    /* e^x is infinite */
        {"numbers up to 10^30", 2, last},     /* x³ is infinite */
        {"1 and -1 again, and -0", 3, first}, /* nothing is kept from call to call */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        probe_numbers(f, o, cases[i].what, cases[i].n, cases[i].x);
}

/* A layer with its weights on T rows. */
static void probe_layer(any_function f, struct outcome *o, int T, int C, int F,
                        const float *x, const struct block *weights)
{
    const size_t t = (size_t)T, c = (size_t)C;
    const struct axis rows[] = {{T, T <= 4 ? words : NULL}, {C, NULL}},
                      units[] = {{T, T <= 4 ? words : NULL}, {F, NULL}};
    float *one = some_floats(c, 7, 1.5f);
    double *exact_x = exact_copy(t * c, x);
    struct exact_feed_forward want = exact_feed_forward(T, C, F, exact_x, weights);
    const struct block b = {
        .ln_2_weight = given_weight(o, "b->ln_2_weight", AXES({C, NULL}), one),
        .ln_2_bias = given_weight(o, "b->ln_2_bias", AXES({C, NULL}), one),
        .mlp_c_fc_weight =
            given_weight(o, "b->mlp_c_fc_weight", AXES({C, NULL}, {F, NULL}),
                         weights->mlp_c_fc_weight),
        .mlp_c_fc_bias =
            given_weight(o, "b->mlp_c_fc_bias", AXES({F, NULL}), weights->mlp_c_fc_bias),
        .mlp_c_proj_weight =
            given_weight(o, "b->mlp_c_proj_weight", AXES({F, NULL}, {C, NULL}),
                         weights->mlp_c_proj_weight),
        .mlp_c_proj_bias = given_weight(o, "b->mlp_c_proj_bias", AXES({C, NULL}),
                                        weights->mlp_c_proj_bias),
    };
    const struct feed_forward room = {written(o, "f->c_fc", 2, units, FLOATS),
                                      written(o, "f->gelu", 2, units, FLOATS),
                                      written(o, "f->output", 2, rows, FLOATS)};
    struct feed_forward made =
        room; /* where results belong is not the function's to change */
    TESTED(feed_forward, f)(T, C, F, &made, given(o, "x", 2, rows, FLOATS, x), &b);
    record_beside(o, "f->c_fc", 2, units, room.c_fc, want.c_fc);
    record_beside(o, "f->gelu", 2, units, room.gelu, want.gelu);
    record_beside(o, "f->output", 2, rows, room.output, want.output);
    free_exact_feed_forward(&want);
    free(exact_x);
    free(one);
}

static void probe_feed_forward(any_function f, struct outcome *o)
{
    float one[] = {1, 1}, first[] = {1, -1}, zero[2] = {0}, three[] = {3};
    const struct block example = {.mlp_c_fc_weight = first,
                                  .mlp_c_fc_bias = zero,
                                  .mlp_c_proj_weight = one,
                                  .mlp_c_proj_bias = three};
    static const struct {
        int T, C, F;
        float size; /* of the numbers in x */
        const char *what;
    } cases[] = {
        {3, 4, 7, 1.5f, ""},                /* no size is a multiple of another */
        {2, 3, 12, 1.5f, ""},               /* F is 4C */
        {4, 2, 3, 1.5f, ""},                /* more rows than numbers in a row */
        {2, 3, 5, 0, ", all of x is 0"},    /* nothing but biases */
        {2, 3, 6, 40, ", units up to 100"}, /* all are wide awake or fast asleep */
        {2, 131, 523, 0.3f, ""},            /* long rows, primes: fixed buffers */
        {1031, 2, 3, 1.5f, ""},             /* many tokens, and a prime: fixed buffers */
        {1, 3, 4, 1.5f, ""},                /* small again: what was kept */
    };
    situation(o, "the example, T = 1, C = 1, F = 2");
    probe_layer(f, o, 1, 1, 2, one, &example);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int T = cases[i].T, C = cases[i].C, F = cases[i].F;
        const size_t c = (size_t)C, w = (size_t)F;
        const unsigned seed = 77 + (unsigned)i * 5;
        situation(o, "T = %d, C = %d, F = %d%s", T, C, F, cases[i].what);
        float *x = some_floats((size_t)T * c, seed, cases[i].size);
        const struct block b = {.mlp_c_fc_weight = some_floats(c * w, seed + 1, 1.2f),
                                .mlp_c_fc_bias = some_floats(w, seed + 2, 1),
                                .mlp_c_proj_weight = some_floats(w * c, seed + 3, 1.2f),
                                .mlp_c_proj_bias = some_floats(c, seed + 4, 1)};
        probe_layer(f, o, T, C, F, x, &b);
        free(x);
        free(b.mlp_c_fc_weight);
        free(b.mlp_c_fc_bias);
        free(b.mlp_c_proj_weight);
        free(b.mlp_c_proj_bias);
    }
}

/* rms_norm on T rows. */
static void probe_rows(any_function f, struct outcome *o, int T, int C, float epsilon,
                       const char *what, const float *x, const float *weight)
{
    const struct axis rows[] = {{T, T <= 4 ? words : NULL}, {C, NULL}};
    double *want = grab((size_t)T * (size_t)C, sizeof *want);
    for (int t = 0; t < T; t++) {
        double squares = 0;
        for (int c = 0; c < C; c++)
            squares += (double)x[t * C + c] * (double)x[t * C + c];
        for (int c = 0; c < C; c++)
            want[t * C + c] = (double)x[t * C + c] / sqrt(squares / C + (double)epsilon) *
                              (double)weight[c];
    }
    situation(o, "T = %d, C = %d, epsilon = %g%s", T, C, (double)epsilon, what);
    float(*y)[C] = written(o, "y", 2, rows, FLOATS);
    TESTED(rms_norm, f)
    (T, C, y, given(o, "x", 2, rows, FLOATS, x),
     given(o, "weight", AXES({C, NULL}), FLOATS, weight), epsilon);
    record_beside(o, "y", 2, rows, y, want);
    free(want);
}

static void probe_rms_norm(any_function f, struct outcome *o)
{
    static const struct {
        int T, C;
        float epsilon, x[15], weight[5];
        const char *what;
    } all[] = {
        /* the example */
        {2, 2, 0, {3, 3, -1, 7}, {1, 10}, ""},
        /* rows of different lengths, an epsilon that counts, weights of both signs and 0 */
        {3,
         5,
         0.5f,
         {1, 2, 3, 4, 5, -1, 0, 0.5f, 0, 1, 0.2f, 0.1f, -0.3f, 0.1f, 0},
         {1, 0.5f, -2, 0, 3},
         ""},
        /* no division by 0 */
        {1, 4, 1e-5f, {0, 0, 0, 0}, {1, 2, 3, 4}, ", a row of zeros"},
        /* large and small rows side by side */
        {2, 3, 1e-5f, {100, 200, -400, 0.01f, 0.02f, 0.01f}, {2, 1, 0.5f}, ""},
        /* one column: hardly more than a sign is left */
        {3, 1, 4, {1, -2, 0}, {3}, ""},
        /* a row whose mean is not 0: nothing is subtracted */
        {2, 4, 1e-5f, {1000, 1001, 1002, 1003, 5, 5, 5, 5}, {1, 1, 1, 1}, ""},
        /* small numbers: the sum of their squares starts at 0 */
        {1, 3, 0, {3e-18f, -4e-18f, 0}, {1, 2, 1}, ", next to nothing"},
        /* large numbers: their squares still fit a float */
        {1, 3, 0, {3e15f, -4e15f, 0}, {1, 2, 1}, ""},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        probe_rows(f, o, all[i].T, all[i].C, all[i].epsilon, all[i].what, all[i].x,
                   all[i].weight);
    static const int sizes[][2] = {
        {2, 1601}, /* long rows, and a prime: fixed buffers */
        {1031, 3}, /* many tokens: fixed buffers */
        {2, 3},    /* small again: what was kept */
    };
    for (unsigned i = 0; i < 3; i++) {
        const int T = sizes[i][0], C = sizes[i][1];
        float *x = some_floats((size_t)T * (size_t)C, 700 + i, 2),
              *weight = some_floats((size_t)C, 710 + i, 2);
        probe_rows(f, o, T, C, 1e-5f, "", x, weight);
        free(x);
        free(weight);
    }
}

/* fold_norm on one norm and one layer. */
static void probe_fold(any_function f, struct outcome *o, int C, int F, const char *what,
                       const float *w, const float *b, const float *weight,
                       const float *bias)
{
    const struct axis matrix[] = {{C, NULL}, {F, NULL}};
    double *want = exact_copy((size_t)C * (size_t)F, w),
           *want_b = exact_copy((size_t)F, b);
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++) {
            want_b[u] += (double)bias[c] * (double)w[c * F + u];
            want[c * F + u] *= (double)weight[c];
        }
    situation(o, "C = %d, F = %d%s", C, F, what);
    float(*new_w)[F] = changed(o, "w", 2, matrix, FLOATS, w);
    float *new_b = changed(o, "b", AXES({F, NULL}), FLOATS, b);
    TESTED(fold_norm, f)
    (C, F, new_w, new_b, given(o, "weight", AXES({C, NULL}), FLOATS, weight),
     given(o, "bias", AXES({C, NULL}), FLOATS, bias));
    record_beside(o, "w", 2, matrix, new_w, want);
    record_beside(o, "b", AXES({F, NULL}), new_b, want_b);
    free(want);
    free(want_b);
}

static void probe_fold_norm(any_function f, struct outcome *o)
{
    static const struct {
        int C, F, weights_0,
            biases_0; /* every such number is 0: 1 is all of them, 0 none */
        const char *what;
    } cases[] = {
        {3, 5, 0, 0, ""},                        /* more units than channels */
        {4, 3, 0, 1, ", all of bias is 0"},      /* what is handed out is right here */
        {4, 6, 2, 0, ", weight is 0 in places"}, /* no division by weight */
        {5, 4, 1, 2, ", all of weight is 0"},    /* nothing but biases is left */
        {1, 4, 0, 0, ""},                        /* one channel */
        {3, 1, 0, 3, ""},                        /* one unit */
        {131, 523, 0, 0, ""},                    /* long rows, primes: fixed buffers */
        {2, 3, 0, 0, ""},                        /* small again: what was kept */
    };
    probe_fold(f, o, 1, 2, ", the example", (const float[]){2, 3},
               (const float[]){10, 20}, (const float[]){5}, (const float[]){7});
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int C = cases[i].C, F = cases[i].F;
        float *w = some_floats((size_t)(C * F), 70 + 4 * i, 1.5f),
              *b = some_floats((size_t)F, 71 + 4 * i, 2);
        float *weight = some_floats((size_t)C, 72 + 4 * i, 3),
              *bias = some_floats((size_t)C, 73 + 4 * i, 2);
        for (int c = 0; c < C; c++) {
            if (cases[i].weights_0 && c % cases[i].weights_0 == 0)
                weight[c] = 0;
            if (cases[i].biases_0 && c % cases[i].biases_0 == 0)
                bias[c] = 0;
        }
        probe_fold(f, o, C, F, cases[i].what, w, b, weight, bias);
        free(w);
        free(b);
        free(weight);
        free(bias);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(gelu),
     {
         MISTAKE(wrong_gelu_erf),
         MISTAKE(wrong_gelu_relu),
         MISTAKE(wrong_gelu_whole_half),
         MISTAKE(wrong_gelu_sigmoid),
         MISTAKE(wrong_gelu_silu),
         MISTAKE(wrong_gelu_square),
         MISTAKE(wrong_gelu_no_cube),
         MISTAKE(wrong_gelu_root_on_x_only),
         MISTAKE(wrong_gelu_no_root),
         MISTAKE(wrong_gelu_two_over_pi),
         MISTAKE(wrong_gelu_no_one),
         MISTAKE(wrong_gelu_no_brackets),
         MISTAKE(wrong_gelu_gate_alone),
         MISTAKE(wrong_gelu_twice),
         MISTAKE(wrong_gelu_decimal_point),
     },
     {
         RIGHT(right_gelu_double),
         RIGHT(right_gelu_inside_out),
         RIGHT(right_gelu_logistic),
         RIGHT(right_gelu_two_terms),
         RIGHT(right_gelu_double_digits),
     }},
    {EXERCISE(feed_forward),
     {
         MISTAKE(wrong_feed_forward_no_gelu),
         MISTAKE(wrong_feed_forward_skips_gelu),
         MISTAKE(wrong_feed_forward_in_place),
         MISTAKE(wrong_feed_forward_relu),
         MISTAKE(wrong_feed_forward_bends_c_numbers),
         MISTAKE(wrong_feed_forward_rest_unbent),
         MISTAKE(wrong_feed_forward_bends_output),
         MISTAKE(wrong_feed_forward_no_first_bias),
         MISTAKE(wrong_feed_forward_no_second_bias),
         MISTAKE(wrong_feed_forward_adds_x),
         MISTAKE(wrong_feed_forward_norm_again),
         MISTAKE(wrong_feed_forward_turned_c_fc),
         MISTAKE(wrong_feed_forward_turned_c_proj),
         MISTAKE(wrong_feed_forward_first_row_only),
     },
     {
         RIGHT(right_feed_forward_by_hand),
         RIGHT(right_feed_forward_by_rows),
         RIGHT(right_feed_forward_by_units),
         RIGHT(right_feed_forward_flat),
     }},
    {EXERCISE(rms_norm),
     {
         MISTAKE(wrong_rms_norm_mean_off),
         MISTAKE(wrong_rms_norm_variance),
         MISTAKE(wrong_rms_norm_no_mean),
         MISTAKE(wrong_rms_norm_one_less),
         MISTAKE(wrong_rms_norm_no_root),
         MISTAKE(wrong_rms_norm_epsilon_outside),
         MISTAKE(wrong_rms_norm_no_epsilon),
         MISTAKE(wrong_rms_norm_epsilon_in_mean),
         MISTAKE(wrong_rms_norm_whole_division),
         MISTAKE(wrong_rms_norm_no_weight),
         MISTAKE(wrong_rms_norm_weight_added),
         MISTAKE(wrong_rms_norm_multiplied),
         MISTAKE(wrong_rms_norm_by_columns),
         MISTAKE(wrong_rms_norm_all_rows),
         MISTAKE(wrong_rms_norm_never_reset),
         MISTAKE(wrong_rms_norm_absolute),
     },
     {
         RIGHT(right_rms_norm_double),
         RIGHT(right_rms_norm_inverse),
         RIGHT(right_rms_norm_measured),
         RIGHT(right_rms_norm_halves),
     }},
    {EXERCISE(fold_norm),
     {
         MISTAKE(wrong_fold_norm_as_handed_out),
         MISTAKE(wrong_fold_norm_divides),
         MISTAKE(wrong_fold_norm_bias_unseen),
         MISTAKE(wrong_fold_norm_weight_unseen),
         MISTAKE(wrong_fold_norm_bias_as_it_is),
         MISTAKE(wrong_fold_norm_b_forgotten),
         MISTAKE(wrong_fold_norm_own_bias_weighed),
         MISTAKE(wrong_fold_norm_one_weight),
         MISTAKE(wrong_fold_norm_last_bias),
     },
     {
         RIGHT(right_fold_norm_one_pass),
         RIGHT(right_fold_norm_copy),
         RIGHT(right_fold_norm_as_a_row),
         RIGHT(right_fold_norm_by_units),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

static void expect_success(const char *arguments)
{
    int status = run_program(arguments);
    ck_assert_msg(status == 0 && errors.size == 0, "07_feed_forward %s: status %d: %s",
                  arguments, status, (char *)errors.data);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *says)
{
    int status = run_program(arguments);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(status == 1, "07_feed_forward %s: status %d, expected 1: %s", arguments,
                  status, line);
    ck_assert_msg(end && end[1] == 0, "07_feed_forward %s: expected one line: '%s'",
                  arguments, line);
    ck_assert_msg(strncmp(line, "07_feed_forward: ", 17) == 0 && strstr(line, says),
                  "07_feed_forward %s: expected '%s' in '%s'", arguments, says, line);
}

static void expect_output(const char *says)
{
    ck_assert_msg(strstr((char *)output.data, says) != NULL, "expected '%s' in:\n%s",
                  says, (char *)output.data);
}

/* A model's folder inside the test's own: weights at random, or those of a reference file. */
static void make_model(const struct config *c, const struct stored_file *from)
{
    float *flat = grab(parameter_count(c), sizeof *flat);
    fill(parameter_count(c), flat, 0.8f);
    struct weights w = lay_out_weights(c, flat);
    for (int i = 0; i < tensor_count(c) && from; i++) {
        const struct tensor_place p = tensor_place(c, i);
        char *name = format_text("toy.weights.%s", p.name);
        float *numbers =
            p.rank == 2 ? reference_floats(from, name,
                                           AXES({p.shape[0], NULL}, {p.shape[1], NULL}))
                        : reference_floats(from, name, AXES({p.shape[0], NULL}));
        memcpy(get_tensor(&w, c, i), numbers, 4 * p.size);
        free(numbers);
        free(name);
    }
    write_checkpoint(inside("model"), c, &w);
    free_weights(&w);
    free(flat);
}

static const struct config small_config = {64, 50, 8, 2, 1, 24, 1e-5f};

/* T ids below V. */
static char *some_ids(int T, int V)
{
    char *text = format_text("%s", "");
    for (int t = 0; t < T; t++) {
        char *longer = format_text("%s%s%d", text, t ? " " : "", (7 * t + t * t + 3) % V);
        free(text);
        text = longer;
    }
    return text;
}

/* ---- By hand ------------------------------------------------------------------------- */

START_TEST(four_tokens_by_hand)
{
    enum { T = 4, C = 4, F = 3 };
    static const float x[T][C] = {
        {1, 1, 3, 3}, {10, 10, 30, 30}, {0, 4, 0, 4}, {11, 5, 5, 3}};
    static const float third = 1.0f / 3;
    const float rows[T][C] = {
        {-1, -1, 1, 1}, {-1, -1, 1, 1}, {-1, 1, -1, 1}, {5 * third, -third, -third, -1}};
    const float wide[T][F] = {
        {2, -1, -1}, {2, -1, -1}, {0, 1, -1}, {-4 * third, -7 * third, 5 * third}};
    float bent[T][F];
    for (int t = 0; t < T; t++)
        for (int u = 0; u < F; u++)
            bent[t][u] = (float)exact_gelu((double)wide[t][u]);
    /* The numbers as they stand in the chapter, with two digits behind the point. */
    ck_assert(fabsf(bent[0][0] - 1.95f) < 0.005f && fabsf(bent[0][1] + 0.16f) < 0.005f);
    ck_assert(bent[2][0] == 0 && fabsf(bent[2][1] - 0.84f) < 0.005f);
    ck_assert(fabsf(bent[3][0] + 0.12f) < 0.005f && fabsf(bent[3][1] + 0.02f) < 0.005f &&
              fabsf(bent[3][2] - 1.59f) < 0.005f);
    float first[C][F] = {{0, 0, 1}, {0, 1, 0}, {1, 0, 0}, {1, 1, 0}},
          first_bias[F] = {0, -1, 0},
          second[F][C] = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, -1}}, zero[C] = {0},
          one[C] = {1, 1, 1, 1}, y[T][C], out[T][C];
    const struct block b = {.mlp_c_fc_weight = first,
                            .mlp_c_fc_bias = first_bias,
                            .mlp_c_proj_weight = second,
                            .mlp_c_proj_bias = zero};
    struct feed_forward f = new_feed_forward(T, C, F);
    layer_norm(T, C, y, x, one, zero, 0);
    check_tensor("normalized", AXES({T, words}, {C, NULL}), y, rows);
    feed_forward(T, C, F, &f, (const float(*)[C])y, &b);
    check_tensor("c_fc", AXES({T, words}, {F, NULL}), f.c_fc, wide);
    check_tensor("gelu", AXES({T, words}, {F, NULL}), f.gelu, bent);
    for (int t = 0; t < T; t++) {
        const float made[C] = {bent[t][0], bent[t][1], bent[t][2], -bent[t][2]};
        memcpy(out[t], made, sizeof made);
    }
    check_tensor("output", AXES({T, words}, {C, NULL}), f.output, out);
    free_feed_forward(&f);
}
END_TEST

/* ---- Norms --------------------------------------------------------------------------- */

START_TEST(layer_norm_forgets_size_and_mean)
{
    for (int round = 0; round < 200; round++) {
        const int C = 2 + (int)pick(40);
        const float times = 0.25f + (float)pick(1000), more = some_number(3);
        float x[42], other[42], one[42], zero[42] = {0}, y[42], z[42];
        double sum = 0, squares = 0, largest = 0;
        fill((size_t)C, x, 2);
        x[0] = 3; /* so that the row is never all the same */
        for (int c = 0; c < C; c++) {
            one[c] = 1;
            other[c] = times * (x[c] + more);
        }
        layer_norm(1, C, (float(*)[C])y, (const float(*)[C])x, one, zero, 0);
        layer_norm(1, C, (float(*)[C])z, (const float(*)[C])other, one, zero, 0);
        for (int c = 0; c < C; c++) {
            sum += (double)y[c];
            squares += (double)y[c] * (double)y[c];
            largest = fmax(largest, fabs((double)y[c] - (double)z[c]));
        }
        ck_assert(fabs(sum) < 1e-4 * C);
        ck_assert(fabs(sqrt(squares) - sqrt(C)) < 1e-3); /* so all rows are as long */
        ck_assert(largest < 1e-3);
    }
}
END_TEST

START_TEST(a_row_of_equal_numbers_becomes_the_bias)
{
    const float x[2][3] = {{5, 5, 5}, {0, 0, 0}}, weight[3] = {2, 3, 4},
                bias[3] = {1, -1, 7};
    float y[2][3];
    layer_norm(2, 3, y, x, weight, bias, 1e-5f);
    for (int t = 0; t < 2; t++)
        for (int c = 0; c < 3; c++)
            ck_assert(y[t][c] == bias[c]);
}
END_TEST

START_TEST(rms_norm_is_layer_norm_where_the_mean_is_0)
{
    float x[4][6], one[6], zero[6] = {0}, y[4][6], z[4][6];
    fill(24, *x, 2);
    for (int t = 0; t < 4; t++)
        for (int c = 0; c < 3; c++)
            x[t][c + 3] = -x[t][c];
    for (int c = 0; c < 6; c++)
        one[c] = 1;
    layer_norm(4, 6, y, (const float(*)[6])x, one, zero, 1e-5f);
    rms_norm(4, 6, z, (const float(*)[6])x, one, 1e-5f);
    check_tensor("rms_norm", AXES({4, words}, {6, NULL}), z, y);
}
END_TEST

START_TEST(norms_agree_with_pytorch)
{
    struct stored_file want = open_reference("07_feed_forward");
    const float(*x)[7] = (const float(*)[7])reference_floats(&want, "part.norm.x",
                                                             AXES({5, NULL}, {7, NULL}));
    const float *weight = reference_floats(&want, "part.norm.weight", AXES({7, NULL})),
                *bias = reference_floats(&want, "part.norm.bias", AXES({7, NULL}));
    float y[5][7];
    layer_norm(5, 7, y, x, weight, bias, 1e-3f);
    check_reference(&want, "part.norm.layer", AXES({5, NULL}, {7, NULL}), y);
    rms_norm(5, 7, y, x, weight, 1e-3f);
    check_reference(&want, "part.norm.rms", AXES({5, NULL}, {7, NULL}), y);
    close_stored(&want);
}
END_TEST

/* ---- GELU ---------------------------------------------------------------------------- */

START_TEST(gelu_agrees_with_pytorch)
{
    struct stored_file want = open_reference("07_feed_forward");
    const float *x = reference_floats(&want, "part.gelu.x", AXES({241, NULL}));
    float y[241];
    for (int i = 0; i < 241; i++)
        y[i] = gelu(x[i]);
    check_reference(&want, "part.gelu.tanh", AXES({241, NULL}), y);
    for (int i = 0; i < 241; i++)
        y[i] = gelu_erf(x[i]);
    check_reference(&want, "part.gelu.erf", AXES({241, NULL}), y);
    close_stored(&want);
}
END_TEST

/* What the chapter says of the curve. */
START_TEST(gelu_has_the_shape_that_the_chapter_draws)
{
    float lowest = 0, at = 0;
    double gap = 0, gap_at = 0;
    for (int i = -60000; i <= 60000; i++) {
        const float x = (float)i / 10000, y = gelu(x);
        const double d = fabs((double)gelu_erf(x) - (double)y);
        ck_assert(isfinite(y) && y >= -0.17005f && y <= fmaxf(x, 0));
        ck_assert(d < 0.0005);
        if (y < lowest) {
            lowest = y;
            at = x;
        }
        if (x > 0 && d > gap) {
            gap = d;
            gap_at = (double)x;
        }
    }
    ck_assert(fabsf(lowest + 0.17f) < 0.0005f && fabsf(at + 0.75f) < 0.005f);
    ck_assert(fabs(gap - 0.00047) < 0.000005 && fabs(gap_at - 2.70) < 0.02);
    ck_assert(gelu(0) == 0 && gelu(30) == 30 && gelu(-30) == 0);
    ck_assert(gelu(1e30f) == 1e30f && gelu(-1e30f) == 0);
    ck_assert(fabsf(gelu(3) - 3) < 0.004f);
    /* GELU(x) and GELU(-x) differ by x. */
    for (float x = 0; x < 5; x += 0.125f)
        ck_assert(fabsf(gelu(x) - gelu(-x) - x) < 1e-5f);
}
END_TEST

/* ---- The layer ----------------------------------------------------------------------- */

enum { T_ = 6, C_ = 5, F_ = 17 };

/* A layer with weights at random. */
static struct block random_layer(void)
{
    struct block b = {.mlp_c_fc_weight = grab(C_ * F_, 4),
                      .mlp_c_fc_bias = grab(F_, 4),
                      .mlp_c_proj_weight = grab(F_ * C_, 4),
                      .mlp_c_proj_bias = grab(C_, 4)};
    fill(C_ * F_, b.mlp_c_fc_weight, 1);
    fill(F_, b.mlp_c_fc_bias, 1);
    fill(F_ * C_, b.mlp_c_proj_weight, 1);
    fill(C_, b.mlp_c_proj_bias, 1);
    return b;
}

START_TEST(rows_do_not_see_each_other)
{
    const struct block b = random_layer();
    float x[T_][C_], turned[T_][C_];
    fill(T_ * C_, *x, 2);
    for (int t = 0; t < T_; t++)
        memcpy(turned[t], x[T_ - 1 - t], sizeof x[t]);
    struct feed_forward f = new_feed_forward(T_, C_, F_),
                        g = new_feed_forward(T_, C_, F_),
                        one = new_feed_forward(1, C_, F_);
    feed_forward(T_, C_, F_, &f, (const float(*)[C_])x, &b);
    feed_forward(T_, C_, F_, &g, (const float(*)[C_])turned, &b);
    const float(*y)[C_] = f.output, (*z)[C_] = g.output;
    for (int t = 0; t < T_; t++) {
        feed_forward(1, C_, F_, &one, (const float(*)[C_]) & x[t], &b);
        ck_assert(memcmp(one.output, y[t], sizeof y[t]) == 0);
        ck_assert(memcmp(z[T_ - 1 - t], y[t], sizeof y[t]) == 0);
    }
}
END_TEST

START_TEST(the_output_is_what_the_units_write)
{
    const struct block b = random_layer();
    const float(*writes)[C_] = b.mlp_c_proj_weight;
    float x[T_][C_], sum[T_][C_];
    fill(T_ * C_, *x, 2);
    struct feed_forward f = new_feed_forward(T_, C_, F_);
    feed_forward(T_, C_, F_, &f, (const float(*)[C_])x, &b);
    const float(*bent)[F_] = f.gelu;
    for (int t = 0; t < T_; t++)
        for (int c = 0; c < C_; c++) {
            sum[t][c] = b.mlp_c_proj_bias[c];
            for (int u = F_ - 1; u >= 0; u--)
                sum[t][c] += bent[t][u] * writes[u][c];
        }
    check_tensor("output", AXES({T_, NULL}, {C_, NULL}), f.output, sum);
}
END_TEST

/* Without the bend two layers are one: the product of their matrices. */
START_TEST(without_gelu_the_two_layers_are_one_matrix)
{
    const struct block b = random_layer();
    const float(*first)[F_] = b.mlp_c_fc_weight, (*second)[C_] = b.mlp_c_proj_weight;
    float x[T_][C_], both[C_][C_], bias[C_], wide[T_][F_], two[T_][C_], one[T_][C_];
    fill(T_ * C_, *x, 2);
    for (int o = 0; o < C_; o++) {
        bias[o] = b.mlp_c_proj_bias[o];
        for (int u = 0; u < F_; u++)
            bias[o] += b.mlp_c_fc_bias[u] * second[u][o];
        for (int i = 0; i < C_; i++) {
            both[i][o] = 0;
            for (int u = 0; u < F_; u++)
                both[i][o] += first[i][u] * second[u][o];
        }
    }
    linear(T_, C_, F_, wide, (const float(*)[C_])x, first, b.mlp_c_fc_bias);
    linear(T_, F_, C_, two, (const float(*)[F_])wide, second, b.mlp_c_proj_bias);
    linear(T_, C_, C_, one, (const float(*)[C_])x, (const float(*)[C_])both, bias);
    check_tensor("one matrix", AXES({T_, NULL}, {C_, NULL}), one, two);
    struct feed_forward f = new_feed_forward(T_, C_, F_);
    feed_forward(T_, C_, F_, &f, (const float(*)[C_])x, &b);
    ck_assert(first_disagreement(T_ * C_, f.output, *one) >= 0);
}
END_TEST

/* ---- Against PyTorch ----------------------------------------------------------------- */

/* Runs the program on a model, and holds what it dumps against the reference tensors. */
static void agree_with_reference(const char *model, const char *prefix)
{
    struct stored_file want = open_reference("07_feed_forward");
    char *name = format_text("%sids", prefix), *ids = format_text("%s", "");
    const int T = reference_length(&want, name, 0);
    const int *given = reference_ints(&want, name, AXES({T, NULL}));
    for (int t = 0; t < T; t++)
        ids = format_text("%s %d", ids, given[t]);
    expect_success(
        format_text("--model '%s' --ids '%s' --dump '%s/dump'", model, ids, folder));
    ck_assert_int_eq(check_dump(&want, prefix, inside("dump")), 5);
    close_stored(&want);
}

START_TEST(the_toy_agrees_with_pytorch)
{
    struct stored_file want = open_reference("07_feed_forward");
    const int *sizes = reference_ints(&want, "toy.config", AXES({6, NULL}));
    const struct config c = {sizes[0], sizes[1], sizes[2], sizes[3],
                             sizes[4], sizes[5], 1e-5f};
    make_model(&c, &want);
    close_stored(&want);
    agree_with_reference(inside("model"), "toy.");
}
END_TEST

START_TEST(the_odd_checkpoint_agrees_with_pytorch)
{
    agree_with_reference("tests/reference/odd", "odd.");
}
END_TEST

START_TEST(the_shipped_model_agrees_with_pytorch)
{
    struct stored_file want = open_reference("07_feed_forward");
    struct checkpoint m = load_checkpoint("models/robots");
    const bool same = is_reference_model(&want, &m);
    free_checkpoint(&m);
    close_stored(&want);
    ck_assert_msg(same, "models/robots is not the model of %s: make reference",
                  "tests/reference/07_feed_forward.safetensors");
    agree_with_reference("models/robots", "robots.");
}
END_TEST

/* ---- The walk ------------------------------------------------------------------------ */

/* A model in which unit 5 wakes for token 7 alone, and writes token 2. */
START_TEST(a_planted_unit_is_found_with_both_its_ends)
{
    const struct config c = {16, 12, 12, 2, 1, 8, 1e-5f};
    float *flat = grab(parameter_count(&c), sizeof *flat);
    struct weights w = lay_out_weights(&c, flat);
    float(*wte)[12] = w.wte, (*c_fc)[8] = w.h[0].mlp_c_fc_weight,
    (*c_proj)[12] = w.h[0].mlp_c_proj_weight;
    for (int i = 0; i < 12; i++) {
        wte[i][i] = 3;
        w.h[0].ln_1_weight[i] = w.h[0].ln_2_weight[i] = 1;
    }
    for (int u = 0; u < 8; u++)
        w.h[0].mlp_c_fc_bias[u] = -5;
    w.h[0].mlp_c_fc_bias[5] = 0;
    c_fc[7][5] = 1;
    c_proj[5][2] = 1;
    write_checkpoint(inside("model"), &c, &w);
    free_weights(&w);
    free(flat);
    expect_success(format_text("--model '%s' --ids '1 7 3'", inside("model")));
    expect_output("  unit 5, up to 3.32, on average 0.17; awake for 8 % of the tokens\n"
                  "    wakes for  7  ");
    expect_output("    writes     2  ");
    expect_output("  7            unit    5  3.32   7  ");
}
END_TEST

START_TEST(the_walk_takes_1_to_60_tokens)
{
    make_model(&small_config, NULL);
    for (int T = 1; T <= 60; T += T < 12 ? 1 : 8) {
        expect_success(format_text("--model '%s/model' --ids '%s' --dump '%s/d' "
                                   "--figures '%s/f'",
                                   folder, some_ids(T, 50), folder, folder));
        expect_output(format_text("%d of %d are the same, bit for bit.", T, T));
        expect_output("without GELU by 0.0 %.");
        char *line = strchr((char *)output.data, '\n') + 1; /* below the prompt */
        for (char *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            ck_assert(end != NULL);
            *end = 0;
            ck_assert_msg(text_width(line) <= 80 && !strstr(line, "nan"),
                          "%d tokens: '%s'", T, line);
            *end = '\n';
        }
    }
    expect_success(
        format_text("--model '%s/model' --ids '%s'", folder, some_ids(64, 50)));
    expect_success("--help");
    expect_output("--row");
}
END_TEST

START_TEST(the_readers_own_row_is_normalized)
{
    expect_success("--row '11 5 5 3'");
    expect_output("mean 6.00, spread 3.00, root mean square 6.71 [5, 4]\n");
    expect_output("  layer norm      1.67   -0.33   -0.33   -1.00\n");
    expect_output("  RMS norm        1.64    0.75    0.75    0.45\n");
    expect_success("--row '2,-1, -1'");
    expect_output("  GELU            1.95   -0.16   -0.16\n");
    expect_success("--row 5");
    expect_output("  layer norm      0.00\n");
    expect_success("--row '0 0'");
    ck_assert(strstr((char *)output.data, "nan") == NULL);
    expect_success(format_text("--row '%s'", some_ids(64, 9)));
}
END_TEST

START_TEST(wrong_options_are_named)
{
    make_model(&small_config, NULL);
    char *many = format_text("--row '%s'", some_ids(65, 9));
    const struct {
        const char *arguments, *says;
    } all[] = {
        {"--frobnicate", "--frobnicate"},
        {"norm", "norm: unknown"},
        {"--prompt", "--prompt"},
        {"--ids ''", "--ids"},
        {"--ids x", "'x'"},
        {"--ids '1 -2'", "'-2'"},
        {"--ids 50", "50"},
        {"--ids 99999999999999999999", "99999999999999999999"},
        {"--row", "--row"},
        {"--row ''", "--row"},
        {"--row ' , '", "--row: is empty"},
        {"--row '1 x'", "'x' is not a number"},
        {"--row 4x", "'4x' is not a number"},
        {"--row nan", "'nan' is not a number"},
        {"--row '1 inf'", "inf is out of range, expected -1e+06 to 1e+06"},
        {"--row 1e99", "1e99 is out of range"},
        {"--row '\x01'", "'\\x01' is not a number"},
        {"--row '\rx'", "'\\x0dx' is not a number"},
        {many, "--row: more than 64 numbers"},
        {"--dump /no/such/folder/d --ids 1", "/no/such/folder/d"},
        {"--figures /dev/null/f --ids 1", "/dev/null/f"},
        {"--model /no/such/model", "/no/such/model"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        expect_error(format_text("--model '%s/model' %s", folder, all[i].arguments),
                     all[i].says);
    expect_error(format_text("--model '%s/model' --ids '%s'", folder, some_ids(65, 50)),
                 "65 tokens");
    expect_error(format_text("--model '%s/model' --prompt robot", folder), "/vocab.json");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, four_tokens_by_hand);
    tcase_add_test(t, layer_norm_forgets_size_and_mean);
    tcase_add_test(t, a_row_of_equal_numbers_becomes_the_bias);
    tcase_add_test(t, rms_norm_is_layer_norm_where_the_mean_is_0);
    tcase_add_test(t, norms_agree_with_pytorch);
    tcase_add_test(t, gelu_agrees_with_pytorch);
    tcase_add_test(t, gelu_has_the_shape_that_the_chapter_draws);
    tcase_add_test(t, rows_do_not_see_each_other);
    tcase_add_test(t, the_output_is_what_the_units_write);
    tcase_add_test(t, without_gelu_the_two_layers_are_one_matrix);
    tcase_add_test(t, the_toy_agrees_with_pytorch);
    tcase_add_test(t, the_odd_checkpoint_agrees_with_pytorch);
    ADD_TEST_NEEDING(t, the_shipped_model_agrees_with_pytorch,
                     "models/robots/model.safetensors", "it is not shipped yet");
    tcase_add_test(t, a_planted_unit_is_found_with_both_its_ends);
    tcase_add_test(t, the_walk_takes_1_to_60_tokens);
    tcase_add_test(t, the_readers_own_row_is_normalized);
    tcase_add_test(t, wrong_options_are_named);
    tcase_add_test(t, degenerate_input_prints_numbers);
}

BOOK_TESTS("07_feed_forward", add_tests)
