/* exercise.h: the frame of every chapter's tests, and the grader of its exercises.
 *
 * A chapter's tests are one program, tests/test_NN_stem.c:
 *
 *     #include "exercise.h"
 *     #include "../src/05_masking.h"
 *     #include "mistakes/05_masking.h"
 *
 *     START_TEST(nothing_leaks_from_the_future) { … } END_TEST
 *
 *     static void probe_mask_future(any_function f, struct outcome *o)
 *     {
 *         for (int T = 1; T <= 3; T++) {
 *             situation(o, "%d tokens", T);
 *             float(*scores)[T] = guarded_copy(o, "scores", (size_t)T * T, 4, given[T]);
 *             TESTED(mask_future, f)(T, scores);
 *             record(o, "scores", AXES({T, tokens}, {T, tokens}), scores, wanted[T]);
 *         }
 *     }
 *
 *     static const struct exercise exercises[] = {
 *         {EXERCISE(mask_future),
 *          {
 *              MISTAKE(wrong_mask_future_off_by_one),
 *              MISTAKE(wrong_mask_future_zero),
 *          }},
 *     };
 *
 *     static void add_tests(TCase *t) { tcase_add_test(t, nothing_leaks_from_the_future); }
 *
 *     BOOK_TESTS("05_masking", add_tests)
 *
 * and the mistakes, in tests/mistakes/05_masking.h, are functions like the right one:
 *
 *     SAYS(wrong_mask_future_zero, "masked scores are 0 and not -inf: softmax makes …")
 *     WRONG void wrong_mask_future_zero(int T, float scores[T][T]) { … }
 *
 * A probe calls the function it is given on fixed inputs and records what comes out, beside
 * what should. Run as build/test_NN_stem, the program runs the chapter's tests, and proves
 * of each exercise that the book's own function is right and that right and wrong answers
 * can be told apart. tests/exercise.sh compiles the same file with -DMINE_mask_future,
 * links it with the reader's workbook and runs it with --grade. */
#ifndef EXERCISE_H
#define EXERCISE_H

#include "tensors.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

/* Under the address sanitizer: a test's process ends without tidying up, and so does a
 * program that dies; that is no leak. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* ---- What comes out of a function ------------------------------------------------- */

/* Any function at all; TESTED casts it back to the type of the one that it stands for. */
typedef void (*any_function)(void);
#define TESTED(function, f) ((__typeof__(&(function)))(f))

enum { MOST_AXES = 4, MOST_GUARDED = 16, SECONDS = 3 };

/* One tensor, or one number (rank 0), that came out, and what should have. */
struct recorded {
    char *name, *situation;
    bool exact; /* whole numbers: every difference counts */
    int rank;
    struct axis axes[MOST_AXES];
    size_t got_size, want_size; /* they may differ where the function says how many */
    double *got, *want;
};

/* Memory for the function under test, between two walls. */
struct guarded {
    const char *name;
    size_t count, size;
    unsigned char *map, *data;
    size_t map_size;
};

/* All that came out of a function, in the order in which it was recorded. */
struct outcome {
    struct recorded *all;
    size_t count, capacity;
    char *situation; /* the one that the probe is in */
    char *damage;    /* NULL, or where the function wrote outside its arrays */
    struct guarded guarded[MOST_GUARDED];
    int guards;
};

static inline size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

enum { UNTOUCHED = 0xA5 };

/* Has the function written before the start of an array? Then that is noted. Behind its end
 * lies a page that cannot be touched, see guarded(). */
static inline void check_guards(struct outcome *o)
{
    for (int g = 0; g < o->guards && !o->damage; g++) {
        const struct guarded *m = &o->guarded[g];
        for (unsigned char *p = m->data; p-- > m->map + page_size() && !o->damage;)
            if (*p != UNTOUCHED)
                o->damage = format_text(
                    "writes %s[-%zu], outside its array of %zu", m->name,
                    ((size_t)(m->data - p) + m->size - 1) / m->size, m->count);
    }
}

static inline void free_guarded(struct outcome *o)
{
    check_guards(o);
    for (int g = 0; g < o->guards; g++)
        munmap(o->guarded[g].map, o->guarded[g].map_size);
    o->guards = 0;
}

