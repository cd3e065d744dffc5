#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Money received for an invoice.
struct InvoicePayment {
  PaymentId payment_id;
  std::int64_t amount_minor = 0;
  std::int64_t reversed_minor = 0;  ///< of it, claimed back or paid back
  Date received_on;
  std::optional<PaymentFamily> method_family;
  std::optional<MethodId> method_id;

  friend bool operator==(const InvoicePayment&, const InvoicePayment&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePayment, (),
                      (payment_id, amount_minor, reversed_minor, received_on, method_family,
                       method_id))

struct FailedPayment {
  PaymentId payment_id;
  PaymentFailure reason = PaymentFailure::Other;
  Date failed_on;
  std::optional<MethodId> method_id;

  friend bool operator==(const FailedPayment&, const FailedPayment&) = default;
};
BOOST_DESCRIBE_STRUCT(FailedPayment, (), (payment_id, reason, failed_on, method_id))

/// What changes of an issued invoice: its status and what was paid (domain.md 3.5). All else is
/// InvoiceDocument.
struct Invoice {
  static constexpr StateKind kState = StateKind::Invoice;

  InvoiceId invoice_id;
  InvoiceType type = InvoiceType::AzureServices;
  AccountId account_id;
  AccountType account_type = AccountType::MOSP;  ///< whose access rules it keeps (R-83)
  ScopeRef scope;                                ///< subscription, support plan or profile
  InvoiceStatus status = InvoiceStatus::Due;
  InvoiceStatus status_before_lock = InvoiceStatus::Due;
  Date issue_date;
  Date due_date;
  Period period;
  bool pays_by_card = false;  ///< due at once; never past due by date alone (R-07)
  std::optional<MethodId> method_id;
  Currency currency;
  std::int64_t total_minor = 0;
  std::int64_t credited_minor = 0;  ///< by credit notes, with tax
  std::int64_t refunded_minor = 0;  ///< given back when nothing was owed: owes nothing (R-74)
  std::vector<InvoicePayment> payments;
  std::vector<FailedPayment> failed_payments;
  std::optional<Date> past_due_since;  ///< origin of the ladder (R-71)
  std::vector<CreditNoteId> credit_note_ids;
  std::optional<InvoiceId> billed_document_id;
  std::optional<InvoiceId> previous_invoice_id;
  Position issued_at = 0;  ///< of its InvoiceIssued
  bool was_late = false;   ///< issued after the date of its run (R-22)

  /// total − payments + reversals − credit notes, never below 0; of a void one 0.
  [[nodiscard]] std::int64_t amount_due_minor() const;
  [[nodiscard]] Money amount_due() const { return {amount_due_minor(), currency}; }
  [[nodiscard]] const InvoicePayment* payment(const PaymentId& id) const;
  /// Due, PastDue or Locked.
  [[nodiscard]] bool is_open() const {
    return status != InvoiceStatus::Paid && status != InvoiceStatus::Void;
  }

  friend bool operator==(const Invoice&, const Invoice&) = default;
};
BOOST_DESCRIBE_STRUCT(Invoice, (),
                      (invoice_id, type, account_id, account_type, scope, status,
                       status_before_lock, issue_date, due_date, period, pays_by_card, method_id,
                       currency, total_minor, credited_minor, refunded_minor, payments,
                       failed_payments, past_due_since, credit_note_ids, billed_document_id,
                       previous_invoice_id, issued_at, was_late))

/// What never changes of an invoice: written once.
struct InvoiceDocument {
  static constexpr StateKind kState = StateKind::InvoiceDocument;

  InvoiceIssued issued;

  friend bool operator==(const InvoiceDocument&, const InvoiceDocument&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDocument, (), (issued))

/// Its lines, in order; whole once all chunks of its group are folded.
struct InvoiceLines {
  static constexpr StateKind kState = StateKind::InvoiceLines;

  InvoiceId invoice_id;
  std::vector<InvoiceLine> lines;

  friend bool operator==(const InvoiceLines&, const InvoiceLines&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceLines, (), (invoice_id, lines))

void apply(Invoice& invoice, const InvoiceIssued& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoicePaymentSucceeded& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoicePaymentFailed& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoicePaymentReversed& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoiceBecamePastDue& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoicePaid& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoiceLocked& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoiceUnlocked& event, const Occurrence& at);
void apply(Invoice& invoice, const CreditNoteIssued& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoiceVoided& event, const Occurrence& at);
void apply(Invoice& invoice, const InvoiceRebilled& event, const Occurrence& at);
void apply(InvoiceLines& lines, const InvoiceLinesAdded& event);

}  // namespace daybook
