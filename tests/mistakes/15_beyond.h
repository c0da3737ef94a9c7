/* The usual mistakes in the exercises of chapter 15. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef BEYOND_MISTAKES_H
#define BEYOND_MISTAKES_H

/* ---- mask_prompts ------------------------------------------------------------------- */

/* Do the m tokens up to and with ids[t] make the mark? */
static inline bool is_mark(int t, const int ids[], int m, const int mark[])
{
    return t + 1 >= m && memcmp(ids + t + 1 - m, mark, (size_t)m * sizeof *ids) == 0;
}

/* mask_prompts with some things otherwise: how far the start and the end of an answer are moved, whether
 * an end ends it, whether what is before the first mark counts. */
static inline void mask_otherwise(int T, int targets[], const int ids[], int m,
                                  const int mark[], int end, int later, bool with_end,
                                  bool ends, bool first)
{
    bool answer = first;
    int since = later;
    for (int t = 0; t < T; t++) {
        if (ids[t] == end && ends)
            answer = false;
        else if (is_mark(t, ids, m, mark) && !answer)
            answer = true, since = 0;
        targets[t] =
            answer && since >= later && (with_end || ids[t + 1] != end) ? ids[t + 1] : -1;
        since++;
    }
}

SAYS(wrong_mask_prompts_not_moved,
     "the targets are the tokens themselves: position t is to foresee the next one, "
     "ids[t + 1].")
WRONG void wrong_mask_prompts_not_moved(int T, int targets[restrict T],
                                        const int ids[T + 1], int m, const int mark[m],
                                        int end)
{
    bool answer = false;
    for (int t = 0; t < T; t++) {
        if (ids[t] == end)
            answer = false;
        else if (is_mark(t, ids, m, mark))
            answer = true;
        targets[t] = answer ? ids[t] : -1;
    }
}

SAYS(wrong_mask_prompts_one_late,
     "the first token of each answer does not count: it is the target at the mark's last "
     "token.")
WRONG void wrong_mask_prompts_one_late(int T, int targets[restrict T],
                                       const int ids[T + 1], int m, const int mark[m],
                                       int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 1, true, true, false);
}

SAYS(wrong_mask_prompts_no_end,
     "the <|endoftext|> after an answer does not count: then a model never learns to "
     "stop.")
WRONG void wrong_mask_prompts_no_end(int T, int targets[restrict T], const int ids[T + 1],
                                     int m, const int mark[m], int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 0, false, true, false);
}

SAYS(wrong_mask_prompts_first_only,
     "after the first mark everything counts: at <|endoftext|> the answer is over, and "
     "the next prompt begins.")
WRONG void wrong_mask_prompts_first_only(int T, int targets[restrict T],
                                         const int ids[T + 1], int m, const int mark[m],
                                         int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 0, true, false, false);
}

SAYS(wrong_mask_prompts_first_row,
     "what comes before the first mark counts, too: until a mark was read, nothing is "
     "an answer.")
WRONG void wrong_mask_prompts_first_row(int T, int targets[restrict T],
                                        const int ids[T + 1], int m, const int mark[m],
                                        int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 0, true, true, true);
}

SAYS(wrong_mask_prompts_prompts,
     "it is the prompts that count, and the answers that are hidden: the other way "
     "round.")
WRONG void wrong_mask_prompts_prompts(int T, int targets[restrict T],
                                      const int ids[T + 1], int m, const int mark[m],
                                      int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 0, true, true, false);
    for (int t = 0; t < T; t++)
        targets[t] = targets[t] == -1 ? ids[t + 1] : -1;
}

SAYS(wrong_mask_prompts_zero,
     "what does not count gets the target 0, which is a token like any other: it "
     "is to be -1.")
WRONG void wrong_mask_prompts_zero(int T, int targets[restrict T], const int ids[T + 1],
                                   int m, const int mark[m], int end)
{
    mask_otherwise(T, targets, ids, m, mark, end, 0, true, true, false);
    for (int t = 0; t < T; t++)
        targets[t] = targets[t] == -1 ? 0 : targets[t];
}

SAYS(wrong_mask_prompts_last_token,
     "only the last token of the mark is compared: all m of them, in their order, make "
     "the mark.")
WRONG void wrong_mask_prompts_last_token(int T, int targets[restrict T],
                                         const int ids[T + 1], int m, const int mark[m],
                                         int end)
{
    mask_otherwise(T, targets, ids, 1, mark + m - 1, end, 0, true, true, false);
}

/* ---- first_wrong -------------------------------------------------------------------- */

SAYS(wrong_first_wrong_no_mask,
     "positions with the target -1 count as wrong: any token will do there.")
