#include "ledger/log/text_log.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include "tests/log/log_fixture.h"

namespace daybook::log {
namespace {

std::shared_ptr<rocksdb::Logger> open_text_log(const std::string& path) {
  std::shared_ptr<rocksdb::Logger> text_log;
  EXPECT_TRUE(with_text_log(rocksdb::FileSystem::Default())->NewLogger(path, {}, &text_log, nullptr).ok());
  return text_log;
}

TEST(TextLog, WritesALineAMessage) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.path("LOG");
  const auto text_log = open_text_log(path);
  rocksdb::Log(rocksdb::InfoLogLevel::WARN_LEVEL, text_log, "flush %d of %s", 7, "views");
  rocksdb::Log(rocksdb::InfoLogLevel::WARN_LEVEL, text_log, "%s\n", std::string(9'000, 'x').c_str());
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  EXPECT_TRUE(line.ends_with("flush 7 of views")) << line;
  std::getline(file, line);
  EXPECT_TRUE(line.ends_with(" [WARN] " + std::string(9'000, 'x'))) << line.substr(0, 100);
  EXPECT_FALSE(std::getline(file, line));
  EXPECT_EQ(text_log->GetLogFileSize(), std::filesystem::file_size(path));
}

TEST(TextLog, OnAFullDiskDropsWhatHasNoRoom) {
  const auto text_log = open_text_log("/dev/full");
  for (int i = 0; i < 3; ++i) {
    rocksdb::Log(rocksdb::InfoLogLevel::WARN_LEVEL, text_log, "free space is less than %d", i);
    text_log->Flush();
  }
  EXPECT_EQ(text_log->GetLogFileSize(), 0u);
}

}  // namespace
}  // namespace daybook::log
