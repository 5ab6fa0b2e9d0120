/* A document of a bank is refused: what the file beside it, the log and the bank
   are told.  The log has no values: names and accounts of clients are not for it. */
#include "gateway/engine/filing.h"

#include <stdarg.h>
#include <stdio.h>

void filing_refuse(struct filing *filing, const char *format, ...)
{
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (filing->refusal.used != 0)
        writer_text(&filing->refusal, "; ");
    writer_text(&filing->refusal, text);
}

/* Tells the bank that its message is refused as such; never one that is itself
   such a refusal, nor one that can't be named. */
static void refuse_message(struct engine *engine, struct filing *filing, const char *reason,
                           struct slice text)
{
    struct facts facts = filing->facts;

    if (facts.values[FACT_header_id].at == NULL ||
        slice_starts(facts.values[FACT_header_definition], SLICE("admi.002.")) ||
        slice_starts(filing->definition, SLICE("admi.002.")))
        return;
    facts.values[FACT_refused_reference] = facts.values[FACT_header_id];
    facts.values[FACT_refused_reason] = slice_of(reason);
    facts.values[FACT_refused_text] = text;
    filing->answer = refusal_document_send(engine, filing->channel, filing->number, NULL, &facts);
}

void filing_refuse_message(struct engine *engine, struct filing *filing, const char *reason)
{
    refuse_message(engine, filing, reason, writer_slice(&filing->refusal));
}

/* --- documents that are not valid --- */

/* Without the file's name, which means nothing to the bank. */
static void write_finding(const struct error *finding, struct writer *writer)
{
    struct error bare = *finding;

    bare.place.source = NULL;
    error_write(&bare, writer);
}

static struct slice findings_text(struct engine *engine, const struct error_list *findings,
                                  void (*write)(const struct error *finding, struct writer *writer))
{
    struct writer writer;

    writer_init(&writer, 0);
    for (size_t i = 0; i < findings->count; i++) {
        writer_text(&writer, i == 0 ? "" : "; ");
        write(&findings->at[i], &writer);
    }
    struct slice text = arena_copy(&engine->scratch, writer_slice(&writer));
    writer_fini(&writer);
    return text;
}

/* What the message is for us, as far as it can be read.  Payments may be rejected when
   none of them came before: what was taken then is not undone by what is wrong now.
   false: it waits. */
static bool look_at(struct engine *engine, struct reading *reading, bool *is_status, bool *all_new)
{
    bool chosen = reading_choose(engine, reading);

    *all_new = false;
    *is_status = chosen && map_use(reading->map) == MAP_USE_STATUS;
    if (*is_status)
        return status_look(engine, reading);
    return !chosen || deposit_look(engine, reading, all_new);
}

bool filing_refuse_clash(struct engine *engine, struct incoming *incoming, struct filing *filing)
{
    struct reading reading = { .incoming = incoming, .filing = filing };
    bool is_status, all_new;

    if (!look_at(engine, &reading, &is_status, &all_new))
        return false;
    filing_refuse(filing, "this BizMsgIdr was used before for another document");
    filing_refuse_message(engine, filing, "DUPLICATE");
    if (is_status)
        status_refused(engine, &reading);
    return true;
}

/* An element that nobody expected, or that is there once more, may hold a payment that
   came before. */
static bool is_all_read(const struct error_list *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->at[i].kind == &iso_element_unexpected ||
            findings->at[i].kind == &iso_element_repeated)
            return false;
    return true;
}

/* By the request's own answer. */
static bool reject_request(struct engine *engine, struct incoming *incoming, struct filing *filing,
                           const struct error_list *findings)
{
    struct facts facts = filing->facts;
    struct translation translation;

    facts.values[FACT_refused_code] = finding_code(&findings->at[0]);
    if (!reading_rejection(engine, incoming, filing, &facts, &translation))
        return false;
    filing->answer =
        refusal_document_send(engine, filing->channel, filing->number, &translation, &facts);
    return filing->answer.at != NULL;
}

void filing_tell_log(struct engine *engine, struct filing *filing,
                     const struct error_list *findings)
{
    filing->why = findings_text(engine, findings, finding_write_bare);
}

bool filing_refuse_invalid(struct engine *engine, struct incoming *incoming, struct filing *filing,
                           const struct error_list *findings)
{
    struct reading reading = { .incoming = incoming, .filing = filing };
    struct writer first;
    bool is_status, all_new;

    if (!look_at(engine, &reading, &is_status, &all_new))
        return false;
    filing_tell_log(engine, filing, findings);
    if (is_status)
        status_refused(engine, &reading);
    for (size_t i = 0; i < findings->count; i++) {
        writer_text(&filing->refusal, i == 0 ? "" : "\n");
        error_write(&findings->at[i], &filing->refusal);
    }
    filing->facts.values[FACT_refused_location] = iso_finding_path(&findings->at[0]);
    filing->facts.values[FACT_refused_findings] = findings_text(engine, findings, write_finding);
    if (all_new && is_all_read(findings) && reject_request(engine, incoming, filing, findings))
        return true;
    if (findings->count == 1)
        filing->facts.values[FACT_refused_findings] = SLICE_NONE;
    writer_init(&first, 0);
    write_finding(&findings->at[0], &first);
    refuse_message(engine, filing, "SCHEMA", writer_slice(&first));
    writer_fini(&first);
    return true;
}

/* --- headers --- */

static bool is_ours(const struct config *config, struct slice bic)
{
    size_t i = 0;

    while (i < config->session_count && !bic_same(config->sessions[i].bic, bic))
        i++;
    return i < config->session_count;
}

static bool is_copy(struct slice copy)
{
    return slice_is(copy, "COPY") || slice_is(copy, "CODU");
}

void filing_check_header(struct engine *engine, struct filing *filing)
{
    const struct slice *values = filing->facts.values;
    struct slice from = values[FACT_header_from], to = values[FACT_header_to];
    const char *reason = "MISDIRECTED";

    if (from.at != NULL && !bic_same(from, filing->channel->bic)) {
        filing_refuse(filing, "it is from %.*s, not from the bank of this channel",
                      SLICE_ARG(from));
    } else if (to.at != NULL && !is_ours(engine->configuration->config, to)) {
        filing_refuse(filing, "it is to %.*s, which is none of ours", SLICE_ARG(to));
    } else if (is_copy(values[FACT_header_copy])) {
        filing_refuse(filing, "it is a copy, on which nothing is done");
        reason = "COPY";
    } else {
        return;
    }
    filing_refuse_message(engine, filing, reason);
}

bool filing_is_repeat(const struct filing *filing)
{
    const struct slice *values = filing->facts.values;

    return slice_is(values[FACT_header_duplicate], "true") ||
           slice_is(values[FACT_header_copy], "DUPL");
}
