/* The usual mistakes in the exercises of chapter 0. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef BOOK_MISTAKES_H
#define BOOK_MISTAKES_H

/* ---- first_disagreement ------------------------------------------------------------ */

static inline double largest_of(size_t n, const float x[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]))
            largest = fmax(largest, fabs((double)x[i]));
    return largest;
}

SAYS(wrong_first_disagreement_nan_passes,
     "NaN agrees with everything: every comparison with NaN is false, so "
     "`difference > allowed` never finds one. Ask whether they agree: !(difference"
     " <= allowed).")
WRONG long wrong_first_disagreement_nan_passes(size_t n, const float got[n],
                                               const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (fabs((double)got[i] - (double)want[i]) > allowed)
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_infinity,
     "equal infinities disagree: infinity minus infinity is NaN. Two numbers that "
     "are == agree, whatever their difference is.")
WRONG long wrong_first_disagreement_infinity(size_t n, const float got[n],
                                             const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - (double)want[i]) <= allowed))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_itself,
     "each element is measured by its own size: then an element near 0 must be "
     "exact, though it came from a sum of large ones. Measure by the largest of "
     "the tensor.")
WRONG long wrong_first_disagreement_itself(size_t n, const float got[n],
                                           const float want[n])
{
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) &&
               fabs((double)got[i] - (double)want[i]) <= 1e-4 * fabs((double)want[i]))))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_signed,
     "got may be as far below want as it likes: got - want has a sign. Take fabs "
     "of it.")
WRONG long wrong_first_disagreement_signed(size_t n, const float got[n],
                                           const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && (double)got[i] - (double)want[i] <= allowed)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_infinite_scale,
     "the largest is taken over infinities too: then one of them in want, as a mask puts "
     "there, allows any difference everywhere. Only finite elements count.")
WRONG long wrong_first_disagreement_infinite_scale(size_t n, const float got[n],
                                                   const float want[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs((double)want[i]));
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) &&
               fabs((double)got[i] - (double)want[i]) <= 1e-4 * largest)))
            return (long)i;
    return -1;
}

SAYS(
    wrong_first_disagreement_absolute,
    "a difference of 1e-4 is allowed whatever the tensor holds: too strict for logits of "
    "100, and blind for weights of 1e-5. It is 1e-4 of the largest.")
WRONG long wrong_first_disagreement_absolute(size_t n, const float got[n],
                                             const float want[n])
{
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= 1e-4)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_largest_signed,
     "the largest want is taken, not the largest |want|: -100 is a large number too.")
WRONG long wrong_first_disagreement_largest_signed(size_t n, const float got[n],
                                                   const float want[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(want[i]))
            largest = fmax(largest, (double)want[i]);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) &&
               fabs((double)got[i] - (double)want[i]) <= 1e-4 * largest)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_got_scale,
     "the largest is taken from got: then one huge wrong number excuses the others. What "
     "is right says how large a tensor is.")
WRONG long wrong_first_disagreement_got_scale(size_t n, const float got[n],
                                              const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, got);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_last, "the last disagreement is returned, not the first.")
WRONG long wrong_first_disagreement_last(size_t n, const float got[n],
                                         const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    long last = -1;
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            last = (long)i;
    return last;
}

SAYS(wrong_first_disagreement_zero_for_none,
     "tensors that agree give 0: but 0 is the first index, and it is -1 that says "
     "none.")
WRONG long wrong_first_disagreement_zero_for_none(size_t n, const float got[n],
                                                  const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            return (long)i;
    return 0;
}

SAYS(wrong_first_disagreement_any_infinities,
     "infinities agree whatever their signs are: only equal ones do, and -INFINITY is "
     "not INFINITY.")
WRONG long wrong_first_disagreement_any_infinities(size_t n, const float got[n],
                                                   const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!((isinf(got[i]) && isinf(want[i])) ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_nan_and_nan,
     "NaN agrees with NaN: it agrees with nothing, for a test must not pass if both "
     "programs compute nonsense.")
WRONG long wrong_first_disagreement_nan_and_nan(size_t n, const float got[n],
                                                const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] || (isnan(got[i]) && isnan(want[i])) ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_so_far,
     "the largest is taken of the elements up to the one that is compared: it is the "
     "largest of all, so it takes a loop of its own first.")
