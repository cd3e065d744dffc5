#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <utility>

#include "ledger/domain/answers/overlay_state.h"
#include "ledger/domain/answers/summed_usage.h"
#include "ledger/domain/answers/what_if.h"
#include "ledger/domain/facts/discount.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/correction_facts.h"
#include "tests/support/move_facts.h"

/// What usage would have cost by other prices, held against ledgers that really had them.
namespace daybook::testing {
namespace {

const Currency kUsd = Currency::parse("USD").value();
const Period kAllDays = period("2023-01-01", "2024-08-01");

struct Figures {
  std::int64_t charges = 0;
  std::int64_t tax = 0;
  std::int64_t total = 0;
  friend bool operator==(const Figures&, const Figures&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Figures& each) {
    return out << each.charges << " + " << each.tax << " = " << each.total;
  }
};
using ByAccount = std::map<std::string, Figures>;

/// What the ledger's invoices come to.
ByAccount invoiced(const InMemoryLedger& ledger) {
  ByAccount result;
  for (const Invoice* invoice : ledger.invoices()) {
    const InvoiceTotals& totals = ledger.document(*invoice).issued.totals;
    if (totals.total.minor_units == 0) continue;
    Figures& sum = result[invoice->account_id.text()];
    sum.charges += totals.sub_total.minor_units;
    sum.tax += totals.tax.minor_units;
    sum.total += totals.total.minor_units;
  }
  return result;
}

Figures figures(const WhatIfChargesView& view) {
  return {view.charges.minor_units, view.tax.minor_units, view.total.minor_units};
}

struct Compared {
  ByAccount before;
  ByAccount after;
  std::int64_t rows = 0;
};

using PoliciesSet = std::vector<SetPolicy>;

Compared what_if(const InMemoryLedger& ledger, const std::vector<EventData>& facts, Period days = kAllDays,
                 const PoliciesSet& policies = {}) {
  OverlayState then(ledger.state());
  for (const SetPolicy& policy : policies) EXPECT_TRUE(then.lay(policy)) << policy.policy;
  const Result<void> laid = then.lay(events_of(facts, ledger.now()));
  EXPECT_TRUE(laid) << laid.error().code << laid.error().pointer << laid.error().detail;
  Compared result;
  for (const std::string& id : ledger.state().accounts()) {
    const auto views = what_if_account(ledger.state(), then, ledger.usage(), *ledger.state().account(AccountId(id)), days);
    if (!views) {
      ADD_FAILURE() << views.error().detail;
      continue;
    }
    for (const WhatIfAccountView& view : *views) {
      EXPECT_EQ(view.currency, kEur);
      EXPECT_EQ(view.difference.minor_units, view.after.total.minor_units - view.before.total.minor_units);
      result.rows += view.rows;
      if (view.before.total.minor_units != 0) result.before[id] = figures(view.before);
      if (view.after.total.minor_units != 0) result.after[id] = figures(view.after);
    }
  }
  return result;
}

/// A random provider with customers of three kinds: the same for the same seed.
class Story {
 public:
  explicit Story(unsigned seed) : random_(seed) {
    BillingAccountOpened enterprise = account("acc-e", AccountType::EA, "2024-03-01");
    parties_ = {vat(),
                ExchangeRateChanged{kUsd, kEur, decimal("0.91"), day("2023-01-01")},
                ExchangeRateChanged{kUsd, kEur, decimal("0.87"), day("2024-04-01")},
                account("acc-1", AccountType::MOSP, "2024-01-03"),
                subscription("sub-01", "acc-1", "2024-01-05"),
                subscription("sub-02", "acc-1", "2024-01-31"),
                account("acc-2", AccountType::MCA, "2024-01-01"),
                profile("p-1", "acc-2"),
                in_section(subscription("sub-11", "acc-2", "2024-01-05"), "p-1"),
                in_section(subscription("sub-12", "acc-2", "2024-02-10"), "p-1"),
                enterprise,
                enrollment(),
                enrollment_account("ea-1", "otto"),
                in_account(subscription("sub-e", "acc-e", "2024-03-01"), "ea-1")};
    for (int meter = 0; meter < kMeters; ++meter) prices_.push_back(random_price(meter, "2023-01-01"));
    for (int i = 0; i < 3; ++i) {
      PriceChanged fact = random_price(below(kMeters), "2024-03-10");
      if (i == 0) scope(fact);
      prices_.push_back(fact);
    }
    if (below(2) == 0) prices_.push_back(random_discount("d-0"));
    for (int i = 0; i < 350; ++i) usage_.push_back(random_usage(i));
    for (int i = 0; i < 20; ++i) {
      const UsageRecorded row = usage_[static_cast<std::size_t>(17 * i + below(17))].get<UsageRecorded>();
      if (below(2) == 0) {
        usage_.emplace_back(voided(row.subscription_id.text(), *row.usage_id));
      } else if (!row.cost) {
        usage_.emplace_back(amended(row.subscription_id.text(), *row.usage_id, number(0, 9000, 3)));
      }
    }
  }

