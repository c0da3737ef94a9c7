/* Tests of chapter 3: rows, their sum, neighbours, the program, and the exercises. */
#include "exercise.h"
#include "../src/03_embedding.h"
#include "reference.h"

#define PROGRAM "03_embedding"
#include "program.h"
#include "mistakes/03_embedding.h"
#include "numbers.h"
#include "right/03_embedding.h"

/* ---- Exercises --------------------------------------------------------------------- */

static void probe_embed(any_function f, struct outcome *o)
{
    static char *const names[] = {"␣saw", "␣the", "␣dog", "␣robot", "␣a", "␣red"};
    static const float wte_example[] = {1, 2, 3, 4}, wpe_example[] = {10, 20, 30, 40};
    /* wte and wpe have more rows than are needed: a wrong row is a wrong number, and no crash. */
    static const struct {
        int T, C, V;
        const int ids[6]; /* longer prompts have ids at random */
        const char *says;
    } cases[] = {
        {2, 2, 6, {1, 0}, ", the example"},
        {4, 3, 6, {2, 0, 1, 2}, ""},    /* a token twice */
        {1, 3, 6, {4}, ""},             /* one token */
        {5, 1, 6, {5, 3, 3, 0, 5}, ""}, /* one channel, the first id and the last */
        {131, 7, 2003, {0}, ""},        /* more than 128 tokens */
        {3, 1601, 5, {4, 0, 4}, ""},    /* more channels than GPT-2 XL */
        {1031, 1, 50257, {0}, ""},      /* more tokens than GPT-2 takes; its ids */
        {3, 4, 6, {1, 5, 2}, ", after a longer one"}, /* what is kept from a call */
    };
    for (size_t n = 0; n < sizeof cases / sizeof *cases; n++) {
        const int T = cases[n].T, C = cases[n].C, V = cases[n].V, positions = V + 2;
        float *some_wte = some_numbers(V * C, 1),
              *some_wpe = some_numbers(positions * C, 2),
              *want = grab((size_t)(T * C), sizeof *want);
        int *some_ids = grab((size_t)T, sizeof *some_ids);
        char *labels[6];
        if (n == 0) {
            memcpy(some_wte, wte_example, sizeof wte_example);
            memcpy(some_wpe, wpe_example, sizeof wpe_example);
        }
        for (int t = 0; t < T; t++) {
            const int id = T <= 6 ? cases[n].ids[t] : (V - 1) * (t * 7 % T) / (T - 1);
            some_ids[t] = id;
            if (T <= 6)
                labels[t] = names[id];
            for (int c = 0; c < C; c++)
                want[t * C + c] =
                    (float)((double)some_wte[id * C + c] + (double)some_wpe[t * C + c]);
        }
        situation(o, "%d token%s, C = %d%s", T, T == 1 ? "" : "s", C, cases[n].says);
        const int *ids = given(o, "ids", AXES({T, NULL}), INTS, some_ids);
        const float(*wte)[C] =
            given(o, "wte", AXES({V, NULL}, {C, NULL}), FLOATS, some_wte);
        const float(*wpe)[C] =
            given(o, "wpe", AXES({positions, NULL}, {C, NULL}), FLOATS, some_wpe);
        float(*x)[C] = written(o, "x", AXES({T, NULL}, {C, NULL}), FLOATS);
        TESTED(embed, f)(T, C, x, ids, wte, wpe);
        record(o, "x", AXES({T, T <= 6 ? labels : NULL}, {C, NULL}), x, want);
        free(some_wte);
        free(some_wpe);
        free(some_ids);
        free(want);
    }
}

/* A row as the reader would write it. The caller frees it. */
static char *floats_text(int n, const float *x)
{
    char *text = format_text("%s", "{");
    for (int i = 0; i < n; i++) {
        char *longer = format_text("%s%s%g", text, i ? ", " : "", (double)x[i]);
        free(text);
        text = longer;
    }
    char *all = format_text("%s}", text);
    free(text);
    return all;
}

/* The cosine of two rows, in double precision. Of two pairs whose rows are the same, or a power
 * of 2 times as long, it is the same to the last bit, however it is computed. */
static double cosine_in_double(int n, const float *a, const float *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        ab += (double)a[i] * (double)b[i];
        aa += (double)a[i] * (double)a[i];
        bb += (double)b[i] * (double)b[i];
    }
    return aa > 0 && bb > 0 ? ab / (sqrt(aa) * sqrt(bb)) : 0;
}

static void probe_cosine_of(any_function f, struct outcome *o, int n, const float *a,
                            const float *b)
{
    const float *x = given(o, "a", AXES({n, NULL}), FLOATS, a),
                *y = given(o, "b", AXES({n, NULL}), FLOATS, b);
    record_number(o, "cosine", (double)TESTED(cosine, f)(n, x, y),
                  cosine_in_double(n, a, b));
}

