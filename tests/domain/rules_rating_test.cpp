#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ledger/domain/facts/exchange_rate.h"
#include "ledger/domain/rules/rating.h"
#include "tests/domain/rating_support.h"
#include "tests/support/billing_facts.h"

namespace daybook::testing {
namespace {

/// A random month of usage of three subscriptions of one profile.
struct RandomMonth {
  explicit RandomMonth(unsigned seed) : random(seed) {
    PriceChanged tiered =
        tiers("tiered", {{"0", "1.84"}, {"50", "1.77"}, {"120", "0.333333333333"}});
    tiered.included_quantity = decimal("13.5");
    PriceChanged later = price("tiered", "0.5", "2024-03-20");
    PriceChanged dollars = price("foreign", "0.07");
    dollars.currency = kUsd;
    facts = {account("acc", AccountType::MCA, "2024-03-01"),
             profile("p", "acc"),
             section("s", "p"),
             in_section(subscription("a", "acc", "2024-03-01"), "p"),
             in_section(subscription("b", "acc", "2024-03-01"), "s"),
             in_section(subscription("c", "acc", "2024-03-01"), "s"),
             tiered,
             later,
             dollars,
             price("flat", "0.123"),
             vat(),
             daybook::ExchangeRateChanged{kUsd, kEur, decimal("0.9137"), day("2024-01-01")}};
    for (int i = 0; i < 200; ++i) rows.push_back(row());
  }

  UsageRecorded row() {
    static const char* const kMeters[] = {"tiered", "flat", "foreign", "unpriced"};
    static const char* const kSubscriptions[] = {"a", "b", "c"};
    UsageRecorded each = usage(kSubscriptions[random() % 3], kMeters[random() % 4],
                               Decimal::from_parts(random() % 10000, 3).value().to_string(),
                               day("2024-03-01").plus_days(static_cast<int>(random() % 31)).text());
    each.region = random() % 2 == 0 ? "EU West" : "EU North";
    if (random() % 6 == 0) {
      each.cost =
          Decimal::from_parts(static_cast<std::int64_t>(random() % 100000) - 20000, 5).value();
      if (each.cost->is_negative() && random() % 2 == 0) each.charge_type = ChargeType::Refund;
    }
    return each;
  }

  InMemoryLedger ledger(std::vector<UsageRecorded> order) const {
    InMemoryLedger made;
    made.at("2024-03-31").given(facts);
    std::vector<EventData> posted;
    for (UsageRecorded& each : order) posted.emplace_back(std::move(each));
    made.given(std::move(posted));
    made.when(AdvanceClock{midnight("2024-04-05"), true});
    return made;
  }

  std::mt19937 random;
  std::vector<EventData> facts;
  std::vector<UsageRecorded> rows;
};

Exact exact_sum(const std::vector<InvoiceLine>& lines) {
  Exact sum;
  for (const InvoiceLine& line : lines) sum = add(sum, Exact::from(line.value).value()).value();
  return sum;
}

TEST(Documents, LinesSumToBilledSectionsToTheTotalWhateverTheUsage) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    RandomMonth month(seed);
    InMemoryLedger ledger = month.ledger(month.rows);
    ASSERT_EQ(ledger.invoices().size(), 1u);
    const InvoiceIssued& issued = ledger.document(*ledger.invoices()[0]).issued;
    std::int64_t billed = 0;
    std::int64_t credits = 0;
    for (const InvoiceLine& line : ledger.lines(*ledger.invoices()[0])) {
      (line.charge_type == ChargeType::Refund ? credits : billed) += line.amount.minor_units;
      Exact of_tiers;
      for (const LineTier& tier : line.tiers)
        of_tiers = add(of_tiers, Exact::from(tier.value).value()).value();
      if (!line.tiers.empty() && !line.exchange_rate) {
        ASSERT_EQ(of_tiers, Exact::from(line.value).value());
      }
    }
    const InvoiceTotals& totals = issued.totals;
    ASSERT_EQ(billed, totals.billed.minor_units);
    ASSERT_EQ(-credits, totals.credits.minor_units);
    ASSERT_EQ(totals.sub_total.minor_units, billed + credits);
    ASSERT_GE(totals.sub_total.minor_units, 0);
    ASSERT_EQ(totals.total.minor_units, totals.sub_total.minor_units + totals.tax.minor_units);
    std::int64_t of_sections = 0;
    std::int64_t tax_of_sections = 0;
    for (const InvoiceSectionTotals& section : issued.sections) {
      ASSERT_EQ(section.total.minor_units,
                section.charges.minor_units - section.credit.minor_units + section.tax.minor_units);
      of_sections += section.total.minor_units;
      tax_of_sections += section.tax.minor_units;
    }
    ASSERT_EQ(of_sections, totals.total.minor_units);
    ASSERT_EQ(tax_of_sections, totals.tax.minor_units);
    ledger.when(RunInvoicing{day("2024-04-05")}).then_nothing();
  }
}

