#pragma once

#include <optional>

#include "ledger/domain/files/usage_file.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/time.h"

namespace daybook {

/// Data of a period is final `usage.finalAfterDays` after its last day (CLS-1): from this day on.
[[nodiscard]] Date final_from(const StateReader& state, const Period& period);

/// The parts of a file about an invoice. The references of its subject are into `state`.
[[nodiscard]] FilePart part_of(const StateReader& state, const Invoice& invoice);

/// `GET /v1/invoices/{id}/usage.csv`: the kind that is offered first where none is wished. Errors:
/// NOT_FOUND (also for an invoice that the viewer may not see); NO_PERMISSION; NOT_SUPPORTED (a
/// kind that this type of account has not); USAGE_FILE_NOT_READY while the data is not final.
[[nodiscard]] Result<UsageFile> invoice_file_answer(const StateReader& state, const Viewer& viewer,
                                                    const InvoiceId& id,
                                                    std::optional<ExportKind> kind, Instant now);

/// NOT_SUPPORTED, naming the kinds that there are.
[[nodiscard]] tl::unexpected<Error> no_such_kind(AccountType type);

}  // namespace daybook
