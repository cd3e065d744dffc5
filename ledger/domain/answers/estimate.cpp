#include "ledger/domain/answers/estimate.h"

namespace daybook {

std::optional<Instant> estimates_until(const StateReader& state, Instant now) {
  if (state.policies().word("estimates.refresh") != "daily") return std::nullopt;
  return Instant::start_of(now.date());
}

}  // namespace daybook
