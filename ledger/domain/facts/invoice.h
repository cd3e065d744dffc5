#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/event_types.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/fact_context.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

/// An invoice from issue to its last payment. Stream `Invoice`, which also holds the files and
/// notices of invoice_documents.
namespace daybook {

/// A document exists. Its lines follow in `InvoiceLinesAdded` of the same group; none of this ever
/// changes.
struct InvoiceIssued {
  static constexpr EventType kType = EventType::InvoiceIssued;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  InvoiceType type{};
  AccountId account_id;
  /// The agreement it is issued under, whose access rules it keeps.
  AccountType account_type{};
  ScopeType scope_type{};
  ScopeId scope_id;  ///< subscription, profile or enrollment
  std::optional<SubscriptionId> subscription_id{};
  std::optional<PlanId> support_plan_id{};
  std::optional<ProfileId> profile_id{};
  std::optional<EnrollmentId> enrollment_id{};
  Date run_date;    ///< of the billing run that made it
  Date issue_date;  ///< later than `run_date` where the run was late (R-22)
  Date due_date;
  Period period;
  bool is_monthly = false;
  Currency currency;
  std::optional<std::string> po_number{};
  std::optional<Personal<Address>> bill_to{};
  std::optional<Personal<Address>> sold_to{};
  std::int32_t payment_term_days = 0;  ///< 0: a card pays on `issue_date`
  std::optional<MethodId> method_id{};
  std::optional<PaymentFamily> method_family{};
  SpecialTaxation special_taxation{};
  InvoiceTotals totals;
  std::vector<TaxLine> taxes{};
  std::vector<InvoiceSectionTotals> sections{};
  std::int32_t line_count = 0;
  std::optional<InvoiceId> previous_invoice_id{};  ///< the void one it replaces
  Manifest manifest;
  std::optional<InvoiceId> corrected_invoice_id{};  ///< the one whose usage was corrected after it (R-81)

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  [[nodiscard]] std::string personal_subject() const { return "account:" + account_id.text(); }
  friend bool operator==(const InvoiceIssued&, const InvoiceIssued&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceIssued, (),
                      (invoice_id, type, account_id, account_type, scope_type, scope_id,
                       subscription_id, support_plan_id, profile_id, enrollment_id, run_date,
                       issue_date, due_date, period, is_monthly, currency, po_number, bill_to,
                       sold_to, payment_term_days, method_id, method_family, special_taxation,
                       totals, taxes, sections, line_count, previous_invoice_id, manifest,
                       corrected_invoice_id))

/// Lines of a document, in chunks that each fit an event.
struct InvoiceLinesAdded {
  static constexpr EventType kType = EventType::InvoiceLinesAdded;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  std::int32_t first_line = 0;  ///< place of the first one, from 0
  std::vector<InvoiceLine> lines{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceLinesAdded&, const InvoiceLinesAdded&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceLinesAdded, (), (invoice_id, first_line, lines))

/// A payment gateway will try at `scheduled_on`.
struct InvoicePaymentScheduled {
  static constexpr EventType kType = EventType::InvoicePaymentScheduled;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  PaymentId payment_id;
  MethodId method_id;
  std::int32_t attempt_no = 0;
  Money amount;
  Date scheduled_on;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaymentScheduled&, const InvoicePaymentScheduled&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaymentScheduled, (),
                      (invoice_id, payment_id, method_id, attempt_no, amount, scheduled_on))

/// A payment gateway was asked; its answer follows.
struct InvoicePaymentAttempted {
  static constexpr EventType kType = EventType::InvoicePaymentAttempted;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  PaymentId payment_id;
  MethodId method_id;
  std::int32_t attempt_no = 0;
  Money amount;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaymentAttempted&, const InvoicePaymentAttempted&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaymentAttempted, (),
                      (invoice_id, payment_id, method_id, attempt_no, amount))

/// Money came in. Idempotent by `payment_id`.
struct InvoicePaymentSucceeded {
  static constexpr EventType kType = EventType::InvoicePaymentSucceeded;
  static constexpr StreamType kStream = StreamType::Invoice;
  static constexpr std::array kDatesFromTime = {std::string_view("received_on")};

