/* 10_sampling: the same distribution under each setting, chance from a seed, and texts.
 * Chapter 10 of the book: chapters/10_sampling.md */
#include "10_sampling.h"

enum { SHOWN = 10, SETTINGS = 6, YOURS = 5, TEXTS = 7, DRAWS = 1000, FIRST = 8 };

/* The settings that are compared; the last is the reader's. */
struct compared {
    const char *name;
    struct sampling how;
    float *p;       /* [V] */
    int left;       /* how many tokens have a probability above 0 */
    double as_many; /* among how many equally likely ones it would be as hard to guess */
};

/* A text that was written. */
struct text {
    struct sampling how;
    uint64_t seed;
    int T, count; /* tokens of the prompt, and new ones */
    int *ids;     /* [T + most] */
    float *p;  /* [most]: the probability that the model gave each, before any setting */
    int *rank; /* [most]: its rank, 1 is the likeliest */
    int *nucleus; /* [most]: how many tokens top-p 0.9 would have kept there */
    enum ending why;
    bool short_of_time;
};

/* A prompt, and all that is done with it. */
struct samples {
    float *logits; /* [V], after the prompt, and after the penalty, if there is one */
    int *order;    /* [V]: the tokens, the likeliest first */
    struct compared with[SETTINGS];
    struct tensors list;    /* the logits, and what each setting makes of them */
    uint64_t number[FIRST]; /* the generator's first numbers */
    double u[FIRST];
    int drawn[FIRST];
    int *seen; /* [V]: how often each token was drawn */
    double chi_squared;
    int classes; /* of tokens, for chi-squared: the rare ones are one */
    struct text texts[TEXTS];
};

/* The c-th setting's probabilities; how many tokens are left; how many equally likely ones would
 * be as hard to guess: e to the mean of -ln p. */
static void compare(struct samples *s, int c, const char *name, struct sampling how,
                    int V)
{
    struct compared *with = &s->with[c];
    const char *tensor = brief(format_text("next.p.%d", c));
    double surprise = 0;
    *with = (struct compared){.name = name, .how = how};
    with->p = new_tensor(&s->list, tensor, SHAPE(V));
    probabilities(V, with->p, s->logits, &how);
    for (int v = 0; v < V; v++)
        if (with->p[v] > 0) {
            with->left++;
            surprise -= (double)with->p[v] * log((double)with->p[v]);
        }
    with->as_many = exp(surprise);
}

/* Draws DRAWS times, and compares the counts with the probabilities. */
static void count_draws(struct samples *s, int V, uint64_t seed)
{
    const float *p = s->with[YOURS].p;
    uint64_t state = seed;
    for (int i = 0; i < DRAWS; i++) {
        uint64_t before = state;
        const double u = next_chance(&state);
        const int id = draw(V, p, u);
        s->seen[id]++;
        if (i < FIRST) {
            s->number[i] = next_number(&before);
            s->u[i] = u;
            s->drawn[i] = id;
        }
    }
    double rare = 0, rare_seen = 0;
    for (int v = 0; v < V; v++) {
        const double expected = (double)p[v] * DRAWS;
        if (expected >= 5) {
            s->chi_squared += pow(s->seen[v] - expected, 2) / expected;
            s->classes++;
        } else {
            rare += expected;
            rare_seen += s->seen[v];
        }
    }
    if (rare >= 5) {
        s->chi_squared += pow(rare_seen - rare, 2) / rare;
        s->classes++;
    }
}

/* Notes on each token while a text is written. */
struct note {
    struct text *text;
    int V;
};

static void take_note(void *to, int id, const float *logits)
{
    struct note *note = to;
    struct text *t = note->text;
    const int V = note->V;
    float *p = grab((size_t)V, sizeof *p);
    const struct sampling nucleus = {.temperature = 1, .top_p = 0.9f, .penalty = 1};
    softmax(V, p, logits);
    t->p[t->count] = p[id];
    t->rank[t->count] = 1;
    for (int v = 0; v < V; v++)
        t->rank[t->count] += p[v] > p[id] || (p[v] == p[id] && v < id);
    probabilities(V, p, logits, &nucleus);
    for (int v = 0; v < V; v++)
        t->nucleus[t->count] += p[v] > 0;
    t->count++;
    free(p);
}

