#include "ledger/log/log.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/domain/invariant.h"
#include "ledger/log/bytes.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::Group;
using testing::open_log;
using testing::random_group;
using testing::small_options;
using testing::TemporaryDirectory;
using testing::transcript;

class LogTest : public ::testing::Test {
 protected:
  [[nodiscard]] Options options() const { return small_options(directory_.path("ledger")); }

  TemporaryDirectory directory_;
};

TEST_F(LogTest, AnEmptyLogHasTheRootOfNoLeavesAndTheFirstChain) {
  const auto log = open_log(options());
  EXPECT_EQ(log->head().position, 0u);
  EXPECT_EQ(log->head().root, empty_root());
  EXPECT_EQ(log->head().chain, first_chain(log->ledger_id()));
  EXPECT_EQ(log->read(1).error().code, "NOT_FOUND");
  EXPECT_TRUE(log->verify());
}

TEST_F(LogTest, TheChainCoversWhichEventsThereWereAndNotHowManyAlone) {
  Hash chains[2];
  for (std::uint64_t ledger = 0; ledger < 2; ++ledger) {
    // The same ledger id, times and number of events; one byte of one event differs.
    const auto log = open_log(small_options(directory_.path("ledger-" + std::to_string(ledger))));
    Group group;
    group.add("an event").add(ledger == 0 ? "a charge of 10" : "a charge of 90");
    log->append(group.records(), 1'000);
    chains[ledger] = log->head().chain;
  }
  EXPECT_NE(chains[0], chains[1]);
}

TEST_F(LogTest, ReopeningGivesTheSameLog) {
  std::string before;
  Head head;
  {
    const auto log = open_log(options());
    for (std::uint64_t i = 0; i < 40; ++i) {
      log->append(random_group(i, 1 + i * 13 % 400).records(), 1'000 + static_cast<std::int64_t>(i));
    }
    ASSERT_TRUE(log->save_tree());
    log->append(random_group(99, 700).records(), 2'000);
    before = transcript(*log);
    head = log->head();
  }
  for (int times = 0; times < 3; ++times) {
    const auto log = open_log(options());
    EXPECT_EQ(transcript(*log), before);
    EXPECT_EQ(log->head(), head);
    EXPECT_EQ(log->verify().value(), head);
  }
}

TEST_F(LogTest, EveryOpeningTakesAHigherEpochThatTheNextGroupCarries) {
  for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) {
    const auto log = open_log(options());
    EXPECT_EQ(log->epoch(), epoch);
    if (epoch != 2) {
      log->append(random_group(epoch, 3).records(), 0);
      EXPECT_EQ(log->head().epoch, epoch);
    }
  }
}

TEST_F(LogTest, ReadsOneEventWithWhatWasRecordedBesideIt) {
  const auto log = open_log(options());
  log->append(random_group(1, 1'000).records(), 50);
  const Group group = random_group(2, 1'000);
  const auto records = group.records();
  log->append(records, 70);
  for (const Position position : {1'001u, 1'264u, 1'265u, 1'999u, 2'000u}) {
    const auto stored = log->read(position);
    ASSERT_TRUE(stored);
    const NewRecord& wanted = records[position - 1'001];
    EXPECT_EQ(stored->position, position);
    EXPECT_EQ(stored->recorded_at, 70);
    EXPECT_EQ(stored->stream, wanted.stream);
    EXPECT_EQ(stored->version, wanted.version);
    EXPECT_EQ(stored->type, wanted.type);
    EXPECT_EQ(stored->code, wanted.code);
    EXPECT_EQ(as_text(stored->event), as_text(wanted.event));
  }
  EXPECT_EQ(log->read(0).error().code, "NOT_FOUND");
  EXPECT_EQ(log->read(2'001).error().code, "NOT_FOUND");
}

TEST_F(LogTest, AScanGivesExactlyTheRangeAndTheTypesAskedFor) {
  const auto log = open_log(options());
  SeededRng rng(5);
  Group rare;
  for (int i = 0; i < 3'000; ++i) {
    rare.add(rng, 200, i == 1'500 ? 77 : 3);
  }
  log->append(rare.records(), 1);
  std::vector<Position> seen;
  ASSERT_TRUE(log->scan(10, 2'345, [&](const RecordView& record) { seen.push_back(record.position); }));
  ASSERT_EQ(seen.size(), 2'336u);
  EXPECT_EQ(seen.front(), 10u);
  EXPECT_EQ(seen.back(), 2'345u);
  seen.clear();
  std::size_t frames = 0;
  ASSERT_TRUE(log->scan_frames(
      1, 5'000,
      [&](std::span<const RecordView>) {
        ++frames;
        return true;
      },
      type_bit(77)));
  EXPECT_EQ(frames, 1u);
  ASSERT_TRUE(log->scan(
      1, 5'000, [&](const RecordView& record) { seen.push_back(record.position); }, type_bit(77)));
  EXPECT_EQ(seen, std::vector<Position>{1'501});
}

TEST_F(LogTest, RecordedAtNeverGoesBackAndFindsAnyInstant) {
  const auto log = open_log(options());
  const std::int64_t times[] = {100, 300, 200, 300, 1'000};
  for (const std::int64_t now : times) {
    log->append(random_group(7, 300).records(), now);
  }
  EXPECT_EQ(log->recorded_at(1).value(), 100);
  EXPECT_EQ(log->recorded_at(601).value(), 300);
  EXPECT_EQ(log->position_at(99).value(), 0u);
  EXPECT_EQ(log->position_at(100).value(), 300u);
  EXPECT_EQ(log->position_at(299).value(), 300u);
  EXPECT_EQ(log->position_at(300).value(), 1'200u);
  EXPECT_EQ(log->position_at(999).value(), 1'200u);
  EXPECT_EQ(log->position_at(5'000).value(), 1'500u);
}

TEST_F(LogTest, HoldsTheLargestEventAndRefusesALargerOneUntouched) {
  const auto log = open_log(options());
  SeededRng rng(3);
  Group large;
  large.add(rng, 10).add(rng, kEventBytesMax).add(rng, 10);
  log->append(large.records(), 1);
  EXPECT_EQ(log->read(2)->event.size(), kEventBytesMax);
  Group too_large;
  too_large.add(rng, kEventBytesMax + 1);
  EXPECT_THROW(log->append(too_large.records(), 2), InvariantBroken);
  EXPECT_THROW(log->append({}, 2), InvariantBroken);
  Group too_much;
  for (int i = 0; i < 17; ++i) {
    too_much.add(rng, kEventBytesMax);
  }
  EXPECT_THROW(log->append(too_much.records(), 2), InvariantBroken);
  log->append(random_group(1, 5).records(), 3);
  EXPECT_EQ(log->verify().value(), log->head());
}

TEST_F(LogTest, AnyCodecMayFollowAnyOther) {
  for (const Codec codec : {Codec::Zstd, Codec::Lz4, Codec::Raw, Codec::Zstd}) {
    Options own = options();
    own.codec = codec;
    const auto log = open_log(own);
    log->append(random_group(static_cast<std::uint64_t>(codec), 900).records(), 1);
  }
  const auto log = open_log(options());
  EXPECT_EQ(log->position(), 3'600u);
  EXPECT_TRUE(log->verify());
}

TEST_F(LogTest, RootsAndProofsAtAnySizeAgreeWithTheHeads) {
  const auto log = open_log(options());
  std::vector<Head> heads;
  for (std::uint64_t i = 0; i < 12; ++i) {
    log->append(random_group(i, 100 + i * 57).records(), 1);
    heads.push_back(log->head());
  }
  const Head last = heads.back();
  for (const Head& head : heads) {
    EXPECT_EQ(log->root_at(head.position).value(), head.root);
    EXPECT_EQ(log->group_end(head.position).value(), head);
    const auto consistency = log->consistency_proof(head.position, last.position);
    ASSERT_TRUE(consistency);
    EXPECT_TRUE(verify_consistency(head.position, head.root, last.position, last.root, *consistency));
    for (const Position position : {Position{1}, head.position / 2, head.position}) {
      const auto proof = log->inclusion_proof(position, head.position);
      ASSERT_TRUE(proof);
      const Hash leaf = leaf_hash(log->read(position)->event);
      EXPECT_TRUE(verify_inclusion(leaf, position - 1, head.position, *proof, head.root));
    }
  }
  EXPECT_EQ(log->root_at(last.position + 1).error().code, "NOT_FOUND");
  EXPECT_EQ(log->inclusion_proof(5, 4).error().code, "NOT_FOUND");
}

TEST_F(LogTest, TheSignedHeadIsSignedByTheSameKeyAfterReopening) {
  SignedHead first;
  {
    const auto log = open_log(options());
    log->append(random_group(1, 10).records(), 1);
    first = log->signed_head();
    EXPECT_TRUE(verify_signature(first));
  }
  const auto log = open_log(options());
  EXPECT_EQ(log->signed_head().public_key, first.public_key);
  EXPECT_EQ(log->signed_head().signature, first.signature);
  SignedHead forged = first;
  forged.head.position += 1;
  EXPECT_FALSE(verify_signature(forged));
}

TEST_F(LogTest, ViewsMayBeDeletedOrDamagedAtAnyTime) {
  std::string before;
  {
    const auto log = open_log(options());
    log->append(random_group(1, 5'000).records(), 1);
    ASSERT_TRUE(log->save_tree());
    before = transcript(*log);
  }
  const std::filesystem::path views = directory_.path("ledger/views");
  std::filesystem::remove_all(views);
  {
    const auto log = open_log(options());
    EXPECT_EQ(transcript(*log), before);
    ASSERT_TRUE(log->save_tree());
  }
  for (const auto& file : std::filesystem::directory_iterator(views)) {
    if (file.is_regular_file() && file.path().filename() != "LOCK") {
      std::ofstream(file.path(), std::ios::trunc) << "damaged";
    }
  }
  const auto log = open_log(options());
  EXPECT_TRUE(log->views()->was_reset());
  EXPECT_EQ(transcript(*log), before);
}

TEST_F(LogTest, ViewsOfAnUndoneFutureAreRemoved) {
  const std::filesystem::path ledger = directory_.path("ledger");
  const std::filesystem::path backup = directory_.path("backup");
  {
    const auto log = open_log(options());
    log->append(random_group(1, 5'000).records(), 1);
  }
  std::filesystem::copy(ledger, backup, std::filesystem::copy_options::recursive);
  {
    const auto log = open_log(options());
    log->append(random_group(2, 5'000).records(), 1);
    auto family = log->views()->family("mark").value();
    ViewBatch batch(family);
    batch.put("position", "10000");
    ASSERT_TRUE(batch.write());
  }
  // The log goes back to the backup; the views stay as they were.
  std::filesystem::remove_all(backup / "views");
  std::filesystem::rename(ledger / "views", backup / "views");
  Options own = options();
  own.directory = backup.string();
  std::filesystem::permissions(backup, std::filesystem::perms::owner_all);
  std::filesystem::permissions(backup / "keys", std::filesystem::perms::owner_all);
  const auto log = open_log(own);
  EXPECT_EQ(log->position(), 5'000u);
  EXPECT_FALSE(log->views()->family("mark")->get("position").value());
}

TEST_F(LogTest, AppendsWhileOthersRead) {
  const auto log = open_log(options());
  log->append(random_group(1, 2'000).records(), 1);
  std::atomic<bool> done{false};
  std::thread reader([&] {
    SeededRng rng(9);
    while (!done) {
      const Head head = log->head();
      EXPECT_EQ(log->root_at(head.position).value(), head.root);
      EXPECT_TRUE(log->read(1 + rng.below(head.position)));
      std::size_t seen = 0;
      EXPECT_TRUE(log->scan(head.position - 500, head.position,
                            [&](const RecordView&) { ++seen; }));
      EXPECT_EQ(seen, 501u);
    }
  });
  for (std::uint64_t i = 0; i < 60; ++i) {
    log->append(random_group(i, 500).records(), 1);
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace daybook::log
