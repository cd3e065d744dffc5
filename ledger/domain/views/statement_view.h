#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// `GET /v1/subscriptions/{id}/statement`: of the current period (EST-2) or of one that is over
/// (EST-7). `total = charges − credit + tax`; estimates have no tax.
struct StatementView {
  SubscriptionId subscription_id;
  Period period;
  Instant as_of;
  std::uint64_t position = 0;
  Money charges;
  Money credit;
  Money tax;
  Money total;
  bool is_estimate = true;
  std::vector<InvoiceLine> lines;
  std::optional<InvoiceId> invoice_id;
  std::optional<NoInvoiceReason> reason;

  friend bool operator==(const StatementView&, const StatementView&) = default;
};
BOOST_DESCRIBE_STRUCT(StatementView, (),
                      (subscription_id, period, as_of, position, charges, credit, tax, total,
                       is_estimate, lines, invoice_id, reason))

/// What stands in the place of an invoice that is still to come.
enum class PendingInvoice : std::uint8_t { Pending = 0 };
BOOST_DESCRIBE_ENUM(PendingInvoice, Pending)

struct PendingPeriodView {
  Period period;
  PendingInvoice invoice = PendingInvoice::Pending;
  Money charges;

  friend bool operator==(const PendingPeriodView&, const PendingPeriodView&) = default;
};
BOOST_DESCRIBE_STRUCT(PendingPeriodView, (), (period, invoice, charges))

/// `GET /v1/profiles/{id}/pending-charges` (EST-3): every month not yet invoiced, without tax.
struct PendingChargesView {
  ProfileId profile_id;
  Instant as_of;
  std::uint64_t position = 0;
  std::vector<PendingPeriodView> periods;
  Money total;

  friend bool operator==(const PendingChargesView&, const PendingChargesView&) = default;
};
BOOST_DESCRIBE_STRUCT(PendingChargesView, (), (profile_id, as_of, position, periods, total))

}  // namespace daybook
