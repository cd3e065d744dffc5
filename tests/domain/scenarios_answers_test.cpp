#include "ledger/domain/answers/alarms_answer.h"
#include "ledger/domain/answers/missing_invoice_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/commands/administration.h"
#include "tests/domain/answers_support.h"

/// Acceptance scenarios of domain.md 10 by their numbers: what is answered, and what is mailed.
namespace daybook::testing {
namespace {

std::vector<std::string> mailed(const InMemoryLedger& ledger) {
  std::vector<std::string> result;
  for (const InvoiceEmailQueued& mail : ledger.outcome<InvoiceEmailQueued>()) {
    result.push_back(mail.scope_id.text() + " " + *mail.address.value);
  }
  return result;
}

TEST(Scenarios, SC_82_ARecipientOfOneProfileGetsItsInvoiceAlone) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01")
      .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
              profile("p-2", "acc-2"), in_section(subscription("a", "acc-2", "2024-03-01"), "p-1"),
              in_section(subscription("b", "acc-2", "2024-03-01"), "p-2"),
              cost("a", "10.00", "2024-03-02"), cost("b", "20.00", "2024-03-02")});
  for (const char* id : {"p-1", "p-2"}) {
    ledger.when(OptInEmailInvoice{ScopeType::Profile, ScopeId(id), std::nullopt, std::nullopt},
                as("jeroen"));
  }
  ledger.when(AddEmailRecipient{ScopeType::Profile, ScopeId("p-1"), "fin@x.example"}, as("jeroen"));
  ledger.when(AdvanceClock{midnight("2024-04-05"), true});
  EXPECT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(mailed(ledger), (std::vector<std::string>{"p-1 fin@x.example"}));
}

TEST(Scenarios, SC_95_EachStatementCarriesItsOwnMoment) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-03-05"), cost("sub-01", "42.10", "2024-03-05")});
  const auto statement = [&](std::string_view now) {
    return statement_answer(ledger.state(), ledger.usage(), as("jeroen"), kSub01, std::nullopt,
                            Instant::parse(now).value());
  };
  const auto early = statement("2024-03-10T08:00:00Z");
  ledger.at("2024-03-10").given({cost("sub-01", "2.90", "2024-03-10")});
  const auto late = statement("2024-03-10T14:00:00Z");
  EXPECT_THAT(json_of(early), JsonLike(R"({"total":{"amount":"42.10","currency":"EUR"},
    "asOf":"2024-03-10T08:00:00Z","isEstimate":true})"));
  EXPECT_THAT(json_of(late), JsonLike(R"({"total":{"amount":"45.00","currency":"EUR"},
    "asOf":"2024-03-10T14:00:00Z","isEstimate":true})"));
  ledger.given({cost("sub-01", "5.00", "2024-03-20")});
  run(ledger, "2024-05-02");
  EXPECT_EQ(ledger.document(*ledger.invoices().at(0)).issued.totals.sub_total, money("50.00"));
}

TEST(Scenarios, SC_102_AnOfferPrepaidThroughAResellerSaysSo) {
  InMemoryLedger ledger;
  SubscriptionCreated prepaid = subscription("sub-01", "acc-1", "2024-02-02");
  prepaid.offer_id = OfferId("MS-AZR-0111P");
  ledger.at("2024-02-02").given({account("acc-1", AccountType::MOSP, "2024-02-02"), prepaid});
  run(ledger, "2024-03-10");
  const auto why = missing_invoice_answer(ledger.state(), as("jeroen"), ScopeRef(kSub01),
                                          std::nullopt, midnight("2024-03-10"));
  EXPECT_EQ(why->primary, MissingReason::PREPAID_OFFER);
  EXPECT_EQ(why->reasons.front().link,
            "https://azure.microsoft.com/pricing/offers/ms-azr-0111p");
  EXPECT_EQ(why->reasons.back().code, MissingReason::NO_USAGE);
  EXPECT_EQ(why->reasons.back().link, std::nullopt);
  ledger
      .when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("sub-01"), std::nullopt,
                              std::nullopt},
            as("jeroen"))
      .then_rejected("NOT_SUPPORTED");
}

TEST(Scenarios, SC_105_TheSpotDocumentOfAnOptedInSubscriptionIsNotMailed) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  const ScopeId scope("sub-01");
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, scope, "2024-01"}, as("jeroen"));
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, scope, std::nullopt, std::nullopt},
              as("jeroen"));
  UsageRecorded spot = cost("sub-01", "12.34", "2024-03-07");
  spot.pricing_model = PricingModel::Spot;
  ledger.given({spot});
  ledger.when(AdvanceClock{midnight("2024-04-09"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->type, InvoiceType::AzureMarketplace);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("12.34"));
  EXPECT_TRUE(mailed(ledger).empty());
}

/// A card invoice of 40.00, dated 2024-05-02, that nobody reports on.
InMemoryLedger unreported() {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({card("card-1", "acc-1", {"sub-01"}), cost("sub-01", "40.00", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

TEST(Scenarios, SC_111_WhatNobodyReportsStaysDueWithAnAlarm) {
  InMemoryLedger ledger = unreported();
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  ledger.when(AdvanceClock{midnight("2024-05-13"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  EXPECT_TRUE(alarms_answer(ledger.state(), ledger.usage(), day("2024-05-12"), id)->items.empty());
  const AlarmListView alarms =
      alarms_answer(ledger.state(), ledger.usage(), day("2024-05-13"), id).value();
  ASSERT_EQ(alarms.items.size(), 1u);
  EXPECT_EQ(alarms.items[0].code, "PAYMENT_NOT_REPORTED");
  EXPECT_EQ(alarms.items[0].since, day("2024-05-13"));
}

TEST(Scenarios, SC_111_OrIsPastDueWhereThePolicySaysSo) {
  InMemoryLedger ledger = unreported();
  ledger.when(SetPolicy{"card.unreported", JsonText{R"("pastDueAfterWindow")"}, std::nullopt});
  ledger.when(AdvanceClock{midnight("2024-05-12"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
  ledger.when(AdvanceClock{midnight("2024-05-13"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
}

}  // namespace
}  // namespace daybook::testing
