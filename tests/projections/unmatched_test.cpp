#include <gtest/gtest.h>

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/price.h"
#include "ledger/domain/facts/subscription.h"
#include "ledger/domain/facts/usage.h"
#include "projections/entities/as_of_reader.h"
#include "projections/entities/entity_rows.h"
#include "projections/unmatched/unmatched.h"
#include "projections/usage/usage_rows.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

constexpr std::uint8_t kNoPrice = 1 + static_cast<std::uint8_t>(Unmatched::NO_PRICE);
constexpr std::uint8_t kInactive = 1 + static_cast<std::uint8_t>(Unmatched::SUBSCRIPTION_INACTIVE);
constexpr std::uint8_t kUnknown = 1 + static_cast<std::uint8_t>(Unmatched::UNKNOWN_SUBSCRIPTION);

class UnmatchedUsage : public ::testing::Test {
 protected:
  Position record(EventData data, std::uint8_t code = 0) {
    const Position position = ledger_.append(maker_.make(std::move(data), kDay, code));
    ledger_.views().catch_up();
    return position;
  }
  Position open_account() {
    BillingAccountOpened account;
    account.account_id = AccountId("acc-1");
    account.type = AccountType::MOSP;
    account.country = "NL";
    account.currency = Currency::parse("EUR").value();
    account.signed_up_by = IdentityId("jeroen");
    return record(account);
  }
  Position create_subscription(const std::string& id) {
    SubscriptionCreated created;
    created.subscription_id = SubscriptionId(id);
    created.account_id = AccountId("acc-1");
    created.offer_id = OfferId("MS-AZR-0003P");
    return record(created);
  }
  Position use(const std::string& subscription, const std::string& meter, std::uint8_t code, int later = 0) {
    UsageRecorded usage;
    usage.usage_date = kDay.plus_days(later);
    usage.subscription_id = SubscriptionId(subscription);
    usage.meter_id = MeterId(meter);
    usage.quantity = Decimal(24);
    usage.usage_id = "u-" + std::to_string(++used_);
    return record(usage, code);
  }
  Position price(const std::string& meter) {
    PriceChanged price;
    price.meter_id = MeterId(meter);
    price.currency = Currency::parse("EUR").value();
    price.effective_on = kDay;
    price.unit_price = Decimal(1);
    return record(price);
  }
  Position cancel(const std::string& subscription, Date last) {
    SubscriptionCancelled cancelled;
    cancelled.subscription_id = SubscriptionId(subscription);
    cancelled.effective_on = last;
    return record(cancelled);
  }
  static UnmatchedRow inactive(Position position, const std::string& subscription) {
    return {position, SubscriptionId(subscription), Unmatched::SUBSCRIPTION_INACTIVE};
  }
  std::vector<UnmatchedRow> listed(Position position) {
    const AsOfReader state(ledger_.views().rows(kEntities), position);
    std::vector<UnmatchedRow> all;
    std::optional<std::string> after;
    do {
      const auto page = unmatched_page(ledger_.views().rows(kUnmatched),
                                       ledger_.views().rows(kUsage), state, 1, after);
      EXPECT_TRUE(page);
      EXPECT_LE(page->items.size(), 1U);
      all.insert(all.end(), page->items.begin(), page->items.end());
      after = page->next;
    } while (after);
    return all;
  }

  const Date kDay = Date::of(2024, 3, 7);
  EventMaker maker_;
  ViewLedger ledger_;
  int used_ = 0;
};

TEST_F(UnmatchedUsage, IsListedUntilItMatchesAndStillAtThePositionsBefore) {
  open_account();
  create_subscription("sub-01");
  const Position first = use("sub-01", "vm", kNoPrice);
  const Position second = use("sub-01", "disk", kNoPrice);
  const UnmatchedRow vm{first, SubscriptionId("sub-01"), Unmatched::NO_PRICE};
  const UnmatchedRow disk{second, SubscriptionId("sub-01"), Unmatched::NO_PRICE};
  EXPECT_EQ(listed(second), (std::vector{disk, vm}));
  EXPECT_EQ(listed(first), (std::vector{vm}));
  EXPECT_EQ(listed(first - 1), (std::vector<UnmatchedRow>{}));
  const Position priced = price("vm");
  EXPECT_EQ(listed(priced), (std::vector{disk}));
  EXPECT_EQ(listed(second), (std::vector{disk, vm}));
}

TEST_F(UnmatchedUsage, SaysTheReasonThatHoldsAtThatPosition) {
  open_account();
  const Position used = use("sub-02", "vm", kUnknown);
  EXPECT_EQ(
      listed(used),
      (std::vector{UnmatchedRow{used, SubscriptionId("sub-02"), Unmatched::UNKNOWN_SUBSCRIPTION}}));
  const Position created = create_subscription("sub-02");
  EXPECT_EQ(listed(created),
            (std::vector{UnmatchedRow{used, SubscriptionId("sub-02"), Unmatched::NO_PRICE}}));
  EXPECT_TRUE(listed(price("vm")).empty());
}

