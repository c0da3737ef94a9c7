/* grader.h: grades the reader's functions, a child for each, and prints what was found. See
 * exercise.h, which includes it. */
#ifndef GRADER_H
#define GRADER_H

/* ---- The child: one exercise, in a process of its own ------------------------------ */

static FILE *verdict_file; /* where the child says what it found; NULL: to Check alone */

/* A verdict goes to the parent: kind TAB word TAB first line NEWLINE more lines */
static inline _Noreturn __attribute__((format(printf, 3, 4))) void
verdict(const char *kind, const char *word, const char *format, ...)
{
    char text[8000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* (Not by stdio, which asks malloc for memory: that may be what is broken.) */
    const char *const parts[] = {kind, "\t", word, "\t", text};
    for (size_t i = 0; verdict_file && i < sizeof parts / sizeof *parts; i++)
        if (write(fileno(verdict_file), parts[i], strlen(parts[i])) < 0)
            break;
    ck_abort_msg("%s: %s: %.2000s", kind, word, text);
    abort(); /* not reached */
}

/* What the body of an exercise says that is not written yet. */
_Noreturn void not_written_yet(const char *file, int line, const char *function)
{
    verdict("unwritten", function, "%s:%d", file, line);
}

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
           : number == SIGFPE  ? "divides a whole number by zero"
           : number == SIGABRT ? "is aborted, as by malloc or free when what they keep "
                                 "beside an array was overwritten"
                               : "is stopped";
}

/* A crash, or the alarm: says where the function was. A touched wall tells the element. */
static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    static volatile sig_atomic_t told;
    if (told++) /* what tells it crashes too */
        _exit(1);
    const struct outcome *o = watched;
    const char *where = o && o->situation ? o->situation : "";
    if (number == SIGALRM || number == SIGVTALRM)
        verdict("timeout", "-", "does not end within %d s\n%s", (int)SECONDS, where);
    for (int g = 0; o && g < o->guards; g++) {
        const struct guarded *m = &o->guarded[g];
        const unsigned char *at = info->si_addr;
        if (at < m->map || at >= m->map + m->map_size)
            continue;
        const long bytes = (long)(at - m->data);
        char *place = place_in(m, bytes), *extent = extent_of(m);
        if (m->fixed && at >= m->map + page_size() &&
            at < m->map + m->map_size - page_size())
            verdict("crash", "input", "writes %s, which it should only read\n%s", place,
                    where);
        verdict("crash", "outside", "touches %s, outside its array of %s\n%s", place,
                extent, where);
    }
    verdict("crash", signal_name(number), "crashes: %s, it %s\n%s", signal_name(number),
            signal_meaning(number), where);
}

static inline void watch(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS,  SIGFPE,   SIGILL,
                                  SIGABRT, SIGALRM, SIGVTALRM};
    static unsigned char
        stack_memory[1 << 16]; /* the usual stack may be what overflowed */
    const stack_t stack = {.ss_sp = stack_memory, .ss_size = sizeof stack_memory};
    struct sigaction action = {.sa_sigaction = on_signal};
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    if (!plain)
        sigaltstack(&stack, NULL);
    else
        action.sa_flags = SA_SIGINFO;
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &action, NULL);
    signal(SIGXFSZ, SIG_IGN);
    if (!plain) { /* what needs a megabyte of stack fails on a larger model */
        struct rlimit small;
        getrlimit(RLIMIT_STACK, &small);
        small.rlim_cur = 1 << 20;
        setrlimit(RLIMIT_STACK, &small);
    }
    /* Of the processor's time, which is the function's own on a busy machine too; and of all
     * time, if it waits for something. */
    const struct itimerval limit = {.it_value = {SECONDS, 0}};
    setitimer(ITIMER_VIRTUAL, &limit, NULL);
    alarm(4 * SECONDS);
}

/* Runs a function and says what is wrong with it, or that it is right. */
static inline _Noreturn void grade_one(const struct exercise *e, any_function f)
{
    struct outcome o;
    watch();
    run_probe(e, f, &o);
    fflush(stdout);
    const struct itimerval none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_VIRTUAL, &none, NULL);
    alarm(0);
    struct grade g = judge_outcome(e, &o);
    verdict(g.kind, g.word, "%s\n%s", g.line, g.more);
}

