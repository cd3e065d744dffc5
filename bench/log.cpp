/// bench_log [DIRECTORY]: what the log does on this machine and this disk.
///
/// One thread prepares 230-byte usage events (bytes and leaf), another appends them in groups, every group
/// synced and witnessed before the next; then the log is scanned. Prints events/s, bytes on disk and
/// allocations of the appending thread.

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include <unistd.h>

#include "bench/allocations.h"
#include "bench/machine.h"
#include "ledger/log/log.h"

namespace {

using namespace daybook::log;
using daybook::bench::figure;
using daybook::bench::own_allocations;

constexpr std::size_t kEventBytes = 230;

SystemClock system_clock;

/// What this thread has used of a processor, in nanoseconds: the figure that neighbours do not change.
std::int64_t own_cpu_nanos() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<std::int64_t>(used.tv_sec) * 1'000'000'000 + used.tv_nsec;
}

double seconds_since(std::int64_t begun) {
  return static_cast<double>(system_clock.mono_micros() - begun) / 1e6;
}

const char* name_of(Codec codec) { return codec == Codec::Zstd ? "zstd" : "lz4"; }

/// An event such as the codec makes: strings that repeat, an id that does not, a few numbers.
void write_event(std::byte* out, std::uint64_t number, SeededRng& rng) {
  char text[kEventBytes + 1];
  const int size = std::snprintf(
      text, sizeof text,
      "\x24%c%c%c%c%c%c%c" "https://meters.example.com/west-europe/cluster-07" "%c"
      "usage-%016llx" "%c" "UsageRecorded" "%c" "sub-%04llu" "%c" "virtual-machine-hours-d4s-v5" "%c"
      "/subscriptions/sub-%04llu/resourceGroups/prod/vm-%03llu" "%c" "westeurope" "%c" "%06llu",
      1, 2, 3, 4, 5, 6, 7, 1, static_cast<unsigned long long>(rng.u64()), 1, 1,
      static_cast<unsigned long long>(number / 3 % 2'000), 1, 1,
      static_cast<unsigned long long>(number / 3 % 2'000),
      static_cast<unsigned long long>(number % 300), 1, 1,
      static_cast<unsigned long long>(rng.below(1'000'000)));
  std::memset(out, 0, kEventBytes);
  std::memcpy(out, text, std::min<std::size_t>(static_cast<std::size_t>(size), kEventBytes));
}

/// A group ready to append.
struct Prepared {
  std::vector<std::byte> bytes;
  std::vector<NewRecord> records;
};

/// Groups made by one thread and taken by another, a few ahead.
class Preparation {
 public:
  Preparation(std::size_t group, std::uint64_t groups) : ring_(4), group_(group), groups_(groups) {
    for (Prepared& slot : ring_) {
      slot.bytes.resize(group * kEventBytes);
      slot.records.resize(group);
    }
    thread_ = std::thread([this] { run(); });
  }
  ~Preparation() { thread_.join(); }

  const Prepared& take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return made_ > taken_; });
    return ring_[taken_ % ring_.size()];
  }

  void give_back() {
    const std::lock_guard lock(mutex_);
    ++taken_;
    free_.notify_one();
  }

 private:
  void run() {
    SeededRng rng(group_);
    std::uint64_t number = 0;
    for (std::uint64_t i = 0; i < groups_; ++i) {
      {
        std::unique_lock lock(mutex_);
        free_.wait(lock, [this] { return made_ - taken_ < ring_.size(); });
      }
      Prepared& slot = ring_[made_ % ring_.size()];
      for (std::size_t event = 0; event < group_; ++event, ++number) {
        std::byte* const at = slot.bytes.data() + event * kEventBytes;
        write_event(at, number, rng);
        const Bytes bytes(at, kEventBytes);
        slot.records[event] = {.stream = static_cast<std::uint32_t>(number / 3 % 2'000),
                               .version = static_cast<std::uint32_t>(number),
                               .type = 40,
                               .code = 0,
                               .event = bytes,
                               .leaf = leaf_hash(bytes)};
      }
      const std::lock_guard lock(mutex_);
      ++made_;
      ready_.notify_one();
    }
  }

  std::vector<Prepared> ring_;
  std::size_t group_;
  std::uint64_t groups_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::condition_variable free_;
  std::uint64_t made_ = 0;
  std::uint64_t taken_ = 0;
  std::thread thread_;
};

std::unique_ptr<Log> open_or_exit(const std::string& directory, Codec codec) {
  static SystemRng rng;
  Options options;
  options.directory = directory;
  options.codec = codec;
  options.open_views = false;
  auto log = Log::open(options, {nullptr, &system_clock, &rng});
  if (!log) {
    std::fprintf(stderr, "%s\n", log.error().detail.c_str());
    std::exit(static_cast<int>(log.error().exit_code));
  }
  return std::move(*log);
}

