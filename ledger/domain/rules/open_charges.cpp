#include "ledger/domain/rules/open_charges.h"

#include <algorithm>
#include <tuple>

#include "ledger/domain/rules/enrollment_credit.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/paying.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/price_lookup.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/reservation_refund.h"
#include "ledger/domain/rules/reservation_rules.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The section of a profile in which a charge dated `day` stands: where its subscription lay by then,
/// or when it was last billed there.
std::optional<SectionId> section_on(const Subscription& subscription, const ScopeRef& scope,
                                    Date day) {
  if (subscription.earlier.empty()) return subscription.invoice_section_id;
  const Subscription then = subscription_on(subscription, day);
  if (billed_with(then) == scope) return then.invoice_section_id;
  for (std::int32_t n = subscription.place(); n >= 0; --n) {
    const Subscription there = subscription_at(subscription, n);
    if (billed_with(there) == scope) return there.invoice_section_id;
  }
  return std::nullopt;
}

/// Where a charge stands, and from when.
struct Standing {
  ScopeRef scope;
  Date day;
};

void set_line(OpenCharge& charge, const StateReader& state, Money amount, ChargeType type, Period period,
              const std::optional<SubscriptionId>& subscription_id, const Standing& standing) {
  charge.amount = amount;
  DraftLine& draft = charge.draft;
  InvoiceLine& line = draft.line;
  line.charge_type = type;
  line.subscription_id = subscription_id;
  const Subscription* subscription =
      subscription_id ? state.subscription(*subscription_id) : nullptr;
  if (subscription != nullptr)
    line.section_id = section_on(*subscription, standing.scope, standing.day);
  line.value = amount.amount();
  line.period = period;
  draft.value = Exact::from_minor(amount.minor_units, amount.currency.minor_digits());
}

/// Whether a reservation of a MOSP subscription is invoiced on the day of its purchase (CF-08).
bool is_immediate(const StateReader& state, const ScopeRef& scope, bool by_card) {
  if (scope.type != ScopeType::Subscription) return false;
  const std::string_view timing = state.policies().word("mosp.reservationTiming");
  return timing == "immediate" || (timing == "paymentMode" && by_card);
}

bool pays_by_card(const StateReader& state, const ScopeRef& scope) {
  if (scope.type != ScopeType::Subscription) return false;
  const Subscription* subscription = state.subscription(SubscriptionId(scope.id));
  const Account* account =
      subscription != nullptr ? state.account(subscription->account_id) : nullptr;
  return account != nullptr && paying_method(state, *account, *subscription).is_card;
}

std::string_view kind_text(PurchaseKind kind) {
  switch (kind) {
    case PurchaseKind::Marketplace:
      return "Marketplace purchase ";
    case PurchaseKind::Reservation:
      return "Reservation ";
    case PurchaseKind::Support:
      return "Support ";
    case PurchaseKind::Licence:
      return "Licence ";
  }
  return "";
}

/// The document that a charge of the scope stands on, but for those that have one of their own.
InvoiceType document_of(const StateReader& state, const ScopeRef& scope, bool is_marketplace) {
  if (scope.type == ScopeType::Profile) return InvoiceType::Profile;
  if (scope.type != ScopeType::Enrollment) return InvoiceType::AzureMarketplace;
  const Enrollment* enrollment = state.enrollment(EnrollmentId(scope.id));
  const Account* account = enrollment != nullptr ? state.account(enrollment->account_id) : nullptr;
  return is_marketplace && account != nullptr && bills_marketplace_apart(*account)
             ? InvoiceType::AzureMarketplace
             : InvoiceType::EnrollmentOverage;
}

OpenCharge charge_of(const StateReader& state, const ScopeRef& scope, const Purchase& purchase) {
  const bool is_refund = purchase.refund_of.has_value();
  Period period{purchase.dated_on, purchase.dated_on.plus_days(1)};
  if (purchase.term_start) period.start = *purchase.term_start;
  if (purchase.term_end) period.end_exclusive = purchase.term_end->plus_days(1);
  if (period.end_exclusive <= period.start) period.end_exclusive = period.start.plus_days(1);
  Money amount = purchase.amount;
  if (is_refund) amount.minor_units = -amount.minor_units;
  OpenCharge charge;
  set_line(charge, state, amount, is_refund ? ChargeType::Refund : ChargeType::Purchase, period,
           purchase.subscription_id, {scope, purchase.dated_on});
  charge.draft.line.charge_id = purchase.charge_id;
  charge.draft.line.description = purchase.description.value_or(
      std::string(kind_text(purchase.kind)) + purchase.refund_of.value_or(purchase.charge_id).text());
  if (purchase.kind == PurchaseKind::Marketplace)
    charge.draft.line.publisher_type = PublisherType::Marketplace;
  charge.key = open_member(purchase.charge_id);
  charge.account_id = purchase.account_id;
  charge.date = purchase.dated_on;
  charge.position = purchase.posted_at;
  charge.is_refund = is_refund;
  charge.pays_by_card = pays_by_card(state, scope);
  charge.type = document_of(state, scope, purchase.kind == PurchaseKind::Marketplace);
  if (purchase.kind == PurchaseKind::Reservation)
    charge.draft.line.pricing_model = PricingModel::Reservation;
  if (is_refund) {
    charge.date = counts_on(state, purchase);
    return charge;
  }
  if (purchase.kind == PurchaseKind::Reservation) {
    charge.is_immediate = is_immediate(state, scope, charge.pays_by_card);
  } else if (purchase.kind == PurchaseKind::Support && scope.type == ScopeType::Subscription) {
    charge.is_immediate = true;
    charge.type = InvoiceType::AzureSupport;
  }
  return charge;
}

