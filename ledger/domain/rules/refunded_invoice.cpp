#include "ledger/domain/rules/refunded_invoice.h"

#include <algorithm>

#include "ledger/domain/facts/credit.h"
#include "ledger/domain/rules/credit_note.h"
#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/enterprise_refunds.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/replace_invoice.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

const InvoiceLine* find_line(const StateReader& state, const Invoice& invoice, const auto& is_it) {
  const InvoiceLines* lines = state.invoice_lines(invoice.invoice_id);
  if (lines == nullptr) return nullptr;
  for (const InvoiceLine& line : lines->lines) {
    if (line.charge_type == ChargeType::Purchase && is_it(line)) return &line;
  }
  return nullptr;
}

const InvoiceLine* line_of(const StateReader& state, const Invoice& invoice, const ReservationId& id) {
  return find_line(state, invoice, [&](const InvoiceLine& line) { return line.reservation_id == id; });
}

/// Credit is given back in the currency in which it pays there (decision 0076).
Result<void> check_paid_in(const StateReader& state, const ScopeRef& scope, Money amount, Date day) {
  const std::optional<Currency> currency = document_currency(state, scope, day);
  if (!currency || *currency == amount.currency) return {};
  const std::string own(amount.currency.text());
  const std::string there(currency->text());
  return rejected("CURRENCY_MISMATCH",
                  "what is given back would be credit in " + own + ", and documents of " + scope.id + " are in " +
                      there + "; grant credit in " + there + " with CreditGranted, or credit the invoice with "
                      "IssueCreditNote");
}

/// The same document with a refund line, taxed as it was.
Result<Document> with_refund(const StateReader& state, const Invoice& invoice,
                             const InvoiceLine& charge, Money amount, Date today) {
  Document made = same_document(state, invoice, today);
  InvoiceLine line;
  line.subscription_id = charge.subscription_id;
  line.reservation_id = charge.reservation_id;
  line.pricing_model = PricingModel::Reservation;
  line.description = charge.description;
  line.pricing_currency = charge.pricing_currency;
  line.exchange_rate = charge.exchange_rate;
  line.period = {std::clamp(today, charge.period.start, charge.period.last_day()),
                 charge.period.end_exclusive};
  LEDGER_CHECK(add_refund(made, std::move(line), amount));
  return made;
}

/// While it is in dispute no note is over it (3.5).
Result<void> check_not_locked(const Invoice& invoice) {
  if (invoice.status != InvoiceStatus::Locked) return {};
  return conflict("LOCKED", "the invoice of the reservation is locked; unlock it first", "/reservationId");
}

CreditGranted kept_of(const StateReader& state, const Reservation& reservation, Money amount, Date today) {
  return kept_for_reservations(state, reservation.reservation_id.text(), reservation.subscription_id, amount, today);
}

Result<std::vector<EventData>> replaced(const StateReader& state, const Reservation& reservation,
                                        const Invoice& invoice, Money amount, Date today) {
  LEDGER_CHECK(check_not_locked(invoice));
  const InvoiceLine* charge = line_of(state, invoice, reservation.reservation_id);
  if (charge == nullptr) return std::vector<EventData>();
  LEDGER_TRY(amount, on_document(*charge, amount, false));
  // Beside other refunds the document may not bear this one: a later one does.
  const InvoiceTotals& totals = state.invoice_document(invoice.invoice_id)->issued.totals;
  if (amount.minor_units > totals.sub_total.minor_units + totals.credit_applied.minor_units)
    return std::vector<EventData>();
  LEDGER_TRY(Document made, with_refund(state, invoice, *charge, amount, today));
  std::int64_t held = 0;
  LEDGER_TRY(std::vector<EventData> events,
             replace_invoice(state, invoice, std::move(made), RebillReason::Refund, today,
                             "reservation " + reservation.reservation_id.text() + " given back",
                             invoice.credited_minor, invoice.pays_by_card ? nullptr : &held));
  if (held > 0) {
    LEDGER_CHECK(check_paid_in(state, ScopeRef(reservation.subscription_id), {held, amount.currency}, today));
    events.emplace_back(kept_of(state, reservation, {held, amount.currency}, today));
  }
  return events;
}

/// Of the invoices one in place of the other, the one that stood at `position`.
const Invoice& standing_at(const StateReader& state, const Invoice& newest, Position position) {
  const Invoice* invoice = &newest;
  while (invoice->issued_at > position && invoice->previous_invoice_id) {
    const Invoice* previous = state.invoice(*invoice->previous_invoice_id);
    if (previous == nullptr) break;
    invoice = previous;
  }
  return *invoice;
}

