/* 11_kv_cache: a text read and written with keys and values kept, and without; what each
 * way costs. Chapter 11 of the book: chapters/11_kv_cache.md */
#include "11_kv_cache.h"

#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* The token with the largest logit; of equal ones the first. `but` is left out. */
static int likeliest(int V, const float logits[V], int but)
{
    int best = -1;
    for (int v = 0; v < V; v++)
        if (v != but && (best < 0 || logits[v] > logits[best]))
            best = v;
    return best;
}

/* The largest |a - b|; NaN if one of them is. */
static double largest_difference(size_t n, const float a[n], const float b[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)a[i] - (double)b[i]) <= largest))
            largest = fabs((double)a[i] - (double)b[i]);
    return largest;
}

/* A token that was written, and what it took, in seconds. */
struct written {
    int id;
    double with, without; /* without < 0: not measured, it would have taken too long */
};

/* Continues the text in the cache: appends the likeliest token, reads it, and repeats.
 * logits [1, V] are always those of the last token read.
 * → all [n]; the last token is written but not read */
static void write_with(const struct checkpoint *m, struct kv_cache *cache, void *logits,
                       int n, struct written all[])
{
    const int V = m->config.V;
    float(*row)[V] = logits;
    for (int i = 0; i < n; i++) {
        const double begun = now();
        if (i)
            read_token(&m->config, cache, row, all[i - 1].id, &m->weights);
        need_numbers(V, row[0], cache->used - 1);
        all[i].id = likeliest(V, row[0], -1);
        all[i].with = now() - begun;
        all[i].without = -1;
    }
}

/* The same without a cache: for each token the whole model on all tokens before it. Stops
 * before all runs together take more than `budget` multiply-adds. Returns the first i whose
 * token differs from all[i].id, or -1; *s holds the last run, *rows its length. */
static int write_without(const struct checkpoint *m, const struct prompt *prompt,
                         double budget, int n, struct written all[], struct stack *s,
                         int *rows)
{
    const int V = m->config.V;
    int *ids = grab((size_t)prompt->count + (size_t)n, sizeof *ids), other = -1;
    memcpy(ids, prompt->ids, (size_t)prompt->count * sizeof *ids);
    for (int i = 0; i < n; i++) {
        const int T = prompt->count + i;
        budget -= run_work(&m->config, T);
        if (budget < 0)
            break;
        free_stack(s);
        *s = new_stack(T, &m->config);
        *rows = T;
        const double begun = now();
        run_stack(T, &m->config, s, ids, &m->weights);
        const float(*logits)[V] = s->logits;
        ids[T] = likeliest(V, logits[T - 1], -1);
        all[i].without = now() - begun;
        if (ids[T] != all[i].id && other < 0)
            other = i;
    }
    free(ids);
    return other;
}

/* One length, both ways: seconds, and the largest difference between their logits. */
struct measured {
    int T;
    double with, without, difference;
};

static struct measured measure(const struct checkpoint *m, int T, const int ids[T])
{
    enum { TIMES = 3 };
    const int V = m->config.V;
    struct stack s = new_stack(T, &m->config);
    struct kv_cache cache = new_kv_cache(T, &m->config);
    float(*logits)[V] = grab(1, sizeof *logits);
    struct measured found = {T, INFINITY, 0, 0};
    double begun = now();
    run_stack(T, &m->config, &s, ids, &m->weights);
    found.without = now() - begun;
    keep_all(T, &m->config, &cache, ids, &s);
    for (int i = 0; i < TIMES; i++) { /* the best of three */
        cache.used = T - 1;
        begun = now();
        read_token(&m->config, &cache, logits, ids[T - 1], &m->weights);
        found.with = fmin(found.with, now() - begun);
    }
    const float(*all)[V] = s.logits;
    found.difference = largest_difference((size_t)V, logits[0], all[T - 1]);
    free(logits);
    free_kv_cache(&cache);
    free_stack(&s);
    return found;
}

