#pragma once

#include <optional>
#include <string_view>

#include "ledger/domain/currency.h"
#include "ledger/domain/enums.h"
#include "ledger/domain/rules/prices.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/subscription.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What `admit` looks at in a UsageRecorded: nothing is copied or allocated for it.
struct UsageKeys {
  Date usage_date;
  bool has_own_value = false;        ///< brings `cost` or `unitPrice`
  std::optional<Currency> currency;  ///< of its own value
};

/// Whether a row of usage will be billed, or why it is only kept. Look-ups alone: no arithmetic, no
/// rating.
///
/// `subscription` and `prices` (of the row's meter) are what the caller found by id, null where
/// there is none. Nothing: it matches.
[[nodiscard]] std::optional<Unmatched> admit(const StateReader& state,
                                             const Subscription* subscription,
                                             const MeterPrices* prices, const UsageKeys& usage);

/// The same by id.
[[nodiscard]] std::optional<Unmatched> admit(const StateReader& state,
                                             std::string_view subscription_id,
                                             std::string_view meter_id, const UsageKeys& usage);

}  // namespace daybook
