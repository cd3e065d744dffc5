#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/domain/answers/growing_usage.h"
#include "ledger/domain/answers/history_answer.h"
#include "ledger/domain/rules/scope.h"
#include "server/app/questions.h"

namespace daybook::server {

/// What is asked about, of one period.
struct SearchedEstimate {
  ScopeRef scope;  ///< a subscription with statements, or a profile
  AccountId account_id;
  Period period;
};

/// Finds the first event after which a condition holds for what a period would be billed: the estimate is made after each event
/// that may change it, with usage that grows as it was recorded.
class EstimateSearch {
 public:
  using Standing = std::optional<EstimateStandingView>;
  struct Found {
    log::Position position = 0;
    Standing before;
    EstimateStandingView after;
  };

  /// `question` was asked at the last position that is looked at.
  EstimateSearch(const Question& question, const SearchedEstimate& searched, const EstimateCondition& condition);

  /// Nothing: it was never so. Errors: those of reading the log and of the estimate.
  [[nodiscard]] Result<std::optional<Found>> first();

 private:
  /// An event after which the estimate may be another one.
  struct Place {
    log::Position position = 0;
    std::int64_t recorded_at = 0;
    bool is_usage = false;       ///< new usage, which changes no state
    bool is_of_period = false;   ///< usage of a day of the period
    bool is_correction = false;  ///< of usage
  };
  /// The state after an event, which stays while nothing but usage comes.
  struct Moment {
    std::unique_ptr<StateReader> state;
    Date day;
    std::optional<log::Position> counts_until;  ///< of estimates that are refreshed once a day
    std::unique_ptr<StateReader> refreshed;     ///< what those count; null: `state` is what counts
  };

  /// A place and how it stands then.
  struct Point {
    std::size_t at = 0;
    Standing standing;
  };

  Result<void> find_places();
  /// The last of the places from `at` on up to which no figure falls, since nothing but usage came; `at`: not known.
  Result<std::size_t> grows_up_to(std::size_t at);
  /// The first place behind `low`, up to `high`, where it holds; of a stretch on which no figure falls.
  Result<std::optional<Point>> first_between(const Point& low, const Point& high);
  Result<Found> found_at(std::size_t at, const EstimateStandingView& standing);
  /// What is as at `places_[at]` until usage alone has come.
  Result<void> begin_moment(std::size_t at);
  /// The moment of place `at`, its state as of place `read_at`. Errors: those of the log.
  Result<void> take_moment(std::size_t at, std::size_t read_at);
  void begin_usage(std::size_t at);
  /// As the estimates that were asked then said; nothing: there was none yet, or none any more.
  Result<Standing> standing(log::Position position, const UsageSource& usage) const;
  /// The same, of everything as it was read then.
  Result<Standing> asked_at(std::size_t at);
  [[nodiscard]] Instant now_at(std::size_t at, const StateReader& state) const;

  const Question& question_;
  const SearchedEstimate& searched_;
  const EstimateCondition& condition_;
  GrowingUsage usage_;
  std::vector<Place> places_;
  std::uint64_t done_ = 0;
  Moment moment_;
};

}  // namespace daybook::server
