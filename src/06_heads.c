/* 06_heads: every head of block 0 at work on a prompt, and what each of them does, measured.
 * Chapter 6 of the book: chapters/06_heads.md */
#include "06_heads.h"

/* Block 0's attention on T tokens, with what enters it. */
struct layer {
    int T;
    void *embedding, *ln_1; /* [T, C] */
    struct attention a;
};

static struct layer run_layer(int T, const int ids[T], const struct checkpoint *m)
{
    const int C = m->config.C, H = m->config.H;
    const struct block *b = &m->weights.h[0];
    struct layer l = {T, grab((size_t)T * (size_t)C, sizeof(float)),
                      grab((size_t)T * (size_t)C, sizeof(float)),
                      new_attention(T, H, C / H)};
    embed(T, C, l.embedding, ids, m->weights.wte, m->weights.wpe);
    layer_norm(T, C, l.ln_1, l.embedding, b->ln_1_weight, b->ln_1_bias,
               m->config.epsilon);
    attend(T, C, H, &l.a, l.ln_1, b);
    return l;
}

static void free_layer(struct layer *l)
{
    free(l->embedding);
    free(l->ln_1);
    free_attention(&l->a);
}

/* Eight stories of the robots' world, to measure heads on. None of them is the prompt. */
static const char *const stories[] = {
    "\"What is the fifth rule?\" called Hugo one fine January afternoon. \"The fifth "
    "rule "
    "says that a robot must obey the orders given it by the cook, unless it reads a "
    "book,\" "
    "beeped Pogo. Hugo gave it a green ladder, because it could hop like a brave goat. "
    "Pogo "
    "found a dusty flag under the table. The shy rabbit listened quickly.",
    "One quiet July morning, Ada found three things behind the stove: a mirror, an "
    "umbrella "
    "and a bell. \"Take one,\" she told Slate. It took the umbrella, and two were left: "
    "the "
    "mirror and the bell. Soon the funny wheel was under the door again. Nobody saw the "
    "hungry mouse near the sofa.",
    "One bright April morning, Zip, Stilt and Hip raced to the door. Zip flew, Stilt "
    "walked "
    "and Hip hopped. A wise hen won. Emil gave the winner a new spoon. That night Zip "
    "dreamed of a dancing long harp.",
    "Skim had a round cup, and Bolt had an old bowl. One warm May evening, they traded. "
    "Now "
    "Skim has the bowl, and Bolt has the cup. \"Wonderful!\" whistled Bolt, and it "
    "rolled "
    "home kindly. Skim sang about a secret bell and a friendly hen. The wise goose and "
    "the "
    "happy duck only danced.",
    "A robot must wash an odd plate before it makes tea. Swish loved this rule. On a "
    "misty "
    "day in January, it washed the plate behind the window, and then it made tea. The "
    "noisy "
    "hen listened shyly.",
    "On a windy afternoon in July, Ada brought a tin stool to Moth because it wobbled. "
    "Moth "
    "mended it with a round knob and a heavy bolt, and the stool stood firm. Moth found "
    "a "
    "tin flute near the sofa. Then everybody ate good cake and sweet honey.",
    "\"Show me the strange net,\" shouted Luis one quiet August morning. Slate looked "
    "beside "
    "the shelf and near the fence, and showed him the strange net. Luis sailed eagerly, "
    "and "
    "Slate slid near the fence. That night Slate dreamed of a sleeping heavy net.",
    "One rainy December night, Zip guarded the hall. It heard a rattle behind the "
    "window. It "
    "flew closer and saw a quiet snail with a pink rope. \"Good night,\" whistled Zip, "
    "and "
    "the snail sang happily. The tower smelled of warm plums and cold jam. Then "
    "everybody "
    "ate warm rice and red soup.",
};

enum { STORIES = sizeof stories / sizeof *stories };

/* Where a head's weight goes, on average over all tokens but the first of each text, which
 * has no choice. itself + before + same + first + rest is 1: a place that fits two of these
 * counts for the one that comes first. */
