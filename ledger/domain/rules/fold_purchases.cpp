#include "ledger/domain/rules/fold_purchases.h"

#include <algorithm>
#include <charconv>

#include "ledger/domain/rules/closed_month_refunds.h"
#include "ledger/domain/rules/open_charges.h"
#include "ledger/domain/rules/fold_table.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/reservation_refund.h"
#include "ledger/domain/rules/reservation_rules.h"

namespace daybook {
namespace {

void place(StateStore& store, Purchase& purchase, const PurchaseCharged& event) {
  if (purchase.subscription_id) {
    const Subscription* subscription = store.subscription(*purchase.subscription_id);
    if (subscription == nullptr) return;
    const Subscription then = subscription_on(*subscription, purchase.dated_on);
    purchase.account_id = then.account_id;
    purchase.billed_with = billed_with(then);
  } else if (event.profile_id) {
    const Profile* profile = store.profile(*event.profile_id);
    if (profile == nullptr) return;
    purchase.account_id = profile->account_id;
    purchase.billed_with = ScopeRef(*event.profile_id);
  } else if (event.enrollment_id) {
    const Enrollment* enrollment = store.enrollment(*event.enrollment_id);
    if (enrollment == nullptr) return;
    purchase.account_id = enrollment->account_id;
    purchase.billed_with = ScopeRef(*event.enrollment_id);
  }
}

void set_open(StateStore& store, const ScopeRef& scope, const std::string& member, bool is_open) {
  if (is_open) {
    store.link(Relation::OpenCharges, scope.text(), member);
  } else {
    store.unlink(Relation::OpenCharges, scope.text(), member);
  }
}

/// The months of an enrollment show what is billed too.
void list(StateStore& store, const ScopeRef& scope, const std::string& member) {
  if (scope.type == ScopeType::Enrollment)
    store.link(Relation::ChargesOfEnrollment, scope.id, member);
}

/// It stands with the scope it was bought for, and with all where its subscription was since.
void set_open(StateStore& store, const Reservation& reservation) {
  const auto billed = static_cast<std::int32_t>(reservation.billed.size());
  const bool is_open = reservation.gives_back() || billed < reservation.instalments();
  const std::string member = open_member(reservation.reservation_id);
  set_open(store, reservation.billed_with, member, is_open);
  const Subscription* subscription = store.subscription(reservation.subscription_id);
  if (subscription == nullptr) return;
  for (std::size_t n = 0; n < subscription->earlier.size(); ++n) {
    if (subscription->earlier[n].until > reservation.purchased_on)
      set_open(store, billed_with(subscription->at_place(n)), member, is_open);
  }
  set_open(store, billed_with(*subscription), member, is_open);
}

std::int32_t number_of(const Reservation& reservation, const InvoiceLine& line) {
  if (reservation.billing_frequency == BillingFrequency::Upfront) return 0;
  return period_number(reservation.purchased_on, line.period.start);
}

}  // namespace

void fold_event(StateStore& store, const PurchaseCharged& event, const Occurrence& at) {
  Purchase& purchase = store.edit<Purchase>(event.charge_id.text());
  apply(purchase, event, at);
  place(store, purchase, event);
  set_open(store, purchase.billed_with, open_member(purchase.charge_id), true);
  list(store, purchase.billed_with, open_member(purchase.charge_id));
}

void fold_event(StateStore& store, const PurchaseRefunded& event, const Occurrence& at) {
  Purchase& refund = store.edit<Purchase>(event.charge_id.text());
  apply(refund, event, at);
  Purchase& original = store.edit<Purchase>(event.original_charge_id.text());
  original.refunded_minor += event.amount.minor_units;
  refund.kind = original.kind;
  refund.description = original.description;
  refund.subscription_id = original.subscription_id;
  refund.account_id = original.account_id;
  refund.billed_with = original.billed_with;
  // Where its subscription lies by then, but that another account has it.
  const Subscription* subscription =
      refund.subscription_id ? store.subscription(*refund.subscription_id) : nullptr;
  if (subscription != nullptr && !subscription->earlier.empty()) {
    const Subscription then = subscription_on(*subscription, refund.dated_on);
    if (then.account_id == original.account_id) refund.billed_with = billed_with(then);
  }
  set_open(store, refund.billed_with, open_member(refund.charge_id), true);
  list(store, refund.billed_with, open_member(refund.charge_id));
}

void fold_event(StateStore& store, const ReservationPurchased& event, const Occurrence& at) {
  Reservation& reservation = store.edit<Reservation>(event.reservation_id.text());
  apply(reservation, event, at);
  if (const Subscription* subscription = store.subscription(event.subscription_id)) {
    const Subscription then = subscription_on(*subscription, reservation.purchased_on);
    reservation.account_id = then.account_id;
    reservation.billed_with = billed_with(then);
  }
  set_open(store, reservation);
  list(store, reservation.billed_with, open_member(reservation.reservation_id));
  store.link(Relation::ReservationsOfScope, reservation.billed_with.text(), reservation.reservation_id.text());
}

void fold_event(StateStore& store, const ReservationCancelled& event, const Occurrence& at) {
  Reservation& reservation = store.edit<Reservation>(event.reservation_id.text());
  apply(reservation, event, at);
  set_open(store, reservation);
  store.link(Relation::RefundsOfScope, refund_scope(store, reservation).text(),
             event.reservation_id.text());
}

void fold_event(StateStore& store, const ReservationExchanged& event, const Occurrence& at) {
  Reservation& reservation = store.edit<Reservation>(event.reservation_id.text());
  apply(reservation, event, at);
  set_open(store, reservation);
}

namespace {

/// Stands with `then` from now on.
template <class Charge>
void stand_with(StateStore& store, Charge& charge, const Subscription& then, const std::string& member) {
  set_open(store, charge.billed_with, member, false);
  if (charge.billed_with.type == ScopeType::Enrollment)
    store.unlink(Relation::ChargesOfEnrollment, charge.billed_with.id, member);
  charge.account_id = then.account_id;
  charge.billed_with = billed_with(then);
  list(store, charge.billed_with, member);
}

template <class Charge>
bool stands_with(const Charge& charge, const Subscription& then) {
  return charge.account_id == then.account_id && charge.billed_with == billed_with(then);
}

void follow(StateStore& store, const Subscription& subscription, const ScopeRef& left,
            const std::string& member, const Reservation& reservation) {
  set_open(store, left, member, false);
  Reservation& followed = store.edit<Reservation>(reservation.reservation_id.text());
  const Subscription then = subscription_on(subscription, followed.purchased_on);
  // One that is paid stays with who paid it; its later instalments have days of their own.
  if (followed.billed.empty() && !stands_with(followed, then))
    stand_with(store, followed, then, member);
  set_open(store, followed);
}

void follow(StateStore& store, const Subscription& subscription, const std::string& member,
            const Purchase& purchase) {
  const Subscription then = subscription_on(subscription, purchase.dated_on);
  if (stands_with(purchase, then)) return;
  if (purchase.refund_of) {
    // Where its subscription lies by then, but that another account has it.
    const auto* original = store.find<Purchase>(purchase.refund_of->text());
    if (original == nullptr || original->account_id != then.account_id) return;
  }
  Purchase& followed = store.edit<Purchase>(purchase.charge_id.text());
  stand_with(store, followed, then, member);
  set_open(store, followed.billed_with, member, true);
}

}  // namespace

void follow_moved(StateStore& store, const Subscription& subscription, const ScopeRef& left) {
  const std::vector<std::string> open = store.members(Relation::OpenCharges, left.text());
  // Refunds come after what they are of.
  for (const bool refunds : {false, true}) {
    for (const std::string& member : open) {
      const std::string id = member.substr(2);
      if (member.front() == 'r') {
        const auto* reservation = store.find<Reservation>(id);
        if (!refunds && reservation != nullptr &&
            reservation->subscription_id == subscription.subscription_id)
          follow(store, subscription, left, member, *reservation);
        continue;
      }
      const auto* purchase = store.find<Purchase>(id);
      if (purchase != nullptr && purchase->refund_of.has_value() == refunds &&
          purchase->subscription_id == subscription.subscription_id)
        follow(store, subscription, member, *purchase);
    }
  }
}

namespace {

/// Whether the refund of a reservation counts to a later month than the document that charges it, which tells of it (T-EA-6).
bool is_given_back_apart(const StateStore& store, const Reservation& reservation, const InvoiceId& invoice) {
  const InvoiceDocument* document = store.invoice_document(invoice);
  if (document == nullptr || !document->issued.enrollment_id || !reservation.gives_back() || !reservation.ended_on) return false;
  const std::vector<std::uint64_t>& told = document->issued.manifest.charge_positions;
  if (std::find(told.begin(), told.end(), reservation.ended_at) == told.end()) return false;
  return refund_counts_on(store, reservation.billed_with, reservation.purchased_on, *reservation.ended_on) >=
         document->issued.period.end_exclusive;
}

}  // namespace

void note_billed_charges(StateStore& store, const InvoiceLinesAdded& event) {
  for (const InvoiceLine& line : event.lines) {
    if (line.charge_id && store.find<Purchase>(line.charge_id->text()) != nullptr) {
      Purchase& purchase = store.edit<Purchase>(line.charge_id->text());
      purchase.invoice_id = event.invoice_id;
      set_open(store, purchase.billed_with, open_member(purchase.charge_id), false);
    }
    if (line.reservation_id && !line.meter_id &&
        store.find<Reservation>(line.reservation_id->text()) != nullptr) {
      Reservation& reservation = store.edit<Reservation>(line.reservation_id->text());
      if (line.charge_type == ChargeType::Refund) {
        reservation.refund_invoice_id = event.invoice_id;
        set_open(store, reservation);
        continue;
      }
      const std::int32_t number = number_of(reservation, line);
      std::erase_if(reservation.billed,
                    [&](const BilledInstalment& each) { return each.number == number; });
      reservation.billed.push_back({number, event.invoice_id});
      if (is_given_back_apart(store, reservation, event.invoice_id)) reservation.refund_minor = 0;
      set_open(store, reservation);
    }
  }
}

void note_closed_charges(StateStore& store, const std::vector<std::string>& charges, Position at) {
  for (const std::string& key : charges) {
    if (key.size() < 3) continue;
    const bool is_apart = key.ends_with(kGivenBack);
    const std::size_t slash = is_apart ? key.size() - kGivenBack.size() : key.find('/', 2);
    const std::string id = key.substr(2, slash == std::string::npos ? slash : slash - 2);
    if (key.front() == 'c' && store.find<Purchase>(id) != nullptr) {
      Purchase& purchase = store.edit<Purchase>(id);
      purchase.is_closed = true;
      if (is_apart) purchase.given_back_at = at;
      set_open(store, purchase.billed_with, open_member(purchase.charge_id), false);
    } else if (key.front() == 'r' && slash != std::string::npos &&
               store.find<Reservation>(id) != nullptr) {
      Reservation& reservation = store.edit<Reservation>(id);
      const std::string part = key.substr(slash + 1);
      std::int32_t number = 0;
      const auto read = std::from_chars(part.data(), part.data() + part.size(), number);
      if (read.ec == std::errc()) {
        reservation.billed.push_back({number, std::nullopt});
      } else {
        reservation.is_refund_closed = true;
        if (is_apart) reservation.refund_minor = 0;
      }
      set_open(store, reservation);
    }
  }
}

void free_charges(StateStore& store, const InvoiceId& invoice) {
  const InvoiceLines* lines = store.invoice_lines(invoice);
  if (lines == nullptr) return;
  for (const InvoiceLine& line : lines->lines) {
    if (line.charge_id && store.find<Purchase>(line.charge_id->text()) != nullptr) {
      Purchase& purchase = store.edit<Purchase>(line.charge_id->text());
      if (purchase.invoice_id != invoice) continue;
      purchase.invoice_id.reset();
      set_open(store, purchase.billed_with, open_member(purchase.charge_id), true);
    }
    if (line.reservation_id && store.find<Reservation>(line.reservation_id->text()) != nullptr) {
      Reservation& reservation = store.edit<Reservation>(line.reservation_id->text());
      std::erase_if(reservation.billed,
                    [&](const BilledInstalment& each) { return each.invoice_id == invoice; });
      if (reservation.refund_invoice_id == invoice) reservation.refund_invoice_id.reset();
      set_open(store, reservation);
    }
  }
}

void add_purchases(FoldTable& table) {
  table.add<PurchaseCharged, PurchaseRefunded, ReservationPurchased, ReservationCancelled,
            ReservationExchanged>(
      [](StateStore& store, const auto& event, const Occurrence& at) {
        fold_event(store, event, at);
      });
}

}  // namespace daybook
