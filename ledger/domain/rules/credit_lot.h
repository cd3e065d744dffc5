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

  friend bool operator==(const CreditUse&, const CreditUse&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditUse, (), (period, amount_minor))

/// Credit that covers eligible charges dated from `start_on` to before `expires_on`.
struct CreditLot {
  static constexpr StateKind kState = StateKind::CreditLot;

  LotId lot_id;
  ScopeRef scope;
  CreditSource source = CreditSource::Other;
  Money original;
  Date start_on;
  std::optional<Date> expires_on;
  std::int64_t left_minor = 0;
  std::vector<CreditUse> uses;
  Position granted_at = 0;

  /// Whether it covers anything dated in `period`.
  [[nodiscard]] bool covers(Period period) const {
    return start_on < period.end_exclusive && (!expires_on || *expires_on > period.start);
  }

  friend bool operator==(const CreditLot&, const CreditLot&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditLot, (),
                      (lot_id, scope, source, original, start_on, expires_on, left_minor, uses,
                       granted_at))

void apply(CreditLot& lot, const CreditGranted& event, const Occurrence& at);
void apply(CreditLot& lot, const CreditApplied& event, const Occurrence& at);

}  // namespace daybook
