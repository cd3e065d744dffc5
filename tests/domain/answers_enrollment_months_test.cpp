#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/reservation.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/billing_facts.h"
#include "tests/support/charge_facts.h"

/// *Usage + charges* of an enrollment (EST-6): what credit paid and what was overage, by month of usage.
namespace daybook::testing {
namespace {

/// `2024-03 credit/overage`, the oldest month first, in minor units.
std::vector<std::string> split(const InMemoryLedger& ledger) {
  std::vector<std::string> result;
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(), kScope, {},
                                               ledger.now());
  EXPECT_TRUE(months);
  for (const EnrollmentMonthView& each : months->items) {
    result.insert(result.begin(), each.month + " " + std::to_string(each.charges_against_credits->minor_units) + "/" +
                                      std::to_string(each.service_overage->minor_units));
  }
  return result;
}

using Rows = std::vector<std::string>;

/// 30.00 used in March, and its run past.
InMemoryLedger billed_march(std::string_view prepayment) {
  InMemoryLedger ledger = enterprise(prepayment);
  ledger.given({cost("sub-e", "30.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  return ledger;
}

TEST(EnrollmentMonths, LateUsageIsAgainstThePrepaymentBeforeAndAfterItsRun) {
  InMemoryLedger ledger = billed_march("100.00");
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3000/0", "2024-04 0/0"}));
  ledger.given({cost("sub-e", "4.00", "2024-03-12")});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3400/0", "2024-04 0/0"}));
  ledger.given({cost("sub-e", "7.00", "2024-04-12")});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3400/0", "2024-04 700/0"}));
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3400/0", "2024-04 700/0", "2024-05 0/0"}));
  EXPECT_TRUE(ledger.invoices().empty());
}

/// rounded once, as the invoice is, and the columns are parts of it.
TEST(EnrollmentMonths, AMonthIsWhatItsInvoiceSays) {
  InMemoryLedger ledger = enterprise("10.00");
  UsageRecorded separate = cost("sub-e", "1.005", "2024-03-10");
  separate.is_credit_eligible = false;
  UsageRecorded published = cost("sub-e", "2.005", "2024-03-10");
  published.publisher_type = PublisherType::Marketplace;
  ledger.given({cost("sub-e", "12.005", "2024-03-10"), separate, published});
  ledger.when(AdvanceClock{midnight("2024-04-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("15.02"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.sub_total, money("5.02"));
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), Viewer::operating(), kScope, {},
                                               ledger.now());
  ASSERT_TRUE(months);
  const EnrollmentMonthView& march = months->items.back();
  EXPECT_EQ(march.total, money("15.02"));
  EXPECT_EQ(march.charges_against_credits, money("10.00"));
  EXPECT_EQ(march.service_overage->minor_units + march.billed_separately->minor_units + march.marketplace.minor_units, 502);
}

TEST(EnrollmentMonths, WhatTheCreditColumnsShowIsWhatWasDrawn) {
  InMemoryLedger ledger = billed_march("100.00");
  ledger.given({cost("sub-e", "4.00", "2024-03-12")});
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  ledger.given({cost("sub-e", "5.00", "2024-04-02"), cost("sub-e", "6.00", "2024-05-02")});
  ledger.when(AdvanceClock{midnight("2024-06-20"), true});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3400/0", "2024-04 500/0", "2024-05 600/0", "2024-06 0/0"}));
  EXPECT_EQ(ledger.state().find<CreditLot>("enr-1-prepayment")->left_minor, 5500);
}

/// Beyond the prepayment: overage of the month that it was used in, before and after the invoice.
TEST(EnrollmentMonths, LateUsageBeyondThePrepaymentIsOverageOfItsMonth) {
  InMemoryLedger ledger = billed_march("32.00");
  ledger.given({cost("sub-e", "4.00", "2024-03-12")});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3200/200", "2024-04 0/0"}));
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.sub_total, money("2.00"));
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3200/200", "2024-04 0/0", "2024-05 0/0"}));
}

/// What an invoice asked stays overage when more is paid ahead later.
TEST(EnrollmentMonths, WhatWasAskedStaysOverageWhenMoreIsPaidAhead) {
  InMemoryLedger ledger = billed_march("20.00");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  CreditGranted more = granted("more", "enr-1", CreditSource::Prepayment, "50.00", "2024-03-01", "2025-03-01");
  more.scope_type = ScopeType::Enrollment;
  ledger.given({more});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 2000/1000", "2024-04 0/0"}));
  ledger.given({cost("sub-e", "4.00", "2024-03-12")});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 2400/1000", "2024-04 0/0"}));
}

/// Prepayment covers what is dated in its days alone.
TEST(EnrollmentMonths, PrepaymentOfALaterTimeDoesNotCoverLateUsage) {
  InMemoryLedger ledger = billed_march("30.00");
  CreditGranted later = granted("later", "enr-1", CreditSource::Prepayment, "50.00", "2024-04-01", "2025-03-01");
  later.scope_type = ScopeType::Enrollment;
  ledger.given({later, cost("sub-e", "4.00", "2024-03-12"), cost("sub-e", "5.00", "2024-04-12")});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3000/400", "2024-04 500/0"}));
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  EXPECT_EQ(split(ledger), (Rows{"2024-03 3000/400", "2024-04 500/0", "2024-05 0/0"}));
}

/// CLS-3: what is given back in the first days of April is March's here too, as on the invoice.
TEST(EnrollmentMonths, ReservationsGivenBackOnTheFirstDaysCountToTheMonthBefore) {
  for (const std::string_view on : {"2024-04-04", "2024-04-05"}) {
    InMemoryLedger ledger = enterprise("1000.00");
    ledger.given({reserved("r-1", "sub-e", "800.00", ReservationPayment::invoice)});
    RefundReservation command;
    command.reservation_id = ReservationId("r-1");
    command.amount = money("200.00");
    ledger.at(on).when(command);
    ASSERT_FALSE(ledger.error());
    EXPECT_EQ(split(ledger).front(), on == "2024-04-04" ? "2024-03 60000/0" : "2024-03 80000/0") << on;
  }
}

}  // namespace
}  // namespace daybook::testing
