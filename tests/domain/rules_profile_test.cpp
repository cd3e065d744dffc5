#include <gtest/gtest.h>

#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/issued.h"

/// What is changed on a billing profile while it is billed.
namespace daybook::testing {
namespace {

InvoiceDayChanged invoice_day(std::string_view profile, int day_of_month) {
  return {ProfileId(std::string(profile)), day_of_month};
}

AccountsPayableContactAdded contact(std::string_view address) {
  return {ProfileId("p-1"), Personal<std::string>(std::string(address)), {}};
}

AccountsPayableContactRemoved no_contact(std::string_view address) {
  return {ProfileId("p-1"), Personal<std::string>(std::string(address)), {}};
}

InMemoryLedger with_profile() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2", 5),
              in_section(subscription("sub-01", "acc-2", "2024-03-05"), "p-1"),
              linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

std::vector<std::string> dates(const InMemoryLedger& ledger) {
  std::vector<std::string> result;
  for (const Issued& each : issued(ledger)) result.push_back(each.date);
  return result;
}

TEST(InvoiceDayChanged, HoldsFromTheNextCalendarMonthOn) {
  // On 3 April the run of the 5th is still to come: it stays; that of May is on the 20th.
  InMemoryLedger ledger = with_profile();
  ledger.when(AdvanceClock{midnight("2024-04-03"), true});
  ledger.given({invoice_day("p-1", 20)});
  const auto next = [&] {
    return next_invoice_date(ledger.state(), *ledger.state().find<Profile>("p-1"));
  };
  EXPECT_EQ(next(), day("2024-04-05"));
  const auto shown = [&] {
    return profile_answer(ledger.state(), as("jeroen"), ProfileId("p-1"), ledger.now().date())
        ->invoice_day;
  };
  EXPECT_EQ(shown(), 5);
  ledger.when(AdvanceClock{midnight("2024-05-06"), true});
  EXPECT_EQ(dates(ledger), (std::vector<std::string>{"2024-04-05"}));
  EXPECT_EQ(next(), day("2024-05-20"));
  EXPECT_EQ(shown(), 20);
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  EXPECT_EQ(dates(ledger), (std::vector<std::string>{"2024-04-05", "2024-05-20"}));
}

TEST(InvoiceDayChanged, NeitherSkipsNorDoublesAMonth) {
  // On the 10th, after the run: an earlier day and a later one, the last word of a month counts.
  InMemoryLedger ledger = with_profile();
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ledger.given({invoice_day("p-1", 28), invoice_day("p-1", 31)});
  ledger.when(AdvanceClock{midnight("2024-06-10"), true});
  ledger.given({invoice_day("p-1", 1)});
  ledger.when(AdvanceClock{midnight("2024-08-02"), true});
  EXPECT_EQ(dates(ledger), (std::vector<std::string>{"2024-04-05", "2024-05-31", "2024-06-30",
                                                     "2024-07-01", "2024-08-01"}));
}

TEST(InvoiceDayChanged, AVoidInvoiceWaitsForTheNewDay) {
  InMemoryLedger ledger = with_profile();
  ledger.given({cost("sub-01", "10.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-10"), true});
  ledger.given({invoice_day("p-1", 20)});
  ledger.when(VoidInvoice{ledger.invoices()[0]->invoice_id, "wrong", {}});
  ledger.when(AdvanceClock{midnight("2024-05-19"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  EXPECT_EQ(ledger.invoices().size(), 3u);
}

TEST(InvoiceDayChanged, Refusals) {
  InMemoryLedger ledger = with_profile();
  ledger.post({invoice_day("p-1", 0)}).then_rejected("INVALID_FIELD", "/data/newValue");
  ledger.post({invoice_day("p-1", 32)}).then_rejected("INVALID_FIELD", "/data/newValue");
  ledger.post({invoice_day("p-9", 5)}).then_rejected("UNKNOWN_REFERENCE", "/data/profileId");
  ledger.post({invoice_day("p-1", 6)}, "fabrikam")
      .then_rejected("UNKNOWN_REFERENCE", "/data/profileId");
}

TEST(PayablesContacts, GetTheMailOfAnOptedInProfile) {
  InMemoryLedger ledger = with_profile();
  ledger.given({contact("ap@contoso.example"), cost("sub-01", "10.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-1"), {}, {}}, as("jeroen"));
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ledger.when(AdvanceClock{midnight("2024-05-05"), true});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].because, EmailBecause::Recipient);
  EXPECT_EQ(mails[0].address.value, "ap@contoso.example");
  ASSERT_TRUE(mails[0].recipient_id);
  EXPECT_EQ(mails[0].personal_subject(), recipient_subject(*mails[0].recipient_id));
  ledger.given({no_contact("ap@CONTOSO.example")});
  ledger.when(AdvanceClock{midnight("2024-06-05"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
}

TEST(PayablesContacts, OneMailForAnAddress) {
  InMemoryLedger ledger = with_profile();
  ledger.given({contact("jeroen@Contoso.Example"), role(ScopeType::Profile, "p-1", Role::Owner, "jeroen"),
                cost("sub-01", "10.00", "2024-03-10")});
  ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId("p-1"), {}, {}}, as("jeroen"));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].because, EmailBecause::Role);
}

TEST(PayablesContacts, AreShownToWhoMaySeeTheInvoices) {
  InMemoryLedger ledger = with_profile();
  ledger.given({contact("ap@contoso.example"), contact("ap2@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "ria")});
  const auto shown = [&](std::string_view who) {
    std::vector<std::string> addresses;
    const auto answer = profile_answer(ledger.state(), as(who), ProfileId("p-1"), day("2024-03-02"));
    EXPECT_TRUE(answer) << who;
    if (!answer) return addresses;
    for (const PayablesContactView& each : answer->accounts_payable_contacts) addresses.push_back(*each.address.value);
    return addresses;
  };
  EXPECT_EQ(shown("jeroen"), (std::vector<std::string>{"ap@contoso.example", "ap2@contoso.example"}));
  const auto below = profile_answer(ledger.state(), as("ria"), ProfileId("p-1"), day("2024-03-02"));
  ASSERT_FALSE(below) << "a role below the profile opens nothing of it";
  EXPECT_EQ(below.error().code, "NO_PERMISSION");
  ledger.given({no_contact("ap@contoso.example")});
  EXPECT_EQ(shown("jeroen"), std::vector<std::string>{"ap2@contoso.example"});
}

TEST(PayablesContacts, Refusals) {
  InMemoryLedger ledger = with_profile();
  ledger.post({contact("nobody")}).then_rejected("INVALID_EMAIL", "/data/newValue");
  ledger.post({no_contact("ap@contoso.example")}).then_rejected("UNKNOWN_REFERENCE", "/data/newValue");
  ledger.given({contact("ap@contoso.example")});
  ledger.post({contact("ap@Contoso.Example")}).then_rejected("ALREADY_EXISTS", "/data/newValue");
  AccountsPayableContactAdded elsewhere = contact("ap@contoso.example");
  elsewhere.profile_id = ProfileId("none");
  ledger.post({elsewhere}).then_rejected("UNKNOWN_REFERENCE", "/data/profileId");
  AccountsPayableContactRemoved of_nobody = no_contact("ap@contoso.example");
  of_nobody.profile_id = ProfileId("none");
  ledger.post({of_nobody}).then_rejected("UNKNOWN_REFERENCE", "/data/profileId");
  ledger.given({no_contact("ap@contoso.example"), contact("ap@contoso.example")});
}

}  // namespace
}  // namespace daybook::testing
