#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/rules/decide.h"
#include "ledger/domain/rules/plan.h"
#include "ledger/engine/core.h"
#include "ledger/engine/ledger.h"

namespace daybook::engine {

inline constexpr std::string_view kPlanOutdated = "PLAN_OUTDATED";
/// How often a plan is made again because something it relied on has changed meanwhile.
inline constexpr int kPlansAtMost = 20;

/// Whether something that `plan` rests on has changed since its position: it must be made again.
[[nodiscard]] bool has_changed(const Core& core, const Plan& plan);

/// Plans that are brought in together, in one step and so in one commit group: none rests on what another of them
/// changes, and together they stay small enough for a group as far as that can be known.
class PlanGroup {
 public:
  /// Takes the plan, unless it belongs to a later group. An empty group takes every plan.
  [[nodiscard]] bool add(Plan& plan);

  [[nodiscard]] bool empty() const { return plans_.empty(); }
  [[nodiscard]] std::vector<Plan> take() { return std::move(plans_); }

 private:
  std::vector<Plan> plans_;
  std::set<StreamKey> changed_;   ///< streams that get events
  std::set<ScopeRef> billed_;     ///< scopes whose marks may move
  std::size_t pieces_ = 0;        ///< events and lines
};

/// Plans on their way into the log, as one step.
struct PlannedStep {
  std::vector<Plan> plans;
  std::vector<bool> is_outdated;  ///< found so by the sequencer, which then recorded none of them

  /// Their events, in the sequencer; the plans have none then. Errors: PLAN_OUTDATED, which leaves them as they are.
  [[nodiscard]] Result<Decision> decide(const Core& core);

  using Parts = std::pair<std::vector<Plan>, std::vector<Plan>>;
  /// Takes the plans apart: those that stand, and those that have to be made again.
  [[nodiscard]] Parts unchanged_and_outdated();
  [[nodiscard]] Parts halves();
};

/// Makes the plans of accounts beside the sequencer, on as many threads as wished.
class AccountPlanner {
 public:
  /// What is planned: as things were at `position`, for documents dated `today` (see `plan`).
  struct Question {
    log::Position position = 0;
    Date today;
    WorkKinds kinds;
  };
  /// The plans in the order of the work, up to the first that could not be made.
  struct Answer {
    std::vector<Plan> plans;
    std::optional<Error> failure;
  };

  /// `threads` 0: on the caller's own thread, when the answer is taken.
  AccountPlanner(const Core& core, History& history, unsigned threads)
      : core_(core), history_(history), threads_(threads) {}

  /// Begins with a day's work of accounts, each of them there once. `works` must live until the answer is taken.
  void begin(std::span<const Work> works, const Question& question);
  /// Waits for the answer to what was begun. Throws what a view throws that cannot be read.
  [[nodiscard]] Answer take();

 private:
  [[nodiscard]] Answer plan_all(std::span<const Work> works, const Question& question) const;

  const Core& core_;
  History& history_;
  unsigned threads_;
  std::vector<std::future<Answer>> parts_;
};

}  // namespace daybook::engine
