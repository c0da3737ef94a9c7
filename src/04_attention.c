/* 04_attention.c: the chapter's program: one head, step by step, and some experiments.
 * Chapter 4 of the book: chapters/04_attention.md */
#include "04_attention.h"

/* All that one head computes on T tokens. */
struct one_head {
    int T, D;
    void *q, *k, *v;        /* [T, D] */
    void *scores, *weights; /* [T, T] */
    void *context;          /* [T, D] */
};

/* Memory for n heads: one tensor of each kind for all of them; all[h] is head h's part. */
static void new_heads(struct tensors *list, int n, int T, int D,
                      struct one_head all[restrict n])
{
    float(*q)[T][D] = new_tensor(list, "h.0.attn.q", SHAPE(n, T, D));
    float(*k)[T][D] = new_tensor(list, "h.0.attn.k", SHAPE(n, T, D));
    float(*v)[T][D] = new_tensor(list, "h.0.attn.v", SHAPE(n, T, D));
    float(*scores)[T][T] = new_tensor(list, "h.0.attn.scores", SHAPE(n, T, T));
    float(*weights)[T][T] = new_tensor(list, "open.h.0.attn.weights", SHAPE(n, T, T));
    float(*context)[T][D] = new_tensor(list, "open.h.0.attn.heads", SHAPE(n, T, D));
    for (int h = 0; h < n; h++)
        all[h] =
            (struct one_head){T, D, q[h], k[h], v[h], scores[h], weights[h], context[h]};
}

/* Head h on the rows x [T, C]: its D columns in each third of c_attn, w [C, 3C], then the
 * three steps. → all tensors of *a */
static void run_head(const struct one_head *a, int C, const float x[a->T][C],
                     const float w[C][3 * C], const float bias[3 * C], int h)
{
    const int T = a->T, D = a->D;
    project(T, C, D, a->q, x, 3 * C, w, bias, h * D);
    project(T, C, D, a->k, x, 3 * C, w, bias, C + h * D);
    project(T, C, D, a->v, x, 3 * C, w, bias, 2 * C + h * D);
    attention_scores(T, D, a->scores, a->q, a->k);
    softmax_rows(T, a->weights, a->scores);
    weighted_sum(T, D, a->context, a->weights, a->v);
}

/* The toy of the chapter: four tokens; channels thing, action, pronoun, position; one head. */
enum { TOY = 4 };
static char *const toy_tokens[TOY] = {"robot", "says", "it", "obeys"};
static char *const toy_channels[TOY] = {"thing", "action", "pronoun", "position"};
static const float toy_x[TOY][TOY] = {
    {2, 0, 0, 0}, {0, 2, 0, 1}, {1, 0, 2, 2}, {0, 1, 0, 3}};
/* A row for each channel: what it contributes to the query, to the key, to the value. */
static const float toy_w[TOY][3 * TOY] = {
    {0, 1, 0, 0, /**/ 1, 0, 0, 0, /**/ 2, 0, 1, 0},
    {1, 0, 1, 0, /**/ 0, 1, 0, 0, /**/ 0, 2, 0, -1},
    {1, 0, -1, 0, /**/ 0, 0, 1, 0, /**/ -1, 0, 1, 1},
    {0, 0, 0, 0, /**/ 0, 0, 0, -1, /**/ 0, 0, 0, 0},
};
static const float toy_bias[3 * TOY] = {[3] = 1};

static struct one_head run_toy(struct tensors *list)
{
    struct one_head a;
    new_heads(list, 1, TOY, TOY, &a);
    run_head(&a, TOY, toy_x, toy_w, toy_bias, 0);
    return a;
}

/* The index of the largest of n numbers. */
static int largest(int n, const float p[n])
{
    int at = 0;
    find_largest(n, 1, &at, p);
    return at;
}

/* How many tokens a row of weights looks at: 1 if one token has everything, n if all have the
 * same; e to the power of the entropy, -Σ p ln p. p [n] */
