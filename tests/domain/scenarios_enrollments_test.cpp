#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/facts/credit.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/domain/enrollment_support.h"

/// Acceptance scenarios of domain.md 10 by their numbers: enterprise agreements (EA).
namespace daybook::testing {
namespace {

TEST(Scenarios, SC_20_OverageAndMarketplaceAreInvoicedTogether) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const Invoice& invoice = *ledger.invoices()[0];
  const InvoiceTotals& totals = ledger.document(invoice).issued.totals;
  EXPECT_EQ(totals.billed, money("1250.00"));
  EXPECT_EQ(totals.azure_prepayment_applied, money("1000.00"));
  EXPECT_EQ(totals.sub_total, money("250.00"));
  EXPECT_EQ(totals.tax, money("52.50"));
  EXPECT_EQ(totals.total, money("302.50"));
  EXPECT_EQ(invoice.type, InvoiceType::EnrollmentOverage);
  EXPECT_EQ(invoice.due_date, day("2024-05-14"));
  EXPECT_THAT(invoice.invoice_id.text(), ::testing::MatchesRegex("EA[A-Z0-9]{8}"));
  const auto applied = ledger.outcome<CreditApplied>();
  ASSERT_EQ(applied.size(), 1u);
  EXPECT_EQ(applied[0].amount, money("1000.00"));
  EXPECT_EQ(applied[0].invoice_id, invoice.invoice_id);
  ledger.when(RunEaInvoicing{day("2024-04-14")}).then_nothing();
}

TEST(Scenarios, SC_21_WithinThePrepaymentThereIsNoInvoice) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({cost("sub-e", "900.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_TRUE(ledger.invoices().empty());
  const auto closed = ledger.outcome<PeriodClosedWithoutInvoice>();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].reason, NoInvoiceReason::WithinCredit);
  EXPECT_EQ(closed[0].totals.credit_applied, money("900.00"));
  const auto view = enrollment_answer(ledger.state(), Viewer::operating(), kEnrollment,
                                      ledger.now().date());
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->prepayment_balance, money("100.00"));
  EXPECT_EQ(view->next_invoice_date, day("2024-05-14"));
}

TEST(Scenarios, SC_22_WhatIsBilledSeparatelyIsInvoicedDespiteTheBalance) {
  InMemoryLedger ledger = enterprise("1000.00");
  UsageRecorded ubuntu = cost("sub-e", "30.00", "2024-03-12");
  ubuntu.is_credit_eligible = false;
  ledger.given({cost("sub-e", "500.00", "2024-03-10"), ubuntu});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const InvoiceTotals& totals = ledger.document(*ledger.invoices()[0]).issued.totals;
  EXPECT_EQ(totals.sub_total, money("30.00"));
  EXPECT_EQ(totals.azure_prepayment_applied, money("500.00"));
}

TEST(Scenarios, SC_23_NoticePurchaseOrderAndInvoiceFollowThePeriod) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-07"), true});
  const auto notices = ledger.outcome<OverageNotificationSent>();
  ASSERT_EQ(notices.size(), 1u);
  EXPECT_EQ(notices[0].sent_on, day("2024-04-07"));
  EXPECT_EQ(notices[0].overage_amount, money("200.00"));
  EXPECT_EQ(notices[0].period, period("2024-03-01", "2024-04-01"));
  ledger.when(AdvanceClock{midnight("2024-04-14"), false});
  ledger.when(UpdatePoNumber{kEnrollment, day("2024-03-05"), "PO-7"});
  EXPECT_EQ(ledger.outcome<PoNumberUpdatedForPeriod>().size(), 1u);
  ledger.when(RunEaInvoicing{day("2024-04-14")});
  EXPECT_TRUE(ledger.outcome<OverageNotificationSent>().empty());
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->issue_date, day("2024-04-14"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.po_number, "PO-7");
}

TEST(Scenarios, SC_24_ThePurchaseOrderIsLockedOnceTheInvoiceExists) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  // By default it is the enrollment's own number.
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.po_number, "enr-1");
  ledger.when(UpdatePoNumber{kEnrollment, day("2024-03-05"), "PO-7"}).then_rejected("PO_LOCKED");
  ledger.when(UpdatePoNumber{kEnrollment, day("2024-04-05"), "PO-8"});
  EXPECT_EQ(ledger.outcome<PoNumberUpdatedForPeriod>().size(), 1u);
  // Without an invoice it is locked after the 14th day too.
  InMemoryLedger idle = enterprise();
  idle.at("2024-04-15")
      .when(UpdatePoNumber{kEnrollment, day("2024-03-05"), "PO-7"})
      .then_rejected("PO_LOCKED");
}

