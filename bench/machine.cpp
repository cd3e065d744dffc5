#include "bench/machine.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <flatbuffers/base.h>
#include <openssl/crypto.h>
#include <rocksdb/version.h>
#include <zstd.h>
#include <boost/version.hpp>

namespace daybook::bench {
namespace {

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown processor";
}

/// Sorted microseconds of 200 syncs, each after appending 40 KB or after writing 128 bytes in place.
std::vector<double> fdatasync_micros(const std::string& path, bool append) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const std::vector<char> bytes(40'000, 'x');
  std::vector<double> micros;
  for (int i = 0; i < 200; ++i) {
    const ssize_t written =
        append ? ::write(file, bytes.data(), bytes.size()) : ::pwrite(file, bytes.data(), 128, 0);
    const auto begun = std::chrono::steady_clock::now();
    if (written < 0 || ::fdatasync(file) != 0) throw std::runtime_error("cannot write and sync " + path);
    micros.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun).count());
  }
  ::close(file);
  std::filesystem::remove(path);
  std::sort(micros.begin(), micros.end());
  return micros;
}

}  // namespace

void print_machine(const std::string& directory) {
  utsname system{};
  ::uname(&system);
  std::printf("machine: %s, %u processors, %s %s\n", processor().c_str(), std::thread::hardware_concurrency(),
              system.sysname, system.release);
  std::printf("built with: g++ %s; RocksDB %d.%d.%d, FlatBuffers %d.%d.%d, zstd %s, Boost %d.%d, %s\n", __VERSION__,
              ROCKSDB_MAJOR, ROCKSDB_MINOR, ROCKSDB_PATCH, FLATBUFFERS_VERSION_MAJOR, FLATBUFFERS_VERSION_MINOR, FLATBUFFERS_VERSION_REVISION,
              ZSTD_versionString(), BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000,
              OpenSSL_version(OPENSSL_VERSION));
  for (const bool append : {true, false}) {
    const std::vector<double> micros = fdatasync_micros(directory + "/fdatasync-probe", append);
    std::printf("disk: fdatasync after %s median %.0f us, p95 %.0f us\n",
                append ? "appending 40 KB:" : "128 B in place: ", micros[100], micros[190]);
    if (append) figure("disk.fdatasync_us", micros[100]);
  }
  std::fflush(stdout);
}

double own_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double own_thread_cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

std::uint64_t memory_mib(const std::string& name, int process) {
  std::ifstream status("/proc/" + (process == 0 ? std::string("self") : std::to_string(process)) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10) / 1024;
  }
  return 0;
}

std::uint64_t bytes_below(const std::string& directory) {
  std::uint64_t bytes = 0;
  std::error_code gone;  // a file may go meanwhile
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file(gone)) continue;
    const std::uintmax_t size = entry.file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

void forget_files(const std::string& directory) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot read " + entry.path().string());
    const bool forgotten = ::fdatasync(file) == 0 && ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0;
    ::close(file);
    if (!forgotten) throw std::runtime_error("cannot drop " + entry.path().string() + " from the system's memory");
  }
}

double cpu_seconds_of(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string text;
  std::getline(file, text);
  const std::size_t name_end = text.rfind(')');  // the name may hold spaces
  if (name_end == std::string::npos) return 0;
  // Behind it: fields 3 and on, a space before each; 14 is utime, 15 stime, in ticks.
  std::size_t at = name_end;
  for (int field = 3; field <= 14 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
  if (at == std::string::npos) return 0;
  char* next = nullptr;
  const double user = std::strtod(text.c_str() + at, &next);
  return (user + std::strtod(next, nullptr)) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void figure(const std::string& name, double value) {
  const char* const path = std::getenv("DAYBOOK_BENCH_FIGURES");
  if (path == nullptr || *path == '\0') return;
  std::ofstream(path, std::ios::app) << name << ' ' << value << '\n';
}

}  // namespace daybook::bench
