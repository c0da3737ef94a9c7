/* Tests of chapter 12: tiles compute what plain loops do, for any shape and any number of
 * threads; the fast pass is the teaching pass. */
#include "exercise.h"
#include "../src/09_stack.h"
#include "../src/12_speed.h"

#include "reference.h"

#define PROGRAM "12_speed"
#include "program.h"
#include "mistakes/12_speed.h"
#include "right/12_speed.h"

/* ---- Exercises --------------------------------------------------------------------- */

/* Numbers from -1 to 1, the same on every run. */
static float *some_floats(size_t n, unsigned seed)
{
    float *x = grab(n, sizeof *x);
    uint32_t state = seed * 2654435761u + 1;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525u + 1013904223u;
        x[i] = (float)(state >> 8) / 8388608.0f - 1;
    }
    return x;
}

static void probe_dot_in_sums(any_function f, struct outcome *o)
{
    /* the example; fewer than eight; eights, one less and one more; more than 128 and 1,024; few
     * after many; numbers below 0 in x, in y, of both signs; zeros */
    static const struct {
        int n;
        float scale, shift, y;
        const char *text;
    } all[] = {{3, 0, 0, 0, ": the task's example"},
               {1, 1, 2, 1.5f, ""},
               {2, 1, 2, 1.5f, ""},
               {7, 1, 2, 1.5f, ""},
               {8, 1, 2, 1.5f, ""},
               {9, 1, 2, 1.5f, ""},
               {15, 1, 2, 1.5f, ""},
               {16, 1, 2, 1.5f, ""},
               {131, 1, 2, 1.5f, ""},
               {1029, 1, 2, 1.5f, ""},
               {12, 1, -2, 1.5f, "; all of x is below 0"},
               {13, 1, 2, -1.5f, "; all of y is below 0"},
               {5, 1, 0, 0, "; of both signs"},
               {20, 100, 200, 1.5f, "; up to 300"},
               {11, 0, 0, 1.5f, "; all of x is 0"}};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        const int n = all[c].n;
        float *some_x = some_floats((size_t)n, 20 + (unsigned)c),
              *some_y = some_floats((size_t)n, 40);
        double want = 0;
        for (int i = 0; i < n; i++) {
            some_x[i] = c == 0 ? (float)(i + 1) : all[c].shift + all[c].scale * some_x[i];
            some_y[i] = c == 0 ? (float)(i + 4) : all[c].y + some_y[i];
            want += (double)some_x[i] * (double)some_y[i];
        }
        situation(o, "%d number%s%s", n, n == 1 ? "" : "s", all[c].text);
        const float *x = given(o, "x", AXES({n, NULL}), FLOATS, some_x),
                    *y = given(o, "y", AXES({n, NULL}), FLOATS, some_y);
        record_number(o, "the sum", (double)TESTED(dot_in_sums, f)(n, x, y), want);
        free(some_x);
        free(some_y);
    }
}

static void probe_tile_of_product(any_function f, struct outcome *o)
{
    /* the example; whole tiles at corners and inside, and not at multiples of four; cut off below,
     * on the right, both; one row, one column, one input; many inputs; a wide matrix */
    static const struct {
        int R, I, O, top, left;
        const char *text;
    } all[] = {{2, 2, 2, 1, 0, ": the task's example"},
               {4, 5, 4, 0, 0, ""},
               {9, 3, 10, 4, 4, ""},
               {9, 3, 10, 2, 5, ""},
               {8, 7, 12, 4, 8, ""},
               {7, 6, 9, 4, 4, ", cut off below"},
               {9, 6, 7, 0, 5, ", cut off on the right"},
               {10, 2, 11, 9, 10, ", cut off on both sides"},
               {1, 4, 6, 0, 1, ""},
               {6, 4, 1, 1, 0, ""},
               {5, 1, 5, 1, 1, ""},
               {6, 1031, 5, 1, 0, ""},
               {5, 3, 140, 1, 133, ""},
               {135, 3, 6, 129, 1, ""},
               {3, 2, 3, 0, 0, ""}};
    static const float example_x[] = {1, 2, 3, 4}, example_w[] = {5, 6, 7, 8};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        const int R = all[c].R, I = all[c].I, O = all[c].O;
        const int top = all[c].top, left = all[c].left;
        float *some_x = some_floats((size_t)(R * I), 60 + (unsigned)c),
              *some_w = some_floats((size_t)(I * O), 61),
              *before = some_floats((size_t)(R * O), 62),
              *want = grab((size_t)(R * O), sizeof *want);
        if (c == 0) {
            memcpy(some_x, example_x, sizeof example_x);
            memcpy(some_w, example_w, sizeof example_w);
        }
        memcpy(want, before, (size_t)(R * O) * sizeof *want);
        for (int r = top; r < R && r < top + 4; r++)
            for (int j = left; j < O && j < left + 4; j++) {
                double sum = 0;
                for (int i = 0; i < I; i++)
                    sum += (double)some_x[r * I + i] * (double)some_w[i * O + j];
                want[r * O + j] = (float)sum;
            }
        situation(o, "R %d, I %d, O %d, top %d, left %d%s", R, I, O, top, left,
                  all[c].text);
        const float(*x)[I] = given(o, "x", AXES({R, NULL}, {I, NULL}), FLOATS, some_x),
              (*w)[O] = given(o, "w", AXES({I, NULL}, {O, NULL}), FLOATS, some_w);
        float(*y)[O] = changed(o, "y", AXES({R, NULL}, {O, NULL}), FLOATS, before);
        TESTED(tile_of_product, f)(R, I, O, top, left, y, x, w);
        record(o, "y", AXES({R, NULL}, {O, NULL}), y, want);
        free(some_x);
        free(some_w);
        free(before);
        free(want);
    }
}

/* The order of the calls: which part comes next, and with which stage. */
enum { IN_TURN, STAGES, FROM_THE_END, OVERLAPPING, NESTED };

static int next_call(int order, int parts, int call, int *stage)
{
    const int half = call % parts;
    *stage = call / parts;
    switch (order) {
    case IN_TURN:
        *stage = call % 2;
        return call / 2;
    case STAGES:
        return half;
    case FROM_THE_END:
        return parts - 1 - half;
    case OVERLAPPING: /* 0 begins; 1 begins, 0 ends; 2 begins, 1 ends; … */
        *stage = call > 0 && call % 2 == 0;
        if (call == 2 * parts - 1)
            *stage = 1;
        return *stage ? (call + 1) / 2 - 1 : (call + 1) / 2;
    default:
        return *stage ? parts - 1 - half : half; /* the last that begins ends first */
    }
}

