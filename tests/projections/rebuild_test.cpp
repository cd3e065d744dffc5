#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "projections/invoices/invoice_rows.h"
#include "projections/usage/usage_reader.h"
#include "projections/usage/usage_rows.h"
#include "tests/projections/answers.h"
#include "tests/projections/random_ledger.h"
#include "tests/projections/view_ledger.h"

namespace daybook::projections::testing {
namespace {

void fill(ViewLedger& ledger, RandomLedger& history, int groups, std::uint64_t largest) {
  codec::RandomValues random(42);
  for (int group = 0; group < groups; ++group) {
    std::vector<WrittenEvent> events;
    for (std::uint64_t i = 1 + random.below(largest); i > 0; --i) events.push_back(history.next());
    ledger.append(events);
  }
}

class StateHashes : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(StateHashes, AreTheSameHoweverEventsAreCutIntoBatchesLanesAndThreads) {
  codec::RandomValues random(GetParam());
  RandomLedger history(GetParam());
  ViewLedger ledger;
  // Live: a batch is what a group brought.
  for (int group = 0; group < 40; ++group) {
    std::vector<WrittenEvent> events;
    for (std::uint64_t i = 1 + random.below(40); i > 0; --i) events.push_back(history.next());
    ledger.append(events);
    if (!random.one_in(3)) ledger.views().catch_up();
  }
  ledger.views().catch_up();
  const auto live = hashes(ledger.views());
  EXPECT_EQ(live.size(), 4U);
  for (int round = 0; round < 4; ++round) {
    Projections::Options options;
    options.batch_events = 1 + random.below(round == 0 ? 20 : 400);
    options.batch.workers = 1 + static_cast<unsigned>(random.below(3));
    options.batch.parallel_from = 10;
    options.batch.ingest_bytes = options.batch_events > 100 && random.one_in(2) ? 0 : 1u << 30;
    options.lanes = 1 + random.below(64);
    if (random.one_in(2)) options.kept = random.below(300);
    ledger.open(options);
    EXPECT_EQ(hashes(ledger.views()), live) << "opened again";
    const auto rebuilt = ledger.views().rebuild({}, random.one_in(2));
    ASSERT_TRUE(rebuilt) << rebuilt.error().detail;
    ASSERT_EQ(rebuilt->size(), 4U);
    for (const Rebuilt& view : *rebuilt) {
      EXPECT_TRUE(view.equal()) << view.name << ' ' << view.live_hash << ' ' << view.rebuilt_hash
                                << ' ' << (view.error ? view.error->reason : "");
      EXPECT_EQ(view.position, ledger.log().position());
      EXPECT_EQ(view.live_hash, live.at(view.name));
    }
    EXPECT_EQ(hashes(ledger.views()), live);
  }
}

INSTANTIATE_TEST_SUITE_P(RandomLedgers, StateHashes, ::testing::Range<std::uint64_t>(100, 108));

TEST(Rebuild, GoesOnFromTheRowsThatTookTheLiveOnesPlace) {
  RandomLedger history(7);
  ViewLedger ledger;
  fill(ledger, history, 10, 30);
  ledger.views().catch_up();
  const auto held = ledger.views().rows(kUsage);
  ASSERT_TRUE(ledger.views().rebuild({"usage", "entities"}, true));
  const std::string before = every_answer(ledger.views(), history, ledger.log().position());
  fill(ledger, history, 5, 30);
  ledger.views().catch_up();
  const auto rebuilt = ledger.views().rebuild({}, false);
  ASSERT_TRUE(rebuilt);
  for (const Rebuilt& view : *rebuilt) EXPECT_TRUE(view.equal()) << view.name;
  // Whoever held the old rows still reads them.
  UsageReader reader(held);
  EXPECT_TRUE(reader.stream_of("sub-0").has_value());
}

TEST(Rebuild, RefusesANameThatIsNoProjection) {
  ViewLedger ledger;
  const auto rebuilt = ledger.views().rebuild({"invioces"}, true);
  ASSERT_FALSE(rebuilt);
  EXPECT_EQ(rebuilt.error().code, "BAD_QUERY");
}

TEST(Rebuild, OfADeletedViewsDirectoryGivesTheSameHashes) {
  RandomLedger history(11);
  ViewLedger ledger;
  fill(ledger, history, 20, 40);
  ledger.views().catch_up();
  const auto before = hashes(ledger.views());
  const std::string answers = every_answer(ledger.views(), history, ledger.log().position() / 2);
  ledger.delete_views();
  Projections& views = ledger.open();
  EXPECT_EQ(views.position(), 0U);
  EXPECT_EQ(views.status().front().status, ProjectionState::Rebuilding);
  views.catch_up();
  EXPECT_EQ(views.status().front().status, ProjectionState::Live);
  EXPECT_EQ(hashes(views), before);
  EXPECT_EQ(every_answer(views, history, ledger.log().position() / 2), answers);
}

TEST(Rebuild, StartsAgainWhereTheVersionIsAnother) {
  RandomLedger history(12);
  ViewLedger ledger;
  fill(ledger, history, 5, 40);
  ledger.views().catch_up();
  const auto before = hashes(ledger.views());
  auto projections = all_projections();
  for (Projection& projection : projections) ++projection.version;
  Projections& views = ledger.open({}, std::move(projections));
  EXPECT_EQ(views.position(), 0U);
  views.catch_up();
  EXPECT_EQ(hashes(views), before);
}

TEST(Views, KeepTheirPositionAcrossReopening) {
  RandomLedger history(13);
  ViewLedger ledger;
  fill(ledger, history, 10, 40);
  ledger.views().catch_up();
  const auto before = hashes(ledger.views());
  ledger.close();
  Projections& views = ledger.open();
  EXPECT_EQ(views.position(), ledger.log().position());
  EXPECT_EQ(hashes(views), before);
  fill(ledger, history, 10, 40);
  views.catch_up();
  const auto rebuilt = views.rebuild({}, false);
  ASSERT_TRUE(rebuilt);
  for (const Rebuilt& view : *rebuilt) EXPECT_TRUE(view.equal()) << view.name;
}

TEST(Views, AreWholeAfterACrashBehindABatchThatWasIngested) {
  RandomLedger history(15);
  ViewLedger ledger;
  fill(ledger, history, 5, 40);
  ledger.views().catch_up();  // stays in memory
  fill(ledger, history, 5, 40);
  Projections::Options options;
  options.batch.ingest_bytes = 0;
  ledger.open(options).catch_up();
  fill(ledger, history, 5, 40);
  ledger.open().catch_up();  // in memory again: lost in the crash
  const std::string crashed = ledger.directory("crashed");
  std::filesystem::copy(ledger.directory("ledger/views"), crashed,
                        std::filesystem::copy_options::recursive);
  const auto before = hashes(ledger.views());
  ledger.close();
  std::filesystem::remove_all(ledger.directory("ledger/views"));
  std::filesystem::rename(crashed, ledger.directory("ledger/views"));
  Projections& views = ledger.open();
  EXPECT_GT(views.position("usage"), 0U);
  EXPECT_LT(views.position("usage"), ledger.log().position());
  views.catch_up();
  EXPECT_EQ(hashes(views), before);
  const auto rebuilt = views.rebuild({}, false);
  ASSERT_TRUE(rebuilt);
  for (const Rebuilt& view : *rebuilt) EXPECT_TRUE(view.equal()) << view.name;
}

TEST(Views, HoldNoPersonalTextInClear) {
  RandomLedger history(14);
  ViewLedger ledger;
  fill(ledger, history, 30, 60);
  ledger.views().catch_up();
  for (const std::string& family : ledger.log().views()->families()) {
    ASSERT_TRUE(ledger.log().views()->family(family)->flush());
  }
  ledger.close();
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(ledger.directory("ledger/views"))) {
    if (!entry.is_regular_file()) continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const char* text :
         {"Secret Company", "jeroen@secret.example", "Hidden Holding", "Contoso"}) {
      EXPECT_EQ(bytes.find(text), std::string::npos) << text << " in " << entry.path();
    }
  }
  EXPECT_GT(files, 3U);
}

}  // namespace
}  // namespace daybook::projections::testing
