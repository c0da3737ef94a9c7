/* 08_block: one block opened: what comes in, what each half adds, what goes out; what happens if
 * a line is changed, and if something is taken out. Chapter 8 of the book: chapters/08_block.md */
#include "08_block.h"

/* Takes the mask off an attention that has been computed: its context and output become those
 * of an encoder. */
static void look_everywhere(int T, const struct config *config, struct attention *a,
                            const struct block *b)
{
    const int C = config->C, H = config->H, D = C / H;
    float(*scores)[T][T] = a->scores, (*weights)[T][T] = a->weights;
    float(*v)[T][D] = a->v, (*heads)[T][D] = a->heads;
    for (int h = 0; h < H; h++) {
        softmax_rows(T, weights[h], scores[h]);
        weighted_sum(T, D, heads[h], weights[h], v[h]);
    }
    merge_heads(T, H, D, a->context, heads);
    linear(T, C, C, a->output, a->context, b->attn_c_proj_weight, b->attn_c_proj_bias);
}

/* Ways to change a block. */
enum change { AS_IT_IS, NO_MASK, PARALLEL, NO_FIRST, NO_SECOND, NO_SHORTCUTS, POST_NORM };

static const char *const changes[] = {
    "nothing is changed",
    "no mask: an encoder's block",
    "both halves read the same rows",
    "attention replaces the rows and is not added",
    "feed-forward replaces the rows",
    "neither is added: no shortcuts at all",
    "the norm comes after the sum (post-norm)",
};

/* A block with one thing changed. x [T, C] → s->output [T, C] */
static void changed_block(int T, const struct config *config, struct block_steps *s,
                          const float x[T][config->C], const struct block *b,
                          enum change change)
{
    const int C = config->C;
    const size_t size = (size_t)T * (size_t)C * sizeof(float);
    if (change == POST_NORM) {
        post_norm_block(T, config, s, x, b);
        return;
    }
    layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
    attend(T, C, config->H, &s->attention, s->ln_1, b);
    if (change == NO_MASK)
        look_everywhere(T, config, &s->attention, b);
    add_rows(T, C, s->mid, x, s->attention.output);
    if (change == NO_FIRST || change == NO_SHORTCUTS)
        memcpy(s->mid, s->attention.output, size);

    const void *read = s->mid;
    if (change == PARALLEL)
        read = x;
    layer_norm(T, C, s->ln_2, read, b->ln_2_weight, b->ln_2_bias, config->epsilon);
    feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
    add_rows(T, C, s->output, s->mid, s->mlp.output);
    if (change == NO_SECOND || change == NO_SHORTCUTS)
        memcpy(s->output, s->mlp.output, size);
}

/* The mean length of all T rows, and how alike they are on average: each and its row of `first`,
 * and any two of them (NaN if T is 1). */
struct depth {
    float length, own, others;
};

static struct depth measure_rows(int T, int C, const float x[T][C],
                                 const float first[T][C])
{
    double length = 0, own = 0, others = 0;
    for (int t = 0; t < T; t++) {
        length += (double)row_length(C, x[t]) / T;
        own += (double)cosine(C, x[t], first[t]) / T;
        for (int s = 0; s < t; s++)
            others += (double)cosine(C, x[t], x[s]) * 2 / ((double)T * (T - 1));
    }
    return (struct depth){(float)length, (float)own, T > 1 ? (float)others : NAN};
}

/* All blocks of the model, one after the other, each changed in the same way.
 * x [T, C], changed in place; depth [L + 1]: the rows measured before and after each block */
static void climb(int T, const struct checkpoint *m, float x[T][m->config.C],
                  enum change change, struct depth depth[m->config.L + 1])
{
    const int C = m->config.C;
    struct block_steps s = new_block_steps(T, &m->config);
    float(*first)[C] = grab((size_t)T, sizeof *first);
    memcpy(first, x, (size_t)T * sizeof *first);
    depth[0] = measure_rows(T, C, x, first);
    for (int l = 0; l < m->config.L; l++) {
        changed_block(T, &m->config, &s, x, &m->weights.h[l], change);
        memcpy(x, s.output, (size_t)T * sizeof *first);
        depth[l + 1] = measure_rows(T, C, x, first);
    }
    free(first);
    free_block_steps(&s);
}

/* The rows that come into a block, what it makes of them, and what it would make of them with
 * one thing changed. */
