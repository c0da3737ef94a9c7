/* The usual mistakes in the exercises of chapter 7. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef FEED_FORWARD_MISTAKES_H
#define FEED_FORWARD_MISTAKES_H

/* ---- gelu -------------------------------------------------------------------------- */

SAYS(wrong_gelu_erf, "erf is used: GPT-2 was trained with the form with tanh, which is "
                     "never more than 0.0005 away from it. Take that.")
WRONG float wrong_gelu_erf(float x)
{
    return 0.5f * x * (1 + erff(x * 0.7071067812f));
}

SAYS(wrong_gelu_relu,
     "negative numbers become 0 and the others stay as they are, as ReLU has it: GELU "
     "bends softly, and lets a little of what is just below 0 through.")
WRONG float wrong_gelu_relu(float x)
{
    return x > 0 ? x : 0;
}

SAYS(wrong_gelu_whole_half, "the result is always 0. (1 / 2 is 0 in C, for whole numbers "
                            "divide to whole numbers: write 0.5f for ½.)")
WRONG float wrong_gelu_whole_half(float x)
{
    return (float)(1 / 2) * x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

SAYS(wrong_gelu_sigmoid, "x / (1 + e^(-1.702 x)) is returned, a quicker GELU that some "
                         "models use: GPT-2 uses the form with tanh and x³.")
WRONG float wrong_gelu_sigmoid(float x)
{
    return x / (1 + expf(-1.702f * x));
}

SAYS(wrong_gelu_silu, "x / (1 + e^(-x)) is returned, which is called SiLU or Swish: it "
                      "looks much like GELU, and is not GELU.")
WRONG float wrong_gelu_silu(float x)
{
    return x / (1 + expf(-x));
}

SAYS(wrong_gelu_square, "x² is multiplied by 0.044715: it should be x³.")
WRONG float wrong_gelu_square(float x)
{
    return 0.5f * x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x)));
}

SAYS(wrong_gelu_no_cube,
     "the term 0.044715 x³ is left out: without it the curve is off by up to 0.034.")
WRONG float wrong_gelu_no_cube(float x)
{
    return 0.5f * x * (1 + tanhf(0.7978845608f * x));
}

SAYS(wrong_gelu_root_on_x_only, "√(2/π) multiplies x alone: it multiplies the whole sum, "
                                "x + 0.044715 x³, so the sum needs parentheses.")
WRONG float wrong_gelu_root_on_x_only(float x)
{
    return 0.5f * x * (1 + tanhf(0.7978845608f * x + 0.044715f * x * x * x));
}

SAYS(wrong_gelu_no_root, "√(2/π) is left out: it multiplies the sum before the tanh.")
WRONG float wrong_gelu_no_root(float x)
{
    return 0.5f * x * (1 + tanhf(x + 0.044715f * x * x * x));
}

SAYS(wrong_gelu_two_over_pi, "the sum is multiplied by 2/π, 0.6366: it should be its "
                             "root, √(2/π), which is 0.7978845608.")
WRONG float wrong_gelu_two_over_pi(float x)
{
    return 0.5f * x * (1 + tanhf(0.6366197724f * (x + 0.044715f * x * x * x)));
}

SAYS(wrong_gelu_no_one,
     "the 1 is left out: 1 + tanh runs from 0 to 2, so with it large x pass and very "
     "negative ones become 0; without it, both come out large.")
WRONG float wrong_gelu_no_one(float x)
{
    return 0.5f * x * tanhf(0.7978845608f * (x + 0.044715f * x * x * x));
}

SAYS(wrong_gelu_no_brackets, "½ x multiplies the 1 alone, and tanh(…) is added: * binds "
                             "closer than +, so the sum 1 + tanh(…) needs parentheses.")
WRONG float wrong_gelu_no_brackets(float x)
{
    return 0.5f * x * 1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x));
}

SAYS(wrong_gelu_gate_alone, "the x in front is left out: ½ (1 + tanh(…)) is only the "
                            "share of x that passes, from "
                            "0 to 1.")
