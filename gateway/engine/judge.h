/* What the profile of a channel has against a document. */
#ifndef PENSTOCK_GATEWAY_ENGINE_JUDGE_H
#define PENSTOCK_GATEWAY_ENGINE_JUDGE_H

#include "codecs/base/writer.h"
#include "config/config.h"

struct engine;

/* One of ours would break a rule of the channel's profile: the error's rule. */
extern const struct error_kind document_unfit;
bool document_judge(const struct config *config, const struct config_channel *channel,
                    struct slice bytes, struct error *error);
void document_say_unfit(struct engine *engine, const struct config_channel *channel,
                        struct slice id, const struct error *error);

/* The ISO 20022 status reason that fits a finding. */
struct slice finding_code(const struct error *finding);
/* Where and which rule, without what was found there. */
void finding_write_bare(const struct error *finding, struct writer *writer);

#endif
