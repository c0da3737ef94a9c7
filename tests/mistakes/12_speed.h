/* The usual mistakes in the exercises of chapter 12. Each is the right function with one
 * thing wrong, and what it says is what a reader hears whose function does the same. */
#ifndef SPEED_MISTAKES_H
#define SPEED_MISTAKES_H

/* ---- to_bfloat16 -------------------------------------------------------------------- */

static inline uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

SAYS(
    wrong_to_bfloat16_cut,
    "the lower 16 bits are cut off, so that every number is rounded towards 0: above one "
    "half of the last bit that stays, it is one more.")
WRONG uint16_t wrong_to_bfloat16_cut(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)(bits_of(x) >> 16);
}

SAYS(
    wrong_to_bfloat16_half_up,
    "what lies in the middle is always rounded away from 0: of two equally near numbers, "
    "it is the one whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_up(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0x8000) >> 16);
}

SAYS(wrong_to_bfloat16_half_down, "what lies in the middle is always rounded towards 0: "
                                  "of two equally near numbers, it "
                                  "is the one whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_down(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0x7FFF) >> 16);
}

SAYS(wrong_to_bfloat16_half_odd,
     "of two equally near numbers, the one whose lowest bit is 1 is taken: it is the one "
     "whose lowest bit is 0.")
WRONG uint16_t wrong_to_bfloat16_half_odd(float x)
{
    const uint32_t bits = bits_of(x);
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits + 0x8000 - (bits >> 16 & 1)) >> 16);
}

SAYS(wrong_to_bfloat16_up, "every number with a rest is rounded away from 0: below one "
                           "half of the last bit that "
                           "stays, the upper half stays as it is.")
WRONG uint16_t wrong_to_bfloat16_up(float x)
{
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits_of(x) + 0xFFFF) >> 16);
}

SAYS(wrong_to_bfloat16_nan, "NaN is rounded like a number, and becomes an infinity or a "
                            "zero: it needs a case of its own.")
WRONG uint16_t wrong_to_bfloat16_nan(float x)
{
    const uint32_t bits = bits_of(x);
    return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

SAYS(wrong_to_bfloat16_nan_cut,
     "the upper half of a NaN is taken as it is: if its fraction is 0 there, that is an "
     "infinity.")
WRONG uint16_t wrong_to_bfloat16_nan_cut(float x)
{
    const uint32_t bits = bits_of(x);
    return (uint16_t)((isnan(x) ? bits : bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

SAYS(wrong_to_bfloat16_saturates, "what is too large becomes the largest number, 0x7F7F: "
                                  "from the middle between it and "
                                  "the next on, it is infinite.")
WRONG uint16_t wrong_to_bfloat16_saturates(float x)
{
    const uint32_t bits = bits_of(x), up = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return isnan(x)                              ? 0x7FC0
           : !isinf(x) && (up & 0x7FFF) > 0x7F7F ? (uint16_t)(up - 1)
                                                 : (uint16_t)up;
}

SAYS(wrong_to_bfloat16_no_carry,
     "a full fraction does not carry into the exponent: the last fraction is followed by "
     "0 and the next exponent.")
WRONG uint16_t wrong_to_bfloat16_no_carry(float x)
{
    const uint32_t bits = bits_of(x), up = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return isnan(x) ? 0x7FC0 : (uint16_t)((bits >> 16 & 0xFF80) | (up & 0x7F));
}

SAYS(wrong_to_bfloat16_number,
     "x is converted to a whole number: it is its bits that are wanted.")
WRONG uint16_t wrong_to_bfloat16_number(float x)
{
    return (uint16_t)(fabsf(x) < 65535 ? (int)x : 0);
}

#endif
