/* The table of versions.def. */
#include "codecs/fix/version.h"

static const struct fix_version versions[] = {
#define VERSION(name, appl_ver_id, plain) { name, appl_ver_id, plain },
#include "codecs/fix/versions.def"
#undef VERSION
};

const struct fix_version *fix_version_named(struct slice name)
{
    static const struct fix_version other = { NULL, NULL, false };
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (slice_is(name, versions[i].name))
            return &versions[i];
    return &other;
}
