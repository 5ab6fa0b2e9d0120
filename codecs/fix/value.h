/* One field value against its type and its list.

   Source: FIX.4.4 volume 1, data types; FIX Latest for the TZ types. */
#ifndef PENSTOCK_CODECS_FIX_VALUE_H
#define PENSTOCK_CODECS_FIX_VALUE_H

#include "codecs/fix/dictionary.h"

/* value has the form of the type; empty has none. */
bool fix_value_formed(enum fix_type type, struct slice value);

/* value is in the list of field, or the field has no list that binds. */
bool fix_value_listed(const struct fix_field_type *field, struct slice value);

/* value is one byte or a short word of the list of field, formed as it must be:
   what most values are that have a list.  false: nothing is known. */
static inline bool fix_value_listed_at_a_glance(const struct fix_field_type *field,
                                                struct slice value)
{
    unsigned letter = (unsigned char)value.at[0];
    if (value.size == 1)
        return letter < 128 && (field->letters[letter / 64] >> letter % 64 & 1) != 0;
    if (value.size > FIX_WORD_SIZE)
        return false;
    uint32_t row = fix_tag_index_find(&field->words, fix_word(value));
    return row != FIX_TAG_NONE && field->values[row].value.size == value.size;
}

/* Both, and no SOH where that would end the field: value may be written. */
bool fix_value_fits(const struct fix_field_type *field, struct slice value);

/* Equal as values of field: 007 and 7 are the same int. */
bool fix_value_equal(const struct fix_field_type *field, struct slice one, struct slice other);

#endif
