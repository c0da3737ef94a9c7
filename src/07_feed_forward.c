/* 07_feed_forward.c: what reaches the feed-forward layer of the first block, and what becomes
 * of it there. Chapter 7 of the book: chapters/07_feed_forward.md */
#include "07_feed_forward.h"

/* What comes before the layer in the first block. */
struct before {
    void *embedding, *ln_1; /* [T][C] */
    struct attention attention;
    void *mid, *ln_2; /* [T][C] */
};

static struct before add_before(struct tensors *list, int T, const struct config *config)
{
    const int C = config->C, H = config->H;
    struct before b = {0};
    b.embedding = new_tensor(list, "embedding", SHAPE(T, C));
    tensors_of_block(list, 0);
    b.ln_1 = new_tensor(list, "ln_1", SHAPE(T, C));
    b.attention = add_attention(list, T, H, C / H);
    b.mid = new_tensor(list, "mid", SHAPE(T, C));
    b.ln_2 = new_tensor(list, "ln_2", SHAPE(T, C));
    return b;
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

/* How many rows come out the same, bit for bit, when each goes through the layer alone.
 * x [T, C]; together: the layer on all of them at once */
static int same_alone(int T, int C, int F, const float x[T][C],
                      const struct feed_forward *together, const struct block *b)
{
    const float(*output)[C] = together->output;
    struct feed_forward one = new_feed_forward(1, C, F);
    int same = 0;
    for (int t = 0; t < T; t++) {
        feed_forward(1, C, F, &one, &x[t], b);
        same += memcmp(one.output, output[t], sizeof output[t]) == 0;
    }
    free_feed_forward(&one);
    return same;
}

enum { STEPS = 41 }; /* an odd number: there is a middle */

/* A straight walk through the layer: rows that lie evenly on the line from `a` to `b`, and their
 * outputs, with GELU and without. a, b [C] → bent, flat [STEPS, C] */
static void straight_walk(int C, int F, float bent[STEPS][C], float flat[STEPS][C],
                          const float a[C], const float b[C], const struct block *w)
{
    struct feed_forward f = new_feed_forward(STEPS, C, F);
    float(*x)[C] = grab(STEPS, sizeof *x);
    for (int s = 0; s < STEPS; s++)
        for (int c = 0; c < C; c++)
            x[s][c] = a[c] + (b[c] - a[c]) * (float)s / (STEPS - 1);
    feed_forward(STEPS, C, F, &f, x, w);
    memcpy(bent, f.output, sizeof(float[STEPS][C]));
    linear(STEPS, F, C, flat, f.c_fc, w->mlp_c_proj_weight, w->mlp_c_proj_bias);
    free(x);
    free_feed_forward(&f);
}

/* How far the middle of a walk is from the point halfway between its ends, as a share of the
 * distance between them: 0 if the walk is straight. y [STEPS, C] */
static double bend(int C, const float y[STEPS][C])
{
    double off = 0, way = 0;
    for (int c = 0; c < C; c++) {
        const double first = (double)y[0][c], last = (double)y[STEPS - 1][c];
        const double d = (double)y[STEPS / 2][c] - (first + last) / 2;
        off += d * d;
        way += (last - first) * (last - first);
    }
    return way > 0 ? sqrt(off / way) : 0;
}

/* Tokens of the vocabulary, each as a prompt of its own, and how far it wakes each unit. */
struct survey {
    int count;
    int *ids;       /* [count] */
    void *bent;     /* [count][F]: the hidden units after GELU */
    float *average; /* [F]: of each unit over all of these tokens */
};

/* Is a token a whole word, with a space before it? If it is known which words the model met, only
 * these count. Without a vocabulary every token does. */
static bool is_word(const struct vocabulary *v, struct strings *met, int id)
{
    if (id >= v->size)
        return v->size == 0;
    const unsigned char *s = v->text + v->start[id];
    const size_t n = v->start[id + 1] - v->start[id];
    return n > 2 && s[0] == ' ' && word_length(s + 1, n - 1) == n - 1 &&
           (met->count == 0 || is_known(met, s + 1, n - 1));
}

static struct survey ask_vocabulary(const struct reading *r, struct strings *met)
{
    const struct config *config = &r->model.config;
    const struct block *first = &r->model.weights.h[0];
    const int C = config->C, F = config->F, V = config->V;
    struct survey s = {0, grab((size_t)V, sizeof(int)), NULL,
                       grab((size_t)F, sizeof(float))};
    for (int id = 0; id < V; id++)
        if (is_word(&r->vocabulary, met, id))
            s.ids[s.count++] = id;
    const double work = s.count * (4.0 * C * C + (double)C * F);
    const int step = 1 + (int)(work / 1.5e9); /* of a large model, every step-th token */
    s.count = (s.count + step - 1) / step;
    for (int i = 0; i < s.count; i++)
        s.ids[i] = s.ids[i * step];

