#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/planner.h"
#include "ledger/domain/rules/usage_source.h"

/// The kinds of work of a day, each in a file of its own: when there is some (`…_dates`), and what
/// is due through the planner's date (`plan_…`).
namespace daybook {

/// Gathers the days on which there is work.
class WorkDates {
 public:
  /// Days before `from` count as `from`; days after `through` do not count. `first_only`: of every
  /// series of days the first is enough.
  WorkDates(Date from, Date through, bool first_only)
      : from_(from), through_(through), first_only_(first_only) {}

  /// Takes the next day of a series; false when no later one is wanted.
  bool add(Date day) {
    if (day > through_) return false;
    dates_.insert(std::max(day, from_));
    return !first_only_;
  }
  [[nodiscard]] Date from() const { return from_; }
  [[nodiscard]] Date through() const { return through_; }
  [[nodiscard]] bool first_only() const { return first_only_; }
  [[nodiscard]] const std::set<Date>& dates() const { return dates_; }

 private:
  Date from_;
  Date through_;
  bool first_only_;
  std::set<Date> dates_;
};

/// MOSP: a document for every period of a subscription that is over, on the account's day
/// (T-MOSP-4).
void services_dates(const StateReader& state, const Account& account, WorkDates& dates);
/// The run that carries the oldest period of a subscription, as it stands or stood at the account,
/// that is not billed; nothing once all is.
[[nodiscard]] std::optional<Date> next_services_run(const StateReader& state,
                                                    const Account& account,
                                                    const Subscription& subscription);
[[nodiscard]] Result<void> plan_services(Planner& planner, const UsageSource& usage,
                                         const Account& account);

/// What of a MOSP subscription stands on one document: a period, or the rest of what it used before
/// it moved.
struct ServicesDocument {
  std::vector<Period> parts;  ///< not empty
  Date run_date;
};
/// That which begins with its k-th period; nothing once all is billed that was used at this place.
[[nodiscard]] std::optional<ServicesDocument> services_document(const Account& account,
                                                                const Policies& policies,
                                                                const Subscription& subscription,
                                                                int k);

/// MOSP: Marketplace products and spot of a calendar month, on the 9th of the next (T-MOSP-7).
void marketplace_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_marketplace(Planner& planner, const UsageSource& usage,
                                            const Account& account);

/// MOSP: terms of support plans, the first on the day of purchase, the others ahead on the
/// account's day.
void support_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_support(Planner& planner, const Account& account);

/// MOSP: reservations that a card pays, on the day of each instalment (T-MOSP-8).
void charge_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_charges(Planner& planner, const Account& account);

/// MCA, MPA: a document a profile and calendar month, on its invoice day (T-MCA-1).
void profile_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_profiles(Planner& planner, const UsageSource& usage,
                                         const Account& account);

/// The charges of voided documents, on the next run of their scope.
void reopened_dates(const StateReader& state, const Account& account, WorkKinds kinds,
                    WorkDates& dates);
/// The first run that bills a voided document of the mark's scope again; nothing where none waits.
[[nodiscard]] std::optional<Date> next_reopened_run(const StateReader& state,
                                                    const Account& account,
                                                    const BillingMark& mark);
[[nodiscard]] Result<void> plan_reopened(Planner& planner, const UsageSource& usage,
                                         const Account& account, WorkKinds kinds);
/// EA: a document an enrollment and billing cycle where something is owed, on the 14th day after it,
/// and a notice of overage a week before (T-EA-1, T-EA-4).
void enrollment_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_enrollments(Planner& planner, const UsageSource& usage,
                                            const Account& account);

/// Invitations that nobody accepted expire.
void invitation_dates(const StateReader& state, const Account& account, WorkDates& dates);
void plan_invitations(Planner& planner, const Account& account);

/// Credit that expires or is renewed, and trials that end with it (R-14, domain.md 3.6).
void credit_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_credits(Planner& planner, const UsageSource& usage,
                                        const Account& account);

/// Spending limits, looked at every day.
void limit_dates(const StateReader& state, const Account& account, WorkDates& dates);
[[nodiscard]] Result<void> plan_limits(Planner& planner, const UsageSource& usage,
                                       const Account& account);

/// Due dates, the ladder for what stays unpaid, and what follows a cancellation (domain.md 3.4
/// to 3.6).
void dunning_dates(const StateReader& state, const Account& account, WorkDates& dates);
void plan_dunning(Planner& planner, const Account& account);

}  // namespace daybook
