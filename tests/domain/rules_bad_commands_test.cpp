#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "ledger/domain/commands/access.h"
#include "ledger/domain/commands/account.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/commands/enrollment.h"
#include "ledger/domain/commands/invoice.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/commands/reservation.h"
#include "ledger/domain/commands/subscription.h"
#include "ledger/domain/facts/customer.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/charge_facts.h"
#include "tests/support/move_facts.h"

/// Every command on what it cannot be about: the exact code of domain.md 9.3 with a sentence, and
/// nothing recorded.
namespace daybook::testing {
namespace {


/// A command that must be refused.
struct Bad {
  std::string what;
  CommandData command;
  std::string code;
  Viewer viewer = kOperator;
};

/// A ledger of 2 May 2024 in which everything that can be in the way is.
class BadCommands : public ::testing::Test {
 protected:
  BadCommands() {
    SubscriptionCreated of_plan = subscription("sup", "acc-1", "2024-03-05");
    of_plan.offer_id = OfferId("MS-AZR-0041P");
    BillingAccountOpened american = account("acc-us", AccountType::MOSP, "2024-02-02");
    american.country = "US";
    ledger.at("2024-03-05")
        .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
                subscription("sub-01", "acc-1", "2024-03-05"),
                subscription("sub-gone", "acc-1", "2024-03-05"),
                subscription("sub-moved", "acc-1", "2024-03-05"), of_plan,
                linked("jeroen", "jeroen@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Owner, "owner"),
                card("card-1", "acc-1", {"sub-01"}),
                card("wire-1", "acc-1", {}, PaymentFamily::CheckWire)})
        .given({american, subscription("sub-us", "acc-us", "2024-03-05"),
                card("card-us", "acc-us", {"sub-us"})})
        .given({opened_by(account("acc-9", AccountType::MOSP, "2024-02-02"), "lies")})
        .given({account("acc-c", AccountType::MOSP, "2024-02-02"),
                subscription("sub-c", "acc-c", "2024-03-05"), card("card-c", "acc-c", {"sub-c"})})
        .given({account("acc-2", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-2"),
                in_section(subscription("sub-p", "acc-2", "2024-03-05"), "p-1")})
        .given({support_plan("plan-1", "sup", "100.00", "2024-03-05")})
        .given({reserved("r-1", "sub-01", "120.00", ReservationPayment::invoice),
                reserved("r-c", "sub-c", "120.00", ReservationPayment::invoice)})
        .given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-moved", "7.00", "2024-03-07"),
                cost("sub-c", "9.00", "2024-03-07"), cost("sub-us", "30.00", "2024-03-07"),
                cost("sub-p", "50.00", "2024-03-07")});
    enterprise_too();
    run("2024-05-02");
    ledger.given({SubscriptionCancelled{SubscriptionId("sub-gone"), "gone", day("2024-05-02")},
                  SubscriptionDeleted{SubscriptionId("sub-gone"), "gone"}});
    ledger.given({transferred("sub-moved", "acc-1", "acc-9", "2024-05-04")});
    ledger.given({BillingAccountClosed{AccountId("acc-c"), "no longer wanted"}});
    ledger.given({decline(invoice_of("sub-us"), "p-0")});
    ledger.when(VoidInvoice{invoice_of("sub-p", "p-1"), "wrong", {}});
    EXPECT_FALSE(ledger.error());
    void_ = invoice_of("sub-p", "p-1");
    open_ = invoice_of("sub-01");
  }

  void enterprise_too() {
    ledger.given({account("acc-e", AccountType::EA, "2024-03-01"), enrollment("10.00"),
                  enrollment_account("ea-1", "otto"),
                  in_account(subscription("sub-e", "acc-e", "2024-03-05"), "ea-1"),
                  cost("sub-e", "200.00", "2024-03-10")});
  }
  void run(std::string_view through) {
    ledger.when(AdvanceClock{midnight(through), true});
    EXPECT_FALSE(ledger.error());
  }
  /// The first invoice of services, or of the profile or enrollment `scope`.
  [[nodiscard]] InvoiceId invoice_of(std::string_view subscription,
                                     std::string_view scope = {}) const {
    for (const Invoice* invoice : ledger.invoices()) {
      const bool is_wanted = scope.empty() ? invoice->scope.id == subscription &&
                                                 invoice->type == InvoiceType::AzureServices
                                           : invoice->scope.id == scope;
      if (is_wanted) return invoice->invoice_id;
    }
    ADD_FAILURE() << "no invoice of " << subscription;
    return {};
  }

