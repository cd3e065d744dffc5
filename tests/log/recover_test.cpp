#include "ledger/log/recover_tail.h"

#include <gtest/gtest.h>

#include "tests/log/rescue_fixture.h"

/// A damaged end that can be cut off, and damage that is named.
namespace daybook::log {
namespace {

namespace fs = std::filesystem;
using namespace testing;

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

}  // namespace
}  // namespace daybook::log
