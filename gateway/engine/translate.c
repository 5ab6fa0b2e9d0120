/* Maps at work: which one, what it reads from, what it writes. */
#include "gateway/engine/machine.h"

enum {
    TAG_APPL_VER_ID = 1128,
};

const struct shape *message_shape(const struct fix_message *message)
{
    return message->type == NULL ? NULL
                                 : fix_dictionary_shape(message->dictionary, message->type->name);
}

/* CompIDs and day: ids that are shortened differ where these do. */
static struct slice id_salt(struct engine *engine, const struct config_session *session,
                            const struct facts *facts)
{
    return session == NULL
               ? SLICE_NONE
               : SCRATCH(engine, "%.*s|%.*s|%.*s", SLICE_ARG(session->sides.sender_comp_id),
                         SLICE_ARG(session->sides.target_comp_id),
                         SLICE_ARG(facts->values[FACT_today]));
}

void translation_with(struct engine *engine, struct translation *translation, const struct map *map,
                      const struct fix_message *message, const struct config_session *session,
                      const struct facts *facts)
{
    *translation = (struct translation){ .map = map };
    translation->around = (struct surroundings){
        .facts = facts,
        .arena = &engine->scratch,
        .charset = session == NULL ? CHARSET_UTF8 : session->charset,
        .id_salt = id_salt(engine, session, facts),
    };
    if (message == NULL || map_source(map) == NULL)
        return;
    translation->record = record_take(&engine->scratch, map_slot_count(map));
    fix_message_fill(map_reader(map), message, &translation->record, &engine->scratch);
    translation->around.source = &translation->record;
}

bool translation_find(struct engine *engine, struct translation *translation,
                      const struct config *config, enum map_use use,
                      const struct fix_message *message, const struct config_session *session,
                      struct slice flow, const struct facts *facts)
{
    const struct shape *source = message == NULL ? NULL : message_shape(message);
    const struct map *map = NULL;

    if (message != NULL && source == NULL)
        return false; /* a type that the dictionary no longer has */
    while ((map = map_set_next(&config->maps, map, use, source, flow)) != NULL) {
        if (message == NULL && map_source(map) != NULL)
            continue;
        translation_with(engine, translation, map, message, session, facts);
        if (map_applies(map, &translation->around))
            return true;
    }
    return false;
}

bool translation_write(struct translation *translation, struct writer *writer, struct error *error)
{
    return map_write(translation->map, &translation->around, writer, error);
}

struct slice translation_msg_type(const struct config_session *session, const struct map *map)
{
    const struct fix_message_type *type =
        fix_dictionary_message_named(session->dictionary, slice_of(map_target(map)->name));

    return type == NULL ? SLICE_NONE : type->msg_type;
}

/* In the version that it names, else in the first that knows its type. */
static bool read_application(const struct config_session *session, const struct fix_frame *frame,
                             struct fix_message *message)
{
    struct fix_finding finding;

    for (size_t i = 0; i < session->application_count; i++) {
        const struct fix_application *application = &session->applications[i];

        if (!fix_message_parse(message, frame, application->dictionary, &finding))
            return false;
        struct slice id = fix_message_get(message, TAG_APPL_VER_ID);
        if (message->type != NULL && (id.at == NULL || slice_equal(id, application->appl_ver_id)))
            return true;
    }
    return false;
}

/* One that was taken although its BodyLength or CheckSum was wrong is whole, too. */
static bool find_frame(struct slice bytes, struct fix_frame *frame)
{
    const struct fix_fault *fault;

    return bytes.size > 0 &&
           (fix_frame_find(bytes, bytes.size, frame, &fault) == FIX_FRAME_WHOLE ||
            fix_frame_find_unchecked(bytes, bytes.size, frame) == FIX_FRAME_WHOLE);
}

static bool read(const struct config_session *session, const struct fix_frame *frame,
                 struct fix_message *message)
{
    struct fix_finding finding;

    if (session->application_count > 1)
        return read_application(session, frame, message);
    return fix_message_parse(message, frame, session->dictionary, &finding) &&
           message->type != NULL;
}

/* It was checked when it came: what was not checked then is mended now as it was
   then. */
bool message_read(const struct config_session *session, struct slice bytes, struct arena *arena,
                  struct fix_message *message)
{
    static const struct fix_validation none;
    struct fix_frame frame;

    *message = (struct fix_message){ 0 };
    if (!find_frame(bytes, &frame))
        return false;
    message->room = bytes.size / 2; /* a field takes three bytes at least */
    message->fields = arena_take_array(arena, message->room, sizeof *message->fields);
    if (!read(session, &frame, message))
        return false;
    fix_message_mend(message, &none);
    return true;
}

void map_failed(struct engine *engine, struct slice map, struct slice what,
                const struct error *error)
{
    struct writer writer;

    writer_init(&writer, 0);
    error_write(error, &writer);
    SAY(engine, map_fault, { "map", map }, { "for", what }, { "why", writer_slice(&writer) });
    writer_fini(&writer);
}
