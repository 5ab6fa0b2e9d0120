/* What the bank does by itself: its script, and the deposits that it announces. */
#include <stdio.h>

#include "codecs/base/iban.h"
#include "gateway/parties/bank_parts.h"

#define EXPECT_MS 10000
#define DAY_NS    SECONDS_NS(86400)

const struct script_verb bank_verbs[] = {
    { "deposit", 1, "!client !account !amount !currency !payer payer-bank payer-name date" },
    { "expect", 2, "reason within" },
    { "answer", 1, "!with reason text delay" },
    { "expect-orders", 0, "!count within" },
    { "expect-refusals", 0, "!count within" },
    { "file", 1, "!text" },
    { "wait", 0, "!for" },
    { NULL, 0, NULL },
};

const char bank_script_help[] =
    "  deposit ID client= account= amount= currency= payer= [payer-bank= payer-name= date=]\n"
    "  expect ID received|accepted|refused|pending [reason=AC04] [within=10s]\n"
    "  answer AMOUNT|.CENTS|any with=\"ACSP ACSC\" [reason= text= delay=]    from now on;\n"
    "           with=\"\": never answers, with=admi.002: refuses the document as such\n"
    "  expect-orders count=3      expect-refusals count=1 (admi.002)  [within=10s]\n"
    "  file NAME text=\"...\"       any bytes into in/\n"
    "  wait for=2s\n"
    "With --rules the last digits of an amount choose the answer: .11 ACSP and no more,\n"
    ".12 RJCT AC04, .13 ACSP then RJCT AM04, .14 nothing, .15 admi.002, .16 RJCT AB01.\n";

static struct slice date_text(struct bank *bank, const struct script_line *line)
{
    struct slice given = script_get(line, "date");
    struct writer text;

    if (given.at != NULL)
        return given;
    writer_init(&text, 0);
    iso_date_write(date_from_days(bank->now.utc_ns / DAY_NS), &text);
    given = arena_copy(&bank->arena, writer_slice(&text));
    writer_fini(&text);
    return given;
}

static struct slice as_iban(struct slice account, struct arena *arena)
{
    char iban[35];

    return iban_parse(account, iban) ? arena_copy(arena, slice_of(iban)) : SLICE_NONE;
}

void bank_note_announced(struct bank *bank, struct slice id)
{
    if (names_find(&bank->announced_ids, id) != NAMES_NONE)
        return;
    bank->announced = memory_room(bank->announced, bank->announced_count, &bank->announced_room,
                                  sizeof *bank->announced);
    struct announced *announced = &bank->announced[bank->announced_count];
    *announced = (struct announced){ .id = arena_copy(&bank->arena, id) };
    names_add(&bank->announced_ids, announced->id, bank->announced_count++);
}

static void announce(struct bank *bank, const struct script_line *line)
{
    struct slice id = line->names[0], payer = script_get(line, "payer");
    struct slice account = script_get(line, "account");
    struct slice payer_iban = as_iban(payer, &bank->arena);
    struct slice account_iban = as_iban(account, &bank->arena);
    struct slice name = script_get(line, "payer-name");
    struct writer time;

    writer_init(&time, 0);
    iso_timestamp_write(bank->now.utc_ns, &time);
    const struct bank_field fields[] = {
        { "GrpHdr.MsgId", id },
        { "GrpHdr.CreDtTm", writer_slice(&time) },
        { "GrpHdr.NbOfTxs", SLICE("1") },
        { "GrpHdr.SttlmInf.SttlmMtd", SLICE("CLRG") },
        { "CdtTrfTxInf.PmtId.InstrId", id },
        { "CdtTrfTxInf.PmtId.EndToEndId", id },
        { "CdtTrfTxInf.PmtId.TxId", id },
        { "CdtTrfTxInf.IntrBkSttlmAmt.value", script_get(line, "amount") },
        { "CdtTrfTxInf.IntrBkSttlmAmt.Ccy", script_get(line, "currency") },
        { "CdtTrfTxInf.IntrBkSttlmDt", date_text(bank, line) },
        { "CdtTrfTxInf.ChrgBr", SLICE("SLEV") },
        { "CdtTrfTxInf.Dbtr.Nm", name.at != NULL ? name : script_get(line, "client") },
        { "CdtTrfTxInf.DbtrAcct.Id.IBAN", payer_iban },
        { "CdtTrfTxInf.DbtrAcct.Id.Othr.Id", payer_iban.at == NULL ? payer : SLICE_NONE },
        { "CdtTrfTxInf.DbtrAgt.FinInstnId.BICFI", script_get(line, "payer-bank").at != NULL
                                                      ? script_get(line, "payer-bank")
                                                      : bank->options->bic },
        { "CdtTrfTxInf.CdtrAgt.FinInstnId.BICFI", bank->options->bic },
        { "CdtTrfTxInf.Cdtr.Id.OrgId.AnyBIC", bank->options->gateway_bic },
        { "CdtTrfTxInf.CdtrAcct.Id.IBAN", account_iban },
        { "CdtTrfTxInf.CdtrAcct.Id.Othr.Id", account_iban.at == NULL ? account : SLICE_NONE },
        { "CdtTrfTxInf.UltmtCdtr.Id.PrvtId.Othr.Id", script_get(line, "client") },
    };
    bank_note_announced(bank, id);
    bank_write(bank, "pacs.008.001.08", id, fields, sizeof fields / sizeof *fields);
    journal_write(&bank->journal, bank->now.utc_ns, "announced", "%.*s", SLICE_ARG(id));
    writer_fini(&time);
}

