/* stories: tells stories from a grammar, and says exactly how probable each one is.
 *
 *     cc -O2 models/robots/stories.c -lm -o build/stories
 *     build/stories generate --count 3 --seed 7
 *
 * A story is told from left to right by choices, each with a known probability, so the
 * probability of a story is a product of fractions. The grammar is written so that no story
 * can be told in two ways. Then no model, however large, can have a lower expected loss on
 * these stories than the mean of −ln P: a limit that a trained model can be measured against.
 *
 * How a grammar is written is explained at the head of stories.grammar.
 *
 * Two separate pieces of code know the grammar. `tell` walks it and writes a story;
 * `match` is given a text and tries every way in which the grammar could have told it. The
 * tests hold the two equal. */
#include "../../src/00_book.h"

#include <stddef.h>

#define END_OF_TEXT "<|endoftext|>"

enum {
    MAX_RULES = 1024,
    MAX_VARIABLES = 64,
    MAX_ATTRIBUTES = 128, /* different names of attributes */
    MAX_ITEMS = 64,       /* pieces in one alternative */
    MAX_FACTS = 24,       /* attributes of one alternative */
    MAX_PIECES = 4096,    /* pieces in one story */
    MAX_STEPS = 1 << 26,  /* attempts at reading one story */
    MAX_STORY = 1 << 16,  /* bytes */
    MAX_FILE = 1 << 24
};

/* The rest of a file as one string, *length bytes and a final NUL; no more than `most`. */
static char *read_all(FILE *file, const char *name, size_t most, size_t *length)
{
    char *text = NULL;
    size_t room = 0, used = 0, got;
    do {
        text = grow(text, &room, used + 65536, 1);
        got = fread(text + used, 1, room - used - 1, file);
        used += got;
        if (used > most)
            die("%s: larger than %zu bytes", name, most);
    } while (got > 0);
    if (ferror(file))
        die("%s: cannot be read: %s", name, strerror(errno));
    text[used] = '\0';
    *length = used;
    return text;
}

/* ---- the grammar in memory ---- */

typedef struct {
    int name;         /* index into the grammar's attributes */
    const char *text; /* what it says */
} Fact;

typedef enum { TEXT, RULE, SAY } ItemKind;

/* One piece of an alternative: words, `<rule>`, or `{variable}`. */
typedef struct {
    ItemKind kind;
    int line;
    int capital;      /* ^: the first letter becomes a capital */
    int article;      /* a: "a " or "an " first, as the next letter wants */
    const char *text; /* TEXT: the words. RULE: name of the rule */
    int bind;         /* RULE: variable that remembers the choice, or -1 */
    int rule;      /* RULE: number of the rule, or -1 when it is looked up in `index` */
    int index;     /* RULE: variable whose value (or attribute) picks the rule, or -1 */
    int variable;  /* SAY */
    int attribute; /* attribute of the variable, or of the value chosen, or -1 */
} Item;

typedef struct {
    int id; /* number in the whole grammar */
    int rule, line;
    long weight;
    Item *items;
    int item_count;
    Fact *facts;
    int fact_count;
    const char *plain; /* its words, if it is nothing but words; else NULL */
} Alternative;

typedef struct {
    const char *name;
    int line;
    Alternative *alternatives;
    int count;
    long weight; /* sum of the alternatives' weights */
} Rule;

typedef struct {
    const char *file;
    Rule rules[MAX_RULES];
    int rule_count;
    const char *variables[MAX_VARIABLES];
    int variable_count;
    const char *attributes[MAX_ATTRIBUTES];
    int attribute_count;
    Alternative **all; /* every alternative, by id */
    int alternative_count;
    struct Block *blocks; /* memory that lives as long as the grammar */
} Grammar;

typedef struct Block {
    struct Block *next;
    max_align_t memory[];
} Block;

static void *keep(Grammar *g, size_t size)
{
    Block *block = grab(1, sizeof(Block) + size);
    block->next = g->blocks;
    g->blocks = block;
    return block->memory;
}

static char *keep_text(Grammar *g, const char *text, size_t length)
{
    char *copy = keep(g, length + 1);
    memcpy(copy, text, length);
    return copy;
}

static int find_rule(const Grammar *g, const char *name)
{
    for (int r = 0; r < g->rule_count; r++)
        if (strcmp(g->rules[r].name, name) == 0)
            return r;
    return -1;
}

/* The attribute's text, or NULL if the alternative has no such attribute. No attribute (-1) is
 * the alternative's own words. */
static const char *fact_of(const Alternative *a, int attribute)
{
    if (attribute < 0)
        return a->plain;
    for (int f = 0; f < a->fact_count; f++)
        if (a->facts[f].name == attribute)
            return a->facts[f].text;
    return NULL;
}

/* Is this one of the rules `name:…` that `<name:variable>` picks from? */
static int is_indexed(const Item *item, const Rule *rule)
{
    size_t length = strlen(item->text);
    return strncmp(rule->name, item->text, length) == 0 && rule->name[length] == ':';
}

/* The rule that `<name:variable.attribute>` means when the variable holds `value`, or -1. */
static int indexed_rule(const Grammar *g, const Item *item, const Alternative *value)
{
    const char *index = fact_of(value, item->attribute);
    for (int r = 0; index && r < g->rule_count; r++)
        if (is_indexed(item, &g->rules[r]) &&
            strcmp(g->rules[r].name + strlen(item->text) + 1, index) == 0)
            return r;
    return -1;
}

/* ---- reading a grammar ---- */

static int is_name(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-';
}

static int is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts blanks off both ends, in place. */
static char *trim(char *text)
{
    while (is_blank((unsigned char)*text))
        text++;
    size_t length = strlen(text);
    while (length && is_blank((unsigned char)text[length - 1]))
        text[--length] = '\0';
    return text;
}

