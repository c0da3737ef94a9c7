/* exercise.h: the frame of every chapter's tests, and the grader of its exercises.
 *
 * A chapter's tests are one program, tests/test_NN_stem.c:
 *
 *     #include "exercise.h"
 *     #include "../src/05_masking.h"
 *     #include "mistakes/05_masking.h"
 *     #include "right/05_masking.h"
 *
 *     START_TEST(nothing_leaks_from_the_future) { … } END_TEST
 *
 *     static void probe_hide_future(any_function f, struct outcome *o)
 *     {
 *         for (int T = 1; T <= 3; T++) {
 *             situation(o, "%d tokens", T);
 *             float(*scores)[T] =
 *                 changed(o, "scores", AXES({T, words}, {T, words}), FLOATS, some[T]);
 *             TESTED(hide_future, f)(T, scores);
 *             record(o, "scores", AXES({T, words}, {T, words}), scores, wanted[T]);
 *         }
 *     }
 *
 *     static const struct exercise exercises[] = {
 *         {EXERCISE(hide_future),
 *          {MISTAKE(wrong_hide_future_off_by_one), MISTAKE(wrong_hide_future_zero)},
 *          {RIGHT(right_hide_future_backwards), RIGHT(right_hide_future_square)}},
 *     };
 *
 *     static void add_tests(TCase *t) { tcase_add_test(t, nothing_leaks_from_the_future); }
 *
 *     BOOK_TESTS("05_masking", add_tests)
 *
 * tests/mistakes/05_masking.h has the usual mistakes, tests/right/05_masking.h right answers of
 * another kind than the book's, both functions like the one that the reader writes:
 *
 *     SAYS(wrong_hide_future_zero, "masked scores are 0 and not -inf: softmax makes …")
 *     WRONG void wrong_hide_future_zero(int T, float scores[T][T]) { … }
 *     RIGHT_ANSWER void right_hide_future_square(int T, float scores[T][T]) { … }
 *
 * A probe calls the function it is given on fixed inputs and records what comes out, beside
 * what should. It is run twice: with walls at the ends of its arrays and then at their starts, and
 * with two kinds of garbage in what is to be written. Run as build/test_NN_stem, the program
 * runs the chapter's tests, and proves of each exercise that all right answers pass and that each
 * mistake is called by its name. tests/exercise.sh compiles the same file with -DGRADER,
 * links it with the reader's functions and runs it with --grade. */
#ifndef EXERCISE_H
#define EXERCISE_H

#include "outcome.h"
#include "suite.h"

/* ---- Right, wrong, and wrong in a known way --------------------------------------- */

/* How far two numbers may be apart in a recorded tensor: as many units in the last place of its
 * largest number as tests/tolerances.txt has for it: twice the worst error of the right answers,
 * with any compiler; LEAST_UNITS where it has none. */
static inline double tolerance(const struct recorded *r)
{
    return r->exact
               ? 0
               : r->units * (double)FLT_EPSILON * largest_finite(r->want_size, r->want);
}

static inline bool agree(const struct recorded *r, double a, double b, double allowed)
{
    if (r->exact)
        return (a == b && (r->measure != FLOATS || !signbit(a) == !signbit(b))) ||
               (isnan(a) && isnan(b));
    return a == b || (isfinite(b) && fabs(a - b) <= allowed);
}

/* How many elements are not what they should be; elements too many or too few count. */
static inline size_t count_wrong(const struct recorded *r, size_t *first)
{
    const size_t both = r->got_size < r->want_size ? r->got_size : r->want_size;
    const double allowed = tolerance(r);
    size_t wrong = 0;
    for (size_t i = both; i-- > 0;)
        if (!agree(r, r->got[i], r->want[i], allowed)) {
            wrong++;
            *first = i;
        }
    if (wrong == 0)
        *first = both;
    return wrong + (r->got_size > both ? r->got_size : r->want_size) - both;
}

static inline bool all_right(const struct outcome *o)
{
    size_t first, wrong = 0;
    for (size_t r = 0; r < o->count && !wrong; r++)
        wrong = count_wrong(&o->all[r], &first);
    return o->count > 0 && !wrong;
}

/* Are two wrong numbers the same, but for rounding? A wrong number may be much larger. */
static inline bool same_number(const struct recorded *r, double a, double b,
                               double allowed)
{
    if (!isfinite(a) || !isfinite(b) || r->exact)
        return a == b || (isnan(a) && isnan(b));
    return fabs(a - b) <= 2 * allowed + 1e-5 * fmax(fabs(a), fabs(b));
}

