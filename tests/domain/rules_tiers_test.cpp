#include <gtest/gtest.h>

#include <random>

#include "ledger/domain/rules/tiers.h"
#include "tests/domain/rating_support.h"

namespace daybook::testing {
namespace {

std::string value_text(const PriceVersion& price, std::string_view quantity) {
  return value_of(price, Exact::from(decimal(quantity)).value()).value().to_string();
}

TEST(Tiers, AreGraduatedAndTheBoundaryUnitHasTheLowerPrice) {
  const PriceVersion storage = version({{"0", "1.84"}, {"50", "1.77"}});
  EXPECT_EQ(value_text(storage, "0"), "0");
  EXPECT_EQ(value_text(storage, "50"), "92");
  EXPECT_EQ(value_text(storage, "51"), "93.77");
  EXPECT_EQ(value_text(storage, "100"), "180.5");
}

TEST(Tiers, CountOnWhatIsBillable) {
  const PriceVersion price = version({{"0", "2"}, {"10", "1"}}, "5");
  EXPECT_EQ(value_text(price, "5"), "0");
  EXPECT_EQ(value_text(price, "6"), "2");
  EXPECT_EQ(value_text(price, "15"), "20");
  EXPECT_EQ(value_text(price, "16"), "21");
  EXPECT_EQ(value_text(price, "-3"), "0");
}

TEST(Tiers, OfVolumeModePriceAllUnitsAsTheLastOne) {
  const PriceVersion price = version({{"0", "2"}, {"10", "1"}}, "0", TierMode::Volume);
  EXPECT_EQ(value_text(price, "10"), "20");
  EXPECT_EQ(value_text(price, "10.5"), "10.5");
  EXPECT_EQ(value_text(price, "20"), "20");
}

TEST(Tiers, KeepEveryPlaceOfAPriceAndAQuantity) {
  const PriceVersion price = version({{"0", "0.0000000000000000000000000001"}});
  EXPECT_EQ(value_text(price, "0.0000000000000000000000000003"),
            "0.00000000000000000000000000000000000000000000000000000003");
}

TEST(Tiers, PortionsOfAnySplitSumToTheWhole) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::pair<std::string, std::string>> steps = {
        {"0", std::to_string(random() % 500)}};
    for (int i = 1; i <= static_cast<int>(random() % 4); ++i) {
      steps.emplace_back(std::to_string(i * 10), std::to_string(random() % 500));
    }
    const PriceVersion price = version(steps, std::to_string(random() % 20),
                                       random() % 2 == 0 ? TierMode::Graduated : TierMode::Volume);
    Exact before;
    Exact sum;
    Exact of_tiers;
    Exact included;
    for (int i = 0; i < 30; ++i) {
      const Exact quantity =
          Exact::from(
              Decimal::from_parts(static_cast<std::int64_t>(random() % 5000) - 500, 3).value())
              .value();
      const Consumption part = consume(price, before, quantity).value();
      before = add(before, quantity).value();
      sum = add(sum, part.value).value();
      included = add(included, part.included).value();
      for (const TierPortion& portion : part.tiers) of_tiers = add(of_tiers, portion.value).value();
      ASSERT_EQ(add(part.included, part.billable).value(), quantity);
    }
    ASSERT_EQ(sum, value_of(price, before).value());
    ASSERT_EQ(of_tiers, sum);
  }
}

}  // namespace
}  // namespace daybook::testing
