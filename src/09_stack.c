/* 09_stack: a prompt's way through the whole model, and what it says next.
 * Chapter 9 of the book: chapters/09_stack.md */
#include "09_stack.h"

/* The rank of number `one` among n, 1 for the largest; of equal ones the first comes first. */
static int rank_of(int n, const float x[n], int one)
{
    int rank = 1;
    for (int i = 0; i < n; i++)
        rank += x[i] > x[one] || (x[i] == x[one] && i < one);
    return rank;
}

enum { TOP = 10, FEW = 3 };

/* What the lens sees at one depth. */
struct depth {
    int *best;          /* [T]: the likeliest next token after each token */
    float *p;           /* [T]: and how likely it is */
    int few[FEW], rank; /* after the last token: the likeliest three; the answer's rank */
    float few_p[FEW], answer; /* their probabilities; the answer's */
};

/* A prompt, read. */
struct journey {
    struct stack s;
    struct depth *depth; /* [L + 1]: at the embedding, and after each block */
    int top[TOP];      /* the likeliest tokens after the last one; top[0] is the answer */
    float *p;          /* [V]: the probability of every token after the prompt */
    float *said;       /* [T]: that of each of its tokens, after those before it */
    int *place;        /* [T]: and its rank; both are 0 for the first token */
    int open;          /* the position at which the model is least certain */
    int open_top[TOP]; /* the likeliest tokens there, and how likely they are */
    float open_p[TOP];
};

/* The rows at a depth: 0 is the embedding, l + 1 is after block l. */
static void *rows_at(const struct stack *s, int depth)
{
    return depth ? s->h[depth - 1].output : s->embedding;
}

/* Looks at every depth through the lens. */
static struct journey travel(int T, const int ids[T], const struct checkpoint *m)
{
    const struct config *config = &m->config;
    const int V = config->V, L = config->L;
    struct journey j = {.s = new_stack(T, config),
                        .depth = grab((size_t)L + 1, sizeof *j.depth),
                        .p = grab((size_t)V, sizeof(float)),
                        .said = grab((size_t)T, sizeof(float)),
                        .place = grab((size_t)T, sizeof(int))};
    float(*p)[V] = grab((size_t)T, sizeof *p);
    run_stack(T, config, &j.s, ids, &m->weights);
    const float(*logits)[V] = j.s.logits;
    for (int t = 0; t < T; t++)
        need_numbers(V, logits[t], t);
    for (int d = L; d >= 0; d--) {
        struct depth *at = &j.depth[d];
        at->best = grab((size_t)T, sizeof(int));
        at->p = grab((size_t)T, sizeof(float));
        lens(T, config, p, rows_at(&j.s, d), &m->weights);
        if (d == L) { /* this is what the model says */
            memcpy(j.p, p[T - 1], sizeof p[T - 1]);
            find_largest(V, TOP < V ? TOP : V, j.top, j.p);
            for (int t = 1; t < T; t++) {
                j.said[t] = p[t - 1][ids[t]];
                j.place[t] = rank_of(V, p[t - 1], ids[t]);
            }
        }
        for (int t = 0; t < T; t++) {
            find_largest(V, 1, &at->best[t], p[t]);
            at->p[t] = p[t][at->best[t]];
        }
        find_largest(V, FEW < V ? FEW : V, at->few, p[T - 1]);
        for (int k = 0; k < FEW && k < V; k++)
            at->few_p[k] = p[T - 1][at->few[k]];
        if (d == L) {
            for (int t = 1; t < T; t++)
                j.open = at->p[t] < at->p[j.open] ? t : j.open;
            find_largest(V, TOP < V ? TOP : V, j.open_top, p[j.open]);
            for (int k = 0; k < TOP && k < V; k++)
                j.open_p[k] = p[j.open][j.open_top[k]];
        }
        at->answer = p[T - 1][j.top[0]];
        at->rank = rank_of(V, p[T - 1], j.top[0]);
    }
    free(p);
    return j;
}

/* How much each part of the last row adds to the answer's lead over the next best: the embedding;
 * attention and feed-forward of each block; the final norm's bias. parts [2L + 2] */
