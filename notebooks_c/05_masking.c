/* The exercises of chapter 5: chapters/05_masking.md. Write each function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-05     what is right, what is not, and what to do next
 *   make hint-05         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/05_masking.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/05_masking.h"

/* Exercise 1: the mask. A token must not see what comes after it.
 *
 * T       how many tokens; 1 or more
 * scores  [T, T], changed in place: scores[t][s] says how much token t wants token s. If s is
 *         later than t, it becomes minus infinity; all others stay as they are. Some may be
 *         minus infinity already
 *
 * Minus infinity is -INFINITY, from <math.h>.
 *
 * Example: {{1, 2}, {3, 4}} becomes {{1, -inf}, {3, 4}}. */
void hide_future(int T, float scores[T][T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: masked softmax, without a mask and without infinity.
 *
 * T        how many tokens; 1 or more
 * scores   [T, T]; what is above the diagonal may be anything: huge, infinite, NaN. It must
 *          not matter. Of the scores of tokens 0 to t, some may be minus infinity, but not all
 * weights  [T, T], to be written: row t is the softmax of the scores of tokens 0 to t, as if
 *          there were no others; the weights of later tokens are 0
 *
 * softmax(n, p, s) of chapter 4 turns n scores into n weights.
 *
 * Example: {{5, 900}, {2, 2}} becomes {{1, 0}, {0.5, 0.5}}. */
void softmax_past(int T, float weights[restrict T][T], const float scores[T][T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: a window. A token sees no further back than `window` tokens, itself included.
 *
 * T       how many tokens; 1 or more
 * window  how many tokens can be seen: itself and the window - 1 just before it; 1 or more,
 *         and it may be larger than T
 * scores  [T, T], changed in place: minus infinity if token s is too far back for token t.
 *         All others stay, those of the future too: hide_future takes care of them
 *
 * Example: with window 1, {{1, 2}, {3, 4}} becomes {{1, 2}, {-inf, 4}}. With window 2 it
 * stays as it is. */
void hide_distant(int T, int window, float scores[T][T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 4, to mend: the prompt is read both ways, the answer is not.
 *
 * T       how many tokens; 1 or more
 * prompt  how many of them are the prompt, 0 to T; the others, after it, are the answer
 * scores  [T, T], changed in place: minus infinity if token t must not see token s, all others
 *         stay as they are. Every token sees the whole prompt: a token of the prompt also sees
 *         what comes later in the prompt. A token of the answer is seen by itself and by what
 *         comes after it
 *
 * Example: with prompt 2, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}} becomes
 *          {{1, 2, -inf}, {4, 5, -inf}, {7, 8, 9}}.
 *
 * Symptoms: in the example it changes nothing at all. And in a text of 6 tokens, 3 of them
 * the prompt, a different last token gave different rows for the tokens of the prompt. */
void hide_answer(int T, int prompt, float scores[T][T])
{
    for (int t = 0; t < T; t++) {
        if (t < prompt)
            continue; /* it may look both ways */
        for (int s = t + 1; s < T; s++)
            scores[t][s] = -INFINITY;
    }
}
