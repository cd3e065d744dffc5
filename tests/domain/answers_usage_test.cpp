#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/usage_answer.h"
#include "tests/domain/answers_support.h"

/// The usage view: by day, month and dimension, exact.
namespace daybook::testing {
namespace {


UsageQuery query(std::string_view from, std::string_view to, std::string_view group_by = "",
                 Granularity granularity = Granularity::daily) {
  UsageQuery result;
  if (!from.empty()) result.from = day(from);
  if (!to.empty()) result.to = day(to);
  result.granularity = granularity;
  result.group_by = parse_group_by(group_by).value();
  return result;
}

Result<UsageView> ask(const InMemoryLedger& ledger, const UsageQuery& asked,
                      const ScopeRef& scope = ScopeRef(kSub01), const PageRequest& page = {}) {
  return usage_answer(ledger.state(), ledger.usage(), kOperator, scope, asked, page,
                      ledger.now().date());
}

std::string total(const Result<UsageView>& answer) {
  std::string text;
  for (const UsageTotalView& each : answer->totals) {
    text += std::string(each.currency.text()) + " " + each.cost.to_string() + " ";
  }
  return text;
}

TEST(Usage, LooksAsTheContractShowsIt) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  ledger.given({price("vm-b1s", "0.12"), b1s_usage("24", "2024-03-07")});
  const auto answer = ask(ledger, query("2024-03-05", "2024-04-05", "meterId"));
  EXPECT_EQ(json_of(answer),
            R"({"from":"2024-03-05","to":"2024-04-05","granularity":"daily","groupBy":["meterId"],)"
            R"("items":[{"date":"2024-03-07","meterId":"vm-b1s","quantity":"24","unit":"1 Hour",)"
            R"("cost":"2.88","currency":"EUR"}],"totals":[{"currency":"EUR","cost":"2.88"}],)"
            R"("nextCursor":null})");
}

TEST(Usage, IncludedQuantityIsUsedUpInOrderOfDays) {
  const InMemoryLedger ledger = example();
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-08", "2024-04-05"))), JsonLike(R"({"items":[
    {"date":"2024-03-08","quantity":"24","cost":"0"},
    {"date":"2024-03-09","quantity":"24","cost":"0"},
    {"date":"2024-03-10","quantity":"24","cost":"0"},
    {"date":"2024-03-11","quantity":"24","cost":"2.4"},
    {"date":"2024-04-04","quantity":"10.5","cost":"1.26"}],
    "totals":[{"currency":"EUR","cost":"3.66"}]})"));
  // What was used before the range counts for its price, and is not shown.
  EXPECT_EQ(total(ask(ledger, query("2024-04-04", "2024-04-05"))), "EUR 1.26 ");
  EXPECT_EQ(total(ask(ledger, query("2024-04-05", ""))), "");
}

TEST(Usage, OfMonthsStandsOnTheirFirstDay) {
  const InMemoryLedger ledger = example();
  EXPECT_THAT(json_of(ask(ledger, query("", "", "", Granularity::monthly))), JsonLike(R"({
    "from":null,"to":null,"granularity":"monthly","groupBy":[],"items":[
    {"date":"2024-03-01","quantity":"120","unit":"1 Hour","cost":"2.4","currency":"EUR"},
    {"date":"2024-04-01","quantity":"10.5","unit":"1 Hour","cost":"1.26","currency":"EUR"}]})"));
}

TEST(Usage, WhereUnitsMeetThereIsNoQuantity) {
  InMemoryLedger ledger = example();
  UsageRecorded storage = usage("sub-01", "disk", "3", "2024-03-07");
  storage.unit = "1 GB";
  ledger.given({price("disk", "0.5"), storage});
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-07", "2024-03-08"))), JsonLike(R"({"items":[
    {"date":"2024-03-07","quantity":null,"unit":null,"cost":"1.5"}]})"));
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-07", "2024-03-08", "meterId"))),
              JsonLike(R"({"items":[
    {"meterId":"disk","quantity":"3","unit":"1 GB"},
    {"meterId":"vm-b1s","quantity":"24","unit":"1 Hour"}]})"));
}

TEST(Usage, IsGroupedByResourcesAndTagsRowByRow) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  UsageRecorded web = b1s_usage("60", "2024-03-07");
  web.resource_id = "/vm/web";
  web.resource_group = "shop";
  web.tags = {{"env", "prod"}};
  UsageRecorded test = b1s_usage("60", "2024-03-07");
  test.resource_id = "/vm/test";
  ledger.given({b1s_price(), web, test});
  EXPECT_THAT(json_of(ask(ledger, query("", "", "resourceId"))), JsonLike(R"({"items":[
    {"resourceId":"/vm/test","quantity":"60","cost":"2.4"},
    {"resourceId":"/vm/web","quantity":"60","cost":"0"}]})"));
  EXPECT_THAT(json_of(ask(ledger, query("", "", "tag:env,resourceGroup"))), JsonLike(R"({
    "groupBy":["tag:env","resourceGroup"],"items":[
    {"tag:env":null,"resourceGroup":null,"cost":"2.4"},
    {"tag:env":"prod","resourceGroup":"shop","cost":"0"}]})"));
}

