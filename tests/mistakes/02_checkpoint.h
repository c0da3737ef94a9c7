/* The usual mistakes in the exercises of chapter 2. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef CHECKPOINT_MISTAKES_H
#define CHECKPOINT_MISTAKES_H

/* ---- parameter_count --------------------------------------------------------------- */

/* The sizes of the parts, which a mistake puts together wrongly. */
struct parts {
    size_t V, P, C, F, L, H, tables, norm, attention, feed_forward;
};

static inline struct parts parts_of(const struct config *c)
{
    struct parts p;
    p.V = (size_t)c->V;
    p.P = (size_t)c->positions;
    p.C = (size_t)c->C;
    p.F = (size_t)c->F;
    p.L = (size_t)c->L;
    p.H = (size_t)c->H;
    p.tables = (p.V + p.P) * p.C;
    p.norm = 2 * p.C;
    p.attention = 3 * p.C * p.C + 3 * p.C + p.C * p.C + p.C;
    p.feed_forward = p.C * p.F + p.F + p.F * p.C + p.C;
    return p;
}

static inline size_t right_count(const struct parts *p)
{
    return p->tables + p->L * (2 * p->norm + p->attention + p->feed_forward) + p->norm;
}

SAYS(
    wrong_parameter_count_c_fc_bias,
    "the bias of c_fc has C numbers: but a bias is as long as what comes out of its "
    "layer, and out of c_fc come F. (It is one of the two slips in the article's table.)")
WRONG size_t wrong_parameter_count_c_fc_bias(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * p.F + p.L * p.C;
}

SAYS(wrong_parameter_count_no_ln_f, "the layer norm after the last block, ln_f, is left "
                                    "out: add its C + C. (It is one of "
                                    "the two slips in the article's table.)")
WRONG size_t wrong_parameter_count_no_ln_f(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.norm;
}

SAYS(wrong_parameter_count_article,
     "both slips of the article's table are made again: the bias of c_fc has F numbers, "
     "not C, and after the last block comes one more layer norm, ln_f, with C + C.")
WRONG size_t wrong_parameter_count_article(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * p.F + p.L * p.C - p.norm;
}

SAYS(wrong_parameter_count_head,
     "the head is counted as one more table of V * C: but it is wte, used a second time, "
     "and was learned once.")
WRONG size_t wrong_parameter_count_head(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) + p.V * p.C;
}

SAYS(wrong_parameter_count_no_biases,
     "the four layers of a block have no biases: but each has one, as long as what"
     " comes out of it: 3C, C, F and C.")
WRONG size_t wrong_parameter_count_no_biases(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * (3 * p.C + p.C + p.F + p.C);
}

SAYS(wrong_parameter_count_no_positions,
     "wpe, the table of positions, is left out: it has positions * C numbers, and "
     "they are learned like all others.")
WRONG size_t wrong_parameter_count_no_positions(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.P * p.C;
}

SAYS(wrong_parameter_count_one_block,
     "one block is counted: but there are L of them, each with weights of its own.")
WRONG size_t wrong_parameter_count_one_block(const struct config *c)
{
    struct parts p = parts_of(c);
    p.L = 1;
    return right_count(&p);
}

SAYS(wrong_parameter_count_all_times_L,
     "everything is counted L times: but only the blocks are repeated; wte, wpe and ln_f "
     "are there once.")
WRONG size_t wrong_parameter_count_all_times_L(const struct config *c)
{
    struct parts p = parts_of(c), one = p;
    one.L = 1;
    return p.L * right_count(&one);
}

SAYS(wrong_parameter_count_one_norm,
     "each block has 2 * C too few, because one of its layer norms is left out or "
     "the bias of c_attn has C numbers: there are two norms, ln_1 and ln_2, and "
     "that bias has 3C, as many as come out.")
WRONG size_t wrong_parameter_count_one_norm(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * p.norm;
}

SAYS(wrong_parameter_count_norm_without_bias,
     "a layer norm has C numbers: but it has two vectors, weight [C] and bias [C].")
WRONG size_t wrong_parameter_count_norm_without_bias(const struct config *c)
{
    struct parts p = parts_of(c);
    p.norm = p.C;
    return right_count(&p);
}

