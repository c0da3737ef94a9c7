/* 05_masking: the same attention with and without a mask, and an experiment that shows what
 * the mask is for. Chapter 5 of the book: chapters/05_masking.md */
#include "05_masking.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 05_masking [options]", &o, NULL, 0);
    finish_output();
    return 0;
}
