#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "bench/child.h"
#include "bench/ingest_runs.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"

namespace daybook::bench {
namespace {

using Number = unsigned long long;
constexpr std::uint64_t kKilledAfter = 3'000'000;  // so that much is in no run and in no checkpoint

/// Acknowledgements as they come: how many in each second, the longest time without any, the time of each group.
class Course {
 public:
  void add(std::uint64_t events, double micros) {
    const Steady::time_point now = Steady::now();
    stall_ = std::max(stall_, std::chrono::duration<double, std::milli>(now - last_).count());
    last_ = now;
    const auto second = static_cast<std::size_t>(std::chrono::duration<double>(now - begun_).count());
    if (seconds_.size() <= second) seconds_.resize(second + 1);
    seconds_[second] += events;
    latencies_.add(micros);
  }

  /// The best second's events.
  [[nodiscard]] double best() const {
    const auto best = std::max_element(seconds_.begin(), seconds_.end());
    return best == seconds_.end() ? 0 : static_cast<double>(*best);
  }
  /// A second, over the first ten whole ones.
  [[nodiscard]] double first_ten() const {
    const std::size_t count = std::min<std::size_t>(10, seconds_.size() > 1 ? seconds_.size() - 1 : seconds_.size());
    const auto sum = std::accumulate(seconds_.begin(), seconds_.begin() + static_cast<std::ptrdiff_t>(count), 0.0);
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }
  [[nodiscard]] double stall_ms() const { return stall_; }
  [[nodiscard]] Latencies::Percentiles latencies() const { return latencies_.percentiles(); }

 private:
  Steady::time_point begun_ = Steady::now();
  Steady::time_point last_ = begun_;
  std::vector<std::uint64_t> seconds_;
  double stall_ = 0;
  Latencies latencies_;
};

/// Of its figures: with views is another store than without.
std::string named(const Store& store, const char* what) {
  return (store.views ? "store_with_views." : "store.") + std::string(what);
}

double load(IngestRig& rig, const Store& store) {
  Course course;
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  const auto taken = rig.ingest(0, store.group, [&](std::uint64_t sent) { return sent < store.events; },
                                [&](std::uint64_t events, double micros) { course.add(events, micros); });
  const double seconds = seconds_since(begun);
  const auto count = static_cast<double>(taken);
  std::printf("store: %llu events loaded in groups of %zu at %.0f events/s, %.0f ns of processor an event%s\n",
              static_cast<Number>(taken), store.group, count / seconds, (own_cpu_seconds() - cpu) / count * 1e9,
              store.views ? ", all views folding beside" : "");
  if (projections::Projections* views = rig.views()) {
    const auto head = rig.ledger().log().position();
    if (!views->wait_for(head, std::chrono::hours(1))) throw std::runtime_error("the views do not come along");
    std::printf("views had folded all of it after %.1f s: %.0f events/s\n", seconds_since(begun),
                count / seconds_since(begun));
    figure("store_with_views.folded.per_second", count / seconds_since(begun));
  }
  std::fflush(stdout);
  figure(named(store, "load.per_second"), count / seconds);
  return course.first_ten();
}

void sustain(IngestRig& rig, const Store& store, double peak) {
  Course course;
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  const auto enough = static_cast<double>(store.seconds);
  const auto taken = rig.ingest(rig.next_usage(), store.group,
                                [&](std::uint64_t) { return seconds_since(begun) < enough; },
                                [&](std::uint64_t events, double micros) { course.add(events, micros); });
  const double rate = static_cast<double>(taken) / seconds_since(begun);
  std::printf("sustained for %.0f s over it: %.0f events/s, %.0f %% of the store's first ten seconds; best second "
              "%.0f, longest time without an acknowledgement %.1f ms; %.0f ns of processor an event\n"
              "a group to its acknowledgement, three under way: %s\n",
              seconds_since(begun), rate, rate / peak * 100, course.best(), course.stall_ms(),
              (own_cpu_seconds() - cpu) / static_cast<double>(taken) * 1e9, shown(course.latencies()).c_str());
  std::fflush(stdout);
  figure(named(store, "sustained.per_second"), rate);
  figure(named(store, "sustained.of_peak"), rate / peak);
  figure(named(store, "stall_ms"), course.stall_ms());
}

void scan_and_verify(const log::Log& log, const Store& store) {
  const log::Position head = log.position();
  const auto threads = std::max<std::uint64_t>(1, std::thread::hardware_concurrency());
  std::vector<std::uint64_t> seen(threads);
  Steady::time_point begun = Steady::now();
  {
    std::vector<std::jthread> all;
    for (std::uint64_t i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        const auto done = log.scan_frames(1 + head * i / threads, head * (i + 1) / threads, [&](auto records) {
          for (const log::RecordView& record : records) seen[i] += record.event.empty() ? 0U : 1U;
          return true;
        });
        if (!done) seen[i] = 0;
      });
    }
  }
  const double scanned = static_cast<double>(head) / seconds_since(begun);
  if (std::accumulate(seen.begin(), seen.end(), std::uint64_t{0}) != head) throw std::runtime_error("the scan saw too little");
  begun = Steady::now();
  const double cpu = own_cpu_seconds();
  const auto verified = log.verify();
  if (!verified) throw std::runtime_error(verified.error().detail);
  const double rate = static_cast<double>(head) / seconds_since(begun);
  std::printf("scan by %llu threads %.2f million events/s; verify (leaves, tree, chain) %.2f million events/s, "
              "%.0f ns of processor an event\n",
              static_cast<Number>(threads), scanned / 1e6, rate / 1e6,
              (own_cpu_seconds() - cpu) / static_cast<double>(head) * 1e9);
  std::fflush(stdout);
  figure(named(store, "scan.per_second"), scanned);
  figure(named(store, "verify.per_second"), rate);
}

