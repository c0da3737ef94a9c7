/* Right answers of other kinds to the exercises of chapter 0, as readers write them. */
#ifndef BOOK_RIGHT_H
#define BOOK_RIGHT_H

/* ---- first_disagreement ------------------------------------------------------------ */

/* From the last element to the first, in floats. */
RIGHT_ANSWER long right_first_disagreement_backwards(size_t n, const float got[n],
                                                     const float want[n])
{
    float largest = 0;
    long first = -1;
    for (size_t i = 0; i < n; i++)
        if (isfinite(want[i]) && fabsf(want[i]) > largest)
            largest = fabsf(want[i]);
    for (size_t i = n; i-- > 0;)
        if (got[i] != want[i] &&
            !(isfinite(want[i]) && fabsf(got[i] - want[i]) <= 1e-4f * largest))
            first = (long)i;
    return first;
}

static inline bool agrees_case_by_case(float got, float want, double allowed)
{
    if (isnan(got) || isnan(want))
        return false;
    if (isinf(got) || isinf(want))
        return isinf(got) && isinf(want) && (got > 0) == (want > 0);
    double difference = (double)got - (double)want;
    return difference < 0 ? -difference <= allowed : difference <= allowed;
}

/* A helper function, and a case for everything that is not a number. */
RIGHT_ANSWER long right_first_disagreement_case_by_case(size_t n, const float got[n],
                                                        const float want[n])
{
    double allowed = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(want[i]) || isinf(want[i]))
            continue;
        double size = want[i] < 0 ? -(double)want[i] : (double)want[i];
        if (size > 1e4 * allowed)
            allowed = size / 1e4;
    }
    long i = 0;
    while (i < (long)n && agrees_case_by_case(got[i], want[i], allowed))
        i++;
    return i == (long)n ? -1 : i;
}

static inline double largest_finite_from(size_t n, const float *x)
{
    if (n == 0)
        return 0;
    double rest = largest_finite_from(n - 1, x + 1), size = fabs((double)*x);
    return isfinite(size) && size > rest ? size : rest;
}

/* Recursion for the largest, pointers for the rest. */
RIGHT_ANSWER long right_first_disagreement_pointers(size_t n, const float got[n],
                                                    const float want[n])
{
    const double scale = largest_finite_from(n, want);
    for (const float *g = got, *w = want; g != got + n; g++, w++) {
        if (*g == *w)
            continue;
        double off = fabs((double)*g - (double)*w);
        if (isfinite(*w) && off <= scale * 1e-4)
            continue;
        return g - got;
    }
    return -1;
}

/* What the hints say. */
RIGHT_ANSWER long right_first_disagreement_hints(size_t n, const float got[n],
                                                 const float want[n])
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        double size = fabs((double)want[i]);
        if (isfinite(want[i]) && size > largest)
            largest = size;
    }
    const double allowed = 1e-4 * largest;
    for (size_t i = 0; i < n; i++) {
        if (isinf(want[i]) || isinf(got[i])) {
            if (got[i] != want[i])
                return (long)i;
            continue;
        }
        double difference = fabs((double)got[i] - (double)want[i]);
        if (!(difference <= allowed))
            return (long)i;
    }
    return -1;
}

/* ---- reference_name ---------------------------------------------------------------- */

/* From the front, a character at a time; the end is where the last >> was. */
RIGHT_ANSWER size_t right_reference_name_forward(const char *line, size_t *start)
{
    const char *p = line, *last = NULL;
    while (*p == ' ' || *p == '\t')
        p++;
    if (p[0] != '<' || p[1] != '<' || p[2] == 0)
        return 0;
    const char *name = p + 2;
    for (p = name + 1; *p; p++)
        if (p[0] == '>' && p[1] == '>')
            last = p;
    if (!last)
        return 0;
    for (p = last + 2; *p; p++)
        if (*p != ' ' && *p != '\t')
            return 0;
    *start = (size_t)(name - line);
    return (size_t)(last - name);
}

/* On a copy of the line, without the blanks around it. */
RIGHT_ANSWER size_t right_reference_name_copy(const char *line, size_t *start)
{
    size_t front = 0;
    while (line[front] == ' ' || line[front] == '\t')
        front++;
    char *copy = format_text("%s", line + front);
    size_t n = strlen(copy), length = 0;
    while (n > 0 && (copy[n - 1] == ' ' || copy[n - 1] == '\t'))
        copy[--n] = 0;
    if (n > 4 && copy[0] == '<' && copy[1] == '<' && strcmp(copy + n - 2, ">>") == 0) {
        length = n - 4;
        *start = front + 2;
    }
    free(copy);
    return length;
}

