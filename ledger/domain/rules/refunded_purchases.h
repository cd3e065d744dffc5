#pragma once

#include <set>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Refunds of purchases of a MOSP subscription that no document of the month has: the invoice that charged the purchase is void,
/// and one with the charge and the refund takes its place (domain.md 2.1, R-73, R-74; decision 0102).
struct PurchasesGivenBack {
  std::vector<EventData> events;
  std::set<InvoiceId> invoices;  ///< that are void by them
};

/// Of these open charges those whose invoice is there to bear them: not while it is locked, or void and still to be billed again.
/// Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<PurchasesGivenBack> give_back_purchases(const StateReader& state, const std::vector<OpenCharge>& refunds,
                                                             Date day);

}  // namespace daybook
