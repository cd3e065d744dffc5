#pragma once

#include <span>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/journal/entry.h"
#include "ledger/domain/journal/posting_state.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"

namespace daybook {

/// The events that `post` has to be told of; all others post nothing.
[[nodiscard]] std::span<const EventType> posting_events();

/// The entries of the event at `position`, and `state` as it is after it. Events come in the order
/// of the log. Deterministic: the same events post the same for ever.
///
/// | Event | Debit | Credit |
/// |---|---|---|
/// | InvoiceIssued, with its last lines | receivable; what credit covers | income by kind; tax |
/// | CreditNoteIssued | income by kind, tax | receivable |
/// | InvoiceVoided | income that credit covered | the credit that it gives back |
/// | InvoicePaymentSucceeded | bank | receivable |
/// | InvoicePaymentReversed | receivable; a loss, where it was owed | bank |
/// | CreditGranted and its like, paid for | where it comes from | prepayment |
/// | the same, given | equity:credits:granted | equity:credits:open |
/// | CreditApplied, without a document | the credit | income |
/// | CreditExpired, paid for | prepayment | income:expired |
///
/// All of it: docs/reference/journal.md.
///
/// Errors: CORRUPTION, naming the position, where an event does not balance, or refers to a document,
/// payment or lot that there is not; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<JournalEntry>> post(PostingState& state, const Event& event,
                                                     Position position);

}  // namespace daybook