/* The models of the last table. GPT-2's four sizes, as published. */
static const struct {
    const char *name;
    struct config config;
} sizes[] = {
    {"GPT-2 small", {1024, 50257, 768, 12, 12, 3072, 1e-5f}},
    {"GPT-2 medium", {1024, 50257, 1024, 16, 24, 4096, 1e-5f}},
    {"GPT-2 large", {1024, 50257, 1280, 20, 36, 5120, 1e-5f}},
    {"GPT-2 XL", {1024, 50257, 1600, 25, 48, 6400, 1e-5f}},
};
enum { SIZES = sizeof sizes / sizeof *sizes, LENGTHS = 32 };

/* Everything the program finds out. */
struct findings {
    struct reading r;
    struct kv_cache cache;
    void *logits;        /* [T][V]: of the prompt, read token by token */
    struct tensors list; /* these logits, by name */
    struct stack s;      /* a run from the start on `rows` tokens */
    int rows; /* the prompt, or the prompt and all that was written but the last token */
    double read_seconds;  /* the prompt, token by token */
    double difference;    /* largest, of the prompt's logits */
    int n, other;         /* tokens written; the first that differs, or -1 */
    struct written *text; /* [n] */
    int lengths;          /* lengths measured */
    struct measured measured[LENGTHS];
    int kept, branch_n;       /* the other text: rows kept; tokens written */
    struct written *branch;   /* [branch_n] */
    double branch_difference; /* from a run from the start */
    int block, head;          /* the one that is shown */
    char **labels;            /* [T + n]: the prompt's, and those of the written tokens */
};

/* 1.31 M, 248 M, 1.51 G. The caller frees it. */
static char *short_number(double x)
{
    const char *unit = " ";
    static const char *const units[] = {"k", "M", "G", "T"};
    for (int i = 0; i < 4 && x >= 999.5; i++) {
        x /= 1000;
        unit = units[i];
    }
    return *unit == ' ' ? format_text("%.0f", x)
                        : format_text("%.*f %s",
                                      x < 9.995   ? 2
                                      : x < 99.95 ? 1
                                                  : 0,
                                      x, unit);
}

static void print_short(double x, int width, const char *after)
{
    char *text = short_number(x);
    printf("%*s%s", width, text, after);
    free(text);
}

/* Reads the prompt token by token, and then as a whole, and compares. */
static void read_both(struct findings *f)
{
    const struct checkpoint *m = &f->r.model;
    const int T = f->r.prompt.count, V = m->config.V;
    float(*logits)[V] = f->logits = new_tensor(&f->list, "logits", SHAPE(T, V));
    double begun = now();
    for (int t = 0; t < T; t++)
        read_token(&m->config, &f->cache, &logits[t], f->r.prompt.ids[t], &m->weights);
    f->read_seconds = now() - begun;
    f->s = new_stack(T, &m->config);
    f->rows = T;
    run_stack(T, &m->config, &f->s, f->r.prompt.ids, &m->weights);
    const size_t n = (size_t)T * (size_t)V;
    const float *one = &logits[0][0], *other = f->s.logits;
    for (int t = 0; t < T; t++)
        need_numbers(V, logits[t], t);
    f->difference = largest_difference(n, one, other);
}

/* Goes back to the end of the prompt and writes a second text. */
static void take_the_other_way(struct findings *f, int n)
{
    const struct checkpoint *m = &f->r.model;
    const int T = f->r.prompt.count, V = m->config.V;
    float(*logits)[V] = f->logits, (*row)[V] = grab(1, sizeof *row);
    int *ids = grab((size_t)T + 1, sizeof *ids);
    memcpy(ids, f->r.prompt.ids, (size_t)T * sizeof *ids);
    ids[T] = likeliest(V, logits[T - 1], f->text[0].id);
    f->kept = reusable(f->cache.used, f->cache.ids, T + 1, ids);
    f->cache.used = f->kept;
    for (int t = f->kept; t < T + 1; t++)
        read_token(&m->config, &f->cache, row, ids[t], &m->weights);
    struct stack s = new_stack(T + 1, &m->config);
    run_stack(T + 1, &m->config, &s, ids, &m->weights);
    const float(*all)[V] = s.logits;
    f->branch_difference = largest_difference((size_t)V, row[0], all[T]);
    free_stack(&s);
    f->branch_n = n;
    f->branch = grab((size_t)n, sizeof *f->branch);
    f->branch[0].id = ids[T];
    if (n > 1)
        write_with(m, &f->cache, row, n - 1, f->branch + 1);
    free(ids);
    free(row);
}

