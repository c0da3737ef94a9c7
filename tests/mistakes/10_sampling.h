/* The usual mistakes in the exercises of chapter 10. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef SAMPLING_MISTAKES_H
#define SAMPLING_MISTAKES_H

/* ---- temper ------------------------------------------------------------------------- */

SAYS(wrong_temper_multiplies, "the logits are multiplied by the temperature: divide by "
                              "it. A high temperature makes "
                              "differences smaller, a low one larger.")
WRONG void wrong_temper_multiplies(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        logits[v] *= temperature;
}

SAYS(wrong_temper_softmax, "these are probabilities: leave the softmax out. What should "
                           "come out are logits, each "
                           "divided by the temperature.")
WRONG void wrong_temper_softmax(int V, float logits[V], float temperature)
{
    float *scaled = grab((size_t)V, sizeof *scaled);
    for (int v = 0; v < V; v++)
        scaled[v] = logits[v] / temperature;
    softmax(V, logits, scaled);
    free(scaled);
}

SAYS(wrong_temper_after_softmax,
     "the probabilities are divided by the temperature: divide the logits, before any "
     "softmax. A softmax divides by the sum, and what all have in common is lost in it.")
WRONG void wrong_temper_after_softmax(int V, float logits[V], float temperature)
{
    float p[V];
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        logits[v] = p[v] / temperature;
}

SAYS(
    wrong_temper_subtracts,
    "the temperature is taken off each logit: that changes no probability at all, as the "
    "softmax does not care where 0 is. Divide by it.")
WRONG void wrong_temper_subtracts(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        logits[v] -= temperature;
}

SAYS(
    wrong_temper_positive_only,
    "negative logits are left as they are: divide them too. -2 at temperature 0.5 is -4.")
WRONG void wrong_temper_positive_only(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        if (logits[v] > 0)
            logits[v] /= temperature;
}

SAYS(wrong_temper_last_left_out,
     "the last token's logit is left as it is: v runs from 0 to V - 1.")
WRONG void wrong_temper_last_left_out(int V, float logits[V], float temperature)
{
    for (int v = 0; v + 1 < V; v++)
        logits[v] /= temperature;
}

SAYS(wrong_temper_squared,
     "the logits are divided twice by the temperature: once is enough.")
WRONG void wrong_temper_squared(int V, float logits[V], float temperature)
{
    for (int v = 0; v < V; v++)
        logits[v] /= temperature * temperature;
}

/* ---- keep_top_k --------------------------------------------------------------------- */

/* Cuts what is below the k-th largest, as it should be, but puts `cut` there. */
static inline void cut_below(int V, float logits[V], int k, float cut)
{
    float copy[V];
    memcpy(copy, logits, sizeof copy);
    const float least = k > V ? -INFINITY : k < 1 ? INFINITY : kth_largest(V, copy, k);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = cut;
}

SAYS(wrong_keep_top_k_exactly_k,
     "exactly k tokens stay. Those that are equal to the k-th largest should stay as "
     "well: "
     "nothing but their place in the list would tell them apart.")
WRONG void wrong_keep_top_k_exactly_k(int V, float logits[V], int k)
{
    float was[V];
    memcpy(was, logits, sizeof was);
    for (int v = 0; v < V; v++) {
        int before = 0;
        for (int u = 0; u < V; u++)
            before += was[u] > was[v] || (was[u] == was[v] && u < v);
        if (before >= k)
            logits[v] = -INFINITY;
    }
}

SAYS(wrong_keep_top_k_kth_cut,
     "the k-th largest is cut too, with all that equal it: cut what is smaller (<), not "
     "smaller or equal (<=).")
WRONG void wrong_keep_top_k_kth_cut(int V, float logits[V], int k)
{
    if (k >= V)
        return;
    float copy[V];
    memcpy(copy, logits, sizeof copy);
    const float least = kth_largest(V, copy, k);
    for (int v = 0; v < V; v++)
        if (logits[v] <= least)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_top_k_one_more, "the (k + 1)-th largest stays too. (In an array that "
                                "begins at 0, the k-th largest is at "
                                "k - 1.)")
