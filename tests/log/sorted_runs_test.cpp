#include "ledger/log/sorted_runs.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/fuse_filter.h"
#include "ledger/log/run_tail.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

using testing::TemporaryDirectory;

constexpr std::uint64_t kManyKeys = 10'000'000;

TEST(FuseFilter, HasEveryKeyAndFewOthers) {
  for (const std::size_t size : {1u, 2u, 3u, 7u, 100u, 4'096u, 300'000u}) {
    SeededRng rng(size);
    std::vector<std::uint64_t> keys(size);
    for (std::uint64_t& key : keys) {
      key = rng.u64();
    }
    const FuseFilter filter(keys);
    for (const std::uint64_t key : keys) {
      ASSERT_TRUE(filter.may_contain(key));
    }
    std::size_t wrong = 0;
    for (int i = 0; i < 100'000; ++i) {
      wrong += filter.may_contain(rng.u64()) ? 1u : 0u;
    }
    EXPECT_LE(wrong, 20u);  // 1.5 expected
    if (size > 100'000) {
      EXPECT_LE(filter.fingerprints().size() * 16, size * 19);
    }
    const std::vector<std::uint16_t> copy(filter.fingerprints().begin(), filter.fingerprints().end());
    const auto restored = FuseFilter::restore(filter.keys(), filter.seed(), copy);
    ASSERT_TRUE(restored);
    EXPECT_TRUE(restored->may_contain(keys.back()));
    EXPECT_FALSE(FuseFilter::restore(filter.keys() + 1'000'000, filter.seed(), copy));
  }
  EXPECT_FALSE(FuseFilter().may_contain(0));
}

