#pragma once

#include <optional>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/support_plan.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A support plan: monthly terms from the day of purchase, billed in advance (T-MOSP-10).
struct SupportPlan {
  static constexpr StateKind kState = StateKind::SupportPlan;

  PlanId plan_id;
  SubscriptionId subscription_id;  ///< the plan's own
  AccountId account_id;
  std::optional<ProfileId> profile_id;
  Money price;
  Date purchased_on;
  std::optional<Date> cancelled_on;  ///< terms that start before it are billed
  Position posted_at = 0;            ///< of its SupportPlanPurchased

  friend bool operator==(const SupportPlan&, const SupportPlan&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportPlan, (),
                      (plan_id, subscription_id, account_id, profile_id, price, purchased_on,
                       cancelled_on, posted_at))

void apply(SupportPlan& plan, const SupportPlanPurchased& event, const Occurrence& at);
void apply(SupportPlan& plan, const SupportPlanCancelled& event, const Occurrence& at);

}  // namespace daybook
