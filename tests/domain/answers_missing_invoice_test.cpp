#include "ledger/domain/answers/missing_invoice_answer.h"
#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/customer.h"
#include "tests/domain/answers_support.h"
#include "tests/domain/enrollment_support.h"
#include "tests/support/charge_facts.h"
#include "tests/support/move_facts.h"

/// Why do I see no invoice? (domain.md 7, SC-84 to SC-90)
namespace daybook::testing {
namespace {


/// The primary code, then all: `TOO_NEW: TOO_NEW NOT_GENERATED_YET`; of a refusal its code.
std::string codes(const Result<MissingInvoiceView>& answer) {
  if (!answer) return std::string(answer.error().code);
  std::string text = std::string(wire_name(answer->primary)) + ":";
  for (const MissingReasonView& reason : answer->reasons) {
    text += " " + std::string(wire_name(reason.code));
    EXPECT_FALSE(reason.message.empty());
  }
  EXPECT_EQ(answer->message, answer->reasons.front().message);
  return text;
}

Result<MissingInvoiceView> ask(const InMemoryLedger& ledger, const Viewer& viewer,
                               std::string_view now, std::optional<Date> date = std::nullopt,
                               const ScopeRef& scope = ScopeRef(kSub01)) {
  return missing_invoice_answer(ledger.state(), viewer, scope, date, midnight(now));
}
Result<MissingInvoiceView> ask_link(const InMemoryLedger& ledger, const Viewer& viewer,
                                    const InvoiceId& id) {
  return missing_invoice_answer(ledger.state(), viewer, id, ledger.now());
}

InMemoryLedger subscribed(std::string_view date, std::string_view account_created = "2024-02-02") {
  InMemoryLedger ledger;
  ledger.at(date).given({account("acc-1", AccountType::MOSP, account_created),
                         subscription("sub-01", "acc-1", date),
                         linked("jeroen", "jeroen@contoso.example")});
  return ledger;
}

InMemoryLedger invoiced() {
  InMemoryLedger ledger = example();
  ledger.given({linked("reader", "reader@contoso.example"),
                linked("stranger", "stranger@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "reader")});
  run(ledger, "2024-05-02");
  return ledger;
}

TEST(MissingInvoice, SC_84_IsTooNewForThirtyDays) {
  const InMemoryLedger ledger = subscribed("2024-03-10");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-04-05")), "TOO_NEW: TOO_NEW NOT_GENERATED_YET");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-04-09")), "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, SC_85_AnOpenPeriodIsNotGeneratedYet) {
  const InMemoryLedger ledger = example();
  const auto answer = ask(ledger, as("jeroen"), "2024-04-20", day("2024-04-10"));
  EXPECT_THAT(json_of(answer), JsonLike(R"({"primary":"NOT_GENERATED_YET",
    "reasons":[{"code":"NOT_GENERATED_YET",
      "message":"The invoice isn't generated yet; wait until the end of the billing period."}],
    "message":"The invoice isn't generated yet; wait until the end of the billing period.",
    "period":{"start":"2024-04-05","endExclusive":"2024-05-05"},"invoiceId":null})"));
}

TEST(MissingInvoice, AsksAboutTheLastClosedPeriodByItself) {
  const InMemoryLedger ledger = example();
  EXPECT_EQ(ask(ledger, kOperator, "2024-04-20")->period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(ask(ledger, kOperator, "2024-04-01")->period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-20", day("2024-03-04"))), "BAD_QUERY");
}

TEST(MissingInvoice, NoneIsMissingWhenItIsThere) {
  const InMemoryLedger ledger = invoiced();
  const auto answer = ask(ledger, as("jeroen"), "2024-05-03", day("2024-03-20"));
  EXPECT_EQ(codes(answer), "NONE: NONE");
  EXPECT_EQ(answer->invoice_id, ledger.invoices().at(0)->invoice_id);
  EXPECT_EQ(answer->period, period("2024-03-05", "2024-04-05"));
}

/// R-04: a document beside that of the run is one that he sees.
TEST(MissingInvoice, NoneIsMissingWhereAReservationWasPaidByCardToday) {
  InMemoryLedger ledger = subscribed("2024-03-10");
  ledger.given({card("visa", "acc-1", {"sub-01"}),
                reserved("r-1", "sub-01", "365.00", ReservationPayment::card)});
  ledger.when(AdvanceClock{midnight("2024-03-11"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const auto answer = ask(ledger, as("jeroen"), "2024-03-11");
  EXPECT_EQ(codes(answer), "NONE: NONE");
  EXPECT_EQ(answer->invoice_id, ledger.invoices()[0]->invoice_id);
  EXPECT_EQ(codes(ask(ledger, as("stranger"), "2024-03-11")), "NO_PERMISSION_NOT_AA: NO_PERMISSION_NOT_AA");
}

TEST(MissingInvoice, NoneIsMissingWhereMarketplaceHasItsOwnInvoice) {
  InMemoryLedger ledger = enterprise("", "AU");
  ledger.given({linked("admin", "admin@contoso.example"),
                role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "admin"),
                of_marketplace(cost("sub-e", "40.00", "2024-03-11"))});
  ledger.when(SetPolicy{"ea.portalInvoices", {"true"}, {}});
  ledger.when(AdvanceClock{midnight("2024-04-14"), true});
  ASSERT_EQ(ledger.invoices().size(), 1u);
  const auto asked = [&](std::string_view date) {
    return codes(ask(ledger, as("admin"), "2024-04-20", day(date), ScopeRef(kEnrollment)));
  };
  EXPECT_EQ(asked("2024-03-31"), "NONE: NONE");
  EXPECT_EQ(asked("2024-04-01"), "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, AnEnrollmentWithoutSubscriptionsHasNoneToWaitFor) {
  InMemoryLedger ledger;
  ledger.at("2024-03-01").given({vat(), account("acc-e", AccountType::EA, "2024-03-01"), enrollment(),
                                 linked("admin", "admin@contoso.example"),
                                 role(ScopeType::Enrollment, "enr-1", Role::EnterpriseAdministrator, "admin")});
  ledger.when(SetPolicy{"ea.portalInvoices", {"true"}, {}});
  ledger.when(AdvanceClock{midnight("2024-05-20"), true});
  const auto asked = [&](std::string_view date) {
    return codes(ask(ledger, as("admin"), "2024-05-20", day(date), ScopeRef(kEnrollment)));
  };
  EXPECT_EQ(asked("2024-04-10"), "NO_USAGE: NO_USAGE");
  EXPECT_EQ(asked("2024-05-10"), "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, TheUsageFileIsNotReadyFor72Hours) {
  InMemoryLedger ledger;
  ledger.at("2024-02-02")
      .given({account("acc-1", AccountType::MOSP, "2024-02-02"),
              subscription("sub-01", "acc-1", "2024-02-02"), cost("sub-01", "5.00", "2024-02-05")});
  run(ledger, "2024-03-02");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-03-04")), "NONE: NONE USAGE_FILE_NOT_READY");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-03-05")), "NONE: NONE");
}

TEST(MissingInvoice, SaysThatNothingWasUsedOrOwed) {
  InMemoryLedger ledger = example();
  ledger.at("2024-05-01").given({b1s_usage("90", "2024-04-20")});
  run(ledger, "2024-06-02");
  run(ledger, "2024-07-02");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-07-02")), "NO_USAGE: NO_USAGE");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-07-02", day("2024-05-01"))),
            "NOTHING_OWED: NOTHING_OWED");
}

TEST(MissingInvoice, SC_86_WithoutPermissionItMakesNoDifferenceWhetherThereIsOne) {
  const InMemoryLedger before = example();
  InMemoryLedger with_people = example();
  with_people.given({linked("reader", "reader@contoso.example"),
                     linked("stranger", "stranger@contoso.example"),
                     role(ScopeType::Subscription, "sub-01", Role::Reader, "reader")});
  const InMemoryLedger after = invoiced();
  for (const std::string_view who : {"reader", "stranger", "never-linked"}) {
    const auto without = ask(with_people, as(who), "2024-05-03", day("2024-03-20"));
    const auto with = ask(after, as(who), "2024-05-03", day("2024-03-20"));
    EXPECT_EQ(json_of(without), json_of(with)) << who;
    EXPECT_EQ(codes(with), "NO_PERMISSION_NOT_AA: NO_PERMISSION_NOT_AA") << who;
  }
}

TEST(MissingInvoice, AStrangerFromAnotherDirectoryLearnsNothing) {
  InMemoryLedger ledger = invoiced();
  ledger.given({linked("stranger", "stranger@contoso.example", "fabrikam")});
  const Viewer stranger = as("stranger", "fabrikam");
  const auto foreign = ask(ledger, stranger, "2024-05-03");
  const auto none =
      ask(ledger, stranger, "2024-05-03", std::nullopt, ScopeRef(SubscriptionId("x")));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error(), none.error());
  // Nor by the refusal of a day before the first one.
  EXPECT_EQ(codes(ask(ledger, stranger, "2024-05-03", day("2020-01-01"))), "NOT_FOUND");
}

TEST(MissingInvoice, OfOldInvoicesForOthersThanTheAdministrator) {
  InMemoryLedger ledger = subscribed("2016-09-05", "2016-09-02");
  ledger.given({linked("reader", "reader@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "reader")});
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  EXPECT_EQ(codes(ask(ledger, as("reader"), "2017-03-01", day("2016-09-20"))),
            "NO_PERMISSION_NOT_AA: NO_PERMISSION_NOT_AA");
  EXPECT_EQ(codes(ask(ledger, as("reader"), "2017-03-01", day("2016-11-20"))),
            "NOT_GENERATED_YET: NOT_GENERATED_YET");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2017-03-01", day("2016-09-20"))),
            "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, SC_87_ALinkOpenedByAnotherAddress) {
  const InMemoryLedger ledger = invoiced();
  const InvoiceId id = ledger.invoices().at(0)->invoice_id;
  const auto foreign = ask_link(ledger, as("stranger"), id);
  EXPECT_EQ(codes(foreign), "OTHER_ACCOUNT: OTHER_ACCOUNT");
  EXPECT_EQ(foreign->message, "We can't display your invoices. Please try again");
  EXPECT_EQ(*foreign, *ask_link(ledger, as("stranger"), InvoiceId("E0NONEXIST")));
  const auto own = ask_link(ledger, as("jeroen"), id);
  EXPECT_EQ(codes(own), "NONE: NONE");
  EXPECT_EQ(own->invoice_id, id);
  EXPECT_EQ(codes(ask_link(ledger, kOperator, InvoiceId("E0NONEXIST"))), "NOT_FOUND");
}

TEST(MissingInvoice, SC_88_AnotherIdentityWithTheSameAddressMaySeeIt) {
  InMemoryLedger ledger = invoiced();
  ledger.given({linked("jeroen-at-home", "jeroen@contoso.example", "home")});
  const Viewer home = as("jeroen-at-home", "home");
  EXPECT_EQ(codes(ask_link(ledger, home, ledger.invoices().at(0)->invoice_id)),
            "OTHER_IDENTITY: OTHER_IDENTITY");
  const auto answer = ask(ledger, home, "2024-05-03", day("2024-03-20"));
  EXPECT_EQ(codes(answer), "OTHER_IDENTITY: OTHER_IDENTITY NO_PERMISSION_NOT_AA");
  EXPECT_EQ(answer->invoice_id, std::nullopt);
}

/// Domains have no upper case (EML-18).
TEST(MissingInvoice, AnAddressIsTheSameWhateverTheCaseOfItsDomain) {
  InMemoryLedger ledger = invoiced();
  ledger.given({linked("twin", "jeroen@CONTOSO.Example")});
  EXPECT_EQ(codes(ask(ledger, as("twin"), "2024-05-20")), "OTHER_IDENTITY: OTHER_IDENTITY NO_PERMISSION_NOT_AA");
}

TEST(MissingInvoice, AnErasedAddressIsNobodyElses) {
  InMemoryLedger ledger = invoiced();
  IdentityLinked erased = linked("erased", "", "home");
  erased.email = Personal<std::string>();
  ledger.given({erased});
  EXPECT_EQ(codes(ask(ledger, as("erased", "home"), "2024-05-03")), "NOT_FOUND");
}

TEST(MissingInvoice, SC_89_InTheWrongDirectory) {
  InMemoryLedger ledger = invoiced();
  ledger.given({linked("jeroen", "jeroen@contoso.example", "fabrikam")});
  const Viewer elsewhere = as("jeroen", "fabrikam");
  EXPECT_EQ(codes(ask(ledger, elsewhere, "2024-05-03", day("2024-03-20"))),
            "WRONG_TENANT: WRONG_TENANT NO_PERMISSION_NOT_AA");
  EXPECT_EQ(codes(ask_link(ledger, elsewhere, ledger.invoices().at(0)->invoice_id)),
            "WRONG_TENANT: WRONG_TENANT");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-05-03", day("2024-03-20"))), "NONE: NONE");
}

InMemoryLedger partner() {
  InMemoryLedger ledger;
  SubscriptionCreated sold = subscription("sub-01", "acc-1", "2024-03-05");
  sold.profile_id = ProfileId("p-1");
  sold.customer_id = CustomerId("customer-1");
  CustomerRegistered customer{CustomerId("customer-1"), kAcc1, TenantId("wingtip"), "Wingtip"};
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MPA, "2024-03-01"), profile("p-1", "acc-1", 8),
              customer, sold, linked("jeroen", "jeroen@contoso.example"),
              linked("wim", "wim@wingtip.example", "wingtip"),
              role(ScopeType::Subscription, "sub-01", Role::Owner, "wim")});
  return ledger;
}

TEST(MissingInvoice, SC_70_ACustomerOfAPartnerHasHisFromThePartner) {
  InMemoryLedger ledger = partner();
  run(ledger, "2024-04-08");
  const Viewer customer = as("wim", "wingtip");
  EXPECT_EQ(codes(ask(ledger, customer, "2024-05-01", day("2024-03-20"))),
            "CSP_CUSTOMER: CSP_CUSTOMER NO_PERMISSION_MCA");
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-05-01", day("2024-03-20"))), "NONE: NONE");
}

TEST(MissingInvoice, SC_90_AProfileIsAlwaysInvoiced) {
  InMemoryLedger ledger = partner();
  const ScopeRef scope(ProfileId("p-1"));
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-01", std::nullopt, scope)),
            "TOO_NEW: TOO_NEW NOT_GENERATED_YET");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-07", std::nullopt, scope)),
            "NOT_GENERATED_YET: NOT_GENERATED_YET");
  run(ledger, "2024-04-08");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-08", std::nullopt, scope)), "NONE: NONE");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-08", day("2024-02-20"), scope)), "BAD_QUERY");
}

