/* 06_heads: every head of block 0 at work on a prompt, and what each of them does, measured.
 * Chapter 6 of the book: chapters/06_heads.md */
#include "06_heads.h"

/* Block 0's attention on T tokens, with what enters it. */
struct layer {
    int T;
    struct tensors list;    /* of all that follows */
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

/* Notes that the bytes of the story's text from start on speak of the one called name. */
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

/* Is this "it", with or without a blank before? */
static bool is_it(const unsigned char *text, size_t n)
{
    return n >= 2 && (text[n - 2] | 32) == 'i' && text[n - 1] == 't' &&
           (n == 2 || (n == 3 && text[0] == ' '));
}

/* Where the story's text so far ends with "it": that it speaks of the one called name. */
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

/* ---- What heads are asked ---------------------------------------------------------------- */

/* Where a head may look from a token t. */
enum habit {
    ITSELF,  /* at t itself */
    BEFORE,  /* at the token before t */
    AGAIN,   /* t ends a name that has been said before: at what was said before */
    AHEAD,   /* such a name begins just after t: at what was said before */
    PRONOUN, /* t is she, he, her, him or his: at the names of that person */
    IT,      /* t is it: at the names of the robot or the thing */
    QUOTE,   /* t closes a quotation: at the mark that opened it */
    HABITS
};

/* All questions that a story asks. of [bytes] says of which token each byte is part; tokens
 * from T on are not looked at. → wanted [HABITS, T, T] */
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

/* How much of its weight a head gives to the wanted tokens, added up over the rows that want
 * any; their number is added to *rows. weights, wanted [T, T] */
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

#include "08_block.h" /* ahead of the book, to get at the heads of the other blocks */

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

/* What is found out on some stories. A row stands for a head: blocks * H of them, and one more
 * that looks evenly. */
struct study {
    int blocks, H, stories;
    long rows[HABITS];        /* how often it was asked */
    double (*share)[HABITS];  /* [blocks * H + 1]: the mean answers, 0 to 1 */
    double (*back)[FARTHEST]; /* [H + 1]: block 0's mean weight so many tokens back */
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

/* A story in tokens: its ids, and of which token each byte is part. Returns how many tokens
 * the model can read. */
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
    int T; /* where it is less than 2, there is nothing to see, and all else is NULL */
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

/* The head that gives most to what a habit wants. */
static int champion(const struct study *s, enum habit k)
{
    int best = 0;
    for (int i = 1; i < s->blocks * s->H; i++)
        if (s->share[i][k] > s->share[best][k])
            best = i;
    return best;
}

/* The stories that are built in; of a large model block 0 alone, for that takes long. */
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
        char *place = format_text("%zu\t%zu", story.size, story.size + n[TEXT]);
        if (n[TEXT] == 0 || n[START] + 1 + n[END] != strlen(place) ||
            memcmp(field[START], place, strlen(place)) != 0)
            die("standard input:%zu: this piece should go from byte %zu of its story to "
                "%zu: what build/stories kinds prints",
                number, story.size, story.size + n[TEXT]);
        free(place);
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
        /* "it" stands at the end of a piece, and what comes next tells whom it means: "… because
         * it" before r.moved is the robot r. (In the grammar, robots are r, r2, r3, things t, t2.) */
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
        printf("   head %-*d", h + 1 < shown ? 8 : 1, h);
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
            find_largest(t + 1, 1, &best, weights[h][t]);
            printf("   ");
            print_field(labels[best], 8, false);
            printf(" %.2f", (double)weights[h][t][best]);
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

/* How long what each head adds is, token by token; and that all parts together, with the bias
 * once, are the output. */
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
    for (int h = 0; h < H; h++)
        free(names[h]);
    free(names);
    free(length);
}

static void print_percent(const struct study *s, int row, enum habit k)
{
    if (s->rows[k])
        printf(" %7.0f%%", 100 * s->share[row][k]);
    else
        printf(" %8s", "–");
}

/* A line for each head of some blocks, and one for the even look. */
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
        "again: a name, where it stood before",
        "ahead: the next name, where it stood",
        "pronoun: she, he: who that is",
        "it: which robot, or which thing",
        "quote: the mark that opened it",
    };
    printf("  %-38s %5s %8s %8s %8s\n", "looks at", "head", "weight", "evenly", "asked");
    for (int k = 0; k < HABITS; k++) {
        const int best = champion(s, k);
        char *name = s->rows[k] ? format_text("%d.%d", best / s->H, best % s->H)
                                : format_text("-");
        printf("  %-38s %5s", names[k], name);
        print_percent(s, best, k);
        print_percent(s, s->blocks * s->H, k);
        printf(" %8ld\n", s->rows[k]);
        free(name);
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
    heading("The most", "of each kind, and how often it was asked");
    print_champions(&s);
    free(input.data);
    free_study(&s);
    free_vocabulary(&v);
    free_checkpoint(&m);
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
    figure_close(file);

    file = figure_open(folder, "weights");
    for (int h = 0; h < H; h++)
        for (int t = 0; t < T; t++)
            for (int i = 0; i <= t; i++) {
                fprintf(file, "%d\t%d\t%d\t", h, t, i);
                figure_number(file, (double)weights[h][t][i], 4, '\n');
            }
    figure_close(file);

    file = figure_open(folder, "row");
    for (int i = 0; i < 3 * C; i++) {
        fprintf(file, "%d\t", i);
        figure_number(file, (double)qkv[last][i], 3, '\n');
    }
    figure_close(file);

    file = figure_open(folder, "merged");
    for (int o = 0; o < C; o++) {
        fprintf(file, "%d\t", o);
        figure_numbers(file, 3, NUMBERS(context[last][o], output[last][o], bias[o]),
                       '\t');
        for (int h = 0; h < H; h++)
            figure_number(file, (double)parts[h][last][o], 3, h + 1 < H ? '\t' : '\n');
    }
    figure_close(file);

    file = figure_open(folder, "length");
    for (int t = 0; t < T; t++)
        for (int h = 0; h < H; h++) {
            fprintf(file, "%d\t%d\t", t, h);
            figure_number(file, row_length((size_t)C, parts[h][t]), 3, '\n');
        }
    figure_close(file);
}

