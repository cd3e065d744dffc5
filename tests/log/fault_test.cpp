#include <atomic>
#include <cstdio>
#include <map>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/log/guarded_files.h"
#include "ledger/log/log.h"
#include "tests/log/child_process.h"
#include "tests/log/faulty_files.h"
#include "tests/log/log_fixture.h"

/// A disk that fails once, at every possible place of a short life of a ledger.
/// A failed write in the middle of a memtable's exchange leaks what RocksDB had made for it. The process ends then;
/// here, where it goes on, LeakSanitizer looks away.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:rocksdb::DBImpl::SwitchMemtable\n"; }

namespace daybook::log {
namespace {

using testing::FaultyFiles;
using testing::open_log;
using testing::random_group;
using testing::small_options;
using testing::TemporaryDirectory;

constexpr std::size_t kGroups = 7;
constexpr std::size_t kEventsAGroup = 60;

struct Outcome {
  bool fired = false;       // the fault came
  bool stopped = false;     // the process would have ended with 74
  bool went_on = false;     // something was acknowledged after the failure
  Position acknowledged = 0;
  std::size_t finished = 0;  // groups
};

/// Opens, appends, closes. The hook stands for the end of the process.
Outcome live(const std::string& directory, const FaultyFiles::Matches& matches, std::uint64_t nth) {
  Outcome outcome;
  auto faults = std::make_shared<FaultyFiles>(matches, nth);
  SystemClock clock;
  SeededRng rng(1);
  std::atomic<bool> stopped{false};
  Options options = small_options(directory);
  options.open_views = false;
  options.write_buffer_bytes = 64u << 10;  // flushes happen
  options.codec = Codec::Raw;
  options.on_io_failure = [&](const IoFailure& failure) {
    EXPECT_EQ(failure.exit_code, ExitCode::IoError);
    stopped = true;
  };
  {
    auto opened =
        Log::open(options, {guarded_files(rocksdb::FileSystem::Default(), faults), &clock, &rng});
    if (!opened) {
      EXPECT_EQ(opened.error().exit_code, ExitCode::IoError) << opened.error().detail;
    } else {
      try {
        for (std::size_t group = 0; group < kGroups; ++group) {
          const bool before = stopped;
          (*opened)->append(random_group(group, kEventsAGroup).records(), 1);
          outcome.went_on = outcome.went_on || before;
          outcome.acknowledged = (*opened)->position();
          ++outcome.finished;
        }
      } catch (const FailStopped&) {
        EXPECT_TRUE(stopped);
      }
    }
  }
  outcome.fired = faults->fired();
  outcome.stopped = stopped;
  return outcome;
}

class FaultTest : public ::testing::Test {
 protected:
  /// Every n until the life goes by without the fault.
  void every_nth(const FaultyFiles::Matches& matches, std::uint64_t at_least) {
    std::uint64_t nth = 1;
    for (;; ++nth) {
      const TemporaryDirectory directory(TemporaryDirectory::In::Memory);
      const std::string ledger = directory.path("ledger");
      const Outcome outcome = live(ledger, matches, nth);
      if (!outcome.fired) {
        EXPECT_EQ(outcome.finished, kGroups);
        EXPECT_FALSE(outcome.stopped);
        break;
      }
      ASSERT_TRUE(outcome.stopped) << "operation " << nth << " failed and nobody stopped";
      ASSERT_FALSE(outcome.went_on) << "acknowledged after the failure of operation " << nth;
      // The next start finds everything that was acknowledged, and at most the group in flight.
      Options options = small_options(ledger);
      options.open_views = false;
      const auto log = open_log(options);
      ASSERT_GE(log->position(), outcome.acknowledged) << "operation " << nth;
      ASSERT_LE(log->position(), outcome.acknowledged + kEventsAGroup) << "operation " << nth;
      ASSERT_TRUE(log->verify()) << "operation " << nth;
    }
    EXPECT_GE(nth, at_least);
    RecordProperty("operations", std::to_string(nth - 1));
  }
};

/// Any such operation, but on OWNER, which is for people and may fail.
FaultyFiles::Matches any(FileOp op) {
  return [op](FileOp now, const std::string& file) {
    return now == op && file.find("OWNER") == std::string::npos;
  };
}

TEST_F(FaultTest, AnyFailedWriteEndsWith74) { every_nth(any(FileOp::Write), 30); }

TEST_F(FaultTest, AnyFailedSyncEndsWith74) { every_nth(any(FileOp::Sync), 30); }

TEST_F(FaultTest, AnyFailedOpenEndsWith74) { every_nth(any(FileOp::Open), 15); }

TEST_F(FaultTest, AnyFailedRenameEndsWith74) { every_nth(any(FileOp::Rename), 4); }

TEST_F(FaultTest, AnyFailedReadEndsWith74) { every_nth(any(FileOp::Read), 5); }

TEST_F(FaultTest, AfterAFailureNothingReachesTheDiskAnyMore) {
  for (const char* file : {"witness", ".log"}) {
    const TemporaryDirectory directory;
    std::atomic<std::uint64_t> late{0};
    std::atomic<bool> failed{false};
    const auto self = std::this_thread::get_id();
    const FaultyFiles::Matches matches = [&](FileOp op, const std::string& name) {
      if (failed && std::this_thread::get_id() == self) {
        ++late;
      }
      return op == FileOp::Sync && name.find(file) != std::string::npos;
    };
    auto faults = std::make_shared<FaultyFiles>(matches, 12);
    SystemClock clock;
    SeededRng rng(1);
    Options options = small_options(directory.path("ledger"));
    options.open_views = false;
    options.on_io_failure = [&](const IoFailure&) { failed = true; };
    auto log = Log::open(options,
                         {guarded_files(rocksdb::FileSystem::Default(), faults), &clock, &rng})
                   .value();
    EXPECT_THROW(
        for (std::uint64_t i = 0; i < 50; ++i) { log->append(random_group(i, 3).records(), 1); },
        FailStopped);
    const Position position = log->position();
    EXPECT_THROW(log->append(random_group(1, 3).records(), 1), FailStopped);
    EXPECT_EQ(log->position(), position);
    EXPECT_EQ(late, 0u) << file;
  }
}

TEST_F(FaultTest, TheRealProcessEndsWith74AndLosesNothing) {
  const TemporaryDirectory directory;
  std::uint64_t sequence = 1;
  std::map<std::uint64_t, Position> acknowledged;
  for (const char* file : {"witness", ".log", "MANIFEST", ".sst"}) {
    for (const std::uint64_t nth : {1u, 2u, 5u}) {
      testing::Appender appender(
          {directory.path("ledger"), std::to_string(sequence), file, std::to_string(nth)});
      while (const auto line = appender.read_line()) {
        unsigned long first = 0;
        unsigned long position = 0;
        unsigned long count = 0;
        if (std::sscanf(line->c_str(), "ack %lu %lu %lu", &first, &position, &count) == 3) {
          acknowledged[first + count - 1] = position + count - 1;
        }
      }
      EXPECT_EQ(appender.wait(), static_cast<int>(ExitCode::IoError)) << file << " " << nth;
      const auto log = open_log(small_options(directory.path("ledger")));
      ASSERT_TRUE(log->verify());
      ASSERT_GE(log->position(), acknowledged.empty() ? 0 : acknowledged.rbegin()->second);
      sequence += 1'000'000;
    }
  }
  EXPECT_FALSE(acknowledged.empty());
}

/// A file system that knows no direct reads: tmpfs before Linux 6.6, and others.
class NoDirectReads final : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  [[nodiscard]] const char* Name() const override { return "daybook.no-direct-reads"; }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& file, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* context) override {
    if (options.use_direct_reads) {
      ++refused;
      return rocksdb::IOStatus::IOError("Invalid argument", file);
    }
    return FileSystemWrapper::NewRandomAccessFile(file, options, result, context);
  }
  std::atomic<int> refused{0};
};