static void find_parts(const struct checkpoint *m, const struct journey *j, int T,
                       float *parts)
{
    const struct config *config = &m->config;
    const int C = config->C, L = config->L;
    const float(*head)[C] = m->weights.lm_head, *bias = m->weights.ln_f_bias;
    const float(*row)[C] = rows_at(&j->s, L), (*part)[C] = j->s.embedding;
    float *lead = grab((size_t)C, sizeof *lead);
    const int second = config->V > 1 ? j->top[1] : j->top[0];
    for (int c = 0; c < C; c++)
        lead[c] = head[j->top[0]][c] - head[second][c];
    for (int i = 0; i <= 2 * L; i++) {
        if (i)
            part = i % 2 ? j->s.h[(i - 1) / 2].attention.output
                         : j->s.h[(i - 1) / 2].mlp.output;
        parts[i] = logit_part(C, row[T - 1], part[T - 1], m->weights.ln_f_weight,
                              config->epsilon, lead);
    }
    parts[2 * L + 1] = 0;
    for (int c = 0; c < C; c++)
        parts[2 * L + 1] += bias[c] * lead[c];
    free(lead);
}

/* Continues the prompt: up to `wanted` times, runs the whole model and takes the likeliest
 * token. Stops at the model's context length, or before all runs together cost more than
 * `budget` multiplications. written, p [wanted] → how many were written */
static int write_on(const struct prompt *prompt, const struct checkpoint *m, int wanted,
                    double budget, int written[wanted], float p[wanted])
{
    const struct config *config = &m->config;
    const int V = config->V;
    int T = prompt->count, count = 0;
    int *ids = grab((size_t)T + (size_t)wanted, sizeof *ids);
    memcpy(ids, prompt->ids, (size_t)T * sizeof *ids);
    float *shares = grab((size_t)V, sizeof *shares);
    for (; count < wanted && T < config->positions; count++, T++) {
        budget -= (double)parameter_count(config) * T;
        if (budget < 0)
            break;
        struct stack s = new_stack(T, config);
        run_stack(T, config, &s, ids, &m->weights);
        const float(*logits)[V] = s.logits;
        need_numbers(V, logits[T - 1], T - 1);
        find_largest(V, 1, &written[count], logits[T - 1]);
        softmax(V, shares, logits[T - 1]);
        p[count] = shares[written[count]];
        ids[T] = written[count];
        free_stack(&s);
    }
    free(ids);
    free(shares);
    return count;
}

static char *depth_name(int depth)
{
    return depth ? format_text("block %d", depth - 1) : format_text("embedding");
}

/* Step 1: shapes, and the last token's row on its way. */
static void walk_up(const struct reading *r, const struct journey *j)
{
    const struct config *config = &r->model.config;
    const int T = r->prompt.count, C = config->C, L = config->L, t = T - 1;
    char *shape = format_text("[%d, %d]", T, C);
    heading("1. The way up", "%d token%s, %d block%s", T, T == 1 ? "" : "s", L,
            L == 1 ? "" : "s");
    printf("  %-12s %-12s the last row   attention adds   feed-forward adds\n", "",
           "shape");
    for (int d = 0; d <= L; d++) {
        const float(*x)[C] = rows_at(&j->s, d);
        printf("  %-12s %-12s %12.2f", brief(depth_name(d)), shape,
               (double)row_length(C, x[t]));
        if (d) {
            const float(*told)[C] = j->s.h[d - 1].attention.output;
            const float(*added)[C] = j->s.h[d - 1].mlp.output;
            printf(" %16.2f %19.2f", (double)row_length(C, told[t]),
                   (double)row_length(C, added[t]));
        }
        putchar('\n');
    }
    const float(*x)[C] = j->s.ln_f;
    printf("  %-12s %-12s %12.2f\n", "ln_f", shape, (double)row_length(C, x[t]));
    printf("  %-12s [%d, %d]\n", "logits", T, config->V);
    free(shape);
}

/* Step 2: the logit lens for all tokens. */
static void walk_lens(const struct reading *r, const struct journey *j)
{
    enum { FIT = 7, LINES = 20 };
    const int T = r->prompt.count, L = r->model.config.L, shown = L < FIT ? L + 1 : FIT;
    heading("2. If it stopped there", "the likeliest next token after each token");
    printf("  %-12s", "");
    for (int i = 0; i < shown; i++) {
        const char *name = brief(depth_name(shown > 1 ? i * L / (shown - 1) : 0));
        printf(" %-*s", i + 1 < shown ? 8 : 0,
               strcmp(name, "embedding") ? name : "embed");
    }
    putchar('\n');
    for (int t = 0; t < T; t++) {
        if (T > LINES && t >= LINES - 4 && t < T - 3) {
            if (t == LINES - 4)
                printf("  … %d more\n", T - LINES + 1);
            continue;
        }
        printf("  %s", field(r->prompt.labels[t], 12, false));
        for (int i = 0; i < shown; i++) {
            const struct depth *at = &j->depth[shown > 1 ? i * L / (shown - 1) : 0];
            const char *name = brief(token_label(&r->vocabulary, at->best[t]));
            printf(" %s%s%s", at->p[t] >= 0.5f ? ink(INK_BOLD) : "",
                   field(name,
                         i + 1 < shown || text_width(name) > 8 ? 8 : text_width(name),
                         false),
                   at->p[t] >= 0.5f ? ink(INK_PLAIN) : "");
        }
        putchar('\n');
    }
}

