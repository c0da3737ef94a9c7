/* Tests of chapter 7: layer norm, GELU, the feed-forward layer, its walk and its exercises. */
#include "exercise.h"
#include "reference.h"
#include "../src/07_feed_forward.h"

#define PROGRAM "07_feed_forward"
#include "program.h"
#include "models.h"
#include "mistakes/07_feed_forward.h"

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

static double gelu_exactly(double x)
{
    return 0.5 * x *
           (1 + tanh(sqrt(2 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
}

static void probe_gelu(any_function f, struct outcome *o)
{
    static const float all[] = {1,     -1,   0,     0.5f, -0.5f, 2,  -2,
                                -2.7f, 2.7f, 0.01f, -3,   20,    -20};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        situation(o, "x = %g", (double)all[i]);
        record_number(o, "gelu(x)", (double)TESTED(gelu, f)(all[i]),
                      gelu_exactly((double)all[i]));
    }
}

/* A layer with its weights, T rows, and what should come out. */
struct layer_case {
    int T, C, F;
    float *x, *first, *first_bias, *second, *second_bias;
};

static void probe_layer(any_function f, struct outcome *o, const struct layer_case *l)
{
    const int T = l->T, C = l->C, F = l->F;
    const size_t t = (size_t)T, c = (size_t)C, w = (size_t)F;
    float one[16], (*wide)[F] = grab(t, w * 4), (*bent)[F] = grab(t, w * 4),
                   (*output)[C] = grab(t, c * 4);
    for (int i = 0; i < 16; i++)
        one[i] = 1.5f - (float)i / 8;
    for (int s = 0; s < T; s++) {
        for (int i = 0; i < F; i++) {
            double sum = (double)l->first_bias[i];
            for (int k = 0; k < C; k++)
                sum += (double)l->x[s * C + k] * (double)l->first[k * F + i];
            wide[s][i] = (float)sum;
            bent[s][i] = (float)gelu_exactly(sum);
        }
        for (int k = 0; k < C; k++) {
            double sum = (double)l->second_bias[k];
            for (int i = 0; i < F; i++)
                sum += (double)bent[s][i] * (double)l->second[i * C + k];
            output[s][k] = (float)sum;
        }
    }
    const struct block b = {
        .ln_2_weight = guarded_copy(o, "b->ln_2_weight", c, 4, one),
        .ln_2_bias = guarded_copy(o, "b->ln_2_bias", c, 4, one),
        .mlp_c_fc_weight = guarded_copy(o, "b->mlp_c_fc_weight", c * w, 4, l->first),
        .mlp_c_fc_bias = guarded_copy(o, "b->mlp_c_fc_bias", w, 4, l->first_bias),
        .mlp_c_proj_weight = guarded_copy(o, "b->mlp_c_proj_weight", c * w, 4, l->second),
        .mlp_c_proj_bias = guarded_copy(o, "b->mlp_c_proj_bias", c, 4, l->second_bias),
    };
    struct feed_forward made = {guarded(o, "f->c_fc", t * w, 4),
                                guarded(o, "f->gelu", t * w, 4),
                                guarded(o, "f->output", t * c, 4)};
    const float(*x)[C] = guarded_copy(o, "x", t * c, 4, l->x);
    TESTED(feed_forward, f)(T, C, F, &made, x, &b);
    record(o, "f->c_fc", AXES({T, words}, {F, NULL}), made.c_fc, wide);
    record(o, "f->gelu", AXES({T, words}, {F, NULL}), made.gelu, bent);
    record(o, "f->output", AXES({T, words}, {C, NULL}), made.output, output);
    free(wide);
    free(bent);
    free(output);
}

static void probe_feed_forward(any_function f, struct outcome *o)
{
    float x[12] = {1}, first[64] = {1, -1}, first_bias[16] = {0}, second[64] = {1, 1},
          second_bias[16] = {3};
    const unsigned long before = random_state;
    situation(o, "the example, T = 1, C = 1, F = 2");
    probe_layer(f, o,
                &(struct layer_case){1, 1, 2, x, first, first_bias, second, second_bias});
    static const int shapes[][3] = {{3, 4, 7}, {2, 3, 12}, {4, 2, 3}};
    random_state = 77;
    for (int i = 0; i < 3; i++) {
        const int T = shapes[i][0], C = shapes[i][1], F = shapes[i][2];
        situation(o, "T = %d, C = %d, F = %d", T, C, F);
        fill(12, x, 1.5f);
        fill(64, first, 1.2f);
        fill(16, first_bias, 1);
        fill(64, second, 1.2f);
        fill(16, second_bias, 1);
        probe_layer(
            f, o,
            &(struct layer_case){T, C, F, x, first, first_bias, second, second_bias});
    }
    random_state = before;
}

static void probe_rms_norm(any_function f, struct outcome *o)
{
    static const struct {
        int T, C;
        float epsilon, x[15], weight[5];
    } all[] = {
        {2, 2, 0, {3, 3, -1, 7}, {1, 10}},
        {3,
         5,
         0.5f,
         {1, 2, 3, 4, 5, -1, 0, 0.5f, 0, 1, 0.2f, 0.1f, -0.3f, 0.1f, 0},
         {1, 0.5f, -2, 1.5f, 3}},
        {1, 4, 1e-5f, {0, 0, 0, 0}, {1, 2, 3, 4}},
        {2, 3, 1e-5f, {100, 200, -400, 0.01f, 0.02f, 0.01f}, {2, 1, 0.5f}},
        {3, 1, 4, {1, -2, 0}, {3}},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const int T = all[i].T, C = all[i].C;
        const size_t n = (size_t)T * (size_t)C;
        float want[15];
        for (int t = 0; t < T; t++) {
            double squares = 0;
            for (int c = 0; c < C; c++)
                squares += (double)all[i].x[t * C + c] * (double)all[i].x[t * C + c];
            for (int c = 0; c < C; c++)
                want[t * C + c] = (float)((double)all[i].x[t * C + c] /
                                          sqrt(squares / C + (double)all[i].epsilon) *
                                          (double)all[i].weight[c]);
        }
        situation(o, "T = %d, C = %d, epsilon = %g", T, C, (double)all[i].epsilon);
        const float(*x)[C] = guarded_copy(o, "x", n, 4, all[i].x);
        const float *weight = guarded_copy(o, "weight", (size_t)C, 4, all[i].weight);
        float(*y)[C] = guarded(o, "y", n, 4);
        TESTED(rms_norm, f)(T, C, y, x, weight, all[i].epsilon);
        record(o, "y", AXES({T, words}, {C, NULL}), y, want);
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
     {{0}}},
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
     {{0}}},
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
     {{0}}},
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
            bent[t][u] = (float)gelu_exactly((double)wide[t][u]);
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
    expect_output("  unit 5, up to 3.32, on average 0.17; 8 % of all wake it\n"
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
        expect_output(format_text("the same bit for bit are %d of %d.", T, T));
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
