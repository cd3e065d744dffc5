#include "ledger/codec/key_store.h"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/codec/event.h"
#include "ledger/codec/value_codec.h"
#include "ledger/domain/facts/account.h"
#include "ledger/domain/facts/email_preference.h"
#include "ledger/domain/facts/identity.h"
#include "tests/codec/support.h"

namespace daybook::codec {
namespace {

constexpr std::string_view kAddress = "jeroen@contoso.example";

/// Files in memory that can lose power: the n-th operation that changes something does only half of
/// it, and all that follow nothing.
class MemoryFiles final : public KeyFiles {
 public:
  using Disk = std::map<std::string, std::string>;
  MemoryFiles(Disk& disk, int& operations_left) : disk_(disk), left_(operations_left) {}

  Result<std::optional<std::string>> read(const std::string& path) override {
    const auto found = disk_.find(path);
    return found == disk_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<void> write(const std::string& path, std::uint64_t offset,
                     std::string_view bytes) override {
    return change([&](bool whole) {
      std::string& file = disk_.at(path);
      const std::string_view part = whole ? bytes : bytes.substr(0, bytes.size() / 2);
      if (file.size() < offset + part.size()) file.resize(offset + part.size());
      file.replace(offset, part.size(), part);
    });
  }
  Result<void> replace(const std::string& path, std::string_view bytes) override {
    return change([&](bool whole) {
      if (whole) {
        disk_[path] = bytes;
      } else {
        disk_[path + ".new"] = bytes.substr(0, bytes.size() / 2);
      }
    });
  }
  Result<void> destroy(const std::string& path) override {
    return change([&](bool whole) {
      if (!disk_.contains(path)) return;
      disk_[path].assign(disk_[path].size(), '\0');
      if (whole) disk_.erase(path);
    });
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    std::vector<std::string> names;
    for (const auto& [path, bytes] : disk_) names.push_back(path.substr(directory.size() + 1));
    return names;
  }

 private:
  template <class Change>
  Result<void> change(Change&& make) {
    if (left_ < 0) return failed(ErrorKind::Internal, "INTERNAL", "no power");
    if (left_-- > 0) {
      make(true);
      return {};
    }
    make(false);
    return failed(ErrorKind::Internal, "INTERNAL", "lost power");
  }

  Disk& disk_;
  int& left_;
};

class SeededSecrets final : public SecretSource {
 public:
  explicit SeededSecrets(std::uint64_t seed) : values_(seed) {}
  void fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(values_.u64());
  }

 private:
  RandomValues values_;
};

class KeyStoreTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<KeyStore>> try_open(bool log_is_empty = false) {
    return KeyStore::open("keys", log_is_empty,
                          std::make_unique<MemoryFiles>(disk, operations_left),
                          std::make_unique<SeededSecrets>(++seed));
  }
  std::unique_ptr<KeyStore> open(bool log_is_empty = false) {
    auto store = try_open(log_is_empty);
    EXPECT_TRUE(store.has_value()) << store.error().detail;
    return std::move(*store);
  }
  static std::string seal(KeyStore& store, std::string_view subject, std::string_view plain) {
    const std::array<std::byte, 16> binding{};
    return store.seal(subject, binding, plain).value();
  }

