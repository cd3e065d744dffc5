#include <gtest/gtest.h>

#include "ledger/domain/answers/alarms_answer.h"
#include "ledger/domain/answers/enrollment_answer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/domain/enrollment_support.h"

/// Acceptance scenarios of domain.md 10 by their numbers: who sees and receives what of an enterprise
/// agreement.
namespace daybook::testing {
namespace {

TEST(Scenarios, SC_68_AnAccountOwnerSeesChargesByThePolicyAlone) {
  InMemoryLedger ledger = enterprise();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma"),
                role(ScopeType::Department, "dep-1", Role::DepartmentAdministrator, "dora"),
                in_account(subscription("sub-2", "acc-e", "2024-03-01"), "ea-2"),
                cost("sub-e", "10.00", "2024-03-10"), cost("sub-2", "99.00", "2024-03-10")});
  const ScopeRef own(ScopeType::EnrollmentAccount, "ea-1");
  const ScopeRef other(ScopeType::EnrollmentAccount, "ea-2");
  const ScopeRef department(ScopeType::Department, "dep-1");
  EXPECT_EQ(usage_of(ledger, "otto", own), (Permission{false, true, "VIEW_CHARGES_OFF"}));
  EXPECT_EQ(usage_of(ledger, "dora", department), (Permission{false, true, "VIEW_CHARGES_OFF"}));
  EXPECT_TRUE(usage_of(ledger, "emma", kScope).allowed);
  EXPECT_TRUE(usage_of(ledger, "emma", own).allowed);
  ledger.when(SetEnrollmentPolicy{kEnrollment, EnrollmentPolicy::accountOwnerViewCharges, true},
              as("otto"))
      .then_rejected("NOT_EA_ADMIN");
  ledger.when(SetEnrollmentPolicy{kEnrollment, EnrollmentPolicy::accountOwnerViewCharges, true},
              as("emma"))
      .then({EnrollmentPolicyChanged{kEnrollment, EnrollmentPolicy::accountOwnerViewCharges,
                                     true}});
  EXPECT_TRUE(usage_of(ledger, "otto", own).allowed);
  EXPECT_FALSE(usage_of(ledger, "otto", other).seen);
  EXPECT_FALSE(usage_of(ledger, "otto", kScope).allowed);
  EXPECT_EQ(usage_of(ledger, "dora", department), (Permission{false, true, "VIEW_CHARGES_OFF"}));
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(), as("otto"), own,
                                               {}, ledger.now());
  ASSERT_TRUE(months.has_value());
  ASSERT_EQ(months->items.size(), 1u);
  EXPECT_EQ(months->items[0].total, money("10.00"));
  EXPECT_EQ(months->items[0].service_overage, std::nullopt);
}

TEST(EnrollmentAccess, ARoleBelowItDoesNotOpenIt) {
  InMemoryLedger ledger = enterprise();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma"),
                role(ScopeType::Department, "dep-1", Role::DepartmentAdministrator, "dora")});
  const auto ask = [&](std::string_view who) {
    return enrollment_answer(ledger.state(), as(who), kEnrollment, ledger.now().date());
  };
  EXPECT_TRUE(ask("emma"));
  EXPECT_EQ(permission_reason(ask("dora").error()), "EA_NOT_IN_PORTAL");
  EXPECT_EQ(permission_reason(ask("otto").error()), "EA_NOT_IN_PORTAL");
  EXPECT_TRUE(department_answer(ledger.state(), as("dora"), DepartmentId("dep-1")));
  EXPECT_TRUE(enrollment_account_answer(ledger.state(), as("otto"), EnrollmentAccountId("ea-1")));
}

