/* Tests of the tunes: the program of models/tunes, with its main renamed. */
#define _POSIX_C_SOURCE 200809L
#define main tunes_main
#include "../models/tunes/tunes.c"
#undef main

#include "suite.h"

#include <sys/wait.h>

#define TUNES "models/tunes/tunes.grammar"

static struct grammar *grammar;

static void set_up(void)
{
    program_name = "tunes";
    grammar = read_grammar(TUNES);
}

/* −ln of a choice's share of its weights; not a number if it is not there just once. */
static double nats_of(const struct choices *c, int value)
{
    double sum = 0, own = 0;
    for (int i = 0; i < c->count; i++) {
        sum += c->weight[i];
        if (c->value[i] == value) {
            if (own > 0)
                return NAN;
            own = c->weight[i];
        }
    }
    return own > 0 ? -log(own / sum) : NAN;
}

static double nats_of_rhythm(const struct rhythms *all, const struct rhythm *r)
{
    double sum = 0, own = 0;
    for (int i = 0; i < all->count; i++) {
        sum += all->pattern[i].weight;
        if (all->pattern[i].count == r->count &&
            memcmp(all->pattern[i].length, r->length, (size_t)r->count * sizeof(int)) ==
                0) {
            if (own > 0)
                return NAN;
            own = all->pattern[i].weight;
        }
    }
    return own > 0 ? -log(own / sum) : NAN;
}

/* −ln P of a bar's choices, one after the other as they are made: a whole rhythm first, then its
 * notes. The program finds the same token by token. */
static double nats_of_bar(struct tune *w, const struct tune *t, int phrase, int number)
{
    const struct grammar *g = t->g;
    const struct bar_rule *rule = &g->phrase[phrase].bar[number];
    const struct bar *bar = &t->bars[phrase][number];
    struct place p = {
        .chord = bar->chord, .close = rule->rhythm == BY_CLOSE, .moved = -1};
    double nats = 0;
    int eighth = 0;
    if (rule->made != NEW) {
        for (int i = 0; i < bar->rhythm.count; i++)
            if (bar->rhythm.length[i] > 0)
                played(w, bar->step[i], bar->chord);
        w->chord = bar->chord;
        return 0;
    }
    if (number + 1 < BARS && rule[1].made == MOVED)
        p.moved = g->moved[t->mode][p.chord].value[0];
    nats += nats_of(&rule->next[t->mode][rule->after ? w->chord : 0], bar->chord);
    if (rule->rhythm != BY_BAR)
        nats += nats_of_rhythm(rule->rhythm == BY_CLOSE ? &g->close[t->metre]
                                                        : &g->rhythm[t->metre],
                               &bar->rhythm);
    int last_note = 0;
    for (int i = 0; i < bar->rhythm.count; i++)
        if (bar->rhythm.length[i] > 0)
            last_note = i;
    for (int i = 0; i < bar->rhythm.count; eighth += abs(bar->rhythm.length[i++])) {
        double chance[STEPS] = {0};
        if (bar->rhythm.length[i] < 0)
            continue;
        step_chances(w, &p, eighth, p.close && i == last_note, chance);
        nats -= log(chance[bar->step[i] - LOWEST_STEP]);
        played(w, bar->step[i], bar->chord);
    }
    w->chord = bar->chord;
    return nats;
}

/* −ln P of all of a tune's choices. */
static double nats_of_choices(const struct tune *t)
{
    const struct grammar *g = t->g;
    struct tune w = {.g = g, .metre = t->metre, .tonic = t->tonic, .mode = t->mode};
    bool known[PHRASES] = {false};
    char marks[MAX_TUNE];
    int n = 0, form = -1, forms = 0;
    for (int i = 0; i < t->at - 1; i++)
        if (strchr("()[]{", t->token[i]))
            marks[n++] = t->token[i];
    for (int f = 0; f < g->form.count; f++) {
        bool same = n == BARS;
        for (int i = 0; i < BARS && same; i++)
            same = marks[i] == g->phrase[g->forms[f][i]].mark;
        form = same ? f : form;
        forms += same;
    }
    if (forms != 1)
        return NAN;
    double nats = nats_of(&g->metre, t->metre) + nats_of(&g->form, form);
    for (int k = 0; k < g->key.count; k++)
        if (g->keys[k].tonic == t->tonic && g->keys[k].mode == t->mode)
            nats += nats_of(&g->key, k);
    for (n = 0; n < BARS; n++) {
        const int phrase = g->forms[form][n];
        for (int i = 0; i < BARS; i++)
            if (!known[phrase])
                nats += nats_of_bar(&w, t, phrase, i);
            else
                for (int k = 0; k < t->bars[phrase][i].rhythm.count; k++)
                    if (t->bars[phrase][i].rhythm.length[k] > 0)
                        played(&w, t->bars[phrase][i].step[k], t->bars[phrase][i].chord);
        known[phrase] = true;
        w.chord = t->bars[phrase][BARS - 1].chord;
    }
    return nats;
}

