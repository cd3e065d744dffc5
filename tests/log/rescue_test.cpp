#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/frame.h"
#include "ledger/log/log.h"
#include "ledger/log/recover_tail.h"
#include "ledger/log/salvage.h"
#include "tests/log/log_fixture.h"

/// What is left of a damaged ledger: a damaged end that can be cut off, and rows that can still be read.
namespace daybook::log {
namespace {

namespace fs = std::filesystem;
using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;
using testing::transcript;
using testing::write_bytes;

constexpr std::size_t kGroups = 40;
constexpr std::size_t kEvents = 25;
constexpr Position kHead = kGroups * kEvents;
/// A flipped bit costs at most the rows of one block of a table file, or of the write-ahead log.
constexpr std::uint64_t kBlockEvents = 8 * kEvents;

void flip(const fs::path& file, std::size_t at) {
  std::string bytes = read_bytes(file);
  bytes[at] = static_cast<char>(bytes[at] ^ 4);
  write_bytes(file, bytes);
}

class RescueTest : public ::testing::Test {
 protected:
  RescueTest() {
    Options options = small_options(original());
    options.open_views = false;
    options.write_buffer_bytes = 64u << 10;
    const auto log = open_log(options);
    for (std::uint64_t i = 0; i < kGroups; ++i) {
      if (i + 1 == kGroups) {
        witness_before_ = read_bytes(original() + "/witness");
        before_ = transcript(*log);
      }
      log->append(random_group(i, kEvents).records(), static_cast<std::int64_t>(i));
    }
    intact_ = transcript(*log);
    const Result<void> scanned = log->scan(1, kHead, [&](const RecordView& record) {
      events_[record.position] = std::string(as_text(record.event));
    });
    EXPECT_TRUE(scanned);
  }

  [[nodiscard]] std::string original() const { return directory_.path("original"); }
  [[nodiscard]] std::string copy() const { return directory_.path("copy"); }
  [[nodiscard]] std::string target() const { return directory_.path("target"); }

  void make_copy() const {
    fs::remove_all(target());
    fs::remove_all(copy());
    fs::copy(original(), copy(), fs::copy_options::recursive);
    for (const std::string& path : {copy(), copy() + "/keys"}) fs::permissions(path, fs::perms::owner_all);
  }