static void probe_add_part(any_function f, struct outcome *o)
{
    static const char *const orders[] = {
        "one after the other", "all stages 0, then all stages 1", "the same, backwards",
        "each begins before the one before it ends", "the last that begins ends first"};
    static const struct {
        int parts, I, O, order;
        bool zero; /* no bias */
    } all[] = {{1, 3, 2, IN_TURN, false},        {2, 4, 3, IN_TURN, true},
               {2, 4, 3, STAGES, true},          {2, 5, 3, OVERLAPPING, false},
               {3, 10, 4, FROM_THE_END, false},  {3, 7, 1, OVERLAPPING, false},
               {4, 9, 5, NESTED, false},         {5, 3, 4, STAGES, false},
               {8, 1031, 6, OVERLAPPING, false}, {2, 3, 1031, STAGES, false},
               {67, 70, 3, NESTED, false},       {4, 8, 2, IN_TURN, false},
               {2, 1, 2, STAGES, false},         {3, 6, 131, FROM_THE_END, true}};
    for (size_t c = 0; c < sizeof all / sizeof *all; c++) {
        const int parts = all[c].parts, I = all[c].I, O = all[c].O;
        float *some_x = some_floats((size_t)I, 80 + (unsigned)c),
              *some_w = some_floats((size_t)(I * O), 81),
              *bias = some_floats((size_t)O, 82), *want = grab((size_t)O, sizeof *want);
        for (int j = 0; j < O; j++) {
            bias[j] = all[c].zero ? 0 : bias[j];
            double sum = (double)bias[j];
            for (int i = 0; i < I; i++)
                sum += (double)some_x[i] * (double)some_w[i * O + j];
            want[j] = (float)sum;
        }
        situation(o, "%d part%s of %d inputs, %d outputs: %s", parts,
                  parts == 1 ? "" : "s", I, O, orders[all[c].order]);
        const float *x = given(o, "x", AXES({I, NULL}), FLOATS, some_x),
                    (*w)[O] = given(o, "w", AXES({I, NULL}, {O, NULL}), FLOATS, some_w);
        float *y = changed(o, "y", AXES({O, NULL}), FLOATS, bias),
              (*scratch)[O] =
                  written(o, "scratch", AXES({parts, NULL}, {O, NULL}), FLOATS);
        for (int call = 0; call < 2 * parts; call++) {
            int stage;
            const int part = next_call(all[c].order, parts, call, &stage);
            TESTED(add_part, f)(part, parts, stage, I, O, y, scratch, x, w);
            if (stage == 0 && call == 0) /* no part has come to its stage 1 */
                record(o, "y after a stage 0", AXES({O, NULL}), y, bias);
        }
        record(o, "y", AXES({O, NULL}), y, want);
        free(some_x);
        free(some_w);
        free(bias);
        free(want);
    }
}

static float of_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void probe_to_bfloat16(any_function f, struct outcome *o)
{
    static const struct {
        const char *text;
        uint32_t bits[8];
    } all[] = {
        {"the task's examples",
         {0x3F800000, 0x3F810000, 0x3F808312, 0x3F808000, 0x3F818000, 0x3F807FFF,
          0x3F808001, 0x3F817FFF}},
        {"nothing to round",
         {0, 0x80000000, 0xC0400000, 0x40490000, 0x7F7F0000, 0xFF7F0000, 0x00010000,
          0x00800000}},
        {"in the middle",
         {0x40008000, 0x40018000, 0xC0028000, 0xC0038000, 0x3DCC8000, 0x3DCD8000,
          0xBDCE8000, 0x477F8000}},
        {"just beside the middle",
         {0x40008001, 0x40017FFF, 0xC0028001, 0xC0037FFF, 0x3DCC8001, 0x3DCD7FFF,
          0xBDCE8001, 0x477F7FFF}},
        {"numbers as they come",
         {0x3DCCCCCD, 0xBDCCCCCD, 0x40490FDB, 0xC02DF854, 0x42F6E979, 0x4B7FFFFF,
          0xCB000001, 0x3EAAAAAB}},
        {"full fractions",
         {0x3FFFFFFF, 0xBFFF8000, 0x3FFF7FFF, 0x407FC000, 0xC2FFFFFF, 0x00FFFFFF,
          0x007FFFFF, 0x807FC000}},
        {"the tiniest",
         {0x00000001, 0x80000001, 0x00007FFF, 0x00008000, 0x00008001, 0x80018000,
          0x0000FFFF, 0x00028000}},
        {"the largest",
         {0x7F7F7FFF, 0x7F7F8000, 0x7F7F8001, 0xFF7FFFFF, 0x7F7EFFFF, 0xFF7E8000,
          0x7F7E7FFF, 0xFF7F0001}},
        {"infinities and NaN",
         {0x7F800000, 0xFF800000, 0x7FC00000, 0xFFC00000, 0x7F800001, 0xFF800001,
          0x7FFFFFFF, 0xFFFFFFFF}},
    };
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        enum { N = 8 };
        float got[N], want[N];
        situation(o, "%s", all[n].text);
        for (int i = 0; i < N; i++) {
            const uint32_t bits = all[n].bits[i], rest = bits & 0xFFFF;
            const uint32_t up =
                rest > 0x8000 || (rest == 0x8000 && bits >> 16 & 1) ? 0x10000 : 0;
            got[i] = bfloat16_to_float(TESTED(to_bfloat16, f)(of_bits(bits)));
            want[i] = isnan(of_bits(bits)) ? NAN : of_bits((bits & 0xFFFF0000) + up);
        }
        record_exactly(o, "the numbers", AXES({N, NULL}), got, want);
    }
}

