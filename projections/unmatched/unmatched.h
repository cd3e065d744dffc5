#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/enums.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "projections/live_rows.h"
#include "projections/projection.h"

namespace daybook::projections {

inline constexpr std::string_view kUnmatched = "unmatched";

/// Usage that no subscription or price matched when it came, and where to look for such as matched
/// and does no longer (decision 0087).
///
/// Reads UsageRecorded, and what ends the charging of a subscription. Whether a row matches by now
/// follows from the state, which is asked for when the list is: so the fold only keeps the
/// candidates, in groups that match or do not match together, and the subscriptions that ever
/// stopped being charged. Rows, constant:
///
///   1 ‖ stream:u32 ‖ meter:text ‖ day ‖ own value:u8 ‖ currency:text ‖ position:u64 subscription
///   id
///   2 ‖ subscription id:text ‖ position:u64                                          ∅
[[nodiscard]] Projection unmatched();

struct UnmatchedRow {
  Position position = 0;  ///< of its UsageRecorded: source, id, usage id and data are read there
  SubscriptionId subscription_id;
  Unmatched reason = Unmatched::NO_PRICE;
  friend bool operator==(const UnmatchedRow&, const UnmatchedRow&) = default;
};

struct UnmatchedPage {
  std::vector<UnmatchedRow> items;
  std::optional<std::string> next;  ///< where the next page goes on (a key, for a cursor)
};

/// The candidates that still match nothing in `state`, as of its position; then, by subscription,
/// rows that matched and lie on days that are not charged by now. Voided rows are left out; an
/// amended one is judged as amended. A page ends short after kUnmatchedWalkMax groups and rows.
inline constexpr std::size_t kUnmatchedWalkMax = 50'000;
[[nodiscard]] Result<UnmatchedPage> unmatched_page(
    const std::shared_ptr<const LiveRows>& unmatched_rows,
    const std::shared_ptr<const LiveRows>& usage_rows, const StateReader& state, std::size_t limit,
    const std::optional<std::string>& after = {});

}  // namespace daybook::projections
