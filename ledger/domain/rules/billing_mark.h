#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// A document that was voided without another in its place: the next run bills its charges.
struct ReopenedDocument {
  InvoiceId invoice_id;
  Date since;  ///< the day on which it was voided

  friend bool operator==(const ReopenedDocument&, const ReopenedDocument&) = default;
};
BOOST_DESCRIBE_STRUCT(ReopenedDocument, (), (invoice_id, since))

/// The only memory of what was billed: *through day D at position P*.
///
/// A row of usage dated before `through` and recorded after `position` is late; no row has a
/// flag.
struct BillingMark {
  static constexpr StateKind kState = StateKind::BillingMark;

  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  Date through;                    ///< first day not billed
  Position position = 0;           ///< last position looked at
  std::vector<Position> deferred;  ///< negative rows left for the next document (R-65)
  std::vector<ReopenedDocument> reopened;
  std::int32_t place = 0;  ///< of a subscription that moved: each of its places has its own marks

  /// `Subscription/sub-01/AzureServices`, `Subscription/sub-01/AzureServices/2`
  [[nodiscard]] static std::string key(const ScopeRef& scope, InvoiceType type,
                                       std::int32_t place = 0) {
    std::string text = scope.text() + "/" + std::string(wire_name(type));
    if (place > 0) text += "/" + std::to_string(place);
    return text;
  }

  friend bool operator==(const BillingMark&, const BillingMark&) = default;
};
BOOST_DESCRIBE_STRUCT(BillingMark, (), (scope, type, through, position, deferred, reopened, place))

/// How a period that is over ended: with an invoice, or with the reason why there is none.
struct BilledPeriod {
  static constexpr StateKind kState = StateKind::BilledPeriod;

  ScopeRef scope;
  InvoiceType type = InvoiceType::AzureServices;
  Period period;
  Position position = 0;  ///< P of the bill: rows and prices up to there were looked at
  std::optional<InvoiceId> invoice_id;
  std::optional<NoInvoiceReason> reason;
  Date billed_on;  ///< the run's date, or the issue date
  std::int64_t credit_minor = 0;  ///< of a period without invoice: what credit covered
  std::vector<Position> corrected_at{};  ///< P of each document of its corrections alone, in ascending order

  /// `Subscription/sub-01/AzureServices/2024-03-05`
  [[nodiscard]] static std::string key(const ScopeRef& scope, InvoiceType type, Date start) {
    return BillingMark::key(scope, type) + "/" + start.text();
  }

  friend bool operator==(const BilledPeriod&, const BilledPeriod&) = default;
};
BOOST_DESCRIBE_STRUCT(BilledPeriod, (),
                      (scope, type, period, position, invoice_id, reason, billed_on, credit_minor, corrected_at))

void apply(BillingMark& mark, const BilledThrough& billed, const std::vector<Position>& deferred);

}  // namespace daybook
