#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "ledger/engine/ledger.h"
#include "ledger/log/seams.h"
#include "projections/engine.h"
#include "projections/runner.h"
#include "server/app/commit_signal.h"
#include "server/app/disk_room.h"
#include "server/app/key_uses.h"
#include "server/app/memory_watch.h"
#include "server/app/scrubber.h"
#include "server/app/shared_rng.h"

namespace daybook::server {

/// A ledger with its views and the threads that drive them: what the daemon, the demonstration and the
/// commands that work on a directory have in common.
///
///   sequencer   commit_group, whenever something is queued
///   runner      folds the log into views, a thread for each
///   keeper      freezes identity runs, checkpoints, and every second performs what the system clock made due
class LedgerHost {
 public:
  struct Options {
    engine::LedgerOptions ledger;
    std::vector<projections::Projection> more_views = {};  ///< beside those that every ledger has
    std::shared_ptr<DiskRoom> room = {};  ///< null: what comes is written until the disk is full
  };
  using Opened = tl::expected<std::unique_ptr<LedgerHost>, log::OpenError>;

  [[nodiscard]] static Opened open(const Options& options);
  /// Finishes what is queued, folds and checkpoints everything, stops the threads.
  ~LedgerHost();
  LedgerHost(const LedgerHost&) = delete;
  LedgerHost& operator=(const LedgerHost&) = delete;

  [[nodiscard]] engine::Ledger& ledger() { return *ledger_; }
  [[nodiscard]] projections::Projections& views() { return *views_; }
  /// For any thread.
  [[nodiscard]] log::Rng& rng() { return rng_; }
  [[nodiscard]] KeyUses& key_uses() { return key_uses_; }
  /// Who waits for new events.
  [[nodiscard]] CommitSignal& committed() { return committed_; }
  /// System clock: from now on the keeper performs what falls due.
  void perform_due_work() { performs_due_work_.store(true); }
  /// From now on what lies on the disk is read again, all of it once in `every`. Once, before anybody is served.
  void scrub(std::chrono::hours every) { scrubber_.emplace(ledger_->log(), rng_, clock_, every); }
  /// What was found so; none where it is not done.
  [[nodiscard]] std::optional<Scrubber::Standing> scrubbed() const {
    return scrubber_ ? std::optional(scrubber_->standing()) : std::nullopt;
  }
  /// From now on it is watched how much memory the process takes. Once, before anybody is served.
  void watch_memory(std::uint64_t most_bytes) { memory_.emplace(most_bytes, std::chrono::milliseconds(250)); }
  /// Null: nobody watches.
  [[nodiscard]] const MemoryWatch* memory() const { return memory_ ? &*memory_ : nullptr; }
  /// How many questions wait now for a position that is not recorded yet.
  [[nodiscard]] std::atomic<unsigned>& speculative_waits() { return speculative_waits_; }
  /// Views have been folded up to what the log held when it was opened.
  [[nodiscard]] bool ready() const { return views_->position() >= opened_at_; }
  /// Whether a read has found the log damaged: from then on nothing is recorded (reliability.md, class 6).
  [[nodiscard]] bool is_damaged() const { return ledger_->log().damage().has_value(); }
  /// The newest position when it was opened, and when that was.
  [[nodiscard]] log::Position opened_at() const { return opened_at_; }
  [[nodiscard]] std::chrono::steady_clock::time_point opened() const { return opened_; }
  /// State as of a position that views have folded, personal values opened. Errors of reading are thrown as
  /// projections::UnreadableView.
  [[nodiscard]] std::unique_ptr<StateReader> state_at(log::Position position) const;
  [[nodiscard]] std::unique_ptr<UsageSource> usage() const;
  /// Runs `work` on the sequencer's thread between two commit groups and waits for it: nothing is appended and no key
  /// destroyed meanwhile. Keep it short. Any other thread. Errors: OVERLOADED once the ledger stops.
  [[nodiscard]] Result<void> between_groups(std::function<void()> work);
  /// Stops taking submissions and completes those that are queued: when it returns, nobody who waits for the ledger
  /// will be called any more. Any thread but the ledger's own; repeatable.
  void drain();

 private:
  class ViewHistory;
  LedgerHost() = default;
  void sequence();
  void run_between_groups();
  void keep();

  log::SystemClock clock_;
  SharedRng rng_;
  Options options_;
  CommitSignal committed_;
  std::unique_ptr<engine::Ledger> ledger_;
  std::unique_ptr<projections::Projections> views_;
  std::unique_ptr<ViewHistory> history_;
  std::unique_ptr<projections::Runner> runner_;
  KeyUses key_uses_;
  std::optional<Scrubber> scrubber_;
  std::optional<MemoryWatch> memory_;
  log::Position opened_at_ = 0;
  std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
  std::atomic<bool> sequencing_{true};
  std::mutex drain_mutex_;
  std::mutex between_mutex_;
  std::vector<std::packaged_task<void()>> between_;  ///< what waits for the end of a group
  bool sequencer_ended_ = false;
  std::atomic<bool> performs_due_work_{false};
  std::atomic<unsigned> speculative_waits_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable stop_;
  std::thread sequencer_;
  std::thread keeper_;
};

}  // namespace daybook::server