WRONG float wrong_gelu_gate_alone(float x)
{
    return 0.5f * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

SAYS(wrong_gelu_twice, "the ½ is left out: the result is twice as large as it should be.")
WRONG float wrong_gelu_twice(float x)
{
    return x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

SAYS(wrong_gelu_decimal_point,
     "x³ is multiplied by 0.44715: it should be 0.044715, with a 0 after the point.")
WRONG float wrong_gelu_decimal_point(float x)
{
    return 0.5f * x * (1 + tanhf(0.7978845608f * (x + 0.44715f * x * x * x)));
}

/* ---- feed_forward ------------------------------------------------------------------ */

/* GELU, and that of every number of T rows, whatever the reader's gelu does. */
static inline float right_bend(float x)
{
    return 0.5f * x * (1 + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

static inline void bend_rows(int T, int F, float bent[T][F], const float wide[T][F])
{
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++)
            bent[t][i] = right_bend(wide[t][i]);
}

SAYS(wrong_feed_forward_no_gelu,
     "nothing is bent: f->gelu is c_fc once more. Then the two layers do no more than a "
     "single matrix could.")
WRONG void wrong_feed_forward_no_gelu(int T, int C, int F, struct feed_forward *f,
                                      const float x[T][C], const struct block *b)
{
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    memcpy(f->gelu, f->c_fc, sizeof(float[T][F]));
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(wrong_feed_forward_skips_gelu,
     "the second layer reads f->c_fc: f->gelu is right, but it is never used. The second "
     "layer reads the bent numbers.")
WRONG void wrong_feed_forward_skips_gelu(int T, int C, int F, struct feed_forward *f,
                                         const float x[T][C], const struct block *b)
{
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->c_fc, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(wrong_feed_forward_in_place,
     "f->c_fc holds the bent numbers as well: it is the result of the first layer, "
     "before GELU; bend into f->gelu and leave it as it is.")
WRONG void wrong_feed_forward_in_place(int T, int C, int F, struct feed_forward *f,
                                       const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++)
            wide[t][i] = right_bend(wide[t][i]);
    memcpy(f->gelu, f->c_fc, sizeof(float[T][F]));
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(
    wrong_feed_forward_relu,
    "the bend is ReLU: GPT-2 bends with gelu, exercise 1, which lets a little of what is "
    "just below 0 through.")
WRONG void wrong_feed_forward_relu(int T, int C, int F, struct feed_forward *f,
                                   const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++)
            bent[t][i] = wide[t][i] > 0 ? wide[t][i] : 0;
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(
    wrong_feed_forward_bends_c_numbers,
    "only the first C numbers of each row are bent: a row is F numbers wide here, so the "
    "loop runs to F.")
WRONG void wrong_feed_forward_bends_c_numbers(int T, int C, int F, struct feed_forward *f,
                                              const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < C; i++)
            bent[t][i] = right_bend(wide[t][i]);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(wrong_feed_forward_rest_unbent, "only the first C numbers of each row are bent, and "
                                     "the others stay as they are: a row "
                                     "is F numbers wide here, so the loop runs to F.")
WRONG void wrong_feed_forward_rest_unbent(int T, int C, int F, struct feed_forward *f,
                                          const float x[T][C], const struct block *b)
{
    float(*wide)[F] = f->c_fc, (*bent)[F] = f->gelu;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++)
            bent[t][i] = i < C ? right_bend(wide[t][i]) : wide[t][i];
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(wrong_feed_forward_bends_output,
     "the output is bent as well: GELU comes between the two layers, and nowhere else.")
WRONG void wrong_feed_forward_bends_output(int T, int C, int F, struct feed_forward *f,
                                           const float x[T][C], const struct block *b)
{
    float(*output)[C] = f->output;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            output[t][c] = right_bend(output[t][c]);
}

SAYS(wrong_feed_forward_no_first_bias,
     "the first layer's bias is left out: each hidden unit starts from its own number of "
     "mlp_c_fc_bias.")
WRONG void wrong_feed_forward_no_first_bias(int T, int C, int F, struct feed_forward *f,
                                            const float x[T][C], const struct block *b)
{
    float *zero = grab((size_t)F, sizeof *zero);
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, zero);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    free(zero);
}

SAYS(wrong_feed_forward_no_second_bias,
     "the second layer's bias is left out: each output starts from its own number of "
     "mlp_c_proj_bias.")
WRONG void wrong_feed_forward_no_second_bias(int T, int C, int F, struct feed_forward *f,
                                             const float x[T][C], const struct block *b)
{
    float *zero = grab((size_t)C, sizeof *zero);
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, zero);
    free(zero);
}

SAYS(wrong_feed_forward_adds_x, "x is added to the output: that happens in the block, "
                                "chapter 8, and it is not this x "
                                "that is added there, but the row before its norm.")
WRONG void wrong_feed_forward_adds_x(int T, int C, int F, struct feed_forward *f,
                                     const float x[T][C], const struct block *b)
{
    float(*output)[C] = f->output;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            output[t][c] += x[t][c];
}

SAYS(wrong_feed_forward_norm_again,
     "x is normalized first: but the rows that come in are normalized already.")
WRONG void wrong_feed_forward_norm_again(int T, int C, int F, struct feed_forward *f,
                                         const float x[T][C], const struct block *b)
{
    float(*rows)[C] = grab((size_t)T, sizeof *rows);
    layer_norm(T, C, rows, x, b->ln_2_weight, b->ln_2_bias, 1e-5f);
    linear(T, C, F, f->c_fc, (const float(*)[C])rows, b->mlp_c_fc_weight,
           b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
    free(rows);
}

SAYS(wrong_feed_forward_turned_c_fc,
     "the first matrix is read as [F, C]: in GPT-2's files it is [C, F], a row for each "
     "input and a column for each hidden unit.")
WRONG void wrong_feed_forward_turned_c_fc(int T, int C, int F, struct feed_forward *f,
                                          const float x[T][C], const struct block *b)
{
    const float(*w)[C] = b->mlp_c_fc_weight;
    const float *bias = b->mlp_c_fc_bias;
    float(*wide)[F] = f->c_fc;
    for (int t = 0; t < T; t++)
        for (int i = 0; i < F; i++) {
            wide[t][i] = bias[i];
            for (int c = 0; c < C; c++)
                wide[t][i] += x[t][c] * w[i][c];
        }
    bend_rows(T, F, f->gelu, f->c_fc);
    linear(T, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

SAYS(wrong_feed_forward_turned_c_proj,
     "the second matrix is read as [C, F]: in GPT-2's files it is [F, C], a row for each "
     "hidden unit and a column for each output.")
WRONG void wrong_feed_forward_turned_c_proj(int T, int C, int F, struct feed_forward *f,
                                            const float x[T][C], const struct block *b)
{
    const float(*w)[F] = b->mlp_c_proj_weight;
    const float *bias = b->mlp_c_proj_bias;
    float(*bent)[F] = f->gelu, (*output)[C] = f->output;
    linear(T, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(T, F, f->gelu, f->c_fc);
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++) {
            output[t][c] = bias[c];
            for (int i = 0; i < F; i++)
                output[t][c] += bent[t][i] * w[c][i];
        }
}

SAYS(wrong_feed_forward_first_row_only,
     "only the first row goes through the layer: all T rows do, each by itself.")
WRONG void wrong_feed_forward_first_row_only(int T, int C, int F, struct feed_forward *f,
                                             const float x[T][C], const struct block *b)
{
    (void)T;
    linear(1, C, F, f->c_fc, x, b->mlp_c_fc_weight, b->mlp_c_fc_bias);
    bend_rows(1, F, f->gelu, f->c_fc);
    linear(1, F, C, f->output, f->gelu, b->mlp_c_proj_weight, b->mlp_c_proj_bias);
}

/* ---- rms_norm ---------------------------------------------------------------------- */

SAYS(wrong_rms_norm_mean_off, "the mean is subtracted from each row first: that is layer "
                              "norm. RMS norm subtracts nothing.")
WRONG void wrong_rms_norm_mean_off(int T, int C, float y[T][C], const float x[T][C],
                                   const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float sum = 0, squares = 0;
        for (int c = 0; c < C; c++)
            sum += x[t][c];
        const float mean = sum / (float)C;
        for (int c = 0; c < C; c++)
            squares += (x[t][c] - mean) * (x[t][c] - mean);
        for (int c = 0; c < C; c++)
            y[t][c] = (x[t][c] - mean) / sqrtf(squares / (float)C + epsilon) * weight[c];
    }
}

SAYS(wrong_rms_norm_variance, "the squares are taken around the mean, as in layer norm: "
                              "here they are the squares of the numbers themselves.")
WRONG void wrong_rms_norm_variance(int T, int C, float y[T][C], const float x[T][C],
                                   const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float sum = 0, squares = 0;
        for (int c = 0; c < C; c++)
            sum += x[t][c];
        const float mean = sum / (float)C;
        for (int c = 0; c < C; c++)
            squares += (x[t][c] - mean) * (x[t][c] - mean);
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)C + epsilon) * weight[c];
    }
}

/* The right function, with what each row's squares are made into left open. */
static inline void rows_over(int T, int C, float y[T][C], const float x[T][C],
                             const float weight[C],
                             float (*size)(float squares, int C, float epsilon),
                             float epsilon)
{
    for (int t = 0; t < T; t++) {
        float squares = 0;
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / size(squares, C, epsilon) * weight[c];
    }
}

static inline float size_of_sum(float squares, int C, float epsilon)
{
    (void)C;
    return sqrtf(squares + epsilon);
}

static inline float size_one_less(float squares, int C, float epsilon)
{
    return sqrtf(squares / (float)(C - 1) + epsilon);
}

static inline float size_without_root(float squares, int C, float epsilon)
{
    return squares / (float)C + epsilon;
}

static inline float size_epsilon_outside(float squares, int C, float epsilon)
{
    return sqrtf(squares / (float)C) + epsilon;
}

static inline float size_no_epsilon(float squares, int C, float epsilon)
{
    (void)epsilon;
    return sqrtf(squares / (float)C);
}

static inline float size_epsilon_in_mean(float squares, int C, float epsilon)
{
    return sqrtf((squares + epsilon) / (float)C);
}

static inline float size_whole_division(float squares, int C, float epsilon)
{
    return sqrtf(squares * (float)(1 / C) + epsilon);
}

SAYS(wrong_rms_norm_no_mean,
     "the sum of the squares is not divided by C: the root is taken of their mean.")
WRONG void wrong_rms_norm_no_mean(int T, int C, float y[T][C], const float x[T][C],
                                  const float weight[C], float epsilon)
{
    rows_over(T, C, y, x, weight, size_of_sum, epsilon);
}

SAYS(wrong_rms_norm_one_less,
     "the sum of the squares is divided by C - 1: the root is taken of their mean, so "
     "divide by C.")
WRONG void wrong_rms_norm_one_less(int T, int C, float y[T][C], const float x[T][C],
                                   const float weight[C], float epsilon)
{
    rows_over(T, C, y, x, weight, size_one_less, epsilon);
}

SAYS(wrong_rms_norm_no_root,
     "the row is divided by its mean square: take the root of it first.")
WRONG void wrong_rms_norm_no_root(int T, int C, float y[T][C], const float x[T][C],
                                  const float weight[C], float epsilon)
{
    rows_over(T, C, y, x, weight, size_without_root, epsilon);
}

SAYS(wrong_rms_norm_epsilon_outside,
     "epsilon is added after the root: it belongs under it, beside the mean square.")
WRONG void wrong_rms_norm_epsilon_outside(int T, int C, float y[T][C],
                                          const float x[T][C], const float weight[C],
                                          float epsilon)
{
    rows_over(T, C, y, x, weight, size_epsilon_outside, epsilon);
}

SAYS(wrong_rms_norm_no_epsilon, "epsilon is left out: it is added to the mean square, "
                                "and keeps a row of zeros from a "
                                "division by 0.")
WRONG void wrong_rms_norm_no_epsilon(int T, int C, float y[T][C], const float x[T][C],
                                     const float weight[C], float epsilon)
{
    rows_over(T, C, y, x, weight, size_no_epsilon, epsilon);
}

SAYS(wrong_rms_norm_epsilon_in_mean, "epsilon is added to the sum of the squares, and "
                                     "divided by C with it: it is added to "
                                     "their mean.")
WRONG void wrong_rms_norm_epsilon_in_mean(int T, int C, float y[T][C],
                                          const float x[T][C], const float weight[C],
                                          float epsilon)
{
    rows_over(T, C, y, x, weight, size_epsilon_in_mean, epsilon);
}

SAYS(wrong_rms_norm_whole_division,
     "the mean square is lost, as soon as C is 2 or more: 1 / C is 0 in C, for whole "
     "numbers divide to whole numbers. Write squares / (float)C.")
WRONG void wrong_rms_norm_whole_division(int T, int C, float y[T][C], const float x[T][C],
                                         const float weight[C], float epsilon)
{
    rows_over(T, C, y, x, weight, size_whole_division, epsilon);
}

SAYS(wrong_rms_norm_no_weight,
     "weight is left out: each column is multiplied by its own number of it.")
WRONG void wrong_rms_norm_no_weight(int T, int C, float y[T][C], const float x[T][C],
                                    const float weight[C], float epsilon)
{
    (void)weight;
    for (int t = 0; t < T; t++) {
        float squares = 0;
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)C + epsilon);
    }
}

