#include "09_stack.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 09_stack [options]", &o, NULL, 0);
    finish_output();
    return 0;
}
