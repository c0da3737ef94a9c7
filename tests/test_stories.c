/* Tests of the robots' stories: the program of models/robots, with its main renamed. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <unistd.h>

/* What the program does in a child ends there, and no later than that. */
static _Noreturn void leave(int status);
#define exit leave
#define main stories_main
#include "../models/robots/stories.c"
#undef main
#undef exit

#include "suite.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define ROBOTS "models/robots/stories.grammar"

static _Noreturn void leave(int status)
{
    fflush(stdout);
    fflush(stderr);
    _exit(status);
}

/* ---- running a command, writing a grammar ---- */

typedef struct {
    int status; /* exit status, or 1000 + the signal that ended it */
    char *out, *err;
} Result;

static char *contents(FILE *file)
{
    size_t length;
    rewind(file);
    char *text = read_all(file, "a test's file", MAX_FILE, &length);
    fclose(file);
    return text;
}

/* Runs `stories` with these words, `input` on its standard input. */
static Result run(const char *input, size_t length, char **words)
{
    FILE *in = tmpfile(), *out = tmpfile(), *err = tmpfile();
    int count = 0, status;
    ck_assert(in && out && err);
    fwrite(input, 1, length, in);
    rewind(in);
    while (words[count])
        count++;
    fflush(stdout);
    fflush(stderr);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        setrlimit(RLIMIT_CPU, &(struct rlimit){20, 20});
        dup2(fileno(in), 0);
        dup2(fileno(out), 1);
        dup2(fileno(err), 2);
        leave(stories_main(count, words));
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    fclose(in);
    return (Result){WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status),
                    contents(out), contents(err)};
}

static void forget(Result result)
{
    free(result.out);
    free(result.err);
}

/* It failed as every program of the book fails: status 1, one line that holds these words. */
static void refused(Result result, const char *words)
{
    const char *newline = strchr(result.err, '\n');
    ck_assert_msg(result.status == 1, "status %d, expected 1; it said: %s", result.status,
                  result.err);
    ck_assert_msg(newline && newline[1] == '\0', "not one line: %s", result.err);
    ck_assert_msg(strstr(result.err, words) != NULL, "expected '%s' in: %s", words,
                  result.err);
    forget(result);
}

static char *write_grammar(const char *text, size_t length)
{
    static char name[64];
    snprintf(name, sizeof name, "/tmp/stories_test_XXXXXX");
    int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, text, length), (ssize_t)length);
    close(file);
    return name;
}

static Result check_text(const char *grammar, size_t length)
{
    char *name = write_grammar(grammar, length);
    Result result = run("", 0, (char *[]){"stories", "check", "--grammar", name, NULL});
    unlink(name);
    return result;
}

static Grammar *grammar_of(const char *text)
{
    char *name = write_grammar(text, strlen(text));
    Grammar *g = read_grammar(name);
    unlink(name);
    return g;
}

static long derivations(Reader *r, const char *text)
{
    read_story(r, text, (int)strlen(text));
    return r->derivations;
}

/* ---- the robots' language ---- */

/* Trained weights, transcripts and figures rest on these bytes. A change here is a change of
 * the language: then the model has to be trained again. */
START_TEST(same_stories_everywhere)
{
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (uint64_t i = 0; i < 1000; i++) {
        tell_story(t, 1, i);
        for (size_t k = 0; k <= t->length; k++)
            hash = (hash ^ (unsigned char)t->text[k]) * UINT64_C(1099511628211);
    }
    ck_assert_msg(hash == UINT64_C(0x2b85824637e9f5dc),
                  "the first 1,000 stories of seed 1 are others than before: 0x%016llx",
                  (unsigned long long)hash);
    free_teller(t);
    free_grammar(g);
}
END_TEST

