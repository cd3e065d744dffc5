#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"
#include "projections/state_hash.h"

namespace daybook::projections {

/// How far a view is and what it then holds. Lives in the column family of the view's rows and is
/// written in one batch with them, so that each event counts once.
///
///   key    0xff 'c'
///   value  position:u64 ‖ logical rows:u64 ‖ state hash:32, big-endian
struct Checkpoint {
  static constexpr std::string_view kKey =
      "\xff"
      "c";

  Position position = 0;
  std::uint64_t logical_rows = 0;
  StateHash hash;

  [[nodiscard]] std::string encode() const;
  /// Errors: a value of another length is VIEWS_DAMAGED.
  [[nodiscard]] static Result<Checkpoint> decode(std::string_view value);

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

}  // namespace daybook::projections
