#include "ledger/domain/rules/moving.h"

#include <algorithm>

#include "ledger/domain/rules/periods.h"

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

Placement named_by(const Account& account, const ScopeId& scope) {
  Placement placement;
  if (account.type == AccountType::MCA) placement.invoice_section_id = SectionId(scope.text());
  if (account.type == AccountType::MPA) placement.profile_id = ProfileId(scope.text());
  if (account.type == AccountType::EA)
    placement.enrollment_account_id = EnrollmentAccountId(scope.text());
  return placement;
}

}  // namespace daybook