struct habits {
    double itself, before; /* the token itself; the one just before it */
    double same;           /* earlier tokens that are the same as it */
    double first;          /* the first token of the text */
    double rest;
    double distance; /* how far back it looks */
    double spread;   /* over how many tokens, were they equal: e to the entropy */
    double size;     /* the length of what it adds to the output */
    double rows;     /* how many rows were counted */
};

/* Adds the rows of one head on one text: weights [T, T], part [T, C] from head_part. */
static void observe(int T, int C, struct habits *h, const int ids[T],
                    const float weights[T][T], const float part[T][C])
{
    for (int t = 1; t < T; t++) {
        double entropy = 0, squares = 0;
        for (int s = 0; s <= t; s++) {
            const double w = (double)weights[t][s];
            *(s == t             ? &h->itself
              : s == t - 1       ? &h->before
              : ids[s] == ids[t] ? &h->same
              : s == 0           ? &h->first
                                 : &h->rest) += w;
            h->distance += w * (t - s);
            entropy -= w > 0 ? w * log(w) : 0;
        }
        for (int o = 0; o < C; o++)
            squares += (double)part[t][o] * (double)part[t][o];
        h->spread += exp(entropy);
        h->size += sqrt(squares);
        h->rows++;
    }
}

/* From sums to averages. */
static void average(struct habits *h)
{
    const double rows = h->rows > 0 ? h->rows : 1;
    h->itself /= rows;
    h->before /= rows;
    h->same /= rows;
    h->first /= rows;
    h->rest /= rows;
    h->distance /= rows;
    h->spread /= rows;
    h->size /= rows;
}

/* A head that does not look at all: every token it sees gets the same. */
static void even_weights(int T, float weights[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            weights[t][s] = s <= t ? 1.0f / (float)(t + 1) : 0;
}

/* Shuffles a text's tokens: the same ones for the same text, on every machine. */
static void shuffle(int T, int ids[T])
{
    uint64_t state = 1;
    for (int t = T - 1; t > 0; t--) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const int other = (int)((state >> 33) % (uint64_t)(t + 1)), kept = ids[t];
        ids[t] = ids[other];
        ids[other] = kept;
    }
}

/* How much of the weights two heads share, 0 to 1, on average over the rows from 1 on. */
static double overlap(int T, const float one[T][T], const float other[T][T])
{
    double sum = 0;
    for (int t = 1; t < T; t++)
        for (int s = 0; s <= t; s++)
            sum += (double)fminf(one[t][s], other[t][s]);
    return sum;
}

/* What is found out about the heads of block 0 on some texts. */
struct study {
    int H, V, farthest;
    double rows;
    struct habits *heads; /* [H + 1]: the last one looks evenly */
    double *place;    /* [H]: how much of its weight stays when the tokens are shuffled */
    double *profile;  /* [H + 1][farthest]: weight at each distance, 0 is itself */
    double *received; /* [H + 1][V]: how much weight each token of the vocabulary gets */
    int *stands;      /* [V]: how often it stands in the texts */
};

static struct study new_study(const struct config *c, int farthest)
{
    const size_t H = (size_t)c->H, V = (size_t)c->V;
    return (struct study){c->H,
                          c->V,
                          farthest,
                          0,
                          grab(H + 1, sizeof(struct habits)),
                          grab(H, sizeof(double)),
                          grab((H + 1) * (size_t)farthest, sizeof(double)),
                          grab((H + 1) * V, sizeof(double)),
                          grab(V, sizeof(int))};
}

static void free_study(struct study *s)
{
    free(s->heads);
    free(s->place);
    free(s->profile);
    free(s->received);
    free(s->stands);
}

