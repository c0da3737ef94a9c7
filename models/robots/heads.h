/* heads.h: which head of the model does what, measured on stories. Chapter 6 says what is measured
 * and shows what comes out; its program includes this file. The numbers in README.md beside it are
 * what  build/06_heads measure  prints. */
#ifndef HEADS_STUDY_H
#define HEADS_STUDY_H

#include "../../src/08_block.h"

/* ---- Stories --------------------------------------------------------------------------- */

/* A piece of a story that speaks of somebody or something. */
struct mark {
    int who;      /* the same number for the same one */
    bool pronoun; /* she, he, her, him, his or it; else the name itself */
    size_t start, end;
};

struct story {
    unsigned char *text;
    size_t size, capacity;
    struct mark *marks;
    size_t count, room;
    struct strings names; /* who is who */
};

static void add_text(struct story *s, const char *text, size_t n)
{
    s->text = grow(s->text, &s->capacity, s->size + n + 1, 1);
    memcpy(s->text + s->size, text, n);
    s->size += n;
}

/* Notes that the story's text from byte start to its end speaks of the one called name. */
static void mark_from(struct story *s, size_t start, const char *name, size_t name_size,
                      bool pronoun)
{
    const int who = string_number(&s->names, (const unsigned char *)name, name_size);
    s->marks = grow(s->marks, &s->room, s->count + 1, sizeof *s->marks);
    s->marks[s->count++] = (struct mark){who, pronoun, start, s->size};
}

/* Adds text that speaks of the one called name. */
static void add_mark(struct story *s, const char *name, size_t name_size, bool pronoun,
                     const char *text, size_t n)
{
    add_text(s, text, n);
    mark_from(s, s->size - n, name, name_size, pronoun);
}

/* Is this "it", with or without a space before it? */
static bool is_it(const unsigned char *text, size_t n)
{
    return n >= 2 && (text[n - 2] | 32) == 'i' && text[n - 1] == 't' &&
           (n == 2 || (n == 3 && text[0] == ' '));
}

/* If the story's text so far ends with "it": notes that it speaks of the one called name. */
static void mark_it(struct story *s, const char *name, size_t name_size)
{
    const size_t n = s->size < 3 ? s->size : 3;
    if (is_it(s->text + s->size - n, n))
        mark_from(s, s->size - n, name, name_size, true);
}

static void free_story(struct story *s)
{
    free(s->text);
    free(s->marks);
    strings_free(&s->names);
    *s = (struct story){0};
}

