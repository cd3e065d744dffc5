#include <gtest/gtest.h>

#include "ledger/domain/facts/discount.h"
#include "ledger/domain/facts/exchange_rate.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"

/// Discounts, the exchange of currencies and tax treatments (domain.md 2.8, steps 3, 4 and 7).
namespace daybook::testing {
namespace {

DiscountGranted discount(std::string_view id, std::string_view percent, std::string_view start_on,
                         std::optional<ScopeType> type = {}, std::string_view scope = {}) {
  DiscountGranted fact;
  fact.discount_id = DiscountId(std::string(id));
  fact.percent = decimal(percent);
  fact.start_on = day(start_on);
  fact.scope_type = type;
  if (type) fact.scope_id = ScopeId(std::string(scope));
  return fact;
}

DiscountGranted of_meter(DiscountGranted fact, std::string_view meter) {
  fact.meter_id = MeterId(std::string(meter));
  return fact;
}

/// Ten hours at 2.00 on 7 March and ten on 20 March, and 40.00 that the source priced.
InMemoryLedger metered(std::vector<EventData> more) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({price("vm", "2.00")});
  ledger.given(std::move(more));
  ledger.given({usage("sub-01", "vm", "10", "2024-03-07"),
                usage("sub-01", "vm", "10", "2024-03-20"),
                cost("sub-01", "40.00", "2024-03-21")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  return ledger;
}

Money total(const InMemoryLedger& ledger, std::size_t invoice = 0) {
  return ledger.document(*ledger.invoices().at(invoice)).issued.totals.total;
}

TEST(Discounts, LowerUsageFromTheirFirstDayOnByALineOfTheirOwn) {
  InMemoryLedger ledger = metered({discount("d-1", "10", "2024-03-10")});
  EXPECT_EQ(total(ledger), money("78.00"));
  const std::vector<InvoiceLine> lines = ledger.lines(*ledger.invoices()[0]);
  ASSERT_EQ(lines.size(), 3u);
  const auto found = std::find_if(lines.begin(), lines.end(), [](const InvoiceLine& line) {
    return line.charge_type == ChargeType::Discount;
  });
  ASSERT_NE(found, lines.end());
  EXPECT_EQ(found->amount, money("-2.00"));
  EXPECT_EQ(found->discount_id, DiscountId("d-1"));
  EXPECT_EQ(found->row_count, 0);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("78.00"));
}

TEST(Discounts, TheMostParticularOneAloneCounts) {
  InMemoryLedger ledger =
      metered({discount("all", "50", "2024-01-01"),
               discount("account", "20", "2024-01-01", ScopeType::Account, "acc-1"),
               of_meter(discount("meter", "10", "2024-01-01", ScopeType::Account, "acc-1"), "vm")});
  EXPECT_EQ(total(ledger), money("76.00"));
}

TEST(Discounts, OfAnotherMeterDoNotCount) {
  InMemoryLedger ledger = metered({of_meter(discount("d-1", "10", "2024-01-01"), "disk")});
  EXPECT_EQ(total(ledger), money("80.00"));
}

TEST(Discounts, EndOnTheFirstDayWithoutThem) {
  InMemoryLedger ledger = metered(
      {discount("d-1", "10", "2024-01-01"), DiscountEnded{DiscountId("d-1"), day("2024-03-20")}});
  EXPECT_EQ(total(ledger), money("78.00"));
}

TEST(Discounts, GrantedLaterChangeNothingBilled) {
  InMemoryLedger ledger = metered({});
  ledger.given({discount("d-1", "10", "2024-01-01"), usage("sub-01", "vm", "1", "2024-03-22"),
                usage("sub-01", "vm", "10", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), money("20.00"));  // 2.00 of March by its bill, 18.00 of April
}

TEST(Discounts, EndedLaterChangeNothingBilled) {
  InMemoryLedger ledger = metered({discount("d-1", "10", "2024-01-01")});
  EXPECT_EQ(total(ledger), money("76.00"));
  ledger.given({DiscountEnded{DiscountId("d-1"), day("2024-01-01")},
                usage("sub-01", "vm", "1", "2024-03-22"), usage("sub-01", "vm", "10", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(total(ledger, 1), money("21.80"));  // 1.80 of March as it was billed, 20.00 of April
}

TEST(Discounts, Refusals) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(jeroens_account()).given({discount("d-1", "10", "2024-03-01")});
  ledger.post({discount("d-1", "20", "2024-03-01")}).then_rejected("ALREADY_EXISTS");
  ledger.post({discount("d-2", "0", "2024-03-01")}).then_rejected("INVALID_AMOUNT");
  ledger.post({discount("d-2", "100.5", "2024-03-01")}).then_rejected("INVALID_AMOUNT");
  ledger.post({discount("d-2", "10", "2024-03-01", ScopeType::Subscription, "none")})
      .then_rejected("UNKNOWN_REFERENCE", "/data/scopeId");
  ledger.post({discount("d-2", "10", "2024-03-01", ScopeType::Section, "s")})
      .then_rejected("INVALID_FIELD", "/data/scopeType");
  ledger.post({discount("d-2", "10", "2024-03-01")}, "contoso").then_rejected("FORBIDDEN");
  DiscountGranted backwards = discount("d-2", "10", "2024-03-01");
  backwards.end_on = day("2024-03-01");
  ledger.post({backwards}).then_rejected("INVALID_TIME", "/data/endOn");
  ledger.post({DiscountEnded{DiscountId("none"), day("2024-04-01")}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/discountId");
  ledger.post({DiscountEnded{DiscountId("d-1"), day("2024-02-01")}})
      .then_rejected("INVALID_TIME", "/data/endOn");
}

TEST(ExchangeRates, ThatOfTheIssueDateConverts) {
  InMemoryLedger ledger;
  PriceChanged in_dollars = price("vm", "2.00");
  in_dollars.currency = kUsd;
  ledger.at("2024-02-02").given(jeroens_account());
  ledger.given({in_dollars, ExchangeRateChanged{kUsd, kEur, decimal("0.90"), day("2024-01-01")},
                ExchangeRateChanged{kUsd, kEur, decimal("0.80"), day("2024-05-01")},
                usage("sub-01", "vm", "10", "2024-03-07")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger), money("16.00"));
  const InvoiceLine line = ledger.lines(*ledger.invoices()[0]).at(0);
  EXPECT_EQ(line.pricing_currency, kUsd);
  EXPECT_EQ(line.exchange_rate, decimal("0.80"));
}

TEST(TierMode, VolumePricesAllUnitsAtTheTierOfTheLast) {
  InMemoryLedger ledger;
  PriceChanged volume = tiers("vm", {{"0", "2.00"}, {"10", "1.00"}});
  volume.tier_mode = TierMode::Volume;
  ledger.at("2024-02-02").given(jeroens_account()).given({volume});
  ledger.given({usage("sub-01", "vm", "8", "2024-03-07"), usage("sub-01", "vm", "4", "2024-03-08"),
                usage("sub-02", "vm", "10", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(total(ledger, 0), money("12.00"));
  EXPECT_EQ(total(ledger, 1), money("20.00"));  // the boundary unit is still of the lower tier
}

TEST(TaxTreatment, ReverseChargeAndExemptionAreNamedWithoutTax) {
  for (const TaxTreatment treatment : {TaxTreatment::ReverseCharge, TaxTreatment::Exempt}) {
    InMemoryLedger ledger;
    ledger.at("2024-02-02").given(jeroens_account()).given({vat()});
    TaxRateChanged own = vat("0", "2024-01-01");
    own.account_id = AccountId("acc-1");
    own.treatment = treatment;
    ledger.given({own, cost("sub-01", "40.00", "2024-03-07")});
    ledger.when(AdvanceClock{midnight("2024-05-02"), true});
    EXPECT_EQ(total(ledger), money("40.00"));
    const std::vector<TaxLine> taxes = ledger.document(*ledger.invoices()[0]).issued.taxes;
    ASSERT_EQ(taxes.size(), 1u);
    EXPECT_EQ(taxes[0].treatment, treatment);
    EXPECT_EQ(taxes[0].amount, money("0.00"));
  }
}

TEST(Discounts, OfAnEnrollmentLowerWhatItsPrepaymentPays) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({price("vm", "10.00"),
                discount("d", "10", "2024-03-01", ScopeType::Enrollment, "enr-1"),
                usage("sub-e", "vm", "20", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 82000);
  ledger.post({discount("e", "10", "2024-03-01", ScopeType::Enrollment, "enr-9")})
      .then_rejected("UNKNOWN_REFERENCE", "/data/scopeId");
}

}  // namespace
}  // namespace daybook::testing
