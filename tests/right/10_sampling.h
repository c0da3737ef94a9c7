/* Right answers to the exercises of chapter 10, of other kinds than the book's: each must pass,
 * with any compiler. Those that are called …_as_hinted do what the hints say, to the letter. */
#ifndef SAMPLING_RIGHT_H
#define SAMPLING_RIGHT_H

/* ---- temper ------------------------------------------------------------------------- */

RIGHT_ANSWER void right_temper_in_double(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        logits[v] = (float)((double)logits[v] / (double)temperature);
}

/* A product with the inverse, from the last to the first. */
RIGHT_ANSWER void right_temper_inverse(int V, float logits[V], float temperature)
{
    const float inverse = 1 / temperature;
    for (int v = V; v-- > 0;)
        logits[v] *= inverse;
}

RIGHT_ANSWER void right_temper_pointer(int V, float logits[V], float temperature)
{
    for (float *end = logits + V; logits < end; logits++)
        *logits = *logits / temperature;
}

RIGHT_ANSWER void right_temper_copy(int V, float logits[V], float temperature)
{
    float *copy = grab((size_t)V, sizeof *copy);
    for (int v = 0; v < V; v++)
        copy[v] = logits[v] / temperature;
    memcpy(logits, copy, (size_t)V * sizeof *copy);
    free(copy);
}

/* ---- keep_top_k --------------------------------------------------------------------- */

RIGHT_ANSWER void right_keep_top_k_as_hinted(int V, float logits[V], int k)
{
    if (k >= V)
        return;
    float *copy = grab((size_t)V, sizeof(float));
    memcpy(copy, logits, (size_t)V * sizeof(float));
    const float least = kth_largest(V, copy, k);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
    free(copy);
}

/* For each token: how many are larger? */
RIGHT_ANSWER void right_keep_top_k_counts(int V, float logits[V], int k)
{
    bool *goes = grab((size_t)V, sizeof *goes);
    for (int v = 0; v < V; v++) {
        int larger = 0;
        for (int u = 0; u < V; u++)
            larger += logits[u] > logits[v];
        goes[v] = larger >= k;
    }
    for (int v = 0; v < V; v++)
        if (goes[v])
            logits[v] = -INFINITY;
    free(goes);
}

static inline int larger_number_first(const void *left, const void *right)
{
    const float a = *(const float *)left, b = *(const float *)right;
    return (a < b) - (a > b);
}

RIGHT_ANSWER void right_keep_top_k_sorts(int V, float logits[V], int k)
{
    float *sorted = grab((size_t)V, sizeof *sorted);
    for (int v = 0; v < V; v++)
        sorted[v] = logits[v];
    qsort(sorted, (size_t)V, sizeof *sorted, larger_number_first);
    for (int v = 0; v < V && k < V; v++)
        logits[v] = logits[v] >= sorted[k - 1] ? logits[v] : -INFINITY;
    free(sorted);
}

/* The k largest seen so far, in falling order; the last of them is the least that stays. */
RIGHT_ANSWER void right_keep_top_k_podium(int V, float logits[V], int k)
{
    if (k >= V)
        return;
    float *podium = grab((size_t)k, sizeof *podium);
    for (int v = 0; v < V; v++) {
        int i = v < k ? v : k;
        if (i == k && logits[v] > podium[k - 1])
            i--;
        for (; i < k && i > 0 && podium[i - 1] < logits[v]; i--)
            podium[i] = podium[i - 1];
        if (i < k)
            podium[i] = logits[v];
    }
    for (int v = 0; v < V; v++)
        if (!(logits[v] >= podium[k - 1]))
            logits[v] = -INFINITY;
    free(podium);
}

/* ---- keep_top_p --------------------------------------------------------------------- */

RIGHT_ANSWER void right_keep_top_p_as_hinted(int V, float logits[V], float top_p)
{
    bool *stays = grab((size_t)V, sizeof(bool));
    float *p = grab((size_t)V, sizeof(float));
    double sum = 0;
    int count = 0;
    softmax(V, p, logits);
    do {
        int best = -1;
        for (int v = 0; v < V; v++)
            if (!stays[v] && (best < 0 || p[v] > p[best]))
                best = v;
        stays[best] = true;
        sum += (double)p[best];
        count++;
    } while (sum < (double)top_p && count < V);
    for (int v = 0; v < V; v++)
        if (!stays[v])
            logits[v] = -INFINITY;
    free(stays);
    free(p);
}

