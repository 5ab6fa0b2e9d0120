/* What libquickfix does with the same messages, for comparison.  In a build
   without it every function is there and quickfix_new() gives NULL. */
#ifndef PENSTOCK_TESTS_BENCH_QUICKFIX_BASELINE_H
#define PENSTOCK_TESTS_BENCH_QUICKFIX_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct quickfix;
struct quickfix_message;

/* With the text of one dictionary file, and of its transport; NULL transport:
   it has none.  NULL: there is no libquickfix, or it does not read them. */
struct quickfix *quickfix_new(const char *dictionary, const char *transport);
void quickfix_free(struct quickfix *quickfix);

/* Reads a message as its sessions do: lengths, CheckSum and groups, and
   everything else that the dictionary says when validated.  false: refused, and
   *why lives until the next call. */
bool quickfix_decode(struct quickfix *quickfix, const char *bytes, size_t size, bool validated,
                     const char **why);

/* The message with fields set, and how many bytes it has when it is made of
   them again, field by field and group by group. */
struct quickfix_message *quickfix_message_new(struct quickfix *quickfix, const char *bytes,
                                              size_t size);
void quickfix_message_free(struct quickfix_message *message);
size_t quickfix_encode(const struct quickfix_message *message);

#ifdef __cplusplus
}
#endif

#endif