/* How many tokens can be written after T tokens with `budget` multiplications. */
static int affordable(int T, int wanted, double budget, const struct config *config)
{
    int n = 0;
    for (; n < wanted && T + n < config->positions; n++) {
        budget -= (double)parameter_count(config) * (T + n);
        if (budget < 0)
            break;
    }
    return T + n == config->positions ? wanted
                                      : n; /* if the room ends, generate says so */
}

/* Continues the T ids. */
static struct text write_text(const struct reading *r, int T, const int *ids,
                              const struct sampling *how, uint64_t seed, int wanted,
                              double budget)
{
    const struct config *config = &r->model.config;
    const int most = affordable(T, wanted, budget, config);
    const size_t room = (size_t)most + 1;
    struct text t = {.how = *how,
                     .seed = seed,
                     .T = T,
                     .ids = grab((size_t)T + room, sizeof *t.ids),
                     .p = grab(room, sizeof *t.p),
                     .rank = grab(room, sizeof *t.rank),
                     .nucleus = grab(room, sizeof *t.nucleus),
                     .short_of_time = most < wanted};
    memcpy(t.ids, ids, (size_t)T * sizeof *ids);
    struct note note = {&t, config->V};
    int count;
    t.why = generate(T, most, t.ids, r->vocabulary.size ? r->vocabulary.end_of_text : -1,
                     config, &r->model.weights, how, &seed, take_note, &note, &count);
    return t;
}

/* Step 1: the tokens that come first, under each setting. */
static void walk_settings(const struct reading *r, const struct samples *s)
{
    const int V = r->model.config.V, shown = V < SHOWN ? V : SHOWN;
    heading("1. One prompt, six settings", "in per cent; · is cut");
    printf("  %-12s %7s", "next token", "logit");
    for (int c = 0; c < SETTINGS; c++)
        printf(" %8s", s->with[c].name);
    printf("\n");
    for (int i = 0; i <= shown; i++) {
        printf("  ");
        if (i < shown) {
            fputs(token_field(&r->vocabulary, s->order[i], 12), stdout);
            printf(" %7.2f", (double)s->logits[s->order[i]]);
        } else
            printf("%-12s %7s", "all others", "");
        for (int c = 0; c < SETTINGS; c++) {
            double p = 0;
            for (int k = i; k < (i < shown ? i + 1 : V); k++)
                p += (double)s->with[c].p[s->order[k]];
            if (p > 0)
                printf(" %8.1f", 100 * p);
            else
                printf(" %9s", "·"); /* two bytes, one column */
        }
        printf("\n");
    }
    printf("  %-20s", "tokens left");
    for (int c = 0; c < SETTINGS; c++)
        printf(" %8d", s->with[c].left);
    printf("\n  %-20s", "perplexity");
    for (int c = 0; c < SETTINGS; c++)
        printf(" %8.1f", s->with[c].as_many);
    printf("\n");
}

/* A setting in words. The caller frees it. */
static char *setting_text(const struct sampling *how)
{
    if (!(how->temperature > 0))
        return format_text("greedy");
    const char *k = brief(how->top_k > 0 ? format_text(", top-k %d", how->top_k)
                                         : format_text("%s", "")),
               *p = brief(how->top_p < 1 ? format_text(", top-p %g", (double)how->top_p)
                                         : format_text("%s", "")),
               *f = brief(how->penalty > 1
                              ? format_text(", penalty %g", (double)how->penalty)
                              : format_text("%s", ""));
    char *all = format_text("temperature %g%s%s%s", (double)how->temperature, k, p, f);
    return all;
}

