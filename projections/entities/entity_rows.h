#pragma once

#include <string>
#include <string_view>

#include "ledger/domain/rules/state_kind.h"
#include "projections/row_key.h"

/// Rows of `entities.v2`, all versioned:
///
///   0x01 ‖ kind:u8 ‖ key:text ‖ ~position                       state bytes
///   0x02 ‖ relation:u8 ‖ parent:text ‖ member:text ‖ ~position   "+" linked, "-" unlinked
///
/// A version is written where an event changes the state, so a row says who changed it last. Documents and their lines
/// are no rows: the log has them, at the position that the invoice's row knows.
namespace daybook::projections {

inline constexpr std::string_view kEntities = "entities";
inline constexpr std::string_view kLinked = "+";
inline constexpr std::string_view kUnlinked = "-";

[[nodiscard]] inline std::string state_key(StateKind kind, std::string_view key) {
  return KeyWriter().u8(1).u8(static_cast<std::uint8_t>(kind)).text(key).take();
}

/// Of all members of `parent`.
[[nodiscard]] inline std::string relation_prefix(Relation relation, std::string_view parent) {
  return KeyWriter().u8(2).u8(static_cast<std::uint8_t>(relation)).text(parent).take();
}

}  // namespace daybook::projections
