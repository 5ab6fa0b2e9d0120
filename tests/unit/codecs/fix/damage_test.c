/* Valid messages that arrive in parts or with a bit changed: what is not all there
   is waited for, what is damaged is refused, and no byte in front of a message or
   behind it is read, where pages lie that can't be.

       unit-codecs-fix-damage_test all

   changes every bit also where the default changes one of BIT_STRIDE. */
#include "codecs/fix/checksum.h"
#include "codecs/fix/compose.h"
#include "kit/fix_messages.h"
#include "shipped.h"

#include <sys/mman.h>
#include <unistd.h>

enum {
    SIZE_LIMIT = 4096,
    BIT_STRIDE = 7, /* prime, so that each bit of a byte has its turn */
    CHECKSUM_FIELD_SIZE = 7,
    HEAD_FIELD_COUNT = 3,
};

static const char *const versions[] = { "FIX.4.2", "FIX.4.4", "FIXT.1.1" };

/* Room between two pages that can't be read. */
static struct {
    char *at;
    size_t size;
} room;

static size_t mended_stride = BIT_STRIDE;

static int open_room(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    (void)state;
    room.size = ((size_t)2 * SIZE_LIMIT + page - 1) / page * page;
    char *area = mmap(NULL, room.size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(area != MAP_FAILED);
    room.at = area + page;
    return mprotect(room.at, room.size, PROT_READ | PROT_WRITE);
}

static int close_room(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    (void)state;
    return munmap(room.at - page, room.size + 2 * page);
}

/* bytes before the page behind, or behind the page in front. */
static struct slice at_the_end(struct slice bytes)
{
    char *to = room.at + room.size - bytes.size;
    memcpy(to, bytes.at, bytes.size);
    return (struct slice){ to, bytes.size };
}

static struct slice at_the_front(struct slice bytes)
{
    memcpy(room.at, bytes.at, bytes.size);
    return (struct slice){ room.at, bytes.size };
}

static enum fix_frame_verdict find(struct slice bytes, struct fix_frame *frame)
{
    const struct fix_fault *fault;
    return fix_frame_find(bytes, SIZE_LIMIT, frame, &fault);
}

/* Calls check with every message of every version. */
static void with_all(void (*check)(struct shipped *shipped, struct slice bytes))
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct fix_text_version version = fix_text_version(versions[i]);
        struct shipped shipped = { .dictionary = version.dictionary };
        struct fix_messages messages;
        fix_messages_open(&messages, versions[i], NULL);
        assert_true(messages.count > 1);
        for (size_t j = 0; j < messages.count; j++)
            check(&shipped, messages.at[j]);
        fix_messages_close(&messages);
        fix_text_version_free(&version);
    }
}

static void wait_for_prefixes(struct shipped *shipped, struct slice bytes)
{
    struct fix_frame frame;
    (void)shipped;
    for (size_t size = 0; size < bytes.size; size++) {
        struct slice prefix = { bytes.at, size };
        assert_int_equal(find(at_the_end(prefix), &frame), FIX_FRAME_PARTIAL);
        assert_int_equal(find(at_the_front(prefix), &frame), FIX_FRAME_PARTIAL);
    }
}

static void every_prefix_is_waited_for(void **state)
{
    (void)state;
    with_all(wait_for_prefixes);
}

/* Messages in a row: the same are taken wherever what has come ends. */
static void take_at_every_split(struct shipped *shipped, struct slice bytes)
{
    struct fix_frame frame;
    char twice[2 * SIZE_LIMIT];
    (void)shipped;
    memcpy(twice, bytes.at, bytes.size);
    memcpy(twice + bytes.size, bytes.at, bytes.size);
    for (size_t split = 0; split <= 2 * bytes.size; split++) {
        struct slice come = at_the_end((struct slice){ twice, split });
        size_t whole = split / bytes.size;
        for (size_t i = 0; i < whole; i++) {
            assert_int_equal(find(come, &frame), FIX_FRAME_WHOLE);
            assert_true(slice_equal(frame.bytes, bytes));
            come = slice_after(come, frame.bytes.size);
        }
        assert_int_equal(find(come, &frame), FIX_FRAME_PARTIAL);
    }
}

static void every_split_gives_the_same_messages(void **state)
{
    (void)state;
    with_all(take_at_every_split);
}

/* A bit changes the sum by a power of two below 256, so that no CheckSum hides it. */
static void refuse_every_bit(struct shipped *shipped, struct slice bytes)
{
    struct fix_frame frame;
    (void)shipped;
    struct slice at_end = at_the_end(bytes);
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        char *byte = (char *)at_end.at + bit / 8;
        *byte = (char)(*byte ^ 1 << bit % 8);
        assert_int_not_equal(find(at_end, &frame), FIX_FRAME_WHOLE);
        *byte = (char)(*byte ^ 1 << bit % 8);
    }
    assert_int_equal(find(at_end, &frame), FIX_FRAME_WHOLE);
}

