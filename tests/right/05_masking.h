/* Right answers to the exercises of chapter 5 that are not the book's: other ways to the same
 * numbers, as readers write them. Each must pass. */
#ifndef MASKING_RIGHT_H
#define MASKING_RIGHT_H

/* ---- hide_future ------------------------------------------------------------------- */

RIGHT_ANSWER void right_hide_future_whole_square(int T, float scores[T][T])
{
    for (int s = 0; s < T; s++)
        for (int t = 0; t < T; t++)
            if (s > t)
                scores[t][s] = -INFINITY;
}

RIGHT_ANSWER void right_hide_future_backwards(int T, float scores[T][T])
{
    for (int t = T - 1; t >= 0; t--)
        for (int s = T - 1; s > t; s--)
            scores[t][s] = -HUGE_VALF;
}

RIGHT_ANSWER void right_hide_future_chosen(int T, float scores[T][T])
{
    float *score = &scores[0][0];
    for (int i = 0; i < T * T; i++)
        score[i] = i % T <= i / T ? score[i] : -INFINITY;
}

/* The ends of the rows are copies of one row. */
RIGHT_ANSWER void right_hide_future_copied(int T, float scores[T][T])
{
    float *hidden = malloc((size_t)T * sizeof *hidden);
    for (int s = 0; s < T; s++)
        hidden[s] = -INFINITY;
    for (int t = 0; t < T; t++)
        memcpy(scores[t] + t + 1, hidden, (size_t)(T - 1 - t) * sizeof *hidden);
    free(hidden);
}

/* What is added is -inf or 0. */
RIGHT_ANSWER void right_hide_future_added(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] += s > t ? -INFINITY : 0;
}

/* ---- softmax_past ------------------------------------------------------------------ */

/* A copy is masked. */
RIGHT_ANSWER void right_softmax_past_masked_copy(int T, float weights[restrict T][T],
                                                 const float scores[T][T])
{
    float(*masked)[T] = malloc(sizeof(float[T][T]));
    memcpy(masked, scores, sizeof(float[T][T]));
    hide_future(T, masked);
    softmax_rows(T, weights, (const float(*)[T])masked);
    free(masked);
}

/* All is set to 0 first; the powers are its own. */
RIGHT_ANSWER void right_softmax_past_own_powers(int T, float weights[restrict T][T],
                                                const float scores[T][T])
{
    memset(weights, 0, sizeof(float[T][T]));
    for (int t = 0; t < T; t++) {
        float largest = scores[t][t], sum = 0;
        for (int s = 0; s < t; s++)
            largest = fmaxf(largest, scores[t][s]);
        for (int s = 0; s <= t; s++)
            weights[t][s] = expf(scores[t][s] - largest);
        for (int s = 0; s <= t; s++)
            sum += weights[t][s];
        for (int s = 0; s <= t; s++)
            weights[t][s] /= sum;
    }
}

RIGHT_ANSWER void right_softmax_past_in_double(int T, float weights[restrict T][T],
                                               const float scores[T][T])
{
    for (int t = T - 1; t >= 0; t--) {
        double largest = (double)scores[t][0], sum = 0;
        for (int s = 1; s < t + 1; s++)
            largest = fmax(largest, (double)scores[t][s]);
        for (int s = 0; s < t + 1; s++)
            sum += exp((double)scores[t][s] - largest);
        for (int s = 0; s < T; s++)
            weights[t][s] =
                s > t ? 0 : (float)(exp((double)scores[t][s] - largest) / sum);
    }
}

/* One row after the other is masked, in a row of its own. */
RIGHT_ANSWER void right_softmax_past_row_by_row(int T, float weights[restrict T][T],
                                                const float scores[T][T])
{
    float *row = malloc((size_t)T * sizeof *row);
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < T; s++)
            row[s] = s <= t ? scores[t][s] : -INFINITY;
        softmax(T, weights[t], row);
    }
    free(row);
}

/* ---- hide_distant ------------------------------------------------------------------ */

RIGHT_ANSWER void right_hide_distant_whole_square(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (t - s >= window)
                scores[t][s] = -INFINITY;
}

RIGHT_ANSWER void right_hide_distant_column_by_column(int T, int window,
                                                      float scores[T][T])
{
    if (window >= T)
        return;
    for (int s = 0; s < T; s++)
        for (int t = s + window; t < T; t++)
            scores[t][s] = -INFINITY;
}

/* What is seen is skipped, what is hidden is counted down. */
RIGHT_ANSWER void right_hide_distant_backwards(int T, int window, float scores[T][T])
{
    for (int t = T - 1; t >= window; t--) {
        float *score = scores[t] + t - window + 1;
        while (score > scores[t])
            *--score = -INFINITY;
    }
}

/* A token looks back at the window - 1 tokens before it; the others before it are hidden. */
RIGHT_ANSWER void right_hide_distant_marks(int T, int window, float scores[T][T])
{
    bool *seen = malloc((size_t)T);
    for (int t = 0; t < T; t++) {
        for (int s = 0; s < T; s++)
            seen[s] = s >= t;
        for (int back = 1; back < window && back <= t; back++)
            seen[t - back] = true;
        for (int s = 0; s < T; s++)
            scores[t][s] = seen[s] ? scores[t][s] : -INFINITY;
    }
    free(seen);
}

/* ---- hide_answer ------------------------------------------------------------------- */

/* As the hints say. */
RIGHT_ANSWER void right_hide_answer_by_the_hints(int T, int prompt, float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        int first = t + 1;
        if (first < prompt)
            first = prompt;
        for (int s = first; s < T; s++)
            scores[t][s] = -INFINITY;
    }
}

RIGHT_ANSWER void right_hide_answer_whole_square(int T, int prompt, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++) {
            const bool seen = s < prompt || s <= t;
            if (!seen)
                scores[t][s] = -INFINITY;
        }
}

/* Column by column: a token of the answer is hidden from all before it. */
RIGHT_ANSWER void right_hide_answer_column_by_column(int T, int prompt,
                                                     float scores[T][T])
{
    for (int s = prompt; s < T; s++)
        for (int t = 0; t < s; t++)
            scores[t][s] = -INFINITY;
}

/* All of the future is hidden, and the prompt's scores are put back. */
RIGHT_ANSWER void right_hide_answer_put_back(int T, int prompt, float scores[T][T])
{
    float(*was)[T] = malloc(sizeof(float[T][T]));
    memcpy(was, scores, sizeof(float[T][T]));
    hide_future(T, scores);
    for (int t = 0; t < prompt; t++)
        memcpy(scores[t], was[t], (size_t)prompt * sizeof(float));
    free(was);
}

#endif
