#pragma once

#include <optional>
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

/// The subscription whose offer a lot of that name is of; nothing for other names.
[[nodiscard]] std::optional<SubscriptionId> subscription_of_credit(const LotId& first_lot_id);

/// The monthly credit of the offer of a subscription that moved, where its documents have another
/// scope since: a lot of that scope from its first day there on.
[[nodiscard]] std::vector<EventData> moved_offer_credit(const StateReader& state,
                                                        const SubscriptionId& id, Date today);

}  // namespace daybook
