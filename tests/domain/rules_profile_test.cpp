#include <gtest/gtest.h>

#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/periods_of.h"
#include "ledger/domain/commands/invoice.h"
#include "tests/support/billing_facts.h"
#include "tests/support/issued.h"

/// What is changed on a billing profile while it is billed.
namespace daybook::testing {
namespace {

InvoiceDayChanged invoice_day(std::string_view profile, int day_of_month) {
  return {ProfileId(std::string(profile)), day_of_month};
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

}  // namespace
}  // namespace daybook::testing