/* {p= Ada} is a name of the one called p, {p~ she} a pronoun for her. */
static const char *const eight_stories[] = {
    "First rule: a robot may not harm a person, a pony or a gray kettle.{p= Nora} "
    "taught it to{r= Bop} one windy June afternoon. \"Why?\" said{r= Bop}. "
    "\"Because every strange spoon has a name,\"{p~ she} laughed.{r= Bop} sang "
    "about an odd ladder and a shy duck. That night{r= Bop} dreamed of a sleeping "
    "yellow cart.",
    "\"What is the{o= fourth} rule?\" called{p= Lina} one calm May afternoon. "
    "\"The{o= fourth} rule says that a robot must never lift a heavy ladder before "
    "it hears music,\" whistled{r= Cog}. \"Oh my!\"{p~ she} whispered calmly. That "
    "night{r= Cog} dreamed of a hungry shiny kettle. Then everybody ate red plums "
    "and red soup.",
    "Late one bright January evening,{p= Omar} found{r= Slate}. \"Please paint the "
    "dusty{t= chair} under the engine,\"{p~ he} laughed.{r= Slate} painted the{t= "
    "chair} twice while{p~ he} baked. A brave bee slept beside the sink. The "
    "sleepy dog and the quiet mouse only listened.",
    "Third rule: a robot must obey the orders given it by the captain, unless it "
    "wins a game.{p= Otto} taught it to{r= Moth} one sunny August afternoon. "
    "\"Why?\" buzzed{r= Moth}. \"Because it makes the hen calm,\"{p~ he} called. "
    "\"How nice!\" shouted{p= Otto}, and{p~ he} smiled gladly.{r= Moth} felt "
    "lonely and busy.",
    "{r=Skim} had a lucky{t= bowl}, and{r2= Glint} had an old{t2= spoon}. On a fine "
    "evening in April,{r= Skim} gave{r2= Glint} the{t= bowl}, and{r2= Glint} "
    "gave{r= Skim} the{t2= spoon}. \"Wonderful!\" hummed{r2= Glint}, and{r2~ it} slid "
    "home kindly. The yard smelled of hot cheese and hot pie. It was a rainy day "
    "for a dusty flute.",
    "Late one quiet August morning,{p= Hana} was cross. \"Give me the{q= blue}{t= "
    "barrel},\"{p~ she} shouted.{r= Glint} gave{p~ her} the{q= blue}{t= barrel} "
    "gently, because{r~ it} slid faster than a friendly duck.{p= Hana} gave{r= Glint} "
    "a small flute. That night{r= Glint} dreamed of a laughing striped cart.",
    "Late one windy March afternoon,{p= Otto} called{r= Axle}. \"{r=Axle}, move the "
    "green{t= plate} beside the{f= sofa},\"{p~ he} laughed.{r= Axle} rolled to "
    "the{f= sofa} and moved the{t= plate} happily. A young pony slept behind the "
    "boiler. Then everybody ate cold cheese and cold jam.",
    "{p=Vera} was sorry because{p~ her} striped{t= drum} was out of tune. One "
    "golden August afternoon,{p~ she} brought{t~ it} to{r= Rivet}. \"It needs three "
    "things: a chain, a knob and a bolt,\" sang{r= Rivet}. Soon the{t= drum} "
    "played again.{p= Vera} painted slowly, and{r= Rivet} rolled behind the fence. "
    "Soon the funny barrel was beside the rug again."};

enum { STORIES = sizeof eight_stories / sizeof *eight_stories };

static struct story marked_story(const char *text)
{
    struct story s = {0};
    while (*text) {
        size_t n = strcspn(text, "{");
        add_text(&s, text, n);
        text += n;
        if (*text != '{')
            break;
        size_t name = strcspn(text, "=~"), end = strcspn(text, "}");
        add_mark(&s, text + 1, name - 1, text[name] == '~', text + name + 1,
                 end - name - 1);
        text += end + 1;
    }
    return s;
}

/* All questions that a story asks. of [bytes] says which token each byte is part of; only the
 * first T tokens count. → wanted [HABITS, T, T] */
static void ask(const struct story *story, const int *of, int T,
                bool wanted[restrict HABITS][T][T])
{
    memset(wanted, 0, (size_t)HABITS * sizeof *wanted);
    for (int t = 1; t < T; t++)
        wanted[ITSELF][t][t] = wanted[BEFORE][t][t - 1] = true;

    /* Names said before, and whom a pronoun means. */
    for (size_t i = 0; i < story->count; i++) {
        const struct mark *m = &story->marks[i], *earlier = story->marks;
        const int first = of[m->start], last = of[m->end - 1];
        const bool it = is_it(story->text + m->start, m->end - m->start);
        if (last >= T)
            break;
        for (; earlier < m; earlier++) {
            if (earlier->who != m->who || earlier->pronoun)
                continue;
            for (int s = of[earlier->start]; s <= of[earlier->end - 1] && s < first; s++)
                if (m->pronoun)
                    wanted[it ? IT : PRONOUN][last][s] = true;
                else
                    wanted[AGAIN][last][s] = wanted[AHEAD][first - 1][s] = true;
        }
    }

    /* Quotation marks open and close in turn. */
    int opening = -1;
    for (size_t i = 0; i < story->size && of[i] < T; i++)
        if (story->text[i] == '"') {
            if (opening >= 0)
                wanted[QUOTE][of[i]][opening] = true;
            opening = opening < 0 ? of[i] : -1;
        }
}

/* The weights of block l's heads, [H, T, T]. x [T, C] is what enters the block, and becomes
 * what enters the next one. (Nothing enters after the last, so that is not finished.) */
