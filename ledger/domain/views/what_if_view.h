#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What usage is worth on its documents: before credit and spending limits, without purchases and
/// terms, whose amounts no price changes.
struct WhatIfChargesView {
  Money charges;  ///< of each document rounded once
  Money tax;      ///< on them
  Money total;

  friend bool operator==(const WhatIfChargesView&, const WhatIfChargesView&) = default;
};
BOOST_DESCRIBE_STRUCT(WhatIfChargesView, (), (charges, tax, total))

/// Of an account, in one currency.
struct WhatIfAccountView {
  AccountId account_id;
  Currency currency;
  std::int64_t documents = 0;  ///< with any usage
  std::int64_t rows = 0;       ///< of usage, unmatched ones too
  WhatIfChargesView before;    ///< by the prices and policies that the ledger has
  WhatIfChargesView after;     ///< with those of the file
  Money difference;            ///< of the totals
  std::optional<Decimal> change_percent;  ///< of `before`, to two places; nothing where that is 0

  friend bool operator==(const WhatIfAccountView&, const WhatIfAccountView&) = default;
};
BOOST_DESCRIBE_STRUCT(WhatIfAccountView, (),
                      (account_id, currency, documents, rows, before, after, difference,
                       change_percent))

/// So many per cent of the accounts differ by at most that.
struct WhatIfPercentileView {
  std::int64_t percentile = 0;
  Money difference;

  friend bool operator==(const WhatIfPercentileView&, const WhatIfPercentileView&) = default;
};
BOOST_DESCRIBE_STRUCT(WhatIfPercentileView, (), (percentile, difference))

/// All accounts of one currency.
struct WhatIfTotalsView {
  Currency currency;
  std::int64_t accounts = 0;
  std::int64_t increased = 0;
  std::int64_t decreased = 0;
  std::int64_t documents = 0;
  std::int64_t rows = 0;
  WhatIfChargesView before;
  WhatIfChargesView after;
  Money difference;
  std::optional<Decimal> change_percent;
  std::vector<WhatIfPercentileView> percentiles;  ///< nearest rank
  std::vector<WhatIfAccountView> movers;          ///< the largest differences, up or down, first

  friend bool operator==(const WhatIfTotalsView&, const WhatIfTotalsView&) = default;
};
BOOST_DESCRIBE_STRUCT(WhatIfTotalsView, (),
                      (currency, accounts, increased, decreased, documents, rows, before, after,
                       difference, change_percent, percentiles, movers))

/// `POST /v1/what-if`.
struct WhatIfView {
  std::int64_t position = 0;  ///< usage and prices are those known there
  Date from;                  ///< of the first days of the periods
  Date to;
  std::int64_t facts = 0;  ///< in the file
  std::vector<WhatIfTotalsView> totals;
  std::vector<WhatIfAccountView> accounts;  ///< by id, then currency
  std::int64_t policies = 0;                ///< in the file
  std::int64_t rules = 0;                   ///< in the file: roundings and included quantities

  friend bool operator==(const WhatIfView&, const WhatIfView&) = default;
};
BOOST_DESCRIBE_STRUCT(WhatIfView, (), (position, from, to, facts, totals, accounts, policies, rules))

}  // namespace daybook
