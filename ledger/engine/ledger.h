#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "ledger/codec/seal.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/engine/caller.h"
#include "ledger/engine/fact_batch.h"
#include "ledger/engine/stream_directory.h"
#include "ledger/log/log.h"
#include "ledger/log/seams.h"

namespace daybook::engine {

class Books;

/// Whose clock counts.
enum class ClockMode : std::uint8_t {
  System,  ///< the wall clock, never going back behind what is recorded
  Manual,  ///< part of the log: 1970 until `AdvanceClock` moves it
};

struct LedgerOptions {
  log::Options log;
  ClockMode clock = ClockMode::System;
  std::size_t queue_bytes = 64u << 20;      ///< waiting submissions; more are refused with OVERLOADED
  std::size_t identity_tail_keys = 1u << 21;
  /// Rows of the books that wait for a checkpoint while a long log is folded at the opening; from so many on one is
  /// written.
  std::size_t unwritten_rows = 200'000;
  unsigned planning_threads = 0;            ///< of billing runs, and for reading the log again; 0: the thread that asked does it all
  /// How much of the log that no checkpoint covers has been read again at the opening; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> opening_progress = {};
};

/// Where billing runs read from: state and usage at one position, kept by projections.
class History {
 public:
  virtual ~History() = default;
  /// Waits until views have folded `position`. Errors: NOT_YET_VISIBLE where they do not get there.
  [[nodiscard]] virtual Result<void> wait_for(log::Position position) = 0;
  [[nodiscard]] virtual std::unique_ptr<StateReader> state_at(log::Position position) = 0;
  [[nodiscard]] virtual std::unique_ptr<UsageSource> usage() = 0;
};

/// A wish, and who wishes it.
struct CommandRequest {
  CommandData command;
  Caller caller;
  std::string idempotency_key;     ///< empty: none (the ledger's own)
  std::string digest;              ///< SHA-256 of path and body, where there is a key
  std::optional<std::uint32_t> expected_version;  ///< If-Match
  std::string new_key_id;          ///< CreateKey
  std::vector<std::byte> new_secret_hash;  ///< CreateKey
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< of long commands; may be empty
};

/// What a command made happen. Its events are those of `correlation`: `count` of them, the first at `first`,
/// the last at `last`; a long command's may have others between them.
struct CommandAnswer {
  log::Position position = 0;  ///< newest position when it was through
  log::Position first = 0;
  log::Position last = 0;
  std::uint64_t count = 0;
  std::string correlation;
  std::vector<Alarm> alarms;
  bool replayed = false;  ///< the key was known: this is the first answer again
  std::string job_id;     ///< RequestExport: the job, also where there was nothing to do
};

/// Submissions that wait to be decided.
struct QueueLength {
  std::size_t submissions = 0;
  std::size_t bytes = 0;
};

/// The ledger: one log, the books beside it, and the one order in which everything happens.
///
/// Deterministic, and without threads of its own but those of `planning_threads`, on which nothing depends. `prepare` and all reads may be called from any thread;
/// `submit` and `execute` queue work; one thread calls `commit_group`, which decides, writes, syncs, witnesses
/// and only then completes what was queued. Without such a thread `execute` and `ingest` run it themselves.
class Ledger {
 public:
  using Opened = tl::expected<std::unique_ptr<Ledger>, log::OpenError>;
  [[nodiscard]] static Opened open(const LedgerOptions& options, const log::Seams& seams);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Billing runs need it; set once, before the first command.
  void set_history(History* history);
  /// Called on the sequencer's thread after every durable group, with the new head.
  void set_on_committed(std::function<void(log::Position)> on_committed);

  // Facts ------------------------------------------------------------------------------------------

  /// Adds `fact` to the batch: tenant and actor of the caller, defaults, event bytes, leaf, identity. Any thread;
  /// one batch belongs to one thread until it is submitted. A refusal becomes the fact's outcome. `envelope` must
  /// have source and id, and a time unless `time_from_clock`. What needs no state was checked before
  /// (codec::CloudEventStream).
  void prepare(FactBatch& batch, Event&& fact) const;
  /// Adds an already refused fact (a line that could not be read), so that indices stay those of the body.
  void prepare_refused(FactBatch& batch, Error error) const;
  /// Ends the batch: looks its identities up in the runs, off the sequencer.
  void finish_preparing(FactBatch& batch) const;

  /// Queues the batch; `done` is called on the sequencer's thread, after the witness, and gets it back.
  /// Errors: OVERLOADED; INSUFFICIENT_STORAGE; BODY_TOO_LARGE for more than a group holds.
  [[nodiscard]] Result<void> submit(std::unique_ptr<FactBatch> batch,
                                    std::function<void(std::unique_ptr<FactBatch>)> done);
  /// `submit` and wait.
  [[nodiscard]] Result<std::unique_ptr<FactBatch>> ingest(std::unique_ptr<FactBatch> batch);

  /// Which of these (source, id) are recorded: their positions, 0 for none. `tenant` of the asking key.
  [[nodiscard]] Result<std::vector<log::Position>> lookup(
      std::string_view tenant, std::span<const std::pair<std::string, std::string>> identities) const;

  // Commands ---------------------------------------------------------------------------------------

  /// Performs `request` and waits for it; runs may take long. Errors: those of the command; IDEMPOTENCY_KEY_REUSED,
  /// REQUEST_IN_PROGRESS, VERSION_CONFLICT, OVERLOADED, INSUFFICIENT_STORAGE.
  [[nodiscard]] Result<CommandAnswer> execute(const CommandRequest& request);

  /// What the system clock makes due, done by the ledger itself. Nothing to do for a manual clock.
  [[nodiscard]] Result<void> tick();

  // The sequencer ----------------------------------------------------------------------------------

  /// Takes what is queued, writes one group, completes it. False when nothing was queued.
  bool commit_group();
  /// Waits up to `micros` for something to be queued.
  bool wait_for_work(std::int64_t micros);
  /// What waits for the sequencer now. Any thread.
  [[nodiscard]] QueueLength queue_length() const;

  /// Bytes of memory that the index of identities takes: filters, fences and what no run holds yet. Any thread.
  [[nodiscard]] std::uint64_t identities_bytes() const;
  /// Says that a thread calls `commit_group`: `execute` and `ingest` then wait for it instead of doing it.
  void set_sequenced(bool sequenced);
  /// No further submissions; wakes `wait_for_work`.
  void close();

  // Housekeeping, one background thread ------------------------------------------------------------

  /// Freezes and merges identity runs, saves the tree, writes the books' changes. Cheap when there is nothing.
  [[nodiscard]] Result<void> maintain(bool all = false);

  // Reading ----------------------------------------------------------------------------------------

  [[nodiscard]] log::Log& log() const;
  [[nodiscard]] codec::Sealer& sealer() const;
  /// The ledger's clock.
  [[nodiscard]] Instant now() const;
  [[nodiscard]] ClockMode clock_mode() const;
  /// Looks at the books (the newest state), which stand still meanwhile. Keep it short.
  void read_books(const std::function<void(const StateReader&)>& look) const;
  /// Number and version of a stream; version 0 where there is none.
  [[nodiscard]] StreamNumber stream_number(StreamType type, std::string_view id) const;
  [[nodiscard]] std::uint32_t stream_version(StreamType type, std::string_view id) const;
  [[nodiscard]] StreamDirectory::Stream stream(StreamNumber number) const;

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace daybook::engine
