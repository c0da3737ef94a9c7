/* Workbook of chapter 0: write these functions, mend the last one, and grade them with
 * make exercise-00. */
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

/* Is the line a reference: spaces (' ' or '\t') or none, <<, a name, >>, spaces or none? Returns the
 * length of the name, and sets *start to where in the line it begins. Returns 0, and leaves *start
 * alone, if the line is not one. A name is not empty; anything may be in it, even >> or spaces.
 *
 *     "    <<hide the future>>"  →  15, *start = 6
 *     "<<a>>;"                   →  0     (something follows it)
 *     "<<>>"                     →  0     (no name)
 */
size_t reference_name(const char *line, size_t *start)
{
    NOT_WRITTEN_YET();
}

/* To mend: how many lines can be kept on the way from one version of a file to the next? Kept lines
 * keep their order, and each line of either version is kept once at most. A line is given as a
 * number, the same number for the same text.
 *
 * before [n], after [m]  →  the largest number of lines that can be kept; n and m are 1 or more
 *
 *     before = {7, 8, 9}, after = {7, 9, 8}  →  2     (7 and 8, or 7 and 9)
 *     before = {7}, after = {8, 9}           →  0
 *
 * Symptoms: for a file that ends in one line `}`, and a version that ends in three of them, the
 * answer is two lines more than the file has.
 */
int lines_kept(int n, int m, const int before[n], const int after[m])
{
    int *kept = grab((size_t)m + 1, sizeof *kept);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            if (before[i] == after[j])
                kept[j + 1] = kept[j] + 1;
            else if (kept[j] > kept[j + 1])
                kept[j + 1] = kept[j];
    int most = kept[m];
    free(kept);
    return most;
}
