#include "ledger/domain/answers/account_answer.h"
#include "ledger/domain/answers/invoice_answer.h"
#include "ledger/domain/answers/listing.h"
#include "ledger/domain/answers/preference_answer.h"
#include "ledger/domain/answers/refusals.h"
#include "ledger/domain/answers/credits_answer.h"
#include "ledger/domain/answers/settings_answer.h"
#include "ledger/domain/answers/statement_answer.h"
#include "ledger/domain/answers/subscription_answer.h"
#include "ledger/domain/answers/usage_answer.h"
#include "tests/domain/answers_support.h"

/// Who sees what of the answers (domain.md 5).
namespace daybook::testing {
namespace {

/// The example after its run, with a reader of sub-01 and somebody of the same directory without
/// any role.
InMemoryLedger shared_example() {
  InMemoryLedger ledger = example();
  ledger.given({linked("reader", "reader@contoso.example"),
                linked("stranger", "stranger@contoso.example"),
                role(ScopeType::Subscription, "sub-01", Role::Reader, "reader")});
  ledger.given({b1s_usage("120", "2024-03-20", "sub-02")});
  run(ledger, "2024-05-02");
  return ledger;
}

const Invoice& invoice_of(const InMemoryLedger& ledger, std::string_view subscription) {
  for (const Invoice* invoice : ledger.invoices()) {
    if (invoice->scope.id == subscription) return *invoice;
  }
  throw std::runtime_error("no invoice");
}

std::string read_invoice(const InMemoryLedger& ledger, const Viewer& viewer,
                         std::string_view subscription) {
  const InvoiceId& id = invoice_of(ledger, subscription).invoice_id;
  const auto whole = invoice_answer(ledger.state(), viewer, id);
  EXPECT_EQ(whole.has_value(), invoice_item(ledger.state(), viewer, id).has_value());
  EXPECT_EQ(whole.has_value(), invoice_mails_answer(ledger.state(), viewer, id).has_value());
  return code_of(whole);
}

TEST(InvoiceAccess, SC_61_AReaderSeesInvoicesOnceTheyAreShared) {
  InMemoryLedger ledger = shared_example();
  EXPECT_EQ(read_invoice(ledger, as("reader"), "sub-01"), "NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  EXPECT_EQ(read_invoice(ledger, as("reader"), "sub-01"), "");
  EXPECT_EQ(read_invoice(ledger, as("reader"), "sub-02"), "NOT_FOUND");
  ledger.when(SetInvoiceSharing{kSub01, false}, as("jeroen"));
  EXPECT_EQ(read_invoice(ledger, as("reader"), "sub-01"), "NOT_FOUND");
  EXPECT_EQ(read_invoice(ledger, as("jeroen"), "sub-01"), "");
}

TEST(InvoiceAccess, SC_62_SharingGivesNothingWithoutARole) {
  InMemoryLedger ledger = shared_example();
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  EXPECT_EQ(read_invoice(ledger, as("stranger"), "sub-01"), "NOT_FOUND");
}

TEST(InvoiceAccess, SC_86_AForeignInvoiceAnswersAsOneThatDoesNotExist) {
  const InMemoryLedger ledger = shared_example();
  const auto foreign =
      invoice_answer(ledger.state(), as("stranger"), invoice_of(ledger, "sub-01").invoice_id);
  const auto none = invoice_answer(ledger.state(), as("stranger"), InvoiceId("E0NONEXIST"));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error(), none.error());
  EXPECT_EQ(foreign.error(), nothing_here().value());
}

TEST(InvoiceAccess, AKeyOfAnotherTenantSeesNothing) {
  const InMemoryLedger ledger = shared_example();
  EXPECT_EQ(read_invoice(ledger, Viewer::operating_in(kContoso), "sub-01"), "");
  const Viewer other = Viewer::operating_in(TenantId("fabrikam"));
  EXPECT_EQ(read_invoice(ledger, other, "sub-01"), "NOT_FOUND");
  EXPECT_EQ(code_of(account_answer(ledger.state(), other, kAcc1, day("2024-05-02"))), "NOT_FOUND");
  EXPECT_TRUE(accounts_answer(ledger.state(), other, {}, day("2024-05-02"))->items.empty());
}

TEST(InvoiceAccess, InAnotherDirectoryNothingIsThere) {
  InMemoryLedger ledger = shared_example();
  ledger.given({linked("jeroen", "jeroen@contoso.example", "fabrikam")});
  const Viewer elsewhere = as("jeroen", "fabrikam");
  EXPECT_EQ(read_invoice(ledger, elsewhere, "sub-01"), "NOT_FOUND");
  EXPECT_EQ(code_of(subscription_answer(ledger.state(), elsewhere, kSub01, day("2024-05-02"))),
            "NOT_FOUND");
}

TEST(Lists, HoldWhatIsSeenAlone) {
  const InMemoryLedger ledger = shared_example();
  const auto ids = [&](const Viewer& viewer) {
    std::string text;
    const auto list = subscriptions_answer(ledger.state(), viewer, {}, {}, day("2024-05-02"));
    for (const SubscriptionView& item : list->items) text += item.subscription_id.text() + " ";
    return text;
  };
  EXPECT_EQ(ids(as("jeroen")), "sub-01 sub-02 ");
  EXPECT_EQ(ids(as("reader")), "sub-01 ");
  EXPECT_EQ(ids(as("stranger")), "");
  // A role on a subscription is none on its account.
  EXPECT_TRUE(accounts_answer(ledger.state(), as("reader"), {}, day("2024-05-02"))->items.empty());
  EXPECT_EQ(accounts_answer(ledger.state(), as("jeroen"), {}, day("2024-05-02"))->items.size(), 1u);
}

TEST(Lists, GoOnBehindTheCursor) {
  InMemoryLedger ledger = example();
  for (int i = 3; i <= 7; ++i) {
    ledger.given({subscription("sub-0" + std::to_string(i), "acc-1", "2024-03-05")});
  }
  std::string text;
  PageRequest page{3, std::nullopt};
  for (int pages = 0; pages < 4; ++pages) {
    const auto list = subscriptions_answer(ledger.state(), Viewer::operating(), {kAcc1, {}}, page,
                                           day("2024-05-02"));
    for (const SubscriptionView& item : list->items) text += item.subscription_id.text() + " ";
    text += "| ";
    if (!list->next_cursor) break;
    page.after = list->next_cursor;
  }
  EXPECT_EQ(text, "sub-01 sub-02 sub-03 | sub-04 sub-05 sub-06 | sub-07 | ");
}

TEST(SubscriptionAccess, AReaderSeesTheStateAndNoBalance) {
  InMemoryLedger ledger = shared_example();
  const auto balance = [&](const Viewer& viewer) {
    return subscription_answer(ledger.state(), viewer, kSub01, day("2024-05-02"))->balance;
  };
  EXPECT_EQ(balance(as("jeroen")), money("4.43"));
  EXPECT_EQ(balance(as("reader")), std::nullopt);
  ledger.when(SetInvoiceSharing{kSub01, true}, as("jeroen"));
  EXPECT_EQ(balance(as("reader")), money("4.43"));
}

TEST(AccountAccess, ARoleBelowItDoesNotOpenIt) {
  const InMemoryLedger ledger = shared_example();
  const auto ask = [&](const Viewer& viewer) {
    return account_answer(ledger.state(), viewer, kAcc1, day("2024-05-02"));
  };
  EXPECT_TRUE(ask(as("jeroen")));
  EXPECT_EQ(permission_reason(ask(as("reader")).error()), "NO_PERMISSION_NOT_AA");
  EXPECT_EQ(code_of(ask(as("stranger"))), "NOT_FOUND");
}

TEST(AccountAccess, ItsAddressIsForThoseWhoSeeItsInvoices) {
  InMemoryLedger ledger = shared_example();
  Address address;
  address.company_name = "Contoso BV";
  address.country = "NL";
  ledger.given({SoldToChanged{kAcc1, Personal<Address>(address)}});
  const auto sold_to = [&](const Viewer& viewer) {
    return account_answer(ledger.state(), viewer, kAcc1, day("2024-05-02"))->sold_to;
  };
  EXPECT_TRUE(sold_to(as("jeroen")));
}

TEST(UsageAccess, ARoleIsEnoughForTheUsageView) {
  const InMemoryLedger ledger = shared_example();
  const auto ask = [&](const Viewer& viewer, const ScopeRef& scope) {
    return usage_answer(ledger.state(), ledger.usage(), viewer, scope, {}, {}, day("2024-05-02"));
  };
  EXPECT_TRUE(ask(as("reader"), ScopeRef(kSub01)));
  EXPECT_EQ(code_of(ask(as("stranger"), ScopeRef(kSub01))), "NOT_FOUND");
  const auto account = ask(as("reader"), ScopeRef(kAcc1));
  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().code, "NO_PERMISSION");
  EXPECT_EQ(permission_reason(account.error()), "NO_PERMISSION_NOT_AA");
}

TEST(PreferenceAccess, OfMospIsForTheAdministratorAlone) {
  const InMemoryLedger ledger = shared_example();
  const auto ask = [&](const Viewer& viewer) {
    return code_of(email_preference_answer(ledger.state(), viewer, ScopeRef(kSub01)));
  };
  EXPECT_EQ(ask(as("jeroen")), "");
  EXPECT_EQ(ask(as("reader")), "NO_PERMISSION");
  EXPECT_EQ(ask(as("stranger")), "NOT_FOUND");
  EXPECT_EQ(code_of(email_preference_answer(ledger.state(), as("jeroen"), ScopeRef(kAcc1))),
            "NOT_FOUND");
}

TEST(RolesAccess, ARoleBelowTheScopeIsNotEnough) {
  const InMemoryLedger ledger = shared_example();
  const auto ask = [&](const Viewer& viewer, const ScopeRef& scope) {
    return code_of(access_answer(ledger.state(), viewer, scope));
  };
  EXPECT_EQ(ask(as("reader"), ScopeRef(kSub01)), "");
  EXPECT_EQ(ask(as("reader"), ScopeRef(kAcc1)), "NO_PERMISSION");
  EXPECT_EQ(ask(as("reader"), ScopeRef(kSub02)), "NOT_FOUND");
  EXPECT_EQ(ask(as("jeroen"), ScopeRef(kAcc1)), "");
}

TEST(ProfileAccess, SC_67_AnOwnerOfOneProfileDoesNotSeeTheOther) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
              profile("p-2", "acc-1"), linked("olga", "olga@contoso.example"),
              linked("rita", "rita@contoso.example"),
              role(ScopeType::Profile, "p-1", Role::Owner, "olga"),
              role(ScopeType::Account, "acc-1", Role::Reader, "rita")});
  run(ledger, "2024-04-05");
  const auto reads = [&](std::string_view who, std::string_view profile) {
    return read_invoice(ledger, as(who), profile);
  };
  EXPECT_EQ(reads("olga", "p-1"), "");
  EXPECT_EQ(reads("olga", "p-2"), "NOT_FOUND");
  EXPECT_EQ(reads("rita", "p-1"), "");  // SC-66
  EXPECT_EQ(reads("rita", "p-2"), "");
  EXPECT_EQ(profiles_answer(ledger.state(), as("olga"), std::nullopt, {}, day("2024-04-05"))
                ->items.size(),
            1u);
  EXPECT_EQ(code_of(pending_charges_answer(ledger.state(), ledger.usage(), as("olga"),
                                           ProfileId("p-2"), ledger.now())),
            "NOT_FOUND");
}