TEST(EnrollmentAccess, ADepartmentsHeadHandsOnBillingReaderAndNothingMore) {
  InMemoryLedger ledger = enterprise();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma"),
                role(ScopeType::Department, "dep-1", Role::DepartmentAdministrator, "dora"),
                role(ScopeType::Subscription, "sub-e", Role::Owner, "sam")});
  const ScopeId sub("sub-e");
  const auto assign = [&](Role what, std::string_view who) {
    return AssignRole{ScopeType::Subscription, sub, what, IdentityId(std::string(who)), {}};
  };
  for (const std::string_view who : {"dora", "otto"}) {
    ledger.when(assign(Role::Owner, who), as(who)).then_rejected("NO_PERMISSION");
    EXPECT_EQ(ledger.error()->kind, ErrorKind::Forbidden);
    ledger.when(assign(Role::Contributor, "x"), as(who)).then_rejected("NO_PERMISSION");
    ledger.when(RevokeRole{ScopeType::Subscription, sub, Role::Owner, IdentityId("sam")}, as(who))
        .then_rejected("NO_PERMISSION");
    const std::string reader = "reader-of-" + std::string(who);
    ledger.when(assign(Role::BillingReader, reader), as(who))
        .then({RoleAssigned{ScopeType::Subscription, sub, Role::BillingReader, IdentityId(reader)}});
    ledger.when(RevokeRole{ScopeType::Subscription, sub, Role::BillingReader, IdentityId(reader)},
                as(who))
        .then({RoleRevoked{ScopeType::Subscription, sub, Role::BillingReader, IdentityId(reader)}});
  }
  // Of the department itself, its administrators.
  ledger.when(AssignRole{ScopeType::Department, ScopeId("dep-1"), Role::DepartmentAdministrator,
                         IdentityId("dave"), {}},
              as("dora"));
  EXPECT_EQ(ledger.outcome<RoleAssigned>().size(), 1u);
  ledger.when(AssignRole{ScopeType::Department, ScopeId("dep-1"), Role::DepartmentAdministrator,
                         IdentityId("dave"), {}},
              as("otto"))
      .then_rejected("NO_PERMISSION");
}

TEST(EnrollmentAccess, ADepartmentsHeadWithdrawsInvitationsToBillingReaderAlone) {
  InMemoryLedger ledger = enterprise();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma"),
                role(ScopeType::Department, "dep-1", Role::DepartmentAdministrator, "dora")});
  const auto invited = [&](Role what, std::string_view by) {
    ledger.when(AssignRole{ScopeType::Subscription, ScopeId("sub-e"), what, {}, "new@contoso.example"},
                as(by));
    return ledger.outcome<RoleInvited>().at(0).invitation_id;
  };
  const InvitationId owner = invited(Role::Owner, "emma");
  const InvitationId reader = invited(Role::BillingReader, "dora");
  ledger.when(WithdrawInvitation{owner}, as("dora")).then_rejected("NO_PERMISSION");
  ledger.when(WithdrawInvitation{InvitationId("no")}, as("dora")).then_rejected("NOT_FOUND");
  ledger.when(WithdrawInvitation{reader}, as("dora"));
  EXPECT_EQ(ledger.outcome<RoleInvitationWithdrawn>().size(), 1u);
}

TEST(Scenarios, SC_69_InvoicesAreInThePortalByPolicyAndForAdministratorsAlone) {
  InMemoryLedger ledger = sc_20();
  ledger.given({role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "emma"),
                role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministratorReadOnly, "rex")});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  const AccessObject invoice = AccessObject::of(*ledger.invoices()[0]);
  const auto view = [&](std::string_view who) {
    return may(ledger.state(), as(who), Action::ViewInvoices, invoice);
  };
  EXPECT_EQ(view("emma"), (Permission{false, true, "EA_NOT_IN_PORTAL"}));
  ledger.when(SetPolicy{"ea.portalInvoices", {"true"}, std::nullopt});
  EXPECT_TRUE(view("emma").allowed);
  EXPECT_EQ(view("rex"), (Permission{false, true, "EA_NOT_IN_PORTAL"}));
}

