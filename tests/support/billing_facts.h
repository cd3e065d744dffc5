#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/domain/facts/access.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/invoice.h"
#include "ledger/domain/facts/payment_method.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/profile.h"
#include "ledger/domain/facts/section.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/support_plan.h"
#include "ledger/domain/facts/tax_rate.h"
#include "ledger/domain/facts/usage.h"
#include "tests/support/in_memory_ledger.h"

/// Facts with the values that matter in their arguments and everyday ones elsewhere. Jeroen is
/// Account Administrator, or Owner, of every account; accounts are Dutch, in EUR, of tenant
/// `contoso`.
namespace daybook::testing {

inline const IdentityId kJeroen{"jeroen"};
inline const TenantId kContoso{"contoso"};

inline Viewer as(std::string_view identity, std::string_view tenant = "contoso") {
  return Viewer::person(IdentityId(std::string(identity)), TenantId(std::string(tenant)));
}

inline BillingAccountOpened account(std::string_view id, AccountType type,
                                    std::string_view created_on) {
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

inline SubscriptionCreated subscription(std::string_view id, std::string_view account,
                                        std::string_view created_on) {
  SubscriptionCreated fact;
  fact.subscription_id = SubscriptionId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.offer_id = OfferId("MS-AZR-0003P");
  fact.created_on = day(created_on);
  return fact;
}

inline BillingProfileCreated profile(std::string_view id, std::string_view account,
                                     int invoice_day = 5) {
  BillingProfileCreated fact;
  fact.profile_id = ProfileId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.currency = kEur;
  fact.invoice_day = invoice_day;
  return fact;
}

inline InvoiceSectionCreated section(std::string_view id, std::string_view profile) {
  return {SectionId(std::string(id)),
          ProfileId(std::string(profile)),
          "Section " + std::string(id),
          {}};
}

inline SubscriptionCreated in_section(SubscriptionCreated fact, std::string_view section) {
  fact.invoice_section_id = SectionId(std::string(section));
  return fact;
}

inline PriceChanged price(std::string_view meter, std::string_view unit_price,
                          std::string_view effective_on = "2020-01-01") {
  PriceChanged fact;
  fact.meter_id = MeterId(std::string(meter));
  fact.currency = kEur;
  fact.effective_on = day(effective_on);
  fact.unit_price = decimal(unit_price);
  return fact;
}

inline PriceChanged tiers(std::string_view meter,
                          std::vector<std::pair<std::string, std::string>> steps) {
  PriceChanged fact = price(meter, "0");
  fact.unit_price.reset();
  for (const auto& [from, unit_price] : steps)
    fact.tiers.push_back({decimal(from), decimal(unit_price)});
  return fact;
}

/// 21 % VAT in the Netherlands.
inline TaxRateChanged vat(std::string_view percent = "21",
                          std::string_view effective_on = "2020-01-01") {
  return {"NL", "VAT", decimal(percent), day(effective_on), std::nullopt, std::nullopt};
}

inline UsageRecorded usage(std::string_view subscription, std::string_view meter,
                           std::string_view quantity, std::string_view usage_date) {
  UsageRecorded fact;
  fact.subscription_id = SubscriptionId(std::string(subscription));
  fact.meter_id = MeterId(std::string(meter));
  fact.quantity = decimal(quantity);
  fact.usage_date = day(usage_date);
  return fact;
}

/// A row that brings its cost.
inline UsageRecorded cost(std::string_view subscription, std::string_view amount,
                          std::string_view usage_date, ChargeType charge_type = ChargeType::Usage) {
  UsageRecorded fact = usage(subscription, "rated", "1", usage_date);
  fact.cost = decimal(amount);
  fact.currency = kEur;
  fact.charge_type = charge_type;
  return fact;
}

inline PaymentMethodAdded card(std::string_view id, std::string_view account,
                               std::vector<std::string> subscriptions = {},
                               PaymentFamily family = PaymentFamily::CreditCard) {
  PaymentMethodAdded fact;
  fact.method_id = MethodId(std::string(id));
  fact.account_id = AccountId(std::string(account));
  fact.family = family;
  for (std::string& each : subscriptions)
    fact.shared_by_subscriptions.emplace_back(std::move(each));
  return fact;
}

inline InvoicePaymentSucceeded payment(const InvoiceId& invoice, std::string_view id,
                                       std::string_view amount) {
  return {invoice,     PaymentId(std::string(id)), money(amount), std::nullopt, std::nullopt,
          std::nullopt};
}

inline InvoicePaymentFailed decline(const InvoiceId& invoice, std::string_view id) {
  return {invoice, PaymentId(std::string(id)), PaymentFailure::BankDeclined, std::nullopt};
}

inline IdentityLinked linked(std::string_view id, std::string_view email,
                             std::string_view tenant = "contoso") {
  return {IdentityId(std::string(id)), "https://login.example", "subject-" + std::string(id),
          Personal<std::string>(std::string(email)), TenantId(std::string(tenant))};
}

inline RoleAssigned role(ScopeType type, std::string_view scope, Role role,
                         std::string_view identity) {
  return {type, ScopeId(std::string(scope)), role, IdentityId(std::string(identity))};
}

inline SupportPlanPurchased support_plan(std::string_view id, std::string_view subscription,
                                         std::string_view amount, std::string_view purchased_on) {
  return {PlanId(std::string(id)), SubscriptionId(std::string(subscription)), money(amount),
          day(purchased_on)};
}

/// The account of SC-03: created 2024-02-02, sub-01 on 5 March and sub-02 on 10 March 2024.
inline std::vector<EventData> jeroens_account() {
  return {account("acc-1", AccountType::MOSP, "2024-02-02"),
          subscription("sub-01", "acc-1", "2024-03-05"),
          subscription("sub-02", "acc-1", "2024-03-10"),
          linked("jeroen", "jeroen@contoso.example")};
}

}  // namespace daybook::testing
