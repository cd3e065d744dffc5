#include <gtest/gtest.h>

#include "ledger/domain/facts/customer.h"
#include "ledger/domain/facts/enrollment.h"
#include "tests/support/billing_facts.h"

/// Nothing new begins under a closed account (domain.md 9.3).
namespace daybook::testing {
namespace {

TEST(ClosedAccount, TakesNoNewObjects) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12").given(
      {account("acc-1", AccountType::MOSP, "2024-03-01"),
       account("acc-2", AccountType::MCA, "2024-03-01"),
       account("acc-3", AccountType::MPA, "2024-03-01"),
       account("acc-4", AccountType::EA, "2024-03-01")});
  for (const std::string_view id : {"acc-1", "acc-2", "acc-3", "acc-4"})
    ledger.given({BillingAccountClosed{AccountId(std::string(id)), "no longer wanted"}});
  EnrollmentRegistered enrollment;
  enrollment.enrollment_id = EnrollmentId("enr-1");
  enrollment.account_id = AccountId("acc-4");
  enrollment.start_date = day("2024-03-01");
  const std::vector<EventData> begun = {
      subscription("sub-01", "acc-1", "2024-03-12"), card("card-1", "acc-1"),
      profile("p-1", "acc-2"),
      CustomerRegistered{CustomerId("cu-1"), AccountId("acc-3"), TenantId("t-9"), "Fabrikam"},
      enrollment};
  for (const EventData& fact : begun) {
    SCOPED_TRACE(name(fact.type()));
    ledger.post({fact}).then_rejected("ACCOUNT_CLOSED", "/data/accountId");
  }
}

}  // namespace
}  // namespace daybook::testing
