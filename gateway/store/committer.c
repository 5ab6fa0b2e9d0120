/* Two queues and a thread between them that owns the store. */
#include "gateway/store/committer.h"

#include "routing/custody/owned.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>

enum { JOBS_MAX = 1000 };

/* A job on its way in, and with its result on its way out. */
struct job {
    struct job *next;
    struct batch *batch;  /* NULL: a read, or old days to move */
    struct query query;   /* its texts are owned */
    struct arena arena;   /* of the answer */
    struct slice archive; /* its file, owned; absent: no old days */
    struct archive_order order;
    struct committer_result result;
};

struct job_queue {
    struct job *first, **last;
};

struct committer {
    struct store *store;
    committer_wake *wake;
    void *argument;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t changed;
    struct job_queue waiting, done;
    size_t waiting_count;
    bool busy, lent, stopping;
    struct job *taken; /* the loop's: what the last result points to */
};

static void queue_init(struct job_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_push(struct job_queue *queue, struct job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct job *queue_pop(struct job_queue *queue)
{
    struct job *job = queue->first;
    if (job == NULL)
        return NULL;
    queue->first = job->next;
    if (queue->first == NULL)
        queue->last = &queue->first;
    return job;
}

static void job_free(struct job *job)
{
    if (job == NULL)
        return;
    batch_free(job->batch);
    owned_free(job->query.session);
    owned_free(job->query.id);
    owned_free(job->archive);
    arena_fini(&job->arena);
    free(job);
}

static void do_commit(struct store *store, struct job *job)
{
    struct committer_result *result = &job->result;
    result->batch = batch_number(job->batch);
    bool good = store->operations->commit(store, job->batch, &result->error);
    result->kind = good ? COMMITTER_COMMITTED : COMMITTER_COMMIT_FAILED;
    result->log_size = store->operations->log_size(store);
    batch_free(job->batch);
    job->batch = NULL;
}

static void do_read(struct store *store, struct job *job)
{
    struct committer_result *result = &job->result;
    result->ticket = job->query.ticket;
    bool good =
        store->operations->read(store, &job->query, &job->arena, &result->answer, &result->error);
    result->kind = good ? COMMITTER_ANSWER : COMMITTER_READ_FAILED;
}

static void do_archive(struct store *store, struct job *job)
{
    struct committer_result *result = &job->result;
    result->ticket = job->order.ticket;
    bool good = store->operations->archive(store, job->archive.at, &job->order, &result->progress,
                                           &result->error);
    result->kind = good ? COMMITTER_ARCHIVED : COMMITTER_ARCHIVE_FAILED;
}

/* The next job, when it may be begun; NULL: the end.  Called with the mutex. */
static struct job *wait_for_job(struct committer *committer)
{
    while (committer->lent || (committer->waiting.first == NULL && !committer->stopping))
        pthread_cond_wait(&committer->changed, &committer->mutex);
    struct job *job = queue_pop(&committer->waiting);
    if (job != NULL)
        committer->waiting_count--;
    return job;
}

static void work(struct committer *committer, struct job *job)
{
    if (job->batch != NULL)
        do_commit(committer->store, job);
    else if (job->archive.at != NULL)
        do_archive(committer->store, job);
    else
        do_read(committer->store, job);
}

static void *run(void *argument)
{
    struct committer *committer = argument;
    struct job *job;
    pthread_mutex_lock(&committer->mutex);
    while ((job = wait_for_job(committer)) != NULL) {
        committer->busy = true;
        pthread_mutex_unlock(&committer->mutex);
        work(committer, job);
        pthread_mutex_lock(&committer->mutex);
        committer->busy = false;
        queue_push(&committer->done, job);
        pthread_cond_broadcast(&committer->changed);
        committer->wake(committer->argument);
    }
    pthread_mutex_unlock(&committer->mutex);
    return NULL;
}

/* Signals are the loop's: the thread begins with all of them blocked. */
static bool start_thread(struct committer *committer)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool good = pthread_create(&committer->thread, NULL, run, committer) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return good;
}

static void committer_free(struct committer *committer)
{
    struct job *job;
    while ((job = queue_pop(&committer->done)) != NULL)
        job_free(job);
    job_free(committer->taken);
    pthread_mutex_destroy(&committer->mutex);
    pthread_cond_destroy(&committer->changed);
    free(committer);
}

struct committer *committer_start(struct store *store, committer_wake *wake, void *argument)
{
    struct committer *committer = memory_take(sizeof *committer);
    *committer = (struct committer){ .store = store, .wake = wake, .argument = argument };
    queue_init(&committer->waiting);
    queue_init(&committer->done);
    pthread_mutex_init(&committer->mutex, NULL);
    pthread_cond_init(&committer->changed, NULL);
    if (start_thread(committer))
        return committer;
    committer_free(committer);
    return NULL;
}

void committer_stop(struct committer *committer)
{
    pthread_mutex_lock(&committer->mutex);
    assert(!committer->lent);
    committer->stopping = true;
    pthread_cond_broadcast(&committer->changed);
    pthread_mutex_unlock(&committer->mutex);
    pthread_join(committer->thread, NULL);
    committer->store->operations->close(committer->store);
    committer_free(committer);
}

static void push(struct committer *committer, struct job *job)
{
    pthread_mutex_lock(&committer->mutex);
    while (committer->waiting_count == JOBS_MAX)
        pthread_cond_wait(&committer->changed, &committer->mutex);
    queue_push(&committer->waiting, job);
    committer->waiting_count++;
    pthread_cond_broadcast(&committer->changed);
    pthread_mutex_unlock(&committer->mutex);
}

static struct job *job_new(void)
{
    struct job *job = memory_take(sizeof *job);
    *job = (struct job){ .batch = NULL };
    arena_init(&job->arena, ARENA_UNLIMITED);
    return job;
}

void committer_commit(struct committer *committer, struct batch *batch)
{
    struct job *job = job_new();
    job->batch = batch;
    push(committer, job);
}

void committer_read(struct committer *committer, const struct query *query)
{
    struct job *job = job_new();
    job->query = *query;
    job->query.session = owned_copy(query->session);
    job->query.id = owned_copy(query->id);
    push(committer, job);
}

void committer_archive(struct committer *committer, const struct archive_order *order,
                       struct slice path)
{
    struct job *job = job_new();
    job->order = *order;
    job->archive = owned_copy(path);
    push(committer, job);
}

bool committer_next(struct committer *committer, struct committer_result *result)
{
    job_free(committer->taken);
    pthread_mutex_lock(&committer->mutex);
    committer->taken = queue_pop(&committer->done);
    pthread_mutex_unlock(&committer->mutex);
    if (committer->taken == NULL)
        return false;
    *result = committer->taken->result;
    return true;
}

struct store *committer_borrow(struct committer *committer)
{
    pthread_mutex_lock(&committer->mutex);
    while (committer->busy || committer->waiting.first != NULL)
        pthread_cond_wait(&committer->changed, &committer->mutex);
    assert(!committer->lent);
    committer->lent = true;
    pthread_mutex_unlock(&committer->mutex);
    return committer->store;
}

void committer_give_back(struct committer *committer)
{
    pthread_mutex_lock(&committer->mutex);
    assert(committer->lent);
    committer->lent = false;
    pthread_cond_broadcast(&committer->changed);
    pthread_mutex_unlock(&committer->mutex);
}
