#pragma once

#include <optional>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/support_plan.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The n-th term (from 0) of a plan: monthly from the day of purchase, clamped, never chained
/// (T-MOSP-10).
[[nodiscard]] Period support_term(const SupportPlan& plan, int n);

/// When the n-th term is billed: the first one on the day of purchase, later ones on the first account day on or after
/// their start, or, as `support.renewalRun` says, on the first one after the invoice before (CF-21).
[[nodiscard]] Date support_run(const StateReader& state, const Account& account, const SupportPlan& plan, int n);

/// Whether the term is billed at all: those that start on or after the cancellation are not.
[[nodiscard]] inline bool is_billed(const SupportPlan& plan, Period term) {
  return !plan.cancelled_on || term.start < *plan.cancelled_on;
}

/// Whether it is charged: billed, and not where its first day lies wholly in a state in which the plan's subscription is not
/// charged (3.6; decision 0103).
[[nodiscard]] bool is_charged(const StateReader& state, const SupportPlan& plan, Period term);

/// What ends the plan of a subscription that ends: terms that start on `day` or later are not billed (PRD-4); nothing where it
/// has none or that has ended.
[[nodiscard]] std::optional<EventData> end_of_support(const StateReader& state,
                                                      const SubscriptionId& subscription, Date day);

/// The first day from which terms of a plan stand on the documents of its profile: earlier ones were
/// billed by the plan itself, before the account was upgraded.
[[nodiscard]] Date support_begins(const StateReader& state, const SupportPlan& plan);

/// The profile on whose invoice a term stands: where the plan's subscription lies on the first day of
/// the term; nothing under MOSP.
[[nodiscard]] std::optional<ProfileId> support_profile(const StateReader& state,
                                                       const SupportPlan& plan, Period term);

/// The charge of a term. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] DraftLine support_charge(const SupportPlan& plan, const Subscription* subscription,
                                       Period term);

}  // namespace daybook
