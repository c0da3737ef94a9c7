/* 02_checkpoint.c: a model's weights on the table, and every parameter counted.
 * Chapter 2 of the book: chapters/02_checkpoint.md */
#include "02_checkpoint.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 02_checkpoint [option]...", &o, NULL, 0);
    struct checkpoint m = load_checkpoint(o.model);
    printf("parameters: %zu\n", parameter_count(&m.config));
    free_checkpoint(&m);
    return 0;
}