SAYS(wrong_rms_norm_weight_added,
     "weight is added: each column is multiplied by its own number of it.")
WRONG void wrong_rms_norm_weight_added(int T, int C, float y[T][C], const float x[T][C],
                                       const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float squares = 0;
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)C + epsilon) + weight[c];
    }
}

SAYS(wrong_rms_norm_multiplied,
     "the row is multiplied by its root mean square: divide by it, so that all rows come "
     "out about equally long.")
WRONG void wrong_rms_norm_multiplied(int T, int C, float y[T][C], const float x[T][C],
                                     const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float squares = 0;
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] * sqrtf(squares / (float)C + epsilon) * weight[c];
    }
}

SAYS(wrong_rms_norm_by_columns,
     "each column is put on one scale: it is each row, the numbers of one token.")
WRONG void wrong_rms_norm_by_columns(int T, int C, float y[T][C], const float x[T][C],
                                     const float weight[C], float epsilon)
{
    for (int c = 0; c < C; c++) {
        float squares = 0;
        for (int t = 0; t < T; t++)
            squares += x[t][c] * x[t][c];
        for (int t = 0; t < T; t++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)T + epsilon) * weight[c];
    }
}

SAYS(wrong_rms_norm_all_rows,
     "all rows are divided by one number: each row has its own root mean square.")