TEST(MissingInvoice, OfAProfileIsTooNewByTheEarliestThatItHolds) {
  InMemoryLedger ledger;
  ledger.at("2024-01-01").given({account("mca", AccountType::MCA, "2024-01-01"), profile("P1", "mca"),
                                 section("A", "P1")});
  const ScopeRef scope(ProfileId("P1"));
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-01-30", std::nullopt, scope)),
            "TOO_NEW: TOO_NEW NOT_GENERATED_YET");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-01-31", std::nullopt, scope)),
            "NOT_GENERATED_YET: NOT_GENERATED_YET");
  ledger.at("2024-03-10").given({in_section(subscription("sub-01", "mca", "2024-03-10"), "A")});
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-08", day("2024-04-01"), scope)),
            "TOO_NEW: TOO_NEW NOT_GENERATED_YET");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-04-09", day("2024-04-01"), scope)),
            "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, WithinCreditSaysSoUnderMospAlone) {
  InMemoryLedger ledger = subscribed("2024-03-05");
  PeriodClosedWithoutInvoice closed;
  closed.subscription_id = kSub01;
  closed.period = period("2024-03-05", "2024-04-05");
  closed.closed_on = day("2024-05-02");
  closed.reason = NoInvoiceReason::WithinCredit;
  closed.invoice_type = InvoiceType::AzureServices;
  ledger.record(closed);
  EXPECT_EQ(codes(ask(ledger, as("jeroen"), "2024-05-03", day("2024-03-20"))),
            "WITHIN_CREDIT: WITHIN_CREDIT");
}

