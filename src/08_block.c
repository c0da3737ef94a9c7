/* 08_block: one block opened: what comes in, what each half adds, what goes out; and what
 * becomes of it when a line is changed. Chapter 8 of the book: chapters/08_block.md */
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
    "attention is not added, but takes the rows' place",
    "feed-forward takes the rows' place",
    "neither is added: no shortcuts at all",
    "the norm stands behind the sum (post-norm)",
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

/* The mean length of all T rows, and their mean likeness, each to its row of `first` and to
 * each other; NaN where there is no other. */
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

/* All blocks of the model one on another, each changed in the same way.
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
    char *name =
        o->number ? format_text("h.%d.output", o->number - 1) : format_text("embedding");
    heading("1. The rows come in", "block %d of 0 to %d", o->number,
            r->model.config.L - 1);
    print_matrix(name, T, C, x, labels, NULL);
    free(name);
    heading("2. The first half", "norm, attend, add");
    name = format_text("h.%d.attn.c_proj, what attention adds", o->number);
    print_matrix(name, T, C, told, labels, NULL);
    free(name);
    name = format_text("h.%d.mid, the sum", o->number);
    print_matrix(name, T, C, (const float(*)[C])o->s.mid, labels, NULL);
    free(name);
    heading("3. The second half", "norm, feed forward, add");
    name = format_text("h.%d.mlp.c_proj, what feed-forward adds", o->number);
    print_matrix(name, T, C, added, labels, NULL);
    free(name);
    name = format_text("h.%d.output, the sum", o->number);
    print_matrix(name, T, C, output, labels, NULL);
    free(name);
    for (int t = 0; t < T; t++) {
        parts[t][0] = row_length(C, x[t]);
        parts[t][1] = row_length(C, told[t]);
        parts[t][2] = row_length(C, added[t]);
        parts[t][3] = row_length(C, output[t]);
        parts[t][4] = cosine(C, x[t], output[t]);
    }
    heading("4. Who brought how much", "lengths, and how alike in and out are");
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
        char *name = l ? format_text("after block %d", l - 1) : format_text("embedding");
        if (l % step == 0 || l == L) {
            printf("  %-16s|", name);
            print_depth(&with[l]);
            printf(" |");
            print_depth(&without[l]);
            putchar('\n');
        }
        free(name);
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
    for (int l = 0; l <= L; l++) {
        fprintf(f, "%d\t", l);
        figure_numbers(f, 3,
                       NUMBERS((double)with[l].length, (double)with[l].own,
                               (double)with[l].others, (double)without[l].length,
                               (double)without[l].own, (double)without[l].others),
                       '\n');
    }
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
    for (int t = 0; t < T; t++) {
        figure_numbers(
            f, 3,
            NUMBERS((double)row_length(C, rows[0][t]), (double)row_length(C, rows[2][t]),
                    (double)row_length(C, rows[5][t]), (double)row_length(C, rows[6][t]),
                    (double)cosine(C, rows[0][t], rows[6][t]),
                    (double)o->apart[t][NO_MASK]),
            '\t');
        figure_label(f, r->prompt.labels[t], '\n');
    }
    figure_close(f);
    f = figure_open(folder, "strips"); /* the last token's row at every step */
    for (int c = 0; c < C && c < 64; c++) {
        fprintf(f, "%d\t%d\t%d\t%d\t", o->number, C, r->model.config.F,
                r->model.config.H);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            figure_number(f, (double)rows[i][T - 1][c], 4,
                          i + 1 < sizeof rows / sizeof *rows ? '\t' : '\n');
    }
    figure_close(f);
    f = figure_open(folder, "changes");
    for (enum change change = NO_MASK; change <= POST_NORM; change++) {
        figure_numbers(f, 2,
                       NUMBERS((double)mean_apart(T, o, change),
                               (double)o->apart[0][change],
                               (double)o->apart[T - 1][change]),
                       '\t');
        figure_label(f, changes[change], '\n');
    }
    figure_close(f);
    f = figure_open(folder, "alike");
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            fprintf(f, "%d\t%d\t", t, s);
            figure_numbers(
                f, 3,
                NUMBERS((double)cosine(C, a[t], a[s]), (double)cosine(C, b[t], b[s])),
                '\n');
        }
    figure_close(f);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    long number = 0;
    const struct option own[] = {
        {"--block", "N", OPTION_INTEGER, &number, 0, 1000, "which block to open (0)"},
    };
    parse_options(argc, argv, "usage: 08_block [options]", &o, own, 1);
    struct reading r = open_reading(&o);
    const int T = r.prompt.count, C = r.model.config.C, L = r.model.config.L;
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
