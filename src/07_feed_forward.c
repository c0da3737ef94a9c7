/* 07_feed_forward.c: what reaches the feed-forward layer of the first block, and what becomes
 * of it there. Chapter 7 of the book: chapters/07_feed_forward.md */
#include "07_feed_forward.h"

/* What stands before the layer in the first block. */
struct before {
    void *embedding, *ln_1; /* [T][C] */
    struct attention attention;
    void *mid, *ln_2; /* [T][C] */
};

static struct before new_before(int T, const struct config *config)
{
    const size_t t = (size_t)T, row = (size_t)config->C * sizeof(float);
    return (struct before){grab(t, row), grab(t, row),
                           new_attention(T, config->H, config->C / config->H),
                           grab(t, row), grab(t, row)};
}

static void free_before(struct before *b)
{
    free(b->embedding);
    free(b->ln_1);
    free_attention(&b->attention);
    free(b->mid);
    free(b->ln_2);
}

/* From ids [T] to the normalized rows that the first block's layer reads, b->ln_2 [T, C]. */
static void run_before(int T, const struct config *config, struct before *b,
                       const int ids[T], const struct weights *w)
{
    const int C = config->C;
    const struct block *first = &w->h[0];
    embed(T, C, b->embedding, ids, w->wte, w->wpe);
    layer_norm(T, C, b->ln_1, b->embedding, first->ln_1_weight, first->ln_1_bias,
               config->epsilon);
    attend(T, C, config->H, &b->attention, b->ln_1, first);
    const float(*x)[C] = b->embedding, (*told)[C] = b->attention.output;
    float(*mid)[C] = b->mid;
    for (int t = 0; t < T; t++) /* what a token was, and what it was told: chapter 8 */
        for (int c = 0; c < C; c++)
            mid[t][c] = x[t][c] + told[t][c];
    layer_norm(T, C, b->ln_2, mid, first->ln_2_weight, first->ln_2_bias, config->epsilon);
}

/* A row in five numbers. */
enum { MEAN, DEVIATION, LOWEST, HIGHEST, LENGTH, MEASURES };

static void measure(int n, float m[restrict MEASURES], const float x[n])
{
    double sum = 0, squares = 0, around = 0;
    m[LOWEST] = m[HIGHEST] = x[0];
    for (int i = 0; i < n; i++) {
        sum += (double)x[i];
        squares += (double)x[i] * (double)x[i];
        m[LOWEST] = fminf(m[LOWEST], x[i]);
        m[HIGHEST] = fmaxf(m[HIGHEST], x[i]);
    }
    for (int i = 0; i < n; i++)
        around += ((double)x[i] - sum / n) * ((double)x[i] - sum / n);
    m[MEAN] = (float)(sum / n);
    m[DEVIATION] = (float)sqrt(around / n);
    m[LENGTH] = (float)sqrt(squares);
}

/* The indices of the n largest numbers of x, largest first; of equal ones the first. */
static void largest(int count, int n, int best[restrict n], const float x[count])
{
    for (int k = 0; k < n; k++) {
        best[k] = -1;
        for (int i = 0; i < count; i++) {
            bool taken = false;
            for (int j = 0; j < k; j++)
                taken = taken || best[j] == i;
            if (!taken && (best[k] < 0 || x[i] > x[best[k]]))
                best[k] = i;
        }
    }
}

static char *const measure_names[] = {"mean", "spread", "lowest", "highest", "length"};

