/* 04_attention.c: the chapter's program: one head, step by step, and some experiments.
 * Chapter 4 of the book: chapters/04_attention.md */
#include "04_attention.h"

/* All that one head computes on T tokens. Each tensor is memory of its own. */
struct one_head {
    int T, D;
    void *q, *k, *v;        /* [T, D] */
    void *scores, *weights; /* [T, T] */
    void *context;          /* [T, D] */
};

static struct one_head new_head(int T, int D)
{
    const size_t t = (size_t)T, d = (size_t)D;
    return (struct one_head){
        .T = T,
        .D = D,
        .q = grab(t * d, sizeof(float)),
        .k = grab(t * d, sizeof(float)),
        .v = grab(t * d, sizeof(float)),
        .scores = grab(t * t, sizeof(float)),
        .weights = grab(t * t, sizeof(float)),
        .context = grab(t * d, sizeof(float)),
    };
}

static void free_head(struct one_head *a)
{
    free(a->q);
    free(a->k);
    free(a->v);
    free(a->scores);
    free(a->weights);
    free(a->context);
}

/* Head h on the rows x [T, C]: its D columns in each third of c_attn, w [C, 3C], then the
 * three steps. */
static struct one_head run_head(int T, int C, int D, const float x[T][C],
                                const float w[C][3 * C], const float bias[3 * C], int h)
{
    struct one_head a = new_head(T, D);
    project(T, C, D, a.q, x, 3 * C, w, bias, h * D);
    project(T, C, D, a.k, x, 3 * C, w, bias, C + h * D);
    project(T, C, D, a.v, x, 3 * C, w, bias, 2 * C + h * D);
    attention_scores(T, D, a.scores, a.q, a.k);
    softmax_rows(T, a.weights, a.scores);
    weighted_sum(T, D, a.context, a.weights, a.v);
    return a;
}

/* The toy of the chapter: four tokens; channels thing, deed, pronoun, place; one head. */
enum { TOY = 4 };
static char *const toy_tokens[TOY] = {"robot", "says", "it", "obeys"};
static char *const toy_channels[TOY] = {"thing", "deed", "pronoun", "place"};
static const float toy_x[TOY][TOY] = {
    {2, 0, 0, 0}, {0, 2, 0, 1}, {1, 0, 2, 2}, {0, 1, 0, 3}};
/* A row for each channel: what it gives to the query, to the key, to the value. */
static const float toy_w[TOY][3 * TOY] = {
    {0, 1, 0, 0, /**/ 1, 0, 0, 0, /**/ 2, 0, 1, 0},
    {1, 0, 1, 0, /**/ 0, 1, 0, 0, /**/ 0, 2, 0, -1},
    {1, 0, -1, 0, /**/ 0, 0, 1, 0, /**/ -1, 0, 1, 1},
    {0, 0, 0, 0, /**/ 0, 0, 0, -1, /**/ 0, 0, 0, 0},
};
static const float toy_bias[3 * TOY] = {[3] = 1};

/* The place of the largest of n numbers. */
static int largest(int n, const float p[n])
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (p[i] > p[best])
            best = i;
    return best;
}

/* How many tokens a row of weights looks at: 1 where one token has everything, n where all
 * have the same; e to the power of the entropy, -Σ p ln p. p [n] */
static double breadth(int n, const float p[n])
{
    double entropy = 0;
    for (int i = 0; i < n; i++)
        if (p[i] > 0)
            entropy -= (double)p[i] * log((double)p[i]);
    return exp(entropy);
}

/* A number by chance: mean 0, spread 1, in the shape of a bell. */
static float chance(uint32_t *state)
{
    float sum = -6;
    for (int i = 0; i < 12; i++) {
        *state = *state * 1664525 + 1013904223;
        sum += (float)(*state >> 8) / 16777216;
    }
    return sum;
}

/* What becomes of queries and keys of D numbers by chance: 200 queries, 8 keys for each. */
struct trial {
    double spread;        /* of q·k: the root of its mean square */
    double bare, divided; /* the largest weight, on average: of q·k, and of q·k / √D */
};

