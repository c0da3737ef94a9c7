/* The usual mistakes in the exercises of chapter 5. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef MASKING_MISTAKES_H
#define MASKING_MISTAKES_H

#include <float.h>

/* ---- hide_future ------------------------------------------------------------------- */

/* Writes `number` over scores[t][s] where s is in the range that a mistake takes for hidden. */
static inline void hide_from(int T, float scores[T][T], int first, float number)
{
    for (int t = 0; t < T; t++)
        for (int s = t + first; s < T; s++)
            scores[t][s] = number;
}

SAYS(wrong_hide_future_itself,
     "a token is hidden from itself too: begin at s = t + 1. The first token has nothing "
     "but itself, and the softmax of a row that is all -inf is NaN.")
WRONG void wrong_hide_future_itself(int T, float scores[T][T])
{
    hide_from(T, scores, 0, -INFINITY);
}

SAYS(wrong_hide_future_sees_the_next,
     "the next token stays visible: but it is the very one that is to be guessed. Hide "
     "from s = t + 1 on.")
WRONG void wrong_hide_future_sees_the_next(int T, float scores[T][T])
{
    hide_from(T, scores, 2, -INFINITY);
}

SAYS(wrong_hide_future_zero,
     "the future's scores become 0: but the softmax makes e^0 = 1 of that, a share like "
     "any other. Only e^-inf is 0. (FLT_MIN is as good as 0: it is the smallest positive "
     "float.)")
WRONG void wrong_hide_future_zero(int T, float scores[T][T])
{
    hide_from(T, scores, 1, 0);
}

SAYS(
    wrong_hide_future_ten_billion,
    "the future's scores become -1e10, as in OpenAI's own code: the weights come out the "
    "same, but what is asked for here is -INFINITY, which no score can ever undercut.")
WRONG void wrong_hide_future_ten_billion(int T, float scores[T][T])
{
    hide_from(T, scores, 1, -1e10f);
}

SAYS(wrong_hide_future_billion,
     "the future's scores become -1e9: the weights come out the same, but what is asked "
     "for here is -INFINITY, which no score can ever undercut.")
WRONG void wrong_hide_future_billion(int T, float scores[T][T])
{
    hide_from(T, scores, 1, -1e9f);
}

SAYS(wrong_hide_future_lowest_float,
     "the future's scores become -FLT_MAX, the lowest finite float: the weights come out "
     "the same, but what is asked for here is -INFINITY.")
WRONG void wrong_hide_future_lowest_float(int T, float scores[T][T])
{
    hide_from(T, scores, 1, -FLT_MAX);
}

SAYS(wrong_hide_future_plus_infinity,
     "the future's scores become +inf: then all attention goes there, and the softmax of "
     "it is NaN. It is -INFINITY whose power is 0.")
WRONG void wrong_hide_future_plus_infinity(int T, float scores[T][T])
{
    hide_from(T, scores, 1, INFINITY);
}

SAYS(wrong_hide_future_past,
     "the past is hidden and the future stays: row t is the token that looks, column s "
     "the one that is looked at; hidden is s > t.")
WRONG void wrong_hide_future_past(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < t; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_future_past_and_itself,
     "the past and the token itself are hidden, and the future stays: row t is the token "
     "that looks, column s the one that is looked at; hidden is s > t.")
WRONG void wrong_hide_future_past_and_itself(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_future_all_others,
     "all but the diagonal is hidden: a token sees the past as well, so where s < t the "
     "score stays.")
WRONG void wrong_hide_future_all_others(int T, float scores[T][T])
{
    wrong_hide_future_past(T, scores);
    hide_from(T, scores, 1, -INFINITY);
}

SAYS(wrong_hide_future_last_column,
     "the last column is left as it was: s goes up to T - 1, so the loop runs while "
     "s < T.")
WRONG void wrong_hide_future_last_column(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T - 1; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_future_next_only,
     "only the next token is hidden: but so must be all that come after it. It takes a "
     "second loop.")
WRONG void wrong_hide_future_next_only(int T, float scores[T][T])
{
    for (int t = 0; t + 1 < T; t++)
        scores[t][t + 1] = -INFINITY;
}

