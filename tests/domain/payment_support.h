#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/domain/commands/runs.h"
#include "tests/support/billing_facts.h"

/// The invoices that tests of payment and correction begin with.
namespace daybook::testing {

/// An account in the US with two subscriptions on card-1 and invoices of 30.00 and 70.00 of 2 May.
inline InMemoryLedger two_on_a_card(std::string_view country = "US") {
  InMemoryLedger ledger;
  BillingAccountOpened opened = account("acc-1", AccountType::MOSP, "2024-02-02");
  opened.country = std::string(country);
  ledger.at("2024-02-02")
      .given({opened, subscription("sub-01", "acc-1", "2024-03-05"),
              subscription("sub-02", "acc-1", "2024-03-10"),
              linked("jeroen", "jeroen@contoso.example"), linked("olga", "olga@contoso.example"),
              role(ScopeType::Subscription, "sub-01", Role::Owner, "olga"),
              card("card-1", "acc-1", {"sub-01", "sub-02"})})
      .given({cost("sub-01", "30.00", "2024-03-07"), cost("sub-02", "70.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

inline SubscriptionStatus status_of(const InMemoryLedger& ledger, const SubscriptionId& id) {
  return ledger.state().subscription(id)->status;
}

/// A profile's invoice of 100.00 of 5 April, to be paid by wire; sold to a Dutch company.
inline InMemoryLedger invoice_of_100(std::vector<EventData> more = {}) {
  InMemoryLedger ledger;
  BillingProfileCreated of = profile("p-1", "acc-2");
  const Address old{"Contoso BV", "Kade 1", {}, "Utrecht", {}, "3511", "NL", {}};
  of.bill_to = Personal<Address>(old);
  of.po_number = "PO-1";
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), of,
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              linked("jeroen", "jeroen@contoso.example"), linked("rita", "rita@contoso.example"),
              role(ScopeType::Profile, "p-1", Role::Reader, "rita"),
              price("vm", "10.00"), usage("sub-01", "vm", "10", "2024-03-06")})
      .given(std::move(more));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  return ledger;
}

}  // namespace daybook::testing