/* How much of what is wrong in one outcome or the other is the same in both, 0 to 1: of the
 * numbers that differ from what they should be in either, the share that are equal. *cases is
 * in how many situations. */
static inline double share_of(const struct outcome *a, const struct outcome *b,
                              size_t *cases)
{
    size_t differ = 0, same = 0;
    const char *before = "";
    *cases = 0;
    for (size_t r = 0; r < a->count || r < b->count; r++) {
        const struct recorded *x = r < a->count ? &a->all[r] : NULL,
                              *y = r < b->count ? &b->all[r] : NULL;
        if (!x || !y || x->got_size != y->got_size) {
            differ += x ? x->want_size + x->got_size : y->want_size + y->got_size;
            continue;
        }
        const double allowed = tolerance(x);
        size_t here = 0;
        for (size_t i = 0; i < x->got_size; i++) {
            const bool known = i < x->want_size;
            if (known && agree(x, x->got[i], x->want[i], allowed) &&
                agree(y, y->got[i], y->want[i], allowed))
                continue;
            differ++;
            if (same_number(x, x->got[i], y->got[i], allowed))
                here++;
        }
        if (x->got_size < x->want_size) /* both fall short, and by the same */
            differ++, here++;
        same += here;
        if (here && strcmp(before, x->situation) != 0) {
            ++*cases;
            before = x->situation;
        }
    }
    return differ ? (double)same / (double)differ : 0;
}

/* A usual mistake: a function that makes it, and what to say to who made it. A right answer: a
 * function, and nothing to say. */
struct answer {
    any_function function;
    const char *name, *says;
};

enum { MOST_MISTAKES = 24, MOST_RIGHT = 12 };

struct exercise {
    const char *name;
    any_function function; /* the book's */
    void (*probe)(any_function f, struct outcome *o);
    struct answer mistakes[MOST_MISTAKES]; /* the first without a function ends them */
    struct answer right[MOST_RIGHT];
};

#define SAYS(mistake, text) static const char says_##mistake[] = text;
#define MISTAKE(mistake)                                                                 \
    {                                                                                    \
        (any_function)(mistake), #mistake, says_##mistake                                \
    }
#define RIGHT(answer)                                                                    \
    {                                                                                    \
        (any_function)(answer), #answer, NULL                                            \
    }
#define EXERCISE(function) #function, (any_function)(function), probe_##function
#ifndef WRONG
#define WRONG static
#endif
#define RIGHT_ANSWER static

/* The lines of tests/tolerances.txt: exercise TAB situation TAB name TAB units. */
static inline void read_tolerances(const char *exercise, struct outcome *o)
{
    static char *all;
    if (!all) {
        struct bytes b = read_file("tests/tolerances.txt");
        all = format_text("%.*s", (int)b.size, (char *)b.data);
        free(b.data);
    }
    const size_t n = strlen(exercise);
    for (const char *line = all; *line; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, exercise, n) == 0 && line[n] == '\t')
            for (size_t i = 0; i < o->count; i++) {
                const struct recorded *r = &o->all[i];
                const size_t s = strlen(r->situation), m = strlen(r->name);
                const char *at = line + n + 1;
                if (strncmp(at, r->situation, s) == 0 && at[s] == '\t' &&
                    strncmp(at + s + 1, r->name, m) == 0 && at[s + 1 + m] == '\t')
                    o->all[i].units = strtod(at + s + 1 + m, NULL);
            }
        if (!line[strcspn(line, "\n")])
            break;
    }
}

static struct outcome *watched; /* what the function under test is at, for the handler */

/* Runs an exercise's probe on a function, twice: see the top of this file. */
static inline void run_probe(const struct exercise *e, any_function f, struct outcome *o)
{
    *o = (struct outcome){0};
    watched = o;
    for (int turn = 0; turn < (plain ? 1 : 2); turn++) {
        free_guarded(o);
        o->turn = turn;
        litter(filling[turn]);
        e->probe(f, o);
        check_guards(o);
    }
    read_tolerances(e->name, o);
}

/* What a grade is made of. */
struct grade {
    const char *kind; /* right, unwritten, mend, missing, wrong, crash, timeout */
    const char *word; /* the mistake's name, or the signal's, or the function's */
    const char *line; /* what is wrong, on one line */
    const char *more; /* and the rest */
};

