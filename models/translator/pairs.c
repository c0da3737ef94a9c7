/* pairs: writes English sentences and the one French sentence that each of them means, from a
 * synchronous grammar: two languages whose sentences are made of the same choices.
 *
 *     cc -O2 models/translator/pairs.c -o build/pairs
 *     build/pairs --count 3 --seed 7
 *
 * How a grammar is written is explained at the head of pairs.grammar. */
#include "../../src/00_book.h"

enum {
    MOST_RULES = 256,
    MOST_LABELS = 8,   /* different choices inside one alternative */
    MOST_ITEMS = 24,   /* pieces of one side */
    MOST_FORMS = 8,    /* forms of a word */
    MOST_FEATURES = 4, /* of one alternative */
    MOST_DEPTH = 32,
    MOST_NODES = 256, /* choices in one sentence */
    MOST_BYTES = 1024 /* of one side */
};

enum { PROMPT, ANSWER };

/* Words, or (label >= 0) what was chosen under a label, perhaps in a form that is named. */
struct item {
    const char *text;
    int label;
    const char *form; /* NULL: the one that its features pick */
};

struct side {
    struct item items[MOST_ITEMS];
    int count;
};

struct feature {
    const char *name, *value;
};

struct alternative {
    int line;
    long weight;
    struct side forms[2][MOST_FORMS];
    int form_count[2];
    struct {
        const char *name, *rule, *agrees; /* agrees: the label that it asks, or NULL */
        int number;                       /* of the rule */
        int head;                         /* number of that label, or -1 */
    } labels[MOST_LABELS];
    int label_count;
    struct feature features[MOST_FEATURES];
    int feature_count;
};

/* A rule; its forms are picked by one feature or several, whose names are one letter each. */
struct rule {
    const char *name, *features[2], *keys[2][MOST_FORMS];
    int line, key_count[2];
    struct alternative **alternatives;
    size_t count, room;
    long weight;
};

struct grammar {
    const char *file;
    char *text; /* all names and words point into it */
    struct rule rules[MOST_RULES];
    int rule_count, joins[2], apart;
};

/* ---- Reading a grammar -------------------------------------------------------------- */

static char *trim(char *s)
{
    s += strspn(s, " \t\r");
    size_t n = strlen(s);
    while (n && strchr(" \t\r", s[n - 1]))
        s[--n] = '\0';
    return s;
}

/* Cuts `s` at the first `mark` and returns what follows it, or NULL. */
static char *cut(char *s, const char *mark)
{
    char *at = strstr(s, mark);
    if (!at)
        return NULL;
    *at = '\0';
    return at + strlen(mark);
}

static int find_rule(const struct grammar *g, const char *name)
{
    for (int r = 0; r < g->rule_count; r++)
        if (strcmp(g->rules[r].name, name) == 0)
            return r;
    return -1;
}

static int find_label(const struct alternative *a, const char *name)
{
    for (int l = 0; l < a->label_count; l++)
        if (strcmp(a->labels[l].name, name) == 0)
            return l;
    return -1;
}

/* What is between < and >: [label=]rule[@label][:form] */
static void read_choice(const struct grammar *g, struct alternative *a, char *s,
                        struct item *item)
{
    char *form = cut(s, ":"), *agrees = cut(s, "@"), *rule = cut(s, "=");
    int l = find_label(a, s);
    if (!*s || (rule && !*rule) || (l >= 0 && rule))
        die("%s:%d: expected <name>, <name=rule>, <name@other> or <name:form>, found "
            "<%s>",
            g->file, a->line, s);
    if (l < 0) {
        if (a->label_count == MOST_LABELS)
            die("%s:%d: more than %d choices in one alternative", g->file, a->line,
                MOST_LABELS);
        l = a->label_count++;
        a->labels[l].name = s;
        a->labels[l].rule = rule ? rule : s;
    }
    if (agrees)
        a->labels[l].agrees = agrees;
    *item = (struct item){.label = l, .form = form};
}

