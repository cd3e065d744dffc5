#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/invoice.h"
#include "ledger/domain/rules/state_kind.h"

namespace daybook {

class StateReader;

/// What was taken back of an invoice: a document of its own, written once.
struct CreditNote {
  static constexpr StateKind kState = StateKind::CreditNote;

  CreditNoteIssued issued;

  friend bool operator==(const CreditNote&, const CreditNote&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditNote, (), (issued))

/// A note over `amount_minor` (with tax, more than 0, at most what earlier notes left) of
/// `invoice`, which was issued as `issued`: positive figures, tax and sections in the invoice's
/// proportion, so that all its notes together have its own figures. Errors:
/// AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<CreditNoteIssued> credit_note_over(const StateReader& state,
                                                        const Invoice& invoice,
                                                        const InvoiceIssued& issued,
                                                        std::int64_t amount_minor,
                                                        std::string reason, Date day);

/// The tax on `net_minor` at the rates of an issued document, rounded once a rate, by the version of the rules that it was
/// made by. Errors: AMOUNT_OUT_OF_RANGE; NOT_SUPPORTED for a newer program's document.
[[nodiscard]] Result<std::int64_t> tax_of(std::int64_t net_minor, const InvoiceIssued& issued);

/// What notes took back of the invoice because its usage was corrected.
[[nodiscard]] std::vector<InvoiceCorrection> corrections_of(const StateReader& state,
                                                            const Invoice& invoice);

/// InvoicePaymentReversed with reason Refund, newest payment first, until `amount_minor` is given
/// back.
[[nodiscard]] std::vector<EventData> give_back(const InvoiceId& invoice_id,
                                               const std::vector<InvoicePayment>& payments,
                                               std::int64_t amount_minor, Currency currency);

/// What was paid and neither claimed nor given back.
[[nodiscard]] std::int64_t paid_net_minor(const Invoice& invoice);

}  // namespace daybook