WRONG void wrong_keep_top_k_one_more(int V, float logits[V], int k)
{
    cut_below(V, logits, k + 1, -INFINITY);
}

SAYS(wrong_keep_top_k_one_less, "one too few stay: the k-th largest is to stay as well.")
WRONG void wrong_keep_top_k_one_less(int V, float logits[V], int k)
{
    if (k < V)
        cut_below(V, logits, k - 1, -INFINITY);
}

SAYS(wrong_keep_top_k_zero, "what is cut is 0: e^0 is 1, so the softmax gives it a "
                            "share, and more than to negative "
                            "logits. It should be -INFINITY.")
WRONG void wrong_keep_top_k_zero(int V, float logits[V], int k)
{
    cut_below(V, logits, k, 0);
}

SAYS(wrong_keep_top_k_finite, "what is cut is a very small number: it should be "
                              "-INFINITY, whose share is exactly 0.")
WRONG void wrong_keep_top_k_finite(int V, float logits[V], int k)
{
    cut_below(V, logits, k, -1e9f);
}

SAYS(wrong_keep_top_k_smallest, "the k smallest stay: the k largest should.")
WRONG void wrong_keep_top_k_smallest(int V, float logits[V], int k)
{
    for (int v = 0; v < V; v++)
        logits[v] = -logits[v];
    cut_below(V, logits, k, INFINITY);
    for (int v = 0; v < V; v++)
        logits[v] = fabsf(logits[v]) < INFINITY ? -logits[v] : -INFINITY;
}

SAYS(wrong_keep_top_k_different,
     "equal logits count as one: the k-th largest is that of all V numbers, equal ones "
     "counted each.")
WRONG void wrong_keep_top_k_different(int V, float logits[V], int k)
{
    float was[V];
    memcpy(was, logits, sizeof was);
    for (int v = 0; v < V; v++) {
        int larger = 0;
        for (int u = 0; u < V; u++) {
            bool first = was[u] > was[v];
            for (int i = 0; i < u; i++)
                first = first && was[i] != was[u];
            larger += first;
        }
        if (larger >= k)
            logits[v] = -INFINITY;
    }
}

SAYS(wrong_keep_top_k_no_copy,
     "the logits are in another order than before: kth_largest moves the numbers about. "
     "Give it a copy.")
WRONG void wrong_keep_top_k_no_copy(int V, float logits[V], int k)
{
    if (k >= V)
        return;
    const float least = kth_largest(V, logits, k);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

/* ---- keep_top_p --------------------------------------------------------------------- */

enum top_p_slip {
    TOP_P_WITHOUT_CROSSING,
    TOP_P_NONE_FOR_0,
    TOP_P_ONE_MORE,
    TOP_P_ZERO,
    TOP_P_UNSORTED,
    TOP_P_FROM_BELOW,
    TOP_P_EACH,
    TOP_P_TIES_STAY,
    TOP_P_HIGHER_ID,
    TOP_P_PROBABILITIES,
    TOP_P_REST,
};

static inline void slipped_top_p(int V, float logits[V], float top_p,
                                 enum top_p_slip slip)
{
    float p[V];
    bool stays[V];
    int rank[V], count = 0;
    softmax(V, p, logits);
    double least = 1;
    for (int v = 0; v < V; v++) {
        double before = 0;
        rank[v] = 0;
        for (int u = 0; u < V; u++) {
            bool comes = p[u] > p[v] || (p[u] == p[v] && u < v);
            if (slip == TOP_P_HIGHER_ID)
                comes = p[u] > p[v] || (p[u] == p[v] && u > v);
            if (slip == TOP_P_UNSORTED)
                comes = u < v;
            if (slip == TOP_P_FROM_BELOW)
                comes = p[u] < p[v] || (p[u] == p[v] && u < v);
            before += comes ? (double)p[u] : 0;
            rank[v] += comes;
        }
        const bool first = rank[v] == 0;
        const double wanted = slip == TOP_P_REST ? 1 - (double)top_p : (double)top_p;
        stays[v] = first || before < wanted;
        if (slip == TOP_P_NONE_FOR_0)
            stays[v] = before < wanted;
        if (slip == TOP_P_WITHOUT_CROSSING)
            stays[v] = first || before + (double)p[v] <= wanted;
        if (slip == TOP_P_EACH)
            stays[v] = first || (double)p[v] >= wanted;
        count += stays[v];
        if (stays[v] && (double)p[v] < least)
            least = (double)p[v];
    }
    for (int v = 0; v < V; v++) {
        const bool kept = stays[v] ||
                          (slip == TOP_P_TIES_STAY && (double)p[v] >= least) ||
                          (slip == TOP_P_ONE_MORE && rank[v] <= count);
        if (!kept)
            logits[v] = slip == TOP_P_ZERO || slip == TOP_P_PROBABILITIES ? 0 : -INFINITY;
        else if (slip == TOP_P_PROBABILITIES)
            logits[v] = p[v];
    }
}

SAYS(wrong_keep_top_p_without_crossing,
     "the token with which the sum reaches top_p is cut: it should be the last that "
     "stays. "
     "Without it, those that stay have less than top_p together.")
WRONG void wrong_keep_top_p_without_crossing(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_WITHOUT_CROSSING);
}

