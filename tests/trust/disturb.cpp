/// Stands between a program and the system (LD_PRELOAD): tells what it does with the files of a directory, lets one of these
/// operations fail, ends the process at one of them, moves its wall clock. Environment:
///
///   DISTURB_ROOT    the directory; what is outside of it passes through
///   DISTURB_SEEN    a file that gets a line for every operation: its name
///   DISTURB         NAME@N:kill, NAME@N:eio or NAME@N:enospc: what befalls the N-th operation of that name, from 1
///   DISTURB_CLOCK   a file of 8 bytes: microseconds that the wall clock is off, read anew each time
///
/// A name is OPERATION.KIND, with `views-` before the kind of what lies in views/, and `+` behind it for the moment after the operation:
/// `sync.wal`, `write.witness+`, `rename.views-current`. After an error of a sync the data stays as it is and unsynced.

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

struct Plan {
  std::string root;
  std::string name;
  long nth = 0;
  int error = 0;  ///< 0: the process ends
  int seen = -1;
  std::atomic<long> met{0};
};

Plan* plan = nullptr;
std::atomic<const std::int64_t*> clock_offset{nullptr};

void read_plan() {
  const char* const root = std::getenv("DISTURB_ROOT");
  if (root == nullptr) return;
  auto* const made = new Plan;
  made->root = root;
  if (const char* const seen = std::getenv("DISTURB_SEEN")) {
    made->seen = static_cast<int>(syscall(SYS_openat, AT_FDCWD, seen, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
  }
  if (const char* const what = std::getenv("DISTURB")) {
    const std::string_view text(what);
    const std::size_t at = text.rfind('@');
    const std::size_t colon = text.rfind(':');
    made->name = text.substr(0, at);
    made->nth = std::strtol(what + at + 1, nullptr, 10);
    const std::string_view how = text.substr(colon + 1);
    made->error = how == "eio" ? EIO : how == "enospc" ? ENOSPC : 0;
  }
  plan = made;
}

/// What befalls: an error, or 0.
int befalls(std::string_view name) {
  if (plan->seen >= 0) {
    char line[192];
    const std::size_t size = std::min(name.size(), sizeof line - 1);
    std::memcpy(line, name.data(), size);
    line[size] = '\n';
    syscall(SYS_write, plan->seen, line, size + 1);
  }
  if (name != plan->name || ++plan->met != plan->nth) return 0;
  if (plan->error == 0) syscall(SYS_kill, getpid(), SIGKILL);
  return plan->error;
}

std::string_view kind_of(std::string_view file) {
  if (file.ends_with(".log")) return "wal";
  if (file.ends_with(".sst")) return "sst";
  if (file.starts_with("MANIFEST")) return "manifest";
  if (file.starts_with("CURRENT") || file.ends_with(".dbtmp")) return "current";
  if (file.starts_with("witness")) return "witness";
  if (file.starts_with("FORMAT")) return "format";
  return "";
}

/// One operation on one file of the directory.
class Operation {
 public:
  Operation(const char* what, std::string_view path) {
    if (plan == nullptr || !path.starts_with(plan->root)) return;
    const std::string_view inner = path.substr(std::min(path.size(), plan->root.size() + 1));
    const std::string_view file = inner.substr(inner.rfind('/') + 1);
    std::string_view kind = kind_of(file);
    if (kind.empty() && inner.starts_with("keys/")) kind = "keys";
    if (inner.empty() || inner == "log" || inner == "views" || inner == "keys") kind = "directory";
    if (kind.empty()) return;
    name_.append(what).append(".").append(inner.starts_with("views") ? "views-" : "").append(kind);
  }
  /// Of an open file.
  static Operation of(const char* what, int file) {
    if (plan == nullptr) return {what, ""};
    char link[64];
    char path[PATH_MAX];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path);
    return {what, size > 0 ? std::string_view(path, static_cast<std::size_t>(size)) : std::string_view()};
  }

  template <class Result, class Call>
  Result around(Result failure, Call&& call) const {
    if (name_.empty()) return call();
    if (const int error = befalls(name_); error != 0) {
      errno = error;
      return failure;
    }
    const Result result = call();
    const int kept = errno;
    befalls(name_ + "+");
    errno = kept;
    return result;
  }

 private:
  std::string name_;
};

__attribute__((constructor)) void begin() {
  read_plan();
  if (const char* const path = std::getenv("DISTURB_CLOCK")) {
    const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC));
    void* const mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) clock_offset = static_cast<const std::int64_t*>(mapped);
  }
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  static auto* const real = next<int(const char*, int, ...)>("open");
  return Operation((flags & O_CREAT) != 0 ? "create" : "open", path).around(-1, [&] { return real(path, flags, mode); });
}

ssize_t write(int file, const void* data, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return Operation::of("write", file).around(ssize_t{-1}, [&] { return real(file, data, size); });
}

ssize_t pwrite(int file, const void* data, size_t size, off_t offset) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return Operation::of("write", file).around(ssize_t{-1}, [&] { return real(file, data, size, offset); });
}

ssize_t pread(int file, void* data, size_t size, off_t offset) {
  static auto* const real = next<ssize_t(int, void*, size_t, off_t)>("pread");
  return Operation::of("read", file).around(ssize_t{-1}, [&] { return real(file, data, size, offset); });
}

int fsync(int file) {
  static auto* const real = next<int(int)>("fsync");
  return Operation::of("sync", file).around(-1, [&] { return real(file); });
}

int fdatasync(int file) {
  static auto* const real = next<int(int)>("fdatasync");
  return Operation::of("sync", file).around(-1, [&] { return real(file); });
}

int ftruncate(int file, off_t size) noexcept {
  static auto* const real = next<int(int, off_t)>("ftruncate");
  return Operation::of("truncate", file).around(-1, [&] { return real(file, size); });
}

int rename(const char* from, const char* to) noexcept {
  static auto* const real = next<int(const char*, const char*)>("rename");
  return Operation("rename", to).around(-1, [&] { return real(from, to); });
}

int unlink(const char* path) noexcept {
  static auto* const real = next<int(const char*)>("unlink");
  return Operation("delete", path).around(-1, [&] { return real(path); });
}

int clock_gettime(clockid_t which, struct timespec* now) noexcept {
  const long result = syscall(SYS_clock_gettime, which, now);
  const std::int64_t* const offset = clock_offset.load();
  if (result == 0 && offset != nullptr && which == CLOCK_REALTIME) {
    const std::int64_t nanos = now->tv_nsec + *static_cast<const volatile std::int64_t*>(offset) % 1'000'000 * 1'000;
    std::int64_t seconds = now->tv_sec + *static_cast<const volatile std::int64_t*>(offset) / 1'000'000;
    seconds += nanos < 0 ? -1 : nanos / 1'000'000'000;
    now->tv_sec = seconds;
    now->tv_nsec = (nanos + 1'000'000'000) % 1'000'000'000;
  }
  return static_cast<int>(result);
}

int gettimeofday(struct timeval* __restrict now, void* __restrict) noexcept {
  struct timespec precise {};
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1'000;
  return 0;
}

time_t time(time_t* out) noexcept {
  struct timespec precise {};
  clock_gettime(CLOCK_REALTIME, &precise);
  if (out != nullptr) *out = precise.tv_sec;
  return precise.tv_sec;
}

}  // extern "C"
