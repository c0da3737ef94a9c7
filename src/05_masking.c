/* 05_masking: the same attention with and without a mask, and an experiment that shows what
 * the mask is for. Chapter 5 of the book: chapters/05_masking.md */
#include "05_masking.h"

enum { MOST = 60 }; /* tokens in the experiments: they take T times as long as the walk */

/* n heads of block 0 on T tokens, with the mask and without it ("open"). */
struct views {
    void *embedding, *ln_1;       /* [T, C] */
    void *q, *k, *v;              /* [n, T, D] */
    void *scores, *masked;        /* [n, T, T] */
    void *weights, *open_weights; /* [n, T, T] */
    void *context, *open_context; /* [n, T, D] */
};

static struct views new_views(int T, int C, int n, int D)
{
    const size_t t = (size_t)T, square = (size_t)n * t * t,
                 wide = (size_t)n * t * (size_t)D;
    return (struct views){
        .embedding = grab(t * (size_t)C, sizeof(float)),
        .ln_1 = grab(t * (size_t)C, sizeof(float)),
        .q = grab(wide, sizeof(float)),
        .k = grab(wide, sizeof(float)),
        .v = grab(wide, sizeof(float)),
        .scores = grab(square, sizeof(float)),
        .masked = grab(square, sizeof(float)),
        .weights = grab(square, sizeof(float)),
        .open_weights = grab(square, sizeof(float)),
        .context = grab(wide, sizeof(float)),
        .open_context = grab(wide, sizeof(float)),
    };
}

static void free_views(struct views *a)
{
    free(a->embedding);
    free(a->ln_1);
    free(a->q);
    free(a->k);
    free(a->v);
    free(a->scores);
    free(a->masked);
    free(a->weights);
    free(a->open_weights);
    free(a->context);
    free(a->open_context);
}

/* Runs the heads first, first + 1, … of block 0 on T tokens, both ways. */
static void run_heads(int T, const int ids[T], const struct checkpoint *m, int first,
                      int n, struct views *a)
{
    const int C = m->config.C, D = C / m->config.H;
    const struct block *b = &m->weights.h[0];
    float(*q)[T][D] = a->q, (*k)[T][D] = a->k, (*v)[T][D] = a->v;
    float(*scores)[T][T] = a->scores, (*masked)[T][T] = a->masked;
    float(*weights)[T][T] = a->weights, (*open_weights)[T][T] = a->open_weights;
    float(*context)[T][D] = a->context, (*open_context)[T][D] = a->open_context;

    embed(T, C, a->embedding, ids, m->weights.wte, m->weights.wpe);
    layer_norm(T, C, a->ln_1, a->embedding, b->ln_1_weight, b->ln_1_bias,
               m->config.epsilon);
    for (int i = 0; i < n; i++) {
        const int at = (first + i) * D;
        const void *w = b->attn_c_attn_weight;
        project(T, C, D, q[i], a->ln_1, 3 * C, w, b->attn_c_attn_bias, at);
        project(T, C, D, k[i], a->ln_1, 3 * C, w, b->attn_c_attn_bias, C + at);
        project(T, C, D, v[i], a->ln_1, 3 * C, w, b->attn_c_attn_bias, 2 * C + at);
        attention_scores(T, D, scores[i], q[i], k[i]);

        softmax_rows(T, open_weights[i], scores[i]);
        weighted_sum(T, D, open_context[i], open_weights[i], v[i]);

        memcpy(masked[i], scores[i], sizeof masked[i]);
        hide_future(T, masked[i]);
        softmax_rows(T, weights[i], masked[i]);
        weighted_sum(T, D, context[i], weights[i], v[i]);
    }
}

/* What a change of token j does to row t: changed[t][j] is true where the row of the head's
 * context is not the same, bit for bit, once token j is another one. */
