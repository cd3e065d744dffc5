#include "server/app/memory_watch.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <utility>

namespace daybook::server {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kMost = 1'024 * kMebibyte;

/// A process as the tests would have it.
struct Process {
  std::uint64_t resident = 0;
  std::uint64_t unused = 0;  ///< can be given back
  int gave_back = 0;

  [[nodiscard]] MemoryWatch::Means means() {
    return {[this] { return resident; },
            [this] {
              ++gave_back;
              resident -= unused;
              unused = 0;
            }};
  }
};

TEST(MemoryWatch, IsNotShortBelowTheLimit) {
  Process process{.resident = kMost};
  MemoryWatch watch(kMost, {}, process.means());
  watch.look();
  EXPECT_FALSE(watch.is_short());
  EXPECT_EQ(process.gave_back, 0);
}

TEST(MemoryWatch, GivesBackWhatNobodyUsesBeforeMemoryIsShort) {
  Process process{.resident = kMost + 100 * kMebibyte, .unused = 200 * kMebibyte};
  MemoryWatch watch(kMost, {}, process.means());
  watch.look();
  EXPECT_FALSE(watch.is_short());
  EXPECT_EQ(process.gave_back, 1);
}

TEST(MemoryWatch, IsShortUntilItIsBelowAgain) {
  Process process{.resident = kMost + 1};
  MemoryWatch watch(kMost, {}, process.means());
  watch.look();
  EXPECT_TRUE(watch.is_short());
  watch.look();
  EXPECT_TRUE(watch.is_short());
  EXPECT_EQ(process.gave_back, 1) << "nothing was to be had a moment ago";
  process.resident = kMost + 40 * kMebibyte;
  watch.look();
  EXPECT_EQ(process.gave_back, 2) << "much was taken since";
  process.resident = kMost;
  watch.look();
  EXPECT_FALSE(watch.is_short());
  process.resident = kMost + 1;
  watch.look();
  EXPECT_TRUE(watch.is_short());
  EXPECT_EQ(process.gave_back, 3);
}

TEST(MemoryWatch, LooksByItselfUntilItEnds) {
  std::mutex mutex;
  std::condition_variable looked;
  int looks = 0;
  MemoryWatch::Means means;
  means.measure = [&] {
    const std::lock_guard lock(mutex);
    ++looks;
    looked.notify_all();
    return kMost;
  };
  const MemoryWatch watch(kMost, std::chrono::milliseconds(1), means);
  std::unique_lock lock(mutex);
  looked.wait(lock, [&] { return looks >= 2; });
}

TEST(AllowedMemory, IsTheLeastLimitThatIsSaid) {
  const std::filesystem::path root = std::filesystem::temp_directory_path() / ("allowed-memory-" + std::to_string(getpid()));
  std::filesystem::create_directory(root);
  const std::uint64_t machine = allowed_bytes(root.string());
  EXPECT_GT(machine, 64 * kMebibyte) << "nothing is said but by the machine";
  for (const auto& [said, expected] : {std::pair<std::string, std::uint64_t>{"67108864\n", 64 * kMebibyte}, {"max\n", machine}, {"", machine}}) {
    std::ofstream(root / "memory.max") << said;
    EXPECT_EQ(allowed_bytes(root.string()), expected) << said;
  }
  std::filesystem::remove_all(root);
}

TEST(MemoryWatch, MeasuresThisProcess) { EXPECT_GT(resident_bytes(), kMebibyte); }

}  // namespace
}  // namespace daybook::server