/* Step 3: the same for the last token alone, in more detail. */
static void walk_last(const struct reading *r, const struct journey *j)
{
    const int L = r->model.config.L,
              few = r->model.config.V < FEW ? r->model.config.V : FEW;
    char *answer = token_label(&r->vocabulary, j->top[0]);
    heading("3. The last token", "the three likeliest next tokens, and the rank of %s",
            answer);
    for (int d = 0; d <= L; d++) {
        const struct depth *at = &j->depth[d];
        char *name = depth_name(d);
        printf("  %-12s", name);
        for (int k = 0; k < few; k++)
            printf("  %s %s", token_field(&r->vocabulary, at->few[k], 8),
                   percent((double)at->few_p[k], 5, 1));
        printf("  rank %d\n", at->rank);
        free(name);
    }
    free(answer);
}

/* Step 4: which parts put the answer ahead of the next best. */
static void walk_parts(const struct reading *r, const struct journey *j,
                       const float *parts)
{
    const int L = r->model.config.L;
    if (r->model.config.V < 2)
        return;
    char *answer = token_label(&r->vocabulary, j->top[0]),
         *second = token_label(&r->vocabulary, j->top[1]);
    heading("4. Who decided", "what puts %s ahead of %s, in logits", answer, second);
    double sum = 0;
    for (int i = 0; i < 2 * L + 2; i++)
        sum += (double)parts[i];
    printf("  %-12s %+10.2f\n", "embedding", (double)parts[0]);
    for (int l = 0; l < L; l++)
        printf("  %-12s %+10.2f  attention   %+10.2f  feed-forward\n",
               brief(depth_name(l + 1)), (double)parts[2 * l + 1],
               (double)parts[2 * l + 2]);
    printf("  %-12s %+10.2f\n  %-12s %+10.2f  so it is e^%.2f = %.2f times as likely\n",
           "ln_f's bias", parts[2 * L + 1], "together", sum, sum, exp(sum));
    free(answer);
    free(second);
}

/* Tokens with a percentage each, as many per line as 80 columns hold. */
static void print_items(const struct reading *r, int n, const int ids[n],
                        const float p[n])
{
    int column = 0;
    for (int i = 0; i < n; i++) {
        const char *name = brief(token_label(&r->vocabulary, ids[i]));
        const char *item =
            brief(p[i] > 0 ? format_text("%s %.1f %%", name, 100 * (double)p[i])
                           : format_text("%s", name));
        if (column && column + 3 + text_width(item) > 78) {
            printf("\n");
            column = 0;
        }
        column += 3 + text_width(item);
        printf("   %s", item);
    }
    printf("\n");
}

/* Step 5: the ten likeliest next tokens. */
static void walk_top(const struct reading *r, const struct journey *j)
{
    const int V = r->model.config.V, top = V < TOP ? V : TOP;
    double sum = 0;
    heading("5. The next token", "%d of %d, the likeliest first", top, V);
    for (int k = 0; k < top; k++) {
        const double p = (double)j->p[j->top[k]];
        sum += p;
        printf("  %2d  %s %s%s%s", k + 1, token_field(&r->vocabulary, j->top[k], 14),
               percent(p, 6, 2), p * 45 >= 0.5 ? "  " : "", ink(INK_SCORE));
        for (int i = 0; i < (int)(p * 45 + 0.5); i++)
            fputs("█", stdout);
        printf("%s\n", ink(INK_PLAIN));
    }
    printf("      %-14s %s\n", "all others", percent(fmax(0, 1 - sum), 6, 2));
    if (r->prompt.count > 1) {
        printf("  It was least certain after %s:\n", r->prompt.labels[j->open]);
        print_items(r, top, j->open_top, j->open_p);
    }
}