  /// Other prices, and a discount, a tax rate or an exchange rate.
  std::vector<EventData> other_prices() {
    std::vector<EventData> facts;
    for (int meter = 0; meter < kMeters; ++meter) {
      if (below(2) == 0) facts.emplace_back(random_price(meter, "2023-01-01"));
    }
    PriceChanged later = random_price(below(kMeters), "2024-05-07");
    if (below(2) == 0) scope(later);
    facts.emplace_back(later);
    if (below(3) == 0) facts.emplace_back(random_discount("d-1"));
    if (below(3) == 0) facts.emplace_back(vat("19", "2024-03-15"));
    if (below(3) == 0)
      facts.emplace_back(ExchangeRateChanged{kUsd, kEur, decimal("0.95"), day("2024-05-01")});
    return facts;
  }

  /// Documents on other days, so that taxes and exchange rates that change between tell.
  PoliciesSet other_policies() {
    return {{"mosp.invoiceDay", {R"("PERIOD_END_PLUS_1")"}, {}},
            {"mosp.marketplaceDay", {std::to_string(10 + below(19))}, {}},
            {"ea.invoiceAfterDays", {std::to_string(15 + below(14))}, {}}};
  }
  /// Taxes and exchange rates that are others every few days.
  std::vector<EventData> restless_rates() {
    std::vector<EventData> facts;
    for (Date date = day("2024-02-01"); date < day("2024-08-20"); date = date.plus_days(3)) {
      facts.emplace_back(vat(std::to_string(10 + below(15)), date.text()));
      facts.emplace_back(ExchangeRateChanged{kUsd, kEur, decimal("0." + std::to_string(50 + below(49))), date});
    }
    return facts;
  }

  [[nodiscard]] const std::vector<EventData>& prices() const { return prices_; }

  /// The ledger, with `more` facts about prices, every run made on its day.
  [[nodiscard]] InMemoryLedger lived(const std::vector<EventData>& more = {}, const PoliciesSet& policies = {}) const {
    InMemoryLedger ledger;
    ledger.at("2024-01-01").given(parties_);
    for (const SetPolicy& policy : policies) {
      ledger.when(policy);
      EXPECT_FALSE(ledger.error()) << policy.policy;
    }
    for (const auto* facts : {&prices_, &more}) {
      for (const EventData& fact : *facts) ledger.given({replacing(ledger, fact)});
    }
    for (const EventData& fact : usage_) ledger.given({fact});
    for (Date date = day("2024-01-02"); date <= day("2024-08-20"); date = date.plus_days(1)) {
      ledger.at(date.text()).when(RunInvoicing{date});
      EXPECT_FALSE(ledger.error()) << ledger.error()->detail;
    }
    return ledger;
  }

 private:
  static constexpr int kMeters = 6;

  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  std::string number(int least, int most, int places) {
    std::string digits = std::to_string(least + below(most - least));
    while (static_cast<int>(digits.size()) <= places) digits.insert(0, "0");
    return digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
  }

  /// Meter 5 is priced in dollars.
  PriceChanged random_price(int meter, std::string_view from) {
    const std::string name = "m-" + std::to_string(meter);
    PriceChanged fact = price(name, number(1, 4000, 4), from);
    if (below(3) == 0) {
      fact = tiers(name, {{"0", number(1, 4000, 3)}, {"5.5", number(1, 4000, 3)}, {"20", number(1, 4000, 4)}});
      fact.effective_on = day(from);
      if (below(2) == 0) fact.tier_mode = TierMode::Volume;
    }
    if (below(3) == 0) fact.included_quantity = decimal(number(0, 90, 1));
    if (meter == 5) fact.currency = kUsd;
    return fact;
  }

  void scope(PriceChanged& fact) {
    const bool is_profile = below(2) == 0;
    fact.scope_type = is_profile ? ScopeType::Profile : ScopeType::Subscription;
    fact.scope_id = ScopeId(is_profile ? "p-1" : below(2) == 0 ? "sub-11" : "sub-01");
  }

  DiscountGranted random_discount(std::string_view id) {
    DiscountGranted fact;
    fact.discount_id = DiscountId(std::string(id));
    fact.percent = decimal(number(1, 500, 1));
    fact.start_on = day("2024-02-20");
    if (below(2) == 0) fact.meter_id = MeterId("m-" + std::to_string(below(kMeters)));
    if (below(2) == 0) {
      fact.scope_type = ScopeType::Subscription;
      fact.scope_id = ScopeId(below(2) == 0 ? "sub-12" : "sub-02");
    }
    return fact;
  }

