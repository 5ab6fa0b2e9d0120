/* XML Schema patterns: a regular expression that must match the whole value.

   All that XML Schema 1.0 writes is known: classes with ranges, complements and
   differences, \d \s \w \i \c, \p{...} by category and block, groups, alternatives,
   quantifiers; a count is at most 4096.  Matching takes time in proportion to the value's
   length times the pattern's size, whatever the value is. */
#ifndef PENSTOCK_CODECS_ISO20022_PATTERN_H
#define PENSTOCK_CODECS_ISO20022_PATTERN_H

#include "codecs/base/arena.h"

struct iso_pattern;

/* The pattern lives in arena.  NULL: *fault says what is wrong with it. */
const struct iso_pattern *iso_pattern_compile(struct slice text, struct arena *arena,
                                              const char **fault);

/* value is valid UTF-8. */
bool iso_pattern_matches(const struct iso_pattern *pattern, struct slice value);

/* Does it take no character but printable ASCII that XML needs no escape for? */
bool iso_pattern_is_plain(const struct iso_pattern *pattern);

/* Characters of the longest value that matches; 0: there is no limit. */
size_t iso_pattern_length_max(const struct iso_pattern *pattern);

#endif
