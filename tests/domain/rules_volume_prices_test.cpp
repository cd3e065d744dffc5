#include <gtest/gtest.h>

#include <random>

#include "ledger/domain/rules/tiers.h"
#include "tests/domain/rating_support.h"
#include "tests/support/billing_facts.h"

/// Consumption under several prices, and volume prices that begin inside a period (R-19, domain.md 2.8, decision 0063).
namespace daybook::testing {
namespace {

Money total(const InMemoryLedger& ledger, std::size_t invoice = 0) {
  return ledger.document(*ledger.invoices().at(invoice)).issued.totals.total;
}

std::string taken(MeterConsumption& consumed, const PriceVersion& price, std::string_view quantity) {
  return consumed.take(price, Exact::from(decimal(quantity)).value()).value().value.to_string();
}

// 0063: 100 units at 0.10, then a price of which all units cost 1.00, beyond 100 all of them 0.50.
TEST(Tiers, OfVolumeModeNeverChargeAgainWhatAnotherPriceHasCharged) {
  PriceVersion first = version({{"0", "0.1"}});
  PriceVersion volume = version({{"0", "1"}, {"100", "0.5"}}, "0", TierMode::Volume);
  first.position = 1;
  volume.position = 2;
  MeterConsumption consumed;
  EXPECT_EQ(taken(consumed, first, "100"), "10");
  EXPECT_EQ(taken(consumed, volume, "1"), "0.5");  // the tier counts what came before: R-19
  EXPECT_EQ(taken(consumed, volume, "9"), "4.5");
  MeterConsumption crossing;
  EXPECT_EQ(taken(crossing, first, "60"), "6");
  EXPECT_EQ(taken(crossing, volume, "40"), "40");
  EXPECT_EQ(taken(crossing, volume, "20"), "-10");  // its own 60 units at 0.50
  // One that begins again after another, as prices of single subscriptions do.
  EXPECT_EQ(taken(crossing, first, "10"), "1");
  EXPECT_EQ(taken(crossing, volume, "10"), "5");
}

TEST(Tiers, UnderOnePriceAllConsumptionIsWorthF) {
  std::mt19937 random(11);
  for (int round = 0; round < 200; ++round) {
    const PriceVersion price =
        version({{"0", std::to_string(random() % 90)}, {"10", std::to_string(random() % 90)}, {"30", "3"}},
                std::to_string(random() % 20), random() % 2 == 0 ? TierMode::Graduated : TierMode::Volume);
    MeterConsumption consumed;
    Exact before;
    for (int i = 0; i < 12; ++i) {
      const Exact quantity =
          Exact::from(Decimal::from_parts(static_cast<std::int64_t>(random() % 9000) - 900, 3).value()).value();
      const Consumption expected = consume(price, before, quantity).value();
      const Consumption part = consumed.take(price, quantity).value();
      before = add(before, quantity).value();
      ASSERT_EQ(part.value, expected.value);
      ASSERT_EQ(part.billable, expected.billable);
      ASSERT_EQ(part.included, expected.included);
      ASSERT_EQ(part.tiers.size(), expected.tiers.size());
    }
  }
}

TEST(TierMode, AVolumePriceThatBeginsInsideAPeriodBillsItsOwnUnits) {
  InMemoryLedger ledger;
  PriceChanged volume = tiers("vm", {{"0", "1.00"}, {"100", "0.50"}});
  volume.tier_mode = TierMode::Volume;
  volume.effective_on = day("2024-03-20");
  ledger.at("2024-02-02").given(jeroens_account()).given({price("vm", "0.10"), volume});
  ledger.given({usage("sub-01", "vm", "100", "2024-03-07"), usage("sub-01", "vm", "10", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(total(ledger), money("15.00"));  // 100 at 0.10, and 10 in the tier beyond 100
  const std::vector<InvoiceLine> lines = ledger.lines(*ledger.invoices()[0]);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].value, decimal("10"));
  EXPECT_EQ(lines[1].value, decimal("5"));
}

TEST(TierMode, ALateUnitUnderAVolumePriceThatBeganInsideItsPeriod) {
  InMemoryLedger ledger;
  PriceChanged volume = tiers("vm", {{"0", "1.00"}, {"100", "0.50"}});
  volume.tier_mode = TierMode::Volume;
  volume.effective_on = day("2024-03-20");
  ledger.at("2024-02-02").given(jeroens_account()).given({price("vm", "0.10"), volume});
  ledger.given({usage("sub-01", "vm", "90", "2024-03-07"), usage("sub-01", "vm", "10", "2024-03-20")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger), money("19.00"));
  // With it the ten are beyond 100 for the most part: 1.00 more at 0.10, and all of the 10 at 0.50.
  ledger.given({usage("sub-01", "vm", "10", "2024-03-08"), cost("sub-01", "7.00", "2024-04-08")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), money("3.00"));  // 7.00 + 1.00 - 5.00
}

}  // namespace
}  // namespace daybook::testing
