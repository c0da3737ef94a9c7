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
     "but itself, and the softmax of a row that is all -inf is nan.")
WRONG void wrong_hide_future_itself(int T, float scores[T][T])
{
    hide_from(T, scores, 0, -INFINITY);
}

SAYS(wrong_hide_future_sees_the_next,
     "the next token stays visible: it is the very one that is to be guessed. Hide "
     "all s from t + 1 to T - 1.")
WRONG void wrong_hide_future_sees_the_next(int T, float scores[T][T])
{
    hide_from(T, scores, 2, -INFINITY);
}

SAYS(wrong_hide_future_zero,
     "the future's scores become 0: the softmax turns that into e^0 = 1, a share like "
     "any other. Only e^-inf is 0. (FLT_MIN is as good as 0: it is the smallest positive "
     "float.)")
WRONG void wrong_hide_future_zero(int T, float scores[T][T])
{
    hide_from(T, scores, 1, 0);
}

SAYS(wrong_hide_future_ten_billion,
     "the future's scores become -1e10, as in OpenAI's own code: the weights come out "
     "the same, but the task asks for -INFINITY, and no score is lower than that.")
WRONG void wrong_hide_future_ten_billion(int T, float scores[T][T])
{
    hide_from(T, scores, 1, -1e10f);
}

SAYS(wrong_hide_future_billion,
     "the future's scores become -1e9: the weights come out the same, but the task asks "
     "for -INFINITY, and no score is lower than that.")
WRONG void wrong_hide_future_billion(int T, float scores[T][T])
{
    hide_from(T, scores, 1, -1e9f);
}

SAYS(wrong_hide_future_lowest_float,
     "the future's scores become -FLT_MAX, the lowest finite float: the weights come out "
     "the same, but the task asks for -INFINITY.")
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

SAYS(wrong_hide_future_all_others, "all but the diagonal is hidden: a token sees the "
                                   "past as well, so if s < t the score stays.")
WRONG void wrong_hide_future_all_others(int T, float scores[T][T])
{
    wrong_hide_future_past(T, scores);
    hide_from(T, scores, 1, -INFINITY);
}

SAYS(wrong_hide_future_last_column, "the last column is left as it was: s goes up to T - "
                                    "1, so the loop runs while s < T.")
WRONG void wrong_hide_future_last_column(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = t + 1; s < T - 1; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_future_next_only, "only the next token is hidden: all that come after it "
                                  "must be hidden too. It takes a second loop.")
WRONG void wrong_hide_future_next_only(int T, float scores[T][T])
{
    for (int t = 0; t + 1 < T; t++)
        scores[t][t + 1] = -INFINITY;
}

SAYS(wrong_hide_future_product,
     "-inf is multiplied by 0 for the scores that stay: 0 times infinity is nan. Choose, "
     "with if or ?:, and do not multiply.")
WRONG void wrong_hide_future_product(int T, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            scores[t][s] += (float)(s > t) * -INFINITY;
}

/* ---- softmax_past ------------------------------------------------------------------ */

SAYS(wrong_softmax_past_no_mask,
     "every row is the softmax of all its scores: token t sees only the first t + 1 of "
     "them, so the future must not get a share.")
WRONG void wrong_softmax_past_no_mask(int T, float weights[restrict T][T],
                                      const float scores[T][T])
{
    softmax_rows(T, weights, scores);
}

SAYS(wrong_softmax_past_not_itself,
     "a row's softmax reads t scores: token t sees t + 1 of them, itself included.")
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
     "a row's softmax reads t + 2 scores: token t sees t + 1 of them, and the next token "
     "is not among them.")
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

SAYS(wrong_softmax_past_zero, "the future's scores are taken for 0: e^0 is 1, a share "
                              "like any other. The future must not be in the sum at all.")
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
     "the future's scores are taken for 0, and its weights become 0 in the end: its e^0 "
     "= 1 is still in the sum, so what is left sums to less than 1.")
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

SAYS(wrong_softmax_past_largest_of_all,
     "the largest score that is subtracted is that of the whole row: if it is in the "
     "future and huge, infinite or nan, nothing is left of the others. Only the first t "
     "+ 1 count.")
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
     "the largest score is not subtracted first: e^100 is more than a float can hold. "
     "softmax of chapter 4 does it for you.")
WRONG void wrong_softmax_past_no_largest(int T, float weights[restrict T][T],
                                         const float scores[T][T])
{
    for (int t = 0; t < T; t++)
        softmax_less(T, weights[t], scores[t], t, 0);
}

SAYS(wrong_softmax_past_largest_from_0,
     "the search for the largest score starts at 0: if all scores are far below it, all "
     "powers are 0, and 0 / 0 is not a number. softmax of chapter 4 does it for you.")
WRONG void wrong_softmax_past_largest_from_0(int T, float weights[restrict T][T],
                                             const float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        float largest = 0;
        for (int s = 0; s <= t; s++)
            largest = fmaxf(largest, scores[t][s]);
        softmax_less(T, weights[t], scores[t], t, largest);
    }
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

SAYS(wrong_softmax_past_columns,
     "the softmax goes down the columns: a token shares out its attention, and a token "
     "is a row, so every row sums to 1.")
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
     "a token sees window - 1 tokens: it counts itself, so with window 1 it still sees "
     "itself. The last one hidden is s = t - window.")
