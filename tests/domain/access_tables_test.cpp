#include <sstream>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/facts/enrollment.h"
#include "ledger/domain/rules/access_rules.h"
#include "tests/domain/answers_support.h"

/// The tables of domain.md 5.1 to 5.3, read back cell by cell: `+` allowed, `-` denied; other signs
/// stand for a condition that is tested both ways.
namespace daybook::testing {
namespace {

/// A row of a table: what is done, and a sign for each person, separated by blanks.
struct Row {
  std::string_view what;
  Action action;
  std::string_view signs;
};

std::vector<std::string> words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> result;
  for (std::string word; in >> word;) result.push_back(word);
  return result;
}

/// Checks a row; `conditions` says what a sign other than + and - is worth now.
void check(const StateReader& state, const Row& row, const std::vector<std::string>& people,
           const AccessObject& object, const std::map<std::string, bool>& conditions = {}) {
  const std::vector<std::string> signs = words(row.signs);
  ASSERT_EQ(signs.size(), people.size()) << row.what;
  for (std::size_t i = 0; i < people.size(); ++i) {
    bool expected = signs[i] == "+";
    if (signs[i] != "+" && signs[i] != "-") expected = conditions.at(signs[i]);
    const Permission permission = may(state, as(people[i]), row.action, object);
    EXPECT_EQ(permission.allowed, expected) << row.what << " by " << people[i];
    if (permission.allowed) {
      EXPECT_EQ(permission.reason, "") << row.what << " by " << people[i];
    } else {
      EXPECT_NE(permission.reason, "") << row.what << " by " << people[i];
    }
  }
}

// 5.1

const std::vector<std::string> kMospPeople = {"jeroen",  "owner",   "contributor", "reader",
                                              "service", "co-admin", "biller",      "nobody"};

InMemoryLedger mosp() {
  InMemoryLedger ledger;
  ledger.at("2024-03-05").given(jeroens_account());
  SubscriptionCreated own = subscription("sub-sup", "acc-1", "2024-03-05");
  own.offer_id = OfferId("MS-AZR-0041P");
  ledger.given({own, support_plan("plan-1", "sub-sup", "100.00", "2024-03-05"),
                cost("sub-01", "40.00", "2024-03-06")});
  for (const std::string_view scope : {"sub-01", "sub-sup"}) {
    ledger.given({role(ScopeType::Subscription, scope, Role::Owner, "owner"),
                  role(ScopeType::Subscription, scope, Role::Contributor, "contributor"),
                  role(ScopeType::Subscription, scope, Role::Reader, "reader"),
                  role(ScopeType::Subscription, scope, Role::ServiceAdministrator, "service"),
                  role(ScopeType::Subscription, scope, Role::CoAdministrator, "co-admin"),
                  role(ScopeType::Subscription, scope, Role::BillingReader, "biller")});
  }
  run(ledger, "2024-05-02");
  return ledger;
}

TEST(AccessTables, OfMosp) {
  //                                                                   AA O C R SA CA BR none
  constexpr auto kTable = std::to_array<Row>({
      {"service invoice PDF", Action::ViewInvoices,                   "+ t t t t t t -"},
      {"daily usage CSV", Action::DownloadUsage,                      "+ t t t t t t -"},
      {"usage by billing API", Action::ViewUsage,                     "+ + + + + + + -"},
      {"history, current statement", Action::ViewBillingHistory,      "+ - - - - - - -"},
      {"the toggle", Action::SetInvoiceSharing,                       "+ - - - - - - -"},
      {"e-mail invoices, terms, recipients", Action::ChangeEmailPreference, "+ - - - - - - -"},
      {"settle balance, pay", Action::Pay,                            "+ - - - - - - -"},
      {"change card", Action::ManagePaymentMethods,                   "+ - - - - - - -"},
      {"sold-to, tax id", Action::UpdateProperties,                   "+ - - - - - - -"},
      {"roles of the subscription (5.5)", Action::AssignRoles,        "+ + - - - - - -"},
      {"its billing readers (5.5)", Action::AssignBillingReader,      "+ + - - - - - -"},
      {"reactivate (5.5)", Action::ReactivateSubscription,            "+ + - - - - - -"},
      {"price sheet (DOC-2)", Action::ViewPrices,                     "+ - - - - - - -"},
  });
  InMemoryLedger ledger = mosp();
  for (const bool shared : {false, true}) {
    if (shared) ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
    for (const Row& row : kTable) {
      check(ledger.state(), row, kMospPeople, AccessObject::of(ScopeRef(kSub01)), {{"t", shared}});
    }
  }
}

TEST(AccessTables, OfMospDocuments) {
  InMemoryLedger ledger = mosp();
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  const Row service{"service invoice", Action::ViewInvoices, "+ + + + + + + -"};
  const Row support{"support-plan invoice", Action::ViewInvoices, "+ - - - - - - -"};
  const Row old{"before December 2016", Action::ViewInvoices, "+ - - - - - - -"};
  for (const Invoice* invoice : ledger.invoices()) {
    const bool is_support = invoice->type == InvoiceType::AzureSupport;
    check(ledger.state(), is_support ? support : service, kMospPeople, AccessObject::of(*invoice));
    if (is_support) continue;
    Invoice dated = *invoice;
    dated.issue_date = day("2016-11-30");
    check(ledger.state(), old, kMospPeople, AccessObject::of(dated));
    dated.issue_date = day("2016-12-01");
    check(ledger.state(), service, kMospPeople, AccessObject::of(dated));
    dated.type = InvoiceType::AzureMarketplace;
    check(ledger.state(), service, kMospPeople, AccessObject::of(dated));
  }
}

// 5.2

const std::vector<std::string> kProfilePeople = {"ba-o", "ba-c", "ba-r", "bp-o", "bp-c", "bp-r",
                                                 "im",   "is-o", "is-c", "is-r", "sc"};

InMemoryLedger of_profiles(AccountType type) {
  InMemoryLedger ledger;
  SubscriptionCreated held = subscription("sub-01", "acc", "2024-03-05");
  if (type == AccountType::MCA) {
    held = in_section(held, "S1");
  } else {
    held.profile_id = ProfileId("P1");
  }
  ledger.at("2024-03-01").given(
      {account("acc", type, "2024-03-01"), profile("P1", "acc"), section("S1", "P1"), held,
       role(ScopeType::Account, "acc", Role::Owner, "ba-o"),
       role(ScopeType::Account, "acc", Role::Contributor, "ba-c"),
       role(ScopeType::Account, "acc", Role::Reader, "ba-r"),
       role(ScopeType::Profile, "P1", Role::Owner, "bp-o"),
       role(ScopeType::Profile, "P1", Role::Contributor, "bp-c"),
       role(ScopeType::Profile, "P1", Role::Reader, "bp-r"),
       role(ScopeType::Profile, "P1", Role::InvoiceManager, "im"),
       role(ScopeType::Section, "S1", Role::Owner, "is-o"),
       role(ScopeType::Section, "S1", Role::Contributor, "is-c"),
       role(ScopeType::Section, "S1", Role::Reader, "is-r"),
       role(ScopeType::Section, "S1", Role::SubscriptionCreator, "sc")});
  return ledger;
}

TEST(AccessTables, OfMcaAndMpa) {
  //                                                         BA-O C R BP-O C R IM IS-O C R SC
  constexpr auto kTable = std::to_array<Row>({
      {"view invoices", Action::ViewInvoices,                  "+ + + + + + + - - - -"},
      {"usage file, tax documents", Action::DownloadUsage,     "+ + + + + + + - - - -"},
      {"price sheet", Action::ViewPrices,                      "+ + + + + + + - - - -"},
      {"month-to-date usage", Action::ViewUsage,               "+ + + + + + + - - - -"},
      {"pay by card", Action::Pay,                             "+ p - + + - + - - - -"},
      {"e-mail preference", Action::ChangeEmailPreference,     "+ + - + + - - - - - -"},
      {"profile properties", Action::UpdateProperties,         "+ + - + + - - - - - -"},
      {"payment methods", Action::ManagePaymentMethods,        "+ + - + + - - - - - -"},
      {"credit balance", Action::TrackCredit,                  "+ + + + + + + - - - -"},
      {"assign profile roles", Action::AssignRoles,            "+ - - + - - - - - - -"},
      {"create section", Action::CreateSection,                "+ + - + + - - - - - -"},
      {"create subscription", Action::CreateSubscription,      "+ + - + + - m - - - -"},
  });
  for (const AccountType type : {AccountType::MCA, AccountType::MPA}) {
    InMemoryLedger ledger = of_profiles(type);
    const AccessObject object = AccessObject::of(ScopeRef(ProfileId("P1")));
    for (const bool contributor_pays : {false, true}) {
      if (contributor_pays)
        ledger.when(SetPolicy{"mca.accountContributorPays", JsonText{"true"}, {}});
      for (const Row& row : kTable)
        check(ledger.state(), row, kProfilePeople, object, {{"p", contributor_pays}, {"m", true}});
    }
    // CF-14: at profile scope by default, else always or never.
    ledger.when(SetPolicy{"mca.invoiceManagerCreates", JsonText{"\"never\""}, {}});
    check(ledger.state(), kTable.back(), kProfilePeople, object, {{"m", false}});
  }
}

TEST(AccessTables, OfAnAccountOfProfiles) {
  //                                                   BA-O C R BP-O C R IM IS-O C R SC
  constexpr auto kTable = std::to_array<Row>({
      {"assign account roles", Action::AssignRoles,      "+ - - - - - - - - - -"},
      {"create profile", Action::CreateProfile,          "+ + - - - - - - - - -"},
      {"customers' cost visibility (5.5)", Action::SetCostVisibility, "+ - - - - - - - - - -"},
      {"invoices of all profiles", Action::ViewInvoices, "+ + + - - - - - - - -"},
  });
  const InMemoryLedger ledger = of_profiles(AccountType::MPA);
  for (const Row& row : kTable)
    check(ledger.state(), row, kProfilePeople, AccessObject::of(ScopeRef(AccountId("acc"))));
}

TEST(AccessTables, OfASection) {
  //                                                         BA-O C R BP-O C R IM IS-O C R SC
  const Row creates{"create subscription", Action::CreateSubscription, "+ + - + + - m + + - +"};
  const Row invoices{"view invoices", Action::ViewInvoices, "+ + + + + + + - - - -"};
  InMemoryLedger ledger = of_profiles(AccountType::MCA);
  const AccessObject object = AccessObject::of(ScopeRef(SectionId("S1")));
  check(ledger.state(), creates, kProfilePeople, object, {{"m", false}});
  check(ledger.state(), invoices, kProfilePeople, object);
  ledger.when(SetPolicy{"mca.invoiceManagerCreates", JsonText{"\"always\""}, {}});
  check(ledger.state(), creates, kProfilePeople, object, {{"m", true}});
}

TEST(AccessTables, OfASubscriptionOfAProfile) {
  std::vector<std::string> people = kProfilePeople;
  people.insert(people.end(), {"owner", "contributor", "biller"});
  //                                                         BA-O C R BP-O C R IM IS-O C R SC O C BR
  const Row mca{"roles of the subscription (5.5)", Action::AssignRoles, "+ - - + - - - + - - - + - -"};
  const Row mpa{"roles of the subscription (5.5)", Action::AssignRoles, "+ - - + - - - - - - - + - -"};
  for (const AccountType type : {AccountType::MCA, AccountType::MPA}) {
    InMemoryLedger ledger = of_profiles(type);
    ledger.given({role(ScopeType::Subscription, "sub-01", Role::Owner, "owner"),
                  role(ScopeType::Subscription, "sub-01", Role::Contributor, "contributor"),
                  role(ScopeType::Subscription, "sub-01", Role::BillingReader, "biller")});
    Row row = type == AccountType::MCA ? mca : mpa;
    check(ledger.state(), row, people, AccessObject::of(ScopeRef(kSub01)));
    row.action = Action::AssignBillingReader;
    check(ledger.state(), row, people, AccessObject::of(ScopeRef(kSub01)));
  }
}

// 5.3

const std::vector<std::string> kEnrollmentPeople = {"eadm",  "eadm-ro", "purchaser", "da",
                                                    "da-ro", "ao",      "partner"};

InMemoryLedger of_enrollment(EnrollmentChannel channel) {
  InMemoryLedger ledger;
  EnrollmentRegistered enrollment;
  enrollment.enrollment_id = EnrollmentId("EN1");
  enrollment.account_id = AccountId("ea");
  enrollment.start_date = day("2024-01-01");
  enrollment.channel = channel;
  enrollment.billing_cycle = BillingCycle::Monthly;
  EnrollmentAccountAdded added;
  added.enrollment_account_id = EnrollmentAccountId("A1");
  added.enrollment_id = EnrollmentId("EN1");
  added.department_id = DepartmentId("D1");
  added.name = "Lab";
  added.owner_identity_id = IdentityId("ao");
  SubscriptionCreated held = subscription("sub-01", "ea", "2024-01-10");
  held.enrollment_account_id = EnrollmentAccountId("A1");
  const auto of = [](Role what, std::string_view who) {
    return role(ScopeType::Enrollment, "EN1", what, who);
  };
  ledger.at("2024-01-01").given(
      {account("ea", AccountType::EA, "2024-01-01"), enrollment,
       DepartmentCreated{DepartmentId("D1"), EnrollmentId("EN1"), "Research"}, added, held,
       of(Role::EnterpriseAdministrator, "eadm"),
       of(Role::EnterpriseAdministratorReadOnly, "eadm-ro"),
       of(Role::EnterprisePurchaser, "purchaser"), of(Role::PartnerAdministrator, "partner"),
       role(ScopeType::Department, "D1", Role::DepartmentAdministrator, "da"),
       role(ScopeType::Department, "D1", Role::DepartmentAdministratorReadOnly, "da-ro")});
  return ledger;
}

TEST(AccessTables, OfEnterpriseAgreements) {
  //                                                           EAdm ro P DA ro AO partner
  constexpr auto kTable = std::to_array<Row>({
      {"usage and cost details", Action::ViewUsage,              "+ + + d d a +"},
      {"month download", Action::DownloadUsage,                  "+ + + d d a +"},
      {"invoice PDF (CF-02)", Action::ViewInvoices,              "i - - - - - -"},
      {"credit balance", Action::TrackCredit,                    "+ + + - - - +"},
      {"price sheet", Action::ViewPrices,                        "+ + + - - - +"},
      {"policies", Action::SetEnrollmentPolicy,                  "+ - - - - - -"},
      {"purchase order", Action::UpdatePoNumber,                 "+ - - - - - x"},
      {"notification contacts (EML-23)", Action::ChangeEmailPreference, "+ - - - - - x"},
      {"create subscriptions", Action::CreateSubscription,       "- - - - - + -"},
      {"pay", Action::Pay,                                       "- - - - - - -"},
  });
  for (const EnrollmentChannel channel :
       {EnrollmentChannel::Direct, EnrollmentChannel::Indirect}) {
    InMemoryLedger ledger = of_enrollment(channel);
    // At the account of the owner everybody's condition can be met.
    const AccessObject object =
        AccessObject::of(ScopeRef(ScopeType::EnrollmentAccount, "A1"));
    const bool indirect = channel == EnrollmentChannel::Indirect;
    for (const bool on : {false, true}) {
      if (on) {
        const EnrollmentId id("EN1");
        const Viewer administrator = as("eadm");
        ledger.when(SetEnrollmentPolicy{id, EnrollmentPolicy::departmentAdminViewCharges, true},
                    administrator);
        ledger.when(SetEnrollmentPolicy{id, EnrollmentPolicy::accountOwnerViewCharges, true},
                    administrator);
        ledger.when(SetPolicy{"ea.portalInvoices", JsonText{"true"}, {}});
      }
      for (const Row& row : kTable) {
        check(ledger.state(), row, kEnrollmentPeople, object,
              {{"d", on}, {"a", on}, {"i", on}, {"x", indirect}});
      }
    }
  }
}

TEST(AccessTables, OfAnEnrollmentItself) {
  //                                                           EAdm ro P DA ro AO partner
  constexpr auto kTable = std::to_array<Row>({
      {"add administrators and departments", Action::AssignRoles, "+ - - - - - -"},
      {"usage of all of it", Action::ViewUsage,                   "+ + + - - - +"},
  });
  InMemoryLedger ledger = of_enrollment(EnrollmentChannel::Direct);
  const EnrollmentId id("EN1");
  ledger.when(SetEnrollmentPolicy{id, EnrollmentPolicy::departmentAdminViewCharges, true},
              as("eadm"));
  ledger.when(SetEnrollmentPolicy{id, EnrollmentPolicy::accountOwnerViewCharges, true}, as("eadm"));
  for (const Row& row : kTable)
    check(ledger.state(), row, kEnrollmentPeople, AccessObject::of(ScopeRef(id)));
  // A department's administrator adds administrators to his own.
  const Row own{"own administrators", Action::AssignRoles, "+ - - + - - -"};
  check(ledger.state(), own, kEnrollmentPeople,
        AccessObject::of(ScopeRef(ScopeType::Department, "D1")));
}

/// "Own DAs" ends at the department; Billing Reader alone is handed on below it (ROL-11).
TEST(AccessTables, OfASubscriptionOfAnEnrollment) {
  std::vector<std::string> people = kEnrollmentPeople;
  people.insert(people.end(), {"owner", "biller"});
  //                                                         EAdm ro P DA ro AO partner O BR
  const Row roles{"its roles", Action::AssignRoles,            "+ - - - - - - + -"};
  const Row readers{"its billing readers", Action::AssignBillingReader, "+ - - + - + - + -"};
  InMemoryLedger ledger = of_enrollment(EnrollmentChannel::Direct);
  ledger.given({role(ScopeType::Subscription, "sub-01", Role::Owner, "owner"),
                role(ScopeType::Subscription, "sub-01", Role::BillingReader, "biller")});
  check(ledger.state(), roles, people, AccessObject::of(ScopeRef(kSub01)));
  check(ledger.state(), readers, people, AccessObject::of(ScopeRef(kSub01)));
  const Row below{"roles of an account", Action::AssignRoles, "+ - - - - - -"};
  check(ledger.state(), below, kEnrollmentPeople,
        AccessObject::of(ScopeRef(ScopeType::EnrollmentAccount, "A1")));
}

}  // namespace
}  // namespace daybook::testing