TEST(Scenarios, SC_25_InSomeCountriesMarketplaceHasItsOwnInvoice) {
  InMemoryLedger ledger = enterprise("", "AU");
  ledger.given({cost("sub-e", "100.00", "2024-03-10"),
                of_marketplace(cost("sub-e", "40.00", "2024-03-11"))});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("100.00"));
  EXPECT_EQ(ledger.invoices()[1]->amount_due(), money("40.00"));
  ledger.when(RunEaInvoicing{day("2024-04-14")}).then_nothing();
}

TEST(Scenarios, SC_42_EnterpriseAmountsRoundHalfToEven) {
  for (const char* amount : {"2.315", "2.325"}) {
    InMemoryLedger ledger = enterprise();
    ledger.given({cost("sub-e", amount, "2024-03-10")});
    ledger.when(AdvanceClock{midnight("2024-04-14"), true});
    ASSERT_EQ(ledger.invoices().size(), 1u);
    EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("2.32"));
  }
}

// Beyond the scenarios

TEST(Enrollments, QuartersAreCountedFromTheMonthOfTheStart) {
  InMemoryLedger ledger = enterprise("", "NL", BillingCycle::Quarterly);
  ledger.given({cost("sub-e", "10.00", "2024-03-10"), cost("sub-e", "20.00", "2024-05-10")});
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->period, period("2024-03-01", "2024-06-01"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("30.00"));
}

TEST(Enrollments, AChangeOfCycleEndsThePeriodBeforeIt) {
  InMemoryLedger ledger = enterprise("", "NL", BillingCycle::Annual);
  ledger.given({EnrollmentBillingCycleChanged{kEnrollment, BillingCycle::Quarterly,
                                              day("2024-05-01")}});
  const Enrollment& changed = *ledger.state().enrollment(kEnrollment);
  EXPECT_EQ(enrollment_period(changed, day("2024-04-30")), period("2024-03-01", "2024-05-01"));
  EXPECT_EQ(enrollment_period(changed, day("2024-05-01")), period("2024-05-01", "2024-06-01"));
  EXPECT_EQ(enrollment_period(changed, day("2024-06-01")), period("2024-06-01", "2024-09-01"));
  ledger.post({EnrollmentBillingCycleChanged{kEnrollment, BillingCycle::Monthly,
                                             day("2024-02-01")}})
      .then_rejected("INVALID_TIME", "/data/effectiveOn");
}