/// What was given back of one charge, as it was split then; `overage_minor` is without tax.
struct ChargeGivenBack {
  std::int64_t prepaid_minor = 0;
  std::int64_t overage_minor = 0;
  Date dated_on;
};

/// What was given back apart of a purchase on the invoice.
Result<void> add_given_back(const StateReader& state, const Invoice& invoice, const InvoiceLine& line,
                            std::vector<ChargeGivenBack>& result) {
  const auto* purchase = state.find<Purchase>(line.charge_id->text());
  if (purchase == nullptr || purchase->refunded_minor <= 0) return {};
  for (const std::string& member : state.members(Relation::ChargesOfEnrollment, invoice.scope.id)) {
    const auto* refund = member.front() == 'c' ? state.find<Purchase>(member.substr(2)) : nullptr;
    if (refund == nullptr || refund->refund_of != purchase->charge_id || refund->given_back_at == 0) continue;
    const InvoiceLine* charge = line_of(state, standing_at(state, invoice, refund->given_back_at), purchase->charge_id);
    if (charge == nullptr) continue;
    LEDGER_TRY(const Money amount, on_document(*charge, refund->amount, true));
    LEDGER_TRY(const std::vector<std::int64_t> parts, as_it_was_paid(*charge, amount.minor_units));
    result.push_back({parts[0], parts[1], purchase->dated_on});
  }
  return {};
}

Result<std::vector<ChargeGivenBack>> each_given_back(const StateReader& state,
                                                          const Invoice& invoice) {
  std::vector<ChargeGivenBack> result;
  const InvoiceLines* lines = invoice.scope.type == ScopeType::Enrollment
                                  ? state.invoice_lines(invoice.invoice_id)
                                  : nullptr;
  if (lines == nullptr) return result;
  for (const InvoiceLine& line : lines->lines) {
    if (line.charge_type == ChargeType::Purchase && line.charge_id)
      LEDGER_CHECK(add_given_back(state, invoice, line, result));
    if (!line.reservation_id || line.charge_type != ChargeType::Purchase) continue;
    const auto* reservation = state.find<Reservation>(line.reservation_id->text());
    // With `refund_minor` it stands as a line on a document of its own scope.
    if (reservation == nullptr || !reservation->ended_on || reservation->refund_minor > 0 ||
        reservation->given_back_minor <= 0) {
      continue;
    }
    const Invoice& then = standing_at(state, invoice, reservation->ended_at);
    const InvoiceLine* charge = line_of(state, then, reservation->reservation_id);
    if (charge == nullptr) continue;
    LEDGER_TRY(const Money amount,
               on_document(*charge, {reservation->given_back_minor, reservation->amount.currency}, true));
    LEDGER_TRY(const std::vector<std::int64_t> parts, as_it_was_paid(*charge, amount.minor_units));
    result.push_back({parts[0], parts[1], reservation->purchased_on});
  }
  return result;
}

Result<std::vector<EventData>> of_enrollment(const StateReader& state,
                                             const Reservation& reservation,
                                             const std::optional<InvoiceId>& invoice_id,
                                             Money amount, Date today) {
  EnterpriseRefunds refunds(state, reservation.billed_with, today);
  const std::string& name = reservation.reservation_id.text();
  EnterpriseRefund refund{name, "reservation " + name, reservation.purchased_on, amount};
  const Invoice* invoice = invoice_id ? state.invoice(*invoice_id) : nullptr;
  if (invoice == nullptr) {
    LEDGER_CHECK(check_paid_in(state, reservation.billed_with, amount, today));
    refunds.add_covered(refund);
    return refunds.events();
  }
  LEDGER_CHECK(check_not_locked(*invoice));
  const InvoiceLine* charge = line_of(state, *invoice, reservation.reservation_id);
  if (charge == nullptr) return std::vector<EventData>();
  LEDGER_TRY(refund.amount, on_document(*charge, amount, true));
  LEDGER_CHECK(refunds.add(refund, *invoice, *charge));
  return refunds.events();
}

}  // namespace

Result<Money> on_document(const InvoiceLine& charge, Money amount, bool is_enterprise) {
  if (!charge.pricing_currency || !charge.exchange_rate) return amount;
  const Exact own = Exact::from_minor(amount.minor_units, amount.currency.minor_digits());
  LEDGER_TRY(const Exact value, own.times(*charge.exchange_rate, Rounding::HalfAwayFromZero));
  LEDGER_TRY(Money made, Money::rounded(value, charge.amount.currency, kRefundOfTerm.mode(is_enterprise)));
  made.minor_units = std::min(made.minor_units, charge.amount.minor_units);
  return made;
}

