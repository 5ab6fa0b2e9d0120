/* Any fields as a message: it is parsed, printed and validated, and when it is
   valid it can be read and is the same after it was written again.

   The input is what stands between 9 and 10, with | for SOH.  A t in front makes
   it one of FIXT.1.1, an o one of FIX.4.2, else it is one of FIX.4.4. */
#include "codecs/fix/compose.h"
#include "codecs/fix/message.h"
#include "fuzz/fuzz.h"

enum {
    SOH = 1,
    FIELD_COUNT_MAX = 256,
};

static const struct shape_reader *request_reader(void)
{
    static struct shape_reader *reader;
    if (reader == NULL) {
        const struct shape *shape =
            fix_dictionary_shape(fuzz_fix44(), SLICE("PayManagementRequest"));
        struct slice paths[] = {
            SLICE("PayRequestID"),
            SLICE("NoPartyIDs[PartyRole=3].PartyID"),
            SLICE("NoPartyIDs[1].NoPartySubIDs[PartySubIDType=5].PartySubID"),
            SLICE("NoSettlDetails[0].NoSettlPartyIDs[SettlPartyRole=32].SettlPartyID"),
        };
        struct error_list errors;
        error_list_init(&errors, 0);
        reader = shape->operations->reader(shape, paths, 4, SLICE_NONE, &errors);
        CHECK(reader != NULL);
        error_list_fini(&errors);
    }
    return reader;
}

static void check_filled(const struct fix_message *message)
{
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    struct record record = record_take(&arena, 4);
    fix_message_fill(request_reader(), message, &record, &arena);
    CHECK(slice_equal(record_get(&record, 0), fix_message_get(message, 2812)));
    arena_fini(&arena);
}

/* A negative tag is read as 0, so that it can't be written again. */
static bool has_tag_zero(const struct fix_message *message)
{
    for (size_t i = 0; i < message->count; i++) {
        if (message->fields[i].tag == 0)
            return true;
    }
    return false;
}

/* All fields but 8, 9 and 10, put together again. */
static void check_written_again(const struct fix_message *message)
{
    struct fix_compose compose;
    struct writer writer;
    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, message->begin_string, message->msg_type);
    for (size_t i = 3; i + 1 < message->count; i++)
        fix_compose_text(&compose, message->fields[i].tag, message->fields[i].value);
    CHECK(slice_equal(fix_compose_end(&compose), message->bytes));
    writer_fini(&writer);
}

static void check_message(const struct fix_frame *frame, const struct fix_dictionary *dictionary)
{
    struct fix_field fields[FIELD_COUNT_MAX];
    struct fix_message message = { .fields = fields, .room = FIELD_COUNT_MAX };
    struct fix_finding finding;
    struct writer text;
    bool parsed = fix_message_parse(&message, frame, dictionary, &finding);
    CHECK(parsed == (finding.fault == NULL));
    if (!parsed && finding.fault->answer == FIX_ANSWER_IGNORE)
        return;
    writer_init(&text, 0);
    fix_message_print(&message, dictionary, &text);
    writer_fini(&text);
    if (!has_tag_zero(&message))
        check_written_again(&message);
    if (message.type == NULL)
        return;
    bool valid = fix_message_validate(&message, dictionary, &finding);
    CHECK(valid == (finding.fault == NULL));
    if (dictionary == fuzz_fix44() && slice_is(message.msg_type, "DY"))
        check_filled(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct fix_fault *fault;
    struct fix_compose compose;
    struct fix_frame frame;
    struct writer fields, writer;
    const struct fix_dictionary *dictionary = fuzz_fix44();
    size_t first = 0;
    if (size > 0 && (data[0] == 't' || data[0] == 'o')) {
        dictionary = data[0] == 't' ? fuzz_fixt() : fuzz_fix42();
        first = 1;
    }
    writer_init(&fields, 0);
    writer_init(&writer, 0);
    for (size_t i = first; i < size; i++)
        writer_char(&fields, (char)(data[i] == '|' ? SOH : data[i]));
    fix_compose_begin(&compose, &writer, fix_dictionary_begin_string(dictionary), SLICE_NONE);
    fix_compose_fields(&compose, writer_slice(&fields));
    if (fix_frame_find(fix_compose_end(&compose), SIZE_MAX, &frame, &fault) == FIX_FRAME_WHOLE)
        check_message(&frame, dictionary);
    writer_fini(&writer);
    writer_fini(&fields);
    return 0;
}
