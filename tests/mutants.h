/* mutants.h: runs small changes of the solutions, which tests/mutants.py makes, and knows again what
 * comes out of them.
 *
 * build/mutants/NN_stem/EXERCISE --mutants prints of each of its functions, mutants all, a line:
 *     number TAB right|wrong|outside|crash|endless [TAB fingerprint TAB what known_change says]
 * A fingerprint is a hash of which records are wrong, in how many numbers, and some of these numbers:
 *     5c3f9a12 0:3=nan 4:17=0.5 …        record 0, element 3 is not a number; …
 * tests/mutants/NN_stem.words has them, with a sentence for each:
 *     EXERCISE TAB id of the mutant TAB fingerprint TAB the loop over `s` ends one step too early */
#ifndef MUTANTS_H
#define MUTANTS_H

enum { SAMPLED_RECORDS = 3 };

/* Which records of an outcome are wrong, and how many numbers of each, as one number. */
static inline uint32_t hash_of_wrong(const struct outcome *o)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t r = 0; r < o->count; r++) {
        size_t first, wrong = count_wrong(&o->all[r], &first);
        const size_t parts[] = {r, wrong, o->all[r].got_size};
        for (size_t i = 0; wrong && i < 3; i++)
            for (int byte = 0; byte < 4; byte++)
                hash = (hash ^ (parts[i] >> 8 * byte & 255)) * 16777619u;
    }
    return hash;
}

/* Adds an element of a record to a fingerprint. */
static inline char *add_sample(char *text, const struct outcome *o, size_t r, size_t i)
{
    char *longer = isnan(o->all[r].got[i])
                       ? format_text("%s %zu:%zu=nan", text, r, i)
                       : format_text("%s %zu:%zu=%.5g", text, r, i, o->all[r].got[i]);
    free(text);
    return longer;
}

/* What is wrong in an outcome, in short: the first and the last wrong numbers of the first records,
 * and of some later ones. The caller frees it. */
static inline char *fingerprint(const struct outcome *o)
{
    char *text = format_text("%08lx", (unsigned long)hash_of_wrong(o));
    size_t first, count = 0, seen = 0;
    for (size_t r = 0; r < o->count; r++)
        count += count_wrong(&o->all[r], &first) > 0;
    for (size_t r = 0; r < o->count; r++) {
        const struct recorded *x = &o->all[r];
        if (count_wrong(x, &first) == 0)
            continue;
        const bool sampled =
            count <= SAMPLED_RECORDS ||
            seen * SAMPLED_RECORDS / count != (seen + 1) * SAMPLED_RECORDS / count;
        seen++;
        if (!sampled || first >= x->got_size)
            continue;
        text = add_sample(text, o, r, first);
        const double allowed = tolerance(x);
        size_t last = x->got_size;
        while (--last > first && last < x->want_size &&
               agree(x, x->got[last], x->want[last], allowed))
            ;
        if (last > first)
            text = add_sample(text, o, r, last);
    }
    return text;
}

/* Is this the outcome, with this hash_of_wrong, that a fingerprint is of? */
static inline bool has_fingerprint(const struct outcome *o, uint32_t hash,
                                   const char *text)
{
    char *at;
    if (strtoul(text, &at, 16) != hash)
        return false;
    while (*at == ' ') {
        const size_t r = strtoul(at, &at, 10), i = strtoul(at + 1, &at, 10);
        const double value = strtod(at + 1, &at);
        if (r >= o->count || i >= o->all[r].got_size)
            return false;
        const struct recorded *x = &o->all[r];
        const double got = x->got[i];
        if (!(got == value || (isnan(got) && isnan(value)) ||
              (got != 0 && value != 0 && isfinite(got) && isfinite(value) &&
               fabs(got - value) <=
                   2 * tolerance(x) + 1e-4 * fmax(fabs(got), fabs(value)))))
            return false;
    }
    return true;
}

