#pragma once

#include <optional>

#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"
#include "ledger/domain/views/missing_invoice_view.h"

/// Why somebody sees no invoice (domain.md 7). `now` is the ledger's clock.
namespace daybook {

/// `GET /v1/missing-invoice?subscriptionId=|profileId=&period=`: for the period that holds `day`,
/// else for the last one that is over, else the current one.
///
/// A viewer without permission gets the same answer whether an invoice exists or not. Errors:
/// NOT_FOUND (no such scope, or a stranger from another directory); BAD_QUERY for a day before the
/// first period.
[[nodiscard]] Result<MissingInvoiceView> missing_invoice_answer(const StateReader& state,
                                                                const Viewer& viewer,
                                                                const ScopeRef& scope,
                                                                std::optional<Date> day,
                                                                Instant now);

/// `GET /v1/missing-invoice?invoiceId=`: the link of a mail that the viewer opened. The same answer
/// for an invoice that is none of his and for one that does not exist. Errors: NOT_FOUND for
/// the operator alone.
[[nodiscard]] Result<MissingInvoiceView> missing_invoice_answer(const StateReader& state,
                                                                const Viewer& viewer,
                                                                const InvoiceId& id, Instant now);

}  // namespace daybook
