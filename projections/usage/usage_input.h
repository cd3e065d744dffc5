#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/decimal.h"
#include "ledger/domain/time.h"
#include "projections/usage/usage_shape.h"

namespace daybook::projections {

/// What the view keeps of a UsageRecorded. Texts point into the event's bytes, or into `owned`.
struct UsageInput {
  std::string_view subscription_id;
  std::string_view usage_id;
  std::string_view source;
  Date usage_date;
  Decimal quantity{0};
  Decimal own_value{0};  ///< cost or unit price
  UsageShape shape;
};

/// Reads the bytes of a UsageRecorded; `input` may be used again and again.
/// Throws InvariantBroken for bytes that are none.
void read_usage(std::span<const std::byte> event, UsageInput& input);

/// Finds the candidates for an amendment; whether one is meant is seen by reading its event.
[[nodiscard]] std::uint32_t hash_of_usage_id(std::string_view usage_id);

}  // namespace daybook::projections
