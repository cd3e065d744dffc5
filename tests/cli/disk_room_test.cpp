#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "cli/directory_target.h"
#include "server/app/disk_room.h"
#include "server/app/ledger_host.h"
#include "tests/support/ledger_directory.h"

/// A disk whose space is made up: what is taken, what is refused, and what is given up so that a ledger opens.
namespace daybook::cli {
namespace {

using server::DiskFloor;
using server::DiskRoom;
using server::DiskSpace;

constexpr std::uint64_t kMegabyte = std::uint64_t{1} << 20;
constexpr std::uint64_t kGigabyte = kMegabyte << 10;

class FullDisk : public ::testing::Test {
 protected:
  /// A disk of 200 MB, of which 10 are kept free, and 5 set aside.
  std::shared_ptr<DiskRoom> room(bool reads_only = false) {
    return std::make_shared<DiskRoom>(directory_.path(), floor_, reads_only, [this] {
      ++looked_;
      DiskSpace now = space_;
      // What lies in the ballast is not free.
      now.free -= std::min(now.free, ballast_size());
      return now;
    });
  }
  [[nodiscard]] std::string ballast() const { return directory_.path() + "/ballast"; }
  [[nodiscard]] std::uint64_t ballast_size() const {
    return std::filesystem::exists(ballast()) ? std::filesystem::file_size(ballast()) : 0;
  }
  static std::string code(const Result<void>& admitted) { return admitted ? "" : std::string(admitted.error().code); }

