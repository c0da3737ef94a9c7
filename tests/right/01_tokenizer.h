/* Right answers of other kinds to the exercises of chapter 1, as readers write them. */
#ifndef TOKENIZER_RIGHT_H
#define TOKENIZER_RIGHT_H

/* ---- printable --------------------------------------------------------------------- */

/* Each stretch of the bytes by itself. */
RIGHT_ANSWER unsigned right_printable_stretches(int byte)
{
    if (byte < 0x21)
        return 256 + (unsigned)byte;
    if (byte >= 0x7F && byte <= 0xA0)
        return 256 + 33 + (unsigned)(byte - 0x7F);
    return byte == 0xAD ? 256 + 67 : (unsigned)byte;
}

/* A table, filled at the first call. */
RIGHT_ANSWER unsigned right_printable_table(int byte)
{
    static unsigned table[256];
    static bool filled;
    if (!filled) {
        for (unsigned b = 0; b < 256; b++)
            table[b] = b;
        unsigned next = 256;
        for (unsigned b = 0; b <= ' '; b++)
            table[b] = next++;
        for (unsigned b = 0x7F; b <= 0xA0; b++)
            table[b] = next++;
        table[0xAD] = next;
        filled = true;
    }
    return table[byte];
}

static inline bool is_visible_byte(int b)
{
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
}

static inline unsigned hidden_before(int byte)
{
    return byte == 0 ? 0 : hidden_before(byte - 1) + !is_visible_byte(byte - 1);
}

/* Helper functions, one of them recursive. */
RIGHT_ANSWER unsigned right_printable_counted(int byte)
{
    return is_visible_byte(byte) ? (unsigned)byte : 256 + hidden_before(byte);
}

/* What the hints say. */
RIGHT_ANSWER unsigned right_printable_hints(int byte)
{
    unsigned counter = 256;
    for (int b = 0; b <= byte; b++) {
        if (!(b <= 0x20 || (b >= 0x7F && b <= 0xA0) || b == 0xAD))
            continue;
        if (b == byte)
            return counter;
        counter++;
    }
    return (unsigned)byte;
}

/* ---- first_lowest ------------------------------------------------------------------ */

/* The lowest rank first, then where it is. */
RIGHT_ANSWER int right_first_lowest_twice(int n, const int ranks[n])
{
    int lowest = INT_MAX;
    for (int i = 0; i < n; i++)
        if (ranks[i] != -1 && ranks[i] < lowest)
            lowest = ranks[i];
    for (int i = 0; i < n; i++)
        if (ranks[i] == lowest)
            return i;
    return -1;
}

/* From the last to the first. */
RIGHT_ANSWER int right_first_lowest_backwards(int n, const int ranks[n])
{
    int best = -1;
    while (n-- > 0)
        if (ranks[n] >= 0 && (best == -1 || ranks[n] <= ranks[best]))
            best = n;
    return best;
}

/* As an unsigned number -1 is larger than every rank. */
RIGHT_ANSWER int right_first_lowest_unsigned(int n, const int ranks[n])
{
    const int *best = ranks;
    for (const int *r = ranks + 1; r < ranks + n; r++)
        if ((unsigned)*r < (unsigned)*best)
            best = r;
    return *best == -1 ? -1 : (int)(best - ranks);
}

/* The best of the others, and the first. */
RIGHT_ANSWER int right_first_lowest_recursive(int n, const int ranks[n])
{
    if (n == 1)
        return ranks[0] < 0 ? -1 : 0;
    int best = right_first_lowest_recursive(n - 1, ranks);
    if (ranks[n - 1] < 0 || (best >= 0 && ranks[n - 1] >= ranks[best]))
        return best;
    return n - 1;
}

/* What the hints say. */
RIGHT_ANSWER int right_first_lowest_hints(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (ranks[i] < 0)
            continue;
        if (best == -1 || ranks[i] < ranks[best])
            best = i;
    }
    return best;
}

/* ---- merge_pair -------------------------------------------------------------------- */

/* The rest moves up at each merge. */
RIGHT_ANSWER int right_merge_pair_moved(int n, int ids[n], int left, int right,
                                        int merged)
{
    for (int i = 0; i < n - 1; i++)
        if (ids[i] == left && ids[i + 1] == right) {
            ids[i] = merged;
            n--;
            memmove(ids + i + 1, ids + i + 2, (size_t)(n - i - 1) * sizeof *ids);
        }
    return n;
}

/* Into another array, and back. */
RIGHT_ANSWER int right_merge_pair_copied(int n, int ids[n], int left, int right,
                                         int merged)
{
    int *word = malloc((size_t)n * sizeof *word), count = 0;
    for (int i = 0; i < n;)
        if (i < n - 1 && ids[i] == left && ids[i + 1] == right) {
            word[count++] = merged;
            i += 2;
        } else
            word[count++] = ids[i++];
    memcpy(ids, word, (size_t)count * sizeof *ids);
    free(word);
    return count;
}

