#include "tests/codec/key_store_fixture.h"

namespace daybook::codec {
namespace {

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
  EXPECT_EQ(restored.error().kind, ErrorKind::NotFound);
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
  EXPECT_EQ(try_open().error().kind, ErrorKind::NotFound);
  disk = whole;
  disk.erase("keys/master-1");
  EXPECT_EQ(try_open().error().kind, ErrorKind::NotFound);
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

/// Power lost at every operation of a history: whatever was synced is there, nobody who was erased
/// comes back.
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

}  // namespace
}  // namespace daybook::codec