START_TEST(each_story_by_its_number)
{
    Result all = run("", 0,
                     (char *[]){"stories", "generate", "--seed", "7", "--count", "20",
                                "--separator", "\n", NULL});
    Result last = run("", 0,
                      (char *[]){"stories", "generate", "--seed", "7", "--first", "15",
                                 "--count", "5", "--lines", NULL});
    ck_assert_int_eq(all.status, 0);
    ck_assert_uint_gt(strlen(last.out), 500);
    ck_assert_str_eq(all.out + strlen(all.out) - strlen(last.out), last.out);
    forget(all);
    forget(last);
}
END_TEST

/* The promise that the lowest loss rests on. */
START_TEST(one_derivation_with_the_printed_probability)
{
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    Reader *r = new_reader(g);
    for (uint64_t i = 0; i < 100000; i++) {
        tell_story(t, 2, i);
        read_story(r, t->text, (int)t->length);
        ck_assert_msg(r->derivations == 1, "%ld derivations of story %d: %s",
                      r->derivations, (int)i, t->text);
        ck_assert_msg(fabs(log(r->p) - t->ln_p) <= 1e-9,
                      "told with ln P %.12f, read %.12f: %s", t->ln_p, log(r->p),
                      t->text);
    }
    free_teller(t);
    free_reader(r);
    free_grammar(g);
}
END_TEST

static int is_word_at(const char *text, const char *at, size_t length)
{
    return (at == text || !is_letter((unsigned char)at[-1])) &&
           !is_letter((unsigned char)at[length]);
}

/* The last place where the word stands in the text, if it stands there `least` times. */
static const char *last_word(const char *text, const char *word, int least)
{
    const char *last = NULL;
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += length)
        if (is_word_at(text, at, length)) {
            last = at;
            least--;
        }
    return least <= 0 ? last : NULL;
}

/* No derivation is left when the word's last place holds another word. */
static int spoils(Reader *r, const char *text, const char *from, const char *to,
                  int least)
{
    char altered[MAX_STORY + 8];
    const char *at = last_word(text, from, least);
    if (!at)
        return 0;
    snprintf(altered, sizeof altered, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    ck_assert_msg(derivations(r, altered) == 0, "%s for %s was accepted: %s", to, from,
                  altered);
    return 1;
}

static int spoils_name(const Grammar *g, Reader *r, const char *text, const char *rule)
{
    const Rule *names = &g->rules[find_rule(g, rule)];
    int count = 0, other = 0;
    while (last_word(text, names->alternatives[other].plain, 1))
        other++;
    for (int i = 0; i < names->count; i++)
        count += spoils(r, text, names->alternatives[i].plain,
                        names->alternatives[other].plain, 2);
    return count;
}

START_TEST(altered_stories_are_refused)
{
    static const char *const pairs[][2] = {
        {"she", "he"},      {"he", "she"},      {"two", "three"},   {"four", "two"},
        {"rolled", "flew"}, {"flew", "walked"}, {"slid", "hopped"}, {"a", "an"},
        {"an", "a"},        {"torn", "bent"}};
    int counts[sizeof pairs / sizeof *pairs] = {0}, names = 0, people = 0, quotes = 0;
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    Reader *r = new_reader(g);
    char altered[MAX_STORY + 8];
    for (uint64_t i = 0; i < 2000; i++) {
        tell_story(t, 3, i);
        for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++)
            counts[p] += spoils(r, t->text, pairs[p][0], pairs[p][1], 1);
        names += spoils_name(g, r, t->text, "robot");
        people += spoils_name(g, r, t->text, "person");
        for (char *quote = t->text; (quote = strchr(quote, '"')); quote++) {
            snprintf(altered, sizeof altered, "%.*s%s", (int)(quote - t->text), t->text,
                     quote + 1);
            ck_assert_msg(derivations(r, altered) == 0, "accepted: %s", altered);
            quotes++;
        }
        snprintf(altered, sizeof altered, "%s ", t->text);
        ck_assert_int_eq(derivations(r, altered), 0);
        altered[t->length - 1] = '\0';
        ck_assert_int_eq(derivations(r, altered), 0);
    }
    for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++)
        ck_assert_msg(counts[p] >= 5, "only %d stories hold '%s'", counts[p],
                      pairs[p][0]);
    ck_assert_int_ge(names, 1000);
    ck_assert_int_ge(people, 100);
    ck_assert_int_ge(quotes, 1000);
    free_teller(t);
    free_reader(r);
    free_grammar(g);
}
END_TEST

