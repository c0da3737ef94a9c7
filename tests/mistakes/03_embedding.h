/* The usual mistakes in the exercises of chapter 3. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef EMBEDDING_MISTAKES_H
#define EMBEDDING_MISTAKES_H

/* ---- embed ------------------------------------------------------------------------- */

SAYS(wrong_embed_position_offset_by_one, "token t gets row t + 1 of wpe: positions count "
                                         "from 0, so the first token gets row 0.")
WRONG void wrong_embed_position_offset_by_one(int T, int C, float x[restrict T][C],
                                              const int ids[T], const float wte[][C],
                                              const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] + wpe[t + 1][c];
}

SAYS(wrong_embed_no_positions, "the rows of wpe are left out: then the model cannot tell "
                               "one order of the same tokens from another.")
WRONG void wrong_embed_no_positions(int T, int C, float x[restrict T][C],
                                    const int ids[T], const float wte[][C],
                                    const float wpe[][C])
{
    (void)wpe;
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c];
}

SAYS(wrong_embed_position_by_id, "the row of wpe is chosen by the token's id: wpe has a "
                                 "row for each position, so token t gets row t.")
WRONG void wrong_embed_position_by_id(int T, int C, float x[restrict T][C],
                                      const int ids[T], const float wte[][C],
                                      const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] + wpe[ids[t]][c];
}

SAYS(wrong_embed_token_by_place, "the row of wte is chosen by the position t: it is the "
                                 "token's id, ids[t], that says which row of wte it has.")
WRONG void wrong_embed_token_by_place(int T, int C, float x[restrict T][C],
                                      const int ids[T], const float wte[][C],
                                      const float wpe[][C])
{
    (void)ids;
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[t][c] + wpe[t][c];
}

SAYS(wrong_embed_tables_swapped,
     "the tables are swapped: ids[t] is a row of wte, and t is a row of wpe.")
WRONG void wrong_embed_tables_swapped(int T, int C, float x[restrict T][C],
                                      const int ids[T], const float wte[][C],
                                      const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[t][c] + wpe[ids[t]][c];
}

SAYS(wrong_embed_one_position,
     "every token gets row 0 of wpe: token t is at position t, so it gets row t.")
WRONG void wrong_embed_one_position(int T, int C, float x[restrict T][C],
                                    const int ids[T], const float wte[][C],
                                    const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] + wpe[0][c];
}

SAYS(wrong_embed_product,
     "the two rows are multiplied: GPT-2 adds them, number by number.")
WRONG void wrong_embed_product(int T, int C, float x[restrict T][C], const int ids[T],
                               const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] * wpe[t][c];
}

SAYS(wrong_embed_mean,
     "the two rows are averaged: GPT-2 takes their sum and divides by nothing.")
WRONG void wrong_embed_mean(int T, int C, float x[restrict T][C], const int ids[T],
                            const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = (wte[ids[t]][c] + wpe[t][c]) / 2;
}

SAYS(wrong_embed_times_root, "the token's row is multiplied by √C: the first Transformer "
                             "did that (Vaswani et al. 2017, 3.4), GPT-2 does not.")
WRONG void wrong_embed_times_root(int T, int C, float x[restrict T][C], const int ids[T],
                                  const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t]][c] * sqrtf((float)C) + wpe[t][c];
}

SAYS(wrong_embed_sines,
     "the positions are written as sines and cosines: the first Transformer did that "
     "(Vaswani et al. 2017, 3.5), GPT-2 has learned them, in wpe.")
WRONG void wrong_embed_sines(int T, int C, float x[restrict T][C], const int ids[T],
                             const float wte[][C], const float wpe[][C])
{
    (void)wpe;
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++) {
            const double angle = t / pow(10000, (double)(c / 2 * 2) / C);
            x[t][c] = wte[ids[t]][c] + (float)(c % 2 ? cos(angle) : sin(angle));
        }
}

SAYS(wrong_embed_only_positions, "the rows of wte are left out: then the model knows how "
                                 "many tokens there are, and not which.")
WRONG void wrong_embed_only_positions(int T, int C, float x[restrict T][C],
                                      const int ids[T], const float wte[][C],
                                      const float wpe[][C])
{
    (void)ids;
    (void)wte;
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wpe[t][c];
}

