/* What the profile of a channel has against a document: of the bank's, and of ours before
   they leave. */
#include "gateway/engine/judge.h"

#include "codecs/iso20022/parse.h"
#include "gateway/engine/machine.h"

const struct error_kind document_unfit = { "engine.document-unfit",
                                           "the profile of the channel does not take it" };

static bool ends_with(struct slice text, struct slice end)
{
    return text.size >= end.size && slice_equal(slice_after(text, text.size - end.size), end);
}

struct slice finding_code(const struct error *finding)
{
    static const struct {
        const char *rule, *name, *code;
    } rows[] = {
#define REJECT_REASON(rule, name, code) { rule, name, code },
#include "gateway/engine/reject_reasons.def"
#undef REJECT_REASON
    };
    struct slice path = iso_finding_path(finding);
    size_t i = 0;

    while (!slice_starts(slice_of(finding->rule), slice_of(rows[i].rule)) ||
           !ends_with(path, slice_of(rows[i].name)))
        i++;
    return slice_of(rows[i].code);
}

void finding_write_bare(const struct error *finding, struct writer *writer)
{
    struct slice path = iso_finding_path(finding);

    if (finding->place.line != 0)
        writer_format(writer, "%u:%u: ", finding->place.line, finding->place.column);
    writer_format(writer, "%.*s%s(rule %s)", SLICE_ARG(path), path.size == 0 ? "" : " ",
                  finding->rule);
}

/* The first thing; where it stands in our bytes tells nobody anything. */
static void take_finding(const struct error *finding, struct error *error)
{
    *error = *finding;
    error->kind = &document_unfit;
    error->place = PLACE_NONE;
}

static bool has_rules(const struct iso_profile *profile)
{
    size_t rule = 0;

    while (rule < iso_rule_about_count() && !iso_profile_has(profile, rule))
        rule++;
    return rule < iso_rule_about_count();
}

bool document_judge(const struct config *config, const struct config_channel *channel,
                    struct slice bytes, struct error *error)
{
    if (!has_rules(channel->profile))
        return true; /* each value was checked against its schema as it was written */

    const struct iso_parse_options options = { .catalogue = config->catalogue,
                                               .profile = channel->profile,
                                               .xml_limits = &channel->limits,
                                               .error_count_max = 1 };
    struct iso_parser *parser = iso_parser_new(&options, "");

    iso_parser_feed(parser, bytes);
    const struct iso_outcome *outcome = iso_parser_end(parser);
    bool fits = outcome->errors.count == 0;
    if (!fits)
        take_finding(&outcome->errors.at[0], error);
    iso_parser_free(parser);
    return fits;
}

void document_say_unfit(struct engine *engine, const struct config_channel *channel,
                        struct slice id, const struct error *error)
{
    struct writer writer;

    writer_init(&writer, 0);
    finding_write_bare(error, &writer);
    SAY(engine, document_unfit, { "channel", channel->name }, { "id", id },
        { "why", writer_slice(&writer) });
    writer_fini(&writer);
}
