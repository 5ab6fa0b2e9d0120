/* A bank that says yes at once: an order that is renamed into out/ moves to
   taken/ and is answered with ACSP and ACSC in in/. */
#include "load.h"

#include "kit/bank_text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    ORDER_SIZE_MAX = 65536,
};

static const struct bank_party party = { .bic = "ICBXCNBJXXX",
                                         .broker_bic = "ALBRGB2LXXX",
                                         .created = "2026-03-02T10:00:00Z" };

static void read_order(struct load_bank *bank, const char *path)
{
    char block[ORDER_SIZE_MAX];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, block, sizeof block);

    if (size <= 0)
        load_fail("cannot read an order", slice_of(path));
    close(file);
    writer_reset(&bank->order);
    writer_bytes(&bank->order, (struct slice){ block, (size_t)size });
}

static void write_answer(struct load_bank *bank, const char *id)
{
    char hidden[PATH_MAX + 300], path[PATH_MAX + 300];

    snprintf(hidden, sizeof hidden, "%s/.%s.tmp", bank->in, id);
    snprintf(path, sizeof path, "%s/%s.xml", bank->in, id);
    int file = open(hidden, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
    if (file < 0 || write(file, bank->answer.at, bank->answer.used) != (ssize_t)bank->answer.used ||
        close(file) != 0 || rename(hidden, path) != 0)
        load_fail("cannot write an answer", slice_of(strerror(errno)));
}

static void answer(struct load_bank *bank, const char *status, const char *suffix)
{
    char id[64], order[64], request[64];
    struct slice message = bank_read(writer_slice(&bank->order), "MsgId");
    struct slice instruction = bank_read(writer_slice(&bank->order), "InstrId");

    snprintf(order, sizeof order, "%.*s", SLICE_ARG(message));
    snprintf(request, sizeof request, "%.*s", SLICE_ARG(instruction));
    snprintf(id, sizeof id, "%.50s-%s", order, suffix);
    writer_reset(&bank->answer);
    bank_write_status(
        &bank->answer, &party,
        &(struct bank_status){
            .message_id = id, .order_id = order, .instruction_id = request, .status = status });
    write_answer(bank, id);
}

static void take_order(struct load_bank *bank, const char *name)
{
    char path[PATH_MAX + 300], taken[PATH_MAX + 300];

    if (name[0] == '.')
        return;
    snprintf(path, sizeof path, "%s/%s", bank->out, name);
    snprintf(taken, sizeof taken, "%s/%s", bank->taken, name);
    read_order(bank, path);
    if (rename(path, taken) != 0)
        load_fail("cannot take an order", slice_of(strerror(errno)));
    answer(bank, "ACSP", "A1");
    answer(bank, "ACSC", "A2");
}

void load_bank_work(struct load_bank *bank)
{
    _Alignas(struct inotify_event) char block[65536];
    ssize_t size = read(bank->watch, block, sizeof block);
    const struct inotify_event *event;

    for (ssize_t at = 0; at < size; at += (ssize_t)(sizeof *event + event->len)) {
        event = (const void *)(block + at);
        if (event->len > 0)
            take_order(bank, event->name);
    }
}

void load_bank_open(struct load_bank *bank, const char *folder)
{
    snprintf(bank->in, sizeof bank->in, "%s/in", folder);
    snprintf(bank->out, sizeof bank->out, "%s/out", folder);
    snprintf(bank->taken, sizeof bank->taken, "%s/taken", folder);
    mkdir(bank->taken, 0770);
    writer_init(&bank->order, 0);
    writer_init(&bank->answer, 0);
    bank->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (inotify_add_watch(bank->watch, bank->out, IN_MOVED_TO) < 0)
        load_fail("cannot watch", slice_of(bank->out));
}

void load_bank_close(struct load_bank *bank)
{
    close(bank->watch);
    writer_fini(&bank->order);
    writer_fini(&bank->answer);
}