SAYS(wrong_embed_from_one, "token t gets row ids[t] - 1 of wte: ids count from 0 as rows "
                           "do, so it is row ids[t].")
WRONG void wrong_embed_from_one(int T, int C, float x[restrict T][C], const int ids[T],
                                const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] = wte[ids[t] > 0 ? ids[t] - 1 : 0][c] + wpe[t][c];
}

SAYS(wrong_embed_adds_to_x,
     "the sum is added to what is in x already: x holds nothing yet, and what was in "
     "that memory before gets into the sum. Set it with = first.")
WRONG void wrong_embed_adds_to_x(int T, int C, float x[restrict T][C], const int ids[T],
                                 const float wte[][C], const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            x[t][c] += wte[ids[t]][c] + wpe[t][c];
}

SAYS(wrong_embed_first_column,
     "only column 0 is filled: a row has C columns, so it takes a second loop, over c.")
WRONG void wrong_embed_first_column(int T, int C, float x[restrict T][C],
                                    const int ids[T], const float wte[][C],
                                    const float wpe[][C])
{
    for (int t = 0; t < T; t++)
        x[t][0] = wte[ids[t]][0] + wpe[t][0];
}

SAYS(wrong_embed_copies_bytes,
     "C bytes are copied and not C floats: memcpy counts bytes, and a float has 4.")
WRONG void wrong_embed_copies_bytes(int T, int C, float x[restrict T][C],
                                    const int ids[T], const float wte[][C],
                                    const float wpe[][C])
{
    for (int t = 0; t < T; t++) {
        memcpy(x[t], wte[ids[t]], (size_t)C);
        for (int c = 0; c < C; c++)
            x[t][c] += wpe[t][c];
    }
}

/* ---- cosine ------------------------------------------------------------------------ */

/* Sums that several of the mistakes need: a·b, a·a, b·b. */
static inline void three_sums(int n, const float a[n], const float b[n], double sum[3])
{
    sum[0] = sum[1] = sum[2] = 0;
    for (int i = 0; i < n; i++) {
        sum[0] += (double)a[i] * (double)b[i];
        sum[1] += (double)a[i] * (double)a[i];
        sum[2] += (double)b[i] * (double)b[i];
    }
}

SAYS(wrong_cosine_dot, "a·b is not divided by the lengths: then a long row looks like "
                       "everything. Divide by |a| |b|.")
WRONG float wrong_cosine_dot(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return (float)s[0];
}

SAYS(wrong_cosine_one_length,
     "a·b is divided by the length of a alone: divide by both lengths, |a| |b|.")
WRONG float wrong_cosine_one_length(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(s[0] / sqrt(s[1])) : 0;
}

SAYS(wrong_cosine_other_length,
     "a·b is divided by the length of b alone: divide by both lengths, |a| |b|.")
WRONG float wrong_cosine_other_length(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(s[0] / sqrt(s[2])) : 0;
}

SAYS(wrong_cosine_no_root,
     "a·b is divided by (a·a)(b·b): the length of a is the square root of a·a.")
WRONG float wrong_cosine_no_root(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(s[0] / (s[1] * s[2])) : 0;
}

SAYS(wrong_cosine_sum_of_lengths,
     "a·b is divided by |a| + |b|: the two lengths are multiplied, not added.")
WRONG float wrong_cosine_sum_of_lengths(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(s[0] / (sqrt(s[1]) + sqrt(s[2]))) : 0;
}

SAYS(wrong_cosine_zero_row, "a row of zeros gives nan: its length is 0, and 0 / 0 is not "
                            "a number. The task asks for 0 then.")
WRONG float wrong_cosine_zero_row(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return (float)(s[0] / sqrt(s[1] * s[2]));
}

SAYS(wrong_cosine_no_sign,
     "the sign is lost: rows that point opposite ways have a cosine of -1, not 1.")
WRONG float wrong_cosine_no_sign(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(fabs(s[0]) / sqrt(s[1] * s[2])) : 0;
}

SAYS(wrong_cosine_distance, "1 - cosine is returned, a distance: it is 0 for rows that "
                            "point the same way, and their cosine is 1.")
WRONG float wrong_cosine_distance(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(1 - s[0] / sqrt(s[1] * s[2])) : 0;
}

SAYS(wrong_cosine_length_by_abs,
     "the lengths are sums of |a[i]|: a length is the root of the sum of squares.")