static void change_each(int T, const int ids[T], const struct checkpoint *m, int head,
                        bool masked[T][T], bool open[T][T])
{
    const int C = m->config.C, D = C / m->config.H, V = m->config.V;
    struct views before = new_views(T, C, 1, D), after = new_views(T, C, 1, D);
    float(*was)[D] = before.context, (*is)[D] = after.context;
    float(*open_was)[D] = before.open_context, (*open_is)[D] = after.open_context;
    int *other = grab((size_t)T, sizeof *other);

    run_heads(T, ids, m, head, 1, &before);
    for (int j = 0; j < T; j++) {
        memcpy(other, ids, (size_t)T * sizeof *ids);
        other[j] = (ids[j] + V / 2) % V;
        run_heads(T, other, m, head, 1, &after);
        for (int t = 0; t < T; t++) {
            masked[t][j] = memcmp(was[t], is[t], sizeof was[t]) != 0;
            open[t][j] = memcmp(open_was[t], open_is[t], sizeof open_was[t]) != 0;
        }
    }
    free(other);
    free_views(&before);
    free_views(&after);
}

/* How many rows come out the same, bit for bit, where the text ends early: after n = 1 to
 * T - 1 tokens. Returns how many rows were looked at. */
static int cut_each(int T, const int ids[T], const struct checkpoint *m, int head,
                    int *same_masked, int *same_open)
{
    const int C = m->config.C, D = C / m->config.H;
    struct views whole = new_views(T, C, 1, D), part = new_views(T, C, 1, D);
    int rows = 0;
    *same_masked = *same_open = 0;
    run_heads(T, ids, m, head, 1, &whole);
    for (int n = 1; n < T; n++) {
        run_heads(n, ids, m, head, 1, &part);
        float(*all)[D] = whole.context, (*few)[D] = part.context;
        float(*open_all)[D] = whole.open_context, (*open_few)[D] = part.open_context;
        for (int t = 0; t < n; t++, rows++) {
            *same_masked += memcmp(all[t], few[t], sizeof all[t]) == 0;
            *same_open += memcmp(open_all[t], open_few[t], sizeof open_all[t]) == 0;
        }
    }
    free_views(&whole);
    free_views(&part);
    return rows;
}

/* ---- Other masks --------------------------------------------------------------------- */

/* How much weight the rows give to their future, on average over the rows that have one. */
static double future_share(int T, const float weights[T][T])
{
    double sum = 0;
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            sum += (double)weights[t][s];
    return T > 1 ? sum / (T - 1) : 0;
}

/* The smallest sum of a row. */
static double least_sum(int T, const float weights[T][T])
{
    double least = INFINITY;
    for (int t = 0; t < T; t++) {
        double sum = 0;
        for (int s = 0; s < T; s++)
            sum += (double)weights[t][s];
        least = sum < least ? sum : least;
    }
    return least;
}

/* Masked attention with another number in place of minus infinity. */
static void mask_with(int T, float weights[restrict T][T], const float scores[T][T],
                      float number)
{
    float(*masked)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    memcpy(masked, scores, sizeof(float[T][T]));
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            masked[t][s] = number;
    softmax_rows(T, weights, masked);
    free(masked);
}

/* The mask at the wrong end: softmax first, then the future's weights to 0. */
static void mask_after(int T, float weights[restrict T][T], const float scores[T][T])
{
    softmax_rows(T, weights, scores);
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            weights[t][s] = 0;
}

/* Masked attention that sees `window` tokens back, itself counted. */
static void mask_window(int T, int window, float weights[restrict T][T],
                        const float scores[T][T])
{
    float(*masked)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    hide_distant(T, window, masked);
    softmax_rows(T, weights, masked);
    free(masked);
}

/* ---- The walk ------------------------------------------------------------------------ */

/* For every token: how many it sees, what the future got before the mask, and by how much
 * what the head brings is another vector now: |difference| / |with the mask|. */
