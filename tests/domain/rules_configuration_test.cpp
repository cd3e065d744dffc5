#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/facts/policy.h"
#include "ledger/domain/facts/provider.h"
#include "tests/support/billing_facts.h"

/// What the configuration says becomes events, and who provides what is billed (PROV-1).
namespace daybook::testing {
namespace {

ApplyConfiguration policy(std::string_view name, std::string_view value) {
  ApplyConfiguration wish;
  wish.policies.push_back({std::string(name), {std::string(value)}});
  return wish;
}

ProviderDetailsChanged contoso_cloud(std::string_view from = "2024-01-01") {
  ProviderDetailsChanged block;
  block.effective_on = day(from);
  block.name = "Contoso Cloud";
  block.product = "Cloud";
  block.bank_accounts.push_back({kEur, "NL91ABNA0417164300", std::nullopt, std::nullopt});
  return block;
}

ApplyConfiguration providing(ProviderDetailsChanged block) {
  ApplyConfiguration wish;
  wish.provider = std::move(block);
  return wish;
}

TEST(Configuration, WhatItSaysIsRecordedOnce) {
  InMemoryLedger ledger;
  ledger.when(policy("dunning.warnDays", "14"))
      .then({PolicyChanged{"dunning.warnDays", {"14"}, std::nullopt, true}});
  ledger.when(policy("dunning.warnDays", "14")).then_nothing();
  ledger.when(policy("dunning.warnDays", "15"))
      .then({PolicyChanged{"dunning.warnDays", {"15"}, std::nullopt, true}});
  EXPECT_EQ(ledger.state().policies().number("dunning.warnDays"), 15);
}

TEST(Configuration, ACommandSinceHoldsUntilTheConfigurationSaysSomethingElse) {
  InMemoryLedger ledger;
  ledger.when(policy("dunning.warnDays", "14"));
  ledger.when(SetPolicy{"dunning.warnDays", {"10"}, {}});
  ledger.when(policy("dunning.warnDays", "14")).then_nothing();
  EXPECT_EQ(ledger.state().policies().number("dunning.warnDays"), 10);
  ledger.when(policy("dunning.warnDays", "12"));
  EXPECT_EQ(ledger.state().policies().number("dunning.warnDays"), 12);
}

TEST(Configuration, ItsFirstWordIsRecordedEvenWhereItChangesNothing) {
  InMemoryLedger ledger;
  ledger.when(policy("dunning.warnDays", "21"));
  EXPECT_EQ(ledger.outcome<PolicyChanged>().size(), 1u) << "from here on a command may differ from it";
  ledger.when(SetPolicy{"dunning.warnDays", {"10"}, {}});
  ledger.when(policy("dunning.warnDays", "21")).then_nothing();
  EXPECT_EQ(ledger.state().policies().number("dunning.warnDays"), 10);
}

TEST(Configuration, IsAppliedWholeOrNotAtAll) {
  InMemoryLedger ledger;
  ApplyConfiguration wish = policy("dunning.warnDays", "14");
  wish.policies.push_back({"dunning.disableDays", {"-1"}});
  ledger.when(wish).then_rejected("INVALID_FIELD", "/policies/1/value");
  wish.policies[1] = {"dunning.disableDay", {"14"}};
  ledger.when(wish).then_rejected("INVALID_FIELD", "/policies/1/policy");
  wish.policies[1] = {"dunning.warnDays", {"15"}};
  ledger.when(wish).then_rejected("INVALID_FIELD", "/policies/1/policy");
  EXPECT_EQ(ledger.state().policies().number("dunning.warnDays"), 21);
  ledger.when(policy("dunning.warnDays", "14"), as("jeroen")).then_rejected("FORBIDDEN");
}

TEST(Configuration, ADocumentKeepsTheProviderOfItsIssueDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01");
  EXPECT_EQ(ledger.state().provider().on(day("2024-03-01")), nullptr);
  ledger.when(providing(contoso_cloud("2024-03-01"))).then({contoso_cloud("2024-03-01")});
  // The same block on a later day changes nothing.
  ledger.at("2024-04-01").when(providing(contoso_cloud("2024-04-01"))).then_nothing();
  ProviderDetailsChanged renamed = contoso_cloud("2024-04-01");
  renamed.name = "Fabrikam";
  ledger.when(providing(renamed));
  const Provider& provider = ledger.state().provider();
  EXPECT_EQ(provider.on(day("2024-02-29")), nullptr);
  EXPECT_EQ(provider.on(day("2024-03-31"))->name, "Contoso Cloud");
  EXPECT_EQ(provider.on(day("2024-04-01"))->name, "Fabrikam");
  EXPECT_EQ(provider.product(), "Cloud");
  ledger.when(providing(contoso_cloud("2024-03-31"))).then_rejected("INVALID_FIELD", "/provider/effectiveOn");
}

TEST(Configuration, TheProviderIsCheckedBeforeItStandsOnDocuments) {
  InMemoryLedger ledger;
  ProviderDetailsChanged block = contoso_cloud();
  block.name = "";
  ledger.when(providing(block)).then_rejected("INVALID_STRING", "/provider/name");
  block = contoso_cloud();
  block.bank_accounts[0].iban = "NL92ABNA0417164300";
  ledger.when(providing(block)).then_rejected("INVALID_FIELD", "/provider/bankAccounts/0/iban");
  block = contoso_cloud();
  block.support_url = "support.example";
  ledger.when(providing(block)).then_rejected("INVALID_FIELD", "/provider/supportUrl");
  block = contoso_cloud();
  block.sender_address = "nobody";
  ledger.when(providing(block)).then_rejected("INVALID_EMAIL", "/provider/senderAddress");
  block = contoso_cloud();
  block.address = Address{"Contoso BV", {}, {}, {}, {}, {}, "Netherlands", {}};
  ledger.when(providing(block)).then_rejected("INVALID_FIELD", "/provider/address/country");
  block = contoso_cloud();
  block.account_type_names["CSP"] = "Partner";
  ledger.when(providing(block)).then_rejected("INVALID_FIELD", "/provider/accountTypeNames/CSP");
}

TEST(Configuration, Ibans) {
  for (const std::string_view iban : {"NL91ABNA0417164300", "DE89370400440532013000", "GB29NWBK60161331926819"})
    EXPECT_TRUE(is_iban(iban)) << iban;
  for (const std::string_view iban : {"", "NL91 ABNA 0417 1643 00", "nl91abna0417164300", "DE88370400440532013000",
                                      "91NLABNA0417164300", "NL91ABNA041716430012345678901234567890"})
    EXPECT_FALSE(is_iban(iban)) << iban;
}

TEST(Configuration, TermsArePublishedOnceAVersion) {
  InMemoryLedger ledger;
  ApplyConfiguration wish;
  wish.email_terms = ConfiguredTerms{"1", {{"en", "One."}}};
  ledger.when(wish);
  EXPECT_EQ(ledger.outcome<EmailTermsPublished>().size(), 1u);
  ledger.when(wish).then_nothing();
  wish.email_terms->text["en"] = "Another.";
  ledger.when(wish).then_rejected("DUPLICATE", "/emailTerms/version");
  wish.email_terms = ConfiguredTerms{"2", {{"fr", "Deux."}}};
  ledger.when(wish).then_rejected("INVALID_FIELD", "/emailTerms/text");
}

// Settings -----------------------------------------------------------------------------------------

TEST(Setting, SaysWhatItTakesInstead) {
  const auto refused = [](std::string_view policy, std::string_view value) {
    const auto reason = why_not(*find_policy(policy), value);
    return reason.value_or("");
  };
  EXPECT_EQ(refused("mca.alwaysInvoice", "1"), "mca.alwaysInvoice takes true or false, as in true");
  EXPECT_EQ(refused("estimates.refresh", R"("hourly")"),
            R"(estimates.refresh takes "live" or "daily", as in "live")");
  EXPECT_EQ(refused("invoiceDay.mpa", "29"), "invoiceDay.mpa takes a whole number from 1 to 28, as in 8");
  EXPECT_EQ(refused("dunning.retryDays", "[3,3]"),
            "dunning.retryDays takes a rising list of whole numbers from 0 to 3650, as in [3,7,14,21]");
  for (const std::string_view bad : {"8.0", "\"8\"", "08", "-0", "8e0", "", "99999999999"})
    EXPECT_NE(refused("invoiceDay.mpa", bad), "") << bad;
  for (const std::string_view bad : {"[3,]", "[,3]", "3", "[\"3\"]", "[[3]]", "[3651]"})
    EXPECT_NE(refused("dunning.retryDays", bad), "") << bad;
  EXPECT_EQ(refused("dunning.retryDays", "[]"), "");
  EXPECT_NE(refused("mca.emailRoles", R"(["Owner","Owner"])"), "");
  EXPECT_EQ(refused("mosp.delegatedFrom", R"("none")"), "");
  EXPECT_NE(refused("mosp.delegatedFrom", R"("2016-02-30")"), "");
}

TEST(Setting, TheNearestNameIsFound) {
  const std::vector<std::string_view> names = {"dunning.warnDays", "dunning.disableDays", "invoiceDay.mpa"};
  EXPECT_EQ(nearest_name(names, "dunning.warndays"), "dunning.warnDays");
  EXPECT_EQ(nearest_name(names, "dunning.disabledDays"), "dunning.disableDays");
  EXPECT_EQ(nearest_name(names, "colour"), "");
}

}  // namespace
}  // namespace daybook::testing
