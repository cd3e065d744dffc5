#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/event.h"
#include "ledger/domain/facts/charge.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/reservation.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/journal/entry.h"
#include "ledger/domain/own_source.h"
#include "ledger/domain/journal/posting_state.h"
#include "ledger/domain/result.h"
#include "ledger/domain/rules/position.h"

/// The posting rules of each event, for `post` alone.
namespace daybook {

/// One event on its way to entries.
class Poster {
 public:
  Poster(PostingState& state, const Event& event, Position position)
      : state_(state),
        at_{position, event.envelope.time, event.envelope.time},
        by_ledger_(event.envelope.source == kOwnSource) {}

  // Documents: post_documents.cpp.
  Result<void> post(const InvoiceIssued& event);
  Result<void> post(const InvoiceLinesAdded& event);
  Result<void> post(const CreditNoteIssued& event);
  Result<void> post(const InvoiceVoided& event);
  Result<void> post(const InvoiceRebilled& event);
  Result<void> post(const PurchaseCharged& event);
  Result<void> post(const PurchaseRefunded& event);

  // Payments: post_payments.cpp.
  Result<void> post(const InvoicePaymentSucceeded& event);
  Result<void> post(const InvoicePaymentReversed& event);
  Result<void> post(const InvoiceBecamePastDue& event) { return note_status(event); }
  Result<void> post(const InvoicePaid& event) { return note_status(event); }
  Result<void> post(const InvoiceLocked& event) { return note_status(event); }
  Result<void> post(const InvoiceUnlocked& event) { return note_status(event); }

  // Credit: post_credit.cpp.
  Result<void> post(const CreditGranted& event);
  Result<void> post(const CreditApplied& event);
  Result<void> post(const CreditExpired& event);
  Result<void> post(const CreditAdjusted& event);
  Result<void> post(const MonthlyCreditRenewed& event);
  Result<void> post(const PeriodClosedWithoutInvoice& event);
  Result<void> post(const ReservationPurchased& event);
  Result<void> post(const ReservationExchanged& event);
  Result<void> post(const ReservationCancelled& event);

  [[nodiscard]] std::vector<JournalEntry> entries() && { return std::move(entries_); }

 private:
  /// The invoice, with all its lines. Errors: CORRUPTION.
  [[nodiscard]] Result<PostedInvoice*> invoice(const InvoiceId& id);
  [[nodiscard]] Result<PostedLot*> lot(const LotId& id);
  [[nodiscard]] tl::unexpected<Error> missing(const std::string& what) const;

  template <class Status>
  Result<void> note_status(const Status& event) {
    const Result<PostedInvoice*> found = invoice(event.invoice_id);
    if (!found) return tl::unexpected(found.error());
    apply((*found)->invoice, event, at_);
    return {};
  }

  Result<void> post_invoice(const PostedInvoice& posted);
  [[nodiscard]] Revenue revenue_of(const InvoiceLine& line) const;
  /// `amount_minor` comes to the lot, or goes from it: what of that the lot's days have passed for is
  /// no prepayment any more. Answers what the prepayments rose by.
  std::int64_t change(PostedLot& lot, std::int64_t amount_minor, EntryDraft& draft);
  /// The lot is there; where nobody paid for it, given and open rise together.
  Result<void> open(const LotId& id, PostedLot lot, std::int64_t amount_minor);
  /// What a charge of a period (`c/CHARGE`, `r/RESERVATION/N`, `r/RESERVATION/refund`) paid for a
  /// reservation; nothing for any other.
  [[nodiscard]] Money reservation_in(const std::string& charge) const;
  /// What an addition to a lot that is paid for comes from.
  void pay_for(const PostedLot& lot, std::int64_t amount_minor, bool by_refund, EntryDraft& draft);

  /// Adds the entry, where it moves anything. Errors: those of EntryDraft::balanced.
  Result<void> write(Date date, Position position, const std::string& code,
                     const std::string& payee, std::string narration, const EntryDraft& draft);

  PostingState& state_;
  Occurrence at_;
  bool by_ledger_;  ///< not posted: it follows from something
  std::vector<JournalEntry> entries_;
};

}  // namespace daybook