WRONG int wrong_first_wrong_no_mask(int T, int V, const float logits[T][V],
                                    const int targets[T])
{
    for (int t = 0; t < T; t++)
        if (likeliest(V, logits[t]) != targets[t])
            return t;
    return T;
}

SAYS(wrong_first_wrong_last,
     "it is the last wrong position that is returned: stop at the first.")
WRONG int wrong_first_wrong_last(int T, int V, const float logits[T][V],
                                 const int targets[T])
{
    int found = T;
    for (int t = 0; t < T; t++)
        if (targets[t] >= 0 && likeliest(V, logits[t]) != targets[t])
            found = t;
    return found;
}

SAYS(wrong_first_wrong_count,
     "it counts the wrong positions: what is wanted is the first of them, and T if there "
     "is none.")
WRONG int wrong_first_wrong_count(int T, int V, const float logits[T][V],
                                  const int targets[T])
{
    int count = 0;
    for (int t = 0; t < T; t++)
        count += targets[t] >= 0 && likeliest(V, logits[t]) != targets[t];
    return count;
}

SAYS(wrong_first_wrong_minus_one,
     "where nothing is wrong, -1 is returned: it is to be T.")
WRONG int wrong_first_wrong_minus_one(int T, int V, const float logits[T][V],
                                      const int targets[T])
{
    for (int t = 0; t < T; t++)
        if (targets[t] >= 0 && likeliest(V, logits[t]) != targets[t])
            return t;
    return -1;
}

SAYS(wrong_first_wrong_ties,
     "of equally likely tokens the last one is taken for the likeliest: it is the first "
     "that is written.")
WRONG int wrong_first_wrong_ties(int T, int V, const float logits[T][V],
                                 const int targets[T])
{
    for (int t = 0; t < T; t++) {
        int best = 0;
        for (int v = 1; v < V; v++)
            if (logits[t][v] >= logits[t][best])
                best = v;
        if (targets[t] >= 0 && best != targets[t])
            return t;
    }
    return T;
}

SAYS(wrong_first_wrong_zero_hidden,
     "a target of 0 is taken for no target: token 0 is one like any other, and only -1 "
     "means that any will do.")
WRONG int wrong_first_wrong_zero_hidden(int T, int V, const float logits[T][V],
                                        const int targets[T])
{
    for (int t = 0; t < T; t++)
        if (targets[t] > 0 && likeliest(V, logits[t]) != targets[t])
            return t;
    return T;
}

SAYS(wrong_first_wrong_stops_at_mask,
     "at the first target of -1 it stops: the answer comes after those positions.")
WRONG int wrong_first_wrong_stops_at_mask(int T, int V, const float logits[T][V],
                                          const int targets[T])
{
    for (int t = 0; t < T && targets[t] >= 0; t++)
        if (likeliest(V, logits[t]) != targets[t])
            return t;
    return T;
}

/* ---- ask ---------------------------------------------------------------------------- */

SAYS(wrong_ask_as_handed_out,
     "the mark is written, but not counted: the model reads as many tokens as are "
     "returned, and sees a prompt that has no end.")
WRONG int wrong_ask_as_handed_out(int n, const int prompt[n], int m, const int mark[m],
                                  int end, int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + 1 + n, mark, (size_t)m * sizeof *ids);
    return 1 + n;
}

SAYS(wrong_ask_mark_first, "the mark is before the prompt: it ends the prompt.")
WRONG int wrong_ask_mark_first(int n, const int prompt[n], int m, const int mark[m],
                               int end, int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, mark, (size_t)m * sizeof *ids);
    memcpy(ids + 1 + m, prompt, (size_t)n * sizeof *ids);
    return 1 + n + m;
}

SAYS(wrong_ask_end_last,
     "<|endoftext|> comes after the mark: it begins an example, and after it the prompt "
     "is forgotten.")
WRONG int wrong_ask_end_last(int n, const int prompt[n], int m, const int mark[m],
                             int end, int ids[restrict 1 + n + m])
{
    memcpy(ids, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + n, mark, (size_t)m * sizeof *ids);
    ids[n + m] = end;
    return 1 + n + m;
}

SAYS(wrong_ask_one_token, "only the first token of the mark is counted: it has m tokens.")
WRONG int wrong_ask_one_token(int n, const int prompt[n], int m, const int mark[m],
                              int end, int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + 1 + n, mark, (size_t)m * sizeof *ids);
    return 2 + n;
}

SAYS(wrong_ask_no_end_counted,
     "the <|endoftext|> at the front is not counted: 1 + n + m tokens are to be read.")
WRONG int wrong_ask_no_end_counted(int n, const int prompt[n], int m, const int mark[m],
                                   int end, int ids[restrict 1 + n + m])
{
    ids[0] = end;
    memcpy(ids + 1, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + 1 + n, mark, (size_t)m * sizeof *ids);
    return n + m;
}

#endif