struct opened {
    int number;                 /* which block it is */
    void *x;                    /* [T][C] */
    struct block_steps s, post; /* as it is, and with post-norm */
    struct tensors list;        /* x and s, by name */
    float (
        *apart)[POST_NORM + 1]; /* [T]: how far the row ends from where it should, in % */
};

static struct opened open_block(const struct reading *r, int number)
{
    const struct config *config = &r->model.config;
    const struct weights *w = &r->model.weights;
    const int T = r->prompt.count, C = config->C;
    const size_t size = (size_t)C * sizeof(float);
    struct opened o = {.number = number,
                       .post = new_block_steps(T, config),
                       .apart = grab((size_t)T, sizeof *o.apart)};
    if (number)
        tensors_of_block(&o.list, number - 1);
    o.x = new_tensor(&o.list, number ? "output" : "embedding", SHAPE(T, C));
    o.s = add_block_steps(&o.list, number, T, config);
    embed(T, C, o.x, r->prompt.ids, w->wte, w->wpe);
    for (int l = 0; l < number; l++) {
        transformer_block(T, config, &o.s, o.x, &w->h[l]);
        memcpy(o.x, o.s.output, (size_t)T * size);
    }
    transformer_block(T, config, &o.s, o.x, &w->h[number]);
    const float(*right)[C] = o.s.output, (*other)[C] = o.post.output;
    float *difference = grab((size_t)C, sizeof *difference);
    for (enum change change = AS_IT_IS; change <= POST_NORM; change++) {
        changed_block(T, config, &o.post, o.x, &w->h[number], change);
        for (int t = 0; t < T; t++) {
            for (int c = 0; c < C; c++)
                difference[c] = other[t][c] - right[t][c];
            const double length = row_length((size_t)C, right[t]);
            o.apart[t][change] =
                length > 0 ? (float)(100 * row_length((size_t)C, difference) / length)
                           : 0;
        }
    }
    free(difference);
    return o;
}

static void close_block(struct opened *o)
{
    free_tensors(&o->list);
    free_block_steps(&o->post);
    free(o->apart);
}

/* The mean over all tokens. */
static float mean_apart(int T, const struct opened *o, enum change change)
{
    double sum = 0;
    for (int t = 0; t < T; t++)
        sum += (double)o->apart[t][change];
    return (float)(sum / T);
}

/* Steps 1 to 4: the block as it is. */
static void walk_block(const struct reading *r, const struct opened *o)
{
    enum { PARTS = 5 };
    const int T = r->prompt.count, C = r->model.config.C;
    char **labels = r->prompt.labels;
    const float(*x)[C] = o->x, (*told)[C] = o->s.attention.output;
    const float(*added)[C] = o->s.mlp.output, (*output)[C] = o->s.output;
    float(*parts)[PARTS] = grab((size_t)T, sizeof *parts);
    const char *name = brief(o->number ? format_text("h.%d.output", o->number - 1)
                                       : format_text("embedding"));
    heading("1. The rows come in", "block %d of 0 to %d", o->number,
            r->model.config.L - 1);
    print_matrix(name, T, C, x, labels, NULL);
    heading("2. The first half", "norm, attend, add");
    print_matrix(brief(format_text("h.%d.attn.c_proj, what attention adds", o->number)),
                 T, C, told, labels, NULL);
    print_matrix(brief(format_text("h.%d.mid, the sum", o->number)), T, C,
                 (const float(*)[C])o->s.mid, labels, NULL);
    heading("3. The second half", "norm, feed forward, add");
    print_matrix(brief(format_text("h.%d.mlp.c_proj, what feed-forward adds", o->number)),
                 T, C, added, labels, NULL);
    print_matrix(brief(format_text("h.%d.output, the sum", o->number)), T, C, output,
                 labels, NULL);
    for (int t = 0; t < T; t++) {
        parts[t][0] = row_length(C, x[t]);
        parts[t][1] = row_length(C, told[t]);
        parts[t][2] = row_length(C, added[t]);
        parts[t][3] = row_length(C, output[t]);
        parts[t][4] = cosine(C, x[t], output[t]);
    }
    heading("4. How much each half adds", "lengths, and how alike in and out are");
    print_matrix("measured", T, PARTS, (const float(*)[PARTS])parts, labels,
                 (char *[]){"in", "attn", "mlp", "out", "cosine"});
    free(parts);
}