WRONG float wrong_cosine_length_by_abs(int n, const float a[n], const float b[n])
{
    double s[3], la = 0, lb = 0;
    three_sums(n, a, b, s);
    for (int i = 0; i < n; i++) {
        la += fabs((double)a[i]);
        lb += fabs((double)b[i]);
    }
    return la > 0 && lb > 0 ? (float)(s[0] / (la * lb)) : 0;
}

SAYS(wrong_cosine_angle,
     "the angle is returned, acos of the cosine: return the cosine itself.")
WRONG float wrong_cosine_angle(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)acos(fmax(-1, fmin(1, s[0] / sqrt(s[1] * s[2]))))
                                : 0;
}

SAYS(wrong_cosine_centred, "the rows' means are taken off first: that is the "
                           "correlation. The cosine takes the rows as they are.")
WRONG float wrong_cosine_centred(int n, const float a[n], const float b[n])
{
    double ma = 0, mb = 0, ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        ma += (double)a[i] / n;
        mb += (double)b[i] / n;
    }
    for (int i = 0; i < n; i++) {
        ab += ((double)a[i] - ma) * ((double)b[i] - mb);
        aa += ((double)a[i] - ma) * ((double)a[i] - ma);
        bb += ((double)b[i] - mb) * ((double)b[i] - mb);
    }
    return aa > 1e-9 && bb > 1e-9 ? (float)(ab / sqrt(aa * bb)) : 0;
}

SAYS(wrong_cosine_either_zero,
     "a row of zeros together with a row of others gives nan: the result must be 0 as "
     "soon as one of the two is all zeros.")
WRONG float wrong_cosine_either_zero(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n, a, b, s);
    return s[1] > 0 || s[2] > 0 ? (float)(s[0] / sqrt(s[1] * s[2])) : 0;
}

SAYS(wrong_cosine_last, "the last column is left out: i runs from 0 to n - 1.")
WRONG float wrong_cosine_last(int n, const float a[n], const float b[n])
{
    double s[3];
    three_sums(n - 1, a, b, s);
    return s[1] > 0 && s[2] > 0 ? (float)(s[0] / sqrt(s[1] * s[2])) : 0;
}

SAYS(wrong_cosine_in_ints,
     "the sums are whole numbers: what comes after the point of each "
     "product is lost. Let them be floats.")
WRONG float wrong_cosine_in_ints(int n, const float a[n], const float b[n])
{
    int ab = 0, aa = 0, bb = 0;
    for (int i = 0; i < n; i++) {
        ab += (int)(a[i] * b[i]);
        aa += (int)(a[i] * a[i]);
        bb += (int)(b[i] * b[i]);
    }
    return aa > 0 && bb > 0 ? (float)ab / (sqrtf((float)aa) * sqrtf((float)bb)) : 0;
}

/* ---- nearest ----------------------------------------------------------------------- */

/* The k tokens with the largest likeness[0 … V - 1], without those at which it is NaN. */
static inline void take_largest(int V, const double *likeness, int k, int *found)
{
    for (int i = 0; i < k; i++) {
        int best = -1;
        for (int id = 0; id < V; id++) {
            bool taken = isnan(likeness[id]);
            for (int j = 0; j < i; j++)
                taken = taken || found[j] == id;
            if (!taken && (best < 0 || likeness[id] > likeness[best]))
                best = id;
        }
        found[i] = best;
    }
}

enum { COSINE, DOT, DISTANCE };

/* How alike the rows of id and other are, in one of three ways. */
static inline double row_likeness(int C, const float table[][C], int id, int other,
                                  int how)
{
    double s[3];
    three_sums(C, table[id], table[other], s);
    return how == DOT        ? s[0]
           : how == DISTANCE ? -(s[1] - 2 * s[0] + s[2])
           : s[1] * s[2] > 0 ? s[0] / sqrt(s[1] * s[2])
                             : 0;
}

SAYS(wrong_nearest_itself, "the token is its own nearest neighbour: leave `id` out.")
WRONG void wrong_nearest_itself(int V, int C, int k, int found[restrict k],
                                const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? 2 : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_dot, "the rows with the largest a·b are taken: long rows win then. "
                        "Divide by the lengths: cosine does.")