static void probe_quantize_group(any_function f, struct outcome *o)
{
    /* In the middle lies only what does so exactly: there the scale is a power of two. */
    static const struct {
        const char *text;
        int n;
        float w[12];
        float scale; /* 0: the largest divided by 127 */
    } all[] = {
        {"the task's example", 6, {254, -100, 3, 5, 1, 0}, 2},
        {"one number", 1, {-3}, 0},
        {"one number, 0", 1, {0}, 0},
        {"all are 0", 5, {0, -0.0f, 0, 0, 0}, 0},
        {"the largest is negative", 6, {0.2f, -0.9f, 0.5f, -0.3f, 0.8f, 0.01f}, 0},
        {"the largest is the last", 7, {0.1f, -0.2f, 0.3f, 0.11f, 0, -0.4f, 0.7f}, 0},
        {"in the middle, positive",
         8,
         {127, 0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 125.5f, 126.5f},
         1},
        {"in the middle, negative",
         8,
         {-31.75f, -0.125f, -0.375f, -0.625f, -0.875f, -1.125f, -31.375f, -31.625f},
         0.25f},
        {"beside the middle", 7, {508, 1.9f, 2.1f, -5.9f, -6.1f, 10.1f, -9.9f}, 4},
        {"one is much larger than the others", 5, {1e6f, 1, -2, 3, 0.5f}, 0},
        {"small numbers", 6, {1e-30f, -3e-31f, 7e-31f, 2.2e-31f, 0, -1e-30f}, 0},
        {"large numbers", 6, {3.4e38f, -1e38f, 2.1e38f, -3.4e38f, 5e37f, 0}, 0},
        {"the tiniest: the scale is 0", 4, {2.8e-45f, -1.4e-45f, 7e-45f, 0}, 0},
        {"the tiniest: q would be 190",
         4,
         {2.6624670e-43f, -2.6624670e-43f, 1.4e-45f, 0},
         0},
        {"the tiniest: q would be 128",
         4,
         {1.7936620e-43f, -1.7936620e-43f, 1.4e-45f, 0},
         0},
        {"the scale is the smallest float",
         4,
         {1.7796491e-43f, -1.7796491e-43f, 2.8e-45f, 0},
         0},
    };
    for (size_t k = 0; k < sizeof all / sizeof *all + 1; k++) {
        /* the last: more than 1,024 numbers */
        const bool many = k == sizeof all / sizeof *all;
        const int n = many ? 1031 : all[k].n;
        float *some = many ? some_floats((size_t)n, 8) : grab((size_t)n, sizeof *some);
        int8_t *q;
        int *got = grab((size_t)n, sizeof *got), *want = grab((size_t)n, sizeof *want);
        if (!many)
            memcpy(some, all[k].w, (size_t)n * sizeof *some);
        float largest = 0;
        for (int i = 0; i < n; i++)
            largest = fmaxf(largest, fabsf(some[i]));
        const float scale = !many && all[k].scale > 0 ? all[k].scale : largest / 127;
        for (int i = 0; i < n; i++) {
            /* not by rounding whole: the candidates around are compared */
            const double x = scale > 0 ? (double)some[i] / (double)scale : 0;
            int best = -127;
            for (int c = -127; c <= 127; c++) {
                const double a = fabs(x - c), b = fabs(x - best);
                if (a < b || (a == b && c % 2 == 0))
                    best = c;
            }
            want[i] = best;
            /* what lies so near to the middle that rounding could decide is left out */
            const double rest = fabs(fabs(x - floor(x)) - 0.5);
            if (rest > 0 && rest < 1e-4 * fabs(x) && fabs(x) < 127)
                some[i] = 0, want[i] = 0;
        }
        situation(o, "%s", many ? "1031 numbers" : all[k].text);
        const float *w = given(o, "w", AXES({n, NULL}), FLOATS, some);
        q = written(o, "q", AXES({n, NULL}), BYTES);
        const float returned = TESTED(quantize_group, f)(n, q, w);
        for (int i = 0; i < n; i++)
            got[i] = q[i];
        record_ints(o, "q", n, n, got, n, want, NULL);
        record_number(o, "the scale", (double)returned, (double)scale);
        free(some);
        free(got);
        free(want);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(dot_in_sums),
     {
         MISTAKE(wrong_dot_in_sums_no_rest),
         MISTAKE(wrong_dot_in_sums_rest_alone),
         MISTAKE(wrong_dot_in_sums_rest_twice),
         MISTAKE(wrong_dot_in_sums_first_only),
         MISTAKE(wrong_dot_in_sums_seven),
         MISTAKE(wrong_dot_in_sums_squares),
         MISTAKE(wrong_dot_in_sums_first_left_out),
     },
     {
         RIGHT(right_dot_in_sums_as_hinted),
         RIGHT(right_dot_in_sums_plain),
         RIGHT(right_dot_in_sums_four),
         RIGHT(right_dot_in_sums_in_double),
     }},
    {EXERCISE(tile_of_product),
     {
         MISTAKE(wrong_tile_of_product_added),
         MISTAKE(wrong_tile_of_product_last_input),
         MISTAKE(wrong_tile_of_product_at_0),
         MISTAKE(wrong_tile_of_product_swapped),
         MISTAKE(wrong_tile_of_product_whole_only),
         MISTAKE(wrong_tile_of_product_three),
         MISTAKE(wrong_tile_of_product_everything),
         MISTAKE(wrong_tile_of_product_square),
     },
     {
         RIGHT(right_tile_of_product_as_hinted),
         RIGHT(right_tile_of_product_dots),
         RIGHT(right_tile_of_product_in_double),
         RIGHT(right_tile_of_product_in_place),
     }},
    {EXERCISE(add_part),
     {
         MISTAKE(wrong_add_part_shared),
         MISTAKE(wrong_add_part_put),
         MISTAKE(wrong_add_part_not_cleared),
         MISTAKE(wrong_add_part_first_row),
         MISTAKE(wrong_add_part_all_rows),
         MISTAKE(wrong_add_part_at_once),
         MISTAKE(wrong_add_part_equal),
         MISTAKE(wrong_add_part_whole),
     },
     {
         RIGHT(right_add_part_as_hinted),
         RIGHT(right_add_part_late),
         RIGHT(right_add_part_other_row),
         RIGHT(right_add_part_by_outputs),
     }},
    {EXERCISE(to_bfloat16),
     {
         MISTAKE(wrong_to_bfloat16_cut),
         MISTAKE(wrong_to_bfloat16_half_up),
         MISTAKE(wrong_to_bfloat16_half_down),
         MISTAKE(wrong_to_bfloat16_half_odd),
         MISTAKE(wrong_to_bfloat16_up),
         MISTAKE(wrong_to_bfloat16_nan),
         MISTAKE(wrong_to_bfloat16_half_up_nan),
         MISTAKE(wrong_to_bfloat16_nan_cut),
         MISTAKE(wrong_to_bfloat16_saturates),
         MISTAKE(wrong_to_bfloat16_no_carry),
         MISTAKE(wrong_to_bfloat16_number),
     },
     {
         RIGHT(right_to_bfloat16_as_hinted),
         RIGHT(right_to_bfloat16_by_steps),
         RIGHT(right_to_bfloat16_nearer),
     }},
    {EXERCISE(quantize_group),
     {
         MISTAKE(wrong_quantize_group_cut),
         MISTAKE(wrong_quantize_group_half_away),
         MISTAKE(wrong_quantize_group_half_up),
         MISTAKE(wrong_quantize_group_128),
         MISTAKE(wrong_quantize_group_signed),
         MISTAKE(wrong_quantize_group_nan),
         MISTAKE(wrong_quantize_group_zero),
         MISTAKE(wrong_quantize_group_wraps),
         MISTAKE(wrong_quantize_group_half_away_wraps),
         MISTAKE(wrong_quantize_group_inverse),
         MISTAKE(wrong_quantize_group_not_first),
         MISTAKE(wrong_quantize_group_255),
     },
     {
         RIGHT(right_quantize_group_as_hinted),
         RIGHT(right_quantize_group_in_double),
         RIGHT(right_quantize_group_by_hand),
     }},
};