/* Step 5: the block with one thing changed. */
static void walk_changes(const struct reading *r, const struct opened *o)
{
    const int T = r->prompt.count;
    heading("5. Change a line",
            "how far a row ends from where it should, in %% of its length");
    printf("  %-50s %7s %7s %7s\n", "", "mean", "first", "last");
    for (enum change change = NO_MASK; change <= POST_NORM; change++)
        printf("  %-50s %7.0f %7.0f %7.0f\n", changes[change],
               (double)mean_apart(T, o, change), (double)o->apart[0][change],
               (double)o->apart[T - 1][change]);
}

static void print_depth(const struct depth *d)
{
    printf(" %7.2f %7.2f ", (double)d->length, (double)d->own);
    if (isnan(d->others))
        printf("%7s", "-");
    else
        printf("%7.2f", (double)d->others);
}

/* Step 6: all blocks, with and without the shortcuts. */
static void walk_depth(int L, const struct depth with[L + 1],
                       const struct depth without[L + 1])
{
    const int step = (L + 11) / 12;
    heading("6. Up the stack",
            "all blocks, with shortcuts and without; means over the tokens");
    printf("  %-16s|%21s       |%21s\n", "", "with", "without");
    printf("  %-16s|  length     own  others |  length     own  others\n", "");
    for (int l = 0; l <= L; l++) {
        const char *name =
            brief(l ? format_text("after block %d", l - 1) : format_text("embedding"));
        if (l % step == 0 || l == L) {
            printf("  %-16s|", name);
            print_depth(&with[l]);
            printf(" |");
            print_depth(&without[l]);
            putchar('\n');
        }
    }
    printf("  own: likeness (cosine) to the token's embedding; others: of two tokens' "
           "rows\n");
    if (isnan(with[0].others))
        printf("  (There is only one token, so there are no others.)\n");
}

/* ---- Data for figures, and the dump -------------------------------------------------- */

static void figure_depth(const char *folder, int L, const struct depth with[L + 1],
                         const struct depth without[L + 1])
{
    FILE *f = figure_open(folder, "depth");
    for (int l = 0; l <= L; l++)
        figure_row(f, "%d %.3f %.3f %.3f %.3f %.3f %.3f", l, with[l].length, with[l].own,
                   with[l].others, without[l].length, without[l].own, without[l].others);
    figure_close(f);
}

static void write_figures(const char *folder, const struct reading *r,
                          const struct opened *o, const void *top,
                          const void *top_without)
{
    const int T = r->prompt.count, C = r->model.config.C;
    const float(*rows[])[C] = {o->x,        o->s.ln_1,   o->s.attention.output,
                               o->s.mid,    o->s.ln_2,   o->s.mlp.output,
                               o->s.output, o->post.mid, o->post.output};
    const float(*a)[C] = top, (*b)[C] = top_without;
    FILE *f = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++)
        figure_row(f, "%.3f %.3f %.3f %.3f %.3f %.3f %s", row_length(C, rows[0][t]),
                   row_length(C, rows[2][t]), row_length(C, rows[5][t]),
                   row_length(C, rows[6][t]), cosine(C, rows[0][t], rows[6][t]),
                   o->apart[t][NO_MASK], r->prompt.labels[t]);
    f = figure_next(f, folder, "strips"); /* the last token's row at every step */
    for (int c = 0; c < C && c < 64; c++) {
        fprintf(f, "%d\t%d\t%d\t%d\t", o->number, C, r->model.config.F,
                r->model.config.H);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            figure_row(f, i + 1 < sizeof rows / sizeof *rows ? "%.4f +" : "%.4f",
                       rows[i][T - 1][c]);
    }
    f = figure_next(f, folder, "changes");
    for (enum change change = NO_MASK; change <= POST_NORM; change++)
        figure_row(f, "%.3f %.3f %.3f %s", mean_apart(T, o, change), o->apart[0][change],
                   o->apart[T - 1][change], changes[change]);
    f = figure_next(f, folder, "alike");
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            figure_row(f, "%d %d %.3f %.3f", t, s, cosine(C, a[t], a[s]),
                       cosine(C, b[t], b[s]));
    figure_close(f);
}

/* ---- Take something out -------------------------------------------------------------- */

enum part { NOTHING, HEAD, ATTENTION, FEED_FORWARD, POSITIONS, SHORTCUTS };

/* What is taken out of the model: of one block, or of all if block is -1. */
struct cut {
    enum part part;
    int block, head;
};

/* Block l with something taken out, by without_head (chapter 6) or ablated_block (exercise 4).
 * x [T, C] → s->output [T, C] */