/* Steps 6 and 7: how the model expected the prompt, and how it continues. */
static void walk_text(const struct reading *r, const struct journey *j, int n,
                      const int written[n], const float p[n], int wanted)
{
    enum { MOST = 40 };
    const int T = r->prompt.count;
    double surprise = 0;
    for (int t = 1; t < T; t++)
        surprise -= log((double)j->said[t]) / (T - 1);
    heading("6. Reading", "how likely each token was, after those before it");
    print_items(r, T < MOST ? T : MOST, r->prompt.ids, j->said);
    if (T > MOST)
        printf("   … %d more\n", T - MOST);
    if (T > 1)
        printf(
            "  mean surprise, -ln p: %.2f nats; of a guess among all %d tokens: %.2f\n",
            surprise, r->model.config.V, log(r->model.config.V));
    heading("7. Writing", "the likeliest token is appended, again and again");
    print_items(r, n, written, p);
    if (n == 0)
        printf("  (There is no room left, or a pass takes long: try --next 1.)\n");
    else if (n < wanted)
        printf("  (There is no room or time for more: see --next.)\n");
    int column = printf("  %s…%s", ink(INK_DIM), ink(INK_PLAIN)) > 0 ? 3 : 0;
    for (int i = 0; i < n; i++) {
        const char *name = brief(token_label(&r->vocabulary, written[i]));
        const bool apart = !r->vocabulary.size && i;
        if (column + apart + text_width(name) > 78)
            column = printf("\n  ") - 1;
        column += apart + text_width(name);
        printf("%s%s", apart ? " " : "", name);
    }
    printf("\n");
}

static void figure_tokens(const char *folder, const struct reading *r,
                          const struct journey *j)
{
    const int T = r->prompt.count, C = r->model.config.C, L = r->model.config.L;
    FILE *f = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++)
        figure_row(f, "%.5f %d %s", j->said[t], j->place[t], r->prompt.labels[t]);
    f = figure_next(f, folder, "lens"); /* a line for each token and depth */
    for (int t = 0; t < T; t++)
        for (int d = 0; d <= L; d++)
            figure_row(f, "%d %d %.5f %s", t, d, j->depth[d].p[t],
                       token_text(&r->vocabulary, j->depth[d].best[t]));
    /* how much each half added, and the row after it */
    f = figure_next(f, folder, "added");
    for (int t = 0; t < T; t++)
        for (int l = 0; l < L; l++) {
            const float(*told)[C] = j->s.h[l].attention.output;
            const float(*added)[C] = j->s.h[l].mlp.output, (*x)[C] = j->s.h[l].output;
            figure_row(f, "%d %d %.3f %.3f %.3f", t, l, row_length(C, told[t]),
                       row_length(C, added[t]), row_length(C, x[t]));
        }
    figure_close(f);
}

/* All tokens, the likeliest first; of equal ones the lower id first. */
struct ranked {
    float p;
    int id;
};

static int by_p(const void *one, const void *other)
{
    const struct ranked *a = one, *b = other;
    return a->p > b->p ? -1 : a->p < b->p ? 1 : a->id - b->id;
}

static struct ranked *rank_all(int V, const float p[V])
{
    struct ranked *all = grab((size_t)V, sizeof *all);
    for (int v = 0; v < V; v++)
        all[v] = (struct ranked){p[v], v};
    qsort(all, (size_t)V, sizeof *all, by_p);
    return all;
}

/* The answer at each depth; the likeliest tokens; all probabilities. */
static void figure_answer(const char *folder, const struct reading *r,
                          const struct journey *j)
{
    const int L = r->model.config.L, V = r->model.config.V, top = V < TOP ? V : TOP;
    FILE *f = figure_open(folder, "answer"); /* a line for each depth */
    for (int d = 0; d <= L; d++)
        figure_row(f, "%d %d %.5f %.5f %s", d, j->depth[d].rank, j->depth[d].answer,
                   j->depth[d].few_p[0], token_text(&r->vocabulary, j->depth[d].few[0]));
    f = figure_next(f, folder, "top");
    for (int k = 0; k < top; k++)
        figure_row(f, "%d %.6f %s", k, j->p[j->top[k]],
                   token_text(&r->vocabulary, j->top[k]));
    f = figure_next(f, folder, "open");
    for (int k = 0; k < top; k++)
        figure_row(f, "%d %.6f %s", j->open, j->open_p[k],
                   token_text(&r->vocabulary, j->open_top[k]));
    f = figure_next(f, folder, "sorted"); /* the further down, the fewer ranks */
    struct ranked *all = rank_all(V, j->p);
    for (int k = 0; k < V; k += 1 + k / 50)
        figure_row(f, "%d %.3f", k + 1, log10(fmax((double)all[k].p, 1e-12)));
    figure_close(f);
    free(all);
}

