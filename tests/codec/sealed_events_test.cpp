#include <string>

#include "ledger/codec/event.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/identity.h"
#include "tests/codec/key_store_fixture.h"

namespace daybook::codec {
namespace {

class SealedEvents : public KeyStoreTest {
 protected:
  static Event email_changed() {
    Event event;
    event.envelope.source = "s";
    event.envelope.id = "1";
    EmailChanged changed;
    changed.identity_id = IdentityId("i-1");
    changed.email = std::string(kAddress);
    event.data = changed;
    return event;
  }
};

TEST_F(SealedEvents, OnlyCiphertextStandsInTheBytes) {
  const auto store = open(true);
  Buffer bytes;
  const Event event = email_changed();
  ASSERT_TRUE(encode_event(event, *store, bytes).has_value());
  EXPECT_EQ(bytes.view().find("contoso"), std::string_view::npos);
  EXPECT_TRUE(store->has_key(subject_of_identity("i-1")));
  const Event decoded = decode_event(bytes.bytes(), store.get()).value();
  EXPECT_EQ(decoded.data, event.data);
  // Without keys the value stays closed, and its ciphertext can be kept.
  const Event closed = decode_event(bytes.bytes(), nullptr).value();
  EXPECT_FALSE(closed.data.get<EmailChanged>().email.value);
  EXPECT_EQ(closed.data.get<EmailChanged>().email.sealed,
            decoded.data.get<EmailChanged>().email.sealed);
}

TEST_F(SealedEvents, ErasedValuesAreNullAndTheBytesAsBefore) {
  const auto store = open(true);
  Buffer bytes;
  ASSERT_TRUE(encode_event(email_changed(), *store, bytes).has_value());
  const std::string before(bytes.view());
  ASSERT_EQ(store->erase(subject_of_identity("i-1")).value(), 1U);
  const Event decoded = decode_event(bytes.bytes(), store.get()).value();
  EXPECT_TRUE(decoded.data.get<EmailChanged>().email.erased());
  std::string json;
  JsonWriter writer(json);
  codec(EventType::EmailChanged).to_json(decoded.data, writer);
  EXPECT_EQ(json, R"({"identityId":"i-1","email":null})");
  Buffer again;
  ASSERT_TRUE(encode_event(decoded, *store, again).has_value());
  EXPECT_EQ(again.view(), before);
  EXPECT_EQ(store->size(), 0U);  // encoding an erased value makes no new key
}

TEST_F(SealedEvents, AddressesOfNobodyBelongToThemselvesAndCompaniesToTheirAccount) {
  const auto store = open(true);
  Buffer bytes;
  Event event = email_changed();
  EmailInvoiceOptedIn added;
  added.scope_type = ScopeType::Subscription;
  added.scope_id = ScopeId("sub-01");
  added.preferred_email = std::string("Fin@Contoso.example");
  event.data = added;
  ASSERT_TRUE(encode_event(event, *store, bytes).has_value());
  EXPECT_TRUE(store->has_key(subject_of_address("fin@contoso.example")));

  SoldToChanged sold;
  sold.account_id = AccountId("acc-1");
  Address address;
  address.company_name = "Contoso BV";
  address.country = "NL";
  sold.new_value = address;
  event.data = sold;
  bytes.clear();
  ASSERT_TRUE(encode_event(event, *store, bytes).has_value());
  EXPECT_TRUE(store->has_key("account:acc-1"));
  EXPECT_EQ(bytes.view().find("Contoso"), std::string_view::npos);
  EXPECT_EQ(decode_event(bytes.bytes(), store.get())->data, event.data);
}

TEST_F(SealedEvents, ACiphertextIsBoundToItsEventAndFieldYetOpensElsewhere) {
  PlainSealer plain;
  Buffer bytes;
  Event event = email_changed();
  ASSERT_TRUE(encode_event(event, plain, bytes).has_value());  // keeps the sealed form in the event
  const std::string first = event.data.get<EmailChanged>().email.sealed;
  Event other = email_changed();
  other.envelope.id = "2";
  bytes.clear();
  ASSERT_TRUE(encode_event(other, plain, bytes).has_value());
  EXPECT_NE(other.data.get<EmailChanged>().email.sealed.substr(0, 16), first.substr(0, 16));
  other.data = event.data;  // moved with its sealed form: kept
  bytes.clear();
  ASSERT_TRUE(encode_event(other, plain, bytes).has_value());
  EXPECT_EQ(other.data.get<EmailChanged>().email.sealed, first);
}

}  // namespace
}  // namespace daybook::codec
