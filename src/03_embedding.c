/* 03_embedding.c: the chapter's program: the prompt's rows, and what the two tables have
 * learned. Chapter 3 of the book: chapters/03_embedding.md */
#include "03_embedding.h"

enum { NEAR = 5, MOST_WORDS = 12, SHOWN = 24, SAMPLES = 32, MAPPED = 1500, ENDS = 4 };

/* What the walk is about. */
struct lesson {
    struct reading reading;
    int T, C;
    struct tensors rows;          /* the list that holds these three: */
    void *token, *position, *sum; /* [T, C] each: row of wte, row of wpe, both together */
    int words, word[MOST_WORDS];  /* tokens whose neighbours are shown */
    int neighbours; /* how many of each: NEAR, or fewer in a tiny vocabulary */
    int near[MOST_WORDS][NEAR];
    float chance; /* the cosine that the nearest of as many random rows has */
    int mapped;   /* how many tokens are on the map */
    struct tensors directions;     /* the list that holds what follows: */
    void *map;                     /* [mapped, 2]: where they lie along the two widest */
    float *share, *mean, *axis[2]; /* [2], [C], [C] */
};

/* A token whose neighbours are to be shown, unless it is there already. */
static void add_word(struct lesson *l, int id)
{
    for (int w = 0; w < l->words; w++)
        if (l->word[w] == id)
            return;
    if (l->words < MOST_WORDS)
        l->word[l->words++] = id;
}

/* The words that --near names, half of the list at most, and then those of the prompt. */
static void choose_words(struct lesson *l, const char *words)
{
    struct ids ids = {0};
    if (l->reading.vocabulary.size)
        encode(&l->reading.vocabulary, (const unsigned char *)words, strlen(words), &ids);
    for (size_t i = 0; i < ids.count; i++)
        if (ids.id[i] < l->reading.model.config.V && l->words < MOST_WORDS / 2)
            add_word(l, ids.id[i]);
    free(ids.id);
    for (int t = 0; t < l->T; t++)
        add_word(l, l->reading.prompt.ids[t]);
}

/* How near is near by chance? The cosine of a random row, C numbers long, with the nearest of V
 * others. (The mean for four such rows. The generator is Knuth's.) */
static float chance_cosine(int V, int C)
{
    enum { ROWS = 4 };
    float(*row)[C] = grab((size_t)ROWS * (size_t)C, sizeof(float));
    float *other = grab((size_t)C, sizeof *other), most[ROWS] = {0}, sum = 0;
    uint64_t state = 1;
    for (int i = -ROWS; i < V; i++) {
        float *drawn = i < 0 ? row[i + ROWS] : other;
        for (int c = 0; c < C; c++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            drawn[c] = (float)(state >> 40) / (1 << 23) - 1; /* from -1 to 1 */
        }
        for (int r = 0; r < ROWS && i >= 0; r++) {
            const float c = cosine(C, row[r], other);
            most[r] = i == 0 || c > most[r] ? c : most[r];
        }
    }
    for (int r = 0; r < ROWS; r++)
        sum += most[r];
    free(row);
    free(other);
    return sum / ROWS;
}

static struct lesson prepare(const struct options *o, const char *words)
{
    struct lesson l = {.reading = open_reading(o)};
    const struct prompt *p = &l.reading.prompt;
    const int V = l.reading.model.config.V, T = l.T = p->count,
              C = l.C = l.reading.model.config.C;
    const float(*wte)[C] = l.reading.model.weights.wte,
          (*wpe)[C] = l.reading.model.weights.wpe;
    float(*token)[C] = l.token = new_tensor(&l.rows, "embedding.token", SHAPE(T, C));
    float(*position)[C] = l.position =
        new_tensor(&l.rows, "embedding.position", SHAPE(T, C));
    l.sum = new_tensor(&l.rows, "embedding", SHAPE(T, C));
    for (int t = 0; t < T; t++) {
        memcpy(token[t], wte[p->ids[t]], sizeof token[t]);
        memcpy(position[t], wpe[t], sizeof position[t]);
    }
    embed(T, C, l.sum, p->ids, wte, wpe);
    choose_words(&l, words);
    l.neighbours = V - 1 < NEAR ? V - 1 : NEAR;
    for (int w = 0; w < l.words && l.neighbours > 0; w++)
        nearest(V, C, l.neighbours, l.near[w], wte, l.word[w]);
    l.chance = chance_cosine(V - 1, C);
    return l;
}

