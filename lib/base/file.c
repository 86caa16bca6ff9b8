/* Files by UTF-8 path. Output is written beside its place and renamed when whole, so that no half file is left. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include "base/base_priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What an output may find at its path; KIND_FILE also for nothing. */
enum { KIND_FILE, KIND_FOLDER, KIND_DEVICE };

#if defined(_WIN32)
#include <windows.h>

static wchar_t *wide(const char *utf8)
{
  int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
  wchar_t *out = n > 0 ? fm__array((size_t)n, sizeof *out) : NULL;
  if (out != NULL)
    MultiByteToWideChar(CP_UTF8, 0, utf8, -1, out, n);
  return out;
}

static FILE *open_stream(const char *path, const char *mode)
{
  wchar_t *name = wide(path), *how = wide(mode);
  FILE *stream = name != NULL && how != NULL ? _wfopen(name, how) : NULL;
  fm__free(name);
  fm__free(how);
  return stream;
}

static int replace_file(const char *from, const char *to)
{
  wchar_t *a = wide(from), *b = wide(to);
  int done = a != NULL && b != NULL && MoveFileExW(a, b, MOVEFILE_REPLACE_EXISTING) != 0;
  fm__free(a);
  fm__free(b);
  return done ? 0 : -1;
}

static void delete_file(const char *path)
{
  wchar_t *name = wide(path);
  if (name != NULL)
    DeleteFileW(name);
  fm__free(name);
}

/* True, with its numbers, when there is something at the path. */
static bool look_at(const char *path, BY_HANDLE_FILE_INFORMATION *found)
{
  wchar_t *name = wide(path);
  HANDLE h = name != NULL ? CreateFileW(name, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL)
                          : INVALID_HANDLE_VALUE;
  bool there = h != INVALID_HANDLE_VALUE && GetFileInformationByHandle(h, found) != 0;
  if (h != INVALID_HANDLE_VALUE)
    CloseHandle(h);
  fm__free(name);
  return there;
}

bool fm__file_same(const char *a, const char *b)
{
  BY_HANDLE_FILE_INFORMATION p, q;
  return look_at(a, &p) && look_at(b, &q) && p.dwVolumeSerialNumber == q.dwVolumeSerialNumber &&
         p.nFileIndexHigh == q.nFileIndexHigh && p.nFileIndexLow == q.nFileIndexLow;
}