/* ---- Products ---------------------------------------------------------------------- */

static void use_threads(int n)
{
#ifdef _OPENMP
    omp_set_num_threads(n);
#else
    (void)n;
#endif
}

/* Sums as plain loops in double make them; one of three products. */
static float *plain_product(int kind, int M, int N, int K, const float *a, const float *b,
                            const float *bias, const float *before)
{
    float *c = grab((size_t)M * (size_t)N, sizeof *c);
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            double sum = kind == 2 ? (double)before[(size_t)i * (size_t)N + (size_t)j]
                         : bias    ? (double)bias[j]
                                   : 0;
            for (int k = 0; k < K; k++) {
                const size_t ik = (size_t)i * (size_t)K + (size_t)k,
                             ki = (size_t)k * (size_t)M + (size_t)i,
                             kj = (size_t)k * (size_t)N + (size_t)j,
                             jk = (size_t)j * (size_t)K + (size_t)k;
                sum += (double)a[kind == 2 ? ki : ik] * (double)b[kind == 1 ? jk : kj];
            }
            c[(size_t)i * (size_t)N + (size_t)j] = (float)sum;
        }
    return c;
}

static const int shapes[][3] = {
    {1, 1, 1},     {1, 7, 3},       {5, 1, 9},        {6, 16, 4},
    {7, 17, 5},    {13, 33, 300},   {12, 32, 256},    {97, 40, 257},
    {200, 3, 513}, {3, 2500, 10},   {64, 2049, 17},   {193, 100, 64},
    {1, 300, 300}, {128, 128, 512}, {2 * 96, 96, 96}, {31, 4097, 3},
};

/* Each tensor in memory of its own size: the sanitizer sees one float too many. */
START_TEST(products_of_any_shape)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int kind = 0; kind < 3; kind++)
            for (int biased = 0; biased < 2; biased++) {
                const int M = shapes[s][0], N = shapes[s][1], K = shapes[s][2];
                float *a = some_floats((size_t)M * (size_t)K, 1);
                float *b = some_floats((size_t)N * (size_t)K, 2);
                float *bias = biased && kind == 0 ? some_floats((size_t)N, 3) : NULL;
                float *c = some_floats((size_t)M * (size_t)N, 4);
                float *want = plain_product(kind, M, N, K, a, b, bias, c);
                use_threads(1 + (int)s % 3);
                if (kind == 0)
                    product(M, K, N, (void *)c, (void *)a, (void *)b, bias);
                else if (kind == 1)
                    product_with_rows(M, K, N, (void *)c, (void *)a, (void *)b);
                else
                    add_product_of_columns(K, M, N, (void *)c, (void *)a, (void *)b);
                char *name = format_text("product %d of %d x %d x %d", kind, M, K, N);
                check_tensor(name, AXES({M, NULL}, {N, NULL}), c, want);
                free(name);
                free(a);
                free(b);
                free(bias);
                free(c);
                free(want);
            }
}
END_TEST

/* Each rung of the climb, on all the shapes and on those with one more, one less, or two in each
 * direction than whole vectors, tiles and blocks. */
static rung *const rungs[] = {output_outside, input_outside, in_vectors,
                              dozen_sums,     in_tiles,      in_blocks};

static void climb(int R, int O, int I)
{
    float *x = some_floats((size_t)R * (size_t)I, 1),
          *w = some_floats((size_t)O * (size_t)I, 2);
    float *want = plain_product(0, R, O, I, x, w, NULL, NULL);
    for (size_t n = 0; n < sizeof rungs / sizeof *rungs; n++) {
        float *y = some_floats((size_t)R * (size_t)O, 3);
        rungs[n](R, I, O, (void *)y, (void *)x, (void *)w);
        char *name = format_text("rung %zu of %d x %d x %d", n + 1, R, I, O);
        check_tensor(name, AXES({R, NULL}, {O, NULL}), y, want);
        free(name);
        free(y);
    }
    free(x);
    free(w);
    free(want);
}

START_TEST(every_rung_of_any_shape)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        climb(shapes[s][0], shapes[s][1], shapes[s][2]);
    static const int rows[] = {1, TILE_ROWS, DOZEN + 1, 2 * TILE_ROWS * DOZEN - 1},
                     outputs[] = {LANES - 1, LANES + 1, TILE_COLUMNS + 2, 256 + LANES},
                     inputs[] = {1, DEPTH - 1, DEPTH + 1, 2 * DEPTH};
    for (int r = 0; r < 4; r++)
        for (int o = 0; o < 4; o++)
            for (int i = 0; i < 4; i++)
                climb(rows[r], outputs[o], inputs[i]);
}
END_TEST

/* The numbers of the chapter's arithmetic by hand. */
START_TEST(the_arithmetic_by_hand)
{
    ck_assert_double_eq_tol(8 * 2 * 2 * 3.5, 112,
                            1e-9); /* lanes, units, operations, GHz */
    ck_assert_double_eq_tol(20.0 / sizeof(float) * 2, 10, 1e-9);
    ck_assert_double_eq_tol(112.0 / 10, 11.2, 1e-9);
    ck_assert_int_eq((512 + 5) / 6, 86); /* tiles of 6 rows */
    ck_assert_int_eq(3072 * sizeof(float), 12288);
    ck_assert_int_eq(12288 % 4096, 0);
    ck_assert_double_eq_tol(1e-6 * 768 * 3072 * sizeof(float), 9.4, 0.05); /* MB of w */
    ck_assert_int_eq(32768 / 8, 4096); /* a first cache with 8 places for a line */
    ck_assert_int_eq(64 / sizeof(float), 16);
    ck_assert_double_eq_tol(1 - log(2), 0.3069, 5e-5);
    const double r = 0.3069, e_r = 1 + r + r * r / 2 + r * r * r / 6;
    ck_assert_double_eq_tol(e_r, 1.3588, 5e-5);
    ck_assert_double_eq_tol(2 * 1.3588, 2.7176, 1e-9);
}
END_TEST