static void probe_cosine(any_function f, struct outcome *o)
{
    static const struct {
        int n;
        float a[5], b[5];
    } cases[] = {
        {2, {3, 4}, {4, 3}}, /* the examples */
        {2, {1, 0}, {0, 7}},
        {3, {3, 1, 0}, {4, 0, 1}},       /* another length, and an odd size */
        {3, {3, 1, 0}, {0, 1, 0}},       /* one length is 1 */
        {2, {1, 2}, {-10, -20}},         /* opposite ways: -1 */
        {1, {2}, {-0.5f}},               /* one number */
        {4, {0, 0, 0, 0}, {1, 2, 3, 4}}, /* either row, or both, all zeros */
        {4, {1, 2, 3, 4}, {0, 0, 0, 0}},
        {3, {0, 0, 0}, {0, 0, 0}},
        {2, {0, -0.0f}, {-0.0f, 3}}, /* zeros with a sign */
        {5, {0.1f, -0.2f, 0.05f, 0.3f, 0.07f}, {0.2f, -0.1f, 0.15f, -0.3f, 0.01f}},
        {2, {0.0001f, -0.0003f}, {0.0002f, 0.0001f}}, /* as small as may be */
        {3, {1000, -999, 800}, {-1000, 0.5f, 900}},   /* as large as may be */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *a = floats_text(cases[i].n, cases[i].a),
             *b = floats_text(cases[i].n, cases[i].b);
        situation(o, "a = %s, b = %s", a, b);
        free(a);
        free(b);
        probe_cosine_of(f, o, cases[i].n, cases[i].a, cases[i].b);
    }
    /* More than 128 and 1,024 numbers; then a few, for what is kept from a call. */
    static const int sizes[] = {131, 1601, 7};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int n = sizes[i];
        float *a = some_numbers(n, 3), *b = some_numbers(n, 4);
        for (int j = 0; j < n; j++)
            b[j] += a[j] / 2;
        situation(o, "two rows of %d numbers", n);
        probe_cosine_of(f, o, n, a, b);
        free(a);
        free(b);
    }
}

/* The k nearest of token id. No order hinges on rounding: two cosines are the same to the last
 * bit, see above, or 0, or far apart. */
static void nearest_in_double(int V, int C, int k, int *found, const float *table, int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness), before = 2;
    for (int v = 0; v < V; v++)
        likeness[v] =
            v == id ? (double)NAN : cosine_in_double(C, table + id * C, table + v * C);
    for (int i = 0; i <= k && i < V - 1; i++) {
        int best = -1;
        for (int v = 0; v < V; v++)
            if (!isnan(likeness[v]) && (best < 0 || likeness[v] > likeness[best]))
                best = v;
        if (before != likeness[best] && !(before - likeness[best] > 1e-4))
            die("probe_nearest: an order that hinges on rounding");
        before = likeness[best];
        likeness[best] = (double)NAN;
        if (i < k)
            found[i] = best;
    }
    free(likeness);
}

static void probe_nearest_of(any_function f, struct outcome *o, int V, int C, int k,
                             const float *rows, int id)
{
    static char *const names[] = {"␣saw", "␣the", "␣dog",  "␣robot",
                                  "␣a",   "␣red", "␣blue", "␣Rivet"};
    int *want = grab((size_t)k, sizeof *want);
    char *labels[8];
    nearest_in_double(V, C, k, want, rows, id);
    for (int j = 0; j < k && V <= 8; j++)
        labels[j] = names[want[j]];
    const float(*table)[C] = given(o, "table", AXES({V, NULL}, {C, NULL}), FLOATS, rows);
    int *found = written(o, "found", AXES({k, NULL}), INTS);
    TESTED(nearest, f)(V, C, k, found, table, id);
    record_ints(o, "found", k, k, found, k, want, V <= 8 ? labels : NULL);
    free(want);
}

/* V rows of C numbers, most of which are 0, of different lengths; their cosines with row id are
 * evenly spread from 1 to -1, in no order. The caller frees them. */
static float *spread_rows(int V, int C, int id)
{
    float *rows = grab((size_t)V * (size_t)C, sizeof *rows);
    for (int v = 0; v < V; v++) {
        const double likeness =
            v == id ? 1 : 1 - 2 * (double)((v * 1009LL + 17) % V + 1) / (V + 1);
        const double length = 1 + v % 5;
        rows[v * C] = (float)(length * likeness);
        rows[v * C + C - 1] = (float)(length * sqrt(1 - likeness * likeness));
    }
    return rows;
}