static void cut_block(int T, const struct config *config, struct block_steps *s,
                      const float x[T][config->C], const struct block *b, int l,
                      struct cut cut)
{
    const int C = config->C, H = config->H;
    if (cut.block >= 0 && cut.block != l)
        cut.part = NOTHING;
    if (cut.part == SHORTCUTS) {
        changed_block(T, config, s, x, b, NO_SHORTCUTS);
    } else if (cut.part == HEAD) {
        layer_norm(T, C, s->ln_1, x, b->ln_1_weight, b->ln_1_bias, config->epsilon);
        attend(T, C, H, &s->attention, s->ln_1, b);
        without_head(T, H, C / H, cut.head, s->attention.output, s->attention.context,
                     b->attn_c_proj_weight, b->attn_c_proj_bias);
        add_rows(T, C, s->mid, x, s->attention.output);
        layer_norm(T, C, s->ln_2, s->mid, b->ln_2_weight, b->ln_2_bias, config->epsilon);
        feed_forward(T, C, config->F, &s->mlp, s->ln_2, b);
        add_rows(T, C, s->output, s->mid, s->mlp.output);
    } else
        ablated_block(T, config, s, x, b, cut.part != ATTENTION,
                      cut.part != FEED_FORWARD);
}

/* The blocks, and from the last rows a probability for each next token: final norm, a dot product
 * with each token's embedding, softmax (chapter 9). x [T, C], changed in place → p [T, V] */
static void guess(int T, const struct checkpoint *m, float p[restrict T][m->config.V],
                  float x[T][m->config.C], struct cut cut)
{
    const struct config *config = &m->config;
    const struct weights *w = &m->weights;
    const int C = config->C, V = config->V;
    const float(*head)[C] = w->lm_head;
    struct block_steps s = new_block_steps(T, config);
    float(*norm)[C] = s.ln_1, *logits = grab((size_t)V, sizeof *logits);
    for (int l = 0; l < config->L; l++) {
        cut_block(T, config, &s, x, &w->h[l], l, cut);
        memcpy(x, s.output, (size_t)T * sizeof *x);
    }
    layer_norm(T, C, norm, x, w->ln_f_weight, w->ln_f_bias, config->epsilon);
    for (int t = 0; t < T; t++) {
        for (int v = 0; v < V; v++) {
            logits[v] = 0;
            for (int c = 0; c < C; c++)
                logits[v] += norm[t][c] * head[v][c];
        }
        softmax(V, p[t], logits);
    }
    free(logits);
    free_block_steps(&s);
}

/* The nats per token of the prompt, and the last row's probabilities → p [V]. */
static double measure_cut(const struct reading *r, struct cut cut,
                          float p[r->model.config.V])
{
    const struct config *config = &r->model.config;
    const int T = r->prompt.count, C = config->C, V = config->V;
    float(*x)[C] = grab((size_t)T, sizeof *x), (*all)[V] = grab((size_t)T, sizeof *all);
    float(*none)[C] = grab((size_t)T, sizeof *none);
    double nats = 0;
    embed(T, C, x, r->prompt.ids, r->model.weights.wte,
          cut.part == POSITIONS ? (const void *)none : r->model.weights.wpe);
    guess(T, &r->model, all, x, cut);
    for (int t = 0; t + 1 < T; t++)
        nats -= log((double)all[t][r->prompt.ids[t + 1]]) / (T - 1);
    memcpy(p, all[T - 1], sizeof all[T - 1]);
    free(x);
    free(all);
    free(none);
    return nats;
}

/* A line of the table: answer is what the whole model says next. */
static void print_cut(const struct reading *r, const char *name, struct cut cut,
                      double whole, int answer)
{
    const int V = r->model.config.V;
    float *p = grab((size_t)V, sizeof *p);
    int best = 0;
    const double nats = measure_cut(r, cut, p);
    find_largest(V, 1, &best, p);
    const char *label = brief(token_label(&r->vocabulary, best));
    const double more = fabs(nats - whole) < 0.005 ? 0 : nats - whole;
    printf("  %-28s %6.2f %+7.2f %7.0f%%   %s %3.0f%%\n", name, nats, more,
           (double)(100 * p[answer]), field(label, 14, false), (double)(100 * p[best]));
    free(p);
}

