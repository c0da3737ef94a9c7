/* The usual mistakes in the exercises of chapter 1. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef TOKENIZER_MISTAKES_H
#define TOKENIZER_MISTAKES_H

/* ---- printable --------------------------------------------------------------------- */

static inline unsigned shifted_printable(int byte, int first, int last, int from,
                                         int hole)
{
    unsigned shifted = 256;
    for (int b = 0; b <= byte; b++) {
        bool visible = (b >= first && b <= last) || (b >= from && b != hole);
        if (b == byte)
            return visible ? (unsigned)b : shifted;
        shifted += !visible;
    }
    return 0;
}

SAYS(wrong_printable_identity,
     "every byte stands for itself: but a space or a newline would break the lines"
     " of merges.txt, so bytes that are not visible get 256, 257, ….")
WRONG unsigned wrong_printable_identity(int byte)
{
    return (unsigned)byte;
}

SAYS(wrong_printable_plus_256,
     "a byte that is not visible becomes 256 + byte: but these bytes are numbered "
     "one after the other, 256, 257, …, and the visible ones between them are not "
     "counted.")
WRONG unsigned wrong_printable_plus_256(int byte)
{
    bool visible = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte != 0xAD);
    return (unsigned)byte + (visible ? 0 : 256);
}

SAYS(wrong_printable_all_shifted,
     "every byte becomes 256 + byte: but the visible ones, '!' to '~', 0xA1 to 0xAC and "
     "0xAE to 0xFF, stand for themselves.")
WRONG unsigned wrong_printable_all_shifted(int byte)
{
    return 256 + (unsigned)byte;
}

SAYS(wrong_printable_soft_hyphen,
     "0xAD is taken for visible: but it is the soft hyphen, which shows only at "
     "the end of a line, so it moves as well.")
WRONG unsigned wrong_printable_soft_hyphen(int byte)
{
    return shifted_printable(byte, '!', '~', 0xA1, -1);
}

SAYS(
    wrong_printable_delete,
    "0x7F is taken for visible: but the last visible byte of ASCII is '~', 0x7E; 0x7F is "
    "the control character DEL.")
WRONG unsigned wrong_printable_delete(int byte)
{
    return shifted_printable(byte, '!', 0x7F, 0xA1, 0xAD);
}

SAYS(wrong_printable_blank,
     "the space, 0x20, is taken for visible: but merges.txt has a space between "
     "the two parts of a merge, so the byte moves, to 288, 'Ġ'.")
WRONG unsigned wrong_printable_blank(int byte)
{
    return shifted_printable(byte, ' ', '~', 0xA1, 0xAD);
}

SAYS(wrong_printable_hard_blank,
     "0xA0 is taken for visible: but it is a space too, the one where no line may "
     "break.")
WRONG unsigned wrong_printable_hard_blank(int byte)
{
    return shifted_printable(byte, '!', '~', 0xA0, 0xAD);
}

SAYS(wrong_printable_ascii, "no byte above 0x7E is taken for visible: but 0xA1 to 0xAC "
                            "and 0xAE to 0xFF stand for "
                            "themselves too.")
WRONG unsigned wrong_printable_ascii(int byte)
{
    return shifted_printable(byte, '!', '~', 256, -1);
}

SAYS(
    wrong_printable_ascii_plus_256,
    "a byte that is not '!' to '~' becomes 256 + byte: but 0xA1 to 0xAC and 0xAE to 0xFF "
    "are visible too, and the others are numbered one after the other, 256, 257, ….")
WRONG unsigned wrong_printable_ascii_plus_256(int byte)
{
    return (unsigned)byte + (byte >= '!' && byte <= '~' ? 0 : 256);
}

SAYS(wrong_printable_soft_hyphen_plus_256,
     "a byte that is not visible becomes 256 + byte, and the soft hyphen, 0xAD, is"
     " taken for visible: but it moves as well, and all are numbered one after the"
     " other, 256, 257, ….")
