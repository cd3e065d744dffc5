#include "server/app/estimate_search.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "ledger/codec/event_view.h"
#include "ledger/domain/answers/estimate.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/usage_growth.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/rules/rated_difference.h"
#include "ledger/domain/rules/try.h"
#include "server/app/asked_progress.h"
#include "server/app/event_filter.h"

namespace daybook::server {
namespace {

/// Events that no stream of an account has, and that may change what it is billed.
bool is_of_all(EventType type) {
  switch (type) {
    case EventType::PriceChanged:
    case EventType::TaxRateChanged:
    case EventType::ExchangeRateChanged:
    case EventType::DiscountGranted:
    case EventType::DiscountEnded:
    case EventType::OfferDefined:
    case EventType::PolicyChanged:
    case EventType::ClockAdvanced:
      return true;
    default:
      return false;
  }
}

/// Fewer places than these are looked at one after another.
constexpr std::size_t kStretch = 64;

Result<EstimateSearch::Standing> none_where_nothing_is(const Error& error) {
  if (error.code == "NOT_FOUND" || error.code == "BAD_QUERY") return EstimateSearch::Standing();
  return tl::unexpected(error);
}

/// Whether rows of a day and meter are worth the same whichever of them comes first: of one subscription always, of several
/// that share tiers where all have the same prices, or prices without any.
bool is_in_any_order(const StateReader& state, const ScopeRef& scope, std::string_view meter) {
  if (scope.type == ScopeType::Subscription) return true;
  const MeterPrices* prices = state.find<MeterPrices>(std::string(meter));
  if (prices == nullptr || is_linear(prices)) return true;
  return std::all_of(prices->versions.begin(), prices->versions.end(),
                     [&](const PriceVersion& each) { return each.scope == prices->versions.front().scope; });
}

/// State that was read at a later position, before which it did not change, as of an earlier one.
class EarlierReader final : public StateReader {
 public:
  EarlierReader(const StateReader& state, log::Position position) : state_(state), position_(position) {}

  [[nodiscard]] const void* row(StateKind kind, std::string_view key) const override { return state_.row(kind, key); }
  [[nodiscard]] std::vector<std::string> members(Relation relation, std::string_view parent) const override {
    return state_.members(relation, parent);
  }
  [[nodiscard]] Position position() const override { return position_; }