WRONG void wrong_hide_distant_one_less(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t - window + 1; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_future_too,
     "the future is hidden as well: that is what hide_future is for. Here all scores "
     "above the diagonal stay as they are.")
WRONG void wrong_hide_distant_future_too(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (s <= t - window || s > t)
                scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_far_future, "the distant future is hidden, s >= t + window: it "
                                    "is the distant past that must go, s <= t - window.")
WRONG void wrong_hide_distant_far_future(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            if (s - t >= window)
                scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_both_sides,
     "the distant future is hidden too: the window is for the past only, and all scores "
     "above the diagonal stay as they are.")
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

SAYS(wrong_hide_distant_zero, "the scores of the distant past become 0: e^0 is 1, a "
                              "share like any other. Only e^-inf is 0.")
WRONG void wrong_hide_distant_zero(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t - window; s++)
            scores[t][s] = 0;
}

SAYS(wrong_hide_distant_one_only, "only s = t - window is hidden: all that come before "
                                  "it must be hidden too, starting at s = 0.")
WRONG void wrong_hide_distant_one_only(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        if (t - window >= 0)
            scores[t][t - window] = -INFINITY;
}

SAYS(wrong_hide_distant_from_the_end,
     "every row sees the same, the last `window` tokens of the text: a window goes along "
     "with its token. It ends at t, not at T - 1.")
WRONG void wrong_hide_distant_from_the_end(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T - window; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_pieces,
     "the text is cut into pieces of `window` tokens, and a token sees back to the "
     "beginning of its piece: every token has its own window, which ends at the token "
     "itself.")
WRONG void wrong_hide_distant_pieces(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < t / window * window; s++)
            scores[t][s] = -INFINITY;
}

SAYS(wrong_hide_distant_first,
     "the first `window` tokens are hidden from everyone who comes after them: it is the "
     "last `window` that stay, counted back from t.")
WRONG void wrong_hide_distant_first(int T, int window, float scores[T][T])
{
    for (int t = 0; t < T; t++)
        for (int s = 0; s < window && s < t; s++)
            scores[t][s] = -INFINITY;
}

/* ---- hide_answer ------------------------------------------------------------------- */

SAYS(wrong_hide_answer_as_handed_out, "the answer is hidden from the answer only: the "
                                      "code that was handed out gives the same numbers.")
WRONG void wrong_hide_answer_as_handed_out(int T, int prompt, float scores[T][T])
{
    for (int t = prompt; t < T; t++)
        for (int s = t + 1; s < T; s++)
            scores[t][s] = -INFINITY;
}

/* Hides from row t what starts at s = t + after, or at s = prompt + more if that is later. */
static inline void hide_later(int T, int prompt, float scores[T][T], int after, int more,
                              float number)
{
    for (int t = 0; t < T; t++)
        for (int s = t + after > prompt + more ? t + after : prompt + more; s < T; s++)
            if (s >= 0)
                scores[t][s] = number;
}

SAYS(wrong_hide_answer_hide_future,
     "all of the future is hidden, as in exercise 1: a token of the prompt sees what "
     "comes later in the prompt.")
WRONG void wrong_hide_answer_hide_future(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 1, -T, -INFINITY);
}

SAYS(wrong_hide_answer_prompt_only,
     "the whole answer is hidden from every token: a token of the answer sees itself, "
     "and the answer before it.")
WRONG void wrong_hide_answer_prompt_only(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, -T, 0, -INFINITY);
}

SAYS(wrong_hide_answer_prompt_one_longer,
     "the prompt has one token more: its tokens are 0 to prompt - 1, so s = prompt is "
     "the first of the answer.")
WRONG void wrong_hide_answer_prompt_one_longer(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 1, 1, -INFINITY);
}

SAYS(wrong_hide_answer_prompt_one_shorter,
     "the prompt has one token fewer: its tokens are 0 to prompt - 1, and all of them "
     "are seen.")
WRONG void wrong_hide_answer_prompt_one_shorter(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 1, -1, -INFINITY);
}

SAYS(wrong_hide_answer_not_itself, "a token of the answer does not see itself: what is "
                                   "hidden from it begins at s = t + 1.")
WRONG void wrong_hide_answer_not_itself(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 0, 0, -INFINITY);
}

SAYS(wrong_hide_answer_sees_the_next,
     "a token of the answer sees the token after it: that is the one to be guessed.")
WRONG void wrong_hide_answer_sees_the_next(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 2, 0, -INFINITY);
}

SAYS(wrong_hide_answer_zero,
     "scores become 0 and not -inf: e^0 is 1, a share like any other. Only e^-inf is 0.")
WRONG void wrong_hide_answer_zero(int T, int prompt, float scores[T][T])
{
    hide_later(T, prompt, scores, 1, 0, 0);
}

SAYS(wrong_hide_answer_prompt_rows_only, "nothing is hidden from the answer: a token of "
                                         "the answer must not see what comes after it.")
WRONG void wrong_hide_answer_prompt_rows_only(int T, int prompt, float scores[T][T])
{
    for (int t = 0; t < prompt; t++)
        for (int s = prompt; s < T; s++)
            scores[t][s] = -INFINITY;
}

#endif
