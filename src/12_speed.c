/* 12_speed: one product, rung by rung, beside the limits of this machine; one row; the whole
 * model in both passes. Chapter 12 of the book: chapters/12_speed.md */
#include "11_kv_cache.h"
#include "12_speed.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* How many threads may work from now on. */
static void use_threads(int n)
{
#ifdef _OPENMP
    omp_set_num_threads(n);
#else
    (void)n;
#endif
}

/* A rung, and how it did on the first `rows` rows: on all, or if each row goes by itself, on
 * as many as take about TURN seconds. */
struct timed {
    const char *name;
    rung *f;
    bool by_rows, shared; /* each row by itself; among all threads */
    int rows;
    double best; /* seconds per row */
};

static const double TURN = 0.025;

/* Runs a rung for TURN seconds, and at least once. */
static void take_turn(struct timed *t, int threads, int R, int I, int O, void *y,
                      const void *x, const void *w)
{
    use_threads(t->shared ? threads : 1);
    if (t->rows == 0 && t->by_rows) { /* the first time: how many rows? */
        const double begun = seconds();
        t->f(1, I, O, y, x, w);
        const double rows = TURN / (seconds() - begun);
        t->rows = rows < R - 1 ? (int)rows + 1 : R;
    } else if (t->rows == 0)
        t->rows = R;
    const double begun = seconds();
    for (double now = begun, start; now - begun < TURN;) {
        start = now;
        t->f(t->rows, I, O, y, x, w);
        now = seconds();
        t->best = fmin(t->best, (now - start) / t->rows);
    }
    use_threads(threads);
}

/* Rungs 7 and 8: what the fast pass uses, on one thread and on all. */
static void packed(int R, int I, int O, float y[restrict R][O], const float x[R][I],
                   const float w[I][O])
{
    product(R, I, O, y, x, w, NULL);
}

/* Chapter 6's own function, with a bias of zeros. */
static void chapter_six(int R, int I, int O, float y[restrict R][O], const float x[R][I],
                        const float w[I][O])
{
    static float *none; /* [room] */
    static int room;
    if (room < O) {
        free(none);
        none = grab((size_t)O, sizeof *none);
        room = O;
    }
    linear(R, I, O, y, x, w, none);
}

static const struct timed ladder[] = {
    {"output outside", output_outside, true, false, 0, INFINITY},
    {"input outside", input_outside, true, false, 0, INFINITY},
    {"vectors", in_vectors, true, false, 0, INFINITY},
    {"a dozen sums", dozen_sums, false, false, 0, INFINITY},
    {"tiles", in_tiles, false, false, 0, INFINITY},
    {"blocks", in_blocks, false, false, 0, INFINITY},
    {"packed", packed, false, false, 0, INFINITY},
    {"all threads", packed, false, true, 0, INFINITY},
    {"linear, chapter 6", chapter_six, true, false, 0, INFINITY},
};
/* One row at a time: rungs 1 to 3, then row_product, on one thread and on all. */
static const struct timed rows_ladder[] = {
    {"output outside", output_outside, true, false, 0, INFINITY},
    {"input outside", input_outside, true, false, 0, INFINITY},
    {"vectors", in_vectors, true, false, 0, INFINITY},
    {"many runs", packed, false, false, 0, INFINITY},
    {"all threads", packed, false, true, 0, INFINITY},
};
enum {
    RUNGS = 8,
    TIMED = 9,
    ROW_RUNGS = 5,
    SHAPES = 2,
    ROWS = 512,
    SUMS = 8,
    LAYERS = 5
};
static const int sums_tried[SUMS] = {1, 2, 3, 4, 6, 8, 10, 12};

/* The layers of GPT-2 small: what goes in, what comes out. */
static const struct {
    const char *name;
    int I, O;
} layers[LAYERS] = {{"c_attn", 768, 2304},
                    {"c_proj", 768, 768},
                    {"c_fc", 768, 3072},
                    {"mlp c_proj", 3072, 768},
                    {"logits", 768, 50257}};

/* A step's parts. */
enum { NORMS, C_ATTN, ATTEND, C_PROJ, C_FC, GELU, MLP_PROJ, LOGITS, STEP_PARTS };
static const char *const part_names[STEP_PARTS] = {
    "norms", "c_attn", "attention", "c_proj", "c_fc", "GELU", "mlp c_proj", "logits"};

