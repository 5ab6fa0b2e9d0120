/* FIX messages as tests write them: "8=FIX.4.4|35=0|34=2|" with | for SOH. */
#ifndef PENSTOCK_TESTS_KIT_FIX_TEXT_H
#define PENSTOCK_TESTS_KIT_FIX_TEXT_H

#include "codecs/base/slice.h"

/* The message with BodyLength put in behind the first field and CheckSum at the
   end.  "\|" is a real |.  Good until the next call. */
struct slice fix_text(const char *text);

/* The bytes with | for SOH and nothing put in.  Good until the next call. */
struct slice fix_text_plain(const char *text);

/* The other way round, for assertions.  Good until the next call. */
struct slice fix_text_show(struct slice bytes);

#endif
