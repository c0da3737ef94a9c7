/* The exercises of chapter 13: chapters/13_gpt2.md. Write a function's body in place of
 * NOT_WRITTEN_YET(), then:
 *   make exercise-13     what is right, what is not, and what to do next
 *   make hint-13         a hint for the next function to write
 * The functions may call each other, and everything in ../src/13_gpt2.h. */
#include "../src/13_gpt2.h"

/* Exercise 1: valid UTF-8, whatever comes.
 *
 * in [n]    any bytes; n is 1 or more
 * out       set it: the characters as they are; for each broken piece the three bytes
 *           EF BF BD, which are the character �. It has room for 3n bytes.
 * returns   how many bytes out has now
 *
 * A broken piece is one byte that begins no character; or the bytes that begin one, as far
 * as they do, where the character does not go on. utf8_decode (src/00_book.h) returns the
 * length of the character at the front of some bytes, 0 where there is none, -1 where the
 * bytes are the beginning of one.
 *
 * Example: {0xC3, 0xAB} (ë) stays; {0xC3, 'A'} → {0xEF, 0xBF, 0xBD, 'A'}, returns 4;
 * {0xE5, 0xA5} → {0xEF, 0xBF, 0xBD}, one piece; {0xFF, 0xFF} → twice EF BF BD. */
size_t mend(size_t n, const unsigned char in[n], unsigned char out[3 * n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: where could the stop string be?
 *
 * text [n]   bytes that have come; n is 1 or more
 * stop [m]   the stop string; m is 1 or more
 * returns    the first place from which on the text and the stop are the same until one of
 *            them ends: there the stop stands, or its beginning does and the rest may come;
 *            n where there is no such place
 *
 * Any byte may be among them, 0 too.
 *
 * Example, stop "end": text "bend it" → 1, the stop stands there. "see then" → 6: "en" may
 * become "end". "engine" → 5: the last "e". "robot" → 5, which is n. */
size_t stop_place(size_t n, const unsigned char text[n], size_t m,
                  const unsigned char stop[m])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: never the same n tokens twice.
 *
 * logits [V]   what the model says of the next token; changed in place
 * ids [T]      the text so far
 * n            1 or more
 *
 * Any token that would make the last n tokens of the text a run that is in the text already
 * gets the logit -INFINITY. So: wherever the last n - 1 tokens of the text stand in it and
 * something follows them, that must not follow again. The others keep their logits. A text
 * of fewer than n tokens has no run yet.
 *
 * Example, n = 3: ids {5, 6, 7, 5, 6}: the last two, 5 6, were followed by 7. So logits[7]
 * becomes -INFINITY. With n = 1 every token of the text is forbidden. */
void forbid_repeats(int V, float logits[V], int T, const int ids[T], int n)
{
    NOT_WRITTEN_YET();
}