/* What measures the limits does the work that is counted. */
START_TEST(the_limits_are_worked_for)
{
    static const int sums[] = {1, 2, 3, 4, 6, 8, 10, 12};
    for (size_t n = 0; n < sizeof sums / sizeof *sums; n++) {
        double want = 0;
        for (int i = 0; i < sums[n]; i++) {
            double sum = i;
            for (int round = 0; round < 1000; round++)
                sum = sum * (double)0.999f + (double)0.001f;
            want += sum;
        }
        ck_assert(fabs((double)multiply_adds(sums[n], 1000) - want) < 1e-4 * want + 1e-4);
    }
    enum { N = PARTS * STREAMS * LANES * 5 };
    float *x = grab(N, sizeof *x);
    for (int i = 0; i < N; i++)
        x[i] = 1;
    ck_assert(read_memory(N, x) == N);
    free(x);
}
END_TEST

START_TEST(products_are_the_same_for_any_number_of_threads)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const int M = shapes[s][0], N = shapes[s][1], K = shapes[s][2];
        const size_t size = (size_t)M * (size_t)N;
        float *a = some_floats((size_t)M * (size_t)K, 1);
        float *b = some_floats((size_t)N * (size_t)K, 2);
        float *one = grab(size, sizeof *one), *many = grab(size, sizeof *many);
        use_threads(1);
        product(M, K, N, (void *)one, (void *)a, (void *)b, NULL);
        for (int threads = 2; threads <= 5; threads++) {
            use_threads(threads);
            product(M, K, N, (void *)many, (void *)a, (void *)b, NULL);
            ck_assert_msg(memcmp(one, many, size * sizeof *one) == 0,
                          "%d x %d x %d: %d threads compute something else than one", M,
                          K, N, threads);
        }
        free(a);
        free(b);
        free(one);
        free(many);
    }
}
END_TEST

/* One unit in the last place of a float is up to 1.2e-7 of it. */
START_TEST(exponentials)
{
    for (double x = -86.9; x < 88; x += 0.0137) {
        const lanes e = exp_lanes(spread((float)x));
        const double want = exp((double)(float)x);
        for (int i = 0; i < LANES; i++)
            ck_assert_msg(fabs((double)e[i] / want - 1) < 2e-7,
                          "e^%g: got %.9g, want %.9g", x, (double)e[i], want);
    }
    const lanes low = exp_lanes(spread(-INFINITY)), zero = exp_lanes(spread(0));
    ck_assert(low[0] >= 0 && low[0] < 1e-37f);
    ck_assert(zero[0] == 1);
    for (int n = 1; n <= 2 * LANES + 3; n++) {
        float *x = some_floats((size_t)n, 5), *y = grab((size_t)n, sizeof *y);
        double want = 0;
        for (int i = 0; i < n; i++)
            want += exp((double)x[i] - 0.5);
        const float sum = exp_row(n, y, x, 0.5f);
        ck_assert(fabs((double)sum / want - 1) < 1e-6);
        for (int i = 0; i < n; i++)
            ck_assert(fabs((double)y[i] / exp((double)x[i] - 0.5) - 1) < 3e-7);
        free(x);
        free(y);
    }
}
END_TEST

START_TEST(gelu_is_chapter_sevens)
{
    enum { N = 1003 };
    float x[N], got[N], want[N];
    for (int i = 0; i < N; i++) {
        x[i] = 0.02f * (float)(i - N / 2);
        want[i] = gelu(x[i]);
    }
    gelu_row(N, got, x);
    check_tensor("gelu", AXES({N, NULL}), got, want);
}
END_TEST

/* A model of the given shape with weights of its own, in one array. */
static float *some_model(struct config *c, struct weights *w, int positions, int V, int C,
                         int H, int L, int F)
{
    *c = (struct config){
        .positions = positions, .V = V, .C = C, .H = H, .L = L, .F = F, .epsilon = 1e-5f};
    float *flat = some_floats(parameter_count(c), 7);
    for (size_t i = 0; i < parameter_count(c); i++)
        flat[i] *= 0.6f;
    *w = lay_out_weights(c, flat);
    return flat;
}

/* Both passes on B texts of T tokens: every tensor that both have. */
static void compare_passes(const struct config *c, const struct weights *w, int B, int T)
{
    const int C = c->C, H = c->H, D = C / H, R = B * T;
    struct fast_pass p = new_fast_pass(B, T, c);
    int *ids = grab((size_t)R, sizeof *ids);
    for (int i = 0; i < R; i++)
        ids[i] = (i * 7919 + 13) % c->V;
    fast_forward(c, &p, ids, w);
    for (int b = 0; b < B; b++) {
        struct stack s = new_stack(T, c);
        run_stack(T, c, &s, ids + b * T, w);
        for (int l = 0; l < c->L; l++) {
            const struct fast_block *h = &p.h[l];
            const struct block_steps *want = &s.h[l];
            const size_t row = (size_t)b * (size_t)T * (size_t)C;
            float(*qkv)[3 * C] = (float(*)[3 * C]) h->qkv + b * T;
            float(*weights)[T] = (float(*)[T])h->weights + b * H * T;
            check_tensor("ln_1", AXES({T, NULL}, {C, NULL}), (float *)h->ln_1 + row,
                         want->ln_1);
            check_tensor("qkv", AXES({T, NULL}, {3 * C, NULL}), qkv, want->attention.qkv);
            check_tensor("attn.weights", AXES({H, NULL}, {T, NULL}, {T, NULL}), weights,
                         want->attention.weights);
            check_tensor("attn.context", AXES({T, NULL}, {C, NULL}),
                         (float *)h->context + row, want->attention.context);
            check_tensor("mid", AXES({T, NULL}, {C, NULL}), (float *)h->mid + row,
                         want->mid);
            check_tensor("ln_2", AXES({T, NULL}, {C, NULL}), (float *)h->ln_2 + row,
                         want->ln_2);
            check_tensor("mlp.gelu", AXES({T, NULL}, {c->F, NULL}),
                         (float *)h->gelu + (size_t)b * (size_t)T * (size_t)c->F,
                         want->mlp.gelu);
            check_tensor("output", AXES({T, NULL}, {C, NULL}), (float *)h->output + row,
                         want->output);
        }
        check_tensor("logits", AXES({T, NULL}, {c->V, NULL}),
                     (float *)p.logits + (size_t)b * (size_t)T * (size_t)c->V, s.logits);
        free_stack(&s);
    }
    (void)D;
    free(ids);
    free_fast_pass(&p, c);
}

