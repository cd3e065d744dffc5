#include "ledger/domain/rules/usage_batch.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/rules/try.h"

namespace daybook {

std::uint32_t TextPool::number(std::string_view text) {
  // The same text mostly comes from the same place, and to compare it costs less than to hash it.
  std::uint32_t& guess = guesses_[(reinterpret_cast<std::uintptr_t>(text.data()) >> 3) % kGuesses];
  if (guess < texts_.size() && *texts_[guess] == text) return guess;
  return guess = find_or_add(text);
}

std::uint32_t TextPool::find_or_add(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return found->second;
  const auto added =
      numbers_.emplace(std::string(text), static_cast<std::uint32_t>(texts_.size())).first;
  texts_.push_back(&added->first);
  return added->second;
}

Result<void> UsageBatch::add(std::uint32_t subscription, const UsageRow& row) {
  UsageItem item;
  item.usage_date = row.usage_date;
  item.position = row.position;
  item.subscription = subscription;
  item.meter = texts_->number(row.meter_id);
  item.region = texts_->number(row.region);
  item.unit = texts_->number(row.unit);
  item.category = texts_->number(row.category);
  item.meter_name = texts_->number(row.meter_name);
  item.charge_type = row.charge_type;
  item.pricing_model = row.pricing_model;
  item.publisher_type = row.publisher_type;
  item.is_credit_eligible = row.is_credit_eligible;
  item.currency = row.currency;
  LEDGER_TRY(item.quantity, Exact::from(row.quantity));
  item.has_own_value = row.cost || row.unit_price;
  item.has_cost = row.cost.has_value();
  if (row.cost) {
    LEDGER_TRY(item.own_value, Exact::from(*row.cost));
  } else if (row.unit_price) {
    LEDGER_TRY(item.own_value, Exact::product(row.quantity, *row.unit_price));
    item.unit_price = row.unit_price;
  }
  item.corrected_by = row.corrected_by;
  items_.push_back(item);
  return {};
}

void UsageBatch::add(std::uint32_t subscription, const UsageCell& cell) {
  UsageItem item;
  item.usage_date = cell.usage_date;
  item.position = cell.first_position;
  item.subscription = subscription;
  item.meter = texts_->number(cell.meter_id);
  item.region = texts_->number(cell.region);
  item.unit = texts_->number(cell.unit);
  item.category = texts_->number(cell.category);
  item.meter_name = texts_->number(cell.meter_name);
  item.charge_type = cell.charge_type;
  item.pricing_model = cell.pricing_model;
  item.publisher_type = cell.publisher_type;
  item.is_credit_eligible = cell.is_credit_eligible;
  item.has_own_value = cell.has_own_value;
  item.has_cost = cell.has_own_value;  // a sum does not tell
  item.currency = cell.currency;
  item.quantity = cell.quantity;
  item.own_value = cell.own_value;
  item.row_count = cell.row_count;
  items_.push_back(item);
}

void UsageBatch::sort() {
  const auto before = [](const UsageItem& left, const UsageItem& right) {
    return std::tie(left.usage_date, left.position, left.subscription) <
           std::tie(right.usage_date, right.position, right.subscription);
  };
  // Rows of one subscription come in this order already.
  if (!std::is_sorted(items_.begin(), items_.end(), before)) std::sort(items_.begin(), items_.end(), before);
}

}  // namespace daybook
