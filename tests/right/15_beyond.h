/* Right answers to the exercises of chapter 15 that are not the book's: other ways to the same
 * numbers, as readers write them. Each must pass. */
#ifndef BEYOND_RIGHT_H
#define BEYOND_RIGHT_H

/* ---- mask_prompts ------------------------------------------------------------------- */

static inline bool mark_ends_at(int t, const int ids[], int m, const int mark[])
{
    for (int i = 0; i < m; i++)
        if (t - m + 1 + i < 0 || ids[t - m + 1 + i] != mark[i])
            return false;
    return true;
}

RIGHT_ANSWER void right_mask_prompts_as_hinted(int T, int targets[restrict T],
                                               const int ids[T + 1], int m,
                                               const int mark[m], int end)
{
    bool inside = false;
    for (int t = 0; t < T; t++) {
        if (ids[t] == end)
            inside = false;
        if (mark_ends_at(t, ids, m, mark))
            inside = true;
        targets[t] = inside ? ids[t + 1] : -1;
    }
}

/* All is hidden first; then each mark shows what follows it. */
RIGHT_ANSWER void right_mask_prompts_from_each_mark(int T, int targets[restrict T],
                                                    const int ids[T + 1], int m,
                                                    const int mark[m], int end)
{
    for (int t = 0; t < T; t++)
        targets[t] = -1;
    for (int t = 0; t < T; t++)
        if (mark_ends_at(t, ids, m, mark))
            for (int s = t; s < T && ids[s] != end; s++)
                targets[s] = ids[s + 1];
}

/* For each position: is there a mark since the last <|endoftext|>? */
RIGHT_ANSWER void right_mask_prompts_looking_back(int T, int targets[restrict T],
                                                  const int ids[T + 1], int m,
                                                  const int mark[m], int end)
{
    for (int t = T - 1; t >= 0; t--) {
        int s = t;
        while (s >= 0 && ids[s] != end && !mark_ends_at(s, ids, m, mark))
            s--;
        targets[t] = s >= 0 && ids[s] != end ? ids[t + 1] : -1;
    }
}

/* A copy of the row, moved by one; then prompts are crossed out. */
RIGHT_ANSWER void right_mask_prompts_crossed_out(int T, int targets[restrict T],
                                                 const int ids[T + 1], int m,
                                                 const int mark[m], int end)
{
    memcpy(targets, ids + 1, (size_t)T * sizeof *targets);
    for (int t = 0; t < T;) {
        while (t < T && !mark_ends_at(t, ids, m, mark))
            targets[t++] = -1;
        while (t < T && ids[t] != end)
            t++;
    }
}

/* ---- first_wrong -------------------------------------------------------------------- */

RIGHT_ANSWER int right_first_wrong_own_search(int T, int V, const float logits[T][V],
                                              const int targets[T])
{
    int t = 0;
    for (; t < T; t++) {
        int best = 0;
        for (int v = 1; v < V && targets[t] != -1; v++)
            if (logits[t][v] > logits[t][best])
                best = v;
        if (targets[t] != -1 && best != targets[t])
            break;
    }
    return t;
}

/* No logit may be larger, and none before it as large. */
RIGHT_ANSWER int right_first_wrong_rivals(int T, int V, const float logits[T][V],
                                          const int targets[T])
{
    for (int t = 0; t < T; t++)
        for (int v = 0; v < V && targets[t] >= 0; v++)
            if (logits[t][v] > logits[t][targets[t]] ||
                (v < targets[t] && logits[t][v] >= logits[t][targets[t]]))
                return t;
    return T;
}

RIGHT_ANSWER int right_first_wrong_recursion(int T, int V, const float logits[T][V],
                                             const int targets[T])
{
    if (T == 0)
        return 0;
    const int before = right_first_wrong_recursion(T - 1, V, logits, targets);
    if (before < T - 1)
        return before;
    return targets[T - 1] == -1 || likeliest(V, logits[T - 1]) == targets[T - 1] ? T
                                                                                 : T - 1;
}

/* From the back: the last one found is the first. */
RIGHT_ANSWER int right_first_wrong_backwards(int T, int V, const float logits[T][V],
                                             const int targets[T])
{
    int found = T;
    for (int t = T - 1; t >= 0; t--)
        if (targets[t] >= 0 && targets[t] != likeliest(V, logits[t]))
            found = t;
    return found;
}

/* ---- note_event --------------------------------------------------------------------- */

