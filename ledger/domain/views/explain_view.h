#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What a part of a line's value is.
enum class StepKind : std::uint8_t {
  Included = 0,    ///< the price's free quantity
  Tier = 1,        ///< units at one tier's price; under `Volume` with what earlier units changed by
  UnitPrice = 2,   ///< rows that brought their unit price
  Cost = 3,        ///< rows that brought their cost
  Correction = 4,  ///< what corrections make of rows that were billed before
  Discount = 5,    ///< a percentage off the rows that are listed
  Charge = 6,      ///< a purchase, refund, instalment or term, as it was posted
  Limit = 7,       ///< what a spending limit leaves uncharged
};
BOOST_DESCRIBE_ENUM(StepKind, Included, Tier, UnitPrice, Cost, Correction, Discount, Charge, Limit)

/// `value` is in the document's currency, `unit_price` in the price's.
struct ExplainedStepView {
  StepKind kind = StepKind::Tier;
  std::optional<Decimal> from;  ///< of a tier
  std::optional<Decimal> quantity;
  std::optional<Decimal> unit_price;
  Decimal value{0};

  friend bool operator==(const ExplainedStepView&, const ExplainedStepView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedStepView, (), (kind, from, quantity, unit_price, value))

/// A row of usage, as it was billed: `quantity` and `value` are what it adds to the line.
struct ExplainedUsageView {
  std::uint64_t position = 0;  ///< of its UsageRecorded
  std::string source;
  std::string id;
  std::optional<std::string> usage_id;
  Date usage_date;
  Decimal quantity{0};
  Decimal value{0};
  std::optional<std::uint64_t> amended_by;  ///< position of the last correction that counted

  friend bool operator==(const ExplainedUsageView&, const ExplainedUsageView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedUsageView, (),
                      (position, source, id, usage_id, usage_date, quantity, value, amended_by))

struct ExplainedPriceView {
  std::uint64_t position = 0;  ///< of its PriceChanged
  MeterId meter_id;
  Date effective_on;
  Currency currency;
  TierMode tier_mode = TierMode::Graduated;
  Decimal included_quantity{0};
  std::optional<std::string> scope;  ///< `BillingAccount/acc-1`; nothing: for everybody

  friend bool operator==(const ExplainedPriceView&, const ExplainedPriceView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedPriceView, (),
                      (position, meter_id, effective_on, currency, tier_mode, included_quantity,
                       scope))

struct ExplainedExchangeView {
  std::uint64_t position = 0;  ///< of its ExchangeRateChanged
  Date effective_on;
  Decimal rate{0};  ///< units of the document's currency for one of the price's

  friend bool operator==(const ExplainedExchangeView&, const ExplainedExchangeView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedExchangeView, (), (position, effective_on, rate))

struct ExplainedDiscountView {
  std::uint64_t position = 0;  ///< of its DiscountGranted
  DiscountId discount_id;
  Decimal percent{0};

  friend bool operator==(const ExplainedDiscountView&, const ExplainedDiscountView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedDiscountView, (), (position, discount_id, percent))

/// Σ `value` of `steps` = `value`; of a line of usage Σ `value` of `usage` too. Values are exact sums, cut to
/// 28 places one after another, so that the parts make the whole.
struct ExplainedLineView {
  std::string line_id;
  ChargeType charge_type = ChargeType::Usage;
  std::optional<SubscriptionId> subscription_id;
  std::string description;
  Period period;
  Decimal value{0};
  Money amount;  ///< its part of the document's rounded total
  Money credit;
  std::optional<ExplainedPriceView> price;
  std::optional<ExplainedExchangeView> exchange;
  std::optional<ExplainedDiscountView> discount;
  std::optional<std::uint64_t> charge_position;    ///< of the event of a charge
  std::optional<InvoiceId> corrected_invoice_id;
  std::vector<ExplainedStepView> steps;
  std::vector<ExplainedUsageView> usage;

  friend bool operator==(const ExplainedLineView&, const ExplainedLineView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedLineView, (),
                      (line_id, charge_type, subscription_id, description, period, value, amount,
                       credit, price, exchange, discount, charge_position, corrected_invoice_id,
                       steps, usage))

/// What the document was made of (docs/reference/manifest.md).
struct ExplainedManifestView {
  std::uint64_t position = 0;
  std::int32_t rule_version = 0;
  std::int64_t row_count = 0;
  std::optional<std::string> rows_root;  ///< hexadecimal; nothing: made before there was one

  friend bool operator==(const ExplainedManifestView&, const ExplainedManifestView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedManifestView, (), (position, rule_version, row_count, rows_root))

/// A place where exact values became money.
struct ExplainedRoundingView {
  std::string point;  ///< `BilledOfDocument`, `CreditsOfDocument`, `TaxOfDocument`
  std::string mode;   ///< `HalfAwayFromZero`; of an enterprise agreement `HalfEven`
  std::string exact;  ///< every place
  Money rounded;

  friend bool operator==(const ExplainedRoundingView&, const ExplainedRoundingView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedRoundingView, (), (point, mode, exact, rounded))

/// What a correction of usage took back of an invoice by a note: before tax `charges` less `credit`.
struct ExplainedCorrectionView {
  Money charges;  ///< what the invoice's charges are lower by
  Money credit;   ///< of it, what went back to credit lots
  ExplainedManifestView manifest;

  friend bool operator==(const ExplainedCorrectionView&, const ExplainedCorrectionView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedCorrectionView, (), (charges, credit, manifest))

/// How a credit note's figures follow from its invoice's: of `credited_before` and `amount` together it has the invoice's
/// proportion of tax, less what earlier notes had.
struct ExplainedNoteView {
  InvoiceId credited_invoice_id;
  std::string reason;
  Money amount;           ///< with tax
  Money invoice_total;    ///< with tax
  Money invoice_tax;
  Money credited_before;  ///< by earlier notes, with tax
  Money tax_before;       ///< of it
  Money tax;              ///< of this one
  std::vector<ExplainedCorrectionView> corrections;  ///< of usage; none: the amount was asked for

  friend bool operator==(const ExplainedNoteView&, const ExplainedNoteView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainedNoteView, (),
                      (credited_invoice_id, reason, amount, invoice_total, invoice_tax, credited_before, tax_before, tax,
                       corrections))

/// `GET /v1/invoices/{id}/explain`.
struct ExplainView {
  InvoiceId invoice_id;
  std::optional<InvoiceId> derived_from;  ///< the document whose lines it repeats
  Currency currency;
  ExplainedManifestView manifest;
  std::vector<ExplainedLineView> lines;
  std::vector<ExplainedRoundingView> rounding;
  std::vector<TaxLine> taxes;
  InvoiceTotals totals;
  std::optional<ExplainedNoteView> note;  ///< of a credit note: its lines are what usage that was corrected is worth less

  friend bool operator==(const ExplainView&, const ExplainView&) = default;
};
BOOST_DESCRIBE_STRUCT(ExplainView, (),
                      (invoice_id, derived_from, currency, manifest, lines, rounding, taxes,
                       totals, note))

}  // namespace daybook
