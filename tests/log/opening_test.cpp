#include <filesystem>

#include <gtest/gtest.h>

#include "ledger/log/bytes.h"
#include "ledger/log/crc32c.h"
#include "ledger/log/directory.h"
#include "ledger/log/log.h"
#include "tests/log/child_process.h"
#include "tests/log/log_fixture.h"

/// What a ledger refuses to open with, and how the process ends for it.
namespace daybook::log {
namespace {

namespace fs = std::filesystem;
using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;
using testing::write_bytes;

class OpeningTest : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path ledger() const { return directory_.path("ledger"); }
  [[nodiscard]] Options options() const { return small_options(ledger().string()); }

  void make_ledger(std::size_t groups = 3) {
    const auto log = open_log(options());
    for (std::uint64_t i = 0; i < groups; ++i) {
      log->append(random_group(i, 20).records(), 1);
    }
  }

  /// How opening ends; Clean where it succeeds.
  [[nodiscard]] OpenError try_open() const {
    SystemClock clock;
    SystemRng rng;
    const auto log = Log::open(options(), {nullptr, &clock, &rng});
    return log ? OpenError{ExitCode::Clean, ""} : log.error();
  }

  TemporaryDirectory directory_{TemporaryDirectory::In::Memory};
};

TEST_F(OpeningTest, ASecondOpenerInTheSameProcessIsLockedOut) {
  const auto log = open_log(options());
  EXPECT_EQ(try_open().exit_code, ExitCode::Locked);
}

TEST_F(OpeningTest, ASecondProcessIsLockedOutAndTheFirstIsNamed) {
  testing::Appender other({ledger().string(), "1"});
  ASSERT_TRUE(other.read_line());
  const OpenError refused = try_open();
  EXPECT_EQ(refused.exit_code, ExitCode::Locked);
  EXPECT_NE(refused.detail.find("locked by pid "), std::string::npos) << refused.detail;
  EXPECT_NE(refused.detail.find("epoch 1"), std::string::npos) << refused.detail;
  testing::Appender third({ledger().string(), "1"});
  EXPECT_EQ(third.wait(), static_cast<int>(ExitCode::Locked));
  other.kill();
  EXPECT_EQ(try_open().exit_code, ExitCode::Clean);
}

TEST_F(OpeningTest, OthersMayNotEnterTheDirectoryNorTheKeys) {
  make_ledger();
  EXPECT_EQ(fs::status(ledger()).permissions(), fs::perms::owner_all);
  fs::permissions(ledger(), fs::perms::group_read, fs::perm_options::add);
  EXPECT_EQ(try_open().exit_code, ExitCode::Permissions);
  fs::permissions(ledger(), fs::perms::owner_all);
  fs::permissions(ledger() / "keys", fs::perms::others_exec, fs::perm_options::add);
  EXPECT_EQ(try_open().exit_code, ExitCode::Permissions);
  fs::permissions(ledger() / "keys", fs::perms::owner_all);
  EXPECT_EQ(try_open().exit_code, ExitCode::Clean);
}

TEST_F(OpeningTest, AnAbsentLedgerIsMadeOnlyWhenAsked) {
  Options own = options();
  own.create = false;
  SystemClock clock;
  SystemRng rng;
  EXPECT_EQ(Log::open(own, {nullptr, &clock, &rng}).error().exit_code, ExitCode::Format);
  fs::create_directory(ledger());
  fs::permissions(ledger(), fs::perms::owner_all);
  EXPECT_EQ(Log::open(own, {nullptr, &clock, &rng}).error().exit_code, ExitCode::Format);
}

TEST_F(OpeningTest, AHigherFormatIsRefusedAndADamagedOneToo) {
  make_ledger();
  const std::string good = read_bytes(ledger() / "FORMAT");
  write_bytes(ledger() / "FORMAT", "daybook-ledger 3\nanything at all\n");
  EXPECT_EQ(try_open().exit_code, ExitCode::Format);
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    write_bytes(ledger() / "FORMAT", bad);
    const ExitCode code = try_open().exit_code;
    EXPECT_TRUE(code == ExitCode::Corruption || code == ExitCode::Format) << at;
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    write_bytes(ledger() / "FORMAT", good.substr(0, size));
    EXPECT_EQ(try_open().exit_code, ExitCode::Corruption) << size;
  }
  write_bytes(ledger() / "FORMAT", good);
  EXPECT_EQ(try_open().exit_code, ExitCode::Clean);
}

TEST_F(OpeningTest, AMissingPartBesideTheRestIsRefusedAndNothingIsMadeInItsPlace) {
  make_ledger();
  const struct {
    const char* part;
    ExitCode wanted;
  } cases[] = {{"FORMAT", ExitCode::HistoryLost},
               {"witness", ExitCode::HistoryLost},
               {"log", ExitCode::HistoryLost},
               {"log/CURRENT", ExitCode::HistoryLost},
               {"keys", ExitCode::HistoryLost}};
  for (const auto& [part, wanted] : cases) {
    fs::rename(ledger() / part, directory_.path("away"));
    for (int times = 0; times < 2; ++times) {
      const OpenError refused = try_open();
      EXPECT_EQ(refused.exit_code, wanted) << part << ": " << refused.detail;
      EXPECT_FALSE(fs::exists(ledger() / part)) << part;
    }
    fs::rename(directory_.path("away"), ledger() / part);
  }
  fs::rename(ledger() / "FORMAT", directory_.path("away"));
  fs::rename(ledger() / "witness", directory_.path("away too"));
  EXPECT_EQ(try_open().exit_code, ExitCode::HistoryLost);
  fs::rename(directory_.path("away"), ledger() / "FORMAT");
  fs::rename(directory_.path("away too"), ledger() / "witness");
  EXPECT_EQ(try_open().exit_code, ExitCode::Clean);
}