    s.bent = grab((size_t)s.count, (size_t)F * sizeof(float));
    float(*bent)[F] = s.bent;
    struct tensors list = {0};
    struct before b = add_before(&list, 1, config);
    struct feed_forward f = add_feed_forward(&list, 1, C, F);
    for (int i = 0; i < s.count; i++) {
        run_before(1, config, &b, &s.ids[i], &r->model.weights);
        feed_forward(1, C, F, &f, b.ln_2, first);
        memcpy(bent[i], f.gelu, sizeof bent[i]);
        for (int u = 0; u < F; u++)
            s.average[u] += bent[i][u] / (float)s.count;
    }
    free_tensors(&list);
    return s;
}

enum { UNITS = 6, WORDS = 6 };

/* A hidden unit, from both ends. */
struct unit {
    int number;
    int wakes[WORDS], writes[WORDS]; /* tokens of the survey, best first; -1: none */
    float woken[WORDS], written[WORDS];
    float share; /* how many of the survey's tokens wake it, in percent */
    float top;   /* how far awake it is for those of wakes, on average */
    float taste; /* how far that is above its average over all, in spreads */
};

/* Inserts a token into a list of the best, if it belongs there. */
static void insert(int id, float value, int ids[WORDS], float values[WORDS])
{
    for (int k = 0; k < WORDS; k++)
        if (ids[k] < 0 || value > values[k]) {
            const int other = ids[k];
            const float less = values[k];
            ids[k] = id;
            values[k] = value;
            if (other < 0)
                return;
            id = other;
            value = less;
        }
}

/* A unit's first end: the tokens that wake it most, and how choosy it is. */
static struct unit read_wakes(int F, int number, const struct survey *s)
{
    const float(*bent)[F] = s->bent;
    struct unit unit = {.number = number};
    float squares = 0;
    int awake = 0, n = s->count < WORDS ? s->count : WORDS;
    for (int k = 0; k < WORDS; k++)
        unit.wakes[k] = unit.writes[k] = -1;
    for (int i = 0; i < s->count; i++) {
        const float off = bent[i][number] - s->average[number];
        squares += off * off;
        awake += bent[i][number] > 0;
        insert(s->ids[i], bent[i][number], unit.wakes, unit.woken);
    }
    for (int k = 0; k < n; k++)
        unit.top += unit.woken[k] / (float)n;
    if (s->count)
        unit.share = 100 * (float)awake / (float)s->count;
    if (squares > 0)
        unit.taste = (unit.top - s->average[number]) / sqrtf(squares / (float)s->count);
    return unit;
}

/* The other end: the tokens whose vectors lie most in the direction that it writes. */
static void read_writes(const struct reading *r, const struct survey *s,
                        struct unit *unit)
{
    const int C = r->model.config.C;
    const float(*wte)[C] = r->model.weights.wte;
    const float(*c_proj)[C] = r->model.weights.h[0].mlp_c_proj_weight;
    for (int i = 0; i < s->count; i++) {
        float written = 0;
        for (int c = 0; c < C; c++)
            written += c_proj[unit->number][c] * wte[s->ids[i]][c];
        insert(s->ids[i], written, unit->writes, unit->written);
    }
}

/* The choosiest units, of those that ever wake half as far as the one that wakes furthest.
 * Returns how many, UNITS at most. */
static int choose_units(const struct reading *r, const struct survey *s,
                        struct unit units[UNITS])
{
    const int F = r->model.config.F;
    struct unit *all = grab((size_t)F, sizeof *all);
    float *taste = grab((size_t)F, sizeof *taste), furthest = 0;
    int best[UNITS], n = F < UNITS ? F : UNITS, count = 0;
    for (int u = 0; u < F; u++) {
        all[u] = read_wakes(F, u, s);
        furthest = fmaxf(furthest, all[u].top);
    }
    for (int u = 0; u < F; u++)
        taste[u] = all[u].top > furthest / 2 ? all[u].taste : -1;
    find_largest(F, n, best, taste);
    for (int k = 0; k < n; k++)
        if (taste[best[k]] >= 0) {
            units[count] = all[best[k]];
            read_writes(r, s, &units[count++]);
        }
    free(all);
    free(taste);
    return count;
}

static void free_survey(struct survey *s)
{
    free(s->ids);
    free(s->bent);
    free(s->average);
    *s = (struct survey){0};
}

/* ---- Rows in numbers ----------------------------------------------------------------- */

enum { MEAN, SPREAD, LENGTH, LOWEST, HIGHEST, MEASURES };

/* A row in five numbers. x [n] → m */
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
    m[SPREAD] = (float)sqrt(around / n);
    m[LENGTH] = (float)sqrt(squares);
}