TEST(ProfileAccess, AReaderSeesTheEmailPreference) {
  InMemoryLedger ledger;
  ledger.at("2024-03-05")
      .given({account("acc-1", AccountType::MCA, "2024-03-01"), profile("p-1", "acc-1"),
              section("s-1", "p-1"),
              in_section(subscription("sub-11", "acc-1", "2024-03-05"), "s-1"),
              linked("rita", "rita@contoso.example"), linked("sara", "sara@contoso.example"),
              role(ScopeType::Profile, "p-1", Role::Reader, "rita"),
              role(ScopeType::Section, "s-1", Role::Owner, "sara")});
  const ScopeRef scope(ProfileId("p-1"));
  EXPECT_TRUE(email_preference_answer(ledger.state(), as("rita"), scope));
  const auto section_owner = email_preference_answer(ledger.state(), as("sara"), scope);
  ASSERT_FALSE(section_owner);
  EXPECT_EQ(permission_reason(section_owner.error()), "NO_PERMISSION_MCA");
  EXPECT_EQ(code_of(credits_answer(ledger.state(), ledger.usage(), as("sara"), scope, ledger.now().date())), "NO_PERMISSION");
  const auto profile = [&](std::string_view who) {
    return profile_answer(ledger.state(), as(who), ProfileId("p-1"), day("2024-03-05"));
  };
  EXPECT_TRUE(profile("rita"));
  EXPECT_EQ(permission_reason(profile("sara").error()), "NO_PERMISSION_MCA");
}

}  // namespace
}  // namespace daybook::testing