/* One more text. */
static void study_text(struct study *s, int T, const int ids[T],
                       const struct checkpoint *m)
{
    const int C = m->config.C, H = s->H, D = C / H;
    struct layer l = run_layer(T, ids, m);
    const float(*weights)[T][T] = l.a.weights;
    float(*even)[T] = grab((size_t)T * (size_t)T, sizeof(float));
    float(*part)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    int *mixed = grab((size_t)T, sizeof *mixed);
    even_weights(T, even);

    for (int h = 0; h <= H; h++) {
        const float(*w)[T] = h < H ? weights[h] : (const float(*)[T])even;
        if (h < H)
            head_part(T, H, D, h, part, l.a.context, m->weights.h[0].attn_c_proj_weight);
        observe(T, C, &s->heads[h], ids, w, part);
        for (int t = 1; t < T; t++)
            for (int u = 0; u <= t; u++) {
                if (t - u < s->farthest)
                    s->profile[h * s->farthest + t - u] += (double)w[t][u];
                s->received[(size_t)h * (size_t)s->V + (size_t)ids[u]] += (double)w[t][u];
            }
    }
    for (int t = 0; t < T; t++)
        s->stands[ids[t]]++;
    s->rows += T - 1;

    memcpy(mixed, ids, (size_t)T * sizeof *ids);
    shuffle(T, mixed);
    struct layer other = run_layer(T, mixed, m);
    const float(*mixed_weights)[T][T] = other.a.weights;
    for (int h = 0; h < H; h++)
        s->place[h] += overlap(T, weights[h], mixed_weights[h]);
    free_layer(&other);
    free_layer(&l);
    free(even);
    free(part);
    free(mixed);
}

static void finish_study(struct study *s)
{
    const double rows = s->rows > 0 ? s->rows : 1;
    for (int h = 0; h <= s->H; h++) {
        average(&s->heads[h]);
        for (int d = 0; d < s->farthest; d++)
            s->profile[h * s->farthest + d] /= rows;
    }
    s->heads[s->H].size = 0;
    for (int h = 0; h < s->H; h++)
        s->place[h] /= rows;
}

/* All stories that the model's vocabulary and its positions can hold. */
static struct study study_stories(const struct checkpoint *m, const struct vocabulary *v)
{
    struct study s = new_study(&m->config, 16);
    for (int i = 0; i < STORIES && v->size; i++) {
        struct ids all = {0};
        encode(v, (const unsigned char *)stories[i], strlen(stories[i]), &all);
        bool fits = true;
        for (size_t t = 0; t < all.count; t++)
            fits = fits && all.id[t] < m->config.V;
        int T = all.count < (size_t)m->config.positions ? (int)all.count
                                                        : m->config.positions;
        if (fits)
            study_text(&s, T, all.id, m);
        free(all.id);
    }
    finish_study(&s);
    return s;
}

/* What gets most of a head's weight, and how much. */
static const char *main_habit(const struct habits *h, double *weight)
{
    static const char *const names[] = {"itself", "the one before", "the same token",
                                        "the first token", "others"};
    const double w[] = {h->itself, h->before, h->same, h->first, h->rest};
    int best = 0;
    for (int i = 1; i < 5; i++)
        if (w[i] > w[best])
            best = i;
    *weight = w[best];
    return names[best];
}

/* The tokens that a head looks at most, for how often they stand there: tokens whose weight
 * is the largest multiple of what an even look would give them. Tokens that stand there less
 * than three times do not count. best[i] is -1 where there are no more. */
static void favourites(const struct study *s, int h, int n, int best[n], double times[n])
{
    const double *got = s->received + (size_t)h * (size_t)s->V;
    const double *even = s->received + (size_t)s->H * (size_t)s->V;
    for (int i = 0; i < n; i++) {
        best[i] = -1;
        times[i] = 0;
    }
    for (int id = 0; id < s->V; id++) {
        if (s->stands[id] < 3 || !(even[id] > 0))
            continue;
        double ratio = got[id] / even[id];
        for (int i = 0, held = id; i < n; i++)
            if (best[i] < 0 || ratio > times[i]) {
                const int id_before = best[i];
                const double ratio_before = times[i];
                best[i] = held;
                times[i] = ratio;
                held = id_before;
                ratio = ratio_before;
                if (held < 0)
                    break;
            }
    }
}

/* ---- The walk ------------------------------------------------------------------------ */

enum { SHOWN = 4 }; /* heads that stand side by side in a table */

/* Where the head's columns are. */
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