/* Whatever is written is read again, with the same probability; it follows from one series of
 * choices; and its form is right. */
START_TEST(tunes_have_one_probability)
{
    static const char tokens[] =
        "()[]{12345689ABCDEFGHIJKLMNOPQRSTUVWXabcdefghijklmnopqrstuvwxyz";
    struct tune *t = grab(1, sizeof *t), *r = grab(1, sizeof *r);
    double most = 0;
    for (uint64_t i = 0; i < 100000; i++) {
        write_tune(t, grammar, 1, i);
        ck_assert_int_eq(t->token[t->at - 1], END_TOKEN);
        /* (An assertion for each token would take longer than the tunes.) */
        bool good = true;
        for (int k = 0; k < t->at - 1; k++)
            good = good && t->token[k] && strchr(tokens, t->token[k]);
        *r = (struct tune){.g = grammar, .length = t->at - 1};
        memcpy(r->token, t->token, (size_t)r->length);
        go_through(r);
        good = good && !r->wrong && r->at == t->at && t->token[t->at - 1] == END_TOKEN;
        for (int k = 0; k < t->at; k++)
            good = good && !(r->nats[k] < t->nats[k]) && !(r->nats[k] > t->nats[k]) &&
                   (r->kind[k] == FREE || !(r->nats[k] > 0));
        ck_assert_msg(good, "tune %d: %.*s", (int)i, t->at, t->token);
        const double off = fabs(nats_of_choices(r) - total_nats(r));
        most = !(off <= most) ? off : most;
        if (i % 100 == 0) {
            const struct verdict v = judge(grammar, t->token, t->at - 1);
            ck_assert(v.bars && v.phrases && v.form && v.tonic && v.again && v.language);
            ck_assert(v.aaba == (v.last_a && v.other_b));
        }
    }
    ck_assert_msg(most < 1e-9, "off by %g", most);
    free(t);
    free(r);
}
END_TEST

/* Of each tune every token that is changed for another leaves the language, or is a free choice. */
START_TEST(what_is_certain_cannot_be_changed)
{
    struct tune *t = grab(1, sizeof *t), *r = grab(1, sizeof *r);
    for (uint64_t i = 0; i < 200; i++) {
        write_tune(t, grammar, 5, i);
        for (int k = 0; k < t->at - 1; k++) {
            *r = (struct tune){.g = grammar, .length = t->at - 1};
            memcpy(r->token, t->token, (size_t)r->length);
            r->token[k] = r->token[k] == 'k' ? 'm' : 'k';
            go_through(r);
            ck_assert(t->kind[k] == FREE || (r->wrong && r->at == k));
        }
        *r = (struct tune){.g = grammar, .length = t->at - 2};
        memcpy(r->token, t->token, (size_t)r->length);
        go_through(r);
        ck_assert(r->wrong);
    }
    free(t);
    free(r);
}
END_TEST

static struct verdict judged(const char *tune)
{
    return judge(grammar, tune, (int)strlen(tune));
}

