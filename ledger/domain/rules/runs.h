#pragma once

#include <optional>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/usage_source.h"

/// The kinds of work of a day, each in a file of its own. `next_…` says when there is some, at the
/// earliest `from` where finding nothing leaves no mark; `plan_…` adds what is due through the
/// planner's date.
namespace daybook {

/// MOSP: a document for every period of a subscription that is over, on the account's day
/// (T-MOSP-4).
[[nodiscard]] std::optional<Date> next_services(const StateReader& state, const Account& account,
                                                Date from);
[[nodiscard]] Result<void> plan_services(Planner& planner, const UsageSource& usage,
                                         const Account& account);

/// MOSP: Marketplace products and spot of a calendar month, on the 9th of the next (T-MOSP-7).
[[nodiscard]] std::optional<Date> next_marketplace(const StateReader& state, const Account& account,
                                                   Date from);
[[nodiscard]] Result<void> plan_marketplace(Planner& planner, const UsageSource& usage,
                                            const Account& account);

/// MOSP: terms of support plans, the first on the day of purchase, the others ahead on the
/// account's day.
[[nodiscard]] std::optional<Date> next_support(const StateReader& state, const Account& account);
[[nodiscard]] Result<void> plan_support(Planner& planner, const Account& account);

/// MCA, MPA: a document a profile and calendar month, on its invoice day (T-MCA-1).
[[nodiscard]] std::optional<Date> next_profiles(const StateReader& state, const Account& account);
[[nodiscard]] Result<void> plan_profiles(Planner& planner, const UsageSource& usage,
                                         const Account& account);

/// Due dates, the ladder for what stays unpaid, and what follows a cancellation (domain.md 3.4
/// to 3.6).
[[nodiscard]] std::optional<Date> next_dunning(const StateReader& state, const Account& account);
void plan_dunning(Planner& planner, const Account& account);

/// The earlier of two dates of which each may be missing.
[[nodiscard]] constexpr std::optional<Date> earlier(std::optional<Date> left,
                                                    std::optional<Date> right) {
  if (!left) return right;
  return right && *right < *left ? right : left;
}

}  // namespace daybook