WRONG unsigned wrong_printable_soft_hyphen_plus_256(int byte)
{
    bool visible = (byte >= '!' && byte <= '~') || byte >= 0xA1;
    return (unsigned)byte + (visible ? 0 : 256);
}

SAYS(wrong_printable_from_257,
     "the numbers begin at 257: the first byte that is not visible, 0x00, gets 256.")
WRONG unsigned wrong_printable_from_257(int byte)
{
    unsigned code = shifted_printable(byte, '!', '~', 0xA1, 0xAD);
    return code + (code >= 256);
}

SAYS(wrong_printable_tilde, "'~' is not taken for visible: it is the last one that is, "
                            "'!' to '~' with both ends.")
WRONG unsigned wrong_printable_tilde(int byte)
{
    return shifted_printable(byte, '!', '~' - 1, 0xA1, 0xAD);
}

SAYS(wrong_printable_exclamation, "'!' is not taken for visible: it is the first one "
                                  "that is, '!' to '~' with both ends.")
WRONG unsigned wrong_printable_exclamation(int byte)
{
    return shifted_printable(byte, '!' + 1, '~', 0xA1, 0xAD);
}

/* ---- first_lowest ------------------------------------------------------------------ */

SAYS(wrong_first_lowest_last,
     "the last of several equal ranks is taken: compare with <, not with <=, so that the "
     "first one stays.")
WRONG int wrong_first_lowest_last(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0 && (best < 0 || ranks[i] <= ranks[best]))
            best = i;
    return best;
}

SAYS(wrong_first_lowest_none_is_lowest,
     "-1 counts as the lowest rank: but it says that the two do not merge at all.")
WRONG int wrong_first_lowest_none_is_lowest(int n, const int ranks[n])
{
    int best = n > 0 ? 0 : -1;
    for (int i = 1; i < n; i++)
        if (ranks[i] < ranks[best])
            best = i;
    return best;
}

SAYS(wrong_first_lowest_highest,
     "the highest rank is taken: but low ranks were learned first, from the most common "
     "pairs, and merge first.")
WRONG int wrong_first_lowest_highest(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0 && (best < 0 || ranks[i] > ranks[best]))
            best = i;
    return best;
}

SAYS(wrong_first_lowest_rank,
     "the rank itself is returned: the caller wants to know where it is, an index "
     "into ranks.")
WRONG int wrong_first_lowest_rank(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0 && (best < 0 || ranks[i] < best))
            best = ranks[i];
    return best;
}

SAYS(wrong_first_lowest_not_zero, "rank 0 is passed over: but it is a rank, that of the "
                                  "very first merge; only -1 means "
                                  "that the two do not merge.")
WRONG int wrong_first_lowest_not_zero(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] > 0 && (best < 0 || ranks[i] < ranks[best]))
            best = i;
    return best;
}

SAYS(wrong_first_lowest_first_merge,
     "the first pair that merges at all is taken, whatever its rank: look at all of them "
     "before you choose.")
WRONG int wrong_first_lowest_first_merge(int n, const int ranks[n])
{
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0)
            return i;
    return -1;
}

SAYS(wrong_first_lowest_zero_for_none,
     "0 is returned if no pair merges: but 0 is an index, and -1 says that there "
     "is none.")
WRONG int wrong_first_lowest_zero_for_none(int n, const int ranks[n])
{
    int best = -1;
    for (int i = 0; i < n; i++)
        if (ranks[i] >= 0 && (best < 0 || ranks[i] < ranks[best]))
            best = i;
    return best < 0 ? 0 : best;
}

SAYS(wrong_first_lowest_starts_at_0,
     "the search starts with index 0 as the best: if ranks[0] is -1, no rank is "
     "lower, and 0 is returned although that pair does not merge. Start with no "
     "best at all.")
WRONG int wrong_first_lowest_starts_at_0(int n, const int ranks[n])
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (ranks[i] >= 0 && ranks[i] < ranks[best])
            best = i;
    return best;
}

