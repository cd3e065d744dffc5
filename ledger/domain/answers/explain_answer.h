#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/identifiers.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/billed_row.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/rules/usage_source.h"
#include "ledger/domain/rules/viewer.h"
#include "ledger/domain/views/explain_view.h"

namespace daybook {

/// What an explanation is read from.
struct ExplainSources {
  const StateReader& now;
  std::function<std::unique_ptr<StateReader>(Position)> at;  ///< state as of an earlier position
  const UsageSource& usage;
  const UsageRecords& records;
};

/// `GET /v1/invoices/{id}/explain`: how each line came about, told by the computation that made it, done
/// again with what its manifest names. `line`: that one alone. Nothing is told unless it leads to
/// every line of usage and to every sum of the document, exactly. A credit note: explain_note.h. Errors:
/// NOT_FOUND; NOT_SUPPORTED for a newer program's document; CORRUPTION where the log does not lead to the document.
[[nodiscard]] Result<ExplainView> explain_answer(const ExplainSources& sources,
                                                 const Viewer& viewer, const InvoiceId& id,
                                                 const std::optional<std::string>& line);

/// The events that an invoice was made of.
struct BilledEvents {
  Position issued_at = 0;       ///< of its InvoiceIssued
  Manifest manifest;            ///< that of the event
  std::vector<BilledRow> rows;  ///< in the order of their positions
};
/// For a proof. Errors: as `explain_answer`; NOT_SUPPORTED for a credit note.
[[nodiscard]] Result<BilledEvents> billed_events(const ExplainSources& sources,
                                                 const Viewer& viewer, const InvoiceId& id);

}  // namespace daybook