/* Both ways at 1, 2, 4, … tokens, as long as they fit and do not take long. */
static void measure_lengths(struct findings *f, double budget)
{
    const struct config *config = &f->r.model.config;
    int *ids = grab((size_t)config->positions, sizeof *ids);
    for (int t = 0; t < config->positions; t++)
        ids[t] = f->r.prompt.ids[t % f->r.prompt.count];
    for (int T = 1; T <= config->positions && f->lengths < LENGTHS; T *= 2) {
        budget -= run_work(config, T);
        if (budget < 0 && T > 1)
            break;
        f->measured[f->lengths++] = measure(&f->r.model, T, ids);
        if (T > config->positions / 2)
            break;
    }
    free(ids);
}

/* Is line t of T shown, if no more than `lines` are? Says so at the first that is left out. */
static bool is_shown(int t, int T, int lines)
{
    if (T <= lines || t < lines - 4 || t >= T - 3)
        return true;
    if (t == lines - 4)
        printf("  … %d more\n", T - lines + 1);
    return false;
}

/* Step 1: the prompt goes in, and the cache fills. */
static void walk_reading(const struct findings *f)
{
    const struct config *config = &f->r.model.config;
    const int T = f->r.prompt.count;
    heading("1. Reading", "token by token: what the cache holds, and what a step costs");
    printf("  %-14s %8s %12s %12s %14s\n", "", "position", "rows kept", "bytes kept",
           "multiply-adds");
    for (int t = 0; t < T; t++) {
        if (!is_shown(t, T, 16))
            continue;
        printf("  %s %8d %12d %12.0f %14.0f\n", field(f->labels[t], 14, false), t, t + 1,
               cache_bytes(config, t + 1), step_work(config, t + 1));
    }
    printf("  For each token: [%d, %d, %d] numbers for the keys, and as many for the "
           "values.\n",
           config->L, config->H, config->C / config->H);
}

/* Step 2: the keys in one head's part of the cache. */
static void walk_keys(const struct findings *f)
{
    const struct config *config = &f->r.model.config;
    const int H = config->H, D = config->C / H, room = f->cache.room,
              used = f->cache.used;
    const float(*keys)[H][room][D] = f->cache.keys;
    heading("2. What is kept", "the keys of head %d in block %d; %d of %d slots filled",
            f->head, f->block, used, room);
    print_matrix("keys", used, D, keys[f->block][f->head], f->labels, NULL);
}

/* Step 3: the logits are the same with the cache and without. */
static void walk_same(const struct findings *f)
{
    enum { LINES = 16 };
    const int T = f->r.prompt.count, V = f->r.model.config.V;
    const float(*one)[V] = f->logits;
    heading("3. The same logits", "after each token, the likeliest next and its logit");
    printf("  %-14s %-14s %12s %12s %12s\n", "", "next", "with", "without", "difference");
    const float(*other)[V] = f->s.logits;
    for (int t = 0; t < T; t++) {
        if (!is_shown(t, T, LINES))
            continue;
        const int best = likeliest(V, one[t], -1);
        printf("  %s %s %12.4f %12.4f %12.4f\n", field(f->labels[t], 14, false),
               token_field(&f->r.vocabulary, best, 14), one[t][best], other[t][best],
               fabs((double)one[t][best] - (double)other[t][best]));
    }
    printf("  All %d * %d logits: the largest difference is %.4f\n", T, V, f->difference);
}

