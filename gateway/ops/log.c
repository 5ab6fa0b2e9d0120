/* Writes events as lines of key=value. */
#include "gateway/ops/log.h"

#include <assert.h>
#include <unistd.h>

#include "codecs/base/charset.h"

#define LOG_VALUE_SIZE_MAX 400

static const char *const level_names[] = {
    [LOG_LEVEL_DEBUG] = "debug",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_ALERT] = "alert",
};

static bool is_plain(unsigned char byte)
{
    return byte > ' ' && byte < 0x7f && byte != '"' && byte != '=' && byte != '\\';
}

static bool value_is_plain(struct slice value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!is_plain((unsigned char)value.at[i]))
            return false;
    return value.size > 0;
}

/* Bytes above 0x7f stand as they are only when the whole value is UTF-8; C1
   controls (C2 80 to C2 9F) are never let through to a terminal. */
static void write_escaped(struct slice value, struct writer *line)
{
    bool utf8 = utf8_valid(value);

    for (size_t i = 0; i < value.size; i++) {
        unsigned char byte = (unsigned char)value.at[i];
        bool c1 = byte == 0xc2 && i + 1 < value.size && (unsigned char)value.at[i + 1] < 0xa0;

        if (byte == '"' || byte == '\\')
            writer_format(line, "\\%c", byte);
        else if (byte == '\n')
            writer_text(line, "\\n");
        else if (byte < ' ' || byte == 0x7f || (byte > 0x7f && !utf8))
            writer_format(line, "\\x%02x", byte);
        else if (c1)
            writer_format(line, "\\x%02x", (unsigned char)value.at[++i]);
        else
            writer_char(line, (char)byte);
    }
}

/* Cut inside a long value, but not inside a UTF-8 character. */
static struct slice cut(struct slice value)
{
    if (value.size <= LOG_VALUE_SIZE_MAX)
        return value;
    value.size = LOG_VALUE_SIZE_MAX;
    while (value.size > 0 && ((unsigned char)value.at[value.size] & 0xc0) == 0x80)
        value.size--;
    return value;
}

static void write_pair(const char *key, struct slice value, struct writer *line)
{
    struct slice shown = cut(value);

    writer_char(line, ' ');
    writer_text(line, key);
    writer_char(line, '=');
    if (value_is_plain(shown) && shown.size == value.size) {
        writer_bytes(line, shown);
        return;
    }
    writer_char(line, '"');
    write_escaped(shown, line);
    writer_text(line, shown.size < value.size ? "...\"" : "\"");
}

void log_format(const struct log_event *event, struct moment now, struct writer *line)
{
    assert(event->count <= LOG_PAIRS_MAX);
    iso_timestamp_write(now.utc_ns, line);
    writer_char(line, ' ');
    writer_text(line, level_names[event->kind->level]);
    writer_char(line, ' ');
    writer_text(line, event->kind->name);
    for (unsigned i = 0; i < event->count; i++)
        if (event->pairs[i].value.at != NULL)
            write_pair(event->pairs[i].key, event->pairs[i].value, line);
    if (event->kind->level >= LOG_LEVEL_WARNING)
        write_pair("meaning", slice_of(event->kind->text), line);
    writer_char(line, '\n');
}

void log_init(struct log *log, int descriptor)
{
    log->descriptor = descriptor;
    writer_init(&log->line, 0);
}

void log_fini(struct log *log)
{
    writer_fini(&log->line);
}

void log_write(struct log *log, const struct log_event *event, struct moment now)
{
    writer_reset(&log->line);
    log_format(event, now, &log->line);
    struct slice line = writer_slice(&log->line);
    /* One write per line keeps lines of several processes apart.  A log that
       cannot be written must not stop money, so a failure has no consequence. */
    ssize_t written = write(log->descriptor, line.at, line.size);
    (void)written;
}