static void walk_neighbours(const struct lesson *l)
{
    const int C = l->C;
    const float(*wte)[C] = l->reading.model.weights.wte;
    heading("6. Neighbours", "the rows of wte that point most like a token's own");
    for (int w = 0; w < l->words && l->neighbours > 0; w++) {
        const float *own = wte[l->word[w]];
        printf("  %s%s%s", ink(INK_TOKEN),
               token_field(&l->reading.vocabulary, l->word[w], 8), ink(INK_PLAIN));
        for (int k = 0; k < l->neighbours && row_length(C, own) > 0; k++) {
            const char *name = brief(token_label(&l->reading.vocabulary, l->near[w][k]));
            char number[8];
            const int digits = snprintf(number, sizeof number, "%.2f",
                                        (double)cosine(C, own, wte[l->near[w][k]]));
            printf(" %s %s", field(name, 12 - digits, true), number);
        }
        puts(row_length(C, own) > 0 ? "" : " a row of zeros: it points nowhere");
    }
    if (l->neighbours > 0)
        printf("  by chance, the nearest of as many rows has %.2f\n", (double)l->chance);
    else
        printf("  the vocabulary has no other token\n");
}

/* The direction along which the rows x [n, C], whose mean is 0, spread most, by the power method:
 * each round every row adds itself, times how far it lies along the direction so far. What
 * lies along `other` (or NULL) is taken out. → axis [C], of length 1 */
static void widest(int n, int C, float axis[restrict C], const float x[n][C],
                   const float *other)
{
    enum { ROUNDS = 100 };
    float *next = grab((size_t)C, sizeof *next);
    for (int c = 0; c < C; c++)
        axis[c] = (float)((c * 7919 + 13) % 101) - 50;
    for (int round = 0; round <= ROUNDS; round++) {
        float along = 0;
        for (int c = 0; c < C && other; c++)
            along += axis[c] * other[c];
        for (int c = 0; c < C && other; c++)
            axis[c] -= along * other[c];
        const float length = (float)row_length(C, axis);
        for (int c = 0; c < C; c++)
            axis[c] = length > 0 ? axis[c] / length : 0;
        if (round == ROUNDS)
            break;
        memset(next, 0, (size_t)C * sizeof *next);
        for (int i = 0; i < n; i++) {
            float dot = 0;
            for (int c = 0; c < C; c++)
                dot += x[i][c] * axis[c];
            for (int c = 0; c < C; c++)
                next[c] += dot * x[i][c];
        }
        memcpy(axis, next, (size_t)C * sizeof *next);
    }
    free(next);
}

/* The token in row i of the map: all of them, or of a large vocabulary some, evenly spread. */
static int mapped_token(const struct lesson *l, int i)
{
    return (int)((long)i * l->reading.model.config.V / l->mapped);
}

/* Where a row lies along one of the two directions. */
static float on_map(const struct lesson *l, const float *row, int direction)
{
    float at = 0;
    for (int c = 0; c < l->C; c++)
        at += (row[c] - l->mean[c]) * l->axis[direction][c];
    return at;
}

/* The two directions along which the tokens' rows spread most, and where each row lies. */
static void make_map(struct lesson *l)
{
    const int C = l->C, V = l->reading.model.config.V;
    const float(*wte)[C] = l->reading.model.weights.wte;
    const int n = l->mapped = V < MAPPED ? V : MAPPED;
    float(*x)[C] = grab((size_t)n, sizeof *x);
    float(*map)[2] = l->map = new_tensor(&l->directions, "map", SHAPE(n, 2));
    l->share = new_tensor(&l->directions, "map.share", SHAPE(2));
    l->mean = new_tensor(&l->directions, NULL, SHAPE(C));
    for (int i = 0; i < n; i++)
        for (int c = 0; c < C; c++)
            l->mean[c] += wte[mapped_token(l, i)][c] / (float)n;
    double all = 0;
    for (int i = 0; i < n; i++)
        for (int c = 0; c < C; c++) {
            x[i][c] = wte[mapped_token(l, i)][c] - l->mean[c];
            all += (double)(x[i][c] * x[i][c]);
        }
    for (int a = 0; a < 2; a++) {
        l->axis[a] = new_tensor(&l->directions, NULL, SHAPE(C));
        if (a < C)
            widest(n, C, l->axis[a], x, a ? l->axis[0] : NULL);
        double along = 0;
        for (int i = 0; i < n; i++) {
            map[i][a] = on_map(l, wte[mapped_token(l, i)], a);
            along += (double)(map[i][a] * map[i][a]);
        }
        l->share[a] = all > 0 ? (float)(along / all) : 0;
    }
    free(x);
}