/* The stretches of a story lie side by side, and what they cost adds up to −ln P. */
START_TEST(stretches_cover_a_story)
{
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    Reader *r = new_reader(g);
    static double surprise[MAX_STORY];
    static Span spans[1 << 16];
    int closing = 0, opening = 0, determined = 0;
    double cost = 0;
    for (uint64_t i = 0; i < 3000; i++) {
        tell_story(t, 4, i);
        read_story(r, t->text, (int)t->length);
        prefix_surprise(r, surprise);
        int count = name_spans(r, spans), at = 0;
        for (int k = 0; k < count; k++) {
            const Span *s = &spans[k];
            ck_assert_int_eq(s->start, at);
            ck_assert_int_gt(s->end, at);
            ck_assert(surprise[s->end] - surprise[s->start] > -1e-9);
            if (strcmp(s->kind, "quote") == 0) {
                closing++;
                ck_assert_int_eq(t->text[s->end - 1], '"');
            }
            /* a name, a pronoun or a fact that comes again is hardly ever a surprise */
            if (strcmp(s->kind, "again") == 0 || strcmp(s->kind, "attribute") == 0 ||
                strcmp(s->kind, "fact") == 0) {
                determined++;
                cost += surprise[s->end] - surprise[s->start];
            }
            at = s->end;
        }
        ck_assert_int_eq(at, (int)t->length);
        ck_assert(fabs(surprise[0]) < 1e-12);
        ck_assert(surprise[at] <= -t->ln_p + 1e-9);
        for (const char *c = t->text; *c; c++)
            opening += *c == '"';
    }
    ck_assert_int_eq(2 * closing, opening);
    ck_assert(cost / determined < 0.4);
    free_teller(t);
    free_reader(r);
    free_grammar(g);
}
END_TEST

START_TEST(size_and_entropy_of_the_language)
{
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    double nats = 0;
    size_t bytes = 0, longest = 0;
    const int count = 10000;
    for (int i = 0; i < count; i++) {
        tell_story(t, 5, (uint64_t)i);
        nats -= t->ln_p;
        bytes += t->length;
        longest = t->length > longest ? t->length : longest;
        ck_assert_msg(strspn(t->text,
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             " .,:?!\"") == t->length,
                      "a strange letter: %s", t->text);
        ck_assert_msg(!strstr(t->text, "  "), "two blanks: %s", t->text);
        ck_assert_msg(!strstr(t->text, " ."), "a blank before a stop: %s", t->text);
        ck_assert(t->text[t->length - 1] == '.' || t->text[t->length - 1] == '"');
        ck_assert(capital(t->text[0]) == t->text[0]);
    }
    ck_assert_int_ge(g->alternative_count, 400);
    ck_assert(nats / count > 55 && nats / (double)bytes > 0.23);
    ck_assert_int_le((long)longest, longest_story(g, 0));
    ck_assert_int_le(longest_story(g, 0), 480);
    free_teller(t);
    free_grammar(g);
}
END_TEST

/* ---- small grammars, whose every story can be told ---- */

