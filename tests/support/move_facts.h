#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/billing_facts.h"

/// Moves, transfers and upgrades, and what of invoices they are judged by.
namespace daybook::testing {

BillingAccountUpgraded upgraded(std::string_view id, AccountType from, std::string_view day_of,
                                std::vector<CreatedProfile> profiles);

CreatedProfile created(std::string_view profile, std::vector<std::string> subscriptions);

SubscriptionBillingTransferred transferred(std::string_view id, std::string_view from, std::string_view to,
                                           std::string_view accepted_on);

SubscriptionBillingTransferred into_section(SubscriptionBillingTransferred fact, std::string_view section);

SubscriptionMoved moved(std::string_view id, std::string_view from, std::string_view to, std::string_view first_day);

BillingAccountOpened opened_by(BillingAccountOpened fact, std::string_view identity,
                               std::string_view tenant = "contoso");

const InvoiceIssued& issued(const InMemoryLedger& ledger, std::size_t n);

/// The periods and amounts of an invoice's lines.
std::vector<std::pair<Period, std::string>> amounts(const InMemoryLedger& ledger, std::size_t n);
using Amounts = std::vector<std::pair<Period, std::string>>;

}  // namespace daybook::testing