  UsageRecorded random_usage(int i) {
    static constexpr std::string_view kNames[] = {"sub-01", "sub-02", "sub-11", "sub-12", "sub-e"};
    const int subscription = below(5);
    const Date first = subscription == 4 ? day("2024-03-01") : day("2024-01-02");
    const Date date = first.plus_days(below(subscription == 4 ? 120 : 178));
    UsageRecorded row = named(usage(kNames[subscription], "m-" + std::to_string(below(kMeters)), number(0, 9000, 3), date.text()),
                              "u-" + std::to_string(i));
    if (below(3) == 0) row.region = "EU West";
    switch (below(14)) {
      case 0: row.cost = decimal((below(3) == 0 ? "-" : "") + number(1, 90'000, 4)); break;
      case 1: row.unit_price = decimal(number(1, 900, 3)); break;
      case 2: row.publisher_type = PublisherType::Marketplace; break;
      default: break;
    }
    if (row.cost && below(4) == 0) row.currency = kUsd;
    return row;
  }

  /// As it has to be posted where another price is there.
  static EventData replacing(const InMemoryLedger& ledger, const EventData& fact) {
    const auto* known = fact.get_if<PriceChanged>();
    const MeterPrices* prices = known != nullptr ? ledger.state().prices(known->meter_id.text()) : nullptr;
    if (prices == nullptr) return fact;
    PriceChanged named = *known;
    for (const PriceVersion& version : prices->versions) {
      const auto of = named.scope_type ? std::optional(ScopeRef(*named.scope_type, named.scope_id->text())) : std::nullopt;
      if (!version.replaced_by && version.currency == named.currency && version.effective_on == named.effective_on && version.scope == of)
        named.replaces = version.position;
    }
    return named;
  }

  std::mt19937 random_;
  std::vector<EventData> parties_;
  std::vector<EventData> prices_;
  std::vector<EventData> usage_;
};

class WhatIf : public ::testing::TestWithParam<unsigned> {};

TEST_P(WhatIf, TheSamePricesMakeNoDifferenceAndAreTheInvoices) {
  const Story story(GetParam());
  const InMemoryLedger ledger = story.lived();
  std::vector<EventData> same = story.prices();
  std::erase_if(same, [](const EventData& fact) { return fact.get_if<PriceChanged>() == nullptr; });
  // Prices of one meter, currency, scope and day that were posted twice stand in the file once.
  std::map<std::string, EventData> once;
  for (const EventData& fact : same) {
    const auto& each = fact.get<PriceChanged>();
    once[each.meter_id.text() + each.effective_on.text() + (each.scope_id ? each.scope_id->text() : "")] = fact;
  }
  same.clear();
  for (auto& [key, fact] : once) same.push_back(fact);
  const Compared compared = what_if(ledger, same);
  EXPECT_EQ(compared.before, compared.after);
  EXPECT_EQ(compared.before, invoiced(ledger));
  EXPECT_GE(compared.rows, 300);
  EXPECT_EQ(compared.before.size(), 3u);
}

TEST_P(WhatIf, OtherPricesMakeWhatALedgerThatHadThemInvoices) {
  Story story(GetParam());
  const InMemoryLedger ledger = story.lived();
  const std::vector<EventData> other = story.other_prices();
  const Compared compared = what_if(ledger, other);
  EXPECT_EQ(compared.before, invoiced(ledger));
  EXPECT_EQ(compared.after, invoiced(story.lived(other)));
  EXPECT_NE(compared.after, compared.before);
}

TEST_P(WhatIf, OtherPoliciesMakeWhatALedgerThatHadThemInvoices) {
  Story story(GetParam());
  const std::vector<EventData> rates = story.restless_rates();
  const PoliciesSet other = story.other_policies();
  const InMemoryLedger ledger = story.lived(rates);
  const Compared compared = what_if(ledger, {}, kAllDays, other);
  EXPECT_EQ(compared.before, invoiced(ledger));
  EXPECT_EQ(compared.after, invoiced(story.lived(rates, other)));
  EXPECT_NE(compared.after, compared.before);
}

/// DAYBOOK_WHAT_IF_SEEDS: so many for a night or a release.
unsigned seeds() {
  const char* text = std::getenv("DAYBOOK_WHAT_IF_SEEDS");
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 12U;
}
INSTANTIATE_TEST_SUITE_P(RandomLedgers, WhatIf, ::testing::Range(1U, 1 + seeds()));

/// sub-01 of 5 March: 130.5 hours in its first period, 100 of them included, at 0.12.
TEST(WhatIfOfOneAccount, TellsChargesTaxAndTheDifference) {
  InMemoryLedger ledger = example();
  PriceChanged dearer = b1s_price();
  dearer.unit_price = decimal("0.24");
  OverlayState then(ledger.state());
  ASSERT_TRUE(then.lay(events_of({dearer}, ledger.now())));
  const auto views = what_if_account(ledger.state(), then, ledger.usage(), *ledger.state().account(kAcc1),
                                     period("2024-03-01", "2024-04-01"));
  ASSERT_TRUE(views);
  ASSERT_EQ(views->size(), 1u);
  const WhatIfAccountView& view = views->front();
  EXPECT_EQ(view.documents, 1);
  EXPECT_EQ(view.rows, 6);
  EXPECT_EQ(view.before.charges, money("3.66"));
  EXPECT_EQ(view.before.tax, money("0.77"));
  EXPECT_EQ(view.before.total, money("4.43"));
  EXPECT_EQ(view.after.charges, money("7.32"));
  EXPECT_EQ(view.after.tax, money("1.54"));
  EXPECT_EQ(view.difference, money("4.43"));
  EXPECT_EQ(view.change_percent, decimal("100"));
  // A period counts where it begins.
  EXPECT_TRUE(what_if_account(ledger.state(), then, ledger.usage(), *ledger.state().account(kAcc1),
                              period("2024-03-06", "2024-06-01"))->empty());
}

TEST(WhatIfOfOneAccount, LeavesTheLedgerAsItIs) {
  InMemoryLedger ledger = example();
  PriceChanged dearer = b1s_price();
  dearer.unit_price = decimal("9");
  OverlayState then(ledger.state());
  ASSERT_TRUE(then.lay(events_of({dearer, vat("5")}, ledger.now())));
  run(ledger, "2024-05-02");
  EXPECT_EQ(ledger.document(*ledger.invoices().at(0)).issued.totals.total, money("4.43"));
}

/// It moved when its period was over and not yet billed: by one policy the period has a document of its own, by the other
/// it stands on the last document of its place together with the days until the move.
TEST(WhatIfOfPolicies, CountsWhatAMoveMakesOneDocumentWhereItBegins) {
  const auto lived = [](const PoliciesSet& policies) {
    InMemoryLedger ledger;
    ledger.at("2024-01-08").given({vat("21", "2023-01-01"), vat("5", "2024-03-12"), account("acc-1", AccountType::MOSP, "2023-08-20"),
                                   account("acc-9", AccountType::MOSP, "2023-08-03"), subscription("sub-01", "acc-1", "2024-01-08"),
                                   price("m", "1", "2023-01-01")});
    for (const SetPolicy& policy : policies) ledger.when(policy);
    for (Date date = day("2024-01-09"); date <= day("2024-06-20"); date = date.plus_days(1)) {
      ledger.at(date.text());
      for (const char* used : {"2024-01-12", "2024-02-12", "2024-03-11"})
        if (day(used) == date) ledger.given({usage("sub-01", "m", "100", used)});
      if (date == day("2024-03-12")) ledger.given({transferred("sub-01", "acc-1", "acc-9", date.text())});
      ledger.when(RunInvoicing{date});
      EXPECT_FALSE(ledger.error()) << ledger.error()->detail;
    }
    return ledger;
  };
  const PoliciesSet other = {{"mosp.invoiceDay", {R"("PERIOD_END_PLUS_1")"}, {}}};
  const InMemoryLedger ledger = lived({});
  const Compared all = what_if(ledger, {}, kAllDays, other);
  EXPECT_EQ(all.before, invoiced(ledger));
  EXPECT_EQ(all.after, invoiced(lived(other)));
  EXPECT_NE(all.before, all.after);
  // Cut anywhere, what stands in one part stands in no other.
  for (const char* cut : {"2024-02-01", "2024-02-20", "2024-03-08", "2024-03-11"}) {
    std::int64_t before = 0;
    std::int64_t after = 0;
    for (const Period days : {Period{kAllDays.start, day(cut)}, Period{day(cut), kAllDays.end_exclusive}}) {
      const Compared part = what_if(ledger, {}, days, other);
      for (const auto& [id, figures] : part.before) before += figures.total;
      for (const auto& [id, figures] : part.after) after += figures.total;
    }
    EXPECT_EQ(before, all.before.at("acc-1").total) << cut;
    EXPECT_EQ(after, all.after.at("acc-1").total) << cut;
  }
}

}  // namespace
}  // namespace daybook::testing
