/* mutants.h: what comes out of small changes of the solutions. (To be written.) */
#ifndef MUTANTS_H
#define MUTANTS_H

static inline char *known_change(const struct exercise *e, const struct outcome *o)
{
    (void)e, (void)o;
    return NULL;
}

static inline int run_mutants(int argc, char **argv)
{
    (void)argc, (void)argv;
    return 2;
}

#endif
