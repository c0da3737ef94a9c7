/* 06_heads: every head of block 0 at work on a prompt, and what each of them does, measured.
 * Chapter 6 of the book: chapters/06_heads.md */
#include "06_heads.h"

/* Block 0's attention on T tokens, and its input. */
struct layer {
    int T;
    struct tensors list;    /* of everything that follows */
    void *embedding, *ln_1; /* [T, C] */
    struct attention a;
    void *parts; /* [H, T, C]: what each head adds to the output */
};

static struct layer run_layer(int T, const int ids[T], const struct checkpoint *m)
{
    const int C = m->config.C, H = m->config.H;
    const struct block *b = &m->weights.h[0];
    struct layer l = {.T = T};
    l.embedding = new_tensor(&l.list, "embedding", SHAPE(T, C));
    tensors_of_block(&l.list, 0);
    l.ln_1 = new_tensor(&l.list, "ln_1", SHAPE(T, C));
    l.a = add_attention(&l.list, T, H, C / H);
    embed(T, C, l.embedding, ids, m->weights.wte, m->weights.wpe);
    layer_norm(T, C, l.ln_1, l.embedding, b->ln_1_weight, b->ln_1_bias,
               m->config.epsilon);
    attend(T, C, H, &l.a, l.ln_1, b);
    return l;
}

/* ---- Habits ---------------------------------------------------------------------------- */

/* Where a head may look from token t. */
enum habit {
    ITSELF,  /* at t itself */
    BEFORE,  /* at the token before t */
    AGAIN,   /* t ends a name that was there before: at the earlier ones */
    AHEAD,   /* such a name begins just after t: at the earlier ones */
    PRONOUN, /* t is she, he, her, him or his: at the names of that person */
    IT,      /* t is it: at the names of the robot or the thing */
    QUOTE,   /* t closes a quotation: at the mark that opened it */
    HABITS
};

/* How much of its weight a head gives to the wanted tokens, added up over the rows that have
 * any; their number is added to *rows. wanted[t][s]: is s wanted from t? weights, wanted [T, T] */
static double wanted_share(int T, const float weights[T][T], const bool wanted[T][T],
                           long *rows)
{
    double sum = 0;
    for (int t = 0; t < T; t++) {
        bool any = false;
        for (int s = 0; s <= t; s++)
            if (wanted[t][s]) {
                sum += (double)weights[t][s];
                any = true;
            }
        *rows += any;
    }
    return sum;
}

/* A head that does not choose: every token it sees gets the same. → weights [T, T] */
static void even_weights(int T, float weights[restrict T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            weights[t][s] = s <= t ? 1.0f / (float)(t + 1) : 0;
}

#include "../models/robots/heads.h" /* the study of stories */

/* ---- The walk ------------------------------------------------------------------------ */

enum { SHOWN = 4 }; /* heads side by side in a table */

/* Which columns are a head's. */
static void print_cuts(int C, int H, int D)
{
    printf("  %-8s %17s %17s %17s\n", "head", "query", "key", "value");
    for (int h = 0; h < H; h++) {
        if (H > 12 && h == 8)
            printf("  …\n");
        if (H > 12 && h >= 8 && h < H - 1)
            continue;
        printf("  %-8d", h);
        for (int part = 0; part < 3; part++)
            printf(" %8d to %5d", part * C + h * D, part * C + (h + 1) * D - 1);
        putchar('\n');
    }
}

/* The token that gets the most weight from each token, in each head. */
static void print_looks(int T, int H, char *const *labels, const float weights[H][T][T])
{
    const int shown = H < SHOWN ? H : SHOWN;
    printf("  %-12s", "");
    for (int h = 0; h < shown; h++)
        printf("   head %-*d", h + 1 < shown ? 8 : 1, h);
    putchar('\n');
    for (int t = 0; t < T; t++) {
        if (T > 24 && t == 20)
            printf("  …\n");
        if (T > 24 && t >= 20 && t < T - 3)
            continue;
        printf("  %s", field(labels[t], 12, false));
        for (int h = 0; h < shown; h++) {
            int best = 0;
            find_largest(t + 1, 1, &best, weights[h][t]);
            printf("   %s %.2f", field(labels[best], 8, false), weights[h][t][best]);
        }
        putchar('\n');
    }
    if (shown < H)
        printf("  (%d head%s more)\n", H - shown, H - shown == 1 ? "" : "s");
}

/* What each head adds to the output. */
static void run_parts(struct layer *l, const struct checkpoint *m)
{
    const int T = l->T, C = m->config.C, H = m->config.H;
    float(*parts)[T][C] = l->parts = new_tensor(&l->list, "attn.parts", SHAPE(H, T, C));
    for (int h = 0; h < H; h++)
        head_part(T, H, C / H, h, parts[h], l->a.context,
                  m->weights.h[0].attn_c_proj_weight);
}

/* How long each head's part is, token by token; how much of it is in the head's own columns; and
 * that all parts together, with the bias once, are the output. */
static void print_parts(int C, int H, char *const *labels, const struct layer *l,
                        const float bias[C])
{
    const int T = l->T;
    const float(*parts)[T][C] = l->parts, (*output)[C] = l->a.output;
    float(*length)[H] = grab((size_t)T, sizeof *length), farthest = 0, most = 0;
    char **names = grab((size_t)H, sizeof *names);
    for (int h = 0; h < H; h++) {
        names[h] = format_text("head %d", h);
        for (int t = 0; t < T; t++)
            length[t][h] = (float)row_length((size_t)C, parts[h][t]);
    }
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            float sum = bias[o];
            for (int h = 0; h < H; h++)
                sum += parts[h][t][o];
            farthest = fmaxf(farthest, fabsf(sum - output[t][o]));
            most = fmaxf(most, fabsf(output[t][o]));
        }
    print_matrix("length of what each head adds", T, H, (const float(*)[H])length, labels,
                 names);
    printf("  All parts and the bias, summed up, are the output: %s\n",
           farthest <= 1e-4f * most ? "yes" : "NO");
    printf("  Of its squared length, in the head's own %d columns:\n ", C / H);
    for (int h = 0; h < H && h < 10; h++) {
        double own = 0, all = 0;
        for (int t = 0; t < T; t++) {
            all += pow(row_length((size_t)C, parts[h][t]), 2);
            own += pow(row_length((size_t)(C / H), parts[h][t] + h * (C / H)), 2);
        }
        printf(" %5.0f%%", all > 0 ? 100 * own / all : 0);
    }
    putchar('\n');
    for (int h = 0; h < H; h++)
        free(names[h]);
    free(names);
    free(length);
}

