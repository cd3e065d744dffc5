#include "ledger/engine/ledger.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "ledger/codec/event_view.h"
#include "ledger/domain/rules/is_run.h"
#include "ledger/engine/command_submission.h"
#include "ledger/engine/core.h"
#include "ledger/engine/erasure.h"
#include "ledger/engine/key_files.h"
#include "ledger/engine/fact_submission.h"
#include "ledger/engine/prepare_fact.h"
#include "ledger/engine/runs.h"
#include "ledger/log/canary.h"

namespace daybook::engine {
struct Ledger::State {
  explicit State(log::Family books) : core(std::move(books)), runs(core, [this](CommandStep step) {
    return run_step(std::move(step));
  }) {}

  Core core;
  Runs runs;
  std::function<void(log::Position)> on_committed;

  std::mutex queue_mutex;
  std::condition_variable queue_filled;
  std::deque<std::unique_ptr<Submission>> queue;
  std::size_t queued_bytes = 0;
  bool closed = false;
  std::atomic<bool> sequenced{false};
  std::mutex sequencer_mutex;  ///< where nobody else calls commit_group, callers do, one at a time
  std::mutex active_mutex;
  std::set<std::pair<std::string, std::string>> active_keys;

  [[nodiscard]] Result<void> enqueue(std::unique_ptr<Submission> submission);
  [[nodiscard]] Result<StepAnswer> run_step(CommandStep step);
  bool commit_group();
};

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::~Ledger() = default;

Ledger::Opened Ledger::open(const LedgerOptions& options, const log::Seams& seams) {
  log::Log::Opened opened = log::Log::open(options.log, seams);
  if (!opened) return tl::unexpected(opened.error());
  const auto damaged = [](const Error& error) {
    const log::ExitCode code = error.kind == ErrorKind::Internal   ? log::ExitCode::IoError
                               : error.kind == ErrorKind::NotFound ? log::ExitCode::HistoryLost
                                                                   : log::ExitCode::Corruption;
    return log::refuse(code, error.detail);
  };
  Result<log::Family> family = open_books(*(*opened)->views());
  if (!family) return damaged(family.error());

  auto state = std::make_unique<State>(std::move(*family));
  Core& core = state->core;
  core.options = options;
  core.seams = seams;
  core.log = std::move(*opened);
  Result<std::unique_ptr<codec::KeyStore>> keys = open_keys(*core.log, options.log);
  if (!keys) return damaged(keys.error());
  core.keys = std::move(*keys);
  log::SortedRuns::Options runs;
  runs.family = "identities";
  runs.tail_keys = options.identity_tail_keys;
  Result<std::unique_ptr<log::SortedRuns>> identities = log::SortedRuns::open(*core.log->views(), runs, *seams.rng);
  if (!identities) return damaged(identities.error());
  core.identities = std::move(*identities);
  if (Result<void> recovered = core.recover(); !recovered) return damaged(recovered.error());
  return std::unique_ptr<Ledger>(new Ledger(std::move(state)));
}

void Ledger::set_history(History* history) { state_->runs.set_history(history); }
void Ledger::set_on_committed(std::function<void(log::Position)> on_committed) {
  state_->on_committed = std::move(on_committed);
}

// Facts -----------------------------------------------------------------------------------------------

void Ledger::prepare(FactBatch& batch, Event&& fact) const { prepare_fact(state_->core, batch, std::move(fact)); }

void Ledger::prepare_refused(FactBatch& batch, Error error) const {
  batch.keys.push_back(0);
  batch.reject(batch.facts.emplace_back(), std::move(error));
}

void Ledger::finish_preparing(FactBatch& batch) const {
  Result<log::SortedRuns::Mark> mark = state_->core.identities->find_in_runs(batch.keys, batch.run_hits);
  if (!mark) throw InvariantBroken("the identity index cannot be read: " + mark.error().detail);
  batch.mark = *mark;
}

Result<void> Ledger::State::enqueue(std::unique_ptr<Submission> submission) {
  const std::size_t bytes = submission->raw_bytes();
  if (const std::optional<Error> damage = core.log->damage()) {
    return failed(ErrorKind::Corruption, "CORRUPTION",
                  "The log is damaged, so nothing more is recorded; nothing of this request was. The operator restores a backup, or salvages "
                  "what there is. What was found: " + damage->detail);
  }
  if (core.seams.room != nullptr) {
    if (Result<void> admitted = core.seams.room->admit(bytes); !admitted) return admitted;
  }
  {
    const std::lock_guard lock(queue_mutex);
    if (closed) return failed(ErrorKind::Unavailable, "OVERLOADED", "The ledger is stopping; try again when it is back.");
    if (queued_bytes + bytes > core.options.queue_bytes && !queue.empty()) {
      return failed(ErrorKind::Unavailable, "OVERLOADED",
                    "Too much is waiting to be recorded. Nothing of this request was; send it again shortly.");
    }
    queued_bytes += bytes;
    queue.push_back(std::move(submission));
  }
  queue_filled.notify_one();
  return {};
}

Result<void> Ledger::submit(std::unique_ptr<FactBatch> batch, std::function<void(std::unique_ptr<FactBatch>)> done) {
  auto submission = std::make_unique<FactSubmission>(std::move(batch), std::move(done));
  if (submission->raw_bytes() > log::kGroupBytesMax) {
    return rejected("BODY_TOO_LARGE", "The body holds more than can be recorded at once. Send it in smaller pieces.");
  }
  return state_->enqueue(std::move(submission));
}

Result<std::unique_ptr<FactBatch>> Ledger::ingest(std::unique_ptr<FactBatch> batch) {
  finish_preparing(*batch);
  std::promise<std::unique_ptr<FactBatch>> promise;
  std::future<std::unique_ptr<FactBatch>> future = promise.get_future();
  Result<void> queued = submit(std::move(batch), [&](std::unique_ptr<FactBatch> done) {
    promise.set_value(std::move(done));
  });
  if (!queued) return tl::unexpected(queued.error());
  while (!state_->sequenced.load() && future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    commit_group();
  }
  return future.get();
}

Result<std::vector<log::Position>> Ledger::lookup(
    std::string_view tenant, std::span<const std::pair<std::string, std::string>> identities) const {
  Core& core = state_->core;
  IdentityBytes bytes;
  std::vector<log::Position> positions;
  std::vector<log::Position> candidates;
  const log::Position head = core.log->position();
  for (const auto& [source, id] : identities) {
    candidates.clear();
    Result<void> found = core.identities->find(core.identities->hash(bytes.event(tenant, source, id)), candidates, 1, head);
    if (!found) return tl::unexpected(found.error());
    positions.push_back(0);
    for (const log::Position position : candidates) {
      Result<log::StoredRecord> record = core.log->read(position);
      if (!record) return tl::unexpected(record.error());
      const codec::EventView view(record->event);
      if (view.source() == source && view.id() == id && view.tenant() == tenant) {
        positions.back() = position;
        break;
      }
    }
  }
  return positions;
}

// Commands --------------------------------------------------------------------------------------------

Result<StepAnswer> Ledger::State::run_step(CommandStep step) {
  std::promise<Result<StepAnswer>> promise;
  std::future<Result<StepAnswer>> future = promise.get_future();
  static const CommandRequest kOwn;
  if (step.request == nullptr) step.request = &kOwn;
  Result<void> queued = enqueue(std::make_unique<CommandSubmission>(
      std::move(step), [&](Result<StepAnswer> answer) { promise.set_value(std::move(answer)); }));
  if (!queued) return tl::unexpected(queued.error());
  while (!sequenced.load() && future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    commit_group();
  }
  return future.get();
}

Result<CommandAnswer> Ledger::execute(const CommandRequest& request) {
  State& state = *state_;
  const std::pair<std::string, std::string> key{request.caller.idempotency_owner(), request.idempotency_key};
  if (!request.idempotency_key.empty()) {
    const std::lock_guard lock(state.active_mutex);
    if (!state.active_keys.insert(key).second) {
      return conflict("REQUEST_IN_PROGRESS", "A request with this Idempotency-Key is being performed. Ask again shortly.");
    }
  }
  const auto perform = [&]() -> Result<CommandAnswer> {
    if (is_run(request.command.type())) return state.runs.perform(request);
    if (Runs::is_rebill(request.command)) return state.runs.rebill(request);
    if (request.command.type() == CommandType::RequestExport) return state.runs.prepare_file(request);
    CommandStep step;
    step.request = &request;
    step.correlation = state.core.new_uuid();
    const std::string correlation = step.correlation;
    step.decide = [&request](Core& core, const DecisionContext& context) {
      const auto* erase = request.command.get_if<EraseSubject>();
      return erase != nullptr ? erase_subject(core.books, *core.keys, *erase, context) : handle(core.books, request.command, context);
    };
    Result<StepAnswer> done = state.run_step(std::move(step));
    if (!done) return tl::unexpected(done.error());
    if (done->replayed) return std::move(*done->replayed);
    return CommandAnswer{done->head, done->first, done->last, done->written, correlation, std::move(done->alarms), false, {}};
  };
  Result<CommandAnswer> answer = perform();
  if (!request.idempotency_key.empty()) {
    const std::lock_guard lock(state.active_mutex);
    state.active_keys.erase(key);
  }
  return answer;
}

Result<void> Ledger::tick() { return state_->runs.tick(); }

// The sequencer ---------------------------------------------------------------------------------------

bool Ledger::commit_group() { return state_->commit_group(); }

bool Ledger::State::commit_group() {
  const std::lock_guard sequencer(sequencer_mutex);
  std::vector<std::unique_ptr<Submission>> taken;
  std::optional<Instant> at;
  std::size_t bytes = 0;
  {
    const std::lock_guard lock(queue_mutex);
    while (!queue.empty()) {
      const std::size_t more = queue.front()->raw_bytes();
      const Instant wanted = queue.front()->at(core);
      if (!taken.empty() && (bytes + more > log::kGroupBytesMax || (wanted > *at && core.options.clock == ClockMode::Manual))) break;
      at = at ? std::max(*at, wanted) : wanted;
      bytes += more;
      queued_bytes -= more;
      taken.push_back(std::move(queue.front()));
      queue.pop_front();
    }
  }
  if (taken.empty()) return false;

  log::Position head = core.log->position();
  const Instant now = *at;
  {
    const std::unique_lock lock(core.mutex);
    core.group.begin(head);
    for (const std::unique_ptr<Submission>& submission : taken) submission->decide(core, now);
    core.books.set_position(head + core.group.records().size());
  }
  if (!core.group.empty()) {
    if (Result<void> synced = core.keys->sync(); !synced) core.keys_failed("sync", synced.error());
    if constexpr (log::kCanary == log::Canary::AcknowledgeAnyway) {
      try {
        core.log->append(core.group.records(), now.micros);
      } catch (const log::FailStopped&) {
      }
      head += core.group.records().size();
    } else {
      core.log->append(core.group.records(), now.micros);
      head = core.log->position();
    }
    core.identities->added_through(head);
    core.clock_micros.store(core.books.clock().now.micros, std::memory_order_release);
  }
  core.erase_noted();
  const std::int64_t recorded_at = core.log->head().recorded_at;
  // The one place that completes anything: after the witness.
  if (on_committed) on_committed(head);
  for (const std::unique_ptr<Submission>& submission : taken) submission->complete(head, recorded_at);
  return true;
}

std::uint64_t Ledger::identities_bytes() const { return state_->core.identities->memory_bytes(); }

QueueLength Ledger::queue_length() const {
  const std::lock_guard lock(state_->queue_mutex);
  return {state_->queue.size(), state_->queued_bytes};
}

bool Ledger::wait_for_work(std::int64_t micros) {
  std::unique_lock lock(state_->queue_mutex);
  return state_->queue_filled.wait_for(lock, std::chrono::microseconds(micros),
                                       [&] { return !state_->queue.empty() || state_->closed; }) &&
         !state_->queue.empty();
}

void Ledger::set_sequenced(bool sequenced) { state_->sequenced.store(sequenced); }

void Ledger::close() {
  {
    const std::lock_guard lock(state_->queue_mutex);
    state_->closed = true;
  }
  state_->queue_filled.notify_all();
}

// Housekeeping and reading ----------------------------------------------------------------------------

Result<void> Ledger::maintain(bool all) {
  Core& core = state_->core;
  if (all || core.identities->waiting() > 0) {
    if (Result<void> frozen = core.identities->freeze(all, core.log->position()); !frozen) return frozen;
  }
  Result<bool> merged = core.identities->merge();
  if (!merged) return tl::unexpected(merged.error());
  if (Result<void> saved = core.log->save_tree(); !saved) return saved;
  return core.write_checkpoint();
}

log::Log& Ledger::log() const { return *state_->core.log; }
codec::Sealer& Ledger::sealer() const { return *state_->core.keys; }
Instant Ledger::now() const { return state_->core.now(); }
ClockMode Ledger::clock_mode() const { return state_->core.options.clock; }

void Ledger::read_books(const std::function<void(const StateReader&)>& look) const {
  const std::shared_lock lock(state_->core.mutex);
  look(state_->core.books);
}

StreamNumber Ledger::stream_number(StreamType type, std::string_view id) const {
  const std::shared_lock lock(state_->core.mutex);
  return state_->core.directory.find(type, id);
}

std::uint32_t Ledger::stream_version(StreamType type, std::string_view id) const {
  const std::shared_lock lock(state_->core.mutex);
  const StreamNumber number = state_->core.directory.find(type, id);
  return number == 0 ? 0 : state_->core.directory.at(number).version;
}

StreamDirectory::Stream Ledger::stream(StreamNumber number) const {
  const std::shared_lock lock(state_->core.mutex);
  return state_->core.directory.at(number);
}

}  // namespace daybook::engine