/* Layer norm and RMS norm without weight or bias. x [T, C] → y [T, C] */
static void plain_norms(int T, int C, float layer[restrict T][C],
                        float rms[restrict T][C], const float x[T][C], float epsilon)
{
    float *one = grab((size_t)C, sizeof *one), *zero = grab((size_t)C, sizeof *zero);
    for (int c = 0; c < C; c++)
        one[c] = 1;
    layer_norm(T, C, layer, x, one, zero, epsilon);
    rms_norm(T, C, rms, x, one, epsilon);
    free(one);
    free(zero);
}

/* ---- --row: the arithmetic by hand --------------------------------------------------- */

enum { MOST_NUMBERS = 64 };

static void walk_row(const char *text)
{
    enum { GIVEN, CENTRED, LAYER, RMS, BENT, LINES };
    float row[MOST_NUMBERS], m[MEASURES];
    const int n = read_numbers("--row", text, -1e6f, 1e6f, MOST_NUMBERS, row);
    float(*lines)[n] = grab(LINES, sizeof *lines);
    measure(n, m, row);
    memcpy(lines[GIVEN], row, sizeof lines[GIVEN]);
    plain_norms(1, n, &lines[LAYER], &lines[RMS], (const float(*)[n])lines, 1e-5f);
    for (int i = 0; i < n; i++) {
        lines[CENTRED][i] = row[i] - m[MEAN];
        lines[BENT][i] = gelu(row[i]);
    }
    print_matrix(brief(format_text("mean %.2f, spread %.2f, root mean square %.2f",
                                   (double)m[MEAN], (double)m[SPREAD],
                                   (double)m[LENGTH] / sqrt(n))),
                 LINES, n, (const float(*)[n])lines,
                 (char *[]){"the row", "minus mean", "layer norm", "RMS norm", "GELU"},
                 NULL);
    free(lines);
}

/* ---- The walk -------------------------------------------------------------------------- */

/* 0 instead of what would be printed as -0.00. */
static float no_minus(float x)
{
    return fabsf(x) < 0.005f ? 0 : x;
}