/// What is given back of a reservation on the document of its scope.
void add_refund(const StateReader& state, const ScopeRef& scope, const Reservation& reservation,
                Date end, std::vector<OpenCharge>& result) {
  OpenCharge charge;
  charge.account_id = reservation.account_id;
  const Period term = reservation.instalment(0);
  const Date from = std::clamp(*reservation.ended_on, term.start, term.last_day());
  const Date date = refund_counts_on(state, scope, reservation.purchased_on, *reservation.ended_on);
  if (date >= end) return;
  set_line(charge, state, {-reservation.refund_minor, reservation.amount.currency}, ChargeType::Refund,
           {from, term.end_exclusive}, reservation.subscription_id, {scope, *reservation.ended_on});
  charge.draft.line.reservation_id = reservation.reservation_id;
  charge.draft.line.pricing_model = PricingModel::Reservation;
  charge.draft.line.description = "Reservation " + reservation.reservation_id.text();
  charge.key = open_member(reservation.reservation_id) + "/refund";
  charge.date = date;
  charge.position = reservation.ended_at;
  charge.is_refund = true;
  charge.type = document_of(state, scope, false);
  result.push_back(std::move(charge));
}

/// Where the subscription of a reservation lies, or lay, on a day.
Subscription holder_on(const StateReader& state, const Reservation& reservation, Date day) {
  const Subscription* subscription = state.subscription(reservation.subscription_id);
  return subscription != nullptr ? subscription_on(*subscription, day) : Subscription();
}

/// The scope on whose document an instalment stands: of the day on which it starts.
ScopeRef charged_with(const StateReader& state, const Reservation& reservation, Date day) {
  const Subscription* subscription = state.subscription(reservation.subscription_id);
  return subscription != nullptr ? billed_with(subscription_on(*subscription, day))
                                 : reservation.billed_with;
}

/// The scope that gets back: where it lies by then, but that another account has it.
ScopeRef given_back_with(const StateReader& state, const Reservation& reservation) {
  const Subscription holder = holder_on(state, reservation, *reservation.ended_on);
  return holder.account_id == reservation.account_id
             ? charged_with(state, reservation, *reservation.ended_on)
             : reservation.billed_with;
}

/// `only`: those of one scope (null: all).
void add_instalments(const StateReader& state, const ScopeRef* only,
                     const Reservation& reservation, Date end, std::vector<OpenCharge>& result) {
  const bool by_card = reservation.payment_mode == ReservationPayment::card;
  for (std::int32_t n = 0; n < reservation.instalments(); ++n) {
    const Period period = reservation.instalment(n);
    if (period.start >= end) break;
    if (reservation.is_billed(n)) continue;
    const ScopeRef scope = charged_with(state, reservation, period.start);
    if (only != nullptr && scope != *only) continue;
    OpenCharge charge;
    charge.account_id = holder_on(state, reservation, period.start).account_id;
    set_line(charge, state, reservation.amount, ChargeType::Purchase, period, reservation.subscription_id,
             {scope, period.start});
    charge.draft.line.reservation_id = reservation.reservation_id;
    charge.draft.line.pricing_model = PricingModel::Reservation;
    charge.draft.line.description = "Reservation " + reservation.reservation_id.text();
    charge.key = open_member(reservation.reservation_id) + "/" + std::to_string(n);
    charge.date = period.start;
    charge.position = reservation.posted_at;
    charge.type = document_of(state, scope, false);
    charge.is_immediate = is_immediate(state, scope, by_card);
    charge.pays_by_card = by_card;
    result.push_back(std::move(charge));
  }
  if (!reservation.gives_back() || !reservation.ended_on) return;
  const ScopeRef scope = given_back_with(state, reservation);
  if (only == nullptr || scope == *only) add_refund(state, scope, reservation, end, result);
}

}  // namespace

bool is_of_place(const OpenCharge& charge, const Subscription& subscription) {
  return charge.is_refund ? charge.account_id == subscription.account_id
                          : subscription.is_placed_on(charge.date);
}

