#pragma once

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/document_line.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/rating.h"

namespace daybook {

/// Whether what a row is worth does not depend on the rows before it.
[[nodiscard]] bool is_linear(const PriceVersion& price);

/// The same of every price of the meter.
[[nodiscard]] bool is_linear(const MeterPrices* prices);

/// All lines as one, with their price where it is one and the same. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RatedLine> sum_of(const std::vector<RatedLine>& lines);

/// What `with` has more than `without`. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<RatedLine> difference(RatedLine with, const RatedLine& without);

/// The groups in the order in which they are taken onto a document: by the first turn of each. What one is worth is
/// found with those before it.
template <class Key, class Item, class TurnOf>
[[nodiscard]] std::vector<std::vector<const Item*>> in_turn(std::map<Key, std::vector<const Item*>> groups,
                                                            TurnOf&& turn_of) {
  std::vector<std::pair<Turn, std::vector<const Item*>>> turns;
  for (auto& [key, members] : groups) {
    Turn first = turn_of(*members.front());
    for (const Item* item : members) first = std::min(first, turn_of(*item));
    turns.emplace_back(first, std::move(members));
  }
  std::sort(turns.begin(), turns.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
  std::vector<std::vector<const Item*>> result;
  for (auto& [turn, members] : turns) result.push_back(std::move(members));
  return result;
}

}  // namespace daybook
