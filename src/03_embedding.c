#include "03_embedding.h"

int main(int argc, char **argv)
{
    struct options o = {.prompt = "A robot must obey the orders given it"};
    parse_options(argc, argv, "usage: 03_embedding [options]", &o, NULL, 0);
    struct reading r = open_reading(&o);
    close_reading(&r);
    finish_output();
    return 0;
}
