/* Workbook of chapter 0: write these functions, and grade them with make exercise-00. */
#include "../src/00_book.h"

/* got [n], want [n] → the first index at which they disagree; -1 if they agree.
 * They agree at i if |got[i] - want[i]| <= 1e-4 · (the largest finite |want[k]|, over all k).
 * Equal infinities agree. NaN agrees with nothing, not even with NaN.
 *
 *     want = {100, 0}, got = {100.009, 0.009}  →  -1     (0.01 is allowed everywhere)
 *     want = {100, 0}, got = {100.02, 0}       →   0
 *     want = {-INFINITY, 2}, got = {-INFINITY, 2.001}  →  1     (2e-4 is allowed)
 */
long first_disagreement(size_t n, const float got[n], const float want[n])
{
    NOT_WRITTEN_YET();
}

/* Is the line a reference: blanks (' ' or '\t') or none, <<, a name, >>, blanks or none? Returns the
 * length of the name, and sets *start to where in the line it begins. Returns 0, and leaves *start
 * alone, if the line is none. A name is not empty; anything may be in it, even >> or blanks.
 *
 *     "    <<hide the future>>"  →  15, *start = 6
 *     "<<a>>;"                   →  0     (something stands behind it)
 *     "<<>>"                     →  0     (no name)
 */
size_t reference_name(const char *line, size_t *start)
{
    NOT_WRITTEN_YET();
}