/* Says what the next calls are about; what guarded() gave out before is gone then. */
static inline __attribute__((format(printf, 2, 3))) void
situation(struct outcome *o, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    free_guarded(o);
    free(o->situation);
    o->situation = format_text("%s", text);
}

/* Memory for `count` elements of `size` bytes that ends where a page begins that cannot be
 * touched, so that the first element too many is noticed, read or written. Every byte is
 * 0xFF: floats are NaN, whole numbers are -1, until the function sets them. */
static inline void *guarded(struct outcome *o, const char *name, size_t count,
                            size_t size)
{
    const size_t page = page_size(), bytes = count * size;
    const size_t inside = (bytes + page) / page * page;
    FILE *empty = tmpfile(); /* POSIX has no other way to memory with pages of its own */
    if (o->guards == MOST_GUARDED || !empty)
        ck_abort_msg("guarded: no room for %s", name);
    struct guarded m = {name, count, size, NULL, NULL, inside + 2 * page};
    if (ftruncate(fileno(empty), (off_t)m.map_size) == 0)
        m.map =
            mmap(NULL, m.map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(empty), 0);
    fclose(empty);
    if (!m.map || m.map == MAP_FAILED)
        ck_abort_msg("guarded: no memory for %s", name);
    m.data = m.map + page + inside - bytes;
    memset(m.map + page, UNTOUCHED, inside - bytes);
    memset(m.data, 0xFF, bytes);
    mprotect(m.map, page, PROT_NONE);
    mprotect(m.map + page + inside, page, PROT_NONE);
    o->guarded[o->guards++] = m;
    return m.data;
}

/* The same, filled with what is at `from`. */
static inline void *guarded_copy(struct outcome *o, const char *name, size_t count,
                                 size_t size, const void *from)
{
    void *memory = guarded(o, name, count, size);
    if (count)
        memcpy(memory, from, count * size);
    return memory;
}

static inline struct recorded *new_record(struct outcome *o, const char *name, int rank,
                                          const struct axis *axes, size_t got_size,
                                          size_t want_size)
{
    o->all = grow(o->all, &o->capacity, o->count + 1, sizeof *o->all);
    struct recorded *r = &o->all[o->count++];
    *r = (struct recorded){.name = format_text("%s", name),
                           .situation =
                               format_text("%s", o->situation ? o->situation : ""),
                           .rank = rank,
                           .got_size = got_size,
                           .want_size = want_size,
                           .got = grab(got_size, sizeof(double)),
                           .want = grab(want_size, sizeof(double))};
    for (int a = 0; a < rank; a++) { /* labels may be gone when they are asked for */
        char **labels = grab((size_t)axes[a].length, sizeof *labels);
        for (int i = 0; i < axes[a].length && axes[a].labels; i++)
            labels[i] = format_text("%s", axes[a].labels[i]);
        r->axes[a] = (struct axis){axes[a].length, axes[a].labels ? labels : NULL};
        if (!axes[a].labels)
            free(labels);
    }
    return r;
}

/* Records a tensor of floats beside what it should be. */
static inline void record(struct outcome *o, const char *name, int rank,
                          const struct axis *axes, const void *got_floats,
                          const void *want_floats)
{
    const float *got = got_floats, *want = want_floats;
    size_t n = tensor_size(rank, axes);
    struct recorded *r = new_record(o, name, rank, axes, n, n);
    for (size_t i = 0; i < n; i++) {
        r->got[i] = (double)got[i];
        r->want[i] = (double)want[i];
    }
}

/* Records a row of whole numbers: got_n of them where there should be want_n. Labels, if any,
 * are for the want_n. What is at `got` is read only where got_n is 0 to `room`. */
static inline void record_ints(struct outcome *o, const char *name, long got_n, long room,
                               const int *got, int want_n, const int *want,
                               char *const *labels)
{
    const struct axis axis = {want_n, labels};
    size_t n = got_n >= 0 && got_n <= room ? (size_t)got_n : 0;
    struct recorded *r = new_record(o, name, 1, &axis, n, (size_t)want_n);
    r->exact = true;
    for (size_t i = 0; i < n; i++)
        r->got[i] = got[i];
    for (int i = 0; i < want_n; i++)
        r->want[i] = want[i];
}

/* Records one whole number. */
static inline void record_integer(struct outcome *o, const char *name, long got,
                                  long want)
{
    struct recorded *r = new_record(o, name, 0, NULL, 1, 1);
    r->exact = true;
    *r->got = (double)got;
    *r->want = (double)want;
}

