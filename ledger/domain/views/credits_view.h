#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/facts/scope.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Where a lot of credit stands (EST-4).
enum class CreditStatus : std::uint8_t { active = 0, used = 1, expired = 2, expiring = 3 };
BOOST_DESCRIBE_ENUM(CreditStatus, active, used, expired, expiring)

struct CreditLotView {
  LotId lot_id;
  ScopeType scope_type = ScopeType::Subscription;
  ScopeId scope_id;
  CreditSource source = CreditSource::Other;
  Money original;
  Money current;
  Date start_on;
  std::optional<Date> expires_on;
  CreditStatus status = CreditStatus::active;

  friend bool operator==(const CreditLotView&, const CreditLotView&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditLotView, (),
                      (lot_id, scope_type, scope_id, source, original, current, start_on,
                       expires_on, status))

/// `GET /v1/accounts/{id}/credits`, and of subscriptions and profiles.
struct CreditListView {
  std::vector<CreditLotView> items;
  Money current_balance;    ///< as of the last invoice
  Money estimated_balance;  ///< less what is pending
  std::optional<std::string> next_cursor;

  friend bool operator==(const CreditListView&, const CreditListView&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditListView, (), (items, current_balance, estimated_balance, next_cursor))

}  // namespace daybook