WRONG void wrong_rms_norm_all_rows(int T, int C, float y[T][C], const float x[T][C],
                                   const float weight[C], float epsilon)
{
    float squares = 0;
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)(T * C) + epsilon) * weight[c];
}

SAYS(wrong_rms_norm_never_reset,
     "the sum of the squares keeps growing from row to row: each row starts from 0.")
WRONG void wrong_rms_norm_never_reset(int T, int C, float y[T][C], const float x[T][C],
                                      const float weight[C], float epsilon)
{
    float squares = 0;
    for (int t = 0; t < T; t++) {
        for (int c = 0; c < C; c++)
            squares += x[t][c] * x[t][c];
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / sqrtf(squares / (float)C + epsilon) * weight[c];
    }
}

SAYS(
    wrong_rms_norm_absolute,
    "the row is divided by the mean of its absolute values: take the root of the mean of "
    "the squares.")
WRONG void wrong_rms_norm_absolute(int T, int C, float y[T][C], const float x[T][C],
                                   const float weight[C], float epsilon)
{
    for (int t = 0; t < T; t++) {
        float sum = 0;
        for (int c = 0; c < C; c++)
            sum += fabsf(x[t][c]);
        for (int c = 0; c < C; c++)
            y[t][c] = x[t][c] / (sum / (float)C + epsilon) * weight[c];
    }
}