WRONG long wrong_first_disagreement_so_far(size_t n, const float got[n],
                                           const float want[n])
{
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) &&
               fabs((double)got[i] - (double)want[i]) <= 1e-4 * largest_of(i + 1, want))))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_mean,
     "the measure is the mean of the finite |want|: it is the largest of them.")
WRONG long wrong_first_disagreement_mean(size_t n, const float got[n],
                                         const float want[n])
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += isfinite(want[i]) ? fabs((double)want[i]) : 0;
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) &&
               fabs((double)got[i] - (double)want[i]) <= 1e-4 * sum / (double)n)))
            return (long)i;
    return -1;
}

SAYS(wrong_first_disagreement_count,
     "the number of disagreements is returned: the index of the first is asked for.")
WRONG long wrong_first_disagreement_count(size_t n, const float got[n],
                                          const float want[n])
{
    const double allowed = 1e-4 * largest_of(n, want);
    long count = 0;
    for (size_t i = 0; i < n; i++)
        count +=
            !(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed));
    return count ? count : -1;
}

SAYS(wrong_first_disagreement_thousandth,
     "ten times as much is allowed, 1e-3 of the largest: it is 1e-4.")
WRONG long wrong_first_disagreement_thousandth(size_t n, const float got[n],
                                               const float want[n])
{
    const double allowed = 1e-3 * largest_of(n, want);
    for (size_t i = 0; i < n; i++)
        if (!(got[i] == want[i] ||
              (isfinite(want[i]) && fabs((double)got[i] - (double)want[i]) <= allowed)))
            return (long)i;
    return -1;
}

/* ---- reference_name ---------------------------------------------------------------- */

/* Parses a reference with everything that can be got wrong as a choice. */
struct reference_rules {
    bool front, back; /* blanks may stand there */
    const char *blank;
    size_t least; /* how long a name must be */
};

static inline size_t parse_reference(struct reference_rules rules, const char *line,
                                     size_t *start)
{
    size_t first = rules.front ? strspn(line, rules.blank) : 0, end = strlen(line);
    while (rules.back && end > first && strchr(rules.blank, line[end - 1]))
        end--;
    if (end < first + 4 + rules.least || strncmp(line + first, "<<", 2) != 0 ||
        strncmp(line + end - 2, ">>", 2) != 0)
        return 0;
    *start = first + 2;
    return end - first - 4;
}

SAYS(wrong_reference_name_no_indentation,
     "a reference must begin its line: but it may be indented, and usually is.")
WRONG size_t wrong_reference_name_no_indentation(const char *line, size_t *start)
{
    return parse_reference((struct reference_rules){false, true, " \t", 1}, line, start);
}

SAYS(wrong_reference_name_no_blanks_behind,
     "spaces or tabs after a reference make it ordinary code: nobody can see them,"
     " so they must not count.")
WRONG size_t wrong_reference_name_no_blanks_behind(const char *line, size_t *start)
{
    return parse_reference((struct reference_rules){true, false, " \t", 1}, line, start);
}

SAYS(wrong_reference_name_no_tabs,
     "a tab before or after a reference makes it ordinary code: but ' ' and '\\t' "
     "are treated alike.")
WRONG size_t wrong_reference_name_no_tabs(const char *line, size_t *start)
{
    return parse_reference((struct reference_rules){true, true, " ", 1}, line, start);
}

SAYS(wrong_reference_name_empty,
     "<<>> is taken for a reference, and *start is set: but it has no name.")
WRONG size_t wrong_reference_name_empty(const char *line, size_t *start)
{
    return parse_reference((struct reference_rules){true, true, " \t", 0}, line, start);
}

SAYS(wrong_reference_name_something_behind,
     "the name ends at the first >>, and what follows it does not matter: but C "
     "may follow, and it would be lost.")
WRONG size_t wrong_reference_name_something_behind(const char *line, size_t *start)
{
    size_t first = strspn(line, " \t");
    const char *end = strstr(line, ">>");
    if (strncmp(line + first, "<<", 2) != 0 || !end || end <= line + first + 2)
        return 0;
    *start = first + 2;
    return (size_t)(end - line) - first - 2;
}

SAYS(wrong_reference_name_first_end,
     "a line with a second >> is ordinary code: but a name may contain >>; it ends"
     " where the line does.")