static void walk_rows(const struct lesson *l)
{
    const struct prompt *p = &l->reading.prompt;
    const struct config *config = &l->reading.model.config;
    heading("1. Ids", "T = %d token%s; the model sees only their numbers", p->count,
            p->count == 1 ? "" : "s");
    int column = 0;
    for (int t = 0; t < p->count; t++) {
        const char *entry = brief(format_text("  %s %d", p->labels[t], p->ids[t]));
        if (column && column + text_width(entry) > 78)
            column = 0 * putchar('\n');
        fputs(entry, stdout);
        column += text_width(entry);
    }
    putchar('\n');
    heading("2. Token rows", "row `id` of wte [%d, %d]: what the token is", config->V,
            config->C);
    print_matrix("token", l->T, l->C, l->token, p->labels, NULL);
    heading("3. Position rows", "row t of wpe [%d, %d]: where the token is",
            config->positions, config->C);
    char **places = grab((size_t)l->T, sizeof *places);
    for (int t = 0; t < l->T; t++)
        places[t] = format_text("position %d", t);
    print_matrix("position", l->T, l->C, l->position, places, NULL);
    for (int t = 0; t < l->T; t++)
        free(places[t]);
    free(places);
    heading("4. Their sum", "x, what enters the first block");
    print_matrix("x", l->T, l->C, l->sum, p->labels, NULL);
}

/* Says how long the rows of a table are: of wte, or of wpe. */
static void tell_lengths(const struct lesson *l, bool tokens)
{
    const struct config *config = &l->reading.model.config;
    const int rows = tokens ? config->V : config->positions, C = l->C;
    const float(*table)[C] =
        tokens ? l->reading.model.weights.wte : l->reading.model.weights.wpe;
    double sum = 0;
    int shortest = 0, longest = 0;
    double least = INFINITY, most = -1;
    for (int i = 0; i < rows; i++) {
        const double length = row_length(C, table[i]);
        sum += length;
        if (length < least) {
            least = length;
            shortest = i;
        }
        if (length > most) {
            most = length;
            longest = i;
        }
    }
    char *names[2];
    for (int i = 0; i < 2; i++)
        names[i] = tokens ? token_label(&l->reading.vocabulary, i ? longest : shortest)
                          : format_text("position %d", i ? longest : shortest);
    printf("  %s %5d %-5s mean %.2f  shortest %.2f %s  longest %.2f %s\n",
           tokens ? "wte" : "wpe", rows, rows == 1 ? "row" : "rows", sum / rows, least,
           field(names[0], 11, false), most, shortened(names[1], 11));
    free(names[0]);
    free(names[1]);
}

static void walk_lengths(const struct lesson *l)
{
    const struct config *config = &l->reading.model.config;
    const struct weights *w = &l->reading.model.weights;
    const int T = l->T, C = l->C;
    const float(*sum)[C] = l->sum, (*wte)[C] = w->wte;
    heading("5. How long the rows are", "the longer one weighs more in the sum");
    tell_lengths(l, true);
    tell_lengths(l, false);
    const int looked_at = T < 8 ? T : 8;
    int own = 0;
    for (int t = 0; t < looked_at; t++) {
        float most = 0; /* a row of zeros is like no other */
        int best = -1;
        for (int id = 0; id < config->V; id++) {
            const float c = cosine(C, sum[t], wte[id]);
            if (c > most) {
                most = c;
                best = id;
            }
        }
        own += best == l->reading.prompt.ids[t];
    }
    printf("  of the first %d row%s of x, %d point%s most like the row of %s own token\n",
           looked_at, looked_at == 1 ? "" : "s", own, own == 1 ? "s" : "",
           own == 1 ? "its" : "their");
}