  [[nodiscard]] std::vector<fs::path> files(const std::function<bool(const std::string&)>& wanted) const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(copy() + "/log")) {
      if (wanted(entry.path().filename().string()) && entry.file_size() > 0) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  [[nodiscard]] std::vector<fs::path> tables() const {
    return files([](const std::string& name) { return name.ends_with(".sst"); });
  }
  [[nodiscard]] fs::path write_ahead() const {
    return files([](const std::string& name) { return name.ends_with(".log"); }).back();
  }

  /// All files but those that only say who is in.
  [[nodiscard]] std::map<std::string, std::string> every_file() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(copy())) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && name != "LOCK" && name != "OWNER" && !name.starts_with("LOG"))
        found[entry.path().string()] = read_bytes(entry.path());
    }
    return found;
  }

  [[nodiscard]] std::string transcript_of(const std::string& directory) const {
    Options options = small_options(directory);
    options.open_views = false;
    const auto log = open_log(options);
    EXPECT_TRUE(log->verify());
    return transcript(*log);
  }

  /// Salvages the copy and holds what came out against what was in: every event that there is, is the one that was
  /// recorded, and every position is either there or named as lost.
  Salvage salvaged() {
    const std::map<std::string, std::string> before = every_file();
    const Opening<Salvage> found = salvage(copy(), target(), {});
    EXPECT_TRUE(found) << found.error().detail;
    if (!found) return {};
    EXPECT_EQ(every_file() == before, true) << "the damaged ledger was changed";
    std::map<Position, int> covered;
    for (const auto& ranges : {found->parts, found->lost}) {
      for (const PositionRange& range : ranges) {
        for (Position position = range.from; position <= range.to; ++position) ++covered[position];
      }
    }
    for (Position position = 1; position <= (found->acknowledged ? kHead : 0); ++position)
      EXPECT_EQ(covered[position], 1) << position;
    if (found->whole) {
      EXPECT_EQ(transcript_of(target()), intact_);
      EXPECT_FALSE(fs::exists(target() + "/rows.unfinished"));
      return *found;
    }
    EXPECT_FALSE(fs::exists(target() + "/FORMAT"));
    std::uint64_t events = 0;
    for (const PositionRange& part : found->parts) {
      events += check_part(target() + "/positions-" + std::to_string(part.from) + "-" + std::to_string(part.to) + ".rows", part);
    }
    EXPECT_EQ(events, found->recovered);
    return *found;
  }

  std::uint64_t check_part(const std::string& path, const PositionRange& part) {
    const std::string text = read_bytes(path);
    EXPECT_TRUE(text.starts_with("DBKROWS1"));
    std::size_t at = 24;
    Position next = part.from;
    FrameReader reader;
    while (at + 8 <= text.size()) {
      const std::size_t key_size = load<std::uint32_t>(as_bytes(text).data() + at);
      const std::size_t value_size = load<std::uint32_t>(as_bytes(text).data() + at + 4);
      if (key_size == 0) break;
      const Bytes key = as_bytes(text).subspan(at + 8, key_size);
      const Bytes value = as_bytes(text).subspan(at + 8 + key_size, value_size);
      const auto head = read_frame_head(key, value);
      EXPECT_TRUE(head);
      if (!head) return 0;
      const auto records = reader.records(*head, value);
      EXPECT_TRUE(records);
      if (!records) return 0;
      for (const RecordView& record : *records) {
        EXPECT_EQ(record.position, next++);
        EXPECT_TRUE(as_text(record.event) == events_[record.position]) << record.position;
      }
      at += 8 + key_size + value_size;
    }
    EXPECT_EQ(next, part.to + 1);
    EXPECT_EQ(at + 8 + 48, text.size());
    return next - part.from;
  }

  static std::uint64_t lost(const Salvage& found) {
    std::uint64_t count = 0;
    for (const PositionRange& range : found.lost) count += range.to - range.from + 1;
    return count;
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
  std::string intact_;
  std::string before_;          ///< the last group
  std::string witness_before_;  ///< the same
  std::map<Position, std::string> events_;
};

// recover --tail --------------------------------------------------------------------------------------

TEST_F(RescueTest, ADamagedEndThatNobodyWasToldOfIsCutOff) {
  make_copy();
  write_bytes(copy() + "/witness", witness_before_);
  const fs::path file = write_ahead();
  flip(file, read_bytes(file).size() - 20);
  Options options = small_options(copy());
  options.open_views = false;
  EXPECT_THROW(static_cast<void>(open_log(options)), std::runtime_error) << "a flipped bit is no torn end";
  const Opening<Position> recovered = recover_tail(copy(), {});
  ASSERT_TRUE(recovered) << recovered.error().detail;
  EXPECT_EQ(*recovered, kHead - kEvents);
  EXPECT_EQ(transcript_of(copy()), before_);
}

TEST_F(RescueTest, WhatWasAcknowledgedIsNeverCutOff) {
  make_copy();
  const fs::path file = write_ahead();
  flip(file, read_bytes(file).size() - 20);
  const std::map<std::string, std::string> damaged = every_file();
  const Opening<Position> recovered = recover_tail(copy(), {});
  ASSERT_FALSE(recovered);
  EXPECT_EQ(recovered.error().exit_code, ExitCode::HistoryLost);
  EXPECT_NE(recovered.error().detail.find("positions " + std::to_string(kHead - kEvents + 1) + " to " + std::to_string(kHead)),
            std::string::npos)
      << recovered.error().detail;
  EXPECT_EQ(every_file() == damaged, true) << "a refusal changed something";
}

