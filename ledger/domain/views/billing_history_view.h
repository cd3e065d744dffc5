#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Where a period of the billing history stands.
enum class PeriodStatus : std::uint8_t { Closed = 0, Unbilled = 1 };
BOOST_DESCRIBE_ENUM(PeriodStatus, Closed, Unbilled)

/// A period whose last day is over.
struct ClosedPeriodView {
  Period period;
  PeriodStatus status = PeriodStatus::Closed;
  std::optional<Money> total;  ///< the invoice's, with tax; else the charges without (EST-7)
  std::optional<InvoiceId> invoice_id;
  std::optional<InvoiceStatus> invoice_status;
  std::optional<NoInvoiceReason> reason;  ///< why there is no invoice
  bool usage_available = false;

  friend bool operator==(const ClosedPeriodView&, const ClosedPeriodView&) = default;
};
BOOST_DESCRIBE_STRUCT(ClosedPeriodView, (),
                      (period, status, total, invoice_id, invoice_status, reason, usage_available))

struct CurrentPeriodView {
  Period period;
  PeriodStatus status = PeriodStatus::Unbilled;
  Money total;  ///< an estimate, without tax
  Instant as_of;

  friend bool operator==(const CurrentPeriodView&, const CurrentPeriodView&) = default;
};
BOOST_DESCRIBE_STRUCT(CurrentPeriodView, (), (period, status, total, as_of))

/// `GET /v1/subscriptions/{id}/billing-history` (EST-1).
struct BillingHistoryView {
  SubscriptionId subscription_id;
  std::vector<ClosedPeriodView> items;       ///< newest first, at most six
  std::optional<CurrentPeriodView> current;  ///< absent once nothing more is charged

  friend bool operator==(const BillingHistoryView&, const BillingHistoryView&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingHistoryView, (), (subscription_id, items, current))

}  // namespace daybook