/* ---- The grader: a child for each function, and what is printed ---------------------- */

/* The reader's functions, from the workbook: tests/exercise.sh makes the list. */
struct readers_function {
    const char *name;
    any_function function;
};
#ifdef GRADER
extern const struct readers_function readers_functions[];
#else
static const struct readers_function readers_functions[1];
#endif

static FILE **printed, **verdicts; /* what each child prints, and what it finds */

START_TEST(graded)
{
    const struct exercise *e = &chapter_exercises[_i];
#ifdef GRADER
    any_function f = NULL;
#else
    any_function f = e->function; /* compiled with -DMINE_… */
#endif
    struct rlimit small = {1 << 24, 1 << 24};
    int nothing = open("/dev/null", O_RDONLY), out = fileno(printed[_i]);
    for (const struct readers_function *r = readers_functions; r->name; r++)
        if (strcmp(r->name, e->name) == 0)
            f = r->function;
    if (!f)
        ck_abort();
    setrlimit(RLIMIT_FSIZE, &small);
    dup2(nothing, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    setvbuf(stdout, NULL, _IOLBF, 1 << 12);
    verdict_file = verdicts[_i];
    grade_one(e, f);
}
END_TEST

/* All that is in a file. */
static inline char *whole(FILE *file)
{
    char *text = format_text("%s", ""), part[4097];
    size_t n;
    rewind(file);
    while ((n = fread(part, 1, sizeof part - 1, file)) > 0 && strlen(text) < 1 << 16) {
        part[n] = 0;
        char *longer = format_text("%s%s", text, part);
        free(text);
        text = longer;
    }
    return text;
}

/* What a sanitizer printed when it ended the child, and in *place the line of the workbook; NULL
 * if none did. */
static inline char *sanitizer_says(const char *text, char **place)
{
    const char *at = strstr(text, ": runtime error: ");
    *place = format_text("%s", "");
    if (at) {
        const char *start = at;
        while (start > text && start[-1] != '\n')
            start--;
        *place = format_text("%.*s", (int)(at - start), start);
        at += strlen(": runtime error: ");
        return format_text("does what C does not define: %.*s", (int)strcspn(at, "\n"),
                           at);
    }
    if (!(at = strstr(text, "ERROR: AddressSanitizer: ")))
        return NULL;
    at += strlen("ERROR: AddressSanitizer: ");
    const char *what = strstr(at, "READ of size")    ? "reads"
                       : strstr(at, "WRITE of size") ? "writes"
                                                     : "uses";
    return format_text("%s memory that is not its own: %.*s", what,
                       (int)strcspn(at, " \n"), at);
}

/* The verdict of a child, or what Check and the sanitizers say of one that gave none. */
static inline struct grade read_verdict(int i, const char *message)
{
    char *text = whole(verdicts[i]), *word = strchr(text, '\t');
    char *line = word ? strchr(word + 1, '\t') : NULL, *more;
    int number = 0;
    if (line) {
        *word++ = *line++ = 0;
        more = line + strcspn(line, "\n");
        if (*more)
            *more++ = 0;
        return (struct grade){text, word, line, more};
    }
    char *place, *sanitizer = sanitizer_says(whole(printed[i]), &place);
    if (sanitizer)
        return (struct grade){"crash", "sanitizer", sanitizer, place};
    if (strstr(message, "timeout"))
        return (struct grade){"timeout", "-", "does not end", ""};
    if (sscanf(message, "Received signal %d", &number) == 1)
        return (struct grade){"crash", signal_name(number),
                              format_text("crashes: %s", signal_name(number)), ""};
    return (struct grade){"crash", "exit", "ends the whole program (exit)", ""};
}

/* Prints text in lines of up to 78 columns, each after `indent` spaces. */
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
        for (char *space; (space = strstr(text, "␣"));) {
            *space = ' ';
            memmove(space + 1, space + 3, strlen(space + 3) + 1);
        }
        printf("  %s\n", shortened(text, COLUMNS));
        free(text);
    }
    free(line);
}