/* Step 4: a text, written both ways. */
static void walk_writing(const struct findings *f)
{
    const struct config *config = &f->r.model.config;
    const int T = f->r.prompt.count;
    double work[2] = {0}, seconds[2] = {0};
    int rows[2] = {0};
    heading("4. Continuing", "rows up the stack, multiply-adds, time: with and without");
    if (f->n == 0)
        printf("  (There is no room left.)\n");
    for (int i = 0; i < f->n; i++) {
        const double with =
            i ? step_work(config, T + i)
              : T * (block_work(config) + head_work(config)) +
                    attention_work(config, 1) * T * (T + 1) / 2; /* the prompt's steps */
        const double without = run_work(config, T + i);
        const bool both = f->text[i].without >= 0;
        if (both) {
            rows[0] += i ? 1 : T;
            rows[1] += T + i;
            work[0] += with;
            work[1] += without;
            seconds[0] += f->text[i].with;
            seconds[1] += f->text[i].without;
        }
        if (!is_shown(i, f->n, 20))
            continue;
        printf("  %s %6d", token_field(&f->r.vocabulary, f->text[i].id, 12), i ? 1 : T);
        print_short(with, 10, "");
        printf(" %8.2f ms %6d", 1000 * f->text[i].with, T + i);
        print_short(without, 10, "");
        if (both)
            printf(" %8.2f ms\n", 1000 * f->text[i].without);
        else
            printf("   not run\n");
    }
    if (f->n == 0 || rows[1] == 0)
        return;
    printf("  %-12s %6d", "together", rows[0]);
    print_short(work[0], 10, "");
    printf(" %8.2f ms %6d", 1000 * seconds[0], rows[1]);
    print_short(work[1], 10, "");
    printf(" %8.2f ms\n", 1000 * seconds[1]);
    if (f->other >= 0)
        printf("  Without the cache, token %d is different.\n", f->other);
    else
        printf("  The same tokens both ways. Without the cache: %.1f times the work\n",
               work[1] / work[0]);
}

/* Step 5: the cost of a token, counted and measured. */
static void walk_cost(const struct findings *f)
{
    enum { BAR = 20 };
    const struct config *config = &f->r.model.config;
    double longest = 0, difference = 0, last = 0;
    heading("5. The T-th token", "multiply-adds, counted; milliseconds, measured");
    printf("  %6s %10s %10s %7s %9s %9s\n", "T", "with", "without", "times", "ms with",
           "without");
    for (int i = 0; i < f->lengths; i++)
        longest = fmax(longest, f->measured[i].without);
    for (int i = 0; i < f->lengths; i++) {
        const struct measured *m = &f->measured[i];
        const double with = step_work(config, m->T), without = run_work(config, m->T);
        difference = fmax(difference, m->difference);
        last = without / m->without;
        printf("  %6d ", m->T);
        print_short(with, 10, " ");
        print_short(without, 10, " ");
        printf("%7.0f %9.2f %9.2f", without / with, 1000 * m->with, 1000 * m->without);
        fputs(ink(INK_SCORE), stdout);
        for (int k = 0; k < (int)(m->without / longest * BAR + 0.5); k++)
            fputs(k ? "█" : " █", stdout);
        printf("%s\n", ink(INK_PLAIN));
    }
    printf("  largest difference between the logits of both: %.4f\n", difference);
    printf("  multiply-adds per second, the last run without: %.2f G\n", 1e-9 * last);
}

/* Step 6: what the cache takes, here and in GPT-2. */
static void walk_memory(const struct findings *f)
{
    heading("6. The memory", "keys and values are 2 * L * C floats per token");
    printf("  %-14s %4s %6s %11s %8s %10s %10s %7s\n", "", "L", "C", "per token",
           "context", "the cache", "weights", "share");
    for (int i = -1; i < SIZES; i++) {
        const struct config *c = i < 0 ? &f->r.model.config : &sizes[i].config;
        const double all = cache_bytes(c, c->positions),
                     weights = (double)sizeof(float) * (double)parameter_count(c);
        printf("  %-14s %4d %6d", i < 0 ? "this model" : sizes[i].name, c->L, c->C);
        print_short(cache_bytes(c, 1), 10, "B");
        printf(" %8d", c->positions);
        print_short(all, 10, "B");
        print_short(weights, 10, "B");
        printf(" %5.1f %%\n", 100 * all / weights);
    }
}