/* Steps 2 and 3: the generator's first numbers and the tokens they draw; many draws. */
static void walk_chance(const struct reading *r, const struct samples *s, uint64_t seed)
{
    const int V = r->model.config.V;
    const struct compared *yours = &s->with[YOURS];
    char *setting = setting_text(&yours->how);
    heading("2. Chance", "seed %llu; drawn with yours: %s", (unsigned long long)seed,
            setting);
    free(setting);
    for (int i = 0; i < FIRST; i++)
        printf("  %016llx   u = %.4f   %s\n", (unsigned long long)s->number[i], s->u[i],
               token_text(&r->vocabulary, s->drawn[i]));
    heading("3. Many draws", "%d of them", DRAWS);
    printf("  %-12s %9s %6s\n", "", "expected", "drawn");
    double others = 0;
    int others_seen = 0;
    for (int i = 0; i < V; i++) {
        const int id = s->order[i];
        const double expected = (double)yours->p[id] * DRAWS;
        if (i < SHOWN) {
            printf("  %s %9.1f %6d%s%s", token_field(&r->vocabulary, id, 12), expected,
                   s->seen[id], s->seen[id] >= 25 ? "  " : "", ink(INK_SCORE));
            for (int k = 0; k < s->seen[id] / 25; k++)
                fputs("█", stdout);
            printf("%s\n", ink(INK_PLAIN));
        } else {
            others += expected;
            others_seen += s->seen[id];
        }
    }
    if (V > SHOWN)
        printf("  %-12s %9.1f %6d\n", "all others", others, others_seen);
    if (s->classes > 1)
        printf("  chi-squared %.1f; with %d kinds of tokens, chance gives about %d\n",
               s->chi_squared, s->classes, s->classes - 1);
}

/* Prints text in lines of up to 78 columns, the first `bold` bytes in bold. */
static void print_text(const unsigned char *s, size_t n, size_t bold)
{
    int column = printf("  ");
    for (size_t i = 0; i < n;) {
        size_t spaces = 0, size = 0;
        while (i + spaces < n && (s[i + spaces] == ' ' || s[i + spaces] == '\n'))
            spaces++;
        while (i + spaces + size < n && s[i + spaces + size] != ' ' &&
               s[i + spaces + size] != '\n')
            size++;
        const char *word = brief(visible(s + i + spaces, size));
        const int width = text_width(word);
        if (column + (spaces > 0) + width > 78 && column > 2) {
            printf("\n  ");
            column = 2;
        } else if (spaces && i)
            column += printf(" ");
        printf("%s%s%s", i < bold ? ink(INK_BOLD) : "",
               field(word, width < 76 ? width : 76, false), ink(INK_PLAIN));
        column += width < 76 ? width : 76;
        i += spaces + size;
    }
    printf("\n");
}

/* A text, and why it ends. */
static void walk_text(const struct reading *r, const struct text *t)
{
    const struct vocabulary *v = &r->vocabulary;
    struct bytes all = {grab(1, 1), 0};
    size_t capacity = 1, prompt = 0;
    char *setting = setting_text(&t->how);
    printf("  %s%s", ink(INK_SCORE), setting);
    if (t->how.temperature > 0)
        printf(", seed %llu", (unsigned long long)t->seed);
    printf("%s\n", ink(INK_PLAIN));
    free(setting);
    for (int i = 0; i < t->T + t->count; i++) {
        if (v->size && t->ids[i] == v->end_of_text)
            continue;
        const char *id = brief(format_text("%s%d", i ? " " : "", t->ids[i]));
        const unsigned char *from = (const unsigned char *)id;
        size_t n = strlen(id);
        if (t->ids[i] < v->size) {
            from = v->text + v->start[t->ids[i]];
            n = v->start[t->ids[i] + 1] - v->start[t->ids[i]];
        }
        all.data = grow(all.data, &capacity, all.size + n + 1, 1);
        memcpy(all.data + all.size, from, n);
        all.size += n;
        if (i < t->T)
            prompt = all.size;
    }
    print_text(all.data, all.size, prompt);
    free(all.data);
    if (t->why == TEXT_ENDED)
        printf("    (The model ends the text here.)\n");
    else if (t->why == ROOM_ENDED)
        printf("    (The model has room for %d tokens, and it is full.)\n",
               r->model.config.positions);
    else if (t->short_of_time)
        printf("    (More would take a while: ask for it with --next.)\n");
    fflush(stdout);
}

