#include "tests/support/billing_facts.h"

namespace daybook::testing {

Viewer as(std::string_view identity, std::string_view tenant) {
  return Viewer::person(IdentityId(std::string(identity)), TenantId(std::string(tenant)));
}

BillingAccountOpened account(std::string_view id, AccountType type, std::string_view created_on) {
  BillingAccountOpened fact;
  fact.account_id = AccountId(std::string(id));
  fact.type = type;
  fact.country = "NL";
  fact.tenant_id = kContoso;
  fact.currency = kEur;
  fact.signed_up_by = kJeroen;
  fact.created_on = day(created_on);
  return fact;
}

SubscriptionCreated subscription(std::string_view id, std::string_view account, std::string_view created_on) {
  SubscriptionCreated fact;
  fact.subscription_id = SubscriptionId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.offer_id = OfferId("MS-AZR-0003P");
  fact.created_on = day(created_on);
  return fact;
}

BillingProfileCreated profile(std::string_view id, std::string_view account, int invoice_day) {
  BillingProfileCreated fact;
  fact.profile_id = ProfileId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.currency = kEur;
  fact.invoice_day = invoice_day;
  return fact;
}

InvoiceSectionCreated section(std::string_view id, std::string_view profile) {
  return {SectionId(std::string(id)),
          ProfileId(std::string(profile)),
          "Section " + std::string(id),
          {}};
}

SubscriptionCreated in_section(SubscriptionCreated fact, std::string_view section) {
  fact.invoice_section_id = SectionId(std::string(section));
  return fact;
}

PriceChanged price(std::string_view meter, std::string_view unit_price, std::string_view effective_on) {
  PriceChanged fact;
  fact.meter_id = MeterId(std::string(meter));
  fact.currency = kEur;
  fact.effective_on = day(effective_on);
  fact.unit_price = decimal(unit_price);
  return fact;
}

PriceChanged tiers(std::string_view meter, std::vector<std::pair<std::string, std::string>> steps) {
  PriceChanged fact = price(meter, "0");
  fact.unit_price.reset();
  for (const auto& [from, unit_price] : steps)
    fact.tiers.push_back({decimal(from), decimal(unit_price)});
  return fact;
}

TaxRateChanged vat(std::string_view percent, std::string_view effective_on) {
  return {"NL", "VAT", decimal(percent), day(effective_on), std::nullopt, std::nullopt};
}

UsageRecorded usage(std::string_view subscription, std::string_view meter, std::string_view quantity,
                    std::string_view usage_date) {
  UsageRecorded fact;
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.meter_id = MeterId(std::string(meter));
  fact.quantity = decimal(quantity);
  fact.usage_date = day(usage_date);
  return fact;
}

UsageRecorded cost(std::string_view subscription, std::string_view amount, std::string_view usage_date,
                   ChargeType charge_type) {
  UsageRecorded fact = usage(subscription, "rated", "1", usage_date);
  fact.cost = decimal(amount);
  fact.currency = kEur;
  fact.charge_type = charge_type;
  return fact;
}

PaymentMethodAdded card(std::string_view id, std::string_view account, std::vector<std::string> subscriptions,
                        PaymentFamily family) {
  PaymentMethodAdded fact;
  fact.method_id = MethodId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.family = family;
  for (std::string& each : subscriptions)
    fact.shared_by_subscriptions.emplace_back(std::move(each));
  return fact;
}

InvoicePaymentSucceeded payment(const InvoiceId& invoice, std::string_view id, std::string_view amount) {
  return {invoice,     PaymentId(std::string(id)), money(amount), std::nullopt, std::nullopt,
          std::nullopt};
}

InvoicePaymentFailed decline(const InvoiceId& invoice, std::string_view id) {
  return {invoice, PaymentId(std::string(id)), PaymentFailure::BankDeclined, std::nullopt};
}

IdentityLinked linked(std::string_view id, std::string_view email, std::string_view tenant) {
  return {IdentityId(std::string(id)), "https://login.example", "subject-" + std::string(id),
          Personal<std::string>(std::string(email)), TenantId(std::string(tenant))};
}

RoleAssigned role(ScopeType type, std::string_view scope, Role role, std::string_view identity) {
  return {type, ScopeId(std::string(scope)), role, IdentityId(std::string(identity))};
}

SupportPlanPurchased support_plan(std::string_view id, std::string_view subscription, std::string_view amount,
                                  std::string_view purchased_on) {
  return {PlanId(std::string(id)), SubscriptionId(std::string(subscription)), money(amount),
          day(purchased_on)};
}

std::vector<EventData> jeroens_account() {
  return {account("acc-1", AccountType::MOSP, "2024-02-02"),
          subscription("sub-01", "acc-1", "2024-03-05"),
          subscription("sub-02", "acc-1", "2024-03-10"),
          linked("jeroen", "jeroen@contoso.example")};
}

}  // namespace daybook::testing
