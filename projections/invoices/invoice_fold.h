#pragma once

#include "projections/projection.h"

namespace daybook::projections {

/// Every invoice and credit note, newest first, by ledger, account and own scope, with exact
/// counts.
///
/// Reads the events of streams `Invoice`, and the state of the invoice after each of them in
/// `entities`. Rows: invoice_rows.h. Read it with InvoiceList.
[[nodiscard]] Projection invoices();

}  // namespace daybook::projections