Result<void> add_refund(Document& made, InvoiceLine line, Money amount) {
  InvoiceIssued& issued = made.issued;
  InvoiceTotals& totals = issued.totals;
  line.line_id = std::to_string(made.lines.size() + 1);
  line.charge_type = ChargeType::Refund;
  line.amount = {-amount.minor_units, amount.currency};
  line.value = line.amount.amount();
  line.credit = {0, amount.currency};
  // Credit does not cover more than what is left to pay.
  std::int64_t over = amount.minor_units - totals.sub_total.minor_units;
  for (auto taken = made.credit.rbegin(); taken != made.credit.rend() && over > 0; ++taken) {
    const std::int64_t part = std::min(over, taken->amount.minor_units);
    taken->amount.minor_units -= part;
    line.credit.minor_units -= part;
    over -= part;
    (taken->source == CreditSource::Prepayment ? totals.azure_prepayment_applied
                                               : totals.free_azure_credit_applied)
        .minor_units -= part;
  }
  std::erase_if(made.credit, [](const CreditTaken& taken) { return taken.amount.minor_units == 0; });
  totals.credits.minor_units += amount.minor_units;
  totals.credit_applied.minor_units += line.credit.minor_units;
  totals.sub_total.minor_units -= amount.minor_units + line.credit.minor_units;
  made.lines.push_back(std::move(line));
  issued.line_count = static_cast<std::int32_t>(made.lines.size());
  LEDGER_TRY(totals.tax.minor_units, tax_of(totals.sub_total.minor_units, issued));
  totals.total.minor_units = totals.sub_total.minor_units + totals.tax.minor_units;
  for (TaxLine& tax : issued.taxes) {
    tax.base = totals.sub_total;
    tax.amount = totals.tax;
  }
  return {};
}

const InvoiceLine* line_of(const StateReader& state, const Invoice& invoice, const ChargeId& id) {
  return find_line(state, invoice, [&](const InvoiceLine& line) { return line.charge_id == id; });
}

CreditGranted kept_for_reservations(const StateReader& state, const std::string& name, const SubscriptionId& subscription,
                                    Money amount, Date today) {
  CreditGranted lot;
  lot.scope_type = ScopeType::Subscription;
  lot.scope_id = ScopeId(subscription.text());
  lot.lot_id = refund_lot_id(state, name);
  lot.source = CreditSource::Other;
  lot.amount = amount;
  lot.start_on = today;
  lot.for_reservations = true;
  return lot;
}

Result<std::vector<EventData>> give_back_reservation(const StateReader& state,
                                                     const Reservation& reservation, Money amount,
                                                     Date today) {
  const bool is_billed = !reservation.billed.empty();
  if (amount.minor_units <= 0 || !is_billed || reservation.billed_with.type == ScopeType::Profile)
    return std::vector<EventData>();
  const std::optional<InvoiceId>& invoice_id = reservation.billed.front().invoice_id;
  if (reservation.billed_with.type == ScopeType::Enrollment)
    return of_enrollment(state, reservation, invoice_id, amount, today);
  if (!invoice_id) {  // credit for reservations paid all of it
    LEDGER_CHECK(check_paid_in(state, ScopeRef(reservation.subscription_id), amount, today));
    return std::vector<EventData>{kept_of(state, reservation, amount, today)};
  }
  const Invoice* invoice = state.invoice(*invoice_id);
  if (invoice == nullptr || invoice->status == InvoiceStatus::Void)
    return std::vector<EventData>();
  return replaced(state, reservation, *invoice, amount, today);
}

Result<GivenBack> given_back_of(const StateReader& state, const Invoice& invoice) {
  LEDGER_TRY(const std::vector<ChargeGivenBack> each, each_given_back(state, invoice));
  GivenBack sum;
  for (const ChargeGivenBack& of : each) {
    if (sum.is_nothing() || of.dated_on < sum.dated_on) sum.dated_on = of.dated_on;
    sum.prepaid_minor += of.prepaid_minor;
    sum.overage_minor += of.overage_minor;
  }
  return sum;
}

Result<NetAndGross> carried_refunds(const StateReader& state, const Invoice& invoice, const InvoiceIssued& made) {
  LEDGER_TRY(const std::vector<ChargeGivenBack> each, each_given_back(state, invoice));
  const std::int64_t elsewhere = came_as_prepayment(state, invoice);
  LEDGER_TRY(const std::int64_t tax_elsewhere, tax_of(elsewhere, made));
  NetAndGross sum{-elsewhere, -elsewhere - tax_elsewhere};
  for (const ChargeGivenBack& of : each) {
    LEDGER_TRY(const std::int64_t tax, tax_of(of.overage_minor, made));
    sum.net_minor += of.overage_minor;
    sum.gross_minor += of.overage_minor + tax;
  }
  return sum;
}

}  // namespace daybook