static void print_both_ways(int T, int D, char *const *labels, const float open[T][T],
                            const float context[T][D], const float open_context[T][D])
{
    printf("  %-14s %9s %9s %14s %16s\n", "", "GPT-2", "BERT", "of its weight",
           "what it brings");
    printf("  %-14s %9s %9s %14s %16s\n", "", "sees", "sees", "on the future",
           "differs by");
    for (int t = 0; t < T; t++) {
        double future = 0, apart = 0, length = 0;
        for (int s = t + 1; s < T; s++)
            future += (double)open[t][s];
        for (int i = 0; i < D; i++) {
            apart += pow((double)context[t][i] - (double)open_context[t][i], 2);
            length += pow((double)context[t][i], 2);
        }
        if (T > 20 && t == 16)
            printf("  …\n");
        if (T > 20 && t >= 16 && t < T - 3)
            continue;
        printf("  ");
        print_field(labels[t], 14, false);
        printf(" %9d %9d %13.0f%% %15.0f%%\n", t + 1, T, 100 * future,
               length > 0 ? 100 * sqrt(apart / length) : 0);
    }
}

/* The experiment's outcome as two grids, as much of them as 80 columns hold. */
static void print_changes(int n, char *const *labels, const bool masked[n][n],
                          const bool open[n][n])
{
    const int shown = n < 28 ? n : 28, broad = shown < 6 ? 9 : shown + 3;
    printf("  %-14s %-*s%s\n", "", broad, "GPT-2", "BERT");
    for (int t = 0; t < shown; t++) {
        printf("  ");
        print_field(labels[t], 14, false);
        putchar(' ');
        for (int j = 0; j < shown; j++)
            fputs(masked[t][j] ? "x" : "·", stdout);
        printf("%*s", broad - shown, "");
        for (int j = 0; j < shown; j++)
            fputs(open[t][j] ? "x" : "·", stdout);
        putchar('\n');
    }
    if (shown < n)
        printf("  (the first %d tokens; the figure shows %d)\n", shown, n);
}

/* The head that would look ahead most, were it not for the mask. */
static int most_curious(int T, int H, const float open[H][T][T])
{
    int most = 0;
    for (int i = 1; i < H; i++)
        if (future_share(T, open[i]) > future_share(T, open[most]))
            most = i;
    return most;
}

static void print_mask(const char *name, int T, const float weights[T][T])
{
    const double future = future_share(T, weights), least = least_sum(T, weights);
    printf("  %-50s %12.6f %12.6f\n", name, future, least);
}

static void print_other_masks(int T, const float scores[T][T])
{
    static const float numbers[] = {0, -10, -100, -1e10f, -INFINITY};
    float(*weights)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    printf("  %-50s %12s %12s\n", "", "future gets", "a row's sum");
    softmax_rows(T, weights, scores);
    print_mask("no mask", T, weights);
    mask_after(T, weights, scores);
    print_mask("the future's weights become 0 after the softmax", T, weights);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char *name = format_text("the future's scores become %g", (double)numbers[i]);
        mask_with(T, weights, scores, numbers[i]);
        print_mask(name, T, weights);
        free(name);
    }
    softmax_past(T, weights, scores);
    print_mask("no scores for the future at all: softmax_past", T, weights);
    free(weights);
}

/* --scores: masks a matrix that the reader gives. */
static void walk_scores(const char *text)
{
    float *number = NULL;
    size_t capacity = 0, count = 0;
    int T = 0;
    for (const char *p = text; *(p += strspn(p, " ,;\n\t"));) {
        char *end;
        number = grow(number, &capacity, count + 1, sizeof *number);
        number[count++] = strtof(p, &end);
        const size_t length = strcspn(p, " ,;\n\t");
        if (end != p + length || !isfinite(number[count - 1]))
            die("--scores: '%.*s' is no number", length > 20 ? 20 : (int)length, p);
        if (count > (size_t)MOST * MOST)
            die("--scores: more than %d by %d numbers", (int)MOST, (int)MOST);
        p = end;
    }
    while ((size_t)T * (size_t)T < count)
        T++;
    if (count == 0 || (size_t)T * (size_t)T != count)
        die("--scores: %zu numbers, expected a square: 1, 4, 9, 16, …", count);
    const float(*scores)[T] = (const float(*)[T])(void *)number;
    float(*masked)[T] = grab(count, sizeof(float));
    float(*weights)[T] = grab(count, sizeof(float));
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    softmax_rows(T, weights, masked);
    print_matrix("masked", T, T, masked, NULL, NULL);
    print_matrix("weights", T, T, weights, NULL, NULL);
    free(number);
    free(masked);
    free(weights);
}