/* Positions to look at: 0, 1, 2, 4, 8, … or, for a figure, evenly spread. Returns how many. */
static int some_places(int positions, bool spread, int place[SAMPLES])
{
    int count = 0;
    if (spread)
        for (; count < positions && count < SAMPLES; count++)
            place[count] =
                positions <= SAMPLES ? count : (int)((long)count * positions / SAMPLES);
    else
        for (int p = 0; p < positions && count < 8; p = p ? 2 * p : 1)
            place[count++] = p;
    return count;
}

static void walk_places(const struct lesson *l)
{
    const int C = l->C;
    const float(*wpe)[C] = l->reading.model.weights.wpe;
    int place[SAMPLES], n = some_places(l->reading.model.config.positions, false, place);
    float(*alike)[n] = grab((size_t)n * (size_t)n, sizeof(float));
    char *labels[SAMPLES] = {0};
    for (int i = 0; i < n; i++) {
        labels[i] = format_text("%d", place[i]);
        for (int j = 0; j < n; j++)
            alike[i][j] = cosine(C, wpe[place[i]], wpe[place[j]]);
    }
    heading("7. Positions", "how nearly the rows of wpe point the same way");
    print_matrix("cosine", n, n, alike, labels, labels);
    for (int i = 0; i < n; i++)
        free(labels[i]);
    free(alike);
}

/* The tokens at one end of a direction of the map, sign -1 or 1, the farthest first. Returns how
 * many. */
static int map_end(const struct lesson *l, int direction, float sign, int found[ENDS])
{
    const float(*map)[2] = l->map;
    const int count = l->mapped < ENDS ? l->mapped : ENDS;
    float *far = grab((size_t)l->mapped, sizeof *far);
    for (int i = 0; i < l->mapped; i++)
        far[i] = sign * map[i][direction];
    find_largest(l->mapped, count, found, far);
    free(far);
    return count;
}

static void walk_map(const struct lesson *l)
{
    heading("8. Two directions", "of %d: those along which the rows of wte spread most",
            l->C);
    if (!(l->share[0] > 0)) {
        printf("  none: all rows of wte are the same\n");
        return;
    }
    printf("  share    one end of it                     the other\n");
    for (int a = 0; a < 2 && a < l->C; a++) {
        printf("  %4.1f %% ", 100 * (double)l->share[a]);
        for (int end = 0; end < 2; end++) {
            int found[ENDS], count = map_end(l, a, end ? 1 : -1, found);
            printf("%s", end ? "  " : "");
            for (int i = 0; i < count; i++) {
                const char *name =
                    brief(token_label(&l->reading.vocabulary, mapped_token(l, found[i])));
                printf(" ");
                const bool last = end && i + 1 == count && text_width(name) < 7;
                fputs(field(name, last ? text_width(name) : 7, false), stdout);
            }
        }
        putchar('\n');
    }
    printf("  (if all directions counted the same, each would have %.1f %%)\n",
           100.0 / l->C);
}

/* ---- Data for the figures ---------------------------------------------------------- */

/* The prompt's three rows per token: position, column, the three numbers; and the labels. */
static void figure_rows(const struct lesson *l, const char *folder)
{
    const int C = l->C, columns = C < SHOWN ? C : SHOWN;
    const float(*token)[C] = l->token, (*position)[C] = l->position, (*sum)[C] = l->sum;
    FILE *f = figure_open(folder, "tokens");
    for (int t = 0; t < l->T; t++)
        figure_row(f, "%d %d %s", t, l->reading.prompt.ids[t],
                   l->reading.prompt.labels[t]);
    f = figure_next(f, folder, "rows");
    for (int t = 0; t < l->T; t++)
        for (int c = 0; c < columns; c++)
            figure_row(f, "%d %d %.4f %.4f %.4f", t, c, token[t][c], position[t][c],
                       sum[t][c]);
    f = figure_next(f, folder, "shape");
    figure_row(f, "%d %d %d %d %.4f", l->T, C, l->reading.model.config.V,
               l->reading.model.config.positions, l->chance);
    figure_close(f);
}

