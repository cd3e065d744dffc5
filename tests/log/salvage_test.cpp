#include "ledger/log/salvage.h"

#include <gtest/gtest.h>

#include "tests/log/rescue_fixture.h"

/// Rows that are read out of a damaged ledger.
namespace daybook::log {
namespace {

namespace fs = std::filesystem;
using namespace testing;

TEST_F(RescueTest, WithoutManifestAndCurrentNothingIsLost) {
  for (const char* name : {"CURRENT", "MANIFEST"}) {
    for (const bool remove : {true, false}) {
      make_copy();
      for (const fs::path& file : files([&](const std::string& file) { return file.starts_with(name); })) {
        remove ? static_cast<void>(fs::remove(file)) : write_bytes(file, "nothing");
      }
      const Salvage found = salvaged();
      EXPECT_TRUE(found.whole) << name;
      EXPECT_EQ(found.proven, kHead);
    }
  }
}

TEST_F(RescueTest, WithoutTheIndexOfATableFileItsBlocksAreRead) {
  for (const std::size_t cut : {1u, 60u, 400u}) {
    make_copy();
    for (const fs::path& file : tables()) {
      const std::string bytes = read_bytes(file);
      write_bytes(file, std::string_view(bytes).substr(0, bytes.size() - cut));
    }
    const Salvage found = salvaged();
    EXPECT_EQ(lost(found), 0u) << cut;
    EXPECT_TRUE(found.whole) << cut;
    EXPECT_FALSE(found.damaged.empty());
  }
}

TEST_F(RescueTest, AMissingFileIsNamedByItsPositions) {
  make_copy();
  ASSERT_GE(tables().size(), 2u);
  fs::remove(tables()[0]);
  Salvage found = salvaged();
  ASSERT_FALSE(found.lost.empty());
  EXPECT_EQ(found.lost.front().from, 1u) << "the first table file holds the first positions";
  EXPECT_LT(lost(found), kHead);
  EXPECT_EQ(found.proven, 0u);

  make_copy();
  fs::remove(write_ahead());
  found = salvaged();
  ASSERT_EQ(found.lost.size(), 1u);
  EXPECT_EQ(found.lost.front().to, kHead);
  EXPECT_EQ(found.proven, found.lost.front().from - 1);
}

TEST_F(RescueTest, WithoutTheWitnessNothingIsCalledWhole) {
  make_copy();
  fs::remove(copy() + "/witness");
  const Salvage found = salvaged();
  EXPECT_FALSE(found.whole);
  EXPECT_FALSE(found.acknowledged);
  EXPECT_EQ(found.proven, kHead);
  EXPECT_EQ(found.parts, (std::vector<PositionRange>{{1, kHead}}));
}

TEST_F(RescueTest, AnOldWitnessSaysNothingOfTheEnd) {
  const std::string old = read_bytes(original() + "/witness");
  {
    Options options = small_options(original());
    options.open_views = false;
    const auto log = open_log(options);
    for (std::uint64_t i = 0; i < 3; ++i) {
      log->append(random_group(100 + i, 2).records(), static_cast<std::int64_t>(kGroups));
    }
    EXPECT_TRUE(log->scan(kHead + 1, kHead + 6, [&](const RecordView& record) {
      events_[record.position] = std::string(as_text(record.event));
    }));
  }
  make_copy();
  write_bytes(copy() + "/witness", old);
  const Salvage found = salvaged();
  EXPECT_FALSE(found.whole);
  EXPECT_FALSE(found.acknowledged);
  EXPECT_EQ(found.proven, kHead + 6);
  EXPECT_EQ(found.damaged.back().file, "witness");
}

TEST_F(RescueTest, AFlippedBitAnywhereCostsNoMoreThanItsBlock) {
  std::uint64_t whole = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SeededRng rng(seed);
    make_copy();
    const std::vector<fs::path> rows =
        files([](const std::string& name) { return name.ends_with(".sst") || name.ends_with(".log"); });
    const fs::path file = rows[rng.below(rows.size())];
    flip(file, rng.below(fs::file_size(file)));
    const Salvage found = salvaged();
    EXPECT_LE(lost(found), kBlockEvents) << "seed " << seed << " " << file;
    EXPECT_FALSE(found.damaged.empty()) << "seed " << seed << " " << file;
    whole += found.whole ? 1 : 0;
  }
  EXPECT_LT(whole, 60u);
}

TEST_F(RescueTest, CutAndZeroedFilesGiveWhatIsLeft) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SeededRng rng(seed);
    make_copy();
    const std::vector<fs::path> rows =
        files([](const std::string& name) { return name.ends_with(".sst") || name.ends_with(".log"); });
    const fs::path file = rows[rng.below(rows.size())];
    std::string bytes = read_bytes(file);
    const std::size_t at = rng.below(bytes.size());
    const bool cut = seed % 2 == 0;
    cut ? bytes.resize(at) : static_cast<void>(bytes.replace(at, std::min<std::size_t>(512, bytes.size() - at),
                                                             std::min<std::size_t>(512, bytes.size() - at), '\0'));
    write_bytes(file, bytes);
    const Salvage found = salvaged();
    if (!cut) {
      EXPECT_LE(lost(found), 2 * kBlockEvents) << "seed " << seed << " " << file;
    }
  }
}