static void read_side(const struct grammar *g, struct alternative *a, char *s,
                      struct side *side)
{
    s = trim(s);
    if (strcmp(s, "-") == 0)
        return;
    while (*s) {
        if (side->count == MOST_ITEMS)
            die("%s:%d: more than %d pieces", g->file, a->line, MOST_ITEMS);
        struct item *item = &side->items[side->count++];
        if (*s == '<') {
            char *rest = cut(s, ">");
            if (!rest)
                die("%s:%d: '<' is never closed", g->file, a->line);
            read_choice(g, a, s + 1, item);
            s = rest;
        } else {
            const size_t n = strcspn(s, "<");
            char *words = grab(n + 1, 1);
            memcpy(words, s, n);
            *item = (struct item){.text = words, .label = -1};
            s += n;
        }
    }
}

/* name=value; name=value */
static int read_features(const struct grammar *g, int line, char *s,
                         struct feature features[MOST_FEATURES])
{
    int count = 0;
    for (char *next; s; s = next) {
        next = cut(s, ";");
        char *value = cut(s, "=");
        if (!value || count == MOST_FEATURES)
            die("%s:%d: expected at most %d features name=value", g->file, line,
                MOST_FEATURES);
        features[count++] = (struct feature){trim(s), trim(value)};
    }
    return count;
}

static void read_alternative(struct grammar *g, int line, char *s,
                             const struct feature *common, int common_count)
{
    struct rule *rule = &g->rules[g->rule_count - 1];
    struct alternative *a = grab(1, sizeof *a);
    char *own = cut(s, "|"), *end;
    a->line = line;
    a->weight = 1;
    const long weight = strtol(s, &end, 10);
    if (end != s && *(end += strspn(end, " ")) == '*') {
        if (weight < 1 || weight > 1000000)
            die("%s:%d: a weight is a whole number from 1 to 1000000", g->file, line);
        a->weight = weight;
        s = end + 1;
    }
    memcpy(a->features, common, (size_t)common_count * sizeof *common);
    a->feature_count = common_count;
    if (own)
        a->feature_count = read_features(g, line, own, a->features);
    char *sides[2] = {s, cut(s, "=>")};
    for (int k = 0; k < 2; k++) {
        char *form = sides[k] ? sides[k] : sides[PROMPT];
        const bool forms = rule->key_count[k] > 0 && strcmp(trim(form), "-") != 0;
        for (char *next; form && sides[k]; form = next) {
            next = forms ? cut(form, ",") : NULL;
            if (a->form_count[k] == MOST_FORMS)
                die("%s:%d: more than %d forms", g->file, line, MOST_FORMS);
            read_side(g, a, form, &a->forms[k][a->form_count[k]++]);
        }
        if (forms && a->form_count[k] && a->form_count[k] != rule->key_count[k])
            die("%s:%d: %d forms, expected %d, as in %s's first line", g->file, line,
                a->form_count[k], rule->key_count[k], rule->name);
    }
    rule->alternatives = grow(rule->alternatives, &rule->room, rule->count + 1,
                              sizeof(struct alternative *));
    rule->alternatives[rule->count++] = a;
    rule->weight += a->weight;
}

/* The first line of a rule: its name, and which features pick the forms of each side. */
static void read_head(struct grammar *g, int line, char *s)
{
    if (g->rule_count == MOST_RULES)
        die("%s:%d: more than %d rules", g->file, line, MOST_RULES);
    struct rule *rule = &g->rules[g->rule_count];
    char *sides[2] = {s, cut(s, "=>")};
    sides[PROMPT] = cut(s, " ");
    *rule = (struct rule){.name = s, .line = line};
    if (!*s || find_rule(g, s) >= 0)
        die("%s:%d: expected the name of a new rule, found '%s'", g->file, line, s);
    g->rule_count++;
    for (int k = 0; k < 2; k++) {
        char *keys = sides[k] ? cut(sides[k], ":") : NULL;
        if (!keys)
            continue;
        rule->features[k] = trim(sides[k]);
        for (char *key = strtok(keys, " "); key; key = strtok(NULL, " ")) {
            if (rule->key_count[k] == MOST_FORMS)
                die("%s:%d: more than %d forms", g->file, line, MOST_FORMS);
            rule->keys[k][rule->key_count[k]++] = key;
        }
    }
}

