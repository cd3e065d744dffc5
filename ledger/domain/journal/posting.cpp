#include "ledger/domain/journal/posting.h"

#include <array>

#include "ledger/domain/journal/poster.h"

namespace daybook {
namespace {

using Posted =
    TypeList<InvoiceIssued, InvoiceLinesAdded, CreditNoteIssued, InvoiceVoided, InvoiceRebilled,
             InvoicePaymentSucceeded, InvoicePaymentReversed, InvoiceBecamePastDue, InvoicePaid,
             InvoiceLocked, InvoiceUnlocked, PurchaseCharged, PurchaseRefunded, CreditGranted,
             CreditApplied, CreditExpired, CreditAdjusted, MonthlyCreditRenewed,
             PeriodClosedWithoutInvoice, ReservationPurchased, ReservationExchanged,
             ReservationCancelled>;

template <class... Ts>
constexpr auto types_of(TypeList<Ts...>) {
  return std::array{Ts::kType...};
}
constexpr auto kTypes = types_of(Posted());

template <class T>
bool post_if(Poster& poster, const EventData& data, Result<void>& done) {
  const T* event = data.get_if<T>();
  if (event == nullptr) return false;
  done = poster.post(*event);
  return true;
}

template <class... Ts>
Result<void> post_any(Poster& poster, const EventData& data, TypeList<Ts...>) {
  Result<void> done;
  static_cast<void>((post_if<Ts>(poster, data, done) || ...));
  return done;
}

}  // namespace

std::span<const EventType> posting_events() { return kTypes; }

std::int64_t PostedInvoice::written_off_minor() const {
  const std::int64_t left = invoice.total_minor - invoice.credited_minor;
  return invoice.refunded_minor < left ? invoice.refunded_minor : left;
}

tl::unexpected<Error> Poster::missing(const std::string& what) const {
  return failed(ErrorKind::Corruption, "CORRUPTION",
                "The event at position " + std::to_string(at_.position) + " refers to " + what +
                    ", which is not in the log before it. Nothing that is posted can be right "
                    "without it: import the history from its beginning.");
}

Result<PostedInvoice*> Poster::invoice(const InvoiceId& id) {
  const auto found = state_.invoices.find(id);
  if (found == state_.invoices.end()) return missing("invoice " + id.text());
  if (found->second.lines_missing != 0) return missing("the lines of invoice " + id.text());
  return &found->second;
}

Result<PostedLot*> Poster::lot(const LotId& id) {
  const auto found = state_.lots.find(id);
  if (found == state_.lots.end()) return missing("credit " + id.text());
  return &found->second;
}

Result<void> Poster::write(Date date, Position position, const std::string& code,
                           const std::string& payee, std::string narration,
                           const EntryDraft& draft) {
  const Result<std::vector<Posting>> postings = draft.balanced(position);
  if (!postings) return tl::unexpected(postings.error());
  if (postings->empty()) return {};
  entries_.push_back({date, position, code, payee, std::move(narration), *postings});
  return {};
}

Result<std::vector<JournalEntry>> post(PostingState& state, const Event& event,
                                       Position position) {
  Poster poster(state, event, position);
  const Result<void> done = post_any(poster, event.data, Posted());
  if (!done) return tl::unexpected(done.error());
  return std::move(poster).entries();
}

}  // namespace daybook
