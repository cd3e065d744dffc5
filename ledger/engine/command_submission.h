#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/rules/decide.h"
#include "ledger/engine/core.h"
#include "ledger/engine/event_writer.h"
#include "ledger/engine/submission.h"

namespace daybook::engine {

/// What one step of a command does in the sequencer: look at the books and say what happens.
using Decide = std::function<Result<Decision>(Core& core, const DecisionContext& context)>;

/// One step of a command: all of a short one, one account's plan of a long one.
struct CommandStep {
  const CommandRequest* request = nullptr;
  std::string correlation;
  std::uint64_t written = 0;      ///< events of earlier steps
  std::optional<Instant> at;      ///< the time it happens, where that is not the clock's
  std::size_t raw_bytes = 256u << 10;  ///< what its events may come to, at most
  bool last = true;               ///< the Idempotency-Key is bound to its last event
  Decide decide;
};

/// The outcome of a step.
struct StepAnswer {
  log::Position head = 0;
  log::Position first = 0;  ///< 0: it wrote nothing
  log::Position last = 0;
  std::uint64_t written = 0;  ///< with those of earlier steps
  std::vector<Alarm> alarms;
  std::optional<CommandAnswer> replayed;  ///< the key was known
};

class CommandSubmission final : public Submission {
 public:
  using Done = std::function<void(Result<StepAnswer>)>;
  CommandSubmission(CommandStep step, Done done) : step_(std::move(step)), done_(std::move(done)) {}

  [[nodiscard]] std::size_t raw_bytes() const override { return step_.raw_bytes; }
  [[nodiscard]] Instant at(const Core& core) const override { return step_.at.value_or(core.now()); }
  void decide(Core& core, Instant now) override;
  void complete(log::Position head, std::int64_t recorded_at) override;

 private:
  [[nodiscard]] Result<StepAnswer> perform(Core& core, Instant now);

  CommandStep step_;
  Done done_;
  std::optional<Result<StepAnswer>> answer_;
};

/// The first answer that the owner's `request.idempotency_key` had; nothing where it is new. May be called from
/// any thread under a shared lock, then again in the sequencer.
[[nodiscard]] Result<std::optional<CommandAnswer>> find_first_answer(const Core& core, const CommandRequest& request);

}  // namespace daybook::engine