/* ---- softmax_past ------------------------------------------------------------------ */

SAYS(wrong_softmax_past_no_mask,
     "every row is the softmax of all its scores: but token t sees only the first t + 1 "
     "of them, so the future still gets its share.")
WRONG void wrong_softmax_past_no_mask(int T, float weights[restrict T][T],
                                      const float scores[T][T])
{
    softmax_rows(T, weights, scores);
}

SAYS(wrong_softmax_past_not_itself,
     "a row's softmax reads t scores: but token t sees t + 1 of them, itself included.")
WRONG void wrong_softmax_past_not_itself(int T, float weights[restrict T][T],
                                         const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        if (t > 0)
            softmax(t, weights[t], scores[t]);
        for (int s = t; s < T; s++)
            weights[t][s] = 0;
    }
}

SAYS(wrong_softmax_past_sees_the_next,
     "a row's softmax reads t + 2 scores: but token t sees t + 1 of them, and the next "
     "token is not among them.")
WRONG void wrong_softmax_past_sees_the_next(int T, float weights[restrict T][T],
                                            const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        const int seen = t + 2 < T ? t + 2 : T;
        softmax(seen, weights[t], scores[t]);
        for (int s = seen; s < T; s++)
            weights[t][s] = 0;
    }
}

SAYS(wrong_softmax_past_mask_after,
     "the future has a part in the sum that divides a row, though its own weights become "
     "0: so what is left sums to less than 1. Leave it out of the sum as well.")
WRONG void wrong_softmax_past_mask_after(int T, float weights[restrict T][T],
                                         const float scores[T][T])
{
    softmax_rows(T, weights, scores);
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            weights[t][s] = 0;
}

SAYS(wrong_softmax_past_zero,
     "the future's scores are taken for 0: but e^0 is 1, a share like any other. The "
     "future must not be in the sum at all.")
WRONG void wrong_softmax_past_zero(int T, float weights[restrict T][T],
                                   const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        float row[T];
        for (int s = 0; s < T; s++)
            row[s] = s <= t ? scores[t][s] : 0;
        softmax(T, weights[t], row);
    }
}

SAYS(wrong_softmax_past_zero_after,
     "the future's scores are taken for 0, and its weights become 0 in the end: but its "
     "e^0 = 1 is in the sum, so what is left sums to less than 1.")
WRONG void wrong_softmax_past_zero_after(int T, float weights[restrict T][T],
                                         const float scores[T][T])
{
    wrong_softmax_past_zero(T, weights, scores);
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T; s++)
            weights[t][s] = 0;
}

SAYS(wrong_softmax_past_not_set,
     "the weights of later tokens are not set: what was in memory before is still there. "
     "They are 0.")
WRONG void wrong_softmax_past_not_set(int T, float weights[restrict T][T],
                                      const float scores[T][T])
{
    for (int t = 0; t < T; t++)
        softmax(t + 1, weights[t], scores[t]);
}

/* Masked, but with `largest` taken off the scores of row t before the powers. */
static inline void softmax_less(int T, float weights[restrict T], const float scores[T],
                                int t, float largest)
{
    float sum = 0;
    for (int s = 0; s < T; s++) {
        weights[s] = s <= t ? expf(scores[s] - largest) : 0;
        sum += weights[s];
    }
    for (int s = 0; s < T; s++)
        weights[s] /= sum;
}

SAYS(
    wrong_softmax_past_largest_of_all,
    "the largest score that is taken off is looked for in the whole row: but if it is in "
    "the future and huge, infinite or NaN, nothing is left of the others. Only the first "
    "t + 1 count.")
WRONG void wrong_softmax_past_largest_of_all(int T, float weights[restrict T][T],
                                             const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        float largest = scores[t][0];
        for (int s = 1; s < T; s++)
            if (scores[t][s] > largest)
                largest = scores[t][s];
        softmax_less(T, weights[t], scores[t], t, largest);
    }
}

SAYS(wrong_softmax_past_no_largest,
     "the largest score is not taken off first: e^100 is more than a float can hold. "
     "softmax of chapter 4 does it for you.")
