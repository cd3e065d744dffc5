#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/state_reader.h"

namespace daybook {

/// InvoiceVoided, and CreditNoteIssued over what earlier notes left of it (domain.md 3.5). `billed`:
/// the invoice that bills its charges from now on.
[[nodiscard]] Result<std::vector<EventData>> void_invoice(const StateReader& state,
                                                          const Invoice& invoice, Date day,
                                                          const std::string& reason,
                                                          std::optional<InvoiceId> billed);

/// Voids `invoice` and puts `document` in its place: what was paid moves over, what is more than
/// the new one asks is given back, its mail is queued, and subscriptions that only the old one
/// blocked are active again. `carried_minor`: what of the old one was
/// credited or given back and is so of the new one too. With `held`, of payments only what the new
/// one asks moves over, and the rest, which the caller keeps for the payer, is said there.
/// `corrections`: what of `carried_minor` usage corrections took back; none: those of the old one.
/// `refunded`: what besides was given back of an enrollment's charges, in a note of its own (T-EA-6), and as prepayment beyond
/// what the new one asks (decision 0120).
[[nodiscard]] Result<std::vector<EventData>> replace_invoice(
    const StateReader& state, const Invoice& invoice, Document document, RebillReason why, Date day,
    const std::string& reason, std::int64_t carried_minor, std::int64_t* held = nullptr,
    std::vector<InvoiceCorrection> corrections = {}, NetAndGross refunded = {});

/// The reason of the note over what was given back. `old`: the invoice that the new one takes the place of.
[[nodiscard]] std::string given_back_reason(const InvoiceId& old);

/// A credit note over `amount` (with tax, at most what earlier notes left), what it gives back, and
/// the invoice paid where nothing is due any more. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<EventData>> credit_invoice(const StateReader& state,
                                                            const Invoice& invoice, Money amount,
                                                            const std::string& reason, Date day);

/// The document of `issued` and its lines once more, under a new name, dated `day` and paid as what is issued then.
[[nodiscard]] Document same_document(const StateReader& state, const Invoice& invoice, Date day);

}  // namespace daybook