SAYS(wrong_keep_top_p_nothing_left, "for top_p 0 no token is left, and the softmax of "
                                    "nothing is NaN: the likeliest always "
                                    "stays.")
WRONG void wrong_keep_top_p_nothing_left(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_NONE_FOR_0);
}

SAYS(
    wrong_keep_top_p_one_more,
    "one token more stays than is needed: stop with the token with which the sum reaches "
    "top_p.")
WRONG void wrong_keep_top_p_one_more(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_ONE_MORE);
}

SAYS(wrong_keep_top_p_zero, "what is cut is 0: e^0 is 1, so the softmax gives it a "
                            "share. It should be -INFINITY.")
WRONG void wrong_keep_top_p_zero(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_ZERO);
}

SAYS(wrong_keep_top_p_unsorted, "the tokens are added up in the order of their ids: "
                                "begin with the likeliest, then the "
                                "next likely, and so on.")
WRONG void wrong_keep_top_p_unsorted(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_UNSORTED);
}

SAYS(wrong_keep_top_p_from_below,
     "the sum begins with the unlikely tokens, and the likeliest are cut: sort the other "
     "way.")
WRONG void wrong_keep_top_p_from_below(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_FROM_BELOW);
}

SAYS(wrong_keep_top_p_each, "a token stays if it has the probability top_p by itself: it "
                            "is the sum of the likeliest "
                            "that should reach it.")
WRONG void wrong_keep_top_p_each(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_EACH);
}

SAYS(wrong_keep_top_p_ties_stay,
     "tokens that are equal to the last one stay too: that is right for top-k, but top-p "
     "keeps as few as it can. Of equal ones, the lower id comes first.")
WRONG void wrong_keep_top_p_ties_stay(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_TIES_STAY);
}

SAYS(wrong_keep_top_p_higher_id,
     "of equally likely tokens the one with the higher id comes first: the lower should.")
WRONG void wrong_keep_top_p_higher_id(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_HIGHER_ID);
}

SAYS(wrong_keep_top_p_probabilities,
     "what stays are probabilities: the logits of those that stay should be as they "
     "were, and "
     "the others -INFINITY. The softmax comes later, and makes the sum 1 again.")
WRONG void wrong_keep_top_p_probabilities(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_PROBABILITIES);
}

SAYS(wrong_keep_top_p_rest,
     "those stay that have 1 - top_p together: it should be top_p.")
WRONG void wrong_keep_top_p_rest(int V, float logits[V], float top_p)
{
    slipped_top_p(V, logits, top_p, TOP_P_REST);
}

