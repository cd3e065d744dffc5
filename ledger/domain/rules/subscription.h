#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/place.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A spending limit that was switched on or off.
struct LimitChange {
  Date on;
  SpendingLimit limit = SpendingLimit::Off;

  friend bool operator==(const LimitChange&, const LimitChange&) = default;
};
BOOST_DESCRIBE_STRUCT(LimitChange, (), (on, limit))

/// Which days were not charged by what was told up to `position`.
struct ChargingKnown {
  Position position = 0;
  std::int32_t inactive_periods = 0;  ///< how many of `Subscription::inactive`
  std::optional<Date> inactive_from;

  friend bool operator==(const ChargingKnown&, const ChargingKnown&) = default;
};
BOOST_DESCRIBE_STRUCT(ChargingKnown, (), (position, inactive_periods, inactive_from))

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
  std::vector<EarlierPlace> earlier;          ///< where it was billed before, oldest first
  std::optional<Date> placed_from;  ///< its first day where it is; nothing: since it was created
  std::optional<Date> placed_until;  ///< of `at_place` alone: its first day elsewhere
  std::optional<Date> anchored_on;   ///< its periods go by this day, not by `created_on` (R-61)

  std::vector<LimitChange> limit_changes;  ///< in order of days
  std::optional<Date> limit_removed_until;  ///< a limit that comes back by itself
  std::vector<ChargingKnown> charging_known;  ///< what each event made of `inactive`, in their order
  std::optional<Date> paid_so_since;  ///< the day of the last change of what pays it; nothing: never

  /// The day by whose day of month its periods begin.
  [[nodiscard]] Date anchor() const { return anchored_on.value_or(created_on); }
  /// The first day on which it is billed where it is.
  [[nodiscard]] Date first_day() const { return placed_from.value_or(created_on); }
  /// The last day that can be charged at all: of what was cancelled, and of what was deleted without that.
  [[nodiscard]] std::optional<Date> charged_to() const;
  /// The last day that can be billed where it is; nothing: no end is known.
  [[nodiscard]] std::optional<Date> last_day() const;
  /// Which of its places this is, from 0: each has marks of its own.
  [[nodiscard]] std::int32_t place() const { return static_cast<std::int32_t>(earlier.size()); }
  /// Whether usage of `day` is billed at this place. Usage older than the subscription is billed at
  /// its first.
  [[nodiscard]] bool is_placed_on(Date day) const;
  /// The part of `period` that it spends at this place; empty where it begins at its end.
  [[nodiscard]] Period days_in(Period period) const;
  /// As it stood at the n-th of its earlier places.
  [[nodiscard]] Subscription at_place(std::size_t n) const;
  /// Leaves its place for one that begins on `day`, of which nothing is known yet; a place of no
  /// days leaves no trace.
  void leave_place(Date day, AccountType account_type, Position at);
  void set_spending_limit(SpendingLimit limit, Date day);
  /// Whether the spending limit was on at the end of `day`.
  [[nodiscard]] bool is_limited_on(Date day) const;

  /// Usage of days after `day`, which still had a usable moment, is not charged, by what is told at `position`.
  void stop_charging_after(Date day, Position position);
  /// Whether usage of `day` is charged, by what was told up to `upto` (nothing: by all).
  [[nodiscard]] bool is_charged_on(Date day, std::optional<Position> upto = {}) const;

  friend bool operator==(const Subscription&, const Subscription&) = default;
};
BOOST_DESCRIBE_STRUCT(Subscription, (),
                      (subscription_id, account_id, offer_id, name, status, status_reason,
                       created_on, profile_id, invoice_section_id, enrollment_account_id,
                       customer_id, reseller_id, payment_method_id, spending_limit, support_plan_id,
                       charged_through, inactive, inactive_from, posted_at, status_since,
                       enrollment_id, earlier, placed_from, placed_until, anchored_on, limit_changes,
                       limit_removed_until, charging_known, paid_so_since))

/// The k-th billing period (from 0) at its place: a month from its anchor on, cut where it came or
/// left.
[[nodiscard]] Period placed_period(const Subscription& subscription, int k);
/// The number of the period at its place that holds `day`, or the first one.
[[nodiscard]] int placed_period_number(const Subscription& subscription, Date day);
/// The periods at its place from the one that begins with `span` to its end; nothing where `span`
/// begins inside a period, or when it was elsewhere.
[[nodiscard]] std::vector<Period> periods_within(const Subscription& subscription, Period span);

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
