#pragma once

#include <optional>
#include <string>

#include "ledger/domain/answers/explain_answer.h"

namespace daybook {

/// The same as `explain_answer` for a credit note: its figures are made again from its invoice's, and where corrected usage made
/// it, its lines from the rows and corrections that its manifest commits to. Nothing is told unless it leads to the note exactly.
/// Errors: NOT_FOUND; CORRUPTION; NOT_SUPPORTED for a newer program's invoice.
[[nodiscard]] Result<ExplainView> explain_note(const ExplainSources& sources, const Viewer& viewer, const CreditNoteId& id,
                                               const std::optional<std::string>& line);

}  // namespace daybook