/* Steps 1 and 2: rows of all sizes, and the same rows on one scale. */
static void walk_norm(int T, int C, const struct before *b, const struct block *w,
                      float epsilon, char **labels, const char *figures)
{
    const float(*mid)[C] = b->mid, (*ln_2)[C] = b->ln_2;
    float(*before)[MEASURES] = grab((size_t)T, sizeof *before);
    float(*after)[MEASURES] = grab((size_t)T, sizeof *after);
    float(*plain)[C] = grab((size_t)T, sizeof *plain), *one = grab((size_t)C, 4),
    *zero = grab((size_t)C, 4), (*rms)[C] = grab((size_t)T, sizeof *rms);
    for (int c = 0; c < C; c++)
        one[c] = 1;
    layer_norm(T, C, plain, mid, one, zero, epsilon);
    rms_norm(T, C, rms, mid, one, epsilon);
    double furthest = 0;
    for (int t = 0; t < T; t++) {
        measure(C, before[t], mid[t]);
        measure(C, after[t], plain[t]);
        for (int c = 0; c < C; c++)
            furthest = fmax(furthest, fabs((double)rms[t][c] - (double)plain[t][c]));
    }
    heading("1. The rows come in", "what each token is, and what attention told it");
    print_matrix("h.0.mid", T, C, mid, labels, NULL);
    printf("\n");
    print_matrix("measured", T, MEASURES, before, labels, measure_names);
    heading("2. Layer norm", "every row on one scale: mean 0, spread 1");
    print_matrix("measured", T, MEASURES, after, labels, measure_names);
    printf("  Without taking the mean off (RMS norm), no number would differ by more "
           "than %.2f.\n\n",
           furthest);
    print_matrix("h.0.ln_2, with weight and bias", T, C, ln_2, labels, NULL);
    if (figures) {
        FILE *f = figure_open(figures, "rows");
        for (int t = 0; t < T; t++) {
            for (int m = 0; m < MEASURES; m++)
                fprintf(f, "%g\t%g\t", (double)before[t][m], (double)after[t][m]);
            figure_label(f, labels[t], '\n');
        }
        figure_close(f);
        f = figure_open(figures, "steps"); /* the last token's row, step by step */
        for (int c = 0; c < C; c++)
            fprintf(f, "%d\t%g\t%g\t%g\t%g\n", c, (double)mid[T - 1][c],
                    (double)(mid[T - 1][c] - before[T - 1][MEAN]),
                    (double)plain[T - 1][c], (double)ln_2[T - 1][c]);
        figure_close(f);
        f = figure_open(figures, "weights");
        for (int c = 0; c < C; c++)
            fprintf(f, "%d\t%g\t%g\n", c, (double)w->ln_2_weight[c],
                    (double)w->ln_2_bias[c]);
        figure_close(f);
    }
    free(before);
    free(after);
    free(plain);
    free(one);
    free(zero);
    free(rms);
}

/* How many of n numbers are above 0, in percent. */
static float awake(int n, const float x[n])
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += x[i] > 0;
    return 100 * (float)count / (float)n;
}