static const void *weights_of_block(int T, const struct checkpoint *m, int l,
                                    struct block_steps *steps, float x[T][m->config.C])
{
    const int C = m->config.C;
    const struct block *b = &m->weights.h[l];
    if (l + 1 < m->config.L) {
        transformer_block(T, &m->config, steps, x, b);
        memcpy(x, steps->output, (size_t)T * sizeof *x);
    } else {
        layer_norm(T, C, steps->ln_1, x, b->ln_1_weight, b->ln_1_bias, m->config.epsilon);
        attend(T, C, m->config.H, &steps->attention, steps->ln_1, b);
    }
    return steps->attention.weights;
}

enum { FARTHEST = 16 };

/* What some stories show. There is a row for each head, blocks * H of them, and one more for a head
 * that looks evenly. */
struct study {
    int blocks, H, stories;
    long rows[HABITS];        /* how often it was asked */
    double (*share)[HABITS];  /* [blocks * H + 1]: the mean answers, 0 to 1 */
    double (*back)[FARTHEST]; /* [H + 1]: block 0's mean weight 0, 1, 2, … tokens back */
};

static struct study new_study(const struct config *c, int blocks)
{
    const size_t heads = (size_t)blocks * (size_t)c->H + 1, H = (size_t)c->H;
    return (struct study){.blocks = blocks,
                          .H = c->H,
                          .share = grab(heads, sizeof(double[HABITS])),
                          .back = grab(H + 1, sizeof(double[FARTHEST]))};
}

static void free_study(struct study *s)
{
    free(s->share);
    free(s->back);
}

/* A story in tokens: its ids, and which token each byte is part of. Returns how many tokens the
 * model can read. */
static int story_tokens(const struct story *s, const struct vocabulary *v,
                        const struct config *c, struct ids *ids, int **of)
{
    *ids = (struct ids){0};
    encode(v, s->text, s->size, ids);
    *of = grab(s->size, sizeof **of);
    int T = ids->count < (size_t)c->positions ? (int)ids->count : c->positions;
    for (size_t t = 0, byte = 0; t < ids->count; t++) {
        const int id = ids->id[t];
        if (id >= c->V && (int)t < T)
            T = (int)t;
        for (size_t n = v->start[id + 1] - v->start[id]; n > 0 && byte < s->size; n--)
            (*of)[byte++] = (int)t;
    }
    return T;
}

/* One head, or the even one, on one story: row `to` of the study. */
static void answer(struct study *s, int to, int T, const float weights[T][T],
                   const bool wanted[HABITS][T][T], bool count)
{
    for (int k = 0; k < HABITS; k++) {
        long rows = 0;
        s->share[to][k] += wanted_share(T, weights, wanted[k], &rows);
        s->rows[k] += count ? rows : 0;
    }
    const int even = s->blocks * s->H;
    if (to >= s->H && to < even)
        return;
    for (int t = 1; t < T; t++)
        for (int u = t; u >= 0 && t - u < FARTHEST; u--)
            s->back[to == even ? s->H : to][t - u] += (double)weights[t][u];
}

/* A story on its way through the blocks. */
struct run {
    int T; /* if it is less than 2, there is nothing to see, and everything else is NULL */
    struct ids ids;
    void *wanted; /* [HABITS, T, T] */
    void *x;      /* [T, C]: what enters the next block */
    struct block_steps steps;
};

static struct run start_run(const struct story *story, const struct vocabulary *v,
                            const struct checkpoint *m)
{
    const struct config *c = &m->config;
    struct run r = {0};
    int *of;
    r.T = story_tokens(story, v, c, &r.ids, &of);
    if (r.T >= 2) {
        const size_t t = (size_t)r.T;
        r.wanted = grab(HABITS * t * t, sizeof(bool));
        r.x = grab(t * (size_t)c->C, sizeof(float));
        r.steps = new_block_steps(r.T, c);
        ask(story, of, r.T, r.wanted);
        embed(r.T, c->C, r.x, r.ids.id, m->weights.wte, m->weights.wpe);
    }
    free(of);
    return r;
}

static void end_run(struct run *r)
{
    free_block_steps(&r->steps);
    free(r->ids.id);
    free(r->wanted);
    free(r->x);
}

