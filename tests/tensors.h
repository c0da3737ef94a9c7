/* tensors.h: tensors in tests: their axes, how an element is named, and whether two agree.
 *
 *     check_tensor("scores", AXES({T, tokens}, {T, tokens}), got, want);
 *
 * fails a Check test with   scores[2][1] (" must", " robot"): got 0.5, want 0.25; 3 of 16 wrong
 */
#ifndef TENSORS_H
#define TENSORS_H

/* For sigaltstack; so this file comes before any other. */
#define _XOPEN_SOURCE 700

#include "../src/00_book.h"

#include <check.h>

/* One axis of a tensor: how long it is, and a label for each place on it, or NULL. */
struct axis {
    int length;
    char *const *labels;
};

/* The rank of a tensor and its axes, as two arguments: AXES({T, tokens}, {D, NULL}) */
#define AXES(...)                                                                        \
    (int)(sizeof((struct axis[]){__VA_ARGS__}) / sizeof(struct axis)),                   \
        (const struct axis[])                                                            \
    {                                                                                    \
        __VA_ARGS__                                                                      \
    }

/* How many elements a tensor has. */
static inline size_t tensor_size(int rank, const struct axis *axes)
{
    size_t size = 1;
    for (int a = 0; a < rank; a++)
        size *= (size_t)axes[a].length;
    return size;
}

/* The name of element i, as a reader writes it: `scores[2][1] (" must", " robot")`; of a
 * single number, rank 0, the name alone. The caller frees it. */
static inline char *element_name(const char *name, int rank, const struct axis *axes,
                                 size_t i)
{
    char *index = format_text("%s", ""), *labels = format_text("%s", "");
    for (int a = rank - 1; a >= 0; a--) {
        int at = (int)(i % (size_t)axes[a].length);
        i /= (size_t)axes[a].length;
        char *longer = format_text("[%d]%s", at, index);
        free(index);
        index = longer;
        if (!axes[a].labels)
            continue;
        longer =
            format_text("\"%s\"%s%s", axes[a].labels[at], *labels ? ", " : "", labels);
        free(labels);
        labels = longer;
    }
    char *all = format_text("%s%s%s%s%s", name, index, *labels ? " (" : "", labels,
                            *labels ? ")" : "");
    free(index);
    free(labels);
    return all;
}

/* Whole numbers as a reader writes a row of them: `{1, 2, 3}`. The caller frees it. */
static inline char *row_text(int n, const int *x)
{
    char *text = format_text("%s", "{");
    for (int i = 0; i < n; i++) {
        char *longer = format_text("%s%s%d", text, i ? ", " : "", x[i]);
        free(text);
        text = longer;
    }
    char *all = format_text("%s}", text);
    free(text);
    return all;
}

/* Do two numbers agree, in a tensor whose largest finite |want| is `largest`? Equal
 * infinities do, NaN never does. */
static inline bool numbers_agree(double got, double want, double largest)
{
    return got == want || (isfinite(want) && fabs(got - want) <= 1e-4 * largest);
}

/* The largest finite |x|, 0 where there is none. */
static inline double largest_finite(size_t n, const double *x)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]) && fabs(x[i]) > largest)
            largest = fabs(x[i]);
    return largest;
}

/* Fails the running test where two tensors of floats disagree: see first_disagreement. */
static inline void check_tensor(const char *name, int rank, const struct axis *axes,
                                const void *got_floats, const void *want_floats)
{
    const float *got = got_floats, *want = want_floats;
    size_t n = tensor_size(rank, axes), wrong = 0;
    long first = first_disagreement(n, got, want);
    if (first < 0)
        return;
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(want[i]) && fabs((double)want[i]) > largest)
            largest = fabs((double)want[i]);
    for (size_t i = 0; i < n; i++)
        wrong += !numbers_agree((double)got[i], (double)want[i], largest);
    ck_abort_msg("%s: got %.7g, want %.7g; %zu of %zu wrong",
                 element_name(name, rank, axes, (size_t)first), (double)got[first],
                 (double)want[first], wrong, n);
}

#endif
