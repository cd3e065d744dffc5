#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/json_text.h"
#include "ledger/domain/facts/texts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

/// Usage: measured quantities, corrections of them, and the ends of billing periods. Stream
/// `UsageLedger`, one a subscription.
namespace daybook {

/// One row of measured usage. What it costs is decided when it is billed or asked for, never here.
///
/// Members that every row has stand first: the table of offsets in the bytes ends with the last one
/// present.
struct UsageRecorded {
  static constexpr EventType kType = EventType::UsageRecorded;
  static constexpr StreamType kStream = StreamType::UsageLedger;
  static constexpr std::array kDatesFromTime = {std::string_view("usage_date"),
                                                std::string_view("received_on")};

  SubscriptionId subscription_id;
  MeterId meter_id;
  Decimal quantity;
  /// Unique per subscription and source; absent: the event's id.
  std::optional<std::string> usage_id{};
  std::optional<Date> usage_date{};
  std::optional<Date> received_on{};
  std::optional<bool> is_credit_eligible{};  ///< absent: true, for Marketplace false
  std::optional<ChargeType> charge_type{};   ///< others than `Usage` come with `cost` alone
  std::optional<std::string> unit{};
  std::optional<std::string> category{};
  std::optional<std::string> region{};
  std::optional<std::string> resource_id{};
  std::optional<std::string> resource_group{};
  std::optional<std::string> meter_name{};
  std::optional<std::string> meter_sub_category{};
  std::optional<std::string> product{};
  std::optional<Decimal> unit_price{};  ///< outside prices, included quantities and tiers
  std::optional<Decimal> cost{};        ///< already rated, taken as it is
  std::optional<Currency> currency{};   ///< of `cost` or `unit_price`
  std::optional<PricingModel> pricing_model{};
  std::optional<PublisherType> publisher_type{};
  Texts tags{};
  std::optional<JsonText> additional_info{};

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const UsageRecorded&, const UsageRecorded&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageRecorded, (),
                      (subscription_id, meter_id, quantity, usage_id, usage_date, received_on,
                       is_credit_eligible, charge_type, unit, category, region, resource_id,
                       resource_group, meter_name, meter_sub_category, product, unit_price, cost,
                       currency, pricing_model, publisher_type, tags, additional_info))
void fill_defaults(UsageRecorded& fact, const FactContext& context);

/// The source corrected its record; absent members stay as they are.
struct UsageAmended {
  static constexpr EventType kType = EventType::UsageAmended;
  static constexpr StreamType kStream = StreamType::UsageLedger;

  SubscriptionId subscription_id;
  std::string usage_id;
  std::string reason;
  std::optional<Decimal> quantity{};
  std::optional<Decimal> unit_price{};
  std::optional<Decimal> cost{};
  std::optional<Texts> tags{};  ///< the whole of the new ones

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const UsageAmended&, const UsageAmended&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageAmended, (),
                      (subscription_id, usage_id, reason, quantity, unit_price, cost, tags))

/// The source withdrew its record.
struct UsageVoided {
  static constexpr EventType kType = EventType::UsageVoided;
  static constexpr StreamType kStream = StreamType::UsageLedger;

  SubscriptionId subscription_id;
  std::string usage_id;
  std::string reason;

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const UsageVoided&, const UsageVoided&) = default;
};
BOOST_DESCRIBE_STRUCT(UsageVoided, (), (subscription_id, usage_id, reason))

/// A billing period is over and stands on a document.
struct PeriodClosed {
  static constexpr EventType kType = EventType::PeriodClosed;
  static constexpr StreamType kStream = StreamType::UsageLedger;

  SubscriptionId subscription_id;
  Period period;
  Date closed_on;
  InvoiceTotals totals;
  InvoiceType invoice_type{};
  std::optional<InvoiceId> invoice_id{};
  std::uint64_t position = 0;  ///< rows up to here were looked at

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const PeriodClosed&, const PeriodClosed&) = default;
};
BOOST_DESCRIBE_STRUCT(PeriodClosed, (),
                      (subscription_id, period, closed_on, totals, invoice_type, invoice_id,
                       position))

/// A billing period is over and nothing is owed for it.
struct PeriodClosedWithoutInvoice {
  static constexpr EventType kType = EventType::PeriodClosedWithoutInvoice;
  static constexpr StreamType kStream = StreamType::UsageLedger;

  SubscriptionId subscription_id;
  Period period;
  Date closed_on;
  NoInvoiceReason reason{};
  InvoiceTotals totals;  ///< what the rows came to, with the credit that covered it
  InvoiceType invoice_type{};
  std::uint64_t position = 0;  ///< rows up to here were looked at
  std::vector<std::uint64_t>
      deferred_positions{};  ///< negative rows left for the next document (R-65)
  std::optional<EnrollmentId> enrollment_id{};  ///< EA: whose period it is
  std::int32_t place = 0;  ///< of a subscription that moved: which of its places, from 0
  std::vector<std::string> charges{};  ///< purchases that it held: `c/CHARGE`, `r/RESERVATION/N`
  std::optional<ProfileId> profile_id{};  ///< MCA, MPA: whose month it is

  [[nodiscard]] std::string stream_id() const { return subscription_id.text(); }
  friend bool operator==(const PeriodClosedWithoutInvoice&,
                         const PeriodClosedWithoutInvoice&) = default;
};
BOOST_DESCRIBE_STRUCT(PeriodClosedWithoutInvoice, (),
                      (subscription_id, period, closed_on, reason, totals, invoice_type, position,
                       deferred_positions, enrollment_id, place, charges, profile_id))

namespace usage {
using Events =
    TypeList<UsageRecorded, UsageAmended, UsageVoided, PeriodClosed, PeriodClosedWithoutInvoice>;
}  // namespace usage

}  // namespace daybook
