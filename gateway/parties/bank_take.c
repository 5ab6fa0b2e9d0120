/* What the bank takes out of out/: read, checked, answered, and never acted
   upon twice. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/ops/clock.h"
#include "gateway/parties/bank_parts.h"

static struct taken *find_taken(struct bank *bank, struct slice id)
{
    size_t row = names_find(&bank->taken_ids, id);

    return row == NAMES_NONE ? NULL : &bank->taken[row];
}

static struct taken *add_taken(struct bank *bank, struct slice id, const struct digest *digest)
{
    bank->taken =
        memory_room(bank->taken, bank->taken_count, &bank->taken_room, sizeof *bank->taken);
    struct taken *taken = &bank->taken[bank->taken_count];
    *taken = (struct taken){ .id = arena_copy(&bank->arena, id), .digest = *digest };
    names_add(&bank->taken_ids, taken->id, bank->taken_count++);
    return taken;
}

static void show(const struct bank *bank, struct slice definition, struct slice id,
                 struct slice bytes)
{
    struct writer text;

    if (bank->options->quiet)
        return;
    writer_init(&text, 0);
    outline_write(bytes, &text);
    printf("gateway -> bank  %.*s %.*s\n%.*s", SLICE_ARG(definition), SLICE_ARG(id),
           SLICE_ARG(writer_slice(&text)));
    fflush(stdout);
    writer_fini(&text);
}

static void take_reply(struct bank *bank, const struct record *reply)
{
    size_t row = names_find(&bank->announced_ids, record_get(reply, REPLY_END_TO_END_ID));

    if (row == NAMES_NONE)
        return;
    bank->announced[row].status = arena_copy(&bank->arena, record_get(reply, REPLY_STATUS));
    bank->announced[row].reason = arena_copy(&bank->arena, record_get(reply, REPLY_REASON));
}

static void take_document(struct bank *bank, const struct taken *taken,
                          const struct iso_part *document)
{
    const struct shape_reader *reader = document->reader;

    if (reader == bank->readers.at[BANK_ORDER]) {
        bank->orders++;
        bank_answer(bank, taken->id, document, taken->answered);
    } else if (reader == bank->readers.at[BANK_REPLY]) {
        take_reply(bank, &document->records[0]);
    } else {
        bank->refusals += reader == bank->readers.at[BANK_REFUSAL];
    }
}

static void refuse(struct bank *bank, const char *name, const struct error *why)
{
    struct writer text;

    bank->invalid++;
    writer_init(&text, 0);
    error_write(why, &text);
    printf("PROBLEM: %s is not valid: %.*s\n", name, SLICE_ARG(writer_slice(&text)));
    journal_write(&bank->journal, bank->now.utc_ns, "invalid", "%s %.*s", name,
                  SLICE_ARG(writer_slice(&text)));
    writer_fini(&text);
}

/* A document that was there before: the same bytes are a repeat, others a fault
   of the gateway. */
static void take_again(struct bank *bank, const struct taken *taken, const struct digest *digest)
{
    bool same = digest_equal(&taken->digest, digest);

    bank->repeats += same;
    bank->differing += !same;
    journal_write(&bank->journal, bank->now.utc_ns, same ? "repeat" : "differs", "%.*s",
                  SLICE_ARG(taken->id));
    if (!same)
        printf("PROBLEM: %.*s came again with other bytes\n", SLICE_ARG(taken->id));
}