/* What is wrong with a tune is found, and nothing else. */
START_TEST(form_is_judged)
{
    static const char tune[] =
        "6(FMVm2o1m2j1CRVj2c1f2h1KORf2e1f2k1AQTh1m1q1m3)"
        "FMVm2o1m2j1CRVj2c1f2h1AQTh2m1m2k1FMVf51"
        "[CRVo3j1k1j1AQTm3h1j1h1HOWk3o1m1k1AQTm6)FMVm2o1m2j1CRVj2c1f2h1AQTh2m1m2k1FMVf51";
    char other[sizeof tune];
    struct verdict v = judged(tune);
    ck_assert(v.bars && v.phrases && v.form && v.tonic && v.again && v.aaba && v.last_a &&
              v.other_b && v.language);
    memcpy(other, tune, sizeof tune); /* the last note is no longer the tonic */
    other[strlen(other) - 3] = 'g';
    v = judged(other);
    ck_assert(v.bars && v.phrases && v.form && !v.tonic && !v.again && !v.last_a &&
              !v.language);
    memcpy(other, tune, sizeof tune); /* a bar of seven eighths */
    *strstr(other, "c1f2h1") = 'd';
    strstr(other, "d1f2h1")[1] = '2';
    v = judged(other);
    ck_assert(!v.bars && v.phrases && v.tonic && v.again && !v.last_a && !v.language);
    other[strlen(other) - 11] = '\0'; /* the last two bars are missing */
    ck_assert(!judged(other).phrases && !judged(other).language);
    const char *none[] = {"",    "6",     "6(",         "()[)",    "6)))))",
                          "abc", "6(FMV", "9(FMVm6)[)", "\xff\x80"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        v = judged(none[i]);
        ck_assert(!v.bars && !v.phrases && !v.language && !v.last_a);
    }
}
END_TEST

/* Any bytes at all can be judged. */
START_TEST(anything_is_judged)
{
    uint64_t state = 3;
    static const char letters[] = "()[]{436(1289AFMVKORamoz$ \n";
    for (int i = 0; i < 20000; i++) {
        char text[400];
        const int n = (int)(next_fraction(&state) * 399);
        for (int k = 0; k < n; k++)
            text[k] = i % 2
                          ? (char)(next_fraction(&state) * 255 + 1)
                          : letters[(int)(next_fraction(&state) * (sizeof letters - 1))];
        ck_assert(!judge(grammar, text, n).language);
    }
}
END_TEST

/* A grammar with this line in place of another is refused, with a message that has these words. */
static void refused(const char *old, const char *new, const char *words)
{
    struct bytes text = read_file(TUNES);
    char *at = strstr((char *)text.data, old), path[] = "build/tunes-XXXXXX",
         said[1000] = "";
    ck_assert_ptr_nonnull(at);
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w"), *err = tmpfile();
    fprintf(file, "%.*s%s%s", (int)(at - (char *)text.data), (char *)text.data, new,
            at + strlen(old));
    fclose(file);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        dup2(fileno(err), 2);
        free(read_grammar(path));
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    remove(path);
    rewind(err);
    said[fread(said, 1, sizeof said - 1, err)] = '\0';
    fclose(err);
    free(text.data);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1, "'%s' passes: %s", new,
                  said);
    ck_assert_msg(strstr(said, words), "no '%s' in: %s", words, said);
}

START_TEST(bad_grammars_are_refused)
{
    refused("D major", "H major", "expected a key, like D major, found 'H");
    refused("42 * A A' B A'", "42 * A A' B", "four phrases");
    refused("42 * A A' B A'", "42 * A A' B X",
            "expected the name of a phrase, found 'X'");
    refused("5 * IV / 3 * II / 2 * V", "5 * IX",
            "expected a chord, I to VII, found 'IX'");
    refused("6 * 2 2 2 2", "6 * 2 2 2", "expected 8 eighths, found '6'");
    refused("6 * 2 2 2 2", "0 * 2 2 2 2",
            "expected a whole number from 1 to 1000000, found '0'");
    refused("rhythm 4", "rhythm 5", "expected a metre, 4, 3 or 6, found '5'");
    refused("leave:rhythm", "leap:rhythm", "phrase B asks for the chord 'leap'");
    refused("next minor VII", "next dorian VII",
            "expected 'major' or 'minor', found 'dorian'");
    refused("    A1 / A2 /", "A1 / A2 /", "expected alternatives, indented");
    refused("step            #", "stairs major    #", "expected a chord");
}
END_TEST

int main(void)
{
    set_up();
    Suite *suite = suite_create("tunes");
    TCase *t = tcase_create("tunes");
    tcase_set_timeout(t, 240);
    tcase_add_test(t, tunes_have_one_probability);
    tcase_add_test(t, what_is_certain_cannot_be_changed);
    tcase_add_test(t, form_is_judged);
    tcase_add_test(t, anything_is_judged);
    tcase_add_test(t, bad_grammars_are_refused);
    suite_add_tcase(suite, t);
    return run_suite(suite, CK_ENV);
}