static void read_line(struct grammar *g, int line, char *s, struct feature *common,
                      int *common_count)
{
    const bool inside = *s == ' ' || *s == '\t';
    s = trim(s);
    if (!*s || *s == '#')
        return;
    if (!inside) {
        *common_count = 0;
        read_head(g, line, s);
    } else if (!g->rule_count) {
        die("%s:%d: an alternative before the first rule", g->file, line);
    } else if (*s == '|') {
        *common_count = read_features(g, line, s + 1, common);
    } else
        for (char *next; s; s = next) {
            next = cut(s, " / ");
            read_alternative(g, line, s, common, *common_count);
        }
}

/* Names become numbers. */
static void link_rules(struct grammar *g)
{
    for (int r = 0; r < g->rule_count; r++)
        for (size_t i = 0; i < g->rules[r].count; i++) {
            struct alternative *a = g->rules[r].alternatives[i];
            for (int l = 0; l < a->label_count; l++) {
                const char *agrees = a->labels[l].agrees;
                a->labels[l].number = find_rule(g, a->labels[l].rule);
                a->labels[l].head = agrees ? find_label(a, agrees) : -1;
                if (a->labels[l].number < 0)
                    die("%s:%d: there is no rule %s", g->file, a->line,
                        a->labels[l].rule);
                if (agrees && a->labels[l].head < 0)
                    die("%s:%d: there is no <%s> here to agree with", g->file, a->line,
                        agrees);
            }
        }
}

/* No rule may lead back to itself. */
static void check_depth(const struct grammar *g, int r, int depth)
{
    const struct rule *rule = &g->rules[r];
    if (depth == MOST_DEPTH)
        die("%s:%d: rule %s: more than %d rules inside each other", g->file, rule->line,
            rule->name, MOST_DEPTH);
    if (!rule->count)
        die("%s:%d: rule %s has no alternatives", g->file, rule->line, rule->name);
    for (size_t i = 0; i < rule->count; i++)
        for (int l = 0; l < rule->alternatives[i]->label_count; l++)
            check_depth(g, rule->alternatives[i]->labels[l].number, depth + 1);
}

static struct grammar *read_grammar(const char *file)
{
    struct grammar *g = grab(1, sizeof *g);
    struct feature common[MOST_FEATURES] = {{0}};
    struct bytes b = read_text_file(file);
    int common_count = 0, line = 0;
    if (strlen((char *)b.data) != b.size)
        die("%s: has a byte 0, expected text", file);
    g->file = file;
    g->text = (char *)b.data;
    for (char *s = g->text, *next; s; s = next) {
        const int first = ++line;
        for (char *end = s; (end = strchr(end, '\n')) && end > s && end[-1] == '\\';) {
            end[-1] = end[0] = ' '; /* a line that goes on in the next */
            line++;
        }
        next = cut(s, "\n");
        read_line(g, first, s, common, &common_count);
    }
    if (!g->rule_count)
        die("%s: has no rule", file);
    link_rules(g);
    check_depth(g, 0, 0);
    g->joins[PROMPT] = find_rule(g, "join-prompt");
    g->joins[ANSWER] = find_rule(g, "join-answer");
    g->apart = find_rule(g, "apart");
    return g;
}

static void free_grammar(struct grammar *g)
{
    for (int r = 0; r < g->rule_count; r++) {
        for (size_t i = 0; i < g->rules[r].count; i++) {
            struct alternative *a = g->rules[r].alternatives[i];
            for (int k = 0; k < 2; k++)
                for (int f = 0; f < a->form_count[k]; f++)
                    for (int n = 0; n < a->forms[k][f].count; n++)
                        free((char *)(uintptr_t)a->forms[k][f].items[n].text);
            free(a);
        }
        free(g->rules[r].alternatives);
    }
    free(g->text);
    free(g);
}