  MemoryFiles::Disk disk;
  int operations_left = 1 << 30;
  std::uint64_t seed = 0;
};

TEST_F(KeyStoreTest, OpensWhatItSealedAlsoAfterAReopen) {
  std::string sealed;
  {
    const auto store = open(true);
    sealed = seal(*store, "identity:i-1", kAddress);
    EXPECT_EQ(sealed.find(kAddress), std::string::npos);
    EXPECT_EQ(store->open(sealed).value(), kAddress);
    EXPECT_NE(sealed, seal(*store, "identity:i-1", kAddress));  // another nonce
    ASSERT_TRUE(store->sync().has_value());
  }
  const auto store = open();
  EXPECT_EQ(store->open(sealed).value(), kAddress);
  EXPECT_TRUE(store->has_key("identity:i-1"));
  EXPECT_EQ(store->size(), 1U);
}

TEST_F(KeyStoreTest, AnotherSubjectHasAnotherKeyAndNoNameStandsOnDisk) {
  const auto store = open(true);
  seal(*store, subject_of_address(kAddress), "x");
  seal(*store, subject_of_address(" Jeroen@Contoso.example"), "x");
  EXPECT_EQ(store->size(), 1U);
  seal(*store, subject_of_identity("jeroen"), "x");
  EXPECT_EQ(store->size(), 2U);
  ASSERT_TRUE(store->sync().has_value());
  for (const auto& [path, bytes] : disk) EXPECT_EQ(bytes.find("jeroen"), std::string::npos) << path;
  EXPECT_EQ(store->reference("a").size(), 32U);
  EXPECT_EQ(store->reference("a"), store->reference("a"));
  EXPECT_NE(store->reference("a"), store->reference("b"));
}

TEST_F(KeyStoreTest, ErasingDestroysTheKeyAndOldCopiesOfTheFileWithIt) {
  std::string erased;
  std::string kept;
  MemoryFiles::Disk before;
  {
    const auto store = open(true);
    erased = seal(*store, "identity:i-1", kAddress);
    kept = seal(*store, "identity:i-2", "other@contoso.example");
    ASSERT_TRUE(store->sync().has_value());
    before = disk;
    EXPECT_EQ(store->erase("identity:i-1").value(), 1U);
    EXPECT_EQ(store->erase("identity:i-1").value(), 0U);
    EXPECT_EQ(store->erase("identity:nobody").value(), 0U);
    EXPECT_EQ(store->open(erased).value(), std::nullopt);
    EXPECT_EQ(store->open(kept).value(), "other@contoso.example");
  }
  EXPECT_FALSE(disk.contains("keys/master-1"));
  {
    const auto store = open();
    EXPECT_EQ(store->open(erased).value(), std::nullopt);
    EXPECT_EQ(store->open(kept).value(), "other@contoso.example");
    // The same person again: a new key, and the old value stays closed.
    const std::string again = seal(*store, "identity:i-1", "new");
    EXPECT_EQ(store->open(again).value(), "new");
    EXPECT_EQ(store->open(erased).value(), std::nullopt);
  }
  // An old block or backup of the subjects' file is of no use without its master key.
  disk["keys/subjects"] = before["keys/subjects"];
  const auto restored = try_open();
  ASSERT_FALSE(restored.has_value());
  EXPECT_EQ(restored.error().kind, ErrorKind::Corruption);
}

TEST_F(KeyStoreTest, MissingAndDamagedFilesAreErrors) {
  std::string sealed;
  {
    const auto store = open(true);
    sealed = seal(*store, "a", "x");
    ASSERT_TRUE(store->sync().has_value());
    seal(*store, "b", "x");
    ASSERT_TRUE(store->sync().has_value());
  }
  const MemoryFiles::Disk whole = disk;
  disk.erase("keys/subjects");
  EXPECT_EQ(try_open().error().kind, ErrorKind::Corruption);
  disk = whole;
  disk.erase("keys/master-1");
  EXPECT_EQ(try_open().error().kind, ErrorKind::Corruption);
  // Every byte that counts: flipped, it is noticed, or (one of the two records of the length) made
  // up for.
  for (const std::string path : {"keys/subjects", "keys/master-1"}) {
    for (std::size_t at = 0; at < whole.at(path).size(); ++at) {
      disk = whole;
      disk[path][at] = static_cast<char>(disk[path][at] ^ 4);
      const auto store = try_open();
      if (store) {
        EXPECT_EQ((*store)->size(), 2U) << path << " " << at;
      } else {
        EXPECT_EQ(store.error().kind, ErrorKind::Corruption) << path << " " << at;
      }
    }
    for (std::size_t size = 0; size < whole.at(path).size(); ++size) {
      disk = whole;
      disk[path].resize(size);
      EXPECT_FALSE(try_open().has_value()) << path << " " << size;
    }
  }
}

TEST_F(KeyStoreTest, AValueOfAnUnknownKeyOrADamagedOneIsAnError) {
  const auto store = open(true);
  std::string sealed = seal(*store, "a", "x");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string damaged = sealed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto opened = store->open(damaged);
    ASSERT_FALSE(opened.has_value()) << at;
    EXPECT_EQ(opened.error().kind, ErrorKind::Corruption);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(store->open(std::string_view(sealed).substr(0, size)).has_value());
  }
}

