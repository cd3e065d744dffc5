#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/describe.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What lasts until somebody acts.
struct AlarmView {
  std::string code;
  Date since;
  std::optional<AccountId> account_id;
  std::optional<ScopeType> scope_type;
  std::optional<std::string> scope_id;
  std::optional<InvoiceId> invoice_id;

  friend bool operator==(const AlarmView&, const AlarmView&) = default;
};
BOOST_DESCRIBE_STRUCT(AlarmView, (), (code, since, account_id, scope_type, scope_id, invoice_id))

/// `GET /v1/alarms`.
struct AlarmListView {
  std::vector<AlarmView> items;
  std::optional<std::string> next_cursor;

  friend bool operator==(const AlarmListView&, const AlarmListView&) = default;
};
BOOST_DESCRIBE_STRUCT(AlarmListView, (), (items, next_cursor))

}  // namespace daybook