/* Steps 1 and 2: rows of all sizes, and the same rows on one scale. */
static void walk_norm(int T, int C, const struct before *b, float epsilon, char **labels,
                      const char *figures)
{
    const float(*mid)[C] = b->mid, (*ln_2)[C] = b->ln_2;
    float(*before)[MEASURES] = grab((size_t)T, sizeof *before);
    float(*after)[MEASURES] = grab((size_t)T, sizeof *after);
    float(*plain)[C] = grab((size_t)T, sizeof *plain);
    float(*rms)[C] = grab((size_t)T, sizeof *rms);
    float(*table)[6] = grab((size_t)T, sizeof *table);
    double furthest = 0;
    plain_norms(T, C, plain, rms, mid, epsilon);
    for (int t = 0; t < T; t++) {
        measure(C, before[t], mid[t]);
        measure(C, after[t], plain[t]);
        for (int m = 0; m < 3; m++) {
            table[t][m] = no_minus(before[t][m]);
            table[t][3 + m] = no_minus(after[t][m]);
        }
        for (int c = 0; c < C; c++)
            furthest = fmax(furthest, fabs((double)rms[t][c] - (double)plain[t][c]));
    }
    heading("1. The rows come in", "each token's embedding plus the output of attention");
    print_matrix("h.0.mid", T, C, mid, labels, NULL);
    heading("2. Layer norm", "every row on one scale: mean 0, spread 1");
    print_matrix("before, and after (→)", T, 6, (const float(*)[6])table, labels,
                 (char *[]){"mean", "spread", "length", "→ mean", "→spread", "→length"});
    printf("  RMS norm, which leaves the mean in, would differ by %.2f at most.\n\n",
           furthest);
    print_matrix("h.0.ln_2, weight and bias applied", T, C, ln_2, labels, NULL);
    if (figures) {
        FILE *f = figure_open(figures, "rows");
        for (int t = 0; t < T; t++) {
            for (int m = 0; m < MEASURES; m++)
                figure_row(f, "%.3f %.3f +", before[t][m], after[t][m]);
            figure_row(f, "%s", labels[t]);
        }
        f = figure_next(f, figures, "steps"); /* the last token's row, step by step */
        for (int c = 0; c < C; c++) {
            const float off = mid[T - 1][c] - before[T - 1][MEAN];
            figure_row(f, "%d %.4f %.4f %.4f %.4f", c, mid[T - 1][c], off,
                       plain[T - 1][c], ln_2[T - 1][c]);
        }
        figure_close(f);
    }
    free(before);
    free(after);
    free(plain);
    free(rms);
    free(table);
}

/* How many of n numbers are above 0, in percent. */
static float awake(int n, const float x[n])
{
    int count = 0;
    for (int i = 0; i < n; i++)
        count += x[i] > 0;
    return 100 * (float)count / (float)n;
}

/* GELU with tanh and any number in front of x³, minus the one with erf. */
static double gelu_error(double x, double cubic)
{
    return 0.5 * x *
           (tanh(sqrt(2 / acos(-1)) * (x + cubic * x * x * x)) - erf(x / sqrt(2)));
}

static double farthest_gelu(double cubic)
{
    double farthest = 0;
    for (int i = 0; i <= 6000; i++)
        farthest = fmax(farthest, fabs(gelu_error(i / 1000.0, cubic)));
    return farthest;
}

/* How far the layer's output would be off with erf in place of tanh: the largest difference of
 * a hidden unit and of an output, and the largest output. */
struct gap {
    double unit, output, largest;
};

static struct gap erf_gap(int T, int C, int F, const struct feed_forward *f,
                          const struct block *b)
{
    const float(*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu, (*output)[C] = f->output;
    float(*other)[F] = grab((size_t)T, sizeof *other);
    float(*result)[C] = grab((size_t)T, sizeof *result);
    struct gap g = {0};
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++) {
            other[t][i] = gelu_erf(c_fc[t][i]);
            const double d = fabs((double)other[t][i] - (double)bent[t][i]);
            if (d > g.unit)
                g.unit = d;
        }
    linear(T, F, C, result, (const float(*)[F])other, b->mlp_c_proj_weight,
           b->mlp_c_proj_bias);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++) {
            g.output = fmax(g.output, fabs((double)result[t][c] - (double)output[t][c]));
            g.largest = fmax(g.largest, fabs((double)output[t][c]));
        }
    free(other);
    free(result);
    return g;
}

