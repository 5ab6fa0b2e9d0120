/* Calls in YAML (yaml.h): how a value like

       refuse {reason: TM01, text: "after hours"}

   passes through a YAML parser, to which ": " and " #" in it mean something
   else.  They are masked by characters that Unicode keeps out of files, one for
   one, so that positions stay what they are. */
#ifndef PENSTOCK_CONFIG_YAML_CALL_H
#define PENSTOCK_CONFIG_YAML_CALL_H

#include "codecs/base/arena.h"

/* text itself when it has no calls. */
struct slice yaml_call_mask(struct slice text, struct arena *arena);
/* text itself when nothing in it is masked. */
struct slice yaml_call_unmask(struct slice text, struct arena *arena);
/* Are there such characters in a file, where nobody may have them? */
bool yaml_call_has_mask(struct slice text);

/* "refuse {reason: TM01}" is word "refuse" and arguments "{reason: TM01}".
   false: no call. */
bool yaml_call_split(struct slice text, struct slice *word, struct slice *arguments);

#endif