/* ---- fold_norm --------------------------------------------------------------------- */

SAYS(wrong_fold_norm_as_handed_out,
     "the function still does what it did when it was handed out: the new w is right, "
     "but the new b is not, unless bias is 0 or weight is 1.")
WRONG void wrong_fold_norm_as_handed_out(int C, int F, float w[C][F], float b[F],
                                         const float weight[C], const float bias[C])
{
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++) {
            w[c][u] *= weight[c];
            b[u] += bias[c] * w[c][u];
        }
}

SAYS(wrong_fold_norm_divides, "the old w is found by a division by weight: that gives "
                              "nan where a number of weight is 0.")
WRONG void wrong_fold_norm_divides(int C, int F, float w[C][F], float b[F],
                                   const float weight[C], const float bias[C])
{
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++) {
            w[c][u] *= weight[c];
            b[u] += bias[c] * (w[c][u] / weight[c]);
        }
}

SAYS(wrong_fold_norm_bias_unseen,
     "b is left as it is: the norm's bias, through the layer, is missing in it.")
WRONG void wrong_fold_norm_bias_unseen(int C, int F, float w[C][F], float b[F],
                                       const float weight[C], const float bias[C])
{
    (void)b, (void)bias;
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++)
            w[c][u] *= weight[c];
}

