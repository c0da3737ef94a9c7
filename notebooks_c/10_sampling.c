/* The exercises of chapter 10: chapters/10_sampling.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-10     what is right, what is not, and what to do next
 *   make hint-10         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/10_sampling.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/10_sampling.h"

/* Exercise 1: temperature.
 *
 * logits [V]     divide each by the temperature, in place
 * temperature    above 0
 *
 * Example, V = 3, temperature 0.5: logits {2, 1, -1} become {4, 2, -2}. */
void temper(int V, float logits[V], float temperature)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: only the k likeliest may be chosen.
 *
 * logits [V]   those that are smaller than the k-th largest become -INFINITY, in place. So
 *              those that are equal to it stay, even if that leaves more than k. The others
 *              do not change.
 * k            1 or more; if it is V or more, nothing changes
 *
 * kth_largest(n, x, k) gives the k-th largest of n numbers, but moves them about: give it a
 * copy. grab((size_t)V, sizeof(float)) gives memory for that; free it at the end.
 *
 * Examples: logits {1, 3, 2, 0}, k 2 → {-inf, 3, 2, -inf};
 *           logits {1, 3, 1, 0}, k 2 → {1, 3, 1, -inf}: two are second largest. */
void keep_top_k(int V, float logits[V], int k)
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: only the likeliest may be chosen, as many as it takes to reach top_p together.
 *
 * logits [V]   their softmax gives the probabilities. Go through the tokens, the likeliest
 *              first, and add up. The token with which the sum reaches top_p, or goes beyond
 *              it, is the last that stays. The logits of those after it become -INFINITY; the
 *              others are left as they are.
 * top_p        from 0 to 1. The likeliest always stays, even for 0. Of equally likely ones, the
 *              one with the lower id comes first.
 *
 * Example: logits whose probabilities are {1/8, 1/2, 1/4, 1/8}. For top_p 0.7, tokens 1 and 2
 * stay (1/2 is too little, 3/4 is enough); for 0.8, tokens 0, 1 and 2; for 0.4, token 1. */
void keep_top_p(int V, float logits[V], float top_p)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: tokens that are already in the text become less likely.
 *
 * ids [T]      the text so far
 * logits [V]   for each token that is among the ids: its logit, if it is above 0, is divided
 *              by the penalty; else it is multiplied by it. Both make it smaller. Only once,
 *              however often the token is there. All other logits stay the same.
 * penalty      1 (nothing changes) or more
 *
 * Example, V = 4, ids {2, 0, 2}, penalty 2: logits {-1, 5, 3, 1} → {-2, 5, 1.5, 1}. */
void fade_repeats(int V, float logits[V], int T, const int ids[T], float penalty)
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: only tokens that are not much less likely than the likeliest.
 *
 * logits [V]   a token stays if its probability is at least min_p times that of the likeliest.
 *              The logits of those that stay are left as they are; the others become
 *              -INFINITY. Some may be -INFINITY from the start, but not all.
 * min_p        from 0 (all stay) to 1 (only the likeliest, and those equal to it)
 *
 * Example: logits {ln 4, 0, ln 2}, whose probabilities are {4/7, 1/7, 2/7}. For min_p 0.4,
 * tokens 0 and 2 stay: 2/7 is half of 4/7, which is enough, and 1/7 is a quarter of it.
 *
 * Symptoms: the example comes out right. But add 10 to all three logits, which changes no
 * probability, and all tokens stay; take 10 off, and none does, not even the likeliest. */
void keep_min_p(int V, float logits[V], float min_p)
{
    float largest = logits[0];
    for (int v = 1; v < V; v++)
        if (logits[v] > largest)
            largest = logits[v];
    for (int v = 0; v < V; v++)
        if (logits[v] < min_p * largest)
            logits[v] = -INFINITY;
}
