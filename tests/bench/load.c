/* Runs a load against a gateway and prints its figures, one "name value" in a
   line:

       penstock-bench-load ADDRESS FOLDER PROCESS SESSIONS COUNT WINDOW RATE [IDS]

   FOLDER is the bank's, PROCESS the gateway's.  COUNT requests in all; each
   session has at most WINDOW requests that are not settled; RATE per second
   in all, 0: as fast as the windows allow; IDS is what ids of requests begin
   with (W), or "random". */
#include "load.h"

#include "codecs/base/arena.h"
#include "codecs/base/moment.h"
#include "instructions.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    EVENTS_MAX = 128,
    SILENCE_MS = 20000,
};

struct load {
    unsigned session_count, window, share; /* share: requests of each session */
    uint64_t rate;
    struct load_broker *brokers;
    struct load_bank bank;
    int poll, timer;
    int64_t start_ns;
    unsigned asked;
};

int64_t load_now_ns(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    return SECONDS_NS(at.tv_sec) + at.tv_nsec;
}

void load_fail(const char *what, struct slice detail)
{
    fprintf(stderr, "penstock-bench-load: %s: %.*s\n", what, SLICE_ARG(detail));
    exit(1);
}

/* ------------------------------------------------------------ running */

/* As much as the session's window and share allow. */
static void fill_window(const struct load *load, struct load_broker *broker)
{
    while (broker->sent < load->share && broker->sent - broker->settled < load->window)
        load_broker_ask(broker);
    load_broker_flush(broker);
}

/* At a fixed rate the sessions ask in turn; one whose window is full asks late. */
static void ask_what_is_due(struct load *load)
{
    uint64_t passed_ns = (uint64_t)(load_now_ns() - load->start_ns);
    uint64_t due = passed_ns * load->rate / 1000000000 + 1;

    while (load->asked < due && load->asked < load->share * load->session_count) {
        struct load_broker *broker = &load->brokers[load->asked % load->session_count];
        if (broker->sent - broker->settled >= load->window)
            break;
        load_broker_ask(broker);
        load_broker_flush(broker);
        load->asked++;
    }
}

static void drop_ticks(const struct load *load)
{
    uint64_t ticks;
    ssize_t size = read(load->timer, &ticks, sizeof ticks);

    (void)size;
}

static void take_event(struct load *load, uint64_t source)
{
    if (source < load->session_count) {
        load_broker_hear(&load->brokers[source]);
        if (load->rate == 0)
            fill_window(load, &load->brokers[source]);
    } else if (source == load->session_count) {
        load_bank_work(&load->bank);
    } else {
        drop_ticks(load);
        ask_what_is_due(load);
    }
}

static bool all_settled(const struct load *load)
{
    for (unsigned i = 0; i < load->session_count; i++)
        if (load->brokers[i].settled < load->share)
            return false;
    return true;
}

static void run(struct load *load)
{
    struct epoll_event events[EVENTS_MAX];

    load->start_ns = load_now_ns();
    for (unsigned i = 0; i < load->session_count && load->rate == 0; i++)
        fill_window(load, &load->brokers[i]);
    while (!all_settled(load)) {
        int count = epoll_wait(load->poll, events, EVENTS_MAX, SILENCE_MS);
        if (count <= 0)
            load_fail("nothing happens any more", SLICE_NONE);
        for (int i = 0; i < count; i++)
            take_event(load, events[i].data.u64);
    }
}

/* ------------------------------------------------------------ figures */

static int compare(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void print_times(const char *name, int64_t *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    printf("%s_p50_ns %" PRId64 "\n%s_p99_ns %" PRId64 "\n", name, times[count / 2], name,
           times[count * 99 / 100]);
}

static void print_figures(const struct load *load)
{
    size_t count = (size_t)load->share * load->session_count;
    int64_t *receipts = memory_take(count * sizeof *receipts);
    int64_t *ends = memory_take(count * sizeof *ends);
    int64_t last_ns = 0;

    for (size_t i = 0; i < count; i++) {
        const struct load_request *request =
            &load->brokers[i / load->share].requests[i % load->share];
        receipts[i] = request->receipt_ns - request->sent_ns;
        ends[i] = request->settled_ns - request->sent_ns;
        last_ns = request->settled_ns > last_ns ? request->settled_ns : last_ns;
    }
    printf("count %zu\nns %" PRId64 "\n", count, last_ns - load->start_ns);
    print_times("receipt", receipts, count);
    print_times("settled", ends, count);
    free(receipts);
    free(ends);
}

/* ------------------------------------------------------------ life */

static void watch(const struct load *load, int descriptor, uint64_t source)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u64 = source };

    if (epoll_ctl(load->poll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        load_fail("epoll", SLICE_NONE);
}

static void open_all(struct load *load, const char *address, const char *folder, const char *ids)
{
    const struct timespec tick = { .tv_nsec = 100000 };

    load->poll = epoll_create1(EPOLL_CLOEXEC);
    load->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    load->brokers = memory_take(load->session_count * sizeof *load->brokers);
    for (unsigned i = 0; i < load->session_count; i++) {
        load_broker_open(&load->brokers[i], i + 1, address, ids, load->share);
        watch(load, load->brokers[i].socket, i);
    }
    load_bank_open(&load->bank, folder);
    watch(load, load->bank.watch, load->session_count);
    watch(load, load->timer, load->session_count + 1);
    if (load->rate > 0)
        timerfd_settime(load->timer, 0, &(struct itimerspec){ tick, tick }, NULL);
}

static void close_all(struct load *load)
{
    for (unsigned i = 0; i < load->session_count; i++)
        load_broker_close(&load->brokers[i]);
    free(load->brokers);
    load_bank_close(&load->bank);
    close(load->timer);
    close(load->poll);
}

static unsigned number_in(const char *word)
{
    uint64_t number;

    if (!slice_to_u64(slice_of(word), 10000000, &number))
        load_fail("not a number", slice_of(word));
    return (unsigned)number;
}

int main(int count, char **words)
{
    struct instruction_counters user, all;

    if (count != 8 && count != 9)
        load_fail("usage", SLICE("ADDRESS FOLDER PROCESS SESSIONS COUNT WINDOW RATE [IDS]"));
    struct load load = { .session_count = number_in(words[4]),
                         .window = number_in(words[6]),
                         .rate = number_in(words[7]) };
    load.share = number_in(words[5]) / load.session_count;
    open_all(&load, words[1], words[2], count == 9 ? words[8] : "W");
    pid_t process = (pid_t)number_in(words[3]);
    bool counted =
        instructions_open(&user, process, false) && instructions_open(&all, process, true);
    run(&load);
    if (counted)
        printf("instructions %" PRId64 "\ninstructions_and_system %" PRId64 "\n",
               instructions_read(&user), instructions_read(&all));
    print_figures(&load);
    close_all(&load);
    return 0;
}