static void figure_settings(const char *folder, const struct reading *r,
                            const struct samples *s)
{
    const int V = r->model.config.V, shown = V < SHOWN ? V : SHOWN;
    FILE *f = figure_open(folder, "tokens");
    for (int t = 0; t < r->prompt.count; t++)
        figure_row(f, "%s", r->prompt.labels[t]);
    /* a line for each token, a column for each setting */
    f = figure_next(f, folder, "settings");
    for (int i = 0; i <= shown; i++) {
        figure_row(f, "%.3f +", i < shown ? (double)s->logits[s->order[i]] : 0.0);
        for (int c = 0; c < SETTINGS; c++) {
            double p = 0;
            for (int k = i; k < (i < shown ? i + 1 : V); k++)
                p += (double)s->with[c].p[s->order[k]];
            figure_row(f, "%.5f +", p > 0 ? fmax(p, 1e-5) : 0);
        }
        if (i < shown)
            figure_row(f, "%s", token_text(&r->vocabulary, s->order[i]));
        else
            figure_row(f, "%s", "all others");
    }
    f = figure_next(f, folder, "left");
    for (int c = 0; c < SETTINGS; c++) {
        char *setting = setting_text(&s->with[c].how);
        figure_row(f, "%d %.2f %s %s", s->with[c].left, s->with[c].as_many,
                   s->with[c].name, setting);
        free(setting);
    }
    f = figure_next(f, folder, "temperature"); /* a line for each temperature */
    float *p = grab((size_t)V, sizeof *p);
    for (int i = 2; i <= 60; i++) {
        const struct sampling how = {
            .temperature = (float)i / 20, .top_p = 1, .penalty = 1};
        double others = 1;
        probabilities(V, p, s->logits, &how);
        figure_row(f, "%.2f +", how.temperature);
        for (int k = 0; k < 5 && k < V; k++) {
            figure_row(f, "%.4f +", p[s->order[k]]);
            others -= (double)p[s->order[k]];
        }
        figure_row(f, "%.4f", fmax(others, 0));
    }
    free(p);
    f = figure_next(f, folder, "sum"); /* the likeliest first, and their sum so far */
    double sum = 0;
    for (int i = 0; i < V && i < 40; i++) {
        sum += (double)s->with[0].p[s->order[i]];
        figure_row(f, "%.5f %.5f %s", s->with[0].p[s->order[i]], sum,
                   token_text(&r->vocabulary, s->order[i]));
    }
    figure_close(f);
}

/* The four tokens that the chapter works out by hand, as stretches under each setting. */
static void figure_by_hand(const char *folder)
{
    static const char *const names[] = {"robot", "must", "obey", "rest"};
    static const struct {
        const char *name;
        struct sampling how;
    } all[] = {
        {"as is", {1, 0, 1, 1}},         {"temperature 1/2", {0.5f, 0, 1, 1}},
        {"temperature 2", {2, 0, 1, 1}}, {"top-k 2", {1, 2, 1, 1}},
        {"top-k 3", {1, 3, 1, 1}},       {"top-p 0.7", {1, 0, 0.7f, 1}},
        {"top-p 0.8", {1, 0, 0.8f, 1}},  {"greedy", {0, 0, 1, 1}},
    };
    const float logits[] = {logf(8), logf(4), logf(2), logf(2)};
    FILE *f = figure_open(folder, "by_hand");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        float p[4];
        double start = 0;
        probabilities(4, p, logits, &all[i].how);
        for (int v = 0; v < 4; v++) {
            figure_row(f, "%zu %d %.5f %.5f %s %s", i, v, start, p[v], names[v],
                       all[i].name);
            start += (double)p[v];
        }
    }
    figure_close(f);
}

