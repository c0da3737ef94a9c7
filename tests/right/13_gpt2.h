/* Right answers to the exercises of chapter 13, of other kinds than the book's. */
#ifndef GPT2_RIGHT_H
#define GPT2_RIGHT_H

/* ---- mend ----------------------------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER size_t right_mend_hints(size_t n, const unsigned char in[n],
                                     unsigned char out[3 * n])
{
    size_t count = 0, i = 0;
    while (i < n) {
        unsigned code;
        int found = utf8_decode(in + i, n - i, &code);
        if (found >= 1 && found <= 4) {
            for (int b = 0; b < found; b++)
                out[count++] = in[i++];
        } else {
            out[count++] = 0xEF;
            out[count++] = 0xBF;
            out[count++] = 0xBD;
            size_t length = 1;
            while (i + length < n && utf8_decode(in + i, length + 1, &code) == -1)
                length++;
            i += length;
        }
    }
    return count;
}

/* Without utf8_decode: byte by byte, which bytes may come next. */
RIGHT_ANSWER size_t right_mend_states(size_t n, const unsigned char in[n],
                                      unsigned char out[3 * n])
{
    size_t count = 0, begun = 0; /* bytes of a character that is not whole yet */
    int missing = 0;
    unsigned low = 0x80, high = 0xBF;
    for (size_t i = 0; i < n; i++) {
        const unsigned byte = in[i];
        if (missing > 0 && byte >= low && byte <= high) {
            begun++;
            missing--;
            low = 0x80;
            high = 0xBF;
            if (missing == 0) {
                memcpy(out + count, in + i + 1 - begun, begun);
                count += begun;
            }
            continue;
        }
        if (missing > 0) {
            memcpy(out + count, "\xEF\xBF\xBD", 3);
            count += 3;
        }
        missing = byte >= 0xC2 && byte <= 0xDF   ? 1
                  : byte >= 0xE0 && byte <= 0xEF ? 2
                  : byte >= 0xF0 && byte <= 0xF4 ? 3
                                                 : 0;
        begun = 1;
        low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
        high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
        if (byte < 0x80)
            out[count++] = in[i];
        else if (missing == 0) {
            memcpy(out + count, "\xEF\xBF\xBD", 3);
            count += 3;
        }
    }
    if (missing > 0) {
        memcpy(out + count, "\xEF\xBF\xBD", 3);
        count += 3;
    }
    return count;
}

/* Pointers, and the longest of 1 to 4 bytes that are a character or begin one. */
RIGHT_ANSWER size_t right_mend_longest(size_t n, const unsigned char in[n],
                                       unsigned char out[3 * n])
{
    const unsigned char *from = in, *end = in + n;
    unsigned char *to = out;
    while (from < end) {
        int length = end - from < 4 ? (int)(end - from) : 4;
        unsigned code;
        int is = 0;
        for (; length > 0; length--) {
            is = utf8_decode(from, (size_t)length, &code);
            if (is == length || is == -1)
                break;
        }
        if (is > 0)
            for (int b = 0; b < length; b++)
                *to++ = *from++;
        else {
            from += length > 1 ? length : 1;
            *to++ = 0xEF;
            *to++ = 0xBF;
            *to++ = 0xBD;
        }
    }
    return (size_t)(to - out);
}

/* The first character or piece, then the rest in the same way. */
RIGHT_ANSWER size_t right_mend_recursive(size_t n, const unsigned char in[n],
                                         unsigned char out[3 * n])
{
    if (n == 0)
        return 0;
    unsigned code;
    const int whole = utf8_decode(in, n, &code);
    if (whole > 0) {
        memcpy(out, in, (size_t)whole);
        const size_t length = (size_t)whole;
        return length + (n > length
                             ? right_mend_recursive(n - length, in + length, out + length)
                             : 0);
    }
    size_t length = 1;
    while (length < n && utf8_decode(in, length + 1, &code) < 0)
        ++length;
    out[0] = 0xEF;
    out[1] = 0xBF;
    out[2] = 0xBD;
    return 3 + (n > length ? right_mend_recursive(n - length, in + length, out + 3) : 0);
}