static double breadth(int n, const float p[n])
{
    double entropy = 0;
    for (int i = 0; i < n; i++)
        if (p[i] > 0)
            entropy -= (double)p[i] * log((double)p[i]);
    return exp(entropy);
}

/* A random number: nearly a normal distribution, mean 0, spread 1. */
static float random_number(uint32_t *state)
{
    float sum = -6;
    for (int i = 0; i < 12; i++) {
        *state = *state * 1664525 + 1013904223;
        sum += (float)(*state >> 8) / 16777216;
    }
    return sum;
}

/* Random queries and keys of D numbers: 200 queries, 8 keys for each. */
struct trial {
    double spread;        /* of q·k: the root of its mean square */
    double bare, divided; /* the mean largest weight: softmax of q·k, and of q·k / √D */
};

static struct trial try_size(int D)
{
    enum { KEYS = 8, QUERIES = 200 };
    struct trial r = {0, 0, 0};
    uint32_t state = 4;
    float k[KEYS][D], q[D], dot[KEYS], scaled[KEYS], p[KEYS];
    for (int t = 0; t < QUERIES; t++) {
        for (int i = 0; i < D; i++) {
            q[i] = random_number(&state);
            for (int s = 0; s < KEYS; s++)
                k[s][i] = random_number(&state);
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

/* The weights without the division by √D. */
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

/* Softmax exactly as the formula says: it overflows. */
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

/* The walk shows head h of block 0 and token t, which asks. */
struct lesson {
    struct reading reading;
    struct tensors list; /* everything that is computed */
    int T, C, H, D, h, t;
    void *ln_1;           /* [T, C]: what the heads read */
    struct one_head *all; /* [H] */
};

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

/* The head in which token t gives one other token the largest weight. */
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

static struct lesson prepare(const struct options *o, long head, long token)
{
    struct lesson l = {.reading = open_reading(o)};
    const struct config *config = &l.reading.model.config;
    const struct weights *w = &l.reading.model.weights;
    const struct block *b = &w->h[0];
    const int T = l.T = l.reading.prompt.count, C = l.C = config->C;
    const int H = l.H = config->H, D = l.D = C / H;
    l.t = choose_token(&l.reading.prompt, token);
    if (head >= H)
        die("--head: %ld is out of range, the model in %s has heads 0 to %d", head,
            o->model, H - 1);
    void *x = new_tensor(&l.list, "embedding", SHAPE(T, C));
    l.ln_1 = new_tensor(&l.list, "h.0.ln_1", SHAPE(T, C));
    embed(T, C, x, l.reading.prompt.ids, w->wte, w->wpe);
    layer_norm(T, C, l.ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    l.all = grab((size_t)H, sizeof *l.all);
    new_heads(&l.list, H, T, D, l.all);
    for (int h = 0; h < H; h++)
        run_head(&l.all[h], C, l.ln_1, b->attn_c_attn_weight, b->attn_c_attn_bias, h);
    l.h = head >= 0 ? (int)head : choose_head(H, l.all, l.t);
    return l;
}

/* The largest difference between the rows of context and the same rows in one pass. */
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

/* The largest difference between the rows of context and those of the head when it gets the
 * rows of ln_1 in reverse: row t against row T - 1 - t. */
static float differs_in_reverse(const struct lesson *l)
{
    const struct block *b = &l->reading.model.weights.h[0];
    const int T = l->T, C = l->C, D = l->D;
    const float(*ln_1)[C] = l->ln_1, (*one)[D] = l->all[l->h].context;
    struct tensors list = {0};
    float(*reverse)[C] = new_tensor(&list, NULL, SHAPE(T, C)), most = 0;
    for (int t = 0; t < T; t++)
        memcpy(reverse[t], ln_1[T - 1 - t], sizeof reverse[t]);
    struct one_head a;
    new_heads(&list, 1, T, D, &a);
    run_head(&a, C, (const float(*)[C])reverse, b->attn_c_attn_weight,
             b->attn_c_attn_bias, l->h);
    const float(*other)[D] = a.context;
    for (int t = 0; t < T; t++)
        for (int i = 0; i < D; i++)
            most = fmaxf(most, fabsf(one[t][i] - other[T - 1 - t][i]));
    free_tensors(&list);
    return most;
}

enum { MOST = 20, BAR = 24 }; /* lines of a table about tokens; the longest bar */

/* Which tokens a table shows: all; of a long prompt, the MOST with the largest weights. */
static void choose_tokens(int T, const float p[T], bool shown[T])
{
    const int n = T < MOST ? T : MOST;
    int found[MOST];
    find_largest(T, n, found, p);
    for (int s = 0; s < T; s++)
        shown[s] = false;
    for (int k = 0; k < n; k++)
        shown[found[k]] = true;
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
        printf("  %s%s%s %7.2f %7.2f %10.2f %7.1f%%%s", ink(INK_TOKEN),
               field(labels[s], 16, false), ink(INK_PLAIN),
               (double)(row[s] * sqrtf((float)a->D)), row[s], expf(row[s] - top),
               (double)(100 * p[s]), ink(INK_SCORE));
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
        printf("  %s %6.1f%% ", field(labels[s], 16, false), (double)(100 * p[s]));
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

/* A line for each head: the three tokens with the largest weights, if token t asks. */
static void print_heads(int H, const struct one_head all[H], int t, char *const *labels)
{
    for (int h = 0; h < H; h++) {
        const int T = all[h].T, looks = T < 3 ? T : 3;
        const float(*weights)[T] = all[h].weights;
        int best[3] = {0};
        find_largest(T, looks, best, weights[t]);
        printf("  head %-3d", h);
        for (int k = 0; k < looks; k++)
            printf(" %s %3.0f%%", field(labels[best[k]], 11, true),
                   (double)(100 * weights[t][best[k]]));
        printf("   looks at %.1f\n", breadth(T, weights[t]));
    }
}

/* With the root and without: the row of token t, and the mean over all rows of the head. */
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
        printf("  %s %-21s %15.1f%% %19.2f\n", field(label, 12, false),
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
        "  Random, 8 keys:  D    √D   spread of q·k   largest weight with √D, without\n");
    for (int D = 4; D <= 1024; D *= 4) {
        const struct trial r = try_size(D);
        printf("  %17d %5.0f %15.2f %23.1f%% %8.1f%%\n", D, sqrt(D), r.spread,
               100 * r.divided, 100 * r.bare);
    }
}

static void print_share(float p)
{
    if (isnan(p))
        printf(" %6s", "nan");
    else
        printf(" %6.3f", (double)p);
}

/* Scores, and their shares: by the formula, and with the largest subtracted. */
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
            printf("  %12g%10s", (double)s[i], "");
            print_share(naive[i]);
            printf("%14s", "");
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
           "  largest subtracted");
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        print_both_softmaxes(3, (float[]){shifts[i], shifts[i] + 1, shifts[i] + 2}, true);
}

/* --softmax: the shares of the reader's own scores. */
static void walk_softmax(const char *text)
{
    float s[64];
    const int n = read_numbers("--softmax", text, -INFINITY, 1e30f, 64, s);
    if (s[largest(n, s)] == -INFINITY)
        die("--softmax: all scores are -inf, expected at least one finite");
    printf("  %12s %16s %20s\n", "score", "by the formula", "largest subtracted");
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
        print_matrix(brief(format_text("W and bias for %s", parts[part])), TOY + 1, TOY,
                     (const float(*)[TOY])w, names, NULL);
    }
    print_matrix("q", TOY, TOY, a->q, t, NULL);
    print_matrix("k", TOY, TOY, a->k, t, NULL);
    print_matrix("v", TOY, TOY, a->v, t, NULL);
    print_matrix("scores", TOY, TOY, a->scores, t, t);
    print_matrix("weights", TOY, TOY, a->weights, t, t);
    print_matrix("context", TOY, TOY, a->context, t, NULL);
}

/* toy.dat: a line for each number of the toy's matrices: which, row, column, number (wq:
 * the query's matrix; row 0 of bias is its bias); and toy_tokens.dat label */
static void figure_matrix(FILE *file, const char *name, const float x[TOY][TOY])
{
    for (int r = 0; r < TOY; r++)
        for (int c = 0; c < TOY; c++)
            figure_row(file, "%s %d %d %.4f", name, r, c, x[r][c]);
}

static void figure_toy(const char *folder)
{
    float wq[TOY][TOY], bias[TOY][TOY] = {{0}};
    struct tensors list = {0};
    const struct one_head a = run_toy(&list);
    FILE *file = figure_open(folder, "toy");
    for (int c = 0; c < TOY; c++) {
        memcpy(wq[c], toy_w[c], sizeof wq[c]);
        bias[0][c] = toy_bias[c];
    }
    figure_matrix(file, "x", toy_x);
    figure_matrix(file, "wq", (const float(*)[TOY])wq);
    figure_matrix(file, "bias", (const float(*)[TOY])bias);
    figure_matrix(file, "q", a.q);
    figure_matrix(file, "k", a.k);
    figure_matrix(file, "v", a.v);
    figure_matrix(file, "scores", a.scores);
    figure_matrix(file, "weights", a.weights);
    figure_matrix(file, "context", a.context);
    figure_close(file);
    figure_labels(folder, "toy_tokens", TOY, toy_tokens);
    free_tensors(&list);
}

/* tokens.dat label; facts.dat T, D, head, heads, the token that asks; rows.dat t, i, q, k, v,
 * context; matrix.dat t, s, score, weight */
static void figure_head(const char *folder, const struct lesson *l)
{
    const struct one_head *a = &l->all[l->h];
    const int T = l->T, D = l->D;
    const float(*q)[D] = a->q, (*k)[D] = a->k, (*v)[D] = a->v, (*context)[D] = a->context;
    const float(*scores)[T] = a->scores, (*weights)[T] = a->weights;
    figure_labels(folder, "tokens", T, l->reading.prompt.labels);
    FILE *file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\t%d\n", T, D, l->h, l->H, l->t);
    file = figure_next(file, folder, "rows");
    for (int r = 0; r < T; r++)
        for (int i = 0; i < D && i < 64; i++)
            figure_row(file, "%d %d %.3f %.3f %.3f %.3f", r, i, q[r][i], k[r][i], v[r][i],
                       context[r][i]);
    file = figure_next(file, folder, "matrix");
    for (int r = 0; r < T; r++)
        for (int s = 0; s < T; s++)
            figure_row(file, "%d %d %.4f %.4f", r, s, scores[r][s], weights[r][s]);
    figure_close(file);
}

/* Of the token that asks: asks.dat s, score, weight; heads.dat h, s, weight */
static void figure_asking(const char *folder, const struct lesson *l)
{
    const struct one_head *a = &l->all[l->h];
    const int T = l->T, t = l->t;
    const float(*scores)[T] = a->scores, (*weights)[T] = a->weights;
    FILE *file = figure_open(folder, "asks");
    for (int s = 0; s < T; s++)
        figure_row(file, "%d %.4f %.4f", s, scores[t][s], weights[t][s]);
    file = figure_next(file, folder, "heads");
    for (int h = 0; h < l->H; h++) {
        const float(*of)[T] = l->all[h].weights;
        for (int s = 0; s < T; s++)
            figure_row(file, "%d %d %.4f", h, s, of[t][s]);
    }
    figure_close(file);
}

/* sizes.dat D, largest weight without the root, with it; overflow.dat what was added, the
 * largest share by the formula and by softmax */
static void figure_experiments(const char *folder)
{
    FILE *file = figure_open(folder, "sizes");
    for (int size = 4; size <= 1024; size *= 2) {
        const struct trial r = try_size(size);
        figure_row(file, "%d %.4f %.4f", size, r.bare, r.divided);
    }
    file = figure_next(file, folder, "overflow");
    for (int added = -130; added <= 110; added++) {
        const float s[3] = {(float)added, (float)added + 1, (float)added + 2};
        float naive[3], stable[3];
        softmax_naive(3, naive, s);
        softmax(3, stable, s);
        figure_row(file, "%d %.4f %.4f", added, naive[2], stable[2]);
    }
    figure_close(file);
}

static void walk(const struct lesson *l)
{
    const int T = l->T, D = l->D;
    char *const *labels = l->reading.prompt.labels, *label = labels[l->t];
    const struct one_head *a = &l->all[l->h];
    heading("1. One scale", "the rows of x after layer normalization: T = %d, C = %d", T,
            l->C);
    print_matrix("ln_1", T, l->C, l->ln_1, labels, NULL);
    heading("2. Query, key, value", "head %d of block 0, D = %d number%s each", l->h, D,
            D == 1 ? "" : "s");
    print_matrix("q", T, D, a->q, labels, NULL);
    print_matrix("k", T, D, a->k, labels, NULL);
    print_matrix("v", T, D, a->v, labels, NULL);
    heading("3. Scores", "q·k / √%d: a row asks, a column is asked", D);
    print_matrix("scores", T, T, a->scores, labels, labels);
    heading("4. Weights", "softmax of each row: it sums to 1");
    print_matrix("weights", T, T, a->weights, labels, labels);
    heading("5. The filing cabinet", "%s asks, in head %d of block 0", label, l->h);
    print_cabinet(a, l->t, labels);
    heading("6. The sum", "the context of %s: every value times its weight", label);
    print_sum(a, l->t, labels);
    heading("7. Every head", "where %s looks in each head of block 0, at %d token%s",
            label, T, T == 1 ? "" : "s");
    print_heads(l->H, l->all, l->t, labels);
    heading("8. Why √D", "the softmax with it and without");
    print_root(a, l->t, label);
    print_trials();
    heading("9. Why the largest is subtracted", "the shares of three scores, both ways");
    print_overflow();
    heading("10. Two checks", "the largest difference from the context");
    printf("  in one pass                                 %.4f\n  the rows in reverse, "
           "and back again         %.4f\n",
           differs_in_passing(a), differs_in_reverse(l));
}

static const char usage[] =
    "usage: 04_attention [options]      one head on the prompt\n"
    "       04_attention toy            the chapter's toy, every number\n"
    "       04_attention --softmax \"1 2 3\"   the shares of these scores";

int main(int argc, char **argv)
{
    struct options o = {.prompt = "Glint gave her the barrel, because it"};
    const char *scores = NULL;
    long head = -1, token = -1;
    const struct option own[] = {
        {"--head", "N", OPTION_INTEGER, &head, 0, 1000000,
         "the head of block 0 to show (the one with the largest weight)"},
        {"--token", "N", OPTION_INTEGER, &token, 0, 1000000,
         "the token that asks (the last ' it', or the last)"},
        {"--softmax", "\"1 2 …\"", OPTION_TEXT, &scores, 0, 0,
         "the shares of these scores, and nothing else"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    const bool toy = o.command && strcmp(o.command, "toy") == 0;
    struct lesson l = {0};
    if (o.command && !toy)
        die("%s: unknown command, expected toy or none", o.command);
    if (scores)
        walk_softmax(scores);
    else if (toy) {
        const struct one_head a = run_toy(&l.list);
        walk_toy(&a);
    } else {
        l = prepare(&o, head, token);
        walk(&l);
        if (o.figures) {
            figure_toy(o.figures);
            figure_head(o.figures, &l);
            figure_asking(o.figures, &l);
            figure_experiments(o.figures);
        }
        struct dump d = dump_open(o.dump);
        dump_add(&d, "ids", "I32", SHAPE(l.T), l.reading.prompt.ids);
        dump_tensors(&d, &l.list, NULL);
        dump_close(&d);
        free(l.all);
        close_reading(&l.reading);
    }
    free_tensors(&l.list);
    finish_output();
    return 0;
}
