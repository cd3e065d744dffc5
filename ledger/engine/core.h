#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "ledger/codec/key_store.h"
#include "ledger/engine/admission_cache.h"
#include "ledger/engine/body_index.h"
#include "ledger/engine/books.h"
#include "ledger/engine/group.h"
#include "ledger/engine/identity.h"
#include "ledger/engine/ledger.h"
#include "ledger/engine/logins.h"
#include "ledger/engine/origins.h"
#include "ledger/engine/stream_directory.h"

/// What the parts of the engine share. Nothing outside `ledger/engine` includes this.
namespace daybook::engine {

/// The family of the books. Those that other rules folded are dropped: what follows is folded from the whole log. Errors:
/// those of Views.
[[nodiscard]] Result<log::Family> open_books(log::Views& views);

/// Everything that the newest state consists of, in memory. The sequencer changes it under `mutex`, others
/// read it under a shared lock.
struct Core {
  LedgerOptions options;
  log::Seams seams;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<codec::KeyStore> keys;
  std::unique_ptr<log::SortedRuns> identities;
  log::Family books_family;

  mutable std::shared_mutex mutex;
  Books books;
  StreamDirectory directory;
  std::vector<log::Position> last_positions;  ///< by stream number - 1: of its newest event
  std::unordered_set<StreamNumber> explicit_usage_ids;  ///< usage streams with rows whose usageId is not their id
  std::set<std::string, std::less<>> usage_sources;  ///< of all usage: where a correction may find its row (R-66)
  std::vector<std::string> new_usage_sources;        ///< since the last checkpoint
  std::string last_usage_source;                     ///< nearly always the next one's too
  Logins logins;
  std::vector<StreamNumber> changed_streams;  ///< since the last checkpoint; may repeat
  log::Position checkpoint = 0;               ///< the books on disk are those of this position
  /// A copy of what changed up to a position, until the log has recorded that far.
  struct Snapshot {
    log::Position position;
    std::vector<Books::Change> changes;
  };
  std::optional<Snapshot> snapshot;           ///< housekeeping's own

  Group group{directory};
  BodyIndex body;
  struct Identified {
    std::uint64_t key;
    log::Position position;
  };
  struct Noted {
    StreamNumber stream;
    log::Position position;  ///< of its newest event before the body
  };
  std::vector<Noted> body_noted;            ///< of the body in hand, to take back what a refused one noted
  std::size_t changed_before_body = 0;      ///< entries of changed_streams
  std::size_t sources_before_body = 0;      ///< entries of new_usage_sources
  std::vector<StreamNumber> body_explicit;  ///< streams that the body in hand added to explicit_usage_ids
  std::vector<std::string> body_erasures;   ///< references of keys that go once the body in hand is durable
  std::vector<std::string> group_erasures;  ///< the same of the accepted bodies of the group
  bool forgetting = false;  ///< the books are to be emptied of erased people when the group's keys are gone
  std::atomic<bool> erasing{false};  ///< from a group's decision until its keys are gone: no checkpoint between
  std::optional<Origins> origins;        ///< of what was taken over from another log; nothing: not read yet
  std::optional<Origins> origins_before_body;
  std::vector<Identified> identified;  ///< of the body in hand: added to the index once it is accepted
  AdmissionCache admission;
  codec::Buffer scratch;
  std::atomic<std::int64_t> clock_micros{0};  ///< manual clock; 0 stands for 1970
  std::mutex rng_mutex;                       ///< seams.rng is not thread-safe

  explicit Core(log::Family family) : books_family(std::move(family)) {}

  [[nodiscard]] Instant now() const;
  [[nodiscard]] std::string new_uuid();
  /// The bytes of the event at `position`, in the group being filled or in the log. NOT_FOUND where neither has it.
  [[nodiscard]] Result<std::vector<std::byte>> event_bytes(log::Position position) const;
  /// Shows the events from a position on: what lies in the group being filled, else in the log.
  [[nodiscard]] Result<void> events_from(log::Position from, const codec::LookAtEvent& look) const;
  /// Begins a body; then keeps what it did, or takes it back.
  void begin_body(std::size_t facts);
  void accept_body();
  void refuse_body(const Group::Savepoint& savepoint);
  /// Notes the keys that go with this event (EML-6, EraseSubject).
  void note_erasure(const EventData& data);
  /// Destroys the keys noted by accepted bodies, and empties what the books hold of their subjects. A failure ends
  /// the process; whoever opens the ledger next does it then (`recover`).
  void erase_noted();
  /// Keys could not be written: the outcome is unknown. Ends the process.
  [[noreturn]] void keys_failed(const char* operation, const Error& error) const;
  /// Notes that a stream got an event.
  void note_usage_source(std::string_view source);
  /// Notes that a row of this usage stream has a usageId of its own.
  void note_explicit_usage_id(StreamNumber stream);
  void note_event(StreamNumber stream, log::Position position);
  /// Where the events stand that were taken over from another log: read from the log when first asked for.
  [[nodiscard]] Origins& origins_here();
  void note_origin(std::uint64_t origin, log::Position position);
  /// Reads books and directory back from views/ and folds what the log has beyond them, identities too.
  [[nodiscard]] Result<void> recover();
  /// Writes what changed in books and directory since the last time. Copies under the lock, writes without. What is not
  /// recorded yet waits for the next call: a checkpoint is never ahead of the log.
  [[nodiscard]] Result<void> write_checkpoint();

 private:
  [[nodiscard]] bool take_snapshot();
  [[nodiscard]] Result<void> write_snapshot();
};

}  // namespace daybook::engine
