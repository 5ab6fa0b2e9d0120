/* Functions for ids, banks and accounts (flows.md section 3: id35, bic, acct). */
#include "codecs/base/bic.h"
#include "codecs/base/charset.h"
#include "codecs/base/digest.h"
#include "codecs/base/iban.h"
#include "routing/expression/convert.h"
#include "routing/expression/function.h"

enum {
    ID_SIZE_MAX = 35,
    PREFIX_SIZE_MAX = 12,
    ACCOUNT_LENGTH_MAX = 34, /* Max34Text */
};

static bool safe(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("/-?:().,'+ ", byte) != NULL);
}

/* What every bank takes: safe characters, no slash at an end, no two in a row. */
static bool id_fits(struct slice id)
{
    if (id.size > ID_SIZE_MAX || id.at[0] == '/' || id.at[id.size - 1] == '/')
        return false;
    for (size_t i = 0; i < id.size; i++) {
        if (!safe(id.at[i]) || (i > 0 && id.at[i] == '/' && id.at[i - 1] == '/'))
            return false;
    }
    return true;
}

/* The first safe characters, with the slashes left out that may not be there. */
static void write_prefix(struct slice id, struct writer *writer)
{
    for (size_t i = 0; i < id.size && writer->used < PREFIX_SIZE_MAX; i++) {
        bool bad_slash =
            id.at[i] == '/' && (writer->used == 0 || writer->at[writer->used - 1] == '/');
        if (safe(id.at[i]) && !bad_slash)
            writer_char(writer, id.at[i]);
    }
}

/* 35 characters that tell two ids apart: usually 12 of the id and 22 of its
   digest, more of the digest when the id has fewer safe ones. */
bool function_id35(const struct call *call, struct value *result)
{
    const struct surroundings *around = call->surroundings;
    struct slice id = call->arguments[0].text;
    *result = call->arguments[0];
    if (id_fits(id))
        return true;
    const struct slice parts[] = { around->id_salt, id };
    struct digest digest = digest_of_parts(parts, 2);
    struct writer writer = convert_writer(around->arena, PREFIX_SIZE_MAX + 2 * DIGEST_SIZE);
    if (!writer_ok(&writer))
        return true; /* the caller tells that the arena ran over */
    write_prefix(id, &writer);
    writer_char(&writer, '-');
    base32_write((struct slice){ (const char *)digest.bytes, DIGEST_SIZE }, &writer);
    result->text = (struct slice){ writer.at, ID_SIZE_MAX };
    return true;
}

bool function_bic(const struct call *call, struct value *result)
{
    *result = call->arguments[0];
    return bic_valid(result->text) || error_at(call->error, &expression_value, call->node->place,
                                               "\"%.*s\" is not a BIC", SLICE_ARG(result->text));
}

bool function_iban(const struct call *call, struct value *result)
{
    char iban[IBAN_SIZE_MAX + 1];
    if (iban_parse(call->arguments[0].text, iban))
        result->text = arena_copy(call->surroundings->arena, slice_of(iban));
    return true;
}

bool function_account(const struct call *call, struct value *result)
{
    char iban[IBAN_SIZE_MAX + 1];
    struct slice account = call->arguments[0].text;
    if (iban_parse(account, iban))
        return true;
    if (utf8_length(account) > ACCOUNT_LENGTH_MAX)
        return error_at(call->error, &expression_value, call->node->place,
                        "the account \"%.*s\" has more than %d characters", SLICE_ARG(account),
                        ACCOUNT_LENGTH_MAX);
    result->text = account;
    return true;
}