SAYS(wrong_first_lowest_none_at_the_end,
     "the search starts with index 0 as the best, and -1 is returned if that pair "
     "does not merge: no rank is lower than the -1 there, so later pairs that do "
     "merge are never found. Start with no best at all.")
WRONG int wrong_first_lowest_none_at_the_end(int n, const int ranks[n])
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (ranks[i] >= 0 && ranks[i] < ranks[best])
            best = i;
    return ranks[best] < 0 ? -1 : best;
}

SAYS(
    wrong_first_lowest_none_wins,
    "-1 counts as the lowest rank, so -1 is returned as soon as one pair does not merge: "
    "but the others still may. Pass over the -1s while you search.")
WRONG int wrong_first_lowest_none_wins(int n, const int ranks[n])
{
    int best = 0;
    for (int i = 1; i < n; i++)
        if (ranks[i] < ranks[best])
            best = i;
    return ranks[best] < 0 ? -1 : best;
}

/* ---- merge_pair -------------------------------------------------------------------- */

SAYS(wrong_merge_pair_first_only,
     "only the first pair is merged: but the pair merges wherever it is in the "
     "word.")
WRONG int wrong_merge_pair_first_only(int n, int ids[n], int left, int right, int merged)
{
    int kept = 0;
    bool done = false;
    for (int i = 0; i < n; i++)
        if (!done && i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = merged;
            i++;
            done = true;
        } else
            ids[kept++] = ids[i];
    return kept;
}

SAYS(wrong_merge_pair_token_twice,
     "a token is used in two merges: once two tokens have become one, continue after "
     "both of them.")
WRONG int wrong_merge_pair_token_twice(int n, int ids[n], int left, int right, int merged)
{
    int kept = 0;
    bool was_merged = false;
    for (int i = 0; i < n; i++)
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = merged;
            was_merged = true;
        } else {
            if (!was_merged)
                ids[kept++] = ids[i];
            was_merged = false;
        }
    return kept;
}

SAYS(
    wrong_merge_pair_from_the_right,
    "the word is merged from right to left: of three equal tokens in a row the first two "
    "must merge, not the last two.")
WRONG int wrong_merge_pair_from_the_right(int n, int ids[n], int left, int right,
                                          int merged)
{
    int from = n; /* ids[from] to ids[n - 1] is the result so far */
    for (int i = n - 1; i >= 0; i--)
        if (i > 0 && ids[i - 1] == left && ids[i] == right) {
            ids[--from] = merged;
            i--;
        } else
            ids[--from] = ids[i];
    for (int i = from; i < n; i++)
        ids[i - from] = ids[i];
    return n - from;
}

SAYS(wrong_merge_pair_loses_the_last,
     "the last token is lost, unless it merges: a loop over pairs ends one token "
     "early, and that token must still be kept.")
WRONG int wrong_merge_pair_loses_the_last(int n, int ids[n], int left, int right,
                                          int merged)
{
    int kept = 0;
    for (int i = 0; i + 1 < n; i++)
        if (ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = merged;
            i++;
        } else
            ids[kept++] = ids[i];
    return kept;
}

SAYS(wrong_merge_pair_keeps_the_right,
     "the merged token replaces the left one, but the right one is still there: "
     "the rest of the word has to move up, and there is one token fewer.")
WRONG int wrong_merge_pair_keeps_the_right(int n, int ids[n], int left, int right,
                                           int merged)
{
    for (int i = 0; i + 1 < n; i++)
        if (ids[i] == left && ids[i + 1] == right)
            ids[i++] = merged;
    return n;
}

SAYS(wrong_merge_pair_old_length,
     "the tokens move up, but n is returned: the word is shorter now, and the "
     "caller must know by how much.")
WRONG int wrong_merge_pair_old_length(int n, int ids[n], int left, int right, int merged)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right) {
            ids[kept++] = merged;
            i++;
        } else
            ids[kept++] = ids[i];
    return n;
}

SAYS(
    wrong_merge_pair_steps_back,
    "after a merge it goes back by one, and the new token merges with the one before it: "
    "go on after the two that have become one.")