static void figure_chance(const char *folder, const struct reading *r,
                          const struct samples *s, uint64_t seed)
{
    const int V = r->model.config.V;
    FILE *f = figure_open(folder, "bits"); /* bits of the first numbers, of two seeds */
    for (int which = 0; which < 2; which++) {
        uint64_t state = seed + (uint64_t)which;
        for (int i = 0; i < FIRST; i++) {
            const uint64_t number = next_number(&state);
            for (int bit = 0; bit < 64; bit++)
                fprintf(f, "%d%s", (int)(number >> (63 - bit) & 1),
                        bit < 63 ? "\t" : "\n");
        }
    }
    /* in the order of the ids, as draw has them */
    f = figure_next(f, folder, "stretches");
    double start = 0;
    for (int v = 0; v < V; v++)
        if (s->with[YOURS].p[v] > 0) {
            figure_row(f, "%.5f %.5f %s", start, s->with[YOURS].p[v],
                       token_text(&r->vocabulary, v));
            start += (double)s->with[YOURS].p[v];
        }
    f = figure_next(f, folder, "drawn");
    for (int i = 0; i < FIRST; i++)
        figure_row(f, "%.5f %s", s->u[i], token_text(&r->vocabulary, s->drawn[i]));
    f = figure_next(f, folder, "draws"); /* expected and seen; the likeliest first */
    double others = 0;
    int others_seen = 0, n = 0;
    for (int i = 0; i < V; i++) {
        const int id = s->order[i];
        const double expected = (double)s->with[YOURS].p[id] * DRAWS;
        if (expected >= 5 && n < 14) {
            figure_row(f, "%.2f %d %s", expected, s->seen[id],
                       token_text(&r->vocabulary, id));
            n++;
        } else {
            others += expected;
            others_seen += s->seen[id];
        }
    }
    if (others > 0) {
        figure_row(f, "%.2f +", others);
        fprintf(f, "%d\tall others\n", others_seen);
    }
    figure_row(f, "%.2f %d %s", s->chi_squared, s->classes, "");
    figure_close(f);
}

static void figure_texts(const char *folder, const struct reading *r,
                         const struct samples *s)
{
    FILE *f = figure_open(folder, "texts"); /* which text, position, p, rank, nucleus */
    FILE *names = figure_open(folder, "names");
    for (int n = 0; n < TEXTS; n++) {
        const struct text *t = &s->texts[n];
        char *setting = setting_text(&t->how);
        if (t->T == 0)
            fprintf(names, "0\t0\t\n");
        else if (t->how.temperature > 0)
            fprintf(names, "%d\t%d\t%s, seed %llu\n", t->T, t->count, setting,
                    (unsigned long long)t->seed);
        else
            fprintf(names, "%d\t%d\t%s\n", t->T, t->count, setting);
        free(setting);
        for (int i = 0; i < t->count; i++)
            figure_row(f, "%d %d %.5f %d %d %s", n, i, t->p[i], t->rank[i], t->nucleus[i],
                       token_text(&r->vocabulary, t->ids[t->T + i]));
    }
    figure_close(f);
    figure_close(names);
}

static void write_dump(const char *path, const struct samples *s)
{
    struct dump d = dump_open(path);
    dump_tensors(&d, &s->list, NULL);
    for (int n = 0; n < TEXTS; n++) {
        const struct text *t = &s->texts[n];
        const char *name = brief(format_text("text.%d", n));
        if (t->T)
            dump_add(&d, name, "I32", 1, (const int[]){t->count}, t->ids + t->T);
    }
    dump_close(&d);
}

