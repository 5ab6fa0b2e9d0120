/* The standard versions of FIX, as far as a dictionary does not tell them apart. */
#ifndef PENSTOCK_CODECS_FIX_VERSION_H
#define PENSTOCK_CODECS_FIX_VERSION_H

#include "codecs/base/slice.h"

struct fix_version {
    const char *name;        /* "FIX.5.0SP2" */
    const char *appl_ver_id; /* what stands for it in ApplVerID (1128); NULL: it is a transport */
    bool plain;              /* before FIX.4.2: times have no milliseconds, a CHAR is any text */
};

/* Never NULL: one that is not standard is like the latest, but has no ApplVerID. */
const struct fix_version *fix_version_named(struct slice name);

#endif