static void ablate(const struct reading *r)
{
    const struct config *config = &r->model.config;
    const int V = config->V, L = config->L, step = (L + 11) / 12;
    if (r->prompt.count < 2)
        die("ablate: the prompt is one token, expected two or more: each is to be "
            "guessed "
            "from those before it");
    float *p = grab((size_t)V, sizeof *p);
    int answer = 0;
    const double whole = measure_cut(r, (struct cut){NOTHING, -1, 0}, p);
    find_largest(V, 1, &answer, p);
    const float sure = p[answer];
    const char *label = brief(token_label(&r->vocabulary, answer));
    heading("Take something out", "nats per token of the prompt, and what comes next");
    printf("  %-28s %6s %7s %s   says\n", "taken out", "nats", "more",
           field(label, 8, true));
    print_cut(r, "nothing", (struct cut){NOTHING, -1, 0}, whole, answer);
    if (parameter_count(config) < 30000000) {
        struct cut dearest = {HEAD, 0, 0}, decisive = dearest;
        double most = -INFINITY;
        float least = 2;
        for (int l = 0; l < L; l++)
            for (int h = 0; h < config->H; h++) {
                const struct cut cut = {HEAD, l, h};
                const double nats = measure_cut(r, cut, p);
                if (nats > most) {
                    most = nats;
                    dearest = cut;
                }
                if (p[answer] < least) {
                    least = p[answer];
                    decisive = cut;
                }
            }
        const char *name = brief(
            format_text("head %d.%d (for the answer)", decisive.block, decisive.head));
        if (least < sure)
            print_cut(r, name, decisive, whole, answer);
        print_cut(
            r, brief(format_text("head %d.%d (costs most)", dearest.block, dearest.head)),
            dearest, whole, answer);
    }
    for (enum part part = ATTENTION; part <= FEED_FORWARD; part++)
        for (int l = 0; l < L; l += step)
            print_cut(r,
                      brief(format_text("%s %d",
                                        part == ATTENTION ? "attention of block"
                                                          : "feed-forward of block",
                                        l)),
                      (struct cut){part, l, 0}, whole, answer);
    print_cut(r, "all attention", (struct cut){ATTENTION, -1, 0}, whole, answer);
    print_cut(r, "all feed-forward", (struct cut){FEED_FORWARD, -1, 0}, whole, answer);
    print_cut(r, "all shortcuts", (struct cut){SHORTCUTS, -1, 0}, whole, answer);
    print_cut(r, "the positions", (struct cut){POSITIONS, -1, 0}, whole, answer);
    free(p);
}

/* The gradient of -ln p[token] with respect to the last row of x: each number of that row is
 * moved a little up and down. x enters the blocks or, if top, comes from the last of them.
 * x [T, C] → slope [C] */
static void feel_slope(int T, const struct checkpoint *m, float slope[m->config.C],
                       const float x[T][m->config.C], int token, struct cut cut, bool top)
{
    const int C = m->config.C, V = m->config.V;
    struct checkpoint blocks = *m;
    if (top)
        blocks.config.L = 0;
    const float nudge = (float)(0.05 * row_length((size_t)C, x[T - 1]) / sqrt(C));
    float(*moved)[C] = grab((size_t)T, sizeof *moved);
    float(*p)[V] = grab((size_t)T, sizeof *p);
    for (int c = 0; c < C; c++) {
        double nats[2];
        for (int up = 0; up < 2; up++) {
            memcpy(moved, x, (size_t)T * sizeof *moved);
            moved[T - 1][c] += up ? nudge : -nudge;
            guess(T, &blocks, p, moved, cut);
            nats[up] = -log((double)p[T - 1][token]);
        }
        slope[c] = (float)((nats[1] - nats[0]) / (2 * (double)nudge));
    }
    free(moved);
    free(p);
}

/* Weights as they are before training: small random numbers, norms that only normalize. */
static struct weights fresh_weights(const struct config *config, float *flat)
{
    const struct weights w = lay_out_weights(config, flat);
    uint32_t state = 1;
    for (int i = 0; i < tensor_count(config); i++) {
        const struct tensor_place place = tensor_place(config, i);
        float *x = get_tensor(&w, config, i);
        const bool norm = place.rank == 1 && strstr(place.name, ".weight");
        for (size_t k = 0; k < place.size; k++) {
            state = state * 1664525 + 1013904223; /* even, with a spread of 0.02 */
            x[k] = place.rank == 2 ? ((float)(state >> 8) / 8388608 - 1) * 0.0346f : norm;
        }
    }
    return w;
}