SAYS(wrong_parameter_count_four_times,
     "the feed-forward layer is taken for 4 * C wide: in GPT-2 it is, but a different "
     "model may say otherwise. Its width is c->F.")
WRONG size_t wrong_parameter_count_four_times(const struct config *c)
{
    struct config other = *c;
    other.F = 4 * c->C;
    struct parts p = parts_of(&other);
    return right_count(&p);
}

SAYS(wrong_parameter_count_c_attn,
     "c_attn is counted as C → C: but it makes query, key and value at once, so it is "
     "C → 3C, with a bias of 3C.")
WRONG size_t wrong_parameter_count_c_attn(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * (2 * p.C * p.C + 2 * p.C);
}

SAYS(
    wrong_parameter_count_heads,
    "the attention is counted once for each head: but the heads share one c_attn and one "
    "c_proj, C / H columns of it each, so H changes nothing.")
WRONG size_t wrong_parameter_count_heads(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) + p.L * (p.H - 1) * p.attention;
}

SAYS(wrong_parameter_count_no_way_back,
     "the second c_proj, F → C, is left out: c_fc makes F numbers out of C, and c_proj "
     "makes C of them again.")
WRONG size_t wrong_parameter_count_no_way_back(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) - p.L * (p.F * p.C + p.C);
}

SAYS(wrong_parameter_count_int,
     "the count is kept in an int, which ends at 2,147,483,647, and a large model "
     "has more: copy c->C and the others into size_t before you multiply.")
WRONG size_t wrong_parameter_count_int(const struct config *c)
{
    struct parts p = parts_of(c);
    return (size_t)(int32_t)(uint32_t)right_count(&p);
}

SAYS(wrong_parameter_count_ln_f_in_blocks,
     "ln_f is counted in every block: it comes once, after the last one.")
WRONG size_t wrong_parameter_count_ln_f_in_blocks(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) + (p.L - 1) * p.norm;
}

SAYS(wrong_parameter_count_third_norm,
     "each block has a third layer norm, or the head one: there are ln_1 and ln_2 in a "
     "block, and ln_f once at the end.")
WRONG size_t wrong_parameter_count_third_norm(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) + p.L * p.norm;
}

SAYS(wrong_parameter_count_c_proj_bias,
     "the bias of the second c_proj has F numbers: a bias is as long as what comes out "
     "of its layer, and out of c_proj come C.")
WRONG size_t wrong_parameter_count_c_proj_bias(const struct config *c)
{
    struct parts p = parts_of(c);
    return right_count(&p) + p.L * p.F - p.L * p.C;
}

/* ---- bfloat16_to_float ------------------------------------------------------------- */