/* Two pointers. */
RIGHT_ANSWER int right_merge_pair_pointers(int n, int ids[n], int left, int right,
                                           int merged)
{
    int *to = ids;
    const int *from = ids, *const end = ids + n;
    while (from < end) {
        const bool pair = end - from >= 2 && from[0] == left && from[1] == right;
        *to++ = pair ? merged : *from;
        from += pair ? 2 : 1;
    }
    return (int)(to - ids);
}

/* What the hints say. */
RIGHT_ANSWER int right_merge_pair_hints(int n, int ids[n], int left, int right,
                                        int merged)
{
    int i = 0, written = 0;
    while (i < n) {
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[written] = merged;
            i = i + 2;
        } else {
            ids[written] = ids[i];
            i = i + 1;
        }
        written++;
    }
    return written;
}

/* ---- whole_characters -------------------------------------------------------------- */

/* From the start, character by character. */
RIGHT_ANSWER size_t right_whole_characters_forward(size_t n, const unsigned char bytes[n])
{
    size_t at = 0;
    while (at < n) {
        unsigned code;
        int length = utf8_decode(bytes + at, n - at, &code);
        if (length == -1)
            return at;
        at += length == 0 ? 1 : (size_t)length;
    }
    return at;
}

/* Without utf8_decode: the first byte, and which byte may follow it. */
RIGHT_ANSWER size_t right_whole_characters_by_hand(size_t n, const unsigned char bytes[n])
{
    size_t first = n;
    for (size_t back = 1; back <= 3 && back <= n; back++)
        if ((bytes[n - back] & 0xC0) != 0x80) {
            first = n - back;
            break;
        }
    if (first == n)
        return n;
    const unsigned char lead = bytes[first];
    const size_t there = n - first;
    size_t needs = lead >= 0xC2 && lead <= 0xDF   ? 2
                   : lead >= 0xE0 && lead <= 0xEF ? 3
                   : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                  : 1;
    if (there >= needs)
        return n;
    if (there >= 2) {
        const unsigned char second = bytes[first + 1];
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
            return n;
    }
    return first;
}

/* Asks of each of the last three bytes whether it begins what is cut short, the longest first. */
RIGHT_ANSWER size_t right_whole_characters_longest_first(size_t n,
                                                         const unsigned char bytes[n])
{
    unsigned code;
    for (size_t at = n > 3 ? n - 3 : 0; at < n; at++)
        if (utf8_decode(&bytes[at], n - at, &code) < 0)
            return at;
    return n;
}

/* What the hints say. */
RIGHT_ANSWER size_t right_whole_characters_hints(size_t n, const unsigned char bytes[n])
{
    unsigned code;
    for (size_t back = 1; back <= 3; back++) {
        if (back > n)
            break;
        if (utf8_decode(bytes + n - back, back, &code) == -1)
            return n - back;
    }
    return n;
}

/* ---- split_token ------------------------------------------------------------------- */

/* The library moves the rest. */
RIGHT_ANSWER int right_split_token_memmove(int n, int ids[2 * n], int merged, int left,
                                           int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            memmove(&ids[i + 2], &ids[i + 1], (size_t)(n - i - 1) * sizeof ids[0]);
            ids[i++] = left;
            ids[i] = right;
            n++;
        }
    return n;
}

/* How many there will be first; then from the end, each token straight to its position. */
RIGHT_ANSWER int right_split_token_counted(int n, int ids[2 * n], int merged, int left,
                                           int right)
{
    int all = n;
    for (int i = 0; i < n; i++)
        all += ids[i] == merged;
    for (int i = n - 1, to = all; i >= 0; i--)
        if (ids[i] == merged) {
            ids[--to] = right;
            ids[--to] = left;
        } else
            ids[--to] = ids[i];
    return all;
}

/* From a copy. */
RIGHT_ANSWER int right_split_token_copied(int n, int ids[2 * n], int merged, int left,
                                          int right)
{
    int *word = grab((size_t)n, sizeof *word), count = 0;
    memcpy(word, ids, (size_t)n * sizeof *word);
    for (const int *w = word; w < word + n; w++) {
        ids[count++] = *w == merged ? left : *w;
        if (*w == merged)
            ids[count++] = right;
    }
    free(word);
    return count;
}

/* What the hints say: the last token moves first. From the last token to the first, too. */
RIGHT_ANSWER int right_split_token_hints(int n, int ids[2 * n], int merged, int left,
                                         int right)
{
    for (int i = n - 1; i >= 0; i--)
        if (ids[i] == merged) {
            for (int k = n - 1; k >= i + 1; k--)
                ids[k + 1] = ids[k];
            ids[i] = left;
            ids[i + 1] = right;
            n++;
        }
    return n;
}

#endif
