/* 05_masking: the same attention with and without a mask, and an experiment that shows what
 * the mask does. Chapter 5 of the book: chapters/05_masking.md */
#include "05_masking.h"

enum { MOST = 60 }; /* tokens in the experiments: they take T times as long as the walk */

/* n heads of block 0 on T tokens, with the mask and without it ("open"). */
struct views {
    void *embedding, *ln_1;       /* [T, C] */
    void *q, *k, *v;              /* [n, T, D] */
    void *scores, *masked;        /* [n, T, T] */
    void *weights, *open_weights; /* [n, T, T] */
    void *context, *open_context; /* [n, T, D] */
    struct tensors list;          /* all of these */
};

static struct views new_views(int T, int C, int n, int D)
{
    struct views a = {0};
    struct tensors *list = &a.list;
    a.embedding = new_tensor(list, "embedding", SHAPE(T, C));
    a.ln_1 = new_tensor(list, "h.0.ln_1", SHAPE(T, C));
    a.q = new_tensor(list, "h.0.attn.q", SHAPE(n, T, D));
    a.k = new_tensor(list, "h.0.attn.k", SHAPE(n, T, D));
    a.v = new_tensor(list, "h.0.attn.v", SHAPE(n, T, D));
    a.scores = new_tensor(list, "h.0.attn.scores", SHAPE(n, T, T));
    a.masked = new_tensor(list, "h.0.attn.masked", SHAPE(n, T, T));
    a.weights = new_tensor(list, "h.0.attn.weights", SHAPE(n, T, T));
    a.context = new_tensor(list, "h.0.attn.heads", SHAPE(n, T, D));
    a.open_weights = new_tensor(list, "open.h.0.attn.weights", SHAPE(n, T, T));
    a.open_context = new_tensor(list, "open.h.0.attn.heads", SHAPE(n, T, D));
    return a;
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

/* What a change of token j does to row t: masked[t][j] and open[t][j] are true if the row of the
 * head's context is not the same, bit for bit, with a different token j. */
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
    free_tensors(&before.list);
    free_tensors(&after.list);
}

/* How many rows come out the same, bit for bit, if the text ends early: after n = 1 to T - 1
 * tokens. Returns how many rows were looked at. */
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
    free_tensors(&whole.list);
    free_tensors(&part.list);
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

/* Masked attention with a different number in place of minus infinity. */
static void mask_with(int T, float weights[restrict T][T], const float scores[T][T],
                      float number)
{
    float(*masked)[T] = grab((size_t)T, sizeof(float[T]));
    memcpy(masked, scores, sizeof(float[T][T]));
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            masked[t][s] = number;
    softmax_rows(T, weights, masked);
    free(masked);
}

/* The mask at the wrong end: softmax first, then the future's weights to 0; if `divide`, what is
 * left of each row is divided by its sum. */
static void mask_after(int T, float weights[restrict T][T], const float scores[T][T],
                       bool divide)
{
    softmax_rows(T, weights, scores);
    for (int t = 0; t < T; t++) {
        float sum = 0;
        for (int s = 0; s < T; s++) {
            weights[t][s] = s > t ? 0 : weights[t][s];
            sum += weights[t][s];
        }
        for (int s = 0; s <= t && divide; s++)
            weights[t][s] /= sum;
    }
}

/* Masked attention with a window: a token sees `window` tokens, itself included. */
static void mask_window(int T, int window, float weights[restrict T][T],
                        const float scores[T][T])
{
    float(*masked)[T] = grab((size_t)T, sizeof(float[T]));
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    hide_distant(T, window, masked);
    softmax_rows(T, weights, masked);
    free(masked);
}

/* ---- The walk ------------------------------------------------------------------------ */

/* For every token: how many it sees, what the future gets without the mask, and how far the
 * context moves: |difference| / |context with the mask|. */
static void print_both_ways(int T, int D, char *const *labels, const float open[T][T],
                            const float context[T][D], const float open_context[T][D])
{
    printf("  %-14s %9s %9s %14s %16s\n  %-14s %9s %9s %14s %16s\n", "", "GPT-2", "BERT",
           "of its weight", "its context", "", "sees", "sees", "on the future",
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
        printf("  %s %9d %9d %13.0f%% %15.0f%%\n", field(labels[t], 14, false), t + 1, T,
               100 * future, length > 0 ? 100 * sqrt(apart / length) : 0);
    }
}