static void probe_nearest(any_function f, struct outcome *o)
{
    static const struct {
        int V, C, id, k;
        float table[8 * 3];
    } cases[] = {
        {4, 2, 0, 2, {1, 0, 9, 9, 2, 1, 0, 1}}, /* the example */
        {6,
         2,
         2,
         3,
         {6, 8, -3, -4, 3, 4, 4, 3, 0, 1, 100, -75}},       /* long and opposite rows */
        {5, 2, 1, 3, {2, 1, 1, 1, 4, 2, 5, 0, -1, 1}},      /* two are equally near */
        {6, 2, 3, 5, {2, 1, 0, 0, 4, 2, 1, 1, 0, 0, 2, 1}}, /* equal ones: the lower id */
        {6, 2, 3, 2, {2, 1, 0, 0, 4, 2, 1, 1, 0, 0, 2, 1}}, /* more equal ones than k */
        {5, 3, 3, 4, {1, 2, 0, -2, 1, 0, 0, 0, 0, 2, 0, 0, -1, -3, 1}}, /* below 0, too */
        {8, 3, 4, 5, {1, 0, 0, 7, 1, 3, 0,  1, 0, 2, 2, 2,
                      3, 1, 1, 2, 9, 0, -3, 0, 1, 2, 0, 1}}, /* a few of many */
        {6, 2, 5, 1, {5, 1, 0, 1, 1, 9, -1, 1, 2, 1, 4, 1}}, /* the last token */
        {6, 2, 0, 1, {5, 1, 0, 1, 1, 9, -1, 1, 2, 1, 4, 1}}, /* the first token */
        {4, 1, 0, 3, {1, -2, 3, 0}},                         /* one column: 1, 0 and -1 */
        {2, 3, 1, 1, {-1, 2, 0, 1, 1, 1}},                   /* one other token */
        {4, 2, 1, 3, {1, 2, 0, 0, -3, 1, 2, 5}},             /* a row of zeros is asked */
        {4, 2, 2, 2, {-1, -2, -1, 0, 2, 1, -3, 1}},          /* all are below 0 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int V = cases[i].V, C = cases[i].C, id = cases[i].id, k = cases[i].k;
        char *rows = format_text("%s", "");
        for (int v = 0; v < V; v++) {
            char *row = floats_text(C, cases[i].table + v * C),
                 *longer = format_text("%s%s%s", rows, v ? ", " : "", row);
            free(row);
            free(rows);
            rows = longer;
        }
        situation(o, "the %d nearest of token %d, table = {%s}", k, id, rows);
        free(rows);
        probe_nearest_of(f, o, V, C, k, cases[i].table, id);
    }
    /* All of more than 128 rows, in order; rows of more than 128 numbers; some of more rows than
     * 2,000; then a few, for what is kept from a call. */
    static const struct {
        int V, C, id, k;
    } spread[] = {{131, 2, 70, 130}, {13, 131, 12, 7}, {2003, 3, 1500, 9}, {7, 3, 2, 4}};
    for (size_t i = 0; i < sizeof spread / sizeof *spread; i++) {
        float *rows = spread_rows(spread[i].V, spread[i].C, spread[i].id);
        situation(o, "the %d nearest of token %d, table of %d rows with %d numbers",
                  spread[i].k, spread[i].id, spread[i].V, spread[i].C);
        probe_nearest_of(f, o, spread[i].V, spread[i].C, spread[i].k, rows, spread[i].id);
        free(rows);
    }
}

static void probe_centre_rows(any_function f, struct outcome *o)
{
    static const float example[] = {1, 5, 3, 5, 8, 2};
    static const struct {
        int V, C;
        float size, more; /* numbers up to 4 times size, and more */
        const char *says;
    } cases[] = {
        {3, 2, 0, 0, ", the example"},
        {1, 3, 1, 0, ""},                       /* nothing is left of a row alone */
        {4, 1, 1, 0, ""},                       /* one column */
        {4, 4, 0, 3, ", all numbers the same"}, /* nothing is left */
        {5, 3, 1, 10, ""},      /* more rows than columns, a mean far from 0 */
        {2, 5, 100, -1000, ""}, /* more columns than rows, large numbers */
        {131, 7, 1, 1, ""},     /* more than 128 rows, an odd number */
        {3, 131, 1, 0, ""},     /* more than 128 columns */
        {2003, 2, 1, -2, ""},   /* more than 2,000 rows */
        {2, 1601, 1, 2, ""},    /* more columns than GPT-2 XL has channels */
        {3, 3, 1, 0, ", after a larger one"}, /* what is kept from a call */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int V = cases[i].V, C = cases[i].C;
        float *rows = some_numbers(V * C, 5), *want = grab((size_t)(V * C), sizeof *want);
        for (int j = 0; j < V * C; j++)
            rows[j] = i == 0 ? example[j] : rows[j] * cases[i].size + cases[i].more;
        for (int c = 0; c < C; c++) {
            double sum = 0;
            for (int v = 0; v < V; v++)
                sum += (double)rows[v * C + c];
            for (int v = 0; v < V; v++)
                want[v * C + c] = (float)((double)rows[v * C + c] - sum / V);
        }
        situation(o, "%d row%s of %d number%s%s", V, V == 1 ? "" : "s", C,
                  C == 1 ? "" : "s", cases[i].says);
        float(*table)[C] = changed(o, "table", AXES({V, NULL}, {C, NULL}), FLOATS, rows);
        TESTED(centre_rows, f)(V, C, table);
        record(o, "table", AXES({V, NULL}, {C, NULL}), table, want);
        free(rows);
        free(want);
    }
}

static const struct exercise exercises[] = {
    {EXERCISE(embed),
     {
         MISTAKE(wrong_embed_position_offset_by_one),
         MISTAKE(wrong_embed_no_positions),
         MISTAKE(wrong_embed_position_by_id),
         MISTAKE(wrong_embed_token_by_place),
         MISTAKE(wrong_embed_tables_swapped),
         MISTAKE(wrong_embed_one_position),
         MISTAKE(wrong_embed_product),
         MISTAKE(wrong_embed_mean),
         MISTAKE(wrong_embed_times_root),
         MISTAKE(wrong_embed_sines),
         MISTAKE(wrong_embed_only_positions),
         MISTAKE(wrong_embed_from_one),
         MISTAKE(wrong_embed_adds_to_x),
         MISTAKE(wrong_embed_first_column),
         MISTAKE(wrong_embed_copies_bytes),
     },
     {
         RIGHT(right_embed_two_steps),
         RIGHT(right_embed_by_pointers),
         RIGHT(right_embed_column_by_column),
         RIGHT(right_embed_by_a_helper),
     }},
    {EXERCISE(cosine),
     {
         MISTAKE(wrong_cosine_dot),
         MISTAKE(wrong_cosine_one_length),
         MISTAKE(wrong_cosine_other_length),
         MISTAKE(wrong_cosine_no_root),
         MISTAKE(wrong_cosine_sum_of_lengths),
         MISTAKE(wrong_cosine_zero_row),
         MISTAKE(wrong_cosine_no_sign),
         MISTAKE(wrong_cosine_distance),
         MISTAKE(wrong_cosine_length_by_abs),
         MISTAKE(wrong_cosine_angle),
         MISTAKE(wrong_cosine_centred),
         MISTAKE(wrong_cosine_either_zero),
         MISTAKE(wrong_cosine_last),
         MISTAKE(wrong_cosine_in_ints),
     },
     {
         RIGHT(right_cosine_one_root),
         RIGHT(right_cosine_in_double),
         RIGHT(right_cosine_by_a_helper),
         RIGHT(right_cosine_of_unit_rows),
         RIGHT(right_cosine_by_diagonals),
     }},
    {EXERCISE(nearest),
     {
         MISTAKE(wrong_nearest_itself),
         MISTAKE(wrong_nearest_dot),
         MISTAKE(wrong_nearest_distance),
         MISTAKE(wrong_nearest_farthest),
         MISTAKE(wrong_nearest_no_sign),
         MISTAKE(wrong_nearest_worst_first),
         MISTAKE(wrong_nearest_by_id),
         MISTAKE(wrong_nearest_ties),
         MISTAKE(wrong_nearest_same),
         MISTAKE(wrong_nearest_not_zero),
         MISTAKE(wrong_nearest_no_twins),
         MISTAKE(wrong_nearest_not_first),
         MISTAKE(wrong_nearest_not_last),
     },
     {
         RIGHT(right_nearest_by_the_hints),
         RIGHT(right_nearest_sorted),
         RIGHT(right_nearest_backwards),
         RIGHT(right_nearest_one_length),
     }},
    {EXERCISE(centre_rows),
     {
         MISTAKE(wrong_centre_rows_as_handed_out),
         MISTAKE(wrong_centre_rows_own_mean),
         MISTAKE(wrong_centre_rows_one_mean),
         MISTAKE(wrong_centre_rows_sum),
         MISTAKE(wrong_centre_rows_by_C),
         MISTAKE(wrong_centre_rows_not_reset),
         MISTAKE(wrong_centre_rows_others_only),
         MISTAKE(wrong_centre_rows_first_row),
         MISTAKE(wrong_centre_rows_becomes_the_mean),
     },
     {
         RIGHT(right_centre_rows_by_the_hints),
         RIGHT(right_centre_rows_mean_row),
         RIGHT(right_centre_rows_in_double),
         RIGHT(right_centre_rows_of_a_copy),
     }},
};

/* ---- Helpers ----------------------------------------------------------------------- */

/* The same numbers on every machine. */
static unsigned long random_state;

static unsigned pick(unsigned n)
{
    random_state = (random_state * 1103515245 + 12345) & 0x7FFFFFFF;
    return (unsigned)(random_state >> 8) % n;
}

static void run_well(const char *arguments)
{
    const int status = run_program(arguments);
    ck_assert_msg(status == 0 && errors.size == 0, "03_embedding %s: status %d: %s",
                  arguments, status, (char *)errors.data);
}

/* The program must say one line on standard error that holds `says`, and stop with 1. */
static void expect_error(const char *arguments, const char *says)
{
    const int status = run_program(arguments);
    const char *line = (char *)errors.data, *end = strchr(line, '\n');
    ck_assert_msg(status == 1, "03_embedding %s: status %d, expected 1: %s", arguments,
                  status, line);
    ck_assert_msg(end && end[1] == 0, "03_embedding %s: expected one line: '%s'",
                  arguments, line);
    ck_assert_msg(strncmp(line, "03_embedding: ", 14) == 0 && strstr(line, says),
                  "03_embedding %s: expected '%s' in '%s'", arguments, says, line);
}

/* A model of that size with numbers from -1 to 1, or zeros, written to the test's folder. */
static char *make_model(const char *name, int positions, int V, int C, bool zeros)
{
    struct config c = {positions, V, C, 1, 1, 4 * C, 1e-5f};
    const size_t n = parameter_count(&c);
    float *flat = grab(n, sizeof *flat);
    for (size_t i = 0; i < n && !zeros; i++)
        flat[i] = (float)pick(20001) / 10000 - 1;
    struct weights w = lay_out_weights(&c, flat);
    char *path = inside(name);
    write_checkpoint(path, &c, &w);
    free_weights(&w);
    free(flat);
    return path;
}

/* The same with the vocabulary and the grammar of the robots. */
static char *make_reader(const char *name)
{
    char *path = make_model(name, 64, 1024, 8, false);
    ck_assert_int_eq(
        system(format_text("cp models/robots/vocab.json models/robots/merges.txt "
                           "models/robots/stories.grammar '%s'",
                           path)),
        0);
    return path;
}

/* ---- Rows and their sum ------------------------------------------------------------ */

START_TEST(the_toy_agrees)
{
    struct stored_file want = open_reference("03_embedding");
    const int T = reference_length(&want, "toy.ids", 0);
    int *size = reference_ints(&want, "toy.config", AXES({6, NULL}));
    const int positions = size[0], V = size[1], C = size[2];
    int *ids = reference_ints(&want, "toy.ids", AXES({T, NULL}));
    const float(*wte)[C] = (const void *)reference_floats(&want, "toy.weights.wte.weight",
                                                          AXES({V, NULL}, {C, NULL})),
          (*wpe)[C] = (const void *)reference_floats(&want, "toy.weights.wpe.weight",
                                                     AXES({positions, NULL}, {C, NULL}));
    float(*x)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    embed(T, C, x, ids, wte, wpe);
    check_reference(&want, "toy.embedding", AXES({T, NULL}, {C, NULL}), x);
    const int words = reference_length(&want, "toy.near.words", 0), k = 5;
    int *word = reference_ints(&want, "toy.near.words", AXES({words, NULL})),
        *near = reference_ints(&want, "toy.near.found", AXES({words, NULL}, {k, NULL}));
    float *likeness = grab((size_t)(words * k), sizeof *likeness);
    for (int w = 0; w < words; w++) {
        int found[5];
        nearest(V, C, k, found, wte, word[w]);
        for (int i = 0; i < k; i++) {
            ck_assert_int_eq(found[i], near[w * k + i]);
            likeness[w * k + i] = cosine(C, wte[word[w]], wte[found[i]]);
        }
    }
    check_reference(&want, "toy.near.cosine", AXES({words, NULL}, {k, NULL}), likeness);
    const int place[] = {0, 1, 2, 4};
    float alike[4][4];
    for (int i = 0; i < 16; i++)
        alike[i / 4][i % 4] = cosine(C, wpe[place[i / 4]], wpe[place[i % 4]]);
    check_reference(&want, "toy.places.cosine", AXES({4, NULL}, {4, NULL}), alike);
    close_stored(&want);
}
END_TEST

/* The program's dump for a model, held against the reference: `name` is odd or robots. */
static void compare_dump(const struct stored_file *want, const char *name)
{
    char *prefix = format_text("%s.", name), *dump = inside("d");
    ck_assert_int_eq(check_dump(want, prefix, dump), 5);
    struct stored_file got = open_stored(dump);
    const int words = reference_length(&got, "near.found", 0),
              k = reference_length(&got, "near.found", 1);
    int *found = reference_ints(&got, "near.found", AXES({words, NULL}, {k, NULL})),
        *near = reference_ints(want, format_text("%s.near.found", name),
                               AXES({words, NULL}, {k, NULL}));
    float *likeness =
        reference_floats(want, format_text("%s.near.cosine", name),
                         AXES({words, NULL}, {k, NULL})); /* they agree: see above */
    for (int i = 0; i < words * k; i++) {
        const bool alone = (i % k == 0 || likeness[i - 1] - likeness[i] > 1e-3f) &&
                           i % k + 1 < k && likeness[i] - likeness[i + 1] > 1e-3f;
        ck_assert_msg(!alone || found[i] == near[i], "near.found[%d, %d]: %d, want %d",
                      i / k, i % k, found[i], near[i]);
    }
    /* The power method comes near the widest directions, and never above. */
    double *spread =
        reference_doubles(want, format_text("%s.spread", name), AXES({2, NULL}));
    float *share = reference_floats(&got, "map.share", AXES({2, NULL}));
    const double first = (double)share[0], both = first + (double)share[1],
                 most = spread[0] + spread[1];
    ck_assert_msg(first <= spread[0] * 1.0001 && first >= spread[0] * 0.98,
                  "the widest direction has %g of the spread, want %g", first, spread[0]);
    ck_assert_msg(both <= most * 1.0001 && both >= most * 0.98,
                  "two directions have %g of the spread, want %g", both, most);
    /* And the tokens lie on the map as widely as that. */
    const int n = reference_length(&got, "map", 0);
    float *map = reference_floats(&got, "map", AXES({n, NULL}, {2, NULL}));
    double along[2] = {0, 0}, mean[2] = {0, 0}, across = 0;
    for (int i = 0; i < 2 * n; i++) {
        along[i % 2] += (double)(map[i] * map[i]);
        mean[i % 2] += (double)map[i] / n;
        across += i % 2 ? (double)(map[i] * map[i - 1]) : 0;
    }
    ck_assert(fabs(mean[0]) < 1e-3 && fabs(mean[1]) < 1e-3);
    ck_assert_msg(fabs(along[1] / along[0] - (double)share[1] / (double)share[0]) < 1e-3,
                  "the map is %g by %g", along[0], along[1]);
    ck_assert_msg(fabs(across) < 0.1 * along[0], "the map's directions lean: %g", across);
    close_stored(&got);
}

START_TEST(the_odd_checkpoint_agrees)
{
    struct stored_file want = open_reference("03_embedding");
    run_well(format_text("--model tests/reference/odd --ids '28 4 17 0 4 9 23' "
                         "--dump '%s'",
                         inside("d")));
    compare_dump(&want, "odd");
    close_stored(&want);
}
END_TEST

START_TEST(the_shipped_model_agrees)
{
    struct stored_file want = open_reference("03_embedding");
    struct checkpoint m = load_checkpoint("models/robots");
    ck_assert_msg(is_reference_model(&want, &m),
                  "models/robots is another model than the one of the reference: make "
                  "reference");
    free_checkpoint(&m);
    run_well(format_text("--dump '%s'", inside("d")));
    compare_dump(&want, "robots");
    close_stored(&want);
}
END_TEST

START_TEST(the_same_token_elsewhere_differs_by_the_places)
{
    enum { V = 9, POSITIONS = 12, C = 7, T = 12 };
    float wte[V][C], wpe[POSITIONS][C], x[T][C], y[T][C];
    int ids[T], turned[T];
    random_state = 3;
    for (int i = 0; i < V * C; i++)
        wte[i / C][i % C] = (float)pick(64);
    for (int i = 0; i < POSITIONS * C; i++)
        wpe[i / C][i % C] = (float)pick(64);
    for (int t = 0; t < T; t++)
        ids[t] = turned[T - 1 - t] = (int)pick(V);
    embed(T, C, x, ids, wte, wpe);
    embed(T, C, y, turned, wte, wpe);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            ck_assert(x[t][c] - wpe[t][c] == y[T - 1 - t][c] - wpe[T - 1 - t][c]);
    /* A prompt's beginning gives the beginning of its rows. */
    embed(4, C, y, ids, wte, wpe);
    ck_assert(memcmp(x, y, 4 * sizeof *x) == 0);
}
END_TEST

/* ---- Likeness ---------------------------------------------------------------------- */

START_TEST(a_cosine_knows_no_length)
{
    random_state = 5;
    for (int round = 0; round < 500; round++) {
        const int n = 1 + (int)pick(40);
        float *a = grab((size_t)n, sizeof *a), *b = grab((size_t)n, sizeof *b),
              *longer = grab((size_t)n, sizeof *longer);
        const float times = (float)(1 + pick(50));
        for (int i = 0; i < n; i++) {
            a[i] = (float)pick(201) / 10 - 10;
            b[i] = (float)pick(201) / 10 - 10;
            longer[i] = -times * a[i];
        }
        a[0] += 0.05f; /* no row of zeros */
        longer[0] = -times * a[0];
        const float c = cosine(n, a, b);
        ck_assert(c >= -1.00001f && c <= 1.00001f);
        ck_assert(c == cosine(n, b, a));
        ck_assert(fabsf(cosine(n, longer, b) + c) < 1e-5f);
        ck_assert(fabsf(cosine(n, a, a) - 1) < 1e-6f);
        memset(b, 0, (size_t)n * sizeof *b);
        ck_assert(cosine(n, a, b) == 0 && cosine(n, b, a) == 0 && cosine(n, b, b) == 0);
        free(a);
        free(b);
        free(longer);
    }
}
END_TEST

START_TEST(nearest_is_what_a_slow_search_finds)
{
    random_state = 7;
    for (int round = 0; round < 400; round++) {
        /* Numbers whose squares sum to few values: there are many ties. */
        const int V = 2 + (int)pick(30), C = 1 + (int)pick(3),
                  id = (int)pick((unsigned)V), k = 1 + (int)pick((unsigned)V - 1);
        float(*table)[C] = grab((size_t)V * (size_t)C, sizeof(float));
        int *found = grab((size_t)k, sizeof *found),
            *want = grab((size_t)k, sizeof *want);
        for (int i = 0; i < V * C; i++)
            table[i / C][i % C] = (float)pick(3) - 1;
        nearest(V, C, k, found, (const float(*)[C])table, id);
        right_nearest_by_the_hints(V, C, k, want, (const float(*)[C])table, id);
        for (int i = 0; i < k; i++)
            ck_assert_msg(found[i] == want[i], "V %d, C %d, k %d: place %d: %d, want %d",
                          V, C, k, i, found[i], want[i]);
        free(table);
        free(found);
        free(want);
    }
}
END_TEST

/* ---- The program ------------------------------------------------------------------- */

/* No line but the first, which is the prompt, is wider than a terminal. */
static void check_columns(const char *about)
{
    char *text = (char *)output.data, *line = strchr(text, '\n');
    for (char *end; line && (end = strchr(++line, '\n')); line = end) {
        *end = 0;
        ck_assert_msg(text_width(line) <= 80, "%s: %d columns: %s", about,
                      text_width(line), line);
        *end = '\n';
    }
}

START_TEST(the_walk_takes_any_prompt)
{
    static const char *const prompts[] = {
        "a",
        " ",
        "\n\n",
        "'",
        "robot robot robot",
        "é",
        "🤖🤖 🤖",
        "\xFF\xFE",
        "\x01\x7F\"\\",
        "東京",
        "A robot must obey the orders given it by a person, and the person must obey the "
        "robot when it is so late that no dog and no parrot is awake. Then all of them "
        "sleep, and the robot dreams of a green wheel and a golden chair, and a red dog",
    };
    char *model = make_reader("v");
    for (size_t i = 0; i < sizeof prompts / sizeof *prompts; i++) {
        write_file(inside("in"), prompts[i], strlen(prompts[i]));
        run_well(format_text("--model '%s' --dump '%s/d' --figures '%s/f' "
                             "--prompt \"$(cat '%s/in'; printf .)\"",
                             model, folder, folder, folder));
        check_columns(prompts[i]);
        size_t lines = 0;
        for (size_t k = 0; k < output.size; k++)
            lines += output.data[k] == '\n';
        ck_assert_msg(lines > 40 && lines < 130, "%s: %zu lines", prompts[i], lines);
        ck_assert_int_eq(system(format_text("for f in '%s'/f/*.dat; do test -s \"$f\" || "
                                            "{ echo \"$f: empty\"; exit 1; }; done",
                                            folder)),
                         0);
    }
    run_well("--help");
    ck_assert(strstr((char *)output.data, "--near") != NULL);
}
END_TEST

START_TEST(the_walk_takes_any_model)
{
    static const struct {
        int positions, V, C;
        bool zeros;
        const char *ids, *says[4];
    } all[] = {
        {1,
         1,
         1,
         false,
         "0",
         {"T = 1 token;", "wte     1 row  ", "no other token", "none: all rows"}},
        {2, 2, 1, false, "1 0", {"T = 2 tokens;", "of the first 2 rows"}},
        {2, 2, 1, false, "1", {"of the first 1 row of x, "}},
        {3, 5, 2, false, "4 4 4", {NULL}},
        {40,
         7,
         3,
         true,
         "0, 6, 3",
         {"rows of x, 0 point most like",
          "  6        a row of zeros: it points nowhere\n", "none: all rows"}},
        {300, 20, 9, false, "19 0", {NULL}},
        {4, 3000, 2, false, "2999 0 1 1500", {NULL}},
        {5, 4, 40, false, "3 1 2 0 3", {NULL}},
    };
    random_state = 11;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *model = make_model("m", all[i].positions, all[i].V, all[i].C, all[i].zeros);
        run_well(format_text("--model '%s' --ids '%s' --dump '%s/d' --figures '%s/f'",
                             model, all[i].ids, folder, folder));
        check_columns(all[i].ids);
        ck_assert_msg(!strstr((char *)output.data, "nan") &&
                          !strstr((char *)output.data, "inf") &&
                          !strstr((char *)output.data, " 1 tokens") &&
                          !strstr((char *)output.data, " 1 rows"),
                      "%s", (char *)output.data);
        for (int k = 0; k < 4 && all[i].says[k]; k++)
            ck_assert_msg(strstr((char *)output.data, all[i].says[k]) != NULL,
                          "ids %s: '%s' is missing in\n%s", all[i].ids, all[i].says[k],
                          (char *)output.data);
    }
}
END_TEST