/* Number of a name in a list of names, added if it is new. */
static int intern(Grammar *g, int line, const char *what, const char **names, int *count,
                  int most, const char *name, size_t length)
{
    for (int i = 0; i < *count; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return i;
    if (*count == most)
        die("%s:%d: more than %d different %s", g->file, line, most, what);
    names[*count] = keep_text(g, name, length);
    return (*count)++;
}

static int variable_number(Grammar *g, int line, const char *name, size_t length)
{
    return intern(g, line, "variables", g->variables, &g->variable_count, MAX_VARIABLES,
                  name, length);
}

static int attribute_number(Grammar *g, int line, const char *name, size_t length)
{
    return intern(g, line, "attributes", g->attributes, &g->attribute_count,
                  MAX_ATTRIBUTES, name, length);
}

/* `she=he; her=him` into facts. A later fact of the same name takes the place of an earlier
 * one. */
static void read_facts(Grammar *g, int line, char *text, Fact *facts, int *count)
{
    for (char *next, *at = text; at; at = next) {
        if ((next = strchr(at, ';')))
            *next++ = '\0';
        at = trim(at);
        char *equals = strchr(at, '=');
        size_t length = 0;
        while (is_name((unsigned char)at[length]))
            length++;
        if (!equals || length == 0 || at + length != equals)
            die("%s:%d: expected attribute=text, found '%s'", g->file, line, at);
        int name = attribute_number(g, line, at, length), f = 0;
        while (f < *count && facts[f].name != name)
            f++;
        if (f == MAX_FACTS)
            die("%s:%d: more than %d attributes", g->file, line, MAX_FACTS);
        facts[f].name = name;
        facts[f].text = keep_text(g, equals + 1, strlen(equals + 1));
        if (f == *count)
            ++*count;
    }
}

/* The attributes of an alternative, with `*` replaced by the alternative's own words. */
static void set_facts(Grammar *g, Alternative *a, const Fact *facts, int count)
{
    a->facts = keep(g, sizeof(Fact) * (size_t)count);
    a->fact_count = count;
    for (int f = 0; f < count; f++) {
        const char *text = facts[f].text, *star = strchr(text, '*');
        a->facts[f] = facts[f];
        if (!star)
            continue;
        if (!a->plain)
            die("%s:%d: '*' in attribute %s, but the alternative is not plain words",
                g->file, a->line, g->attributes[facts[f].name]);
        char *whole = keep(g, strlen(text) + strlen(a->plain) + 1);
        memcpy(whole, text, (size_t)(star - text));
        strcpy(whole + (star - text), a->plain);
        strcat(whole, star + 1);
        a->facts[f].text = whole;
    }
}

/* A name inside brackets; moves *at behind it. */
static size_t read_name(const Grammar *g, int line, const char *at, const char *what)
{
    size_t length = 0;
    while (is_name((unsigned char)at[length]))
        length++;
    if (length == 0)
        die("%s:%d: expected %s, found '%.20s'", g->file, line, what, at);
    return length;
}

/* What stands between `<` and `>` or between `{` and `}`:
 *     [^][a ] variable [.attribute]                          in braces
 *     [^][a ] [variable=] rule [.attribute | :variable[.attribute]]   in angles */
static void read_bracket(Grammar *g, int line, const char *at, Item *item)
{
    int angle = item->kind == RULE;
    size_t length;
    if (*at == '^')
        item->capital = 1, at++;
    if (at[0] == 'a' && at[1] == ' ')
        item->article = 1, at += 2;
    length = read_name(g, line, at, "a name");
    if (!angle) {
        item->variable = variable_number(g, line, at, length);
    } else {
        if (at[length] == '=') {
            item->bind = variable_number(g, line, at, length);
            at += length + 1;
            length = read_name(g, line, at, "the name of a rule");
        }
        item->text = keep_text(g, at, length);
    }
    at += length;
    if (angle && *at == ':') {
        length = read_name(g, line, ++at, "a variable");
        item->index = variable_number(g, line, at, length);
        at += length;
    }
    if (*at == '.') {
        length = read_name(g, line, ++at, "an attribute");
        item->attribute = attribute_number(g, line, at, length);
        at += length;
    }
    if (*at)
        die("%s:%d: cannot read '%s' inside brackets", g->file, line, at);
    if (item->bind >= 0 && item->index >= 0)
        die("%s:%d: a rule picked by a variable cannot be remembered", g->file, line);
    if (angle && item->attribute >= 0 && item->bind < 0 && item->index < 0)
        die("%s:%d: .%s needs a variable before it", g->file, line,
            g->attributes[item->attribute]);
}

static Item *new_item(const Grammar *g, Alternative *a, ItemKind kind)
{
    if (a->item_count == MAX_ITEMS)
        die("%s:%d: more than %d pieces in one alternative", g->file, a->line, MAX_ITEMS);
    Item *item = &a->items[a->item_count++];
    *item = (Item){.kind = kind,
                   .line = a->line,
                   .bind = -1,
                   .rule = -1,
                   .index = -1,
                   .variable = -1,
                   .attribute = -1};
    return item;
}

/* Cuts an alternative's text into items. `_` is a blank that is kept, `-` alone is nothing. */
static void read_items(Grammar *g, Alternative *a, char *text)
{
    Item items[MAX_ITEMS];
    a->items = items;
    if (strcmp(text, "-") == 0)
        *text = '\0';
    while (*text) {
        if (*text == '<' || *text == '{') {
            char *end = strchr(text, *text == '<' ? '>' : '}');
            if (!end)
                die("%s:%d: '%c' is never closed", g->file, a->line, *text);
            Item *item = new_item(g, a, *text == '<' ? RULE : SAY);
            *end = '\0';
            read_bracket(g, a->line, text + 1, item);
            text = end + 1;
        } else {
            size_t length = strcspn(text, "<{");
            Item *item = new_item(g, a, TEXT);
            char *words = keep_text(g, text, length);
            for (char *c = words; *c; c++) {
                if (*c == '>' || *c == '}')
                    die("%s:%d: '%c' was never opened", g->file, a->line, *c);
                if (*c == '_')
                    *c = ' ';
            }
            item->text = words;
            text += length;
        }
    }
    if (a->item_count == 0)
        a->plain = "";
    else if (a->item_count == 1 && items[0].kind == TEXT)
        a->plain = items[0].text;
    a->items = keep(g, sizeof(Item) * (size_t)a->item_count);
    memcpy(a->items, items, sizeof(Item) * (size_t)a->item_count);
}

/* One alternative: `[weight * ] text [ | facts]`. */
static void read_alternative(Grammar *g, int line, char *text, const Fact *common,
                             int common_count)
{
    Rule *rule = &g->rules[g->rule_count - 1];
    Fact facts[MAX_FACTS];
    int count = common_count;
    char *bar = strchr(text, '|'), *end;
    Alternative a = {.rule = g->rule_count - 1, .line = line, .weight = 1};

    memcpy(facts, common, sizeof facts);
    if (bar) {
        *bar = '\0';
        read_facts(g, line, bar + 1, facts, &count);
    }
    text = trim(text);
    errno = 0;
    long weight = strtol(text, &end, 10);
    if (end != text && *(end = end + strspn(end, " \t")) == '*') {
        if (weight < 1 || weight > 1000000)
            die("%s:%d: a weight is a whole number from 1 to 1000000", g->file, line);
        a.weight = weight;
        text = trim(end + 1);
    }
    if (*text == '\0')
        die("%s:%d: an empty alternative is written -", g->file, line);
    read_items(g, &a, text);
    set_facts(g, &a, facts, count);
    if ((rule->count & (rule->count - 1)) == 0) { /* full: double the room */
        size_t room = rule->count ? 2 * (size_t)rule->count : 1;
        Alternative *more = grab(1, sizeof *more * room);
        if (rule->count)
            memcpy(more, rule->alternatives, sizeof *more * (size_t)rule->count);
        free(rule->alternatives);
        rule->alternatives = more;
    }
    rule->alternatives[rule->count++] = a;
    rule->weight += a.weight;
}

static void read_header(Grammar *g, int line, char *text)
{
    text = trim(text);
    size_t length = 0;
    while (is_name((unsigned char)text[length]))
        length++;
    if (length && text[length] == ':') /* after the colon, the words of a value */
        length += 1 + strcspn(text + length + 1, "<>{}|_");
    if (length == 0 || text[length])
        die("%s:%d: expected the name of a rule, found '%s'", g->file, line, text);
    if (find_rule(g, text) >= 0)
        die("%s:%d: rule %s is defined twice", g->file, line, text);
    if (g->rule_count == MAX_RULES)
        die("%s:%d: more than %d rules", g->file, line, MAX_RULES);
    g->rules[g->rule_count++] =
        (Rule){.name = keep_text(g, text, strlen(text)), .line = line};
}

/* One line of the grammar, continuation lines already joined. */
static void read_line(Grammar *g, int line, char *text, Fact *common, int *common_count)
{
    int indented = is_blank((unsigned char)*text);
    text = trim(text);
    if (*text == '\0' || *text == '#')
        return;
    if (!indented) {
        read_header(g, line, text);
        *common_count = 0;
        return;
    }
    if (g->rule_count == 0)
        die("%s:%d: an alternative before the first rule", g->file, line);
    if (*text == '|') { /* attributes of all alternatives that follow */
        *common_count = 0;
        read_facts(g, line, text + 1, common, common_count);
        return;
    }
    for (char *next; text; text = next) {
        if ((next = strstr(text, " / "))) {
            *next = '\0';
            next += 3;
        }
        read_alternative(g, line, text, common, *common_count);
    }
}

static void number_alternatives(Grammar *g)
{
    int count = 0;
    for (int r = 0; r < g->rule_count; r++)
        count += g->rules[r].count;
    g->all = keep(g, sizeof *g->all * (size_t)count);
    g->alternative_count = count;
    for (int r = 0, id = 0; r < g->rule_count; r++)
        for (int i = 0; i < g->rules[r].count; i++) {
            Alternative *a = &g->rules[r].alternatives[i];
            a->id = id;
            g->all[id++] = a;
            for (int k = 0; k < a->item_count; k++)
                if (a->items[k].kind == RULE && a->items[k].index < 0)
                    a->items[k].rule = find_rule(g, a->items[k].text);
        }
}

static void check_grammar(const Grammar *g);

static Grammar *read_grammar(const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file)
        die("%s: cannot be opened: %s", name, strerror(errno));
    Grammar *g = grab(1, sizeof *g);
    Fact common[MAX_FACTS] = {{0}};
    int common_count = 0, line = 1;
    size_t length;
    char *text = read_all(file, name, MAX_FILE, &length);
    fclose(file);
    g->file = name;
    if (strlen(text) != length)
        die("%s: holds a NUL byte; a grammar is plain text", name);
    for (char *at = text, *next; at; at = next) {
        int first = line;
        for (next = at; (next = strchr(next, '\n')); next++) { /* join continued lines */
            line++;
            char *last = next - 1;
            if (last >= at && *last == '\r')
                last--;
            if (last < at || *last != '\\')
                break;
            char *rest = next + 1;
            while (is_blank((unsigned char)*rest))
                rest++;
            memmove(last, rest, strlen(rest) + 1);
            next = last - 1;
        }
        if (next)
            *next++ = '\0';
        read_line(g, first, at, common, &common_count);
    }
    free(text);
    number_alternatives(g);
    check_grammar(g);
    return g;
}

