/* tunes: writes tunes by a grammar, and says exactly how probable each of their tokens is.
 *
 *     cc -O2 models/tunes/tunes.c -lm -o build/tunes
 *     build/tunes write 3 --seed 7 --lines
 *
 * A tune is written from left to right, a character a token. Before each token a table is made
 * of all tokens that may come now, with their weights. To write, one is drawn from it; to read,
 * the next one of the text is looked up in it. So a tune's probability is known as soon as it is
 * read, and no model, however large, can have a lower expected loss on tunes than the mean of
 * −ln P. Rhythms are chosen a bar at a time, but their tokens are read one by one: what may
 * still come of a bar's rhythm is kept as a list, each with its weight so far.
 *
 * How the grammar is written is explained at the head of tunes.grammar, how a tune looks in
 * README.md. */
#include "../../src/00_book.h"

#include <ctype.h>

#define END_OF_TEXT "<|endoftext|>"

enum {
    LOW_HARP = 33,   /* MIDI's number of 'A', the harp's lowest note: A1 */
    LOW_FLUTE = 57,  /* and of 'a', the flute's: A3 */
    HIGH_FLUTE = 82, /* 'z' */
    LOWEST_STEP = -4,
    STEPS = 15, /* steps of the scale that the flute may play: −4 to 10 */
    MODES = 2,
    METRES = 3,
    PHRASES = 8,
    BARS = 4,      /* in a phrase, and phrases in a form */
    MAX_NOTES = 8, /* in a bar */
    MAX_PATTERNS = 16,
    MAX_CHOICES = 16,
    MAX_TUNE = 256, /* tokens, with the end */
    MOST_INPUT = 1 << 28
};

/* ---- the grammar in memory ---- */

struct choices { /* numbers, each with its weight */
    int count, value[MAX_CHOICES];
    double weight[MAX_CHOICES];
};

struct rhythm {
    int count, length[MAX_NOTES]; /* in eighths; a rest is negative */
    double weight;
};

struct rhythms {
    int count;
    struct rhythm pattern[MAX_PATTERNS];
};

enum made { NEW, AGAIN, MOVED };
enum rhythm_rule { BY_RHYTHM, BY_CLOSE, BY_BAR };

/* A bar of a phrase, as the grammar says it. */
struct bar_rule {
    enum made made;
    enum rhythm_rule rhythm;
    int phrase, bar; /* AGAIN, BY_BAR: which */
    char chord[24];  /* the rule's name, or the chord's */
    struct choices next[MODES]
                       [7]; /* chords after each chord; or, if `after` is not set, */
    bool after;             /* next[mode][0] alone */
};

struct phrase_rule {
    char name[8], mark;
    struct bar_rule bar[BARS];
};

struct grammar {
    const char *path;
    struct choices metre, key, form, step,
        height; /* key: index; form: index into forms */
    struct {
        int tonic, mode;
    } keys[MAX_CHOICES];
    int forms[MAX_CHOICES][BARS]; /* phrases by number */
    struct rhythms rhythm[METRES], close[METRES];
    bool strong[METRES][8], medium[METRES][8];
    int phrase_count;
    struct phrase_rule phrase[PHRASES];
    struct choices moved[MODES][7];
    double height_weight[STEPS],
        step_weight[STEPS]; /* of heights from −4, of steps from 0 */
};

static const char metres[METRES + 1] = "436";
static const int bar_length[METRES] = {8, 6, 6};
static const char *const mode_names[MODES] = {"major", "minor"};
static const char *const chord_names[7] = {"I", "II", "III", "IV", "V", "VI", "VII"};
static const int scale[MODES][7] = {{0, 2, 4, 5, 7, 9, 11}, {0, 2, 3, 5, 7, 8, 10}};

/* ---- reading the grammar ---- */

struct line {
    int number;
    char *text;
};

/* The grammar's lines without comments and the spaces at their ends; empty ones are left out. */
struct source {
    const char *path;
    int count, at; /* at: the next line */
    struct line *lines;
};

static _Noreturn void fail_at(const struct source *s, const char *expected,
                              const char *found)
{
    die("%s:%d: expected %s, found '%.40s'", s->path, s->lines[s->at - 1].number,
        expected, found);
}

static struct source read_lines(const char *path, char *text)
{
    struct source s = {.path = path};
    size_t capacity = 0;
    for (int number = 1; *text; number++) {
        char *line = text;
        text += strcspn(text, "\n");
        if (*text)
            *text++ = '\0';
        line[strcspn(line, "#")] = '\0';
        for (size_t n = strlen(line); n && strchr(" \t\r", line[n - 1]);)
            line[--n] = '\0';
        if (*line == '\0')
            continue;
        s.lines = grow(s.lines, &capacity, (size_t)s.count + 1, sizeof *s.lines);
        s.lines[s.count++] = (struct line){number, line};
    }
    return s;
}

static int read_whole(const struct source *s, const char *text, int least, int most)
{
    char *end;
    const long n = strtol(text, &end, 10);
    if (end == text || *end || n < least || n > most)
        die("%s:%d: expected a whole number from %d to %d, found '%.40s'", s->path,
            s->lines[s->at - 1].number, least, most, text);
    return (int)n;
}

/* The alternatives of a rule: texts and weights. */
struct alternatives {
    int count;
    char *text[MAX_CHOICES];
    double weight[MAX_CHOICES];
};

static void add_alternative(const struct source *s, struct alternatives *a, char *text)
{
    if (a->count == MAX_CHOICES)
        fail_at(s, "no more than 16 alternatives", text);
    double weight = 1;
    char *star = strstr(text, " * ");
    if (star) {
        *star = '\0';
        weight = read_whole(s, text, 1, 1000000);
        text = star + 3;
    }
    a->text[a->count] = text;
    a->weight[a->count++] = weight;
}

/* The indented lines that follow, cut at each " / ". */
static struct alternatives read_alternatives(struct source *s)
{
    struct alternatives a = {0};
    while (s->at < s->count && s->lines[s->at].text[0] == ' ') {
        char *text = s->lines[s->at++].text;
        text += strspn(text, " ");
        for (char *slash; (slash = strstr(text, " / ")); text = slash + 3) {
            *slash = '\0';
            add_alternative(s, &a, text);
        }
        add_alternative(s, &a, text);
    }
    if (a.count == 0)
        fail_at(s, "alternatives, indented, after it", s->lines[s->at - 1].text);
    return a;
}

