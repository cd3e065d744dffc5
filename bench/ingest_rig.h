#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ledger/engine/ledger.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"
#include "projections/engine.h"
#include "projections/runner.h"

namespace daybook::bench {

/// A ledger that takes in usage, driven as a daemon drives it but without HTTP: a sequencer's thread, housekeeping once
/// a second, on request all views folding beside. A new one begins with an account, its subscriptions and their
/// prices; after them usage number n (usage.h) lies at `position_of(n)`.
class IngestRig {
 public:
  struct Options {
    std::string directory;  ///< of the ledger
    bool views = false;
    std::size_t queue_bytes = 64u << 20;
    std::size_t identity_tail_keys = engine::LedgerOptions{}.identity_tail_keys;
  };

  /// Opens it. Throws std::runtime_error with the reason where it cannot.
  explicit IngestRig(const Options& options);
  /// A clean stop: what is queued is recorded, views catch up, everything is written.
  ~IngestRig();
  IngestRig(const IngestRig&) = delete;
  IngestRig& operator=(const IngestRig&) = delete;

  [[nodiscard]] engine::Ledger& ledger() { return *ledger_; }
  [[nodiscard]] projections::Projections* views() { return views_.get(); }

  [[nodiscard]] static log::Position position_of(std::uint64_t usage_number);
  /// The first usage that is not recorded.
  [[nodiscard]] std::uint64_t next_usage() const;

  /// What the sequencer's thread has used so far.
  struct Used {
    double cpu_seconds = 0;
    std::uint64_t allocations = 0;
  };
  [[nodiscard]] Used sequencer() const;

  /// Records usage from number `first` on, made ready by the calling thread in groups of `group`, three under way, as
  /// long as `more` says of the number sent so far. `acknowledged` is called on the sequencer's thread for each group with
  /// the microseconds since it was submitted. Returns, when all is acknowledged, how many.
  using Acknowledged = std::function<void(std::uint64_t events, double micros)>;
  std::uint64_t ingest(std::uint64_t first, std::size_t group, const std::function<bool(std::uint64_t)>& more,
                       const Acknowledged& acknowledged = {});
  void ingest(std::uint64_t first, std::size_t group, std::uint64_t events) {
    ingest(first, group, [events](std::uint64_t sent) { return sent < events; });
  }

  /// A batch of these events, ready to be submitted.
  [[nodiscard]] std::unique_ptr<engine::FactBatch> prepared(std::uint64_t first, std::size_t count) const;

 private:
  void set_up();
  void sequence();
  void keep();

  log::SystemClock clock_;
  log::SystemRng rng_;
  std::unique_ptr<engine::Ledger> ledger_;
  std::unique_ptr<projections::Projections> views_;
  std::unique_ptr<projections::Runner> runner_;
  std::atomic<std::int64_t> sequencer_nanos_{0};
  std::atomic<std::uint64_t> sequencer_allocations_{0};
  std::atomic<bool> sequencing_{true};
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread sequencer_;
  std::thread keeper_;
};

/// What stands behind an acknowledgement, for the head of a report.
[[nodiscard]] const char* durability();

}  // namespace daybook::bench