WRONG size_t wrong_reference_name_first_end(const char *line, size_t *start)
{
    size_t from = 0, length = parse_reference(
                         (struct reference_rules){true, true, " \t", 1}, line, &from);
    const char *end = length ? strstr(line + from, ">>") : NULL;
    if (length == 0 || end != line + from + length)
        return 0;
    *start = from;
    return length;
}

SAYS(wrong_reference_name_anywhere,
     "a reference may follow code: but then what comes before it would be lost.")
WRONG size_t wrong_reference_name_anywhere(const char *line, size_t *start)
{
    const char *first = strstr(line, "<<");
    size_t length = first
                        ? parse_reference((struct reference_rules){true, true, " \t", 1},
                                          first, start)
                        : 0;
    if (length)
        *start += (size_t)(first - line);
    return length;
}

SAYS(wrong_reference_name_start,
     "*start counts from the end of the indentation: it is an index into the whole"
     " line.")
WRONG size_t wrong_reference_name_start(const char *line, size_t *start)
{
    size_t from = 0, length = parse_reference(
                         (struct reference_rules){true, true, " \t", 1}, line, &from);
    if (length)
        *start = 2;
    return length;
}

SAYS(wrong_reference_name_brackets,
     "the length includes the << and the >>: it is the name's alone.")
WRONG size_t wrong_reference_name_brackets(const char *line, size_t *start)
{
    size_t length =
        parse_reference((struct reference_rules){true, true, " \t", 1}, line, start);
    return length ? length + 4 : 0;
}

SAYS(wrong_reference_name_trimmed,
     "spaces and tabs inside << and >> are taken off: a name is all that is "
     "between them.")
WRONG size_t wrong_reference_name_trimmed(const char *line, size_t *start)
{
    size_t from = 0, length = parse_reference(
                         (struct reference_rules){true, true, " \t", 1}, line, &from);
    for (; length > 0 && strchr(" \t", line[from]); length--)
        from++;
    while (length > 0 && strchr(" \t", line[from + length - 1]))
        length--;
    if (length)
        *start = from;
    return length;
}

SAYS(wrong_reference_name_white_space,
     "everything that isspace takes for white space may be around a reference: only ' ' "
     "and '\\t' may.")
WRONG size_t wrong_reference_name_white_space(const char *line, size_t *start)
{
    return parse_reference((struct reference_rules){true, true, " \t\r\n\v\f", 1}, line,
                           start);
}

SAYS(wrong_reference_name_start_always,
     "*start is set even if the line is not a reference: then it is to be left alone.")
WRONG size_t wrong_reference_name_start_always(const char *line, size_t *start)
{
    *start = strspn(line, " \t") + 2;
    return parse_reference((struct reference_rules){true, true, " \t", 1}, line, start);
}

SAYS(wrong_reference_name_both_anywhere,
     "<< and the next >> are looked for wherever they are: a reference has nothing but "
     "spaces and tabs around it, and a name of one character at least.")
WRONG size_t wrong_reference_name_both_anywhere(const char *line, size_t *start)
{
    const char *first = strstr(line, "<<"), *end = first ? strstr(first, ">>") : NULL;
    if (!end)
        return 0;
    *start = (size_t)(first - line) + 2;
    return end > first + 2 ? (size_t)(end - first) - 2 : 0;
}

/* ---- lines_kept -------------------------------------------------------------------- */

SAYS(wrong_lines_kept_as_handed_out,
     "a line of `before` counts several times because `after` has it several "
     "times: the answer can even be larger than n.")
WRONG int wrong_lines_kept_as_handed_out(int n, int m, const int before[n],
                                         const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            if (before[i] == after[j])
                kept[j + 1] = kept[j] + 1;
            else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    int most = kept[m];
    free(kept);
    return most;
}

SAYS(wrong_lines_kept_backwards,
     "the row is gone through from its end: then kept[j] is of the row above when "
     "the larger of kept[j] and kept[j + 1] is taken, and some answers are too "
     "small.")
WRONG int wrong_lines_kept_backwards(int n, int m, const int before[n],
                                     const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = m - 1; j >= 0; j--)
            if (before[i] == after[j])
                kept[j + 1] = kept[j] + 1;
            else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    int most = kept[m];
    free(kept);
    return most;
}