static inline const char *kind_text(const char *kind)
{
    return strcmp(kind, "unwritten") == 0 ? "not written yet"
           : strcmp(kind, "mend") == 0    ? "to mend"
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
    if (strcmp(g->word, "sanitizer") == 0 && *g->more)
        place = format_text("%s", g->more); /* it knows the very line */
    printf("%schapter %s: ", ink(INK_BOLD), chapter);
    if (strcmp(g->kind, "unwritten") == 0 && strcmp(g->word, e->name) == 0)
        printf("write %s: %s", e->name, g->line);
    else if (strcmp(g->kind, "mend") == 0)
        printf("mend %s: %s", e->name, place);
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
    if (strcmp(g->kind, "wrong") == 0) {
        putchar('\n');
        char *first = format_text("%s: %s", e->name, g->line);
        print_wrapped(first, 0);
        free(first);
    }
    const char *more = is_written(g) && strcmp(g->word, "sanitizer") != 0 ? g->more : "";
    while (*more) {
        char *line = format_text("%.*s", (int)strcspn(more, "\n"), more);
        const bool counted = strstr(line, "come out right.") != NULL;
        if (strcmp(g->kind, "wrong") != 0 && more == g->more)
            printf("\nin the case: ");
        print_wrapped(line, (int)strspn(line, " "));
        more += strlen(line) + (more[strlen(line)] == '\n');
        if (counted && *more) {
            printf("\n%s", ink(INK_BAD));
            print_wrapped(more, 0);
            fputs(ink(INK_PLAIN), stdout);
            more = "";
        }
        free(line);
    }
    show_printed(output);
    printf("\nA hint: make hint-%s\n", chapter);
}

struct grading {
    const char *chapter, *file, *next, *missing, *mend;
    const char *record; /* NULL, or a file for the summary */
    bool summary;
};

/* Is a name in a list with spaces between? */
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
                strcmp(grades[i].kind, "unwritten") == 0 ||
                        strcmp(grades[i].kind, "mend") == 0
                    ? grades[i].line
                    : grades[i].word);
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

/* A file that is gone when the program ends. */
static inline FILE *scratch(void)
{
    FILE *file = tmpfile();
    if (!file) {
        fprintf(stderr, "%s: a file for what is found cannot be made: %s\n", program_name,
                strerror(errno));
        exit(2); /* 1 would say that a function is not right */
    }
    return file;
}

/* Grades the reader's functions. Returns the exit status. */
static inline int grade_all(const struct grading *how)
{
    const int n = chapter_exercise_count;
    Suite *suite = suite_create("exercises");
    printed = grab((size_t)n, sizeof *printed);
    verdicts = grab((size_t)n, sizeof *verdicts);
    for (int i = 0; i < n; i++) {
        const char *name = chapter_exercises[i].name;
        printed[i] = scratch();
        verdicts[i] = scratch();
        if (listed(how->missing, name) || listed(how->mend, name))
            continue;
        TCase *t = tcase_create(name);
        tcase_set_timeout(t, 12 * SECONDS);
        tcase_add_loop_test(t, graded, i, i + 1);
        suite_add_tcase(suite, t);
    }
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_FORK);
    fflush(stdout);
    srunner_run_all(runner, CK_SILENT);
    struct grade *grades = grab((size_t)n, sizeof *grades);
    TestResult **results = srunner_results(runner);
    for (int i = 0; i < n; i++) {
        const char *name = chapter_exercises[i].name;
        grades[i] = (struct grade){"missing", "-", "", ""};
        if (listed(how->mend, name))
            grades[i] = (struct grade){
                "mend", name, format_text("%s:%d", how->file, line_of(how->file, name)),
                ""};
        for (int r = 0; r < srunner_ntests_run(runner); r++)
            if (strcmp(tr_tcname(results[r]), name) == 0)
                grades[i] = read_verdict(
                    i, tr_rtype(results[r]) == CK_PASS ? "" : tr_msg(results[r]));
    }
    free(results);
    int status = print_grades(how, grades);
    free(grades);
    srunner_free(runner);
    return status;
}

#endif