TEST_F(UnmatchedUsage, LeavesOutWhatWasVoidedOrGivenACost) {
  open_account();
  create_subscription("sub-01");
  const Position first = use("sub-01", "vm", kNoPrice);
  const Position second = use("sub-01", "vm", kNoPrice);
  UsageVoided voided;
  voided.subscription_id = SubscriptionId("sub-01");
  voided.usage_id = "u-1";
  voided.reason = "twice";
  record(voided);
  EXPECT_EQ(listed(ledger_.log().position()),
            (std::vector{UnmatchedRow{second, SubscriptionId("sub-01"), Unmatched::NO_PRICE}}));
  UsageAmended amended;
  amended.subscription_id = SubscriptionId("sub-01");
  amended.usage_id = "u-2";
  amended.reason = "rated by the meter";
  amended.cost = Decimal(3);
  const Position cost = record(amended);
  EXPECT_TRUE(listed(cost).empty());
  EXPECT_EQ(listed(second).size(), 2U);
  EXPECT_EQ(listed(second).front().position, first);
}

TEST_F(UnmatchedUsage, LeavesOutWhatMatchedWhenItCame) {
  open_account();
  create_subscription("sub-01");
  use("sub-01", "vm", 0);
  EXPECT_TRUE(listed(ledger_.log().position()).empty());
}

/// a cancellation that is told later and takes effect earlier.
TEST_F(UnmatchedUsage, ListsWhatMatchedUntilACancellationWasTold) {
  open_account();
  create_subscription("sub-01");
  create_subscription("sub-02");
  price("vm");
  use("sub-01", "vm", 0);
  const Position second = use("sub-01", "vm", 0, 1);
  const Position third = use("sub-01", "vm", 0, 2);
  const Position other = use("sub-02", "vm", 0, 2);
  EXPECT_TRUE(listed(other).empty());
  const Position cancelled = cancel("sub-01", kDay);
  EXPECT_EQ(listed(cancelled), (std::vector{inactive(second, "sub-01"), inactive(third, "sub-01")}));
  EXPECT_TRUE(listed(cancelled - 1).empty()) << "it was charged then";
  const Position none = cancel("sub-02", kDay.plus_days(2));
  EXPECT_EQ(listed(none).size(), 2U) << "the day on which it ends is charged";
  UsageVoided voided;
  voided.subscription_id = SubscriptionId("sub-01");
  voided.usage_id = "u-2";
  voided.reason = "twice";
  const Position without = record(voided);
  EXPECT_EQ(listed(without), (std::vector{inactive(third, "sub-01")}));
  SubscriptionReactivated again;
  again.subscription_id = SubscriptionId("sub-01");
  again.effective_on = kDay.plus_days(2);
  EXPECT_TRUE(listed(record(again)).empty()) << "only the voided row lies before it";
}

/// a row that had no price when it came stands on the document of its period if it had one by then.
TEST_F(UnmatchedUsage, LeavesOutWhatHadNoPriceAndWasBilledBeforeItsDayWasInactive) {
  for (const bool is_priced_before : {true, false}) {
    const std::string id = is_priced_before ? "sub-01" : "sub-02";
    if (is_priced_before) open_account();
    create_subscription(id);
    const std::string meter = "vm-" + id;
    const Position used = use(id, meter, kNoPrice, 1);
    if (is_priced_before) price(meter);
    PeriodClosedWithoutInvoice closed;
    closed.subscription_id = SubscriptionId(id);
    closed.period = {kDay, Date::of(2024, 4, 7)};
    closed.closed_on = Date::of(2024, 4, 7);
    closed.invoice_type = InvoiceType::AzureServices;
    closed.position = ledger_.log().position();
    const Money zero{0, Currency::parse("EUR").value()};
    closed.totals = {zero, zero, zero, zero, zero, zero, zero, zero};
    record(closed);
    if (!is_priced_before) price(meter);
    EXPECT_TRUE(listed(ledger_.log().position()).empty());
    const Position cancelled = cancel(id, kDay);
    const auto expected = is_priced_before ? std::vector<UnmatchedRow>{} : std::vector{inactive(used, id)};
    EXPECT_EQ(listed(cancelled), expected);
  }
}

TEST_F(UnmatchedUsage, ListsARowOnceThatWasInactiveWhenItCame) {
  open_account();
  create_subscription("sub-01");
  price("vm");
  const Position before = use("sub-01", "vm", 0, 1);
  cancel("sub-01", kDay);
  const Position after = use("sub-01", "vm", kInactive, 1);
  EXPECT_EQ(listed(after), (std::vector{inactive(after, "sub-01"), inactive(before, "sub-01")}));
}

}  // namespace
}  // namespace daybook::projections::testing
