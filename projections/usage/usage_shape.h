#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"

namespace daybook::projections {

/// Where the value of a usage row comes from.
enum class ValueKind : std::uint8_t { Price = 0, Cost = 1, UnitPrice = 2 };

/// What many usage rows have in common: everything but who, when and how much. Kept once a pack.
///
/// Texts point into the bytes they were read from. What was left out is empty.
struct UsageShape {
  std::string_view meter_id;
  std::string_view category;
  std::string_view region;
  std::string_view unit;
  std::optional<Currency> currency;  ///< of cost or unit price; absent: the document's
  ChargeType charge_type = ChargeType::Usage;
  PricingModel pricing_model = PricingModel::OnDemand;
  PublisherType publisher_type = PublisherType::Azure;
  bool is_credit_eligible = true;
  ValueKind value_kind = ValueKind::Price;
  std::string_view meter_name;
  std::string_view resource_id;
  std::string_view resource_group;
  std::vector<std::pair<std::string_view, std::string_view>>
      tags;  ///< in ascending order of their keys

  /// The stored form:
  ///
  ///   cell part   charge type:u8 ‖ pricing model | publisher << 2 | eligible << 4 | own value << 5
  ///   :u8 ‖
  ///               currency:3 (zeros: none) ‖ meter ‖ category ‖ region ‖ unit
  ///   the rest    value kind:u8 ‖ meter name ‖ resource ‖ resource group ‖ tags ‖ { key ‖ value }…
  ///
  /// The cell part is what a line of a document cannot tell apart: the key of a cell. Lies in `room`, which is made larger
  /// where it must be and never smaller.
  [[nodiscard]] std::string_view stored(std::string& room) const;

  /// Reads a stored form, or its cell part alone.
  [[nodiscard]] static UsageShape take(std::string_view stored);
  /// Whether rows of this stored form bring a cost or a unit price.
  [[nodiscard]] static bool has_own_value(std::string_view stored) {
    return (stored[1] & 0x20) != 0;
  }
  /// The length of the cell part of a stored form.
  [[nodiscard]] static std::size_t cell_part(std::string_view stored);
};

}  // namespace daybook::projections
