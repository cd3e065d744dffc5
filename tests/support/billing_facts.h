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
#include "ledger/domain/rules/viewer.h"
#include "tests/support/in_memory_ledger.h"

/// Facts with the values that matter in their arguments and everyday ones elsewhere. Jeroen is
/// Account Administrator, or Owner, of every account; accounts are Dutch, in EUR, of tenant
/// `contoso`.
namespace daybook::testing {

inline const AccountId kAcc1{"acc-1"};
inline const SubscriptionId kSub01{"sub-01"};
inline const SubscriptionId kSub02{"sub-02"};
inline const Viewer kOperator = Viewer::operating();

inline const IdentityId kJeroen{"jeroen"};
inline const TenantId kContoso{"contoso"};

Viewer as(std::string_view identity, std::string_view tenant = "contoso");

BillingAccountOpened account(std::string_view id, AccountType type, std::string_view created_on);

SubscriptionCreated subscription(std::string_view id, std::string_view account, std::string_view created_on);

BillingProfileCreated profile(std::string_view id, std::string_view account, int invoice_day = 5);

InvoiceSectionCreated section(std::string_view id, std::string_view profile);

SubscriptionCreated in_section(SubscriptionCreated fact, std::string_view section);

PriceChanged price(std::string_view meter, std::string_view unit_price, std::string_view effective_on = "2020-01-01");

PriceChanged tiers(std::string_view meter, std::vector<std::pair<std::string, std::string>> steps);

/// 21 % VAT in the Netherlands.
TaxRateChanged vat(std::string_view percent = "21", std::string_view effective_on = "2020-01-01");

UsageRecorded usage(std::string_view subscription, std::string_view meter, std::string_view quantity,
                    std::string_view usage_date);

/// A row that brings its cost.
UsageRecorded cost(std::string_view subscription, std::string_view amount, std::string_view usage_date,
                   ChargeType charge_type = ChargeType::Usage);

PaymentMethodAdded card(std::string_view id, std::string_view account, std::vector<std::string> subscriptions = {},
                        PaymentFamily family = PaymentFamily::CreditCard);

InvoicePaymentSucceeded payment(const InvoiceId& invoice, std::string_view id, std::string_view amount);

InvoicePaymentFailed decline(const InvoiceId& invoice, std::string_view id);

IdentityLinked linked(std::string_view id, std::string_view email, std::string_view tenant = "contoso");

RoleAssigned role(ScopeType type, std::string_view scope, Role role, std::string_view identity);

SupportPlanPurchased support_plan(std::string_view id, std::string_view subscription, std::string_view amount,
                                  std::string_view purchased_on);

/// The account of SC-03: created 2024-02-02, sub-01 on 5 March and sub-02 on 10 March 2024.
std::vector<EventData> jeroens_account();

}  // namespace daybook::testing
