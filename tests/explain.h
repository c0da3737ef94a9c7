/* explain.h: says of a difference what can be seen of it. (To be written.) */
#ifndef EXPLAIN_H
#define EXPLAIN_H

static inline char *explain(const struct exercise *e, const struct outcome *o)
{
    (void)e, (void)o;
    return NULL;
}

#endif