/* A place in the eight stories: token t of story i. */
struct place {
    int i, t;
    double off; /* how far the answer there is from the mean answer */
};

enum { WINDOW = 12 }; /* so many tokens are drawn, the last is the one that looks */

static int window_start(int t)
{
    return t < WINDOW ? 0 : t - WINDOW + 1;
}

/* For each habit a typical place: of those in the stories where something wanted is near enough
 * to be drawn, the one at which the champion gives most nearly its mean share. */
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

/* What a champion sees at a place: a line a token. The token after is at place WINDOW. */
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
    for (int s = from; s <= t + 1; s++) {
        fprintf(file, "%d\t%d\t", k, s > t ? WINDOW : s - from);
        figure_number(file, s > t ? 0 : (double)weights[head % H][t][s], 4, '\t');
        fprintf(file, "%d\t", s <= t && wanted[k][t][s]);
        figure_token_label(file, &reading->vocabulary, r.ids.id[s], '\n');
    }
    end_run(&r);
    free_story(&story);
}

/* map.dat habit, block, head, share (block -1: the even look); back.dat head, distance, share;
 * champions.dat habit, block, head, share, even; look.dat habit, place, weight, wanted, label */
static void write_study_figures(const char *folder, const struct reading *r,
                                const struct study *s)
{
    const int heads = s->blocks * s->H;
    FILE *file = figure_open(folder, "map");
    for (int k = 0; k < HABITS && s->stories; k++)
        for (int i = 0; i <= heads; i++) {
            fprintf(file, "%d\t%d\t%d\t", k, i < heads ? i / s->H : -1, i % s->H);
            figure_number(file, s->share[i][k], 3, '\n');
        }
    figure_close(file);

    file = figure_open(folder, "back");
    for (int h = 0; h <= s->H && s->stories; h++)
        for (int d = 0; d < FARTHEST; d++) {
            fprintf(file, "%d\t%d\t", h, d);
            figure_number(file, s->back[h][d], 4, '\n');
        }
    figure_close(file);

    file = figure_open(folder, "champions");
    FILE *look = figure_open(folder, "look");
    struct place places[HABITS];
    if (s->stories)
        find_places(r, s, places);
    for (int k = 0; k < HABITS && s->stories; k++) {
        const int best = champion(s, k);
        fprintf(file, "%d\t%d\t%d\t", k, best / s->H, best % s->H);
        figure_numbers(file, 3, NUMBERS(s->share[best][k], s->share[heads][k]), '\n');
        if (places[k].i >= 0)
            write_look(look, k, best, &places[k], r);
    }
    figure_close(file);
    figure_close(look);
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
            "the token that gets most of each token's weight");
    print_looks(T, H, labels, l->a.weights);

    heading("4. Merge", "the heads side by side again: [%d, %d, %d] becomes [%d, %d]", H,
            T, D, T, C);
    print_matrix("context", T, C, l->a.context, labels, NULL);

    heading("5. c_proj", "mixes them: times a matrix [%d, %d], plus a bias", C, C);
    print_matrix("output", T, C, l->a.output, labels, NULL);
    print_parts(C, H, labels, l, r->model.weights.h[0].attn_c_proj_bias);
}

/* What the heads do in the eight stories. */
static void walk_study(const struct study *s, int blocks)
{
    heading("6. Which head does what", "share of its weight, mean over %d stories",
            s->stories);
    printf("Block 0:\n");
    print_heads(s, 1);
    printf("%s (3.1 is head 1 of block 3):\n",
           s->blocks < blocks ? "Of block 0 (of all: measure)" : "Of all blocks");
    print_champions(s);
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
