#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// How an invoice stands at one position.
struct InvoiceStandingView {
  InvoiceStatus status = InvoiceStatus::Due;
  Money total;
  Money credited;  ///< by credit notes, with tax
  Money paid;      ///< payments less what went back
  Money amount_due;
  Money sub_total;
  Money tax;
  std::int64_t lines = 0;
  std::int64_t credit_notes = 0;

  friend bool operator==(const InvoiceStandingView&, const InvoiceStandingView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceStandingView, (),
                      (status, total, credited, paid, amount_due, sub_total, tax, lines, credit_notes))

struct InvoiceDifferenceView {
  InvoiceId invoice_id;
  AccountId account_id;
  std::optional<InvoiceStandingView> before;  ///< nothing: it was not issued yet
  InvoiceStandingView after;

  friend bool operator==(const InvoiceDifferenceView&, const InvoiceDifferenceView&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceDifferenceView, (), (invoice_id, account_id, before, after))

/// What its invoices changed by: of an account, in one currency.
struct AccountDifferenceView {
  AccountId account_id;
  Currency currency;
  std::int64_t issued = 0;   ///< so many new invoices
  std::int64_t changed = 0;  ///< so many that were there
  Money total;               ///< of the new ones, less those that became void
  Money credited;
  Money paid;
  Money amount_due;

  friend bool operator==(const AccountDifferenceView&, const AccountDifferenceView&) = default;
};
BOOST_DESCRIBE_STRUCT(AccountDifferenceView, (),
                      (account_id, currency, issued, changed, total, credited, paid, amount_due))

/// `GET /v1/log/diff`.
struct DiffView {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::vector<AccountDifferenceView> accounts;
  std::vector<InvoiceDifferenceView> invoices;

  friend bool operator==(const DiffView&, const DiffView&) = default;
};
BOOST_DESCRIBE_STRUCT(DiffView, (), (from, to, accounts, invoices))

/// `GET /v1/invoices/{id}/bisect`: the first event after which the condition held.
struct BisectView {
  InvoiceId invoice_id;
  std::string when;
  std::uint64_t position = 0;
  Instant recorded_at;
  std::string type;
  std::string source;
  std::string id;
  std::optional<InvoiceStandingView> before;  ///< nothing: it issued the invoice
  InvoiceStandingView after;

  friend bool operator==(const BisectView&, const BisectView&) = default;
};
BOOST_DESCRIBE_STRUCT(BisectView, (),
                      (invoice_id, when, position, recorded_at, type, source, id, before, after))

/// What a period comes to before it is invoiced.
struct EstimateStandingView {
  Money charges;
  std::optional<Money> credit;        ///< nothing: of a profile, whose pending charges are before credit
  std::optional<Money> tax;           ///< the same
  Money total;
  std::optional<std::int64_t> lines;  ///< the same
  bool is_estimate = true;            ///< the period is not over, or not billed
  std::optional<InvoiceId> invoice_id;

  friend bool operator==(const EstimateStandingView&, const EstimateStandingView&) = default;
};
BOOST_DESCRIBE_STRUCT(EstimateStandingView, (),
                      (charges, credit, tax, total, lines, is_estimate, invoice_id))

/// `GET /v1/subscriptions/{id}/bisect` and `/v1/profiles/{id}/bisect`: the first event after which the condition held for a
/// period.
struct EstimateBisectView {
  ScopeType scope_type{};
  ScopeId scope_id;
  Period period;
  std::string when;
  std::uint64_t position = 0;
  Instant recorded_at;
  std::string type;
  std::string source;
  std::string id;
  std::optional<EstimateStandingView> before;  ///< nothing: there was no estimate of the period yet
  EstimateStandingView after;
  bool is_first = true;  ///< every event that may change it was looked at; else it may have been so for a while before

  friend bool operator==(const EstimateBisectView&, const EstimateBisectView&) = default;
};
BOOST_DESCRIBE_STRUCT(EstimateBisectView, (),
                      (scope_type, scope_id, period, when, position, recorded_at, type, source, id,
                       before, after, is_first))

}  // namespace daybook