/* ---- is the grammar sound? ---- */

/* Which variables have a value when a rule begins, and which when it ends. `sure`: on every
 * way through; `maybe`: on some way. */
typedef struct {
    int rule;
    uint64_t sure, maybe, sure_after, maybe_after;
} Flow;

typedef struct {
    const Grammar *g;
    Flow *flows;
    int flow_count, room;
    char *busy;    /* rules being walked: to find a rule that contains itself */
    char *reached; /* rules that a story can use */
} Check;

/* Every value that variable v can hold comes from a `<v=rule>` somewhere: calls visit for each
 * alternative of those rules. */
static void check_values(const Grammar *g, const Item *item, int v)
{
    int bound = 0;
    for (int id = 0; id < g->alternative_count; id++)
        for (int k = 0; k < g->all[id]->item_count; k++) {
            const Item *binder = &g->all[id]->items[k];
            if (binder->bind != v)
                continue;
            bound = 1;
            for (int i = 0; binder->rule >= 0 && i < g->rules[binder->rule].count; i++) {
                const Alternative *value = &g->rules[binder->rule].alternatives[i];
                if (!value->plain)
                    continue; /* reported where the variable is bound */
                const char *fact = fact_of(value, item->attribute);
                if (!fact)
                    die("%s:%d: '%s' of rule %s (line %d) has no attribute %s", g->file,
                        item->line, value->plain, g->rules[binder->rule].name,
                        value->line, g->attributes[item->attribute]);
                if (item->kind == RULE && indexed_rule(g, item, value) < 0)
                    die("%s:%d: <%s:%s>: there is no rule %s:%s", g->file, item->line,
                        item->text, g->variables[v], item->text, fact);
            }
        }
    if (!bound)
        die("%s:%d: variable %s is never given a value", g->file, item->line,
            g->variables[v]);
}

/* What can be said of an item by looking at it alone. */
static void check_item(const Grammar *g, const Item *item)
{
    if (item->kind == SAY)
        check_values(g, item, item->variable);
    if (item->kind == RULE && item->index >= 0)
        check_values(g, item, item->index);
    if (item->kind != RULE || item->index >= 0)
        return;
    if (item->rule < 0)
        die("%s:%d: there is no rule %s", g->file, item->line, item->text);
    const Rule *rule = &g->rules[item->rule];
    for (int i = 0; item->bind >= 0 && i < rule->count; i++) {
        const Alternative *value = &rule->alternatives[i];
        if (!value->plain || !*value->plain)
            die("%s:%d: %s=%s: line %d is not plain words, so it cannot be a value",
                g->file, item->line, g->variables[item->bind], rule->name, value->line);
        if (item->attribute >= 0 && !fact_of(value, item->attribute))
            die("%s:%d: '%s' of rule %s has no attribute %s", g->file, item->line,
                value->plain, rule->name, g->attributes[item->attribute]);
    }
}

static Flow walk_rule(Check *c, int rule, uint64_t sure, uint64_t maybe);

/* The variables with a value after one item. */
static void walk_item(Check *c, const Item *item, uint64_t *sure, uint64_t *maybe)
{
    const Grammar *g = c->g;
    int needs = item->kind == SAY ? item->variable : item->index;
    if (needs >= 0 && !(*sure >> needs & 1))
        die("%s:%d: variable %s may have no value here", g->file, item->line,
            g->variables[needs]);
    if (item->kind != RULE)
        return;
    if (item->bind >= 0 && *maybe >> item->bind & 1)
        die("%s:%d: variable %s may already have a value here", g->file, item->line,
            g->variables[item->bind]);
    if (item->index < 0) {
        Flow flow = walk_rule(c, item->rule, *sure, *maybe);
        *sure = flow.sure_after;
        *maybe = flow.maybe_after;
    } else { /* any of the rules name:… */
        uint64_t all = ~UINT64_C(0), any = 0;
        for (int r = 0; r < g->rule_count; r++) {
            if (!is_indexed(item, &g->rules[r]))
                continue;
            Flow flow = walk_rule(c, r, *sure, *maybe);
            all &= flow.sure_after;
            any |= flow.maybe_after;
        }
        *sure = all;
        *maybe = any;
    }
    if (item->bind >= 0) {
        *sure |= UINT64_C(1) << item->bind;
        *maybe |= UINT64_C(1) << item->bind;
    }
}

