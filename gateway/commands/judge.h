/* What a command judges ISO 20022 documents by: schemas, and a profile of rules
   beyond them, of a configuration or those that come with penstock; and limits of
   the command line. */
#ifndef PENSTOCK_GATEWAY_COMMANDS_JUDGE_H
#define PENSTOCK_GATEWAY_COMMANDS_JUDGE_H

#include "codecs/base/xml.h"
#include "codecs/iso20022/profile.h"
#include "config/config.h"
#include "gateway/commands/arguments.h"

struct judge {
    struct config *config; /* NULL: what comes with penstock */
    const struct iso_catalogue *catalogue;
    const struct iso_profile *profile;
    struct xml_limits limits;
    struct iso_catalogue *own_catalogue;
    struct iso_profile *own_profile;
};

/* judge begins all zero.  config and folder are what the command line says, or NULL.  false: errors
   say why; it is closed all the same. */
bool judge_open(struct judge *judge, const char *config, const char *folder, const char *profile,
                struct arena *arena, struct error_list *errors);
void judge_close(struct judge *judge);

/* texts: "depth-max=200"; encoding: "GB18030", NULL: UTF-8 alone.  false: the usage is
   wrong, which is said. */
bool judge_set_limits(struct judge *judge, const char *command, const struct texts *texts,
                      const char *encoding);

#define JUDGE_PROFILE_DEFAULT "schema"
#define OPTION_PROFILE(target)                                                                     \
    {                                                                                              \
        "profile", 0, OPTION_TEXT, "NAME",                                                         \
            "rules beyond the schema that hold, too (default: schema, none)", target               \
    }
#define OPTION_LIMIT(target)                                                                       \
    {                                                                                              \
        "limit", 0, OPTION_TEXTS, "KEY=NUMBER",                                                    \
            "a limit of documents, by its key of a channel, as depth-max=200", target              \
    }
#define OPTION_ENCODING(target)                                                                    \
    {                                                                                              \
        "encoding", 0, OPTION_TEXT, "NAME",                                                        \
            "GB18030: documents may be in it, and are when they do not say", target                \
    }
#define NOTE_PROFILE "Profiles are listed by penstock profile list."

#endif
