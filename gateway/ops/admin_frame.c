/* Words to bytes and back, for the local socket. */
#include "gateway/ops/admin_frame.h"

#define SIZE_DIGITS_MAX 9

/* The number before `mark` at the front of *bytes, which moves behind it. */
static enum admin_verdict take_number(struct slice *bytes, char mark, uint64_t *number)
{
    size_t digits = 0;

    while (digits < bytes->size && bytes->at[digits] >= '0' && bytes->at[digits] <= '9')
        digits++;
    if (digits > SIZE_DIGITS_MAX)
        return ADMIN_BROKEN;
    if (digits == bytes->size)
        return ADMIN_PARTIAL;
    if (bytes->at[digits] != mark ||
        !slice_to_u64((struct slice){ bytes->at, digits }, ADMIN_SIZE_MAX, number))
        return ADMIN_BROKEN;
    *bytes = slice_after(*bytes, digits + 1);
    return ADMIN_WHOLE;
}

static enum admin_verdict take_word(struct slice *bytes, struct slice *word)
{
    uint64_t size;
    enum admin_verdict verdict = take_number(bytes, ':', &size);

    if (verdict != ADMIN_WHOLE)
        return verdict;
    if (bytes->size <= size)
        return ADMIN_PARTIAL;
    if (bytes->at[size] != ',')
        return ADMIN_BROKEN;
    *word = (struct slice){ bytes->at, (size_t)size };
    *bytes = slice_after(*bytes, (size_t)size + 1);
    return ADMIN_WHOLE;
}

enum admin_verdict admin_frame_find(struct slice bytes, struct slice *words, size_t *count)
{
    if (bytes.size > ADMIN_SIZE_MAX)
        return ADMIN_BROKEN;
    for (*count = 0; bytes.size > 0 && bytes.at[0] != '\n'; (*count)++) {
        if (*count == ADMIN_WORD_COUNT_MAX)
            return ADMIN_BROKEN;
        enum admin_verdict verdict = take_word(&bytes, &words[*count]);
        if (verdict != ADMIN_WHOLE)
            return verdict;
    }
    if (bytes.size == 0)
        return ADMIN_PARTIAL;
    return *count > 0 && bytes.size == 1 ? ADMIN_WHOLE : ADMIN_BROKEN;
}

void admin_frame_write(const struct slice *words, size_t count, struct writer *writer)
{
    for (size_t i = 0; i < count; i++) {
        writer_u64(writer, words[i].size);
        writer_char(writer, ':');
        writer_bytes(writer, words[i]);
        writer_char(writer, ',');
    }
    writer_char(writer, '\n');
}

void admin_answer_write(int status, struct slice bytes, struct writer *writer)
{
    writer_format(writer, "%d %zu\n", status, bytes.size);
    writer_bytes(writer, bytes);
}

bool admin_answer_read(struct slice bytes, int *status, struct slice *answer)
{
    uint64_t code, size;

    if (take_number(&bytes, ' ', &code) != ADMIN_WHOLE ||
        take_number(&bytes, '\n', &size) != ADMIN_WHOLE || bytes.size != size)
        return false;
    *status = (int)code;
    *answer = bytes;
    return true;
}
