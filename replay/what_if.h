#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/views/what_if_view.h"
#include "replay/price_file.h"

namespace daybook::replay {

/// What a ledger is rated from; each call for one thread.
struct RatingSources {
  std::function<std::unique_ptr<StateReader>()> state;  ///< as of the position that is asked about
  std::function<std::unique_ptr<UsageSource>()> usage;
};

struct WhatIfRequest {
  Period days;                 ///< periods that begin in them
  Tried tried;                 ///< of `read_price_file`
  std::size_t movers = 10;
  unsigned threads = 2;
  /// Accounts that are rated, of all; from any thread. What it throws ends the rating, and comes to the caller.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
};

/// Rates every account anew, by what the ledger has and with what is tried laid over it (what_if.h). Writes nothing. Errors:
/// those of the views; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<WhatIfView> what_if(const RatingSources& sources, const WhatIfRequest& request);

/// The accounts as CSV (RFC 4180), one a row.
[[nodiscard]] std::string what_if_csv(const WhatIfView& view);

}  // namespace daybook::replay
