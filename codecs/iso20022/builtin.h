/* The simple types that XML Schema has built in: below a lax wildcard xsi:type may
   name them, whatever the schema is made of.  Internal.

   Not among them are those whose values depend on the rest of the document (ID, IDREF,
   IDREFS, ENTITY, ENTITIES, QName, NOTATION), and anyURI. */
#ifndef PENSTOCK_CODECS_ISO20022_BUILTIN_H
#define PENSTOCK_CODECS_ISO20022_BUILTIN_H

#include "codecs/iso20022/schema.h"

struct iso_builtins;

struct iso_builtins *iso_builtins_new(void);
void iso_builtins_free(struct iso_builtins *builtins);

/* Each type is made when it is first asked for.  NULL: there is none of that name. */
const struct iso_type *iso_builtins_find(struct iso_builtins *builtins, struct slice name);

#endif
