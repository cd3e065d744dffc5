#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/decimal.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/exact.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Texts that many rows share, each kept once; a number stands for it.
class TextPool {
 public:
  [[nodiscard]] std::uint32_t number(std::string_view text);
  [[nodiscard]] const std::string& text(std::uint32_t number) const { return *texts_[number]; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  static constexpr std::size_t kGuesses = 256;

  [[nodiscard]] std::uint32_t find_or_add(std::string_view text);

  std::array<std::uint32_t, kGuesses> guesses_{};  // by where a text lies; a guess is compared
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
  std::vector<const std::string*> texts_;  // keys of `numbers_`, which do not move
};

/// A row of usage, or the sum of rows that rating need not tell apart. Texts are numbers of the
/// batch's pool.
struct UsageItem {
  Date usage_date;
  Position position = 0;
  std::uint32_t subscription = 0;  ///< its place among the subscriptions rated together
  std::uint32_t meter = 0;
  std::uint32_t region = 0;
  std::uint32_t unit = 0;
  std::uint32_t category = 0;
  std::uint32_t meter_name = 0;
  ChargeType charge_type = ChargeType::Usage;
  PricingModel pricing_model = PricingModel::OnDemand;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  bool has_own_value = false;
  bool has_cost = false;  ///< its own value is a cost: no discount lowers it
  std::optional<Currency> currency;
  Exact quantity;
  Exact own_value;
  std::int64_t row_count = 1;
  Position corrected_by = 0;          ///< of a row: of the last correction that counts; 0: none
  std::optional<Decimal> unit_price;  ///< of a row: the one that it brings
};

/// Usage gathered for rating.
class UsageBatch {
 public:
  UsageBatch() : texts_(std::make_shared<TextPool>()) {}

  /// An empty batch in which the same texts have the same numbers, so that items can go from one to
  /// the other.
  [[nodiscard]] UsageBatch with_same_texts() const {
    UsageBatch batch = *this;
    batch.items_.clear();
    return batch;
  }

  /// Errors: AMOUNT_OUT_OF_RANGE for a quantity or cost beyond any amount of money.
  [[nodiscard]] Result<void> add(std::uint32_t subscription, const UsageRow& row);
  void add(std::uint32_t subscription, const UsageCell& cell);
  void add(const UsageItem& item) { items_.push_back(item); }

  /// In order of consumption: usage date, then position.
  void sort();

  [[nodiscard]] const std::vector<UsageItem>& items() const { return items_; }
  [[nodiscard]] std::vector<UsageItem>& items() { return items_; }
  [[nodiscard]] const std::string& text(std::uint32_t number) const { return texts_->text(number); }

 private:
  std::vector<UsageItem> items_;
  std::shared_ptr<TextPool>
      texts_;  // shared by the batches of one bill, whose items are compared by number
};

/// Whether a row of a MOSP subscription stands on its Marketplace document (domain.md 2.1).
[[nodiscard]] constexpr bool is_marketplace(PricingModel pricing_model,
                                            PublisherType publisher_type) {
  return pricing_model == PricingModel::Spot || publisher_type == PublisherType::Marketplace;
}

}  // namespace daybook
