/* What differs between systems: paths, folders, terminals, processors. */
#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#if defined(_WIN32)
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <shellapi.h>

static wchar_t *wide(const char *utf8)
{
  int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
  wchar_t *out = need(NULL, (size_t)(n > 0 ? n : 1) * sizeof *out);
  out[0] = L'\0';
  MultiByteToWideChar(CP_UTF8, 0, utf8, -1, out, n);
  return out;
}

int path_kind(const char *path)
{
  wchar_t *name = wide(path);
  DWORD kind = GetFileAttributesW(name);
  free(name);
  if (kind == INVALID_FILE_ATTRIBUTES)
    return PATH_NOTHING;
  return (kind & FILE_ATTRIBUTE_DIRECTORY) != 0 ? PATH_FOLDER
         : (kind & FILE_ATTRIBUTE_DEVICE) != 0  ? PATH_OTHER
                                                : PATH_FILE;
}

static bool look_at(const char *path, BY_HANDLE_FILE_INFORMATION *found)
{
  wchar_t *name = wide(path);
  HANDLE h = CreateFileW(name, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                         FILE_FLAG_BACKUP_SEMANTICS, NULL);
  bool there = h != INVALID_HANDLE_VALUE && GetFileInformationByHandle(h, found) != 0;
  if (h != INVALID_HANDLE_VALUE)
    CloseHandle(h);
  free(name);
  return there;
}

bool is_same_file(const char *a, const char *b)
{
  BY_HANDLE_FILE_INFORMATION p, q;
  return look_at(a, &p) && look_at(b, &q) && p.dwVolumeSerialNumber == q.dwVolumeSerialNumber &&
         p.nFileIndexHigh == q.nFileIndexHigh && p.nFileIndexLow == q.nFileIndexLow;
}

FILE *open_file(const char *path, const char *mode)
{
  wchar_t *name = wide(path), *how = wide(mode);
  FILE *stream = _wfopen(name, how);
  free(name);
  free(how);
  return stream;
}

int rename_file(const char *from, const char *to)
{
  wchar_t *a = wide(from), *b = wide(to);
  int done = MoveFileExW(a, b, MOVEFILE_REPLACE_EXISTING) != 0;
  free(a);
  free(b);
  errno = done ? 0 : EACCES;
  return done ? 0 : -1;
}

void remove_file(const char *path)
{
  wchar_t *name = wide(path);
  DeleteFileW(name);
  free(name);
}

void remove_folder(const char *path)
{
  wchar_t *name = wide(path);
  RemoveDirectoryW(name);
  free(name);
}

int make_folder(const char *path)
{
  wchar_t *name = wide(path);
  int made = CreateDirectoryW(name, NULL) != 0;
  DWORD error = made ? 0 : GetLastError();
  free(name);
  return made ? 0 : error == ERROR_ALREADY_EXISTS ? EEXIST : error == ERROR_PATH_NOT_FOUND ? ENOENT : EACCES;
}

bool stderr_is_terminal(void)
{
  return _isatty(_fileno(stderr)) != 0;
}

size_t n_processors(void)
{
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  return info.dwNumberOfProcessors > 0 ? info.dwNumberOfProcessors : 1;
}

double seconds(void)
{
  return (double)GetTickCount64() / 1000;
}

void prepare_system(int *argc, char ***argv)
{
  int n = 0;
  wchar_t **list = CommandLineToArgvW(GetCommandLineW(), &n);
  SetConsoleOutputCP(CP_UTF8);
  _setmode(_fileno(stdout), _O_BINARY);
  if (list == NULL)
    return;
  char **out = need(NULL, (size_t)(n + 1) * sizeof *out);
  for (int i = 0; i < n; i++) {
    int size = WideCharToMultiByte(CP_UTF8, 0, list[i], -1, NULL, 0, NULL, NULL);
    out[i] = need(NULL, (size_t)size + 1);
    WideCharToMultiByte(CP_UTF8, 0, list[i], -1, out[i], size, NULL, NULL);
  }
  out[n] = NULL;
  LocalFree(list);
  *argc = n;
  *argv = out; /* kept until the program ends */
}
#else
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int path_kind(const char *path)
{
  struct stat s;
  if (stat(path, &s) != 0)
    return PATH_NOTHING;
  return S_ISDIR(s.st_mode) ? PATH_FOLDER : S_ISREG(s.st_mode) ? PATH_FILE : PATH_OTHER;
}

bool is_same_file(const char *a, const char *b)
{
  struct stat p, q;
  return stat(a, &p) == 0 && stat(b, &q) == 0 && S_ISREG(p.st_mode) && p.st_dev == q.st_dev && p.st_ino == q.st_ino;
}

FILE *open_file(const char *path, const char *mode)
{
  return fopen(path, mode);
}

int rename_file(const char *from, const char *to)
{
  return rename(from, to);
}

void remove_file(const char *path)
{
  remove(path);
}

void remove_folder(const char *path)
{
  rmdir(path);
}

int make_folder(const char *path)
{
  return mkdir(path, 0777) == 0 ? 0 : errno;
}

bool stderr_is_terminal(void)
{
  return isatty(STDERR_FILENO) != 0;
}

size_t n_processors(void)
{
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (size_t)n : 1;
}

double seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void prepare_system(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
}
#endif

const char *reason_key(int error)
{
  switch (error) {
  case ENOENT:
    return "reason.nothing";
  case EACCES:
    return "reason.permission";
  case EISDIR:
    return "reason.folder";
  case ENOTDIR:
    return "reason.no_folder";
  case EEXIST:
    return "reason.exists";
  case ENOSPC:
    return "reason.full";
  case EFBIG:
    return "reason.limit";
  case EROFS:
    return "reason.read_only";
  case ENAMETOOLONG:
    return "reason.long";
  case EPIPE:
    return "reason.pipe";
  default:
    return "reason.other";
  }
}
