#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// Facts about a subscription: what resources, offers and support plans are charged to. Stream
/// `Subscription`.
namespace daybook {

/// A subscription begins under its account: MCA in a section, MPA under a profile, EA under an
/// enrollment account.
struct SubscriptionCreated {
  static constexpr EventType kType = EventType::SubscriptionCreated;
  static constexpr StreamType kStream = StreamType::Subscription;
  static constexpr std::array kDatesFromTime = {std::string_view("created_on")};

  SubscriptionId subscription_id;
  AccountId account_id;
  OfferId offer_id;
  std::optional<Date> created_on{};  ///< the anchor of its billing periods
  std::optional<std::string> name{};
  std::optional<SpendingLimit> spending_limit{};  ///< absent: the offer's, else Off
  std::optional<MethodId> payment_method_id{};
  std::optional<SectionId> invoice_section_id{};
  std::optional<ProfileId> profile_id{};
  std::optional<EnrollmentAccountId> enrollment_account_id{};
  std::optional<CustomerId> customer_id{};
  std::optional<ResellerId> reseller_id{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionCreated&, const SubscriptionCreated&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionCreated, (),
                      (subscription_id, account_id, offer_id, created_on, name, spending_limit,
                       payment_method_id, invoice_section_id, profile_id, enrollment_account_id,
                       customer_id, reseller_id))
void fill_defaults(SubscriptionCreated& fact, const FactContext& context);

/// Moved to another section, MPA profile or enrollment account of the same account.
struct SubscriptionMoved {
  static constexpr EventType kType = EventType::SubscriptionMoved;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  ScopeId from_scope;
  ScopeId to_scope;
  Date effective_date;  ///< the first day there

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionMoved&, const SubscriptionMoved&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionMoved, (),
                      (subscription_id, from_scope, to_scope, effective_date))

/// Another account pays from the day after `accepted_on`.
struct SubscriptionBillingTransferred {
  static constexpr EventType kType = EventType::SubscriptionBillingTransferred;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  AccountId from_account;
  AccountId to_account;
  Date accepted_on;  ///< the last day under `from_account`
  bool move_tenant = false;
  std::optional<SectionId> invoice_section_id{};
  std::optional<ProfileId> profile_id{};
  std::optional<EnrollmentAccountId> enrollment_account_id{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionBillingTransferred&,
                         const SubscriptionBillingTransferred&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionBillingTransferred, (),
                      (subscription_id, from_account, to_account, accepted_on, move_tenant,
                       invoice_section_id, profile_id, enrollment_account_id))

/// Charged through `effective_on`; the period and its run stay.
struct SubscriptionCancelled {
  static constexpr EventType kType = EventType::SubscriptionCancelled;
  static constexpr StreamType kStream = StreamType::Subscription;
  static constexpr std::array kDatesFromTime = {std::string_view("effective_on")};

  SubscriptionId subscription_id;
  std::string reason;
  std::optional<Date> effective_on{};  ///< the last day charged

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionCancelled&, const SubscriptionCancelled&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionCancelled, (), (subscription_id, reason, effective_on))
void fill_defaults(SubscriptionCancelled& fact, const FactContext& context);

/// Active again because somebody asked, after cancellation or expiry.
struct SubscriptionReactivated {
  static constexpr EventType kType = EventType::SubscriptionReactivated;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  std::optional<std::string> reason{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionReactivated&, const SubscriptionReactivated&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReactivated, (), (subscription_id, reason, effective_on))

/// Final; only after cancellation.
struct SubscriptionDeleted {
  static constexpr EventType kType = EventType::SubscriptionDeleted;
  static constexpr StreamType kStream = StreamType::Subscription;
  static constexpr std::array kDatesFromTime = {std::string_view("effective_on")};