WRONG int wrong_merge_pair_steps_back(int n, int ids[n], int left, int right, int merged)
{
    for (int i = 0; i + 1 < n;)
        if (ids[i] == left && ids[i + 1] == right) {
            ids[i] = merged;
            n--;
            for (int k = i + 1; k < n; k++)
                ids[k] = ids[k + 1];
            i -= i > 0;
        } else
            i++;
    return n;
}

SAYS(
    wrong_merge_pair_again,
    "a token that was just made merges again at once: compare the word's old tokens, not "
    "those that you have written.")
WRONG int wrong_merge_pair_again(int n, int ids[n], int left, int right, int merged)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (kept > 0 && ids[kept - 1] == left && ids[i] == right)
            ids[kept - 1] = merged;
        else
            ids[kept++] = ids[i];
    return kept;
}

SAYS(wrong_merge_pair_either_order,
     "the pair is merged in either order: (right, left) is a different pair, with "
     "a rank of its own.")
WRONG int wrong_merge_pair_either_order(int n, int ids[n], int left, int right,
                                        int merged)
{
    int kept = 0;
    for (int i = 0; i < n; i++)
        if (i + 1 < n && ((ids[i] == left && ids[i + 1] == right) ||
                          (ids[i] == right && ids[i + 1] == left))) {
            ids[kept++] = merged;
            i++;
        } else
            ids[kept++] = ids[i];
    return kept;
}

SAYS(wrong_merge_pair_no_skip,
     "after a merge the loop continues with the right one of the two tokens: it has "
     "become part of the new token, so it must be skipped.")
WRONG int wrong_merge_pair_no_skip(int n, int ids[n], int left, int right, int merged)
{
    for (int i = 0; i + 1 < n; i++)
        if (ids[i] == left && ids[i + 1] == right)
            ids[i] = merged;
    return n;
}

SAYS(wrong_merge_pair_never_copied_back,
     "ids is left as it was, though the right number is returned: a word made in "
     "another array must be copied back into ids.")
WRONG int wrong_merge_pair_never_copied_back(int n, int ids[n], int left, int right,
                                             int merged)
{
    int kept = 0;
    (void)merged;
    for (int i = 0; i < n; i++, kept++)
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right)
            i++;
    return kept;
}

SAYS(wrong_merge_pair_two_at_a_time,
     "only pairs at an even index are merged, those at 0 and 1, 2 and 3, and so on: if "
     "two tokens do not merge, move on by one, not by two.")
WRONG int wrong_merge_pair_two_at_a_time(int n, int ids[n], int left, int right,
                                         int merged)
{
    int kept = 0;
    for (int i = 0; i < n; i += 2)
        if (i + 1 < n && ids[i] == left && ids[i + 1] == right)
            ids[kept++] = merged;
        else {
            ids[kept++] = ids[i];
            if (i + 1 < n)
                ids[kept++] = ids[i + 1];
        }
    return kept;
}

/* ---- whole_characters -------------------------------------------------------------- */