std::vector<OpenCharge> open_charges(const StateReader& state, const ScopeRef& scope, Date end) {
  std::vector<OpenCharge> result;
  for (const std::string& member : state.members(Relation::OpenCharges, scope.text())) {
    const std::string id = member.substr(2);
    if (member.front() == 'r') {
      if (const auto* found = state.find<Reservation>(id))
        add_instalments(state, &scope, *found, end, result);
    } else if (const auto* found = state.find<Purchase>(id)) {
      OpenCharge charge = charge_of(state, scope, *found);
      if (charge.date < end) result.push_back(std::move(charge));
    }
  }
  std::stable_sort(result.begin(), result.end(), [](const OpenCharge& left, const OpenCharge& right) {
    return std::tie(left.date, left.position) < std::tie(right.date, right.position);
  });
  return result;
}

ScopeRef billed_with(const Subscription& subscription) {
  if (subscription.enrollment_id) return ScopeRef(*subscription.enrollment_id);
  return subscription.profile_id ? ScopeRef(*subscription.profile_id)
                                 : ScopeRef(subscription.subscription_id);
}

std::vector<OpenCharge> open_charges_of(const StateReader& state, const Reservation& reservation,
                                        Date end) {
  std::vector<OpenCharge> result;
  add_instalments(state, nullptr, reservation, end, result);
  return result;
}

Result<bool> exchange_charge(const StateReader& state, OpenCharge& charge, Currency currency,
                             Date rate_date) {
  const Currency own = charge.amount.currency;
  if (own == currency) return true;
  charge.exchange = exchange_rate_on(state, own, currency, rate_date);
  if (charge.exchange == nullptr) return false;
  DraftLine& draft = charge.draft;
  LEDGER_TRY(draft.value, exchanged(Exact::from_minor(charge.amount.minor_units, own.minor_digits()),
                                    charge.exchange));
  draft.line.value = draft.value.to_display();
  draft.line.pricing_currency = own;
  draft.line.exchange_rate = charge.exchange->rate;
  return true;
}

Result<ChargesOfDocument> ChargesOfDocument::of(const StateReader& state, const ScopeRef& scope,
                                                const ChargesAsked& asked, Date end,
                                                const std::set<std::string>& done) {
  ChargesOfDocument result;
  for (OpenCharge& charge : open_charges(state, scope, end)) {
    if (charge.is_immediate || charge.type != asked.type || done.contains(charge.key)) continue;
    if (charge.amount.currency != asked.currency) {
      result.relied_on_.insert(
          {StreamType::ExchangeRate, ExchangeRates::key(charge.amount.currency, asked.currency)});
    }
    LEDGER_TRY(const bool has_worth, exchange_charge(state, charge, asked.currency, asked.rate_date));
    if (has_worth) result.charges_.push_back(std::move(charge));
  }
  return result;
}

void ChargesOfDocument::leave_out_elsewhere(const Subscription& subscription) {
  std::erase_if(charges_,
                [&](const OpenCharge& charge) { return !is_of_place(charge, subscription); });
}

void ChargesOfDocument::leave_out_before(Date date) {
  std::erase_if(charges_, [date](const OpenCharge& charge) { return charge.date < date; });
}

std::vector<DraftLine> ChargesOfDocument::purchases() const {
  std::vector<DraftLine> lines;
  for (const OpenCharge& charge : charges_) {
    if (!charge.is_refund) lines.push_back(charge.draft);
  }
  return lines;
}

std::vector<RefundInTurn> ChargesOfDocument::refunds() const {
  std::vector<RefundInTurn> refunds;
  for (const OpenCharge& charge : charges_) {
    if (charge.is_refund)
      refunds.push_back({{charge.date, charge.position}, charge.draft.value, charge.key});
  }
  return refunds;
}

std::vector<OpenCharge> ChargesOfDocument::waiting_refunds(const std::set<std::string>& waiting) const {
  std::vector<OpenCharge> refunds;
  for (const OpenCharge& charge : charges_) {
    if (charge.is_refund && waiting.contains(charge.key)) refunds.push_back(charge);
  }
  return refunds;
}

void ChargesOfDocument::add_to(DraftDocument& draft, std::set<std::string>& done,
                               const std::set<std::string>& waiting) const {
  std::vector<Position>& told = draft.manifest.rate_positions;
  std::set<Position> rates(told.begin(), told.end());
  const auto take = [&](const OpenCharge& charge) {
    draft.lines.push_back(charge.draft);
    draft.manifest.charge_positions.push_back(charge.position);
    if (charge.exchange != nullptr) rates.insert(charge.exchange->position);
    draft.charges.push_back(charge.key);
    done.insert(charge.key);
  };
  for (const OpenCharge& charge : charges_) {
    if (!charge.is_refund) take(charge);
  }
  for (const OpenCharge& charge : charges_) {
    if (charge.is_refund && !waiting.contains(charge.key)) take(charge);
  }
  told.assign(rates.begin(), rates.end());
}

}  // namespace daybook
