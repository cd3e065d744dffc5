#include <gtest/gtest.h>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/facts/usage.h"
#include "ledger/domain/rules/access_rules.h"
#include "ledger/domain/rules/dunning.h"
#include "tests/domain/policies_support.h"
#include "tests/domain/enrollment_support.h"
#include "tests/domain/payment_support.h"
#include "tests/support/charge_facts.h"

/// Each policy by its first value and by another one: what becomes different.
namespace daybook::testing {
namespace {

void until(InMemoryLedger& ledger, std::string_view date) {
  ledger.when(AdvanceClock{midnight(date), true});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
}

InMemoryLedger mosp(PaymentFamily family = PaymentFamily::CreditCard) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02").given(
      {account("acc-1", AccountType::MOSP, "2024-02-02"), subscription("sub-01", "acc-1", "2024-02-02"),
       card("method-1", "acc-1", {"sub-01"}, family), linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

InMemoryLedger with_profile(AccountType type = AccountType::MCA, SalesChannel channel = SalesChannel::Website) {
  InMemoryLedger ledger;
  BillingAccountOpened opened = account("acc-2", type, "2024-03-01");
  opened.channel = channel;
  BillingProfileCreated created = profile("p-1", "acc-2");
  created.invoice_day.reset();
  SubscriptionCreated member = subscription("sub-01", "acc-2", "2024-03-01");
  if (type == AccountType::MPA) {
    member.profile_id = ProfileId("p-1");
  } else {
    member = in_section(member, "p-1");
  }
  ledger.at("2024-03-01").given({opened, created, member});
  return ledger;
}

std::vector<Date> issue_dates(const InMemoryLedger& ledger) {
  std::vector<Date> dates;
  for (const Invoice* invoice : ledger.invoices()) dates.push_back(invoice->issue_date);
  return dates;
}

// Reservations, Marketplace ------------------------------------------------------------------------

TEST(Policies, CF_08_ReservationsAreInvoicedByTheirPaymentModeOrAllTheSame) {
  const auto issued = [](std::optional<std::string_view> timing) {
    InMemoryLedger ledger = mosp();
    if (timing) set(ledger, "mosp.reservationTiming", *timing);
    ledger.at("2024-03-01").given({reserved("r-1", "sub-01", "400.00", ReservationPayment::card)});
    ledger.at("2024-03-30").given({reserved("r-2", "sub-01", "250.00", ReservationPayment::invoice)});
    until(ledger, "2024-04-30");
    return issue_dates(ledger);
  };
  EXPECT_EQ(issued(std::nullopt), (std::vector{day("2024-03-01"), day("2024-04-09")}));
  EXPECT_EQ(issued(R"("monthly")"), (std::vector{day("2024-04-09")}));
  EXPECT_EQ(issued(R"("immediate")"), (std::vector{day("2024-03-01"), day("2024-03-30")}));
}

TEST(Policies, TheDayOfMarketplaceInvoices) {
  InMemoryLedger ledger = mosp();
  ledger.given({bought("c-1", "sub-01", PurchaseKind::Marketplace, "10.00", "2024-02-20"),
                bought("c-2", "sub-01", PurchaseKind::Marketplace, "20.00", "2024-03-20"),
                bought("c-3", "sub-01", PurchaseKind::Marketplace, "30.00", "2024-04-20")});
  until(ledger, "2024-04-01");
  set(ledger, "mosp.marketplaceDay", "12");
  until(ledger, "2024-05-13");
  EXPECT_EQ(issue_dates(ledger), (std::vector{day("2024-03-09"), day("2024-04-12"), day("2024-05-12")}));
}

// Runs ---------------------------------------------------------------------------------------------

TEST(Policies, CF_10_TheInvoiceDayOfAProfileGoesByChannelAndType) {
  const auto day_of = [](AccountType type, SalesChannel channel, std::string_view policy, std::string_view value) {
    InMemoryLedger ledger;
    if (!policy.empty()) set(ledger, policy, value);
    BillingAccountOpened opened = account("acc-2", type, "2024-03-01");
    opened.channel = channel;
    BillingProfileCreated created = profile("p-1", "acc-2");
    created.invoice_day.reset();
    ledger.at("2024-03-01").given({opened, created});
    return ledger.state().profile(ProfileId("p-1"))->invoice_day;
  };
  EXPECT_EQ(day_of(AccountType::MCA, SalesChannel::Representative, "", ""), 5);
  EXPECT_EQ(day_of(AccountType::MCA, SalesChannel::Representative, "invoiceDay.representative", "6"), 6);
  EXPECT_EQ(day_of(AccountType::MCA, SalesChannel::Website, "", ""), 9);
  EXPECT_EQ(day_of(AccountType::MCA, SalesChannel::Website, "invoiceDay.website", "10"), 10);
  EXPECT_EQ(day_of(AccountType::MPA, SalesChannel::Website, "", ""), 8);
  EXPECT_EQ(day_of(AccountType::MPA, SalesChannel::Website, "invoiceDay.mpa", "28"), 28);
}

TEST(Policies, CF_11_AMonthWithoutChargesIsInvoicedOnlyIfThePolicySaysAlways) {
  InMemoryLedger ledger = with_profile();
  until(ledger, "2024-04-09");
  ASSERT_EQ(ledger.invoices().size(), 1u);
  EXPECT_EQ(ledger.invoices()[0]->total_minor, 0);

  set(ledger, "mca.alwaysInvoice", "false");
  ledger.given({cost("sub-01", "12.00", "2024-05-06")});
  until(ledger, "2024-05-09");
  EXPECT_EQ(ledger.invoices().size(), 1u) << "nothing is owed for April";
  const auto closed = ledger.outcome<PeriodClosedWithoutInvoice>();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_EQ(closed[0].profile_id, ProfileId("p-1"));
  EXPECT_EQ(closed[0].reason, NoInvoiceReason::NoUsage);
  EXPECT_EQ(closed[0].period, period("2024-04-01", "2024-05-01"));
  EXPECT_EQ(ledger.state().billed_period(ScopeRef(ProfileId("p-1")), InvoiceType::Profile, day("2024-04-01"))->reason,
            NoInvoiceReason::NoUsage);
  until(ledger, "2024-06-09");
  ASSERT_EQ(ledger.invoices().size(), 2u) << "May is owed";
  EXPECT_EQ(ledger.invoices()[1]->period, period("2024-05-01", "2024-06-01"));
  EXPECT_EQ(ledger.invoices()[1]->total_minor, 1200);
  ledger.when(RunInvoicing{day("2024-06-09")}).then_nothing();
}

TEST(Policies, CF_11_AMonthWithinCreditHasNoInvoiceThen) {
  InMemoryLedger ledger = with_profile();
  set(ledger, "mca.alwaysInvoice", "false");
  ledger.given({profile_credit("lot-1", "p-1", "100.00", "2024-03-01"), cost("sub-01", "30.00", "2024-03-07")});
  until(ledger, "2024-04-09");
  EXPECT_TRUE(ledger.invoices().empty());
  ASSERT_EQ(ledger.outcome<PeriodClosedWithoutInvoice>().size(), 1u);
  EXPECT_EQ(ledger.outcome<PeriodClosedWithoutInvoice>()[0].reason, NoInvoiceReason::WithinCredit);
  EXPECT_EQ(ledger.state().find<CreditLot>("lot-1")->left_minor, 7000);
}

TEST(Policies, CF_11_AProfileWithoutSubscriptionsIsNotAskedDayByDay) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2", 9)});
  set(ledger, "mca.alwaysInvoice", "false");
  const auto next = [&](std::string_view from) {
    return next_work(ledger.state(), AccountId("acc-2"), day(from), WorkKinds::invoicing());
  };
  EXPECT_EQ(next("2024-04-10"), day("2024-05-09"));
  // Nor one whose first subscription comes later.
  ledger.at("2024-05-20").given({in_section(subscription("sub-01", "acc-2", "2024-05-20"), "p-1")});
  EXPECT_EQ(next("2024-05-21"), day("2024-06-09"));
}

TEST(Policies, CF_09_AChangeMovesTheNextRunAndNoEarlierOne) {
  InMemoryLedger ledger = mosp();
  ledger.given({cost("sub-01", "10.00", "2024-02-10"), cost("sub-01", "20.00", "2024-03-10")});
  until(ledger, "2024-03-10");
  ASSERT_EQ(issue_dates(ledger), (std::vector{day("2024-03-02")}));
  set(ledger, "mosp.invoiceDay", R"("PERIOD_END_PLUS_1")");
  until(ledger, "2024-04-05");
  EXPECT_EQ(issue_dates(ledger), (std::vector{day("2024-03-02"), day("2024-04-02")}));
}

TEST(Policies, R_22_DocumentsAreDatedTheirRunForSoManyDays) {
  const auto issued = [](std::optional<std::string_view> days) {
    InMemoryLedger ledger = mosp();
    ledger.given({cost("sub-01", "10.00", "2024-02-10")});
    if (days) set(ledger, "invoice.lateAfterDays", *days);
    ledger.at("2024-03-05").when(RunInvoicing{day("2024-03-05")});
    return std::pair(ledger.invoices().at(0)->issue_date, ledger.alarms().size());
  };
  EXPECT_EQ(issued(std::nullopt), std::pair(day("2024-03-05"), std::size_t{1}));
  EXPECT_EQ(issued("3"), std::pair(day("2024-03-02"), std::size_t{0}));
}

TEST(Policies, T_EA_4_NoticeAndInvoiceOfAnEnrollment) {
  const auto dates = [](bool other) {
    InMemoryLedger ledger = enterprise();
    if (other) {
      set(ledger, "ea.noticeAfterDays", "3");
      set(ledger, "ea.invoiceAfterDays", "10");
    }
    ledger.given({cost("sub-e", "45.00", "2024-03-10")});
    until(ledger, "2024-04-20");
    const auto notices = ledger.outcome<OverageNotificationSent>();
    return std::pair(notices.at(0).sent_on, ledger.invoices().at(0)->issue_date);
  };
  EXPECT_EQ(dates(false), std::pair(day("2024-04-07"), day("2024-04-14")));
  EXPECT_EQ(dates(true), std::pair(day("2024-04-03"), day("2024-04-10")));
}

// Payment ------------------------------------------------------------------------------------------

TEST(Policies, PAY_4_TermsOfWhatNamesNone) {
  const auto terms = [](bool other) {
    InMemoryLedger ledger;
    if (other) {
      set(ledger, "payment.termDays", "14");
      set(ledger, "payment.mpaTermDays", "45");
    }
    ledger.at("2024-03-01").given(
        {account("acc-1", AccountType::MOSP, "2024-03-01"), subscription("sub-1", "acc-1", "2024-03-01"),
         card("wire-1", "acc-1", {"sub-1"}, PaymentFamily::CheckWire), account("acc-2", AccountType::MCA, "2024-03-01"),
         profile("p-2", "acc-2"), account("acc-3", AccountType::MPA, "2024-03-01"), profile("p-3", "acc-3"),
         cost("sub-1", "10.00", "2024-03-02")});
    until(ledger, "2024-04-08");
    std::vector<std::int64_t> days;
    for (const Invoice* invoice : ledger.invoices()) days.push_back(days_between(invoice->issue_date, invoice->due_date));
    return days;
  };
  EXPECT_EQ(terms(false), (std::vector<std::int64_t>{30, 30, 60}));
  EXPECT_EQ(terms(true), (std::vector<std::int64_t>{14, 14, 45}));
}

TEST(Policies, CF_17_TheWindowInWhichACardIsCharged) {
  InMemoryLedger ledger = two_on_a_card();
  const Invoice& invoice = *ledger.invoices().at(0);
  EXPECT_EQ(unreported_since(ledger.state().policies(), invoice), day("2024-05-13"));
  set(ledger, "mosp.chargeWindowDays", "3");
  EXPECT_EQ(unreported_since(ledger.state().policies(), invoice), day("2024-05-06"));
}

TEST(Policies, CF_20_WhatNobodyReportsStaysDueOrIsPastDue) {
  const auto status = [](bool other) {
    InMemoryLedger ledger = two_on_a_card();
    if (other) set(ledger, "card.unreported", R"("pastDueAfterWindow")");
    until(ledger, "2024-05-13");
    return ledger.invoices().at(0)->status;
  };
  EXPECT_EQ(status(false), InvoiceStatus::Due);
  EXPECT_EQ(status(true), InvoiceStatus::PastDue);
}

TEST(Policies, TheLadderOfUnpaidInvoices) {
  const auto steps = [](bool other) {
    InMemoryLedger ledger = two_on_a_card();
    if (other) {
      set(ledger, "dunning.warnDays", "5");
      set(ledger, "dunning.disableDays", "10");
      set(ledger, "dunning.deleteDays", "20");
    }
    ledger.given({decline(ledger.invoices().at(0)->invoice_id, "p-1")});
    std::vector<Date> days;
    until(ledger, "2024-09-30");
    for (const auto& event : ledger.outcome<SubscriptionWarned>()) days.push_back(event.effective_on);
    for (const auto& event : ledger.outcome<SubscriptionDisabled>()) days.push_back(event.effective_on);
    for (const auto& event : ledger.outcome<SubscriptionDeleted>()) days.push_back(*event.effective_on);
    days.erase(std::unique(days.begin(), days.end()), days.end());
    return days;
  };
  EXPECT_EQ(steps(false), (std::vector{day("2024-05-23"), day("2024-06-01"), day("2024-08-30")}));
  EXPECT_EQ(steps(true), (std::vector{day("2024-05-07"), day("2024-05-12"), day("2024-06-01")}));
}

TEST(Policies, ADeclinedCardIsToBeTriedAgainOnTheseDays) {
  InMemoryLedger ledger = two_on_a_card();
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  const auto next = [&] { return retry_day(ledger.state().policies(), *ledger.state().invoice(id)); };
  EXPECT_EQ(next(), std::nullopt) << "nothing was declined";
  ledger.given({decline(id, "p-1")});
  EXPECT_EQ(next(), day("2024-05-05"));
  ledger.at("2024-05-05").given({decline(id, "p-2")});
  EXPECT_EQ(next(), day("2024-05-09"));
  set(ledger, "dunning.retryDays", "[1,2,30]");
  EXPECT_EQ(next(), day("2024-06-01"));
  set(ledger, "dunning.retryDays", "[]");
  EXPECT_EQ(next(), std::nullopt);
  set(ledger, "dunning.retryDays", "[30]");
  ledger.given({payment(id, "p-3", "30.00")});
  EXPECT_EQ(next(), std::nullopt) << "it is paid";
}

TEST(Policies, PAY_2_WhatACardMayPayAtOnce) {
  const auto refusal = [](bool other) {
    InMemoryLedger ledger = with_profile(AccountType::MCA, SalesChannel::Representative);
    if (other) set(ledger, "payment.cardLimit", "90");
    ledger.given({card("card-2", "acc-2"), cost("sub-01", "100.00", "2024-03-07")});
    until(ledger, "2024-04-05");
    ledger.when(PayNow{ledger.invoices().at(0)->invoice_id, MethodId("card-2"), {}});
    return ledger.error() ? std::string(ledger.error()->code) : "";
  };
  EXPECT_EQ(refusal(false), "");
  EXPECT_EQ(refusal(true), "AMOUNT_OVER_CARD_LIMIT");
}

// Reservations given back --------------------------------------------------------------------------

TEST(Policies, TheLimitOfRefundsAndHowLongTheyCount) {
  InMemoryLedger ledger = with_profile();
  set(ledger, "reservation.refundLimit", "1000");
  set(ledger, "reservation.refundLimitDays", "10");
  ledger.at("2024-03-05").given({reserved("r-1", "sub-01", "800.00", ReservationPayment::invoice),
                                 reserved("r-2", "sub-01", "800.00", ReservationPayment::invoice)});
  const auto refund = [](std::string_view id) {
    RefundReservation command;
    command.reservation_id = ReservationId(std::string(id));
    return command;
  };
  ledger.when(refund("r-1"));
  EXPECT_FALSE(ledger.error());
  ledger.when(refund("r-2")).then_rejected("REFUND_LIMIT_EXCEEDED");
  ledger.at("2024-03-15").when(refund("r-2"));
  EXPECT_FALSE(ledger.error());
}

// Mail ---------------------------------------------------------------------------------------------

TEST(Policies, EML_22_AdministratorsAreToldOfAnInvoiceOnlyIfThePolicySaysSo) {
  InMemoryLedger ledger = mosp();
  ledger.given({cost("sub-01", "10.00", "2024-02-10"), cost("sub-01", "20.00", "2024-03-10")});
  until(ledger, "2024-03-02");
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  const InvoiceId earlier = ledger.invoices().at(0)->invoice_id;

  set(ledger, "email.invoiceReady", R"("administrators")");
  until(ledger, "2024-04-02");
  auto queued = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(queued.size(), 1u);
  EXPECT_EQ(queued[0].kind, EmailKind::InvoiceReady);
  EXPECT_EQ(queued[0].because, EmailBecause::AccountAdministrator);
  EXPECT_EQ(*queued[0].address.value, "jeroen@contoso.example");
  // Not of what was issued before the policy.
  ledger.when(DeliverInvoiceEmails{earlier}).then_nothing();

  // Opted in he gets the invoice itself, and no second mail.
  ledger.when(AcceptEmailTerms{ScopeType::Subscription, ScopeId("sub-01"), "1"}, as("jeroen"));
  ledger.when(OptInEmailInvoice{ScopeType::Subscription, ScopeId("sub-01"), {}, {}}, as("jeroen"));
  ledger.given({cost("sub-01", "30.00", "2024-04-10")});
  until(ledger, "2024-05-02");
  queued = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(queued.size(), 1u);
  EXPECT_EQ(queued[0].kind, EmailKind::InvoicePdf);
}

TEST(Policies, EML_22_OfAProfileWritersAndInvoiceManagersAreTold) {
  InMemoryLedger ledger = with_profile();
  set(ledger, "email.invoiceReady", R"("administrators")");
  for (const auto& [who, what] : {std::pair("olga", Role::Owner), std::pair("carl", Role::Contributor),
                                  std::pair("rita", Role::Reader), std::pair("mona", Role::InvoiceManager)}) {
    ledger.given({linked(who, std::string(who) + "@contoso.example"), role(ScopeType::Profile, "p-1", what, who)});
  }
  until(ledger, "2024-04-09");
  std::set<std::string> told;
  for (const auto& mail : ledger.outcome<InvoiceEmailQueued>()) {
    EXPECT_EQ(mail.kind, EmailKind::InvoiceReady);
    told.insert(mail.identity_id->text());
  }
  EXPECT_EQ(told, (std::set<std::string>{"olga", "carl", "mona"}));
}

TEST(Policies, InvitationsHoldForSoManyDays) {
  InMemoryLedger ledger = with_profile();
  set(ledger, "invitations.days", "5");
  AssignRole wish;
  wish.scope_type = ScopeType::Profile;
  wish.scope_id = ScopeId("p-1");
  wish.role = Role::Reader;
  wish.email = "new@contoso.example";
  ledger.when(wish);
  ASSERT_EQ(ledger.outcome<RoleInvited>().size(), 1u);
  EXPECT_EQ(ledger.outcome<RoleInvited>()[0].expires_on, day("2024-03-06"));
}

// Access -------------------------------------------------------------------------------------------

TEST(Policies, CF_07_WhichRolesCountForAPartner) {
  InMemoryLedger ledger = with_profile(AccountType::MPA);
  ledger.given({role(ScopeType::Account, "acc-2", Role::GlobalAdministrator, "gina"),
                role(ScopeType::Profile, "p-1", Role::Reader, "rita")});
  const auto sees = [&](std::string_view who) {
    return may(ledger.state(), as(who), Action::ViewInvoices, AccessObject::of(ScopeRef(ProfileId("p-1")))).allowed;
  };
  EXPECT_TRUE(sees("gina") && sees("rita"));
  set(ledger, "mpa.access", R"("profileRoles")");
  EXPECT_TRUE(!sees("gina") && sees("rita"));
  set(ledger, "mpa.access", R"("partnerRoles")");
  EXPECT_TRUE(sees("gina") && !sees("rita"));
}

TEST(Policies, ROL_3a_FromWhichDayOthersSeeInvoices) {
  InMemoryLedger ledger = mosp();
  ledger.given({role(ScopeType::Subscription, "sub-01", Role::Reader, "rita"), cost("sub-01", "10.00", "2024-02-10")});
  ledger.when(SetInvoiceSharing{SubscriptionId("sub-01"), true}, as("jeroen"));
  until(ledger, "2024-03-02");
  const auto sees = [&] {
    return may(ledger.state(), as("rita"), Action::ViewInvoices, AccessObject::of(*ledger.invoices().at(0))).allowed;
  };
  EXPECT_TRUE(sees());
  set(ledger, "mosp.delegatedFrom", R"("2024-03-03")");
  EXPECT_FALSE(sees());
  set(ledger, "mosp.delegatedFrom", R"("none")");
  EXPECT_TRUE(sees());
}

}  // namespace
}  // namespace daybook::testing
