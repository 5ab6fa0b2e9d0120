/* Reads a file block by block, twice, and holds the second time to the first. */
#include "gateway/channel/document_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_SIZE = 1 << 20 };

const struct error_kind document_file_fault = { "document-file.fault", "cannot be read" };
const struct error_kind document_file_changed = { "document-file.changed",
                                                  "the file has changed since it was validated" };

static bool fault(const struct document_file *file, const char *why, struct error *error)
{
    return error_at(error, &document_file_fault, (struct place){ .source = file->path }, "%s", why);
}

bool document_file_open(struct document_file *file, const char *path, struct error *error)
{
    struct stat found;

    *file = (struct document_file){ .path = path };
    /* A pipe would wait for its writer. */
    file->file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file->file < 0 || fstat(file->file, &found) != 0)
        return fault(file, strerror(errno), error);
    if (!S_ISREG(found.st_mode))
        return fault(file, "it is not a regular file, and has to be read twice", error);
    file->block = memory_take(BLOCK_SIZE);
    return true;
}

void document_file_close(struct document_file *file)
{
    iso_batches_free(file->batches);
    free(file->block);
    free(file->digests);
    if (file->file >= 0)
        close(file->file);
    *file = (struct document_file){ .file = -1 };
}

/* The next block, whole but for the last one; an empty one is the end. */
static bool read_block(struct document_file *file, struct slice *block, struct error *error)
{
    size_t size = 0;

    while (size < BLOCK_SIZE) {
        ssize_t count = read(file->file, file->block + size, BLOCK_SIZE - size);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fault(file, strerror(errno), error);
        if (count == 0)
            break;
        size += (size_t)count;
    }
    *block = (struct slice){ file->block, size };
    return true;
}

static void note_block(struct document_file *file, struct slice block)
{
    file->digests =
        memory_room(file->digests, file->digest_count, &file->digest_room, sizeof *file->digests);
    file->digests[file->digest_count++] = digest_of(block);
}

static bool feed_all(struct document_file *file, struct iso_parser *parser,
                     struct error_list *errors)
{
    struct slice block;
    struct error error;

    do {
        if (!read_block(file, &block, &error)) {
            error_list_add(errors, &error);
            return false;
        }
        if (block.size > 0)
            note_block(file, block);
    } while (block.size > 0 && iso_parser_feed(parser, block));
    return true;
}

bool document_file_validate(struct document_file *file, const struct iso_parse_options *options,
                            struct error_list *errors)
{
    struct iso_parser *parser = iso_parser_new(options, file->path);
    bool good = feed_all(file, parser, errors);

    if (good) {
        const struct iso_outcome *outcome = iso_parser_end(parser);

        for (size_t i = 0; i < outcome->errors.count; i++)
            error_list_add(errors, &outcome->errors.at[i]);
        good = outcome->errors.count == 0;
        file->schema = good ? outcome->document.schema : NULL;
    }
    iso_parser_free(parser);
    return good;
}

void document_file_begin(struct document_file *file, const struct iso_batch_options *options)
{
    assert(file->schema != NULL && file->batches == NULL);
    file->batches = iso_batches_new(options, file->path);
}

/* The block as the first pass has seen it; the end where it has seen the end. */
static bool is_as_before(const struct document_file *file, struct slice block)
{
    if (block.size == 0 || file->block_next == file->digest_count)
        return block.size == 0 && file->block_next == file->digest_count;
    struct digest digest = digest_of(block);
    return digest_equal(&digest, &file->digests[file->block_next]);
}

static bool feed_next(struct document_file *file, struct error *error)
{
    struct slice block = SLICE_NONE;

    if (file->block_next == 0 && lseek(file->file, 0, SEEK_SET) != 0)
        return fault(file, strerror(errno), error);
    if (!read_block(file, &block, error))
        return false;
    if (!is_as_before(file, block))
        return error_at(error, &document_file_changed, (struct place){ .source = file->path },
                        "nothing more of it is taken");
    file->block_next += block.size > 0;
    file->ended = block.size == 0;
    iso_batches_feed(file->batches, block, file->ended);
    return true;
}

bool document_file_next(struct document_file *file, struct iso_batch *batch, struct error *error)
{
    const struct error_list *findings = iso_batches_findings(file->batches);

    error->kind = NULL;
    while (!iso_batches_next(file->batches, batch)) {
        if (findings->count > 0)
            *error = findings->at[0];
        if (findings->count > 0 || file->ended || !feed_next(file, error))
            return false;
    }
    return true;
}
