#pragma once

#include <optional>

#include "ledger/domain/answers/page.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/subscription_view.h"

namespace daybook {

/// `GET /v1/subscriptions/{id}`. Errors: NOT_FOUND; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<SubscriptionView> subscription_answer(const StateReader& state,
                                                           const Viewer& viewer,
                                                           const SubscriptionId& id, Date today);

/// Which subscriptions `GET /v1/subscriptions` is asked for.
struct SubscriptionFilter {
  std::optional<AccountId> account_id{};
  std::optional<ProfileId> profile_id{};
};

/// By id, those alone that `viewer` sees. Errors: NOT_FOUND for a filter that names nothing he sees;
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<SubscriptionListView> subscriptions_answer(const StateReader& state,
                                                                const Viewer& viewer,
                                                                const SubscriptionFilter& filter,
                                                                const PageRequest& page,
                                                                Date today);

}  // namespace daybook