  InvoiceId invoice_id;
  PaymentId payment_id;
  Money amount;
  std::optional<Date> received_on{};
  std::optional<PaymentFamily> method_family{};
  std::optional<MethodId> method_id{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaymentSucceeded&, const InvoicePaymentSucceeded&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaymentSucceeded, (),
                      (invoice_id, payment_id, amount, received_on, method_family, method_id))
void fill_defaults(InvoicePaymentSucceeded& fact, const FactContext& context);

/// The payment was declined.
struct InvoicePaymentFailed {
  static constexpr EventType kType = EventType::InvoicePaymentFailed;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  PaymentId payment_id;
  PaymentFailure reason{};
  std::optional<MethodId> method_id{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaymentFailed&, const InvoicePaymentFailed&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaymentFailed, (), (invoice_id, payment_id, reason, method_id))

/// Money went back: claimed by the payer's bank, or paid back by the provider (then nothing is owed
/// again).
struct InvoicePaymentReversed {
  static constexpr EventType kType = EventType::InvoicePaymentReversed;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  PaymentId payment_id;
  Money amount;
  std::optional<ReversalReason> reason{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaymentReversed&, const InvoicePaymentReversed&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaymentReversed, (), (invoice_id, payment_id, amount, reason))
void fill_defaults(InvoicePaymentReversed& fact, const FactContext& context);

/// Declined, not paid in time, or owed again.
struct InvoiceBecamePastDue {
  static constexpr EventType kType = EventType::InvoiceBecamePastDue;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  Date as_of;
  PastDueReason reason{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceBecamePastDue&, const InvoiceBecamePastDue&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceBecamePastDue, (), (invoice_id, as_of, reason))

/// Nothing is owed any more.
struct InvoicePaid {
  static constexpr EventType kType = EventType::InvoicePaid;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  Date as_of;

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoicePaid&, const InvoicePaid&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoicePaid, (), (invoice_id, as_of))

/// Neither paid nor amended until it is unlocked.
struct InvoiceLocked {
  static constexpr EventType kType = EventType::InvoiceLocked;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  std::optional<std::string> reason{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceLocked&, const InvoiceLocked&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceLocked, (), (invoice_id, reason))

/// It has the status again that it had before it was locked.
struct InvoiceUnlocked {
  static constexpr EventType kType = EventType::InvoiceUnlocked;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  std::optional<std::string> reason{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceUnlocked&, const InvoiceUnlocked&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceUnlocked, (), (invoice_id, reason))

/// Part or all of an invoice is owed no longer. Figures are positive.
struct CreditNoteIssued {
  static constexpr EventType kType = EventType::CreditNoteIssued;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId credit_for_invoice_id;
  CreditNoteId credit_note_id;
  Date issue_date;
  Money amount;  ///< with tax
  std::string reason;
  InvoiceTotals totals;
  std::vector<TaxLine> taxes{};
  std::vector<InvoiceSectionTotals> sections{};
  /// Of usage that was corrected after the invoice; of a note that takes over those of a void
  /// invoice: theirs.
  std::vector<InvoiceCorrection> corrections{};

  [[nodiscard]] std::string stream_id() const { return credit_for_invoice_id.text(); }
  friend bool operator==(const CreditNoteIssued&, const CreditNoteIssued&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditNoteIssued, (),
                      (credit_for_invoice_id, credit_note_id, issue_date, amount, reason, totals,
                       taxes, sections, corrections))

/// The invoice stands for nothing; its charges are free to be billed again.
struct InvoiceVoided {
  static constexpr EventType kType = EventType::InvoiceVoided;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  Date as_of;
  std::optional<std::string> reason{};
  std::optional<InvoiceId> billed_document_id{};  ///< the invoice that bills its charges now
  std::optional<CreditNoteId> credit_note_id{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceVoided&, const InvoiceVoided&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceVoided, (),
                      (invoice_id, as_of, reason, billed_document_id, credit_note_id))

/// Another invoice took the place of this one, which keeps no payments.
struct InvoiceRebilled {
  static constexpr EventType kType = EventType::InvoiceRebilled;
  static constexpr StreamType kStream = StreamType::Invoice;

  InvoiceId invoice_id;
  InvoiceId new_invoice_id;
  RebillReason reason{};
  std::vector<MovedPayment> moved_payments{};

  [[nodiscard]] std::string stream_id() const { return invoice_id.text(); }
  friend bool operator==(const InvoiceRebilled&, const InvoiceRebilled&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceRebilled, (), (invoice_id, new_invoice_id, reason, moved_payments))

namespace invoice {
using Events = TypeList<InvoiceIssued, InvoiceLinesAdded, InvoicePaymentScheduled,
                        InvoicePaymentAttempted, InvoicePaymentSucceeded, InvoicePaymentFailed,
                        InvoicePaymentReversed, InvoiceBecamePastDue, InvoicePaid, InvoiceLocked,
                        InvoiceUnlocked, CreditNoteIssued, InvoiceVoided, InvoiceRebilled>;
}  // namespace invoice

}  // namespace daybook