/* ---- Data for the figures ------------------------------------------------------------ */

/* tokens.dat label; facts.dat head, heads, the row that is looked at closely, window;
 * matrix.dat t, s, score, weight, weight without the mask, weight with the window;
 * changed.dat t, j, changed with the mask, without; leak.dat number, what the future gets;
 * row.dat s, weight: right, without mask, with 0 for -inf, with the mask after the softmax,
 * with the own token hidden too */
static void write_figures(const char *folder, int T, int n, int head, int heads,
                          int window, char *const *labels, const float scores[T][T],
                          const float weights[T][T], const float open[T][T],
                          const bool changed[n][n], const bool open_changed[n][n])
{
    const int row = T / 2;
    float(*other)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    float(*late)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    FILE *file = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++)
        figure_label(file, labels[t], '\n');
    figure_close(file);

    file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\n", head, heads, row, window);
    figure_close(file);

    file = figure_open(folder, "matrix");
    mask_window(T, window, other, scores);
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            fprintf(file, "%d\t%d\t%.4f\t%.5f\t%.5f\t%.5f\n", t, s, (double)scores[t][s],
                    (double)weights[t][s], (double)open[t][s], (double)other[t][s]);
    figure_close(file);

    file = figure_open(folder, "changed");
    for (int t = 0; t < n; t++)
        for (int j = 0; j < n; j++)
            fprintf(file, "%d\t%d\t%d\t%d\n", t, j, changed[t][j], open_changed[t][j]);
    figure_close(file);

    file = figure_open(folder, "leak");
    for (int number = 0; number >= -120 && T > 1; number -= 2) {
        mask_with(T, other, scores, (float)number);
        fprintf(file, "%d\t%.4g\n", number, future_share(T, other));
    }
    figure_close(file);

    file = figure_open(folder, "row");
    mask_with(T, other, scores, 0);
    mask_after(T, late, scores);
    float *own = grab((size_t)T, sizeof *own);
    if (row > 0)
        softmax(row, own, scores[row]);
    for (int s = 0; s < T && T > 1; s++)
        fprintf(file, "%d\t%.5f\t%.5f\t%.5f\t%.5f\t%.5f\n", s, (double)weights[row][s],
                (double)open[row][s], (double)other[row][s], (double)late[row][s],
                (double)own[s]);
    figure_close(file);
    free(own);
    free(other);
    free(late);
}

