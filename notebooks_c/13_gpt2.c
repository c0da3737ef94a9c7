/* The exercises of chapter 13: chapters/13_gpt2.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-13     what is right, what is not, and what to do next
 *   make hint-13         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/13_gpt2.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/13_gpt2.h"

/* Exercise 1: valid UTF-8, whatever the bytes.
 *
 * in [n]    any bytes; n is 1 or more
 * out       set it: the characters as they are; for each broken piece the three bytes
 *           EF BF BD, which are the character �. It has room for 3n bytes.
 * returns   how many bytes out has
 *
 * A broken piece is one byte that begins no character; or the longest beginning of a character
 * that is not continued. utf8_decode (src/00_book.h) returns the length of the character at
 * the front of some bytes, 0 if there is none, -1 if the bytes are only the beginning of one.
 *
 * Example: {0xC3, 0xAB} (ë) stays; {0xC3, 'A'} → {0xEF, 0xBF, 0xBD, 'A'}, returns 4;
 * {0xE5, 0xA5} → {0xEF, 0xBF, 0xBD}, one piece; {0xFF, 0xFF} → twice EF BF BD. */
size_t mend(size_t n, const unsigned char in[n], unsigned char out[3 * n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: where could the stop string be?
 *
 * text [n]   the bytes so far; n is 1 or more
 * stop [m]   the stop string; m is 1 or more
 * returns    the first place in the text at which the stop begins, whole, or as far as the
 *            text goes, so that the rest may still come; n if there is none
 *
 * Both may contain any byte, including 0.
 *
 * Example, stop "end": text "bend it" → 1, the stop is there. "see then" → 6: "en" may
 * become "end". "engine" → 5: the last "e". "robot" → 5, which is n. */
size_t stop_place(size_t n, const unsigned char text[n], size_t m,
                  const unsigned char stop[m])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: never the same n tokens twice.
 *
 * logits [V]   the scores of the next token; changed in place
 * ids [T]      the text so far; T is 1 or more
 * n            1 or more; it may be larger than T
 *
 * Any token appended to the text completes a run of n tokens. If that run, the same tokens in
 * the same order, is in the text already, the token's logit becomes -INFINITY. The others
 * keep their logits. A text of fewer than n tokens has no run of n yet.
 *
 * Example, n = 3: ids {5, 6, 7, 5, 6}: with 7 the text would end with 5 6 7, which it has
 * already. So logits[7] becomes -INFINITY. With n = 1 every token of the text is forbidden. */
void forbid_repeats(int V, float logits[V], int T, const int ids[T], int n)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4, to mend: lines that fit.
 *
 * text [n]   valid UTF-8; changed in place: some of its spaces become '\n', nothing else
 * width      how many characters a line may have; 1 or more
 *
 * A line that has more than width characters is broken at its last space that has at most
 * width characters before it in the line; if there is none, at its first space, if it has
 * any: a longer word stays whole. After the break a new line begins. A '\n' that the text
 * already has ends a line as well. A character may be several bytes, and counts once.
 *
 * Example, width 12: "A robot must obey the orders given it" becomes
 * "A robot must\nobey the\norders given\nit".
 *
 * Symptoms: the example's third line is "orders given it", which has 15 characters. */
void wrap_text(size_t n, int width, unsigned char text[n])
{
    size_t space = n; /* the last one in this line; n: it has none yet */
    int line = 0;     /* how many characters it has */
    for (size_t i = 0; i < n; i++) {
        line += (text[i] & 0xC0) != 0x80; /* the first byte of a character */
        if (text[i] == ' ')
            space = i;
        if (text[i] == '\n') {
            space = n;
            line = 0;
        }
        if (line > width && space < n) {
            text[space] = '\n';
            space = n;
            line = 0;
        }
    }
}