/* ---- Data for the figures ------------------------------------------------------------ */

/* tokens.dat label; facts.dat T, C, H, D; weights.dat h, t, s, weight; row.dat i, the last
 * token's row of qkv; merged.dat o, its context, output, bias, and the part of each head;
 * length.dat t, h, the length of a part */
static void write_prompt_figures(const char *folder, const struct reading *r,
                                 const struct layer *l)
{
    const int T = l->T, C = r->model.config.C, H = r->model.config.H, D = C / H,
              last = T - 1;
    const float *bias = r->model.weights.h[0].attn_c_proj_bias;
    const float(*weights)[T][T] = l->a.weights, (*qkv)[3 * C] = l->a.qkv;
    const float(*context)[C] = l->a.context, (*output)[C] = l->a.output;
    const float(*parts)[T][C] = l->parts;
    figure_labels(folder, "tokens", T, r->prompt.labels);

    FILE *file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\n", T, C, H, D);

    file = figure_next(file, folder, "weights");
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i <= t; i++)
                figure_row(file, "%d %d %d %.4f", h, t, i, weights[h][t][i]);

    file = figure_next(file, folder, "row");
    for (int i = 0; i < 3 * C; i++)
        figure_row(file, "%d %.3f", i, qkv[last][i]);

    file = figure_next(file, folder, "merged");
    for (int o = 0; o < C; o++) {
        figure_row(file, "%d %.3f %.3f %.3f +", o, context[last][o], output[last][o],
                   bias[o]);
        for (int h = 0; h < H; h++)
            figure_row(file, h + 1 < H ? "%.3f +" : "%.3f", parts[h][last][o]);
    }

    file = figure_next(file, folder, "length");
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++)
            figure_row(file, "%d %d %.3f", t, h, row_length((size_t)C, parts[h][t]));
    figure_close(file);
}

/* The layer, step by step. */
static void walk_layer(const struct reading *r, const struct layer *l)
{
    const struct config *c = &r->model.config;
    const int T = l->T, C = c->C, H = c->H, D = C / H;
    char *const *labels = r->prompt.labels;
    char **columns = grab(3 * (size_t)C, sizeof *columns);
    for (int i = 0; i < 3 * C; i++)
        columns[i] = format_text("%c %d", "qkv"[i / C], i % C);
    heading("1. c_attn", "x [%d, %d] times a matrix [%d, %d], plus a bias", T, C, C,
            3 * C);
    print_matrix("qkv", T, 3 * C, l->a.qkv, labels, columns);
    for (int i = 0; i < 3 * C; i++)
        free(columns[i]);
    free(columns);

    heading("2. Split", "%d head%s of %d: q, k and v are [%d, %d, %d]", H,
            H == 1 ? "" : "s", D, H, T, D);
    print_cuts(C, H, D);

    heading("3. Every head looks for itself",
            "each token's largest weight, and who gets it");
    print_looks(T, H, labels, l->a.weights);

    heading("4. Merge", "the heads side by side again: [%d, %d, %d] becomes [%d, %d]", H,
            T, D, T, C);
    print_matrix("context", T, C, l->a.context, labels, NULL);

    heading("5. c_proj", "mixes them: times a matrix [%d, %d], plus a bias", C, C);
    print_matrix("output", T, C, l->a.output, labels, NULL);
    print_parts(C, H, labels, l, r->model.weights.h[0].attn_c_proj_bias);
}

static const char usage[] =
    "usage: 06_heads [options]            all heads of block 0 on a prompt\n"
    "       06_heads [options] measure    what all heads of all blocks do, on stories:\n"
    "  build/stories generate --count 500 | build/stories kinds | build/06_heads measure";

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, usage, &o, NULL, 0);
    if (o.command && strcmp(o.command, "measure") != 0)
        die("%s: unknown command, expected measure", o.command);
    if (o.command) {
        measure(o.model);
        finish_output();
        return 0;
    }
    struct reading r = open_reading(&o);
    struct layer l = run_layer(r.prompt.count, r.prompt.ids, &r.model);
    run_parts(&l, &r.model);
    struct study s = study_eight_stories(&r.model, &r.vocabulary);
    walk_layer(&r, &l);
    if (s.stories)
        walk_study(&s, r.model.config.L);
    if (o.figures) {
        write_prompt_figures(o.figures, &r, &l);
        write_study_figures(o.figures, &r, &s);
    }
    struct dump d = dump_open(o.dump);
    dump_add(&d, "ids", "I32", SHAPE(l.T), r.prompt.ids);
    dump_tensors(&d, &l.list, NULL);
    dump_close(&d);
    free_study(&s);
    free_tensors(&l.list);
    close_reading(&r);
    finish_output();
    return 0;
}
