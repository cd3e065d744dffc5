#include "ledger/log/log_import.h"

#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/hash.h"
#include "ledger/log/log_branch.h"
#include "ledger/log/segment.h"
#include "ledger/log/tree.h"
#include "tests/log/log_fixture.h"

/// What is exported and imported is the same ledger, and gives the same bytes again.
namespace daybook::log {
namespace {

using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;
using testing::write_bytes;

using Names = std::vector<const char*>;

class Segments : public ::testing::Test {
 protected:
  Segments() {
    {
      const auto log = open_log(small_options(path("ledger")));
      for (std::uint64_t i = 1; i <= 12; ++i) log->append(random_group(i, 10 * i).records(), 5);
    }
    const auto log = open_log(small_options(path("ledger")));
    for (std::uint64_t i = 13; i <= 20; ++i) log->append(random_group(i, 10).records(), static_cast<std::int64_t>(i));
    head_ = log->head();
    const auto write = [&](const char* name, Position from, Position to) {
      EXPECT_TRUE(export_segment(*log, path(name), {.from = from, .to = to})) << name;
    };
    write("all", 1, 0);
    write("a", 1, 100);
    write("b", 101, 550);
    write("c", 551, 0);
    write("again", 101, 100);  // a stretch without events
    write("short", 1, 30);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_.path(name); }

  tl::expected<SegmentFacts, SegmentFault> read(const Names& names) const {
    std::vector<std::string> paths;
    for (const char* name : names) paths.push_back(path(name));
    return read_segments(paths);
  }

  tl::expected<SegmentFacts, SegmentFault> import(const Names& names, const std::string& to,
                                                  const std::string& keys = {}) const {
    std::vector<std::string> paths;
    for (const char* name : names) paths.push_back(path(name));
    LogImport import;
    import.directory = path(to);
    import.keys = keys;
    SeededRng rng(99);
    return import_segments(paths, import, rng);
  }