static Flow walk_rule(Check *c, int rule, uint64_t sure, uint64_t maybe)
{
    const Rule *r = &c->g->rules[rule];
    for (int f = 0; f < c->flow_count; f++)
        if (c->flows[f].rule == rule && c->flows[f].sure == sure &&
            c->flows[f].maybe == maybe)
            return c->flows[f];
    if (c->busy[rule])
        die("%s:%d: rule %s contains itself: its stories would have no end", c->g->file,
            r->line, r->name);
    c->busy[rule] = c->reached[rule] = 1;
    Flow flow = {rule, sure, maybe, ~UINT64_C(0), 0};
    for (int i = 0; i < r->count; i++) {
        uint64_t s = sure, m = maybe;
        for (int k = 0; k < r->alternatives[i].item_count; k++)
            walk_item(c, &r->alternatives[i].items[k], &s, &m);
        flow.sure_after &= s;
        flow.maybe_after |= m;
    }
    c->busy[rule] = 0;
    if (c->flow_count == c->room) {
        c->room = c->room ? 2 * c->room : 1024;
        if (c->room > 1 << 14)
            die("%s: too many combinations of variables", c->g->file);
        c->flows = realloc(c->flows, sizeof *c->flows * (size_t)c->room);
        if (!c->flows)
            die("out of memory");
    }
    return c->flows[c->flow_count++] = flow;
}

static int same_item(const Item *a, const Item *b)
{
    return a->kind == b->kind && a->capital == b->capital && a->article == b->article &&
           a->bind == b->bind && a->index == b->index && a->variable == b->variable &&
           a->attribute == b->attribute &&
           (a->kind == SAY || strcmp(a->text, b->text) == 0);
}

static void check_rule(const Grammar *g, const Rule *rule)
{
    if (rule->count == 0)
        die("%s:%d: rule %s has no alternatives", g->file, rule->line, rule->name);
    for (int i = 0; i < rule->count; i++) {
        const Alternative *a = &rule->alternatives[i];
        for (int k = 0; k < a->item_count; k++)
            check_item(g, &a->items[k]);
        for (int j = 0; j < i; j++) {
            const Alternative *b = &rule->alternatives[j];
            int k = 0;
            while (k < a->item_count && k < b->item_count &&
                   same_item(&a->items[k], &b->items[k]))
                k++;
            if (k == a->item_count && k == b->item_count)
                die("%s:%d: the same alternative is in line %d: a story could be "
                    "told "
                    "in two ways",
                    g->file, a->line, b->line);
        }
    }
}

/* Each variable is used, and no rule is asked for more different values than it has. */
static void check_variables(const Grammar *g)
{
    for (int v = 0; v < g->variable_count; v++) {
        int used = 0, line = 0;
        char *from = grab(1, (size_t)g->rule_count);
        for (int id = 0; id < g->alternative_count; id++)
            for (int k = 0; k < g->all[id]->item_count; k++) {
                const Item *item = &g->all[id]->items[k];
                used |= item->variable == v || item->index == v;
                if (item->bind == v)
                    line = item->line, from[item->rule] = 1;
            }
        for (int r = 0; r < g->rule_count; r++) {
            uint64_t others = 0;
            int count = 0;
            if (!from[r])
                continue;
            for (int id = 0; id < g->alternative_count; id++)
                for (int k = 0; k < g->all[id]->item_count; k++)
                    if (g->all[id]->items[k].bind >= 0 && g->all[id]->items[k].rule == r)
                        others |= UINT64_C(1) << g->all[id]->items[k].bind;
            for (; others; others &= others - 1)
                count++;
            used |= count > 1; /* used to keep another from the same value */
            if (count > g->rules[r].count)
                die("%s:%d: rule %s has %d values, but %d variables take one", g->file,
                    g->rules[r].line, g->rules[r].name, g->rules[r].count, count);
        }
        free(from);
        if (!used)
            die("%s:%d: variable %s is never used", g->file, line, g->variables[v]);
    }
}

/* The most pieces that a rule can need, or more than MAX_PIECES. */
static int most_pieces(const Grammar *g, int rule, int *known)
{
    if (known[rule])
        return known[rule];
    int most = 1;
    for (int i = 0; i < g->rules[rule].count; i++) {
        const Alternative *a = &g->rules[rule].alternatives[i];
        int pieces = 1;
        for (int k = 0; k < a->item_count; k++) {
            const Item *item = &a->items[k];
            int inside = 1;
            if (item->kind == RULE && item->index < 0 && item->bind < 0)
                inside = most_pieces(g, item->rule, known);
            for (int r = 0; item->index >= 0 && r < g->rule_count; r++)
                if (is_indexed(item, &g->rules[r]) && most_pieces(g, r, known) > inside)
                    inside = known[r];
            pieces += inside;
            if (pieces > MAX_PIECES)
                pieces = MAX_PIECES + 1;
        }
        if (pieces > most)
            most = pieces;
    }
    return known[rule] = most;
}

static void check_size(const Grammar *g)
{
    int known[MAX_RULES] = {0};
    if (most_pieces(g, 0, known) > MAX_PIECES)
        die("%s:%d: a story could have more than %d pieces", g->file, g->rules[0].line,
            MAX_PIECES);
}

static void check_grammar(const Grammar *g)
{
    if (g->rule_count == 0)
        die("%s: holds no rule", g->file);
    for (int r = 0; r < g->rule_count; r++)
        check_rule(g, &g->rules[r]);
    check_variables(g);
    Check c = {.g = g};
    c.busy = grab(1, (size_t)g->rule_count);
    c.reached = grab(1, (size_t)g->rule_count);
    walk_rule(&c, 0, 0, 0);
    for (int r = 0; r < g->rule_count; r++)
        if (!c.reached[r])
            die("%s:%d: rule %s is never used", g->file, g->rules[r].line,
                g->rules[r].name);
    check_size(g);
    free(c.busy);
    free(c.reached);
    free(c.flows);
}

/* ---- telling a story ---- */

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A number from 0 to below − 1, each exactly as likely. */
static long random_below(uint64_t *state, long below)
{
    uint64_t n = (uint64_t)below, number;
    do
        number = next_random(state);
    while (number > UINT64_MAX - UINT64_MAX % n - 1);
    return (long)(number % n);
}