/* ---- stop_place ------------------------------------------------------------------------ */

/* The hints, followed to the letter. */
RIGHT_ANSWER size_t right_stop_place_hints(size_t n, const unsigned char text[n],
                                           size_t m, const unsigned char stop[m])
{
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        while (same < m && i + same < n && text[i + same] == stop[same])
            same++;
        if (same == m || i + same == n)
            return i;
    }
    return n;
}

/* The whole stop, if it is there; else the longest end of the text that begins it. */
RIGHT_ANSWER size_t right_stop_place_two_searches(size_t n, const unsigned char text[n],
                                                  size_t m, const unsigned char stop[m])
{
    for (size_t i = 0; i + m <= n; i++)
        if (memcmp(text + i, stop, m) == 0)
            return i;
    for (size_t left = m < n ? m : n; left > 0; left--)
        if (memcmp(text + n - left, stop, left) == 0)
            return n - left;
    return n;
}

/* One pass, with a table of where to go on after a difference (Knuth, Morris and Pratt). */
RIGHT_ANSWER size_t right_stop_place_one_pass(size_t n, const unsigned char text[n],
                                              size_t m, const unsigned char stop[m])
{
    size_t *back = grab(m + 1, sizeof *back), same = 0;
    for (size_t i = 1; i < m; i++) {
        size_t k = back[i];
        while (k > 0 && stop[i] != stop[k])
            k = back[k];
        back[i + 1] = stop[i] == stop[k] ? k + 1 : 0;
    }
    for (size_t i = 0; i < n; i++) {
        while (same > 0 && text[i] != stop[same])
            same = back[same];
        if (text[i] == stop[same])
            same++;
        if (same == m) {
            free(back);
            return i + 1 - m;
        }
    }
    free(back);
    return n - same;
}

/* From the end to the front: the last that is found is the first. */
RIGHT_ANSWER size_t right_stop_place_backwards(size_t n, const unsigned char text[n],
                                               size_t m, const unsigned char stop[m])
{
    size_t place = n;
    for (size_t i = n; i-- > 0;)
        if (memcmp(text + i, stop, n - i < m ? n - i : m) == 0)
            place = i;
    return place;
}

/* ---- forbid_repeats --------------------------------------------------------------------- */

/* The hints, followed to the letter. */
RIGHT_ANSWER void right_forbid_repeats_hints(int V, float logits[V], int T,
                                             const int ids[T], int n)
{
    for (int t = n - 1; t <= T - 1; t++) {
        bool same = true;
        for (int i = 0; i < n - 1; i++)
            if (ids[t - (n - 1) + i] != ids[T - (n - 1) + i])
                same = false;
        if (same)
            logits[ids[t]] = -INFINITY;
    }
}

/* Each token is put after the text, and its run is looked for. */
RIGHT_ANSWER void right_forbid_repeats_every_token(int V, float logits[V], int T,
                                                   const int ids[T], int n)
{
    if (n > T)
        return;
    int *longer = grab((size_t)T + 1, sizeof *longer);
    memcpy(longer, ids, (size_t)T * sizeof *longer);
    const int *run = longer + T + 1 - n;
    for (int v = 0; v < V; v++) {
        longer[T] = v;
        for (int first = 0; first + n <= T; first++)
            if (memcmp(longer + first, run, (size_t)n * sizeof *run) == 0) {
                logits[v] = -INFINITY;
                break;
            }
    }
    free(longer);
}

/* From the end, comparing backwards. */
RIGHT_ANSWER void right_forbid_repeats_backwards(int V, float logits[V], int T,
                                                 const int ids[T], int n)
{
    (void)V;
    for (int last = T - 1; last >= n - 1; last--) {
        int same = 0;
        while (same < n - 1 && ids[last - 1 - same] == ids[T - 1 - same])
            same++;
        if (same == n - 1)
            logits[ids[last]] = -INFINITY;
    }
}

