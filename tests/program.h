/* program.h: how tests start their chapter's program, PROGRAM (defined in front), in a folder of their
 * own: its status, and what it printed. Included after Check and the chapter's header. */
#ifndef TEST_PROGRAM_H
#define TEST_PROGRAM_H

static char *folder; /* of the running test; gone when it ends */

static inline void open_folder(void)
{
    const char *place = getenv("TMPDIR");
    folder = format_text("%s/book_test_XXXXXX", place && *place ? place : "/tmp");
    ck_assert_msg(mkdtemp(folder) != NULL, "%s: cannot be made", folder);
}

static inline void close_folder(void)
{
    ck_assert_int_eq(system(format_text("rm -rf '%s'", folder)), 0);
}

static inline char *inside(const char *name)
{
    return format_text("%s/%s", folder, name);
}

/* What the last run printed. */
static struct bytes output, errors;

/* A run of a program, with a file as its standard input: its status. */
static inline int run_with(const char *program, const char *arguments, const char *input)
{
    char *command = format_text("%s %s > '%s/out' 2> '%s/err' < '%s'", program, arguments,
                                folder, folder, input);
    const int status = system(command);
    free(command);
    free(output.data);
    free(errors.data);
    output = read_file(inside("out"));
    errors = read_file(inside("err"));
    ck_assert_msg(WIFEXITED(status) && !strstr((char *)errors.data, "Sanitizer") &&
                      !strstr((char *)errors.data, "runtime error"),
                  "%s %s crashed: %.2000s", program, arguments, (char *)errors.data);
    return WEXITSTATUS(status);
}

static inline int run_program(const char *arguments)
{
    return run_with("build/" PROGRAM, arguments, "/dev/null");
}

#endif