static int kind_of(const char *path)
{
  BY_HANDLE_FILE_INFORMATION found;
  if (!look_at(path, &found))
    return KIND_FILE;
  return (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? KIND_FOLDER : KIND_FILE;
}
#else
#include <sys/stat.h>

bool fm__file_same(const char *a, const char *b)
{
  struct stat p, q;
  return stat(a, &p) == 0 && stat(b, &q) == 0 && p.st_dev == q.st_dev && p.st_ino == q.st_ino;
}

static int kind_of(const char *path)
{
  struct stat found;
  if (stat(path, &found) != 0 || S_ISREG(found.st_mode))
    return KIND_FILE;
  return S_ISDIR(found.st_mode) ? KIND_FOLDER : KIND_DEVICE;
}

static FILE *open_stream(const char *path, const char *mode)
{
  return fopen(path, mode);
}

static int replace_file(const char *from, const char *to)
{
  return rename(from, to);
}

static void delete_file(const char *path)
{
  remove(path);
}
#endif

struct fm__file {
  FILE *stream;
  char *name;
};

struct fm__output {
  FILE *stream;
  char *path, *temporary; /* NULL: written as it is */
};

const char *fm__path_name(const char *path)
{
  const char *name = path;
  for (const char *p = path; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      name = p[1] != '\0' ? p + 1 : name;
  return name;
}

/* The reason a system call failed, in fixed English words: strerror would follow the host's locale. */
static const char *reason(int error)
{
  switch (error) {
  case ENOENT:
    return "there is no such file or folder";
  case EACCES:
    return "permission denied";
#if defined(EISDIR)
  case EISDIR:
    return "it is a folder, not a file";
#endif
#if defined(ENOTDIR)
  case ENOTDIR:
    return "a part of the path is not a folder";
#endif
#if defined(ENOSPC)
  case ENOSPC:
    return "no space left on the disk";
#endif
#if defined(EROFS)
  case EROFS:
    return "the disk is read-only";
#endif
#if defined(ENAMETOOLONG)
  case ENAMETOOLONG:
    return "the name is too long";
#endif
  default:
    return "the system refused";
  }
}

static fm_status fail_io(fm_error *err, const char *name, const char *what, int error)
{
  fm_status code = error == ENOENT ? FM_ERR_NOT_FOUND : FM_ERR_IO;
  fm__fail(err, code, "%s: %s: %s", name, what, reason(error));
  fm__error_place(err, name, NULL, -1, -1, -1);
  fm__error_detail(err, "FM-F01");
  return code;
}

fm_status fm__file_open(fm__file **out, const char *path, fm_error *err)
{
  *out = NULL;
  fm__file *f = fm__array(1, sizeof *f);
  if (f == NULL)
    return fm__no_memory(err);
  const char *name = fm__path_name(path);
  f->name = fm__copy_text(name, strlen(name));
  if (f->name == NULL) {
    fm__file_close(f);
    return fm__no_memory(err);
  }
  errno = 0;
  f->stream = open_stream(path, "rb");
  if (f->stream == NULL) {
    fm_status status = fail_io(err, f->name, "cannot be opened", errno);
    fm__file_close(f);
    return status;
  }
  setvbuf(f->stream, NULL, _IONBF, 0);
  *out = f;
  return FM_OK;
}

fm_status fm__file_read(fm__file *f, void *buffer, size_t size, size_t *n_read, fm_error *err)
{
  errno = 0;
  *n_read = fread(buffer, 1, size, f->stream);
  if (*n_read < size && ferror(f->stream))
    return fail_io(err, f->name, "cannot be read", errno);
  return FM_OK;
}

int64_t fm__file_size(fm__file *f)
{
  long at = ftell(f->stream);
  if (at < 0 || fseek(f->stream, 0, SEEK_END) != 0)
    return -1;
  long size = ftell(f->stream);
  return fseek(f->stream, at, SEEK_SET) == 0 ? size : -1;
}

void fm__file_close(fm__file *f)
{
  if (f == NULL)
    return;
  if (f->stream != NULL)
    fclose(f->stream);
  fm__free(f->name);
  fm__free(f);
}

bool fm__file_exists(const char *path)
{
  FILE *stream = open_stream(path, "rb");
  if (stream == NULL)
    return errno != ENOENT && errno != ENOTDIR; /* there, but not ours to read: opening it will say why */
  fclose(stream);
  return true;
}

void fm__output_abandon(fm__output *o)
{
  if (o == NULL)
    return;
  if (o->stream != NULL)
    fclose(o->stream);
  if (o->temporary != NULL)
    delete_file(o->temporary);
  fm__free(o->temporary);
  fm__free(o->path);
  fm__free(o);
}

fm_status fm__output_open(fm__output **out, const char *path, fm_error *err)
{
  static const char suffix[] = ".part";
  *out = NULL;
  size_t length = strlen(path);
  int kind = kind_of(path);
  if (kind == KIND_FOLDER)
    return fail_io(err, fm__path_name(path), "cannot be written", EISDIR);
  fm__output *o = fm__array(1, sizeof *o);
  if (o == NULL)
    return fm__no_memory(err);
  o->path = fm__copy_text(path, length);
  char *temporary = fm__alloc(length + sizeof suffix);
  if (o->path == NULL || temporary == NULL) {
    fm__free(temporary);
    fm__output_abandon(o);
    return fm__no_memory(err);
  }
  memcpy(temporary, path, length);
  memcpy(temporary + length, kind == KIND_DEVICE ? "" : suffix, kind == KIND_DEVICE ? 1 : sizeof suffix);
  errno = 0;
  o->stream = open_stream(temporary, "wb");
  if (o->stream == NULL) {
    fm_status status = fail_io(err, fm__path_name(path), "cannot be written", errno);
    fm__free(temporary);
    fm__output_abandon(o);
    return status;
  }
  if (kind == KIND_DEVICE)
    fm__free(temporary);
  else
    o->temporary = temporary;
  *out = o;
  return FM_OK;
}

fm_status fm__output_write(fm__output *o, const void *data, size_t size, fm_error *err)
{
  errno = 0;
  if (size > 0 && fwrite(data, 1, size, o->stream) < size)
    return fail_io(err, fm__path_name(o->path), "cannot be written", errno);
  return FM_OK;
}

fm_status fm__output_commit(fm__output *o, fm_error *err)
{
  fm_status status = FM_OK;
  errno = 0;
  int closed = fclose(o->stream);
  o->stream = NULL;
  if (closed != 0 || (o->temporary != NULL && replace_file(o->temporary, o->path) != 0)) {
    status = fail_io(err, fm__path_name(o->path), "cannot be written", errno);
  } else {
    fm__free(o->temporary);
    o->temporary = NULL;
  }
  fm__output_abandon(o);
  return status;
}