/* Step 7: a second text after the same prompt. */
static void walk_branch(const struct findings *f)
{
    heading("7. A second text", "from the second likeliest token after the prompt");
    if (f->branch_n == 0) {
        printf("  (There is no room left, or no other token.)\n");
        return;
    }
    printf("  rows kept: %d, rows read: %d; a run from the start differs by %.4f\n",
           f->kept, f->r.prompt.count + 1 - f->kept, f->branch_difference);
    for (int way = 0; way < 2; way++) {
        const int n = way ? f->branch_n : f->n;
        const struct written *text = way ? f->branch : f->text;
        int column =
            printf("  %s%s", way ? "then  " : "first ", ink(INK_DIM)) > 0 ? 9 : 0;
        printf("…%s", ink(INK_PLAIN));
        for (int i = 0; i < n; i++) {
            const char *name = brief(token_label(&f->r.vocabulary, text[i].id));
            const bool apart = !f->r.vocabulary.size && i;
            if (column + apart + text_width(name) > 78)
                column = printf("\n         ") - 1;
            column += apart + text_width(name);
            printf("%s%s", apart ? " " : "", name);
        }
        putchar('\n');
    }
}

/* The tokens, and what one head keeps of them. */
static void figure_kept(const char *folder, const struct findings *f)
{
    enum { CELLS = 8 };
    const struct config *config = &f->r.model.config;
    const int H = config->H, D = config->C / H, T = f->r.prompt.count;
    const int rows = f->rows, cells = D < CELLS ? D : CELLS;
    FILE *file = figure_open(folder, "tokens");
    for (int t = 0; t < rows; t++)
        figure_row(file, "%d %s", t >= T, f->labels[t]);
    figure_close(file);
    const struct attention *a = &f->s.h[f->block].attention;
    const float(*q)[rows][D] = a->q, (*k)[rows][D] = a->k, (*v)[rows][D] = a->v;
    const float(*weights)[rows][rows] = a->weights;
    file = figure_open(folder, "cells"); /* the first numbers of query, key, value */
    for (int t = 0; t < rows; t++)
        for (int i = 0; i < cells; i++)
            figure_row(file, "%d %d %.3f %.3f %.3f", t, i, q[f->head][t][i],
                       k[f->head][t][i], v[f->head][t][i]);
    file = figure_next(file, folder, "weights");
    for (int t = 0; t < rows; t++)
        for (int s = 0; s <= t; s++)
            figure_row(file, "%d %d %.4f", t, s, weights[f->head][t][s]);
    file = figure_next(file, folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", config->L, H, D, config->positions,
            T, f->n, f->block, f->head);
    file = figure_next(file, folder, "branch"); /* the first text, then the second */
    for (int i = 0; i < f->n || i < f->branch_n; i++)
        figure_row(
            file, "%d %s %s", i,
            token_text(&f->r.vocabulary, i < f->n ? f->text[i].id : f->branch[i].id),
            token_text(&f->r.vocabulary,
                       i < f->branch_n ? f->branch[i].id : f->text[i].id));
    figure_close(file);
}

static void figure_costs(const char *folder, const struct findings *f)
{
    const struct config *config = &f->r.model.config;
    const int positions = config->positions, step = positions < 256 ? 1 : positions / 128;
    double all_with = 0, all_without = 0;
    FILE *file = figure_open(folder, "cost");
    for (int T = 1; T <= positions; T++) {
        all_with += step_work(config, T);
        all_without += run_work(config, T);
        if (T == 1 || T % step == 0 || T == positions)
            figure_row(file, "%d %.0f %.0f %.0f %.0f", T, step_work(config, T),
                       run_work(config, T), all_with, all_without);
    }
    file = figure_next(file, folder, "sizes");
    for (int i = -1; i < SIZES; i++) {
        const struct config *c = i < 0 ? config : &sizes[i].config;
        figure_row(file, "%s %d %.0f %.0f %.0f %.0f %.0f",
                   i < 0 ? "this model" : sizes[i].name, c->positions,
                   cache_bytes(c, c->positions),
                   (double)sizeof(float) * (double)parameter_count(c), block_work(c),
                   attention_work(c, c->positions), head_work(c));
    }
    /* different on every run, so never compared */
    file = figure_next(file, folder, "times");
    for (int i = 0; i < f->lengths; i++)
        figure_row(file, "%d %.4f %.4f", f->measured[i].T, 1000 * f->measured[i].with,
                   1000 * f->measured[i].without);
    figure_close(file);
}