/* All that the program finds out. */
struct findings {
    struct reading r;
    int threads;
    float *memory;                            /* [MEMORY]: more than any cache holds */
    double sums[SUMS], peak[2], bandwidth[2]; /* a second; on one thread, on all */
    struct timed climb[SHAPES][TIMED];
    int I[SHAPES], O[SHAPES];
    bool agree[SHAPES];
    double dot[2]; /* operations a second: one sum, dot_in_sums */
    struct timed row[ROW_RUNGS];
    double layer[2][LAYERS]; /* GFLOP/s: one row, ROWS rows; 0: not measured */
    int T, at;               /* tokens in the pass; the position of the step */
    double pass[2], step[2][STEP_PARTS]; /* seconds: teaching, fast */
    bool same[2];                        /* the logits of pass and step */
};
enum { MEMORY = 768 * 50257 };

/* Numbers like a model's, and fast to make. */
static void fill(size_t n, float x[n])
{
    OMP(parallel for)
    for (size_t i = 0; i < n; i++)
        x[i] = (float)((int)((i * 2654435761u >> 7) & 255) - 128) / 1024;
}

static volatile float kept; /* so that what is measured is computed */

/* The peak: the best of short turns, with each number of sums, and on all threads. */
static void find_peak(struct findings *f)
{
    const long rounds = 20000;
    const double begun = seconds();
    for (int turn = 0; turn < 20 && (turn < 2 || seconds() - begun < 0.3); turn++) {
        for (int n = 0; n < SUMS; n++) {
            const double start = seconds();
            kept = multiply_adds(sums_tried[n], rounds);
            f->sums[n] = fmax(f->sums[n],
                              2.0 * LANES * sums_tried[n] * rounds / (seconds() - start));
            f->peak[0] = fmax(f->peak[0], f->sums[n]);
        }
        const double start = seconds();
        float some = 0;
        OMP(parallel reduction(+ : some))
        some += multiply_adds(12, 10 * rounds);
        kept = some;
        f->peak[1] = fmax(f->peak[1], 2.0 * LANES * 12 * 10 * rounds * f->threads /
                                          (seconds() - start));
    }
    f->peak[1] = fmax(f->peak[1], f->peak[0]);
}

/* All rungs, in turn, on one shape; w [I, O]. Do they agree on the rows that all have done? */
static void climb(struct findings *f, int shape, int I, int O, const float *w)
{
    struct timed *t = f->climb[shape];
    memcpy(t, ladder, sizeof ladder);
    f->I[shape] = I;
    f->O[shape] = O;
    float *x = grab(ROWS, (size_t)I * sizeof *x), *y = grab(ROWS, (size_t)O * sizeof *y),
          *first = grab(ROWS, (size_t)O * sizeof *first);
    fill((size_t)ROWS * (size_t)I, x);
    f->agree[shape] = true;
    const double begun = seconds();
    for (int turn = 0; turn < 3 && (turn == 0 || seconds() - begun < 1.2); turn++)
        for (int n = 0; n < TIMED; n++) {
            take_turn(&t[n], f->threads, ROWS, I, O, n ? y : first, x, w);
            const int both = smaller(t[0].rows, t[n].rows);
            if (n && first_disagreement((size_t)both * (size_t)O, y, first) >= 0)
                f->agree[shape] = false;
        }
    free(x);
    free(y);
    free(first);
}