static struct trial try_size(int D)
{
    enum { KEYS = 8, QUERIES = 200 };
    struct trial r = {0, 0, 0};
    uint32_t state = 4;
    float k[KEYS][D], q[D], dot[KEYS], scaled[KEYS], p[KEYS];
    for (int t = 0; t < QUERIES; t++) {
        for (int i = 0; i < D; i++) {
            q[i] = chance(&state);
            for (int s = 0; s < KEYS; s++)
                k[s][i] = chance(&state);
        }
        for (int s = 0; s < KEYS; s++) {
            dot[s] = 0;
            for (int i = 0; i < D; i++)
                dot[s] += q[i] * k[s][i];
            scaled[s] = dot[s] / sqrtf((float)D);
            r.spread += (double)dot[s] * (double)dot[s] / (KEYS * QUERIES);
        }
        softmax(KEYS, p, dot);
        r.bare += (double)p[largest(KEYS, p)] / QUERIES;
        softmax(KEYS, p, scaled);
        r.divided += (double)p[largest(KEYS, p)] / QUERIES;
    }
    r.spread = sqrt(r.spread);
    return r;
}

/* The weights as they would be without the division by √D. */
static void forget_the_root(const struct one_head *a, float weights[a->T][a->T])
{
    const int T = a->T;
    const float(*scores)[T] = a->scores;
    float *dot = grab((size_t)T, sizeof *dot);
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < T; s++)
            dot[s] = scores[t][s] * sqrtf((float)a->D);
        softmax(T, weights[t], dot);
    }
    free(dot);
}

/* Softmax as the formula has it. See what becomes of it. */
static void softmax_naive(int n, float p[restrict n], const float s[n])
{
    float sum = 0;
    for (int i = 0; i < n; i++) {
        p[i] = expf(s[i]);
        sum += p[i];
    }
    for (int i = 0; i < n; i++)
        p[i] /= sum;
}

/* The largest difference between each row of context and the same in one pass. */
static float differs_in_passing(const struct one_head *a)
{
    const int T = a->T, D = a->D;
    const float(*scores)[T] = a->scores, (*context)[D] = a->context;
    float *once = grab((size_t)D, sizeof *once), most = 0;
    for (int t = 0; t < T; t++) {
        attend_in_passing(T, D, once, scores[t], a->v);
        for (int i = 0; i < D; i++)
            most = fmaxf(most, fabsf(once[i] - context[t][i]));
    }
    free(once);
    return most;
}

/* The same between the rows of context and those of a head that gets the rows of x in
 * reverse: row t against row T - 1 - t. */
static float differs_in_reverse(const struct one_head *a, const struct one_head *reversed)
{
    const int T = a->T, D = a->D;
    const float(*one)[D] = a->context, (*other)[D] = reversed->context;
    float most = 0;
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            most = fmaxf(most, fabsf(one[t][i] - other[T - 1 - t][i]));
    return most;
}

enum { MOST = 20, BAR = 24 }; /* lines of a table about tokens; the longest bar */

/* Which tokens a table shows: all; of a long prompt the MOST with the largest weights. */
static void choose_tokens(int T, const float p[T], bool shown[T])
{
    for (int s = 0; s < T; s++)
        shown[s] = T <= MOST;
    for (int k = 0; k < MOST && T > MOST; k++) {
        int best = -1;
        for (int s = 0; s < T; s++)
            if (!shown[s] && (best < 0 || p[s] > p[best]))
                best = s;
        shown[best] = true;
    }
}

/* The token that the walk looks at: --token, or the last ␣it of the prompt, or its last. */
static int choose_token(const struct prompt *p, long wanted)
{
    if (wanted >= p->count)
        die("--token: %ld is out of range, the prompt has tokens 0 to %d", wanted,
            p->count - 1);
    if (wanted >= 0)
        return (int)wanted;
    for (int t = p->count - 1; t >= 0; t--)
        if (strcmp(p->labels[t], "␣it") == 0)
            return t;
    return p->count - 1;
}