/* Records one number. */
static inline void record_number(struct outcome *o, const char *name, double got,
                                 double want)
{
    struct recorded *r = new_record(o, name, 0, NULL, 1, 1);
    *r->got = got;
    *r->want = want;
}

static inline void free_outcome(struct outcome *o)
{
    free_guarded(o);
    for (size_t i = 0; i < o->count; i++) {
        for (int a = 0; a < o->all[i].rank; a++) {
            const struct axis *axis = &o->all[i].axes[a];
            for (int j = 0; axis->labels && j < axis->length; j++)
                free(axis->labels[j]);
            free((void *)(uintptr_t)axis->labels);
        }
        free(o->all[i].name);
        free(o->all[i].situation);
        free(o->all[i].got);
        free(o->all[i].want);
    }
    free(o->all);
    free(o->situation);
    free(o->damage);
    *o = (struct outcome){0};
}

/* ---- Right, wrong, and wrong in a known way --------------------------------------- */

/* How far two numbers may be apart in a recorded tensor. */
static inline double tolerance(const struct recorded *r)
{
    return r->exact ? 0 : 1e-4 * largest_finite(r->want_size, r->want);
}

/* How many elements are not what they should be; elements too many or too few count. */
static inline size_t count_wrong(const struct recorded *r, size_t *first)
{
    const size_t both = r->got_size < r->want_size ? r->got_size : r->want_size;
    const double allowed = tolerance(r);
    size_t wrong = 0;
    for (size_t i = both; i-- > 0;)
        if (!(r->got[i] == r->want[i] ||
              (isfinite(r->want[i]) && fabs(r->got[i] - r->want[i]) <= allowed))) {
            wrong++;
            *first = i;
        }
    if (wrong == 0)
        *first = both;
    return wrong + (r->got_size > both ? r->got_size : r->want_size) - both;
}

/* Are these two outcomes of the same probe the same, `times` the tolerance allowed? Unlike
 * in count_wrong, a NaN in both is the same: it is the same mistake. */
static inline bool same_outcome(const struct outcome *a, const struct outcome *b,
                                double times)
{
    if (a->count != b->count)
        return false;
    for (size_t r = 0; r < a->count; r++) {
        const struct recorded *x = &a->all[r], *y = &b->all[r];
        const double allowed = times * tolerance(x);
        if (x->got_size != y->got_size)
            return false;
        for (size_t i = 0; i < x->got_size; i++)
            if (!(x->got[i] == y->got[i] || fabs(x->got[i] - y->got[i]) <= allowed ||
                  (isnan(x->got[i]) && isnan(y->got[i]))))
                return false;
    }
    return true;
}

/* Does an outcome come as near as that to what it should be? */
static inline bool nearly_right(const struct outcome *o, double times)
{
    for (size_t r = 0; r < o->count; r++) {
        const struct recorded *x = &o->all[r];
        if (x->got_size != x->want_size)
            return false;
        for (size_t i = 0; i < x->got_size; i++)
            if (!(x->got[i] == x->want[i] ||
                  (isfinite(x->want[i]) &&
                   fabs(x->got[i] - x->want[i]) <= times * tolerance(x))))
                return false;
    }
    return true;
}

/* A usual mistake: a function that makes it, and what to say to who made it. */
struct mistake {
    any_function function;
    const char *name, *says;
};

enum { MOST_MISTAKES = 16 };

struct exercise {
    const char *name;
    any_function function; /* the book's, or the reader's with -DMINE_… */
    void (*probe)(any_function f, struct outcome *o);
    struct mistake mistakes[MOST_MISTAKES]; /* the first without a function ends them */
};

#define SAYS(mistake, text) static const char says_##mistake[] = text;
#define MISTAKE(mistake)                                                                 \
    {                                                                                    \
        (any_function)(mistake), #mistake, says_##mistake                                \
    }
#define EXERCISE(function) #function, (any_function)(function), probe_##function
#ifndef WRONG
#define WRONG static
#endif

/* ---- The child: one exercise, in a process of its own ------------------------------ */

/* A verdict goes to the parent as the message of a failed Check test:
 * kind TAB word TAB first line NEWLINE more lines */