TEST(MissingInvoice, AfterTheLastPeriodOfACancelledSubscriptionNothingWasUsed) {
  InMemoryLedger ledger = example();
  SubscriptionCancelled cancelled;
  cancelled.subscription_id = kSub01;
  cancelled.reason = "no longer needed";
  cancelled.effective_on = day("2024-03-20");
  ledger.given({cancelled});
  run(ledger, "2024-08-02");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-08-03", day("2024-03-10"))), "NONE: NONE");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-08-03", day("2024-05-10"))), "NO_USAGE: NO_USAGE");
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-08-03", day("2024-07-10"))), "NOT_GENERATED_YET: NOT_GENERATED_YET");
}

TEST(MissingInvoice, OfAPeriodBeforeAnUpgradeIsThatOfBefore) {
  InMemoryLedger ledger = example();
  ledger.at("2024-04-10").given(
      {upgraded("acc-1", AccountType::MOSP, "2024-04-15", {created("p-1", {"sub-01", "sub-02"})})});
  run(ledger, "2024-05-09");
  const auto answer = ask(ledger, kOperator, "2024-05-10", day("2024-03-20"));
  EXPECT_EQ(codes(answer), "NONE: NONE");
  EXPECT_EQ(answer->period, period("2024-03-05", "2024-04-05"));
  EXPECT_EQ(ask(ledger, kOperator, "2024-05-10", day("2024-04-10"))->period, period("2024-04-05", "2024-04-16"));
  EXPECT_EQ(codes(ask(ledger, kOperator, "2024-05-10", day("2024-03-04"))), "BAD_QUERY");
}

