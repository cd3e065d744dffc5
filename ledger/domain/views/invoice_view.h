#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/facts/parts.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/personal.h"
#include "ledger/domain/time.h"

namespace daybook {

struct PaymentView {
  PaymentId payment_id;
  Money amount;
  Date received_on;
  std::optional<PaymentFamily> method_family;
  std::optional<MethodId> method_id;
  Money reversed;  ///< of it, claimed back or paid back

  friend bool operator==(const PaymentView&, const PaymentView&) = default;
};
BOOST_DESCRIBE_STRUCT(PaymentView, (),
                      (payment_id, amount, received_on, method_family, method_id, reversed))

struct FailedPaymentView {
  PaymentId payment_id;
  PaymentFailure reason = PaymentFailure::Other;
  Date failed_on;
  std::optional<MethodId> method_id;

  friend bool operator==(const FailedPaymentView&, const FailedPaymentView&) = default;
};
BOOST_DESCRIBE_STRUCT(FailedPaymentView, (), (payment_id, reason, failed_on, method_id))

/// The documents before and after this one.
struct RebillView {
  std::optional<InvoiceId> billed_document_id;  ///< of a void one: what bills its charges now
  std::vector<CreditNoteId> credit_note_ids;
  std::optional<InvoiceId> previous_invoice_id;  ///< the void one that it replaces

  friend bool operator==(const RebillView&, const RebillView&) = default;
};
BOOST_DESCRIBE_STRUCT(RebillView, (), (billed_document_id, credit_note_ids, previous_invoice_id))

/// An invoice as it stands in lists.
struct InvoiceItemView {
  std::string invoice_id;  ///< of a credit note: its own
  DocumentType document_type = DocumentType::Invoice;
  InvoiceType type = InvoiceType::AzureServices;
  InvoiceStatus status = InvoiceStatus::Due;
  AccountId account_id;
  ScopeId scope_id;
  std::optional<SubscriptionId> subscription_id;
  std::optional<PlanId> support_plan_id;
  std::optional<ProfileId> profile_id;
  std::optional<EnrollmentId> enrollment_id;
  Date issue_date;
  Date due_date;
  Period period;
  bool is_monthly = false;
  Currency currency;
  std::optional<std::string> po_number;
  std::optional<Personal<Address>> bill_to;
  std::optional<Personal<Address>> sold_to;
  std::int32_t payment_term_days = 0;
  SpecialTaxation special_taxation = SpecialTaxation::SubtotalLevel;
  InvoiceTotals totals;
  Money amount_due;
  RebillView rebill;
  std::optional<std::string> credit_for_document_id;

  friend bool operator==(const InvoiceItemView&, const InvoiceItemView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceItemView, (),
                      (invoice_id, document_type, type, status, account_id, scope_id,
                       subscription_id, support_plan_id, profile_id, enrollment_id, issue_date,
                       due_date, period, is_monthly, currency, po_number, bill_to, sold_to,
                       payment_term_days, special_taxation, totals, amount_due, rebill,
                       credit_for_document_id))

/// `GET /v1/invoices/{id}`: members of the item, and all that lists leave out.
struct InvoiceView {
  std::string invoice_id;
  DocumentType document_type = DocumentType::Invoice;
  InvoiceType type = InvoiceType::AzureServices;
  InvoiceStatus status = InvoiceStatus::Due;
  AccountId account_id;
  ScopeId scope_id;
  std::optional<SubscriptionId> subscription_id;
  std::optional<PlanId> support_plan_id;
  std::optional<ProfileId> profile_id;
  std::optional<EnrollmentId> enrollment_id;
  Date issue_date;
  Date due_date;
  Period period;
  bool is_monthly = false;
  Currency currency;
  std::optional<std::string> po_number;
  std::optional<Personal<Address>> bill_to;
  std::optional<Personal<Address>> sold_to;
  std::int32_t payment_term_days = 0;
  SpecialTaxation special_taxation = SpecialTaxation::SubtotalLevel;
  InvoiceTotals totals;
  Money amount_due;
  std::vector<InvoiceLine> lines;
  std::vector<InvoiceSectionTotals> sections;
  std::vector<TaxLine> taxes;
  std::vector<PaymentView> payments;
  std::vector<FailedPaymentView> failed_payments;
  RebillView rebill;
  std::optional<std::string> credit_for_document_id;
  std::optional<Date> retry_on;  ///< when a card that was declined is to be tried again (domain.md 3.4)

  friend bool operator==(const InvoiceView&, const InvoiceView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceView, (),
                      (invoice_id, document_type, type, status, account_id, scope_id,
                       subscription_id, support_plan_id, profile_id, enrollment_id, issue_date,
                       due_date, period, is_monthly, currency, po_number, bill_to, sold_to,
                       payment_term_days, special_taxation, totals, amount_due, lines, sections,
                       taxes, payments, failed_payments, rebill, credit_for_document_id,
                       retry_on))

/// `GET /v1/invoices`.
struct InvoiceListView {
  std::vector<InvoiceItemView> items;
  std::optional<std::int64_t> total;  ///< absent where no exact count is promised
  std::optional<std::string> next_cursor;

  friend bool operator==(const InvoiceListView&, const InvoiceListView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceListView, (), (items, total, next_cursor))

}  // namespace daybook