static inline float float_of_bits(uint32_t bits)
{
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

SAYS(wrong_bfloat16_to_float_converted,
     "the whole number bits << 16 is converted to a float of that value: you want the "
     "float "
     "that has these bits. memcpy copies bits; a cast converts.")
WRONG float wrong_bfloat16_to_float_converted(uint16_t bits)
{
    return (float)((uint32_t)bits << 16);
}

SAYS(wrong_bfloat16_to_float_converted_int,
     "bits << 16 is converted as an int, to a float of that value: you want the float "
     "that "
     "has these bits. memcpy copies bits; a cast converts.")
WRONG float wrong_bfloat16_to_float_converted_int(uint16_t bits)
{
    return (float)(int32_t)((uint32_t)bits << 16);
}

SAYS(
    wrong_bfloat16_to_float_bits,
    "the 16 bits are taken for a whole number: they are sign, exponent and fraction of a "
    "float, its upper half.")
WRONG float wrong_bfloat16_to_float_bits(uint16_t bits)
{
    return (float)bits;
}

SAYS(wrong_bfloat16_to_float_lower_half,
     "the 16 bits become the lower half of the float: they are the upper one, so shift "
     "them by 16 first.")
WRONG float wrong_bfloat16_to_float_lower_half(uint16_t bits)
{
    return float_of_bits(bits);
}

SAYS(wrong_bfloat16_to_float_half,
     "the number is read as F16, with 5 bits of exponent and 10 of fraction: BF16 "
     "has 8 and 7, like a float.")
WRONG float wrong_bfloat16_to_float_half(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? (f ? NAN : INFINITY)
                 : e == 0 ? ldexpf((float)f, -24)
                          : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_bfloat16_to_float_bytes,
     "the two bytes change places: `bits` is a whole number already, and its upper byte "
     "has the sign.")
WRONG float wrong_bfloat16_to_float_bytes(uint16_t bits)
{
    return float_of_bits((uint32_t)(uint16_t)(bits >> 8 | bits << 8) << 16);
}

SAYS(wrong_bfloat16_to_float_no_sign,
     "the sign is lost: bit 15 of the number is bit 31 of the float.")
WRONG float wrong_bfloat16_to_float_no_sign(uint16_t bits)
{
    return float_of_bits((uint32_t)(bits & 0x7FFF) << 16);
}

SAYS(wrong_bfloat16_to_float_no_zero,
     "the exponent 0 is treated like the others, so that 0 becomes a very small "
     "number: with that exponent the fraction has no 1 in front. Copy the bits, "
     "and the machine knows that.")
WRONG float wrong_bfloat16_to_float_no_zero(uint16_t bits)
{
    int e = bits >> 7 & 255, f = bits & 127;
    float size = e == 255 ? (f ? NAN : INFINITY) : ldexpf((float)(128 + f), e - 134);
    return bits >> 15 ? -size : size;
}

SAYS(
    wrong_bfloat16_to_float_no_one,
    "the 1 in front of the fraction is forgotten: a float with exponent e and fraction f "
    "is (1 + f / 128) * 2^(e - 127). Copy the bits, and the machine knows that.")
WRONG float wrong_bfloat16_to_float_no_one(uint16_t bits)
{
    int e = bits >> 7 & 255, f = bits & 127;
    float size = e == 255 ? (f ? NAN : INFINITY) : ldexpf((float)f, e ? e - 134 : -133);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_bfloat16_to_float_zero_without_sign,
     "zero has no sign: 0x8000 is -0, the float with bit 31 set. Copy the bits, "
     "and it has its sign.")
WRONG float wrong_bfloat16_to_float_zero_without_sign(uint16_t bits)
{
    return float_of_bits(bits == 0x8000 ? 0 : (uint32_t)bits << 16);
}

SAYS(wrong_bfloat16_to_float_nothing_set_apart,
     "the lowest and the highest exponent are treated like the others: they stand for "
     "zero and the tiniest numbers, and for infinity and NaN. Copy the bits, and the "
     "machine knows that.")
WRONG float wrong_bfloat16_to_float_nothing_set_apart(uint16_t bits)
{
    int e = bits >> 7 & 255, f = bits & 127;
    float size = ldexpf((float)(128 + f), e - 134);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_bfloat16_to_float_times_65536,
     "the 16 bits become the lower half of a float, and that float is multiplied by "
     "65536: this moves the number's point, not its bits.")
WRONG float wrong_bfloat16_to_float_times_65536(uint16_t bits)
{
    return float_of_bits(bits) * 65536;
}

/* ---- half_to_float ----------------------------------------------------------------- */

SAYS(wrong_half_to_float_no_one,
     "the 1 in front of the fraction is forgotten: if e is 1 to 30, the fraction "
     "is 1024 + f.")
WRONG float wrong_half_to_float_no_one(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31 ? (f ? NAN : INFINITY) : ldexpf((float)f, e ? e - 25 : -24);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_no_zero,
     "e = 0 is treated like the others, so that 0 becomes 1024 * 2^-25: if e is 0,"
     " the fraction has no 1 in front; the number is f * 2^-24.")
WRONG float wrong_half_to_float_no_zero(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31 ? (f ? NAN : INFINITY) : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_small_are_0,
     "every number with e = 0 becomes 0: only f = 0 is; the others are small, f * 2^-24.")
WRONG float wrong_half_to_float_small_are_0(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? (f ? NAN : INFINITY)
                 : e == 0 ? 0
                          : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_small_halved,
     "f * 2^(e - 25) is taken if e is 0, half of what it should be: the small "
     "numbers continue in the steps of e = 1, so they are f * 2^-24.")
WRONG float wrong_half_to_float_small_halved(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size =
        e == 31 ? (f ? NAN : INFINITY) : ldexpf((float)(e ? 1024 + f : f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_no_infinity,
     "e = 31 is treated like the others, so that infinity becomes 65536: it stands"
     " for infinity, and if f is not 0 for what is not a number.")
WRONG float wrong_half_to_float_no_infinity(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 0 ? ldexpf((float)f, -24) : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_no_nan,
     "every number with e = 31 becomes infinity: only f = 0 is; with any other f "
     "it is not a number, NAN.")
WRONG float wrong_half_to_float_no_nan(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? INFINITY
                 : e == 0 ? ldexpf((float)f, -24)
                          : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_moved,
     "sign, exponent and fraction are moved to their positions in a float, the "
     "exponent plus 112, and nothing else: that is right for e from 1 to 30. But e"
     " = 0 and e = 31 have a meaning of their own.")
WRONG float wrong_half_to_float_moved(uint16_t bits)
{
    uint32_t sign = (uint32_t)bits >> 15 << 31, e = (bits >> 10 & 31) + 112u;
    return float_of_bits(sign | e << 23 | (uint32_t)(bits & 1023) << 13);
}

SAYS(wrong_half_to_float_upper_half,
     "the 16 bits become the upper half of a float: that is BF16. F16 has 5 bits of "
     "exponent where a float has 8.")
WRONG float wrong_half_to_float_upper_half(uint16_t bits)
{
    return float_of_bits((uint32_t)bits << 16);
}

SAYS(wrong_half_to_float_bits,
     "the 16 bits are taken for a whole number: they are sign, exponent and fraction.")
WRONG float wrong_half_to_float_bits(uint16_t bits)
{
    return (float)bits;
}

SAYS(wrong_half_to_float_no_sign,
     "the sign is lost: if bit 15 is 1, the number is negative.")
WRONG float wrong_half_to_float_no_sign(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    return e == 31  ? (f ? NAN : INFINITY)
           : e == 0 ? ldexpf((float)f, -24)
                    : ldexpf((float)(1024 + f), e - 25);
}

SAYS(wrong_half_to_float_sign_of_normal,
     "the sign is lost if e is 0 or 31: the small numbers and infinity can be "
     "negative too.")
WRONG float wrong_half_to_float_sign_of_normal(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    if (e == 31)
        return f ? NAN : INFINITY;
    if (e == 0)
        return ldexpf((float)f, -24);
    return ldexpf((float)(1024 + f), e - 25) * (bits >> 15 ? -1 : 1);
}

SAYS(wrong_half_to_float_bias,
     "the exponent is off by 127, as in a float: in F16 it is off by 15, so that "
     "(1024 + f) * 2^(e - 25) is (1 + f / 1024) * 2^(e - 15).")
WRONG float wrong_half_to_float_bias(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? (f ? NAN : INFINITY)
                 : e == 0 ? ldexpf((float)f, -136)
                          : ldexpf((float)(1024 + f), e - 137);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_fraction,
     "the fraction is not divided by 1024: (1024 + f) * 2^(e - 15) is 1024 times too "
     "large; the exponent is e - 25.")
WRONG float wrong_half_to_float_fraction(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? (f ? NAN : INFINITY)
                 : e == 0 ? ldexpf((float)f, -14)
                          : ldexpf((float)(1024 + f), e - 15);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_zero_without_sign,
     "zero has no sign: 0x8000 is -0. Put the sign on last, with -size.")
WRONG float wrong_half_to_float_zero_without_sign(uint16_t bits)
{
    return bits == 0x8000 ? 0 : half_to_float(bits);
}

SAYS(wrong_half_to_float_infinity_without_sign,
     "infinity has no sign: 0xFC00 is -INFINITY. Put the sign on last.")
WRONG float wrong_half_to_float_infinity_without_sign(uint16_t bits)
{
    return bits == 0xFC00 ? INFINITY : half_to_float(bits);
}

SAYS(wrong_half_to_float_integer_division,
     "the fraction does not count if e is 1 to 30 (f / 1024 in whole numbers is "
     "always 0: write f / 1024.0f).")
WRONG float wrong_half_to_float_integer_division(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31  ? (f ? NAN : INFINITY)
                 : e == 0 ? ldexpf((float)f, -24)
                          : ldexpf(1, e - 15);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_all_integer_division,
     "the fraction never counts (f / 1024 in whole numbers is always 0: write f / "
     "1024.0f).")
WRONG float wrong_half_to_float_all_integer_division(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size = e == 31 ? (f ? NAN : INFINITY) : e == 0 ? 0 : ldexpf(1, e - 15);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_one_for_all_small,
     "the numbers with e = 0 have the 1 in front, as the others, and the exponent of e = "
     "1: they have no 1 in front.")
WRONG float wrong_half_to_float_one_for_all_small(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    float size =
        e == 31 ? (f ? NAN : INFINITY) : ldexpf((float)(1024 + f), (e ? e : 1) - 25);
    return bits >> 15 ? -size : size;
}

SAYS(wrong_half_to_float_power, "`^` is taken for a power: in C it is the exclusive or "
                                "of bits. ldexpf(x, n) is x * 2^n.")
WRONG float wrong_half_to_float_power(uint16_t bits)
{
    int e = bits >> 10 & 31, f = bits & 1023;
    int size = e == 0 ? f * (2 ^ -24) : (1024 + f) * (2 ^ (e - 25));
    if (e == 31)
        return f ? NAN : bits >> 15 ? -INFINITY : INFINITY;
    return bits >> 15 ? -(float)size : (float)size;
}

SAYS(wrong_half_to_float_four_bits,
     "the exponent has only four bits: it is bits >> 10 & 31, five bits.")
WRONG float wrong_half_to_float_four_bits(uint16_t bits)
{
    int e = bits >> 10 & 15, f = bits & 1023;
    float size = e == 0 ? ldexpf((float)f, -24) : ldexpf((float)(1024 + f), e - 25);
    return bits >> 15 ? -size : size;
}

/* ---- element_place ----------------------------------------------------------------- */

SAYS(wrong_element_place_no_length,
     "the 8 bytes before the header are forgotten: they hold its length, and the "
     "header does not count them.")
WRONG size_t wrong_element_place_no_length(size_t header, size_t begin, size_t columns,
                                           size_t size, size_t row, size_t column)
{
    return header + begin + (row * columns + column) * size;
}

SAYS(wrong_element_place_no_header,
     "the header is forgotten: data_offsets are counted from where the numbers begin, "
     "after 8 bytes and the header.")
WRONG size_t wrong_element_place_no_header(size_t header, size_t begin, size_t columns,
                                           size_t size, size_t row, size_t column)
{
    (void)header;
    return 8 + begin + (row * columns + column) * size;
}

SAYS(wrong_element_place_offset_only,
     "the bytes are counted from where the numbers begin: before them the file has"
     " 8 bytes and the header.")
WRONG size_t wrong_element_place_offset_only(size_t header, size_t begin, size_t columns,
                                             size_t size, size_t row, size_t column)
{
    (void)header;
    return begin + (row * columns + column) * size;
}

SAYS(wrong_element_place_no_begin,
     "`begin` is forgotten: other tensors come before this one.")
WRONG size_t wrong_element_place_no_begin(size_t header, size_t begin, size_t columns,
                                          size_t size, size_t row, size_t column)
{
    (void)begin;
    return 8 + header + (row * columns + column) * size;
}

SAYS(wrong_element_place_columns_first,
     "the matrix is read column after column: it is stored row after row, so `row`"
     " rows of `columns` numbers come first: row * columns + column.")
WRONG size_t wrong_element_place_columns_first(size_t header, size_t begin,
                                               size_t columns, size_t size, size_t row,
                                               size_t column)
{
    return 8 + header + begin + (column * columns + row) * size;
}

SAYS(wrong_element_place_numbers,
     "numbers are counted, not bytes: each takes `size` bytes.")
WRONG size_t wrong_element_place_numbers(size_t header, size_t begin, size_t columns,
                                         size_t size, size_t row, size_t column)
{
    (void)size;
    return 8 + header + begin + row * columns + column;
}

SAYS(wrong_element_place_column_in_bytes,
     "the rows are counted in bytes and the column in numbers: the numbers to the left "
     "take `size` bytes each, too. Parentheses around row * columns + column help.")
WRONG size_t wrong_element_place_column_in_bytes(size_t header, size_t begin,
                                                 size_t columns, size_t size, size_t row,
                                                 size_t column)
{
    return 8 + header + begin + row * columns * size + column;
}

SAYS(wrong_element_place_row_in_numbers,
     "the rows are counted in numbers and the column in bytes: the numbers of the rows "
     "above take `size` bytes each, too. Parentheses around row * columns + column help.")
WRONG size_t wrong_element_place_row_in_numbers(size_t header, size_t begin,
                                                size_t columns, size_t size, size_t row,
                                                size_t column)
{
    return 8 + header + begin + row * columns + column * size;
}

SAYS(wrong_element_place_four_bytes,
     "every number takes 4 bytes: in F16 and BF16 it takes 2. `size` tells.")
WRONG size_t wrong_element_place_four_bytes(size_t header, size_t begin, size_t columns,
                                            size_t size, size_t row, size_t column)
{
    (void)size;
    return 8 + header + begin + (row * columns + column) * 4;
}

SAYS(wrong_element_place_row_is_one,
     "a row above counts as one number: it has `columns` of them.")
WRONG size_t wrong_element_place_row_is_one(size_t header, size_t begin, size_t columns,
                                            size_t size, size_t row, size_t column)
{
    (void)columns;
    return 8 + header + begin + (row + column) * size;
}

SAYS(wrong_element_place_begin_in_numbers,
     "`begin` is multiplied by `size`: data_offsets are bytes already.")
WRONG size_t wrong_element_place_begin_in_numbers(size_t header, size_t begin,
                                                  size_t columns, size_t size, size_t row,
                                                  size_t column)
{
    return 8 + header + (begin + row * columns + column) * size;
}

SAYS(wrong_element_place_end,
     "the byte after the number is returned: the question is where the number "
     "begins.")
WRONG size_t wrong_element_place_end(size_t header, size_t begin, size_t columns,
                                     size_t size, size_t row, size_t column)
{
    return 8 + header + begin + (row * columns + column + 1) * size;
}

SAYS(wrong_element_place_int,
     "the byte is kept in an int, which ends at 2,147,483,647, and the files of "
     "large models are longer: keep everything in size_t.")
WRONG size_t wrong_element_place_int(size_t header, size_t begin, size_t columns,
                                     size_t size, size_t row, size_t column)
{
    size_t place = 8 + header + begin + (row * columns + column) * size;
    return (size_t)(int32_t)(uint32_t)place;
}

SAYS(wrong_element_place_product_int,
     "the bytes from the matrix's begin to the number are kept in an int, which ends at "
     "2,147,483,647: large matrices have more, so multiply in size_t.")
WRONG size_t wrong_element_place_product_int(size_t header, size_t begin, size_t columns,
                                             size_t size, size_t row, size_t column)
{
    return 8 + header + begin +
           (size_t)(int32_t)(uint32_t)((row * columns + column) * size);
}

SAYS(wrong_element_place_from_1,
     "row and column are counted from 1: element [0][0] is the first.")
WRONG size_t wrong_element_place_from_1(size_t header, size_t begin, size_t columns,
                                        size_t size, size_t row, size_t column)
{
    return 8 + header + begin + ((row - 1) * columns + (column - 1)) * size;
}

/* ---- tensor_at --------------------------------------------------------------------- */

SAYS(wrong_tensor_at_as_handed_out,
     "the last tensor is never found, unless it is the only one: its bytes are "
     "said to belong to the one before it.")
WRONG int wrong_tensor_at_as_handed_out(int n, const size_t begins[n], size_t length,
                                        size_t byte)
{
    if (byte >= length)
        return -1;
    int low = 0, high = n - 1;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (begins[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

SAYS(wrong_tensor_at_next,
     "the first tensor that begins after the byte is returned, one too many.")
WRONG int wrong_tensor_at_next(int n, const size_t begins[n], size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
    int i = 0;
    while (i < n && begins[i] <= byte)
        i++;
    return i;
}

SAYS(wrong_tensor_at_high,
     "high is returned, and it begins at n - 1: high is a tensor that begins after"
     " the byte, or the last one.")
WRONG int wrong_tensor_at_high(int n, const size_t begins[n], size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
    int low = 0, high = n - 1;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (begins[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return high;
}

SAYS(wrong_tensor_at_first_byte,
     "the first byte of a tensor belongs to the one before it: `begins` is where a"
     " tensor begins, so it has that byte itself.")
WRONG int wrong_tensor_at_first_byte(int n, const size_t begins[n], size_t length,
                                     size_t byte)
{
    if (byte >= length)
        return -1;
    int at = 0;
    while (at + 1 < n && begins[at + 1] < byte)
        at++;
    return at;
}

SAYS(wrong_tensor_at_no_end,
     "bytes after the last tensor belong to it: if byte is length or more, the "
     "answer is -1.")
WRONG int wrong_tensor_at_no_end(int n, const size_t begins[n], size_t length,
                                 size_t byte)
{
    (void)length;
    int at = n - 1;
    while (begins[at] > byte)
        at--;
    return at;
}

SAYS(wrong_tensor_at_end_included,
     "the byte number `length` belongs to the last tensor: bytes are counted from "
     "0, so the last one is length - 1.")
WRONG int wrong_tensor_at_end_included(int n, const size_t begins[n], size_t length,
                                       size_t byte)
{
    if (byte > length)
        return -1;
    int at = n - 1;
    while (begins[at] > byte)
        at--;
    return at;
}

SAYS(wrong_tensor_at_begins_only,
     "a tensor is found by its first byte only: every byte before the next tensor "
     "belongs to it.")
WRONG int wrong_tensor_at_begins_only(int n, const size_t begins[n], size_t length,
                                      size_t byte)
{
    for (int i = 0; i < n && byte < length; i++)
        if (begins[i] == byte)
            return i;
    return -1;
}

SAYS(wrong_tensor_at_last_unknown,
     "the bytes of the last tensor belong to none: it ends at length, though no "
     "other tensor begins there.")
WRONG int wrong_tensor_at_last_unknown(int n, const size_t begins[n], size_t length,
                                       size_t byte)
{
    (void)length;
    for (int i = 0; i + 1 < n; i++)
        if (byte < begins[i + 1])
            return i;
    return -1;
}

SAYS(wrong_tensor_at_int,
     "bytes are compared as int, which ends at 2,147,483,647: files of large "
     "models are longer, so compare in size_t.")
WRONG int wrong_tensor_at_int(int n, const size_t begins[n], size_t length, size_t byte)
{
    if (byte >= length)
        return -1;
    int at = 0;
    for (int i = 1; i < n; i++)
        if ((int32_t)(uint32_t)begins[i] <= (int32_t)(uint32_t)byte)
            at = i;
    return at;
}

SAYS(wrong_tensor_at_at_or_after,
     "the first tensor is returned that begins at the byte or after it: the byte belongs "
     "to the last one that begins at it or before.")
WRONG int wrong_tensor_at_at_or_after(int n, const size_t begins[n], size_t length,
                                      size_t byte)
{
    if (byte >= length)
        return -1;
    int at = 0;
    while (at < n - 1 && begins[at] < byte)
        at++;
    return at;
}

SAYS(wrong_tensor_at_first_of_the_last, "the last tensor does not get its first byte: it "
                                        "begins there, so it has that byte itself.")
WRONG int wrong_tensor_at_first_of_the_last(int n, const size_t begins[n], size_t length,
                                            size_t byte)
{
    if (n > 1 && byte == begins[n - 1])
        return n - 2;
    return tensor_at(n, begins, length, byte);
}

SAYS(wrong_tensor_at_past_the_middle,
     "the search continues after the middle although the middle may be the one: if it "
     "does not begin too late, low is middle, not middle + 1.")
WRONG int wrong_tensor_at_past_the_middle(int n, const size_t begins[n], size_t length,
                                          size_t byte)
{
    if (byte >= length)
        return -1;
    int low = 0, high = n;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (begins[middle] <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