static void take_bytes(struct bank *bank, const char *name, struct slice bytes, bool again)
{
    struct digest digest = digest_of(bytes);
    struct iso_parser *parser;
    struct error why;
    struct writer hex;

    const struct iso_outcome *outcome = bank_read(&bank->readers, bytes, &parser, &why);
    if (outcome == NULL) {
        refuse(bank, name, &why);
        iso_parser_free(parser);
        return;
    }
    struct slice id = record_get(&outcome->header.records[0], HEADER_ID);
    struct taken *taken = find_taken(bank, id);
    if (taken != NULL && !again) {
        take_again(bank, taken, &digest);
    } else if (taken == NULL) {
        taken = add_taken(bank, id, &digest);
        writer_init(&hex, 0);
        digest_write_hex(&digest, &hex);
        struct slice definition = iso_schema_id(outcome->document.schema);
        journal_write(&bank->journal, bank->now.utc_ns, "took", "%.*s %.*s %.*s", SLICE_ARG(id),
                      SLICE_ARG(writer_slice(&hex)), SLICE_ARG(definition));
        writer_fini(&hex);
        show(bank, definition, id, bytes);
        take_document(bank, taken, &outcome->document);
    } else if (!taken->finished) {
        take_document(bank, taken, &outcome->document);
    }
    iso_parser_free(parser);
}

static bool read_file(const char *path, struct writer *bytes)
{
    FILE *file = fopen(path, "r");
    char block[16384];
    size_t size;

    if (file == NULL)
        return false;
    while ((size = fread(block, 1, sizeof block, file)) > 0)
        writer_bytes(bytes, (struct slice){ block, size });
    fclose(file);
    return true;
}

static void take_file(struct bank *bank, const char *path, const char *name, bool again)
{
    struct writer bytes;

    writer_init(&bytes, 0);
    if (read_file(path, &bytes))
        take_bytes(bank, name, writer_slice(&bytes), again);
    writer_fini(&bytes);
}

static int is_document(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return entry->d_name[0] != '.' && size > 4 && strcmp(entry->d_name + size - 4, ".xml") == 0;
}

static void for_each_file(struct bank *bank, const char *folder,
                          void (*take)(struct bank *bank, const char *name))
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_document, alphasort);

    for (int i = 0; i < count; i++) {
        take(bank, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

/* Out of out/ first, so that what is read is what was taken. */
static void take_from_out(struct bank *bank, const char *name)
{
    const char *mine = bank_path(bank, bank->taken_folder, name);
    const char *work = arena_format(&bank->arena, "%s.again", mine).at;
    struct stat found;
    bool again = stat(mine, &found) == 0;

    if (rename(bank_path(bank, bank->out, name), again ? work : mine) != 0)
        return;
    take_file(bank, again ? work : mine, name, false);
    if (again)
        unlink(work);
}

/* In an earlier life: perhaps not answered to the end, or not even read. */
static void take_from_taken(struct bank *bank, const char *name)
{
    take_file(bank, bank_path(bank, bank->taken_folder, name), name, true);
}

void bank_look(struct bank *bank)
{
    for_each_file(bank, bank->out, take_from_out);
}

void bank_resume(struct bank *bank)
{
    for_each_file(bank, bank->taken_folder, take_from_taken);
}

/* ------------------------------------------------------------ an earlier life */

static struct slice take_word(struct slice *rest)
{
    const char *blank = rest->size == 0 ? NULL : memchr(rest->at, ' ', rest->size);
    struct slice word = { rest->at, blank == NULL ? rest->size : (size_t)(blank - rest->at) };

    *rest = slice_after(*rest, blank == NULL ? word.size : word.size + 1);
    return word;
}

static unsigned hex_value(char digit)
{
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a') + 10;
}

void bank_remember(void *owner, struct slice word, struct slice rest)
{
    struct bank *bank = owner;
    struct slice id = take_word(&rest);
    struct slice hex = take_word(&rest);
    struct digest digest = { { 0 } };

    if (slice_is(word, "took")) {
        for (size_t i = 0; i < DIGEST_SIZE && 2 * i + 1 < hex.size; i++)
            digest.bytes[i] =
                (unsigned char)(hex_value(hex.at[2 * i]) << 4 | hex_value(hex.at[2 * i + 1]));
        add_taken(bank, id, &digest);
    } else if (slice_is(word, "answered")) {
        find_taken(bank, id)->answered++;
    } else if (slice_is(word, "finished")) {
        find_taken(bank, id)->finished = true;
    } else if (slice_is(word, "announced")) {
        bank_note_announced(bank, id);
    }
}
