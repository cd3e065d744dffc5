#pragma once

#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// What no longer blocks a subscription that moved inside its account: it is active again.
[[nodiscard]] std::vector<EventData> follow_move(const StateReader& state,
                                                 const SubscriptionMoved& fact, Date day);

/// What another account means: documents are no longer shared, mail to the old account's addresses
/// ends, roles end where the directory changes, and what the old account owes blocks no longer.
[[nodiscard]] std::vector<EventData> follow_transfer(const StateReader& state,
                                                     const SubscriptionBillingTransferred& fact,
                                                     Date day);

/// Who had access keeps it (domain.md 1.3): the Account Administrator as owner of the account,
/// those to whom invoices were shared as readers of the profile.
[[nodiscard]] std::vector<EventData> follow_upgrade(const StateReader& state,
                                                    const BillingAccountUpgraded& fact);

}  // namespace daybook
