/* FIX for tests: the shipped dictionary, and messages written with | for SOH. */
#ifndef PENSTOCK_TESTS_KIT_FIX_KIT_H
#define PENSTOCK_TESTS_KIT_FIX_KIT_H

#include "codecs/fix/dictionary.h"

/* schemas/fix/FIX44.xml with its payment messages; fails the test when it does
   not load.  Freed with fix_dictionary_free(). */
struct fix_dictionary *kit_fix44(void);

/* Adds text to writer with SOH for each |. */
void kit_fix_fields(struct writer *writer, const char *text);

/* Adds a whole message: BeginString, BodyLength and CheckSum around fields that
   start with 35.  Good until the next write. */
struct slice kit_fix_message(struct writer *writer, const char *begin_string, const char *fields);

/* The first field with this tag; absent: none. */
struct slice kit_fix_get(struct slice message, unsigned tag);

#endif
