#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"

namespace daybook::codec {

/// The extension under which an event that was taken over from another log keeps its position there. Only the ledger
/// writes it.
inline constexpr std::string_view kOriginPosition = "originposition";

/// Where events of another log stand in this one.
class PositionMap {
 public:
  virtual ~PositionMap() = default;
  /// Of the event that stood at `origin`; nothing: it was not taken over.
  [[nodiscard]] virtual std::optional<std::uint64_t> at(std::uint64_t origin) const = 0;
  /// Of the last one that was taken over of those up to `origin`; 0: none was.
  [[nodiscard]] virtual std::uint64_t up_to(std::uint64_t origin) const = 0;
};

/// Writes for every position that the event names (manifests, marks, `replaces`) the one that `map` gives, and drops roots
/// over rows, which are of the other log's bytes. Answers whether anything is another.
/// Errors: UNKNOWN_REFERENCE, where one is named that was not taken over.
[[nodiscard]] Result<bool> move_positions(EventData& data, const PositionMap& map);

}  // namespace daybook::codec