/* How long a character is that begins with this byte, by its first bits alone. */
static inline size_t length_by_first_byte(unsigned char byte)
{
    return byte < 0x80 ? 1 : byte < 0xC0 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

SAYS(wrong_whole_characters_all, "all bytes are printed at once: but the last ones may "
                                 "be the beginning of a character, "
                                 "and show as � until the rest comes.")
WRONG size_t wrong_whole_characters_all(size_t n, const unsigned char bytes[n])
{
    (void)bytes;
    return n;
}

SAYS(
    wrong_whole_characters_ascii,
    "every byte above 0x7F at the end is held back: but a character that is whole can be "
    "printed, whatever language it is of.")
WRONG size_t wrong_whole_characters_ascii(size_t n, const unsigned char bytes[n])
{
    while (n > 0 && bytes[n - 1] >= 0x80)
        n--;
    return n;
}

SAYS(wrong_whole_characters_waits_for_ever,
     "bytes are waited for that can never become a character: 0xC0, 0xC1, 0xF5 to 0xFF "
     "begin none, and after 0xE0, 0xED, 0xF0 and 0xF4 not every byte can follow.")
WRONG size_t wrong_whole_characters_waits_for_ever(size_t n, const unsigned char bytes[n])
{
    size_t back = 1;
    while (back <= n && back <= 4 && bytes[n - back] >= 0x80 && bytes[n - back] < 0xC0)
        back++;
    if (back > n || back > 4)
        return n;
    return length_by_first_byte(bytes[n - back]) > back ? n - back : n;
}

SAYS(wrong_whole_characters_last_byte,
     "only the last byte is looked at: of a character of three or four bytes, two "
     "or three may have come, and then the last byte does not begin it.")
WRONG size_t wrong_whole_characters_last_byte(size_t n, const unsigned char bytes[n])
{
    unsigned code;
    return n > 0 && utf8_decode(bytes + n - 1, 1, &code) == -1 ? n - 1 : n;
}

SAYS(
    wrong_whole_characters_last_lead,
    "the last byte alone is held back, if it is 0xC0 or more: of a character of three or "
    "four bytes, two or three may have come, and then the last byte does not begin it.")
WRONG size_t wrong_whole_characters_last_lead(size_t n, const unsigned char bytes[n])
{
    return bytes[n - 1] >= 0xC0 ? n - 1 : n;
}

SAYS(wrong_whole_characters_from_the_last_lead,
     "a character at the end is held back even if all its bytes are there: compare its "
     "length with the bytes that are left.")
WRONG size_t wrong_whole_characters_from_the_last_lead(size_t n,
                                                       const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 3 && back <= n; back++)
        if (bytes[n - back] >= 0xC0)
            return n - back;
    return n;
}

SAYS(wrong_whole_characters_stops_at_invalid,
     "everything is held back, starting at the first byte that is not valid UTF-8: but "
     "such a byte never becomes valid, so nothing would be printed any more.")
WRONG size_t wrong_whole_characters_stops_at_invalid(size_t n,
                                                     const unsigned char bytes[n])
{
    size_t at = 0;
    unsigned code;
    for (int length; at < n && (length = utf8_decode(bytes + at, n - at, &code)) > 0;)
        at += (size_t)length;
    return at;
}

SAYS(wrong_whole_characters_holds_the_last,
     "the last character is held back although it is whole: unless it is ASCII, it"
     " would be shown one token too late.")
WRONG size_t wrong_whole_characters_holds_the_last(size_t n, const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 4 && back <= n; back++) {
        unsigned code;
        int length = utf8_decode(bytes + n - back, back, &code);
        if (length == -1 || (length > 1 && length == (int)back))
            return n - back;
    }
    return n;
}

SAYS(wrong_whole_characters_two_bytes,
     "only the last two bytes are looked at: of a character of four bytes three may have "
     "come.")
WRONG size_t wrong_whole_characters_two_bytes(size_t n, const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 2 && back <= n; back++) {
        unsigned code;
        if (utf8_decode(bytes + n - back, back, &code) == -1)
            return n - back;
    }
    return n;
}

/* From the start, character by character, as long as each one's first byte says. */
static inline size_t forward_by_first_byte(size_t n, const unsigned char bytes[n],
                                           int from_2, int from_5, int stray)
{
    size_t at = 0;
    while (at < n) {
        int byte = bytes[at];
        size_t length = byte < 0x80     ? 1
                        : byte < from_2 ? (size_t)stray
                        : byte < 0xE0   ? 2
                        : byte < 0xF0   ? 3
                        : byte < from_5 ? 4
                                        : (size_t)stray;
        if (length > n - at)
            return at;
        at += length;
    }
    return n;
}

SAYS(wrong_whole_characters_forward,
     "each first byte, from the start, is trusted to say how long its character is: but "
     "the bytes after it may belong to no character, or to the next one. Of 0xE2 "
     "'n' nothing is waited for.")
