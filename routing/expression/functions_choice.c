/* Functions that choose: occurrences, conditions, tables, the date of a time. */
#include "routing/expression/function.h"

enum {
    DATE_SIZE = sizeof "YYYY-MM-DD" - 1,
};

bool function_first(const struct call *call, struct value *result)
{
    result->text = call->arguments[0].text;
    return true;
}

/* It is not called when the condition does not hold. */
bool function_when(const struct call *call, struct value *result)
{
    *result = call->arguments[1];
    return true;
}

bool function_lookup(const struct call *call, struct value *result)
{
    const struct lookup_table *table = call->node->table;
    for (size_t i = 0; i < table->count; i++) {
        if (slice_equal(table->keys[i], call->arguments[1].text)) {
            result->text = table->values[i];
            return true;
        }
    }
    return true;
}

bool function_one_of(const struct call *call, struct value *result)
{
    struct slice rest = call->arguments[1].text, word;
    while (function_next_word(&rest, &word)) {
        if (slice_equal(word, call->arguments[0].text)) {
            result->text = word;
            return true;
        }
    }
    return true;
}

/* Times inside expressions are in UTC, with the date in front. */
bool function_date(const struct call *call, struct value *result)
{
    result->text = (struct slice){ call->arguments[0].text.at, DATE_SIZE };
    return true;
}