/* What the model says after the prompt, and all the ways to choose from it. */
static struct samples read_samples(const struct reading *r, const struct sampling *yours,
                                   uint64_t seed)
{
    const struct config *config = &r->model.config;
    const int V = config->V, T = r->prompt.count;
    const struct sampling plain = {1, 0, 1, 1}, cold = {0.5f, 0, 1, 1},
                          hot = {2, 0, 1, 1}, five = {1, 5, 1, 1}, most = {1, 0, 0.9f, 1};
    struct samples s = {.order = grab((size_t)V, sizeof(int)),
                        .seen = grab((size_t)V, sizeof(int))};
    struct candidate *all = grab((size_t)V, sizeof *all);
    struct stack stack = new_stack(T, config);
    s.logits = new_tensor(&s.list, "next.logits", SHAPE(V));
    run_stack(T, config, &stack, r->prompt.ids, &r->model.weights);
    const float(*logits)[V] = stack.logits;
    memcpy(s.logits, logits[T - 1], sizeof logits[T - 1]);
    free_stack(&stack);
    need_numbers(V, s.logits, T - 1);
    if (yours->penalty > 1)
        fade_repeats(V, s.logits, T, r->prompt.ids, yours->penalty);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){s.logits[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    for (int v = 0; v < V; v++)
        s.order[v] = all[v].id;
    free(all);
    compare(&s, 0, "as is", plain, V);
    compare(&s, 1, "temp 0.5", cold, V);
    compare(&s, 2, "temp 2", hot, V);
    compare(&s, 3, "top-k 5", five, V);
    compare(&s, 4, "top-p .9", most, V);
    compare(&s, YOURS, "yours", *yours, V);
    count_draws(&s, V, seed);
    return s;
}

static void free_samples(struct samples *s)
{
    for (int n = 0; n < TEXTS; n++) {
        free(s->texts[n].ids);
        free(s->texts[n].p);
        free(s->texts[n].rank);
        free(s->texts[n].nucleus);
    }
    free_tensors(&s->list);
    free(s->order);
    free(s->seen);
}

/* Steps 4 and 5: texts after the prompt, and from nothing. */
static void write_texts(const struct reading *r, struct samples *s,
                        const struct sampling *yours, uint64_t seed, long next)
{
    enum { SHORT = 20, LONG = 36 };
    const double budget = next < 0 ? 9e8 : INFINITY;
    struct sampling greedy = *yours, hot = *yours;
    greedy.temperature = 0;
    hot.temperature = 2;
    hot.top_k = 0;
    hot.top_p = 1;
    heading("4. Continuing", "after the prompt");
    const bool chance = yours->temperature > 0; /* else all are the same */
    for (int n = 0; n < (chance ? 4 : 1); n++) {
        s->texts[n] = write_text(r, r->prompt.count, r->prompt.ids, n ? yours : &greedy,
                                 seed + (uint64_t)(n ? n - 1 : 0),
                                 next < 0 ? SHORT : (int)next, budget);
        walk_text(r, &s->texts[n]);
    }
    const int end = r->vocabulary.size ? r->vocabulary.end_of_text : -1;
    if (end < 0)
        return;
    heading("5. Rambling", "from " END_OF_TEXT " alone");
    for (int n = 4; n < (chance ? TEXTS : 5); n++) {
        const struct sampling *how = n == 4 ? &greedy : n == 5 ? yours : &hot;
        s->texts[n] =
            write_text(r, 1, &end, how, seed, next < 0 ? LONG : (int)next, budget);
        walk_text(r, &s->texts[n]);
    }
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must"};
    double temperature = 1, top_p = 1, penalty = 1;
    long top_k = 40, seed = 1, next = -1;
    bool greedy = false;
    const struct option own[] = {
        {"--temperature", "X", OPTION_REAL, &temperature, 0, 100,
         "below 1 careful, above 1 wild; 0: greedy (1)"},
        {"--top-k", "N", OPTION_INTEGER, &top_k, 0, 1e9,
         "choose among the N likeliest; 0: all (40)"},
        {"--top-p", "X", OPTION_REAL, &top_p, 0, 1,
         "choose among the likeliest that have X together (1)"},
        {"--penalty", "X", OPTION_REAL, &penalty, 1, 100,
         "make tokens already in the text less likely (1)"},
        {"--seed", "N", OPTION_INTEGER, &seed, 0, 9e15, "seed of the random numbers (1)"},
        {"--greedy", NULL, OPTION_INTEGER, &greedy, 0, 0, "always the likeliest token"},
        {"--next", "N", OPTION_INTEGER, &next, 0, 100000,
         "how many tokens to write (20, rambling 36)"},
    };
    parse_options(argc, argv, "usage: 10_sampling [options]", &o, own,
                  sizeof own / sizeof *own);
    const struct sampling yours = {greedy ? 0 : (float)temperature, (int)top_k,
                                   (float)top_p, (float)penalty};
    struct reading r = open_reading(&o);
    struct samples s = read_samples(&r, &yours, (uint64_t)seed);
    walk_settings(&r, &s);
    walk_chance(&r, &s, (uint64_t)seed);
    fflush(stdout);
    write_texts(&r, &s, &yours, (uint64_t)seed, next);
    if (o.figures) {
        figure_settings(o.figures, &r, &s);
        figure_by_hand(o.figures);
        figure_chance(o.figures, &r, &s, (uint64_t)seed);
        figure_texts(o.figures, &r, &s);
    }
    write_dump(o.dump, &s);
    free_samples(&s);
    close_reading(&r);
    finish_output();
    return 0;
}
