/* All memory of the library passes here, so that a host can meter it and a test can make each allocation fail. */
#if defined(__linux__)
#define _DEFAULT_SOURCE
#include <sys/mman.h>
#endif

#include "base/base_priv.h"

#include <stdlib.h>
#include <string.h>

static fm_allocator hooks;

void fm_set_allocator(const fm_allocator *allocator)
{
  hooks = allocator != NULL ? *allocator : (fm_allocator){0};
}

void fm_get_allocator(fm_allocator *out)
{
  *out = hooks;
}

static void *resize_bytes(void *ptr, size_t size)
{
  if (hooks.resize != NULL)
    return hooks.resize(hooks.ctx, ptr, size);
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, size);
}

void fm_free(void *ptr)
{
  fm__free(ptr);
}

void fm__free(void *ptr)
{
  if (ptr != NULL)
    resize_bytes(ptr, 0);
}

void *fm__alloc(size_t size)
{
  return resize_bytes(NULL, size == 0 ? 1 : size);
}

void *fm__array(size_t n, size_t size)
{
  size_t bytes;
  if (!fm__multiply(n, size, &bytes))
    return NULL;
  if (bytes == 0)
    bytes = 1;
  if (hooks.resize == NULL)
    return calloc(1, bytes);
  void *ptr = resize_bytes(NULL, bytes);
  if (ptr != NULL)
    memset(ptr, 0, bytes);
  return ptr;
}

/* A large page is entered once instead of 512 times, and one entry of the processor's page table covers it. */
void *fm__many(size_t n, size_t size)
{
  size_t bytes;
  if (!fm__multiply(n, size, &bytes))
    return NULL;
  char *ptr = fm__alloc(bytes);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const size_t page = (size_t)2 << 20;
  if (ptr != NULL && bytes >= 4 * page) {
    size_t skip = (page - (uintptr_t)ptr % page) % page;
    (void)madvise(ptr + skip, (bytes - skip) / page * page, MADV_HUGEPAGE); /* refused: small pages, as good a result */
  }
#endif
  return ptr;
}

void *fm__resize(void *ptr, size_t n, size_t size)
{
  size_t bytes;
  if (!fm__multiply(n, size, &bytes))
    return NULL;
  return resize_bytes(ptr, bytes == 0 ? 1 : bytes);
}

char *fm__copy_text(const char *text, size_t length)
{
  char *copy = length < SIZE_MAX ? fm__alloc(length + 1) : NULL;
  if (copy != NULL) {
    if (length > 0)
      memcpy(copy, text, length);
    copy[length] = '\0';
  }
  return copy;
}

bool fm__multiply(size_t a, size_t b, size_t *out)
{
  if (b != 0 && a > SIZE_MAX / b)
    return false;
  *out = a * b;
  return true;
}

bool fm__add(size_t a, size_t b, size_t *out)
{
  if (a > SIZE_MAX - b)
    return false;
  *out = a + b;
  return true;
}

bool fm__grow(void **array, size_t *capacity, size_t need, size_t size)
{
  if (need <= *capacity)
    return true;
  size_t wanted = *capacity < 16 ? 16 : *capacity;
  while (wanted < need)
    wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
  void *grown = fm__resize(*array, wanted, size);
  if (grown == NULL)
    return false;
  *array = grown;
  *capacity = wanted;
  return true;
}