/* The outcome of the experiment as two grids, as much of them as fits in 80 columns. */
static void print_changes(int n, char *const *labels, const bool masked[n][n],
                          const bool open[n][n])
{
    const int shown = n < 28 ? n : 28, broad = shown < 6 ? 9 : shown + 3;
    printf("  %-14s %-*s%s\n", "", broad, "GPT-2", "BERT");
    for (int t = 0; t < shown; t++) {
        printf("  %s ", field(labels[t], 14, false));
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

/* The head that would look ahead most without the mask. */
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
    if (T == 1) {
        printf("  one token has no future: no mask changes anything\n");
        return;
    }
    float(*weights)[T] = grab((size_t)T, sizeof(float[T]));
    printf("  %-50s %12s %12s\n", "", "future gets", "a row's sum");
    softmax_rows(T, weights, scores);
    print_mask("no mask", T, weights);
    mask_after(T, weights, scores, false);
    print_mask("the future's weights become 0 after the softmax", T, weights);
    mask_after(T, weights, scores, true);
    print_mask("the same, and each row divided by its new sum", T, weights);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *name =
            brief(format_text("the future's scores become %g", (double)numbers[i]));
        mask_with(T, weights, scores, numbers[i]);
        print_mask(name, T, weights);
    }
    softmax_past(T, weights, scores);
    print_mask("no scores for the future at all: softmax_past", T, weights);
    free(weights);
}

/* --scores: masks the reader's own matrix. */
static void walk_scores(const char *text)
{
    float *number = grab((size_t)MOST * MOST, sizeof *number);
    const int count = read_numbers("--scores", text, -1e30f, 1e30f, MOST * MOST, number);
    const int T = (int)(sqrt(count) + 0.5);
    if (T * T != count)
        die("--scores: %d numbers, expected a square: 1, 4, 9, 16, …", count);
    const float(*scores)[T] = (const float(*)[T])(void *)number;
    float(*masked)[T] = grab((size_t)T, sizeof *masked);
    float(*weights)[T] = grab((size_t)T, sizeof *weights);
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    softmax_rows(T, weights, masked);
    print_matrix("masked", T, T, masked, NULL, NULL);
    print_matrix("weights", T, T, weights, NULL, NULL);
    free(number);
    free(masked);
    free(weights);
}

/* ---- The program --------------------------------------------------------------------- */

/* The walk shows one head of block 0, with the mask and without. */
struct lesson {
    struct reading reading;
    struct views a; /* of all heads */
    int T, H, D, head;
    bool chosen;                         /* by --head */
    int window;                          /* how many tokens a window holds */
    int n;                               /* tokens in the experiments */
    void *changed, *open_changed;        /* [n, n] of bool: what change_each finds */
    const void *scores, *weights, *open; /* [T, T]: the head's */
};

static struct lesson prepare(const struct options *o, long head, long window)
{
    struct lesson l = {.reading = open_reading(o), .chosen = head >= 0};
    const struct checkpoint *m = &l.reading.model;
    const int *ids = l.reading.prompt.ids;
    const int T = l.T = l.reading.prompt.count, H = l.H = m->config.H;
    if (head >= H)
        die("--head: %ld is out of range, the model in %s has heads 0 to %d", head,
            o->model, H - 1);
    l.D = m->config.C / H;
    l.window = (int)window;
    l.a = new_views(T, m->config.C, H, l.D);
    run_heads(T, ids, m, 0, H, &l.a);
    const float(*scores)[T][T] = l.a.scores, (*weights)[T][T] = l.a.weights;
    const float(*open)[T][T] = l.a.open_weights;
    l.head = l.chosen ? (int)head : most_curious(T, H, open);
    l.scores = scores[l.head];
    l.weights = weights[l.head];
    l.open = open[l.head];
    l.n = T < MOST ? T : MOST;
    l.changed = grab((size_t)l.n * (size_t)l.n, sizeof(bool));
    l.open_changed = grab((size_t)l.n * (size_t)l.n, sizeof(bool));
    change_each(l.n, ids, m, l.head, l.changed, l.open_changed);
    return l;
}

/* The four steps, and what the mask changes. */
static void walk_mask(const struct lesson *l)
{
    const int T = l->T, D = l->D;
    char *const *labels = l->reading.prompt.labels;
    const float(*masked)[T][T] = l->a.masked;
    const float(*context)[T][D] = l->a.context, (*open_context)[T][D] = l->a.open_context;
    heading("1. Scores", "head %d of block 0%s", l->head,
            l->chosen || l->H == 1 ? "" : ", the one that would look ahead most");
    print_matrix("scores", T, T, l->scores, labels, labels);
    if (T > 1)
        heading("2. Hide the future", "%ld of %ld scores become -inf",
                (long)T * (T - 1) / 2, (long)T * T);
    else
        heading("2. Hide the future", "one token has none");
    print_matrix("masked", T, T, masked[l->head], labels, labels);
    heading("3. Softmax by rows", "every row sums to 1, and -inf has become 0");
    print_matrix("weights", T, T, l->weights, labels, labels);
    heading("4. With the mask and without", "the same head as in GPT-2, and as in BERT");
    print_matrix("weights without the mask", T, T, l->open, labels, labels);
    print_both_ways(T, D, labels, l->open, context[l->head], open_context[l->head]);
}

