#include "tests/support/move_facts.h"

namespace daybook::testing {

BillingAccountUpgraded upgraded(std::string_view id, AccountType from, std::string_view day_of,
                                std::vector<CreatedProfile> profiles) {
  return {AccountId(std::string(id)), from, AccountType::MCA, day(day_of), std::move(profiles)};
}

CreatedProfile created(std::string_view profile, std::vector<std::string> subscriptions) {
  CreatedProfile created{ProfileId(std::string(profile)),
                         SectionId(std::string(profile) + "-section"),
                         {}};
  for (std::string& each : subscriptions) created.subscription_ids.emplace_back(std::move(each));
  return created;
}

SubscriptionBillingTransferred transferred(std::string_view id, std::string_view from, std::string_view to,
                                           std::string_view accepted_on) {
  SubscriptionBillingTransferred fact;
  fact.subscription_id = SubscriptionId(std::string(id));
  fact.from_account = AccountId(std::string(from));
  fact.to_account = AccountId(std::string(to));
  fact.accepted_on = day(accepted_on);
  return fact;
}

SubscriptionBillingTransferred into_section(SubscriptionBillingTransferred fact, std::string_view section) {
  fact.invoice_section_id = SectionId(std::string(section));
  return fact;
}

SubscriptionMoved moved(std::string_view id, std::string_view from, std::string_view to, std::string_view first_day) {
  return {SubscriptionId(std::string(id)), ScopeId(std::string(from)), ScopeId(std::string(to)),
          day(first_day)};
}

BillingAccountOpened opened_by(BillingAccountOpened fact, std::string_view identity, std::string_view tenant) {
  fact.signed_up_by = IdentityId(std::string(identity));
  fact.tenant_id = TenantId(std::string(tenant));
  return fact;
}

const InvoiceIssued& issued(const InMemoryLedger& ledger, std::size_t n) {
  return ledger.document(*ledger.invoices().at(n)).issued;
}

std::vector<std::pair<Period, std::string>> amounts(const InMemoryLedger& ledger, std::size_t n) {
  std::vector<std::pair<Period, std::string>> result;
  for (const InvoiceLine& line : ledger.lines(*ledger.invoices().at(n)))
    result.emplace_back(line.period, line.amount.amount_text());
  return result;
}

}  // namespace daybook::testing
