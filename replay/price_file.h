#pragma once

#include <string_view>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook::replay {

/// Reads a file of prices to be tried: NDJSON, on each line a fact as `POST /v1/events` takes it, or as `GET /v1/events`
/// gives it: `PriceChanged`, `TaxRateChanged`, `ExchangeRateChanged`, `DiscountGranted` or `DiscountEnded`.
///
/// They are checked one after another as if they were recorded next after `state`. `now` is the ledger's clock.
/// Errors: where any row is broken, the code of the first one; `detail` has a sentence, and behind it a line for each of the
/// first twenty: `line 3, column 61: /data/unitPrice "x": an amount is written …`.
[[nodiscard]] Result<std::vector<Event>> read_price_file(std::string_view text, const StateReader& state, Instant now);

}  // namespace daybook::replay
