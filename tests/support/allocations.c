#include "support/support.h"

#include <pthread.h>

typedef struct budget {
  pthread_mutex_t lock;
  long left;   /* allocations until one fails; negative: never */
  long live;   /* blocks not yet freed */
  bool failed; /* the failure has happened; all later allocations fail too */
} budget;

static void *limited(void *ctx, void *ptr, size_t size)
{
  budget *b = ctx;
  void *out = NULL;
  pthread_mutex_lock(&b->lock);
  if (size == 0) {
    b->live -= ptr != NULL;
    free(ptr);
  } else if (b->failed || b->left == 0) {
    b->failed = true;
  } else {
    b->left -= b->left > 0;
    out = realloc(ptr, size);
    b->live += ptr == NULL && out != NULL;
  }
  pthread_mutex_unlock(&b->lock);
  return out;
}

int fm_test_allocations(fm_test_body body, void *ctx)
{
  fm_allocator before;
  fm_get_allocator(&before);
  for (int n = 0;; n++) {
    budget b = {.left = n};
    pthread_mutex_init(&b.lock, NULL);
    fm_allocator hooks = {.resize = limited, .ctx = &b};
    fm_set_allocator(&hooks);
    fm_error err = FM_ERROR_INIT;
    fm_status status = body(ctx, &err);
    fm_set_allocator(&before);
    pthread_mutex_destroy(&b.lock);
    ck_assert_msg(b.live == 0, "allocation %d failing leaves %ld blocks live", n, b.live);
    if (!b.failed) {
      ck_assert_msg(status == FM_OK, "without a failing allocation: %s: %s", fm_status_name(status), err.message);
      return n;
    }
    ck_assert_msg(status == FM_ERR_MEMORY, "allocation %d failing gives %s: %s", n, fm_status_name(status),
                  err.message);
    ck_assert_msg(n < 100000, "still failing after %d allocations", n);
  }
}