START_TEST(the_fast_pass_is_the_teaching_pass)
{
    static const int models[][8] = {
        /* positions, V, C, H, L, F, B, T */
        {8, 17, 8, 2, 2, 32, 2, 6},    {40, 50, 15, 3, 2, 31, 3, 37},
        {16, 9, 5, 1, 1, 7, 1, 1},     {70, 100, 66, 2, 1, 64, 2, 65},
        {20, 33, 24, 8, 1, 96, 1, 20}, {9, 8, 4, 4, 3, 16, 5, 9},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const int *m = models[i];
        struct config c;
        struct weights w;
        float *flat = some_model(&c, &w, m[0], m[1], m[2], m[3], m[4], m[5]);
        use_threads(1 + (int)i % 3);
        compare_passes(&c, &w, m[6], m[7]);
        free_weights(&w);
        free(flat);
    }
}
END_TEST

START_TEST(the_same_on_the_books_models)
{
    static const char *const folders[] = {"models/robots", "tests/reference/odd"};
    for (int i = 0; i < 2; i++) {
        struct checkpoint m = load_checkpoint(folders[i]);
        use_threads(2);
        compare_passes(&m.config, &m.weights, 2, smaller(m.config.positions, 40));
        free_checkpoint(&m);
    }
}
END_TEST

START_TEST(a_pass_is_the_same_for_any_number_of_threads)
{
    struct config c;
    struct weights w;
    float *flat = some_model(&c, &w, 40, 300, 48, 3, 2, 192);
    enum { B = 3, T = 40 };
    int ids[B * T];
    for (int i = 0; i < B * T; i++)
        ids[i] = i * 31 % c.V;
    struct fast_pass one = new_fast_pass(B, T, &c), many = new_fast_pass(B, T, &c);
    use_threads(1);
    fast_forward(&c, &one, ids, &w);
    for (int threads = 2; threads <= 4; threads++) {
        use_threads(threads);
        fast_forward(&c, &many, ids, &w);
        ck_assert(memcmp(one.logits, many.logits, sizeof(float) * B * T * (size_t)c.V) ==
                  0);
    }
    free_fast_pass(&one, &c);
    free_fast_pass(&many, &c);
    free_weights(&w);
    free(flat);
}
END_TEST

/* The same text read at once, in pieces, and token by token, with all logits and with the last
 * only: the logits of the teaching pass. */
static void compare_readers(const struct config *c, const struct weights *w, int T)
{
    const int V = c->V;
    int *ids = grab((size_t)T, sizeof *ids);
    for (int i = 0; i < T; i++)
        ids[i] = (i * 7919 + 5) % V;
    struct stack s = new_stack(T, c);
    run_stack(T, c, &s, ids, w);
    const float(*want)[V] = s.logits;
    static const int pieces[] = {0, 1, 2, 3, 7};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++)
        for (int whole = 0; whole < 2; whole++) {
            struct fast_reader r = new_fast_reader(c, w, T + (int)p);
            float(*all)[V] = whole ? grab((size_t)T, sizeof *all) : NULL;
            use_threads(1 + (int)p % 3);
            for (int t = 0, n; t < T; t += n) {
                n = pieces[p] ? smaller(pieces[p], T - t) : T;
                const float *last = fast_read(&r, n, ids + t, all ? all[t] : NULL);
                check_tensor("last logits", AXES({V, NULL}), last, want[t + n - 1]);
            }
            ck_assert_int_eq(r.used, T);
            if (all)
                check_tensor("logits", AXES({T, NULL}, {V, NULL}), all, want);
            free(all);
            free_fast_reader(&r);
        }
    free(ids);
    free_stack(&s);
}

START_TEST(reading_on_with_a_cache)
{
    static const int models[][7] = {
        {8, 17, 8, 2, 2, 32, 6},     {40, 50, 15, 3, 2, 31, 37}, {16, 9, 5, 1, 1, 7, 1},
        {70, 100, 66, 2, 1, 64, 65}, {20, 33, 24, 8, 1, 96, 20},
    };
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        const int *m = models[i];
        struct config c;
        struct weights w;
        float *flat = some_model(&c, &w, m[0], m[1], m[2], m[3], m[4], m[5]);
        compare_readers(&c, &w, m[6]);
        free_weights(&w);
        free(flat);
    }
    struct checkpoint m = load_checkpoint("models/robots");
    compare_readers(&m.config, &m.weights, 50);
    free_checkpoint(&m);
}
END_TEST

/* ---- Fewer bits -------------------------------------------------------------------- */

static const enum weight_kind narrow_kinds[] = {BF16, INT8};

/* A matrix of floats, packed; turned: its columns are the rows of w [N, K]. */
static struct packed *packed_from(enum weight_kind kind, int K, int N, const float *w,
                                  bool turned)
{
    struct packing seen = {0};
    const struct view v = {w, turned ? 1 : (size_t)N, turned ? (size_t)K : 1, NULL};
    struct packed *p = pack_matrix(kind, K, N, v, &seen);
    ck_assert(!seen.huge);
    return p;
}

/* A BF16 number is off by at most one half of its last bit, 2^-8 of its size; an INT8 one by
 * one half of its scale, 1/254 of the largest in its group. */
START_TEST(packed_numbers_are_near)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int turned = 0; turned < 2; turned++) {
            const int N = shapes[s][1], K = shapes[s][2];
            float *w = some_floats((size_t)N * (size_t)K, 2);
            struct packed *b = packed_from(BF16, K, N, w, turned),
                          *q = packed_from(INT8, K, N, w, turned);
            for (int k = 0; k < K; k++)
                for (int group = 0; group < N; group += PANEL) {
                    const int end = smaller(N, group + PANEL);
                    double largest = 0;
                    for (int pass = 0; pass < 2; pass++)
                        for (int j = group; j < end; j++) {
                            const double x =
                                (double)w[turned ? (size_t)j * (size_t)K + (size_t)k
                                                 : (size_t)k * (size_t)N + (size_t)j];
                            if (pass == 0) {
                                largest = fmax(largest, fabs(x));
                                continue;
                            }
                            const double narrow = (double)packed_number(b, k, j),
                                         whole = (double)packed_number(q, k, j);
                            /* (Check notes each of its assertions: a million take seconds.) */
                            if (!(fabs(narrow - x) <= ldexp(fabs(x), -8)))
                                ck_abort_msg("bf16 [%d, %d]: %g became %g", k, j, x,
                                             narrow);
                            if (!(fabs(whole - x) <= largest / 254 * 1.00001))
                                ck_abort_msg("int8 [%d, %d]: %g became %g", k, j, x,
                                             whole);
                        }
                }
            free_packed(b);
            free_packed(q);
            free(w);
        }
}
END_TEST

