/* Whose Logon it is, before there is a session that could take it. */
#include "codecs/fix/session_machine.h"
#include "codecs/fix/soh.h"

bool fix_take_field(struct slice *rest, struct slice *tag, struct slice *value)
{
    const char *end = memchr(rest->at, FIX_SOH, rest->size);
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - rest->at);
    const char *equals = memchr(rest->at, '=', size);
    if (equals == NULL)
        return false;
    *tag = (struct slice){ rest->at, (size_t)(equals - rest->at) };
    *value = (struct slice){ equals + 1, (size_t)(end - equals) - 1 };
    *rest = slice_after(*rest, size + 1);
    return true;
}

static void note_first(struct slice *name, struct slice value)
{
    if (name->at == NULL)
        *name = value;
}

static void note(struct fix_logon_names *names, struct slice tag, struct slice value)
{
    const struct {
        const char *tag;
        struct slice *name;
    } wanted[] = {
        { "35", &names->msg_type },
        { "49", &names->sides.sender_comp_id },
        { "56", &names->sides.target_comp_id },
        { "50", &names->sides.sender.sub_id },
        { "142", &names->sides.sender.location_id },
        { "57", &names->sides.target.sub_id },
        { "143", &names->sides.target.location_id },
        { "553", &names->username },
        { "554", &names->password },
        { "925", &names->new_password },
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (slice_is(tag, wanted[i].tag))
            note_first(wanted[i].name, value);
}

enum fix_frame_verdict fix_logon_peek(struct slice bytes, size_t size_max,
                                      struct fix_logon_names *names)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    struct slice tag, value;
    enum fix_frame_verdict verdict = fix_frame_find(bytes, size_max, &frame, &fault);
    if (verdict != FIX_FRAME_WHOLE)
        return verdict;
    *names = (struct fix_logon_names){ .begin_string = frame.begin_string };
    for (struct slice rest = frame.body; fix_take_field(&rest, &tag, &value);)
        note(names, tag, value);
    return FIX_FRAME_WHOLE;
}
