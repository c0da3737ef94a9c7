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

SAYS(wrong_temper_softmax, "probabilities come out: leave the softmax out. What should "
                           "come out are logits, each divided by the temperature.")
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

SAYS(wrong_temper_subtracts,
     "the temperature is subtracted from each logit: that changes no probability at all, "
     "as the softmax does not care where 0 is. Divide by it.")
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
     "well: nothing but their ids would tell them apart.")
WRONG void wrong_keep_top_k_exactly_k(int V, float logits[V], int k)
{
    struct candidate *all = grab((size_t)V, sizeof *all);
    for (int v = 0; v < V; v++)
        all[v] = (struct candidate){logits[v], v};
    qsort(all, (size_t)V, sizeof *all, likelier_first);
    for (int i = k; i < V; i++)
        logits[all[i].id] = -INFINITY;
    free(all);
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
    cut_below(V, logits, k < V ? k + 1 : k, -INFINITY);
}

SAYS(wrong_keep_top_k_one_less, "one too few stay: the k-th largest should stay as well.")
WRONG void wrong_keep_top_k_one_less(int V, float logits[V], int k)
{
    if (k < V)
        cut_below(V, logits, k - 1, -INFINITY);
}

SAYS(wrong_keep_top_k_zero,
     "what is cut is 0: e^0 is 1, so the softmax gives it a share, and a larger one than "
     "negative logits get. It should be -INFINITY.")
WRONG void wrong_keep_top_k_zero(int V, float logits[V], int k)
{
    cut_below(V, logits, k, 0);
}

SAYS(wrong_keep_top_k_finite, "what is cut is a finite number, -1e9: it should be "
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
    float least = INFINITY; /* down from one different number to the next, k times */
    for (int i = 0; i < k && least > -INFINITY; i++) {
        float next = -INFINITY;
        for (int v = 0; v < V; v++)
            if (logits[v] < least && logits[v] > next)
                next = logits[v];
        least = next;
    }
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_top_k_no_copy, "the logits are in a different order than before: "
                               "kth_largest moves the numbers about. Give it a copy.")
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

/* A token, and what it is sorted by: the largest key first, then the lowest id. */
struct placed {
    double key;
    int id;
};

static inline int placed_first(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    return a->key != b->key ? (a->key < b->key) - (a->key > b->key)
                            : (a->id > b->id) - (a->id < b->id);
}