TEST_F(RescueTest, ARowThatSomebodyWroteIntoAnEventIsNoRow) {
  // An event whose bytes are an entry of a write-ahead log with a row of the third group, forged and right in every
  // checksum; then the row that holds the event is damaged.
  FrameWriter writer(Codec::Raw);
  writer.begin(51, 3);
  const std::string lie = "a forged event";
  writer.add({.stream = 1, .version = 1, .type = 1, .code = 0, .event = as_bytes(lie), .leaf = {}});
  const std::string value(as_text(writer.finish(nullptr)));
  const Key key = key_of(51);
  std::string event("xyz\1");  // so long that the lie ends where the batch ends
  event.push_back(static_cast<char>(key.size()));
  event.append(as_text(key));
  event.push_back(static_cast<char>(value.size()));
  event.append(value);
  {
    Options options = small_options(original());
    options.open_views = false;
    options.codec = Codec::Raw;
    const auto log = open_log(options);
    Group group;
    group.add(event);
    log->append(group.records(), static_cast<std::int64_t>(kGroups));
    events_[kHead + 1] = event;
  }
  make_copy();
  const fs::path file = write_ahead();
  const std::string bytes = read_bytes(file);
  const std::size_t at = bytes.find(event);
  ASSERT_NE(at, std::string::npos);
  ASSERT_EQ(event.size() % 8, 0u);
  flip(file, at - 110);  // the tag of the row around it
  const Opening<Salvage> found = salvage(copy(), target(), {});
  ASSERT_TRUE(found) << found.error().detail;
  EXPECT_EQ(found->lost, (std::vector<PositionRange>{{kHead + 1, kHead + 1}}));
  EXPECT_EQ(found->parts, (std::vector<PositionRange>{{1, kHead}}));
  EXPECT_EQ(check_part(target() + "/positions-1-" + std::to_string(kHead) + ".rows", {1, kHead}), kHead);
}

TEST_F(RescueTest, RefusalsOfSalvage) {
  EXPECT_EQ(salvage(directory_.path("none"), target(), {}).error().exit_code, ExitCode::Format);
  fs::create_directory(directory_.path("empty"));
  EXPECT_EQ(salvage(directory_.path("empty"), target(), {}).error().exit_code, ExitCode::Format);
  make_copy();
  EXPECT_EQ(salvage(copy(), original(), {}).error().exit_code, ExitCode::Conflict);
  EXPECT_EQ(salvage(copy(), directory_.path("no/parent"), {}).error().exit_code, ExitCode::Failed);
  const auto log = open_log(small_options(original()));
  EXPECT_EQ(salvage(original(), target(), {}).error().exit_code, ExitCode::Locked);
}

}  // namespace
}  // namespace daybook::log
