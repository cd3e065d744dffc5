#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What is used and billed: its own document under MOSP, else part of its profile's.
struct Subscription {
  static constexpr StateKind kState = StateKind::Subscription;

  SubscriptionId subscription_id;
  AccountId account_id;
  OfferId offer_id;
  std::optional<std::string> name;
  SubscriptionStatus status = SubscriptionStatus::Active;
  SuspensionReason status_reason = SuspensionReason::None;
  Date status_since;                    ///< the day of its last change
  Date created_on;                      ///< the anchor of its billing periods
  std::optional<ProfileId> profile_id;  ///< MCA: of its section; MPA: as posted
  std::optional<SectionId> invoice_section_id;
  std::optional<EnrollmentAccountId> enrollment_account_id;
  std::optional<CustomerId> customer_id;
  std::optional<ResellerId> reseller_id;
  std::optional<MethodId> payment_method_id;
  SpendingLimit spending_limit = SpendingLimit::Off;
  std::optional<PlanId> support_plan_id;  ///< where it is a support plan's own subscription
  std::optional<Date> charged_through;    ///< cancelled: the last day charged
  std::vector<Period> inactive;           ///< days that lie wholly in Warned, Disabled or Expired
  std::optional<Date> inactive_from;      ///< the first such day of the state that lasts
  Position posted_at = 0;                 ///< of its SubscriptionCreated
  std::optional<EnrollmentId> enrollment_id;  ///< EA: of its enrollment account

  /// Usage of days after `day`, which still had a usable moment, is not charged.
  void stop_charging_after(Date day);
  /// Whether usage of `day` is charged.
  [[nodiscard]] bool is_charged_on(Date day) const;

  friend bool operator==(const Subscription&, const Subscription&) = default;
};
BOOST_DESCRIBE_STRUCT(Subscription, (),
                      (subscription_id, account_id, offer_id, name, status, status_reason,
                       created_on, profile_id, invoice_section_id, enrollment_account_id,
                       customer_id, reseller_id, payment_method_id, spending_limit, support_plan_id,
                       charged_through, inactive, inactive_from, posted_at, status_since,
                       enrollment_id))

void apply(Subscription& subscription, const SubscriptionCreated& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionCancelled& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionReactivated& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionDeleted& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionBecamePastDue& event,
           const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionWarned& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionDisabled& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionReenabled& event, const Occurrence& at);
void apply(Subscription& subscription, const SubscriptionExpired& event, const Occurrence& at);

}  // namespace daybook
