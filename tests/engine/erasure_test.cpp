#include <sodium.h>

#include "ledger/codec/key_file.h"
#include "ledger/domain/facts/person.h"
#include "tests/engine/person_fixture.h"

/// Erasing persons and addresses, over a whole ledger on disk.
namespace daybook::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kEmail = "jeroen-7f3a@contoso.example";

class ErasePersons : public PersonTest {
 protected:
  /// The subjects' keys in clear, unwrapped as key_file.h describes it.
  std::vector<std::string> keys_in_clear() {
    std::vector<std::string> keys;
    const Result<codec::KeyFile> file = codec::read_key_file(bytes_of(path("keys/subjects")));
    EXPECT_TRUE(file.has_value());
    const std::uint64_t epoch = file->header.epoch;
    const Result<codec::Key32> master = codec::read_master(bytes_of(path("keys/master-" + std::to_string(epoch))), epoch);
    EXPECT_TRUE(master.has_value());
    for (const codec::KeyEntry& entry : file->entries) {
      if (entry.erased) continue;
      std::string bound = "daybook/key/1";
      for (int i = 0; i < 8; ++i) bound.push_back(static_cast<char>(epoch >> (8 * i)));
      for (const std::byte byte : entry.id) bound.push_back(static_cast<char>(byte));
      for (const std::byte byte : entry.reference) bound.push_back(static_cast<char>(byte));
      std::string key(32, '\0');
      const auto raw = [](const auto* bytes) { return reinterpret_cast<const unsigned char*>(bytes); };
      EXPECT_EQ(crypto_aead_xchacha20poly1305_ietf_decrypt(
                    reinterpret_cast<unsigned char*>(key.data()), nullptr, nullptr, raw(entry.wrapped_key.data()),
                    entry.wrapped_key.size(), raw(bound.data()), bound.size(), raw(entry.nonce.data()),
                    raw(master->data())),
                0);
      keys.push_back(key);
    }
    return keys;
  }
  std::string master_key(std::uint64_t epoch) {
    return bytes_of(path("keys/master-" + std::to_string(epoch))).substr(16, 32);
  }
};

TEST_F(ErasePersons, DestroysTheKeyOnDiskAndLeavesTheLogWhole) {
  post(account() + "," + linked("jeroen", kEmail, "p-1") + "," + linked("ria", "ria@contoso.example", "p-2"));
  ASSERT_TRUE(ledger_->maintain(true).has_value());
  const std::string old_master = master_key(1);
  const std::vector<std::string> old_keys = keys_in_clear();
  ASSERT_EQ(old_keys.size(), 2u);
  EXPECT_THAT(files_with(old_master), ElementsAre("keys/master-1"));  // the search finds what is there
  EXPECT_THAT(files_with(kEmail), IsEmpty());
  EXPECT_EQ(email_of("jeroen"), kEmail);
  const auto root = ledger_->log().head().root;

  const auto erased = erase("jeroen", std::nullopt);
  ASSERT_TRUE(erased.has_value()) << erased.error().detail;
  EXPECT_EQ(erased->count, 1u);
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(email_of("jeroen"), "(erased)");
    EXPECT_EQ(email_of("ria"), "ria@contoso.example");
    EXPECT_EQ(persons()["p-1"], "(erased)");
    EXPECT_EQ(persons()["p-2"], "ria@contoso.example");
    EXPECT_EQ(ledger_->log().root_at(3).value(), root);
    EXPECT_TRUE(ledger_->log().verify().has_value());
    ASSERT_TRUE(ledger_->maintain(true).has_value());
    EXPECT_THAT(files_with(kEmail), IsEmpty());
    EXPECT_THAT(files_with(old_master), IsEmpty());
    EXPECT_EQ(keys_in_clear().size(), 1u);
    for (const std::string& key : old_keys) EXPECT_THAT(files_with(key), IsEmpty());
    reopen();
  }
}

TEST_F(ErasePersons, AnswersARetriedFactOfAnErasedPersonWithItsFirstReceipt) {
  post(account());
  const auto first = post(linked("jeroen", kEmail, "p-1"));
  ASSERT_TRUE(erase("jeroen", std::nullopt).has_value());
  for (int round = 0; round < 2; ++round) {
    const auto again = post(linked("jeroen", kEmail, "p-1"));
    EXPECT_EQ(again->facts[0].status, FactStatus::Duplicate);
    EXPECT_EQ(again->facts[0].position, first->facts[0].position);
    EXPECT_EQ(email_of("jeroen"), "(erased)");
    reopen();
  }
}