/* ---- A sentence ------------------------------------------------------------------------- */

/* One choice in a sentence. */
struct node {
    int rule;
    const struct alternative *a;
    int up, head, below[MOST_LABELS]; /* numbers of nodes; -1: none */
};

/* A side as it is written: each byte with the node that wrote it, -1 for plain text. */
struct written {
    char text[MOST_BYTES];
    int node[MOST_BYTES], length;
};

struct sentence {
    const struct grammar *g;
    struct node nodes[MOST_NODES];
    int count;
    struct written sides[2];
};

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Chooses an alternative of a rule, and everything inside it. Returns the node's number. */
static int choose(struct sentence *s, uint64_t *random, int r, int up)
{
    const struct rule *rule = &s->g->rules[r];
    if (s->count == MOST_NODES)
        die("%s:%d: a sentence has more than %d choices", s->g->file, rule->line,
            MOST_NODES);
    const int n = s->count++;
    struct node *node = &s->nodes[n];
    long ticket = (long)(next_random(random) % (uint64_t)rule->weight);
    size_t i = 0;
    while (ticket >= rule->alternatives[i]->weight)
        ticket -= rule->alternatives[i++]->weight;
    *node = (struct node){r, rule->alternatives[i], up, -1, {0}};
    for (int l = 0; l < node->a->label_count; l++)
        node->below[l] = choose(s, random, node->a->labels[l].number, n);
    for (int l = 0; l < node->a->label_count; l++)
        if (node->a->labels[l].head >= 0)
            s->nodes[node->below[l]].head = node->below[node->a->labels[l].head];
    return n;
}

/* The feature in this node or inside it, or NULL. */
static const char *inside(const struct sentence *s, int n, char name)
{
    const struct alternative *a = s->nodes[n].a;
    const char *found = NULL;
    for (int f = 0; f < a->feature_count; f++)
        if (a->features[f].name[0] == name)
            return a->features[f].value;
    for (int l = 0; l < a->label_count && !found; l++)
        found = inside(s, s->nodes[n].below[l], name);
    return found;
}

/* The feature as node n sees it: inside it; as the one has it that it agrees with; around it. */
static const char *feature_of(const struct sentence *s, int n, char name)
{
    const char *found = NULL;
    for (; n >= 0 && !found; n = s->nodes[n].up) {
        found = inside(s, n, name);
        if (!found && s->nodes[n].head >= 0)
            found = inside(s, s->nodes[n].head, name);
    }
    return found ? found : "?";
}

/* Which of its forms node n has on this side. */
static int form_of(const struct sentence *s, int n, int k, const char *form)
{
    const struct rule *rule = &s->g->rules[s->nodes[n].rule];
    char key[32] = "";
    if (s->nodes[n].a->form_count[k] <= 1)
        return 0;
    for (const char *f = rule->features[k]; *f && !form && strlen(key) < 24; f++)
        strncat(key, feature_of(s, n, *f), 4);
    for (int i = 0; i < rule->key_count[k]; i++)
        if (strcmp(rule->keys[k][i], form ? form : key) == 0 ||
            strcmp(rule->keys[k][i], ".") == 0)
            return i;
    die("%s:%d: %s has no form %s", s->g->file, s->nodes[n].a->line, rule->name,
        form ? form : key);
}

static void put(const struct sentence *s, struct written *w, const char *text,
                size_t size, int node)
{
    if ((size_t)w->length + size >= MOST_BYTES)
        die("%s: a sentence is longer than %d bytes", s->g->file, MOST_BYTES - 1);
    for (size_t i = 0; i < size; i++) {
        w->text[w->length] = text[i];
        w->node[w->length++] = node;
    }
    w->text[w->length] = '\0';
}