/* Around one row of wte: the rows before and after it, so that it is seen to be one of many. */
static void figure_lookup(const struct lesson *l, const char *folder)
{
    const int C = l->C, V = l->reading.model.config.V, columns = C < SHOWN ? C : SHOWN;
    const int t = l->T > 1 ? 1 : 0, id = l->reading.prompt.ids[t];
    const float(*wte)[C] = l->reading.model.weights.wte;
    FILE *f = figure_open(folder, "lookup");
    for (int row = id - 3; row <= id + 3; row++)
        for (int c = 0; row >= 0 && row < V && c < columns; c++)
            figure_row(f, "%d %d %d %.4f %s", row, row - id, c, wte[row][c],
                       token_text(&l->reading.vocabulary, row));
    figure_close(f);
}

/* What kind of token: one byte; the beginning of a word, with its space; or any other part. */
static const char *kind_of_token(const struct reading *r, int id)
{
    const struct vocabulary *v = &r->vocabulary;
    if (id >= v->size)
        return "part";
    const size_t from = v->start[id];
    return v->start[id + 1] - from == 1 ? "byte" : v->text[from] == ' ' ? "word" : "part";
}

/* How long the rows are: token, its kind, the length; and position, length. */
static void figure_lengths(const struct lesson *l, const char *folder)
{
    const int C = l->C, positions = l->reading.model.config.positions;
    const float(*wte)[C] = l->reading.model.weights.wte,
          (*wpe)[C] = l->reading.model.weights.wpe;
    FILE *f = figure_open(folder, "lengths");
    for (int i = 0; i < l->mapped; i++) {
        const int id = mapped_token(l, i);
        figure_row(f, "%d %s %.4f", id, kind_of_token(&l->reading, id),
                   row_length(C, wte[id]));
    }
    f = figure_next(f, folder, "lengths_places");
    for (int p = 0; p < positions; p++)
        figure_row(f, "%d %.4f", p, row_length(C, wpe[p]));
    figure_close(f);
}

static void figure_neighbours(const struct lesson *l, const char *folder)
{
    const int C = l->C;
    const float(*wte)[C] = l->reading.model.weights.wte;
    FILE *f = figure_open(folder, "neighbours");
    for (int w = 0; w < l->words; w++)
        for (int k = 0; k < l->neighbours; k++) {
            const int word = l->word[w], near = l->near[w][k];
            figure_row(f, "%d %d %.4f %s %s", w, k, cosine(C, wte[word], wte[near]),
                       token_text(&l->reading.vocabulary, word),
                       token_text(&l->reading.vocabulary, near));
        }
    figure_close(f);
    /* Six words, each with its three nearest: all pairs. */
    int kin[24], count = 0;
    for (int w = 0; w < l->words && w < 6; w++)
        for (int k = -1; k < 3 && k < l->neighbours; k++)
            kin[count++] = k < 0 ? l->word[w] : l->near[w][k];
    f = figure_open(folder, "kin");
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            figure_row(f, "%d %d %.4f %s", i, j, cosine(C, wte[kin[i]], wte[kin[j]]),
                       token_text(&l->reading.vocabulary, kin[i]));
    figure_close(f);
}

static void figure_places(const struct lesson *l, const char *folder)
{
    const int C = l->C, positions = l->reading.model.config.positions;
    const float(*wpe)[C] = l->reading.model.weights.wpe;
    int place[SAMPLES], n = some_places(positions, true, place);
    FILE *f = figure_open(folder, "places");
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            figure_row(f, "%d %d %d %d %.4f", i, j, place[i], place[j],
                       cosine(C, wpe[place[i]], wpe[place[j]]));
    f = figure_next(f, folder, "table");
    for (int i = 0; i < n; i++)
        for (int c = 0; c < C && c < 48; c++)
            figure_row(f, "%d %d %d %.4f", i, c, place[i], wpe[place[i]][c]);
    /* The mean over all pairs of positions this far apart, the least and the most. */
    f = figure_next(f, folder, "distance");
    const int step = positions > 128 ? positions / 128 : 1;
    for (int d = 0; d < positions; d += step) {
        double sum = 0, least = 1, most = -1;
        int pairs = 0;
        for (int p = 0; p + d < positions; p += step, pairs++) {
            double c = (double)cosine(C, wpe[p], wpe[p + d]);
            sum += c;
            least = fmin(least, c);
            most = fmax(most, c);
        }
        figure_row(f, "%d %.4f %.4f %.4f", d, sum / pairs, least, most);
    }
    figure_close(f);
}