TEST(Documents, DoNotDependOnTheOrderInWhichADayArrived) {
  for (unsigned seed = 100; seed < 120; ++seed) {
    RandomMonth month(seed);
    std::vector<UsageRecorded> shuffled = month.rows;
    std::shuffle(shuffled.begin(), shuffled.end(), month.random);
    InMemoryLedger one = month.ledger(month.rows);
    InMemoryLedger other = month.ledger(shuffled);
    const InvoiceIssued& left = one.document(*one.invoices()[0]).issued;
    const InvoiceIssued& right = other.document(*other.invoices()[0]).issued;
    // Which line of a day gets the last units of a tier follows the order of arrival; the totals do
    // not.
    ASSERT_EQ(left.totals.sub_total, right.totals.sub_total);
    ASSERT_EQ(left.invoice_id, right.invoice_id);
    ASSERT_EQ(exact_sum(one.lines(*one.invoices()[0])),
              exact_sum(other.lines(*other.invoices()[0])));
  }
}

TEST(Rating, CellsGiveTheSameTotalsAsRows) {
  for (unsigned seed = 200; seed < 230; ++seed) {
    RandomMonth month(seed);
    InMemoryLedger ledger = month.ledger(month.rows);
    RatingScope scope{ledger.state(), {}, kEur, day("2024-04-05"), std::nullopt};
    UsageBatch rows;
    UsageBatch cells;
    for (const char* id : {"a", "b", "c"}) {
      const auto place = static_cast<std::uint32_t>(scope.subscriptions.size());
      scope.subscriptions.push_back(ledger.state().subscription(SubscriptionId(id)));
      ASSERT_TRUE(ledger.usage().rows(
          SubscriptionId(id), day("2024-03-01"), day("2024-04-01"), ledger.head(),
          [&](const UsageRow& row) { ASSERT_TRUE(rows.add(place, row)); }));
      ASSERT_TRUE(ledger.usage().cells(SubscriptionId(id), day("2024-03-01"), day("2024-04-01"),
                                       ledger.head(),
                                       [&](const UsageCell& cell) { cells.add(place, cell); }));
    }
    rows.sort();
    cells.sort();
    const RatedUsage by_row = rate(scope, rows).value();
    const RatedUsage by_cell = rate(scope, cells).value();
    ASSERT_EQ(total_value(by_row.lines).value(), total_value(by_cell.lines).value());
    ASSERT_EQ(by_row.rows_seen, by_cell.rows_seen);
    ASSERT_EQ(by_row.rows_billed, by_cell.rows_billed);
    ASSERT_EQ(by_row.lines.size(), by_cell.lines.size());
    // By meter too.
    for (const char* meter : {"tiered", "flat", "foreign"}) {
      const auto of_meter = [&](const RatedUsage& rated) {
        std::vector<RatedLine> lines;
        std::copy_if(rated.lines.begin(), rated.lines.end(), std::back_inserter(lines),
                     [&](const RatedLine& line) { return line.meter_id == meter; });
        return total_value(lines).value();
      };
      ASSERT_EQ(of_meter(by_row), of_meter(by_cell)) << meter;
    }
  }
}