void append_groups(const std::string& directory, Codec codec, std::size_t group, std::uint64_t events) {
  std::filesystem::remove_all(directory);
  const auto log = open_or_exit(directory, codec);
  const std::uint64_t groups = std::max<std::uint64_t>(events / group, 20);
  const std::uint64_t warm_up = groups / 10;
  std::int64_t begun = 0;
  std::uint64_t before = 0;
  std::int64_t cpu_begun = 0;
  std::vector<std::int64_t> micros;
  micros.reserve(groups);
  {
    Preparation preparation(group, groups);
    for (std::uint64_t i = 0; i < groups; ++i) {
      if (i == warm_up) {
        begun = system_clock.mono_micros();
        before = own_allocations();
        cpu_begun = own_cpu_nanos();
      }
      const Prepared& next = preparation.take();
      const std::int64_t start = system_clock.mono_micros();
      log->append(next.records, system_clock.wall_micros());
      micros.push_back(system_clock.mono_micros() - start);
      preparation.give_back();
    }
  }
  const double seconds = seconds_since(begun);
  const auto timed = static_cast<double>((groups - warm_up) * group);
  const auto cpu_nanos = static_cast<double>(own_cpu_nanos() - cpu_begun);
  const std::uint64_t allocated = own_allocations() - before;
  std::sort(micros.begin(), micros.end());
  const auto all = static_cast<double>(groups * group);
  std::printf(
      "append: groups of %5zu  %9.0f events/s  %6.0f ns of the appending thread's processor an event  "
      "%5.1f bytes an event on disk  a group: median %lld us, p99 %lld us  allocations %.4f an event, "
      "%.1f a group\n",
      group, timed / seconds, cpu_nanos / timed, static_cast<double>(log->disk_bytes()) / all,
      static_cast<long long>(micros[micros.size() / 2]),
      static_cast<long long>(micros[micros.size() * 99 / 100]),
      static_cast<double>(allocated) / timed,
      static_cast<double>(allocated) / static_cast<double>(groups - warm_up));
  const std::string name = std::string("log.") + name_of(codec) + "." + std::to_string(group);
  figure(name + ".per_second", timed / seconds);
  figure(name + ".cpu_ns", cpu_nanos / timed);
  figure(name + ".bytes", static_cast<double>(log->disk_bytes()) / all);
  figure(name + ".allocations", static_cast<double>(allocated) / timed);
}

void scan_log(const std::string& directory, Codec codec, unsigned threads) {
  const auto log = open_or_exit(directory, codec);
  const Position last = log->position();
  std::atomic<std::uint64_t> bytes{0};
  const std::int64_t begun = system_clock.mono_micros();
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) {
    workers.emplace_back([&, i] {
      std::uint64_t own = 0;
      const auto done = log->scan(last * i / threads + 1, last * (i + 1) / threads,
                                  [&](const RecordView& record) { own += record.event.size(); });
      if (!done) {
        std::fprintf(stderr, "%s\n", done.error().detail.c_str());
        std::exit(1);
      }
      bytes += own;
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  const double seconds = seconds_since(begun);
  if (bytes != last * kEventBytes) {
    std::fprintf(stderr, "the scan saw %llu bytes\n", static_cast<unsigned long long>(bytes.load()));
    std::exit(1);
  }
  std::printf("scan: %u thread%s  %9.0f events/s\n", threads, threads == 1 ? " " : "s",
              static_cast<double>(last) / seconds);
  figure(std::string("scan.") + name_of(codec) + "." + std::to_string(threads) + ".per_second",
         static_cast<double>(last) / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  const fs::path parent = argc > 1 ? fs::path(argv[1]) : fs::temp_directory_path();
  const fs::path directory = parent / ("bench-log-" + std::to_string(::getpid()));
  fs::create_directories(directory);
  const std::string ledger = directory / "ledger";
  daybook::bench::print_machine(directory);
  for (const Codec codec : {Codec::Lz4, Codec::Zstd}) {
    std::printf("codec: %s\n", name_of(codec));
    append_groups(ledger, codec, 1, 3'000);
    append_groups(ledger, codec, 100, 200'000);
    append_groups(ledger, codec, 1'000, 2'000'000);
    append_groups(ledger, codec, 8'000, 6'000'000);
    for (const unsigned threads : {1u, 2u}) {
      scan_log(ledger, codec, threads);
    }
  }
  fs::remove_all(directory);
  return 0;
}
