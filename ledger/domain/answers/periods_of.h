#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The periods in which a subscription of a MOSP account is billed: its own from the day it was
/// created, or the terms of the support plan that it belongs to.
struct PeriodSeries {
  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  Date anchor;
  Date first;  ///< the first day in the account
  std::int32_t place = 0;  ///< whose marks count
  std::optional<Date> ends_before;  ///< periods that start then or later are not billed
  std::vector<Period> uncharged{};  ///< nor are terms of support that start in one of these (decision 0103)

  /// The period that holds `day`; of an earlier day the first one.
  [[nodiscard]] Period containing(Date day) const;
  /// The period before `period`; nothing before the first.
  [[nodiscard]] std::optional<Period> before(const Period& period) const;
  [[nodiscard]] bool is_billed(const Period& period) const;
  /// The first one from `period` on that is billed, if there is one.
  [[nodiscard]] std::optional<Period> billed_from(Period period) const;
};
[[nodiscard]] PeriodSeries periods_of(const StateReader& state, const Subscription& subscription);

/// The billing period of `today`: of the subscription itself under MOSP, else the calendar month.
[[nodiscard]] Period current_period(const StateReader& state, const Subscription& subscription,
                                    Date today);

/// The date of the run that carries a period of a MOSP subscription (T-MOSP-4, T-MOSP-10).
[[nodiscard]] Date run_of(const StateReader& state, const Account& account,
                          const PeriodSeries& series, const Period& period);

/// The run that will carry the oldest period not yet billed. Nothing where no invoice of its
/// own comes: under MCA and MPA, and after the last period of what was cancelled.
[[nodiscard]] std::optional<Date> next_invoice_date(const StateReader& state,
                                                    const Subscription& subscription);
/// The next invoice day of the profile.
[[nodiscard]] Date next_invoice_date(const StateReader& state, const Profile& profile);
/// The run of the oldest period of the enrollment that is not billed; nothing once an agreement is
/// billed to its end. Where an enrollment held nothing, nothing marks a period as billed: those whose run came by `today`
/// are over too.
[[nodiscard]] std::optional<Date> next_invoice_date(const StateReader& state,
                                                    const Enrollment& enrollment, Date today);
/// The earliest of all that the account holds.
[[nodiscard]] std::optional<Date> next_invoice_date(const StateReader& state,
                                                    const Account& account, Date today);

/// The oldest calendar month that the profile has no invoice for.
[[nodiscard]] Period oldest_unbilled_month(const StateReader& state, const Profile& profile);

}  // namespace daybook
