#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "tests/support/billing_facts.h"

/// Who is told of what an unpaid invoice leads to (R-88).
namespace daybook::testing {
namespace {

/// "PastDue jeroen@contoso.example" …, of all notices so far, in order.
std::vector<std::string> told(const InMemoryLedger& ledger, const InvoiceId& id) {
  std::vector<std::string> result;
  const auto* notices = ledger.state().find<InvoiceNotices>(id.text());
  if (notices == nullptr) return result;
  for (const InvoiceNotice& notice : notices->notices)
    result.push_back(std::string(wire_name(notice.kind)) + " " + *notice.address.value);
  return result;
}
using Told = std::vector<std::string>;

TEST(Notices, TheAccountAdministratorIsToldOfEachStep) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({cost("sub-01", "40.00", "2024-03-07")});
  ledger.when(SetPolicy{"card.unreported", {R"("pastDueAfterWindow")"}, std::nullopt});
  ledger.when(AdvanceClock{midnight("2024-05-12"), true});
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  EXPECT_EQ(told(ledger, id), Told{});
  const Date past_due = day("2024-05-13");
  ledger.when(AdvanceClock{Instant::start_of(past_due), true});
  EXPECT_EQ(told(ledger, id), (Told{"PastDue jeroen@contoso.example"}));
  ledger.when(AdvanceClock{Instant::start_of(past_due.plus_days(21)), true});
  ledger.when(AdvanceClock{Instant::start_of(past_due.plus_days(30)), true});
  const Told all{"PastDue jeroen@contoso.example", "Warned jeroen@contoso.example",
                 "Disabled jeroen@contoso.example"};
  EXPECT_EQ(told(ledger, id), all);
  ledger.when(AdvanceClock{Instant::start_of(past_due.plus_days(60)), true});
  EXPECT_EQ(told(ledger, id), all);
}

TEST(Notices, ADeclinedCardIsToldAtOnce) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({card("card-1", "acc-1", {"sub-01"}), cost("sub-01", "40.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  InvoicePaymentFailed failed;
  failed.invoice_id = id;
  failed.payment_id = PaymentId("p-1");
  ledger.given({failed});
  EXPECT_EQ(told(ledger, id), (Told{"PastDue jeroen@contoso.example"}));
  failed.payment_id = PaymentId("p-2");
  ledger.given({failed});
  EXPECT_EQ(told(ledger, id).size(), 1u);
}

InMemoryLedger unpaid_profile(std::vector<EventData> more = {}) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              in_section(subscription("a", "acc-2", "2024-03-01"), "p-1"),
              cost("a", "10.00", "2024-03-02"),
              role(ScopeType::Profile, "p-1", Role::Owner, "owner"),
              role(ScopeType::Profile, "p-1", Role::Contributor, "contributor"),
              role(ScopeType::Profile, "p-1", Role::Reader, "reader"),
              role(ScopeType::Profile, "p-1", Role::InvoiceManager, "manager")});
  for (const char* who : {"owner", "contributor", "reader", "manager"})
    ledger.given({linked(who, std::string(who) + "@contoso.example")});
  ledger.given(std::move(more));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  ledger.when(
      AdvanceClock{Instant::start_of(ledger.invoices().at(0)->due_date.plus_days(1)), true});
  return ledger;
}

TEST(Notices, OfAProfileGoToThoseWhoMayPay) {
  const InMemoryLedger ledger = unpaid_profile();
  EXPECT_EQ(told(ledger, ledger.invoices().at(0)->invoice_id),
            (Told{"PastDue owner@contoso.example", "PastDue contributor@contoso.example",
                  "PastDue manager@contoso.example"}));
}

TEST(Notices, OfAWireProfileGoToItsPayablesContactsAlone) {
  const InMemoryLedger ledger = unpaid_profile(
      {AccountsPayableContactAdded{ProfileId("p-1"), Personal<std::string>("ap@contoso.example"), {}}});
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  EXPECT_EQ(told(ledger, id), (Told{"PastDue ap@contoso.example"}));
  EXPECT_TRUE(ledger.state().find<InvoiceNotices>(id.text())->notices.at(0).recipient_id);
}

TEST(Notices, OfAProfileThatPaysByCardContactsAreNotTold) {
  InMemoryLedger ledger = unpaid_profile(
      {card("card-1", "acc-2"), PaymentMethodMadeDefault{MethodId("card-1"), ScopeType::Profile, ScopeId("p-1")},
       AccountsPayableContactAdded{ProfileId("p-1"), Personal<std::string>("ap@contoso.example"), {}}});
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  ledger.given({decline(id, "p-1")});
  EXPECT_EQ(told(ledger, id).size(), 3u);
  EXPECT_EQ(told(ledger, id).front(), "PastDue owner@contoso.example");
}

}  // namespace
}  // namespace daybook::testing