/* A machine with a state for each part of the line. */
RIGHT_ANSWER size_t right_reference_name_states(const char *line, size_t *start)
{
    enum { FRONT, ONE, INSIDE, CLOSING, CLOSED } state = FRONT;
    size_t from = 0, length = 0;
    for (size_t i = 0; line[i]; i++) {
        const char c = line[i];
        const bool empty = c == ' ' || c == '\t';
        switch (state) {
        case FRONT:
            if (c == '<')
                state = ONE;
            else if (!empty)
                return 0;
            break;
        case ONE:
            if (c != '<')
                return 0;
            state = INSIDE;
            from = i + 1;
            break;
        case INSIDE:
            if (c == '>' && i > from)
                state = CLOSING;
            break;
        case CLOSING:
            state = c == '>' ? CLOSED : INSIDE;
            length = i - 1 - from;
            break;
        case CLOSED:
            if (c == '>' && line[i - 1] == '>')
                length = i - 1 - from;
            else if (c == '>')
                state = CLOSING;
            else if (!empty)
                state = INSIDE;
            break;
        }
    }
    if (state != CLOSED)
        return 0;
    *start = from;
    return length;
}

/* What the hints say. */
RIGHT_ANSWER size_t right_reference_name_hints(const char *line, size_t *start)
{
    const size_t begin = strspn(line, " \t");
    size_t end = strlen(line);
    while (end > begin && strchr(" \t", line[end - 1]))
        end--;
    if (end - begin < 5)
        return 0;
    if (line[begin] != '<' || line[begin + 1] != '<' || line[end - 1] != '>' ||
        line[end - 2] != '>')
        return 0;
    *start = begin + 2;
    return end - 2 - *start;
}

/* ---- lines_kept -------------------------------------------------------------------- */

/* Two rows, exchanged. */
RIGHT_ANSWER int right_lines_kept_two_rows(int n, int m, const int before[n],
                                           const int after[m])
{
    int *above = calloc((size_t)m + 1, sizeof *above);
    int *row = calloc((size_t)m + 1, sizeof *row);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < m; j++) {
            if (before[i] == after[j])
                row[j + 1] = above[j] + 1;
            else
                row[j + 1] = row[j] > above[j + 1] ? row[j] : above[j + 1];
        }
        int *swap = above;
        above = row;
        row = swap;
    }
    int most = above[m];
    free(above);
    free(row);
    return most;
}

/* The whole grid, from the bottom right corner, as align fills it. */
RIGHT_ANSWER int right_lines_kept_from_the_back(int n, int m, const int before[n],
                                                const int after[m])
{
    int(*grid)[m + 1] = grab((size_t)n + 1, sizeof *grid);
    for (int i = n - 1; i >= 0; i--)
        for (int j = m - 1; j >= 0; j--) {
            int most = grid[i + 1][j];
            if (grid[i][j + 1] > most)
                most = grid[i][j + 1];
            if (before[i] == after[j] && grid[i + 1][j + 1] + 1 > most)
                most = grid[i + 1][j + 1] + 1;
            grid[i][j] = most;
        }
    int most = grid[0][0];
    free(grid);
    return most;
}

/* By the drops and adds that are left: what is not dropped is kept. */
RIGHT_ANSWER int right_lines_kept_by_cost(int n, int m, const int before[n],
                                          const int after[m])
{
    int *cost = grab((size_t)m + 1, sizeof *cost);
    for (int j = 0; j <= m; j++)
        cost[j] = j;
    for (int i = 1; i <= n; i++) {
        int diagonal = cost[0];
        cost[0] = i;
        for (int j = 1; j <= m; j++) {
            int above = cost[j];
            if (before[i - 1] == after[j - 1])
                cost[j] = diagonal;
            else
                cost[j] = 1 + (above < cost[j - 1] ? above : cost[j - 1]);
            diagonal = above;
        }
    }
    int steps = cost[m];
    free(cost);
    return (n + m - steps) / 2;
}

/* end[k]: how early in after a way that keeps k lines can end. */
RIGHT_ANSWER int right_lines_kept_earliest_ends(int n, int m, const int before[n],
                                                const int after[m])
{
    int *end = grab((size_t)n + 2, sizeof *end), most = 0;
    for (int i = 0; i < n; i++)
        for (int k = most; k >= 0; k--) { /* longest first: a line is kept once */
            int j = end[k];
            while (j < m && after[j] != before[i])
                j++;
            if (j == m || (k < most && end[k + 1] <= j + 1))
                continue;
            end[k + 1] = j + 1;
            if (k == most)
                most++;
        }
    free(end);
    return most;
}

/* What the hints say: the number for both without their last lines is kept in a copy of the row. */
RIGHT_ANSWER int right_lines_kept_hints(int n, int m, const int before[n],
                                        const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    int *old = grab((size_t)m + 1, sizeof *old);
    for (int i = 0; i < n; i++) {
        memcpy(old, kept, ((size_t)m + 1) * sizeof *old);
        for (int j = 0; j < m; j++)
            if (before[i] == after[j])
                kept[j + 1] = old[j] + 1;
            else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    }
    int most = kept[m];
    free(kept);
    free(old);
    return most;
}

#endif
