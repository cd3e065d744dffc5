#include "ledger/domain/answers/documents_beside.h"

#include <optional>
#include <set>
#include <string>

#include "ledger/domain/rules/periods.h"

namespace daybook {
namespace {

void add_if_it_stands(const StateReader& state, const std::optional<InvoiceId>& id, bool has_usage,
                      std::vector<DocumentBeside>& found) {
  const Invoice* invoice = id ? state.invoice(*id) : nullptr;
  if (invoice != nullptr && invoice->status != InvoiceStatus::Void) found.push_back({invoice, has_usage});
}

/// First days of what a document of Marketplace may be for: a month of a subscription, the rest of one from where it came
/// to its account, a period of an enrollment.
std::set<Date> marketplace_starts(const StateReader& state, const ScopeRef& billed, const Period& period) {
  if (billed.type == ScopeType::Enrollment) return {period.start};
  const Subscription* subscription = state.find<Subscription>(billed.id);
  if (billed.type != ScopeType::Subscription || subscription == nullptr) return {};
  std::set<Date> starts;
  for (Date day = period.start; day < period.end_exclusive; day = month_of(day).end_exclusive) {
    if (day == month_of(day).start) starts.insert(day);
  }
  const auto comes = [&](Date day) {
    if (period.contains(day)) starts.insert(day);
  };
  comes(subscription->first_day());
  for (std::size_t n = 0; n < subscription->earlier.size(); ++n) comes(subscription->at_place(n).first_day());
  return starts;
}

}  // namespace

std::vector<DocumentBeside> documents_beside(const StateReader& state, const ScopeRef& billed, const Period& period) {
  std::vector<DocumentBeside> found;
  for (const Date start : marketplace_starts(state, billed, period)) {
    const BilledPeriod* month = state.billed_period(billed, InvoiceType::AzureMarketplace, start);
    if (month != nullptr) add_if_it_stands(state, month->invoice_id, true, found);
  }
  for (const std::string& id : state.members(Relation::ReservationsOfScope, billed.text())) {
    const Reservation& reservation = *state.find<Reservation>(id);
    if (reservation.payment_mode != ReservationPayment::card) continue;
    for (const BilledInstalment& instalment : reservation.billed) {
      if (period.contains(reservation.instalment(instalment.number).start))
        add_if_it_stands(state, instalment.invoice_id, false, found);
    }
  }
  return found;
}

}  // namespace daybook
