/* FIX for tests: messages as they write them, "8=FIX.4.4|35=0|34=2|" with | for
   SOH, and the dictionary that penstock ships. */
#ifndef PENSTOCK_TESTS_KIT_FIX_TEXT_H
#define PENSTOCK_TESTS_KIT_FIX_TEXT_H

#include "codecs/fix/dictionary.h"

/* The message with BodyLength put in behind the first field and CheckSum at the
   end.  "\|" is a real |.  Good until the next call. */
struct slice fix_text(const char *text);

/* The bytes with | for SOH and nothing put in.  Good until the next call. */
struct slice fix_text_plain(const char *text);

/* The other way round, for assertions.  Good until the next call. */
struct slice fix_text_show(struct slice bytes);

/* The first field of a message with this tag; absent: none. */
struct slice fix_text_get(struct slice message, uint32_t tag);

/* schemas/fix/FIX44.xml with its payment messages; fails the test when it does
   not load.  Freed with fix_dictionary_free(). */
struct fix_dictionary *fix_text_dictionary(void);

/* What penstock ships for a BeginString, with the messages of client money; on
   FIXT.1.1 that is FIX.5.0SP2. */
struct fix_text_version {
    const char *begin_string, *logon; /* fields that each Logon has beside the usual ones */
    struct fix_dictionary *dictionary, *transport; /* NULL: none */
};
struct fix_text_version fix_text_version(const char *begin_string);
void fix_text_version_free(struct fix_text_version *version);

#endif