TEST_F(RescueTest, ASoundLedgerStaysAsItIs) {
  make_copy();
  const Opening<Position> recovered = recover_tail(copy() + "/", {});
  ASSERT_TRUE(recovered) << recovered.error().detail;
  EXPECT_EQ(*recovered, kHead);
  EXPECT_EQ(transcript_of(copy()), intact_);
}

TEST_F(RescueTest, DamageThatIsNotAtTheEndIsNotForRecovery) {
  make_copy();
  flip(tables().front(), 300);
  EXPECT_EQ(recover_tail(copy(), {}).error().exit_code, ExitCode::Corruption);
  make_copy();
  fs::remove(copy() + "/witness");
  EXPECT_EQ(recover_tail(copy(), {}).error().exit_code, ExitCode::HistoryLost);
  make_copy();
  fs::remove(copy() + "/log/CURRENT");
  EXPECT_EQ(recover_tail(copy(), {}).error().exit_code, ExitCode::HistoryLost);
  EXPECT_EQ(recover_tail(directory_.path("none"), {}).error().exit_code, ExitCode::Format);
  const auto log = open_log(small_options(original()));
  EXPECT_EQ(recover_tail(original(), {}).error().exit_code, ExitCode::Locked);
}

TEST_F(RescueTest, ADamagedWriteAheadLogIsNamedWithItsPositions) {
  Options options = small_options(copy());
  options.open_views = false;
  SystemClock clock;
  SystemRng rng;
  const auto refusal = [&]() -> std::string {
    const auto opened = Log::open(options, {nullptr, &clock, &rng});
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().detail;
  };
  make_copy();
  const fs::path file = write_ahead();
  const std::string bytes = read_bytes(file);
  flip(file, bytes.size() - 20);
  std::string said = refusal();
  EXPECT_NE(said.find(file.string() + " has 1 damaged record: positions 976 to 1000 cannot be read."), std::string::npos) << said;
  // In the middle: the group before the last one.
  make_copy();
  std::size_t at = bytes.size();
  for (int record = 0; record < 2; ++record) at = bytes.rfind(std::string("\1\0\0\0\1\x0a\0\0", 8), at - 1);
  ASSERT_NE(at, std::string::npos);
  flip(file, at + 60);
  said = refusal();
  EXPECT_NE(said.find("positions 951 to 975 cannot be read."), std::string::npos) << said;
}

TEST_F(RescueTest, ADamagedTableFileIsNamed) {
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SeededRng rng(seed);
    make_copy();
    const std::vector<fs::path> files = tables();
    const fs::path file = files[rng.below(files.size())];
    std::string bytes = read_bytes(file);
    const std::size_t tail = std::min<std::size_t>(bytes.size(), 600);  // index, properties and footer
    std::fill_n(bytes.end() - static_cast<std::ptrdiff_t>(tail - rng.below(tail / 2)), 40, '\0');
    write_bytes(file, bytes);
    Options options = small_options(copy());
    options.open_views = false;
    SystemClock clock;
    SystemRng other;
    const auto opened = Log::open(options, {nullptr, &clock, &other});
    if (opened) continue;  // what was hit is read later
    ++refused;
    EXPECT_NE(opened.error().detail.find(file.filename().string()), std::string::npos) << opened.error().detail;
  }
  EXPECT_GT(refused, 5);
}

TEST_F(RescueTest, ADamagedCurrentIsNamed) {
  make_copy();
  write_bytes(copy() + "/log/CURRENT", "MANIFEST-000999\n");
  Options options = small_options(copy());
  options.open_views = false;
  SystemClock clock;
  SystemRng rng;
  const auto opened = Log::open(options, {nullptr, &clock, &rng});
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find(copy() + "/log/CURRENT names a file that is not there."), std::string::npos)
      << opened.error().detail;
}

// salvage ---------------------------------------------------------------------------------------------

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
    testing::Group group;
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