static inline void slipped_top_p(int V, float logits[V], float top_p,
                                 enum top_p_slip slip)
{
    float *p = grab((size_t)V, sizeof *p);
    bool *kept = grab((size_t)V, sizeof *kept);
    struct placed *all = grab((size_t)V, sizeof *all);
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        all[v] = (struct placed){slip == TOP_P_UNSORTED     ? 0
                                 : slip == TOP_P_FROM_BELOW ? -(double)p[v]
                                                            : (double)p[v],
                                 slip == TOP_P_HIGHER_ID ? V - 1 - v : v};
    qsort(all, (size_t)V, sizeof *all, placed_first);
    const double wanted = slip == TOP_P_REST ? 1 - (double)top_p : (double)top_p;
    double before = 0, least = 1;
    int count = 0;
    for (int i = 0; i < V; i++) {
        const int v = slip == TOP_P_HIGHER_ID ? V - 1 - all[i].id : all[i].id;
        const double share = (double)p[v];
        bool stays = i == 0 || before < wanted;
        if (slip == TOP_P_NONE_FOR_0)
            stays = before < wanted;
        if (slip == TOP_P_WITHOUT_CROSSING)
            stays = i == 0 || before + share <= wanted;
        if (slip == TOP_P_EACH)
            stays = i == 0 || share >= wanted;
        if (slip == TOP_P_TIES_STAY && share >= least)
            stays = true;
        if (slip == TOP_P_ONE_MORE && i == count)
            kept[v] = true;
        count += stays;
        kept[v] = kept[v] || stays;
        least = stays ? share : least;
        before += share;
    }
    for (int v = 0; v < V; v++) {
        if (!kept[v])
            logits[v] = slip == TOP_P_ZERO || slip == TOP_P_PROBABILITIES ? 0 : -INFINITY;
        else if (slip == TOP_P_PROBABILITIES)
            logits[v] = p[v];
    }
    free(p);
    free(kept);
    free(all);
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

SAYS(wrong_keep_top_p_one_more, "one token more than needed stays: stop with the token "
                                "with which the sum reaches top_p.")
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

SAYS(wrong_keep_top_p_shares,
     "the logits of those that stay become probabilities: they should be as they were. "
     "The softmax comes later, and makes the sum 1 again.")
WRONG void wrong_keep_top_p_shares(int V, float logits[V], float top_p)
{
    float *p = grab((size_t)V, sizeof *p);
    softmax(V, p, logits);
    keep_top_p(V, logits, top_p);
    for (int v = 0; v < V; v++)
        logits[v] = isinf(logits[v]) ? -INFINITY : p[v];
    free(p);
}

/* Those whose probability is below `least`, or below that part of the likeliest one's, go. */
static inline void cut_rare(int V, float logits[V], float least, bool part)
{
    float *p = grab((size_t)V, sizeof *p), most = 0;
    softmax(V, p, logits);
    for (int v = 0; v < V; v++)
        most = fmaxf(most, p[v]);
    for (int v = 0; v < V; v++)
        if (p[v] < (part ? least * most : least))
            logits[v] = -INFINITY;
    free(p);
}

SAYS(
    wrong_keep_top_p_min_p,
    "a token stays if its probability is at least 1 - top_p times that of the likeliest: "
    "add the probabilities up, the likeliest first, until the sum reaches top_p.")
WRONG void wrong_keep_top_p_min_p(int V, float logits[V], float top_p)
{
    cut_rare(V, logits, 1 - top_p, true);
}

SAYS(wrong_keep_top_p_rare,
     "a token stays if its own probability is at least 1 - top_p: add the probabilities "
     "up, the likeliest first, until the sum reaches top_p.")
WRONG void wrong_keep_top_p_rare(int V, float logits[V], float top_p)
{
    cut_rare(V, logits, 1 - top_p, false);
}

SAYS(wrong_keep_top_p_rest,
     "the tokens that stay have 1 - top_p together: it should be top_p.")
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
     "a token that is there several times is punished as many times: once is enough.")
WRONG void wrong_fade_repeats_each_time(int V, float logits[V], int T, const int ids[T],
                                        float penalty)
{
    (void)V;
    for (int t = 0; t < T; t++)
        logits[ids[t]] *= logits[ids[t]] > 0 ? 1 / penalty : penalty;
}

SAYS(wrong_fade_repeats_subtracts, "the penalty is subtracted from the logits: they "
                                   "should be divided by it or multiplied.")
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

SAYS(wrong_fade_repeats_subtracts_logarithm,
     "the logarithm of the penalty is subtracted from the logits, which divides their "
     "probabilities by it: it is the logits that should be divided or multiplied.")
WRONG void wrong_fade_repeats_subtracts_logarithm(int V, float logits[V], int T,
                                                  const int ids[T], float penalty)
{
    bool seen[V];
    memset(seen, 0, sizeof seen);
    for (int t = 0; t < T; t++) {
        if (!seen[ids[t]])
            logits[ids[t]] -= logf(penalty);
        seen[ids[t]] = true;
    }
}

SAYS(wrong_fade_repeats_forbids,
     "tokens that were there can never come again: they should only become less likely. "
     "Else there would soon be no space and no comma left.")
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

SAYS(wrong_fade_repeats_places, "t, the position in the text, is taken for a token: the "
                                "token at position t is ids[t].")
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

/* ---- keep_min_p --------------------------------------------------------------------- */

SAYS(
    wrong_keep_min_p_as_handed_out,
    "nothing is mended: the tokens that stay are those that stayed when the function was "
    "handed out.")