/* The number of a word in a list; dies if it is none of them. */
static int find_word(const struct source *s, const char *what, int count,
                     const char *const words[count], const char *word)
{
    for (int i = 0; i < count; i++)
        if (word && strcmp(words[i], word) == 0)
            return i;
    fail_at(s, what, word ? word : "nothing");
}

static int find_chord(const struct source *s, const char *word)
{
    return find_word(s, "a chord, I to VII", 7, chord_names, word);
}

static int find_mode(const struct source *s, const char *word)
{
    return find_word(s, "'major' or 'minor'", MODES, mode_names, word);
}

static int find_metre(const struct source *s, const char *word)
{
    const char *at = word && word[0] && !word[1] ? strchr(metres, *word) : NULL;
    if (!at)
        fail_at(s, "a metre, 4, 3 or 6", word ? word : "nothing");
    return (int)(at - metres);
}

static int find_phrase(const struct source *s, const struct grammar *g, const char *name)
{
    for (int i = 0; i < g->phrase_count; i++)
        if (strcmp(g->phrase[i].name, name) == 0)
            return i;
    fail_at(s, "the name of a phrase", name);
}

static void add_choice(struct choices *c, int value, double weight)
{
    c->value[c->count] = value;
    c->weight[c->count++] = weight;
}

static struct choices read_chords(struct source *s)
{
    const struct alternatives a = read_alternatives(s);
    struct choices c = {0};
    for (int i = 0; i < a.count; i++)
        add_choice(&c, find_chord(s, a.text[i]), a.weight[i]);
    return c;
}

static struct choices read_wholes(struct source *s, int least, int most)
{
    const struct alternatives a = read_alternatives(s);
    struct choices c = {0};
    for (int i = 0; i < a.count; i++)
        add_choice(&c, read_whole(s, a.text[i], least, most), a.weight[i]);
    return c;
}

static struct rhythms read_rhythms(struct source *s, int eighths)
{
    const struct alternatives a = read_alternatives(s);
    struct rhythms all = {.count = a.count};
    for (int i = 0; i < a.count; i++) {
        struct rhythm *r = &all.pattern[i];
        int sum = 0;
        r->weight = a.weight[i];
        for (char *word = strtok(a.text[i], " "); word; word = strtok(NULL, " ")) {
            if (r->count == MAX_NOTES)
                fail_at(s, "no more than 8 notes in a bar", word);
            const int n = read_whole(s, word, -8, 8);
            if (n == 0 || (n < 0 && r->count == 0))
                fail_at(s, "a note first, and lengths that are not 0", word);
            r->length[r->count++] = n;
            sum += abs(n);
        }
        if (sum != eighths)
            fail_at(s, eighths == 8 ? "8 eighths" : "6 eighths", format_text("%d", sum));
    }
    return all;
}

static void read_beats(struct source *s, bool beats[8])
{
    const struct alternatives a = read_alternatives(s);
    for (int i = 0; i < a.count; i++)
        if (strcmp(a.text[i], "-") != 0)
            beats[read_whole(s, a.text[i], 0, 7)] = true;
}

/* A rule about chords: NAME MODE, or NAME MODE CHORD. The bars ask for it by its name. */
struct chord_rule {
    char name[24];
    bool after;
    struct choices next[MODES][7];
};