/* Where the answer comes from: the parts of its lead; the last row on its way; the vectors of
 * the likeliest tokens, and of one far down. */
static void figure_rows(const char *folder, const struct reading *r,
                        const struct journey *j, const float *parts)
{
    enum { CELLS = 16 };
    const int T = r->prompt.count, C = r->model.config.C, L = r->model.config.L;
    const int V = r->model.config.V, few = V < FEW ? V : FEW;
    FILE *f = figure_open(folder, "parts");
    for (int i = 0; i < 2 * L + 2; i++) {
        const int kind = i == 0 ? 0 : i > 2 * L ? 3 : 2 - i % 2;
        figure_row(f, "%d %.3f +", kind, parts[i]);
        if (kind == 0 || kind == 3)
            fprintf(f, "%s\n", kind ? "ln_f's bias" : "embedding");
        else
            fprintf(f, "block %d %s\n", (i - 1) / 2,
                    kind == 1 ? "attention" : "feed-forward");
    }
    f = figure_next(f, folder, "rows"); /* the last token's row at every depth */
    for (int d = 0; d <= L + 1; d++) {
        const float(*x)[C] = d <= L ? rows_at(&j->s, d) : j->s.ln_f;
        for (int c = 0; c < C && c < CELLS; c++)
            figure_row(f, "%d %d %d %.3f", d, c, C, x[T - 1][c]);
    }
    f = figure_next(f, folder, "heads");
    struct ranked *all = rank_all(V, j->p);
    const float(*head)[C] = r->model.weights.lm_head, (*logits)[V] = j->s.logits;
    for (int k = 0; k <= few; k++) {
        const int id = k < few ? j->top[k] : all[V / 2].id;
        for (int c = 0; c < C && c < CELLS; c++)
            figure_row(f, "%d %d %.4f %.3f %.5f %s", k, c, head[id][c], logits[T - 1][id],
                       j->p[id], token_text(&r->vocabulary, id));
    }
    figure_close(f);
    free(all);
}

static void figure_writing(const char *folder, const struct reading *r, int n,
                           const int written[n], const float p[n])
{
    FILE *f = figure_open(folder, "written");
    for (int i = 0; i < n; i++)
        figure_row(f, "%d %.5f %s", i, p[i], token_text(&r->vocabulary, written[i]));
    figure_close(f);
}

static void end_journey(struct journey *j, int L)
{
    for (int d = 0; d <= L; d++) {
        free(j->depth[d].best);
        free(j->depth[d].p);
    }
    free(j->depth);
    free(j->p);
    free(j->said);
    free(j->place);
    free_stack(&j->s);
}

int main(int argc, char **argv)
{
    enum { USUAL = 12 };
    struct options o = {.prompt = "A robot must obey the orders given it"};
    long next = -1;
    const struct option own[] = {
        {"--next", "N", OPTION_INTEGER, &next, 0, 100000,
         "how many tokens to write (12)"},
    };
    parse_options(argc, argv, "usage: 09_stack [options]", &o, own, 1);
    struct reading r = open_reading(&o);
    const int T = r.prompt.count, wanted = next < 0 ? USUAL : (int)next;
    struct journey j = travel(T, r.prompt.ids, &r.model);
    float *parts = grab(2 * (size_t)r.model.config.L + 2, sizeof *parts);
    int *written = grab((size_t)wanted, sizeof *written);
    float *p = grab((size_t)wanted, sizeof *p);
    find_parts(&r.model, &j, T, parts);
    walk_up(&r, &j);
    walk_lens(&r, &j);
    walk_last(&r, &j);
    walk_parts(&r, &j, parts);
    walk_top(&r, &j);
    fflush(stdout);
    int n = write_on(&r.prompt, &r.model, wanted, next < 0 ? 6e9 : INFINITY, written, p);
    walk_text(&r, &j, n, written, p, wanted);
    if (o.figures) {
        figure_tokens(o.figures, &r, &j);
        figure_answer(o.figures, &r, &j);
        figure_rows(o.figures, &r, &j, parts);
        figure_writing(o.figures, &r, n, written, p);
    }
    struct dump d = dump_open(o.dump);
    dump_tensors(&d, &j.s.own, "attn.c_attn attn.masked attn.heads");
    dump_close(&d);
    free(parts);
    free(written);
    free(p);
    end_journey(&j, r.model.config.L);
    close_reading(&r);
    finish_output();
    return 0;
}
