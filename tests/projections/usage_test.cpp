#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/codec/random_values.h"
#include "ledger/domain/facts/usage.h"
#include "projections/usage/pack.h"
#include "projections/usage/sum.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "tests/projections/random_ledger.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

using boost::multiprecision::cpp_int;

cpp_int at_scale_56(Decimal value, int places) {
  cpp_int result = static_cast<boost::multiprecision::int128_t>(value.coefficient());
  for (int i = value.scale(); i < places; ++i) result *= 10;
  return result;
}

Decimal random_decimal(codec::RandomValues& random) {
  Int128 coefficient = 0;
  const std::uint64_t digits = random.below(39);
  for (std::uint64_t i = 0; i < digits; ++i)
    coefficient = coefficient * 10 + static_cast<Int128>(random.below(10));
  if (random.one_in(2)) coefficient = -coefficient;
  return Decimal::from_parts(coefficient, static_cast<int>(random.below(29))).value();
}

TEST(Sum, IsExactForEveryDecimalAndProduct) {
  codec::RandomValues random(3);
  for (int round = 0; round < 2000; ++round) {
    Sum sum;
    cpp_int expected = 0;
    for (std::uint64_t i = random.below(12); i > 0; --i) {
      const Decimal left = random_decimal(random);
      const Decimal right = random_decimal(random);
      switch (random.below(4)) {
        case 0:
          sum.add(left);
          expected += at_scale_56(left, 56);
          break;
        case 1:
          sum.subtract(left);
          expected -= at_scale_56(left, 56);
          break;
        case 2:
          sum.add_product(left, right);
          expected += at_scale_56(left, 28) * at_scale_56(right, 28);
          break;
        default:
          sum.subtract_product(left, right);
          expected -= at_scale_56(left, 28) * at_scale_56(right, 28);
      }
    }
    std::string stored;
    sum.put(stored);
    ByteReader bytes(stored);
    EXPECT_EQ(Sum::take(bytes), sum);
    EXPECT_TRUE(bytes.done());
    const cpp_int limit = cpp_int(1) << 255;
    const auto exact = sum.exact();
    ASSERT_EQ(exact.has_value(), expected < limit && expected > -limit);
    if (!exact) continue;
    cpp_int magnitude = 0;
    const auto limbs = exact->magnitude().limbs;
    for (std::size_t i = limbs.size(); i-- > 0;) magnitude = (magnitude << 64) + limbs[i];
    EXPECT_EQ(exact->is_negative() ? -magnitude : magnitude, expected);
  }
}

TEST(Sum, OfAMillionOfTheLargestProductsStillComesBackToZero) {
  const Decimal largest = Decimal::parse("99999999999999999999999999999999999999").value();
  const Decimal fine = Decimal::parse("-0.0000000000000000000000000001").value();
  Sum sum;
  for (int i = 0; i < 1000; ++i) {
    sum.add_product(largest, largest);
    sum.add_product(fine, fine);
  }
  EXPECT_FALSE(sum.exact());
  for (int i = 0; i < 1000; ++i) {
    sum.subtract_product(largest, largest);
    sum.subtract_product(fine, fine);
  }
  EXPECT_TRUE(sum.is_zero());
  EXPECT_EQ(sum.exact().value(), Exact());
}