WRONG size_t wrong_whole_characters_forward(size_t n, const unsigned char bytes[n])
{
    return forward_by_first_byte(n, bytes, 0xC0, 0x100, 1);
}

SAYS(wrong_whole_characters_forward_bits,
     "the first bits of each first byte (110, 1110, 11110) are trusted, from the "
     "start, to say how long its character is: but the bytes after it may belong to no "
     "character, or to the next one. Of 0xE2 'n' nothing is waited for.")
WRONG size_t wrong_whole_characters_forward_bits(size_t n, const unsigned char bytes[n])
{
    return forward_by_first_byte(n, bytes, 0xC0, 0xF8, 1);
}

SAYS(wrong_whole_characters_forward_ranges,
     "each first byte from 0xC2 to 0xF4 is trusted, from the start, to say how long its "
     "character is: but the bytes after it may belong to no character, or to the "
     "next one. Of 0xE2 'n' nothing is waited for.")
WRONG size_t wrong_whole_characters_forward_ranges(size_t n, const unsigned char bytes[n])
{
    return forward_by_first_byte(n, bytes, 0xC2, 0xF5, 1);
}

SAYS(wrong_whole_characters_forward_stray,
     "0x80 to 0xBF are taken for the first byte of a character of two: but these "
     "bytes only follow others. One by itself, as in 'a' 0xA9, is not waited for.")
WRONG size_t wrong_whole_characters_forward_stray(size_t n, const unsigned char bytes[n])
{
    return forward_by_first_byte(n, bytes, 0x80, 0x100, 1);
}

SAYS(wrong_whole_characters_second_byte,
     "the first byte of the last character, 0xC2 to 0xF4, says alone how many "
     "bytes are waited for: but after 0xE0, 0xED, 0xF0 and 0xF4 not every byte can"
     " follow, and 0xE0 0x80 never becomes a character.")
WRONG size_t wrong_whole_characters_second_byte(size_t n, const unsigned char bytes[n])
{
    size_t back = 1;
    while (back <= n && back <= 4 && bytes[n - back] >= 0x80 && bytes[n - back] < 0xC0)
        back++;
    if (back > n || back > 4 || bytes[n - back] < 0xC2 || bytes[n - back] > 0xF4)
        return n;
    return length_by_first_byte(bytes[n - back]) > back ? n - back : n;
}

SAYS(wrong_whole_characters_held_back,
     "the number of bytes to hold back is returned: the question is how many can be "
     "printed now, n less that.")
WRONG size_t wrong_whole_characters_held_back(size_t n, const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned code;
        if (utf8_decode(bytes + n - back, back, &code) == -1)
            return back;
    }
    return n;
}

SAYS(wrong_whole_characters_zero_too,
     "utf8_decode's 0 is treated like its -1: but 0 says that these bytes never become a "
     "character, so nothing is waited for.")
WRONG size_t wrong_whole_characters_zero_too(size_t n, const unsigned char bytes[n])
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned code;
        if (utf8_decode(bytes + n - back, back, &code) <= 0)
            return n - back;
    }
    return n;
}

SAYS(wrong_whole_characters_any_lead,
     "after every byte from 0xC2 to 0xFF more bytes are waited for, without a look at "
     "what follows it: but 0xF5 to 0xFF begin no character, and of 0xE2 'n' nothing is "
     "waited for.")
WRONG size_t wrong_whole_characters_any_lead(size_t n, const unsigned char bytes[n])
{
    if (bytes[n - 1] >= 0xC2)
        return n - 1;
    if (n > 1 && bytes[n - 2] >= 0xE0)
        return n - 2;
    return n > 2 && bytes[n - 3] >= 0xF0 ? n - 3 : n;
}

/* ---- split_token ------------------------------------------------------------------- */

SAYS(wrong_split_token_as_handed_out,
     "nothing has changed yet: everything after the two new tokens is the same "
     "token again and again.")