static inline _Noreturn __attribute__((format(printf, 3, 4))) void
verdict(const char *kind, const char *word, const char *format, ...)
{
    char text[3500];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ck_abort_msg("%s\t%s\t%s", kind, word, text);
    abort(); /* not reached */
}

/* What the body of an exercise says that is not written yet. */
_Noreturn void not_written_yet(const char *file, int line, const char *function)
{
    char *place = format_text("%s:%d", file, line);
    verdict("unwritten", function, "%s", place);
}

static struct outcome *watched; /* what the function under test is at, for the handler */

static inline const char *signal_name(int number)
{
    return number == SIGSEGV   ? "SIGSEGV"
           : number == SIGBUS  ? "SIGBUS"
           : number == SIGFPE  ? "SIGFPE"
           : number == SIGILL  ? "SIGILL"
           : number == SIGABRT ? "SIGABRT"
           : number == SIGTRAP ? "SIGTRAP"
           : number == SIGKILL ? "SIGKILL"
                               : "a signal";
}

static inline const char *signal_meaning(int number)
{
    return number == SIGSEGV || number == SIGBUS
               ? "reads or writes memory that is not there"
           : number == SIGFPE  ? "divides by zero"
           : number == SIGABRT ? "is aborted"
                               : "is stopped";
}

/* A crash, or the alarm: says where the function was. A touched wall tells the element. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    const struct outcome *o = watched;
    const char *where = o && o->situation ? o->situation : "";
    if (number == SIGALRM)
        verdict("timeout", "-", "does not end within %d s\n%s", (int)SECONDS, where);
    for (int g = 0; o && g < o->guards; g++) {
        const struct guarded *m = &o->guarded[g];
        const unsigned char *at = info->si_addr;
        if (at < m->map || at >= m->map + m->map_size)
            continue;
        long element = (long)(at - m->data) / (long)m->size;
        if (at < m->data)
            element = -(long)(((size_t)(m->data - at) + m->size - 1) / m->size);
        verdict("crash", "outside", "touches %s[%ld], outside its array of %zu\n%s",
                m->name, element, m->count, where);
    }
    verdict("crash", signal_name(number), "crashes: %s, it %s\n%s", signal_name(number),
            signal_meaning(number), where);
}

static inline void watch(struct outcome *o)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM};
    static unsigned char
        stack_memory[1 << 16]; /* the usual stack may be what overflowed */
    const stack_t stack = {.ss_sp = stack_memory, .ss_size = sizeof stack_memory};
    struct sigaction action = {.sa_sigaction = on_signal};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaltstack(&stack, NULL);
    watched = o;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &action, NULL);
    signal(SIGXFSZ, SIG_IGN);
    alarm(SECONDS);
}

static inline void print_number(char *text, size_t room, const struct recorded *r,
                                double x)
{
    if (isnan(x)) /* some C libraries tell a sign, which says nothing */
        snprintf(text, room, "nan");
    else
        snprintf(text, room, r->exact ? "%.0f" : "%.7g", x);
}

/* A short row as the reader would write it: {1, 2, 3}; "" where it is long. */
static inline char *short_row(const struct recorded *r, size_t n, const double *x)
{
    char text[400] = "{", number[40];
    if (n > 16 || r->rank != 1)
        return format_text("%s", "");
    for (size_t i = 0; i < n; i++) {
        print_number(number, sizeof number, r, x[i]);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? ", " : "",
                 number);
    }
    return format_text("%s}", text);
}

/* One recorded tensor that is wrong: `scores[2, 1] (" must", " robot"): got 1, want 2; 3 of
 * 16 wrong` */
static inline char *describe(const struct recorded *r)
{
    size_t first = 0, wrong = count_wrong(r, &first);
    char got[40] = "nothing", want[40] = "nothing", *text, *number;
    if (first < r->got_size)
        print_number(got, sizeof got, r, r->got[first]);
    if (first < r->want_size)
        print_number(want, sizeof want, r, r->want[first]);
    char *name = first < r->want_size ? element_name(r->name, r->rank, r->axes, first)
                                      : format_text("%s[%zu]", r->name, first);
    number = r->want_size > 1 || r->got_size > 1
                 ? format_text("; %zu of %zu wrong", wrong,
                               r->want_size > r->got_size ? r->want_size : r->got_size)
                 : format_text("%s", "");
    text = format_text("%s: got %s, want %s%s", name, got, want, number);
    free(name);
    free(number);
    return text;
}