/* Products with weights of fewer bits are those with the same weights as floats, in double. And
 * beside the weights before, they are off by no more than what was rounded could add up to. */
START_TEST(products_with_fewer_bits)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int which = 0; which < 2; which++)
            for (int biased = 0; biased < 2; biased++) {
                const enum weight_kind kind = narrow_kinds[which];
                const int M = shapes[s][0], N = shapes[s][1], K = shapes[s][2];
                float *x = some_floats((size_t)M * (size_t)K, 1);
                float *w = some_floats((size_t)N * (size_t)K, 2), *same;
                float *bias = biased ? some_floats((size_t)N, 3) : NULL;
                float(*y)[N] = grab((size_t)M, sizeof *y);
                struct packed *p = packed_from(kind, K, N, w, false);
                same = grab((size_t)N * (size_t)K, sizeof *same);
                for (int k = 0; k < K; k++)
                    for (int j = 0; j < N; j++)
                        same[(size_t)k * (size_t)N + (size_t)j] = packed_number(p, k, j);
                float *want = plain_product(0, M, N, K, x, same, bias, NULL),
                      *before = plain_product(0, M, N, K, x, w, bias, NULL);
                use_threads(1 + (int)s % 3);
                product_of(kind, M, K, N, y, (void *)x, p, bias);
                char *name =
                    format_text("product of kind %d, %d x %d x %d", kind, M, K, N);
                check_tensor(name, AXES({M, NULL}, {N, NULL}), y, want);
                for (int i = 0; i < M; i++) {
                    double all = 0;
                    for (int k = 0; k < K; k++)
                        all += fabs((double)x[(size_t)i * (size_t)K + (size_t)k]);
                    /* no weight is larger than 1 */
                    const double most =
                        all * (kind == BF16 ? 1.0 / 512 : 1.0 / 254) + 1e-5 * (1 + all);
                    for (int j = 0; j < N; j++)
                        if (!(fabs((double)y[i][j] -
                                   (double)before[(size_t)i * (size_t)N + (size_t)j]) <=
                              most))
                            ck_abort_msg("%s [%d, %d]", name, i, j);
                }
                free(name);
                free(x);
                free(w);
                free(same);
                free(bias);
                free(y);
                free(want);
                free(before);
                free_packed(p);
            }
}
END_TEST

START_TEST(fewer_bits_are_the_same_for_any_number_of_threads)
{
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int which = 0; which < 2; which++) {
            const enum weight_kind kind = narrow_kinds[which];
            const int M = shapes[s][0], N = shapes[s][1], K = shapes[s][2];
            const size_t size = (size_t)M * (size_t)N;
            float *x = some_floats((size_t)M * (size_t)K, 1);
            float *w = some_floats((size_t)N * (size_t)K, 2);
            float *one = grab(size, sizeof *one), *many = grab(size, sizeof *many);
            use_threads(1);
            struct packed *p = packed_from(kind, K, N, w, false);
            product_of(kind, M, K, N, (void *)one, (void *)x, p, NULL);
            for (int threads = 2; threads <= 3; threads++) {
                use_threads(threads);
                struct packed *again = packed_from(kind, K, N, w, false);
                const size_t panels = (size_t)(N + PANEL - 1) / PANEL;
                for (size_t i = 0; i < panels; i++)
                    ck_assert(memcmp(panel_rows(p, (int)i), panel_rows(again, (int)i),
                                     (size_t)K * PANEL / (size_t)per_word(kind) * 4) ==
                              0);
                product_of(kind, M, K, N, (void *)many, (void *)x, again, NULL);
                ck_assert(memcmp(one, many, size * sizeof *one) == 0);
                free_packed(again);
            }
            free_packed(p);
            free(x);
            free(w);
            free(one);
            free(many);
        }
}
END_TEST

/* A model in tests' memory as one that was loaded; it owns its numbers. */
static struct checkpoint loaded(const struct config *c, float *flat)
{
    return (struct checkpoint){
        .config = *c, .weights = lay_out_weights(c, flat), .converted = flat};
}

/* A narrow model computes what a model of floats does that has the same numbers: packed once,
 * and put back. Read in pieces, with a cache, it gives what the pass gives. */
START_TEST(a_narrow_model_is_a_model)
{
    static const int models[][7] = {{8, 17, 8, 2, 2, 32, 6},
                                    {40, 150, 15, 3, 2, 31, 37},
                                    {20, 33, 24, 8, 1, 200, 20}};
    for (size_t i = 0; i < sizeof models / sizeof *models; i++)
        for (int which = 0; which < 2; which++) {
            const int *m = models[i], T = m[6], V = m[1];
            struct config c;
            struct weights w;
            float *flat = some_model(&c, &w, m[0], V, m[2], m[3], m[4], m[5]);
            struct checkpoint packed = loaded(&c, flat);
            free_weights(&w);
            narrow(&packed, narrow_kinds[which]);
            ck_assert_int_eq(packed.weights.kind, (int)narrow_kinds[which]);
            float *same = grab(parameter_count(&c), sizeof *same);
            struct weights put_back = lay_out_weights(&c, same);
            for (int t = 0; t < tensor_count(&c); t++) {
                const struct tensor_place place = tensor_place(&c, t);
                float *to = get_tensor(&put_back, &c, t);
                const void *from = get_tensor(&packed.weights, &c, t);
                if (!is_packed(&c, t)) {
                    memcpy(to, from, place.size * sizeof *to);
                    continue;
                }
                for (int r = 0; r < place.shape[0]; r++)
                    for (int k = 0; k < place.shape[1]; k++)
                        to[r * place.shape[1] + k] = t == 0 ? packed_number(from, k, r)
                                                            : packed_number(from, r, k);
            }
            int *ids = grab((size_t)T, sizeof *ids);
            for (int t = 0; t < T; t++)
                ids[t] = (t * 7919 + 5) % V;
            struct fast_pass a = new_fast_pass(1, T, &c), b = new_fast_pass(1, T, &c);
            use_threads(1 + (int)i);
            fast_forward(&c, &a, ids, &packed.weights);
            fast_forward(&c, &b, ids, &put_back);
            check_tensor("logits", AXES({T, NULL}, {V, NULL}), a.logits, b.logits);
            const float(*want)[V] = a.logits;
            for (int size = 1; size <= 4; size += 3) {
                struct fast_reader r = new_fast_reader(&c, &packed.weights, T);
                for (int t = 0, n; t < T; t += n) {
                    n = smaller(size, T - t);
                    check_tensor("last logits", AXES({V, NULL}),
                                 fast_read(&r, n, ids + t, NULL), want[t + n - 1]);
                }
                free_fast_reader(&r);
            }
            free_fast_pass(&a, &c);
            free_fast_pass(&b, &c);
            free(ids);
            free_weights(&put_back);
            free(same);
            free_model(&packed);
        }
}
END_TEST

