#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/person.h"
#include "ledger/domain/facts/provider.h"
#include "ledger/domain/facts/support_request.h"
#include "tests/support/billing_facts.h"

/// Requests for help (NAV-12).
namespace daybook::testing {
namespace {

class Support : public ::testing::Test {
 protected:
  Support() {
    ledger.at("2024-03-05").given(jeroens_account());
    ledger.given({linked("sofie", "sofie@contoso.example")});
  }
  void configure(std::optional<std::string> email, std::optional<std::string> url = std::nullopt) {
    ProviderDetailsChanged details;
    details.effective_on = ledger.now().date();
    details.name = "Daybook Cloud";
    details.support_email = std::move(email);
    details.support_url = std::move(url);
    ledger.when(ApplyConfiguration{{}, details, {}});
    ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  }
  InMemoryLedger& ask(std::string_view who = "jeroen") { return ledger.when(request, as(who)); }

  InMemoryLedger ledger;
  CreateSupportRequest request{{}, {}, {}, "A charge", "What is this?"};
};

TEST_F(Support, NeedsAnAddressThatRequestsAreMailedTo) {
  ask().then_rejected("SUPPORT_NOT_CONFIGURED");
  configure(std::nullopt, "https://support.example/new");
  ask().then_rejected("SUPPORT_NOT_CONFIGURED");
  EXPECT_NE(ledger.error()->detail.find("https://support.example/new"), std::string::npos);
  configure("help@daybook.example");
  ask();
  const auto created = ledger.outcome<SupportRequestCreated>();
  ASSERT_EQ(created.size(), 1u);
  EXPECT_EQ(created[0].identity_id, kJeroen);
  EXPECT_EQ(created[0].subject.value, "A charge");
  EXPECT_EQ(created[0].text.value, "What is this?");
  EXPECT_EQ(created[0].scope_id, std::nullopt);
  ask();
  EXPECT_NE(ledger.outcome<SupportRequestCreated>().at(0).request_id, created[0].request_id);
  configure(std::nullopt);
  ask().then_rejected("SUPPORT_NOT_CONFIGURED");
}

TEST_F(Support, TenADayForAPerson) {
  configure("help@daybook.example");
  for (int i = 0; i < 10; ++i) {
    ask();
    ASSERT_FALSE(ledger.error()) << i;
  }
  ask().then_rejected("RATE_LIMITED");
  EXPECT_EQ(ledger.error()->kind, ErrorKind::Unavailable);
  ask("sofie");
  EXPECT_FALSE(ledger.error());
  ledger.at("2024-03-05T23:59:59Z");
  ask().then_rejected("RATE_LIMITED");
  ledger.at("2024-03-06");
  ask();
  EXPECT_FALSE(ledger.error());
}

TEST_F(Support, AsOftenAsThePolicySays) {
  configure("help@daybook.example");
  ledger.when(SetPolicy{"support.requestsPerDay", {"1"}, std::nullopt});
  ask();
  EXPECT_FALSE(ledger.error());
  ask().then_rejected("RATE_LIMITED");
  ledger.when(SetPolicy{"support.requestsPerDay", {"0"}, std::nullopt}).then_rejected("INVALID_FIELD");
}

TEST_F(Support, IsAboutWhatThePersonSeesAlone) {
  configure("help@daybook.example");
  ledger.given({cost("sub-01", "40.00", "2024-03-07")}).when(AdvanceClock{midnight("2024-05-02"), true});
  request.invoice_id = ledger.invoices().at(0)->invoice_id;
  request.scope_type = ScopeType::Subscription;
  request.scope_id = ScopeId("sub-01");
  ask();
  const auto created = ledger.outcome<SupportRequestCreated>();
  ASSERT_EQ(created.size(), 1u);
  EXPECT_EQ(created[0].invoice_id, request.invoice_id);
  EXPECT_EQ(created[0].scope_id, ScopeId("sub-01"));
  ask("sofie").then_rejected("NOT_FOUND");
  request.scope_type.reset();
  request.scope_id.reset();
  ask("sofie").then_rejected("NOT_FOUND");
  request.invoice_id = InvoiceId("E000000000");
  ask().then_rejected("NOT_FOUND");
  request.invoice_id.reset();
  request.scope_type = ScopeType::Subscription;
  ask().then_rejected("INVALID_FIELD", "/scopeId");
  request.scope_type.reset();
  request.scope_id = ScopeId("sub-01");
  ask().then_rejected("INVALID_FIELD", "/scopeType");
}

TEST_F(Support, SaysSomething) {
  configure("help@daybook.example");
  request.subject.clear();
  ask().then_rejected("INVALID_STRING", "/subject");
  request.subject = "A charge";
  request.text.clear();
  ask().then_rejected("INVALID_STRING", "/text");
  ledger.when(request).then_rejected("NO_IDENTITY");
}

}  // namespace
}  // namespace daybook::testing