static int is_vowel(int c)
{
    return c && strchr("aeiouAEIOU", c) != NULL;
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

typedef struct {
    const Grammar *g;
    uint64_t random;
    char text[MAX_STORY];
    size_t length;
    int capital; /* the next letter becomes a capital */
    const Alternative *value[MAX_VARIABLES];
    int *held; /* by id: held by a variable, so not to be chosen by another */
    double ln_p;
} Teller;

static void write_words(Teller *t, const char *words)
{
    size_t length = strlen(words);
    if (t->length + length + 4 > sizeof t->text)
        die("%s: a story is longer than %d bytes", t->g->file, MAX_STORY);
    memcpy(t->text + t->length, words, length);
    if (length && t->capital) {
        t->text[t->length] = capital(t->text[t->length]);
        t->capital = 0;
    }
    t->length += length;
    t->text[t->length] = '\0';
}

/* Sum of the weights that a choice may fall on: a choice that is remembered never takes a
 * value that another variable holds. */
static long open_weight(const Rule *rule, const int *held, int bind)
{
    long weight = rule->weight;
    for (int i = 0; bind >= 0 && i < rule->count; i++)
        if (held[rule->alternatives[i].id])
            weight -= rule->alternatives[i].weight;
    return weight;
}

static const Alternative *choose(Teller *t, const Rule *rule, int bind)
{
    long weight = open_weight(rule, t->held, bind);
    long ticket = random_below(&t->random, weight);
    for (int i = 0;; i++) {
        const Alternative *a = &rule->alternatives[i];
        if (bind >= 0 && t->held[a->id])
            continue;
        if (ticket < a->weight) {
            t->ln_p += log((double)a->weight / (double)weight);
            return a;
        }
        ticket -= a->weight;
    }
}

static void tell(Teller *t, const Alternative *a)
{
    for (int k = 0; k < a->item_count; k++) {
        const Item *item = &a->items[k];
        size_t article = 0;
        t->capital |= item->capital;
        if (item->article) {
            write_words(t, "a ");
            article = t->length;
        }
        if (item->kind == TEXT) {
            write_words(t, item->text);
        } else if (item->kind == SAY) {
            write_words(t, fact_of(t->value[item->variable], item->attribute));
        } else {
            int r = item->index < 0 ? item->rule
                                    : indexed_rule(t->g, item, t->value[item->index]);
            const Alternative *chosen = choose(t, &t->g->rules[r], item->bind);
            if (item->bind < 0) {
                tell(t, chosen);
            } else {
                t->value[item->bind] = chosen;
                t->held[chosen->id]++;
                write_words(t, fact_of(chosen, item->attribute));
            }
        }
        if (article && is_vowel((unsigned char)t->text[article])) {
            memmove(t->text + article, t->text + article - 1, t->length - article + 2);
            t->text[article - 1] = 'n';
            t->length++;
        }
    }
}

static Teller *new_teller(const Grammar *g)
{
    Teller *t = grab(1, sizeof *t);
    t->g = g;
    t->held = grab(1, sizeof(int) * (size_t)g->alternative_count);
    return t;
}

static void free_teller(Teller *t)
{
    free(t->held);
    free(t);
}

/* Story number `number` of a seed: any story can be told without telling those before it. */
static void tell_story(Teller *t, uint64_t seed, uint64_t number)
{
    uint64_t a = seed, b = number + UINT64_C(0x5851f42d4c957f2d);
    t->random = next_random(&a) ^ next_random(&b);
    t->length = 0;
    t->text[0] = '\0';
    t->capital = 0;
    t->ln_p = 0;
    memset(t->held, 0, sizeof(int) * (size_t)t->g->alternative_count);
    /* the choice at the start rule is a choice like any other */
    tell(t, choose(t, &t->g->rules[0], -1));
}

/* ---- reading a story: every way in which the grammar could have told it ---- */

/* One stretch of a story and the piece of the grammar that made it. */
typedef struct {
    int start, end;
    const char *kind;
    int rule, variable, attribute; /* what it is called; -1 where it has none */
} Span;

/* What is still to be matched when an alternative ends: the rest of the one around it. */
typedef struct Rest {
    const Alternative *alternative;
    int next;
    int fact; /* inside a rule that was picked by a variable */
    const struct Rest *up;
} Rest;

typedef struct {
    const Grammar *g;
    const char *text;
    int length;
    const Alternative *value[MAX_VARIABLES];
    int *held;
    long derivations;
    double p; /* sum over derivations */
    double *
        stopped; /* [length+1]: probability of the ways that agree with the text up to here
                        and no further */
    int furthest;
    long steps;
    Span path[2 * MAX_PIECES]; /* an article is a stretch too */
    int depth;
    Span found[2 * MAX_PIECES]; /* of the last derivation */
    int found_count;
    size_t room;
} Reader;

/* Where a way through the grammar stands: `position` in the text, a capital due, and the place
 * behind the letter a of an article whose noun comes next (else -1). */
typedef struct {
    int position, capital, article;
    double p;
} State;

static void stop(Reader *r, int position, double p)
{
    r->stopped[position] += p;
    if (position > r->furthest)
        r->furthest = position;
}

/* Words must stand in the text here. Returns 0 where they do not. */
static int match_words(Reader *r, State *s, const char *words)
{
    const char *text = r->text + s->position;
    int n = 0;
    if (!words[0])
        return 1;
    char first = s->capital ? capital(words[0]) : words[0];
    if (first != text[0]) {
        int wrong_article = s->article >= 0 && is_vowel((unsigned char)words[0]) !=
                                                   is_vowel((unsigned char)text[0]);
        stop(r, wrong_article ? s->article : s->position, s->p);
        return 0;
    }
    for (n = 1; words[n]; n++)
        if (words[n] != text[n]) {
            stop(r, s->position + n, s->p);
            return 0;
        }
    s->position += n;
    s->capital = 0;
    s->article = -1;
    return 1;
}

/* An article must stand in the text, the one that the letter behind it wants. */
static int match_article(Reader *r, State *s)
{
    const char *text = r->text + s->position;
    int length = 0;
    if (text[0] != (s->capital ? 'A' : 'a')) {
        stop(r, s->position, s->p);
        return 0;
    }
    if (text[1] == ' ' && !is_vowel((unsigned char)text[2]))
        length = 2;
    else if (text[1] == 'n' && text[2] == ' ' && is_vowel((unsigned char)text[3]))
        length = 3;
    if (!length) {
        stop(r, s->position + 1, s->p);
        return 0;
    }
    s->article = s->position + 1;
    s->position += length;
    s->capital = 0;
    return 1;
}

static void add_span(Reader *r, int start, const State *s, const char *kind, int rule,
                     int variable, int attribute)
{
    if (start == s->position)
        return;
    r->path[r->depth++] = (Span){start, s->position, kind, rule, variable, attribute};
}

static void match_choice(Reader *r, const Item *item, const Rest *rest, State s);

/* Goes on from item k of an alternative to the end of the story. */
static void match(Reader *r, const Alternative *a, int k, int fact, const Rest *up,
                  State s)
{
    for (;;) {
        if (k == a->item_count) {
            if (!up)
                break;
            a = up->alternative;
            k = up->next;
            fact = up->fact;
            up = up->up;
            continue;
        }
        const Item *item = &a->items[k++];
        int start = s.position;
        s.capital |= item->capital;
        if (item->article) {
            if (!match_article(r, &s))
                return;
            add_span(r, start, &s, "article", a->rule, -1, -1);
            start = s.position;
        }
        if (item->kind == TEXT) {
            if (!match_words(r, &s, item->text))
                return;
            int choice = k == 1 && r->g->rules[a->rule].count > 1;
            add_span(r, start, &s,
                     fact     ? "fact"
                     : choice ? "choice"
                              : "text",
                     a->rule, -1, -1);
        } else if (item->kind == SAY) {
            const Alternative *value = r->value[item->variable];
            if (!match_words(r, &s, fact_of(value, item->attribute)))
                return;
            add_span(r, start, &s, item->attribute < 0 ? "again" : "attribute", -1,
                     item->variable, item->attribute);
        } else {
            Rest rest = {a, k, fact, up};
            match_choice(r, item, &rest, s);
            return;
        }
    }
    stop(r, s.position, s.p);
    if (s.position == r->length) {
        r->derivations++;
        r->p += s.p;
        memcpy(r->found, r->path, sizeof(Span) * (size_t)r->depth);
        r->found_count = r->depth;
    }
}

/* Tries every alternative of the rule that an item names. */
static void match_choice(Reader *r, const Item *item, const Rest *rest, State s)
{
    int number =
        item->index < 0 ? item->rule : indexed_rule(r->g, item, r->value[item->index]);
    const Rule *rule = &r->g->rules[number];
    double total = (double)open_weight(rule, r->held, item->bind);
    int depth = r->depth;
    if ((r->steps += rule->count) > MAX_STEPS)
        die("%s: too many ways to read '%.40s'", r->g->file, r->text);
    for (int i = 0; i < rule->count; i++) {
        const Alternative *a = &rule->alternatives[i];
        State next = s;
        next.p *= (double)a->weight / total;
        r->depth = depth;
        if (item->bind < 0) {
            match(r, a, 0, item->index >= 0, rest, next);
        } else if (!r->held[a->id] &&
                   match_words(r, &next, fact_of(a, item->attribute))) {
            add_span(r, s.position, &next, "value", number, item->bind, item->attribute);
            r->value[item->bind] = a;
            r->held[a->id]++;
            match(r, rest->alternative, rest->next, rest->fact, rest->up, next);
            r->held[a->id]--;
        }
    }
    r->depth = depth;
}

static Reader *new_reader(const Grammar *g)
{
    Reader *r = grab(1, sizeof *r);
    r->g = g;
    r->held = grab(1, sizeof(int) * (size_t)g->alternative_count);
    return r;
}

static void free_reader(Reader *r)
{
    free(r->held);
    free(r->stopped);
    free(r);
}

/* Reads one story: how many derivations, their probability, and the stretches of the last one.
 * text[length] must be readable, and hold no byte that the grammar writes. */
static void read_story(Reader *r, const char *text, int length)
{
    static const Alternative start = {.rule = 0};
    Item first = {.kind = RULE, .bind = -1, .rule = 0, .index = -1};
    Rest rest = {&start, 0, 0, NULL};
    State s = {0, 0, -1, 1.0};
    if ((size_t)length + 1 > r->room) {
        r->room = 2 * ((size_t)length + 1);
        free(r->stopped);
        r->stopped = grab(1, sizeof(double) * r->room);
    }
    memset(r->stopped, 0, sizeof(double) * ((size_t)length + 1));
    r->text = text;
    r->length = length;
    r->derivations = 0;
    r->p = 0;
    r->furthest = r->depth = r->found_count = 0;
    r->steps = 0;
    match_choice(r, &first, &rest, s);
}

/* −ln of the probability that a story begins with the first n bytes of this one, for every n
 * from 0 to length, into surprise[length+1]. */
static void prefix_surprise(const Reader *r, double *surprise)
{
    double p = 0;
    for (int n = r->length; n >= 0; n--) {
        p += r->stopped[n];
        surprise[n] = p < 1 ? -log(p) : 0;
    }
}

/* ---- naming every stretch of a story ---- */

static int add_piece(Span *spans, int count, Span span, int start, int end)
{
    if (start < end) {
        span.start = start;
        span.end = end;
        spans[count++] = span;
    }
    return count;
}

/* The stretches as `kinds` prints them. A blank belongs to the word behind it, as in GPT-2's
 * tokens; a closing quotation mark, with the punctuation before it, is a stretch of its own. */
static int name_spans(const Reader *r, Span *spans)
{
    int count = 0, open = 0;
    for (int f = 0; f < r->found_count; f++) {
        Span span = r->found[f];
        int start = span.start;
        if (f > 0 && r->text[start] != ' ' && r->text[start - 1] == ' ')
            start--;
        if (f + 1 < r->found_count && r->text[span.end - 1] == ' ' &&
            r->text[span.end] != ' ')
            span.end--;
        for (int i = start; i < span.end; i++) {
            if (r->text[i] != '"' || (open = !open))
                continue;
            int quote = i;
            while (quote > start && strchr(".,!?", r->text[quote - 1]))
                quote--;
            count = add_piece(spans, count, span, start, quote);
            spans[count++] = (Span){quote, i + 1, "quote", span.rule, -1, -1};
            start = i + 1;
        }
        count = add_piece(spans, count, span, start, span.end);
    }
    return count;
}

/* ---- commands ---- */

typedef struct {
    const char *grammar, *separator;
    uint64_t count, seed, first;
    int ln_p, lines;
} Options;

static void command_generate(const Grammar *g, const Options *o)
{
    Teller *t = new_teller(g);
    for (uint64_t i = 0; i < o->count; i++) {
        tell_story(t, o->seed, o->first + i);
        if (o->ln_p)
            printf("%.12f\t", t->ln_p);
        fwrite(t->text, 1, t->length, stdout);
        fputs(o->ln_p || o->lines ? "\n" : o->separator, stdout);
        if (ferror(stdout))
            die("cannot write the stories: %s", strerror(errno));
    }
    free_teller(t);
}

/* Stories on standard input end with <|endoftext|>, or with a line's end, or both. */
typedef struct {
    char *text;
    size_t length, at;
    long number, line;
    size_t line_start;
} Input;

/* The next story, ended by a NUL in place; NULL after the last. */
static char *next_story(Input *in, int *length, long *line, size_t *column)
{
    while (in->at < in->length) {
        char *story = in->text + in->at;
        char *stop = strpbrk(story, "\n<");
        size_t mark = strlen(END_OF_TEXT), size;
        while (stop && *stop == '<' && strncmp(stop, END_OF_TEXT, mark) != 0)
            stop = strpbrk(stop + 1, "\n<");
        int newline = stop && *stop == '\n';
        if (newline)
            mark = 1;
        *line = in->line;
        *column = in->at - in->line_start;
        size = stop ? (size_t)(stop - story) : in->length - in->at;
        in->at += size + (stop ? mark : 0);
        if (newline) {
            in->line++;
            in->line_start = in->at;
        }
        story[size] = '\0';
        if (size && story[size - 1] == '\r')
            story[--size] = '\0';
        if (size == 0)
            continue;
        if (size >= MAX_STORY)
            die("standard input:%ld: a story of %zu bytes; the most is %d", *line, size,
                MAX_STORY - 1);
        in->number++;
        *length = (int)size;
        return story;
    }
    return NULL;
}

static void open_input(Input *in)
{
    *in = (Input){.line = 1};
    in->text = read_all(stdin, "standard input", SIZE_MAX / 4, &in->length);
    if (strlen(in->text) != in->length)
        die("standard input: holds a NUL byte; stories are plain text");
}

/* Reads a story that must be one of the grammar's, or says where it stops being one. */
static void read_or_die(Reader *r, const Input *in, const char *story, int length,
                        long line, size_t column)
{
    read_story(r, story, length);
    if (r->derivations == 1)
        return;
    if (r->derivations > 1)
        die("standard input:%ld:%zu: story %ld can be told in %ld ways; expected one",
            line, column + 1, in->number, r->derivations);
    int from = r->furthest > 24 ? r->furthest - 24 : 0;
    die("standard input:%ld:%zu: story %ld is none of the grammar's after '%.*s', before "
        "'%.16s'",
        line, column + (size_t)r->furthest + 1, in->number, r->furthest - from,
        story + from, story + r->furthest);
}

static void command_parse(const Grammar *g)
{
    Input in;
    Reader *r = new_reader(g);
    char *story;
    int length;
    long line;
    size_t column;
    open_input(&in);
    while ((story = next_story(&in, &length, &line, &column))) {
        read_or_die(r, &in, story, length, line, column);
        printf("%ld\t%.12f\n", r->derivations, log(r->p));
    }
    free(in.text);
    free_reader(r);
}

static void print_name(const Grammar *g, const Span *span)
{
    if (span->variable >= 0)
        fputs(g->variables[span->variable], stdout);
    if (span->variable >= 0 && span->rule >= 0)
        putchar('=');
    if (span->rule >= 0)
        fputs(g->rules[span->rule].name, stdout);
    if (span->attribute >= 0)
        printf(".%s", g->attributes[span->attribute]);
}

static void command_kinds(const Grammar *g)
{
    Input in;
    Reader *r = new_reader(g);
    Span *spans = NULL;
    static double surprise[MAX_STORY + 1];
    char *story;
    int length;
    long line;
    size_t column;
    open_input(&in);
    while ((story = next_story(&in, &length, &line, &column))) {
        read_or_die(r, &in, story, length, line, column);
        prefix_surprise(r, surprise);
        spans = grab(1, sizeof *spans * (size_t)(r->found_count + 2 * length));
        int count = name_spans(r, spans);
        for (int i = 0; i < count; i++) {
            const Span *s = &spans[i];
            printf("%ld\t%d\t%d\t%s\t", in.number, s->start, s->end, s->kind);
            print_name(g, s);
            printf("\t%.6f\t%.*s\n", fabs(surprise[s->end] - surprise[s->start]),
                   s->end - s->start, story + s->start);
        }
        printf("%ld\t%d\t%d\tend\tstory\t%.6f\t%s\n", in.number, length, length,
               fabs(-log(r->p) - surprise[length]), END_OF_TEXT);
        free(spans);
    }
    free(in.text);
    free_reader(r);
}

/* For every byte what the grammar could not foresee, in nats, and one number more for the end. */
static void command_surprise(const Grammar *g)
{
    Input in;
    Reader *r = new_reader(g);
    static double surprise[MAX_STORY + 1];
    char *story;
    int length;
    long line;
    size_t column;
    open_input(&in);
    while ((story = next_story(&in, &length, &line, &column))) {
        read_or_die(r, &in, story, length, line, column);
        prefix_surprise(r, surprise);
        for (int i = 0; i < length; i++)
            printf("%.6f ", fabs(surprise[i + 1] - surprise[i]));
        printf("%.6f\n", fabs(-log(r->p) - surprise[length]));
    }
    free(in.text);
    free_reader(r);
}

/* The most bytes (or blanks, for words) that a rule can write. */
static long longest(const Grammar *g, int rule, int blanks, long *known);

static long size_of(const char *text, int blanks)
{
    long size = 0;
    for (; *text; text++)
        size += !blanks || *text == ' ';
    return size;
}

static long longest_item(const Grammar *g, const Item *item, int blanks, long *known)
{
    long most = 0, size;
    if (item->kind == TEXT)
        return size_of(item->text, blanks);
    int variable = item->kind == SAY ? item->variable : item->bind;
    if (item->index >= 0) {
        for (int r = 0; r < g->rule_count; r++)
            if (is_indexed(item, &g->rules[r]) &&
                (size = longest(g, r, blanks, known)) > most)
                most = size;
    } else if (variable < 0) {
        most = longest(g, item->rule, blanks, known);
    } else { /* the longest that the variable can hold */
        for (int id = 0; id < g->alternative_count; id++)
            for (int k = 0; k < g->all[id]->item_count; k++) {
                const Item *binder = &g->all[id]->items[k];
                if (item->kind == SAY ? binder->bind != variable : binder != item)
                    continue;
                const Rule *rule = &g->rules[binder->rule];
                for (int i = 0; i < rule->count; i++) {
                    const char *text = fact_of(&rule->alternatives[i], item->attribute);
                    if ((size = size_of(text, blanks)) > most)
                        most = size;
                }
            }
    }
    return most + (item->article ? blanks ? 1 : 3 : 0);
}

static long longest(const Grammar *g, int rule, int blanks, long *known)
{
    if (known[rule] >= 0)
        return known[rule];
    long most = 0;
    for (int i = 0; i < g->rules[rule].count; i++) {
        const Alternative *a = &g->rules[rule].alternatives[i];
        long size = 0;
        for (int k = 0; k < a->item_count; k++)
            size += longest_item(g, &a->items[k], blanks, known);
        if (size > most)
            most = size;
    }
    return known[rule] = most;
}

static long longest_story(const Grammar *g, int blanks)
{
    long known[MAX_RULES];
    for (int r = 0; r < g->rule_count; r++)
        known[r] = -1;
    return longest(g, 0, blanks, known);
}

/* A set of words, as a hash table that grows. */
typedef struct {
    char **slots;
    size_t room, count;
} Words;

static void add_word(Words *w, const char *word, size_t length)
{
    if (2 * w->count >= w->room) {
        Words more = {grab(1, sizeof(char *) * (w->room ? 2 * w->room : 1024)),
                      w->room ? 2 * w->room : 1024, 0};
        for (size_t i = 0; i < w->room; i++)
            if (w->slots[i]) {
                add_word(&more, w->slots[i], strlen(w->slots[i]));
                free(w->slots[i]);
            }
        free(w->slots);
        *w = more;
    }
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)word[i]) * UINT64_C(1099511628211);
    size_t slot = hash & (w->room - 1);
    while (w->slots[slot]) {
        if (strlen(w->slots[slot]) == length && memcmp(w->slots[slot], word, length) == 0)
            return;
        slot = (slot + 1) & (w->room - 1);
    }
    w->slots[slot] = grab(1, length + 1);
    memcpy(w->slots[slot], word, length);
    w->count++;
}