/* The mistake that comes out as this did, or NULL. */
static inline const struct mistake *recognise(const struct exercise *e,
                                              const struct outcome *o)
{
    const struct mistake *found = NULL;
    for (int m = 0; m < MOST_MISTAKES && e->mistakes[m].function && !found; m++) {
        struct outcome theirs = {0};
        watched = &theirs;
        e->probe(e->mistakes[m].function, &theirs);
        if (same_outcome(o, &theirs, 1))
            found = &e->mistakes[m];
        free_outcome(&theirs);
    }
    return found;
}

/* Runs the probe and says what is wrong; returns where all is right. */
static inline void grade_one(const struct exercise *e)
{
    struct outcome o = {0};
    char detail[2000] = "", *first_line = NULL;
    size_t cases = 0, right = 0, shown = 0;
    bool unset = false; /* is the number that is shown a NaN which should be none? */
    watch(&o);
    e->probe(e->function, &o);
    fflush(stdout);
    alarm(0);
    check_guards(&o);
    if (o.damage)
        verdict("crash", "outside", "%s\n%s", o.damage, o.situation ? o.situation : "");
    for (size_t r = 0, next; r < o.count; r = next, cases++) {
        bool good = true;
        for (next = r;
             next < o.count && strcmp(o.all[next].situation, o.all[r].situation) == 0;
             next++) {
            const struct recorded *x = &o.all[next];
            size_t first = 0;
            if (count_wrong(x, &first) == 0)
                continue;
            good = false;
            if (first_line && shown != cases)
                continue;
            char *text = describe(x), *got = short_row(x, x->got_size, x->got),
                 *want = short_row(x, x->want_size, x->want);
            if (!first_line) {
                first_line = format_text("%s", text);
                shown = cases;
                unset = first < x->got_size && isnan(x->got[first]) &&
                        first < x->want_size && !isnan(x->want[first]);
                snprintf(detail, sizeof detail, "%s\n", x->situation);
            }
            size_t used = strlen(detail);
            snprintf(detail + used, sizeof detail - used,
                     *want ? "  %s\n    got  %s\n    want %s\n" : "  %s\n", text, got,
                     want);
            free(text);
            free(got);
            free(want);
        }
        right += good;
    }
    if (right == cases && cases > 0)
        return;
    if (cases == 0)
        verdict("wrong", "-", "the probe of %s recorded nothing", e->name);
    size_t used = strlen(detail);
    if (cases > 1)
        snprintf(detail + used, sizeof detail - used,
                 "%zu of %zu cases come out right.\n", right, cases);
    const struct mistake *m = recognise(e, &o);
    used = strlen(detail);
    if (unset && !m)
        snprintf(
            detail + used, sizeof detail - used,
            "All results are nan before the function begins: this one is never set, or "
            "added to before it is set. (Or 0 was divided by 0, or the root of a "
            "negative number taken.)\n");
    verdict("wrong", m ? m->name : "-", "%s\n%s%s%s", first_line, detail,
            m ? "This is what comes out if " : "", m ? m->says : "");
}

/* ---- The chapter's list of exercises, and its tests -------------------------------- */

static const struct exercise *chapter_exercises;
static int chapter_exercise_count;
static FILE **printed; /* what each exercise prints, while it is graded */

START_TEST(graded)
{
    struct rlimit small = {1 << 24, 1 << 24};
    int nothing = open("/dev/null", O_RDONLY), out = fileno(printed[_i]);
    setrlimit(RLIMIT_FSIZE, &small);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setvbuf(stdout, NULL, _IOLBF, 1 << 12);
    grade_one(&chapter_exercises[_i]);
    verdict("right", "-",
            " "); /* said aloud: a function may end the program with exit(0) */
}
END_TEST

/* The book's own function is right. */
START_TEST(exercise_is_solved)
{
    grade_one(&chapter_exercises[_i]);
}
END_TEST

