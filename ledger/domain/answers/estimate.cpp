#include "ledger/domain/answers/estimate.h"

#include <iterator>

namespace daybook {

std::optional<Instant> estimates_until(const StateReader& state, Instant now) {
  if (state.policies().word("estimates.refresh") != "daily") return std::nullopt;
  return Instant::start_of(now.date());
}

const void* EstimateReader::row(StateKind kind, std::string_view key) const {
  switch (kind) {
    case StateKind::MeterPrices:
    case StateKind::ExchangeRates:
    case StateKind::Discount:
      return refreshed_->row(kind, key);
    default:
      return state_.row(kind, key);
  }
}

std::vector<std::string> EstimateReader::members(Relation relation, std::string_view parent) const {
  std::vector<std::string> now = state_.members(relation, parent);
  switch (relation) {
    case Relation::OpenCharges:
    case Relation::DiscountsOfScope:
    case Relation::SupportPlansOfAccount:
      break;
    default:
      return now;
  }
  const std::vector<std::string> then = refreshed_->members(relation, parent);
  std::vector<std::string> both;
  std::set_intersection(now.begin(), now.end(), then.begin(), then.end(), std::back_inserter(both));
  return both;
}

}  // namespace daybook
