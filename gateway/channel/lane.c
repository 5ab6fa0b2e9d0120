/* Groups of tasks, each handed to libuv's worker threads and back. */
#include "gateway/channel/lane.h"

#include <assert.h>
#include <stdlib.h>

#include "codecs/base/arena.h"

static void list_init(struct task_list *list)
{
    *list = (struct task_list){ .end = &list->first };
}

static void list_push(struct task_list *list, struct task *task)
{
    task->next = NULL;
    *list->end = task;
    list->end = &task->next;
    list->count++;
}

static struct task *list_pop(struct task_list *list)
{
    struct task *task = list->first;

    if (task == NULL)
        return NULL;
    list->first = task->next;
    list->count--;
    if (list->first == NULL)
        list->end = &list->first;
    return task;
}

static void list_free(struct task_list *list)
{
    struct task *task;

    while ((task = list_pop(list)) != NULL) {
        free(task->name);
        writer_fini(&task->bytes);
        free(task);
    }
}

bool lane_open(struct lane *lane, uv_loop_t *loop, const char *path, unsigned folders,
               struct error *error)
{
    lane->loop = loop;
    lane->request.data = lane;
    list_init(&lane->waiting);
    list_init(&lane->group);
    return spool_open(&lane->spool, path, folders, error);
}

void lane_close(struct lane *lane)
{
    assert(!lane->working);
    list_free(&lane->waiting);
    spool_close(&lane->spool);
}

struct task *lane_add(struct lane *lane, struct slice name)
{
    struct task *task = memory_take(sizeof *task);

    *task = (struct task){ .name = memory_take(name.size + 1), .file = -1 };
    if (name.size > 0)
        memcpy(task->name, name.at, name.size);
    task->name[name.size] = '\0';
    writer_init(&task->bytes, 0);
    list_push(&lane->waiting, task);
    return task;
}

static void work(uv_work_t *request)
{
    struct lane *lane = request->data;

    lane->error.kind = NULL;
    lane->work(lane);
}

static void finish(uv_work_t *request, int status)
{
    struct lane *lane = request->data;

    (void)status;
    lane->finished(lane);
    list_free(&lane->group);
    /* Only now: what finished() told to others may have brought new work at once. */
    lane->working = false;
    lane->next(lane);
}

void lane_run(struct lane *lane)
{
    assert(!lane->working);
    while (lane->waiting.count > 0 && lane->group.count < lane->group_max)
        list_push(&lane->group, list_pop(&lane->waiting));
    lane->working = true;
    uv_queue_work(lane->loop, &lane->request, work, finish);
}

void lane_start(struct lane *lane)
{
    if (!lane->working && lane->waiting.count > 0)
        lane_run(lane);
}