static int is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128;
}

/* Counts the words of a story and adds them to a set, "The" and "the" apart. */
static long count_words(const char *text, Words *words)
{
    long count = 0;
    while (*text) {
        size_t length = 0;
        while (is_letter((unsigned char)text[length]))
            length++;
        if (length) {
            add_word(words, text, length);
            count++;
        }
        text += length ? length : 1;
    }
    return count;
}

static void command_stats(const Grammar *g, const Options *o)
{
    Teller *t = new_teller(g);
    Words words = {0};
    double nats = 0, squares = 0, bytes = 0, total_words = 0, same = 0;
    size_t most_bytes = 0, least_bytes = SIZE_MAX;
    long most_words = 0, least_words = MAX_STORY;
    double n = (double)o->count;
    if (o->count < 2)
        die("stats: --count %llu is too few; at least 2", (unsigned long long)o->count);
    for (uint64_t i = 0; i < o->count; i++) {
        tell_story(t, o->seed, o->first + i);
        long w = count_words(t->text, &words);
        nats -= t->ln_p;
        squares += t->ln_p * t->ln_p;
        same += exp(t->ln_p);
        bytes += (double)t->length;
        total_words += (double)w;
        most_bytes = t->length > most_bytes ? t->length : most_bytes;
        least_bytes = t->length < least_bytes ? t->length : least_bytes;
        most_words = w > most_words ? w : most_words;
        least_words = w < least_words ? w : least_words;
    }
    double mean = nats / n, deviation = sqrt(fmax(0, squares / n - mean * mean));
    printf("rules                       %d\n", g->rule_count);
    printf("alternatives                %d\n", g->alternative_count);
    printf("variables                   %d\n", g->variable_count);
    printf("stories sampled             %.0f\n", n);
    printf("bytes per story             %.2f (%zu to %zu)\n", bytes / n, least_bytes,
           most_bytes);
    printf("words per story             %.2f (%ld to %ld)\n", total_words / n,
           least_words, most_words);
    printf("no story is longer than     %ld bytes, %ld words\n", longest_story(g, 0),
           longest_story(g, 1) + 1);
    printf("distinct words              %zu\n", words.count);
    printf("entropy per story           %.3f nats (+- %.3f)\n", mean,
           deviation / sqrt(n));
    printf("entropy per word            %.4f nats\n", nats / total_words);
    printf("entropy per byte            %.4f nats\n", nats / bytes);
    printf("two stories are the same    once in %.1e pairs\n", n / same);
    for (size_t i = 0; i < words.room; i++)
        free(words.slots[i]);
    free(words.slots);
    free_teller(t);
}