/* Steps 3 to 5: wider, bent, narrow again. */
static void walk_layers(int T, int C, int F, const struct feed_forward *f,
                        const struct before *b, const struct block *w, char **labels)
{
    const float(*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu, (*output)[C] = f->output;
    const float(*mid)[C] = b->mid;
    const double layer = 2.0 * C * F + F + C, attention = 4.0 * C * C + 4.0 * C;
    double share = 0;
    float(*sizes)[4] = grab((size_t)T, sizeof *sizes);
    for (int t = 0; t < T; t++) {
        float before[MEASURES], out[MEASURES];
        measure(C, before, mid[t]);
        measure(C, out, output[t]);
        sizes[t][0] = before[LENGTH];
        sizes[t][1] = out[LENGTH];
        sizes[t][2] = no_minus(cosine(C, mid[t], output[t]));
        sizes[t][3] = awake(F, bent[t]);
        share += (double)sizes[t][3] / T;
    }
    const struct gap gap = erf_gap(T, C, F, f, w);
    heading("3. Wider", "c_fc, a matrix [%d, %d] and %d biases", C, F, F);
    print_matrix("h.0.mlp.c_fc", T, F, c_fc, labels, NULL);
    heading("4. Bent by GELU", "negative units go to sleep");
    print_matrix("h.0.mlp.gelu", T, F, bent, labels, NULL);
    printf("  Awake, that is above 0: %.1f %% of the units.\n", share);
    printf("  From the exact GELU, tanh is off by at most %.5f without x³, %.5f with\n"
           "  2/(3π) - 1/6 = 0.04554 in front of it, and %.5f with 0.044715.\n",
           farthest_gelu(0), farthest_gelu(2 / (3 * acos(-1)) - 1.0 / 6),
           farthest_gelu(0.044715));
    printf("  With erf instead, a unit would change by at most %.5f,\n"
           "  an output by at most %.5f; the largest output is %.2f.\n",
           gap.unit, gap.output, gap.largest);
    heading("5. Narrow again", "c_proj, a matrix [%d, %d] and %d biases", F, C, C);
    print_matrix("h.0.mlp.c_proj", T, C, output, labels, NULL);
    printf("\n");
    print_matrix("what the layer adds, and the share of its units awake, in %", T, 4,
                 (const float(*)[4])sizes, labels,
                 (char *[]){"row", "added", "cosine", "awake"});
    printf("  The layer has %.0f numbers of its own, attention %.0f:\n"
           "  it is %.1f %% of the two.\n",
           layer, attention, 100 * layer / (layer + attention));
    free(sizes);
}

/* The rows at the ends of the straight walk: the first token's and the last one's; of a single
 * token its row and the opposite of it. x [T, C] → ends [2, C] */
static void ends_of_walk(int T, int C, float ends[restrict 2][C], const float x[T][C])
{
    for (int c = 0; c < C; c++) {
        ends[0][c] = x[0][c];
        ends[1][c] = T > 1 ? x[T - 1][c] : -x[0][c];
    }
}

/* Step 6: each row by itself, and what the bend is for. */
static void walk_experiments(int T, int C, int F, const struct feed_forward *f,
                             const struct before *b, const struct block *w, char **labels,
                             const char *figures)
{
    enum { CURVES = 3 };
    float(*bent)[C] = grab(STEPS, sizeof *bent), (*flat)[C] = grab(STEPS, sizeof *flat);
    float(*ends)[C] = grab(2, sizeof *ends);
    ends_of_walk(T, C, ends, b->ln_2);
    straight_walk(C, F, bent, flat, ends[0], ends[1], w);
    heading("6. Two experiments", "each row by itself; and what the bend is for");
    printf("  Each row alone through the layer: %d of %d are the same, bit for bit.\n",
           same_alone(T, C, F, b->ln_2, f, w), T);
    char *from = format_text("%s", labels[0]),
         *to = format_text("%s%s", T > 1 ? "" : "minus ", labels[T - 1]);
    printf("  A straight walk goes in, from %s to %s", shortened(from, 16),
           shortened(to, 22));
    printf(".\n  Halfway, the output is off the straight way by %.1f %% of its length;\n"
           "  without GELU by %.1f %%.\n",
           100 * bend(C, (const float(*)[C])bent),
           100 * bend(C, (const float(*)[C])flat));
    if (figures) { /* the outputs that bend most */
        float *off = grab((size_t)C, sizeof *off);
        int best[CURVES], n = C < CURVES ? C : CURVES;
        for (int c = 0; c < C; c++)
            off[c] = fabsf(bent[STEPS / 2][c] - (bent[0][c] + bent[STEPS - 1][c]) / 2);
        find_largest(C, n, best, off);
        FILE *d = figure_open(figures, "walk");
        for (int k = 0; k < n; k++)
            for (int s = 0; s < STEPS; s++) {
                const float *first = bent[0], *last = bent[STEPS - 1];
                const int c = best[k];
                const double way = (double)s / (STEPS - 1);
                const double straight =
                    (double)first[c] * (1 - way) + (double)last[c] * way;
                figure_row(d, "%d %.3f %.3f %.3f %s %s", c, way, bent[s][c], straight,
                           from, to);
            }
        figure_close(d);
        free(off);
    }
    free(from);
    free(to);
    free(bent);
    free(flat);
    free(ends);
}

/* As many tokens as fit into the line after its first `column` columns. */
static void print_words(int column, const struct vocabulary *v, const int ids[WORDS])
{
    for (int k = 0; k < WORDS && ids[k] >= 0; k++) {
        const char *name = brief(token_label(v, ids[k]));
        if (column + 2 + text_width(name) <= 78) {
            printf("  %s", name);
            column += 2 + text_width(name);
        }
    }
    printf("\n");
}

/* Steps 7 and 8: which units wake for which tokens, in the prompt and in the vocabulary. */
static void walk_units(const struct reading *r, const struct feed_forward *f,
                       const struct survey *s, int count, const struct unit units[count])
{
    enum { LINES = 16 };
    const int T = r->prompt.count, F = r->model.config.F;
    const float(*bent)[F] = f->gelu;
    float *off = grab((size_t)F, sizeof *off);
    heading("7. Who wakes whom",
            "a unit that stands out for each token, and what wakes it most");
    for (int t = 0; t < T; t++) {
        if (T > LINES && t >= LINES - 3 && t < T - 2) {
            if (t == LINES - 3)
                printf("  … %d more\n", T - LINES + 1);
            continue;
        }
        int unit = 0;
        for (int u = 0; u < F; u++)
            off[u] = bent[t][u] - s->average[u];
        find_largest(F, 1, &unit, off);
        printf("  %s unit %4d %5.2f ", field(r->prompt.labels[t], 12, false), unit,
               bent[t][unit]);
        const struct unit whole = read_wakes(F, unit, s);
        print_words(31, &r->vocabulary, whole.wakes);
    }
    heading("8. A unit has two ends", "choosy units: what wakes them, what they write");
    for (int u = 0; u < count; u++) {
        printf("  unit %d, up to %.2f, on average %.2f; awake for %.0f %% of the %s\n    "
               "wakes for",
               units[u].number, units[u].woken[0], s->average[units[u].number],
               units[u].share, r->vocabulary.size ? "words" : "tokens");
        print_words(13, &r->vocabulary, units[u].wakes);
        printf("    writes   ");
        print_words(13, &r->vocabulary, units[u].writes);
    }
    printf("  (%d %s were tried, each alone, at position 0.)\n", s->count,
           r->vocabulary.size ? "whole words" : "tokens");
    free(off);
}

/* ---- Data for figures ------------------------------------------------------------------ */

/* GELU, ReLU, and how far the form with tanh is from the one with erf, along x, with 0.044715 and
 * with 2/(3π) - 1/6: so small a difference is computed in double. */
static void figure_curve(const char *folder)
{
    FILE *f = figure_open(folder, "curve");
    for (int i = -500; i <= 500; i++) {
        const double x = i / 100.0;
        const double bend = tanh(sqrt(2 / acos(-1)) * (x + 0.044715 * x * x * x));
        figure_row(f, "%.6f %.6f %.6f %.6f %.6f", x, 0.5 * x * (1 + bend), fmax(x, 0),
                   gelu_error(x, 0.044715), gelu_error(x, 2 / (3 * acos(-1)) - 1.0 / 6));
    }
    figure_close(f);
}

/* The last token's row on its way: its first numbers, and four times as many hidden units. */
static void figure_flow(const char *folder, const struct reading *r,
                        const struct before *b, const struct feed_forward *f)
{
    enum { BROAD = 128, MOST_LINES = 4 };
    const int T = r->prompt.count, C = r->model.config.C, F = r->model.config.F;
    const float(*ln_2)[C] = b->ln_2, (*output)[C] = f->output;
    const float(*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu;
    const int broad = C < BROAD ? C : BROAD;
    FILE *d = figure_open(folder, "sizes");
    figure_row(d, "%d %d %d %s", C, F, broad, r->prompt.labels[T - 1]);
    d = figure_next(d, folder, "narrow");
    for (int c = 0; c < broad; c++)
        figure_row(d, "%.3f %.3f", ln_2[T - 1][c], output[T - 1][c]);
    d = figure_next(d, folder, "wide");
    for (int i = 0; i < F && i < broad * MOST_LINES; i++)
        figure_row(d, "%.3f %.3f", c_fc[T - 1][i], bent[T - 1][i]);
    figure_close(d);
}

/* One hidden unit, the one that the last token wakes most: the row, the column of c_fc, their
 * product; and the sum. */
static void figure_unit(const char *folder, const struct reading *r,
                        const struct before *b, const struct feed_forward *f)
{
    enum { SHOWN = 128 };
    const int T = r->prompt.count, C = r->model.config.C, F = r->model.config.F;
    const struct block *w = &r->model.weights.h[0];
    const float(*ln_2)[C] = b->ln_2, (*c_fc)[F] = f->c_fc, (*bent)[F] = f->gelu;
    const float(*weight)[F] = w->mlp_c_fc_weight;
    int unit = 0;
    find_largest(F, 1, &unit, c_fc[T - 1]);
    FILE *d = figure_open(folder, "unit");
    for (int c = 0; c < C && c < SHOWN; c++)
        figure_row(d, "%.4f %.4f %d %d %.4f %.4f %.4f %s", ln_2[T - 1][c],
                   weight[c][unit], unit, C, w->mlp_c_fc_bias[unit], c_fc[T - 1][unit],
                   bent[T - 1][unit], r->prompt.labels[T - 1]);
    figure_close(d);
}

/* Where the hidden units lie before they are bent, all tokens together. */
static void figure_bins(const char *folder, int T, int F, const float c_fc[T][F])
{
    enum { BINS = 50 };
    long bins[BINS] = {0};
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++) {
            const float bin = (c_fc[t][i] + 5) / 10 * BINS;
            bins[!(bin > 0) ? 0 : bin >= BINS ? BINS - 1 : (int)bin]++;
        }
    FILE *d = figure_open(folder, "bins");
    for (int i = 0; i < BINS; i++)
        figure_row(d, "%.3f %.3f", -5 + (i + 0.5) * 10 / BINS,
                   100 * (double)bins[i] / ((double)T * F));
    figure_close(d);
}

/* What the layer adds to each token, and how many units are awake for it. */
static void figure_tokens(const char *folder, const struct reading *r,
                          const struct before *b, const struct feed_forward *f)
{
    const int T = r->prompt.count, C = r->model.config.C, F = r->model.config.F;
    const float(*mid)[C] = b->mid, (*output)[C] = f->output, (*bent)[F] = f->gelu;
    FILE *d = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++) {
        float row[MEASURES], added[MEASURES];
        measure(C, row, mid[t]);
        measure(C, added, output[t]);
        figure_row(d, "%.3f %.3f %.3f %s", awake(F, bent[t]), row[LENGTH], added[LENGTH],
                   r->prompt.labels[t]);
    }
    figure_close(d);
}