SAYS(wrong_lines_kept_above,
     "one is added to the number right above, kept[j + 1], and not to the one "
     "above and to the left: the line of `after` may be among those counted there "
     "already.")
WRONG int wrong_lines_kept_above(int n, int m, const int before[n], const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            if (before[i] == after[j])
                kept[j + 1] = kept[j + 1] + 1;
            else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    int most = kept[m];
    free(kept);
    return most;
}

SAYS(wrong_lines_kept_diagonal_not_reset,
     "each row begins with the diagonal that the row above ended with: before the "
     "first line of `after` there is nothing, so the diagonal begins at 0 in every"
     " row.")
WRONG int wrong_lines_kept_diagonal_not_reset(int n, int m, const int before[n],
                                              const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0, diagonal = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            const int above = kept[j + 1];
            if (before[i] == after[j])
                kept[j + 1] = diagonal + 1;
            else if (kept[j] > above)
                kept[j + 1] = kept[j];
            diagonal = above;
        }
    int most = kept[m];
    free(kept);
    return most;
}

SAYS(wrong_lines_kept_any_order,
     "all lines are counted that both versions have, whatever their order: kept "
     "lines keep their order, so of two lines that change places only one is kept.")
WRONG int wrong_lines_kept_any_order(int n, int m, const int before[n],
                                     const int after[m])
{
    bool *used = grab((size_t)m, sizeof *used);
    int most = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            if (!used[j] && before[i] == after[j]) {
                used[j] = true;
                most++;
                break;
            }
    free(used);
    return most;
}

SAYS(wrong_lines_kept_first_found,
     "each line of `before` is kept as soon as it is found in what is left of "
     "`after`: but if it is found far down, all lines above are lost, and more are"
     " kept without it.")
WRONG int wrong_lines_kept_first_found(int n, int m, const int before[n],
                                       const int after[m])
{
    int from = 0, most = 0;
    for (int i = 0; i < n; i++)
        for (int j = from; j < m; j++)
            if (before[i] == after[j]) {
                from = j + 1;
                most++;
                break;
            }
    return most;
}

SAYS(wrong_lines_kept_in_one_piece,
     "the longest piece that both versions have is counted: but there may be other"
     " lines between kept ones.")
WRONG int wrong_lines_kept_in_one_piece(int n, int m, const int before[n],
                                        const int after[m])
{
    int most = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            int k = 0;
            while (i + k < n && j + k < m && before[i + k] == after[j + k])
                k++;
            most = k > most ? k : most;
        }
    return most;
}

SAYS(wrong_lines_kept_at_most_n,
     "the answer of the function as handed out is cut off at n and at m: a line "
     "still counts several times.")
WRONG int wrong_lines_kept_at_most_n(int n, int m, const int before[n],
                                     const int after[m])
{
    int most = wrong_lines_kept_as_handed_out(n, m, before, after);
    most = most > n ? n : most;
    return most > m ? m : most;
}

SAYS(wrong_lines_kept_once_a_row,
     "each line of `before` is compared with `after` only up to the first equal line: "
     "the further ones count too, each with what can be kept before it.")
WRONG int wrong_lines_kept_once_a_row(int n, int m, const int before[n],
                                      const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++) {
        bool used = false;
        for (int j = 0; j < m; j++)
            if (!used && before[i] == after[j]) {
                kept[j + 1] = kept[j] + 1;
                used = true;
            } else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    }
    int most = kept[m];
    free(kept);
    return most;
}

SAYS(wrong_lines_kept_last_row,
     "the row above is always all zeros, so that only the last line of `before` counts: "
     "each row becomes the row above of the next.")
WRONG int wrong_lines_kept_last_row(int n, int m, const int before[n], const int after[m])
{
    for (int j = 0; j < m; j++)
        if (before[n - 1] == after[j])
            return 1;
    return 0;
}

SAYS(wrong_lines_kept_not_from_the_left,
     "a number is never taken from its left neighbour: if two lines differ, the larger "
     "of the number above and the number to the left is right.")
WRONG int wrong_lines_kept_not_from_the_left(int n, int m, const int before[n],
                                             const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = m - 1; j >= 0; j--)
            if (before[i] == after[j])
                kept[j + 1] = kept[j] + 1;
    int most = kept[m];
    free(kept);
    return most;
}

#endif