TEST_F(OpeningTest, ALogThatEndsBelowItsWitnessNamesTheMissingPositions) {
  make_ledger(1);
  fs::copy(ledger() / "log", directory_.path("old"), fs::copy_options::recursive);
  {
    const auto log = open_log(options());
    log->append(random_group(5, 7).records(), 1);
    log->append(random_group(6, 2).records(), 1);
  }
  fs::remove_all(ledger() / "log");
  fs::rename(directory_.path("old"), ledger() / "log");
  const OpenError refused = try_open();
  EXPECT_EQ(refused.exit_code, ExitCode::HistoryLost);
  EXPECT_NE(refused.detail.find("positions 21 to 29"), std::string::npos) << refused.detail;
}

TEST_F(OpeningTest, AnOldWitnessIsRefused) {
  make_ledger(1);
  const std::string old = read_bytes(ledger() / "witness");
  {
    const auto log = open_log(options());
    for (std::uint64_t i = 0; i < 3; ++i) {
      log->append(random_group(i, 2).records(), 1);
    }
  }
  const std::string now = read_bytes(ledger() / "witness");
  write_bytes(ledger() / "witness", old);
  EXPECT_EQ(try_open().exit_code, ExitCode::Corruption);
  write_bytes(ledger() / "witness", now);
  EXPECT_EQ(try_open().exit_code, ExitCode::Clean);
}

TEST_F(OpeningTest, TheWitnessOrLogOfAnotherLedgerIsRefused) {
  make_ledger();
  {
    const auto other = open_log(small_options(directory_.path("other")), 99);
    for (std::uint64_t i = 0; i < 3; ++i) {
      other->append(random_group(i, 20).records(), 1);
    }
  }
  fs::rename(ledger() / "witness", directory_.path("away"));
  fs::copy_file(directory_.path("other/witness"), ledger() / "witness");
  EXPECT_EQ(try_open().exit_code, ExitCode::HistoryLost);
  fs::remove(ledger() / "witness");
  fs::rename(directory_.path("away"), ledger() / "witness");
  fs::remove_all(ledger() / "log");
  fs::copy(directory_.path("other/log"), ledger() / "log", fs::copy_options::recursive);
  EXPECT_EQ(try_open().exit_code, ExitCode::HistoryLost);
}

TEST_F(OpeningTest, EitherSlotOfTheWitnessIsEnough) {
  make_ledger();
  const std::string good = read_bytes(ledger() / "witness");
  for (const std::size_t slot : {0u, 4096u}) {
    for (std::size_t at = slot; at < slot + 128; at += 7) {
      std::string bad = good;
      bad[at] = static_cast<char>(~bad[at]);
      write_bytes(ledger() / "witness", bad);
      ASSERT_EQ(try_open().exit_code, ExitCode::Clean) << at;
      write_bytes(ledger() / "witness", good);
    }
  }
  std::string bad = good;
  bad[20] = static_cast<char>(~bad[20]);
  bad[4096 + 20] = static_cast<char>(~bad[4096 + 20]);
  write_bytes(ledger() / "witness", bad);
  EXPECT_EQ(try_open().exit_code, ExitCode::HistoryLost);
}

TEST_F(OpeningTest, WhoeverIsOvertakenStopsWith73AndWritesNothing) {
  Options own = options();
  std::vector<IoFailure> failures;
  own.on_io_failure = [&](const IoFailure& failure) { failures.push_back(failure); };
  auto log = open_log(own);
  log->append(random_group(1, 5).records(), 1);
  // Another process, on a machine whose locks we do not see, opens a copy of the same files: the witness in
  // our directory moves on.
  fs::copy(ledger(), directory_.path("there"), fs::copy_options::recursive);
  fs::permissions(directory_.path("there"), fs::perms::owner_all);
  fs::permissions(directory_.path("there/keys"), fs::perms::owner_all);
  EXPECT_EQ(open_log(small_options(directory_.path("there")))->epoch(), 2u);
  fs::copy_file(directory_.path("there/witness"), ledger() / "witness",
                fs::copy_options::overwrite_existing);
  EXPECT_THROW(log->append(random_group(2, 5).records(), 1), FailStopped);
  ASSERT_EQ(failures.size(), 1u);
  EXPECT_EQ(failures[0].exit_code, ExitCode::Locked);
  EXPECT_EQ(log->position(), 5u);
  log.reset();
  EXPECT_EQ(open_log(options())->position(), 5u);
}

}  // namespace
}  // namespace daybook::log