/* The head in which token t gives the most to one other token. */
static int choose_head(int H, const struct one_head all[H], int t)
{
    float most = -1;
    int best = 0;
    for (int h = 0; h < H; h++) {
        const int T = all[h].T;
        const float(*weights)[T] = all[h].weights;
        for (int s = 0; s < T; s++)
            if (s != t && weights[t][s] > most) {
                most = weights[t][s];
                best = h;
            }
    }
    return best;
}

static void print_cabinet(const struct one_head *a, int t, char *const *labels)
{
    const int T = a->T;
    const float(*scores)[T] = a->scores, (*weights)[T] = a->weights;
    const float *row = scores[t], *p = weights[t], top = row[largest(T, row)];
    bool *shown = grab((size_t)T, sizeof *shown);
    float rest = 0;
    int others = 0;
    choose_tokens(T, p, shown);
    printf("  %-16s %7s %7s %10s %8s\n", "folder", "q·k ", "score", "e^(s-max)",
           "weight");
    for (int s = 0; s < T; s++) {
        if (!shown[s]) {
            rest += p[s];
            others++;
            continue;
        }
        printf("  %s", ink(INK_TOKEN));
        print_field(labels[s], 16, false);
        printf("%s %7.2f %7.2f %10.2f %7.1f%%%s", ink(INK_PLAIN),
               (double)(row[s] * sqrtf((float)a->D)), (double)row[s],
               (double)expf(row[s] - top), (double)(100 * p[s]), ink(INK_SCORE));
        for (int i = 0; i < (int)(BAR * p[s] + 0.5f); i++)
            fputs(i ? "█" : "  █", stdout);
        printf("%s\n", ink(INK_PLAIN));
    }
    if (others)
        printf("  … and %d more, together %.1f%%\n", others, (double)(100 * rest));
    free(shown);
}

static void print_sum(const struct one_head *a, int t, char *const *labels)
{
    const int T = a->T, D = a->D, columns = D < 3 ? D : 3;
    const float(*weights)[T] = a->weights, (*v)[D] = a->v, (*context)[D] = a->context;
    const float *p = weights[t];
    float rest = 0, rest_sum[3] = {0, 0, 0};
    int others = 0;
    bool *shown = grab((size_t)T, sizeof *shown);
    choose_tokens(T, p, shown);
    printf("  %-16s %7s   %-*s   %s\n", "folder", "weight", 8 * columns,
           D > 3 ? "value (its first numbers)" : "value", "weight · value");
    for (int s = 0; s < T; s++) {
        if (!shown[s]) {
            others++;
            rest += p[s];
            for (int i = 0; i < columns; i++)
                rest_sum[i] += p[s] * v[s][i];
            continue;
        }
        printf("  ");
        print_field(labels[s], 16, false);
        printf(" %6.1f%% ", (double)(100 * p[s]));
        for (int i = 0; i < columns; i++)
            printf(" %7.2f", (double)v[s][i]);
        printf("    ");
        for (int i = 0; i < columns; i++)
            printf(" %7.2f", (double)(p[s] * v[s][i]));
        putchar('\n');
    }
    if (others) {
        printf("  … %-4d more      %6.1f%% %*s   ", others, (double)(100 * rest),
               8 * columns, "");
        for (int i = 0; i < columns; i++)
            printf(" %7.2f", (double)rest_sum[i]);
        putchar('\n');
    }
    printf("  %-16s %7s %*s    ", "together", "100.0%", 8 * columns, "");
    for (int i = 0; i < columns; i++)
        printf(" %7.2f", (double)context[t][i]);
    printf("\n");
    free(shown);
}

/* A line for each head: the three tokens that token t takes most of. */
static void print_heads(int H, const struct one_head all[H], int t, char *const *labels)
{
    for (int h = 0; h < H; h++) {
        const int T = all[h].T, looks = T < 3 ? T : 3;
        const float(*weights)[T] = all[h].weights;
        bool *named = grab((size_t)T, sizeof *named);
        printf("  head %-3d", h);
        for (int k = 0; k < looks; k++) {
            int best = -1;
            for (int s = 0; s < T; s++)
                if (!named[s] && (best < 0 || weights[t][s] > weights[t][best]))
                    best = s;
            named[best] = true;
            putchar(' ');
            print_field(labels[best], 11, true);
            printf(" %3.0f%%", (double)(100 * weights[t][best]));
        }
        printf("   looks at %.1f\n", breadth(T, weights[t]));
        free(named);
    }
}

