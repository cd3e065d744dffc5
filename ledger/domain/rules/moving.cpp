#include "ledger/domain/rules/moving.h"

#include <algorithm>

namespace daybook {

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
    if (mark != nullptr) until = std::max(until, mark->through);
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
