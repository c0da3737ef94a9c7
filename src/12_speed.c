#include "12_speed.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 12_speed [options]", &o, NULL, 0);
    finish_output();
    return 0;
}
