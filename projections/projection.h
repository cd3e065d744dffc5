#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/event_types.h"
#include "ledger/log/log.h"
#include "ledger/log/views.h"
#include "projections/live_rows.h"
#include "projections/rows.h"

namespace daybook::projections {

/// Bits of `types` in a frame's type mask.
[[nodiscard]] constexpr std::uint64_t type_mask(std::initializer_list<EventType> types) {
  std::uint64_t mask = 0;
  for (EventType type : types) mask |= log::type_bit(static_cast<std::uint16_t>(type));
  return mask;
}

/// The pure fold of one view: events in the order of positions to changes of rows.
///
/// A batch goes through two steps, each of which may run on several threads. First the log is
/// scanned in pieces and every record is *taken* into the piece's intake: decoded, routed to its
/// lane. Then every lane is *folded* by one owner, over all pieces in their order. What comes out
/// may depend on nothing but the events: neither on how they were cut into batches nor on the
/// number of lanes or threads.
///
/// A fold keeps what it likes in memory between batches of which none was dropped; after a batch
/// that failed, the fold is thrown away and a new one made.
class Fold {
 public:
  virtual ~Fold() = default;

  /// What one thread took from one piece of a batch.
  class Intake {
   public:
    virtual ~Intake() = default;
    /// Of events that it holds whole: what bounds a batch beside their number.
    [[nodiscard]] virtual std::size_t bytes() const { return 0; }
  };

  [[nodiscard]] virtual std::size_t lanes() const = 0;
  /// For a piece that the thread `worker` takes, the first of which is 0. No two threads of a batch have one number, so what
  /// pieces of one thread share needs no lock.
  [[nodiscard]] virtual std::unique_ptr<Intake> intake(unsigned worker) = 0;
  /// `record` is valid during the call alone. Any thread, each with an intake of its own.
  /// Throws InvariantBroken for an event that cannot be folded.
  virtual void take(const log::RecordView& record, Intake& intake) const = 0;
  /// Folds what `pieces` hold for `lane`. Says by `rows.at` where it is. Lanes may run side by
  /// side. Throws InvariantBroken for an event that cannot be folded.
  virtual void fold(std::size_t lane, std::span<const std::unique_ptr<Intake>> pieces,
                    Rows& rows) = 0;
  /// The batch is committed and visible. Not called for a batch that was dropped.
  virtual void committed() {}
};

/// A fold of one lane that looks at whole events, one after the other.
class SimpleFold : public Fold {
 public:
  [[nodiscard]] std::size_t lanes() const final { return 1; }
  [[nodiscard]] std::unique_ptr<Intake> intake(unsigned worker) final;
  void take(const log::RecordView& record, Intake& intake) const final;
  void fold(std::size_t lane, std::span<const std::unique_ptr<Intake>> pieces, Rows& rows) final;

 protected:
  /// Whether the fold looks at this record; of the projection's types already.
  [[nodiscard]] virtual bool wants(const log::RecordView&) const { return true; }
  virtual void apply(const log::RecordView& record, Rows& rows) = 0;
  virtual void finish(Rows&) {}
};

/// Where a fold stands.
struct FoldPlace {
  const log::Log* log;
  log::Family family;  ///< of its own rows
  /// The rows of a projection named in `reads`. They may be ahead of the event that is folded: read
  /// them as of its position.
  std::function<std::shared_ptr<const LiveRows>(std::string_view)> other;
  /// How far that projection is: no event after it is folded by one that reads it.
  std::function<Position(std::string_view)> reached;
  std::size_t lanes = 64;
  /// How many rows a fold may keep in memory from batch to batch so that it need not read them, in all its lanes together:
  /// of usage some 35 MB. Changes nothing in any row.
  static constexpr std::size_t kKept = 262'144;
  std::size_t kept = kKept;
};

/// A view: its name and version, what feeds it, and how.
struct Projection {
  std::string name;
  int version = 1;  ///< another fold or another form of rows: another version
  std::uint64_t types =
      0;  ///< mask of the events that concern it; frames without them are not decoded
  std::vector<std::string> reads = {};  ///< projections, declared before, whose rows its fold reads
  std::function<std::unique_ptr<Fold>(const FoldPlace&)> make;
};

/// The first byte of every key of a view's rows stays below this; what lies above belongs to the
/// engine.
inline constexpr char kEngineRows = '\xff';

}  // namespace daybook::projections
