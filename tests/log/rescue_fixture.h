#pragma once

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
#include "ledger/log/salvage.h"
#include "tests/log/log_fixture.h"

namespace daybook::log::testing {

namespace fs = std::filesystem;

inline constexpr std::size_t kGroups = 40;
inline constexpr std::size_t kEvents = 25;
inline constexpr Position kHead = kGroups * kEvents;
/// A flipped bit costs at most the rows of one block of a table file, or of the write-ahead log.
inline constexpr std::uint64_t kBlockEvents = 8 * kEvents;

/// Flips one bit of the byte `at`.
inline void flip(const fs::path& file, std::size_t at) {
  std::string bytes = read_bytes(file);
  bytes[at] = static_cast<char>(bytes[at] ^ 4);
  write_bytes(file, bytes);
}

/// A ledger of kGroups groups of kEvents events, part of it in table files, and a copy to damage.
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

}  // namespace daybook::log::testing