WRONG void wrong_nearest_dot(int V, int C, int k, int found[restrict k],
                             const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, DOT);
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_distance,
     "the rows with the smallest distance |a - b| are taken: a long row and a short one "
     "may point the same way. The task asks for the largest cosine.")
WRONG void wrong_nearest_distance(int V, int C, int k, int found[restrict k],
                                  const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, DISTANCE);
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_farthest,
     "the smallest cosines are taken: these are the least alike. Take the largest.")
WRONG void wrong_nearest_farthest(int V, int C, int k, int found[restrict k],
                                  const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : -row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_no_sign, "rows that point the opposite way count as near: a cosine of "
                            "-1 is the least alike, so take no absolute value.")
WRONG void wrong_nearest_no_sign(int V, int C, int k, int found[restrict k],
                                 const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] =
            other == id ? NAN : fabs(row_likeness(C, table, id, other, COSINE));
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_worst_first,
     "the right tokens are found and the nearest comes last: it should come first.")
WRONG void wrong_nearest_worst_first(int V, int C, int k, int found[restrict k],
                                     const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    for (int i = 0; i < k / 2; i++) {
        const int kept = found[i];
        found[i] = found[k - 1 - i];
        found[k - 1 - i] = kept;
    }
    free(likeness);
}

SAYS(wrong_nearest_by_id, "the right tokens are found and put in the order of their ids: "
                          "the nearest should come first.")
WRONG void wrong_nearest_by_id(int V, int C, int k, int found[restrict k],
                               const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    for (int i = 1; i < k; i++)
        for (int j = i; j > 0 && found[j] < found[j - 1]; j--) {
            const int kept = found[j];
            found[j] = found[j - 1];
            found[j - 1] = kept;
        }
    free(likeness);
}

SAYS(wrong_nearest_ties, "of two tokens that are equally near the one with the higher id "
                         "comes first: it should be the lower one. (A search from the "
                         "first token to the last keeps it with > and loses it with >=.)")
WRONG void wrong_nearest_ties(int V, int C, int k, int found[restrict k],
                              const float table[][C], int id)
{
    for (int i = 0; i < k; i++) {
        int best = -1;
        for (int other = 0; other < V; other++) {
            bool taken = other == id;
            for (int j = 0; j < i; j++)
                taken = taken || found[j] == other;
            if (!taken && (best < 0 || cosine(C, table[id], table[other]) >=
                                           cosine(C, table[id], table[best])))
                best = other;
        }
        found[i] = best;
    }
}

SAYS(wrong_nearest_same, "the nearest token is in every element of found: leave out "
                         "those that are in `found` already.")
WRONG void wrong_nearest_same(int V, int C, int k, int found[restrict k],
                              const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, 1, found);
    for (int i = 1; i < k; i++)
        found[i] = found[0];
    free(likeness);
}

SAYS(wrong_nearest_not_zero, "only tokens with a cosine above 0 are found: the search "
                             "must begin with no best at all, not with a best of 0.")
WRONG void wrong_nearest_not_zero(int V, int C, int k, int found[restrict k],
                                  const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++) {
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, COSINE);
        if (likeness[other] <= 0)
            likeness[other] = NAN;
    }
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_no_twins, "a token whose row points exactly the same way is left out "
                             "too: leave out the token `id`, not the cosine 1.")
WRONG void wrong_nearest_no_twins(int V, int C, int k, int found[restrict k],
                                  const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++) {
        likeness[other] = other == id ? NAN : row_likeness(C, table, id, other, COSINE);
        if (likeness[other] > 1 - 1e-6)
            likeness[other] = NAN;
    }
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_not_first,
     "token 0 is never found: the search must begin with token 0.")
WRONG void wrong_nearest_not_first(int V, int C, int k, int found[restrict k],
                                   const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] =
            other == id || other == 0 ? NAN : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    free(likeness);
}

SAYS(wrong_nearest_not_last,
     "the last token, V - 1, is never found: the search must run while other < V.")
WRONG void wrong_nearest_not_last(int V, int C, int k, int found[restrict k],
                                  const float table[][C], int id)
{
    double *likeness = grab((size_t)V, sizeof *likeness);
    for (int other = 0; other < V; other++)
        likeness[other] = other == id || other == V - 1
                              ? NAN
                              : row_likeness(C, table, id, other, COSINE);
    take_largest(V, likeness, k, found);
    free(likeness);
}