/// Power lost at every operation of a history: whatever was synced is there, nobody who was erased
/// comes back.
TEST_F(KeyStoreTest, WhatWasSealedUnderAKeyThatIsNotToBeHadReadsAsErased) {
  MemoryFiles::Disk elsewhere;
  std::string foreign;
  {
    const auto other = KeyStore::open("keys", true, std::make_unique<MemoryFiles>(elsewhere, operations_left),
                                      std::make_unique<SeededSecrets>(77));
    foreign = seal(**other, "identity:i-1", kAddress);
  }
  std::string own;
  {
    const auto store = open(true);
    own = seal(*store, "identity:i-1", kAddress);
    EXPECT_FALSE(store->open(foreign).has_value());
    const std::vector<std::string> gone = {foreign.substr(0, KeyStore::kSealedKeyBytes), own};
    ASSERT_TRUE(store->give_up(gone).has_value());
    EXPECT_EQ(store->open(foreign).value(), std::nullopt);
    EXPECT_EQ(store->open(own).value(), kAddress) << "a key that is there stays";
    EXPECT_FALSE(store->give_up(std::vector<std::string>{"short"}).has_value());
  }
  const auto store = open();
  EXPECT_EQ(store->open(foreign).value(), std::nullopt);
  EXPECT_EQ(store->open(own).value(), kAddress);
  EXPECT_EQ(store->size(), 1U);
}

TEST_F(KeyStoreTest, LosingPowerAnywhereLosesNothingThatWasSynced) {
  for (int limit = 0; limit < 60; ++limit) {
    disk.clear();
    operations_left = limit;
    std::map<std::string, std::string> synced;  // subject → sealed
    std::map<std::string, std::string> pending;
    std::map<std::string, std::string> erased;
    std::string being_erased;
    bool lost = false;
    {
      auto store = try_open(true);
      lost = !store;
      for (int step = 0; !lost && step < 24; ++step) {
        const std::string subject = "s" + std::to_string(step);
        pending[subject] = seal(**store, subject, subject);
        if (step % 6 == 5) {
          const std::string victim = "s" + std::to_string(step - 3);
          being_erased = victim;
          lost = !(*store)->erase(victim);
          if (lost) break;
          synced.merge(pending);
          pending.clear();
          erased[victim] = synced[victim];
          synced.erase(victim);
          being_erased.clear();
        } else if (step % 2 == 1) {
          lost = !(*store)->sync();
          if (lost) break;
          synced.merge(pending);
          pending.clear();
        }
      }
    }
    operations_left = 1 << 30;
    auto store = try_open(synced.empty() && erased.empty());
    ASSERT_TRUE(store.has_value()) << limit << " " << store.error().detail;
    for (const auto& [subject, sealed] : synced) {
      const auto plain = (*store)->open(sealed);
      ASSERT_TRUE(plain.has_value()) << limit << subject;
      EXPECT_TRUE(subject == being_erased || *plain == subject) << limit;
    }
    for (const auto& [subject, sealed] : erased)
      EXPECT_EQ((*store)->open(sealed).value(), std::nullopt) << limit;
    if (!lost) return;
  }
  FAIL() << "the history never ran to its end";
}

TEST_F(KeyStoreTest, AfterAFailedWriteNothingIsTriedAgain) {
  const auto store = open(true);
  seal(*store, "a", "x");
  operations_left = 0;
  EXPECT_FALSE(store->sync().has_value());
  operations_left = 1 << 30;
  EXPECT_FALSE(store->sync().has_value());
  EXPECT_FALSE(store->erase("a").has_value());
}

// Sealed events

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