/* With the root and without it: the row of token t, and all rows of the head. */
static void print_root(const struct one_head *a, int t, const char *label)
{
    const int T = a->T;
    const float(*weights)[T] = a->weights;
    float(*bare)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    double most[2] = {0, 0}, tokens[2] = {0, 0};
    forget_the_root(a, bare);
    for (int r = 0; r < T; r++)
        for (int way = 0; way < 2; way++) {
            const float *p = way ? bare[r] : weights[r];
            most[way] += (double)p[largest(T, p)] / T;
            tokens[way] += breadth(T, p) / T;
        }
    printf("  %-34s %16s %19s\n", "", "largest weight", "tokens looked at");
    for (int way = 0; way < 2; way++) {
        const float *p = way ? bare[t] : weights[t];
        printf("  ");
        print_field(label, 12, false);
        printf(" %-21s %15.1f%% %19.2f\n",
               way ? "without the root" : "divided by the root",
               (double)(100 * p[largest(T, p)]), breadth(T, p));
    }
    for (int way = 0; way < 2; way++)
        printf("  %-12s %-21s %15.1f%% %19.2f\n", "all rows",
               way ? "without the root" : "divided by the root", 100 * most[way],
               tokens[way]);
    free(bare);
}

static void print_trials(void)
{
    printf(
        "  By chance, 8 keys:  D   spread of q·k   largest weight without, with root\n");
    for (int D = 4; D <= 1024; D *= 4) {
        const struct trial r = try_size(D);
        printf("  %20d %15.2f %18.1f%% %14.1f%%\n", D, r.spread, 100 * r.bare,
               100 * r.divided);
    }
}

static void print_share(float p)
{
    if (isnan(p))
        printf(" %6s", "nan");
    else
        printf(" %6.3f", (double)p);
}

/* Scores, and their shares by the formula and with the largest taken off. */
static void print_both_softmaxes(int n, const float s[n], bool powers)
{
    float *naive = grab((size_t)n, sizeof *naive),
          *stable = grab((size_t)n, sizeof *stable);
    softmax_naive(n, naive, s);
    softmax(n, stable, s);
    if (powers) {
        printf(" ");
        for (int i = 0; i < n; i++)
            printf(" %6g", (double)s[i]);
        printf("  ");
        for (int i = 0; i < n; i++)
            print_share(naive[i]);
        printf("  ");
        for (int i = 0; i < n; i++)
            print_share(stable[i]);
        putchar('\n');
    } else
        for (int i = 0; i < n; i++) {
            printf("  %12g", (double)s[i]);
            print_share(naive[i]);
            print_share(stable[i]);
            putchar('\n');
        }
    free(naive);
    free(stable);
}

static void print_overflow(void)
{
    static const float shifts[] = {0, 80, 86, 88, 1000, -100, -110};
    printf("  %-22s  %-20s    %s\n", " scores", "  by the formula",
           "  largest taken off");
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        print_both_softmaxes(3, (float[]){shifts[i], shifts[i] + 1, shifts[i] + 2}, true);
}

/* --softmax: the shares of scores that the reader gives. */
static void walk_softmax(const char *text)
{
    float s[64];
    int n = 0;
    for (const char *p = text; *(p += strspn(p, " ,;\n\t"));) {
        char *end;
        const size_t length = strcspn(p, " ,;\n\t");
        if (n == 64)
            die("--softmax: more than 64 numbers");
        s[n++] = strtof(p, &end);
        if (end != p + length || isnan(s[n - 1]) || s[n - 1] == INFINITY)
            die("--softmax: '%.*s' is no number", length > 20 ? 20 : (int)length, p);
        p = end;
    }
    if (n == 0)
        die("--softmax: no numbers, expected some, such as \"1 2 3\"");
    if (s[largest(n, s)] == -INFINITY)
        die("--softmax: all scores are -inf, expected at least one finite");
    printf("  %12s %6s %6s\n", "score", "naive", "stable");
    print_both_softmaxes(n, s, false);
}