/* ------------------------------------------------------------ the script */

static enum step fail(const struct script_line *line, const char *what)
{
    printf("FAILED: %s:%u: %.*s %.*s %.*s: %s\n", line->place.source, line->place.line,
           SLICE_ARG(line->verb), SLICE_ARG(line->names[0]), SLICE_ARG(line->names[1]), what);
    return STEP_FAILED;
}

static enum step wait_or_fail(const struct script_line *line, uint64_t waited_ms, const char *what)
{
    return waited_ms < script_get_ms(line, "within", EXPECT_MS) ? STEP_WAIT : fail(line, what);
}

static enum step step_deposit(struct bank *bank, const struct script_line *line, uint64_t waited_ms)
{
    (void)waited_ms;
    announce(bank, line);
    return STEP_DONE;
}

static enum step step_expect(struct bank *bank, const struct script_line *line, uint64_t waited_ms)
{
    static const struct {
        const char *name, *statuses;
    } words[] = { { "received", "RCVD ACSP ACSC ACCC RJCT PDNG" },
                  { "accepted", "ACSP ACSC ACCC" },
                  { "refused", "RJCT" },
                  { "pending", "PDNG" } };
    size_t row = names_find(&bank->announced_ids, line->names[0]);
    struct slice reason = script_get_or(line, "reason", "");
    size_t word = 0;

    while (word < sizeof words / sizeof *words && !slice_is(line->names[1], words[word].name))
        word++;
    if (word == sizeof words / sizeof *words)
        return fail(line, "no such state");
    if (row == NAMES_NONE)
        return fail(line, "no such deposit");
    const struct announced *announced = &bank->announced[row];
    if (announced->status.at != NULL && strstr(words[word].statuses, announced->status.at) != NULL)
        return slice_starts(announced->reason, reason) ? STEP_DONE : fail(line, "another reason");
    return wait_or_fail(line, waited_ms, "not told in time");
}

static enum step step_answer(struct bank *bank, const struct script_line *line, uint64_t waited_ms)
{
    (void)waited_ms;
    bank->rules = memory_room(bank->rules, bank->rule_count, &bank->rule_room, sizeof *bank->rules);
    bank->rules[bank->rule_count++] = (struct bank_rule){
        .amount = slice_is(line->names[0], "any") ? SLICE_NONE : line->names[0],
        .statuses = script_get(line, "with"),
        .reason = script_get_or(line, "reason", "MS03"),
        .text = script_get(line, "text"),
        .delay_ms = script_get_ms(line, "delay", 0),
    };
    return STEP_DONE;
}

static enum step expect_count(const struct script_line *line, uint64_t waited_ms, size_t count)
{
    uint64_t wanted;

    if (!slice_to_u64(script_get(line, "count"), UINT32_MAX, &wanted))
        return fail(line, "count is no number");
    return count >= wanted ? STEP_DONE : wait_or_fail(line, waited_ms, "too few in time");
}

static enum step step_expect_orders(struct bank *bank, const struct script_line *line,
                                    uint64_t waited_ms)
{
    return expect_count(line, waited_ms, bank->orders);
}

static enum step step_expect_refusals(struct bank *bank, const struct script_line *line,
                                      uint64_t waited_ms)
{
    return expect_count(line, waited_ms, bank->refusals);
}

static enum step step_file(struct bank *bank, const struct script_line *line, uint64_t waited_ms)
{
    (void)waited_ms;
    bank_write_file(bank, arena_copy(&bank->arena, line->names[0]).at, script_get(line, "text"));
    return STEP_DONE;
}

static enum step step_wait(struct bank *bank, const struct script_line *line, uint64_t waited_ms)
{
    (void)bank;
    return runner_wait(line, waited_ms);
}

enum step bank_step(void *owner, const struct script_line *line, uint64_t waited_ms)
{
    static const struct {
        const char *verb;
        enum step (*step)(struct bank *bank, const struct script_line *line, uint64_t waited_ms);
    } steps[] = { { "deposit", step_deposit },
                  { "expect", step_expect },
                  { "answer", step_answer },
                  { "expect-orders", step_expect_orders },
                  { "expect-refusals", step_expect_refusals },
                  { "file", step_file },
                  { "wait", step_wait } };
    size_t row = 0;

    while (!slice_is(line->verb, steps[row].verb))
        row++;
    return steps[row].step(owner, line, waited_ms);
}