/* The change of the solution that comes out like this, in words; NULL if none is known. */
static inline char *known_change(const struct exercise *e, const struct outcome *o)
{
    char *path = format_text("tests/mutants/%s.words", chapter_stem), *says = NULL;
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0, n = strlen(e->name);
    const uint32_t hash = hash_of_wrong(o);
    while (file && !says && getline(&line, &capacity, file) > 0) {
        const char *id = line + n + 1, *print = strchr(id, '\t'),
                   *words = strrchr(line, '\t');
        if (strncmp(line, e->name, n) == 0 && line[n] == '\t' && print &&
            has_fingerprint(o, hash, print + 1))
            says = format_text("%.*s.", (int)strcspn(words + 1, "\n"), words + 1);
    }
    free(line);
    free(path);
    if (file)
        fclose(file);
    return says;
}

/* The child: what comes out of a mutant. It may take some times as long as the solution. */
static inline _Noreturn void run_mutant(int number, const struct exercise *e,
                                        any_function f, double seconds)
{
    struct outcome o;
    FILE *results = fdopen(dup(STDOUT_FILENO), "w");
    const int nothing = open("/dev/null", O_RDWR);
    const struct rlimit none = {0, 0}, stack = {1 << 20, RLIM_INFINITY},
                        memory = {(rlim_t)1 << 31, (rlim_t)1 << 31};
    const struct itimerval most = {
        .it_value = {(time_t)seconds, (suseconds_t)(fmod(seconds, 1) * 1e6)}};
    for (int fd = 0; fd < 3; fd++)
        dup2(nothing, fd);
    setrlimit(RLIMIT_CORE, &none);
    if (!plain) { /* the address sanitizer needs more of both */
        setrlimit(RLIMIT_STACK, &stack);
        setrlimit(RLIMIT_AS, &memory);
    }
    setitimer(ITIMER_PROF, &most, NULL);
    alarm(30);
    run_probe(e, f, &o);
    if (o.damage)
        fprintf(results, "%d\toutside\n", number);
    else if (all_right(&o))
        fprintf(results, "%d\tright\n", number);
    else {
        const char *says = known_change(e, &o);
        fprintf(results, "%d\twrong\t%s\t%s\n", number, fingerprint(&o),
                says ? says : "");
    }
    fflush(results);
    _exit(0);
}

/* Runs the functions that are linked with these tests, each in a process of its own. (A test, for
 * probes assert.) */
START_TEST(mutants_are_run)
{
    const struct exercise *e = NULL;
    double seconds = 0;
    for (int number = 0; readers_functions[number].name; number++) {
        const char *name = readers_functions[number].name;
        for (int i = 0; i < chapter_exercise_count && (!e || strcmp(e->name, name) != 0);
             i++)
            if (strcmp(chapter_exercises[i].name, name) == 0) {
                struct outcome o;
                e = &chapter_exercises[i];
                const clock_t begun = clock();
                run_probe(e, e->function, &o);
                seconds = 0.1 + 5 * (double)(clock() - begun) / CLOCKS_PER_SEC;
                free_outcome(&o);
            }
        if (!e || strcmp(e->name, name) != 0)
            die("--mutants: this chapter has no exercise %s", name);
        int status;
        fflush(stdout);
        const pid_t child = fork();
        if (child == 0)
            run_mutant(number, e, readers_functions[number].function, seconds);
        if (child < 0 || waitpid(child, &status, 0) != child)
            die("--mutants: no process for %s", name);
        if (WIFSIGNALED(status))
            printf("%d\t%s\n", number,
                   WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGALRM ? "endless"
                                                                              : "crash");
        else if (WEXITSTATUS(status) != 0)
            printf("%d\tcrash\n", number);
    }
}
END_TEST

/* --mutants [--plain] */
static inline int run_mutants(int argc, char **argv)
{
    Suite *suite = suite_create("mutants");
    TCase *t = tcase_create("mutants");
    plain = argc > 0 && strcmp(argv[0], "--plain") == 0;
    tcase_add_test(t, mutants_are_run);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_SILENT);
    const int failed = srunner_ntests_failed(runner); /* a mutant's child ends here */
    srunner_free(runner);
    return failed != 0;
}

#endif
