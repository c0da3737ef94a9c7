/* Tests of the translator's pairs: the program of models/translator. */
#include "../src/01_tokenizer.h"

#include "suite.h"

#include <sys/wait.h>

#define PROGRAM "pairs"
#include "program.h"

static void write_lines(const char *name, const char *text)
{
    write_file(inside(name), text, strlen(text));
}

static void pairs(int status, const char *arguments, const char *says)
{
    const int got = run_with("build/pairs", arguments, "/dev/null");
    const char *text = status ? (char *)errors.data : (char *)output.data;
    ck_assert_msg(got == status && strstr(text, says) != NULL,
                  "pairs %s: status %d, expected %d and '%s': %.900s", arguments, got,
                  status, says, text);
}

/* Of 100,000 samples no sentence has two translations. */
START_TEST(each_sentence_has_one_translation)
{
    pairs(0, "--count 100000 --seed 12", " => ");
    struct strings prompts = {0};
    char **answers = NULL;
    size_t room = 0;
    int lines = 0;
    for (char *line = (char *)output.data, *next; *line; line = next, lines++) {
        next = strchr(line, '\n');
        if (!next)
            ck_abort_msg("the last line has no end");
        *next++ = '\0';
        char *answer = strstr(line, " => ");
        if (!answer || strpbrk(line, "~+<{}_"))
            ck_abort_msg("%s", line);
        const int known = prompts.count,
                  n = string_number(&prompts, (unsigned char *)line,
                                    (size_t)(answer - line));
        answers = grow(answers, &room, (size_t)n + 1, sizeof *answers);
        if (n == known)
            answers[n] = answer;
        if (strcmp(answers[n], answer) != 0)
            ck_abort_msg("%s, and also%s", line, answers[n]);
    }
    ck_assert_int_eq(lines, 100000);
    ck_assert_int_gt(prompts.count, 90000);
    strings_free(&prompts);
    free(answers);
}
END_TEST

/* Words that are kept apart are in no sentence of the usual ones, and in all of the others. */
START_TEST(words_that_are_kept_apart_stay_apart)
{
    pairs(0, "--count 20000 --seed 12", " => ");
    for (char *line = strtok((char *)output.data, "\n"); line; line = strtok(NULL, "\n"))
        if (strstr(line, " red ") && strstr(line, " apple"))
            ck_abort_msg("%s", line);
    pairs(0, "--count 2000 --seed 12 --novel", " red ");
    pairs(0, "--seed 1", " => ");
    char *first = format_text("%s", (char *)output.data);
    pairs(0, "--seed 1 --count 2", first);
    free(first);
}
END_TEST

/* What is right French, a sentence for each rule: a grammar of one choice. */
START_TEST(a_grammar_is_followed_and_its_mistakes_are_named)
{
    const struct {
        const char *grammar, *says;
    } all[] = {
        {"s\n  le chat => de le ami\njoin-answer\n  V => a\n  le V => l'\n  de le => "
         "du\n",
         "Le chat => De l'ami\n"},
        {"s\n  x => le chat de le chien\njoin-answer\n  V => a\n  de le => du\n",
         "X => Le chat du chien\n"},
        {"s\n  x => le ~ami des +beaux\njoin-answer\n  V => a\n  le V => l'\n  des + => "
         "de\n",
         "X => Le ami de beaux\n"},
        {"s\n  <d=the> <n=cat> => <d@n> <n>\nthe g: m f => g: m f\n  the, the => le, la\n"
         "cat\n  owl => chouette | g=f\n",
         "The owl => La chouette\n"},
        {"s\n  <v=sees:past> => <v:pp>\nsees p: 3 past => p: 3 pp\n  sees, saw => voit, "
         "vu\n",
         "Saw => Vu\n"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        write_lines("g", all[i].grammar);
        pairs(0, format_text("--grammar '%s/g'", folder), all[i].says);
    }
    const struct {
        const char *grammar, *says;
    } bad[] = {
        {"", "has no rule"},
        {"  a => b\n", "g:1: an alternative before the first rule"},
        {"s\n  <a => b\n", "g:2: '<' is never closed"},
        {"s\n  <a> => b\n", "g:2: there is no rule a"},
        {"s\n  <s> => b\n", "rules inside each other"},
        {"s\n", "rule s has no alternatives"},
        {"s\n  <t@u> => b\nt\n  c => d\n", "no <u> here to agree with"},
        {"s p: 1 2\n  a => b\n", "1 forms, expected 2"},
        {"s\n  0 * a => b\n", "a weight is a whole number"},
        {"s p: 1 2\n  a, b => c\n", "s has no form ?"},
        {"s\n  a => b | g\n", "features name=value"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        write_lines("g", bad[i].grammar);
        pairs(1, format_text("--grammar '%s/g'", folder), bad[i].says);
    }
    pairs(1, "--grammar /no/such", "/no/such");
    pairs(1, "--count x", "expected a whole number");
    pairs(1, "--frobnicate", "--frobnicate");
    pairs(1, "--count 1 --novel --grammar models/robots/README.md", "README.md:");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pairs");
    TCase *t = tcase_create("pairs");
    tcase_set_timeout(t, 240);
    tcase_add_checked_fixture(t, open_folder, close_folder);
    tcase_add_test(t, each_sentence_has_one_translation);
    tcase_add_test(t, words_that_are_kept_apart_stay_apart);
    tcase_add_test(t, a_grammar_is_followed_and_its_mistakes_are_named);
    suite_add_tcase(suite, t);
    return run_suite(suite, CK_ENV);
}