static inline bool is_written(const struct grade *g)
{
    return strcmp(g->kind, "unwritten") != 0 && strcmp(g->kind, "mend") != 0 &&
           strcmp(g->kind, "missing") != 0;
}

static const char *chapter_stem; /* 05_masking */

static inline char *known_change(const struct exercise *e, const struct outcome *o);
static inline char *explain(const struct exercise *e, const struct outcome *o);

/* What comes out of mistake m; it is found out once. */
static inline const struct outcome *outcome_of_mistake(const struct exercise *e, int m)
{
    static struct outcome known[MOST_MISTAKES];
    static const struct exercise *of;
    if (of != e) {
        for (int i = 0; i < MOST_MISTAKES; i++)
            free_outcome(&known[i]);
        of = e;
    }
    if (known[m].count == 0)
        run_probe(e, e->mistakes[m].function, &known[m]);
    return &known[m];
}

/* The mistake that this is: at least nine tenths of what differs are its own, in two cases or
 * more (or all of it), and no other mistake matches as well. NULL where there is none. */
static inline const struct answer *recognise(const struct exercise *e,
                                             const struct outcome *o, double *best)
{
    const struct answer *found = NULL;
    *best = 0;
    for (int m = 0; m < MOST_MISTAKES && e->mistakes[m].function; m++) {
        size_t cases;
        const double share = share_of(o, outcome_of_mistake(e, m), &cases);
        if (share < 0.9 || (cases < 2 && share < 1) || share < *best)
            continue;
        found = share > *best ? &e->mistakes[m] : NULL;
        *best = share;
    }
    return found;
}

static inline void print_number(char *text, size_t room, const struct recorded *r,
                                double x)
{
    if (isnan(x)) /* some C libraries tell a sign, which says nothing */
        snprintf(text, room, "nan");
    else if (r->measure == BYTES)
        snprintf(text, room, "%02X", (unsigned)x);
    else
        snprintf(text, room, r->measure == FLOATS ? "%.7g" : "%.0f", x);
}

/* A short row as the reader would write it: {1, 2, 3}; "" where it is long. */
static inline char *short_row(const struct recorded *r, size_t n, const double *x)
{
    if (n > 16 || r->rank != 1)
        return format_text("%s", "");
    char *text = format_text("{"), number[40];
    for (size_t i = 0; i < n; i++) {
        print_number(number, sizeof number, r, x[i]);
        char *longer = format_text("%s%s%s", text,
                                   i ? (r->measure == BYTES ? " " : ", ") : "", number);
        free(text);
        text = longer;
    }
    char *row = format_text("%s}", text);
    free(text);
    return row;
}

/* One recorded tensor that is wrong: `scores[2][1] (" must", " robot"): got 1, want 2; 3 of
 * 16 numbers are wrong` */
static inline char *describe(const struct recorded *r)
{
    size_t first = 0, wrong = count_wrong(r, &first);
    const size_t all = r->want_size > r->got_size ? r->want_size : r->got_size;
    char got[40] = "nothing", want[40] = "nothing";
    if (first < r->got_size)
        print_number(got, sizeof got, r, r->got[first]);
    if (first < r->want_size)
        print_number(want, sizeof want, r, r->want[first]);
    char *name = first < r->want_size ? element_name(r->name, r->rank, r->axes, first)
                                      : format_text("%s[%zu]", r->name, first);
    char *number = all > 1 ? format_text("; %zu of %zu numbers %s wrong", wrong, all,
                                         wrong == 1 ? "is" : "are")
                           : format_text("%s", "");
    char *text = format_text("%s: got %s, want %s%s", name, got, want, number);
    free(name);
    free(number);
    return text;
}

/* How many situations there are, and how many come out right in both turns. */
static inline void count_cases(const struct outcome *o, size_t *cases, size_t *right)
{
    *cases = *right = 0;
    for (size_t r = 0, next; r < o->count && o->all[r].turn == 0; r = next) {
        bool good = true;
        for (next = r; next < o->count && o->all[next].turn == 0 &&
                       strcmp(o->all[next].situation, o->all[r].situation) == 0;)
            next++;
        for (size_t i = 0; i < o->count && good; i++)
            if (strcmp(o->all[i].situation, o->all[r].situation) == 0) {
                size_t first;
                good = count_wrong(&o->all[i], &first) == 0;
            }
        ++*cases;
        *right += good;
    }
}

