#include "ledger/log/fail_stop.h"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>
#include <rocksdb/file_system.h>

#include "tests/log/faulty_files.h"
#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

/// RocksDB's own threads go on while the first failure is told; given an error they may end the process otherwise than
/// with 74. So nobody gets an answer before that is done.
TEST(FailStop, NobodyGetsAnAnswerWhileTheFirstFailureIsTold) {
  const testing::TemporaryDirectory directory;
  auto first_open = std::make_shared<testing::FaultyFiles>(
      [](FileOp op, const std::string&) { return op == FileOp::Open; }, 1);
  std::shared_ptr<rocksdb::FileSystem> files;
  const auto open = [&](const char* name) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    return files->NewWritableFile(directory.path(name), {}, &file, nullptr);
  };
  std::atomic<bool> is_answered{false};
  std::atomic<bool> is_told{false};
  bool answered_before_told = false;
  std::thread other;
  files = fail_stop_files(guarded_files(rocksdb::FileSystem::Default(), first_open), [&](const IoFailure&) {
    other = std::thread([&] {
      EXPECT_TRUE(open("second").IsIOError());
      answered_before_told = !is_told;
      is_answered = true;
    });
    for (int i = 0; i < 10'000 && !is_answered; ++i) std::this_thread::yield();
    is_told = true;
  });
  EXPECT_TRUE(open("first").IsIOError());
  other.join();
  EXPECT_FALSE(answered_before_told);
}

}  // namespace
}  // namespace daybook::log