static struct chord_rule *chord_rule(struct chord_rule rules[MAX_CHOICES],
                                     const char *name)
{
    for (int i = 0; i < MAX_CHOICES; i++)
        if (rules[i].name[0] == '\0' || strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

/* "A1": which bar of which phrase. */
static void read_bar_name(const struct source *s, const struct grammar *g,
                          const char *text, struct bar_rule *to)
{
    char name[8] = "";
    const size_t n = strlen(text);
    if (n < 2 || n > sizeof name || text[n - 1] < '1' || text[n - 1] > '4')
        fail_at(s, "a bar of a phrase, like A1", text);
    memcpy(name, text, n - 1);
    to->phrase = find_phrase(s, g, name);
    to->bar = text[n - 1] - '1';
}

static void read_phrase(struct source *s, struct grammar *g, const char *name,
                        const char *mark)
{
    if (g->phrase_count == PHRASES || !name || strlen(name) > 6 || !mark ||
        strlen(mark) != 1 || !ispunct((unsigned char)*mark))
        fail_at(s, "a phrase's name and mark, of 8 phrases at most",
                name ? name : "nothing");
    struct phrase_rule *p = &g->phrase[g->phrase_count++];
    snprintf(p->name, sizeof p->name, "%s", name);
    p->mark = *mark;
    const struct alternatives a = read_alternatives(s);
    if (a.count != BARS)
        fail_at(s, "four bars", a.text[a.count - 1]);
    for (int i = 0; i < BARS; i++) {
        struct bar_rule *b = &p->bar[i];
        char *colon = strchr(a.text[i], ':');
        if (!colon) {
            b->made = strcmp(a.text[i], "moved") == 0 ? MOVED : AGAIN;
            if (b->made == AGAIN)
                read_bar_name(s, g, a.text[i], b);
            else if (i == 0)
                fail_at(s, "a bar before the one that is moved", a.text[i]);
            continue;
        }
        *colon = '\0';
        snprintf(b->chord, sizeof b->chord, "%s", a.text[i]);
        if (strcmp(colon + 1, "close") == 0)
            b->rhythm = BY_CLOSE;
        else if (strcmp(colon + 1, "rhythm") != 0) {
            b->rhythm = BY_BAR;
            read_bar_name(s, g, colon + 1, b);
        }
    }
}

static void read_keys(struct source *s, struct grammar *g)
{
    static const struct {
        const char *name;
        int tonic;
    } known[] = {{"C", 60}, {"D", 62},  {"E", 64}, {"F", 65}, {"G", 67},
                 {"A", 69}, {"Bb", 58}, {"B", 59}, {"Eb", 63}};
    const struct alternatives a = read_alternatives(s);
    for (int i = 0; i < a.count; i++) {
        char *name = strtok(a.text[i], " "), *mode = strtok(NULL, " ");
        size_t k = 0;
        while (k < sizeof known / sizeof *known &&
               strcmp(known[k].name, name ? name : "") != 0)
            k++;
        if (k == sizeof known / sizeof *known)
            fail_at(s, "a key, like D major", a.text[i]);
        g->keys[i].tonic = known[k].tonic;
        g->keys[i].mode = find_mode(s, mode);
        add_choice(&g->key, i, a.weight[i]);
    }
}

/* A bar's own chord, or what the rule of that name says; every mode must have it. */
static void settle_chords(struct grammar *g, struct chord_rule rules[MAX_CHOICES])
{
    for (int p = 0; p < g->phrase_count; p++)
        for (int i = 0; i < BARS; i++) {
            struct bar_rule *b = &g->phrase[p].bar[i];
            if (b->made != NEW)
                continue;
            for (int c = 0; c < 7; c++)
                if (strcmp(chord_names[c], b->chord) == 0)
                    for (int m = 0; m < MODES; m++)
                        add_choice(&b->next[m][0], c, 1);
            if (b->next[0][0].count)
                continue;
            const struct chord_rule *r = chord_rule(rules, b->chord);
            if (!r || !r->name[0])
                die("%s: phrase %s asks for the chord '%s', and there is no such rule",
                    g->path, g->phrase[p].name, b->chord);
            memcpy(b->next, r->next, sizeof b->next);
            b->after = r->after;
        }
    const struct chord_rule *r = chord_rule(rules, "moved");
    if (r && r->name[0])
        memcpy(g->moved, r->next, sizeof g->moved);
}

static struct grammar *read_grammar(const char *path)
{
    struct grammar *g = grab(1, sizeof *g);
    struct chord_rule *rules = grab(MAX_CHOICES, sizeof *rules);
    struct bytes text = read_text_file(path);
    struct source s = read_lines(path, (char *)text.data);
    struct alternatives forms = {0};
    int forms_line = 0;
    g->path = path;
    while (s.at < s.count) {
        char *line = s.lines[s.at++].text;
        if (*line == ' ')
            fail_at(&s, "a rule's name at the start of a line", line);
        const char *rule = strtok(line, " "), *word = strtok(NULL, " "),
                   *last = strtok(NULL, " ");
        if (strcmp(rule, "metre") == 0) {
            const struct alternatives a = read_alternatives(&s);
            for (int i = 0; i < a.count; i++)
                add_choice(&g->metre, find_metre(&s, a.text[i]), a.weight[i]);
        } else if (strcmp(rule, "key") == 0)
            read_keys(&s, g);
        else if (strcmp(rule, "form") == 0) {
            forms = read_alternatives(&s); /* phrases are not known yet */
            forms_line = s.at;
        } else if (strcmp(rule, "phrase") == 0)
            read_phrase(&s, g, word, last);
        else if (strcmp(rule, "rhythm") == 0) {
            const int m = find_metre(&s, word);
            g->rhythm[m] = read_rhythms(&s, bar_length[m]);
        } else if (strcmp(rule, "close") == 0) {
            const int m = find_metre(&s, word);
            g->close[m] = read_rhythms(&s, bar_length[m]);
        } else if (strcmp(rule, "strong") == 0)
            read_beats(&s, g->strong[find_metre(&s, word)]);
        else if (strcmp(rule, "medium") == 0)
            read_beats(&s, g->medium[find_metre(&s, word)]);
        else if (strcmp(rule, "height") == 0)
            g->height = read_wholes(&s, LOWEST_STEP, LOWEST_STEP + STEPS - 1);
        else if (strcmp(rule, "step") == 0)
            g->step = read_wholes(&s, 0, STEPS - 1);
        else {
            struct chord_rule *r = chord_rule(rules, rule);
            if (!r || strlen(rule) >= sizeof r->name)
                fail_at(&s, "no more than 16 rules of chords, with short names", rule);
            snprintf(r->name, sizeof r->name, "%s", rule);
            r->after = last != NULL;
            const int mode = find_mode(&s, word), after = last ? find_chord(&s, last) : 0;
            r->next[mode][after] = read_chords(&s);
        }
    }
    s.at = forms_line;
    for (int i = 0; i < forms.count; i++) {
        int n = 0;
        for (char *word = strtok(forms.text[i], " "); word; word = strtok(NULL, " ")) {
            if (n == BARS)
                fail_at(&s, "four phrases", word);
            g->forms[i][n++] = find_phrase(&s, g, word);
        }
        if (n != BARS)
            fail_at(&s, "four phrases", "fewer");
        add_choice(&g->form, i, forms.weight[i]);
    }
    settle_chords(g, rules);
    const struct choices *const needed[] = {&g->metre, &g->key, &g->form, &g->height,
                                            &g->step};
    static const char *const names[] = {"metre", "key", "form", "height", "step"};
    for (int i = 0; i < 5; i++)
        if (needed[i]->count == 0)
            die("%s: has no rule '%s'", path, names[i]);
    for (int i = 0; i < g->height.count; i++)
        g->height_weight[g->height.value[i] - LOWEST_STEP] = g->height.weight[i];
    for (int i = 0; i < g->step.count; i++)
        g->step_weight[g->step.value[i]] = g->step.weight[i];
    for (int i = 0; i < g->metre.count; i++)
        if (!g->rhythm[g->metre.value[i]].count || !g->close[g->metre.value[i]].count)
            die("%s: metre %c has no rule 'rhythm' or no rule 'close'", path,
                metres[g->metre.value[i]]);
    free(s.lines);
    free(rules);
    /* (The text stays: nothing points into it any more.) */
    free(text.data);
    return g;
}

/* ---- a tune in the making: written, or read ---- */

/* What a token is there for. All but the first are certain: they follow from what was before. */
enum kind { FREE, RHYTHM, AGAIN_1, AGAIN_2, AGAIN_3, AGAIN_4, SHIFTED, END };

/* Which tokens may come now, with their weights, from which also follows what they stand for. */
struct table {
    double weight[128];
};

struct tune {
    const struct grammar *g;
    uint64_t *random;      /* NULL: it is read */
    char token[MAX_TUNE];  /* what is written or read; then END_TOKEN */
    int length, at;        /* of the text that is read; how many tokens there are */
    double nats[MAX_TUNE]; /* −ln P of each, given those before it */
    enum kind kind[MAX_TUNE];
    bool wrong; /* the token at `at` is not one that may come */
    int metre, tonic, mode;
    int last, leap;      /* the note before: its step of the scale; how it was reached */
    bool begun, outside; /* whether there is one; whether it is outside its chord */
    int chord;           /* of the bar before */
    bool known[PHRASES];
    struct bar {
        int chord;
        struct rhythm rhythm;
        int step[MAX_NOTES];
    } bars[PHRASES][BARS];
};

enum { END_TOKEN = '$' };

/* The next number of SplitMix64 (Steele, Lea, Flood 2014) as a fraction, 0 to 1. */
static double next_fraction(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* The next token: drawn from the table, or read and looked up there; '\0' if it is not there. */
static char next_token(struct tune *t, const struct table *table, enum kind kind)
{
    double sum = 0;
    int choices = 0;
    char token = '\0';
    if (t->wrong)
        return '\0';
    for (int i = 0; i < 128; i++) {
        sum += table->weight[i];
        choices += table->weight[i] > 0;
    }
    if (t->random) {
        double x = next_fraction(t->random) * sum;
        for (int i = 0; i < 128; i++)
            if (table->weight[i] > 0) {
                token = (char)i; /* the last one, if rounding leaves a rest */
                x -= table->weight[i];
                if (x < 0)
                    break;
            }
        t->token[t->at] = token;
    } else
        token = t->at < t->length ? t->token[t->at] : END_TOKEN;
    if (t->at == MAX_TUNE - 1 || (unsigned char)token > 127 ||
        !(table->weight[(int)token] > 0)) {
        t->wrong = true;
        return '\0';
    }
    t->nats[t->at] = choices > 1 ? -log(table->weight[(int)token] / sum) : 0;
    t->kind[t->at++] = kind == FREE && choices == 1 ? RHYTHM : kind;
    return token;
}

/* The one token that can come now. (A number is drawn for it as for any other.) */
static void only_token(struct tune *t, char token, enum kind kind)
{
    if (t->random)
        next_fraction(t->random);
    if (t->wrong || t->at == MAX_TUNE - 1 ||
        (!t->random && token != (t->at < t->length ? t->token[t->at] : END_TOKEN))) {
        t->wrong = true;
        return;
    }
    t->token[t->at] = token;
    t->nats[t->at] = 0;
    t->kind[t->at++] = kind == FREE ? RHYTHM : kind;
}

/* The pitch, by MIDI's count, of a step of the scale; step 0 is the tonic. Over its chord V a
 * minor key borrows the sixth and the seventh of the major one. */
static int pitch_of(const struct tune *t, int step, int chord)
{
    const int octave = step < 0 ? -1 : step / 7, k = step - 7 * octave;
    const int mode = t->mode == 1 && chord == 4 && k >= 5 ? 0 : t->mode;
    return t->tonic + 12 * octave + scale[mode][k];
}

static bool in_range(const struct tune *t, int step, int chord)
{
    const int pitch = pitch_of(t, step, chord);
    return pitch >= LOW_FLUTE && pitch <= HIGH_FLUTE;
}

static bool in_chord(int step, int chord)
{
    const int k = (step - chord + 14) % 7;
    return k == 0 || k == 2 || k == 4;
}

/* The three notes of a chord: its root in the low octave, then two in the one above. */
static void chord_tokens(const struct tune *t, int chord, char tokens[3])
{
    for (int i = 0; i < 3; i++) {
        const int low = LOW_HARP + (i ? 12 : 0);
        tokens[i] = (char)('A' + low - LOW_HARP +
                           (pitch_of(t, chord + 2 * i, chord) - low + 48) % 12);
    }
    if (tokens[1] > tokens[2]) {
        const char swap = tokens[1];
        tokens[1] = tokens[2];
        tokens[2] = swap;
    }
}

/* A chord by these choices; its root says which. */
static int next_chord(struct tune *t, const struct choices *c)
{
    struct table table = {{0}};
    char tokens[3];
    for (int i = 0; i < c->count; i++) {
        chord_tokens(t, c->value[i], tokens);
        table.weight[(int)tokens[0]] += c->weight[i];
    }
    const char root = next_token(t, &table, FREE);
    for (int i = 0; i < c->count; i++) {
        chord_tokens(t, c->value[i], tokens);
        if (tokens[0] == root) {
            only_token(t, tokens[1], FREE);
            only_token(t, tokens[2], FREE);
            return c->value[i];
        }
    }
    return 0;
}

/* The first chord is the tonic's: it says what the key is. */
static void next_key(struct tune *t)
{
    const struct choices *c = &t->g->key;
    char tokens[MAX_CHOICES][3];
    bool left[MAX_CHOICES];
    for (int i = 0; i < c->count; i++) {
        t->tonic = t->g->keys[i].tonic;
        t->mode = t->g->keys[i].mode;
        chord_tokens(t, 0, tokens[i]);
        left[i] = true;
    }
    for (int n = 0; n < 3; n++) {
        struct table table = {{0}};
        for (int i = 0; i < c->count; i++)
            if (left[i])
                table.weight[(int)tokens[i][n]] += c->weight[i];
        const char token = next_token(t, &table, FREE);
        for (int i = 0; i < c->count; i++)
            left[i] = left[i] && tokens[i][n] == token;
    }
    for (int i = 0; i < c->count; i++)
        if (left[i]) {
            t->tonic = t->g->keys[i].tonic;
            t->mode = t->g->keys[i].mode;
        }
}

/* ---- melody ---- */

/* What a melody must keep to in a bar. */
struct place {
    int chord;
    bool close; /* the bar ends its phrase: its last note is the chord's, or the tonic */
    int moved;  /* the chord that the bar is moved to afterwards, or −1 */
};

static bool can_move(const struct tune *t, const struct place *p, int step)
{
    return p->moved < 0 || in_range(t, step + p->moved - p->chord, p->moved);
}

/* The weight of a step of the scale `eighth` eighths into a bar; `last`: it ends a phrase. */
static double step_weight(const struct tune *t, const struct place *p, int step,
                          int eighth, bool last)
{
    const bool inside = in_chord(step, p->chord);
    const int by = step - t->last;
    double w = t->g->height_weight[step - LOWEST_STEP];
    if (!in_range(t, step, p->chord) || !can_move(t, p, step))
        return 0;
    if (t->begun) {
        w *= t->g->step_weight[abs(by)];
        if (t->outside && abs(by) != 1) /* a note outside its chord moves on by a step */
            w *= 0.03;
        if (abs(t->leap) >= 3 && by * t->leap > 0) /* after a leap, back */
            w *= 0.1;
        if (!inside && abs(by) != 1) /* and it is reached by a step */
            return 0;
    }
    if (last && p->chord == 0)
        return (step + 7) % 7 == 0 ? w : 0;
    if (last)
        return inside ? w * ((step - p->chord + 14) % 7 == 0 ? 2 : 1) : 0;
    if (!inside && t->g->strong[t->metre][eighth])
        return 0;
    return !inside && t->g->medium[t->metre][eighth] ? w / 4 : w;
}

/* The probabilities of the steps, from −4 on. Is nothing near enough, the nearest that fits. */
static void step_chances(const struct tune *t, const struct place *p, int eighth,
                         bool last, double chance[STEPS])
{
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
        sum += chance[i] = step_weight(t, p, LOWEST_STEP + i, eighth, last);
    if (sum > 0) {
        for (int i = 0; i < STEPS; i++)
            chance[i] /= sum;
        return;
    }
    int best = -1;
    for (int i = 0; i < STEPS; i++) {
        const int step = LOWEST_STEP + i;
        const bool fits =
            in_range(t, step, p->chord) && can_move(t, p, step) &&
            (last && p->chord == 0 ? (step + 7) % 7 == 0 : in_chord(step, p->chord));
        if (fits && (best < 0 || abs(step - t->last) < abs(LOWEST_STEP + best - t->last)))
            best = i;
    }
    if (best < 0)
        die("%s: no note fits into the chord %s", t->g->path, chord_names[p->chord]);
    chance[best] = 1;
}

static char note_token(const struct tune *t, int step, int chord)
{
    return (char)('a' + pitch_of(t, step, chord) - LOW_FLUTE);
}

static void played(struct tune *t, int step, int chord)
{
    t->leap = t->begun ? step - t->last : 0;
    t->last = step;
    t->begun = true;
    t->outside = !in_chord(step, chord);
}

/* A new melody of a bar, in one of these rhythms. Which one only its tokens tell. */
static void new_melody(struct tune *t, const struct place *p, struct rhythms left,
                       struct bar *bar)
{
    int n = 0;
    bar->chord = p->chord;
    for (int eighth = 0; eighth < bar_length[t->metre] && !t->wrong; n++) {
        /* Notes and rests that may come, by all the rhythms that are left. */
        struct table table = {{0}};
        double chance[2][STEPS] = {{0}};
        bool made[2] = {false, false};
        for (int i = 0; i < left.count; i++) {
            const struct rhythm *r = &left.pattern[i];
            if (r->length[n] < 0) {
                table.weight['0' - r->length[n]] += r->weight;
                continue;
            }
            bool last = p->close;
            for (int k = n + 1; k < r->count; k++)
                last = last && r->length[k] < 0;
            if (!made[last])
                step_chances(t, p, eighth, last, chance[last]);
            made[last] = true;
            for (int k = 0; k < STEPS; k++)
                if (chance[last][k] > 0)
                    table.weight[(int)note_token(t, LOWEST_STEP + k, p->chord)] +=
                        r->weight * chance[last][k];
        }
        const char token = next_token(t, &table, FREE);
        const bool rest = token >= '1' && token <= '9';
        int step = 0;
        if (!rest) { /* which step it is, and which rhythms still fit, with new weights */
            while (step < STEPS && (!in_range(t, LOWEST_STEP + step, p->chord) ||
                                    note_token(t, LOWEST_STEP + step, p->chord) != token))
                step++;
            if (step == STEPS)
                return;
            struct table lengths = {{0}};
            int kept = 0;
            for (int i = 0; i < left.count; i++) {
                struct rhythm r = left.pattern[i];
                bool last = p->close;
                for (int k = n + 1; k < r.count; k++)
                    last = last && r.length[k] < 0;
                if (r.length[n] < 0 || !(chance[last][step] > 0))
                    continue;
                r.weight *= chance[last][step];
                lengths.weight['0' + r.length[n]] += r.weight;
                left.pattern[kept++] = r;
            }
            left.count = kept;
            bar->step[n] = LOWEST_STEP + step;
            played(t, LOWEST_STEP + step, p->chord);
            const char length = next_token(t, &lengths, FREE);
            bar->rhythm.length[n] = length - '0';
        } else
            bar->rhythm.length[n] = '0' - token;
        int kept = 0;
        for (int i = 0; i < left.count; i++)
            if (left.pattern[i].length[n] == bar->rhythm.length[n])
                left.pattern[kept++] = left.pattern[i];
        left.count = kept;
        eighth += abs(bar->rhythm.length[n]);
    }
    bar->rhythm.count = n;
    bar->rhythm.weight = 1;
}

/* A bar whose notes are known. */
static void say_bar(struct tune *t, const struct bar *bar, enum kind kind)
{
    char tokens[3];
    chord_tokens(t, bar->chord, tokens);
    for (int i = 0; i < 3; i++)
        only_token(t, tokens[i], kind);
    for (int i = 0; i < bar->rhythm.count; i++) {
        const int n = bar->rhythm.length[i];
        if (n > 0) {
            only_token(t, note_token(t, bar->step[i], bar->chord), kind);
            played(t, bar->step[i], bar->chord);
        }
        only_token(t, (char)('0' + abs(n)), kind);
    }
}

static const struct choices *chords_after(const struct tune *t, const struct bar_rule *b)
{
    const struct choices *c = &b->next[t->mode][b->after ? t->chord : 0];
    if (c->count == 0)
        die("%s: the rule '%s' does not say what follows chord %s in %s", t->g->path,
            b->chord, chord_names[t->chord], mode_names[t->mode]);
    return c;
}

static void next_bar(struct tune *t, int phrase, int number)
{
    const struct bar_rule *b = &t->g->phrase[phrase].bar[number];
    struct bar *bar = &t->bars[phrase][number];
    *bar = (struct bar){0};
    if (b->made != MOVED && (b->made == AGAIN || b->rhythm == BY_BAR) &&
        !(t->known[b->phrase] || (b->phrase == phrase && b->bar < number)))
        die("%s: phrase %s says bar %d of %s again before it was played", t->g->path,
            t->g->phrase[phrase].name, b->bar + 1, t->g->phrase[b->phrase].name);
    if (b->made == AGAIN) {
        *bar = t->bars[b->phrase][b->bar];
        say_bar(t, bar, AGAIN_1 + (enum kind)number);
    } else if (b->made == MOVED) {
        *bar = bar[-1];
        bar->chord = t->g->moved[t->mode][bar->chord].value[0];
        for (int i = 0; i < bar->rhythm.count; i++)
            bar->step[i] += bar->chord - bar[-1].chord;
        say_bar(t, bar, SHIFTED);
    } else {
        struct place p = {.close = b->rhythm == BY_CLOSE, .moved = -1};
        if (t->at == 2) /* the metre and the first phrase's mark come before it */
            next_key(t);
        else
            p.chord = next_chord(t, chords_after(t, b));
        if (t->wrong)
            return;
        if (number + 1 < BARS && b[1].made == MOVED) {
            if (t->g->moved[t->mode][p.chord].count != 1)
                die("%s: expected one chord that a bar on %s moves to, in %s", t->g->path,
                    chord_names[p.chord], mode_names[t->mode]);
            p.moved = t->g->moved[t->mode][p.chord].value[0];
        }
        struct rhythms one = {.count = 1};
        if (b->rhythm == BY_BAR)
            one.pattern[0] = t->bars[b->phrase][b->bar].rhythm;
        new_melody(t, &p,
                   b->rhythm == BY_BAR     ? one
                   : b->rhythm == BY_CLOSE ? t->g->close[t->metre]
                                           : t->g->rhythm[t->metre],
                   bar);
    }
    t->chord = bar->chord;
}

/* Writes a tune, or reads the one in t->token; then t->wrong says whether it is none. */
static void go_through(struct tune *t)
{
    const struct grammar *g = t->g;
    struct table table = {{0}};
    for (int i = 0; i < g->metre.count; i++)
        table.weight[(int)metres[g->metre.value[i]]] += g->metre.weight[i];
    const char metre = next_token(t, &table, FREE);
    t->metre = metre ? (int)(strchr(metres, metre) - metres) : 0;
    bool left[MAX_CHOICES]; /* forms that may still be */
    for (int i = 0; i < g->form.count; i++)
        left[i] = true;
    for (int n = 0; n < BARS && !t->wrong; n++) {
        table = (struct table){{0}};
        for (int i = 0; i < g->form.count; i++)
            if (left[i])
                table.weight[(int)g->phrase[g->forms[i][n]].mark] += g->form.weight[i];
        const char mark = next_token(t, &table, FREE);
        int phrase = -1;
        for (int i = 0; i < g->form.count; i++) {
            left[i] = left[i] && g->phrase[g->forms[i][n]].mark == mark;
            phrase = left[i] ? g->forms[i][n] : phrase;
        }
        for (int i = 0; i < BARS && !t->wrong; i++)
            if (t->known[phrase])
                say_bar(t, &t->bars[phrase][i], AGAIN_1 + (enum kind)i);
            else
                next_bar(t, phrase, i);
        if (phrase >= 0) {
            t->known[phrase] = true;
            t->chord = t->bars[phrase][BARS - 1].chord;
        }
    }
    only_token(t, END_TOKEN, END);
    if (!t->random && t->at != t->length + 1)
        t->wrong = true;
}

static double total_nats(const struct tune *t)
{
    double sum = 0;
    for (int i = 0; i < t->at; i++)
        sum += t->nats[i];
    return sum;
}

/* ---- judging the form of what claims to be a tune ---- */

/* What is right about a tune, from its characters alone; only `language` asks the grammar. */
struct verdict {
    bool bars, phrases, form, tonic, again, aaba, last_a, other_b, language;
};

struct shape {                          /* bars and phrases, as offsets into the text */
    int phrases, bars[MAX_TUNE];        /* bars in each phrase */
    int begin[MAX_TUNE], end[MAX_TUNE]; /* each phrase, without its mark */
    int second[MAX_TUNE];               /* where its third bar begins */
    bool full; /* all bars have their length, and a chord of three */
    int last_note;
};

static struct shape shape_of(const char *text, int n)
{
    struct shape s = {.full = n > 0 && strchr(metres, text[0]), .last_note = -1};
    const int length = s.full ? bar_length[strchr(metres, text[0]) - metres] : 8;
    int chord = 0, sum = 0;
    bool note = false;
    for (int i = 1; i <= n; i++) {
        const char c = i < n ? text[i] : '(';
        const bool mark = ispunct((unsigned char)c);
        if ((mark || (isupper((unsigned char)c) && sum > 0)) && s.phrases &&
            (chord || sum)) {
            s.full = s.full && chord == 3 && sum == length && !note;
            s.bars[s.phrases - 1]++;
            chord = sum = 0;
            note = false;
            if (s.bars[s.phrases - 1] == 2)
                s.second[s.phrases - 1] = i;
        }
        if (mark && s.phrases)
            s.end[s.phrases - 1] = i;
        if (mark && i < n)
            s.begin[s.phrases++] = i + 1;
        else if (isupper((unsigned char)c))
            chord++;
        else if (islower((unsigned char)c)) {
            s.full = s.full && !note && chord == 3;
            note = true;
            s.last_note = c - 'a' + LOW_FLUTE;
        } else if (isdigit((unsigned char)c)) {
            sum += c - '0';
            note = false;
        }
        s.full = s.full && (s.phrases || i == n);
    }
    return s;
}

static bool same_text(const char *text, int a, int a_end, int b, int b_end)
{
    return a_end - a == b_end - b && memcmp(text + a, text + b, (size_t)(a_end - a)) == 0;
}

/* The key by the first chord: its tonic, or −1. */
static int tonic_of(struct tune *t, const char *text, int n)
{
    for (int i = 0; i < t->g->key.count && n > 4; i++) {
        char tokens[3];
        t->tonic = t->g->keys[i].tonic;
        t->mode = t->g->keys[i].mode;
        chord_tokens(t, 0, tokens);
        if (memcmp(text + 2, tokens, 3) == 0)
            return t->tonic;
    }
    return -1;
}

static struct verdict judge(const struct grammar *g, const char *text, int n)
{
    struct tune t = {.g = g, .length = n < MAX_TUNE ? n : MAX_TUNE - 1};
    const struct shape s = shape_of(text, n);
    struct verdict v = {.bars = s.full && s.phrases && s.bars[0],
                        .phrases = s.phrases == BARS,
                        .again = true};
    const int tonic = tonic_of(&t, text, n);
    v.tonic = tonic >= 0 && s.last_note >= 0 && (s.last_note - tonic) % 12 == 0;
    memcpy(t.token, text, (size_t)t.length);
    for (int i = 0; i < s.phrases; i++)
        v.phrases = v.phrases && s.bars[i] == BARS;
    if (!v.phrases)
        return v;
    char marks[BARS];
    for (int i = 0; i < BARS; i++)
        marks[i] = text[s.begin[i] - 1];
    for (int f = 0; f < g->form.count; f++) {
        bool same = true;
        for (int i = 0; i < BARS; i++)
            same = same && marks[i] == g->phrase[g->forms[f][i]].mark;
        v.form = v.form || same;
    }
    for (int i = 0; i < BARS; i++) /* a phrase that comes again is the same */
        for (int k = 0; k < i; k++)
            if (marks[i] == marks[k])
                v.again = v.again &&
                          same_text(text, s.begin[i], s.end[i], s.begin[k], s.end[k]);
    v.aaba = memcmp(marks, "()[)", BARS) == 0;
    v.last_a = v.aaba && v.again &&
               same_text(text, s.begin[0], s.second[0], s.begin[1], s.second[1]);
    v.other_b = v.aaba && !same_text(text, s.begin[0], s.end[0], s.begin[2], s.end[2]);
    if (n < MAX_TUNE) {
        go_through(&t);
        v.language = !t.wrong;
    }
    return v;
}

/* ---- commands ---- */

struct asked {
    const char *grammar;
    uint64_t count, seed;
    int order;
    bool lines;
};

/* Tune number `i` of a seed: the same whatever was asked for before. */
static void write_tune(struct tune *t, const struct grammar *g, uint64_t seed, uint64_t i)
{
    uint64_t state = seed * UINT64_C(0xD1342543DE82EF95) + i;
    next_fraction(&state);
    state ^= i << 32;
    *t = (struct tune){.g = g, .random = &state};
    go_through(t);
    if (t->wrong)
        die("%s: a tune of it is longer than %d tokens", g->path, MAX_TUNE - 1);
}

static void command_write(const struct grammar *g, const struct asked *o)
{
    struct tune *t = grab(1, sizeof *t);
    for (uint64_t i = 0; i < o->count; i++) {
        write_tune(t, g, o->seed, i);
        printf("%.*s%s", t->at - 1, t->token, o->lines ? "\n" : END_OF_TEXT);
    }
    free(t);
}

/* The mean of −ln P: no model can do better on average. */
static void command_limit(const struct grammar *g, const struct asked *o)
{
    struct tune *t = grab(1, sizeof *t);
    double sum = 0, squares = 0, tokens = 0;
    int most = 0;
    for (uint64_t i = 0; i < o->count; i++) {
        write_tune(t, g, o->seed, i);
        const double nats = total_nats(t);
        sum += nats;
        squares += nats * nats;
        tokens += t->at;
        most = t->at > most ? t->at : most;
    }
    const double n = (double)o->count, mean = sum / n;
    printf("tunes            %.0f\n", n);
    printf("tokens a tune    %.2f, with its end (%d at most)\n", tokens / n, most);
    printf("nats per tune    %.3f (+- %.3f)\n", mean,
           sqrt(fmax(0, squares / n - mean * mean) / n));
    printf("nats per token   %.4f\n", sum / tokens);
    free(t);
}

/* Texts by a Markov chain, as Shannon made them by hand (1948, section 3): open the book at random,
 * read on to the next place with the last `order` characters, and write down what follows
 * there. The book is standard input; ends of tunes are one character, a new line. */
static void command_chain(const struct asked *o)
{
    struct bytes b = read_stream(stdin, "standard input");
    size_t n = 0;
    for (size_t i = 0; i < b.size; n++)
        if (b.size - i >= strlen(END_OF_TEXT) &&
            memcmp(b.data + i, END_OF_TEXT, strlen(END_OF_TEXT)) == 0) {
            b.data[n] = '\n';
            i += strlen(END_OF_TEXT);
        } else
            b.data[n] = b.data[i++];
    if (n < 2 || !memchr(b.data, '\n', n - 1))
        die("chain: expected a text of tunes on standard input, each with its "
            "<|endoftext|>");
    uint64_t state = o->seed;
    for (uint64_t i = 0; i < o->count; i++) {
        unsigned char text[MAX_TUNE + 1] = {'\n'};
        int length = 1;
        while (length < MAX_TUNE && (length == 1 || text[length - 1] != '\n')) {
            const int order = o->order < length ? o->order : length;
            const unsigned char *last = text + length - order;
            size_t at = (size_t)(next_fraction(&state) * (double)n);
            while (at + (size_t)order >= n ||
                   memcmp(b.data + at, last, (size_t)order) != 0)
                at = at + (size_t)order >= n ? 0 : at + 1;
            text[length++] = b.data[at + (size_t)order];
        }
        printf("%.*s%s", length - 1 - (text[length - 1] == '\n'), (char *)text + 1,
               o->lines ? "\n" : END_OF_TEXT);
    }
    free(b.data);
}

/* The tunes on standard input: each ends with <|endoftext|>, a new line, or both. */
struct input {
    struct bytes text;
    size_t at;
    long number;
};

static const char *next_tune(struct input *in, int *length)
{
    while (in->at < in->text.size) {
        const char *tune = (const char *)in->text.data + in->at;
        const char *mark = strstr(tune, END_OF_TEXT);
        const size_t line = strcspn(tune, "\n");
        const bool marked = mark && (size_t)(mark - tune) < line;
        const size_t n = marked ? (size_t)(mark - tune) : line;
        in->at += n + (marked ? strlen(END_OF_TEXT) : 1);
        if (n == 0)
            continue;
        in->number++;
        *length = n < INT_MAX ? (int)n : INT_MAX;
        return tune;
    }
    return NULL;
}

static struct input open_input(void)
{
    struct input in = {.text = read_stream(stdin, "standard input")};
    if (in.text.size > MOST_INPUT)
        die("standard input: is larger than %d bytes", MOST_INPUT);
    if (strlen((const char *)in.text.data) != in.text.size)
        die("standard input: holds a NUL byte; tunes are plain text");
    return in;
}

/* For each tune its tokens' nats or, with `kinds`, what each token is there for, a line a tune. */
static void command_read(const struct grammar *g, bool kinds)
{
    struct input in = open_input();
    struct tune *t = grab(1, sizeof *t);
    int n;
    for (const char *text; (text = next_tune(&in, &n));) {
        if (n >= MAX_TUNE)
            die("standard input: tune %ld has %d tokens; the most is %d", in.number, n,
                MAX_TUNE - 1);
        *t = (struct tune){.g = g, .length = n};
        memcpy(t->token, text, (size_t)n);
        go_through(t);
        if (t->wrong)
            die("standard input: tune %ld is not in the language: no tune goes on with "
                "'%.8s' after '%.*s'",
                in.number, t->at < n ? t->token + t->at : "(its end)",
                t->at < 24 ? t->at : 24, t->token + (t->at < 24 ? 0 : t->at - 24));
        for (int i = 0; i < t->at; i++)
            if (kinds)
                printf("%d%c", (int)t->kind[i], i + 1 < t->at ? ' ' : '\n');
            else
                printf("%.6f%c", t->nats[i], i + 1 < t->at ? ' ' : '\n');
    }
    free(t);
    free(in.text.data);
}

static void tell_share(const char *what, long part, long of)
{
    printf("  %-34s %6ld of %-6ld %5.1f %%\n", what, part, of,
           of ? 100 * (double)part / (double)of : 0);
}

static void command_form(const struct grammar *g)
{
    struct input in = open_input();
    long bars = 0, phrases = 0, form = 0, tonic = 0, again = 0, aaba = 0, last = 0,
         other = 0, language = 0;
    int n;
    for (const char *text; (text = next_tune(&in, &n));) {
        const struct verdict v = judge(g, text, n);
        bars += v.bars;
        phrases += v.phrases;
        form += v.form;
        tonic += v.tonic;
        again += v.form && v.again;
        aaba += v.aaba;
        last += v.last_a;
        other += v.other_b;
        language += v.language;
    }
    tell_share("all bars are full", bars, in.number);
    tell_share("four phrases of four bars", phrases, in.number);
    tell_share("in one of the three forms", form, in.number);
    tell_share("what comes again is the same", again, form);
    tell_share("AABA", aaba, in.number);
    tell_share("its A comes three times", last, aaba);
    tell_share("and its B is not A", other, aaba);
    tell_share("the last note is the tonic", tonic, in.number);
    tell_share("wholly in the language", language, in.number);
    free(in.text.data);
}

static const char help[] =
    "usage: tunes COMMAND [OPTIONS]\n"
    "\n"
    "  write N     write N tunes, each followed by <|endoftext|>\n"
    "  limit N     the mean of -ln P over N tunes: no model can do better\n"
    "  surprise    read tunes: the nats of every token and of the end, a line a tune\n"
    "  kinds       read tunes: what each token is there for, a line a tune: 0 it is "
    "chosen;\n"
    "              1 its rhythm is known; 2 to 5 bar 1 to 4 of a phrase is played "
    "again;\n"
    "              6 a bar is moved; 7 the end\n"
    "  chain N     read a text of tunes: write N by a Markov chain learned from it\n"
    "  form        read what may be tunes: how many have full bars, four phrases, ...\n"
    "\n"
    "  --grammar FILE     the grammar    (models/tunes/tunes.grammar)\n"
    "  --seed S           which tunes    (1)\n"
    "  --order K          chain: by the last K tokens (4)\n"
    "  --lines            a tune a line\n"
    "\n"
    "surprise, kinds and form read standard input; tunes there end with <|endoftext|>, "
    "a\n"
    "new line, or both.\n";

static uint64_t read_number(const char *what, const char *text)
{
    char *end;
    errno = 0;
    const unsigned long long n = strtoull(text, &end, 10);
    if (errno || *end || !isdigit((unsigned char)text[0]))
        die("%s: expected a whole number, found '%s'", what, text);
    return n;
}

int main(int argc, char **argv)
{
    program_name = "tunes";
    struct asked o = {.grammar = "models/tunes/tunes.grammar", .seed = 1, .order = 4};
    const char *command = argc > 1 ? argv[1] : "--help";
    static const char *const commands[] = {"write",    "limit", "chain",
                                           "surprise", "kinds", "form"};
    int number = 0, i = 2;
    while (number < 6 && strcmp(command, commands[number]) != 0)
        number++;
    for (int k = 1; k < argc; k++)
        if (strcmp(argv[k], "--help") == 0)
            command = "--help";
    if (strcmp(command, "--help") == 0) {
        fputs(help, stdout);
        return argc > 1 ? 0 : 1;
    }
    if (number == 6)
        die("%s: no such command; tunes --help lists them", command);
    if (number < 3) {
        if (argc < 3)
            die("%s: expected how many tunes", command);
        o.count = read_number(command, argv[i++]);
        if (o.count < 1)
            die("%s: expected at least 1 tune", command);
    }
    for (; i < argc; i++) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(name, "--lines") == 0) {
            o.lines = true;
            continue;
        }
        if (strcmp(name, "--grammar") != 0 && strcmp(name, "--seed") != 0 &&
            strcmp(name, "--order") != 0)
            die("%s: no such option; tunes --help lists them", name);
        if (!value)
            die("%s: expected a value after it", name);
        if (strcmp(name, "--seed") == 0)
            o.seed = read_number(name, value);
        else if (strcmp(name, "--order") == 0) {
            const uint64_t order = read_number(name, value);
            if (order < 1 || order >= MAX_TUNE)
                die("--order: expected 1 to %d, found '%s'", MAX_TUNE - 1, value);
            o.order = (int)order;
        } else
            o.grammar = value;
        i++;
    }
    struct grammar *g = read_grammar(o.grammar);
    if (number == 0)
        command_write(g, &o);
    else if (number == 1)
        command_limit(g, &o);
    else if (number == 2)
        command_chain(&o);
    else if (number == 5)
        command_form(g);
    else
        command_read(g, number == 4);
    free(g);
    finish_output();
    return 0;
}