TEST(Usage, HasEveryDimension) {
  const InMemoryLedger ledger = example();
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-07", "2024-03-08",
                                        "category,region,subscriptionId,chargeType,pricingModel,"
                                        "publisherType"))),
              JsonLike(R"({"items":[{"category":"Virtual Machines","region":"EU West",
                "subscriptionId":"sub-01","chargeType":"Usage","pricingModel":"OnDemand",
                "publisherType":"Azure"}]})"));
  const auto refused = [](std::string_view text) { return code_of(parse_group_by(text)); };
  EXPECT_EQ(refused("meter"), "BAD_QUERY");
  EXPECT_EQ(refused("tag:"), "BAD_QUERY");
  EXPECT_EQ(refused("region,region"), "BAD_QUERY");
  EXPECT_EQ(refused("tag:env,tag:owner"), "");
}

TEST(Usage, OfItsOwnCostKeepsItsCurrency) {
  InMemoryLedger ledger = example();
  UsageRecorded dollars = cost("sub-01", "0.123456789012345678", "2024-03-20");
  dollars.currency = kUsd;
  ledger.given({dollars});
  EXPECT_EQ(total(ask(ledger, query("", ""))), "EUR 3.66 USD 0.123456789012345678 ");
}

TEST(Usage, WithoutPriceIsShownAndCostsNothing) {
  InMemoryLedger ledger = example();
  ledger.given({usage("sub-01", "unknown-meter", "7", "2024-03-20")});
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-20", "2024-03-21", "meterId"))),
              JsonLike(R"({"items":[{"meterId":"unknown-meter","quantity":"7","cost":"0"}]})"));
}

TEST(Usage, CostsWhatTheInvoiceOfItsPeriodSays) {
  InMemoryLedger ledger = example();
  run(ledger, "2024-05-02");
  ledger.given({price("vm-b1s", "9.99", "2024-03-01")});
  EXPECT_EQ(total(ask(ledger, query("2024-03-05", "2024-04-05"))), "EUR 3.66 ");
  // Late usage is worth what the period is worth with it, by the same prices.
  ledger.at("2024-05-03").given({b1s_usage("10", "2024-03-20")});
  EXPECT_EQ(total(ask(ledger, query("2024-03-05", "2024-04-05"))), "EUR 4.86 ");
}

TEST(Usage, SC_41_AProfileSharesItsTiers) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
              in_section(subscription("sub-01", "acc-1", "2024-03-05"), "p-1"),
              in_section(subscription("sub-02", "acc-1", "2024-03-05"), "p-1"),
              tiers("storage", {{"0", "1.84"}, {"50", "1.77"}}),
              usage("sub-01", "storage", "50", "2024-03-10"),
              usage("sub-02", "storage", "50", "2024-03-11")});
  EXPECT_EQ(total(ask(ledger, query("", ""), ScopeRef(ProfileId("p-1")))), "EUR 180.5 ");
  EXPECT_EQ(total(ask(ledger, query("", ""), ScopeRef(kAcc1))), "EUR 180.5 ");
  EXPECT_EQ(total(ask(ledger, query("", ""))), "EUR 92 ");
  EXPECT_EQ(total(ask(ledger, query("", ""), ScopeRef(kSub02))), "EUR 88.5 ");
}

TEST(Usage, SpotIsRatedByCalendarMonthAndApart) {
  InMemoryLedger ledger = example();
  UsageRecorded spot = b1s_usage("110", "2024-03-30");
  spot.pricing_model = PricingModel::Spot;
  ledger.given({spot});
  EXPECT_THAT(json_of(ask(ledger, query("2024-03-30", "2024-03-31", "pricingModel"))),
              JsonLike(R"({"items":[{"pricingModel":"Spot","cost":"1.2"}]})"));
  EXPECT_EQ(total(ask(ledger, query("", ""))), "EUR 4.86 ");
}

TEST(Usage, PagesGoOnBehindTheLastKey) {
  const InMemoryLedger ledger = example();
  std::string days;
  PageRequest page{2, std::nullopt};
  for (int pages = 0; pages < 5; ++pages) {
    const auto answer = ask(ledger, query("", "", "meterId"), ScopeRef(kSub01), page);
    for (const UsageItemView& item : answer->items) days += std::to_string(item.date.day()) + " ";
    days += "| ";
    EXPECT_EQ(total(answer), "EUR 3.66 ");
    if (!answer->next_cursor) break;
    page.after = answer->next_cursor;
  }
  EXPECT_EQ(days, "7 8 | 9 10 | 11 4 | ");
  EXPECT_EQ(code_of(ask(ledger, query("", ""), ScopeRef(kSub01), {2, "elsewhere"})), "BAD_CURSOR");
}

TEST(Usage, RefusesARangeThatEndsBeforeItBegins) {
  const InMemoryLedger ledger = example();
  EXPECT_EQ(code_of(ask(ledger, query("2024-04-05", "2024-04-04"))), "BAD_QUERY");
  EXPECT_TRUE(ask(ledger, query("2024-04-05", "2024-04-05"))->items.empty());
}

TEST(Usage, ByRowsAndByCellsIsTheSame) {
  InMemoryLedger ledger = example();
  UsageRecorded spot = b1s_usage("31.25", "2024-03-10");
  spot.pricing_model = PricingModel::Spot;
  ledger.given({spot, cost("sub-01", "1.005", "2024-03-10"), cost("sub-01", "-0.4", "2024-03-11")});
  const auto cells = ask(ledger, query("", "", "meterId"));
  const auto rows = ask(ledger, query("", "", "meterId,tag:none"));
  ASSERT_EQ(cells->items.size(), rows->items.size());
  for (std::size_t i = 0; i < cells->items.size(); ++i) {
    EXPECT_EQ(cells->items[i], rows->items[i]) << i;
  }
  EXPECT_EQ(cells->totals, rows->totals);
}

}  // namespace
}  // namespace daybook::testing