TEST(Pack, GivesBackItsRows) {
  codec::RandomValues random(9);
  PackWriter writer;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> shapes;
    for (std::uint64_t i = 0; i <= random.below(5); ++i) {
      UsageShape shape;
      const std::string meter = "meter-" + std::to_string(i);
      shape.meter_id = meter;
      shape.value_kind = static_cast<ValueKind>(random.below(3));
      std::string room;
      shapes.emplace_back(shape.stored(room));
    }
    std::vector<PackedRow> rows;
    Position position = random.u64() >> 20;
    const Position first = position;
    for (std::uint64_t i = 0; i <= random.below(300); ++i) {
      PackedRow row;
      row.position = position;
      row.shape = static_cast<std::uint32_t>(random.below(shapes.size()));
      row.usage_hash = static_cast<std::uint32_t>(random.u64());
      row.quantity = random_decimal(random);
      if (UsageShape::has_own_value(shapes[row.shape])) row.own_value = random_decimal(random);
      rows.push_back(row);
      writer.add(row, shapes[row.shape]);
      position += 1 + (random.one_in(3) ? random.below(1'000'000) : 0);
    }
    const std::string value = writer.finish();
    PackReader reader(first, value);
    EXPECT_EQ(reader.rows(), rows.size());
    EXPECT_EQ(reader.last(), rows.back().position);
    PackedRow found;
    for (const PackedRow& row : rows) {
      ASSERT_TRUE(reader.next(found));
      EXPECT_EQ(found.position, row.position);
      EXPECT_EQ(reader.shapes()[found.shape], shapes[row.shape]);
      EXPECT_EQ(found.usage_hash, row.usage_hash);
      EXPECT_EQ(found.quantity, row.quantity);
      EXPECT_EQ(found.own_value, row.own_value);
    }
    EXPECT_FALSE(reader.next(found));
  }
}

TEST(UsageShape, ReadsBackWhatItWrote) {
  UsageShape shape;
  shape.meter_id = "vm-b1s";
  shape.category = "Virtual Machines";
  shape.region = "EU West";
  shape.unit = "1 Hour";
  shape.currency = Currency::parse("EUR").value();
  shape.charge_type = ChargeType::Refund;
  shape.pricing_model = PricingModel::SavingsPlan;
  shape.publisher_type = PublisherType::AWS;
  shape.is_credit_eligible = false;
  shape.value_kind = ValueKind::UnitPrice;
  shape.meter_name = "B1s";
  shape.resource_id = "/vm/web";
  shape.resource_group = "web";
  shape.tags = {{"env", "prod"}, {"team", ""}};
  std::string room;
  const std::string_view stored = shape.stored(room);
  std::string again(1000, 'x');
  EXPECT_EQ(UsageShape::take(stored).stored(again), stored);
  const std::string_view cell_part = stored.substr(0, UsageShape::cell_part(stored));
  EXPECT_TRUE(cell_part.ends_with("1 Hour"));
  const UsageShape cell = UsageShape::take(cell_part);
  EXPECT_EQ(cell.meter_id, "vm-b1s");
  EXPECT_EQ(cell.unit, "1 Hour");
  EXPECT_NE(cell.value_kind, ValueKind::Price);
  EXPECT_EQ(cell.meter_name, "");
}

UsageRecorded row(const std::string& meter, std::int64_t quantity, Date day,
                  const std::string& usage_id) {
  UsageRecorded usage;
  usage.subscription_id = SubscriptionId("sub-01");
  usage.meter_id = MeterId(meter);
  usage.quantity = Decimal(quantity);
  usage.usage_date = day;
  usage.usage_id = usage_id;
  return usage;
}

class UsageView : public ::testing::Test {
 protected:
  Position record(EventData data, const std::string& source = "//meter") {
    const Position position = ledger_.append(maker_.make(std::move(data), kMonday, 0, source));
    ledger_.views().catch_up();
    return position;
  }
  UsageAmended amend(const std::string& usage_id, std::int64_t quantity) {
    UsageAmended amended;
    amended.subscription_id = SubscriptionId("sub-01");
    amended.usage_id = usage_id;
    amended.reason = "measured again";
    amended.quantity = Decimal(quantity);
    return amended;
  }
  UsageVoided take_back(const std::string& usage_id) {
    UsageVoided voided;
    voided.subscription_id = SubscriptionId("sub-01");
    voided.usage_id = usage_id;
    voided.reason = "twice";
    return voided;
  }
  /// quantity of each row, in order
  std::vector<std::string> quantities(Position upto) {
    std::vector<std::string> found;
    const ViewUsageSource source(ledger_.views().rows(kUsage));
    EXPECT_TRUE(
        source.rows(SubscriptionId("sub-01"), kMonday, kMonday.plus_days(7), upto,
                    [&](const UsageRow& usage) { found.push_back(usage.quantity.to_string()); }));
    return found;
  }
  std::size_t packs(Date day) {
    RowReader reader(ledger_.views().rows(kUsage)->family);
    const std::string prefix = day_prefix(UsageTable::Pack, 1, day);
    std::size_t count = 0;
    reader.scan(prefix, after_prefix(prefix), [&](auto, auto) { return ++count, true; });
    return count;
  }

