#pragma once

#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// The credit that the offer of a new subscription brings: a lot `…-credit` of the
/// subscription under MOSP, of its profile else. In the currency of its documents, by the exchange
/// rate of `today`; without one the same number.
[[nodiscard]] std::vector<EventData> offer_credit(const StateReader& state,
                                                  const SubscriptionId& id, Date today);

}  // namespace daybook
