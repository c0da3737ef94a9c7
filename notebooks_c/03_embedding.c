/* The exercises of chapter 3: chapters/03_embedding.md. Write a function's body in place of
 * NOT_WRITTEN_YET(); the last function is there, but broken: mend it. Then:
 *   make exercise-03     what is right, what is not, and what to do next
 *   make hint-03         a hint for the next function (FUNCTION=name: for that one)
 * The functions may call each other, and everything in ../src/03_embedding.h. Each is graded
 * with the book's functions in place of the others. */
#include "../src/03_embedding.h"

/* Exercise 1: ids become rows.
 *
 * ids [T]              the prompt's tokens, each from 0 to V - 1; T is 1 or more
 * wte [V, C]           row id says what token `id` is
 * wpe [positions, C]   row t says what it means to be at position t; the first one is 0
 * x [T, C]             to fill: x[t] = (row ids[t] of wte) + (row t of wpe)
 *
 * Example: T = 2, C = 2, ids = {1, 0}, wte = {{1, 2}, {3, 4}}, wpe = {{10, 20}, {30, 40}}
 *          x = {{13, 24}, {31, 42}} */
void embed(int T, int C, float x[restrict T][C], const int ids[T], const float wte[][C],
           const float wpe[][C])
{
    NOT_WRITTEN_YET();
}

/* Exercise 2: how nearly two rows point the same way.
 *
 * a, b [n]  two rows; n is 1 or more. Each number is 0, or from 0.0001 to 1000 in size
 * returns   a·b / (|a| |b|), from -1 to 1. a·b is the sum of a[i] * b[i], and |a|, the length
 *           of a, is the square root of a·a. If a row is all zeros, return 0.
 *
 * Example: a = {3, 4}, b = {4, 3}: a·b = 24, |a| = |b| = 5, so it is 24 / 25 = 0.96.
 *          a = {1, 0}, b = {0, 7}: 0. */
float cosine(int n, const float a[n], const float b[n])
{
    NOT_WRITTEN_YET();
}

/* Exercise 3: a token's neighbours.
 *
 * table [V, C]  a row for each token
 * id            the token whose neighbours are wanted
 * k             how many; 1 or more, and less than V
 * found [k]     to fill: the k tokens whose rows have the largest cosine with row id. The
 *               largest comes first; of equal ones the lower id comes first. Token id itself
 *               is left out.
 *
 * Example: V = 4, C = 2, table = {{1, 0}, {9, 9}, {2, 1}, {0, 1}}, id = 0, k = 2.
 *          The cosines with row 0 are 1 (itself), 0.71, 0.89, 0, so found = {2, 1}. */
void nearest(int V, int C, int k, int found[restrict k], const float table[][C], int id)
{
    NOT_WRITTEN_YET();
}

/* Exercise 4, to mend: subtract what all rows have in common.
 *
 * V             how many rows; 1 or more
 * C             how many numbers in a row; 1 or more
 * table [V, C]  changed in place: the mean of all rows is subtracted from every row. The mean is
 *               a row too: its number c is the mean of column c. So every column of the result
 *               sums to 0
 *
 * Example: the rows {1, 5}, {3, 5}, {8, 2} have the mean {4, 4}, and become {-3, 1}, {-1, 1},
 *          {4, -2}.
 *
 * Symptoms: on the example it writes {-3, 1}, {0.33, 2.33}, {6.22, 0.22}. The first row
 * always comes out right, and the later ones hardly ever do. */
void centre_rows(int V, int C, float table[V][C])
{
    for (int id = 0; id < V; id++)
        for (int c = 0; c < C; c++) {
            float sum = 0;
            for (int other = 0; other < V; other++)
                sum += table[other][c];
            table[id][c] -= sum / (float)V;
        }
}
