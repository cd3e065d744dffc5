// Identities for ever: what a new one, a known one, and the index of all of them cost.
//
//   bench_identity [--directory DIR] [--keys 100000000] [--tail 4000000] [--new 2000000] [--duplicates 2000] [--no-rebuild]
//
// A ledger takes in `--keys` usage events, each with an identity of its own, and is closed. Then:
//   disk, memory  of the runs (pages; filters and fences), shared out over the keys;
//   new           `--new` identities nobody has sent, as an I/O thread (hash, filters of all runs) and the sequencer (the
//                 tail, and adding) meet them, with the tail filled as usual;
//   duplicate     `--duplicates` events sent once more, one by one, to their first receipts: index page, then the event
//                 itself to compare. Nothing is in memory: the files are dropped from the system's and the ledger is opened anew;
//   rebuild       the index is removed, and the ledger opened: every event of the log is read again.
// Memory is of the whole program, with what makes the events; asked is that it stays below 1 GiB.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/flags.h"
#include "bench/ingest_rig.h"
#include "bench/latencies.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"
#include "bench/usage.h"
#include "ledger/engine/identity.h"
#include "ledger/log/log.h"
#include "ledger/log/sorted_runs.h"

namespace daybook::bench {
namespace {

using Number = unsigned long long;
constexpr const char* kIndex = "identities";  // as the engine names it
constexpr std::size_t kGroup = 8'000;
constexpr std::size_t kBatch = 1'000;
constexpr std::size_t kExpectAhead = 8;  // as the engine does

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(std::string(result.error().code) + ": " + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct Asked {
  std::string directory;
  std::uint64_t keys = 0;
  std::size_t tail = 0;
  std::size_t fresh = 0;
  std::size_t duplicates = 0;
  bool rebuild = true;
};

IngestRig::Options rig_options(const Asked& asked) {
  IngestRig::Options options;
  options.directory = asked.directory;
  options.identity_tail_keys = asked.tail;
  options.queue_bytes = kGroup * 300 * 3 + (8u << 20);
  return options;
}

/// The log and its index without an engine.
class BareIndex {
 public:
  BareIndex(const std::string& directory, std::size_t tail_keys) {
    log::Options options;
    options.directory = directory;
    options.create = false;
    auto opened = log::Log::open(options, {nullptr, &clock_, &rng_});
    if (!opened) throw std::runtime_error(opened.error().detail);
    log_ = std::move(*opened);
    log::SortedRuns::Options runs;
    runs.family = kIndex;
    runs.tail_keys = tail_keys;
    runs_ = must(log::SortedRuns::open(views(), runs, rng_));
  }

  [[nodiscard]] log::SortedRuns& runs() { return *runs_; }
  [[nodiscard]] log::Views& views() { return *log_->views(); }
  [[nodiscard]] log::Position head() const { return log_->position(); }
  [[nodiscard]] static std::string family() { return std::string(log::Views::kPagesPrefix) + kIndex; }

 private:
  log::SystemClock clock_;
  log::SystemRng rng_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<log::SortedRuns> runs_;
};

void load(const Asked& asked) {
  IngestRig rig(rig_options(asked));
  const Steady::time_point begun = Steady::now();
  const double cpu = own_cpu_seconds();
  rig.ingest(0, kGroup, asked.keys);
  std::printf("loaded: %llu events, each with a key of its own, at %.0f events/s, %.0f ns of processor an event\n",
              static_cast<Number>(rig.next_usage()), static_cast<double>(asked.keys) / seconds_since(begun),
              (own_cpu_seconds() - cpu) / static_cast<double>(asked.keys) * 1e9);
  std::fflush(stdout);
}

void measure_size(const Asked& asked) {
  BareIndex index(asked.directory, 1);
  const log::SortedRuns::Stats stats = index.runs().stats();
  const auto keys = static_cast<double>(stats.keys);
  const double disk = static_cast<double>(must(index.views().family(BareIndex::family())).disk_bytes()) / keys;
  const double memory = static_cast<double>(index.runs().memory_bytes()) / keys;
  std::printf("index: %llu keys in %llu runs; %.2f bytes a key on disk (asked: 16), %.2f in memory (asked: 2.5); and a tail "
              "of %zu keys in memory, 36 bytes each\n",
              static_cast<Number>(stats.keys), static_cast<Number>(stats.runs), disk, memory, asked.tail);
  std::fflush(stdout);
  figure("identity.disk_bytes", disk);
  figure("identity.memory_bytes", memory);
}

void measure_new(const Asked& asked) {
  BareIndex index(asked.directory, asked.tail);
  log::SortedRuns& runs = index.runs();
  engine::IdentityBytes bytes;
  std::vector<std::uint64_t> keys(kBatch);
  std::vector<log::SortedRuns::Hit> hits;
  std::vector<log::Position> found;
  std::vector<std::string> ids(kBatch);
  log::Position position = index.head();
  const auto hash = [&](std::uint64_t number) {
    ids[0] = "new-" + std::to_string(number);
    return runs.hash(bytes.event("", "//meter/eu-1", ids[0]));
  };
  // A tail is half full on the average; what is added here never reaches the disk.
  for (std::size_t i = 0; i < asked.tail / 2; ++i) runs.add(hash(~i), ++position);
  const std::size_t rounds = std::min(asked.fresh, asked.tail / 2) / kBatch;
  if (rounds == 0) throw std::runtime_error("--new and --tail are too small");
  double aside = 0;
  double sequencer = 0;
  std::size_t candidates = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < kBatch; ++i) ids[i] = "fresh-" + std::to_string(round * kBatch + i);
    hits.clear();
    double begun = own_thread_cpu_seconds();
    for (std::size_t i = 0; i < kBatch; ++i) keys[i] = runs.hash(bytes.event("", "//meter/eu-1", ids[i]));
    const log::SortedRuns::Mark mark = must(runs.find_in_runs(keys, hits));
    aside += own_thread_cpu_seconds() - begun;
    begun = own_thread_cpu_seconds();
    for (std::size_t i = 0; i < kBatch; ++i) {
      if (i + kExpectAhead < kBatch) runs.expect(keys[i + kExpectAhead]);
      found.clear();
      must(runs.find_since(mark, keys[i], found));
      candidates += found.size();
      runs.add(keys[i], ++position);
    }
    sequencer += own_thread_cpu_seconds() - begun;
    candidates += hits.size();
  }
  const auto count = static_cast<double>(rounds * kBatch);
  aside *= 1e6 / count;
  sequencer *= 1e6 / count;
  std::printf("a new key: %.3f us (asked: 0.6), %.3f of it on the sequencer (asked: 0.05), processor time of one thread; "
              "%llu pages read in vain for %.0f keys\n",
              aside + sequencer, sequencer, static_cast<Number>(runs.stats().page_reads), count);
  if (candidates != 0) std::printf("%zu of them have a hash that is there already\n", candidates);
  std::fflush(stdout);
  figure("identity.new_us", aside + sequencer);
  figure("identity.new_sequencer_us", sequencer);
}

/// One of the first `usage` events once more, as a body of its own. Throws unless it gets its first receipt.
void send_again(IngestRig& rig, std::size_t turn, std::uint64_t usage) {
  const std::uint64_t number = (turn + 1) * 0x9e3779b97f4a7c15U % usage;
  const auto done = must(rig.ledger().ingest(rig.prepared(number, 1)));
  const engine::PreparedFact& fact = done->facts.front();
  if (fact.status != engine::FactStatus::Duplicate || fact.position != IngestRig::position_of(number)) {
    throw std::runtime_error("event " + std::to_string(number) + " did not get its first receipt");
  }
}

void measure_duplicates(const Asked& asked) {
  forget_files(asked.directory);
  IngestRig rig(rig_options(asked));
  forget_files(asked.directory);
  const std::uint64_t usage = rig.next_usage();
  const Latencies cold = timed(asked.duplicates, [&](std::size_t turn) { send_again(rig, turn, usage); });
  std::printf("a duplicate, answered with its first receipt, files not in memory: %s (asked: median 300 us)\n",
              shown(cold.percentiles()).c_str());
  const Latencies warm = timed(asked.duplicates, [&](std::size_t turn) { send_again(rig, turn, usage); });
  std::printf("the same ones again: %s\n", shown(warm.percentiles()).c_str());
  std::fflush(stdout);
  figure("identity.duplicate_cold_us", cold.percentiles().p50);
}

void measure_rebuild(const Asked& asked) {
  {
    BareIndex index(asked.directory, 1);
    must(index.views().drop(BareIndex::family()));
  }
  const double cpu = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  double seconds = 0;
  {
    IngestRig rig(rig_options(asked));
    seconds = seconds_since(begun);
    for (std::size_t turn = 0; turn < asked.duplicates; ++turn) send_again(rig, turn, asked.keys);
  }
  const double processor = own_cpu_seconds() - cpu;
  const auto keys = static_cast<double>(asked.keys);
  std::printf("rebuilt from the log: %.2f million keys/s until the ledger is open (asked: 2), %.0f ns of processor a key "
              "until all of them are in runs\n",
              keys / seconds / 1e6, processor / keys * 1e9);
  figure("identity.rebuild.per_second", keys / seconds);
  BareIndex index(asked.directory, 1);
  if (index.runs().stats().keys < asked.keys) throw std::runtime_error("the rebuilt index lacks keys");
}

int run(Flags flags) {
  const std::string parent = flags.text("--directory", std::filesystem::temp_directory_path());
  Asked asked;
  asked.keys = flags.number("--keys", 100'000'000) / kGroup * kGroup;
  asked.tail = flags.number("--tail", 4'000'000);
  asked.fresh = flags.number("--new", 2'000'000);
  asked.duplicates = flags.number("--duplicates", 2'000);
  asked.rebuild = !flags.given("--no-rebuild");
  flags.end();
  if (asked.keys == 0) throw std::runtime_error("--keys: 8000 at least");
  print_machine(parent);
  std::printf("durable: %s\n", durability());
  const TemporaryDirectory temporary(parent);
  asked.directory = temporary.path() + "/ledger";
  load(asked);
  measure_size(asked);
  measure_new(asked);
  measure_duplicates(asked);
  if (asked.rebuild) measure_rebuild(asked);
  const std::uint64_t peak = memory_mib("VmHWM");
  std::printf("memory: %llu MiB resident at most (asked: 1024)\n", static_cast<Number>(peak));
  figure("identity.peak_mib", static_cast<double>(peak));
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::bench::run); }