/* Writes a model whose numbers are all n / 256, n from -127 to 127, in one of the three types of
 * a checkpoint. */
static void write_as(const char *type, const char *name, const struct config *c,
                     const struct weights *w)
{
    uint16_t half_of[255] = {0};
    for (int bits = UINT16_MAX; bits >= 0; bits--) {
        const float n = half_to_float((uint16_t)bits) * 256;
        if (n == truncf(n) && fabsf(n) <= 127)
            half_of[(int)n + 127] = (uint16_t)bits;
    }
    write_checkpoint(inside(name), c, w);
    char *header = format_text("{");
    const size_t size = strcmp(type, "F32") == 0 ? 4 : 2;
    size_t at = 0;
    for (int i = 0; i < tensor_count(c); i++) {
        const struct tensor_place t = tensor_place(c, i);
        char *shape = t.rank == 2 ? format_text("%d,%d", t.shape[0], t.shape[1])
                                  : format_text("%d", t.shape[0]);
        char *longer = format_text(
            "%s%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
            header, i ? "," : "", t.name, type, shape, at, at + t.size * size);
        free(header);
        free(shape);
        header = longer;
        at += t.size * size;
    }
    FILE *file = fopen(inside(format_text("%s/model.safetensors", name)), "wb");
    const size_t length = strlen(header) + 1;
    for (int i = 0; i < 8; i++)
        fputc((int)(length >> (8 * i) & 255), file);
    fprintf(file, "%s}", header);
    for (int i = 0; i < tensor_count(c); i++) {
        const float *x = get_tensor(w, c, i);
        for (size_t k = 0; k < tensor_place(c, i).size; k++) {
            uint32_t bits;
            memcpy(&bits, &x[k], 4);
            if (strcmp(type, "F16") == 0)
                bits = half_of[(int)(x[k] * 256) + 127];
            if (strcmp(type, "BF16") == 0)
                bits >>= 16;
            for (size_t b = 0; b < size; b++)
                fputc((int)(bits >> (8 * b) & 255), file);
        }
    }
    fclose(file);
    free(header);
}

START_TEST(three_types_of_checkpoint_into_each_kind)
{
    static const char *const types[] = {"F32", "F16", "BF16"};
    struct config c;
    struct weights w;
    float *flat = some_model(&c, &w, 12, 40, 24, 3, 2, 40);
    for (size_t i = 0; i < parameter_count(&c); i++)
        flat[i] = (float)(int)(flat[i] * 127) / 256;
    int ids[12];
    for (int t = 0; t < 12; t++)
        ids[t] = t * 7 % c.V;
    float(*logits)[3][12][40] = grab(3, sizeof *logits);
    for (int t = 0; t < 3; t++) {
        write_as(types[t], types[t], &c, &w);
        for (int kind = F32; kind <= INT8; kind++) {
            struct checkpoint m = load_checkpoint(inside(types[t]));
            narrow(&m, (enum weight_kind)kind);
            struct fast_reader r = new_fast_reader(&m.config, &m.weights, 12);
            fast_read(&r, 12, ids, logits[t][kind][0]);
            /* BF16 holds these numbers as they are; INT8 is near */
            const size_t size = sizeof logits[0][0] / sizeof(float);
            if (kind == BF16)
                ck_assert(
                    first_disagreement(size, logits[t][BF16][0], logits[t][F32][0]) < 0);
            ck_assert_msg(memcmp(logits[t][kind], logits[0][kind], sizeof logits[0][0]) ==
                              0,
                          "%s in kind %d is not F32 in it", types[t], kind);
            free_fast_reader(&r);
            free_model(&m);
        }
    }
    double apart = 0, largest = 0;
    for (int t = 0; t < 12; t++)
        for (int v = 0; v < 40; v++) {
            const double f = (double)logits[0][F32][t][v];
            apart = fmax(apart, fabs((double)logits[0][INT8][t][v] - f));
            largest = fmax(largest, fabs(f));
        }
    ck_assert_msg(apart > 0 && apart < 0.02 * largest, "int8 is %g off, of %g", apart,
                  largest);
    free(logits);
    free_weights(&w);
    free(flat);
}
END_TEST

/* More rows than go through at a time. */
START_TEST(a_long_prompt)
{
    enum { T = READ_AT_ONCE + 9 };
    struct config c;
    struct weights w;
    float *flat = some_model(&c, &w, T, 11, 8, 2, 1, 32);
    compare_readers(&c, &w, T);
    free_weights(&w);
    free(flat);
}
END_TEST

/* The walk says that both passes agree, and how many times faster tiles are. */
START_TEST(the_program)
{
    ck_assert_int_eq(system("build/12_speed > build/12_speed.out 2>&1"), 0);
    struct bytes out = read_file("build/12_speed.out");
    ck_assert(strstr((char *)out.data, "All rungs agree") != NULL);
    ck_assert(strstr((char *)out.data, "logits agree") != NULL);
    free(out.data);
    ck_assert_int_ne(system("build/12_speed --ids 99999 > /dev/null 2>&1"), 0);
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_set_timeout(t, 300);
    tcase_add_test(t, products_of_any_shape);
    tcase_add_test(t, every_rung_of_any_shape);
    tcase_add_test(t, the_arithmetic_by_hand);
    tcase_add_test(t, the_limits_are_worked_for);
    tcase_add_test(t, products_are_the_same_for_any_number_of_threads);
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, packed_numbers_are_near);
    tcase_add_test(t, products_with_fewer_bits);
    tcase_add_test(t, fewer_bits_are_the_same_for_any_number_of_threads);
    tcase_add_test(t, a_narrow_model_is_a_model);
    tcase_add_test(t, three_types_of_checkpoint_into_each_kind);
    tcase_add_test(t, exponentials);
    tcase_add_test(t, gelu_is_chapter_sevens);
    tcase_add_test(t, the_fast_pass_is_the_teaching_pass);
    tcase_add_test(t, the_same_on_the_books_models);
    tcase_add_test(t, a_pass_is_the_same_for_any_number_of_threads);
    tcase_add_test(t, reading_on_with_a_cache);
    tcase_add_test(t, a_long_prompt);
    tcase_add_test(t, the_program);
}

BOOK_TESTS("12_speed", add_tests)