  /// What is wrong with these segments.
  std::string fault(const Names& names) const {
    const auto facts = read(names);
    return facts ? "" : facts.error().file.substr(directory_.path().size() + 1) + ": " + std::string(facts.error().error.code) + ": " +
                            facts.error().error.detail;
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  Head head_;
};

TEST_F(Segments, OneAfterTheOtherAreTheWholeLog) {
  for (const Names& names : std::vector<Names>{Names{"all"}, Names{"a", "b", "c"}, Names{"a", "again", "b", "c"}}) {
    const auto facts = read(names);
    ASSERT_TRUE(facts) << facts.error().error.detail;
    EXPECT_EQ(facts->head, head_);
    EXPECT_EQ(facts->groups, 20u);
    EXPECT_EQ(facts->heads.size(), names.size());
  }
}

TEST_F(Segments, AGapAnOverlapAndAnotherLedgersAreRefused) {
  EXPECT_NE(fault({"a", "c"}).find("c: LOG_DAMAGED: segment: positions 101 to 550 are missing"), std::string::npos) << fault({"a", "c"});
  EXPECT_NE(fault({"b"}).find("positions 1 to 100 are missing"), std::string::npos);
  EXPECT_NE(fault({"a", "b", "b"}).find("begins at position 101"), std::string::npos);
  EXPECT_NE(fault({"a", "all"}).find("all: LOG_DAMAGED"), std::string::npos);
  const auto other = open_log(small_options(path("other")), 5);
  other->append(random_group(1, 100).records(), 5);
  ASSERT_TRUE(export_segment(*other, path("other-a")));
  EXPECT_NE(fault({"other-a", "b"}).find("another ledger"), std::string::npos);
  EXPECT_EQ(read({"a", "nothing"}).error().error.code, "NOT_FOUND");
}

TEST_F(Segments, AStretchByItselfIsProvenByWhatComesBeforeIt) {
  const auto log = open_log(small_options(path("ledger")));
  const auto start_at = [&](Position position) {
    const Hash leaf = leaf_hash(log->read(position).value().event);
    return SegmentStart{position, peaks_of_last(leaf, position, log->inclusion_proof(position, position).value()).value()};
  };
  const auto proven = [&](std::string bytes, const SegmentStart& start) {
    std::string_view left = bytes;
    return verify_stretch(
        [&](std::span<std::byte> out) {
          if (left.size() < out.size()) return false;
          std::memcpy(out.data(), left.data(), out.size());
          left.remove_prefix(out.size());
          return true;
        },
        start);
  };
  for (const auto& [name, from] : {std::pair("a", 1), std::pair("b", 101), std::pair("c", 551), std::pair("again", 101)}) {
    const SegmentStart start = from == 1 ? SegmentStart{} : start_at(static_cast<Position>(from) - 1);
    const std::string bytes = read_bytes(path(name));
    const auto facts = proven(bytes, start);
    ASSERT_TRUE(facts) << name << ": " << facts.error().detail;
    EXPECT_EQ(facts->head, log->group_end(facts->head.position).value()) << name;
    if (from == 1) continue;
    // Another beginning leads elsewhere, and so does another byte.
    SegmentStart other = start;
    other.peaks.back()[3] ^= std::byte{1};
    EXPECT_FALSE(proven(bytes, other)) << name;
    EXPECT_FALSE(proven(bytes, start_at(100 + 450 - (static_cast<Position>(from) - 101)))) << name;
    for (std::size_t at = 72; at < bytes.size(); at += 997) {
      std::string bad = bytes;
      bad[at] = static_cast<char>(bad[at] ^ 4);
      ASSERT_FALSE(proven(bad, start)) << name << " at " << at;
    }
    ASSERT_FALSE(proven(bytes.substr(0, bytes.size() - 1), start)) << name;
  }
}

TEST_F(Segments, EndWhereGroupsEnd) {
  const auto log = open_log(small_options(path("ledger")));
  EXPECT_EQ(export_segment(*log, path("x"), {.from = 1, .to = 101}).error().code, "INSIDE_GROUP");
  EXPECT_EQ(export_segment(*log, path("no/parent"), {.from = 1, .to = 100}).error().code, "SEGMENT_NOT_WRITTEN");
  const auto inside = export_segment(*log, path("x"), {.from = 102, .to = 0});
  EXPECT_EQ(inside.error().code, "INSIDE_GROUP");
  EXPECT_NE(inside.error().detail.find("at 100 or at 150"), std::string::npos) << inside.error().detail;
  EXPECT_EQ(export_segment(*log, path("x"), {.from = 1, .to = 10'000}).error().code, "NOT_FOUND");
  EXPECT_FALSE(std::filesystem::exists(path("x")));
}

TEST_F(Segments, ImportedAndExportedAgainAreTheSameBytes) {
  const auto facts = import({"a", "b", "c"}, "copy");
  ASSERT_TRUE(facts) << facts.error().error.detail;
  const auto log = open_log(small_options(path("ledger")));
  const auto copy = open_log(small_options(path("copy")));
  EXPECT_EQ(testing::transcript(*copy), testing::transcript(*log));
  EXPECT_EQ(copy->head(), head_);
  EXPECT_TRUE(copy->verify());
  EXPECT_NE(copy->signed_head().public_key, log->signed_head().public_key) << "it has no key but its own";
  const std::pair<const char*, SegmentRange> stretches[] = {
      {"b", {.from = 101, .to = 550}}, {"c", {.from = 551, .to = 0}}, {"all", {}}};
  for (const auto& [name, range] : stretches) {
    ASSERT_TRUE(export_segment(*copy, path("out"), range));
    EXPECT_TRUE(read_bytes(path("out")) == read_bytes(path(name))) << name << ": signed by who signed it first";
  }
  copy->append(random_group(50, 3).records(), 100);
  ASSERT_TRUE(export_segment(*copy, path("out")));
  const auto grown = read({"out"});
  ASSERT_TRUE(grown) << grown.error().error.detail;
  EXPECT_EQ(grown->heads.front().public_key, copy->signed_head().public_key);
}

TEST_F(Segments, WithItsKeysTheLedgerGoesOnAsTheSame) {
  ASSERT_TRUE(import({"all"}, "moved", path("ledger/keys")));
  {
    const auto log = open_log(small_options(path("ledger")));
    const auto moved = open_log(small_options(path("moved")));
    EXPECT_EQ(moved->signed_head().public_key, log->signed_head().public_key);
  }
  const auto other = open_log(small_options(path("other")), 5);
  const auto refused = import({"all"}, "refused", path("other/keys"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, "KEYS_DIFFER");
  EXPECT_FALSE(std::filesystem::exists(path("refused/FORMAT")));
}

TEST_F(Segments, OfABranchLeadToTheBranch) {
  {
    Options options = small_options(path("ledger"));
    options.read_only = true;
    const auto log = open_log(options);
    SeededRng rng(3);
    ASSERT_TRUE(make_branch(*log, 360, path("branch"), rng));
  }
  Head head;
  {
    const auto branch = open_log(small_options(path("branch")));
    branch->append(random_group(77, 9).records(), 6);
    ASSERT_TRUE(export_segment(*branch, path("b1"), {.from = 1, .to = 100}));
    ASSERT_TRUE(export_segment(*branch, path("b2"), {.from = 101, .to = 360}));
    ASSERT_TRUE(export_segment(*branch, path("b3"), {.from = 361, .to = 0}));
    ASSERT_TRUE(export_segment(*branch, path("b4")));
    head = branch->head();
  }
  for (const Names& names : std::vector<Names>{Names{"b1", "b2", "b3"}, Names{"b4"}}) {
    const auto facts = read(names);
    ASSERT_TRUE(facts) << facts.error().error.detail;
    EXPECT_EQ(facts->head, head);
    EXPECT_EQ(facts->lineage.branched_at(), 360u);
  }
  EXPECT_NE(fault({"b1"}).find("position 101"), std::string::npos) << "what it shares with its origin is not all there";
  EXPECT_NE(fault({"a", "b2"}).find("another ledger"), std::string::npos);
  ASSERT_TRUE(import({"b1", "b2", "b3"}, "copy"));
  const auto copy = open_log(small_options(path("copy")));
  EXPECT_EQ(copy->head(), head);
  EXPECT_EQ(copy->lineage().branched_at(), 360u);
  EXPECT_TRUE(copy->verify());
}

TEST_F(Segments, EveryChangedByteAndEveryCutIsFound) {
  const std::string whole = read_bytes(path("short"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    ASSERT_FALSE(verify_segment_bytes(as_bytes(bad))) << at;
  }
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_FALSE(verify_segment_bytes(as_bytes(whole).first(size))) << size;
  }
}

TEST_F(Segments, ADamagedOneIsNamedWithItsFirstBadPositionAndMakesNoLedger) {
  std::string bad = read_bytes(path("b"));
  bad[bad.size() / 2] = static_cast<char>(bad[bad.size() / 2] ^ 4);
  write_bytes(path("bad"), bad);
  const std::string told = fault({"a", "bad", "c"});
  EXPECT_TRUE(told.starts_with("bad: ")) << told;
  EXPECT_NE(told.find("position"), std::string::npos) << told;
  const auto refused = import({"a", "bad", "c"}, "made");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().file, path("bad"));
  EXPECT_FALSE(std::filesystem::exists(path("made/FORMAT")));
}

TEST_F(Segments, AHeadSignedByNobodyIsRefused) {
  std::string bad = read_bytes(path("a"));
  bad[bad.size() - 40] = static_cast<char>(bad[bad.size() - 40] ^ 1);  // the signature's end, before the sum
  write_bytes(path("bad"), bad);
  EXPECT_NE(fault({"bad"}).find("SIGNATURE_DIFFERS"), std::string::npos) << fault({"bad"});
}

}  // namespace
}  // namespace daybook::log
