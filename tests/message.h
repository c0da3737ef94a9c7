/* message.h: what every message of the book's programs must be, for tests. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "../src/00_book.h"

/* Fails the test if a text is not one line of valid UTF-8, without control characters and
 * shorter than 500 bytes. `why` tells in which case. */
static inline void check_message(struct bytes said, const char *why)
{
    const unsigned char *end = memchr(said.data, '\n', said.size);
    ck_assert_msg(end && end + 1 == said.data + said.size && said.size < 500,
                  "%s: expected one line: %.2000s", why, (char *)said.data);
    for (size_t i = 0, n = said.size - 1; i < n;) {
        unsigned code = 0;
        const int length = utf8_decode(said.data + i, n - i, &code);
        ck_assert_msg(length > 0 && !is_hidden(code), "%s: byte 0x%02x at %zu of: %s",
                      why, said.data[i], i, (char *)said.data);
        i += (size_t)length;
    }
}

#endif