/* Every head of the study's blocks on one story. */
static void study_story(struct study *s, const struct story *story,
                        const struct vocabulary *v, const struct checkpoint *m)
{
    struct run r = start_run(story, v, m);
    const int T = r.T, H = s->H;
    if (T >= 2) {
        float(*even)[T] = grab((size_t)T, sizeof *even);
        even_weights(T, even);
        answer(s, s->blocks * H, T, (const float(*)[T])even, r.wanted, true);
        free(even);
        for (int l = 0; l < s->blocks; l++) {
            const float(*weights)[T][T] = weights_of_block(T, m, l, &r.steps, r.x);
            for (int h = 0; h < H; h++)
                answer(s, l * H + h, T, weights[h], r.wanted, false);
        }
        s->stories++;
    }
    end_run(&r);
}

/* From sums to means. */
static void finish_study(struct study *s)
{
    for (int i = 0; i <= s->blocks * s->H; i++)
        for (int k = 0; k < HABITS; k++)
            s->share[i][k] /= s->rows[k] ? (double)s->rows[k] : 1;
    for (int h = 0; h <= s->H; h++)
        for (int d = 0; d < FARTHEST; d++)
            s->back[h][d] /= s->rows[ITSELF] ? (double)s->rows[ITSELF] : 1;
}

/* The head that gives the tokens of a habit the most weight. */
static int champion(const struct study *s, enum habit k)
{
    int best = 0;
    for (int i = 1; i < s->blocks * s->H; i++)
        if (s->share[i][k] > s->share[best][k])
            best = i;
    return best;
}

/* The stories above; for a large model block 0 only, because all blocks would take long. */
static struct study study_eight_stories(const struct checkpoint *m,
                                        const struct vocabulary *v)
{
    const bool small = parameter_count(&m->config) < 30000000;
    struct study s = new_study(&m->config, small || m->config.L < 1 ? m->config.L : 1);
    for (int i = 0; i < STORIES && v->size; i++) {
        struct story story = marked_story(eight_stories[i]);
        study_story(&s, &story, v, m);
        free_story(&story);
    }
    finish_study(&s);
    return s;
}

/* ---- Stories from build/stories kinds ------------------------------------------------- */

enum field { STORY, START, END, KIND, NAME, NATS, TEXT, FIELDS };

static bool is(const char *field, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(field, word, n) == 0;
}

/* Reads a table of pieces, and studies each story as it ends. */
static void study_input(struct study *s, struct bytes input, const struct vocabulary *v,
                        const struct checkpoint *m)
{
    struct story story = {0};
    size_t number = 1;
    for (char *line = (char *)input.data, *all = line + input.size; line < all;
         number++) {
        const char *field[FIELDS];
        size_t n[FIELDS];
        char *end = memchr(line, '\n', (size_t)(all - line));
        end = end ? end : all;
        for (int f = 0; f < FIELDS; f++) {
            char *tab = f < TEXT ? memchr(line, '\t', (size_t)(end - line)) : end;
            if (!tab)
                die("standard input:%zu: has %d fields, expected %d, with tabs between: "
                    "what build/stories kinds prints",
                    number, f + 1, FIELDS);
            field[f] = line;
            n[f] = (size_t)(tab - line);
            line = tab + 1;
        }
        if (is(field[KIND], n[KIND], "end")) {
            study_story(s, &story, v, m);
            free_story(&story);
            continue;
        }
        const char *place =
            brief(format_text("%zu\t%zu", story.size, story.size + n[TEXT]));
        if (n[TEXT] == 0 || n[START] + 1 + n[END] != strlen(place) ||
            memcmp(field[START], place, strlen(place)) != 0)
            die("standard input:%zu: this piece should go from byte %zu of its story to "
                "%zu: what build/stories kinds prints",
                number, story.size, story.size + n[TEXT]);
        size_t name = 0, dot = n[NAME];
        while (name < n[NAME] && field[NAME][name] != '=' && field[NAME][name] != '.')
            name++;
        while (dot > 0 && field[NAME][dot - 1] != '.')
            dot--;
        const char *last = field[NAME] + dot;
        const size_t rest = n[NAME] - dot;
        const bool pronoun =
            is(field[KIND], n[KIND], "attribute") &&
            (is(last, rest, "she") || is(last, rest, "her") || is(last, rest, "own"));
        /* "it" ends a piece, and the next piece tells whom it means: "… because it" before
         * r.moved is the robot r. (In the grammar, robots are r, r2, r3, things t, t2.) */
        if (is(field[KIND], n[KIND], "attribute") && strchr("rt", field[NAME][0]) &&
            (name == 1 || (name == 2 && field[NAME][1] >= '0' && field[NAME][1] <= '9')))
            mark_it(&story, field[NAME], name);
        if (pronoun || is(field[KIND], n[KIND], "value") ||
            is(field[KIND], n[KIND], "again"))
            add_mark(&story, field[NAME], name, pronoun, field[TEXT], n[TEXT]);
        else
            add_text(&story, field[TEXT], n[TEXT]);
    }
    if (story.size)
        die("standard input: the last story has no end: what build/stories kinds prints");
    free_story(&story);
}

