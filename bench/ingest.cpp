// In-process durable ingest: usage facts from structs to the acknowledgement (event bytes, leaf, identity, index,
// admission, frames, tree, chain, synced write, witness), with unique ids.
//
//   bench_ingest [--directory DIR] [--events 2000000] [--groups 100,1000,8000]
//                [--writers 64] [--writer-threads 1] [--writer-events 200000]
//                [--store N] [--group 8000] [--seconds S] [--views] [--verify] [--reopen]
//
// First groups of several sizes, each on a ledger of its own, then writers of one event each (`--groups none`,
// `--writers 0`: not). `--store N` loads a ledger with N events and asks it what a small one cannot tell: single
// writers again, `--verify` scan and verify, memory and disk, `--reopen` how long opening takes after a clean stop and after
// a kill, and at the end `--seconds S` without a pause. `--views`: all views fold beside. One thread prepares, one is the sequencer.

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/flags.h"
#include "bench/ingest_runs.h"
#include "bench/machine.h"
#include "bench/temporary_directory.h"

namespace daybook::bench {
namespace {

IngestRig::Options options_of(const std::string& directory, std::size_t group, bool views) {
  IngestRig::Options options;
  options.directory = directory;
  options.views = views;
  options.queue_bytes = group * 300 * 3 + (8u << 20);
  return options;
}

void run_groups(const std::string& parent, std::size_t events, std::size_t group, bool views) {
  const TemporaryDirectory temporary(parent);
  IngestRig rig(options_of(temporary.path() + "/ledger", group, views));
  const std::uint64_t bytes_before = rig.ledger().log().disk_bytes();
  const std::uint64_t half = events / group / 2 * group;
  std::uint64_t taken = 0;
  std::uint64_t warm_events = 0;
  IngestRig::Used warm;
  Latencies latencies;
  const IngestRig::Used before = rig.sequencer();
  const double cpu_before = own_cpu_seconds();
  const Steady::time_point begun = Steady::now();
  rig.ingest(0, group, [&](std::uint64_t sent) { return sent < events; },
             [&](std::uint64_t count, double micros) {
               taken += count;
               latencies.add(micros);
               if (warm_events == 0 && taken > half) {
                 warm_events = taken;
                 warm = rig.sequencer();
               }
             });
  const double seconds = seconds_since(begun);
  const auto count = static_cast<double>(taken);
  const double cpu_nanos = (own_cpu_seconds() - cpu_before) / count * 1e9;
  const IngestRig::Used after = rig.sequencer();
  const double sequencer_nanos = (after.cpu_seconds - before.cpu_seconds) / count * 1e9;
  const double allocations = static_cast<double>(after.allocations - warm.allocations) /
                             static_cast<double>(taken - warm_events + 1);
  const double bytes = static_cast<double>(rig.ledger().log().disk_bytes() - bytes_before) / count;
  std::printf("groups of %5zu: %9.0f events/s, %.0f ns of processor an event (sequencer %.0f), log %.1f bytes an event, "
              "%.4f allocations an event in the sequencer\n"
              "                 a group to its acknowledgement, three under way: %s\n",
              group, count / seconds, cpu_nanos, sequencer_nanos, bytes, allocations,
              shown(latencies.percentiles()).c_str());
  std::fflush(stdout);
  const std::string name = "ingest." + std::to_string(group);
  figure(name + ".per_second", count / seconds);
  figure(name + ".cpu_ns", cpu_nanos);
  figure(name + ".sequencer_ns", sequencer_nanos);
  figure(name + ".log_bytes", bytes);
  figure(name + ".allocations", allocations);
  figure(name + ".p99_ms", latencies.percentiles().p99 / 1e3);
}

int run(Flags flags) {
  Store store;
  const std::string fill = flags.text("--fill", "");  // what `--reopen` starts to kill
  const std::string directory = flags.text("--directory", std::filesystem::temp_directory_path());
  const std::uint64_t events = flags.number("--events", 2'000'000);
  const std::vector<std::size_t> groups = flags.numbers("--groups", {100, 1'000, 8'000});
  store.writers.writers = static_cast<unsigned>(flags.number("--writers", 64));
  store.writers.threads = static_cast<unsigned>(flags.number("--writer-threads", 1));
  store.writers.events = flags.number("--writer-events", 200'000);
  store.events = flags.number("--store", 0);
  store.seconds = flags.number("--seconds", 0);
  store.group = flags.number("--group", 8'000);
  store.views = flags.given("--views");
  store.verify = flags.given("--verify");
  store.reopen = flags.given("--reopen");
  flags.end();
  if (!fill.empty()) fill_until_killed(options_of(fill, store.group, store.views), store.group);
  print_machine(directory);
  std::printf("durable: %s\nevents a run: %llu, each on an empty ledger\n", durability(),
              static_cast<unsigned long long>(events));
  for (const std::size_t group : groups) run_groups(directory, events / group * group, group, store.views);
  if (store.writers.writers > 0) {
    const TemporaryDirectory temporary(directory);
    IngestRig rig(options_of(temporary.path() + "/ledger", 1, store.views));
    run_writers(rig, store.writers, "ingest.single");
  }
  if (store.events > 0) run_store(directory, store);
  return 0;
}

}  // namespace
}  // namespace daybook::bench

int main(int count, char** words) { return daybook::bench::run_main(count, words, daybook::bench::run); }