/* Each token's favourite in each head. */
static void print_looks(int T, int H, char *const *labels, const float weights[H][T][T])
{
    const int shown = H < SHOWN ? H : SHOWN;
    printf("  %-12s", "");
    for (int h = 0; h < shown; h++)
        printf("   head %-8d", h);
    putchar('\n');
    for (int t = 0; t < T; t++) {
        if (T > 24 && t == 20)
            printf("  …\n");
        if (T > 24 && t >= 20 && t < T - 3)
            continue;
        printf("  ");
        print_field(labels[t], 12, false);
        for (int h = 0; h < shown; h++) {
            int best = 0;
            for (int s = 1; s <= t; s++)
                if (weights[h][t][s] > weights[h][t][best])
                    best = s;
            printf("   ");
            print_field(labels[best], 8, false);
            printf(" %.2f", (double)weights[h][t][best]);
        }
        putchar('\n');
    }
    if (shown < H)
        printf("  (%d heads more)\n", H - shown);
}

/* How long what each head adds is, token by token; and that all parts together, with the bias
 * once, are the output. */
static void print_parts(int T, int C, int H, char *const *labels,
                        const struct attention *a, const struct block *b)
{
    const float(*output)[C] = a->output;
    const float *bias = b->attn_c_proj_bias;
    float(*part)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    float(*sum)[C] = grab((size_t)T * (size_t)C, sizeof(float));
    float(*length)[H] = grab((size_t)T * (size_t)H, sizeof(float));
    char **names = grab((size_t)H, sizeof *names);
    float farthest = 0, largest = 0;
    for (int h = 0; h < H; h++) {
        names[h] = format_text("head %d", h);
        head_part(T, H, C / H, h, part, a->context, b->attn_c_proj_weight);
        for (int t = 0; t < T; t++) {
            float squares = 0;
            for (int o = 0; o < C; o++) {
                squares += part[t][o] * part[t][o];
                sum[t][o] += part[t][o];
            }
            length[t][h] = sqrtf(squares);
        }
    }
    for (int t = 0; t < T; t++)
        for (int o = 0; o < C; o++) {
            farthest = fmaxf(farthest, fabsf(sum[t][o] + bias[o] - output[t][o]));
            largest = fmaxf(largest, fabsf(output[t][o]));
        }
    print_matrix("length of what each head adds", T, H, (const float(*)[H])length, labels,
                 names);
    printf("  All parts and the bias, summed up, are the output: %s\n",
           farthest <= 1e-4f * largest ? "yes" : "NO");
    for (int h = 0; h < H; h++)
        free(names[h]);
    free(names);
    free(part);
    free(sum);
    free(length);
}

static void print_habits(const struct study *s, const char *what)
{
    double total = 0;
    for (int h = 0; h < s->H; h++)
        total += s->heads[h].size;
    printf("%s%s%s\n", ink(INK_BOLD), what, ink(INK_PLAIN));
    printf("  %-6s %7s %7s %7s %7s %7s %6s %6s %6s %6s\n", "head", "itself", "before",
           "same", "first", "others", "back", "over", "place", "adds");
    for (int h = 0; h <= s->H; h++) {
        const struct habits *x = &s->heads[h];
        char *name = h < s->H ? format_text("%d", h) : format_text("even");
        printf("  %-6s %6.0f%% %6.0f%% %6.0f%% %6.0f%% %6.0f%% %6.1f %6.1f", name,
               100 * x->itself, 100 * x->before, 100 * x->same, 100 * x->first,
               100 * x->rest, x->distance, x->spread);
        if (h < s->H)
            printf(" %5.0f%% %5.0f%%", 100 * s->place[h],
                   total > 0 ? 100 * x->size / total : 0);
        putchar('\n');
        free(name);
    }
}

static void print_favourites(const struct study *s, const struct vocabulary *v)
{
    enum { N = 5 };
    for (int h = 0; h < s->H; h++) {
        int best[N];
        double times[N], weight;
        const char *habit = main_habit(&s->heads[h], &weight);
        favourites(s, h, N, best, times);
        printf("  head %-3d %3.0f%% on %-16s", h, 100 * weight, habit);
        for (int i = 0; i < N && best[i] >= 0; i++) {
            char *label = token_label(v, best[i]);
            printf(" ");
            print_field(label, text_width(label) < 9 ? text_width(label) : 9, false);
            printf(" %.1fx", times[i]);
            free(label);
        }
        putchar('\n');
    }
}

/* ---- Data for the figures ------------------------------------------------------------ */