/// Segments double at some 3,400, 11,200 and 37,000 keys, and just after that the paper's sizes are too tight.
TEST(FuseFilter, CanBeBuiltOverAnyNumberOfKeys) {
  SeededRng rng(11'480);
  for (const std::size_t about : {3'540u, 3'960u, 11'480u, 12'350u, 13'180u, 37'400u}) {
    for (std::size_t size = about - 20; size < about + 20; ++size) {
      std::vector<std::uint64_t> keys(size);
      for (std::uint64_t& key : keys) {
        key = rng.u64();
      }
      const FuseFilter filter(keys);
      EXPECT_LE(filter.fingerprints().size() * 16, size * 24);
      const auto restored = FuseFilter::restore(
          filter.keys(), filter.seed(), {filter.fingerprints().begin(), filter.fingerprints().end()});
      ASSERT_TRUE(restored);
      EXPECT_TRUE(std::all_of(keys.begin(), keys.end(),
                              [&](std::uint64_t key) { return restored->may_contain(key); }));
    }
  }
}

class SortedRunsTest : public ::testing::Test {
 protected:
  SortedRunsTest() { open_views(); }

  void open_views() {
    views_.reset();
    views_ = std::move(Views::open(directory_.path("views"), nullptr).value());
  }

  [[nodiscard]] std::unique_ptr<SortedRuns> open(bool filter, std::size_t tail_keys) {
    return std::move(
        SortedRuns::open(*views_, {.family = "test", .filter = filter, .tail_keys = tail_keys}, rng_)
            .value());
  }

  [[nodiscard]] static std::vector<Position> all(const SortedRuns& runs, std::uint64_t key) {
    std::vector<Position> out;
    EXPECT_TRUE(runs.find(key, out));
    return out;
  }

  TemporaryDirectory directory_;
  SeededRng rng_{11};
  std::unique_ptr<Views> views_;
};

TEST_F(SortedRunsTest, FindsWhatAMultimapFindsWhateverWasFrozenMergedOrReopened) {
  std::multimap<std::uint64_t, Position> reference;
  auto runs = open(false, 400);
  Position position = 0;
  for (int step = 0; step < 400; ++step) {
    const std::uint64_t events = rng_.below(60);
    for (std::uint64_t i = 0; i < events; ++i) {
      ++position;
      for (std::uint64_t keys = rng_.below(3); keys > 0; --keys) {
        const std::uint64_t key = rng_.below(4) == 0 ? 7 : rng_.below(50);
        if (std::none_of(reference.lower_bound(key), reference.upper_bound(key),
                         [&](const auto& entry) { return entry.second == position; })) {
          reference.emplace(key, position);
        }
        runs->add(key, position);
      }
      runs->added_through(position);
    }
    switch (rng_.below(12)) {
      case 0:
        ASSERT_TRUE(runs->freeze());
        break;
      case 1:
        ASSERT_TRUE(runs->freeze(true));
        EXPECT_EQ(runs->covered(), position);
        break;
      case 2:
      case 3:
        ASSERT_TRUE(runs->merge());
        break;
      case 4: {
        runs.reset();
        open_views();
        runs = open(false, 400);
        for (Position again = runs->covered() + 1; again <= position; ++again) {
          for (const auto& [key, at] : reference) {
            if (at == again) {
              runs->add(key, at);
            }
          }
          runs->added_through(again);
        }
        break;
      }
      default:
        break;
    }
    const std::uint64_t key = rng_.below(52);
    const Position from = rng_.below(position + 2);
    const Position to = from + rng_.below(position + 2);
    std::vector<Position> wanted;
    for (auto entry = reference.lower_bound(key); entry != reference.upper_bound(key); ++entry) {
      if (entry->second >= from && entry->second <= to) {
        wanted.push_back(entry->second);
      }
    }
    std::vector<Position> found;
    ASSERT_TRUE(runs->find(key, found, from, to));
    ASSERT_EQ(found, wanted) << "key " << key << " step " << step;
    found.clear();
    ASSERT_TRUE(runs->find(key, found, from, to, 5));
    wanted.resize(std::min<std::size_t>(wanted.size(), 5));
    ASSERT_EQ(found, wanted);
  }
  EXPECT_GT(runs->stats().runs, 3u);
}

TEST_F(SortedRunsTest, TheSecretStaysAndTheHashDependsOnIt) {
  const std::uint64_t hash = open(true, 100)->hash(as_bytes("tenant source id"));
  EXPECT_EQ(open(true, 100)->hash(as_bytes("tenant source id")), hash);
  EXPECT_NE(open(true, 100)->hash(as_bytes("tenant source ie")), hash);
  const auto other = SortedRuns::open(*views_, {.family = "other"}, rng_);
  EXPECT_NE((*other)->hash(as_bytes("tenant source id")), hash);
}

TEST_F(SortedRunsTest, AKilledFreezeLeavesNothingBehind) {
  auto runs = open(true, 1'000);
  for (Position position = 1; position <= 900; ++position) {
    runs->add(rng_.u64(), position);
  }
  ASSERT_TRUE(runs->freeze(true));
  runs.reset();
  // Rows of a run that no manifest names: what is left when the process dies between the two.
  auto family = views_->family("runs.test").value();
  std::size_t before = 0;
  {
    ViewBatch batch(family);
    ViewCursor row(family);
    for (row.seek_to_first(); row.valid() && row.key().size() == 9; row.next()) {
      std::string key(row.key());
      key[3] = static_cast<char>(key[3] + 5);
      batch.put(key, row.value());
      ++before;
    }
    ASSERT_TRUE(batch.write());
  }
  runs = open(true, 1'000);
  std::size_t after = 0;
  ViewCursor row(family);
  for (row.seek_to_first(); row.valid() && row.key().size() == 9; row.next()) {
    ++after;
  }
  EXPECT_EQ(after, before);
  EXPECT_EQ(runs->stats().keys, 900u);
}

TEST_F(SortedRunsTest, ADamagedIndexIsEmptiedAndMadeAgain) {
  auto runs = open(true, 1'000);
  runs->add(5, 1);
  ASSERT_TRUE(runs->freeze(true));
  runs.reset();
  auto family = views_->family("runs.test").value();
  ViewBatch batch(family);
  batch.put("\xFF\xFF\xFF\xFF", "nonsense");
  ASSERT_TRUE(batch.write());
  runs = open(true, 1'000);
  EXPECT_EQ(runs->covered(), 0u);
  EXPECT_TRUE(all(*runs, 5).empty());
}

TEST_F(SortedRunsTest, ResetBeginsAgain) {
  auto runs = open(true, 100);
  for (Position position = 1; position <= 250; ++position) {
    runs->add(position, position);
  }
  ASSERT_TRUE(runs->freeze());
  ASSERT_TRUE(runs->reset());
  EXPECT_EQ(runs->covered(), 0u);
  EXPECT_TRUE(all(*runs, 1).empty());
  runs->add(1, 1);
  EXPECT_EQ(all(*runs, 1), std::vector<Position>{1});
  EXPECT_EQ(runs->stats().runs, 0u);
}

TEST_F(SortedRunsTest, ALookUpInTwoStepsMissesNothingThatCameBetween) {
  auto runs = open(true, 50);
  for (Position position = 1; position <= 120; ++position) {
    runs->add(position * 1'000, position);
  }
  const std::uint64_t keys[] = {1'000, 60'000, 119'000, 5};
  std::vector<SortedRuns::Hit> hits;
  ASSERT_TRUE(runs->freeze());
  const auto mark = runs->find_in_runs(keys, hits);
  ASSERT_TRUE(mark);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].position, 1u);
  const auto rest = [&](std::uint64_t key) {
    std::vector<Position> out;
    EXPECT_TRUE(runs->find_since(*mark, key, out));
    return out;
  };
  EXPECT_EQ(rest(60'000), std::vector<Position>{60});
  ASSERT_TRUE(runs->freeze());  // 51–100 go from a tail into a run the mark does not know
  EXPECT_EQ(rest(60'000), std::vector<Position>{60});
  EXPECT_EQ(rest(119'000), std::vector<Position>{119});
  EXPECT_TRUE(rest(5).empty());
  EXPECT_TRUE(rest(1'000).empty());
}

TEST_F(SortedRunsTest, ManyLookUpsAnswerInTheOrderOfTheKeysWhateverRunsTheyAreIn) {
  auto runs = open(true, 50);
  for (Position position = 1; position <= 200; ++position) {
    runs->add(position % 40 * 1'000, position);  // each key five times, in all four runs
  }
  ASSERT_TRUE(runs->freeze(true));
  ASSERT_EQ(runs->stats().runs, 4u);
  std::vector<std::uint64_t> keys;
  for (std::uint64_t key = 40; key > 0; --key) {
    keys.push_back((key - 1) * 1'000);
    keys.push_back(key * 1'000 + 1);  // never added
  }
  std::vector<SortedRuns::Hit> hits{{7, 9}};  // what was there stays before
  ASSERT_TRUE(runs->find_in_runs(keys, hits));
  std::vector<std::pair<std::uint32_t, Position>> found;
  for (const SortedRuns::Hit& hit : hits) {
    found.emplace_back(hit.index, hit.position);
  }
  std::vector<std::pair<std::uint32_t, Position>> wanted{{7, 9}};
  for (std::uint32_t index = 0; index < keys.size(); index += 2) {
    const Position key = keys[index] / 1'000;
    for (Position position = key == 0 ? 40 : key; position <= 200; position += 40) {
      wanted.emplace_back(index, position);
    }
  }
  EXPECT_EQ(found, wanted);
}

TEST_F(SortedRunsTest, LooksUpWhileOneAddsAndAnotherFreezesAndMerges) {
  auto runs = open(true, 2'000);
  std::atomic<Position> added{0};
  std::atomic<bool> done{false};
  const auto key_of_position = [](Position position) { return position * 0x9E3779B97F4A7C15ull; };
  std::thread background([&] {
    while (!done) {
      EXPECT_TRUE(runs->freeze());
      EXPECT_TRUE(runs->merge());
    }
  });
  std::thread reader([&] {
    SeededRng rng(3);
    while (!done) {
      const Position last = added.load();
      if (last == 0) {
        continue;
      }
      const Position position = 1 + rng.below(last);
      ASSERT_EQ(all(*runs, key_of_position(position)), std::vector<Position>{position});
    }
  });
  for (Position position = 1; position <= 60'000; ++position) {
    runs->add(key_of_position(position), position);
    added = position;
    while (runs->waiting() > 2) {
      std::this_thread::yield();
    }
  }
  done = true;
  reader.join();
  background.join();
}

/// Ten million keys: none lost, none invented, whatever was frozen and merged.
TEST_F(SortedRunsTest, ManyKeysAreAllFoundAndNoOthers) {
  const char* const given = std::getenv("DAYBOOK_RUN_KEYS");
  const std::uint64_t keys = given != nullptr ? std::strtoull(given, nullptr, 10) : kManyKeys;
  auto runs = open(true, std::max<std::uint64_t>(keys / 10, 1'000));
  for (Position position = 1; position <= keys; ++position) {
    runs->add(SeededRng(position).u64(), position);
    if (runs->waiting() > 0) {
      ASSERT_TRUE(runs->freeze());
    }
  }
  ASSERT_TRUE(runs->merge().value());  // eight runs become one
  const auto check = [&](Position first, Position last) {
    std::vector<Position> out;
    for (Position position = first; position <= last; ++position) {
      out.clear();
      ASSERT_TRUE(runs->find(SeededRng(position).u64(), out));
      ASSERT_NE(std::find(out.begin(), out.end(), position), out.end()) << position;
    }
  };
  // Positions for a share of the keys; below, for every key, that none is denied.
  for (Position first = 1; first <= keys; first += keys / 100) {
    check(first, std::min(first + 999, keys));
  }
  std::uint64_t found = 0;
  for (std::uint64_t i = 1; i <= 200'000; ++i) {
    found += runs->may_contain(SeededRng(i << 40).u64()).value() ? 1u : 0u;
  }
  EXPECT_LE(found, 100u);  // three runs and a tail: about 9
  for (Position position = 1; position <= keys; ++position) {
    const Result<bool> there = runs->may_contain(SeededRng(position).u64());
    ASSERT_TRUE(there.value()) << position;
  }
  EXPECT_EQ(runs->stats().keys, keys);
  const Position covered = runs->covered();
  runs.reset();
  open_views();
  runs = open(true, std::max<std::uint64_t>(keys / 10, 1'000));
  EXPECT_EQ(runs->covered(), covered);
  check(1, 1'000);
  check(covered - 999, covered);
}

}  // namespace
}  // namespace daybook::log