TEST(MissingInvoice, OfAPeriodBeforeATransferIsTheOldAccounts) {
  InMemoryLedger ledger = example();
  ledger.at("2024-04-10").given({account("acc-9", AccountType::MOSP, "2024-01-20"),
                                 transferred("sub-01", "acc-1", "acc-9", "2024-04-15")});
  run(ledger, "2024-05-20");
  const auto answer = ask(ledger, as("jeroen"), "2024-05-21", day("2024-03-20"));
  EXPECT_EQ(codes(answer), "NONE: NONE");
  EXPECT_EQ(ledger.state().invoice(*answer->invoice_id)->account_id, kAcc1);
}

TEST(MissingInvoice, SpeaksTheLanguageOfThePerson) {
  InMemoryLedger ledger = subscribed("2024-03-05");
  UpdateProfile profile;
  profile.language = Language::nl;
  ledger.when(profile, as("jeroen"));
  ApplyConfiguration provided;
  provided.provider.emplace();
  provided.provider->effective_on = ledger.now().date();
  provided.provider->name = "Contoso Cloud";
  provided.provider->product = "Azure";
  ledger.when(provided);
  EXPECT_EQ(ask(ledger, as("jeroen"), "2024-03-20")->message,
            "Het is minder dan 30 dagen geleden dat u zich op Azure hebt geabonneerd.");
  EXPECT_EQ(ask(ledger, kOperator, "2024-03-20")->message,
            "It's less than 30 days since you subscribed to Azure.");
  // PROV-2: an empty word goes with one blank; W1 by its policy.
  provided.provider->product = "";
  ledger.when(provided);
  ledger.when(SetPolicy{"reasons.newForDays", {"20"}, {}});
  EXPECT_EQ(ask(ledger, kOperator, "2024-03-20")->message, "It's less than 20 days since you subscribed to.");
  EXPECT_NE(ask(ledger, kOperator, "2024-03-25")->primary, MissingReason::TOO_NEW);
}

TEST(MissingInvoice, TheWordsOfALinkOpenedUnderAnotherAddressAreFixed) {
  InMemoryLedger ledger = invoiced();
  UpdateProfile profile;
  profile.language = Language::nl;
  ledger.when(profile, as("stranger"));
  EXPECT_EQ(ask_link(ledger, as("stranger"), InvoiceId("E000000000"))->message,
            "We can't display your invoices. Please try again");
}

}  // namespace
}  // namespace daybook::testing