static void walk_toy(const struct one_head *a)
{
    char *const *t = toy_tokens;
    static char *const parts[] = {"queries", "keys", "values"};
    print_matrix("x", TOY, TOY, toy_x, t, toy_channels);
    for (int part = 0; part < 3; part++) {
        float w[TOY + 1][TOY];
        char *names[TOY + 1] = {toy_channels[0], toy_channels[1], toy_channels[2],
                                toy_channels[3], "bias"};
        for (int c = 0; c <= TOY; c++)
            for (int i = 0; i < TOY; i++)
                w[c][i] = c < TOY ? toy_w[c][part * TOY + i] : toy_bias[part * TOY + i];
        char *name = format_text("W and bias for %s", parts[part]);
        print_matrix(name, TOY + 1, TOY, (const float(*)[TOY])w, names, NULL);
        free(name);
    }
    print_matrix("q", TOY, TOY, a->q, t, NULL);
    print_matrix("k", TOY, TOY, a->k, t, NULL);
    print_matrix("v", TOY, TOY, a->v, t, NULL);
    print_matrix("scores", TOY, TOY, a->scores, t, t);
    print_matrix("weights", TOY, TOY, a->weights, t, t);
    print_matrix("context", TOY, TOY, a->context, t, NULL);
}

/* A matrix of the toy, a line a number: which, row, column, number. */
static void figure_matrix(FILE *file, const char *name, const float x[TOY][TOY])
{
    for (int r = 0; r < TOY; r++)
        for (int c = 0; c < TOY; c++)
            fprintf(file, "%s\t%d\t%d\t%.6g\n", name, r, c, (double)x[r][c]);
}

/* tokens.dat label; facts.dat T, D, head, heads, the token that asks; toy.dat and
 * toy_tokens.dat; rows.dat t, i, q, k, v, context; matrix.dat t, s, score, weight;
 * asks.dat s, score, weight, weight without the root; heads.dat h, s, weight;
 * sizes.dat D, largest weight without the root, with it; overflow.dat what was added, the
 * largest share by the formula and by softmax */
static void write_figures(const char *folder, const struct one_head *toy, int H,
                          const struct one_head all[H], int h, int t, char *const *labels)
{
    const struct one_head *a = &all[h];
    const int T = a->T, D = a->D;
    const float(*q)[D] = a->q, (*k)[D] = a->k, (*v)[D] = a->v, (*context)[D] = a->context;
    const float(*scores)[T] = a->scores, (*weights)[T] = a->weights;
    float(*bare)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    forget_the_root(a, bare);

    FILE *file = figure_open(folder, "toy");
    figure_matrix(file, "x", toy_x);
    figure_matrix(file, "q", toy->q);
    figure_matrix(file, "k", toy->k);
    figure_matrix(file, "v", toy->v);
    figure_matrix(file, "scores", toy->scores);
    figure_matrix(file, "weights", toy->weights);
    figure_matrix(file, "context", toy->context);
    figure_close(file);
    file = figure_open(folder, "toy_tokens");
    for (int i = 0; i < TOY; i++)
        figure_label(file, toy_tokens[i], '\n');
    figure_close(file);

    file = figure_open(folder, "tokens");
    for (int i = 0; i < T; i++)
        figure_label(file, labels[i], '\n');
    figure_close(file);
    file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\t%d\n", T, D, h, H, t);
    figure_close(file);
    file = figure_open(folder, "rows");
    for (int r = 0; r < T; r++)
        for (int i = 0; i < D && i < 64; i++)
            fprintf(file, "%d\t%d\t%.4g\t%.4g\t%.4g\t%.4g\n", r, i, (double)q[r][i],
                    (double)k[r][i], (double)v[r][i], (double)context[r][i]);
    figure_close(file);
    file = figure_open(folder, "matrix");
    for (int r = 0; r < T; r++)
        for (int s = 0; s < T; s++)
            fprintf(file, "%d\t%d\t%.4f\t%.5f\n", r, s, (double)scores[r][s],
                    (double)weights[r][s]);
    figure_close(file);
    file = figure_open(folder, "asks");
    for (int s = 0; s < T; s++)
        fprintf(file, "%d\t%.4f\t%.5f\t%.5f\n", s, (double)scores[t][s],
                (double)weights[t][s], (double)bare[t][s]);
    figure_close(file);
    file = figure_open(folder, "heads");
    for (int i = 0; i < H; i++) {
        const float(*of)[T] = all[i].weights;
        for (int s = 0; s < T; s++)
            fprintf(file, "%d\t%d\t%.5f\n", i, s, (double)of[t][s]);
    }
    figure_close(file);

    file = figure_open(folder, "sizes");
    for (int size = 4; size <= 1024; size *= 2) {
        const struct trial r = try_size(size);
        fprintf(file, "%d\t%.4f\t%.4f\n", size, r.bare, r.divided);
    }
    figure_close(file);
    file = figure_open(folder, "overflow");
    for (int added = -130; added <= 110; added++) {
        const float s[3] = {(float)added, (float)added + 1, (float)added + 2};
        float naive[3], stable[3];
        softmax_naive(3, naive, s);
        softmax(3, stable, s);
        fprintf(file, "%d\t", added);
        if (isnan(naive[2]))
            fprintf(file, "NaN");
        else
            fprintf(file, "%.4f", (double)naive[2]);
        fprintf(file, "\t%.4f\n", (double)stable[2]);
    }
    figure_close(file);
    free(bare);
}

