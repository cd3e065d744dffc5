#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/enums.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_kind.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What a lot paid of one period.
struct CreditUse {
  Period period;
  std::int64_t amount_minor = 0;
  std::optional<InvoiceId> invoice_id;  ///< absent: a period that ended without a document

  friend bool operator==(const CreditUse&, const CreditUse&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditUse, (), (period, amount_minor, invoice_id))

/// Credit that covers eligible charges dated from `start_on` to before `expires_on`.
///
/// Charges are covered by their own date, so a lot still pays after it expired for what is
/// dated before; `expired_minor` is what was left for nothing by then.
struct CreditLot {
  static constexpr StateKind kState = StateKind::CreditLot;

  LotId lot_id;
  ScopeRef scope;
  CreditSource source = CreditSource::Other;
  Money original;
  Date start_on;
  std::optional<Date> expires_on;  ///< the first day on which it covers nothing
  std::int64_t left_minor = 0;     ///< what charges dated in its days can still take
  std::vector<CreditUse> uses;     ///< by documents that are not void
  Position granted_at = 0;
  LotId first_lot_id;                ///< of a renewed monthly credit: the one that was granted
  std::optional<Date> renews_until;  ///< monthly credit: no period that starts then or later
  std::int64_t expired_minor = 0;
  bool is_expired = false;  ///< its CreditExpired is recorded
  bool is_renewed = false;  ///< another lot took its place
  bool is_for_reservations = false;  ///< covers their purchases alone (R-73)

  /// What is left for whoever looks at it: without what expired.
  [[nodiscard]] std::int64_t current_minor() const {
    return left_minor > expired_minor ? left_minor - expired_minor : 0;
  }
  [[nodiscard]] bool covers(Date day) const {
    return start_on <= day && (!expires_on || day < *expires_on);
  }
  /// Whether it covers anything dated in `period`.
  [[nodiscard]] bool overlaps(Period period) const {
    return start_on < period.end_exclusive && (!expires_on || *expires_on > period.start);
  }

  friend bool operator==(const CreditLot&, const CreditLot&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditLot, (),
                      (lot_id, scope, source, original, start_on, expires_on, left_minor, uses,
                       granted_at, first_lot_id, renews_until, expired_minor, is_expired,
                       is_renewed, is_for_reservations))

/// The lot that takes the place of `previous` in `renewed.period`.
[[nodiscard]] CreditLot renewed_lot(const CreditLot& previous, const MonthlyCreditRenewed& renewed);

/// `period` is that of the scope which holds `start_on`: monthly credit ends with it (T-MOSP-12).
void apply(CreditLot& lot, const CreditGranted& event, Period period, const Occurrence& at);
void apply(CreditLot& lot, const CreditApplied& event, const Occurrence& at);
void apply(CreditLot& lot, const CreditExpired& event, const Occurrence& at);
void apply(CreditLot& lot, const CreditAdjusted& event, const Occurrence& at);
/// A void document gives back what it took.
void give_back(CreditLot& lot, const InvoiceId& invoice);

}  // namespace daybook
