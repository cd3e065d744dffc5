#include "ledger/domain/answers/price_list_answer.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/facts/provider.h"
#include "tests/domain/answers_support.h"

/// Prices in force on a day, and the terms of invoices by e-mail.
namespace daybook::testing {
namespace {


PriceChanged for_profile(PriceChanged fact, std::string_view profile) {
  fact.scope_type = ScopeType::Profile;
  fact.scope_id = ScopeId(std::string(profile));
  return fact;
}

InMemoryLedger priced() {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given(
      {account("mca", AccountType::MCA, "2024-03-01"), profile("P1", "mca"), profile("P2", "mca"),
       section("S1", "P1"), price("vm", "0.12", "2024-03-01"), price("vm", "0.13", "2024-04-15"),
       for_profile(tiers("disk", {{"0", "2"}, {"50", "1"}}), "P1"), price("disk", "3"),
       role(ScopeType::Profile, "P1", Role::Reader, "ria"),
       role(ScopeType::Section, "S1", Role::Owner, "sam")});
  return ledger;
}

Result<PriceListView> ask(const InMemoryLedger& ledger, const ScopeRef& scope, std::string_view on,
                          const Viewer& viewer = kOperator, const PageRequest& page = {}) {
  return price_list_answer(ledger.state(), viewer, scope, day(on), page);
}

const ScopeRef kP1(ProfileId("P1"));

TEST(PriceList, SC_107_ShowsThePricesOfItsDay) {
  const InMemoryLedger ledger = priced();
  EXPECT_EQ(ask(ledger, kP1, "2024-04-14")->items.at(1).unit_price, decimal("0.12"));
  EXPECT_EQ(ask(ledger, kP1, "2024-04-15")->items.at(1).unit_price, decimal("0.13"));
}

TEST(PriceList, TheMostParticularPriceCounts) {
  const InMemoryLedger ledger = priced();
  EXPECT_THAT(json_of(ask(ledger, kP1, "2024-04-15")), JsonLike(R"({"on":"2024-04-15","items":[
    {"meterId":"disk","unitPrice":null,"tiers":[{"from":"0","unitPrice":"2"},
     {"from":"50","unitPrice":"1"}],"scopeType":"Profile"},
    {"meterId":"vm","unitPrice":"0.13","tiers":null,"scopeType":null}],"nextCursor":null})"));
  EXPECT_EQ(ask(ledger, ScopeRef(ProfileId("P2")), "2024-04-15")->items.at(0).unit_price,
            decimal("3"));
}

TEST(PriceList, GoesOnBehindTheCursor) {
  const InMemoryLedger ledger = priced();
  const auto first = ask(ledger, kP1, "2024-04-15", kOperator, {1, {}});
  ASSERT_EQ(first->items.size(), 1u);
  const auto second = ask(ledger, kP1, "2024-04-15", kOperator, {1, first->next_cursor});
  EXPECT_EQ(second->items.at(0).meter_id, MeterId("vm"));
  EXPECT_EQ(second->next_cursor, std::nullopt);
}

TEST(PriceList, IsForThoseWhoSeeTheInvoices) {
  const InMemoryLedger ledger = priced();
  EXPECT_EQ(code_of(ask(ledger, kP1, "2024-04-15", as("ria"))), "");
  EXPECT_EQ(code_of(ask(ledger, kP1, "2024-04-15", as("sam"))), "NO_PERMISSION");
  EXPECT_EQ(code_of(ask(ledger, kP1, "2024-04-15", as("nobody"))), "NOT_FOUND");
}

TEST(EmailTerms, SC_113_NewerOnesAreAcceptedBeforeTheNextOptIn) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  const auto scope = [](std::string_view id) { return ScopeId(std::string(id)); };
  const auto accept = [&](std::string_view id, std::string_view version) {
    ledger.when(AcceptEmailTerms{ScopeType::Subscription, scope(id), std::string(version)},
                as("jeroen"));
  };
  const auto opt_in = [&](std::string_view id) {
    OptInEmailInvoice command;
    command.scope_type = ScopeType::Subscription;
    command.scope_id = scope(id);
    ledger.when(command, as("jeroen"));
  };
  EXPECT_EQ(email_terms_answer(ledger.state()).terms_version, std::nullopt);
  ledger.when(PublishEmailTerms{"1", {{"en", "One."}}});
  ledger.then({EmailTermsPublished{
      "1", day("2024-03-05"),
      {{"en", "70277bfc409b502132d7a48b2a3b386294264b31f7bf024a5fb0cafabb8ac122"}},
      {{"en", "One."}}}});
  accept("sub-01", "0");
  ledger.then_rejected("TERMS_VERSION_UNKNOWN");
  accept("sub-01", "1");
  opt_in("sub-01");
  EXPECT_FALSE(ledger.error());
  ledger.when(PublishEmailTerms{"2", {{"en", "Two."}, {"nl", "Twee."}}});
  EXPECT_EQ(email_terms_answer(ledger.state()).text.at("nl"), "Twee.");
  // Running mail goes on, and its address can be changed.
  opt_in("sub-01");
  EXPECT_FALSE(ledger.error());
  accept("sub-02", "1");
  ledger.then_rejected("TERMS_VERSION_UNKNOWN");
  opt_in("sub-02");
  ledger.then_rejected("TERMS_NOT_ACCEPTED");
  accept("sub-02", "2");
  opt_in("sub-02");
  EXPECT_FALSE(ledger.error());
}

TEST(EmailTerms, ArePublishedByTheOperatorOnceAVersion) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.when(PublishEmailTerms{"1", {{"en", "One."}}}, as("jeroen")).then_rejected("FORBIDDEN");
  ledger.when(PublishEmailTerms{"1", {}}).then_rejected("INVALID_FIELD");
  ledger.when(PublishEmailTerms{"", {{"en", "One."}}}).then_rejected("INVALID_FIELD");
  ledger.when(PublishEmailTerms{"1", {{"fr", "Un."}}}).then_rejected("INVALID_FIELD");
  ledger.when(PublishEmailTerms{"1", {{"en", "One."}}});
  ledger.when(PublishEmailTerms{"1", {{"en", "Another."}}}).then_rejected("DUPLICATE");
}

}  // namespace
}  // namespace daybook::testing
