#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/describe.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/money.h"

namespace daybook {

/// Why one bill differs from another.
enum class ChangeKind : std::uint8_t {
  Price = 0,        ///< what the later quantity costs more or less than by the earlier price
  Quantity = 1,     ///< what more or less was used, by the earlier price
  New = 2,          ///< a charge that the earlier one has not
  Gone = 3,         ///< one that the later one has not
  Corrections = 4,  ///< late usage, and usage corrected after it was billed
  Discounts = 5,
  Limit = 6,    ///< what a spending limit leaves uncharged
  Credits = 7,  ///< covered by credit: more of it, less to pay
  Tax = 8,
};
BOOST_DESCRIBE_ENUM(ChangeKind, Price, Quantity, New, Gone, Corrections, Discounts, Limit, Credits,
                    Tax)

struct ChangePartView {
  ChangeKind kind = ChangeKind::Price;
  Money amount;

  friend bool operator==(const ChangePartView&, const ChangePartView&) = default;
};
BOOST_DESCRIBE_STRUCT(ChangePartView, (), (kind, amount))

/// What of a part one charge makes.
struct ChangedLineView {
  ChangeKind kind = ChangeKind::Price;
  std::optional<SubscriptionId> subscription_id;
  std::optional<MeterId> meter_id;
  std::optional<std::string> region;
  std::string description;
  std::optional<Decimal> quantity_from;  ///< nothing: not on the earlier one
  std::optional<Decimal> quantity_to;
  Money amount;

  friend bool operator==(const ChangedLineView&, const ChangedLineView&) = default;
};
BOOST_DESCRIBE_STRUCT(ChangedLineView, (),
                      (kind, subscription_id, meter_id, region, description, quantity_from,
                       quantity_to, amount))

/// `GET /v1/invoices/{id}/changes?from=…`: Σ `parts` = `difference`; of each kind but `Credits` and `Tax`
/// Σ `lines` = its part.
struct ChangesView {
  InvoiceId from;
  InvoiceId to;
  Currency currency;
  Money from_total;
  Money to_total;
  Money difference;
  std::vector<ChangePartView> parts;
  std::vector<ChangedLineView> lines;

  friend bool operator==(const ChangesView&, const ChangesView&) = default;
};
BOOST_DESCRIBE_STRUCT(ChangesView, (),
                      (from, to, currency, from_total, to_total, difference, parts, lines))

}  // namespace daybook