  const Date kMonday = Date::of(2024, 3, 4);
  EventMaker maker_;
  ViewLedger ledger_;
};

TEST_F(UsageView, ShowsARowAsItStoodAtEveryPosition) {
  const Position first = record(row("vm", 10, kMonday, "u-1"));
  record(row("vm", 5, kMonday, "u-2"));
  const Position amended = record(amend("u-1", 12));
  const Position voided = record(take_back("u-2"));
  record(amend("u-2", 100));
  EXPECT_EQ(quantities(first), (std::vector<std::string>{"10"}));
  EXPECT_EQ(quantities(amended - 1), (std::vector<std::string>{"10", "5"}));
  EXPECT_EQ(quantities(amended), (std::vector<std::string>{"12", "5"}));
  EXPECT_EQ(quantities(voided), (std::vector<std::string>{"12"}));
  EXPECT_EQ(quantities(voided + 1), (std::vector<std::string>{"12"})) << "void stays void";
}

TEST_F(UsageView, AmendsTheRowOfItsOwnSourceElseTheOnlyOneOfThatUsageId) {
  record(row("vm", 1, kMonday, "u-1"), "//a");
  record(row("vm", 2, kMonday, "u-1"), "//b");
  record(row("vm", 3, kMonday, "u-3"), "//a");
  record(amend("u-1", 20), "//b");
  record(amend("u-3", 30), "//c");
  record(amend("u-1", 99), "//c");  // two could be meant
  record(amend("u-9", 99), "//a");  // none
  EXPECT_EQ(quantities(ledger_.log().position()), (std::vector<std::string>{"1", "20", "30"}));
}

TEST_F(UsageView, MovesARowToTheCellOfItsOwnCost) {
  record(row("vm", 10, kMonday, "u-1"));
  record(row("vm", 5, kMonday, "u-2"));
  UsageAmended amended = amend("u-1", 10);
  amended.cost = Decimal::parse("3.25").value();
  record(amended);
  std::map<bool, std::tuple<std::string, std::string, std::int64_t>> cells;
  const ViewUsageSource source(ledger_.views().rows(kUsage));
  ASSERT_TRUE(source.cells(SubscriptionId("sub-01"), kMonday, kMonday.plus_days(1),
                           ledger_.log().position(), [&](const UsageCell& cell) {
                             cells[cell.has_own_value] = {cell.quantity.to_string(),
                                                          cell.own_value.to_string(),
                                                          cell.row_count};
                           }));
  EXPECT_EQ(cells[false], std::make_tuple("5", "0", 1));
  EXPECT_EQ(cells[true], std::make_tuple("10", "3.25", 1));
}

TEST_F(UsageView, PacksADayThatIsOverOnceAndKeepsItsHash) {
  for (int i = 0; i < 30; ++i) record(row("vm", i, kMonday, "u-" + std::to_string(i)));
  EXPECT_EQ(packs(kMonday), 30U);
  record(row("vm", 1, kMonday.plus_days(1), "next"));
  const auto before = hashes(ledger_.views());
  const auto rows = quantities(31);
  record(row("vm", 1, kMonday.plus_days(1), "after"));
  EXPECT_EQ(packs(kMonday), 1U);
  EXPECT_EQ(quantities(31), rows);
  EXPECT_EQ(quantities(17).size(), 17U);
  const auto rebuilt = ledger_.views().rebuild({"usage"}, false);
  ASSERT_TRUE(rebuilt);
  EXPECT_TRUE(rebuilt->front().equal());
  // A row that comes late is found like any other, and can be amended.
  record(row("vm", 77, kMonday, "late"));
  record(amend("u-3", 300));
  EXPECT_EQ(quantities(ledger_.log().position())[3], "300");
  EXPECT_EQ(quantities(ledger_.log().position())[30], "77");
}

