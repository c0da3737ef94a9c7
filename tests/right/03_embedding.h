/* Right answers to the exercises of chapter 3 that are not the book's: other ways to the same
 * numbers, as readers write them. Each must pass. */
#ifndef EMBEDDING_RIGHT_H
#define EMBEDDING_RIGHT_H

/* ---- embed ------------------------------------------------------------------------- */

RIGHT_ANSWER void right_embed_two_steps(int T, int C, float x[restrict T][C],
                                        const int ids[T], const float wte[][C],
                                        const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        memcpy(x[t], wte[ids[t]], sizeof(float[C]));
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] += wpe[t][c];
}

RIGHT_ANSWER void right_embed_by_pointers(int T, int C, float x[restrict T][C],
                                          const int ids[T], const float wte[][C],
                                          const float wpe[][C])
{
    float *to = &x[0][0];
    const float *place = &wpe[0][0];
    for (const int *id = ids; id < ids + T; id++) {
        const float *token = &wte[0][0] + (size_t)*id * (size_t)C;
        for (int c = 0; c < C; c++)
            *to++ = *token++ + *place++;
    }
}

RIGHT_ANSWER void right_embed_column_by_column(int T, int C, float x[restrict T][C],
                                               const int ids[T], const float wte[][C],
                                               const float wpe[][C])
{
    for (int c = C - 1; c >= 0; c--)
        for (int t = T - 1; t >= 0; t--)
            x[t][c] = (float)((double)wpe[t][c] + (double)wte[ids[t]][c]);
}

static inline void add_rows(int n, float *sum, const float *a, const float *b)
{
    while (n-- > 0)
        sum[n] = a[n] + b[n];
}

RIGHT_ANSWER void right_embed_by_a_helper(int T, int C, float x[restrict T][C],
                                          const int ids[T], const float wte[][C],
                                          const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        add_rows(C, x[t], wte[ids[t]], wpe[t]);
}

/* ---- cosine ------------------------------------------------------------------------ */

RIGHT_ANSWER float right_cosine_one_root(int n, const float a[n], const float b[n])
{
    float ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    if (aa == 0 || bb == 0)
        return 0;
    return ab / sqrtf(aa * bb);
}

RIGHT_ANSWER float right_cosine_in_double(int n, const float a[n], const float b[n])
{
    double ab = 0, aa = 0, bb = 0;
    for (int i = n - 1; i >= 0; i--) {
        ab += (double)a[i] * (double)b[i];
        aa += pow((double)a[i], 2);
        bb += pow((double)b[i], 2);
    }
    const double lengths = sqrt(aa) * sqrt(bb);
    return lengths == 0 ? 0 : (float)(ab / lengths);
}

static inline float dot_of(int n, const float *a, const float *b)
{
    return n == 0 ? 0 : dot_of(n - 1, a, b) + a[n - 1] * b[n - 1];
}

RIGHT_ANSWER float right_cosine_by_a_helper(int n, const float a[n], const float b[n])
{
    const float length_a = sqrtf(dot_of(n, a, a)), length_b = sqrtf(dot_of(n, b, b));
    if (!(length_a > 0) || !(length_b > 0))
        return 0;
    return dot_of(n, a, b) / length_a / length_b;
}

/* Both rows are brought to length 1 first. */
RIGHT_ANSWER float right_cosine_of_unit_rows(int n, const float a[n], const float b[n])
{
    float *u = malloc(sizeof(float[2][n])), *v = u + n, aa = 0, bb = 0, cosine = 0;
    for (int i = 0; i < n; i++)
        aa += a[i] * a[i];
    for (int i = 0; i < n; i++)
        bb += b[i] * b[i];
    for (int i = 0; i < n; i++) {
        u[i] = aa > 0 ? a[i] / sqrtf(aa) : 0;
        v[i] = bb > 0 ? b[i] / sqrtf(bb) : 0;
    }
    for (int i = 0; i < n; i++)
        cosine += u[i] * v[i];
    free(u);
    return cosine;
}

/* a·b out of lengths alone: |a + b|² - |a - b|² = 4 a·b. */
RIGHT_ANSWER float right_cosine_by_diagonals(int n, const float a[n], const float b[n])
{
    double plus = 0, minus = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        const double x = (double)a[i], y = (double)b[i];
        plus += (x + y) * (x + y);
        minus += (x - y) * (x - y);
        aa += x * x;
        bb += y * y;
    }
    if (aa * bb == 0)
        return 0;
    return (float)((plus - minus) / 4 / sqrt(aa * bb));
}

/* ---- nearest ----------------------------------------------------------------------- */

