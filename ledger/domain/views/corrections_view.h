#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What becomes of corrections that are issued now.
enum class CorrectionOutcome : std::uint8_t {
  CreditNote = 0,   ///< over the invoice
  Invoice = 1,      ///< beside those of the months, naming the invoice
  NextInvoice = 2,  ///< lines on the scope's next document, with their old period
  Unlocking = 3,    ///< they wait until their invoice is unlocked
};
BOOST_DESCRIBE_ENUM(CorrectionOutcome, CreditNote, Invoice, NextInvoice, Unlocking)

/// Late rows, or corrected ones, that share a line.
struct CorrectedLineView {
  ChargeType charge_type = ChargeType::Adjustment;  ///< `Adjustment`: amended or voided; else late
  std::optional<SubscriptionId> subscription_id;
  std::optional<MeterId> meter_id;
  std::string description;
  std::optional<std::string> region;
  std::optional<std::string> unit;
  Period period;
  std::int64_t row_count = 0;  ///< late or corrected
  Decimal quantity_then;       ///< of meter, region and period, as billed so far
  Decimal quantity_now;
  Decimal value;  ///< exact: what the period is worth now less what was billed of it
  Money amount;   ///< its part of `charges`

  friend bool operator==(const CorrectedLineView&, const CorrectedLineView&) = default;
};
BOOST_DESCRIBE_STRUCT(CorrectedLineView, (),
                      (charge_type, subscription_id, meter_id, description, region, unit, period,
                       row_count, quantity_then, quantity_now, value, amount))

struct CorrectedInvoiceView {
  AccountId account_id;
  ScopeType scope_type{};
  std::string scope_id;
  InvoiceType type = InvoiceType::AzureServices;
  std::optional<InvoiceId> invoice_id;  ///< nothing: no living invoice billed these periods
  CorrectionOutcome becomes = CorrectionOutcome::NextInvoice;
  Money charges;               ///< Σ `amount` of the lines: below 0 is less than billed
  std::optional<Money> total;  ///< of the document, with tax and after credit; a credit note's is below 0
  std::vector<CorrectedLineView> lines;

  friend bool operator==(const CorrectedInvoiceView&, const CorrectedInvoiceView&) = default;
};
BOOST_DESCRIBE_STRUCT(CorrectedInvoiceView, (),
                      (account_id, scope_type, scope_id, type, invoice_id, becomes, charges, total,
                       lines))

/// What VoidInvoice with `rebill` makes of an invoice whose prices changed after it.
struct RebillPreviewView {
  AccountId account_id;
  InvoiceId invoice_id;
  std::vector<std::int64_t> prices;  ///< positions of the later prices of its meters
  Money total;
  std::optional<Money> rebilled_total;  ///< nothing: it cannot be voided; `refusal` says why
  std::optional<Money> difference;
  std::optional<std::string> refusal;

  friend bool operator==(const RebillPreviewView&, const RebillPreviewView&) = default;
};
BOOST_DESCRIBE_STRUCT(RebillPreviewView, (),
                      (account_id, invoice_id, prices, total, rebilled_total, difference, refusal))

/// Of one currency.
struct CorrectionTotalsView {
  Currency currency;
  std::int64_t invoices = 0;
  Money charges;
  Money rebilled;  ///< Σ `difference` of the rebills

  friend bool operator==(const CorrectionTotalsView&, const CorrectionTotalsView&) = default;
};
BOOST_DESCRIBE_STRUCT(CorrectionTotalsView, (), (currency, invoices, charges, rebilled))

/// `GET /v1/corrections`: nothing of it is recorded.
struct CorrectionsView {
  std::int64_t position = 0;
  Date on;  ///< the day of the documents, if they are issued now
  std::vector<CorrectedInvoiceView> items;
  std::vector<RebillPreviewView> rebills;  ///< where they are asked for
  std::vector<CorrectionTotalsView> totals;

  friend bool operator==(const CorrectionsView&, const CorrectionsView&) = default;
};
BOOST_DESCRIBE_STRUCT(CorrectionsView, (), (position, on, items, rebills, totals))

}  // namespace daybook
