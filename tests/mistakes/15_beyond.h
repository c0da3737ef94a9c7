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

/* ---- note_event --------------------------------------------------------------------- */

/* The event as it should be after a wait of n bytes. */
static inline int after_wait(int n, unsigned char *bytes, bool begins, int channel,
                             int pitch, int velocity)
{
    bytes[n++] = (unsigned char)((begins ? 0x90 : 0x80) + channel);
    bytes[n++] = (unsigned char)pitch;
    bytes[n++] = (unsigned char)velocity;
    return n;
}

/* The wait as it should be. */
static inline int right_wait(unsigned char *bytes, unsigned wait)
{
    int n = 0;
    for (int shift = 21; shift > 0; shift -= 7)
        if (wait >> shift)
            bytes[n++] = (unsigned char)(0x80 | (wait >> shift & 0x7F));
    bytes[n++] = wait & 0x7F;
    return n;
}

SAYS(wrong_note_event_lowest_first,
     "the lowest seven bits of the wait come first: the highest piece is to come first.")
WRONG int wrong_note_event_lowest_first(unsigned char bytes[restrict 7], unsigned wait,
                                        bool begins, int channel, int pitch, int velocity)
{
    int n = 0;
    for (; wait >= 0x80; wait >>= 7)
        bytes[n++] = (unsigned char)(0x80 | (wait & 0x7F));
    bytes[n++] = (unsigned char)wait;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_no_top_bits,
     "no byte of the wait has its top bit set: it says that another byte follows.")
WRONG int wrong_note_event_no_top_bits(unsigned char bytes[restrict 7], unsigned wait,
                                       bool begins, int channel, int pitch, int velocity)
{
    int n = right_wait(bytes, wait);
    for (int i = 0; i < n; i++)
        bytes[i] &= 0x7F;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_last_top_bit,
     "the last byte of the wait has its top bit set, too: after it no other follows.")
WRONG int wrong_note_event_last_top_bit(unsigned char bytes[restrict 7], unsigned wait,
                                        bool begins, int channel, int pitch, int velocity)
{
    int n = right_wait(bytes, wait);
    bytes[n - 1] |= 0x80;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_top_bit_reversed, "the top bit is set in the last byte of the wait "
                                        "and in no other: it is the other way round.")
WRONG int wrong_note_event_top_bit_reversed(unsigned char bytes[restrict 7],
                                            unsigned wait, bool begins, int channel,
                                            int pitch, int velocity)
{
    int n = right_wait(bytes, wait);
    for (int i = 0; i < n; i++)
        bytes[i] ^= 0x80;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_always_four, "all four pieces of the wait are written: those that "
                                   "are 0 at the front are to be left out.")
WRONG int wrong_note_event_always_four(unsigned char bytes[restrict 7], unsigned wait,
                                       bool begins, int channel, int pitch, int velocity)
{
    int n = 0;
    for (int shift = 21; shift > 0; shift -= 7)
        bytes[n++] = (unsigned char)(0x80 | (wait >> shift & 0x7F));
    bytes[n++] = wait & 0x7F;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_skips_zeros,
     "a piece of 0 in the middle is left out too: only those at the front may be.")
WRONG int wrong_note_event_skips_zeros(unsigned char bytes[restrict 7], unsigned wait,
                                       bool begins, int channel, int pitch, int velocity)
{
    int n = 0;
    for (int shift = 21; shift > 0; shift -= 7)
        if (wait >> shift & 0x7F)
            bytes[n++] = (unsigned char)(0x80 | (wait >> shift & 0x7F));
    bytes[n++] = wait & 0x7F;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_eight_bits, "the wait is cut into pieces of eight bits: they have "
                                  "seven, and the eighth says whether more follow.")
WRONG int wrong_note_event_eight_bits(unsigned char bytes[restrict 7], unsigned wait,
                                      bool begins, int channel, int pitch, int velocity)
{
    int n = 0;
    for (int shift = 24; shift > 0; shift -= 8)
        if (wait >> shift)
            bytes[n++] = (unsigned char)(wait >> shift & 0xFF);
    bytes[n++] = (unsigned char)(wait & 0xFF);
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_two_bytes, "no wait has more than two bytes: there may be four.")
WRONG int wrong_note_event_two_bytes(unsigned char bytes[restrict 7], unsigned wait,
                                     bool begins, int channel, int pitch, int velocity)
{
    int n = 0;
    if (wait >> 7)
        bytes[n++] = (unsigned char)(0x80 | (wait >> 7 & 0x7F));
    bytes[n++] = wait & 0x7F;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_nothing_for_zero, "a wait of 0 has no byte at all: it has one, 00.")
WRONG int wrong_note_event_nothing_for_zero(unsigned char bytes[restrict 7],
                                            unsigned wait, bool begins, int channel,
                                            int pitch, int velocity)
{
    int n = wait ? right_wait(bytes, wait) : 0;
    return after_wait(n, bytes, begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_always_begins, "every note begins, and none ends: 0x80 ends one.")
WRONG int wrong_note_event_always_begins(unsigned char bytes[restrict 7], unsigned wait,
                                         bool begins, int channel, int pitch,
                                         int velocity)
{
    int n = right_wait(bytes, wait);
    (void)begins;
    return after_wait(n, bytes, true, channel, pitch, velocity);
}

SAYS(wrong_note_event_other_way_round,
     "0x80 and 0x90 are the wrong way round: 0x90 begins a note.")
WRONG int wrong_note_event_other_way_round(unsigned char bytes[restrict 7], unsigned wait,
                                           bool begins, int channel, int pitch,
                                           int velocity)
{
    int n = right_wait(bytes, wait);
    return after_wait(n, bytes, !begins, channel, pitch, velocity);
}

SAYS(wrong_note_event_one_channel,
     "all notes are on channel 0: the channel is to be added to 0x90 and 0x80.")
WRONG int wrong_note_event_one_channel(unsigned char bytes[restrict 7], unsigned wait,
                                       bool begins, int channel, int pitch, int velocity)
{
    int n = right_wait(bytes, wait);
    (void)channel;
    return after_wait(n, bytes, begins, 0, pitch, velocity);
}

SAYS(wrong_note_event_velocity_first,
     "the velocity comes before the pitch: first which key, then how hard.")
WRONG int wrong_note_event_velocity_first(unsigned char bytes[restrict 7], unsigned wait,
                                          bool begins, int channel, int pitch,
                                          int velocity)
{
    int n = right_wait(bytes, wait);
    return after_wait(n, bytes, begins, channel, velocity, pitch);
}

SAYS(wrong_note_event_wait_not_counted,
     "it returns 3, the bytes of the note alone: those of the wait count, too.")
WRONG int wrong_note_event_wait_not_counted(unsigned char bytes[restrict 7],
                                            unsigned wait, bool begins, int channel,
                                            int pitch, int velocity)
{
    int n = right_wait(bytes, wait);
    after_wait(n, bytes, begins, channel, pitch, velocity);
    return 3;
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

SAYS(wrong_ask_no_end,
     "the <|endoftext|> at the front is left out: every example begins with it.")
WRONG int wrong_ask_no_end(int n, const int prompt[n], int m, const int mark[m], int end,
                           int ids[restrict 1 + n + m])
{
    (void)end;
    memcpy(ids, prompt, (size_t)n * sizeof *ids);
    memcpy(ids + n, mark, (size_t)m * sizeof *ids);
    return n + m;
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