/* What is wrong with what came out: the first difference, and why. */
static inline struct grade judge_outcome(const struct exercise *e,
                                         const struct outcome *o)
{
    size_t cases, right, first, at = 0;
    if (o->damage)
        return (struct grade){"crash", "outside", format_text("%s", o->damage),
                              format_text("%s", o->situation ? o->situation : "")};
    if (o->count == 0)
        return (struct grade){"wrong", "-", "the probe recorded nothing", ""};
    while (at < o->count && count_wrong(&o->all[at], &first) == 0)
        at++;
    if (at == o->count)
        return (struct grade){"right", "-", " ", ""};
    const struct recorded *r = &o->all[at];
    char *got = short_row(r, r->got_size, r->got),
         *want = short_row(r, r->want_size, r->want), *rows;
    rows = *want ? format_text("\n    got  %s\n    want %s", got, want)
                 : format_text("%s", "");
    count_cases(o, &cases, &right);
    double best;
    const struct answer *m = recognise(e, o, &best);
    char *change = best == 1 ? NULL : known_change(e, o), *why;
    if (change && m) /* two causes: neither is sure */
        m = NULL, free(change), change = NULL;
    if (change || m)
        why =
            format_text("This is %swhat comes out if %s",
                        change || best == 1 ? "" : "nearly ", change ? change : m->says);
    else
        why = explain(e, o);
    struct grade grade = {
        "wrong", m ? m->name : "-", describe(r),
        format_text("%s%s%s\n%zu of %zu cases come out right.\n%s", r->situation,
                    r->turn ? " (when it is called again, with other garbage in memory)"
                            : "",
                    rows, right, cases, why ? why : "")};
    free(got);
    free(want);
    free(rows);
    free(change);
    free(why);
    return grade;
}

/* ---- The chapter's list of exercises, and its tests -------------------------------- */

static const struct exercise *chapter_exercises;
static int chapter_exercise_count;

#include "explain.h"
#include "grader.h"
#include "mutants.h"

/* ---- The tests of the exercises ------------------------------------------------------ */

/* The book's function, and all right answers of another kind, are right. */
START_TEST(right_answers_are_right)
{
    const struct exercise *e = &chapter_exercises[_i];
    int count = 0;
    for (int a = -1; a < MOST_RIGHT && (a < 0 || e->right[a].function); a++, count++) {
        struct outcome o;
        run_probe(e, a < 0 ? e->function : e->right[a].function, &o);
        struct grade g = judge_outcome(e, &o);
        ck_assert_msg(strcmp(g.kind, "right") == 0, "%s: %s\n%s",
                      a < 0 ? e->name : e->right[a].name, g.line, g.more);
        free_outcome(&o);
    }
    ck_assert_msg(count > 3, "%s: %d right answers of another kind, expected 3 at least",
                  e->name, count - 1);
}
END_TEST

/* Each mistake is wrong, and is called by its name. */
START_TEST(mistakes_are_named)
{
    const struct exercise *e = &chapter_exercises[_i];
    int count = 0;
    char *unnamed = format_text("%s", "");
    for (; count < MOST_MISTAKES && e->mistakes[count].function; count++) {
        const struct answer *m = &e->mistakes[count];
        struct outcome o;
        run_probe(e, m->function, &o);
        struct grade g = judge_outcome(e, &o);
        if (strcmp(g.word, m->name) != 0)
            unnamed = format_text("%s\n%s is %s, %s: %s", unnamed, m->name, g.kind,
                                  g.word, g.line);
        free_outcome(&o);
    }
    ck_assert_msg(!*unnamed, "%s", unnamed);
    ck_assert_msg(count >= 3, "%s: %d mistakes, expected 3 at least", e->name, count);
}
END_TEST

/* Prints how far the right answers of each exercise are off, for tests/tolerances.sh: in units
 * in the last place of a tensor's largest number, the worst. (A test, for probes assert.) */
