#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/ingest_rig.h"
#include "bench/latencies.h"

/// The parts of bench_ingest.
namespace daybook::bench {

/// Writers that wait for the acknowledgement of each event before they send the next.
struct Writers {
  unsigned writers = 64;
  unsigned threads = 1;  ///< that all of them share, as the connections of a server share its threads
  std::uint64_t events = 200'000;
};
void run_writers(IngestRig& rig, const Writers& writers, const std::string& name);

/// What is asked of a large store.
struct Store {
  std::uint64_t events = 0;    ///< loaded first
  std::uint64_t seconds = 0;   ///< taken in without a pause, at the end
  std::size_t group = 8'000;
  bool views = false;          ///< folding beside, all the time
  bool verify = false;         ///< scan and verify the whole log
  bool reopen = false;         ///< after a clean stop, and after a kill
  Writers writers;             ///< 0 of them: none
};
/// On a ledger of its own below `parent`.
void run_store(const std::string& parent, const Store& store);

/// Takes in groups until it is killed, saying after each million how many: for `reopen`. Never returns.
[[noreturn]] void fill_until_killed(const IngestRig::Options& options, std::size_t group);

}  // namespace daybook::bench
