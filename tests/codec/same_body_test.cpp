#include <gtest/gtest.h>

#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/invoice_documents.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

template <class T>
T& data_of(Event& event) {
  T* data = event.data.get_if<T>();
  LEDGER_INVARIANT(data != nullptr);
  return *data;
}

/// A usage row whose time was left out and taken from the clock, or not.
Event usage_at(std::string_view time, bool from_clock) {
  Event event;
  event.envelope.source = "s";
  event.envelope.id = "1";
  event.envelope.time = Instant::parse(time).value();
  event.envelope.time_from_clock = from_clock;
  UsageRecorded usage;
  usage.subscription_id = SubscriptionId("sub-01");
  usage.meter_id = MeterId("vm");
  usage.quantity = Decimal(24);
  event.data = usage;
  fill_defaults(event);
  return event;
}

TEST(SameBody, LeavesOutWhatTheLedgerFilledIn) {
  const Event first = usage_at("2024-03-07T10:00:00Z", false);
  Event second = first;
  second.envelope.actor.key_id = "another key of the same owner";
  second.envelope.causation = "x";
  second.envelope.correlation = "y";
  EXPECT_TRUE(same_body(first, second));
}

TEST(SameBody, TellsEveryOtherDifference) {
  const Event first = usage_at("2024-03-07T10:00:00Z", false);
  EXPECT_FALSE(same_body(first, usage_at("2024-03-07T10:00:01Z", false)));
  Event second = first;
  second.envelope.extensions.push_back({"a", "b"});
  EXPECT_FALSE(same_body(first, second));
  second = first;
  data_of<UsageRecorded>(second).quantity = Decimal(25);
  EXPECT_FALSE(same_body(first, second));
  second = first;
  data_of<UsageRecorded>(second).usage_date = Date::of(2024, 3, 8);
  EXPECT_FALSE(same_body(first, second));
  second = first;
  second.data = UsageVoided{};
  EXPECT_FALSE(same_body(first, second));
}

TEST(SameBody, ARetryOnAnotherDayWithoutTimeIsTheSame) {
  const Event first = usage_at("2024-03-07T23:59:00Z", true);
  const Event retry = usage_at("2024-03-09T00:01:00Z", true);
  EXPECT_TRUE(same_body(first, retry));
  // A day that was given is compared.
  Event given = retry;
  data_of<UsageRecorded>(given).usage_date = Date::of(2024, 3, 1);
  EXPECT_FALSE(same_body(first, given));
  Event both = first;
  data_of<UsageRecorded>(both).usage_date = Date::of(2024, 3, 1);
  EXPECT_TRUE(same_body(both, given));
  // One with and one without time differ.
  EXPECT_FALSE(same_body(first, usage_at("2024-03-07T23:59:00Z", false)));
}

TEST(SameBody, LeavesOutMembersThatTheLedgerAloneGives) {
  Event first;
  first.envelope.source = "s";
  first.envelope.id = "1";
  AccountAdministratorChanged changed;
  changed.account_id = AccountId("a");
  changed.identity_id = IdentityId("i");
  first.data = changed;
  Event recorded = first;
  data_of<AccountAdministratorChanged>(recorded).previous_identity_id = IdentityId("before");
  EXPECT_TRUE(same_body(recorded, first));
  data_of<AccountAdministratorChanged>(recorded).identity_id = IdentityId("another");
  EXPECT_FALSE(same_body(recorded, first));
}

TEST(SameBody, ComparesWhatTheLedgerMadeOfWhatWasSent) {
  Event first;
  first.envelope.source = "s";
  first.envelope.id = "1";
  TaxDocumentAdded added;
  added.invoice_id = InvoiceId("E1");
  added.content = {std::byte{1}, std::byte{2}};
  fill_defaults(added, {});
  added.content.clear();  // as it is recorded
  first.data = added;
  Event other = first;
  EXPECT_TRUE(same_body(first, other));
  data_of<TaxDocumentAdded>(other).content_hash.back() ^= std::byte{1};
  EXPECT_FALSE(same_body(first, other));
  // Of a copied history that does not say it, nothing is compared.
  data_of<TaxDocumentAdded>(other).content_hash.clear();
  EXPECT_TRUE(same_body(first, other));
}

TEST(SameBody, ComparesPersonalValuesAsPlaintextUntilTheyAreErased) {
  Event first;
  first.envelope.source = "s";
  first.envelope.id = "1";
  EmailChanged changed;
  changed.identity_id = IdentityId("i");
  changed.email = std::string("a@b.example");
  changed.email.sealed = "one ciphertext";
  first.data = changed;
  Event retry = first;
  data_of<EmailChanged>(retry).email.sealed = "another ciphertext";
  EXPECT_TRUE(same_body(first, retry));
  data_of<EmailChanged>(retry).email.value = "c@d.example";
  EXPECT_FALSE(same_body(first, retry));
  data_of<EmailChanged>(first).email.value.reset();
  EXPECT_TRUE(same_body(first, retry));
}

}  // namespace
}  // namespace daybook::codec