/* As the hints say. */
RIGHT_ANSWER void right_nearest_by_the_hints(int V, int C, int k, int found[restrict k],
                                             const float table[][C], int id)
{
    for (int i = 0; i < k; i++) {
        int best = -1;
        for (int other = 0; other < V; other++) {
            bool counts = other != id;
            for (int j = 0; j < i; j++)
                if (found[j] == other)
                    counts = false;
            if (counts && (best == -1 || cosine(C, table[id], table[other]) >
                                             cosine(C, table[id], table[best])))
                best = other;
        }
        found[i] = best;
    }
}

struct candidate {
    float likeness;
    int id;
};

static inline int nearer_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->likeness != y->likeness)
        return x->likeness < y->likeness ? 1 : -1;
    return x->id - y->id;
}

/* All are sorted. */
RIGHT_ANSWER void right_nearest_sorted(int V, int C, int k, int found[restrict k],
                                       const float table[][C], int id)
{
    struct candidate *all = malloc((size_t)V * sizeof *all);
    int count = 0;
    for (int other = 0; other < V; other++)
        if (other != id)
            all[count++] = (struct candidate){cosine(C, table[id], table[other]), other};
    qsort(all, (size_t)count, sizeof *all, nearer_first);
    for (int i = 0; i < k; i++)
        found[i] = all[i].id;
    free(all);
}

/* From the last token to the first, with >= and marks of what is taken. */
RIGHT_ANSWER void right_nearest_backwards(int V, int C, int k, int found[restrict k],
                                          const float table[][C], int id)
{
    float *likeness = malloc((size_t)V * sizeof *likeness);
    for (int v = V - 1; v >= 0; v--)
        likeness[v] = v == id ? -2 : cosine(C, table[v], table[id]);
    for (int i = 0; i < k; i++) {
        float most = -1.5f;
        for (int v = V - 1; v >= 0; v--)
            if (likeness[v] >= most) {
                most = likeness[v];
                found[i] = v;
            }
        likeness[found[i]] = -2;
    }
    free(likeness);
}

/* The length of row id is the same for all: it need not be divided by. */
RIGHT_ANSWER void right_nearest_one_length(int V, int C, int k, int found[restrict k],
                                           const float table[][C], int id)
{
    double *likeness = malloc((size_t)V * sizeof *likeness);
    for (int v = 0; v < V; v++) {
        double dot = 0, square = 0;
        for (int c = 0; c < C; c++) {
            dot += (double)table[id][c] * (double)table[v][c];
            square += (double)table[v][c] * (double)table[v][c];
        }
        likeness[v] = square > 0 ? dot / sqrt(square) : 0;
    }
    for (int i = 0; i < k; i++) {
        found[i] = id == 0 ? 1 : 0;
        for (int v = 0; v < V; v++)
            if (v != id &&
                (isnan(likeness[found[i]]) || likeness[v] > likeness[found[i]]))
                found[i] = v;
        likeness[found[i]] = (double)NAN;
    }
    free(likeness);
}

/* ---- centre_rows ------------------------------------------------------------------- */

/* As the hints say, without a name for the mean. */
RIGHT_ANSWER void right_centre_rows_by_the_hints(int V, int C, float table[V][C])
{
    for (int c = 0; c < C; c++) {
        float sum = 0;
        for (int other = 0; other < V; other++)
            sum += table[other][c];
        for (int id = 0; id < V; id++)
            table[id][c] -= sum / (float)V;
    }
}

/* All means first. */
RIGHT_ANSWER void right_centre_rows_mean_row(int V, int C, float table[V][C])
{
    float *mean = calloc((size_t)C, sizeof *mean);
    for (int id = 0; id < V; id++)
        for (int c = 0; c < C; c++)
            mean[c] += table[id][c];
    for (int c = 0; c < C; c++)
        mean[c] /= (float)V;
    for (int id = 0; id < V; id++)
        for (int c = 0; c < C; c++)
            table[id][c] = table[id][c] - mean[c];
    free(mean);
}

RIGHT_ANSWER void right_centre_rows_in_double(int V, int C, float table[V][C])
{
    for (int c = C - 1; c >= 0; c--) {
        double mean = 0;
        for (int id = V - 1; id >= 0; id--)
            mean += (double)table[id][c] / V;
        for (int id = V - 1; id >= 0; id--)
            table[id][c] = (float)((double)table[id][c] - mean);
    }
}

/* A copy is read, and the table is written. */
RIGHT_ANSWER void right_centre_rows_of_a_copy(int V, int C, float table[V][C])
{
    float(*was)[C] = malloc(sizeof(float[V][C]));
    memcpy(was, table, sizeof(float[V][C]));
    for (int c = 0; c < C; c++) {
        float sum = 0;
        for (int id = 0; id < V; id++)
            sum += was[id][c];
        for (int id = 0; id < V; id++)
            table[id][c] = was[id][c] - sum * (1 / (float)V);
    }
    free(was);
}

#endif