START_TEST(print_errors)
{
    for (int i = 0; i < chapter_exercise_count; i++) {
        const struct exercise *e = &chapter_exercises[i];
        for (int a = -1; a < MOST_RIGHT && (a < 0 || e->right[a].function); a++) {
            struct outcome o;
            run_probe(e, a < 0 ? e->function : e->right[a].function, &o);
            for (size_t r = 0; r < o.count; r++) {
                const struct recorded *x = &o.all[r];
                const double unit =
                    (double)FLT_EPSILON * largest_finite(x->want_size, x->want);
                double worst = 0;
                for (size_t k = 0; k < x->want_size && k < x->got_size; k++)
                    if (isfinite(x->want[k]) && isfinite(x->got[k]))
                        worst = fmax(worst, fabs(x->got[k] - x->want[k]));
                if (!x->exact && unit > 0 && worst > 0)
                    printf("%s\t%s\t%s\t%.1f\n", e->name, x->situation, x->name,
                           worst / unit);
            }
            free_outcome(&o);
        }
    }
}
END_TEST

/* Adds a test where a file is there; else says what is skipped, and how to get it. */
#define ADD_TEST_NEEDING(tcase, test, file, how)                                         \
    do {                                                                                 \
        if (file_exists(file))                                                           \
            tcase_add_test(tcase, test);                                                 \
        else                                                                             \
            printf("skipped: %s needs %s: %s\n", #test, file, how);                      \
    } while (0)

/* The main of a chapter's test program.
 *   build/test_NN_stem      the tests; status 1 where one fails
 *   … --errors              how far right answers are off
 *   … --grade [--summary] [--record S] [--plain] --file F --next WHAT --missing "f g" --mend "h"
 *                           the grader
 *   … --mutants …           see mutants.h */
static inline int run_tests(int argc, char **argv, const char *stem,
                            void (*add_tests)(TCase *))
{
    char chapter[3] = {stem[0], stem[1], 0};
    struct grading how = {chapter, "the workbook", "", "", "", NULL, false};
    bool grading = false;
    program_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    chapter_stem = stem;
    if (argc > 1 && strcmp(argv[1], "--mutants") == 0)
        return run_mutants(argc - 2, argv + 2);
    for (int a = 1; a < argc; a++) {
        const char **text = strcmp(argv[a], "--file") == 0      ? &how.file
                            : strcmp(argv[a], "--next") == 0    ? &how.next
                            : strcmp(argv[a], "--missing") == 0 ? &how.missing
                            : strcmp(argv[a], "--mend") == 0    ? &how.mend
                            : strcmp(argv[a], "--record") == 0  ? &how.record
                                                                : NULL;
        if (text && a + 1 < argc)
            *text = argv[++a];
        else if (strcmp(argv[a], "--grade") == 0)
            grading = true;
        else if (strcmp(argv[a], "--plain") == 0)
            plain = true;
        else if (strcmp(argv[a], "--summary") == 0)
            grading = how.summary = true;
        else if (strcmp(argv[a], "--errors") == 0) {
            Suite *alone = suite_create(stem);
            TCase *t = tcase_create("errors");
            tcase_add_test(t, print_errors);
            tcase_set_timeout(t, 240);
            suite_add_tcase(alone, t);
            return run_suite(alone, CK_SILENT);
        } else
            die("%s: unknown option", argv[a]);
    }
    if (grading || !add_tests)
        return grade_all(&how);
    Suite *suite = suite_create(stem);
    TCase *tests = tcase_create("tests"), *proofs = tcase_create("exercises");
    tcase_set_timeout(tests, 600);
    add_tests(tests);
    tcase_add_loop_test(proofs, right_answers_are_right, 0, chapter_exercise_count);
    /* BOOK_BRIEF=1, which make chapter-NN says, tests the chapter, and not the grader. */
    if (!asked_for("BOOK_BRIEF"))
        tcase_add_loop_test(proofs, mistakes_are_named, 0, chapter_exercise_count);
    tcase_set_timeout(proofs, 240);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, proofs);
    return run_suite(suite, CK_NORMAL);
}

/* The main function of a test program whose `exercises` are above it. The grader runs none of the
 * chapter's other tests: not named, they take no time to compile. */
#ifdef GRADER
#define OTHER_TESTS(add_tests) NULL
#else
#define OTHER_TESTS(add_tests) add_tests
#endif
#define BOOK_TESTS(stem, add_tests)                                                      \
    int main(int argc, char **argv)                                                      \
    {                                                                                    \
        chapter_exercises = exercises;                                                   \
        chapter_exercise_count = (int)(sizeof exercises / sizeof *exercises);            \
        return run_tests(argc, argv, stem, OTHER_TESTS(add_tests));                      \
    }

#endif