TEST_F(ErasePersons, AnAddressGoesWithThePersonWhoSignsInWithItAndWithItsRecipients) {
  post(account() + "," + subscription());
  post(linked("jeroen", kEmail, "p-1") + "," + linked("ria", "ria@contoso.example", "p-2"));
  post(recipient_added("r-1", kEmail) + "," + recipient_added("r-2", "fin@contoso.example"), false, importer());
  const auto erased = erase(std::nullopt, " Jeroen-7f3a@Contoso.example ");
  ASSERT_TRUE(erased.has_value()) << erased.error().detail;
  EXPECT_EQ(erased->count, 2u);  // the address, and the person
  const std::map<std::string, std::string> expected{{"p-1", "(erased)"},
                                                    {"p-2", "ria@contoso.example"},
                                                    {"add-r-1", "(erased)"},
                                                    {"add-r-2", "fin@contoso.example"}};
  EXPECT_EQ(persons(), expected);
  reopen();
  EXPECT_EQ(persons(), expected);
  EXPECT_EQ(erase(std::nullopt, std::string(kEmail))->count, 0u);
}

TEST_F(ErasePersons, ARemovedRecipientIsErasedAlone) {
  post(account() + "," + subscription());
  post(recipient_added("r-1", kEmail) + "," + recipient_added("r-2", kEmail), false, importer());
  post(recipient_removed("r-1"), false, importer());
  EXPECT_EQ(persons(), (std::map<std::string, std::string>{{"add-r-1", "(erased)"}, {"add-r-2", std::string(kEmail)}}));
  EXPECT_FALSE(std::filesystem::exists(path("keys/master-1")));
}

TEST_F(ErasePersons, APersonWhoCameBackIsNotErasedAgainByAStartThatFoldsTheErasure) {
  post(account() + "," + linked("jeroen", kEmail, "p-1"));
  ASSERT_TRUE(erase("jeroen", std::nullopt).has_value());
  post(linked("jeroen", "jeroen@new.example", "p-2"));
  reopen();  // no checkpoint was written: all of it is folded again
  EXPECT_EQ(email_of("jeroen"), "jeroen@new.example");
  EXPECT_EQ(persons(), (std::map<std::string, std::string>{{"p-1", "(erased)"}, {"p-2", "jeroen@new.example"}}));
}

TEST_F(ErasePersons, AFactThatWasOnItsWayIsFoldedAsItWillBeRead) {
  post(account() + "," + linked("jeroen", kEmail, "p-1"));
  auto late = prepared(fact("EmailChanged", "p-2", R"({"identityId":"jeroen","email":"late@contoso.example"})"));
  ASSERT_TRUE(erase("jeroen", std::nullopt).has_value());
  const auto done = ledger_->ingest(std::move(late));
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ((*done)->facts[0].status, FactStatus::Accepted);
  EXPECT_EQ(email_of("jeroen"), "(erased)");
  reopen();
  EXPECT_EQ(email_of("jeroen"), "(erased)");
}

TEST_F(ErasePersons, IsRefusedWithoutExactlyOneSubjectAndForWhoIsUnknown) {
  post(account() + "," + linked("jeroen", kEmail, "p-1"));
  EXPECT_EQ(erase(std::nullopt, std::nullopt).error().code, "INVALID_FIELD");
  EXPECT_EQ(erase("jeroen", std::string(kEmail)).error().code, "INVALID_FIELD");
  EXPECT_EQ(erase("nobody", std::nullopt).error().code, "NOT_FOUND");
  CommandRequest by_person;
  EraseSubject command;
  command.identity_id = IdentityId("jeroen");
  by_person.command = command;
  by_person.caller.viewer = Viewer::person(IdentityId("jeroen"), TenantId("contoso"));
  EXPECT_EQ(ledger_->execute(by_person).error().code, "FORBIDDEN");
  EXPECT_EQ(email_of("jeroen"), kEmail);
}

TEST_F(ErasePersons, AnErasureRefusedForItsVersionErasesNothing) {
  post(account() + "," + linked("jeroen", kEmail, "p-1"));
  CommandRequest request;
  EraseSubject command;
  command.identity_id = IdentityId("jeroen");
  request.command = command;
  request.expected_version = 7;
  EXPECT_EQ(ledger_->execute(request).error().code, "VERSION_CONFLICT");
  EXPECT_EQ(email_of("jeroen"), kEmail);
  EXPECT_EQ(persons()["p-1"], kEmail);
}

}  // namespace
}  // namespace daybook::engine