TEST(Scenarios, SC_101_TheInvoiceGoesToTheRecipientsAsTheyStand) {
  InMemoryLedger ledger = sc_20();
  const ScopeId scope("enr-1");
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "ap@x.example"});
  ledger.when(AdvanceClock{midnight("2024-04-13"), true});
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, scope, "ap2@x.example"});
  ledger.when(
      RemoveEmailRecipient{ScopeType::Enrollment, scope, std::nullopt, "ap@x.example"});
  EXPECT_EQ(ledger.outcome<EnrollmentRecipientRemoved>().size(), 1u);
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].address.value, "ap2@x.example");
  EXPECT_EQ(mails[0].because, EmailBecause::Enrollment);
}

TEST(Scenarios, SC_104_TheRowOfAMonth) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  const auto months = enrollment_months_answer(ledger.state(), ledger.usage(),
                                               Viewer::operating(), kScope, {}, ledger.now());
  ASSERT_TRUE(months.has_value());
  ASSERT_EQ(months->items.size(), 2u);
  EXPECT_EQ(months->items[0].month, "2024-04");
  EXPECT_FALSE(months->items[0].closed);
  const EnrollmentMonthView& march = months->items[1];
  EXPECT_EQ(march.month, "2024-03");
  EXPECT_TRUE(march.closed);
  EXPECT_EQ(march.charges_against_credits, money("1000.00"));
  EXPECT_EQ(march.service_overage, money("200.00"));
  EXPECT_EQ(march.billed_separately, money("0.00"));
  EXPECT_EQ(march.marketplace, money("50.00"));
  EXPECT_EQ(march.total, money("1250.00"));
}

TEST(Scenarios, SC_116_WithoutRecipientsTheFirstOneGetsWhatWasNotSent) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  ASSERT_EQ(ledger.alarms().size(), 1u);
  EXPECT_EQ(ledger.alarms()[0].code, "NO_INVOICE_RECIPIENT");
  const InvoiceId invoice = ledger.invoices()[0]->invoice_id;
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, ScopeId("enr-1"), "ap@x.example"});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].invoice_id, invoice);
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, ScopeId("enr-1"), "ap2@x.example"});
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
}

/// EML-23: a list whose addresses were all erased has nobody on it.
TEST(Scenarios, SC_116_AnErasedRecipientIsNone) {
  InMemoryLedger ledger = sc_20();
  EnrollmentRecipientAdded erased;
  erased.enrollment_id = kEnrollment;
  erased.recipient_id = RecipientId("r-1");
  ledger.record(erased);
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  ASSERT_EQ(ledger.alarms().size(), 1u);
  EXPECT_EQ(ledger.alarms()[0].code, "NO_INVOICE_RECIPIENT");
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, ScopeId("enr-1"), "ap@x.example"});
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].address.value, "ap@x.example");
  EXPECT_TRUE(ledger.state().enrollment(kEnrollment)->unsent.empty());
}

TEST(Scenarios, SC_116_AVoidInvoiceIsNotSentAnyMore) {
  InMemoryLedger ledger = sc_20();
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  const InvoiceId invoice = ledger.invoices().at(0)->invoice_id;
  const auto alarms = [&] {
    const auto view = alarms_answer(ledger.state(), ledger.usage(), day("2024-04-14"), std::nullopt);
    EXPECT_TRUE(view);
    return view ? view->items.size() : 99;
  };
  EXPECT_EQ(alarms(), 1u);
  ledger.when(VoidInvoice{invoice, "wrong name", false});
  ASSERT_FALSE(ledger.error());
  EXPECT_EQ(alarms(), 0u);
  ledger.when(AddEmailRecipient{ScopeType::Enrollment, ScopeId("enr-1"), "ap@x.example"});
  EXPECT_EQ(ledger.outcome<EnrollmentRecipientAdded>().size(), 1u);
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
}

}  // namespace
}  // namespace daybook::testing