static void free_grammar(Grammar *g)
{
    for (int r = 0; r < g->rule_count; r++)
        free(g->rules[r].alternatives);
    for (Block *next, *block = g->blocks; block; block = next) {
        next = block->next;
        free(block);
    }
    free(g);
}

static const char help[] =
    "usage: stories COMMAND [OPTIONS]\n"
    "\n"
    "  generate    tell stories, each followed by <|endoftext|>\n"
    "  parse       read stories: for each the number of derivations and ln P\n"
    "  kinds       read stories: which piece of the grammar made which bytes, as a "
    "table:\n"
    "              story, start, end, kind, name, nats, text (tabs between)\n"
    "  surprise    read stories: the nats of every byte and of the end, a line a story\n"
    "  stats       what the language is like, from a sample\n"
    "  check       is the grammar sound? says nothing if it is\n"
    "\n"
    "  --grammar FILE     the grammar             (models/robots/stories.grammar)\n"
    "  --count N          how many stories        (1; stats: 10000)\n"
    "  --seed S           which stories           (1)\n"
    "  --first I          number of the first one (0): story I of seed S is always the "
    "same\n"
    "  --separator TEXT   after each story, in place of <|endoftext|>\n"
    "  --lines            a story a line\n"
    "  --logprob          a story a line, ln P and a tab before it\n"
    "\n"
    "parse, kinds and surprise read standard input; stories there end with "
    "<|endoftext|>, a\n"
    "new line, or both.\n";