TEST(Fault, FilesAreReadAgainWhereThereAreNoDirectReads) {
  const TemporaryDirectory directory;
  const auto files = std::make_shared<NoDirectReads>(rocksdb::FileSystem::Default());
  SystemClock clock;
  SeededRng rng(1);
  std::atomic<bool> stopped{false};
  Options options = small_options(directory.path("ledger"));
  options.open_views = false;
  options.write_buffer_bytes = 64u << 10;
  options.codec = Codec::Raw;
  options.on_io_failure = [&](const IoFailure&) { stopped = true; };
  auto log = Log::open(options, {files, &clock, &rng});
  ASSERT_TRUE(log);
  for (std::size_t group = 0; group < kGroups; ++group) {
    (*log)->append(random_group(group, kEventsAGroup).records(), 1);
  }
  log->reset();
  log = Log::open(options, {files, &clock, &rng});  // what is recovered lies in table files
  ASSERT_TRUE(log);
  const std::vector<TableFile> tables = (*log)->table_files();
  ASSERT_FALSE(tables.empty());
  for (const TableFile& table : tables) {
    EXPECT_TRUE((*log)->check(table)) << table.path;
  }
  EXPECT_GT(files->refused, 0);
  EXPECT_FALSE(stopped) << "that it cannot be done so is no failure of the disk";
  EXPECT_FALSE((*log)->damage());
}

}  // namespace
}  // namespace daybook::log
