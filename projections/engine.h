#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/log/log.h"
#include "ledger/log/views.h"
#include "projections/batch.h"
#include "projections/live_rows.h"
#include "projections/projection.h"

namespace daybook::projections {

enum class ProjectionState : std::uint8_t { Live, Rebuilding, Halted };
[[nodiscard]] std::string_view name(ProjectionState state);

/// What `GET /v1/projections` shows of a view.
struct ProjectionStatus {
  std::string name;
  int version = 1;
  Position position = 0;   ///< last event folded
  std::uint64_t lag = 0;   ///< events of the log after it
  std::string state_hash;  ///< 64 hex digits
  std::uint64_t logical_rows = 0;
  ProjectionState status = ProjectionState::Live;
  std::optional<Halt> error;  ///< where and why it stopped
};

/// The outcome of a rebuild beside the live version.
struct Rebuilt {
  std::string name;
  int version = 1;
  Position position = 0;  ///< both hashes are of this position
  std::string live_hash;
  std::string rebuilt_hash;
  std::optional<Halt> error;  ///< the rebuild itself met an event that it cannot fold
  [[nodiscard]] bool equal() const { return !error && live_hash == rebuilt_hash; }
};

/// All views of a ledger: folds the log into them, says how far they are, rebuilds them.
///
/// Owns no thread and no policy about threads: somebody calls `step` (see Runner). Families of
/// views/: `projection.NAME.vVERSION.GENERATION` for rows and checkpoint, `projections` for which
/// of them is live. A family that nothing points to is what a rebuild left unfinished, or an older
/// version: dropped at open.
class Projections {
 public:
  struct Options {
    std::size_t batch_events =
        512 * 1024;  ///< a batch is what arrived since the last one, at most this
    BatchOptions batch;
    std::size_t lanes = 64;  ///< of folds that have lanes; changes nothing in any row
    std::size_t kept = FoldPlace::kKept;  ///< see there
    /// Told when a view stops at an event that it cannot fold, and, without one, when it goes on after a `resume`. On the thread
    /// that folds; may ask for `status`.
    std::function<void(const std::string& name, const std::optional<Halt>& halt)> on_halt = {};
  };

  /// Opens every view where it stopped; a view that is new, has a new version, is ahead of the log,
  /// or belongs to another ledger begins from nothing. `log` and `views` outlive it. Errors: those
  /// of views.
  [[nodiscard]] static Result<std::unique_ptr<Projections>> open(
      const log::Log& log, log::Views& views, std::vector<Projection> projections,
      const Options& options);
  ~Projections();

  /// Folds the next batch of one view. True when it came further.
  bool step(std::string_view name);
  /// One batch of every view, with one scan of the log. True when any came further.
  bool step();
  /// Steps until every view that is not halted has folded what the log held at the call.
  void catch_up();

  /// The last event that the view has folded.
  [[nodiscard]] Position position(std::string_view name) const;
  /// Events of the log after that.
  [[nodiscard]] std::uint64_t lag(std::string_view name) const;
  /// The last event that every view has folded which is not halted: what any question can show.
  [[nodiscard]] Position position() const;
  /// Waits until `position()` is there. False after `patience`.
  [[nodiscard]] bool wait_for(Position position, std::chrono::milliseconds patience) const;
  [[nodiscard]] std::vector<ProjectionStatus> status() const;

  /// The rows of the live version. Holding it keeps them readable after a rebuild took their place.
  [[nodiscard]] std::shared_ptr<const LiveRows> rows(std::string_view name) const;

  /// Folds the whole log again beside the live version of each of `names` (empty: all), compares
  /// the hashes at the live version's position, and with `flip` lets the new rows take its place.
  /// May run beside `step`; one rebuild at a time. `progress` gets events folded so far and to be
  /// folded. Errors: those of views; BAD_QUERY for a name that is none.
  using Progress = std::function<void(Position done, Position total)>;
  [[nodiscard]] Result<std::vector<Rebuilt>> rebuild(const std::vector<std::string>& names,
                                                     bool flip, const Progress& progress = {});

  /// Lets a halted view try again, after what stopped it was mended.
  void resume(std::string_view name);

 private:
  struct Entry;
  Projections(const log::Log& log, log::Views& views, const Options& options);
  [[nodiscard]] Entry& entry(std::string_view name) const;
  [[nodiscard]] FoldPlace place(const log::Family& family) const;
  [[nodiscard]] Result<void> open_entry(Entry& entry, bool keep);
  [[nodiscard]] Result<void> point_at(const Entry& entry, std::string_view family);
  bool fold(std::vector<Entry*> entries);
  void publish(Entry& entry);
  struct Beside;
  [[nodiscard]] Result<std::unique_ptr<Beside>> begin_beside(Entry& entry) const;
  [[nodiscard]] Result<Rebuilt> end_beside(Beside& beside, bool flip);  // its entry is locked

  const log::Log& log_;
  log::Views& views_;
  Options options_;
  std::optional<log::Family> pointers_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::mutex rebuilding_;
  mutable std::mutex mutex_;  // of what is published
  mutable std::condition_variable came_further_;
};

}  // namespace daybook::projections
