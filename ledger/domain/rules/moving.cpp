#include "ledger/domain/rules/moving.h"

#include <algorithm>
#include <optional>

#include "ledger/domain/rules/credit_pool.h"
#include "ledger/domain/rules/exchange.h"
#include "ledger/domain/rules/periods.h"
#include "ledger/domain/rules/purchase.h"
#include "ledger/domain/rules/reservation_rules.h"

namespace daybook {
namespace {

/// The same of Marketplace and spot alone: months that a run found empty stand on no document.
Date marketplace_until(const StateReader& state, const Subscription& subscription, Date through) {
  constexpr InvoiceType kMarketplace = InvoiceType::AzureMarketplace;
  const ScopeRef scope(subscription.subscription_id);
  while (through > subscription.first_day()) {
    const Period month = month_of(through.plus_days(-1));
    for (const Date start : {subscription.days_in(month).start, month.start}) {
      const BilledPeriod* billed = state.billed_period(scope, kMarketplace, start);
      if (billed != nullptr && billed->reason != NoInvoiceReason::NoUsage) return through;
    }
    through = month.start;
  }
  return kFirstDate;
}

/// The currency of an open charge of the subscription that may stand with another place from `first` on;
/// nothing for those of others.
std::optional<Currency> currency_of(const StateReader& state, const std::string& member, const SubscriptionId& id,
                                    Date first) {
  if (member.front() == 'r') {
    const Reservation* reservation = state.find<Reservation>(member.substr(2));
    if (reservation == nullptr || reservation->subscription_id != id) return std::nullopt;
    return reservation->amount.currency;
  }
  const Purchase* purchase = state.find<Purchase>(member.substr(2));
  if (purchase == nullptr || purchase->subscription_id != id || purchase->dated_on < first) return std::nullopt;
  return purchase->amount.currency;
}

}  // namespace

Date billed_until(const StateReader& state, const ScopeRef& scope) {
  const InvoiceType type = scope.type == ScopeType::Enrollment ? InvoiceType::EnrollmentOverage
                                                               : InvoiceType::Profile;
  const BillingMark* mark = state.billing_mark(scope, type);
  return mark != nullptr ? mark->through : kFirstDate;
}

Date billed_until(const StateReader& state, const Subscription& subscription) {
  if (subscription.profile_id) return billed_until(state, ScopeRef(*subscription.profile_id));
  if (subscription.enrollment_id) return billed_until(state, ScopeRef(*subscription.enrollment_id));
  Date until = kFirstDate;
  for (const InvoiceType type : {InvoiceType::AzureServices, InvoiceType::AzureMarketplace}) {
    const BillingMark* mark = state.billing_mark(ScopeRef(subscription.subscription_id), type,
                                                 subscription.place());
    if (mark == nullptr) continue;
    const bool is_services = type == InvoiceType::AzureServices;
    until = std::max(until, is_services ? mark->through
                                        : marketplace_until(state, subscription, mark->through));
  }
  return until;
}

Result<void> check_charges_in(const StateReader& state, const Subscription& subscription, Date first,
                              Currency currency, std::string_view pointer) {
  if (subscription.support_plan_id) {
    const SupportPlan* plan = state.support_plan(*subscription.support_plan_id);
    if (plan != nullptr && plan->price.currency != currency) {
      return rejected("CURRENCY_MISMATCH",
                      "the support plan is priced in " + std::string(plan->price.currency.text()) +
                          ", documents there are in " + std::string(currency.text()) +
                          "; cancel it, and buy one there",
                      std::string(pointer));
    }
  }
  for (const std::string& member : state.members(Relation::OpenCharges, billed_with(subscription).text())) {
    const std::optional<Currency> own = currency_of(state, member, subscription.subscription_id, first);
    if (own && !can_exchange(state, *own, currency)) return no_rate(*own, currency, pointer);
  }
  return {};
}

Result<void> check_credit_in(const StateReader& state, const Subscription& subscription, Date first,
                             Currency currency, std::string_view pointer) {
  for (const CreditLot& lot : credit_lots(state, ScopeRef(subscription.subscription_id))) {
    const Currency own = lot.original.currency;
    if (own == currency) continue;
    if (lot.source == CreditSource::MonthlyCredit) {
      const bool ends = lot.is_renewed || (lot.renews_until && *lot.renews_until <= first);
      if (!ends && !can_exchange(state, own, currency)) return no_rate(own, currency, pointer);
      continue;
    }
    const bool is_over = lot.is_expired || (lot.expires_on && *lot.expires_on <= first);
    if (is_over || lot.left_minor <= 0) continue;
    return rejected("CURRENCY_MISMATCH",
                    "credit lot '" + lot.lot_id.text() + "' has " + Money{lot.left_minor, own}.amount_text() + " " +
                        std::string(own.text()) + " left, which pays no documents in " +
                        std::string(currency.text()) +
                        "; take it back with CreditAdjusted, and grant credit anew after the transfer",
                    std::string(pointer));
  }
  return {};
}

Placement named_by(const Account& account, const ScopeId& scope) {
  Placement placement;
  if (account.type == AccountType::MCA) placement.invoice_section_id = SectionId(scope.text());
  if (account.type == AccountType::MPA) placement.profile_id = ProfileId(scope.text());
  if (account.type == AccountType::EA)
    placement.enrollment_account_id = EnrollmentAccountId(scope.text());
  return placement;
}

}  // namespace daybook
