#pragma once

#include <string_view>
#include <vector>

#include "ledger/domain/answers/overlay_state.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook::replay {

/// What is tried beside what the ledger has.
struct Tried {
  std::vector<Event> facts;
  std::vector<SetPolicy> policies;
  TriedRules rules;
};

/// Lays it over a state. Errors: those of OverlayState::lay.
[[nodiscard]] Result<void> lay(const Tried& tried, OverlayState& state);

/// Reads a file of prices and policies to be tried: NDJSON, on each line a fact as `POST /v1/events` takes it, or as
/// `GET /v1/events` gives it (`PriceChanged`, `TaxRateChanged`, `ExchangeRateChanged`, `DiscountGranted` or
/// `DiscountEnded`); or a policy as `SetPolicy` takes it: `{"policy":"mosp.marketplaceDay","value":15}`; or a rule that no policy
/// is: `{"rule":"rounding","value":"HalfEven"}`, `{"rule":"includedQuantity","meterId":"gb","value":"100"}`, of every meter without
/// `meterId`.
///
/// A `replaces` of a fact has to name a price of the same meter, currency, scope and day.
/// They are checked one after another as if they were recorded next after `state`. `now` is the ledger's clock.
/// Errors: where any row is broken, the code of the first one; `detail` has a sentence, and behind it a line for each of the
/// first twenty: `line 3, column 61: /data/unitPrice "x": an amount is written …`.
[[nodiscard]] Result<Tried> read_price_file(std::string_view text, const StateReader& state, Instant now);

}  // namespace daybook::replay
