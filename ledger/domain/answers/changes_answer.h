#pragma once

#include "ledger/domain/answers/explain_answer.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/changes_view.h"

namespace daybook {

/// `GET /v1/invoices/{to}/changes?from={from}`: why a bill changed, in parts that sum to the difference of the totals
/// (docs/decisions/0052). Errors: those of `explain_answer` for each of the two; CURRENCY_MISMATCH.
[[nodiscard]] Result<ChangesView> changes_answer(const ExplainSources& sources,
                                                 const Viewer& viewer, const InvoiceId& from,
                                                 const InvoiceId& to);

}  // namespace daybook