static const char tiny[] = "# a comment\n"
                           "story\n"
                           "    2 * <^a x=thing> met <a y=thing>, \\\n"
                           "        and it {y.did}.\n"
                           "    <n=number>: <list:n>{n.end}\n"
                           "    3 * Nothing<much>.\n"
                           "number\n"
                           "    one | end=! / 4 * two\n"
                           "        \n"
                           "    | end=!!\n"
                           "    three\n"
                           "list:one\n"
                           "    <thing>\n"
                           "list:two\n"
                           "    <x=thing> and <y=thing.did>\n"
                           "list:three\n"
                           "    <thing>, <thing> and <thing>\n"
                           "much\n"
                           "    - / _much / _at all | end=*\n"
                           "thing\n"
                           "    | did=*ed\n"
                           "    lamp / 2 * owl / drum | did=fell / oar\n";

enum { MOST_STORIES = 500 };

/* Tells stories until no new one comes; fills in the different ones and how often each came. */
static int all_stories(Teller *t, char *stories[], int times[], int told)
{
    int count = 0;
    for (int i = 0; i < told; i++) {
        int s = 0;
        tell_story(t, 6, (uint64_t)i);
        while (s < count && strcmp(stories[s], t->text) != 0)
            s++;
        if (s == count) {
            ck_assert_int_lt(count, MOST_STORIES);
            stories[count] = grab(1, t->length + 1);
            strcpy(stories[count], t->text);
            times[count++] = 0;
        }
        times[s]++;
    }
    return count;
}

START_TEST(probabilities_add_up_to_one)
{
    char grammar[sizeof tiny + 16], *stories[MOST_STORIES];
    int times[MOST_STORIES];
    const int told = 200000;
    /* attributes of "two" and "one" that the example leaves out are added here */
    snprintf(grammar, sizeof grammar, "%s", tiny);
    char *two = strstr(grammar, "4 * two\n        \n");
    memcpy(two, "4 * two | end=.\n", 16);
    Grammar *g = grammar_of(grammar);
    Teller *t = new_teller(g);
    Reader *r = new_reader(g);
    int count = all_stories(t, stories, times, told);
    double sum = 0;
    for (int s = 0; s < count; s++) {
        int length = (int)strlen(stories[s]);
        double surprise[128];
        ck_assert_int_eq(derivations(r, stories[s]), 1);
        double p = r->p, expected = p * told;
        sum += p;
        ck_assert_msg(fabs(times[s] - expected) < 5 * sqrt(expected) + 1,
                      "told %d times, expected %.1f: %s", times[s], expected, stories[s]);
        /* the probability of each beginning is that of all stories that begin so */
        prefix_surprise(r, surprise);
        double begins[128] = {0};
        for (int o = 0; o < count; o++) {
            read_story(r, stories[o], (int)strlen(stories[o]));
            for (int n = 0;
                 n <= length && strncmp(stories[s], stories[o], (size_t)n) == 0; n++)
                begins[n] += r->p;
        }
        for (int n = 0; n <= length; n++)
            ck_assert_msg(fabs(exp(-surprise[n]) - begins[n]) < 1e-12,
                          "'%.*s' begins %.15f, expected %.15f", n, stories[s],
                          exp(-surprise[n]), begins[n]);
    }
    ck_assert_int_eq(count, 4 * 3 + 4 + 4 * 3 + 64 + 3);
    ck_assert_msg(fabs(sum - 1) < 1e-12, "the sum of all probabilities is %.15f", sum);
    for (int s = 0; s < count; s++)
        free(stories[s]);
    free_teller(t);
    free_reader(r);
    free_grammar(g);
}
END_TEST

START_TEST(two_ways_to_tell_a_story)
{
    static const char two_ways[] = "story\n    <a> / <b>\na\n    x\nb\n    x / y\n";
    Grammar *g = grammar_of(two_ways);
    Reader *r = new_reader(g);
    ck_assert_int_eq(derivations(r, "x"), 2);
    ck_assert(fabs(r->p - 0.75) < 1e-15);
    ck_assert_int_eq(derivations(r, "y"), 1);
    ck_assert_int_eq(derivations(r, ""), 0);
    free_reader(r);
    free_grammar(g);
    char *name = write_grammar(two_ways, strlen(two_ways));
    refused(run("y\ny<|endoftext|>x\n", 18,
                (char *[]){"stories", "parse", "--grammar", name, NULL}),
            "standard input:2:15: story 3 can be told in 2 ways");
    unlink(name);
}
END_TEST