/* One tensor of all heads, [H, rows, columns]; part(h) is where head h has its own. */
static void dump_heads(struct dump *d, const char *name, int H, int rows, int columns,
                       void *const part[H])
{
    const size_t size = (size_t)rows * (size_t)columns;
    float *whole = grab((size_t)H * size, sizeof *whole);
    for (int h = 0; h < H; h++)
        memcpy(whole + (size_t)h * size, part[h], size * sizeof *whole);
    dump_add(d, name, "F32", 3, (int[]){H, rows, columns}, whole);
    free(whole);
}

static void dump_all(const char *path, int H, const struct one_head all[H],
                     const int *ids, int C, const void *embedding, const void *ln_1)
{
    const int T = all[0].T, D = all[0].D;
    struct dump d = dump_open(path);
    if (!path)
        return;
    void *part[6][H];
    for (int h = 0; h < H; h++) {
        part[0][h] = all[h].q;
        part[1][h] = all[h].k;
        part[2][h] = all[h].v;
        part[3][h] = all[h].scores;
        part[4][h] = all[h].weights;
        part[5][h] = all[h].context;
    }
    dump_add(&d, "ids", "I32", 1, (int[]){T}, ids);
    dump_add(&d, "embedding", "F32", 2, (int[]){T, C}, embedding);
    dump_add(&d, "h.0.ln_1", "F32", 2, (int[]){T, C}, ln_1);
    dump_heads(&d, "h.0.attn.q", H, T, D, part[0]);
    dump_heads(&d, "h.0.attn.k", H, T, D, part[1]);
    dump_heads(&d, "h.0.attn.v", H, T, D, part[2]);
    dump_heads(&d, "h.0.attn.scores", H, T, T, part[3]);
    dump_heads(&d, "open.h.0.attn.weights", H, T, T, part[4]);
    dump_heads(&d, "open.h.0.attn.heads", H, T, D, part[5]);
    dump_close(&d);
}

