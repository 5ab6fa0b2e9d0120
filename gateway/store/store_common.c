/* What all stores have in common: their errors, and what they count. */
#include "gateway/store/store_common.h"

const struct error_kind store_open_failed = { "store.open-failed", "the store cannot be opened" };
const struct error_kind store_full = {
    "store.full", "no room on the store's disk: free some, and work goes on by itself"
};
const struct error_kind store_read_only = {
    "store.read-only",
    "the store cannot be written: see owner, permissions and mount of the file and its folder"
};
const struct error_kind store_io = {
    "store.io", "the store cannot be read or written: see the disk; work goes on when it is well"
};
const struct error_kind store_corrupt = {
    "store.corrupt", "the store is damaged: keep the file for study and restore the last copy"
};
const struct error_kind store_gone = {
    "store.gone", "the store has gone from its place: put its files back, then start again"
};
const struct error_kind store_fenced = { "store.fenced",
                                         "another owner has taken the store over: stop this one" };
const struct error_kind store_locked = { "store.locked",
                                         "another process uses the store: stop it first" };
const struct error_kind store_newer = {
    "store.newer", "the store was written by a newer penstock: run that version"
};
const struct error_kind store_there = { "store.there", "a file is there already: name a new one" };
const struct error_kind store_copy_failed = {
    "store.copy-failed", "the copy could not be made, and nothing of it is left"
};
const struct error_kind store_archive_failed = {
    "store.archive-failed", "the archive cannot be used; nothing is lost, archive again"
};
const struct error_kind store_refused = {
    "store.refused", "the batch breaks a rule of the store, which is a fault of penstock: report it"
};

bool store_fault_lasts(const struct error_kind *kind)
{
    return kind == &store_corrupt || kind == &store_gone || kind == &store_fenced ||
           kind == &store_newer || kind == &store_refused;
}

bool store_state_is_open(enum instruction_state state)
{
    return state != INSTRUCTION_NONE && state != INSTRUCTION_SETTLED &&
           !instruction_state_ended(state);
}

uint64_t store_highest_number(const struct batch *batch)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < batch_count(batch); i++) {
        const struct row *row = batch_at(batch, i);
        uint64_t number = row->kind == ROW_INSTRUCTION ? row->instruction->number
                          : row->kind == ROW_INBOX     ? row->inbox.number
                          : row->kind == ROW_FILTER    ? row->filter.last
                          : row->kind == ROW_ALERT     ? row->alert.number
                                                       : 0;
        if (number > highest)
            highest = number;
    }
    return highest;
}