/* Right and wrong answers, and any two wrong ones, differ by ten times the tolerance. */
START_TEST(mistakes_are_told_apart)
{
    const struct exercise *e = &chapter_exercises[_i];
    struct outcome of[MOST_MISTAKES] = {{0}};
    int count = 0;
    for (; count < MOST_MISTAKES && e->mistakes[count].function; count++) {
        e->probe(e->mistakes[count].function, &of[count]);
        check_guards(&of[count]);
        ck_assert_msg(!of[count].damage, "%s %s", e->mistakes[count].name,
                      of[count].damage);
        ck_assert_msg(!nearly_right(&of[count], 10), "%s comes out right",
                      e->mistakes[count].name);
        for (int other = 0; other < count; other++)
            ck_assert_msg(!same_outcome(&of[count], &of[other], 10), "%s comes out as %s",
                          e->mistakes[count].name, e->mistakes[other].name);
    }
    ck_assert_msg(count >= 3, "%s: %d mistakes, expected 3 at least", e->name, count);
    for (int m = 0; m < count; m++)
        free_outcome(&of[m]);
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

/* ---- The parent: prints what the children found ------------------------------------ */

struct grade {
    const char *kind; /* right, unwritten, missing, wrong, crash, timeout */
    const char *word; /* the mistake's name, or the signal's, or the function's */
    const char *line; /* what is wrong, on one line */
    const char *more; /* and the rest */
};

/* Reads a verdict, or what Check says of a child that could not give one. */
static inline struct grade read_verdict(const char *message)
{
    char *text = format_text("%s", message), *word = strchr(text, '\t');
    char *line = word ? strchr(word + 1, '\t') : NULL, *more;
    int number = 0;
    if (line) {
        *word++ = *line++ = 0;
        more = line + strcspn(line, "\n");
        if (*more)
            *more++ = 0;
        return (struct grade){text, word, line, more};
    }
    if (strstr(message, "timeout"))
        return (struct grade){"timeout", "-", "does not end", ""};
    if (sscanf(message, "Received signal %d", &number) == 1)
        return (struct grade){"crash", signal_name(number),
                              format_text("crashes: %s", signal_name(number)), ""};
    if (strncmp(message, "Early exit", 10) == 0)
        return (struct grade){"crash", "exit", "ends the whole program (exit)", ""};
    return (struct grade){"wrong", "-", text, ""};
}

/* Prints text in lines of up to 78 columns, each after `indent` blanks. */
static inline void print_wrapped(const char *text, int indent)
{
    int column = 0;
    for (const char *p = text; *p;) {
        while (*p == ' ')
            p++;
        char *word = format_text("%.*s", (int)strcspn(p, " "), p);
        int width = text_width(word);
        if (column > 0 && column + 1 + width > 78) {
            putchar('\n');
            column = 0;
        }
        if (*word)
            column += printf("%*s", column ? 1 : indent, "") + width;
        fputs(word, stdout);
        p += strlen(word);
        free(word);
    }
    putchar('\n');
}

/* The line of a workbook where a function begins; 0 where it is not found. */
static inline int line_of(const char *path, const char *function)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, n = strlen(function);
    int number = 0, found = 0;
    while (file && !found && getline(&line, &capacity, file) > 0) {
        number++;
        const char *at = strstr(line, function);
        if (at > line && at[n] == '(' && (at[-1] == ' ' || at[-1] == '*') &&
            line[0] != ' ' && line[0] != '/' && !strchr(at, ';'))
            found = number;
    }
    free(line);
    if (file)
        fclose(file);
    return found;
}

/* The first lines of what the function printed itself; of a long line, as much as may be shown. */
static inline void show_printed(FILE *file)
{
    enum { COLUMNS = 76, FRONT = 8 * COLUMNS };
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    rewind(file);
    for (int i = 0; i < 12 && (length = getline(&line, &capacity, file)) > 0; i++) {
        if (i == 0)
            printf("\nIt printed:\n");
        size_t n = strcspn(line, "\n");
        char *text = visible((unsigned char *)line, n < FRONT ? n : FRONT);
        for (char *blank; (blank = strstr(text, "␣"));) {
            *blank = ' ';
            memmove(blank + 1, blank + 3, strlen(blank + 3) + 1);
        }
        printf("  ");
        print_field(text, text_width(text) < COLUMNS ? text_width(text) : COLUMNS, false);
        putchar('\n');
        free(text);
    }
    free(line);
}

static inline const char *kind_text(const char *kind)
{
    return strcmp(kind, "unwritten") == 0 ? "not written yet"
           : strcmp(kind, "missing") == 0 ? "not there"
           : strcmp(kind, "crash") == 0   ? "crashes"
           : strcmp(kind, "timeout") == 0 ? "does not end"
                                          : kind;
}

