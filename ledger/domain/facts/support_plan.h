#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/domain/describe.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Support plans: monthly terms from the purchase day, billed ahead. Stream `SupportPlan`.
namespace daybook {

/// The first term begins and is billed at once.
struct SupportPlanPurchased {
  static constexpr EventType kType = EventType::SupportPlanPurchased;
  static constexpr StreamType kStream = StreamType::SupportPlan;
  static constexpr std::array kDatesFromTime = {std::string_view("purchased_on")};

  PlanId plan_id;
  SubscriptionId subscription_id;  ///< the plan's own, made with a support offer (R-18)
  Money price;                     ///< of one term
  std::optional<Date> purchased_on{};

  [[nodiscard]] std::string stream_id() const { return plan_id.text(); }
  friend bool operator==(const SupportPlanPurchased&, const SupportPlanPurchased&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportPlanPurchased, (), (plan_id, subscription_id, price, purchased_on))
void fill_defaults(SupportPlanPurchased& fact, const FactContext& context);

/// A later term begins.
struct SupportPlanRenewed {
  static constexpr EventType kType = EventType::SupportPlanRenewed;
  static constexpr StreamType kStream = StreamType::SupportPlan;

  PlanId plan_id;
  Date term_start;
  Date term_end;  ///< the last day
  Money price;

  [[nodiscard]] std::string stream_id() const { return plan_id.text(); }
  friend bool operator==(const SupportPlanRenewed&, const SupportPlanRenewed&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportPlanRenewed, (), (plan_id, term_start, term_end, price))

/// No further terms; the running one is billed whole (PRD-4).
struct SupportPlanCancelled {
  static constexpr EventType kType = EventType::SupportPlanCancelled;
  static constexpr StreamType kStream = StreamType::SupportPlan;
  static constexpr std::array kDatesFromTime = {std::string_view("effective_on")};

  PlanId plan_id;
  std::optional<Date> effective_on{};  ///< terms that start before it are billed

  [[nodiscard]] std::string stream_id() const { return plan_id.text(); }
  friend bool operator==(const SupportPlanCancelled&, const SupportPlanCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(SupportPlanCancelled, (), (plan_id, effective_on))
void fill_defaults(SupportPlanCancelled& fact, const FactContext& context);

namespace support_plan {
using Events = TypeList<SupportPlanPurchased, SupportPlanRenewed, SupportPlanCancelled>;
}  // namespace support_plan

}  // namespace daybook