RIGHT_ANSWER int right_note_event_as_hinted(unsigned char bytes[restrict 7],
                                            unsigned wait, bool begins, int channel,
                                            int pitch, int velocity)
{
    unsigned char *to = bytes;
    const unsigned pieces[] = {wait >> 21, wait >> 14, wait >> 7};
    for (int i = 0; i < 3; i++)
        if (pieces[i] != 0)
            *to++ = (unsigned char)(0x80 | (pieces[i] & 0x7F));
    *to++ = (unsigned char)(wait & 0x7F);
    *to++ = (unsigned char)((begins ? 0x90 : 0x80) | channel);
    *to++ = (unsigned char)pitch;
    *to++ = (unsigned char)velocity;
    return (int)(to - bytes);
}

/* The pieces from the lowest on, put down in reverse, as the MIDI standard's own example does. */
RIGHT_ANSWER int right_note_event_from_a_buffer(unsigned char bytes[restrict 7],
                                                unsigned wait, bool begins, int channel,
                                                int pitch, int velocity)
{
    unsigned long buffer = wait & 0x7F;
    int n = 0;
    while ((wait >>= 7) > 0)
        buffer = buffer << 8 | 0x80 | (wait & 0x7F);
    for (;; buffer >>= 8) {
        bytes[n++] = (unsigned char)(buffer & 0xFF);
        if (!(buffer & 0x80))
            break;
    }
    bytes[n++] = (unsigned char)(begins ? 0x90 + channel : 0x80 + channel);
    bytes[n++] = (unsigned char)pitch;
    bytes[n++] = (unsigned char)velocity;
    return n;
}

/* How many bytes the wait needs; then by division, from its last byte to its first. */
RIGHT_ANSWER int right_note_event_by_division(unsigned char bytes[restrict 7],
                                              unsigned wait, bool begins, int channel,
                                              int pitch, int velocity)
{
    const int n = wait < 128 ? 1 : wait < 16384 ? 2 : wait < 2097152 ? 3 : 4;
    for (int i = n - 1; i >= 0; i--, wait /= 128)
        bytes[i] = (unsigned char)(wait % 128 + (i < n - 1 ? 128 : 0));
    bytes[n] = (unsigned char)(128 + 16 * begins + channel);
    bytes[n + 1] = (unsigned char)pitch;
    bytes[n + 2] = (unsigned char)velocity;
    return n + 3;
}

static inline int right_pieces(unsigned char *bytes, unsigned wait, int more)
{
    const int before = wait >> 7 ? right_pieces(bytes, wait >> 7, 0x80) : 0;
    bytes[before] = (unsigned char)((wait & 0x7F) | (unsigned)more);
    return before + 1;
}

RIGHT_ANSWER int right_note_event_recursive(unsigned char bytes[restrict 7],
                                            unsigned wait, bool begins, int channel,
                                            int pitch, int velocity)
{
    const int n = right_pieces(bytes, wait, 0);
    memcpy(bytes + n,
           (const unsigned char[]){(unsigned char)(0x80 | begins << 4 | channel),
                                   (unsigned char)pitch, (unsigned char)velocity},
           3);
    return n + 3;
}

/* ---- ask ---------------------------------------------------------------------------- */

RIGHT_ANSWER int right_ask_as_hinted(int n, const int prompt[n], int m, const int mark[m],
                                     int end, int ids[restrict 1 + n + m])
{
    int count = 0;
    ids[count++] = end;
    for (int t = 0; t < n; t++)
        ids[count++] = prompt[t];
    for (int t = 0; t < m; t++)
        ids[count++] = mark[t];
    return count;
}

RIGHT_ANSWER int right_ask_backwards(int n, const int prompt[n], int m, const int mark[m],
                                     int end, int ids[restrict 1 + n + m])
{
    const int all = 1 + n + m;
    for (int t = all - 1; t >= 0; t--)
        ids[t] = t == 0 ? end : t <= n ? prompt[t - 1] : mark[t - 1 - n];
    return all;
}

RIGHT_ANSWER int right_ask_pointer(int n, const int prompt[n], int m, const int mark[m],
                                   int end, int ids[restrict 1 + n + m])
{
    int *to = ids;
    *to++ = end;
    while (to < ids + 1 + n)
        *to++ = *prompt++;
    memcpy(to, mark, (size_t)m * sizeof *to);
    return (int)(to - ids) + m;
}

#endif
