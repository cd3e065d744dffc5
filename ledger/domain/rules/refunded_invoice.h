#pragma once

#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/beyond_invoice.h"
#include "ledger/domain/rules/document.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

namespace daybook {

/// What follows when `amount` of a reservation paid upfront is given back (domain.md 2.6, R-73):
///
/// * not yet invoiced, or billed with a profile: nothing here; the next document of its scope has a
///   refund line (open_charges.h).
/// * MOSP, invoiced: the invoice is void, and one with the charge and the refund takes its place.
///   What is paid beyond that goes back to the card; of wire it is kept as credit for reservations.
/// * EA, invoiced or covered by prepayment: a credit note over what was overage, as far as the invoice
///   asked it, and prepayment for the rest.
///
/// Errors: LOCKED; AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<EventData>> give_back_reservation(const StateReader& state,
                                                                   const Reservation& reservation,
                                                                   Money amount, Date today);

/// What was given back of reservations that stand on an enrollment's invoice, split as the charge was
/// paid then (T-EA-6). What stands there as a refund line is not counted.
struct GivenBack {
  std::int64_t prepaid_minor = 0;  ///< to the prepayment
  std::int64_t overage_minor = 0;  ///< by credit note, without tax
  Date dated_on;                   ///< of the first such charge

  [[nodiscard]] bool is_nothing() const { return prepaid_minor == 0 && overage_minor == 0; }
};
[[nodiscard]] Result<GivenBack> given_back_of(const StateReader& state, const Invoice& invoice);

/// What is to be taken back of the invoice `made` that takes the place of `invoice`: what was given back of the overage of its
/// reservations and purchases, but what came as prepayment. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<NetAndGross> carried_refunds(const StateReader& state, const Invoice& invoice, const InvoiceIssued& made);

/// What of a charge's amount stands on the document that charged it: by the rate by which it was charged, at most what it came
/// to there. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<Money> on_document(const InvoiceLine& charge, Money amount, bool is_enterprise);

/// The line of a purchase on its invoice; null: it is not there.
[[nodiscard]] const InvoiceLine* line_of(const StateReader& state, const Invoice& invoice, const ChargeId& id);

/// `line` as a refund of `amount` on the document, which is taxed as it was. Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<void> add_refund(Document& made, InvoiceLine line, Money amount);

/// What is held for the payer against a future reservation (domain.md 2.6). `name`: of what was given back.
[[nodiscard]] CreditGranted kept_for_reservations(const StateReader& state, const std::string& name,
                                                  const SubscriptionId& subscription, Money amount, Date today);

}  // namespace daybook