/* The prompt's keys and values from the cache, and its logits. */
static void write_dump(const char *path, const struct findings *f)
{
    const struct config *config = &f->r.model.config;
    const int T = f->r.prompt.count, H = config->H, D = config->C / H,
              room = f->cache.room;
    const float(*keys)[H][room][D] = f->cache.keys,
          (*values)[H][room][D] = f->cache.values;
    struct tensors list = {0};
    for (int l = 0; l < config->L; l++) {
        tensors_of_block(&list, l);
        float(*k)[T][D] = new_tensor(&list, "attn.k", SHAPE(H, T, D));
        float(*v)[T][D] = new_tensor(&list, "attn.v", SHAPE(H, T, D));
        for (int h = 0; h < H; h++) {
            memcpy(k[h], keys[l][h], sizeof k[h]);
            memcpy(v[h], values[l][h], sizeof v[h]);
        }
    }
    struct dump d = dump_open(path);
    dump_tensors(&d, &list, NULL);
    dump_tensors(&d, &f->list, NULL);
    dump_close(&d);
    free_tensors(&list);
}

static void end_findings(struct findings *f)
{
    for (int t = f->r.prompt.count; t < f->r.prompt.count + f->n; t++)
        free(f->labels[t]);
    free(f->labels);
    free(f->text);
    free(f->branch);
    free_tensors(&f->list);
    free_stack(&f->s);
    free_kv_cache(&f->cache);
    close_reading(&f->r);
}

/* Continues the prompt, both ways. */
static void write_both(struct findings *f, double budget)
{
    const struct checkpoint *m = &f->r.model;
    const int T = f->r.prompt.count, V = m->config.V;
    const float(*logits)[V] = f->logits;
    float(*row)[V] = grab(1, sizeof *row);
    memcpy(row, logits[T - 1], sizeof *row);
    write_with(m, &f->cache, row, f->n, f->text);
    if (f->n)
        f->text[0].with += f->read_seconds;
    f->other = write_without(m, &f->r.prompt, budget, f->n, f->text, &f->s, &f->rows);
    free(row);
    f->labels = grab((size_t)T + (size_t)f->n, sizeof *f->labels);
    memcpy(f->labels, f->r.prompt.labels, (size_t)T * sizeof *f->labels);
    for (int i = 0; i < f->n; i++)
        f->labels[T + i] = token_label(&f->r.vocabulary, f->text[i].id);
}

int main(int argc, char **argv)
{
    enum { USUAL = 12 };
    struct options o = {.prompt = "A robot must obey the orders given it"};
    long next = -1, block = 0, head = 0;
    const struct option own[] = {
        {"--next", "N", OPTION_INTEGER, &next, 0, 100000,
         "how many tokens to write (12)"},
        {"--block", "N", OPTION_INTEGER, &block, 0, 100000,
         "the block whose cache is shown (0)"},
        {"--head", "N", OPTION_INTEGER, &head, 0, 100000, "and its head (0)"},
    };
    parse_options(argc, argv, "usage: 11_kv_cache [options]", &o, own,
                  sizeof own / sizeof *own);
    struct findings f = {.r = open_reading(&o), .block = (int)block, .head = (int)head};
    const struct config *config = &f.r.model.config;
    if (block >= config->L)
        die("--block: %ld is out of range, the model has blocks 0 to %d", block,
            config->L - 1);
    if (head >= config->H)
        die("--head: %ld is out of range, the model has heads 0 to %d", head,
            config->H - 1);
    const int T = f.r.prompt.count, left = config->positions - T;
    const int wanted = next < 0 ? USUAL : (int)next;
    f.n = wanted < left ? wanted : left;
    f.text = grab((size_t)f.n, sizeof *f.text);
    f.cache = new_kv_cache(config->positions, config);
    read_both(&f);
    f.labels = f.r.prompt.labels;
    walk_reading(&f);
    walk_keys(&f);
    walk_same(&f);
    write_dump(o.dump, &f);
    fflush(stdout);
    write_both(&f, next < 0 ? 6e9 : INFINITY);
    walk_writing(&f);
    fflush(stdout);
    measure_lengths(&f, 2e9);
    walk_cost(&f);
    walk_memory(&f);
    if (f.n > 0 && config->V > 1)
        take_the_other_way(&f, f.n);
    walk_branch(&f);
    if (o.figures) {
        figure_kept(o.figures, &f);
        figure_costs(o.figures, &f);
    }
    end_findings(&f);
    finish_output();
    return 0;
}
