/* Writes what zic would write, with one type for each change. */
#include "kit/zone_bytes.h"

static void write_number(uint64_t number, unsigned size, struct writer *writer)
{
    while (size-- > 0)
        writer_char(writer, (char)(number >> 8 * size & 0xff));
}

static void write_header(size_t changes, size_t types, struct writer *writer)
{
    const size_t counts[] = { 0, 0, 0, changes, types, 4 };

    writer_text(writer, "TZif2");
    write_number(0, 8, writer);
    write_number(0, 7, writer);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        write_number(counts[i], 4, writer);
}

static void write_type(int32_t offset_s, struct writer *writer)
{
    write_number((uint32_t)offset_s, 4, writer);
    write_number(0, 2, writer);
}

void zone_bytes_write(int32_t first_offset_s, const struct zone_bytes_change *changes, size_t count,
                      const char *footer, struct writer *writer)
{
    write_header(0, 1, writer);
    write_type(0, writer);
    writer_bytes(writer, (struct slice){ "XXX\0", 4 });
    write_header(count, count + 1, writer);
    for (size_t i = 0; i < count; i++)
        write_number((uint64_t)changes[i].utc_s, 8, writer);
    for (size_t i = 0; i < count; i++)
        write_number(i + 1, 1, writer);
    write_type(first_offset_s, writer);
    for (size_t i = 0; i < count; i++)
        write_type(changes[i].offset_s, writer);
    writer_bytes(writer, (struct slice){ "XXX\0", 4 });
    writer_format(writer, "\n%s\n", footer);
}