static void write_node(struct sentence *s, int n, int k, const char *form)
{
    const struct node *node = &s->nodes[n];
    if (!node->a->form_count[k])
        return;
    const struct side *side = &node->a->forms[k][form_of(s, n, k, form)];
    for (int i = 0; i < side->count; i++) {
        const struct item *item = &side->items[i];
        if (item->label >= 0)
            write_node(s, node->below[item->label], k, item->form);
        else
            put(s, &s->sides[k], item->text, strlen(item->text), n);
    }
}

/* ---- How words meet ----------------------------------------------------------------- */

/* The text of a side of plain words. */
static const char *plain(const struct alternative *a, int k)
{
    return a->form_count[k] && a->forms[k][0].count ? a->forms[k][0].items[0].text : "";
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool is_vowel(const struct rule *joins, const char *text)
{
    char list[256];
    snprintf(list, sizeof list, "%s", plain(joins->alternatives[0], ANSWER));
    for (char *v = strtok(list, " "); v; v = strtok(NULL, " "))
        if (starts_with(text, v))
            return true;
    return false;
}

/* Replaces bytes from..to by new ones, written by `node`. */
static void replace(const struct sentence *s, struct written *w, int from, int to,
                    const char *text, int node)
{
    struct written rest = {.length = 0};
    for (int i = to; i < w->length; i++)
        put(s, &rest, w->text + i, 1, w->node[i]);
    w->length = from;
    put(s, w, text, strlen(text), node);
    for (int i = 0; i < rest.length; i++)
        put(s, w, rest.text + i, 1, rest.node[i]);
}

/* The word from..end and the next one, after one space: changes them if a rule says so. */
static void join_words(const struct sentence *s, struct written *w,
                       const struct rule *joins, int from, int end)
{
    const char *next = w->text + end + 1;
    const int size = (int)strcspn(next, " .,?");
    for (size_t i = 1; i < joins->count; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s", plain(joins->alternatives[i], PROMPT));
        const char *result = plain(joins->alternatives[i], ANSWER),
                   *right = cut(left, " ");
        if (!right || (int)strlen(left) != end - from ||
            !starts_with(w->text + from, left))
            continue;
        const size_t n = strlen(result);
        if (strcmp(right, "+") == 0 ? *next == '+'
            : strcmp(right, "V") == 0
                ? is_vowel(joins, next)
                : false) { /* the left word changes; after ' there is no space */
            replace(s, w, from, n && result[n - 1] == '\'' ? end + 1 : end, result,
                    w->node[from]);
            return;
        }
        if ((int)strlen(right) == size && strncmp(next, right, (size_t)size) == 0) {
            replace(s, w, from, end + 1 + size, result, w->node[end + 1]);
            return;
        }
    }
}

/* Writes one side: its words, how they meet, a capital first. */
static void write_side(struct sentence *s, int k)
{
    struct written *w = &s->sides[k];
    w->length = 0;
    write_node(s, 0, k, NULL);
    put(s, w, "", 0, -1);
    if (s->g->joins[k] >= 0)
        for (int end = w->length - 1; end > 0; end--) {
            if (w->text[end] != ' ')
                continue;
            int from = end;
            while (from && !strchr(" .,?", w->text[from - 1]))
                from--;
            join_words(s, w, &s->g->rules[s->g->joins[k]], from, end);
        }
    for (int i = w->length - 1; i >= 0; i--)
        if (w->text[i] == '~' || w->text[i] == '+')
            replace(s, w, i, i + 1, "", -1);
    if (w->text[0] >= 'a' && w->text[0] <= 'z')
        w->text[0] = (char)(w->text[0] - 'a' + 'A');
}

static bool has_word(const struct sentence *s, const char *word)
{
    for (int n = 0; n < s->count; n++)
        if (s->nodes[n].a->label_count == 0 &&
            strcmp(plain(s->nodes[n].a, PROMPT), word) == 0)
            return true;
    return false;
}

/* Does it have two words that the grammar keeps apart? */
static bool is_novel(const struct sentence *s)
{
    for (size_t i = 0; s->g->apart >= 0 && i < s->g->rules[s->g->apart].count; i++) {
        char one[64];
        snprintf(one, sizeof one, "%s",
                 plain(s->g->rules[s->g->apart].alternatives[i], PROMPT));
        const char *two = cut(one, " ");
        if (two && has_word(s, one) && has_word(s, two))
            return true;
    }
    return false;
}

/* Sentence number `number` of a seed: always the same. */
static void write_sentence(struct sentence *s, uint64_t seed, uint64_t number)
{
    uint64_t a = seed, b = number + UINT64_C(0x5851f42d4c957f2d);
    uint64_t random = next_random(&a) ^ next_random(&b);
    s->count = 0;
    choose(s, &random, 0, -1);
    write_side(s, PROMPT);
    write_side(s, ANSWER);
}

/* Which bytes of the prompt mean which bytes of the answer: rule:from-to:from-to, for each word
 * that both sides have. */
static void print_links(const struct sentence *s)
{
    const char *before = "\t";
    for (int n = 0; n < s->count; n++) {
        int from[2] = {0}, to[2] = {0};
        for (int k = 0; k < 2; k++)
            for (int i = 0; i < s->sides[k].length; i++)
                if (s->sides[k].node[i] == n && s->sides[k].text[i] != ' ') {
                    from[k] = to[k] ? from[k] : i;
                    to[k] = i + 1;
                }
        if (!to[0] || !to[1] || s->nodes[n].a->label_count)
            continue;
        printf("%s%s:%d-%d:%d-%d", before, s->g->rules[s->nodes[n].rule].name, from[0],
               to[0], from[1], to[1]);
        before = " ";
    }
}

static const char help[] =
    "usage: pairs [OPTIONS]\n"
    "\n"
    "  --grammar FILE  the grammar         (models/translator/pairs.grammar)\n"
    "  --count N       how many pairs      (1)\n"
    "  --seed S        which               (1)\n"
    "  --novel         only sentences with two words that the grammar keeps apart;\n"
    "                  without this option, only those that have none\n"
    "  --links         after a tab, which bytes of one side mean which of the other\n"
    "\n"
    "A line a pair: prompt => answer.\n";

static uint64_t read_number(const char *option, const char *text)
{
    char *end;
    errno = 0;
    const unsigned long long number = text ? strtoull(text, &end, 10) : 0;
    if (!text || errno || end == text || *end || text[0] < '0' || text[0] > '9')
        die("%s: expected a whole number, found '%s'", option, text ? text : "nothing");
    return number;
}

int main(int argc, char **argv)
{
    const char *file = "models/translator/pairs.grammar";
    uint64_t count = 1, seed = 1;
    bool novel = false, links = false;
    program_name = "pairs";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(help, stdout);
            return 0;
        } else if (strcmp(argv[i], "--novel") == 0)
            novel = true;
        else if (strcmp(argv[i], "--links") == 0)
            links = true;
        else if (strcmp(argv[i], "--grammar") == 0 && i + 1 < argc)
            file = argv[++i];
        else if (strcmp(argv[i], "--count") == 0)
            count = read_number(argv[i], argv[i + 1]), i++;
        else if (strcmp(argv[i], "--seed") == 0)
            seed = read_number(argv[i], argv[i + 1]), i++;
        else
            die("%s: no such option, or nothing after it; pairs --help lists them",
                argv[i]);
    }
    struct grammar *g = read_grammar(file);
    struct sentence *s = grab(1, sizeof *s);
    s->g = g;
    for (uint64_t number = 0, tried = 0; number < count; tried++) {
        if (tried > 1000 * (number + 1))
            die("%s: has no such sentence in %llu", file, (unsigned long long)tried);
        write_sentence(s, seed, tried);
        if (is_novel(s) != novel)
            continue;
        number++;
        printf("%s => %s", s->sides[PROMPT].text, s->sides[ANSWER].text);
        if (links)
            print_links(s);
        putchar('\n');
    }
    free(s);
    free_grammar(g);
    finish_output();
    return 0;
}