START_TEST(the_length_of_a_row)
{
    float row[300];
    ck_assert(row_length(2, (float[]){3, -4}) == 5 && row_length(3, (float[3]){0}) == 0);
    for (int i = 0; i < 300; i++)
        row[i] = 1e20f; /* whose square is no float */
    ck_assert(fabs(row_length(300, row) / (1e20 * sqrt(300)) - 1) < 1e-6);
}
END_TEST

START_TEST(the_largest_come_in_order)
{
    enum { N = 40 };
    float x[N];
    random_state = 5;
    for (int round = 0; round < 200; round++) {
        const int n = 1 + (int)pick(N), k = 1 + (int)pick((unsigned)n);
        int found[N];
        for (int i = 0; i < n; i++)
            x[i] = (float)pick(12) - 6; /* many are equal */
        find_largest(n, k, found, x);
        for (int i = 0; i < k; i++) {
            int before = 0; /* what must come before number found[i] */
            for (int j = 0; j < n; j++)
                before += x[j] > x[found[i]] || (x[j] == x[found[i]] && j < found[i]);
            ck_assert_int_eq(before, i);
        }
    }
}
END_TEST

START_TEST(words_it_never_met_are_named)
{
    static const struct {
        const char *prompt, *says; /* NULL: nothing */
    } all[] = {
        {"A robot must obey", NULL},
        {"a ROBOT Must oBeY an orders", NULL},
        {"Rivet's dog washed the wheel.", NULL},
        {"12", "never met: 12\n"},
        {"a quark, a gluon, a Quark", "never met: quark, gluon\n"},
        {"the robot mustn't", "never met: mustn't\n"},
        {"a 東京 robot", "never met: 東京\n"},
        {"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
         "never met:\n  xxxxxxxxxxxxxxxxxxxx"},
    };
    char *model = make_reader("v");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        run_well(format_text("--model '%s' --prompt \"%s\"", model, all[i].prompt));
        const char *text = (char *)output.data;
        ck_assert_msg(all[i].says ? strstr(text, all[i].says) != NULL
                                  : strstr(text, "never met") == NULL,
                      "%s: %.200s", all[i].prompt, text);
        check_columns(all[i].prompt);
    }
    run_well(format_text("--model '%s' --ids '1023 0 5'", model));
    ck_assert(strstr((char *)output.data, "<|endoftext|>") != NULL);
    ck_assert_int_eq(unlink(format_text("%s/stories.grammar", model)), 0);
    run_well(format_text("--model '%s' --prompt 'a quark'", model));
    ck_assert(strstr((char *)output.data, "never met") == NULL);
}
END_TEST

