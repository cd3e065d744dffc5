#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "ledger/engine/ledger.h"
#include "ledger/log/clock.h"
#include "ledger/log/rng.h"
#include "projections/engine.h"
#include "tests/simulation/script.h"
#include "tests/simulation/sim_env.h"
#include "tests/simulation/sim_fs.h"

namespace daybook::simulation {

/// This life is over: the power is gone, or the process would have ended with 74.
struct Died {};

/// A machine with a disk and one ledger on it.
class World {
 public:
  World(const Setup& setup, std::uint64_t seed);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Opens the ledger, and its views where there are some. Throws what the product throws. Errors as Ledger::open.
  [[nodiscard]] tl::expected<void, log::OpenError> open();
  /// Shuts down properly.
  void close();
  /// Ends the process where it stands, then comes up with what `loss` leaves.
  void crash(Loss loss);
  /// DIR/views is gone. The ledger is closed.
  void remove_views();

  [[nodiscard]] engine::Ledger& ledger() { return *ledger_; }
  [[nodiscard]] bool is_open() const { return ledger_ != nullptr; }
  [[nodiscard]] SimFS& files() { return *files_; }
  /// Housekeeping comes between the decision on the next group and its writing.
  void keep_meanwhile();
  /// Waits until no database works in the background.
  void wait_until_idle();
  /// All background work was waited for.
  [[nodiscard]] bool is_repeatable() const { return !log_worker_.gave_up() && !views_worker_.gave_up(); }
  /// The process would have ended with 74.
  [[nodiscard]] bool stopped() const { return stopped_.load(); }
  void fold();
  /// Everything in views/ that follows from the log: rows of the books, state hashes of views.
  [[nodiscard]] std::map<std::string, std::string> derived();

 private:
  class ViewHistory;
  void let_go();
  [[nodiscard]] log::MakeEnvironment environment();

  Setup setup_;
  std::shared_ptr<SimFS> files_;  // shared with RocksDB
  Worker log_worker_;
  Worker views_worker_;
  std::atomic<bool> in_log_write_{false};  ///< the log's background work may wait for the write in hand
  std::shared_ptr<SimClock> storage_clock_;
  log::ManualClock clock_;
  log::SeededRng rng_;
  log::SeededRng losses_;
  std::atomic<bool> stopped_{false};
  std::unique_ptr<engine::History> history_;
  std::unique_ptr<engine::Ledger> ledger_;
  std::unique_ptr<projections::Projections> views_;
};

}  // namespace daybook::simulation