/* ---- centre_rows ------------------------------------------------------------------- */

SAYS(wrong_centre_rows_as_handed_out,
     "only row 0 has the mean of all rows taken off it, and the later rows have "
     "something else taken off: the code that was handed out gives the same numbers.")
WRONG void wrong_centre_rows_as_handed_out(int V, int C, float table[V][C])
{
    for (int id = 0; id < V; id++)
        for (int c = 0; c < C; c++) {
            float sum = 0;
            for (int other = 0; other < V; other++)
                sum += table[other][c];
            table[id][c] -= sum / (float)V;
        }
}

SAYS(wrong_centre_rows_own_mean, "the mean of the row itself is taken off each row: then "
                                 "the rows sum to 0, and it is the columns that should.")
WRONG void wrong_centre_rows_own_mean(int V, int C, float table[V][C])
{
    for (int id = 0; id < V; id++) {
        double sum = 0;
        for (int c = 0; c < C; c++)
            sum += (double)table[id][c];
        for (int c = 0; c < C; c++)
            table[id][c] -= (float)(sum / C);
    }
}

SAYS(wrong_centre_rows_one_mean, "the mean of all numbers of the table is taken off: "
                                 "each column has a mean of its own.")
WRONG void wrong_centre_rows_one_mean(int V, int C, float table[V][C])
{
    double sum = 0;
    for (int i = 0; i < V * C; i++)
        sum += (double)table[i / C][i % C];
    for (int i = 0; i < V * C; i++)
        table[i / C][i % C] -= (float)(sum / ((double)V * C));
}

/* What is taken off every row: the sums of the columns, each sum divided by `by`. */
static inline void take_off_sums(int V, int C, float table[V][C], double by, bool reset)
{
    double sum = 0;
    for (int c = 0; c < C; c++) {
        if (reset)
            sum = 0;
        for (int id = 0; id < V; id++)
            sum += (double)table[id][c];
        for (int id = 0; id < V; id++)
            table[id][c] -= (float)(sum / by);
    }
}

SAYS(wrong_centre_rows_sum, "the sum of each column is taken off: the mean is the sum "
                            "divided by V, the number of rows.")
WRONG void wrong_centre_rows_sum(int V, int C, float table[V][C])
{
    take_off_sums(V, C, table, 1, true);
}

SAYS(wrong_centre_rows_by_C, "the sum of each column is divided by C: there are V "
                             "numbers in a column and C in a row.")
WRONG void wrong_centre_rows_by_C(int V, int C, float table[V][C])
{
    take_off_sums(V, C, table, C, true);
}

SAYS(wrong_centre_rows_not_reset, "the sum of a column still holds the columns before "
                                  "it: it must be 0 again for each column.")
WRONG void wrong_centre_rows_not_reset(int V, int C, float table[V][C])
{
    take_off_sums(V, C, table, V, false);
}

SAYS(wrong_centre_rows_others_only,
     "the mean of the other rows is taken off each row: the mean is that of all rows, "
     "including the row itself.")
WRONG void wrong_centre_rows_others_only(int V, int C, float table[V][C])
{
    for (int c = 0; c < C; c++) {
        double sum = 0;
        for (int id = 0; id < V; id++)
            sum += (double)table[id][c];
        for (int id = 0; id < V && V > 1; id++)
            table[id][c] -= (float)((sum - (double)table[id][c]) / (V - 1));
    }
}

SAYS(wrong_centre_rows_first_row,
     "row 0 is taken off every row: it is the mean of all rows that should be taken off.")
WRONG void wrong_centre_rows_first_row(int V, int C, float table[V][C])
{
    for (int id = V - 1; id >= 0; id--)
        for (int c = 0; c < C; c++)
            table[id][c] -= table[0][c];
}

SAYS(wrong_centre_rows_becomes_the_mean,
     "every row becomes the mean of all rows: the mean should be taken off, and what is "
     "left should stay.")
WRONG void wrong_centre_rows_becomes_the_mean(int V, int C, float table[V][C])
{
    for (int c = 0; c < C; c++) {
        double sum = 0;
        for (int id = 0; id < V; id++)
            sum += (double)table[id][c];
        for (int id = 0; id < V; id++)
            table[id][c] = (float)(sum / V);
    }
}

#endif
