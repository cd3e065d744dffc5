#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/seams.h"
#include "projections/engine.h"

namespace daybook::server {

/// A ledger with its views and the threads that drive them: what the daemon, the demonstration and the
/// commands that work on a directory have in common.
///
///   sequencer   commit_group, whenever something is queued
///   projector   folds the log into views
///   keeper      freezes identity runs, checkpoints, and every second performs what the system clock made due
class LedgerHost {
 public:
  struct Options {
    engine::LedgerOptions ledger;
    bool performs_due_work = true;  ///< system clock: the keeper runs what falls due
  };
  using Opened = tl::expected<std::unique_ptr<LedgerHost>, log::OpenError>;

  [[nodiscard]] static Opened open(const Options& options);
  /// Finishes what is queued, folds and checkpoints everything, stops the threads.
  ~LedgerHost();
  LedgerHost(const LedgerHost&) = delete;
  LedgerHost& operator=(const LedgerHost&) = delete;

  [[nodiscard]] engine::Ledger& ledger() { return *ledger_; }
  [[nodiscard]] projections::Projections& views() { return *views_; }
  [[nodiscard]] log::Rng& rng() { return rng_; }
  /// Views have been folded up to what the log held when it was opened.
  [[nodiscard]] bool ready() const { return ready_.load(); }
  /// Stops taking submissions and completes those that are queued.
  void drain();

 private:
  class ViewHistory;
  LedgerHost() = default;
  void sequence();
  void project();
  void keep();

  log::SystemClock clock_;
  log::SystemRng rng_;
  Options options_;
  std::unique_ptr<engine::Ledger> ledger_;
  std::unique_ptr<projections::Projections> views_;
  std::unique_ptr<ViewHistory> history_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> ready_{false};
  std::mutex mutex_;
  std::condition_variable committed_;
  std::condition_variable stop_;
  log::Position committed_position_ = 0;
  std::thread sequencer_;
  std::thread projector_;
  std::thread keeper_;
};

}  // namespace daybook::server