WRONG int wrong_split_token_as_handed_out(int n, int ids[2 * n], int merged, int left,
                                          int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            for (int k = i + 1; k < n; k++)
                ids[k + 1] = ids[k];
            ids[i] = left;
            ids[i + 1] = right;
            i++;
            n++;
        }
    return n;
}

SAYS(wrong_split_token_first_only,
     "only the first such token is split: all of them should be.")
WRONG int wrong_split_token_first_only(int n, int ids[2 * n], int merged, int left,
                                       int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            memmove(ids + i + 1, ids + i, (size_t)(n - i) * sizeof *ids);
            ids[i] = left;
            ids[i + 1] = right;
            return n + 1;
        }
    return n;
}

SAYS(wrong_split_token_no_room,
     "`right` is written over the token that follows: everything after the split "
     "token has to move up by one first.")
WRONG int wrong_split_token_no_room(int n, int ids[2 * n], int merged, int left,
                                    int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            ids[i] = left;
            ids[i + 1] = right;
            i++;
            n = i < n ? n : i + 1;
        }
    return n;
}

SAYS(wrong_split_token_old_length,
     "the word is split, but the old n is returned: each split makes one token "
     "more.")
WRONG int wrong_split_token_old_length(int n, int ids[2 * n], int merged, int left,
                                       int right)
{
    const int old = n;
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            memmove(ids + i + 1, ids + i, (size_t)(n - i) * sizeof *ids);
            ids[i] = left;
            ids[++i] = right;
            n++;
        }
    return old;
}

SAYS(wrong_split_token_bytes,
     "memmove is told how many tokens to move: it counts in bytes, so it takes "
     "that many times sizeof *ids.")
WRONG int wrong_split_token_bytes(int n, int ids[2 * n], int merged, int left, int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            memmove(ids + i + 2, ids + i + 1, (size_t)(n - i - 1));
            ids[i] = left;
            ids[i + 1] = right;
            i++;
            n++;
        }
    return n;
}

SAYS(wrong_split_token_exchanged, "`right` is put before `left`.")
WRONG int wrong_split_token_exchanged(int n, int ids[2 * n], int merged, int left,
                                      int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            memmove(ids + i + 1, ids + i, (size_t)(n - i) * sizeof *ids);
            ids[i] = right;
            ids[++i] = left;
            n++;
        }
    return n;
}

SAYS(wrong_split_token_last_stays,
     "the word's last token does not move and is written over: it has to move to "
     "index n.")
WRONG int wrong_split_token_last_stays(int n, int ids[2 * n], int merged, int left,
                                       int right)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == merged) {
            for (int k = n - 1; k > i; k--)
                ids[k] = ids[k - 1];
            ids[i] = left;
            ids[++i] = right;
            n++;
        }
    return n;
}

SAYS(wrong_split_token_keeps_the_right,
     "`left` replaces the token and `right` is never written: a split makes two "
     "tokens of one.")
WRONG int wrong_split_token_keeps_the_right(int n, int ids[2 * n], int merged, int left,
                                            int right)
{
    (void)right;
    for (int i = 0; i < n; i++)
        if (ids[i] == merged)
            ids[i] = left;
    return n;
}

SAYS(wrong_split_token_old_loop,
     "the search ends where the old word ended: tokens that have moved beyond it "
     "are not looked at.")
WRONG int wrong_split_token_old_loop(int n, int ids[2 * n], int merged, int left,
                                     int right)
{
    const int old = n;
    for (int i = 0; i < old; i++)
        if (ids[i] == merged) {
            memmove(ids + i + 1, ids + i, (size_t)(n - i) * sizeof *ids);
            ids[i] = left;
            ids[++i] = right;
            n++;
        }
    return n;
}

SAYS(wrong_split_token_never_copied_back,
     "ids is left as it was, though the right number is returned: a word made in "
     "another array must be copied back into ids.")
WRONG int wrong_split_token_never_copied_back(int n, int ids[2 * n], int merged, int left,
                                              int right)
{
    int count = n;
    (void)left, (void)right;
    for (int i = 0; i < n; i++)
        count += ids[i] == merged;
    return count;
}

#endif
