#include <algorithm>

#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/invoice_id.h"
#include "ledger/domain/rules/placed.h"
#include "ledger/domain/rules/reservation_rules.h"
#include "ledger/domain/rules/runs.h"
#include "ledger/domain/rules/try.h"

namespace daybook {
namespace {

/// The document of one charge has a name made from it: several may come on one day.
InvoiceId id_of(const StateReader& state, const OpenCharge& charge) {
  for (int attempt = 0;; ++attempt) {
    std::string rest = letters_and_digits(charge.key + "#" + std::to_string(attempt), 9);
    if (rest.front() == 'A') rest.front() = '0';  // EA… are enrollments
    const InvoiceId id("E" + rest);
    if (state.invoice(id) == nullptr) return id;
  }
}

}  // namespace

Result<void> plan_charge(Planner& planner, const Account& account,
                         const Subscription& subscription, OpenCharge charge) {
  DraftDocument draft;
  draft.account = &account;
  draft.subscription = &subscription;
  draft.type = charge.type;
  draft.period = charge.type == InvoiceType::AzureSupport
                     ? charge.draft.line.period
                     : Period{charge.date, charge.date.plus_days(1)};
  draft.run_date = charge.date;
  draft.issue_date = planner.issue_date(charge.date);
  draft.currency = account.currency;
  draft.manifest.position = planner.position();
  draft.manifest.charge_positions = {charge.position};
  const Currency own = charge.amount.currency;
  if (own != account.currency)
    planner.rely_on(StreamType::ExchangeRate, ExchangeRates::key(own, account.currency));
  LEDGER_TRY(const bool has_worth,
             exchange_charge(planner.state(), charge, account.currency, draft.issue_date));
  if (!has_worth) return no_rate(own, account.currency);
  if (charge.exchange != nullptr) draft.manifest.rate_positions = {charge.exchange->position};
  draft.lines = {charge.draft};
  draft.credit = &planner.credit(draft.scope());
  LEDGER_TRY(Document made, make_document(planner.state(), std::move(draft)));
  InvoiceIssued& issued = made.issued;
  issued.invoice_id = id_of(planner.state(), charge);
  issued.is_monthly = charge.type == InvoiceType::AzureSupport;
  issued.manifest.marks.clear();  // says nothing about what else is billed
  if (charge.pays_by_card && issued.payment_term_days > 0) {
    issued.method_id.reset();
    issued.method_family = PaymentFamily::CreditCard;
    issued.payment_term_days = 0;
    issued.due_date = issued.issue_date;
  }
  planner.rely_on(StreamType::Subscription, subscription.subscription_id.text());
  planner.issue(made);
  return {};
}

void charge_dates(const StateReader& state, const Account& account, WorkDates& dates) {
  if (!bills_subscriptions(state, account)) return;
  // What is open has its date in the years to come: a reservation's term.
  const Date end = dates.first_only() ? kLastDate : dates.through().plus_days(1);
  const PlacedSubscriptions placed = placed_under(state, account);
  for (const Subscription* subscription : placed) {
    for (const OpenCharge& charge :
         open_charges(state, ScopeRef(subscription->subscription_id), end)) {
      if (!charge.is_immediate || !is_of_place(charge, *subscription)) continue;
      // Without a rate it waits, as usage does.
      if (!can_exchange(state, charge.amount.currency, account.currency)) continue;
      if (!dates.add(charge.date)) break;
    }
  }
}

Result<void> plan_charges(Planner& planner, const Account& account) {
  if (!bills_subscriptions(planner.state(), account)) return {};
  const Account biller = as_of_type(account, AccountType::MOSP);
  const Date end = planner.date().plus_days(1);
  const PlacedSubscriptions placed = placed_under(planner.state(), account);
  for (const Subscription* subscription : placed) {
    for (const OpenCharge& charge :
         open_charges(planner.state(), ScopeRef(subscription->subscription_id), end)) {
      if (charge.is_immediate && is_of_place(charge, *subscription) &&
          can_exchange(planner.state(), charge.amount.currency, account.currency))
        LEDGER_CHECK(plan_charge(planner, biller, *subscription, charge));
    }
  }
  return {};
}

}  // namespace daybook