void open_again(const IngestRig::Options& options, const char* after, const std::string& name) {
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  IngestRig rig(options);
  const double writable = seconds_since(begun);
  const double used = own_cpu_seconds() - cpu;
  const log::Position head = rig.ledger().log().position();
  if (rig.views() != nullptr && !rig.views()->wait_for(head, std::chrono::hours(1))) {
    throw std::runtime_error("the views do not come along");
  }
  std::printf("open after a %s with %llu events: %.2f s, %.2f s of processor%s\n", after, static_cast<Number>(head), writable, used,
              rig.views() == nullptr ? "" : (", all views there after " + std::to_string(seconds_since(begun)) + " s").c_str());
  std::fflush(stdout);
  figure(name, seconds_since(begun));
}

void kill_it(const IngestRig::Options& options, const Store& store) {
  std::vector<std::string> command{std::filesystem::read_symlink("/proc/self/exe"), "--fill", options.directory,
                                   "--group", std::to_string(store.group)};
  if (store.views) command.emplace_back("--views");
  Child child(command);
  std::string last;
  for (std::uint64_t taken = 0; taken < kKilledAfter;) {
    const auto line = child.line();
    if (!line) throw std::runtime_error("what was to be killed ended by itself");
    taken = std::strtoull(line->c_str(), nullptr, 10);
  }
  child.end(SIGKILL);
}

void tell_parts(const char* of, const log::MemoryUse& use) {
  const auto mib = [](std::uint64_t bytes) { return static_cast<Number>(bytes >> 20); };
  std::printf("  of it %s: write buffers %llu, cache %llu, indexes and filters %llu MiB\n", of, mib(use.write_buffers), mib(use.caches), mib(use.tables));
}

void tell_memory(IngestRig& rig, std::uint64_t events, const std::string& name) {
  const std::uint64_t peak_mib = memory_mib("VmHWM");
  std::printf("memory with %llu events: %llu MiB resident at most, of this program with what makes them (asked: 1024)\n",
              static_cast<Number>(events), static_cast<Number>(peak_mib));
  engine::Ledger& ledger = rig.ledger();
  std::printf("  now %llu MiB, of it identities %llu MiB\n", static_cast<Number>(memory_mib("VmRSS")),
              static_cast<Number>(ledger.identities_bytes() >> 20));
  tell_parts("the log", ledger.log().memory_use());
  tell_parts("views", ledger.log().views()->memory_use());
  std::fflush(stdout);
  figure(name, static_cast<double>(peak_mib));
}

void tell_disk(const IngestRig::Options& options, const Store& store, std::uint64_t events) {
  const auto log_bytes = static_cast<double>(bytes_below(options.directory + "/log")) / static_cast<double>(events);
  const auto all_bytes = static_cast<double>(bytes_below(options.directory)) / static_cast<double>(events);
  std::printf("disk with %llu events: %.1f bytes an event for the log, %.1f with %s\n", static_cast<Number>(events),
              log_bytes, all_bytes, store.views ? "every index and view" : "the identities' index and the books");
  figure(named(store, "log_bytes"), log_bytes);
  figure(named(store, "all_bytes"), all_bytes);
}

}  // namespace

void fill_until_killed(const IngestRig::Options& options, std::size_t group) {
  IngestRig rig(options);
  std::uint64_t taken = 0;
  rig.ingest(rig.next_usage(), group, [](std::uint64_t) { return true; },
             [&](std::uint64_t events, double) {
               if ((taken + events) / 100'000 != taken / 100'000) {
                 std::printf("%llu\n", static_cast<Number>(taken + events));
                 std::fflush(stdout);
               }
               taken += events;
             });
  std::abort();
}

void run_store(const std::string& parent, const Store& store) {
  const TemporaryDirectory temporary(parent);
  IngestRig::Options options;
  options.directory = temporary.path() + "/ledger";
  options.views = store.views;
  options.queue_bytes = store.group * 300 * 3 + (8u << 20);
  double peak = 0;
  std::uint64_t events = 0;
  {
    IngestRig rig(options);
    peak = load(rig, store);
    if (store.writers.writers > 0) run_writers(rig, store.writers, named(store, "single"));
    if (store.verify) scan_and_verify(rig.ledger().log(), store);
    events = rig.next_usage();
    tell_memory(rig, events, named(store, "peak_mib"));
  }
  tell_disk(options, store, events);
  if (store.reopen) {
    open_again(options, "clean stop", named(store, "open_clean_seconds"));
    kill_it(options, store);
    open_again(options, "kill", named(store, "open_killed_seconds"));
  }
  if (store.seconds > 0) {  // last, since it makes another store of it: half a billion events on a quick machine
    {
      IngestRig rig(options);
      sustain(rig, store, peak);
      events = rig.next_usage();
      tell_memory(rig, events, named(store, "sustained.peak_mib"));
    }
  }
}

}  // namespace daybook::bench