TEST_F(UsageView, FindsWhatCameLateForAPeriodThatWasBilled) {
  record(row("vm", 1, kMonday, "u-1"));
  record(row("vm", 2, kMonday.plus_days(3), "u-2"));
  const Position billed = ledger_.log().position();
  record(row("vm", 3, kMonday.plus_days(5), "in time"));
  record(row("vm", 4, kMonday.plus_days(1), "late"));
  record(row("vm", 5, kMonday, "late too"));
  std::vector<std::string> late;
  const ViewUsageSource source(ledger_.views().rows(kUsage));
  ASSERT_TRUE(source.late_rows(
      SubscriptionId("sub-01"), kMonday.plus_days(4), billed, ledger_.log().position(),
      [&](const UsageRow& usage) { late.push_back(usage.quantity.to_string()); }));
  EXPECT_EQ(late, (std::vector<std::string>{"5", "4"}));
}

TEST_F(UsageView, KnowsNoSubscriptionOfWhichNothingWasRecorded) {
  UsageReader reader(ledger_.views().rows(kUsage));
  EXPECT_FALSE(reader.stream_of("sub-01"));
  record(row("vm", 1, kMonday, "u-1"));
  EXPECT_EQ(UsageReader(ledger_.views().rows(kUsage)).stream_of("sub-01"), 1U);
  EXPECT_FALSE(UsageReader(ledger_.views().rows(kUsage)).stream_of("sub-0"));
}

TEST(Cells, AreTheSumsOfTheirRows) {
  RandomLedger history(31);
  ViewLedger ledger;
  for (int group = 0; group < 60; ++group) {
    std::vector<WrittenEvent> events;
    for (int i = 0; i < 20; ++i) events.push_back(history.next());
    ledger.append(events);
    ledger.views().catch_up();
  }
  const ViewUsageSource source(ledger.views().rows(kUsage));
  const Date from = Date::of(2023, 1, 1);
  const Date to = Date::of(2025, 1, 1);
  std::size_t cells = 0;
  std::size_t rows = 0;
  for (std::size_t i = 0; i <= history.subscriptions.size(); ++i) {
    const SubscriptionId subscription("sub-" + std::to_string(i));
    using Key =
        std::tuple<Date, std::string, std::string, std::string, int, int, bool, bool, std::string>;
    struct Total {
      Exact quantity;
      Exact own;
      std::int64_t rows = 0;
      bool operator==(const Total&) const = default;
    };
    std::map<Key, Total> expected;
    std::map<Key, Total> found;
    ASSERT_TRUE(
        source.rows(subscription, from, to, ledger.log().position(), [&](const UsageRow& usage) {
          Total& total =
              expected[{usage.usage_date, std::string(usage.meter_id), std::string(usage.region),
                        std::string(usage.unit), static_cast<int>(usage.pricing_model),
                        static_cast<int>(usage.publisher_type), usage.is_credit_eligible,
                        usage.cost || usage.unit_price,
                        std::string(usage.currency ? usage.currency->text() : "")}];
          total.quantity = add(total.quantity, Exact::from(usage.quantity).value()).value();
          if (usage.cost) total.own = add(total.own, Exact::from(*usage.cost).value()).value();
          if (usage.unit_price) {
            total.own =
                add(total.own, Exact::product(usage.quantity, *usage.unit_price).value()).value();
          }
          ++total.rows;
          ++rows;
        }));
    ASSERT_TRUE(
        source.cells(subscription, from, to, ledger.log().position(), [&](const UsageCell& cell) {
          ++cells;
          found[{cell.usage_date, std::string(cell.meter_id), std::string(cell.region),
                 std::string(cell.unit), static_cast<int>(cell.pricing_model),
                 static_cast<int>(cell.publisher_type), cell.is_credit_eligible, cell.has_own_value,
                 std::string(cell.currency ? cell.currency->text() : "")}] = {
              cell.quantity, cell.own_value, cell.row_count};
        }));
    EXPECT_EQ(found, expected) << subscription;
  }
  EXPECT_GT(rows, 300U);
  EXPECT_GT(cells, 100U);
}

}  // namespace
}  // namespace daybook::projections::testing
