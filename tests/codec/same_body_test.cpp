#include <gtest/gtest.h>

#include "ledger/domain/facts/identity.h"
#include "ledger/domain/facts/usage.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

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
  second.data.get_if<UsageRecorded>()->quantity = Decimal(25);
  EXPECT_FALSE(same_body(first, second));
  second = first;
  second.data.get_if<UsageRecorded>()->usage_date = Date::of(2024, 3, 8);
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
  given.data.get_if<UsageRecorded>()->usage_date = Date::of(2024, 3, 1);
  EXPECT_FALSE(same_body(first, given));
  Event both = first;
  both.data.get_if<UsageRecorded>()->usage_date = Date::of(2024, 3, 1);
  EXPECT_TRUE(same_body(both, given));
  // One with and one without time differ.
  EXPECT_FALSE(same_body(first, usage_at("2024-03-07T23:59:00Z", false)));
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
  retry.data.get_if<EmailChanged>()->email.sealed = "another ciphertext";
  EXPECT_TRUE(same_body(first, retry));
  retry.data.get_if<EmailChanged>()->email.value = "c@d.example";
  EXPECT_FALSE(same_body(first, retry));
  first.data.get_if<EmailChanged>()->email.value.reset();
  EXPECT_TRUE(same_body(first, retry));
}

}  // namespace
}  // namespace daybook::codec
