#include <random>

#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/usage_answer.h"
#include "tests/domain/answers_support.h"

/// Over random ledgers: what the usage view, the statement and the invoice say of a period is the
/// same.
namespace daybook::testing {
namespace {

class RandomUsage {
 public:
  explicit RandomUsage(std::uint64_t seed) : random_(seed) {}

  std::int64_t below(std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_);
  }

  std::vector<EventData> prices() {
    PriceChanged included = price("hours", "0.0137");
    included.included_quantity = decimal("50");
    PriceChanged volume = tiers("bytes", {{"0", "0.5"}, {"100", "0.333"}});
    volume.tier_mode = TierMode::Volume;
    PriceChanged changed = tiers("changing", {{"0", "0.23"}, {"60", "0.11"}});
    changed.tier_mode = TierMode::Volume;  // from the middle of a period on (0063)
    changed.effective_on = day("2024-03-15");
    PriceChanged dollars = price("dollars", "0.019");
    dollars.currency = kUsd;
    return {included,
            tiers("tiers", {{"0", "1.84"}, {"50", "1.77"}, {"120", "1.01"}}),
            volume,
            price("changing", "0.11"),
            changed,
            dollars,
            ExchangeRateChanged{kUsd, kEur, decimal("0.9213"), day("2020-01-01")}};
  }

  /// A row of March or April 2024; prices, own costs, regions and meters without price.
  UsageRecorded row(std::string_view subscription) {
    static constexpr std::array kMeters = {"hours",    "tiers",   "bytes",
                                           "changing", "dollars", "none"};
    UsageRecorded fact =
        usage(subscription, kMeters[static_cast<std::size_t>(below(6))],
              std::to_string(below(40)) + "." + std::to_string(below(1000)), "2024-03-05");
    fact.usage_date = day("2024-03-05").plus_days(below(31));
    if (below(4) == 0) fact.region = "EU West";
    if (below(3) == 0) fact.resource_id = "/vm/" + std::to_string(below(3));
    if (below(5) == 0) {
      fact.cost = decimal("0." + std::to_string(below(100000) + 1));
      fact.currency = kEur;
    }
    return fact;
  }

 private:
  std::mt19937_64 random_;
};

Decimal total_of(const InMemoryLedger& ledger, const ScopeRef& scope, const Period& of,
                 std::string_view group_by) {
  UsageQuery query;
  query.from = of.start;
  query.to = of.end_exclusive;
  query.group_by = parse_group_by(group_by).value();
  const auto answer = usage_answer(ledger.state(), ledger.usage(), Viewer::operating(), scope,
                                   query, {}, ledger.now().date());
  EXPECT_EQ(answer->totals.size(), 1u);
  return answer->totals.front().cost;
}

Decimal total_of(const std::vector<InvoiceLine>& lines) {
  Decimal sum;
  for (const InvoiceLine& line : lines) sum = add(sum, line.value).value();
  return sum;
}

TEST(Agreement, OfUsageStatementAndInvoiceOfASubscription) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomUsage random(seed);
    InMemoryLedger ledger;
    ledger.at("2024-03-05").given(jeroens_account()).given(random.prices());
    for (int i = 0; i < 60; ++i) ledger.given({random.row("sub-01")});
    const Period first = period("2024-03-05", "2024-04-05");
    const Decimal expected = total_of(ledger, ScopeRef(kSub01), first, "");
    const auto estimate = statement_answer(ledger.state(), ledger.usage(), Viewer::operating(),
                                           kSub01, first.start, midnight("2024-05-02"));
    run(ledger, "2024-05-02");
    const auto invoice =
        invoice_answer(ledger.state(), Viewer::operating(), ledger.invoices().at(0)->invoice_id);
    EXPECT_EQ(total_of(invoice->lines), expected);
    EXPECT_EQ(estimate->lines, invoice->lines);
    EXPECT_EQ(estimate->total, invoice->totals.sub_total);
    for (const std::string_view group_by :
         {"", "meterId,region", "resourceId", "tag:none,category"}) {
      EXPECT_EQ(total_of(ledger, ScopeRef(kSub01), first, group_by), expected) << group_by;
    }
  }
}

TEST(Agreement, OfUsageAndInvoiceOfAProfile) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomUsage random(seed);
    InMemoryLedger ledger;
    ledger.at("2024-03-05")
        .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
                in_section(subscription("sub-01", "acc-1", "2024-03-05"), "p-1"),
                in_section(subscription("sub-02", "acc-1", "2024-03-05"), "p-1")});
    ledger.given(random.prices());
    for (int i = 0; i < 60; ++i) ledger.given({random.row(i % 2 == 0 ? "sub-01" : "sub-02")});
    const Period march = period("2024-03-01", "2024-04-01");
    const ScopeRef scope(ProfileId("p-1"));
    const Decimal expected = total_of(ledger, scope, march, "");
    run(ledger, "2024-04-05");
    const auto invoice =
        invoice_answer(ledger.state(), Viewer::operating(), ledger.invoices().at(0)->invoice_id);
    EXPECT_EQ(total_of(invoice->lines), expected);
    EXPECT_EQ(total_of(ledger, ScopeRef(kAcc1), march, ""), expected);
    const Decimal parts = add(total_of(ledger, ScopeRef(kSub01), march, "resourceId"),
                              total_of(ledger, ScopeRef(kSub02), march, "resourceId"))
                              .value();
    EXPECT_EQ(parts, expected);
  }
}

}  // namespace
}  // namespace daybook::testing
