#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "ledger/domain/facts/price.h"
#include "replay/price_file.h"
#include "tests/support/billing_facts.h"

namespace daybook::replay {
namespace {

using testing::InMemoryLedger;

/// jeroens_account() with a price of `vm` at position 4.
const InMemoryLedger& ledger() {
  static const InMemoryLedger kLedger = [] {
    InMemoryLedger made;
    made.at("2024-02-02").given(testing::jeroens_account()).given({testing::price("vm", "2.00")});
    return made;
  }();
  return kLedger;
}

std::string line(std::string_view data, std::string_view type = "PriceChanged") {
  return R"({"specversion":"1.0","type":"daybook.)" + std::string(type) + R"(","source":"//p","id":"1","data":)" + std::string(data) + "}";
}
std::string of_vm(std::string_view more) {
  return line(R"({"meterId":"vm","currency":"EUR","effectiveOn":"2024-01-01",)" + std::string(more) + "}");
}

Result<Tried> read(const std::string& text) {
  return read_price_file(text, ledger().state(), ledger().now());
}
std::string refusal(const std::string& text) {
  const auto tried = read(text);
  return tried ? "" : std::string(tried.error().code) + ": " + tried.error().detail;
}

TEST(PriceFile, IsAFactALine) {
  const auto facts = read("\xEF\xBB\xBF" + of_vm(R"("unitPrice":"1")") + "\r\n\n  \n" +
                          line(R"({"country":"NL","name":"VAT","ratePercent":"19","effectiveOn":"2024-03-01"})", "TaxRateChanged"));
  ASSERT_TRUE(facts) << facts.error().detail;
  ASSERT_EQ(facts->facts.size(), 2u);
  EXPECT_EQ(facts->facts[0].data.get<PriceChanged>().unit_price, testing::decimal("1"));
  EXPECT_EQ(facts->facts[1].data.type(), EventType::TaxRateChanged);
}

TEST(PriceFile, TakesItemsOfTheLogToo) {
  const auto facts = read(R"({"position":4,"specversion":"1.0","type":"daybook.PriceChanged","source":"//p","id":"1","time":"2020-01-01T00:00:00Z",)"
                          R"("recordedAt":"2020-01-01T00:00:00Z","streamType":"Price","streamId":"vm","version":1,"actor":{"keyId":null,"identityId":null,)"
                          R"("tenantId":null},"causationId":null,"correlationId":null,"schemaVersion":1,"data":{"meterId":"vm","currency":"EUR",)"
                          R"("effectiveOn":"2020-01-01","unitPrice":"2"}})");
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->facts.size(), 1u);
}

TEST(PriceFile, WhatItReplacesHasToBeThere) {
  const MeterPrices* known = ledger().state().prices("vm");
  ASSERT_NE(known, nullptr);
  const PriceVersion& there = known->versions.front();
  const auto row = [&](std::uint64_t replaced) {
    return line(R"({"meterId":"vm","currency":"EUR","effectiveOn":")" + there.effective_on.text() + R"(","unitPrice":"1","replaces":)" +
                std::to_string(replaced) + "}");
  };
  EXPECT_EQ(refusal(row(there.position)), "");
  EXPECT_TRUE(refusal(row(there.position + 995)).starts_with("UNKNOWN_REFERENCE: A row of the price file is broken")) << refusal(row(999));
  EXPECT_NE(refusal(row(1)).find("/data/replaces 1: there is no price"), std::string::npos) << refusal(row(1));
  EXPECT_TRUE(refusal(of_vm(R"("unitPrice":"1","replaces":4)")).starts_with("UNKNOWN_REFERENCE")) << "of another day";
}

TEST(PriceFile, NamesABrokenRowByLineColumnValueAndReason) {
  const std::string row = of_vm(R"("unitPrice":"x")");
  EXPECT_TRUE(refusal(row).starts_with("INVALID_AMOUNT: A row of the price file is broken; nothing was rated.\nline 1, column " +
                                       std::to_string(row.find("\"x\"") + 1) + ": /data/unitPrice \"x\": an amount is written "))
      << refusal(row);
  // What is missing is named by the object that lacks it.
  const std::string nothing = line(R"({"meterId":"vm","currency":"EUR","unitPrice":"1"})");
  EXPECT_NE(refusal("\n" + nothing).find("line 2, column " + std::to_string(nothing.find("{\"meterId") + 1) +
                                          ": /data/effectiveOn is missing"),
            std::string::npos)
      << refusal("\n" + nothing);
  EXPECT_NE(refusal(of_vm(R"("tiers":[{"from":"0","unitPrice":"1"},{"from":"0","unitPrice":"2"}])")).find(R"(/data/tiers/1/from "0": the first tier)"),
            std::string::npos);
  EXPECT_TRUE(refusal("").starts_with("INVALID_FIELD: The price file is empty"));
  EXPECT_TRUE(refusal("[]\n").find("line 1, column 1: the line ") != std::string::npos) << refusal("[]\n");
}

TEST(PriceFile, HasPoliciesBesideFacts) {
  const auto tried = read(of_vm(R"("unitPrice":"1")") + "\n{\"value\":15,\"policy\":\"mosp.marketplaceDay\"}\n");
  ASSERT_TRUE(tried) << tried.error().detail;
  EXPECT_EQ(tried->facts.size(), 1u);
  ASSERT_EQ(tried->policies.size(), 1u);
  EXPECT_EQ(tried->policies[0], (SetPolicy{"mosp.marketplaceDay", {"15"}, {}}));
}

TEST(PriceFile, NamesABrokenPolicyAsAnyRow) {
  const std::string other = R"({"policy":"corrections","value":"note"})";
  EXPECT_NE(refusal(other).find("NOT_SUPPORTED: A row of the price file is broken; nothing was rated.\nline 1, column " +
                                std::to_string(other.find("\"corrections\"") + 1) + ": /policy \"corrections\": corrections: late and corrected"),
            std::string::npos)
      << refusal(other);
  EXPECT_NE(refusal(R"({"policy":"mosp.marketplaceDay","value":40})").find("/value 40"), std::string::npos);
  EXPECT_NE(refusal(R"({"policy":"mosp.marketplaceDay"})").find("/value"), std::string::npos);
  EXPECT_NE(refusal(R"({"policy":"mosp.marketplaceDay","value":9,"value":8})").find("line 1, "), std::string::npos);
  const std::string twice = R"({"policy":"mosp.marketplaceDay","value":9})";
  EXPECT_NE(refusal(twice + "\n" + twice).find("line 2, "), std::string::npos);
}

TEST(PriceFile, HasRulesBesideFacts) {
  const auto tried = read(R"({"rule":"rounding","value":"HalfEven"})" "\n" R"({"rule":"includedQuantity","meterId":"vm","value":"2.5"})" "\n"
                          R"( {"value": 10 , "rule":"includedQuantity"} )");
  ASSERT_TRUE(tried) << tried.error().detail;
  EXPECT_EQ(tried->rules.rounding, Rounding::HalfEven);
  EXPECT_EQ(tried->rules.count(), 3u);
  EXPECT_EQ(tried->rules.included.at("vm"), testing::decimal("2.5"));
  EXPECT_EQ(tried->rules.included.at(""), testing::decimal("10"));
  EXPECT_TRUE(tried->facts.empty() && tried->policies.empty());
}

TEST(PriceFile, NamesABrokenRuleAsAnyRow) {
  const std::pair<const char*, const char*> broken[] = {
      {R"({"rule":"rounding","value":"Sideways"})", "/value \"Sideways\" is none of HalfAwayFromZero, HalfEven, Down, Up, Floor and Ceiling"},
      {R"({"rule":"rounding"})", "/value is missing"},
      {R"({"rule":"colour","value":"red"})", "/rule \"colour\" is none of rounding and includedQuantity"},
      {R"({"rule":"rounding","meterId":"vm","value":"Up"})", "/meterId \"vm\": rounding is of whole documents"},
      {R"({"rule":"includedQuantity","meterId":"nothing","value":"1"})", "/meterId \"nothing\": there is no price of this meter"},
      {R"({"rule":"includedQuantity","meterId":"","value":"1"})", "/meterId \"\" is no identifier"},
      {R"({"rule":"includedQuantity","meterId":"a b","value":"1"})", "/meterId \"a b\" is no identifier"},
      {R"({"rule":"includedQuantity","value":"-1"})", "/value \"-1\" is less than nothing"},
      {R"({"rule":"includedQuantity","value":1.5})", "/value 1.5 is no text"},
      {R"({"rule":"includedQuantity","value":"many"})", "/value \"many\""},
      {R"({"rule":"includedQuantity","value":"1","unit":"GB"})", "/unit \"GB\": a rule has rule, value and meterId alone"},
      {R"({"rule":"rounding","value":"Up","value":"Down"})", "line 1, column "},
      {R"({"rule":"rounding","value":"Up"} x)", "is followed by something"}};
  for (const auto& [row, told] : broken) EXPECT_NE(refusal(row).find(told), std::string::npos) << row << ": " << refusal(row);
  const std::string up = R"({"rule":"rounding","value":"Up"})";
  EXPECT_NE(refusal(up + "\n" + up).find("line 2, column 9: /rule \"rounding\""), std::string::npos) << refusal(up + "\n" + up);
  const std::string free = R"({"rule":"includedQuantity","meterId":"vm","value":"1"})";
  EXPECT_NE(refusal(free + "\n" + free).find("named twice, for the same meter"), std::string::npos);
}

TEST(PriceFile, TellsAllBrokenRowsUpToTwenty) {
  std::string text = of_vm(R"("unitPrice":"1")") + "\n";
  for (int i = 0; i < 30; ++i) text += of_vm(R"("unitPrice":"1")") + "\n";
  const std::string told = refusal(text);
  EXPECT_TRUE(told.starts_with("ALREADY_EXISTS: 30 rows of the price file are broken")) << told;
  EXPECT_NE(told.find("line 21, "), std::string::npos);
  EXPECT_EQ(told.find("line 22, "), std::string::npos);
}

TEST(PriceFile, TakesNoOtherFacts) {
  const std::string row = line(R"({"subscriptionId":"sub-01","meterId":"vm","quantity":"1","usageDate":"2024-01-05"})", "UsageRecorded");
  EXPECT_NE(refusal(row).find("line 1, column " + std::to_string(row.find("\"daybook.") + 1) +
                              ": /type \"daybook.UsageRecorded\" is none of PriceChanged, "),
            std::string::npos)
      << refusal(row);
}

}  // namespace
}  // namespace daybook::replay