static float one_sum(int n, const float x[n], const float y[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Dot products of the same two rows, with one sum and with several. */
static void time_dots(struct findings *f)
{
    enum { N = 2048, TIMES = 50 };
    const float *x = f->memory, *y = f->memory + N;
    for (int turn = 0; turn < 50; turn++)
        for (int several = 0; several < 2; several++) {
            float all = 0;
            const double begun = seconds();
            for (int i = 0; i < TIMES; i++)
                all += several ? dot_in_sums(N - i % 2, x + i, y + i)
                               : one_sum(N - i % 2, x + i, y + i);
            f->dot[several] =
                fmax(f->dot[several], 2.0 * N * TIMES / (seconds() - begun));
            kept = all;
        }
}

/* One row with matrices of GPT-2 small, and the same memory only read, by turns. Each matrix was
 * last used a memory ago. */
static void one_row(struct findings *f)
{
    enum { I = 768, O = 3072, SIZE = I * O, MATRICES = MEMORY / SIZE };
    float *x = grab(1, I * sizeof *x), *y = grab(1, O * sizeof *y);
    fill(I, x);
    memcpy(f->row, rows_ladder, sizeof rows_ladder);
    const double begun = seconds();
    for (int turn = 0, next = 0; turn < 40 && (turn < 4 || seconds() - begun < 0.6);
         turn++)
        for (int n = 0; n < ROW_RUNGS + 2; n++) {
            const int row = n - 2; /* -2, -1: reading alone, on one thread and on all */
            if (row >= 0 && row < 2 && turn > 2) /* slow, and the same every time */
                continue;
            const float *w = f->memory + (size_t)(next++ % MATRICES) * SIZE;
            use_threads((row < 0 ? n : f->row[row].shared) ? f->threads : 1);
            const double start = seconds();
            if (row < 0)
                kept = read_memory(SIZE, w);
            else
                f->row[row].f(1, I, O, (void *)y, (void *)x, (void *)w);
            const double spent = seconds() - start;
            if (row < 0)
                f->bandwidth[n] = fmax(f->bandwidth[n], sizeof(float) * SIZE / spent);
            else
                f->row[row].best = fmin(f->row[row].best, spent);
            use_threads(f->threads);
        }
    f->bandwidth[1] = fmax(f->bandwidth[1], f->bandwidth[0]);
    free(x);
    free(y);
}

/* Each layer of GPT-2 small on all threads: one row and ROWS rows. */
static void time_layers(struct findings *f)
{
    float *x = grab(ROWS, 3072 * sizeof *x), *y = grab(ROWS, 3072 * sizeof *y),
          *logits = grab(50257, sizeof *logits);
    fill((size_t)ROWS * 3072, x);
    size_t at = 0; /* one matrix after the other: none is in a cache */
    for (int turn = 0; turn < 3; turn++)
        for (int many = 0; many < 2; many++)
            for (int l = 0; l < LAYERS; l++) {
                const int I = layers[l].I, O = layers[l].O, R = many ? ROWS : 1;
                const size_t size = (size_t)I * (size_t)O;
                if (at + size > MEMORY)
                    at = 0;
                const float *w = f->memory + at;
                at += size;
                if (many &&
                    (O > 3072 || turn == 2)) /* only the last row's logits are wanted */
                    continue;
                const double begun = seconds();
                if (O > 3072)
                    product_with_rows(1, I, O, (void *)logits, (void *)x, (void *)w);
                else
                    product(R, I, O, (void *)y, (void *)x, (void *)w, NULL);
                f->layer[many][l] =
                    fmax(f->layer[many][l], 2.0 * R * (double)size / (seconds() - begun));
            }
    free(x);
    free(y);
    free(logits);
}

/* One token through the model, by chapter 11's functions or by this chapter's, and what its
 * parts took, which is added to spent. keys, values [L]: [H][room][D] */
static void step_by_parts(const struct findings *f, bool fast, struct fast_reader *r,
                          int id, float *logits, double spent[STEP_PARTS])
{
    const struct config *c = &f->r.model.config;
    const struct weights *w = &f->r.model.weights;
    const int C = c->C, H = c->H, D = C / H, F = c->F, V = c->V, room = r->room;
    float x[1][C], norm[1][C], qkv[1][3 * C], context[1][C], wide[1][F];
    float *one = r->one;
    void (*const times)(int R, int I, int O, float y[R][O], const float x[R][I],
                        const float w[I][O], const float b[O]) = fast ? product : linear;
    void (*const normalize)(int R, int C, float y[R][C], const float x[R][C],
                            const float weight[C], const float bias[C], float epsilon) =
        fast ? norm_rows : layer_norm;
    double now = seconds();
#define PART(part) (spent[part] -= now, now = seconds(), spent[part] += now)
    const float(*wpe)[C] = w->wpe;
    embed(1, C, x, &id, w->wte, &wpe[f->at]);
    now = seconds();
    for (int l = 0; l < c->L; l++) {
        const struct block *b = &w->h[l];
        float(*keys)[room][D] = (void *)r->keys[l],
        (*values)[room][D] = (void *)r->values[l];
        normalize(1, C, norm, x, b->ln_1_weight, b->ln_1_bias, c->epsilon);
        PART(NORMS);
        times(1, C, 3 * C, qkv, norm, b->attn_c_attn_weight, b->attn_c_attn_bias);
        PART(C_ATTN);
        if (fast)
            attend_cached(1, C, H, room, f->at, keys, values, context, qkv, (void *)one);
        else {
            keep_token(H, room, D, keys, values, f->at, qkv[0]);
            attend_kept(H, room, D, f->at + 1, context[0], qkv[0], keys, values);
        }
        PART(ATTEND);
        times(1, C, C, norm, context, b->attn_c_proj_weight, b->attn_c_proj_bias);
        PART(C_PROJ);
        add_all((size_t)C, x[0], norm[0]);
        normalize(1, C, norm, x, b->ln_2_weight, b->ln_2_bias, c->epsilon);
        PART(NORMS);
        times(1, C, F, wide, norm, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
        PART(C_FC);
        if (fast)
            gelu_row(F, wide[0], wide[0]);
        else
            for (int i = 0; i < F; i++)
                wide[0][i] = gelu(wide[0][i]);
        PART(GELU);
        times(1, F, C, norm, wide, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
        PART(MLP_PROJ);
        add_all((size_t)C, x[0], norm[0]);
    }
    normalize(1, C, norm, x, w->ln_f_weight, w->ln_f_bias, c->epsilon);
    PART(NORMS);
    if (fast)
        product_with_rows(1, C, V, (void *)logits, norm, w->lm_head);
    else
        final_logits(1, C, V, (void *)logits, norm, w->lm_head);
    PART(LOGITS);
#undef PART
}

/* The prompt again and again, as long as the teaching pass may take: both passes on it, and then
 * the last token again, alone, by its parts. */
static void whole_model(struct findings *f)
{
    const struct config *c = &f->r.model.config;
    const struct weights *w = &f->r.model.weights;
    const double MOST = 2e8; /* multiply-adds */
    f->T = smaller(c->positions, (int)(MOST / step_work(c, c->positions)) + 2);
    f->at = f->T - 1;
    int *ids = grab((size_t)f->T, sizeof *ids);
    for (int t = 0; t < f->T; t++)
        ids[t] = f->r.prompt.ids[t % f->r.prompt.count];
    struct stack slow = new_stack(f->T, c);
    struct fast_pass fast = new_fast_pass(1, f->T, c);
    f->pass[0] = f->pass[1] = INFINITY;
    for (int turn = 0; turn < 4; turn++) {
        double begun = seconds();
        if (turn < 2)
            run_stack(f->T, c, &slow, ids, w);
        const double between = seconds();
        if (turn < 2)
            f->pass[0] = fmin(f->pass[0], between - begun);
        begun = seconds();
        fast_forward(c, &fast, ids, w);
        f->pass[1] = fmin(f->pass[1], seconds() - begun);
    }
    f->same[0] =
        first_disagreement((size_t)f->T * (size_t)c->V, fast.logits, slow.logits) < 0;
    free_fast_pass(&fast, c);
    free_stack(&slow);

    struct fast_reader r = new_fast_reader(c, w, f->T);
    fast_read(&r, f->T, ids, NULL);
    float *logits[2] = {grab((size_t)c->V, sizeof(float)),
                        grab((size_t)c->V, sizeof(float))};
    double best[2] = {INFINITY, INFINITY};
    const double begun = seconds();
    for (int turn = 0; turn < 20 && (turn == 0 || seconds() - begun < 0.4); turn++)
        for (int way = 0; way < 2; way++) {
            double spent[STEP_PARTS] = {0}, all = 0;
            step_by_parts(f, way, &r, ids[f->at], logits[way], spent);
            for (int p = 0; p < STEP_PARTS; p++)
                all += spent[p];
            if (all < best[way]) {
                best[way] = all;
                memcpy(f->step[way], spent, sizeof spent);
            }
        }
    f->same[1] = first_disagreement((size_t)c->V, logits[1], logits[0]) < 0;
    free(logits[0]);
    free(logits[1]);
    free_fast_reader(&r);
    free(ids);
}

static double gflops(const struct findings *f, int shape, int n)
{
    return 2e-9 * f->I[shape] * f->O[shape] / f->climb[shape][n].best;
}

static double gigabytes(const struct findings *f, int n)
{
    return 1e-9 * sizeof(float) * 768 * 3072 / f->row[n].best;
}

/* On a busy machine what should find a limit may do worse than a rung: a limit is never below
 * what was reached. */
static void raise_limits(struct findings *f)
{
    for (int shape = 0; shape < SHAPES; shape++)
        for (int n = 0; n < TIMED; n++)
            for (int all = ladder[n].shared; all < 2; all++)
                f->peak[all] = fmax(f->peak[all], 1e9 * gflops(f, shape, n));
    for (int n = 0; n < ROW_RUNGS; n++)
        for (int all = rows_ladder[n].shared; all < 2; all++)
            f->bandwidth[all] = fmax(f->bandwidth[all], 1e9 * gigabytes(f, n));
}

/* Step 1: the two limits. */
static void walk_limits(const struct findings *f)
{
    heading("1 Two limits", "%d float%s in a register, %d thread%s", LANES,
            LANES > 1 ? "s" : "", f->threads, f->threads > 1 ? "s" : "");
    printf("  multiply-adds in registers, one thread:\n");
    for (int n = 0; n < SUMS; n++)
        printf("    %2d sum%s at once %8.1f GFLOP/s\n", sums_tried[n],
               sums_tried[n] > 1 ? "s" : " ", 1e-9 * f->sums[n]);
    printf("  peak             %8.1f GFLOP/s, all threads %8.1f\n  memory, reading  "
           "%8.1f GB/s,    all threads %8.1f\n",
           1e-9 * f->peak[0], 1e-9 * f->peak[1], 1e-9 * f->bandwidth[0],
           1e-9 * f->bandwidth[1]);
}

/* Step 2: the climb. */
static void walk_climb(const struct findings *f)
{
    heading("2 The climb", "x [%d, I] times w [I, O], in GFLOP/s", ROWS);
    printf("  %-17s", "I, O");
    for (int shape = 0; shape < SHAPES; shape++)
        printf("%*d, %d", shape ? 16 : 10, f->I[shape], f->O[shape]);
    printf("\n");
    for (int n = 0; n < TIMED; n++) {
        if (n < RUNGS)
            printf("  %d %-16s", n + 1, ladder[n].name);
        else
            printf("\n  %-18s", ladder[n].name);
        for (int shape = 0; shape < SHAPES; shape++)
            printf(" %8.2f, %5.1f %%%s", gflops(f, shape, n),
                   1e11 * gflops(f, shape, n) / f->peak[ladder[n].shared],
                   shape + 1 < SHAPES ? "   " : "\n");
    }
    for (int shape = 0; shape < SHAPES; shape++)
        if (!f->agree[shape])
            printf("  THE RUNGS DISAGREE on [%d, %d]\n", f->I[shape], f->O[shape]);
    if (f->agree[0] && f->agree[1])
        printf("  All rungs agree. Per cent are of the peak, on as many threads.\n");
    printf("  A dot product: one sum %.2f, dot_in_sums %.2f GFLOP/s.\n", 1e-9 * f->dot[0],
           1e-9 * f->dot[1]);
    if (gflops(f, 0, 8) > 1.5 * gflops(f, 0, 1))
        printf("  The compiler made vectors of chapter 6's loop by itself.\n");
    if (f->threads > 1 && gflops(f, 0, 7) < 1.2 * gflops(f, 0, 6))
        printf("  More threads bring little now: is the machine busy?\n");
}

/* Step 3: one row. */
static void walk_row(const struct findings *f)
{
    heading("3 One row", "[1, 768] times matrices [768, 3072] from memory, in GB/s");
    for (int n = 0; n < ROW_RUNGS; n++)
        printf("  %-16s %8.2f, %5.1f %% of what memory gives\n", rows_ladder[n].name,
               gigabytes(f, n),
               1e11 * gigabytes(f, n) / f->bandwidth[rows_ladder[n].shared]);
}

/* Steps 4 and 5: the model. */
static void walk_model(const struct findings *f)
{
    const struct config *c = &f->r.model.config;
    double all[2] = {0};
    heading("4 A step, by its parts", "token %d alone, in microseconds: chapter 11, here",
            f->T);
    for (int p = 0; p < STEP_PARTS; p++) {
        printf("  %-12s %10.1f %10.1f\n", part_names[p], 1e6 * f->step[0][p],
               1e6 * f->step[1][p]);
        all[0] += f->step[0][p];
        all[1] += f->step[1][p];
    }
    printf("  %-12s %10.1f %10.1f, %.1f times as fast\n", "together", 1e6 * all[0],
           1e6 * all[1], all[0] / all[1]);
    heading("5 The whole model", "the prompt again and again, %d tokens, all at once",
            f->T);
    printf("  teaching pass %8.2f ms\n  fast pass     %8.2f ms: %.1f times as fast\n  "
           "all %d logits %s\n",
           1e3 * f->pass[0], 1e3 * f->pass[1], f->pass[0] / f->pass[1], f->T * c->V,
           f->same[0] && f->same[1] ? "agree" : "DISAGREE");
}

/* What was measured: other numbers on every run. */
static void figure_times(const char *folder, const struct findings *f)
{
    FILE *file = figure_open(folder, "limits"); /* a thread, all; how many; lanes, tile */
    figure_row(file, "%.3f %.3f %.3f %.3f %.3f %.3f %.3f", 1e-9 * f->peak[0],
               1e-9 * f->peak[1], 1e-9 * f->bandwidth[0], 1e-9 * f->bandwidth[1],
               (double)f->threads, (double)LANES, (double)TILE_ROWS);
    file = figure_next(file, folder, "sums");
    for (int n = 0; n < SUMS; n++)
        figure_row(file, "%.3f %.3f", (double)sums_tried[n], 1e-9 * f->sums[n]);
    file = figure_next(file, folder, "ladder");
    for (int n = 0; n < TIMED; n++)
        figure_row(file, "%s %.3f %.3f", ladder[n].name, gflops(f, 0, n),
                   gflops(f, 1, n));
    file = figure_next(file, folder, "shapes");
    for (int shape = 0; shape < SHAPES; shape++)
        fprintf(file, "%d\t%d\t%d\n", ROWS, f->I[shape], f->O[shape]);
    /* name, rows, operations per byte, GFLOP/s */
    file = figure_next(file, folder, "layers");
    for (int many = 0; many < 2; many++)
        for (int l = 0; l < LAYERS; l++) {
            const double R = many ? ROWS : 1, I = layers[l].I, O = layers[l].O;
            if (f->layer[many][l] <= 0)
                continue;
            figure_row(file, "%s %.3f %.3f %.3f", layers[l].name, R,
                       2 * R * I * O / 4 / (R * I + I * O + R * O),
                       1e-9 * f->layer[many][l]);
        }
    file = figure_next(file, folder, "parts"); /* microseconds */
    for (int p = 0; p < STEP_PARTS; p++)
        figure_row(file, "%s %.3f %.3f", part_names[p], 1e6 * f->step[0][p],
                   1e6 * f->step[1][p]);
    figure_close(file);
}

/* A cache of this machine, in bytes, as Linux reports it; elsewhere a usual size. */
static double cache_size(int level)
{
    FILE *file =
        fopen(brief(format_text("/sys/devices/system/cpu/cpu0/cache/index%d/size",
                                level == 1 ? 0 : level)),
              "r");
    long kilobytes = 0;
    if (file && fscanf(file, "%9ld", &kilobytes) != 1)
        kilobytes = 0;
    if (file)
        fclose(file);
    return kilobytes > 0 ? 1024.0 * (double)kilobytes
           : level == 1  ? 32768
           : level == 2  ? 524288
                         : 16777216;
}

/* How large the stores are, and what of the first shape's matrices each holds: bytes. */
static void figure_caches(const char *folder)
{
    const double f = sizeof(float), strip = f * DEPTH * TILE_COLUMNS;
    FILE *file = figure_open(folder, "caches");
    figure_row(file, "%.0f %.0f", f * LANES * (LANES == 16 ? 32 : 16),
               f * TILE_ROWS * TILE_COLUMNS);
    figure_row(file, "%.0f %.0f", cache_size(1), strip);
    figure_row(file, "%.0f %.0f", cache_size(2), f * BLOCK_ROWS * DEPTH);
    figure_row(file, "%.0f %.0f", cache_size(3), f * DEPTH * BLOCK_COLUMNS);
    figure_row(file, "%.0f %.0f", 4e9, f * (512 * 768 + 768 * 3072 + 512 * 3072));
    figure_close(file);
}

/* Which thread had which block of rows, from when to when, in milliseconds: the blocks of rung
 * 6, shared out as they come. */
static void figure_threads(const char *folder, const struct findings *f)
{
    enum { I = 768, O = 3072, HIGH = 24, BLOCKS = (ROWS + HIGH - 1) / HIGH };
    float(*x)[I] = grab(ROWS, sizeof *x), (*y)[O] = grab(ROWS, sizeof *y);
    fill((size_t)ROWS * I, x[0]);
    double from[BLOCKS], to[BLOCKS];
    int who[BLOCKS];
    const double begun = seconds();
    OMP(parallel for schedule(dynamic))
    for (int b = 0; b < BLOCKS; b++) {
        who[b] = 0;
#ifdef _OPENMP
        who[b] = omp_get_thread_num();
#endif
        from[b] = 1e3 * (seconds() - begun);
        in_blocks(smaller(HIGH, ROWS - b * HIGH), I, O, y + b * HIGH, x + b * HIGH,
                  (void *)f->memory);
        to[b] = 1e3 * (seconds() - begun);
    }
    FILE *file = figure_open(folder, "threads");
    for (int b = 0; b < BLOCKS; b++)
        figure_row(file, "%d %d %.3f %.3f", b, who[b], from[b], to[b]);
    figure_close(file);
    free(x);
    free(y);
}

/* A tile of the first block's c_attn, six rows by sixteen columns, after 1, 8 and all inputs; and
 * a small matrix, packed. */
static void figure_tile(const char *folder, const struct findings *f)
{
    enum { HIGH = 6, WIDE = 16, STATES = 3, K = 5, N = 10, STRIP = 4 };
    const struct config *c = &f->r.model.config;
    const struct block *b = &f->r.model.weights.h[0];
    const int T = f->r.prompt.count, C = c->C;
    const float(*w)[3 * C] = b->attn_c_attn_weight;
    float(*x)[C] = grab((size_t)T, sizeof *x), (*norm)[C] = grab((size_t)T, sizeof *norm);
    embed(T, C, x, f->r.prompt.ids, f->r.model.weights.wte, f->r.model.weights.wpe);
    layer_norm(T, C, norm, x, b->ln_1_weight, b->ln_1_bias, c->epsilon);
    const int high = smaller(T, HIGH), wide = smaller(3 * C, WIDE);
    FILE *file = figure_open(folder, "tile"); /* inputs so far, row, column, sum */
    for (int state = 0; state < STATES; state++)
        for (int r = 0; r < high; r++)
            for (int o = 0; o < wide; o++) {
                const int inputs = state == 0 ? 1 : state == 1 ? smaller(8, C) : C;
                double sum = 0;
                for (int i = 0; i < inputs; i++)
                    sum += (double)norm[r][i] * (double)w[i][o];
                figure_row(file, "%d %d %d %.3f", inputs, r, o, sum);
            }
    file = figure_next(file, folder, "words");
    for (int r = 0; r < high; r++)
        figure_row(file, "%s", f->r.prompt.labels[r]);
    figure_close(file);
    free(x);
    free(norm);

    float from[K * N], packed[K * STRIP * 3 + LANES];
    for (int i = 0; i < K * N; i++)
        from[i] = (float)(i + 1);
    for (int j = 0; j < N; j += STRIP)
        pack(K, STRIP, smaller(STRIP, N - j), packed + j * K, from + j, N, 1);
    file = figure_open(folder,
                       "packed"); /* the element here: 1 is row 0, column 0; 0: none */
    for (int i = 0; i < K * STRIP * 3; i++)
        fprintf(file, "%d\t%.0f\n", i, (double)packed[i]);
    figure_close(file);
}

/* The first group of weights of the model in fewer bits: the first as a float and as BF16, bit by
 * bit; all as INT8. */
static void figure_bits(const char *folder, const struct findings *f)
{
    const float *w = f->r.model.weights.h[0].mlp_c_fc_weight;
    const int n = smaller(PANEL, f->r.model.config.F);
    uint32_t bits;
    memcpy(&bits, w, sizeof bits);
    const uint16_t upper = to_bfloat16(*w);
    FILE *file =
        figure_open(folder, "bits"); /* 0: float, 1: BF16; the bit's number; the bit */
    for (int i = 31; i >= 0; i--)
        fprintf(file, "0\t%d\t%d\n", i, (int)(bits >> i & 1));
    for (int i = 15; i >= 0; i--)
        fprintf(file, "1\t%d\t%d\n", i, upper >> i & 1);
    file = figure_next(file, folder, "values");
    figure_row(file, "%.8f %.8f", (double)*w, bfloat16_to_float(upper));
    figure_close(file);
    int8_t q[PANEL];
    const float scale = quantize_group(n, q, w);
    file = figure_open(folder,
                       "group"); /* a weight, its whole number, what that stands for */
    for (int i = 0; i < n; i++)
        figure_row(file, "%d %.6f %.6f", q[i], w[i], (double)(scale * (float)q[i]));
    file = figure_next(file, folder, "scale");
    figure_row(file, "%.8f", scale);
    figure_close(file);
}

/* The error of a product of the model, beside double, and the time of one row with a large
 * matrix from memory, for each kind of weights. */
static void figure_kinds(const char *folder, const struct findings *f)
{
    enum { I = 768, O = 50257 };
    static const char *const names[] = {"f32", "bf16", "int8"};
    const struct config *c = &f->r.model.config;
    const int C = c->C, F = c->F;
    const float(*w)[F] = f->r.model.weights.h[0].mlp_c_fc_weight;
    float *x = grab(I > C ? I : (size_t)C, sizeof *x),
          *y = grab(O > F ? O : (size_t)F, sizeof *y);
    fill(I > C ? I : (size_t)C, x);
    FILE *file = figure_open(folder, "kinds"); /* bits, milliseconds, error */
    for (int kind = F32; kind <= INT8; kind++) {
        struct packing seen = {0};
        struct packed *large = NULL, *small = NULL;
        if (kind != F32) {
            large = pack_matrix((enum weight_kind)kind, I, O,
                                (struct view){f->memory, O, 1, NULL}, &seen);
            small = pack_matrix((enum weight_kind)kind, C, F,
                                (struct view){w[0], (size_t)F, 1, NULL}, &seen);
        }
        double best = INFINITY, wrong = 0, right = 0;
        for (int turn = 0; turn < 6; turn++) {
            const double begun = seconds();
            product_of((enum weight_kind)kind, 1, I, O, (void *)y, (void *)x,
                       large ? (const void *)large : f->memory, NULL);
            best = fmin(best, seconds() - begun);
        }
        product_of((enum weight_kind)kind, 1, C, F, (void *)y, (void *)x,
                   small ? (const void *)small : w, NULL);
        for (int o = 0; o < F; o++) {
            double sum = 0;
            for (int i = 0; i < C; i++)
                sum += (double)x[i] * (double)w[i][o];
            wrong += (sum - (double)y[o]) * (sum - (double)y[o]);
            right += sum * sum;
        }
        figure_row(file, "%s %.12f %.12f %.12f", names[kind],
                   kind == F32    ? 32
                   : kind == BF16 ? 16
                                  : 8 + 32.0 / PANEL,
                   1e3 * best, sqrt(wrong / right));
        if (large) {
            free_packed(large);
            free_packed(small);
        }
    }
    figure_close(file);
    free(x);
    free(y);
}

int main(int argc, char **argv)
{
    calm_threads(argv);
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 12_speed [options]", &o, NULL, 0);
    struct findings f = {.r = open_reading(&o), .threads = thread_count()};
    const struct config *c = &f.r.model.config;
    f.memory = grab(MEMORY, sizeof *f.memory);
    fill(MEMORY, f.memory);
    find_peak(&f);
    climb(&f, 0, 768, 3072, f.memory);
    climb(&f, 1, c->C, c->F, f.r.model.weights.h[0].mlp_c_fc_weight);
    time_dots(&f);
    one_row(&f);
    whole_model(&f);
    raise_limits(&f);
    walk_limits(&f);
    walk_climb(&f);
    walk_row(&f);
    walk_model(&f);
    if (o.figures) {
        time_layers(&f);
        figure_times(o.figures, &f);
        figure_caches(o.figures);
        figure_threads(o.figures, &f);
        figure_tile(o.figures, &f);
        figure_bits(o.figures, &f);
        figure_kinds(o.figures, &f);
    }
    free(f.memory);
    close_reading(&f.r);
    finish_output();
    return 0;
}
