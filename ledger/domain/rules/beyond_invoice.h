#pragma once

#include <cstdint>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/invoice.h"
#include "ledger/domain/rules/scope.h"
#include "ledger/domain/rules/state_reader.h"
#include "ledger/domain/time.h"

/// What of an enrollment's refunds goes beyond what their invoice asked, as where usage was taken back beside the charge: it
/// comes as prepayment (decision 0120).
namespace daybook {

/// An amount without its tax and with it.
struct NetAndGross {
  std::int64_t net_minor = 0;
  std::int64_t gross_minor = 0;
};

/// What becomes of refunds of what was overage.
struct Borne {
  std::int64_t note_minor = 0;    ///< with tax
  std::int64_t beyond_minor = 0;  ///< as prepayment: it was not asked, and so not taxed
};

/// `room`: what the invoice asks less what refunds and corrections took of it before, and with tax less all of its notes. What
/// a note of IssueCreditNote took is not given once more.
[[nodiscard]] Borne borne(NetAndGross refunds, NetAndGross room);

/// What a living invoice asks, less what refunds and corrections took of it, without tax; notes of IssueCreditNote do not count.
/// Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::int64_t> room_for_refunds(const StateReader& state, const Invoice& invoice);

/// What of refunds came as prepayment because `invoice`, or one that it took the place of, had no room for it.
[[nodiscard]] std::int64_t came_as_prepayment(const StateReader& state, const Invoice& invoice);

/// The lot of what goes beyond `invoice`, from `day` for a time of its own (domain.md 2.6).
[[nodiscard]] CreditGranted lot_beyond(const StateReader& state, const ScopeRef& enrollment, const InvoiceId& invoice,
                                       Money amount, Date day);

/// What comes of refunds of a void invoice in whose place there is none: CreditGranted of what did not come as prepayment yet.
/// Errors: AMOUNT_OUT_OF_RANGE.
[[nodiscard]] Result<std::vector<EventData>> refunds_without_invoice(const StateReader& state, const Invoice& invoice, Date day);

}  // namespace daybook
