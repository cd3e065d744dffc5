#pragma once

#include <string_view>
#include <vector>

#include "ledger/domain/rules/admit.h"
#include "ledger/domain/rules/bill.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Up to which positions the documents that bill usage of a period looked at rows: of the period's own document
/// first, then of those of its corrections alone and of the periods after it up to the scope's mark, in ascending order.
/// A row stands on the first of them that reaches it. Empty where the period was not billed.
using BilledAt = std::vector<Position>;

/// `mark`: the scope's; null: nothing was billed. `subscription`: one of those billed there.
[[nodiscard]] BilledAt billed_at(const StateReader& state, const ScopeRef& scope, const PeriodOwner& owner,
                                 const BillingMark* mark, const Subscription& subscription, Period period);
[[nodiscard]] inline BilledAt billed_at(const StateReader& state, const BillRequest& request, Period period) {
  return billed_at(state, request.scope, {request.type, request.profile, request.enrollment}, request.mark(state),
                   *request.subscriptions.front(), period);
}

/// Of usage of `subscription` dated `day`, wherever it was billed then.
[[nodiscard]] BilledAt billed_at(const StateReader& state, const Subscription& subscription, Date day,
                                 bool is_marketplace);

/// Whether the row at `position` dated `day` was charged by what the document that billed it knew of the subscription
/// false where none billed it.
[[nodiscard]] bool was_charged(const Subscription& subscription, Date day, Position position, const BilledAt& billed);

/// Whether usage of `subscription` had its price or rate by what was known at `then`, whatever days are charged.
[[nodiscard]] bool matched_at(const StateReader& state, const Subscription& subscription, std::string_view meter_id,
                              const UsageKeys& usage, Position then);

}  // namespace daybook