/* What to do about the first function that is not right. */
static inline void print_first_line(const char *chapter, const struct exercise *e,
                                    const struct grade *g, const char *file)
{
    int line = line_of(file, e->name);
    char *place = line ? format_text("%s:%d", file, line) : format_text("%s", file);
    printf("%schapter %s: ", ink(INK_BOLD), chapter);
    if (strcmp(g->kind, "unwritten") == 0 && strcmp(g->word, e->name) == 0)
        printf("write %s: %s", e->name, g->line);
    else if (strcmp(g->kind, "unwritten") == 0)
        printf("%s calls %s, which is not written yet: %s", e->name, g->word, g->line);
    else if (strcmp(g->kind, "missing") == 0)
        printf("%s is not in %s", e->name, file);
    else if (strcmp(g->kind, "wrong") == 0)
        printf("%s is not right yet: %s", e->name, place);
    else
        printf("%s %s: %s", e->name, g->line, place);
    printf("%s\n", ink(INK_PLAIN));
    free(place);
}

static inline void print_detail(const char *chapter, const struct exercise *e,
                                const struct grade *g, FILE *output)
{
    if (strcmp(g->kind, "missing") == 0)
        printf("\nIts stub, to copy: build/00_book show stub %s\n", e->name);
    if (strcmp(g->kind, "unwritten") != 0 && *g->more) {
        putchar('\n');
        char *text = format_text("%s", g->more), *next;
        for (char *line = text; line && *line; line = next) {
            next = strchr(line, '\n');
            if (next)
                *next++ = 0;
            if (line == text) {
                char *first = format_text("%s: %s", e->name, line);
                print_wrapped(first, 0);
                free(first);
            } else if (strncmp(line, "This is what", 12) == 0) {
                printf("\n%s", ink(INK_BAD));
                print_wrapped(line, 0);
                fputs(ink(INK_PLAIN), stdout);
            } else
                print_wrapped(line, (int)strspn(line, " "));
        }
        free(text);
    }
    show_printed(output);
    printf("\nA hint: make hint-%s\n", chapter);
}

struct grading {
    const char *chapter, *file, *next, *missing;
    const char *record; /* NULL, or a file for the summary */
    bool summary;
};