  testing::TemporaryDirectory directory_;
  DiskFloor floor_{.bytes = 512 * kMegabyte, .percent = 5, .ballast = 256 * kMegabyte};
  DiskSpace space_{.size = 200 * kMegabyte, .free = 100 * kMegabyte, .files = 10'000, .free_files = 9'000};
  int looked_ = 0;
};

TEST_F(FullDisk, KeepsTheSmallerOfAPartAndANumber) {
  EXPECT_EQ(floor_.of({.size = 200 * kMegabyte}), 10 * kMegabyte);
  EXPECT_EQ(floor_.ballast_of({.size = 200 * kMegabyte}), 5 * kMegabyte);
  EXPECT_EQ(floor_.of({.size = 1'000 * kGigabyte}), 512 * kMegabyte);
  EXPECT_EQ(floor_.ballast_of({.size = 1'000 * kGigabyte}), 256 * kMegabyte);
  floor_.bytes = 0;
  EXPECT_EQ(floor_.of({.size = 1'000 * kGigabyte}), 0u);
  EXPECT_EQ(floor_.ballast_of({.size = 1'000 * kGigabyte}), 0u);
}

TEST_F(FullDisk, TakesWhatComesAboveTheFloorAndNothingBelow) {
  const auto disk = room();
  EXPECT_TRUE(disk->admit(1'000));
  space_.free = 14 * kMegabyte;  // the missing ballast counts as taken
  disk->tend();
  EXPECT_EQ(code(disk->admit(1'000)), "INSUFFICIENT_STORAGE");
  space_.free = 15 * kMegabyte;
  EXPECT_TRUE(disk->admit(1'000)) << "as soon as there is room, without waiting for anybody to look";
}

TEST_F(FullDisk, LooksAgainBeforeTooMuchWasTaken) {
  const auto disk = room();
  ASSERT_TRUE(disk->admit(1'000));
  const int before = looked_;
  space_.free = 1 * kMegabyte;  // somebody else filled it
  std::uint64_t taken = 0;
  while (disk->admit(10'000)) taken += 10'000;
  EXPECT_LE(taken, 85 * kMegabyte / 16);
  EXPECT_GT(taken, 1 * kMegabyte) << "it does not ask the system each time";
  EXPECT_EQ(looked_, before + 1);
}

TEST_F(FullDisk, CountsFilesWhereTheDiskDoes) {
  const auto disk = room();
  space_.free_files = 255;
  EXPECT_EQ(code(disk->admit(1)), "INSUFFICIENT_STORAGE");
  space_.free_files = 256;
  EXPECT_TRUE(disk->admit(1));
  space_ = {.size = 200 * kMegabyte, .free = 100 * kMegabyte, .files = 0, .free_files = 0};
  disk->tend();
  EXPECT_TRUE(disk->admit(1));
}

TEST_F(FullDisk, MakesTheBallastOnceTheDiskComesNearItsFloor) {
  const auto disk = room();
  disk->tend();
  EXPECT_FALSE(std::filesystem::exists(ballast())) << "half of the disk is free";
  space_.free = 30 * kMegabyte;
  disk->tend();
  EXPECT_EQ(ballast_size(), 5 * kMegabyte);
  EXPECT_TRUE(disk->admit(1));
  std::filesystem::remove(ballast());
  space_.free = 12 * kMegabyte;
  disk->tend();
  EXPECT_FALSE(std::filesystem::exists(ballast())) << "there is no room for it";
}

TEST_F(FullDisk, StartsOnItsBallast) {
  space_.free = 30 * kMegabyte;
  room()->tend();
  ASSERT_EQ(ballast_size(), 5 * kMegabyte);
  space_.free = ballast_size();  // nothing but what is set aside
  const auto disk = room();
  EXPECT_TRUE(disk->before_opening());
  EXPECT_EQ(ballast_size(), 0u);
  EXPECT_EQ(code(disk->admit(1)), "INSUFFICIENT_STORAGE") << "what the ballast gave is not for writing";
  space_.free = 15 * kMegabyte;
  disk->tend();
  EXPECT_TRUE(disk->admit(1));
  EXPECT_EQ(ballast_size(), 5 * kMegabyte) << "it is there again";
}

TEST_F(FullDisk, KeepsItsBallastWhereAStartNeedsNone) {
  space_.free = 30 * kMegabyte;
  room()->tend();
  space_.free = 12 * kMegabyte;  // 7 beside the ballast: below the floor, enough for a start
  EXPECT_TRUE(room()->before_opening());
  EXPECT_EQ(ballast_size(), 5 * kMegabyte);
}

TEST_F(FullDisk, DoesNotStartWithoutRoomButForReadingAlone) {
  space_.free = 4 * kMegabyte;
  const log::Opening<void> refused = room()->before_opening();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().exit_code, log::ExitCode::DiskFull);
  EXPECT_NE(refused.error().detail.find("--read-only"), std::string::npos) << refused.error().detail;
  const auto reading = room(true);
  EXPECT_TRUE(reading->before_opening());
  space_.free = 100 * kMegabyte;
  EXPECT_EQ(code(reading->admit(1)), "INSUFFICIENT_STORAGE") << "nothing is recorded, room or not";
}

TEST_F(FullDisk, IsNoneWhereTheFloorIsSwitchedOff) {
  floor_.percent = 0;
  space_.free = 0;
  const auto disk = room();
  EXPECT_TRUE(disk->before_opening());
  disk->tend();
  EXPECT_TRUE(disk->admit(64 * kMegabyte));
  EXPECT_FALSE(std::filesystem::exists(ballast()));
}

TEST_F(FullDisk, RefusesASubmissionBeforeAnythingOfItIsWritten) {
  server::LedgerHost::Options options;
  options.ledger.log.directory = directory_.path() + "/ledger";
  options.ledger.clock = engine::ClockMode::Manual;
  options.room = room();
  server::LedgerHost::Opened host = server::LedgerHost::open(options);
  ASSERT_TRUE(host) << host.error().detail;
  DirectoryTarget target(**host);
  const std::string event =
      R"({"specversion":"1.0","type":"daybook.PriceChanged","source":"//test","id":"1",)"
      R"("data":{"meterId":"m-1","currency":"EUR","effectiveOn":"1970-01-01","unitPrice":"1"}})";
  space_.free = 0;
  options.room->tend();
  const auto refused = target.post(std::span(&event, 1));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("INSUFFICIENT_STORAGE"), std::string::npos) << refused.error().message;
  const auto wish = target.command("AdvanceClock", R"({"to":"2024-01-01T00:00:00Z"})");
  ASSERT_FALSE(wish);
  EXPECT_NE(wish.error().message.find("INSUFFICIENT_STORAGE"), std::string::npos) << wish.error().message;
  EXPECT_EQ((*host)->ledger().log().position(), 0u);
  const auto read = target.question("/events?limit=1");
  EXPECT_TRUE(read) << read.error().message;
  space_.free = 100 * kMegabyte;
  const auto posted = target.post(std::span(&event, 1));
  ASSERT_TRUE(posted) << posted.error().message;
  EXPECT_EQ(posted->position, 1u);
}

}  // namespace
}  // namespace daybook::cli
