/* The exercises of chapter 1: chapters/01_tokenizer.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), or mend it, then:
 *   make exercise-01     what is right, what is not, and what to do next
 *   make hint-01         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/01_tokenizer.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/01_tokenizer.h"

/* Exercise 1: the character that stands for a byte.
 *
 * GPT-2's vocabulary files show each byte as one visible character. The bytes '!' to '~',
 * 0xA1 to 0xAC and 0xAE to 0xFF stand for themselves. The others, in the order 0x00, 0x01,
 * and so on, get the code points 256, 257, … one after the other.
 *
 * byte     0 to 255
 * returns  a code point
 *
 * Example: printable('A') is 65. Byte 0x00 is the first that is not visible, so
 * printable(0x00) is 256. The space, byte 0x20, comes after 32 others: printable(' ') is
 * 288, which is 'Ġ'. */
unsigned printable(int byte)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: which pair merges next?
 *
 * ranks [n]  the rank of each pair of neighbours in a word, 0 or more; -1 if the pair does
 *            not merge; n is 1 or more, and no rank is a million or more
 * returns    the index of the lowest rank that is not -1: the first one, if several are
 *            lowest; -1 if there is none
 *
 * Example: ranks {7, -1, 2, 2} → 2. ranks {-1, -1} → -1. */
int first_lowest(int n, const int ranks[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: merge a pair wherever it is in a word.
 *
 * ids [n]      the word's tokens, each 0 or more; changed in place; n is 1 or more
 * left, right  the pair
 * merged       the token that replaces both
 * returns      how many tokens are left; ids[0], ids[1], … are the word then
 *
 * Go from left to right, and use no token twice.
 *
 * Example: merging (1, 2) into 9 turns {1, 2, 3, 1, 2} into {9, 3, 9} and returns 3.
 * Merging (1, 1) into 9 turns {1, 1, 1} into {9, 1} and returns 2. */
int merge_pair(int n, int ids[n], int left, int right, int merged)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4: what can be printed now?
 *
 * A token may end inside a character: its first bytes have come, the others come with the
 * next token. Printed too early, they show as �.
 *
 * bytes [n]  what is waiting to be printed; n is 1 or more
 * returns    how many of these bytes can be printed now: all of them, unless they end with
 *            the beginning of a character that is not whole yet; then all before it
 *
 * UTF-8: the bytes 0x00 to 0x7F are characters by themselves. 0xC2 to 0xDF begin a
 * character of 2 bytes, 0xE0 to 0xEF of 3, 0xF0 to 0xF4 of 4; the bytes that follow are
 * 0x80 to 0xBF. Bytes that cannot become a character any more are not waited for.
 * utf8_decode in src/00_book.h reads one character: see what it returns.
 *
 * Example: "né" is the bytes 6e c3 a9. Of all three, 3. Of the first two, 6e c3, 1. */
size_t whole_characters(size_t n, const unsigned char bytes[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 5, to mend: split a token wherever it is in a word.
 *
 * ids [2n]     the word's n tokens, each 0 or more, and after them room for n more; changed in
 *              place; n is 1 or more
 * merged       the token to split
 * left, right  the two tokens that replace it, in this order
 * returns      how many tokens there are then: ids[0], ids[1], … are the word
 *
 * Tokens that come out of a split are not split again.
 *
 * Example: splitting 9 into (1, 2) turns {9, 3, 9} into {1, 2, 3, 1, 2} and returns 5.
 * Splitting 1 into (1, 1) turns {1} into {1, 1} and returns 2.
 *
 * Symptoms: splitting 9 into (1, 2) turns {9, 3, 4, 5} into {1, 2, 3, 3, 3}. */
int split_token(int n, int ids[2 * n], int merged, int left, int right)
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