/* ---- Printing ------------------------------------------------------------------------- */

static void print_percent(const struct study *s, int row, enum habit k)
{
    if (s->rows[k])
        printf(" %7.0f%%", 100 * s->share[row][k]);
    else
        printf(" %8s", "–");
}

/* A line for each head of some blocks, and one for a head that looks evenly. */
static void print_heads(const struct study *s, int blocks)
{
    static const char *const names[] = {"itself",  "before", "again", "ahead",
                                        "pronoun", "it",     "quote"};
    printf("  %-6s", "head");
    for (int k = 0; k < HABITS; k++)
        printf(" %8s", names[k]);
    putchar('\n');
    for (int i = 0; i <= blocks * s->H; i++) {
        const bool even = i == blocks * s->H;
        char *name =
            even ? format_text("even") : format_text("%d.%d", i / s->H, i % s->H);
        printf("  %-6s", name);
        for (int k = 0; k < HABITS; k++)
            print_percent(s, even ? s->blocks * s->H : i, k);
        putchar('\n');
        free(name);
    }
}

/* For each habit the head that has it most. */
static void print_champions(const struct study *s)
{
    static const char *const names[] = {
        "itself",
        "before: the token before it",
        "again: a name, where it was before",
        "ahead: the next name, where it was",
        "pronoun: she, he: who that is",
        "it: which robot, or which thing",
        "quote: the mark that opened it",
    };
    printf("  %-38s %5s %8s %8s %8s\n", "looks at", "head", "weight", "evenly", "asked");
    for (int k = 0; k < HABITS; k++) {
        const int best = champion(s, k);
        printf("  %-38s %5s", names[k],
               brief(s->rows[k] ? format_text("%d.%d", best / s->H, best % s->H)
                                : format_text("-")));
        print_percent(s, best, k);
        print_percent(s, s->blocks * s->H, k);
        printf(" %8ld\n", s->rows[k]);
    }
}

/* What build/06_heads measure prints. */
static void measure(const char *folder)
{
    struct checkpoint m = load_checkpoint(folder);
    struct vocabulary v = open_vocabulary(folder, &m.config, true);
    struct study s = new_study(&m.config, m.config.L);
    struct bytes input = read_stream(stdin, "standard input");
    study_input(&s, input, &v, &m);
    if (s.stories == 0)
        die("standard input: holds no story, expected what build/stories kinds prints");
    finish_study(&s);
    heading("Heads", "%d %s; 3.1 is head 1 of block 3; shares of its weight", s.stories,
            s.stories == 1 ? "story" : "stories");
    print_heads(&s, s.blocks);
    heading("The largest share", "of each kind, and how often it was asked");
    print_champions(&s);
    free(input.data);
    free_study(&s);
    free_vocabulary(&v);
    free_checkpoint(&m);
}

/* What the heads do in the eight stories. */
static void walk_study(const struct study *s, int blocks)
{
    heading("6. Which head does what", "share of its weight, mean over %d stories",
            s->stories);
    printf("Block 0 (0.1 is its head 1):\n");
    print_heads(s, 1);
    printf("%s:\n",
           s->blocks < blocks ? "Of block 0 (of all: measure)" : "Of all blocks");
    print_champions(s);
}

/* ---- Data for the figures ------------------------------------------------------------- */