WRONG void wrong_softmax_past_no_largest(int T, float weights[restrict T][T],
                                         const float scores[T][T])
{
    for (int t = 0; t < T; t++)
        softmax_less(T, weights[t], scores[t], t, 0);
}

SAYS(wrong_softmax_past_other_triangle,
     "a row's softmax reads from the token itself to the end, so it sees the future and "
     "not the past: it is the first t + 1 scores that count.")
WRONG void wrong_softmax_past_other_triangle(int T, float weights[restrict T][T],
                                             const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        softmax(T - t, &weights[t][t], &scores[t][t]);
        for (int s = 0; s < t; s++)
            weights[t][s] = 0;
    }
}

SAYS(
    wrong_softmax_past_columns,
    "the softmax goes down the columns: but it is a token that shares out its attention, "
    "and a token is a row, so every row sums to 1.")
WRONG void wrong_softmax_past_columns(int T, float weights[restrict T][T],
                                      const float scores[T][T])
{
    for (int s = 0; s < T; s++) {
        float column[T], shares[T];
        for (int t = s; t < T; t++)
            column[t - s] = scores[t][s];
        softmax(T - s, shares, column);
        for (int t = 0; t < T; t++)
            weights[t][s] = t < s ? 0 : shares[t - s];
    }
}

/* ---- hide_distant ------------------------------------------------------------------ */

SAYS(wrong_hide_distant_one_more,
     "a token sees window + 1 tokens: with itself counted, s = t - window is hidden too.")
WRONG void wrong_hide_distant_one_more(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < t - window; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_one_less,
     "a token sees window - 1 tokens: it counts itself, so with window 1 it is still "
     "there. The last one hidden is s = t - window.")
WRONG void wrong_hide_distant_one_less(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t - window + 1; s++)
            scores[t][s] = -INFINITY;
}

SAYS(
    wrong_hide_distant_future_too,
    "the future is hidden as well: that is hide_future's business. Here all scores above "
    "the diagonal stay as they are.")
WRONG void wrong_hide_distant_future_too(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (s <= t - window || s > t)
                scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_far_future,
     "what is hidden is the distant future, s >= t + window: it is the distant past that "
     "must go, s <= t - window.")
WRONG void wrong_hide_distant_far_future(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (s - t >= window)
                scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_both_sides,
     "the distant future is hidden too: the window is asked for backwards only, and all "
     "scores above the diagonal stay as they are.")
WRONG void wrong_hide_distant_both_sides(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (s <= t - window || s >= t + window)
                scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_near,
     "the near past is hidden and the distant past stays: it is the other way round; the "
     "token itself and the window - 1 before it stay.")
WRONG void wrong_hide_distant_near(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t; s++)
            if (s > t - window)
                scores[t][s] = -INFINITY;
}

SAYS(
    wrong_hide_distant_zero,
    "the scores of the distant past become 0: but e^0 is 1, a share like any other. Only "
    "e^-inf is 0.")
WRONG void wrong_hide_distant_zero(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t - window; s++)
            scores[t][s] = 0;
}

SAYS(wrong_hide_distant_one_only,
     "only s = t - window is hidden: but so must be all that come before it, from s = 0 "
     "on.")
WRONG void wrong_hide_distant_one_only(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        if (t - window >= 0)
            scores[t][t - window] = -INFINITY;
}

SAYS(wrong_hide_distant_from_the_end,
     "every row sees the same, the last `window` tokens of the text: but a window goes "
     "along with its token. It ends at t, not at T - 1.")
WRONG void wrong_hide_distant_from_the_end(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T - window; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_pieces,
     "the text is cut into pieces of `window` tokens, and a token sees back to the "
     "beginning of its piece: but every token has a window of its own, which ends at the "
     "token itself.")
WRONG void wrong_hide_distant_pieces(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < t / window * window; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_first,
     "the first `window` tokens are hidden from everyone who comes after them: but it is "
     "the last `window` that stay, counted back from t.")
WRONG void wrong_hide_distant_first(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < window && s < t; s++)
            scores[t][s] = -INFINITY;
}

#endif
