/* 06_heads: every head of block 0 at work, and what each of them does.
 * Chapter 6 of the book: chapters/06_heads.md */
#include "06_heads.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 06_heads [options]", &o, NULL, 0);
    finish_output();
    return 0;
}