/* Is a name in a list with blanks between? */
static inline bool listed(const char *list, const char *name)
{
    size_t n = strlen(name);
    for (const char *p = list; p && (p = strstr(p, name)); p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
            return true;
    return false;
}

/* A line a function: its name, what it is, and why. */
static inline void print_summary(FILE *to, const struct grade *grades)
{
    for (int i = 0; to && i < chapter_exercise_count; i++)
        fprintf(to, "%s %s %s\n", chapter_exercises[i].name, grades[i].kind,
                strcmp(grades[i].kind, "unwritten") == 0 ? grades[i].line
                                                         : grades[i].word);
}

static inline bool is_written(const struct grade *g)
{
    return strcmp(g->kind, "unwritten") != 0 && strcmp(g->kind, "missing") != 0;
}

/* The function to speak of: the first that is written and not right; where there is none, the
 * first that is not written; the number of functions where all are right. */
static inline int first_to_do(const struct grade *grades)
{
    const int n = chapter_exercise_count;
    int chosen = n;
    for (int i = n - 1; i >= 0; i--)
        if (strcmp(grades[i].kind, "right") != 0 &&
            (is_written(&grades[i]) || chosen == n || !is_written(&grades[chosen])))
            chosen = i;
    return chosen;
}

/* Prints the grades: what to do, a line a function, and the first that is not right. */
static inline int print_grades(const struct grading *how, const struct grade *grades)
{
    const int n = chapter_exercise_count, first = first_to_do(grades);
    FILE *record = how->record ? fopen(how->record, "w") : NULL;
    print_summary(how->summary ? stdout : NULL, grades);
    print_summary(record, grades);
    if (record)
        fclose(record);
    if (how->summary)
        return first < n;
    if (first == n)
        printf("%schapter %s: all %d functions are right. Next: %s%s\n", ink(INK_GOOD),
               how->chapter, n, how->next, ink(INK_PLAIN));
    else
        print_first_line(how->chapter, &chapter_exercises[first], &grades[first],
                         how->file);
    putchar('\n');
    for (int i = 0; i < n; i++) {
        bool right = strcmp(grades[i].kind, "right") == 0;
        printf("  %s%-16s%s %s\n",
               ink(right        ? INK_GOOD
                   : i == first ? INK_BAD
                                : INK_DIM),
               kind_text(grades[i].kind), ink(INK_PLAIN), chapter_exercises[i].name);
    }
    if (first < n)
        print_detail(how->chapter, &chapter_exercises[first], &grades[first],
                     printed[first]);
    return first < n;
}

/* Grades the reader's functions. Returns the exit status. */
static inline int grade_all(const struct grading *how)
{
    const int n = chapter_exercise_count;
    Suite *suite = suite_create("exercises");
    printed = grab((size_t)n, sizeof *printed);
    for (int i = 0; i < n; i++) {
        TCase *t = tcase_create(chapter_exercises[i].name);
        printed[i] = tmpfile();
        if (!printed[i]) {
            fprintf(stderr, "%s: a file for what is printed cannot be made: %s\n",
                    program_name, strerror(errno));
            exit(2); /* 1 would say that a function is not right */
        }
        tcase_set_timeout(t, SECONDS + 2);
        tcase_add_loop_test(t, graded, i, i + 1);
        suite_add_tcase(suite, t);
    }
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    fflush(stdout);
    srunner_run_all(runner, CK_SILENT);
    struct grade *grades = grab((size_t)n, sizeof *grades);
    TestResult **results = srunner_results(runner);
    for (int r = 0; r < srunner_ntests_run(runner); r++)
        for (int i = 0; i < n; i++)
            if (strcmp(tr_tcname(results[r]), chapter_exercises[i].name) == 0)
                grades[i] = listed(how->missing, chapter_exercises[i].name)
                                ? (struct grade){"missing", "-", "", ""}
                            : tr_rtype(results[r]) == CK_PASS
                                ? read_verdict("Early exit")
                                : read_verdict(tr_msg(results[r]));
    free(results);
    int status = print_grades(how, grades);
    free(grades);
    srunner_free(runner);
    return status;
}

/* The main of a chapter's test program.
 *   build/test_NN_stem      the tests; status 1 where one fails
 *   … --grade [--summary] [--record S] --file F --next WHAT --missing "f g"   the grader */
static inline int run_tests(int argc, char **argv, const char *stem,
                            void (*add_tests)(TCase *))
{
    char chapter[3] = {stem[0], stem[1], 0};
    struct grading how = {chapter, "the workbook", "", "", NULL, false};
    bool grading = false;
    program_name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
    for (int a = 1; a < argc; a++) {
        const char **text = strcmp(argv[a], "--file") == 0      ? &how.file
                            : strcmp(argv[a], "--next") == 0    ? &how.next
                            : strcmp(argv[a], "--missing") == 0 ? &how.missing
                            : strcmp(argv[a], "--record") == 0  ? &how.record
                                                                : NULL;
        if (text && a + 1 < argc)
            *text = argv[++a];
        else if (strcmp(argv[a], "--grade") == 0)
            grading = true;
        else if (strcmp(argv[a], "--summary") == 0)
            grading = how.summary = true;
        else
            die("%s: unknown option", argv[a]);
    }
    if (grading)
        return grade_all(&how);
    setenv("ASAN_OPTIONS", "detect_leaks=0", 0); /* for the programs that tests start */
    Suite *suite = suite_create(stem);
    TCase *tests = tcase_create("tests"), *proofs = tcase_create("exercises");
    tcase_set_timeout(tests, 600);
    add_tests(tests);
    tcase_add_loop_test(proofs, exercise_is_solved, 0, chapter_exercise_count);
    tcase_add_loop_test(proofs, mistakes_are_told_apart, 0, chapter_exercise_count);
    tcase_set_timeout(proofs, 240);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, proofs);
    SRunner *runner = srunner_create(suite);
    fflush(stdout);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

/* The main function of a test program whose `exercises` stand above it. */
#define BOOK_TESTS(stem, add_tests)                                                      \
    int main(int argc, char **argv)                                                      \
    {                                                                                    \
        chapter_exercises = exercises;                                                   \
        chapter_exercise_count = (int)(sizeof exercises / sizeof *exercises);            \
        return run_tests(argc, argv, stem, add_tests);                                   \
    }

#endif