static void walk(const struct options *o, long wanted_head, long wanted_token)
{
    struct reading r = open_reading(o);
    const struct config *config = &r.model.config;
    const struct block *b = &r.model.weights.h[0];
    const int T = r.prompt.count, C = config->C, H = config->H, D = C / H;
    char *const *labels = r.prompt.labels;
    const int t = choose_token(&r.prompt, wanted_token);
    if (wanted_head >= H)
        die("--head: %ld is out of range, the model in %s has heads 0 to %d", wanted_head,
            o->model, H - 1);

    float(*x)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    float(*ln_1)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    embed(T, C, x, r.prompt.ids, r.model.weights.wte, r.model.weights.wpe);
    layer_norm(T, C, ln_1, (const float(*)[C])x, b->ln_1_weight, b->ln_1_bias,
               config->epsilon);
    struct one_head *all = grab((size_t)H, sizeof *all);
    for (int h = 0; h < H; h++)
        all[h] = run_head(T, C, D, (const float(*)[C])ln_1, b->attn_c_attn_weight,
                          b->attn_c_attn_bias, h);
    const int h = wanted_head >= 0 ? (int)wanted_head : choose_head(H, all, t);
    const struct one_head *a = &all[h];
    heading("1. One scale", "the rows of x after layer normalization: T = %d, C = %d", T,
            C);
    print_matrix("ln_1", T, C, (const float(*)[C])ln_1, labels, NULL);
    heading("2. Query, key, value", "head %d of block 0, D = %d numbers each", h, D);
    print_matrix("q", T, D, a->q, labels, NULL);
    print_matrix("k", T, D, a->k, labels, NULL);
    print_matrix("v", T, D, a->v, labels, NULL);
    heading("3. Scores", "q·k / √%d: a row asks, a column is asked", D);
    print_matrix("scores", T, T, a->scores, labels, labels);
    heading("4. Weights", "softmax of each row: it sums to 1");
    print_matrix("weights", T, T, a->weights, labels, labels);
    heading("5. The filing cabinet", "%s asks, in head %d of block 0", labels[t], h);
    print_cabinet(a, t, labels);
    heading("6. The sum", "what %s takes along", labels[t]);
    print_sum(a, t, labels);
    heading("7. Every head",
            "what %s takes most of in each head of block 0, of %d tokens", labels[t], T);
    print_heads(H, all, t, labels);
    heading("8. Why √D", "the softmax without it, and what chance does");
    print_root(a, t, labels[t]);
    print_trials();
    heading("9. Why the largest comes off", "the shares of three scores, both ways");
    print_overflow();
    float(*reverse)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    for (int i = 0; i < T; i++)
        memcpy(reverse[i], ln_1[T - 1 - i], sizeof reverse[i]);
    struct one_head reversed = run_head(T, C, D, (const float(*)[C])reverse,
                                        b->attn_c_attn_weight, b->attn_c_attn_bias, h);
    heading("10. Twice more", "the largest difference between context and");
    printf("  the same in one pass                      %.4f\n",
           (double)differs_in_passing(a));
    printf("  the same rows in reverse, read backwards  %.4f\n",
           (double)differs_in_reverse(a, &reversed));
    free_head(&reversed);
    free(reverse);
    if (o->figures) {
        struct one_head toy = run_head(TOY, TOY, TOY, toy_x, toy_w, toy_bias, 0);
        write_figures(o->figures, &toy, H, all, h, t, labels);
        free_head(&toy);
    }
    dump_all(o->dump, H, all, r.prompt.ids, C, x, ln_1);
    for (int i = 0; i < H; i++)
        free_head(&all[i]);
    free(all);
    free(x);
    free(ln_1);
    close_reading(&r);
}

static const char usage[] =
    "usage: 04_attention [options]      one head, on the prompt\n"
    "       04_attention toy            the toy of the chapter, every number\n"
    "       04_attention --softmax \"1 2 3\"   the shares of these scores";

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    const char *scores = NULL;
    long head = -1, token = -1;
    const struct option own[] = {
        {"--head", "N", OPTION_INTEGER, &head, 0, 1000000,
         "the head of block 0 to show (the one that looks hardest)"},
        {"--token", "N", OPTION_INTEGER, &token, 0, 1000000,
         "the token that asks (the last ' it', or the last)"},
        {"--softmax", "\"1 2 …\"", OPTION_TEXT, &scores, 0, 0,
         "the shares of these scores, and nothing else"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    if (scores)
        walk_softmax(scores);
    else if (o.command && strcmp(o.command, "toy") == 0) {
        struct one_head toy = run_head(TOY, TOY, TOY, toy_x, toy_w, toy_bias, 0);
        walk_toy(&toy);
        free_head(&toy);
    } else if (o.command)
        die("%s: unknown command, expected toy or none", o.command);
    else
        walk(&o, head, token);
    finish_output();
    return 0;
}