  SubscriptionId subscription_id;
  std::string reason;
  std::optional<Date> effective_on{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionDeleted&, const SubscriptionDeleted&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionDeleted, (), (subscription_id, reason, effective_on))
void fill_defaults(SubscriptionDeleted& fact, const FactContext& context);

/// An invoice of its own, of its card or of its profile is past due.
struct SubscriptionBecamePastDue {
  static constexpr EventType kType = EventType::SubscriptionBecamePastDue;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  SuspensionReason reason{};
  std::vector<InvoiceId> invoice_ids{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionBecamePastDue&,
                         const SubscriptionBecamePastDue&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionBecamePastDue, (),
                      (subscription_id, reason, invoice_ids, effective_on))

/// Resources go offline, recoverable; not charged (CF-12).
struct SubscriptionWarned {
  static constexpr EventType kType = EventType::SubscriptionWarned;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  SuspensionReason reason{};
  std::vector<InvoiceId> invoice_ids{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionWarned&, const SubscriptionWarned&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionWarned, (), (subscription_id, reason, invoice_ids, effective_on))

/// Resources are stopped; not charged until it is enabled or reactivated.
struct SubscriptionDisabled {
  static constexpr EventType kType = EventType::SubscriptionDisabled;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  SuspensionReason reason{};
  std::vector<InvoiceId> invoice_ids{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionDisabled&, const SubscriptionDisabled&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionDisabled, (),
                      (subscription_id, reason, invoice_ids, effective_on))

/// Active again by itself, since the cause is gone.
struct SubscriptionReenabled {
  static constexpr EventType kType = EventType::SubscriptionReenabled;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  SuspensionReason reason{};  ///< the cause that is gone
  std::vector<InvoiceId> invoice_ids{};
  Date effective_on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionReenabled&, const SubscriptionReenabled&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionReenabled, (),
                      (subscription_id, reason, invoice_ids, effective_on))

/// Cancelled, and the billing period in which it was is over.
struct SubscriptionExpired {
  static constexpr EventType kType = EventType::SubscriptionExpired;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  SuspensionReason reason{};
  Date on;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SubscriptionExpired&, const SubscriptionExpired&) = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionExpired, (), (subscription_id, reason, on))

/// Credit-eligible usage of the period reached its credit.
struct SpendingLimitReached {
  static constexpr EventType kType = EventType::SpendingLimitReached;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  Money limit;
  Period period;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SpendingLimitReached&, const SpendingLimitReached&) = default;
};
BOOST_DESCRIBE_STRUCT(SpendingLimitReached, (), (subscription_id, limit, period))

/// Usage beyond the credit is billed from now on.
struct SpendingLimitRemoved {
  static constexpr EventType kType = EventType::SpendingLimitRemoved;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  std::optional<SpendingLimitMode> mode{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SpendingLimitRemoved&, const SpendingLimitRemoved&) = default;
};
BOOST_DESCRIBE_STRUCT(SpendingLimitRemoved, (), (subscription_id, mode))
void fill_defaults(SpendingLimitRemoved& fact, const FactContext& context);

/// Usage beyond the credit disables the subscription again.
struct SpendingLimitRestored {
  static constexpr EventType kType = EventType::SpendingLimitRestored;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  std::optional<SpendingLimitMode> mode{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const SpendingLimitRestored&, const SpendingLimitRestored&) = default;
};
BOOST_DESCRIBE_STRUCT(SpendingLimitRestored, (), (subscription_id, mode))

/// Another offer from now on; a free trial becomes pay-as-you-go.
struct OfferUpgraded {
  static constexpr EventType kType = EventType::OfferUpgraded;
  static constexpr StreamType kStream = StreamType::Subscription;

  SubscriptionId subscription_id;
  OfferId from_offer;
  OfferId to_offer;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const OfferUpgraded&, const OfferUpgraded&) = default;
};
BOOST_DESCRIBE_STRUCT(OfferUpgraded, (), (subscription_id, from_offer, to_offer))

namespace subscription {
using Events = TypeList<SubscriptionCreated, SubscriptionMoved, SubscriptionBillingTransferred,
                        SubscriptionCancelled, SubscriptionReactivated, SubscriptionDeleted,
                        SubscriptionBecamePastDue, SubscriptionWarned, SubscriptionDisabled,
                        SubscriptionReenabled, SubscriptionExpired, SpendingLimitReached,
                        SpendingLimitRemoved, SpendingLimitRestored, OfferUpgraded>;
}  // namespace subscription

}  // namespace daybook
