#pragma once

#include <cstdint>

#include "ledger/domain/enums.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/time.h"

namespace daybook {

/// For how long a prepared file can be fetched: a week; where its period may still change a day, so
/// that it is made anew daily (EST-2a).
[[nodiscard]] constexpr Instant end_of_export(Instant requested_at, bool is_final) {
  constexpr std::int64_t kMicrosOfDay = 86'400'000'000;
  return {requested_at.micros + (is_final ? 7 : 1) * kMicrosOfDay};
}
/// When a file with this end was asked for.
[[nodiscard]] constexpr Instant request_of_export(Instant valid_till, bool is_final) {
  return {2 * valid_till.micros - end_of_export(valid_till, is_final).micros};
}

/// What somebody must be allowed who asks for a file of this kind, or fetches it.
[[nodiscard]] constexpr Action action_of_export(ExportKind kind) {
  return kind == ExportKind::PriceSheet ? Action::ViewPrices : Action::DownloadUsage;
}

}  // namespace daybook
