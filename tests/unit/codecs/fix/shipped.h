/* What the tests of this room share: the dictionaries that penstock ships, and
   one message taken through framing, parsing and validation. */
#ifndef PENSTOCK_TESTS_UNIT_CODECS_FIX_SHIPPED_H
#define PENSTOCK_TESTS_UNIT_CODECS_FIX_SHIPPED_H

#include "codecs/fix/message.h"
#include "kit/fix_text.h"
#include "kit/kit.h"

enum {
    SHIPPED_FIELD_COUNT_MAX = 512,
};

struct shipped {
    struct fix_dictionary *dictionary;
    struct fix_field fields[SHIPPED_FIELD_COUNT_MAX];
    struct fix_message message; /* in fields */
    struct fix_finding finding;
};

/* A dictionary of these files; NULL: *text says why, one error in a line. */
static inline struct fix_dictionary *load(const struct fix_dictionary_file *files, size_t count,
                                          struct writer *text)
{
    struct error_list errors;
    error_list_init(&errors, 0);
    struct fix_dictionary *dictionary = fix_dictionary_new(files, count, &errors);
    error_list_write(&errors, text);
    assert_int_equal(dictionary == NULL, errors.count > 0);
    error_list_fini(&errors);
    return dictionary;
}

static inline int load_shipped(void **state)
{
    static struct shipped shipped;
    shipped.dictionary = fix_text_dictionary();
    *state = &shipped;
    return 0;
}

static inline int free_shipped(void **state)
{
    struct shipped *shipped = *state;
    fix_dictionary_free(shipped->dictionary);
    return 0;
}

/* Frames and parses bytes, which are one message. */
static inline bool parse_bytes(struct shipped *shipped, struct slice bytes)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    assert_int_equal(fix_frame_find(bytes, SIZE_MAX, &frame, &fault), FIX_FRAME_WHOLE);
    assert_int_equal(frame.bytes.size, bytes.size);
    shipped->message =
        (struct fix_message){ .fields = shipped->fields, .room = SHIPPED_FIELD_COUNT_MAX };
    return fix_message_parse(&shipped->message, &frame, shipped->dictionary, &shipped->finding);
}

/* The same from text with | for SOH, without 9 and 10. */
static inline bool parse_text(struct shipped *shipped, const char *text)
{
    return parse_bytes(shipped, fix_text(text));
}

/* Parses and validates. */
static inline bool check_text(struct shipped *shipped, const char *text)
{
    return parse_text(shipped, text) &&
           fix_message_validate(&shipped->message, shipped->dictionary, &shipped->finding);
}

#define assert_finding(shipped, expected_fault, expected_tag)                                      \
    do {                                                                                           \
        assert_non_null((shipped)->finding.fault);                                                 \
        assert_string_equal((shipped)->finding.fault->name, (expected_fault).name);                \
        assert_int_equal((shipped)->finding.tag, (expected_tag));                                  \
    } while (0)

#endif