/* Sorted as the book does, but all of them, and marked by cutting the rest. */
RIGHT_ANSWER void right_keep_top_p_sorts(int V, float logits[V], float top_p)
{
    struct candidate *all = grab((size_t)V, sizeof *all);
    float *p = grab((size_t)V, sizeof *p), sum = 0;
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){p[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    for (int i = 0; i < V; i++) {
        if (i > 0 && sum >= top_p)
            logits[all[i].id] = -INFINITY;
        sum += all[i].p;
    }
    free(all);
    free(p);
}

/* For each token: how much do those have that come before it? */
RIGHT_ANSWER void right_keep_top_p_before(int V, float logits[V], float top_p)
{
    double *p = grab((size_t)V, sizeof *p), sum = 0;
    bool *goes = grab((size_t)V, sizeof *goes);
    const float largest = logits[likeliest(V, logits)];
    for (int v = 0; v < V; v++)
        sum += p[v] = exp((double)(logits[v] - largest));
    for (int v = 0; v < V; v++) {
        double before = 0;
        for (int u = 0; u < V; u++)
            if (logits[u] > logits[v] || (logits[u] == logits[v] && u < v))
                before += p[u] / sum;
        goes[v] = before > 0 && before >= (double)top_p;
    }
    for (int v = 0; v < V; v++)
        if (goes[v])
            logits[v] = -INFINITY;
    free(p);
    free(goes);
}

/* From the unlikely end: a token is cut while the others have enough without it. */
RIGHT_ANSWER void right_keep_top_p_from_the_end(int V, float logits[V], float top_p)
{
    float *p = grab((size_t)V, sizeof *p);
    bool *cut = grab((size_t)V, sizeof *cut);
    double left = 0;
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        left += (double)p[v];
    for (int count = V; count > 1; count--) {
        int least = -1;
        for (int v = V - 1; v >= 0; v--)
            if (!cut[v] && (least < 0 || p[v] < p[least]))
                least = v;
        if (left - (double)p[least] < (double)top_p)
            break;
        left -= (double)p[least];
        cut[least] = true;
    }
    for (int v = 0; v < V; v++)
        logits[v] = cut[v] ? -INFINITY : logits[v];
    free(p);
    free(cut);
}

/* ---- fade_repeats ------------------------------------------------------------------- */

RIGHT_ANSWER void right_fade_repeats_as_hinted(int V, float logits[V], int T,
                                               const int ids[T], float penalty)
{
    bool *seen = grab((size_t)V, sizeof(bool));
    for (int t = 0; t < T; t++) {
        if (!seen[ids[t]]) {
            if (logits[ids[t]] > 0)
                logits[ids[t]] /= penalty;
            else
                logits[ids[t]] *= penalty;
        }
        seen[ids[t]] = true;
    }
    free(seen);
}

/* Is the token in the text? Asked for each of the vocabulary. */
RIGHT_ANSWER void right_fade_repeats_by_token(int V, float logits[V], int T,
                                              const int ids[T], float penalty)
{
    for (int v = 0; v < V; v++) {
        bool there = false;
        for (const int *id = ids; id < ids + T && !there; id++)
            there = *id == v;
        if (there)
            logits[v] = logits[v] > 0 ? logits[v] / penalty : logits[v] * penalty;
    }
}

/* A token counts where it comes for the first time. The smaller of both results is right. */
RIGHT_ANSWER void right_fade_repeats_the_smaller(int V, float logits[V], int T,
                                                 const int ids[T], float penalty)
{
    (void)V;
    for (int t = 0; t < T; t++) {
        int first = 0;
        while (ids[first] != ids[t])
            first++;
        float *x = &logits[ids[t]];
        if (first == t)
            *x = fminf(*x / penalty, *x * penalty);
    }
}

/* From the logits as they were, so a second time changes nothing more. */
RIGHT_ANSWER void right_fade_repeats_from_a_copy(int V, float logits[V], int T,
                                                 const int ids[T], float penalty)
{
    float *was = grab((size_t)V, sizeof *was);
    memcpy(was, logits, (size_t)V * sizeof *was);
    for (int t = T - 1; t >= 0; t--) {
        const double x = (double)was[ids[t]], by = (double)penalty;
        logits[ids[t]] = (float)(x < 0 ? x * by : x / by);
    }
    free(was);
}

/* ---- keep_min_p --------------------------------------------------------------------- */

RIGHT_ANSWER void right_keep_min_p_as_hinted(int V, float logits[V], float min_p)
{
    float *p = grab((size_t)V, sizeof(float));
    softmax(V, p, logits);
    float largest = p[0];
    for (int v = 1; v < V; v++)
        if (p[v] > largest)
            largest = p[v];
    for (int v = 0; v < V; v++)
        if (p[v] < min_p * largest)
            logits[v] = -INFINITY;
    free(p);
}

/* A factor between probabilities is a difference between logits. */
RIGHT_ANSWER void right_keep_min_p_difference(int V, float logits[V], float min_p)
{
    float largest = logits[0];
    for (int v = 1; v < V; v++)
        largest = fmaxf(largest, logits[v]);
    const float least = largest + logf(min_p);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

/* How likely beside the likeliest? In double. */
RIGHT_ANSWER void right_keep_min_p_quotient(int V, float logits[V], float min_p)
{
    const double largest = (double)logits[likeliest(V, logits)];
    for (int v = V - 1; v >= 0; v--)
        logits[v] =
            exp((double)logits[v] - largest) >= (double)min_p ? logits[v] : -INFINITY;
}

/* Sorted, and cut from the first that is not likely enough. */
RIGHT_ANSWER void right_keep_min_p_sorts(int V, float logits[V], float min_p)
{
    struct candidate *all = grab((size_t)V, sizeof *all);
    float *p = grab((size_t)V, sizeof *p);
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){p[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    int i = 0;
    while (i < V && all[i].p >= all[0].p * min_p)
        i++;
    for (; i < V; i++)
        logits[all[i].id] = -INFINITY;
    free(all);
    free(p);
}

#endif
