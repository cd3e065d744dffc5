#include "ledger/engine/account_plans.h"

#include <algorithm>
#include <iterator>

#include "ledger/codec/event.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/engine/recent_state.h"

namespace daybook::engine {
namespace {

/// What one group may hold: some ten milliseconds of the sequencer's time, for which usage that comes meanwhile waits.
constexpr std::size_t kPiecesAtMost = 500;

std::size_t pieces_of(const Plan& plan) {
  std::size_t pieces = plan.events.size();
  for (const EventData& event : plan.events) {
    if (const auto* added = event.get_if<InvoiceLinesAdded>()) pieces += added->lines.size();
  }
  return pieces;
}

}  // namespace

bool has_changed(const Core& core, const Plan& plan) {
  return !marks_unchanged(core.books, plan) ||
         std::any_of(plan.relied_on.begin(), plan.relied_on.end(), [&](const StreamKey& stream) {
           const StreamNumber number = core.directory.find(stream.type, stream.id);
           return number != 0 && number <= core.last_positions.size() &&
                  core.last_positions[number - 1] > plan.position;
         });
}

bool PlanGroup::add(Plan& plan) {
  const std::size_t pieces = pieces_of(plan);
  if (!plans_.empty()) {
    if (pieces_ + pieces > kPiecesAtMost) return false;
    const bool rests_on_another =
        std::any_of(plan.relied_on.begin(), plan.relied_on.end(),
                    [&](const StreamKey& stream) { return changed_.contains(stream); }) ||
        std::any_of(plan.marks.begin(), plan.marks.end(),
                    [&](const MarkSeen& mark) { return billed_.contains(mark.scope); });
    if (rests_on_another) return false;
  }
  pieces_ += pieces;
  for (const EventData& event : plan.events) changed_.insert({*stream_of(event.type()), codec::stream_id(event)});
  for (const MarkSeen& mark : plan.marks) billed_.insert(mark.scope);
  plans_.push_back(std::move(plan));
  return true;
}

Result<Decision> PlannedStep::decide(const Core& core) {
  is_outdated.clear();
  for (const Plan& plan : plans) is_outdated.push_back(has_changed(core, plan));
  if (std::find(is_outdated.begin(), is_outdated.end(), true) != is_outdated.end()) {
    return conflict(kPlanOutdated, "Something that the plan relied on has changed.");
  }
  Decision decision;
  for (Plan& plan : plans) {
    std::move(plan.events.begin(), plan.events.end(), std::back_inserter(decision.events));
    plan.events.clear();
    decision.alarms.insert(decision.alarms.end(), plan.alarms.begin(), plan.alarms.end());
  }
  return decision;
}

PlannedStep::Parts PlannedStep::unchanged_and_outdated() {
  Parts parts;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    (is_outdated[i] ? parts.second : parts.first).push_back(std::move(plans[i]));
  }
  return parts;
}

PlannedStep::Parts PlannedStep::halves() {
  const auto middle = std::make_move_iterator(plans.begin() + static_cast<std::ptrdiff_t>(plans.size() / 2));
  return {{std::make_move_iterator(plans.begin()), middle}, {middle, std::make_move_iterator(plans.end())}};
}

AccountPlanner::Answer AccountPlanner::plan_all(std::span<const Work> works, const Question& question) const {
  Answer answer;
  // One reader for all of them: prices, tax and policies are read once.
  const RecentState state(core_, history_.state_at(question.position), question.position);
  const std::unique_ptr<UsageSource> usage = history_.usage();
  for (const Work& work : works) {
    Result<Plan> planned = plan(state, *usage, work, question.today, question.kinds);
    if (!planned) {
      answer.failure = planned.error();
      return answer;
    }
    answer.plans.push_back(std::move(*planned));
  }
  return answer;
}

void AccountPlanner::begin(std::span<const Work> works, const Question& question) {
  const std::size_t parts = std::clamp<std::size_t>(threads_, 1, std::max<std::size_t>(1, works.size()));
  const auto launch = threads_ == 0 ? std::launch::deferred : std::launch::async;
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t first = works.size() * i / parts;
    const std::size_t last = works.size() * (i + 1) / parts;
    parts_.push_back(std::async(
        launch, [this, part = works.subspan(first, last - first), question] { return plan_all(part, question); }));
  }
}

AccountPlanner::Answer AccountPlanner::take() {
  std::vector<std::future<Answer>> parts = std::exchange(parts_, {});
  Answer all;
  for (std::future<Answer>& part : parts) {
    Answer answer = part.get();
    if (all.failure) continue;
    std::move(answer.plans.begin(), answer.plans.end(), std::back_inserter(all.plans));
    all.failure = std::move(answer.failure);
  }
  return all;
}

}  // namespace daybook::engine