static void no_message_with_a_changed_bit_is_taken(void **state)
{
    (void)state;
    with_all(refuse_every_bit);
}

/* The first message that is found in a stream; absent: none, and all is used or waited for. */
static struct slice first_whole(struct slice stream)
{
    struct fix_frame frame;
    enum fix_frame_verdict verdict;
    while ((verdict = find(stream, &frame)) == FIX_FRAME_GARBLED)
        stream = slice_after(stream, frame.bytes.size);
    return verdict == FIX_FRAME_WHOLE ? frame.bytes : SLICE_NONE;
}

/* A message with a bit changed in front of a good one, which is found unless the
   first announces so many bytes that more must come before it is given up. */
static void find_the_next(struct shipped *shipped, struct slice bytes)
{
    char twice[2 * SIZE_LIMIT];
    size_t lost = 0;
    (void)shipped;
    memcpy(twice, bytes.at, bytes.size);
    memcpy(twice + bytes.size, bytes.at, bytes.size);
    for (size_t bit = 0; bit < bytes.size * 8; bit++) {
        twice[bit / 8] = (char)(twice[bit / 8] ^ 1 << bit % 8);
        struct slice found = first_whole(at_the_end((struct slice){ twice, 2 * bytes.size }));
        twice[bit / 8] = (char)(twice[bit / 8] ^ 1 << bit % 8);
        lost += found.at == NULL ? 1 : 0;
        assert_true(found.at == NULL || found.at == room.at + room.size - bytes.size);
    }
    assert_true(lost <= 8 * strlen("9=1234|")); /* of BodyLength only */
}

static void the_message_behind_a_damaged_one_is_found(void **state)
{
    (void)state;
    with_all(find_the_next);
}

/* The same bytes come out when the fields are written again: each is in its place. */
static void assert_written_again(const struct fix_message *message)
{
    struct fix_compose compose;
    struct writer writer;
    writer_init(&writer, 0);
    fix_compose_begin(&compose, &writer, message->begin_string, message->msg_type);
    for (size_t i = HEAD_FIELD_COUNT; i + 1 < message->count; i++)
        fix_compose_text(&compose, message->fields[i].tag, message->fields[i].value);
    assert_true(slice_equal(fix_compose_end(&compose), message->bytes));
    writer_fini(&writer);
}

/* What framing would take: the CheckSum is that of the damaged bytes. */
static void read_damaged(struct shipped *shipped, struct slice bytes)
{
    const struct fix_fault *fault;
    struct fix_frame frame;
    if (fix_frame_find(bytes, SIZE_LIMIT, &frame, &fault) != FIX_FRAME_WHOLE)
        return;
    struct fix_message *message = &shipped->message;
    *message = (struct fix_message){ .fields = shipped->fields, .room = SHIPPED_FIELD_COUNT_MAX };
    if (!fix_message_parse(message, &frame, shipped->dictionary, &shipped->finding)) {
        assert_non_null(shipped->finding.fault);
        return;
    }
    assert_written_again(message);
    bool valid = message->type != NULL &&
                 fix_message_validate(message, shipped->dictionary, &shipped->finding);
    assert_true(valid || message->type == NULL || shipped->finding.fault != NULL);
}

static void put_checksum(char *bytes, size_t size)
{
    unsigned sum = fix_checksum((struct slice){ bytes, size - CHECKSUM_FIELD_SIZE });
    char *digits = bytes + size - CHECKSUM_FIELD_SIZE + strlen("10=");
    for (size_t i = 0; i < 3; i++, sum /= 10)
        digits[2 - i] = (char)('0' + sum % 10);
}

static void read_every_bit(struct shipped *shipped, struct slice bytes)
{
    size_t bits = (bytes.size - CHECKSUM_FIELD_SIZE) * 8;
    for (size_t bit = 0; bit < bits; bit += mended_stride) {
        struct slice damaged = at_the_end(bytes);
        char *byte = (char *)damaged.at + bit / 8;
        *byte = (char)(*byte ^ 1 << bit % 8);
        put_checksum((char *)damaged.at, damaged.size);
        read_damaged(shipped, damaged);
        read_damaged(shipped, at_the_front(damaged));
    }
}

static void damage_that_no_checksum_shows_is_read_within_the_message(void **state)
{
    (void)state;
    with_all(read_every_bit);
}

int main(int count, char **words)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_prefix_is_waited_for),
        cmocka_unit_test(every_split_gives_the_same_messages),
        cmocka_unit_test(no_message_with_a_changed_bit_is_taken),
        cmocka_unit_test(the_message_behind_a_damaged_one_is_found),
        cmocka_unit_test(damage_that_no_checksum_shows_is_read_within_the_message),
    };
    if (count > 1 && strcmp(words[1], "all") == 0)
        mended_stride = 1;
    return cmocka_run_group_tests(tests, open_room, close_room);
}