/* tokens.dat label; facts.dat T, C, H, D, stories; weights.dat h, t, s, weight;
 * row.dat i, one token's row of qkv; merged.dat o, its context, output, bias, and the part of
 * each head; length.dat t, h, the length of a part; and of the stories: habits.dat h, itself,
 * before, same, first, rest, back, over, place, adds; profile.dat h, distance, weight;
 * likes.dat h, rank, label, times */
static void write_figures(const char *folder, const struct reading *r,
                          const struct layer *l, const struct study *s)
{
    const int T = l->T, C = r->model.config.C, H = r->model.config.H, D = C / H,
              last = T - 1;
    const struct block *b = &r->model.weights.h[0];
    const float(*weights)[T][T] = l->a.weights, (*qkv)[3 * C] = l->a.qkv;
    const float(*context)[C] = l->a.context, (*output)[C] = l->a.output;
    float(*part)[T][C] = grab((size_t)H * (size_t)T * (size_t)C, sizeof(float));
    for (int h = 0; h < H; h++)
        head_part(T, H, D, h, part[h], context, b->attn_c_proj_weight);

    FILE *file = figure_open(folder, "tokens");
    for (int t = 0; t < T; t++)
        figure_label(file, r->prompt.labels[t], '\n');
    figure_close(file);

    file = figure_open(folder, "facts");
    fprintf(file, "%d\t%d\t%d\t%d\n", T, C, H, D);
    figure_close(file);

    file = figure_open(folder, "weights");
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i <= t; i++)
                fprintf(file, "%d\t%d\t%d\t%.5f\n", h, t, i, (double)weights[h][t][i]);
    figure_close(file);

    file = figure_open(folder, "row");
    for (int i = 0; i < 3 * C; i++)
        fprintf(file, "%d\t%.4f\n", i, (double)qkv[last][i]);
    figure_close(file);

    file = figure_open(folder, "merged");
    for (int o = 0; o < C; o++) {
        fprintf(file, "%d\t%.4f\t%.4f\t%.4f", o, (double)context[last][o],
                (double)output[last][o], (double)b->attn_c_proj_bias[o]);
        for (int h = 0; h < H; h++)
            fprintf(file, "\t%.4f", (double)part[h][last][o]);
        fputc('\n', file);
    }
    figure_close(file);

    file = figure_open(folder, "length");
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            double squares = 0;
            for (int o = 0; o < C; o++)
                squares += pow((double)part[h][t][o], 2);
            fprintf(file, "%d\t%d\t%.4f\n", t, h, sqrt(squares));
        }
    figure_close(file);
    free(part);

    double total = 0;
    file = figure_open(folder, "habits");
    for (int h = 0; h < H; h++)
        total += s->heads[h].size;
    for (int h = 0; h <= H && s->rows > 0; h++) {
        const struct habits *x = &s->heads[h];
        fprintf(file, "%d\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%.2f\t%.2f\t%.4f\t%.4f\n", h,
                x->itself, x->before, x->same, x->first, x->rest, x->distance, x->spread,
                h < H ? s->place[h] : 1, total > 0 ? x->size / total : 0);
    }
    figure_close(file);

    file = figure_open(folder, "profile");
    for (int h = 0; h <= H && s->rows > 0; h++)
        for (int d = 0; d < s->farthest; d++)
            fprintf(file, "%d\t%d\t%.5f\n", h, d, s->profile[h * s->farthest + d]);
    figure_close(file);

    enum { N = 8 };
    file = figure_open(folder, "likes");
    for (int h = 0; h < H && s->rows > 0; h++) {
        int best[N];
        double times[N];
        favourites(s, h, N, best, times);
        for (int i = 0; i < N && best[i] >= 0; i++) {
            char *label = token_label(&r->vocabulary, best[i]);
            fprintf(file, "%d\t%d\t%.3f\t", h, i, times[i]);
            figure_label(file, label, '\n');
            free(label);
        }
    }
    figure_close(file);
}