START_TEST(near_names_more_words)
{
    char *model = make_reader("v");
    run_well(format_text("--model '%s' --prompt 'A robot' --near ' dog cat'", model));
    const char *at = strstr((char *)output.data, "6. Neighbours");
    ck_assert(at && strstr(at, "\n  ␣dog ") && strstr(at, "\n  A ") &&
              !strstr(at, "\n  ␣May "));
    run_well(format_text("--model '%s' --prompt 'A robot' --near ''", model));
    at = strstr((char *)output.data, "6. Neighbours");
    ck_assert(at && !strstr(at, "\n  ␣dog ") && strstr(at, "\n  ␣robot "));
}
END_TEST

START_TEST(a_space_at_the_end_is_told)
{
    static const char said[] = "The space at the end belongs to no word.";
    ck_assert_int_eq(run_program("--prompt 'two robots '"), 0);
    const char *first = strstr((char *)output.data, said);
    ck_assert(first && !strstr(first + 1, said));
    ck_assert_int_eq(run_program("--prompt 'two robots'"), 0);
    ck_assert(!strstr((char *)output.data, said));
    ck_assert_int_eq(run_program("--ids '82 32'"), 0);
    ck_assert(!strstr((char *)output.data, said));
}
END_TEST

START_TEST(wrong_input_is_named)
{
    random_state = 13;
    make_reader("v");
    make_model("m", 4, 6, 2, false);
    write_file(inside("in"), "", 0);
    static const struct {
        const char *arguments, *says;
    } all[] = {
        {"--model %s/v --frobnicate", "--frobnicate"},
        {"--model %s/v --near", "--near"},
        {"--model %s/v --prompt ''", "--prompt: is empty"},
        {"--model %s/v --ids ' , '", "--ids: is empty"},
        {"--model %s/v --ids 1024", "1024 is out of range"},
        {"--model %s/v --ids '1 x'", "'x'"},
        {"--model %s/v --ids -1", "-1"},
        {"--model %s/m --ids '5 6'", "token id 6 is out of range"},
        {"--model %s/m --ids '1 2 3 4 5'", "5 tokens, the model in"},
        {"--model %s/m --ids 99999999999999999999", "99999999999999999999"},
        {"--model %s/m --prompt 'A robot'", "/m/vocab.json"},
        {"--model %s/v --prompt \"$(yes robot | head -100)\"", "has room for 64"},
        {"--model %s/nothing", "/nothing/"},
        {"--model %s/in", "/in"},
        {"--model %s/v --dump %s/no/such/folder/d", "/no/such/folder/d"},
        {"--model %s/v --figures %s/in", "/in"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char *command = format_text("%s", ""), *longer;
        for (const char *p = all[i].arguments, *next; p; p = next) {
            next = strstr(p, "%s");
            longer =
                format_text("%s%.*s%s", command, next ? (int)(next - p) : (int)strlen(p),
                            p, next ? folder : "");
            free(command);
            command = longer;
            next = next ? next + 2 : NULL;
        }
        expect_error(command, all[i].says);
    }
    /* A vocabulary that is larger than the model. */
    ck_assert_int_eq(
        system(format_text("cp models/robots/vocab.json models/robots/merges.txt '%s/m'",
                           folder)),
        0);
    expect_error(format_text("--model %s/m --prompt robot", folder),
                 "has 1024 tokens, but the model has vectors for 6");
    expect_error("robots", "robots: unknown argument");
}
END_TEST

static void add_tests(TCase *t)
{
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, the_toy_agrees);
    tcase_add_test(t, the_odd_checkpoint_agrees);
    ADD_TEST_NEEDING(t, the_shipped_model_agrees, "models/robots/model.safetensors",
                     "it is not trained yet");
    tcase_add_test(t, the_same_token_elsewhere_differs_by_the_places);
    tcase_add_test(t, a_cosine_knows_no_length);
    tcase_add_test(t, nearest_is_what_a_slow_search_finds);
    tcase_add_test(t, the_walk_takes_any_prompt);
    tcase_add_test(t, the_walk_takes_any_model);
    tcase_add_test(t, the_length_of_a_row);
    tcase_add_test(t, the_largest_come_in_order);
    tcase_add_test(t, words_it_never_met_are_named);
    tcase_add_test(t, near_names_more_words);
    tcase_add_test(t, a_space_at_the_end_is_told);
    tcase_add_test(t, wrong_input_is_named);
}

BOOK_TESTS("03_embedding", add_tests)
