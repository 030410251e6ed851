/* Between a process and the C library, to be preloaded: a disk that fails on purpose, and a clock that jumps.
 *
 * Unlike a port in the program this meets every change to a file, whoever makes it: ours, SQLite's, the log's.
 *
 *   SHIM_ROOT    the directory it is about
 *   SHIM_TRACE   append a line "operation path" for each call below the root
 *   SHIM_FAULT   "operation:pattern:number:errno:sticky": from 0, which call of the operation on a path that matches;
 *                errno 0 makes a write short; sticky 1 makes all that follow fail too
 *   SHIM_CLOCK   a file of one double: seconds to add to the wall clock
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
enum { FINE = -1, SHORT = 0 };

static const char *root, *trace;
static char operation[16], pattern[256];
static int number, code, sticky, seen, failed;
static const double *offset;

__attribute__((constructor)) static void begin(void) {
    const char *fault = getenv("SHIM_FAULT"), *clock = getenv("SHIM_CLOCK");
    root = getenv("SHIM_ROOT");
    trace = getenv("SHIM_TRACE");
    if (fault && sscanf(fault, "%15[^:]:%255[^:]:%d:%d:%d", operation, pattern, &number, &code, &sticky) != 5) abort();
    if (clock) {
        int fd = REAL(open)(clock, O_RDONLY | O_CLOEXEC);
        offset = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, fd, 0);
        if (offset == MAP_FAILED) abort();
    }
}

/* What is to become of a call: FINE, SHORT or an errno. */
static int fate(const char *what, const char *path) {
    size_t length = root ? strlen(root) : 0;
    if (!length || strncmp(path, root, length) || (path[length] && path[length] != '/')) return FINE;
    const char *name = path[length] ? path + length + 1 : ".";
    if (trace) {
        char line[4096];
        int size = snprintf(line, sizeof line, "%s %s\n", what, name);
        int fd = REAL(open)(trace, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
        if (REAL(write)(fd, line, size) != size) abort();
        REAL(close)(fd);
    }
    if (!*operation) return FINE;
    if (__atomic_load_n(&failed, __ATOMIC_SEQ_CST) && sticky) return code == ENOSPC && !strcmp(what, "unlink") ? FINE : code;
    if (strcmp(what, operation) || fnmatch(pattern, name, 0)) return FINE;
    if (__atomic_fetch_add(&seen, 1, __ATOMIC_SEQ_CST) != number) return FINE;
    __atomic_store_n(&failed, 1, __ATOMIC_SEQ_CST);
    return code;
}

static int fate_of(const char *what, int fd) {
    int before = errno;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) size = 0;
    path[size] = 0;
    errno = before;
    return fate(what, path);
}

static int fate_at(const char *what, const char *path) {
    char whole[8192], here[4096];
    if (*path == '/') return fate(what, path);
    if (!getcwd(here, sizeof here)) return FINE;
    snprintf(whole, sizeof whole, "%s/%s", here, path);
    return fate(what, whole);
}

#define REFUSE(decided) if ((decided) > 0) { errno = (decided); return -1; }

ssize_t write(int fd, const void *data, size_t size) {
    int decided = fate_of("write", fd);
    REFUSE(decided)
    return REAL(write)(fd, data, decided == SHORT ? size / 2 : size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    int decided = fate_of("write", fd);
    REFUSE(decided)
    return REAL(pwrite64)(fd, data, decided == SHORT ? size / 2 : size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

#define ON_FD(name, what, parameters, arguments) \
    int name parameters { int decided = fate_of(what, fd); REFUSE(decided) return REAL(name) arguments; }
ON_FD(fsync, "fsync", (int fd), (fd))
ON_FD(fdatasync, "fsync", (int fd), (fd))
ON_FD(ftruncate, "truncate", (int fd, off_t size), (fd, size))
ON_FD(ftruncate64, "truncate", (int fd, off64_t size), (fd, size))

#define ON_PATH(name, what, parameters, arguments) \
    int name parameters { int decided = fate_at(what, path); REFUSE(decided) return REAL(name) arguments; }
ON_PATH(rename, "rename", (const char *from, const char *path), (from, path))
ON_PATH(link, "rename", (const char *from, const char *path), (from, path))
ON_PATH(unlink, "unlink", (const char *path), (path))
ON_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode))

#define ON_OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        if (flags & O_CREAT) { int decided = fate_at("create", path); REFUSE(decided) } \
        return REAL(name)(path, flags, mode); \
    }
ON_OPEN(open)
ON_OPEN(open64)

int clock_gettime(clockid_t which, struct timespec *now) {
    int result = REAL(clock_gettime)(which, now);
    if (offset && which == CLOCK_REALTIME) now->tv_sec += (time_t)*offset;
    return result;
}

time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int result = REAL(gettimeofday)(now, zone);
    if (offset) now->tv_sec += (time_t)*offset;
    return result;
}
