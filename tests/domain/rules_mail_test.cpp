#include <gtest/gtest.h>

#include "ledger/domain/commands/administration.h"
#include "ledger/domain/commands/email_preference.h"
#include "ledger/domain/facts/provider.h"
#include "tests/support/billing_facts.h"

/// What is mailed is decided when it is queued, not when somebody opted in: by policy and offer as
/// they are by then (EML-3, CF-04, 6.4).
namespace daybook::testing {
namespace {

const ScopeId kPlan1{"plan-1"};

OptInEmailInvoice wish_for_mail(ScopeType type, std::string_view scope) {
  return {type, ScopeId(std::string(scope)), std::nullopt, std::nullopt};
}

/// Opted in, by the Account Administrator.
void given_mail(InMemoryLedger& ledger, ScopeType type, std::string_view scope) {
  ledger.when(AcceptEmailTerms{type, ScopeId(std::string(scope)), "1"}, as("jeroen"));
  ledger.when(wish_for_mail(type, scope), as("jeroen"));
  ASSERT_FALSE(ledger.error()) << ledger.error()->detail;
  ASSERT_EQ(ledger.outcome<EmailInvoiceOptedIn>().size(), 1u);
}

OfferDefined support_offer(bool mails) {
  OfferDefined offer;
  offer.offer_id = OfferId("support-basic");
  offer.name = "Support";
  offer.kind = OfferKind::Support;
  offer.email_invoices = mails;
  return offer;
}

TEST(MailedDocuments, AnOptedInSupportPlanEndsWithThePolicy) {
  InMemoryLedger ledger;
  ledger.at("2024-03-28")
      .given(jeroens_account())
      .given({support_plan("plan-1", "sub-02", "100.00", "2024-03-28")});
  given_mail(ledger, ScopeType::SupportPlan, "plan-1");
  ledger.when(SetPolicy{"email.supportPlans", {"false"}, {}});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
  ledger.when(SetPolicy{"email.supportPlans", {"true"}, {}});
  ledger.when(AdvanceClock{midnight("2024-06-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceEmailQueued>().size(), 1u);
}

TEST(MailedDocuments, ASubscriptionEndsWithItsOffer) {
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({cost("sub-01", "40.00", "2024-03-07"), cost("sub-02", "25.00", "2024-03-12")});
  given_mail(ledger, ScopeType::Subscription, "sub-01");
  given_mail(ledger, ScopeType::Subscription, "sub-02");
  const OfferId before = ledger.state().subscription(kSub01)->offer_id;
  ledger.given({OfferUpgraded{kSub01, before, OfferId("MS-AZR-0111P")}});
  ledger.when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 2u);
  const auto mails = ledger.outcome<InvoiceEmailQueued>();
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].scope_id.text(), "sub-02");
}

TEST(MailedDocuments, ASupportPlanIsWhereItsOfferIs) {
  SubscriptionCreated own = subscription("sub-sup", "acc-1", "2024-03-12");
  own.offer_id = OfferId("support-basic");
  InMemoryLedger ledger;
  ledger.at("2024-03-12")
      .given(jeroens_account())
      .given({support_offer(false), own, support_plan("plan-1", "sub-sup", "100.00", "2024-03-12")});
  ledger.when(AcceptEmailTerms{ScopeType::SupportPlan, kPlan1, "1"}, as("jeroen"));
  ledger.when(wish_for_mail(ScopeType::SupportPlan, "plan-1"), as("jeroen"))
      .then_rejected("NOT_SUPPORTED", "/scopeId");
  ledger.given({support_offer(true)});
  given_mail(ledger, ScopeType::SupportPlan, "plan-1");
  ledger.given({support_offer(false)}).when(AdvanceClock{midnight("2024-05-02"), true});
  EXPECT_EQ(ledger.outcome<InvoiceIssued>().size(), 1u);
  EXPECT_TRUE(ledger.outcome<InvoiceEmailQueued>().empty());
}

}  // namespace
}  // namespace daybook::testing
