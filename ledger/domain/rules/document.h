#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/event.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/document_line.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/rating.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// A line of usage of the document's own period, or of `period` where it is late. With its derivation
/// where `scope` keeps the parts of rows.
[[nodiscard]] DraftLine draft_line(const RatedLine& rated, const RatingScope& scope, Period period);

/// Whom a document is for and what is on it.
struct DraftDocument {
  const Account* account = nullptr;
  const Profile* profile = nullptr;            ///< MCA, MPA
  const Subscription* subscription = nullptr;  ///< MOSP
  const SupportPlan* support_plan = nullptr;   ///< of its own document
  const Enrollment* enrollment = nullptr;      ///< EA
  InvoiceType type = InvoiceType::AzureServices;
  Period period;
  Date run_date;
  Date issue_date;
  Currency currency;
  std::vector<DraftLine> lines;
  Manifest manifest;
  std::vector<std::string> charges;  ///< keys of the purchases among the lines
  CreditPool* credit = nullptr;   ///< what may cover its eligible lines
  bool ends_with_credit = false;  ///< a spending limit: eligible lines cost no more (R-63)

  /// The subscription, support plan, profile or enrollment.
  [[nodiscard]] ScopeRef scope() const;
};

/// A document: InvoiceIssued, then its lines, then the credit that it took.
struct Document {
  InvoiceIssued issued;
  std::vector<InvoiceLine> lines;
  std::vector<CreditTaken> credit;
  std::vector<std::string> charges;

  /// CreditApplied of each lot; `invoiced`: under the document's id, else under its period alone.
  [[nodiscard]] std::vector<EventData> credit_events(bool invoiced) const;
  /// Charges without refunds, all of it covered by credit.
  [[nodiscard]] bool is_within_credit() const;
  /// InvoiceIssued, as many InvoiceLinesAdded as the lines need, and CreditApplied of each lot.
  [[nodiscard]] std::vector<EventData> events() const;
};

/// Totals, amounts, tax and sections, in the order of domain.md 2.8 steps 5 to 7. The sum of the
/// values is not negative. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Document> make_document(const StateReader& state, DraftDocument draft);

/// The tax rate of a document: of the account itself, else for the country of soldTo, else
/// of the account.
struct TaxInForce {
  const TaxRateVersion* rate = nullptr;
  std::string country;
};
[[nodiscard]] TaxInForce tax_in_force(const StateReader& state, const Account& account,
                                      Date issue_date);

}  // namespace daybook
