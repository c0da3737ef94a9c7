/* suite.h: runs a suite of tests. */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under the address sanitizer: a test's process ends without tidying up, and so does a
 * program that dies; that is no leak. Crashes are told by Check. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:"
           "handle_abort=0";
}

/* Is the environment's word set, to anything but 0? */
static inline bool asked_for(const char *word)
{
    const char *wish = getenv(word);
    return wish && *wish && strcmp(wish, "0") != 0;
}

/* BOOK_THOROUGH=1 asks for all that a fast run leaves out. */
static inline bool thorough(void)
{
    return asked_for("BOOK_THOROUGH");
}

/* Prints what fails, or as much as how says; returns a program's status. */
static inline int run_suite(Suite *suite, enum print_output how)
{
    /* (A program that a test starts may end by exit, with memory that it still holds.) */
    setenv("ASAN_OPTIONS", "detect_leaks=0", 0);
    SRunner *runner = srunner_create(suite);
    fflush(stdout); /* Check forks, and what is not yet printed would be printed twice */
    srunner_run_all(runner, how);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

#endif