TEST(Enrollments, LateUsageStandsOnTheNextInvoice) {
  InMemoryLedger ledger = enterprise();
  ledger.given({cost("sub-e", "10.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.given({cost("sub-e", "5.00", "2024-03-31"), cost("sub-e", "1.00", "2024-04-20")});
  ledger.when(AdvanceClock{midnight("2024-05-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[1]).issued.totals.billed, money("6.00"));
}

TEST(Enrollments, HavePricesOfTheirOwnAndShareTiers) {
  InMemoryLedger ledger = enterprise();
  PriceChanged own = tiers("storage", {{"0", "2"}, {"50", "1"}});
  own.scope_type = ScopeType::Enrollment;
  own.scope_id = ScopeId("enr-1");
  ledger.given({price("storage", "5"), own,
                in_account(subscription("sub-2", "acc-e", "2024-03-01"), "ea-2"),
                usage("sub-e", "storage", "50", "2024-03-10"),
                usage("sub-2", "storage", "10", "2024-03-11")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[0]).issued.totals.billed, money("110.00"));
}

TEST(Enrollments, InvoicesAreNotPaidByCard) {
  InMemoryLedger ledger = sc_20();
  ledger.given({card("card-e", "acc-e")}).when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.when(PayNow{ledger.invoices()[0]->invoice_id, MethodId("card-e"), std::nullopt})
      .then_rejected("PAY_NOW_UNAVAILABLE");
}

/// What is left of the prepayment.
Money prepayment_left(const InMemoryLedger& ledger) {
  const CreditLot* lot = ledger.state().find<CreditLot>("enr-1-prepayment");
  return {lot->left_minor, lot->original.currency};
}

TEST(Enrollments, AVoidInvoiceIsBilledAgainByTheNextRunWithTheCreditThatItTook) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "wrong address", std::nullopt});
  ASSERT_FALSE(ledger.error());
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Void);
  ASSERT_EQ(ledger.outcome<CreditNoteIssued>().size(), 1u);
  EXPECT_EQ(ledger.outcome<CreditNoteIssued>()[0].totals.total, money("302.50"));
  ledger.when(AdvanceClock{midnight("2024-05-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceIssued& again = ledger.document(*ledger.invoices()[1]).issued;
  EXPECT_EQ(again.issue_date, day("2024-05-14"));
  EXPECT_EQ(again.period, period("2024-03-01", "2024-04-01"));
  EXPECT_EQ(again.totals.azure_prepayment_applied, money("1000.00"));
  EXPECT_EQ(again.totals.total, money("302.50"));
  EXPECT_EQ(again.previous_invoice_id, ledger.invoices()[0]->invoice_id);
  EXPECT_EQ(prepayment_left(ledger), money("0.00"));
}

/// Usage of March that a source can correct.
UsageRecorded row(std::string_view amount) {
  UsageRecorded row = cost("sub-e", amount, "2024-03-10");
  row.usage_id = "u-1";
  return row;
}

UsageAmended amended(std::string_view amount) {
  UsageAmended fact;
  fact.subscription_id = SubscriptionId("sub-e");
  fact.usage_id = "u-1";
  fact.reason = "meter error";
  fact.cost = decimal(amount);
  return fact;
}

TEST(Enrollments, ARebillGivesBackThePrepaymentThatItDoesNotTake) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({row("1200.00"), of_marketplace(cost("sub-e", "50.00", "2024-03-12"))});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(prepayment_left(ledger), money("0.00"));
  ledger.given({amended("900.00")});
  ledger.when(VoidInvoice{ledger.invoices()[0]->invoice_id, "meter error", true});
  ASSERT_FALSE(ledger.error());
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceTotals& totals = ledger.document(*ledger.invoices()[1]).issued.totals;
  EXPECT_EQ(totals.azure_prepayment_applied, money("900.00"));
  EXPECT_EQ(totals.total, money("60.50"));
  EXPECT_EQ(prepayment_left(ledger), money("100.00"));
}

TEST(Enrollments, ARebillTakesMorePrepaymentWhereThereIsSome) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({row("700.00"), of_marketplace(cost("sub-e", "50.00", "2024-03-12"))});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  ledger.given({amended("1100.00")});
  ledger.when(VoidInvoice{ledger.invoices()[0]->invoice_id, "meter error", true});
  ASSERT_EQ(ledger.invoices().size(), 2u);
  const InvoiceTotals& totals = ledger.document(*ledger.invoices()[1]).issued.totals;
  EXPECT_EQ(totals.azure_prepayment_applied, money("1000.00"));
  EXPECT_EQ(totals.sub_total, money("150.00"));
  EXPECT_EQ(prepayment_left(ledger), money("0.00"));
}

TEST(Enrollments, ARebillWithinThePrepaymentIssuesNothing) {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({row("1200.00")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.given({amended("400.00")});
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "meter error", true});
  ASSERT_FALSE(ledger.error());
  EXPECT_EQ(ledger.invoices().size(), 1u);
  ASSERT_EQ(ledger.outcome<PeriodClosedWithoutInvoice>().size(), 1u);
  EXPECT_EQ(ledger.outcome<PeriodClosedWithoutInvoice>()[0].reason, NoInvoiceReason::WithinCredit);
  EXPECT_EQ(prepayment_left(ledger), money("600.00"));
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  EXPECT_EQ(ledger.invoices().size(), 1u);
}

/// March asked 100.00 beyond the prepayment and is void, April asked 200.00.
InMemoryLedger march_waits() {
  InMemoryLedger ledger = enterprise("1000.00");
  ledger.given({cost("sub-e", "1100.00", "2024-03-10")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.given({cost("sub-e", "200.00", "2024-04-10")});
  ledger.when(AdvanceClock{midnight("2024-05-14"), true});
  EXPECT_EQ(ledger.invoices().size(), 2u);
  ledger.when(VoidInvoice{ledger.invoices().at(0)->invoice_id, "wrong address", std::nullopt});
  EXPECT_FALSE(ledger.error());
  return ledger;
}

TEST(Enrollments, NoOtherPeriodTakesThePrepaymentOfAVoidInvoice) {
  InMemoryLedger ledger = march_waits();
  EXPECT_EQ(prepayment_left(ledger), money("1000.00")) << "it is not used";
  ledger.when(VoidInvoice{ledger.invoices().at(1)->invoice_id, "wrong address", true});
  ASSERT_EQ(ledger.invoices().size(), 3u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[2]).issued.totals.sub_total, money("200.00"));
  ledger.when(AdvanceClock{midnight("2024-06-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 4u);
  EXPECT_EQ(ledger.document(*ledger.invoices()[3]).issued.period, period("2024-03-01", "2024-04-01"));
  EXPECT_EQ(ledger.document(*ledger.invoices()[3]).issued.totals.sub_total, money("100.00"));
  EXPECT_EQ(prepayment_left(ledger), money("0.00"));
}

TEST(Enrollments, OverageIsToldThoughThePrepaymentOfAVoidInvoiceIsNotUsed) {
  InMemoryLedger ledger = march_waits();
  ledger.given({cost("sub-e", "300.00", "2024-05-20")});
  ledger.when(AdvanceClock{midnight("2024-06-07"), true});
  ASSERT_EQ(ledger.outcome<OverageNotificationSent>().size(), 1u);
  EXPECT_EQ(ledger.outcome<OverageNotificationSent>()[0].overage_amount, money("300.00"));
}

TEST(Enrollments, InvoicesAreCredited) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ledger.when(IssueCreditNote{ledger.invoices().at(0)->invoice_id, money("100.00"), "goodwill"});
  ASSERT_FALSE(ledger.error());
  EXPECT_EQ(ledger.invoices()[0]->amount_due(), money("202.50"));
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::Due);
}

TEST(Enrollments, ACancelledSubscriptionExpiresWithTheEnrollmentsPeriod) {
  InMemoryLedger ledger = enterprise();
  const SubscriptionId id("sub-5");
  ledger.at("2024-03-05").given({in_account(subscription("sub-5", "acc-e", "2024-03-05"), "ea-1")});
  ledger.at("2024-03-20").given({SubscriptionCancelled{id, "no need", std::nullopt}});
  ledger.when(AdvanceClock{midnight("2024-03-31"), true});
  EXPECT_EQ(ledger.state().subscription(id)->status, SubscriptionStatus::Disabled);
  ledger.when(AdvanceClock{midnight("2024-04-01"), true});
  EXPECT_EQ(ledger.state().subscription(id)->status, SubscriptionStatus::Expired);
  EXPECT_EQ(ledger.state().subscription(id)->status_since, day("2024-04-01"));
}

TEST(Enrollments, UnpaidInvoicesArePastDueAloneAndTouchNoSubscription) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-05-15"), true});
  EXPECT_EQ(ledger.invoices()[0]->status, InvoiceStatus::PastDue);
  EXPECT_EQ(ledger.state().subscription(SubscriptionId("sub-e"))->status,
            SubscriptionStatus::Active);
}

TEST(Enrollments, OwnersAreActivatedAndChanged) {
  InMemoryLedger ledger = enterprise();
  const auto account_1 = [&]() -> const EnrollmentAccount& {
    return *ledger.state().enrollment(kEnrollment)->account(EnrollmentAccountId("ea-1"));
  };
  EXPECT_EQ(account_1().owner_state, AccountOwnerState::Pending);
  ledger.given({AccountOwnerActivated{EnrollmentAccountId("ea-1"), std::nullopt}});
  EXPECT_EQ(account_1().owner_state, AccountOwnerState::Active);
  ledger.given({AccountOwnerChanged{EnrollmentAccountId("ea-1"), IdentityId("nina"),
                                    std::nullopt}});
  EXPECT_EQ(account_1().owner, IdentityId("nina"));
  EXPECT_EQ(account_1().owner_state, AccountOwnerState::Pending);
  EXPECT_FALSE(usage_of(ledger, "otto", ScopeRef(ScopeType::EnrollmentAccount, "ea-1")).seen);
  EXPECT_TRUE(usage_of(ledger, "nina", ScopeRef(ScopeType::EnrollmentAccount, "ea-1")).seen);
}

TEST(Enrollments, TheLastEnterpriseAdministratorStays) {
  InMemoryLedger ledger = enterprise();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma")});
  ledger.when(RevokeRole{ScopeType::Enrollment, ScopeId("enr-1"), Role::EnterpriseAdministrator,
                         IdentityId("emma")})
      .then_rejected("LAST_SCOPE_OWNER");
}

TEST(Enrollments, RefuseWhatIsWrong) {
  InMemoryLedger ledger = enterprise();
  ledger.given({account("acc-m", AccountType::MOSP, "2024-03-01")});
  ledger.post({enrollment()}).then_rejected("ALREADY_EXISTS", "/data/enrollmentId");
  EnrollmentRegistered other = enrollment("5.00");
  other.enrollment_id = EnrollmentId("enr-2");
  other.account_id = AccountId("acc-m");
  ledger.post({other}).then_rejected("UNKNOWN_REFERENCE", "/data/accountId");
  other.account_id = AccountId("acc-e");
  other.prepayment = money("5.00", "USD");
  ledger.post({other}).then_rejected("CURRENCY_MISMATCH", "/data/prepayment/currency");
  other.prepayment = money("0.00");
  ledger.post({other}).then_rejected("INVALID_AMOUNT", "/data/prepayment/amount");
  other.prepayment.reset();
  other.recipients = {Personal<std::string>("nobody")};
  ledger.post({other}).then_rejected("INVALID_EMAIL", "/data/recipients/0");
  ledger.post({DepartmentCreated{DepartmentId("dep-1"), kEnrollment, "Again"}})
      .then_rejected("ALREADY_EXISTS", "/data/departmentId");
  ledger.post({DepartmentCreated{DepartmentId("dep-2"), EnrollmentId("none"), "X"}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/enrollmentId");
  ledger.post({enrollment_account("ea-1", "otto")})
      .then_rejected("ALREADY_EXISTS", "/data/enrollmentAccountId");
  ledger.post({enrollment_account("ea-3", "otto", DepartmentId("none"))})
      .then_rejected("UNKNOWN_REFERENCE", "/data/departmentId");
  ledger.post({AccountOwnerActivated{EnrollmentAccountId("none"), std::nullopt}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/enrollmentAccountId");
  ledger.post({AccountOwnerChanged{EnrollmentAccountId("none"), IdentityId("x"), std::nullopt}})
      .then_rejected("UNKNOWN_REFERENCE", "/data/enrollmentAccountId");
  ledger.post({subscription("sub-x", "acc-e", "2024-03-01")})
      .then_rejected("INVALID_FIELD", "/data/enrollmentAccountId");
  ledger.post({in_account(subscription("sub-x", "acc-m", "2024-03-01"), "ea-1")})
      .then_rejected("UNKNOWN_REFERENCE", "/data/enrollmentAccountId");
  ledger.when(UpdatePoNumber{kEnrollment, day("2024-01-05"), "PO"}).then_rejected("INVALID_TIME");
  ledger.when(UpdatePoNumber{kEnrollment, day("2024-03-05"), ""}).then_rejected("INVALID_STRING");
  ledger.when(UpdatePoNumber{EnrollmentId("none"), day("2024-03-05"), "PO"})
      .then_rejected("NOT_FOUND");
  ledger.when(RunEaInvoicing{day("2024-03-02")}).then_rejected("CLOCK_BEHIND");
  const ScopeId scope("enr-1");
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "nobody"})
      .then_rejected("INVALID_EMAIL");
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "ap@x.example"});
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "ap@X.example"})
      .then_rejected("DUPLICATE");
  ledger.when(RemoveEmailRecipient{ScopeType::Enrollment, scope, std::nullopt, "no@x.example"})
      .then_rejected("UNKNOWN_REFERENCE");
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "otto@x.example"}, as("jeroen"))
      .then_rejected("NOT_EA_ADMIN");
}

}  // namespace
}  // namespace daybook::testing
