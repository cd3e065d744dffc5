#pragma once

#include "ledger/domain/facts/document_parts.h"
#include "ledger/domain/files/file_row.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/document_line.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/views/explain_view.h"

namespace daybook {

/// A line of usage, which stands on its document as `told` and was made again as `made`, with its derivation.
/// Errors: those of `records`; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<ExplainedLineView> explained_usage(const InvoiceLine& told,
                                                        const DraftLine& made,
                                                        const UsageRecords& records);

/// A purchase, refund, instalment, term, or what a limit leaves uncharged. `manifest`: the document's, which
/// names the rate of what was recorded in another currency.
[[nodiscard]] Result<ExplainedLineView> explained_charge(const StateReader& state,
                                                         const InvoiceLine& told,
                                                         const Manifest& manifest);

/// Whether it is what a spending limit leaves uncharged.
[[nodiscard]] bool is_of_limit(const InvoiceLine& line);

/// What a document was made of.
[[nodiscard]] ExplainedManifestView explained_manifest(const Manifest& manifest);

/// Whether the values of the steps sum to the line's, and those of its usage, if it has any.
/// Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<bool> parts_make_the_whole(const ExplainedLineView& line);

}  // namespace daybook
