/* The exercises of chapter 15: chapters/15_beyond.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-15     what is right, what is not, and what to do next
 *   make hint-15         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/15_beyond.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/15_beyond.h"

/* Exercise 1: only the answer is learned.
 *
 * T        how many positions; 1 or more
 * targets  [T], to be written: targets[t] is ids[t + 1] if that token belongs to an answer, and
 *          -1 if it does not
 * ids      [T + 1]: a row of examples, each a prompt, the mark, an answer, <|endoftext|>. The
 *          row may begin and end anywhere in an example
 * m, mark  [m]: the tokens of the mark, in this order; 1 or more
 * end      the token <|endoftext|>; it is not in the mark
 *
 * An answer is what follows a mark, and the <|endoftext|> that ends it belongs to it. A mark
 * inside an answer is part of the answer. What comes before the first mark is not an answer.
 *
 * Example: with the mark {7}, end 0 and ids {5, 7, 3, 0, 6}, targets become {-1, 3, 0, -1}. */
void mask_prompts(int T, int targets[restrict T], const int ids[T + 1], int m,
                  const int mark[m], int end)
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: where a greedy answer leaves the right one.
 *
 * T        how many positions; 1 or more
 * V        how many tokens there are; 1 or more
 * logits   [T, V]: after position t, how likely each token is
 * targets  [T]: the token that is wanted there; -1: any will do
 *
 * Returns the first position at which the likeliest token is not the target; T if there is
 * none. If several tokens are equally likely, the first of them is written. Stop at the first
 * wrong one: after it, nothing can make the answer right again.
 *
 * likeliest(V, row) of chapter 10 is the likeliest token of a row.
 *
 * Example: with logits {{1, 9}, {5, 2}}, targets {1, 1} give 1, {1, 0} give 2, {-1, 1} give 1. */
int first_wrong(int T, int V, const float logits[T][V], const int targets[T])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: one event of a MIDI file, a note that begins or ends.
 *
 * bytes     to be written: as many as are needed, 7 at most
 * wait      ticks to wait for it after the previous event; below 2^28
 * begins    does the note begin, or end?
 * channel   0 to 15: the instrument
 * pitch     0 to 127: which key; 60 is middle C
 * velocity  0 to 127: how hard it is struck
 *
 * Returns how many bytes were written. First comes the wait, as a "variable-length quantity":
 * its bits in pieces of seven, the highest piece first, each in the lower seven bits of a byte.
 * The top bit of a byte says whether another one follows. No more bytes are written than the
 * number needs; it needs at least one. Then come three bytes: 0x90 plus the channel if the note
 * begins, 0x80 plus the channel if it ends; the pitch; the velocity.
 *
 * Example: wait 2 gives the byte 02. Wait 200 = 1 * 128 + 72 gives 81 48, since 0x80 + 1 is 81
 * and 72 is 48. So (200, true, 1, 60, 90) writes 81 48 91 3C 5A, and it returns 5. */
int note_event(unsigned char bytes[restrict 7], unsigned wait, bool begins, int channel,
               int pitch, int velocity)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4, to mend: what the model reads before it answers.
 *
 * n, prompt  [n]: the tokens of the prompt; 1 or more
 * m, mark    [m]: the tokens of the mark; 1 or more
 * end        the token <|endoftext|>, with which every example begins
 * ids        [1 + n + m], to be written: end, the prompt, the mark
 *
 * Returns how many tokens there are to read: 1 + n + m.
 *
 * Example: with prompt {5, 6}, mark {7} and end 0, ids become {0, 5, 6, 7}, and it returns 4.
 *
 * Symptoms: asked for a translation, the model continues in English, and begins a second
 * sentence. */
int ask(int n, const int prompt[n], int m, const int mark[m], int end,
        int ids[restrict 1 + n + m])
{
    int count = 0;
    ids[count++] = end;
    for (int t = 0; t < n; t++)
        ids[count++] = prompt[t];
    for (int t = 0; t < m; t++)
        ids[count + t] = mark[t];
    return count;
}