/* What changes when a token does, when the text ends early, and with other masks. */
static void walk_experiments(const struct lesson *l)
{
    const int T = l->T, n = l->n;
    const struct checkpoint *m = &l->reading.model;
    char *const *labels = l->reading.prompt.labels;
    int same, open_same;
    heading("5. Change a token", "x: this row changes if the token of this column does");
    if (m->config.V > 1)
        print_changes(n, labels, l->changed, l->open_changed);
    else
        printf("  the vocabulary has no other token\n");
    const int rows = cut_each(n, l->reading.prompt.ids, m, l->head, &same, &open_same);
    if (rows > 0)
        printf("  Cut off after %s: %d row%s; as in the whole text, bit for bit:\n"
               "  GPT-2 %d, BERT %d\n",
               n == 2 ? "1 token" : "1, 2, 3, … tokens", rows, rows == 1 ? "" : "s", same,
               open_same);
    heading("6. Other masks",
            "what the future gets on average, and the smallest sum of a row");
    print_other_masks(T, l->scores);
    if (l->window > 1)
        heading("7. A window", "a token sees itself and %d before it", l->window - 1);
    else
        heading("7. A window", "a token sees itself alone");
    float(*near)[T] = grab((size_t)T, sizeof *near);
    mask_window(T, l->window, near, l->scores);
    print_matrix("weights", T, T, near, labels, labels);
    free(near);
}

/* ---- Data for the figures ------------------------------------------------------------ */

/* tokens.dat label; facts.dat head, heads, the row that is looked at closely, window;
 * matrix.dat t, s, score, weight, weight without the mask, weight with the window */
static void figure_matrices(const char *folder, const struct lesson *l)
{
    const int T = l->T;
    const float(*scores)[T] = l->scores, (*weights)[T] = l->weights, (*open)[T] = l->open;
    float(*near)[T] = grab((size_t)T, sizeof *near);
    mask_window(T, l->window, near, scores);
    figure_labels(folder, "tokens", T, l->reading.prompt.labels);
    FILE *file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\n", l->head, l->H, T / 2,
            l->window < T ? l->window : T);
    file = figure_next(file, folder, "matrix");
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            figure_row(file, "%d %d %.4f %.4f %.4f %.4f", t, s, scores[t][s],
                       weights[t][s], open[t][s], near[t][s]);
    figure_close(file);
    free(near);
}

/* changed.dat t, j, changed with the mask, without; leak.dat number, the log10 of what the
 * future gets, as long as that is more than 0. (One token has no future.) */
static void figure_future(const char *folder, const struct lesson *l)
{
    const int T = l->T, n = l->n;
    const bool(*changed)[n] = l->changed, (*open_changed)[n] = l->open_changed;
    FILE *file = figure_open(folder, "changed");
    for (int t = 0; t < n && T > 1; t++)
        for (int j = 0; j < n; j++)
            fprintf(file, "%d\t%d\t%d\t%d\n", t, j, changed[t][j], open_changed[t][j]);
    file = figure_next(file, folder, "leak");
    float(*other)[T] = grab((size_t)T, sizeof *other);
    double share = T > 1;
    for (int number = 0; number >= -120 && share > 0; number -= 2) {
        mask_with(T, other, l->scores, (float)number);
        share = future_share(T, other);
        if (share > 0)
            figure_row(file, "%d %.4f", number, log10(share));
    }
    figure_close(file);
    free(other);
}

/* row.dat s, weight: right, without the mask, with 0 for -inf, with the mask after the softmax,
 * with the own token hidden too */
static void figure_ways(const char *folder, const struct lesson *l)
{
    const int T = l->T, row = T / 2;
    const float(*scores)[T] = l->scores, (*weights)[T] = l->weights, (*open)[T] = l->open;
    float(*zero)[T] = grab((size_t)T, sizeof *zero), *own = grab((size_t)T, sizeof *own);
    float(*late)[T] = grab((size_t)T, sizeof *late);
    mask_with(T, zero, scores, 0);
    mask_after(T, late, scores, false);
    if (row > 0)
        softmax(row, own, scores[row]);
    FILE *file = figure_open(folder, "row");
    for (int s = 0; s < T && T > 1; s++)
        figure_row(file, "%d %.4f %.4f %.4f %.4f %.4f", s, weights[row][s], open[row][s],
                   zero[row][s], late[row][s], own[s]);
    figure_close(file);
    free(own);
    free(late);
    free(zero);
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
         "how many tokens a window holds (3)"},
        {"--scores", "\"1 2 …\"", OPTION_TEXT, &given, 0, 0,
         "masks these T x T scores, and nothing else"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    if (o.command)
        die("%s: unknown argument (see %s --help)", o.command, program_name);
    if (given) {
        walk_scores(given);
        finish_output();
        return 0;
    }
    struct lesson l = prepare(&o, head, window);
    walk_mask(&l);
    walk_experiments(&l);
    if (o.figures) {
        figure_matrices(o.figures, &l);
        figure_future(o.figures, &l);
        figure_ways(o.figures, &l);
    }
    struct dump d = dump_open(o.dump);
    dump_add(&d, "ids", "I32", SHAPE(l.T), l.reading.prompt.ids);
    dump_tensors(&d, &l.a.list, NULL);
    dump_close(&d);
    free(l.changed);
    free(l.open_changed);
    free_tensors(&l.a.list);
    close_reading(&l.reading);
    finish_output();
    return 0;
}