SAYS(wrong_fold_norm_weight_unseen,
     "w is left as it is: the norm's weight is missing in it. The new b is right.")
WRONG void wrong_fold_norm_weight_unseen(int C, int F, float w[C][F], float b[F],
                                         const float weight[C], const float bias[C])
{
    (void)weight;
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++)
            b[u] += bias[c] * w[c][u];
}

SAYS(wrong_fold_norm_bias_as_it_is,
     "the numbers of the norm's bias are added up in b as they are: each goes through "
     "the layer first, times w[c][u].")
WRONG void wrong_fold_norm_bias_as_it_is(int C, int F, float w[C][F], float b[F],
                                         const float weight[C], const float bias[C])
{
    for (int c = 0; c < C; c++)
        for (int u = 0; u < F; u++) {
            b[u] += bias[c];
            w[c][u] *= weight[c];
        }
}

SAYS(wrong_fold_norm_b_forgotten,
     "the layer's own biases are lost: b is only what the layer makes of the norm's "
     "bias. It should be added to b.")
WRONG void wrong_fold_norm_b_forgotten(int C, int F, float w[C][F], float b[F],
                                       const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++) {
        b[u] = 0;
        for (int c = 0; c < C; c++) {
            b[u] += bias[c] * w[c][u];
            w[c][u] *= weight[c];
        }
    }
}

SAYS(wrong_fold_norm_own_bias_weighed,
     "the layer's own biases are multiplied by the norm's first weight: they stay as "
     "they are, and the norm's bias, times w, is added.")
WRONG void wrong_fold_norm_own_bias_weighed(int C, int F, float w[C][F], float b[F],
                                            const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++) {
        b[u] *= weight[0];
        for (int c = 0; c < C; c++) {
            b[u] += bias[c] * w[c][u];
            w[c][u] *= weight[c];
        }
    }
}

SAYS(wrong_fold_norm_one_weight,
     "all rows of w are multiplied by the first number of weight: row c by weight[c].")
WRONG void wrong_fold_norm_one_weight(int C, int F, float w[C][F], float b[F],
                                      const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++)
        for (int c = 0; c < C; c++) {
            b[u] += bias[c] * w[c][u];
            w[c][u] *= weight[0];
        }
}

SAYS(wrong_fold_norm_last_bias, "only the last number of the norm's bias gets into b: "
                                "all C of them are added up, each times its w[c][u].")
WRONG void wrong_fold_norm_last_bias(int C, int F, float w[C][F], float b[F],
                                     const float weight[C], const float bias[C])
{
    for (int u = 0; u < F; u++) {
        b[u] += bias[C - 1] * w[C - 1][u];
        for (int c = 0; c < C; c++)
            w[c][u] *= weight[c];
    }
}

#endif