static const char usage[] =
    "usage: 05_masking [options]    one head with the mask and without it";

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    const char *given = NULL;
    long head = -1, window = 3;
    const struct option own[] = {
        {"--head", "N", OPTION_INTEGER, &head, 0, 1000000, "the head of block 0 to show"},
        {"--window", "N", OPTION_INTEGER, &window, 1, 1000000,
         "how far back a window sees (3)"},
        {"--scores", "\"1 2 …\"", OPTION_TEXT, &given, 0, 0,
         "masks these T x T scores, and nothing else"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    if (o.command)
        die("%s: unknown argument (see 05_masking --help)", o.command);
    if (given) {
        walk_scores(given);
        finish_output();
        return 0;
    }
    struct reading r = open_reading(&o);
    const struct config *c = &r.model.config;
    const int T = r.prompt.count, C = c->C, H = c->H, D = C / H;
    char *const *labels = r.prompt.labels;
    if (head >= H)
        die("--head: %ld is out of range, the model in %s has heads 0 to %d", head,
            o.model, H - 1);
    struct views a = new_views(T, C, H, D);
    run_heads(T, r.prompt.ids, &r.model, 0, H, &a);
    const float(*scores)[T][T] = a.scores, (*masked)[T][T] = a.masked;
    const float(*weights)[T][T] = a.weights, (*open)[T][T] = a.open_weights;
    const float(*context)[T][D] = a.context, (*open_context)[T][D] = a.open_context;
    const bool chosen = head >= 0;
    head = chosen ? head : most_curious(T, H, open);

    heading("1. Scores", "head %ld of block 0%s", head,
            chosen || H == 1 ? "" : ", which would look ahead most of all its heads");
    print_matrix("scores", T, T, scores[head], labels, labels);

    heading("2. Hide the future", "%ld of %ld scores become -inf", (long)T * (T - 1) / 2,
            (long)T * T);
    print_matrix("masked", T, T, masked[head], labels, labels);

    heading("3. Softmax by rows", "every row sums to 1, and -inf has become 0");
    print_matrix("weights", T, T, weights[head], labels, labels);

    heading("4. With the mask and without", "the same head as in GPT-2, and as in BERT");
    print_matrix("weights without the mask", T, T, open[head], labels, labels);
    print_both_ways(T, D, labels, open[head], context[head], open_context[head]);

    const int n = T < MOST ? T : MOST;
    bool(*changed)[n] = grab((size_t)n * (size_t)n, sizeof(bool));
    bool(*open_changed)[n] = grab((size_t)n * (size_t)n, sizeof(bool));
    int rows, same, open_same;
    heading("5. Change a token",
            "x: this row is another one when the token of this column is");
    change_each(n, r.prompt.ids, &r.model, (int)head, changed, open_changed);
    print_changes(n, labels, changed, open_changed);
    rows = cut_each(n, r.prompt.ids, &r.model, (int)head, &same, &open_same);
    if (rows > 0)
        printf(
            "  Cut off after 1, 2, 3, … tokens: %d rows; as in the whole text, bit for "
            "bit:\n  GPT-2 %d, BERT %d\n",
            rows, same, open_same);

    heading("6. Other masks",
            "what the future gets on average, and the smallest sum of a row");
    print_other_masks(T, scores[head]);

    heading("7. A window", "a token sees itself and %ld before it", window - 1);
    float(*near)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    const int reach = window < T ? (int)window : T;
    mask_window(T, reach, near, scores[head]);
    print_matrix("weights", T, T, near, labels, labels);

    if (o.figures)
        write_figures(o.figures, T, n, (int)head, H, reach, labels, scores[head],
                      weights[head], open[head], changed, open_changed);
    struct dump d = dump_open(o.dump);
    dump_add(&d, "ids", "I32", 1, (int[]){T}, r.prompt.ids);
    dump_add(&d, "embedding", "F32", 2, (int[]){T, C}, a.embedding);
    dump_add(&d, "h.0.ln_1", "F32", 2, (int[]){T, C}, a.ln_1);
    dump_add(&d, "h.0.attn.q", "F32", 3, (int[]){H, T, D}, a.q);
    dump_add(&d, "h.0.attn.k", "F32", 3, (int[]){H, T, D}, a.k);
    dump_add(&d, "h.0.attn.v", "F32", 3, (int[]){H, T, D}, a.v);
    dump_add(&d, "h.0.attn.scores", "F32", 3, (int[]){H, T, T}, a.scores);
    dump_add(&d, "h.0.attn.masked", "F32", 3, (int[]){H, T, T}, a.masked);
    dump_add(&d, "h.0.attn.weights", "F32", 3, (int[]){H, T, T}, a.weights);
    dump_add(&d, "h.0.attn.heads", "F32", 3, (int[]){H, T, D}, a.context);
    dump_add(&d, "open.h.0.attn.weights", "F32", 3, (int[]){H, T, T}, a.open_weights);
    dump_add(&d, "open.h.0.attn.heads", "F32", 3, (int[]){H, T, D}, a.open_context);
    dump_close(&d);
    free(near);
    free(changed);
    free(open_changed);
    free_views(&a);
    close_reading(&r);
    finish_output();
    return 0;
}