START_TEST(broken_grammars_are_refused)
{
    static const struct {
        const char *grammar, *words;
    } cases[] = {
        {"", "holds no rule"},
        {"# nothing\n", "holds no rule"},
        {"    x\n", ":1: an alternative before the first rule"},
        {"story\n", ":1: rule story has no alternatives"},
        {"story\n    <x>\n", ":2: there is no rule x"},
        {"story\n    x\nother\n    y\n", ":3: rule other is never used"},
        {"story\n    x\nstory\n    y\n", ":3: rule story is defined twice"},
        {"story\n    x / y / x\n", ":2: the same alternative is in line 2"},
        {"story\n    a <story>\n", ":1: rule story contains itself"},
        {"story\n    <x>\nx\n    <y>b\ny\n    c / <x>\n", "contains itself"},
        {"story\n    0 * x\n", ":2: a weight is a whole number"},
        {"story\n    -1 * x\n", ":2: a weight is a whole number"},
        {"story\n    99999999999999999999 * x\n", ":2: a weight is a whole number"},
        {"story\n    x /  / y\n", ":2: an empty alternative is written -"},
        {"story\n    2 *\n", ":2: an empty alternative is written -"},
        {"story\n    <x\n", ":2: '<' is never closed"},
        {"story\n    {x\n", ":2: '{' is never closed"},
        {"story\n    x>\n", ":2: '>' was never opened"},
        {"story\n    <>\n", ":2: expected a name"},
        {"story\n    <x=>\n", ":2: expected the name of a rule"},
        {"story\n    <x:>\n", ":2: expected a variable"},
        {"story\n    {x y}\n", ":2: cannot read ' y'"},
        {"story\n    <x.y>\nx\n    z\n", ":2: .y needs a variable"},
        {"story\n    <y=x:z>\n", ":2: a rule picked by a variable cannot be remembered"},
        {"sto ry\n    x\n", ":1: expected the name of a rule"},
        {"story\n    x | y\n", ":2: expected attribute=text"},
        {"story\n    x | =y\n", ":2: expected attribute=text"},
        {"story\n    <x>y | z=*\nx\n    w\n", ":2: '*' in attribute z"},
        {"story\n    {x}\n", ":2: variable x is never given a value"},
        {"story\n    {x}<x=y>\ny\n    z\n", ":2: variable x may have no value here"},
        {"story\n    <a>{x}\na\n    b / <x=y>\ny\n    z\n",
         ":2: variable x may have no value"},
        {"story\n    <x=y><x=y>{x}\ny\n    z / w\n", ":2: variable x may already have"},
        {"story\n    <x=y>\ny\n    z\n", ":2: variable x is never used"},
        {"story\n    <x=y>{x}\ny\n    z<w>\nw\n    v\n", "line 4 is not plain words"},
        {"story\n    <x=y>{x}\ny\n    - / z\n", "line 4 is not plain words"},
        {"story\n    <x=y>{x.a}\ny\n    z | a=b / w\n", "'w' of rule y (line 4) has no"},
        {"story\n    <x=y.a>{x}\ny\n    z | a=b / w\n",
         "'w' of rule y has no attribute a"},
        {"story\n    <x=y><q:x>\ny\n    z / w\nq:z\n    v\n", "there is no rule q:w"},
        {"story\n    <x=y><z=y>\ny\n    z\n", ":3: rule y has 1 values, but 2 variables"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(check_text(cases[i].grammar, strlen(cases[i].grammar)), cases[i].words);
    refused(check_text("story\n    x\0y\n", 14), "NUL");
}
END_TEST

/* r0 = <r1><r1>, r1 = <r2><r2>, …: a story of 2^40 nothings. */
START_TEST(stories_without_end_are_refused)
{
    char grammar[4096] = "";
    for (int i = 0; i < 40; i++)
        sprintf(grammar + strlen(grammar), "r%d\n    <r%d><r%d>\n", i, i + 1, i + 1);
    strcat(grammar, "r40\n    - / x\n");
    refused(check_text(grammar, strlen(grammar)), "more than 4096 pieces");
    strcpy(grammar, "r0\n   "); /* thirty of sixty, in 10^17 ways */
    for (int i = 0; i < 60; i++)
        strcat(grammar, "<b>");
    strcat(grammar, "\nb\n    - / _x\n");
    char *name = write_grammar(grammar, strlen(grammar));
    char story[256] = "";
    for (int i = 0; i < 30; i++)
        strcat(story, " x");
    refused(run(story, strlen(story),
                (char *[]){"stories", "parse", "--grammar", name, NULL}),
            "too many ways to read");
    unlink(name);
}
END_TEST

/* ---- the program ---- */

START_TEST(wrong_words_are_refused)
{
    static const struct {
        char *words[8], *expected;
    } cases[] = {
        {{"stories", "sing"}, "sing: no such command"},
        {{"stories", "generate", "--loud"}, "--loud: no such option"},
        {{"stories", "generate", "--count"}, "--count: expected a value"},
        {{"stories", "generate", "--count", "-1"}, "--count: expected a whole number"},
        {{"stories", "generate", "--count", ""}, "--count: expected a whole number"},
        {{"stories", "generate", "--seed", "7x"}, "--seed: expected a whole number"},
        {{"stories", "generate", "--seed", "99999999999999999999"}, "--seed: expected"},
        {{"stories", "stats", "--count", "1"}, "too few"},
        {{"stories", "check", "--grammar", "/nowhere"}, "/nowhere: cannot be opened"},
        {{"stories", "check", "--grammar", "/tmp"}, "/tmp: cannot be read"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refused(run("", 0, (char **)cases[i].words), cases[i].expected);
    Result help = run("", 0, (char *[]){"stories", "--help", NULL});
    ck_assert_int_eq(help.status, 0);
    ck_assert(strstr(help.out, "usage: stories") == help.out);
    forget(help);
}
END_TEST

START_TEST(a_text_that_is_no_story)
{
    refused(
        run("A robot must sleep.\n", 20, (char *[]){"stories", "parse", NULL}),
        "standard input:1:15: story 1 is none of the grammar's after 'A robot must s', "
        "before 'leep.'");
    refused(run("\n\nBolt", 6, (char *[]){"stories", "kinds", NULL}),
            "standard input:3:");
    refused(run("a\0b", 3, (char *[]){"stories", "surprise", NULL}), "NUL");
    Result nothing = run("", 0, (char *[]){"stories", "parse", NULL});
    ck_assert_int_eq(nothing.status, 0);
    ck_assert_str_eq(nothing.out, "");
    forget(nothing);
}
END_TEST

START_TEST(commands_agree)
{
    Result told =
        run("", 0, (char *[]){"stories", "generate", "--count", "30", "--logprob", NULL});
    Result joined = run("", 0, (char *[]){"stories", "generate", "--count", "30", NULL});
    Result read =
        run(joined.out, strlen(joined.out), (char *[]){"stories", "parse", NULL});
    Result kinds =
        run(joined.out, strlen(joined.out), (char *[]){"stories", "kinds", NULL});
    Result bytes =
        run(joined.out, strlen(joined.out), (char *[]){"stories", "surprise", NULL});
    char *a = told.out, *b = read.out, *k = kinds.out, *s = bytes.out;
    ck_assert(joined.status == 0 && strstr(joined.out, ".<|endoftext|>") != NULL);
    for (int i = 1; i <= 30; i++) {
        double ln_p = strtod(a, &a), again, sum = 0, all = 0;
        ck_assert_int_eq(strtol(b, &b, 10), 1);
        again = strtod(b, &b);
        ck_assert(fabs(ln_p - again) < 1e-9);
        while (*k && strtol(k, NULL, 10) == i) {
            for (int column = 0; column < 5; column++)
                k = strchr(k, '\t') + 1;
            sum += strtod(k, &k);
            k = strchr(k, '\n') + 1;
        }
        ck_assert_msg(fabs(sum + ln_p) < 1e-4, "kinds add up to %f, ln P is %f", sum,
                      ln_p);
        while (*s != '\n')
            all += strtod(s, &s);
        s++;
        ck_assert_msg(fabs(all + ln_p) < 1e-3, "bytes add up to %f, ln P is %f", all,
                      ln_p);
        a = strchr(a, '\n') + 1;
    }
    ck_assert(*k == '\0' && *s == '\0');
    forget(told), forget(joined), forget(read), forget(kinds), forget(bytes);
}
END_TEST

/* Bytes changed at random, in the grammar and in stories: never anything but an answer or one
 * line of complaint. */
START_TEST(bytes_at_random)
{
    FILE *file = fopen(ROBOTS, "rb");
    size_t length;
    char *text = read_all(file, ROBOTS, MAX_FILE, &length);
    static const char letters[] = "<>{}|:;=.^*/_\\-# \n\tabx2";
    uint64_t random = 8;
    fclose(file);
    for (int i = 0; i < 150; i++) {
        char *copy = grab(1, length + 1);
        memcpy(copy, text, length);
        for (long k = random_below(&random, 6); k >= 0; k--)
            copy[random_below(&random, (long)length)] =
                letters[random_below(&random, (long)sizeof letters - 1)];
        char *name = write_grammar(copy, length);
        Result result = run(
            "", 0,
            (char *[]){"stories", "generate", "--count", "5", "--grammar", name, NULL});
        unlink(name);
        free(copy);
        if (result.status == 0)
            forget(result);
        else
            refused(result, "stories: ");
    }
    Grammar *g = read_grammar(ROBOTS);
    Teller *t = new_teller(g);
    Reader *r = new_reader(g);
    for (uint64_t i = 0; i < 3000; i++) {
        tell_story(t, 9, i);
        t->text[random_below(&random, (long)t->length)] =
            (char)(1 + random_below(&random, 255));
        ck_assert_int_ge(derivations(r, t->text), 0);
        t->text[random_below(&random, (long)t->length)] = '\0';
        ck_assert_int_ge(derivations(r, t->text), 0);
    }
    free_teller(t);
    free_reader(r);
    free_grammar(g);
    free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stories");
    TCase *language = tcase_create("language"), *small = tcase_create("grammars"),
          *program = tcase_create("program");
    tcase_set_timeout(language, 300);
    tcase_add_test(language, same_stories_everywhere);
    tcase_add_test(language, one_derivation_with_the_printed_probability);
    tcase_add_test(language, altered_stories_are_refused);
    tcase_add_test(language, stretches_cover_a_story);
    tcase_add_test(language, size_and_entropy_of_the_language);
    tcase_set_timeout(small, 120);
    tcase_add_test(small, probabilities_add_up_to_one);
    tcase_add_test(small, two_ways_to_tell_a_story);
    tcase_add_test(small, broken_grammars_are_refused);
    tcase_add_test(small, stories_without_end_are_refused);
    tcase_set_timeout(program, 120);
    tcase_add_test(program, each_story_by_its_number);
    tcase_add_test(program, wrong_words_are_refused);
    tcase_add_test(program, a_text_that_is_no_story);
    tcase_add_test(program, commands_agree);
    tcase_add_test(program, bytes_at_random);
    suite_add_tcase(suite, language);
    suite_add_tcase(suite, small);
    suite_add_tcase(suite, program);
    return run_suite(suite, CK_ENV);
}