static uint64_t read_number(const char *option, const char *text)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    if (errno || end == text || *end || text[0] < '0' || text[0] > '9')
        die("%s: expected a whole number, found '%s'", option, text);
    return number;
}

static void read_options(int argc, char **argv, Options *o)
{
    for (int i = 2; i < argc; i++) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(name, "--logprob") == 0) {
            o->ln_p = 1;
            continue;
        }
        if (strcmp(name, "--lines") == 0) {
            o->lines = 1;
            continue;
        }
        if (strcmp(name, "--grammar") && strcmp(name, "--count") &&
            strcmp(name, "--seed") && strcmp(name, "--first") &&
            strcmp(name, "--separator"))
            die("%s: no such option; stories --help lists them", name);
        if (!value)
            die("%s: expected a value after it", name);
        if (strcmp(name, "--grammar") == 0)
            o->grammar = value;
        else if (strcmp(name, "--separator") == 0)
            o->separator = value;
        else if (strcmp(name, "--count") == 0)
            o->count = read_number(name, value);
        else if (strcmp(name, "--seed") == 0)
            o->seed = read_number(name, value);
        else
            o->first = read_number(name, value);
        i++;
    }
}

int main(int argc, char **argv)
{
    program_name = "stories";
    const char *command = argc > 1 ? argv[1] : "--help";
    Options o = {.grammar = "models/robots/stories.grammar",
                 .separator = END_OF_TEXT,
                 .count = strcmp(command, "stats") == 0 ? 10000 : 1,
                 .seed = 1};
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            command = "--help";
    if (strcmp(command, "--help") == 0) {
        fputs(help, stdout);
        return argc > 1 ? 0 : 1;
    }
    if (strcmp(command, "generate") && strcmp(command, "parse") &&
        strcmp(command, "kinds") && strcmp(command, "surprise") &&
        strcmp(command, "stats") && strcmp(command, "check"))
        die("%s: no such command; stories --help lists them", command);
    read_options(argc, argv, &o);
    Grammar *g = read_grammar(o.grammar);
    if (strcmp(command, "generate") == 0)
        command_generate(g, &o);
    else if (strcmp(command, "parse") == 0)
        command_parse(g);
    else if (strcmp(command, "kinds") == 0)
        command_kinds(g);
    else if (strcmp(command, "surprise") == 0)
        command_surprise(g);
    else if (strcmp(command, "stats") == 0)
        command_stats(g, &o);
    free_grammar(g);
    finish_output();
    return 0;
}