/* Steps 3 to 5: wider, bent, narrow again. */
static void walk_layers(int T, int C, int F, const struct feed_forward *f,
                        const struct before *b, char **labels)
{
    const float(*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu, (*output)[C] = f->output;
    const float(*mid)[C] = b->mid;
    double share = 0, apart = 0;
    float at = 0, (*sizes)[3] = grab((size_t)T, sizeof *sizes);
    for (int t = 0; t < T; t++) {
        share += (double)awake(F, bent[t]) / T;
        for (int i = 0; i < F; i++) {
            double d = fabs((double)gelu_erf(c_fc[t][i]) - (double)bent[t][i]);
            if (d > apart) {
                apart = d;
                at = c_fc[t][i];
            }
        }
    }
    heading("3. Wider", "from %d numbers to %d hidden units", C, F);
    print_matrix("h.0.mlp.c_fc", T, F, c_fc, labels, NULL);
    heading("4. Bent by GELU", "what is negative goes to sleep");
    print_matrix("h.0.mlp.gelu", T, F, bent, labels, NULL);
    printf("  Awake, that is above 0: %.1f %% of the units.\n", share);
    printf("  With erf for tanh, no number here would differ by more than %.5f (at "
           "%.2f).\n",
           apart, (double)at);
    heading("5. Narrow again", "from %d back to %d", F, C);
    print_matrix("h.0.mlp.c_proj", T, C, output, labels, NULL);
    for (int t = 0; t < T; t++) {
        float before[MEASURES], out[MEASURES];
        measure(C, before, mid[t]);
        measure(C, out, output[t]);
        sizes[t][0] = before[LENGTH];
        sizes[t][1] = out[LENGTH];
        sizes[t][2] = cosine(C, mid[t], output[t]);
    }
    printf("\n");
    print_matrix("what the layer adds, beside the row it adds it to", T, 3,
                 (const float(*)[3])sizes, labels, (char *[]){"row", "added", "cosine"});
    free(sizes);
}

/* ---- Who wakes which unit? ---------------------------------------------------------- */

enum { UNITS = 6, WORDS = 6 };

/* A hidden unit, from both ends. */
struct unit {
    int number, token; /* token: the place in the prompt that wakes it most */
    float height;      /* how much */
    int wakes[WORDS], writes[WORDS]; /* tokens of the vocabulary; -1: none */
    float woken[WORDS], written[WORDS];
};

/* Up to UNITS different units: for each token of the prompt the one it wakes most; of these,
 * those that wake most. Returns how many. */
static int choose_units(int T, int F, const float bent[T][F], struct unit units[UNITS])
{
    int count = 0;
    float *height = grab((size_t)T, sizeof *height);
    int *unit = grab((size_t)T, sizeof *unit), *order = grab((size_t)T, sizeof *order);
    for (int t = 0; t < T; t++) {
        largest(F, 1, &unit[t], bent[t]);
        height[t] = bent[t][unit[t]];
    }
    largest(T, T, order, height);
    for (int k = 0; k < T && count < UNITS; k++) {
        bool new = true;
        for (int u = 0; u < count; u++)
            new = new &&units[u].number != unit[order[k]];
        if (new)
            units[count++] = (struct unit){
                .number = unit[order[k]], .token = order[k], .height = height[order[k]]};
    }
    free(height);
    free(unit);
    free(order);
    return count;
}

/* Puts a token among the best of a unit's list, if it belongs there. */
static void insert(int id, float value, int ids[WORDS], float values[WORDS])
{
    for (int k = 0; k < WORDS; k++)
        if (ids[k] < 0 || value > values[k]) {
            int other = ids[k];
            float less = values[k];
            ids[k] = id;
            values[k] = value;
            if (other < 0)
                return;
            id = other;
            value = less;
        }
}

/* Both ends of some units: which tokens, each as a prompt of its own, wake them most; and the
 * vectors of which tokens lie most in the direction that they write. Tokens of a single byte
 * are left out. Returns how many tokens were tried: a large model is not asked all. */
static int read_units(const struct reading *r, int count, struct unit units[count])
{
    const struct config *config = &r->model.config;
    const struct block *first = &r->model.weights.h[0];
    const int C = config->C, F = config->F;
    const float(*wte)[C] = r->model.weights.wte, (*c_proj)[C] = first->mlp_c_proj_weight;
    const double cost = 4.0 * C * C;
    struct before b = new_before(1, config);
    int tried = 0;
    for (int u = 0; u < count; u++)
        for (int k = 0; k < WORDS; k++)
            units[u].wakes[k] = units[u].writes[k] = -1;
    for (int id = 0; id < r->vocabulary.size && id < config->V; id++) {
        if (r->vocabulary.start[id + 1] - r->vocabulary.start[id] < 2 ||
            tried * cost > 3e9)
            continue;
        run_before(1, config, &b, &id, &r->model.weights);
        tried++;
        for (int u = 0; u < count; u++) {
            float wide[1][1], written = 0;
            project(1, C, 1, wide, b.ln_2, F, first->mlp_c_fc_weight,
                    first->mlp_c_fc_bias, units[u].number);
            for (int c = 0; c < C; c++)
                written += c_proj[units[u].number][c] * wte[id][c];
            insert(id, gelu(wide[0][0]), units[u].wakes, units[u].woken);
            insert(id, written, units[u].writes, units[u].written);
        }
    }
    free_before(&b);
    return tried;
}

static void print_words(const char *what, const struct vocabulary *v,
                        const int ids[WORDS])
{
    int width = printf("    %s", what) - 4;
    for (int k = 0; k < WORDS && ids[k] >= 0; k++) {
        char *label = token_label(v, ids[k]);
        if (width + text_width(label) < 70)
            width += 2 + text_width(label), printf("  %s", label);
        free(label);
    }
    printf("\n");
}

/* Steps 6 and 7: which units wake for which tokens, in the prompt and in the vocabulary. */
static void walk_units(const struct reading *r, const struct feed_forward *f, int count,
                       struct unit units[count], int tried)
{
    enum { LINES = 16, EACH = 3 };
    const int T = r->prompt.count, F = r->model.config.F;
    const float(*bent)[F] = f->gelu;
    heading("6. Who wakes whom", "the %d units that each token wakes most",
            EACH < F ? EACH : F);
    for (int t = 0; t < T; t++) {
        int best[EACH], n = EACH < F ? EACH : F;
        if (T > LINES && t >= LINES - 3 && t < T - 2) {
            if (t == LINES - 3)
                printf("  … %d more\n", T - LINES + 1);
            continue;
        }
        largest(F, n, best, bent[t]);
        printf("  ");
        print_field(r->prompt.labels[t], 12, false);
        for (int k = 0; k < n; k++)
            printf("   unit %4d %6.2f", best[k], (double)bent[t][best[k]]);
        printf("\n");
    }
    heading("7. A unit has two ends", "what wakes it, and what it writes");
    for (int u = 0; u < count; u++) {
        printf("  unit %d, %.2f for %s\n", units[u].number, (double)units[u].height,
               r->prompt.labels[units[u].token]);
        if (tried) {
            print_words("wakes for", &r->vocabulary, units[u].wakes);
            print_words("writes", &r->vocabulary, units[u].writes);
        }
    }
    if (tried == 0)
        printf("  (Without a vocabulary there is no list of tokens that wake it.)\n");
    else
        printf(
            "  (Each of %d tokens of two bytes or more was tried, alone at place 0.)\n",
            tried);
}

/* ---- Data for figures, and the dump -------------------------------------------------- */

/* GELU, its form with erf, and ReLU, along x. */
static void figure_curve(const char *folder)
{
    FILE *f = figure_open(folder, "curve");
    for (int i = -500; i <= 500; i++) {
        float x = (float)i / 100;
        fprintf(f, "%g\t%g\t%g\t%g\n", (double)x, (double)gelu(x), (double)gelu_erf(x),
                (double)fmaxf(x, 0));
    }
    figure_close(f);
}

static void figure_layers(const char *folder, const struct reading *r,
                          const struct before *b, const struct feed_forward *f, int count,
                          const struct unit units[count], int tried)
{
    enum { STRIP = 512, SHOWN = 40, BINS = 60 };
    const int T = r->prompt.count, C = r->model.config.C, F = r->model.config.F;
    const float(*ln_2)[C] = b->ln_2, (*mid)[C] = b->mid, (*output)[C] = f->output;
    const float(*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu;
    FILE *d = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++) {
        float row[MEASURES], added[MEASURES];
        measure(C, row, mid[t]);
        measure(C, added, output[t]);
        fprintf(d, "%g\t%g\t%g\t%g\t", (double)awake(F, bent[t]), (double)row[LENGTH],
                (double)added[LENGTH], (double)cosine(C, mid[t], output[t]));
        figure_label(d, r->prompt.labels[t], '\n');
    }
    figure_close(d);
    d = figure_open(folder, "flow"); /* the last token's row on its way */
    for (int i = 0; i < F && i < STRIP; i++) {
        fprintf(d, "%d\t%d\t", C, F);
        if (i < C)
            fprintf(d, "%g\t%g\t", (double)ln_2[T - 1][i], (double)output[T - 1][i]);
        else
            fprintf(d, "NaN\tNaN\t");
        fprintf(d, "%g\t%g\n", (double)c_fc[T - 1][i], (double)bent[T - 1][i]);
    }
    figure_close(d);
    long bins[BINS] = {0};
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++) {
            float place = (c_fc[t][i] + 5) / 10 * BINS;
            bins[place < 0 ? 0 : place >= BINS ? BINS - 1 : (int)place]++;
        }
    d = figure_open(folder, "bins");
    for (int i = 0; i < BINS; i++)
        fprintf(d, "%g\t%g\n", -5 + (i + 0.5) * 10 / BINS,
                100 * (double)bins[i] / ((double)T * F));
    figure_close(d);
    /* The units that wake most anywhere, in the order of the tokens that wake them. */
    float *peak = grab((size_t)F, sizeof *peak);
    int *who = grab((size_t)F, sizeof *who), best[SHOWN], n = F < SHOWN ? F : SHOWN;
    for (int i = 0; i < F; i++)
        for (int t = 0; t < T; t++)
            if (t == 0 || bent[t][i] > peak[i]) {
                peak[i] = bent[t][i];
                who[i] = t;
            }
    largest(F, n, best, peak);
    d = figure_open(folder, "units");
    for (int t = 0, column = 0; t < T; t++)
        for (int k = 0; k < n; k++)
            if (who[best[k]] == t) {
                for (int s = 0; s < T; s++)
                    fprintf(d, "%d\t%d\t%d\t%g\n", s, column, best[k],
                            (double)bent[s][best[k]]);
                column++;
            }
    figure_close(d);
    free(peak);
    free(who);
    d = figure_open(folder, "ends");
    for (int u = 0; u < count && tried; u++)
        for (int k = 0; k < WORDS && units[u].wakes[k] >= 0; k++) {
            char *wakes = token_label(&r->vocabulary, units[u].wakes[k]);
            char *writes = token_label(&r->vocabulary, units[u].writes[k]);
            fprintf(d, "%d\t%d\t%d\t%g\t%g\t%g\t", u, units[u].number, k,
                    (double)units[u].height, (double)units[u].woken[k],
                    (double)units[u].written[k]);
            figure_label(d, r->prompt.labels[units[u].token], '\t');
            figure_label(d, wakes, '\t');
            figure_label(d, writes, '\n');
            free(wakes);
            free(writes);
        }
    figure_close(d);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 07_feed_forward [options]", &o, NULL, 0);
    struct reading r = open_reading(&o);
    const struct config *config = &r.model.config;
    const struct block *first = &r.model.weights.h[0];
    const int T = r.prompt.count, C = config->C, H = config->H, F = config->F, D = C / H;
    struct before b = new_before(T, config);
    struct feed_forward f = new_feed_forward(T, C, F);
    struct unit units[UNITS];
    run_before(T, config, &b, r.prompt.ids, &r.model.weights);
    feed_forward(T, C, F, &f, b.ln_2, first);
    int count = choose_units(T, F, f.gelu, units), tried = 0;
    if (r.vocabulary.size)
        tried = read_units(&r, count, units);
    walk_norm(T, C, &b, first, config->epsilon, r.prompt.labels, o.figures);
    walk_layers(T, C, F, &f, &b, r.prompt.labels);
    walk_units(&r, &f, count, units, tried);
    if (o.figures) {
        figure_curve(o.figures);
        figure_layers(o.figures, &r, &b, &f, count, units, tried);
    }
    struct dump d = dump_open(o.dump);
    const int rows[] = {T, C}, heads[] = {H, T, D}, square[] = {H, T, T}, wide[] = {T, F};
    dump_add(&d, "embedding", "F32", 2, rows, b.embedding);
    dump_add(&d, "h.0.ln_1", "F32", 2, rows, b.ln_1);
    dump_add(&d, "h.0.attn.q", "F32", 3, heads, b.attention.q);
    dump_add(&d, "h.0.attn.k", "F32", 3, heads, b.attention.k);
    dump_add(&d, "h.0.attn.v", "F32", 3, heads, b.attention.v);
    dump_add(&d, "h.0.attn.scores", "F32", 3, square, b.attention.scores);
    dump_add(&d, "h.0.attn.weights", "F32", 3, square, b.attention.weights);
    dump_add(&d, "h.0.attn.context", "F32", 2, rows, b.attention.context);
    dump_add(&d, "h.0.attn.c_proj", "F32", 2, rows, b.attention.output);
    dump_add(&d, "h.0.mid", "F32", 2, rows, b.mid);
    dump_add(&d, "h.0.ln_2", "F32", 2, rows, b.ln_2);
    dump_add(&d, "h.0.mlp.c_fc", "F32", 2, wide, f.c_fc);
    dump_add(&d, "h.0.mlp.gelu", "F32", 2, wide, f.gelu);
    dump_add(&d, "h.0.mlp.c_proj", "F32", 2, rows, f.output);
    dump_close(&d);
    free_feed_forward(&f);
    free_before(&b);
    close_reading(&r);
    finish_output();
    return 0;
}