/* A position in the eight stories: token t of story i. */
struct place {
    int i, t;
    double off; /* how far its answer is from the mean answer */
};

enum { WINDOW = 10 }; /* how many tokens are drawn; the last is the one that looks */

static int window_start(int t)
{
    return t < WINDOW ? 0 : t - WINDOW + 1;
}

/* For each habit a typical position: of those in the stories that have something wanted near
 * enough to be drawn, the one at which the champion's share is nearest to its mean share. */
static void find_places(const struct reading *reading, const struct study *s,
                        struct place places[HABITS])
{
    for (int k = 0; k < HABITS; k++)
        places[k] = (struct place){-1, 0, INFINITY};
    for (int i = 0; i < STORIES; i++) {
        struct story story = marked_story(eight_stories[i]);
        struct run r = start_run(&story, &reading->vocabulary, &reading->model);
        const int T = r.T;
        const bool(*wanted)[T][T] = r.wanted;
        for (int l = 0; l < s->blocks && T >= 2; l++) {
            const float(*weights)[T][T] =
                weights_of_block(T, &reading->model, l, &r.steps, r.x);
            for (int k = 0; k < HABITS; k++) {
                const int best = champion(s, k);
                for (int t = 8; t + 1 < T && best / s->H == l; t++) {
                    double share = 0;
                    bool near = false;
                    for (int u = 0; u <= t; u++) {
                        share += wanted[k][t][u] ? (double)weights[best % s->H][t][u] : 0;
                        near = near || (wanted[k][t][u] && u >= window_start(t));
                    }
                    const double off = fabs(share - s->share[best][k]);
                    if (near && off < places[k].off)
                        places[k] = (struct place){i, t, off};
                }
            }
        }
        end_run(&r);
        free_story(&story);
    }
}

/* What a champion sees at such a position: a line per token. The token after it is number
 * WINDOW. */
static void write_look(FILE *file, enum habit k, int head, const struct place *place,
                       const struct reading *reading)
{
    struct story story = marked_story(eight_stories[place->i]);
    struct run r = start_run(&story, &reading->vocabulary, &reading->model);
    const int T = r.T, H = reading->model.config.H, t = place->t, from = window_start(t);
    const bool(*wanted)[T][T] = r.wanted;
    const float(*weights)[T][T] = NULL;
    for (int l = 0; l <= head / H; l++)
        weights = weights_of_block(T, &reading->model, l, &r.steps, r.x);
    for (int s = from; s <= t + 1; s++)
        figure_row(file, "%d %d %.4f %d %s", k, s > t ? WINDOW : s - from,
                   s > t ? 0 : (double)weights[head % H][t][s], s <= t && wanted[k][t][s],
                   token_text(&reading->vocabulary, r.ids.id[s]));
    end_run(&r);
    free_story(&story);
}

/* map.dat habit, block, head, share (block -1: looks evenly); back.dat head, distance, share;
 * champions.dat habit, block, head, share, even; look.dat habit, number, weight, wanted, label */
static void write_study_figures(const char *folder, const struct reading *r,
                                const struct study *s)
{
    const int heads = s->blocks * s->H;
    FILE *file = figure_open(folder, "map");
    for (int k = 0; k < HABITS && s->stories; k++)
        for (int i = 0; i <= heads; i++)
            figure_row(file, "%d %d %d %.4f", k, i < heads ? i / s->H : -1, i % s->H,
                       s->share[i][k]);

    file = figure_next(file, folder, "back");
    for (int h = 0; h <= s->H && s->stories; h++)
        for (int d = 0; d < FARTHEST; d++)
            figure_row(file, "%d %d %.4f", h, d, s->back[h][d]);

    file = figure_next(file, folder, "champions");
    FILE *look = figure_open(folder, "look");
    struct place places[HABITS];
    if (s->stories)
        find_places(r, s, places);
    for (int k = 0; k < HABITS && s->stories; k++) {
        const int best = champion(s, k);
        figure_row(file, "%d %d %d %.4f %.4f", k, best / s->H, best % s->H,
                   s->share[best][k], s->share[heads][k]);
        if (places[k].i >= 0)
            write_look(look, k, best, &places[k], r);
    }
    figure_close(file);
    figure_close(look);
}

#endif
