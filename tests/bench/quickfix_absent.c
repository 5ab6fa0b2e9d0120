/* In place of libquickfix where there is none. */
#include "quickfix_baseline.h"

struct quickfix *quickfix_new(const char *dictionary, const char *transport)
{
    (void)dictionary;
    (void)transport;
    return NULL;
}

void quickfix_free(struct quickfix *quickfix)
{
    (void)quickfix;
}

bool quickfix_decode(struct quickfix *quickfix, const char *bytes, size_t size, bool validated,
                     const char **why)
{
    (void)quickfix;
    (void)bytes;
    (void)size;
    (void)validated;
    *why = "there is no libquickfix";
    return false;
}

struct quickfix_message *quickfix_message_new(struct quickfix *quickfix, const char *bytes,
                                              size_t size)
{
    (void)quickfix;
    (void)bytes;
    (void)size;
    return NULL;
}

void quickfix_message_free(struct quickfix_message *message)
{
    (void)message;
}

size_t quickfix_encode(const struct quickfix_message *message)
{
    (void)message;
    return 0;
}
