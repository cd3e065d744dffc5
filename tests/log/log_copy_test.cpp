#include "ledger/log/log_copy.h"

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/log/log_fixture.h"

/// A copy holds the log as it was when it was begun, whatever is appended while the rest of it is copied.
namespace daybook::log {
namespace {

using testing::every_file;
using testing::open_log;
using testing::random_group;
using testing::read_bytes;
using testing::small_options;
using testing::TemporaryDirectory;

std::unique_ptr<Log> open_copy(const std::string& directory) {
  Options options = small_options(directory);
  options.read_only = true;
  return open_log(options);
}

TEST(LogCopy, EndsWhereItWasBegun) {
  const TemporaryDirectory directory;
  const auto log = open_log(small_options(directory.path("ledger")));
  std::uint64_t seed = 1;
  const auto append = [&](int groups) {
    for (int i = 0; i < groups; ++i, ++seed) log->append(random_group(seed, 200).records(), static_cast<std::int64_t>(seed));
  };
  append(40);
  const Head begun = log->head();
  auto copy = LogCopy::begin(*log, directory.path("copy"));
  ASSERT_TRUE(copy) << copy.error().detail;
  // Enough to write, merge and drop table files meanwhile.
  append(200);
  std::uint64_t copied = 0;
  const Result<void> finished = (*copy)->finish([&](std::uint64_t done, std::uint64_t total) {
    EXPECT_LE(done, total);
    copied = done;
  });
  ASSERT_TRUE(finished) << finished.error().detail;
  EXPECT_GT(copied, 0u);
  copy->reset();
  append(1);

  const std::map<std::string, std::string> before = every_file(directory.path("copy"));
  {
    const auto opened = open_copy(directory.path("copy"));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->head(), begun);
    const Result<Head> verified = opened->verify();
    ASSERT_TRUE(verified) << verified.error().detail;
    EXPECT_EQ(verified->root, begun.root);
    EXPECT_EQ(opened->signed_head().public_key, log->signed_head().public_key);
  }
  for (const auto& [name, bytes] : before) {
    EXPECT_TRUE(read_bytes(name) == bytes) << name << " was changed by reading";
  }
  EXPECT_TRUE(log->verify()) << "the ledger itself is whole";
  EXPECT_EQ(log->position(), begun.position + 201 * 200);
}

TEST(LogCopy, TakesAnEmptyDirectoryAndNoOther) {
  const TemporaryDirectory directory;
  const auto log = open_log(small_options(directory.path("ledger")));
  std::filesystem::create_directory(directory.path("empty"));
  auto into_empty = LogCopy::begin(*log, directory.path("empty") + "/");
  ASSERT_TRUE(into_empty) << into_empty.error().detail;
  ASSERT_TRUE((*into_empty)->finish());
  EXPECT_EQ(open_copy(directory.path("empty"))->position(), 0u);
  EXPECT_EQ(LogCopy::begin(*log, directory.path("empty")).error().code, "ALREADY_EXISTS");
  EXPECT_EQ(LogCopy::begin(*log, directory.path("no/parent")).error().code, "COPY_FAILED");
  log->append(random_group(1, 3).records(), 1);
  EXPECT_EQ(log->position(), 3u) << "a copy that failed costs the ledger nothing";
}

TEST(LogCopy, IsNoLedgerBeforeItIsFinished) {
  const TemporaryDirectory directory;
  const auto log = open_log(small_options(directory.path("ledger")));
  log->append(random_group(1, 3).records(), 1);
  {
    const auto copy = LogCopy::begin(*log, directory.path("copy"));
    ASSERT_TRUE(copy);
  }
  EXPECT_THROW(open_copy(directory.path("copy")), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(directory.path("copy/FORMAT")));
}

}  // namespace
}  // namespace daybook::log