static void figure_ends(const char *folder, const struct vocabulary *v,
                        const struct survey *s, int count, const struct unit units[count])
{
    FILE *d = figure_open(folder, "ends");
    for (int u = 0; u < count; u++)
        for (int k = 0; k < WORDS && units[u].wakes[k] >= 0; k++) {
            const char *wakes = brief(token_label(v, units[u].wakes[k]));
            const char *writes = brief(token_label(v, units[u].writes[k]));
            figure_row(d, "%d %d %d %.3f %.3f %.3f %.3f %s %s", u, units[u].number, k,
                       s->average[units[u].number], units[u].share, units[u].woken[k],
                       units[u].written[k], wakes, writes);
        }
    figure_close(d);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    const char *row = NULL;
    const struct option own[] = {
        {"--row", "\"1 2 …\"", OPTION_TEXT, &row, 0, 0,
         "norms and GELU of these numbers, and nothing else"},
    };
    parse_options(argc, argv, "usage: 07_feed_forward [options]", &o, own,
                  sizeof own / sizeof *own);
    if (o.command)
        die("%s: unknown argument (see 07_feed_forward --help)", o.command);
    if (row) {
        walk_row(row);
        finish_output();
        return 0;
    }
    struct reading r = open_reading(&o);
    const struct config *config = &r.model.config;
    const struct block *first = &r.model.weights.h[0];
    char **labels = r.prompt.labels;
    const int T = r.prompt.count, C = config->C, F = config->F;
    struct tensors list = {0};
    struct before b = add_before(&list, T, config);
    struct feed_forward f = add_feed_forward(&list, T, C, F);
    struct unit units[UNITS];
    run_before(T, config, &b, r.prompt.ids, &r.model.weights);
    feed_forward(T, C, F, &f, b.ln_2, first);
    const char *grammar = brief(format_text("%s/stories.grammar", o.model));
    struct strings met = {0};
    if (file_exists(grammar))
        met = grammar_words(grammar);
    struct survey s = ask_vocabulary(&r, &met);
    const int count = choose_units(&r, &s, units);
    walk_norm(T, C, &b, config->epsilon, labels, o.figures);
    walk_layers(T, C, F, &f, &b, first, labels);
    walk_experiments(T, C, F, &f, &b, first, labels, o.figures);
    walk_units(&r, &f, &s, count, units);
    if (o.figures) {
        figure_curve(o.figures);
        figure_flow(o.figures, &r, &b, &f);
        figure_unit(o.figures, &r, &b, &f);
        figure_bins(o.figures, T, F, f.c_fc);
        figure_tokens(o.figures, &r, &b, &f);
        figure_ends(o.figures, &r.vocabulary, &s, count, units);
    }
    struct dump d = dump_open(o.dump);
    dump_add(&d, "ids", "I32", 1, &T, r.prompt.ids);
    dump_tensors(&d, &list, "attn.c_attn attn.masked attn.heads");
    dump_close(&d);
    free_survey(&s);
    strings_free(&met);
    free_tensors(&list);
    close_reading(&r);
    finish_output();
    return 0;
}