/* A map of the tokens: group (-1: none), kind of token, where it lies, its name. */
static void figure_map(const struct lesson *l, const char *folder)
{
    const int C = l->C, each = l->neighbours + 1;
    const float(*wte)[C] = l->reading.model.weights.wte;
    FILE *f = figure_open(folder, "map");
    for (int i = -l->words * each; i < l->mapped; i++) {
        const int at = i + l->words * each; /* a word, then its neighbours; then all */
        const int group = i < 0 ? at / each : -1;
        const int id = i >= 0      ? mapped_token(l, i)
                       : at % each ? l->near[group][at % each - 1]
                                   : l->word[group];
        figure_row(f, "%d %s %.3f %.3f %s", group, kind_of_token(&l->reading, id),
                   on_map(l, wte[id], 0), on_map(l, wte[id], 1),
                   token_text(&l->reading.vocabulary, id));
    }
    figure_close(f);
}

static const char usage[] = "usage: 03_embedding [options]    ids become rows of numbers";

/* Everything the chapter computes, for other programs. */
static void dump_all(const struct lesson *l, const char *path)
{
    const int C = l->C, near[] = {l->words, l->neighbours};
    const float(*wte)[C] = l->reading.model.weights.wte,
          (*wpe)[C] = l->reading.model.weights.wpe;
    float likeness[MOST_WORDS * NEAR], alike[SAMPLES * SAMPLES];
    int found[MOST_WORDS * NEAR], n = 0, place[SAMPLES];
    for (int w = 0; w < l->words; w++)
        for (int k = 0; k < l->neighbours; k++, n++) {
            found[n] = l->near[w][k];
            likeness[n] = cosine(C, wte[l->word[w]], wte[l->near[w][k]]);
        }
    const int places = some_places(l->reading.model.config.positions, false, place);
    for (int i = 0; i < places * places; i++)
        alike[i] = cosine(C, wpe[place[i / places]], wpe[place[i % places]]);
    struct dump dump = dump_open(path);
    dump_add(&dump, "ids", "I32", SHAPE(l->T), l->reading.prompt.ids);
    dump_tensors(&dump, &l->rows, NULL);
    dump_add(&dump, "near.words", "I32", 1, near, l->word);
    dump_add(&dump, "near.found", "I32", 2, near, found);
    dump_add(&dump, "near.cosine", "F32", 2, near, likeness);
    dump_add(&dump, "places", "I32", SHAPE(places), place);
    dump_add(&dump, "places.cosine", "F32", SHAPE(places, places), alike);
    dump_tensors(&dump, &l->directions, NULL);
    dump_close(&dump);
}

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    const char *near = " May dog Rivet red she two";
    const struct option own[] = {
        {"--near", "TEXT", OPTION_TEXT, &near, 0, 0,
         "also show the neighbours of these tokens (\" May dog Rivet red she two\")"},
    };
    parse_options(argc, argv, usage, &o, own, sizeof own / sizeof *own);
    if (o.command)
        die("%s: unknown argument (see %s --help)", o.command, program_name);
    struct lesson l = prepare(&o, near);
    make_map(&l);
    walk_rows(&l);
    walk_lengths(&l);
    walk_neighbours(&l);
    walk_places(&l);
    walk_map(&l);
    if (o.dump)
        dump_all(&l, o.dump);
    if (o.figures) {
        figure_rows(&l, o.figures);
        figure_lookup(&l, o.figures);
        figure_lengths(&l, o.figures);
        figure_neighbours(&l, o.figures);
        figure_places(&l, o.figures);
        figure_map(&l, o.figures);
    }
    finish_output();
    free_tensors(&l.rows);
    free_tensors(&l.directions);
    close_reading(&l.reading);
    return 0;
}