TEST(Rating, LateRowsMakeUpForWhatTheyMissed) {
  // Whatever part of a month arrives after its invoice: the two invoices together are the one of
  // all at once.
  for (unsigned seed = 300; seed < 330; ++seed) {
    RandomMonth month(seed);
    for (UsageRecorded& row : month.rows) {
      if (row.cost) row.cost = row.cost->abs();
    }
    InMemoryLedger whole = month.ledger(month.rows);
    const std::size_t late_from = month.random() % month.rows.size();
    std::vector<UsageRecorded> in_time(month.rows.begin(),
                                       month.rows.begin() + static_cast<std::ptrdiff_t>(late_from));
    InMemoryLedger parts = month.ledger(in_time);
    std::vector<EventData> late(month.rows.begin() + static_cast<std::ptrdiff_t>(late_from),
                                month.rows.end());
    parts.given(std::move(late)).when(AdvanceClock{midnight("2024-05-05"), true});
    ASSERT_EQ(parts.invoices().size(), 2u);
    const Exact both = add(exact_sum(parts.lines(*parts.invoices()[0])),
                           exact_sum(parts.lines(*parts.invoices()[1])))
                           .value();
    const Exact difference = subtract(both, exact_sum(whole.lines(*whole.invoices()[0]))).value();
    ASSERT_EQ(difference, Exact()) << "seed " << seed << ": " << difference.to_string();
    for (const InvoiceLine& line : parts.lines(*parts.invoices()[1])) {
      ASSERT_EQ(line.period, period("2024-03-01", "2024-04-01"));
    }
  }
}

// Prices

class Prices : public ::testing::Test {
 protected:
  Prices() { ledger.at("2024-03-05").given(jeroens_account()); }
  /// What 10 units of `vm` on `date` cost sub-01.
  std::string ten_units(std::string_view date) {
    RatingScope scope{ledger.state(),
                      {ledger.state().subscription(SubscriptionId("sub-01"))},
                      kEur,
                      day("2024-05-02"),
                      {}};
    UsageBatch batch;
    UsageRow row;
    row.usage_date = day(date);
    row.meter_id = "vm";
    row.quantity = decimal("10");
    EXPECT_TRUE(batch.add(0, row));
    const RatedUsage rated = rate(scope, batch).value();
    return rated.lines.empty() ? "none" : rated.lines[0].value.to_string();
  }
  static PriceChanged scoped(PriceChanged fact, ScopeType type, std::string_view id) {
    fact.scope_type = type;
    fact.scope_id = ScopeId(std::string(id));
    return fact;
  }
  InMemoryLedger ledger;
};

TEST_F(Prices, TheOneInForceOnTheDayOfUsageCounts) {
  EXPECT_EQ(ten_units("2024-03-10"), "none");
  ledger.given({price("vm", "1", "2024-01-01"), price("vm", "2", "2024-04-15")});
  EXPECT_EQ(ten_units("2024-04-14"), "10");
  EXPECT_EQ(ten_units("2024-04-15"), "20");
  EXPECT_EQ(ten_units("2023-12-31"), "none");
}

TEST_F(Prices, TheMostParticularScopeCounts) {
  ledger.given({price("vm", "1"), scoped(price("vm", "2"), ScopeType::Account, "acc-1")});
  EXPECT_EQ(ten_units("2024-03-10"), "20");
  ledger.given({scoped(price("vm", "3", "2024-04-01"), ScopeType::Subscription, "sub-01"),
                scoped(price("vm", "9"), ScopeType::Subscription, "sub-02")});
  EXPECT_EQ(ten_units("2024-03-10"), "20");
  EXPECT_EQ(ten_units("2024-04-10"), "30");
}

TEST_F(Prices, AReplacedPriceDoesNotCount) {
  ledger.given({price("vm", "1")});
  PriceChanged right = price("vm", "7");
  right.replaces = ledger.head();
  ledger.given({right});
  EXPECT_EQ(ten_units("2024-03-10"), "70");
}

TEST_F(Prices, AnotherCurrencyIsConvertedAtTheRateOfTheIssueDate) {
  PriceChanged dollars = price("vm", "1.5");
  dollars.currency = kUsd;
  ledger.given({dollars});
  EXPECT_EQ(ten_units("2024-03-10"), "none");
  ledger.given({ExchangeRateChanged{kUsd, kEur, decimal("0.9"), day("2024-01-01")},
                ExchangeRateChanged{kUsd, kEur, decimal("0.8"), day("2024-05-01")},
                ExchangeRateChanged{kUsd, kEur, decimal("0.1"), day("2024-05-03")}});
  EXPECT_EQ(ten_units("2024-03-10"), "12");
  ledger.given({price("vm", "1")});  // the document's own currency comes first
  EXPECT_EQ(ten_units("2024-03-10"), "10");
}