 private:
  const StateReader& state_;
  log::Position position_;
};

}  // namespace

EstimateSearch::EstimateSearch(const Question& question, const SearchedEstimate& searched, const EstimateCondition& condition)
    : question_(question),
      searched_(searched),
      condition_(condition),
      usage_(question.usage, searched.period,
             [this](std::string_view meter) { return is_in_any_order(question_.state(), searched_.scope, meter); }) {}

Result<void> EstimateSearch::find_places() {
  const engine::Ledger& ledger = question_.host.ledger();
  EventFilter filter = EventFilter::of_account(ledger, question_.state(), searched_.account_id);
  const bool is_of_one = searched_.scope.type == ScopeType::Subscription;
  const engine::StreamNumber own = is_of_one ? ledger.stream_number(StreamType::UsageLedger, searched_.scope.id) : 0;
  const log::Position last = question_.reading.position;
  return ledger.log().scan_frames(1, last, [&](std::span<const log::RecordView> records) {
    for (const log::RecordView& record : records) {
      if (record.position > last) continue;
      const auto type = static_cast<EventType>(record.type);
      const bool is_of_usage = stream_of(type) == StreamType::UsageLedger;
      if (is_of_usage && is_of_one && record.stream != own) continue;
      const bool is_usage = type == EventType::UsageRecorded;
      const Date day = is_usage ? codec::EventView(record.event).usage_date() : Date();
      if (is_usage && day >= searched_.period.end_exclusive) continue;
      if (!is_of_all(type) && !filter.wants(record)) continue;
      places_.push_back({record.position, record.recorded_at, is_usage, is_usage && day >= searched_.period.start, is_of_usage && !is_usage});
    }
    return true;
  });
}

Instant EstimateSearch::now_at(std::size_t at, const StateReader& state) const {
  const bool is_manual = question_.host.ledger().clock_mode() == engine::ClockMode::Manual;
  return is_manual ? state.clock().now : Instant{places_[at].recorded_at};
}

Result<void> EstimateSearch::begin_moment(std::size_t at) {
  std::size_t last = at;
  while (last + 1 < places_.size() && places_[last + 1].is_usage) ++last;
  return take_moment(at, last);
}

Result<void> EstimateSearch::take_moment(std::size_t at, std::size_t read_at) {
  moment_ = {};
  moment_.state = question_.host.state_at(places_[read_at].position);
  const Instant now = now_at(at, *moment_.state);
  moment_.day = now.date();
  const std::optional<Instant> until = estimates_until(*moment_.state, now);
  if (!until) return {};
  LEDGER_TRY(moment_.counts_until, question_.host.ledger().log().position_at(until->micros - 1));
  // Prices, discounts and purchases of today count as little as usage of today: as in the estimate itself.
  if (*moment_.counts_until < moment_.state->position())
    moment_.refreshed = std::make_unique<EstimateReader>(*moment_.state, question_.host.state_at(*moment_.counts_until));
  return {};
}

void EstimateSearch::begin_usage(std::size_t at) {
  std::size_t last = at;
  while (last + 1 < places_.size() && !places_[last + 1].is_correction) ++last;
  usage_.begin(places_[at].position, places_[last].position);
}

Result<EstimateSearch::Standing> EstimateSearch::standing(log::Position position, const UsageSource& usage) const {
  const StateReader& counted = moment_.refreshed ? *moment_.refreshed : *moment_.state;
  const EarlierReader state(counted, std::min(position, counted.position()));
  const Instant now = Instant::start_of(moment_.day);
  const Viewer viewer = Viewer::operating();  // whether it may be seen was asked at the newest position
  if (searched_.scope.type == ScopeType::Profile) {
    const Result<std::optional<Money>> pending =
        pending_charges_of(state, usage, ProfileId(searched_.scope.id), searched_.period, moment_.day);
    if (!pending) return none_where_nothing_is(pending.error());
    return *pending ? Standing(standing_of_pending(**pending)) : Standing();
  }
  const Result<StatementView> statement =
      statement_answer(state, usage, viewer, SubscriptionId(searched_.scope.id), searched_.period.start, now);
  if (!statement) return none_where_nothing_is(statement.error());
  return statement->period == searched_.period ? Standing(standing_of(*statement)) : Standing();
}

Result<EstimateSearch::Standing> EstimateSearch::asked_at(std::size_t at) {
  if (Result<void> taken = take_moment(at, at); !taken) return tl::unexpected(taken.error());
  return standing(places_[at].position, question_.usage);
}

Result<std::size_t> EstimateSearch::grows_up_to(std::size_t at) {
  std::size_t last = at;
  const log::Position below_zero = usage_.next_below_zero();
  while (last + 1 < places_.size() && places_[last + 1].is_of_period && places_[last + 1].position < below_zero &&
         now_at(last + 1, *moment_.state).date() == moment_.day)
    ++last;
  if (last - at < kStretch) return at;
  const EarlierReader state(*moment_.state, places_[at].position);
  LEDGER_TRY(const bool grows, only_grows(state, question_.usage, usage_, searched_.scope, moment_.day));
  return grows ? last : at;
}

Result<std::optional<EstimateSearch::Point>> EstimateSearch::first_between(const Point& low, const Point& high) {
  const bool is_known = low.standing && high.standing;
  if (is_known && !condition_.may_hold_between(*low.standing, *high.standing)) {
    if (asked_progress()) asked_progress()(done_ = high.at + 1, places_.size());
    return std::optional<Point>();
  }
  if (high.at - low.at == 1) return is_known && condition_.holds(*high.standing) ? std::optional(high) : std::nullopt;
  Point middle{low.at + (high.at - low.at) / 2, {}};
  LEDGER_TRY(middle.standing, standing(places_[middle.at].position, question_.usage));
  LEDGER_TRY(std::optional<Point> found, first_between(low, middle));
  return found ? Result<std::optional<Point>>(std::move(found)) : first_between(middle, high);
}

Result<EstimateSearch::Found> EstimateSearch::found_at(std::size_t at, const EstimateStandingView& standing) {
  Found found;
  found.position = places_[at].position;
  if (at > 0) {
    LEDGER_TRY(found.before, asked_at(at - 1));
  }
  LEDGER_TRY(const Standing after, asked_at(at));
  found.after = after.value_or(standing);
  return found;
}

Result<std::optional<EstimateSearch::Found>> EstimateSearch::first() {
  LEDGER_CHECK(find_places());
  std::size_t known_up_to = 0;  // that no figure falls is asked once of a stretch
  for (std::size_t at = 0; at < places_.size(); ++at) {
    const Place& place = places_[at];
    if (asked_progress()) asked_progress()(done_ = std::max<std::uint64_t>(done_, at + 1), places_.size());
    if (at == 0 || place.is_correction) begin_usage(at);
    const bool is_another_day = moment_.state != nullptr && now_at(at, *moment_.state).date() != moment_.day;
    const bool is_as_before = place.is_usage && at > 0 && !is_another_day;
    if (!is_as_before) LEDGER_CHECK(begin_moment(at));
    if (is_as_before && moment_.counts_until) continue;  // today's usage is not counted today
    usage_.move_to(place.position);
    LEDGER_TRY(const Standing now, standing(place.position, usage_));
    if (now && condition_.holds(*now)) return found_at(at, *now).map([](Found found) { return std::optional(std::move(found)); });
    if (!now || moment_.counts_until || (is_as_before && at < known_up_to)) continue;
    LEDGER_TRY(const std::size_t last, grows_up_to(at));
    known_up_to = std::max(at + kStretch, last);
    if (last == at) continue;
    Point end{last, {}};
    LEDGER_TRY(end.standing, standing(places_[last].position, question_.usage));
    LEDGER_TRY(const std::optional<Point> found, first_between({at, now}, end));
    if (found) return found_at(found->at, *found->standing).map([](Found each) { return std::optional(std::move(each)); });
    at = last;
  }
  return std::optional<Found>();
}

}  // namespace daybook::server
