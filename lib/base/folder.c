/* The names in a folder, in the order of their bytes on every system. */
#include "base/base_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct names {
  char **list;
  size_t n, capacity;
} names;

static bool keep_name(names *all, const char *name)
{
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
    return true;
  if (!fm__grow((void **)&all->list, &all->capacity, all->n + 1, sizeof *all->list))
    return false;
  all->list[all->n] = fm__copy_text(name, strlen(name));
  return all->list[all->n] != NULL && ++all->n > 0;
}

static fm_status fail_folder(fm_error *err, const char *path, int error)
{
  const char *name = fm__path_name(path);
  const char *why = error == ENOENT    ? "there is no such folder"
                    : error == EACCES  ? "permission denied"
                    : error == ENOTDIR ? "it is not a folder"
                                       : "the system refused";
  fm_status code = error == ENOENT ? FM_ERR_NOT_FOUND : FM_ERR_IO;
  fm__fail(err, code, "%.200s: cannot be opened as a folder: %s", name, why);
  fm__error_place(err, name, NULL, -1, -1, -1);
  fm__error_detail(err, "FM-F01");
  return code;
}

#if defined(_WIN32)
#include <windows.h>

static fm_status collect(names *all, const char *path, fm_error *err)
{
  wchar_t pattern[MAX_PATH + 3];
  char name[4 * MAX_PATH];
  int n = MultiByteToWideChar(CP_UTF8, 0, path, -1, pattern, MAX_PATH);
  if (n < 2)
    return fail_folder(err, path, ENOENT);
  memcpy(pattern + n - 1, L"\\*", 3 * sizeof *pattern);
  WIN32_FIND_DATAW entry;
  HANDLE search = FindFirstFileW(pattern, &entry);
  if (search == INVALID_HANDLE_VALUE)
    return fail_folder(err, path, GetLastError() == ERROR_ACCESS_DENIED ? EACCES : ENOENT);
  bool kept = true;
  do {
    if (WideCharToMultiByte(CP_UTF8, 0, entry.cFileName, -1, name, sizeof name, NULL, NULL) > 0)
      kept = keep_name(all, name);
  } while (kept && FindNextFileW(search, &entry));
  FindClose(search);
  return kept ? FM_OK : fm__no_memory(err);
}
#else
#include <dirent.h>

static fm_status collect(names *all, const char *path, fm_error *err)
{
  errno = 0;
  DIR *folder = opendir(path);
  if (folder == NULL)
    return fail_folder(err, path, errno);
  bool kept = true;
  for (struct dirent *entry = readdir(folder); kept && entry != NULL; entry = kept ? readdir(folder) : NULL)
    kept = keep_name(all, entry->d_name);
  closedir(folder);
  return kept ? FM_OK : fm__no_memory(err);
}
#endif

static int by_bytes(const void *a, const void *b)
{
  const char *const *x = a, *const *y = b;
  return strcmp(*x, *y);
}

void fm__names_free(char **list)
{
  for (size_t i = 0; list != NULL && list[i] != NULL; i++)
    fm__free(list[i]);
  fm__free(list);
}

fm_status fm__folder_names(char ***out, const char *path, fm_error *err)
{
  names all = {0};
  *out = NULL;
  fm_status status = collect(&all, path, err);
  if (status == FM_OK && !fm__grow((void **)&all.list, &all.capacity, all.n + 1, sizeof *all.list))
    status = fm__no_memory(err);
  if (status != FM_OK) {
    for (size_t i = 0; i < all.n; i++)
      fm__free(all.list[i]);
    fm__free(all.list);
    return status;
  }
  qsort(all.list, all.n, sizeof *all.list, by_bytes);
  all.list[all.n] = NULL;
  *out = all.list;
  return FM_OK;
}