/* ---- fade_repeats ------------------------------------------------------------------- */

SAYS(
    wrong_fade_repeats_divides_all,
    "negative logits are divided too: that brings them nearer to 0, so the token becomes "
    "likelier. Multiply them.")
WRONG void wrong_fade_repeats_divides_all(int V, float logits[V], int T, const int ids[T],
                                          float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t < T; t++)
        seen[ids[t]] = true;
    for (int v = 0; v < V; v++)
        if (seen[v])
            logits[v] /= penalty;
}

SAYS(wrong_fade_repeats_upside_down, "positive logits are multiplied and negative ones "
                                     "divided: that makes the tokens that "
                                     "were there likelier. It is the other way round.")
WRONG void wrong_fade_repeats_upside_down(int V, float logits[V], int T, const int ids[T],
                                          float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t < T; t++)
        seen[ids[t]] = true;
    for (int v = 0; v < V; v++)
        if (seen[v])
            logits[v] *= logits[v] > 0 ? penalty : 1 / penalty;
}

SAYS(wrong_fade_repeats_each_time,
     "a token that is there several times is punished as often: once is enough.")
WRONG void wrong_fade_repeats_each_time(int V, float logits[V], int T, const int ids[T],
                                        float penalty)
{
    (void)V;
    for (int t = 0; t < T; t++)
        logits[ids[t]] *= logits[ids[t]] > 0 ? 1 / penalty : penalty;
}

SAYS(wrong_fade_repeats_subtracts,
     "the penalty is taken off the logits: here they are divided by it or multiplied.")
WRONG void wrong_fade_repeats_subtracts(int V, float logits[V], int T, const int ids[T],
                                        float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t < T; t++) {
        if (!seen[ids[t]])
            logits[ids[t]] -= penalty;
        seen[ids[t]] = true;
    }
}

SAYS(wrong_fade_repeats_forbids,
     "tokens that were there can never come again: they should only become less likely. "
     "Else there would soon be no blank and no comma left.")
WRONG void wrong_fade_repeats_forbids(int V, float logits[V], int T, const int ids[T],
                                      float penalty)
{
    (void)V;
    (void)penalty;
    for (int t = 0; t < T; t++)
        logits[ids[t]] = -INFINITY;
}

SAYS(wrong_fade_repeats_others,
     "the tokens that were not there are made less likely: it should be those that were.")
WRONG void wrong_fade_repeats_others(int V, float logits[V], int T, const int ids[T],
                                     float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t < T; t++)
        seen[ids[t]] = true;
    for (int v = 0; v < V; v++)
        if (!seen[v])
            logits[v] *= logits[v] > 0 ? 1 / penalty : penalty;
}

SAYS(wrong_fade_repeats_places,
     "t, the place in the text, is taken for a token: the token at place t is ids[t].")
WRONG void wrong_fade_repeats_places(int V, float logits[V], int T, const int ids[T],
                                     float penalty)
{
    (void)ids;
    for (int t = 0; t < T && t < V; t++)
        logits[t] *= logits[t] > 0 ? 1 / penalty : penalty;
}

SAYS(wrong_fade_repeats_last_only,
     "only the last token is made less likely: all T that are in the text should be.")
WRONG void wrong_fade_repeats_last_only(int V, float logits[V], int T, const int ids[T],
                                        float penalty)
{
    (void)V;
    const int id = ids[T - 1];
    logits[id] *= logits[id] > 0 ? 1 / penalty : penalty;
}

SAYS(wrong_fade_repeats_last_left_out,
     "the last token of the text is left out: t runs from 0 to T - 1.")
WRONG void wrong_fade_repeats_last_left_out(int V, float logits[V], int T,
                                            const int ids[T], float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t + 1 < T; t++) {
        if (!seen[ids[t]])
            logits[ids[t]] *= logits[ids[t]] > 0 ? 1 / penalty : penalty;
        seen[ids[t]] = true;
    }
}

#endif