/* Counts, for each position, how long the same run is that ends there and at the end. */
RIGHT_ANSWER void right_forbid_repeats_first_of_run(int V, float logits[V], int T,
                                                    const int ids[T], int n)
{
    bool *forbidden = grab((size_t)V, sizeof *forbidden);
    for (int first = 0; first < T - (n - 1); first++) {
        const int *a = ids + first, *b = ids + (T - (n - 1));
        int left = n - 1;
        for (; left > 0 && *a == *b; a++, b++)
            left--;
        if (left == 0)
            forbidden[*a] = true;
    }
    for (int v = 0; v < V; v++)
        logits[v] = forbidden[v] ? -INFINITY : logits[v];
    free(forbidden);
}

/* ---- wrap_text -------------------------------------------------------------------------- */

/* Two counts: of the line, and of what follows its last space. */
RIGHT_ANSWER void right_wrap_text_two_counts(size_t n, int width, unsigned char text[n])
{
    size_t space = n;
    int line = 0, word = 0;
    for (size_t i = 0; i < n; i++) {
        const bool begins = (text[i] & 0xC0) != 0x80;
        line += begins;
        word += begins;
        if (text[i] == ' ' || text[i] == '\n') {
            space = text[i] == ' ' ? i : n;
            word = 0;
        }
        if (text[i] == '\n')
            line = 0;
        if (line > width && space < n) {
            text[space] = '\n';
            space = n;
            line = word;
        }
    }
}

/* The hints, followed to the letter: the characters after the space are counted. */
RIGHT_ANSWER void right_wrap_text_counts(size_t n, int width, unsigned char text[n])
{
    size_t space = n;
    int line = 0;
    for (size_t i = 0; i < n; i++) {
        line += (text[i] & 0xC0) != 0x80;
        if (text[i] == ' ')
            space = i;
        if (text[i] == '\n') {
            space = n;
            line = 0;
        }
        if (line > width && space < n) {
            text[space] = '\n';
            line = 0;
            for (size_t j = space + 1; j <= i; j++)
                line += (text[j] & 0xC0) != 0x80;
            space = n;
        }
    }
}

/* How many characters there are from one byte to another. */
static inline size_t characters(const unsigned char *from, const unsigned char *to)
{
    size_t count = 0;
    for (unsigned code; from < to; from += utf8_decode(from, (size_t)(to - from), &code))
        count++;
    return count;
}

/* Line by line, as the task says it. */
RIGHT_ANSWER void right_wrap_text_by_lines(size_t n, int width, unsigned char text[n])
{
    unsigned char *line = text, *const end = text + n;
    while (line < end) {
        unsigned char *stop = memchr(line, '\n', (size_t)(end - line)), *at = NULL;
        stop = stop ? stop : end;
        if (characters(line, stop) > (size_t)width)
            for (unsigned char *p = line; p < stop; p++)
                if (*p == ' ' && (!at || characters(line, p) <= (size_t)width))
                    at = p;
        if (at)
            *at = '\n';
        line = at ? at + 1 : stop + 1;
    }
}

/* Word by word: before each, is there room for it? */
RIGHT_ANSWER void right_wrap_text_by_words(size_t n, int width, unsigned char text[n])
{
    size_t before = 0; /* characters in the line so far */
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && text[end] != ' ' && text[end] != '\n')
            end++;
        before += characters(text + i, text + end);
        if (end == n)
            return;
        if (text[end] == '\n')
            before = 0;
        else {
            size_t next = end + 1;
            while (next < n && text[next] != ' ' && text[next] != '\n')
                next++;
            const size_t longer = before + 1 + characters(text + end + 1, text + next);
            before++;
            if (longer > (size_t)width) {
                text[end] = '\n';
                before = 0;
            }
        }
        i = end + 1;
    }
}

/* The first line, then the rest in the same way. */
RIGHT_ANSWER void right_wrap_text_recursive(size_t n, int width, unsigned char text[n])
{
    size_t at = n, i = 0;
    int count = 0;
    for (; i < n && text[i] != '\n'; i++) {
        if (text[i] == ' ' && (count <= width || at == n))
            at = i;
        if ((text[i] & 0xC0) != 0x80)
            count++;
    }
    if (count > width && at < n) {
        text[at] = '\n';
        i = at;
    }
    if (i + 1 < n)
        right_wrap_text_recursive(n - i - 1, width, text + i + 1);
}

#endif
