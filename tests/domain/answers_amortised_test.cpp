#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/files/amortised_costs.h"
#include "ledger/domain/files/period_file.h"
#include "ledger/domain/files/plan_export.h"
#include "tests/domain/file_support.h"
#include "tests/support/charge_facts.h"

/// What reservations cost on each of their days (EXP-3, docs/decisions/0046).
namespace daybook::testing {
namespace {

const ProfileId kP1{"P1"};

/// The export of a month, long after it is final.
ReadFile exported(const InMemoryLedger& ledger, std::string_view period, ExportMetric metric = ExportMetric::AmortizedCost,
                  ExportKind kind = ExportKind::Mca, const ScopeRef& scope = ScopeRef(kP1),
                  std::string_view today = "2030-01-01") {
  RequestExport command;
  command.scope_type = scope.type;
  command.scope_id = ScopeId(scope.id);
  command.kind = kind;
  command.period = day(period);
  command.metric = metric;
  DecisionContext context;
  context.now = midnight(today);
  context.viewer = Viewer::operating();
  const auto job = export_job_of(ledger.state(), command, context);
  if (!job) {
    ADD_FAILURE() << job.error().code << ": " << job.error().detail;
    return {};
  }
  const auto file = file_of_job(ledger.state(), ledger.usage(), *job);
  if (!file) {
    ADD_FAILURE() << file.error().code << ": " << file.error().detail;
    return {};
  }
  return read_file(ledger, *file);
}

/// Usage that runs on reservations: it costs nothing by itself.
UsageRecorded covered(std::string_view subscription, std::string_view quantity, std::string_view usage_date) {
  UsageRecorded fact = usage(subscription, "vm", quantity, usage_date);
  fact.pricing_model = PricingModel::Reservation;
  return fact;
}

/// A profile with two subscriptions and a free meter, on the first of January 2023.
InMemoryLedger with_profile() {
  InMemoryLedger ledger;
  ledger.at("2023-01-01")
      .given({account("mca", AccountType::MCA, "2023-01-01"), profile("P1", "mca"), section("S1", "P1"),
              in_section(subscription("a", "mca", "2023-01-01"), "S1"),
              in_section(subscription("b", "mca", "2023-01-01"), "S1"), price("vm", "0"),
              price("disk", "0.5")});
  return ledger;
}

TEST(AmortisedCosts, EXP_3_APriceOf365IsOneADayAndWhatNobodyUsesIsUnused) {
  InMemoryLedger ledger = with_profile();
  ledger.given({reserved("r-1", "a", "365.00", ReservationPayment::invoice), covered("a", "24", "2023-01-02"),
                usage("a", "disk", "10", "2023-01-02")});
  ledger.when(AdvanceClock{midnight("2023-04-01"), true});
  const ReadFile actual = exported(ledger, "2023-01-05", ExportMetric::ActualCost);
  EXPECT_EQ(actual.sum("costInBillingCurrency"), "370");
  EXPECT_EQ(actual.summary.sum, money("370.00"));

  const ReadFile january = exported(ledger, "2023-01-05");
  EXPECT_EQ(january.sum("costInBillingCurrency"), "36");  // 31 days of the reservation, and 5.00 of disk
  EXPECT_EQ(january.summary.sum, money("36.00"));
  ASSERT_EQ(january.tables.at(0).rows.size(), 32u);
  std::map<std::string, int> types;
  for (const auto& row : january.tables.at(0).rows) {
    ++types[row.at("chargeType")];
    if (row.at("chargeType") == "UnusedReservation") {
      EXPECT_EQ(row.at("costInBillingCurrency"), "1");
      EXPECT_EQ(row.at("reservationId"), "r-1");
      EXPECT_EQ(row.at("SubscriptionId"), "a");
      EXPECT_EQ(row.at("pricingModel"), "Reservation");
      EXPECT_NE(row.at("date"), "2023-01-02");
    } else {
      EXPECT_EQ(row.at("date"), "2023-01-02");
      EXPECT_EQ(row.at("costInBillingCurrency"), row.at("meterId") == "vm" ? "1" : "5");
      EXPECT_EQ(row.at("reservationId"), row.at("meterId") == "vm" ? "r-1" : "");
    }
  }
  EXPECT_EQ(types, (std::map<std::string, int>{{"Usage", 2}, {"UnusedReservation", 30}}));
  EXPECT_EQ(exported(ledger, "2023-02-05").sum("costInBillingCurrency"), "28");
}

TEST(AmortisedCosts, SumToThePriceWhateverTheDaysAndQuantities) {
  InMemoryLedger ledger = with_profile();
  std::vector<EventData> facts{reserved("r-1", "a", "100.00", ReservationPayment::invoice),
                               reserved("r-2", "b", "0.07", ReservationPayment::invoice)};
  for (int month = 1; month <= 12; ++month) {
    const std::string on = "2023-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-03";
    facts.push_back(covered("a", "1", on));
    facts.push_back(covered("b", "1.7", on));
    facts.push_back(covered("a", "0.3", on));
  }
  ledger.given(facts);
  Exact total;
  for (int month = 1; month <= 12; ++month) {
    const std::string on = "2023-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-03";
    const ReadFile file = exported(ledger, on);
    total = add(total, Exact::from(decimal(file.sum("costInBillingCurrency"))).value()).value();
    const std::size_t days = file.tables.at(0).rows.size() - 3;  // two reservations, one day used
    EXPECT_EQ(days % 2, 0u);
    EXPECT_GE(days, 54u);
  }
  EXPECT_EQ(total.to_string(), "100.07");
  EXPECT_EQ(exported(ledger, "2024-01-03").sum("costInBillingCurrency"), "0") << "the term is over";
}

TEST(AmortisedCosts, AreSharedByWhatRunsOnThemInProportionToQuantity) {
  InMemoryLedger ledger = with_profile();
  ledger.given({reserved("r-1", "a", "365.00", ReservationPayment::invoice), covered("a", "1", "2023-01-02"),
                covered("b", "3", "2023-01-02"), usage("b", "vm", "4", "2023-01-02")});
  const ReadFile file = exported(ledger, "2023-01-02");
  std::vector<std::string> costs;
  for (const auto& row : file.tables.at(0).rows) {
    if (row.at("chargeType") == "Usage")
      costs.push_back(row.at("SubscriptionId") + " " + row.at("quantity") + " " + row.at("costInBillingCurrency"));
  }
  EXPECT_EQ(costs, (std::vector<std::string>{"a 1 0.25", "b 3 0.75", "b 4 0"}));
  // A subscription shows its own part alone; what is unused is shown with whom it was bought for.
  const ReadFile of_b = exported(ledger, "2023-01-02", ExportMetric::AmortizedCost, ExportKind::Mca,
                                 ScopeRef(SubscriptionId("b")));
  EXPECT_EQ(of_b.sum("costInBillingCurrency"), "0.75");
  const ReadFile of_a = exported(ledger, "2023-01-02", ExportMetric::AmortizedCost, ExportKind::Mca,
                                 ScopeRef(SubscriptionId("a")));
  EXPECT_EQ(of_a.sum("costInBillingCurrency"), "30.25");
}

TEST(AmortisedCosts, FocusHasThemBesideWhatIsBilled) {
  InMemoryLedger ledger = with_profile();
  ledger.given({reserved("r-1", "a", "365.00", ReservationPayment::invoice), covered("a", "24", "2023-01-02")});
  ledger.when(AdvanceClock{midnight("2023-04-01"), true});
  for (const ExportKind kind : {ExportKind::Focus1_0, ExportKind::Focus1_2}) {
    const ReadFile file = exported(ledger, "2023-01-02", ExportMetric::AmortizedCost, kind);
    EXPECT_EQ(file.sum("BilledCost"), "365");
    EXPECT_EQ(file.sum("EffectiveCost"), "31");
    EXPECT_EQ(file.summary.sum, money("365.00"));
    EXPECT_EQ(file.tables.at(0).rows.size(), 32u);
  }
  const ReadFile file = exported(ledger, "2023-01-02", ExportMetric::AmortizedCost, ExportKind::Focus1_2);
  std::map<std::string, int> classes;
  for (const auto& row : file.tables.at(0).rows) {
    ++classes[row.at("ChargeCategory") + " " + row.at("x_AmortizationClass")];
    EXPECT_EQ(row.at("CommitmentDiscountId"), "r-1");
    EXPECT_EQ(row.at("PricingCategory"), "Committed");
  }
  EXPECT_EQ(classes, (std::map<std::string, int>{{"Purchase Principal", 1}, {"Usage Amortized Charge", 31}}));
  const ReadFile actual = exported(ledger, "2023-01-02", ExportMetric::ActualCost, ExportKind::Focus1_2);
  EXPECT_EQ(actual.sum("EffectiveCost"), "365");
}

TEST(AmortisedCosts, OfOneGivenBackTheRestIsWhatWasNot) {
  using Case = std::pair<const char*, const char*>;
  for (const auto& [amount, rest] : {Case(nullptr, "0"), Case("300.00", "6")}) {
    InMemoryLedger ledger = with_profile();
    ledger.given({reserved("r-1", "a", "365.00", ReservationPayment::invoice)});
    ledger.when(AdvanceClock{midnight("2023-03-01"), true});
    RefundReservation refund{ReservationId("r-1"), {}};
    if (amount != nullptr) refund.amount = money(amount);
    ledger.when(refund);
    ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
    ledger.given({covered("a", "1", "2023-03-02")});
    EXPECT_EQ(exported(ledger, "2023-02-03").sum("costInBillingCurrency"), "28");
    EXPECT_EQ(exported(ledger, "2023-03-03").sum("costInBillingCurrency"), rest);
    EXPECT_EQ(exported(ledger, "2023-04-03").sum("costInBillingCurrency"), "0");
  }
}

TEST(AmortisedCosts, OfAMonthlyOneAreThoseOfEachInstalment) {
  InMemoryLedger ledger = with_profile();
  ReservationPurchased monthly = reserved("r-1", "a", "62.00", ReservationPayment::invoice);
  monthly.billing_frequency = BillingFrequency::Monthly;
  monthly.term_months = 3;
  monthly.purchased_on = day("2023-01-15");
  ledger.at("2023-01-15").given({monthly});
  EXPECT_EQ(exported(ledger, "2023-01-20").sum("costInBillingCurrency"), "34");  // 17 of 31 days
  ledger.when(AdvanceClock{midnight("2023-02-20"), true});
  ledger.when(RefundReservation{ReservationId("r-1"), {}});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ledger.given({covered("a", "1", "2023-02-19"), covered("a", "1", "2023-02-25")});
  // What was charged is paid for, but after it was given back nothing runs on it.
  const Exact both = add(Exact::from(decimal(exported(ledger, "2023-02-20").sum("costInBillingCurrency"))).value(),
                         Exact::from(decimal(exported(ledger, "2023-03-20").sum("costInBillingCurrency"))).value())
                         .value();
  EXPECT_EQ(both.to_string(), "90");  // 2 x 62 less January's 34
  const ReadFile february = exported(ledger, "2023-02-20");
  for (const auto& row : february.tables.at(0).rows) {
    if (row.at("chargeType") == "Usage") {
      EXPECT_EQ(row.at("costInBillingCurrency") == "0", row.at("date") == "2023-02-25") << row.at("date");
    }
  }
  EXPECT_EQ(exported(ledger, "2023-04-20").sum("costInBillingCurrency"), "0");
}

TEST(AmortisedCosts, OfAnOpenMonthEndToday) {
  InMemoryLedger ledger = with_profile();
  ledger.given({reserved("r-1", "a", "365.00", ReservationPayment::invoice)});
  EXPECT_EQ(exported(ledger, "2023-01-02", ExportMetric::AmortizedCost, ExportKind::Mca, ScopeRef(kP1), "2023-01-10")
                .sum("costInBillingCurrency"),
            "10");
}

TEST(AmortisedCosts, OfAnEnrollment) {
  InMemoryLedger ledger;
  EnrollmentRegistered registered;
  registered.enrollment_id = EnrollmentId("e-1");
  registered.account_id = AccountId("ea");
  registered.start_date = day("2023-01-01");
  registered.billing_cycle = BillingCycle::Monthly;
  EnrollmentAccountAdded added;
  added.enrollment_account_id = EnrollmentAccountId("ea-1");
  added.enrollment_id = EnrollmentId("e-1");
  added.name = "One";
  added.owner_identity_id = kJeroen;
  SubscriptionCreated held = subscription("a", "ea", "2023-01-01");
  held.enrollment_account_id = EnrollmentAccountId("ea-1");
  ledger.at("2023-01-01").given({account("ea", AccountType::EA, "2023-01-01"), registered, added, held, price("vm", "0"),
                                 reserved("r-1", "a", "365.00", ReservationPayment::invoice),
                                 covered("a", "2", "2023-01-05")});
  const ReadFile file = exported(ledger, "2023-01-05", ExportMetric::AmortizedCost, ExportKind::Ea,
                                 ScopeRef(EnrollmentId("e-1")));
  EXPECT_EQ(file.sum("CostInBillingCurrency"), "31");
  EXPECT_EQ(file.tables.at(0).rows.size(), 31u);
}

}  // namespace
}  // namespace daybook::testing
