#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

/// What documents are made of (api.md 6, domain.md 2.8).
namespace daybook {

/// The part of a line that was rated at one tier's price.
struct LineTier {
  Decimal from;
  Decimal quantity;
  Decimal unit_price;
  Decimal value;

  friend bool operator==(const LineTier&, const LineTier&) = default;
};
BOOST_DESCRIBE_STRUCT(LineTier, (), (from, quantity, unit_price, value))

/// A line groups the rows of one subscription, meter, region, pricing model and charge type;
/// purchases, refunds, discounts and what belongs to an earlier period have lines of their own.
struct InvoiceLine {
  std::string line_id;  ///< unique in its document
  ChargeType charge_type{};
  std::optional<SubscriptionId> subscription_id{};
  std::optional<SectionId> section_id{};
  std::optional<ChargeId> charge_id{};  ///< of a purchase or refund
  std::optional<MeterId> meter_id{};
  std::string description;
  std::optional<std::string> category{};
  std::optional<std::string> region{};
  std::optional<PricingModel> pricing_model{};
  std::optional<PublisherType> publisher_type{};
  std::optional<std::string> unit{};
  std::optional<Decimal> consumed{};
  std::optional<Decimal> included{};
  std::optional<Decimal> billable{};
  std::optional<Decimal> rate{};
  Decimal value;  ///< exact before rounding, cut to 28 places
  Money amount;   ///< its part of the document's rounded total
  Money credit;   ///< covered by credit lots
  std::vector<LineTier> tiers{};
  Period period;
  bool is_credit_eligible = false;
  std::int64_t row_count = 0;                  ///< usage rows behind it
  std::optional<Currency> pricing_currency{};  ///< of `rate` where the document has another
  std::optional<Decimal> exchange_rate{};  ///< document's currency for one of `pricing_currency`
  std::optional<ReservationId> reservation_id{};    ///< an instalment or refund of a reservation
  std::optional<PlanId> support_plan_id{};          ///< a term of a support plan
  std::optional<DiscountId> discount_id{};          ///< of a `Discount` line
  std::optional<InvoiceId> corrected_invoice_id{};  ///< whose period an `Adjustment` mends

  friend bool operator==(const InvoiceLine&, const InvoiceLine&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceLine, (),
                      (line_id, charge_type, subscription_id, section_id, charge_id, meter_id,
                       description, category, region, pricing_model, publisher_type, unit, consumed,
                       included, billable, rate, value, amount, credit, tiers, period,
                       is_credit_eligible, row_count, pricing_currency, exchange_rate,
                       reservation_id, support_plan_id, discount_id, corrected_invoice_id))

/// Sums of a document. `sub_total = billed − credits − credit_applied`, `total = sub_total + tax`,
/// `credit_applied = azure_prepayment_applied + free_azure_credit_applied`.
struct InvoiceTotals {
  Money billed;
  Money credits;  ///< refunds, positive
  Money azure_prepayment_applied;
  Money free_azure_credit_applied;
  Money credit_applied;
  Money sub_total;
  Money tax;
  Money total;

  friend bool operator==(const InvoiceTotals&, const InvoiceTotals&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceTotals, (),
                      (billed, credits, azure_prepayment_applied, free_azure_credit_applied,
                       credit_applied, sub_total, tax, total))

/// Tax of one rate on a document.
struct TaxLine {
  std::string name;  ///< "VAT"
  Decimal rate_percent;
  Money base;
  Money amount;
  TaxTreatment treatment{};
  std::string country;

  friend bool operator==(const TaxLine&, const TaxLine&) = default;
};
BOOST_DESCRIBE_STRUCT(TaxLine, (), (name, rate_percent, base, amount, treatment, country))

/// The part of a profile's document that belongs to one section: `total = charges − credit + tax`.
struct InvoiceSectionTotals {
  SectionId section_id;
  std::string name;
  Money charges;
  Money credit;
  Money tax;
  Money total;

  friend bool operator==(const InvoiceSectionTotals&, const InvoiceSectionTotals&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceSectionTotals, (), (section_id, name, charges, credit, tax, total))

/// "Billed through day D at position P": the only memory of what a scope was billed. A row is late
/// when its day is not after `through` and its position after `position`.
struct BilledThrough {
  ScopeType scope_type{};
  ScopeId scope_id;
  InvoiceType invoice_type{};  ///< MOSP has marks apart for services and for marketplace
  Date through;                ///< the last day billed
  std::uint64_t position = 0;
  std::int32_t place = 0;  ///< of a subscription that moved: which of its places, from 0

  friend bool operator==(const BilledThrough&, const BilledThrough&) = default;
};
BOOST_DESCRIBE_STRUCT(BilledThrough, (), (scope_type, scope_id, invoice_type, through, position, place))

/// What a document was made of: enough to make it again, and to prove it.
struct Manifest {
  std::uint64_t position = 0;  ///< rows and prices up to here
  std::int32_t rule_version = 0;
  std::int64_t row_count = 0;  ///< usage rows
  /// RFC 9162 root over their leaves in the order of position, 32 bytes.
  std::vector<std::byte> rows_root{};
  std::vector<std::uint64_t> price_positions{};  ///< the prices in force for its rows
  /// Tax rates, exchange rates and discounts it used.
  std::vector<std::uint64_t> rate_positions{};
  /// Purchases, refunds, reservations, support terms on it.
  std::vector<std::uint64_t> charge_positions{};
  std::vector<std::uint64_t> late_positions{};  ///< rows and corrections of earlier periods on it
  /// Negative rows left for the next document.
  std::vector<std::uint64_t> deferred_positions{};
  std::vector<BilledThrough> marks{};

  friend bool operator==(const Manifest&, const Manifest&) = default;
};
BOOST_DESCRIBE_STRUCT(Manifest, (),
                      (position, rule_version, row_count, rows_root, price_positions,
                       rate_positions, charge_positions, late_positions, deferred_positions, marks))

/// What a credit note takes back because usage of its invoice was amended, voided or came late:
/// before tax `charges − credit`.
struct InvoiceCorrection {
  Money charges;   ///< what the charges of the invoice are lower by
  Money eligible;  ///< of it, what credit may cover; below 0 where that rose and all else fell
  Money credit;    ///< of it, what went back to credit lots
  Manifest manifest;  ///< the rows and corrections (`late_positions`), and what the scope was billed through

  friend bool operator==(const InvoiceCorrection&, const InvoiceCorrection&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceCorrection, (), (charges, eligible, credit, manifest))

/// A payment that went over from a void document to the one that replaces it.
struct MovedPayment {
  PaymentId payment_id;
  Money amount;
  Date received_on;
  std::optional<PaymentFamily> method_family{};
  std::optional<MethodId> method_id{};

  friend bool operator==(const MovedPayment&, const MovedPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(MovedPayment, (), (payment_id, amount, received_on, method_family, method_id))

}  // namespace daybook