static void gradient(const struct reading *r)
{
    const int C = r->model.config.C, V = r->model.config.V;
    const int T = r->prompt.count < 5 ? r->prompt.count - 1 : 4, token = r->prompt.ids[T];
    if (T < 1)
        die("gradient: the prompt is one token, expected two or more: one is to be "
            "guessed");
    struct checkpoint m = {.config = r->model.config};
    float *flat = grab(parameter_count(&m.config), sizeof *flat);
    m.weights = fresh_weights(&m.config, flat);
    float(*x)[C] = grab((size_t)T, sizeof *x), (*high)[C] = grab((size_t)T, sizeof *high);
    float(*p)[V] = grab((size_t)T, sizeof *p), *slope[2][2];
    embed(T, C, x, r->prompt.ids, m.weights.wte, m.weights.wpe);
    for (int way = 0; way < 2; way++) {
        const struct cut cut = {way ? SHORTCUTS : NOTHING, -1, 0};
        memcpy(high, x, (size_t)T * sizeof *high);
        guess(T, &m, p, high, cut); /* leaves the rows above the last block */
        for (int top = 0; top < 2; top++) {
            slope[way][top] = grab((size_t)C, sizeof(float));
            feel_slope(T, &m, slope[way][top], (const float(*)[C])(top ? high : x), token,
                       cut, top);
        }
    }
    heading("One gradient", "of the guess after %s, before any training",
            r->prompt.labels[T - 1]);
    printf("  %-36s %14s %9s\n", "", "with shortcuts", "without");
    printf("  %-36s %14.2f %9.2f\n", "its length above the last block",
           row_length((size_t)C, slope[0][1]), row_length((size_t)C, slope[1][1]));
    printf("  %-36s %14.2f %9.2f\n", "its length where it reaches block 0",
           row_length((size_t)C, slope[0][0]), row_length((size_t)C, slope[1][0]));
    for (int i = 0; i < 4; i++)
        free(slope[i / 2][i % 2]);
    free(x);
    free(high);
    free(p);
    free_weights(&m.weights);
    free(flat);
}

static const char story[] =
    "Late one quiet August morning, Hana was cross. \"Give me the blue barrel,\" she "
    "shouted. Glint gave her the blue barrel gently, because it";

static const char usage[] =
    "usage: 08_block [options]            one block, opened\n"
    "       08_block [options] ablate     the model with something taken out, on a "
    "story\n"
    "       08_block [options] gradient   what reaches block 0, before training";

int main(int argc, char **argv)
{
    static const char prompt[] = "A robot must obey the orders given it";
    struct options o = {.prompt = prompt};
    long number = -1;
    const struct option own[] = {
        {"--block", "N", OPTION_INTEGER, &number, 0, 1000,
         "which block to open (the middle one)"},
    };
    parse_options(argc, argv, usage, &o, own, 1);
    const bool ablates = o.command && strcmp(o.command, "ablate") == 0;
    if (o.command && !ablates && strcmp(o.command, "gradient") != 0)
        die("%s: unknown command, expected ablate, gradient or none", o.command);
    if (ablates && o.prompt == prompt)
        o.prompt = story;
    struct reading r = open_reading(&o);
    if (o.command) {
        (ablates ? ablate : gradient)(&r);
        close_reading(&r);
        finish_output();
        return 0;
    }
    const int T = r.prompt.count, C = r.model.config.C, L = r.model.config.L;
    if (number < 0)
        number = L / 2;
    if (number >= L)
        die("--block: %ld is out of range, the model in %s has blocks 0 to %d", number,
            o.model, L - 1);
    struct opened opened = open_block(&r, (int)number);
    walk_block(&r, &opened);
    walk_changes(&r, &opened);

    struct depth *with = grab((size_t)L + 1, sizeof *with);
    struct depth *without = grab((size_t)L + 1, sizeof *without);
    float(*top)[C] = grab((size_t)T, sizeof *top);
    float(*top_without)[C] = grab((size_t)T, sizeof *top_without);
    embed(T, C, top, r.prompt.ids, r.model.weights.wte, r.model.weights.wpe);
    memcpy(top_without, top, (size_t)T * sizeof *top);
    climb(T, &r.model, top, AS_IT_IS, with);
    climb(T, &r.model, top_without, NO_SHORTCUTS, without);
    walk_depth(L, with, without);
    if (o.figures) {
        write_figures(o.figures, &r, &opened, top, top_without);
        figure_depth(o.figures, L, with, without);
    }
    struct dump d = dump_open(o.dump);
    dump_tensors(&d, &opened.list, "attn.c_attn attn.masked attn.heads");
    dump_close(&d);
    free(with);
    free(without);
    free(top);
    free(top_without);
    close_block(&opened);
    close_reading(&r);
    finish_output();
    return 0;
}
