#pragma once

#include <vector>

#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/corrections_view.h"

namespace daybook {

/// The living invoices of the account whose usage found prices that were posted, or replaced, after they
/// were made, and what VoidInvoice with `rebill` would make of each by itself. Errors: those of
/// `usage`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<RebillPreviewView>> rebill_previews(const StateReader& state,
                                                              const UsageSource& usage,
                                                              const Account& account, Instant now);

}  // namespace daybook