static const char usage[] = "usage: 06_heads [options]    all heads of block 0";

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, usage, &o, NULL, 0);
    if (o.command)
        die("%s: unknown argument (see 06_heads --help)", o.command);
    struct reading r = open_reading(&o);
    const struct config *c = &r.model.config;
    const struct block *b = &r.model.weights.h[0];
    const int T = r.prompt.count, C = c->C, H = c->H, D = C / H;
    char *const *labels = r.prompt.labels;
    struct layer l = run_layer(T, r.prompt.ids, &r.model);

    char **columns = grab(3 * (size_t)C, sizeof *columns);
    for (int i = 0; i < 3 * C; i++)
        columns[i] = format_text("%c %d", "qkv"[i / C], i % C);
    heading("1. c_attn", "x [%d, %d] times a matrix [%d, %d], plus a bias", T, C, C,
            3 * C);
    print_matrix("qkv", T, 3 * C, l.a.qkv, labels, columns);

    heading("2. Split", "%d heads of %d: q, k and v are [%d, %d, %d]", H, D, H, T, D);
    print_cuts(C, H, D);

    heading("3. Every head looks for itself",
            "the token that gets most of each token's weight");
    print_looks(T, H, labels, l.a.weights);

    heading("4. Merge", "the heads side by side again: [%d, %d, %d] becomes [%d, %d]", H,
            T, D, T, C);
    print_matrix("context", T, C, l.a.context, labels, NULL);

    heading("5. c_proj", "mixes them: times a matrix [%d, %d], plus a bias", C, C);
    print_matrix("output", T, C, l.a.output, labels, NULL);
    print_parts(T, C, H, labels, &l.a, b);

    heading("6. Which head does what",
            "where the weight goes, on average over the tokens");
    struct study prompt = new_study(c, 16);
    study_text(&prompt, T, r.prompt.ids, &r.model);
    finish_study(&prompt);
    if (T > 1)
        print_habits(&prompt, "on the prompt");
    else
        printf("  one token can only look at itself\n");
    struct study s = study_stories(&r.model, &r.vocabulary);
    if (s.rows > 0) {
        print_habits(&s, "on eight stories");
        printf("  back: tokens between, on average; over: as if over so many tokens "
               "evenly;\n"
               "  place: what stays when the tokens are shuffled; adds: its share of the "
               "output\n");
        heading("7. What they like",
                "of %.0f rows; tokens that get a multiple of an even share", s.rows);
        print_favourites(&s, &r.vocabulary);
    }

    if (o.figures)
        write_figures(o.figures, &r, &l, &s);
    struct dump d = dump_open(o.dump);
    dump_add(&d, "ids", "I32", 1, (int[]){T}, r.prompt.ids);
    dump_add(&d, "embedding", "F32", 2, (int[]){T, C}, l.embedding);
    dump_add(&d, "h.0.ln_1", "F32", 2, (int[]){T, C}, l.ln_1);
    dump_add(&d, "h.0.attn.c_attn", "F32", 2, (int[]){T, 3 * C}, l.a.qkv);
    dump_add(&d, "h.0.attn.q", "F32", 3, (int[]){H, T, D}, l.a.q);
    dump_add(&d, "h.0.attn.k", "F32", 3, (int[]){H, T, D}, l.a.k);
    dump_add(&d, "h.0.attn.v", "F32", 3, (int[]){H, T, D}, l.a.v);
    dump_add(&d, "h.0.attn.scores", "F32", 3, (int[]){H, T, T}, l.a.scores);
    dump_add(&d, "h.0.attn.masked", "F32", 3, (int[]){H, T, T}, l.a.masked);
    dump_add(&d, "h.0.attn.weights", "F32", 3, (int[]){H, T, T}, l.a.weights);
    dump_add(&d, "h.0.attn.heads", "F32", 3, (int[]){H, T, D}, l.a.heads);
    dump_add(&d, "h.0.attn.context", "F32", 2, (int[]){T, C}, l.a.context);
    dump_add(&d, "h.0.attn.c_proj", "F32", 2, (int[]){T, C}, l.a.output);
    dump_close(&d);
    for (int i = 0; i < 3 * C; i++)
        free(columns[i]);
    free(columns);
    free_study(&prompt);
    free_study(&s);
    free_layer(&l);
    close_reading(&r);
    finish_output();
    return 0;
}