  void refuse(const std::vector<Bad>& table) {
    for (const Bad& bad : table) {
      SCOPED_TRACE(std::string(name(bad.command.type())) + ": " + bad.what);
      seen_.insert(bad.command.type());
      const Position head = ledger.head();
      ledger.when(bad.command, bad.viewer);
      ASSERT_TRUE(ledger.error()) << "it was accepted";
      EXPECT_EQ(ledger.error()->code, bad.code) << ledger.error()->detail;
      std::istringstream words(ledger.error()->detail);
      const auto count = std::distance(std::istream_iterator<std::string>(words), {});
      EXPECT_GE(count, 4) << "no sentence: " << ledger.error()->detail;
      EXPECT_EQ(ledger.head(), head) << "something was recorded";
    }
  }

  InMemoryLedger ledger;
  InvoiceId void_;
  InvoiceId open_;
  std::set<CommandType> seen_;
};

SubscriptionId sub(std::string_view id) { return SubscriptionId(std::string(id)); }
ScopeId scope(std::string_view id) { return ScopeId(std::string(id)); }

TEST_F(BadCommands, UnknownIdsAndDaysToCome) {
  const InvoiceId no_invoice("E000000000");
  const ScopeId none("none");
  refuse({
      {"no subscription", SetInvoiceSharing{sub("none"), true}, "NOT_FOUND"},
      {"no profile", AssignRole{ScopeType::Profile, none, Role::Reader, kJeroen, {}}, "NOT_FOUND"},
      {"no profile", RevokeRole{ScopeType::Profile, none, Role::Reader, kJeroen}, "NOT_FOUND"},
      {"no invitation", WithdrawInvitation{InvitationId("none")}, "NOT_FOUND"},
      {"no account", ChangeAccountAdministrator{AccountId("none"), kJeroen}, "NOT_FOUND"},
      {"no subscription", AcceptEmailTerms{ScopeType::Subscription, none, "1"}, "NOT_FOUND"},
      {"no subscription", OptInEmailInvoice{ScopeType::Subscription, none, {}, {}}, "NOT_FOUND"},
      {"no subscription", OptOutEmailInvoice{ScopeType::Subscription, none}, "NOT_FOUND"},
      {"no profile", UpdatePreferredEmail{ScopeType::Profile, none, "a@b.example"}, "NOT_FOUND"},
      {"no profile", AddEmailRecipient{ScopeType::Profile, none, "a@b.example"}, "NOT_FOUND"},
      {"no enrollment", AddEmailRecipient{ScopeType::Enrollment, none, "a@b.example"}, "NOT_FOUND"},
      {"no profile", RemoveEmailRecipient{ScopeType::Profile, none, {}, "a@b.example"}, "NOT_FOUND"},
      {"no invoice", DeliverInvoiceEmails{no_invoice}, "NOT_FOUND"},
      {"no invoice", PayNow{no_invoice, MethodId("card-1"), {}}, "NOT_FOUND"},
      {"no method", PayNow{open_, MethodId("none"), {}}, "UNKNOWN_REFERENCE"},
      {"no account", SettleBalance{AccountId("none"), MethodId("card-1"), {}}, "NOT_FOUND"},
      {"no method", SettleBalance{AccountId("acc-us"), MethodId("none"), {}}, "UNKNOWN_REFERENCE"},
      {"no invoice", AmendInvoice{no_invoice, {}, "PO"}, "NOT_FOUND"},
      {"no invoice", VoidInvoice{no_invoice, "x", {}}, "NOT_FOUND"},
      {"no invoice, billed again", VoidInvoice{no_invoice, "x", true}, "NOT_FOUND"},
      {"no invoice", IssueCreditNote{no_invoice, money("1.00"), "x"}, "NOT_FOUND"},
      {"no invoice", LockInvoice{no_invoice, {}}, "NOT_FOUND"},
      {"no invoice", UnlockInvoice{no_invoice, {}}, "NOT_FOUND"},
      {"no subscription", ReactivateSubscription{sub("none")}, "NOT_FOUND"},
      {"no reservation", RefundReservation{ReservationId("none"), {}}, "NOT_FOUND"},
      {"no reservation",
       ExchangeReservation{ReservationId("none"), ReservationId("r-9"), sub("sub-01"),
                           money("120.00"), 12, BillingFrequency::Upfront},
       "NOT_FOUND"},
      {"no subscription to buy for",
       ExchangeReservation{ReservationId("r-1"), ReservationId("r-9"), sub("none"),
                           money("120.00"), 12, BillingFrequency::Upfront},
       "UNKNOWN_REFERENCE"},
      {"no plan", CancelSupportPlan{PlanId("none")}, "NOT_FOUND"},
      {"no enrollment",
       SetEnrollmentPolicy{EnrollmentId("none"), EnrollmentPolicy::marketplaceEnabled, true},
       "NOT_FOUND"},
      {"no enrollment", UpdatePoNumber{EnrollmentId("none"), day("2024-05-02"), "PO"}, "NOT_FOUND"},
      {"no customer", SetCustomerCostVisibility{CustomerId("none"), true}, "NOT_FOUND"},
      {"no person", UpdateProfile{"a@b.example", {}}, "NO_IDENTITY"},
      {"no person", CreateSupportRequest(), "NO_IDENTITY"},
      {"nobody to read it", CreateSupportRequest(), "SUPPORT_NOT_CONFIGURED", as("jeroen")},
      {"no policy", SetPolicy{"none", {"true"}, {}}, "INVALID_FIELD"},
      {"no policy", ApplyConfiguration{{{"none", {"true"}}}, {}, {}}, "INVALID_FIELD"},
      {"no account", SetPolicy{"corrections", {R"("note")"}, AccountId("none")},
       "UNKNOWN_REFERENCE"},
      {"no name", CreateKey{"", {Right::Read}, {}, {}, {}}, "INVALID_STRING"},
      {"a key of yesterday", CreateKey{"k", {Right::Read}, {}, {}, day("2024-05-01")}, "INVALID_TIME"},
      {"no key", RevokeKey{KeyId("none")}, "NOT_FOUND"},
      {"yesterday", AdvanceClock{midnight("2024-05-01"), true}, "CLOCK_NOT_FORWARD"},
      {"tomorrow", RunInvoicing{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"tomorrow", RunMospInvoicing{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"tomorrow", RunMarketplaceInvoicing{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"tomorrow", RunProfileInvoicing{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"tomorrow", RunEaInvoicing{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"tomorrow", EvaluateDunning{day("2024-05-03")}, "CLOCK_BEHIND"},
      {"not the operator", PublishEmailTerms{"2", {}}, "FORBIDDEN", as("jeroen")},
  });
  std::set<CommandType> all;
#define DAYBOOK_ONE(NAME, NUMBER) all.insert(CommandType::NAME);
  DAYBOOK_COMMAND_TYPES(DAYBOOK_ONE)
#undef DAYBOOK_ONE
  // Exports and erasure are decided beside the rules, and have tests of their own.
  all.erase(CommandType::RequestExport);
  all.erase(CommandType::EraseSubject);
  EXPECT_EQ(seen_, all) << "every command has something that it refuses";
}

TEST_F(BadCommands, StrangersAndOthersAreToldNothingMore) {
  const Viewer stranger = as("stranger");
  const Viewer owner = as("owner");
  std::vector<Bad> table = {
      {"a stranger", SetInvoiceSharing{sub("sub-01"), true}, "NOT_FOUND", stranger},
      {"an owner", SetInvoiceSharing{sub("sub-01"), true}, "NOT_ACCOUNT_ADMIN", owner},
      {"a stranger", ChangeAccountAdministrator{AccountId("acc-1"), kJeroen}, "NOT_FOUND", stranger},
      {"an owner", AcceptEmailTerms{ScopeType::Subscription, scope("sub-01"), "1"},
       "NOT_ACCOUNT_ADMIN", owner},
      {"an owner", OptInEmailInvoice{ScopeType::Subscription, scope("sub-01"), {}, {}},
       "NOT_ACCOUNT_ADMIN", owner},
      {"a stranger", PayNow{open_, MethodId("card-1"), {}}, "NOT_FOUND", stranger},
      {"a stranger", SettleBalance{AccountId("acc-us"), MethodId("card-us"), {}}, "NOT_FOUND",
       stranger},
      {"a stranger", ReactivateSubscription{sub("sub-01")}, "NOT_FOUND", stranger},
      {"a stranger", RefundReservation{ReservationId("r-1"), {}}, "NOT_FOUND", stranger},
      {"a stranger", CancelSupportPlan{PlanId("plan-1")}, "NOT_FOUND", stranger},
      {"a stranger", UpdatePoNumber{kEnrollment, day("2024-05-02"), "PO"}, "NOT_FOUND", stranger},
      {"no administrator of it", UpdatePoNumber{kEnrollment, day("2024-05-02"), "PO"},
       "NOT_EA_ADMIN", as("jeroen")},
      {"no administrator of it",
       SetEnrollmentPolicy{kEnrollment, EnrollmentPolicy::marketplaceEnabled, true},
       "NOT_EA_ADMIN", as("jeroen")},
  };
  for (const CommandData& command :
       {CommandData(AdvanceClock{midnight("2024-06-01"), true}),
        CommandData(RunInvoicing{day("2024-05-02")}), CommandData(RunMospInvoicing{day("2024-05-02")}),
        CommandData(RunMarketplaceInvoicing{day("2024-05-02")}),
        CommandData(RunProfileInvoicing{day("2024-05-02")}),
        CommandData(RunEaInvoicing{day("2024-05-02")}),
        CommandData(EvaluateDunning{day("2024-05-02")}), CommandData(DeliverInvoiceEmails{open_}),
        CommandData(VoidInvoice{open_, "x", true}), CommandData(VoidInvoice{open_, "x", {}}),
        CommandData(IssueCreditNote{open_, money("1.00"), "x"}), CommandData(LockInvoice{open_, {}}),
        CommandData(UnlockInvoice{open_, {}}), CommandData(PublishEmailTerms{"2", {}}),
        CommandData(SetPolicy{"ea.portalInvoices", {"true"}, {}})}) {
    table.push_back({"not the operator", command, "FORBIDDEN", as("jeroen")});
  }
  refuse(table);
}

TEST_F(BadCommands, WrongStatesAreConflicts) {
  ledger.when(LockInvoice{invoice_of("sub-c"), {}});
  const InvoiceId locked = invoice_of("sub-c");
  const InvoiceId paid = invoice_of("sub-us");
  ledger.given({payment(paid, "p-1", "30.00")});
  ledger.when(PublishEmailTerms{"2", {{"en", "Invoices come by e-mail."}}});
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  refuse({
      {"void", PayNow{void_, MethodId("card-1"), {}}, "ALREADY_VOID"},
      {"locked", PayNow{locked, MethodId("card-c"), {}}, "LOCKED"},
      {"paid", PayNow{paid, MethodId("card-us"), {}}, "ALREADY_PAID"},
      {"of an enrollment", PayNow{invoice_of("", "enr-1"), MethodId("card-1"), {}},
       "PAY_NOW_UNAVAILABLE"},
      {"no card", PayNow{open_, MethodId("wire-1"), {}}, "METHOD_NOT_ALLOWED"},
      {"void", AmendInvoice{void_, {}, "PO"}, "ALREADY_VOID"},
      {"no profile's", AmendInvoice{open_, {}, "PO"}, "NOT_MCA"},
      {"void", VoidInvoice{void_, "x", {}}, "ALREADY_VOID"},
      {"void, billed again", VoidInvoice{void_, "x", true}, "ALREADY_VOID"},
      {"void", IssueCreditNote{void_, money("1.00"), "x"}, "ALREADY_VOID"},
      {"locked", IssueCreditNote{locked, money("1.00"), "x"}, "LOCKED"},
      {"void", LockInvoice{void_, {}}, "ALREADY_VOID"},
      {"void", UnlockInvoice{void_, {}}, "ALREADY_VOID"},
      {"deleted", ReactivateSubscription{sub("sub-gone")}, "DELETED"},
      {"not MOSP", SetInvoiceSharing{sub("sub-p"), true}, "NOT_MOSP"},
      {"a support plan's", SetInvoiceSharing{sub("sup"), true}, "SUPPORT_PLAN_NOT_SHAREABLE"},
      {"not MOSP", ChangeAccountAdministrator{AccountId("acc-2"), kJeroen}, "NOT_MOSP"},
      {"not MOSP", SettleBalance{AccountId("acc-2"), MethodId("card-1"), {}}, "NOT_MOSP"},
      {"a country of pay now", SettleBalance{AccountId("acc-1"), MethodId("card-1"), {}},
       "REGION_USES_PAY_NOW"},
      {"terms of another version", AcceptEmailTerms{ScopeType::Subscription, scope("sub-01"), "1"},
       "TERMS_VERSION_UNKNOWN"},
      {"terms not accepted", OptInEmailInvoice{ScopeType::Subscription, scope("sub-01"), {}, {}},
       "TERMS_NOT_ACCEPTED"},
      {"under an agreement", OptInEmailInvoice{ScopeType::Subscription, scope("sub-e"), {}, {}},
       "NOT_SUPPORTED"},
      {"opted out", UpdatePreferredEmail{ScopeType::Subscription, scope("sub-01"), "a@b.example"},
       "NOT_OPTED_IN"},
      {"opted out", AddEmailRecipient{ScopeType::Profile, scope("p-1"), "a@b.example"},
       "NOT_OPTED_IN"},
      {"opted out, so none", RemoveEmailRecipient{ScopeType::Profile, scope("p-1"), {}, "a@b.example"},
       "UNKNOWN_REFERENCE"},
      {"published", PublishEmailTerms{"2", {{"en", "Otherwise."}}}, "DUPLICATE"},
      {"for a deleted subscription",
       ExchangeReservation{ReservationId("r-1"), ReservationId("r-9"), sub("sub-gone"),
                           money("120.00"), 12, BillingFrequency::Upfront},
       "SUBSCRIPTION_DELETED"},
      {"the last owner", RevokeRole{ScopeType::Account, scope("acc-2"), Role::Owner, kJeroen},
       "LAST_SCOPE_OWNER"},
      {"an order of a period with an invoice", UpdatePoNumber{kEnrollment, day("2024-03-10"), "PO"},
       "PO_LOCKED"},
  });
}

TEST_F(BadCommands, AmountsCurrenciesAndDates) {
  const auto exchange = [](Money amount, std::int32_t months = 12) {
    return ExchangeReservation{ReservationId("r-1"), ReservationId("r-9"), sub("sub-01"), amount,
                               months, BillingFrequency::Upfront};
  };
  refuse({
      {"zero", IssueCreditNote{open_, money("0.00"), "x"}, "INVALID_AMOUNT"},
      {"negative", IssueCreditNote{open_, money("-1.00"), "x"}, "INVALID_AMOUNT"},
      {"too much", IssueCreditNote{open_, money("40.01"), "x"}, "EXCEEDS_INVOICE"},
      {"another currency", IssueCreditNote{open_, money("1.00", "USD"), "x"}, "CURRENCY_MISMATCH"},
      {"less than all", SettleBalance{AccountId("acc-us"), MethodId("card-us"), money("29.99")},
       "PARTIAL_NOT_ALLOWED"},
      {"zero", SettleBalance{AccountId("acc-us"), MethodId("card-us"), money("0.00")},
       "PARTIAL_NOT_ALLOWED"},
      {"negative", SettleBalance{AccountId("acc-us"), MethodId("card-us"), money("-1.00")},
       "PARTIAL_NOT_ALLOWED"},
      {"more than all", SettleBalance{AccountId("acc-us"), MethodId("card-us"), money("30.01")},
       "EXCEEDS_AMOUNT_DUE"},
      {"another currency", SettleBalance{AccountId("acc-us"), MethodId("card-us"),
                                         money("30.00", "USD")},
       "CURRENCY_MISMATCH"},
      {"negative", RefundReservation{ReservationId("r-1"), money("-1.00")}, "AMOUNT_OUT_OF_RANGE"},
      {"too much", RefundReservation{ReservationId("r-1"), money("120.01")}, "AMOUNT_OUT_OF_RANGE"},
      {"another currency", RefundReservation{ReservationId("r-1"), money("1.00", "USD")},
       "CURRENCY_MISMATCH"},
      {"zero", exchange(money("0.00")), "INVALID_AMOUNT"},
      {"negative", exchange(money("-1.00")), "INVALID_AMOUNT"},
      {"less than remains", exchange(money("1.00")), "EXCHANGE_BELOW_REMAINING"},
      {"another currency", exchange(money("120.00", "USD")), "CURRENCY_MISMATCH"},
      {"a term of nothing", exchange(money("120.00"), 0), "INVALID_FIELD"},
      {"no address", AssignRole{ScopeType::Profile, scope("p-1"), Role::Reader, {}, "nobody"},
       "INVALID_EMAIL"},
      {"no address", OptInEmailInvoice{ScopeType::Profile, scope("p-1"), "nobody", {}},
       "INVALID_EMAIL"},
      {"no address", UpdateProfile{"nobody", {}}, "INVALID_EMAIL", as("jeroen")},
      {"a role of another scope", AssignRole{ScopeType::Profile, scope("p-1"), Role::BillingReader,
                                             kJeroen, {}},
       "INVALID_FIELD"},
      {"before it began", UpdatePoNumber{kEnrollment, day("2024-02-10"), "PO"}, "INVALID_TIME"},
      {"a value of another policy", SetPolicy{"corrections", {R"("optional")"}, {}},
       "INVALID_FIELD"},
      {"a wrong type of value", SetPolicy{"dunning.warnDays", {R"("21")"}, {}}, "INVALID_FIELD"},
      {"no rights", CreateKey{"k", {}, {}, {}, {}}, "INVALID_FIELD"},
  });
}

TEST_F(BadCommands, ASubscriptionThatMovedIsItsNewOwners) {
  run("2024-05-06");
  const Viewer jeroen = as("jeroen");
  refuse({
      {"the old administrator", SetInvoiceSharing{sub("sub-moved"), true}, "NOT_FOUND", jeroen},
      {"the old administrator",
       AcceptEmailTerms{ScopeType::Subscription, scope("sub-moved"), "1"}, "NOT_FOUND", jeroen},
      {"the old administrator",
       OptInEmailInvoice{ScopeType::Subscription, scope("sub-moved"), {}, {}}, "NOT_FOUND", jeroen},
      {"the old administrator", ReactivateSubscription{sub("sub-moved")}, "NOT_FOUND", jeroen},
      {"the old administrator",
       AssignRole{ScopeType::Subscription, scope("sub-moved"), Role::Reader, kJeroen, {}},
       "NOT_FOUND", jeroen},
      {"for a subscription of another account",
       ExchangeReservation{ReservationId("r-1"), ReservationId("r-9"), sub("sub-moved"),
                           money("120.00"), 12, BillingFrequency::Upfront},
       "UNKNOWN_REFERENCE"},
  });
}

TEST_F(BadCommands, NothingNewBeginsUnderAClosedAccount) {
  refuse({
      {"a reservation in the place of another",
       ExchangeReservation{ReservationId("r-c"), ReservationId("r-9"), sub("sub-c"),
                           money("120.00"), 12, BillingFrequency::Upfront},
       "ACCOUNT_CLOSED"},
  });
  // What is owed and what was promised can still be settled.
  ledger.when(PayNow{invoice_of("sub-c"), MethodId("card-c"), {}});
  EXPECT_FALSE(ledger.error());
}

}  // namespace
}  // namespace daybook::testing