TEST_F(Prices, AChangeInsideAPeriodGivesALineAPrice) {
  PriceChanged before = price("vm", "1", "2024-01-01");
  before.included_quantity = decimal("5");
  PriceChanged after = price("vm", "2", "2024-03-20");
  after.included_quantity = decimal("15");
  ledger.given({before, after, usage("sub-01", "vm", "10", "2024-03-10"),
                usage("sub-01", "vm", "10", "2024-03-21")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const auto lines = ledger.lines(*ledger.invoices()[0]);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0].value, decimal("5"));   // 10 of which 5 are included
  EXPECT_EQ(lines[1].value, decimal("10"));  // units 11 to 20, of which those to 15 are included
}

// Totals

TEST(Documents, RoundTheSumOnceAndGiveLinesTheirParts) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  for (const char* meter : {"a", "b", "c"}) {
    UsageRecorded row = cost("sub-01", "0.333", "2024-03-07");
    row.meter_id = MeterId(meter);
    ledger.given({row});
  }
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const auto lines = ledger.lines(*ledger.invoices()[0]);
  ASSERT_EQ(lines.size(), 3u);  // 0.999 is 1.00: 0.34 + 0.33 + 0.33
  EXPECT_EQ(lines[0].amount, money("0.34"));
  EXPECT_EQ(lines[1].amount, money("0.33"));
  EXPECT_EQ(lines[2].amount, money("0.33"));
}

TEST(Documents, TaxIsThatOfTheIssueDateOfTheAccountItselfFirst) {
  const auto tax_of = [](std::vector<EventData> rates,
                         std::optional<std::string> sold_to = std::nullopt) {
    InMemoryLedger ledger;
    ledger.at("2024-03-05")
        .given(jeroens_account())
        .given(std::move(rates))
        .given({cost("sub-01", "100.00", "2024-03-07")});
    if (sold_to) {
      ledger.given({SoldToChanged{
          AccountId("acc-1"), Personal<Address>(Address{"X", {}, {}, {}, {}, {}, *sold_to, {}})}});
    }
    ledger.when(AdvanceClock{midnight("2024-05-02"), true});
    const InvoiceIssued& issued = ledger.document(*ledger.invoices()[0]).issued;
    return issued.totals.tax.amount_text() +
           (issued.taxes.empty() ? "" : " " + issued.taxes[0].name);
  };
  EXPECT_EQ(tax_of({}), "0.00");
  EXPECT_EQ(tax_of({vat("21"), vat("19", "2024-05-02"), vat("15", "2024-05-03")}), "19.00 VAT");
  TaxRateChanged own{"NL", "Reduced", decimal("9"), day("2020-01-01"), AccountId("acc-1"), {}};
  EXPECT_EQ(tax_of({vat("21"), own}), "9.00 Reduced");
  TaxRateChanged belgian{"BE", "BTW", decimal("6"), day("2020-01-01"), std::nullopt, {}};
  EXPECT_EQ(tax_of({vat("21"), belgian}, "BE"), "6.00 BTW");
  EXPECT_EQ(tax_of({vat("21")}, "BE"), "0.00");
  TaxRateChanged reverse{
      "NL", "VAT", decimal("0"), day("2020-01-01"), std::nullopt, TaxTreatment::ReverseCharge};
  EXPECT_EQ(tax_of({reverse}), "0.00 VAT");
}

TEST(Documents, NameWhoPaysAndUntilWhen) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given(jeroens_account())
      .given({card("wire", "acc-1", {}, PaymentFamily::CheckWire),
              card("card", "acc-1", {"sub-02"}),
              PaymentMethodMadeDefault{MethodId("wire"), ScopeType::Account, ScopeId("acc-1")},
              cost("sub-01", "1.00", "2024-03-07"), cost("sub-02", "1.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  const InvoiceIssued& by_wire = ledger.document(*ledger.invoices()[0]).issued;
  EXPECT_EQ(by_wire.method_id, MethodId("wire"));
  EXPECT_EQ(by_wire.payment_term_days, 30);
  EXPECT_EQ(by_wire.due_date, day("2024-06-01"));
  const InvoiceIssued& by_card = ledger.document(*ledger.invoices()[1]).issued;
  EXPECT_EQ(by_card.method_id, MethodId("card"));
  EXPECT_EQ(by_card.payment_term_days, 0);
  EXPECT_EQ(by_card.due_date, day("2024-05-02"));
}

}  // namespace
}  // namespace daybook::testing