WRONG void wrong_keep_min_p_as_handed_out(int V, float logits[V], float min_p)
{
    const float least = min_p * logits[likeliest(V, logits)];
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

/* Cuts the tokens whose probability is below `least`: they become `cut`. */
static inline void cut_unlikely(int V, float logits[V], const float p[V], float least,
                                float cut)
{
    for (int v = 0; v < V; v++)
        if (p[v] < least)
            logits[v] = cut;
}

SAYS(wrong_keep_min_p_absolute,
     "a token stays if its probability is at least min_p: it should be min_p times the "
     "largest probability.")
WRONG void wrong_keep_min_p_absolute(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    cut_unlikely(V, logits, p, min_p, -INFINITY);
}

SAYS(wrong_keep_min_p_equal_cut, "a token that is just likely enough is cut too, and for "
                                 "min_p 1 even the likeliest: cut "
                                 "what is less likely, not what is equal.")
WRONG void wrong_keep_min_p_equal_cut(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    const float least = min_p * p[likeliest(V, p)];
    for (int v = 0; v < V; v++)
        if (p[v] <= least)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_min_p_zero, "what is cut is 0: e^0 is 1, so the softmax gives it a "
                            "share. It should be -INFINITY.")
WRONG void wrong_keep_min_p_zero(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    cut_unlikely(V, logits, p, min_p * p[likeliest(V, p)], 0);
}

SAYS(
    wrong_keep_min_p_probabilities,
    "what stays are probabilities: the logits of those that stay should be as they were. "
    "The softmax comes later.")
WRONG void wrong_keep_min_p_probabilities(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    const float least = min_p * p[likeliest(V, p)];
    for (int v = 0; v < V; v++)
        logits[v] = p[v] < least ? -INFINITY : p[v];
}

SAYS(wrong_keep_min_p_upside_down, "the tokens that are likely enough are cut, and the "
                                   "others stay: it should be the other "
                                   "way round.")
WRONG void wrong_keep_min_p_upside_down(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    const float least = min_p * p[likeliest(V, p)];
    for (int v = 0; v < V; v++)
        if (p[v] >= least)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_min_p_largest_so_far, "a token is compared with the likeliest that has "
                                      "come so far: find the likeliest of all "
                                      "first.")
WRONG void wrong_keep_min_p_largest_so_far(int V, float logits[V], float min_p)
{
    float p[V], largest = 0;
    softmax(V, p, logits);
    for (int v = 0; v < V; v++) {
        if (p[v] > largest)
            largest = p[v];
        if (p[v] < min_p * largest)
            logits[v] = -INFINITY;
    }
}

SAYS(wrong_keep_min_p_subtracts,
     "a token stays if its logit is at most min_p below the largest: a factor between "
     "probabilities is not a difference of the same size between logits.")
WRONG void wrong_keep_min_p_subtracts(int V, float logits[V], float min_p)
{
    const float least = logits[likeliest(V, logits)] - min_p;
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_min_p_overflows,
     "e to the logit is infinite or 0 when logits are far from 0, and then the "
     "comparison is "
     "of no use: subtract the largest first, as softmax does.")
WRONG void wrong_keep_min_p_overflows(int V, float logits[V], float min_p)
{
    const float largest = expf(logits[likeliest(V, logits)]);
    for (int v = 0; v < V; v++)
        if (expf(logits[v]) < min_p * largest)
            logits[v] = -INFINITY;
}

SAYS(wrong_keep_min_p_rest, "a token stays if it has 1 - min_p times the largest "
                            "probability: it should be min_p.")
WRONG void wrong_keep_min_p_rest(int V, float logits[V], float min_p)
{
    float p[V];
    softmax(V, p, logits);
    cut_unlikely(V, logits, p, (1 - min_p) * p[likeliest(V, p)], -INFINITY);
}

SAYS(wrong_keep_min_p_share_below,
     "a token stays if its logit is at most 1 - min_p of the largest below it: still a "
     "share of "
     "a logit, which depends on where 0 is. Compare probabilities.")
WRONG void wrong_keep_min_p_share_below(int V, float logits[V], float min_p)
{
    const float largest = logits[likeliest(V, logits)],
                least = largest - (1 - min_p) * fabsf(largest);
    for (int v = 0; v < V; v++)
        if (logits[v] < least)
            logits[v] = -INFINITY;
}

#endif
